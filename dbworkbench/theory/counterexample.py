"""Two rows that satisfy dependencies and break another one: what shows that it does not follow."""

from collections.abc import Collection

from dbworkbench.errors import UnknownName
from dbworkbench.theory.basis import Mixed
from dbworkbench.theory.dependencies import FD, MVD, Dependency
from dbworkbench.theory.given import liberal
from dbworkbench.theory.instance import Instance, Named, agreeing, plain_value
from dbworkbench.theory.numbering import Rules


@liberal
def counterexample(
    goal: FD | MVD,
    dependencies: Collection[Dependency],
    *,
    whole: Collection[str],
    named: Named = plain_value,
) -> Instance | None:
    """Two rows that satisfy the dependencies and break the goal, or None where it follows.

    They differ on the closure's outside, or on one block of the dependency basis, and agree on everything else. The columns
    come in the order of `whole`, where it has one.
    """
    columns = tuple(whole)
    for name in sorted(goal.attributes.union(*(d.attributes for d in dependencies)) - frozenset(columns)):
        raise UnknownName("attribute", name, columns)
    if isinstance(goal, FD) and all(isinstance(d, FD) for d in dependencies):
        under = Rules((d for d in dependencies if isinstance(d, FD)), columns)
        same = under.closure(under.mask(goal.determinant))
        return agreeing(columns, under.set(same), named) if under.mask(goal.dependent) & ~same else None
    mixed = Mixed(dependencies, columns)
    start, wanted = mixed.mask(goal.determinant), mixed.mask(goal.dependent)
    closed = mixed.closure(start)
    for block in mixed.blocks(start):
        broken = block & wanted & ~closed if isinstance(goal, FD) else block & wanted not in (0, block)
        if broken:
            return agreeing(columns, mixed.set(mixed.full & ~block), named)
    return None

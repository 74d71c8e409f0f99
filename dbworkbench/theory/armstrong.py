"""Armstrong relations: rows that satisfy exactly what follows from given dependencies, and nothing else."""

from collections.abc import Collection

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.theory.basis import Mixed, connected
from dbworkbench.theory.dependencies import FD, Dependency
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.given import liberal
from dbworkbench.theory.instance import Instance, Named, crossed, plain_value
from dbworkbench.theory.numbering import Rules, bits
from dbworkbench.theory.transversals import maximal_sets

BUDGET = 5_000
_PER_ROW = 12_000  # steps of work for each row of a budget
_CLOSURE = 40


@liberal
def armstrong_relation(
    attributes: Collection[str],
    dependencies: Collection[Dependency],
    *,
    named: Named = plain_value,
    budget: int = BUDGET,
) -> Instance:
    """Rows that satisfy a functional dependency exactly if it follows; with multivalued ones given, those too.

    For functional dependencies: one row, and one more for each closed set that is no intersection of larger ones, which
    agrees with the first exactly on that set. There can be exponentially many: raises Undecided past `budget` rows, or
    where these take more work to find than so many should.
    With multivalued or join dependencies, every set of attributes is looked at: raises Undecided where there are more
    than `budget` of them.

    >>> for row in armstrong_relation(["a", "b"], [FD.parse("a -> b")]).rows:
    ...     print(*row, sep=", ")
    a 1, b 1
    a 2, b 1
    a 3, b 2

    Reference: Beeri, Dowd, Fagin & Statman, On the structure of Armstrong relations for functional dependencies, JACM
    31(1), 1984; that they exist with multivalued ones: Fagin, Horn clauses and database dependencies, JACM 29(4), 1982.
    """
    columns = tuple(attributes)
    for dependency in dependencies:
        for name in sorted(dependency.attributes - frozenset(columns)):
            raise UnknownName("attribute", name, columns)
    fds = [dependency for dependency in dependencies if isinstance(dependency, FD)]
    if len(fds) == len(dependencies):
        return _functional(columns, fds, named, budget)
    return _mixed(columns, dependencies, named, budget)


def closed_generators(under: Rules, whole: int, *, budget: int = BUDGET) -> tuple[int, ...]:
    """The closed sets that are no intersection of larger closed ones: the maximal ones without some attribute."""
    found: dict[int, None] = {}
    always = under.closure(0)
    effort = Effort(_PER_ROW * budget, "which rows an Armstrong relation needs")
    for goal in bits(whole & ~always):

        def enough(candidate: int, goal: int = goal) -> bool:
            effort.spend(_CLOSURE)
            return bool(under.closure(candidate, goal) & goal)

        for mask in maximal_sets(whole & ~goal, enough, effort):
            found[mask] = None
            if len(found) > budget:
                raise Undecided(f"an Armstrong relation needs more than {budget} rows — give a larger budget")
    return tuple(sorted(found, key=lambda mask: (-mask.bit_count(), under.listed(mask))))


def _functional(columns: tuple[str, ...], fds: Collection[FD], named: Named, budget: int) -> Instance:
    under = Rules(fds, columns)
    numbers = dict.fromkeys(columns, 1)
    rows = [tuple(named(name, 1) for name in columns)]
    for same in closed_generators(under, under.full, budget=budget):
        row = []
        for name in columns:
            if same & under.bit[name]:
                row.append(named(name, 1))
            else:
                numbers[name] += 1
                row.append(named(name, numbers[name]))
        rows.append(tuple(row))
    return Instance(columns, tuple(rows))


def _mixed(columns: tuple[str, ...], dependencies: Collection[Dependency], named: Named, budget: int) -> Instance:
    """Pairs of rows that differ on one block each; independent groups of attributes are crossed.

    Two rows that differ exactly on a set that nothing splits satisfy all dependencies. Pairs with values of their own
    stand side by side, except that rows with nothing in common agree on ∅: what is independent of everything (a block
    of the basis of ∅) is therefore built alone and combined with the others in every way.
    """
    mixed = Mixed(dependencies, columns)
    if 1 << len(columns) > budget:
        raise Undecided(
            f"an Armstrong relation for dependencies of all kinds looks at {1 << len(columns)} sets of attributes — "
            f"give a larger budget"
        )
    always = mixed.closure(0)
    names = tuple(name for name in columns if mixed.bit[name] & always)
    constant = Instance(names, (tuple(named(name, 1) for name in names),))
    pieces = [constant, *(_independent(columns, mixed, block, named) for block in mixed.blocks(0) if block & ~always)]
    product = 1
    for piece in pieces:
        product *= len(piece.rows)
    if product > budget:
        raise Undecided(f"an Armstrong relation would have {product} rows — give a larger budget")
    whole = crossed(pieces)
    places = [whole.columns.index(name) for name in columns]
    return Instance(columns, tuple(tuple(row[at] for at in places) for row in whole.rows))


def _independent(columns: tuple[str, ...], mixed: Mixed, block: int, named: Named) -> Instance:
    names = tuple(name for name in columns if mixed.bit[name] & block)
    numbers = dict.fromkeys(names, 0)
    rows = []
    for differing in _needed(mixed, block):
        first, second = [], []
        for name in names:
            numbers[name] += 1
            first.append(named(name, numbers[name]))
            numbers[name] += bool(mixed.bit[name] & differing)
            second.append(named(name, numbers[name]))
        rows += [tuple(first), tuple(second)]
    return Instance(names, tuple(rows))


def _needed(mixed: Mixed, within: int) -> list[int]:
    """Sets that two rows may differ on, without those whose work smaller ones do."""
    found: list[int] = []
    subset = within
    while subset:
        rest = mixed.full & ~subset
        if mixed.blocks(rest) == [subset] and not mixed.closure(rest) & subset:
            found.append(subset)
        subset = (subset - 1) & within
    found.sort(key=lambda mask: (mask.bit_count(), mask))
    return [mask for mask in found if connected(_smaller(mask, found)) != [mask]]


def _smaller(mask: int, found: list[int]) -> list[int]:
    """The sets of two or more inside another."""
    return [other for other in found if not other & ~mask and other != mask and other & (other - 1)]

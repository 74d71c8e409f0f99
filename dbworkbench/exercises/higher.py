"""Fresh schemes with multivalued and join dependencies, and their forms from the definitions: by chasing rows."""

from collections.abc import Collection
from itertools import chain, combinations
from random import Random

from dbworkbench.exercises.exercise import Scheme
from dbworkbench.theory.chase import Symbol, Tableau, chase, lossless_join
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency
from dbworkbench.theory.normal_forms import NormalForm

Names = frozenset[str]


def drawn_multivalued(random: Random, level: int) -> Scheme:
    """Attributes with one or two multivalued dependencies, and at most one functional one."""
    names = "ABCDE"[: 3 if level == 1 else 4]
    found: dict[Dependency, None] = dict.fromkeys(_functional(random, names, random.choice((0, 0, 1))))
    for _ in range(random.choice((1, 1, 2))):
        left = random.sample(names, random.choice((0, 1, 1, 1, 2)) if level == 3 else 1)
        rest = [name for name in names if name not in left]
        found.setdefault(MVD(frozenset(left), frozenset(random.sample(rest, random.randrange(1, len(rest))))))
    return Scheme(tuple(names), tuple(found))


def drawn_joined(random: Random, level: int) -> Scheme:
    """Attributes with a join dependency of three or four components, and a few functional ones."""
    names = "ABCDE"[: 3 if level == 1 else 4]
    found: dict[Dependency, None] = dict.fromkeys(_functional(random, names, random.choice((0, 1, 1, 2))))
    components = {
        frozenset(random.sample(names, random.randrange(2, len(names)))) for _ in range(random.choice((3, 3, 4)))
    }
    if rest := frozenset(names).difference(*components):
        components.add(rest | {random.choice([name for name in names if name not in rest])})
    found.setdefault(JD(components))
    return Scheme(tuple(names), tuple(found))


def _functional(random: Random, names: str, count: int) -> list[FD]:
    found = []
    for _ in range(count):
        left = random.sample(names, random.choice((1, 2, 2)))
        found.append(FD(frozenset(left), frozenset(random.sample([n for n in names if n not in left], 1))))
    return found


def chased_closures(attributes: Collection[str], dependencies: Collection[Dependency]) -> dict[Names, Names]:
    """What every subset determines: where two rows that agree on it have come to agree once they are chased."""
    found = {}
    for x in _subsets(attributes):
        final = chase(_two_rows(attributes, x), dependencies).final
        found[x] = frozenset(
            name
            for name, column in zip(final.columns, zip(*final.rows, strict=True), strict=True)
            if len(set(column)) == 1
        )
    return found


def chased_keys(scheme: Scheme) -> set[Names]:
    """The minimal sets that determine everything."""
    whole = frozenset(scheme.attributes)
    full = [x for x, reach in chased_closures(scheme.attributes, scheme.dependencies).items() if reach == whole]
    return {x for x in full if not any(y < x for y in full)}


def chased_form(scheme: Scheme) -> NormalForm | None:
    """The form from BCNF on, by the definitions: over every functional and multivalued dependency that follows.

    A join dependency is in 5NF where the keys alone make the join of its components lossless, in ETNF where one of
    them holds a key. None where the scheme is not in BCNF.
    """
    attributes, dependencies = scheme.attributes, scheme.dependencies
    whole = frozenset(attributes)
    reach = chased_closures(attributes, dependencies)
    if any(closed not in (x, whole) for x, closed in reach.items()):
        return None
    if any(
        reach[x] != whole and y - x and x | y != whole and _multivalued(attributes, x, y - x, dependencies)
        for x in reach
        for y in reach
    ):
        return NormalForm.BOYCE_CODD
    joins = [dependency for dependency in dependencies if isinstance(dependency, JD)]
    if not joins:
        return NormalForm.FOURTH
    keys = [FD(key, whole) for key in chased_keys(scheme)]
    broken = [one for one in joins if not lossless_join(one.components, keys, attributes=attributes)]
    if not broken:
        return NormalForm.FIFTH
    if all(any(reach[part] == whole for part in one.components) for one in broken):
        return NormalForm.ESSENTIAL_TUPLE
    return NormalForm.FOURTH


def _multivalued(attributes: Collection[str], x: Names, y: Names, dependencies: Collection[Dependency]) -> bool:
    """Whether X ↠ Y follows: two rows that agree on X alone bring the row with the Ys of one and the rest of the other."""
    chased = chase(_two_rows(attributes, x), dependencies)
    became = {symbol: symbol for row in chased.start.rows for symbol in row}
    for step in chased.steps:
        new = dict(step.replaced)
        became = {symbol: new.get(last, last) for symbol, last in became.items()}
    first, second = chased.start.rows
    wanted = tuple(
        became[one if column in x | y else other]
        for column, one, other in zip(chased.start.columns, first, second, strict=True)
    )
    return wanted in chased.final.rows


def _two_rows(attributes: Collection[str], same: Names) -> Tableau:
    columns = tuple(sorted(attributes))
    other = tuple(Symbol(column, 0 if column in same else 1) for column in columns)
    return Tableau(columns, (tuple(Symbol(column, 0) for column in columns), other))


def _subsets(names: Collection[str]) -> list[Names]:
    listed = sorted(names)
    chosen = chain.from_iterable(combinations(listed, size) for size in range(len(listed) + 1))
    return [frozenset(one) for one in chosen]

"""The definitions, carried out over every set of attributes: slow, short, and nothing of how the answers are found.

Where only functional dependencies are given, closures come from going over them until nothing changes; where others are
given too, from two rows that agree on a set, chased.
"""

from collections.abc import Collection, Mapping
from itertools import chain, combinations

from dbworkbench.exercises.exercise import Scheme
from dbworkbench.theory.chase import Symbol, Tableau, chase, lossless_join
from dbworkbench.theory.closure import follows
from dbworkbench.theory.dependencies import FD, JD, Dependency
from dbworkbench.theory.normal_forms import NormalForm

Names = frozenset[str]


def brute_closures(scheme: Scheme) -> dict[Names, Names]:
    """What every subset of the attributes determines."""
    rules = [one for one in scheme.dependencies if isinstance(one, FD)]
    if len(rules) < len(scheme.dependencies):
        return chased_closures(scheme.attributes, scheme.dependencies)
    found = {}
    for chosen in subsets(scheme.attributes):
        known = set(chosen)
        while more := {a for fd in rules if fd.determinant <= known for a in fd.dependent} - known:
            known |= more
        found[chosen] = frozenset(known)
    return found


def brute_keys(scheme: Scheme) -> set[Names]:
    """Every set that determines all attributes and of which no part does."""
    return _minimal(brute_closures(scheme), scheme)


def _minimal(reach: Mapping[Names, Names], scheme: Scheme) -> set[Names]:
    whole = frozenset(scheme.attributes)
    full = [x for x, reached in reach.items() if reached == whole]
    return {x for x in full if not any(y < x for y in full)}


def brute_form(scheme: Scheme) -> NormalForm:
    """The normal form that the dependencies prove, over every functional and multivalued dependency that follows.

    A join dependency is in 5NF where the keys alone make the join of its components lossless, in ETNF where one of
    them holds a key.
    """
    reach = brute_closures(scheme)
    found = _functional_form(reach, scheme)
    if found is not NormalForm.BOYCE_CODD or all(isinstance(one, FD) for one in scheme.dependencies):
        return found
    attributes, dependencies, whole = scheme.attributes, scheme.dependencies, frozenset(scheme.attributes)
    if any(
        reach[x] != whole and y - x and x | y != whole and multivalued(attributes, x, y - x, dependencies)
        for x in reach
        for y in reach
    ):
        return NormalForm.BOYCE_CODD
    joins = [dependency for dependency in dependencies if isinstance(dependency, JD)]
    if not joins:
        return NormalForm.FOURTH
    determined = [FD(key, whole) for key in _minimal(reach, scheme)]
    broken = [one for one in joins if not lossless_join(one.components, determined, attributes=attributes)]
    if not broken:
        return NormalForm.FIFTH
    if all(any(reach[part] == whole for part in one.components) for one in broken):
        return NormalForm.ESSENTIAL_TUPLE
    return NormalForm.FOURTH


def _functional_form(reach: Mapping[Names, Names], scheme: Scheme) -> NormalForm:
    """The form up to BCNF, from the definitions over every functional dependency."""
    found = _minimal(reach, scheme)
    prime = frozenset[str]().union(*found)
    whole = frozenset(scheme.attributes)
    full = {(x, a) for x in reach for a in reach[x] - x if not any(a in reach[x - {b}] for b in x)}
    elementary = frozenset[str]().union(*(x for x, _ in full if x in found))
    no_superkey = [(x, a) for x, a in full if reach[x] != whole]
    if any(a not in prime and any(x < key for key in found) for x, a in full):
        return NormalForm.FIRST
    if any(a not in prime for _, a in no_superkey):
        return NormalForm.SECOND
    if any(a not in elementary for _, a in no_superkey):
        return NormalForm.THIRD
    return NormalForm.ELEMENTARY_KEY if no_superkey else NormalForm.BOYCE_CODD


def keeps_in_bcnf(scheme: Scheme) -> bool:
    """Whether some decomposition into BCNF keeps all dependencies: every subset in BCNF together, as parts, does or not.

    A key of the whole, which may have to be added for the join, is in BCNF itself and loses nothing.
    """
    reach = brute_closures(scheme)
    kept: list[FD] = []
    for part in reach:
        inside = {x: reach[x] & part for x in reach if x <= part}
        if all(within in (x, part) for x, within in inside.items()):
            kept += [FD(x, within) for x, within in inside.items() if within != x]
    return all(follows(fd, kept) for fd in scheme.fds)


def chased_closures(attributes: Collection[str], dependencies: Collection[Dependency]) -> dict[Names, Names]:
    """What every subset determines: where two rows that agree on it have come to agree once they are chased."""
    found = {}
    for x in subsets(attributes):
        final = chase(two_rows(attributes, x), dependencies).final
        found[x] = frozenset(
            name
            for name, column in zip(final.columns, zip(*final.rows, strict=True), strict=True)
            if len(set(column)) == 1
        )
    return found


def multivalued(attributes: Collection[str], x: Names, y: Names, dependencies: Collection[Dependency]) -> bool:
    """Whether X ↠ Y follows: two rows that agree on X alone bring the row with the Ys of one and the rest of the other."""
    chased = chase(two_rows(attributes, x), dependencies)
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


def two_rows(attributes: Collection[str], same: Names) -> Tableau:
    """Two rows that agree on some attributes alone."""
    columns = tuple(sorted(attributes))
    other = tuple(Symbol(column, 0 if column in same else 1) for column in columns)
    return Tableau(columns, (tuple(Symbol(column, 0) for column in columns), other))


def subsets(names: Collection[str]) -> list[Names]:
    """Every subset, the small ones first."""
    listed = sorted(names)
    chosen = chain.from_iterable(combinations(listed, size) for size in range(len(listed) + 1))
    return [frozenset(one) for one in chosen]

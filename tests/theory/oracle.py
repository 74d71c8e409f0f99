"""The definitions, carried out: exponential, slow and short, for schemes of a few attributes."""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain, combinations

from hypothesis import strategies as st

from dbworkbench.exercises.brute import chased_closures as mixed_closures
from dbworkbench.exercises.brute import multivalued, two_rows
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency

__all__ = ["mixed_closures", "multivalued", "two_rows"]  # by chasing two rows, as the generator of exercises does it

Names = frozenset[str]


def subsets(names: Iterable[str]) -> Iterator[Names]:
    listed = sorted(names)
    return map(frozenset, chain.from_iterable(combinations(listed, size) for size in range(len(listed) + 1)))


def naive_closure(start: Iterable[str], fds: Collection[FD]) -> Names:
    known = frozenset(start)
    while True:
        more = known.union(*(fd.dependent for fd in fds if fd.determinant <= known))
        if more == known:
            return known
        known = more


def closures(attributes: Collection[str], fds: Collection[FD]) -> dict[Names, Names]:
    """The closure of every subset of the attributes, within them."""
    whole = frozenset(attributes)
    return {x: naive_closure(x, fds) & whole for x in subsets(attributes)}


def minimal(sets: Iterable[Names]) -> set[Names]:
    every = set(sets)
    return {one for one in every if not any(other < one for other in every)}


def keys(attributes: Collection[str], fds: Collection[FD]) -> set[Names]:
    whole = frozenset(attributes)
    return minimal(x for x, reach in closures(attributes, fds).items() if reach >= whole)


def elementary(attributes: Collection[str], fds: Collection[FD]) -> set[tuple[Names, str]]:
    """Every X → a that is not trivial and holds for no part of X."""
    reach = closures(attributes, fds)
    return {(x, a) for x in reach for a in reach[x] - x if not any(a in reach[x - {b}] for b in x)}


def form(attributes: Collection[str], fds: Collection[FD]) -> str:
    """The highest form up to BCNF, from the definitions over every implied dependency."""
    whole = frozenset(attributes)
    found = keys(attributes, fds)
    prime = frozenset().union(*found)
    full = elementary(attributes, fds)
    reach = closures(attributes, fds)

    def superkey(x: Names) -> bool:
        return reach[x] >= whole

    elementary_keys = {x for x, _ in full if x in found}
    elementary_prime = frozenset().union(*elementary_keys)
    if any(a not in prime and any(x < key for key in found) for x, a in full):
        return "1NF"
    if any(not superkey(x) and a not in prime for x, a in full):
        return "2NF"
    if any(not superkey(x) and a not in elementary_prime for x, a in full):
        return "3NF"
    if any(not superkey(x) for x, _ in full):
        return "EKNF"
    return "BCNF"


def bcnf(part: Names, fds: Collection[FD]) -> bool:
    return all(reach in (x, part) for x, reach in closures(part, fds).items())


def third(part: Names, fds: Collection[FD]) -> bool:
    reach = closures(part, fds)
    found = minimal(x for x in reach if reach[x] == part)
    prime = frozenset().union(*found)
    return all(reach[x] in (x, part) or reach[x] - x <= prime for x in reach)


@st.composite
def schemes(draw: st.DrawFn, *, most: int = 7, rules: int = 9) -> tuple[str, tuple[FD, ...]]:
    """Some attributes, and dependencies among them; an empty determinant comes up now and then."""
    attributes = "abcdefg"[: draw(st.integers(1, most))]
    names = st.sampled_from(attributes)
    sides = st.tuples(
        st.frozensets(names, min_size=draw(st.sampled_from([0, 1, 1, 1])), max_size=3),
        st.frozensets(names, min_size=1, max_size=2),
    )
    return attributes, tuple(FD(x, y) for x, y in draw(st.lists(sides, max_size=rules)))


@st.composite
def mixed_schemes(draw: st.DrawFn, *, most: int = 5, joins: bool = False) -> tuple[str, tuple[Dependency, ...]]:
    """Attributes with functional, multivalued and perhaps join dependencies."""
    attributes = "abcdef"[: draw(st.integers(2, most))]
    names = st.sampled_from(attributes)
    left = st.frozensets(names, min_size=draw(st.sampled_from([0, 1, 1])), max_size=2)
    right = st.frozensets(names, min_size=1, max_size=2)
    rules: list[Dependency] = [FD(x, y) for x, y in draw(st.lists(st.tuples(left, right), max_size=3))]
    rules += [MVD(x, y) for x, y in draw(st.lists(st.tuples(left, right), max_size=3))]
    if joins:
        drawn = draw(st.lists(st.frozensets(names, min_size=1), min_size=1, max_size=4))
        rest = frozenset(attributes).difference(*drawn)
        rules.append(JD(frozenset([*drawn, rest]) - {frozenset()}))
    return attributes, tuple(rules)

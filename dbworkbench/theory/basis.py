"""The dependency basis: what functional, multivalued and join dependencies say together about one set of attributes."""

from collections.abc import Collection, Iterable
from functools import lru_cache

from dbworkbench.errors import DesignError, Undecided, UnknownName
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order, written
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.given import liberal
from dbworkbench.theory.index import rules
from dbworkbench.theory.numbering import Numbering, bits
from dbworkbench.theory.transversals import minimal_sets

BUDGET = 20_000
_CLOSURE = 1_500  # steps of work for each closure of a budget


@liberal
def dependency_basis(
    attributes: Iterable[str], dependencies: Collection[Dependency], *, whole: Collection[str]
) -> tuple[frozenset[str], ...]:
    """The partition of the other attributes such that X ↠ Y exactly if Y outside X is a union of its blocks.

    >>> basis = dependency_basis("a", [MVD.parse("a ->> b")], whole="abcd")
    >>> [sorted(block) for block in basis]
    [['b'], ['c', 'd']]

    Reference: Beeri, On the membership problem for functional and multivalued dependencies, ACM TODS 5(3), 1980; for
    join dependencies, Vardi, Inferring multivalued dependencies from functional and join dependencies, Acta Informatica
    19(4), 1983.
    """
    mixed = Mixed(dependencies, whole)
    blocks = mixed.blocks(mixed.checked(attributes))
    return tuple(sorted((mixed.set(block) for block in blocks), key=sorted))


@liberal
def full_closure(
    attributes: Iterable[str], dependencies: Collection[Dependency], *, whole: Collection[str]
) -> frozenset[str]:
    """Every attribute that X determines under dependencies of all kinds.

    A multivalued dependency can make a functional one follow that the functional ones alone do not imply:

    >>> rules = [MVD.parse("a ->> b"), FD.parse("c -> b")]
    >>> sorted(full_closure("a", rules, whole="abc"))
    ['a', 'b']
    """
    mixed = Mixed(dependencies, whole)
    return mixed.set(mixed.closure(mixed.checked(attributes)))


def functional_part(
    attributes: Collection[str], dependencies: Collection[Dependency], *, budget: int = BUDGET
) -> tuple[FD, ...]:
    """Functional dependencies that imply exactly those that follow from dependencies of all kinds.

    With functional ones alone, these are they. Otherwise the ones that follow only from all together are looked for
    among the attributes that matter, of which there can be exponentially many: raises Undecided past `budget` closures.

    >>> functional_part("abc", [MVD.parse("a ->> b"), FD.parse("c -> b")])
    (FD('c → b'), FD('a → b'))
    """
    names = frozenset(attributes)
    for dependency in dependencies:
        if not (dependency.attributes <= names if isinstance(dependency, JD) else _within(dependency, names)):
            unknown = min(name for other in dependencies for name in other.attributes - names)
            raise UnknownName("attribute", unknown, sorted(names))
    fds = tuple(dependency for dependency in dependencies if isinstance(dependency, FD))
    if len(fds) == len(dependencies):
        return fds
    return _functional_part(names, frozenset(dependencies), budget)


def _within(dependency: FD | MVD, names: frozenset[str]) -> bool:
    return dependency.determinant <= names and dependency.dependent <= names


@lru_cache(maxsize=64)
def _functional_part(attributes: frozenset[str], dependencies: frozenset[Dependency], budget: int) -> tuple[FD, ...]:
    mixed = Mixed(dependencies, attributes)
    effort = Effort(_CLOSURE * budget, "which functional dependencies follow from all dependencies together")
    found = [d for d in in_order(dependencies) if isinstance(d, FD)]
    looked = 0
    for goal in bits(mixed.determined):

        def enough(candidate: int, goal: int = goal) -> bool:
            nonlocal looked
            looked += 1
            effort.spend(mixed.cost)
            if looked > budget:
                raise Undecided(
                    f"which functional dependencies follow from all dependencies together is left open after {budget} "
                    f"closures — give a larger budget, or fewer attributes"
                )
            return bool(mixed.closure(candidate) & goal)

        for determinant in minimal_sets(mixed.relevant & ~goal, enough, effort):
            known = rules(found)
            left = mixed.set(determinant)
            if not known.bit or not known.bit.get(mixed.listed(goal)[0], 0) & known.closure(
                known.mask(left & frozenset(known.names))
            ):
                found.append(FD(left, mixed.set(goal)))
    return tuple(found)


class Mixed(Numbering):
    """Dependencies of all kinds over numbered attributes."""

    __slots__ = ("cost", "determined", "joins", "pairs", "relevant", "splits")

    def __init__(self, dependencies: Iterable[Dependency], whole: Iterable[str]) -> None:
        super().__init__(whole)
        self.pairs: list[tuple[int, int]] = []
        self.splits: list[tuple[int, int]] = []
        self.joins: list[tuple[int, ...]] = []
        self.determined = self.relevant = 0
        for dependency in in_order(frozenset(dependencies)):
            for name in sorted(dependency.attributes):
                if name not in self.bit:
                    raise UnknownName("attribute", name, self.names)
            match dependency:
                case FD(determinant, dependent):
                    x, y = self.mask(determinant), self.mask(dependent)
                    self.pairs.append((x, y & ~x))
                    self.relevant |= x
                    self.determined |= y & ~x
                case MVD(determinant, dependent):
                    x, y = self.mask(determinant), self.mask(dependent)
                    self.splits.append((x, y & ~x))
                    self.relevant |= x
                case JD(components):
                    masks = sorted(self.mask(component) for component in components)
                    if missing := self.full & ~union(masks):
                        names = ", ".join(map(written, self.listed(missing)))
                        raise DesignError(
                            f"{dependency} does not name {names}: a join dependency names every attribute"
                        )
                    self.joins.append(tuple(masks))
                    self.relevant |= union(one & other for one in masks for other in masks if one != other)
        self.cost = 10 * (
            len(self.names) + len(self.pairs) + len(self.splits) + sum(map(len, self.joins))
        )  # of a closure, as `Effort` counts

    def checked(self, names: Iterable[str]) -> int:
        """The integer of names that a user gave; raises UnknownName."""
        given = tuple(names)
        for name in given:
            if name not in self.bit:
                raise UnknownName("attribute", name, self.names)
        return self.mask(given)

    def blocks(self, start: int) -> list[int]:
        """The dependency basis of a set."""
        done: list[int] = []
        open_ = [self.full & ~start] if self.full & ~start else []
        while open_:
            block = open_.pop()
            pieces = self._split(block)
            if len(pieces) == 1:
                done.append(block)
            else:
                open_ += pieces  # whether a block is split depends on nothing but the block
        return sorted(done)

    def closure(self, start: int) -> int:
        """Every attribute that a set determines: the blocks of one attribute that some dependency determines."""
        known = start
        for block in self.blocks(start):
            if block & self.determined == block and block & (block - 1) == 0:
                known |= block
        return known

    def implies(self, goal: FD | MVD) -> bool:
        """Whether a functional or multivalued dependency follows."""
        start, wanted = self.checked(goal.determinant), self.checked(goal.dependent)
        if isinstance(goal, FD):
            return not wanted & ~self.closure(start)
        return all(block & wanted in {0, block} for block in self.blocks(start))

    def _split(self, block: int) -> list[int]:
        """The pieces into which one dependency splits a block; the block itself where none does."""
        if not block & (block - 1):
            return [block]
        for x, y in self.pairs:
            if y & block and not x & block:
                rest = block & ~y
                return [*bits(block & y), *([rest] if rest else [])]
        for x, y in self.splits:
            if y & block and block & ~y and not x & block:
                return [block & y, block & ~y]
        for components in self.joins:
            pieces = connected(component & block for component in components)
            if len(pieces) > 1:
                return pieces
        return [block]


def connected(sets: Iterable[int]) -> list[int]:
    """The unions of overlapping sets."""
    groups: list[int] = []
    for mask in sets:
        if mask:
            merged, apart = mask, []
            for group in groups:
                if group & merged:
                    merged |= group
                else:
                    apart.append(group)
            groups = [*apart, merged]
    return groups


def union(masks: Iterable[int]) -> int:
    """The union of sets."""
    whole = 0
    for mask in masks:
        whole |= mask
    return whole

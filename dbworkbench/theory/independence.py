"""Splitting by multivalued and join dependencies: fourth and fifth normal form."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from dbworkbench.theory.basis import Mixed
from dbworkbench.theory.bcnf import bcnf_violation
from dbworkbench.theory.chase import Tableau, chase
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, prose
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.forms import NormalForm
from dbworkbench.theory.given import liberal
from dbworkbench.theory.parts import Decomposition, Step
from dbworkbench.theory.splitting import decompose_bcnf
from dbworkbench.theory.transversals import subsets
from dbworkbench.theory.workpiece import Workpiece, cover_step

BUDGET = 20_000
_EACH = 1_500  # steps of work for each set of attributes of a budget
_FEW = 10  # attributes all sets of which are looked at, so that the best is split by


@liberal
def decompose_4nf(
    attributes: Collection[str], dependencies: Collection[Dependency], *, budget: int = BUDGET
) -> Decomposition:
    """Relations in fourth normal form that join back to the whole, for dependencies of all kinds together.

    Where a part's form takes more than `budget` sets of attributes to decide, raises Undecided.

    >>> parts = decompose_4nf("ctb", [MVD.parse("c ->> t")]).parts
    >>> [sorted(part.attributes) for part in parts]
    [['b', 'c'], ['c', 't']]

    Reference: Fagin, Multivalued dependencies and a new normal form for relational databases, ACM TODS 2(3), 1977.
    """
    return _split(attributes, dependencies, NormalForm.FOURTH, budget)


@liberal
def decompose_5nf(
    attributes: Collection[str], dependencies: Collection[Dependency], *, budget: int = BUDGET
) -> Decomposition:
    """Relations in fourth normal form, of which no given join dependency that holds in one says more than its keys.

    Only join dependencies that are given, or that a given one becomes within a part, are split by. Raises Undecided
    where that cannot be decided within the budget.

    >>> parts = decompose_5nf("spj", [JD.parse("join[sp, pj, js]")]).parts
    >>> [sorted(part.attributes) for part in parts]
    [['j', 'p'], ['j', 's'], ['p', 's']]

    Reference: Fagin, Normal forms and relational database operators, SIGMOD 1979.
    """
    return _split(attributes, dependencies, NormalForm.FIFTH, budget)


def _split(
    attributes: Collection[str], dependencies: Collection[Dependency], form: NormalForm, budget: int
) -> Decomposition:
    fds = [dependency for dependency in dependencies if isinstance(dependency, FD)]
    if len(fds) == len(dependencies):  # then BCNF is enough
        found = decompose_bcnf(attributes, fds)
        return replace(found, proven=form, told=found.steps)
    return _Splitting(attributes, dependencies, budget).run(joins=form is NormalForm.FIFTH)


@dataclass(frozen=True, slots=True)
class _Split:
    """A scheme in pieces, by a dependency that holds in it."""

    pieces: tuple[int, ...]
    dependency: FD | MVD | JD
    reason: str


class _Splitting:
    """A decomposition under way."""

    def __init__(self, attributes: Collection[str], dependencies: Collection[Dependency], budget: int) -> None:
        self.work = Workpiece(attributes, dependencies)
        self.mixed = Mixed(self.work.given, self.work.attributes)
        self.budget = budget
        self.effort = Effort(_EACH * budget, "whether a relation is in 4NF")

    def run(self, *, joins: bool) -> Decomposition:
        work = self.work
        steps = list(cover_step(work)) if any(isinstance(d, FD) for d in work.given) else []
        done: list[int] = []
        open_ = [work.full]
        while open_:
            scheme = open_.pop()
            split = self._functional(scheme) or self._multivalued(scheme) or (self._join(scheme) if joins else None)
            if split is None:
                done.append(scheme)
                continue
            pieces = tuple(work.set(piece) for piece in split.pieces)
            title = f"Split by {split.dependency}"
            steps.append(Step(title, split.reason, (work.set(scheme),), pieces, split.dependency))
            open_ += split.pieces
        form = NormalForm.FIFTH if joins else NormalForm.FOURTH
        return work.decomposition(work.alone({mask: [] for mask in done}), form, tuple(steps))

    def _functional(self, scheme: int) -> _Split | None:
        under = self.work.rules
        found = []
        few = (self._relevant() & scheme).bit_count() <= _FEW
        for determinant in self._starts(scheme) if few else self._given(scheme):
            reach = under.closure(determinant) & scheme
            if reach != determinant and scheme & ~reach:
                lost = self._lost(scheme, determinant | (scheme & ~reach), reach)
                found.append((lost, reach.bit_count(), self.work.rules.order(determinant), determinant, reach))
        if not found and not few and (breaking := bcnf_violation(under, scheme)) is not None:
            found.append((0, 0, "", breaking, under.closure(breaking) & scheme))
        if not found:
            return None
        *_, determinant, reach = min(found)
        fd = self.work.fd(determinant, reach & ~determinant)
        reason = (
            f"{fd} holds, but {prose(fd.determinant)} {'is' if len(fd.determinant) == 1 else 'are'} no key of the "
            f"relation with {prose(self.work.set(scheme))}."
            if fd.determinant
            else f"{prose(fd.dependent)} never change: one row of their own is enough to hold them."
        )
        return _Split((determinant | (scheme & ~reach), reach), fd, reason)

    def _lost(self, scheme: int, *pieces: int) -> int:
        """How many of the functional dependencies given have a side in each piece."""
        masks = [self.work.rules.mask(d.attributes) for d in self.work.given if isinstance(d, FD)]
        return sum(not mask & ~scheme and all(mask & ~piece for piece in pieces) for mask in masks)

    def _multivalued(self, scheme: int) -> _Split | None:
        under, work = self.work.rules, self.work
        if not (self.mixed.splits or self.mixed.joins):
            return None
        for determinant in self._starts(scheme):
            if not scheme & ~under.closure(determinant):
                continue
            blocks = sorted(
                {block & scheme for block in self.mixed.blocks(determinant)} - {0},
                key=lambda mask: (mask.bit_count(), work.rules.order(mask)),
            )
            if len(blocks) > 1:
                first = self._declared(scheme, determinant) or blocks[0]
                mvd = MVD(work.set(determinant), work.set(first))
                rest = scheme & ~determinant & ~first
                each = f"each value of {prose(mvd.determinant)}" if determinant else "the whole relation"
                reason = (
                    f"Within {each}, every {prose(mvd.dependent)} goes with every {prose(work.set(rest))}, and "
                    f"{prose(mvd.determinant)} {'is' if len(mvd.determinant) == 1 else 'are'} no key: two independent "
                    f"facts become two relations."
                )
                return _Split((determinant | rest, determinant | first), mvd, reason)
        return None

    def _declared(self, scheme: int, determinant: int) -> int:
        """The right side that a declared dependency gives a determinant within a scheme; nothing where none does."""
        for dependency in self.work.given:
            if isinstance(dependency, MVD) and self.mixed.mask(dependency.determinant) == determinant:
                right = self.mixed.mask(dependency.dependent) & scheme & ~determinant
                if right and scheme & ~determinant & ~right:
                    return right
        return 0

    def _given(self, scheme: int) -> Iterator[int]:
        """The determinants of the dependencies that are given, and of their cover, within a scheme."""
        given = [x for x, _ in self.work.cover]
        given += [self.mixed.mask(d.determinant) for d in self.work.given if isinstance(d, FD | MVD)]
        yield from dict.fromkeys(x for x in given if not x & ~scheme)

    def _starts(self, scheme: int) -> Iterator[int]:
        """Sets of attributes that can be on the left of a dependency that breaks the form, the given ones first."""
        yield from self._given(scheme)
        left_open = f"whether {prose(self.work.set(scheme))} is in 4NF"
        for start in subsets(self._relevant() & scheme, self.budget, left_open):
            self.effort.spend(self.mixed.cost)
            yield start

    def _relevant(self) -> int:
        relevant = self.mixed.relevant
        for determinant, _ in self.work.cover:
            relevant |= determinant
        return relevant

    def _join(self, scheme: int) -> _Split | None:
        work = self.work
        for dependency in work.given:
            if not isinstance(dependency, JD):
                continue
            pieces = {work.rules.mask(component) & scheme for component in dependency.components} - {0}
            pieces = {one for one in pieces if not any(one != other and not one & ~other for other in pieces)}
            if scheme in pieces or self._by_keys(scheme, pieces) or not self._holds(scheme, pieces):
                continue
            parts = sorted(pieces, key=work.listed)
            within = JD(frozenset(map(work.set, parts)))
            told = "; ".join(prose(work.set(part)) for part in parts)
            reason = (
                f"The relation is the join of {told}, which its keys alone do not imply: rows could follow from others, "
                f"or parts of rows be repeated."
            )
            return _Split(tuple(parts), within, reason)
        return None

    def _by_keys(self, scheme: int, pieces: Collection[int]) -> bool:
        """Whether the keys of the scheme imply the join (the algorithm of `keys_imply`, within a part)."""
        left = sorted(pieces)
        while len(left) > 1:
            pair = next(
                (
                    (one, other)
                    for one, other in combinations(left, 2)
                    if not scheme & ~self.work.rules.closure(one & other)
                ),
                None,
            )
            if pair is None:
                return False
            left = [one for one in left if one not in pair] + [pair[0] | pair[1]]
        return left == [scheme]

    def _holds(self, scheme: int, pieces: Collection[int]) -> bool:
        """Whether the join of the pieces holds within the scheme: by chase."""
        work = self.work
        start = Tableau.of([work.set(piece) for piece in sorted(pieces)], work.attributes)
        final = chase(start, work.given).final
        wanted = work.set(scheme)
        return any(all(symbol.distinguished for symbol in row if symbol.column in wanted) for row in final.rows)

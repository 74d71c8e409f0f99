"""Splitting to Boyce–Codd normal form: by what costs least, by the textbook's tree in an order, by pairs of attributes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.theory.bcnf import bcnf_violation, shrunk
from dbworkbench.theory.dependencies import FD, prose
from dbworkbench.theory.forms import NormalForm
from dbworkbench.theory.given import liberal
from dbworkbench.theory.parts import Decomposition, Step
from dbworkbench.theory.synthesis import synthesize_3nf
from dbworkbench.theory.workpiece import Workpiece, cover_step, reduced_key_of

_RANKED = 12
_WIDE = 24


@dataclass(frozen=True, slots=True)
class Cut:
    """A split of a scheme: `determinant` is in both halves and is a key of the `leaf`."""

    determinant: int
    leaf: int
    remains: int


@liberal
def decompose_bcnf(
    attributes: Collection[str], fds: Collection[FD], *, order: Sequence[FD] | None = None
) -> Decomposition:
    """Relations in Boyce–Codd normal form that join back to the whole.

    With an `order`, the textbook's tree, split by these dependencies first: see `bcnf_tree`.

    Takes the synthesis where its relations are in BCNF already, so that nothing is lost; else splits off, one after
    another, dependencies whose determinant is no key, those first that cost the fewest dependencies. Where it cannot be
    decided in time whether a relation is in BCNF, it is split by the polynomial method, perhaps more than needed.

    >>> split = decompose_bcnf("abc", [FD.parse("a, b -> c"), FD.parse("c -> b")])
    >>> [sorted(part.attributes) for part in split.parts], bool(split.preserving)
    ([['a', 'c'], ['b', 'c']], False)

    Reference: Tsou & Fischer, Decomposition of a relation scheme into Boyce–Codd normal form, SIGACT News 14(3), 1982.
    """
    if order is not None:
        return bcnf_tree(attributes, fds, order)
    synthesized = synthesize_3nf(attributes, fds)
    if synthesized.form >= NormalForm.BOYCE_CODD:
        return synthesized
    work = Workpiece(attributes, fds)
    return split_off(work, _best_cut)


@liberal
def synthesize_bcnf_where_free(attributes: Collection[str], fds: Collection[FD]) -> Decomposition:
    """BCNF where it costs no dependency, third normal form where it would.

    >>> str(synthesize_bcnf_where_free("abc", [FD.parse("a -> b"), FD.parse("b -> c")]).form)
    'BCNF'
    >>> str(synthesize_bcnf_where_free("abc", [FD.parse("a, b -> c"), FD.parse("c -> b")]).form)
    '3NF'
    """
    split = decompose_bcnf(attributes, fds)
    return split if split.preserving else synthesize_3nf(attributes, fds)


@liberal
def bcnf_tree(attributes: Collection[str], fds: Collection[FD], order: Sequence[FD] = ()) -> Decomposition:
    """The textbook's decomposition: split by a dependency that breaks BCNF, and each half again.

    The dependencies of `order` are tried first, in that order, then those of the canonical cover, then any that
    follows. Different orders give different results, which may lose dependencies. The parts join back in any case, but
    not always each on its key: see `Part.on`. Raises Undecided where BCNF of a part cannot be decided in time.

    >>> rules = [FD.parse("a -> b"), FD.parse("b -> c")]
    >>> [[sorted(part.attributes) for part in bcnf_tree("abc", rules, [first]).parts] for first in rules]
    [[['a', 'b'], ['b', 'c']], [['a', 'b'], ['b', 'c']]]

    Reference: Ullman, Principles of Database and Knowledge-Base Systems I, 1988, §7.6.
    """
    work = Workpiece(attributes, fds)
    for fd in order:
        for name in sorted(fd.attributes - work.attributes):
            raise UnknownName("attribute", name, sorted(work.attributes))
    wished = [work.rules.mask(fd.determinant) for fd in order]
    steps = list(cover_step(work))
    members: dict[int, list[int]] = {}
    open_ = [work.full]
    while open_:
        scheme = open_.pop()
        determinant = _breaking(work, scheme, wished)
        if determinant is None:
            members.setdefault(scheme, [])
            continue
        leaf = work.rules.closure(determinant) & scheme
        cut = Cut(determinant, leaf, determinant | (scheme & ~leaf))
        members_key = reduced_key_of(work.rules, determinant, leaf)
        steps.append(split_step(work, scheme, cut))
        open_ += [leaf, cut.remains]
        if _breaking(work, leaf, wished) is None:
            members.setdefault(leaf, []).append(members_key)
    return work.decomposition(work.alone(members), NormalForm.BOYCE_CODD, tuple(steps))


@liberal
def tsou_fischer(attributes: Collection[str], fds: Collection[FD]) -> Decomposition:
    """A decomposition into BCNF in polynomial time, which may split more than needed and lose more dependencies.

    Takes away attributes of a copy as long as another of it is still determined by those that stay; what is left is in
    BCNF, and the last one determined leaves the scheme. And again, until no attribute is determined so.

    >>> [sorted(part.attributes) for part in tsou_fischer("abc", [FD.parse("a -> b"), FD.parse("b -> c")]).parts]
    [['a', 'b'], ['a', 'c']]

    Reference: Tsou & Fischer, Decomposition of a relation scheme into Boyce–Codd normal form, SIGACT News 14(3), 1982.
    """
    return split_off(Workpiece(attributes, fds), _pair_cut)


def _pair_cut(work: Workpiece, rest: int) -> Cut | None:
    leaf, determinant = shrunk(work.rules, rest)
    return None if leaf == rest else Cut(determinant, leaf, rest & ~(leaf & ~determinant))


def _breaking(work: Workpiece, scheme: int, wished: Sequence[int]) -> int | None:
    for determinant in wished:
        if not determinant & ~scheme:
            reach = work.rules.closure(determinant) & scheme
            if reach != determinant and scheme & ~reach:
                return determinant
    return bcnf_violation(work.rules, scheme)


def split_off(work: Workpiece, choose: Callable[[Workpiece, int], Cut | None]) -> Decomposition:
    """The decomposition that splits off one leaf after another, as long as `choose` finds one."""
    steps = list(cover_step(work))
    members: dict[int, list[int]] = {}
    rest = work.full
    while (cut := choose(work, rest)) is not None:
        members.setdefault(cut.leaf, []).append(reduced_key_of(work.rules, cut.determinant, cut.leaf))
        steps.append(split_step(work, rest, cut))
        rest = cut.remains
    members.setdefault(rest, [])
    return work.decomposition(work.alone(members), NormalForm.BOYCE_CODD, tuple(steps))


def split_step(work: Workpiece, whole: int, cut: Cut) -> Step:
    """The step that splits a scheme, with its reason."""
    determinant, leaf = work.set(cut.determinant), work.set(cut.leaf)
    fd = FD(determinant, leaf - determinant)
    left = work.set(cut.remains & ~cut.determinant)
    if not determinant:
        reason = f"{fd} says that {prose(leaf)} never change: one row of their own is enough to hold them."
    elif whole & ~work.rules.closure(cut.determinant):
        verb = "is" if len(determinant) == 1 else "are"
        reason = (
            f"{fd} holds, but {prose(determinant)} {verb} no key of the relation with {prose(work.set(whole))}. "
            f"{prose(leaf)} become a relation of their own, and only {prose(determinant)} stay{'s' * (verb == 'is')} "
            f"with {prose(left)}."
        )
    else:
        reason = (
            f"{fd} holds. Whether the relation with {prose(work.set(whole))} is in BCNF could not be decided in time; "
            f"{prose(leaf)} surely are, and become a relation of their own."
        )
    return Step(f"Split off {fd}", reason, (work.set(whole),), (work.set(cut.remains), leaf), fd)


def _best_cut(work: Workpiece, rest: int) -> Cut | None:
    """A cut whose leaf is in BCNF, at the least cost in dependencies; None where `rest` is in BCNF."""
    reached: dict[int, int] = {}
    for determinant, whole in work.reaches().items():
        reach = whole & rest
        if not determinant & ~rest and reach != determinant and rest & ~reach:
            reached.setdefault(reach, determinant)
    if not reached:
        try:
            found = bcnf_violation(work.rules, rest)
        except Undecided:
            return _certain_cut(work, rest, rest)
        if found is None:
            return None
        reached[work.rules.closure(found) & rest] = found
    smallest = sorted(reached, key=lambda mask: (mask.bit_count(), work.rules.order(mask)))[
        : _RANKED if rest.bit_count() <= _WIDE else 2
    ]
    cuts = [_deepest(work, rest, reached[reach]) for reach in smallest]
    return min(cuts, key=lambda cut: (_lost(work, rest, cut), cut.leaf.bit_count(), work.rules.order(cut.determinant)))


def _lost(work: Workpiece, rest: int, cut: Cut) -> int:
    """How many dependencies of the cover have a side in each half."""
    inside = (x | y for x, y in work.cover if not (x | y) & ~rest)
    return sum(bool(mask & ~cut.leaf) and bool(mask & ~cut.remains) for mask in inside)


def _deepest(work: Workpiece, rest: int, determinant: int) -> Cut:
    """The cut by a determinant, or by one inside its closure, such that the leaf is in BCNF."""
    leaf = work.rules.closure(determinant) & rest
    try:
        while (deeper := bcnf_violation(work.rules, leaf)) is not None:
            determinant, leaf = deeper, work.rules.closure(deeper) & leaf
    except Undecided:
        return _certain_cut(work, rest, leaf)
    determinant = reduced_key_of(work.rules, determinant, leaf)
    return Cut(determinant, leaf, determinant | (rest & ~leaf))


def _certain_cut(work: Workpiece, rest: int, within: int) -> Cut:
    """The cut of Tsou & Fischer: polynomial, and perhaps not needed."""
    leaf, determinant = shrunk(work.rules, within)
    return Cut(determinant, leaf, rest & ~(leaf & ~determinant))

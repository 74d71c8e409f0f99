"""Two more ways to Boyce–Codd normal form: the textbook's tree in a chosen order, and the polynomial one."""

from collections.abc import Collection, Sequence

from dbworkbench.errors import UnknownName
from dbworkbench.theory.bcnf import bcnf_violation, shrunk
from dbworkbench.theory.decomposition import (
    Cut,
    Decomposition,
    Workpiece,
    cover_step,
    reduced_key_of,
    split_off,
    split_step,
)
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.given import liberal
from dbworkbench.theory.normal_forms import NormalForm


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

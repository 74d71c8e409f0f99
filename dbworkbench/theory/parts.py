"""A relation scheme in parts that join back to it, with every step and its reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from dbworkbench.errors import Undecided
from dbworkbench.shown import Shown
from dbworkbench.theory.basis import Mixed, functional_part
from dbworkbench.theory.bcnf import bcnf_violation
from dbworkbench.theory.chase import lossless_join
from dbworkbench.theory.dependencies import FD, Dependency, in_order
from dbworkbench.theory.forms import NormalForm
from dbworkbench.theory.numbering import Rules
from dbworkbench.theory.projection import dependency_preserving
from dbworkbench.theory.verdict import Verdict

_LARGE = 600
_JOINS_BACK = "joining the parts gives back exactly the rows of the relation"


@dataclass(frozen=True, slots=True)
class Part:
    """A relation scheme of a decomposition.

    `key` is a candidate key, the one it is joined on; `keys` are its candidate keys as far as they were looked for (at
    most 16), `fds` the dependencies of the cover that live in it. `on` holds the attributes it is joined on: none for
    the first part, `key` as long as that is possible, and all that it shares with the parts before it from the first
    part on for which it is not.
    """

    attributes: frozenset[str]
    key: frozenset[str]
    keys: tuple[frozenset[str], ...]
    fds: tuple[FD, ...]
    on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a decomposition: the schemes it changes, those it leaves in their place, and why."""

    title: str
    reason: str
    before: tuple[frozenset[str], ...]
    after: tuple[frozenset[str], ...]
    dependency: Dependency | None = None


@dataclass(frozen=True, slots=True)
class Joins:
    """Why parts join back without a chase: each is joined on its own key, which the parts before it hold."""

    order: tuple[tuple[frozenset[str], frozenset[str]], ...]


@dataclass(frozen=True, slots=True)
class Splits:
    """Why parts join back without a chase: each step splits one relation in two that join back to it.

    What is in both determines one of the two, or each of the dependencies of its basis is within one of them.
    """

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Decomposition(Shown):
    """A relation scheme in parts.

    `schemes` are the attributes of the parts, of which none holds another; what else is told of them is worked out
    when it is first asked for. `proven` is the form that the method guarantees; `told` holds the steps where they
    cannot be told from the parts alone, and `narrated` tells them where they can.
    """

    attributes: frozenset[str]
    declared: frozenset[Dependency]
    schemes: frozenset[frozenset[str]]
    proven: NormalForm
    told: tuple[Step, ...] | None = None
    arranged: Callable[[], tuple[Part, ...]] = field(default=tuple, compare=False, repr=False)
    narrated: Callable[["Decomposition"], tuple[Step, ...]] | None = field(default=None, compare=False, repr=False)

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """The dependencies given, in the order in which they are printed."""
        return tuple(in_order(self.declared))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts, in an order in which they join back.

        The first holds a candidate key of the whole, each later one is joined on `on`: its `key`, whose attributes all
        occur before it, wherever there is such an order.
        """
        return self.arranged()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step with its reason."""
        if self.told is not None:
            return self.told
        return self.narrated(self) if self.narrated else ()

    @cached_property
    def form(self) -> NormalForm:
        """The form that every part is in: at least the proven one, and BCNF where all parts are shown to be in it."""
        return _form(self)

    @cached_property
    def lossless(self) -> Verdict:
        """Whether the parts join back to the whole; the witness is a Chase, or Joins or Splits where that would be huge."""
        return _lossless(self)

    @cached_property
    def preserving(self) -> Verdict:
        """Whether every functional dependency can be checked within the parts; the witness holds the lost ones."""
        return _preserving(self)


def _form(decomposition: Decomposition) -> NormalForm:
    if decomposition.proven >= NormalForm.BOYCE_CODD:
        return decomposition.proven
    under = Rules(functional_part(decomposition.attributes, decomposition.dependencies), decomposition.attributes)
    try:
        bcnf = all(bcnf_violation(under, under.mask(part.attributes)) is None for part in decomposition.parts)
    except Undecided:
        bcnf = False
    return NormalForm.BOYCE_CODD if bcnf else decomposition.proven


def _lossless(decomposition: Decomposition) -> Verdict:
    parts = decomposition.parts
    if len(parts) * len(decomposition.attributes) <= _LARGE:
        try:
            return _chased(decomposition)
        except Undecided:  # multivalued dependencies can make it huge
            if proven := _by_splits(decomposition):
                return proven
            raise
    order = Joins(tuple((part.attributes, part.key) for part in parts))
    have = set(parts[0].attributes)
    for part in parts[1:]:
        if not part.key <= have:
            break
        have |= part.attributes
    else:
        return Verdict(True, _JOINS_BACK, order)
    return _by_splits(decomposition) or _chased(decomposition)


def _chased(decomposition: Decomposition) -> Verdict:
    parts = [part.attributes for part in decomposition.parts]
    return lossless_join(parts, decomposition.dependencies, attributes=decomposition.attributes)


def _by_splits(decomposition: Decomposition) -> Verdict | None:
    """The verdict that the steps give, where each of them is a split in two that the dependencies justify."""
    mixed = Mixed(decomposition.dependencies, decomposition.attributes)
    splits = tuple(step for step in decomposition.steps if step.before != step.after)
    there = {decomposition.attributes}
    for step in splits:
        if len(step.before) != 1 or len(step.after) != 2 or step.before[0] not in there:
            return None
        one, other = map(mixed.mask, step.after)
        if one | other != mixed.mask(step.before[0]) or any(
            block & one and block & other for block in mixed.blocks(one & other)
        ):
            return None
        there = (there - {step.before[0]}) | {*step.after}
    if any(not any(left <= kept for kept in decomposition.schemes) for left in there):
        return None
    return Verdict(True, _JOINS_BACK, Splits(splits))


def _preserving(decomposition: Decomposition) -> Verdict:
    fds = tuple(fd for fd in decomposition.dependencies if isinstance(fd, FD))
    return dependency_preserving([part.attributes for part in decomposition.parts], fds)

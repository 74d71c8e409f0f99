"""A relation scheme in parts that join back to it, with every step and its reason."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from dbworkbench.errors import Undecided
from dbworkbench.shown import Shown
from dbworkbench.theory.basis import functional_part
from dbworkbench.theory.bcnf import bcnf_violation
from dbworkbench.theory.chase import lossless_join
from dbworkbench.theory.dependencies import FD, Dependency, in_order
from dbworkbench.theory.forms import NormalForm
from dbworkbench.theory.numbering import Rules
from dbworkbench.theory.projection import dependency_preserving
from dbworkbench.theory.verdict import Verdict

_LARGE = 600


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
        """Whether the parts join back to the whole; the witness is a Chase, or Joins where that would be huge."""
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
        return lossless_join(
            [part.attributes for part in parts], decomposition.dependencies, attributes=decomposition.attributes
        )
    order = Joins(tuple((part.attributes, part.key) for part in parts))
    have = set(parts[0].attributes)
    for part in parts[1:]:
        if not part.key <= have:
            break
        have |= part.attributes
    else:
        return Verdict(True, "joining the parts gives back exactly the rows of the relation", order)
    return lossless_join(
        [part.attributes for part in parts], decomposition.dependencies, attributes=decomposition.attributes
    )


def _preserving(decomposition: Decomposition) -> Verdict:
    fds = tuple(fd for fd in decomposition.dependencies if isinstance(fd, FD))
    return dependency_preserving([part.attributes for part in decomposition.parts], fds)

"""The dependencies met last, each with what was worked out for them: their closures, and their form as integers."""

from collections.abc import Callable, Iterable
from functools import partial

from dbworkbench.errors import DesignError
from dbworkbench.theory import kernels
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.given import attributes_in
from dbworkbench.theory.numbering import Rules
from dbworkbench.theory.plain import Closures

_FUNCTIONAL = frozenset({FD})
_KEPT = 32
recent: "dict[int, Index]" = {}

Closing = Callable[[Iterable[str]], frozenset[str]]


class Index:
    """Some functional dependencies; `closed` gives the closure of whatever names attributes, and keeps the last ones."""

    __slots__ = ("_rules", "changing", "closed", "copied", "fds", "fixed", "used")

    def __init__(self, fds: tuple[FD, ...]) -> None:
        self.fds = fds
        self.fixed: object = None  # the collection that it is of, if that stays as it is
        self.changing: object = None  # or if it can change, and a copy of it as it was
        self.copied: object = None
        self.used = False
        read = partial(_read, fds)
        self.closed: Closing = kernels.closure_under(fds, read) or partial(_plain, Closures(fds), read)
        self._rules: Rules | None = None

    @property
    def rules(self) -> Rules:
        """The dependencies as integers."""
        if self._rules is None:
            self._rules = Rules(self.fds)
        return self._rules


def _read(fds: tuple[FD, ...], given: Iterable[str]) -> tuple[str, ...]:
    """The names in what is given and is no set of them."""
    known = (names for fd in fds for names in (fd.determinant, fd.dependent)) if isinstance(given, str) else ()
    return attributes_in(given, frozenset[str]().union(*known))


def _plain(known: Closures, read: Callable[[Iterable[str]], tuple[str, ...]], given: Iterable[str]) -> frozenset[str]:
    if isinstance(given, frozenset):
        return known[given]
    return known[frozenset(given if isinstance(given, set) else read(given))]


def met(fds: object) -> Index | None:
    """The index of some dependencies, if the same ones were met lately."""
    known = recent.get(id(fds))
    if known is None or (known.fixed is not fds and (known.changing is not fds or known.copied != fds)):
        return None
    return known


def index(fds: Iterable[FD]) -> Index:
    """The index of some dependencies: the one made before, if the same ones were met lately."""
    known = met(fds)
    if known is not None:
        return known
    listed = tuple(fds)
    if not _FUNCTIONAL.issuperset(map(type, listed)):
        other = next(dependency for dependency in listed if not isinstance(dependency, FD))
        raise DesignError(f"{other} is no functional dependency: this is asked of functional ones alone")
    made = Index(listed)
    kind = type(fds)
    if kind is tuple or kind is frozenset:
        made.fixed = fds
    elif isinstance(fds, list | set):
        made.changing, made.copied = fds, fds.copy()
    else:
        return made
    while len(recent) >= _KEPT:
        oldest = next(iter(recent))
        dropped = recent.pop(oldest)
        if dropped.used:  # since it was put here: it stays for another round
            dropped.used = False
            recent[oldest] = dropped
    recent[id(fds)] = made
    return made


def rules(fds: Iterable[FD]) -> Rules:
    """The indexed form of some dependencies."""
    return index(fds).rules

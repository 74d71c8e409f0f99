"""The dependencies met last, each with what was worked out for them: closures by name, and an index where it pays."""

from collections.abc import Iterable

from dbworkbench.errors import DesignError
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.numbering import Rules

_FUNCTIONAL = frozenset({FD})
_KEPT = 32
_MOST = 4096
_MUCH = 16
_PATIENCE = 40  # turning to integers costs about as much as looking at each dependency so often
recent: "dict[int, Index]" = {}


class Index:
    """Some functional dependencies and their closures.

    Each dependency stands at every attribute of its determinant, so that a closure looks at it only where one of them
    arrives. Once many large closures were asked for, integers take over, which are prepared for more of them.
    """

    __slots__ = ("_always", "_at", "_left", "_much", "_rules", "_share", "fds", "given", "known")

    def __init__(self, given: object, fds: tuple[FD, ...]) -> None:
        self.given = given
        self.fds = fds
        self.known: dict[frozenset[str], frozenset[str]] = {}
        self._rules: Rules | None = None
        self._at: dict[str, list[tuple[frozenset[str], frozenset[str]]]] | None = None

    def _listed(self) -> dict[str, list[tuple[frozenset[str], frozenset[str]]]]:
        """The dependencies by the attributes of their determinants."""
        at: dict[str, list[tuple[frozenset[str], frozenset[str]]]] = {}
        self._always: frozenset[str] = frozenset()
        several = places = 0
        for fd in self.fds:
            determinant = fd.determinant
            pair = determinant, fd.dependent
            for name in determinant:
                if name in at:
                    at[name].append(pair)
                else:
                    at[name] = [pair]
            size = len(determinant)
            if not size:
                self._always |= fd.dependent
            several += size > 1
            places += size
        self._at = at
        self._share = places / max(1, len(at))
        self._much = _MUCH + several  # with less to look at, integers are no faster
        self._left: float = _PATIENCE * len(self.fds)
        return at

    @property
    def rules(self) -> Rules:
        """The dependencies as integers."""
        if self._rules is None:
            self._rules = Rules(self.fds)
        return self._rules

    @property
    def names(self) -> frozenset[str]:
        """Every attribute that the dependencies name."""
        return frozenset[str]().union(*(fd.attributes for fd in self.fds))

    def hurry(self) -> None:
        """Turn to integers now."""
        self._left = -1

    def closure(self, start: frozenset[str]) -> frozenset[str]:
        """The closure of some names; the last answers are kept."""
        at = self._at
        if at is None:
            at = self._listed()
        if self._left < 0:
            answer = self.rules.named_closure(start)
        else:
            reach = set(start)
            if self._always:
                reach |= self._always
            todo = list(reach)
            for name in todo:
                if name in at:
                    for determinant, dependent in at[name]:
                        if determinant <= reach and not dependent <= reach:
                            todo += dependent - reach
                            reach |= dependent
            work = len(todo) * self._share
            if work > self._much:
                self._left -= work
            answer = frozenset(reach) if len(todo) > len(start) else start
        if len(self.known) >= _MOST:
            self.known.clear()
        self.known[start] = answer
        return answer


def index(fds: Iterable[FD]) -> Index:
    """The index of some dependencies: the one made before, if the same ones were met lately."""
    known = recent.get(id(fds))
    if known is not None and known.given is fds:
        return known
    kind = type(fds)
    fixed = kind is tuple or kind is frozenset
    if not (fixed or kind is list or kind is set):
        return Index(None, tuple(fds))
    listed = tuple(fds)
    if known is not None and known.given == listed:
        return known
    if not _FUNCTIONAL.issuperset(map(type, listed)):
        other = next(dependency for dependency in listed if not isinstance(dependency, FD))
        raise DesignError(f"{other} is no functional dependency: this is asked of functional ones alone")
    made = Index(fds if fixed else listed, listed)
    if len(recent) >= _KEPT:
        recent.pop(next(iter(recent), 0), None)
    recent[id(fds)] = made
    return made


def rules(fds: Iterable[FD]) -> Rules:
    """The indexed form of some dependencies."""
    return index(fds).rules

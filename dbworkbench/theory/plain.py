"""Closures by name where there is no compiled library: worked out when they are asked for, and prepared for many of them."""

from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.numbering import Rules, Saturated, bits

_MOST = 4096
_SCANS = 3
_ROUNDS = 4
_SMALL = 24  # dependencies that are looked at as fast as an index of them
_COPIED = 40  # above it, many gains are put into one set rather than each into a copy
_TINY = 12  # dependencies that are gone over as fast as anything looks them up
_SHORT = 24  # names that are joined as fast as their union is looked up
_FEW = 4
_EACH = 20  # preparing takes about so many small closures for each dependency

Sides = tuple[frozenset[str], frozenset[str]]


class Closures(dict[frozenset[str], frozenset[str]]):
    """The closures under some functional dependencies by what they start from, worked out when they are asked for.

    The first closures go over the list as it is. For more of them, each dependency stands at every attribute of its
    determinant, so that it is looked at only where one of them arrives. Once as much time went into closures as
    it takes to prepare for any number of them, that is done: see `_Prepared`.
    """

    __slots__ = (
        "_always",
        "_at",
        "_first",
        "_prepared",
        "_scan",
        "_scans",
        "_share",
        "_sides",
        "_small",
        "_spare",
        "_tiny",
        "_turned",
        "fds",
    )

    def __init__(self, fds: tuple[FD, ...]) -> None:
        super().__init__()
        self.fds = fds
        self._sides: list[Sides] = [(fd.determinant, fd.dependent) for fd in fds]
        self._at: dict[str, list[Sides]] | None = None
        self._prepared: _Prepared | None = None
        self._first: dict[str, list[Sides]] | None = None
        self._always: frozenset[str] = frozenset()
        self._small = len(fds) <= _SMALL
        self._tiny = _EACH * len(fds) if len(fds) <= _TINY else 0  # how often they are gone over before preparing pays
        self._turned = self._sides[::-1] if self._tiny else []
        self._scan = 0.1 * len(fds)
        self._scans = _SCANS
        self._spare = float(_EACH * len(fds))

    def __missing__(self, start: frozenset[str]) -> frozenset[str]:
        if self._tiny:
            self._tiny -= 1
            answer, before, sides, turned = start, start, self._sides, self._turned
            while True:  # to and fro
                for determinant, dependent in sides:
                    if determinant <= answer and not dependent <= answer:
                        answer |= dependent
                if answer is before:
                    self[start] = answer
                    return answer
                before, sides, turned = answer, turned, sides
        if self._scans > 0:
            answer = self._scanned(start)
        elif self._prepared is not None:
            answer = self._prepared.closure(start)
        elif self._spare < 0:
            self._prepared = _Prepared(Rules(self.fds))
            answer = self._prepared.closure(start)
        else:
            answer = self._plain(start)
        if len(self) >= _MOST:
            self.clear()
        self[start] = answer
        return answer

    def _scanned(self, start: frozenset[str]) -> frozenset[str]:
        """The closure by going over all dependencies, to and fro, as long as that does not take many rounds."""
        self._scans -= 1
        self._spare -= self._scan
        reach: frozenset[str] | set[str] = start
        for _ in range(_ROUNDS):
            for sides in (self._sides, reversed(self._sides)):
                size = len(reach)
                for determinant, dependent in sides:
                    if determinant <= reach and not dependent <= reach:
                        if reach is start and len(start) + len(self._sides) > _COPIED:
                            reach = set(start)
                        reach |= dependent
                if len(reach) == size:
                    return reach if isinstance(reach, frozenset) else frozenset(reach)
        return self._spread(frozenset(reach), self._index())

    def _plain(self, start: frozenset[str]) -> frozenset[str]:
        first = self._first
        if first is None:
            first = self._first = self._by_first()
        for name in start:
            if name in first:
                for determinant, dependent in first[name]:
                    if determinant <= start and not dependent <= start:
                        if self._small:
                            return self._scanned(start | dependent)
                        return self._spread(start, self._index())
        self._spare -= 1
        return start if self._always <= start else self._spread(start, self._index())

    def _spread(self, start: frozenset[str], at: dict[str, list[Sides]]) -> frozenset[str]:
        """The closure of a set to which some dependency adds."""
        reach = set(start | self._always)
        todo = list(reach)
        for name in todo:
            if name in at:
                for determinant, dependent in at[name]:
                    if determinant <= reach and not dependent <= reach:
                        todo += dependent - reach
                        reach |= dependent
        self._spare -= len(todo) * self._share
        return frozenset(reach)

    def _by_first(self) -> dict[str, list[Sides]]:
        """Each dependency at one attribute of its determinant."""
        first: dict[str, list[Sides]] = {}
        for pair in self._sides:
            for name in pair[0]:
                if name in first:
                    first[name].append(pair)
                else:
                    first[name] = [pair]
                break
            else:
                self._always |= pair[1]
        return first

    def _index(self) -> dict[str, list[Sides]]:
        """Each dependency at every attribute of its determinant."""
        at = self._at
        if at is None:
            at = self._at = {}
            places = 0
            for pair in self._sides:
                for name in pair[0]:
                    if name in at:
                        at[name].append(pair)
                    else:
                        at[name] = [pair]
                places += len(pair[0])
            self._share = 0.1 + 0.1 * places / max(1, len(at))
        return at


class _Prepared:
    """Dependencies prepared for many closures.

    Of each attribute there is its own closure, and what could make a dependency apply that has several attributes on
    its left: the others of those, as far as the closure does not hold them. The closure of several attributes is the
    union of theirs, unless one holds what the others of another one wait for; only then has more to be worked out, and
    that is kept by the union from which it grew.
    """

    __slots__ = ("alone", "at", "grown", "near", "rules", "saturated")

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.saturated: Saturated = rules.saturated()
        self.near: dict[str, frozenset[str]] = {}  # of attributes that determine nothing alone: what they wait for
        self.alone: dict[str, tuple[int, int, frozenset[str] | None]] = {}
        self.grown: dict[int, frozenset[str]] = {}
        self.at: dict[int, list[tuple[int, int]]] = {}
        for pair in self.saturated.useful.items():
            for bit in bits(pair[0]):
                self.at.setdefault(bit, []).append(pair)

    def closure(self, start: frozenset[str]) -> frozenset[str]:
        near = self.near
        for name in start:
            others = near.get(name)
            if others is None or not others.isdisjoint(start):
                break
        else:
            if start or not self.saturated.free:
                return start
        alone, sets = self.alone, []
        reach = self.saturated.free
        awaited = met = 0
        for name in start:
            own, others_of, names = alone.get(name) or self._of(name)
            met |= awaited & own
            awaited |= others_of
            reach |= own
            if names is not None:
                sets.append(names)
        short = reach.bit_count() < _SHORT
        if short and not met and start:
            return start.union(*sets)
        full = self.rules.full
        answer = self.grown.get(reach)
        if answer is None:
            whole = self.saturated.grown(reach & full)
            gained = whole & ~reach
            if short and start and gained.bit_count() < _FEW:
                return start.union(*sets, self.rules.listed(gained))
            if len(self.grown) >= _MOST:
                self.grown.clear()
            answer = self.grown[reach] = self.rules.set(whole)
        return answer if reach <= full else answer | start

    def _of(self, name: str) -> tuple[int, int, frozenset[str] | None]:
        """The closure of one attribute, what it waits for, and its names where these are more than itself."""
        rules, free = self.rules, self.saturated.free
        bit = rules.bit.get(name)
        others = 0
        if bit is None:  # no dependency names it
            own, names = free | 1 << len(rules.names), rules.set(free)
        else:
            own = self.saturated.closure(bit, -1)
            names = rules.set(own)
            for held in bits(own):
                for determinant, dependent in self.at.get(held, ()):
                    if dependent & ~own:
                        others |= determinant
            others &= ~own
        if names <= {name}:
            self.near[name] = rules.set(others)
        answer = self.alone[name] = own, others, None if names <= {name} else names
        return answer

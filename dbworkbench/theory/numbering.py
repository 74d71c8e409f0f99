"""Attribute sets as integers: each name has a bit, and a set of names is the sum of its bits.

The compact form behind the functions that speak names; it never leaves this package.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import compress

from dbworkbench.theory import kernels
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.tables import Tables

_DIGITS = bytes.maketrans(b"01", b"\x00\x01")
_SWAPPED = str.maketrans("01", "10")
_MOST = 4096
_FEW_NAMES = 8  # that are picked out one by one as fast as all are gone over
_SMALL = 8
_FEW = 32  # dependencies that are gone over as fast as an index of them, and whose closures are kept
_COMPILED = 4  # closures that take as long as handing the dependencies to the library
_OFTEN = 6  # preparing for many closures costs about as much as so many large ones


class Numbering:
    """Names in sorted order, the first with bit 1; so the lowest bit of a set is its first name."""

    __slots__ = ("_reversed", "_sets", "bit", "full", "names")

    def __init__(self, names: Iterable[str]) -> None:
        self.names: tuple[str, ...] = tuple(sorted(names if isinstance(names, set) else set(names)))
        self._reversed = self.names[::-1]
        self.bit: dict[str, int] = {name: 1 << at for at, name in enumerate(self.names)}
        self.full: int = (1 << len(self.names)) - 1
        self._sets: dict[int, frozenset[str]] = {}

    def mask(self, names: Iterable[str]) -> int:
        """The integer of a set of known names."""
        mask, bit = 0, self.bit
        for name in names:
            mask |= bit[name]
        return mask

    def set(self, mask: int) -> frozenset[str]:
        """The names of an integer; the last ones asked for are kept."""
        names = self._sets.get(mask)
        if names is None:
            if mask.bit_count() <= _FEW_NAMES:
                names = frozenset(self.listed(mask))
            else:
                digits = f"{mask:b}".encode().translate(_DIGITS)
                names = frozenset(compress(self._reversed[len(self.names) - len(digits) :], digits))
            if len(self._sets) >= _MOST:
                self._sets.clear()
            self._sets[mask] = names
        return names

    @staticmethod
    def order(mask: int) -> str:
        """A key that sorts integers as their sorted lists of names are sorted."""
        return f"{mask:b}"[::-1].translate(_SWAPPED)

    def listed(self, mask: int) -> tuple[str, ...]:
        """The names of an integer, sorted."""
        names, found = self.names, []
        while mask:
            bit = mask & -mask
            found.append(names[bit.bit_length() - 1])
            mask ^= bit
        return tuple(found)


class Rules(Numbering):
    """Functional dependencies over numbered attributes, indexed for closures.

    Each dependency waits at one attribute of its determinant that the closure does not hold yet, and moves on to
    another when that one arrives: it is looked at no more often than its determinant has attributes, which is
    Beeri & Bernstein's bound (1979, §3) without their counters. Once many closures were asked for, the closures of
    single attributes are kept, and each dependency between more of them leads to its determinant's whole closure.
    """

    __slots__ = ("_asked", "_calls", "_compiled", "_free", "_met", "_octets", "_saturated", "_waiting", "pairs")

    def __init__(self, fds: Iterable[FD], attributes: Iterable[str] = ()) -> None:
        fds = tuple(fds)
        sides = [side for fd in fds for side in (fd.determinant, fd.dependent)]
        super().__init__(set(attributes).union(*sides))
        kept, bit, masks = self._sets, self.bit, []
        for side in sides:
            mask = 0
            for name in side:
                mask |= bit[name]
            kept[mask] = side
            masks.append(mask)
        self._index(zip(masks[::2], masks[1::2], strict=True))

    def _index(self, pairs: Iterable[tuple[int, int]]) -> None:
        self.pairs: tuple[tuple[int, int], ...] = tuple(pairs)
        self._free, self._waiting = indexed(self.pairs)
        self._asked = self._calls = 0
        self._compiled: Callable[[bytes], bytes] | None = None
        self._octets = 0
        self._met: dict[int, int] | None = {} if len(self.pairs) <= _FEW else None
        self._saturated: Saturated | None = None

    def over(self, pairs: Iterable[tuple[int, int]]) -> "Rules":
        """Other dependencies over the same attributes."""
        other = object.__new__(Rules)
        other.names, other._reversed, other.bit, other.full = self.names, self._reversed, self.bit, self.full
        other._sets = self._sets
        other._index(pairs)
        return other

    def closure(self, start: int, goal: int = -1) -> int:
        """The closure of a set; with a goal, stops as soon as the goal is inside (the result is then partial)."""
        if self._met is not None:
            return self._met.get(start) or self._scanned(start)
        if self._compiled is not None:
            return int.from_bytes(self._compiled(start.to_bytes(self._octets, "little")), "little")
        if self._saturated is not None:
            return self._saturated.closure(start, goal)
        self._calls += 1
        if self._calls == _COMPILED:
            self._octets = kernels.octets_for(len(self.names))
            self._compiled = kernels.closure_between(len(self.names), self.pairs)
        reach = closed(start, self._free, self._waiting, goal)
        size = reach.bit_count()
        if size > _SMALL and 4 * size > len(self.names):
            self._asked += size
            if self._asked > _OFTEN * len(self.names):
                self.saturated()
        return reach

    def _scanned(self, start: int) -> int:
        """The closure under a few dependencies, by going over them again and again, kept for the next time."""
        met, known, before = self._met, start, -1
        while known != before:
            before = known
            for determinant, dependent in self.pairs:
                if determinant & known == determinant:
                    known |= dependent
        if met is not None:
            if len(met) >= _MOST:
                met.clear()
            met[start] = known
        return known

    def closure_once(self, start: int, goal: int = -1) -> int:
        """The same, for a few closures only: nothing is prepared for more of them."""
        return closed(start, self._free, self._waiting, goal)

    def saturated(self) -> "Saturated":
        """The same dependencies prepared for many closures."""
        if self._saturated is None:
            self._saturated = Saturated(self.full, self.pairs, self._free, self._waiting)
        return self._saturated

    def fd(self, pair: tuple[int, int]) -> FD:
        """A pair of integers as a dependency between names."""
        return FD.of(self.set(pair[0]), self.set(pair[1]))

    def fds(self, pairs: Iterable[tuple[int, int]]) -> tuple[FD, ...]:
        """Pairs of integers as dependencies between names."""
        of, names, known = FD.of, self.set, self._sets.get
        return tuple(of(known(x) or names(x), known(y) or names(y)) for x, y in pairs)

    @staticmethod
    def in_order(pairs: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
        """Dependents by determinant, sorted as the sorted lists of names of the determinants are."""
        return tuple((x, pairs[x]) for x in sorted(pairs, key=_backwards, reverse=True))


def _backwards(mask: int) -> str:
    """A key by which the last set comes first: the end of a set comes before another name in it."""
    return f"~{mask:b}"[::-1] if mask else "~"


class Saturated:
    """Dependencies with the closures of single attributes worked out, for many closures under the same ones."""

    __slots__ = ("direct", "free", "full", "gained", "left", "producers", "single", "tables", "useful", "waiting")

    def __init__(
        self,
        full: int,
        pairs: Iterable[tuple[int, int]],
        free: int,
        waiting: Mapping[int, Iterable[Sequence[int]]],
    ) -> None:
        self.full = full
        pairs = tuple(pairs)
        self.free = closed(0, free, waiting)
        reach = reached((pair for pair in pairs if not pair[0] & (pair[0] - 1)), full, self.free)
        self.gained = 0
        self.producers: dict[int, list[tuple[int, int]]] = {}
        useful: dict[int, int] = {}
        for determinant, dependent in pairs:
            if determinant & (determinant - 1):
                alone = self.free
                for bit in bits(determinant):
                    alone |= reach[bit]
                if fresh := dependent & ~alone:
                    useful[determinant] = useful.get(determinant, 0) | fresh
        for determinant, fresh in useful.items():
            whole = fresh
            for bit in bits(fresh):
                whole |= reach[bit]
            useful[determinant] = whole
            for bit in bits(fresh):
                self.producers.setdefault(bit, []).append((determinant, whole))
        _, self.waiting = indexed(useful.items())
        self.gained = 0
        for bit in self.producers:
            self.gained |= bit
        self.direct = reach
        self.useful = useful
        self.left = len(reach) + len(useful)
        self.tables: Tables | None = None
        self.single: dict[int, int] = {}

    def closure(self, start: int, goal: int) -> int:
        """The closure of a set, or a part of it that holds the goal."""
        known, single = self.free, self.single
        while start:
            bit = start & -start
            start ^= bit
            if not bit & known:
                reach = single.get(bit)
                if reach is None:
                    reach = single[bit] = self.grown(self.direct[bit], -1)
                known |= reach
        return self.grown(known, goal)

    def grown(self, known: int, goal: int = -1) -> int:
        """What dependencies between several attributes add to a union of closures of single ones."""
        open_ = self.gained & ~known
        if not open_ or not goal & ~known:
            return known
        if self.tables is not None:
            return self.tables.closure(known, goal)
        self.left -= 1
        if self.left < 0:
            self.tables = Tables(self.full, self.useful.items())
        if known.bit_count() < open_.bit_count():
            return closed(known, 0, self.waiting, goal)
        while True:
            for bit in bits(open_):
                if not bit & known:
                    for determinant, reach in self.producers[bit]:
                        if not determinant & ~known:
                            known |= reach
                            break
            left = self.gained & ~known
            if left == open_ or not left or not goal & ~known:
                return known
            open_ = left


def indexed(pairs: Iterable[tuple[int, int]]) -> tuple[int, dict[int, list[Sequence[int]]]]:
    """What holds always (dependents of ∅), and each other pair by the lowest bit of its determinant."""
    free = 0
    waiting: dict[int, list[Sequence[int]]] = {}
    for pair in pairs:
        determinant, dependent = pair
        if not determinant:
            free |= dependent
        elif dependent & ~determinant:
            waiting.setdefault(determinant & -determinant, []).append(pair)
    return free, waiting


def closed(start: int, free: int, waiting: Mapping[int, Iterable[Sequence[int]]], goal: int = -1) -> int:
    """The closure of `start` under indexed dependencies, or a part of it that holds the goal."""
    known = todo = start | free
    missing = ~known
    moved: dict[int, list[Sequence[int]]] = {}
    while todo and goal & missing:
        bit = todo & -todo
        todo ^= bit
        for group in (waiting.get(bit), moved.pop(bit, None) if moved else None):
            for pair in group or ():
                if open_ := pair[0] & missing:
                    low = open_ & -open_
                    if low in moved:
                        moved[low].append(pair)
                    else:
                        moved[low] = [pair]
                elif gained := pair[1] & missing:
                    known |= gained
                    todo |= gained
                    missing ^= gained
    return known


def reached(pairs: Iterable[tuple[int, int]], full: int, always: int) -> dict[int, int]:
    """What each bit reaches over dependencies of single attributes: the strong components in one walk (Tarjan 1972)."""
    direct: dict[int, int] = {}
    for bit, dependent in pairs:
        direct[bit] = direct.get(bit, 0) | dependent
    reach: dict[int, int] = {}
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    for root in bits(full):
        if root in index:
            continue
        work = [(root, bits(direct.get(root, 0)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        while work:
            here, following = work[-1]
            fresh = 0
            for bit in following:
                if bit not in index:
                    fresh = bit
                    break
                if bit not in reach:
                    low[here] = min(low[here], index[bit])
            if fresh:
                index[fresh] = low[fresh] = len(index)
                stack.append(fresh)
                work.append((fresh, bits(direct.get(fresh, 0))))
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[here])
            if low[here] == index[here]:
                members, whole = [], always
                while True:
                    member = stack.pop()
                    members.append(member)
                    whole |= member | direct.get(member, 0)
                    if member == here:
                        break
                for bit in bits(whole):
                    whole |= reach.get(bit, 0)
                reach.update(dict.fromkeys(members, whole))
    return reach


def bits(mask: int) -> Iterator[int]:
    """The single bits of a mask, lowest first."""
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit


def positions(mask: int) -> Iterator[int]:
    """The positions of the bits of a mask, lowest first."""
    while mask:
        bit = mask & -mask
        yield bit.bit_length() - 1
        mask ^= bit

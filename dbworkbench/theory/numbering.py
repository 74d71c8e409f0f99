"""Attribute sets as integers: each name has a bit, and a set of names is the sum of its bits.

The compact form behind the functions that speak names; it never leaves this package.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import compress

from dbworkbench.theory.dependencies import FD

_DIGITS = bytes.maketrans(b"01", b"\x00\x01")
_KEPT = 64
_recent: "dict[int, tuple[object, Rules]]" = {}


class Numbering:
    """Names in sorted order, the first with bit 1; so the lowest bit of a set is its first name."""

    __slots__ = ("_reversed", "bit", "full", "names")

    def __init__(self, names: Iterable[str]) -> None:
        self.names: tuple[str, ...] = tuple(sorted(set(names)))
        self._reversed = self.names[::-1]
        self.bit: dict[str, int] = {name: 1 << at for at, name in enumerate(self.names)}
        self.full: int = (1 << len(self.names)) - 1

    def mask(self, names: Iterable[str]) -> int:
        """The integer of a set of known names."""
        mask, bit = 0, self.bit
        for name in names:
            mask |= bit[name]
        return mask

    def set(self, mask: int) -> frozenset[str]:
        """The names of an integer."""
        digits = f"{mask:b}".encode().translate(_DIGITS)
        return frozenset(compress(self._reversed[len(self.names) - len(digits) :], digits))

    def listed(self, mask: int) -> tuple[str, ...]:
        """The names of an integer, sorted."""
        return tuple(self.names[at] for at in positions(mask))


class Rules(Numbering):
    """Functional dependencies over numbered attributes, indexed for closures.

    Each dependency waits at one attribute of its determinant that the closure does not hold yet, and moves on to
    another when that one arrives: it is looked at no more often than its determinant has attributes, which is
    Beeri & Bernstein's bound (1979, §3) without their counters.
    """

    __slots__ = ("_free", "_waiting", "pairs")

    def __init__(self, fds: Iterable[FD], attributes: Iterable[str] = ()) -> None:
        fds = tuple(fds)
        names = set(attributes)
        for fd in fds:
            names |= fd.determinant
            names |= fd.dependent
        super().__init__(names)
        self._index((self.mask(fd.determinant), self.mask(fd.dependent)) for fd in fds)

    def _index(self, pairs: Iterable[tuple[int, int]]) -> None:
        self.pairs: tuple[tuple[int, int], ...] = tuple(pairs)
        self._free, self._waiting = indexed(self.pairs)

    def over(self, pairs: Iterable[tuple[int, int]]) -> "Rules":
        """Other dependencies over the same attributes."""
        other = object.__new__(Rules)
        other.names, other._reversed, other.bit, other.full = self.names, self._reversed, self.bit, self.full
        other._index(pairs)
        return other

    def closure(self, start: int, goal: int = -1) -> int:
        """The closure of a set; with a goal, stops as soon as the goal is inside (the result is then partial)."""
        return closed(start, self._free, self._waiting, goal)

    def fd(self, pair: tuple[int, int]) -> FD:
        """A pair of integers as a dependency between names."""
        return FD(self.set(pair[0]), self.set(pair[1]))


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
    moved: dict[int, list[Sequence[int]]] = {}
    while todo:
        bit = todo & -todo
        todo ^= bit
        here = waiting.get(bit, ())
        if bit in moved:
            here = [*here, *moved.pop(bit)]
        for pair in here:
            missing = pair[0] & ~known
            if missing:
                moved.setdefault(missing & -missing, []).append(pair)
            else:
                gained = pair[1] & ~known
                if gained:
                    known |= gained
                    todo |= gained
        if goal & ~known == 0:
            break
    return known


def rules(fds: Iterable[FD]) -> Rules:
    """The indexed form of some dependencies, remembered for the unchangeable collections met last."""
    if not isinstance(fds, tuple | frozenset):
        return Rules(fds)
    kept = _recent.get(id(fds))
    if kept is not None and kept[0] is fds:
        return kept[1]
    made = Rules(fds)
    if len(_recent) >= _KEPT:
        _recent.pop(next(iter(_recent), 0), None)
    _recent[id(fds)] = (fds, made)
    return made


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

"""Difference sets and minimal hitting sets in plain Python and NumPy: the search for small tables, nothing to compile.

Attribute sets are Python integers here, bit c for column c.
"""

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray


class TooMuchWork(Exception):
    """The search grew beyond what plain Python should do."""


def difference_sets(codes: NDArray[np.int32]) -> set[int]:
    """For all pairs of rows, the set of columns in which they differ; equal rows give the empty set.

    >>> sorted(difference_sets(np.array([[0, 0, 1], [0, 1, 1]], np.int32)))
    [1, 2, 3]
    """
    columns, rows = codes.shape
    found: set[int] = set()
    whole = (columns + 7) // 8
    for row in range(rows - 1):
        differ = np.packbits(codes[:, row + 1 :] != codes[:, row : row + 1], axis=0, bitorder="little")
        if whole <= 8:
            padded = np.zeros((differ.shape[1], 8), np.uint8)
            padded[:, :whole] = differ.T
            found.update(np.unique(padded.view("<u8")).tolist())
        else:
            found.update(int.from_bytes(one.tobytes(), "little") for one in np.unique(differ.T, axis=0))
    return found


def minimal_sets(sets: Iterable[int]) -> list[int]:
    """Those sets that contain no other, smallest first.

    >>> minimal_sets([0b111, 0b011, 0b100])
    [4, 3]
    """
    kept: list[int] = []
    for one in sorted(set(sets), key=lambda one: (one.bit_count(), one)):
        if not any(other & one == other for other in kept):
            kept.append(one)
    return kept


def minimal_hitting_sets(edges: Collection[int], *, largest: int, work: list[int]) -> list[int]:
    """All minimal sets, of at most `largest` members, that share a member with each edge.

    `work[0]` counts down with each step; below zero the search raises TooMuchWork. Murakami & Uno 2014, MMCS.

    >>> sorted(minimal_hitting_sets([0b011, 0b110], largest=9, work=[100]))
    [2, 5]
    """
    smallest = minimal_sets(edges)
    if not smallest:
        return [0]
    if smallest[0] == 0:
        return []
    hit: dict[int, int] = {}
    union = 0
    for place, edge in enumerate(smallest):
        union |= edge
        for member in _bits(edge):
            hit[member] = hit.get(member, 0) | 1 << place
    found: list[int] = []

    def extend(chosen: int, critical: list[int], still_open: int, allowed: int, room: int) -> None:
        work[0] -= 1
        if work[0] < 0:
            raise TooMuchWork
        branch = min((smallest[place.bit_length() - 1] & allowed for place in _bits(still_open)), key=int.bit_count)
        allowed &= ~branch
        for member in _bits(branch):
            own = hit[member]
            kept = [edges & ~own for edges in critical]
            if not all(kept):
                continue
            left = still_open & ~own
            if not left:
                found.append(chosen | member)
                continue
            if room > 1:
                extend(chosen | member, [*kept, still_open & own], left, allowed, room - 1)
            allowed |= member

    if largest > 0:
        extend(0, [], (1 << len(smallest)) - 1, union, largest)
    return found


def _bits(mask: int) -> list[int]:
    """The members of a set, each as a set of one."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low)
        mask ^= low
    return found

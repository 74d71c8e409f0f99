"""What kernels.c does, in NumPy and plain Python: where it is not compiled, and to hold it to.

Sets of columns are rows of 64-bit words, bit `c % 64` of word `c // 64` for column c; inside, they are Python integers.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from itertools import pairwise, repeat
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint64]
Codes: TypeAlias = NDArray[Any]
Ids: TypeAlias = NDArray[np.int64]
Rows: TypeAlias = NDArray[np.int32]
Octets: TypeAlias = NDArray[np.uint8]
Offsets: TypeAlias = NDArray[Any]  # of 4 bytes or 8


def all_differences(codes: Sequence[Codes], sizes: Ids, first: int, last: int, stop: Ids) -> Words:
    """For rows i < j, first <= i < last, the sets of columns in which they differ, each once; equal rows: the empty set.

    >>> columns = [np.array([0, 0, 1]), np.array([0, 1, 1])]
    >>> sorted(all_differences(columns, np.array([2, 2]), 0, 3, np.zeros(2, np.int64)).ravel().tolist())
    [1, 2, 3]
    """
    del sizes
    columns, found = np.stack([np.asarray(column) for column in codes]), set[int]()
    for row in range(first, min(last, columns.shape[1] - 1)):
        if stop[0]:
            break
        found.update(_differing(columns[:, row + 1 :] != columns[:, row : row + 1]))
    return as_words(found, _width(len(codes)))


def distinct(sets: Words) -> Words:
    """The sets, each once."""
    return np.unique(sets, axis=0)


def relocated(sets: Words, places: Ids) -> Words:
    """The sets with member `places[c]` for each member c."""
    moved = (sum(1 << int(places[c]) for c in _members(one)) for one in as_masks(sets))
    return as_words(moved, sets.shape[1])


def sorted_by(order: NDArray[np.int32], column: Codes, size: int) -> NDArray[np.int32]:
    """Row numbers, stably sorted by their codes in `column`."""
    del size
    return order[np.argsort(column[order], kind="stable")]


def sampled_differences(codes: Sequence[Codes], sizes: Ids, order: NDArray[np.int32], column: int, most: int) -> Words:
    """The difference sets of neighbours in `order` that agree on a column: about `most` pairs, spread evenly."""
    del sizes
    at = np.arange(0, len(order) - 1, max(1, (len(order) - 1) // max(most, 1)))
    left, right = order[at], order[at + 1]
    same = codes[column][left] == codes[column][right]
    left, right = left[same], right[same]
    return as_words(set(_differing(np.stack([one[left] != one[right] for one in codes]))), _width(len(codes)))


def minimal_hitting_sets(  # noqa: PLR0917  as the compiled one has them
    differences: Words, fresh: int, target: int, usable: Words, largest: int, most_edges: int, stop: Ids, most: int
) -> tuple[Words, bool, bool]:
    """All minimal sets of usable columns, of at most `largest`, that hit every difference set holding `target`.

    A negative target is the row itself, in which any two rows differ. Of the sets before `fresh` only the `most_edges`
    smallest are hit, and the third value says whether those were all. The second says whether all hitting sets were
    found; `stop[0]` ends the search, and `stop[1]`, which counts the sets found by all threads together, ends it
    above `most`.
    """
    (cut,) = as_masks(usable[None, :])
    held = [(one & cut, at) for at, one in enumerate(as_masks(differences)) if target < 0 or one >> target & 1]
    held.sort(key=lambda edge: edge[0].bit_count())
    edges, whole = list[int](), True
    for one, at in held:
        if len(edges) >= most_edges and at < fresh:
            whole = False
        else:
            edges.append(one)
    before = int(stop[1])
    found = list[int]()
    done = True
    for one in hitting_sets(edges, largest=largest):
        found.append(one)
        if len(found) % 256 == 0:
            stop[1] = before + len(found)
            if stop[0] or stop[1] > most:
                done = False
                break
    stop[1] = before + len(found)
    return as_words(found, differences.shape[1]), done, whole


def check_determinants(  # noqa: PLR0917  as the compiled one has them
    codes: Sequence[Codes],
    sizes: Ids,
    determinants: Words,
    targets: Words,
    first: int,
    last: int,
    block: int,
    stop: Ids,
) -> tuple[Words, Words]:
    """Which of the targets determinants[first:last] do not determine, a bit beyond the columns being the row.

    And difference sets of pairs of rows that show it. The compiled one sorts no more than about `block` rows at a time.
    """
    del block
    failed, pairs = list[int](), set[int]()
    chosen, wanted = as_masks(determinants[first:last]), as_masks(targets[first:last])
    for determinant, asked in zip(chosen, wanted, strict=True):
        broken = 0
        if not stop[0]:
            head = _heads(codes, sizes, determinant)
            for target in _members(asked):
                differs = (
                    head != np.arange(len(head)) if target == len(codes) else (codes[target] != codes[target][head])
                )
                row = int(differs.argmax())
                if differs[row]:
                    broken |= 1 << target
                    other = int(head[row])
                    pairs.update(_differing(np.array([[one[row] != one[other]] for one in codes])))
        failed.append(broken)
    return as_words(failed, targets.shape[1]), as_words(pairs, determinants.shape[1])


def removals(  # noqa: PLR0917  as the compiled one has them
    codes: Sequence[Codes], sizes: Ids, determinants: Words, targets: Words, first: int, last: int, stop: Ids
) -> Ids:
    """How many rows break each determinant -> target at the least, for determinants[first:last].

    One column per target column, and a last one for the row itself: rows beyond the first of each group. What was
    not asked for is -1.
    """
    found = np.full((last - first, len(codes) + 1), -1, np.int64)
    chosen, wanted = as_masks(determinants[first:last]), as_masks(targets[first:last])
    for at, (determinant, asked) in enumerate(zip(chosen, wanted, strict=True)):
        if stop[0]:
            break
        ids, count = _grouped(codes, sizes, determinant)
        for target in _members(asked):
            if target == len(codes):
                found[at, target] = len(ids) - count
                continue
            pairs = ids.copy()
            many = numbered(pairs, count, codes[target], int(sizes[target]))
            owner, best = np.zeros(many, np.int64), np.zeros(count, np.int64)
            owner[pairs] = ids
            np.maximum.at(best, owner, np.bincount(pairs, minlength=many))
            found[at, target] = len(ids) - best.sum()
    return found


def counted(column: Codes, size: int) -> Rows:
    """How many rows have each code."""
    return np.bincount(column, minlength=size).astype(np.int32)


def grouped_rows(column: Codes, size: int) -> tuple[Rows, Rows]:
    """The rows that agree with others on a column, group by group, and where each group starts and the last one ends.

    >>> order, bounds = grouped_rows(np.array([1, 0, 1, 2, 0]), 3)
    >>> order.tolist(), bounds.tolist()
    ([1, 4, 0, 2], [0, 2, 4])
    """
    sizes = np.bincount(column, minlength=size)
    order = np.argsort(column, kind="stable").astype(np.int32)
    return order[sizes[column[order]] > 1], np.cumsum([0, *sizes[sizes > 1]]).astype(np.int32)


def different_in_groups(order: Rows, bounds: Rows, column: Codes, size: int) -> Rows:
    """How many different codes each group of rows has."""
    del size
    parts = (column[order[start:end]] for start, end in pairwise(bounds.tolist()))
    return np.array([len(np.unique(part)) for part in parts], np.int32)


def linked_in_groups(order: Rows, bounds: Rows, left: Codes, right: Codes, sizes: tuple[int, int]) -> bool:
    """Whether some group of rows has not all pairs of its codes in two columns.

    >>> rows, bounds = np.arange(4, dtype=np.int32), np.array([0, 4], np.int32)
    >>> linked_in_groups(rows, bounds, np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), (2, 2))
    False
    """
    for start, end in pairwise(bounds.tolist()):
        here, there = left[order[start:end]].astype(np.int64), right[order[start:end]]
        pairs = len(np.unique(here * sizes[1] + there))
        if pairs != len(np.unique(here)) * len(np.unique(there)):
            return True
    return False


def trimmed() -> None:
    """Give memory that was freed back to the system: Python's own is left to it."""


def numbered(ids: NDArray[Any], count: int, column: Codes, size: int) -> int:
    """Number the pairs of an id and a code by their first occurrence, in place, and say how many there are."""
    del count
    _, first, inverse = np.unique(ids.astype(np.int64) * max(size, 1) + column, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    ids[:] = rank[inverse.reshape(-1)]
    return len(first)


# -- sets as integers -------------------------------------------------------------------------------------------------


def as_masks(sets: Words) -> list[int]:
    """Rows of words as integers."""
    octets = np.ascontiguousarray(sets.astype("<u8")).view(np.uint8)
    return [int.from_bytes(row.tobytes(), "little") for row in octets.reshape(len(sets), 8 * sets.shape[1])]


def as_words(masks: Iterable[int], width: int) -> Words:
    """Integers as rows of words."""
    found = np.frombuffer(b"".join(one.to_bytes(8 * width, "little") for one in masks), "<u8")
    return found.reshape(-1, width).astype(np.uint64)


def _differing(differ: NDArray[np.bool_]) -> list[int]:
    """The different columns of a matrix of truths, as integers."""
    packed = np.packbits(differ, axis=0, bitorder="little")
    if len(packed) > 8:
        return [int.from_bytes(one.tobytes(), "little") for one in np.unique(packed.T, axis=0)]
    padded = np.zeros((packed.shape[1], 8), np.uint8)
    padded[:, : len(packed)] = packed.T
    found: list[int] = np.unique(padded.view("<u8")).tolist()
    return found


def _grouped(codes: Sequence[Codes], sizes: Ids, mask: int) -> tuple[Ids, int]:
    ids = np.zeros(len(codes[0]), np.int64)
    count = min(1, len(ids))
    for c in _members(mask):
        count = numbered(ids, count, codes[c], int(sizes[c]))
    return ids, count


def _heads(codes: Sequence[Codes], sizes: Ids, mask: int) -> Ids:
    """For each row the first that agrees with it on a set of columns."""
    ids, count = _grouped(codes, sizes, mask)
    first = np.zeros(count, np.int64)
    first[ids[::-1]] = np.arange(len(ids))[::-1]
    return first[ids]


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


def hitting_sets(edges: Collection[int], *, largest: int) -> Iterable[int]:
    """All minimal sets, of at most `largest` members, that share a member with each edge, one after another.

    Murakami & Uno 2014, MMCS.

    >>> sorted(hitting_sets([0b011, 0b110], largest=9))
    [2, 5]
    """
    smallest = minimal_sets(edges)
    if not smallest:
        yield 0
        return
    if smallest[0] == 0 or largest <= 0:
        return
    hit: dict[int, int] = {}
    union = 0
    for place, edge in enumerate(smallest):
        union |= edge
        for member in _members(edge):
            hit[member] = hit.get(member, 0) | 1 << place

    def extend(chosen: int, critical: list[int], still_open: int, allowed: int, room: int) -> Iterable[int]:
        branch = min((smallest[place] & allowed for place in _members(still_open)), key=int.bit_count)
        allowed &= ~branch
        for member in _members(branch):
            own = hit[member]
            kept = [edges & ~own for edges in critical]
            if not all(kept):
                continue
            left = still_open & ~own
            if not left:
                yield chosen | 1 << member
                continue
            if room > 1:
                yield from extend(chosen | 1 << member, [*kept, still_open & own], left, allowed, room - 1)
            allowed |= 1 << member

    yield from extend(0, [], (1 << len(smallest)) - 1, union, largest)


def _members(mask: int) -> list[int]:
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found


def _width(columns: int) -> int:
    return max(1, (columns + 63) // 64)


class _Dictionary:
    """A dictionary of Python's, of values as bytes."""

    def __init__(self, width: int, *, wide: bool) -> None:
        self.width, self.wide = width, wide
        self.known: dict[bytes, int] = {}
        self.closed = False

    def __len__(self) -> int:
        return len(self.known)

    def numbers(
        self, values: Octets, offsets: Offsets | None, valid: Octets | None, first: int, rows: int
    ) -> NDArray[np.uint32]:
        text = values.data
        ends = np.arange(first, first + rows + 1) * self.width if offsets is None else offsets[first : first + rows + 1]
        cells = (bytes(text[start:end]) for start, end in pairwise(ends.tolist()))
        filled: Iterable[bool] = repeat(True, rows)
        if valid is not None:
            filled = np.unpackbits(valid, bitorder="little")[first : first + rows].astype(bool).tolist()
        known = self.known
        number: Callable[[bytes], int] = partial(_number, known) if not self.closed else lambda cell: known.get(cell, 0)
        found = (number(cell) if there else 0 for cell, there in zip(cells, filled, strict=True))
        return np.fromiter(found, np.uint32, rows)

    def close(self) -> None:
        self.closed = True

    def values(self) -> tuple[Octets, Offsets | None]:
        octets = np.frombuffer(bytearray(b"".join(self.known)), np.uint8) if self.known else np.zeros(0, np.uint8)
        if self.width:
            return octets, None
        ends = np.cumsum([0, *map(len, self.known)], dtype=np.int64)
        return octets, ends if self.wide or ends[-1] >= 2**31 else ends.astype(np.int32)


def _number(known: dict[bytes, int], cell: bytes) -> int:
    return known.setdefault(cell, len(known) + 1)


def dictionary(width: int, *, wide: bool) -> _Dictionary:
    """An empty dictionary for values of `width` bytes, or, where that is 0, of their own lengths.

    `numbers` takes some rows of a column as arrow holds it, its values, their offsets where they have their own lengths, and
    the bits of what is not null (None: all), and says each value's number, from 1 in the order in which they were met,
    0 for a null. After `close` values not met before get 0 too. `values` ends it and gives the values, with offsets, which have 8 bytes where there is need or `wide`.

    >>> known = dictionary(2, wide=False)
    >>> known.numbers(np.frombuffer(b"aabbaa", np.uint8), None, None, 0, 3).tolist(), known.values()[0].tobytes()
    ([1, 2, 1], b'aabb')
    """
    return _Dictionary(width, wide=wide)

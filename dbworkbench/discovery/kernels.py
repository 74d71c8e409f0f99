"""Compiled loops over dictionary codes: difference sets, minimal hitting sets, checks by partition.

Everything here is plain arithmetic on arrays, compiled by numba when first called and kept in a cache folder of the
user. No function here is called for small tables, and importing this module is what loads numba. Attribute sets are
rows of 64-bit words, bit `c % 64` of word `c // 64` for column c. All loops release the interpreter lock; those that
can run long look at `stop[0]` and return early when another thread has set it.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Words = NDArray[np.uint64]
Codes = NDArray[np.int32]
Places = NDArray[np.int64]

_settings: Any = numba.config


def cache_folder() -> Path:
    """Where compiled kernels are kept: the user's cache folder, or where NUMBA_CACHE_DIR points."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".cache") / "dbworkbench" / "kernels"


def _compiled(function: F) -> F:
    """A function compiled on first use; kept on disk where the cache folder can be written."""
    before = _settings.CACHE_DIR
    try:
        _settings.CACHE_DIR = str(cache_folder())
        return cast("F", numba.njit(nogil=True, cache=True, error_model="numpy")(function))
    except (RuntimeError, OSError):  # no home, or no folder to write to: compile anew in each process
        return cast("F", numba.njit(nogil=True, error_model="numpy")(function))
    finally:
        _settings.CACHE_DIR = before


_ZERO, _ONE = np.uint64(0), np.uint64(1)
_M1, _M2, _M4 = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)
_H01 = np.uint64(0x0101010101010101)
_S1, _S2, _S4, _S56 = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_S29 = np.uint64(29)


@_compiled
def _popcount(x: np.uint64) -> Any:  # noqa: ANN401  a signed number for the compiler, an int to us
    x = x - ((x >> _S1) & _M1)
    x = (x & _M2) + ((x >> _S2) & _M2)
    x = (x + (x >> _S4)) & _M4
    return np.int64((x * _H01) >> _S56)


@_compiled
def _lowest(x: np.uint64) -> Any:  # noqa: ANN401  the same
    """The place of the lowest bit that is set."""
    return _popcount((x & (~x + _ONE)) - _ONE)


@_compiled
def _resized(array: Words, rows: int) -> Words:
    """The first `rows` rows in an array of that many, zeros where there were none; a slice compiles far slower."""
    width = array.shape[1]
    after = np.zeros((rows, width), np.uint64)
    for k in range(min(rows, array.shape[0])):
        for w in range(width):
            after[k, w] = array[k, w]
    return after


@_compiled
def _insert(store: Words, slots: Codes, count: int, words: Words) -> int:
    """Put a set of words in a hash set, unless it is there; there is room for one more."""
    width = store.shape[1]
    mask = np.uint64(slots.shape[0] - 1)
    mixed = _ZERO
    for w in range(width):
        mixed = (mixed ^ words[w]) * _MIX
        mixed ^= mixed >> _S29
    at = mixed & mask
    while True:
        held = slots[at]
        if held < 0:
            slots[at] = count
            for w in range(width):
                store[count, w] = words[w]
            return count + 1
        same = True
        for w in range(width):
            if store[held, w] != words[w]:
                same = False
                break
        if same:
            return count
        at = (at + _ONE) & mask


@_compiled
def _larger(store: Words, count: int) -> tuple[Words, Codes]:
    """A hash set with twice the room, holding the same."""
    width = store.shape[1]
    room = 2 * store.shape[0]
    wider = np.empty((room, width), np.uint64)
    slots = np.full(4 * room, -1, np.int32)
    at = 0
    for k in range(count):
        at = _insert(wider, slots, at, store[k])
    return wider, slots


@_compiled
def all_differences(codes: Codes, first: int, last: int) -> Words:
    """The different difference sets of rows i < j for first <= i < last; equal rows give the empty set."""
    columns, rows = codes.shape
    width = (columns + 63) // 64
    store = np.empty((1024, width), np.uint64)
    slots = np.full(4096, -1, np.int32)
    count = 0
    found = np.zeros((width, rows), np.uint64)
    words = np.empty(width, np.uint64)
    for i in range(first, last):
        for w in range(width):
            here = found[w]
            for j in range(i + 1, rows):
                here[j] = _ZERO
            for c in range(64 * w, min(columns, 64 * w + 64)):
                column = codes[c]
                mine = column[i]
                bit = np.uint64(c - 64 * w)
                for j in range(i + 1, rows):
                    here[j] |= np.uint64(column[j] != mine) << bit
        for j in range(i + 1, rows):
            for w in range(width):
                words[w] = found[w, j]
            if count == store.shape[0]:
                store, slots = _larger(store, count)
            count = _insert(store, slots, count, words)
    return _resized(store, count)


@_compiled
def distinct(sets: Words) -> Words:
    """The sets, each once, in the order in which they first occur."""
    count = 0
    room = 1024
    while room < sets.shape[0]:
        room *= 2
    store = np.empty((room, sets.shape[1]), np.uint64)
    slots = np.full(4 * room, -1, np.int32)
    for k in range(sets.shape[0]):
        count = _insert(store, slots, count, sets[k])
    return _resized(store, count)


@_compiled
def relocated(sets: Words, places: Places) -> Words:
    """The sets with member `places[c]` for each member c."""
    count, width = sets.shape
    after = np.zeros((count, width), np.uint64)
    for k in range(count):
        for w in range(width):
            rest = sets[k, w]
            while rest != _ZERO:
                at = places[64 * w + _lowest(rest)]
                rest &= rest - _ONE
                after[k, at // 64] |= _ONE << np.uint64(at % 64)
    return after


@_compiled
def sorted_by(order: Codes, column: Codes, size: int) -> Codes:
    """Row numbers, stably sorted by their codes in `column`: one counting sort."""
    starts = np.zeros(size + 1, np.int32)
    for row in range(column.shape[0]):
        starts[column[row] + 1] += 1
    for code in range(size):
        starts[code + 1] += starts[code]
    after = np.empty_like(order)
    for k in range(order.shape[0]):
        row = order[k]
        code = column[row]
        after[starts[code]] = row
        starts[code] += 1
    return after


@_compiled
def _difference(codes: Codes, columns_at: Places, a: int, b: int, words: Words) -> None:
    """Write the columns in which two rows differ; bit c is the column that stands at `columns_at[c]`."""
    columns = codes.shape[0]
    for w in range(words.shape[0]):
        word = _ZERO
        for c in range(64 * w, min(columns, 64 * w + 64)):
            at = columns_at[c]
            word |= np.uint64(codes[at, a] != codes[at, b]) << np.uint64(c - 64 * w)
        words[w] = word


@_compiled
def sampled_differences(  # noqa: PLR0917  kernels take no keywords
    codes: Codes, columns_at: Places, order: Codes, column: int, most: int, store: Words, count: int
) -> tuple[Words, int]:
    """Add to `store` the difference sets of neighbours in `order` that agree on `column`.

    At most about `most` pairs are looked at, spread evenly.
    """
    rows = codes.shape[1]
    width = store.shape[1]
    slots = np.full(4 * store.shape[0], -1, np.int32)
    for k in range(count):
        _insert(store, slots, k, store[k])
    words = np.empty(width, np.uint64)
    step = max(1, (rows - 1) // most)
    own = codes[columns_at[column]]
    for k in range(0, rows - 1, step):
        a, b = order[k], order[k + 1]
        if own[a] != own[b]:
            continue
        _difference(codes, columns_at, a, b, words)
        if count == store.shape[0]:
            store, slots = _larger(store, count)
        count = _insert(store, slots, count, words)
    return store, count


@_compiled
def _minimal_edges(differences: Words, fresh: int, target: int, usable: Words, most: int) -> tuple[Words, bool, bool]:
    """What a determinant of `target` must hit: the minimal difference sets that hold it, cut to usable columns.

    A negative target is the row itself, in which any two rows differ. Of the sets before `fresh` only the `most`
    smallest are kept; the second value says whether none was left out for that. The third says that some set is empty,
    so that nothing hits it. Sets are compared with the 3000 smallest kept, as long as that pays: more edges than
    needed are harmless.
    """
    total, width = differences.shape
    word, bit = target // 64, np.uint64(target % 64)
    chosen = np.empty((total, width), np.uint64)
    sizes = np.empty(total, np.int32)
    origin = np.empty(total, np.int64)
    count = 0
    for k in range(total):
        if target >= 0 and (differences[k, word] >> bit) & _ONE == _ZERO:
            continue
        size = 0
        for w in range(width):
            value = differences[k, w] & usable[w]
            chosen[count, w] = value
            size += _popcount(value)
        if size == 0:
            return _resized(chosen, 0), True, True
        sizes[count] = size
        origin[count] = k
        count += 1
    starts = np.zeros(64 * width + 2, np.int64)
    for k in range(count):
        starts[sizes[k] + 1] += 1
    for s in range(64 * width + 1):
        starts[s + 1] += starts[s]
    order = np.empty(count, np.int64)
    for k in range(count):
        order[starts[sizes[k]]] = k
        starts[sizes[k]] += 1
    kept = np.empty((count, width), np.uint64)
    have = 0
    whole = True
    compared = 1_000_000 + 64 * count
    for place in range(count):
        k = order[place]
        if have >= most and origin[k] < fresh:
            whole = False
            continue
        covered = False
        for other in range(min(have, 3000)):
            if compared < 0:
                break
            compared -= 1
            inner = True
            for w in range(width):
                if kept[other, w] & ~chosen[k, w] != _ZERO:
                    inner = False
                    break
            if inner:
                covered = True
                break
        if not covered:
            for w in range(width):
                kept[have, w] = chosen[k, w]
            have += 1
    return _resized(kept, have), whole, False


@_compiled
def minimal_hitting_sets(  # noqa: PLR0915, PLR0917  one loop, kept flat for the compiler; kernels take no keywords
    differences: Words,
    fresh: int,
    target: int,
    usable: Words,
    largest: int,
    most_edges: int,
    stop: NDArray[np.int64],
    most: int,
) -> tuple[Words, bool, bool]:
    """All minimal sets of usable columns, of at most `largest`, that hit every difference set holding `target`.

    Of the sets before `fresh` only the `most_edges` smallest are hit, and the third value says whether those were
    all. The second says whether all hitting sets were found; `stop[0]` ends the search, and `stop[1]`, which counts
    the sets found by all threads together, ends it above `most`. Murakami & Uno 2014, algorithm MMCS.
    """
    width = differences.shape[1]
    edges, whole, impossible = _minimal_edges(differences, fresh, target, usable, most_edges)
    found = np.empty((16, width), np.uint64)
    if impossible:
        return _resized(found, 0), True, whole
    total = edges.shape[0]
    if total == 0:
        found[0] = _ZERO
        return _resized(found, 1), True, whole
    if largest <= 0:
        return _resized(found, 0), True, whole
    parts = (total + 63) // 64
    columns = 64 * width
    hit = np.zeros((columns, parts), np.uint64)
    for e in range(total):
        for w in range(width):
            rest = edges[e, w]
            while rest != _ZERO:
                hit[64 * w + _lowest(rest), e // 64] |= _ONE << np.uint64(e % 64)
                rest &= rest - _ONE
    deep = 8
    open_edges = np.zeros((deep, parts), np.uint64)
    critical = np.zeros((deep * (deep + 1) // 2, parts), np.uint64)
    allowed = np.zeros((deep, width), np.uint64)
    branch = np.zeros((deep, width), np.uint64)
    members = np.zeros(columns + 1, np.int64)
    for e in range(total):
        open_edges[0, e // 64] |= _ONE << np.uint64(e % 64)
    for w in range(width):
        for e in range(total):
            allowed[0, w] |= edges[e, w]
    count, steps, depth, entered = 0, 0, 0, True
    reported = 0
    while depth >= 0:
        if entered:
            entered = False
            best, fewest = -1, columns + 1
            for p in range(parts):
                rest = open_edges[depth, p]
                while rest != _ZERO and fewest > 1:
                    e = 64 * p + _lowest(rest)
                    rest &= rest - _ONE
                    size = 0
                    for w in range(width):
                        size += _popcount(edges[e, w] & allowed[depth, w])
                    if size < fewest:
                        best, fewest = e, size
                if fewest <= 1:
                    break
            for w in range(width):
                branch[depth, w] = edges[best, w] & allowed[depth, w]
                allowed[depth, w] &= ~branch[depth, w]
            steps += 1
            if steps & 1023 == 0:
                stop[1] += count - reported
                reported = count
                if stop[0] != 0 or stop[1] > most:
                    return _resized(found, count), False, whole
        vertex = -1
        for w in range(width):
            if branch[depth, w] != _ZERO:
                vertex = 64 * w + _lowest(branch[depth, w])
                branch[depth, w] &= branch[depth, w] - _ONE
                break
        if vertex < 0:
            depth -= 1
            continue
        own = hit[vertex]
        base, below = depth * (depth - 1) // 2, depth * (depth + 1) // 2
        needed = True
        if critical.shape[0] < below + depth + 1:
            critical = _resized(critical, 2 * critical.shape[0] + depth)
        for k in range(depth):
            some = _ZERO
            for p in range(parts):
                value = critical[base + k, p] & ~own[p]
                critical[below + k, p] = value
                some |= value
            if some == _ZERO:
                needed = False
                break
        if not needed:
            continue
        some = _ZERO
        for p in range(parts):
            some |= open_edges[depth, p] & ~own[p]
        members[depth] = vertex
        if some == _ZERO:
            if count == found.shape[0]:
                found = _resized(found, 2 * count)
            for w in range(width):
                found[count, w] = _ZERO
            for k in range(depth + 1):
                found[count, members[k] // 64] |= _ONE << np.uint64(members[k] % 64)
            count += 1
            continue
        place, flag = vertex // 64, _ONE << np.uint64(vertex % 64)
        if depth + 1 >= largest:
            allowed[depth, place] |= flag
            continue
        if depth + 1 == deep:
            deep *= 2
            open_edges = _resized(open_edges, deep)
            allowed = _resized(allowed, deep)
            branch = _resized(branch, deep)
        for p in range(parts):
            critical[below + depth, p] = open_edges[depth, p] & own[p]
            open_edges[depth + 1, p] = open_edges[depth, p] & ~own[p]
        for w in range(width):
            allowed[depth + 1, w] = allowed[depth, w]
        allowed[depth, place] |= flag
        depth += 1
        entered = True
    stop[1] += count - reported
    return _resized(found, count), True, whole


@_compiled
def _refined(  # noqa: PLR0917  kernels take no keywords
    rows: Codes, bounds: Places, column: Codes, counts: Codes, places: Codes, met: Codes
) -> tuple[Codes, Places]:
    """A stripped partition refined by a column: only groups of two or more rows are kept. `counts` is all zero."""
    last = rows.shape[0]
    after = np.empty(last + 1, np.int32)  # rows that are alone in their group all go to the last place
    limits = np.empty(last // 2 + 2, np.int64)
    own = np.empty(last, np.int32)
    groups, filled = 0, 0
    limits[0] = 0
    for g in range(bounds.shape[0] - 1):
        start, end = bounds[g], bounds[g + 1]
        if end - start == 2:
            a, b = rows[start], rows[start + 1]
            if column[a] == column[b]:
                after[filled] = a
                after[filled + 1] = b
                filled += 2
                groups += 1
                limits[groups] = filled
            continue
        different = 0
        for k in range(start, end):
            code = column[rows[k]]
            own[k] = code
            before = counts[code]
            met[different] = code
            different += before == 0
            counts[code] = before + 1
        for k in range(different):
            code = met[k]
            size = counts[code]
            counts[code] = 0
            if size > 1:
                places[code] = filled
                filled += size
                groups += 1
                limits[groups] = filled
            else:
                places[code] = last
        if different < end - start:
            for k in range(start, end):
                code = own[k]
                place = places[code]
                after[place] = rows[k]
                places[code] = place + 1
    return after[:filled].copy(), limits[: groups + 1].copy()


@_compiled
def _breaking_pair(  # noqa: PLR0917  kernels take no keywords
    rows: Codes, bounds: Places, column: Codes, target: Codes, heads: Places, stamp: int
) -> tuple[int, int, int]:
    """Two rows of one group that agree on `column` and differ on `target`, or -1 twice; and the last stamp used."""
    for g in range(bounds.shape[0] - 1):
        start, end = bounds[g], bounds[g + 1]
        if end - start == 2:
            a, b = rows[start], rows[start + 1]
            if column[a] == column[b] and target[a] != target[b]:
                return a, b, stamp
            continue
        stamp += 1
        for k in range(start, end):
            row = rows[k]
            code = column[row]
            head = heads[code]
            if head >> 32 != stamp:
                heads[code] = stamp << 32 | target[row]
            elif head & 0xFFFFFFFF != target[row]:
                for other in range(start, k):
                    if column[rows[other]] == code:
                        return rows[other], row, stamp
    return -1, -1, stamp


@_compiled
def check_determinants(  # noqa: PLR0915, PLR0917  one loop, kept flat for the compiler; kernels take no keywords
    codes: Codes,
    columns_at: Places,
    sizes: Places,
    determinants: Words,
    targets: Words,
    first: int,
    last: int,
    stop: NDArray[np.int64],
) -> tuple[Words, Words]:
    """Check determinants[first:last], which are sorted, for the targets of each; a bit beyond the columns is the row.

    Bit c is the column that stands at `columns_at[c]`, and its codes are below `sizes[c]`.

    Returns which targets fail, one row of words per determinant, and difference sets of pairs of rows that
    break them. Determinants that share their first columns share the partition of those. A set of pairs found
    here refutes later determinants without looking at their rows.
    """
    columns, rows = codes.shape
    width = determinants.shape[1]
    wide = targets.shape[1]
    failed = np.zeros((last - first, wide), np.uint64)
    store = np.empty((256, width), np.uint64)
    slots = np.full(1024, -1, np.int32)
    count = 0
    largest = 1
    for c in range(columns):
        largest = max(largest, sizes[c])
    counts = np.zeros(largest, np.int32)
    places = np.zeros(largest, np.int32)
    met = np.zeros(largest, np.int32)
    packed = np.full(largest, -1, np.int64)
    single_stamp = 0
    stamps = np.full(largest, -1, np.int64)
    heads = np.zeros(largest, np.int32)
    stamp = 0
    everything = np.arange(rows).astype(np.int32)
    whole = np.zeros(2, np.int64)
    whole[1] = rows
    stack_rows = [everything]
    stack_bounds = [whole]
    path = np.zeros(columns + 1, np.int64)
    known = 0
    members = np.zeros(columns + 1, np.int64)
    alive = np.zeros(columns + 1, np.int64)
    words = np.empty(width, np.uint64)
    row_word, row_flag = columns // 64, _ONE << np.uint64(columns % 64)
    for x in range(first, last):
        if stop[0] != 0:
            break
        size = 0
        for w in range(width):
            rest = determinants[x, w]
            while rest != _ZERO:
                members[size] = 64 * w + _lowest(rest)
                size += 1
                rest &= rest - _ONE
        for k in range(count):
            disjoint = True
            for w in range(width):
                if store[k, w] & determinants[x, w] != _ZERO:
                    disjoint = False
                    break
            if disjoint:
                for w in range(width):
                    failed[x - first, w] |= store[k, w] & targets[x, w]
                failed[x - first, row_word] |= row_flag & targets[x, row_word]
        living = 0
        keyed = False
        for w in range(wide):
            rest = targets[x, w] & ~failed[x - first, w]
            while rest != _ZERO:
                c = 64 * w + _lowest(rest)
                rest &= rest - _ONE
                if c == columns:
                    keyed = True
                else:
                    alive[living] = c
                    living += 1
        if living == 0 and not keyed:
            continue
        shared = 0
        while shared < known and shared < size - 1 and path[shared] == members[shared]:
            shared += 1
        while len(stack_rows) > shared + 1:
            stack_rows.pop()
            stack_bounds.pop()
        known = shared
        while known < size - 1:
            c = members[known]
            inner_rows, inner_bounds = _refined(
                stack_rows[known], stack_bounds[known], codes[columns_at[c]], counts, places, met
            )
            stack_rows.append(inner_rows)
            stack_bounds.append(inner_bounds)
            path[known] = c
            known += 1
        group_rows, group_bounds = stack_rows[known], stack_bounds[known]
        column = codes[columns_at[members[size - 1]]] if size > 0 else codes[0]
        if living == 1 and not keyed and size > 0:
            c = alive[0]
            a, b, single_stamp = _breaking_pair(
                group_rows, group_bounds, column, codes[columns_at[c]], packed, single_stamp
            )
            if a >= 0:
                failed[x - first, c // 64] |= _ONE << np.uint64(c % 64)
                _difference(codes, columns_at, a, b, words)
                if count == store.shape[0]:
                    store, slots = _larger(store, count)
                count = _insert(store, slots, count, words)
            continue
        for g in range(group_bounds.shape[0] - 1):
            if living == 0 and not keyed:
                break
            stamp += 1
            for k in range(group_bounds[g], group_bounds[g + 1]):
                row = group_rows[k]
                code = column[row] if size > 0 else np.int32(0)
                if stamps[code] != stamp:
                    stamps[code] = stamp
                    heads[code] = row
                    continue
                head = heads[code]
                broken = keyed
                at = 0
                while at < living:
                    c = alive[at]
                    if codes[columns_at[c], row] != codes[columns_at[c], head]:
                        broken = True
                        failed[x - first, c // 64] |= _ONE << np.uint64(c % 64)
                        living -= 1
                        alive[at] = alive[living]
                    else:
                        at += 1
                if keyed:
                    failed[x - first, row_word] |= row_flag
                    keyed = False
                if broken:
                    _difference(codes, columns_at, head, row, words)
                    if count == store.shape[0]:
                        store, slots = _larger(store, count)
                    count = _insert(store, slots, count, words)
                if living == 0 and not keyed:
                    break
    return failed, _resized(store, count)


@_compiled
def removals(  # noqa: PLR0915, PLR0917  one loop, kept flat for the compiler; kernels take no keywords
    codes: Codes, sizes: Places, determinants: Words, targets: Words, first: int, last: int, stop: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many rows break each determinant -> target at the least, for determinants[first:last], which are sorted.

    One column per target column, and a last one for the row itself: rows beyond the first of each group. What was
    not asked for is -1.
    """
    columns, rows = codes.shape
    width = determinants.shape[1]
    found = np.full((last - first, columns + 1), -1, np.int64)
    largest = 1
    for c in range(columns):
        largest = max(largest, sizes[c])
    counts = np.zeros(largest, np.int32)
    places = np.zeros(largest, np.int32)
    met = np.zeros(max(largest, rows) + 1, np.int32)
    whole = np.zeros(2, np.int64)
    whole[1] = rows
    stack_rows = [np.arange(rows).astype(np.int32)]
    stack_bounds = [whole]
    path = np.zeros(columns + 1, np.int64)
    members = np.zeros(columns + 1, np.int64)
    known = 0
    for x in range(first, last):
        if stop[0] != 0:
            break
        size = 0
        for w in range(width):
            rest = determinants[x, w]
            while rest != _ZERO:
                members[size] = 64 * w + _lowest(rest)
                size += 1
                rest &= rest - _ONE
        shared = 0
        while shared < known and shared < size and path[shared] == members[shared]:
            shared += 1
        while len(stack_rows) > shared + 1:
            stack_rows.pop()
            stack_bounds.pop()
        known = shared
        while known < size:
            c = members[known]
            inner_rows, inner_bounds = _refined(stack_rows[known], stack_bounds[known], codes[c], counts, places, met)
            stack_rows.append(inner_rows)
            stack_bounds.append(inner_bounds)
            path[known] = c
            known += 1
        group_rows, group_bounds = stack_rows[known], stack_bounds[known]
        for c in range(columns + 1):
            if (targets[x, c // 64] >> np.uint64(c % 64)) & _ONE == _ZERO:
                continue
            removed = 0
            if c == columns:
                removed = group_rows.shape[0] - (group_bounds.shape[0] - 1)
            else:
                for g in range(group_bounds.shape[0] - 1):
                    start, end = group_bounds[g], group_bounds[g + 1]
                    most = 0
                    for k in range(start, end):
                        code = codes[c, group_rows[k]]
                        count = counts[code] + 1
                        counts[code] = count
                        most = max(most, count)
                    for k in range(start, end):
                        counts[codes[c, group_rows[k]]] = 0
                    removed += end - start - most
            found[x - first, c] = removed
    return found

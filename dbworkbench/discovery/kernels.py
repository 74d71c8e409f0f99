"""The loops of kernels.c: dictionaries, difference sets, minimal hitting sets, checks by partition; and what does their work
without them.

The library is compiled when the package is built (see hatch_build.py), and loading it takes a millisecond. Where it could
not be compiled, `plain` does the same in NumPy, slower by one to two orders of magnitude. A column is an array of
codes, none of them negative, each below its size; a set of columns is a row of 64-bit words, bit `c % 64` of word
`c // 64` for column c. No call holds the interpreter's lock. Those that can run long look at `stop[0]` and return early
when another thread has set it.
"""

# ruff: noqa: D102, PLR0917 — `plain` says what each function is for, and both take their arguments in order

import ctypes
import hashlib
import weakref
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from dbworkbench.discovery import plain

Words: TypeAlias = NDArray[np.uint64]
Codes: TypeAlias = NDArray[Any]
Ids: TypeAlias = NDArray[np.int64]
Rows: TypeAlias = NDArray[np.int32]
Octets: TypeAlias = NDArray[np.uint8]
Offsets: TypeAlias = NDArray[Any]  # of 4 bytes or 8
Numbers: TypeAlias = NDArray[np.uint32]

SOURCE = Path(__file__).with_name("kernels.c")
LIBRARY = Path(__file__).with_name("kernels.native")  # no name that Python would import

_COLUMN = np.dtype([("codes", np.uintp), ("size", np.int64), ("bytes", np.int64)])


class Dictionary(Protocol):
    """The different values of a column, numbered from 1 in the order in which they are met."""

    def numbers(
        self, values: Octets, offsets: Offsets | None, valid: Octets | None, first: int, rows: int
    ) -> Numbers: ...
    def values(self) -> tuple[Octets, Offsets | None]: ...
    def close(self) -> None: ...
    def __len__(self) -> int: ...


class Kernels(Protocol):
    """What the search asks for; `plain` says what each function is for."""

    def all_differences(self, codes: Sequence[Codes], sizes: Ids, first: int, last: int, stop: Ids) -> Words: ...
    def distinct(self, sets: Words) -> Words: ...
    def relocated(self, sets: Words, places: Ids) -> Words: ...
    def sorted_by(self, order: NDArray[np.int32], column: Codes, size: int) -> NDArray[np.int32]: ...
    def sampled_differences(
        self, codes: Sequence[Codes], sizes: Ids, order: NDArray[np.int32], column: int, most: int
    ) -> Words: ...
    def minimal_hitting_sets(
        self,
        differences: Words,
        fresh: int,
        target: int,
        usable: Words,
        largest: int,
        most_edges: int,
        stop: Ids,
        most: int,
    ) -> tuple[Words, bool, bool]: ...
    def check_determinants(
        self,
        codes: Sequence[Codes],
        sizes: Ids,
        determinants: Words,
        targets: Words,
        first: int,
        last: int,
        block: int,
        stop: Ids,
    ) -> tuple[Words, Words]: ...
    def removals(
        self, codes: Sequence[Codes], sizes: Ids, determinants: Words, targets: Words, first: int, last: int, stop: Ids
    ) -> Ids: ...
    def numbered(self, ids: Rows, count: int, column: Codes, size: int) -> int: ...
    def counted(self, column: Codes, size: int) -> Rows: ...
    def grouped_rows(self, column: Codes, size: int) -> tuple[Rows, Rows]: ...
    def different_in_groups(self, order: Rows, bounds: Rows, column: Codes, size: int) -> Rows: ...
    def linked_in_groups(
        self, order: Rows, bounds: Rows, left: Codes, right: Codes, sizes: tuple[int, int]
    ) -> bool: ...
    def trimmed(self) -> None: ...
    def dictionary(self, width: int, *, wide: bool) -> Dictionary: ...


@cache
def kernels() -> Kernels:
    """The compiled loops, or what stands in for them."""
    library = _loaded()
    return cast("Kernels", plain) if library is None else _Compiled(library)


def compiled() -> bool:
    """Whether the loops are compiled."""
    return not isinstance(kernels(), ModuleType)


def fingerprint() -> str:
    """The fingerprint of the source, which the library made from it carries."""
    return hashlib.sha256(SOURCE.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def _loaded() -> ctypes.CDLL | None:
    """The library, if it is there and was made from the source beside it."""
    try:
        library = ctypes.CDLL(str(LIBRARY))
        said = library.built_from
        said.restype = ctypes.c_char_p
        return library if said() == fingerprint().encode() else None
    except (OSError, AttributeError):
        return None


class _Found(ctypes.Structure):
    _fields_ = (
        ("words", ctypes.POINTER(ctypes.c_uint64)),
        ("count", ctypes.c_int64),
        ("done", ctypes.c_int64),
        ("whole", ctypes.c_int64),
    )


def _at(array: NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def _words(sets: Words) -> Words:
    return np.ascontiguousarray(sets, np.uint64)


class _Table:
    """Columns as the library takes them: where they lie, how many codes they have, of how many bytes."""

    def __init__(self, codes: Sequence[Codes], sizes: Ids) -> None:
        self.codes = [_plain_codes(column) for column in codes]  # kept as long as the addresses are
        self.columns = np.array(
            [
                (column.ctypes.data, size, column.itemsize)
                for column, size in zip(self.codes, np.asarray(sizes).tolist(), strict=True)
            ],
            _COLUMN,
        )
        self.rows = len(self.codes[0]) if self.codes else 0

    def __iter__(self) -> Any:  # noqa: ANN401  the three arguments that stand for it
        return iter((_at(self.columns), ctypes.c_int64(len(self.codes)), ctypes.c_int64(self.rows)))


def _plain_codes(column: Codes) -> Codes:
    known = column.dtype in {np.dtype(np.uint8), np.dtype(np.uint16), np.dtype(np.int32)}
    return np.ascontiguousarray(column, None if known else np.int32)


class _Compiled:
    """The library's functions, with arrays in and arrays out. Raises MemoryError where memory is short."""

    def __init__(self, library: ctypes.CDLL) -> None:
        self.library = library
        self.library.let_go.restype = None
        self.library.relocated.restype = None
        self.library.sorted_by.restype = None
        self.library.counted.restype = None
        self.library.trimmed.restype = None
        for name in ("numbered", "grouped_rows", "different_in_groups", "linked_in_groups"):
            getattr(self.library, name).restype = ctypes.c_int64
        self.library.dictionary_done.restype = None

    def _sets(self, name: str, width: int, *arguments: object) -> tuple[Words, bool, bool]:
        found = _Found()
        wrapped = (ctypes.c_int64(one) if isinstance(one, int) else one for one in arguments)
        if getattr(self.library, name)(*wrapped, ctypes.byref(found)):
            raise MemoryError("the search for dependencies needs more memory than there is — give max_determinant")
        try:
            shape = (found.count, width)
            sets = np.ctypeslib.as_array(found.words, shape).copy() if found.count else np.zeros(shape, np.uint64)
        finally:
            self.library.let_go(found.words)
        return sets, bool(found.done), bool(found.whole)

    def all_differences(self, codes: Sequence[Codes], sizes: Ids, first: int, last: int, stop: Ids) -> Words:
        table = _Table(codes, sizes)
        return self._sets("all_differences", _width(len(codes)), *table, first, last, _at(stop))[0]

    def distinct(self, sets: Words) -> Words:
        words = _words(sets)
        return self._sets("distinct", words.shape[1], _at(words), *words.shape)[0]

    def relocated(self, sets: Words, places: Ids) -> Words:
        words, to = _words(sets), np.ascontiguousarray(places, np.int64)
        after = np.empty_like(words)
        self.library.relocated(_at(words), *map(ctypes.c_int64, words.shape), _at(to), _at(after))
        return after

    def sorted_by(self, order: NDArray[np.int32], column: Codes, size: int) -> NDArray[np.int32]:
        table = _Table([column], np.array([size]))
        after, starts = np.empty_like(order), np.zeros(size + 1, np.int64)
        self.library.sorted_by(_at(order), ctypes.c_int64(len(order)), _at(table.columns), _at(starts), _at(after))
        return after

    def sampled_differences(
        self, codes: Sequence[Codes], sizes: Ids, order: NDArray[np.int32], column: int, most: int
    ) -> Words:
        table = _Table(codes, sizes)
        where, many, _ = table
        return self._sets("sampled_differences", _width(len(codes)), where, many, len(order), _at(order), column, most)[
            0
        ]

    def minimal_hitting_sets(
        self,
        differences: Words,
        fresh: int,
        target: int,
        usable: Words,
        largest: int,
        most_edges: int,
        stop: Ids,
        most: int,
    ) -> tuple[Words, bool, bool]:
        words, cut = _words(differences), _words(usable)
        return self._sets(
            "minimal_hitting_sets",
            words.shape[1],
            _at(words),
            *words.shape,
            fresh,
            target,
            _at(cut),
            largest,
            most_edges,
            _at(stop),
            most,
        )

    def check_determinants(
        self,
        codes: Sequence[Codes],
        sizes: Ids,
        determinants: Words,
        targets: Words,
        first: int,
        last: int,
        block: int,
        stop: Ids,
    ) -> tuple[Words, Words]:
        table, sets, wanted = _Table(codes, sizes), _words(determinants), _words(targets)
        failed = np.zeros((last - first, wanted.shape[1]), np.uint64)
        pairs, _, _ = self._sets(
            "check_determinants",
            sets.shape[1],
            *table,
            _at(sets),
            _at(wanted),
            first,
            last,
            block,
            _at(stop),
            _at(failed),
        )
        return failed, pairs

    def removals(
        self, codes: Sequence[Codes], sizes: Ids, determinants: Words, targets: Words, first: int, last: int, stop: Ids
    ) -> Ids:
        table, sets, wanted = _Table(codes, sizes), _words(determinants), _words(targets)
        removed = np.empty((last - first, len(codes) + 1), np.int64)
        cut = ctypes.c_int64(first), ctypes.c_int64(last)
        if self.library.removals(*table, _at(sets), _at(wanted), *cut, _at(stop), _at(removed)):
            raise MemoryError("the check of dependencies needs more memory than there is — give max_determinant")
        return removed

    def counted(self, column: Codes, size: int) -> Rows:
        table, counts = _Table([column], np.array([size])), np.zeros(size, np.int32)
        self.library.counted(_at(table.columns), ctypes.c_int64(table.rows), _at(counts))
        return counts

    def grouped_rows(self, column: Codes, size: int) -> tuple[Rows, Rows]:
        table = _Table([column], np.array([size]))
        order = np.empty(table.rows, np.int32)  # of what is not written there is no memory
        bounds = np.empty(min(size, table.rows // 2) + 1, np.int32)
        groups = self._whole("grouped_rows", _at(table.columns), ctypes.c_int64(table.rows), _at(order), _at(bounds))
        return order[: bounds[groups]], bounds[: groups + 1]

    def different_in_groups(self, order: Rows, bounds: Rows, column: Codes, size: int) -> Rows:
        table, different = _Table([column], np.array([size])), np.empty(len(bounds) - 1, np.int32)
        many = ctypes.c_int64(len(different))
        self._whole("different_in_groups", _at(order), _at(bounds), many, _at(table.columns), _at(different))
        return different

    def linked_in_groups(self, order: Rows, bounds: Rows, left: Codes, right: Codes, sizes: tuple[int, int]) -> bool:
        here, there = (_Table([one], np.array([size])) for one, size in zip((left, right), sizes, strict=True))
        many = ctypes.c_int64(len(bounds) - 1)
        return bool(
            self._whole("linked_in_groups", _at(order), _at(bounds), many, _at(here.columns), _at(there.columns))
        )

    def _whole(self, name: str, *arguments: object) -> int:
        found = int(getattr(self.library, name)(*arguments))
        if found < 0:
            raise MemoryError("grouping rows needs more memory than there is")
        return found

    def trimmed(self) -> None:
        self.library.trimmed()

    def numbered(self, ids: Rows, count: int, column: Codes, size: int) -> int:
        table = _Table([column], np.array([size]))
        return self._whole("numbered", _at(ids), ctypes.c_int64(count), ctypes.c_int64(len(ids)), _at(table.columns))

    def dictionary(self, width: int, *, wide: bool) -> Dictionary:
        return _Dictionary(self.library, width, wide=wide)


class _Known(ctypes.Structure):
    _fields_ = (
        ("bytes", ctypes.c_void_p),
        ("ends", ctypes.c_void_p),
        ("slots", ctypes.c_void_p),
        *((name, ctypes.c_int64) for name in ("used", "room", "count", "most", "places", "width", "wide", "closed")),
    )


class _Dictionary:
    """A dictionary in the library's memory, which it hands over at the end without a copy."""

    def __init__(self, library: ctypes.CDLL, width: int, *, wide: bool) -> None:
        self.library = library
        self.known = _Known(width=width, wide=wide)
        weakref.finalize(self, _let_go, library, self.known)

    def __len__(self) -> int:
        return int(self.known.count)

    def numbers(self, values: Octets, offsets: Offsets | None, valid: Octets | None, first: int, rows: int) -> Numbers:
        found = np.empty(rows, np.uint32)
        known, at, some = ctypes.byref(self.known), ctypes.c_int64(first), ctypes.c_int64(rows)
        null = None if valid is None else _at(valid)
        if offsets is None:
            failed = self.library.dictionary_of_fixed(known, _at(values), null, at, some, _at(found))
        else:
            each = ctypes.c_int64(offsets.itemsize)
            failed = self.library.dictionary_of_varied(
                known, _at(values), _at(offsets), each, null, at, some, _at(found)
            )
        if failed:
            raise MemoryError(f"the {len(self):,} different values of a column are more than there is memory for")
        return found

    def close(self) -> None:
        self.known.closed = True

    def values(self) -> tuple[Octets, Offsets | None]:
        known = self.known
        self.library.dictionary_done(ctypes.byref(known))
        octets = _owned(self.library, known.bytes, known.used).view(np.uint8)
        known.bytes = None
        if known.width:
            return octets, None
        kind = np.int64 if known.wide else np.int32
        ends = _owned(self.library, known.ends, (known.count + 1) * np.dtype(kind).itemsize).view(kind)
        known.ends = None
        return octets, ends


def _let_go(library: ctypes.CDLL, known: _Known) -> None:
    for address in (known.bytes, known.ends, known.slots):
        library.let_go(ctypes.c_void_p(address))


def _owned(library: ctypes.CDLL, address: int, size: int) -> Octets:
    """Memory of the library as an array, let go with the last array that shares it."""
    if not size:
        library.let_go(ctypes.c_void_p(address))
        return np.zeros(0, np.uint8)
    memory = (ctypes.c_uint8 * size).from_address(address)
    weakref.finalize(memory, library.let_go, ctypes.c_void_p(address)).atexit = False
    shared: Octets = np.ctypeslib.as_array(memory)
    return shared


def _width(columns: int) -> int:
    return max(1, (columns + 63) // 64)

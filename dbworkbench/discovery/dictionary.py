"""The dictionary encoding of a column, piece by piece: what is held are codes, the different values, and one piece.

What is equal is what has the same bytes; floating-point numbers are given the same bytes first where they are equal, and
NaN is equal to NaN.
"""

from collections import deque
from collections.abc import Iterable
from typing import Any
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dbworkbench.discovery import kernels
from dbworkbench.discovery.arrays import indices_of, texts
from dbworkbench.errors import DataError

PIECE = 1 << 17
"""How many rows are numbered at a time."""


def slimmest(largest: int) -> type[np.uint8 | np.uint16 | np.int32]:
    """The kind of codes that takes the fewest bytes up to the largest one."""
    return np.uint8 if largest < 1 << 8 else np.uint16 if largest < 1 << 16 else np.int32


class DictionaryEncoding:
    """The codes of a column's rows, and the values they stand for, as they are taken piece by piece."""

    def __init__(self, name: str, kind: Any = None) -> None:  # noqa: ANN401  arrow's, as far as it is known before
        self.name = name
        self.rows = 0
        self.kind: Any = None  # of the values as they are kept
        self.uuids = False
        self.parts: deque[NDArray[Any]] = deque()
        if kind is not None:
            self._begin(kind)

    def take(self, column: Any) -> None:  # noqa: ANN401  pyarrow arrays
        """Take further rows; raises DataError for nested values."""
        for chunk in column.chunks if isinstance(column, pa.ChunkedArray) else [column]:
            if self.kind is None:
                self._begin(chunk.type)
            plain = _decoded(chunk)
            for start in range(0, len(plain), PIECE):
                self._keep(self._numbers(plain.slice(start, PIECE)))
        if self.kind is None:
            self._begin(column.type)

    def take_coded(self, codes: NDArray[Any], values: Any) -> None:  # noqa: ANN401  a pyarrow array
        """Take rows that are coded: with -1 for a null, else the place of their value, which some row has."""
        numbers = [self._numbers(values.slice(start, PIECE)) for start in range(0, len(values), PIECE)]
        if self.kind is None:
            self._begin(values.type)
        after = np.concatenate([*numbers, np.zeros(1, np.uint32)])
        for start in range(0, len(codes), PIECE):
            self._keep(np.take(after, codes[start : start + PIECE], mode="wrap"))

    def _keep(self, numbers: NDArray[np.uint32]) -> None:
        self.parts.append(numbers.astype(slimmest(len(self.known))))
        self.rows += len(numbers)

    def numbers(self, column: Any) -> NDArray[np.int64]:  # noqa: ANN401  a pyarrow array
        """The codes of values that are not taken for rows; -1 for a null, and, once closed, for others than those known."""
        parts = [self._numbers(column.slice(start, PIECE)) for start in range(0, len(column), PIECE)]
        return np.concatenate([np.zeros(0, np.int64), *(part.astype(np.int64) - 1 for part in parts)])

    @property
    def different(self) -> int:
        """How many different values were met."""
        return len(self.known)

    def close(self) -> None:
        """Know no further values from now on."""
        self.known.close()

    def values(self) -> Any:  # noqa: ANN401  a pyarrow array
        """The values, in the order of their codes; nothing can be taken after that."""
        many = len(self.known)
        octets, offsets = self.known.values()
        held = pa.py_buffer(octets)
        if offsets is not None:
            kind = self.kind
            if offsets.itemsize == 8:
                kind = {pa.string(): pa.large_string(), pa.binary(): pa.large_binary()}.get(kind, kind)
            return pa.Array.from_buffers(kind, many, [None, pa.py_buffer(offsets), held])
        if pa.types.is_boolean(self.kind):
            return pa.Array.from_buffers(pa.uint8(), many, [None, held]).cast(pa.bool_())
        if pa.types.is_null(self.kind):
            return pa.nulls(0, pa.string())
        if self.uuids:
            return texts([str(UUID(bytes=one.tobytes())) for one in octets.reshape(-1, 16)])
        return pa.Array.from_buffers(self.kind, many, [None, held])

    def encoded(self) -> tuple[NDArray[Any], Any]:
        """Codes, in as few bytes as they need, and values; a null has the code after the last value."""
        if self.kind is None:
            self._begin(pa.null())
        null = len(self.known)
        values = self.values()
        codes, at = np.empty(self.rows, slimmest(null)), 0
        while self.parts:
            part = self.parts.popleft().astype(np.int32) - 1
            part[part < 0] = null
            codes[at : at + len(part)] = part
            at += len(part)
        return codes, values

    def _begin(self, kind: Any) -> None:  # noqa: ANN401  arrow's
        self.uuids = str(kind) == "extension<arrow.uuid>"
        kind = _plain(kind)
        if pa.types.is_nested(kind) and not pa.types.is_dictionary(kind):
            raise DataError(
                f"column {self.name!r} holds nested values ({kind}) — flatten it first: one column per field, "
                "one row per item"
            )
        self.kind = _held(kind)
        wide = pa.types.is_large_string(self.kind) or pa.types.is_large_binary(self.kind)
        varied = wide or pa.types.is_string(self.kind) or pa.types.is_binary(self.kind)
        bits = (
            8 if pa.types.is_boolean(self.kind) or pa.types.is_null(self.kind) else 0 if varied else self.kind.bit_width
        )
        self.known = kernels.kernels().dictionary(bits // 8, wide=wide)

    def _numbers(self, piece: Any) -> NDArray[np.uint32]:  # noqa: ANN401  a pyarrow array
        """The number of each row's value, from 1; 0 for a null."""
        if self.kind is None:
            self._begin(piece.type)
        if pa.types.is_null(self.kind) or not len(piece):
            return np.zeros(len(piece), np.uint32)
        if kernels.compiled():
            return self._by_index(piece) if pa.types.is_dictionary(piece.type) else self._by_value(piece)
        found = piece.cast(self.kind).dictionary_encode()  # so that Python goes over the different ones alone
        return _put(self._by_value(found.dictionary), indices_of(found, -1))

    def _by_index(self, piece: Any) -> NDArray[np.uint32]:  # noqa: ANN401  a pyarrow dictionary array
        """Numbers in the order in which rows have the values; what no row has is not taken."""
        indices = DictionaryEncoding(self.name)
        codes = indices.numbers(piece.indices.cast(pa.int32()))
        return _put(self._by_value(piece.dictionary.take(indices.values())), codes)

    def _by_value(self, piece: Any) -> NDArray[np.uint32]:  # noqa: ANN401  a pyarrow array
        piece = _as_held(piece)
        if pa.types.is_boolean(piece.type):
            piece = piece.cast(pa.uint8())
        valid, *rest = piece.buffers()
        octets = [
            None if one is None else np.frombuffer(one, np.uint8)
            for one in (valid if piece.null_count else None, rest[-1])
        ]
        nothing = np.zeros(8, np.uint8)
        offsets = None
        if len(rest) == 2:
            wide = pa.types.is_large_string(piece.type) or pa.types.is_large_binary(piece.type)
            offsets = np.frombuffer(rest[0], np.int64 if wide else np.int32)
        held = octets[1]
        return self.known.numbers(nothing if held is None else held, offsets, octets[0], piece.offset, len(piece))


def _put(numbers: NDArray[np.uint32], codes: NDArray[Any]) -> NDArray[np.uint32]:
    """The number for each code; 0 for a null, whose code is -1."""
    found: NDArray[np.uint32] = np.append(numbers, np.uint32(0))[codes]
    return found


def _plain(kind: Any) -> Any:  # noqa: ANN401  arrow's types
    """The type that `_decoded` gives."""
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    return kind.value_type if pa.types.is_run_end_encoded(kind) else kind


def _decoded(column: Any) -> Any:  # noqa: ANN401  a pyarrow array
    """A column without the ways of writing values shorter that only some functions of arrow know."""
    if isinstance(column.type, pa.BaseExtensionType):
        column = column.storage
    if pa.types.is_run_end_encoded(column.type):
        column = pc.run_end_decode(column)
    if pa.types.is_dictionary(column.type) and (kind := _held(column.type)) != column.type.value_type:
        return pa.DictionaryArray.from_arrays(column.indices, column.dictionary.cast(kind))
    return column


def _held(kind: Any) -> Any:  # noqa: ANN401  arrow's types
    """The type as which values are kept."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_string_view(kind):
        return pa.string()
    if pa.types.is_binary_view(kind):
        return pa.binary()
    return pa.float32() if pa.types.is_float16(kind) else kind


def _as_held(piece: Any) -> Any:  # noqa: ANN401  a pyarrow array
    kind = _held(piece.type)
    piece = piece if kind == piece.type else piece.cast(kind)
    if not pa.types.is_floating(kind):
        return piece
    bits: type[np.float32 | np.float64] = np.float32 if pa.types.is_float32(kind) else np.float64
    size = np.dtype(bits).itemsize
    numbers = np.frombuffer(piece.buffers()[1], bits, len(piece), size * piece.offset)
    if not len(numbers) or not (np.isnan(numbers).any() or np.signbit(numbers[numbers == 0]).any()):
        return piece
    same: NDArray[Any] = np.where(numbers == 0, bits(0), numbers)  # -0.0 becomes 0.0
    same[np.isnan(same)] = np.nan
    made = pa.Array.from_buffers(kind, len(same), [None, pa.py_buffer(same)])
    return pc.if_else(piece.is_valid(), made, pa.nulls(len(same), kind)) if piece.null_count else made


def dictionary_encoded(name: str, pieces: Iterable[Any], kind: Any = None) -> tuple[NDArray[Any], Any]:  # noqa: ANN401
    """The codes and values of a column that comes in pieces, which are pyarrow arrays, of a `kind` where there may be none.

    >>> codes, values = dictionary_encoded("a", [pa.array(["x", None]), pa.array(["y", "x"])])
    >>> codes.tolist(), values.to_pylist()
    ([0, 2, 1, 0], ['x', 'y'])
    """
    found = DictionaryEncoding(name, kind)
    for piece in pieces:
        found.take(piece)
    return found.encoded()

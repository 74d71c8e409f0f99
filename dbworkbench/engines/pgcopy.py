"""Rows in PostgreSQL's binary COPY format, made from Arrow batches by NumPy: whole columns at a time, no row by row.

The format (manual, COPY, "Binary Format"): a signature; then each row as the number of its fields, and each field as its
length (-1 for NULL) and its bytes, all big-endian; at the end, -1. Days and moments count from 2000-01-01.
"""

from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Json,
    Text,
    Time,
    Timestamp,
    Type,
    Unknown,
    Uuid,
)

__all__ = ["BATCH", "encoded", "selected"]

BATCH = 65_536
_START = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"
_DAYS, _MICROSECONDS = 10_957, 946_684_800_000_000
"""From 1970 to 2000."""

Octets = NDArray[np.uint8]


def selected(relation: Relation, quoted: Callable[[str], str]) -> str | None:
    """DuckDB's expressions that give each attribute in the form that `encoded` takes; None where some type has none."""
    found = [_selected(attribute.type, quoted(attribute.name)) for attribute in relation.attributes]
    if None in found:
        return None
    return ", ".join(f"{form} AS {quoted(name)}" for form, name in zip(found, relation.names, strict=True))


def _selected(kind: Type, column: str) -> str | None:
    match kind:
        case Boolean():
            return f"CAST({column} AS BOOLEAN)"
        case Integer(bits):
            return f"CAST({column} AS {({16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT'})[bits]})"
        case Decimal(precision, scale) if precision <= 18:
            return f"CAST({column} AS DECIMAL({precision},{scale}))"
        case Float(bits):
            return f"CAST({column} AS {'FLOAT' if bits == 32 else 'DOUBLE'})"
        case Text() | Enumeration() | Unknown() | Json() | Uuid():
            return f"CAST({column} AS VARCHAR)"
        case Bytes():
            return f"CAST({column} AS BLOB)"
        case Date():
            return f"CAST({column} AS DATE)"
        case Time():
            return f"CAST({column} AS TIME)"
        case Timestamp(zone):
            return f"CAST({column} AS {'TIMESTAMPTZ' if zone else 'TIMESTAMP'})"
    return None


def encoded(relation: Relation, batches: Iterable[pa.RecordBatch]) -> Iterator[bytes]:
    """The stream that COPY … (FORMAT binary) takes: a piece for each batch. Raises ValueError for a day out of range."""
    yield _START
    for batch in batches:
        if batch.num_rows:
            fields = [
                _field(attribute.type, column)
                for attribute, column in zip(relation.attributes, batch.columns, strict=True)
            ]
            yield _rows(batch.num_rows, fields).tobytes()
    yield _END


class _Fixed:
    """A column of `width` octets a value, one row of `data` each."""

    def __init__(self, data: Octets, known: NDArray[np.bool_] | None) -> None:
        self.data, self.known = data, known

    def widths(self, rows: int) -> NDArray[np.int64]:
        whole = np.full(rows, self.data.shape[1], dtype=np.int64)
        return whole if self.known is None else np.where(self.known, whole, 0)


class _Varying:
    """A column of values of any length, one after another in `data`."""

    def __init__(
        self, data: Octets, starts: NDArray[np.int64], sizes: NDArray[np.int64], known: NDArray[np.bool_] | None
    ) -> None:
        self.data, self.starts, self.known = data, starts, known
        self.sizes = sizes if known is None else np.where(known, sizes, 0)

    def widths(self, _: int) -> NDArray[np.int64]:
        return self.sizes


_Field = _Fixed | _Varying


def _rows(rows: int, fields: list[_Field]) -> Octets:
    """All rows, fields put at their places."""
    if all(isinstance(field, _Fixed) and field.known is None for field in fields):
        return _table(rows, [field for field in fields if isinstance(field, _Fixed)])
    widths = [field.widths(rows) for field in fields]
    sizes = np.full(rows, 2 + 4 * len(fields), dtype=np.int64)
    for width in widths:
        sizes += width
    ends = np.cumsum(sizes)
    at = ends - sizes
    out = np.empty(int(ends[-1]), dtype=np.uint8)
    _put(out, at, _big(np.full(rows, len(fields)), ">i2"))
    at = at + 2
    for field, width in zip(fields, widths, strict=True):
        said = width if field.known is None else np.where(field.known, width, -1)
        _put(out, at, _big(said, ">i4"))
        at = at + 4
        if isinstance(field, _Fixed):
            known = slice(None) if field.known is None else field.known
            _put(out, at[known], field.data[known])
        else:
            _copy(out, at, field, width)
        at = at + width
    return out


def _table(rows: int, fields: list[_Fixed]) -> Octets:
    """Rows of one size, so that each field is a stripe."""
    whole = 2 + sum(4 + field.data.shape[1] for field in fields)
    out = np.empty((rows, whole), dtype=np.uint8)
    out[:, :2] = np.frombuffer(np.array([len(fields)], dtype=">i2").tobytes(), dtype=np.uint8)
    at = 2
    for field in fields:
        width = field.data.shape[1]
        out[:, at : at + 4] = np.frombuffer(np.array([width], dtype=">i4").tobytes(), dtype=np.uint8)
        out[:, at + 4 : at + 4 + width] = field.data
        at += 4 + width
    return out.reshape(-1)


def _put(out: Octets, at: NDArray[np.int64], data: Octets) -> None:
    for column in range(data.shape[1]):
        out[at + column] = data[:, column]


def _copy(out: Octets, at: NDArray[np.int64], field: _Varying, sizes: NDArray[np.int64]) -> None:
    """Values of any length to their places: the way from each octet to its place is the same within a value."""
    total = int(sizes.sum())
    before = np.cumsum(sizes) - sizes
    steps = np.arange(total, dtype=np.int64)
    out[steps + np.repeat(at - before, sizes)] = field.data[steps + np.repeat(field.starts - before, sizes)]


def _big(values: NDArray[np.generic], form: str) -> Octets:
    """Numbers as their octets, the greatest first."""
    made = np.ascontiguousarray(values.astype(form))
    return made.view(np.uint8).reshape(len(values), made.dtype.itemsize)


def _field(kind: Type, column: pa.Array) -> _Field:
    known = None if column.null_count == 0 else np.asarray(column.is_valid())
    match kind:
        case Boolean():
            return _Fixed(_big(_numbers(column.cast(pa.uint8())), ">u1"), known)
        case Integer(bits):
            return _Fixed(_big(_numbers(column), f">i{bits // 8}"), known)
        case Float(bits):
            return _Fixed(_big(_numbers(column), f">f{bits // 8}"), known)
        case Date():
            return _Fixed(_big(_numbers(column.view(pa.int32())) - _DAYS, ">i4"), known)
        case Time():
            return _Fixed(_big(_numbers(column.cast(pa.time64("us")).view(pa.int64())), ">i8"), known)
        case Timestamp():
            moments = _numbers(column.view(pa.int64()))
            return _Fixed(_big(moments - _MICROSECONDS, ">i8"), known)
        case Decimal():
            return _Fixed(_numeric(column, kind), known)
        case Uuid():
            plain = pc.replace_substring(column.fill_null("0" * 32), "-", "")
            digits = np.frombuffer(bytes.fromhex("".join(plain.to_pylist())), dtype=np.uint8)
            return _Fixed(digits.reshape(len(column), 16), known)
        case Json():
            return _varying(pc.binary_join_element_wise(pa.scalar("\x01"), column, pa.scalar("")), known)
        case _:
            return _varying(column, known)


def _numbers(column: pa.Array) -> NDArray[np.generic]:
    """A column's numbers; 0 stands where there is none."""
    filled = column if column.null_count == 0 else column.fill_null(0)
    found: NDArray[np.generic] = filled.to_numpy(zero_copy_only=False)
    return found


def _varying(column: pa.Array, known: NDArray[np.bool_] | None) -> _Varying:
    column = column.cast(pa.large_binary())
    _, offsets, data = column.buffers()
    places = np.frombuffer(offsets, dtype=np.int64)[column.offset : column.offset + len(column) + 1]
    octets = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, dtype=np.uint8)
    return _Varying(octets, places[:-1], np.diff(places), known)


def _numeric(column: pa.Array, kind: Decimal) -> Octets:
    """Exact numbers as PostgreSQL's numeric: digits to the base of 10,000, as many for every value of the type."""
    whole_digits, part_digits = max(1, -(-(kind.precision - kind.scale) // 4)), -(-kind.scale // 4)
    _, data = column.cast(pa.decimal128(kind.precision, kind.scale)).buffers()
    raw = np.frombuffer(data, dtype="<i8").reshape(-1, 2)[column.offset : column.offset + len(column), 0]
    valid = np.asarray(column.is_valid())
    number = np.where(valid, raw, 0)
    size = np.abs(number)
    whole, part = size // 10**kind.scale, size % 10**kind.scale * 10 ** (4 * part_digits - kind.scale)
    digits = [whole // 10_000**at % 10_000 for at in reversed(range(whole_digits))]
    digits += [part // 10_000**at % 10_000 for at in reversed(range(part_digits))]
    head = [
        np.full(len(number), len(digits)),
        np.full(len(number), whole_digits - 1),
        np.where(number < 0, 0x4000, 0),
        np.full(len(number), kind.scale),
    ]
    return np.concatenate([_big(part, ">i2") for part in (*head, *digits)], axis=1)

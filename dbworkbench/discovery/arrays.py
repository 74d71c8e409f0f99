"""Arrow arrays made from Python values and read as NumPy ones, without pandas.

pyarrow loads pandas whenever `pa.array` or `pa.scalar` is given something of Python's: 80 MB and half a second, which reading a
file needs for nothing.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_KINDS: dict[str, Any] = {"i4": pa.int32(), "i8": pa.int64(), "f8": pa.float64()}


def texts(values: Collection[str]) -> Any:  # noqa: ANN401  a pyarrow array
    """Texts as an array.

    >>> texts(["é", ""]).to_pylist()
    ['é', '']
    """
    encoded = [value.encode("utf-8", "backslashreplace") for value in values]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.int64)
    large = int(ends[-1]) >= 2**31
    offsets = pa.py_buffer(ends if large else ends.astype(np.int32))
    kind = pa.large_string() if large else pa.string()
    return pa.Array.from_buffers(kind, len(encoded), [None, offsets, pa.py_buffer(b"".join(encoded))])


def numbers(values: NDArray[Any]) -> Any:  # noqa: ANN401  a pyarrow array
    """Numbers or truths as an array; numbers share memory.

    >>> numbers(np.array([True, False])).to_pylist(), numbers(np.array([1.5])).to_pylist()
    ([True, False], [1.5])
    """
    if values.dtype == np.bool_:
        packed = pa.py_buffer(np.packbits(values, bitorder="little"))
        return pa.Array.from_buffers(pa.bool_(), len(values), [None, packed])
    whole = np.ascontiguousarray(values)
    return pa.Array.from_buffers(_KINDS[whole.dtype.str[1:]], len(whole), [None, pa.py_buffer(whole)])


def number(value: float) -> Any:  # noqa: ANN401  a pyarrow scalar
    """A number as a scalar, a whole one as an integer."""
    return numbers(np.array([value], np.int64 if isinstance(value, int) else np.float64))[0]


def text(value: str) -> Any:  # noqa: ANN401  a pyarrow scalar
    """A text as a scalar."""
    return texts([value])[0]


def python_of(scalar: Any) -> object:  # noqa: ANN401  a pyarrow scalar
    """A value as Python has it; as text where Python has no such value, as for a day in the year 200,000 or none at all.

    >>> python_of(numbers(np.array([2**62]))[0].cast(pa.timestamp("s")))
    '4611686018427387904 s'
    """
    try:
        return scalar.as_py()
    except (OverflowError, ValueError):
        kind = scalar.type
        if pa.types.is_timestamp(kind) or pa.types.is_duration(kind):
            return f"{scalar.value} {kind.unit}"
        return str(scalar.value)


def indices_of(found: Any, null: int) -> NDArray[np.int32]:  # noqa: ANN401  a pyarrow dictionary array
    """The indices of a dictionary array, `null` for its nulls; copied only where there are some."""
    indices = found.indices
    if not pa.types.is_int32(indices.type):
        indices = indices.cast(pa.int32())
    whole = np.frombuffer(indices.buffers()[1], np.int32, len(indices), 4 * indices.offset) if len(indices) else None
    if whole is None:
        return np.zeros(0, np.int32)
    if not indices.null_count:
        return whole
    return np.where(truths(indices.is_null()), np.int32(null), whole)


def truths(found: Any) -> NDArray[np.bool_]:  # noqa: ANN401  a pyarrow array of truths, none of them null
    """Truths as a NumPy array."""
    bits = np.frombuffer(found.buffers()[1], np.uint8) if len(found) else np.zeros(0, np.uint8)
    whole = np.unpackbits(bits, bitorder="little", count=found.offset + len(found))
    return whole[found.offset :].astype(np.bool_)


def floats(found: Any) -> NDArray[np.float64]:  # noqa: ANN401  a pyarrow array of doubles, none of them null
    """Floating-point numbers as a NumPy array that shares their memory."""
    if not len(found):
        return np.zeros(0, np.float64)
    return np.frombuffer(found.buffers()[1], np.float64, len(found), 8 * found.offset)

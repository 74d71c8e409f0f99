"""Dictionary encoding piece by piece gives what encoding the whole gives, compiled or not."""

import datetime as dt
import struct
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from dbworkbench.discovery import dictionary, kernels, plain
from dbworkbench.discovery.dictionary import DictionaryEncoding, dictionary_encoded
from dbworkbench.errors import DataError

QUIET, LOUD = (struct.unpack("<d", bytes.fromhex(word))[0] for word in ("000000000000f87f", "010000000000f8ff"))

COLUMNS = {
    "integers": pa.array([3, None, 3, -1, 2**62, None], pa.int64()),
    "small": pa.array([1, 2, 1, None, 255, 0], pa.uint8()),
    "truths": pa.array([True, None, False, True, None, True]),
    "floats": pa.array([0.0, -0.0, None, QUIET, LOUD, 1.5]),
    "single": pa.array([0.0, -0.0, None, float("nan"), 1.0, float("nan")], pa.float32()),
    "half": pa.array(np.array([0.0, 1.0, -0.0, 2.0, 1.0, 2.0], np.float16)),
    "texts": pa.array(["", "a", None, "a\x00", "ä" * 40, ""]),
    "large": pa.array(["", "a", None, "b", "a", ""], pa.large_string()),
    "views": pa.array(["", "a", None, "b" * 30, "a", ""], pa.string_view()),
    "bytes": pa.array([b"", b"\xff", None, b"\xff\x00", b"", b"x"]),
    "fixed": pa.array([b"abc", b"abd", None, b"abc", b"abd", b"   "], pa.binary(3)),
    "decimals": pa.array(
        [Decimal("1.50"), None, Decimal("1.5"), Decimal(-2), Decimal("1.51"), None], pa.decimal128(9, 2)
    ),
    "long": pa.array([Decimal(10) ** 50, None, Decimal(10) ** 50, Decimal(1), None, None], pa.decimal256(60, 0)),
    "days": pa.array([dt.date(2024, 2, 29), None, dt.date(2024, 2, 29), dt.date(1, 1, 1), None, None]),
    "instants": pa.array([0, 1, None, 0, 5, 5], pa.timestamp("us", "Europe/Rome")),
    "codes": pa.array(["b", "a", None, "b", "c", "a"]).dictionary_encode(),
    "categories": pa.DictionaryArray.from_arrays(
        pa.array([2, 1, None, 2, 3, 1], pa.int8()), pa.array(["z", "a", "a", None], pa.string_view())
    ),
    "runs": pa.RunEndEncodedArray.from_arrays(pa.array([2, 6], pa.int32()), pa.array(["x", "y"])),
    "nothing": pa.nulls(6),
}


def as_met(column: pa.Array) -> tuple[list[int], list[object]]:
    """The definition: values numbered as they are met, a null after the last."""
    plain = [None if one is None else repr(one + 0.0) if isinstance(one, float) else one for one in column.to_pylist()]
    known: dict[object, int] = {}
    for value in plain:
        if value is not None:
            known.setdefault(value, len(known))
    return [len(known) if value is None else known[value] for value in plain], list(known)


@pytest.mark.parametrize("loops", ["compiled", "plain"])
@pytest.mark.parametrize("piece", [1, 3, 1000])
@pytest.mark.parametrize("kind", COLUMNS)
def test_pieces_are_numbered_alike(kind: str, piece: int, loops: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if loops == "plain":
        monkeypatch.setattr(kernels, "kernels", lambda: plain)
        assert not kernels.compiled()
    monkeypatch.setattr(dictionary, "PIECE", piece)
    column = COLUMNS[kind]
    expected, values = as_met(column)
    for pieces in ([column], [column.slice(0, 2), column.slice(2)], [pa.chunked_array([column.slice(1), column])]):
        rows = [row for one in pieces for row in one.to_pylist()]
        codes, found = dictionary_encoded(kind, pieces)
        if len(rows) == len(column):
            assert codes.tolist() == expected
        else:
            assert codes.tolist() == as_met(pa.concat_arrays([column.slice(1), column]))[0]
        assert found.null_count == 0
        assert len(found) == len(values)
        assert codes.dtype == np.uint8
        back = [found[int(code)].as_py() if code < len(found) else None for code in codes]
        assert [str(one).replace("-0.0", "0.0") for one in rows] == [str(one) for one in back]


@pytest.mark.parametrize(("many", "kind"), [(255, np.uint8), (256, np.uint16), (65_535, np.uint16), (65_536, np.int32)])
def test_codes_are_as_slim_as_they_can_be(many: int, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dictionary, "PIECE", 100)
    values = np.arange(many, dtype=np.int64)
    np.random.default_rng(many).shuffle(values)
    texts = [f"text {value}" for value in values]
    for column in (pa.array(np.append(values, values)), pa.array([*texts, *texts])):
        codes, found = dictionary_encoded("a", [column, pa.nulls(1, column.type)])
        assert codes.dtype == kind
        assert codes.tolist() == [*range(many), *range(many), many]
        assert found.to_pylist() == column.to_pylist()[:many]


def test_no_rows_and_values_that_outlive_their_dictionary() -> None:
    for empty in ([], [pa.array([], pa.string())], [pa.chunked_array([], pa.float64())]):
        codes, values = dictionary_encoded("a", empty)
        assert (len(codes), len(values)) == (0, 0)
    encoding = DictionaryEncoding("a")
    encoding.take(pa.array(["kept"] * 3))
    _, values = encoding.encoded()
    del encoding
    assert values.to_pylist() == ["kept"]


def test_nested_values_are_refused() -> None:
    for column in (pa.array([[1]]), pa.array([{"x": 1}]), pa.nulls(0, pa.list_(pa.int8()))):
        with pytest.raises(DataError, match=r"column 'a' holds nested values .* flatten"):
            dictionary_encoded("a", [column])

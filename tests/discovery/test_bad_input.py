"""Files and frames that are odd, damaged or of rare kinds: the right answer, or one clear error that names the place."""

import datetime as dt
import decimal
import gzip
import os
import threading
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dbworkbench.discovery import reading
from dbworkbench.discovery.columns import Columns
from dbworkbench.discovery.discover import discover
from dbworkbench.discovery.reading import read_columns, read_readable
from dbworkbench.errors import DataError, EngineError, MissingPackage, WorkbenchError
from dbworkbench.schema.types import Decimal, Interval, Json, Uuid

REFUSED = {
    "ragged, too short": (b"a,b\n1,2\n3\n", "line 3: 1 cell where the first line has 2"),
    "ragged, too long": (b"a,b\n1,2\n3,4,5\n", "line 3: 3 cells where the first line has 2"),
    "a quotation mark never closed": (b'a,b\n1,"2\n3,4\n', "line 2: a quote is opened and never closed"),
    "the same further down": (b'a,b\n1,2\n3,"4\n5,6\n', "line 3: a quote is opened and never closed"),
    "another encoding": ("a,b\n1,Zürich\n".encode("latin-1"), "line 2: the byte 0xfc at offset 7 is not utf-8"),
    "UTF-16": ("a,b\n1,2\n".encode("utf-16"), "UTF-16 text: say encoding='utf-16'"),
    "UTF-16 without its mark": ("a,b\n1,2\n".encode("utf-16-le"), "zero bytes"),
    "a zero byte": (b"a,b\n1,\x002\n", "zero bytes"),
    "a zero byte far down": (b"a,b\n" + b"1,2\n" * 70_000 + b"1,\x00\n", "zero bytes"),
    "packed": (gzip.compress(b"a,b\n1,2\n"), "packed: unpack it first"),
    "Parquet by another name": (b"PAR1\xff\xfe", "let its name end in .parquet"),
    "nothing": (b"", "the file is empty"),
    "a blank line": (b"\n", "line 1: the header is blank"),
    "two columns of one name": (b"a,a\n1,2\n", "two columns are called 'a', the second in place 2"),
    "a column without a name": (b"a,b,\n1,2,\n", "line 1: column 3 of 3 has no name"),
    "a comment": (b"# by hand\na,b\n1,2\n", "line 2: 2 cells where the first line has 1"),
}

READ = {
    "a mark before the header": (b"\xef\xbb\xbfa,b\n1,2\n", {}, [["1", "2"]]),
    "UTF-16, told": ("a,b\n1,ü\n".encode("utf-16"), {"encoding": "utf-16"}, [["1", "ü"]]),
    "Latin-1, told": ("a,b\n1,ü\n".encode("latin-1"), {"encoding": "latin-1"}, [["1", "ü"]]),
    "old line ends": (b"a,b\r1,2\r2,3\r", {}, [["1", "2"], ["2", "3"]]),
    "line ends of Windows": (b"a,b\r\n1,2\r\n", {}, [["1", "2"]]),
    "no line end at the end": (b"a,b\n1,2", {}, [["1", "2"]]),
    "blank lines": (b"a,b\n\n1,2\n\n", {}, [["1", "2"]]),
    "a header alone": (b"a,b\n", {}, []),
    "a header alone, without a line end": (b"a,b", {}, []),
    "one column": (b"a\n1\n2\n", {}, [["1"], ["2"]]),
    "a null, an empty text in quotes, and a space": (
        b'a,b\n,1\n"",2\n" ",3\n',
        {},
        [[None, "1"], [None, "2"], [" ", "3"]],
    ),
    "an inch": (b'a,b\nx,5" pipe\n', {}, [["x", '5" pipe']]),
    "mixed": (b"a,b\n1,x\n1.0,x\none,y\n", {}, [["1", "x"], ["1.0", "x"], ["one", "y"]]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_damaged_files_are_refused_with_the_place(case: str, tmp_path: Path) -> None:
    text, said = REFUSED[case]
    path = tmp_path / "rows.csv"
    path.write_bytes(text)
    with pytest.raises(DataError) as raised:
        discover(path)
    assert str(path) in str(raised.value)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("case", READ)
def test_odd_files_are_read(case: str, tmp_path: Path) -> None:
    text, how, expected = READ[case]
    path = tmp_path / "rows.csv"
    path.write_bytes(text)
    columns = discover(path, **how).tables[0].columns  # type: ignore[arg-type]
    assert [list(columns.row(row).values()) for row in range(columns.rows)] == expected


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("rows.csv.gz", gzip.compress(b"a\n1\n"), "packed — unpack it first"),
        ("rows.zip", b"PK\x03\x04", "packed — unpack it first"),
        ("rows.xlsx", b"PK\x03\x04", "the endings known are"),
        ("rows.parquet", b"PAR1 nonsense", "not read as Parquet"),
        ("none.csv", None, "there is no such file"),
        ("", None, "the path is empty"),
    ],
)
def test_files_of_other_kinds_are_refused(name: str, content: bytes | None, said: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=said):
        discover(tmp_path / name if name else "")


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a\n1\n")

    def refusing(name: str) -> Callable[..., Any]:
        allowed = getattr(Path, name)

        def asked(self: Path, *how: Any, **more: Any) -> Any:
            if self in {path, tmp_path}:
                raise PermissionError(13, "Permission denied", str(self))
            return allowed(self, *how, **more)

        return asked

    with monkeypatch.context() as patch:  # whoever runs the tests may be allowed to read everything
        patch.setattr(Path, "open", refusing("open"))
        with pytest.raises(DataError, match="no permission to read the file"):
            discover(path)
    monkeypatch.setattr(Path, "iterdir", refusing("iterdir"))
    with pytest.raises(DataError, match="no permission to read the folder"):
        discover(tmp_path)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_that_changes_while_it_is_read(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"rows.{kind}"
    frame = pd.DataFrame({"a": ["1", "2"], "b": ["x", "y"]})
    frame.to_csv(path, index=False) if kind == "csv" else frame.to_parquet(path)
    module, reader = (reading, "from_csv") if kind == "csv" else (reading, "_from_parquet")
    read: Callable[..., Columns] = getattr(module, reader)

    def slow(*given: object) -> Columns:
        found = read(*given)
        os.utime(path, ns=(1, 1))
        return found

    monkeypatch.setattr(module, reader, slow)
    with pytest.raises(DataError, match="changed while it was read — read it again"):
        discover(path)


def test_one_bad_file_in_a_folder_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "good.csv").write_text("a,b\n1,2\n2,3\n")
    (tmp_path / "ragged.csv").write_text("a,b\n1,2\n3\n")
    (tmp_path / "empty.parquet").write_bytes(b"")
    (tmp_path / "folder.csv").mkdir()
    found = discover(tmp_path)
    assert found.names == ("good",)
    assert [loss.subject for loss in found.losses] == ["empty.parquet", "ragged.csv"]
    assert not found.complete
    assert "line 3" in found.notes[1]
    for shown in (str(found), found._repr_mimebundle_()["text/html"]):
        assert "ragged.csv" in shown
    with pytest.raises(DataError, match="line 3"):
        discover(tmp_path, tables=["good", "ragged"])
    assert discover(tmp_path, tables=["good"]).complete
    with pytest.raises(DataError, match="the file is empty"):
        read_columns(tmp_path)
    (tmp_path / "good.csv").unlink()
    with pytest.raises(DataError, match="the file is empty"):
        read_readable(tmp_path)


def test_decimal_commas_are_told_from_thousands(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("price;total;people;mixed\n1,5;1.234,50;1,234;1,5\n-2,25;12,00;22,345;2.5\n0,5;-3,10;1,000;3\n")
    found = discover(path).profile
    assert [found[name].type for name in ("price", "total")] == [Decimal(3, 2), Decimal(6, 2)]
    assert (found["price"].low, found["total"].high) == (decimal.Decimal("-2.25"), decimal.Decimal("1234.50"))
    assert found["price"].domain == "decimal, written with a comma"
    assert {found[name].domain for name in ("people", "mixed")} == {"code"}


DAY = dt.timedelta(days=1)
SOURCES: dict[str, tuple[Callable[[], object], list[int]]] = {
    "ordered categories": (
        lambda: pd.DataFrame({"a": pd.Categorical(["y", None, "y"], ["x", "y"], ordered=True)}),
        [0, 1, 0],
    ),
    "nullable integers": (lambda: pd.DataFrame({"a": pd.array([1, None, 1], "Int64")}), [0, 1, 0]),
    "nullable truths": (lambda: pd.DataFrame({"a": pd.array([True, None, False], "boolean")}), [0, 2, 1]),
    "arrow texts in pandas": (lambda: pd.DataFrame({"a": pd.array(["x", None, "x"], "string[pyarrow]")}), [0, 1, 0]),
    "times with a zone": (
        lambda: pd.DataFrame({"a": pd.to_datetime(["2020-01-01", "NaT", "2020-01-01"]).tz_localize("Europe/Rome")}),
        [0, 1, 0],
    ),
    "spans of time in pandas": (lambda: pd.DataFrame({"a": pd.to_timedelta([1, None, 1], unit="D")}), [0, 1, 0]),
    "sparse": (lambda: pd.DataFrame({"a": pd.arrays.SparseArray([0, 0, 1])}), [0, 0, 1]),
    "complex": (lambda: pd.DataFrame({"a": [1j, 2j, 1j]}), [0, 1, 0]),
    "UUIDs": (lambda: pd.DataFrame({"a": [uuid.UUID(int=7), None, uuid.UUID(int=7)]}), [0, 1, 0]),
    "NaN and None and NA": (lambda: pd.DataFrame({"a": pd.Series(["", float("nan"), pd.NA], dtype=object)}), [0, 1, 1]),
    "mixed objects": (lambda: pd.DataFrame({"a": pd.Series([1, "1", 1.0], dtype=object)}), [0, 1, 0]),
    "whole numbers beyond 64 bits": (lambda: pd.DataFrame({"a": [2**70, 2**70 + 1, 2**70]}), [0, 1, 0]),
    "half a surrogate": (lambda: pd.DataFrame({"a": pd.Series(["\ud800", "b", "\ud800"], dtype=object)}), [0, 1, 0]),
    "floats, exactly": (lambda: pd.DataFrame({"a": [0.1 + 0.2, 0.3, -0.0]}), [0, 1, 2]),
    "infinities": (lambda: pd.DataFrame({"a": [float("inf"), float("-inf"), float("inf")]}), [0, 1, 0]),
    "Polars categories": (lambda: pl.DataFrame({"a": pl.Series(["x", None, "x"], dtype=pl.Categorical)}), [0, 1, 0]),
    "Polars enumeration": (
        lambda: pl.DataFrame({"a": pl.Series(["x", None, "x"], dtype=pl.Enum(["w", "x"]))}),
        [0, 1, 0],
    ),
    "Polars spans of time": (lambda: pl.DataFrame({"a": [DAY, None, DAY]}), [0, 1, 0]),
    "arrow dictionary": (lambda: pa.table({"a": pa.array(["x", None, "x"]).dictionary_encode()}), [0, 1, 0]),
    "arrow decimals": (
        lambda: pa.table({"a": pa.array([decimal.Decimal("1.5"), None, decimal.Decimal("1.50")])}),
        [0, 1, 0],
    ),
    "arrow large texts": (lambda: pa.table({"a": pa.array(["x", None, "x"], pa.large_string())}), [0, 1, 0]),
    "arrow UUIDs": (
        lambda: pa.table({"a": pa.array([b"0123456789abcdef", None, b"0123456789abcdef"], pa.uuid())}),
        [0, 1, 0],
    ),
    "arrow intervals": (
        lambda: pa.table({"a": pa.array([(1, 2, 3), None, (1, 2, 3)], pa.month_day_nano_interval())}),
        [0, 1, 0],
    ),
    "unsigned": (lambda: pa.table({"a": pa.array([2**64 - 1, None, 0], pa.uint64())}), [0, 2, 1]),
    "times that Python does not know": (
        lambda: pa.table({"a": pa.array([2**62, None, 2**62], pa.timestamp("s"))}),
        [0, 1, 0],
    ),
    "a DuckDB relation": (lambda: duckdb.sql("SELECT unnest([1, NULL, 1]) AS a"), [0, 1, 0]),
}


@pytest.mark.parametrize("case", SOURCES)
def test_columns_of_every_kind(case: str) -> None:
    made, expected = SOURCES[case]
    found = discover(made())
    assert found.tables[0].columns.codes[0].tolist() == expected
    assert found.complete
    assert "minimal dependenc" in str(found)
    assert len(found.tables[0].columns.frame()) == 3


def test_columns_of_rare_kinds_have_their_types() -> None:
    kinds = {
        "UUIDs": Uuid(),
        "arrow UUIDs": Uuid(),
        "spans of time in pandas": Interval(),
        "arrow intervals": Interval(),
        "unsigned": Decimal(20, 0),
        "whole numbers beyond 64 bits": Decimal(22, 0),
    }
    for case, kind in kinds.items():
        assert discover(SOURCES[case][0]()).profile.columns[0].type == kind, case


def test_a_duckdb_database_of_rare_types() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t (id INT PRIMARY KEY, h HUGEINT, u UUID, i INTERVAL, e ENUM('x', 'y'), b BLOB, z TIMESTAMPTZ, j JSON);"
            "INSERT INTO t VALUES (1, 2::HUGEINT ** 100, uuid(), INTERVAL 1 DAY, 'x', 'a', 'infinity', '{}'), (2, 1, uuid(), NULL, 'x', NULL, now(), '[1]')"
        )
        found = discover(connection)
        assert found.keys[0] == ("id",)
        assert [str(found.profile[name].type) for name in "ui"] == ["Uuid()", "Interval()"]
        assert found.profile["j"].type == Json()


@pytest.mark.parametrize(
    "made",
    [
        lambda: pd.DataFrame({"a": [{1}, {2}]}),
        lambda: pd.DataFrame({"a": [np.array([1]), np.array([2])]}),
        lambda: pd.DataFrame({"a": pd.interval_range(0, 2)}),
        lambda: pl.DataFrame({"a": [{"x": 1}]}),
        lambda: pl.DataFrame({"a": pl.Series([[1, 2]], dtype=pl.Array(pl.Int64, 2))}),
        lambda: pa.table({"a": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))}),
        lambda: pa.table({"a": pa.array([], pa.list_(pa.int64()))}),
    ],
)
def test_nested_columns_are_refused_with_the_way_to_flatten(made: Callable[[], object], tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"column 'a' holds nested values .* flatten it first: one column per field"):
        discover(made())
    table = pa.table({"a": pa.array([], pa.list_(pa.int64()))})
    pq.write_table(table, tmp_path / "rows.parquet")
    with pytest.raises(DataError, match="nested"):
        discover(tmp_path / "rows.parquet")


def test_a_nested_column_without_rows_in_duckdb() -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (a INT[], b INT)")
        with pytest.raises(DataError, match="nested"):
            discover(connection)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: pl.DataFrame({"a": pl.Series([object()], dtype=pl.Object)}), "column 'a' holds Python objects"),
        (lambda: pl.DataFrame({"a": pl.Series([1], dtype=pl.Int128)}), "cast the column to another type"),
        (
            lambda: pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]),
            "several columns are called a",
        ),
        (lambda: pd.Series([1]), "a Series holds no rows"),
        (lambda: np.zeros((2, 2)), "holds no rows that can be read"),
        (lambda: None, "holds no rows that can be read"),
        (dict, "there is no table in the source"),
        (duckdb.connect, "there is no table in the source"),
    ],
)
def test_what_is_no_table_is_refused(made: Callable[[], object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        discover(made())


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+pg8000://ann:s3cr3t@127.0.0.1:1/none",
        "postgresql+pg8000://127.0.0.1:1/none?user=ann&password=s3cr3t",
        "mysql+nodriver://ann:s3cr3t@127.0.0.1/none",
        "postgresql://ann:s3cr3t@host:noport/db",
        "duckdb:////nowhere/s.duckdb?token=s3cr3t",
        "https://ann:s3cr3t@example.org/rows.csv",
    ],
)
def test_credentials_are_never_told(
    url: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(WorkbenchError) as raised:
        discover(url)
    assert isinstance(raised.value, DataError | EngineError | MissingPackage)
    problem: BaseException | None = raised.value
    while problem is not None:  # as far as a traceback shows
        assert "s3cr3t" not in f"{problem} {problem!r} {vars(problem)}"
        problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
    told = capfd.readouterr()
    assert "s3cr3t" not in caplog.text + told.out + told.err


def test_two_threads_at_once_find_what_one_finds() -> None:
    random = np.random.default_rng(3)
    frames = [pd.DataFrame(random.integers(0, 5, (1_000, 7)), columns=list("abcdefg")) for _ in range(2)]
    alone = [(list(found.fds), found.keys) for found in map(discover, frames)]
    together: dict[int, tuple[object, object]] = {}

    def work(at: int) -> None:
        found = discover(frames[at])
        together[at] = list(found.fds), found.keys

    threads = [threading.Thread(target=work, args=(at,)) for at in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[at] for at in (0, 1)] == alone


def test_two_thousand_columns() -> None:
    random = np.random.default_rng(4)
    frame = pd.DataFrame(random.integers(0, 300, (50, 2_000)))
    frame.columns = pd.Index([f"c{at}" for at in range(2_000)])
    found = discover(frame, max_determinant=1, budget=20)
    assert found.complete
    for fd in list(found.fds)[::2_000]:
        (here,), (there,) = fd.determinant, fd.dependent
        assert not frame[[here, there]].drop_duplicates()[here].duplicated().any()
    unique = {(name,) for name in frame.columns if frame[name].is_unique}
    assert set(found.keys) == unique
    assert unique

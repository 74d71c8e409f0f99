"""Sources of every kind become the same codes; what cannot be read is refused with the place and the fix."""

import datetime as dt
import decimal
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dbworkbench.data.read import read_data
from dbworkbench.discovery.columns import Columns, from_arrow, from_frame
from dbworkbench.discovery.discover import discover
from dbworkbench.discovery.reading import read_columns
from dbworkbench.errors import DataError, EngineError, UnknownName

TEXT = 'id,"the name",city\n1,"a, b",Rome\n2,,Oslo\n3,"line\nbreak",\n4,ü,Rome\n'


def cells(columns: Columns) -> list[dict[str, object]]:
    return [columns.row(row) for row in range(columns.rows)]


def coded(columns: Columns) -> list[list[int]]:
    return [codes.tolist() for codes in columns.codes]


def test_a_csv_file_is_compared_as_written(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text(TEXT, encoding="utf-8")
    (found,) = read_columns(path).values()
    assert found.name == "people"
    assert found.names == ("id", "the name", "city")
    assert cells(found) == [
        {"id": "1", "the name": "a, b", "city": "Rome"},
        {"id": "2", "the name": None, "city": "Oslo"},
        {"id": "3", "the name": "line\nbreak", "city": None},
        {"id": "4", "the name": "ü", "city": "Rome"},
    ]
    assert found.null(2).tolist() == [False, False, True, False]
    assert found.frame([3, 1])["city"].tolist() == ["Rome", "Oslo"]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, mark: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"a{mark}b\n1,0{mark}2\n3{mark}4\n")
    assert cells(read_columns(path)["a"])[0] == {"a": "1,0", "b": "2"}


def test_a_file_that_only_duckdb_reads_is_compared_as_written_too(tmp_path: Path) -> None:
    (tmp_path / "pipes.csv").write_text(
        'length,inch,day\n1.0,5",2024-01-01\n1.00,6,\n1.0,5",2024-01-01\n', encoding="utf-8"
    )
    columns = read_columns(tmp_path / "pipes.csv")["pipes"]  # an inch mark may as well open a quotation
    assert coded(columns) == [[0, 1, 0], [0, 1, 0], [0, 1, 0]]
    lengths, inches, days = columns.values  # noqa: PD011  of no frame
    assert (lengths.to_pylist(), inches.to_pylist()) == (["1.0", "1.00"], ['5"', "6"])
    assert days.to_pylist() == ["2024-01-01"]


def test_without_a_header_columns_are_numbered(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,2\n3,4\n")
    found = read_columns(path, header=False)["a"]
    assert found.names == ("column_1", "column_2")
    assert found.rows == 2


def test_a_single_column_keeps_its_empty_lines_as_nulls(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\nx\n\ny\n")
    assert read_columns(path)["a"].null(0).tolist() == [False, True, False]


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    found = read_columns(path)["a"]
    assert (found.rows, found.sizes) == (0, (0, 0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a,b\n1,2\n3\n", "line 3"),
        (b"a,b\n1,2\n3,4,5\n", "line 3"),
        (b"a,A\n1,2\n", "two columns are called"),
        (b"a,\n1,2\n", "has no name"),
        (b"a,b\n1,\xff\n", "byte 0xff"),
        (b"", "is empty"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, text: bytes, said: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(text)
    with pytest.raises(DataError, match=said):
        read_columns(path)


def test_no_file_and_no_rows(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        read_columns(tmp_path / "none.csv")
    with pytest.raises(DataError, match=r"holds no \.csv"):
        read_columns(tmp_path)
    with pytest.raises(DataError, match="an int holds no rows"):
        read_columns(3)


def test_parquet_folder_mapping_and_tables_give_the_same(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, 2, 2], "b": ["x", None, "y"]})
    frame.to_parquet(tmp_path / "one.parquet")
    frame.to_csv(tmp_path / "two.csv", index=False)
    folder = read_columns(tmp_path)
    assert list(folder) == ["one", "two"]
    with read_data(frame, name="one") as tables:
        ways = [read_columns({"one": frame}), read_columns(tables), read_columns(pa.table(frame), name="one"), folder]
    for way in ways:
        assert coded(way["one"]) == coded(folder["two"]) == [[0, 1, 1], [0, 2, 1]]
    assert list(read_columns(tmp_path, tables=["two"])) == ["two"]
    with pytest.raises(UnknownName, match="no table called 'three'"):
        read_columns(tmp_path, tables=["three"])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from /proc")
def test_reading_takes_little_more_memory_than_what_is_read(tmp_path: Path) -> None:
    """Three columns of a million different values each: 36 MB of codes and values, read in 70; in 136 by whole columns."""
    rows = 1_000_000
    made = {"a": np.arange(rows) * 7, "b": np.arange(rows) / 3, "c": np.arange(rows)[::-1] % 999_983}
    pq.write_table(pa.table(made), tmp_path / "rows.parquet", row_group_size=100_000)
    program = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from dbworkbench.discovery.reading import read_columns\n"
        "peak = lambda: int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) * 1024\n"
        "small, large = sys.argv[1:]\n"
        "read_columns(small)\n"
        "before = peak()\n"
        "(read,) = read_columns(large).values()\n"
        "print(read.bytes, peak() - before)\n"
    )
    pq.write_table(pa.table({name: column[:1000] for name, column in made.items()}), tmp_path / "few.parquet")
    files = [str(tmp_path / name) for name in ("few.parquet", "rows.parquet")]
    done = subprocess.run([sys.executable, "-c", program, *files], capture_output=True, text=True, check=True)
    read, grown = map(int, done.stdout.split())
    assert read == 3 * rows * 12 - 17 * 8
    assert grown < 2.75 * read, f"{grown / 1e6:.0f} MB for {read / 1e6:.0f}"


def test_a_database_behind_a_url(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.execute('CREATE TABLE "the orders" (id INTEGER PRIMARY KEY, what, price REAL)')
        connection.executemany('INSERT INTO "the orders" VALUES (?, ?, ?)', [(1, "x", 1.5), (2, None, 1.5), (3, 7, 2)])
    connection.close()
    found = read_columns(f"sqlite:///{path}")["the orders"]
    assert found.names == ("id", "what", "price")
    assert coded(found) == [[0, 1, 2], [0, 2, 1], [0, 0, 1]]
    with pytest.raises(DataError, match="no such file"):
        read_columns(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(DataError, match="cannot be read"):
        read_columns("nonsense://")


def test_a_password_is_never_shown() -> None:
    with pytest.raises(EngineError) as raised:
        read_columns("postgresql+pg8000://ann:secret@127.0.0.1:1/none")
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_values_that_are_equal_have_one_code() -> None:
    frame = pd.DataFrame(
        {
            "float": [0.0, -0.0, float("nan"), 0.1 + 0.2, 0.3],
            "object": [1, "1", None, 1, 2.5],
            "decimal": [decimal.Decimal("1.0"), decimal.Decimal("1.00"), None, None, decimal.Decimal(2)],
            "day": [dt.date(2020, 1, 1), None, dt.date(2020, 1, 1), None, dt.date(2020, 1, 2)],
            "kind": pd.Categorical(["b", "a", None, "b", "a"], categories=["z", "a", "b"]),
            "nothing": [None] * 5,
        }
    )
    found = from_frame(frame)
    assert coded(found) == [
        [0, 0, 3, 1, 2],
        [0, 1, 3, 0, 2],
        [0, 0, 2, 2, 1],
        [0, 2, 0, 2, 1],
        [0, 1, 2, 0, 1],
        [0, 0, 0, 0, 0],
    ]
    apart = found.with_nulls("distinct")
    assert apart.codes[5].tolist() == [0, 1, 2, 3, 4]
    assert apart.codes[3].tolist() == [0, 2, 0, 3, 1]
    assert apart.sizes == (4, 4, 4, 4, 3, 5)
    assert coded(apart.with_nulls("equal")) == coded(found)


def test_nan_is_a_value_of_its_own_in_arrow_data() -> None:
    found = from_arrow(pa.table({"a": pa.array([float("nan"), None, float("nan")])}))
    assert coded(found) == [[0, 1, 0]]


@pytest.mark.parametrize("value", [[1], {"x": 1}])
def test_nested_columns_are_refused_with_the_way_out(value: object) -> None:
    with pytest.raises(DataError, match=r"column 'a' holds nested values .* flatten"):
        from_frame(pd.DataFrame({"a": [value, None]}))
    with pytest.raises(DataError, match="flatten"):
        from_frame(pd.DataFrame({"a": [value, 3]}))


def test_two_columns_of_one_name_are_refused() -> None:
    with pytest.raises(DataError, match="several columns are called a"):
        from_frame(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_polars_and_arrow_frames_are_read_like_pandas_ones() -> None:
    day = dt.date(2026, 3, 1)
    made = {"text": ["x", None, "x"], "bytes": [b"a", b"b", None], "day": [day, None, day], "n": [1, 2, 1]}
    frame = pl.DataFrame(made).with_columns(kind=pl.Series(["u", "v", "u"], dtype=pl.Categorical))
    frame = frame.with_columns(price=pl.Series([decimal.Decimal("1.50"), None, decimal.Decimal("1.50")]))
    expected = [[0, 1, 0], [0, 1, 2], [0, 1, 0], [0, 1, 0], [0, 1, 0], [0, 1, 0]]
    table = frame.to_arrow()
    for source in (frame, frame.lazy(), table, table.to_batches()[0], table.to_reader()):
        (columns,) = read_columns(source).values()
        assert columns.names == ("text", "bytes", "day", "n", "kind", "price")
        assert coded(columns) == expected
    found = discover(frame)
    assert found.complete
    assert found.profile["day"].low == day
    with pytest.raises(DataError, match="nested"):
        read_columns(pl.DataFrame({"a": [[1], [2]]}))
    with pytest.raises(DataError, match="a Series holds no rows"):
        read_columns(pl.Series([1, 2]))


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ({"separator": ";;"}, "one character"),
        ({"nulls": "maybe"}, "no meaning of nulls called 'maybe'"),
        ({"max_determinant": -1}, "at least 0 columns"),
        ({"max_error": 1.0}, "share of rows"),
    ],
)
def test_options_that_mean_nothing_are_refused(how: dict[str, object], says: str) -> None:
    with pytest.raises((DataError, UnknownName), match=says):
        discover(pd.DataFrame({"a": [1, 2]}), **how)  # type: ignore[arg-type]


def test_a_url_that_cannot_be_parsed_is_not_repeated() -> None:
    with pytest.raises(DataError) as raised:
        read_columns("postgresql://ann:s3cr@et:more@host:noport/db")
    assert "s3cr" not in str(raised.value)
    assert raised.value.__suppress_context__

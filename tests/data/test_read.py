"""Data files: read exactly, or refused with the place and the fix."""

import os
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from dbworkbench.data.read import read_data
from dbworkbench.data.relation import relation_of
from dbworkbench.data.tables import Tables
from dbworkbench.errors import DataError, UnknownName
from dbworkbench.schema.types import Decimal, Enumeration, Integer, Native, Text
from dbworkbench.schema.types import Type as AnyType


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "t.csv"


@pytest.mark.parametrize(
    ("text", "columns", "first"),
    [
        ("a,b,c\n1,2.50,007\n4,3.1,010\n", ("INTEGER", "DECIMAL(3,2)", "VARCHAR"), (1, 2.5, "007")),
        ("a;b\n2020-01-31;true\n2020-02-03;FALSE\n", ("DATE", "BOOLEAN"), None),
        ("a,b\n9223372036854775808,1\n", ("DECIMAL(38,0)", "INTEGER"), None),
        ("a,b\n3000000000,1e5\n", ("BIGINT", "DOUBLE"), (3000000000, 100000.0)),
        ("a,b\n2020-02-30,1\n", ("VARCHAR", "INTEGER"), ("2020-02-30", 1)),
        ("a,b\n2020-01-01 10:00,x\n", ("TIMESTAMP", "VARCHAR"), None),
        ("a,b\n2020-01-01T10:00:00Z,x\n", ("TIMESTAMP WITH TIME ZONE", "VARCHAR"), None),
        ("a\tb\nx\ty\n", ("VARCHAR", "VARCHAR"), ("x", "y")),
        ("a|b\n1|2\n", ("INTEGER", "INTEGER"), (1, 2)),
        ('a,b\n1,"x, ""q""\nz"\n', ("INTEGER", "VARCHAR"), (1, 'x, "q"\nz')),
        ('\ufeffä b,"x,y"\n1,2\n', ("INTEGER", "INTEGER"), (1, 2)),
        ("a,b\r\n1,2\r\n", ("INTEGER", "INTEGER"), (1, 2)),
        ('x\'y,"b""c"\n1,2\n', ("INTEGER", "INTEGER"), (1, 2)),
        ("country,1999,2000\nX,1,2\n", ("VARCHAR", "INTEGER", "INTEGER"), ("X", 1, 2)),
        ("a,b\n,\n", ("VARCHAR", "VARCHAR"), (None, None)),
        ("a,b\n", ("VARCHAR", "VARCHAR"), None),
        ("a\n1\n\n3\n", ("INTEGER",), (1,)),
    ],
)
def test_csv_is_typed_only_where_nothing_is_lost(
    file: Path, text: str, columns: tuple[str, ...], first: tuple[object, ...] | None
) -> None:
    file.write_text(text, encoding="utf-8", newline="")
    with read_data(file) as data:
        assert tuple(kind for _, kind in data.columns("t")) == columns
        if first is not None:
            assert data.connection.execute("SELECT * FROM t").fetchall()[0] == pytest.approx(first)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty"),
        (b"a,b\n1,2\n3\n", "line 3: 1 cell where the first line has 2"),
        (b"a,b\n1,2\n3,4,5\n", "line 3: 3 cells where the first line has 2"),
        (b'a,b\n1,"2\n3,4\n', "line 2: a quote is opened and never closed"),
        (b"a,b\n1,x\n2,\xe9\n", "line 3: the byte 0xe9 at offset 10 is not utf-8 text"),
        (b"a,b\n1,\xc3", "ends within a character"),
        (b"1.5,2\n3,4\n", "line 1: '1.5' looks like a value"),
        (b"a,A\n1,2\n", "two columns are called 'A'"),
        (b"a,a\n1,2\n", "two columns are called 'a', the second in place 2"),
        (b"a,\n1,2\n", "column 2 of 2 has no name"),
        (b"\n\n", "header is blank"),
        (b"a,b\n1,\x00\n", "zero bytes"),
    ],
)
def test_bad_csv_is_refused_with_the_line(file: Path, content: bytes, says: str) -> None:
    file.write_bytes(content)
    with pytest.raises(DataError, match=r"t\.csv") as met:
        read_data(file)
    assert says in str(met.value)


def test_options_for_csv(file: Path) -> None:
    file.write_text("1;é\n2;NA\n", encoding="latin-1")
    with read_data(file, header=False, encoding="latin-1", unknown=("NA",), name="r") as data:
        assert data.columns("r") == (("column_1", "INTEGER"), ("column_2", "VARCHAR"))
        assert data.connection.execute("SELECT column_2 FROM r").fetchall() == [("é",), (None,)]
    with pytest.raises(DataError, match="a separator is one character"):
        read_data(file, separator="::", header=False, encoding="latin-1")
    with pytest.raises(DataError, match="no encoding is called"):
        read_data(file, encoding="klingon")


def test_frames_and_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [1, None], "b": ["x", None], 3: [True, False]})
    with read_data({"r": frame, "s": pa.table({"x": [1, 2]})}) as data:
        assert data.names == ("r", "s")
        assert data.columns("r") == (("a", "DOUBLE"), ("b", "VARCHAR"), ("3", "BOOLEAN"))
        paths = data.save(tmp_path / "out")
    with read_data(tmp_path / "out") as again:
        assert again.names == ("r", "s")
        assert again.rows("r") == 2
        assert again.sql("SELECT a FROM r WHERE b IS NULL").isna().to_numpy().all()
    assert [path.name for path in paths] == ["r.parquet", "s.parquet"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "two columns are called 'a'"),
        (pd.DataFrame(), "no columns"),
        (5, "holds no rows that can be read"),
        ("nowhere.csv", "there is no such file"),
        ("table.xlsx", "the endings known are"),
    ],
)
def test_other_sources_are_refused(source: object, says: str) -> None:
    with pytest.raises(DataError, match=says):
        read_data(source)


def test_a_broken_parquet_and_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(DataError, match="not read as Parquet"):
        read_data(tmp_path / "x.parquet")
    (tmp_path / "folder").mkdir()
    with pytest.raises(DataError, match=r"holds no \.csv"):
        read_data(tmp_path / "folder")


def test_the_scratch_folder_goes_with_the_tables() -> None:
    data = Tables()
    scratch = data.scratch
    assert scratch.is_dir()
    data.close()
    data.close()
    assert not os.path.exists(scratch)  # noqa: PTH110  a path object of a removed folder is what is asked


def test_unknown_tables(tmp_path: Path) -> None:
    with Tables() as data:
        data.connection.execute("CREATE TABLE orders AS SELECT 1 AS a")
        with pytest.raises(UnknownName, match="did you mean 'orders'"):
            data.rows("order")
        with pytest.raises(UnknownName, match="file kind"):
            data.save(tmp_path, "xlsx")


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("1::DECIMAL(9,2)", Decimal(9, 2)),
        ("1::UBIGINT", Decimal(20, 0)),
        ("1::TINYINT", Integer(16)),
        ("'a'::ENUM('a', 'it''s')", Enumeration(("a", "it's"))),
        ("'x'", Text()),
        ("'101'::BIT", Native("BIT")),
    ],
)
def test_the_relation_of_a_table(cell: str, kind: AnyType) -> None:
    with Tables() as data:
        data.connection.execute(f"CREATE TABLE t AS SELECT {cell} AS a, NULL::INTEGER AS b")
        found = relation_of(data, "t")
        assert found["a"].type == kind
        assert not found["a"].nullable
        assert found["b"].nullable


def test_nested_columns_are_refused_with_the_way_out() -> None:
    with Tables() as data:
        data.connection.execute("CREATE TABLE t AS SELECT [1, 2] AS a")
        with pytest.raises(DataError, match="nested"):
            relation_of(data, "t")

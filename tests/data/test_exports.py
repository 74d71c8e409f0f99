"""Rows as Arrow, Parquet, CSV and data frames: the same rows, in their order, in whatever they leave in."""

from pathlib import Path

import pandas as pd
import pyarrow.parquet
import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.errors import DataError, UnknownName


def test_arrow_batches_hold_the_rows_in_order_and_are_made_while_they_are_read() -> None:
    with Tables() as tables:
        tables.connection.execute("CREATE TABLE t AS SELECT i, 'text ' || i AS s FROM range(10_000) r(i)")
        first, second = tables.arrow("t", 1_000), tables.arrow("t")
        seen = first.read_next_batch()
        assert seen.column("i").to_pylist() == list(range(seen.num_rows))
        assert second.read_all().num_rows == 10_000
        assert seen.num_rows + first.read_all().num_rows == 10_000
        with pytest.raises(UnknownName, match="did you mean 't'"):
            tables.arrow("T")


def test_files_hold_what_the_tables_hold(tmp_path: Path) -> None:
    with Tables() as tables:
        tables.connection.execute("""CREATE TABLE "größe/1" AS SELECT i AS id, CASE WHEN i % 3 > 0 THEN 'ä,"' || i END AS s
            FROM range(5_000) r(i)""")
        (parquet,) = tables.save(tmp_path)
        (csv,) = tables.save(tmp_path, "csv")
        frame = tables.frame("größe/1")
    assert pyarrow.parquet.read_table(parquet).to_pandas().equals(frame)
    assert pd.read_csv(csv)["s"].fillna("").equals(frame["s"].fillna(""))


def test_two_tables_that_would_be_one_file_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    with Tables() as tables:
        tables.connection.execute('CREATE TABLE "a/b" AS SELECT 1 AS x')
        tables.connection.execute("CREATE TABLE a_b AS SELECT 2 AS x")
        with pytest.raises(DataError, match="'a/b' and 'a_b' would both be written"):
            tables.save(tmp_path / "out")
    assert not (tmp_path / "out").exists()

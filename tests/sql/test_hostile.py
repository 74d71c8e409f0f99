"""Files that no database made: each is read or refused with its place, in time that grows with it."""

import time
import tracemalloc

import pytest

import dbworkbench.sql.statement
from dbworkbench.errors import NotationError
from dbworkbench.sql.read import read

TABLE = "CREATE TABLE t (a int);\n"
MANY = 200_000
"""Characters of each file, about: enough for what grows with the square to take minutes."""
SECONDS = 4.0
"""Processor time for one: the slowest takes a third of that on a busy machine."""

REFUSED = {
    "a text": ("postgresql", TABLE + "INSERT INTO t VALUES ('" + "x" * MANY, "line 2, column 23: an unclosed quote"),
    "a default": (
        "postgresql",
        "CREATE TABLE t (a text DEFAULT '" + "x\n" * MANY,
        "line 1, column 32: an unclosed quote",
    ),
    "a comment": ("postgresql", TABLE + "/* " + "x " * MANY, "line 2, column 1: an unclosed comment"),
    "comments within comments": ("postgresql", TABLE + "/*" * MANY, "line 2, column 1: an unclosed comment"),
    "stars": ("mysql", TABLE + "/*" + "*" * MANY, "an unclosed comment"),
    "dollars": ("postgresql", TABLE + "DO $$ " + "x " * MANY, "line 2, column 4: an unclosed quote"),
    "dollars within dollars": ("postgresql", TABLE + "SELECT " + "$a$ $b$ " * (MANY // 8 | 1), "an unclosed quote"),
    "backslashes": ("mysql", TABLE + "INSERT INTO t VALUES ('" + "\\" * (MANY | 1), "an unclosed quote"),
    "brackets": ("sqlserver", TABLE + "SELECT " + "[" * MANY, "line 2, column 8: an unclosed quote"),
    "Oracle's quotes": ("oracle", TABLE + "q'[" * MANY, "line 2, column 1: an unclosed quote"),
    "a quoted name": ("duckdb", 'CREATE TABLE "' + "n" * MANY, "line 1, column 14: an unclosed quote"),
}
READ = {
    "nested parentheses": ("postgresql", f"CREATE TABLE t (a int CHECK ({'(' * 10_000}1{')' * 10_000} > 0));", ("t",)),
    "parentheses that stay open": ("postgresql", TABLE + "CREATE TABLE u (a int CHECK (" + "(" * (MANY // 4), ("t",)),
    "parentheses that close too often": ("postgresql", "CREATE TABLE t (a int" + ")" * (MANY // 8), ("t",)),
    "negations": ("postgresql", f"CREATE TABLE t (a boolean CHECK ({'NOT ' * 10_000}a));", ("t",)),
    "a sum of thousands": ("postgresql", f"CREATE TABLE t (a int CHECK ({'+'.join('a' * 3_000)} > 0));", ("t",)),
    "cases within cases": ("mysql", f"CREATE TABLE t (a int CHECK ({'CASE WHEN a THEN ' * 2_000}1{' END' * 2_000}));", ("t",)),
    "types within types": ("bigquery", f"CREATE TABLE t (a {'ARRAY<' * 3_000}INT64{'>' * 3_000});", ("t",)),
    "a query within queries": ("postgresql", TABLE + f"CREATE TABLE u AS SELECT {'(' * 3_000}a{')' * 3_000} AS b FROM t;", ("t",)),
    "NUL characters": ("postgresql", TABLE + "\0" * (MANY // 4), ("t",)),
    "NUL characters before a statement": ("postgresql", TABLE + "\0" * 100 + "CREATE TABLE u (a int);", ("t", "u")),
    "lines that end as on old systems": ("postgresql", "-- a comment\r" + TABLE.strip() + "\r-- b\rCREATE TABLE u (a int);\r", ("t", "u")),
    "a text of megabytes within DDL": ("postgresql", TABLE + f"CREATE TABLE u (a text DEFAULT '{'x' * 20_000_000}');", ("t",)),
    "a NUL in a name": ("postgresql", 'CREATE TABLE "a\0b" (c int);', ("a\0b",)),
    "a byte-order mark": ("postgresql", "\ufeff" + TABLE, ("t",)),
    "semicolons": ("postgresql", TABLE + ";" * 1_000_000, ("t",)),
    "slashes": ("oracle", TABLE + "/\n" * (MANY // 8), ("t",)),
    "hyphens": ("mysql", TABLE + "-" * (MANY // 4), ("t",)),
    "commas": ("postgresql", "CREATE TABLE t (a int" + "," * (MANY // 4) + ");", ("t",)),
    "a delimiter that never comes": ("mysql", TABLE + "DELIMITER $$\nCREATE PROCEDURE p() BEGIN " + "SELECT 1; " * 20_000, ("t",)),
    "rows that never end": ("postgresql", TABLE + "COPY t (a) FROM stdin;\n" + "1\n" * MANY, ("t",)),
    "one long line of rows": ("mysql", TABLE + "INSERT INTO t VALUES " + ",".join(["(1)"] * MANY), ("t",)),
    "a long number": ("postgresql", f"CREATE TABLE t (a int DEFAULT {'1' * MANY});", ("t",)),
    "a name of many steps": ("postgresql", f"CREATE TABLE {'a.' * (MANY // 4)}t (a int);", ("t",)),
    "brackets of an array": ("postgresql", f"CREATE TABLE t (a int{'[]' * (MANY // 4)});", ("t",)),
    "half a placeholder": ("databricks", TABLE + "SELECT " + "${" * (MANY // 8), ("t",)),
    "a table again and again": ("sqlite", TABLE * 3_000, ("t",)),
    "a table called otherwise again and again": (
        "postgresql",
        "CREATE TABLE t0 (a int);" + "".join(f"ALTER TABLE t{at} RENAME TO t{at + 1};" for at in range(2_000)),
        ("t2000",),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("dialect", "text", "told"), REFUSED.values(), ids=REFUSED)
def test_what_is_never_closed_is_refused_with_its_place(dialect: str, text: str, told: str) -> None:
    began = time.process_time()
    with pytest.raises(NotationError, match=told) as refused:
        read(text, dialect)
    assert time.process_time() - began < SECONDS
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize(("dialect", "text", "names"), READ.values(), ids=READ)
def test_what_is_odd_is_read_as_far_as_it_goes(dialect: str, text: str, names: tuple[str, ...]) -> None:
    began = time.process_time()
    found = read(text, dialect)
    assert time.process_time() - began < SECONDS
    assert found.schema.names == names


def test_a_statement_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dbworkbench.sql.statement, "MOST_TOKENS", 20_000)
    with pytest.raises(NotationError, match="line 2, column 1: a statement of more than 20,000 words"):
        read(TABLE + "SELECT " + "+" * MANY, "duckdb")
    assert read(TABLE + "INSERT INTO t VALUES " + "(1)," * MANY, "duckdb").schema.names == ("t",)


def test_a_statement_of_megabytes_is_told() -> None:
    found = read(TABLE + f"CREATE TABLE u (a text DEFAULT '{'x' * 5_000_000}');", "postgresql")
    assert [str(loss) for loss in found.losses] == ["line 2: a statement of more than 4,000,000 characters — not read"]
    assert [entry.fate for entry in found.ledger] == ["understood", "ignored"]


def test_rows_take_no_memory() -> None:
    text = TABLE + "INSERT INTO t VALUES ('x');\n" * 40_000
    tracemalloc.start()
    try:
        read(text, "mysql")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < len(text) / 4

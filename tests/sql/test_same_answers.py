"""Conditions read in one dialect and written in another let the same rows in, in databases that run."""

import re
from typing import Any

import pytest

import dbworkbench as wb
from dbworkbench.sql.write import statements
from tests.scratch import REFUSED, Run, Scratch

ENGINES = [
    "duckdb",
    "sqlite",
    "postgresql",
    pytest.param("mariadb", marks=pytest.mark.mariadb),
]
COLUMNS = "id int PRIMARY KEY, p decimal(10,2), x double precision, n varchar(20)"
ROWS: dict[str, tuple[Any, ...]] = {
    "odd": (3, 4.50, 0.5, "plain"),
    "even": (4, 9.00, 0.0004000000004, "a_b"),
    "minus": (-7, -4.50, -3.5, r"a\b"),
    "sign": (8, 0.25, 2.0, "50%"),
}
CASES = [
    ("postgresql", "id / 2 * 2 = id", "even sign"),
    ("sqlite", "id / 2 * 2 = id", "even sign"),
    ("sqlserver", "id / 2 * 2 = id", "even sign"),
    ("mysql", "id DIV 2 * 2 = id", "even sign"),
    ("oracle", "TRUNC(id / 2) * 2 = id", "even sign"),
    ("snowflake", "TRUNC(id / 2) * 2 = id", "even sign"),
    ("clickhouse", "intDiv(id, 2) * 2 = id", "even sign"),
    ("mysql", "id / 2 * 2 = id", "odd even minus sign"),
    ("oracle", "id / 2 * 2 = id", "odd even minus sign"),
    ("duckdb", "id // 2 * 2 = id", "even sign"),
    ("postgresql", "id / 2 = -3", "minus"),
    ("postgresql", "12 / (id / 2) = 12", "odd"),
    ("postgresql", "id / (1 + 1) * 2 = id", "even sign"),
    ("postgresql", "p / 2 > 2.2", "odd even"),
    ("postgresql", "x / 2 > 0.2 AND id / 2.0 > 1", "odd sign"),
    ("postgresql", "id::float8 / 2 > 1.2", "odd even sign"),
    ("postgresql", "length(n) / 2 * 2 = 4", "odd"),
]


def _design(written: str, check: str) -> wb.Schema:
    found = wb.read(f"CREATE TABLE t ({COLUMNS}, CONSTRAINT asked CHECK ({check}))", dialect=written)
    assert not [loss for loss in found.losses if "check" in str(loss)]
    return found.schema


def _lets_in(run: Run, row: tuple[Any, ...], dialect: str) -> bool:
    number, amount, fraction, text = row
    said = text.replace("\\", "\\\\") if dialect == "mariadb" else text
    try:
        run(f"INSERT INTO t VALUES ({number}, {amount}, {fraction}, '{said}')")
    except REFUSED as refused:
        return not re.search(r"(?i)check|constraint", str(refused))
    return True


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(("written", "check", "wanted"), CASES)
def test_the_same_rows_are_let_in(dialect: str, written: str, check: str, wanted: str, scratch: Scratch) -> None:
    design = _design(written, check)
    assert "the check" not in "".join(map(str, wb.write(design, dialect).losses))
    with scratch(dialect) as run:
        for statement in statements(design, dialect):
            run(statement)
        let_in = [name for name, row in ROWS.items() if _lets_in(run, row, dialect)]
    assert let_in == wanted.split()


@pytest.mark.parametrize(
    "dialect", ["postgresql", "mysql", "oracle", "sqlserver", "sqlite", "clickhouse", "databricks"]
)
@pytest.mark.parametrize("check", ["id / 2 > 1", "id // 2 > 1", "3 * (id // (id + 1)) > p / 2"])
def test_a_quotient_comes_back_as_it_was(dialect: str, check: str) -> None:
    design = wb.read(f"CREATE TABLE t ({COLUMNS}, CHECK ({check}))", dialect="duckdb").schema
    back = wb.read(wb.write(design, dialect).text, dialect=dialect).schema
    found = [each.expression.replace('"', "") for each in back.relations[0].checks]
    assert check in found


def test_what_is_divided_must_be_known() -> None:
    given = "CREATE TABLE t (id int PRIMARY KEY, n text, g int GENERATED ALWAYS AS (n / 2) STORED, CHECK (n / 2 > 1))"
    assert [str(loss) for loss in wb.read(given, dialect="postgresql").losses] == [
        "t.g: computed as n / 2: whether it divides whole numbers — read as a plain attribute",
        "t: the check n / 2 > 1: whether it divides whole numbers — not read",
    ]

"""Loading SQLite skips checks; a scan afterwards finds the rows that break them."""

from pathlib import Path

import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import ENGINES
from dbworkbench.errors import EngineError
from dbworkbench.schema.notation import relation
from dbworkbench.schema.schema import Schema

CASES = [
    ("t(*id: integer, n: integer check (n > 0))", "SELECT 1 AS id, 5 AS n", True),
    ("t(*id: integer, n: integer check (n > 0))", "SELECT 1 AS id, -1 AS n UNION ALL SELECT 2, 5", False),
    ("t(*id: integer, n: integer? check (n > 0))", "SELECT 1 AS id, NULL AS n", True),
    (
        "t(*id: integer, n: integer? check (n > 0), m: integer check (m > 0))",
        "SELECT 1 AS id, NULL AS n, 0 AS m",
        False,
    ),
    ("t(*id: integer, s: enum('a', 'b'))", "SELECT 1 AS id, 'c' AS s", False),
    ("t(*id: integer, s: text check (s <> 'CHECK ('))", "SELECT 1 AS id, 'CHECK (' AS s", False),
    ("t(*id: integer, ok: boolean)", "SELECT 1 AS id, true AS ok", True),
]


@pytest.mark.parametrize(("design", "select", "holds"), CASES)
def test_rows_that_break_a_check_are_not_loaded_unseen(design: str, select: str, holds: bool, tmp_path: Path) -> None:  # noqa: FBT001
    one = relation(design)
    with Tables() as tables, ENGINES["sqlite"].session(tmp_path) as session:
        session.create(Schema((one,)))
        if holds:
            session.load(one, tables, select)
        else:
            with pytest.raises(EngineError, match="break a rule"):
                session.load(one, tables, select)


MANY = "SELECT range AS id, {n} AS n, 'a' AS _rowid_ FROM range(120000)"


@pytest.mark.parametrize("at", [0, 59_999, 60_000, 119_999])
@pytest.mark.parametrize(
    ("design", "value", "says"),
    [
        ("t(*id: integer, n: integer? check (n > 0))", "-1", "break a rule"),
        ("t(*id: integer, n: double?)", "'nan'::DOUBLE", "n: 119,999 of 120,000"),
        ("t(*id: integer, n: double?, _rowid_: text)", "'nan'::DOUBLE", "n: 119,999 of 120,000"),
    ],
)
def test_one_row_among_many_is_found(design: str, value: str, says: str, at: int, tmp_path: Path) -> None:
    one = relation(design)
    with Tables() as tables, ENGINES["sqlite"].session(tmp_path) as session:
        session.create(Schema((one,)))
        with pytest.raises(EngineError, match=says):
            session.load(one, tables, MANY.format(n=f"CASE WHEN range = {at} THEN {value} ELSE 2 END"))


def test_many_rows_are_counted_by_halves(tmp_path: Path) -> None:
    one = relation("t(*id: integer, n: integer? check (n > 0))")
    with Tables() as tables, ENGINES["sqlite"].session(tmp_path) as session:
        session.create(Schema((one,)))
        assert session.load(one, tables, MANY.format(n="nullif(range % 3, 0)")) == 120_000

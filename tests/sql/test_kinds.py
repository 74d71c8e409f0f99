"""Conditions whose parts are of different kinds: what is written loads, what cannot be is told."""

import pytest

import dbworkbench as wb
from dbworkbench.sql.write import statements
from tests.scratch import Scratch

CHECKS = """
CASE WHEN a THEN b > 0 ELSE true END; CASE WHEN b > 1 THEN 1 ELSE 0 END; CASE WHEN a THEN 1 ELSE NULL END IS NULL; b
CASE a WHEN true THEN b ELSE 2 END > 1; coalesce(a, b > 1); a = 1; a IN (0, 1); a + b > 1; 1; a > 0; b = true; NOT b
CASE WHEN b > 1 THEN a ELSE 0 END; CASE WHEN b > 1 THEN a = true ELSE 1 END; b AND a; CASE WHEN b THEN a ELSE false END
u > 3; u <> ''; length(u) > 2; u IN (1, 2); u = b; u + 1 > 2; u LIKE 'a%'; u; abs(u) > 1; u = a; u BETWEEN 1 AND 3
NOT u; b LIKE '1%'; length(b) = 3; lower(b) = 'x'; b || 'x' = 'y'; b = 'x'; b = '3'; d > '2020'; d > '2020-01-31'; d > 3
a LIKE 'x'; -u > 1; round(b) = 1; nullif(a, false) IS NULL; nullif(b, 3) = a; CASE b WHEN 1 THEN a WHEN 2 THEN b END
"""


@pytest.mark.parametrize("dialect", ["duckdb", "postgresql"])
def test_what_is_written_of_a_condition_loads(dialect: str, scratch: Scratch) -> None:
    checks = [check.strip() for line in CHECKS.strip().splitlines() for check in line.split(";")]
    with scratch(dialect) as run:
        for at, check in enumerate(checks):
            design = wb.schema(f"r{at}(*id: integer, a: boolean, b: integer?, u?, d: date)\n  check {check}")
            for statement in statements(design, dialect):
                run(statement)


@pytest.mark.parametrize(
    ("check", "dialect", "expected"),
    [
        ("CASE WHEN b > 1 THEN 1 ELSE 0 END", "postgresql", 'CHECK (CASE WHEN "b" > 1 THEN 1 ELSE 0 END <> 0)'),
        ("a = 1", "postgresql", 'CHECK ("a" = TRUE)'),
        ("a > 0", "postgresql", 'CHECK (CAST("a" AS INT) > 0)'),
        ("NOT b", "postgresql", 'CHECK (NOT "b" <> 0)'),
        ("b = true", "postgresql", 'CHECK ("b" = 1)'),
        ("b", "duckdb", 'CHECK ("b")'),
        ("b > '3'", "duckdb", "CHECK (\"b\" > '3')"),
    ],
)
def test_truths_and_numbers_stand_for_each_other(check: str, dialect: str, expected: str) -> None:
    written = wb.write(f"r(*id: integer, a: boolean, b: integer?)\n  check {check}", dialect)
    assert expected in written.text
    assert written.losses == ()


@pytest.mark.parametrize("check", ["u > 3", "u + 1 > 2", "d > 3", "length(b) = 3", "b = 'x'", "d > '2020'"])
@pytest.mark.parametrize("dialect", ["duckdb", "postgresql"])
def test_kinds_that_do_not_go_together_are_told(check: str, dialect: str) -> None:
    written = wb.write(f"r(*id: integer, b: integer, u, d: date)\n  check {check}", dialect)
    assert "CHECK" not in written.text
    assert any(check in str(loss) and "does not take" in str(loss) for loss in written.losses)

"""Conditions read in one dialect and written in another let the same rows in, in databases that run."""

import re
from typing import Any

import pytest

import dbworkbench as wb
from dbworkbench.schema.loss import Loss
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
    ("postgresql", "(x)::numeric > 0.0004", "odd even sign"),
    ("postgresql", "x::numeric > (0.0004)::numeric AND id > (3)::numeric", "even sign"),
    ("postgresql", "id::numeric / 2 > 1.4 AND id / (2)::numeric < 1.6", "odd"),
    ("oracle", "CAST(x AS NUMBER) > 0.0004", "odd even sign"),
    ("mysql", "CAST(x AS DECIMAL(10, 1)) = 0.5", "odd"),
    ("sqlserver", "CAST(x AS DECIMAL(10, 1)) = 0.5", "odd"),
    ("postgresql", r"n NOT LIKE '%\_%'", "odd minus sign"),
    ("mysql", r"n NOT LIKE '%\_%'", "odd minus sign"),
    ("postgresql", r"n LIKE 'a\\b'", "minus"),
    ("mysql", r"n LIKE 'a\\\\b'", "minus"),
    ("sqlite", r"n LIKE 'a\b'", "minus"),
    ("snowflake", r"n LIKE 'a\\b'", "minus"),
    ("postgresql", r"n LIKE '%\%'", "sign"),
    ("sqlite", r"n LIKE '%\%'", "minus"),
    ("postgresql", r"n LIKE 'a\b' ESCAPE ''", "minus"),
    ("oracle", r"n LIKE '50\%' ESCAPE '\'", "sign"),
    ("postgresql", "n LIKE '50!%' ESCAPE '!'", "sign"),
    ("sqlserver", "n LIKE 'a[_]b'", "even"),
    ("clickhouse", r"n LIKE 'a\\_b'", "even"),
    ("postgresql", r"NOT (n LIKE 'p%' OR n LIKE 'a\_b')", "minus sign"),
]


def _design(written: str, check: str) -> wb.Schema:
    found = wb.read(f"CREATE TABLE t ({COLUMNS}, CONSTRAINT asked CHECK ({check}))", dialect=written)
    assert not _lost(found.losses)
    return found.schema


def _lost(losses: tuple[Loss, ...]) -> list[Loss]:
    """What is lost of checks beside what engines tell apart by default: capitals and small letters, which no row here differs by."""
    return [loss for loss in losses if "the check" in str(loss) and "case alone" not in str(loss)]


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
    assert not _lost(wb.write(design, dialect).losses)
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


@pytest.mark.parametrize(
    ("written", "check", "dialect", "expected"),
    [
        ("postgresql", "x::numeric > 0.0004", "postgresql", 'CAST("x" AS DECIMAL) > 0.0004'),
        ("postgresql", "x::numeric > 0.0004", "oracle", 'CAST("x" AS NUMBER) > 0.0004'),
        ("postgresql", "p::numeric > 0.0004", "mysql", "`p` > 0.0004"),
        ("postgresql", "x::numeric(8,1) > 0.5", "sqlite", 'ROUND(CAST("x" AS REAL), 1) > 0.5'),
        ("postgresql", r"n NOT LIKE '%\_%'", "postgresql", r""""n" NOT LIKE '%\_%'"""),
        ("postgresql", r"n NOT LIKE '%\_%'", "mysql", r"`n` NOT LIKE '%\\_%'"),
        ("postgresql", r"n NOT LIKE '%\_%'", "oracle", r""""n" NOT LIKE '%\_%' ESCAPE '\'"""),
        ("postgresql", r"n NOT LIKE '%\_%'", "sqlserver", r"[n] NOT LIKE '%\_%' ESCAPE '\'"),
        ("postgresql", "n LIKE '[a]%'", "sqlserver", "[n] LIKE '[[]a]%'"),
        ("postgresql", "n LIKE 'a!_b' ESCAPE '!'", "clickhouse", r""""n" LIKE 'a\\_b'"""),
        ("sqlite", r"n LIKE 'a\b'", "clickhouse", r""""n" LIKE 'a\\\\b'"""),
    ],
)
def test_how_it_is_written(written: str, check: str, dialect: str, expected: str) -> None:
    assert expected in wb.write(_design(written, check), dialect).text


GIVEN = """
CREATE TABLE t (id int PRIMARY KEY, name text, p numeric(10,2), vip boolean NOT NULL, at timestamptz DEFAULT now(), d date DEFAULT CURRENT_DATE,
  city text DEFAULT 'Łódź', g text GENERATED ALWAYS AS (lower((name)::text) || '-' || p) STORED, u uuid DEFAULT gen_random_uuid(),
  who text DEFAULT CURRENT_USER, s text DEFAULT SESSION_USER, ts timestamp DEFAULT (now() + '7 days'::interval),
  i interval DEFAULT INTERVAL '21' DAY, m interval DEFAULT INTERVAL '1-2' YEAR TO MONTH, c timestamptz DEFAULT clock_timestamp(),
  CHECK (name <> ''), CHECK (name ~ '^[a-z]+$'), CHECK (EXTRACT(year FROM d) > 1900));
CREATE UNIQUE INDEX vips ON t (p) WHERE vip;
CREATE INDEX others ON t (p) WHERE NOT vip;
"""
WORDS = {
    "postgresql": [
        "DEFAULT CURRENT_USER,",
        "DEFAULT SESSION_USER,",
        "DEFAULT (CURRENT_TIMESTAMP + CAST('7 days' AS INTERVAL))",
        "DEFAULT (INTERVAL '21 DAY')",
        "DEFAULT (INTERVAL '14 MONTH')",
        'CHECK (EXTRACT(YEAR FROM "d") > 1900)',
    ],
    "mysql": [
        "DEFAULT (UUID())",
        "DEFAULT (CURRENT_USER())",
        "CHECK (REGEXP_LIKE(`name`, '^[a-z]+$', 'c'))",
        "CHECK (EXTRACT(YEAR FROM `d`) > 1900)",
    ],
    "mariadb": ["DEFAULT (UUID())", "DEFAULT (CURRENT_USER())", "CHECK (EXTRACT(YEAR FROM `d`) > 1900)"],
    "sqlserver": [
        "DEFAULT (NEWID())",
        "DEFAULT CURRENT_USER",
        "DEFAULT (SYSDATETIMEOFFSET())",
        "DEFAULT N'Łódź'",
        "LOWER([name]) + '-' + CAST([p] AS NVARCHAR(60))",
        "WHERE [vip] = 1;",
        "WHERE [vip] = 0;",
    ],
    "oracle": [
        "DEFAULT SYS_GUID()",
        "DEFAULT (TRUNC(CURRENT_DATE))",
        "DEFAULT (INTERVAL '21' DAY)",
        """AS (LOWER("name") || '-' || "p")""",
        "CHECK (REGEXP_LIKE(\"name\", '^[a-z]+$', 'c'))",
        'CHECK (EXTRACT(YEAR FROM "d") > 1900)',
    ],
    "snowflake": ["DEFAULT UUID_STRING()", "DEFAULT CURRENT_USER()"],
    "duckdb": ["DEFAULT (INTERVAL '14' MONTH)", "DEFAULT SESSION_USER"],
}


@pytest.mark.parametrize("dialect", WORDS)
def test_there_are_words_for_it(dialect: str) -> None:
    found = wb.read(GIVEN, dialect="postgresql")
    assert found.losses == ()
    assert ["clock_timestamp()" in one.text for one in found.schema.definitions] == [True]
    written = wb.write(found.schema, dialect)
    assert [word for word in WORDS[dialect] if word not in written.text] == []
    back = wb.read(written.text, dialect=dialect).schema.relations[0]
    kept = {one.name: one.default for one in back.attributes if one.default}
    assert kept["d"] == "CURRENT_DATE"
    if "u UUID" not in " ".join(map(str, written.losses)):
        assert kept["u"] == "UUID()"


def test_what_oracle_cannot_compare_is_told() -> None:
    given = "CREATE TABLE t (id int PRIMARY KEY, name varchar(9) CHECK (name <> ''), long text CHECK (long <> 'a'))"
    lost = list(map(str, wb.write(wb.read(given, dialect="postgresql").schema, "oracle").losses))
    assert "t: the check name <> '': Oracle takes the empty text for NULL — not written" in lost
    assert "t: the check long <> 'a': a comparison of long, which is CLOB — not written" in lost


@pytest.mark.parametrize("dialect", [one for one in ENGINES if one != "sqlite"])
def test_rows_fill_themselves(dialect: str, scratch: Scratch) -> None:
    with scratch(dialect) as run:
        for statement in statements(wb.read(GIVEN, dialect="postgresql").schema, dialect):
            run(statement)
        run("INSERT INTO t (id, name, p, vip) VALUES (1, 'ann', 1.5, false)")
        ((who, named, today, made),) = run("SELECT who, s, d = CURRENT_DATE, u IS NOT NULL FROM t")
        assert who
        assert named
        assert today
        assert made


def test_sets_of_characters_are_kept_for_sql_server_and_told_as_lost_elsewhere() -> None:
    given = "CREATE TABLE t (id int PRIMARY KEY, n nvarchar(9) COLLATE Latin1_General_BIN, CHECK (n LIKE '[a-z]%'))"
    found = wb.read(given, dialect="sqlserver")
    assert "CHECK ([n] LIKE '[a-z]%')" in wb.write(found.schema, "sqlserver").text
    assert "t: the check n LIKE '[a-z]%': only SQL Server has words for it — not written" in [
        str(loss) for loss in wb.write(found.schema, "postgresql").losses
    ]


def test_what_is_divided_must_be_known() -> None:
    given = "CREATE TABLE t (id int PRIMARY KEY, n text, g int GENERATED ALWAYS AS (n / 2) STORED, CHECK (n / 2 > 1))"
    assert [str(loss) for loss in wb.read(given, dialect="postgresql").losses] == [
        "t.g: computed as n / 2: whether it divides whole numbers — read as a plain attribute",
        "t: the check n / 2 > 1: whether it divides whole numbers — not read",
    ]

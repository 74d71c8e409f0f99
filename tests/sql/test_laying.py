"""Rows laid into parts: each engine's words where the meaning is the same, a loss elsewhere."""

import pytest

import dbworkbench as wb
from dbworkbench.engines.reflect import reflected
from dbworkbench.schema.relation import Attribute, Key, Part, Partition, Partitioning, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Boolean, Date, Decimal, Float, Integer, Text, Time, Timestamp, Type, Uuid
from dbworkbench.sql.alike import differences
from dbworkbench.sql.bounds import apart
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from tests.scratch import REFUSED, SCHEMA_OF, Run, Scratch

ATTRIBUTES = (
    Attribute("id", Integer(), nullable=False),
    Attribute("day of it", Date(), nullable=False),
    Attribute("kind", Text(9), nullable=False),
    Attribute("said", Text(), nullable=True),
)


def laid(method: str, on: str | Part, parts: dict[str, str] | int | None = None) -> Schema:
    named = tuple(Partition(name, bounds) for name, bounds in parts.items()) if isinstance(parts, dict) else ()
    by = Partitioning(method, (on,), named, parts if isinstance(parts, int) else None)
    key = ("id",) if on in {"id", "said"} else ("id", on if isinstance(on, str) else "day of it")
    return Schema((Relation("log", ATTRIBUTES, (Key(key),), note="what was said", partitioning=by),))


YEAR = Part(expression='YEAR(CAST("day of it" AS DATE))')
NUMBERS = {"low`s": "LESS THAN (-10)", "p1": "LESS THAN (20)", "the rest": "LESS THAN MAXVALUE"}
DAYS = {"p0": "LESS THAN ('2024-01-01')", "p1": "LESS THAN (MAXVALUE)"}
SPANS = {"p0": "FROM (MINVALUE) TO (10)", "p1": "FROM (10) TO (20)"}
KINDS = {"p0": "IN ('x', 'it''s')", "p1": "IN ('z')"}
ON_MARIADB = [
    laid("range", "id", NUMBERS), laid("range", "id", SPANS), laid("range", "day of it", DAYS), laid("hash", "id", 4),
    laid("range", YEAR, {"p0": "LESS THAN (2020)", "p1": "LESS THAN MAXVALUE"}), laid("list", "kind", KINDS),
    laid("list", "id", {"p0": "IN (1, 2)", "p1": "IN (3)"}), laid("hash", "id"), laid("key", "kind", 2),
]  # fmt: skip


@pytest.mark.parametrize(
    ("dialect", "designs"),
    [
        ("mariadb", ON_MARIADB),
        ("clickhouse", [laid("", "kind"), laid("", "day of it")]),
        ("postgresql", [laid("range", "id", NUMBERS), laid("range", "id", SPANS), laid("list", "kind", KINDS)]),
    ],
)
def test_engines_lay_rows_as_they_are_told(dialect: str, designs: list[Schema], scratch: Scratch) -> None:
    for design in designs:
        written = write(design, dialect)
        assert not [loss for loss in written.losses if "partitioning" in str(loss)], written
        carried = read(written.text, dialect).schema
        assert carried["log"].partitioning is not None
        with scratch(dialect) as run:
            for statement in statements(design, dialect):
                run(statement)
            found = reflected(run, dialect, (SCHEMA_OF[dialect],)).schema
            assert differences(carried, found) == ()


@pytest.mark.parametrize(
    ("dialect", "design"),
    [
        ("oracle", laid("range", "id", NUMBERS)),
        ("oracle", laid("list", "kind", KINDS)),
        ("oracle", laid("hash", "id", 4)),
        ("mysql", laid("range", "day of it", DAYS)),
        ("bigquery", laid("", "day of it")),
        ("databricks", laid("", "kind")),
    ],
)
def test_what_is_written_reads_back(dialect: str, design: Schema) -> None:
    written = write(design, dialect)
    assert not [loss for loss in written.losses if "partitioning" in str(loss)], written
    ours, theirs = design["log"].partitioning, read(written.text, dialect).schema["log"].partitioning
    assert ours is not None
    assert theirs is not None
    plain = [one.bounds.replace("(MAXVALUE)", "MAXVALUE") for one in theirs.partitions]
    on = tuple(name.replace(" ", "_") for name in ours.attributes) if dialect == "bigquery" else ours.attributes
    assert (theirs.method, theirs.attributes, theirs.count) == (ours.method, on, ours.count)
    assert plain == [one.bounds.replace("(MAXVALUE)", "MAXVALUE") for one in ours.partitions]


def test_a_bound_of_mysql_is_a_span_of_postgresql() -> None:
    assert 'PARTITION OF "log" FOR VALUES FROM (-10) TO (20)' in write(laid("range", "id", NUMBERS), "postgresql").text
    assert "VALUES LESS THAN (20)" in write(laid("range", "id", SPANS), "mysql").text


@pytest.mark.parametrize(
    ("dialect", "design", "why"),
    [
        ("mysql", laid("range", "id", {"a": "FROM (1) TO (2)"}), "leave room"),
        ("mysql", laid("range", "id", {"a": "LESS THAN (2)", "b": "LESS THAN (1)"}), "do not rise"),
        ("mysql", laid("range", "id", {"a": "LESS THAN (1); DROP TABLE log"}), "leave room"),
        ("mysql", laid("range", "id", {"a": "LESS THAN ('x')"}), "another type"),
        ("mysql", laid("range", "day of it", {"a": "LESS THAN ('x')"}), "no day"),
        ("mysql", laid("list", "kind", {"a": "IN ('x')", "b": "IN ('x')"}), "two parts"),
        ("oracle", laid("range", YEAR, {"a": "LESS THAN (2020)"}), "one attribute"),
        ("clickhouse", laid("range", "id", NUMBERS), "no rows by range"),
        ("clickhouse", laid("", "said"), "NULL"),
        ("bigquery", laid("", "kind"), "of that type"),
        ("redshift", laid("", "kind"), "partitioning"),
        ("snowflake", laid("", "kind"), "partitioning"),
    ],
)
def test_what_means_something_else_is_told(dialect: str, design: Schema, why: str) -> None:
    written = write(design, dialect)
    assert "PARTITION" not in written.text
    assert any("partitioning" in str(loss) and why in str(loss) for loss in written.losses), written.losses


def test_mysql_lays_no_table_that_refers_and_none_with_another_key() -> None:
    other = "other(*id: integer, log: integer -> log)"
    shop = wb.schema(f"log(*id: integer, v: integer)\n  partition by hash (id)\n{other}")
    assert "refers to it" in str(write(shop, "mysql").losses)
    keyed = wb.schema("log(*id: integer, v: integer unique)\n  partition by hash (id)")
    assert "a key does not say" in str(write(keyed, "mysql").losses)


ID = "00000000-0000-0000-0000-00000000000"
BOUNDS: list[tuple[Type, str, str, str]] = [
    (kind, spelled, one, other)
    for kind, spelled, pairs in (
        (Integer(), "integer", (("IN (1)", "IN (1.4)"), ("IN (1)", "IN (1.5)"), ("IN (1)", "IN ('1')"), ("IN (true)", ""))),
        (Decimal(1, 1), "numeric(1,1)", (("FROM (MINVALUE) TO (10)", ""), ("FROM (0) TO (0.95)", ""), ("IN (-0.94)", ""))),
        (Decimal(5, 0), "numeric(5)", (("FROM (1) TO (1.4)", ""), ("FROM (1) TO (1.5)", ""), ("IN (1)", "IN (1.0)"))),
        (Decimal(), "numeric", (("FROM (1) TO (1.4)", "FROM (1.4) TO (1e3)"), ("IN (1e5)", "IN (100000)"))),
        (Float(32), "real", (("IN (0.1)", "IN (0.1000000001)"), ("IN (0.1)", "IN (0.1001)"), ("IN (1e-60)", ""))),
        (Float(), "double precision", (("IN (0.1)", "IN (0.1000000001)"), ("IN ('1e400')", ""))),
        (Boolean(), "boolean", (("IN (true)", "IN (false)"), ("IN (true)", "IN ('yes')"), ("IN (1)", ""), ("IN ('1')", ""))),
        (Date(), "date", (("FROM ('2025-01-01 01:00') TO ('2025-01-01 02:00')", ""), ("IN ('2025-01-01')", "IN ('2025-01-02')"))),
        (Timestamp(), "timestamp", (("FROM ('2025-01-01 01:00') TO ('2025-01-01 00:30-05')", ""), ("IN ('2025-01-01')", ""))),
        (
            Timestamp(zone=True),
            "timestamptz",
            (
                ("FROM ('2025-01-01 01:00+00') TO ('2025-01-01 00:30-05')", ""),
                ("FROM ('2025-01-01 00:30-05') TO ('2025-01-01 01:00+00')", ""),
            ),
        ),
        (Time(), "time", (("IN ('10:00')", "IN ('10:00:00')"), ("IN ('10:00')", "IN ('10:00:01')"))),
        (Timestamp(), "timestamp(0)", (("IN ('2025-01-01 00:00:00.6')", "IN ('2025-01-01 00:00:01')"),)),
        (Time(), "time(1)", (("IN ('10:00:00.04')", "IN ('10:00')"), ("IN ('10:00:00.06')", "IN ('10:00')"))),
        (Uuid(), "uuid", ((f"IN ('{ID}a')", f"IN ('{ID}A')"), (f"FROM ('{ID}1') TO ('{ID}a')", ""))),
        (Text(7), "varchar(7)", (("FROM ('2025-01-01') TO ('2026-01-01')", ""), ("IN ('a')", "IN ('a ')"))),
        (Text(7), "char(7)", (("IN ('a')", "IN ('a ')"), ("IN ('a''')", "IN ('a')"))),
    )
    for one, other in pairs
]  # fmt: skip


def test_bounds_are_refused_as_postgresql_does(scratch: Scratch) -> None:
    for kind, spelled, *bounds in BOUNDS:
        parts = [Partition(f"p{at}", one) for at, one in enumerate(bounds) if one]
        by = Partitioning("list" if bounds[0].startswith("IN") else "range", ("x",), tuple(parts))
        relation = Relation("r", (Attribute("x", kind),), partitioning=by)
        with scratch("postgresql") as run:
            run(f"CREATE TABLE r (x {spelled}) PARTITION BY {by.method} (x)")
            refused = any(
                _refuses(run, f"CREATE TABLE {one.name} PARTITION OF r FOR VALUES {one.bounds}") for one in parts
            )
        assert bool(apart(relation, by, parts, {"x": spelled})) == refused, (spelled, bounds, refused)


def _refuses(run: Run, statement: str) -> bool:
    try:
        run(statement)
    except REFUSED:
        return True
    return False

"""Extreme values through each engine and back: what does not survive is a loss that the dialect reports."""

import datetime as dt
import json
import math
import re
import sqlite3
import uuid
from collections.abc import Callable
from decimal import Decimal as Exact
from typing import Any

import duckdb
import pytest

from dbworkbench.schema.relation import Attribute, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Interval,
    Json,
    Text,
    Time,
    Timestamp,
    Type,
    Uuid,
    type_text,
)
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.write import statements
from dbworkbench.trials.breaking import literal
from tests.scratch import REFUSED, Scratch
from tests.servers import PostgreSQL

UTC = dt.UTC
PROBES: tuple[tuple[Type, tuple[Any, ...]], ...] = (
    (Boolean(), (True, False)),
    (Integer(16), (-(2**15), 2**15 - 1)),
    (Integer(32), (-(2**31), 2**31 - 1)),
    (Integer(64), (-(2**63), 2**63 - 1)),
    (Decimal(10, 2), (Exact("-99999999.99"), Exact("0.01"), Exact("1234567.80"))),
    (Decimal(15, 4), (Exact("12345678901.2345"), Exact("-0.0001"))),
    (Decimal(18, 0), (Exact(10**18 - 1), Exact(-(10**18) + 1))),
    (Decimal(18, 4), (Exact("12345678901234.5678"),)),
    (Decimal(38, 0), (Exact(10**38 - 1),)),
    (Decimal(38, 18), (Exact("12345678901234567890.123456789012345678"),)),
    (Float(32), (1.5, -3.4028234663852886e38)),
    (Float(64), (5e-324, 1.7976931348623157e308, 0.1)),
    (Text(), ("", " ", 'it\'s \\ "quoted"', "Grüße\n\t😀", "x" * 100_000)),
    (Text(3), ("😀😀😀", "abc")),
    (Enumeration(("a", "it's")), ("it's",)),
    (Bytes(), (b"", bytes(range(256)))),
    (Uuid(), (uuid.UUID(int=2**128 - 1), uuid.UUID(int=0))),
    (Date(), (dt.date(1, 1, 1), dt.date(1066, 10, 14), dt.date(9999, 12, 31))),
    (Time(), (dt.time(0), dt.time(23, 59, 59, 999_999))),
    (Timestamp(), (dt.datetime(1, 1, 1), dt.datetime(2045, 7, 16, 5, 29, 45, 123_456))),  # noqa: DTZ001  local on purpose
    (Timestamp(zone=True), (dt.datetime(2045, 7, 16, 5, 29, 45, 123_456, UTC), dt.datetime(1066, 10, 14, tzinfo=UTC))),
    (Json(), ({"b": [1, None, 2.5], "a": "😀"}, [], "text")),
    (Interval(), (dt.timedelta(days=400, hours=5, microseconds=7), dt.timedelta(0), dt.timedelta(days=-1))),
)
HARD: tuple[tuple[str, Type, tuple[Any, ...]], ...] = (
    ("double, not finite", Float(64), (math.inf, -math.inf, math.nan)),
    ("text with NUL", Text(), ("a\0b",)),
    ("text of a megabyte", Text(), ("é" * 500_000,)),
)
"""What few engines take: a value that is refused is not lost."""

Probe = Callable[[Schema, Type, Any], Any]


def through_sqlite(schema: Schema, kind: Type, value: Any) -> Any:
    stored = value
    if isinstance(value, Exact):
        stored = int(value) if kind == Decimal(18, 0) else str(value) if value == int(value) else float(value)
    elif isinstance(value, dt.datetime):
        stored = value.isoformat(" ")
    elif isinstance(value, dt.date | dt.time | uuid.UUID | dt.timedelta):
        stored = str(value)
    elif isinstance(kind, Json):
        stored = json.dumps(value)
    connection = sqlite3.connect(":memory:")
    try:
        for statement in statements(schema, "sqlite"):
            connection.execute(statement)
        connection.execute("INSERT INTO probe VALUES (1, ?)", [stored])
        (back,) = connection.execute("SELECT held FROM probe").fetchone()
    finally:
        connection.close()
    match kind:
        case Boolean():
            return bool(back)
        case Decimal():
            return Exact(str(back))
        case Uuid():
            return uuid.UUID(back)
        case Date() | Time():
            return type(value).fromisoformat(back)
        case Timestamp():
            return dt.datetime.fromisoformat(back)
        case Json():
            return json.loads(back)
        case Interval():
            return as_value(back, kind)
        case _:
            return back


def through_duckdb(schema: Schema, kind: Type, value: Any) -> Any:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for statement in statements(schema, "duckdb"):
            connection.execute(statement)
        connection.execute("INSERT INTO probe VALUES (1, ?)", [json.dumps(value) if isinstance(kind, Json) else value])
        shown = "held::VARCHAR" if kind == Timestamp(zone=True) else "held"  # as a value it would need a package
        (back,) = connection.execute(f"SELECT {shown} FROM probe").fetchall()[0]
    if kind == Timestamp(zone=True):
        return dt.datetime.fromisoformat(back)
    return json.loads(back) if isinstance(kind, Json) else back


def through_postgresql(server: PostgreSQL) -> Probe:
    def probe(schema: Schema, kind: Type, value: Any) -> Any:
        connection = server.connect()
        try:
            cursor = connection.cursor()
            for statement in statements(schema, "postgresql"):
                cursor.execute(statement)
            cursor.execute("INSERT INTO probe VALUES (1, %s)", [json.dumps(value) if isinstance(kind, Json) else value])
            cursor.execute("SELECT held FROM probe")
            return cursor.fetchone()[0]
        finally:
            connection.rollback()
            connection.close()

    return probe


def through_sql(scratch: Scratch, dialect: str) -> Probe:
    """By literals, as a verification writes them, and back as text."""

    def probe(schema: Schema, kind: Type, value: Any) -> Any:
        with scratch(dialect) as run:
            for statement in statements(schema, dialect):
                run(statement)
            run(f"INSERT INTO probe VALUES (1, {literal(told(value, kind), kind, DIALECTS[dialect])})")
            shown = "hex(held)" if isinstance(kind, Bytes) else "held"
            if kind == Float(32) and dialect == "mariadb":
                shown = "CAST(held AS DOUBLE)"  # as text, its FLOAT has six digits, though it holds seven
            ((back,),) = run(f"SELECT {shown} FROM probe")
        return as_value(back, kind)

    return probe


def told(value: Any, kind: Type) -> str:
    match value:
        case _ if isinstance(kind, Json):
            return json.dumps(value)
        case bool():
            return str(value).lower()
        case bytes():
            return value.hex()
        case dt.datetime(tzinfo=zone):
            return (value.astimezone(UTC) if zone else value).replace(tzinfo=None).isoformat(" ")
        case _:
            return str(value)


def as_value(back: Any, kind: Type) -> Any:
    match kind:
        case Boolean():
            return back in {1, "true"}
        case Integer():
            return int(back)
        case Decimal():
            return Exact(str(back))
        case Float():
            return float(back)
        case Bytes():
            return bytes.fromhex(back)
        case Uuid():
            return uuid.UUID(back)
        case Json():
            return json.loads(back)
        case Date():
            return dt.date.fromisoformat(str(back))
        case Time():
            return (
                (dt.datetime(1, 1, 1, tzinfo=UTC) + back).time()
                if isinstance(back, dt.timedelta)
                else dt.time.fromisoformat(back)
            )
        case Timestamp(zone):
            return dt.datetime.fromisoformat(str(back)).replace(tzinfo=UTC if zone else None)
        case Interval():
            found = re.fullmatch(r"(?:(-?\d+) days?,? ?)?(?:(\d+):(\d\d):(\d\d)(?:\.(\d+))?)?", back)
            assert found is not None, back
            days, hours, minutes, seconds, part = (int(piece or 0) for piece in found.groups())
            return dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=part)
        case _:
            return back


@pytest.fixture
def engines(postgresql_server: PostgreSQL, scratch: Scratch) -> dict[str, Probe]:
    return {
        "duckdb": through_duckdb,
        "sqlite": through_sqlite,
        "postgresql": through_postgresql(postgresql_server),
        "mariadb": through_sql(scratch, "mariadb"),
        "clickhouse": through_sql(scratch, "clickhouse"),
    }


def same(kind: Type, value: Any, back: Any) -> bool:
    if isinstance(value, float) and isinstance(back, float):
        if math.isnan(value) or math.isinf(value):
            return str(value) == str(back)
        return math.isclose(value, back, rel_tol=1e-7) if kind == Float(32) else value == back
    return type(value) is type(back) and bool(value == back)


def fate(probe: Probe, dialect: str, kind: Type, values: tuple[Any, ...]) -> str:
    """What becomes of values; one that comes back as another must be a loss that the dialect reports."""
    schema = Schema((Relation("probe", (Attribute("id", Integer()), Attribute("held", kind)), keys=(Key(("id",)),)),))
    text, loss = DIALECTS[dialect].type_text(kind)
    changed: list[Any] = []
    refused: list[Any] = []
    for value in values:
        try:
            if not same(kind, value, probe(schema, kind, value)):
                changed.append(value)
        except REFUSED:
            refused.append(value)
    assert loss is not None or not changed, (dialect, kind, changed)
    told = [
        f"{len(some)} of {len(values)} {what}" for some, what in ((changed, "changed"), (refused, "refused")) if some
    ]
    return f"{text}: {', '.join(told) or 'all back'}{f' ({loss.feature})' if loss else ''}"


def test_what_does_not_survive_is_reported(engines: dict[str, Probe], golden: Callable[[str, str], None]) -> None:
    lines = ["| type | " + " | ".join(engines) + " |", "| :-- | " + " | ".join(":--" for _ in engines) + " |"]
    for name, kind, values in (*((type_text(kind), kind, values) for kind, values in PROBES), *HARD):
        cells = [fate(probe, dialect, kind, values) for dialect, probe in engines.items()]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    golden("../../../docs/type_fidelity.md", _HEAD + "\n".join(lines) + "\n")


_HEAD = """# What becomes of values

Extreme values of each type are written through real engines and read back: the type as the engine has it, and whether all
come back, some come back as others, or are refused. What a dialect's writer tells as a loss stands in parentheses; a value
that changes without one fails the test that writes this page.

"""

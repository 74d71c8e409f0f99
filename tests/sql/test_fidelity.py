"""Extreme values through each engine and back: what does not survive is a loss that the dialect reports."""

import datetime as dt
import json
import math
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
)

Probe = Callable[[Schema, Type, Any], Any]


def through_sqlite(schema: Schema, kind: Type, value: Any) -> Any:
    stored = value
    if isinstance(value, Exact):
        stored = int(value) if kind == Decimal(18, 0) else str(value) if value == int(value) else float(value)
    elif isinstance(value, dt.datetime):
        stored = value.isoformat(" ")
    elif isinstance(value, dt.date | dt.time | uuid.UUID):
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


@pytest.fixture
def engines(postgresql_server: PostgreSQL) -> dict[str, Probe]:
    return {
        "duckdb": through_duckdb,
        "sqlite": through_sqlite,
        "postgresql": through_postgresql(postgresql_server),
    }


def same(kind: Type, value: Any, back: Any) -> bool:
    if isinstance(value, float) and isinstance(back, float):
        return math.isclose(value, back, rel_tol=1e-7) if kind == Float(32) else value == back
    return type(value) is type(back) and bool(value == back)


def test_what_does_not_survive_is_reported(engines: dict[str, Probe], golden: Callable[[str, str], None]) -> None:
    lines = ["type | " + " | ".join(engines), "--- | " + " | ".join("---" for _ in engines)]
    for kind, values in PROBES:
        schema = Schema(
            (Relation("probe", (Attribute("id", Integer()), Attribute("held", kind)), keys=(Key(("id",)),)),)
        )
        cells = []
        for name, probe in engines.items():
            text, loss = DIALECTS[name].type_text(kind)
            changed = [value for value in values if not same(kind, value, probe(schema, kind, value))]
            assert loss is not None or not changed, (name, kind, changed)
            fate = f"{len(changed)} of {len(values)} changed" if changed else "all back"
            cells.append(f"{text}: {fate}{f' ({loss.feature})' if loss else ''}")
        lines.append(f"{type_text(kind)} | " + " | ".join(cells))
    golden("fidelity.md", "\n".join(lines) + "\n")

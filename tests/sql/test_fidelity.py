"""Extreme values through each engine and back: what does not survive is a loss that the dialect reports."""

import datetime as dt
import json
import math
import re
import sqlite3
import struct
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal as Exact
from itertools import count
from typing import Any

import duckdb
import pytest

from dbworkbench.engines.sail import SailSession
from dbworkbench.errors import EngineError
from dbworkbench.schema.relation import Attribute, Declared, Key, Relation
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
    Native,
    Text,
    Time,
    Timestamp,
    Type,
    Uuid,
    type_text,
)
from dbworkbench.sql.declarations import beyond, spelled
from dbworkbench.sql.dialect import DIALECTS, bits_of
from dbworkbench.sql.write import statements
from dbworkbench.trials.breaking import literal
from dbworkbench.trials.emulated import Emulated
from tests.scratch import REFUSED, Scratch
from tests.servers import PostgreSQL

UTC = dt.UTC


def digits(precision: int, scale: int) -> tuple[Exact, ...]:
    """The ends of an exact number, its smallest steps, all its digits in use, halves, and zeros at the end."""

    def exact(said: str) -> Exact:
        return Exact(f"{said}e-{scale}")  # as it is written: what is computed has 28 digits

    ends = [exact("9" * precision), exact(("1234567890" * 7)[:precision])]
    plain = [exact(said) for said in ("0", "1", "5", "1" + "0" * (precision - 1))]
    halves = [Exact("0.5"), Exact("2.675")] if scale > 2 else []
    return tuple(dict.fromkeys((*ends, *(end.copy_negate() for end in ends), exact("-1"), *plain, *halves)))


HOSTILE = (
    "a",
    "A",
    "",
    " ",
    "it's",
    '"',
    "a,b",
    "\\",
    "\\n",
    "%_",
    "NULL",
    "0",
    "ä",
    "a\N{COMBINING DIAERESIS}",
    "日本語",
    "x" * 200,
)
TEXTS = (
    "",
    " ",
    "  a  ",
    "a ",
    'it\'s \\ "quoted"',
    "Grüße\n\t\r\n😀",
    "\\",
    "\\0\\n%s{}:x",
    "NULL",
    "\x01\x7f\x85\u2028\ufeff",
    "\U0010ffff",
)
DAYS = (
    dt.date(1, 1, 1),
    dt.date(1066, 10, 14),
    dt.date(1582, 10, 10),
    dt.date(1969, 12, 31),
    dt.date(2000, 2, 29),
    dt.date(9999, 12, 31),
)
TIMES = (dt.time(0), dt.time(0, 0, 0, 1), dt.time(12, 30, 0, 500_000), dt.time(23, 59, 59, 999_999))
MOMENTS = tuple(
    dt.datetime.combine(day, time)
    for day, time in zip(DAYS, (*TIMES, dt.time(1), dt.time(23, 59, 59, 999_999)), strict=True)
)
PLAIN: tuple[tuple[Type, tuple[Any, ...]], ...] = (
    (Boolean(), (True, False)),
    *((Integer(bits), (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1, 0, -1)) for bits in (16, 32, 64)),
    *(
        (Decimal(precision, scale), digits(precision, scale))
        for precision, scale in (
            (1, 0),
            (2, 2),
            (10, 2),
            (15, 4),
            (16, 6),
            (18, 0),
            (18, 4),
            (19, 0),
            (38, 0),
            (38, 18),
            (65, 30),
        )
    ),
    (Float(32), (1.5, 0.1, -0.0, 16_777_217.0, 1.401298464324817e-45, 1.1754943508222875e-38, -3.4028234663852886e38)),
    (Float(64), (5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, -0.0, 1 / 3, 9007199254740993.0, -1e22)),
    (Text(), (*TEXTS, "x" * 100_000)),
    (Text(3), ("😀😀😀", "abc", "a  ", "   ")),
    (Enumeration(("a", "it's")), ("it's",)),
    (Enumeration(HOSTILE), HOSTILE),
    (Bytes(), (b"", b"\0", b"\\x00", b"a ", bytes(range(256)), bytes(range(256)) * 400)),
    (Uuid(), (uuid.UUID(int=2**128 - 1), uuid.UUID(int=0), uuid.UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8"))),
    (Date(), DAYS),
    (Time(), TIMES),
    (Timestamp(), MOMENTS),
    (
        Timestamp(zone=True),
        (
            *(moment.replace(tzinfo=UTC) for moment in MOMENTS),
            dt.datetime(2045, 7, 16, 5, 29, 45, 123_456, dt.timezone(dt.timedelta(hours=14))),
            dt.datetime(2024, 3, 31, 2, 30, tzinfo=dt.timezone(-dt.timedelta(hours=9, minutes=30))),
        ),
    ),
    (
        Json(),
        (
            {"b": [1, None, 2.5], "a": "😀"},
            [],
            {},
            "text",
            "",
            0,
            False,
            {"": {"k": [[[]]]}},
            2**63,
            1.5e300,
            '\\ " \n',
        ),
    ),
    (
        Interval(),
        tuple(
            dt.timedelta(*given) for given in ((400, 18_000, 7), (0,), (-1,), (0, 1), (0, 0, 1), (0, 86_399, 999_999))
        ),
    ),
    (Native("inet"), ("192.168.0.1", "10.0.0.0/8", "::ffff:1.2.3.4", "2001:db8::1")),
    (Native("macaddr"), ("08:00:2b:01:02:03",)),
    (Native("bit(8)"), ("00000000", "11111111", "10000001")),
    (Native("bit varying(70)"), ("", "1", "10" * 35)),
    (Native("int4range"), ("[1,10)", "empty", "(,5)")),
    (Native("integer[]"), ([1, -2, 2**31 - 1], [], [None, 0])),
    (Native("text[]"), (['it\'s "quoted" \\ {a,b}', "", " ", "NULL", None], ["😀"])),
    (Native("numeric(5,2)[]"), (["999.99", "-0.01", "1.55"],)),
    (Native("timestamp[]"), (["2045-07-16 05:29:45.123456"],)),
)
HARD: tuple[tuple[str, Type, tuple[Any, ...]], ...] = (
    ("double, not finite", Float(64), (math.inf, -math.inf, math.nan)),
    ("text with NUL", Text(), ("a\0b",)),
    ("text of four megabytes", Text(), ("é" * 2_000_000,)),
    ("bytes of four megabytes", Bytes(), (bytes(range(256)) * 16_384,)),
)
"""What few engines take: a value that is refused is not lost."""

DECLARED: tuple[tuple[Type, str, str, tuple[Any, ...]], ...] = (
    (Integer(16), "mysql", "tinyint", (-128, 127)),
    (Integer(16), "mysql", "tinyint unsigned", (0, 255)),
    (Integer(16), "mysql", "year", (1901, 2155)),
    (Integer(64), "mysql", "int unsigned", (0, 2**32 - 1)),
    (Decimal(20, 0), "mysql", "bigint unsigned", (Exact(0), Exact(2**64 - 1))),
    (Text(3), "mysql", "char(3)", ("abc", "😀", "")),
    (Enumeration(("", "it's", '"')), "mysql", "enum('','it''s','\"')", ("", "it's", '"')),
    (Bytes(), "mysql", "varbinary(16)", (b"", bytes(16), b"\xff" * 16)),
    (Timestamp(), "mysql", "datetime", (*(moment.replace(microsecond=0) for moment in MOMENTS),)),
    (Time(), "postgresql", "time(0)", (dt.time(0), dt.time(23, 59, 59))),
    (Timestamp(), "postgresql", "timestamp(3)", (*(moment.replace(microsecond=123_000) for moment in MOMENTS),)),
    (Timestamp(zone=True), "postgresql", "timestamptz(3)", (dt.datetime(2045, 7, 16, 5, 29, 45, 999_000, UTC),)),
    (Integer(64), "duckdb", "uinteger", (0, 2**32 - 1)),
    (Integer(64), "clickhouse", "UInt32", (0, 2**32 - 1)),
)
"""Types in the words of one engine, with values that these hold."""

SAILS_OWN: dict[Type, str] = {
    Json(): "by Sail, to which numbers beyond 64 bits are doubles; in Databricks they have 38 digits"
}
"""What Sail alone changes, which stands in for Databricks."""

Probe = Callable[[Schema, Type, Sequence[Any]], list[Any]]
"""What comes back of values that are written, each in a row of its own; the error where one is refused."""


def through_sqlite(schema: Schema, kind: Type, values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    connection = sqlite3.connect(":memory:")
    try:
        for statement in statements(schema, "sqlite"):
            connection.execute(statement)
        for value in values:
            try:
                connection.execute("INSERT OR REPLACE INTO probe VALUES (1, ?)", [for_sqlite(value, kind)])
            except REFUSED as error:
                found.append(error)
                continue
            (back,) = connection.execute("SELECT held FROM probe").fetchone()
            found.append(as_value(back, kind))
    finally:
        connection.close()
    return found


def for_sqlite(value: Any, kind: Type) -> Any:
    match value:
        case bool() | int() | float() if not isinstance(kind, Json):
            return value
        case dt.datetime():
            return told(value, kind)
        case bytes():
            return value
        case _:
            return told(value, kind)


def through_duckdb(schema: Schema, kind: Type, values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    exact = isinstance(kind, Decimal) and kind.precision > 38
    shown = "to_json(held)" if is_array(kind) else "held"
    if kind == Timestamp(zone=True) or (isinstance(kind, Native) and not is_array(kind)):
        shown = "held::VARCHAR"  # as a value it would need a package
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        for statement in statements(schema, "duckdb"):
            connection.execute(statement)
        for value in values:
            given = told(value, kind) if isinstance(kind, Json | Native) or exact else value
            try:
                connection.execute("INSERT OR REPLACE INTO probe VALUES (1, ?)", [given])
            except REFUSED as error:
                found.append(error)
                continue
            ((back,),) = connection.execute(f"SELECT {shown} FROM probe").fetchall()
            found.append(as_value(back, kind) if shown != "held" or isinstance(kind, Json | Native) or exact else back)
    return found


def through_postgresql(server: PostgreSQL) -> Probe:
    def probe(schema: Schema, kind: Type, values: Sequence[Any]) -> list[Any]:
        found: list[Any] = []
        plain = isinstance(kind, Native | Json)
        shown = "to_json(held::text[])::text" if is_array(kind) else "held::text" if plain else "held"
        connection = server.connect()
        try:
            cursor = connection.cursor()
            for statement in statements(schema, "postgresql"):
                cursor.execute(statement)
            for value in values:
                cursor.execute("SAVEPOINT here")
                cursor.execute("DELETE FROM probe")
                try:
                    if isinstance(kind, Native):
                        said = literal(told(value, kind), kind, DIALECTS["postgresql"])
                        cursor.execute(f"INSERT INTO probe VALUES (1, {said.replace('%', '%%')})")
                    else:
                        given = json.dumps(value) if isinstance(kind, Json) else value
                        cursor.execute("INSERT INTO probe VALUES (1, %s)", [given])
                    cursor.execute(f"SELECT {shown} FROM probe")
                except REFUSED as error:
                    cursor.execute("ROLLBACK TO SAVEPOINT here")
                    found.append(error)
                    continue
                back = cursor.fetchone()[0]
                found.append(as_value(back, kind) if plain else back)
        finally:
            connection.rollback()
            connection.close()
        return found

    return probe


def through_sql(scratch: Scratch, dialect: str) -> Probe:
    """By literals, as a verification writes them, and back as text."""

    def probe(schema: Schema, kind: Type, values: Sequence[Any]) -> list[Any]:
        found: list[Any] = []
        shown = "hex(held)" if isinstance(kind, Bytes) else "held"
        if kind == Float(32) and dialect == "mariadb":
            shown = "CAST(held AS DOUBLE)"  # as text, its FLOAT has six digits, though it holds seven
        with scratch(dialect) as run:
            for statement in statements(schema, dialect):
                run(statement)
            for at, value in enumerate(values):
                try:
                    run(f"INSERT INTO probe VALUES ({at}, {literal(told(value, kind), kind, DIALECTS[dialect])})")
                except REFUSED as error:
                    found.append(error)
                    continue
                ((back,),) = run(f"SELECT {shown} FROM probe WHERE id = {at}")
                found.append(as_value(back, kind))
        return found

    return probe


def through_sail(session: SailSession) -> Probe:
    """By literals, in one statement where none of them is refused, since each writes files; texts are asked for, but of numbers."""

    names = (f"probe{at}" for at in count())  # a table that is dropped leaves its files there

    def insert(name: str, rows: Sequence[tuple[int, str]]) -> None:
        session.run(f"INSERT INTO {name} VALUES {', '.join(f'({at}, {said})' for at, said in rows)}")

    def probe(schema: Schema, kind: Type, values: Sequence[Any]) -> list[Any]:
        rows = [(at, literal(told(value, kind), kind, DIALECTS["databricks"])) for at, value in enumerate(values)]
        refused: dict[int, Any] = {}
        script = Emulated()
        name = next(names)
        for statement in statements(Schema((replace(schema.relations[0], name=name),)), "databricks"):
            if taken := script.take(statement):
                session.run(taken)
        try:
            insert(name, rows)
        except EngineError:
            for row in rows:
                try:
                    insert(name, [row])
                except EngineError as error:
                    refused[row[0]] = error
        shown = {Bytes: "hex(held)", Json: "to_json(held)", Float: "held", Integer: "held"}
        found = session.run(f"SELECT id, {shown.get(type(kind), 'CAST(held AS STRING)')} FROM {name}").rows
        back: dict[Any, Any] = {at: value for at, value in found}  # noqa: C416  mypy: rows of any length
        return [refused.get(at) or as_value(back[at], kind) for at in range(len(values))]

    return probe


def is_array(kind: Type) -> bool:
    return isinstance(kind, Native) and kind.text.endswith("]")


def told(value: Any, kind: Type) -> str:
    match value:
        case _ if isinstance(kind, Json) or is_array(kind):
            return json.dumps(value, ensure_ascii=False)
        case bool():
            return str(value).lower()
        case bytes():
            return value.hex()
        case dt.datetime(tzinfo=zone):
            return (value.astimezone(UTC) if zone else value).replace(tzinfo=None).isoformat(" ")
        case Exact():
            return f"{value:f}"
        case float():
            return repr(value)
        case _:
            return str(value)


def exactly(text: str) -> Any:
    """What a JSON document says, its numbers to the last digit."""
    return json.loads(text, parse_float=Exact, parse_int=Exact)


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
            return back if isinstance(back, bytes) else bytes.fromhex(back)
        case Uuid():
            return uuid.UUID(back)
        case Json():
            return exactly(back)
        case Native() if is_array(kind):
            return [None if one is None else str(one) for one in exactly(back)]
        case Date():
            return dt.date.fromisoformat(str(back))
        case Time():
            return (
                (dt.datetime(1, 1, 1, tzinfo=UTC) + back).time()
                if isinstance(back, dt.timedelta)
                else dt.time.fromisoformat(back)
            )
        case Timestamp():
            return dt.datetime.fromisoformat(str(back)).replace(tzinfo=UTC if kind.zone else None)
        case Interval():
            found = re.fullmatch(r"(?:(-?\d+) days?,? ?)?(?:(\d+):(\d\d):(\d\d)(?:\.(\d+))?)?", back)
            assert found is not None, back
            days, hours, minutes, seconds, part = (int(piece or 0) for piece in found.groups())
            return dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=part)
        case _:
            return back


@pytest.fixture
def engines(postgresql_server: PostgreSQL, scratch: Scratch, sail: SailSession) -> dict[str, Probe]:
    return {
        "duckdb": through_duckdb,
        "sqlite": through_sqlite,
        "postgresql": through_postgresql(postgresql_server),
        "mariadb": through_sql(scratch, "mariadb"),
        "clickhouse": through_sql(scratch, "clickhouse"),
        "databricks": through_sail(sail),
    }


def same(kind: Type, value: Any, back: Any) -> bool:
    """Whether a value came back as it was, to the last digit or bit; of zero, the sign may be lost."""
    if isinstance(value, float) and isinstance(back, float):
        form = "<f" if kind == Float(32) else "<d"
        alike = struct.pack(form, value) == struct.pack(form, back)
        return alike or value == back == 0 or (math.isnan(value) and math.isnan(back))
    if isinstance(kind, Json):
        return bool(exactly(json.dumps(value)) == back)
    if is_array(kind):
        return bool([None if one is None else str(one) for one in value] == back)
    if isinstance(kind, Native) and isinstance(back, bytes):  # as MariaDB's client gives bits
        return bool(value == f"{int.from_bytes(back):0{bits_of(kind)}b}")
    if isinstance(kind, Native) and not is_array(kind):
        return _canonical(value) == _canonical(back)
    return type(value) is type(back) and bool(value == back)


def _canonical(text: Any) -> str:
    return str(text).removesuffix("/32").removesuffix("/128")


def fate(probe: Probe, dialect: str, held: Attribute, values: tuple[Any, ...]) -> str:
    """What becomes of values; one that comes back as another must be a loss that the dialect reports."""
    kind = held.type
    schema = Schema((Relation("probe", (Attribute("id", Integer()), held), keys=(Key(("id",)),)),))
    spelling, lost = spelled(held, DIALECTS[dialect], "held", keyed=False)
    loss = spelling.loss or lost
    padded = held.declared is not None and beyond(held.declared, kind).padded  # blanks at its end count for nothing
    found = probe(schema, kind, values)
    assert len(found) == len(values)
    refused = [value for value, back in zip(values, found, strict=True) if isinstance(back, Exception)]
    changed = [
        (value, back)
        for value, back in zip(values, found, strict=True)
        if not isinstance(back, Exception) and not same(kind, value, back.rstrip(" ") if padded else back)
    ]
    own = SAILS_OWN.get(kind, "") if dialect == "databricks" and changed else ""
    assert loss or own or not changed, (dialect, held, changed)
    told = [
        f"{len(some)} of {len(values)} {what}" for some, what in ((changed, "changed"), (refused, "refused")) if some
    ]
    why = "; ".join(filter(None, (loss, own)))
    return f"{spelling.text}: {', '.join(told) or 'all back'}{f' ({why})' if why else ''}"


def test_what_does_not_survive_is_reported(engines: dict[str, Probe], golden: Callable[[str, str], None]) -> None:
    lines = ["| type | " + " | ".join(engines) + " |", "| :-- | " + " | ".join(":--" for _ in engines) + " |"]
    rows = [(type_text(kind), Attribute("held", kind), values) for kind, values in PLAIN]
    rows += [
        (f"{text} of {DIALECTS[spoken].title}", Attribute("held", kind, declared=Declared(spoken, text)), values)
        for kind, spoken, text, values in DECLARED
    ]
    rows += [(name, Attribute("held", kind), values) for name, kind, values in HARD]
    for name, held, values in rows:
        cells = [fate(probe, dialect, held, values) for dialect, probe in engines.items()]
        lines.append(f"| {shortly(name)} ({len(values)} values) | " + " | ".join(map(shortly, cells)) + " |")
    golden("../../../docs/type_fidelity.md", _HEAD + "\n".join(lines) + "\n")


def shortly(text: str) -> str:
    """A cell of a table: a long list of values is not told whole."""
    text = re.sub(r"(?s)(enum\('a', 'A',).*\)", r"\1 … hostile ones)", text)
    return text.replace("|", "\\|")


_HEAD = """# What becomes of values

Extreme values of each type are written through real engines and read back: the type as the engine has it, and whether all come
back, some come back as others, or are refused. Numbers have to come back to the last digit and floating-point ones to the last bit (but
for the sign of zero); blanks at the end of what a type pads count for nothing. What a dialect's writer tells as a loss stands in parentheses; a value that changes without one fails the
test that writes this page, `tests/sql/test_fidelity.py`, where the values are. For Databricks, Sail stands in.

"""

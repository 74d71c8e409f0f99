"""Values that lie at the edge of a type or beyond it: what each engine makes of them, as a table for whoever moves data."""

import struct
from collections.abc import Callable

from dbworkbench.engines.sail import SailSession
from dbworkbench.errors import EngineError
from dbworkbench.schema.relation import Attribute, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import (
    Bytes,
    Date,
    Decimal,
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
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.write import statements
from dbworkbench.trials.breaking import literal
from dbworkbench.trials.emulated import Emulated
from tests.scratch import REFUSED, Run, Scratch

_LONGEST = 60
EDGES: tuple[tuple[Type, tuple[tuple[str, str], ...]], ...] = (
    (Integer(16), (("32768", "one more than it has"), ("-32768", ""), ("1.5", "a fraction"))),
    (Integer(64), (("9223372036854775807", ""), ("9223372036854775808", "one more than it has"))),
    (
        Decimal(10, 2),
        (
            ("1.005", "half a digit more"),
            ("1.015", "the same, after an odd digit"),
            ("-1.005", ""),
            ("99999999.99", ""),
            ("99999999.995", "which rounds to a digit too many"),
            ("100000000", "a digit too many"),
            ("NaN", ""),
            ("Infinity", ""),
        ),
    ),
    (
        Float(64),
        (
            ("-0.0", ""),
            ("NaN", ""),
            ("Infinity", ""),
            ("1e309", "beyond the largest"),
            ("1e-400", "below the smallest"),
        ),
    ),
    (Float(32), (("0.1", ""), ("16777217", "a bit too many"), ("1e39", "beyond the largest"))),
    (
        Text(3),
        (("", "not NULL"), ("a  ", ""), ("abc ", "a blank too many"), ("abcd", "a character too many"), ("😀😀😀", "")),
    ),
    (Text(), (("", "not NULL"), ("a\0b", "NUL"), ("\ufeffa", "a byte order mark"), ("e\u0301", "not composed"))),
    (Bytes(), (("", "not NULL"), ("00", ""))),
    (
        Date(),
        (
            ("0001-01-01", ""),
            ("9999-12-31", ""),
            ("0000-01-01", "the year 0"),
            ("0000-00-00", "MySQL's zero"),
            ("10000-01-01", "five digits"),
            ("2023-02-29", "no such day"),
            ("1582-10-10", "skipped by Pope Gregory"),
            ("infinity", ""),
        ),
    ),
    (Time(), (("23:59:59.999999", ""), ("24:00:00", "the end of a day"), ("23:59:60", "a leap second"))),
    (
        Timestamp(),
        (
            ("0001-01-01 00:00:00", ""),
            ("9999-12-31 23:59:59.999999", ""),
            ("2024-01-01 00:00:00.1234567", "seven digits"),
            ("2016-12-31 23:59:60", "a leap second"),
            ("2024-01-01 24:00:00", "the end of a day"),
            ("infinity", ""),
        ),
    ),
    (
        Uuid(),
        (
            ("6BA7B810-9DAD-11D1-80B4-00C04FD430C8", "in capitals"),
            ("6ba7b8109dad11d180b400c04fd430c8", "without hyphens"),
            ("6ba7b810-9dad-11d1-80b4", "cut short"),
        ),
    ),
    (
        Json(),
        (
            ('{"b": 1, "a": 2}', "its order"),
            ('{"a": 1, "a": 2}', "a name twice"),
            ("12345678901234567890.123456789", "many digits"),
            ("1e400", "beyond a double"),
            ('"\\u0000"', "NUL"),
            ("null", "not NULL"),
            ("NaN", "no JSON"),
        ),
    ),
    (
        Interval(),
        (
            ("1 month", ""),
            ("30 days", "not a month"),
            ("36:00:00", "not a day and a half"),
            ("-1 day", ""),
            ("1 year 2 months 3 days 04:05:06.789", ""),
        ),
    ),
    (Native("integer[]"), (("[]", ""), ("[null]", ""), ("[1, 2]", ""), ("[[1, 2], [3, 4]]", "of two dimensions"))),
)
"""Texts of values, and what is odd about each."""

SHOWN = {
    "duckdb": "CAST({} AS VARCHAR)",
    "sqlite": "CAST({} AS TEXT)",
    "postgresql": "({})::text",
    "mariadb": "CAST({} AS CHAR)",
    "clickhouse": "toString({})",
    "databricks": "CAST({} AS STRING)",
}
"""A column as a text."""


def through(run: Run, dialect: str, number: int, kind: Type, values: list[str]) -> list[str]:
    """What comes back of each value, as the engine writes it; "refused" where it is."""
    name, script = f"edge{number}", Emulated()
    made = Schema((Relation(name, (Attribute("id", Integer()), Attribute("held", kind)), keys=(Key(("id",)),)),))
    for statement in statements(made, dialect):
        taken = script.take(statement) if dialect == "databricks" else statement
        if taken:
            run(taken)
    shown = SHOWN[dialect].format("hex(held)" if isinstance(kind, Bytes) and dialect != "postgresql" else "held")
    if isinstance(kind, Float) and dialect == "mariadb":
        shown = "CAST(CAST(held AS DOUBLE) AS CHAR)"  # as text, its FLOAT has six digits, though it holds seven
    shown = "to_json(held)" if isinstance(kind, Json) and dialect == "databricks" else shown
    found = []
    for at, value in enumerate(values):
        try:
            run(f"INSERT INTO {name} VALUES ({at}, {literal(value, kind, DIALECTS[dialect])})")
            ((back,),) = run(f"SELECT {shown} FROM {name} WHERE id = {at}")
        except (*REFUSED, EngineError, UnicodeError):
            found.append("refused")
            continue
        found.append("NULL" if back is None else str(back).removeprefix("\\x" if isinstance(kind, Bytes) else ""))
    return found


def same(kind: Type, value: str, back: str) -> bool:
    """Whether a value comes back, in whichever words for it."""
    match kind:
        case Float(32) if value == "0.1":  # the nearest number that it has, with however many digits
            return struct.pack("<f", float(back)) == struct.pack("<f", 0.1)
        case Float():
            words = {"inf": "infinity", "-0": "-0.0"}
            return words.get(back.casefold(), back.casefold()) == value.casefold()
        case Time() | Timestamp():
            return back.removesuffix(".000000") == value
        case _:
            return back == value


def code(text: str) -> str:
    """A value as it stands in a table."""
    text = text if len(text) <= _LONGEST else f"{text[:9]}… ({len(text)} characters)"
    said = text.replace("\0", "␀").replace("\ufeff", "␣BOM␣").replace("|", "\\|")
    return f"`{said}`" if said.strip() == said and said else f"`'{said}'`"


def test_what_engines_make_of_values_at_the_edge(
    scratch: Scratch, sail: SailSession, golden: Callable[[str, str], None]
) -> None:
    lines = ["| type | value | " + " | ".join(SHOWN) + " |", "| :-- | :-- | " + " | ".join(":--" for _ in SHOWN) + " |"]
    told: dict[str, list[list[str]]] = {}
    for dialect in SHOWN:
        if dialect == "databricks":
            told[dialect] = [asked(lambda sql: list(sail.run(sql).rows), dialect, at) for at in range(len(EDGES))]
            continue
        with scratch(dialect) as run:
            if dialect == "duckdb":
                run("SET TimeZone = 'UTC'")
            told[dialect] = [asked(run, dialect, at) for at in range(len(EDGES))]
    for number, (kind, values) in enumerate(EDGES):
        for at, (value, odd) in enumerate(values):
            fates = [told[dialect][number][at] for dialect in SHOWN]
            cells = [
                "✓" if same(kind, value, fate) else fate if fate in {"refused", "NULL"} else code(fate)
                for fate in fates
            ]
            said = f"{code(value)}{f', {odd}' if odd else ''}"
            lines.append(f"| {type_text(kind)} | {said} | {' | '.join(cells)} |")
    golden("../../../docs/type_edges.md", _HEAD + "\n".join(lines) + "\n")


def asked(run: Run, dialect: str, number: int) -> list[str]:
    kind, values = EDGES[number]
    return through(run, dialect, number, kind, [value for value, _ in values])


_HEAD = """# Values at the edge

What engines make of values at the ends of types, and of such as are none of the type: **✓** comes back as it was written, *refused* is
not taken, and anything else comes back as it stands there. Columns have the types that the design's type has in each dialect (what
these lose is in [the table of what survives](type_fidelity.md)); values are told as literals of the dialect; servers are in strict mode.
For Databricks, Sail stands in. Made by `tests/sql/test_edges.py`.

"""

"""Types in an engine's own words: which of them say more than the type that they are read as, and what that is.

Sources are the manuals of the engines: MySQL 8.4 ch. 13, PostgreSQL 18 ch. 8, SQL Server's "Data types", Oracle's SQL
Language Reference ("Data Types"), Snowflake's, Redshift's, Databricks', ClickHouse's and DuckDB's pages on data types.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal as Number
from functools import cache, lru_cache

from dbworkbench.schema.relation import Attribute, Declared
from dbworkbench.schema.types import (
    Bytes,
    Decimal,
    Float,
    Integer,
    Interval,
    Native,
    Text,
    Time,
    Timestamp,
    Type,
    Unknown,
)
from dbworkbench.sql.columntypes import column_type
from dbworkbench.sql.dialect import DIALECTS, Dialect, Spelling, unkept
from dbworkbench.sql.nested import never_unknown
from dbworkbench.sql.reckoning import reckoned

__all__ = [
    "Beyond",
    "Holds",
    "beyond",
    "canonical",
    "declared_as",
    "holds",
    "meaning",
    "outside",
    "spelled",
    "words_in",
]

_KIN = {"mariadb": "mysql"}
"""Dialects that take another one's words as they are."""

_ALIKE: Mapping[str, Mapping[str, str]] = {
    "": {
        "character varying": "varchar", "char varying": "varchar", "character": "char", "national character": "nchar",
        "national char": "nchar", "national character varying": "nvarchar", "national char varying": "nvarchar",
        "national varchar": "nvarchar", "dec": "decimal", "numeric": "decimal", "int4": "integer", "int": "integer",
        "serial": "integer", "serial4": "integer", "bigserial": "bigint", "serial8": "bigint", "smallserial": "smallint",
        "serial2": "smallint", "int8": "bigint", "int2": "smallint", "float8": "double", "double precision": "double",
        "float4": "real", "bool": "boolean", "timestamp without time zone": "timestamp", "time without time zone": "time",
        "timestamp with time zone": "timestamptz", "time with time zone": "timetz", "binary varying": "varbinary",
    },
    "postgresql": {"text": "varchar", "varbit": "bit varying", "float": "double"},
    "cockroachdb": {
        "string": "varchar", "text": "varchar", "character": "char", "int": "bigint", "integer": "bigint", "serial": "bigint",
        "int64": "bigint", "blob": "bytea", "bytes": "bytea", "float": "double", "json": "jsonb", "varbit": "bit varying",
    },
    "mysql": {
        "integer": "int", "int": "int", "int4": "int", "int3": "mediumint", "middleint": "mediumint", "int1": "tinyint", "fixed": "decimal",
        "boolean": "tinyint(1)", "bool": "tinyint(1)", "real": "double", "nchar": "char", "nvarchar": "varchar",
        "character": "char", "national character": "char", "national char": "char", "national character varying": "varchar",
        "national varchar": "varchar", "long varchar": "mediumtext", "long": "mediumtext", "serial": "bigint unsigned",
    },
    "sqlserver": {
        "integer": "int", "int": "int", "double": "float", "double precision": "float", "rowversion": "timestamp", "sysname": "nvarchar(128)",
    },
    "oracle": {
        "decimal": "number", "numeric": "number", "dec": "number", "varchar": "varchar2", "character varying": "varchar2",
        "char varying": "varchar2", "nvarchar": "nvarchar2", "int": "integer", "integer": "integer",
        "smallint": "integer", "double precision": "float", "double": "float", "real": "float(63)", "long varchar": "long",
        "timestamptz": "timestamp with time zone", "timestamp with time zone": "timestamp with time zone",
    },
    "snowflake": {
        "decimal": "number", "numeric": "number", "dec": "number", "string": "varchar", "text": "varchar", "nvarchar": "varchar",
        "nvarchar2": "varchar", "char": "varchar", "character": "varchar", "nchar": "varchar", "char varying": "varchar",
        "nchar varying": "varchar", "int": "integer", "integer": "integer", "double": "float", "double precision": "float",
        "real": "float", "float4": "float", "float8": "float", "varbinary": "binary", "datetime": "timestamp_ntz",
        "timestamp": "timestamp_ntz", "timestamp without time zone": "timestamp_ntz", "timestamptz": "timestamp_tz",
        "timestampltz": "timestamp_ltz", "timestampntz": "timestamp_ntz", "timestamptz with time zone": "timestamp_tz",
        "timestamp with time zone": "timestamp_tz", "timestamp with local time zone": "timestamp_ltz",
    },
    "bigquery": {
        "integer": "int64", "int": "int64", "bigint": "int64", "smallint": "int64", "tinyint": "int64", "byteint": "int64",
        "decimal": "numeric", "bigdecimal": "bignumeric", "boolean": "bool", "float": "float64",
    },
    "redshift": {
        "text": "varchar(256)", "bpchar": "char(256)", "nvarchar": "varchar", "nchar": "char", "varbinary": "varbyte",
        "binary varying": "varbyte", "float": "double",
    },
    "databricks": {
        "integer": "int", "int": "int", "long": "bigint", "short": "smallint", "byte": "tinyint", "real": "float",
        "timestamp_ltz": "timestamp", "numeric": "decimal",
    },
    "duckdb": {
        "int": "integer", "int4": "integer", "signed": "integer", "text": "varchar", "string": "varchar", "char": "varchar",
        "character": "varchar", "bpchar": "varchar", "nvarchar": "varchar", "float": "real", "float4": "real", "bytea": "blob",
        "binary": "blob", "varbinary": "blob", "datetime": "timestamp", "timestamp_us": "timestamp", "int1": "tinyint",
        "long": "bigint", "short": "smallint", "logical": "boolean", "bitstring": "bit", "uint8": "utinyint",
        "uint16": "usmallint", "uint32": "uinteger", "uint64": "ubigint", "int16": "smallint", "int32": "integer",
        "int64": "bigint",
    },
}  # fmt: skip
"""Words that mean the same in a dialect, and the one that stands for them here."""

_WHOLE: Mapping[str, Mapping[str, tuple[int, int]]] = {
    "mysql": {
        "tinyint": (-(2**7), 2**7 - 1), "tinyint unsigned": (0, 2**8 - 1), "smallint unsigned": (0, 2**16 - 1),
        "mediumint": (-(2**23), 2**23 - 1), "mediumint unsigned": (0, 2**24 - 1), "int unsigned": (0, 2**32 - 1),
        "bigint unsigned": (0, 2**64 - 1), "year": (1901, 2155),
        "tinyint(1) unsigned": (0, 2**8 - 1),
    },
    "sqlserver": {"tinyint": (0, 2**8 - 1)},
    "databricks": {"tinyint": (-(2**7), 2**7 - 1)},
    "duckdb": {
        "tinyint": (-(2**7), 2**7 - 1), "utinyint": (0, 2**8 - 1), "usmallint": (0, 2**16 - 1), "uinteger": (0, 2**32 - 1),
        "ubigint": (0, 2**64 - 1),
    },
    "clickhouse": {
        "int8": (-(2**7), 2**7 - 1), "uint8": (0, 2**8 - 1), "uint16": (0, 2**16 - 1), "uint32": (0, 2**32 - 1),
        "uint64": (0, 2**64 - 1),
    },
}  # fmt: skip
"""Types of whole numbers that are narrower than the type they are read as, or begin at 0, and their bounds."""

_FRACTION: Mapping[str, Mapping[str, int]] = {
    "mysql": {"datetime": 0, "timestamp": 0, "time": 0},
    "sqlserver": {"datetime": 3, "datetime2": 7, "time": 7, "datetimeoffset": 7, "smalldatetime": 0},
    "oracle": {"date": 0, "timestamp": 6, "timestamp with time zone": 6, "timestamp with local time zone": 6},
    "snowflake": {"timestamp_ntz": 9, "timestamp_tz": 9, "timestamp_ltz": 9, "time": 9},
    "duckdb": {"timestamp_s": 0, "timestamp_ms": 3, "timestamp_ns": 9},
    "clickhouse": {"datetime": 0, "datetime32": 0, "datetime64": 3},
}
"""How many digits of a second a type keeps where it says nothing; six elsewhere."""
_USUAL_FRACTION = 6

_MORE: Mapping[str, Mapping[str, str]] = {
    "mysql": {
        "tinytext": "at most 255 bytes", "text": "at most 65,535 bytes", "mediumtext": "at most 16,777,215 bytes",
        "tinyblob": "at most 255 bytes", "blob": "at most 65,535 bytes", "mediumblob": "at most 16,777,215 bytes",
    },
    "postgresql": {
        "decimal": "a number of any length", "money": "an amount in the database's own currency", "timetz": "a time zone",
        "bpchar": "blanks at the end that count for nothing", "name": "at most 63 bytes", '"char"': "a single byte",
    },
    "cockroachdb": {"decimal": "a number of any length", "timetz": "a time zone", "name": "at most 63 bytes"},
    "redshift": {"timetz": "a time zone"},
    "sqlserver": {
        "money": "an amount of money", "smallmoney": "an amount of money, from -214,748.3648 to 214,748.3647",
        "smalldatetime": "whole minutes alone, from 1900 to 2079", "datetime": "a moment from 1753 on",
        "timestamp": "a number that each change of the row counts up",
    },
    "oracle": {
        "number": "a number of any length", "bfile": "a file outside of the database",
        "timestamp with local time zone": "shown in the time zone of the session",
    },
    "snowflake": {"timestamp_ltz": "shown in the time zone of the session", "object": "an object alone"},
    "duckdb": {"timetz": "a time zone"},
    "clickhouse": {"date": "a day from 1970 to 2149"},
}  # fmt: skip
"""What else a type says beyond the one that it is read as."""


_SPAN: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "mysql": {"timestamp": ("1970-01-01 00:00:01", "2038-01-19 03:14:07")},
    "sqlserver": {
        "smalldatetime": ("1900-01-01", "2079-06-06 23:59:00"), "datetime": ("1753-01-01", "9999-12-31 23:59:59"),
        "smallmoney": ("-214748.3648", "214748.3647"), "money": ("-922337203685477.5808", "922337203685477.5807"),
    },
    "duckdb": {"timestamp_ns": ("1677-09-22", "2262-04-11")},
    "clickhouse": {
        "date": ("1970-01-01", "2149-06-06"), "date32": ("1900-01-01", "2299-12-31"),
        "datetime": ("1970-01-01", "2106-02-07 06:28:15"), "datetime32": ("1970-01-01", "2106-02-07 06:28:15"),
        "datetime64": ("1900-01-01", "2299-12-31 23:59:59"),
    },
}  # fmt: skip
"""Types of days, moments and amounts that do not reach as far as the type they are read as, and how far they do."""

_MOST_BYTES: Mapping[str, Mapping[str, int]] = {
    "mysql": {"tinytext": 255},
    "postgresql": {"name": 63},
    "cockroachdb": {"name": 63},
}
"""Types of texts that hold no more than a few bytes, and how many."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Which values a declared type holds, where it holds fewer than the type of its attribute.

    `least` and `most` are numbers, days or moments as SQL writes them ("" where there is no such end); `size` is how many bytes
    there may be; `fraction`, how many digits of a second; `finest` the smallest part of a span of time ("month").
    """

    least: str = ""
    most: str = ""
    size: int | None = None
    fraction: int | None = None
    finest: str = ""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What a declared type says beyond the type of its attribute.

    `fraction` is how many digits of a second it keeps, where these are not six; `padded`, that blanks at the end of a text count
    for nothing, as it is filled up with them; `bounds` are those of whole numbers. `more` is the rest, in words.
    """

    fraction: int | None = None
    padded: bool = False
    bounds: tuple[int, int] | None = None
    more: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self != Beyond()

    def said(self, kind: Type) -> str:
        """All of it, for a loss."""
        found: list[str] = []
        if self.fraction is not None:
            found.append(f"{self.fraction} digits of a second" if self.fraction != 1 else "1 digit of a second")
        if self.padded:
            found.append(
                f"blanks up to {kind.length:,} characters" if isinstance(kind, Text) and kind.length else "blanks"
            )
        if self.bounds:
            found.append(f"whole numbers from {self.bounds[0]:,} to {self.bounds[1]:,} alone")
        return ", ".join((*found, *self.more))


def words_in(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a type as it is written, and its arguments.

    >>> words_in("int(11) unsigned"), words_in("enum('a', 'b,c')")
    ((('int', 'unsigned'), ('11',)), (('enum',), ("'a'", "'b,c'")))
    """
    if text.lower().startswith("interval"):
        return ("interval",), ()
    found = re.fullmatch(r"\s*([^()']+?)\s*(?:\((.*)\)\s*([\w ]*))?\s*", text, re.DOTALL)
    if not found:
        return (text,), ()
    words = f"{found[1]} {found[3] or ''}".split()
    arguments = re.findall(r"\s*((?:'(?:[^'\\]|''|\\.)*'|\([^()]*\)|[^,'(])+)", found[2] or "")
    return tuple(word.lower() for word in words), tuple(one.strip() for one in arguments)


def canonical(words: tuple[str, ...], arguments: tuple[str, ...], dialect: str, written: str = "") -> str:
    """A type in the one way that stands here for all that mean the same in a dialect.

    >>> canonical(("character", "varying"), ("20",), "postgresql"), canonical(("int", "unsigned"), ("11",), "mysql")
    ('varchar(20)', 'int unsigned')
    """
    spoken = _KIN.get(dialect, dialect)
    if words[:1] == ("interval",) and written:
        return re.sub(r"\s*\(\s*", "(", " ".join(written.casefold().split()))
    if spoken == "clickhouse":
        return re.sub(
            r"\A(?:LowCardinality\(|Nullable\()+(.*?)\)+\Z",
            _unwrapped,
            re.sub(r"\s*,\s*", ", ", " ".join(written.split())),
        )
    tail = [word for word in ("unsigned", "zerofill") if word in words or (word == "unsigned" and "zerofill" in words)]
    name = " ".join(word for word in words if word not in {"unsigned", "signed", "zerofill"})
    if name == "float" and len(arguments) == 1 and arguments[0].isdecimal() and spoken in _BINARY_DIGITS:
        name, arguments = _BINARY_DIGITS[spoken][int(arguments[0]) > _SINGLE], ()
    name = name.removesuffix(" binary") if spoken == "mysql" else name
    alike = {**_ALIKE[""], **_ALIKE.get(spoken, {})} if spoken != "bigquery" else _ALIKE[spoken]
    for _ in range(2):
        name = alike.get(name, name)
    if "(" in name or (tail == [] and name.endswith(" unsigned")):
        name, given = words_in(name)[0][0], words_in(name)[1]
        tail = ["unsigned"] if "unsigned" in alike.get(" ".join(words), "") else tail
        arguments = arguments or given
    arguments = _arguments(name, tail, arguments, spoken)
    if spoken == "oracle" and name == "timestamp with time zone":
        return f"timestamp{_grouped(arguments)} with time zone"
    if spoken == "oracle" and name == "timestamp with local time zone":
        return f"timestamp{_grouped(arguments)} with local time zone"
    return " ".join((name + _grouped(arguments), *tail))


_SINGLE = 24


def _unwrapped(found: re.Match[str]) -> str:
    """What stands within ClickHouse's LowCardinality and Nullable."""
    return found[0][found.start(1) - found.start() : len(found[0]) - found[0][: found.start(1)].count("(")]


_NUMBER = r"[0-9]{1,4}"
"""As much as any length is; what is longer is none of any engine's."""
_BINARY_DIGITS: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(("postgresql", "cockroachdb", "redshift"), ("real", "double")),
    "mysql": ("float", "double"),
    "sqlserver": ("real", "float"),
}
"""What FLOAT is with up to 24 binary digits, and with more."""


def _grouped(arguments: tuple[str, ...]) -> str:
    comma = ", " if any("'" in one for one in arguments) else ","
    return f"({comma.join(arguments)})" if arguments else ""


_DIGITS = frozenset({"tinyint", "smallint", "mediumint", "int", "integer", "bigint", "year"})


def _arguments(name: str, tail: Collection[str], given: tuple[str, ...], spoken: str) -> tuple[str, ...]:
    """Arguments without those that say nothing, and with those that go without saying."""
    said = (
        given
        if spoken == "clickhouse"
        else tuple(one if "'" in one else " ".join(one.lower().split()) for one in given)
    )
    if spoken == "mysql" and name in _DIGITS and "zerofill" not in tail:
        return said if name == "tinyint" and said == ("1",) else ()
    if name in {"decimal", "numeric", "number"} and len(said) > 1 and said[1] == "0":
        said = said[:1]
    usual: dict[tuple[str, str], tuple[str, ...]] = {
        ("mysql", "decimal"): ("10",), ("mysql", "bit"): ("1",), ("sqlserver", "decimal"): ("18",),
        ("sqlserver", "float"): ("53",), ("snowflake", "number"): ("38",), ("databricks", "decimal"): ("10",),
        ("redshift", "decimal"): ("18",), ("duckdb", "decimal"): ("18", "3"), ("oracle", "float"): ("126",),
        ("bigquery", "numeric"): ("38", "9"), ("bigquery", "bignumeric"): ("76", "38"),
    }  # fmt: skip
    if not said and name in {"char", "nchar"}:
        return ("1",)
    if not said and (spoken, name) in usual:
        return usual[spoken, name]
    fraction = _FRACTION.get(spoken, {}).get(name, _USUAL_FRACTION)
    if said == (str(fraction),) and name.startswith(("time", "datetime")) and name != "timestamp_s":
        return ()
    return said


def meaning(text: str, dialect: str) -> Type:
    """The type that a declared one is read as.

    >>> meaning("mediumint unsigned", "mysql")
    Integer(bits=64)
    """
    words, arguments = words_in(text)
    return column_type(words, arguments, dialect, {}, text)[0]


@cache
def _plain(kind: Type, dialect: str) -> str:
    """How the dialect itself writes a type."""
    text = DIALECTS[dialect].spelling(kind).text
    return canonical(*words_in(text), dialect, text)


@lru_cache(maxsize=4_096)
def declared_as(
    words: tuple[str, ...], arguments: tuple[str, ...], dialect: str, kind: Type, written: str
) -> Declared | None:
    """A type in a dialect's words, where it says more than `kind`, or otherwise, or None.

    >>> declared_as(("datetime",), (), "mysql", Timestamp(), "datetime")
    Declared(dialect='mysql', text='datetime')
    """
    if isinstance(kind, Native | Unknown) or dialect not in DIALECTS or dialect == "sqlite":
        return None
    text = canonical(words, arguments, dialect, written)
    found = Declared(dialect, text)
    same = text.casefold() == _plain(kind, dialect).casefold()
    if words == ("citext",) or meaning(text, dialect) != kind or (same and not beyond(found, kind)):
        return None
    return found


@lru_cache(maxsize=4_096)
def beyond(declared: Declared, kind: Type) -> Beyond:
    """What a declared type says beyond the type that it is read as.

    >>> beyond(Declared("mysql", "mediumint unsigned"), Integer(32)).said(Integer(32))
    'whole numbers from 0 to 16,777,215 alone'
    """
    spoken = _KIN.get(declared.dialect, declared.dialect)
    words, arguments = words_in(declared.text)
    tail = [word for word in words if word in {"unsigned", "zerofill"}]
    name = " ".join(word for word in words if word not in {"unsigned", "zerofill"})
    numbers = tuple(int(one) for one in arguments if re.fullmatch(_NUMBER, one))
    more = [_MORE.get(spoken, {}).get(name, "")] if not (numbers and name in {"decimal", "number"}) else []
    bounds, fraction, padded = None, None, False
    match kind:
        case Integer() | Decimal(scale=0) if name not in {"decimal", "number"} and spoken not in {
            "oracle",
            "snowflake",
        }:
            bounds = _WHOLE.get(spoken, {}).get(" ".join((name, *tail[:1])) if tail else name)
        case Integer() if spoken in {"oracle", "snowflake"} and name != "number":
            more.append("whole numbers of up to 38 digits")
        case Integer(bits) if name == "number":
            digits = numbers[0] if numbers else 0
            more.append(f"whole numbers of up to {digits} digits" if digits and 10**digits > 2 ** (bits - 1) else "")
            bounds = (1 - 10**digits, 10**digits - 1) if digits and 10**digits <= 2 ** (bits - 1) else None
        case Time() | Timestamp():
            fraction = _fraction(spoken, name, numbers)
        case Text() if name in {"char", "nchar"} and spoken not in {"cockroachdb", "snowflake"}:
            padded = True
        case Text() | Bytes():
            more += _sized(spoken, name, numbers)
        case Decimal(scale=scale) if len(arguments) > 1 and arguments[1] != str(scale):
            more.append(f"a scale of {arguments[1]}")
        case Interval():
            said = declared.text.removeprefix("interval").strip()
            more.append(
                f"a span {said}" if said and not said.startswith("(") else f"digits {said} of a second" if said else ""
            )
        case Float() if len(numbers) > 1:
            more.append(f"{numbers[0]} digits, {numbers[1]} behind the point")
        case Float() if spoken == "oracle" and name == "float":
            more.append(f"{numbers[0] if numbers else 126} binary digits")
    if tail and bounds is None:
        more.append("no numbers below 0")
    if "zerofill" in tail:
        more.append(f"zeros before its numbers, up to {numbers[0]} digits" if numbers else "zeros before its numbers")
    return Beyond(fraction, padded, bounds, tuple(filter(None, more)))


@lru_cache(maxsize=4_096)
def holds(declared: Declared, kind: Type) -> Holds:
    """Which of its attribute's values a declared type holds.

    >>> holds(Declared("mysql", "year"), Integer(16))
    Holds(least='1901', most='2155', size=None, fraction=None, finest='')
    >>> holds(Declared("mysql", "double(5,2) unsigned"), Float()).most
    '999.99'
    """
    spoken = _KIN.get(declared.dialect, declared.dialect)
    words, arguments = words_in(declared.text)
    name = " ".join(word for word in words if word not in {"unsigned", "zerofill"})
    numbers = [int(one) for one in arguments if re.fullmatch(_NUMBER, one)]
    bounds = beyond(declared, kind).bounds
    least, most = _SPAN.get(spoken, {}).get(name, ("", "")) if bounds is None else map(str, bounds)
    finest, size = "", None
    match kind:
        case Float() if len(numbers) > 1 and spoken == "mysql":
            most = str((10 ** numbers[0] - 1) * Number(1).scaleb(-numbers[1]))
            least = f"-{most}"
        case Interval():
            fields = re.findall(r"year|month|day|hour", declared.text.removeprefix("interval"))
            finest = fields[-1] if fields and not re.search(r"minute|second", declared.text) else ""
        case Text(None) | Bytes():
            sized = re.fullmatch(r"(?i)(?:(?:var)?binary|raw)\((\d{1,4})\)", declared.text)
            size = max(1, int(sized[1])) if sized else _MOST_BYTES.get(spoken, {}).get(name)
    if "unsigned" in words and isinstance(kind, Decimal | Float) and bounds is None:
        least = "0"
    return Holds(least, most, size, beyond(declared, kind).fraction, finest)


def outside(told: str, kind: Type, spelling: str, dialect: str) -> str:
    """Why a constant that a dialect is told is no number of a type as it spells it; "" where it is one, or the type has all numbers.

    >>> outside("-5", Integer(64), "INT(5) UNSIGNED ZEROFILL", "mariadb")
    '-5 is no whole number from 0 to 4,294,967,295'
    >>> outside("7", Integer(64), "INT UNSIGNED", "mariadb"), outside("-5", Integer(), "INT", "mariadb")
    ('', '')
    >>> outside("1 - 5", Integer(64), "INT UNSIGNED", "mariadb"), outside("1", Integer(16), "YEAR", "mariadb")
    ('1 - 5 is no whole number from 0 to 4,294,967,295', '1 is no whole number from 1,901 to 2,155')
    >>> outside("1e308", Float(), "DOUBLE(9,3)", "mariadb"), outside("1e5", Float(), "DOUBLE(9,3)", "mariadb")
    ('1e308 has more than 6 digits before the point', '')
    """
    number = reckoned(told)
    if number is None or number.adjusted() > _FAR:
        return ""
    digits = re.match(r"(?i)(?:double|float)\((\d+), ?(\d+)\)", spelling)
    if digits and abs(number) >= Number(10) ** (int(digits[1]) - int(digits[2])):
        return f"{told} has more than {int(digits[1]) - int(digits[2])} digits before the point"
    bounds = beyond(Declared(dialect, canonical(*words_in(spelling), dialect, spelling)), kind).bounds
    no_year = number == 0 and spelling.casefold().startswith("year")
    if bounds is None or no_year or bounds[0] <= number <= bounds[1]:
        return ""
    return f"{told} is no whole number from {bounds[0]:,} to {bounds[1]:,}"


_FAR = 1_000
"""Digits beyond which a number is none of any type here."""


def _fraction(spoken: str, name: str, numbers: tuple[int, ...]) -> int | None:
    usual = _FRACTION.get(spoken, {}).get(name, _USUAL_FRACTION)
    found = numbers[0] if numbers else usual
    return None if found == _USUAL_FRACTION else found


def _sized(spoken: str, name: str, numbers: tuple[int, ...]) -> list[str]:
    """What a length in bytes says."""
    if not numbers or name in {"varchar", "varchar2", "nvarchar", "nvarchar2", "string", "clob", "text"}:
        return []
    exact = name == "fixedstring" or (name == "binary" and spoken != "snowflake")
    return [f"exactly {numbers[0]:,} bytes" if exact else f"at most {numbers[0]:,} bytes"]


def spelled(attribute: Attribute, dialect: Dialect, column: str, *, keyed: bool) -> tuple[Spelling, str]:
    """How the type of an attribute is written for a column (its quoted name), and what is lost of how it was declared.

    In the dialect that it is declared in, it is written so where the words still mean its type and a key can hold it; elsewhere,
    the digits of a second, blanks up to a length and the bounds of whole numbers are kept where the dialect has words for them.
    """
    plain, declared = dialect.spelling(attribute.type, column, keyed=keyed), attribute.declared
    if attribute.nullable and never_unknown(plain.text, dialect.name):
        text = dialect.spelling(Text(), column, keyed=keyed).text
        return Spelling(
            text, loss=f"the type {plain.text}, of which no value is unknown", instead=f"written as {text}"
        ), ""
    if (
        declared is None
        or declared.dialect not in DIALECTS
        or meaning(declared.text, declared.dialect) != attribute.type
    ):
        return plain, ""
    declared = replace(declared, text=canonical(*words_in(declared.text), declared.dialect, declared.text))
    left = beyond(declared, attribute.type)
    if _KIN.get(declared.dialect, declared.dialect) == _KIN.get(dialect.name, dialect.name):
        if declared.text.casefold() == _plain(attribute.type, dialect.name).casefold():
            return plain, ""
        counted = attribute.identity is not None and declared.text == "year"  # MySQL counts no years
        unspoken = counted or declared.text in _UNWRITTEN.get(dialect.name, ()) or unkept(declared.text)
        if not unspoken and not (keyed and _UNKEYED.match(declared.text)):
            return Spelling(_cased(declared, dialect)), ""
        return plain, left.said(attribute.type)
    text, left = _carried(attribute, dialect, plain, left)
    instead = plain.instead.replace(plain.text, text)
    return replace(plain, text=text, instead=instead), left.said(attribute.type)


_UNWRITTEN = {"postgresql": frozenset({"money", "citext"})}
"""What is not written again: money can be reckoned with in its own words alone, and an extension brings citext."""
_UNKEYED = re.compile(
    r"(?:tiny|medium|long)?(?:text|blob)\b|n?clob|ntext|image|n?varchar\(max\)|varbinary\(max\)|long|xml|json\Z"
)
"""What keys and references of the engines that have these types cannot hold."""


def _carried(attribute: Attribute, dialect: Dialect, plain: Spelling, left: Beyond) -> tuple[str, Beyond]:
    """The type with what another dialect can say of how it was declared, and what it cannot."""
    kind = attribute.type
    template = next((dialect.fractions[at] for at in (kind, type(kind)) if at in dialect.fractions), "")
    if left.fraction is not None and template and left.fraction <= dialect.most_digits:
        return template.replace("{digits}", str(left.fraction)), replace(left, fraction=None)
    length = kind.length if isinstance(kind, Text) else None
    if left.padded and dialect.padded and length and length <= dialect.max_padded:
        return dialect.padded.replace("{length}", str(length)), replace(left, padded=False)
    if left.bounds is not None and left.bounds in dialect.wholes and attribute.identity is None:
        return dialect.wholes[left.bounds], replace(left, bounds=None)
    return plain.text, left


def _cased(declared: Declared, dialect: Dialect) -> str:
    """A declared type as the dialect writes its types: in capitals where it does."""
    if not dialect.type_text(Float(64))[0].isupper():
        return declared.text
    parts = re.split(r"('(?:[^'\\]|''|\\.)*')", declared.text)
    return "".join(part if part.startswith("'") else part.upper() for part in parts)

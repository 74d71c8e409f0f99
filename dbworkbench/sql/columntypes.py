"""Types of columns as databases spell them, read as the types of attributes."""

import re
from collections.abc import Mapping

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
)
from dbworkbench.sql.cursor import unquoted

__all__ = ["BARE_EXACT", "column_type"]

_SMALL = "smallint int2 smallserial serial2 tinyint int16 short uint8 year byteint"
_WHOLE = "int integer int4 mediumint serial serial4 int32 uint16 int24"
_BIG = "bigint int8 bigserial serial8 int64 uint32 long"
_TEXTS = (
    "char varchar nchar nvarchar character varchar2 nvarchar2 bpchar string text tinytext mediumtext longtext ntext clob "
    "nclob dbclob citext name sysname set character_varying char_varying national_character national_character_varying "
    "national_char national_varchar long_varchar fixedstring lowcardinality"
)
_BYTES = "rowversion bytea blob tinyblob mediumblob longblob binary varbinary binary_varying image bytes raw long_raw varbyte bfile"
_STAMPS = "timestamp datetime datetime2 smalldatetime timestamp_ntz datetime64 datetime32 timestamp_without_time_zone"
_ZONED = "timestamptz timestamp_tz timestamp_ltz datetimeoffset timestamp_with_time_zone timestamp_with_local_time_zone"

_PLAIN: dict[str, Type] = {
    **dict.fromkeys(("bool", "boolean"), Boolean()),
    **dict.fromkeys(_SMALL.split(), Integer(16)),
    **dict.fromkeys(_WHOLE.split(), Integer(32)),
    **dict.fromkeys(_BIG.split(), Integer(64)),
    **dict.fromkeys(("uint64", "ubigint"), Decimal(20, 0)),
    **dict.fromkeys(("hugeint", "int128"), Native("hugeint")),
    **dict.fromkeys(("real", "float4", "float32", "binary_float"), Float(32)),
    **dict.fromkeys(("double", "double_precision", "float8", "float64", "binary_double", "float"), Float(64)),
    "money": Decimal(19, 4),
    "smallmoney": Decimal(10, 4),
    **dict.fromkeys(_TEXTS.split(), Text()),
    **dict.fromkeys(_BYTES.split(), Bytes()),
    **dict.fromkeys(("uuid", "uniqueidentifier"), Uuid()),
    **dict.fromkeys(("date", "date32"), Date()),
    **dict.fromkeys(("time", "timetz", "time_with_time_zone", "time_without_time_zone"), Time()),
    **dict.fromkeys(_STAMPS.split(), Timestamp()),
    **dict.fromkeys(_ZONED.split(), Timestamp(zone=True)),
    "interval": Interval(),
    **dict.fromkeys(("json", "jsonb", "variant", "super", "object"), Json()),
}

_SPOKEN: dict[str, dict[str, Type]] = {
    "mysql": {
        "timestamp": Timestamp(zone=True),
        "float": Float(32),
        "real": Float(64),
        "serial": Decimal(20, 0),
        "year": Integer(16),
    },
    "sqlserver": {"bit": Boolean(), "timestamp": Bytes(), "sql_variant": Native("sql_variant"), "sysname": Text(128)},
    "oracle": {
        "date": Timestamp(),
        "long": Text(),
        "real": Float(64),
        "int": Integer(64),
        "integer": Integer(64),
        "smallint": Integer(64),
    },
    "sqlite": {"integer": Integer(64), "int": Integer(64), "real": Float(64), "long": Integer(64)},
    "bigquery": {
        "timestamp": Timestamp(zone=True),
        "datetime": Timestamp(),
        **dict.fromkeys(("int", "integer", "smallint", "tinyint", "byteint"), Integer(64)),
    },
    "databricks": {"timestamp": Timestamp(zone=True), "float": Float(32), "byte": Integer(16)},
    "snowflake": {"real": Float(64), "float4": Float(64)},
    "redshift": {"text": Text(256), "bpchar": Text(256)},
    "duckdb": {
        "float": Float(32),
        "long": Integer(64),
        "utinyint": Integer(16),
        "usmallint": Integer(32),
        "uinteger": Integer(64),
        **dict.fromkeys(("timestamp_s", "timestamp_ms", "timestamp_ns"), Timestamp()),
    },
    "clickhouse": {"float": Float(32), "int8": Integer(16)},
    "cockroachdb": {"int": Integer(64), "integer": Integer(64), "serial": Integer(64)},
}
_SPOKEN["mariadb"] = _SPOKEN["mysql"]
_SPOKEN["postgresql"] = {'"char"': Text(1)}

_EXACT = frozenset(["decimal", "numeric", "dec", "number", "fixed", "bignumeric", "bigdecimal"])
BARE_EXACT = {"mysql": (10, 0), "mariadb": (10, 0), "sqlserver": (18, 0), "snowflake": (38, 0), "databricks": (10, 0),
               "redshift": (18, 0), "duckdb": (18, 3), "bigquery": (38, 9)}  # fmt: skip
"""Digits, and those behind the point, of a decimal that says none."""

_NARROWED = {
    "citext": "case tells none of its texts apart",
    "timetz": "a time zone",
    "time_with_time_zone": "a time zone",
    "rowversion": "a number that each change of the row counts up",
}
"""What a type says beyond the one it is read as."""


_WIDEST = {"redshift": 65_535, "snowflake": 16_777_216}
"""The length that stands for no limit, where one always stands."""


def column_type(
    words: tuple[str, ...], arguments: tuple[str, ...], dialect: str, known: Mapping[str, Type], written: str
) -> tuple[Type, str]:
    """The type that `words` and their `arguments` spell in a dialect, and what of it is lost ("" for nothing).

    `known` holds the types that the file itself made, by name in lower case; `written` is the type as it stands there.

    >>> column_type(("number",), ("5",), "oracle", {}, "NUMBER(5)")
    (Integer(bits=16), '')
    """
    unsigned = "unsigned" in words or "zerofill" in words
    name = "_".join(
        word for word in words if word not in {"unsigned", "signed", "zerofill", "binary"} or len(words) == 1
    )
    if name in known and re.search(r"[\[\]]", name) and not re.search(r"\[\d*\]\s*\Z", written):
        return known[name], ""  # which has a bracket in its name
    if name.endswith(("_array", "]")) or "[" in written:
        text = _short_moments(" ".join(written.split()))
        if dialect == "cockroachdb":  # where INT has 64 bits
            text = re.sub(r"(?i)\Aint(?:eger)?\b", "bigint", text)
            text = re.sub(r"(?i)\Aint4\b", "integer", text)
        return Native(text), ""
    if name in known:
        return known[name], ""
    if name == "enum" or (name in {"enum8", "enum16"}):
        said = (_NUMBERED.sub("", argument).strip() for argument in arguments)
        values = tuple(dict.fromkeys(unquoted(one, dialect) if one.endswith(("'", '"')) else one for one in said))
        return (Enumeration(values), "") if values else (Text(), "an enumeration without values")
    if name in {"nullable", "lowcardinality"} and arguments:
        inner = re.match(r"\s*(\w+)\s*(?:\((.*)\))?\s*\Z", ",".join(arguments), re.DOTALL)
        if inner:
            inside = tuple(part.strip() for part in (inner[2] or "").split(",") if part.strip())
            return column_type((inner[1].lower(),), inside, dialect, known, inner[0].strip())
    numbers = tuple(
        int(found[0]) if found[0] != "*" else 38  # Oracle's: as many digits as there can be
        for argument in arguments
        if (found := re.match(r"-?\d+|\*" if len(arguments) > 1 else r"-?\d+", argument.strip()))
    )
    if name in _EXACT:
        exact, lost = _exact(name, numbers, dialect)
        return exact, lost or ("UNSIGNED" if unsigned else "")
    if name in _NARROWED and name not in _SPOKEN.get(dialect, {}):
        return _PLAIN[name], _NARROWED[name]
    if dialect in {"mysql", "mariadb"} and (
        (name == "tinyint" and numbers == (1,)) or (name == "bit" and numbers in {(), (1,)})
    ):
        return Boolean(), ""
    zoned = (name == "datetime64" and len(arguments) > 1) or (name == "datetime" and "'" in "".join(arguments))
    if (name == "raw" and numbers == (16,)) or (dialect == "clickhouse" and zoned):
        return Uuid() if name == "raw" else Timestamp(zone=True), ""
    kind = _SPOKEN.get(dialect, {}).get(name) or _PLAIN.get(name)
    if kind is not None and re.fullmatch(r"uint\d+|ubigint", name):
        return kind, "UNSIGNED"
    if kind is None and dialect == "sqlite":
        return _by_affinity(name, numbers)
    match kind:
        case None:
            return Native(" ".join(written.split())), ""
        case Bytes() if name in {"timestamp", "rowversion"}:
            return kind, "a number that changes with the row"
        case Integer(bits) if unsigned:
            wider = (
                Integer(bits * 2) if bits < 64 and name != "tinyint" else Integer(16) if bits < 64 else Decimal(20, 0)
            )
            return wider, "UNSIGNED"
        case Float() if unsigned:
            return kind, "UNSIGNED"
        case Float() if len(numbers) > 1:
            return kind, f"{numbers[0]} digits, {numbers[1]} behind the point"
        case Bytes() if numbers and name in {"binary", "varbinary", "raw", "binary_varying"}:
            return kind, "how many bytes it has at most"
        case Text() if name == "set":
            members = ", ".join(
                "'" + unquoted(argument.strip(), dialect).replace("'", "''") + "'" for argument in arguments
            )
            return Native(f"set({members})"), ""
        case Text() if numbers and numbers[0] == _WIDEST.get(dialect):
            return Text(), ""
        case Text() if numbers and numbers[0] > 0 and (name not in {"text", "clob"} or dialect == "snowflake"):
            return Text(numbers[0]), ""
        case Text() if name in {"char", "nchar", "character"} and not arguments:
            return Text(1), ""
        case Float() if name == "float" and numbers and len(numbers) == 1:
            return Float(32 if numbers[0] <= 24 else 64), ""
        case _:
            return kind, ""


def _short_moments(text: str) -> str:
    """An array's type with the short words for times and moments, as pg_dump spells them out: `timestamp(3) without time zone[]`."""
    text = re.sub(r"(?i)\b(time(?:stamp)?)(\(\d\))? with time zone", r"\1tz\2", text)
    return re.sub(r"(?i)\b(time(?:stamp)?(?:\(\d\))?) without time zone", r"\1", text)


def _exact(name: str, numbers: tuple[int, ...], dialect: str) -> tuple[Type, str]:
    if not numbers:
        if dialect == "sqlite":
            return Float(64), ""
        precision, scale = (76, 38) if name in {"bignumeric", "bigdecimal"} else BARE_EXACT.get(dialect, (38, 10))
        lost = "" if dialect in BARE_EXACT else "a number of any length"
        return Decimal(precision, scale), lost
    precision, scale = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if dialect in {"oracle", "snowflake"} and name == "number" and scale == 0 and precision <= 19:
        return Integer(16 if precision <= 5 else 32 if precision <= 10 else 64), ""
    if precision < 1 or not 0 <= scale <= precision:
        return Decimal(max(1, precision - min(0, scale), scale), max(0, scale)), f"a scale of {scale}"
    return Decimal(precision, scale), ""


def _by_affinity(name: str, numbers: tuple[int, ...]) -> tuple[Type, str]:
    """SQLite takes any word for a type and goes by what it contains (sqlite.org/datatype3.html, §3.1)."""
    if "int" in name:
        return Integer(64), ""
    if any(part in name for part in ("char", "clob", "text")):
        return Text(numbers[0] if numbers else None), ""
    if "blob" in name:
        return Bytes(), ""
    return (Float(64), "") if any(part in name for part in ("real", "floa", "doub")) else (Native(name), "")


_NUMBERED = re.compile(r"(?<=')\s*=\s*-?\d+\s*\Z")
"""The number that ClickHouse keeps a value by."""

"""Types of Drizzle's columns, by the functions that make them."""

import json

from dbworkbench.formats.typescript_values import Array, Constant, Object
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
from dbworkbench.sql.declarations import words_in

__all__ = ["function_of", "kind_of", "texts_of", "words_of"]

_PLAIN: dict[str, Type] = {
    **dict.fromkeys(("serial", "integer", "int", "mediumint"), Integer(32)),
    **dict.fromkeys(("bigserial", "bigint"), Integer(64)),
    **dict.fromkeys(("smallserial", "smallint", "tinyint", "year"), Integer(16)),
    "boolean": Boolean(),
    **dict.fromkeys(("real",), Float(32)),
    **dict.fromkeys(("doublePrecision", "double", "float"), Float(64)),
    **dict.fromkeys(("text", "tinytext", "mediumtext", "longtext", "citext"), Text()),
    **dict.fromkeys(("json", "jsonb"), Json()),
    "uuid": Uuid(),
    "date": Date(),
    "time": Time(),
    "interval": Interval(),
    **dict.fromkeys(("bytea", "binary", "varbinary", "blob"), Bytes()),
}


_NATIVES = frozenset(
    {"inet", "cidr", "macaddr", "macaddr8", "point", "line", "vector", "halfvec", "sparsevec", "bit", "geometry"}
)


def kind_of(name: str, options: Object | None, dialect: str) -> Type | None:
    """The type that a column's function means with its options; None for a function that makes no column."""

    def number(key: str) -> int | None:
        found = options.get(key) if options else None
        return found.value if isinstance(found, Constant) and isinstance(found.value, int) else None

    def word(key: str) -> object:
        found = options.get(key) if options else None
        return found.value if isinstance(found, Constant) else None

    values = options.get("enum") if options else None
    if isinstance(values, Array) and (texts := texts_of(values)):
        return Enumeration(tuple(dict.fromkeys(texts)))
    unsigned = word("unsigned") is True
    match name:
        case "varchar" | "char" | "nvarchar" | "nchar":
            return Text(number("length"))
        case "text" if word("mode") == "json":
            return Json()
        case "text" if dialect == "sqlite" and number("length"):
            return Text(number("length"))
        case "blob" if word("mode") in {"json", "bigint"}:
            return Json() if word("mode") == "json" else Integer(64)
        case "numeric" | "decimal":
            precision, scale = number("precision"), number("scale")
            if precision is None or precision < 1:
                return {"postgresql": Decimal(38, 10), "mysql": Decimal(10, 0)}.get(dialect, Decimal())
            return Decimal(precision, min(scale or 0, precision))
        case "timestamp" | "datetime":
            zone = word("withTimezone") is True or (dialect == "mysql" and name == "timestamp")
            return Timestamp(zone=zone)
        case "integer" | "int" if dialect == "sqlite":
            modes: dict[object, Type] = {
                "boolean": Boolean(),
                "timestamp": Timestamp(),
                "timestamp_ms": Timestamp(),
            }
            return modes.get(word("mode"), Integer(64))
        case "real" if dialect in {"sqlite", "mysql"}:
            return Float(64)
        case "float" if dialect == "mysql":
            return Float(32)
        case "bigint" if unsigned:
            return Decimal(20, 0)
        case "int" | "mediumint" if unsigned:
            return Integer(64)
        case "smallint" if unsigned:
            return Integer(32)
        case _ if name in _NATIVES:
            size = number("dimensions") or number("length")
            return Native(f"{name}({size})" if size else name)
        case _:
            return _PLAIN.get(name)


_BY_LENGTH = frozenset({"char", "binary", "varbinary"})
_WHOLE = ("tinyint", "smallint", "mediumint", "int", "bigint")
_TEXTS = frozenset({"tinytext", "text", "mediumtext", "longtext"})
_TIMES = frozenset({"datetime", "timestamp", "time"})
_DIGITS = 6
"""Those of a second that a time has where nothing is said of it."""


def words_of(name: str, options: Object | None, dialect: str) -> str:
    """The type that a column's function means in the words of its database, where those may say more than `kind_of` does.

    >>> words_of("tinyint", None, "mysql"), words_of("timestamp", None, "postgresql")
    ('tinyint', '')
    """
    given = {key: value.value for key, value in options.fields if isinstance(value, Constant)} if options else {}
    mysql, length = dialect == "mysql", given.get("length")
    if (name == "char" or (mysql and name in _BY_LENGTH)) and isinstance(length, int) and dialect != "sqlite":
        return f"{name}({length})"
    if mysql and (name in _WHOLE or name == "year"):
        return f"{name} unsigned" if given.get("unsigned") is True else name
    if mysql and name in _TEXTS:
        return name
    if name in _TIMES and dialect in {"mysql", "postgresql"}:
        digits = given.get("fsp" if mysql else "precision", 0 if mysql else _DIGITS)
        zone = "tz" if given.get("withTimezone") is True and not mysql else ""
        return f"{name}{zone}({digits})" if digits != _DIGITS else "timetz" if (name, zone) == ("time", "tz") else ""
    if dialect == "postgresql" and (name == "json" or (name in {"numeric", "decimal"} and "precision" not in given)):
        return name
    return ""


def function_of(text: str, dialect: str) -> tuple[str, str]:
    """The function for a type in the words of its database, and its options; "native" with the words where there is none.

    >>> function_of("bigint unsigned", "mysql"), function_of("timestamptz(3)", "postgresql")
    (('bigint', '{ mode: "number", unsigned: true }'), ('timestamp', '{ precision: 3, withTimezone: true }'))
    """
    words, arguments = words_in(text)
    name, mysql = words[0], dialect == "mysql"
    number = arguments[0] if len(arguments) == 1 and arguments[0].isdecimal() else ""
    options: list[str] = []
    if (name == "char" or (mysql and name in _BY_LENGTH)) and number and len(words) == 1:
        options = [f"length: {number}"]
    elif mysql and name in _WHOLE and not arguments and words[1:] in {(), ("unsigned",)}:
        options = ['mode: "number"'] * (name == "bigint") + ["unsigned: true"] * (len(words) > 1)
    elif len(words) == 1 and mysql and name in _TIMES and (number or not arguments):
        options = [f"fsp: {number}"] * (number not in {"", "0"})
    elif (
        len(words) == 1
        and not mysql
        and name in {"timestamp", "timestamptz", "time", "timetz"}
        and (number or not arguments)
    ):
        options = [f"precision: {number}"] * bool(number) + ["withTimezone: true"] * name.endswith("tz")
        name = name.removesuffix("tz")
    elif len(words) == 1 and not arguments and mysql and (name in _TEXTS or name == "year"):
        pass
    elif len(words) == 1 and not arguments and not mysql and name in {"json", "decimal"}:
        name = "numeric" if name == "decimal" else name
    else:
        return "native", json.dumps(text, ensure_ascii=False)
    return name, f"{{ {', '.join(options)} }}" if options else ""


def texts_of(node: Array) -> list[str]:
    """The texts of an array."""
    return [item.value for item in node.items if isinstance(item, Constant) and isinstance(item.value, str)]

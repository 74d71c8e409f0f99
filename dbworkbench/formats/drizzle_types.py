"""Types of Drizzle's columns, by the functions that make them."""

from dbworkbench.formats.typescript import Array, Constant, Object
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

__all__ = ["kind_of", "texts_of"]

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
                return Decimal()
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
        case _ if name in _NATIVES:
            size = number("dimensions") or number("length")
            return Native(f"{name}({size})" if size else name)
        case _:
            return _PLAIN.get(name)


def texts_of(node: Array) -> list[str]:
    """The texts of an array."""
    return [item.value for item in node.items if isinstance(item, Constant) and isinstance(item.value, str)]

"""SQLAlchemy's types by name, for its source text and for its objects alike."""

from collections.abc import Sequence

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
    Unknown,
    Uuid,
)

__all__ = ["ANNOTATIONS", "plain_type", "typed"]

_PLAIN: dict[str, Type] = {
    **dict.fromkeys(("Boolean", "BOOLEAN", "BIT"), Boolean()),
    **dict.fromkeys(("SmallInteger", "SMALLINT", "TINYINT"), Integer(16)),
    **dict.fromkeys(("Integer", "INTEGER", "INT", "MEDIUMINT"), Integer(32)),
    **dict.fromkeys(("BigInteger", "BIGINT"), Integer(64)),
    **dict.fromkeys(("REAL",), Float(32)),
    **dict.fromkeys(("Float", "FLOAT", "Double", "DOUBLE", "DOUBLE_PRECISION"), Float(64)),
    **dict.fromkeys(
        ("Text", "UnicodeText", "TEXT", "CLOB", "LONGTEXT", "MEDIUMTEXT", "TINYTEXT", "NTEXT", "CITEXT"), Text()
    ),
    **dict.fromkeys(
        ("LargeBinary", "BLOB", "BYTEA", "BINARY", "VARBINARY", "LONGBLOB", "MEDIUMBLOB", "PickleType"), Bytes()
    ),
    **dict.fromkeys(("Uuid", "UUID", "GUID", "UNIQUEIDENTIFIER", "UUIDType"), Uuid()),
    **dict.fromkeys(("Date", "DATE"), Date()),
    **dict.fromkeys(("Time", "TIME"), Time()),
    **dict.fromkeys(("Interval", "INTERVAL"), Interval()),
    **dict.fromkeys(("JSON", "JSONB", "JSONType"), Json()),
}
_TEXTS = frozenset({"String", "Unicode", "VARCHAR", "CHAR", "NVARCHAR", "NCHAR", "AutoString", "EmailType", "URLType"})
_STAMPS = frozenset({"DateTime", "DATETIME", "TIMESTAMP", "DATETIME2", "SMALLDATETIME"})

# what a type means that stands in Mapped[…]
ANNOTATIONS: dict[str, Type] = {
    "int": Integer(32),
    "str": Text(),
    "bool": Boolean(),
    "float": Float(64),
    "bytes": Bytes(),
    "Decimal": Decimal(18, 3),
    "datetime": Timestamp(),
    "date": Date(),
    "time": Time(),
    "timedelta": Interval(),
    "UUID": Uuid(),
    "UUID4": Uuid(),
    "dict": Json(),
    "Dict": Json(),
    "list": Json(),
    "List": Json(),
    "EmailStr": Text(),
}


def plain_type(name: str) -> Type | None:
    """The type of a name that says everything by itself.

    >>> plain_type("BigInteger")
    Integer(bits=64)
    """
    return _PLAIN.get(name)


def typed(  # noqa: PLR0917  what a type of SQLAlchemy can be told
    name: str,
    length: int | None = None,
    precision: int | None = None,
    scale: int | None = None,
    zone: bool = False,  # noqa: FBT001, FBT002  as SQLAlchemy has it
    values: Sequence[str] = (),
) -> Type:
    """The type that a class of SQLAlchemy's types means with its arguments; others are kept by their name."""
    if name in _TEXTS:
        return Text(length) if length and length > 0 else Text()
    if name in _STAMPS:
        return Timestamp(zone=zone)
    if name in {"DATETIMEOFFSET", "TIMESTAMPTZ"}:
        return Timestamp(zone=True)
    if name in {"Numeric", "NUMERIC", "DECIMAL", "DECIMAL_", "NUMBER"}:
        if precision is None or precision < 1:
            return Decimal()
        return Decimal(precision, max(0, min(scale if scale is not None else 0, precision)))
    if name in {"MONEY", "SMALLMONEY"}:
        return Decimal(19, 4)
    if name in {"Enum", "ENUM"}:
        return Enumeration(tuple(dict.fromkeys(values))) if values else Text()
    if name in {"Float", "FLOAT"} and precision is not None and precision <= 24:
        return Float(32)
    if name == "NullType":
        return Unknown()
    return _PLAIN.get(name) or Native(name.lower())

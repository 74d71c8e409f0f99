"""The relation that a table of rows shows: its attributes, their types, and where values are unknown."""

import re

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import DataError, kind_of, listed
from dbworkbench.schema.notation import rules as with_rules
from dbworkbench.schema.relation import Attribute, Relation
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

_TYPES: dict[str, Type] = {
    "BOOLEAN": Boolean(),
    "TINYINT": Integer(16),
    "SMALLINT": Integer(16),
    "UTINYINT": Integer(16),
    "INTEGER": Integer(32),
    "USMALLINT": Integer(32),
    "BIGINT": Integer(64),
    "UINTEGER": Integer(64),
    "UBIGINT": Decimal(20, 0),
    "HUGEINT": Decimal(38, 0),
    "UHUGEINT": Decimal(38, 0),
    "FLOAT": Float(32),
    "DOUBLE": Float(64),
    "VARCHAR": Text(),
    "BLOB": Bytes(),
    "UUID": Uuid(),
    "DATE": Date(),
    "TIME": Time(),
    "TIMESTAMP": Timestamp(),
    "TIMESTAMP_S": Timestamp(),
    "TIMESTAMP_MS": Timestamp(),
    "TIMESTAMP_NS": Timestamp(),
    "TIMESTAMP WITH TIME ZONE": Timestamp(zone=True),
    "INTERVAL": Interval(),
    "JSON": Json(),
}


def duckdb_type(text: str) -> Type:
    """A DuckDB type as one of ours; nested ones stay native.

    >>> duckdb_type("DECIMAL(10,2)")
    Decimal(precision=10, scale=2)
    """
    if match := re.fullmatch(r"DECIMAL\((\d+),\s*(\d+)\)", text):
        return Decimal(int(match[1]), int(match[2]))
    if text.startswith("ENUM("):
        return Enumeration(tuple(value.replace("''", "'") for value in re.findall(r"'((?:[^']|'')*)'", text)))
    return _TYPES.get(text, Native(text))


def relation_of(tables: Tables, name: str = "", *, rules: str = "") -> Relation:
    """The relation of one table: nullable is what has unknown values; no key or dependency is guessed.

    `name` may be left out where there is one table only; `rules` are the dependencies, keys and checks that the rows
    should obey, one to a line (`check` tells whether they do).

    Raises UnknownName where there is no such table, DataError for a nested column (a list, a struct, a map), and
    what `schema.notation.rules` raises.
    """
    if not isinstance(tables, Tables):
        raise DataError(f"{kind_of(tables)} holds no tables — read it first: wb.read_data(…)")
    if not name:
        if len(tables.names) != 1:
            raise DataError(f"there are {len(tables.names)} tables — say which one: {listed(tables.names)}")
        (name,) = tables.names
    columns = tables.columns(name)
    for column, kind in columns:
        if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
            raise DataError(
                f"the column {column!r} of {name!r} is nested ({kind[:60]}) — make it a table or columns of its own first"
            )
    counts = ", ".join(f"count(*) - count({quoted(column)})" for column, _ in columns)
    (unknown,) = tables.connection.execute(f"SELECT {counts} FROM {quoted(name)}").fetchall()
    found = Relation(
        name,
        tuple(
            Attribute(column, duckdb_type(kind), nullable=missing > 0)
            for (column, kind), missing in zip(columns, unknown, strict=True)
        ),
    )
    return with_rules(found, rules) if rules.strip() else found

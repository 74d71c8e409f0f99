"""PostgreSQL 18 (and every version since 12).

Measured on 18.4: names are cut at 63 bytes in silence, so longer ones are shortened here; tables, indexes and keys
share one space of names; a key has at most 32 attributes, a table 1,600; a table called like one of the catalogue's
(pg_class) is hidden by it; xmin and its like cannot name a column.
"""

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
    Uuid,
)
from dbworkbench.sql.dialect import Dialect, Feature, Spelling


def _text(kind: Text) -> Spelling:
    if kind.length is None:
        return Spelling("text")
    if kind.length > 10_485_760:
        return Spelling("text", check="length({column}) <= {length}")
    return Spelling("varchar({length})")


POSTGRESQL = Dialect(
    name="postgresql",
    title="PostgreSQL",
    sqlglot="postgres",
    types={
        Boolean: "boolean",
        Integer(16): "smallint",
        Integer(32): "integer",
        Integer(64): "bigint",
        Decimal: "numeric({precision},{scale})",
        Float(32): "real",
        Float(64): "double precision",
        Text: _text,
        Bytes: "bytea",
        Uuid: "uuid",
        Date: "date",
        Time: "time",
        Timestamp(): "timestamp",
        Timestamp(zone=True): "timestamptz",
        Interval: "interval",
        Json: "jsonb",
        Enumeration: Spelling("text", check="{column} IN ({values})"),
    },
    lacks=frozenset({Feature.FORWARD_REFERENCE, Feature.ANY_REFERENCE}),
    max_identifier=63,
    reserved={
        "relation": r"pg_.*",
        "attribute": r"tableoid|xmin|cmin|xmax|cmax|ctid",
        "key": r".*_not_null\d*",
        "foreign key": r".*_not_null\d*",
    },
    namespaces=(frozenset({"relation", "index", "key"}),),
    implicit_names=r".*_(?:pkey|key|fkey|check|not_null)\d*",
    max_attributes=1600,
    max_key_attributes=32,
    max_digits=1000,
    unkeyable=frozenset({"xml", "point", "line", "lseg", "box", "path", "polygon", "circle"}),
    natives=frozenset(
        {
            *("inet", "cidr", "macaddr", "macaddr8", "money", "bit", "bit varying", "varbit", "xml", "tsvector"),
            *("tsquery", "point", "line", "lseg", "box", "path", "polygon", "circle", "int4range", "int8range"),
            *("numrange", "tsrange", "tstzrange", "daterange", "oid", "character varying", "character", "bpchar"),
        }
    ),
    expressions=frozenset(
        {"RegexpLike", "RegexpILike", "ILike", "Extract", "Year", "Month", "Day", "Interval", "Localtimestamp"}
        | {"Uuid", "NullSafeEQ", "NullSafeNEQ", "Div", "IntDiv"}
    ),
)

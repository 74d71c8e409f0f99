"""DuckDB 2: the home dialect, in which designs are populated and their expressions are written.

Measured on 2.0.0: a foreign key names the key's attributes in the key's order and in the very same types; CASCADE,
SET NULL and SET DEFAULT are refused by the parser, partial indexes by the catalogue; no foreign key can be added
later; names are compared without regard to ASCII case, quoted or not; a check takes CURRENT_TIMESTAMP for a column; the catalogue
makes up a name for each key, check and reference, whatever it was called.
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
from dbworkbench.sql.dialect import Dialect, Feature, Rare, Spelling

DUCKDB = Dialect(
    name="duckdb",
    title="DuckDB",
    sqlglot="duckdb",
    types={
        Boolean: "BOOLEAN",
        Integer(16): "SMALLINT",
        Integer(32): "INTEGER",
        Integer(64): "BIGINT",
        Decimal: "DECIMAL({precision},{scale})",
        Float(32): "FLOAT",
        Float(64): "DOUBLE",
        Text(): "VARCHAR",
        Text: Spelling("VARCHAR", check="length({column}) <= {length}"),
        Bytes: "BLOB",
        Uuid: "UUID",
        Date: "DATE",
        Time: "TIME",
        Timestamp(): "TIMESTAMP",
        Timestamp(zone=True): "TIMESTAMPTZ",
        Interval: "INTERVAL",
        Json: "JSON",
        Enumeration: Spelling("VARCHAR", check="{column} IN ({values})"),
    },
    lacks=frozenset(
        {
            Feature.RULE_NAME,
            Feature.ADDED_REFERENCE,
            Feature.FORWARD_REFERENCE,
            Feature.DEFERRED_REFERENCE,
            Feature.KIN_REFERENCE,
            Feature.ANY_REFERENCE,
            Feature.PARTIAL_INDEX,
            Feature.COMPUTED_KEY,
            Feature.COMPUTED_CHECK,
            Feature.COMPUTED_NOT_NULL,
        }
    ),
    has=frozenset({Rare.ENUMERATION}),
    names_enumerations=False,
    far_moments=True,
    strict="kinds",
    on_delete=frozenset({"no action", "restrict"}),
    on_update=frozenset({"no action", "restrict"}),
    generated={"virtual": "GENERATED ALWAYS AS ({expression}) VIRTUAL"},
    index_expression="({expression})",
    unindexed=r"->|\b(?i:json_\w+|from_json)\(|\[\d*\]\)",  # functions of its extension, and lists
    settled=frozenset({"index"}),
    folds=True,
    namespaces=(frozenset({"relation"}), frozenset({"index"})),
    unkeyable=frozenset({"interval", "[]"}),
    natives=frozenset({"tinyint", "utinyint", "usmallint", "uinteger", "ubigint", "hugeint", "uhugeint", "bit"}),
    bare_calls=True,
    expressions=frozenset({"*"}),
    clock={"CurrentTimestamp": "now()", "CurrentDate": "today()"},
)

"""Snowflake: keys and references are hints for people and the optimizer; only NOT NULL is enforced.

By its documentation: names have 255 characters; there are no indexes and no checks; a backslash in a text literal is
an escape.
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

SNOWFLAKE = Dialect(
    name="snowflake",
    title="Snowflake",
    truths="values",
    sqlglot="snowflake",
    quotient="TRUNC",
    types={
        Boolean: "BOOLEAN",
        Integer(16): "NUMBER(5,0)",
        Integer(32): "NUMBER(10,0)",
        Integer(64): "NUMBER(19,0)",
        Decimal: "NUMBER({precision},{scale})",
        Float: "FLOAT",
        Text(): "VARCHAR",
        Text: "VARCHAR({length})",
        Bytes: "BINARY",
        Uuid: Spelling("VARCHAR(36)", loss="a UUID", instead="written as VARCHAR(36)"),
        Date: "DATE",
        Time: "TIME(6)",
        Timestamp(): "TIMESTAMP_NTZ(6)",
        Timestamp(zone=True): "TIMESTAMP_TZ(6)",
        Interval: Spelling("VARCHAR(60)", loss="a span of time", instead="written as VARCHAR(60)"),
        Json: "VARIANT",
        Enumeration: Spelling("VARCHAR", check="{column} IN ({values})"),
    },
    fractions={
        Time: "TIME({digits})",
        Timestamp(): "TIMESTAMP_NTZ({digits})",
        Timestamp(zone=True): "TIMESTAMP_TZ({digits})",
    },
    most_digits=9,
    lacks=frozenset(
        {
            Feature.KEYS_ENFORCED,
            Feature.REFERENCES_ENFORCED,
            Feature.FORWARD_REFERENCE,
            Feature.DEFERRED_REFERENCE,
            Feature.ANY_REFERENCE,
            Feature.CHECK,
            Feature.INDEX,
            Feature.PARTIAL_INDEX,
            Feature.ARRAY,
            Feature.COMPUTED_KEY,
            Feature.COMPUTED_NOT_NULL,
        }
    ),
    generated={"virtual": "AS ({expression})"},
    identity={"default": "AUTOINCREMENT{numbers}"},
    identity_numbers=" START {start} INCREMENT {increment}",
    numbers_decimals=True,
    escapes=True,
    bare_calls=True,
    calls={"Uuid": "UUID_STRING()", "CurrentUser": "CURRENT_USER()"},
    max_identifier=255,
    counts_characters=True,
    unkeyable=frozenset({"variant", "array", "geography", "geometry"}),
    natives=frozenset({"array", "geography", "geometry"}),
    clustering="\nCLUSTER BY ({parts})",
    clustering_expressions=True,
    unclusterable=frozenset({"variant", "binary"}),
)

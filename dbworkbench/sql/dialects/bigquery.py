"""BigQuery: keys and references are hints, written NOT ENFORCED.

By its reference: column names have letters, digits and underscores, up to 300 of them, and are compared without
regard to case; NUMERIC has 29 digits before the point and 9 behind, BIGNUMERIC 38 and 38; a primary key has no name
and at most 16 columns; DEFAULT stands before NOT NULL.
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


def _decimal(kind: Decimal) -> Spelling:
    if kind.scale <= 9 and kind.precision - kind.scale <= 29:
        return Spelling("NUMERIC({precision}, {scale})")
    if kind.scale <= 38 and kind.precision - kind.scale <= 38:
        return Spelling("BIGNUMERIC({precision}, {scale})")
    return Spelling("BIGNUMERIC", loss=f"{kind.precision} digits", instead="written as BIGNUMERIC")


BIGQUERY = Dialect(
    name="bigquery",
    title="BigQuery",
    truths="values",
    sqlglot="bigquery",
    like_escapes=True,
    like_clause=False,
    types={
        Boolean: "BOOL",
        Integer: "INT64",
        Decimal: _decimal,
        Float: "FLOAT64",
        Text(): "STRING",
        Text: "STRING({length})",
        Bytes: "BYTES",
        Uuid: Spelling("STRING(36)", loss="a UUID", instead="written as STRING(36)"),
        Date: "DATE",
        Time: "TIME",
        Timestamp(): "DATETIME",
        Timestamp(zone=True): "TIMESTAMP",
        Interval: "INTERVAL",
        Json: "JSON",
        Enumeration: Spelling("STRING", check="{column} IN ({values})"),
    },
    lacks=frozenset(
        {
            Feature.UNIQUE,
            Feature.KEYS_ENFORCED,
            Feature.KEY_NAME,
            Feature.REFERENCES_ENFORCED,
            Feature.FORWARD_REFERENCE,
            Feature.DEFERRED_REFERENCE,
            Feature.ANY_REFERENCE,
            Feature.CHECK,
            Feature.DEFAULT_EXPRESSION,
            Feature.INDEX,
            Feature.PARTIAL_INDEX,
            Feature.ARRAY,
        }
    ),
    on_delete=frozenset(),
    on_update=frozenset(),
    quote=("`", "`"),
    escapes=True,
    max_identifier=300,
    counts_characters=True,
    folds=True,
    forbidden=r"\W",
    reserved={"attribute": r"\d.*|_TABLE_.*|_FILE_.*|_PARTITION.*|_ROW_TIMESTAMP.*|__ROOT__.*|_COLIDENTIFIER.*"},
    max_attributes=10_000,
    max_key_attributes=16,
    max_digits=76,
    unkeyable=frozenset({"json", "interval", "float64", "geography"}),
    natives=frozenset({"geography"}),
    partitioning={"": "PARTITION BY {parts}"},
    clustering="\nCLUSTER BY {parts}",
    clustering_most=4,
    unclusterable=frozenset({"json", "interval", "float64", "bytes", "time"}),
    bare_calls=True,
    default_first=True,
    key_suffix=" NOT ENFORCED",
    note_suffix=" OPTIONS(description={note})",
)

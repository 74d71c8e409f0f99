"""Databricks SQL over Delta tables: NOT NULL and checks are enforced, keys and references are hints.

By its reference: a check is added to a table that exists and has a name; a computed default is a feature of the table
that has to be switched on; "for a CHECK constraint to be satisfied it must evaluate to true", so one that may be unknown is
told to pass; names have 255 characters, none of them a blank, a comma or one of ;{}()=./
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

DATABRICKS = Dialect(
    name="databricks",
    title="Databricks",
    sqlglot="databricks",
    like_escapes=True,
    types={
        Boolean: "BOOLEAN",
        Integer(16): "SMALLINT",
        Integer(32): "INT",
        Integer(64): "BIGINT",
        Decimal: "DECIMAL({precision},{scale})",
        Float(32): "FLOAT",
        Float(64): "DOUBLE",
        Text(): "STRING",
        Text: Spelling("STRING", check="length({column}) <= {length}"),
        Bytes: "BINARY",
        Uuid: Spelling("STRING", loss="a UUID", instead="written as STRING"),
        Date: "DATE",
        Time: Spelling("STRING", loss="a time of day", instead="written as STRING"),
        Timestamp(): "TIMESTAMP_NTZ",
        Timestamp(zone=True): "TIMESTAMP",
        Interval: Spelling("STRING", loss="a span of time", instead="written as STRING"),
        Json: "VARIANT",
        Enumeration: Spelling("STRING", check="{column} IN ({values})"),
    },
    lacks=frozenset(
        {
            Feature.UNIQUE,
            Feature.KEYS_ENFORCED,
            Feature.REFERENCES_ENFORCED,
            Feature.FORWARD_REFERENCE,
            Feature.DEFERRED_REFERENCE,
            Feature.ANY_REFERENCE,
            Feature.CHECK_INSIDE,
            Feature.INDEX,
            Feature.PARTIAL_INDEX,
            Feature.ARRAY,
            Feature.COMPUTED_KEY,
        }
    ),
    generated={"stored": "GENERATED ALWAYS AS ({expression})"},
    on_delete=frozenset(),
    on_update=frozenset(),
    quote=("`", "`"),
    escapes=True,
    max_identifier=255,
    counts_characters=True,
    folds=True,
    forbidden=r"[\s,;{}()=./\\\x00-\x1f\x7f]",
    implicit_names=r"(?s:.*)",
    unkeyable=frozenset({"variant"}),
    bare_calls=True,
    check_form="coalesce({check}, true)",
    note_suffix=" COMMENT {note}",
    partitioning={"": "PARTITIONED BY ({parts})"},
    clustering="\nCLUSTER BY ({parts})",
    clustering_most=4,
    clustering_alone=True,
    unclusterable=frozenset({"variant", "binary", "boolean"}),
    table_options="\nUSING DELTA{partitioned}{clustered}\nTBLPROPERTIES ('delta.feature.allowColumnDefaults' = 'supported')",
)

"""ClickHouse 26: columns sorted by the primary key, which tells no rows apart.

By its documentation: MergeTree sorts by the key and refuses no equal rows; there are no references and no other keys;
a check has a name, and refuses what is unknown, so it is told to let it pass; text literals and quoted names know the
backslash as an escape. Measured on 26.9: Date32 and DateTime64 reach from year 1 to 9999, where versions before end at
1900 and 2299, but for those of eight and nine digits of a second, which are counted in 64 bits; a column called "not" is
kept without its quotes in an expression, after which the table cannot be told.
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

CLICKHOUSE = Dialect(
    name="clickhouse",
    title="ClickHouse",
    sqlglot="clickhouse",
    quotient="intDiv",
    like_escapes=True,
    like_clause=False,
    types={
        Boolean: "Bool",
        Integer(16): "Int16",
        Integer(32): "Int32",
        Integer(64): "Int64",
        Decimal: "Decimal({precision}, {scale})",
        Float(32): "Float32",
        Float(64): "Float64",
        Text(): "String",
        Text: Spelling("String", check="lengthUTF8({column}) <= {length}"),
        Bytes: Spelling("String", loss="that it is no text", instead="written as String"),
        Uuid: "UUID",
        Date: "Date32",
        Time: Spelling("String", loss="a time of day", instead="written as String"),
        Timestamp(): "DateTime64(6)",
        Timestamp(zone=True): "DateTime64(6, 'UTC')",
        Interval: Spelling("String", loss="a span of time", instead="written as String"),
        Json: Spelling("String", check="isValidJSON({column})"),
        Enumeration: Spelling("String", check="{column} IN ({values})"),
    },
    fractions={Timestamp(): "DateTime64({digits})", Timestamp(zone=True): "DateTime64({digits}, 'UTC')"},
    most_digits=9,
    wholes={
        (-(2**7), 2**7 - 1): "Int8",
        (0, 2**8 - 1): "UInt8",
        (0, 2**16 - 1): "UInt16",
        (0, 2**32 - 1): "UInt32",
        (0, 2**64 - 1): "UInt64",
    },
    lacks=frozenset(
        {
            Feature.UNIQUE,
            Feature.KEYS_ENFORCED,
            Feature.KEY_NAME,
            Feature.REFERENCE,
            Feature.INDEX,
            Feature.PARTIAL_INDEX,
            Feature.ARRAY,
            Feature.COMPUTED_KEY,
            Feature.VIRTUAL_CHECK,
        }
    ),
    generated={"stored": "MATERIALIZED {expression}", "virtual": "ALIAS {expression}"},
    escapes=True,
    max_identifier=64,
    forbidden=r"\\",
    reserved={"attribute": r"(?i:not)"},
    implicit_names=r"(?s:.*)",
    max_digits=76,
    digits=15,
    moments={
        r"DateTime64\(9\b.*": ("1677-09-21 00:12:44", "2262-04-11 23:47:16.854775"),
        r"DateTime64\(8\b.*": ("0001-01-01 00:00:00", "4892-10-07 21:52:48.547757"),
    },
    dated={"DATE": "toDate32({text})", "TIMESTAMP": "toDateTime64({text}, 6)"},
    check_form="ifNull({check}, true)",
    check_formed=r"(?i)\d\.\d|\de[+-]?\d",  # bare, their fractions are held against the texts of other checks, and refused
    nullable_type="Nullable({type})",
    note_suffix=" COMMENT {note}",
    partitioning={"": "PARTITION BY ({parts})"},
    table_options="\nENGINE = MergeTree{partitioned}{clustered}",
    key_outside=True,
    clustering="({parts})",
    clustering_expressions=True,
)

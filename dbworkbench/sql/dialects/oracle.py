"""Oracle Database 23ai.

By its SQL reference: names have 128 bytes and no quotation mark; DEFAULT stands before NOT NULL; a foreign key has
actions on delete only; an index on the columns of a key is refused (ORA-01408), as is TIMESTAMP WITH TIME ZONE in one
(ORA-02329); the empty text is NULL. There is no time of day without a date: an interval stands for it.
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
    lost = {"loss": "the empty text", "instead": "stored as NULL"}
    if kind.length is None:
        return Spelling("CLOB", **lost)
    return (
        Spelling("VARCHAR2({length} CHAR)", **lost)
        if kind.length <= 1000
        else Spelling("CLOB", "LENGTH({column}) <= {length}", **lost)
    )


def _key_text(kind: Text) -> Spelling:
    if kind.length is not None and kind.length <= 400:
        return Spelling("VARCHAR2({length} CHAR)", loss="the empty text", instead="stored as NULL")
    return Spelling(
        "VARCHAR2(400 CHAR)", loss="more than 400 characters in a key", instead="written as VARCHAR2(400 CHAR)"
    )


ORACLE = Dialect(
    name="oracle",
    title="Oracle",
    sqlglot="oracle",
    types={
        Boolean: "BOOLEAN",
        Integer(16): "NUMBER(5)",
        Integer(32): "NUMBER(10)",
        Integer(64): "NUMBER(19)",
        Decimal: "NUMBER({precision},{scale})",
        Float(32): "BINARY_FLOAT",
        Float(64): "BINARY_DOUBLE",
        Text: _text,
        Bytes: "BLOB",
        Uuid: "RAW(16)",
        Date: "DATE",
        Time: Spelling(
            "INTERVAL DAY(0) TO SECOND(6)", loss="a time of day", instead="written as the span since midnight"
        ),
        Timestamp(): "TIMESTAMP(6)",
        Timestamp(zone=True): "TIMESTAMP(6) WITH TIME ZONE",
        Interval: Spelling(
            "INTERVAL DAY(9) TO SECOND(6)", loss="months in a span", instead="written in days and seconds"
        ),
        Json: "JSON",
        Enumeration: Spelling("VARCHAR2(255 CHAR)", check="{column} IN ({values})"),
    },
    key_types={
        Text: _key_text,
        Bytes: Spelling("RAW(2000)", loss="more than 2,000 bytes in a key", instead="written as RAW(2000)"),
        Timestamp(zone=True): Spelling(
            "TIMESTAMP(6) WITH LOCAL TIME ZONE", loss="which time zone it was", instead="shown in the session's"
        ),
    },
    lacks=frozenset(
        {
            Feature.FORWARD_REFERENCE,
            Feature.ANY_REFERENCE,
            Feature.REPEATED_INDEX,
            Feature.PARTIAL_INDEX,
            Feature.ARRAY,
        }
    ),
    on_delete=frozenset({"cascade", "set null"}),
    on_update=frozenset(),
    max_identifier=128,
    forbidden=r'"',
    namespaces=(frozenset({"relation"}), frozenset({"index"}), frozenset({"key", "foreign key", "check"})),
    implicit_names=r"SYS_C\d+",
    max_attributes=1000,
    max_key_attributes=32,
    unkeyable=frozenset({"json", "clob", "blob"}),
    dated={"DATE": "DATE {text}", "TIMESTAMP": "TIMESTAMP {text}"},
    default_first=True,
)

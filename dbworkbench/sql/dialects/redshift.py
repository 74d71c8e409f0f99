"""Amazon Redshift: keys and references are hints; there are no checks and no indexes.

By its developer guide: VARCHAR counts bytes, so room is made for four to a character; names have 127 bytes and are
compared without regard to case; SUPER holds JSON.
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
    if kind.length is None or kind.length * 4 > 65_535:
        return Spelling("varchar(65535)", loss="more than 65,535 bytes", instead="written as varchar(65535)")
    text = f"varchar({kind.length * 4})"
    return Spelling(text, loss=f"a limit of {kind.length} characters", instead=f"written as {text}, which counts bytes")


REDSHIFT = Dialect(
    name="redshift",
    title="Redshift",
    sqlglot="redshift",
    types={
        Boolean: "boolean",
        Integer(16): "smallint",
        Integer(32): "integer",
        Integer(64): "bigint",
        Decimal: "numeric({precision},{scale})",
        Float(32): "real",
        Float(64): "double precision",
        Text: _text,
        Bytes: "varbyte(65535)",
        Uuid: Spelling("char(36)", loss="a UUID", instead="written as char(36)"),
        Date: "date",
        Time: "time",
        Timestamp(): "timestamp",
        Timestamp(zone=True): "timestamptz",
        Interval: Spelling("varchar(60)", loss="a span of time", instead="written as varchar(60)"),
        Json: "super",
        Enumeration: Spelling("varchar(1020)", check="{column} IN ({values})"),
    },
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
        }
    ),
    on_delete=frozenset(),
    on_update=frozenset(),
    escapes=True,
    bare_calls=True,
    max_identifier=127,
    folds=True,
    max_attributes=1600,
    unkeyable=frozenset({"super"}),
)

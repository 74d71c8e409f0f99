"""MySQL 8 from 8.0.16, where checks are enforced.

By its reference manual: identifiers have 64 characters of the Basic Multilingual Plane and do not end in a blank
(§9.2); InnoDB's keys have 3,072 bytes, so a text in one is cut to 255 characters here (§15.22); a default of TEXT,
BLOB or JSON stands in parentheses (§11.6); InnoDB refuses SET DEFAULT (§13.1.20.5); names of foreign keys and of
checks are each unique in the schema. What has no name is named after its first column or its table, so all is named;
the primary key is called PRIMARY.
A check does not look at the clock. Times are kept to the microsecond, instants in UTC.
"""

from dataclasses import replace

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

_ACTIONS = frozenset({"cascade", "set null", "restrict", "no action"})


_SPATIAL = frozenset(
    {
        *("point", "geometry", "linestring", "polygon"),
        *("multipoint", "multilinestring", "multipolygon", "geometrycollection"),
    }
)


def _text(kind: Text) -> Spelling:
    if kind.length is None:
        return Spelling("LONGTEXT")
    return (
        Spelling("VARCHAR({length})")
        if kind.length <= 16_000
        else Spelling("LONGTEXT", "char_length({column}) <= {length}")
    )


def _key_text(kind: Text) -> Spelling:
    if kind.length is not None and kind.length <= 768:
        return Spelling("VARCHAR({length})")
    return Spelling("VARCHAR(255)", loss="more than 255 characters in a key", instead="written as VARCHAR(255)")


MYSQL = Dialect(
    name="mysql",
    title="MySQL",
    default_given="ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT ({default})",
    sqlglot="mysql",
    like_escapes=True,
    types={
        Boolean: "TINYINT(1)",
        Integer(16): "SMALLINT",
        Integer(32): "INT",
        Integer(64): "BIGINT",
        Decimal: "DECIMAL({precision},{scale})",
        Float(32): "FLOAT",
        Float(64): "DOUBLE",
        Text: _text,
        Bytes: "LONGBLOB",
        Uuid: Spelling("CHAR(36)", loss="a UUID", instead="written as CHAR(36)"),
        Date: "DATE",
        Time: "TIME(6)",
        Timestamp(): "DATETIME(6)",
        Timestamp(zone=True): Spelling("DATETIME(6)", loss="a time zone", instead="written as DATETIME(6), in UTC"),
        Interval: Spelling("VARCHAR(60)", loss="a span of time", instead="written as VARCHAR(60)"),
        Json: "JSON",
        Enumeration: Spelling("VARCHAR(255)", check="{column} IN ({values})"),
    },
    key_types={
        Text: _key_text,
        Bytes: Spelling("VARBINARY(767)", loss="more than 767 bytes in a key", instead="written as VARBINARY(767)"),
    },
    fractions={Time: "TIME({digits})", Timestamp: "DATETIME({digits})"},
    padded="CHAR({length})",
    wholes={
        (-(2**7), 2**7 - 1): "TINYINT",
        (0, 2**8 - 1): "TINYINT UNSIGNED",
        (0, 2**16 - 1): "SMALLINT UNSIGNED",
        (-(2**23), 2**23 - 1): "MEDIUMINT",
        (0, 2**24 - 1): "MEDIUMINT UNSIGNED",
        (0, 2**32 - 1): "INT UNSIGNED",
        (0, 2**64 - 1): "BIGINT UNSIGNED",
    },
    lacks=frozenset(
        {
            Feature.KEY_NAME,
            Feature.FORWARD_REFERENCE,
            Feature.DEFERRED_REFERENCE,
            Feature.ANY_REFERENCE,
            Feature.KIN_REFERENCE,
            Feature.CHECKED_CASCADE,
            Feature.PARTIAL_INDEX,
            Feature.ARRAY,
            Feature.COMPUTED_KEY,
            Feature.COMPUTED_FROM_NUMBER,
        }
    ),
    has=frozenset({Rare.ORDER, Rare.LENGTH}),
    generated={
        "virtual": "GENERATED ALWAYS AS ({expression}) VIRTUAL",
        "stored": "GENERATED ALWAYS AS ({expression}) STORED",
    },
    identity={"default": "AUTO_INCREMENT"},
    null_said="(?i)timestamp",
    counts_from=" AUTO_INCREMENT={start}",
    unsigned="BIGINT UNSIGNED",
    sets=True,
    bits=64,
    numbers_keys="first",
    collations=r"[a-z0-9]+_(?:[a-z0-9_]+_)?(?:ci|cs|bin)",
    equals_cases=True,
    index_expression="({expression})",
    index_bytes=3072,
    methods={
        "fulltext": "CREATE FULLTEXT INDEX {name} ON {table}",
        "spatial": "CREATE SPATIAL INDEX {name} ON {table}",
    },
    partitioning={
        "range": "PARTITION BY RANGE{columns} ({parts})",
        "list": "PARTITION BY LIST{columns} ({parts})",
        "hash": "PARTITION BY HASH ({parts})",
        "key": "PARTITION BY KEY ({parts})",
    },
    partitioned_last=True,
    on_delete=_ACTIONS,
    on_update=_ACTIONS,
    quote=("`", "`"),
    escapes=True,
    max_identifier=64,
    counts_characters=True,
    folds=True,
    folds_letters=True,
    forbidden=r"[^\x01-\uffff]|[\t-\r ]+\Z",
    reserved={
        "attribute": "db_row_id|db_trx_id|db_roll_ptr|fts_doc_id",
        "index": "primary|gen_clust_index",
        "key": "primary|gen_clust_index",
        "check": "primary",
        "foreign key": "primary|gen_clust_index",
    },
    namespaces=(frozenset({"relation"}), frozenset({"foreign key"}), frozenset({"check"})),
    implicit_names=r"(?s:.*)",
    max_attributes=1017,
    max_key_attributes=16,
    max_key_bytes=3072,
    row_bytes=65_535,
    max_indexes=64,
    max_note={"attribute": 1024, "relation": 2048},
    plain_notes=True,
    max_digits=65,
    max_scale=30,
    unkeyable=frozenset({"json", "longtext", "longblob"}) | _SPATIAL,
    natives=_SPATIAL,
    undefaulted=_SPATIAL,
    clock={"CurrentTimestamp": "", "CurrentDate": ""},
    calls={"Uuid": "UUID()", "CurrentUser": "CURRENT_USER()", "SessionUser": "SESSION_USER()"},
    expressions=frozenset({"RegexpLike", "Extract", "Interval"}),
    present={
        Timestamp(): ("CURRENT_TIMESTAMP()", "CURRENT_TIMESTAMP{precision}"),
        Timestamp(zone=True): ("CURRENT_TIMESTAMP()", "UTC_TIMESTAMP{precision}"),
    },
    bracketed=frozenset(
        {"tinytext", "text", "mediumtext", "longtext", "tinyblob", "blob", "mediumblob", "longblob", "json"}
    ),
    tries_defaults=True,
    note_suffix=" COMMENT {note}",
    unenforced={("check", "never"): ("{rule} NOT ENFORCED",)},
)

MARIADB = replace(
    MYSQL,
    name="mariadb",
    title="MariaDB",
    collations=rf"(?!utf8mb4_0900_)(?:{MYSQL.collations})",
    types={**MYSQL.types, Uuid: "UUID"},
    lacks=MYSQL.lacks | {Feature.COMPUTED_NOT_NULL, Feature.COMPUTED_PADDED, Feature.CASCADED_NULL},
    index_expression="",
    bracketed=frozenset(),
    definition_bytes=65_535,
    page_bytes=8_126,
    unreferable="(?i:con|prn|aux|nul|com[1-9]|lpt[1-9])",
    far_text="CAST({text} AS CHAR)",
    expressions=frozenset({"Extract", "Interval"}),
    namespaces=(frozenset({"relation"}), frozenset({"foreign key"})),
    checked=frozenset({"json"}),
    unenforced={},
    null_is_now="(?i)timestamp",
)
"""MariaDB 10.7 and later, which has a type for UUIDs; its JSON is text that is checked.

A definition of a table has 64 KiB, names, notes and checks included, and a row 8,126 bytes in its page, where a text of up to
255 bytes lies whole and 20 bytes of any longer one (measured on 10.11). What is stored, or
indexed, is not computed from the blanks at the end of a CHAR, as they depend on a setting of the session. What is called
like a device of Windows (CON) is kept in a file of another name, under which InnoDB finds no table to refer to. The
catalogue shows a constant default of a VARCHAR without characters beyond the Basic Multilingual Plane, and a computed one whole.
"""

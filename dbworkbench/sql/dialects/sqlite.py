"""SQLite from 3.37, in STRICT tables: a column holds what its type says, or the row is refused.

Measured on 3.40: STRICT knows INTEGER, REAL, TEXT and BLOB only. A decimal with a fraction is REAL, because that keeps
the order and the arithmetic: as TEXT '20' sorts after '100', and as NUMERIC 12.00 is stored as the integer 12, whose
half is 6 but whose fifth is 2. Fifteen digits survive REAL. Dates and times are TEXT in ISO order. A foreign key is
checked only after `PRAGMA foreign_keys = ON`. A NULL for a single integer primary key becomes the next free number.
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


def _decimal(kind: Decimal) -> Spelling:
    if kind.scale == 0 and kind.precision <= 18:
        digits = f"a limit of {kind.precision} digit{'s' * (kind.precision > 1)}"
        return Spelling("INTEGER", loss=digits, instead="written as INTEGER, of 64 bits")
    if kind.scale == 0:
        return Spelling("TEXT", loss=f"a whole number of {kind.precision} digits", instead="written as TEXT")
    kept = "computed in binary" if kind.precision <= 15 else "computed in binary, rounded to 15 digits"
    return Spelling("REAL", loss="an exact decimal", instead=f"written as REAL: {kept}")


SQLITE = Dialect(
    name="sqlite",
    title="SQLite",
    sqlglot="sqlite",
    quotient="/",
    types={
        Boolean: Spelling("INTEGER", check="{column} IN (0, 1)"),
        Integer: "INTEGER",
        Decimal: _decimal,
        Float: "REAL",
        Text(): "TEXT",
        Text: Spelling("TEXT", check="length({column}) <= {length}"),
        Bytes: "BLOB",
        Uuid: Spelling("TEXT", loss="a UUID", instead="written as TEXT"),
        Date: Spelling("TEXT", loss="a date", instead="written as TEXT, an ISO day"),
        Time: Spelling("TEXT", loss="a time of day", instead="written as TEXT, an ISO time"),
        Timestamp(): Spelling("TEXT", loss="a date and time", instead="written as TEXT, an ISO time"),
        Timestamp(zone=True): Spelling("TEXT", loss="a time zone", instead="written as TEXT, an ISO time in UTC"),
        Interval: Spelling("TEXT", loss="a span of time", instead="written as TEXT"),
        Json: Spelling("TEXT", check="{column} IS NULL OR json_valid({column})"),
        Enumeration: Spelling("TEXT", check="{column} IN ({values})"),
    },
    lacks=frozenset({Feature.ADDED_REFERENCE, Feature.COMMENT, Feature.ARRAY, Feature.COMPUTED_KEY}),
    has=frozenset({Rare.DEFERRABLE_REFERENCE, Rare.ORDER, Rare.COLLATION}),
    generated={
        "virtual": "GENERATED ALWAYS AS ({expression}) VIRTUAL",
        "stored": "GENERATED ALWAYS AS ({expression}) STORED",
    },
    identity={"default": "AUTOINCREMENT"},
    counts_from="INSERT INTO sqlite_sequence (name, seq) VALUES ({table}, {before})",
    numbers_keys="primary",
    collations=r"(?i:binary|nocase|rtrim)",
    collated="",
    index_expression="{expression}",
    folds=True,
    reserved={"relation": r"sqlite_.*", "index": r"sqlite_.*"},
    namespaces=(frozenset({"relation", "index"}),),
    max_attributes=2000,
    max_key_attributes=2000,
    max_digits=1000,
    expressions=frozenset({"NullSafeEQ", "NullSafeNEQ"}),
    dated={"DATE": "{text}"},
    preamble="PRAGMA foreign_keys = ON",
    table_options=" STRICT",
)

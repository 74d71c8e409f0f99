"""CockroachDB 24: PostgreSQL's SQL, without constraints that wait for the transaction's end.

By its documentation: INT and INTEGER have 64 bits, and CHAR keeps no blanks; constraints are not deferrable, and a JSONB column is not the key of an ordinary index.
"""

from dataclasses import replace

from dbworkbench.schema.types import Integer
from dbworkbench.sql.dialect import Feature, Rare
from dbworkbench.sql.dialects.postgresql import POSTGRESQL

COCKROACHDB = replace(
    POSTGRESQL,
    name="cockroachdb",
    title="CockroachDB",
    quotient="div",
    types={**POSTGRESQL.types, Integer(32): "int4"},
    padded="",
    lacks=POSTGRESQL.lacks | {Feature.DEFERRED_REFERENCE},
    has=frozenset({Rare.MATCH_FULL, Rare.ORDER, Rare.INCLUDE, Rare.ENUMERATION, Rare.COLLATION}),
    generated={
        "stored": "GENERATED ALWAYS AS ({expression}) STORED",
        "virtual": "GENERATED ALWAYS AS ({expression}) VIRTUAL",
    },
    methods={"gin": "CREATE {unique}INDEX {name} ON {table} USING gin"},
    unkeyable=POSTGRESQL.unkeyable | {"jsonb"},
    natives=frozenset({"inet", "bit", "bit varying", "varbit", "tsvector", "tsquery", "oid"}),
)

"""Rows kept in the order of some attributes: CLUSTER BY, Redshift's SORTKEY, and what ClickHouse sorts by beyond its key.

A schema holds it as an index of the method "cluster", which is an access path wished for like any other.
"""

import re
from collections.abc import Callable, Iterator

from dbworkbench.schema.condition import spoken_of
from dbworkbench.schema.index import Index, Part
from dbworkbench.schema.relation import Relation
from dbworkbench.sql.cursor import Cursor
from dbworkbench.sql.dialect import Dialect, Rare
from dbworkbench.sql.filling import Cannot
from dbworkbench.sql.paths import parts_in

__all__ = ["CLUSTER", "clustered", "clustering_in", "without_clustering"]

CLUSTER = "cluster"
"""The method of an index that is the order of the rows themselves."""

_AFTER = frozenset(
    {"OPTIONS", "COMMENT", "AS", "TBLPROPERTIES", "LOCATION", "COPY", "WITH", "TAG", "USING", "PARTITION"}
)


def clustered(
    index: Index,
    relation: Relation,
    dialect: Dialect,
    *,
    column: Callable[[str], str],
    told: Callable[[str], str | None],
    key: tuple[str, ...],
    another: bool = False,
) -> tuple[str, tuple[str, ...]]:
    """The clause that keeps a relation's rows in the order of an index, and what of the index it leaves out.

    `column` gives the quoted name of an attribute, `told` an expression in the dialect's words (or has reported why it
    cannot), `key` are the attributes of the primary key, () where none is written, and `another` says whether the rows
    are in some order already. Raises Cannot.
    """
    if not dialect.clustering:
        raise Cannot(f"{dialect.title} keeps its rows in no order")
    if another or index.unique:
        raise Cannot("an order refuses no rows" if index.unique else "the rows are in the order of another one")
    if index.where:
        raise Cannot("it is of some rows only")
    if dialect.clustering_most is not None and len(index.parts) > dialect.clustering_most:
        raise Cannot(f"{dialect.title} takes {dialect.clustering_most} attributes")
    if relation.partitioning and dialect.clustering_alone:
        raise Cannot("the rows are laid into parts")
    parts = tuple(_said(part, relation, dialect, column, told) for part in index.parts)
    if dialect.key_outside and tuple(part.attribute for part in index.parts[: len(key)]) != key:
        raise Cannot("the primary key is no beginning of it")
    lost = [Rare.ORDER.value] if any(part.descending for part in index.parts) else []
    lost += [Rare.NULL_ORDER.value] if any(part.nulls for part in index.parts) else []
    lost += [Rare.LENGTH.value] if any(part.length for part in index.parts) else []
    lost += [Rare.OPERATORS.value] if any(part.operators for part in index.parts) else []
    lost += [f"the collation {part.collation}" for part in index.parts if part.collation]
    lost += [Rare.INCLUDE.value] if set(index.include) - set(index.attributes) else []
    return dialect.clustering.replace("{parts}", ", ".join(parts)), tuple(dict.fromkeys(lost))


def _said(
    part: Part,
    relation: Relation,
    dialect: Dialect,
    column: Callable[[str], str],
    told: Callable[[str], str | None],
) -> str:
    if part.expression:
        said = told(part.expression) if dialect.clustering_expressions else None
        if said is None:
            raise Cannot(f"it is by {part.expression}")
        unknown = [
            name for name in spoken_of(part.expression, relation.names, relation.name) if relation[name].nullable
        ]
        if unknown and dialect.key_outside:
            raise Cannot(f"{unknown[0]} may be NULL")
        return said
    attribute = relation[part.attribute]
    if attribute.generated:
        raise Cannot(f"{part.attribute} is computed")
    if attribute.nullable and dialect.key_outside:
        raise Cannot(f"{part.attribute} may be NULL")
    word = re.split(r"[(\[]", dialect.spelling(attribute.type, keyed=True).text.casefold())[0].strip()
    if word in dialect.unclusterable:
        raise Cannot(f"{part.attribute} is {word}")
    return column(part.attribute)


def clustering_in(cursor: Cursor, dialect: str) -> tuple[Part, ...]:
    """The parts that stand after CLUSTER BY, SORTKEY or ClickHouse's ORDER BY, in parentheses or without.

    None for Databricks' AUTO and NONE and for ClickHouse's tuple(). Raises Untold.
    """
    if cursor.any("LINEAR"):  # Snowflake's word for what goes without saying
        cursor.any("BY")
    if cursor.any("AUTO", "NONE"):
        return ()
    cursor.any("TUPLE")
    if cursor.upper() == "(":
        return tuple(dict.fromkeys(parts_in(cursor, cursor.group(), dialect)))
    begin, depth = cursor.at, 0
    while not cursor.done and not (depth == 0 and cursor.at > begin and cursor.upper() in _ends(dialect)):
        depth += (cursor.upper() == "(") - (cursor.upper() == ")")
        cursor.skip()
    return tuple(dict.fromkeys(parts_in(cursor, cursor.tokens[begin : cursor.at], dialect)))


def _ends(dialect: str) -> frozenset[str]:
    return _CLICKHOUSE if dialect == "clickhouse" else _AFTER


_CLICKHOUSE = frozenset({"PRIMARY", "ORDER", "PARTITION", "SAMPLE", "TTL", "SETTINGS", "COMMENT", "AS"})


def without_clustering(indexes: list[Index]) -> Iterator[Index]:
    """The indexes that are not the order of the rows."""
    return (index for index in indexes if index.method != CLUSTER)

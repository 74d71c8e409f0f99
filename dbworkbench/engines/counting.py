"""How many rows a live database has, and what its columns hold: counted by the engine, on request."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dbworkbench.engines.catalogues import Ask
from dbworkbench.errors import EngineError
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS

__all__ = ["ColumnStatistics", "RelationStatistics", "counted"]


@dataclass(frozen=True, slots=True)
class ColumnStatistics:
    """How many values are unknown, how many known ones differ (None: the type cannot say), and their mean bytes."""

    nulls: int
    distinct: int | None
    width: float | None


@dataclass(frozen=True, slots=True)
class RelationStatistics:
    """How many rows a relation has, and what its columns hold."""

    rows: int
    columns: Mapping[str, ColumnStatistics]


def counted(
    ask: Ask, dialect: str, schema: Schema, places: Sequence[str]
) -> tuple[dict[str, RelationStatistics], list[Loss]]:
    """The statistics of each relation that was read from some schemas of a database, and which could not be counted."""
    found: dict[str, RelationStatistics] = {}
    losses: list[Loss] = []
    there = _tables(ask, dialect, places)
    for relation in schema:
        table = _table(relation.name, there, dialect)
        try:
            found[relation.name] = _counted(ask, dialect, relation, table)
        except EngineError as reason:
            said = str(reason).split(" — in: ", 1)[0].partition(": ")[2]
            losses.append(Loss(relation.name, "its rows and values", f"not counted: {said}"))
    return found, losses


def _tables(ask: Ask, dialect: str, places: Sequence[str]) -> list[tuple[str, str]]:
    """The tables of some schemas, in the order of these; none where a name alone finds them."""
    if dialect not in _TABLES or not places:
        return []
    inside = ", ".join(map(DIALECTS[dialect].literal, places))
    rows = ask(_TABLES[dialect].replace("{schemas}", inside))
    return sorted(((str(schema), str(name)) for schema, name in rows), key=lambda one: places.index(one[0]))


_TABLES = {
    "duckdb": "SELECT schema_name, table_name FROM duckdb_tables() "
    "WHERE database_name = current_database() AND schema_name IN ({schemas})",
    **dict.fromkeys(
        ("mysql", "mariadb"),
        "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema IN ({schemas})",
    ),
    "postgresql": "SELECT nspname, relname FROM pg_catalog.pg_class JOIN pg_catalog.pg_namespace AS n ON n.oid = relnamespace "
    "WHERE relkind IN ('r', 'p', 'f') AND nspname IN ({schemas})",
}


def _table(name: str, there: Collection[tuple[str, str]], dialect: str) -> str:
    """A relation by the name that finds it, whatever the session looks through."""
    at = next((one for one in there if one[1] == name), None)
    at = at or next((one for one in there if ".".join(one) == name), None)
    return ".".join(map(DIALECTS[dialect].quoted, at or (name,)))


_WIDTHS = {
    "postgresql": "avg(pg_column_size({c}))",
    "duckdb": "avg(strlen(CAST({c} AS VARCHAR)))",
    "sqlite": "avg(length(CAST({c} AS BLOB)))",
    "mysql": "avg(octet_length({c}))",
    "mariadb": "avg(octet_length({c}))",
}
_AT_ONCE = 50
"""Columns that are counted in one pass over a table."""


def _counted(ask: Ask, dialect: str, relation: Relation, table: str) -> RelationStatistics:
    rows = int(str(_asked(ask, dialect, f"SELECT count(*) FROM {table}")[0][0]))
    columns: dict[str, ColumnStatistics] = {}
    names = relation.names
    for begin in range(0, len(names), _AT_ONCE):
        some = names[begin : begin + _AT_ONCE]
        parts = [part for name in some for part in _parts(name, dialect)]
        try:
            values = list(_asked(ask, dialect, f"SELECT {', '.join(parts)} FROM {table}")[0])
        except EngineError:  # a type that has no such function: one by one
            values = [_value(ask, dialect, f"SELECT {part} FROM {table}") for part in parts]
        for at, name in enumerate(some):
            known, distinct, width = values[3 * at : 3 * at + 3]
            columns[name] = ColumnStatistics(
                rows - int(str(known)),
                None if distinct is None else int(float(str(distinct))),
                None if width is None else float(str(width)),
            )
    return RelationStatistics(rows, columns)


def _parts(name: str, dialect: str) -> tuple[str, str, str]:
    column = DIALECTS[dialect].quoted(name)
    width = _WIDTHS.get(dialect, "NULL").replace("{c}", column)
    return f"count({column})", f"count(DISTINCT {column})", width


def _value(ask: Ask, dialect: str, sql: str) -> object:
    """A value, or None where the type has no such function."""
    try:
        return _asked(ask, dialect, sql)[0][0]
    except EngineError:
        return None


def _asked(ask: Ask, dialect: str, sql: str) -> Sequence[tuple[object, ...]]:
    """The answer; where PostgreSQL refuses, the transaction goes on from before."""
    if dialect != "postgresql":
        return ask(sql)
    ask("SAVEPOINT counted")
    try:
        return ask(sql)
    except EngineError:
        ask("ROLLBACK TO SAVEPOINT counted")
        raise

"""What a live database says of itself, as the DDL that would make it again: from its own catalogue, whole.

The text is for `sql.read`, which reads any dump; so whatever a dump can say is read from a live database as well.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from dbworkbench.engines.mysql_catalogue import mysql_definitions
from dbworkbench.engines.postgresql_catalogue import postgresql_definitions
from dbworkbench.errors import EngineError
from dbworkbench.schema.loss import Loss
from dbworkbench.sql.dialect import DIALECTS

__all__ = ["CATALOGUES", "Ask", "schemas_of"]

Ask = Callable[[str], Sequence[tuple[Any, ...]]]
"""Asks a database a query and gives all rows."""

Definitions = tuple[list[str], list[Loss]]
"""Statements, and what no statement says."""


def _sqlite(ask: Ask, schemas: Sequence[str]) -> Definitions:
    """The statements as they were given; SQLite keeps their text."""
    found: list[str] = []
    for schema in schemas:
        shadows = {name for at, name, kind, *_ in ask("PRAGMA table_list") if at == schema and kind == "shadow"}
        rows = ask(
            f"SELECT name, sql FROM {DIALECTS['sqlite'].quoted(schema)}.sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid"
        )
        found += [str(sql) for name, sql in rows if name not in shadows and not str(name).startswith("sqlite_")]
        found += _sqlite_numbers(ask, schema)
    return found, []


def _sqlite_numbers(ask: Ask, schema: str) -> Iterator[str]:
    """Where the numbers of empty tables begin; those of others go on behind their rows, which are no part of a design."""
    quoted, literal = DIALECTS["sqlite"].quoted, DIALECTS["sqlite"].literal
    if not ask(f"SELECT 1 FROM {quoted(schema)}.sqlite_schema WHERE name = 'sqlite_sequence'"):
        return
    for name, number in ask(f"SELECT name, seq FROM {quoted(schema)}.sqlite_sequence WHERE seq > 0"):
        if not ask(f"SELECT 1 FROM {_path(quoted, schema, name)} LIMIT 1"):
            yield f"INSERT INTO sqlite_sequence VALUES ({literal(str(name))}, {number})"


def _duckdb(ask: Ask, schemas: Sequence[str]) -> Definitions:
    spoken = DIALECTS["duckdb"]
    here = f"database_name = current_database() AND schema_name IN ({', '.join(map(spoken.literal, schemas))}) AND NOT internal"
    found: list[str] = []
    called: dict[str, list[str]] = {}
    for schema, name, labels in ask(
        f"SELECT schema_name, type_name, labels FROM duckdb_types() WHERE {here} AND labels IS NOT NULL"
    ):
        said = ", ".join(spoken.literal(str(label)) for label in labels)
        path = _path(spoken.quoted, schema, name)
        found.append(f"CREATE TYPE {path} AS ENUM ({said})")
        called.setdefault(f" ENUM({said})", []).append(path)
    for schema, name, sql in ask(
        f"SELECT schema_name, sequence_name, sql FROM duckdb_sequences() WHERE {here.replace(' AND NOT internal', '')} ORDER BY sequence_oid"
    ):
        head, numbers, rest = str(sql).rpartition(" INCREMENT BY ")  # its name stands there without quotes
        said = spoken.quoted(str(name)) if head == f"CREATE SEQUENCE {name}" else _path(spoken.quoted, schema, name)
        found.append(f"CREATE SEQUENCE {said}{numbers}{rest}")
    bare: dict[int, list[str]] = {}
    for oid, name in ask(
        f"SELECT table_oid, column_name FROM duckdb_columns() WHERE {here} AND regexp_full_match(column_name, '{_NILADIC}', 'i')"
    ):
        bare.setdefault(oid, []).append(str(name))
    for oid, sql in ask(f"SELECT table_oid, sql FROM duckdb_tables() WHERE {here} ORDER BY table_oid"):
        # with the values of enumerations in place of their names, which are one type where they are equal
        said = _quoting(str(sql), bare.get(oid, ()))
        for values, paths in called.items():
            said = said.replace(values, f" {paths[0]}") if len(paths) == 1 else said
        found.append(said)
    indexes = here.replace(" AND NOT internal", "")
    found += [
        _quoting(str(sql), bare.get(oid, ()))
        for oid, sql in ask(
            f"SELECT table_oid, sql FROM duckdb_indexes() WHERE {indexes} AND sql IS NOT NULL ORDER BY index_oid"
        )
    ]
    found += [str(sql) for (sql,) in ask(f"SELECT sql FROM duckdb_views() WHERE {here} ORDER BY view_oid")]
    for schema, name, note in ask(
        f"SELECT schema_name, table_name, comment FROM duckdb_tables() WHERE {here} AND comment IS NOT NULL"
    ):
        found.append(f"COMMENT ON TABLE {_path(spoken.quoted, schema, name)} IS {spoken.literal(str(note))}")
    for schema, name, column, note in ask(
        f"SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE {here} AND comment IS NOT NULL"
    ):
        found.append(f"COMMENT ON COLUMN {_path(spoken.quoted, schema, name, column)} IS {spoken.literal(str(note))}")
    return [statement.rstrip().rstrip(";") for statement in found], []


_NILADIC = r"current_\w+|session_user|localtime\w*|user"
"""Words that are calls without parentheses, where no column is called so."""


def _quoting(said: str, names: Sequence[str]) -> str:
    """A statement with these columns' names in quotes: DuckDB leaves them bare, though they are words for something else.

    In a default, which can speak of no column, they are that something else.
    """
    if not names:
        return said
    words = "|".join(re.escape(name) for name in names)
    parts = rf"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(?<![\w.])DEFAULT\(|[()]|(?<![\w.])(?P<word>{words})(?![\w(])"
    within = 0  # how many parentheses are open since a default began

    def put(found: re.Match[str]) -> str:
        nonlocal within
        text = found[0]
        if text.endswith("(") and (within or len(text) > 1):
            within += 1
        elif text == ")" and within:
            within -= 1
        elif found["word"] and not within:
            return DIALECTS["duckdb"].quoted(text)
        return text

    return re.sub(parts, put, said, flags=re.IGNORECASE)


def _clickhouse(ask: Ask, schemas: Sequence[str]) -> Definitions:
    spoken = DIALECTS["clickhouse"]
    rule = "show_create_query_identifier_quoting_rule"  # of versions before it, names that are words for something else stay bare
    known = ask(f"SELECT count() FROM system.settings WHERE name = '{rule}'")[0][0]
    inside = f"database IN ({', '.join(map(spoken.literal, schemas))})"
    rows = ask(  # without the tables in which materialized views keep their rows
        f"SELECT name, create_table_query FROM system.tables WHERE {inside} AND (database, name) NOT IN ("
        "SELECT database, arrayJoin([concat('.inner_id.', toString(uuid)), concat('.inner.', name)]) "
        f"FROM system.tables WHERE {inside} AND engine = 'MaterializedView') ORDER BY database, name"
        + (f" SETTINGS {rule} = 'always'" if int(known) else "")
    )
    # of a column called "not" that it sorts by, say, it keeps a text that it cannot read itself
    losses = [Loss(str(name), "a table that the engine has no text for", "not read") for name, sql in rows if not sql]
    return [_NAME.sub(_standard, str(sql)) for _, sql in rows if sql], losses


_NAME = re.compile(r"'(?:[^'\\]|\\.|'')*'|`((?:[^`\\]|\\.|``)*)`", re.DOTALL)
_ESCAPED = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "0": "\0", "a": "\a", "v": "\v"}


def _standard(found: re.Match[str]) -> str:
    """A name in ClickHouse's quotes, with escapes as in a text, in the standard's quotes; a text as it is."""
    if found[1] is None:
        return found[0]
    name = re.sub(r"\\(.)", lambda one: _ESCAPED.get(one[1], one[1]), found[1].replace("``", "`"), flags=re.DOTALL)
    return DIALECTS["clickhouse"].quoted(name)


def _path(quoted: Callable[[str], str], *names: object) -> str:
    return ".".join(quoted(str(name)) for name in names)


CATALOGUES: Mapping[str, Callable[[Ask, Sequence[str]], Definitions]] = {
    "clickhouse": _clickhouse,
    "duckdb": _duckdb,
    "mariadb": mysql_definitions,
    "mysql": mysql_definitions,
    "postgresql": postgresql_definitions,
    "sqlite": _sqlite,
}
"""By dialect: the statements that make what lies in some schemas."""

_HIDDEN = "'information_schema', 'mysql', 'performance_schema', 'sys'"
_SCHEMAS = {
    "clickhouse": "SELECT currentDatabase()",
    "duckdb": "SELECT schema_name FROM duckdb_schemas() WHERE database_name = current_database() AND NOT internal "
    "OR schema_name = 'main' AND database_name = current_database() ORDER BY schema_name <> 'main', schema_name",
    "mysql": f"SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN ({_HIDDEN}) ORDER BY 1",
    "postgresql": "SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname NOT LIKE 'pg\\_%' "
    "AND nspname <> 'information_schema' ORDER BY nspname <> 'public', nspname",
    "sqlite": "SELECT 'main'",
}


def schemas_of(ask: Ask, dialect: str, wanted: Iterable[str] | None) -> tuple[str, ...]:
    """The schemas to read: those that are wanted, else the connection's own database, else all but the system's.

    Raises EngineError for one that is not there.
    """
    dialect = "mysql" if dialect == "mariadb" else dialect
    given = tuple(dict.fromkeys(wanted)) if wanted is not None else ()
    if dialect == "mysql" and not given:
        current = ask("SELECT database()")[0][0]
        given = (str(current),) if current else ()
    known = tuple(_known(ask, dialect))
    missing = [name for name in given if name not in known and dialect not in {"sqlite", "clickhouse"}]
    if missing:
        raise EngineError(f"there is no schema {missing[0]!r} — known: {', '.join(known) or 'none'}", engine=dialect)
    return given or known


def _known(ask: Ask, dialect: str) -> Iterator[str]:
    for (name,) in ask(_SCHEMAS[dialect]):
        yield str(name)

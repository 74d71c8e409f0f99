"""Databases as sources: their tables read as codes, what they declare, and one question answered where the rows are.

A database is a URL, a SQLAlchemy engine, a DuckDB connection or file, or Tables. Nothing is written to it. A password in a
URL is never shown, in no message and no representation.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import starmap
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import numpy as np
import pyarrow as pa
import sqlalchemy as sa

from dbworkbench.data.tables import QUIET, Tables, quoted
from dbworkbench.discovery.columns import Columns, Nulls, assembled, from_queries
from dbworkbench.discovery.kernels import Codes
from dbworkbench.discovery.standing import Declared
from dbworkbench.errors import DataError, EngineError, MissingPackage
from dbworkbench.schema.relation import Attribute, ForeignKey, Key
from dbworkbench.schema.types import Native, Type, Unknown
from dbworkbench.sql.columntypes import column_type

Rows: TypeAlias = Sequence[tuple[object, ...]]

_ROWS_AT_ONCE = 50_000
_SECRET = re.compile(r"([?&][^=&]*(?:pass|pwd|secret|token|key)[^=&]*=)[^&]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Database:
    """An open database: its tables with their columns, and the three ways of asking it."""

    shown: str
    tables: dict[str, tuple[str, ...]]
    answer: Callable[[sa.Select[Any]], Rows]
    read: Callable[[str, Nulls], Columns]
    declared: Callable[[str], Declared]


@contextmanager
def opened(source: object) -> Iterator[Database]:
    """The database that a source names, closed at the end unless it was given open.

    Raises DataError for a URL that cannot be read or a file that is not there, MissingPackage where a driver is not
    installed, EngineError for a database that does not answer.
    """
    if isinstance(source, Tables):
        yield _in_duckdb(source.connection, "the tables")
    elif isinstance(source, duckdb.DuckDBPyConnection):
        yield _in_duckdb(source, "the DuckDB connection")
    elif isinstance(source, str) and source.startswith("duckdb://"):
        shown = _SECRET.sub(r"\1***", source)
        with _duckdb_file(source, shown) as connection:
            yield _in_duckdb(connection, shown)
    else:
        engine, shown = _engine(source)
        try:
            with engine.connect() as connection:
                yield _behind(connection, shown)
        except sa.exc.SQLAlchemyError as problem:
            reason = str(getattr(problem, "orig", None) or type(problem).__name__)
            raise EngineError(reason.splitlines()[0], engine=shown) from None
        finally:
            if not isinstance(source, sa.Engine):
                engine.dispose()


def declared_in(source: object, names: Collection[str]) -> dict[str, Declared]:
    """What a database declares for the tables named."""
    with opened(source) as database:
        return {name: database.declared(name) for name in names}


def without_password(url: sa.URL) -> str:
    """A URL as it may be shown.

    >>> without_password(sa.make_url("postgresql://ann:s3cret@shop/db?password=s3cret&ssl=1"))
    'postgresql://ann:***@shop/db?password=***&ssl=1'
    """
    secret = [name for name in url.query if re.search(r"pass|pwd|secret|token|key", name, re.IGNORECASE)]
    return url.update_query_dict(dict.fromkeys(secret, "***")).render_as_string(hide_password=True).replace("%2A", "*")


# -- SQLAlchemy ----------------------------------------------------------------------------------------------------


def _engine(source: object) -> tuple[sa.Engine, str]:
    if isinstance(source, sa.Engine):
        return source, without_password(source.url)
    try:
        url = sa.make_url(str(source))
        shown = without_password(url)
        engine = sa.create_engine(url)
    except sa.exc.NoSuchModuleError:
        raise DataError(
            f"the database URL cannot be read: no driver for {url.drivername!r} is installed — install its SQLAlchemy "
            "dialect, or write one as sqlite:///shop.db"
        ) from None
    except ImportError as problem:
        raise MissingPackage(f"the database {shown}", problem.name or url.drivername) from None
    except (sa.exc.ArgumentError, ValueError):  # a port that is no number, for one: its words would show the password
        raise DataError("the database URL cannot be read — write one as sqlite:///shop.db") from None
    if engine.url.get_backend_name() == "sqlite" and engine.url.database not in {None, "", ":memory:"}:
        path = Path(str(engine.url.database).removeprefix("file:").partition("?")[0])
        if not path.is_file():  # SQLite would make it
            raise DataError(f"{shown}: there is no such file")
    return engine, shown


def _behind(connection: sa.Connection, shown: str) -> Database:
    look = sa.inspect(connection)
    tables = {
        name: tuple(column["name"] for column in look.get_columns(name)) for name in sorted(look.get_table_names())
    }

    def answer(query: sa.Select[Any]) -> Rows:
        return [tuple(row) for row in connection.execute(query).fetchall()]

    def read(name: str, nulls: Nulls) -> Columns:
        # values as the driver hands them out: what a column declares need not be true of them
        query = sa.select(*(clause(one) for one in tables[name])).select_from(table_clause(name, ()))
        rows = connection.execution_options(stream_results=True).execute(query)
        return _from_rows(name, tables[name], rows, nulls)

    def declared(name: str) -> Declared:
        primary = tuple(look.get_pk_constraint(name)["constrained_columns"])
        unique = [tuple(str(column) for column in one["column_names"]) for one in look.get_unique_constraints(name)]
        unique += [
            tuple(str(column) for column in one["column_names"])
            for one in look.get_indexes(name)
            if one.get("unique") and all(one["column_names"]) and not one.get("dialect_options", {}).get("where")
        ]
        references = [
            ForeignKey(
                tuple(one["constrained_columns"]),
                one["referred_table"],
                tuple(one["referred_columns"])
                or tuple(look.get_pk_constraint(one["referred_table"])["constrained_columns"]),
            )
            for one in look.get_foreign_keys(name)
            if one["referred_table"] in tables
        ]
        typed = tuple(
            Attribute(one["name"], kind, nullable=bool(one["nullable"]) and one["name"] not in primary)
            for one in look.get_columns(name)
            if (kind := _type(_spelled(one["type"], connection.dialect), connection.dialect.name)) is not None
        )
        return _declared(primary, unique, references, tables, typed)

    return Database(shown, tables, answer, read, declared)


def clause(name: str) -> sa.ColumnClause[Any]:
    """A column by its name, whatever characters that has."""
    return sa.column(sa.sql.quoted_name(name, quote=True))


def table_clause(name: str, attributes: Sequence[str]) -> sa.TableClause:
    """A table by its name, with some columns."""
    return sa.table(sa.sql.quoted_name(name, quote=True), *(clause(one) for one in attributes))


def _declared(
    primary: tuple[str, ...],
    unique: Sequence[tuple[str, ...]],
    references: Sequence[ForeignKey],
    tables: dict[str, tuple[str, ...]],
    attributes: tuple[Attribute, ...],
) -> Declared:
    keys = list(dict.fromkeys(one for one in (primary, *unique) if one))
    sound = [
        one
        for one in references
        if len(one.attributes) == len(one.referenced) and set(one.referenced) <= set(tables[one.relation])
    ]
    return Declared(tuple(map(Key, keys)), tuple(dict.fromkeys(sound)), attributes)


def _spelled(kind: Any, dialect: Any) -> str:  # noqa: ANN401  SQLAlchemy's types
    try:
        return str(kind.compile(dialect))
    except sa.exc.CompileError:  # of a column for which no type is declared
        return ""


def _type(written: str, dialect: str) -> Type | None:
    """The type that a database declares; None where it says none that a design knows."""
    found = re.fullmatch(r"([A-Za-z][\w ]*?)\s*(?:\(([^()]*)\))?((?: [\w]+)*)", written.strip())
    if found is None or found[1].upper() == "NULL":
        return None
    words = tuple(f"{found[1]}{found[3]}".lower().split())
    arguments = tuple(one.strip() for one in (found[2] or "").split(",") if one.strip())
    kind, _ = column_type(words, arguments, dialect, {}, written)
    return None if isinstance(kind, Native | Unknown) else kind


def _from_rows(name: str, names: Sequence[str], rows: Any, nulls: Nulls) -> Columns:  # noqa: ANN401  a SQLAlchemy result
    """Rows as they come from a driver, compared as Python compares their values."""
    dictionaries: list[dict[object, int]] = [{} for _ in names]
    chunks: list[list[Codes]] = [[] for _ in names]
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        for at, cells in enumerate(zip(*batch, strict=True)):
            known = dictionaries[at]
            try:
                coded = [-1 if cell is None else known.setdefault(cell, len(known)) for cell in cells]
            except TypeError as problem:
                raise DataError(
                    f"column {names[at]!r} of {name!r} holds values that cannot be compared ({type(cells[0]).__name__}) "
                    "— flatten lists and JSON first"
                ) from problem
            chunks[at].append(np.array(coded, np.int32))
    count = sum(map(len, chunks[0])) if names else 0
    return assembled(name, names, count, starmap(_joined, zip(chunks, dictionaries, strict=True)), nulls)


def _joined(chunks: list[Codes], known: dict[object, int]) -> tuple[Codes, Any]:
    codes = np.concatenate(chunks) if chunks else np.zeros(0, np.int32)
    codes[codes < 0] = len(known)
    try:
        return codes, pa.array(list(known))
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return codes, pa.array([str(value) for value in known])


# -- DuckDB --------------------------------------------------------------------------------------------------------


@contextmanager
def _duckdb_file(url: str, shown: str) -> Iterator[duckdb.DuckDBPyConnection]:
    path = Path(url.removeprefix("duckdb://").removeprefix("/"))
    if not path.is_file():
        raise DataError(f"{shown}: there is no such file")
    try:
        connection = duckdb.connect(str(path), read_only=True)
        connection.execute(QUIET)
    except duckdb.Error as problem:
        raise EngineError(str(problem).splitlines()[0], engine=shown) from None
    try:
        yield connection
    finally:
        connection.close()


def _in_duckdb(connection: duckdb.DuckDBPyConnection, shown: str) -> Database:
    dialect = sa.create_mock_engine("postgresql://", lambda *_: None).dialect
    here = "database_name = current_database() AND schema_name = current_schema()"
    names = connection.execute(
        f"SELECT table_name FROM duckdb_tables() WHERE {here} AND NOT internal ORDER BY table_oid"
    )
    tables = {
        name: tuple(row[0] for row in connection.execute(f"DESCRIBE {quoted(name)}").fetchall())
        for (name,) in names.fetchall()
    }

    def answer(query: sa.Select[Any]) -> Rows:
        text = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        return list(connection.execute(text).fetchall())

    def read(name: str, nulls: Nulls) -> Columns:
        return from_queries(connection, name, tables[name], nulls=nulls)

    def declared(name: str) -> Declared:
        found = connection.execute(
            "SELECT constraint_type, constraint_column_names, referenced_table, referenced_column_names "
            f"FROM duckdb_constraints() WHERE {here} AND table_name = ? ORDER BY constraint_index",
            [name],
        ).fetchall()
        primary = next((tuple(row[1]) for row in found if row[0] == "PRIMARY KEY"), ())
        unique = [tuple(row[1]) for row in found if row[0] == "UNIQUE"]
        references = [
            ForeignKey(tuple(row[1]), row[2], tuple(row[3]))
            for row in found
            if row[0] == "FOREIGN KEY" and row[2] in tables and row[2]
        ]
        typed = tuple(
            Attribute(column, kind, nullable=null == "YES")
            for column, written, null, *_ in connection.execute(f"DESCRIBE {quoted(name)}").fetchall()
            if (kind := _type(written, "duckdb")) is not None
        )
        return _declared(primary, unique, references, tables, typed)

    return Database(shown, tables, answer, read, declared)

"""A live database read as a design: its own catalogue told as DDL, and that read as any dump is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import NullType, Text

from dbworkbench.engines.catalogues import CATALOGUES, Ask, schemas_of
from dbworkbench.engines.reached import Reached, Source, reached
from dbworkbench.errors import EngineError
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Relation
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import Reading, read

__all__ = ["ColumnStatistics", "Reflection", "RelationStatistics", "reflect", "reflected"]


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


@dataclass(frozen=True, slots=True)
class Reflection(Reading):
    """A schema that was read from a live database: what it holds beside is in `losses` and, statement by statement,
    in `ledger`; `statistics` by relation, where they were asked for.
    """

    statistics: Mapping[str, RelationStatistics] = field(default_factory=dict)


def reflect(source: Source, *, schemas: Iterable[str] | None = None, statistics: bool = False) -> Reflection:
    """Read the design of a live database, and report what of it a schema cannot hold.

    `source` is a URL (`postgresql://ann@host/shop`, `mysql://…`, `sqlite:///shop.db`, `duckdb:///shop.duckdb`, or what
    else SQLAlchemy reaches), a database file, or an open connection. Only the named `schemas` are read, else the
    connection's own database, else all but the system's. With `statistics`, every table is counted, which reads all of
    it once per column. Nothing is written: the transaction or the connection cannot. A file that is not there is not
    made. Raises EngineError, MissingPackage for a driver, NotationError for a definition that cannot be read.
    """
    with reached(source) as found:
        spoken, losses = _definitions(found, schemas)
        reading = read(spoken[1], spoken[0])
        counted = {}
        if statistics:
            counted = {one.name: _counted(found.ask, spoken[0], one, schemas) for one in reading.schema}
    return _reflection(reading, losses, counted)


def reflected(ask: Ask, dialect: str, schemas: Iterable[str]) -> Reflection:
    """The same of what a session of an engine can be asked."""
    statements, losses = CATALOGUES[dialect](ask, tuple(schemas))
    return _reflection(read(_script(statements, dialect), dialect), losses, {})


def _reflection(reading: Reading, losses: Iterable[Loss], counted: Mapping[str, RelationStatistics]) -> Reflection:
    all_losses = tuple(dict.fromkeys((*reading.losses, *losses)))
    return Reflection(reading.schema, all_losses, reading.ledger, reading.dialect, counted)


def _definitions(found: Reached, schemas: Iterable[str] | None) -> tuple[tuple[str, str], list[Loss]]:
    """The dialect and the script of what is there."""
    if found.dialect in CATALOGUES:
        statements, losses = CATALOGUES[found.dialect](found.ask, schemas_of(found.ask, found.dialect, schemas))
        return (found.dialect, _script(statements, found.dialect)), losses
    if found.connection is None:
        raise EngineError("it has no catalogue that can be read", engine=found.dialect)
    statements, losses = _inspected(found.connection, tuple(schemas or (None,)))
    known = {"mssql": "sqlserver", "cockroachdb": "cockroachdb"}.get(found.dialect, found.dialect)
    return (known if known in DIALECTS else "postgresql", _script(statements, known)), losses


def _inspected(connection: Connection, schemas: tuple[str | None, ...]) -> tuple[list[str], list[Loss]]:
    """What SQLAlchemy's inspection finds, for engines whose catalogue is not known here."""
    losses = [Loss("the database", "triggers, policies and partitions", "not looked at: SQLAlchemy does not tell them")]
    statements: list[str] = []
    try:
        for schema in schemas:
            metadata = sqlalchemy.MetaData()
            metadata.reflect(connection, schema=schema, resolve_fks=False)
            for table in metadata.sorted_tables:
                for column in table.columns:
                    if isinstance(column.type, NullType):
                        losses.append(Loss(f"{table.name}.{column.name}", "a type that is not known", "read as text"))
                        column.type = Text()
                statements.append(str(CreateTable(table).compile(dialect=connection.dialect)).strip())
                statements += [
                    str(CreateIndex(index).compile(dialect=connection.dialect)).strip() for index in table.indexes
                ]
            losses += [
                Loss(name, "a view", "not read") for name in sqlalchemy.inspect(connection).get_view_names(schema)
            ]
    except SQLAlchemyError as error:
        raise EngineError(
            str(getattr(error, "orig", error)).split("\n", 1)[0], engine=connection.dialect.name
        ) from None
    return statements, losses


def _script(statements: Iterable[str], dialect: str) -> str:
    ends = "\nGO\n" if dialect in {"mssql", "sqlserver"} else ";\n"
    return "".join(f"{statement}{ends}" for statement in statements)


_WIDTHS = {
    "postgresql": "avg(pg_column_size({c}))",
    "duckdb": "avg(strlen(CAST({c} AS VARCHAR)))",
    "sqlite": "avg(length(CAST({c} AS BLOB)))",
    "mysql": "avg(octet_length({c}))",
    "mariadb": "avg(octet_length({c}))",
}


def _counted(ask: Ask, dialect: str, relation: Relation, schemas: Iterable[str] | None) -> RelationStatistics:
    quoted = DIALECTS[dialect].quoted
    given = tuple(schemas or ())
    parts = [given[0], relation.name] if len(given) == 1 else relation.name.split(".", 1)
    table = ".".join(map(quoted, parts))
    ((rows,),) = ask(f"SELECT count(*) FROM {table}")
    columns = {}
    for name in relation.names:
        column = quoted(name)
        ((known,),) = ask(f"SELECT count({column}) FROM {table}")
        width = (
            _value(ask, f"SELECT {_WIDTHS[dialect].replace('{c}', column)} FROM {table}")
            if dialect in _WIDTHS
            else None
        )
        distinct = _value(ask, f"SELECT count(DISTINCT {column}) FROM {table}")
        columns[name] = ColumnStatistics(
            int(rows) - int(known),
            None if distinct is None else int(float(str(distinct))),
            None if width is None else float(str(width)),
        )
    return RelationStatistics(int(rows), columns)


def _value(ask: Ask, sql: str) -> object:
    """A value, or None where the type has no such function."""
    try:
        return ask(sql)[0][0]
    except EngineError:
        return None

"""A live database read as a design: its own catalogue told as DDL, and that read as any dump is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.types import NullType, Text

from dbworkbench.engines.catalogues import CATALOGUES, Ask, schemas_of
from dbworkbench.engines.counting import ColumnStatistics, RelationStatistics, counted
from dbworkbench.engines.reached import Reached, Source, reached
from dbworkbench.errors import EngineError
from dbworkbench.schema.loss import Loss
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import Reading, read

__all__ = ["ColumnStatistics", "Reflection", "RelationStatistics", "reflect", "reflected"]


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
    it once for every fifty columns; one that may not be read is told as a loss. Nothing is written: the transaction or the connection cannot. A file that is not there is not
    made. Raises EngineError, MissingPackage for a driver, NotationError for a definition that cannot be read.
    """
    with reached(source) as found:
        (dialect, script), losses, places = _definitions(found, schemas)
        reading = read(script, dialect)
        numbers, uncounted = counted(found.ask, dialect, reading.schema, places) if statistics else ({}, [])
    return _reflection(reading, (*losses, *uncounted), numbers)


def reflected(ask: Ask, dialect: str, schemas: Iterable[str]) -> Reflection:
    """The same of what a session of an engine can be asked."""
    statements, losses = CATALOGUES[dialect](ask, tuple(schemas))
    return _reflection(read(_script(statements, dialect), dialect), losses, {})


def _reflection(reading: Reading, losses: Iterable[Loss], numbers: Mapping[str, RelationStatistics]) -> Reflection:
    all_losses = tuple(dict.fromkeys((*reading.losses, *losses)))
    return Reflection(reading.schema, all_losses, reading.ledger, reading.dialect, statistics=numbers)


def _definitions(found: Reached, schemas: Iterable[str] | None) -> tuple[tuple[str, str], list[Loss], tuple[str, ...]]:
    """The dialect and the script of what is there, and in which schemas."""
    if found.dialect in CATALOGUES:
        places = schemas_of(found.ask, found.dialect, schemas)
        statements, losses = CATALOGUES[found.dialect](found.ask, places)
        return (found.dialect, _script(statements, found.dialect)), losses, places
    if found.connection is None:
        raise EngineError("it has no catalogue that can be read", engine=found.dialect)
    given = tuple(schemas or ())
    statements, losses = _inspected(found.connection, given or (None,))
    known = {"mssql": "sqlserver", "cockroachdb": "cockroachdb"}.get(found.dialect, found.dialect)
    return (known if known in DIALECTS else "postgresql", _script(statements, known)), losses, given


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

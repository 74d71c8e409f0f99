"""Real engines to execute DDL on: DuckDB, SQLite, and a PostgreSQL server of the session's own."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import duckdb
import pg8000.dbapi
import pytest

from tests.packages import CAN_FETCH
from tests.servers import PostgreSQL, postgresql

collect_ignore = [] if CAN_FETCH else ["test_debian.py"]

Run = Callable[[str], list[tuple[Any, ...]]]
Scratch = Callable[[str], AbstractContextManager[Run]]


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def scratch(postgresql_server: PostgreSQL) -> Iterator[Scratch]:
    """`with scratch("sqlite") as run`: an empty database that takes statements, gone afterwards."""
    server = postgresql_server.connect()

    @contextmanager
    def opened(dialect: str) -> Iterator[Run]:
        if dialect == "postgresql":
            cursor = server.cursor()

            def run(statement: str) -> list[tuple[Any, ...]]:
                cursor.execute("SAVEPOINT here")
                try:
                    cursor.execute(statement)
                    return [tuple(row) for row in cursor.fetchall()] if cursor.description else []
                except Exception:
                    cursor.execute("ROLLBACK TO SAVEPOINT here")
                    raise

            try:
                yield run
            finally:
                server.rollback()
        else:
            connection = duckdb.connect() if dialect == "duckdb" else sqlite3.connect(":memory:", isolation_level=None)
            try:
                if dialect == "sqlite":
                    connection.execute("PRAGMA foreign_keys = ON")
                yield lambda statement: [tuple(row) for row in connection.execute(statement).fetchall()]
            finally:
                connection.close()

    yield opened
    server.close()


REFUSED = (duckdb.Error, sqlite3.Error, pg8000.dbapi.Error)


def loaded(run: Run, statements: Iterable[str]) -> None:
    """Execute every statement; an error names the one that was refused."""
    for statement in statements:
        try:
            run(statement)
        except REFUSED as error:
            pytest.fail(f"{error!r} for\n{statement}")

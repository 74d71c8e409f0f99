"""Empty databases of real engines, for statements of any kind: made for a test and gone afterwards."""

import re
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any

import duckdb
import pg8000.dbapi
import pymysql
import pytest

from dbworkbench.data.scratch import scratch as folder
from dbworkbench.engines.clickhouse import connected
from dbworkbench.engines.mariadb_client import connecting
from dbworkbench.engines.sail import SAIL, SailSession
from tests.servers import PostgreSQL, mariadb, postgresql

Run = Callable[[str], list[tuple[Any, ...]]]
Scratch = Callable[[str], AbstractContextManager[Run]]

REFUSED = (duckdb.Error, sqlite3.Error, pg8000.dbapi.Error, pymysql.MySQLError, RuntimeError)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgreSQL]:
    """A PostgreSQL server that the whole session shares."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def mariadb_url() -> Iterator[str]:
    """The URL of a MariaDB server that the whole session shares."""
    with mariadb() as url:
        yield url


@pytest.fixture(scope="session")
def sail() -> Iterator[SailSession]:
    """Sail, whose tables stay: each needs a name of its own."""
    with folder() as place, SAIL.session(place) as session:
        yield session


@pytest.fixture(scope="session")
def scratch(request: pytest.FixtureRequest) -> Iterator[Scratch]:
    """`with scratch("sqlite") as run`: an empty database that takes statements, gone afterwards.

    What lies in it lies in the schema `SCHEMA_OF[dialect]`.
    """
    kept: dict[str, Any] = {}

    def connection(dialect: str) -> Any:
        if dialect not in kept:
            match dialect:
                case "postgresql":
                    kept[dialect] = request.getfixturevalue("postgresql_server").connect()
                case "mariadb":
                    where = connecting(request.getfixturevalue("mariadb_url"))
                    kept[dialect] = pymysql.connect(**where, charset="utf8mb4", autocommit=True)
                case _:
                    kept[dialect] = connected()
        return kept[dialect]

    @contextmanager
    def opened(dialect: str) -> Iterator[Run]:
        match dialect:
            case "postgresql":
                yield from _postgresql(connection(dialect))
            case "mariadb":
                yield from _mariadb(connection(dialect))
            case "clickhouse":
                yield from _clickhouse(connection(dialect))
            case _:
                yield from _embedded(dialect)

    yield opened
    for one in kept.values():
        with suppress(*REFUSED, OSError):  # its server may have ended before it
            one.close()


SCHEMA_OF = {"duckdb": "main", "sqlite": "main", "postgresql": "public", "mariadb": "scratch", "clickhouse": "scratch"}


def _postgresql(server: Any) -> Iterator[Run]:
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


def _mariadb(server: Any) -> Iterator[Run]:
    def run(statement: str) -> list[tuple[Any, ...]]:
        with server.cursor() as cursor:
            cursor.execute(statement)
            return [tuple(row) for row in cursor.fetchall()]

    run("SET GLOBAL innodb_file_per_table = OFF")  # making files is what making tables takes long for
    run("DROP DATABASE IF EXISTS scratch")
    run("CREATE DATABASE scratch CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin")
    run("USE scratch")
    run("SET sql_mode = 'STRICT_ALL_TABLES', autocommit = 1, foreign_key_checks = 1")
    try:
        yield run
    finally:
        run("ROLLBACK")
        run("DROP DATABASE scratch")


def _clickhouse(server: Any) -> Iterator[Run]:
    name = f"scratch_{secrets.token_hex(4)}"

    def run(statement: str) -> list[tuple[Any, ...]]:
        said = server.query(re.sub(r"'scratch'", f"'{name}'", statement), "JSONCompactStrings").bytes()
        return [tuple(row) for row in __import__("json").loads(said)["data"]] if said else []

    run(f"CREATE DATABASE {name}")
    run(f"USE {name}")
    try:
        yield run
    finally:
        run("USE default")
        run(f"DROP DATABASE {name} SYNC")


def _embedded(dialect: str) -> Iterator[Run]:
    connection = duckdb.connect() if dialect == "duckdb" else sqlite3.connect(":memory:", isolation_level=None)
    try:
        if dialect == "sqlite":
            connection.execute("PRAGMA foreign_keys = ON")
        yield lambda statement: [tuple(row) for row in connection.execute(statement).fetchall()]
    finally:
        connection.close()

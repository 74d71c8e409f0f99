"""Databases that are there already, reached to be read: by URL, file or open connection; nothing is written to them."""

import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from dbworkbench.engines.url import with_quoted_password
from dbworkbench.errors import EngineError, MissingPackage, Unsupported, kind_of

__all__ = ["Reached", "Source", "reached"]

Source = str | Path | sqlite3.Connection | duckdb.DuckDBPyConnection | Engine | Connection

_DIALECTS = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mariadb",
    "sqlite": "sqlite",
}
_DRIVERS = {"postgresql": ("pg8000", "postgresql"), "mysql": ("pymysql", "mysql"), "mariadb": ("pymysql", "mysql")}
_READ_ONLY = {
    "postgresql": "SET TRANSACTION READ ONLY",
    "mysql": "START TRANSACTION READ ONLY",
    "mariadb": "START TRANSACTION READ ONLY",
}
_REFUSED = (sqlite3.Error, duckdb.Error, SQLAlchemyError, OSError)


@dataclass(frozen=True, slots=True)
class Reached:
    """A database and the way to ask it; `connection` is SQLAlchemy's, where there is one."""

    dialect: str
    ask: Callable[[str], Sequence[tuple[Any, ...]]]
    connection: Connection | None = None


@contextmanager
def reached(source: Source) -> Iterator[Reached]:
    """A database to be read, in a transaction or through a connection that cannot write.

    Raises EngineError where it cannot be reached, MissingPackage for a driver that is not installed.
    """
    match source:
        case sqlite3.Connection():
            yield Reached("sqlite", _asking("sqlite", lambda sql: source.execute(sql).fetchall()))
        case duckdb.DuckDBPyConnection():
            with closing(source.cursor()) as cursor:
                yield Reached("duckdb", _asking("duckdb", lambda sql: cursor.execute(sql).fetchall()))
        case Connection():
            yield _through(source)
        case Engine():
            with _connected(source) as connection:
                yield _through(connection)
        case str() | Path():
            with _by_name(source) as found:
                yield found
        case other:
            raise EngineError(f"{kind_of(other)} is no database — give a URL, a file, an engine or a connection")


@contextmanager
def _by_name(source: str | Path) -> Iterator[Reached]:
    text = str(source)
    if isinstance(source, Path) or "://" not in text:
        with _file(Path(source), _kind(Path(source))) as found:
            yield found
        return
    scheme = text.partition("://")[0].partition("+")[0]
    if scheme in {"sqlite", "duckdb"}:
        path = text.partition("://")[2].partition("?")[0].removeprefix("/")
        if re.match(r"[^/]*:[^/]*@", path):
            raise EngineError(f"a file has no user and no password — write {scheme}:///path", engine=scheme)
        if path in {"", ":memory:"}:
            raise EngineError("a database in memory has nothing in it — give its connection", engine=scheme)
        with _file(Path(path), scheme) as found:
            yield found
        return
    with _connected(_engine(text, scheme)) as connection:
        yield _through(connection)


def _kind(path: Path) -> str:
    """Which engine's a file is, by its first bytes."""
    _there(path)
    with path.open("rb") as stream:
        head = stream.read(16)
    if head.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if head[8:12] == b"DUCK":
        return "duckdb"
    raise EngineError(f"{path} is neither an SQLite nor a DuckDB file — give a URL")


def _there(path: Path) -> None:
    if not path.is_file():
        raise EngineError(f"there is no database file {path}")


@contextmanager
def _file(path: Path, kind: str) -> Iterator[Reached]:
    """A database file, opened so that it cannot be written to; one that is not there is not made."""
    _there(path)
    opened: Any
    with _reported(kind, ""):
        if kind == "sqlite":
            opened = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        else:
            opened = duckdb.connect(str(path), read_only=True)
    with closing(opened) as connection:
        yield Reached(kind, _asking(kind, lambda sql: connection.execute(sql).fetchall()))


def _engine(url: str, scheme: str) -> Engine:
    try:
        given = make_url(with_quoted_password(url))
        name = _DIALECTS.get(scheme, scheme)
        driver, extra = _DRIVERS.get(name, ("", ""))
        if name != given.drivername.partition("+")[0] or ("+" not in given.drivername and driver):
            given = given.set(drivername=f"{name}+{driver}" if driver and "+" not in given.drivername else name)
        return sqlalchemy.create_engine(given, poolclass=sqlalchemy.NullPool)
    except ModuleNotFoundError as error:
        raise MissingPackage(f"reaching {scheme}", driver or str(error.name), extra) from error
    except (SQLAlchemyError, ValueError) as error:
        known = ", ".join(sorted({*_DIALECTS, "duckdb"}))
        raise Unsupported(f"no way to reach a database by {scheme}:// is known — known: {known}") from error


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        with _reported(engine.dialect.name, ""):
            connection = engine.connect()
    except TypeError as error:  # of the driver, which knows no such argument
        option = re.search(r"unexpected keyword argument '(\w+)'", str(error))
        what = f"the driver takes no option {option[1]!r}" if option else "the driver takes no such option"
        raise EngineError(f"{what} of a URL — leave it out", engine=engine.dialect.name) from None
    try:
        with _reported(engine.dialect.name, ""):
            begin = _READ_ONLY.get(engine.dialect.name)
            if begin:
                connection.exec_driver_sql(begin)
        yield connection
    finally:
        connection.rollback()
        connection.close()
        engine.dispose()


def _through(connection: Connection) -> Reached:
    name = connection.dialect.name
    name = "mariadb" if getattr(connection.dialect, "is_mariadb", False) else name
    plain = {"no_parameters": True}  # so that a % in a query is a %

    def ask(sql: str) -> Sequence[tuple[Any, ...]]:
        found = connection.exec_driver_sql(sql, execution_options=plain)
        return [tuple(row) for row in found] if found.returns_rows else []

    return Reached(name, _asking(name, ask), connection)


def _asking(engine: str, ask: Callable[[str], Sequence[tuple[Any, ...]]]) -> Callable[[str], Sequence[tuple[Any, ...]]]:
    def asked(sql: str) -> Sequence[tuple[Any, ...]]:
        with _reported(engine, sql):
            return ask(sql)

    return asked


@contextmanager
def _reported(engine: str, sql: str) -> Iterator[None]:
    try:
        yield
    except _REFUSED as error:
        cause = getattr(error, "orig", None) or error
        last = cause.args[-1] if cause.args else cause
        said = str(last.get("M", last) if isinstance(last, dict) else last).strip().split("\n", 1)[0]
        raise EngineError(said, engine=engine, statement=sql) from None

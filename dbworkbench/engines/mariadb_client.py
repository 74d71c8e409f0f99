"""A connection to MariaDB or MySQL whose statements end at their deadline; the driver is PyMySQL."""

import math
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter
from typing import Any

from dbworkbench.engines.engine import Answer, Change, DeadlineExceeded, EngineDied, Timing
from dbworkbench.engines.mariadb_server import Server
from dbworkbench.engines.url import address
from dbworkbench.engines.watch import Watch
from dbworkbench.errors import EngineError, MissingPackage

__all__ = ["Client", "careful", "connecting"]

_MODE = (
    "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION,"
    "NO_AUTO_VALUE_ON_ZERO"  # a row numbered 0 is that row, and no wish for the next number
)
_LOST = frozenset({0, 1053, 1927, 2002, 2003, 2006, 2013, 2014, 2055})
"""Error numbers that say the connection or the server is gone."""


class Client:
    """A connection in which `run`, `clock` and `change` raise EngineError as a session does."""

    def __init__(self, where: Mapping[str, Any], name: str, server: Server | None = None) -> None:
        self.where, self.name, self._server = where, name, server
        self._driver = _driver(name)
        self._first: list[str] = []
        self._connect()
        self._watch = Watch(self._kill)
        self.always(f"SET sql_mode = '{_MODE}', time_zone = '+00:00', max_sort_length = 4096")

    def _connect(self) -> None:
        self._control: Any = None
        self._starts = self._server.starts if self._server is not None else 0
        try:
            self._connection = _connected(self._driver, self.where)
            for sql in self._first:
                self._answer(sql)
        except (self._driver.MySQLError, OSError) as error:
            raise EngineDied(f"no server answers: {_said(error)}", engine=self.name) from error

    def always(self, sql: str) -> None:
        """Run a statement now, and first of all whenever the server was started again."""
        self.run(sql)
        self._first.append(sql)

    def run(self, sql: str, deadline: float = math.inf) -> Answer:
        """The whole answer."""
        with self._within(sql, deadline):
            return self._answer(sql)

    def value(self, sql: str) -> Any:  # noqa: ANN401  whatever the statement gives
        """The one value of an answer."""
        return self.run(sql).rows[0][0]

    def clock(self, sql: str, deadline: float) -> Timing:
        """The time until the last byte of the answer is here; its rows are not taken apart."""
        with self._within(sql, deadline):
            started = perf_counter()
            self._connection.query(sql, unbuffered=True)
            _drained(self._connection)
            return Timing(perf_counter() - started, None)

    def change(self, statements: Sequence[str], checks: Sequence[str], deadline: float) -> Change:
        """A transaction, rolled back."""
        with self._within("; ".join(statements), deadline):
            self._connection.begin()
            try:
                rows, start = 0, perf_counter()
                for statement in statements:
                    rows += max(0, self._connection.query(statement))
                timing = Timing(perf_counter() - start, None)
                return Change(timing, rows, tuple(self._answer(check) for check in checks))
            finally:
                with suppress(self._driver.MySQLError, OSError):  # one that is lost has taken everything back
                    self._connection.rollback()

    def load(self, statement: str, path: Path) -> tuple[int, str]:
        """Carry out a LOAD DATA LOCAL of one file in a transaction: the rows it took, and its first complaint.

        With a complaint everything is taken back: LOCAL skips or bends what it cannot store, and goes on.
        """
        with self._within(statement, math.inf):
            self._connection.begin()
            try:
                with self._connection.offering(path):
                    rows = self._connection.query(statement)
                complaints = self._answer("SHOW WARNINGS LIMIT 1").rows
                if not complaints:
                    self._connection.commit()
            finally:
                self._connection.rollback()
        return rows, str(complaints[0][2]) if complaints else ""

    def close(self) -> None:
        """Leave; closing twice is fine."""
        self._watch.close()
        self._leave()

    def _leave(self) -> None:
        for one in (self._connection, self._control):
            if one is not None:
                with suppress(self._driver.MySQLError, OSError):
                    one.close()

    def _answer(self, sql: str) -> Answer:
        with self._connection.cursor() as cursor:
            cursor.execute(sql)
            return Answer(tuple(name for name, *_ in cursor.description or ()), tuple(cursor.fetchall()))

    def _kill(self) -> None:
        """End the statement that runs, through a connection of its own."""
        with suppress(self._driver.MySQLError, OSError):
            if self._control is None:
                self._control = _connected(self._driver, self.where)
            self._control.query(f"KILL QUERY {self._connection.thread_id()}")

    @contextmanager
    def _within(self, sql: str, deadline: float) -> Iterator[None]:
        if self._server is not None and self._server.starts != self._starts:
            self._leave()
            self._connect()
        try:
            if math.isinf(deadline):
                yield
            else:
                with self._watch.within(deadline):
                    yield
        except (self._driver.MySQLError, OSError, RuntimeError) as error:
            if self._watch.rang and not math.isinf(deadline):
                raise DeadlineExceeded(
                    f"cancelled after its {deadline:g} s", engine=self.name, statement=sql
                ) from error
            number = error.args[0] if error.args and isinstance(error.args[0], int) else 0
            kind = EngineDied if number in _LOST else EngineError
            raise kind(_said(error), engine=self.name, statement=sql) from error


def connecting(url: str) -> Mapping[str, Any]:
    """What a URL says, as the driver wants it: `mysql://user:password@host:port/?unix_socket=…`."""
    given = address(url, ("unix_socket",))
    found: dict[str, Any] = {
        "user": given.user or os.environ.get("MYSQL_USER", "root"),
        "password": given.password or os.environ.get("MYSQL_PWD", ""),
        "database": given.database or None,
    }
    if "unix_socket" in given.options:
        return {**found, "unix_socket": given.options["unix_socket"]}
    return {**found, "host": given.host or "localhost", "port": given.port or 3306}


def _driver(name: str) -> Any:  # noqa: ANN401  an optional package
    try:
        import pymysql  # noqa: PLC0415  the same
    except ImportError as error:
        raise MissingPackage(f"the engine {name!r}", "PyMySQL", "mysql") from error
    return pymysql


def careful(driver: Any) -> Any:  # noqa: ANN401  the same
    """The driver's connection, made to send a server no file but the one that is being offered."""

    class Careful(driver.Connection):  # type: ignore[misc]
        offered: bytes | None = None

        @contextmanager
        def offering(self, path: Path) -> Iterator[None]:
            self.offered, self._local_infile = os.fsencode(path), True
            try:
                yield
            finally:
                self.offered, self._local_infile = None, False

        def refuse_other_files(self, packet: Any) -> None:  # noqa: ANN401  the driver's own
            if self.offered is not None and packet.is_load_local_packet():
                wanted = bytes(packet.get_all_data()[1:])
                if wanted != self.offered:
                    raise driver.OperationalError(2068, "the server asked for a file that was not offered")

        def _read_packet(self, *kind: Any) -> Any:  # noqa: ANN401  the same
            packet = super()._read_packet(*kind)
            self.refuse_other_files(packet)
            return packet

    return Careful


def _connected(driver: Any, where: Mapping[str, Any]) -> Any:  # noqa: ANN401  the same
    from pymysql import converters  # noqa: PLC0415  the same
    from pymysql.constants import CLIENT, FIELD_TYPE  # noqa: PLC0415  the same

    conversions: dict[Any, Any] = {**converters.conversions}
    conversions[FIELD_TYPE.TIME] = _time(converters)
    found = careful(driver)(
        **where,
        charset="utf8mb4",
        autocommit=True,
        local_infile=True,
        client_flag=CLIENT.FOUND_ROWS,
        conv=conversions,
    )
    found._local_infile = False  # noqa: SLF001  only while a file is offered
    return found


def _time(converters: Any) -> Callable[[str], object]:  # noqa: ANN401  the driver's module
    """A time of day, where it is one; TIME holds spans too."""

    def read(said: str) -> object:
        return (
            converters.convert_time(said)
            if re.fullmatch(r"(?:[01]\d|2[0-3]):.*", said)
            else converters.convert_timedelta(said)
        )

    return read


def _drained(connection: Any) -> None:  # noqa: ANN401  the driver's connection
    """Read an answer to its end packet by packet, without a look at the rows."""
    result = connection._result  # noqa: SLF001  the driver has no word for it
    stream = connection._rfile  # noqa: SLF001  the same
    if result is None or not result.unbuffered_active:
        return
    while True:
        head = stream.read(4)
        size = head[0] | head[1] << 8 | head[2] << 16 if len(head) == 4 else -1
        body = stream.read(size) if size >= 0 else b""
        if len(body) != size:
            raise OSError("the connection was lost in the middle of an answer")
        if body[:1] == b"\xfe" and size < 9:
            break
        if body[:1] == b"\xff":
            connection._result = None  # noqa: SLF001  the same
            result.unbuffered_active = False
            from pymysql import err  # noqa: PLC0415  an optional package

            err.raise_mysql_exception(body)
    result.unbuffered_active = False
    connection._result = None  # noqa: SLF001  the same


def _said(error: BaseException) -> str:
    return str(error.args[-1] if error.args else error).strip().split("\n", 1)[0]

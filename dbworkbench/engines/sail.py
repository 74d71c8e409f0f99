"""Sail, an engine of Spark's SQL over Delta tables, from the package pysail: it stands in for Databricks, and needs no Java.

A server of one's own, in a process that ends with this one however that ends; asked through Arrow Flight, which pyarrow speaks.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from urllib.parse import unquote

from dbworkbench.data.scratch import room
from dbworkbench.engines.delta import delta_definitions
from dbworkbench.engines.engine import DEADLINE, Answer, DeadlineExceeded, EngineDied
from dbworkbench.errors import EngineError, MissingPackage
from dbworkbench.sql.dialect import DIALECTS

__all__ = ["SAIL", "Sail", "SailSession", "Unread"]

_SERVER = """import sys
from pysail.flight import FlightSqlServer
server = FlightSqlServer("127.0.0.1", 0)
server.start(background=True)
print(server.listening_address[1], flush=True)
sys.stdin.read()
"""
"""Serves on the loopback interface, at a port that was free, until whoever started it closes its input or is gone."""

_NOT_OURS = ("SAIL_", "OTEL_", "AWS_", "AZURE_", "GOOGLE_", "RUST_LOG")
"""How the variables begin that would have it reach elsewhere, or work otherwise."""

_BEAT = 0.2  # seconds between two looks for Ctrl-C while a statement runs
_STATEMENT = b"type.googleapis.com/arrow.flight.protocol.sql.CommandStatementQuery"
_UNREAD = re.compile(
    "error in SQL parser|not implemented:|failed to parse Delta|not supported: unknown function"
    "|enable_ident_normalization|LocalFileSystem error"  # of names: by case beyond ASCII, and of files after tables
)
_AROUND = re.compile(
    r"^Flight returned [\w ]+ error, with message: |^(?:(?:[Ee]xecution|plan|parse) error: |invalid argument: )+"
    r"|\. (?:gRPC client debug context|Client context): .*$",
    re.DOTALL,
)


class Unread(EngineError):
    """A statement that Sail has no words for, or loses words of; the engine that it stands for may have them."""


class Untimely(Unread, DeadlineExceeded):
    """A statement that Sail does not answer in time, which says nothing of the engine that it stands for."""


@dataclass(frozen=True, slots=True)
class Sail:
    """Sail in a process of its own; no database of a trial, since it has no keys, no transactions and no statistics."""

    name: str = "sail"
    dialect: str = "databricks"

    @property
    def is_here(self) -> bool:
        """Whether the packages are installed."""
        return find_spec("pysail") is not None and find_spec("pyarrow._flight") is not None

    @contextmanager
    def session(self, folder: Path) -> Iterator["SailSession"]:
        """A server whose files all lie in `folder`. Takes a tenth of a second; raises MissingPackage and EngineDied."""
        session = SailSession(folder)
        try:
            yield session
        finally:
            session.close()


SAIL = Sail()


class SailSession:
    """A scratch database of Delta tables that is asked statement by statement."""

    namespace = "scratch"

    def __init__(self, folder: Path) -> None:
        try:
            self._version = version("pysail")
            import pyarrow.flight  # noqa: PLC0415  some builds of pyarrow do without
        except (ImportError, PackageNotFoundError) as error:
            raise MissingPackage("the emulator of 'databricks'", "pysail", "spark") from error
        self._arrow, self._flight = pyarrow, pyarrow.flight
        self._tables = folder / "tables"
        self._calls = ThreadPoolExecutor(1, thread_name_prefix="dbworkbench-sail")
        with (folder / "sail.log").open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603  Python, and a text of ours
                [sys.executable, "-P", "-c", _SERVER],
                cwd=folder,
                env={key: value for key, value in os.environ.items() if not key.startswith(_NOT_OURS)}
                | {"TMPDIR": str(folder)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                start_new_session=True,  # an interrupt of the notebook is not for the server
            )
        try:
            self._client = self._flight.FlightClient(f"grpc://127.0.0.1:{self._port(folder)}")
            location = DIALECTS["databricks"].literal(str(self._tables))
            self.run(f"CREATE DATABASE {self.namespace} LOCATION {location}")
            self.run(f"USE DATABASE {self.namespace}")
        except BaseException:
            self.close()
            raise

    @property
    def settings(self) -> Mapping[str, str]:
        """The version."""
        return {"version": self._version}

    def run(self, sql: str, *, deadline: float = DEADLINE, plain: bool = True) -> Answer:  # noqa: ARG002  there are no views
        """The whole answer; raises Unread for what it does not know, EngineError for what it refuses."""
        call = self._calls.submit(self._asked, sql, deadline)
        try:
            while not call.done():  # a signal that another thread has been given wakes nobody
                wait((call,), timeout=_BEAT)
            failed = call.exception()
        except BaseException:  # Ctrl-C: the call is in C, and comes back when the server is gone
            self._process.kill()
            raise
        match failed:
            case None:
                return call.result()
            case self._flight.FlightTimedOutError():
                raise Untimely(f"no answer within {deadline:g} s", engine="sail", statement=sql) from failed
            case self._flight.FlightUnavailableError() | self._flight.FlightCancelledError():
                raise EngineDied("the server is gone", engine="sail", statement=sql) from failed
            case self._flight.FlightError() | self._arrow.ArrowException():
                raise _refusal(failed, sql) from failed
        raise failed

    def definitions(self) -> list[str]:
        """The statements, in Databricks' SQL, that make the tables again: from their Delta logs."""
        found: list[str] = []
        logs = {unquote(log.parent.name): log.parent for log in self._tables.glob("*/_delta_log")}
        for _, name, *_ in self.run("SHOW TABLES").rows:
            quoted = DIALECTS["databricks"].quoted(str(name))
            told = {str(row[0]): str(row[1]) for row in self.run(f"DESCRIBE TABLE EXTENDED {quoted}").rows}
            if told["Type"] != "VIEW":
                found += delta_definitions(str(name), logs[unquote(Path(told["Location"]).name)])
        return found

    def close(self) -> None:
        """End the server at once: its data are scrap."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._calls.shutdown()
        client = getattr(self, "_client", None)
        if client is not None:
            client.close()

    def _port(self, folder: Path) -> int:
        port = self._process.stdout.readline().strip() if self._process.stdout else b""
        if not port:
            raise EngineDied(f"it does not start: {_last(folder / 'sail.log')}{room(folder)}", engine="sail")
        return int(port)

    def _asked(self, sql: str, deadline: float) -> Answer:
        until = monotonic() + deadline
        command = _field(1, _STATEMENT) + _field(2, _field(1, sql.encode()))
        asked = self._flight.FlightDescriptor.for_command(command)
        info = self._client.get_flight_info(asked, self._within(until))
        rows: list[tuple[object, ...]] = []
        for end in info.endpoints:
            table = self._client.do_get(end.ticket, self._within(until)).read_all()
            rows += zip(*(column.to_pylist() for column in table.columns), strict=True)
        return Answer(tuple(info.schema.names), tuple(rows))

    def _within(self, until: float) -> object:
        return self._flight.FlightCallOptions(timeout=max(0.001, until - monotonic()))


def _field(number: int, value: bytes) -> bytes:
    r"""A field of bytes in a message of Protocol Buffers, which is how Flight SQL takes a statement.

    >>> _field(1, b"abc"), _field(2, bytes(300))[:3]
    (b'\n\x03abc', b'\x12\xac\x02')
    """
    length, size = len(value), bytearray()
    while length > 127:
        size.append(length & 127 | 128)
        length >>= 7
    return bytes([number << 3 | 2, *size, length]) + value


def _refusal(error: BaseException, sql: str) -> EngineError:
    said = " ".join(str(error).split())
    kind = Unread if _UNREAD.search(said) else EngineError
    for _ in range(3):  # one error within another
        said = _AROUND.sub("", said)
    return kind(said, engine="sail", statement=sql)


def _last(log: Path) -> str:
    lines = log.read_text("utf-8", "replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "it says nothing")

"""ClickHouse inside the process, from the package chdb: columns sorted by a key that tells no rows apart.

One process has one data folder for all its sessions, so it lies in a scratch folder of its own; a session is two
databases there.
"""

import atexit
import json
import math
import re
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import pyarrow as pa

from dbworkbench.data.scratch import scratch
from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import (
    DEADLINE,
    Answer,
    Change,
    DeadlineExceeded,
    EngineDied,
    Plan,
    Step,
    Timing,
    check_names,
)
from dbworkbench.engines.twofold import Twofold
from dbworkbench.errors import EngineError, MissingPackage
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.plain import given
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Date, Timestamp
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.translation import held_in
from dbworkbench.sql.write import statements
from dbworkbench.sql.writing import affected

_DIALECT = DIALECTS["clickhouse"]
_DUCKDB = DIALECTS["duckdb"]
_SETTINGS = {
    "session_timezone": "Etc/UTC",  # a column whose zone is UTC was declared to have one; others get this one's name
    "join_use_nulls": "1",
    "union_default_mode": "DISTINCT",
    "mutations_sync": "1",
    "lightweight_deletes_sync": "1",
    "output_format_arrow_string_as_string": "0",
    "input_format_null_as_default": "0",
}
_CHANGEABLE = "enable_block_number_column = 1, enable_block_offset_column = 1"
_SPAN = ("DATE '0001-01-01'", "DATE '9999-12-31'")
"""The days that Date32 and DateTime64 hold; another day is stored as the nearest, without a word."""


@dataclass(frozen=True, slots=True)
class ClickHouse:
    """ClickHouse inside the process."""

    name: str = "clickhouse"
    dialect: str = "clickhouse"

    @contextmanager
    def session(self, folder: Path) -> Iterator["ClickHouseSession"]:
        """Two databases of its own; files on their way in lie in `folder`."""
        session = ClickHouseSession(folder)
        try:
            yield session
        finally:
            session.close()


CLICKHOUSE = ClickHouse()


class _Server:
    """The data folder of this process, and its connections."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stack = ExitStack()
        self._path: Path | None = None

    def connect(self) -> Any:  # noqa: ANN401  chdb ships no types
        try:
            from chdb import session  # noqa: PLC0415  an optional package
        except ImportError as error:
            raise MissingPackage("the engine 'clickhouse'", "chdb", "clickhouse") from error
        with self._lock:
            if self._path is None:
                self._path = self._stack.enter_context(scratch()) / "clickhouse"
                atexit.register(self._stack.close)
            made: Any = session.Session
            return made(str(self._path))


_SERVER = _Server()


def connected() -> Any:  # noqa: ANN401  chdb's connection
    """A further connection to this process's ClickHouse; raises MissingPackage, and RuntimeError where it does not start."""
    return _SERVER.connect()


class ClickHouseSession(Twofold["_Asked"]):
    """Two scratch databases; see `engines.engine.Session`.

    A statement finds names in one database only, so the database of views has a view of each table from the start.
    Keys and references are checked when rows are loaded, and by nothing afterwards.
    """

    def __init__(self, folder: Path, database: str = "") -> None:
        self._folder, self._owns = folder, not database
        self._tables: str = database or f"dbworkbench_{secrets.token_hex(6)}"
        self._views = f"{self._tables}_views"
        self._names: tuple[str, ...] = ()
        self._schema = Schema(())
        self._loaded: set[str] = set()
        self._plain, self._viewing = _Asked(), _Asked()
        if self._owns:
            for made in (self._tables, self._views):
                self._plain.run(f"CREATE DATABASE {made}")
        self._plain.run(f"USE {self._tables}")
        self._viewing.run(f"USE {self._views}")

    @property
    def settings(self) -> Mapping[str, str]:
        """Version, threads and memory."""
        wanted = ("max_threads", "max_memory_usage", *_SETTINGS)
        ((version, *values),) = self._plain.run(
            f"SELECT version(), {', '.join(f'toString(getSetting({_literal(name)}))' for name in wanted)}"
        ).rows
        return {"version": str(version), **{k: str(v) for k, v in zip(wanted, values, strict=True)}}

    def create(self, schema: Schema) -> tuple[Loss, ...]:
        """Make the tables, empty, and a view of each."""
        check_names(schema, _DIALECT, "clickhouse")
        made = given(schema)
        self._names, self._schema = schema.names, made.schema
        for statement in statements(made.schema, _DIALECT):
            self._plain.run(statement)
        for name in self._names:
            self._plain.run(f"ALTER TABLE {self._held(name)} MODIFY SETTING {_CHANGEABLE}")
            self._viewing.run(f"CREATE VIEW {_DIALECT.quoted(name)} AS SELECT * FROM {self._held(name)}")
        return made.losses

    def load(self, relation: Relation, source: Tables, select: str) -> int:
        """Fill a table from a Parquet file that DuckDB writes; keys and references are checked by queries."""
        path = self._folder / f"{secrets.token_hex(6)}.parquet"
        cursor = source.connection.cursor()
        try:
            kinds = {str(name): str(kind) for name, kind, *_ in cursor.execute(f"DESCRIBE {select}").fetchall()}
            self._within_range(relation, cursor, select)
            carried = ", ".join(
                f"{_carried(_DUCKDB.quoted(name), kinds[name])} AS {_DUCKDB.quoted(name)}" for name in relation.names
            )
            target = path.as_posix().replace("'", "''")
            (expected,) = cursor.execute(
                f"COPY (SELECT {carried} FROM ({select})) TO '{target}' (FORMAT parquet, COMPRESSION lz4_raw)"
            ).fetchall()[0]
            columns = ", ".join(map(_DIALECT.quoted, relation.names))
            before = int(self._plain.value(f"SELECT count() FROM {self._held(relation.name)}"))
            self._plain.run(
                f"INSERT INTO {self._held(relation.name)} ({columns}) "
                f"SELECT {columns} FROM file({_literal(str(path))}, Parquet)"
            )
        except EngineError:
            raise
        except Exception as error:  # DuckDB's errors and the file's have no common root
            raise EngineError(f"loading {relation.name!r}: {_first_line(error)}", engine="clickhouse") from error
        finally:
            cursor.close()
            path.unlink(missing_ok=True)
        found = int(self._plain.value(f"SELECT count() FROM {self._held(relation.name)}")) - before
        if found != expected:
            raise EngineError(f"loading {relation.name!r} lost rows: {found:,} of {expected:,}", engine="clickhouse")
        self._look(relation)
        return found

    def _within_range(self, relation: Relation, cursor: Any, select: str) -> None:  # noqa: ANN401  DuckDB's cursor
        """Raise EngineError for a day that would be stored as another."""
        timed = [a.name for a in relation.attributes if isinstance(a.type, Date | Timestamp)]
        if timed:
            first, last = _SPAN
            outside = ", ".join(
                f"count_if(CAST({_DUCKDB.quoted(name)} AS DATE) NOT BETWEEN {first} AND {last})" for name in timed
            )
            counts = cursor.execute(f"SELECT {outside} FROM ({select})").fetchall()[0]
            lost = [f"{name}: {count:,}" for name, count in zip(timed, counts, strict=True) if count]
            if lost:
                said = f"days outside the years 1 to 9999 — {'; '.join(lost)}"
                raise EngineError(f"loading {relation.name!r} would lose values: {said}", engine="clickhouse")

    def _look(self, relation: Relation) -> None:
        """Look for equal keys, and for rows that refer to nothing along references whose both ends are loaded."""
        self._loaded.add(relation.name)
        here = self._held(relation.name)
        for key in relation.keys:
            names = ", ".join(map(_DIALECT.quoted, key.attributes))
            if names and self._plain.run(f"SELECT 1 FROM {here} GROUP BY {names} HAVING count() > 1 LIMIT 1").rows:
                raise EngineError(f"two rows of {relation.name!r} have the same ({names})", engine="clickhouse")
        for one in self._schema:
            for reference in one.foreign_keys:
                ends = {one.name, reference.relation}
                if relation.name in ends and ends <= self._loaded:
                    ours = ", ".join(map(_DIALECT.quoted, reference.attributes))
                    theirs = ", ".join(map(_DIALECT.quoted, reference.referenced))
                    known = " AND ".join(f"{_DIALECT.quoted(name)} IS NOT NULL" for name in reference.attributes)
                    lonely = self._plain.run(
                        f"SELECT 1 FROM {self._held(one.name)} WHERE {known} AND "
                        f"({ours}) NOT IN (SELECT {theirs} FROM {self._held(reference.relation)}) LIMIT 1"
                    )
                    if lonely.rows:
                        said = f"a row of {one.name!r} refers to {reference.relation!r} ({ours}), which is not there"
                        raise EngineError(said, engine="clickhouse")

    def finish(self) -> None:
        """Merge the parts of each table."""
        for name in self._names:
            self._plain.run(f"OPTIMIZE TABLE {self._held(name)} FINAL")

    def view(self, name: str, select: str) -> None:
        """Make a view in the database that is asked."""
        held = held_in(select, self._names, self._tables, "clickhouse")
        self._viewing.run(f"CREATE OR REPLACE VIEW {_DIALECT.quoted(name)} AS {held}")

    def change(self, statements: Sequence[str], checks: Sequence[str] = (), *, deadline: float = DEADLINE) -> Change:
        """There are no transactions: the tables' parts are linked aside before, and linked back afterwards."""
        aside = {name: _DIALECT.quoted(f"{name} aside {secrets.token_hex(4)}") for name in self._names}
        for name, copy in aside.items():
            self._plain.run(f"CREATE TABLE {self._tables}.{copy} AS {self._held(name)}")
            self._plain.run(f"ALTER TABLE {self._tables}.{copy} ATTACH PARTITION tuple() FROM {self._held(name)}")
        try:
            rows, wall, cpu = 0, 0.0, 0.0
            for statement in statements:
                before, counted = self._rows(), affected(statement, "clickhouse")
                touched = int(str(self._viewing.run(counted, deadline).rows[0][0])) if counted else 0
                timing = self._viewing.clock(statement, deadline)
                wall, cpu = wall + timing.seconds, cpu + (timing.cpu or 0.0)
                rows += touched if counted else self._rows() - before
            return Change(Timing(wall, cpu), rows, tuple(self._viewing.run(check, deadline) for check in checks))
        finally:
            for name, copy in aside.items():
                self._plain.run(f"TRUNCATE TABLE {self._held(name)}")
                self._plain.run(f"ALTER TABLE {self._held(name)} ATTACH PARTITION tuple() FROM {self._tables}.{copy}")
                self._plain.run(f"DROP TABLE {self._tables}.{copy} SYNC")

    @contextmanager
    def client(self) -> Iterator["ClickHouseSession"]:
        """The same databases through connections of its own."""
        other = ClickHouseSession(self._folder, self._tables)
        try:
            other._names, other._schema = self._names, self._schema
            yield other
        finally:
            other.close()

    def explain(self, sql: str, *, plain: bool = False) -> Plan:
        """The plan, not executed."""
        found = self._asked(plain=plain).run(f"EXPLAIN json = 1, indexes = 1, description = 1 {sql}")
        roots = json.loads("\n".join(str(line) for (line,) in found.rows))
        return Plan("clickhouse", tuple(_step(root["Plan"]) for root in roots))

    def bytes(self) -> Mapping[str, int]:
        """Bytes of the parts of each table, compressed as they lie on disk."""
        found = self._plain.run(
            f"SELECT table, sum(bytes_on_disk) FROM system.parts WHERE database = '{self._tables}' AND active GROUP BY table"
        )
        sizes = {str(name): int(str(size)) for name, size in found.rows}
        return {**{name: sizes.get(name, 0) for name in self._names}, "": 0}

    def statistics(self) -> Mapping[str, int]:
        """Rows by table."""
        return {name: int(self._plain.value(f"SELECT count() FROM {self._held(name)}")) for name in self._names}

    def close(self) -> None:
        """Drop both databases and leave."""
        with suppress(EngineError):
            for made in (self._views, self._tables) if self._owns else ():
                self._plain.run(f"DROP DATABASE IF EXISTS {made} SYNC")
        self._plain.close()
        self._viewing.close()

    def _rows(self) -> int:
        return sum(self.statistics().values())

    def _held(self, name: str) -> str:
        return f"{self._tables}.{_DIALECT.quoted(name)}"


class _Asked:
    """A connection whose statements end at their deadline."""

    def __init__(self) -> None:
        self._deadline = math.inf
        try:
            self._connection = connected()
        except RuntimeError as error:
            raise EngineDied(f"it does not start: {_first_line(error)}", engine="clickhouse") from error
        self.run("SET " + ", ".join(f"{name} = {_literal(value)}" for name, value in _SETTINGS.items()))

    def run(self, sql: str, deadline: float = math.inf) -> Answer:
        data = self._sent(sql, "ArrowStream", deadline).bytes()
        if not data:
            return Answer((), ())
        with pa.ipc.open_stream(pa.BufferReader(data)) as stream:
            table = stream.read_all()
        columns = [_values(column) for column in table.columns]
        return Answer(tuple(table.column_names), tuple(zip(*columns, strict=True)))

    def value(self, sql: str) -> Any:  # noqa: ANN401  whatever the statement gives
        return self.run(sql).rows[0][0]

    def clock(self, sql: str, deadline: float) -> Timing:
        spent, start = process_time(), perf_counter()
        self._sent(sql, "Null", deadline)
        return Timing(perf_counter() - start, process_time() - spent)

    def close(self) -> None:
        with suppress(RuntimeError):
            self._connection.close()

    def _sent(self, sql: str, form: str, deadline: float) -> Any:  # noqa: ANN401  chdb's result
        try:
            if deadline != self._deadline:
                limit = 0 if math.isinf(deadline) else max(0.001, deadline)
                self._connection.query(f"SET max_execution_time = {limit:f}")
                self._deadline = deadline
            return self._connection.query(sql, form)
        except RuntimeError as error:
            if "(TIMEOUT_EXCEEDED)" in str(error):
                raise DeadlineExceeded(
                    f"cancelled after its {deadline:g} s", engine="clickhouse", statement=sql
                ) from error
            raise EngineError(_first_line(error), engine="clickhouse", statement=sql) from error


def _values(column: pa.ChunkedArray) -> list[object]:
    """A column's values; texts and octets are one type here, so what is UTF-8 is text."""
    found: list[object] = column.to_pylist()
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return [_text(value) if isinstance(value, bytes) else value for value in found]
    if pa.types.is_timestamp(column.type) and column.type.tz == _SETTINGS["session_timezone"]:
        return column.cast(pa.timestamp(column.type.unit)).to_pylist()  # type: ignore[no-any-return]
    return found


def _text(value: bytes) -> str | bytes:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def _carried(column: str, kind: str) -> str:
    """A DuckDB column as what ClickHouse reads from Parquet."""
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind in {"UUID", "TIME", "INTERVAL", "JSON"} or kind.startswith("ENUM"):
        return f"CAST({column} AS VARCHAR)"
    return column


def _step(node: Mapping[str, Any]) -> Step:
    details = [str(node["Description"])] if node.get("Description") else []
    for index in node.get("Indexes", ()):
        kept = f"{index.get('Selected Granules')} of {index.get('Initial Granules')} granules"
        details.append(f"{index.get('Type')} {index.get('Condition', '')}: {kept}")
    return Step(
        str(node["Node Type"]), "; ".join(details), None, tuple(_step(child) for child in node.get("Plans", ()))
    )


def _literal(text: str) -> str:
    return _DIALECT.literal(text)


def _first_line(error: BaseException) -> str:
    said = str(error).strip().split("\n", 1)[0]
    return re.sub(r"^Code: \d+\. DB::Exception: ", "", said)

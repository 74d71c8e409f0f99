"""DuckDB: an analytic database inside the process, one file per session."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import duckdb

from dbworkbench.data.tables import UNSOUND, Tables
from dbworkbench.engines.cold import forgotten
from dbworkbench.engines.engine import DEADLINE, Answer, Change, DeadlineExceeded, Plan, Step, Timing, check_names
from dbworkbench.engines.watch import Watch
from dbworkbench.errors import EngineError, interruptible, is_interruption
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.plain import given
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.translation import held_in
from dbworkbench.sql.write import statements

_DIALECT = DIALECTS["duckdb"]
_VIEWS = "dbworkbench views"
_numbers = count()


@dataclass(frozen=True, slots=True)
class DuckDB:
    """DuckDB inside the process; each session may use `memory` bytes (0: a quarter of the machine's)."""

    name: str = "duckdb"
    dialect: str = "duckdb"
    memory: int = 0

    @contextmanager
    def session(self, folder: Path) -> Iterator["DuckDBSession"]:
        """A database in a file of its own in `folder`."""
        session = DuckDBSession(folder / f"{next(_numbers)}.duckdb", self.memory or _quarter_of_memory())
        try:
            yield session
        finally:
            session.close()


DUCKDB = DuckDB()


def answered(cursor: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    """The whole answer to a query in DuckDB's SQL; Ctrl-C raises KeyboardInterrupt."""
    with interruptible():
        return _answered(cursor, sql)


def _answered(cursor: duckdb.DuckDBPyConnection, sql: str) -> Answer:
    spent, start = process_time(), perf_counter()
    cursor.execute(sql)
    described = cursor.description or []
    if any("TIME ZONE" in str(kind) for _, kind, *_ in described):  # as Python values they would need one more package
        cursor.abort()
        table: Any = cursor.sql(sql).to_arrow_table()
        rows = tuple(zip(*(column.to_pylist() for column in table.columns), strict=True))
        return Answer(tuple(name for name, *_ in described), rows)
    rows = tuple(cursor.fetchall())
    timing = Timing(perf_counter() - start, process_time() - spent)
    return Answer(tuple(name for name, *_ in described), rows, timing)


class DuckDBSession:
    """A scratch database file; see `engines.engine.Session`."""

    def __init__(self, path: Path, memory: int) -> None:
        self._path, self._memory = path, memory
        self._database: duckdb.DuckDBPyConnection | None = None
        self._cursors: dict[bool, tuple[duckdb.DuckDBPyConnection, Watch]] = {}
        self._later: list[str] = []
        self._names: tuple[str, ...] = ()
        self._indexes: dict[str, int] = {}

    @property
    def settings(self) -> Mapping[str, str]:
        """Version, threads and memory, and the optimizers that are not used."""
        wanted = ("threads", "memory_limit", "disabled_optimizers")
        found = self._plain().execute("SELECT name, value FROM duckdb_settings()").fetchall()
        return {"version": duckdb.__version__, **{name: str(value) for name, value in found if name in wanted}}

    def create(self, schema: Schema) -> tuple[Loss, ...]:
        """Make the tables, empty."""
        check_names(schema, _DIALECT, "duckdb")
        made = given(schema)
        self._names = schema.names
        with self._reported(""):
            database = self._opened()
            for statement in statements(made.schema, _DIALECT):
                if statement.lstrip().upper().startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
                    self._later.append(statement)
                else:
                    with self._reported(statement):
                        database.execute(statement)
        return made.losses

    def load(self, relation: Relation, source: Tables, select: str) -> int:
        """Fill a table: the source's own DuckDB writes the file."""
        self._release()  # one file is open in one instance at a time: the source's writes it
        columns = ", ".join(_DIALECT.quoted(name) for name in relation.names)
        cursor = source.connection.cursor()
        alias = f"dbworkbench load {os.getpid()} {next(_numbers)}"
        table = f"{_DIALECT.quoted(alias)}.main.{_DIALECT.quoted(relation.name)}"
        statement = f"INSERT INTO {table} ({columns}) SELECT {columns} FROM ({select})"
        try:
            with self._reported(statement):
                cursor.execute(f"ATTACH {_literal(str(self._path))} AS {_DIALECT.quoted(alias)}")
                try:
                    own = [key for key in relation.foreign_keys if key.relation == relation.name]
                    if own:
                        _load_referred_first(cursor, table, columns, select, own)
                        statement += f" EXCEPT ALL SELECT {columns} FROM {table}"
                    cursor.execute(statement)
                    (rows,) = cursor.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
                finally:
                    cursor.execute(f"DETACH {_DIALECT.quoted(alias)}")
        finally:
            cursor.close()
        return int(rows)

    def finish(self) -> None:
        """Indexes and a checkpoint; what the file grows by with an index is the index's."""
        database = self._opened()
        used = self._used_after_checkpoint(database)
        for statement in self._later:
            with self._reported(statement):
                database.execute(statement)
            grown = self._used_after_checkpoint(database)
            (name,) = database.execute(
                "SELECT index_name FROM duckdb_indexes() ORDER BY index_oid DESC LIMIT 1"
            ).fetchall()[0]
            self._indexes[str(name)], used = grown - used, grown

    def _used_after_checkpoint(self, database: duckdb.DuckDBPyConnection) -> int:
        """Bytes of the blocks in use."""
        with self._reported("CHECKPOINT"):
            database.execute("CHECKPOINT")
        (used,) = database.execute("SELECT used_blocks * block_size FROM pragma_database_size()").fetchall()[0]
        return int(used)

    def index_bytes(self) -> Mapping[str, int]:
        """Bytes that the file grew by with each index, in whole blocks; indexes of keys come with their tables and are not told apart."""
        return self._indexes

    def view(self, name: str, select: str) -> None:
        """Make a view, in a schema that is searched before the tables' own."""
        schema = _DIALECT.quoted(_VIEWS)
        statement = f"CREATE VIEW {schema}.{_DIALECT.quoted(name)} AS {held_in(select, self._names, 'main', 'duckdb')}"
        with self._reported(statement):
            cursor, _ = self._cursor(plain=True)
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
            cursor.execute(statement)
        self._let_go(plain=False)

    def run(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> Answer:
        """The whole answer."""
        cursor, watch = self._cursor(plain=plain)
        with self._reported(sql, watch, deadline), watch.within(deadline):
            return answered(cursor, sql)

    def clock(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> Timing:
        """The time until the result is complete; its rows are not turned into Python."""
        cursor, watch = self._cursors.get(plain) or self._cursor(plain=plain)
        watch.begin(deadline)  # by hand: context managers would cost as much as the rest of this together
        try:
            spent, start = process_time(), perf_counter()
            cursor.execute(sql).complete()  # results stream: execute alone returns before the work is done
            return Timing(perf_counter() - start, process_time() - spent)
        except duckdb.Error as error:
            raise _told(error, sql, watch, deadline) from error
        except RuntimeError as error:
            if is_interruption(error):
                raise KeyboardInterrupt from error
            raise
        finally:
            watch.end()

    @property
    def namespace(self) -> str:
        """Where the tables lie."""
        return "main"

    def change(self, statements: Sequence[str], checks: Sequence[str] = (), *, deadline: float = DEADLINE) -> Change:
        """A transaction, rolled back."""
        cursor, watch = self._cursor(plain=False)
        with self._reported("; ".join(statements), watch, deadline), watch.within(deadline):
            cursor.begin()
            try:
                rows, spent, start = 0, process_time(), perf_counter()
                for statement in statements:
                    rows += int(cursor.execute(statement).fetchall()[0][0])
                timing = Timing(perf_counter() - start, process_time() - spent)
                return Change(timing, rows, tuple(answered(cursor, check) for check in checks))
            finally:
                with suppress(duckdb.Error):  # an error may have ended the transaction already
                    cursor.rollback()

    @contextmanager
    def client(self) -> Iterator["DuckDBSession"]:
        """The same database instance through cursors of its own."""
        other = DuckDBSession(self._path, self._memory)
        other._names, other._database = self._names, self._opened().cursor()
        try:
            yield other
        finally:
            other.close()

    def explain(self, sql: str, *, plain: bool = False) -> Plan:
        """The physical plan."""
        cursor, watch = self._cursor(plain=plain)
        with self._reported(sql), watch.within(DEADLINE):
            text = cursor.execute(f"EXPLAIN (FORMAT json) {sql}").fetchall()[0][1]
        return Plan("duckdb", tuple(_step(root) for root in json.loads(text)))

    def rows_read(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> int:
        """The rows that its scans go over, as its profile counts them; blocks that are skipped are not."""
        cursor, watch = self._cursor(plain=plain)
        with self._reported(sql, watch, deadline), watch.within(deadline):
            text = cursor.execute(f"EXPLAIN (ANALYZE, FORMAT json) {sql}").fetchall()[0][1]
        return _scanned(json.loads(text).get("operator", ()))

    def forget(self) -> bool:
        """Close the file, and let the system forget it; it is opened again when something is asked."""
        self._release()
        return forgotten((self._path,))

    def bytes(self) -> Mapping[str, int]:
        """Bytes by distinct blocks; a block that several small tables share counts for each in part."""
        plain = self._plain()
        plain.execute("CHECKPOINT")
        (size,) = plain.execute("SELECT used_blocks * block_size FROM pragma_database_size()").fetchall()[0]
        (block,) = plain.execute("SELECT block_size FROM pragma_database_size()").fetchall()[0]
        holders: dict[int, list[str]] = {}
        for name in self._tables():
            found = plain.execute(
                "SELECT DISTINCT unnest(additional_block_ids || [block_id]) FROM pragma_storage_info(?) WHERE persistent",
                [_DIALECT.quoted(name)],
            ).fetchall()
            for (number,) in found:
                if number is not None and number >= 0:
                    holders.setdefault(number, []).append(name)
        sizes = dict.fromkeys(self._tables(), 0)
        for names in holders.values():  # a block that small tables share counts for each in part
            for name in names:
                sizes[name] += block // len(names)
        return {**sizes, "": max(0, int(size) - sum(sizes.values()))}

    def statistics(self) -> Mapping[str, int]:
        """Rows by table."""
        return {
            name: int(self._plain().execute(f"SELECT count(*) FROM main.{_DIALECT.quoted(name)}").fetchall()[0][0])
            for name in self._tables()
        }

    def close(self) -> None:
        """Close the database; its file is the folder's owner's to remove."""
        self._release()

    def _tables(self) -> tuple[str, ...]:
        found = self._plain().execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND NOT internal ORDER BY table_oid"
        )
        return tuple(name for (name,) in found.fetchall())

    def _plain(self) -> duckdb.DuckDBPyConnection:
        return self._cursor(plain=True)[0]

    def _opened(self) -> duckdb.DuckDBPyConnection:
        if self._database is None:
            config: dict[str, str | bool | int | float | list[str]] = {
                "memory_limit": f"{self._memory // 1_000_000}MB",
                "temp_directory": f"{self._path}.spill",
                "disabled_optimizers": UNSOUND,
            }
            self._database = duckdb.connect(str(self._path), config=config)
        return self._database

    def _cursor(self, *, plain: bool) -> tuple[duckdb.DuckDBPyConnection, Watch]:
        if plain not in self._cursors:
            cursor = self._opened().cursor()
            if not plain:
                schema = _DIALECT.quoted(_VIEWS)
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
                cursor.execute(f"SET search_path = {_literal(schema + ',main')}")
            self._cursors[plain] = (cursor, Watch(cursor.interrupt))
        return self._cursors[plain]

    def _release(self) -> None:
        for plain in tuple(self._cursors):
            self._let_go(plain=plain)
        if self._database is not None:
            self._database.close()
            self._database = None

    def _let_go(self, *, plain: bool) -> None:
        if plain in self._cursors:
            cursor, watch = self._cursors.pop(plain)
            watch.close()
            cursor.close()

    @contextmanager
    def _reported(self, statement: str, watch: Watch | None = None, deadline: float = 0.0) -> Iterator[None]:
        try:
            with interruptible():
                yield
        except duckdb.Error as error:
            raise _told(error, statement, watch, deadline) from error


def _told(error: duckdb.Error, statement: str, watch: Watch | None, deadline: float) -> EngineError:
    if watch is not None and watch.rang:
        return DeadlineExceeded(f"cancelled after its {deadline:g} s", engine="duckdb", statement=statement)
    return EngineError(_first_line(error), engine="duckdb", statement=statement)


def _load_referred_first(
    cursor: duckdb.DuckDBPyConnection, table: str, columns: str, select: str, keys: list[ForeignKey]
) -> None:
    """Load rows after those of the same table that they refer to: DuckDB looks for them at once, among rows that are in."""
    ready = " AND ".join(f"({_is_ready(table, key)})" for key in keys)
    loaded = -1
    while True:
        (rows,) = cursor.execute(f"SELECT count(*) FROM {table}").fetchall()[0]
        if rows == loaded:
            return
        loaded = rows
        left = f"SELECT {columns} FROM ({select}) EXCEPT ALL SELECT {columns} FROM {table}"
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM ({left}) WHERE {ready}")


def _is_ready(table: str, key: ForeignKey) -> str:
    """A row refers to nothing, or to a row that is in already (DuckDB refuses one that refers to itself)."""
    pairs = list(zip(map(_DIALECT.quoted, key.attributes), map(_DIALECT.quoted, key.referenced), strict=True))
    ours, theirs = ", ".join(one for one, _ in pairs), ", ".join(other for _, other in pairs)
    unknown = " OR ".join(f"{one} IS NULL" for one, _ in pairs)
    inside = f"{ours} IN (SELECT {theirs} FROM {table})"
    if len(pairs) > 1:
        inside = f"({ours}) IN (SELECT ({theirs}) FROM {table})"
    return f"{unknown} OR {inside}"


def _quarter_of_memory() -> int:
    with suppress(AttributeError, ValueError, OSError):
        return max(1_000_000_000, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4)
    return 2_000_000_000


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]


def _scanned(nodes: Iterable[Mapping[str, Any]]) -> int:
    return sum(int(node.get("rows_scanned") or 0) + _scanned(node.get("children", ())) for node in nodes)


def _step(node: Mapping[str, Any]) -> Step:
    extra = dict(node.get("extra_info") or {})
    expected = extra.pop("Estimated Cardinality", None)
    details = (f"{name}: {', '.join(value) if isinstance(value, list) else value}" for name, value in extra.items())
    return Step(
        str(node.get("name", "")).strip().replace("_", " "),
        "; ".join(details),
        int(expected) if expected is not None and str(expected).isdigit() else None,
        tuple(_step(child) for child in node.get("children", ())),
    )

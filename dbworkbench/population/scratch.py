"""The tables of our own while rows are made, and the numbers that rows are made from."""

from collections.abc import Iterator
from contextlib import contextmanager

from dbworkbench.data.tables import Tables

SCHEMA = '"dbworkbench scratch"'
LONGEST = 4_000_000  # rows made by one statement: bounds what waits for its turn in memory
_PIECE = 122_880  # row numbers that one thread counts at a time: a row group of DuckDB's
_LEAST = 30_720  # of a short table, so that it has pieces for all threads


class Scratch:
    """A schema beside the tables, dropped at the end; at most `length` rows are made by one statement."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.run = tables, tables.connection.execute
        self.length = LONGEST
        self._made = 0

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
        """A common table expression `rows(i)` with the numbers from `start` on, in pieces that threads take in turn.

        One `range` is counted by one thread; several, put together, keep their order and are counted by as many threads
        as there are.
        """
        stop = start + count
        piece = min(_PIECE, max(_LEAST, -(-count // 8 // 2048) * 2048))
        pieces = [
            f"SELECT range AS i FROM range({at}, {min(at + piece, stop)})"
            for at in range(start, max(stop, start + 1), piece)
        ]
        return f"WITH rows AS ({' UNION ALL '.join(pieces)})"

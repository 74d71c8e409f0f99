"""The tables of our own while rows are made, and the numbers that rows are made from."""

from collections.abc import Iterator
from contextlib import contextmanager

from dbworkbench.data.tables import Tables

SCHEMA = '"dbworkbench scratch"'
LONGEST = 4_000_000  # rows made by one statement: bounds the memory for row numbers


class Scratch:
    """A schema beside the tables, dropped at the end; `seed` holds the numbers from 0 to `length` - 1."""

    def __init__(self, tables: Tables, rows: int) -> None:
        self.tables, self.run = tables, tables.connection.execute
        self.length = min(LONGEST, rows + 64)
        self._made = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """The schema, as long as it is needed."""
        self.run(f"CREATE SCHEMA {SCHEMA}")
        self.run(f"CREATE TABLE {SCHEMA}.seed AS SELECT range AS i FROM range({self.length})")
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
        """A common table expression `rows(i)` with the numbers from `start` on; `count` is at most `length`."""
        offset = f"i + {start} AS i" if start else "i"
        return f"WITH rows AS (SELECT {offset} FROM {SCHEMA}.seed WHERE i < {count})"

    def tried(self, start: int, count: int, attempt: int, kept: str) -> str:
        """A common table expression `rows(i, r)`: as `rows`, without those that `kept` says; `r` differs in each attempt."""
        return (
            f"WITH rows AS (SELECT i + {start} AS i, i + {start + (attempt << 40)} AS r FROM {SCHEMA}.seed WHERE "
            f"i < {count} AND i + {start} NOT IN ({kept}))"
        )

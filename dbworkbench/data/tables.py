"""Tables of rows in a private DuckDB database: what populating makes, and what a data file is read into."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pandas as pd

from dbworkbench.data.scratch import OF_ROWS, held
from dbworkbench.errors import DataError, UnknownName
from dbworkbench.output import make_folder
from dbworkbench.shown import Shown

MEMORY = "3GiB"  # what DuckDB may use: with Python and the rows under way a process stays within 4 GiB
UNSOUND = "common_subplan"
"""DuckDB's optimizers that are not used: this one takes two joins of one table for the same where each has other columns
left, and then answers wrongly (DuckDB 2.0.1, on a view with two outer joins that is joined with itself; of the kind of
https://github.com/duckdb/duckdb/issues/25819)."""

QUIET = "SET enable_progress_bar = false"
"""Asked of every connection: in a notebook, DuckDB would leave an empty widget in the output of what takes two seconds."""


def quoted(name: str) -> str:
    """An identifier as DuckDB reads it, whatever characters it has.

    >>> quoted("unit price")
    '"unit price"'
    """
    return '"' + name.replace('"', '""') + '"'


class Tables(Shown):
    """Named tables of rows in a DuckDB database of their own, in memory and spilling to a scratch folder.

    DuckDB keeps at most `MEMORY` of them, and of what queries need, in memory. With `on_disk` the database is a file in
    the scratch folder: slower to write than memory, but compressed, and so better for what would not fit. A table is named like the relation whose rows it holds. `connection` is the database itself, for SQL of your
    own; nothing here is ever written to a database of yours. `close()` frees memory and disk; leaving a `with`
    block or losing the last reference does too.
    """

    def __init__(self, *, on_disk: bool = False) -> None:
        self._scratch = tempfile.TemporaryDirectory(prefix=OF_ROWS)
        self._lock = held(self.scratch)  # should the process be killed, the next one that makes scratch data removes it
        self.connection = duckdb.connect(
            str(self.scratch / "rows.duckdb") if on_disk else ":memory:",
            config={
                "temp_directory": self._scratch.name,
                "preserve_insertion_order": True,
                "memory_limit": MEMORY,
                "disabled_optimizers": UNSOUND,
            },
        )
        self.connection.execute(QUIET)

    @property
    def scratch(self) -> Path:
        """A folder for files that go with the tables; it is removed with them."""
        return Path(self._scratch.name)

    @property
    def names(self) -> tuple[str, ...]:
        """The tables' names, in the order they were made."""
        found = self.connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' AND NOT internal ORDER BY table_oid"
        )
        return tuple(name for (name,) in found.fetchall())

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def _known(self, name: str) -> str:
        if name not in self.names:
            raise UnknownName("table", name, self.names)
        return quoted(name)

    def rows(self, name: str) -> int:
        """How many rows a table has; raises UnknownName."""
        (count,) = self.connection.execute(f"SELECT count(*) FROM {self._known(name)}").fetchall()[0]
        return int(count)

    def columns(self, name: str) -> tuple[tuple[str, str], ...]:
        """A table's columns and their DuckDB types, in order; raises UnknownName."""
        found = self.connection.execute(f"DESCRIBE {self._known(name)}").fetchall()
        return tuple((row[0], row[1]) for row in found)

    def frame(self, name: str, most: int | None = None) -> pd.DataFrame:
        """A table's rows as a data frame, the first `most` of them; raises UnknownName."""
        limit = "" if most is None else f" LIMIT {int(most)}"
        return self.sql(f"SELECT * FROM {self._known(name)}{limit}")

    def arrow(self, name: str, size: int = 122_880) -> Any:  # noqa: ANN401  a pyarrow RecordBatchReader
        """A table's rows as Arrow record batches of `size` rows, in order, made while they are read: nothing is copied.

        Any number of readers can be read side by side, and beside other queries. Raises UnknownName.
        """
        return self.connection.cursor().sql(f"SELECT * FROM {self._known(name)}").to_arrow_reader(size)

    def sql(self, query: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """The answer to any DuckDB query over the tables, as a data frame."""
        frame: pd.DataFrame = self.connection.execute(query, list(parameters)).df()
        return frame

    def save(self, folder: str | Path, kind: str = "parquet") -> tuple[Path, ...]:
        """Write each table to `folder`/name.`kind` ("parquet" or "csv"), `/` in names as `_`; returns the paths.

        Raises DataError, and writes nothing, where two tables would be one file.
        """
        if kind not in {"parquet", "csv"}:
            raise UnknownName("file kind", kind, ("parquet", "csv"))
        files: dict[str, str] = {}
        for name in self.names:
            file = f"{name.replace('/', '_')}.{kind}"
            other = files.setdefault(file.casefold(), name)
            if other != name:
                raise DataError(f"the tables {other!r} and {name!r} would both be written to {file!r} — rename one")
        into = make_folder(folder)
        paths: list[Path] = []
        for name in self.names:
            path = into / f"{name.replace('/', '_')}.{kind}"
            target = "'" + str(path).replace("'", "''") + "'"
            self.connection.execute(f"COPY {quoted(name)} TO {target} (FORMAT {kind})")
            paths.append(path)
        return tuple(paths)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __repr__(self) -> str:
        return f"Tables({', '.join(f'{name}: {self.rows(name):,} rows' for name in self.names)})"

    def close(self) -> None:
        """Free the database and its scratch folder; closing twice is fine."""
        self.connection.close()
        self._lock.close()
        self._scratch.cleanup()

    def __enter__(self) -> "Tables":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        with suppress(Exception):  # at interpreter exit, parts of Python may be gone already
            self.close()

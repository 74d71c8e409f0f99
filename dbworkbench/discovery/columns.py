"""Columns of data as dictionary codes: equal values of a column have equal codes, so that loops compare integers.

What equal means is said here once. Text of a CSV file is compared as it is written: `1.0` and `1.00` differ, and an
empty field is a null. Typed values are compared as values: floats exactly, with -0.0 = 0.0 and NaN = NaN; NaN of a
pandas frame is a null, because pandas means that by it. Values of different Python types in one column are equal
where Python says so. Whether nulls are equal to each other is the caller's choice, `nulls`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dbworkbench.discovery.arrays import python_of, texts
from dbworkbench.discovery.dictionary import PIECE, DictionaryEncoding, dictionary_encoded, slimmest
from dbworkbench.discovery.kernels import Codes, kernels
from dbworkbench.errors import DataError, UnknownName, listed

if TYPE_CHECKING:  # loaded only where a frame or a database is given: they take longer than reading most files
    import duckdb
    import pandas as pd

    from dbworkbench.data.tables import Tables

_MANY_ROWS = 100_000

Nulls: TypeAlias = Literal["equal", "distinct"]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """A table as codes: `codes[c][r]` says which value column c has in row r.

    `values[c]` holds the values that the codes stand for; a code beyond them is a null. With nulls "distinct" each
    null has a code of its own, so that no two are equal. Codes take as few bytes as they need: 1, 2 or 4.
    """

    name: str
    names: tuple[str, ...]
    codes: tuple[Codes, ...]
    values: tuple[Any, ...]  # pyarrow arrays
    nulls: Nulls = "equal"

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.codes[0]) if self.codes else 0

    @property
    def bytes(self) -> int:
        """Bytes held by codes and values."""
        return sum(int(part.nbytes) for part in (*self.codes, *self.values))

    @property
    def sizes(self) -> tuple[int, ...]:
        """For each column a bound that its codes stay below: their number."""
        if not self.rows:
            return (0,) * len(self.names)
        return tuple(max(len(value), int(code.max()) + 1) for value, code in zip(self.values, self.codes, strict=True))

    def place(self, name: str) -> int:
        """Where a column stands; raises UnknownName."""
        if name not in self.names:
            raise UnknownName("column", name, self.names)
        return self.names.index(name)

    def null(self, column: int) -> NDArray[np.bool_]:
        """Which rows are null in a column."""
        null: NDArray[np.bool_] = self.codes[column] >= len(self.values[column])
        return null

    def counts(self, column: int) -> NDArray[np.int32]:
        """How many rows have each of a column's values."""
        codes, known = self.codes[column], len(self.values[column])
        return kernels().counted(codes, max(known, int(codes.max()) + 1 if len(codes) else 0))[:known]

    def select(self, names: Sequence[str]) -> "Columns":
        """The same rows, only these columns, in this order; raises UnknownName."""
        places = [self.place(name) for name in names]
        codes, values = (tuple(part[place] for place in places) for part in (self.codes, self.values))
        return Columns(self.name, tuple(names), codes, values, self.nulls)

    def taken(self, rows: NDArray[np.int64]) -> "Columns":
        """Some of the rows, in the order given."""
        return Columns(self.name, self.names, tuple(codes[rows] for codes in self.codes), self.values, self.nulls)

    def with_nulls(self, nulls: Nulls) -> "Columns":
        """The same table under the other meaning of null."""
        if nulls == self.nulls:
            return self
        codes = (_numbered(column, len(value), nulls) for column, value in zip(self.codes, self.values, strict=True))
        return Columns(self.name, self.names, tuple(codes), self.values, nulls)

    def row(self, row: int) -> dict[str, object]:
        """One row with its values; a null is None."""
        return {
            name: python_of(value[code]) if (code := int(codes[row])) < len(value) else None
            for name, codes, value in zip(self.names, self.codes, self.values, strict=True)
        }

    def frame(self, rows: Sequence[int] | NDArray[np.int64] | None = None) -> "pd.DataFrame":
        """Rows with their values as a data frame; all of them where none are named."""
        import pandas as pd  # noqa: PLC0415  see above

        chosen = slice(None) if rows is None else np.asarray(rows, dtype=np.int64)
        made = {}
        for at, (codes, value) in enumerate(zip(self.codes, self.values, strict=True)):
            taken = codes[chosen].astype(np.int64)
            indices = pa.array(taken, mask=taken >= len(value))
            made[at] = value.take(indices).to_pandas()
        frame = pd.DataFrame(made)
        frame.columns = pd.Index(self.names)
        return frame


def _numbered(column: Codes, known: int, nulls: Nulls) -> Codes:
    """A column with one code for its nulls, which have any code from `known` on, or one each; in as few bytes as need be."""
    null = column >= known
    many = int(np.count_nonzero(null))
    apart = many if nulls == "distinct" and many else 1
    kind = slimmest(known + apart - 1)
    if column.dtype == kind and apart == 1 and (not many or int(column.max()) == known):
        return column
    slim = column.astype(kind, copy=not many)
    if many:
        slim[null] = known if nulls == "equal" else known + np.arange(many, dtype=np.int64)
    return slim


def _encode_objects(name: str, column: "pd.Series[Any]") -> tuple[Codes, Any]:
    """Codes of a column of mixed Python objects, compared as Python compares them."""
    import pandas as pd  # noqa: PLC0415  see above

    try:
        codes, values = pd.factorize(column)
    except TypeError as problem:
        raise DataError(
            f"column {name!r} holds values that cannot be compared ({problem}) — flatten lists and dictionaries first"
        ) from problem
    return np.where(codes < 0, len(values), codes).astype(np.int32), texts([str(value) for value in values])


def let_go_after(rows: int) -> None:
    """Give memory that was let go back to the system, where there was much: arrow and C keep it for later."""
    if rows > _MANY_ROWS:
        pa.default_memory_pool().release_unused()
        kernels().trimmed()


def refuse_twins(table: str, names: Sequence[str]) -> None:
    """Raises DataError for two columns of one name."""
    if len(set(names)) != len(names):
        twice = sorted({one for one in names if list(names).count(one) > 1})
        raise DataError(f"{table}: several columns are called {listed(twice)} — rename them")


def assembled(
    name: str, names: Sequence[str], rows: int, encoded: Iterator[tuple[Codes, Any]], nulls: Nulls
) -> Columns:
    """Columns from the codes and values of each, which are asked for one after another.

    Raises DataError for two columns of one name.
    """
    refuse_twins(name, names)
    codes, values = [], []
    for column, value in encoded:
        codes.append(_numbered(column, len(value), nulls))
        values.append(value)
        let_go_after(rows)
    return Columns(name, tuple(names), tuple(codes), tuple(values), nulls)


def from_frame(frame: "pd.DataFrame", *, name: str = "data", nulls: Nulls = "equal") -> Columns:
    """A pandas frame as codes.

    >>> import pandas as pd
    >>> [codes.tolist() for codes in from_frame(pd.DataFrame({"a": ["x", "y", "x"], "b": [1.0, None, 1.0]})).codes]
    [[0, 1, 0], [0, 1, 0]]
    """
    names = [str(column) for column in frame.columns]

    def encoded() -> Iterator[tuple[Codes, Any]]:
        for place, column in enumerate(names):
            series = frame.iloc[:, place]
            try:
                array = pa.Array.from_pandas(series)
            except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError, UnicodeError):
                yield _encode_objects(column, series)
            else:
                yield dictionary_encoded(column, [array])

    return assembled(name, names, len(frame), encoded(), nulls)


def from_arrow(table: Any, *, name: str = "data", nulls: Nulls = "equal") -> Columns:  # noqa: ANN401  see below
    """An arrow table as codes, or anything that hands out its columns as arrow data (a Polars frame does).

    Raises DataError, also for columns that arrow has no type for.
    """
    if not isinstance(table, pa.Table):
        kinds = getattr(table, "schema", {})
        odd = [one for one in kinds if str(kinds[one]) == "Object"] if hasattr(kinds, "to_python") else []
        if odd:  # Polars would hand out the places where they lie in memory
            raise DataError(f"{name}: column {odd[0]!r} holds Python objects — make them texts or numbers first")
        try:
            table = pa.table(table)
        except pa.ArrowInvalid as problem:
            raise DataError(
                f"{name}: not read as arrow data ({problem}) — cast the column to another type first"
            ) from None
    encoded = (dictionary_encoded(column, [table.column(place)]) for place, column in enumerate(table.column_names))
    return assembled(name, table.column_names, table.num_rows, encoded, nulls)


def from_queries(
    connection: "duckdb.DuckDBPyConnection", table: str, names: Sequence[str], *, nulls: Nulls = "equal"
) -> Columns:
    """A table of a DuckDB database as codes, read row by row, for only so are the cells of a row known to be of one row."""
    from dbworkbench.data.tables import quoted  # noqa: PLC0415  see above

    columns: list[DictionaryEncoding] = []
    if names:
        every = ", ".join(map(quoted, names))
        pieces = connection.sql(f"SELECT {every} FROM {quoted(table)}").to_arrow_reader(PIECE)
        columns = [DictionaryEncoding(name, one.type) for name, one in zip(names, pieces.schema, strict=True)]
        for piece in pieces:
            for column, cells in zip(columns, piece.columns, strict=True):
                column.take(cells)
    rows = columns[0].rows if columns else 0
    return assembled(table, names, rows, (column.encoded() for column in columns), nulls)


def from_tables(tables: "Tables", name: str | None = None, *, nulls: Nulls = "equal") -> Columns:
    """One of the tables as codes; raises UnknownName."""
    chosen = name if name is not None else next(iter(tables.names), "")
    return from_queries(tables.connection, chosen, [column for column, _ in tables.columns(chosen)], nulls=nulls)


def groups(columns: Sequence[NDArray[Any]], rows: int) -> tuple[NDArray[np.int32], int]:
    """For each row the number of its group, rows that agree on all `columns` being one group; and how many there are.

    >>> ids, count = groups([np.array([7, 7, 9]), np.array([1, 2, 1])], 3)
    >>> ids.tolist(), count
    ([0, 1, 2], 3)
    """
    ids: NDArray[np.int32] = np.zeros(rows, np.int32)
    count = min(rows, 1)
    for column in columns:
        count = kernels().numbered(ids, count, column, int(column.max()) + 1 if rows else 1)
    return ids, count

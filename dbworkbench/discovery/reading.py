"""Data sources read straight into codes: files, folders, frames, tables in DuckDB, and databases behind a URL."""

import csv
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from dbworkbench.discovery.columns import (
    Columns,
    Nulls,
    assembled,
    from_arrow,
    from_frame,
    from_tables,
    refuse_twins,
)
from dbworkbench.discovery.delimited import Delimited, from_csv
from dbworkbench.discovery.dictionary import PIECE, dictionary_encoded
from dbworkbench.errors import DataError, UnknownName, kind_of
from dbworkbench.schema.loss import Loss


def read_columns(
    source: object,
    *,
    name: str | None = None,
    header: bool = True,
    separator: str | None = None,
    encoding: str = "utf-8",
    nulls: Nulls = "equal",
    tables: Sequence[str] | None = None,
) -> dict[str, Columns]:
    """The tables of a source as codes, by name; `tables` chooses among them. The first that cannot be read is refused.

    A source is a CSV or Parquet file, a folder of them, a frame (pandas, Polars, Arrow), a mapping of names to
    those, Tables, or a database URL such as `sqlite:///shop.db`. Cells of CSV files are compared as they are
    written. Raises DataError with the place and the fix for what cannot be read, UnknownName for a table
    that is not there, EngineError for a database that does not answer.
    """
    how = Delimited(header, separator, encoding)
    found, refused = _parted(source, name, nulls, tables, how)
    for problem in refused.values():
        raise problem
    return found


def read_readable(
    source: object,
    *,
    name: str | None = None,
    header: bool = True,
    separator: str | None = None,
    encoding: str = "utf-8",
    nulls: Nulls = "equal",
    tables: Sequence[str] | None = None,
) -> tuple[dict[str, Columns], tuple[Loss, ...]]:
    """As `read_columns`, but of a folder the files that cannot be read are left out, and the losses say which and why.

    Where `tables` names one of them, or none can be read, that is refused.
    """
    found, refused = _parted(source, name, nulls, tables, Delimited(header, separator, encoding))
    for problem in refused.values() if tables is not None or not found else ():
        raise problem
    losses = (Loss(file, str(problem), "the file is left out") for file, problem in refused.items())
    return found, tuple(losses)


def _parted(
    source: object, name: str | None, nulls: Nulls, tables: Sequence[str] | None, how: Delimited
) -> tuple[dict[str, Columns], dict[str, DataError]]:
    """The tables that can be read, and why the others cannot."""
    if nulls not in {"equal", "distinct"}:
        raise UnknownName("meaning of nulls", str(nulls), ("equal", "distinct"))
    if how.separator is not None and len(how.separator) != 1:
        raise DataError(f"a separator is one character, not {how.separator!r}")
    found: dict[str, Columns] = {}
    refused: dict[str, DataError] = {}
    for one, part in _read(source, name, nulls, tables, how):
        if isinstance(part, Columns):
            found[one] = part
        else:
            refused[one] = part
    for one in tables or ():
        if one not in found and not refused:
            raise UnknownName("table", one, tuple(found))
    return {one: found[one] for one in tables or found if one in found}, refused


def _read(
    source: object,
    name: str | None,
    nulls: Nulls,
    tables: Sequence[str] | None,
    how: Delimited,
) -> Iterator[tuple[str, Columns | DataError]]:
    if isinstance(source, Columns):
        yield name or source.name, source.with_nulls(nulls)
    elif isinstance(source, _class("dbworkbench.data.tables", "Tables")):
        for table in tables if tables is not None else source.names:
            yield table, from_tables(source, table, nulls=nulls)
    elif (database := database_in(source)) is not None:
        yield from _from_database(database, nulls, tables)
    elif isinstance(source, Mapping):
        for key, part in source.items():
            for _, columns in _read(part, str(key), nulls, None, how):
                yield str(key), columns
    elif isinstance(source, str | os.PathLike):
        path = Path(source)
        if not str(source):
            raise DataError("the path is empty — give a file, a folder ('.' for this one), or a database URL")
        if path.is_dir():
            for file in _files(path):
                if tables is None or file.stem in tables:
                    try:
                        yield file.stem, _from_file(file, file.stem, nulls, how)
                    except DataError as problem:
                        yield file.name, problem
        else:
            table = name or path.stem or "data"
            yield table, _from_file(path, table, nulls, how)
    elif isinstance(source, _class("pandas", "DataFrame")):
        yield name or "data", from_frame(source, name=name or "data", nulls=nulls)
    elif isinstance(source, pa.Table) or (
        hasattr(source, "__arrow_c_stream__") and (hasattr(source, "columns") or hasattr(source, "schema"))
    ):
        yield name or "data", from_arrow(source, name=name or "data", nulls=nulls)
    elif hasattr(source, "collect_schema") and hasattr(source, "collect"):  # a lazy frame of Polars
        yield from _read(source.collect(), name, nulls, tables, how)
    else:
        raise DataError(
            f"{kind_of(source)} holds no rows that can be read — give a path, a database URL, a data frame "
            "or a mapping of them"
        )


def _class(module: str, name: str) -> Any:  # noqa: ANN401  a class, or none
    """A class whose module is loaded only if something is of it: loading it to find out would take longer than most files."""
    return getattr(sys.modules.get(module), name, ())


def _files(folder: Path) -> list[Path]:
    try:
        every = sorted(folder.iterdir())
    except PermissionError:
        raise DataError(f"{folder}: no permission to read the folder") from None
    files = [
        file for file in every if file.suffix.casefold() in {".csv", ".tsv", ".parquet", ".pq"} and not file.is_dir()
    ]
    if not files:
        raise DataError(f"the folder {folder} holds no .csv, .tsv or .parquet file")
    stems = [file.stem for file in files]
    twice = next((stem for stem in stems if stems.count(stem) > 1), None)
    if twice is not None:
        raise DataError(f"the folder {folder} holds two files called {twice!r} — rename one")
    return files


def _from_file(path: Path, name: str, nulls: Nulls, how: Delimited) -> Columns:
    """A file as codes: the quick way where nothing is odd about it, else as DuckDB reads it, cells as written, or refuses to."""
    try:
        before = path.stat()
        if path.suffix.casefold() in {".parquet", ".pq"}:
            columns = _from_parquet(path, name, nulls)
        else:
            columns = from_csv(path, name, nulls, how)
        after = path.stat()
    except (OSError, UnicodeError, LookupError, csv.Error, pa.ArrowInvalid, pa.ArrowKeyError) as problem:
        from dbworkbench.data.read import read_as_written  # noqa: PLC0415  loads DuckDB, only for what is odd

        with read_as_written(
            path, name=name, header=how.header, separator=how.separator, encoding=how.encoding
        ) as tables:
            if not tables.rows(name):  # nothing was wrong with it for DuckDB, and it holds nothing
                raise DataError(f"{path}: not read — {problem}") from problem
            return from_tables(tables, name, nulls=nulls)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DataError(f"{path}: the file changed while it was read — read it again")
    return columns


def _from_parquet(path: Path, name: str, nulls: Nulls) -> Columns:
    """Column by column and piece by piece, so that no more than a piece of one is held uncoded."""
    import pyarrow.parquet as arrow_parquet  # noqa: PLC0415  only for such files

    with arrow_parquet.ParquetFile(path) as file:
        names, rows = file.schema_arrow.names, file.metadata.num_rows
        refuse_twins(name, names)
        encoded = (
            dictionary_encoded(
                one.name, (piece.column(0) for piece in file.iter_batches(PIECE, columns=[one.name])), one.type
            )
            for one in file.schema_arrow
        )
        return assembled(name, names, rows, encoded, nulls)


def looks_like_data(columns: Columns) -> bool:
    """Whether the names of a table look like values: a file without a header, read as if it had one."""
    return any(re.fullmatch(r"[-+]?\d+([.,]\d+)?|\d{4}-\d\d-\d\d.*", name) for name in columns.names)


_DATABASE_FILES = {".db": "sqlite", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".duckdb": "duckdb"}


def database_in(source: object) -> object | None:
    """The database that a source is, if it is one: a URL, an engine, a DuckDB connection, or a database's file."""
    if isinstance(source, str) and re.match(r"[\w+]+://", source):
        return source
    if isinstance(source, str | os.PathLike):
        kind = _DATABASE_FILES.get(Path(source).suffix.casefold())
        return f"{kind}:///{Path(source)}" if kind else None
    opened = isinstance(source, _class("duckdb", "DuckDBPyConnection")) or type(source).__module__.startswith(
        "sqlalchemy."
    )
    return source if opened else None


def _from_database(source: object, nulls: Nulls, tables: Sequence[str] | None) -> Iterator[tuple[str, Columns]]:
    """The tables of a database, in order of name."""
    from dbworkbench.discovery.database import opened  # noqa: PLC0415  SQLAlchemy takes its time to load

    with opened(source) as database:
        for name in database.tables if tables is None else [one for one in tables if one in database.tables]:
            yield name, database.read(name, nulls)

"""Data sources read straight into codes: files, folders, frames, tables in DuckDB, and databases behind a URL."""

import csv
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import starmap
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv
import pyarrow.parquet as arrow_parquet

from dbworkbench.data.read import read_data
from dbworkbench.data.tables import Tables
from dbworkbench.discovery.columns import (
    Codes,
    Columns,
    Nulls,
    assembled,
    codes_of,
    encode_array,
    from_arrow,
    from_frame,
    from_tables,
)
from dbworkbench.errors import DataError, EngineError, MissingPackage, UnknownName

_SEPARATORS = (",", ";", "\t", "|")
_ROWS_AT_ONCE = 50_000


def read_columns(
    source: object,
    *,
    name: str | None = None,
    header: bool = True,
    separator: str | None = None,
    nulls: Nulls = "equal",
    tables: Sequence[str] | None = None,
) -> dict[str, Columns]:
    """The tables of a source as codes, by name; `tables` chooses among them.

    A source is a CSV or Parquet file, a folder of them, a frame (pandas, Polars, Arrow), a mapping of names to
    those, Tables, or a database URL such as `sqlite:///shop.db`. Cells of CSV files are compared as they are
    written. Raises DataError with the place and the fix for what cannot be read, UnknownName for a table
    that is not there, EngineError for a database that does not answer.
    """
    found = dict(_read(source, name, nulls, tables, header=header, separator=separator))
    for one in tables or ():
        if one not in found:
            raise UnknownName("table", one, tuple(found))
    return {one: found[one] for one in tables} if tables is not None else found


def _read(
    source: object,
    name: str | None,
    nulls: Nulls,
    tables: Sequence[str] | None,
    *,
    header: bool,
    separator: str | None,
) -> Iterator[tuple[str, Columns]]:
    if isinstance(source, Columns):
        yield name or source.name, source.with_nulls(nulls)
    elif isinstance(source, Tables):
        for table in tables if tables is not None else source.names:
            yield table, from_tables(source, table, nulls=nulls)
    elif isinstance(source, Mapping):
        for key, part in source.items():
            for _, columns in _read(part, str(key), nulls, None, header=header, separator=separator):
                yield str(key), columns
    elif isinstance(source, str) and re.match(r"[\w+]+://", source):
        yield from _from_database(source, nulls, tables)
    elif isinstance(source, str | os.PathLike):
        path = Path(source)
        if path.is_dir():
            for file in _files(path):
                if tables is None or file.stem in tables:
                    yield file.stem, _from_file(file, file.stem, nulls, header=header, separator=separator)
        else:
            table = name or path.stem or "data"
            yield table, _from_file(path, table, nulls, header=header, separator=separator)
    elif isinstance(source, pd.DataFrame):
        yield name or "data", from_frame(source, name=name or "data", nulls=nulls)
    elif isinstance(source, pa.Table) or hasattr(source, "__arrow_c_stream__"):
        yield name or "data", from_arrow(source, name=name or "data", nulls=nulls)
    else:
        raise DataError(
            f"a {type(source).__name__} holds no rows that can be read — give a path, a database URL, a data frame "
            "or a mapping of them"
        )


def _files(folder: Path) -> list[Path]:
    files = sorted(file for file in folder.iterdir() if file.suffix.casefold() in {".csv", ".tsv", ".parquet", ".pq"})
    if not files:
        raise DataError(f"the folder {folder} holds no .csv, .tsv or .parquet file")
    stems = [file.stem for file in files]
    twice = next((stem for stem in stems if stems.count(stem) > 1), None)
    if twice is not None:
        raise DataError(f"the folder {folder} holds two files called {twice!r} — rename one")
    return files


def _from_file(path: Path, name: str, nulls: Nulls, *, header: bool, separator: str | None) -> Columns:
    """A file as codes: the quick way where nothing is odd about it, else as `read_data` reads it, or refuses to."""
    try:
        before = path.stat()
        if path.suffix.casefold() in {".parquet", ".pq"}:
            columns = _from_parquet(path, name, nulls)
        else:
            columns = _from_csv(path, name, nulls, header=header, separator=separator)
        after = path.stat()
    except (OSError, UnicodeDecodeError, csv.Error, pa.ArrowInvalid, pa.ArrowKeyError) as problem:
        with read_data(path, name=name, header=header, separator=separator) as tables:
            if not tables.rows(name):  # nothing was wrong with it for `read_data`, and it holds nothing
                raise DataError(f"{path}: not read — {problem}") from problem
            return from_tables(tables, name, nulls=nulls)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise DataError(f"{path}: the file changed while it was read — read it again")
    return columns


def _from_parquet(path: Path, name: str, nulls: Nulls) -> Columns:
    """Column by column, so that no more than one is held uncoded."""
    with arrow_parquet.ParquetFile(path) as file:
        names, rows = file.schema_arrow.names, file.metadata.num_rows
        encoded = (encode_array(column, file.read(columns=[column]).column(0)) for column in names)
        return assembled(name, names, rows, encoded, nulls)


def _from_csv(path: Path, name: str, nulls: Nulls, *, header: bool, separator: str | None) -> Columns:
    with path.open("rb") as raw:
        start = raw.read(1 << 18)
    head = start[: start.rfind(b"\n") + 1 or len(start)].decode("utf-8-sig")
    mark = separator or separator_of(head)
    first = next(csv.reader(head.splitlines(keepends=True), delimiter=mark), [])
    names = [cell.strip() for cell in first] if header else [f"column_{at}" for at in range(1, len(first) + 1)]
    if not all(names) or len({one.casefold() for one in names}) != len(names) or "\x00" in head:
        raise csv.Error("two columns of one name, or one without")
    table = arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(column_names=names, skip_rows_after_names=int(header)),
        parse_options=arrow_csv.ParseOptions(
            delimiter=mark, newlines_in_values=_quotes(path), ignore_empty_lines=len(names) > 1
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types={one: pa.dictionary(pa.int32(), pa.string()) for one in names},
            strings_can_be_null=True,
            null_values=[""],
        ),
    ).unify_dictionaries()
    return assembled(name, names, table.num_rows, map(codes_of, table.columns), nulls)


def _quotes(path: Path) -> bool:
    """Whether a file has any quotation mark, within which a line may break."""
    with path.open("rb") as file:
        return any(b'"' in block for block in iter(lambda: file.read(1 << 22), b""))


def separator_of(head: str) -> str:
    """The separator that parts the first lines into the same number of cells, and into the most."""
    lines = head.splitlines(keepends=True)[:50]
    best, cells = ",", 1
    for mark in _SEPARATORS:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        if widths and widths[0] > cells and sum(width == widths[0] for width in widths) * 10 >= len(widths) * 8:
            best, cells = mark, widths[0]
    return best


def looks_like_data(columns: Columns) -> bool:
    """Whether the names of a table look like values: a file without a header, read as if it had one."""
    return any(re.fullmatch(r"[-+]?\d+([.,]\d+)?|\d{4}-\d\d-\d\d.*", name) for name in columns.names)


def _from_database(url: str, nulls: Nulls, tables: Sequence[str] | None) -> Iterator[tuple[str, Columns]]:
    """The tables behind a URL, in order of name; a password in it is never shown."""
    import sqlalchemy as sa  # noqa: PLC0415  only for databases

    try:
        shown = sa.make_url(url).render_as_string(hide_password=True)
        engine = sa.create_engine(url)
    except sa.exc.ArgumentError:
        raise DataError("the database URL cannot be read — write one as sqlite:///shop.db") from None
    except (sa.exc.NoSuchModuleError, ImportError) as problem:
        package = getattr(problem, "name", None) or sa.make_url(url).drivername
        raise MissingPackage(f"the database {shown}", package) from None
    try:
        if engine.url.get_backend_name() == "sqlite" and engine.url.database not in {None, "", ":memory:"}:
            Path(str(engine.url.database)).stat()  # SQLite would make the file
        with engine.connect() as connection:
            known = sa.inspect(connection).get_table_names()
            for name in sorted(known if tables is None else [one for one in tables if one in known]):
                table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
                rows = connection.execution_options(stream_results=True).execute(sa.select(table))
                yield name, _from_rows(name, list(table.columns.keys()), rows, nulls)
    except FileNotFoundError:
        raise DataError(f"{shown}: there is no such file") from None
    except sa.exc.SQLAlchemyError as problem:
        reason = str(getattr(problem, "orig", None) or type(problem).__name__)
        raise EngineError(reason.splitlines()[0], engine=shown) from None
    finally:
        engine.dispose()


def _from_rows(name: str, names: list[str], rows: Any, nulls: Nulls) -> Columns:  # noqa: ANN401  a SQLAlchemy result
    """Rows as they come from a driver, compared as Python compares their values."""
    dictionaries: list[dict[object, int]] = [{} for _ in names]
    chunks: list[list[list[int]]] = [[] for _ in names]
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        for at, cells in enumerate(zip(*batch, strict=True)):
            known = dictionaries[at]
            try:
                chunks[at].append([-1 if cell is None else known.setdefault(cell, len(known)) for cell in cells])
            except TypeError as problem:
                raise DataError(f"column {names[at]!r} of {name!r} holds values that cannot be compared") from problem
    count = sum(map(len, chunks[0])) if names else 0
    return assembled(name, names, count, starmap(_joined, zip(chunks, dictionaries, strict=True)), nulls)


def _joined(chunks: list[list[int]], known: dict[object, int]) -> tuple[Codes, Any]:
    codes = np.array([code for chunk in chunks for code in chunk], np.int32)
    codes[codes < 0] = len(known)
    try:
        return codes, pa.array(list(known))
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return codes, pa.array([str(value) for value in known])

"""Data files, folders and frames read into Tables: exactly, or refused with the place and the fix."""

import codecs
import csv
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import DataError, kind_of, listed

_SEPARATORS = (",", ";", "\t", "|")
_KINDS = {".csv": "csv", ".tsv": "csv", ".txt": "csv", ".parquet": "parquet", ".pq": "parquet"}
_PACKED = {".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".tar"}


def read_data(
    source: object,
    *,
    name: str | None = None,
    header: bool = True,
    separator: str | None = None,
    encoding: str = "utf-8",
    unknown: Sequence[str] = ("",),
) -> Tables:
    """Rows from a CSV or Parquet file, a folder of them, a data frame (pandas, Polars, Arrow), or a mapping of those.

    A table is named like its file, or `name`, or the mapping's key. CSV text is typed only where nothing is lost by it
    (`007` stays text): whole numbers, decimals, floating-point, booleans, dates and timestamps in ISO form. The texts
    in `unknown` (the empty one by default, quoted or not) are read as unknown values. `separator` is found from the
    first lines when not given; `header=False` names the columns column_1, column_2 …

    Raises DataError, naming file, line and fix: a ragged row, a byte that is not `encoding`, an unclosed quote,
    two columns of one name, no header where there should be one, an empty or unreadable file.
    """
    if isinstance(source, Tables):
        return source
    tables = Tables()
    try:
        if isinstance(source, Mapping):
            parts: Mapping[str, object] = {str(key): part for key, part in source.items()}
        elif isinstance(source, str | os.PathLike):
            path = Path(source)
            parts = _folder(path) if path.is_dir() else {name or path.stem: path}
        else:
            parts = {name or "data": source}
        for table, part in parts.items():
            if isinstance(part, str | os.PathLike):
                _read_file(
                    tables, table, Path(part), header=header, separator=separator, encoding=encoding, unknown=unknown
                )
            else:
                _read_frame(tables, table, part)
    except BaseException:
        tables.close()
        raise
    return tables


def read_as_written(path: Path, *, name: str, header: bool, separator: str | None, encoding: str) -> Tables:
    """Rows from one file, as `read_data` takes them, the cells of a CSV file left as they are written: texts, no types."""
    tables = Tables()
    try:
        _read_file(
            tables, name, path, header=header, separator=separator, encoding=encoding, unknown=("",), typed=False
        )
    except BaseException:
        tables.close()
        raise
    return tables


def _folder(path: Path) -> dict[str, object]:
    files = sorted(file for file in path.iterdir() if file.suffix.casefold() in _KINDS and file.suffix != ".txt")
    if not files:
        raise DataError(f"the folder {path} holds no .csv, .tsv or .parquet file")
    named: dict[str, object] = {}
    for file in files:
        if file.stem in named:
            raise DataError(f"the folder {path} holds two files called {file.stem!r} — rename one")
        named[file.stem] = file
    return named


def _read_file(
    tables: Tables,
    table: str,
    path: Path,
    *,
    header: bool,
    separator: str | None,
    encoding: str,
    unknown: Sequence[str],
    typed: bool = True,
) -> None:
    kind = _KINDS.get(path.suffix.casefold())
    if kind is None:
        if path.suffix.casefold() in _PACKED:
            raise DataError(f"{path}: a {path.suffix} file is packed — unpack it first")
        known = listed(sorted(_KINDS))
        raise DataError(f"{path}: a {path.suffix or 'nameless'} file is not read — the endings known are {known}")
    try:
        if not path.is_file():
            raise DataError(f"{path}: there is no such file")
        if path.stat().st_size == 0:
            raise DataError(f"{path}: the file is empty")
        before = _state(path)
        if kind == "parquet":
            _read_parquet(tables, table, path)
        else:
            _read_csv(
                tables, table, path, header=header, separator=separator, encoding=encoding, unknown=unknown, typed=typed
            )
        if _state(path) != before:
            raise DataError(f"{path}: the file changed while it was read — read it again")
    except PermissionError:
        raise DataError(f"{path}: no permission to read the file") from None


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _read_parquet(tables: Tables, table: str, path: Path) -> None:
    try:
        tables.connection.execute(f"CREATE TABLE {quoted(table)} AS SELECT * FROM read_parquet(?)", [str(path)])
    except duckdb.Error as error:
        raise DataError(f"{path}: not read as Parquet — {_first_line(error)}") from error


def _read_frame(tables: Tables, table: str, frame: Any) -> None:  # noqa: ANN401  pandas, Polars or Arrow: no common type
    names = [str(column) for column in getattr(frame, "columns", getattr(frame, "column_names", ()))]
    if not (hasattr(frame, "__arrow_c_stream__") or hasattr(frame, "columns")):
        raise DataError(
            f"{kind_of(frame)} holds no rows that can be read — give a path, a data frame or a mapping of them"
        )
    _refuse_twins(names, f"the frame {table!r}")
    if not names:
        raise DataError(f"the frame {table!r} has no columns")
    given = frame.rename(columns=str) if hasattr(frame, "rename") and hasattr(frame, "index") else frame
    tables.connection.register("dbworkbench frame", given)
    try:
        tables.connection.execute(f'CREATE TABLE {quoted(table)} AS SELECT * FROM "dbworkbench frame"')
    except duckdb.Error as error:
        raise DataError(f"the frame {table!r} was not read — {_first_line(error)}") from error
    finally:
        tables.connection.unregister("dbworkbench frame")


def _refuse_twins(names: Sequence[str], where: str) -> None:
    seen: dict[str, str] = {}
    for at, name in enumerate(names, 1):
        twin = seen.get(name.casefold())
        if twin is not None:
            differ = "" if twin == name else " (engines do not tell upper from lower case)"
            raise DataError(f"{where}: two columns are called {name!r}{differ}, the second in place {at} — rename one")
        seen[name.casefold()] = name


# -- CSV -----------------------------------------------------------------------------------------------------------


def _read_csv(
    tables: Tables,
    table: str,
    path: Path,
    *,
    header: bool,
    separator: str | None,
    encoding: str,
    unknown: Sequence[str],
    typed: bool,
) -> None:
    head = _decoded_head(path, encoding)
    mark = separator or _separator(head)
    if len(mark) != 1:
        raise DataError(f"{path}: a separator is one character, not {mark!r}")
    first = next(csv.reader(head.splitlines(keepends=True), delimiter=mark), [])
    names = _header(path, first, mark) if header else [f"column_{at}" for at in range(1, len(first) + 1)]
    readable = path
    if codecs.lookup(encoding).name != "utf-8":
        readable = _as_utf8(tables, path, encoding)
    try:
        tables.connection.execute(
            f"""CREATE TABLE "dbworkbench text" AS SELECT * FROM read_csv(?, header = {header}, delim = ?, quote = '"',
                escape = '"', auto_detect = false, strict_mode = true, null_padding = false, nullstr = ?,
                columns = {{{", ".join(f"{_literal(name)}: 'VARCHAR'" for name in names)}}})""",
            [str(readable), mark, list(unknown)],
        )
    except duckdb.Error as error:
        raise DataError(_explained(path, str(error), mark)) from error
    finally:
        if readable != path:
            readable.unlink()
    kinds = _kinds(tables.connection, names) if typed else ["VARCHAR"] * len(names)
    cells = ", ".join(f"{quoted(name)}::{kind} AS {quoted(name)}" for name, kind in zip(names, kinds, strict=True))
    tables.connection.execute(f'CREATE TABLE {quoted(table)} AS SELECT {cells} FROM "dbworkbench text"')
    tables.connection.execute('DROP TABLE "dbworkbench text"')


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _decoded_head(path: Path, encoding: str) -> str:
    """The first lines, after the whole file was seen to be text of this encoding."""
    try:
        decoder = codecs.getincrementaldecoder(encoding)()
    except LookupError:
        raise DataError(f"{path}: no encoding is called {encoding!r} — for instance utf-8 or latin-1") from None
    head, lines, done = "", 1, 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            try:
                text = decoder.decode(block, final=False)
            except UnicodeDecodeError as error:
                if not done and (kind := _no_text(block)):
                    raise DataError(f"{path}: {kind}") from None
                line = lines + block[: error.start].count(b"\n")
                byte = f"0x{error.object[error.start]:02x}"
                raise DataError(
                    f"{path}, line {line}: the byte {byte} at offset {done + error.start:,} is not {encoding} text — "
                    "name the file's encoding, for instance encoding='latin-1'"
                ) from None
            head = text if not done else head
            if "\x00" in text:
                raise DataError(f"{path}: the file holds zero bytes: it is no text, or UTF-16 (encoding='utf-16')")
            lines += block.count(b"\n")
            done += len(block)
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            raise DataError(f"{path}, line {lines}: the file ends within a character") from None
    return head.removeprefix("\ufeff")


_STARTS = (
    ((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE), "the file is UTF-16 text: say encoding='utf-16'"),
    ((b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"), "the file is packed: unpack it first"),
    ((b"PAR1",), "the file is Parquet: let its name end in .parquet"),
)


def _no_text(start: bytes) -> str:
    """What a file is by its first bytes, where that is no UTF-8 text."""
    return next((said for marks, said in _STARTS if start.startswith(marks)), "")


def _as_utf8(tables: Tables, path: Path, encoding: str) -> Path:
    """A copy in UTF-8 in the tables' scratch folder, for a file of another encoding."""
    copy = tables.scratch / "as-utf-8.csv"
    with path.open(encoding=encoding, newline="") as file, copy.open("w", encoding="utf-8", newline="") as out:
        while block := file.read(1 << 20):
            out.write(block)
    return copy


def _separator(head: str) -> str:
    """The separator that parts the first lines into the same number of cells, and into the most."""
    lines = head.splitlines(keepends=True)[:50]
    best, cells = ",", 1
    for mark in _SEPARATORS:
        widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        if widths and widths[0] > cells and sum(width == widths[0] for width in widths) * 10 >= len(widths) * 8:
            best, cells = mark, widths[0]
    return best


_YEAR = re.compile(r"(?:1[89]|20)\d\d")  # pivoted tables have years for names
_DATUM = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|\d{4}-\d\d-\d\d.*")


def _header(path: Path, first: Sequence[str], mark: str) -> list[str]:
    names = [name.strip() for name in first]
    if not any(names):
        raise DataError(f"{path}, line 1: the header is blank — give the columns names, or header=False")
    for at, name in enumerate(names, 1):
        if not name:
            raise DataError(f"{path}, line 1: column {at} of {len(names)} has no name — name it, or header=False")
    data = [name for name in names if _DATUM.fullmatch(name) and not _YEAR.fullmatch(name)]
    if data:
        raise DataError(
            f"{path}, line 1: {data[0]!r} looks like a value, not like a column's name — give the file a header, or "
            f"say that it has none: header=False (read with the separator {mark!r})"
        )
    _refuse_twins(names, f"{path}, line 1")
    return names


_SAID = re.compile(r"CSV Error on Line: (\d+)\s*\n(.*?)(?:\n\s*\n|\nPossible fixes|\Z)", re.DOTALL)
_WIDTHS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


def _explained(path: Path, said: str, mark: str) -> str:
    found = _SAID.search(said)
    if not found:
        return f"{path}: not read as CSV — {_first_line(said)}"
    line, rest = found[1], found[2]
    widths = _WIDTHS.search(said)
    original = next((text for text in rest.splitlines() if text.startswith("Original Line:")), "")
    shown = original.removeprefix("Original Line:").strip()[:120]
    if widths:
        return (
            f"{path}, line {line}: {_cells(int(widths[2]))} where the first line has {widths[1]} (separator {mark!r}) — mend "
            f"the line: {shown!r}"
        )
    if "unterminated quote" in said:
        return f"{path}, line {line}: a quote is opened and never closed — mend the line: {shown!r}"
    return f"{path}, line {line}: {_first_line(rest)} — mend the line: {shown!r}"


def _cells(number: int) -> str:
    return f"{number} cell{'s' if number != 1 else ''}"


def _first_line(error: object) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


_WHOLE = r"-?(0|[1-9]\d{0,17})"
_POINT = r"-?(0|[1-9]\d*)\.\d+"
_REAL = r"-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?"
_DAY = r"\d{4}-\d{2}-\d{2}"
_INSTANT = _DAY + r"[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?"
_ZONED = _INSTANT + r"(Z|[-+]\d{2}(:?\d{2})?)"


def _kinds(connection: duckdb.DuckDBPyConnection, names: Sequence[str]) -> list[str]:
    """A DuckDB type per column: the narrowest that gives every text back as it was, up to the form of a date.

    One scan of the table per test that a first sample leaves open.
    """
    kinds: list[str] = []
    for name in names:
        cell = quoted(name)

        def every(pattern: str, cell: str = cell, *, test: str = "true") -> bool:
            for sample in ('(SELECT * FROM "dbworkbench text" LIMIT 1000)', '"dbworkbench text"'):
                (failing,) = connection.execute(
                    f"SELECT count(*) FROM {sample} WHERE {cell} IS NOT NULL AND "
                    f"NOT (regexp_full_match({cell}, ?) AND {test})",
                    [pattern],
                ).fetchall()[0]
                if failing:
                    return False
            return True

        (filled,) = connection.execute(f'SELECT count({cell}) FROM "dbworkbench text"').fetchall()[0]
        kinds.append(_kind(connection, cell, every) if filled else "VARCHAR")
    return kinds


def _kind(connection: duckdb.DuckDBPyConnection, cell: str, every: Any) -> str:  # noqa: ANN401  a local function
    if every(_WHOLE):
        (low, high) = connection.execute(
            f'SELECT min({cell}::BIGINT), max({cell}::BIGINT) FROM "dbworkbench text"'
        ).fetchall()[0]
        return "INTEGER" if low >= -(2**31) and high < 2**31 else "BIGINT"
    if every(f"{_WHOLE}|{_POINT}"):
        (whole, scale) = connection.execute(
            f"SELECT max(length(ltrim(split_part({cell}, '.', 1), '-'))), max(length(split_part({cell}, '.', 2))) "
            'FROM "dbworkbench text"'
        ).fetchall()[0]
        if whole + scale <= 18 and scale <= 6:
            return f"DECIMAL({whole + scale}, {scale})"
        return "DOUBLE" if whole + scale <= 17 else "VARCHAR"
    if every(r"-?(0|[1-9]\d{0,37})"):
        return "DECIMAL(38, 0)"
    if every(
        _REAL, test=f"NOT regexp_full_match({cell}, '-?\\d{{16,}}(\\..*)?') AND isfinite(TRY_CAST({cell} AS DOUBLE))"
    ):
        return "DOUBLE"
    if every("(?i)true|false"):
        return "BOOLEAN"
    if every(_DAY, test=f"TRY_CAST({cell} AS DATE) IS NOT NULL"):
        return "DATE"
    if every(_INSTANT, test=f"TRY_CAST({cell} AS TIMESTAMP) IS NOT NULL"):
        return "TIMESTAMP"
    if every(_ZONED, test=f"TRY_CAST({cell} AS TIMESTAMPTZ) IS NOT NULL"):
        return "TIMESTAMPTZ"
    return "VARCHAR"

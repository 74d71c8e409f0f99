"""`wb.read`: a design in any notation, from a file, a text or an object, with what could not be taken over."""

import re
from dataclasses import replace
from pathlib import Path

from dbworkbench.errors import DataError, NotationError, UnknownName, Unsupported, kind_of
from dbworkbench.formats.folders import folder_of, placed, told
from dbworkbench.formats.format import FORMATS, Format
from dbworkbench.formats.source import Source, source_of
from dbworkbench.schema.loss import Read, together
from dbworkbench.sql.dialect import DIALECTS

__all__ = ["read"]

_HEAD = 64_000
_PROSE = {".md", ".mdx", ".markdown"}
_ROWS = {".csv", ".tsv", ".parquet", ".pq"}


def read(source: object, format: str | None = None, dialect: str | None = None) -> Read:  # noqa: A002  the word for it
    """The schema that a path, a text or an object holds, and what of it a schema does not.

    A folder stands for the files below it that are in one format: a Prisma schema in several files, the models of several
    Django applications, a package of SQLAlchemy's or Drizzle's tables; tests and migrations are passed over, and errors name
    the file. Losses that are alike are one, whose `places` are all that it is met at (SQL's ledger has each statement of its own).
    `format` is "sql", "prisma", "drizzle", "dbml", "mermaid", "sqlalchemy", "django", "json_schema", "frames" (of pandas,
    Polars or Arrow), "notation", "json", "svg" or "notebook" (what this package wrote), or a dialect of SQL: "postgresql",
    "mysql", "mariadb", "sqlite", "sqlserver", "oracle", "duckdb", "snowflake", "bigquery", "redshift", "databricks",
    "clickhouse", "cockroachdb". Without it, the ending of the file, the object's type or the text itself decide. A file may be
    compressed with gzip, bzip2 or xz. From SQL comes a `Reading`, whose ledger accounts for every statement. Nothing is
    executed or imported. Raises NotationError (line, column) where a text cannot be read, DataError where there is no such file
    or nothing is recognized, and UnknownName for a format or dialect that is not known.

    >>> read("CREATE TABLE t (id int PRIMARY KEY)").schema.names
    ('t',)
    >>> read("t(*id: integer, name: text?)").schema["t"].primary_key
    ('id',)
    """
    chosen, spoken = named(format, dialect)
    if source is None:
        raise DataError(f"{kind_of(source)} holds no design — give a path, a text or an object")
    folder = _folder(source)
    if folder is not None:
        given, found = folder_of(folder, chosen, spoken)
    else:
        given = source_of(source, spoken)
        found = FORMATS[chosen] if chosen else _recognized(given)
    if found.reader is None:
        raise Unsupported(f"{found.title} is written, not read — read one of {', '.join(_readable())}")
    if given.thing is not None and (found.takes is None or not found.takes(given.thing)):
        raise DataError(f"{found.title} is not read from {kind_of(given.thing)}")
    if given.thing is None and found.name != "sql" and (not given.text or given.text.isspace()):
        raise DataError(f"{given.name or 'this text'} is empty — nothing of {found.title} is in it")
    try:
        result = found.reader(given)
    except NotationError as error:
        hint = _hint(given, found)
        if hint:
            error = NotationError(f"{error.message}{hint}", line=error.line, column=error.column, text=error.text)
        raise (placed(error, given) if given.files else error) from None
    except DataError as error:
        hint = _hint(given, found)
        raise (DataError(f"{error}{hint}", rows=error.rows) if hint else error) from None
    if given.files:
        result = replace(result, losses=told(result.losses, given))
    missing = [loss for loss in given.losses if loss not in result.losses]
    losses = (*missing, *result.losses)
    return replace(result, losses=losses if found.name == "sql" else together(losses))


def _folder(source: object) -> Path | None:
    """The folder that a path or a line of text names."""
    if isinstance(source, str) and (not source.strip() or len(source) > 4096 or "\n" in source or "\0" in source):
        return None
    if not isinstance(source, str | Path):
        return None
    try:
        return Path(source) if Path(source).is_dir() else None
    except (OSError, ValueError):
        return None


def named(format: str | None, dialect: str | None) -> tuple[str, str]:  # noqa: A002  the same
    """The names of a format and a dialect; the name of a dialect alone means SQL. Raises UnknownName."""
    chosen, spoken = FORMATS.named(format), DIALECTS.named(dialect)
    if format and chosen is None and format in DIALECTS:
        chosen, spoken = "sql", spoken or DIALECTS.named(format)
    if format and chosen is None:
        raise UnknownName("format", format, [*FORMATS, *DIALECTS], most=len([*FORMATS, *DIALECTS]))
    if dialect and spoken is None:
        raise UnknownName("dialect", dialect, sorted(DIALECTS), most=len([*DIALECTS]))
    return chosen or "", spoken or ""


def _hint(given: Source, found: Format) -> str:
    """What a text looks like that shows the marks of another format and none of its own; "" for nothing."""
    head = given.text[:_HEAD]
    own = found.marks and found.name != "notation" and re.search(found.marks, head)  # it takes anything like a name
    if given.thing is not None or not found.marks or own:
        return ""
    for one in (FORMATS[name] for name in _readable()):
        if one.marks and one.name not in {found.name, "sql", "notation"} and re.search(one.marks, head):
            return f" — this looks like {one.title}: say format={one.name!r}"
    return ""


def _readable() -> list[str]:
    return [name for name in FORMATS if FORMATS[name].reader is not None]


def _recognized(given: Source) -> Format:
    formats = [FORMATS[name] for name in FORMATS]
    if given.thing is not None:
        for one in formats:
            if one.takes is not None and one.takes(given.thing):
                return one
        raise DataError(f"{kind_of(given.thing)} holds no design that is known here — give a path or a text")
    readable = [one for one in formats if one.reader is not None]
    by_name = [one for one in readable if given.ending and given.ending in one.endings]
    if len(by_name) == 1:
        return by_name[0]
    head = given.text[:_HEAD]
    if given.ending in _PROSE:
        if not re.search(FORMATS["mermaid"].marks, given.text):
            raise DataError(f"{given.name} has no erDiagram in it — give the design itself, or say format=")
        return FORMATS["mermaid"]
    for one in by_name or readable:
        if one.marks and re.search(one.marks, head):
            return one
    if by_name:
        return by_name[-1]
    what = given.name or "this text"
    if given.ending in _ROWS:
        raise DataError(
            f"{what} holds rows, not a design — discover(…) finds the design in them, read_data(…) reads them"
        )
    empty = "is empty" if not given.text.strip() else "is in no notation that is known here"
    raise DataError(f"{what} {empty} — say which: format= one of {', '.join(_readable())}")


def ending_of(path: str | Path) -> str:
    """The name of the format that a file's ending means ("" for none)."""
    ending = Path(path).suffix.casefold()
    return next((name for name in FORMATS if ending and ending in FORMATS[name].endings), "")

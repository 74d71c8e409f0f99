"""SQL of every dialect, as a format: `sql.read` and `sql.write` do the work."""

from dataclasses import replace

from dbworkbench.formats.format import Format
from dbworkbench.formats.source import Source
from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import read
from dbworkbench.sql.write import write

__all__ = ["SQL"]


def _read(source: Source) -> Read:
    found = read(source.text, source.dialect)
    return replace(found, losses=(*source.losses, *found.losses))


def _write(schema: Schema, dialect: str) -> Written:
    return write(schema, dialect or "duckdb")


SQL = Format(
    "sql",
    "SQL",
    endings=(".sql", ".ddl", ".dump", ".psql"),
    marks=r"(?im)^\s*(?:create|alter|drop|insert|set|use|go|pragma|begin|comment|grant|copy|exec|rem|prompt|delimiter)\b"
    r"[\s;]|^\s*(?:--|/\*)|\\(?:restrict|connect)",
    reader=_read,
    writer=_write,
    dialects=tuple(DIALECTS),
)

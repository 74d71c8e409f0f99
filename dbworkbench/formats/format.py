"""A format as a value: what it is called, how it is recognized, who reads and writes it, and what it can carry."""

from collections.abc import Callable
from dataclasses import dataclass

from dbworkbench.formats.fidelity import Fidelity
from dbworkbench.formats.source import Source
from dbworkbench.registry import Registry
from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.schema import Schema

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True, slots=True)
class Format:
    """A notation of designs.

    `endings` are those of its files; `marks` is a regular expression that only texts of this kind match (in its first
    64,000 characters); `takes` tells the objects that it reads. `writer` is given a schema and a dialect ("" for the
    format's own choice), one of `dialects` where that is not empty; `says_dialect` is whether its text says which one
    it is for. `fidelity` tells what the format can
    carry for a dialect: what `carried` leaves of a design is written, and read back.
    """

    name: str
    title: str
    endings: tuple[str, ...] = ()
    marks: str = ""
    reader: Callable[[Source], Read] | None = None
    writer: Callable[[Schema, str], Written] | None = None
    takes: Callable[[object], bool] | None = None
    dialects: tuple[str, ...] = ()
    fidelity: Callable[[str], Fidelity] | None = None
    says_dialect: bool = False


# in the order in which a text is tried on them
FORMATS: Registry[Format] = Registry(
    "format",
    {
        "svg": "dbworkbench.formats.pictures:SVG",
        "notebook": "dbworkbench.formats.pictures:NOTEBOOK",
        "json": "dbworkbench.formats.json:JSON",
        "json_schema": "dbworkbench.formats.json_schema:JSON_SCHEMA",
        "markdown": "dbworkbench.formats.dictionary:MARKDOWN",
        "csv": "dbworkbench.formats.dictionary:CSV",
        "mermaid": "dbworkbench.formats.mermaid:MERMAID",
        "plantuml": "dbworkbench.formats.mermaid:PLANTUML",
        "prisma": "dbworkbench.formats.prisma:PRISMA",
        "drizzle": "dbworkbench.formats.drizzle:DRIZZLE",
        "dbml": "dbworkbench.formats.dbml:DBML",
        "django": "dbworkbench.formats.django:DJANGO",
        "sqlalchemy": "dbworkbench.formats.sqlalchemy:SQLALCHEMY",
        "alembic": "dbworkbench.formats.alembic:ALEMBIC",
        "frames": "dbworkbench.formats.frames:FRAMES",
        "sql": "dbworkbench.formats.sql:SQL",
        "notation": "dbworkbench.formats.notation:NOTATION",
    },
    group="dbworkbench.formats",
    also={
        "mmd": "mermaid",
        "puml": "plantuml",
        "md": "markdown",
        "ipynb": "notebook",
        "text": "notation",
        **dict.fromkeys(("pandas", "dataframe", "dataframes"), "frames"),
    },
)

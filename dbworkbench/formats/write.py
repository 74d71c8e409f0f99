"""`wb.write`: a design in any notation, with what that cannot say."""

from dataclasses import replace

from dbworkbench.errors import UnknownName, Unsupported
from dbworkbench.formats.format import FORMATS, Format
from dbworkbench.formats.read import named
from dbworkbench.schema.loss import Read, Written, together
from dbworkbench.schema.notation import design_of
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema

__all__ = ["write"]

_LIKE = {"mariadb": "mysql", "cockroachdb": "postgresql"}
"""Dialects that a tool which does not know them takes for another."""


def write(design: object, format: str, *, dialect: str | None = None) -> Written:  # noqa: A002  the word for it
    """A schema (or a relation, or the text of either) as the text of a format, and what that format cannot carry.

    `format` is "prisma", "drizzle", "sqlalchemy", "alembic", "django", "dbml", "mermaid", "plantuml", "json_schema", a data
    dictionary as "markdown" or "csv", "notation", "json", "sql", or a dialect of SQL, as `read` lists them; `dialect` is the database that the text is meant for,
    where the format speaks to one: without it, Prisma, Drizzle and models in Python (SQLAlchemy, Alembic, Django), whose checks
    and defaults are texts of SQL, speak to the one that the design was read from, where they can, and else to PostgreSQL. Losses that are alike are one, whose `places` are all that it is met at (those of SQL only where they
    are shown). Raises UnknownName for a format or dialect that is not known, and Unsupported for a format that is only read or does
    not speak to that database.

    >>> print(write("t(*id: integer, name: text?)", "notation").text)
    t(*id: integer, name: text?)
    <BLANKLINE>
    """
    chosen, spoken = named(format, dialect)
    if not chosen:
        raise UnknownName("format", format, list(FORMATS))
    found = FORMATS[chosen]
    if found.writer is None:
        known = ", ".join(name for name in FORMATS if FORMATS[name].writer is not None)
        raise Unsupported(f"{found.title} is read, not written — write one of {known}")
    if spoken and spoken not in found.dialects:
        known = ", ".join(found.dialects) or "no database"
        raise Unsupported(f"{found.title} does not speak to {spoken} — it speaks to {known}")
    given = design_of(design)
    schema = Schema((given,)) if isinstance(given, Relation) else given
    written = found.writer(schema, spoken or _home(design, schema, found))
    return written if chosen == "sql" else replace(written, losses=together(written.losses))


def _home(design: object, schema: Schema, found: Format) -> str:
    """The dialect that a design was read from, or that its texts are in, as a format that says its database calls it; "" for none."""
    own = getattr(design, "dialect", "") if isinstance(design, Read) else ""
    texts = {one.dialect for one in schema.definitions}
    own = own or (texts.pop() if len(texts) == 1 else "")
    own = own if own in found.dialects else _LIKE.get(own, "")
    return own if found.says_dialect and own in found.dialects else ""

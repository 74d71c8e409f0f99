"""`wb.write`: a design in any notation, with what that cannot say."""

from dataclasses import replace

from dbworkbench.errors import UnknownName, Unsupported
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import named
from dbworkbench.schema.loss import Written, together
from dbworkbench.schema.notation import design_of
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema

__all__ = ["write"]


def write(design: object, format: str, *, dialect: str | None = None) -> Written:  # noqa: A002  the word for it
    """A schema (or a relation, or the text of either) as the text of a format, and what that format cannot carry.

    `format` is one of `FORMATS` or a dialect of SQL ("mysql"); `dialect` is the database that the text is meant for,
    where the format speaks to one. Losses that are alike are one, whose `places` are all that it is met at. Raises UnknownName for a format or dialect that is not known, and Unsupported for a
    format that is only read or does not speak to that database.

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
    written = found.writer(Schema((given,)) if isinstance(given, Relation) else given, spoken)
    return written if chosen == "sql" else replace(written, losses=together(written.losses))

"""Defaults and conditions in the SQL of one database, for formats that hold such SQL, and what comes back of them."""

import re
from collections.abc import Callable

from dbworkbench.errors import NotationError
from dbworkbench.formats.types import storable
from dbworkbench.schema.index import Part
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.types import Boolean
from dbworkbench.sql.cursor import Cursor, Puzzled
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.expression import Untold, at_home, translated
from dbworkbench.sql.fitting import Unfit, fitted
from dbworkbench.sql.paths import Untold as UntoldPart
from dbworkbench.sql.paths import parts_in
from dbworkbench.sql.quotients import settled, types_of
from dbworkbench.sql.statement import Statement, tokens_in

__all__ = [
    "LITERAL",
    "NOW",
    "NUMBER",
    "condition_in",
    "constant",
    "default_in",
    "literal",
    "part_in",
    "part_read",
    "said_in",
    "unquoted",
]

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
LITERAL = re.compile(r"'(?:[^']|'')*'")
NOW = re.compile(r"(?i)(?:now|current_timestamp|getdate|localtimestamp)(?:\(\d*\))?")


def literal(text: str) -> str:
    """A text as a literal of SQL.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def constant(text: str) -> str | None:
    """A default in the words of the home dialect, where it is a truth value or none at all.

    >>> constant("FALSE"), constant("NULL"), constant("a + 1")
    ('false', None, 'a + 1')
    """
    return {"NULL": None, "TRUE": "true", "FALSE": "false"}.get(text.upper(), text)


def unquoted(text: str) -> str:
    """The text that a literal of SQL stands for."""
    return text[1:-1].replace("''", "'")


def said_in(text: str, dialect: str, relation: Relation | None = None) -> str | None:
    """An expression of the home dialect in another; None where that has no words for it."""
    columns = {name: name for name in relation.names} if relation else {}
    try:
        types = types_of(relation) if relation else {}
        return translated(text, DIALECTS[dialect], columns, relation.name if relation else "", types=types)
    except Untold:
        return None


def default_in(dialect: str) -> Callable[[str, Attribute], str | None]:
    """What comes back of a default that is written in a dialect."""

    def told(text: str, attribute: Attribute) -> str | None:
        if storable(text) != text:
            return None
        if NOW.fullmatch(text.strip()):
            return "now()"
        try:
            default = fitted(text, attribute.type)
        except Unfit:
            return None
        if NUMBER.fullmatch(default) or LITERAL.fullmatch(default):
            return default
        if default.casefold() in {"true", "false", "null"}:
            return default.casefold() if default.casefold() != "null" else None
        if dialect == "sqlserver" and isinstance(attribute.type, Boolean):
            return None  # of a bit, where no condition can stand
        return _back(default, dialect, None)

    return told


def condition_in(dialect: str) -> Callable[[str, Relation], str | None]:
    """What comes back of a condition that is written in a dialect."""

    def told(text: str, relation: Relation) -> str | None:
        return _back(text, dialect, relation) if storable(text) == text else None

    return told


def part_in(part: Part, dialect: str, relation: Relation) -> str:
    """A part of an index as it stands in the DDL of a dialect."""
    if part.attribute:
        said = DIALECTS[dialect].quoted(part.attribute)
    else:
        said = f"({said_in(part.expression, dialect, relation) or part.expression})"
    said += f"({part.length})" if part.length else ""
    said += f" COLLATE {DIALECTS[dialect].quoted(part.collation)}" if part.collation else ""
    said += f" {part.operators}" if part.operators else ""
    return said + (" DESC" if part.descending else "") + (f" NULLS {part.nulls.upper()}" if part.nulls else "")


def part_read(text: str, dialect: str) -> Part | None:
    """The part of an index that a text in the words of a dialect is; None where it is none or cannot be said at home.

    >>> part_read('lower("e-mail") DESC NULLS LAST', "postgresql")
    Part(attribute='', expression='LOWER("e-mail")', descending=True, nulls='last', length=None, operators='', collation='')
    """
    try:
        tokens = tuple(tokens_in(text, dialect))
        found = tuple(parts_in(Cursor(Statement(text, 0, len(text), 1, tokens)), tokens, dialect))
    except (Untold, UntoldPart, Puzzled, NotationError):
        return None
    return found[0] if len(found) == 1 else None


def _back(text: str, dialect: str, relation: Relation | None) -> str | None:
    """What an expression is once it was written and read; None where it does not stay what it is."""
    for _ in range(3):
        said = said_in(text, dialect, relation)
        back = None if said is None else at_home(said, dialect)
        back = None if back is None else settled(back, types_of(relation) if relation else {})
        if back is None or back == text:
            return back
        text = back
    return None

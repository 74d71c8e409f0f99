"""Types as other tools spell them in the words of SQL, and enumerations that need a name of their own."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Bytes, Enumeration, Native, Text, Type, Unknown, set_members, type_text
from dbworkbench.sql.columntypes import column_type
from dbworkbench.sql.dialect import DIALECTS, Feature

__all__ = ["enumeration_names", "enumerations", "is_type", "rule_names", "sql_type", "sql_words", "storable"]

_PARTS = re.compile(r"([A-Za-z_]\w*(?: +\w+)*)(?: *\(([^()]*)\))?( *[A-Za-z_]\w*(?: +\w+)*)?", re.DOTALL)


def sql_type(text: str, dialect: str = "postgresql", known: Mapping[str, Type] | None = None) -> tuple[Type, str]:
    """The type that words of SQL mean, and what of them is lost ("" for nothing); `known` are types made in the file.

    >>> sql_type("varchar(20)"), sql_type("timestamp with time zone")
    ((Text(length=20), ''), (Timestamp(zone=True), ''))
    """
    said = text.strip()
    for name in (text, said):
        if known and name in known:
            return known[name], ""
    return _told(said, dialect)


@lru_cache(maxsize=4096)
def _told(said: str, dialect: str) -> tuple[Type, str]:
    """What `sql_type` tells of a type that no file makes: kept, since a file says few of them again and again."""
    if said.casefold() in {"unknown", "any", ""}:
        return Unknown(), ""
    found = _PARTS.fullmatch(said)
    if found is None:
        return column_type((said.lower(),), (), dialect, {}, said)
    if found[2] and re.search(r"\d{19}", found[2]):
        return Native(found[1].strip().lower()), "its size, a number of 19 digits or more"
    words = tuple(f"{found[1]} {found[3] or ''}".lower().split())
    arguments = tuple(_arguments(found[2])) if found[2] else ()
    return column_type(words, arguments, dialect, {}, said)


def _arguments(text: str) -> list[str]:
    return [part.strip() for part in re.findall(r"'(?:[^']|'')*'|[^,]+", text) if part.strip()]


def sql_words(kind: Type) -> str:
    """A type in words that `sql_type` reads back; "" for an enumeration, which needs a name.

    >>> sql_words(Text(20)), sql_words(Unknown())
    ('varchar(20)', 'unknown')
    """
    match kind:
        case Text(length):
            return "text" if length is None else f"varchar({length})"
        case Bytes():
            return "bytea"
        case Unknown():
            return "unknown"
        case Enumeration():
            return ""
        case _:
            return type_text(kind)


def enumeration_names(schema: Schema, taken: set[str] | None = None) -> dict[tuple[str, ...], str]:
    """A name for each set of values without one that an attribute is one of; the same values have the same name."""
    used = set(taken or ())
    found: dict[tuple[str, ...], str] = {}
    for relation in schema:
        for attribute in relation.attributes:
            if not isinstance(attribute.type, Enumeration) or attribute.domain:
                continue
            if attribute.type.values and attribute.type.values not in found:
                name = base = f"{relation.name}_{attribute.name}"
                number = 1
                while name in used:
                    number += 1
                    name = f"{base}_{number}"
                used.add(name)
                found[attribute.type.values] = name
    return found


class NamedEnumeration(NamedTuple):
    """A domain that is an enumeration."""

    name: str
    type: Enumeration


def enumerations(schema: Schema) -> tuple[NamedEnumeration, ...]:
    """The domains of a schema that are enumerations, as formats with words for no other domains make them."""
    pairs = ((one.name, one.type) for one in schema.domains)
    return tuple(NamedEnumeration(name, kind) for name, kind in pairs if isinstance(kind, Enumeration))


def rule_names(schema: Schema) -> tuple[str, ...]:
    """The names that the schema's rules have."""
    names = (
        name
        for relation in schema
        for name in (
            *(rule.name for rule in relation.keys),
            *(rule.name for rule in relation.foreign_keys),
            *(rule.name for rule in relation.checks),
            *(rule.name for rule in relation.indexes),
            *(rule.name for rule in relation.exclusions),
        )
    )
    return tuple(filter(None, names))


_PIECE = re.compile(r"'(?:[^'\\]|'')*'|\"(?:[^\"\\]|\"\")*\"|[A-Za-z_]\w*|\d+(?:\.\d+)?| +|[.,:=<>()\[\]-]")
_CLOSED_BY = {"(": ")", "[": "]", "<": ">"}


def is_type(text: str, dialect: str = "postgresql") -> bool:
    """Whether the words of an engine's own type can stand in DDL as they are: a name first, brackets that close, no end of
    the statement, no comment, and no array or set of values where the dialect has none. Tools put such words into DDL unread.

    >>> is_type("geometry(Point, 4326)"), is_type("Array(Nullable(String))"), is_type("bit(3)[]")
    (True, True, True)
    >>> is_type("x); DROP TABLE t; --"), is_type("numeric(7"), is_type("int -- "), is_type("[]")
    (False, False, False, False)
    """
    if "[" in text and Feature.ARRAY in DIALECTS[dialect].lacks:
        return False
    if set_members(Native(text)) and not DIALECTS[dialect].sets:
        return False
    at, open_ = 0, list[str]()
    while at < len(text):
        piece = _PIECE.match(text, at)
        if piece is None or text.startswith("--", at):
            return False
        said, at = piece[0], piece.end()
        if said in _CLOSED_BY:
            open_.append(_CLOSED_BY[said])
        elif (said in {")", "]", ">"} and (not open_ or open_.pop() != said)) or (said == "," and not open_):
            return False
    return not open_ and re.match(r"[A-Za-z_\"]", text) is not None


def storable(text: str) -> str:
    """A name or another text without what no engine takes: NUL, and halves of characters, which no encoding has."""
    return re.sub("[\0\ud800-\udfff]", "", text)

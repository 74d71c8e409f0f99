"""How one database spells SQL: names, types, and what it cannot say. A dialect is data first."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from dbworkbench.errors import NotationError
from dbworkbench.registry import Registry
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.types import Decimal, Enumeration, Native, Text, Type, Unknown, parse_type
from dbworkbench.schema.types import type_text as notation

__all__ = ["DIALECTS", "Dialect", "Feature", "Spelling"]


class Feature(Enum):
    """What a dialect may lack; the value says it as a loss does."""

    ADDED_REFERENCE = "a foreign key added to an existing table"
    FORWARD_REFERENCE = "a foreign key to a table created later"
    DEFERRED_REFERENCE = "a foreign key checked when the transaction ends"
    REFERENTIAL_ACTION = "an action on delete or update"
    KIN_REFERENCE = "a foreign key between types that differ in size"
    ANY_REFERENCE = "a foreign key between different types"
    PARTIAL_INDEX = "a partial index"
    COMMENT = "a stored comment"
    ARRAY = "an array"


@dataclass(frozen=True, slots=True)
class Spelling:
    """A type as one dialect writes it.

    In a dialect's table the type's own fields stand in braces, `{precision}`, and in `check`, the condition that
    makes up for what `text` leaves open, `{column}` too. `loss` names what is lost all the same and `instead` what
    was put in its place.
    """

    text: str
    check: str = ""
    loss: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Dialect:
    """The SQL of one database; a limit that is None is none.

    `types` maps a type, or a class of types, to its spelling: `Decimal: "DECIMAL({precision},{scale})"`.
    `max_identifier` counts bytes of UTF-8. `folds` says that names which differ only in ASCII case are the same,
    even when quoted. `reserved` holds a pattern for each kind of name ("relation", "attribute", "index", "key", "foreign
    key", "check") some of which are refused or mean something of the engine's own. `namespaces` says which kinds
    share one space in a schema; kinds not named there are local to their relation. `implicit_names` is a pattern of
    the names that the engine gives to unnamed constraints, where they may clash with given ones. `unkeyable` holds
    the type words that no key or index can have ("[]" for arrays), `natives` the type words of the engine's own, both
    in lower case. `expressions` holds the kinds of expressions
    (sqlglot's class names) that it can say beyond what all can, `{"*"}` for every kind. `preamble` stands before
    tables that refer to each other, `table_options` after each.
    """

    name: str
    title: str
    sqlglot: str
    types: Mapping[Type | type[Type], str | Spelling | Callable[[Any], Spelling]]
    lacks: frozenset[Feature] = frozenset()
    quote: tuple[str, str] = ('"', '"')
    max_identifier: int | None = None
    folds: bool = False
    reserved: Mapping[str, str] = field(default_factory=dict)
    namespaces: tuple[frozenset[str], ...] = (frozenset({"relation"}),)
    implicit_names: str = ""
    max_attributes: int | None = None
    max_key_attributes: int | None = None
    max_digits: int = 38
    unkeyable: frozenset[str] = frozenset()
    natives: frozenset[str] = frozenset()
    expressions: frozenset[str] = frozenset()
    preamble: str = ""
    table_options: str = ""

    def quoted(self, name: str) -> str:
        """An identifier as this dialect reads it, whatever characters it has.

        >>> print(DIALECTS["sqlite"].quoted('5" disk'))
        "5"" disk"
        """
        first, last = self.quote
        return first + name.replace(last, last + last) + last

    def literal(self, text: str) -> str:
        """A text as this dialect reads it.

        >>> print(DIALECTS["sqlite"].literal("it's"))
        'it''s'
        """
        return "'" + text.replace("'", "''") + "'"

    def spelling(self, kind: Type, column: str = "") -> Spelling:
        """How a type is written for a column (its quoted name), with the check that it needs and what is lost."""
        match kind:
            case Unknown():
                text = self.spelling(Text()).text
                return Spelling(text, loss="no type declared", instead=f"written as {text}")
            case Native():
                return self._native(kind)
            case Decimal(precision, scale) if precision > self.max_digits:
                whole = min(precision - scale, self.max_digits)
                text = self.spelling(Decimal(self.max_digits, min(scale, self.max_digits - whole))).text
                return Spelling(text, loss=f"{precision} digits", instead=f"written as {text}")
        found = self.types[kind] if kind in self.types else self.types[type(kind)]
        if isinstance(found, str):
            found = Spelling(found)
        elif not isinstance(found, Spelling):
            found = found(kind)
        values = {part.name: str(getattr(kind, part.name)) for part in fields(kind)} | {"column": column}
        if isinstance(kind, Enumeration):
            values["values"] = ", ".join(map(self.literal, kind.values))
        return Spelling(_filled(found.text, values), _filled(found.check, values), found.loss, found.instead)

    def type_text(self, kind: Type) -> tuple[str, Loss | None]:
        """A type as this dialect writes it, and what is lost thereby; the loss's subject is the type.

        >>> DIALECTS["postgresql"].type_text(Text(20))
        ('varchar(20)', None)
        """
        found = self.spelling(kind)
        return found.text, Loss(notation(kind) or "a type", found.loss, found.instead) if found.loss else None

    def keyable(self, kind: Type) -> bool:
        """Whether a key or an index can hold values of a type.

        >>> DIALECTS["duckdb"].keyable(Native("integer[]"))
        False
        """
        text = self.spelling(kind).text.casefold()
        word = re.split(r"[(\[]", text)[0].strip()
        return word not in self.unkeyable and not (text.endswith("]") and "[]" in self.unkeyable)

    def _native(self, kind: Native) -> Spelling:
        base, bracket, rest = kind.text.partition("[")
        array = "".join(f"{bracket}{rest}".split())
        word = re.fullmatch(r"([a-z][\w ]*?)\s*(?:\( *\w+ *(?:, *\w+ *)*\))?", base.strip(), re.IGNORECASE)
        if word and (not array or (Feature.ARRAY not in self.lacks and re.fullmatch(r"(?:\[\d*\])+", array))):
            if word[1].casefold() in self.natives:
                return Spelling(kind.text)
            with suppress(NotationError):
                common = parse_type(base)
                if array and not isinstance(common, Native):
                    return Spelling(self.spelling(common).text + array)
        text = self.spelling(Text()).text
        return Spelling(text, loss=f"the type {kind.text}", instead=f"written as {text}")


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda place: values[place[1]], template)


DIALECTS: Registry[Dialect] = Registry(
    "dialect",
    {name: f"dbworkbench.sql.dialects.{name}:{name.upper()}" for name in ("duckdb", "sqlite", "postgresql")},
    group="dbworkbench.dialects",
)
"""Every dialect by name: `DIALECTS["sqlite"]`."""

"""The text notation of designs, as a format."""

from dbworkbench.errors import NotationError
from dbworkbench.formats.fidelity import EVERYTHING, NAMES, Fidelity, Part, carried
from dbworkbench.formats.format import Format
from dbworkbench.formats.source import Source
from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.notation import schema as parse
from dbworkbench.schema.notation import to_text, type_word
from dbworkbench.schema.relation import Attribute, Check, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Native, Type, Unknown

__all__ = ["NOTATION"]


def _read(source: Source) -> Read:
    return Read(parse(source.text))


def _write(schema: Schema, dialect: str) -> Written:
    del dialect
    kept = carried(schema, _FIDELITY)
    return Written(to_text(kept.schema), kept.losses, "notation")


def _kind(kind: Type) -> Type:
    """The type that the notation gives back for one."""
    if isinstance(kind, Unknown):
        return kind
    try:
        found = parse(f"r(a: {type_word(kind)})")["r"]["a"].type
        return found if found == kind else Native("other")
    except (NotationError, KeyError):
        return Native("other")


def _default(text: str, attribute: Attribute) -> str | None:
    return text if _holds(Relation("r", (Attribute("a", attribute.type, default=text),))) else None


def _condition(text: str, relation: Relation) -> str | None:
    bare = tuple(Attribute(name) for name in relation.names)
    return text if _holds(Relation("r", bare, checks=(Check(text),))) else None


def _holds(relation: Relation) -> bool:
    """Whether the notation gives a relation back."""
    try:
        return parse(to_text(relation)).relations == (relation,)
    except NotationError:
        return False


_FIDELITY = Fidelity(
    EVERYTHING - NAMES - {Part.TITLE, Part.UNIQUE_INDEX, Part.KEYLESS_UNIQUE, Part.PARTIAL_INDEX},
    kind=_kind,
    default=_default,
    condition=_condition,
)

NOTATION = Format(
    "notation",
    "the text notation",
    marks=r"(?m)^\s*[\w\"]+[^\n(]*\(",
    reader=_read,
    writer=_write,
    fidelity=lambda _: _FIDELITY,
)

"""The text notation of designs, as a format."""

from dataclasses import replace

from dbworkbench.errors import NotationError
from dbworkbench.formats.carrying import carried
from dbworkbench.formats.fidelity import EVERYTHING, NAMES, Fidelity, Part
from dbworkbench.formats.format import Format
from dbworkbench.formats.source import Source
from dbworkbench.formats.types import storable
from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.notation import schema as parse
from dbworkbench.schema.notation import to_text, type_word
from dbworkbench.schema.relation import Attribute, Check, Exclusion, Generated, Identity, Index, Relation
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
        text = f"r(a: {type_word(kind)})"
        found = parse(text)["r"]["a"].type if storable(text) == text else None
        return found if found == kind else Native("other")
    except (NotationError, KeyError):
        return Native("other")


def _note(text: str) -> str:
    """A note as a file has it."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()


def _default(text: str, attribute: Attribute) -> str | None:
    return text if _holds(Relation("r", (Attribute("a", attribute.type, default=text),))) else None


def _condition(text: str, relation: Relation) -> str | None:
    bare = tuple(Attribute(name) for name in relation.names)
    return text if _holds(Relation("r", bare, checks=(Check(text),))) else None


def _holds(relation: Relation) -> bool:
    """Whether the notation gives a relation back in a text that a file can hold."""
    text = to_text(relation)
    try:
        return parse(text).relations == (relation,) and storable(text) == text
    except NotationError:
        return False


def _path(index: Index, relation: Relation) -> Index | None:
    bare = tuple(Attribute(name) for name in relation.names)
    return index if _holds(Relation("r", bare, indexes=(replace(index, name=""),))) else None


def _computed(generated: Generated, attribute: Attribute, relation: Relation) -> Generated | None:
    bare = tuple(Attribute(name) for name in relation.names if name != attribute.name)
    own = Attribute(attribute.name, attribute.type, attribute.nullable, generated=generated)
    return generated if _holds(Relation("r", (*bare, own))) else None


def _numbered(identity: Identity, attribute: Attribute, relation: Relation) -> Identity | None:
    del relation
    return identity if _holds(Relation("r", (Attribute("a", attribute.type, identity=identity),))) else None


def _collates(collation: str, kind: Type) -> bool:
    return _holds(Relation("r", (Attribute("a", kind, collation=collation),)))


def _excludes(exclusion: Exclusion, relation: Relation) -> bool:
    names = (*relation.names, *(part.attribute for part in exclusion.parts if part.attribute))  # some have got others
    bare = tuple(Attribute(name) for name in dict.fromkeys(names))
    return _holds(Relation("r", bare, exclusions=(replace(exclusion, name=""),)))


_FIDELITY = Fidelity(
    EVERYTHING
    - NAMES
    - {Part.TITLE, Part.UNIQUE_INDEX, Part.KEYLESS_UNIQUE, Part.PARTIAL_INDEX}
    - {Part.DOMAIN, Part.ENUMERATION, Part.LONE_ENUMERATION, Part.PARTITIONING},
    kind=_kind,
    name=storable,
    note=_note,
    default=_default,
    condition=_condition,
    index=_path,
    generated=_computed,
    identity=_numbered,
    collates=_collates,
    excludes=_excludes,
)

NOTATION = Format(
    "notation",
    "the text notation",
    marks=r"(?m)^\s*[\w\"]+[^\n(]*\(",
    reader=_read,
    writer=_write,
    fidelity=lambda _: _FIDELITY,
)

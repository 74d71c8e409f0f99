"""Mermaid `erDiagram` and PlantUML: written as the diagrams are; Mermaid is read, too."""

import re
from dataclasses import replace

from dbworkbench.diagram.mermaid import mermaid
from dbworkbench.diagram.plantuml import plantuml
from dbworkbench.errors import NotationError
from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.fidelity import Fidelity, Part, carried
from dbworkbench.formats.format import Format
from dbworkbench.formats.source import Source
from dbworkbench.formats.types import sql_type
from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.relation import Attribute, Key
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Type, type_text

__all__ = ["MERMAID", "PLANTUML", "fidelity"]

_NAME = r"(?:\"(?P<{0}q>[^\"\n]*)\"|(?P<{0}>[^\s\"\[\](){{}}:;,|<>%]+))"
_LABEL = r"(?:\s*\[\s*(?:\"[^\"\n]*\"|[^\]\n\"]*)\s*\])?"
_LEFT = r"(?P<left>\|o|\|\||\}o|\}\||one or zero|zero or one|one or more|one or many|many\(1\)|many\(0\)|1\+|0\+|zero or more|zero or many|only one|1)"
_RIGHT = r"(?P<right>o\||\|\||o\{|\|\{|one or zero|zero or one|one or more|one or many|many\(1\)|many\(0\)|1\+|0\+|zero or more|zero or many|only one|1)"
_WORD = r"(?P<line>--|\.\.|\.-|-\.|to|optionally to)"
_RELATION = re.compile(
    rf"{_NAME.format('a')}{_LABEL}\s*{_LEFT}\s*{_WORD}\s*{_RIGHT}\s*{_NAME.format('b')}{_LABEL}"
    r"(?:\s*:\s*(?P<label>\"[^\"\n]*\"|[^\n]*))?"
)
_ENTITY = re.compile(
    rf"{_NAME.format('a')}(?:\s*\[\s*(?P<alias>\"[^\"\n]*\"|[^\]\n\"]*)\s*\])?\s*(?::::\w+)?\s*(?P<open>\{{)?"
)
_ATTRIBUTE = re.compile(
    r"(?P<type>[^\s\"]+)\s+(?P<name>\"[^\"\n]+\"|[^\s\"]+)(?P<keys>(?:\s*,?\s*(?:PK|FK|UK)\b)*)\s*(?P<comment>\"[^\"\n]*\")?\s*"
)
_MANY = ("}", "{", "more", "many", "+")
_ASIDE = re.compile(r"(?:direction|style|classDef|class|accTitle|accDescr|title|linkStyle)\b")


def read_mermaid(source: Source) -> Read:
    """The schema of an `erDiagram`, alone or in a fence of Markdown. Raises NotationError (line, column)."""
    return _Reader(source).read()


class _Reader:
    def __init__(self, source: Source) -> None:
        self.text = source.text
        self.dialect = source.dialect or "postgresql"
        self.draft = Draft()
        self.tables: dict[str, Table] = {}
        self.relations: list[tuple[re.Match[str], int]] = []

    def read(self) -> Read:
        lines = self.text.replace("\r\n", "\n").split("\n")
        begin = next((at for at, line in enumerate(lines) if re.match(r"\s*erDiagram\b", line)), None)
        if begin is None:
            raise NotationError("no erDiagram begins here", line=1, column=1, text=lines[0][:200])
        title = next((m[1] for line in lines[:begin] if (m := re.match(r"\s*title\s*:\s*(.+)", line))), "")
        self.draft.title = title.strip().strip('"')
        inside = ""
        for at in range(begin, len(lines)):
            line = re.sub(r"%%.*", "", lines[at]).strip()
            line = re.sub(r"\AerDiagram\b\s*", "", line)
            if line.startswith("```"):
                break
            if len(line) > 20_000:
                raise NotationError(
                    f"a line of {len(line):,} characters is no part of an erDiagram", line=at + 1, column=1
                )
            while line:
                inside, line = self._inside(inside, line, at) if inside else self._outside(line, at)
        if inside:
            raise NotationError(f"the attributes of {inside!r} are never closed with '}}'", line=len(lines), column=1)
        self.draft.tables += self.tables.values()
        for found, at in self.relations:
            self._refer(found, at)
        for table in self.tables.values():
            if not table.attributes:
                table.attributes.append(Attribute(f"{table.name[0]}_id"))
                table.primary = Key((f"{table.name[0]}_id",))
                self.draft.lose(table.name[0], "an entity without attributes", "read with a key of its own")
        return self.draft.read()

    def _table(self, name: str) -> Table:
        return self.tables.setdefault(name, Table((name,)))

    def _outside(self, line: str, at: int) -> tuple[str, str]:
        if _ASIDE.match(line):
            return "", ""
        found = _RELATION.match(line)
        if found:
            for side in "ab":
                self._table(_said(found, side))
            self.relations.append((found, at))
            return "", line[found.end() :].strip()
        entity = _ENTITY.match(line)
        if not entity or not entity.end():
            raise NotationError("an entity or a relationship was expected", line=at + 1, column=1, text=line[:200])
        name = _said(entity, "a")
        self._table(name)
        if entity["alias"]:
            self.draft.lose(name, f"the label {entity['alias'].strip(chr(34))}", "read by its name")
        rest = line[entity.end() :].strip()
        if not entity["open"] and rest:
            raise NotationError("a relationship such as ||--o{ was expected", line=at + 1, column=1, text=line[:200])
        return (name if entity["open"] else ""), rest

    def _inside(self, name: str, line: str, at: int) -> tuple[str, str]:
        if line.startswith("}"):
            return "", line[1:].strip()
        found = _ATTRIBUTE.match(line)
        if not found:
            raise NotationError(
                f"an attribute of {name!r} was expected: type name", line=at + 1, column=1, text=line[:200]
            )
        table = self.tables[name]
        own = found["name"].strip('"')
        kind, lost = sql_type(_typed(found["type"]), self.dialect)
        said = (found["comment"] or '""')[1:-1]
        notes = said.split("; ") if said else []
        if notes and notes[0] != own and self._renamed(notes[0], own):
            own = notes.pop(0)
        nullable = "may be null" in notes
        note = "; ".join(one for one in notes if one != "may be null")
        keys = re.findall(r"PK|FK|UK", found["keys"])
        if lost:
            self.draft.lose(f"{name}.{own}", lost, "read without")
        table.attributes.append(Attribute(own, kind, nullable and "PK" not in keys, note=note))
        if "PK" in keys:
            table.primary = Key((*(table.primary.attributes if table.primary else ()), own))
        if "UK" in keys:
            table.uniques.append(Key((own,)))
        return name, line[found.end() :].strip()

    @staticmethod
    def _renamed(note: str, name: str) -> bool:
        """Whether a note is the name that was written with other signs."""
        said = re.sub(r"[^A-Za-z0-9_-]+", "_", note)
        said = said if re.match(r"[A-Za-z_]", said) else f"a{said}"
        return said == name.rstrip("_") or said == name

    def _refer(self, found: re.Match[str], at: int) -> None:
        one, other = _said(found, "a"), _said(found, "b")
        many = [any(mark in found[side] for mark in _MANY) for side in ("left", "right")]
        label = (found["label"] or "").strip().strip('"')
        if many[0] and many[1]:
            self.draft.lose(f"{one} and {other}", "many to many", "not read: put an entity between")
            return
        parent, child = (other, one) if many[0] else (one, other)
        target, source = self.tables[parent], self.tables[child]
        named = tuple(part.strip() for part in label.split(","))
        key = target.primary.attributes if target.primary else ()
        here = named if all(source.has(name) for name in named) and len(named) == max(1, len(key)) else ()
        if not here and key:
            guess = tuple(self._like(source, parent, name) for name in key)
            here = guess if all(guess) else ()
        if not here:
            self.draft.lose(f"{child}: the reference to {parent}, line {at + 1}", "attributes are not said", "not read")
            return
        source.references.append(Reference(here, target.name, key))
        if not many[0] and not many[1] and source.primary != Key(here):
            source.uniques.append(Key(here))

    @staticmethod
    def _like(table: Table, parent: str, key: str) -> str:
        """The attribute of a table that refers to a key of another, by its name: customer_id, customerId, or just id."""
        wanted = [
            f"{parent}_{key}",
            f"{parent}{key}",
            f"{parent.rstrip('s')}_{key}",
            f"{parent.rstrip('s')}{key}",
            f"fk_{parent}",
        ]
        wanted += [key] if key.casefold() != "id" else []
        known = {attribute.name.casefold().replace("-", "_"): attribute.name for attribute in table.attributes}
        return next((known[name.casefold()] for name in wanted if name.casefold() in known), "")


def _said(found: re.Match[str], side: str) -> str:
    return str(found[f"{side}q"] if found[f"{side}q"] is not None else found[side])


def _typed(text: str) -> str:
    """A type as it was before blanks and commas became underscores: decimal(10_2)."""
    return re.sub(r"(?<=\d)_(?=\d+\))", ", ", text)


def _write_mermaid(schema: Schema, dialect: str) -> Written:
    del dialect
    kept = carried(schema, fidelity)
    written = mermaid(kept.schema.relations, schema.name)
    return replace(written, losses=(*kept.losses, *written.losses))


def _write_plantuml(schema: Schema, dialect: str) -> Written:
    del dialect
    kept = carried(schema, _DRAWN)
    written = plantuml(kept.schema.relations, schema.name)
    return replace(written, losses=(*kept.losses, *written.losses))


def _kind(kind: Type) -> Type:
    """The type that comes back: Mermaid's words have no blanks, commas or quotes."""
    said = re.sub(r"[^A-Za-z0-9_()\[\]-]+", "_", type_text(kind)).strip("_") or "any"
    return sql_type(_typed(said if re.match(r"[A-Za-z]", said) else f"t{said}"))[0]


_SAID = frozenset(
    {
        *(Part.ATTRIBUTE_NOTE, Part.NULLABILITY, Part.KEYLESS, Part.KEY, Part.KEYLESS_UNIQUE, Part.TITLE),
        *(Part.REFERENCE, Part.COMPOSITE_REFERENCE, Part.SHARED_REFERENCE, Part.CYCLIC_REFERENCE),
        *(Part.OWN_REFERENCE, Part.DOUBLE_REFERENCE),
    }
)
fidelity = Fidelity(_SAID | {Part.REQUIRED_SET_NULL}, actions=frozenset(), kind=_kind)
_DRAWN = Fidelity(_SAID - {Part.ATTRIBUTE_NOTE}, actions=frozenset())

MERMAID = Format(
    "mermaid",
    "a Mermaid erDiagram",
    endings=(".mmd", ".mermaid"),
    marks=r"(?m)^\s*erDiagram\b",
    reader=read_mermaid,
    writer=_write_mermaid,
    fidelity=lambda _: fidelity,
)
PLANTUML = Format(
    "plantuml", "a PlantUML diagram", endings=(".puml", ".plantuml"), writer=_write_plantuml, fidelity=lambda _: _DRAWN
)

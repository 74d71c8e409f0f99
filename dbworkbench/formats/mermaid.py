"""Mermaid `erDiagram` and PlantUML: written as the diagrams are; Mermaid is read, too."""

import re
from collections import Counter
from dataclasses import replace

from dbworkbench.diagram.mermaid import mermaid, named_by
from dbworkbench.diagram.plantuml import plantuml
from dbworkbench.errors import NotationError
from dbworkbench.formats.carrying import carried
from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.fidelity import Fidelity, Part
from dbworkbench.formats.format import Format
from dbworkbench.formats.source import Source
from dbworkbench.formats.types import sql_type
from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.relation import Attribute, Key
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.tokens import place
from dbworkbench.schema.types import Enumeration, Native, Text, Type, Unknown, type_text

__all__ = ["MERMAID", "PLANTUML", "fidelity"]

_NAME = r"(?:\"(?P<{0}q>[^\"\n]*)\"|(?P<{0}>[^\s\"\[\](){{}}:;,|<>%]+))"
_LABEL = r"(?:\s*\[\s*(?:\"[^\"\n]*\"|[^\]\n\"]*)\s*\])?(?:\s*:::\s*[\w-]+(?:\s*,\s*[\w-]+)*)?"
# Mermaid takes the sign of any cardinality on either side
_ENDS = r"\|o|o\||\|\||\}o|o\{|\}\||\|\{|u(?=[-.|])"
_COUNTS = r"one or zero|zero or one|one or more|one or many|zero or more|zero or many|many\(1\)|many\(0\)|many|only one|one|1\+|0\+|1"
_WORD = r"(?P<line>--|\.\.|\.-|-\.|optionally to\b|to\b)"
_RELATION = re.compile(
    rf"{_NAME.format('a')}{_LABEL}\s*(?P<left>{_ENDS}|(?<=\s)(?:{_COUNTS}))\s*{_WORD}"
    rf"\s*(?P<right>{_ENDS}|(?:{_COUNTS})(?=[\s\"]))\s*{_NAME.format('b')}{_LABEL}(?:\s*:\s*(?P<label>\"[^\"\n]*\"|[^\n]*))?",
    re.IGNORECASE,
)
_ENTITY = re.compile(
    rf"{_NAME.format('a')}(?:\s*\[\s*(?P<alias>\"[^\"\n]*\"|[^\]\n\"]*)\s*\])?"
    r"\s*(?::::\s*[\w-]+(?:\s*,\s*[\w-]+)*)?\s*(?P<open>\{)?"
)
_ATTRIBUTE = re.compile(
    r"(?P<type>[^\s\"]+)\s+(?P<name>\"[^\"\n]+\"|[^\s\"]+)(?P<keys>(?:\s*,?\s*(?:PK|FK|UK)\b)*)\s*(?P<comment>\"[^\"\n]*\")?\s*"
)
_COMMENT = re.compile(r"(?P<text>\"[^\"]*\")|%%.*")
"""A text, in which nothing is a comment, or a comment, of which nothing is left."""
_BEGINS = re.compile(r"\s*erDiagram\b", re.IGNORECASE)
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
        self.kinds: dict[tuple[str, str], tuple[str, int]] = {}
        self.block: list[tuple[re.Match[str], int]] = []
        self.diagram = 0
        self.marked: dict[str, list[str]] = {}
        self.relations: list[tuple[re.Match[str], int]] = []
        self.folded: dict[str, dict[str, str]] = {}
        self.referring: set[tuple[str, tuple[str, ...], tuple[str, ...]]] = set()

    def read(self) -> Read:
        at = self.text.find("\0")
        if at >= 0:
            line, column, text = place(self.text, at)
            raise NotationError(
                "a null byte is no part of a diagram — take it out", line=line, column=column, text=text[:200]
            )
        lines = self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        begins = [at for at, line in enumerate(lines) if _BEGINS.match(line)]
        if not begins:
            raise NotationError("no erDiagram begins here", line=1, column=1, text=lines[0][:200])
        title = next((m[1] for line in lines[: begins[0]] if (m := re.match(r"\s*title\s*:\s*(.+)", line))), "")
        self.draft.title = title.strip().strip('"')
        after = 0
        for begin in begins:
            if begin >= after:
                after = self._diagram(lines, begin)
        self.draft.tables += self.tables.values()
        self._refer_all()
        for table in self.tables.values():
            if not table.attributes:
                table.attributes.append(Attribute(f"{table.name[0]}_id"))
                table.primary = Key((f"{table.name[0]}_id",))
                self.draft.lose(table.name[0], "an entity without attributes", "read with a key of its own")
        return self.draft.read()

    def _diagram(self, lines: list[str], begin: int) -> int:
        """Read one diagram, and give the line after it. What several diagrams show of an entity is put together."""
        inside, aside = "", False
        self.diagram = at = begin
        for at in range(begin, len(lines)):
            line = _COMMENT.sub(lambda found: found["text"] or "", lines[at]).strip()
            line = re.sub(r"\AerDiagram\b\s*", "", line, flags=re.IGNORECASE) if at == begin else line
            if line.startswith(("```", "~~~")) or (at > begin and not inside and _BEGINS.match(line)):
                break
            if len(line) > 20_000:
                raise NotationError(
                    f"a line of {len(line):,} characters is no part of an erDiagram", line=at + 1, column=1
                )
            if aside or re.match(r"accDescr\s*\{", line):  # a description of several lines
                aside = "}" not in line
                continue
            while line:
                inside, line = self._inside(inside, line, at) if inside else self._outside(line, at)
        if inside:
            raise NotationError(f"the attributes of {inside!r} are never closed with '}}'", line=at + 1, column=1)
        return at

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
            self._attributes(name)
            return "", line[1:].strip()
        found = _ATTRIBUTE.match(line)
        if not found:
            raise NotationError(
                f"an attribute of {name!r} was expected: type name", line=at + 1, column=1, text=line[:200]
            )
        self.block.append((found, at))
        return name, line[found.end() :].strip()

    def _attributes(self, name: str) -> None:
        """Read the attributes of an entity, which some write the other way round: name type."""
        pairs = [(found["type"], found["name"].strip('"')) for found, _ in self.block]
        named = [kind for kind, _ in pairs if not self._is_type(kind)]  # a name may be the word for a type, too
        turned = len(pairs) > 1 and bool(named) and all(self._is_type(own) for _, own in pairs)
        if turned:
            self.draft.lose(name, "types after names", "read the other way round")
        for (found, at), (kind, own) in zip(self.block, pairs, strict=True):
            self._attribute(name, *((own, kind) if turned else (kind, own)), found, at)
        self.block = []

    def _is_type(self, word: str) -> bool:
        kind, lost = sql_type(_typed(word), self.dialect)
        return not lost and not isinstance(kind, Unknown | Native)

    def _attribute(self, name: str, kind_said: str, own: str, found: re.Match[str], at: int) -> None:
        table = self.tables[name]
        kind, lost = sql_type(_typed(kind_said), self.dialect)
        said = (found["comment"] or '""')[1:-1]
        notes = said.split("; ") if said else []
        if notes and named_by(notes, own):
            own = notes.pop(0)
        nullable = notes[:1] == ["may be null"]
        note = "; ".join(notes[nullable:])
        keys = re.findall(r"PK|FK|UK", found["keys"])
        there = (name, own) in self.kinds
        before = self.kinds.setdefault((name, own), (kind_said, self.diagram))
        if there:
            if before != (kind_said, before[1]) or before[1] == self.diagram:
                self.draft.lose(f"{name}.{own}, line {at + 1}", f"a second attribute, {kind_said}", "the first is read")
            return
        if lost:
            self.draft.lose(f"{name}.{own}", lost, "read without")
        table.attributes.append(Attribute(own, kind, nullable and "PK" not in keys, note=note))
        if "PK" in keys:
            table.primary = Key((*(table.primary.attributes if table.primary else ()), own))
        if "UK" in keys:
            table.uniques.append(Key((own,)))
        if "FK" in keys:
            self.marked.setdefault(name, []).append(own)

    def _refer_all(self) -> None:
        """Read the references: first those whose attributes are said or named alike, then those that are marked FK."""
        left: list[tuple[str, str, bool, int]] = []
        seen: set[tuple[str, str, str]] = set()
        for found, at in self.relations:
            one, other = _said(found, "a"), _said(found, "b")
            many = [any(mark in found[side].casefold() for mark in _MANY) for side in ("left", "right")]
            label = (found["label"] or "").strip().strip('"')
            if (one, other, label) in seen:  # drawn in more than one diagram
                continue
            seen.add((one, other, label))
            if many[0] and many[1]:
                self.draft.lose(f"{one} and {other}, line {at + 1}", "many to many", "not read: put an entity between")
                continue
            parent, child = (other, one) if many[0] else (one, other)
            if not many[0] and not many[1] and self.marked.get(one) and not self.marked.get(other):
                parent, child = other, one
            here = self._named(parent, child, label)
            if not here:
                left.append((parent, child, not any(many), at))
            elif not self._refer(parent, child, here, single=not any(many)):
                what = f"{child}: the reference to {parent}, line {at + 1}"
                self.draft.lose(what, f"a second reference of {', '.join(here)}", "the first is read")
        waiting = Counter(child for _, child, _, _ in left)
        for parent, child, single, at in left:
            self._refer_marked(parent, child, at, waiting[child], single=single)

    def _named(self, parent: str, child: str, label: str) -> tuple[str, ...]:
        """The attributes that refer to a parent, where the line names them, or they are named after it or the line."""
        target, source = self.tables[parent], self.tables[child]
        named = tuple(part.strip() for part in label.split(","))
        key = target.primary.attributes if target.primary else ()
        if child not in self.folded:
            folded = {one.name.casefold().replace("-", "_"): one.name for one in source.attributes}
            self.folded[child] = folded
        if all((child, name) in self.kinds for name in named) and len(named) == max(1, len(key)):
            return named
        for owners in ((label,) if label else (), _singulars(parent)):
            guess = tuple(_like(self.folded[child], owners, name) for name in key)
            if key and all(guess):
                return guess
        alike = key and all((child, name) in self.kinds and name.casefold() != "id" for name in key)
        return key if alike else ()

    def _refer_marked(self, parent: str, child: str, at: int, others: int, *, single: bool) -> None:
        """A reference whose attribute is not said: the one marked FK that no other reference has, where there is but one."""
        what = f"{child}: the reference to {parent}, line {at + 1}"
        key = self.tables[parent].primary
        free: list[str] = []
        if others == 1 and key and len(key.attributes) == 1:
            used = {name for reference in self.tables[child].references for name in reference.attributes}
            free = [name for name in self.marked.get(child, ()) if name not in used]
        if len(free) == 1:
            self.draft.lose(
                what, "its attribute is not said", f"read as {free[0]}, the only one left that is marked FK"
            )
            self._refer(parent, child, (free[0],), single=single)
        else:
            self.draft.lose(what, "attributes are not said", "not read")

    def _refer(self, parent: str, child: str, here: tuple[str, ...], *, single: bool) -> bool:
        """Add a reference; whether it was not there before."""
        target, source = self.tables[parent], self.tables[child]
        key = target.primary.attributes if target.primary else ()
        reference = Reference(here, target.name, key)
        if (child, here, target.name) in self.referring:
            return False
        self.referring.add((child, here, target.name))
        source.references.append(reference)
        if single and source.primary != Key(here) and Key(here) not in source.uniques:
            source.uniques.append(Key(here))
        return True


def _singulars(name: str) -> tuple[str, ...]:
    """A name as it is, and as it may be in the singular."""
    ways = (r"(?<=[^s])s\Z", r"es\Z")
    made = [re.sub(way, "", name, flags=re.IGNORECASE) for way in ways]
    return tuple(dict.fromkeys((name, *made, re.sub(r"ies\Z", "y", name, flags=re.IGNORECASE))))


def _like(known: dict[str, str], owners: tuple[str, ...], key: str) -> str:
    """The attribute, of those by folded name, that refers to a key of another: customer_id, customerId, fk_customer."""
    wanted = [f"{owner}{join}{key}" for owner in owners for join in ("_", "")]
    wanted += [f"fk_{owner}" for owner in owners]
    return next((known[name.casefold()] for name in wanted if name.casefold() in known), "")


def _said(found: re.Match[str], side: str) -> str:
    return str(found[f"{side}q"] if found[f"{side}q"] is not None else found[side])


def _typed(text: str) -> str:
    """A type as it was before blanks and commas became underscores: decimal(10_2); a text of a length is none of PostgreSQL's."""
    return re.sub(r"(?<=\d)_(?=\d+\))", ", ", re.sub(r"\Atext(?=\(\d+\)\Z)", "varchar", text))


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
    """The type that comes back: Mermaid's words have no blanks, commas or quotes, and so no lists of values."""
    if isinstance(kind, Enumeration) or (isinstance(kind, Native) and "'" in kind.text):
        return Text()
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

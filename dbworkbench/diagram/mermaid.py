"""A design as a Mermaid `erDiagram`, with what Mermaid cannot say reported."""

import re
from collections.abc import Sequence
from dataclasses import replace

from dbworkbench.diagram.compose import card, reference
from dbworkbench.diagram.metrics import printable
from dbworkbench.diagram.picture import Mark, Reference
from dbworkbench.schema.loss import Loss, Written
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.types import type_text

_MOST_TEXT, _MOST_EDGES = 50_000, 500  # Mermaid's own defaults, which a document cannot raise
_RESERVED = {
    "erdiagram",
    "title",
    "direction",
    "style",
    "class",
    "classdef",
    "one",
    "many",
    "only",
    "zero",
    "to",
    "optionally",
}


def mermaid(relations: Sequence[Relation], title: str = "") -> Written:
    """The relations as Mermaid text; references run between relations, their attributes named on the line.

    >>> from dbworkbench.schema.notation import schema
    >>> print(mermaid(schema("a(*id: integer)", "b(*id: integer, a_id: integer -> a)").relations))
    erDiagram
        a {
            integer id PK
        }
        b {
            integer id PK
            integer a_id FK
        }
        a ||..o{ b : "a_id"
    """
    losses: list[Loss] = []
    drawn = {relation.name for relation in relations}
    lines = ["erDiagram"]
    if title:
        lines.insert(0, f"---\ntitle: {_quoted(title)}\n---")
    names = _entity_names(relations, losses)
    for relation in relations:
        lines.append(f"    {names[relation.name]} {{")
        lines += [f"        {line}" for line in _attributes(relation, losses)]
        lines.append("    }")
        _not_said(relation, losses)
    edges = 0
    for relation in relations:
        for foreign_key in relation.foreign_keys:
            if foreign_key.relation not in drawn:
                losses.append(
                    Loss(relation.name, f"the reference to {foreign_key.relation}", "left out: it is not drawn")
                )
                continue
            one = reference(relation, foreign_key)
            edges += 1
            lines.append(
                f"    {names[one.parent]} {_line(one)} {names[one.child]} : {_quoted(', '.join(one.attributes))}"
            )
    text = "\n".join(lines)
    if len(text) > _MOST_TEXT:
        losses.append(
            Loss(title or "the diagram", f"{len(text):,} characters", "Mermaid draws 50,000 unless configured")
        )
    if edges > _MOST_EDGES:
        losses.append(Loss(title or "the diagram", f"{edges} references", "Mermaid draws 500 unless configured"))
    return Written(text, tuple(losses), "mermaid")


def _line(one: Reference) -> str:
    child = "o{" if one.child_mark.many else "o|"
    return ("||" if one.parent_mark == Mark(1, many=False) else "|o") + ("--" if one.identifying else "..") + child


def _entity_names(relations: Sequence[Relation], losses: list[Loss]) -> dict[str, str]:
    """Plain names as they are, others quoted; what a quoted name cannot hold is replaced."""
    names: dict[str, str] = {}
    for relation in relations:
        name = relation.name
        if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) and name.casefold() not in _RESERVED:
            names[name] = name
            continue
        said = re.sub(r'["%\\]', "_", printable(name))
        while f'"{said}"' in names.values():
            said += "_"
        names[name] = f'"{said}"'
        if said != name:
            losses.append(Loss(name, "signs in its name", f"written as {said}"))
    return names


def _attributes(relation: Relation, losses: list[Loss]) -> list[str]:
    taken: set[str] = set()
    lines = []
    for row in card(relation).rows:
        attribute = relation[row.attribute]
        said = type_text(attribute.type)
        kind = re.sub(r"[^A-Za-z0-9_()\[\]-]+", "_", said).strip("_") or "any"
        kind = kind if re.match(r"[A-Za-z]", kind) else f"t{kind}"
        name = _plain_name(attribute.name)
        while name in taken:
            name += "_"
        taken.add(name)
        marks = [{"U": "UK"}.get(mark, mark) for mark in row.marks if mark in {"PK", "FK", "U"}]
        note = _note(attribute)
        if attribute.note and f'"{attribute.note}"' != _quoted(note):
            what = f"{relation.name}.{attribute.name}"
            losses.append(Loss(what, "signs in its note", f"written as {_quoted(note)}"))
        notes = ["may be null"] if attribute.nullable else []
        notes += [note] if note else []
        if name != attribute.name or named_by(_quoted("; ".join(notes))[1:-1].split("; "), name):
            notes.insert(0, attribute.name)  # else the note would be read as the name
        if name != attribute.name:
            losses.append(Loss(f"{relation.name}.{attribute.name}", "signs in its name", f"written as {name}"))
        if kind != said and said:
            losses.append(Loss(f"{relation.name}.{attribute.name}", f"the type {said}", f"written as {kind}"))
        lines.append(
            " ".join(
                [kind, name, *([", ".join(marks)] if marks else []), *([_quoted("; ".join(notes))] if notes else [])]
            )
        )
    return lines


def named_by(notes: Sequence[str], name: str) -> bool:
    """Whether the first of what is noted of an attribute is its name, as it is or before it was written in Mermaid's signs.

    >>> named_by(["unit price", "in euros"], "unit_price"), named_by(["unit_price"], "unit_price")
    (True, False)
    """
    first = notes[0]
    return bool(first) and (len(notes) > 1 if first == name else _plain_name(first) in {name, name.rstrip("_")})


def _plain_name(name: str) -> str:
    """The name of an attribute in the signs that Mermaid has for one."""
    said = re.sub(r"[^A-Za-z0-9_-]+", "_", name)
    said = said if re.match(r"[A-Za-z_]", said) else f"a{said}"
    return f"{said}_" if said.upper() in {"PK", "FK", "UK"} else said  # which are words of its own there


def _note(attribute: Attribute) -> str:
    """The note of an attribute, which is not taken for what is said before it."""
    taken = not attribute.nullable and attribute.note.split("; ")[0] == "may be null"
    return f"({attribute.note})" if taken else attribute.note


def _not_said(relation: Relation, losses: list[Loss]) -> None:
    name = relation.name
    left = [f"the key ({', '.join(key.attributes)})" for key in relation.keys[1:] if len(key.attributes) > 1]
    left += [f"the check {check.expression}" for check in relation.checks]
    left += [f"the {replace(index, where='')}" for index in relation.indexes]
    losses += [Loss(f"{name}: {feature}", "no words for it", "left out") for feature in left]
    defaults = [(a.name, a.default) for a in relation.attributes if a.default is not None]
    losses += [Loss(f"{name}.{own}", f"the default {default}", "left out") for own, default in defaults]
    if any(len(foreign_key.attributes) > 1 for foreign_key in relation.foreign_keys):
        losses.append(Loss(name, "which attributes of a composite reference correspond", "named on the line"))


def _quoted(text: str) -> str:
    """A text as Mermaid has one; what begins a directive, which is obeyed within texts, too, begins none."""
    return '"' + printable(text).replace('"', "'").replace("\\", "/").replace("%%{", "%% {") + '"'

"""A schema as cards and references: what is to be drawn, before anything has a place."""

from collections.abc import Collection, Sequence
from functools import lru_cache

from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.picture import Card, Mark, Reference, Row, Tone
from dbworkbench.diagram.theme import MEASURES as M
from dbworkbench.schema.relation import Attribute, ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import type_text

DETAILS = ("all", "some", "keys", "names")
SWATCH = 17.0  # the room of a numbered square
FEW = 4  # attributes shown beside the keys with detail "some"


def card(
    relation: Relation,
    *,
    detail: str = "all",
    drawn: Collection[str] | None = None,
    referenced: Collection[str] = (),
    hue: int = 0,
) -> Card:
    """A relation as a card: its primary key on top, then its attributes in order.

    `detail` is "all", "some" (keys and a few), "keys" or "names"; attributes that others refer to count as keys. A
    foreign key to a relation that is not in `drawn` names it in its rows.
    """
    marks = marked(relation)
    primary = [name for name, found in marks if "PK" in found]
    targets: dict[str, list[str]] = {}
    for foreign_key in relation.foreign_keys:
        for name in foreign_key.attributes:
            targets.setdefault(name, []).append(foreign_key.relation)
    shown, left = _kept(marks, detail, referenced)
    types = detail != "keys"
    by_name = {attribute.name: attribute for attribute in relation.attributes}
    kept = [_shown(by_name[name], found, targets.get(name, ()), drawn, types=types) for name, found in shown]
    if left:
        kept.append(Row("", f"… {left} more"))
    return Card(
        relation.name,
        clipped(printable(relation.name), M.title, M.name_room + M.type_room, bold=True),
        tuple(kept),
        ruled=len(primary) if kept and len(primary) < len(kept) else 0,
        hue=hue,
        dependent=any(set(fk.attributes) <= set(primary) for fk in relation.foreign_keys),
        note=relation.note,
    )


def marked(relation: Relation) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The attributes in the order of a card, the primary key on top, each with its marks.

    They are PK; U for what is unique alone; U1, U2 … for what is unique together; IX for what is only indexed; FK.
    """
    primary = _shown_key(relation)
    first = _first_marks(relation, primary)
    referring = {name for foreign_key in relation.foreign_keys for name in foreign_key.attributes}
    order = (*primary, *(name for name in relation.names if name not in primary))
    return tuple(
        (
            name,
            ((first[name], "FK") if name in first else ("FK",))
            if name in referring
            else (first[name],)
            if name in first
            else (),
        )
        for name in order
    )


def _first_marks(relation: Relation, primary: Collection[str]) -> dict[str, str]:
    """PK; U for what is unique alone; U1, U2 … for what is unique together; IX for what is only indexed."""
    plain = [index for index in relation.indexes if not index.is_key]
    marks = {name: "IX" for index in plain for name in index.attributes}
    groups = [key.attributes for key in relation.keys[1:]]
    groups += [index.attributes for index in relation.indexes if index.is_key]
    together = [group for group in dict.fromkeys(groups) if len(group) > 1]
    for at, group in reversed(list(enumerate(together, 1))):
        marks |= dict.fromkeys(group, f"U{at}")
    marks |= {group[0]: "U" for group in groups if len(group) == 1}
    return marks | dict.fromkeys(primary, "PK")


def _shown_key(relation: Relation) -> tuple[str, ...]:
    """The primary key, declared or computed; none where nothing tells it."""
    if relation.keys:
        return relation.keys[0].attributes
    return _computed_key(relation) if relation.dependencies else ()


@lru_cache(maxsize=4096)
def _computed_key(relation: Relation) -> tuple[str, ...]:
    return relation.primary_key if relation.fds else ()


def _kept(
    marks: Sequence[tuple[str, tuple[str, ...]]], detail: str, referenced: Collection[str]
) -> tuple[Sequence[tuple[str, tuple[str, ...]]], int]:
    """The attributes that a detail shows, with their marks, and how many more are told of."""
    if detail == "names":
        return (), 0
    if detail == "all":
        return marks, 0
    keyed = {name for name, found in marks if "PK" in found or "FK" in found or name in referenced}
    few = FEW if detail == "some" else 0
    others = [name for name, _ in marks if name not in keyed]
    if few and len(others) <= few + 1:
        return marks, 0
    chosen = keyed.union(others[:few])
    kept = [one for one in marks if one[0] in chosen]
    return kept, len(marks) - len(kept) if few else 0


def _shown(
    attribute: Attribute,
    marks: tuple[str, ...],
    targets: Sequence[str],
    drawn: Collection[str] | None,
    *,
    types: bool,
) -> Row:
    name, kind = attribute.name, type_text(attribute.type)
    outside = [target for target in targets if target not in drawn] if drawn is not None and targets else ()
    note = "→ " + ", ".join(dict.fromkeys(map(printable, outside))) if outside else ""
    full = f"{name} {kind}".strip() + (" or null" if attribute.nullable else "")
    full += "".join(f" → {target}" for target in targets)
    full += f" — {attribute.note}" if attribute.note else ""
    return Row(
        name,
        clipped(printable(name), M.size, M.name_room, bold="PK" in marks),
        marks,
        clipped(printable(kind), M.size, M.type_room) if types else "",
        nullable=attribute.nullable,
        note=clipped(note, M.size, M.name_room * 0.6) if note else "",
        full=full,
    )


def references(schema: Schema) -> tuple[Reference, ...]:
    """Every foreign key of the schema, with what its ends say."""
    return tuple(reference(relation, fk) for relation in schema for fk in relation.foreign_keys)


def reference(relation: Relation, foreign_key: ForeignKey) -> Reference:
    """What a foreign key promises: how many rows stand at each end, and whether it is part of the child's identity."""
    names = set(foreign_key.attributes)
    primary = _shown_key(relation)
    at_most_one = any(set(key.attributes) <= names for key in relation.keys) or any(
        index.is_key and set(index.attributes) <= names for index in relation.indexes
    )
    if not relation.keys and primary:
        at_most_one = at_most_one or set(primary) <= names
    optional = any(relation[name].nullable for name in foreign_key.attributes)
    return Reference(
        relation.name,
        foreign_key.attributes,
        foreign_key.relation,
        foreign_key.referenced,
        child_mark=Mark(0, many=not at_most_one),
        parent_mark=Mark(0 if optional else 1, many=False),
        identifying=bool(primary) and names <= set(primary),
        name=foreign_key.name,
    )


def slots(card: Card) -> tuple[float, float]:
    """The widths of the two slots for marks: one for PK and U, one for FK; one slot serves both where no row has two."""
    marks = {mark for row in card.rows for mark in row.marks}
    if not any(len(row.marks) > 1 for row in card.rows):
        return max([width(mark, M.small, bold=True) for mark in marks], default=0.0), 0.0
    first = max([width(mark, M.small, bold=True) for mark in marks if mark != "FK"], default=0.0)
    return first + 4, width("FK", M.small, bold=True)


def columns_of(card: Card) -> tuple[float, float, float]:
    """The widths of a card's columns: marks, names, types."""
    marks = sum(slots(card))
    names = [
        width(row.name, M.size, bold="PK" in row.marks) + (width(row.note, M.size) + M.gap if row.note else 0)
        for row in card.rows
    ]
    types = [width(row.type, M.size) for row in card.rows if row.type]
    return marks, max(names, default=0.0), max(types, default=0.0)


def left_pad(card: Card) -> float:
    """The room left of a card's rows: more where signs of change stand there."""
    return M.pad + (6 if any(row.tone not in {Tone.PLAIN, Tone.HIGHLIGHT} for row in card.rows) else 0)


def size_of(card: Card) -> tuple[float, float]:
    """The width and height that a card needs."""
    marks, names, types = columns_of(card)
    circle = 14.0 if any(row.nullable for row in card.rows) else 0.0
    circle += SWATCH * max((len(row.swatches) for row in card.rows), default=0)
    body = (
        left_pad(card) + M.pad + (marks + M.gap if marks else 0) + names + (types + 2 * M.gap if types else 0) + circle
    )
    head = 2 * M.pad + width(card.title, M.title, bold=True) + (16 if card.tone is not Tone.PLAIN else 0)
    below = 4 if card.rows else 0
    return float(max(90, round(max(body, head) + 0.5))), M.header + M.row * len(card.rows) + below


def row_middle(card: Card, attribute: str) -> float:
    """How far below the card's top the middle of an attribute's row lies; the header's middle if it is not shown."""
    for at, row in enumerate(card.rows):
        if row.attribute == attribute and attribute:
            return M.header + M.row * at + M.row / 2
    return M.header / 2

"""The state behind a board: a design, its layout and every gesture so far; it answers messages and knows no browser."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from dbworkbench.diagram.chen import joins_two
from dbworkbench.diagram.compose import reference, size_of
from dbworkbench.errors import DataError, DesignError, WorkbenchError
from dbworkbench.schema.analysis import analyze
from dbworkbench.schema.applying import apply, inverse
from dbworkbench.schema.changes import (
    AddRelation,
    Change,
    DropCheck,
    DropForeignKey,
    DropKey,
    RenameRelation,
    SetNote,
)
from dbworkbench.schema.json import decode_change
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.telling import told
from dbworkbench.schema.types import type_text
from dbworkbench.theory.normal_forms import NormalForm
from dbworkbench.widgets import gestures
from dbworkbench.widgets.canvas import card_of, jotted, label_of, links_in, meant_in, size_on_board
from dbworkbench.widgets.layout import VIEWS, Area, Jotting, Layout, encode_layout, followed
from dbworkbench.widgets.placing import completed, tidied

Message = Mapping[str, Any]
_CACHED = 1 << 15  # relations whose views are remembered: some versions of each card of a very large board


@dataclass(frozen=True, slots=True)
class Gesture:
    """One thing done: its changes, what undoes them, and the layout before and after."""

    told: str
    changes: tuple[Change, ...]
    backs: tuple[Change, ...]
    before: Layout
    after: Layout


class Desk:
    """A design being edited. Every edit is refused with its reason, or done and undoable."""

    def __init__(self, schema: Schema, layout: Layout) -> None:
        self.schema = schema
        self.layout = completed(layout, schema)
        self.done: list[Gesture] = []
        self.undone: list[Gesture] = []

    @property
    def changes(self) -> tuple[Change, ...]:
        """The changes of all gestures that stand."""
        return tuple(change for gesture in self.done for change in gesture.changes)

    def perform(
        self, changes: Sequence[Change] = (), layout: Layout | None = None, *, saying: str = ""
    ) -> Gesture | None:
        """Carry out a gesture; none where it changes nothing. Raises WorkbenchError, and nothing is changed."""
        before, schema = self.layout, self.schema
        backs: list[Change] = []
        for change in changes:
            back = inverse(schema, change)
            schema = apply(schema, change)
            backs.insert(0, back)
        moved = completed(followed(layout if layout is not None else before, changes), schema)
        if schema == self.schema and moved == before:
            return None
        said = saying or (
            told(changes[0]) + (f" and {len(changes) - 1} more" if len(changes) > 1 else "") if changes else ""
        )
        gesture = Gesture(said or "move", tuple(changes), tuple(backs), before, moved)
        self.schema, self.layout = schema, moved
        self.done.append(gesture)
        self.undone.clear()
        return gesture

    def undo(self) -> Gesture | None:
        """Take the last gesture back; none where there is none."""
        if not self.done:
            return None
        gesture = self.done.pop()
        self.schema, self.layout = apply(self.schema, *gesture.backs), gesture.before
        self.undone.append(gesture)
        return gesture

    def redo(self) -> Gesture | None:
        """Do again what was undone last; none where there is none."""
        if not self.undone:
            return None
        gesture = self.undone.pop()
        self.schema, self.layout = apply(self.schema, *gesture.changes), gesture.after
        self.done.append(gesture)
        return gesture

    # -- messages --------------------------------------------------------------------------------------------------

    def answer(self, message: Message) -> str:
        """Carry out what a view asks for; what to announce. Raises WorkbenchError with the reason of a refusal."""
        kind = message.get("kind")
        action = _ACTIONS.get(kind) if isinstance(kind, str) else None
        if action is None:
            raise DataError(f"a board cannot do {kind!r}")
        try:
            return action(self, message)
        except (AttributeError, KeyError, TypeError, ValueError, IndexError) as error:
            if isinstance(error, WorkbenchError):
                raise
            raise DataError(f"the message {kind!r} cannot be read: {error}") from error

    # -- what views see --------------------------------------------------------------------------------------------

    def seen(self) -> dict[str, Any]:
        """Everything a view shows."""
        layout = encode_layout(self.layout)
        return {
            "name": self.schema.name,
            "order": list(self.schema.names),
            "relations": self._relations(self.layout),
            "places": layout["places"],
            "areas": layout["areas"],
            "notes": [_jotted(one) for one in self.layout.notes],
            "view": layout["view"],
            "undo": self.done[-1].told if self.done else "",
            "redo": self.undone[-1].told if self.undone else "",
        }

    def _relations(self, layout: Layout) -> dict[str, Any]:
        meant = meant_in(self.schema)
        links, known = links_in(self.schema, layout), set(self.schema.names)
        hues = {name: area.hue for area in layout.areas for name in area.relations}
        return {
            relation.name: _seen(
                relation,
                layout.view,
                relation.name in layout.folded,
                frozenset(meant[relation.name]),
                hues.get(relation.name, 0),
                relation.name in links,
                not meant[relation.name] and joins_two(relation, known),
            )
            for relation in self.schema
        }

    def faces(self) -> dict[str, list[dict[str, Any]]]:
        """Each relation in every view, unfolded and folded: for pages on which nobody answers."""
        every = frozenset(self.schema.names)
        return {
            view: [self._relations(replace(self.layout, view=view, folded=folded)) for folded in (frozenset(), every)]
            for view in VIEWS
        }

    def tidied(self) -> dict[str, list[float]]:
        """Where the cards would stand if they were tidied."""
        return {name: [x, y] for name, (x, y) in tidied(self.schema, self.layout).items()}


def _jotted(note: Jotting) -> dict[str, Any]:
    card = jotted(note)
    lines = [row.name for row in card.rows]
    return {"text": note.text, "lines": lines, "at": [round(note.x), round(note.y)], "size": [*size_of(card)]}


@lru_cache(maxsize=_CACHED)
def _seen(  # noqa: PLR0917  cached by position
    relation: Relation,
    view: str,
    folded: bool,  # noqa: FBT001  the same
    meant: frozenset[str],
    hue: int,
    link: bool,  # noqa: FBT001  the same
    joining: bool,  # noqa: FBT001  the same
) -> dict[str, Any]:
    layout = Layout(folded=frozenset({relation.name}) if folded else frozenset(), view=view)
    card = card_of(relation, layout, meant)
    wide, high = size_on_board(card)
    form, why, split = judged(relation)
    references = []
    for key in relation.foreign_keys:
        one = reference(relation, key)
        references.append(
            {
                "attributes": list(key.attributes),
                "to": key.relation,
                "referenced": list(key.referenced),
                "onDelete": key.on_delete,
                "child": [one.child_mark.least, one.child_mark.many],
                "parent": [one.parent_mark.least, one.parent_mark.many],
                "identifying": one.identifying,
                "label": label_of(key, layout),
            }
        )
    return {
        "name": relation.name,
        "title": card.title,
        "note": relation.note,
        "size": [wide, high],
        "hue": hue,
        "folded": folded,
        "link": link,
        "joins": joining,
        "ruled": card.ruled,
        "rows": [
            {"name": row.attribute, "shown": row.name, "marks": list(row.marks), "type": row.type, "null": row.nullable}
            for row in card.rows
        ],
        "attributes": [
            {
                "name": attribute.name,
                "type": type_text(attribute.type),
                "null": attribute.nullable,
                "default": attribute.default,
                "note": attribute.note,
                "text": gestures.row_text(relation, attribute.name),
            }
            for attribute in relation.attributes
        ],
        "keys": [list(key.attributes) for key in relation.keys],
        "references": references,
        "checks": [check.expression for check in relation.checks],
        "dependencies": sorted(str(one) for one in relation.dependencies),
        "form": form,
        "why": why,
        "split": split,
    }


@lru_cache(maxsize=_CACHED)
def judged(relation: Relation) -> tuple[str, str, bool]:
    """A relation's normal form, why it is in no higher one, and whether a split would help."""
    if not relation.dependencies:
        return (
            "BCNF" if relation.keys else "",
            "only its keys determine anything" if relation.keys else "no key yet",
            False,
        )
    found = analyze(relation)
    if found.form is None:
        return "?", found.open_question, False
    broken = found.violations[0].because if found.violations else "every determinant is a key"
    return str(found.form), broken, found.form < NormalForm.BOYCE_CODD


# -- what each message does ----------------------------------------------------------------------------------------


def _edit(desk: Desk, message: Message) -> str:
    changes = [decode_change(one, f"changes[{at}]") for at, one in enumerate(message["changes"])]
    return _said(desk.perform(changes))


def _said(gesture: Gesture | None) -> str:
    return f"done: {gesture.told}" if gesture else "nothing changed"


def _move(desk: Desk, message: Message) -> str:
    places = {str(name): (float(x), float(y)) for name, (x, y) in message["places"].items() if name in desk.schema}
    notes = list(desk.layout.notes)
    for at, (x, y) in message.get("notes", {}).items():
        notes[int(at)] = replace(notes[int(at)], x=float(x), y=float(y))
    layout = replace(desk.layout, places={**desk.layout.places, **places}, notes=tuple(notes))
    what = next(iter(places), "a note") if len(places) <= 1 else f"{len(places)} cards"
    return _said(desk.perform((), layout, saying=f"move {what}"))


def _entity(desk: Desk, message: Message) -> str:
    changes = gestures.new_entity(desk.schema, str(message.get("name", "")))
    return _said(desk.perform(changes, _placed(desk, [changes[0].relation.name], message.get("at"))))


def _placed(desk: Desk, names: Sequence[str], at: Sequence[float] | None) -> Layout:
    if at is None:
        return desk.layout
    x, y = float(at[0]), float(at[1])
    new = {name: (x + 40.0 * turn, y + 40.0 * turn) for turn, name in enumerate(names)}
    return replace(desk.layout, places={**desk.layout.places, **new})


def _row(desk: Desk, message: Message) -> str:
    return _said(
        desk.perform(
            gestures.edited_row(desk.schema, message["relation"], str(message["attribute"]), str(message["text"]))
        )
    )


def _rename(desk: Desk, message: Message) -> str:
    name, to = str(message["name"]), str(message["to"]).strip()
    return _said(desk.perform([RenameRelation(name, to)])) if to and to != name else "nothing changed"


def _drop(desk: Desk, message: Message) -> str:
    names = [name for name in desk.schema.names if name in message["names"]]
    return _said(desk.perform(gestures.dropped(desk.schema, names), saying=f"drop {', '.join(names)}"))


def _connect(desk: Desk, message: Message) -> str:
    changes = gestures.connected(
        desk.schema,
        str(message["child"]),
        str(message["parent"]),
        attribute=str(message.get("attribute", "")),
        referenced=str(message.get("referenced", "")),
    )
    return _said(desk.perform(changes, saying=told(changes[-1])))


def _many(desk: Desk, message: Message) -> str:
    """Two cards related many to many: by a relation between them, or kept as a line."""
    one, other = str(message["one"]), str(message["other"])
    changes = gestures.many_to_many(desk.schema, one, other)
    (x, y), (u, v) = desk.layout.places[one], desk.layout.places[other]
    name = changes[0].relation.name
    layout = _placed(desk, [name], ((x + u) / 2, max(y, v) + 160))
    if message.get("kept"):
        layout = replace(layout, links=layout.links | {name})
    return _said(desk.perform(changes, layout))


def _link(desk: Desk, message: Message) -> str:
    """A relation that only joins two others, kept as a line or made a card again."""
    name, kept = str(message["relation"]), bool(message["kept"])
    desk.schema[name]
    links = desk.layout.links | {name} if kept else desk.layout.links - {name}
    layout = replace(desk.layout, links=links)
    if kept and name not in links_in(desk.schema, layout):
        raise DesignError(f"{name!r} does more than join two relations, so it cannot be a line")
    return _said(desk.perform((), layout, saying=f"show {name} as a {'line' if kept else 'relation'}"))


def _jot(desk: Desk, message: Message) -> str:
    """A note written, written again, or dropped (no text)."""
    text = str(message["text"]).strip()
    notes = list(desk.layout.notes)
    at = message.get("note")
    if at is None:
        if not text:
            raise DataError("a note needs words")
        x, y = message.get("at") or (0.0, 0.0)
        notes.append(Jotting(text, float(x), float(y)))
    elif text:
        notes[int(at)] = replace(notes[int(at)], text=text)
    else:
        del notes[int(at)]
    said = "write a note" if text else "drop a note"
    return _said(desk.perform((), replace(desk.layout, notes=tuple(notes)), saying=said))


def _reference(desk: Desk, message: Message) -> str:
    changes = gestures.reference_set(
        desk.schema,
        str(message["relation"]),
        int(message["at"]),
        optional=bool(message["optional"]),
        single=bool(message["single"]),
        identifying=bool(message["identifying"]),
        on_delete=str(message["onDelete"]),
    )
    return _said(desk.perform(changes))


def _rule(desk: Desk, message: Message) -> str:
    return _said(desk.perform(gestures.ruled(desk.schema, str(message["relation"]), str(message["text"]))))


def _unrule(desk: Desk, message: Message) -> str:
    """A rule dropped by its place among those of its kind."""
    relation, at = desk.schema[str(message["relation"])], int(message["at"])
    change: Change
    match message["what"]:
        case "key":
            change = DropKey(relation.name, relation.keys[at], at)
        case "check":
            change = DropCheck(relation.name, relation.checks[at], at)
        case "reference":
            change = DropForeignKey(relation.name, relation.foreign_keys[at], at)
        case what:
            raise DataError(f"a relation has no rules of the kind {what!r}")
    return _said(desk.perform([change]))


def _note(desk: Desk, message: Message) -> str:
    place = str(message.get("relation", "")), str(message.get("attribute", ""))
    return _said(desk.perform([SetNote(str(message["note"]), *place)]))


def _split(desk: Desk, message: Message) -> str:
    return _said(desk.perform(gestures.split_up(desk.schema, str(message["relation"]))))


def _paste(desk: Desk, message: Message) -> str:
    changes, losses = gestures.pasted(desk.schema, str(message["text"]))
    names = [change.relation.name for change in changes if isinstance(change, AddRelation)]
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    said = _said(desk.perform(changes, _placed(desk, names, message.get("at")), saying=f"paste {shown}"))
    left = "; ".join(f"{loss.subject}: {loss.feature}, {loss.instead}" for loss in losses[:3])
    more = f" and {len(losses) - 3} more" if len(losses) > 3 else ""
    return f"{said} — not taken over: {left}{more}" if losses else said


def _tidy(desk: Desk, message: Message) -> str:
    del message
    return _said(desk.perform((), replace(desk.layout, places=tidied(desk.schema, desk.layout)), saying="tidy"))


def _align(desk: Desk, message: Message) -> str:
    """Cards at one edge ("left", "top", "right", "bottom"), or with even gaps ("across", "down")."""
    names = [str(name) for name in message["names"] if name in desk.schema]
    if len(names) < 2:
        raise DataError("select two cards or more to align them")
    edge = str(message["edge"])
    axis = {"left": 0, "right": 0, "across": 0, "top": 1, "bottom": 1, "down": 1}[edge]
    views = desk.seen()["relations"]
    sizes = {name: views[name]["size"][axis] for name in names}
    starts = {name: desk.layout.places[name][axis] for name in names}
    match edge:
        case "left" | "top":
            found = dict.fromkeys(names, min(starts.values()))
        case "right" | "bottom":
            line = max(starts[name] + sizes[name] for name in names)
            found = {name: line - sizes[name] for name in names}
        case _:
            found = _even(starts, sizes)
    places = dict(desk.layout.places)
    for name, at in found.items():
        x, y = places[name]
        places[name] = (at, y) if axis == 0 else (x, at)
    return _said(desk.perform((), replace(desk.layout, places=places), saying=f"align {len(names)} cards"))


def _even(starts: Mapping[str, float], sizes: Mapping[str, float]) -> dict[str, float]:
    """The first and the last stay, those between get the same gap on both sides."""
    order = sorted(starts, key=starts.__getitem__)
    first, last = order[0], order[-1]
    room = starts[last] + sizes[last] - starts[first] - sum(sizes[name] for name in order)
    gap, at = room / (len(order) - 1), starts[first]
    found = {}
    for name in order:
        found[name] = float(round(at))
        at += sizes[name] + gap
    return found


def _area(desk: Desk, message: Message) -> str:
    """An area of the cards named, with a title and colour; no title takes them out of their areas."""
    names = tuple(str(name) for name in message["names"] if name in desk.schema)
    title = str(message.get("title", "")).strip()
    others = tuple(replace(a, relations=tuple(n for n in a.relations if n not in names)) for a in desk.layout.areas)
    areas = tuple(area for area in others if area.relations and area.title != title)
    if title:
        joined = next((area for area in others if area.title == title), Area(title, (), int(message.get("hue", 1))))
        areas = (*areas, Area(title, (*joined.relations, *names), int(message.get("hue", joined.hue))))
    return _said(desk.perform((), replace(desk.layout, areas=areas), saying=f"area {title}" if title else "no area"))


def _fold(desk: Desk, message: Message) -> str:
    names = frozenset(str(name) for name in message["names"])
    folded = desk.layout.folded | names if message["folded"] else desk.layout.folded - names
    return _said(
        desk.perform((), replace(desk.layout, folded=folded), saying="fold" if message["folded"] else "unfold")
    )


def _view(desk: Desk, message: Message) -> str:
    view = str(message["view"])
    if view not in VIEWS:
        raise DataError(f"there is no view {view!r}")
    return _said(desk.perform((), replace(desk.layout, view=view), saying=f"show the {view} view"))


def _undo(desk: Desk, message: Message) -> str:
    del message
    gesture = desk.undo()
    return f"undone: {gesture.told}" if gesture else "nothing to undo"


def _redo(desk: Desk, message: Message) -> str:
    del message
    gesture = desk.redo()
    return f"done again: {gesture.told}" if gesture else "nothing to do again"


_ACTIONS: dict[str, Callable[[Desk, Message], str]] = {
    "edit": _edit,
    "move": _move,
    "entity": _entity,
    "row": _row,
    "rename": _rename,
    "drop": _drop,
    "connect": _connect,
    "many": _many,
    "link": _link,
    "jot": _jot,
    "reference": _reference,
    "rule": _rule,
    "unrule": _unrule,
    "note": _note,
    "split": _split,
    "paste": _paste,
    "tidy": _tidy,
    "align": _align,
    "area": _area,
    "fold": _fold,
    "view": _view,
    "undo": _undo,
    "redo": _redo,
}

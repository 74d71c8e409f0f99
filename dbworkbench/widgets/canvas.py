"""The picture of a board: cards where a person put them, lines between their rows.

The browser draws the same lines from the same rules (web/src/geometry.ts); tests compare the two.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from dbworkbench.diagram.chen import joins_two, role_of
from dbworkbench.diagram.compose import card, reference, row_middle, size_of
from dbworkbench.diagram.frame import framed
from dbworkbench.diagram.metrics import clipped, printable, width, wrapped
from dbworkbench.diagram.notation import notation_of
from dbworkbench.diagram.picture import Box, Card, End, Label, Line, Mark, Panel, Picture, Point, Reference, Row
from dbworkbench.diagram.sheet import described
from dbworkbench.diagram.svg import svg
from dbworkbench.diagram.theme import MEASURES as M
from dbworkbench.diagram.theme import theme_of
from dbworkbench.schema.naming import noun
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.widgets.layout import Jotting, Layout

NOTE, NOTE_HUE = 220.0, 7  # the width of a note's text, and its colour
LINK_DROP = 7.0  # how far below the middle of a header a many-to-many line ends
BADGE = 56.0  # room in a card's header for the normal form
AREA = 24.0  # between an area's edge and its cards


def card_of(relation: Relation, layout: Layout, meant: Collection[str]) -> Card:
    """A relation as the board shows it: folded, or with as much as the view asks for; others refer to `meant`."""
    detail = "names" if layout.view == "conceptual" else "keys" if relation.name in layout.folded else "all"
    drawn = card(relation, detail=detail, referenced=meant)
    if layout.view == "logical":
        return replace(drawn, rows=tuple(replace(row, type="") for row in drawn.rows))
    return drawn


def meant_in(schema: Schema) -> dict[str, set[str]]:
    """The attributes of each relation that foreign keys refer to."""
    meant: dict[str, set[str]] = {name: set() for name in schema.names}
    for relation in schema:
        for key in relation.foreign_keys:
            meant[key.relation].update(key.referenced)
    return meant


def size_on_board(one: Card) -> tuple[float, float]:
    """The width and height of a card; its header has room for the normal form."""
    wide, high = size_of(one)
    return max(wide, round(width(one.title, M.title, bold=True) + 2 * M.pad + BADGE)), high


def box_of(relation: Relation, layout: Layout, meant: Collection[str]) -> Box:
    """A relation's card in its place, in the colour of its area."""
    hue = next((area.hue for area in layout.areas if relation.name in area.relations), 0)
    drawn = replace(card_of(relation, layout, meant), hue=hue)
    x, y = layout.places.get(relation.name, (0.0, 0.0))
    return Box(drawn, x, y, *size_on_board(drawn))


def route(child: Box, child_y: float, parent: Box, parent_y: float, lane: int) -> tuple[tuple[Point, ...], int, int]:
    """The corner points of a line from the child's row to the parent's, and which way is outward at each end.

    It leaves both cards towards each other where there is room between them, and turns just before the one on the
    right, since cards stand in columns by their left edges; else it leaves both on the right. `lane` keeps parallel
    lines apart.
    """
    here, there = child.y + child_y, parent.y + parent_y
    shift = (lane % 5 - 2) * M.lane / 2
    if child.card.relation != parent.card.relation and parent.x - (child.x + child.width) >= 2 * M.stub:
        one, other, ways = child.x + child.width, parent.x, (1, -1)
        middle = other - M.stub + shift
    elif child.card.relation != parent.card.relation and child.x - (parent.x + parent.width) >= 2 * M.stub:
        one, other, ways = child.x, parent.x + parent.width, (-1, 1)
        middle = one - M.stub + shift
    else:
        one, other, ways = child.x + child.width, parent.x + parent.width, (1, 1)
        middle = max(one, other) + M.stub + shift + M.lane
    if child.card.relation == parent.card.relation and abs(here - there) < 1:
        there += 9.0
    return ((one, here), (middle, here), (middle, there), (other, there)), *ways


def links_in(schema: Schema, layout: Layout) -> frozenset[str]:
    """The relations shown as a many-to-many line: those kept so, and in the conceptual view all that only join two."""
    wanted = frozenset(schema.names) if layout.view == "conceptual" else layout.links
    known = set(schema.names)
    referred = {key.relation for relation in schema for key in relation.foreign_keys if wanted}
    return frozenset(
        relation.name
        for relation in schema
        if relation.name in wanted and relation.name not in referred and joins_two(relation, known)
    )


def link_of(relation: Relation) -> Reference:
    """The line that stands for a relation which only joins two others: from header to header."""
    one, other = relation.foreign_keys
    many = Mark(0, many=True)
    return Reference(one.relation, ("",), other.relation, ("",), many, many, identifying=True, name=relation.name)


def label_of(key: ForeignKey, layout: Layout) -> str:
    """What the conceptual view writes at a reference: its role, where the name of what it refers to does not say it."""
    if layout.view != "conceptual":
        return ""
    role = role_of(key)
    alike = role.casefold().rstrip("s") in {
        key.relation.casefold().rstrip("s"),
        noun(key.relation).casefold().rstrip("s"),
    }
    return "" if alike else role


def label_at(points: Sequence[Point]) -> Point:
    """Where a line's name stands: beside the middle of its turn."""
    (_, _), (x, here), (_, there), (_, _) = points
    return (x + 6, (here + there) / 2) if abs(here - there) > 24 else (x + 6, min(here, there) - 9)


def jotted(note: Jotting) -> Card:
    """A note as a card."""
    lines = [
        line for part in note.text.splitlines() for line in wrapped(printable(part) or " ", M.size, NOTE, lines=40)
    ]
    return Card("\x00note", "Note", tuple(Row("", line) for line in lines), hue=NOTE_HUE)


def board_picture(schema: Schema, layout: Layout) -> Picture:
    """The board as a picture without colours, its upper left corner at the origin."""
    meant, links = meant_in(schema), links_in(schema, layout)
    boxes = {
        relation.name: box_of(relation, layout, meant[relation.name])
        for relation in schema
        if relation.name not in links
    }
    lines: list[Line] = []
    labels: list[Label] = []
    for relation in schema:
        drawn = (
            [(link_of(relation), relation.name)]
            if relation.name in links
            else [(reference(relation, key), label_of(key, layout)) for key in relation.foreign_keys]
        )
        for one, name in drawn:
            if one.child not in boxes or one.parent not in boxes:
                continue
            lines.append(_line(one, boxes, len(lines)))
            if name:
                labels.append(Label(clipped(printable(name), 11, 160), label_at(lines[-1].points)))
    panels = [
        _panel(area.title, area.hue, [boxes[name] for name in area.relations if name in boxes])
        for area in layout.areas
        if any(name in boxes for name in area.relations)
    ]
    notes = [Box(card, note.x, note.y, *size_of(card)) for note in layout.notes for card in [jotted(note)]]
    return _at_origin((*boxes.values(), *notes), tuple(lines), tuple(panels), tuple(labels))


def _line(one: Reference, boxes: Mapping[str, Box], lane: int) -> Line:
    child, parent = boxes[one.child], boxes[one.parent]
    here = sorted({row_middle(child.card, name) for name in one.attributes})
    there = sorted({row_middle(parent.card, name) for name in one.referenced})
    drop = LINK_DROP if one.attributes == ("",) else 0.0
    points, out, back = route(child, _middle(here) + drop, parent, _middle(there) + drop, lane)
    return Line(
        one,
        points,
        End(one.child, points[0], out, one.child_mark, tuple(child.y + y for y in here)),
        End(one.parent, points[-1], back, one.parent_mark, tuple(parent.y + y for y in there)),
    )


def board_svg(schema: Schema, layout: Layout, *, title: str = "", theme: str = "light", metadata: str = "") -> str:
    """The board as SVG that any page shows; `metadata` is kept in it for machines."""
    notation = notation_of("crow's foot")
    picture = framed(board_picture(schema, layout), title, notation)
    return svg(picture, notation, theme_of(theme), alt=told_picture(schema), metadata=metadata)


def told_picture(schema: Schema) -> str:
    """What the picture shows, in a sentence."""
    return described(schema.names, sum(len(relation.foreign_keys) for relation in schema))


def _middle(rows: Sequence[float]) -> float:
    return (rows[0] + rows[-1]) / 2


def _panel(title: str, hue: int, boxes: Sequence[Box]) -> Panel:
    left, top = min(box.x for box in boxes) - AREA, min(box.y for box in boxes) - AREA - 12
    right = max(box.x + box.width for box in boxes) + AREA
    low = max(box.y + box.height for box in boxes) + AREA
    return Panel(title, left, top, right - left, low - top, hue)


def _at_origin(
    boxes: tuple[Box, ...], lines: tuple[Line, ...], panels: tuple[Panel, ...], labels: tuple[Label, ...]
) -> Picture:
    xs = [box.x for box in boxes] + [x for line in lines for x, _ in line.points] + [panel.x for panel in panels]
    ys = (
        [box.y for box in boxes]
        + [label.at[1] - 8 for label in labels]
        + [y for line in lines for _, y in line.points]
        + [panel.y for panel in panels]
    )
    left, top = min(xs, default=0.0), min(ys, default=0.0)
    right = max(
        [box.x + box.width for box in boxes]
        + [label.at[0] + width(label.text, 11) for label in labels]
        + [x for line in lines for x, _ in line.points]
        + [p.x + p.width for p in panels],
        default=0.0,
    )
    low = max([box.y + box.height for box in boxes] + [panel.y + panel.height for panel in panels], default=0.0)

    def moved(end: End) -> End:
        return replace(end, at=(end.at[0] - left, end.at[1] - top), rows=tuple(y - top for y in end.rows))

    return Picture(
        right - left,
        low - top,
        tuple(replace(box, x=box.x - left, y=box.y - top) for box in boxes),
        tuple(
            replace(
                line,
                points=tuple((x - left, y - top) for x, y in line.points),
                child=moved(line.child),
                parent=moved(line.parent),
            )
            for line in lines
        ),
        labels=tuple(replace(label, at=(label.at[0] - left, label.at[1] - top)) for label in labels),
        panels=tuple(replace(panel, x=panel.x - left, y=panel.y - top) for panel in panels),
    )

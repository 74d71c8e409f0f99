"""Entity-relationship diagrams of schemas and relations."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from dbworkbench.diagram.compose import card, reference, row_middle, size_of
from dbworkbench.diagram.diagram import Diagram, Sheet
from dbworkbench.diagram.dot import dot
from dbworkbench.diagram.fitting import Link, Node
from dbworkbench.diagram.layout import columns
from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.notation import Notation, notation_of
from dbworkbench.diagram.outline import outline
from dbworkbench.diagram.packing import packed
from dbworkbench.diagram.picture import Box, Card, End, Label, Line, Picture, Point, Reference, Sample
from dbworkbench.diagram.router import Wire, draw
from dbworkbench.diagram.svg import sample_width, svg
from dbworkbench.diagram.theme import MEASURES as M
from dbworkbench.diagram.theme import Theme, theme_of
from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema

TRIES = 3000  # moves tried to fit a page


class Designed(Protocol):
    """Any value that holds a schema, such as a normalization."""

    @property
    def schema(self) -> Schema:
        """The design to draw."""


def erd(
    design: Schema | Relation | Designed,
    *,
    notation: str = "crow's foot",
    detail: str = "auto",
    theme: str | Theme = "light",
    title: str = "",
) -> Diagram:
    """The design drawn: every reference runs from its attributes' rows to the rows they refer to.

    `notation` is "crow's foot", "IDEF1X", "UML" or "min-max"; `detail` is "auto" (by size), "all" attributes, "some"
    (keys and a few), "keys" or "names". Raises DesignError where there is nothing to draw.
    """
    relations, name = _relations(design)
    chosen = _detail(detail, len(relations))
    look, colours = notation_of(notation), theme_of(theme)
    heading = title or name or (relations[0].name if len(relations) == 1 else "Schema")
    page = _sheet(relations, heading, chosen, look, colours)
    return Diagram(heading, (page,), dot(*_parts(relations, chosen), title=heading))


def _relations(design: Schema | Relation | Designed) -> tuple[tuple[Relation, ...], str]:
    if isinstance(design, Relation):
        return (design,), ""
    schema = design if isinstance(design, Schema) else design.schema
    if not schema.relations:
        raise DesignError("this schema has no relations, so there is nothing to draw — add one")
    return schema.relations, schema.name


def _detail(detail: str, tables: int) -> str:
    if detail == "auto":
        return "all" if tables <= 15 else "some" if tables <= 30 else "keys"
    if detail not in {"all", "some", "keys", "names"}:
        raise UnknownName("detail", detail, ["auto", "all", "some", "keys", "names"])
    return detail


def _parts(relations: Sequence[Relation], detail: str) -> tuple[tuple[Card, ...], tuple[Reference, ...]]:
    """The cards, and the references whose both ends are drawn."""
    drawn = {relation.name for relation in relations}
    meant: dict[str, set[str]] = {}
    for relation in relations:
        for foreign_key in relation.foreign_keys:
            meant.setdefault(foreign_key.relation, set()).update(foreign_key.referenced)
    cards = tuple(
        card(relation, detail=detail, drawn=drawn, referenced=meant.get(relation.name, ())) for relation in relations
    )
    wanted = tuple(
        reference(relation, foreign_key)
        for relation in relations
        for foreign_key in relation.foreign_keys
        if foreign_key.relation in drawn
    )
    return cards, wanted


def _sheet(relations: Sequence[Relation], title: str, detail: str, notation: Notation, theme: Theme) -> Sheet:
    cards, wanted = _parts(relations, detail)
    picture = framed(arranged(cards, wanted), title, notation)
    alt = described(cards, wanted)
    return Sheet(title, svg(picture, notation, theme, alt=alt), alt, outline(relations, title))


def described(cards: Sequence[Card], wanted: Sequence[Reference]) -> str:
    """What a diagram shows, in a sentence."""
    tables = f"{len(cards)} relation{'s' * (len(cards) != 1)}"
    links = f"{len(wanted)} reference{'s' * (len(wanted) != 1)}"
    names = [printable(card.relation) for card in cards[:12]]
    more = f" and {len(cards) - 12} more" if len(cards) > 12 else ""
    return f"Entity-relationship diagram of {tables} with {links}: {', '.join(names)}{more}."


def arranged(cards: Sequence[Card], wanted: Sequence[Reference], *, aspect: float = 1.4) -> Picture:
    """Cards and lines in their places, without frame: each connected part laid out by itself, then packed."""
    parts = [_placed(part, links, aspect) for part, links in _components(cards, wanted)]
    places, (wide, high) = packed([(part.width, part.height) for part in parts], aspect=aspect, gap=M.between * 1.6)
    boxes: list[Box] = []
    lines: list[Line] = []
    for part, (x, y) in zip(parts, places, strict=True):
        boxes += [moved_box(box, x, y) for box in part.boxes]
        lines += [moved_line(line, x, y) for line in part.lines]
    order = {card.relation: at for at, card in enumerate(cards)}
    boxes.sort(key=lambda box: order[box.card.relation])
    return Picture(wide, high, tuple(boxes), tuple(lines))


def _components(cards: Sequence[Card], wanted: Sequence[Reference]) -> list[tuple[list[Card], list[Reference]]]:
    home = {card.relation: card.relation for card in cards}

    def root(name: str) -> str:
        while home[name] != name:
            home[name] = home[home[name]]
            name = home[name]
        return name

    for one in wanted:
        home[root(one.child)] = root(one.parent)
    groups: dict[str, tuple[list[Card], list[Reference]]] = {}
    for one_card in cards:
        groups.setdefault(root(one_card.relation), ([], []))[0].append(one_card)
    for one in wanted:
        groups[root(one.child)][1].append(one)
    return list(groups.values())


def _placed(cards: Sequence[Card], wanted: Sequence[Reference], aspect: float) -> Picture:
    by_name = {one.relation: one for one in cards}
    sizes = {one.relation: size_of(one) for one in cards}
    rows = [(_rows(by_name[one.child], one.attributes), _rows(by_name[one.parent], one.referenced)) for one in wanted]
    nodes = [Node(one.relation, *sizes[one.relation]) for one in cards]
    links = [
        Link(one.parent, _middle(there), one.child, _middle(here))
        for one, (here, there) in zip(wanted, rows, strict=True)
    ]
    wires = [
        Wire(
            one.child, _middle(here), one.parent, _middle(there),
            (one.referenced, one.parent_mark, one.identifying, one.tone),
        )
        for one, (here, there) in zip(wanted, rows, strict=True)
    ]  # fmt: skip
    drawing = draw(columns(nodes, links, aspect=aspect, tries=TRIES), sizes, wires)
    boxes = tuple(
        Box(one, x, y, wide, sizes[one.relation][1]) for one in cards for x, y, wide in [drawing.places[one.relation]]
    )
    tops = {box.card.relation: box.y for box in boxes}
    lines = []
    for one, (here, there), route in zip(wanted, rows, drawing.routes, strict=True):
        points = route.points
        here_at = tuple(tops[one.child] + row for row in here)
        there_at = tuple(tops[one.parent] + row for row in there)
        child = End(one.child, points[0], route.child_outward, one.child_mark, here_at)
        parent = End(one.parent, points[-1], route.parent_outward, one.parent_mark, there_at)
        lines.append(Line(one, points, child, parent))
    return Picture(drawing.width, drawing.height, boxes, tuple(lines))


def _rows(one: Card, attributes: Iterable[str]) -> tuple[float, ...]:
    return tuple(sorted({row_middle(one, name) for name in attributes}))


def _middle(rows: Sequence[float]) -> float:
    return (rows[0] + rows[-1]) / 2


def moved_box(box: Box, x: float, y: float) -> Box:
    """The box, moved."""
    return Box(box.card, box.x + x, box.y + y, box.width, box.height)


def moved_line(line: Line, x: float, y: float) -> Line:
    """The line, moved."""
    points = tuple((px + x, py + y) for px, py in line.points)
    return Line(line.reference, points, _moved_end(line.child, x, y), _moved_end(line.parent, x, y))


def _moved_end(end: End, x: float, y: float) -> End:
    return End(end.relation, (end.at[0] + x, end.at[1] + y), end.outward, end.mark, tuple(row + y for row in end.rows))


def framed(picture: Picture, title: str, notation: Notation) -> Picture:
    """The picture with a title above, a legend of the signs in use below, and a margin around."""
    words = printable(title)
    heading = 34.0 if words else 0.0
    samples = _samples(picture, notation)
    room = max(picture.width, 420.0)
    places: list[Point] = []
    x = y = 0.0
    for sample in samples:
        wide = sample_width(sample) + width(sample.words, 10) + 18
        if x and x + wide > room:
            x, y = 0.0, y + 20
        places.append((x, y))
        x += wide
    right = max(
        (px + sample_width(s) + width(s.words, 10) for s, (px, _) in zip(samples, places, strict=True)), default=0.0
    )
    top = M.margin + heading
    low = top + picture.height + 34
    inner = max(picture.width, right, 60.0)
    shown = clipped(words, 16, max(inner, 300.0), bold=True)
    inner = max(inner, width(shown, 16, bold=True))
    legend = tuple(
        Sample(s.words, (M.margin + px, low + py), s.sign, s.mark, s.parent, s.identifying)
        for s, (px, py) in zip(samples, places, strict=True)
    )
    labels = tuple(
        Label(one.text, (one.at[0] + M.margin, one.at[1] + top), one.role, one.anchor, one.size)
        for one in picture.labels
    )
    head = (Label(shown, (M.margin, M.margin + 6), "title", size=16.0),) if words else ()
    return Picture(
        round(inner + 2 * M.margin),
        round(low + y + 10 + M.margin * 0.6) if samples else round(top + picture.height + M.margin),
        tuple(moved_box(box, M.margin, top) for box in picture.boxes),
        tuple(moved_line(line, M.margin, top) for line in picture.lines),
        (*head, *labels),
        picture.panels,
        words,
        legend,
    )


def _samples(picture: Picture, notation: Notation) -> list[Sample]:
    """What the legend explains: the marks and ends that occur."""
    marks = {mark for box in picture.boxes for row in box.card.rows for mark in row.marks}
    named = {"PK": "primary key", "FK": "foreign key", "U": "unique"}
    found = [Sample(words, (0, 0), mark) for mark, words in named.items() if mark in marks]
    if any(row.nullable for box in picture.boxes for row in box.card.rows):
        found.append(Sample("may be null", (0, 0), "null"))
    ends = {("child", line.child.mark) for line in picture.lines} | {
        ("parent", line.parent.mark) for line in picture.lines
    }
    for side, mark, words, identifying in notation.legend:
        if (side, mark) in ends:
            found.append(Sample(words, (0, 0), mark=mark, parent=side == "parent", identifying=identifying))
    if notation.dashed:
        kinds = {line.reference.identifying for line in picture.lines}
        found += [Sample("identifying", (0, 0), "solid")] if True in kinds else []
        found += [Sample("not identifying", (0, 0), "dashed")] if False in kinds else []
    return found

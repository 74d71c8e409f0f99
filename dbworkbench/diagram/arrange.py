"""Cards and references in their places: each connected part laid out by itself, the parts packed on a sheet."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dbworkbench.diagram.compose import row_middle, size_of
from dbworkbench.diagram.fitting import CHANNEL, FRAME, PAGE, Link, Node, kept
from dbworkbench.diagram.layout import columns
from dbworkbench.diagram.packing import packed
from dbworkbench.diagram.picture import Box, Card, End, Line, Picture, Reference
from dbworkbench.diagram.router import Wire, draw
from dbworkbench.diagram.theme import MEASURES as M

TRIES = 3000  # moves tried to fit a page
_MOST_WORK = 150_000  # moves times cards: what a very large sheet may cost


Sizes = Mapping[str, tuple[float, float]]


def sizes_of(cards: Sequence[Card]) -> Sizes:
    """The width and height of each card."""
    return {card.relation: size_of(card) for card in cards}


def crowding(found: Sizes) -> float:
    """How many times larger than a page a drawing of cards of these sizes would be, about: a guess without a layout."""
    sizes = found.values()
    area = sum((wide + CHANNEL) * (high + M.between) for wide, high in sizes) * 1.05
    tallest = max(high for _, high in sizes) + 2 * M.margin + 70
    return max(math.sqrt(area / (PAGE[0] * PAGE[1])), tallest / PAGE[1], max(wide for wide, _ in sizes) / PAGE[0])


@dataclass(frozen=True, slots=True)
class Effort:
    """What a layout may cost and should look like: its shape, the moves tried, and where cards stood before.

    With `own`, ends are marked with how often their own rows take part.
    """

    aspect: float = 1.4
    tries: int = TRIES
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    own: bool = False


USUAL = Effort()


def arranged(
    cards: Sequence[Card], wanted: Sequence[Reference], effort: Effort = USUAL, sizes: Sizes | None = None
) -> Picture:
    """Cards and lines in their places, without frame; `sizes` where they are known."""
    sizes = sizes or sizes_of(cards)
    components = _components(cards, wanted)
    needs = [
        sum([(sizes[card.relation][0] + CHANNEL) * (sizes[card.relation][1] + M.between) for card in part])
        for part, _ in components
    ]
    whole = sum(needs)
    parts = [
        _placed(part, links, effort, sizes, (whole - need) / PAGE[0] if need * 2 > whole else 0.0)
        for need, (part, links) in zip(needs, components, strict=True)
    ]
    places, (wide, high) = packed(
        [(part.width, part.height) for part in parts], aspect=effort.aspect, gap=M.between * 1.6, excess=_excess
    )
    boxes: list[Box] = []
    lines: list[Line] = []
    for part, (x, y) in zip(parts, places, strict=True):
        boxes += [moved_box(box, x, y) for box in part.boxes]
        lines += [moved_line(line, x, y) for line in part.lines]
    order = {card.relation: at for at, card in enumerate(cards)}
    boxes.sort(key=lambda box: order[box.card.relation])
    return Picture(wide, high, tuple(boxes), tuple(lines))


def _excess(size: tuple[float, float]) -> float:
    """How many times larger than a page a drawing of this size is; those that fit are alike."""
    return max((size[0] + FRAME[0]) / PAGE[0], (size[1] + FRAME[1]) / PAGE[1], 1.0)


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


def _placed(cards: Sequence[Card], wanted: Sequence[Reference], effort: Effort, sizes: Sizes, aside: float) -> Picture:
    by_name = {one.relation: one for one in cards}
    rows = [(_rows(by_name[one.child], one.attributes), _rows(by_name[one.parent], one.referenced)) for one in wanted]
    nodes = [Node(one.relation, *sizes[one.relation]) for one in cards]
    links = [
        Link(one.parent, _middle(there), one.child, _middle(here))
        for one, (here, there) in zip(wanted, rows, strict=True)
    ]
    wires = [
        Wire(
            one.child, _middle(here), one.parent, _middle(there),
            _bundle(one, effort),
        )
        for one, (here, there) in zip(wanted, rows, strict=True)
    ]  # fmt: skip
    stand = kept(nodes, links, effort.places) if effort.places else None
    tries = min(effort.tries, _MOST_WORK // len(nodes))
    stand = stand or columns(nodes, links, aspect=effort.aspect, tries=tries, aside=aside)
    drawing = draw(stand, sizes, wires)
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


def _bundle(one: Reference, effort: Effort) -> tuple[object, ...]:
    """Lines share their way to a row where they look alike there."""
    if effort.own:
        return (one.referenced, one.child_mark, one.tone)
    return (one.referenced, one.parent_mark, one.identifying, one.tone)


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

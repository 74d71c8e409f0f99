"""Where cards stand that nobody has placed: few as a diagram is arranged, many in quick columns, new ones beside the rest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dbworkbench.diagram.arrange import Effort, arranged
from dbworkbench.diagram.fitting import Columns, Link, Node
from dbworkbench.diagram.layout import columns, grid
from dbworkbench.diagram.packing import packed
from dbworkbench.diagram.sheet import parts
from dbworkbench.schema.schema import Schema
from dbworkbench.widgets.canvas import card_of, meant_in, size_on_board
from dbworkbench.widgets.layout import NEW, Layout, Place

FEW = 150  # cards that are arranged with care
_RANKED = 700  # cards of one connected part that are put in order of their references
_STEP, _ASIDE, _BELOW, _APART = 30.0, 90.0, 26.0, 80.0


def completed(layout: Layout, schema: Schema) -> Layout:
    """The layout with a place for every relation of the schema, and with none for any other.

    Where nothing has a place, all are arranged; a new card stands right of the others.
    """
    names = set(schema.names)
    places = {name: place for name, place in layout.places.items() if name in names}
    if not places and schema.relations:
        places = tidied(schema, layout)
    for at, name in enumerate(name for name in schema.names if name not in places):
        places[name] = _free(places, at)
    kept = tuple(
        replace(area, relations=tuple(name for name in area.relations if name in names)) for area in layout.areas
    )
    return replace(
        layout,
        places=places,
        areas=tuple(area for area in kept if area.relations),
        folded=layout.folded & names,
        links=layout.links & names,
    )


def _free(places: Mapping[str, Place], at: int) -> Place:
    """A place beside the others for a card that nobody has placed."""
    if not places:
        return (0.0, 0.0)
    right = max(x for x, _ in places.values())
    top = min(y for _, y in places.values())
    return (right + NEW, top + at * _STEP)


def tidied(schema: Schema, layout: Layout) -> dict[str, Place]:
    """A place for every relation: as the diagrams of this package arrange them, and beyond FEW in quick columns."""
    if not schema.relations:
        return {}
    if len(schema) > FEW:
        return _in_columns(schema, layout)
    picture = arranged(*parts(schema.relations, "all"), Effort(tries=300))
    return {box.card.relation: (round(box.x * 1.1), round(box.y * 1.05)) for box in picture.boxes}


def _in_columns(schema: Schema, layout: Layout) -> dict[str, Place]:
    """Each connected part in columns by its references, the parts packed; cards without references in a grid of their own."""
    meant = meant_in(schema)
    nodes = [Node(one.name, *size_on_board(card_of(one, layout, meant[one.name]))) for one in schema]
    links = [
        Link(key.relation, 0.0, one.name, 0.0) for one in schema for key in one.foreign_keys if key.relation != one.name
    ]
    placed = [_stood(_ordered(part, held), part) for part, held in _connected(nodes, links)]
    corners, _ = packed([size for _, size in placed], gap=_APART)
    return {
        name: (round(x + left), round(y + top))
        for (places, _), (left, top) in zip(placed, corners, strict=True)
        for name, (x, y) in places.items()
    }


def _ordered(part: Sequence[Node], links: Sequence[Link]) -> Columns:
    return columns(part, links) if links and len(part) <= _RANKED else grid(part)


def _connected(nodes: Sequence[Node], links: Sequence[Link]) -> Iterator[tuple[list[Node], list[Link]]]:
    """The parts that references connect; all cards without any are one part."""
    home = {node.name: node.name for node in nodes}

    def root(name: str) -> str:
        while home[name] != name:
            home[name] = home[home[name]]
            name = home[name]
        return name

    for link in links:
        home[root(link.child)] = root(link.parent)
    linked = {name for link in links for name in (link.child, link.parent)}
    groups: dict[str, tuple[list[Node], list[Link]]] = {}
    for node in nodes:
        groups.setdefault(root(node.name) if node.name in linked else "", ([], []))[0].append(node)
    for link in links:
        groups[root(link.child)][1].append(link)
    yield from groups.values()


def _stood(stacks: Columns, part: Sequence[Node]) -> tuple[dict[str, Place], tuple[float, float]]:
    """Cards in columns, each as near to its wished height as the one above allows; and the room they take."""
    sizes = {node.name: (node.width, node.height) for node in part}
    places: dict[str, Place] = {}
    x = low = 0.0
    for stack in stacks:
        y = 0.0
        for name, middle in sorted(stack, key=lambda one: one[1]):
            y = max(y, middle - sizes[name][1] / 2)
            places[name] = (x, y)
            y += sizes[name][1] + _BELOW
        low = max(low, y - _BELOW)
        x += max((sizes[name][0] for name, _ in stack), default=0.0) + _ASIDE
    top = min(y for _, y in places.values())
    return {name: (left, y - top) for name, (left, y) in places.items()}, (x - _ASIDE, low - top)

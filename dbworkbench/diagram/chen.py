"""Sketches in Chen's notation: entities as boxes, relationships as diamonds, attributes as ovals around them.

Every entity and relationship is a block with its attributes above and below it; what takes part in what is drawn by
the same router as references, so no line runs through anything.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import graphviz

from dbworkbench.diagram.diagram import Diagram, Sheet
from dbworkbench.diagram.fitting import CHANNEL, PAGE, Link, Node
from dbworkbench.diagram.kept import model
from dbworkbench.diagram.layout import columns
from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.packing import packed
from dbworkbench.diagram.picture import Point
from dbworkbench.diagram.portions import portions
from dbworkbench.diagram.router import Route, Wire, draw
from dbworkbench.diagram.sheet import READABLE
from dbworkbench.diagram.svg import element, frame, identity, number, path, text
from dbworkbench.diagram.theme import LIGHT, Theme, theme_of
from dbworkbench.diagram.theme import MEASURES as M
from dbworkbench.errors import DesignError
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.sketch import Cardinality, Entity, Participant, Relationship, Sketch, Trait

_OVAL, _BOX, _DIAMOND, _ISA = 27.0, 38.0, 54.0, 40.0  # heights
_RISE, _GAP = 26.0, 10.0  # from ovals to their owner; between ovals
_NAME_ROOM = 200.0
_OVALS = 9  # attributes around an entity on one page of several


@dataclass(frozen=True, slots=True)
class _Tile:
    """An attribute with its parts, before it has a place: the room both need."""

    trait: Trait
    partial: bool
    oval: float
    wide: float
    high: float
    parts: tuple["_Tile", ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """An entity, a relationship or an ISA triangle, with its attributes above and below."""

    identity: str
    kind: str  # "entity", "relationship" or "isa"
    name: str
    double: bool
    core: tuple[float, float]
    above: tuple[_Tile, ...]
    below: tuple[_Tile, ...]

    @property
    def wide(self) -> float:
        rows = [sum(tile.wide for tile in row) + _GAP * (len(row) - 1) for row in (self.above, self.below)]
        return max(self.core[0], *rows)

    @property
    def rise(self) -> float:
        """The room above the core."""
        return max((tile.high for tile in self.above), default=0.0) + (_RISE if self.above else 0)

    @property
    def high(self) -> float:
        low = max((tile.high for tile in self.below), default=0.0) + (_RISE if self.below else 0)
        return self.rise + self.core[1] + low

    @property
    def middle(self) -> float:
        """The height of the core's middle below the block's top."""
        return self.rise + self.core[1] / 2


@dataclass(frozen=True, slots=True)
class _Bond:
    """A line between a relationship or triangle and an entity."""

    centre: str
    entity: str
    label: str
    double: bool


def chen(
    sketch: Sketch, *, theme: str | Theme = "light", title: str = "", detail: str = "auto", metadata: str = ""
) -> Diagram:
    """The sketch drawn as Chen did; raises DesignError where it has no entities.

    `metadata` is kept in the picture for machines: the sketch itself, unless another design is given.

    Double lines: every one takes part; double shapes: weak entities and what identifies them; double ovals: several
    values; dashed ovals: derived; underlined: key, dashed underline: partial key. A sketch that is too large for a page
    is drawn without attributes first, then in portions with them; `detail` "names" and "all" keep it on one sheet.
    """
    if not sketch.entities:
        raise DesignError("this sketch has no entities, so there is nothing to draw — add one")
    look = theme_of(theme)
    heading = title or sketch.name or "Sketch"
    kept = metadata or model(sketch)
    blocks, bonds = _blocks(sketch, attributes=detail != "names")
    graph = _dot(blocks, bonds, heading)
    if detail in {"names", "all"} or _fits(sketch):
        return Diagram(heading, (_sheet(blocks, bonds, sketch, heading, look, kept),), graph=graph)
    sheets = [_sheet(*_blocks(sketch, attributes=False), sketch, heading, look, kept)]
    if _scale(sheets[0]) > READABLE:
        sheets.clear()
    for part in portions(_few(sketch), _fits):
        drawn = _sheet(*_blocks(part, attributes=True), part, f"{heading} — {part.name}", look, "" if sheets else kept)
        told = "" if sheets else _outline(sketch, heading)  # the first page tells all
        sheets.append(replace(drawn, title=part.name, outline=told))
    return Diagram(heading, tuple(sheets), graph=graph)


def _scale(sheet: Sheet) -> float:
    """How many times larger than a page a sheet is."""
    drawn = re.search(r'width="(\d+)" height="(\d+)"', sheet.svg)
    return max(int(drawn[1]) / PAGE[0], int(drawn[2]) / PAGE[1]) if drawn else 0.0


def _fits(sketch: Sketch) -> bool:
    """Whether a sketch with its attributes is readable on one page; drawn to know it, unless it is far too large."""
    blocks, bonds = _blocks(sketch, attributes=True)
    area = sum((block.wide + CHANNEL) * (block.high + M.between) for block in blocks.values())
    if area > PAGE[0] * PAGE[1] * READABLE**2:
        return False
    return _scale(_sheet(blocks, bonds, sketch, "", LIGHT, "")) <= READABLE


def _few(sketch: Sketch) -> Sketch:
    """The sketch with at most so many attributes to an entity as stand well around it, keys first; an oval tells the rest."""

    def some(traits: tuple[Trait, ...]) -> tuple[Trait, ...]:
        if len(traits) <= _OVALS:
            return traits
        chosen = [*(trait for trait in traits if trait.key), *(trait for trait in traits if not trait.key)][
            : _OVALS - 1
        ]
        return (*(trait for trait in traits if trait in chosen), Trait(f"… {len(traits) - _OVALS + 1} more"))

    entities = tuple(replace(entity, attributes=some(entity.attributes)) for entity in sketch.entities)
    return replace(sketch, entities=entities)


def sketch_of(relations: Sequence[Relation], name: str = "") -> Sketch:
    """Relations seen as a sketch: references become relationships, a relation that only joins two others becomes one.

    References to relations that are not there are left out.
    """
    known = {relation.name for relation in relations}
    referred = {foreign_key.relation for relation in relations for foreign_key in relation.foreign_keys}
    joins = {relation.name for relation in relations if joins_two(relation, known) and relation.name not in referred}
    entities, relationships = [], []
    for relation in relations:
        referring = {a for foreign_key in relation.foreign_keys for a in foreign_key.attributes}
        key = set(relation.primary_key) if relation.keys else set()
        own = tuple(Trait(a.name, key=a.name in key) for a in relation.attributes if a.name not in referring)
        if relation.name in joins:
            sides = tuple(Participant(foreign_key.relation) for foreign_key in relation.foreign_keys)
            relationships.append(Relationship(relation.name, sides, own))
            continue
        owned = [set(foreign_key.attributes) <= key for foreign_key in relation.foreign_keys]
        entities.append(Entity(relation.name, own, weak=any(owned)))
        relationships += [
            _relationship(relation, foreign_key, identifying=owns)
            for foreign_key, owns in zip(relation.foreign_keys, owned, strict=True)
            if foreign_key.relation in known
        ]
    return Sketch(tuple(entities), tuple(relationships), name=name)


def _relationship(relation: Relation, foreign_key: ForeignKey, *, identifying: bool) -> Relationship:
    names = foreign_key.attributes
    least = 0 if any(relation[name].nullable for name in names) else 1
    once = any(set(key.attributes) <= set(names) for key in relation.keys)
    child = Participant(relation.name, Cardinality(least, 1))
    parent = Participant(foreign_key.relation, Cardinality(0, 1 if once else None))
    return Relationship(role_of(foreign_key), (child, parent), identifying=identifying)


def role_of(foreign_key: ForeignKey) -> str:
    """What a reference is called: its attribute without "id", as in manager of manager_id."""
    return re.sub(r"_?id$", "", foreign_key.attributes[0], flags=re.IGNORECASE) or foreign_key.relation


def joins_two(relation: Relation, known: Collection[str]) -> bool:
    """Whether a relation is nothing but a many-to-many relationship."""
    targets = [foreign_key.relation for foreign_key in relation.foreign_keys]
    if len(targets) != 2 or not relation.keys or relation.name in targets or not set(targets) <= set(known):
        return False
    both = {a for foreign_key in relation.foreign_keys for a in foreign_key.attributes}
    return set(relation.keys[0].attributes) == both


def _blocks(sketch: Sketch, *, attributes: bool) -> tuple[dict[str, _Block], list[_Bond]]:
    blocks: dict[str, _Block] = {}
    bonds: list[_Bond] = []
    degrees = Counter(side.entity for relationship in sketch.relationships for side in relationship.participants)
    degrees.update(name for one in sketch.generalizations for name in (one.general, *one.special))
    for entity in sketch.entities:
        traits = entity.attributes if attributes else ()
        core = (max(84.0, _words(entity.name, bold=True) + 30), max(_BOX, 15.0 * degrees[entity.name] - 4))
        here = f"e:{entity.name}"
        tiles = [_tile(trait, partial=entity.weak) for trait in traits]
        blocks[here] = _block((here, "entity", entity.name), core, tiles, double=entity.weak)
    for at, relationship in enumerate(sketch.relationships):
        here = f"r:{at}"
        traits = relationship.attributes if attributes else ()
        core = (_words(relationship.name) * 1.45 + 44, _DIAMOND)
        tiles = [_tile(trait, partial=False) for trait in traits]
        blocks[here] = _block((here, "relationship", relationship.name), core, tiles, double=relationship.identifying)
        for participant in relationship.participants:
            label = _label(relationship, participant)
            bonds.append(_Bond(here, f"e:{participant.entity}", label, participant.cardinality.total))
    for at, generalization in enumerate(sketch.generalizations):
        here = f"g:{at}"
        kind = "d" if generalization.disjoint else "o"
        blocks[here] = _block((here, "isa", "ISA"), (58.0, _ISA), [], double=False)
        bonds.append(_Bond(here, f"e:{generalization.general}", kind, generalization.total))
        bonds += [_Bond(here, f"e:{special}", "", double=False) for special in generalization.special]
    return blocks, bonds


def _label(relationship: Relationship, participant: Participant) -> str:
    """Chen writes beside an entity how many of it go with one of the other; beyond two, how often it takes part."""
    others = [other for other in relationship.participants if other is not participant]
    most = others[0].cardinality.most if len(others) == 1 else participant.cardinality.most
    letter = "N" if most is None else str(most)
    return f"{letter} {participant.role}".strip()


def _block(said: tuple[str, str, str], core: tuple[float, float], tiles: Sequence[_Tile], *, double: bool) -> _Block:
    """Attributes above; where they are many, half of them below."""
    here, kind, name = said
    total = sum(tile.wide for tile in tiles)
    split = len(tiles) if len(tiles) <= 3 and total < 300 else math.ceil(len(tiles) / 2)
    shown = clipped(printable(name), M.title, _NAME_ROOM, bold=kind == "entity")
    return _Block(here, kind, shown, double, core, tuple(tiles[:split]), tuple(tiles[split:]))


def _words(name: str, *, bold: bool = False) -> float:
    size = M.title if bold else M.size
    return width(clipped(printable(name), size, _NAME_ROOM, bold=bold), size, bold=bold)


def _tile(trait: Trait, partial: bool) -> _Tile:  # noqa: FBT001  private
    parts = tuple(_tile(part, partial=False) for part in trait.parts)
    oval = round(_words(trait.name) * 1.12 + 26)
    inner = sum(part.wide for part in parts) + _GAP * (len(parts) - 1) if parts else 0.0
    high = _OVAL + (max(part.high for part in parts) + _RISE * 0.7 if parts else 0.0)
    return _Tile(trait, partial and trait.key, oval, max(oval, inner), high, parts)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A connected part of the drawing: blocks by their upper left corners, and a route for each bond."""

    places: dict[str, Point]
    routes: tuple[tuple[_Bond, Route], ...]
    width: float
    height: float


def _placed(blocks: dict[str, _Block], bonds: Sequence[_Bond]) -> list[_Placed]:
    home = {name: name for name in blocks}

    def root(name: str) -> str:
        while home[name] != name:
            name = home[name]
        return name

    for bond in bonds:
        home[root(bond.centre)] = root(bond.entity)
    groups: dict[str, list[str]] = {}
    for name in blocks:
        groups.setdefault(root(name), []).append(name)
    parts = []
    for members in groups.values():
        inner = [bond for bond in bonds if bond.entity in members]
        nodes = [Node(name, blocks[name].wide, blocks[name].high) for name in members]
        first = {bond.centre: bond.entity for bond in reversed(inner)}
        links, wires = [], []
        for at, bond in enumerate(inner):
            centre, entity = bond.centre, bond.entity
            heights = {name: blocks[name].middle for name in (centre, entity)}
            wires.append(Wire(entity, heights[entity], centre, heights[centre], at))
            left, right = (entity, centre) if first[centre] == entity else (centre, entity)
            links.append(Link(left, heights[left], right, heights[right]))
        places = columns(nodes, links, aspect=1.5, tries=2500, stacking=420)
        reach = {name: blocks[name].core[1] - (14 if blocks[name].kind == "entity" else 28) for name in members}
        sizes = {name: (blocks[name].wide, blocks[name].high) for name in members}
        drawing = draw(places, sizes, wires, reach=reach)
        corners = {name: (x + (wide - blocks[name].wide) / 2, y) for name, (x, y, wide) in drawing.places.items()}
        parts.append(_Placed(corners, tuple(zip(inner, drawing.routes, strict=True)), drawing.width, drawing.height))
    return parts


def _sheet(  # noqa: PLR0917  everything that stands on the sheet
    blocks: dict[str, _Block], bonds: Sequence[_Bond], sketch: Sketch, title: str, theme: Theme, metadata: str
) -> Sheet:
    parts = _placed(blocks, bonds)
    places, (wide, high) = packed([(part.width, part.height) for part in parts], aspect=1.5, gap=44)
    top = M.margin + 34
    lines, shapes = [], []
    for part, (x, y) in zip(parts, places, strict=True):
        at = (x + M.margin, y + top)
        corners = {name: (px + at[0], py + at[1]) for name, (px, py) in part.places.items()}
        for bond, route in part.routes:
            lines.append(_bond(bond, route, at, blocks, corners, theme))
        shapes += [_drawn(blocks[name], corner, theme) for name, corner in corners.items()]
    inner = max(wide, width(printable(title), 16, bold=True), 200.0)
    total = (round(inner + 2 * M.margin), round(top + high + M.margin))
    entities, links = len(sketch.entities), len(sketch.relationships)
    counts = f"{entities} {'entity' if entities == 1 else 'entities'} and {links} relationship{'s' * (links != 1)}"
    alt = f"Chen diagram of {counts}: {', '.join(printable(entity.name) for entity in sketch.entities[:12])}."
    heading = text(printable(title), M.margin, M.margin + 6, size=16.0, fill=theme.text, font_weight="bold")
    drawing = frame(title, total, (heading, *lines, *shapes), theme, alt=alt, metadata=metadata)
    return Sheet(title, drawing, alt, _outline(sketch, title))


def _bond(  # noqa: PLR0917  a line needs both its ends
    bond: _Bond, route: Route, at: Point, blocks: dict[str, _Block], corners: dict[str, Point], theme: Theme
) -> str:
    """The line, led on through the free band beside each core to the core's edge."""
    points = [(x + at[0], y + at[1]) for x, y in route.points]
    entity, centre = blocks[bond.entity], blocks[bond.centre]
    near = _edge(entity, corners[bond.entity], points[0], route.child_outward)
    far = _edge(centre, corners[bond.centre], points[-1], route.parent_outward)
    way = path([near, *points[1:-1], far])
    drawn = [element("path", d=way, stroke=theme.line, stroke_width=4.2 if bond.double else 1.4)]
    if bond.double:
        drawn.append(element("path", d=way, stroke=theme.paper, stroke_width=1.6))
    if bond.label:
        end, out = (far, route.parent_outward) if centre.kind == "isa" else (near, route.child_outward)
        words = clipped(printable(bond.label), 11, 120)
        anchor = None if out > 0 else "end"
        drawn.append(
            text(words, end[0] + out * 6, end[1] - 7.5, size=10.5, fill=theme.text, stroke="none", text_anchor=anchor)
        )
    return element("g", *drawn, fill="none")


def _edge(block: _Block, corner: Point, end: Point, outward: int) -> Point:
    """Where a line that comes in at a height meets the core of a block."""
    middle_x = corner[0] + block.wide / 2
    half = block.core[0] / 2
    off = abs(end[1] - corner[1] - block.middle)
    if block.kind == "relationship":
        half *= max(0.0, 1 - off / (block.core[1] / 2))
    if block.kind == "isa":
        half *= min(1.0, max(0.0, 0.5 + (end[1] - corner[1] - block.middle) / block.core[1]))
    return middle_x + outward * half, end[1]


def _drawn(block: _Block, corner: Point, theme: Theme) -> str:
    x, y = corner[0] + block.wide / 2, corner[1] + block.middle
    wide, high = block.core
    parts = _crown(block, corner, theme)
    hue = theme.headers[0]
    match block.kind:
        case "entity":
            parts.append(element("rect", x=x - wide / 2, y=y - high / 2, width=wide, height=high, rx=3, fill=hue))
            if block.double:
                inner = {"x": x - wide / 2 + 4, "y": y - high / 2 + 4, "width": wide - 8, "height": high - 8}
                parts.append(element("rect", **inner, rx=2, fill="none", stroke=theme.header_text))
            ink, bold = theme.header_text, "bold"
        case "relationship":
            hue = theme.headers[1]
            parts.append(element("path", d=_rhomb(x, y, wide, high), fill=theme.card, stroke=hue, stroke_width=1.8))
            if block.double:
                parts.append(element("path", d=_rhomb(x, y, wide - 16, high - 9), fill="none", stroke=hue))
            ink, bold = theme.text, ""
        case _:
            shape = f"M{number(x)} {number(y - high / 2)}L{number(x + wide / 2)} {number(y + high / 2)}H{number(x - wide / 2)}z"
            parts.append(element("path", d=shape, fill=theme.card, stroke=theme.headers[3], stroke_width=1.8))
            parts.append(text(block.name, x, y + 8, size=11.0, fill=theme.text, text_anchor="middle"))
            return element("g", *parts, id=identity("isa", block.identity))
    size = M.title if block.kind == "entity" else M.size
    parts.append(text(block.name, x, y, size=size, fill=ink, font_weight=bold or None, text_anchor="middle"))
    return element("g", *parts, id=identity(block.kind, block.identity))


def _rhomb(x: float, y: float, wide: float, high: float) -> str:
    corners = ((x - wide / 2, y), (x, y - high / 2), (x + wide / 2, y), (x, y + high / 2))
    return "M" + "L".join(f"{number(a)} {number(b)}" for a, b in corners) + "z"


def _crown(block: _Block, corner: Point, theme: Theme) -> list[str]:
    """The attributes of a block with the lines to its core."""
    drawn: list[str] = []
    middle = corner[0] + block.wide / 2
    for tiles, way in ((block.above, -1), (block.below, 1)):
        left = middle - (sum(tile.wide for tile in tiles) + _GAP * (len(tiles) - 1)) / 2
        core_y = corner[1] + block.middle + way * block.core[1] / 2
        for at, tile in enumerate(tiles):
            x = left + tile.wide / 2
            y = core_y + way * (_RISE + _OVAL / 2)
            share = (at + 1) / (len(tiles) + 1) - 0.5
            foot = middle + share * block.core[0] * 0.9
            foot_y = core_y
            if block.kind == "relationship":
                foot_y = core_y - way * abs(share) * 0.9 * block.core[1]
            drawn += _oval(tile, (x, y), (foot, foot_y), way, theme)
            left += tile.wide + _GAP
    return drawn


def _oval(tile: _Tile, at: Point, foot: Point, way: int, theme: Theme) -> list[str]:
    x, y = at
    trait = tile.trait
    ends = f"M{number(x)} {number(y - way * _OVAL / 2)}L{number(foot[0])} {number(foot[1])}"
    drawn = [element("path", d=ends, stroke=theme.border, stroke_width=1.2, fill="none")]
    left = x - (sum(part.wide for part in tile.parts) + _GAP * (len(tile.parts) - 1)) / 2
    for part in tile.parts:
        place = (left + part.wide / 2, y + way * (_OVAL + _RISE * 0.7))
        drawn += _oval(part, place, (x, y + way * _OVAL / 2), way, theme)
        left += part.wide + _GAP
    oval = {"fill": theme.card, "stroke": theme.border, "stroke_width": 1.3}
    dash = "4 3" if trait.derived else None
    drawn.append(element("ellipse", cx=x, cy=y, rx=tile.oval / 2, ry=_OVAL / 2, stroke_dasharray=dash, **oval))
    if trait.multivalued:
        drawn.append(
            element("ellipse", cx=x, cy=y, rx=tile.oval / 2 - 3.5, ry=_OVAL / 2 - 3, fill="none", stroke=theme.border)
        )
    words = clipped(printable(trait.name), M.size, _NAME_ROOM)
    underline = "underline" if trait.key and not tile.partial else None
    drawn.append(text(words, x, y, size=M.size, fill=theme.text, text_anchor="middle", text_decoration=underline))
    if tile.partial:
        half = width(words, M.size) * 0.45
        line = f"M{number(x - half)} {number(y + 7)}H{number(x + half)}"
        drawn.append(element("path", d=line, stroke=theme.text, stroke_dasharray="3 2", fill="none"))
    return drawn


def _outline(sketch: Sketch, title: str) -> str:
    lines = [printable(title)]
    for entity in sketch.entities:
        lines.append(f"  {'weak entity' if entity.weak else 'entity'} {printable(entity.name)}")
        lines += [f"    {line}" for trait in entity.attributes for line in _traits(trait)]
    for relationship in sketch.relationships:
        kind = "identifying relationship" if relationship.identifying else "relationship"
        sides = ", ".join(
            f"{printable(side.entity)} {side.cardinality}{f' as {printable(side.role)}' if side.role else ''}"
            for side in relationship.participants
        )
        lines.append(f"  {kind} {printable(relationship.name)}: {sides}")
        lines += [f"    {line}" for trait in relationship.attributes for line in _traits(trait)]
    for generalization in sketch.generalizations:
        words = [
            "disjoint" if generalization.disjoint else "overlapping",
            "total" if generalization.total else "partial",
        ]
        special = ", ".join(printable(name) for name in generalization.special)
        lines.append(f"  {printable(generalization.general)} is one of ({', '.join(words)}): {special}")
    return "\n".join(lines)


def _traits(trait: Trait) -> list[str]:
    kinds = (("key", trait.key), ("several values", trait.multivalued), ("derived", trait.derived))
    words = [word for word, there in kinds if there]
    said = printable(trait.name) + (f" ({', '.join(words)})" if words else "")
    return [said, *(f"  {line}" for part in trait.parts for line in _traits(part))]


def _dot(blocks: dict[str, _Block], bonds: Sequence[_Bond], title: str) -> str:
    graph = graphviz.Graph(
        graph_attr={"layout": "neato", "overlap": "false", "label": graphviz.escape(printable(title)), "labelloc": "t"},
        node_attr={"fontname": "Helvetica", "fontsize": "11"},
        edge_attr={"fontname": "Helvetica", "fontsize": "10", "len": "1.6"},
    )
    shapes = {"entity": "box", "relationship": "diamond", "isa": "triangle"}
    ids = {name: f"b{at}" for at, name in enumerate(blocks)}
    for name, block in blocks.items():
        graph.node(
            ids[name],
            label=graphviz.escape(block.name),
            shape=shapes[block.kind],
            peripheries="2" if block.double else "1",
        )
        for at, tile in enumerate((*block.above, *block.below)):
            style = "dashed" if tile.trait.derived else "solid"
            rings = "2" if tile.trait.multivalued else "1"
            own = f"{ids[name]}a{at}"
            label = graphviz.escape(printable(tile.trait.name))
            graph.node(own, label=label, shape="ellipse", style=style, peripheries=rings)
            graph.edge(ids[name], own, len="1")
            for number_, part in enumerate(tile.parts):
                graph.node(f"{own}p{number_}", label=graphviz.escape(printable(part.trait.name)), shape="ellipse")
                graph.edge(own, f"{own}p{number_}", len="1")
    for bond in bonds:
        color = "black:invis:black" if bond.double else "black"
        graph.edge(ids[bond.entity], ids[bond.centre], label=graphviz.escape(printable(bond.label)), color=color)
    return str(graph.source)

"""The dependency graph of a relation as a picture: attributes, joined determinants, and which of them are keys."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import graphviz

from dbworkbench.diagram.diagram import Diagram, Sheet
from dbworkbench.diagram.fitting import Link, Node
from dbworkbench.diagram.layout import columns
from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.packing import packed
from dbworkbench.diagram.picture import Point
from dbworkbench.diagram.router import Route, Wire, draw
from dbworkbench.diagram.svg import element, frame, identity, number, path, text
from dbworkbench.diagram.theme import LIGHT, Theme, theme_of
from dbworkbench.diagram.theme import MEASURES as M
from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.notation import relation_in
from dbworkbench.schema.relation import Relation
from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import canonical_cover
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.given import attributes_in, dependencies_in
from dbworkbench.theory.graph import dependency_graph
from dbworkbench.theory.keys import candidate_keys

if TYPE_CHECKING:
    import networkx as nx

_ROW = 24.0
_MOST_KEYS = 6  # candidate keys that are drawn; with more, their attributes are only marked
_DASHES = {"key": None, "part": "6 4", "other": "1.5 4"}
_MEANING = {
    "key": "from a whole key",
    "part": "from part of a key (partial)",
    "other": "from what is no key (transitive)",
}
Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Arrow:
    """An arrow from a determinant to an attribute; `kind` is "key", "part" or "other", or "within" for a member."""

    source: Names
    target: Names
    kind: str


@dataclass(frozen=True, slots=True)
class _Part:
    """A connected part of the picture in its place."""

    places: dict[str, tuple[float, float, float]]
    arrows: tuple[tuple[_Arrow, Route], ...]
    width: float
    height: float


def dependency_picture(
    attributes: Relation | str | Collection[str],
    fds: Collection[FD] | str | None = None,
    *,
    keys: Collection[Collection[str]] | None = None,
    show: str = "cover",
    title: str = "Functional dependencies",
    theme: str | Theme = "light",
) -> Diagram:
    """Who determines whom: an arrow from each determinant to what depends on it.

    `attributes` is a relation (or its text), whose dependencies are drawn unless `fds` are given, or names, which may
    be one text, as the dependencies may be: `dependency_picture("a, b, c", "a -> b; b -> c")`.
    A determinant of several attributes is one joined node. Candidate keys (computed unless given) stand out, and the
    arrows tell whether they begin at a whole key, at part of one, or at what is no key. `show` is "cover", the
    canonical cover of the dependencies, in which nothing is said twice, or "given", as they are.

    Raises UnknownName where a dependency or a key names no attribute, and DesignError where there is no attribute.

    >>> dependency_picture("abc", [FD.parse("a -> b"), FD.parse("b -> c")]).title
    'Functional dependencies'
    """
    if fds is None or isinstance(attributes, Relation):
        attributes = relation_in(attributes)
        fds = attributes.fds if fds is None else fds
        attributes = attributes.names
    fds = tuple(one for one in dependencies_in(fds or ()) if isinstance(one, FD))
    names = tuple(dict.fromkeys(attributes_in(attributes, frozenset(n for fd in fds for n in fd.attributes))))
    if not names:
        raise DesignError("there are no attributes, so there is no dependency to draw")
    for name in sorted({n for fd in fds for n in fd.attributes} | {n for key in keys or () for n in key}):
        if name not in names:
            raise UnknownName("attribute", name, names)
    if show not in {"cover", "given"}:
        raise UnknownName("way to show dependencies", show, ["cover", "given"])
    found = candidate_keys(names, fds) if keys is None else iter([frozenset(key) for key in keys])
    shown_keys = tuple(islice(found, _MOST_KEYS + 1))
    shown = tuple(canonical_cover(fds)) if show == "cover" else tuple(sorted(set(fds), key=str))
    arrows, nodes = _graph(names, shown, fds, shown_keys)
    sheet = _drawn(nodes, arrows, shown_keys, names, title, theme_of(theme))
    return Diagram(title, (sheet,), graph=_dot(nodes, arrows, shown_keys, title))


def _graph(
    names: Sequence[str], shown: Sequence[FD], fds: Collection[FD], keys: Sequence[Names]
) -> tuple[list[_Arrow], list[Names]]:
    """The nodes to draw, in a stable order, and the arrows between them."""
    graph = dependency_graph([fd for fd in shown if not fd.trivial])
    if len(keys) <= _MOST_KEYS:
        graph.add_nodes_from((key for key in keys if key not in graph), determinant=True)
    joined = [node for node in graph if len(node) > 1]
    at = {name: place for place, name in enumerate(names)}
    alone = {name for name in names if _stands_alone(name, graph, joined)}
    nodes = [frozenset({name}) for name in names if name in alone]
    nodes += sorted((node for node in graph if len(node) != 1), key=lambda node: sorted(at[n] for n in node))
    arrows = [
        _Arrow(source, target, _kind(source, names, fds, keys))
        for source, target, data in graph.edges(data=True)
        if data["kind"] == "determines"
    ]
    arrows += [
        _Arrow(node, frozenset({name}), "within")
        for node in joined
        for name in sorted(node, key=at.__getitem__)
        if name in alone
    ]
    place = {node: where for where, node in enumerate(nodes)}
    arrows.sort(key=lambda arrow: (place[arrow.source], place[arrow.target]))
    return arrows, nodes


def _stands_alone(name: str, graph: "nx.DiGraph[Names]", joined: Sequence[Names]) -> bool:
    """Whether an attribute needs a node of its own: unless it only occurs within one joined determinant."""
    node = frozenset({name})
    if node not in graph:
        return sum(name in other for other in joined) != 1
    data = graph.nodes[node]
    depends = any(edge["kind"] == "determines" for _, _, edge in graph.in_edges(node, data=True))
    return bool(data["determinant"]) or depends or sum(name in other for other in joined) != 1


def _kind(source: Names, names: Collection[str], fds: Collection[FD], keys: Sequence[Names]) -> str:
    if closure(source, fds) >= frozenset(names):
        return "key"
    return "part" if any(source < key for key in keys) else "other"


def _node_size(node: Names) -> tuple[float, float]:
    words = max((width(_shown(name), M.size, bold=True) for name in node), default=20.0)
    return round(words + 28), _ROW * max(1, len(node)) + (4 if len(node) > 1 else 2)


def _shown(name: str) -> str:
    return clipped(printable(name), M.size, M.name_room)


def _parts(nodes: Sequence[Names], arrows: Sequence[_Arrow]) -> list[_Part]:
    import networkx as nx  # noqa: PLC0415  the graph above has loaded it

    graph = nx.Graph([(arrow.source, arrow.target) for arrow in arrows])
    graph.add_nodes_from(nodes)
    ids = {node: str(at) for at, node in enumerate(nodes)}
    parts = []
    for component in sorted(nx.connected_components(graph), key=lambda found: min(int(ids[n]) for n in found)):
        members = [node for node in nodes if node in component]
        sizes = {ids[node]: _node_size(node) for node in members}
        inner = [arrow for arrow in arrows if arrow.source in component]
        links, wires = [], []
        for arrow in inner:
            source, target = ids[arrow.source], ids[arrow.target]
            from_y, to_y = sizes[source][1] / 2, sizes[target][1] / 2
            wires.append(Wire(target, to_y, source, from_y, arrow.kind))
            left, right = (target, source) if arrow.kind == "within" else (source, target)
            links.append(Link(left, sizes[left][1] / 2, right, sizes[right][1] / 2))
        places = columns([Node(name, *size) for name, size in sizes.items()], links, aspect=2.6)
        drawing = draw(places, sizes, wires)
        parts.append(
            _Part(dict(drawing.places), tuple(zip(inner, drawing.routes, strict=True)), drawing.width, drawing.height)
        )
    return parts


def _drawn(  # noqa: PLR0917  what a sheet is made of
    nodes: Sequence[Names],
    arrows: Sequence[_Arrow],
    keys: Sequence[Names],
    names: Sequence[str],
    title: str,
    theme: Theme,
) -> Sheet:
    parts = _parts(nodes, arrows)
    places, (wide, high) = packed([(part.width, part.height) for part in parts], aspect=1.6, gap=30)
    prime = frozenset().union(*keys)
    top = M.margin + 34
    body = []
    for part, (x, y) in zip(parts, places, strict=True):
        at = (x + M.margin, y + top)
        body += [_arrow(arrow, route, at, theme) for arrow, route in part.arrows]
        for identifier, (left, above, room) in part.places.items():
            node = nodes[int(identifier)]
            members = [name for name in names if name in node]
            body.append(_node(members, (left + at[0], above + at[1], room), keys, prime, theme))
    words = _caption(keys)
    caption = clipped(words, 11, max(wide, 520.0))
    kinds = [kind for kind in _MEANING if any(arrow.kind == kind for arrow in arrows)]
    low = top + high + 30
    foot, right = _legend(kinds, low, theme)
    inner = max(wide, width(caption, 11), right - M.margin, width(printable(title), 16, bold=True))
    total = (round(inner + 2 * M.margin), round(low + (24 if kinds else 0) + M.margin))
    body += [
        text(printable(title), M.margin, M.margin + 6, size=16.0, fill=theme.text, font_weight="bold"),
        *foot,
        text(caption, M.margin, low + (22 if kinds else 0), size=11.0, fill=theme.quiet),
    ]
    lines = [f"{_listed(fd.source)} → {_listed(fd.target)}" for fd in arrows if fd.kind != "within"]
    alt = f"Dependency graph of {len(names)} attributes with {len(lines)} arrows. {words}."
    svg = frame(title, total, body, theme, alt=alt)
    outline = "\n".join([printable(title), *(f"  {line}" for line in lines), f"  {words}"])
    return Sheet(title, svg, alt, outline)


def _listed(names: Collection[str]) -> str:
    return ", ".join(printable(name) for name in sorted(names)) or "∅"


def _caption(keys: Sequence[Names]) -> str:
    shown = " · ".join("{" + _listed(key) + "}" for key in keys[:_MOST_KEYS])
    word = "Candidate key" if len(keys) == 1 else "Candidate keys"
    return f"{word}: {shown}" + (" · …" if len(keys) > _MOST_KEYS else "")


def _colour(kind: str, theme: Theme) -> str:
    return {"key": theme.line, "part": theme.primary, "other": theme.foreign}.get(kind, theme.border)


def _arrow(arrow: _Arrow, route: Route, at: Point, theme: Theme) -> str:
    points = [(x + at[0], y + at[1]) for x, y in reversed(route.points)]
    colour = _colour(arrow.kind, theme)
    if arrow.kind == "within":
        return element("path", d=path(points), fill="none", stroke=colour, stroke_width=1.2)
    (x, y), way = points[-1], route.child_outward
    points[-1] = (x + way * 7, y)
    head = f"M{number(x)} {number(y)}L{number(x + way * 9)} {number(y - 4.2)}V{number(y + 4.2)}z"
    return element(
        "g",
        element("title", escape(f"{_listed(arrow.source)} → {_listed(arrow.target)}")),
        element("path", d=path(points), stroke_dasharray=_DASHES[arrow.kind], stroke_linecap="round"),
        element("path", d=head, fill=colour, stroke="none"),
        fill="none",
        stroke=colour,
        stroke_width=1.5,
    )


def _node(
    members: Sequence[str], place: tuple[float, float, float], keys: Sequence[Names], prime: Names, theme: Theme
) -> str:
    x, y, wide = place
    node = frozenset(members)
    high = _node_size(node)[1]
    key = node in keys
    radius = 13.0 if len(node) == 1 else 10.0
    parts = [
        element("title", escape(_listed(node) + (" — a candidate key" if key else ""))),
        element(
            "rect", x=x, y=y, width=wide, height=high, rx=radius,
            fill=theme.highlight if key else theme.card, stroke=theme.primary if key else theme.border,
            stroke_width=2.0 if key else 1.2,
        ),
    ]  # fmt: skip
    for at, name in enumerate(members or ["∅"]):
        middle = y + (high - _ROW * max(1, len(node))) / 2 + _ROW * (at + 0.5)
        if at:
            rule = middle - _ROW / 2
            parts.append(
                element("path", d=f"M{number(x + 10)} {number(rule)}H{number(x + wide - 10)}", stroke=theme.rule)
            )
        parts.append(
            text(
                _shown(name), x + wide / 2, middle, size=M.size, fill=theme.text, text_anchor="middle",
                font_weight="bold" if name in prime else None, text_decoration="underline" if name in prime else None,
            )
        )  # fmt: skip
    return element("g", *parts, id=identity("determinant" if len(node) != 1 else "attribute", *sorted(node)))


def _legend(kinds: Sequence[str], y: float, theme: Theme) -> tuple[list[str], float]:
    x = M.margin
    drawn = []
    for kind in kinds:
        drawn.append(
            element(
                "path", d=f"M{number(x)} {number(y)}H{number(x + 28)}", stroke=_colour(kind, theme), stroke_width=1.5,
                fill="none", stroke_dasharray=_DASHES[kind], stroke_linecap="round",
            )
        )  # fmt: skip
        drawn.append(text(_MEANING[kind], x + 35, y, size=10.0, fill=theme.quiet))
        x += 35 + width(_MEANING[kind], 10) + 20
    return drawn, x


def _dot(nodes: Sequence[Names], arrows: Sequence[_Arrow], keys: Sequence[Names], title: str) -> str:
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "bgcolor": "white", "label": graphviz.escape(printable(title)), "labelloc": "t"},
        node_attr={"shape": "box", "style": "rounded", "fontname": "Helvetica", "fontsize": "11"},
    )
    ids = {node: f"n{at}" for at, node in enumerate(nodes)}
    for node in nodes:
        label = graphviz.escape("\n".join(printable(name) for name in sorted(node)) or "∅")
        graph.node(ids[node], label=label, penwidth="2" if node in keys else "1")
    for arrow in arrows:
        source, target = ids[arrow.source], ids[arrow.target]
        if arrow.kind == "within":
            graph.edge(target, source, arrowhead="none", color=LIGHT.border)
        else:
            styles = {"key": "solid", "part": "dashed", "other": "dotted"}
            graph.edge(source, target, style=styles[arrow.kind], color=_colour(arrow.kind, LIGHT))
    return str(graph.source)

"""What a drawn sheet really holds, read back from its SVG: no knowledge of how it was made."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"
TAGS = {"svg", "g", "title", "desc", "metadata", "rect", "path", "circle", "ellipse", "text", "tspan"}


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def overlaps(self, other: "Rect", slack: float = 0.2) -> bool:
        return (
            self.x < other.right - slack
            and other.x < self.right - slack
            and self.y < other.bottom - slack
            and other.y < self.bottom - slack
        )


@dataclass(frozen=True)
class Edge:
    child: str
    parent: str
    points: tuple[tuple[float, float], ...]  # from parent to child
    dashed: bool
    signs: int


@dataclass
class Sheet:
    width: float
    height: float
    tables: dict[str, Rect] = field(default_factory=dict)
    columns: dict[str, dict[str, float]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)

    @property
    def aspect(self) -> float:
        return self.width / self.height

    @property
    def label(self) -> float:
        """The median size of letters, in pixels, when the sheet is fitted to 1100 × 900."""
        return median(self.sizes) * min(1.0, 1100 / self.width, 900 / self.height)


def measured(svg: str) -> Sheet:
    root = ET.fromstring(svg)  # noqa: S314  our own output
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    sheet = Sheet(width, height)
    loose = [float(text.attrib["font-size"]) for text in root.findall(f"{SVG}text")]
    for element in root.iter():
        tag = element.tag.removeprefix(SVG)
        assert tag in TAGS, tag
        assert not {"style", "class", "onload", "href"} & set(element.attrib), element.attrib
        if tag == "text":
            assert "".join(element.itertext()).strip(), "an empty label"
    for group in root:
        if name := group.get("data-table"):
            sheet.tables[name] = _rect(group.findall(f"{SVG}rect")[0])
            sheet.sizes += [
                float(t.attrib["font-size"]) for t in group.iter(f"{SVG}text") if float(t.attrib["font-size"]) > 9
            ]
            sheet.columns[name] = {
                row.attrib["data-column"]: _middle(row) for row in group.findall(f"{SVG}g") if row.get("data-column")
            }
        elif group.get("data-from"):
            paths = group.findall(f"{SVG}path")
            sheet.edges.append(
                Edge(
                    group.attrib["data-from"],
                    group.attrib["data-to"],
                    _corners(paths[0].attrib["d"]),
                    "stroke-dasharray" in paths[0].attrib,
                    len(list(group)) - 2,
                )
            )
    sheet.sizes = sheet.sizes or loose
    return sheet


def _rect(element: ET.Element) -> Rect:
    return Rect(*(float(element.attrib[name]) for name in ("x", "y", "width", "height")))


def _middle(row: ET.Element) -> float:
    names = [t for t in row.findall(f"{SVG}text") if float(t.attrib["font-size"]) > 9]
    return float(names[0].attrib["y"]) - 12 * 0.355


def _corners(d: str) -> tuple[tuple[float, float], ...]:
    """The points of a path of M, L and Q, its rounded corners among them."""
    found = []
    for command, rest in re.findall(r"([MLQ])([^MLQ]*)", d):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", rest)]
        found += [(numbers[i], numbers[i + 1]) for i in range(0, len(numbers), 2)]
        assert command in "MLQ"
    return tuple(found)


def inside(sheet: Sheet, edge: Edge) -> list[str]:
    """The tables through which an edge runs."""
    hit = []
    for (x1, y1), (x2, y2) in zip(edge.points, edge.points[1:], strict=False):
        line = Rect(min(x1, x2), min(y1, y2), abs(x1 - x2), abs(y1 - y2))
        for name, table in sheet.tables.items():
            if (
                line.x < table.right - 1.5
                and line.right > table.x + 1.5
                and line.y < table.bottom - 1.5
                and line.bottom > table.y + 1.5
            ):
                hit.append(name)
    return hit


def off_row(
    sheet: Sheet, edge: Edge, *, child_rows: Sequence[str], parent_rows: Sequence[str], row: float = 21
) -> float:
    """How far the worse end of an edge lies from the rows it means, and from the side of its table."""
    worst = 0.0
    for name, rows, (x, y) in ((edge.parent, parent_rows, edge.points[0]), (edge.child, child_rows, edge.points[-1])):
        table = sheet.tables[name]
        worst = max(worst, min(abs(x - table.x), abs(x - table.right)))
        shown = [sheet.columns[name][r] for r in rows if r in sheet.columns[name]]
        low, high = (min(shown), max(shown)) if shown else (table.y + 14, table.y + 14)
        worst = max(worst, low - row / 2 - y, y - high - row / 2)
    return worst

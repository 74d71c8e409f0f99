"""A diagram for diagrams.net (draw.io): editable tables with rows, lines from row to row, a page per sheet."""

from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from dbworkbench.diagram.compose import columns_of
from dbworkbench.diagram.diagram import Sheet
from dbworkbench.diagram.metrics import printable
from dbworkbench.diagram.picture import Box, End, Line, Mark, Picture, Row
from dbworkbench.diagram.theme import LIGHT
from dbworkbench.diagram.theme import MEASURES as M

_ENDS = {
    Mark(0, many=True): "ERzeroToMany",
    Mark(1, many=True): "ERoneToMany",
    Mark(0, many=False): "ERzeroToOne",
    Mark(1, many=False): "ERmandOne",
}
_CELL = "shape=partialRectangle;connectable=0;fillColor=none;top=0;left=0;bottom=0;right=0;overflow=hidden;align=left;"


def drawio(sheets: Sequence[Sheet]) -> str:
    """The sheets as uncompressed draw.io XML; only those that hold tables can be edited as such."""
    pages = [_page(at, sheet.title, sheet.picture) for at, sheet in enumerate(sheets) if sheet.picture is not None]
    return '<mxfile host="dbworkbench">\n' + "\n".join(pages) + "\n</mxfile>\n"


def _page(at: int, title: str, picture: Picture) -> str:
    cells = ['<mxCell id="0"/>', '<mxCell id="1" parent="0"/>']
    rows: dict[tuple[str, str], str] = {}
    for number, box in enumerate(picture.boxes):
        cells += _table(f"p{at}t{number}", box, rows)
    for number, line in enumerate(picture.lines):
        cells.append(_edge(f"p{at}e{number}", line, rows))
    for number, label in enumerate(picture.labels):
        weight = 1 if label.role == "title" else 0
        cells.append(
            _vertex(
                f"p{at}l{number}", label.text, f"text;align=left;verticalAlign=middle;fontSize={round(label.size)};fontStyle={weight};",
                "1", (label.at[0], label.at[1] - 10, 480, 20),
            )
        )  # fmt: skip
    size = f'pageWidth="{round(picture.width)}" pageHeight="{round(picture.height)}"'
    body = "\n".join(cells)
    return (
        f'<diagram id="p{at}" name={quoteattr(printable(title))}>\n'
        f'<mxGraphModel grid="0" page="1" {size} background="{LIGHT.paper}"><root>\n{body}\n</root></mxGraphModel>\n</diagram>'
    )


def _vertex(identity: str, value: str, style: str, parent: str, place: tuple[float, float, float, float]) -> str:
    x, y, wide, high = (round(number, 1) for number in place)
    return (
        f'<mxCell id="{identity}" value={quoteattr(printable(value))} style="{style}" vertex="1" parent="{parent}">'
        f'<mxGeometry x="{x}" y="{y}" width="{wide}" height="{high}" as="geometry"/></mxCell>'
    )


def _table(identity: str, box: Box, rows: dict[tuple[str, str], str]) -> list[str]:
    hue = LIGHT.headers[box.card.hue % len(LIGHT.headers)]
    style = (
        f"shape=table;startSize={M.header:.0f};container=1;collapsible=0;childLayout=tableLayout;fixedRows=1;rowLines=0;"
        f"columnLines=0;fontStyle=1;align=left;spacingLeft=8;resizeLast=1;rounded=1;arcSize=6;swimlaneFillColor={LIGHT.card};"
        f"fillColor={hue};fontColor={LIGHT.header_text};strokeColor={LIGHT.border};fontSize=13;"
    )
    high = M.header + M.row * max(1, len(box.card.rows))
    cells = [_vertex(identity, box.card.title, style, "1", (box.x, box.y, box.width, high))]
    marks = max(28.0, columns_of(box.card)[0] + 2 * M.gap)
    for at, row in enumerate(box.card.rows):
        cells += _row(f"{identity}r{at}", identity, row, at, box, marks)
        rows.setdefault((box.card.relation, row.attribute), f"{identity}r{at}")
    rows[box.card.relation, ""] = identity
    return cells


def _row(identity: str, table: str, row: Row, at: int, box: Box, marks: float) -> list[str]:  # noqa: PLR0917  a row's place
    rule = 1 if at + 1 == box.card.ruled else 0
    style = (
        "shape=tableRow;horizontal=0;startSize=0;swimlaneHead=0;swimlaneBody=0;fillColor=none;collapsible=0;dropTarget=0;"
        f"points=[[0,0.5],[1,0.5]];portConstraint=eastwest;top=0;left=0;right=0;bottom={rule};strokeColor={LIGHT.border};"
    )
    bold = "fontStyle=1;" if "PK" in row.marks else ""
    kind = row.type + (" ?" if row.nullable else "")
    wide = max(box.width - marks - 70, box.width * 0.4)
    last = box.width - marks - wide
    name = f"{row.name} {row.note}".strip()
    return [
        _vertex(identity, "", style, table, (0, M.header + M.row * at, box.width, M.row)),
        _vertex(
            f"{identity}m",
            " ".join(row.marks),
            _CELL + "fontSize=9;fontStyle=1;spacingLeft=4;",
            identity,
            (0, 0, marks, M.row),
        ),
        _vertex(f"{identity}n", name, f"{_CELL}{bold}fontColor={LIGHT.text};", identity, (marks, 0, wide, M.row)),
        _vertex(f"{identity}k", kind, f"{_CELL}fontColor={LIGHT.quiet};", identity, (marks + wide, 0, last, M.row)),
    ]


def _edge(identity: str, line: Line, rows: dict[tuple[str, str], str]) -> str:
    one = line.reference
    source = rows.get((one.parent, one.referenced[0]), rows[one.parent, ""])
    target = rows.get((one.child, one.attributes[0]), rows[one.child, ""])
    style = (
        "edgeStyle=orthogonalEdgeStyle;rounded=1;orthogonalLoop=1;jettySize=auto;endSize=10;startSize=10;startFill=0;endFill=0;"
        f"startArrow={_ENDS[line.parent.mark]};endArrow={_ENDS[line.child.mark]};dashed={0 if one.identifying else 1};"
        f"strokeColor={LIGHT.line};{_side('exit', line.parent)}{_side('entry', line.child)}"
    )
    corners = "".join(f'<mxPoint x="{round(x, 1)}" y="{round(y, 1)}"/>' for x, y in line.points[-2:0:-1])
    return (
        f'<mxCell id="{identity}" value="" style="{style}" edge="1" parent="1" source="{source}" target="{target}">'
        f'<mxGeometry relative="1" as="geometry"><Array as="points">{corners}</Array></mxGeometry></mxCell>'
    )


def _side(word: str, end: End) -> str:
    return f"{word}X={1 if end.outward > 0 else 0};{word}Y=0.5;{word}Dx=0;{word}Dy=0;"

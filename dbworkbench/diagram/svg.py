"""A picture as SVG: presentation attributes only, text as text, an opaque ground, names for screen readers.

There is no style, class, script, reference or foreign content in it, so it survives every sanitizer and renders alike
in notebooks, on web pages and in print. Numbers are rounded to a tenth; the same picture gives the same bytes.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from xml.sax.saxutils import escape
from zlib import crc32

from dbworkbench.diagram.compose import SWATCH, left_pad, slots
from dbworkbench.diagram.metrics import printable
from dbworkbench.diagram.notation import Notation, Ring, Shape, Sign, Stroke, Words
from dbworkbench.diagram.picture import Box, End, Label, Line, Panel, Picture, Point, Row, Sample, Tone
from dbworkbench.diagram.theme import FONT, Theme
from dbworkbench.diagram.theme import MEASURES as M

_RADIUS = 6.0
_SPECIAL = re.compile(r'[&<>"\n]')
_PLAIN = re.compile(r"[A-Za-z0-9_.]+")
_ODD = re.compile(r"[^A-Za-z0-9_.]+")
_NAMES = {
    name: name.replace("_", "-")
    for name in (
        "aria_label", "data_column", "data_from", "data_table", "data_to", "fill_opacity", "font_family", "font_size",
        "font_weight", "stroke_dasharray", "stroke_linecap", "stroke_opacity", "stroke_width", "text_anchor",
        "text_decoration",
    )
}  # fmt: skip
SIGNS = {
    Tone.ADDED: "+",
    Tone.REMOVED: "−",
    Tone.CHANGED: "~",
    Tone.MOVED: "»",
}  # beside colour, for those who see none


def number(value: float) -> str:
    """A length as SVG writes it.

    >>> number(12.0), number(0.25), number(-0.01)
    ('12', '0.2', '0')
    """
    whole = round(value * 10)
    return str(whole // 10) if whole % 10 == 0 else str(whole / 10)


_SMALL, _SIZE = number(M.small), number(M.size)


def element(tag: str, /, *children: str, **attributes: object) -> str:
    """One element; attribute names have `_` for `-`, values that are None are left out."""
    said = [tag]
    for name, value in attributes.items():
        if value is not None:
            shown = number(value) if isinstance(value, float) else _quoted(str(value))
            said.append(f'{_NAMES.get(name, name)}="{shown}"')
    opening = " ".join(said)
    inner = "".join(children)
    return f"<{opening}>{inner}</{tag}>" if inner else f"<{opening}/>"


def _quoted(value: str) -> str:
    return escape(value, {'"': "&quot;", "\n": "&#10;"}) if _SPECIAL.search(value) else value


def _escaped(words: str) -> str:
    return escape(words) if _SPECIAL.search(words) else words


def text(words: str, x: float, y: float, *, size: float, fill: str, **attributes: object) -> str:
    """A line of text whose middle is at height `y`."""
    return element(
        "text", escape(words), x=float(x), y=float(y + size * 0.355), font_size=float(size), fill=fill, **attributes
    )


def identity(kind: str, *names: str) -> str:
    """A stable id made of names: readable where they are plain, never the same for different names.

    >>> identity("table", "orders"), identity("table", "größe & co")
    ('table-orders', 'table-gr-e-co-733fa12c')
    """
    whole = "\x1f".join(names)
    plain = "-".join(names)
    if len(names) == 1 and _PLAIN.fullmatch(plain):
        return f"{kind}-{plain}"
    readable = _ODD.sub("-", plain).strip("-")[:40]
    return f"{kind}-{readable}-{crc32(whole.encode('utf-8', 'surrogatepass')):08x}"


def frame(
    title: str, size: tuple[float, float], body: Iterable[str], theme: Theme, *, alt: str, metadata: str = ""
) -> str:
    """A whole drawing of `size` in pixels: what is in `body` on an opaque ground, with what `svg` says of the words."""
    head = element("title", escape(printable(title))) + element("desc", escape(printable(alt)))
    if metadata:
        head += element("metadata", escape(metadata))
    wide, high = map(number, size)
    ground = element("rect", x=0, y=0, width=float(size[0]), height=float(size[1]), fill=theme.paper)
    return (
        element(
            "svg", head, "\n", "\n".join(part for part in (ground, *body) if part), "\n",
            xmlns="http://www.w3.org/2000/svg", width=wide, height=high, viewBox=f"0 0 {wide} {high}", role="img",
            aria_label=printable(alt), font_family=FONT,
        )
        + "\n"
    )  # fmt: skip


def svg(picture: Picture, notation: Notation, theme: Theme, *, alt: str, metadata: str = "") -> str:
    """The picture drawn; `alt` says in a sentence what it shows, `metadata` is kept as text for machines."""
    body = (
        *(_panel(panel, theme) for panel in picture.panels),
        *_lines(picture.lines, notation, theme),
        *(_box(box, notation, theme) for box in picture.boxes),
        *(_braces(line, theme) for line in picture.lines),
        *(_label(label, theme) for label in picture.labels),
        *(_sample(sample, notation, theme) for sample in picture.legend),
    )
    return frame(picture.title, (picture.width, picture.height), body, theme, alt=alt, metadata=metadata)


def _label(label: Label, theme: Theme) -> str:
    strong = label.role == "title"
    return text(
        label.text, *label.at, size=label.size, fill=theme.text if strong or label.role == "entry" else theme.quiet,
        font_weight="bold" if strong else None, text_anchor=label.anchor if label.anchor != "start" else None,
    )  # fmt: skip


def _panel(panel: Panel, theme: Theme) -> str:
    hue = theme.headers[panel.hue % len(theme.headers)]
    ground = element(
        "rect", x=float(panel.x), y=float(panel.y), width=float(panel.width), height=float(panel.height), rx=10,
        fill=hue, fill_opacity="0.06", stroke=hue, stroke_opacity="0.45",
    )  # fmt: skip
    return ground + (
        text(panel.title, panel.x + 14, panel.y + 18, size=12.0, fill=theme.text, font_weight="bold")
        if panel.title
        else ""
    )


def tone_colour(tone: Tone, theme: Theme, usual: str) -> str:
    """The colour that a tone asks for."""
    match tone:
        case Tone.ADDED:
            return theme.added
        case Tone.REMOVED:
            return theme.removed
        case Tone.CHANGED:
            return theme.changed
        case Tone.MOVED:
            return theme.moved
        case Tone.HIGHLIGHT:
            return theme.primary
        case _:
            return usual


def _box(box: Box, notation: Notation, theme: Theme) -> str:
    card = box.card
    hue = theme.headers[card.hue % len(theme.headers)]
    if card.tone in SIGNS:
        hue = tone_colour(card.tone, theme, hue)
    border = tone_colour(card.tone, theme, theme.border)
    radius = 12.0 if notation.rounded_dependents and card.dependent else _RADIUS
    x, y, wide, high = box.x, box.y, box.width, box.height
    parts = [
        element("title", escape(printable(card.relation + (f" — {card.note}" if card.note else "")))),
        element("rect", x=x, y=y, width=wide, height=high, rx=radius, fill=theme.card),
    ]
    heading = theme.header_text if theme.name != "dark" or card.tone not in SIGNS else theme.paper
    title = f"{SIGNS[card.tone]} {card.title}" if card.tone in SIGNS else card.title
    if card.rows:
        low = y + M.header
        parts.append(
            element(
                "path", fill=hue,
                d=f"M{number(x)} {number(low)}V{number(y + radius)}a{number(radius)} {number(radius)} 0 0 1 {number(radius)} -{number(radius)}"
                f"H{number(x + wide - radius)}a{number(radius)} {number(radius)} 0 0 1 {number(radius)} {number(radius)}V{number(low)}z",
            )
        )  # fmt: skip
    else:
        parts.append(element("rect", x=x, y=y, width=wide, height=high, rx=radius, fill=hue))
    parts.append(text(title, x + M.pad, y + M.header / 2, size=M.title, fill=heading, font_weight="bold"))
    grid = _grid(box)
    for at, row in enumerate(card.rows):
        parts.append(_row(row, grid, y + M.header + M.row * at, theme))
    if card.ruled:
        rule = y + M.header + M.row * card.ruled
        parts.append(
            element("path", d=f"M{number(x)} {number(rule)}H{number(x + wide)}", stroke=theme.border, fill="none")
        )
    parts.append(
        element(
            "rect", x=x, y=y, width=wide, height=high, rx=radius, fill="none", stroke=border,
            stroke_width=2.0 if card.tone is not Tone.PLAIN else None,
            stroke_dasharray="6 3" if card.tone is Tone.REMOVED else None,
        )
    )  # fmt: skip
    return element("g", *parts, id=identity("table", card.relation), data_table=printable(card.relation))


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the columns of a card begin; `null`, `type` and `right` are where they end. As SVG writes it, where it can."""

    box: Box
    first: str
    second: str
    name: str
    type: str
    null: float
    right: float


def _grid(box: Box) -> _Grid:
    card = box.card
    first, second = slots(card)
    left = box.x + left_pad(card)
    right = box.x + box.width - M.pad
    null = right - SWATCH * max((len(row.swatches) for row in card.rows), default=0)
    kind = null - 14 if any(row.nullable for row in card.rows) else null
    marks = first + second
    second_at = number(left + first if second else left)
    name = number(left + (marks + M.gap if marks else 0))
    return _Grid(box, number(left), second_at, name, number(kind), null, right)


def _row(row: Row, grid: _Grid, top: float, theme: Theme) -> str:
    """A row; written out rather than made of elements, since nearly all of a large picture is rows."""
    middle = top + M.row / 2
    box = grid.box
    parts = [f"<title>{_escaped(printable(row.full))}</title>"] if row.full else []
    if row.tone is not Tone.PLAIN:
        parts += _ground(row, box, top, theme)
    for mark in row.marks:
        parts.append(
            f'<text x="{grid.second if mark == "FK" else grid.first}" y="{number(middle + M.small * 0.355)}" font-size="{_SMALL}" '
            f'fill="{_mark_colour(mark, theme)}" font-weight="bold">{mark}</text>'
        )
    note = ""
    if row.note:
        note = f'<tspan fill="{theme.foreign}" font-weight="normal" dx="{number(M.gap)}">{_escaped(row.note)}</tspan>'
    colour = theme.text if row.attribute else theme.quiet
    low = number(middle + M.size * 0.355)
    strong = ' font-weight="bold"' if "PK" in row.marks else ""
    struck = ' text-decoration="line-through"' if row.tone is Tone.REMOVED else ""
    parts.append(
        f'<text x="{grid.name}" y="{low}" font-size="{_SIZE}" fill="{colour}"{strong}{struck}>'
        f"{_escaped(row.name)}{note}</text>"
    )
    if row.swatches:
        parts += _swatches(row, grid.right, middle, theme)
    if row.nullable:
        parts.append(
            f'<circle cx="{number(grid.null - 3)}" cy="{number(middle)}" r="3" fill="none" stroke="{theme.quiet}" stroke-width="1.2"/>'
        )
    if row.type:
        parts.append(
            f'<text x="{grid.type}" y="{low}" font-size="{_SIZE}" fill="{theme.quiet}" '
            f'text-anchor="end">{_escaped(row.type)}</text>'
        )
    whole = "".join(parts)
    if not row.attribute:
        return f"<g>{whole}</g>"
    here = identity("column", box.card.relation, row.attribute)
    return f'<g id="{here}" data-column="{_quoted(printable(row.attribute))}">{whole}</g>'


def _ground(row: Row, box: Box, top: float, theme: Theme) -> list[str]:
    """What stands behind a row that stands out, and the sign beside it."""
    ground = theme.highlight if row.tone is Tone.HIGHLIGHT else tone_colour(row.tone, theme, theme.card)
    parts = [
        element(
            "rect", x=box.x + 1, y=top + 1, width=box.width - 2, height=M.row - 2, fill=ground,
            fill_opacity=None if row.tone is Tone.HIGHLIGHT else "0.12",
        )
    ]  # fmt: skip
    if row.tone in SIGNS:
        middle = top + M.row / 2
        parts.append(text(SIGNS[row.tone], box.x + 2, middle, size=10.0, fill=ground, font_weight="bold"))
    return parts


def _swatches(row: Row, right: float, middle: float, theme: Theme) -> list[str]:
    """Numbered squares in the hues of the relations that an attribute went to."""
    parts = []
    for hue in reversed(row.swatches):
        fill = theme.headers[hue % len(theme.headers)]
        parts.append(element("rect", x=right - 13, y=middle - 7, width=14, height=14, rx=3, fill=fill))
        ink = theme.header_text
        parts.append(text(str(hue), right - 6, middle, size=9.0, fill=ink, font_weight="bold", text_anchor="middle"))
        right -= SWATCH
    return parts


def _mark_colour(mark: str, theme: Theme) -> str:
    match mark:
        case "PK":
            return theme.primary
        case "FK":
            return theme.foreign
        case "IX":
            return theme.quiet
        case _:
            return theme.unique


def path(points: Iterable[Point], radius: float = 5.0) -> str:
    """A line through corner points, with its corners rounded."""
    corners = list(points)
    said = [f"M{number(corners[0][0])} {number(corners[0][1])}"]
    for at, (x, y) in enumerate(corners[1:-1], 1):
        (before_x, before_y), (after_x, after_y) = corners[at - 1], corners[at + 1]
        room = min(abs(x - before_x) + abs(y - before_y), abs(after_x - x) + abs(after_y - y)) / 2
        turn = min(radius, room)
        (in_x, in_y), (out_x, out_y) = _toward(x, y, before_x, before_y, turn), _toward(x, y, after_x, after_y, turn)
        said.append(f"L{number(in_x)} {number(in_y)}Q{number(x)} {number(y)} {number(out_x)} {number(out_y)}")
    said.append(f"L{number(corners[-1][0])} {number(corners[-1][1])}")
    return "".join(said)


def _toward(x: float, y: float, to_x: float, to_y: float, step: float) -> Point:
    """A step from a corner along the axis on which the next one lies."""
    across, down = to_x - x, to_y - y
    if abs(across) >= abs(down):
        return x + math.copysign(step, across), y
    return x, y + math.copysign(step, down)


def _lines(lines: Iterable[Line], notation: Notation, theme: Theme) -> Iterator[str]:
    """All lines; where some share their way to a row, its end is marked once."""
    marked: set[tuple[object, ...]] = set()
    for line in lines:
        shown = line.child.mark if notation.own else line.parent.mark
        end = (line.parent.at, line.parent.outward, shown)
        whole = (*end, line.reference.identifying, line.reference.tone)
        yield _line(line, notation, theme, parent_too=whole not in marked)
        marked.add(whole)


def _line(line: Line, notation: Notation, theme: Theme, *, parent_too: bool) -> str:
    reference = line.reference
    colour = tone_colour(reference.tone, theme, theme.line)
    dashed = (notation.dashed and not reference.identifying) or reference.tone is Tone.REMOVED
    dashes = ' stroke-dasharray="5 3.5"' if dashed else ""
    parts = [
        f"<title>{_escaped(printable(str(reference)))}</title>",
        f'<path d="{path(line.points[::-1])}"{dashes}/>',
    ]
    child, parent = line.child, line.parent
    if notation.own:
        child, parent = replace(child, mark=line.parent.mark), replace(parent, mark=line.child.mark)
    signs = notation.child(child, reference.identifying)
    signs += notation.parent(parent, reference.identifying) if parent_too else ()
    parts += [sign(drawn, theme, colour) for drawn in signs]
    return element(
        "g", *parts, id=identity("reference", reference.child, *reference.attributes, reference.parent, *reference.referenced),
        fill="none", stroke=colour, stroke_width=1.4 if reference.tone is Tone.PLAIN else 2.2, stroke_linecap="round",
        data_from=printable(reference.child), data_to=printable(reference.parent),
    )  # fmt: skip


def _braces(line: Line, theme: Theme) -> str:
    """The braces at the ends of a composite reference; they lie on the cards."""
    drawn = "".join(_bracket(end) for end in (line.child, line.parent) if len(end.rows) > 1)
    if not drawn:
        return ""
    colour = tone_colour(line.reference.tone, theme, theme.line)
    return element("g", drawn, fill="none", stroke=colour, stroke_width=1.4, stroke_linecap="round")


def _bracket(end: End) -> str:
    """A brace inside the card's edge that joins the rows of a composite key."""
    (x, y), way = end.at, end.outward
    inside = x - way * 4
    low, high = min(end.rows), max(end.rows)
    bar = element("path", d=f"M{number(inside)} {number(low - 4)}V{number(high + 4)}", stroke_width=2.4)
    return bar + element("path", d=f"M{number(inside)} {number(y)}H{number(x)}")


def sign(drawn: Sign, theme: Theme, colour: str) -> str:
    """One sign of a notation."""
    match drawn:
        case Stroke(points):
            return f'<path d="M{"L".join([f"{number(x)} {number(y)}" for x, y in points])}"/>'
        case Ring((x, y), radius, filled):
            ground = colour if filled else theme.paper
            return f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{ground}"/>'
        case Shape(points, filled):
            corners = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "z"
            return element("path", d=corners, fill=colour if filled else theme.paper)
        case Words(words, (x, y), anchor):
            return element(
                "text", escape(words), x=x, y=y, font_size=8.6, fill=theme.text, stroke="none",
                text_anchor=anchor if anchor != "start" else None,
            )  # fmt: skip


def sample_width(sample: Sample) -> float:
    """The room that a sign of the legend takes before its words."""
    if sample.mark is not None or sample.sign in {"solid", "dashed"}:
        return 31.0
    if not sample.sign:
        return 0.0
    return 13.0 if sample.sign == "null" else 24.0 if len(sample.sign) > 2 else 20.0


def _sample(sample: Sample, notation: Notation, theme: Theme) -> str:
    """A sign of the legend and its words."""
    x, y = sample.at
    words = text(sample.words, x + sample_width(sample), y, size=10.0, fill=theme.quiet)
    if not sample.sign and sample.mark is None:
        return words
    if sample.mark is not None:
        end = End("", (x + 24, y), -1, sample.mark)
        ends = notation.parent if sample.parent else notation.child
        shapes = [sign(drawn, theme, theme.line) for drawn in ends(end, sample.identifying)]
        edge = element(
            "path", d=f"M{number(x + 24)} {number(y - 8)}V{number(y + 8)}", stroke=theme.border, stroke_width=2.0
        )
        stem = element("path", d=f"M{number(x)} {number(y)}H{number(x + 24)}")
        return element("g", stem, edge, *shapes, fill="none", stroke=theme.line, stroke_width=1.4) + words
    if sample.sign in {"solid", "dashed"}:
        dash = "5 3.5" if sample.sign == "dashed" else None
        line = element(
            "path", d=f"M{number(x)} {number(y)}H{number(x + 24)}", stroke=theme.line, stroke_width=1.4, fill="none",
            stroke_dasharray=dash,
        )  # fmt: skip
        return line + words
    if sample.sign == "null":
        return element("circle", cx=x + 4, cy=y, r=3.0, fill="none", stroke=theme.quiet, stroke_width=1.2) + words
    if sample.sign in {tone.value for tone in Tone if tone.value}:
        colour = tone_colour(Tone(sample.sign), theme, theme.line)
        mark = text(
            SIGNS[Tone(sample.sign)], x + 9, y, size=10.0, fill=theme.paper, font_weight="bold", text_anchor="middle"
        )
        return element("rect", x=x, y=y - 6, width=18, height=12, rx=2, fill=colour) + mark + words
    colour = _mark_colour(sample.sign, theme)
    return text(sample.sign, x, y, size=M.small, fill=colour, font_weight="bold") + words

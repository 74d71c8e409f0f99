"""Sheets as pages of a PDF: vectors and text, from the same SVG, with the fonts that every reader carries.

Helvetica, Helvetica-Bold and Symbol need no embedding (ISO 32000-1, 9.6.2.2); they hold the Western European letters
of Windows-1252. Names in other scripts need a font of their own: for those, save SVG or PNG.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from zlib import compress

from dbworkbench.errors import Unsupported

_SVG = "{http://www.w3.org/2000/svg}"
_POINTS = 0.75  # per pixel
_CURVE = 0.5523  # how far the handles of a quarter circle reach
_SYMBOL = {"→": 0xAE, "∅": 0xC6}
_ALIKE = {"−": "-", "␣": " ", "↗": "→", "↠": "→", "⁺": "+", "≤": "<="}


@dataclass(frozen=True, slots=True)
class _Ink:
    """What a group hands down to its elements."""

    fill: str = "#000000"
    stroke: str = "none"
    width: float = 1.0
    dash: str = ""

    def of(self, element: ET.Element) -> "_Ink":
        """The ink of an element within."""
        get = element.attrib.get
        dash = get("stroke-dasharray", "") if "stroke-dasharray" in element.attrib else self.dash
        return _Ink(get("fill", self.fill), get("stroke", self.stroke), float(get("stroke-width", self.width)), dash)


def pdf(svgs: Sequence[str], title: str) -> bytes:
    """A document with a page for each sheet; the same sheets give the same bytes.

    Raises Unsupported where a text has letters that the built-in fonts have not.
    """
    objects: list[bytes] = [b"", b"", *_fonts()]
    kids = []
    for svg in svgs:
        root = ET.fromstring(svg)  # noqa: S314  our own output
        wide, high = (float(number) for number in root.attrib["viewBox"].split()[2:])
        content = compress(_content(root, high).encode("latin-1"), 9)
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content))
        box = f"[0 0 {wide * _POINTS:.2f} {high * _POINTS:.2f}]"
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents {len(objects)} 0 R"
            "/Resources<</Font<</R 3 0 R/B 4 0 R/S 5 0 R>>/ExtGState<</O 6 0 R/P 7 0 R>>>>>>".encode()
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = b"<</Type/Catalog/Pages 2 0 R/ViewerPreferences<</DisplayDocTitle true>>>>"
    objects[1] = f"<</Type/Pages/Kids[{' '.join(kids)}]/Count {len(kids)}>>".encode()
    said = "FEFF" + title.encode("utf-16-be", "replace").hex().upper()
    objects.append(f"<</Title<{said}>/Producer(dbworkbench)>>".encode())
    return _file(objects)


def _fonts() -> list[bytes]:
    names = (
        ("Helvetica", "/Encoding/WinAnsiEncoding"),
        ("Helvetica-Bold", "/Encoding/WinAnsiEncoding"),
        ("Symbol", ""),
    )
    fonts = [f"<</Type/Font/Subtype/Type1/BaseFont/{name}{encoding}>>".encode() for name, encoding in names]
    return [*fonts, b"<</Type/ExtGState/ca 1/CA 1>>", b"<</Type/ExtGState/ca 0.1/CA 0.45>>"]


def _file(objects: Iterable[bytes]) -> bytes:
    data = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for at, body in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (at, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(places) + 1,
        len(places),
        start,
    )
    return bytes(data)


def _content(root: ET.Element, high: float) -> str:
    """A page's operators: pixels from the top are turned to points from the bottom once."""
    return "\n".join([f"{_POINTS} 0 0 -{_POINTS} 0 {high * _POINTS:.2f} cm 1 j", *_drawn(root, _Ink())])


def _drawn(element: ET.Element, ink: _Ink) -> Iterable[str]:
    for child in element:
        tag = child.tag.removeprefix(_SVG)
        own = ink.of(child)
        if tag == "g":
            yield from _drawn(child, own)
        elif tag == "text":
            yield from _text(child, own)
        elif tag in {"rect", "circle", "ellipse", "path"}:
            yield from _figure(child, tag, own)


def _figure(element: ET.Element, tag: str, ink: _Ink) -> Iterable[str]:
    get = element.attrib.get
    if tag == "rect":
        way = _rectangle(*(float(get(name, 0)) for name in ("x", "y", "width", "height", "rx")))
    elif tag == "circle":
        x, y, radius = (float(get(name, 0)) for name in ("cx", "cy", "r"))
        way = _rectangle(x - radius, y - radius, 2 * radius, 2 * radius, radius)
    elif tag == "ellipse":
        x, y, across, down = (float(get(name, 0)) for name in ("cx", "cy", "rx", "ry"))
        way = _rectangle(x - across, y - down, 2 * across, 2 * down, across, down)
    else:
        way = _path(get("d", ""))
    paints = (ink.fill != "none") + 2 * (ink.stroke != "none")
    if not paints:
        return
    yield "/P gs" if "fill-opacity" in element.attrib else "/O gs"
    if paints & 1:
        yield f"{_colour(ink.fill)} rg"
    if paints & 2:
        dash = ink.dash or ""
        yield f"{_colour(ink.stroke)} RG {ink.width:g} w [{dash}] 0 d"
    yield f"{way} {('', 'f', 'S', 'B')[paints]}"


def _colour(said: str) -> str:
    return " ".join(f"{int(said[at : at + 2], 16) / 255:.3f}" for at in (1, 3, 5))


def _rectangle(  # noqa: PLR0917  as SVG has it
    x: float, y: float, wide: float, high: float, across: float, down: float | None = None
) -> str:
    """A rectangle with elliptic corners: as wide and high as they can be, an ellipse."""
    if not across:
        return f"{x:.2f} {y:.2f} {wide:.2f} {high:.2f} re"
    a, d = min(across, wide / 2), min(across if down is None else down, high / 2)
    k, n = a * (1 - _CURVE), d * (1 - _CURVE)
    right, low = x + wide, y + high
    corners = (
        (right - a, y, right - k, y, right, y + n, right, y + d),
        (right, low - d, right, low - n, right - k, low, right - a, low),
        (x + a, low, x + k, low, x, low - n, x, low - d),
        (x, y + d, x, y + n, x + k, y, x + a, y),
    )
    said = [f"{x + a:.2f} {y:.2f} m"]
    for corner in corners:
        said.append(f"{corner[0]:.2f} {corner[1]:.2f} l")
        said.append(" ".join(f"{value:.2f}" for value in corner[2:]) + " c")
    return " ".join(said) + " h"


def _path(d: str) -> str:
    """The few commands of our paths: M L H V Q, a (quarter circles) and z."""
    x = y = 0.0
    said: list[str] = []
    for command, rest in re.findall(r"([MLHVQaz])([^MLHVQaz]*)", d):
        n = [float(number) for number in re.findall(r"-?[\d.]+", rest)]
        match command:
            case "M" | "L":
                x, y = n[0], n[1]
                said.append(f"{x:.2f} {y:.2f} {'m' if command == 'M' else 'l'}")
            case "H" | "V":
                x, y = (n[0], y) if command == "H" else (x, n[0])
                said.append(f"{x:.2f} {y:.2f} l")
            case "Q":
                ends = (
                    x + (n[0] - x) * 2 / 3,
                    y + (n[1] - y) * 2 / 3,
                    n[2] + (n[0] - n[2]) * 2 / 3,
                    n[3] + (n[1] - n[3]) * 2 / 3,
                )
                x, y = n[2], n[3]
                said.append(" ".join(f"{number:.2f}" for number in (*ends, x, y)) + " c")
            case "a":
                dx, dy = n[5], n[6]
                up = dy < 0  # the left corner rises first, the right corner runs first
                first = (x, y + dy * _CURVE) if up else (x + dx * _CURVE, y)
                last = (x + dx * (1 - _CURVE), y + dy) if up else (x + dx, y + dy * (1 - _CURVE))
                x, y = x + dx, y + dy
                said.append(" ".join(f"{number:.2f}" for number in (*first, *last, x, y)) + " c")
            case _:
                said.append("h")
    return " ".join(said)


def _text(element: ET.Element, ink: _Ink) -> Iterable[str]:
    get = element.attrib.get
    size = float(get("font-size", 12))
    bold = get("font-weight") == "bold"
    x, y = float(get("x", 0)), float(get("y", 0))
    spans = [(element.text or "", ink.fill, bold, 0.0)]
    for span in element:
        own = span.attrib
        spans.append(
            (span.text or "", own.get("fill", ink.fill), own.get("font-weight", "") == "bold", float(own.get("dx", 0)))
        )
    runs = [(said, fill, heavy, gap) for said, fill, heavy, gap in spans if said]
    wide = sum(gap + sum(_advance(run, size) for run in _runs(said, heavy)) for said, _, heavy, gap in runs)
    anchor = get("text-anchor", "start")
    start = x = x - {"start": 0.0, "middle": wide / 2}.get(anchor, wide)
    for said, fill, heavy, gap in runs:
        x += gap
        for font, text in _runs(said, heavy):
            yield f"BT /O gs {_colour(fill)} rg /{font} {size:g} Tf 1 0 0 -1 {x:.2f} {y:.2f} Tm ({_literal(text)}) Tj ET"
            x += _advance((font, text), size)
    if decoration := get("text-decoration"):
        height = y - size * 0.3 if decoration == "line-through" else y + size * 0.12
        yield f"{_colour(ink.fill)} RG 0.8 w [] 0 d {start:.2f} {height:.2f} m {x:.2f} {height:.2f} l S"


def _runs(said: str, bold: bool) -> list[tuple[str, str]]:  # noqa: FBT001  private
    """Text parted by the font it needs; letters of no font are refused."""
    runs: list[tuple[str, str]] = []
    for met in said:
        character = _ALIKE.get(met, met)
        for part in character:
            if part in _SYMBOL:
                font, code = "S", chr(_SYMBOL[part])
            else:
                try:
                    font, code = ("B" if bold else "R"), part.encode("cp1252").decode("latin-1")
                except UnicodeEncodeError:
                    raise Unsupported(
                        f"{said!r} has {met!r}, which no built-in PDF font holds — save .svg or .png instead"
                    ) from None
            if runs and runs[-1][0] == font:
                runs[-1] = (font, runs[-1][1] + code)
            else:
                runs.append((font, code))
    return runs


def _literal(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _advance(run: tuple[str, str], size: float) -> float:
    font, text = run
    if font == "S":
        return sum({0xAE: 987, 0xC6: 823}[ord(character)] for character in text) * size / 1000
    table = _HELVETICA_BOLD if font == "B" else _HELVETICA
    return sum(table[ord(c) - 32] if 32 <= ord(c) < 127 else 580 for c in text) * size / 1000


# The widths of Adobe's core fonts (Core14 metrics), thousandths of the type size, for the signs 32 to 126.
_HELVETICA = (
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
    556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
    260, 334, 584,
)  # fmt: skip
_HELVETICA_BOLD = (
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
    556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778, 722, 278, 556, 722, 611, 833,
    722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611,
    556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389,
    280, 389, 584,
)  # fmt: skip

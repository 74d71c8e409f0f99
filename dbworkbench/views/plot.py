"""Marks, lines and words that plots are made of: SVG of attributes only on an opaque ground, for every sanitizer."""

from collections.abc import Sequence

from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.picture import Point
from dbworkbench.diagram.theme import FONT, LIGHT
from dbworkbench.page.html import escaped

INKS = ("#0b5c9e", "#b04a08", "#0b6b5c", "#7a3b86", "#6b5a00", "#9c2a5b")
SIZE, SMALL = 12.0, 10.5


def sheet(parts: Sequence[str], wide: float, high: float, title: str) -> str:
    """A whole picture with its title, which is read aloud."""
    size = f'width="{number(wide)}" height="{number(high)}" viewBox="0 0 {number(wide)} {number(high)}"'
    ground = element("rect", width=wide, height=high, fill=LIGHT.paper)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}" font-size="{number(SIZE)}">'
        f"<title>{escaped(printable(title))}</title>{ground}{''.join(parts)}</svg>"
    )


def mark(x: float, y: float, series: int, *, filled: bool) -> str:
    """A mark of a series: circle, square, diamond or triangle, hollow unless filled."""
    ink = INKS[series % len(INKS)]
    look = {"fill": ink if filled else LIGHT.paper, "stroke": ink, "stroke-width": 1.6}
    corners = {
        1: ((-4, -4), (4, -4), (4, 4), (-4, 4)),
        2: ((0, -5.2), (5.2, 0), (0, 5.2), (-5.2, 0)),
        3: ((0, -5), (5, 4), (-5, 4)),
    }
    shape = series % 4
    if shape == 0:
        return element("circle", cx=x, cy=y, r=4.4, **look)
    points = " ".join(f"{number(x + dx)},{number(y + dy)}" for dx, dy in corners[shape])
    return element("polygon", points=points, **look)


def legend(series: Sequence[str], said: Sequence[str], left: float, top: float, room: float) -> tuple[list[str], float]:
    """The shapes and their names, then remarks: as many to a line as fit; and the height of all lines."""
    parts: list[str] = []
    x, y = 0.0, top
    for at, words in enumerate((*series, *said)):
        marked = at < len(series)
        shown = clipped(printable(words), SMALL, room - 20)
        needs = width(shown, SMALL) + (36 if marked else 18)
        if x and x + needs > room + 18:
            x, y = 0.0, y + 18
        parts += [mark(left + x + 6, y, at, filled=True)] if marked else []
        ink = LIGHT.text if marked else LIGHT.quiet
        parts.append(text(shown, left + x + (17 if marked else 0), y, size=SMALL, ink=ink))
        x += needs
    return parts, y - top + 18


def text(words: str, x: float, y: float, *, size: float = SIZE, ink: str = LIGHT.text, anchor: str = "start", weight: str = "") -> str:  # fmt: skip
    """Words on a line whose middle is at `y`."""
    bold = f' font-weight="{weight}"' if weight else ""
    place = f'x="{number(x)}" y="{number(y + size * 0.35)}" text-anchor="{anchor}"'
    return f'<text {place} font-size="{number(size)}" fill="{ink}"{bold}>{escaped(words)}</text>'


def stroke(start: Point, end: Point, ink: str, wide: float) -> str:
    """A straight line."""
    ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
    return element("line", **ends, stroke=ink, **{"stroke-width": wide})


def element(name: str, **attributes: object) -> str:
    """An element without content."""
    said = (
        f'{key}="{number(value) if isinstance(value, (int, float)) else value}"' for key, value in attributes.items()
    )
    return f"<{name} {' '.join(said)}/>"


def number(value: float) -> str:
    """A number with one digit at most."""
    return f"{value:.1f}".removesuffix(".0")

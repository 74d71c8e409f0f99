"""Geometry without colour: cards with rows, lines with ends, and the sheet they lie on."""

from dataclasses import dataclass
from enum import Enum

Point = tuple[float, float]


class Tone(Enum):
    """Why a part of the picture stands out."""

    PLAIN = ""
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"
    HIGHLIGHT = "highlight"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a card: an attribute, or words such as "… 4 more" (then `attribute` is empty).

    `marks` are of "PK", "FK", "U", "U1" …, "IX"; `note` is drawn behind the name ("→ customers"); `swatches` number the hues of the
    relations that an attribute went to.
    """

    attribute: str
    name: str
    marks: tuple[str, ...] = ()
    type: str = ""
    nullable: bool = False
    note: str = ""
    full: str = ""
    tone: Tone = Tone.PLAIN
    swatches: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """A relation as a titled list of rows, before it has a place; `ruled` rows from the top are the primary key."""

    relation: str
    title: str
    rows: tuple[Row, ...]
    ruled: int = 0
    hue: int = 0
    dependent: bool = False
    note: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Mark:
    """How many: an end of a line, read beside the card it touches."""

    least: int
    many: bool

    def __str__(self) -> str:
        low, high = str(self.least), "*" if self.many else "1"
        return low if low == high else f"{low}..{high}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A foreign key to draw: `child` (attributes) refers to `parent` (referenced)."""

    child: str
    attributes: tuple[str, ...]
    parent: str
    referenced: tuple[str, ...]
    child_mark: Mark
    parent_mark: Mark
    identifying: bool
    name: str = ""
    tone: Tone = Tone.PLAIN

    def __str__(self) -> str:
        here, there = ", ".join(self.attributes), ", ".join(self.referenced)
        return f"{self.child}({here}) → {self.parent}({there})"


@dataclass(frozen=True, slots=True)
class Box:
    """A card in its place; `x`, `y` are its upper left corner."""

    card: Card
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class End:
    """Where a line meets a card: a point on the card's side, the rows it means, and which way is outward (-1 or 1)."""

    relation: str
    at: Point
    outward: int
    mark: Mark
    rows: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A reference in its place: corner points from the child's card to the parent's."""

    reference: Reference
    points: tuple[Point, ...]
    child: End
    parent: End


@dataclass(frozen=True, slots=True)
class Label:
    """Free text on the sheet; `role` is "title", "caption" or "entry"."""

    text: str
    at: Point
    role: str = "caption"
    anchor: str = "start"
    size: float = 11


@dataclass(frozen=True, slots=True)
class Panel:
    """A titled ground under some cards: a subject area."""

    title: str
    x: float
    y: float
    width: float
    height: float
    hue: int = 0


@dataclass(frozen=True, slots=True)
class Sample:
    """An entry of the legend: a sign and what it means.

    `sign` is a mark of a row ("PK"), "null", "solid", "dashed", or a tone's name; or `mark` is an end of a line.
    """

    words: str
    at: Point
    sign: str = ""
    mark: Mark | None = None
    parent: bool = False
    identifying: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A sheet: everything on it has its place, nothing has a colour yet."""

    width: float
    height: float
    boxes: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()
    labels: tuple[Label, ...] = ()
    panels: tuple[Panel, ...] = ()
    title: str = ""
    legend: tuple[Sample, ...] = ()

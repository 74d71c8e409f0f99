"""What the ends of lines look like in each notation: strokes beside a card, outward from the point of contact."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dbworkbench.diagram.picture import End, Mark, Point
from dbworkbench.errors import UnknownName


@dataclass(frozen=True, slots=True)
class Stroke:
    """An open line."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Ring:
    """A circle; `filled` with the line's colour, or with the paper's."""

    centre: Point
    radius: float
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed figure; `filled` with the line's colour, or with the paper's."""

    points: tuple[Point, ...]
    filled: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A few letters beside the line."""

    text: str
    at: Point
    anchor: str


Sign = Stroke | Ring | Shape | Words
HALF = 4.3  # how far a sign reaches to each side of its line


@dataclass(frozen=True, slots=True)
class Notation:
    """A way to draw ends: signs for the child's and the parent's end of a reference.

    With `own`, an end tells how often its own rows take part; else how many of its rows go with one of the other
    card. `note` says so in the legend.
    """

    name: str
    child: Callable[[End, bool], tuple[Sign, ...]]
    parent: Callable[[End, bool], tuple[Sign, ...]]
    dashed: bool = True
    rounded_dependents: bool = False
    own: bool = False
    note: str = ""
    legend: tuple[tuple[str, Mark, str, bool], ...] = ()


def _bar(end: End, out: float) -> Stroke:
    (x, y), way = end.at, end.outward
    return Stroke(((x + way * out, y - HALF), (x + way * out, y + HALF)))


def _ring(end: End, out: float, *, filled: bool = False) -> Ring:
    (x, y), way = end.at, end.outward
    return Ring((x + way * out, y), 3.3, filled=filled)


def _crow(end: End, identifying: bool) -> tuple[Sign, ...]:  # noqa: FBT001  the shape all notations share
    """Crow's foot: outermost how few, at the card how many."""
    del identifying
    (x, y), way, mark = end.at, end.outward, end.mark
    stem = Stroke(((x, y), (x + way * 20, y)))  # whole where the line itself is dashed
    if mark.many:
        tip = x + way * 11
        toes = (Stroke(((tip, y), (x, y - HALF))), Stroke(((tip, y), (x, y + HALF))))
        return (stem, *toes, _ring(end, 14.5) if mark.least == 0 else _bar(end, 14))
    return (stem, _bar(end, 6), _ring(end, 13) if mark.least == 0 else _bar(end, 10))


def _idef_child(end: End, identifying: bool) -> tuple[Sign, ...]:  # noqa: FBT001  the shape all notations share
    """IDEF1X: a dot at the child; Z beside it for zero or one."""
    del identifying
    (x, y), way = end.at, end.outward
    dot = Ring((x + way * 4, y), 4, filled=True)
    if end.mark.many:
        return (dot,)
    return (dot, _beside(end, 10, "Z"))


def _idef_parent(end: End, identifying: bool) -> tuple[Sign, ...]:  # noqa: FBT001  the shape all notations share
    """IDEF1X: a diamond at a parent that may be missing, else nothing."""
    del identifying
    (x, y), way = end.at, end.outward
    if end.mark.least:
        return ()
    return (Shape(((x, y), (x + way * 6, y - 4.5), (x + way * 12, y), (x + way * 6, y + 4.5))),)


def _beside(end: End, out: float, text: str) -> Words:
    """Words at an end: above its line, or below where another line ends higher at the same row."""
    (x, y), way = end.at, end.outward
    low = bool(end.rows) and y > (end.rows[0] + end.rows[-1]) / 2 + 2
    return Words(text, (x + way * out, y + 8.4 if low else y - 2), "start" if way > 0 else "end")


def _numbers(end: End, identifying: bool) -> tuple[Sign, ...]:  # noqa: FBT001  the shape all notations share
    """UML: the multiplicity beside the line's end."""
    del identifying
    return (_beside(end, 4, "*" if str(end.mark) == "0..*" else str(end.mark)),)


def _uml_parent(end: End, identifying: bool) -> tuple[Sign, ...]:  # noqa: FBT001  the shape all notations share
    """UML: a filled diamond at the whole whose parts could not be told apart without it."""
    (x, y), way = end.at, end.outward
    if not identifying:
        return _numbers(end, identifying)
    diamond = Shape(((x, y), (x + way * 6, y - 4), (x + way * 12, y), (x + way * 6, y + 4)), filled=True)
    return (diamond, _beside(end, 13, str(end.mark)))


def _min_max(end: End, identifying: bool) -> tuple[Sign, ...]:  # noqa: FBT001  the shape all notations share
    """Least and most at each end, as in (0,N): how often a row of this card takes part (Abrial 1974)."""
    del identifying
    return (_beside(end, 2, f"({end.mark.least},{'N' if end.mark.many else '1'})"),)


def _nothing(end: End, identifying: bool) -> tuple[Sign, ...]:  # noqa: FBT001  the shape all notations share
    """No sign."""
    del end, identifying
    return ()


def _head(end: End, identifying: bool) -> tuple[Sign, ...]:  # noqa: FBT001  the shape all notations share
    """An arrow's head."""
    del identifying
    (x, y), way = end.at, end.outward
    return (Shape(((x, y), (x + way * 8, y - 4), (x + way * 8, y + 4)), filled=True),)


ARROW = Notation("arrow", _nothing, _head, dashed=False)
CROWS_FOOT = Notation(
    "crow's foot", _crow, _crow,
    legend=(
        ("child", Mark(0, many=True), "any number", False),
        ("child", Mark(0, many=False), "at most one", False),
        ("parent", Mark(1, many=False), "exactly one", False),
        ("parent", Mark(0, many=False), "one or none", False),
    ),
)  # fmt: skip
IDEF1X = Notation(
    "IDEF1X", _idef_child, _idef_parent, rounded_dependents=True,
    legend=(
        ("child", Mark(0, many=True), "any number", False),
        ("child", Mark(0, many=False), "at most one", False),
        ("parent", Mark(0, many=False), "one or none", False),
    ),
)  # fmt: skip
UML = Notation(
    "UML", _numbers, _uml_parent, dashed=False, note="numbers: how many go with one of the other side",
    legend=(("parent", Mark(1, many=False), "part of", True),),
)  # fmt: skip
MIN_MAX = Notation(
    "min-max", _min_max, _min_max, dashed=False, own=True, note="(least,most): how often each row takes part",
)  # fmt: skip
NOTATIONS: Mapping[str, Notation] = {
    notation.name.casefold(): notation for notation in (CROWS_FOOT, IDEF1X, UML, MIN_MAX)
}


def notation_of(name: object) -> Notation:
    """The notation of that name (crow's foot, IDEF1X, UML, min-max); raises UnknownName.

    >>> notation_of("idef1x").name
    'IDEF1X'
    """
    wanted = str(name).casefold().replace("’", "'").replace("_", " ").replace("crows", "crow's")
    wanted = {"crow's-foot": "crow's foot", "min max": "min-max", "crow": "crow's foot"}.get(wanted, wanted)
    if wanted not in NOTATIONS:
        raise UnknownName("notation", str(name), [*(notation.name for notation in NOTATIONS.values()), "Chen"])
    return NOTATIONS[wanted]

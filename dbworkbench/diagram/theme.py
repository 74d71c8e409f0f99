"""Colours, type and measures of all pictures, in one place.

Every text colour stands at 4.5:1 or more against what it stands on, and nothing is said by colour alone: marks are
words, ends are shapes, kinds of lines are dashes. The hues keep apart for the usual kinds of colour-blindness
(after Okabe & Ito 2008) and in grey print.
"""

from dataclasses import dataclass

from dbworkbench.errors import UnknownName

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, DejaVu Sans, sans-serif"


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a picture; `headers` are those of subject areas in turn, the first the usual one."""

    name: str
    paper: str
    card: str
    border: str
    rule: str
    text: str
    quiet: str
    header_text: str
    line: str
    primary: str
    foreign: str
    unique: str
    highlight: str
    headers: tuple[str, ...]
    added: str
    removed: str
    changed: str
    moved: str


LIGHT = Theme(
    name="light",
    paper="#ffffff",
    card="#ffffff",
    border="#8a96a6",
    rule="#d5dbe3",
    text="#18212f",
    quiet="#5c6878",
    header_text="#ffffff",
    line="#46536a",
    primary="#8a4b00",
    foreign="#0b5c9e",
    unique="#7a3b86",
    highlight="#fff3cf",
    headers=("#24405e", "#0b6b5c", "#8a3d12", "#5d3f8c", "#7a1f4b", "#3f5a17", "#0a5d85", "#5a4632"),
    added="#0b6b3a",
    removed="#a3261d",
    changed="#8a5a00",
    moved="#0b5c9e",
)
DARK = Theme(
    name="dark",
    paper="#12171f",
    card="#1a212c",
    border="#6d7a8d",
    rule="#333e4d",
    text="#e8edf4",
    quiet="#a3afbf",
    header_text="#ffffff",
    line="#a9b6c8",
    primary="#f2b66d",
    foreign="#7fbdf0",
    unique="#d5a3e0",
    highlight="#4a3f1c",
    headers=("#34597f", "#16705f", "#92461c", "#6a4b9c", "#8c2e5c", "#4c6a20", "#146a94", "#6a5440"),
    added="#6fd49a",
    removed="#ff9a8f",
    changed="#f2c14e",
    moved="#7fbdf0",
)
THEMES = {theme.name: theme for theme in (LIGHT, DARK)}


def theme_of(theme: object) -> Theme:
    """A theme, or the one of that name; raises UnknownName.

    >>> theme_of("dark").paper
    '#12171f'
    """
    if isinstance(theme, Theme):
        return theme
    if not isinstance(theme, str) or theme not in THEMES:
        raise UnknownName("theme", str(theme), list(THEMES))
    return THEMES[theme]


@dataclass(frozen=True, slots=True)
class Measures:
    """Lengths, in pixels at full size."""

    size: float = 12  # of names
    small: float = 9  # of marks
    title: float = 13
    row: float = 21
    header: float = 28
    pad: float = 10
    gap: float = 8
    name_room: float = 240
    type_room: float = 130
    between: float = 26  # boxes in a column
    lane: float = 11  # between parallel lines
    stub: float = 27  # from a box to the first turn: the room that an end mark needs
    margin: float = 28


MEASURES = Measures()

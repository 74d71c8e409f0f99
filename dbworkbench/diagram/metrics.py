"""How wide text will be: an upper bound over the sans-serif fonts that browsers and printers are likely to choose.

The widths are those of DejaVu Sans (thousandths of the type size), the widest of the family named in `theme.py`:
text set in Helvetica, Arial or Liberation Sans is narrower, so what fits by this table fits everywhere.
"""

import unicodedata
from functools import lru_cache

_REGULAR = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
)  # fmt: skip
_BOLD = (
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
    837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
    678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
    365, 712, 838,
)  # fmt: skip
_OTHER, _OTHER_BOLD, _WIDE = 850, 960, 1300


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> int:  # noqa: FBT001  private, and cached by position
    code = ord(character)
    if 32 <= code < 127:
        return (_BOLD if bold else _REGULAR)[code - 32]
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return _WIDE if code > 0xFFFF else 1000
    base = unicodedata.normalize("NFD", character)[0]
    if base != character and 32 <= ord(base) < 127:
        return _advance(base, bold)
    if unicodedata.category(character) in {"So", "Sm", "Lu"} or character == "…":
        return 1100
    return _OTHER_BOLD if bold else _OTHER


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The room that one line of text needs at most, in the unit of `size`.

    >>> round(width("order_id", 12), 1)
    49.2
    """
    return _units(text, bold) * size / 1000


@lru_cache(maxsize=16384)
def _units(text: str, bold: bool) -> int:  # noqa: FBT001  private, and cached by position
    return sum(_advance(character, bold) for character in text)


@lru_cache(maxsize=16384)
def printable(text: str) -> str:
    r"""Text as one line that every XML reader takes: controls and lone surrogates become signs, blanks are kept.

    Marks that turn the direction of writing are shown as signs too, so that a name cannot reorder its neighbours.

    >>> printable("a\x00b\tc  d")
    'a␀b␉c\xa0\xa0d'
    """
    if text.isascii() and text.isprintable() and "  " not in text and text == text.strip():
        return text
    signs: list[str] = []
    for character in text:
        code, kind = ord(character), unicodedata.category(character)
        if code < 32:
            signs.append(chr(0x2400 + code))
        elif (
            kind in {"Cc", "Cs", "Cn"}
            or code in {0xFFFE, 0xFFFF}
            or 0x202A <= code <= 0x202E
            or 0x2066 <= code <= 0x2069
        ):
            signs.append("\ufffd")
        elif kind in {"Zl", "Zp"}:
            signs.append("␤")
        else:
            signs.append(character)
    line = "".join(signs).replace("  ", "\xa0\xa0")
    if line[:1] == " ":
        line = "\xa0" + line[1:]
    if line[-1:] == " ":
        line = line[:-1] + "\xa0"
    return line


@lru_cache(maxsize=16384)
def clipped(text: str, size: float, room: float, *, bold: bool = False) -> str:
    """Text cut to the room it has, with an ellipsis where it was cut.

    >>> clipped("a_rather_long_name_for_a_column", 12, 100)
    'a_rather_long…'
    """
    if width(text, size, bold=bold) <= room:
        return text
    left = room - width("…", size, bold=bold)
    kept = 0
    for character in text:
        left -= _advance(character, bold) * size / 1000
        if left < 0:
            break
        kept += 1
    while kept and unicodedata.combining(text[kept : kept + 1] or " "):
        kept -= 1
    return text[:kept] + "…"


def wrapped(text: str, size: float, room: float, *, lines: int = 3) -> list[str]:
    """Text broken into lines that fit, at most so many; the last one is cut if more would follow.

    >>> wrapped("one two three", 10, 45)
    ['one two', 'three']
    """
    found: list[str] = []
    left = printable(text).split(" ")
    while left and len(found) < lines:
        count = 1
        while count < len(left) and width(" ".join(left[: count + 1]), size) <= room:
            count += 1
        found.append(clipped(" ".join(left if len(found) + 1 == lines else left[:count]), size, room))
        left = left[count:]
    return found

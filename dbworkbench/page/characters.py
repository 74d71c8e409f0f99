"""Characters as they are shown: how wide they are, which have no shape, and where lines break."""

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

_OF_NUMBERS = frozenset("0123456789.,")
_JOINER, _EMOJI_STYLE = "\u200d", "\ufe0f"
# Controls, lone surrogates, and the bidirectional overrides that could reorder the text around them.
_SHAPELESS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    r"""Text in which every character can be seen and sent: controls become their pictures, so that none acts.

    >>> visible("a\x1b[31mb")
    'a␛[31mb'
    """
    return _SHAPELESS.sub(_picture, text.replace("\r\n", "\n").replace("\r", "\n"))


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"


def paragraphs(text: str) -> tuple[str, ...]:
    r"""The paragraphs of a prose: parted by empty lines, each on one line with single blanks.

    >>> paragraphs("one\n two\n\nthree")
    ('one two', 'three')
    """
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", visible(text)))
    return tuple(part for part in parts if part)


def one_line(text: str) -> str:
    """The text on one line, with single blanks."""
    return " ".join(paragraphs(text))


def columns(text: str) -> int:
    """How many columns of a terminal or a fixed-width font the text takes.

    Wide characters (East Asian, emoji) take two; accents, joiners and what they join take none.

    >>> columns("naïve"), columns("数据"), columns("👩‍💻")
    (5, 4, 2)
    """
    return len(text) if text.isascii() else sum(_widths(text))


def _widths(text: str) -> Iterator[int]:
    before = ""
    for character in text:
        kind = unicodedata.category(character)
        if character == _EMOJI_STYLE:
            yield 1 if before and unicodedata.east_asian_width(before) not in "WF" else 0
        elif before == _JOINER or kind in {"Mn", "Me", "Cf"} or "\U0001f3fb" <= character <= "\U0001f3ff":
            yield 0
        else:
            yield 2 if unicodedata.east_asian_width(character) in "WF" else 1
        before = character


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns: broken at blanks, within a word only where it must be, and within a number
    only where it is wider than a line.

    >>> wrapped("to be or not", 5)
    ['to be', 'or', 'not']
    >>> wrapped("(0.00025–0.0013)", 12)
    ['(0.00025–', '0.0013)']
    """
    lines: list[str] = []
    for line in text.split("\n"):
        lines += _broken(line, width) if columns(line) > width else [line]
    return lines


def _broken(line: str, width: int) -> list[str]:
    lines, current = [], ""
    for word in line.split():
        joined = f"{current} {word}" if current else word
        if columns(joined) <= width:
            current = joined
            continue
        lines += [current] if current else []
        *full, current = _pieces(word, width)
        lines += full
    return [*lines, current]


def _pieces(word: str, width: int) -> list[str]:
    if columns(word) <= width:
        return [word]
    pieces, start = [], 0
    reached = [0, *accumulate(_widths(word))]
    for at in range(1, len(word) + 1):
        if reached[at] - reached[start] > width and at - 1 > start:
            end = _before_number(word, start, at - 1)
            pieces.append(word[start:end])
            start = end
    return [*pieces, word[start:]]


def _before_number(word: str, start: int, end: int) -> int:
    """Where a piece from `start` ends that had room up to `end`: before the number that this would break, if it does not begin there."""
    at = end
    while at > start and word[at] in _OF_NUMBERS and word[at - 1] in _OF_NUMBERS:
        at -= 1
    return at if at > start else end


def padded(text: str, width: int, align: str = "l") -> str:
    """The text with blanks up to `width` columns, at its right ("l"), its left ("r") or both ("c")."""
    room = max(0, width - columns(text))
    left = {"l": 0, "r": room}.get(align, room // 2)
    return " " * left + text + " " * (room - left)


def cut(text: str, most: int) -> str:
    """The text on one line, of at most `most` characters, ending in … where it was longer.

    >>> cut("a very long name", 8)
    'a very…'
    """
    line = " ".join(text[: 4 * most].split())
    return line if len(line) <= most and len(text) <= 4 * most else line[: most - 1].rstrip() + "…"

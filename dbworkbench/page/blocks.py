"""A small language of blocks in which every result says how it looks; it knows nothing of databases."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Heading:
    """A title; level 1 is the document's own."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph of plain text (no markup in it)."""

    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header.

    `align` has one of "l", "r", "c" per column (empty: all left); `strong` numbers the rows to stand out, from 0.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    align: str = ""
    strong: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Code:
    """Text whose spacing counts; `language` as Markdown fences name it."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture: SVG text (attributes only, opaque background), what it shows in words, and a plain-text twin."""

    svg: str
    alt: str
    caption: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that must be seen; `kind` is "good", "note", "warning" or "bad"."""

    text: str
    kind: str = "note"


@dataclass(frozen=True, slots=True)
class Items:
    """A list, in order or not, of sentences of plain text."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Fold:
    """Blocks behind a title, closed until wanted."""

    title: str
    blocks: "Page"
    open: bool = False


Block: TypeAlias = Heading | Prose | Table | Code | Figure | Notice | Items | Fold
Page: TypeAlias = tuple[Block, ...]


def table(header: Iterable[str], rows: Iterable[Iterable[object]], *, caption: str = "", align: str = "") -> Table:
    """A table of any values, each shown as its `str`.

    >>> table(["a"], [[1]]).rows
    (('1',),)
    """
    return Table(tuple(header), tuple(tuple(str(cell) for cell in row) for row in rows), caption, align)

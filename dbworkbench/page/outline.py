"""The outline of a page: its headings, and the anchors by which a table of contents reaches them."""

import re
from dataclasses import dataclass

from dbworkbench.page.blocks import Heading, Page
from dbworkbench.page.characters import one_line


@dataclass(frozen=True, slots=True)
class Entry:
    """A heading of a page and its anchor, unlike any other of that page."""

    level: int
    text: str
    anchor: str


def outline(page: Page) -> tuple[Entry, ...]:
    """The headings of a page in order; those inside folds are left out.

    Anchors are made as GitHub makes them from Markdown headings, so that the same links work in all formats.

    >>> [entry.anchor for entry in outline((Heading("The keys!"), Heading("The keys?")))]
    ['the-keys', 'the-keys-1']
    """
    entries: list[Entry] = []
    taken: set[str] = set()
    for block in page:
        if isinstance(block, Heading):
            text = heading_text(block)
            stem = re.sub(r"[^\w\- ]", "", text.casefold()).strip().replace(" ", "-") or "section"
            anchor, turn = stem, 0
            while anchor in taken:
                turn += 1
                anchor = f"{stem}-{turn}"
            taken.add(anchor)
            entries.append(Entry(level_of(block), text, anchor))
    return tuple(entries)


def heading_text(heading: Heading) -> str:
    """A heading's text on one line."""
    return one_line(heading.text) or "…"


def level_of(heading: Heading) -> int:
    """A heading's level, from 1 to 6 as HTML and Markdown have them."""
    return min(6, max(1, heading.level))

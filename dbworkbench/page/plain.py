"""Blocks as plain text, for terminals, logs and whoever has no pictures."""

import re
from collections.abc import Collection

from dbworkbench.page.blocks import Block, Code, Figure, Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import columns, one_line, padded, paragraphs, visible, wrapped
from dbworkbench.page.outline import heading_text

MARKS = {"good": "✓", "note": "•", "warning": "⚠", "bad": "✗"}
_GAP = "  "
_NARROWEST = 6
_LEGIBLE = 12  # columns of a cell that is broken into lines and still read easily
_FIGURES = re.compile(r"\(?[\d∞][\d.,–∞]*\)?")  # a number, or a range of numbers: it stays on its line
_LONGEST = 24  # columns, of figures that do


def plain(page: Page, *, width: int = 100, folds: bool = True) -> str:
    """A page as text of at most `width` columns, where its tables and code allow; without `folds`, closed
    folds give only their titles.

    >>> print(plain((Table(("key", "rows"), (("a", "12"),), align="lr"),)))
      key  rows
      ───  ────
      a      12
    """
    return "\n\n".join("\n".join(line.rstrip() for line in _lines(block, width, folds=folds)) for block in page)


def _lines(block: Block, width: int, *, folds: bool) -> list[str]:
    match block:
        case Heading(_, level):
            text = heading_text(block)
            under = {1: "═", 2: "─"}.get(level, "")
            return [text, under * columns(text)] if under else [text]
        case Prose(text):
            return "\n\n".join("\n".join(wrapped(part, width)) for part in paragraphs(text)).split("\n")
        case Table():
            return _table(block, width)
        case Code(text):
            return [f"    {line}" for line in visible(text).expandtabs(4).rstrip("\n").split("\n")]
        case Figure(_, alt, caption, text):
            body = [f"    {line}" for line in visible(text).split("\n")] if text else []
            return [*wrapped(one_line(caption or alt), width), *body]
        case Notice(text, kind):
            return _hanging(MARKS.get(kind, MARKS["note"]), text, width)
        case Items(items, ordered):
            return [
                line
                for at, item in enumerate(items, start=1)
                for line in _hanging(f"  {at}." if ordered else "  •", item, width)
            ]
        case Fold(title, blocks, is_open):
            shown = folds or is_open
            head = _hanging("▾" if shown else "▸", title, width)
            inner = plain(blocks, width=max(40, width - 2), folds=folds) if shown else ""
            return [*head, "", *(f"  {line}" for line in inner.split("\n"))] if inner else head


def _hanging(mark: str, text: str, width: int) -> list[str]:
    indent = " " * (columns(mark) + 1)
    body = wrapped(one_line(text), max(_NARROWEST, width - len(indent)))
    return [(f"{mark} " if at == 0 else indent) + line for at, line in enumerate(body)]


def _table(table: Table, width: int) -> list[str]:
    """The header, a rule and the rows; cells too long for the width are broken into several lines.

    Columns that would be too narrow to be read side by side go on below, the first of them repeated.
    """
    cells = [[visible(cell).expandtabs(4) for cell in row] for row in (table.header, *table.rows)]
    count = max(1, *map(len, cells))
    cells = [row + [""] * (count - len(row)) for row in cells]
    natural = [max(max(map(columns, row[at].split("\n"))) for row in cells) for at in range(count)]
    whole = [max((_figures(row[at]) for row in cells), default=0) for at in range(count)]
    align = table.align.ljust(count, "l")
    lines = [caption] if (caption := one_line(table.caption)) else []
    for number, panel in enumerate(_panels(natural, whole, width)):
        lines += [""] if number else []
        room = width - len(_GAP) * len(panel)
        widths = _fitted([natural[at] for at in panel], [whole[at] for at in panel], room)
        lines += _panel([[row[at] for at in panel] for row in cells], widths, [align[at] for at in panel], table.strong)
    return lines if table.rows else [*lines, f"{_GAP}(no rows)"]


def _figures(cell: str) -> int:
    """The columns of the longest figures in a cell that are to stay on their line."""
    lengths = [columns(word) for word in cell.split() if _FIGURES.fullmatch(word)]
    return max((each for each in lengths if each <= _LONGEST), default=0)


def _panels(natural: list[int], whole: list[int], width: int) -> list[list[int]]:
    """The columns that stand side by side: all of them, unless they would be less than legible."""
    legible = [len(_GAP) + min(each, max(_LEGIBLE, figures)) for each, figures in zip(natural, whole, strict=True)]
    if sum(legible) <= width:
        return [list(range(len(natural)))]
    repeated = [0] if legible[0] <= width // 3 else []
    panels: list[list[int]] = [[]]
    left = width
    for at, wide in enumerate(legible):
        if wide > left and panels[-1]:
            panels.append(list(repeated))
            left = width - sum(legible[one] for one in repeated)
        panels[-1].append(at)
        left -= wide
    return panels


def _panel(cells: list[list[str]], widths: list[int], align: list[str], strong: Collection[int]) -> list[str]:
    lines = []
    for number, row in enumerate(cells, start=-1):
        broken = [wrapped(cell, most) for cell, most in zip(row, widths, strict=True)]
        for at in range(max(map(len, broken))):
            parts = [
                padded(lines_of[at] if at < len(lines_of) else "", most, how)
                for lines_of, most, how in zip(broken, widths, align, strict=True)
            ]
            gutter = "▸ " if number in strong and at == 0 else _GAP
            lines.append(gutter + _GAP.join(parts))
        if number == -1:
            lines.append(_GAP + _GAP.join("─" * most for most in widths))
    return lines


def _fitted(natural: list[int], whole: list[int], room: int) -> list[int]:
    """Widths whose sum is at most `room`, if the narrowest allow it: the widest columns give first, but not what is `whole`."""
    low, high = _NARROWEST, max([_NARROWEST, *natural])
    while low < high:
        level = (low + high + 1) // 2
        if sum(_given(natural, whole, level)) <= room:
            low = level
        else:
            high = level - 1
    return _given(natural, whole, low)


def _given(natural: list[int], whole: list[int], level: int) -> list[int]:
    """What columns get of a level."""
    return [max(1, min(each, max(level, figures))) for each, figures in zip(natural, whole, strict=True)]

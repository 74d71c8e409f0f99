"""Blocks as Markdown of the GitHub kind; pictures are inside the text, so that one file holds everything."""

import re

from dbworkbench.page.blocks import Block, Code, Figure, Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import one_line, paragraphs, visible
from dbworkbench.page.html import escaped, image
from dbworkbench.page.outline import heading_text, level_of, outline
from dbworkbench.page.plain import MARKS

_ALWAYS = re.compile(r"[\\`*<&$~|]|_(?![^\W_])|(?<![^\W_])_|\](?=[(\[:])|!(?=\[)")
_AT_START = re.compile(r"[#>+-]|\d{1,9}(?=[.)])")


def literal(text: str) -> str:
    r"""Text on one line that Markdown shows as it stands.

    >>> print(literal("2. order_id < *any*"))
    2\. order_id \< \*any\*
    """
    line = inline(text)
    start = _AT_START.match(line)
    if not start:
        return line
    at = start.end() if start[0].isdigit() else 0
    return f"{line[:at]}\\{line[at:]}"


def inline(text: str) -> str:
    """Text within a line that Markdown shows as it stands; names such as order_id stay as they are."""
    return _ALWAYS.sub(lambda met: "\\" + met[0], " ".join(visible(text).split()))


def markdown(page: Page, *, contents: bool = False, pictures: bool = True) -> str:
    """A page as Markdown, ending in a line break; with `contents`, a list of its chapters follows the title.

    Without `pictures`, figures give their words only.

    >>> print(markdown((Notice("lossless", "good"),)), end="")
    > ✓ lossless
    """
    parts = [_block(block, pictures=pictures) for block in page]
    chapters = [entry for entry in outline(page) if 2 <= entry.level <= 3]
    if contents and len(chapters) >= 3:
        lines = (f"{'  ' * (entry.level - 2)}- [{inline(entry.text)}](#{entry.anchor})" for entry in chapters)
        first = page[0]
        at = 1 if isinstance(first, Heading) and level_of(first) == 1 else 0
        parts.insert(at, "\n".join(lines))
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block, *, pictures: bool) -> str:
    match block:
        case Heading():
            text = inline(heading_text(block))
            return f"{'#' * level_of(block)} {re.sub(r'(#+)$', _escaped_end, text)}"
        case Prose(text):
            return "\n\n".join(map(literal, paragraphs(text)))
        case Table():
            return _table(block)
        case Code(text, language):
            body = visible(text).rstrip()
            fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", body)), default=0))
            kind = language if re.fullmatch(r"[\w+#-]+", language) else ""
            return f"{fence}{kind}\n{body}\n{fence}"
        case Figure(_, alt, caption):
            under = f"*{words}*" if (words := inline(caption)) else ""
            return "\n\n".join(part for part in (image(block), under) if part) if pictures else under or literal(alt)
        case Notice(text, kind):
            return f"> {MARKS.get(kind, MARKS['note'])} {inline(text)}"
        case Items(items, ordered):
            return "\n".join(
                f"{f'{at}.' if ordered else '-'} {literal(item)}" for at, item in enumerate(items, start=1)
            )
        case Fold(title, blocks, is_open):
            inner = "\n\n".join(_block(each, pictures=pictures) for each in blocks)
            summary = f"<summary>{escaped(one_line(title))}</summary>"
            return f"<details{' open' if is_open else ''}>{summary}\n\n{inner}\n\n</details>"


def _escaped_end(met: re.Match[str]) -> str:
    return "\\#" * len(met[1])


def _table(table: Table) -> str:
    count = max(len(table.header), *(len(row) for row in table.rows), 1)
    align = [{"r": "---:", "c": ":---:"}.get(how, ":---") for how in table.align.ljust(count, "l")]
    lines = [_row([_cell(cell) for cell in table.header], count), _row(align, count)]
    for number, row in enumerate(table.rows):
        cells = [_cell(cell) for cell in row]
        lines.append(_row([f"**{cell}**" if cell and number in table.strong else cell for cell in cells], count))
    caption = f"**{said}**\n\n" if (said := inline(table.caption)) else ""
    return caption + "\n".join(lines)


def _cell(text: str) -> str:
    return "<br>".join(inline(line) for line in visible(text).strip().split("\n"))


def _row(cells: list[str], count: int) -> str:
    return f"| {' | '.join(cells + [''] * (count - len(cells)))} |"

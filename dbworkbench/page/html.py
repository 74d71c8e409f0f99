"""Blocks as HTML: a fragment for notebook outputs and a self-contained page; everything is escaped here.

The fragment must read well where style is stripped (GitHub, untrusted notebooks), so its meaning is in the elements
and only a few inline styles undo what notebook themes do. The page carries one stylesheet and needs neither network
nor script.
"""

import base64
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from dbworkbench.page.blocks import Block, Code, Figure, Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import columns, one_line, paragraphs, visible
from dbworkbench.page.outline import Entry, heading_text, level_of, outline
from dbworkbench.page.plain import MARKS

_LONG_WORD = 40
_RANGE = re.compile(r"(?<=\d)–(?=[\d∞])")  # a line is not broken within it
_WHOLE = re.compile(r"(?=\S{1,24}\Z).*-")  # a date, say, that browsers would break at its hyphens
_TOO_LONG = re.compile(rf"\S{{{_LONG_WORD + 1},}}")
_WIDE_TABLE = 45  # columns of text, about what a phone shows
_WIDEST = 160
_SHORT = 40
_FEW = 2  # columns among which a sentence keeps enough width by itself
_WIDE_CODE = 36
_SPOKEN = {"good": "Good", "note": "Note", "warning": "Warning", "bad": "Problem"}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})

# What each part carries: in a fragment inline styles, in a page the classes of its stylesheet.
_INLINE: Mapping[str, str] = {
    "scroll": ' style="overflow-x:auto"',
    "table": ' cellpadding="5" style="border-collapse:collapse;margin:0.2em 0 1em 0"',
    "caption": ' style="text-align:left;padding:0.2em 0;font-weight:bold"',
    "l": ' style="text-align:left;vertical-align:top"',
    "r": ' align="right" style="text-align:right;vertical-align:top;font-variant-numeric:tabular-nums"',
    "c": ' align="center" style="text-align:center;vertical-align:top"',
    "whole": ' style="text-align:left;vertical-align:top;white-space:nowrap"',
    "long": ' style="text-align:left;vertical-align:top;min-width:20em"',
    "roomy": ' style="text-align:left;vertical-align:top;min-width:14em"',
    "good": ' style="border-left:3px solid #2e9e5b;padding-left:0.6em"',
    "note": ' style="border-left:3px solid #3b82c4;padding-left:0.6em"',
    "warning": ' style="border-left:3px solid #c98a00;padding-left:0.6em"',
    "bad": ' style="border-left:3px solid #d0413b;padding-left:0.6em"',
    "figure": ' style="margin:0.4em 0 1em 0"',
    "picture": ' style="max-width:100%;height:auto"',
    "fold": ' style="margin:0.3em 0"',
}
_CLASSED: Mapping[str, str] = {
    "scroll": ' class="scroll"',
    "r": ' class="r"',
    "c": ' class="c"',
    "whole": ' class="whole"',
    "long": ' class="long"',
    "roomy": ' class="roomy"',
    "good": ' class="notice good"',
    "note": ' class="notice note"',
    "warning": ' class="notice warning"',
    "bad": ' class="notice bad"',
}


def escaped(text: str) -> str:
    """Text as HTML writes it, in elements and in quoted attributes; characters with no shape are made visible.

    >>> escaped("<b> & 'c'")
    '&lt;b&gt; &amp; &#39;c&#39;'
    """
    return visible(text).translate(_ESCAPES)


def flowing(text: str) -> str:
    """Escaped text in which a very long word may be broken, with or without a stylesheet."""
    if len(text) <= _LONG_WORD:
        return escaped(text)
    return (
        _TOO_LONG.sub(lambda met: "\x00".join(_cut(met[0])), visible(text)).translate(_ESCAPES).replace("\x00", "<wbr>")
    )


def _cut(word: str) -> list[str]:
    return [word[at : at + _LONG_WORD] for at in range(0, len(word), _LONG_WORD)]


def image(figure: Figure, attributes: str = "") -> str:
    """A figure's picture as an `<img>` that holds its own data, which sanitizers keep where they drop inline SVG."""
    data = base64.b64encode(figure.svg.encode("utf-8", "replace")).decode("ascii")
    size = "".join(f' {name}="{value}"' for name, value in _size(figure.svg))
    alt = escaped(one_line(figure.alt))
    return f'<img src="data:image/svg+xml;base64,{data}" alt="{alt}"{size}{attributes}>'


def _size(svg: str) -> list[tuple[str, int]]:
    """The picture's own width and height in CSS pixels, where its root element says them."""
    root = re.search(r"<svg\b[^>]*>", svg)
    found: list[tuple[str, int]] = []
    for name in ("width", "height"):
        said = re.search(rf'\s{name}="([0-9.]+)(px|pt)?"', root[0]) if root else None
        if said:
            found.append((name, max(1, round(float(said[1]) * (4 / 3 if said[2] == "pt" else 1)))))
    return found if len(found) == 2 else []


def fragment(page: Page) -> str:
    r"""A page as HTML to stand inside another document.

    >>> fragment((Prose("a < b"),))
    '<div class="dbworkbench">\n<p>a &lt; b</p>\n</div>'
    """
    body = "\n".join(_block(block, _INLINE, "") for block in page)
    return f'<div class="dbworkbench">\n{body}\n</div>'


def document(page: Page, *, title: str = "") -> str:
    """A page as a whole HTML file: no network, no script, light and dark, fit for print.

    `title` is the window's; without it the first heading is. Three or more headings give a table of contents.
    """
    entries = outline(page)
    name = title or (entries[0].text if entries else "dbworkbench")
    anchors = iter(entries)
    parts = [_block(block, _CLASSED, next(anchors).anchor if isinstance(block, Heading) else "") for block in page]
    contents = _contents([entry for entry in entries if 2 <= entry.level <= 3])
    if contents:
        titled = bool(entries) and isinstance(page[0], Heading) and entries[0].level == 1
        parts.insert(1 if titled else 0, contents)
    body = "\n".join(parts)
    shape = ' class="with-contents"' if contents else ""
    return (
        "<!doctype html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        f'<title>{escaped(name)}</title>\n<link rel="icon" href="data:,">\n<style>\n{_stylesheet()}</style>\n</head>\n'
        f"<body{shape}>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


@cache
def _stylesheet() -> str:
    return files("dbworkbench.page").joinpath("page.css").read_text(encoding="utf-8")


def _contents(entries: list[Entry]) -> str:
    if len(entries) < 3:
        return ""
    lines: list[str] = []
    for entry in entries:
        link = f'<a href="#{escaped(entry.anchor)}">{escaped(entry.text)}</a>'
        lines.append(f'<li class="level{entry.level}">{link}</li>')
    return '<nav aria-label="Contents">\n<p>Contents</p>\n<ul>\n' + "\n".join(lines) + "\n</ul>\n</nav>"


def _block(block: Block, look: Mapping[str, str], anchor: str) -> str:
    match block:
        case Heading():
            level = level_of(block)
            place = f' id="{escaped(anchor)}"' if anchor else ""
            return f"<h{level}{place}>{flowing(heading_text(block))}</h{level}>"
        case Prose(text):
            return "\n".join(f"<p>{flowing(part)}</p>" for part in paragraphs(text))
        case Table():
            return _table(block, look)
        case Code(text, language):
            kind = f' class="language-{escaped(language)}"' if re.fullmatch(r"[\w+#-]+", language) else ""
            wide = any(columns(line) > _WIDE_CODE for line in text.split("\n"))
            reach = ' tabindex="0" role="group" aria-label="Code"' if wide else ""
            return f"<pre{reach}><code{kind}>{escaped(text.rstrip())}\n</code></pre>"
        case Figure(_, _, caption):
            said = flowing(one_line(caption))
            under = f"\n<figcaption>{said}</figcaption>" if said else ""
            return f"<figure{_of(look, 'figure')}>{image(block, _of(look, 'picture'))}{under}</figure>"
        case Notice(text, kind):
            kind = kind if kind in MARKS else "note"
            sentence = flowing(one_line(text))
            mark = f'<strong role="img" aria-label="{_SPOKEN[kind]}">{MARKS[kind]}</strong>'
            return f"<p{_of(look, kind)}>{mark} {sentence}</p>"
        case Items(items, ordered):
            name = "ol" if ordered else "ul"
            inner = "\n".join(f"<li>{flowing(one_line(item))}</li>" for item in items)
            return f"<{name}>\n{inner}\n</{name}>"
        case Fold(title, blocks, is_open):
            inner = "\n".join(_block(each, look, "") for each in blocks)
            state = " open" if is_open else ""
            summary = f"<summary>{flowing(one_line(title))}</summary>"
            return f"<details{_of(look, 'fold')}{state}>{summary}\n{inner}\n</details>"


def _of(look: Mapping[str, str], part: str) -> str:
    return look.get(part, "")


def _table(table: Table, look: Mapping[str, str]) -> str:
    count = max(len(table.header), *(len(row) for row in table.rows), 1)
    align = [how if how in "lrc" else "l" for how in table.align.ljust(count, "l")]
    said = flowing(one_line(table.caption))
    caption = f"<caption{_of(look, 'caption')}>{said}</caption>\n" if said else ""
    head = "".join(_header(name, how, look) for name, how in zip(_row(table.header, count), align, strict=True))
    body: list[str] = []
    fit = _keeping_short if _scrolls(table, count) else _with_room if count > _FEW else _as_it_is
    for number, row in enumerate(table.rows):
        cells = (
            _cell(cell, fit(cell) if how == "l" else how, look, strong=number in table.strong)
            for cell, how in zip(_row(row, count), align, strict=True)
        )
        body.append(f"<tr>{''.join(cells)}</tr>")
    if not table.rows:
        body = [f'<tr><td colspan="{count}"{_of(look, "l")}>(no rows)</td></tr>']
    rows = "\n".join(body)
    return (
        f"<div{_of(look, 'scroll')}{_reach(table, count)}><table{_of(look, 'table')}>\n"
        f"{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def _row(cells: tuple[str, ...], count: int) -> tuple[str, ...]:
    return cells + ("",) * (count - len(cells))


def _header(name: str, how: str, look: Mapping[str, str]) -> str:
    """A column's name; a column without one gets no header, which would be read out as empty."""
    return f'<th scope="col"{_of(look, how)}>{flowing(name)}</th>' if name.strip() else "<td></td>"


def _cell(cell: str, how: str, look: Mapping[str, str], *, strong: bool) -> str:
    text = _RANGE.sub("&#8288;–&#8288;", "<br>".join(map(flowing, visible(cell).split("\n"))))
    part = "whole" if how == "l" and _WHOLE.match(cell) else how
    return f"<td{_of(look, part)}>{f'<strong>{text}</strong>' if strong and text else text}</td>"


def _keeping_short(cell: str) -> str:
    return "whole" if columns(cell) <= _SHORT else "long"


def _with_room(cell: str) -> str:
    """Among several columns a sentence would otherwise be broken at every word."""
    return "l" if columns(cell) <= _SHORT else "roomy"


def _as_it_is(_: str) -> str:
    return "l"


def _scrolls(table: Table, count: int) -> bool:
    """Whether a table is wider than any page even with each word on a line of its own: then breaking lines gains nothing."""
    cells = [_row(row, count) for row in (table.header, *table.rows)]
    words = (max((columns(word) for row in cells for word in row[at].split()), default=0) for at in range(count))
    return sum(3 + each for each in words) > _WIDEST


def _reach(table: Table, count: int) -> str:
    """A table that may be wider than the page can be scrolled from the keyboard, and has a name there."""
    cells = [_row(row, count) for row in (table.header, *table.rows)]
    if sum(3 + max(columns(row[at]) for row in cells) for at in range(count)) <= _WIDE_TABLE:
        return ""
    name = one_line(table.caption) or f"Table: {', '.join(filter(None, map(one_line, table.header[:8])))}"
    return f' tabindex="0" role="group" aria-label="{escaped(name)}"'

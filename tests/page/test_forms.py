"""One page in every form: golden files, hostile text, and the laws of escaping."""

import base64
import json
import re
import unicodedata
from collections.abc import Callable
from html.parser import HTMLParser

import mistune
import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dbworkbench.page.blocks import Code, Figure, Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import columns, cut, paragraphs, visible, wrapped
from dbworkbench.page.html import document, fragment
from dbworkbench.page.markdown import literal, markdown
from dbworkbench.page.notebook import notebook
from dbworkbench.page.plain import plain

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="240" height="80" viewBox="0 0 240 80" role="img">'
    '<title>Two boxes</title><rect width="240" height="80" fill="#ffffff"/>'
    '<rect x="10" y="20" width="80" height="40" fill="none" stroke="#333333"/>'
    '<rect x="150" y="20" width="80" height="40" fill="none" stroke="#333333"/>'
    '<line x1="90" y1="40" x2="150" y2="40" stroke="#333333"/></svg>'
)
PAGE: Page = (
    Heading("A page of everything", 1),
    Prose("The first paragraph holds order_id, a < b & c > d, 5 * 6 * 7 and [a](b).\n\nThe second is short."),
    Heading("Tables"),
    Table(
        ("attribute", "type", "rows"),
        (("order_id", "integer", "1,204"), ("naïve café", "数据", "12"), ("👩‍💻 dev", "a|b\nsecond line", "")),
        "Attributes of orders",
        "llr",
        frozenset({0}),
    ),
    Table(("nothing",), ()),
    Heading("Words"),
    Heading("Notices", 3),
    *(Notice(f"This is {kind}.", kind) for kind in ("good", "note", "warning", "bad")),
    Heading("Lists", 3),
    Items(("first", "second")),
    Items(("one", "two"), ordered=True),
    Heading("Code and pictures"),
    Code('SELECT "unit price"\nFROM `orders`; -- ``` and <b>', "sql"),
    Figure(SVG, "Two boxes joined by a line", "Two boxes", "box ── box"),
    Fold("Why, step by step", (Prose("Because."), Table(("step",), (("1",),)))),
    Fold("Open from the start", (Prose("Seen at once."),), open=True),
)
HOSTILE = (
    "<script>alert(1)</script>",
    "</td></tr></table><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "[click](javascript:alert(1))",
    "![x](http://example.org/x.png)",
    "a|b|c",
    "`code` ``` ````",
    "&lt;b&gt; &amp; &#60;",
    "$x^2$ and $$y$$",
    "# no heading",
    "- no list",
    "1. no list",
    "> no quote",
    "---",
    "*no* _stress_ __at__ **all** ~~here~~",
    "\x1b[31mred\x1b[0m \x00 \x7f",
    "\u202eevil\u202c",
    "\ud800",
    "مرحبا שלום",
    "👩‍👩‍👧‍👦 ❤️ 🇫🇷 👍🏽",
    "line\nbreak\ttab",
    "x" * 10_000,
    "",
    " ",
)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("page.txt", lambda page: plain(page) + "\n"),
        ("page.md", lambda page: markdown(page, contents=True)),
        ("fragment.html", lambda page: fragment(page) + "\n"),
        ("page.html", document),
        ("page.ipynb", notebook),
    ],
)
def test_a_page_of_everything(name: str, form: Callable[[Page], str], golden: Callable[[str, str], None]) -> None:
    assert form(PAGE) == form(PAGE)
    golden(name, form(PAGE))


class _Text(HTMLParser):
    """What a browser would show: text, tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.tags: list[str] = []
        self.names: set[str] = set()

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}


def _parsed(html: str) -> _Text:
    parser = _Text()
    parser.feed(html)
    parser.close()
    return parser


def _everywhere(text: str) -> Page:
    return (
        Heading(text),
        Prose(text),
        Table((text, "b"), ((text, text),), text, "lr", frozenset({0})),
        Code(text, text),
        Notice(text, text),
        Items((text,)),
        Figure(SVG, text, text, text),
        Fold(text, (Prose(text),)),
    )


ELEMENTS = {"div", "h2", "p", "table", "caption", "thead", "tbody", "tr", "th", "td", "strong", "br", "pre", "code", "ul", "li",
            "wbr", "figure", "img", "figcaption", "details", "summary"}  # fmt: skip
ATTRIBUTES = {
    "class",
    "style",
    "scope",
    "align",
    "role",
    "aria-label",
    "src",
    "alt",
    "width",
    "height",
    "tabindex",
    "cellpadding",
}


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_hostile_text_is_only_text(text: str) -> None:
    page = _everywhere(text)
    for form in (fragment(page), document(page), markdown(page), notebook(page), plain(page)):
        form.encode("utf-8")
        assert "\x1b" not in form
        assert "\x00" not in form
        assert "\u202e" not in form
    seen = _parsed(fragment(page))
    assert set(seen.tags) <= ELEMENTS
    assert seen.names <= ATTRIBUTES
    shown = visible(text).strip()
    assert shown in "".join(seen.text) or "\n" in shown
    nbformat.validate(json.loads(notebook(page)))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_hostile_text_is_only_text_in_markdown(text: str) -> None:
    rendered = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "math"])(
        markdown(_everywhere(text))
    )
    seen = _parsed(str(rendered))
    assert set(seen.tags) <= (ELEMENTS | {"em", "blockquote"})
    assert seen.names <= ATTRIBUTES | {"style"}


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Co", "Cn"), include_characters=" \n"), max_size=60
)


@given(words)
@example("a\\b")
@example("__init__ and _x_ and snake_case")
@example("+ plus")
@example("12) no list")
@example("<!-- no comment -->")
@example("&copy;")
@example("[a]: http://example.org")
@example("a  \nb")
def test_markdown_shows_the_text_itself(text: str) -> None:
    line = " ".join(text.split())
    rendered = str(mistune.html(literal(text) + "\n"))
    assert "".join(_parsed(rendered).text).strip() == " ".join(visible(line).split())


@given(st.text(max_size=80))
@example("x" * 100 + " <y> " + "é" * 41)
def test_html_shows_the_text_itself(text: str) -> None:
    seen = _parsed(fragment((Items((text,)),)))
    assert "".join(seen.text).strip() == " ".join(paragraphs(text))


@given(st.text(max_size=120), st.integers(2, 40))
def test_wrapping_keeps_within_the_width_and_loses_only_blanks(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(st.text(max_size=200), st.integers(2, 60))
def test_cutting_gives_one_short_line(text: str, most: int) -> None:
    assert len(cut(text, most)) <= most
    assert "\n" not in cut(text, most)
    assert cut(text, 1000) == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "width"),
    [("abc", 3), ("é", 1), ("e\u0301", 1), ("数据", 4), ("👍🏽", 2), ("👩‍👩‍👧‍👦", 2), ("🇫🇷", 2), ("❤️", 2), ("שלום", 4)],
)
def test_columns_of_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width


def test_plain_tables_are_aligned_and_fit() -> None:
    rows = (("数据", "1"), ("naïve", "22"), ("👩‍💻", "333"), ("word " * 60, "4"))
    lines = plain((Table(("name", "count"), rows, align="lr"),), width=80).split("\n")
    assert all(columns(line) <= 80 for line in lines)
    assert len({columns(line) for line in lines if line[-1:].isdigit()}) == 1


def test_a_plain_table_too_wide_to_read_goes_on_below() -> None:
    header = ("key", *(f"attribute {at}" for at in range(12)))
    table = Table(header, tuple((f"row {row}", *(f"value {row}.{at}" for at in range(12))) for row in range(3)))
    text = plain((table,), width=60)
    assert all(columns(line) <= 60 for line in text.split("\n"))
    assert all(text.count(f"value {row}.{at}") == 1 for row in range(3) for at in range(2, 12))
    panels = text.split("\n\n")
    assert len(panels) == 4
    assert all(panel.startswith("  key") and panel.count("row ") == 3 for panel in panels)


def test_closed_folds_can_be_left_closed() -> None:
    page = (Fold("Why", (Prose("Because."),)),)
    assert plain(page) == "▾ Why\n\n  Because."
    assert plain(page, folds=False) == "▸ Why"


def test_a_notebook_has_one_cell_per_chapter_and_fixed_ids() -> None:
    first, second = json.loads(notebook(PAGE)), json.loads(notebook((*PAGE, Heading("More"))))
    assert [cell["id"] for cell in second["cells"]][: len(first["cells"])] == [cell["id"] for cell in first["cells"]]
    assert len({cell["id"] for cell in second["cells"]}) == len(second["cells"])


def test_a_very_long_word_may_be_broken_without_a_stylesheet() -> None:
    assert fragment((Prose("x" * 90),)).count("<wbr>") == 2
    assert "<wbr>" not in fragment((Prose("word " * 50), Code("x" * 90)))


def test_pictures_are_inside_the_text() -> None:
    for form in (fragment(PAGE), document(PAGE), markdown(PAGE)):
        data = re.search(
            r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="Two boxes joined by a line" width="240" height="80"',
            form,
        )
        assert data
        assert base64.b64decode(data[1]).decode() == SVG
    assert "<img" not in markdown(PAGE, pictures=False)


def test_ten_thousand_rows_are_quick_and_complete() -> None:
    rows = tuple((f"name {n}", unicodedata.normalize("NFC", "é")) for n in range(10_000))
    page = (Table(("a", "b"), rows),)
    assert plain(page).count("\n") == 10_001
    assert fragment(page).count("<tr>") == 10_001


def test_short_cells_of_a_table_that_scrolls_anyway_are_not_broken() -> None:
    """A long text beside thirty columns made every row several lines high, most of them out of sight."""

    def first(text: str, columns: int) -> str:
        table = Table(tuple(f"column_{at}" for at in range(columns)), ((text, *("1",) * (columns - 1)),))
        return fragment((table,)).partition("<td ")[2].partition(">")[0]

    assert "white-space:nowrap" in first("Fixed wing multi engine", 30)
    assert "white-space:nowrap" not in first("Fixed wing multi engine", 6)
    assert "white-space:nowrap" not in first("word " * 20, 30)
    assert "min-width:20em" in first("word " * 20, 30)  # and long ones are not a column of single words
    assert "min-width:14em" in first("word " * 20, 6)
    assert "min-width" not in first("word " * 20, 2)


@pytest.mark.parametrize("width", range(24, 130, 3))
def test_a_range_of_numbers_is_not_broken_within_a_number(width: int) -> None:
    ratio = "0.00052 (0.00025–0.0013) faster"
    header = ("query", "one", "another", "a third", "another ÷ one", "a third ÷ one")
    row = ("loans of a member and their titles", *["6.39 ms (5.9–1,007.25)"] * 3, ratio, ratio)
    found = plain((Table(header, (row,), "", "lrrrrr"),), width=width)
    assert max(map(len, found.split("\n"))) <= width
    for number, times in (("(0.00025–0.0013)", 2), ("(5.9–1,007.25)", 3)):
        assert found.count(number) == times


def test_a_word_without_room_is_broken_before_a_number() -> None:
    assert wrapped("(0.00025–0.0013)", 12) == ["(0.00025–", "0.0013)"]
    assert wrapped("0.000254321", 6) == ["0.0002", "54321"]  # nothing else is left

"""Saved pages opened by a real Chromium with no network: nothing is asked for, pictures are seen, nothing sticks out."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter
from traitlets.config import Config

from dbworkbench.page.blocks import Code, Figure, Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.html import document, fragment
from dbworkbench.page.notebook import notebook

pytestmark = pytest.mark.browser

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1600" height="300" viewBox="0 0 1600 300">'
    '<rect width="1600" height="300" fill="#ffffff"/><rect x="20" y="20" width="1560" height="260" fill="#3366aa"/></svg>'
)


def _page() -> Page:
    return (
        Heading("A page to look at", 1),
        Prose("Words enough for a line or two, so that the measure can be seen. " * 4),
        Heading("A wide table"),
        Table(tuple(f"column_{n}" for n in range(40)), tuple(tuple(f"value {n}" for n in range(40)) for _ in range(3)), "Wide"),
        Heading("Long cells"),
        Table(("name", "text"), (("x" * 10_000, "words " * 200), ("<script>document.title='no'</script>", "b"))),
        Heading("A picture"),
        Figure(SVG, "A blue field", "A blue field"),
        Heading("Lists and notices"),
        Items(("one", "y" * 500)),
        *(Notice(f"This is {kind}.", kind) for kind in ("good", "note", "warning", "bad")),
        Code("SELECT " + "a_long_column_name, " * 40, "sql"),
        Fold("Closed", (Prose("Hidden words."),)),
    )  # fmt: skip


def _notebook_as_html(source: str) -> str:
    config = Config()
    config.HTMLExporter.require_js_url = ""
    config.HTMLExporter.jquery_url = ""
    config.HTMLExporter.mathjax_url = ""
    read = nbformat.reads(source, as_version=4)  # type: ignore[no-untyped-call]  # nbformat says no types
    body, _ = HTMLExporter(config=config).from_notebook_node(read)  # type: ignore[no-untyped-call]  # nor nbconvert
    return str(body)


_FACTS = """() => ({
    images: [...document.images].map(image => [image.naturalWidth, image.getBoundingClientRect().width, image.alt]),
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    title: document.title,
})"""


@pytest.mark.parametrize("width", [1100, 400])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_saved_page_shows_everything_offline(browser: Any, tmp_path: Path, width: int, scheme: str) -> None:
    path = tmp_path / "page.html"
    path.write_text(document(_page()), encoding="utf-8")
    with browser.open(path, width=width, scheme=scheme) as tab:
        facts = tab.page.evaluate(_FACTS)
        assert tab.requests == []
        assert tab.complaints == []
        assert facts["title"] == "A page to look at"
        assert facts["overflow"] <= 0
        [(natural, shown, alt)] = facts["images"]
        assert natural == 1600
        assert 200 < shown <= width
        assert alt == "A blue field"
        paper = tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper == ("rgb(20, 24, 29)" if scheme == "dark" else "rgb(255, 255, 255)")


def test_a_saved_notebook_shows_everything_offline(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "notebook.html"
    path.write_text(_notebook_as_html(notebook(_page())), encoding="utf-8")
    with browser.open(path) as tab:
        facts = tab.page.evaluate(_FACTS)
        assert tab.requests == []
        assert tab.complaints == []
        assert [alt for natural, shown, alt in facts["images"] if natural == 1600 and shown > 200] == ["A blue field"]
        assert tab.page.locator("table").count() == 2
        assert tab.page.locator("h2").count() == 4
        assert tab.page.locator("details").count() == 1


def test_a_fragment_shows_everything_where_styles_are_stripped(browser: Any, tmp_path: Path) -> None:
    path = tmp_path / "bare.html"
    bare = re.sub(r' style="[^"]*"', "", fragment(_page()))
    path.write_text(f"<!doctype html><meta charset='utf-8'><title>bare</title>{bare}", encoding="utf-8")
    with browser.open(path) as tab:
        facts = tab.page.evaluate(_FACTS)
        assert tab.requests == []
        assert tab.complaints == []
        assert facts["images"][0][0] == 1600
        assert tab.page.locator("p strong").all_text_contents() == ["✓", "•", "⚠", "✗"]


# What axe-core would look for in a page of this kind, checked by hand.
_ACCESSIBLE = """() => {
    const problems = [];
    const headings = [...document.querySelectorAll("h1,h2,h3,h4,h5,h6")].map(h => +h.tagName[1]);
    headings.forEach((level, at) => {
        if (at && level > headings[at - 1] + 1) problems.push(`heading ${at} jumps from ${headings[at - 1]} to ${level}`);
    });
    if (headings.filter(level => level === 1).length !== 1) problems.push("not one h1");
    if (!document.documentElement.lang) problems.push("no language");
    if (document.querySelectorAll("main").length !== 1) problems.push("not one main");
    for (const cell of document.querySelectorAll("th")) if (cell.scope !== "col") problems.push("a header without scope");
    for (const image of document.images) if (!image.alt) problems.push("an image without words");
    const ids = [...document.querySelectorAll("[id]")].map(e => e.id);
    if (new Set(ids).size !== ids.length) problems.push("an id twice");
    for (const link of document.querySelectorAll("a[href^='#']"))
        if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) problems.push(`a link to nowhere: ${link.hash}`);
    for (const box of document.querySelectorAll("*"))
        if (box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX === "auto" && box.tabIndex < 0)
            problems.push(`${box.tagName} scrolls but cannot be reached by keyboard`);
    const light = color => {
        const [r, g, b] = color.match(/[\\d.]+/g).map(Number).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const paper = light(getComputedStyle(document.body).backgroundColor);
    for (const box of document.querySelectorAll("p,h1,h2,h3,th,td,li,a,summary,caption,figcaption,code,.notice strong")) {
        const ink = light(getComputedStyle(box).color);
        const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
        if (ratio < 4.5) problems.push(`${box.tagName} ${box.className} has a contrast of ${ratio.toFixed(2)}`);
    }
    return [...new Set(problems)];
}"""


@pytest.mark.parametrize(("scheme", "width"), [("light", 1100), ("dark", 1100), ("light", 400)])
def test_a_saved_page_can_be_read_by_everyone(browser: Any, tmp_path: Path, scheme: str, width: int) -> None:
    path = tmp_path / "page.html"
    path.write_text(document((*_page(), Heading("Twice"), Heading("Twice"))), encoding="utf-8")
    with browser.open(path, scheme=scheme, width=width) as tab:
        assert tab.page.evaluate(_ACCESSIBLE) == []

"""The same schemas by erdantic, ERAlchemy, sqlalchemy_schemadisplay, Mermaid and dbworkbench, measured alike.

    pip install erdantic eralchemy sqlalchemy_schemadisplay; npm install mermaid
    python tests/bench/gallery.py [folder for pictures] [path of mermaid.min.js]

Each tool is given the same tables in the form it asks for, and draws as it does by default. A real Chromium shows each
SVG and tells where its letters and the ends of its lines are; so nothing depends on how a tool writes its files. Printed
is a table in Markdown. The schemas are those of Debian packages; neither they nor the pictures are kept here.
"""

import keyword
import re
import shutil
import sys
import time
import tomllib
import types
from collections.abc import Callable
from dataclasses import dataclass, make_dataclass, replace
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from dbworkbench.diagram.erd import erd
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.read import read
from tests.bench.diagram_bench import eralchemy, schemadisplay
from tests.conftest import Browser
from tests.diagram.designs import SHOP
from tests.packages import text_of

CASES = Path(__file__).parent.parent / "sql" / "cases" / "debian.toml"
CHOSEN = ("roundcube.mysql", "ttrss.postgresql", "kea.mysql", "zabbix.mysql")

# where the letters of each table are, and the two ends of each open line, in pixels of the window
LOOK = """(selectors) => {
  const box = (e) => e.getBoundingClientRect();
  const tables = {};
  for (const group of document.querySelectorAll(selectors.table)) {
    const walker = document.createTreeWalker(group, NodeFilter.SHOW_TEXT);
    const words = [];
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      if (!text || walker.currentNode.parentElement.closest('title')) continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      const place = box(range);
      if (place.height) words.push([text, place.left, place.top, place.right, place.bottom]);
    }
    const name = group.getAttribute('data-table') || (group.querySelector('title') || {}).textContent || group.id;
    const shapes = [...group.querySelectorAll('rect,polygon,path')].map(box).filter((b) => b.width > 8 && b.height > 8);
    const all = shapes.length ? shapes : words.map((w) => ({left: w[1], top: w[2], right: w[3], bottom: w[4]}));
    tables[name] = {words, left: Math.min(...all.map((b) => b.left)), right: Math.max(...all.map((b) => b.right)),
      top: Math.min(...all.map((b) => b.top)), bottom: Math.max(...all.map((b) => b.bottom))};
  }
  const lines = [];
  for (const path of document.querySelectorAll(selectors.line)) {
    const matrix = path.getScreenCTM(), length = path.getTotalLength();
    if (length < 10) continue;
    const at = (l) => { const p = path.getPointAtLength(l).matrixTransform(matrix); return [p.x, p.y]; };
    const inner = [];
    for (let l = 0; l <= length; l += Math.max(3, length / 400)) inner.push(at(l));
    lines.push([at(0), at(length), inner]);
  }
  const svg = document.querySelector('svg'), size = box(svg);
  const letters = [...document.querySelectorAll(selectors.table)].flatMap((group) =>
    [...group.querySelectorAll('text, foreignObject span, foreignObject p')].map((t) => box(t).height)).filter((h) => h > 0);
  return {tables, lines, width: size.width, height: size.height, letters};
}"""
GRAPHVIZ = {"table": "g.node", "line": "g.edge > path, g.edge > g > path"}
OURS = {"table": "g[data-table]", "line": "g[data-from] > path:first-of-type"}
MERMAID = {"table": "g.node", "line": "path.relationshipLine"}


@dataclass
class Seen:
    """What the browser saw of one tool's drawing."""

    tool: str
    seconds: float
    pages: int
    drawn: float
    aspect: float
    letters: float
    child: float
    parent: float
    through: int
    kilobytes: float
    widest: float


def erdantic(schema: Schema) -> list[str]:
    """One dataclass a table; an attribute that refers is of the type that it refers to, as erdantic asks."""
    tool = import_module("erdantic")
    module = types.ModuleType("gallery_models")
    sys.modules[module.__name__] = module
    names = {relation.name: f"T{at}" for at, relation in enumerate(schema)}
    for relation in schema:
        target = {name: fk.relation for fk in relation.foreign_keys for name in fk.attributes}
        fields = [
            (_word(a.name), f"{names[target[a.name]]} | None" if a.nullable else names[target[a.name]])
            if a.name in target
            else (_word(a.name), str)
            for a in relation.attributes
        ]
        made = make_dataclass(names[relation.name], list(dict(fields).items()))
        made.__module__ = module.__name__
        setattr(module, made.__name__, made)
    drawn = tool.create(*(getattr(module, name) for name in names.values()))
    svg = drawn.to_graphviz().draw(prog="dot", format="svg").decode()
    back = {f"gallery_models.{made}": name for name, made in names.items()}
    return [re.sub(r"<title>(gallery_models\.T\d+)</title>", lambda m: f"<title>{_escaped(back[m[1]])}</title>", svg)]


def _word(name: str) -> str:
    word = re.sub(r"\W", "_", name)
    word = f"_{word}" if word[:1].isdigit() else word
    return f"{word}_" if keyword.iskeyword(word) else word


def _escaped(name: str) -> str:
    return name.replace("&", "&amp;").replace("<", "&lt;")


class Mermaid:
    """Mermaid in the browser, given the text that dbworkbench writes for it."""

    def __init__(self, browser: Browser, script: Path, folder: Path) -> None:
        self.browser, self.script, self.folder = browser, script, folder

    def __call__(self, schema: Schema) -> list[str]:
        page = self.folder / "mermaid.html"
        page.write_text(f'<!doctype html><meta charset="utf-8"><script src="{self.script.as_uri()}"></script>', "utf-8")
        text = re.sub(r"(?s)^---.*?---\n", "", erd(schema, areas=None, detail="all").mermaid.text)
        with self.browser.open(page, width=1600, height=1200) as tab:
            drawn = tab.page.evaluate(
                "async (text) => { mermaid.initialize({startOnLoad: false});"
                " try { return (await mermaid.render('drawn', text)).svg } catch (e) { return 'no: ' + e.message } }",
                text,
            )
        if drawn.startswith("no: ") or "Maximum text size" in drawn:
            raise ValueError("Maximum text size in diagram exceeded" if "Maximum" in drawn else drawn[:120])
        return [drawn]


def seen(  # noqa: PLR0917  what was drawn, and where to look at it
    tool: str, schema: Schema, seconds: float, svgs: list[str], browser: Browser, folder: Path
) -> Seen:
    """One tool's pages looked at: shape and letters of the worst and the median page, ends of lines, and text run over."""
    selectors = OURS if tool == "dbworkbench" else MERMAID if tool == "Mermaid" else GRAPHVIZ
    aspects, letters, widths, through = [], [], [], 0
    found: dict[tuple[str, tuple[str, ...], str], tuple[bool, bool]] = {}
    wanted = {(r.name, fk.attributes, fk.relation): fk.referenced for r in schema for fk in r.foreign_keys}
    shown: set[tuple[str, tuple[str, ...], str]] = set()
    for at, svg in enumerate(svgs):
        path = folder / f"{schema.name}-{tool}-{at}.html"
        bare = re.sub(r"(?s)^.*?(?=<svg)", "", svg)
        if tool != "dbworkbench":
            bare = re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", bare, count=1)
            bare = re.sub(r"(<svg[^>]*?)max-width: [\d.]+px;", r"\1", bare, count=1)
            box = re.search(r'viewBox="([^"]*)"', bare)
            wide, high = (float(n) for n in box[1].split()[2:]) if box else (100.0, 100.0)
            bare = bare.replace("<svg", f'<svg width="{wide}" height="{high}"', 1)
        path.write_text(f'<!doctype html><meta charset="utf-8"><body style="margin:0">{bare}', encoding="utf-8")
        with browser.open(path, width=1600, height=1200) as tab:
            look = tab.page.evaluate(LOOK, selectors)
            tab.page.screenshot(path=str(folder / f"{schema.name}-{tool}-{at}.png"))
        fitted = min(1.0, 1100 / look["width"], 900 / look["height"])
        aspects.append(look["width"] / look["height"])
        widths.append(max(look["width"], look["height"]))
        letters.append(
            median(look["letters"] or [0]) * fitted / 1.17
        )  # a line is about so much higher than its letters
        through += sum(_runs_over(line, look["tables"]) for line in look["lines"])
        for key, referenced in wanted.items():
            child, attributes, parent = key
            here, there = _table(look["tables"], child), _table(look["tables"], parent)
            if here is None or there is None or (tool == "dbworkbench" and at == 0 and len(svgs) > 1):
                continue
            shown.add(key)
            ends = [_ends(line, here, attributes, there, referenced) for line in look["lines"]]
            found[key] = max(ends, key=sum, default=(False, False))
    count = max(1, len(shown))
    return Seen(
        tool, seconds, len(svgs), len(shown) / max(1, len(wanted)), max(aspects, key=lambda a: max(a, 1 / a)), median(letters),
        sum(child for child, _ in found.values()) / count, sum(parent for _, parent in found.values()) / count,
        through, sum(map(len, svgs)) / 1024, max(widths),
    )  # fmt: skip


def _table(tables: dict[str, Any], name: str) -> dict[str, Any] | None:
    if name in tables:
        return dict(tables[name])
    for table in tables.values():
        if table["words"] and table["words"][0][0].strip('"') == name:
            return dict(table)
    return None


def _ends(
    line: Any, here: Any, attributes: tuple[str, ...], there: Any, referenced: tuple[str, ...]
) -> tuple[bool, bool]:
    """Whether a line runs between two tables, and whether its ends lie at the rows it means."""
    one, other, _ = line
    best = (False, False)
    for first, second in ((one, other), (other, one)):
        if _beside(first, here) and _beside(second, there):
            best = max(best, (_at_row(first, here, attributes), _at_row(second, there, referenced)), key=sum)
    return best


def _beside(point: Any, table: Any, slack: float = 22) -> bool:
    x, y = point
    across = table["left"] - slack <= x <= table["right"] + slack
    return bool(across and table["top"] - slack <= y <= table["bottom"] + slack)


def _at_row(point: Any, table: Any, names: tuple[str, ...]) -> bool:
    wanted = {_word(name) for name in names}
    rows = [w for w in table["words"] if wanted & {_word(part) for part in (w[0], *re.split(r"[\s:*+-]+", w[0]))}]
    if not rows:
        return False
    x, y = point
    low, high = min(row[2] for row in rows) - 5, max(row[4] for row in rows) + 5
    beside = min(abs(x - table["left"]), abs(x - table["right"])) <= 22
    return bool(beside and low <= y <= high)


def _runs_over(line: Any, tables: dict[str, Any]) -> bool:
    """Whether a line runs over the letters of a table."""
    return any(
        word[1] + 1 < x < word[3] - 1 and word[2] + 3 < y < word[4] - 3
        for table in tables.values()
        for word in table["words"]
        for x, y in line[2]
    )


def compare(schema: Schema, tools: dict[str, Callable[[Schema], list[str]]], browser: Browser, folder: Path) -> None:
    print(f"\n**{schema.name}**: {len(schema)} tables, {sum(len(r.foreign_keys) for r in schema)} references\n")
    print(
        "| tool | seconds | pages | references drawn | width : height, worst | letters, px | child ends on row | parent ends on row | lines over letters | longest side, px |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name, tool in tools.items():
        start = time.perf_counter()
        try:
            svgs = tool(schema)
        except (ImportError, ValueError, TypeError) as error:
            print(f"| {name} | — | {type(error).__name__}: {str(error)[:70]} | | | | | | | |")
            continue
        one = seen(name, schema, time.perf_counter() - start, svgs, browser, folder)
        print(
            f"| {name} | {one.seconds:.2f} | {one.pages} | {one.drawn:.0%} | {one.aspect:.2f} | {one.letters:.1f} | {one.child:.0%} | "
            f"{one.parent:.0%} | {one.through} | {one.widest:,.0f} |",
            flush=True,
        )


def main(arguments: list[str]) -> None:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only this bench opens pages

    folder = Path(arguments[0] if arguments else "out/gallery")
    folder.mkdir(parents=True, exist_ok=True)
    cases = {case["name"]: case for case in tomllib.loads(CASES.read_text("utf-8"))["case"]}
    schemas = [SHOP]
    for name in CHOSEN:
        text, _ = text_of(cases[name]["package"], cases[name]["files"])
        schemas.append(replace(read(text, cases[name]["dialect"]).schema, name=name))
    erd(SHOP)
    with sync_playwright() as playwright:
        browser = Browser(playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"]))
        tools: dict[str, Callable[[Schema], list[str]]] = {
            "dbworkbench": lambda schema: [page.svg for page in erd(schema).pages],
            "erdantic": erdantic,
            "eralchemy": lambda schema: [eralchemy(schema).decode()],
            "schemadisplay": lambda schema: [schemadisplay(schema).decode()],
        }
        if len(arguments) > 1:
            tools["Mermaid"] = Mermaid(browser, Path(arguments[1]).resolve(), folder)
        for schema in schemas:
            compare(schema, tools, browser, folder)


if __name__ == "__main__":
    main(sys.argv[1:])

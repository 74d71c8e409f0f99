"""How long a board takes in a real JupyterLab: run to painted, frames while dragging, a gesture to Python and back.

    python tests/bench/board_bench.py [number of tables] …

Each board is the first of its kernel, so the code of the views is sent within the time; importing the package and making
the schema are not. Painted means that every card stands in the page and two frames have passed. Beside each time stands
that of a plain ipywidgets slider run in the same way in the same kernel: what the notebook itself takes.
"""

import random
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from tests.conftest import Browser
from tests.widgets.jupyter import lab_tab, notebook, opened, running_lab

SIZES = (10, 100, 500)
SEEN = 800
_WAITS = """async ([cell, selector, count]) => {
    const begun = performance.now();
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = cell;
    const done = new Promise((resolve) => {
        const look = () => document.querySelectorAll(selector).length >= count
            ? requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - begun))) : requestAnimationFrame(look);
        look();
    });
    await jupyterapp.commands.execute('notebook:run-cell');
    return (await done) / 1000;
}"""
_FRAMES = """async () => { const times = []; window.stopFrames = () => times;
    const tick = (now) => { times.push(now); window.framing = requestAnimationFrame(tick); }; requestAnimationFrame(tick); }"""


def design(count: int) -> str:
    """Tables of nine attributes, each referring to an earlier one."""
    draw = random.Random(1)  # noqa: S311  not for secrets
    return "\n".join(
        f"table_{at}(*id: integer, name: text, a: integer, b: text?, c: date, d: decimal(10, 2), e: text, f: boolean, "
        f"up: integer -> table_{draw.randrange(max(at, 1))})"
        for at in range(count)
    )


def measured(browser: Browser, address: str, work: Path, count: int) -> str:
    """One line of the table."""
    notebook(
        work / f"b{count}.ipynb",
        f'import dbworkbench as wb, ipywidgets\nfrom dbworkbench.widgets.board import board\ns = wb.schema("""{design(count)}""")',
        "ipywidgets.IntSlider()",
        "b = wb.board(s); b",
    )
    with lab_tab(browser) as page:
        opened(page, address, f"b{count}.ipynb")
        page.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.ready; }")
        page.evaluate(
            "async () => { const n = jupyterapp.shell.currentWidget.content; n.activeCellIndex = 0; await jupyterapp.commands.execute('notebook:run-cell'); }"
        )
        slider = page.evaluate(_WAITS, [1, ".widget-slider, .jupyter-widget", 1])
        shown = count if count <= SEEN else 1  # of very many, those in sight
        board = page.evaluate(_WAITS, [2, ".dbw-card", shown])
        page.wait_for_timeout(1500)
        frames, worst = dragged(page)
        gesture = gestured(page)
    return f"{count:>6} {slider:>8.2f} {board:>8.2f} {frames:>8.0f} {worst:>8.0f} {gesture:>9.2f}"


def dragged(page: Any) -> tuple[float, float]:
    """Frames a second while a card is dragged, and the longest frame in milliseconds."""
    page.locator(".dbw-board").first.scroll_into_view_if_needed()
    spots = [one.bounding_box() for one in page.locator(".dbw-head").all()[:40]]
    room = page.locator(".dbw-canvas").first.bounding_box()
    inside = [b for b in spots if b and room["x"] < b["x"] < room["x"] + room["width"] - 60 and room["y"] < b["y"] < room["y"] + room["height"] - 40]  # fmt: skip
    box = inside[0]
    x, y = box["x"] + box["width"] / 3, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(_FRAMES)
    for step in range(60):
        page.mouse.move(x + step * 2, y + (step % 20) * 3)
        page.wait_for_timeout(16)
    times = page.evaluate("() => { cancelAnimationFrame(window.framing); return window.stopFrames(); }")
    page.mouse.up()
    gaps = [after - before for before, after in pairwise(times)]
    return 1000 * len(gaps) / (times[-1] - times[0]), max(gaps)


def gestured(page: Any) -> float:
    """Seconds from Enter in a field to Python's answer on the page, the median of five."""
    page.locator(".dbw-canvas").first.focus()
    page.keyboard.press("Control+k")
    page.keyboard.type("table_3")
    page.keyboard.press("Enter")
    field = page.get_by_label("New attribute").first
    took = []
    for at in range(5):
        field.fill(f"extra_{at}: integer")
        took.append(
            page.evaluate(
                """async (name) => { const said = document.querySelector(".dbw-said"); const begun = performance.now();
            const field = document.activeElement; field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
            while (!said.textContent.includes(name)) await new Promise(requestAnimationFrame); return (performance.now() - begun) / 1000; }""",
                f"add the attribute extra_{at}",
            )
        )
    return float(median(took))


def main(sizes: tuple[int, ...]) -> None:
    """Print a line for each size."""
    playwright: Any = import_module("playwright.sync_api")
    print(f"{'tables':>6} {'slider s':>8} {'board s':>8} {'frames/s':>8} {'worst ms':>8} {'gesture s':>9}")
    with (
        TemporaryDirectory() as home,
        running_lab(Path(home)) as (address, work),
        playwright.sync_playwright() as driver,
    ):
        chromium = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for size in sizes:
            print(measured(Browser(chromium), address, work, size), flush=True)
        chromium.close()


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)

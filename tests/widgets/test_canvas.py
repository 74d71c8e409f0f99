"""The browser and Python draw the same lines; the picture holds the board."""

import re
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.diagram.svg import path as svg_path
from dbworkbench.widgets.board import board
from dbworkbench.widgets.canvas import board_picture
from dbworkbench.widgets.keeping import read_board
from tests.widgets.stage import staged

DESIGN = """
    a(*x: integer, self: integer? -> a)
    b(*y: integer, x: integer -> a)
    c(*u: integer, *v: integer, y: integer? -> b unique)
    d(*w: integer, u: integer, v: integer)
        u, v -> c
"""


@pytest.mark.browser
def test_lines_run_alike_in_the_browser_and_in_python(browser: Any, tmp_path: Path) -> None:
    made = board(DESIGN)
    layout = made.layout_of_cards
    picture = board_picture(made.schema, layout)
    left = min(place[0] for place in layout.places.values())
    top = min(place[1] for place in layout.places.values())
    expected = sorted(svg_path([(x + left, y + top) for x, y in line.points]) for line in picture.lines)
    with staged(browser, tmp_path, made) as stage:
        drawn = stage.page.locator(".dbw-stroke").evaluate_all("all => all.map((one) => one.getAttribute('d'))")
    assert sorted(map(rounded, drawn)) == list(map(rounded, expected))


def rounded(drawn: str) -> str:
    return re.sub(r"-?\d+(\.\d+)?", lambda number: f"{float(number.group()):.0f}", drawn)


def test_the_picture_holds_the_board() -> None:
    made = board(DESIGN)
    held = re.search(r"<metadata>(.*?)</metadata>", made.svg, re.DOTALL)
    assert held is not None
    text = held.group(1).replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    assert read_board(text) == (made.schema, made.layout_of_cards)
    assert board(DESIGN).svg == made.svg

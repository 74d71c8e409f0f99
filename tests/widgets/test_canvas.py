"""The browser and Python draw the same lines; the picture holds the board."""

import re
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.diagram.picture import Mark
from dbworkbench.diagram.svg import path as svg_path
from dbworkbench.schema.notation import schema
from dbworkbench.widgets.board import Board, board
from dbworkbench.widgets.canvas import board_picture
from dbworkbench.widgets.desk import Desk
from dbworkbench.widgets.keeping import read_board
from dbworkbench.widgets.layout import Layout
from tests.widgets.stage import staged

DESIGN = """
    a(*x: integer, self: integer? -> a)
    b(*y: integer, x: integer -> a)
    c(*u: integer, *v: integer, y: integer? -> b unique)
    d(*w: integer, u: integer, v: integer)
        u, v -> c
    e(*x: integer -> a, *y: integer -> b, since: date)
"""


@pytest.mark.browser
@pytest.mark.parametrize(
    "layout",
    [
        Layout(),
        Layout(view="conceptual"),
        Layout(links=frozenset({"e"}), folded=frozenset("ac")),
        Layout(view="logical"),
    ],
    ids=["physical", "conceptual", "kept as a line", "logical"],
)
def test_lines_run_alike_in_the_browser_and_in_python(browser: Any, tmp_path: Path, layout: Layout) -> None:
    made = Board(Desk(schema(DESIGN), layout))
    layout = made.layout_of_cards
    picture = board_picture(made.schema, layout)
    first = picture.boxes[0]
    left, top = (place - at for place, at in zip(layout.places[first.card.relation], (first.x, first.y), strict=True))
    expected = sorted(svg_path([(x + left, y + top) for x, y in line.points]) for line in picture.lines)
    with staged(browser, tmp_path, made) as stage:
        drawn = stage.page.locator(".dbw-stroke").evaluate_all("all => all.map((one) => one.getAttribute('d'))")
        names = stage.page.locator(".dbw-line-name").evaluate_all("all => all.map((one) => one.textContent)")
    assert sorted(map(rounded, drawn)) == sorted(map(rounded, expected))
    assert sorted(names) == sorted(label.text for label in picture.labels)


def test_the_conceptual_view_shows_joins_as_lines_and_roles_as_names() -> None:
    shop = schema("""
        people(*id: integer, boss_id: integer? -> people)
        clubs(*id: integer)
        members(*person_id: integer -> people, *club_id: integer -> clubs)
    """)
    picture = board_picture(shop, Desk(shop, Layout(view="conceptual")).layout)
    assert [box.card.relation for box in picture.boxes] == ["people", "clubs"]
    assert {label.text for label in picture.labels} == {"boss", "members"}
    (line,) = [one for one in picture.lines if one.reference.name == "members"]
    assert (line.child.mark, line.parent.mark) == (Mark(0, many=True), Mark(0, many=True))


def rounded(drawn: str) -> str:
    return re.sub(r"-?\d+(\.\d+)?", lambda number: f"{float(number.group()):.0f}", drawn)


def test_the_picture_holds_the_board() -> None:
    made = board(DESIGN)
    held = re.search(r"<metadata>(.*?)</metadata>", made.svg, re.DOTALL)
    assert held is not None
    text = held.group(1).replace("&gt;", ">").replace("&lt;", "<").replace("&amp;", "&")
    assert read_board(text) == (made.schema, made.layout_of_cards)
    assert board(DESIGN).svg == made.svg

"""A saved notebook as one page: offline, boards still moved, walks and scoreboards explored, the rest as it was saved."""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.__main__ import main
from dbworkbench.diagram.erd import erd
from dbworkbench.diagram.kept import designs_in_notebook
from dbworkbench.errors import DataError, OutputExists
from dbworkbench.formats.read import read
from dbworkbench.schema.notation import schema
from dbworkbench.views.bundle import bundle
from dbworkbench.widgets.board import board
from dbworkbench.widgets.dependencies import dependencies
from dbworkbench.widgets.export import export_html
from dbworkbench.widgets.keeping import saved_boards
from dbworkbench.widgets.lesson import lesson
from dbworkbench.widgets.live import Live
from dbworkbench.widgets.scoreboard import scoreboard
from dbworkbench.widgets.steps import steps
from tests.views import trials

nbformat: Any = import_module("nbformat")  # untyped
SHOP = """
    customers(*customer_id: integer, name: text)
    orders(*order_id: integer, customer_id: integer -> customers, "</script><b>": text)
"""
VIEW = "application/vnd.jupyter.widget-view+json"


def shown(made: Live) -> list[Any]:
    """The two outputs that showing a view leaves in a notebook."""
    alone = {"state": made._state} if made.ALONE else {}
    about = {"dbworkbench": {"for": made._mid, "entry": made.ENTRY, **alone}}
    live = {VIEW: {"version_major": 2, "version_minor": 1, "model_id": made._mid}, "text/plain": repr(made)}
    new = nbformat.v4.new_output
    return [new("display_data", live), new("display_data", made.picture(), metadata=about)]


def notebook(path: Path, *cells: list[Any], text: str = "# A notebook") -> Path:
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    book.cells += [nbformat.v4.new_code_cell("x", outputs=outputs) for outputs in cells]
    nbformat.write(book, path)
    return path


@pytest.mark.browser
def test_a_page_that_needs_no_kernel_and_no_network(browser: Any, tmp_path: Path) -> None:
    views = (board(SHOP), steps("r(a, b, c)\n a -> b\n b -> c"), scoreboard(trials.good()), lesson("supplier-parts"))
    done = export_html(notebook(tmp_path / "shop.ipynb", *map(shown, views)))
    assert (done.live, done.remarks) == (3, ())
    with browser.open(done.path, height=900) as tab:
        page = tab.page
        page.context.unroute("**/*")  # the code is a blob: of the page itself
        page.reload()
        page.locator(".react-flow__node").nth(1).wait_for()
        page.wait_for_timeout(400)
        assert page.get_by_role("button", name="+ Entity").count() == 0
        assert page.locator(".dbw-picture:visible").count() == 1, "the lesson stays a picture"
        head = page.locator('[data-id="orders"] .dbw-head')
        was = head.bounding_box()
        page.mouse.move(was["x"] + 40, was["y"] + 10)
        page.mouse.down()
        page.mouse.move(was["x"] + 120, was["y"] + 60, steps=5)
        page.mouse.up()
        page.locator(".dbw-said", has_text="done: move").wait_for()
        assert head.bounding_box()["x"] > was["x"] + 50
        page.get_by_role("button", name="Undo").click()
        page.locator(".dbw-said", has_text="undone: move").wait_for()
        page.wait_for_timeout(300)
        assert abs(head.bounding_box()["x"] - was["x"]) < 2
        page.get_by_label("View", exact=True).select_option("conceptual")
        page.locator(".dbw-row").first.wait_for(state="detached")
        page.locator(".dbw-canvas").focus()
        page.keyboard.press("n")
        page.keyboard.type("more")
        page.keyboard.press("Enter")
        page.locator(".dbw-said", has_text="open the notebook to change the design").wait_for()
        page.get_by_role("button", name="Next").click()
        page.locator(".dbw-headline", has_text="What remains").wait_for()
        page.get_by_role("button", name="Ratios").click()
        page.get_by_text("2.41 slower").first.wait_for()
        assert tab.requests == []
        assert tab.complaints == []


@pytest.mark.browser
def test_pictures_stay_where_scripts_do_not_run(browser: Any, tmp_path: Path) -> None:
    done = export_html(notebook(tmp_path / "shop.ipynb", shown(board(SHOP))))
    done.path.write_text(done.path.read_text().replace("views.alone", "views.nothing"))
    with browser.open(done.path) as tab:
        assert tab.page.locator(".dbw-picture img").evaluate("one => one.naturalWidth") > 100
        assert tab.page.locator(".dbw-picture img").is_visible()


def test_what_needs_the_network_is_remarked_on(tmp_path: Path) -> None:
    slider = nbformat.v4.new_output("display_data", {VIEW: {"model_id": "x"}, "text/plain": "IntSlider(value=0)"})
    chart = nbformat.v4.new_output("display_data", {"text/html": '<script src="https://a.example/v.js"></script>'})
    text = "Costs of $5 and $x^2$; ![one](https://b.example/1.png)"
    done = export_html(notebook(tmp_path / "a.ipynb", [slider], [chart], text=text))
    assert len(done.remarks) == 4
    page = done.path.read_text()
    assert "IntSlider(value=0)" in page
    assert 'src="https://a.example' not in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize("text", ["", "[]", '{"cells": 3}', "not json"])
def test_what_is_no_notebook_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.ipynb"
    file.write_text(text)
    with pytest.raises(DataError, match="no notebook"):
        export_html(file)
    with pytest.raises(DataError):
        designs_in_notebook(text)
    assert not (tmp_path / "a.html").exists()


def test_a_page_that_is_there_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = notebook(tmp_path / "a.ipynb", shown(board(SHOP)))
    assert main(["export", str(file), "--html"]) == 0
    assert "1 of its views live" in capsys.readouterr().out
    with pytest.raises(OutputExists):
        export_html(file)
    assert main(["export", str(file), "--html"]) == 1
    assert main(["export", str(file), "--html", "--force"]) == 0
    assert main(["export", str(tmp_path / "b.ipynb"), "--html"]) == 1
    assert "no such file" in capsys.readouterr().err


def test_a_board_that_cannot_be_read_stays_a_picture(tmp_path: Path) -> None:
    outputs = shown(board(SHOP))
    outputs[1].data["image/svg+xml"] = outputs[1].data["image/svg+xml"].replace('"dbworkbench": 1', '"dbworkbench": 99')
    done = export_html(notebook(tmp_path / "a.ipynb", outputs))
    assert done.live == 0
    assert "a board stays a picture" in done.remarks[0]


@pytest.mark.parametrize("drop", [(), ("image/svg+xml",)], ids=["svg", "html only"])
def test_designs_come_back_from_a_saved_notebook(tmp_path: Path, drop: tuple[str, ...]) -> None:
    made, drawn = board(SHOP), schema("a(*id: integer)", 'b(*"<&>\ufffe": text)')
    picture = nbformat.v4.new_output("display_data", dict(bundle(erd(drawn))))
    cells = [shown(made), [picture], shown(dependencies("r(a, b)\n a -> b")), shown(made)]
    for outputs in cells:
        for output in outputs:
            for kind in drop:
                output.data.pop(kind, None)
    file = notebook(tmp_path / "a.ipynb", *cells)
    assert designs_in_notebook(file.read_text()) == (made.schema, drawn)
    assert saved_boards(file) == ((made.schema, made.layout_of_cards),)
    assert set(read(file).schema.names) == {*made.schema.names, *drawn.names}


def test_faces_hold_what_a_kernel_would_send() -> None:
    made = board(SHOP)
    faces = made._desk.faces()
    sent: list[Any] = []
    made.send = sent.append
    tell: Callable[[dict[str, Any]], None] = lambda message: made._received(None, message, None)  # noqa: E731  short
    for view in ("logical", "conceptual", "physical"):
        for folded in (True, False):
            tell({"kind": "view", "view": view, "id": f"{view}{folded}"})
            tell({"kind": "fold", "names": list(made.schema.names), "folded": folded, "id": f"{view}{folded}f"})
            assert made._whole()["relations"] == faces[view][folded]
    assert json.dumps(faces)

"""The board in a real JupyterLab: shown, edited, saved with its edited picture, reopened with no kernel."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.widgets.keeping import read_board, saved_boards
from tests.widgets.drawing import DRAWN_TEXT, GESTURES, Person
from tests.widgets.jupyter import asked, lab_tab, notebook, opened, run_all, running_lab, save

pytestmark = pytest.mark.browser
nbformat: Any = import_module("nbformat")  # untyped
AXE = Path(__file__).parents[2] / "dbworkbench/widgets/web/node_modules/axe-core/axe.min.js"
DESIGN = "customers(*customer_id: integer, name: text)\\norders(*order_id: integer, customer_id: integer -> customers)"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A JupyterLab; its address, and where notebooks lie."""
    with running_lab(tmp_path_factory.mktemp("lab")) as found:
        yield found


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A tab that may speak with the loopback address."""
    with lab_tab(browser) as page:
        yield page


def test_edited_saved_and_reopened(lab: tuple[str, Path], tab: Any, browser: Any, tmp_path: Path) -> None:
    address, work = lab
    first = f'import dbworkbench as wb\nb = wb.board("""{DESIGN}""", file="shop.dbw.json"); b'
    notebook(work / "shop.ipynb", first, "b")
    opened(tab, address, "shop.ipynb")
    run_all(tab)
    tab.locator(".dbw-card").nth(3).wait_for()
    assert tab.locator(".dbw-board").count() == 2
    assert not any(tab.locator(".dbw-picture").nth(at).is_visible() for at in range(2))

    # an edit by hand reaches Python, the other view and the file
    tab.locator('.dbw-board >> nth=0 >> .react-flow__node[data-id="customers"] .dbw-title').click()
    tab.get_by_label("New attribute").first.fill("city: text?")
    tab.keyboard.press("Enter")
    tab.locator('[data-relation="customers"] [data-attribute="city"]').nth(1).wait_for()
    assert asked(tab, "b.schema['customers'].names") == "('customer_id', 'name', 'city')"
    assert "city" in read_board((work / "shop.dbw.json").read_text())[0]["customers"].names

    # d d on the board types nothing into the notebook and deletes no cell
    tab.locator(".dbw-canvas").first.focus()
    tab.keyboard.press("d")
    tab.keyboard.press("d")
    assert tab.locator(".jp-CodeCell").count() == 2

    # the saved notebook holds the edited picture, and the board in it
    tab.wait_for_timeout(1200)
    save(tab)
    tab.wait_for_timeout(600)
    saved = nbformat.read(work / "shop.ipynb", 4)
    pictures = [
        output.data["image/svg+xml"]
        for cell in saved.cells
        for output in cell.outputs
        if "image/svg+xml" in output.data
    ]
    assert len(pictures) == 2
    assert all("city" in "".join(picture) for picture in pictures)
    assert [found[0] for found in saved_boards(work / "shop.ipynb")] == [
        read_board((work / "shop.dbw.json").read_text())[0]
    ]

    # as a page, with no kernel and no network, it shows the picture
    exporter: Any = import_module("nbconvert").HTMLExporter  # untyped
    page, _ = exporter(require_js_url="", mathjax_url="", jquery_url="").from_filename(str(work / "shop.ipynb"))
    file = tmp_path / "shop.html"
    file.write_text(page, encoding="utf-8")
    with browser.open(file) as alone:
        image = alone.page.locator(".dbw-picture img").first
        assert image.is_visible()
        assert image.evaluate("one => one.naturalWidth") > 100

    # a new kernel: the picture shows, the dead view is hidden; running again brings the edits back from the file
    tab.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.shutdown(); }")
    opened(tab, address, "shop.ipynb")
    tab.locator(".dbw-picture img").first.wait_for()
    tab.wait_for_timeout(2500)
    assert tab.locator(".dbw-picture img").first.is_visible()
    assert "Error displaying widget" not in tab.locator(".jp-Notebook").inner_text()
    assert "Loading widget" not in tab.locator(".jp-Notebook").inner_text()
    run_all(tab)
    tab.locator(".dbw-board").nth(1).wait_for()
    tab.locator('[data-relation="customers"] [data-attribute="city"]').first.wait_for()


def test_drawn_by_mouse_and_by_keyboard_undone_and_done_again_on_two_boards_of_one_model(
    lab: tuple[str, Path], tab: Any
) -> None:
    address, work = lab
    notebook(work / "drawn.ipynb", "import dbworkbench as wb\na = wb.board(); a", "k = wb.board(); k", "a")
    opened(tab, address, "drawn.ipynb")
    run_all(tab)
    boards = [tab.locator(".dbw-board").nth(at) for at in range(3)]
    boards[2].wait_for()
    mouse, keys, again = (Person(tab, board) for board in boards)
    meant = f"wb.schema({DRAWN_TEXT!r})"

    # by mouse only: Python holds what was drawn, the other view of the same board shows it, the other board does not
    boards[0].scroll_into_view_if_needed()
    mouse.draws_by_mouse()
    assert asked(tab, f"a.schema == {meant}, len(k.schema)") == "(True, 0)"
    again.card("orders").locator('[data-attribute="customer_id"]').wait_for()

    # by keyboard only, from the cell above: Tab reaches the board, and Python holds the same
    tab.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
    tab.evaluate("jupyterapp.commands.execute('notebook:enter-command-mode')")
    for _ in range(8):
        if not boards[1].evaluate("board => board.contains(document.activeElement)"):
            keys.press("Tab")
    keys.draws_by_keyboard()
    assert asked(tab, "k.schema == a.schema") == "True"
    assert tab.locator(".jp-CodeCell").count() == 3

    # everything undone by keys in one, by the button in the other; what one view undoes another does again
    for _ in range(GESTURES):
        keys.press("Control+z")
    keys.said("undone: add the relation customers")
    boards[0].scroll_into_view_if_needed()
    undo = boards[0].get_by_role("button", name="Undo")
    while undo.is_enabled():
        undo.click()
        tab.wait_for_timeout(100)
    boards[2].locator(".dbw-empty").wait_for()
    assert asked(tab, "a.schema.names, k.schema.names, a.changes") == "((), (), ())"
    boards[1].locator(".dbw-canvas").focus()
    for _ in range(GESTURES):
        keys.press("Control+y")
    keys.said("done again: add the foreign key")
    boards[2].scroll_into_view_if_needed()
    redo = boards[2].get_by_role("button", name="Redo")
    while redo.is_enabled():
        redo.click()
        tab.wait_for_timeout(100)
    mouse.card("orders").locator('[data-attribute="customer_id"]').wait_for()
    assert asked(tab, f"a.schema == k.schema == {meant}") == "True"

    # whoever leaves a field for a cell writes in the cell
    again.said("done again: add the foreign key")
    again.card("orders").locator(".dbw-title").click()
    boards[2].get_by_role("button", name="+ attribute").click()
    boards[2].get_by_label("New attribute of orders").wait_for()
    cell = tab.locator(".jp-CodeCell .cm-content").nth(2)
    cell.click()
    tab.wait_for_timeout(150)
    keys.type(".schema")
    assert "a.schema" in cell.inner_text()


def test_two_tabs_a_lost_kernel_and_colours(lab: tuple[str, Path], tab: Any, browser: Any) -> None:
    address, work = lab
    first = f'import dbworkbench as wb\nb = wb.board("""{DESIGN}"""); b'
    notebook(work / "two.ipynb", "%load_ext dbworkbench", "%%schema s\ncities(*zip: text, name: text)  # here", first)
    opened(tab, address, "two.ipynb")
    run_all(tab)
    tab.locator(".dbw-card").nth(1).wait_for()
    assert tab.locator(".dbw-code-builtin").all_inner_texts() == ["text", "text"]
    assert tab.locator(".dbw-code-def").all_inner_texts() == ["cities"]
    save(tab)
    with lab_tab(browser) as other:
        opened(other, address, "two.ipynb")
        other.locator(".dbw-card").nth(1).wait_for()
        for page, name in ((tab, "here"), (other, "there")):
            page.locator('.react-flow__node[data-id="customers"] .dbw-title').click()
            page.get_by_label("New attribute").first.fill(f"{name}: text?")
            page.keyboard.press("Enter")
            for each in (tab, other):
                each.locator(f'[data-relation="customers"] [data-attribute="{name}"]').wait_for()
        assert asked(tab, "b.schema['customers'].names") == "('customer_id', 'name', 'here', 'there')"

    # the kernel is lost: an edit waits, the board says so, and the board made anew offers to do it
    tab.evaluate("async () => { await jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }")
    tab.get_by_label("New attribute").first.fill("kept: text?")
    tab.keyboard.press("Enter")
    tab.get_by_text("The kernel does not answer").wait_for()
    run_all(tab)
    tab.get_by_role("button", name="Do it now").click()
    tab.locator('[data-relation="customers"] [data-attribute="kept"]').wait_for()
    assert asked(tab, "b.schema['customers'].names") == "('customer_id', 'name', 'kept')"


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_in_jupyterlab(lab: tuple[str, Path], tab: Any, theme: str) -> None:
    address, work = lab
    notebook(work / "axe.ipynb", f'import dbworkbench as wb\nwb.board("""{DESIGN}""")')
    opened(tab, address, "axe.ipynb")
    tab.evaluate("async (theme) => { await jupyterapp.commands.execute('apputils:change-theme', { theme }); }", theme)
    run_all(tab)
    tab.locator(".dbw-card .dbw-title").first.click()
    tab.get_by_label("New dependency").wait_for()
    assert tab.locator(".dbw").get_attribute("data-theme") == ("dark" if "Dark" in theme else "light")
    tab.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = tab.evaluate("axe.run(document.querySelector('.dbw'))")
    assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []

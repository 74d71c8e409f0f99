"""The board in a real JupyterLab: shown, edited, saved with its edited picture, reopened with no kernel."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.widgets.keeping import read_board, saved_boards

pytestmark = pytest.mark.browser
nbformat: Any = import_module("nbformat")  # untyped
ROOT = Path(__file__).parents[2]
DESIGN = "customers(*customer_id: integer, name: text)\\norders(*order_id: integer, customer_id: integer -> customers)"
PATIENCE = 60_000


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A JupyterLab on the loopback address, with folders and settings of its own; its address, and where notebooks lie."""
    home = tmp_path_factory.mktemp("lab")
    work = home / "work"
    work.mkdir()
    extension = home / "data" / "labextensions" / "dbworkbench"
    shutil.copytree(ROOT / "dbworkbench" / "widgets" / "labextension", extension)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    settings = home / "app" / "overrides.d"
    settings.mkdir(parents=True)
    quiet = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    (settings / "quiet.json").write_text(json.dumps(quiet))
    environment = {
        **os.environ,
        **{name: str(home / folder) for name, folder in folders.items()},
        "PYTHONPATH": str(ROOT),
    }
    words = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
             "--IdentityProvider.token=t", f"--ServerApp.root_dir={work}", "--LabApp.expose_app_in_browser=True",
             f"--LabApp.app_settings_dir={home / 'app'}"]  # fmt: skip
    with (home / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *words], env=environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(f"{address}/api?token=t", home / "log")
            yield address, work
        finally:
            server.terminate()
            server.wait(20)


def _wait(url: str, log: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  the loopback address
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(log.read_text()[-2000:])


def notebook(path: Path, *cells: str) -> None:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, path)


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """A tab that may speak with the loopback address."""
    with browser.open("data:text/html,", width=1300, height=900) as opened:
        opened.page.context.unroute("**/*")
        opened.page.context.set_offline(False)
        opened.page.set_default_timeout(PATIENCE)
        yield opened.page


def opened(page: Any, address: str, name: str) -> None:
    page.goto(f"{address}/lab/tree/{name}?token=t&reset")
    page.wait_for_function(
        "() => window.jupyterapp?.shell?.currentWidget?.sessionContext && window.jupyterapp.shell.currentWidget.context?.isReady"
    )


def run_all(page: Any) -> None:
    page.evaluate(
        "async () => { const p = jupyterapp.shell.currentWidget; await p.sessionContext.ready; await jupyterapp.commands.execute('notebook:run-all-cells'); }"
    )


def save(page: Any) -> None:
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.context.save(); }")


def asked(page: Any, expression: str) -> str:
    """What Python in the notebook's kernel says of an expression."""
    said = page.evaluate(
        """async (expression) => {
            const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const reply = await kernel.requestExecute({ code: "", user_expressions: { x: expression } }).done;
            return reply.content.user_expressions.x;
        }""",
        expression,
    )
    assert said["status"] == "ok", said
    return str(said["data"]["text/plain"])


def test_edited_saved_and_reopened(lab: tuple[str, Path], tab: Any) -> None:
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


def test_the_saved_picture_opens_offline_without_a_kernel(lab: tuple[str, Path], browser: Any, tmp_path: Path) -> None:
    exporter: Any = import_module("nbconvert").HTMLExporter  # untyped

    _, work = lab
    page, _ = exporter(require_js_url="", mathjax_url="", jquery_url="").from_filename(str(work / "shop.ipynb"))
    file = tmp_path / "shop.html"
    file.write_text(page, encoding="utf-8")
    with browser.open(file) as tab:
        image = tab.page.locator(".dbw-picture img").first
        assert image.is_visible()
        assert image.evaluate("one => one.naturalWidth") > 100

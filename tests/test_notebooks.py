"""The saved notebooks are design documents: they run, and they read well with no kernel and no network."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def outputs(notebook: Any) -> list[Any]:
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


def kinds(notebook: Any) -> list[list[str]]:
    """What each output consists of, cell after cell: what must not change when a notebook runs again."""
    return [[output["output_type"], *sorted(output.get("data", {}))] for output in outputs(notebook)]


@pytest.mark.notebook
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_again_with_outputs_of_the_same_kinds(path: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, ROOT / "tests" / "notebooks.py", path.name, "--to", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr[-3000:]
    assert kinds(load(tmp_path / path.name)) == kinds(load(path))


BAR = """
import duckdb
import pandas as pd
import dbworkbench as wb
with wb.read_data({"one": pd.DataFrame({"a": [1]})}) as rows:
    for connection in (duckdb.connect(), rows.connection):
        print(*connection.execute("SELECT current_setting('enable_progress_bar')").fetchone())
"""


def test_what_takes_long_leaves_no_widget_of_duckdb_in_a_notebook() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BAR)])
    NotebookClient(notebook, timeout=60).execute()
    assert [one["text"].split() for one in outputs(notebook)] == [["True", "False"]]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_saved_notebook_is_whole(path: Path) -> None:
    notebook = load(path)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(cell["execution_count"] for cell in code)
    assert not [output for output in outputs(notebook) if output["output_type"] == "error"]
    assert "widgets" not in notebook["metadata"]
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/(?:home|root|tmp|work)/", text), "no path of the machine that ran it"
    for output in outputs(notebook):
        if "data" in output:
            assert "text/plain" in output["data"]


INK = """async () => Promise.all([...document.querySelectorAll('.jp-OutputArea img')].map(async image => {
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [Math.min(image.naturalWidth, 1500), Math.min(image.naturalHeight, 1500)];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    let inked = 0;
    const paper = pixels[0] + pixels[1] + pixels[2];
    for (let at = 0; at < pixels.length; at += 4) {
        inked += Math.abs(pixels[at] + pixels[at + 1] + pixels[at + 2] - paper) > 150 ? 1 : 0;
    }
    return {width: image.getBoundingClientRect().width, alt: image.alt, ink: inked / (pixels.length / 4)};
}))"""


@pytest.mark.browser
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_saved_notebook_shows_its_pictures_offline(path: Path, tmp_path: Path, browser: Any) -> None:
    """Every picture of the file is on the page, has a size, says in words what it is, and is drawn: ink on paper."""
    body, _ = HTMLExporter().from_filename(str(path))
    page_file = tmp_path / f"{path.stem}.html"
    page_file.write_text(body, encoding="utf-8")
    wanted = sum("".join(output.get("data", {}).get("text/html", "")).count("<img") for output in outputs(load(path)))
    with browser.open(page_file) as tab:
        tab.page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
        seen = tab.page.evaluate(INK)
    assert len(seen) == wanted
    for picture in seen:
        assert picture["alt"]
        assert picture["width"] > 100, picture
        assert 0.003 < picture["ink"] < 0.6, picture

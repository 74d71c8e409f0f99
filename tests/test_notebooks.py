"""The saved notebooks are design documents: they run, and they read well with no kernel and no network."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
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


@pytest.mark.browser
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_saved_notebook_shows_its_pictures_offline(path: Path, tmp_path: Path, browser: Any) -> None:
    body, _ = HTMLExporter().from_filename(str(path))
    page_file = tmp_path / f"{path.stem}.html"
    page_file.write_text(body, encoding="utf-8")
    wanted = sum("<img" in "".join(output.get("data", {}).get("text/html", "")) for output in outputs(load(path)))
    with browser.open(page_file) as tab:
        seen = tab.page.evaluate("""() => [...document.querySelectorAll('.jp-OutputArea img')].map(
            image => [image.naturalWidth, image.getBoundingClientRect().width, image.alt])""")
    assert wanted > 0
    assert len(seen) >= wanted
    assert all(natural > 100 and shown > 100 and alt for natural, shown, alt in seen)

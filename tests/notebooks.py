"""The notebooks run again: `python tests/notebooks.py` saves them with fresh outputs, the tests compare."""

import argparse
import shutil
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def executed(path: Path) -> Any:
    """A notebook with the outputs of a fresh kernel, run beside a copy of the sample data; raises at the first error."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(FOLDER.parent / "sample_data", Path(scratch) / "sample_data")
        here = Path(scratch) / "notebooks"
        here.mkdir()
        NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(here)}}).execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)  # when it ran is nobody's business, and differs every time
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    return notebook


def joined(outputs: list[Any]) -> list[Any]:
    """Outputs with what was printed in several pieces, one after another, as one: where it breaks is chance."""
    whole: list[Any] = []
    for output in outputs:
        last = whole[-1] if whole else {}
        if output["output_type"] == "stream" == last.get("output_type") and output["name"] == last["name"]:
            last["text"] += output["text"]
        else:
            whole.append(output)
    return whole


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Run the notebooks again and save them with their outputs.")
    parser.add_argument("names", nargs="*", help="some of them only")
    parser.add_argument("--to", type=Path, default=FOLDER, help="another folder to save to")
    given = parser.parse_args()
    for notebook_path in [FOLDER / name for name in given.names] or NOTEBOOKS:
        nbformat.write(executed(notebook_path), given.to / notebook_path.name)
        print(notebook_path.name)

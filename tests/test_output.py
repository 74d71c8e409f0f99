"""Files are written whole, in folders that are made, never over another by accident; what the system refuses is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

import dbworkbench as wb
from dbworkbench.errors import OutputExists, OutputRefused
from dbworkbench.output import write_file, write_files
from dbworkbench.widgets.export import export_html

SHOP = "customer(*id: integer, name: text)\norders(*id: integer, customer_id: integer -> customer)"


def save_rows(folder: Path) -> None:
    with wb.populate(SHOP, rows=5) as made:
        made.save(folder)


SAVED: dict[str, Callable[[Path], object]] = {
    "a diagram": lambda folder: wb.erd(SHOP).save(folder / "shop.svg"),
    "a diagram as PDF": lambda folder: wb.erd(SHOP).save(folder / "shop.pdf"),
    "a document": lambda folder: wb.document("Shop", wb.schema(SHOP)).save(folder / "shop.html"),
    "rows": lambda folder: save_rows(folder / "rows"),
    "a board": lambda folder: wb.board(SHOP).save(folder / "shop.dbw.json"),
    "a sheet": lambda folder: wb.save_sheet(wb.exercise(seed=3), folder / "sheet.md"),
}


@pytest.mark.parametrize("kind", SAVED)
def test_a_missing_folder_is_made(kind: str, tmp_path: Path) -> None:
    SAVED[kind](tmp_path / "new" / "deeper")
    assert [path for path in (tmp_path / "new" / "deeper").rglob("*") if path.is_file()]


@pytest.mark.parametrize("kind", SAVED)
def test_a_file_in_the_way_is_named(kind: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    with pytest.raises(OutputRefused, match="is a file, not a folder — choose another place") as refused:
        SAVED[kind](tmp_path / "file")
    assert isinstance(refused.value, OSError)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "kept"


def test_nothing_is_written_where_one_of_several_is_there(tmp_path: Path) -> None:
    write_file(tmp_path / "b", "old")
    with pytest.raises(OutputExists, match="overwrite=True"):
        write_files({tmp_path / "a": "new", tmp_path / "b": b"new"})
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == {"b": "old"}
    write_files({tmp_path / "a": "new\n", tmp_path / "b": b"new"}, overwrite=True)
    assert (tmp_path / "a").read_bytes() == b"new\n"
    with pytest.raises(OutputExists):
        write_file(tmp_path, "a folder is never replaced", overwrite=True)


def test_a_link_stays_a_link_to_what_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real" / "file")
    with pytest.raises(OutputExists):  # though it leads nowhere yet
        write_file(tmp_path / "link", "text")
    write_file(tmp_path / "link", "text", overwrite=True)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "file").read_text(encoding="utf-8") == "text"


def test_a_page_of_no_notebook_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "no.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(wb.WorkbenchError, match="no notebook"):
        export_html(tmp_path / "no.ipynb")
    assert [path.name for path in tmp_path.iterdir()] == ["no.ipynb"]

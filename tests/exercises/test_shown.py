"""Exercises as a reader sees them in a cell."""

from pathlib import Path

import pytest

from dbworkbench.errors import OutputExists, UnknownName, Unsupported
from dbworkbench.exercises.bank import exercise
from dbworkbench.exercises.generator import SHAPES
from dbworkbench.exercises.grading import grade
from dbworkbench.exercises.sheet import save_sheet, sheet_notebook
from dbworkbench.page.plain import plain
from dbworkbench.views.describe import describe


def shown(value: object) -> str:
    return plain(describe(value))


def test_an_exercise_says_how_to_answer_it() -> None:
    text = shown(exercise("supplier-parts"))
    assert "Suppliers and parts" in text
    assert 'exercise.check("closure", …)' in text
    assert "city → status" in text
    assert "What are all candidate keys?" in shown(exercise("supplier-parts")["keys"])
    assert "no dependencies" in shown(exercise("no-rules"))


def test_a_wrong_answer_is_shown_on_rows() -> None:
    one = exercise("supplier-parts")
    lossy = shown(one.check("3nf", ["supplier city", "status part quantity"]))
    assert "Joined, and not there before" in lossy
    lost = shown(one.check("3nf", ["supplier status", "supplier city", "supplier part quantity"]))
    assert "Joined, they break city → status" in lost
    assert "differ on part and quantity" in shown(one.check("keys", "supplier"))


def test_grades_are_a_table(tmp_path: Path) -> None:
    (tmp_path / "ada.ipynb").write_text(sheet_notebook([exercise("no-rules")], solutions=True), encoding="utf-8")
    assert "100 %" in shown(grade(tmp_path))


def test_a_sheet_is_saved_in_three_forms_with_and_without_solutions(tmp_path: Path) -> None:
    sheets = [exercise("supplier-parts"), exercise(seed=4, topic="2NF")]
    for ending in (".ipynb", ".html", ".md"):
        bare = save_sheet(sheets, tmp_path / f"bare{ending}").read_text(encoding="utf-8")
        solved = save_sheet(sheets, tmp_path / f"solved{ending}", solutions=True).read_text(encoding="utf-8")
        assert "What are all candidate keys?" in bare
        assert len(solved) > len(bare)
        assert "augmentation" in solved
        assert "augmentation" not in bare
        with pytest.raises(OutputExists, match="overwrite=True"):
            save_sheet(sheets, tmp_path / f"bare{ending}")
        save_sheet(sheets, tmp_path / f"bare{ending}", overwrite=True)
    with pytest.raises(Unsupported, match=r"use \.ipynb, \.html or \.md"):
        save_sheet(sheets, tmp_path / "sheet.docx")
    assert grade(tmp_path, sheets).table().rows[1][4] == "100 %"


def test_a_made_exercise_is_found_again_by_its_name(tmp_path: Path) -> None:
    for one in (exercise(seed=7), exercise(seed=7, topic="keys"), exercise(seed=0, topic="two keys", difficulty=1)):
        again = exercise(one.name)
        assert again.scheme == one.scheme
        assert set(one.questions) <= set(again.questions)
    assert exercise(seed=7).name != exercise(seed=7, topic="keys").name
    for shape in SHAPES:
        name = exercise(seed=1, topic=shape, difficulty=1).name
        assert (
            shape.lower().replace(" ", "-") not in name
        )  # a name in a sheet is not to tell the form that is asked for
        assert exercise(name).name == name
    with pytest.raises(UnknownName):
        exercise(exercise(seed=7).name.replace("-2-", "-4-"))
    sheets = [exercise(seed=7, topic="keys"), exercise("supplier-parts", topic="form")]
    for name, solved in (("ada", True), ("bob", False)):
        save_sheet(sheets, tmp_path / f"{name}.ipynb", solutions=solved)
    assert grade(tmp_path).table().rows == (("ada.ipynb", "2", "2", "2", "100 %"), ("bob.ipynb", "0", "0", "2", "0 %"))


def test_one_notebook_does_not_add_questions_for_all(tmp_path: Path) -> None:
    asked = exercise("supplier-parts", topic="form")
    for name in ("ada", "bob"):
        save_sheet([asked], tmp_path / f"{name}.ipynb", solutions=True)
    save_sheet([asked, exercise("no-rules")], tmp_path / "eve.ipynb")
    assert [row[3] for row in grade(tmp_path).table().rows] == ["1", "1", "1"]

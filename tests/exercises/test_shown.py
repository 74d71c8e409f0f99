"""Exercises as a reader sees them in a cell."""

from pathlib import Path

from dbworkbench.exercises.bank import exercise
from dbworkbench.exercises.grading import grade
from dbworkbench.exercises.sheet import sheet_notebook
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
    assert "What joining the parts gives and was not there" in lossy
    lost = shown(one.check("3nf", ["supplier status", "supplier city", "supplier part quantity"]))
    assert "Joined, they break city → status" in lost
    assert "differ on part and quantity" in shown(one.check("keys", "supplier"))


def test_grades_are_a_table(tmp_path: Path) -> None:
    (tmp_path / "ada.ipynb").write_text(sheet_notebook([exercise("no-rules")], solutions=True), encoding="utf-8")
    assert "100 %" in shown(grade(tmp_path))

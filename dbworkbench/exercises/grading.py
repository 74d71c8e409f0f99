"""Grading submitted notebooks: their answer cells are read as plain values, never run."""

import ast
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from dbworkbench.errors import DataError, WorkbenchError
from dbworkbench.exercises.bank import bank
from dbworkbench.exercises.exercise import Exercise
from dbworkbench.exercises.sheet import MARK
from dbworkbench.page.blocks import Page, Table, table
from dbworkbench.shown import Shown


@dataclass(frozen=True, slots=True)
class Grade:
    """One answer of one notebook: right, wrong (and why), or not given."""

    notebook: str
    exercise: str
    kind: str
    answered: bool
    right: bool
    remark: str


@dataclass(frozen=True, slots=True)
class Grades(Shown):
    """The grades of a folder of notebooks, in the order of their names and of the sheet."""

    grades: tuple[Grade, ...]

    def table(self) -> Table:
        """One row per notebook: how many answers are right, of how many asked."""
        notebooks = dict.fromkeys(grade.notebook for grade in self.grades)
        rows = []
        for name in notebooks:
            mine = [grade for grade in self.grades if grade.notebook == name]
            right = sum(grade.right for grade in mine)
            share = f"{round(100 * right / len(mine))} %"
            rows.append((name, right, sum(grade.answered for grade in mine), len(mine), share))
        return table(("notebook", "right", "answered", "asked", "share"), rows, align="lrrrr")

    def details(self) -> Page:
        """Every answer with its remark."""
        rows = [
            (
                one.notebook,
                one.exercise,
                one.kind,
                "right" if one.right else "wrong" if one.answered else "—",
                one.remark,
            )
            for one in self.grades
        ]
        return (self.table(), table(("notebook", "exercise", "question", "", "remark"), rows))


def grade(folder: str | Path, exercises: Iterable[Exercise] = ()) -> Grades:
    """Grade all notebooks of a folder against a sheet's exercises (default: those of the bank that a notebook names).

    An answer cell begins with `# answer NAME KIND` and ends with `answer = VALUE`, as `sheet_notebook` writes them. A
    question whose cell is missing counts as not answered. Raises DataError where the folder has no notebooks, or one is
    not a notebook.
    """
    place = Path(folder)
    files = sorted(place.glob("*.ipynb")) if place.is_dir() else []
    if not files:
        raise DataError(f"{str(folder)!r} holds no notebooks — give the folder of the submitted .ipynb files")
    wanted = tuple(exercises)
    return Grades(tuple(one for file in files for one in _graded(file, wanted)))


def _graded(file: Path, wanted: tuple[Exercise, ...]) -> list[Grade]:
    answers = _answers(file)
    if not wanted:
        names = dict.fromkeys(name for name, _ in answers)
        wanted = tuple(bank()[name] for name in names if name in bank())
    found = []
    for exercise in wanted:
        for question in exercise.questions:
            given = answers.get((exercise.name, question.kind))
            if given is None:
                found.append(Grade(file.name, exercise.name, question.kind, False, False, "not answered"))
                continue
            right, remark = False, given.trouble
            if not given.trouble:
                try:
                    verdict = question.check(given.value)
                    right, remark = verdict.holds, verdict.claim
                except WorkbenchError as error:
                    remark = str(error).splitlines()[0]
            found.append(Grade(file.name, exercise.name, question.kind, True, right, remark))
    return found


@dataclass(frozen=True, slots=True)
class _Answer:
    value: object
    trouble: str = ""


def _answers(file: Path) -> dict[tuple[str, str], _Answer]:
    """The answers of a notebook by exercise and kind of question; the last one counts, `None` is no answer."""
    try:
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file.name} is no notebook that can be read: {error}") from error
    found = {}
    for source in sources:
        first = source.lstrip().partition("\n")[0]
        if first.startswith(MARK):
            name, _, rest = first[len(MARK) :].strip().partition(" ")
            kind = rest.partition(",")[0].strip()
            answer = _value(source)
            if answer is not None:
                found[name, kind] = answer
    return found


def _value(source: str) -> _Answer | None:
    """The last value assigned, or written alone, in a cell; None where it is None."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        return _Answer(None, f"the cell is not Python: {error}")
    last = next((node.value for node in reversed(body) if isinstance(node, ast.Assign | ast.Expr)), None)
    if last is None:
        return None
    try:
        value = ast.literal_eval(last)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return _Answer(
            None, "the answer is not a plain value: write strings, lists, True or False, and nothing to compute"
        )
    return None if value is None else _Answer(value)

"""Grading submitted notebooks: their answer cells are read as plain values, never run."""

import ast
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from dbworkbench.errors import DataError, Undecided, UnknownName, WorkbenchError, kind_of
from dbworkbench.exercises.bank import named
from dbworkbench.exercises.exercise import Exercise
from dbworkbench.exercises.sheet import MARK
from dbworkbench.page.blocks import Page, Table, table
from dbworkbench.shown import Shown

_LARGEST = 20_000_000
_LONGEST_CELL = 4_000
_LONGEST_REMARK = 300
_NOT_ANSWERED = "not answered"


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
    """The grades of a folder of notebooks, in the order of their names and of the sheet.

    Shown as a row per notebook and one per question; `details()` tells of every answer.
    """

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

    def questions(self) -> Table:
        """One row per question, in the order of the sheet: how many answered it, and how many of them right."""
        asked = dict.fromkeys((grade.exercise, grade.kind) for grade in self.grades)
        rows = []
        for exercise, kind in asked:
            mine = [grade for grade in self.grades if (grade.exercise, grade.kind) == (exercise, kind)]
            answered, right = sum(one.answered for one in mine), sum(one.right for one in mine)
            share = f"{round(100 * right / answered)} %" if answered else "—"
            rows.append((exercise, kind, right, answered, share))
        return table(("exercise", "question", "right", "answered", "share of these"), rows, align="llrrr")

    def details(self) -> Page:
        """Every answer with its remark; of a notebook that could not be read, that alone."""
        rows: dict[tuple[str, ...], None] = {}
        for one in self.grades:
            said = "right" if one.right else "wrong" if one.answered else "—"
            unread = not one.answered and one.remark != _NOT_ANSWERED
            asked = ("—", "—") if unread else (one.exercise, one.kind)
            rows.setdefault((one.notebook, *asked, said, one.remark))
        return (self.table(), table(("notebook", "exercise", "question", "", "remark"), rows))


def grade(folder: str | Path, exercises: Iterable[Exercise] = ()) -> Grades:
    """Grade all notebooks of a folder against a sheet's exercises.

    Without exercises, those questions are asked that at least half of the notebooks with any have a cell for. An answer cell
    begins with `# answer NAME KIND` and ends with `answer = VALUE`, as `save_sheet` writes them. A question whose cell is
    missing counts as not answered, and so do all of them in a file that is no notebook. Raises DataError where the
    folder has no notebooks, or none with a question.
    """
    if not isinstance(folder, str | Path):
        raise DataError(
            f"{kind_of(folder)} is no folder of notebooks — one answer is judged by exercise.check(question, answer)"
        )
    place = Path(folder)
    files = sorted(place.glob("*.ipynb")) if place.is_dir() else []
    if not files:
        raise DataError(f"{str(folder)!r} holds no notebooks — give the folder of the submitted .ipynb files")
    read = {file: _answers(file) for file in files}
    wanted = tuple(exercises) or _asked([answers for answers in read.values() if isinstance(answers, dict)])
    if not wanted:
        raise DataError(f"no notebook in {str(folder)!r} has a cell for an exercise that is known — give the exercises")
    return Grades(tuple(one for file, answers in read.items() for one in _graded(file, answers, wanted)))


def _asked(read: list[dict[tuple[str, str], "_Answer | None"]]) -> tuple[Exercise, ...]:
    """The exercises that most notebooks have cells for, with the questions they have cells for."""
    answered = [answers for answers in read if answers]
    counted = Counter(mark for answers in answered for mark in answers)
    kinds: dict[str, set[str]] = {}
    for (name, kind), count in counted.items():
        if 2 * count >= len(answered):
            kinds.setdefault(name, set()).add(kind)
    found = []
    for name, asked in kinds.items():
        try:
            whole = named(name)
        except (UnknownName, Undecided):  # a cell that some other sheet wrote
            continue
        found.append(replace(whole, questions=tuple(one for one in whole.questions if one.kind in asked)))
    return tuple(one for one in found if one.questions)


def _graded(
    file: Path, answers: "dict[tuple[str, str], _Answer | None] | str", wanted: tuple[Exercise, ...]
) -> list[Grade]:
    if isinstance(answers, str):
        return [
            Grade(file.name, exercise.name, question.kind, False, False, answers)
            for exercise in wanted
            for question in exercise.questions
        ]
    found = []
    for exercise in wanted:
        for question in exercise.questions:
            given = answers.get((exercise.name, question.kind))
            if given is None:
                found.append(Grade(file.name, exercise.name, question.kind, False, False, _NOT_ANSWERED))
                continue
            right, remark = False, given.trouble
            if not given.trouble:
                try:
                    verdict = question.check(given.value)
                    right, remark = verdict.holds, verdict.claim
                except WorkbenchError as error:
                    remark = str(error).splitlines()[0]
            remark = remark if len(remark) <= _LONGEST_REMARK else f"{remark[:_LONGEST_REMARK]}…"
            found.append(Grade(file.name, exercise.name, question.kind, True, right, remark))
    return found


@dataclass(frozen=True, slots=True)
class _Answer:
    value: object
    trouble: str = ""


def _answers(file: Path) -> dict[tuple[str, str], _Answer | None] | str:
    """The answers of a notebook by exercise and kind of question, or why it cannot be read.

    The last answer counts; a cell that says `None` or nothing holds none.
    """
    try:
        if file.stat().st_size > _LARGEST:
            return f"this file is larger than {_LARGEST:,} bytes, so it was not read"
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        return f"this is no notebook that can be read: {type(error).__name__}"
    if not isinstance(cells, list):
        return "this is no notebook that can be read: its cells are no list"
    found: dict[tuple[str, str], _Answer | None] = {}
    for source in filter(None, map(_source, cells)):
        first = source.lstrip().partition("\n")[0]
        if first.startswith(MARK):
            name, _, rest = first[len(MARK) :].strip().partition(" ")
            kind = rest.partition(",")[0].strip()
            answer = _value(source)
            found[name, kind] = found.get((name, kind)) if answer is None else answer
    return found


def _source(cell: object) -> str:
    """The text of a code cell; nothing of any other, or of one that is not formed like a cell."""
    match cell:
        case {"cell_type": "code", "source": str(text)}:
            return text
        case {"cell_type": "code", "source": [*lines]}:
            return "".join(line for line in lines if isinstance(line, str))
        case _:
            return ""


def _value(source: str) -> _Answer | None:
    """The last value assigned, or written alone, in a cell; None where it is None."""
    if len(source) > _LONGEST_CELL:
        return _Answer(None, f"the cell has more than {_LONGEST_CELL:,} characters, and no right answer is so long")
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
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

"""Exercise sheets: as blocks for any report, and as a notebook with a cell for each answer."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from dbworkbench.errors import Unsupported
from dbworkbench.exercises.exercise import TITLES, Exercise, Question
from dbworkbench.exercises.solutions import right_answer, solution
from dbworkbench.output import write_file
from dbworkbench.page.blocks import Block, Code, Heading, Items, Page, Prose
from dbworkbench.page.html import document
from dbworkbench.page.markdown import markdown
from dbworkbench.theory.dependencies import in_order, written

MARK = "# answer"
_ROOM = "\n" * 4
_HOW = (
    "Write each answer behind answer = in the cell below its question, in the shape of the example there; the first line of a "
    "cell says which question it answers, and stays. Several sets are a list of texts. Only plain values count: nothing is run."
)


def sheet(exercises: Iterable[Exercise], *, title: str = "Exercises", solutions: bool = False) -> Page:
    """A sheet of exercises to be read or printed; with solutions, each question is followed by its worked answer.

    Without them, it is followed by room to write in. A sheet to be answered in Python is `sheet_notebook`.
    """
    blocks: list[Block] = [Heading(title, 1)]
    for question, task in _tasks(exercises):
        blocks += task
        if question is not None:
            blocks += solution(question) if solutions else (Code(_ROOM),)
    return tuple(blocks)


def _tasks(exercises: Iterable[Exercise]) -> Iterator[tuple[Question | None, Page]]:
    """What is asked, in order: each scheme, with no question, and then its questions one by one."""
    for number, exercise in enumerate(exercises, start=1):
        yield None, _scheme(exercise, number)
        for place, question in enumerate(exercise.questions, start=1):
            yield question, (Heading(f"{number}.{place} {TITLES[question.kind]}", 3), Prose(question.text))


def sheet_notebook(exercises: Iterable[Exercise], *, title: str = "Exercises", solutions: bool = False) -> str:
    """The sheet as the text of a notebook with a Python cell for each answer, which `grade` finds again.

    The same sheet gives the same bytes.
    """
    cells: list[dict[str, object]] = []
    prose: list[Block] = [Heading(title, 1), Prose(_HOW)]

    def close() -> None:
        if prose:
            cells.append(_notebook_cell("markdown", markdown(tuple(prose)).rstrip("\n"), len(cells)))
            prose.clear()

    for question, task in _tasks(exercises):
        prose.extend(task)
        if question is not None:
            close()
            cells.append(_notebook_cell("code", _cell(question, solutions), len(cells)))
            prose.extend(solution(question) if solutions else ())
    close()
    whole = {
        "cells": cells,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def save_sheet(
    exercises: Exercise | Iterable[Exercise],
    path: str | Path,
    *,
    title: str = "Exercises",
    solutions: bool = False,
    overwrite: bool = False,
) -> Path:
    """Save a sheet of exercises (or of one) as a notebook, HTML or Markdown file, by the ending of its name; the path is returned.

    Raises Unsupported for another ending, and OutputExists unless `overwrite`.
    """
    file = Path(path)
    listed = (exercises,) if isinstance(exercises, Exercise) else tuple(exercises)
    match file.suffix.lower():
        case ".ipynb":
            text = sheet_notebook(listed, title=title, solutions=solutions)
        case ".html":
            text = document(sheet(listed, title=title, solutions=solutions), title=title)
        case ".md":
            text = markdown(sheet(listed, title=title, solutions=solutions))
        case other:
            raise Unsupported(
                f"a sheet cannot be saved as {other or 'a file without an ending'} — use .ipynb, .html or .md"
            )
    return write_file(file, text, overwrite=overwrite)


def _notebook_cell(kind: str, source: str, at: int) -> dict[str, object]:
    name = hashlib.sha256(f"{at}\n{source}".encode()).hexdigest()[:12]
    cell: dict[str, object] = {
        "cell_type": kind,
        "id": name,
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell


def _scheme(exercise: Exercise, number: int) -> Page:
    rules = tuple(str(dependency) for dependency in in_order(exercise.scheme.dependencies))
    names = ", ".join(map(written, exercise.scheme.attributes))
    return (
        Heading(f"{number}. {exercise.title}", 2),
        Prose(exercise.story),
        Prose(f"Attributes: {names}."),
        Items(rules) if rules else Prose("There are no dependencies."),
        Prose(f"Source: {exercise.source}."),
    )


def _cell(question: Question, solved: bool) -> str:  # noqa: FBT001  which text the cell holds
    examples = {
        "closure": '"a, b"',
        "keys": '["a, b", "c"]',
        "cover": '["a -> b", "b, c -> d"]',
        "form": '"1NF"',
        "lossless": "True",
        "preserving": "True",
    }
    answer = repr(right_answer(question)) if solved else "None"
    example = examples.get(question.kind, '["a, b", "b, c"]')
    return f"{MARK} {question.exercise} {question.kind}, for example {example}\nanswer = {answer}"

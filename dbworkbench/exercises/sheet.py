"""Exercise sheets: as blocks for any report, and as a notebook with a cell for each answer."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from dbworkbench.errors import Unsupported
from dbworkbench.exercises.exercise import Exercise, Question
from dbworkbench.exercises.solutions import right_answer, solution
from dbworkbench.output import write_file
from dbworkbench.page.blocks import Block, Code, Heading, Items, Page, Prose
from dbworkbench.page.html import document
from dbworkbench.page.markdown import markdown
from dbworkbench.theory.dependencies import in_order, written

MARK = "# answer"


def sheet(exercises: Iterable[Exercise], *, title: str = "Exercises", solutions: bool = False) -> Page:
    """A sheet of exercises; with solutions, each question is followed by its worked answer.

    Each question has a Python cell to be filled in, which `grade` finds again in a submitted notebook.
    """
    blocks: list[Block] = [Heading(title, 1)]
    for number, exercise in enumerate(exercises, start=1):
        blocks += _scheme(exercise, number)
        for place, question in enumerate(exercise.questions, start=1):
            blocks += [Heading(f"{number}.{place} {question.text}", 3), Code(_cell(question, solutions), "python")]
            if solutions:
                blocks += solution(question)
    return tuple(blocks)


def sheet_notebook(exercises: Iterable[Exercise], *, title: str = "Exercises", solutions: bool = False) -> str:
    """The sheet as the text of a notebook in which the answers are code cells; the same sheet gives the same bytes."""
    cells: list[dict[str, object]] = []
    prose: list[Block] = []

    def close() -> None:
        if prose:
            cells.append(_notebook_cell("markdown", markdown(tuple(prose)).rstrip("\n"), len(cells)))
            prose.clear()

    for block in sheet(exercises, title=title, solutions=solutions):
        if isinstance(block, Code) and block.language == "python":
            close()
            cells.append(_notebook_cell("code", block.text, len(cells)))
        else:
            prose.append(block)
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
        Prose(f"Attributes: {names}. Source: {exercise.source}."),
        Items(rules) if rules else Prose("There are no dependencies."),
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

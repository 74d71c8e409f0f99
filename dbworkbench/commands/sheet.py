"""`dbworkbench sheet`: exercises on normalization as a notebook to be answered, or as a page."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from dbworkbench.commands.options import TOLD_EXERCISES, exercises_named

if TYPE_CHECKING:
    from dbworkbench.exercises.exercise import Exercise

_EPILOG = """\
examples
  dbworkbench sheet supplier-parts 3 4 --out week1.ipynb --solutions week1.html
  dbworkbench sheet 3 4 5 --topic BCNF --difficulty 3 --out week2.ipynb
  dbworkbench grade handed-in
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Make a sheet of exercises: a notebook (.ipynb) with a cell for each answer, which dbworkbench grade reads, "
        "or a page (.html, .md)."
    )
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("exercises", metavar="EXERCISE", nargs="*", help=TOLD_EXERCISES)
    parser.add_argument("--list", action="store_true", help="list the exercises of the bank")
    parser.add_argument("--out", metavar="FILE", type=Path, help="the sheet to write: .ipynb, .html or .md")
    parser.add_argument("--solutions", metavar="FILE", type=Path, help="the same with worked answers, to another file")
    parser.add_argument("--topic", default="", help="for numbers: a shape of scheme; for all: one kind of question")
    parser.add_argument("--difficulty", type=int, choices=(1, 2, 3), help="for numbers: how hard (default: 2)")
    parser.add_argument("--title", default="Exercises", metavar="TEXT", help="what stands above the sheet")
    parser.add_argument("--force", action="store_true", help="write over files that are there already")


def run(given: argparse.Namespace) -> int:
    """Write the sheet, and its solutions."""
    from dbworkbench.errors import OutputExists, Unsupported
    from dbworkbench.exercises.bank import bank
    from dbworkbench.exercises.sheet import save_sheet

    if given.list:
        for one in bank().values():
            print(_told(one))
        return 0
    asked = exercises_named(given.exercises, topic=given.topic, difficulty=given.difficulty)
    if not asked:
        raise Unsupported("which exercises? — name some of --list, or numbers: dbworkbench sheet 3 4 --out sheet.ipynb")
    if given.out is None and given.solutions is None:
        raise Unsupported("into which file? — say --out, for instance --out sheet.ipynb")
    wanted = [(given.out, False), (given.solutions, True)]
    for path, _ in wanted:
        if path is not None and path.exists() and not given.force:
            raise OutputExists(path, "name another file, or write over it with --force")
    for path, solutions in wanted:
        if path is not None:
            save_sheet(asked, path, title=given.title, solutions=solutions, overwrite=given.force)
            print(f"the {'solutions are' if solutions else 'sheet is'} {path}")
    return 0


def _told(one: "Exercise") -> str:
    return f"{one.name:24} {'●' * one.difficulty:3}  {one.title} — {', '.join(asked.kind for asked in one.questions)}"

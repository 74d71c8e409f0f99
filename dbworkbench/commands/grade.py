"""`dbworkbench grade`: the notebooks in which a sheet was answered."""

import argparse
import csv
import io
from dataclasses import astuple, fields
from pathlib import Path

from dbworkbench.commands.options import TOLD_EXERCISES, exercises_named
from dbworkbench.output import write_file


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Grade the notebooks of a folder. Answers are read as plain values: nothing of what was handed in is run."
    )
    parser.add_argument("folder", type=Path, help="the folder of the notebooks that were handed in")
    parser.add_argument(
        "exercises",
        metavar="EXERCISE",
        nargs="*",
        help=f"{TOLD_EXERCISES}; without any, those that most notebooks name",
    )
    parser.add_argument("--details", action="store_true", help="also each answer, and why it is wrong")
    parser.add_argument("--out", metavar="FILE", type=Path, help="a .csv file to write every answer's grade to")
    parser.add_argument("--force", action="store_true", help="write over a file that is there already")


def run(given: argparse.Namespace) -> int:
    """Grade, print, and write what was asked for."""
    from dbworkbench.exercises.grading import Grade, grade
    from dbworkbench.page.plain import plain

    graded = grade(given.folder, exercises_named(given.exercises))
    print(plain(graded.details() if given.details else (graded.table(),)))
    if given.out is not None:
        text = io.StringIO()
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow([field.name for field in fields(Grade)])
        lines.writerows(map(_in_cell, astuple(one)) for one in graded.grades)
        write_file(given.out, text.getvalue(), overwrite=given.force)
        print(f"\nthe grades are in {given.out}")
    return 0


def _in_cell(value: object) -> object:
    """A value as a spreadsheet shows it: what was handed in is never taken for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value

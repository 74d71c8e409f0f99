"""What the options of several commands mean."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dbworkbench.errors import UnknownName, Unsupported

if TYPE_CHECKING:
    from dbworkbench.exercises.exercise import Exercise

TOLD_EXERCISES = "exercises of the bank by name, or numbers, from each of which one is made"


def count(text: str) -> int:
    """A whole number of at least 1, as people write it: 100_000, 100,000."""
    try:
        number = int(text.replace("_", "").replace(",", ""))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number") from None
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1 row is needed")
    return number


def csv_options(parser: argparse.ArgumentParser) -> None:
    """How a CSV file is to be read."""
    parser.add_argument("--separator", metavar="CHAR", help="for CSV: the separator, when it is not found right")
    parser.add_argument("--encoding", default="utf-8", help="for CSV: the encoding (default: utf-8)")
    parser.add_argument("--no-header", action="store_true", help="for CSV: the first line holds values, not names")


def names(said: str) -> list[str]:
    """Names with commas between them."""
    return [name.strip() for name in said.split(",") if name.strip()]


def normal_form(said: str) -> str:
    """A normal form that designs are brought to."""
    form = said.upper()
    if form not in {"3NF", "BCNF"}:
        raise Unsupported(f"--to {said}: no form to normalize to here — use 3NF or BCNF")
    return form


def engine_names(said: str) -> list[str]:
    """Engines to measure on, by name or URL."""
    from dbworkbench.engines.engine import ENGINES

    given = names(said)
    for name in given:
        if name not in ENGINES and "://" not in name:
            raise UnknownName("engine", name, sorted(ENGINES))
    return given


def exercises_named(said: Sequence[str], *, topic: str = "", difficulty: int | None = None) -> "list[Exercise]":
    """Exercises by name, or made from a number."""
    from dbworkbench.exercises.bank import exercise

    return [
        exercise(seed=int(one), topic=topic, difficulty=difficulty) if one.isdecimal() else exercise(one, topic=topic)
        for one in said
    ]

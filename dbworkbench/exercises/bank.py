"""The bank of exercises, and the door to them: by name, or made from a seed."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from operator import index
from typing import Any, SupportsIndex

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.exercises.asked import questions_about
from dbworkbench.exercises.exercise import KINDS, Exercise, Scheme
from dbworkbench.exercises.generator import generate, remade
from dbworkbench.theory.dependencies import names_in, parse_dependency

_SEEDS = 10**18  # a seed stands in the name of what it made


def exercise(name: str = "", *, seed: int | None = None, topic: str = "", difficulty: int | None = None) -> Exercise:
    """An exercise of the bank by its name, or a fresh one from a seed (0 where nothing is said).

    `topic` keeps the questions of one kind (a name in KINDS), or asks the generator for a shape of scheme (a name in
    SHAPES); `difficulty` is 1, 2 or 3.

    >>> supplies = exercise("supplier-parts")
    >>> bool(supplies.check("keys", "supplier part"))
    True

    Raises UnknownName for a name, topic or difficulty that does not exist, and DesignError for a seed that is no whole
    number of at most 18 digits.
    """
    if not isinstance(name, str):
        raise DesignError(f"{name!r} is no name of an exercise — write it in quotes, or make a fresh one with seed=…")
    if seed is not None and (
        isinstance(seed, bool) or not isinstance(seed, SupportsIndex) or abs(index(seed)) >= _SEEDS
    ):
        raise DesignError(f"seed={seed!r} is no whole number of at most 18 digits — give one like seed=7")
    if name:
        found = named(name)
        return found.only(topic) if topic else found
    shape = "" if topic in KINDS else topic
    made = generate(index(seed or 0), shape=shape, difficulty=difficulty, question=topic if topic in KINDS else "")
    return made.only(topic) if topic in KINDS else made


def named(name: str) -> Exercise:
    """An exercise of the bank, or one that was made from a seed, by the name it then got."""
    known = bank()
    found = known.get(name) or remade(name)
    if found is None:
        raise UnknownName("exercise", name, sorted(known))
    return found


@cache
def bank() -> Mapping[str, Exercise]:
    """All exercises of the bank, by name."""
    found: dict[str, Exercise] = {}
    for file in sorted(files("dbworkbench.exercises").joinpath("problems").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            for problem in tomllib.loads(file.read_text(encoding="utf-8"))["problem"]:
                one = _read(problem)
                found[one.name] = one
    return found


def _read(problem: Mapping[str, Any]) -> Exercise:
    """A problem of a file; tests read them all."""
    name = problem["name"]
    rules = tuple(parse_dependency(line) for line in problem["dependencies"])
    scheme = Scheme(names_in(problem["attributes"]), rules)
    parts = [names_in(part) for part in problem.get("parts", ())]
    asked = questions_about(name, scheme, subject=names_in(problem.get("subject", "")), parts=parts)
    return Exercise(name, problem["title"], problem["story"], scheme, asked, problem["difficulty"], problem["source"])

"""The page on exercises says what is so."""

import doctest
from pathlib import Path

from dbworkbench.exercises.exercise import KINDS
from dbworkbench.exercises.generator import SHAPES

GUIDE = Path(__file__).parents[2] / "docs" / "exercises.md"


def test_the_examples_of_the_guide_give_what_it_shows() -> None:
    ran = doctest.testfile(str(GUIDE), module_relative=False)
    assert ran.attempted >= 8
    assert not ran.failed


def test_the_guide_names_every_topic() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    for shape in SHAPES:
        assert f"| `{shape}` | " in text
    rows = " ".join(line.split("|")[1] for line in text.splitlines() if line.startswith("| "))
    assert all(kind in rows for kind in KINDS)

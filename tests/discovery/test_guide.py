"""The page on discovery says what is so."""

import doctest
import re
from pathlib import Path

import pandas as pd
import pytest

import dbworkbench as wb
from dbworkbench.__main__ import main

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "discovery.md"


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_examples_of_the_guide_give_what_it_shows() -> None:
    ran = doctest.testfile(str(GUIDE), module_relative=False)
    assert ran.attempted >= 12
    assert not ran.failed


def test_the_guide_names_every_part_of_a_score_and_no_other() -> None:
    items = pd.DataFrame({"item": [*"abc"], "price": [1, 2, 2], "name": [*"xyy"]})
    lines = pd.DataFrame({"line": range(9), "item": [*"aaabbbccc"], "price": [1, 1, 1, 2, 2, 2, 2, 2, 3]})
    found = wb.discover({"items": items, "lines": lines}, max_error=0.2)
    shown = {part.name for table in found.tables for rule in (*table.rules, *table.near) for part in rule.parts}
    text = GUIDE.read_text(encoding="utf-8").split("| part |")[1].split("\n\n")[0]
    assert set(re.findall(r"^\| ([a-z ]+) \|", text, re.MULTILINE)) == shown


def test_the_command_of_the_guide_prints_what_it_shows(capsys: pytest.CaptureFixture[str]) -> None:
    _, command, rest = re.split(r"\$ dbworkbench (.*)\n", GUIDE.read_text(encoding="utf-8"), maxsplit=1)
    assert main(command.split()) == 0
    printed = capsys.readouterr().out
    at = 0
    for part in rest.split("```")[0].split("…\n"):
        at = printed.index(part, at) + len(part)

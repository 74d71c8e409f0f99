"""Counts that papers published for their data sets: collected where the folder of those sets is there."""

import json
from pathlib import Path

import pytest

from dbworkbench.discovery.discover import discover
from dbworkbench.discovery.functional import functional_dependencies
from dbworkbench.discovery.kernels import kernels
from dbworkbench.discovery.reading import read_columns
from dbworkbench.discovery.uniques import unique_sets
from dbworkbench.theory.dependencies import FD
from tests.discovery.conftest import PUBLISHED
from tests.discovery.test_functional import PLAIN, found_by

KEYS = {  # HPIValid finds as many
    "iris.csv": 0,
    "balance-scale.csv": 1,
    "abalone.csv": 29,
    "nursery.csv": 1,
    "breast-cancer-wisconsin.csv": 0,
    "bridges.csv": 5,
    "echocardiogram.csv": 72,
    "letter.csv": 0,
    "hepatitis.csv": 348,
}


@pytest.mark.parametrize("threads", [1, 2, 3])
@pytest.mark.parametrize("file", KEYS)
def test_counts_are_those_published(file: str, threads: int) -> None:
    """On the data sets of the papers, with any number of threads; `test_functional` has some that anyone can make.

    None has an empty cell, so both meanings of null give the same.
    """
    fact = json.loads((PUBLISHED / "expected.json").read_text())[file]
    (columns,) = read_columns(PUBLISHED / file, header=fact["header"], separator=fact["separator"]).values()
    assert (columns.rows, len(columns.names)) == (fact["rows"], fact["cols"])
    for nulls in ("equal", "distinct"):
        here = columns.with_nulls("equal" if nulls == "equal" else "distinct")
        assert len(functional_dependencies(here, threads=threads)) == fact["published_fd_count"]
        assert len(unique_sets(here, threads=threads).sets) == KEYS[file]


@pytest.mark.parametrize("file", ["bridges.csv", "echocardiogram.csv", "breast-cancer-wisconsin.csv"])
def test_unknown_cells_are_equal_or_distinct(file: str, tmp_path: Path) -> None:
    """With their `?` taken for nulls: the loops and what stands in for them agree, and distinct nulls break fewer keys."""
    cells = [
        ["" if cell == "?" else cell for cell in line.split(",")]
        for line in (PUBLISHED / file).read_text().splitlines()
    ]
    (tmp_path / file).write_text("".join(",".join(line) + "\n" for line in cells))
    (equal,) = read_columns(tmp_path / file, header=False).values()
    distinct = equal.with_nulls("distinct")
    assert any(equal.null(place).any() for place in range(len(equal.names)))
    for columns in (equal, distinct):
        assert found_by(columns, by=kernels()) == found_by(columns, by=PLAIN)
    keys = [{frozenset(key) for key in unique_sets(columns).sets} for columns in (equal, distinct)]
    assert all(any(smaller <= key for smaller in keys[1]) for key in keys[0])


def test_the_first_proposal_for_bridges_is_small_and_its_rule_is_true() -> None:
    found = discover(PUBLISHED / "bridges.csv", header=False)
    assert len(found.fds) == 142
    assert found.believed() == (FD.parse("column_3 -> column_2"),)
    assert len(found.schema()) == 2
    assert len(found.explain("column_3 -> column_2").parts) >= 8

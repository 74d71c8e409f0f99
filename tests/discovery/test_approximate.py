"""Measures against their definitions, the smallest repair against trying every one, the lattice against all sets."""

from collections import Counter
from itertools import combinations, product

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dbworkbench.discovery import approximate, plain
from dbworkbench.discovery.approximate import approximate_dependencies, measure, violations
from dbworkbench.discovery.columns import from_frame
from dbworkbench.discovery.functional import functional_dependencies
from dbworkbench.discovery.search import Budget
from dbworkbench.theory.dependencies import FD

Row = tuple[int, ...]
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.tuples(*[st.integers(0, 2)] * width), min_size=1, max_size=10)
)


def fewest_removed(rows: list[Row], chosen: tuple[int, ...], target: int | None) -> int:
    """The definition of g3: the largest set of rows in which it holds."""
    kept = 0
    for group in {tuple(row[c] for c in chosen) for row in rows}:
        members = [row for row in rows if tuple(row[c] for c in chosen) == group]
        kept += 1 if target is None else max(Counter(row[target] for row in members).values())
    return len(rows) - kept


@settings(max_examples=300, deadline=None)
@given(tables, st.sampled_from([0.0, 0.1, 0.25, 0.4]), st.booleans())
def test_all_minimal_ones_within_the_error_are_found(rows: list[Row], most: float, plainly: bool) -> None:  # noqa: FBT001
    width = len(rows[0])
    names = "abcd"[:width]
    expected = set()
    for target in [*range(width), None]:
        others = [c for c in range(width) if c != target]
        good: list[frozenset[int]] = []
        for size in range(width + 1):
            for chosen in combinations(others, size):
                removed = fewest_removed(rows, chosen, target)
                if removed <= most * len(rows) + 1e-9 and not any(one <= frozenset(chosen) for one in good):
                    good.append(frozenset(chosen))
                    dependent = frozenset() if target is None else frozenset(names[target])
                    expected.add((frozenset(names[c] for c in chosen), dependent, removed))
    columns = from_frame(pd.DataFrame(rows, columns=list(names)))
    with pytest.MonkeyPatch.context() as patch:
        if plainly:
            patch.setattr(approximate, "kernels", lambda: plain)
        found = approximate_dependencies(columns, max_error=most, keys=True)
    assert found.complete
    assert {(one.determinant, one.dependent, one.removed) for one in found.found} == expected


@settings(max_examples=200, deadline=None)
@given(tables)
def test_measures_are_those_of_the_definitions(rows: list[Row]) -> None:
    columns = from_frame(pd.DataFrame(rows, columns=list("abcd")[: len(rows[0])]))
    fd = FD.parse("a -> b")
    found = measure(columns, fd)
    pairs = list(product(rows, rows))
    assert found.removed == fewest_removed(rows, (0,), 1)
    assert found.g1 == pytest.approx(sum(r[0] == s[0] and r[1] != s[1] for r, s in pairs) / len(rows) ** 2)
    agree = [sum(s[:2] == r[:2] for s in rows) / sum(s[0] == r[0] for s in rows) for r in rows]
    assert found.pdep == pytest.approx(sum(agree) / len(rows))
    assert found.holds == (FD.parse("a -> b") in set(functional_dependencies(columns)) or found.removed == 0)
    assert 0 <= found.mu <= 1
    assert found.repeated == len(rows) - len({r[0] for r in rows})
    if found.holds and found.repeated:
        assert found.mu == 1


@settings(max_examples=200, deadline=None)
@given(tables)
def test_the_repair_is_smallest_and_repairs(rows: list[Row]) -> None:
    assume(len(rows) > 1)
    columns = from_frame(pd.DataFrame(rows, columns=list("abcd")[: len(rows[0])]))
    fd = FD.parse("a -> b")
    found = violations(columns, fd)
    assert len(found.repair) == measure(columns, fd).removed
    left = [row for at, row in enumerate(rows) if at not in found.repair]
    assert len({row[:2] for row in left}) == len({row[0] for row in left})
    breaking = {at for at, row in enumerate(rows) if any(row[0] == o[0] and row[1] != o[1] for o in rows)}
    assert set(found.rows) == breaking
    assert len(found) == len(breaking)


def test_violations_are_a_table_that_says_what_to_mend() -> None:
    frame = pd.DataFrame(
        {"zip": ["10", "10", "20", "10", "20"], "city": ["Rome", "Roma", "Oslo", "Rome", None], "row": range(5)}
    )
    found = violations(from_frame(frame), FD.parse("zip -> city"))
    shown = found.frame()
    assert list(shown.columns) == ["row_", "zip", "city", "mend", "row"]
    assert shown["row_"].tolist() == [0, 1, 3, 2, 4]
    assert shown["mend"].fillna("").tolist() == ["", "city = Rome", "", "", "city = Oslo"]
    assert len(found.frame(most=2)) == 2
    assert len(violations(from_frame(frame), FD.parse("row -> city"))) == 0


def test_a_budget_ends_between_levels_and_says_how_far_it_came() -> None:
    frame = pd.DataFrame({"a": [1, 1, 1, 1, 2], "b": [1, 1, 1, 2, 2], "c": [1, 1, 2, 2, 3], "d": [1, 2, 3, 4, 5]})
    found = approximate_dependencies(from_frame(frame), max_error=0.2, budget=Budget(results=0))
    assert not found.complete
    assert found.max_determinant == 0
    assert [str(one.fd) for one in found.found] == ["∅ → a"]

"""Multivalued dependencies against their definition."""

from itertools import combinations, product

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.discovery.columns import from_frame
from dbworkbench.discovery.functional import functional_dependencies
from dbworkbench.discovery.multivalued import multivalued_dependencies, mvds_of
from dbworkbench.theory.dependencies import MVD

Row = tuple[int, ...]


def holds(rows: set[Row], given: tuple[int, ...], here: tuple[int, ...]) -> bool:
    rest = [c for c in range(4) if c not in given and c not in here]
    for a, b in product(rows, rows):
        if all(a[c] == b[c] for c in given):
            mixed = tuple(b[c] if c in rest else a[c] for c in range(4))
            if mixed not in rows:
                return False
    return True


def finest(rows: set[Row], given: tuple[int, ...]) -> set[frozenset[int]]:
    """The dependency basis by trying every set of the rest."""
    rest = [c for c in range(4) if c not in given]
    valid = [
        frozenset(y) for size in range(1, len(rest) + 1) for y in combinations(rest, size) if holds(rows, given, y)
    ]
    return {y for y in valid if not any(other < y for other in valid)}


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 1)] * 4), min_size=4, max_size=16))
def test_the_parts_are_the_dependency_basis(listed: list[Row]) -> None:
    rows = set(listed)
    columns = from_frame(pd.DataFrame(listed, columns=list("abcd")))
    found = {one.determinant: one for one in multivalued_dependencies(columns, max_determinant=2)}
    for determinant, one in found.items():
        given = tuple("abcd".index(name) for name in sorted(determinant))
        basis = {frozenset("abcd"[c] for c in part) for part in finest(rows, given)}
        fixed = {frozenset({name}) for name in one.determined}
        assert basis == set(one.parts) | fixed
    empty = found.get(frozenset())
    varying = [part for part in finest(rows, ()) if len({tuple(row[c] for c in sorted(part)) for row in rows}) > 1]
    assert (empty is not None) == (len(varying) > 1)


def test_courses_teachers_and_books() -> None:
    taught = {"x": ("Ann Bob", "red green"), "y": ("Bob Cy", "green blue")}
    rows = [(c, t, b, c.upper()) for c, (ts, bs) in taught.items() for t in ts.split() for b in bs.split()]
    columns = from_frame(pd.DataFrame([*rows, rows[0]], columns=["course", "teacher", "book", "room"]))
    found = multivalued_dependencies(columns)
    (one,) = [one for one in found if one.determinant == {"course"}]
    assert one.mvds == (MVD.parse("course ->> book"), MVD.parse("course ->> teacher"))
    assert one.determined == {"room"}
    assert str(one.jd) == "join[book course, course room, course teacher]"
    assert (one.groups, one.rows_saved) == (2, 0)
    assert set(one.mvds) <= set(mvds_of(found))


def test_tables_with_too_little_to_say() -> None:
    assert multivalued_dependencies(from_frame(pd.DataFrame({"a": [1, 2, 3, 4], "b": [1, 1, 2, 2]}))) == ()
    assert multivalued_dependencies(from_frame(pd.DataFrame({"a": [1, 2], "b": [1, 1], "c": [1, 1]}))) == ()
    assert multivalued_dependencies(from_frame(pd.DataFrame({"a": [], "b": [], "c": []}))) == ()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 1)] * 4), min_size=4, max_size=16, unique=True))
def test_what_is_known_already_changes_nothing(rows: list[Row]) -> None:
    columns = from_frame(pd.DataFrame(rows, columns=list("abcd")))
    fds = functional_dependencies(columns)
    told = multivalued_dependencies(columns, max_determinant=2, fds=fds.small(2), no_twins=True)
    assert told == multivalued_dependencies(columns, max_determinant=2)

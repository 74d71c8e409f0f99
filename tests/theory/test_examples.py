"""Example rows: Armstrong relations and anomalies."""

import pytest
from hypothesis import given, settings

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.theory.anomalies import anomalies, redundant_cells
from dbworkbench.theory.armstrong import armstrong_relation
from dbworkbench.theory.dependencies import FD, MVD, Dependency, parse_dependency
from dbworkbench.theory.implication import implies
from dbworkbench.theory.instance import Instance, from_examples
from dbworkbench.theory.normal_forms import NormalForm, normal_form
from tests.theory import oracle
from tests.theory.oracle import mixed_schemes, schemes


def rules(*lines: str) -> list[Dependency]:
    return [parse_dependency(line) for line in lines]


@given(schemes())
def test_an_armstrong_relation_satisfies_exactly_what_follows(scheme: tuple[str, tuple[FD, ...]]) -> None:
    attributes, fds = scheme
    rows = armstrong_relation(attributes, fds)
    for x, reach in oracle.closures(attributes, fds).items():
        for a in attributes:
            assert bool(rows.satisfies(FD(x, frozenset(a)))) == (a in reach)


@settings(max_examples=50)
@given(mixed_schemes(most=4))
def test_with_multivalued_dependencies_too(scheme: tuple[str, tuple[Dependency, ...]]) -> None:
    attributes, dependencies = scheme
    rows = armstrong_relation(attributes, dependencies)
    whole = frozenset(attributes)
    for x in oracle.subsets(whole):
        for y in oracle.subsets(whole - x):
            for goal in (FD(x, y), MVD(x, y)):
                assert bool(rows.satisfies(goal)) == bool(implies(dependencies, goal, whole=whole))


def test_an_armstrong_relation_can_have_readable_values() -> None:
    named = from_examples({"city": ["Ulm", "Bonn"], "zip": ["89073", "53111", "89075"]})
    rows = armstrong_relation(["zip", "city"], rules("zip -> city"), named=named)
    assert rows.rows == (("89073", "Ulm"), ("53111", "Ulm"), ("89075", "Bonn"))


def test_too_many_rows_are_refused_before_they_are_made() -> None:
    pairs = [FD(frozenset({f"a{i}", f"b{i}"}), frozenset({"c"})) for i in range(14)]
    names = sorted({name for fd in pairs for name in fd.attributes})
    with pytest.raises(Undecided, match="more than 100 rows"):
        armstrong_relation(names, pairs, budget=100)
    with pytest.raises(Undecided, match="sets of attributes"):
        armstrong_relation(names, rules("a0 ->> b0"))
    with pytest.raises(UnknownName, match="no attribute called 'z'"):
        armstrong_relation("ab", rules("a -> z"))


@given(schemes())
def test_anomalies_are_there_exactly_below_bcnf(scheme: tuple[str, tuple[FD, ...]]) -> None:
    attributes, fds = scheme
    found = anomalies(attributes, fds)
    assert bool(found) == (normal_form(attributes, fds) < NormalForm.BOYCE_CODD)
    for anomaly in found:
        assert all(anomaly.before.satisfies(fd) for fd in fds)
        assert anomaly.because.endswith(".")
        if anomaly.kind == "update":
            assert not anomaly.after.satisfies(anomaly.dependency)
            assert anomaly.cells <= redundant_cells(anomaly.before, fds)
        if anomaly.kind == "insertion":
            assert None in anomaly.after.rows[-1]


def test_anomalies_are_shown_on_given_rows() -> None:
    rows = Instance(("id", "zip", "city"), ((1, 9, "Ulm"), (2, 8, "Bonn"), (3, 9, "Ulm")))
    update, insertion, deletion = anomalies(rows.columns, rules("id -> zip", "zip -> city"), rows=rows)
    assert update.because == (
        "Two rows say which city goes with 9; if only one of them is changed, they contradict each other."
    )
    assert update.after.rows == ((1, 9, "city 1"), (3, 9, "Ulm"), (2, 8, "Bonn"))
    assert insertion.after.rows[-1] == (None, "zip 1", "city 1")
    assert deletion.because == "When row 3 is deleted, it is forgotten as well that 8 and Bonn belong together."
    assert redundant_cells(rows, rules("zip -> city")) == {(0, "city"), (2, "city")}


def test_a_multivalued_dependency_has_anomalies_of_its_own() -> None:
    insertion, deletion = anomalies(["course", "teacher", "book"], rules("course ->> teacher"))
    for anomaly in (insertion, deletion):
        assert anomaly.before.satisfies(anomaly.dependency)
        assert not anomaly.after.satisfies(anomaly.dependency)

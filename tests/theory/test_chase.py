"""The chase, its steps, and the lossless join it decides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.errors import DesignError, Undecided
from dbworkbench.theory.chase import Chase, Symbol, Tableau, chase, lossless_join
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, parse_dependency
from tests.theory.oracle import naive_closure, schemes


def rules(*lines: str) -> list[Dependency]:
    return [parse_dependency(line) for line in lines]


def test_a_tableau_is_distinguished_where_a_part_holds_the_attribute() -> None:
    tableau = Tableau.of([["city", "zip"], ["zip"]], ["zip", "city"])
    assert tableau.columns == ("city", "zip")
    assert [[str(symbol) for symbol in row] for row in tableau.rows] == [["city", "zip"], ["city₂", "zip"]]


def test_each_step_says_which_rows_agree_and_what_becomes_of_them() -> None:
    chased = chase(Tableau.of(["ab", "bc"], "abc"), rules("b -> c"))
    (step,) = chased.steps
    assert step.rows == (0, 1)
    assert step.replaced == ((Symbol("c", 1), Symbol("c", 0)),)
    assert step.because == "Rows 1 and 2 agree on b, so by b → c they agree on the right side: c₁ becomes c."
    assert list(chased.tableaux)[-1].rows == chased.final.rows


@pytest.mark.parametrize(
    ("parts", "dependencies", "lossless"),
    [
        (["ab", "bc"], [], False),
        (["ab", "bc"], ["b -> a"], True),
        (["ab", "bc"], ["b ->> a"], True),
        (["ab", "bc"], ["a -> b"], False),
        (["ab", "bc", "ca"], ["join[ab, bc, ca]"], True),
        (["ab", "bc"], ["join[ab, bc, ca]"], False),
        (["ad", "ab", "be", "cde", "ae"], ["a -> c", "b -> c", "c -> d", "d e -> c", "c e -> a"], True),
        (["abc"], [], True),
    ],
)
def test_lossless_join(parts: list[str], dependencies: list[str], lossless: bool) -> None:  # noqa: FBT001  a table
    verdict = lossless_join(parts, rules(*dependencies))
    assert bool(verdict) is lossless
    assert isinstance(verdict.witness, Chase)
    assert (verdict.witness.whole_row is not None) is lossless


def test_parts_that_lose_or_invent_attributes_are_refused() -> None:
    with pytest.raises(DesignError, match="no part holds c"):
        lossless_join(["ab"], [], attributes="abc")
    with pytest.raises(DesignError, match="d is in a part but not in the relation"):
        lossless_join(["abd"], [], attributes="ab")
    with pytest.raises(DesignError, match="names x"):
        lossless_join(["ab"], rules("a -> x"))


def test_a_chase_that_grows_too_large_says_what_is_open() -> None:
    parts = [[f"a{i}"] for i in range(12)]
    with pytest.raises(Undecided, match="left open"):
        lossless_join([*parts, ["b"]], [MVD(frozenset(), frozenset(part)) for part in parts], budget=100)


@given(schemes(), st.lists(st.frozensets(st.sampled_from("abcdefg"), min_size=1), min_size=1, max_size=4))
def test_a_lossy_split_ends_in_a_relation_that_satisfies_the_dependencies(
    scheme: tuple[str, tuple[FD, ...]], drawn: list[frozenset[str]]
) -> None:
    attributes, fds = scheme
    parts = [part & frozenset(attributes) for part in drawn]
    parts.append(frozenset(attributes).difference(*parts))
    verdict = lossless_join(parts, fds, attributes=attributes)
    assert isinstance(verdict.witness, Chase)
    rows = [dict(zip(verdict.witness.final.columns, row, strict=True)) for row in verdict.witness.final.rows]
    if not verdict:
        for fd in fds:
            met: dict[tuple[Symbol, ...], tuple[Symbol, ...]] = {}
            for row in rows:
                left = tuple(row[a] for a in sorted(fd.determinant))
                right = tuple(row[a] for a in sorted(fd.dependent))
                assert met.setdefault(left, right) == right
        for part in parts:
            assert any(all(row[a].distinguished for a in part) for row in rows)
    if len(parts) == 2:
        shared = naive_closure(parts[0] & parts[1], fds)
        assert bool(verdict) == (parts[0] <= shared or parts[1] <= shared)


@given(st.lists(st.frozensets(st.sampled_from("abcd"), min_size=1), min_size=1, max_size=4))
def test_a_join_dependency_makes_its_own_components_lossless(components: list[frozenset[str]]) -> None:
    assert lossless_join(components, [JD(frozenset(components))])

"""What takes over where there is much to do: tables for closures, a search tree for keys, an index by name."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.errors import Undecided
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.index import Index, recent
from dbworkbench.theory.key_search import searched_keys
from dbworkbench.theory.keys import candidate_keys
from dbworkbench.theory.normal_forms import NormalForm, violations
from dbworkbench.theory.numbering import Rules
from dbworkbench.theory.plain import Closures
from dbworkbench.theory.projection import project
from dbworkbench.theory.tables import Tables
from tests.theory.oracle import keys, naive_closure, schemes, subsets


@given(schemes())
def test_tables_give_the_closure(case: tuple[str, tuple[FD, ...]]) -> None:
    attributes, fds = case
    under = Rules(fds, attributes)
    tables = Tables(under.full, under.pairs)
    for start in subsets(attributes):
        assert under.set(tables.closure(under.mask(start), -1)) == naive_closure(start, fds)


@given(schemes(), st.frozensets(st.sampled_from("abcdefgh")))
def test_all_ways_to_a_closure_by_name_agree(case: tuple[str, tuple[FD, ...]], start: frozenset[str]) -> None:
    attributes, fds = case
    few = Closures(fds)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dbworkbench.theory.plain._TINY", 0)
        indexed = Closures(fds)  # as if they were many
        patch.setattr("dbworkbench.theory.plain._EACH", 0)
        patch.setattr("dbworkbench.theory.plain._SCANS", 0)
        prepared = Closures(fds)  # as if many closures had been asked for
    for each in (start, *map(frozenset, subsets(attributes))):
        assert few[each] == indexed[each] == prepared[each] == Index(fds).closed(each) == naive_closure(each, fds)


def test_what_holds_always_leads_on_in_every_closure() -> None:
    fds = (FD(frozenset(), {"a"}), FD("a -> b"), *(FD(f"x{at} -> y{at}") for at in range(40)))
    for at in range(20):
        assert closure({f"z{at}"}, fds) == {f"z{at}", "a", "b"}


def test_a_list_that_changed_is_read_again() -> None:
    fds = [FD("a -> b")]
    assert closure("a", fds) == {"a", "b"}
    fds.append(FD("b -> c"))
    assert closure("a", fds) == {"a", "b", "c"}
    fds[0] = FD("a -> d")
    assert closure(["a"], fds) == {"a", "d"}
    some = {FD("a -> b")}
    assert closure({"a"}, some) == {"a", "b"}
    some |= {FD("b -> c")}
    assert closure({"a"}, some) == {"a", "b", "c"}


def test_a_set_of_dependencies_in_use_is_not_forgotten_for_others() -> None:
    known = (FD("a -> b"), FD("b, c -> d"))
    closure("a", known)
    kept = recent[id(known)]
    others = [(FD(f"a -> b{at}"), FD("b -> c")) for at in range(200)]
    for at, other in enumerate(others):
        assert closure("a", other) == {"a", f"b{at}"}
        assert closure(("b", f"x{at}"), known) == {"b", f"x{at}"}
    assert recent[id(known)] is kept
    assert len(recent) <= 32


@given(schemes())
def test_the_tree_finds_every_key_once(case: tuple[str, tuple[FD, ...]]) -> None:
    attributes, fds = case
    under = Rules(fds, attributes)
    found = list(searched_keys(under.closure, under.full, patience=10**9))
    assert {under.set(mask or 0) for mask in found} == keys(attributes, fds)
    assert len(found) == len(set(found))


def every_three_of(attributes: str) -> list[FD]:
    return [FD(frozenset(x), frozenset(attributes) - set(x)) for x in combinations(attributes, 3)]


def test_many_keys_of_one_group_are_told_once_each() -> None:
    names = "abcdefghij"
    found = list(candidate_keys(names, every_three_of(names)))
    assert len(found) == len(set(found)) == 120
    assert all(len(key) == 3 for key in found)


def test_a_tree_that_finds_nothing_for_long_gives_way() -> None:
    # each of 14 pairs is a key, so that whatever takes one of each is no superkey: 2^14 edges, 14 keys
    pairs = [(f"a{at:02d}", f"b{at:02d}") for at in range(14)]
    names = [name for pair in pairs for name in pair]
    fds = [FD(frozenset(pair), frozenset(names) - set(pair)) for pair in pairs]
    assert set(candidate_keys(names, fds)) == {frozenset(pair) for pair in pairs}
    under = Rules(fds, names)
    assert None in [
        key for _, key in zip(range(20), searched_keys(under.closure, under.full, patience=50), strict=False)
    ]


def test_a_list_that_changed_is_met_anew() -> None:
    fds = [FD.parse("a -> b")]
    assert closure("a", fds) == {"a", "b"}
    fds[0] = FD.parse("a -> c")
    assert closure("a", fds) == {"a", "c"}
    fds.append(FD.parse("c -> d"))
    assert closure("a", fds) == {"a", "c", "d"}


def test_a_scheme_with_more_keys_than_anyone_waits_for_is_left_open() -> None:
    random = Random(1)  # noqa: S311  a fixed input, no secret
    names = [f"a{at:03d}" for at in range(60)]
    fds = [FD(frozenset(random.sample(names, 3)), {random.choice(names)}) for _ in range(150)]
    found = violations(names, fds, NormalForm.BOYCE_CODD)
    assert "candidate keys were looked at" in found.left_open
    assert {one.kind for one in found} == {"partial", "transitive", "no key"}
    assert violations(names, fds, NormalForm.THIRD).left_open == ""
    with pytest.raises(Undecided, match="candidate keys were looked at"):
        violations(*_ring(12), NormalForm.ELEMENTARY_KEY, budget=3)


def _ring(count: int) -> tuple[list[str], list[FD]]:
    """Twins, and one dependency of an attribute of a key: nothing breaks third normal form."""
    fds = [FD(f"{x}{at} -> {y}{at}") for at in range(count) for x, y in ("ab", "ba")]
    fds += [FD("a0, a1 -> c"), FD("c -> a0")]
    return sorted({name for fd in fds for name in fd.attributes}), fds


def test_a_projection_with_two_ways_to_each_attribute_is_left_open() -> None:
    left, right = ([f"{letter}{at:02d}" for at in range(20)] for letter in "xy")
    fds = [FD({name}, {f"z{name[1:]}"}) for name in (*left, *right)]
    fds.append(FD({f"z{at:02d}" for at in range(20)}, {"a"}))
    with pytest.raises(Undecided, match="the projection passed 20000 dependencies with 5 attributes still to remove"):
        project(fds, [*left, *right, "a"])

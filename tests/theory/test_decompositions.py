"""The other ways to decompose, and how they compare."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.theory.alternatives import alternatives
from dbworkbench.theory.bcnf import bcnf_violation, pair_free
from dbworkbench.theory.chase import lossless_join
from dbworkbench.theory.decomposition import decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD, Dependency, parse_dependency
from dbworkbench.theory.independence import decompose_4nf, decompose_5nf
from dbworkbench.theory.normal_forms import NormalForm
from dbworkbench.theory.numbering import Rules
from dbworkbench.theory.splitting import bcnf_tree, tsou_fischer
from dbworkbench.theory.what_if import what_if
from tests.theory import oracle
from tests.theory.oracle import mixed_schemes, schemes

Scheme = tuple[str, tuple[FD, ...]]


def rules(*lines: str) -> list[Dependency]:
    return [parse_dependency(line) for line in lines]


def fds(*lines: str) -> tuple[FD, ...]:
    return tuple(map(FD.parse, lines))


def parts(result: object) -> list[str]:
    return sorted("".join(sorted(part.attributes)) for part in result.parts)  # type: ignore[attr-defined]


@given(schemes(), st.permutations(range(8)))
def test_the_tree_is_lossless_and_in_bcnf_in_any_order(scheme: Scheme, places: list[int]) -> None:
    attributes, rules = scheme
    order = [rules[at] for at in places if at < len(rules)]
    result = bcnf_tree(attributes, rules, order)
    assert all(oracle.bcnf(part.attributes, rules) for part in result.parts)
    assert result.lossless
    assert not any(a.attributes <= b.attributes for a in result.parts for b in result.parts if a is not b)


@given(schemes())
def test_tsou_and_fischer_is_lossless_and_in_bcnf(scheme: Scheme) -> None:
    attributes, rules = scheme
    result = tsou_fischer(attributes, rules)
    assert all(oracle.bcnf(part.attributes, rules) for part in result.parts)
    assert result.lossless
    assert not any(a.attributes <= b.attributes for a in result.parts for b in result.parts if a is not b)


@given(schemes(most=7))
def test_a_violation_of_bcnf_within_a_part_is_found_exactly(scheme: Scheme) -> None:
    attributes, rules = scheme
    under = Rules(rules, attributes)
    for part in oracle.subsets(attributes):
        found = bcnf_violation(under, under.mask(part))
        assert (found is None) == oracle.bcnf(part, rules)
        assert found is None or not pair_free(under, under.mask(part))
        if found is not None:
            x = under.set(found)
            assert x <= part
            assert oracle.naive_closure(x, rules) & part not in (x, part)


def test_bcnf_that_takes_too_long_is_left_open_but_a_decomposition_still_comes() -> None:
    names = [f"x{i}" for i in range(8)] + [f"y{i}" for i in range(8)]
    rules = [FD(frozenset({f"x{i}"}), frozenset({f"z{i}"})) for i in range(8)]
    rules += [FD(frozenset({f"y{i}"}), frozenset({f"z{i}"})) for i in range(8)]
    rules += [FD(frozenset(f"z{i}" for i in range(8)), frozenset({"a"})), FD(frozenset({"a"}), frozenset(names))]
    under = Rules(rules)
    with pytest.raises(Undecided, match="is left open"):
        bcnf_violation(under, under.mask([*names, "a"]), budget=3)
    assert decompose_bcnf([*under.names, "b"], rules).lossless


@pytest.mark.parametrize(
    ("attributes", "dependencies", "expected"),
    [
        ("ctb", ["c ->> t"], ["bc", "ct"]),
        ("ctbr", ["c ->> t", "t -> r"], ["bc", "ct", "rt"]),
        ("abc", ["a ->> b", "b -> c"], ["ab", "bc"]),
        ("abcd", ["a ->> b", "c -> b"], ["acd", "bc"]),
        ("ab", ["∅ ->> a"], ["a", "b"]),
        ("abc", ["a ->> b", "a -> b, c"], ["abc"]),
    ],
)
def test_fourth_normal_form(attributes: str, dependencies: list[str], expected: list[str]) -> None:
    assert parts(decompose_4nf(attributes, rules(*dependencies))) == expected


def fourth(part: frozenset[str], attributes: str, dependencies: tuple[Dependency, ...]) -> bool:
    closures = oracle.mixed_closures(attributes, dependencies)
    for x in oracle.subsets(part):
        if part <= closures[x]:
            continue
        for y in oracle.subsets(frozenset(attributes) - x):
            inside = y & part
            if inside and inside | x != part and oracle.multivalued(attributes, x, y, dependencies):
                return False
    return True


@settings(max_examples=60)
@given(mixed_schemes(most=4), st.booleans())
def test_every_part_is_in_fourth_normal_form(scheme: tuple[str, tuple[Dependency, ...]], joins: bool) -> None:  # noqa: FBT001
    attributes, dependencies = scheme
    result = (decompose_5nf if joins else decompose_4nf)(attributes, dependencies)
    assert lossless_join([part.attributes for part in result.parts], dependencies, attributes=attributes)
    assert all(fourth(part.attributes, attributes, dependencies) for part in result.parts)


@settings(max_examples=60)
@given(mixed_schemes(most=4, joins=True))
def test_join_dependencies_are_split_by(scheme: tuple[str, tuple[Dependency, ...]]) -> None:
    attributes, dependencies = scheme
    result = decompose_5nf(attributes, dependencies)
    assert lossless_join([part.attributes for part in result.parts], dependencies, attributes=attributes)
    assert all(fourth(part.attributes, attributes, dependencies) for part in result.parts)
    assert result == decompose_5nf(attributes[::-1], dependencies[::-1])


def test_fifth_normal_form_splits_beside_other_facts() -> None:
    result = decompose_5nf("spjc", rules("join[s p c, p j, j s]", "s -> c"))
    assert parts(result) == ["cs", "jp", "js", "ps"]
    assert result.form is NormalForm.FIFTH


def test_alternatives_are_ranked_by_what_they_lose() -> None:
    found = alternatives(
        ["street", "city", "zip", "name"], fds("name -> street, city", "street, city -> zip", "zip -> city")
    ).ranked
    assert [len(one.lost) for one in found] == sorted(len(one.lost) for one in found)
    assert len({frozenset(p.attributes for p in one.decomposition.parts) for one in found}) == len(found)
    assert {one.method for one in found} >= {"no decomposition", "3NF synthesis"}
    assert all(one.decomposition.lossless for one in found)


@given(schemes(most=5, rules=5))
def test_alternatives_leave_no_redundancy_in_bcnf(scheme: Scheme) -> None:
    attributes, rules = scheme
    for one in alternatives(attributes, rules).ranked:
        assert one.joins == len(one.decomposition.parts) - 1
        if one.decomposition.form >= NormalForm.BOYCE_CODD:
            assert not one.redundant


def test_what_if_refuses_to_drop_what_is_not_there() -> None:
    with pytest.raises(UnknownName, match="no dependency called 'b → a' — did you mean"):
        what_if("ab", fds("a -> b"), drop=fds("b -> a"))


@given(schemes(most=4, rules=4))
def test_adding_what_follows_changes_nothing(scheme: Scheme) -> None:
    attributes, rules = scheme
    follows = [FD(x, reach) for x, reach in oracle.closures(attributes, rules).items()]
    assert what_if(attributes, rules, add=follows).differences == ()


@pytest.mark.parametrize("decompose", [synthesize_3nf, decompose_bcnf, bcnf_tree, tsou_fischer, decompose_4nf])
def test_unknown_names_are_refused(decompose: Callable[[str, tuple[FD, ...]], object]) -> None:
    with pytest.raises(UnknownName, match="no attribute called 'z'"):
        decompose("ab", fds("a -> z"))


def test_part_of_says_what_a_part_is_joined_on() -> None:
    first, second = decompose_4nf("ctb", rules("c ->> t")).parts
    assert (first.on, second.on) == (frozenset(), frozenset("c"))

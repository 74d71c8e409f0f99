"""4NF, ETNF and 5NF, decided with functional, multivalued and join dependencies together."""

import pytest
from hypothesis import given, settings

from dbworkbench.errors import Undecided
from dbworkbench.theory.chase import lossless_join
from dbworkbench.theory.dependencies import FD, JD, Dependency, parse_dependency
from dbworkbench.theory.normal_forms import NormalForm, normal_form, violations
from tests.theory import oracle
from tests.theory.oracle import mixed_schemes

Scheme = tuple[str, tuple[Dependency, ...]]


def rules(*lines: str) -> list[Dependency]:
    return [parse_dependency(line) for line in lines]


@pytest.mark.parametrize(
    ("attributes", "dependencies", "form"),
    [
        ("abc", ["a ->> b"], "BCNF"),
        ("abc", ["a ->> b", "a -> b, c"], "4NF"),
        ("abc", ["a ->> b, c"], "4NF"),
        ("abc", ["a ->> b", "b -> a"], "1NF"),
        ("abcd", ["a ->> b", "c -> b"], "1NF"),
        ("spj", ["join[sp, pj, js]"], "4NF"),
        ("spj", ["join[sp, pj]"], "BCNF"),
        ("spj", ["join[sp, pj, js]", "s, p -> j"], "ETNF"),
        ("abc", ["join[ab, ac]", "a -> b, c"], "5NF"),
        ("abc", ["join[abc]"], "5NF"),
        ("abc", [], "BCNF"),
    ],
)
def test_the_form_of_a_scheme(attributes: str, dependencies: list[str], form: str) -> None:
    assert str(normal_form(attributes, rules(*dependencies))) == form


def oracle_form(attributes: str, dependencies: tuple[Dependency, ...]) -> str:
    """From the definitions, with the two-row chase for what follows."""
    whole = frozenset(attributes)
    closures = oracle.mixed_closures(attributes, dependencies)
    fds = [FD(x, reach) for x, reach in closures.items()]
    low = oracle.form(attributes, fds)
    only_fds = all(isinstance(d, FD) for d in dependencies)
    joins = [d for d in dependencies if isinstance(d, JD)]
    if low != "BCNF" or only_fds:
        return low
    for x in oracle.subsets(whole):
        for y in oracle.subsets(whole - x):
            nontrivial = y and x | y != whole
            if nontrivial and closures[x] != whole and oracle.multivalued(attributes, x, y, dependencies):
                return "BCNF"
    if not joins:
        return "4NF"
    keys = [FD(key, whole) for key in oracle.minimal(x for x in closures if closures[x] == whole)]
    if any(all(closures[c] != whole for c in jd.components) for jd in joins):
        return "4NF"
    if not all(lossless_join(jd.components, keys, attributes=whole) for jd in joins):
        return "ETNF"
    return "5NF"


@settings(max_examples=60)
@given(mixed_schemes(most=4))
def test_fourth_normal_form_is_that_of_the_definition(scheme: Scheme) -> None:
    attributes, dependencies = scheme
    assert str(normal_form(attributes, dependencies)) == oracle_form(attributes, dependencies)


@settings(max_examples=60)
@given(mixed_schemes(most=4, joins=True))
def test_fifth_normal_form_is_that_of_the_definition(scheme: Scheme) -> None:
    attributes, dependencies = scheme
    reached = normal_form(attributes, dependencies)
    assert str(reached) == oracle_form(attributes, dependencies)
    for form in NormalForm:
        found = violations(attributes, dependencies, form)
        assert bool(found) == (form > reached)
        assert all(violation.form <= form and violation.because.endswith(".") for violation in found)


def test_a_form_that_cannot_be_decided_in_time_is_left_open() -> None:
    join = "join[a b x, b c x, c d x, d e x, e f x, f a x]"
    with pytest.raises(Undecided, match="4NF is left open"):
        normal_form("abcdefx", rules(join), budget=20)
    assert str(normal_form("abcdefx", rules(join))) == "BCNF"


def test_sentences_name_the_facts() -> None:
    (multivalued,) = violations("abc", rules("a ->> b"), NormalForm.FOURTH)
    assert multivalued.because == (
        "For each value of a, every b is combined with every c, though a is no key (one is a, b and c): two independent "
        "facts share one relation."
    )
    (join,) = violations("spj", rules("join[sp, pj, js]"), NormalForm.FIFTH)
    assert join.kind == "join"
    assert join.form is NormalForm.ESSENTIAL_TUPLE

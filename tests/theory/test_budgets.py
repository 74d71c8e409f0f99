"""Questions that could take for ever: each is answered, or says soon what it leaves open."""

import time
from collections.abc import Callable, Collection
from random import Random

import pytest
from hypothesis import given

from dbworkbench.errors import DesignError, Undecided
from dbworkbench.theory import (
    FD,
    JD,
    MVD,
    Dependency,
    Instance,
    alternatives,
    anomalies,
    armstrong_relation,
    chase,
    decompose_4nf,
    dependency_basis,
    dependency_graph,
    equivalent_determinants,
    is_superkey,
    lossless_join,
    normal_form,
    one_key,
    prime_attributes,
    project,
    redundant_cells,
    violations,
    what_if,
)
from dbworkbench.theory.chase import Tableau
from dbworkbench.theory.numbering import Rules
from tests.theory.oracle import schemes

Scheme = tuple[list[str], tuple[Dependency, ...]]
_SECONDS = 12  # of processor time, several times what an idle machine takes


def names(count: int) -> list[str]:
    return [f"a{at:03d}" for at in range(count)]


def drawn(count: int, rules: int, seed: int, least: int = 1) -> tuple[list[str], tuple[FD, ...]]:
    chance, attributes, found = Random(seed), names(count), list[FD]()  # noqa: S311  the same every time
    while len(found) < rules:
        left = chance.sample(attributes, chance.randint(least, 3))
        if right := frozenset(chance.sample(attributes, chance.randint(1, 2))) - frozenset(left):
            found.append(FD(frozenset(left), right))
    return attributes, tuple(found)


def of_both_kinds(count: int, multivalued: int, functional: int) -> Scheme:
    chance, attributes = Random(2), names(count)  # noqa: S311  the same every time
    found: list[Dependency] = [
        MVD(chance.sample(attributes, chance.randint(1, 2)), chance.sample(attributes, chance.randint(1, 3)))
        for _ in range(multivalued)
    ]
    found += [
        FD(chance.sample(attributes, chance.randint(1, 2)), [chance.choice(attributes)]) for _ in range(functional)
    ]
    return attributes, tuple(found)


def star(count: int) -> Scheme:
    attributes = names(count)
    return attributes, tuple(MVD({attributes[0]}, {name}) for name in attributes[1:-1])


def ring(count: int) -> Scheme:
    attributes = names(count)
    return attributes, (JD([{attributes[at], attributes[(at + 1) % count]} for at in range(count)]),)


def parts(attributes: list[str]) -> list[list[str]]:
    size = len(attributes) // 6
    return [attributes[at : at + 2 * size] for at in range(0, len(attributes), size)]


QUESTIONS: dict[str, tuple[Scheme, Callable[[Collection[str], tuple[Dependency, ...]], object], str]] = {
    "rows of an Armstrong relation": (
        drawn(60, 120, 3),
        armstrong_relation,
        "which rows an Armstrong relation needs is left",
    ),
    "a projection": (
        drawn(100, 200, 7),
        lambda n, d: project([fd for fd in d if isinstance(fd, FD)], list(n)[::2]),
        "the projection is left open",
    ),
    "prime attributes of a mixture": (
        of_both_kinds(60, 20, 40),
        prime_attributes,
        "follow from all dependencies together",
    ),
    "a cyclic join": (ring(200), decompose_4nf, "whether a relation is in 4NF is left open"),
    "a chase of a mixture": (
        of_both_kinds(200, 60, 200),
        lambda n, d: lossless_join(parts(list(n)), d, attributes=n, budget=300),
        "the chase made 300 rows and was not done",
    ),
    "a join of very many rows": (
        star(40),
        lambda n, d: chase(Tableau.of([{name} for name in n], n), (JD([{name} for name in n]), *d), budget=100),
        "a join dependency combines more than 2000 rows",
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_takes_too_much_work_is_left_open_by_name(question: str) -> None:
    (attributes, dependencies), ask, said = QUESTIONS[question]
    begun = time.process_time()
    with pytest.raises(Undecided, match=said) as caught:
        ask(attributes, dependencies)
    assert " — give " in str(caught.value)
    assert time.process_time() - begun < _SECONDS


def test_superkeys_and_one_key_are_known_where_prime_attributes_are_not() -> None:
    attributes, dependencies = of_both_kinds(60, 20, 40)
    key = one_key(attributes, dependencies)
    assert is_superkey(key, attributes, dependencies)
    assert not any(is_superkey(key - {name}, attributes, dependencies) for name in key)


def test_a_star_of_multivalued_dependencies_is_split_into_pairs() -> None:
    attributes, dependencies = star(200)
    assert len(dependency_basis(attributes[:1], dependencies, whole=attributes)) == 199
    assert len(decompose_4nf(attributes, dependencies).schemes) == 199


def test_functional_dependencies_alone_ask_fourth_form_for_no_more_than_bcnf() -> None:
    attributes, fds = drawn(60, 120, 3)
    found = decompose_4nf(attributes, fds)
    assert str(found.form) == "4NF"
    assert found.lossless
    assert found.steps[-1].after


def test_a_what_if_tells_what_it_cannot_compare() -> None:
    attributes, fds = drawn(30, 75, 1, least=3)
    with pytest.raises(Undecided):
        normal_form(attributes, fds, budget=3)
    change = what_if(attributes, fds, drop=fds[:1], budget=3)
    assert change.left_open.startswith("which candidate keys change: there are more than 64")
    assert "the normal form before: undecided between" in change.left_open
    assert change.before.form is None
    assert "Left open:" in str(change)


def test_alternatives_name_the_ways_that_were_not_gone() -> None:
    found = alternatives(*drawn(60, 120, 3))
    assert any("splitting first by" in line for line in found.left_open)
    assert "Left open" in str(found)
    rules = [FD("a, b -> c"), FD("c -> b")]
    assert alternatives("abc", rules).left_open == ()
    assert "asked were at most 1" in alternatives("abc", rules, most=1).left_open[-1]


def test_anomalies_tell_what_their_violations_leave_open() -> None:
    attributes, fds = drawn(60, 120, 3)
    assert anomalies(attributes, fds).left_open == violations(attributes, fds, "BCNF").left_open != ""
    assert anomalies("abc", [FD("a -> b")]).left_open == ""


def test_the_graph_is_of_functional_dependencies_only() -> None:
    for ask in (dependency_graph, equivalent_determinants):
        with pytest.raises(DesignError, match=r"join\[a b, b c\] is no functional dependency"):
            ask([JD("join[a b, b c]")])  # type: ignore[list-item]


@given(schemes())
def test_redundant_cells_by_groups_are_those_of_every_two_rows(case: tuple[str, tuple[FD, ...]]) -> None:
    attributes, fds = case
    rows = armstrong_relation(attributes, fds)
    under = Rules(fds, attributes)
    expected = set()
    for one, first in enumerate(rows.rows):
        for other, second in enumerate(rows.rows[:one]):
            same = under.mask(n for n, here, there in zip(attributes, first, second, strict=True) if here == there)
            for name in attributes:
                if (bit := under.bit[name]) & same and under.closure(same & ~bit) & bit:
                    expected |= {(one, name), (other, name)}
    assert redundant_cells(rows, fds) == expected


def test_redundant_cells_of_many_rows() -> None:
    rows = Instance(("id", "zip", "city"), tuple((at, at % 1_000, at % 100) for at in range(20_000)))
    assert redundant_cells(rows, [FD("zip -> city")]) == {(at, "city") for at in range(20_000)}
    with pytest.raises(Undecided, match="20000 rows break the dependencies"):
        redundant_cells(rows, [FD("city -> zip")])

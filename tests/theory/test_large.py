"""Large, odd and hard inputs: nothing hangs, and what is left open is said."""

import time
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.theory import parts
from dbworkbench.theory.alternatives import alternatives
from dbworkbench.theory.chase import Chase, Tableau, chase
from dbworkbench.theory.closure import closure
from dbworkbench.theory.counterexample import counterexample
from dbworkbench.theory.covers import minimal_cover
from dbworkbench.theory.decomposition import Joins, Splits, decompose_bcnf, synthesize_3nf, synthesize_bcnf_where_free
from dbworkbench.theory.dependencies import FD, MVD, Dependency
from dbworkbench.theory.independence import decompose_4nf
from dbworkbench.theory.keys import candidate_keys, keys_within, one_key, prime_attributes
from dbworkbench.theory.normal_forms import EXPLANATIONS, NormalForm, normal_form, violations
from dbworkbench.theory.projection import project
from tests.theory.oracle import mixed_schemes


def drawn(count: int, rules: int, seed: int) -> tuple[list[str], tuple[FD, ...]]:
    random = Random(seed)  # noqa: S311  a fixed input, no secret
    names = [f"a{at:03d}" for at in range(count)]
    sides = [(random.sample(names, random.randint(1, 3)), random.sample(names, 2)) for _ in range(rules)]
    return names, tuple(FD(frozenset(x), frozenset(y)) for x, y in sides)


def scattered(count: int, rules: int, seed: int) -> tuple[list[str], tuple[FD, ...]]:
    random = Random(seed)  # noqa: S311  a fixed input, no secret
    names = [f"a{at:03d}" for at in range(count)]
    found: list[FD] = []
    while len(found) < rules:
        left = random.sample(names, random.randint(1, 3))
        right = [name for name in random.sample(names, random.randint(1, 2)) if name not in left]
        if right:
            found.append(FD(frozenset(left), frozenset(right)))
    return names, tuple(found)


def twins(count: int) -> tuple[list[str], list[FD]]:
    pairs = [(frozenset({f"a{at:03d}"}), frozenset({f"b{at:03d}"})) for at in range(count)]
    names = sorted(name for pair in pairs for side in pair for name in side)
    return names, [FD(x, y) for a, b in pairs for x, y in ((a, b), (b, a))]


def test_two_hundred_attributes_and_eight_hundred_dependencies() -> None:
    names, fds = drawn(200, 800, 1)
    begun = time.process_time()
    result = synthesize_3nf(names, fds)
    assert time.process_time() - begun < 2
    assert result.lossless
    assert isinstance(result.lossless.witness, Chase | Joins)
    assert result.preserving


@pytest.mark.parametrize("seed", range(3))
def test_prepared_and_plain_closures_agree_on_large_sets(seed: int) -> None:
    names, fds = drawn(60, 120, seed)
    random = Random(seed)  # noqa: S311  the same
    for _ in range(200):
        start = frozenset(random.sample(names, random.randint(0, 4)))
        assert closure(start, fds) == closure(start, list(fds))  # the tuple's index is kept and prepared


@pytest.mark.parametrize("seed", range(3))
def test_large_decompositions_keep_their_promises(seed: int) -> None:
    names, fds = drawn(50, 70, seed)
    for result in (synthesize_3nf(names, fds), decompose_bcnf(names, fds), synthesize_bcnf_where_free(names, fds)):
        have = frozenset[str]()
        for part in result.parts:
            assert part.on <= have
            assert part.attributes <= closure(part.key, fds)
            have |= part.attributes
        assert have == frozenset(names)
        assert closure(result.parts[0].attributes, fds) == have


def test_keys_stream_from_exponentially_many() -> None:
    names, fds = twins(1_500)
    found = list(islice(candidate_keys(names, fds), 100))
    assert len(set(found)) == 100
    assert all(len(key) == 1_500 for key in found)
    seen = keys_within(*twins(5), most=10)
    assert len(seen.found) == 10
    assert not seen.complete
    assert len(prime_attributes(names, fds)) == 3_000


def test_a_prime_attribute_that_takes_too_long_is_left_open() -> None:
    names, fds = twins(20)
    everything = frozenset(name for name in names if name.startswith("a"))
    fds += [
        FD(everything, frozenset({"x"})),
        FD(frozenset({"x"}), frozenset({"y"})),
        FD(frozenset("y"), frozenset("x")),
    ]
    with pytest.raises(Undecided, match=r"whether that is prime is left open"):
        prime_attributes([*names, "x", "y"], fds, budget=1)
    assert prime_attributes([*names, "x", "y"], fds, budget=200) == frozenset(names)
    with pytest.raises(Undecided, match="left open"):
        normal_form([*names, "x", "y"], fds, budget=200)


def test_forms_of_large_random_schemes_are_decided_without_all_keys() -> None:
    chance = Random(1)  # noqa: S311  the same scheme every time
    names = [f"x{at}" for at in range(100)]
    fds = [
        FD(frozenset(chance.sample(names, chance.randint(1, 3))), frozenset(chance.sample(names, chance.randint(1, 2))))
        for _ in range(200)
    ]
    assert str(normal_form(names, fds)) == "1NF"
    assert not keys_within(names, fds, most=1_000).complete


def test_a_projection_that_explodes_is_left_open() -> None:
    wide = [FD(frozenset({f"{letter}{at}"}), frozenset({f"z{at}"})) for letter in "xy" for at in range(16)]
    wide.append(FD(frozenset(f"z{at}" for at in range(16)), frozenset({"a"})))
    inside = {name for fd in wide for name in fd.attributes if not name.startswith("z")}
    with pytest.raises(Undecided, match="projection passed 500 dependencies"):
        project(wide, inside, budget=500)


@pytest.mark.parametrize("name", ['a "b"', "Straße", "名前", "a, b", "", "->", "<script>", "\n", "😀"])
def test_any_text_can_be_a_name(name: str) -> None:
    fds = (FD(frozenset({name}), frozenset({"x"})), FD(frozenset({"x"}), frozenset({"y"})))
    assert closure({name}, fds) == {name, "x", "y"}
    assert one_key([name, "x", "y"], fds) == {name}
    assert minimal_cover(fds) == tuple(sorted(fds, key=lambda fd: sorted(fd.determinant)))
    assert synthesize_3nf([name, "x", "y"], fds).lossless


def test_nothing_at_all() -> None:
    assert closure((), ()) == frozenset()
    assert minimal_cover(()) == ()
    assert list(candidate_keys((), ())) == [frozenset()]
    assert [part.attributes for part in synthesize_3nf((), ()).parts] == [frozenset()]
    assert normal_form((), ()) is NormalForm.BOYCE_CODD
    assert list(candidate_keys("ab", [FD(frozenset(), frozenset("ab"))])) == [frozenset()]


def test_every_form_is_explained_and_one_more() -> None:
    assert set(EXPLANATIONS) == {form.value for form in NormalForm} | {"DKNF"}


def test_names_that_are_not_there_are_refused() -> None:
    stray = [FD(frozenset("a"), frozenset("z"))]
    asks: list[Callable[[str, list[FD]], object]] = [one_key, prime_attributes, normal_form, synthesize_3nf]
    asks.append(lambda names, fds: next(candidate_keys(names, fds)))
    asks.append(lambda names, fds: chase(Tableau.of(["a", "b"], names), fds))
    asks.append(lambda names, fds: counterexample(FD("a -> b"), fds, whole=names))
    for ask in asks:
        with pytest.raises(UnknownName, match="no attribute called 'z'"):
            ask("ab", stray)


def test_what_is_decided_of_a_large_scheme_is_told_and_what_is_open_named() -> None:
    names, fds = scattered(60, 120, 3)
    with pytest.raises(Undecided, match="prime is left open"):
        prime_attributes(names, fds)
    found = violations(names, fds, NormalForm.BOYCE_CODD)
    assert "is left open" in found.left_open
    no_keys = [fd for fd in minimal_cover(fds) if closure(fd.determinant, fds) != frozenset(names)]
    told = {
        (one.dependency.determinant, name)
        for one in found
        if isinstance(one.dependency, FD)
        for name in one.dependency.dependent
    }
    assert {(fd.determinant, name) for fd in no_keys for name in fd.dependent} <= told
    third = violations(names, fds, NormalForm.THIRD)
    assert third
    assert "is left open" in third.left_open
    assert {one.kind for one in third} <= {"partial", "transitive"}
    ranked = alternatives(names, fds).ranked
    assert {"no decomposition", "3NF synthesis"} <= {one.method for one in ranked}
    assert all(not one.redundant for one in ranked if one.form == "BCNF")


def test_an_undecided_form_says_between_which_forms() -> None:
    fds = [FD(f"a{at} -> b{at}") for at in range(8)] + [FD(f"b{at} -> a{at}") for at in range(8)]
    fds += [FD("a0, a1 -> c"), FD("c -> a0")]
    names = sorted({name for fd in fds for name in fd.attributes})
    with pytest.raises(Undecided, match="undecided between 3NF and EKNF: "):
        normal_form(names, fds, budget=2)


@pytest.mark.parametrize("many", [12, 60])
def test_a_star_of_multivalued_dependencies_is_proven_lossless_split_by_split(many: int) -> None:
    names = [f"m{at:03}" for at in range(many)]
    made = decompose_4nf(["hub", *names], [MVD({"hub"}, {name}) for name in names])
    assert made.schemes == {frozenset({"hub", name}) for name in names}
    assert made.lossless
    assert isinstance(made.lossless.witness, Splits)
    assert len(made.lossless.witness.steps) == many - 1


def test_splits_that_the_dependencies_do_not_justify_prove_nothing() -> None:
    names = [f"m{at:03}" for at in range(60)]
    stars = [MVD({"hub"}, {name}) for name in names]
    made = decompose_4nf(["hub", *names], stars)
    without_one, without_two = (replace(made, declared=frozenset(stars[at:])) for at in (1, 2))
    assert without_one.lossless  # the last one is what the others leave
    with pytest.raises(Undecided):
        without_two.lossless  # noqa: B018  is worked out when read
    with pytest.raises(Undecided):
        replace(made, told=made.steps[1:]).lossless  # noqa: B018


@given(mixed_schemes())
@settings(max_examples=60)
def test_split_by_split_is_no_other_verdict_than_the_chase(scheme: tuple[str, tuple[Dependency, ...]]) -> None:
    made = decompose_4nf(*scheme)
    stepwise = parts._by_splits(made)
    assert stepwise is None or made.lossless
    assert stepwise is not None

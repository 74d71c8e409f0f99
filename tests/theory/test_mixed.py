"""Dependencies of all kinds together: implication, proofs, counterexamples."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.errors import DesignError, Undecided, UnknownName, Unsupported
from dbworkbench.theory.basis import dependency_basis, full_closure, functional_part
from dbworkbench.theory.chase import Chase
from dbworkbench.theory.counterexample import counterexample
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, parse_dependency
from dbworkbench.theory.derivation import Derivation, derive
from dbworkbench.theory.implication import equivalent, implies
from dbworkbench.theory.instance import Instance
from tests.theory import oracle
from tests.theory.checker import accepted
from tests.theory.oracle import mixed_schemes, schemes

Scheme = tuple[str, tuple[Dependency, ...]]
some_names = st.frozensets(st.sampled_from("abcde"))


def rules(*lines: str) -> list[Dependency]:
    return [parse_dependency(line) for line in lines]


@settings(max_examples=40)
@given(st.one_of(mixed_schemes(), mixed_schemes(most=4, joins=True)))
def test_the_basis_and_closure_are_those_of_the_chase(scheme: Scheme) -> None:
    attributes, dependencies = scheme
    closures = oracle.mixed_closures(attributes, dependencies)
    implied = functional_part(attributes, dependencies)
    for x, reach in closures.items():
        assert full_closure(x, dependencies, whole=attributes) == reach
        assert oracle.naive_closure(x, implied) == reach
        blocks = dependency_basis(x, dependencies, whole=attributes)
        for y in oracle.subsets(frozenset(attributes) - x):
            told = all(block <= y or not block & y for block in blocks)
            assert told == oracle.multivalued(attributes, x, y, dependencies)


@given(mixed_schemes(), some_names, some_names)
def test_every_answer_has_a_proof_or_a_counterexample(
    scheme: Scheme, left: frozenset[str], right: frozenset[str]
) -> None:
    attributes, dependencies = scheme
    whole = frozenset(attributes)
    x, y = left & whole, right & whole
    for goal in (FD(x, y), MVD(x, y)):
        verdict = implies(dependencies, goal, whole=whole)
        if verdict:
            assert isinstance(verdict.witness, Derivation)
            assert accepted(verdict.witness, dependencies)
        else:
            assert isinstance(verdict.witness, Instance)
            assert not verdict.witness.satisfies(goal)
            assert all(verdict.witness.satisfies(dependency) for dependency in dependencies)
            assert isinstance(derive(goal, dependencies, whole=whole), Instance)


@given(schemes(rules=10), some_names, some_names)
def test_functional_proofs_use_armstrongs_axioms_only(
    scheme: tuple[str, tuple[FD, ...]], left: frozenset[str], right: frozenset[str]
) -> None:
    attributes, fds = scheme
    goal = FD(left & frozenset(attributes), right & frozenset(attributes))
    proof = derive(goal, fds, whole=attributes)
    assert isinstance(proof, Derivation) == (goal.dependent <= oracle.naive_closure(goal.determinant, fds))
    if isinstance(proof, Derivation):
        assert accepted(proof, fds)
        assert {line.rule for line in proof.lines} <= {"given", "reflexivity", "augmentation", "transitivity"}


@given(mixed_schemes(most=4, joins=True), some_names, some_names)
def test_join_dependencies_count_in_counterexamples(
    scheme: Scheme, left: frozenset[str], right: frozenset[str]
) -> None:
    attributes, dependencies = scheme
    x, y = left & frozenset(attributes), right & frozenset(attributes)
    for goal in (FD(x, y), MVD(x, y)):
        verdict = implies(dependencies, goal, whole=attributes)
        if verdict:
            assert isinstance(verdict.witness, Derivation | Chase)
        else:
            assert isinstance(verdict.witness, Instance)
            assert not verdict.witness.satisfies(goal)
            assert all(verdict.witness.satisfies(dependency) for dependency in dependencies)


def test_a_multivalued_dependency_can_make_a_functional_one_follow() -> None:
    verdict = implies(rules("a ->> b", "c -> b"), FD.parse("a -> b"), whole="abcd")
    assert verdict
    assert isinstance(verdict.witness, Derivation)
    assert str(verdict.witness.lines[-1]) == "a → b  (coalescence of 1 and 2)"


def test_a_proof_is_as_short_as_a_teacher_would_write_it() -> None:
    def proof(goal: str, *given: str) -> list[str]:
        found = derive(FD.parse(goal), rules(*given))
        assert isinstance(found, Derivation)
        return [str(line) for line in found.lines]

    assert proof("a, b -> a") == ["a, b → a  (reflexivity)"]
    assert proof("a -> b", "a -> b", "b -> c") == ["a → b  (given)"]
    assert proof("a, c -> b, c", "a -> b") == [
        "a → b  (given)",
        "a, c → b, c  (augmentation of 1)",
    ]
    assert proof("a, b -> d", "a, b -> c", "b, c -> a, d") == [
        "a, b → c  (given)",
        "a, b → b, c  (augmentation of 1)",
        "b, c → a, d  (given)",
        "a, b → a, d  (transitivity of 2 and 3)",
        "a, d → d  (reflexivity)",
        "a, b → d  (transitivity of 4 and 5)",
    ]


def test_a_join_dependency_follows_by_chase() -> None:
    goal = JD.parse("join[ab, bc, cd]")
    assert isinstance(implies(rules("b -> a", "c -> d"), goal).witness, Chase)
    assert implies(rules("b -> a", "c -> d"), goal)
    assert not implies(rules("a -> b"), goal)


def test_what_follows_from_a_join_dependency_only_has_no_proof_in_axioms() -> None:
    join = rules("join[ab, bc]")
    with pytest.raises(Unsupported, match="no axioms"):
        derive(MVD.parse("b ->> a"), join)
    assert isinstance(implies(join, MVD.parse("b ->> a")).witness, Chase)


def test_names_and_budgets_are_checked() -> None:
    with pytest.raises(UnknownName, match="no attribute called 'z'"):
        implies(rules("a -> z"), FD.parse("a -> b"), whole="ab")
    with pytest.raises(DesignError, match="names every attribute"):
        dependency_basis("a", rules("join[ab, bc]"), whole="abcd")
    with pytest.raises(Undecided, match="left open"):
        functional_part("abcdefgh", rules("a ->> b", "c, d, e -> b", "b, f ->> g", "h -> g"), budget=5)


def test_equivalence_names_what_is_missing() -> None:
    assert equivalent(rules("a ->> b"), rules("a ->> c"), whole="abc")
    verdict = equivalent(rules("a -> b"), rules("a ->> b"), whole="abc")
    assert not verdict
    assert verdict.witness == (FD.parse("a -> b"),)
    assert counterexample(FD.parse("a -> b"), rules("a ->> b"), whole="ab") is not None

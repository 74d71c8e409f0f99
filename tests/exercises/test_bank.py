"""The bank: every problem reads, and its answers are those of the definitions."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.errors import DesignError, NotationError, UnknownName
from dbworkbench.exercises.bank import bank, exercise
from dbworkbench.exercises.brute import brute_form, brute_keys, keeps_in_bcnf
from dbworkbench.exercises.exercise import KINDS, Exercise, Question, Scheme
from dbworkbench.exercises.generator import SHAPES, generate
from dbworkbench.exercises.solutions import right_answer, solution
from dbworkbench.theory.decomposition import synthesize_3nf
from dbworkbench.theory.dependencies import JD, MVD, parse_dependency
from dbworkbench.theory.normal_forms import NormalForm

NAMES = sorted(bank())


def test_the_bank_is_large_and_says_where_schemes_are_known_from() -> None:
    assert len(bank()) >= 60
    for one in bank().values():
        assert one.source
        assert one.story.endswith(".")
        assert one.difficulty in {1, 2, 3}
        assert len(one.questions) >= 2
    assert {question.kind for one in bank().values() for question in one.questions} == set(KINDS)


@pytest.mark.parametrize("name", [n for n in NAMES if len(bank()[n].scheme.attributes) <= 9])
def test_answers_are_those_of_the_definitions(name: str) -> None:
    one = bank()[name]
    keys = brute_keys(one.scheme)
    assert one.check("keys", list(keys))
    assert one.check("form", str(brute_form(one.scheme)))


@pytest.mark.parametrize("name", NAMES)
def test_right_answers_are_accepted_and_explained(name: str) -> None:
    for question in bank()[name].questions:
        verdict = question.check(right_answer(question))
        assert verdict, (question.text, verdict.claim)
        assert solution(question)
        hints = [question.hint(level) for level in (1, 2, 3)]
        assert all(hint.endswith((".", "?")) for hint in hints), hints


def wrong_answers(question: Question) -> list[object]:
    names = list(question.scheme.attributes)
    everything = ", ".join(f'"{name}"' for name in names)
    match question.kind:
        case "closure":
            return [everything, []]
        case "keys":
            return [[everything], [], [names[:1]], [names[-1:]]]
        case "cover":
            return [[], [f'"{a}" -> "{b}"' for a in names for b in names if a != b]]
        case "form":
            return ["1NF", "5NF", "BCNF", "2NF"]
        case "lossless" | "preserving":
            return [True, False]
    return [[everything], [[name] for name in names], [names[:2]]]


@pytest.mark.parametrize("name", NAMES)
def test_wrong_answers_are_refused_with_a_reason(name: str) -> None:
    for question in bank()[name].questions:
        right = question.check(right_answer(question))
        verdicts = [question.check(answer) for answer in wrong_answers(question)]
        assert any(not verdict for verdict in verdicts)
        assert all(verdict.claim for verdict in [right, *verdicts])


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.sampled_from(sorted(SHAPES)), st.sampled_from([1, 2]))
def test_generated_exercises_have_the_shape_asked_for(seed: int, shape: str, difficulty: int) -> None:
    made = generate(seed, shape=shape, difficulty=difficulty)
    assert made == generate(seed, shape=shape, difficulty=difficulty)
    form = brute_form(made.scheme)
    match shape:
        case "1NF" | "2NF" | "BCNF":
            assert str(form) == shape
        case "3NF":
            assert form in {NormalForm.THIRD, NormalForm.ELEMENTARY_KEY}
        case "two keys":
            assert len(brute_keys(made.scheme)) > 1
        case "overlapping keys":
            assert any(one & other for one, other in combinations(brute_keys(made.scheme), 2))
        case "bcnf loses":
            assert form < NormalForm.BOYCE_CODD
            assert not keeps_in_bcnf(made.scheme)
        case "4NF" | "ETNF":
            assert str(form) == shape
            assert any(isinstance(dependency, JD) for dependency in made.scheme.dependencies)
        case "multivalued":
            assert form is NormalForm.BOYCE_CODD
            assert any(isinstance(dependency, MVD) for dependency in made.scheme.dependencies)
    for question in made.questions:
        assert question.check(right_answer(question))


def test_the_door_opens_by_name_seed_and_topic() -> None:
    assert exercise("lots").name == "lots"
    assert [question.kind for question in exercise("lots", topic="keys").questions] == ["keys"]
    assert exercise(seed=5) == exercise(seed=5)
    assert exercise(seed=5) != exercise(seed=6)
    for kind in KINDS:
        assert [question.kind for question in exercise(topic=kind, seed=1).questions] == [kind]
    assert exercise(topic="2NF", difficulty=3).difficulty == 3
    assert isinstance(exercise(), Exercise)
    with pytest.raises(UnknownName, match="no exercise called 'lotz' — did you mean 'lots'"):
        exercise("lotz")
    with pytest.raises(UnknownName, match="no topic called 'magic'"):
        exercise(topic="magic")
    with pytest.raises(UnknownName, match="no difficulty called '9'"):
        exercise(difficulty=9)
    with pytest.raises(UnknownName, match="no question called 'cover'"):
        exercise("no-rules", topic="cover")


def test_answers_can_be_typed_in_many_ways() -> None:
    letters = exercise("cyclic-five")
    words = exercise("supplier-parts")
    typed: list[tuple[Exercise, str, list[object]]] = [
        (
            letters,
            "keys",
            [
                "A; E; BC; CD",
                "A, E, BC, CD",
                "{A}, {E}, {B, C}, {C, D}",
                "{{A}, {E}, {BC}, {CD}}",
                "(A) (E) (B C) (C D)",
                ["A", "E", "B C", {"C", "D"}],
                ["A", ["E"], "BC", ("C", "D"), "A"],
                "A\nE\nB, C\nC, D",
            ],
        ),
        (letters, "closure", ["BD", "{B, D}", ["BD"], {"D", "B"}, "D B B"]),
        (letters, "cover", ["A -> BC, CD -> E, B -> D, E -> A", "{A} -> {B, C}; {C, D} -> {E}\nB → D; E -> A"]),
        (letters, "form", ["eknf", "3NF", 3, "third normal form", "3. NF"]),
        (letters, "lossless", ["yes", "Yes.", True, "TRUE"]),
        (words, "keys", ["supplier, part", "{supplier, part}", [["supplier", "part"]]]),
        (
            words,
            "3nf",
            [
                synthesize_3nf(words.scheme.attributes, words.scheme.fds),
                "{supplier, city}, {city, status}, {supplier, part, quantity}",
                "supplier, city\ncity, status\nsupplier, part, quantity",
            ],
        ),
    ]
    for one, kind, answers in typed:
        for answer in answers:
            assert one.check(kind, answer), answer
    with pytest.raises(UnknownName, match="no attribute called 'Z'"):
        letters.check("keys", "AZ")
    with pytest.raises(UnknownName, match="did you mean 'A'"):
        letters.check("keys", "a; e")
    unreadable: list[tuple[str, object]] = [
        ("keys", 5),
        ("form", "7NF"),
        ("lossless", "perhaps"),
        ("keys", b"AB"),
        ("keys", "{A"),
        ("form", None),
        ("lossless", 1),
        ("closure", [1]),
        ("closure", {"B": 1, "D": 2}),
        ("closure", "B -> D"),
        ("cover", "A ->> B"),
        ("cover", [("A", "B")]),
        ("cover", {"a": "b"}),
    ]
    for kind, wrong in unreadable:
        with pytest.raises(NotationError):
            letters.check(kind, wrong)


@pytest.mark.parametrize(
    ("attributes", "rules", "form"),
    [
        ("SPJ", ["join[S P, P J, J S]"], "4NF"),
        ("SPJ", ["S, P -> J", "join[S P, P J, J S]"], "ETNF"),
        ("SPJ", ["S -> P, J", "join[S P, S J]"], "5NF"),
        ("CTX", ["C ->> T"], "BCNF"),
        ("CTX", ["C ->> T, X"], "4NF"),
        ("ABC", ["A ->> B", "C -> B"], "1NF"),
    ],
)
def test_higher_forms_by_chasing_rows(attributes: str, rules: list[str], form: str) -> None:
    assert str(brute_form(Scheme(tuple(attributes), tuple(map(parse_dependency, rules))))) == form


@pytest.mark.parametrize("seed", [1.5, "x", True, 10**18])
def test_a_seed_that_is_no_whole_number_is_refused(seed: object) -> None:
    with pytest.raises(DesignError, match="is no whole number of at most 18 digits — give one like seed=7"):
        exercise(seed=seed)  # type: ignore[arg-type]


def test_a_name_without_quotes_is_refused() -> None:
    with pytest.raises(DesignError, match="5 is no name of an exercise"):
        exercise(5)  # type: ignore[arg-type]

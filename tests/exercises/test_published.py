"""Exercises with the answers that were published: each answer is put to the product as a learner's, and the product's own beside."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.exercises.brute import brute_form, brute_keys
from dbworkbench.exercises.exercise import KINDS, Question, Scheme
from dbworkbench.exercises.solutions import right_answer
from dbworkbench.page.blocks import Heading, Page, Prose, table
from dbworkbench.page.markdown import markdown
from dbworkbench.theory.covers import canonical_cover
from dbworkbench.theory.dependencies import names_in, parse_dependency
from dbworkbench.theory.keys import prime_attributes
from dbworkbench.theory.normal_forms import NormalForm

EXERCISES: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "published.toml").read_text(encoding="utf-8"))[
    "exercise"
]
DECOMPOSED = ("3nf", "bcnf", "4nf")
JUDGED = (
    ("lossless", "lossless", True),
    ("lossy", "lossless", False),
    ("preserving", "preserving", True),
    ("losing", "preserving", False),
)


def scheme(exercise: dict[str, Any]) -> Scheme:
    return Scheme(names_in(exercise["attributes"]), tuple(map(parse_dependency, exercise["dependencies"])))


def question(exercise: dict[str, Any], kind: str, *, subject: str = "", parts: tuple[str, ...] = ()) -> Question:
    inside = tuple(frozenset(names_in(part)) for part in parts)
    return Question(exercise["name"], kind, KINDS[kind], scheme(exercise), frozenset(names_in(subject)), inside)


def typed(kind: str, answer: Any) -> object:
    """An answer of the file in the shape that the question takes."""
    return [list(names_in(one)) for one in answer] if kind in {"keys", *DECOMPOSED} else answer


def published(exercise: dict[str, Any]) -> Iterator[tuple[Question, object]]:
    """Every question of an exercise with the published answer."""
    for start, reach in exercise.get("closures", {}).items():
        yield question(exercise, "closure", subject=start), reach
    for kind in ("keys", "form", "cover"):
        if kind in exercise:
            yield question(exercise, kind), typed(kind, exercise[kind])
    for kind in DECOMPOSED:
        for parts in exercise.get(kind, ()):
            yield question(exercise, kind), typed(kind, parts)
    for told, kind, answer in JUDGED:
        for parts in exercise.get(told, ()):
            yield question(exercise, kind, parts=tuple(parts)), answer


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise["name"])
def test_published_answers_are_right_here_and_wrong_ones_refused(exercise: dict[str, Any]) -> None:
    answers = list(published(exercise))
    assert answers
    for asked, answer in answers:
        verdict = asked.check(answer)
        assert verdict, (asked.kind, answer, verdict.claim)
        assert asked.check(right_answer(asked)), asked.kind
    for wrong in exercise.get("wrong", ()):
        asked = question(exercise, wrong["kind"], subject=wrong.get("subject", ""))
        verdict = asked.check(typed(wrong["kind"], wrong["answer"]))
        assert not verdict, wrong["answer"]
        assert verdict.claim.startswith(wrong["because"])
        assert verdict.witness is not None


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise["name"])
def test_published_keys_and_forms_are_those_of_the_definitions(exercise: dict[str, Any]) -> None:
    about = scheme(exercise)
    keys = brute_keys(about)
    if "keys" in exercise:
        assert {frozenset(names_in(key)) for key in exercise["keys"]} == keys
    prime = frozenset().union(*keys)
    assert prime == prime_attributes(about.attributes, about.fds)
    if "prime" in exercise:
        assert prime == frozenset(names_in(exercise["prime"]))
    if "form" in exercise:
        taught = {NormalForm.ELEMENTARY_KEY: "3NF"}
        form = brute_form(about)
        assert exercise["form"] == taught.get(form, str(form))


def test_the_published_answers_beside_ours(golden: Callable[[str, str], None]) -> None:
    counted = sum(len(list(published(one))) for one in EXERCISES)
    wrong = [(one, told) for one in EXERCISES for told in one.get("wrong", ())]
    beside = [_beside(one) for one in EXERCISES if one.get("shown")]
    page: Page = (
        Heading("Published exercises, and what the workbench answers", 1),
        Prose(
            f"{len(EXERCISES)} exercises from textbooks, papers, examinations and course notes, with {counted} answers that were "
            "published for them: closures, keys, forms, covers, decompositions, and judgements of decompositions. Each was put to "
            "check as a learner's answer, and each is accepted: a cover or a decomposition that differs from ours and is as good "
            "has to be. Keys and forms were compared with the definitions too, worked out over all subsets. The "
            f"{len(wrong)} answers of the last table were published or offered, and are wrong; each is refused with a reason."
        ),
        Heading("Keys, forms and covers", 2),
        Prose("Forms are those that the dependencies prove; a finer one that few courses teach stands in brackets."),
        table(("exercise", "asked for", "published", "here"), [row for rows in beside for row in rows]),
        Heading("All exercises", 2),
        table(
            ("exercise", "known from", "answers compared"),
            [(one["name"], one["source"], _counted(one)) for one in EXERCISES],
        ),
        Heading("Answers that are wrong", 2),
        table(
            ("exercise", "asked for", "published or offered", "what the workbench says", "why"),
            [(one["name"], _short(told["kind"]), *_refused(one, told), told["why"]) for one, told in wrong],
        ),
    )
    golden("../../../docs/published_exercises.md", markdown(page))


def test_the_published_exercises_are_many_and_ask_of_every_kind() -> None:
    assert len(EXERCISES) >= 40
    assert len({one["name"] for one in EXERCISES}) == len(EXERCISES)
    assert {asked.kind for one in EXERCISES for asked, _ in published(one)} == set(KINDS)
    assert sum(bool(one.get("shown")) for one in EXERCISES) >= 10


def _beside(exercise: dict[str, Any]) -> list[tuple[str, ...]]:
    about = scheme(exercise)
    rules = "; ".join(str(parse_dependency(line)) for line in exercise["dependencies"])
    rows = []
    for kind in ("keys", "form", "cover", *DECOMPOSED):
        if kind not in exercise:
            continue
        ours = right_answer(question(exercise, kind))
        if kind == "form":
            told, here = exercise[kind], str(ours)
            here = f"{told} ({here})" if here != told else here
        elif kind == "cover":
            told = "; ".join(str(parse_dependency(line)) for line in exercise[kind])
            here = "; ".join(map(str, canonical_cover(about.fds)))
        else:
            told = " or ".join(map(_sets, exercise[kind])) if kind in DECOMPOSED else _sets(exercise[kind])
            assert isinstance(ours, list)
            here = _sets(ours)
        rows.append((_short(kind), told, here))
    first = f"{exercise['name']}: {rules}"
    return [(first if at == 0 else "", *row) for at, row in enumerate(rows)]


def _sets(listed: list[str]) -> str:
    """Sets of names, those of one letter written together."""
    if any("->" in one for one in listed):
        return "; ".join(str(parse_dependency(one)) for one in listed)
    sets = sorted(sorted(names_in(one)) for one in listed)
    short = all(len(name) == 1 for one in sets for name in one)
    return "; ".join(("" if short else ", ").join(one) for one in sets)


def _counted(exercise: dict[str, Any]) -> str:
    kinds = [asked.kind for asked, _ in published(exercise)]
    return ", ".join(
        f"{kinds.count(kind)} × {kind}" if kinds.count(kind) > 1 else kind for kind in dict.fromkeys(kinds)
    )


def _refused(exercise: dict[str, Any], told: dict[str, Any]) -> tuple[str, str]:
    answer = told["answer"]
    asked = question(exercise, told["kind"], subject=told.get("subject", ""))
    return (
        _sets(answer) if isinstance(answer, list) else answer.replace(" ", ""),
        asked.check(typed(told["kind"], answer)).claim,
    )


def _short(kind: str) -> str:
    return KINDS[kind].removeprefix("a ").removeprefix("all ").removeprefix("the ")

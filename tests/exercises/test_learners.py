"""Laws of checking: whatever a learner answers, the verdict is that of the definitions, and its witness can be followed."""

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.exercises.asked import questions_about
from dbworkbench.exercises.brute import brute_closures, brute_form, brute_keys, multivalued, subsets
from dbworkbench.exercises.decompositions import Lost, Spurious
from dbworkbench.exercises.exercise import Question, Scheme
from dbworkbench.exercises.grounds import Grounds
from dbworkbench.page.plain import plain
from dbworkbench.theory.chase import Chase, lossless_join
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.derivation import Derivation
from dbworkbench.theory.instance import Instance
from dbworkbench.theory.normal_forms import NormalForm, Violation
from dbworkbench.views.describe import describe
from tests.theory import checker
from tests.theory.oracle import bcnf, mixed_schemes, naive_closure, schemes, third

Names = frozenset[str]
TAUGHT = {NormalForm.ELEMENTARY_KEY: "3NF", NormalForm.ESSENTIAL_TUPLE: "4NF"}


def judged(question: Question, answer: object, right: bool) -> None:  # noqa: FBT001  what the definitions say
    """The verdict is right, it is shown, and a refusal carries something that shows it."""
    verdict = question.check(answer)
    assert verdict.holds == right, (question.kind, answer, verdict.claim)
    assert len(plain(describe(verdict)).splitlines()) < 80
    given = answer if question.kind == "cover" else question.scheme.dependencies
    match verdict.witness:
        case Derivation() as proof:
            assert checker.accepted(proof, given)  # type: ignore[arg-type]
        case Spurious(rows, _, spurious):
            assert all(map(rows.satisfies, question.scheme.dependencies))
            assert spurious.rows
            assert not set(rows.rows) & set(spurious.rows)
            assert set(spurious.rows) <= set(rows.rejoined(parts_of(question, answer)).rows)
        case Lost(dependency, rows, _):
            assert not rows.satisfies(dependency)
        case Instance() as rows if question.kind in {"closure", "keys"}:
            assert all(map(rows.satisfies, question.scheme.dependencies))
        case None:
            assert right
        case other:
            assert isinstance(other, FD | Grounds | Violation | Chase | Instance | frozenset)


def parts_of(question: Question, answer: object) -> tuple[Names, ...]:
    return question.parts or tuple(answer)  # type: ignore[arg-type]


def asked(attributes: str, rules: tuple[Any, ...]) -> tuple[Scheme, dict[str, Question]]:
    about = Scheme(tuple(attributes), rules)
    return about, {question.kind: question for question in questions_about("law", about)}


@settings(max_examples=60)
@given(schemes(most=5, rules=5), st.randoms(use_true_random=False))
def test_closures_keys_forms_and_covers_are_judged_by_the_definitions(
    drawn: tuple[str, tuple[FD, ...]], random: Random
) -> None:
    about, questions = asked(*drawn)
    reach, keys = brute_closures(about), brute_keys(about)
    for name in about.attributes:
        if "closure" in questions:
            judged(questions["closure"], reach[questions["closure"].subject] ^ {name}, right=False)
        one = random.choice(sorted(keys, key=sorted))
        judged(questions["keys"], [*(keys - {one}), one ^ {name}], right=False)
    judged(questions["keys"], [set(key) for key in keys], right=True)
    judged(questions["keys"], list(keys)[1:], right=False)
    judged(questions["keys"], [*keys, frozenset(about.attributes)], right=frozenset(about.attributes) in keys)
    form = brute_form(about)
    for one_form in NormalForm:
        judged(questions["form"], str(one_form), right=str(one_form) in {str(form), TAUGHT.get(form)})
    if "cover" in questions:
        for answer in covers_of(about, random):
            judged(questions["cover"], answer, right=minimal(answer, about.fds))


def covers_of(about: Scheme, random: Random) -> list[list[FD]]:
    """A minimal cover, reduced in a random order, and some that are spoilt in one place."""
    single = [FD(fd.determinant, {name}) for fd in about.fds for name in fd.dependent - fd.determinant]
    random.shuffle(single)
    cover: list[FD] = []
    for fd in single:
        left = sorted(fd.determinant)
        random.shuffle(left)
        kept = set(left)
        for name in left:
            if fd.dependent <= naive_closure(kept - {name}, single):
                kept.discard(name)
        cover.append(FD(kept, fd.dependent))
    cover = list(dict.fromkeys(cover))
    for fd in list(cover):
        rest = [other for other in cover if other != fd]
        if fd.dependent <= naive_closure(fd.determinant, rest):
            cover = rest
    assert minimal(cover, about.fds)
    names = sorted(about.attributes)
    more = FD(random.sample(names, random.randrange(len(names))), {random.choice(names)})
    wider = [FD(fd.determinant | {names[0]}, fd.dependent) for fd in cover]
    return [cover, cover[1:], [*cover, more], [*cover[:-1], *wider[-1:]], wider]


def minimal(cover: list[FD], fds: tuple[FD, ...]) -> bool:
    """Whether it says the same as `fds`, and nothing of it can be left out."""
    single = [FD(fd.determinant, {name}) for fd in cover for name in fd.dependent]
    return (
        all(fd.dependent <= naive_closure(fd.determinant, cover) for fd in fds)
        and all(fd.dependent <= naive_closure(fd.determinant, fds) for fd in cover)
        and not any(fd.dependent & fd.determinant for fd in cover)
        and not any(
            fd.dependent <= naive_closure(fd.determinant, [other for other in single if other != fd]) for fd in single
        )
        and not any(
            fd.dependent <= naive_closure(fd.determinant - {name}, cover) for fd in single for name in fd.determinant
        )
    )


@settings(max_examples=60)
@given(schemes(most=5, rules=5), st.randoms(use_true_random=False))
def test_decompositions_are_judged_by_the_definitions(drawn: tuple[str, tuple[FD, ...]], random: Random) -> None:
    about, questions = asked(*drawn)
    reach = brute_closures(about)
    for kind in ("3nf", "bcnf"):
        if kind in questions:
            for parts in decompositions(about, reach, random):
                judged(questions[kind], parts, right=good(kind, parts, about, reach))
    for kind in ("lossless", "preserving"):
        if kind in questions:
            parts = questions[kind].parts
            holds = bool(lossless_join(parts, about.dependencies, attributes=about.attributes))
            holds = holds if kind == "lossless" else preserved(parts, about, reach)
            judged(questions[kind], True, right=holds)
            judged(questions[kind], "no", right=not holds)


def decompositions(about: Scheme, reach: dict[Names, Names], random: Random) -> list[tuple[Names, ...]]:
    """Random sets of parts, and some that come from splitting by what is no key: these join back."""
    whole = frozenset(about.attributes)
    found: list[tuple[Names, ...]] = []
    for _ in range(3):
        parts = {frozenset(random.sample(sorted(whole), random.randint(1, len(whole)))) for _ in range(3)}
        found.append(tuple(parts | {whole.difference(*parts) | {min(whole)}}))
    for _ in range(3):
        left, done = [whole], set[Names]()
        while left:
            part = left.pop()
            splits = [x for x in subsets(part) if part > reach[x] & part > x]
            if splits and random.random() < 0.9:
                x = random.choice(splits)
                left += [reach[x] & part, part - reach[x] | x]
            else:
                done.add(part)
        found.append(tuple(part for part in done if not any(part < other for other in done)))
    return found


def good(kind: str, parts: tuple[Names, ...], about: Scheme, reach: dict[Names, Names]) -> bool:
    if any(part < other for part in parts for other in parts):
        return False
    if not lossless_join(parts, about.dependencies, attributes=about.attributes):
        return False
    if kind == "bcnf":
        return all(bcnf(part, about.fds) for part in parts)
    return all(third(part, about.fds) for part in parts) and preserved(parts, about, reach)


def preserved(parts: tuple[Names, ...], about: Scheme, reach: dict[Names, Names]) -> bool:
    kept = [FD(x, reach[x] & part) for part in parts for x in subsets(part)]
    return all(fd.dependent <= naive_closure(fd.determinant, kept) for fd in about.fds)


@settings(max_examples=40)
@given(mixed_schemes(most=4, joins=False), st.randoms(use_true_random=False))
def test_fourth_normal_form_is_judged_by_the_definitions(drawn: tuple[str, tuple[Any, ...]], random: Random) -> None:
    about, questions = asked(*drawn)
    reach = brute_closures(about)
    form = brute_form(about)
    for one_form in NormalForm:
        judged(questions["form"], str(one_form), right=str(one_form) in {str(form), TAUGHT.get(form)})
    if "4nf" in questions:
        for parts in decompositions(about, reach, random):
            joined = not any(part < other for part in parts for other in parts) and bool(
                lossless_join(parts, about.dependencies, attributes=about.attributes)
            )
            judged(questions["4nf"], parts, right=joined and all(fourth(part, about, reach) for part in parts))


def fourth(part: Names, about: Scheme, reach: dict[Names, Names]) -> bool:
    """Whether no set that is no key of the part splits it, by a dependency that follows for the whole."""
    for x in subsets(part):
        if reach[x] >= part:
            continue
        if reach[x] & part != x:
            return False
        for y in subsets(about.attributes):
            inside = y & part - x
            if inside and part - x - inside and multivalued(about.attributes, x, y - x, about.dependencies):
                return False
    return True

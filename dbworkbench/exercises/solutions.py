"""Worked solutions, as blocks."""

from collections.abc import Callable, Collection

from dbworkbench.exercises.decompositions import Lost, Spurious, is_lossless, is_preserving
from dbworkbench.exercises.exercise import Question
from dbworkbench.exercises.grounds import Grounds
from dbworkbench.page.blocks import Items, Notice, Page, Prose, Table, table
from dbworkbench.theory.chase import Chase, lossless_join
from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import reduction
from dbworkbench.theory.decomposition import Decomposition, decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD, prose, written
from dbworkbench.theory.derivation import Derivation, derive
from dbworkbench.theory.independence import decompose_4nf
from dbworkbench.theory.instance import Instance
from dbworkbench.theory.keys import candidate_keys
from dbworkbench.theory.normal_forms import NormalForm, normal_form, violations
from dbworkbench.theory.verdict import Verdict


def solution(question: Question) -> Page:
    """A worked answer to a question."""
    return _SOLUTIONS[question.kind](question)


def right_answer(question: Question) -> object:
    """A right answer in plain values, as a learner would type it."""
    scheme = question.scheme
    match question.kind:
        case "closure":
            return ", ".join(sorted(closure(question.subject, scheme.fds)))
        case "keys":
            return [", ".join(sorted(key)) for key in _sorted_keys(question)]
        case "cover":
            return [_typed(fd) for fd in reduction(_fds(question)).cover]
        case "form":
            return str(normal_form(scheme.attributes, scheme.dependencies))
        case "lossless":
            return is_lossless(scheme, question.parts).holds
        case "preserving":
            return is_preserving(scheme, question.parts).holds
    return [", ".join(sorted(part.attributes)) for part in _decomposed(question).parts]


def _sentence(verdict: Verdict, question: Question) -> str:
    """A claim as a sentence; a name that begins it keeps its letters."""
    first = verdict.claim.split()[0].rstrip(",")
    claim = verdict.claim if first in question.scheme.attributes else verdict.claim[:1].upper() + verdict.claim[1:]
    return f"{claim}."


def _typed(fd: FD) -> str:
    return str(fd).replace("→", "->")


def _fds(question: Question) -> tuple[FD, ...]:
    return tuple(fd for fd in question.scheme.dependencies if isinstance(fd, FD))


def _sorted_keys(question: Question) -> list[frozenset[str]]:
    return sorted(
        candidate_keys(question.scheme.attributes, question.scheme.fds), key=lambda key: (len(key), sorted(key))
    )


def _closure(question: Question) -> Page:
    reach = closure(question.subject, question.scheme.fds)
    found: Page = (Prose(f"The closure of {prose(question.subject)} is {prose(reach)}."),)
    proof = derive(FD(question.subject, reach), question.scheme.fds) if reach != question.subject else None
    return (*found, Items(tuple(map(str, proof.lines)), ordered=True)) if isinstance(proof, Derivation) else found


def _keys(question: Question) -> Page:
    fds = question.scheme.fds
    rows = []
    for key in _sorted_keys(question):
        without = [f"without {written(name)}: {prose(closure(key - {name}, fds))}" for name in sorted(key)]
        rows.append((prose(key), _reached(key, fds), "; ".join(without)))
    return (table(("candidate key", "leads in turn to", "and no part of it leads to everything"), rows),)


def _reached(start: frozenset[str], fds: Collection[FD]) -> str:
    """What is reached from some attributes, step by step."""
    reach, told = start, []
    while step := next((fd for fd in fds if fd.determinant <= reach and not fd.dependent <= reach), None):
        told.append(prose(step.dependent - reach))
        reach |= step.dependent
    return "; ".join(told) or "nothing more: it is everything already"


def _cover(question: Question) -> Page:
    told = reduction(_fds(question))
    steps: Page = (Items(tuple(step.because for step in told.steps), ordered=True),) if told.steps else ()
    if not told.cover:
        return (*steps, Prose("No dependency is left."))
    return (
        *steps,
        Prose("So a minimal cover is:" if steps else "It is minimal as it is:"),
        Items(tuple(map(str, told.cover))),
    )


def _form(question: Question) -> Page:
    scheme = question.scheme
    form = normal_form(scheme.attributes, scheme.dependencies)
    following = [one for one in NormalForm if one > form][:1]
    found = violations(scheme.attributes, scheme.dependencies, following[0]) if following else ()
    verdict = Notice(f"The highest form that the dependencies prove is {form}.", "note")
    return (verdict, Items(tuple(f"{one.dependency}: {one.because}" for one in found))) if found else (verdict,)


def _decomposed(question: Question) -> Decomposition:
    scheme = question.scheme
    if question.kind == "4nf":
        return decompose_4nf(scheme.attributes, scheme.dependencies)
    return (synthesize_3nf if question.kind == "3nf" else decompose_bcnf)(scheme.attributes, _fds(question))


def _decomposition(question: Question) -> Page:
    made = _decomposed(question)
    rows = [(", ".join(sorted(part.attributes)), ", ".join(sorted(part.key))) for part in made.parts]
    steps = tuple(f"{step.title}. {step.reason}" for step in made.steps)
    kept = "good" if made.preserving else "warning"
    claim = _sentence(made.preserving, question)
    return (table(("attributes", "key"), rows), Items(steps, ordered=True), Notice(claim, kept))


def _lossless(question: Question) -> Page:
    verdict = is_lossless(question.scheme, question.parts)
    chased = lossless_join(question.parts, question.scheme.dependencies, attributes=question.scheme.attributes).witness
    claim = Notice(_sentence(verdict, question), "good" if verdict else "bad")
    if isinstance(verdict.witness, Spurious):
        invented = _rows(verdict.witness.spurious, "Joined, and not there before")
        return (claim, _rows(verdict.witness.rows, "Rows that obey the dependencies"), invented)
    if not isinstance(chased, Chase):
        return (claim,)
    rows = tuple(tuple(map(str, row)) for row in chased.final.rows)
    steps: Page = (Items(tuple(step.because for step in chased.steps), ordered=True),) if chased.steps else ()
    return (claim, *steps, Table(chased.final.columns, rows, "The chased tableau"))


def _preserving(question: Question) -> Page:
    verdict = is_preserving(question.scheme, question.parts)
    claim = Notice(_sentence(verdict, question), "good" if verdict else "bad")
    match verdict.witness:
        case Grounds(heading, reasons):
            return (claim, table(("dependency", heading), reasons))
        case Lost(dependency, rows, parts):
            shown = tuple(_rows(part, f"Part {at}") for at, part in enumerate(parts, start=1))
            return (claim, *shown, _rows(rows, f"Joined, they break {dependency}"))
    return (claim,)


def _rows(instance: Instance, caption: str) -> Table:
    return table(instance.columns, instance.rows, caption=caption)


_SOLUTIONS: dict[str, Callable[[Question], Page]] = {
    "closure": _closure,
    "keys": _keys,
    "cover": _cover,
    "form": _form,
    "3nf": _decomposition,
    "bcnf": _decomposition,
    "4nf": _decomposition,
    "lossless": _lossless,
    "preserving": _preserving,
}

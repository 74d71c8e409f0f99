"""Hints in three levels: what to think of, how to begin here, and nearly the answer."""

from collections.abc import Callable

from dbworkbench.errors import UnknownName
from dbworkbench.exercises.checks import prose_count
from dbworkbench.exercises.exercise import Question, Scheme
from dbworkbench.theory.chase import lossless_join
from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import canonical_cover, minimal_cover, reduction
from dbworkbench.theory.decomposition import Decomposition, decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD, prose
from dbworkbench.theory.independence import decompose_4nf
from dbworkbench.theory.keys import candidate_keys, prime_attributes
from dbworkbench.theory.normal_forms import NormalForm, violations
from dbworkbench.theory.projection import dependency_preserving, project


def hint(question: Question, level: int) -> str:
    """A hint of level 1, 2 or 3 to a question; raises UnknownName for another level."""
    if level not in {1, 2, 3}:
        raise UnknownName("hint level", str(level), ["1", "2", "3"])
    return _HINTS[question.kind](question)[level - 1]()


Levels = tuple[Callable[[], str], Callable[[], str], Callable[[], str]]


def _said(text: str) -> Callable[[], str]:
    return lambda: text


def _fds(scheme: Scheme) -> tuple[FD, ...]:
    return tuple(fd for fd in scheme.dependencies if isinstance(fd, FD))


def _closure(question: Question) -> Levels:
    scheme, start = question.scheme, question.subject

    def begin() -> str:
        first = next((fd for fd in _fds(scheme) if fd.determinant <= start and not fd.dependent <= start), None)
        if first is None:
            return f"No dependency has its whole left side within {prose(start)}: what does that mean for the closure?"
        if not first.determinant:
            return f"{first} applies at once, because it needs nothing on its left."
        return f"{first} applies at once, because {prose(first.determinant)} {_is(first.determinant)} there already."

    def nearly() -> str:
        reach = closure(start, scheme.fds)
        outside = frozenset(scheme.attributes) - reach
        left_out = f"; {prose({min(outside)})} is not among them" if outside else ", that is all of them"
        return f"The closure has {prose_count(len(reach))} attributes{left_out}."

    return (
        _said("Begin with the attributes themselves; add the right side of each dependency whose left side you have."),
        begin,
        nearly,
    )


def _is(names: frozenset[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _keys(question: Question) -> Levels:
    scheme = question.scheme
    whole = frozenset(scheme.attributes)

    def begin() -> str:
        right = frozenset[str]().union(*(fd.dependent - fd.determinant for fd in scheme.fds))
        core = whole - right
        if not core:
            return "Every attribute is on some right side; so try the left sides of the dependencies one by one."
        reach = closure(core, scheme.fds)
        told = "everything already" if reach >= whole else prose(reach)
        return f"{prose(core)} {_is(core)} on no right side, and so in every key; that determines {told}."

    def nearly() -> str:
        found = list(candidate_keys(scheme.attributes, scheme.fds))
        prime = frozenset[str]().union(*found)
        count = "is one candidate key" if len(found) == 1 else f"are {prose_count(len(found))} candidate keys"
        return f"There {count}; the attributes in keys are {prose(prime)}."

    return (
        _said("A key determines all attributes, and no part of it does. What is on no right side is in every key."),
        begin,
        nearly,
    )


def _cover(question: Question) -> Levels:
    fds = _fds(question.scheme)

    def begin() -> str:
        steps = reduction(fds).steps
        if not steps:
            return "Test each dependency in turn: here nothing can be left out."
        return f"Look at {steps[0].before}: can an attribute on its left, or all of it, be left out?"

    def nearly() -> str:
        steps = reduction(fds).steps
        told = f" {steps[0].because}" if steps else ""
        count = len(minimal_cover(fds))
        return f"One minimal cover has {prose_count(count)} dependencies with a single attribute on the right.{told}"

    return (
        _said(
            "Write single attributes on the right; leave out of each left side what the rest determines; then leave out "
            "each dependency that follows from the others."
        ),
        begin,
        nearly,
    )


def _form(question: Question) -> Levels:
    scheme = question.scheme

    def begin() -> str:
        keys = "; ".join(prose(key) for key in candidate_keys(scheme.attributes, scheme.fds))
        prime = prose_or_none(prime_attributes(scheme.attributes, scheme.fds))
        return f"The candidate keys are: {keys}. The attributes in keys are {prime}."

    def nearly() -> str:
        found = violations(scheme.attributes, scheme.dependencies, NormalForm.FOURTH)
        if not found:
            return "No dependency breaks BCNF; and what kinds of dependencies are declared?"
        return f"Look at {found[0].dependency}: is its left side a key, a part of one, or neither?"

    return (
        _said(
            "Find the candidate keys first. Then ask of each dependency: is its left side a superkey? If not, is its right "
            "side part of a key, and is its left side a part of one?"
        ),
        begin,
        nearly,
    )


def prose_or_none(names: frozenset[str]) -> str:
    """Names in a sentence; "none" for no names."""
    return prose(names) if names else "none"


def _decomposition(question: Question) -> Levels:
    scheme = question.scheme

    def result() -> Decomposition:
        if question.kind == "4nf":
            return decompose_4nf(scheme.attributes, scheme.dependencies)
        return (synthesize_3nf if question.kind == "3nf" else decompose_bcnf)(scheme.attributes, scheme.fds)

    def begin() -> str:
        if question.kind == "3nf":
            return f"A canonical cover: {'; '.join(map(str, canonical_cover(_fds(scheme)))) or 'nothing'}."
        wanted = NormalForm.FOURTH if question.kind == "4nf" else NormalForm.BOYCE_CODD
        found = violations(scheme.attributes, scheme.dependencies, wanted)
        return found[0].because if found else "Is there a dependency at all whose left side is no superkey?"

    def nearly() -> str:
        parts = result().parts
        return f"{prose_count(len(parts)).capitalize()} relations are enough; one is that of {prose(parts[-1].attributes)}."

    first = {
        "3nf": "One relation for each left side of a canonical cover, and one for a key if none of them holds a key.",
        "bcnf": "Take a dependency whose left side is no superkey: its closure becomes one relation, and the left side "
        "stays with everything else. Look at both again.",
        "4nf": "Take a dependency, functional or multivalued, whose left side is no superkey, and split by it.",
    }[question.kind]
    return _said(first), begin, nearly


def _lossless(question: Question) -> Levels:
    scheme, parts = question.scheme, question.parts

    def begin() -> str:
        if len(parts) != 2:
            return "Write the tableau: one row per part, plain symbols where the part has the attribute."
        shared = parts[0] & parts[1]
        if not shared:
            return "The two parts share no attribute: is one of them the same in every row?"
        return f"The two parts share {prose(shared)}: does that determine one of the parts?"

    def nearly() -> str:
        if len(parts) == 2:
            shared = parts[0] & parts[1]
            start = f"The closure of {prose(shared)}" if shared else "What is the same in every row"
            return f"{start} is {prose_or_none(closure(shared, scheme.fds))}."
        witness = lossless_join(parts, scheme.dependencies, attributes=scheme.attributes).witness
        steps = getattr(witness, "steps", ())
        if not steps:
            return "No dependency applies to the tableau."
        return f"The chase takes {prose_count(len(steps))} steps; the first: {steps[0].because}"

    return (
        _said(
            "Two parts join without loss exactly if what they share determines one of them. For more parts, chase the "
            "tableau and look for a row of plain symbols."
        ),
        begin,
        nearly,
    )


def _preserving(question: Question) -> Levels:
    scheme, parts = question.scheme, question.parts

    def apart() -> FD | None:
        return next((fd for fd in _fds(scheme) if not any(fd.attributes <= part for part in parts)), None)

    def begin() -> str:
        fd = apart()
        if fd is None:
            return "Look for a part that holds all attributes of each dependency."
        return f"No part holds all attributes of {fd}. It may still follow from what can be checked in the parts."

    def nearly() -> str:
        lost = dependency_preserving(parts, _fds(scheme)).witness
        fd = lost[0] if isinstance(lost, tuple) and lost else apart()
        if fd is None:
            return "Every dependency lies within one part."
        kept = [other for part in parts for other in project(scheme.fds, part)]
        reach = closure(fd.determinant, kept)
        return (
            f"Through the parts alone, {prose(fd.determinant)} leads to {prose(reach)}. Is {prose(fd.dependent)} there?"
        )

    return (
        _said("A dependency is preserved if it can be checked within one part, or follows from those that can."),
        begin,
        nearly,
    )


_HINTS: dict[str, Callable[[Question], Levels]] = {
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

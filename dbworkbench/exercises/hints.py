"""Hints in three levels: what to think of, how to begin here, and nearly the answer."""

from collections.abc import Callable

from dbworkbench.errors import UnknownName
from dbworkbench.exercises.checks import prose_count
from dbworkbench.exercises.exercise import Question, Scheme
from dbworkbench.theory.chase import lossless_join
from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import canonical_cover, minimal_cover, reduction
from dbworkbench.theory.decomposition import Decomposition, decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD, JD, prose
from dbworkbench.theory.independence import decompose_4nf
from dbworkbench.theory.keys import candidate_keys, prime_attributes
from dbworkbench.theory.normal_forms import NormalForm, normal_form, violations
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
    reach, steps = frozenset(start), list[tuple[FD, frozenset[str]]]()
    while step := next((fd for fd in scheme.fds if fd.determinant <= reach and not fd.dependent <= reach), None):
        steps.append((step, step.dependent - reach))
        reach |= step.dependent

    def begin() -> str:
        if not steps:
            return f"No dependency has its whole left side within {prose(start)}: what does that mean for the closure?"
        if len(steps) == 1:
            return f"One dependency has its whole left side within {prose(start)}; does another one after it?"
        first = steps[0][0]
        if not first.determinant:
            return f"{first} applies at once, because it needs nothing on its left."
        return f"{first} applies at once, because {prose(first.determinant)} {_is(first.determinant)} there already."

    def nearly() -> str:
        count = f"The closure has {prose_count(len(reach))} attribute{'s' if len(reach) != 1 else ''}"
        if len(steps) < 2:
            return f"{count}{': one dependency applies, and none after it' if steps else ''}."
        last, fresh = steps[-1]
        return f"{count}; the last to be reached {_is(fresh)} {prose(fresh)}, by {last}."

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
        if closure(core, scheme.fds) >= whole:
            if len(core) == 1:
                return "Here one attribute is on no right side. What does it determine?"
            return f"Here {prose_count(len(core))} attributes are on no right side. What do they determine together?"
        reached = prose(closure(core, scheme.fds))
        return f"{prose(core)} {_is(core)} on no right side, and so in every key; that determines {reached}."

    def nearly() -> str:
        found = sorted(candidate_keys(scheme.attributes, scheme.fds), key=lambda key: (len(key), sorted(key)))
        if len(found) > 1:
            return f"There are {prose_count(len(found))} candidate keys; one is {prose(found[0])}."
        size = len(found[0])
        if size < 2:
            return f"There is one candidate key, of {prose_count(size)} attribute{'s' if not size else ''}."
        return f"There is one candidate key, of {prose_count(size)} attributes; {min(found[0])} is one of them."

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
            single = len({(fd.determinant, name) for fd in fds for name in fd.dependent})
            return f"With single attributes on the right, there are {prose_count(single)} to test, one after another."
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
        found = sorted(map(sorted, candidate_keys(scheme.attributes, scheme.fds)))
        if len(found) == 1:
            return f"The only candidate key is {prose(found[0])}."
        prime = prime_attributes(scheme.attributes, scheme.fds)
        return f"The candidate keys are: {'; '.join(map(prose, found))}. The attributes in keys are {prose(prime)}."

    def nearly() -> str:
        right = normal_form(scheme.attributes, scheme.dependencies)
        for following in [one for one in NormalForm if one > right][:1]:
            if found := violations(scheme.attributes, scheme.dependencies, following):
                if isinstance(found[0].dependency, JD):
                    return f"Look at {found[0].dependency}: does one of its components hold a key, or each of them?"
                return f"Look at {found[0].dependency}: is its left side a key, a part of one, or neither?"
        return f"No dependency breaks {right}; and what kinds of dependencies are declared?"

    return (
        _said(
            "Find the candidate keys first. Then ask of each dependency: is its left side a superkey? If not, is its right "
            "side part of a key, and is its left side a part of one?"
        ),
        begin,
        nearly,
    )


def prose_or_none(names: frozenset[str]) -> str:
    """Names in a sentence; "nothing" for no names."""
    return prose(names) if names else "nothing"


def _decomposition(question: Question) -> Levels:
    scheme = question.scheme

    def result() -> Decomposition:
        if question.kind == "4nf":
            return decompose_4nf(scheme.attributes, scheme.dependencies)
        return (synthesize_3nf if question.kind == "3nf" else decompose_bcnf)(scheme.attributes, scheme.fds)

    def begin() -> str:
        if question.kind == "3nf":
            steps = reduction(_fds(scheme)).steps
            told = (
                f"A cover is smaller than what is given. {steps[0].because}" if steps else "What is given is reduced."
            )
            return f"{told} Write what has the same left side together."
        wanted = NormalForm.FOURTH if question.kind == "4nf" else NormalForm.BOYCE_CODD
        found = violations(scheme.attributes, scheme.dependencies, wanted)
        return found[0].because if found else "Is there a dependency at all whose left side is no superkey?"

    def nearly() -> str:
        parts = [part.attributes for part in result().parts]
        if question.kind == "3nf":
            cover = "; ".join(map(str, canonical_cover(_fds(scheme)))) or "nothing"
            return f"A canonical cover: {cover}. {_enough(len(parts))}."
        if len(parts) == 2:
            return f"{_enough(2)}; they share {prose_or_none(parts[0] & parts[1])}."
        return f"{_enough(len(parts))}; one is that of {prose(parts[-1])}."

    first = {
        "3nf": "One relation for each left side of a canonical cover, and one for a key if none of them holds a key.",
        "bcnf": "Take a dependency whose left side is no superkey: its closure becomes one relation, and the left side "
        "stays with everything else. Look at both again.",
        "4nf": "Take a dependency, functional or multivalued, whose left side is no superkey, and split by it.",
    }[question.kind]
    return _said(first), begin, nearly


def _enough(number: int) -> str:
    return f"{prose_count(number).capitalize()} relation{'s are' if number != 1 else ' is'} enough"


def _lossless(question: Question) -> Levels:
    scheme, parts = question.scheme, question.parts
    functional = all(isinstance(dependency, FD) for dependency in scheme.dependencies)

    def begin() -> str:
        if len(parts) != 2:
            return "Write the tableau: one row per part, plain symbols where the part has the attribute."
        shared = parts[0] & parts[1]
        if not shared:
            return "The two parts share no attribute: is one of them the same in every row?"
        asked = "determine one of the parts" if functional else "determine one of the parts, or make them independent"
        return f"The two parts share {prose(shared)}: does that {asked}?"

    def nearly() -> str:
        if len(parts) == 2 and functional:
            shared = parts[0] & parts[1]
            start = f"The closure of {prose(shared)}" if shared else "What is the same in every row"
            return f"{start} is {prose_or_none(closure(shared, scheme.fds))}."
        witness = lossless_join(parts, scheme.dependencies, attributes=scheme.attributes).witness
        steps = getattr(witness, "steps", ())
        if not steps:
            return "No dependency applies to the tableau."
        count = f"{prose_count(len(steps))} step{'s' if len(steps) != 1 else ''}"
        return f"The chase takes {count}; the first: {steps[0].because}"

    two = (
        "exactly if what they share determines one of them"
        if functional
        else "if what they share determines one of them"
    )
    return (
        _said(
            f"Two parts join without loss {two}. For {'more parts' if functional else 'everything else'}, chase the "
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
            fds = _fds(scheme)
            inside = next(part for part in parts if fds[0].attributes <= part)
            return f"{fds[0]} lies within the part of {prose(inside)}; and the others?"
        kept = [other for part in parts for other in project(scheme.fds, part)]
        reach = closure(fd.determinant, kept)
        leads = "leads" if len(fd.determinant) < 2 else "lead"
        asked = "Is" if len(fd.dependent) < 2 else "Are"
        return f"Through the parts alone, {prose(fd.determinant)} {leads} to {prose(reach)}. {asked} {prose(fd.dependent)} there?"

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

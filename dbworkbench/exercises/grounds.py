"""What a right answer rests on, dependency by dependency: shown where a learner doubts it."""

from dataclasses import dataclass

from dbworkbench.errors import Undecided
from dbworkbench.exercises.exercise import Scheme
from dbworkbench.shown import Shown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order, prose
from dbworkbench.theory.keys import candidate_keys
from dbworkbench.theory.normal_forms import NormalForm
from dbworkbench.theory.projection import project


@dataclass(frozen=True, slots=True)
class Grounds(Shown):
    """Each dependency with the reason why a claim holds of it; `heading` names what the reasons are about."""

    heading: str
    reasons: tuple[tuple[Dependency, str], ...]


def allowed(scheme: Scheme, form: NormalForm) -> Grounds:
    """Why no dependency given keeps a scheme out of a form that it is in."""
    whole = frozenset(scheme.attributes)
    keys = tuple(candidate_keys(scheme.attributes, scheme.fds))
    prime = frozenset[str]().union(*keys)

    def superkey(names: frozenset[str]) -> bool:
        return closure(names, scheme.fds) >= whole

    def reason(dependency: Dependency) -> str:
        match dependency:
            case FD(determinant, dependent):
                told = dependent - determinant
                if not told:
                    return "it says nothing: what stands on the right is on the left already"
                if superkey(determinant):
                    return f"{prose(determinant)} {_is(determinant)} a superkey"
                if form < NormalForm.BOYCE_CODD and told <= prime:
                    return f"{prose(told)} {_is(told)} part of a key"
                return f"{prose(determinant)} {_is(determinant)} not just a part of a key"
            case MVD(determinant, dependent):
                if dependent <= determinant or determinant | dependent >= whole:
                    return "it says nothing: it leaves nothing to be independent of"
                if form < NormalForm.FOURTH:
                    return f"{form} asks nothing of multivalued dependencies"
                return f"{prose(determinant)} {_is(determinant)} a superkey"
            case JD(components):
                if form < NormalForm.FOURTH:
                    return f"{form} asks nothing of join dependencies"
                if any(component >= whole for component in components):
                    return "it says nothing: one component is the whole"
                if form is NormalForm.FIFTH:
                    return "the keys alone make the join lossless"
                if form is NormalForm.ESSENTIAL_TUPLE:
                    held = next((part for part in sorted(components, key=sorted) if superkey(part)), frozenset())
                    return f"its component {prose(held)} holds a key"
                return "no multivalued dependency follows from it that 4NF forbids"
            case _:
                return ""

    rules = in_order(scheme.dependencies)
    return Grounds(f"why it does not break {form}", tuple((one, reason(one)) for one in rules))


def kinds(scheme: Scheme) -> Grounds:
    """What kind of dependency each of those given is."""
    named = {FD: "functional", MVD: "multivalued", JD: "a join dependency"}
    return Grounds("what it is", tuple((one, named[type(one)]) for one in in_order(scheme.dependencies)))


def kept(scheme: Scheme, parts: tuple[frozenset[str], ...]) -> Grounds:
    """Where each functional dependency of a scheme can be checked, for parts that keep them all."""
    fds = tuple(one for one in in_order(scheme.dependencies) if isinstance(one, FD))
    try:
        projected = {part: project(fds, part) for part in parts}
    except Undecided:  # too large to be told in full
        projected = {}
    reasons: list[tuple[Dependency, str]] = []
    for fd in fds:
        inside = next((part for part in parts if fd.attributes <= part), None)
        if inside is not None:
            reasons.append((fd, f"within the part of {prose(inside)}"))
            continue
        known, used = fd.determinant, []
        rules = [(rule, part) for part, found in projected.items() for rule in found]
        while rules and not fd.dependent <= known:
            step = next((one for one in rules if one[0].determinant <= known and not one[0].dependent <= known), None)
            if step is None:
                break
            known |= step[0].dependent
            used.append(f"{step[0]} within {prose(step[1])}")
        reasons.append(
            (fd, "it follows from " + ", then ".join(used) if used else "it follows from those in the parts")
        )
    return Grounds("where it can be checked", tuple(reasons))


def _is(names: frozenset[str]) -> str:
    return "is" if len(names) < 2 else "are"

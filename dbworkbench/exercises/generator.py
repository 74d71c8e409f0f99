"""Fresh exercises from a seed, of a wanted shape, each proven by brute force before it is handed out."""

import hashlib
import re
from collections.abc import Callable
from itertools import combinations
from random import Random

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.exercises.asked import questions_about
from dbworkbench.exercises.brute import brute_form, brute_keys, keeps_in_bcnf
from dbworkbench.exercises.drawn import drawn_functional, drawn_joined, drawn_multivalued
from dbworkbench.exercises.exercise import KINDS, Exercise, Scheme
from dbworkbench.theory.keys import candidate_keys
from dbworkbench.theory.normal_forms import NormalForm, normal_form

SHAPES: dict[str, str] = {
    "1NF": "a partial dependency: in first normal form only",
    "2NF": "a transitive dependency: in second normal form, not in third",
    "3NF": "in third normal form, not in BCNF",
    "BCNF": "in Boyce–Codd normal form, with two dependencies or more",
    "two keys": "two candidate keys or more",
    "overlapping keys": "two candidate keys that share an attribute",
    "bcnf loses": "no decomposition into BCNF keeps all dependencies",
    "multivalued": "in BCNF, with a multivalued dependency that keeps it out of 4NF",
    "4NF": "in 4NF, with a join dependency of which no component holds a key: not in 5NF",
    "ETNF": "in ETNF, with a join dependency that the keys do not imply: not in 5NF",
}
_SIZES = {1: (4, 3), 2: (5, 4), 3: (7, 6)}
_ATTEMPTS = 4_000
_NAME = re.compile(r"made-(?P<shape>[0-9a-f]{4})-(?P<level>[123])-(?P<seed>-?\d{1,18})(?:-(?P<kind>[0-9a-z]+))?")


def generate(seed: int, *, shape: str = "", difficulty: int | None = None, question: str = "") -> Exercise:
    """An exercise with letters for attributes: the same seed, shape and difficulty always give the same.

    `shape` is a name in SHAPES; `question` a kind that the exercise must be able to ask. Raises Undecided where no
    scheme of that shape is met.

    >>> made = generate(3, shape="2NF")
    >>> bool(made["form"].check("2NF"))
    True
    """
    if shape and shape not in SHAPES:
        raise UnknownName("topic", shape, [*SHAPES, *KINDS])
    level = 2 if difficulty is None else difficulty
    if level not in _SIZES:
        raise UnknownName("difficulty", str(level), ["1", "2", "3"])
    random = Random(f"{seed} {shape} {level} {question}")  # noqa: S311  a seed to repeat, no secret
    size, rules = _SIZES[level]
    draw = _DRAWN.get(shape) or _DRAWN.get(_DRAWN_FOR.get(question, ""))
    for _ in range(_ATTEMPTS):
        scheme = draw(random, level) if draw else drawn_functional(random, size, rules)
        if shape and not _FITS[shape](scheme):
            continue
        name = "-".join(("made", _code(shape), str(level), str(seed), *([question] if question else [])))
        asked = questions_about(name, scheme)
        if not question or any(one.kind == question for one in asked):
            prove(scheme)
            story = f"A relation with the attributes {', '.join(scheme.attributes)}; their names stand for nothing."
            return Exercise(name, f"Made from seed {seed}", story, scheme, asked, level, "made by the generator")
    what = SHAPES.get(shape, KINDS.get(question, "such"))
    raise Undecided(f"no scheme was met in {_ATTEMPTS} attempts: {what} — try another seed or difficulty")


def remade(name: str) -> Exercise | None:
    """The exercise that `generate` gave that name; None where it gives no such name.

    >>> made = generate(3, shape="2NF")
    >>> remade(made.name) == made
    True
    """
    found = _NAME.fullmatch(name)
    if found is None or (found["kind"] and found["kind"] not in KINDS):
        return None
    shape = next((one for one in ("", *SHAPES) if _code(one) == found["shape"]), None)
    if shape is None:
        return None
    return generate(int(found["seed"]), shape=shape, difficulty=int(found["level"]), question=found["kind"] or "")


def _code(shape: str) -> str:
    """A shape's part of a name: a learner who reads it does not read the form that is asked for."""
    return hashlib.sha256(shape.encode()).hexdigest()[:4]


def prove(scheme: Scheme) -> None:
    """Check the keys and the form of a scheme against the definitions, over all subsets of its attributes."""
    if set(candidate_keys(scheme.attributes, scheme.dependencies)) != brute_keys(scheme):
        raise AssertionError(f"the keys of {scheme} are not those of the definition")
    if normal_form(scheme.attributes, scheme.dependencies) is not brute_form(scheme):
        raise AssertionError(f"the form of {scheme} is not that of the definition")


def _has_form(*forms: NormalForm) -> Callable[[Scheme], bool]:
    return lambda scheme: normal_form(scheme.attributes, scheme.dependencies) in forms


def _keys_of(scheme: Scheme) -> list[frozenset[str]]:
    return list(candidate_keys(scheme.attributes, scheme.fds))


def _overlapping(scheme: Scheme) -> bool:
    return any(one & other for one, other in combinations(_keys_of(scheme), 2))


def _loses(scheme: Scheme) -> bool:
    return normal_form(scheme.attributes, scheme.fds) < NormalForm.BOYCE_CODD and not keeps_in_bcnf(scheme)


_FITS: dict[str, Callable[[Scheme], bool]] = {
    "1NF": _has_form(NormalForm.FIRST),
    "2NF": _has_form(NormalForm.SECOND),
    "3NF": _has_form(NormalForm.THIRD, NormalForm.ELEMENTARY_KEY),
    "BCNF": _has_form(NormalForm.BOYCE_CODD),
    "two keys": lambda scheme: len(_keys_of(scheme)) > 1,
    "overlapping keys": _overlapping,
    "bcnf loses": _loses,
    "multivalued": _has_form(NormalForm.BOYCE_CODD),
    "4NF": _has_form(NormalForm.FOURTH),
    "ETNF": _has_form(NormalForm.ESSENTIAL_TUPLE),
}
_DRAWN: dict[str, Callable[[Random, int], Scheme]] = {
    "multivalued": drawn_multivalued,
    "4NF": drawn_joined,
    "ETNF": drawn_joined,
}
_DRAWN_FOR = {"4nf": "multivalued"}

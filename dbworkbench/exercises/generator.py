"""Fresh exercises from a seed, of a wanted shape, each proven by brute force before it is handed out."""

import re
from collections.abc import Callable
from itertools import combinations
from random import Random

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.exercises.asked import questions_about
from dbworkbench.exercises.exercise import KINDS, Exercise, Scheme
from dbworkbench.exercises.higher import chased_form, chased_keys, drawn_joined, drawn_multivalued
from dbworkbench.theory.closure import follows
from dbworkbench.theory.dependencies import FD
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
_NAME = re.compile(r"(?P<shape>[a-z0-9-]+)-(?P<level>[123])-(?P<seed>-?\d{1,18})(?:-(?P<kind>[0-9a-z]+))?")


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
    for _ in range(_ATTEMPTS):
        scheme = _DRAWN[shape](random, level) if shape in _DRAWN else _drawn(random, size, rules)
        if shape and not _FITS[shape](scheme):
            continue
        name = "-".join((_slug(shape), str(level), str(seed), *([question] if question else [])))
        asked = questions_about(name, scheme)
        if not question or any(one.kind == question for one in asked):
            prove(scheme)
            story = f"A relation with the attributes {', '.join(scheme.attributes)}; their names stand for nothing."
            return Exercise(name, f"Seed {seed}", story, scheme, asked, level, "made by the generator")
    what = SHAPES.get(shape, KINDS.get(question, "such"))
    raise Undecided(f"no scheme was met in {_ATTEMPTS} attempts: {what} — try another seed or difficulty")


def remade(name: str) -> Exercise | None:
    """The exercise that `generate` gave that name; None where it gives no such name.

    >>> remade("any-2-3") == generate(3)
    True
    """
    found = _NAME.fullmatch(name)
    if found is None or (found["kind"] and found["kind"] not in KINDS):
        return None
    shape = next((one for one in ("", *SHAPES) if _slug(one) == found["shape"]), None)
    if shape is None:
        return None
    return generate(int(found["seed"]), shape=shape, difficulty=int(found["level"]), question=found["kind"] or "")


def _slug(shape: str) -> str:
    return (shape or "any").replace(" ", "-").lower()


def _drawn(random: Random, size: int, rules: int) -> Scheme:
    names = "ABCDEFGH"[:size]
    found: dict[FD, None] = {}
    while len(found) < rules:
        left = random.sample(names, random.choice((1, 1, 2, 2, 3)[: size - 1]))
        right = random.sample([n for n in names if n not in left], random.choice((1, 1, 2)))
        found.setdefault(FD(frozenset(left), frozenset(right)))
    return Scheme(tuple(names), tuple(found))


def prove(scheme: Scheme) -> None:
    """Check the keys and the form of a scheme against the definitions, over all subsets of its attributes."""
    if not all(isinstance(dependency, FD) for dependency in scheme.dependencies):
        if set(candidate_keys(scheme.attributes, scheme.dependencies)) != chased_keys(scheme):
            raise AssertionError(f"the keys of {scheme} are not those of the definition")
        if normal_form(scheme.attributes, scheme.dependencies) is not chased_form(scheme):
            raise AssertionError(f"the form of {scheme} is not that of the definition")
        return
    if set(candidate_keys(scheme.attributes, scheme.fds)) != brute_keys(scheme):
        raise AssertionError(f"the keys of {scheme} are not those of the definition")
    if normal_form(scheme.attributes, scheme.fds) is not brute_form(scheme):
        raise AssertionError(f"the form of {scheme} is not that of the definition")


def brute_closures(scheme: Scheme) -> dict[frozenset[str], frozenset[str]]:
    """The closure of every subset, by going over the dependencies until nothing changes."""
    found = {}
    for size in range(len(scheme.attributes) + 1):
        for chosen in combinations(scheme.attributes, size):
            known = set(chosen)
            while more := {a for fd in scheme.fds if fd.determinant <= known for a in fd.dependent} - known:
                known |= more
            found[frozenset(chosen)] = frozenset(known)
    return found


def brute_keys(scheme: Scheme) -> set[frozenset[str]]:
    """Every set that determines all attributes and of which no part does."""
    whole = frozenset(scheme.attributes)
    full = [x for x, reach in brute_closures(scheme).items() if reach == whole]
    return {x for x in full if not any(y < x for y in full)}


def brute_form(scheme: Scheme) -> NormalForm:
    """The normal form up to BCNF, from the definitions over every dependency that follows."""
    reach = brute_closures(scheme)
    keys = brute_keys(scheme)
    prime = frozenset[str]().union(*keys)
    whole = frozenset(scheme.attributes)
    full = {(x, a) for x in reach for a in reach[x] - x if not any(a in reach[x - {b}] for b in x)}
    elementary = frozenset[str]().union(*(x for x, _ in full if x in keys))
    no_superkey = [(x, a) for x, a in full if reach[x] != whole]
    if any(a not in prime and any(x < key for key in keys) for x, a in full):
        return NormalForm.FIRST
    if any(a not in prime for _, a in no_superkey):
        return NormalForm.SECOND
    if any(a not in elementary for _, a in no_superkey):
        return NormalForm.THIRD
    return NormalForm.ELEMENTARY_KEY if no_superkey else NormalForm.BOYCE_CODD


def brute_preserving(scheme: Scheme) -> bool:
    """Whether some decomposition into BCNF keeps all dependencies: every subset in BCNF together, as parts, does or not.

    A key of the whole, which may have to be added for the join, is in BCNF itself and loses nothing.
    """
    reach = brute_closures(scheme)
    kept: list[FD] = []
    for part in reach:
        inside = {x: reach[x] & part for x in reach if x <= part}
        if all(within in (x, part) for x, within in inside.items()):
            kept += [FD(x, within) for x, within in inside.items() if within != x]
    return all(follows(fd, kept) for fd in scheme.fds)


def _has_form(*forms: NormalForm) -> Callable[[Scheme], bool]:
    return lambda scheme: normal_form(scheme.attributes, scheme.dependencies) in forms


def _keys_of(scheme: Scheme) -> list[frozenset[str]]:
    return list(candidate_keys(scheme.attributes, scheme.fds))


def _overlapping(scheme: Scheme) -> bool:
    return any(one & other for one, other in combinations(_keys_of(scheme), 2))


def _loses(scheme: Scheme) -> bool:
    return normal_form(scheme.attributes, scheme.fds) < NormalForm.BOYCE_CODD and not brute_preserving(scheme)


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

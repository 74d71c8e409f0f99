"""Schemes drawn at random: attributes named by letters, and dependencies of the kinds asked for."""

from random import Random

from dbworkbench.exercises.exercise import Scheme
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency


def drawn_functional(random: Random, size: int, rules: int) -> Scheme:
    """So many attributes, and so many functional dependencies among them."""
    names = "ABCDEFGH"[:size]
    found: dict[FD, None] = {}
    while len(found) < rules:
        left = random.sample(names, random.choice((1, 1, 2, 2, 3)[: size - 1]))
        right = random.sample([n for n in names if n not in left], random.choice((1, 1, 2)))
        found.setdefault(FD(frozenset(left), frozenset(right)))
    return Scheme(tuple(names), tuple(found))


def drawn_multivalued(random: Random, level: int) -> Scheme:
    """Attributes with one or two multivalued dependencies, and at most one functional one."""
    names = "ABCDE"[: 3 if level == 1 else 4]
    found: dict[Dependency, None] = dict.fromkeys(_functional(random, names, random.choice((0, 0, 1))))
    for _ in range(random.choice((1, 1, 2))):
        left = random.sample(names, random.choice((0, 1, 1, 1, 2)) if level == 3 else 1)
        rest = [name for name in names if name not in left]
        found.setdefault(MVD(frozenset(left), frozenset(random.sample(rest, random.randrange(1, len(rest))))))
    return Scheme(tuple(names), tuple(found))


def drawn_joined(random: Random, level: int) -> Scheme:
    """Attributes with a join dependency of three or four components, and a few functional ones."""
    names = "ABCDE"[: 3 if level == 1 else 4]
    found: dict[Dependency, None] = dict.fromkeys(_functional(random, names, random.choice((0, 1, 1, 2))))
    components = {
        frozenset(random.sample(names, random.randrange(2, len(names)))) for _ in range(random.choice((3, 3, 4)))
    }
    if rest := frozenset(names).difference(*components):
        components.add(rest | {random.choice([name for name in names if name not in rest])})
    found.setdefault(JD(components))
    return Scheme(tuple(names), tuple(found))


def _functional(random: Random, names: str, count: int) -> list[FD]:
    found = []
    for _ in range(count):
        left = random.sample(names, random.choice((1, 2, 2)))
        found.append(FD(frozenset(left), frozenset(random.sample([n for n in names if n not in left], 1))))
    return found

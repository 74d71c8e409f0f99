"""Multivalued and join dependencies: groups in which everything is combined, or functional dependencies in their place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from dbworkbench.population.structure import Structure, structure
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order


@dataclass(frozen=True)
class Star:
    """A relation that is, for each value of `centre`, every combination of the `arms`' parts.

    Made decomposed (centre with each arm) and joined; `among` is the structure of its functional dependencies.
    """

    centre: frozenset[str]
    arms: tuple[frozenset[str], ...]
    among: Structure


def star(names: Sequence[str], dependencies: Collection[Dependency], fds: Collection[FD]) -> Star | None:
    """The star that keeps all multivalued and join dependencies, where one does.

    One does where they all share their determinant (or the components of a join what they have in common), every
    functional dependency stays within the centre and one arm, and none is of the core's kind.
    """
    whole = frozenset(names)
    known = frozenset(fds)
    open_ones = [d for d in in_order(dependencies) if not isinstance(d, FD) and not _implied(d, whole, known)]
    centres: set[frozenset[str]] = set()
    cuts: list[frozenset[str]] = []
    for dependency in open_ones:
        match dependency:
            case MVD(determinant, dependent):
                centres.add(determinant)
                cuts.append(dependent - determinant)
            case JD(components):
                common = frozenset.intersection(*components)
                arms = [component - common for component in components]
                disjoint = sum(map(len, arms)) == len(frozenset().union(*arms))
                if not disjoint or dependency.attributes != whole:
                    return None
                centres.add(common)
                cuts += arms
    if len(centres) != 1:
        return None
    centre = centres.pop()
    blocks = [whole - centre]
    for cut in cuts:
        blocks = [part for block in blocks for part in (block & cut, block - cut) if part]
    place = {name: at for at, name in enumerate(names)}
    blocks.sort(key=lambda block: min(place[name] for name in block))
    known = _coalesced(centre, blocks, known)
    among = structure(names, known)
    if len(blocks) < 2:
        return None
    sides = [centre | block for block in blocks]
    constant = frozenset(among.constant)
    for members in map(frozenset, among.classes.values()):
        if not any(members <= part for part in (centre, *blocks)):
            return None
    for name, held in among.built.items():
        if len(held) != 1 or among.sources[held[0]] != {name}:
            return None
    for name, given in among.derived.items():
        home = centre if name in centre else next(side for side in sides if name in side)
        if not frozenset(given) - constant <= home:
            return None
    return Star(centre, tuple(blocks), among)


def _coalesced(centre: frozenset[str], blocks: list[frozenset[str]], fds: frozenset[FD]) -> frozenset[FD]:
    """With what follows from centre ↠ block and V → A for A in the block and V outside it: centre → A."""
    found = fds
    for block in blocks:
        reach = frozenset[str]()
        for fd in fds:
            if not fd.determinant & block:
                reach |= fd.dependent & block
        if reach:
            found |= {FD(centre, reach)}
    return found


def strengthened(names: Sequence[str], dependencies: Collection[Dependency], fds: Collection[FD]) -> frozenset[FD]:
    """`fds` with as few more as make every multivalued and join dependency hold: X → Y for X ↠ Y."""
    whole = frozenset(names)
    known = frozenset(fds)
    for dependency in in_order(dependencies):
        if isinstance(dependency, FD) or _implied(dependency, whole, known):
            continue
        match dependency:
            case MVD(determinant, dependent):
                rest = whole - determinant - dependent
                left = dependent - determinant
                known |= {FD(determinant, min(left, rest, key=lambda side: (len(side), sorted(side))))}
            case JD(components):
                parts = sorted(components, key=lambda component: (-len(component), sorted(component)))
                joined, others = parts[0], parts[1:]
                while others:
                    nearest = max(others, key=lambda component: (len(component & joined), sorted(component)))
                    others.remove(nearest)
                    common = joined & nearest
                    reach = closure(common, known)
                    if not nearest <= reach and not joined <= reach:
                        known |= {FD(common, nearest - common)}
                    joined |= nearest
    return known


def _implied(dependency: MVD | JD, whole: frozenset[str], fds: frozenset[FD]) -> bool:
    """Whether the functional dependencies alone make it hold."""
    match dependency:
        case MVD(determinant, dependent):
            reach = closure(determinant, fds)
            return dependent <= reach or whole - dependent <= reach
        case JD(components):
            return any(component >= dependency.attributes for component in components)

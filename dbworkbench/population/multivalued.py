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
    fds: frozenset[FD]


def star(names: Sequence[str], dependencies: Collection[Dependency], fds: Collection[FD]) -> Star | None:
    """A star that keeps all multivalued and join dependencies, where one is found: the one with the most arms.

    Its centre is the determinant of a multivalued dependency, or what components of a join have in common. Those of
    another centre are kept by functional ones. None where a functional dependency reaches from one arm into another
    or is of the core's kind.
    """
    whole = frozenset(names)
    known = frozenset(fds)
    open_ones = [d for d in in_order(dependencies) if not isinstance(d, FD) and not _implied(d, whole, known)]
    found: list[Star] = []
    for centre in dict.fromkeys(centre for dependency in open_ones for centre in _centres(dependency)):
        cuts: list[frozenset[str]] = []
        others: list[Dependency] = []
        for dependency in open_ones:
            cut, left = _cut(dependency, centre, whole)
            cuts += cut
            others += left
        blocks = [whole - centre]
        for cut_ in cuts:
            blocks = [part for block in blocks for part in (block & cut_, block - cut_) if part]
        made = _star(names, centre, blocks, strengthened(names, others, known))
        if made is not None:
            found.append(made)
    return max(found, key=lambda made: len(made.arms), default=None)


def _centres(dependency: MVD | JD) -> list[frozenset[str]]:
    match dependency:
        case MVD(determinant):
            return [determinant]
        case JD(components):
            ordered = sorted(components, key=sorted)
            return [first & second for at, first in enumerate(ordered) for second in ordered[at + 1 :]]


def _cut(
    dependency: MVD | JD, centre: frozenset[str], whole: frozenset[str]
) -> tuple[list[frozenset[str]], list[Dependency]]:
    """The parts into which a dependency cuts what is outside a centre, and what is left of it to be kept within them."""
    match dependency:
        case MVD(determinant, dependent):
            return ([dependent - centre], []) if determinant == centre else ([], [dependency])
        case JD(components):
            parts = _apart(components, centre)
            if dependency.attributes != whole or len(parts) < 2:
                return [], [dependency]
            left: list[Dependency] = []
            for part in parts:
                inside = frozenset(component for component in components if component <= part | centre)
                if len(inside) > 1 or frozenset().union(*inside) < part | centre:
                    left.append(JD(inside | {centre}))
            return parts, left


def _apart(components: Collection[frozenset[str]], centre: frozenset[str]) -> list[frozenset[str]]:
    """What components hang together in when a centre is taken out of them."""
    parts: list[frozenset[str]] = []
    for component in sorted(components, key=sorted):
        rest = component - centre
        if rest:
            touching = [part for part in parts if part & rest]
            parts = [*(part for part in parts if not part & rest), rest.union(*touching)]
    return parts


def _star(names: Sequence[str], centre: frozenset[str], arms: list[frozenset[str]], fds: frozenset[FD]) -> Star | None:
    """The star of a centre and arms, where the functional dependencies let it be one."""
    place = {name: at for at, name in enumerate(names)}
    blocks = sorted(arms, key=lambda block: min(place[name] for name in block))
    if len(blocks) < 2:
        return None
    known = _coalesced(centre, blocks, fds)
    among = structure(names, known)
    sides = [centre | block for block in blocks]
    constant = frozenset(among.constant)
    for members in map(frozenset, among.classes.values()):
        if not any(members <= part for part in (centre, *blocks)):
            return None
    for name, held in among.built.items():
        if len(held) != 1 or among.sources[held[0]] != {name}:
            return None
    for name, before in among.derived.items():
        home = centre if name in centre else next(side for side in sides if name in side)
        if not frozenset(before) - constant <= home:
            return None
    return Star(centre, tuple(blocks), among, known)


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

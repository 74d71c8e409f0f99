"""Subject areas: which relations of a large schema belong together, and what each group is called.

Communities of the graph of references (see `communities.py`). A reference to a hub,
which half the schema refers to, says little about belonging, so it weighs less; names that begin alike pull a little.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from dbworkbench.diagram.communities import communities
from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.relation import Relation

MOST = 20  # relations of an area
LEAST = 4
OTHER = "Other"
_SHARED = 0.25  # how much a common first word binds
_RUNS = 8
_FINENESS = 1.0  # the resolution of communities
_HUB = 2  # more references than this to one relation begin to weigh less
_COMMON = 14  # relations that share a word, beyond which it says nothing


_Bonds = list[dict[int, float]]


@dataclass(frozen=True, slots=True)
class Area:
    """A named group of relations, in the schema's order."""

    name: str
    relations: tuple[str, ...]


def areas_given(relations: Sequence[Relation], given: Mapping[str, Collection[str]]) -> tuple[Area, ...]:
    """The areas a person chose (name to relations); relations in none of them are left to an area of their own.

    Raises UnknownName for a relation that is not there, DesignError for one that stands in two areas.
    """
    order = [relation.name for relation in relations]
    home: dict[str, str] = {}
    for area, members in given.items():
        for name in [members] if isinstance(members, str) else members:
            if name not in order:
                raise UnknownName("relation", name, order)
            if name in home:
                raise DesignError(f"{name!r} stands in the areas {home[name]!r} and {area!r} — choose one")
            home[name] = area
    left = OTHER
    while left in given:
        left += " "
    found = {area: tuple(name for name in order if home.get(name) == area) for area in given}
    found[left] = tuple(name for name in order if name not in home)
    return tuple(Area(area, members) for area, members in found.items() if members)


def areas_kept(relations: Sequence[Relation], before: Sequence[Area]) -> tuple[Area, ...]:
    """The areas as they were: new relations join the area that they are bound to most, or whose names are most alike."""
    names = [relation.name for relation in relations]
    bonds = _bonds(relations, names)
    place = {name: at for at, name in enumerate(names)}
    home = {place[name]: at for at, area in enumerate(before) for name in area.relations if name in place}
    for one in range(len(names)):
        if one not in home:
            pulls = Counter[int]()
            for other, weight in bonds[one].items():
                if other in home:
                    pulls[home[other]] += round(weight * 1000)
            alike = max(home, key=lambda other: (_alikeness(names[one], names[other]), -other), default=None)
            home[one] = pulls.most_common(1)[0][0] if pulls else home[alike] if alike is not None else 0
    found = [tuple(names[one] for one in sorted(home) if home[one] == at) for at in range(len(before))]
    return tuple(Area(area.name, members) for area, members in zip(before, found, strict=True) if members)


def areas_found(relations: Sequence[Relation]) -> tuple[Area, ...]:
    """Areas of at most about twenty relations each, in the order of their first relations; the same every time."""
    names = [relation.name for relation in relations]
    bonds = _bonds(relations, names)
    groups: list[list[int]] = []
    spaces = _spaces(names)
    for part in spaces or _connected(bonds):
        groups += _communities(part, bonds, depth=1 if spaces else 0)
    groups = groups if spaces else _gathered(groups, bonds, names)
    return _named(sorted(groups), relations, names)


def _spaces(names: Sequence[str]) -> list[list[int]]:
    """The relations by the schemas that their names tell (`sales.orders`), where nearly all do; else nothing."""
    spaces: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        space, dot, _ = name.rpartition(".")
        spaces.setdefault(space if dot else "", []).append(at)
    return list(spaces.values()) if len(spaces) > 2 and len(spaces.get("", ())) * 5 < len(names) else []


def words(name: str) -> list[str]:
    """The words of a name: parted by signs, or by capitals.

    >>> words("SalesOrderHeader"), words("person.address_type")
    (['sales', 'order', 'header'], ['person', 'address', 'type'])
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word.casefold() for word in re.split(r"[\W_]+", parted) if word]


def _bonds(relations: Sequence[Relation], names: Sequence[str]) -> _Bonds:
    """How strongly relations, by their numbers, belong together."""
    place = {name: at for at, name in enumerate(names)}
    bonds: _Bonds = [{} for _ in names]
    pairs = [(place[r.name], place[fk.relation]) for r in relations for fk in r.foreign_keys if fk.relation in place]
    pairs = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
    referred = Counter(target for _, target in pairs)
    for source, target in pairs:
        _bind(bonds, source, target, 1 / (1 + math.log1p(max(0, referred[target] - _HUB))))
    for members in _alike(names).values():
        if 1 < len(members) <= _COMMON:
            for at, one in enumerate(members):
                for other in members[at + 1 :]:
                    _bind(bonds, place[one], place[other], _SHARED * 4 / (2 + len(members)))
    return bonds


def _bind(bonds: _Bonds, one: int, other: int, weight: float) -> None:
    for here, there in ((one, other), (other, one)):
        bonds[here][there] = bonds[here].get(there, 0.0) + weight


def _connected(bonds: _Bonds) -> list[list[int]]:
    """The parts that hang together, each in order."""
    parts: list[list[int]] = []
    seen: set[int] = set()
    for start in range(len(bonds)):
        if start in seen:
            continue
        seen.add(start)
        part = [start]
        for at in part:
            for other in bonds[at]:
                if other not in seen:
                    seen.add(other)
                    part.append(other)
        parts.append(sorted(part))
    return parts


def _alike(names: Iterable[str]) -> dict[str, list[str]]:
    """Relations by the word or words their names begin with; a schema's name (`sales.orders`) counts too."""
    found: dict[str, list[str]] = {}
    for name in names:
        said = words(name)
        for length in (1, 2):
            if len(said) >= length:
                found.setdefault(" ".join(said[:length]), []).append(name)
    return found


def _communities(members: list[int], bonds: _Bonds, depth: int = 0) -> list[list[int]]:
    """Louvain's communities, those too large divided again, more finely."""
    if len(members) <= LEAST or (depth and len(members) <= MOST):
        return [members]
    runs = max(2, min(_RUNS, _RUNS * 100 // len(members)))
    found = communities(members, bonds, _FINENESS * 1.3**depth, runs)
    if len(found) == 1:
        return [members] if len(members) <= MOST else _pieces(members)
    return [part for group in found for part in _communities(group, bonds, depth + 1)]


def _pieces(members: list[int]) -> list[list[int]]:
    """A group that nothing divides, in pieces that fit."""
    size = math.ceil(len(members) / math.ceil(len(members) / MOST))
    return [members[at : at + size] for at in range(0, len(members), size)]


def _gathered(groups: list[list[int]], bonds: _Bonds, names: Sequence[str]) -> list[list[int]]:
    """Small groups join the one they are bound to most; those bound to none are gathered."""
    home = {one: at for at, group in enumerate(groups) for one in group}
    sizes = [len(group) for group in groups]
    for at in sorted(range(len(groups)), key=lambda at: (sizes[at], groups[at])):
        if sizes[at] >= LEAST:
            continue
        pulls: dict[int, float] = {}
        for one in groups[at]:
            for other, weight in bonds[one].items():
                there = home[other]
                if there != at and sizes[there] + sizes[at] <= MOST + LEAST:
                    pulls[there] = pulls.get(there, 0.0) + weight
        if pulls:
            best = min(pulls, key=lambda there: (-pulls[there], there))
            home |= dict.fromkeys(groups[at], best)
            groups[best] = sorted(groups[best] + groups[at])
            sizes[best], sizes[at], groups[at] = sizes[best] + sizes[at], 0, []
    large = [group for group in groups if len(group) >= LEAST]
    small = sorted(one for group in groups if len(group) < LEAST for one in group)
    if len(small) >= LEAST or not large:
        return large + (_pieces(small) if small else [])
    for one in small:
        max(
            large, key=lambda group: (max(_alikeness(names[one], names[other]) for other in group), -len(group))
        ).append(one)
    return [sorted(group) for group in large]


def _alikeness(one: str, other: str) -> int:
    """How many letters two names begin with alike."""
    pairs = zip(one.casefold(), other.casefold(), strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _named(groups: Sequence[Sequence[int]], relations: Sequence[Relation], names: Sequence[str]) -> tuple[Area, ...]:
    """Each group called after the words its names share, or after its hub; no name twice."""
    links = {relation.name: {fk.relation for fk in relation.foreign_keys} for relation in relations}
    order = {name: at for at, name in enumerate(names)}
    taken: set[str] = set()
    areas = []
    for group in groups:
        members = tuple(names[at] for at in group)
        inside = set(members)
        bonds = Counter[str]()
        for name in members:
            for target in links[name] & inside - {name}:
                bonds[target] += 2
                bonds[name] += 1
        name = next(title for title in _titles(members, bonds, order) if title not in taken)
        taken.add(name)
        areas.append(Area(name, members))
    return tuple(areas)


def _titles(members: Sequence[str], bonds: Counter[str], order: Mapping[str, int]) -> Iterable[str]:
    """Names for a group, the best first."""
    spaces = {name.rpartition(".")[0] for name in members}
    if len(spaces) == 1 and "" not in spaces:
        yield from spaces
    shared = [
        (len(found), len(prefix), prefix)
        for prefix, found in _alike(members).items()
        if len(found) * 2 > len(members) and len(prefix) > 2
    ]
    for _, _, prefix in sorted(shared, key=lambda one: (-one[0], -one[1], one[2])):
        yield prefix
    if not bonds:
        yield from (OTHER, *(f"{OTHER} {at}" for at in range(2, len(order) + 2)))
        return
    hubs = sorted(members, key=lambda name: (-bonds[name], order[name]))
    for hub in hubs:
        yield " ".join(words(hub)) or hub
    yield from (f"{hubs[0]} {at}" for at in range(2, len(order) + 2))

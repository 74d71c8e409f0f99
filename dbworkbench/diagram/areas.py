"""Subject areas: which relations of a large schema belong together, and what each group is called.

Communities of the graph of references (Louvain: Blondel, Guillaume, Lambiotte & Lefebvre 2008). A reference to a hub,
which half the schema refers to, says little about belonging, so it weighs less; names that begin alike pull a little.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.relation import Relation

if TYPE_CHECKING:
    import networkx as nx

MOST = 20  # relations of an area
LEAST = 4
OTHER = "Other"
_SHARED = 0.25  # how much a common first word binds
_RUNS = 8
_FINENESS = 1.0  # the resolution of communities
_HUB = 2  # more references than this to one relation begin to weigh less
_COMMON = 14  # relations that share a word, beyond which it says nothing


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


def areas_found(relations: Sequence[Relation]) -> tuple[Area, ...]:
    """Areas of at most about twenty relations each, in the order of their first relations; the same every time."""
    import networkx as nx  # noqa: PLC0415  only large schemas need it

    order = {relation.name: at for at, relation in enumerate(relations)}
    graph = _bonds(relations, order)
    groups: list[set[str]] = []
    for part in sorted(nx.connected_components(graph), key=lambda found: min(order[name] for name in found)):
        groups += _communities(graph.subgraph(part), order)
    groups = _gathered(groups, graph, order)
    groups.sort(key=lambda group: min(order[name] for name in group))
    return _named(groups, relations, order)


def words(name: str) -> list[str]:
    """The words of a name: parted by signs, or by capitals.

    >>> words("SalesOrderHeader"), words("person.address_type")
    (['sales', 'order', 'header'], ['person', 'address', 'type'])
    """
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return [word.casefold() for word in re.split(r"[\W_]+", parted) if word]


def _bonds(relations: Sequence[Relation], order: Mapping[str, int]) -> "nx.Graph[str]":
    """How strongly relations belong together."""
    import networkx as nx  # noqa: PLC0415  the caller has loaded it

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(order)
    pairs = [(r.name, fk.relation) for r in relations for fk in r.foreign_keys if fk.relation in order]
    pairs = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
    referred = Counter(target for _, target in pairs)
    for source, target in pairs:
        weight = 1 / (1 + math.log1p(max(0, referred[target] - _HUB)))
        _bind(graph, source, target, weight)
    for members in _alike(order).values():
        if 1 < len(members) <= _COMMON:
            for at, one in enumerate(members):
                for other in members[at + 1 :]:
                    _bind(graph, one, other, _SHARED * 4 / (2 + len(members)))
    return graph


def _bind(graph: "nx.Graph[str]", one: str, other: str, weight: float) -> None:
    if graph.has_edge(one, other):
        graph[one][other]["weight"] += weight
    else:
        graph.add_edge(one, other, weight=weight)


def _alike(names: Iterable[str]) -> dict[str, list[str]]:
    """Relations by the word or words their names begin with; a schema's name (`sales.orders`) counts too."""
    found: dict[str, list[str]] = {}
    for name in names:
        said = words(name)
        for length in (1, 2):
            if len(said) >= length:
                found.setdefault(" ".join(said[:length]), []).append(name)
    return found


def _communities(graph: "nx.Graph[str]", order: Mapping[str, int]) -> list[set[str]]:
    """Louvain's communities, those too large divided again."""
    import networkx as nx  # noqa: PLC0415  the same

    if len(graph) <= LEAST:
        return [set(graph)]
    ordered: nx.Graph[str] = nx.Graph()
    names: list[str] = sorted(graph, key=order.__getitem__)
    ordered.add_nodes_from(names)
    ordered.add_edges_from(sorted(graph.edges(data=True), key=lambda edge: (order[edge[0]], order[edge[1]])))
    found = _best(ordered, _FINENESS)
    groups: list[set[str]] = []
    for group in sorted(found, key=lambda names: min(order[name] for name in names)):
        if len(group) <= MOST:
            groups.append(group)
            continue
        inner = _best(ordered.subgraph(sorted(group, key=order.__getitem__)), _FINENESS * 1.3)
        if len(inner) > 1 and max(map(len, inner)) < len(group):
            for part in sorted(inner, key=lambda names: min(order[name] for name in names)):
                groups += _communities(ordered.subgraph(part), order) if len(part) > MOST else [set(part)]
        else:
            groups += _halved(sorted(group, key=order.__getitem__))
    return groups


def _best(graph: "nx.Graph[str]", resolution: float) -> list[set[str]]:
    """The best of several runs: what is best changes less with the schema than what one run happens to find."""
    import networkx as nx  # noqa: PLC0415  the same

    def worth(found: list[set[str]]) -> float:
        return round(float(nx.community.modularity(graph, found, weight="weight", resolution=resolution)), 9)

    runs = max(2, min(_RUNS, _RUNS * 150 // len(graph)))
    tried = (
        nx.community.louvain_communities(graph, weight="weight", resolution=resolution, seed=seed)
        for seed in range(runs)
    )
    return max(tried, key=worth)


def _halved(names: list[str]) -> list[set[str]]:
    """A group that nothing divides, in pieces that fit."""
    count = math.ceil(len(names) / MOST)
    size = math.ceil(len(names) / count)
    return [set(names[at : at + size]) for at in range(0, len(names), size)]


def _gathered(groups: list[set[str]], graph: "nx.Graph[str]", order: Mapping[str, int]) -> list[set[str]]:
    """Small groups join the one they are bound to most; those bound to none are gathered."""
    home = {name: at for at, group in enumerate(groups) for name in group}
    sizes = [len(group) for group in groups]
    for at in sorted(range(len(groups)), key=lambda at: (sizes[at], min(order[name] for name in groups[at]))):
        if sizes[at] >= LEAST:
            continue
        pulls: dict[int, float] = {}
        for name in sorted(groups[at], key=order.__getitem__):
            for other, bond in graph[name].items():
                if home[other] != at and sizes[home[other]] + sizes[at] <= MOST + LEAST:
                    pulls[home[other]] = pulls.get(home[other], 0) + bond["weight"]
        if pulls:
            best = min(pulls, key=lambda there: (-pulls[there], there))
            for name in groups[at]:
                home[name] = best
            groups[best] |= groups[at]
            sizes[best] += sizes[at]
            groups[at], sizes[at] = set(), 0
    large = [group for group in groups if len(group) >= LEAST]
    small = sorted((name for group in groups if len(group) < LEAST for name in group), key=order.__getitem__)
    if len(small) >= LEAST or not large:
        return large + (_halved(small) if small else [])
    for name in small:
        max(large, key=lambda group: (max(_alikeness(name, other) for other in group), -len(group))).add(name)
    return large


def _alikeness(one: str, other: str) -> int:
    return next(
        (at for at, (a, b) in enumerate(zip(one.casefold(), other.casefold(), strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _named(groups: Sequence[set[str]], relations: Sequence[Relation], order: Mapping[str, int]) -> tuple[Area, ...]:
    """Each group called after the words its names share, or after its hub; no name twice."""
    links = {relation.name: {fk.relation for fk in relation.foreign_keys} for relation in relations}
    taken: set[str] = set()
    areas = []
    for group in groups:
        members = tuple(sorted(group, key=order.__getitem__))
        bonds = Counter[str]()
        for name in members:
            for target in links[name] & group - {name}:
                bonds[target] += 2
                bonds[name] += 1
        name = next(title for title in _titles(members, bonds, order) if title not in taken)
        taken.add(name)
        areas.append(Area(name, members))
    return tuple(areas)


def _titles(members: Sequence[str], bonds: Counter[str], order: Mapping[str, int]) -> Iterable[str]:
    """Names for a group, the best first."""
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

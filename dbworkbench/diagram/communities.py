"""Groups of a weighted graph that hold together more than chance would have it.

The method of Louvain (Blondel, Guillaume, Lambiotte & Lefebvre 2008), from several orders; the best by modularity with
a resolution (Newman & Girvan 2004; Reichardt & Bornholdt 2006) is kept, since what is best changes less with the graph
than what one run happens to find. The same graph gives the same groups, whatever the version of Python.
"""

from collections.abc import Mapping, Sequence
from itertools import cycle

_ENOUGH = 1e-9  # gains smaller than this are none
_STEP, _TURN = 1_103_515_245, 12_345  # a linear congruence (POSIX): an order that every machine has alike


def communities(
    members: Sequence[int], bonds: Sequence[Mapping[int, float]], resolution: float, runs: int
) -> list[list[int]]:
    """The members in groups, each in order; `bonds` holds how strongly each number is bound to which others.

    >>> pairs = [{1: 1.0}, {0: 1.0}, {3: 1.0}, {2: 1.0}]
    >>> communities([0, 1, 2, 3], pairs, 1.0, runs=2)
    [[0, 1], [2, 3]]
    """
    place = {one: at for at, one in enumerate(members)}
    near = [{place[other]: weight for other, weight in bonds[one].items() if other in place} for one in members]
    total = sum(sum(links.values()) for links in near)
    if not total:
        return [list(members)]
    best: list[int] = []
    most = -1.0
    for run in range(runs):
        labels = _louvain(near, total, resolution, run)
        worth = round(_modularity(labels, near, total, resolution), 9)
        if worth > most:
            best, most = labels, worth
    groups: dict[int, list[int]] = {}
    for one, label in zip(members, best, strict=True):
        groups.setdefault(label, []).append(one)
    return sorted(sorted(group) for group in groups.values())


def _shuffled(count: int, run: int) -> list[int]:
    """The numbers below `count`, in an order of the run's own; the first run keeps their order."""
    order = list(range(count))
    state = run
    for at in range(count - 1, 0, -1) if run else ():
        state = (state * _STEP + _TURN) & 0x7FFFFFFF
        other = (state >> 8) % (at + 1)
        order[at], order[other] = order[other], order[at]
    return order


def _louvain(near: list[dict[int, float]], total: float, resolution: float, run: int) -> list[int]:
    """A label for each node: nodes move to where they gain most, then groups become nodes, until nothing gains."""
    labels = list(range(len(near)))
    strength = [sum(links.values()) for links in near]
    while True:
        found = _moved(near, strength, total, resolution, _shuffled(len(near), run))
        kinds = {label: at for at, label in enumerate(dict.fromkeys(found))}
        labels = [kinds[found[label]] for label in labels]
        if len(kinds) == len(near):
            return labels
        merged: list[dict[int, float]] = [{} for _ in kinds]
        strong = [0.0] * len(kinds)
        for one, links in enumerate(near):
            here = kinds[found[one]]
            strong[here] += strength[one]
            for other, weight in links.items():
                there = kinds[found[other]]
                if there != here:
                    merged[here][there] = merged[here].get(there, 0.0) + weight
        near, strength = merged, strong


def _moved(
    near: Sequence[Mapping[int, float]],
    strength: Sequence[float],
    total: float,
    resolution: float,
    order: Sequence[int],
) -> list[int]:
    label = list(range(len(near)))
    mass = list(strength)
    share = resolution / total
    settled = 0
    for one in cycle(order):
        here, own = label[one], strength[one]
        pulls = {here: 0.0}
        for other, weight in near[one].items():
            there = label[other]
            pulls[there] = pulls.get(there, 0.0) + weight
        mass[here] -= own
        pressure = share * own
        best, most = here, pulls[here] - pressure * mass[here] + _ENOUGH
        for there, pull in pulls.items():
            gain = pull - pressure * mass[there]
            if gain > most:
                best, most = there, gain + _ENOUGH
        mass[best] += own
        settled = settled + 1 if best == here else 0
        label[one] = best
        if settled == len(near):  # each was looked at since the last move
            break
    return label


def _modularity(labels: Sequence[int], near: Sequence[Mapping[int, float]], total: float, resolution: float) -> float:
    within = 0.0
    mass: dict[int, float] = {}
    for one, links in enumerate(near):
        here = labels[one]
        mass[here] = mass.get(here, 0.0) + sum(links.values())
        within += sum(weight for other, weight in links.items() if labels[other] == here)
    return within / total - resolution * sum((held / total) ** 2 for held in mass.values())

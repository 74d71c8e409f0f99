"""A few cards in ranks from left to right, without an engine: what a layout starts from where Graphviz would take longer
to be asked than to answer.

Ranks are longest paths once the links that close cycles are turned; within ranks, cards go to the median of what they
are linked with, there and back (Sugiyama, Tagawa & Toda 1981).
"""

from collections.abc import Sequence

from dbworkbench.diagram.fitting import Columns, Link, Node
from dbworkbench.diagram.theme import MEASURES as M

SMALL = 48
_SWEEPS = 6


def ranked(nodes: Sequence[Node], links: Sequence[Link]) -> Columns:
    """The cards of a connected drawing in ranks, each with the height wished for its middle."""
    at = {node.name: number for number, node in enumerate(nodes)}
    pairs = list(dict.fromkeys((at[link.parent], at[link.child]) for link in links if link.parent != link.child))
    forward = _acyclic(pairs, len(nodes))
    rank = _longest(forward, len(nodes))
    ranks: list[list[int]] = [[] for _ in range(max(rank) + 1)]
    for one, level in enumerate(rank):
        ranks[level].append(one)
    rows: list[list[tuple[int, float]]] = [
        [] for _ in nodes
    ]  # of each card: what it is linked with, and how much lower
    for link in links:
        parent, child = at[link.parent], at[link.child]
        if parent != child:
            rows[parent].append((child, link.child_y - link.parent_y))
            rows[child].append((parent, link.parent_y - link.child_y))
    heights = [node.height for node in nodes]
    top = [0.0] * len(nodes)
    for stack in ranks:
        _stack(stack, heights, top)
    for sweep in range(_SWEEPS):
        order = range(len(ranks)) if sweep % 2 == 0 else range(len(ranks) - 1, -1, -1)
        for level in order:
            way = -1 if sweep % 2 == 0 else 1  # towards the ranks that stand already
            wished = {}
            for one in ranks[level]:
                pulls = [top[other] + off for other, off in rows[one] if rank[other] == level + way]
                pulls = pulls or [top[other] + off for other, off in rows[one] if (rank[other] - level) * way > 0]
                wished[one] = sum(pulls) / len(pulls) if pulls else top[one]
            ranks[level].sort(key=lambda one: (wished[one], one))
            _stack(ranks[level], heights, top)
    return [[(nodes[one].name, top[one] + heights[one] / 2) for one in stack] for stack in ranks]


def _acyclic(pairs: Sequence[tuple[int, int]], count: int) -> list[list[int]]:
    """The children of each card, the links that close a cycle turned round."""
    children: list[list[int]] = [[] for _ in range(count)]
    for parent, child in pairs:
        children[parent].append(child)
    referring = [0] * count
    for _, child in pairs:
        referring[child] += 1
    forward: list[list[int]] = [[] for _ in range(count)]
    state = [0] * count  # 1 on the way, 2 done
    for start in sorted(range(count), key=lambda one: (referring[one], one)):
        if state[start]:
            continue
        state[start] = 1
        way = [(start, iter(children[start]))]
        while way:
            one, rest = way[-1]
            following = next(rest, None)
            if following is None:
                state[one] = 2
                way.pop()
            elif state[following] == 1:
                forward[following].append(one)
            else:
                forward[one].append(following)
                if not state[following]:
                    state[following] = 1
                    way.append((following, iter(children[following])))
    return forward


def _longest(forward: Sequence[Sequence[int]], count: int) -> list[int]:
    """The rank of each card: how many links lead to it at most; cards with children only stand beside the first of them."""
    waiting = [0] * count
    for children in forward:
        for child in children:
            waiting[child] += 1
    sources = {one for one in range(count) if not waiting[one]}
    rank = [0] * count
    ready = sorted(sources)
    for one in ready:
        for child in forward[one]:
            rank[child] = max(rank[child], rank[one] + 1)
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    for one in sources:
        if forward[one]:
            rank[one] = min(rank[child] for child in forward[one]) - 1
    return rank


def _stack(level: Sequence[int], heights: Sequence[float], top: list[float]) -> None:
    """Stack a rank's cards around the axis, in order."""
    y = -(sum(heights[one] for one in level) + M.between * (len(level) - 1)) / 2
    for one in level:
        top[one] = y
        y += heights[one] + M.between

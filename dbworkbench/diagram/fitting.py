"""Fitting columns of cards to a page: short ways between linked rows, and letters as large as possible.

A local search (Aarts & Lenstra 1997) from the best of a few starts: a card moves to the place where the drawing gains
most, until nothing gains or the moves allowed are used up. It is deterministic.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dbworkbench.diagram.theme import MEASURES as M

CHANNEL = 2 * M.stub + 2 * M.lane  # between columns, about
PAGE = (1100.0, 900.0)  # what a notebook or a page shows without scrolling
_FRAME = (2 * M.margin, 2 * M.margin + 70)
STACKING = 90.0
_STARTS = 7  # numbers of columns tried


@dataclass(frozen=True, slots=True)
class Node:
    """A card as the layout sees it."""

    name: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Link:
    """A line wanted: from the parent (drawn left if possible) to the child, at heights within their cards."""

    parent: str
    parent_y: float
    child: str
    child_y: float


Columns = list[list[tuple[str, float]]]
_Stacks = list[list[int]]


def fitted(  # noqa: PLR0917  two starts, and what they are judged by
    placed: Columns, shaped: Columns, nodes: Sequence[Node], links: Sequence[Link], tries: int, stacking: float
) -> Columns:
    """The ranks `placed`, or as they were `shaped`, arranged to fit a page: at most `tries` moves are tried.

    `stacking` is what it costs, in pixels of way, when both ends of a link stand in one column.
    """
    fit = _Fit(nodes, links, stacking)
    at = fit.at
    order = [at[name] for rank in placed for name, _ in rank]
    starts = [[[at[name] for name, _ in column] for column in columns] for columns in (shaped, placed)]
    starts += [fit.split(order, count) for count in range(2, min(_STARTS + 2, len(nodes)))]
    best = min(starts, key=fit.cost)
    if best is starts[0] and fit.scale(best) <= 1 and stacking == STACKING:
        return shaped
    best = fit.search(best, tries)
    return [[(nodes[node].name, y) for node, y in zip(stack, fit.middles(stack), strict=True)] for stack in best]


def kept(nodes: Sequence[Node], links: Sequence[Link], places: Mapping[str, tuple[float, float]]) -> Columns | None:
    """The columns in which cards stood before, by their old places; new cards where they fit best.

    Nothing where fewer than half of the cards have an old place.
    """
    fit = _Fit(nodes, links, STACKING)
    known = sorted((places[node.name], fit.at[node.name]) for node in nodes if node.name in places)
    if len(known) * 2 < len(nodes):
        return None
    stacks: _Stacks = []
    before = -math.inf
    for (x, _), node in known:
        if x - before > 3:
            stacks.append([])
        stacks[-1].append(node)
        before = x
    old = {node: place[1] for place, node in known}
    for stack in stacks:
        stack.sort(key=old.__getitem__)
    for new in nodes:
        if new.name not in places:
            here = fit.at[new.name]
            choices = [stacked for place in range(len(stacks) + 1) for stacked in fit.insertions(stacks, place, here)]
            stacks = min(choices, key=fit.cost)
    return [[(nodes[node].name, y) for node, y in zip(stack, fit.middles(stack), strict=True)] for stack in stacks]


class _Fit:
    """Sizes and links by number, for costs that are computed often."""

    def __init__(self, nodes: Sequence[Node], links: Sequence[Link], stacking: float) -> None:
        self.stacking = stacking
        self.at = {node.name: number for number, node in enumerate(nodes)}
        self.wide = [node.width for node in nodes]
        self.high = [node.height for node in nodes]
        self.links = [
            (self.at[link.parent], link.parent_y, self.at[link.child], link.child_y)
            for link in links
            if link.parent != link.child
        ]

    def split(self, order: Sequence[int], count: int) -> _Stacks:
        """The cards in the order of their ranks, dealt to `count` columns of about the same height."""
        total = sum(self.high[node] + M.between for node in order)
        stacks: _Stacks = [[] for _ in range(count)]
        filled = 0.0
        for node in order:
            high = self.high[node] + M.between
            stacks[min(count - 1, int((filled + high / 2) * count / total))].append(node)
            filled += high
        return [stack for stack in stacks if stack]

    def middles(self, stack: Sequence[int]) -> list[float]:
        """Heights of the middles of cards stacked around the axis."""
        y = -(sum(self.high[node] for node in stack) + M.between * (len(stack) - 1)) / 2
        found = []
        for node in stack:
            found.append(y + self.high[node] / 2)
            y += self.high[node] + M.between
        return found

    def extent(self, stacks: _Stacks) -> tuple[float, float]:
        """Width and height of the drawing, about."""
        wide = sum(max(self.wide[node] for node in stack) + CHANNEL for stack in stacks) - CHANNEL
        high = max(sum(self.high[node] for node in stack) + M.between * (len(stack) - 1) for stack in stacks)
        return wide + _FRAME[0], high + _FRAME[1]

    def scale(self, stacks: _Stacks) -> float:
        """How many times larger than the page the drawing is."""
        wide, high = self.extent(stacks)
        return max(wide / PAGE[0], high / PAGE[1])

    def cost(self, stacks: _Stacks, bound: float = math.inf) -> float:
        """What is to be made small: the drawing against the page, and the mean way along the links.

        What is at least `bound` may be told as it stands, before the links are looked at.
        """
        column, top = [-1] * len(self.wide), [0.0] * len(self.wide)
        highs, wides, between = self.high, self.wide, M.between
        centres = []
        tallest = wide = 0.0
        for place, stack in enumerate(stacks):
            below = widest = 0.0
            for node in stack:
                column[node], top[node] = place, below
                below += highs[node] + between
                widest = max(widest, wides[node])
            below -= between
            centres.append(below / 2)
            tallest = max(tallest, below)
            wide += widest + CHANNEL
        wide += _FRAME[0] - CHANNEL
        tallest += _FRAME[1]
        aspect = wide / tallest
        misfit = max(0.0, 0.75 / aspect - 1, aspect / 1.9 - 1)
        page = 1600 * max(wide / PAGE[0], tallest / PAGE[1], 0.8) + 800 * misfit
        if page >= bound:
            return page
        way = 0.0
        for parent, parent_y, child, child_y in self.links:
            left, right = column[parent], column[child]
            if left < 0 or right < 0:
                continue  # one of them has no place yet
            down = top[child] - centres[right] + child_y - top[parent] + centres[left] - parent_y
            way += down if down > 0 else -down
            if left == right:
                way += self.stacking
            elif left < right:
                way += 260 * (right - left - 1) + 40
            else:
                way += 260 * (left - right - 1) + 70
        return page + way / max(1, len(self.links))

    def search(self, stacks: _Stacks, tries: int) -> _Stacks:
        """The best arrangement that moving single cards finds."""
        best = self.cost(stacks)
        moved = True
        while moved and tries > 0:
            moved = False
            for node in range(len(self.wide)):
                without = [[other for other in stack if other != node] for stack in stacks]
                without = [stack for stack in without if stack]
                found = None
                for place in range(len(without) + 1):
                    for stacked in self.insertions(without, place, node):
                        tries -= 1
                        cost = self.cost(stacked, best)
                        if cost < best - 0.01:
                            best, found = cost, stacked
                if found is not None:
                    stacks, moved = found, True
                if tries <= 0:
                    break
        return stacks

    @staticmethod
    def insertions(without: _Stacks, place: int, node: int) -> list[_Stacks]:
        """All ways to put a card into the column at `place`, or into a new one before it."""
        found = [[*without[:place], [node], *without[place:]]]
        if place < len(without):
            stack = without[place]
            found += [
                [*without[:place], [*stack[:row], node, *stack[row:]], *without[place + 1 :]]
                for row in range(len(stack) + 1)
            ]
        return found

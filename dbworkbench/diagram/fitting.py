"""Fitting columns of cards to a page: short ways between linked rows, and letters as large as possible.

A local search (Aarts & Lenstra 1997) from the best of a few starts: a card moves to the place where the drawing gains
most, until nothing gains or the moves allowed are used up. It is deterministic.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, cycle

from dbworkbench.diagram.theme import MEASURES as M

CHANNEL = 2 * M.stub + 2 * M.lane  # between columns, about
PAGE = (1100.0, 900.0)  # what a notebook or a page shows without scrolling
FRAME = (2 * M.margin, 2 * M.margin + 70)
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
    placed: Columns,
    shaped: Columns,
    nodes: Sequence[Node],
    links: Sequence[Link],
    tries: int,
    stacking: float,
    aside: float = 0.0,
) -> Columns:
    """The ranks `placed`, or as they were `shaped`, arranged to fit a page: at most `tries` moves are tried.

    `stacking` is what it costs, in pixels of way, when both ends of a link stand in one column; `aside` is the height of
    the page that other drawings need.
    """
    fit = _Fit(nodes, links, stacking, aside)
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

    def __init__(self, nodes: Sequence[Node], links: Sequence[Link], stacking: float, aside: float = 0.0) -> None:
        self.stacking = stacking
        self.frame = (FRAME[0], FRAME[1] + aside)
        self.at = {node.name: number for number, node in enumerate(nodes)}
        self.wide = [node.width for node in nodes]
        self.high = [node.height for node in nodes]
        self.links = [
            (self.at[link.parent], link.parent_y, self.at[link.child], link.child_y)
            for link in links
            if link.parent != link.child
        ]
        # of each card: what it is linked with, how much lower its own end is, and whether it is the parent
        self.near: list[list[tuple[int, float, bool]]] = [[] for _ in nodes]
        for parent, parent_y, child, child_y in self.links:
            self.near[parent].append((child, parent_y - child_y, True))
            self.near[child].append((parent, child_y - parent_y, False))

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
        return wide + self.frame[0], high + self.frame[1]

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
        page = self._page(wide - CHANNEL, tallest)
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
        best, settled = self.cost(stacks), 0
        cards = len(self.wide)
        for node in cycle(range(cards)):
            without = [[other for other in stack if other != node] if node in stack else stack for stack in stacks]
            without = [stack for stack in without if stack]
            best, place, row, tried = self._better(without, node, best)
            tries -= tried
            settled += 1
            if place >= 0:
                settled = 0
                stacks = [list(stack) for stack in without]
                if row < 0:
                    stacks.insert(place, [node])
                else:
                    stacks[place].insert(row, node)
            if tries <= 0 or settled == cards:  # where each was looked at since the last move, none has a better place
                break
        return stacks

    def _better(self, without: _Stacks, node: int, best: float) -> tuple[float, int, int, int]:
        """The best place for a card among the others, if it costs less than `best`: its cost, the column, the row
        (-1: a column of its own before that one), and how many places were tried. No column where none is better.

        What the page costs is the same in all of a column, and a row further down changes few of the ways.
        """
        high, wide = self.high[node], self.wide[node]
        talls = [sum([self.high[one] for one in stack]) + M.between * (len(stack) - 1) for stack in without]
        wides = [max([self.wide[one] for one in stack]) for stack in without]
        column, top = self._stand(without, talls)
        base, spans, slack = self._ways(node, column, top, len(without))
        whole = sum(wides) + CHANNEL * len(without)
        tallest = sorted(talls, reverse=True)[:2]
        alone = self._page(whole + wide, max(high, *tallest))
        count = max(1, len(self.links))
        found, at_row, tried = -1, -1, 0
        for place in range(len(without) + 1):
            tried += 1
            if alone < best - 0.01:
                way = base + 260 * spans[place] + self._across(node, place - 0.5, column) + 130 * len(self.near[node])
                way += sum([abs(off - high / 2 - top[other]) for other, off, _ in self.near[node]])
                if alone + way / count < best - 0.01:
                    best, found, at_row = alone + way / count, place, -1
            if place == len(without):
                break
            stack = without[place]
            tried += len(stack) + 1
            others = [tall for tall in tallest if tall != talls[place]] or tallest[1:]
            tall = talls[place] + high + M.between
            page = self._page(whole - CHANNEL + max(0.0, wide - wides[place]), max([tall, *others]))
            if page >= best - 0.01:
                continue
            bound = (best - 0.01 - page) * count - base - self._across(node, place, column)
            if bound <= -slack[place]:
                continue  # however much nearer the card brought others to each other
            row, way = self._best_row(stack, node, column, top, bound)
            if row >= 0:
                best, found, at_row = best - 0.01 - (bound - way) / count, place, row
        return best, found, at_row, tried

    def _best_row(
        self, stack: Sequence[int], node: int, column: Sequence[int], top: Sequence[float], bound: float
    ) -> tuple[int, float]:
        """The row of a column where a card adds least to the ways up and down, and how much; row -1 where no row
        adds less than `bound`.

        Above the card, all others of the column move up by half its height; below it, they move down.
        """
        half = (self.high[node] + M.between) / 2
        place = column[stack[0]]
        row_of = {one: at for at, one in enumerate(stack)}
        way = 0.0
        passing, parting = [], [0.0] * (len(stack) + 1)
        for at, one in enumerate(stack):
            here, passed = top[one], 0.0
            for other, off, _ in self.near[one]:
                if other == node:
                    continue
                down = here + off - top[other]
                if column[other] != place:
                    lower, upper = abs(down + half), abs(down - half)
                    way += lower - abs(down)
                    passed += upper - lower
                elif row_of[other] > at:  # the card between the two parts them
                    apart = abs(down - 2 * half) - abs(down)
                    parting[at + 1] += apart
                    parting[row_of[other] + 1] -= apart
            passing.append(passed)
        y = top[stack[0]] - half
        found = -1
        for row in range(len(stack) + 1):
            way += parting[row]
            own = way
            for other, off, _ in self.near[node]:
                down = y + off - top[other]
                if column[other] == place:
                    down += half if row_of[other] < row else -half
                own += abs(down)
            if own < bound:
                bound, found = own, row
            if row < len(stack):
                way += passing[row]
                y += self.high[stack[row]] + M.between
        return found, bound

    def _stand(self, stacks: _Stacks, talls: Sequence[float]) -> tuple[list[int], list[float]]:
        """The column of each card (-1 for none), and its top, measured from the axis."""
        column, top = [-1] * len(self.wide), [0.0] * len(self.wide)
        between, high = M.between, self.high
        for place, stack in enumerate(stacks):
            y = -talls[place] / 2
            for one in stack:
                column[one], top[one] = place, y
                y += high[one] + between
        return column, top

    def _ways(
        self, node: int, column: Sequence[int], top: Sequence[float], columns: int
    ) -> tuple[float, list[int], list[float]]:
        """How long the ways along all links are, but those of `node`, how many of them cross each gap, and by how much
        they could at most become shorter where `node` parts the cards of each column.
        """
        way = 0.0
        spans = [0] * (columns + 2)
        slack = [0.01] * columns
        whole = self.high[node] + M.between
        half = whole / 2
        stacking = self.stacking
        for parent, parent_y, child, child_y in self.links:
            if node in (parent, child):
                continue
            left, right = column[parent], column[child]
            down = top[child] + child_y - top[parent] - parent_y
            if down < 0:
                down = -down
            way += down
            if left == right:
                slack[left] += min(down, whole)
                way += stacking
                continue
            most = min(down, half)
            slack[left] += most
            slack[right] += most
            if left < right:
                way += 260 * (right - left) - 220
                spans[left + 1] += 1
                spans[right + 1] -= 1
            else:
                way += 260 * (left - right) - 190
                spans[right + 1] += 1
                spans[left + 1] -= 1
        return way, list(accumulate(spans)), slack

    def _across(self, node: int, place: float, column: Sequence[int]) -> float:
        """How long the ways from a card in column `place` are across."""
        way = 0.0
        for other, _, parent in self.near[node]:
            apart = column[other] - place if parent else place - column[other]
            way += 260 * apart - 220 if apart > 0 else -260 * apart - 190 if apart < 0 else self.stacking
        return way

    def _page(self, wide: float, tall: float) -> float:
        """What the size and the shape of the drawing cost."""
        wide, tall = wide + self.frame[0], tall + self.frame[1]
        aspect = wide / tall
        misfit = 0.75 / aspect - 1 if aspect < 0.75 else aspect / 1.9 - 1 if aspect > 1.9 else 0.0
        return 1600 * max(wide / PAGE[0], tall / PAGE[1], 0.8) + 800 * misfit

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

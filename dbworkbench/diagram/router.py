"""Lines at right angles from row to row: between columns of cards, never through one.

The method is that of layered drawings (Sugiyama, Tagawa & Toda 1981; ports and orthogonal channels as in Schulze,
Spönemann & von Hanxleden 2014): a line that passes a column takes a lane between two cards; cards and lanes of a
column are pushed apart by isotonic regression, which moves them least; in the channel between two columns each line
has a track of its own, in the order with the fewest crossings. Lines to the same row share their way to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappush, heapreplace
from itertools import pairwise

from dbworkbench.diagram.fitting import Columns
from dbworkbench.diagram.picture import Point
from dbworkbench.diagram.theme import MEASURES as M

_SPREAD = 9.0  # between ends at one row
_WIDER = 15.0  # the same, where the card has room for words at them
_NEAR = 16.0  # jogs smaller than this are straightened where there is room
_SLACK = 1.04  # of the height that the tallest column needs
_SIFTED = 160  # more nets than this in a channel are only packed


@dataclass(frozen=True, slots=True)
class Wire:
    """A line to draw: heights are measured from the tops of the cards; wires of one `bundle` share their way."""

    child: str
    child_y: float
    parent: str
    parent_y: float
    bundle: object


@dataclass(frozen=True, slots=True)
class Route:
    """A wire drawn: its corners from child to parent, and the outward direction at both ends."""

    points: tuple[Point, ...]
    child_outward: int
    parent_outward: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Columns drawn: where each card stands, how wide it is, and a route for each wire, in order."""

    places: Mapping[str, tuple[float, float, float]]
    routes: tuple[Route, ...]
    width: float
    height: float


@dataclass(slots=True, eq=False)
class _Item:
    """A card or a lane in a column; `y` is its middle."""

    y: float
    height: float
    name: str = ""
    links: list[tuple["_End", "_End"]] = field(default_factory=list)  # own end, the end it is joined with


@dataclass(slots=True, eq=False)
class _End:
    """Where a net meets a column: an item, an offset from its middle, and the side of the channel (-1 left)."""

    item: _Item
    offset: float
    side: int

    @property
    def y(self) -> float:
        return self.item.y + self.offset


_Sides = tuple[list[float], list[float], float, float]  # heights of ends left and right, the least, the greatest


@dataclass(slots=True, eq=False)
class _Net:
    """Ends in one channel that are joined by one vertical track."""

    ends: list[_End]
    track: int = -1
    x: float = 0.0

    def sides(self) -> _Sides:
        left = [end.y for end in self.ends if end.side < 0]
        right = [end.y for end in self.ends if end.side > 0]
        both = left + right
        return left, right, min(both), max(both)


@dataclass(slots=True, eq=False)
class _Way:
    """A wire on its way: the nets it takes from the child to the parent, each with its end on either side."""

    wire: Wire
    child: tuple[int, _Item]
    parent: tuple[int, _Item]
    nets: list[tuple[_Net, _End, _End]] = field(default_factory=list)

    @property
    def side(self) -> int:
        """The side of the parent on which the wire leaves it."""
        return 1 if self.child[0] >= self.parent[0] else -1

    @property
    def child_end(self) -> _End:
        return self.nets[0][1]

    @property
    def parent_end(self) -> _End:
        return self.nets[-1][2]


@dataclass(slots=True, eq=False)
class _Board:
    """Columns of cards and lanes, the cards alone, and the nets in the channel to the right of each column."""

    stacks: list[list[_Item]]
    boxes: list[list[_Item]]
    channels: list[list[_Net]]


def draw(
    columns: Columns,
    sizes: Mapping[str, tuple[float, float]],
    wires: Sequence[Wire],
    *,
    reach: Mapping[str, float] | None = None,
) -> Drawing:
    """Cards of the given sizes in the given columns, and a way for every wire.

    Ends at one height of a card's side stand apart within 14 pixels, or within the card's `reach`.
    """
    stacks = [[_Item(y, sizes[name][1], name) for name, y in column] for column in columns]
    items = {item.name: (at, item) for at, stack in enumerate(stacks) for item in stack}
    for stack in stacks:
        _apart(stack, _shifts(stack), [item.y for item in stack], [1.0] * len(stack))
    board = _Board(stacks, [list(stack) for stack in stacks], [[] for _ in stacks])
    ways = [_Way(wire, items[wire.child], items[wire.parent]) for wire in wires]
    _connect(ways, board)
    for stack in stacks:
        stack.sort(key=lambda item: item.y)
    _align(stacks)
    _spread_ends(ways, reach or {})
    _straighten(stacks)
    return _drawn(board, ways, sizes)


def _connect(ways: Sequence[_Way], board: _Board) -> None:
    """Give each bundle a tree of nets and lanes from its parent's row to its children's rows."""
    bundles: dict[object, list[_Way]] = {}
    for way in ways:
        bundles.setdefault((way.wire.parent, way.wire.parent_y, way.side, way.wire.bundle), []).append(way)
    for members in bundles.values():
        at, parent = members[0].parent
        side = members[0].side
        _branch(members, _End(parent, members[0].wire.parent_y - parent.height / 2, -side), at, board)


def _branch(members: Sequence[_Way], source: _End, at: int, board: _Board) -> None:
    """From `source`, in column `at`, one channel further: to the children there, and to lanes beyond."""
    side = -source.side
    net = _Net([source])
    board.channels[at if side > 0 else at - 1].append(net)
    there = at + side
    further: dict[int, list[_Way]] = {}
    for way in members:
        column, child = way.child
        if column not in (at, there):
            gap = _gap(board.boxes[there], source.y, way, abs(column - at))
            further.setdefault(gap, []).append(way)
            continue
        end = _End(child, way.wire.child_y - child.height / 2, -side if column == at else side)
        net.ends.append(end)
        _link(source, end)
        way.nets.insert(0, (net, end, source))
    for gap in sorted(further):
        lane = _Item(_gap_middle(board.boxes[there], gap, source.y), 0.0)
        board.stacks[there].append(lane)
        end = _End(lane, 0.0, side)
        net.ends.append(end)
        _link(source, end)
        for way in further[gap]:
            way.nets.insert(0, (net, end, source))
        _branch(further[gap], _End(lane, 0.0, -side), there, board)


def _link(source: _End, end: _End) -> None:
    if source.item is end.item:
        return
    source.item.links.append((source, end))
    end.item.links.append((end, source))


def _gap(boxes: list[_Item], y: float, way: _Way, steps: int) -> int:
    """The gap between cards of a column through which a way goes with the least detour."""
    child = way.child[1]
    target = child.y - child.height / 2 + way.wire.child_y
    wished = y + (target - y) / steps
    low, high = min(y, target), max(y, target)

    def cost(gap: int) -> float:
        middle = _gap_middle(boxes, gap, wished)
        outside = max(0.0, low - middle, middle - high)
        return abs(middle - wished) * 0.2 + outside * 2

    return min(range(len(boxes) + 1), key=cost)


def _gap_middle(boxes: list[_Item], gap: int, wished: float) -> float:
    """The height in a gap that is nearest to the one wished."""
    low = boxes[gap - 1].y + boxes[gap - 1].height / 2 + 1 if gap else float("-inf")
    high = boxes[gap].y - boxes[gap].height / 2 - 1 if gap < len(boxes) else float("inf")
    return min(max(wished, low), high) if low <= high else (low + high) / 2


def _separation(one: _Item, other: _Item) -> float:
    if one.name and other.name:
        clear = M.between
    elif one.name or other.name:
        clear = M.lane + 2
    else:
        clear = M.lane - 1
    return one.height / 2 + other.height / 2 + clear


def _apart(
    stack: list[_Item], shifts: Sequence[float], wished: list[float], weights: list[float], within: float | None = None
) -> None:
    """Move the items of a column, in their order, as little as needed to stand apart (pool adjacent violators).

    With `within`, they keep so near to the axis, above and below, if there is room for all.
    """
    blocks: list[list[float]] = []  # mean, weight, count
    for want, weight, moved in zip(wished, weights, shifts, strict=True):
        blocks.append([want - moved, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, heavy, count = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + mean * heavy) / (before[1] + heavy)
            before[1] += heavy
            before[2] += count
    low, high = float("-inf"), float("inf")
    if within is not None:
        low = stack[0].height / 2 - within
        high = max(low, within - stack[-1].height / 2 - shifts[-1])
    at = 0
    for mean, _, count in blocks:
        for _ in range(int(count)):
            stack[at].y = min(max(mean, low), high) + shifts[at]
            at += 1


def _shifts(stack: Sequence[_Item]) -> list[float]:
    """How far each item must lie below the first, at least."""
    shifts = [0.0]
    for before, item in pairwise(stack):
        shifts.append(shifts[-1] + _separation(before, item))
    return shifts


def _align(stacks: list[list[_Item]]) -> None:
    """Draw linked rows to the same height, column by column, there and back, on no more height than one column needs."""
    shifts = [_shifts(stack) for stack in stacks]
    need = max(
        shift[-1] + (stack[0].height + stack[-1].height) / 2 for stack, shift in zip(stacks, shifts, strict=True)
    )
    middle = (min(stack[0].y for stack in stacks) + max(stack[-1].y for stack in stacks)) / 2
    for stack in stacks:
        for item in stack:
            item.y -= middle
    for _ in range(4):
        for at in (*range(len(stacks)), *range(len(stacks) - 1, -1, -1)):
            wished, weights = [], []
            for item in stacks[at]:
                pulls = sorted([other.item.y + other.offset - own.offset for own, other in item.links])
                wished.append(pulls[(len(pulls) - 1) // 2] if pulls else item.y)  # the median, the lower of two
                weights.append(len(pulls) + 0.1)
            _apart(stacks[at], shifts[at], wished, weights, need / 2 * _SLACK)


def _straighten(stacks: list[list[_Item]]) -> None:
    """Small jogs go where there is room to move a card or a lane."""
    for stack in (*stacks, *reversed(stacks)):
        for at, item in enumerate(stack):
            low = stack[at - 1].y + _separation(stack[at - 1], item) if at else float("-inf")
            high = stack[at + 1].y - _separation(item, stack[at + 1]) if at + 1 < len(stack) else float("inf")
            pulls = [other.y - own.y for own, other in item.links if own.side != other.side]
            if not pulls or any(abs(pull) < 0.01 for pull in pulls):
                continue
            small = min(pulls, key=abs)
            if abs(small) < _NEAR and low <= item.y + small <= high:
                item.y += small


def _spread_ends(ways: Sequence[_Way], reach: Mapping[str, float]) -> None:
    """Ends at the same row and side stand a little apart, in the order of what they lead to."""
    ports: dict[tuple[int, float, int], dict[int, tuple[_End, list[float]]]] = {}
    for way in ways:
        for end, other in ((way.child_end, way.parent_end), (way.parent_end, way.child_end)):
            here = ports.setdefault((id(end.item), end.offset, end.side), {})
            here.setdefault(id(end), (end, []))[1].append(other.y)
    for ends in ports.values():
        ordered = sorted(ends.values(), key=lambda found: sum(found[1]) / len(found[1]))
        room = reach.get(ordered[0][0].item.name)
        step = (
            min(_SPREAD, 14 / max(1, len(ordered) - 1))
            if room is None
            else min(_WIDER, room / max(1, len(ordered) - 1))
        )
        for at, (end, _) in enumerate(ordered):
            end.offset += (at - (len(ordered) - 1) / 2) * step


def _tracks(nets: list[_Net]) -> int:
    """Give the nets of a channel tracks from left to right, in an order with few crossings; how many there are."""
    sides = {id(net): net.sides() for net in nets}
    bent = [net for net in nets if sides[id(net)][3] - sides[id(net)][2] > 0.5]
    bent.sort(key=lambda net: (sides[id(net)][2], sides[id(net)][3]))
    if len(bent) > _SIFTED:
        return _packed_tracks(bent, sides)
    known = [sides[id(net)] for net in bent]
    costs = [[_crossed(one, other) for other in known] for one in known]
    order = _sifted(costs)
    most = 0
    for at, number in enumerate(order):
        net = bent[number]
        _, _, low, high = known[number]
        net.track = 0
        for before in order[:at]:
            _, _, other_low, other_high = known[before]
            overlap = low < other_high + 8 and other_low < high + 8
            if overlap or costs[number][before] > costs[before][number]:
                net.track = max(net.track, bent[before].track + 1)
        most = max(most, net.track + 1)
    return most


def _crossed(one: _Sides, other: _Sides) -> float:
    """Crossings, and lines upon each other (much worse), when `one` stands left of `other`."""
    _, right, low, high = one
    left, _, other_low, other_high = other
    if low > other_high + 3 or other_low > high + 3:
        return 0
    found = 0
    for y in right:
        if other_low < y < other_high:
            found += 1
        for z in left:
            if -3 < y - z < 3:
                found += 100
    for y in left:
        if low < y < high:
            found += 1
    return found


def _packed_tracks(nets: Sequence[_Net], sides: Mapping[int, _Sides]) -> int:
    """Very many nets, by their upper ends: each on the track that is free first (left-edge; Hashimoto & Stevens 1971)."""
    free: list[tuple[float, int]] = []
    for net in nets:
        _, _, low, high = sides[id(net)]
        if free and free[0][0] + 8 < low:
            net.track = heapreplace(free, (high, free[0][1]))[1]
        else:
            net.track = len(free)
            heappush(free, (high, net.track))
    return len(free)


def _sifted(costs: Sequence[Sequence[float]]) -> list[int]:
    """Each net in turn moves to its best place among the others, twice over; `costs` of one left of another."""
    order = list(range(len(costs)))
    for _ in range(2):
        for net, left_of in enumerate(costs):
            order.remove(net)
            here = best = sum([left_of[other] for other in order])
            place = 0
            for at, other in enumerate(order, 1):
                here += costs[other][net] - left_of[other]
                if here < best:
                    best, place = here, at
            order.insert(place, net)
    return order


def _drawn(board: _Board, ways: Sequence[_Way], sizes: Mapping[str, tuple[float, float]]) -> Drawing:
    items = [item for stack in board.stacks for item in stack]
    top = min(item.y - item.height / 2 for item in items)
    for item in items:
        item.y -= top
    x = 0.0
    places: dict[str, tuple[float, float, float]] = {}
    spans: dict[int, tuple[float, float]] = {}
    for stack, nets in zip(board.stacks, board.channels, strict=True):
        wide = max(sizes[item.name][0] for item in stack if item.name)
        for item in stack:
            if item.name:
                places[item.name] = (x, item.y - item.height / 2, wide)
            spans[id(item)] = (x, x + wide)
        tracks = _tracks(nets)
        for net in nets:
            net.x = x + wide + M.stub + net.track * M.lane
        x += wide + 2 * M.stub + M.lane * max(0, tracks - 1)
    x -= M.stub if tracks else 2 * M.stub  # the last channel only turns back
    low = max(item.y + item.height / 2 for item in items)
    return Drawing(places, tuple(_route(way, spans) for way in ways), x, low)


def _route(way: _Way, spans: Mapping[int, tuple[float, float]]) -> Route:
    points: list[Point] = []
    for net, near, far in way.nets:
        for end, turn_last in ((near, True), (far, False)):
            left, right = spans[id(end.item)]
            edge = (right if end.side < 0 else left, end.y)
            turn = [(net.x, end.y)] if net.track >= 0 else []
            points += [edge, *turn] if turn_last else [*turn, edge]
    return Route(_straight(points), -way.child_end.side, -way.parent_end.side)


def _straight(points: list[Point]) -> tuple[Point, ...]:
    """The same way without points that do not turn."""
    kept: list[Point] = []
    for point in points:
        if kept and abs(kept[-1][0] - point[0]) < 0.01 and abs(kept[-1][1] - point[1]) < 0.01:
            continue
        if len(kept) > 1 and (
            abs(kept[-2][0] - kept[-1][0]) + abs(kept[-1][0] - point[0]) < 0.01
            or abs(kept[-2][1] - kept[-1][1]) + abs(kept[-1][1] - point[1]) < 0.01
        ):
            kept[-1] = point
        else:
            kept.append(point)
    return tuple(kept)

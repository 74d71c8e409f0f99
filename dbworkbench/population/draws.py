"""Distributions as DuckDB expressions: random bits choose one of 1,024 equally likely slots, and a place in it.

The slots' edges are whole numbers computed once, here, so the same place comes out on every machine.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import timedelta
from fractions import Fraction
from itertools import accumulate, pairwise
from math import exp, floor, log
from statistics import NormalDist
from typing import TypeAlias

from dbworkbench.errors import DesignError, Unsupported
from dbworkbench.population.coding import Values, whole_numbers
from dbworkbench.population.shapes import Bell, Between, Quantiles, Seasonal, Shape, Weighted, Zipf

SLOTS = 1024
_MASK = (1 << 54) - 1
_HEAD = 4096  # ranks of a Zipf distribution that are counted one by one; the tail is integrated
_NORMAL = NormalDist()
_BUCKETS = 2048  # parts of a span at whose ends it is known how much is drawn before them
_WHOLE = 1 << 30  # all that is drawn, in parts


Edge: TypeAlias = int | float | Fraction


def placed(bits: str, edges: Sequence[Edge]) -> str:
    """A whole place by the slots' edges, `SLOTS` + 1 of them, rising: anywhere between an edge and the next, rounded down.

    Edges are fixed-point numbers in SQL, so that slots may end within a place.
    """
    widest = max(abs(floor(edges[0])), abs(floor(edges[-1])), 1).bit_length()
    shift = max(0, min(20, 61 - widest))
    marks = [_fixed(edge, shift) for edge in edges]
    widths = [max(1, after - before) for before, after in pairwise(marks)]
    slot = f"1 + ({bits} >> 54)::BIGINT"
    within = f"({bits} & {_MASK})::BIGINT % {whole_numbers(widths)}[{slot}]"
    return f"({whole_numbers(marks[:-1])}[{slot}] + {within}) >> {shift}"


def _fixed(edge: Edge, shift: int) -> int:
    """A number times 2 to the power of `shift`, rounded down, as `_exact` tells it."""
    match edge:
        case int():
            return edge << shift
        case float():
            return (int(f"{edge:.6f}".replace(".", "")) << shift) // 1_000_000
        case _:
            return (edge.numerator << shift) // edge.denominator


def _exact(edge: Edge) -> Fraction:
    """A number without what differs between machines in its last digits."""
    return Fraction(f"{edge:.6f}") if isinstance(edge, float) else Fraction(edge)


def onward(bits: str, edges: Sequence[Edge], least: str, room: int) -> str:
    """A place from `least` on, each as likely among those as the edges say.

    Where that is behind the last one it is `least` itself, and where more than `room` behind it, or not known, the edges
    alone say.
    """
    first, last = floor(edges[0]), floor(edges[-1]) - 1
    wide = max(1, -(-(last + 1 - first) // _BUCKETS))
    marks = [int(_mass(edges, first + at * wide) * _WHOLE) for at in range(_BUCKETS + 1)]
    before = f"{whole_numbers(marks)}[1 + least({_BUCKETS}, greatest(0, ({least} - {first}) // {wide}))]"
    share = f"least({before} * {_WHOLE} + ({_WHOLE} - {before}) * ({bits} >> 34)::BIGINT, {_WHOLE * _WHOLE - 1})"
    place = placed(f"({share}::UBIGINT * 16 + {bits} % 16)", edges)
    within = f"greatest({least}, {place})"
    return f"CASE WHEN {least} <= {last + room} THEN {within} ELSE {placed(bits, edges)} END"


def _mass(edges: Sequence[Edge], place: int) -> Fraction:
    """The share of what is drawn by the edges that lies below a place."""
    at = bisect_right(edges, place) - 1
    if at >= SLOTS:
        return Fraction(1)
    low, high = _exact(edges[at]), _exact(edges[at + 1])
    return (at + (place - low) / (high - low)) / SLOTS if at >= 0 and high > low else Fraction(max(at, 0), SLOTS)


def rising(bits: str, start: int, size: int) -> str:
    """A place from `start` on that goes up with the bits, each as likely."""
    return placed(bits, [start + Fraction(size * slot, SLOTS) for slot in range(SLOTS + 1)])


def zipf(shape: Zipf, size: int) -> list[Edge]:
    """Edges of codes from 0, the most frequent first."""
    count = max(1, min(size, floor(size * Fraction(str(shape.share)))))
    head = min(count, _HEAD)
    sums = list(accumulate((rank**-shape.exponent for rank in range(1, head + 1)), initial=0.0))
    power = 1 - shape.exponent
    low = head + 0.5

    def beyond(high: float) -> float:
        """The mass of the ranks after the head, as an integral."""
        return log(high / low) if abs(power) < 1e-9 else float(high**power - low**power) / power

    def rank(mass: float) -> float:
        """Where the integral has reached a mass."""
        return low * exp(mass) if abs(power) < 1e-9 else float((mass * power + low**power) ** (1 / power))

    total = sums[-1] + (beyond(count + 0.5) if count > head else 0.0)
    edges: list[Edge] = [0]
    for slot in range(1, SLOTS):
        mass = slot / SLOTS * total
        at = bisect_left(sums, mass)
        if at <= head:
            edges.append(at - 1 + (mass - sums[at - 1]) / (sums[at] - sums[at - 1]))
        else:
            edges.append(min(float(count), rank(mass - sums[-1]) - 0.5))
    return [*edges, count]


def edges_of(shape: Shape, made: Values, where: str) -> list[Edge] | None:
    """The slots' edges for an attribute's values; None where the shape says nothing about them.

    Raises Unsupported where the values cannot have the shape, and DesignError where it leaves their range.
    """
    match shape:
        case Zipf():
            return [made.start + _exact(edge) if made.start else edge for edge in zipf(shape, made.usual)]
        case Weighted():
            return _weighted([float(shape.pairs.get(value, 0)) for value in _known(shape, made)])
        case Between(low, high):
            first, last = floor(_place(low, made, where)), floor(_place(high, made, where))
            wide = Fraction(last + 1 - first, SLOTS)
            return _within([first + wide * slot for slot in range(SLOTS + 1)], made, where)
        case Bell(mean, deviation):
            middle = _place(mean, made, where)
            wide = Fraction(str(deviation)) * (made.per_day or (_place(1, made, where) - _place(0, made, where)))
            steps = [_NORMAL.inv_cdf(min(max(slot / SLOTS, 0.0002), 0.9998)) for slot in range(SLOTS + 1)]
            wanted = [middle + wide * _exact(step) + Fraction(1, 2) for step in steps]
            return [min(max(edge, Fraction(made.low)), Fraction(made.high)) for edge in wanted]
        case Quantiles(values):
            marks = [_place(value, made, where) for value in values]
            return _within([*(_between(marks, slot) for slot in range(SLOTS)), marks[-1] + 1], made, where)
        case Seasonal():
            return _within(_season(shape, made, where), made, where)
        case _:
            return None


def _weighted(weights: Sequence[float]) -> list[Edge]:
    sums = list(accumulate(weights, initial=0.0))
    edges: list[Edge] = [0]
    for slot in range(1, SLOTS):
        mass = slot / SLOTS * sums[-1]
        at = max(1, bisect_left(sums, mass))
        edges.append(at - 1 + (mass - sums[at - 1]) / weights[at - 1])
    return [*edges, len(weights)]


def _known(shape: Weighted, made: Values) -> list[object]:
    """The given value behind each of the listed ones."""
    named = {str(value): value for value in shape.pairs}
    return [named.get(value) for value in made.listed]


def _place(value: object, made: Values, where: str) -> Fraction:
    if made.place is None:
        raise Unsupported(f"{where} holds {made.type} values, which lie on no line — give weights or a Zipf exponent")
    try:
        return made.place(value)
    except (ArithmeticError, ValueError, TypeError) as error:
        raise DesignError(f"{value!r} is no value of {where}, which holds {made.type}") from error


def _within(edges: list[Edge], made: Values, where: str) -> list[Edge]:
    if edges[0] > edges[-1] or edges[0] < made.low or edges[-1] - 1 > made.high:
        raise DesignError(f"the shape of {where} leaves the range of its type and checks, or runs backwards")
    return edges


def _between(marks: Sequence[Fraction], slot: int) -> Fraction:
    """The place of a slot among quantiles at equal steps."""
    at, rest = divmod(slot * (len(marks) - 1), SLOTS)
    return marks[at] + (marks[at + 1] - marks[at]) * Fraction(rest, SLOTS)


def _season(shape: Seasonal, made: Values, where: str) -> list[Edge]:
    if not made.per_day:
        raise Unsupported(f"{where} holds {made.type} values, which have no season — it is for dates and timestamps")
    days = (shape.last - shape.first).days + 1
    dates = [shape.first + timedelta(days=at) for at in range(days)]
    weights = [shape.months[day.month - 1] * (1 + shape.growth) ** (at / 365.25) for at, day in enumerate(dates)]
    sums = list(accumulate(weights))
    start = floor(_place(shape.first, made, where))
    edges: list[Edge] = [start]
    for slot in range(1, SLOTS):
        mass = slot / SLOTS * sums[-1]
        at = bisect_left(sums, mass)
        edges.append(start + (at + _exact((mass - sums[at] + weights[at]) / weights[at])) * made.per_day)
    return [*edges, start + days * made.per_day]


def following(bits: str, others: str, correlation: float) -> str:
    """Random bits that are high where `others` are, by a Gaussian copula."""
    normal = [round(_NORMAL.inv_cdf((slot + 0.5) / SLOTS), 6) for slot in range(SLOTS)]
    back = [min(SLOTS - 1, floor(SLOTS * _NORMAL.cdf((at + 0.5) / 128 - 4))) for at in range(SLOTS)]
    rest = round((1 - correlation**2) ** 0.5, 9)
    first = f"('{normal}'::DOUBLE[])[1 + ({others} >> 54)::BIGINT] * {correlation}::DOUBLE"
    second = f"('{normal}'::DOUBLE[])[1 + ({bits} >> 54)::BIGINT] * {rest}::DOUBLE"
    at = f"least({SLOTS - 1}, greatest(0, floor(({first} + {second} + 4) * 128)))::BIGINT"
    return f"({whole_numbers(back)}[1 + {at}]::UBIGINT * {1 << 54}::UBIGINT + ({bits} & {_MASK}))"

"""Rows in groups: how many belong together, so that a row's group and its place within it follow from its index."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from math import exp, isqrt, prod

from dbworkbench.errors import Unsatisfiable
from dbworkbench.population.numbers import constant, stride
from dbworkbench.population.rows import Levels
from dbworkbench.population.shapes import Fanout

_BLOCKS = 40
_LINES = (1, 2, 3, 4, 5)
_SIZES = 64  # different numbers of children that a fan-out has, at most, but for a few more that make it come out
_SHAPES = ((2, 3), (1, 2), (3, 1), (2, 2), (1, 1), (3, 2), (1, 3), (2, 1))


@dataclass(frozen=True)
class Pattern:
    """Groups that repeat after `len(group)` rows: each row's group and place within one round of `count` groups."""

    group: tuple[int, ...]
    place: tuple[int, ...]
    count: int
    longest: int

    def groups(self, rows: int) -> int:
        """How many groups so many rows are in, the last one perhaps in part."""
        if rows <= 0:
            return 0
        rounds, rest = divmod(rows - 1, len(self.group))
        return rounds * self.count + self.group[rest] + 1

    def columns(self, levels: Levels, index: str) -> tuple[str, str]:
        """Columns with the row's group and its place in the group."""
        length = len(self.group)
        at = levels.add(f"1 + {index} % {length}", index)
        group = levels.add(f"({index} // {length}) * {self.count} + {list(self.group)}[{at}]", index, at)
        return group, levels.add(f"{list(self.place)}[{at}]::BIGINT", at)


@cache
def lines() -> Pattern:
    """One to five rows in a group, three on average."""
    sizes: list[int] = []
    for block in range(_BLOCKS):
        sizes += sorted(_LINES, key=lambda size, block=block: constant("fan-out", block, size))  # type: ignore[misc]  # bound at once
    group = [number for number, size in enumerate(sizes) for _ in range(size)]
    place = [at for size in sizes for at in range(size)]
    return Pattern(tuple(group), tuple(place), len(sizes), max(sizes))


@dataclass(frozen=True)
class Layout:
    """Groups in which parts of several arms are combined in every way.

    Whole rounds of `shapes` (how many parts of each arm) come first, then what is left over: one more group of
    `rest` if given, else rows on their own.
    """

    shapes: tuple[tuple[int, ...], ...]
    rounds: int
    rest: tuple[int, ...] | None
    rows: int

    @property
    def groups(self) -> int:
        """How many groups there are."""
        left = self.rows - self.rounds * sum(map(prod, self.shapes))
        return self.rounds * len(self.shapes) + (left if self.rest is None else 1)

    def columns(self, levels: Levels, index: str) -> tuple[str, list[str]]:
        """Columns with the row's group and the number of its part in each arm."""
        starts: list[int] = []
        group: list[int] = []
        for number, shape in enumerate(self.shapes):
            starts += range(prod(shape))
            group += [number] * prod(shape)
        length, whole = len(group), self.rounds * len(group)
        at = levels.add(f"1 + {index} % {length}", index)
        inside = f"{index} < {whole}"
        alone = f"{self.rounds * len(self.shapes)}" + (f" + {index} - {whole}" if self.rest is None else "")
        found = levels.add(
            f"CASE WHEN {inside} THEN ({index} // {length}) * {len(self.shapes)} + {group}[{at}] ELSE {alone} END",
            index,
            at,
        )
        parts: list[str] = []
        for arm in range(len(self.shapes[0])):
            places = [start // prod(shape[:arm]) % shape[arm] for shape in self.shapes for start in range(prod(shape))]
            last = "0"
            if self.rest is not None:
                last = f"(({index} - {whole}) // {prod(self.rest[:arm])}) % {self.rest[arm]}"
            parts.append(levels.add(f"CASE WHEN {inside} THEN {places}[{at}] ELSE {last} END::BIGINT", index, at))
        return found, parts


def layout(rows: int, parts: Sequence[int], groups: int) -> Layout | None:
    """Groups with at most `parts` of each arm, at most `groups` of them, that make exactly `rows` rows; None if none do.

    Different shapes where there are groups enough, else groups of one size and one of what is left.
    """
    shapes = tuple(
        tuple(min(most, shape[arm] if arm < 2 else 1 + (number + arm) % 2) for arm, most in enumerate(parts))
        for number, shape in enumerate(_SHAPES)
    )
    mixed = Layout(shapes, rows // sum(map(prod, shapes)), None, rows)
    if mixed.groups <= groups:
        return mixed
    found: list[tuple[int, Layout]] = []
    needed = -(-rows // max(1, groups))
    wide = sorted(range(len(parts)), key=lambda arm: -parts[arm])[:2]
    if len(wide) < 2:
        wide = [*wide, *wide]
    for first in range(1, min(parts[wide[1]], rows, 2000) + 1):
        for second in {max(1, -(-needed // first)), *([rows // first] if rows % first == 0 else [])}:
            size = first * second
            if second > parts[wide[0]] or (wide[0] == wide[1] and first > 1):
                continue
            rounds, rest = divmod(rows, size)
            if not rounds or rest > parts[wide[0]] or rounds + bool(rest) > groups:
                continue
            shape = tuple(second if arm == wide[0] else first if arm == wide[1] else 1 for arm in range(len(parts)))
            last = tuple(rest if arm == wide[0] else 1 for arm in range(len(parts))) if rest else None
            if last is None and rounds * size != rows:
                continue
            found.append((abs(first - isqrt(needed)), Layout((shape,), rounds, last, rows)))
    return min(found, key=lambda pair: pair[0])[1] if found else None


def children(shape: Fanout, rows: int, parents: int, where: str) -> dict[int, int]:
    """How many of `parents` rows have how many children, by number of children, the largest first; `rows` in all.

    The distribution of greatest entropy, relative to what the shape asks for, that has the wanted mean: weights of
    evenly spaced numbers, tilted by an exponential. Raises Unsatisfiable where the mean lies outside the bounds.

    >>> children(Fanout(1, 3), 40, 20, "orders.customer")
    {3: 7, 2: 6, 1: 7}
    """
    active = parents - round(parents * Fraction(str(shape.none)))
    if not shape.low * active <= rows <= shape.high * active:
        raise Unsatisfiable(
            f"{where} cannot have {shape}: {rows} rows refer to {active} — give from {shape.low * active} to "
            f"{shape.high * active} rows, or other bounds"
        )
    if not active:
        return {}
    span = shape.high - shape.low
    steps = min(span, _SIZES - 1)
    sizes = [shape.low + span * at // steps for at in range(steps + 1)] if steps else [shape.low]
    found = Counter(_apportioned(_tilted(sizes, rows / active, shape.deviation), sizes, active))
    lacking = rows - sum(size * count for size, count in found.items())
    while lacking:
        step = 1 if lacking > 0 else -1
        movable = [size for size, count in found.items() if count and shape.low <= size + step <= shape.high]
        size = max(movable, key=lambda one: (found[one], one))
        moved = min(found[size], max(1, abs(lacking) // 256))
        found[size] -= moved
        found[size + step] += moved
        lacking -= step * moved
    return {size: found[size] for size in sorted(found, reverse=True) if found[size] and size}


def _tilted(sizes: Sequence[int], mean: float, deviation: float | None) -> list[Fraction]:
    """A weight for each size, so that the mean comes out; rounded, so that machines agree."""

    def weights(tilt: float) -> list[float]:
        logs = [
            tilt * (size - mean) - (0.0 if deviation is None else ((size - mean) / deviation) ** 2 / 2)
            for size in sizes
        ]
        return [exp(one - max(logs)) for one in logs]

    low, high = -50.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        given = weights(middle)
        average = sum(size * weight for size, weight in zip(sizes, given, strict=True)) / sum(given)
        low, high = (middle, high) if average < mean else (low, middle)
    return [Fraction(f"{weight:.9f}") for weight in weights(float(f"{low:.9f}"))]


def _apportioned(weights: Sequence[Fraction], sizes: Sequence[int], count: int) -> dict[int, int]:
    """`count` divided in proportion to weights, by largest remainders."""
    whole = sum(weights)
    exact = [weight * count / whole for weight in weights]
    found = [part.numerator // part.denominator for part in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: (found[at] - exact[at], at))
    for at in by_rest[: count - sum(found)]:
        found[at] += 1
    return dict(zip(sizes, found, strict=True))


def parent(levels: Levels, counts: Mapping[int, int], rows: int) -> str:
    """A column with the code of each row's parent, from its index; the first row and the last have the same one."""
    if rows < 2:
        return levels.add("0::BIGINT")
    multiplier, _ = stride(rows - 1, "fan-out")
    turn = f"i * {multiplier} % {rows - 1}" if rows < 1 << 31 else f"i % {rows - 1}"
    at = levels.add(turn, "i")
    place = levels.add(f"CASE WHEN i = {rows - 1} THEN 1 ELSE {at} + ({at} > 0)::BIGINT END", "i", at)
    cases: list[str] = []
    start = first = 0
    for size, count in counts.items():
        inside = f"{place} - {start}" if start else place
        one = f"({inside}) // {size}" if size > 1 else f"({inside})"
        cases.append(f"WHEN {place} < {start + size * count} THEN {first} + {one}")
        start, first = start + size * count, first + count
    return levels.add(f"(CASE {' '.join(cases)} END)::BIGINT", place)

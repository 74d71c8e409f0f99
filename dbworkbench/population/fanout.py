"""Rows in groups: how many belong together, so that a row's group and its place within it follow from its index."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import isqrt, prod

from dbworkbench.population.numbers import constant
from dbworkbench.population.rows import Levels

_BLOCKS = 40
_LINES = (1, 2, 3, 4, 5)
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
            if rest > parts[wide[0]] or rounds + bool(rest) > groups:
                continue
            shape = tuple(second if arm == wide[0] else first if arm == wide[1] else 1 for arm in range(len(parts)))
            last = tuple(rest if arm == wide[0] else 1 for arm in range(len(parts))) if rest else None
            if last is None and rounds * size != rows:
                continue
            found.append((abs(first - isqrt(needed)), Layout((shape,), rounds, last, rows)))
    return min(found, key=lambda pair: pair[0])[1] if found else None

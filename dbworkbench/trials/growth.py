"""How times grow with rows: the same trial at several sizes, a power law per query, and where the winner changes."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import mean
from typing import Any

from dbworkbench.errors import DesignError
from dbworkbench.shown import Shown
from dbworkbench.sql.workload import Source, read_workload
from dbworkbench.trials.record import Stopped, Trial
from dbworkbench.trials.trial import trial

BEYOND = 10.0


@dataclass(frozen=True, slots=True)
class Fit:
    """Seconds ≈ `factor` · rows ^ `exponent`, by least squares on logarithms; `spread` is the typical factor of error.

    An exponent near 0 is a query that does not mind size, near 1 one that reads everything.
    """

    engine: str
    query: str
    candidate: str
    exponent: float
    factor: float
    spread: float

    def seconds(self, rows: float) -> float:
        """The seconds that the fit expects."""
        return float(self.factor * rows**self.exponent)


@dataclass(frozen=True, slots=True)
class Crossing:
    """The number of rows from which `after` is faster than `before`; `measured` where it lies within the sizes tried."""

    engine: str
    query: str
    before: str
    after: str
    rows: int
    measured: bool


@dataclass(frozen=True, slots=True)
class Growth(Shown):
    """Trials at growing sizes, each query's growth, and the sizes at which the faster of two candidates changes.

    Sizes are rows of the reference's largest relation. Crossings are told up to ten times the largest size tried, and
    not where the growths differ by less than they are known.
    """

    trials: tuple[Trial, ...]
    sizes: tuple[int, ...]
    fits: tuple[Fit, ...]
    crossings: tuple[Crossing, ...]
    interrupted: str = ""


def growth(
    candidates: Mapping[str, Shown],
    workload: Source,
    *,
    rows: Sequence[int | Mapping[str, int]] = (1_000, 10_000, 100_000),
    **options: Any,  # noqa: ANN401  those of `trial`, checked there
) -> Growth:
    """The same trial at several sizes; `options` are those of `trial`. Raises what `trial` raises.

    A size is a number, or a mapping of relations to numbers. A number is shared out as `populate` does it: every relation that no other refers to
    gets so many rows, one that is referred to a tenth of the most numerous that refers to it, but a third where the reference is part of
    the other's key. What a mapping leaves out follows by the same rule.
    Each size is a trial with a budget of its own.

    Ctrl-C ends it with the sizes that were complete.
    """
    tried = list(rows)
    sizes = sorted((size for at, size in enumerate(tried) if size not in tried[:at]), key=_most)
    if len({_most(size) for size in sizes}) < 2:
        raise DesignError("growth needs at least two sizes: rows=(1_000, 10_000, 100_000)")
    if "data" in options:
        raise DesignError("growth populates each size itself — leave data out")
    questions = read_workload(workload)
    found: list[Trial] = []
    interrupted = ""
    for size in sizes:
        try:
            found.append(trial(candidates, questions, rows=size, **options))
        except Stopped as stop:
            if not found:
                raise
            interrupted = str(stop)
            break
    return grown(found, interrupted)


def _most(size: int | Mapping[str, int]) -> int:
    return max(size.values(), default=0) if isinstance(size, Mapping) else size


def grown(trials: Sequence[Trial], interrupted: str = "") -> Growth:
    """The growth that trials of the same candidates, engines and workload at different sizes show."""
    sizes = tuple(max(number for _, number in one.rows) for one in trials)
    fits = tuple(_fits(trials, sizes))
    return Growth(tuple(trials), sizes, fits, tuple(_crossings(fits, sizes)), interrupted)


def _fits(trials: Sequence[Trial], sizes: Sequence[int]) -> Iterator[Fit]:
    first = trials[0]
    for engine in first.engines:
        for query in first.queries:
            for candidate in first.candidates:
                points = [
                    (math.log(size), math.log(found[0]))
                    for one, size in zip(trials, sizes, strict=True)
                    if (found := one.seconds(candidate.name, engine, query)) is not None and found[0] > 0
                ]
                if len({x for x, _ in points}) >= 2:
                    yield _fit(engine, query, candidate.name, points)


def _fit(engine: str, query: str, candidate: str, points: Sequence[tuple[float, float]]) -> Fit:
    across, up = mean(x for x, _ in points), mean(y for _, y in points)
    slope = sum((x - across) * (y - up) for x, y in points) / sum((x - across) ** 2 for x, _ in points)
    errors = [y - (up + slope * (x - across)) for x, y in points]
    spread = math.exp(math.sqrt(mean(error * error for error in errors)))
    return Fit(engine, query, candidate, slope, math.exp(up - slope * across), spread)


def _crossings(fits: Sequence[Fit], sizes: Sequence[int]) -> Iterator[Crossing]:
    for one, other in combinations(fits, 2):
        if (one.engine, one.query) != (other.engine, other.query):
            continue
        slopes = one.exponent - other.exponent
        reach = math.log(max(sizes) / min(sizes))
        if abs(slopes) * reach <= math.log(one.spread) + math.log(other.spread) + 0.05:
            continue
        at = math.exp(math.log(other.factor / one.factor) / slopes)
        if min(sizes) < at <= max(sizes) * BEYOND:
            before, after = (other, one) if slopes < 0 else (one, other)
            yield Crossing(one.engine, one.query, before.candidate, after.candidate, round(at), at <= max(sizes))

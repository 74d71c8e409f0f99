"""Two candidates compared: the ratio of their times with an interval, and whether it is a difference that counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

THRESHOLD = 0.05
_RESAMPLES = 4000
_FEW = 8


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a candidate's time relates to the baseline's for one query on one engine.

    `ratio` is the median over rounds of candidate ÷ baseline, each taken within one round (below 1: the candidate
    is faster); with `low` and `high` it makes a 95 % interval, corrected for the number of comparisons made.
    `different` holds when the ratio differs from 1 by more than the practical threshold and the whole interval by
    more than half of it. `counted` is the number of rounds; `clock` says whose times were compared, "wall" or "cpu".
    """

    engine: str
    query: str
    candidate: str
    baseline: str
    ratio: float
    low: float
    high: float
    different: bool
    counted: int
    clock: str = "wall"

    @property
    def faster(self) -> bool:
        """Whether the candidate is faster than the baseline by a difference that counts."""
        return self.different and self.ratio < 1

    @property
    def slower(self) -> bool:
        """Whether the candidate is slower than the baseline by a difference that counts."""
        return self.different and self.ratio > 1


def interval(
    candidate: Sequence[float], baseline: Sequence[float], *, seed: int = 0, comparisons: int = 1
) -> tuple[float, float, float]:
    """The median paired ratio and its interval, from seconds of the same rounds.

    A percentile bootstrap of the median log ratio, its level corrected for the number of comparisons (Bonferroni)
    and expanded for few rounds, where plain percentiles are too narrow (Hesterberg 2015, "What Teachers Should Know
    About the Bootstrap", §3.2 and Table 5). Resampled medians of fewer than eight rounds cannot reach that far, so
    there the interval also covers Student's for the mean log ratio. Fewer than three rounds have none: it is (0, ∞).

    >>> ratio, low, high = interval([2.0, 2.2, 2.1, 1.9], [1.0, 1.1, 1.0, 1.0])
    >>> ratio, low < 2 < high
    (2.0, True)
    """
    logs = np.log(np.asarray(candidate, dtype=float)) - np.log(np.asarray(baseline, dtype=float))
    middle = round(math.exp(float(np.median(logs))), 9)
    rounds = len(logs)
    if rounds < 3:
        return middle, 0.0, math.inf
    student = _student(1 - 0.025 / max(1, comparisons), rounds - 1)
    drawn = np.random.default_rng([seed, rounds]).integers(0, rounds, (_RESAMPLES, rounds))
    medians = np.sort(np.median(logs[drawn], axis=1))
    expanded = _normal(math.sqrt(rounds / (rounds - 1)) * student)
    ends = [_quantile(medians, 1 - expanded), _quantile(medians, expanded), float(np.median(logs))]
    if rounds < _FEW:
        reach = student * float(np.std(logs, ddof=1)) / math.sqrt(rounds)
        ends += [float(np.mean(logs)) - reach, float(np.mean(logs)) + reach]
    return middle, math.exp(min(ends)), math.exp(max(ends))


@dataclass(frozen=True, slots=True)
class Clocked:
    """One candidate's rounds: wall seconds, and CPU seconds where they were measured."""

    candidate: str
    seconds: Sequence[float]
    cpu: Sequence[float] = ()


def compared(
    engine: str,
    query: str,
    candidate: Clocked,
    baseline: Clocked,
    *,
    seed: int = 0,
    comparisons: int = 1,
    threshold: float = THRESHOLD,
) -> Comparison:
    """The comparison of two candidates' times, of the same rounds in the same order.

    Where CPU time accounts for the wall time of both (one thread, no waiting), it is the same time without the
    machine's interruptions: then the clock with the narrower interval decides.
    """
    found = (*interval(candidate.seconds, baseline.seconds, seed=seed, comparisons=comparisons), "wall")
    if _accounts(candidate) and _accounts(baseline):
        work = (*interval(candidate.cpu, baseline.cpu, seed=seed, comparisons=comparisons), "cpu")
        found = min(found, work, key=lambda one: math.log(max(one[2], 1e-9) / max(one[1], 1e-9)))
    ratio, low, high, clock = found
    beyond = ratio > 1 + threshold or ratio < 1 / (1 + threshold)
    sure = 1 + threshold / 2
    different = beyond and (low > sure or high < 1 / sure)
    rounds = len(candidate.seconds)
    return Comparison(
        engine, query, candidate.candidate, baseline.candidate, ratio, low, high, different, rounds, clock
    )


def _accounts(clocked: Clocked) -> bool:
    if len(clocked.cpu) != len(clocked.seconds) or min(clocked.cpu, default=0.0) <= 0:
        return False
    shares = [work / wall for work, wall in zip(clocked.cpu, clocked.seconds, strict=True)]
    return median(shares) > 0.5 and max(shares) < 1.1


def summary(seconds: Sequence[float], *, seed: int = 0) -> tuple[float, float, float]:
    """The median of one candidate's seconds with a 95 % bootstrap interval.

    >>> summary([1.0])
    (1.0, 1.0, 1.0)
    """
    values = np.asarray(seconds, dtype=float)
    if len(values) < 3:
        return median(seconds), float(values.min()), float(values.max())
    drawn = np.random.default_rng([seed, len(values)]).integers(0, len(values), (_RESAMPLES // 4, len(values)))
    medians = np.sort(np.median(values[drawn], axis=1))
    return median(seconds), _quantile(medians, 0.025), _quantile(medians, 0.975)


def _quantile(ordered: Any, share: float) -> float:  # noqa: ANN401  numpy's array
    return float(ordered[min(len(ordered) - 1, max(0, round(share * (len(ordered) - 1))))])


def _normal(z: float) -> float:
    return 0.5 * (1 + math.erf(z / math.sqrt(2)))


def _student(level: float, freedom: int) -> float:
    """The quantile of Student's t distribution, by bisection of its tail (Abramowitz & Stegun 26.7.3 and 26.7.4)."""
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        if _student_below(middle, freedom) < level:
            low = middle
        else:
            high = middle
    return high


def _student_below(t: float, freedom: int) -> float:
    """The share of Student's t distribution below t ≥ 0: the finite sums for odd and even degrees of freedom."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine, term, total = math.cos(angle), 1.0, 0.0
    if freedom % 2:
        term = cosine
        for step in range(1, freedom - 1, 2):
            total += term
            term *= cosine**2 * (step + 1) / (step + 2)
        within = 2 / math.pi * (angle + math.sin(angle) * total)
    else:
        for step in range(0, freedom - 1, 2):
            total += term
            term *= cosine**2 * (step + 1) / (step + 2)
        within = math.sin(angle) * total
    return 0.5 + within / 2

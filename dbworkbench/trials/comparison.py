"""Two candidates compared: the ratio of their times with an interval, and whether it is a difference that counts."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

THRESHOLD = 0.05  # what a difference must exceed to matter in practice
SHORT = 0.001  # seconds: below, it must exceed twice as much, since copies loaded alike differ by up to a tenth
_RESAMPLES = 4000
_FEW = 8
_TRIMMED = 0.2  # of the rounds, at either end


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a candidate's time relates to the baseline's for one query on one engine.

    `ratio` is of candidate ÷ baseline, each taken within one round: the geometric mean of all rounds but a fifth at either end (below 1: the
    candidate is faster), and `low` and `high` are the ends of its 95 % interval. `different` holds when the whole of the interval,
    corrected for the number of comparisons made, is beyond the practical threshold of 5 %; and where the baseline takes less
    than a millisecond, the ratio beyond twice that. `counted` is the number of rounds; `clock` says whose times were compared, "wall" or "cpu".
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

    @property
    def open(self) -> bool:
        """Whether it looks like a difference and is none yet: the interval is beyond the threshold before it is corrected for
        the number of comparisons, and not after. More rounds would tell.
        """
        return not self.different and (self.low > 1 + THRESHOLD or self.high < 1 / (1 + THRESHOLD))


def interval(
    candidate: Sequence[float], baseline: Sequence[float], *, seed: int = 0, comparisons: int = 1
) -> tuple[float, float, float]:
    """The paired ratio and its interval, from seconds of the same rounds.

    A percentile bootstrap of the mean log ratio without a fifth of the rounds at either end (Wilcox, "Introduction to Robust Estimation and
    Hypothesis Testing", `trimpb`): as sure of itself as a mean where rounds are quiet, as a median where some were disturbed. Its level is corrected
    for the number of comparisons (Bonferroni) and expanded for few rounds, where plain percentiles are too narrow (Hesterberg 2015, "What
    Teachers Should Know About the Bootstrap", §3.2 and Table 5). What is resampled of fewer than eight rounds cannot reach that far, so
    there the interval also covers Student's for the mean log ratio. Fewer than three rounds have none: it is (0, ∞).

    >>> ratio, low, high = interval([2.0, 2.2, 2.1, 1.9], [1.0, 1.1, 1.0, 1.0])
    >>> round(ratio, 2), low < 2 < high
    (2.0, True)
    """
    ratio, (found,) = _intervals(candidate, baseline, seed, (comparisons,))
    return ratio, *found


def _intervals(
    candidate: Sequence[float], baseline: Sequence[float], seed: int, corrections: Sequence[int]
) -> tuple[float, list[tuple[float, float]]]:
    """The paired ratio, and an interval for each number of comparisons to correct for."""
    logs = np.log(np.asarray(candidate, dtype=float)) - np.log(np.asarray(baseline, dtype=float))
    middle, rounds = float(_trimmed(logs)), len(logs)
    ratio = round(math.exp(middle), 9)
    if rounds < 3:
        return ratio, [(0.0, math.inf) for _ in corrections]
    drawn = np.random.default_rng([seed, rounds]).integers(0, rounds, (_RESAMPLES, rounds))
    means = np.sort(_trimmed(logs[drawn]))
    found: list[tuple[float, float]] = []
    for comparisons in corrections:
        student = _student(1 - 0.025 / max(1, comparisons), rounds - 1)
        expanded = _normal(math.sqrt(rounds / (rounds - 1)) * student)
        ends = [_quantile(means, 1 - expanded), _quantile(means, expanded), middle]
        if rounds < _FEW:
            reach = student * float(np.std(logs, ddof=1)) / math.sqrt(rounds)
            ends += [float(np.mean(logs)) - reach, float(np.mean(logs)) + reach]
        found.append((math.exp(max(-700.0, min(ends))), math.exp(min(700.0, max(ends)))))
    return ratio, found


def _trimmed(logs: Any) -> Any:  # noqa: ANN401  numpy's arrays
    """The mean along the last axis, of all but a fifth at either end."""
    rounds = logs.shape[-1]
    left_out = int(_TRIMMED * rounds)
    return np.sort(logs, axis=-1)[..., left_out : rounds - left_out].mean(axis=-1)


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
    machine's interruptions: then the clock with the narrower interval decides, unless the other's interval lies wholly on the other side of 1.
    """
    clocks = [("wall", candidate.seconds, baseline.seconds)]
    if _accounts(candidate) and _accounts(baseline):
        clocks.append(("cpu", candidate.cpu, baseline.cpu))
    told = [(clock, *_intervals(one, other, seed, (1, comparisons))) for clock, one, other in clocks]
    clock, ratio, (shown, corrected) = min(told, key=lambda one: _width(one[2][0]))
    matters = 1 + (2 * threshold if median(baseline.seconds) < SHORT else threshold)
    beyond = ratio > matters or ratio < 1 / matters
    different = beyond and (corrected[0] > 1 + threshold or corrected[1] < 1 / (1 + threshold))
    different = different and all(high > 1 if ratio > 1 else low < 1 for *_, ((low, high), _) in told)
    rounds = len(candidate.seconds)
    return Comparison(engine, query, candidate.candidate, baseline.candidate, ratio, *shown, different, rounds, clock)


def _width(ends: tuple[float, float]) -> float:
    return math.log(max(ends[1], 1e-9)) - math.log(max(ends[0], 1e-9))


def _accounts(clocked: Clocked) -> bool:
    """Whether CPU time is the wall time without interruptions: there is some, and no more than one thread's, in most rounds."""
    if len(clocked.cpu) != len(clocked.seconds) or min(clocked.cpu, default=0.0) <= 0:
        return False
    shares = [work / wall for work, wall in zip(clocked.cpu, clocked.seconds, strict=True)]
    return 0.05 < median(shares) < 1.1  # the median: a thread that wakes up beside one run says nothing of the others


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

"""Two trials of the same questions at different times: what takes longer now, what turned, and what was changed between."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from dbworkbench.shown import Shown
from dbworkbench.trials.comparison import THRESHOLD, Comparison

if TYPE_CHECKING:
    from dbworkbench.trials.measure import Measurement
    from dbworkbench.trials.record import Trial

LOAD, TOOK = "load average", "took"  # settings that differ each time, and say nothing of what was changed
_FEWEST = 4  # times that tell what the machine did
_RESAMPLES = 4000


@dataclass(frozen=True, slots=True)
class Shift:
    """How long a candidate takes for a query now against then.

    `before` and `after` are medians in seconds, `ratio` is after ÷ before between `low` and `high` (95 %, corrected for the number of
    shifts, and as wide as times of the two trials differ anyway); `clock` says whose times those are, "wall" or "cpu": of both the one
    that moved less, since a busier machine moves wall time alone. `different` holds where the whole interval is beyond the
    practical threshold after what the machine did to all times, and the other clock moved the same way: what only waits longer is not told.
    `replanned` says that the engine has other operators, or is asked other SQL.
    """

    engine: str
    query: str
    candidate: str
    before: float
    after: float
    ratio: float
    low: float
    high: float
    different: bool
    replanned: bool
    clock: str = "wall"


@dataclass(frozen=True, slots=True)
class Since(Shown):
    """What one trial says differently from an earlier one.

    `turned` pairs comparisons then and now whose outcome (faster, slower, no difference that counts) is another: they are ratios within one
    trial, so that another machine's speed does not count. `sizes` are (candidate, engine, bytes then, bytes now) that
    differ, `settings` (name, then, now), `only_before` and `only_now` name what one of both has measured alone. `machine` is how many times as long
    the middle one of all times took, of four or more: the machine's doing, or that of what all of them share. `load` are the machine's load averages
    then and now, where they were noted.
    """

    shifts: tuple[Shift, ...]
    turned: tuple[tuple[Comparison, Comparison], ...] = ()
    sizes: tuple[tuple[str, str, int, int], ...] = ()
    settings: tuple[tuple[str, str, str], ...] = ()
    only_before: tuple[str, ...] = ()
    only_now: tuple[str, ...] = ()
    machine: float = 1.0
    load: tuple[str, str] = ("", "")


def since(before: "Trial", after: "Trial") -> Since:
    """What `after` says differently from `before`; only right answers that were timed in both are compared."""
    then, now = _right(before), _right(after)
    both = [place for place in now if place in then]
    found = [_moved(then[place], now[place], len(both), after.seed) for place in both]
    machine, apart = _in_common([one[0].ratio for one in found])
    shifts = tuple(
        _shift(then[place], now[place], moved, machine, apart) for place, moved in zip(both, found, strict=True)
    )
    return Since(
        shifts,
        tuple(_turned(before, after)),
        tuple(_sizes(before, after)),
        tuple(_settings(before, after)),
        tuple(" / ".join(place) for place in then if place not in now),
        tuple(" / ".join(place) for place in now if place not in then),
        machine,
        (dict(before.settings).get(LOAD, ""), dict(after.settings).get(LOAD, "")),
    )


def _right(trial: "Trial") -> dict[tuple[str, str, str], "Measurement"]:
    return {(one.engine, one.query, one.candidate): one for one in trial.measurements if one.agrees and one.seconds}


@dataclass(frozen=True, slots=True)
class _Ratio:
    """How one clock moved: now ÷ then, its interval, and the median seconds on both sides."""

    clock: str
    ratio: float
    low: float
    high: float
    before: float
    after: float


def _moved(then: "Measurement", now: "Measurement", comparisons: int, seed: int) -> list[_Ratio]:
    """How the clocks moved that both have, the one that moved less first."""
    clocks = [("wall", now.seconds, then.seconds)]
    if all(len(one.cpu) == len(one.seconds) and min(one.cpu) > 0 for one in (then, now)):
        clocks.append(("cpu", now.cpu, then.cpu))
    found = [
        _Ratio(clock, *_unpaired(late, early, seed, comparisons), float(np.median(early)), float(np.median(late)))
        for clock, late, early in clocks
    ]
    return sorted(found, key=lambda one: round(abs(math.log(one.ratio)), 2))


def _in_common(ratios: Sequence[float]) -> tuple[float, float]:
    """What all times have in common, and how far (in logarithms, as a standard deviation) they are apart from it: both as medians,
    which the few that really moved do not move. Fewer than four have nothing in common.
    """
    if len(ratios) < _FEWEST:
        return 1.0, 0.0
    logs = np.log(np.asarray(ratios, dtype=float))
    middle = float(np.median(logs))
    return math.exp(middle), 1.4826 * float(np.median(np.abs(logs - middle))) * NormalDist().inv_cdf(
        1 - 0.025 / len(ratios)
    )


def _shift(then: "Measurement", now: "Measurement", moved: list[_Ratio], machine: float, apart: float) -> Shift:
    one = moved[0]
    low, high = (_wider(one.ratio, end, apart) for end in (one.low, one.high))
    up, down = low > machine * (1 + THRESHOLD), high < machine / (1 + THRESHOLD)
    different = (
        all(other.ratio > machine for other in moved) if up else down and all(other.ratio < machine for other in moved)
    )
    replanned = now.sql != then.sql or _operators(now) != _operators(then)
    place = (now.engine, now.query, now.candidate)
    return Shift(*place, one.before, one.after, one.ratio, low, high, different, replanned, one.clock)


def _wider(ratio: float, end: float, apart: float) -> float:
    """The end of an interval around a ratio, with what the times of two trials are apart anyway."""
    if not 0 < end < math.inf:
        return end
    reach = math.log(end / ratio)
    return ratio * math.exp(math.copysign(math.hypot(reach, apart), reach))


def _unpaired(now: Sequence[float], then: Sequence[float], seed: int, comparisons: int) -> tuple[float, float, float]:
    """The ratio of two medians with a bootstrap interval: rounds of different trials are no pairs.

    Fewer than three rounds on a side have none: it is (0, ∞).
    """
    one, other = np.log(np.asarray(now, dtype=float)), np.log(np.asarray(then, dtype=float))
    ratio = math.exp(float(np.median(one) - np.median(other)))
    if min(len(one), len(other)) < 3:
        return ratio, 0.0, math.inf
    random = np.random.default_rng([seed, len(one), len(other)])
    drawn = [
        np.median(values[random.integers(0, len(values), (_RESAMPLES, len(values)))], axis=1) for values in (one, other)
    ]
    tail = 0.025 / max(1, comparisons)
    few = math.sqrt(
        min(len(one), len(other)) / (min(len(one), len(other)) - 1)
    )  # resampled spread is too narrow by this
    low, high = (float(end) for end in np.quantile(drawn[0] - drawn[1], [tail, 1 - tail]))
    middle = math.log(ratio)
    return ratio, math.exp(middle + min(0.0, low - middle) * few), math.exp(middle + max(0.0, high - middle) * few)


def _operators(one: "Measurement") -> list[str]:
    steps, found = list(one.plan.roots) if one.plan is not None else [], []
    while steps:
        step = steps.pop()
        found.append(step.operator)
        steps += step.inputs
    return sorted(found)


def _turned(before: "Trial", after: "Trial") -> Iterator[tuple[Comparison, Comparison]]:
    base = after.candidates[0].name
    if base not in {one.name for one in before.candidates}:
        return
    then = {(one.engine, one.query, one.candidate): one for one in before.comparisons(base)}
    for one in after.comparisons(base):
        earlier = then.get((one.engine, one.query, one.candidate))
        if earlier is not None and (one.faster, one.slower) != (earlier.faster, earlier.slower):
            yield earlier, one


def _sizes(before: "Trial", after: "Trial") -> Iterator[tuple[str, str, int, int]]:
    for one in after.loads:
        earlier = before.load(one.candidate, one.engine)
        if earlier is not None and earlier.total_bytes != one.total_bytes:
            yield one.candidate, one.engine, earlier.total_bytes, one.total_bytes


def _settings(before: "Trial", after: "Trial") -> Iterator[tuple[str, str, str]]:
    then, now = ({"seed": str(one.seed), **dict(one.settings)} for one in (before, after))
    then |= {f"rows of {name}": f"{number:,}" for name, number in before.rows}
    now |= {f"rows of {name}": f"{number:,}" for name, number in after.rows}
    for name in dict.fromkeys((*then, *now)):
        if name not in {LOAD, TOOK} and then.get(name) != now.get(name):
            yield name, then.get(name, "—"), now.get(name, "—")

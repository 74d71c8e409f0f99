"""What a trial comes to: who does the workload fastest, on which engine, by how much, and at what price."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dbworkbench.shown import Shown
from dbworkbench.trials.anomalies import Anomaly
from dbworkbench.trials.candidate import REFERENCE
from dbworkbench.trials.comparison import THRESHOLD, Comparison

if TYPE_CHECKING:
    from dbworkbench.trials.record import Trial


@dataclass(frozen=True, slots=True)
class Standing:
    """One candidate on one engine against the baseline.

    `ratio` is the weighted geometric mean over the queries of its time to the baseline's, between `low` and `high`;
    `wins` and `losses` are the queries where it is faster or slower by a difference that counts. `space` and `load` are
    the ratios of bytes on disk and of loading seconds, `writes` is the ratio of the queries that write alone, where there are any.
    `unmeasured` are queries without a right answer in time.
    """

    engine: str
    candidate: str
    ratio: float
    low: float
    high: float
    wins: tuple[str, ...]
    losses: tuple[str, ...]
    space: float
    load: float
    unmeasured: tuple[str, ...] = ()
    writes: float = math.nan


@dataclass(frozen=True, slots=True)
class Ruling(Shown):
    """Who wins where, under the workload's weights, and what it costs.

    `best` pairs each engine with the candidates that do the workload fastest there: several where none of them
    is surely slower than the fastest by the practical threshold, none where nobody answers everything. `anomalies` are what the candidates
    do not enforce, `cannot_hold` pairs them with what they have no place for, `unmeasured` says what was left out.
    """

    baseline: str
    standings: tuple[Standing, ...]
    best: tuple[tuple[str, tuple[str, ...]], ...]
    anomalies: tuple[Anomaly, ...] = ()
    cannot_hold: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unmeasured: tuple[str, ...] = ()


def ruling(trial: "Trial", baseline: str | None = None) -> Ruling:
    """The ruling on a trial; the baseline is the first candidate unless given. Raises UnknownName."""
    base = trial.candidates[0].name if baseline is None else baseline
    compared = trial.comparisons(base)
    standings = tuple(
        _standing(trial, engine, one.name, base, compared) for engine in trial.engines for one in trial.candidates
    )
    best = tuple((engine, _best([one for one in standings if one.engine == engine])) for engine in trial.engines)
    cannot = tuple((one.name, one.cannot_hold) for one in trial.candidates if one.cannot_hold)
    return Ruling(base, standings, best, trial.anomalies, cannot, _left_out(trial))


def _standing(trial: "Trial", engine: str, name: str, base: str, compared: Sequence[Comparison]) -> Standing:
    weights = {query.name: query.weight for query in trial.workload}
    here = [one for one in compared if (one.engine, one.candidate) == (engine, name)]
    whole = sum(weights[one.query] for one in here)
    middle = sum(weights[one.query] * math.log(one.ratio) for one in here) / whole if whole else 0.0
    spread = math.sqrt(sum((weights[one.query] / whole * _reach(one)) ** 2 for one in here)) if whole else 0.0
    answered = {one.query for one in here}
    if name == base:
        found = {query: trial.measurement(name, engine, query) for query in trial.queries}
        answered = {query for query, one in found.items() if one is not None and one.agrees}
    mine, theirs = trial.load(name, engine), trial.load(base, engine)
    both = mine is not None and theirs is not None
    return Standing(
        engine,
        name,
        math.exp(middle),
        math.exp(middle - spread),
        math.exp(middle + spread),
        tuple(one.query for one in here if one.faster),
        tuple(one.query for one in here if one.slower),
        mine.total_bytes / theirs.total_bytes if both and theirs.total_bytes else math.nan,  # type: ignore[union-attr]
        mine.seconds / theirs.seconds if both and theirs.seconds else math.nan,  # type: ignore[union-attr]
        tuple(query for query in trial.queries if query not in answered),
        _mean([one for one in here if trial.workload[one.query].kind == "write"], weights),
    )


def _mean(compared: Sequence[Comparison], weights: Mapping[str, float]) -> float:
    """The weighted geometric mean of ratios; not a number where there are none."""
    whole = sum(weights[one.query] for one in compared)
    return math.exp(sum(weights[one.query] * math.log(one.ratio) for one in compared) / whole) if whole else math.nan


def _reach(one: Comparison) -> float:
    """How far the interval reaches from the ratio, on a log scale; a comparison without an interval knows nothing."""
    if one.low <= 0 or math.isinf(one.high):
        return math.inf
    return max(math.log(one.high / one.ratio), math.log(one.ratio / one.low), 0.0)


def _best(standings: Sequence[Standing]) -> tuple[str, ...]:
    whole = [one for one in standings if not one.unmeasured]
    if not whole:
        return ()
    least = min(one.ratio for one in whole)
    return tuple(one.candidate for one in whole if one.low <= least * (1 + THRESHOLD))


def _left_out(trial: "Trial") -> tuple[str, ...]:
    """What this trial says nothing about."""
    cold = {one.engine for one in trial.measurements if one.cold}
    warm = [engine for engine in trial.engines if engine not in cold]
    said = [
        "concurrent use",
        *(f"a cold cache on {engine}" for engine in warm if cold),
        *(() if cold else ("a cold cache",)),
    ]
    if all(query.kind == "read" for query in trial.workload):
        said.insert(0, "writing")
    said += [
        f"whether {one.query} is answered rightly"
        if one.candidate == REFERENCE
        else f"{one.query or 'all queries'} on {one.engine} for {one.candidate}"
        for one in trial.failures
    ]
    return tuple(dict.fromkeys(said))

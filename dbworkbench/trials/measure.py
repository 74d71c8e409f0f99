"""Runs timed so that what disturbs one candidate disturbs all: warm, interleaved, paired, in random order."""

import gc
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import log, sqrt
from random import Random
from statistics import median
from time import perf_counter

from dbworkbench.engines.engine import Plan, Timing
from dbworkbench.errors import EngineError

FEWEST, FEW, ENOUGH, MOST = 3, 6, 10, 50
WARM = 0.1
_SETTLED = 0.02
_BATCHES = ((0.001, 20), (0.002, 10), (0.05, 3))  # runs below so many seconds are taken so many at a time


@dataclass(frozen=True, slots=True)
class Measurement:
    """One candidate's runs of one query on one engine.

    `seconds` and `cpu` hold one value per round (CPU of all threads; empty where it cannot be measured); rounds
    correspond between candidates. `rows` is the size of the answer, or the number of rows written, `sql` what was run: the query as it is, on views
    that rebuild the reference, unless it was `rewritten` to the candidate's tables or is the candidate's `own`. `agrees` is False where its answer differs from the others': then its time is not that of the query.
    `stopped` says that Ctrl-C ended its rounds: those it has are whole, but fewer than were wanted.
    """

    candidate: str
    engine: str
    query: str
    seconds: tuple[float, ...]
    cpu: tuple[float, ...]
    rows: int
    sql: str
    own: bool = False
    agrees: bool = True
    plan: Plan | None = None
    rewritten: bool = False
    stopped: bool = False


@dataclass(slots=True)
class Rounds:
    """What rounds of runs gave: the timings per name, of the same rounds in the same order, and who dropped out.

    `stopped` holds the interruption that ended them (Ctrl-C); the rounds before it are whole.
    """

    timings: dict[str, list[Timing]] = field(default_factory=dict)
    failed: dict[str, EngineError] = field(default_factory=dict)
    stopped: KeyboardInterrupt | None = None


def paired_rounds(
    runs: Mapping[str, Callable[[], Timing]],
    random: Random,
    *,
    warm: Collection[str] = (),
    repeats: int | None = None,
    budget: float = 1.0,
) -> Rounds:
    """Time each run once per round, the rounds in random order, after warming up those that are not `warm`.

    `repeats` rounds; or at least three, six where a second allows it, and on until the median ratios to the first are known to 2 % (not before the
    tenth round), `budget` seconds are spent, or fifty rounds are done. A run of less than 50 milliseconds is repeated
    within its round and counted by its median, so that neither the clock nor a moment's disturbance matters. A run that
    fails drops out; the others go on. Ctrl-C ends them: the rounds that were complete are kept, and it is told.
    """
    rounds = Rounds({name: [] for name in runs})
    with _quiet():
        try:
            _take(rounds, runs, random, warm, repeats, budget)
        except KeyboardInterrupt as stop:
            rounds.stopped = stop
    for name in rounds.failed:
        rounds.timings.pop(name, None)
    whole = min(map(len, rounds.timings.values()), default=0)
    for timings in rounds.timings.values():
        del timings[whole:]
    return rounds


def _take(  # noqa: PLR0917  those of paired_rounds
    rounds: Rounds,
    runs: Mapping[str, Callable[[], Timing]],
    random: Random,
    warm: Collection[str],
    repeats: int | None,
    budget: float,
) -> None:
    started = perf_counter()
    ready: dict[str, int] = {}
    for name, run in runs.items():
        seconds = WARM if name in warm else _warmed(run, name, rounds)
        if seconds is not None:
            ready[name] = next((times for below, times in _BATCHES if seconds < below), 1)
    counted = 0
    while ready and (counted < repeats if repeats is not None else _goes_on(rounds, counted, started, budget)):
        order = sorted(ready)
        random.shuffle(order)
        for name in order:
            try:
                rounds.timings[name].append(_middle([runs[name]() for _ in range(ready[name])]))
            except EngineError as error:
                rounds.failed[name] = error
                del ready[name]
        counted += 1


def _goes_on(rounds: Rounds, counted: int, started: float, budget: float) -> bool:
    if counted < FEWEST:
        return True
    spent = perf_counter() - started
    if counted >= MOST or spent > (max(budget, 1.0) if counted < FEW else budget):
        return False
    return counted < ENOUGH or not _is_settled(rounds, counted)


def _is_settled(rounds: Rounds, counted: int) -> bool:
    """Whether all ratios to the first are known well: judged by their spread alone, never by where they lie."""
    first, *others = [timings for timings in rounds.timings.values() if len(timings) == counted] or [[]]
    for timings in others:
        ratios = sorted(log(one.seconds / other.seconds) for one, other in zip(timings, first, strict=True))
        middle = median(ratios)
        spread = 1.4826 * median(abs(ratio - middle) for ratio in ratios)
        if 2 * 1.2533 * spread / sqrt(counted) > _SETTLED:
            return False
    return True


def _warmed(run: Callable[[], Timing], name: str, rounds: Rounds) -> float | None:
    """The seconds of a run once two in a row are alike, or after a few; None where it failed."""
    try:
        before = run().seconds
        for _ in range(4):
            now = run().seconds
            if before > WARM or abs(now - before) < 0.1 * before:
                return now
            before = now
    except EngineError as error:
        rounds.failed[name] = error
        return None
    return before


def _middle(timings: list[Timing]) -> Timing:
    """The median of a batch: an interruption of one run does not count."""
    cpu = [timing.cpu for timing in timings if timing.cpu is not None]
    seconds = median(timing.seconds for timing in timings)
    return Timing(seconds, median(cpu) if len(cpu) == len(timings) else None)


@contextmanager
def _quiet() -> Iterator[None]:
    """Python's garbage collector rests meanwhile: it would stop one candidate's run for another's leavings."""
    was = gc.isenabled()
    gc.collect(1)
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()

"""Runs timed so that what disturbs one candidate disturbs all: warm, interleaved, paired, in random order."""

import gc
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import log, sqrt
from random import Random
from statistics import median
from time import perf_counter

from dbworkbench.engines.engine import Plan, Timing
from dbworkbench.errors import EngineError

FEWEST, FEW, ENOUGH, SURE, MOST = 3, 6, 10, 15, 50
WARM = 0.1
SLOW = 0.25
_SETTLED, _ROUGHLY = 0.02, 0.05
_STRETCHED = 2
_PATIENCE = 3.0
_ALIKE = 4
_BATCHES = ((0.001, 10), (0.002, 5), (0.005, 3))  # runs below so many seconds are taken so many at a time


@dataclass(frozen=True, slots=True)
class Measurement:
    """One candidate's runs of one query on one engine.

    `seconds` and `cpu` hold one value per round (CPU of all threads; empty where it cannot be measured); rounds
    correspond between candidates. `rows` is the size of the answer, or the number of rows written, `sql` what was run: the query as it is, on views
    that rebuild the reference, unless it was `rewritten` to the candidate's tables or is the candidate's `own`. `agrees` is False where its answer differs from the others': then its time is not that of the query.
    `read` are the rows of tables that the engine reads for it, where it tells; `cold` holds wall seconds of runs
    after all that was kept in memory was given up, one per round of those. `stopped` says that Ctrl-C ended its rounds: those it has are whole, but fewer than were wanted.
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
    read: int | None = None
    cold: tuple[float, ...] = ()


@dataclass(slots=True)
class Rounds:
    """What rounds of runs gave: the timings per name, of the same rounds in the same order, and who dropped out.

    `stopped` holds the interruption that ended them (Ctrl-C); the rounds before it are whole.
    """

    timings: dict[str, list[Timing]] = field(default_factory=dict)
    failed: dict[str, EngineError] = field(default_factory=dict)
    stopped: KeyboardInterrupt | None = None


class Taking:
    """Rounds that are taken one by one, in each of which every run is timed once, in random order.

    `repeats` rounds; or at least three, six where a second allows it, and on until the median ratios to the first are
    known to 2 % (not before the tenth round), `budget` seconds are spent, or fifty rounds are done; up to the fifteenth, twice as many
    seconds may be spent while the ratios are not even known to 5 %. Of the budget, seconds in which a
    run waited for a busy processor are not spent, up to three times as many as it has: where there is more noise, there
    are more rounds. A run of less than 5 milliseconds is repeated within its round and counted by its median, in turns with the others,
    so that neither the clock nor a moment's disturbance matters; those that take about alike are repeated equally often, since the first run of a
    round is slower than the next. A run that fails drops out; the others go on. `first` is a round that was taken already.
    """

    def __init__(
        self,
        runs: Mapping[str, Callable[[], Timing]],
        random: Random,
        *,
        warm: Collection[str] = (),
        repeats: int | None = None,
        budget: float = 1.0,
        first: Mapping[str, Timing] | None = None,
    ) -> None:
        self._runs, self._random, self._warm = runs, random, warm
        self._repeats, self._budget = repeats, budget
        self._rounds = Rounds({name: [first[name]] if first else [] for name in runs})
        self._ready: dict[str, float] = {}  # the least seconds that a run of it took
        self.elapsed = 0.0  # wall seconds, whatever of them was waited
        self.counted, self.spent = (1, sum(one.seconds for one in first.values())) if first else (0, 0.0)

    def warm_up(self) -> None:
        """Run those that are not `warm` until two runs in a row take alike."""
        with self._told():
            started = perf_counter()
            for name, run in self._runs.items():
                seconds = WARM if name in self._warm else _warmed(run, name, self._rounds)
                if seconds is not None:
                    self._ready[name] = seconds
            elapsed = perf_counter() - started
            self.spent += elapsed
            self.elapsed += elapsed

    def take(self) -> None:
        """One round."""
        with self._told():
            started = perf_counter()
            taken: dict[str, list[Timing]] = {name: [] for name in self._ready}
            often = _how_often(self._ready)
            for at in range(max(often.values(), default=0)):
                order = sorted(name for name in self._ready if at < often[name])
                self._random.shuffle(order)
                for name in order:
                    try:
                        taken[name].append(self._runs[name]())
                    except EngineError as error:
                        self._rounds.failed[name] = error
                        del self._ready[name]
            for name in self._ready:
                self._rounds.timings[name].append(_middle(taken[name]))
                self._ready[name] = min(self._ready[name], *(timing.seconds for timing in taken[name]))
            self.counted += 1
            elapsed = perf_counter() - started
            self.elapsed += elapsed
            self.spent += min(elapsed, max(_worked(taken), elapsed / _PATIENCE))

    def goes_on(self, budget: float | None = None) -> bool:
        """Whether another round is wanted, and its own budget allows it, or what is given instead."""
        if not self._ready:
            return False
        if self._repeats is not None:
            return self.counted < self._repeats
        if self.counted < FEWEST:
            return True
        own = self._budget if budget is None else budget
        if self.counted < FEW:
            own = max(own, 1.0)
        if self.counted >= MOST or self.spent > _STRETCHED * own:
            return False
        if self.spent > own:
            return self.counted < SURE and not _is_settled(self._rounds, self.counted, _ROUGHLY)
        return self.counted < ENOUGH or not _is_settled(self._rounds, self.counted, _SETTLED)

    def needs(self, name: str) -> bool:
        """Whether a run of this name would be in the next round."""
        return name in self._ready

    def whole(self) -> Rounds:
        """The rounds that were complete, and those that dropped out."""
        found = self._rounds
        timings = {name: taken for name, taken in found.timings.items() if name not in found.failed}
        complete = min(map(len, timings.values()), default=0)
        return Rounds({name: taken[:complete] for name, taken in timings.items()}, found.failed, found.stopped)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Note Ctrl-C, which goes on."""
        try:
            yield
        except KeyboardInterrupt as stop:
            self._rounds.stopped = stop
            raise


def paired_rounds(
    runs: Mapping[str, Callable[[], Timing]],
    random: Random,
    *,
    warm: Collection[str] = (),
    repeats: int | None = None,
    budget: float = 1.0,
) -> Rounds:
    """Rounds of these runs alone, one after another (see `Taking`); Ctrl-C ends them: those before it are kept."""
    taking = Taking(runs, random, warm=warm, repeats=repeats, budget=budget)
    with quiet(), suppress(KeyboardInterrupt):
        taking.warm_up()
        while taking.goes_on():
            taking.take()
    return taking.whole()


def _is_settled(rounds: Rounds, counted: int, within: float) -> bool:
    """Whether all ratios to the first are known within a share: judged by their spread alone, never by where they lie."""
    first, *others = [timings for timings in rounds.timings.values() if len(timings) == counted] or [[]]
    for timings in others:
        ratios = sorted(log(one.seconds / other.seconds) for one, other in zip(timings, first, strict=True))
        middle = median(ratios)
        spread = 1.4826 * median(abs(ratio - middle) for ratio in ratios)
        if 2 * 1.2533 * spread / sqrt(counted) > within:
            return False
    return True


def _warmed(run: Callable[[], Timing], name: str, rounds: Rounds) -> float | None:
    """The least seconds of runs until two in a row are alike, or of a few; None where it failed."""
    try:
        taken = [run().seconds]
        for _ in range(4):
            taken.append(run().seconds)
            if taken[-2] > WARM or abs(taken[-1] - taken[-2]) < 0.1 * taken[-2]:
                break
    except EngineError as error:
        rounds.failed[name] = error
        return None
    return min(taken)


def _how_often(seconds: Mapping[str, float]) -> dict[str, int]:
    """How often each is run in a round: those that take about alike as often as the slowest of them."""
    alike: list[list[str]] = []
    for name, taken in sorted(seconds.items(), key=lambda one: one[1]):
        if alike and taken <= _ALIKE * seconds[alike[-1][0]]:
            alike[-1].append(name)
        else:
            alike.append([name])
    often = [next((times for below, times in _BATCHES if seconds[group[-1]] < below), 1) for group in alike]
    return {name: times for group, times in zip(alike, often, strict=True) for name in group}


def _worked(taken: Mapping[str, list[Timing]]) -> float:
    """The seconds of runs in which they had a processor; all of them where that cannot be told."""
    return sum(
        min(one.seconds, one.cpu) if one.cpu is not None else one.seconds
        for timings in taken.values()
        for one in timings
    )


def _middle(timings: list[Timing]) -> Timing:
    """The median of a batch: an interruption of one run does not count."""
    cpu = [timing.cpu for timing in timings if timing.cpu is not None]
    seconds = median(timing.seconds for timing in timings)
    return Timing(seconds, median(cpu) if len(cpu) == len(timings) else None)


@contextmanager
def quiet() -> Iterator[None]:
    """Python's garbage collector rests meanwhile: it would stop one candidate's run for another's leavings."""
    was = gc.isenabled()
    gc.collect(1)
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()

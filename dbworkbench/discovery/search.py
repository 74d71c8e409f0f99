"""The search for minimal determinants, shared by functional dependencies and keys.

X determines A if and only if X shares an attribute with every difference set that holds A, a difference set being the
attributes in which some two rows differ. So the minimal determinants of A are minimal hitting sets. Short tables are
compared pair by pair, and what comes out is exact as it stands. For tall tables neighbours in several sort orders are
compared; the hitting sets of those are candidates, every one of which is checked against all rows; pairs of rows that
break a candidate are further difference sets, until no candidate breaks. A key is a determinant of the row itself.

Murakami & Uno 2014 (DAM 170: minimal hitting sets, MMCS); Papenbrock & Naumann 2016 (HyFD: sampling neighbours, checking by
partitions); Birnick et al. 2020 (HPIValid) and Bleifuß et al. 2024 (FDHits): hitting sets checked against the data.
"""

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import pairwise
from queue import Empty, SimpleQueue
from threading import Event
from typing import TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from dbworkbench.discovery.columns import Columns
from dbworkbench.discovery.kernels import Kernels, kernels

T = TypeVar("T")
Words: TypeAlias = NDArray[np.uint64]

ROW = -1
"""The target that stands for the row itself: what determines it is a key."""

ALL_PAIRS, FEW_PAIRS = 3_000_000, 20_000
NARROW, SHORT = 20, 3
MOST_EDGES, BLOCK = 4_096, 1 << 18
_PAIRS, _LEAST_PAIRS, _MOST_SORTED = 80_000, 3_000, 2_000_000
_MOST_BLOCKS = 16
_REPORT_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Budget:
    """What a search may use: `seconds`, and `results` found; None is no limit. A search that meets one says so.

    One that is under way ends as well when `ended` is set.
    """

    seconds: float | None = None
    results: int | None = None
    ended: Event | None = None

    @property
    def interrupted(self) -> bool:
        """Whether it was ended from outside."""
        return self.ended is not None and self.ended.is_set()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search has come: sets found (not all of them checked), targets that are complete, of how many, seconds so far."""

    found: int
    complete: int
    targets: int
    seconds: float


Report: TypeAlias = Callable[[Progress], None]


@dataclass(frozen=True, slots=True, eq=False)
class Determinants:
    """The minimal determinants found for each target, as words of bits, and the targets whose list is complete.

    Every set listed is a true and minimal determinant, also where a list is not complete.
    """

    width: int
    found: dict[int, Words]
    complete: frozenset[int]

    def count(self) -> int:
        """How many there are, over all targets."""
        return sum(len(sets) for sets in self.found.values())


@dataclass(slots=True)
class Watch:
    """Stops the compiled loops of all threads when time is up or the caller interrupts.

    `signal[0]` is set to stop them, `signal[1]` counts what they have found.
    """

    budget: Budget
    report: Report | None
    targets: int
    started: float = field(default_factory=time.monotonic)
    signal: NDArray[np.int64] = field(default_factory=lambda: np.zeros(2, np.int64))
    complete: int = 0
    told: float = -1.0

    @property
    def most(self) -> int:
        """How many results are enough."""
        return self.budget.results if self.budget.results is not None else 2**62

    def look(self) -> bool:
        """Whether to go on; tells the caller how far it is."""
        seconds = time.monotonic() - self.started
        if self.report is not None and seconds - self.told >= _REPORT_EVERY:
            self.told = seconds
            self.report(Progress(int(self.signal[1]), self.complete, self.targets, seconds))
        if self.budget.interrupted or (self.budget.seconds is not None and seconds > self.budget.seconds):
            self.signal[0] = 1
        return not self.signal[0]

    def each(self, pool: ThreadPoolExecutor, tasks: Iterable[Callable[[], T]]) -> Iterator[T]:
        """Run tasks on the pool and give their results as they come; an interrupt stops them all."""
        waiting: set[Future[T]] = set()
        ready: SimpleQueue[Future[T]] = SimpleQueue()
        try:
            for task in tasks:
                future = pool.submit(task)
                waiting.add(future)
                future.add_done_callback(ready.put)
            while waiting:
                self.look()
                try:
                    done = ready.get(timeout=0.1)
                except Empty:
                    continue
                waiting.discard(done)
                yield done.result()
        except BaseException:
            self.signal[0] = 1
            for future in waiting:
                future.cancel()
            wait(waiting)
            raise


def search(
    columns: Columns,
    targets: Collection[int],
    *,
    max_determinant: int | None = None,
    budget: Budget | None = None,
    threads: int | None = None,
    report: Report | None = None,
    by: Kernels | None = None,
) -> Determinants:
    """The minimal determinants of each target column, ROW among them for keys.

    Any number of threads gives the same answer. `by` are the loops to use: the compiled ones where they are there.
    """
    largest = len(columns.names) if max_determinant is None else max_determinant
    watch = Watch(budget or Budget(), report, len(targets))
    if not columns.names:
        return Determinants(1, {}, frozenset(targets))
    return _Search(columns, largest, watch, workers(threads), by or kernels()).run(targets)


def workers(threads: int | None) -> int:
    """How many threads to use: as many as asked for, else one for each processor, up to eight."""
    return threads or min(os.cpu_count() or 1, 8)


class _Search:
    """The search itself; columns stand in order of falling number of values, the best to check by."""

    def __init__(self, columns: Columns, largest: int, watch: Watch, workers: int, by: Kernels) -> None:
        self.kernels = by
        sizes = np.asarray(columns.sizes, np.int64)
        self.order = np.argsort(-sizes, kind="stable")
        self.codes = [columns.codes[column] for column in self.order]
        self.sizes = np.maximum(sizes[self.order], 1)
        self.place = {int(column): place for place, column in enumerate(self.order)} | {ROW: ROW}
        self.columns, self.rows = len(columns.names), columns.rows
        self.width = max(1, (self.columns + 63) // 64)
        self.largest, self.watch, self.workers = largest, watch, workers
        self.unique = [place for place in range(self.columns) if self._tells_rows_apart(place)]
        self.checked_sizes = self.sizes.copy()
        self.checked_sizes[self.unique] = 1  # no other determinant has one of them
        flags = np.zeros(64 * self.width, bool)
        flags[: self.columns] = self.checked_sizes > 1
        self.varied: Words = np.packbits(flags, bitorder="little").view("<u8").astype(np.uint64)

    def _compares_all(self, targets: Collection[int]) -> bool:
        """Whether all pairs of rows are compared: where they are few, or where samples would leave much to check.

        That is so in wide tables, which have many long determinants, though not many keys.
        """
        pairs = self.rows * (self.rows - 1) // 2
        wide = self.columns > NARROW and self.largest > SHORT and any(target != ROW for target in targets)
        return bool(pairs <= (ALL_PAIRS if wide else min(FEW_PAIRS, ALL_PAIRS)))

    def _tells_rows_apart(self, place: int) -> bool:
        if self.rows < 2 or self.sizes[place] < self.rows:
            return False
        return int(self.kernels.counted(self.codes[place], int(self.sizes[place])).max()) == 1

    def run(self, targets: Collection[int]) -> Determinants:
        inner = [self.place[target] for target in targets]
        with ThreadPoolExecutor(self.workers) as pool:
            if self._compares_all(inner):
                found, complete = self._short(pool, inner)
            else:
                found, complete = self._tall(pool, inner)
        found = {place: self._with_unique(place, sets) for place, sets in found.items()}
        back = {place: column for column, place in self.place.items()}
        return Determinants(
            self.width,
            {back[place]: self._original(sets) for place, sets in found.items()},
            frozenset(back[place] for place in complete),
        )

    def _constant(self, place: int) -> bool:
        codes = self.codes[place]
        return bool(self.sizes[place] == 1) or bool((codes == codes[0]).all())

    def _with_unique(self, target: int, sets: Words) -> Words:
        """Also the unique columns, each of which determines all: left out of the search, since no other set has one."""
        alone = [place for place in self.unique if place != target]
        if not alone or self.largest < 1 or (target != ROW and self._constant(target)):
            return sets
        places = np.array(alone)
        more = np.zeros((len(alone), self.width), np.uint64)
        more[np.arange(len(alone)), places // 64] = np.uint64(1) << (places % 64).astype(np.uint64)
        return np.concatenate([more, sets])

    def _original(self, sets: Words) -> Words:
        """Sets of places as sets of columns of the caller."""
        return self.kernels.relocated(sets, self.order) if len(sets) else sets

    def _usable(self, target: int) -> Words:
        """The columns that a determinant of the target may have."""
        words = self.varied.copy()
        if target != ROW:
            words[target // 64] &= ~(np.uint64(1) << np.uint64(target % 64))
        return words

    def _hitting_sets(self, differences: Words, fresh: int, target: int) -> Callable[[], tuple[int, Words, bool, bool]]:
        def task() -> tuple[int, Words, bool, bool]:
            watch = self.watch
            if watch.signal[0] or watch.signal[1] > watch.most:
                return target, np.zeros((0, self.width), np.uint64), False, False
            sets, done, whole = self.kernels.minimal_hitting_sets(
                differences, fresh, target, self._usable(target), self.largest, MOST_EDGES, watch.signal, watch.most
            )
            return target, sets, bool(done), bool(whole)

        return task

    def _short(self, pool: ThreadPoolExecutor, targets: list[int]) -> tuple[dict[int, Words], set[int]]:
        """All pairs of rows: what hits all difference sets holds. Where those are too many, candidates are checked."""

        def task(first: int, last: int) -> Callable[[], Words]:
            return lambda: self.kernels.all_differences(self.codes, self.sizes, first, last, self.watch.signal)

        pieces = list(self.watch.each(pool, [task(a, b) for a, b in self._cuts()]))
        if self.watch.signal[0]:  # not all pairs were looked at: nothing is known
            return {target: np.zeros((0, self.width), np.uint64) for target in targets}, set()
        differences = pieces[0] if len(pieces) == 1 else self.kernels.distinct(np.concatenate(pieces))
        found: dict[int, Words] = {}
        complete: set[int] = set()
        many: list[int] = []
        tasks = [self._hitting_sets(differences, len(differences), one) for one in targets]
        for target, sets, done, whole in self.watch.each(pool, tasks):
            found[target] = sets if whole else sets[:0]
            if done and whole:
                complete.add(target)
                self.watch.complete += 1
            elif not whole and not self.watch.signal[0]:
                many.append(target)
        if many:
            self.watch.signal[1] = sum(len(sets) for sets in found.values())
            more, also = self._checked(pool, many, differences)
            found |= more
            complete |= also
        return found, complete

    def _cuts(self) -> list[tuple[int, int]]:
        """First rows of pairs, cut so that the threads have as many pairs each."""
        if self.workers == 1 or self.rows * self.rows * self.columns < 4_000_000:
            return [(0, self.rows)]
        parts = self.workers
        marks = [round(self.rows * (1 - (1 - k / parts) ** 0.5)) for k in range(parts + 1)]
        return list(pairwise(marks))

    def _sampled(self) -> Words:
        """Difference sets of neighbours in as many sort orders as there are columns; of many rows, of some spread evenly."""
        found = [np.zeros((0, self.width), np.uint64)]
        order = np.linspace(0, self.rows - 1, min(self.rows, _MOST_SORTED)).astype(np.int32)
        most = max(_LEAST_PAIRS, _PAIRS // self.columns)
        for column in reversed(range(self.columns)):
            if column in self.unique:
                continue
            order = self.kernels.sorted_by(order, self.codes[column], int(self.sizes[column]))
            found.append(self.kernels.sampled_differences(self.codes, self.sizes, order, column, most))
            if not self.watch.look():
                break
        return self.kernels.distinct(np.concatenate(found))

    def _tall(self, pool: ThreadPoolExecutor, targets: list[int]) -> tuple[dict[int, Words], set[int]]:
        return self._checked(pool, targets, self._sampled())

    def _checked(
        self, pool: ThreadPoolExecutor, targets: list[int], differences: Words
    ) -> tuple[dict[int, Words], set[int]]:
        """Hitting sets of some difference sets, checked against all rows; those of pairs that fail join the others."""
        fresh = len(differences)
        valid: dict[int, Words] = {target: np.zeros((0, self.width), np.uint64) for target in targets}
        complete: set[int] = set()
        pending = list(targets)
        others = int(self.watch.signal[1])
        before_complete = self.watch.complete
        while pending and self.watch.look():
            self.watch.signal[1] = others + sum(len(sets) for sets in valid.values())
            candidates: list[tuple[int, Words]] = []
            ended: set[int] = set()
            tasks = [self._hitting_sets(differences, fresh, one) for one in pending]
            for target, sets, done, _ in self.watch.each(pool, tasks):
                new = sets[~_among(sets, valid[target])] if len(valid[target]) else sets
                candidates.append((target, new))
                if done:
                    ended.add(target)
            failed, pairs = self._check(pool, candidates, valid)
            complete |= {
                target for target in pending if target in ended and target not in failed and not self.watch.signal[0]
            }
            self.watch.complete = before_complete + len(complete)
            if self.watch.signal[1] > self.watch.most:
                break
            pending = [target for target in pending if target in failed]
            if pending:
                differences = np.concatenate([differences, *pairs])
                differences = np.concatenate([differences[:fresh], self.kernels.distinct(differences[fresh:])])
        return valid, complete

    def _check(
        self, pool: ThreadPoolExecutor, fresh: list[tuple[int, Words]], valid: dict[int, Words]
    ) -> tuple[set[int], list[Words]]:
        """Check candidates against all rows: the targets where one broke, and difference sets of those that broke.

        Those that hold are added to `valid`.
        """
        sets = np.concatenate([found for _, found in fresh])
        if not len(sets):
            return set(), []
        wide = (self.columns + 64) // 64
        owner = np.concatenate([np.full(len(found), target % (self.columns + 1)) for target, found in fresh])
        keys = [prefix_key(sets[:, word]) for word in range(self.width)]
        order = np.lexsort(keys[::-1])[::-1]
        sets, owner = sets[order], owner[order]
        starts = np.ones(len(sets), bool)
        starts[1:] = (sets[1:] != sets[:-1]).any(axis=1)
        group = np.cumsum(starts) - 1
        determinants = sets[starts]
        wanted = np.zeros((len(determinants), wide), np.uint64)
        flags = np.uint64(1) << (owner % 64).astype(np.uint64)
        np.bitwise_or.at(wanted, (group, owner // 64), flags)
        block = max(BLOCK, self.rows // _MOST_BLOCKS)
        pieces = 1 if self.rows * len(determinants) < 200_000 else 2 * self.workers
        marks = np.linspace(0, len(determinants), min(pieces, len(determinants)) + 1).astype(int).tolist()

        def task(first: int, last: int) -> Callable[[], tuple[int, Words, Words]]:
            def check() -> tuple[int, Words, Words]:
                broken, pairs = self.kernels.check_determinants(
                    self.codes, self.checked_sizes, determinants, wanted, first, last, block, self.watch.signal
                )
                return first, broken, pairs

            return check

        failed_words = np.zeros_like(wanted)
        collected: list[Words] = []
        tasks = [task(a, b) for a, b in pairwise(marks)]
        for first, broken, pairs in self.watch.each(pool, tasks):
            failed_words[first : first + len(broken)] = broken
            collected.append(pairs)
        if self.watch.signal[0]:  # some were not looked at: nothing new is claimed
            return {target for target, _ in fresh}, collected
        broken_one = (failed_words[group, owner // 64] & flags) != 0
        failed: set[int] = set()
        for target, _ in fresh:
            mine = owner == target % (self.columns + 1)
            if broken_one[mine].any():
                failed.add(target)
            valid[target] = np.concatenate([valid[target], sets[mine & ~broken_one]])
        return failed, collected


def prefix_key(words: Words) -> Words:
    """Words with their bits in the opposite order, so that sorting by them compares the lowest bits first."""
    octets = np.ascontiguousarray(words.astype("<u8")).view(np.uint8).reshape(-1, 8)
    bits = np.unpackbits(octets, axis=1, bitorder="little")
    return np.packbits(bits, axis=1, bitorder="big").view(">u8").reshape(-1).astype(np.uint64)


def _among(sets: Words, known: Words) -> NDArray[np.bool_]:
    """Which sets are among the known ones."""
    kind = np.dtype((np.void, sets.dtype.itemsize * sets.shape[1]))
    if sets.shape[1] == 1:
        return np.isin(sets[:, 0], known[:, 0])
    left, right = (np.ascontiguousarray(one).view(kind).reshape(-1) for one in (sets, known))
    return np.isin(left, right)

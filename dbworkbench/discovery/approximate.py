"""Dependencies that almost hold: how nearly, in which rows they fail, and the fewest rows to mend."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dbworkbench.discovery.columns import Columns, groups
from dbworkbench.discovery.kernels import kernels
from dbworkbench.discovery.search import ROW, Budget, Report, Watch, prefix_key, workers
from dbworkbench.shown import Shown
from dbworkbench.theory.dependencies import FD

if TYPE_CHECKING:  # loaded only where rows are shown
    import pandas as pd

Ids = NDArray[np.int64]
Rows = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Measures:
    """How nearly a functional dependency X → Y holds in rows.

    `g3` is the least share of rows whose removal makes it hold, and `removed` their number; `g1` the share of ordered
    pairs of rows that break it (Kivinen & Mannila 1995, TCS 149). `pdep` is the chance that two rows that agree on X
    agree on Y, and `mu` the same corrected for chance, from 0 (no better than a shuffled Y) to 1 (Piatetsky-Shapiro
    & Matheus 1993; μ⁺ in Parciak et al. 2024, in whose comparison it tells rules best, with one other). `groups` counts the
    different X, `broken` those with more than one Y, `repeated` the rows beyond the first of each X: the
    rows that could have broken it.
    """

    fd: FD
    rows: int
    groups: int
    broken: int
    repeated: int
    removed: int
    g1: float
    pdep: float
    mu: float

    @property
    def g3(self) -> float:
        """The least share of rows whose removal makes the dependency hold."""
        return self.removed / self.rows if self.rows else 0.0

    @property
    def holds(self) -> bool:
        """Whether it holds in every row."""
        return self.removed == 0


def measure(columns: Columns, fd: FD) -> Measures:
    """All measures of one dependency, with any number of dependents; raises UnknownName.

    >>> import pandas as pd
    >>> from dbworkbench.discovery.columns import from_frame
    >>> rows = from_frame(pd.DataFrame({"zip": [1, 1, 1, 2], "city": ["Rome", "Rome", "Roma", "Oslo"]}))
    >>> found = measure(rows, FD.parse("zip -> city"))
    >>> found.removed, found.g3, found.broken
    (1, 0.25, 1)
    """
    rows = columns.rows
    ids, count, values, pair_owner, pair_counts = _pairs(columns, fd)
    sizes = np.bincount(ids, minlength=count)
    best = np.zeros(count, np.int64)
    np.maximum.at(best, pair_owner, pair_counts)
    squares = np.bincount(pair_owner, weights=pair_counts.astype(float) ** 2, minlength=count)
    pdep = float((squares / sizes).sum() / rows) if rows else 1.0
    chance = float(((np.bincount(values) / rows) ** 2).sum()) if rows else 1.0
    spread = (1 - pdep) / (1 - chance) * (rows - 1) / (rows - count) if chance < 1 and rows > count else 0.0
    mu = max(0.0, 1 - spread) if rows > count or pdep < 1 else 0.0
    different = np.bincount(pair_owner, minlength=count)
    return Measures(
        fd,
        rows,
        count,
        int((different > 1).sum()),
        rows - count,
        int(rows - best.sum()),
        float(((sizes.astype(float) ** 2) - squares).sum() / rows**2) if rows else 0.0,
        min(1.0, pdep),
        1.0 if math.isclose(pdep, 1.0) and rows > count else mu,
    )


def _pairs(columns: Columns, fd: FD) -> tuple[Rows, int, Rows, Ids, Ids]:
    """Group of each row, number of groups, value of each row; owner and rows of each pair of group and value."""
    here = [columns.codes[columns.place(name)] for name in sorted(fd.determinant)]
    there = [columns.codes[columns.place(name)] for name in sorted(fd.dependent)]
    ids, count = groups(here, columns.rows)
    values, _ = groups(there, columns.rows)
    pairs, found = groups([ids, values], columns.rows)
    owner = np.zeros(found, np.int64)
    owner[pairs] = ids
    return ids, count, values, owner, np.bincount(pairs, minlength=found).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Violations(Shown):
    """The rows in which a dependency fails: all rows of each group that agrees on X and differs on Y.

    `rows` are row numbers from 0, group by group; `repair` are the fewest rows to mend or remove, those that do not
    have their group's most frequent Y. Where two are as frequent, the one that comes first in the data stays.
    """

    fd: FD
    columns: Columns
    rows: tuple[int, ...]
    repair: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"Violations({self.fd}: {len(self.rows):,} rows, {len(self.repair):,} to mend)"

    def frame(self, most: int | None = None) -> "pd.DataFrame":
        """The rows with their values, their number in `row`, and in `mend` what the dependent should say.

        The dependency's own columns come first. `mend` is empty in rows that may stay. `most` cuts the list: rows to mend
        and one of each group that may stay are kept before others.
        """
        chosen = self.rows if most is None else self._telling(most)
        own = [name for name in self.columns.names if name in self.fd.determinant]
        own += [name for name in self.columns.names if name in self.fd.dependent - self.fd.determinant]
        rest = [name for name in self.columns.names if name not in self.fd.attributes]
        frame = self.columns.select([*own, *rest]).frame(chosen)
        frame.insert(0, _free("row", frame.columns), list(chosen))
        names = sorted(self.fd.dependent)
        right = self.columns.select(names).frame(_majority(self.columns, self.fd)[list(chosen)])
        wrong = set(self.repair)
        mend = [
            ", ".join(f"{name} = {value}" for name, value in zip(names, values, strict=True)) if row in wrong else ""
            for row, values in zip(chosen, right.itertuples(index=False, name=None), strict=True)
        ]
        frame.insert(1 + len(own), _free("mend", frame.columns), mend)
        return frame

    def _telling(self, most: int) -> tuple[int, ...]:
        """So many rows, in their order: those to mend beside one that may stay, and others where there is room."""
        wrong, seen = set(self.repair), set[int]()
        ids, _ = groups(
            [self.columns.codes[self.columns.place(name)] for name in self.fd.determinant], self.columns.rows
        )
        telling, others = list[int](), list[int]()
        for at, row in enumerate(self.rows):
            group = int(ids[row])
            (telling if row in wrong or group not in seen else others).append(at)
            seen |= set() if row in wrong else {group}
        return tuple(self.rows[at] for at in sorted([*telling, *others][:most]))

    def repairs(self) -> "pd.DataFrame":
        """One line for each cell to mend: its rule, row (from 0) and column, what it says and what it should say.

        These are the fewest rows that make the dependency hold: each takes what most rows of its group say.
        """
        wrong = np.array(self.repair, np.int64)
        right = _majority(self.columns, self.fd)[wrong]
        import pandas as pd  # noqa: PLC0415  see above

        parts = [
            pd.DataFrame(
                {
                    "rule": str(self.fd),
                    "row": wrong,
                    "column": name,
                    "says": self.columns.select([name]).frame(wrong)[name].astype(object),
                    "should_say": self.columns.select([name]).frame(right)[name].astype(object),
                }
            )
            for name in sorted(self.fd.dependent)
        ]
        found = pd.concat(parts) if parts else pd.DataFrame(columns=["rule", "row", "column", "says", "should_say"])
        differs = found["says"].ne(found["should_say"]) & ~(found["says"].isna() & found["should_say"].isna())
        return found[differs].sort_values(["row", "column"], kind="stable").reset_index(drop=True)

    def mended(self) -> "pd.DataFrame":
        """All rows of the table, those to repair mended: the dependency holds in them."""
        frame = self.columns.frame()
        wrong = np.array(self.repair, np.int64)
        for name in sorted(self.fd.dependent):
            right = self.columns.select([name]).frame(_majority(self.columns, self.fd)[wrong])[name]
            frame.loc[wrong, name] = right.to_numpy()
        return frame


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _majority(columns: Columns, fd: FD) -> Ids:
    """For each row a row of its group that has the group's most frequent dependent values."""
    ids, count, values, _, _ = _pairs(columns, fd)
    rows = columns.rows
    pairs, found = groups([ids, values], rows)
    first = np.full(found, rows, np.int64)
    np.minimum.at(first, pairs, np.arange(rows))
    size = np.bincount(pairs, minlength=found)
    owner = ids[first]
    order = np.lexsort((first, -size, owner))
    best = np.zeros(count, np.int64)
    best[owner[order][::-1]] = first[order][::-1]
    return best[ids]


def violations(columns: Columns, fd: FD) -> Violations:
    """The rows that break a dependency, and the smallest set of rows to mend; none where it holds.

    >>> import pandas as pd
    >>> from dbworkbench.discovery.columns import from_frame
    >>> rows = from_frame(pd.DataFrame({"zip": [1, 1, 1, 2], "city": ["Rome", "Rome", "Roma", "Oslo"]}))
    >>> found = violations(rows, FD.parse("zip -> city"))
    >>> found.rows, found.repair
    ((0, 1, 2), (2,))
    """
    ids, count, values, owner, _ = _pairs(columns, fd)
    broken = np.bincount(owner, minlength=count) > 1
    rows = np.flatnonzero(broken[ids])
    rows = rows[np.argsort(ids[rows], kind="stable")]
    if not len(rows):
        return Violations(fd, columns, (), ())
    majority = _majority(columns, fd)
    wrong = rows[values[rows] != values[majority[rows]]]
    return Violations(fd, columns, tuple(rows.tolist()), tuple(sorted(wrong.tolist())))


@dataclass(frozen=True, slots=True)
class Approximate:
    """A minimal dependency or key within an error: `removed` rows break it. A key has no dependent."""

    determinant: frozenset[str]
    dependent: frozenset[str]
    removed: int
    rows: int

    @property
    def g3(self) -> float:
        """The share of rows to remove."""
        return self.removed / self.rows if self.rows else 0.0

    @property
    def fd(self) -> FD:
        """It, as a functional dependency."""
        return FD(self.determinant, self.dependent)


@dataclass(frozen=True, slots=True)
class ApproximateDependencies:
    """All minimal determinants within an error, up to a size; `complete` says whether the search came to its end."""

    found: tuple[Approximate, ...]
    max_error: float
    max_determinant: int
    complete: bool = True


def approximate_dependencies(
    columns: Columns,
    *,
    max_error: float,
    max_determinant: int | None = None,
    targets: Collection[str] | None = None,
    keys: bool = False,
    budget: Budget | None = None,
    threads: int | None = None,
    report: Report | None = None,
) -> ApproximateDependencies:
    """All minimal dependencies with a g3 of at most `max_error`, exact ones among them; with `keys`, keys too.

    Level by level: a determinant is tried when no part of it is good enough, for removing an attribute never
    lowers the error. That is all of them, up to `max_determinant` columns. With as many columns as rows have
    there can be exponentially many: give `max_determinant` for wide tables, or a budget. Huhtala, Kärkkäinen,
    Porkka & Toivonen 1999 (TANE).

    >>> import pandas as pd
    >>> from dbworkbench.discovery.columns import from_frame
    >>> rows = from_frame(pd.DataFrame({"zip": [1, 1, 1, 2, 2], "city": ["Rome", "Rome", "Roma", "Oslo", "Oslo"]}))
    >>> for one in approximate_dependencies(rows, max_error=0.2).found:
    ...     print(one.fd, one.removed)
    city → zip 0
    zip → city 1
    """
    names, rows = columns.names, columns.rows
    largest = len(names) if max_determinant is None else max_determinant
    allowed = math.floor(max_error * rows + 1e-9)
    wanted = [columns.place(name) for name in names if targets is None or name in targets]
    open_targets = [*wanted, ROW] if keys else wanted
    watch = Watch(budget or Budget(), report, len(open_targets))
    found: list[Approximate] = []
    hit: dict[int, set[frozenset[int]]] = {target: set() for target in open_targets}
    # the determinants of the last level that were tried for a target and not good enough
    missed: dict[int, set[frozenset[int]]] = {}
    for size in range(largest + 1):
        asked: dict[frozenset[int], list[int]] = {}
        for target in open_targets:
            others = [c for c in range(len(names)) if c != target]
            for chosen in _next_level(size, others, missed.get(target, set())):
                asked.setdefault(chosen, []).append(target)
        if not asked:
            break
        if not watch.look() or watch.signal[1] > watch.most:
            return ApproximateDependencies(_in_order(found, names), max_error, size - 1, complete=False)
        missed = {target: set() for target in open_targets}
        for chosen, target, removed in removals_of(columns, asked, threads=threads, watch=watch):
            if removed <= allowed:
                hit[target].add(chosen)
                watch.signal[1] += 1
                dependent = frozenset[str]() if target == ROW else frozenset({names[target]})
                found.append(Approximate(frozenset(names[c] for c in chosen), dependent, removed, rows))
            else:
                missed[target].add(chosen)
        if watch.signal[0]:
            return ApproximateDependencies(_in_order(found, names), max_error, size - 1, complete=False)
    return ApproximateDependencies(_in_order(found, names), max_error, largest)


def _in_order(found: list[Approximate], names: tuple[str, ...]) -> tuple[Approximate, ...]:
    place = {name: at for at, name in enumerate(names)}

    def key(one: Approximate) -> tuple[int, int, list[int]]:
        dependent = min((place[name] for name in one.dependent), default=len(names))
        return dependent, len(one.determinant), sorted(place[name] for name in one.determinant)

    return tuple(sorted(found, key=key))


def _next_level(size: int, others: list[int], missed: set[frozenset[int]]) -> Iterator[frozenset[int]]:
    """Sets of `size` columns, all of whose parts were tried and missed."""
    if size == 0:
        yield frozenset()
    elif size == 1:
        if frozenset() in missed:
            yield from (frozenset({c}) for c in others)
    else:
        by_start: dict[tuple[int, ...], list[int]] = {}
        for one in sorted(tuple(sorted(chosen)) for chosen in missed):
            by_start.setdefault(one[:-1], []).append(one[-1])
        for start, lasts in by_start.items():
            for a, b in combinations(lasts, 2):
                chosen = frozenset((*start, a, b))
                if all(chosen - {c} in missed for c in start):
                    yield chosen


def removals_of(
    columns: Columns, asked: dict[frozenset[int], list[int]], *, threads: int | None, watch: Watch
) -> Iterator[tuple[frozenset[int], int, int]]:
    """For each set of columns and target, the fewest rows to remove so that the one determines the other."""
    order = np.argsort(-np.asarray(columns.sizes, np.int64), kind="stable")
    place = {int(column): at for at, column in enumerate(order)} | {ROW: len(order)}
    codes = [columns.codes[column] for column in order]
    sizes = np.maximum(np.asarray(columns.sizes, np.int64)[order], 1)
    listed = list(asked)
    determinants = _words((tuple(place[c] for c in chosen) for chosen in listed), (len(order) + 63) // 64)
    wanted = _words((tuple(place[t] for t in asked[chosen]) for chosen in listed), (len(order) + 64) // 64)
    keys = [prefix_key(determinants[:, word]) for word in range(determinants.shape[1])]
    sequence = np.lexsort(keys[::-1])[::-1]
    determinants, wanted = determinants[sequence], wanted[sequence]
    pieces = 1 if columns.rows * len(listed) < 200_000 else 4 * workers(threads)
    marks = np.linspace(0, len(listed), min(pieces, len(listed)) + 1).astype(int).tolist()

    def task(first: int, last: int) -> Callable[[], tuple[int, Ids]]:
        return lambda: (first, kernels().removals(codes, sizes, determinants, wanted, first, last, watch.signal))

    with ThreadPoolExecutor(workers(threads)) as pool:
        for first, removed in watch.each(pool, [task(a, b) for a, b in pairwise(marks)]):
            for at, counts in enumerate(removed):
                chosen = listed[int(sequence[first + at])]
                for target in asked[chosen]:
                    if counts[place[target]] >= 0:
                        yield chosen, target, int(counts[place[target]])


def _words(sets: Iterable[tuple[int, ...]], width: int) -> NDArray[np.uint64]:
    masks = (sum(1 << member for member in one) for one in sets)
    return np.frombuffer(b"".join(mask.to_bytes(8 * width, "little") for mask in masks), "<u8").reshape(-1, width)

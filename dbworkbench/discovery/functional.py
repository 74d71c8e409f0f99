"""All minimal functional dependencies that data obeys, exactly."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from dbworkbench.discovery.columns import Columns
from dbworkbench.discovery.search import Budget, Determinants, Report, Words, prefix_key, search
from dbworkbench.shown import Shown
from dbworkbench.theory.dependencies import FD


def ordered(sets: Words) -> Words:
    """Sets in the one order in which they are listed: fewer members first, then by their first columns."""
    if len(sets) < 2:
        return sets
    keys = [~prefix_key(sets[:, word]) for word in range(sets.shape[1])]
    return sets[np.lexsort([*reversed(keys), np.bitwise_count(sets).sum(axis=1)])]


def members(words: Words, names: Sequence[str]) -> tuple[str, ...]:
    """The names in one set, in the order of the columns."""
    mask = int.from_bytes(np.ascontiguousarray(words.astype("<u8")).tobytes(), "little")
    found = []
    while mask:
        low = mask & -mask
        found.append(names[low.bit_length() - 1])
        mask ^= low
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class FunctionalDependencies(Sequence[FD], Shown):
    """The minimal functional dependencies of a table, each with one dependent, as a sequence that is read lazily.

    A million of them take 16 MB, not a million objects. They are listed by dependent, in the order of the
    columns, those with the fewest attributes first. Each is true of every row, and minimal: with any attribute of
    the determinant left out it is false. `open` names the dependents for which there may be more.
    """

    names: tuple[str, ...]
    determinants: tuple[Words, ...]
    open: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether these are all there are."""
        return not self.open

    def __repr__(self) -> str:
        return f"FunctionalDependencies({len(self):,}{'' if self.complete else ', incomplete'})"

    def __len__(self) -> int:
        return sum(len(sets) for sets in self.determinants)

    @overload
    def __getitem__(self, at: int) -> FD: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[FD, ...]: ...
    def __getitem__(self, at: int | slice) -> FD | tuple[FD, ...]:
        if isinstance(at, slice):
            return tuple(self[place] for place in range(*at.indices(len(self))))
        place = at + len(self) if at < 0 else at
        if place >= 0:
            for name, sets in zip(self.names, self.determinants, strict=True):
                if place < len(sets):
                    return FD(frozenset(members(sets[place], self.names)), frozenset({name}))
                place -= len(sets)
        raise IndexError(f"there are {len(self)} dependencies, no number {at}")

    def __iter__(self) -> Iterator[FD]:
        for name, sets in zip(self.names, self.determinants, strict=True):
            dependent = frozenset({name})
            for words in sets:
                yield FD(frozenset(members(words, self.names)), dependent)

    def __contains__(self, fd: object) -> bool:
        if not isinstance(fd, FD) or len(fd.dependent) != 1 or not fd.attributes <= frozenset(self.names):
            return False
        (dependent,) = fd.dependent
        return fd.determinant in {FD_.determinant for FD_ in self.of(dependent, largest=len(fd.determinant))}

    def of(self, dependent: str, *, smallest: int = 0, largest: int | None = None) -> Iterator[FD]:
        """Those with one dependent, with determinants of `smallest` to `largest` attributes; raises ValueError for no column."""
        sets = self.determinants[self.names.index(dependent)]
        if smallest or largest is not None:
            sizes = np.bitwise_count(sets).sum(axis=1)
            end = None if largest is None else np.searchsorted(sizes, largest, side="right")
            sets = sets[np.searchsorted(sizes, smallest) : end]
        there = frozenset({dependent})
        for words in sets:
            yield FD(frozenset(members(words, self.names)), there)

    def small(self, largest: int, *, smallest: int = 0) -> Iterator[FD]:
        """Those with determinants of `smallest` to `largest` attributes."""
        for name in self.names:
            yield from self.of(name, smallest=smallest, largest=largest)


def listed_fds(columns: Columns, found: Determinants) -> FunctionalDependencies:
    """What a search found, as dependencies in order."""
    width, places = found.width, range(len(columns.names))
    none = np.zeros((0, width), np.uint64)
    return FunctionalDependencies(
        columns.names,
        tuple(ordered(found.found.get(place, none)) for place in places),
        tuple(columns.names[place] for place in places if place not in found.complete),
    )


def functional_dependencies(
    columns: Columns,
    *,
    dependents: Collection[str] | None = None,
    max_determinant: int | None = None,
    budget: Budget | None = None,
    threads: int | None = None,
    report: Report | None = None,
) -> FunctionalDependencies:
    """All minimal functional dependencies of the rows, or those with the `dependents` named.

    Exact: the answer is that of trying every determinant. With `max_determinant` longer determinants are left
    out; where `budget` ends the search, `open` says which dependents are not complete, and what is listed is true.
    There can be exponentially many in the number of columns. See `search` for how they are found.

    >>> import pandas as pd
    >>> from dbworkbench.discovery.columns import from_frame
    >>> rows = pd.DataFrame({"city": ["Rome", "Rome", "Oslo"], "land": ["IT", "IT", "NO"], "day": [1, 2, 1]})
    >>> [str(fd) for fd in functional_dependencies(from_frame(rows))]
    ['land → city', 'city → land']

    Raises UnknownName for a dependent that is no column.
    """
    targets = range(len(columns.names)) if dependents is None else sorted({columns.place(name) for name in dependents})
    found = search(columns, targets, max_determinant=max_determinant, budget=budget, threads=threads, report=report)
    return listed_fds(columns, found)

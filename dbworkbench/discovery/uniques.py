"""All minimal unique column sets: the candidate keys that data would allow."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np

from dbworkbench.discovery.columns import Columns
from dbworkbench.discovery.functional import members, ordered
from dbworkbench.discovery.search import ROW, Budget, Determinants, Report, Words, search


@dataclass(frozen=True, slots=True, eq=False)
class ColumnSets(Sequence[tuple[str, ...]]):
    """Sets of columns, smallest first, each a tuple of names in the order of the columns; read lazily.

    Equal to any sequence of the same tuples.
    """

    names: tuple[str, ...]
    words: Words

    def __len__(self) -> int:
        return len(self.words)

    @overload
    def __getitem__(self, at: int) -> tuple[str, ...]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[str, ...], ...]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, ...] | tuple[tuple[str, ...], ...]:
        if isinstance(at, slice):
            return tuple(members(words, self.names) for words in self.words[at])
        return members(self.words[at], self.names)

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        return (members(words, self.names) for words in self.words)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash((self.names, self.words.tobytes()))

    def __repr__(self) -> str:
        shown = ", ".join(map(repr, self[:20]))
        return f"({shown}{',' if len(self) == 1 else ''}{f', … {len(self) - 20:,} more' if len(self) > 20 else ''})"


@dataclass(frozen=True, slots=True)
class UniqueSets:
    """The minimal sets of columns in which no two rows agree, smallest first; `complete` says whether these are all.

    A table with two equal rows has none; a table of one row or none has one, the empty set.
    """

    sets: ColumnSets
    complete: bool = True


def listed_keys(columns: Columns, found: Determinants) -> UniqueSets:
    """What a search for ROW found, as names in order."""
    sets = ordered(found.found.get(ROW, np.zeros((0, found.width), np.uint64)))
    return UniqueSets(ColumnSets(columns.names, sets), ROW in found.complete)


def unique_sets(
    columns: Columns,
    *,
    max_size: int | None = None,
    budget: Budget | None = None,
    threads: int | None = None,
    report: Report | None = None,
) -> UniqueSets:
    """All minimal unique column sets of the rows, of at most `max_size` columns.

    >>> import pandas as pd
    >>> from dbworkbench.discovery.columns import from_frame
    >>> unique_sets(from_frame(pd.DataFrame({"a": [1, 1, 2], "b": [1, 2, 1], "c": [5, 6, 7]}))).sets
    (('c',), ('a', 'b'))

    Birnick, Bläsius, Friedrich, Naumann, Papenbrock & Schirneck 2020 (HPIValid), with our own search.
    """
    found = search(columns, [ROW], max_determinant=max_size, budget=budget, threads=threads, report=report)
    return listed_keys(columns, found)

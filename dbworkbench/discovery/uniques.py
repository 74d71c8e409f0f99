"""All minimal unique column sets: the candidate keys that data would allow."""

from dataclasses import dataclass

import numpy as np

from dbworkbench.discovery.columns import Columns
from dbworkbench.discovery.functional import members, ordered
from dbworkbench.discovery.search import ROW, Budget, Determinants, Report, search


@dataclass(frozen=True, slots=True)
class UniqueSets:
    """The minimal sets of columns in which no two rows agree, smallest first; `complete` says whether these are all.

    Each is a tuple of names in the order of the columns. A table with two equal rows has none; a table of
    one row or none has one, the empty set.
    """

    sets: tuple[tuple[str, ...], ...]
    complete: bool = True


def listed_keys(columns: Columns, found: Determinants) -> UniqueSets:
    """What a search for ROW found, as names in order."""
    sets = ordered(found.found.get(ROW, np.zeros((0, found.width), np.uint64)))
    return UniqueSets(tuple(members(words, columns.names) for words in sets), ROW in found.complete)


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

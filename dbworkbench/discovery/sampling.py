"""A random sample of the rows, and what may be said of all rows from it."""

import math
from dataclasses import dataclass

import numpy as np

from dbworkbench.discovery.columns import Columns
from dbworkbench.errors import DataError


@dataclass(frozen=True, slots=True)
class Sample:
    """What a search in `rows` rows, drawn from `of` without replacement, says of all of them.

    Every dependency of all rows holds in the sample too, so it is listed or a part of it is. The other way there is
    a risk: with probability `confidence` no dependency listed is broken by more than the share `broken` of all pairs of
    rows (g1 is about twice that), however many determinants of up to `size` columns there are.
    """

    rows: int
    of: int
    size: int
    broken: float
    confidence: float

    def __str__(self) -> str:
        return (
            f"found in a sample of {self.rows:,} of {self.of:,} rows: whatever holds in all rows is listed or follows from "
            f"what is; with {self.confidence:.0%} confidence no dependency listed, of up to {self.size} columns, is broken "
            f"by more than {self.broken:.2%} of the pairs of rows; the rules and keys ranked were checked on all rows"
        )


def sample_of(
    columns: Columns, rows: int, *, size: int, seed: int = 0, confidence: float = 0.95
) -> tuple[Columns, Sample]:
    """A sample of rows, the same for the same seed, with its guarantee for determinants of up to `size` columns.

    The rows drawn make rows/2 independent pairs. A dependency that a share e of all pairs breaks survives them with
    probability (1 - e)^(rows/2); over all C candidates together the risk is at most C times that. Kivinen &
    Mannila 1995 (TCS 149: approximate inference of functional dependencies from relations), by pairs.

    Raises DataError for a sample of fewer than two rows.
    """
    if rows < 2:
        raise DataError(f"a sample of {rows} rows says nothing — take at least 2, better thousands")
    taken = np.sort(np.random.default_rng(seed).choice(columns.rows, size=rows, replace=False))
    width = len(columns.names)
    candidates = sum(math.comb(width, k) * (width - k) for k in range(min(size, width) + 1))
    risk = math.log(max(candidates, 1)) + math.log(1 / (1 - confidence))
    broken = 1 - math.exp(-risk / (rows // 2))
    return columns.taken(taken), Sample(rows, columns.rows, size, broken, confidence)

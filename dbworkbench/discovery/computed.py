"""Dependents that are no facts of their own: copied, cut out of the determinant, or reckoned from it.

`2013-01-01` determines its year, 515 its hour, a price in dollars the price in cents. Such a dependency holds by
construction, in any table: it suggests a column that is left out or generated, not a relation.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbworkbench.discovery import arrays
from dbworkbench.discovery.columns import Columns
from dbworkbench.schema.types import Date, Decimal, Float, Time, Timestamp, Type

_PAIRS = 400
_LEAST_PAIRS, _MANY_PAIRS = 4, 12
_LONGEST = 32
_STEPS = 3


def computed_from(columns: Columns, determinant: int, dependent: int, kind: Type) -> str:
    """How the values of a column follow from those of another, `kind` being the other's type; empty where they do not.

    For columns of which the first determines the second; where rows break that, the first of each value counts. Looked at
    are some hundred values, spread evenly, and none of fewer than four or with fewer than two different results: too few to tell.

    >>> import pandas as pd
    >>> from dbworkbench.discovery.columns import from_frame
    >>> from dbworkbench.schema.types import Integer
    >>> times = from_frame(pd.DataFrame({"time": [515, 529, 1040, 2359], "hour": [5, 5, 10, 23], "x": [3, 1, 4, 1]}))
    >>> computed_from(times, 0, 1, Integer(32)), computed_from(times, 0, 2, Integer(32))
    ('its characters 1 to 2', '')
    """
    pairs = _pairs(columns, determinant, dependent)
    if len(pairs) < _LEAST_PAIRS or len({there for _, there in pairs}) < 2:
        return ""
    here, there = [str(one) for one, _ in pairs], [str(other) for _, other in pairs]
    same = sum(one.strip().casefold() == other.strip().casefold() for one, other in zip(here, there, strict=True))
    if 2 * same >= len(pairs):
        return "the same value" if same == len(pairs) else "mostly the same value"
    cut = _cut_out(here, there)
    if cut:
        return cut
    if _linear(pairs):
        return "a linear function"
    if isinstance(kind, Date | Time | Timestamp | Decimal | Float) and _stepped(pairs):
        return "steps along its range"
    return ""


def _pairs(columns: Columns, determinant: int, dependent: int) -> list[tuple[Any, Any]]:
    """Different values of the determinant with the dependent's in the first row of each, nulls left out."""
    codes, others = columns.codes[determinant], columns.codes[dependent]
    known, told = len(columns.values[determinant]), len(columns.values[dependent])
    _, first = np.unique(codes, return_index=True)
    first = first[(codes[first] < known) & (others[first] < told)]
    if len(first) > _PAIRS:
        first = first[np.linspace(0, len(first) - 1, _PAIRS).astype(np.int64)]
    here, there = (
        columns.values[column].take(arrays.numbers(columns.codes[column][first].astype(np.int64))).to_pylist()
        for column in (determinant, dependent)
    )
    return list(zip(here, there, strict=True))


def _cut_out(here: list[str], there: list[str]) -> str:
    """Where in the determinant's values, padded to one length, the dependent's stand, leading zeros or not."""
    longest = max(map(len, here))
    telling = len(set(there)) > 2 or len(there) >= _MANY_PAIRS
    if longest > _LONGEST or max(map(len, there)) > longest or not telling:
        return ""
    numbers = all(one.isdigit() for one in here)
    padded = [one.zfill(longest) if numbers else one for one in here]
    if min(map(len, padded)) < longest and not numbers:
        longest = min(map(len, padded))  # texts of different lengths: only what stands at a fixed place from the left
    wanted = [one.lstrip("0") or "0" if one.isdigit() else one for one in there]
    for size in range(1, longest + 1):
        for start in range(longest - size + 1):
            if size == len(padded[0]) == longest:
                continue
            cut = (one[start : start + size] for one in padded)
            if all(
                (one.lstrip("0") or "0" if one.isdigit() else one) == other
                for one, other in zip(cut, wanted, strict=True)
            ):
                return f"its characters {start + 1} to {start + size}"
    return ""


def _numbers(values: list[Any]) -> NDArray[np.float64] | None:
    try:
        found = np.array([float(one) for one in values])
    except (TypeError, ValueError):
        return None
    return found if np.isfinite(found).all() else None


def _linear(pairs: list[tuple[Any, Any]]) -> bool:
    here, there = (_numbers([pair[side] for pair in pairs]) for side in (0, 1))
    if here is None or there is None or np.ptp(here) == 0:
        return False
    low, high = int(here.argmin()), int(here.argmax())
    slope = (there[high] - there[low]) / (here[high] - here[low])
    reckoned = there[low] + slope * (here - here[low])
    return bool(np.allclose(reckoned, there, rtol=1e-9, atol=1e-9 * float(np.abs(there).max())))


def _stepped(pairs: list[tuple[Any, Any]]) -> bool:
    """Whether each result stands for one stretch of the determinant's range, of several values."""
    numbers = _numbers([one for one, _ in pairs])
    keys = [one for one, _ in pairs] if numbers is None else numbers.tolist()
    ordered = [
        there for _, there in sorted(zip(keys, (other for _, other in pairs), strict=True), key=lambda one: one[0])
    ]
    different = len(set(ordered))
    runs = 1 + sum(one != other for one, other in pairwise(ordered))
    return runs == different and len(ordered) >= _STEPS * different

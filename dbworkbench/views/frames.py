"""How rows look: the first of a data frame as a table."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pandas as pd

from dbworkbench.page.blocks import Page, Prose, Table
from dbworkbench.page.characters import cut
from dbworkbench.views.describe import describe
from dbworkbench.views.words import counted

_MOST_ROWS = 20
_MOST_COLUMNS = 30


@describe.register
def _(frame: pd.DataFrame) -> Page:
    """The first rows and columns; the size is said where not all are shown."""
    table = rows(frame.head(_MOST_ROWS))
    if len(frame) <= _MOST_ROWS and len(frame.columns) <= _MOST_COLUMNS:
        return (table,)
    return table, Prose(f"{counted(len(frame), 'row')} × {counted(len(frame.columns), 'column')}; the first are shown.")


@describe.register
def _(series: pd.Series) -> Page:
    return describe(series.to_frame())


def rows(frame: pd.DataFrame, caption: str = "") -> Table:
    """All rows of a frame (give it few) and its first columns; numbers stand right, unknown values are NULL."""
    kept = frame.iloc[:, :_MOST_COLUMNS]
    left = len(frame.columns) - len(kept.columns)
    align = "".join("r" if _is_number(kept.iloc[:, at].dtype) else "l" for at in range(len(kept.columns)))
    header = tuple(cut(str(name), 80) for name in kept.columns)
    cells = tuple(tuple(map(value, row)) for row in _tuples(kept))
    if left:
        header, cells = (*header, f"… {left:,} more"), tuple((*row, "…") for row in cells)
    return Table(header, cells, caption, align)


def _is_number(dtype: Any) -> bool:  # noqa: ANN401  pandas' own and numpy's dtypes share no base
    return bool(pd.api.types.is_numeric_dtype(dtype)) and not pd.api.types.is_bool_dtype(dtype)


def _tuples(frame: pd.DataFrame) -> Iterable[tuple[object, ...]]:
    return zip(*(frame.iloc[:, at].astype(object) for at in range(len(frame.columns))), strict=True)


def value(found: object) -> str:
    """One value as a table shows it: NULL where it is unknown, days without a time of midnight, long text cut.

    >>> value(None), value(float("nan")), value(2.50)
    ('NULL', 'NULL', '2.5')
    """
    if found is None or found is pd.NaT or found is pd.NA or (isinstance(found, float) and found != found):  # noqa: PLR0124
        return "NULL"
    if isinstance(found, datetime):
        return found.isoformat(" ").removesuffix(" 00:00:00")
    return cut(str(found), 120)

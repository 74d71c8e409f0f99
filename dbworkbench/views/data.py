"""How tables of rows look: how many rows each has, and the first of them."""

from dbworkbench.data.tables import Tables
from dbworkbench.page.blocks import Fold, Heading, Page, Prose, Table
from dbworkbench.views.describe import describe
from dbworkbench.views.frames import rows
from dbworkbench.views.words import counted

_MOST_TABLES = 50
_FIRST_ROWS = 5


@describe.register
def _(tables: Tables) -> Page:
    names = tables.names
    if not names:
        return (Prose("No tables yet."),)
    counts = {name: tables.rows(name) for name in names}
    shown = names[:_MOST_TABLES]
    left = len(names) - len(shown)
    total = Table(
        ("table", "rows", "columns"),
        tuple((name, f"{counts[name]:,}", f"{len(tables.columns(name)):,}") for name in shown),
        align="lrr",
    )
    folds = tuple(
        Fold(f"{name}: the first of {counted(counts[name], 'row')}", (rows(tables.frame(name, most=_FIRST_ROWS)),))
        for name in shown
        if counts[name]
    )
    opened = (Fold(folds[0].title, folds[0].blocks, open=True),) if len(folds) == 1 else folds
    more = (Prose(f"… and {left:,} more tables."),) if left else ()
    title = f"Rows: {sum(counts.values()):,} in {counted(len(names), 'table')}"
    return (Heading(title), total, *opened, *more)

"""The verb: a source of rows in, what holds in them out."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace

from dbworkbench.discovery.columns import Columns, Nulls
from dbworkbench.discovery.discovery import Discovery
from dbworkbench.discovery.findings import MOST_RESULTS, TableFindings, find
from dbworkbench.discovery.inclusion import Values, foreign_key_candidates, inclusion_dependencies
from dbworkbench.discovery.interruption import kept_at_interrupt
from dbworkbench.discovery.reading import database_in, read_readable
from dbworkbench.discovery.search import Budget, Progress, Report
from dbworkbench.discovery.standing import Declared, kept_keys
from dbworkbench.errors import DataError

_SECONDS = 60.0


def discover(
    source: object,
    *,
    name: str | None = None,
    header: bool = True,
    separator: str | None = None,
    encoding: str = "utf-8",
    max_error: float = 0.0,
    max_determinant: int | None = None,
    nulls: Nulls = "equal",
    tables: Sequence[str] | None = None,
    budget: float | Budget | None = Budget(_SECONDS, MOST_RESULTS),  # noqa: B008  a frozen value
    sample: int | None = None,
    threads: int | None = None,
    progress: Callable[[Progress], None] | bool = False,
) -> Discovery:
    """Find what holds in data: dependencies, keys, references, multivalued dependencies, types and ranges.

    `source` is a CSV or Parquet file, a folder of them, a frame (pandas, Polars, Arrow), a mapping of names to
    those, Tables, or a database (a URL, its file, a SQLAlchemy engine, a DuckDB connection); `tables` chooses among several. Functional dependencies and keys are all the
    minimal ones, exactly. Cells of CSV files are compared as written; `nulls` says whether nulls are "equal" to one
    another or "distinct". With `max_error` dependencies are listed too that at most that share of the rows
    break, with determinants of up to two columns where `max_determinant` does not say otherwise.

    With `sample`, dependencies and keys are looked for in that many rows of each larger table, and the notes say what
    that guarantees; types, references, and the rules and keys that are ranked are those of all rows.

    `budget` bounds the search of each table, in seconds, or as a Budget; where it ends one, the result names what is
    open, and what is listed is true. `progress` is True to be told on standard error, or a function that is given
    a Progress about ten times a second. In a notebook, or at Python's prompt, Ctrl-C ends the search and what is found so far is the
    result, whose notes say what is open; a second one, and the first in a script, is a KeyboardInterrupt.

    >>> import pandas as pd
    >>> rows = pd.DataFrame({"order_no": range(8), "customer": [1, 2, 3, 1, 1, 2, 3, 1],
    ...                      "city": ["Rome", "Oslo", "Rome", "Rome", "Rome", "Oslo", "Rome", "Rome"]})
    >>> found = discover(rows, name="orders")
    >>> found.keys
    (('order_no',),)
    >>> [str(fd) for fd in found.fds]
    ['order_no → customer', 'order_no → city', 'customer → city']
    >>> found.accept_only("customer -> city").schema().names
    ('customers', 'orders')

    Of a folder, files that cannot be read are left out, and `losses` say which and why. Raises DataError with the place and
    the fix for other data that cannot be read, UnknownName for a table not there.
    """
    if not 0 <= max_error < 1:
        raise DataError(f"max_error is a share of rows, from 0 to below 1, not {max_error}")
    if max_determinant is not None and max_determinant < 0:
        raise DataError(f"a determinant has at least 0 columns, not {max_determinant}")
    allowed = budget if isinstance(budget, Budget) else Budget(budget, MOST_RESULTS if budget is not None else None)
    report: Report | None = _told if progress is True else progress or None
    read, losses = read_readable(
        source, name=name, header=header, separator=separator, encoding=encoding, nulls=nulls, tables=tables
    )
    if not read:
        raise DataError("there is no table in the source")
    asks = hasattr(sys, "ps1") and allowed.ended is None  # somebody sits before it
    with kept_at_interrupt() if asks else nullcontext(allowed.ended) as ended:
        allowed = replace(allowed, ended=ended)
        findings = tuple(
            find(
                columns,
                max_error,
                max_determinant,
                allowed,
                threads,
                report,
                headed=header and _is_file(source),
                sample=sample,
            )
            for columns in read.values()
        )
    if progress is True:
        sys.stderr.write("\n")
    declarations = _declarations(source, read)
    keys = {table.name: _likeliest_first(table, (declarations or {}).get(table.name)) for table in findings}
    values = Values(read)
    return Discovery(
        findings,
        inclusion_dependencies(values, max_error=max_error),
        foreign_key_candidates(values, keys, max_error=max_error),
        declarations=declarations,
        losses=losses,
    ).housed()


def _likeliest_first(table: TableFindings, said: Declared | None) -> list[tuple[str, ...]]:
    """Unique column sets that can be referred to: the declared ones that hold, the ranked ones, then all others."""
    found = [key for key in table.keys.sets[:200] if len(key) <= 3]
    kept = [key.attributes for key in kept_keys(table.columns, said)] if said else []
    ranked = [key.attributes for key in table.ranked_keys if not key.nullable and len(key.attributes) <= 3]
    return list(dict.fromkeys([*kept, *ranked, *found]))


def _declarations(source: object, read: Mapping[str, Columns]) -> dict[str, Declared] | None:
    """What the source declares, where it is a database."""
    database = database_in(source)
    if database is None:
        return None
    from dbworkbench.discovery.database import declared_in  # noqa: PLC0415  SQLAlchemy takes its time to load

    return declared_in(database, tuple(read))


def _is_file(source: object) -> bool:
    return isinstance(source, str | os.PathLike)


def _told(progress: Progress) -> None:
    if progress.seconds > 1:
        sys.stderr.write(
            f"\r{progress.seconds:.0f} s: {progress.found:,} candidates, "
            f"{progress.complete} of {progress.targets} columns complete "
        )

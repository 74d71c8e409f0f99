"""One dependency, key or inclusion checked where the rows are, in SQL, without copying the table."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from dbworkbench.data.tables import Tables
from dbworkbench.discovery.database import Rows, opened, table_clause
from dbworkbench.discovery.reading import database_in
from dbworkbench.errors import DataError, UnknownName, kind_of
from dbworkbench.theory.dependencies import FD, IND
from dbworkbench.theory.verdict import Verdict

_SHOWN = 5


def check_in_place(source: object, claim: FD | IND | Sequence[str], *, table: str | None = None) -> Verdict:
    """Whether a claim holds in a database, decided by one query there: no row is copied.

    `source` is a URL, a SQLAlchemy engine, a DuckDB connection, a database's file, or Tables. A claim is an FD, an IND, or attributes that should be a key; for an FD or a key `table` says of which table. The
    witness of a false one holds a few values that break it: determinants with several dependents, repeated keys,
    values that are not there. Nulls are equal to one another, except in an IND, where a null refers to nothing.

    >>> from dbworkbench.data.read import read_data
    >>> import pandas as pd
    >>> rows = read_data(pd.DataFrame({"zip": [1, 1, 2], "city": ["Rome", "Roma", "Oslo"]}), name="places")
    >>> check_in_place(rows, FD.parse("zip -> city"), table="places").witness
    ((1,),)

    Raises UnknownName for a table or column that is not there, EngineError for a database that does not answer.
    """
    database = source if isinstance(source, Tables) else database_in(source)
    if database is None:
        raise DataError(f"{kind_of(source)} is no database — give a URL, an engine, a connection or Tables")
    with opened(database) as there:
        tables, run = there.tables, there.answer
        if isinstance(claim, IND):
            _known(tables, claim.relation, claim.attributes)
            _known(tables, claim.referenced, claim.referenced_attributes)
            found = run(_missing(claim))
            return _verdict(str(claim), found)
        name = table if table is not None else next(iter(tables)) if len(tables) == 1 else ""
        if isinstance(claim, FD):
            _known(tables, name, claim.attributes)
            return _verdict(f"{claim} in {name}", run(_several(name, claim)))
        _known(tables, name, claim)
        return _verdict(f"{', '.join(claim)} is a key of {name}", run(_repeated(name, claim)))


def _verdict(claim: str, found: Rows) -> Verdict:
    if not found:
        return Verdict(holds=True, claim=f"{claim} holds in every row")
    return Verdict(holds=False, claim=f"{claim} does not hold", witness=tuple(found))


def _known(tables: dict[str, tuple[str, ...]], name: str, attributes: Sequence[str] | frozenset[str]) -> None:
    if name not in tables:
        raise UnknownName("table", name, tuple(tables))
    for attribute in sorted(attributes):
        if attribute not in tables[name]:
            raise UnknownName("column", attribute, tables[name])


def _several(name: str, fd: FD) -> sa.Select[Any]:
    """Determinants with more than one dependent."""
    here, there = sorted(fd.determinant), sorted(fd.dependent - fd.determinant)
    table = table_clause(name, [*here, *there])
    pairs = sa.select(*table.c).distinct().subquery("pairs")
    if not here:
        return (
            sa.select(*pairs.c).where(sa.select(sa.func.count()).select_from(pairs).scalar_subquery() > 1).limit(_SHOWN)
        )
    columns = [pairs.c[one] for one in here]
    return sa.select(*columns).group_by(*columns).having(sa.func.count() > 1).order_by(*columns).limit(_SHOWN)


def _repeated(name: str, key: Sequence[str]) -> sa.Select[Any]:
    table = table_clause(name, key)
    columns = list(table.c)
    return sa.select(*columns).group_by(*columns).having(sa.func.count() > 1).order_by(*columns).limit(_SHOWN)


def _missing(ind: IND) -> sa.Select[Any]:
    here = table_clause(ind.relation, ind.attributes).alias("here")
    there = table_clause(ind.referenced, ind.referenced_attributes).alias("there")
    pairs = zip(ind.attributes, ind.referenced_attributes, strict=True)
    same = sa.and_(*(here.c[a] == there.c[b] for a, b in pairs))
    columns = [here.c[one] for one in ind.attributes]
    absent = ~sa.exists(sa.select(sa.literal(1)).select_from(there).where(same))
    filled = (column.is_not(None) for column in columns)
    return sa.select(*columns).distinct().where(absent, *filled).order_by(*columns).limit(_SHOWN)

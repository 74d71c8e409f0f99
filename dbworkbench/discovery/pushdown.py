"""One dependency, key or inclusion checked where the rows are, in SQL, without copying the table."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from dbworkbench.data.tables import Tables
from dbworkbench.errors import DataError, EngineError, UnknownName
from dbworkbench.theory.dependencies import FD, IND
from dbworkbench.theory.verdict import Verdict

_SHOWN = 5


def check_in_place(source: Tables | str, claim: FD | IND | Sequence[str], *, table: str | None = None) -> Verdict:
    """Whether a claim holds of tables in DuckDB (`Tables`) or behind a database URL, decided by one query there.

    A claim is an FD, an IND, or attributes that should be a key; for an FD or a key `table` says of which table. The
    witness of a false one holds a few values that break it: determinants with several dependents, repeated keys,
    values that are not there. Nulls are equal to one another, except in an IND, where a null refers to nothing.

    >>> from dbworkbench.data.read import read_data
    >>> import pandas as pd
    >>> rows = read_data(pd.DataFrame({"zip": [1, 1, 2], "city": ["Rome", "Roma", "Oslo"]}), name="places")
    >>> check_in_place(rows, FD.parse("zip -> city"), table="places").witness
    ((1,),)

    Raises UnknownName for a table or column that is not there, EngineError for a database that does not answer.
    """
    with _connection(source) as (tables, run):
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


def _verdict(claim: str, found: Sequence[tuple[object, ...]]) -> Verdict:
    if not found:
        return Verdict(holds=True, claim=f"{claim} holds in every row")
    return Verdict(holds=False, claim=f"{claim} does not hold", witness=tuple(found))


def _known(tables: dict[str, tuple[str, ...]], name: str, attributes: Sequence[str] | frozenset[str]) -> None:
    if name not in tables:
        raise UnknownName("table", name, tuple(tables))
    for attribute in sorted(attributes):
        if attribute not in tables[name]:
            raise UnknownName("column", attribute, tables[name])


def _clause(name: str) -> sa.ColumnClause[Any]:
    return sa.column(sa.sql.quoted_name(name, quote=True))


def _table(name: str, attributes: Sequence[str]) -> sa.TableClause:
    return sa.table(sa.sql.quoted_name(name, quote=True), *(_clause(one) for one in attributes))


def _several(name: str, fd: FD) -> sa.Select[Any]:
    """Determinants with more than one dependent."""
    here, there = sorted(fd.determinant), sorted(fd.dependent - fd.determinant)
    table = _table(name, [*here, *there])
    pairs = sa.select(*table.c).distinct().subquery("pairs")
    if not here:
        return (
            sa.select(*pairs.c).where(sa.select(sa.func.count()).select_from(pairs).scalar_subquery() > 1).limit(_SHOWN)
        )
    columns = [pairs.c[one] for one in here]
    return sa.select(*columns).group_by(*columns).having(sa.func.count() > 1).order_by(*columns).limit(_SHOWN)


def _repeated(name: str, key: Sequence[str]) -> sa.Select[Any]:
    table = _table(name, key)
    columns = list(table.c)
    return sa.select(*columns).group_by(*columns).having(sa.func.count() > 1).order_by(*columns).limit(_SHOWN)


def _missing(ind: IND) -> sa.Select[Any]:
    here = _table(ind.relation, ind.attributes).alias("here")
    there = _table(ind.referenced, ind.referenced_attributes).alias("there")
    pairs = zip(ind.attributes, ind.referenced_attributes, strict=True)
    same = sa.and_(*(here.c[a] == there.c[b] for a, b in pairs))
    columns = [here.c[one] for one in ind.attributes]
    absent = ~sa.exists(sa.select(sa.literal(1)).select_from(there).where(same))
    filled = (column.is_not(None) for column in columns)
    return sa.select(*columns).distinct().where(absent, *filled).order_by(*columns).limit(_SHOWN)


@contextmanager
def _connection(source: Tables | str) -> Iterator[tuple[dict[str, tuple[str, ...]], Any]]:
    """The tables with their columns, and a function that runs a query."""
    if isinstance(source, Tables):
        known = {name: tuple(column for column, _ in source.columns(name)) for name in source.names}

        def in_duckdb(query: sa.Select[Any]) -> list[tuple[object, ...]]:
            dialect = sa.create_mock_engine("postgresql://", lambda *_: None).dialect
            text = str(query.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
            return list(source.connection.execute(text).fetchall())

        yield known, in_duckdb
        return
    try:
        shown = sa.make_url(source).render_as_string(hide_password=True)
        engine = sa.create_engine(source)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError):
        raise DataError("the database URL cannot be read — write one as sqlite:///shop.db") from None
    try:
        if re.match(r"sqlite", engine.url.drivername) and engine.url.database not in {None, "", ":memory:"}:
            Path(str(engine.url.database)).stat()
        with engine.connect() as connection:
            look = sa.inspect(connection)
            known = {
                name: tuple(column["name"] for column in look.get_columns(name)) for name in look.get_table_names()
            }
            yield known, lambda query: [tuple(row) for row in connection.execute(query).fetchall()]
    except FileNotFoundError:
        raise DataError(f"{shown}: there is no such file") from None
    except sa.exc.SQLAlchemyError as problem:
        reason = str(getattr(problem, "orig", None) or type(problem).__name__)
        raise EngineError(reason.splitlines()[0], engine=shown) from None
    finally:
        engine.dispose()

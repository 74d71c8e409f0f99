"""How fast rows get into each engine, against the least that its fastest path takes, in the same run.

    python tests/bench/loading_bench.py [rows]

The least is the engine's own bulk statement on a file or a stream that lies ready, without anything checked afterwards:
COPY (FORMAT binary) and COPY (FORMAT csv) for PostgreSQL, LOAD DATA LOCAL INFILE for MariaDB. What `load` does beside, making the
file or stream, counting and checking, is what the ratio shows.
"""

import secrets
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import engine
from dbworkbench.engines.mariadb import MariaDBSession
from dbworkbench.engines.pgcopy import BATCH, encoded, selected
from dbworkbench.engines.postgresql import PostgreSQLSession
from dbworkbench.schema.notation import relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS

ORDERS = relation(
    """orders(id: bigint, customer: integer, placed: timestamp, day: date, price: decimal(10,2), ratio: double,
       status: enum('new', 'paid', 'sent'), note: text?)
       key id"""
)
SELECT = """SELECT i AS id, (hash(i) % 100000)::INTEGER AS customer, TIMESTAMP '2024-01-01' + to_seconds(i * 37) AS placed,
  DATE '2024-01-01' + (i % 366)::INTEGER AS day, ((hash(i + 1) % 100000) / 100)::DECIMAL(10,2) AS price, random() AS ratio,
  ['new', 'paid', 'sent'][1 + i % 3] AS status, CASE WHEN i % 5 > 0 THEN 'a note about order ' || i END AS note
  FROM range({rows}) AS r(i)"""
ROUNDS = 3


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def postgresql_least(
    session: PostgreSQLSession, source: Tables, select: str, _: Path
) -> dict[str, Callable[[], object]]:
    forms = selected(ORDERS, DIALECTS["postgresql"].quoted)
    reader = source.connection.cursor().sql(f"SELECT {forms} FROM ({select})").to_arrow_reader(BATCH)
    pieces = list(encoded(ORDERS, reader))
    table = f"{session.namespace}.orders"
    return {
        "COPY binary of a stream that is ready": lambda: session._plain.copy(
            f"COPY {table} FROM STDIN (FORMAT binary)", pieces
        )
    }


def mariadb_least(
    session: MariaDBSession, source: Tables, select: str, folder: Path
) -> dict[str, Callable[[], object]]:
    path = folder / f"{secrets.token_hex(4)}.csv"
    source.connection.execute(f"COPY ({select}) TO '{path}' (FORMAT csv, HEADER false, NULLSTR 'NULL', FORCE_QUOTE *)")
    kinds = {str(row[0]): str(row[1]) for row in source.connection.execute(f"DESCRIBE {select}").fetchall()}
    statement = session._loading(ORDERS, kinds, path)
    return {"LOAD DATA of a file that is ready": lambda: session._plain.load(statement, path)}


def measured(
    session: Any, paths: Callable[..., dict[str, Callable[[], object]]], source: Tables, folder: Path
) -> dict[str, float]:
    """Median seconds of `load` and of the least, each into an empty table, in turns."""
    found: dict[str, list[float]] = {}
    select = "SELECT * FROM made"
    for _ in range(ROUNDS):
        works = {"load": lambda: session.load(ORDERS, source, select), **paths(session, source, select, folder)}
        for what, work in works.items():
            session._plain.run(f"TRUNCATE TABLE {session.namespace}.orders")
            found.setdefault(what, []).append(timed(work))
    return {what: median(seconds) for what, seconds in found.items()}


def main(rows: int) -> None:
    least: dict[str, Callable[..., dict[str, Callable[[], object]]]] = {
        "postgresql": postgresql_least,
        "mariadb": mariadb_least,
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dbw-loading-")))
        source = stack.enter_context(Tables())
        source.connection.execute(f"CREATE TABLE made AS {SELECT.format(rows=rows)}")
        print(f"{rows:,} rows of {len(ORDERS.names)} columns, median of {ROUNDS}")
        for name, paths in least.items():
            session = stack.enter_context(engine(name).session(folder))
            session.create(Schema((ORDERS,)))
            found = measured(session, paths, source, folder)
            ours = found.pop("load")
            print(f"{name}: load {ours:.2f} s, {rows / ours:,.0f} rows a second")
            for what, seconds in found.items():
                print(f"  {what}: {seconds:.2f} s; load runs at {seconds / ours:.0%} of it")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

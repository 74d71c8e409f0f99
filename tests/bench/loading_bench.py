"""How fast rows are made and get into each engine, against the least that its fastest path takes, in the same run.

    python tests/bench/loading_bench.py [ROWS] [--save] [ENGINE …]

The least is the engine's own bulk path on rows, a file or a stream that lie ready, with nothing counted or checked
afterwards: `adbc_ingest` of Arrow batches with the same settings for SQLite, COPY (FORMAT binary) for PostgreSQL, LOAD DATA
LOCAL INFILE for MariaDB. What `load` does beside is what the ratio shows. "Made and loaded" is end to end: `populate`,
then `load`. `--save` writes the figures to `loading.md`.
"""

import argparse
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import adbc_driver_sqlite.dbapi

from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import engine
from dbworkbench.engines.mariadb import MariaDBSession
from dbworkbench.engines.pgcopy import BATCH, encoded, selected
from dbworkbench.engines.postgresql import PostgreSQLSession
from dbworkbench.population.populate import populate
from dbworkbench.schema.notation import relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS

ORDERS = relation(
    """orders(id: bigint, customer: integer, placed: timestamp, day: date, price: decimal(10,2), ratio: double,
       status: enum('new', 'paid', 'sent'), note: text?)
       key id"""
)
CARRIED = """id, customer, CAST(placed AS VARCHAR) AS placed, CAST(day AS VARCHAR) AS day, CAST(price AS DOUBLE) AS price,
  ratio, status, note"""
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


def sqlite_least(_: Any, source: Tables, select: str, folder: Path) -> dict[str, Callable[[], object]]:
    def straight() -> None:
        path, rows = (
            str(folder / f"{secrets.token_hex(4)}.sqlite"),
            source.connection.sql(f"SELECT {CARRIED} FROM ({select})"),
        )
        with closing(adbc_driver_sqlite.dbapi.connect(path, autocommit=True)) as writer, writer.cursor() as cursor:
            for pragma in ("journal_mode = off", "synchronous = off"):
                cursor.execute(f"PRAGMA {pragma}")
                cursor.fetchall()
            cursor.adbc_ingest("orders", rows.to_arrow_reader(16_384), mode="create")

    return {"adbc_ingest of Arrow batches": straight}


def measured(
    name: str, paths: Callable[..., dict[str, Callable[[], object]]] | None, source: Tables
) -> dict[str, float]:
    """Least seconds of `load` and of the engine's best path, each into an empty table, in turns."""
    found: dict[str, float] = {}
    select = "SELECT * FROM orders"
    for _ in range(ROUNDS):
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dbw-loading-")))
            session: Any = stack.enter_context(engine(name).session(folder))
            session.create(Schema((ORDERS,)))
            works: dict[str, Callable[[], object]] = {"load": lambda s=session: s.load(ORDERS, source, select)}  # type: ignore[misc]
            for what, work in {**works, **(paths(session, source, select, folder) if paths else {})}.items():
                if what != "load" and name != "sqlite":
                    session._plain.run(f"TRUNCATE TABLE {session.namespace}.orders")
                found[what] = min(found.get(what, 1e9), timed(work))
    return found


LEAST: dict[str, Callable[..., dict[str, Callable[[], object]]]] = {
    "sqlite": sqlite_least,
    "postgresql": postgresql_least,
    "mariadb": mariadb_least,
}


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("rows", nargs="?", type=int, default=1_000_000)
    ask.add_argument("engines", nargs="*", default=["duckdb", "sqlite", "postgresql", "mariadb"])
    ask.add_argument("--save", action="store_true")
    given = ask.parse_args()
    load = os.getloadavg()[0]
    made = min(timed(lambda: populate(ORDERS, rows=given.rows).close()) for _ in range(ROUNDS))
    lines = [
        "| engine | load, s | M rows/s | made and loaded, M rows/s | best path, s | load has of its speed |",
        "|---|--:|--:|--:|---|--:|",
    ]
    with populate(ORDERS, rows=given.rows) as source:
        for name in given.engines:
            found = measured(name, LEAST.get(name), source)
            ours = found.pop("load")
            best = "; ".join(f"{what}: {seconds:.2f}" for what, seconds in found.items())
            share = "; ".join(f"{seconds / ours:.0%}" for seconds in found.values())
            both = given.rows / (ours + made) / 1e6
            lines.append(f"| {name} | {ours:.2f} | {given.rows / ours / 1e6:.2f} | {both:.2f} | {best} | {share} |")
            print(lines[-1])
    told = (
        f"{given.rows:,} rows of {len(ORDERS.names)} attributes, made in {made:.2f} s; the least of {ROUNDS} rounds in turns, "
        f"in one run on {os.cpu_count()} cores; load average {load:.1f} before and {os.getloadavg()[0]:.1f} after."
    )
    print(told)
    if given.save:
        text = "# How fast rows get into engines\n\n" + told + "\n\n" + "\n".join(lines) + "\n"
        Path(__file__).with_name("loading.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

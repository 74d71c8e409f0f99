"""How fast rows get into engines, made and loaded in one stream, beside the best path that we know to each.

    python tests/bench/load_bench.py [ROWS] [ENGINE …]

For SQLite the peer is Arrow batches straight into `adbc_ingest`, with the same settings and no key, count or check; for the
other engines, the same rows through the engine's session from a table that is there already.
"""

import sys
import tempfile
from contextlib import closing
from pathlib import Path
from time import perf_counter, process_time

import adbc_driver_sqlite.dbapi

import dbworkbench as wb
from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import ENGINES
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema

ORDERS = wb.relation("""
    orders(*id: bigint, customer_id: integer, product_id: integer, placed: timestamp,
           status: text check (status in ('open', 'paid', 'shipped', 'returned')), quantity: integer check (quantity > 0),
           price: decimal(10, 2), note: text?)
""")
CARRIED = """SELECT id, customer_id, product_id, CAST(placed AS VARCHAR) AS placed, status, quantity,
    CAST(price AS DOUBLE) AS price, note FROM orders"""


def loaded(engine: str, tables: Tables, design: Relation) -> float:
    with tempfile.TemporaryDirectory() as folder, ENGINES[engine].session(Path(folder)) as session:
        session.create(Schema((design,)))
        began = perf_counter()
        session.load(design, tables, "SELECT * FROM orders")
        return perf_counter() - began


def straight(tables: Tables) -> float:
    """The rows into SQLite with nothing checked."""
    with tempfile.TemporaryDirectory() as folder:
        began = perf_counter()
        path = str(Path(folder) / "straight.sqlite")
        with closing(adbc_driver_sqlite.dbapi.connect(path, autocommit=True)) as writer, writer.cursor() as cursor:
            for pragma in ("journal_mode = off", "synchronous = off"):
                cursor.execute(f"PRAGMA {pragma}")
                cursor.fetchall()
            cursor.adbc_ingest("orders", tables.connection.sql(CARRIED).to_arrow_reader(16_384), mode="create")
        return perf_counter() - began


def main(rows: int, engines: list[str]) -> None:
    began, worked = perf_counter(), process_time()
    tables = wb.populate(ORDERS, rows=rows)
    made, work = perf_counter() - began, process_time() - worked
    print(f"{rows:,} rows of {len(ORDERS.names)} attributes made in {made:.2f} s ({work:.2f} CPU s)")
    for engine in engines:
        worked = process_time()
        took = min(loaded(engine, tables, ORDERS) for _ in range(3))
        spent = (process_time() - worked) / 3
        said = f"{engine:10} loaded and checked in {took:.2f} s ({spent:.2f} CPU s of ours), {rows / took / 1e6:.2f} M rows/s; "
        said += f"made and loaded {rows / (took + made) / 1e6:.2f} M rows/s"
        if engine == "sqlite":
            best = min(straight(tables) for _ in range(3))
            said += f"; unchecked {best:.2f} s: ours has {best / took:.0%} of its speed"
        print(said)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000, sys.argv[2:] or ["sqlite", "duckdb"])

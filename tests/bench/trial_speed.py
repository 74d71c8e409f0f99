"""What the harness adds to a call, and how long a full default trial takes: 3 candidates, 2 engines, 10 queries.

python tests/bench/trial_speed.py [rows]
"""

import resource
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import duckdb

from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import ENGINES
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation
from dbworkbench.schema.relation import Index
from dbworkbench.schema.schema import Schema
from dbworkbench.trials.trial import trial

SALES = relation(
    """sales(order_id: integer, line_no: integer, customer_id: integer, customer_name: text, city: text,
             product_id: integer, title: text, price: decimal(10,2), qty: integer, placed: date)
       order_id -> customer_id, placed
       customer_id -> customer_name, city
       product_id -> title, price
       order_id, line_no -> product_id, qty"""
)
ROWS = """CREATE TABLE sales AS SELECT (i // 3)::INTEGER AS order_id, (i % 3)::INTEGER AS line_no,
  (i // 3 * 7919 % 50000)::INTEGER AS customer_id, 'name ' || i // 3 * 7919 % 50000 AS customer_name,
  'city ' || i // 3 * 7919 % 50000 % 100 AS city, (i * 31 % 1000)::INTEGER AS product_id, 'product ' || i * 31 % 1000 AS title,
  (i * 31 % 1000 * 1.25)::DECIMAL(10,2) AS price, (i % 7)::INTEGER AS qty,
  DATE '2020-01-01' + (i // 3 % 900)::INTEGER AS placed FROM range({rows}) AS t(i)"""
WORKLOAD = """
-- name: revenue by city
SELECT city, sum(price * qty) AS revenue FROM sales GROUP BY city;
-- name: one order
SELECT * FROM sales WHERE order_id = 77;
-- name: one customer
SELECT order_id, sum(price * qty) AS total FROM sales WHERE customer_id = 4711 GROUP BY order_id;
-- name: by month
SELECT year(placed) AS y, month(placed) AS m, count(*) AS n FROM sales GROUP BY ALL;
-- name: best sellers
SELECT title, sum(qty) AS sold FROM sales GROUP BY title ORDER BY sold DESC, title LIMIT 10;
-- name: expensive
SELECT count(*) AS n FROM sales WHERE price > 1000;
-- name: cities of a product
SELECT DISTINCT city FROM sales WHERE product_id = 99;
-- name: customers
SELECT count(DISTINCT customer_id) AS n FROM sales;
-- name: spring
SELECT product_id, sum(qty) AS q FROM sales WHERE placed BETWEEN DATE '2021-03-01' AND DATE '2021-05-31' GROUP BY product_id;
-- name: average
SELECT avg(qty * price) AS a FROM sales;
"""


def added_per_call() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        Tables() as tables,
        ENGINES["duckdb"].session(Path(folder)) as session,
    ):
        design = relation("t(i: integer)")
        session.create(Schema((design,)))
        session.load(design, tables, "SELECT i::INTEGER AS i FROM range(10) AS r(i)")
        session.finish()
        session.run("SELECT 1")
        with duckdb.connect() as bare:
            bare.execute("CREATE TABLE t AS SELECT i::INTEGER AS i FROM range(10) AS r(i)")
            through, straight = [], []
            for _ in range(3000):
                started = perf_counter()
                session.clock("SELECT sum(i) FROM t")
                through.append(perf_counter() - started)
                started = perf_counter()
                bare.execute("SELECT sum(i) FROM t").complete()
                straight.append(perf_counter() - started)
    print(f"a call: {median(through) * 1e6:.0f} µs through a session, {median(straight) * 1e6:.0f} µs without")


def main(rows: int) -> None:
    added_per_call()
    shop = normalize(SALES)
    indexed = replace(SALES, indexes=(Index(("customer_id",)), Index(("product_id",))))
    with Tables() as tables:
        tables.connection.execute(ROWS.format(rows=rows))
        started, spent = perf_counter(), process_time()
        found = trial({"one table": SALES, "3NF": shop, "indexed": indexed}, WORKLOAD, data=tables)
        took, worked = perf_counter() - started, process_time() - spent
    print(
        f"{rows:,} rows: {took:.1f} s ({worked:.1f} CPU s), {'complete' if found else 'NOT complete'}, {len(found.measurements)} measurements"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    for one in found.failures + found.differences:
        print(one)
    for c in found.comparisons():
        print(
            f"{c.engine:7} {c.query:20} {c.candidate:8} ×{c.ratio:6.2f} [{c.low:5.2f}, {c.high:6.2f}] {c.counted:3} {'different' if c.different else ''}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)

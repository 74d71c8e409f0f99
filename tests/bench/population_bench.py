"""How fast designs are populated: cells a second for the shop, beside hand-written SQL for the same three tables.

    python tests/bench/population_bench.py [ROWS] [--faker PYTHON] [--sdv PYTHON] [--save]
    python tests/bench/population_bench.py [ROWS] --memory

A run is timed until its rows are there, databases opened and statements planned; giving the memory back is not, as it is not
for Faker and SDV. Two floors are measured in turns with it: tables of the same types filled with one value for each column, and the
shop's tables once more as copies of themselves. Whatever makes such rows inside DuckDB costs the former, and with texts of these
lengths the latter.

With `--faker` and `--sdv`, PYTHON is an interpreter that has Faker or SDV (never dependencies of ours). Faker makes the
same three tables, fewer rows, with e-mail addresses that are unique as ours are. SDV fits its Gaussian copula to 5,000 of
our orders and samples rows of that table; only sampling is timed. `--save` writes the figures to `population.md`. `--memory` makes the shop with ROWS rows in
all instead, reads all orders as Arrow batches, writes all tables as Parquet, and prints the peak of resident memory after each.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import duckdb

from dbworkbench.data.tables import Tables
from dbworkbench.population.populate import populate
from dbworkbench.schema.notation import relation, schema

SHOP = schema("""
    customers(*id: integer, name: text, email: text, country: text, born: date)
    products(*id: integer, name: text, category: text, price: decimal(10, 2))
    orders(
        *id: bigint, customer_id: integer -> customers, product_id: integer -> products, placed: timestamp,
        status: enum('open', 'paid', 'shipped', 'returned'), quantity: integer, price: decimal(10, 2), note: text?
    )
""")
SALES = relation("""
    sales(order_id: integer, line_no: integer, customer_id: integer, customer_name: text, city: text, country: text,
          product_id: integer, price: decimal(10, 2), quantity: integer)
      order_id, line_no -> customer_id, customer_name, city, country, product_id, price, quantity
      order_id -> customer_id
      customer_id -> customer_name, city
      city -> country
      product_id -> price
""")

# the best that we would write by hand for the shop, with the same hash, the same kinds of values and the same skew
HAND = """
CREATE TABLE customers AS SELECT CAST(1 + i AS INTEGER) AS id,
    {first}[1 + (h1 % 96)::BIGINT] || ' ' || {last}[1 + (h1 // 96 % 96)::BIGINT] AS name,
    {first}[1 + (h2 % 96)::BIGINT] || '.' || {last}[1 + (h2 // 96 % 96)::BIGINT] || '@example.com' AS email,
    {country}[1 + (h3 % 50)::BIGINT] AS country, DATE '1950-01-01' + (h4 % 20000)::INTEGER AS born
  FROM (SELECT i, hash(xor(i, 2305843009213693951)) h1, hash(xor(i, 3305843009213693951)) h2,
    hash(xor(i, 2405843009213693951)) h3, hash(xor(i, 2315843009213693951)) h4 FROM range({customers}) s(i));
CREATE TABLE products AS SELECT CAST(1 + i AS INTEGER) AS id,
    {first}[1 + (h1 % 96)::BIGINT] || ' ' || {last}[1 + (h1 // 96 % 96)::BIGINT] AS name,
    {country}[1 + (h2 % 50)::BIGINT] AS category, CAST((h3 % 50000)::DECIMAL(16, 0) * 0.01 AS DECIMAL(10, 2)) AS price
  FROM (SELECT i, hash(xor(i, 2305843309213693951)) h1, hash(xor(i, 3305843004213693951)) h2,
    hash(xor(i, 2405843009213693957)) h3 FROM range({products}) s(i));
CREATE TABLE orders AS SELECT 1 + i AS id, CAST(1 + floor(u1 * u1 * u1 * {customers})::BIGINT * 61803 % {customers} AS INTEGER)
    AS customer_id, CAST(1 + floor(u2 * u2 * u2 * {products})::BIGINT * 6181 % {products} AS INTEGER) AS product_id,
    make_timestamp((1577836800 + (h3 % 157852800)::BIGINT) * 1000000) AS placed,
    ['open', 'paid', 'shipped', 'returned'][1 + (h4 % 4)::BIGINT] AS status,
    CAST(1 + (h5 % 20)::BIGINT AS INTEGER) AS quantity,
    CAST((h6 % 50000)::DECIMAL(16, 0) * 0.01 AS DECIMAL(10, 2)) AS price,
    CASE WHEN h7 % 100 >= 10 THEN concat({did}[1 + (h8 % 196)::BIGINT], {what}[1 + (h8 // 196 % 480)::BIGINT]) END AS note
  FROM (SELECT *, (h1 >> 11) * 1.1102230246251565e-16 AS u1, (h2 >> 11) * 1.1102230246251565e-16 AS u2 FROM (SELECT i,
    hash(xor(i, 2305843009213693961)) h1, hash(xor(i, 3305843009213693961)) h2, hash(xor(i, 2405843009213693961)) h3,
    hash(xor(i, 2315843009213693961)) h4, hash(xor(i, 2305843009213693971)) h5, hash(xor(i, 3305843009213693971)) h6,
    hash(xor(i, 2405843009213693971)) h7, hash(xor(i, 2315843009213693971)) h8 FROM seed WHERE i < {orders}));
"""

# the same columns and types with nothing to compute: what storing as many cells costs
CONSTANT = """
CREATE TABLE customers AS SELECT CAST(i AS INTEGER) AS id, 'Name Family' AS name, 'name.family@example.com' AS email,
    'Country' AS country, DATE '1950-01-01' AS born FROM range({customers}) s(i);
CREATE TABLE products AS SELECT CAST(i AS INTEGER) AS id, 'Name' AS name, 'Category' AS category,
    CAST(9.99 AS DECIMAL(10, 2)) AS price FROM range({products}) s(i);
CREATE TABLE orders AS SELECT i AS id, 1::INTEGER AS customer_id, 1::INTEGER AS product_id, TIMESTAMP '2020-01-01' AS placed,
    'open' AS status, 1::INTEGER AS quantity, CAST(9.99 AS DECIMAL(10, 2)) AS price,
    'Somebody requested the document last week' AS note FROM seed WHERE i < {orders};
"""

FAKER = """
import sys, time, random
from faker import Faker
fake, n = Faker(), int(sys.argv[1])
Faker.seed(1); random.seed(1)
states = ['open', 'paid', 'shipped', 'returned']
began, worked = time.perf_counter(), time.process_time()
customers = [(i, fake.name(), fake.unique.email(), fake.country(), fake.date_of_birth()) for i in range(n // 10)]
products = [(i, fake.catch_phrase(), fake.word(), fake.pydecimal(5, 2, True)) for i in range(n // 100)]
orders = [(i, fake.random_int(0, n // 10 - 1), fake.random_int(0, n // 100 - 1), fake.date_time_between('-5y'),
           fake.random_element(states), fake.random_int(1, 20), fake.pydecimal(5, 2, True), fake.sentence())
          for i in range(n)]
cells = 5 * len(customers) + 4 * len(products) + 8 * n
print(cells / (time.perf_counter() - began), cells / (time.process_time() - worked))
"""

SDV = """
import sys, time, warnings
warnings.filterwarnings("ignore")
import pandas as pd
from sdv.metadata import Metadata
from sdv.single_table import GaussianCopulaSynthesizer
real, n = pd.read_csv(sys.argv[1], parse_dates=["placed"]), int(sys.argv[2])
metadata = Metadata.detect_from_dataframes({"orders": real})
made = GaussianCopulaSynthesizer(metadata)
made.fit({"orders": real})
best = work = 0
for _ in range(2):
    began, worked = time.perf_counter(), time.process_time()
    rows = made.sample(n)
    rows = rows["orders"] if isinstance(rows, dict) else rows
    best = max(best, rows.size / (time.perf_counter() - began))
    work = max(work, rows.size / (time.process_time() - worked))
print(best, work)
"""


class Closed(Protocol):
    """What a run leaves behind, and is closed when its time has been taken."""

    def close(self) -> None: ...


def best(*runs: Callable[[], Closed], times: int = 5) -> list[tuple[float, float]]:
    """The least seconds and processor seconds of each run, taking turns so that other load hits all alike."""
    found: list[list[tuple[float, float]]] = [[] for _ in runs]
    for _ in range(times):
        for run, taken in zip(runs, found, strict=True):
            began, worked = time.perf_counter(), time.process_time()
            made = run()
            taken.append((time.perf_counter() - began, time.process_time() - worked))
            made.close()
    return [(min(wall for wall, _ in taken), min(work for _, work in taken)) for taken in found]


def by_hand(counts: dict[str, int]) -> duckdb.DuckDBPyConnection:
    word = {
        "first": str([f"Name{at}" for at in range(96)]),
        "last": str([f"Family{at}" for at in range(96)]),
        "country": str([f"Country{at}" for at in range(50)]),
        "did": str([f"Somebody{at // 14} requested{at % 14} " for at in range(196)]),
        "what": str([f"the document{at // 20} last week{at % 20}" for at in range(480)]),
    }
    return run_by_hand(HAND.format(**word, **counts), counts["orders"])


def run_by_hand(statements: str, rows: int) -> duckdb.DuckDBPyConnection:
    """A database of its own in which the statements were run; a table `seed` has that many numbers."""
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE seed AS SELECT range AS i FROM range({rows})")
    for statement in statements.split(";"):
        if statement.strip():
            connection.execute(statement)
    return connection


def copied(made: Tables) -> duckdb.DuckDBPyConnection:
    """Copies of all tables beside them, and a new database, so that opening one is timed as in the other runs."""
    with made.connection.cursor() as beside:
        for name in ("customers", "products", "orders"):
            beside.execute(f"CREATE OR REPLACE TEMPORARY TABLE copy_of_{name} AS FROM main.{name}")
    return duckdb.connect()


def rate_of(python: Path, program: str, *arguments: str) -> tuple[float, float]:
    """The cells a second, and a processor second, that another tool says it made; the run ends where it fails."""
    done = subprocess.run([python, "-c", program, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    rate, rate_of_work = map(float, done.stdout.split()[-2:])
    return rate, rate_of_work


def sdv_rate(python: Path) -> tuple[float, float]:
    """SDV's rate at one table: orders like ours."""
    with tempfile.TemporaryDirectory() as folder, populate(SHOP, rows=5_000) as tables:
        path = Path(folder) / "orders.csv"
        tables.frame("orders").to_csv(path, index=False)
        return rate_of(python, SDV, str(path), "50000")


def row(what: str, cells: int, seconds: float, work: float, against: str) -> str:
    """A line of the table of ratios; `work` in processor seconds."""
    rates = f"{cells / seconds / 1e6:.1f} | {cells / work / 1e6:.1f}"
    return f"| {what} | {cells:,} | {seconds:.3f} | {work:.3f} | {rates} | {against} |"


def memory(rows: int) -> None:
    """Print seconds, and the peak of this process's resident memory, of making, reading and writing so many rows."""

    def told(what: str, many: int) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
        print(
            f"{what}: {many:,} rows, {time.perf_counter() - begin:.0f} s so far, a peak of {peak:.2f} GiB", flush=True
        )

    begin = time.perf_counter()
    counts = {"customers": rows // 10, "products": rows // 100, "orders": rows - rows // 10 - rows // 100}
    with populate(SHOP, rows=counts) as tables, tempfile.TemporaryDirectory() as folder:
        told("made", sum(map(tables.rows, tables)))
        told("orders read as Arrow batches", sum(batch.num_rows for batch in tables.arrow("orders")))
        tables.save(folder)
        told("written as Parquet", rows)


def main() -> None:
    ask = argparse.ArgumentParser()
    ask.add_argument("rows", nargs="?", type=int, default=1_000_000)
    ask.add_argument("--faker", type=Path)
    ask.add_argument("--sdv", type=Path)
    ask.add_argument("--save", action="store_true")
    ask.add_argument("--memory", action="store_true")
    given = ask.parse_args()
    if given.memory:
        memory(given.rows)
        return
    counts = {"customers": given.rows // 10, "products": given.rows // 100, "orders": given.rows}
    cells = sum(counts[each.name] * len(each.attributes) for each in SHOP)
    many = given.rows * len(SALES.attributes)
    load = os.getloadavg()[0]
    with populate(SHOP, rows=counts) as made:
        (ours, work), (hand, by_hand_work), (flat, flat_work), (copy, copy_work) = best(
            lambda: populate(SHOP, rows=counts),
            lambda: by_hand(counts),
            lambda: run_by_hand(CONSTANT.format(**counts), counts["orders"]),
            lambda: copied(made),
            times=9,
        )
    ((alone, alone_work),) = best(lambda: populate(SALES, rows=given.rows), times=5)
    lines = [
        "| what | cells | seconds | CPU seconds | M cells/s | M cells per CPU second | ours against it |",
        "|---|--:|--:|--:|--:|--:|--:|",
        row("ours, the shop's three tables", cells, ours, work, ""),
        row(
            "SQL by hand, the same tables",
            cells,
            hand,
            by_hand_work,
            f"{ours / hand:.2f} × its time, {work / by_hand_work:.2f} × its CPU time",
        ),
        row("one value for each column, the same types", cells, flat, flat_work, f"{ours / flat:.2f} × its time"),
        row("the shop's tables copied", cells, copy, copy_work, f"{ours / copy:.2f} × its time"),
        row("ours, sales with 5 dependencies", many, alone, alone_work, ""),
    ]
    for name, rate in (
        ("Faker, the same tables", given.faker and rate_of(given.faker, FAKER, "20000")),
        ("SDV, Gaussian copula of one table", given.sdv and sdv_rate(given.sdv)),
    ):
        if rate:
            times = f"{cells / ours / rate[0]:,.0f} × as fast, {cells / work / rate[1]:,.0f} × a processor second"
            lines.append(f"| {name} | | | | {rate[0] / 1e6:.4f} | {rate[1] / 1e6:.4f} | {times} |")
    print("\n".join(lines))
    print(f"load average {load:.1f} before, {os.getloadavg()[0]:.1f} after, {os.cpu_count()} cores")
    if given.save:
        head = (
            "# How fast designs are populated\n\n"
            f"`python tests/bench/population_bench.py {given.rows} --faker … --sdv … --save`: {given.rows:,} orders, the least "
            f"of 9 rounds in turns, all in one run on {os.cpu_count()} cores; the load average was {load:.1f} before and "
            f"{os.getloadavg()[0]:.1f} after (1 would be this run alone). A run ends when its rows are there; the two floors say "
            "what DuckDB needs to store as many cells, whatever makes them.\n\n"
        )
        page = Path(__file__).with_name("population.md")
        _, apart, kept = page.read_text(encoding="utf-8").partition(
            "\n## Memory"
        )  # measured by hand, and left as it is
        page.write_text(head + "\n".join(lines) + "\n" + apart + kept, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Designs stored otherwise: the same facts and answers, and what each way costs and gains."""

from collections.abc import Iterator

import pytest

import dbworkbench as wb
from dbworkbench.data.tables import Tables
from dbworkbench.trials.candidate import Candidate

SHOP = wb.schema("""
    customers(*id: integer, name: text, city: text)
    orders(*id: integer, customer_id: integer -> customers, placed: date?, total: decimal(10, 2))
    notes(*id: integer, order_id: integer -> orders, said: text)
""")
WORKLOAD = """
-- name: by city
SELECT city, sum(total) AS revenue FROM orders JOIN customers ON customers.id = customer_id GROUP BY city;
-- name: best  kind: read
SELECT name, count(*) AS n, sum(orders.id) AS numbers FROM orders JOIN customers ON customers.id = customer_id GROUP BY name ORDER BY n DESC, name LIMIT 5;
-- name: one month
SELECT * FROM orders WHERE placed BETWEEN DATE '2022-03-01' AND DATE '2022-03-31';
-- name: notes
SELECT count(*) AS n FROM notes JOIN orders ON orders.id = order_id WHERE total > 10;
-- name: pay more  kind: write
UPDATE orders SET total = total + 1 WHERE customer_id = 3;
-- name: add  kind: write
INSERT INTO customers VALUES (900001, 'Ada Berg', 'Ulm');
"""
CANDIDATES: dict[str, Candidate] = {
    "indexed": wb.indexed(SHOP, {"orders": ["customer_id", ("placed", "customer_id")]}),
    "clustered": wb.clustered(SHOP, {"orders": "placed"}),
    "partitioned": wb.partitioned(SHOP, "orders", by="placed", bounds=["2021-01-01", "2022-01-01", "2023-01-01"]),
    "summarized": wb.summarized(SHOP, WORKLOAD, ["by city", "best"]),
    "both": wb.summarized(wb.indexed(SHOP, {"orders": ["customer_id"]}), WORKLOAD, ["best"], reference=SHOP),
}


@pytest.fixture(scope="module")
def rows() -> Iterator[Tables]:
    with wb.populate(SHOP, rows={"customers": 200, "orders": 3000, "notes": 500}, seed=3) as tables:
        yield tables


@pytest.mark.parametrize("engine", ["duckdb", "sqlite", "postgresql"])
def test_all_hold_the_same_facts_and_answer_alike(rows: Tables, engine: str) -> None:
    found = wb.trial({"as it is": SHOP, **CANDIDATES}, WORKLOAD, data=rows, reference=SHOP, engines=[engine], repeats=1)
    assert not found.differences
    left = {(one.candidate, one.query) for one in found.failures}
    assert left <= {("partitioned", "pay more")}  # no one table holds the rows that it changes
    assert all(one.agrees for one in found.measurements)


def test_a_summary_is_read_and_made_again_by_changes(rows: Tables) -> None:
    kept = CANDIDATES["summarized"]
    assert kept.summaries == ("kept by city", "kept best")
    found = wb.trial(
        {"as it is": SHOP, "kept": kept}, WORKLOAD, data=rows, reference=SHOP, engines=["duckdb"], repeats=1
    )
    reading, writing = (found.measurement("kept", "duckdb", name) for name in ("best", "pay more"))
    assert reading is not None
    assert reading.own
    assert '"kept best"' in reading.sql
    assert writing is not None
    assert writing.sql.count("INSERT INTO") == 2
    assert writing.agrees


def test_parts_have_the_ranges_that_were_asked_for(rows: Tables) -> None:
    made = CANDIDATES["partitioned"]
    assert made.schema.names == ("customers", "notes", "orders_1", "orders_2", "orders_3", "orders_4")
    assert not made.schema["notes"].foreign_keys
    assert [check.expression for check in made.schema["orders_2"].checks] == [
        """("placed" >= '2021-01-01' AND "placed" < '2022-01-01')"""
    ]
    counted = [
        rows.connection.execute(f"SELECT count(*) FROM ({dict(made.load)[name]})").fetchall()[0][0]
        for name in made.schema.names[2:]
    ]
    assert sum(counted) == 3000
    assert all(counted)


def test_columns_in_another_order_answer_alike(rows: Tables) -> None:
    orders = SHOP["orders"]
    turned = wb.schema(
        """
        customers(*id: integer, name: text, city: text)
        orders(total: decimal(10, 2), placed: date?, *id: integer, customer_id: integer -> customers)
        notes(*id: integer, order_id: integer -> orders, said: text)
        """
    )
    found = wb.trial(
        {"as it is": SHOP, "turned": turned}, WORKLOAD, data=rows, reference=SHOP, engines=["duckdb"], repeats=1
    )
    assert orders.names != turned["orders"].names
    assert found


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: wb.indexed(SHOP, {"orders": ["colour"]}), "colour"),
        (lambda: wb.indexed(SHOP, {"order": ["id"]}), "did you mean 'orders'"),
        (lambda: wb.clustered(SHOP, {"orders": "place"}), "placed"),
        (lambda: wb.partitioned(SHOP, "orders", by="placed", bounds=["2023", "2022"]), "are to rise"),
        (lambda: wb.partitioned(SHOP, "orders", by="placed", bounds=[]), "one or more"),
        (lambda: wb.summarized(SHOP, WORKLOAD, ["pay more"]), "no answer to keep"),
        (lambda: wb.summarized(SHOP, WORKLOAD, ["bset"]), "did you mean 'best'"),
        (lambda: wb.summarized(SHOP, {"q": "SELECT id, id FROM orders"}, ["q"]), "one name"),
    ],
)
def test_what_cannot_be_is_refused(ask: object, says: str) -> None:
    with pytest.raises(wb.WorkbenchError, match=says):
        ask()  # type: ignore[operator]

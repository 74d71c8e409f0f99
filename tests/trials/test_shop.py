"""The shop with its changes on every engine: the same facts asked and changed, and taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.population.populate import populate
from dbworkbench.schema.notation import schema
from dbworkbench.trials.denormalize import denormalize
from dbworkbench.trials.physical import indexed
from dbworkbench.trials.trial import trial

SHOP = schema((Path(__file__).parents[2] / "sample_data" / "shop.txt").read_text(encoding="utf-8"))
WORKLOAD = """
-- name: revenue by city  weight: 5
SELECT city, sum(qty * price) AS revenue FROM order_lines JOIN orders USING (order_id) JOIN customers USING (customer_id)
JOIN products USING (product_id) GROUP BY city ORDER BY revenue DESC, city;
-- name: one order
SELECT o.order_id, o.ordered, o.status, l.line_no, p.title, l.qty FROM orders o
JOIN order_lines l ON l.order_id = o.order_id JOIN products p ON p.product_id = l.product_id WHERE o.order_id = 17;
-- name: by month
SELECT date_trunc('month', ordered) AS m, count(*) AS n FROM orders GROUP BY 1 ORDER BY 1;
-- name: bosses
SELECT e.name, count(b.employee_id) AS n FROM employees e LEFT JOIN employees b ON b.manager_id = e.employee_id
GROUP BY e.employee_id, e.name ORDER BY n DESC, e.name, e.employee_id LIMIT 20;
-- name: move a customer
UPDATE customers SET city = 'Bern' WHERE customer_id = 3;
-- name: pay
UPDATE orders SET status = 'paid' WHERE order_id = 17;
-- name: reprice
UPDATE products SET price = price + 1 WHERE product_id = 7;
-- name: sell
INSERT INTO order_lines VALUES (17, 99, 3, 2), (18, 98, 4, 1);
"""
WIDE = {"as drawn": SHOP, "wide": denormalize(SHOP, into="order_lines")}


@pytest.fixture(scope="module")
def tables() -> Iterator[Tables]:
    with populate(SHOP, rows=3000, seed=5) as made:
        yield made


@pytest.mark.parametrize(
    "kind",
    [
        "duckdb",
        pytest.param("mariadb", marks=pytest.mark.mariadb),
        "clickhouse",
    ],
)
def test_every_question_and_change_of_the_shop_is_carried_out(
    kind: str, tables: Tables, request: pytest.FixtureRequest
) -> None:
    reached = request.getfixturevalue("mariadb_url") if kind == "mariadb" else kind
    candidates = {**WIDE, "indexed": indexed(SHOP, {"order_lines": ["product_id"]})}
    found = trial(candidates, WORKLOAD, data=tables, reference=SHOP, engines=[reached], repeats=1)
    assert not found.failures
    assert {(one.candidate, one.query) for one in found.measurements} == {
        (candidate, query) for candidate in candidates for query in found.queries
    }
    assert not [one for one in found.differences if one.query]
    assert {(one.candidate, one.subject) for one in found.differences} == {("wide", "customers"), ("wide", "products")}
    assert all(one.agrees for one in found.measurements)


PAIR = schema(
    """
    people(id: integer, name: text, visits: integer)
      key id
    calls(id: integer, person: integer)
      key id
      person references people(id)
    """
)
CALLS = """
-- name: rename somebody who called
UPDATE people SET name = 'Ann', visits = visits + 1 WHERE id = 2;
-- name: rename somebody who did not
UPDATE people SET name = 'Ann', visits = visits + 1 WHERE id = {silent};
-- name: somebody new
INSERT INTO people VALUES (-1, 'Eve', 0);
"""


@pytest.mark.parametrize("people", [50, 30_000])
def test_what_a_candidate_lacks_is_told_once_and_is_no_fault_of_a_change(people: int) -> None:
    with Tables() as tables:
        tables.connection.execute(
            f"CREATE TABLE people AS SELECT i AS id, 'name ' || i AS name, i % 7 AS visits FROM range({people}) AS t(i)"
        )
        tables.connection.execute(
            f"CREATE TABLE calls AS SELECT i AS id, i % {people - 5} AS person FROM range({people}) AS t(i)"
        )
        found = trial(
            {"as drawn": PAIR, "wide": denormalize(PAIR, into="calls")},
            CALLS.format(silent=people - 1),
            data=tables,
            reference=PAIR,
            engines=["duckdb", "sqlite"],
            repeats=1,
        )
    (fact,) = [one for one in found.differences if not one.query]
    assert (fact.candidate, fact.subject, fact.missing, fact.extra) == ("wide", "people", 5, 0)
    wrong = {(one.query, one.engine) for one in found.measurements if not one.agrees}
    assert {query for query, _ in wrong} <= {"rename somebody who did not", "somebody new"}
    assert ("somebody new", "duckdb") in wrong
    if people > 20_000:  # told by sums: a visit that is not counted is seen
        assert ("rename somebody who did not", "duckdb") in wrong

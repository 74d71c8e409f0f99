"""Changes of the reference, carried out on every candidate and taken back: what they touch, and what they break."""

from collections.abc import Iterator
from urllib.parse import quote

import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation, schema
from dbworkbench.trials.candidate import candidate
from dbworkbench.trials.denormalize import denormalize, star
from dbworkbench.trials.physical import partitioned
from dbworkbench.trials.surrogates import surrogated
from dbworkbench.trials.trial import trial
from tests.servers import postgresql

SALES = relation(
    """sales(order_id: integer, line_no: integer, customer: integer, city: text, product: integer, price: decimal(8,2),
             qty: integer, placed: date)
       order_id -> customer, placed
       customer -> city
       product -> price
       order_id, line_no -> product, qty"""
)
ROWS = """CREATE TABLE sales AS SELECT i // 3 AS order_id, i % 3 AS line_no, i // 3 % 10 AS customer, 'city ' || i // 3 % 10 % 4 AS city,
  i * 7 % 25 AS product, (i * 7 % 25 * 1.25)::DECIMAL(8,2) AS price, i % 5 AS qty,
  DATE '2024-01-01' + (i // 3 % 300)::INTEGER AS placed FROM range(300) AS t(i)"""
WORKLOAD = """
-- name: move
UPDATE sales SET city = 'Bern' WHERE customer = 3;
-- name: reprice
UPDATE sales SET price = price + 1 WHERE product = 7;
-- name: recount
UPDATE sales SET qty = qty + 1 WHERE city = 'city 1' AND placed >= DATE '2024-02-01';
-- name: cancel
DELETE FROM sales WHERE order_id = 5;
-- name: cancel a city
DELETE FROM sales WHERE city = 'city 2';
-- name: sell
INSERT INTO sales VALUES (999, 1, 3, 'city 3', 7, 8.75, 2, DATE '2024-05-05'), (999, 2, 77, 'Ürich', 78, 1.5, 1, '2024-05-05');
-- name: read
SELECT count(*) AS n FROM sales;
"""


@pytest.fixture(scope="module")
def sales() -> Iterator[Tables]:
    with Tables() as tables:
        tables.connection.execute(ROWS)
        yield tables


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as running:
        yield f"postgresql://{running.user}@/postgres?unix_sock={quote(running.socket, safe='')}"


@pytest.mark.postgresql
def test_parts_and_whole_change_alike_on_every_engine(sales: Tables, server: str) -> None:
    designs = {"one table": SALES, "3NF": normalize(SALES)}
    workload = WORKLOAD.replace("(999, 2, 77", "(998, 2, 77")  # one order has one customer
    found = trial(designs, workload, data=sales, repeats=1, engines=["duckdb", "sqlite", server])
    refused = {(f.engine, f.candidate, f.query) for f in found.failures}
    assert all(engine == "duckdb" for engine, _, _ in refused)  # it cannot change a row that others refer to
    assert found.differences == ()
    touched = {(m.candidate, m.query): m.rows for m in found.measurements if m.engine == "sqlite"}
    assert (touched["one table", "move"], touched["3NF", "move"]) == (30, 1)  # the update anomaly
    assert (touched["one table", "reprice"], touched["3NF", "reprice"]) == (12, 1)
    assert touched["one table", "recount"] == touched["3NF", "recount"]
    assert (touched["one table", "sell"], touched["3NF", "sell"]) == (2, 2 + 2 + 1 + 1)
    assert sales.rows("sales") == 300  # all is taken back


def test_a_change_that_parts_can_only_make_for_all_is_caught(sales: Tables) -> None:
    designs = {"one table": SALES, "3NF": normalize(SALES)}
    found = trial(
        designs, {"q": "UPDATE sales SET city = 'Bern' WHERE order_id = 5"}, data=sales, repeats=1, engines=["sqlite"]
    )
    (difference,) = found.differences
    assert (difference.candidate, difference.query, difference.subject) == ("3NF", "q", "sales")
    assert difference.missing == 27  # the customer's other orders move too
    measured = found.measurement("3NF", "sqlite", "q")
    assert measured is not None
    assert not measured.agrees


def test_what_a_wide_table_cannot_hold_is_caught() -> None:
    design = schema(
        """
        customers(id: integer, name: text)
          key id
        orders(id: integer, customer: integer, total: integer)
          key id
          customer references customers(id)
        """
    )
    workload = """
    -- name: rename
    UPDATE customers SET name = 'Zoe' WHERE id = 1;
    -- name: order
    INSERT INTO orders (id, customer, total) VALUES (9, 2, 5);
    -- name: no more
    DELETE FROM orders WHERE id = 3;
    -- name: new customer
    INSERT INTO customers VALUES (7, 'Neu');
    """
    with Tables() as tables:
        tables.connection.execute(
            "CREATE TABLE customers AS SELECT * FROM (VALUES (1, 'Ann'), (2, 'Bob')) AS v(id, name)"
        )
        tables.connection.execute(
            "CREATE TABLE orders AS SELECT * FROM (VALUES (1, 1, 2), (2, 1, 3), (3, 2, 1)) AS v(id, customer, total)"
        )
        designs = {"3NF": design, "wide": denormalize(design, into="orders")}
        found = trial(designs, workload, data=tables, repeats=1, engines=["sqlite"])
    assert found.failures == ()
    assert {(d.candidate, d.query, d.subject, d.missing, d.extra) for d in found.differences} == {
        ("wide", "no more", "customers", 1, 0),  # the deletion anomaly: with his last order, Bob is gone
        ("wide", "new customer", "customers", 1, 0),  # the insertion anomaly: nowhere to put him
    }
    touched = {(m.candidate, m.query): m.rows for m in found.measurements}
    assert (touched["3NF", "rename"], touched["wide", "rename"]) == (1, 2)
    assert (touched["3NF", "order"], touched["wide", "order"]) == (1, 1)


def test_own_statements_are_run_and_checked(sales: Tables) -> None:
    own = "DELETE FROM sales WHERE order_id = 5; DELETE FROM orders WHERE order_id = 5"
    designs = {"one table": SALES, "own": candidate(normalize(SALES), sql={"cancel": own})}
    found = trial(
        designs, {"cancel": "DELETE FROM sales WHERE order_id = 5"}, data=sales, repeats=1, engines=["sqlite"]
    )
    assert not found.failures
    assert not found.differences
    measured = found.measurement("own", "sqlite", "cancel")
    assert measured is not None
    assert (measured.own, measured.rows) == (True, 4)


def test_a_change_nobody_knows_how_to_carry_out_is_a_failure(sales: Tables) -> None:
    view = {"sales": "SELECT order_id, line_no, customer, upper(city) AS city, product, price, qty, placed FROM sales"}
    designs = {"one table": SALES, "odd": candidate(SALES, views=view)}
    found = trial(
        designs, {"q": "UPDATE sales SET qty = 1 WHERE order_id = 5"}, data=sales, repeats=1, engines=["sqlite"]
    )
    (failure,) = found.failures
    assert failure.candidate == "odd"
    assert "candidate(…, sql=" in failure.message


STAFF = schema(
    """
    people(*id: integer, name: text, boss: integer? -> people, mentor: integer? -> people, since: timestamp, pay: decimal(8,2))
    projects(*code: text, lead: integer? -> people)
    works(*id: integer -> people, *code: text -> projects, share: double)
    """
)
STAFF_ROWS = """
CREATE TABLE people AS SELECT i AS id, 'p' || i AS name, CASE WHEN i > 1 THEN i // 2 END AS boss, NULL::INTEGER AS mentor,
  TIMESTAMP '2024-01-31 23:59:59.5' + to_hours(i::INTEGER) AS since, (i * 100)::DECIMAL(8,2) AS pay FROM range(1, 13) t(i);
CREATE TABLE projects AS SELECT 'X' || i AS code, CASE WHEN i % 3 > 0 THEN i END AS lead FROM range(1, 7) t(i);
CREATE TABLE works AS SELECT i AS id, 'X' || (1 + i % 6) AS code, i / 4 AS share FROM range(1, 13) t(i);
"""
STAFF_CHANGES = """
-- name: hire
INSERT INTO people VALUES (30, 'a', NULL, NULL, TIMESTAMP '2024-05-05 05:05:05.25', 1), (31, 'b', 30, 7, TIMESTAMP '2024-05-06 00:00:00', 2);
-- name: hire briefly
INSERT INTO people (id, name, since, pay) VALUES (32, 'it''s \\ so', TIMESTAMP '2024-05-05 00:00:00', 3);
-- name: copy
INSERT INTO people SELECT id + 100, name, id, boss, since, pay FROM people WHERE pay > 900;
-- name: assign
INSERT INTO works VALUES (7, 'X1', 0.5);
-- name: begin
INSERT INTO projects VALUES ('X9', NULL), ('Y', 4);
-- name: postpone
UPDATE people SET since = since + INTERVAL 1 DAY, pay = pay + 1.5 WHERE id IN (SELECT lead FROM projects WHERE code <> 'X2');
-- name: hand over
UPDATE projects SET lead = 5 WHERE lead = 4;
-- name: leave
DELETE FROM works WHERE id IN (SELECT id FROM people WHERE boss = 3);
"""


@pytest.fixture(scope="module")
def staff() -> Iterator[Tables]:
    with Tables() as tables:
        tables.connection.execute(STAFF_ROWS)
        yield tables


@pytest.mark.postgresql
@pytest.mark.mariadb
def test_rows_that_refer_to_each_other_are_written_alike(staff: Tables, server: str, mariadb_url: str) -> None:
    designs = {
        "as drawn": STAFF,
        "identifiers": surrogated(STAFF, "people", kind="uuid"),
        "parts": partitioned(STAFF, "works", by="share", bounds=[1, 2]),
        "wide": denormalize(STAFF, into="projects"),
    }
    engines = ["sqlite", server, mariadb_url]
    found = trial(designs, STAFF_CHANGES, data=staff, reference=STAFF, repeats=1, engines=engines)
    assert {(one.candidate, one.query) for one in found.failures} == {
        ("identifiers", "hand over"),  # another person is to lead, not this one to be called otherwise
        ("identifiers", "leave"),  # the key of its rows is nowhere in the reference
    }
    assert all("no way is known" in one.message for one in found.failures)
    assert {(one.candidate, one.query) for one in found.differences if one.query} == {
        ("wide", "hire"),  # who leads nothing has no place
        ("wide", "hire briefly"),
        ("wide", "copy"),
        ("wide", "hand over"),
        ("wide", "leave"),  # it does not know whom nobody's project is
    }
    assigned = found.measurement("identifiers", "sqlite", "assign")
    assert assigned is not None
    assert "MD5" not in assigned.sql  # the person is found in the candidate's own table, not made anew


def test_numbers_that_depend_on_all_rows_are_the_users_to_give(staff: Tables) -> None:
    designs = {"as drawn": STAFF, "numbers": surrogated(STAFF, "projects", kind="bigint")}
    found = trial(designs, STAFF_CHANGES, data=staff, reference=STAFF, repeats=1, engines=["sqlite"])
    (failure,) = found.failures
    assert (failure.candidate, failure.query) == ("numbers", "begin")
    assert "no way is known" in failure.message
    assert found.differences == ()


PLACES = schema(
    """
    "the regions"(*"no.": integer, name: text, head: text?)
    shops(*shop: integer, region: integer -> "the regions")
    people(*id: integer, region: integer? -> "the regions", home: integer -> "the regions")
    visits(*id: integer, person: integer -> people, shop: integer? -> shops)
    """
)
ON_PLACES = """
-- name: rename
UPDATE "the regions" SET name = upper(name) || '!' WHERE "no." = 2;
-- name: rename the first
UPDATE "the regions" SET name = 'one of the first' WHERE "the regions"."no." < 3;
-- name: where nobody is head
UPDATE "the regions" SET head = 'vacant' WHERE head IS NULL;
-- name: where somebody shops
UPDATE "the regions" SET head = name WHERE "no." IN (SELECT region FROM shops WHERE shop < 4);
-- name: renumber
UPDATE "the regions" SET "no." = 4711 WHERE "no." = 2;
-- name: close
DELETE FROM "the regions" WHERE "no." = 2;
"""


def test_what_is_repeated_in_several_places_is_changed_in_all_of_them() -> None:
    with Tables() as rows:
        rows.connection.execute(
            """CREATE TABLE "the regions" AS SELECT i AS "no.", 'r' || i AS name, CASE WHEN i % 2 = 0 THEN 'head' END AS head FROM range(4) t(i);
            CREATE TABLE shops AS SELECT i AS shop, i % 4 AS region FROM range(8) t(i);
            CREATE TABLE people AS SELECT i AS id, nullif(i % 5, 4) AS region, (i + 1) % 4 AS home FROM range(20) t(i);
            CREATE TABLE visits AS SELECT i AS id, i % 20 AS person, nullif(i % 9, 8) AS shop FROM range(60) t(i)"""
        )
        designs = {"3NF": PLACES, "star": star(PLACES, fact="visits"), "wide": denormalize(PLACES, into="visits")}
        found = trial(designs, ON_PLACES, data=rows, reference=PLACES, repeats=1, engines=["sqlite"])
    assert found.differences == ()
    touched = {(one.candidate, one.query): one.rows for one in found.measurements}
    assert [touched[name, "rename"] for name in designs] == [1, 2 + 4 + 5, 13 + 12 + 15]
    refused = {(one.candidate, one.query) for one in found.failures}
    assert refused == {("3NF", "renumber"), ("3NF", "close")} | {
        (name, query) for name in ("star", "wide") for query in ("renumber", "close")
    }
    assert all("no way is known" in one.message for one in found.failures if one.candidate != "3NF")

"""What a query becomes on a candidate's tables; that it answers alike is tested where candidates are measured."""

import pytest

from dbworkbench.schema.notation import schema
from dbworkbench.sql.rewriting import pruned
from dbworkbench.sql.workload import Query

SHOP = schema(
    """
    customers(id: integer, city: text, boss: integer?)
      key id
    orders(order_id: integer, customer: integer, shop: integer?, total: integer)
      key order_id
      customer references customers(id)
    shops(shop_id: integer, area: text)
      key shop_id
    """
)
VIEW = (
    "SELECT o.order_id, o.total, c.id AS customer, c.city, s.area FROM orders AS o "
    "JOIN customers AS c ON o.customer = c.id LEFT JOIN shops AS s ON (s.shop_id = o.shop)"
)


def rewrite(text: str, view: str = VIEW) -> str | None:
    return pruned(Query("q", text), "duckdb", {"sales": view}, SHOP)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT sum(total) FROM sales", "SELECT SUM(total) FROM (SELECT o.total FROM orders AS o) AS sales"),
        ("SELECT count(*) FROM Sales", "SELECT COUNT(*) FROM (SELECT 1 AS one FROM orders AS o) AS Sales"),
        (
            "SELECT s.city FROM sales s WHERE s.total > 3",
            (
                "SELECT s.city FROM (SELECT o.total, c.city FROM orders AS o JOIN customers AS c ON o.customer = c.id) AS s "
                "WHERE s.total > 3"
            ),
        ),
        (
            "SELECT area, total FROM sales",
            (
                "SELECT area, total FROM (SELECT o.total, s.area FROM orders AS o LEFT JOIN shops AS s ON (s.shop_id = o.shop)) "
                "AS sales"
            ),
        ),
        ("SELECT city, area FROM sales", None),  # all is needed: the view serves as well
        ("SELECT * FROM sales", None),
        ("SELECT sales.* FROM sales", None),
        ("SELECT total FROM sales NATURAL JOIN other", None),
        ("WITH customers AS (SELECT total FROM sales) SELECT * FROM customers", None),  # would hide a table
        ("SELECT 1 FROM other", None),
        (
            "WITH x AS (SELECT total FROM sales) SELECT (SELECT count(*) FROM sales) FROM x",
            (
                "WITH x AS (SELECT total FROM (SELECT o.total FROM orders AS o) AS sales) "
                "SELECT (SELECT COUNT(*) FROM (SELECT o.total FROM orders AS o) AS sales) FROM x"
            ),
        ),
        (
            "SELECT a.total FROM sales a JOIN sales b USING (order_id)",
            (
                "SELECT a.total FROM (SELECT o.order_id, o.total FROM orders AS o) AS a "
                "JOIN (SELECT o.order_id, o.total FROM orders AS o) AS b USING (order_id)"
            ),
        ),
    ],
)
def test_a_query_keeps_only_the_joins_that_it_needs(query: str, expected: str | None) -> None:
    assert rewrite(query) == expected


@pytest.mark.parametrize(
    "join",
    [
        "JOIN customers c ON o.total = c.id",  # no foreign key promises a match
        "JOIN shops c ON c.shop_id = o.shop",  # it may be unknown
        "JOIN customers c ON o.customer = c.boss",  # no key: a row may meet several
        "LEFT JOIN customers c ON o.customer = c.boss",
        "LEFT JOIN customers c ON o.customer > c.id",
        "LEFT JOIN customers c ON o.customer = c.id AND c.city = 'x'",
        "RIGHT JOIN customers c ON o.customer = c.id",
        "FULL JOIN customers c ON o.customer = c.id",
        "CROSS JOIN customers c",
        "JOIN customers c USING (id)",
        "LEFT JOIN (SELECT * FROM customers) c ON o.customer = c.id",
    ],
)
def test_a_join_that_may_drop_or_repeat_rows_stays(join: str) -> None:
    assert rewrite("SELECT total FROM sales", f"SELECT o.total, c.id FROM orders o {join}") is None


@pytest.mark.parametrize(
    "view",
    [
        VIEW.replace("SELECT", "SELECT DISTINCT", 1),
        "SELECT count(*) AS total FROM orders o LEFT JOIN customers c ON o.customer = c.id",
        VIEW + " LIMIT 3",
        VIEW + " UNION ALL SELECT 1, 2, 3, 'x', 'y'",
        "SELECT o.total, row_number() OVER () AS n FROM orders o LEFT JOIN customers c ON o.customer = c.id",
    ],
)
def test_a_view_that_does_more_than_join_is_left_alone(view: str) -> None:
    assert rewrite("SELECT total FROM sales", view) is None


def test_a_condition_of_the_view_keeps_the_joins_it_names() -> None:
    assert rewrite("SELECT total FROM sales", VIEW + " WHERE c.city = 'Bern'") == (
        "SELECT total FROM (SELECT o.total FROM orders AS o JOIN customers AS c ON o.customer = c.id WHERE c.city = 'Bern') "
        "AS sales"
    )

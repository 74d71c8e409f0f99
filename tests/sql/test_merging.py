"""Queries on references as queries on wide rows; that they answer alike is tested where candidates are measured."""

import pytest

from dbworkbench.schema.notation import schema
from dbworkbench.sql.merging import merged
from dbworkbench.sql.workload import Query

REFERENCE = schema(
    """
    countries(code: text, title: text)
      key code
    customers(id: integer, name: text, country: text?)
      key id
      country references countries(code)
    orders(id: integer, customer: integer, total: integer)
      key id
      customer references customers(id)
    """
)
WIDE = schema(
    "orders(id: integer, customer: integer, total: integer, name: text, country: text?, title: text?)\n key id"
)
VIEWS = {
    "countries": "SELECT DISTINCT country AS code, title FROM orders WHERE country IS NOT NULL",
    "customers": "SELECT DISTINCT customer AS id, name, country FROM orders",
    "orders": "SELECT id, customer, total FROM orders",
}


def merge(text: str, views: dict[str, str] | None = None) -> str | None:
    return merged(Query("q", text), "duckdb", views or VIEWS, WIDE, REFERENCE)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT name, sum(total) AS s FROM orders o JOIN customers c ON o.customer = c.id GROUP BY name",
            'SELECT o."name" AS name, SUM(o."total") AS s FROM "orders" AS o GROUP BY o."name"',
        ),
        (
            "SELECT c.name FROM customers c, orders o WHERE c.id = o.customer AND c.name > 'x' AND o.total = 3",
            """SELECT o."name" AS name FROM "orders" AS o WHERE o."name" > 'x' AND o."total" = 3""",
        ),
        (
            "SELECT title FROM orders o JOIN customers c ON c.id = o.customer JOIN countries g ON g.code = c.country",
            'SELECT o."title" AS title FROM "orders" AS o WHERE o."country" = o."country"',  # unknown ones have no match
        ),
        (
            "SELECT o.id, title FROM orders o LEFT JOIN customers c ON o.customer = c.id LEFT JOIN countries g ON g.code = c.country",
            'SELECT o."id" AS id, o."title" AS title FROM "orders" AS o',
        ),
        (
            "SELECT a.id FROM orders a JOIN orders b ON a.customer = b.customer JOIN customers c ON c.id = b.customer",
            'SELECT a."id" AS id FROM "orders" AS a JOIN "orders" AS b ON a."customer" = b."customer"',
        ),
    ],
)
def test_a_join_within_one_row_is_no_join(query: str, expected: str) -> None:
    assert merge(query) == expected


def test_what_is_not_merged_is_given_back_by_its_view() -> None:
    found = merge(
        "SELECT x.name FROM customers x WHERE x.id IN "
        "(SELECT o.customer FROM orders o JOIN customers c ON c.id = o.customer WHERE c.name = 'Ann')"
    )
    assert found == (
        "SELECT x.name AS name FROM (SELECT DISTINCT customer AS id, name, country FROM orders) AS x WHERE x.id IN "
        """(SELECT o."customer" AS customer FROM "orders" AS o WHERE o."name" = 'Ann')"""
    )


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM orders",
        "SELECT o.id FROM orders o JOIN customers c ON o.id = c.id",  # another column
        "SELECT o.id FROM orders o JOIN customers c ON o.customer > c.id",
        "SELECT o.id FROM orders o JOIN customers c ON o.customer = c.id OR c.id = 3",
        "SELECT c.name FROM customers c LEFT JOIN orders o ON o.customer = c.id",  # customers without orders count
        "SELECT o.id FROM orders o LEFT JOIN customers c ON o.customer = c.id AND c.name = 'x'",
        "SELECT o.id FROM orders o FULL JOIN customers c ON o.customer = c.id",
        "SELECT name FROM customers JOIN countries ON country = code",  # neither is given back row by row
        "WITH orders AS (SELECT 1 AS customer) SELECT name FROM orders JOIN customers ON id = customer",
        "SELECT nothing FROM orders o JOIN customers c ON o.customer = c.id",
    ],
)
def test_other_joins_stay(query: str) -> None:
    assert merge(query) is None


@pytest.mark.parametrize(
    "view",
    [
        "SELECT DISTINCT customer AS id, name, country FROM orders WHERE total > 3",
        "SELECT DISTINCT customer AS id, upper(name) AS name, country FROM orders",
        "SELECT DISTINCT customer AS id, name, country FROM orders UNION SELECT 0, 'none', NULL",
        "SELECT customer AS id, any_value(name) AS name, any_value(country) AS country FROM orders GROUP BY customer",
    ],
)
def test_a_view_that_does_more_than_find_distinct_rows_is_not_merged(view: str) -> None:
    query = "SELECT name FROM orders o JOIN customers c ON o.customer = c.id"
    assert merge(query) is not None
    assert merge(query, {**VIEWS, "customers": view}) is None

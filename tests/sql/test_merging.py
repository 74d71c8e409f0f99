"""Queries on references as queries on wide rows; that they answer alike is tested where candidates are measured."""

import re

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
        'SELECT x."name" AS name FROM (SELECT DISTINCT "customer", "name" FROM "orders") AS x WHERE x."customer" IN '
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
        "WITH orders AS (SELECT 1 AS customer) SELECT name FROM orders JOIN customers ON id = customer",
        "SELECT nothing FROM orders o JOIN customers c ON o.customer = c.id",
    ],
)
def test_other_joins_stay(query: str) -> None:
    """Only the columns that they need are fewer."""
    found = merge(query)
    assert found is None or len(re.findall(r'JOIN (?:"orders"|\(SELECT DISTINCT)', found)) == 1


def test_distinct_rows_take_in_what_each_of_them_holds() -> None:
    assert merge("SELECT name, title FROM customers JOIN countries ON country = code WHERE title <> 'x'") == (
        'SELECT customers."name" AS name, customers."title" AS title FROM '
        '(SELECT DISTINCT "customer", "name", "title", "country" FROM "orders") AS customers '
        """WHERE customers."title" <> 'x' AND customers."country" = customers."country\""""
    )


def test_an_alias_that_is_said_twice_is_told_apart() -> None:
    found = merge(
        "SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer WHERE o.total = "
        "(SELECT max(o.total) FROM orders o JOIN customers d ON d.id = o.customer WHERE d.name = c.name)"
    )
    assert found == (
        'SELECT o_2."name" AS name FROM "orders" AS o_2 WHERE o_2."total" = '
        '(SELECT MAX(o."total") AS _col_0 FROM "orders" AS o WHERE o."name" = o_2."name")'
    )


STAR = schema(
    """
    lines(id: integer, order_id: integer, part: integer, maker: integer)
      key id
      part, maker references offers(part, maker)
    offers(part: integer, maker: integer, cost: integer, title: text, city: text)
      key part, maker
    """
)
APART = schema(
    """
    parts(part_id: integer, title: text)
      key part_id
    makers(maker_id: integer, city: text)
      key maker_id
    offers(part: integer, maker: integer, cost: integer)
      key part, maker
      part references parts(part_id)
      maker references makers(maker_id)
    lines(id: integer, order_id: integer, part: integer, maker: integer)
      key id
      part, maker references offers(part, maker)
    """
)
INSIDE = {
    "parts": "SELECT DISTINCT part AS part_id, title FROM offers",
    "makers": "SELECT DISTINCT maker AS maker_id, city FROM offers",
    "offers": "SELECT part, maker, cost FROM offers",
}
FOLLOWED = """l."part" = {0}."part" AND l."maker" = {0}."maker\""""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (
            "SELECT p.title FROM lines l JOIN parts p ON p.part_id = l.part",
            'SELECT p."title" AS title FROM "lines" AS l JOIN "offers" AS p ON p."part" = l."part" WHERE '
            + FOLLOWED.format("p"),
        ),
        (
            "SELECT title, city FROM lines l JOIN parts p ON part_id = part JOIN makers m ON maker_id = maker",
            'SELECT p."title" AS title, p."city" AS city FROM "lines" AS l JOIN "offers" AS p ON p."part" = l."part" WHERE '
            + FOLLOWED.format("p")
            + ' AND p."maker" = l."maker"',
        ),
        (
            "SELECT title, cost FROM lines l JOIN offers o ON o.part = l.part AND o.maker = l.maker JOIN parts p ON part_id = l.part",
            (
                'SELECT o."title" AS title, o."cost" AS cost FROM "lines" AS l '
                'JOIN "offers" AS o ON o."part" = l."part" AND o."maker" = l."maker" WHERE o."part" = l."part"'
            ),
        ),
    ],
)
def test_a_dimension_is_read_through_the_reference_to_it(query: str, expected: str) -> None:
    assert merged(Query("q", query), "duckdb", INSIDE, STAR, APART) == expected


def test_a_reference_that_may_be_unknown_leads_to_no_dimension() -> None:
    open_ended = schema(
        "lines(id: integer, order_id: integer, part: integer, maker: integer?)\n key id\n part, maker references offers(part, maker)\n"
        "offers(part: integer, maker: integer, cost: integer, title: text, city: text)\n key part, maker"
    )
    found = merged(
        Query("q", "SELECT l.id, p.title FROM lines l JOIN parts p ON p.part_id = l.part"),
        "duckdb",
        INSIDE,
        open_ended,
        APART,
    )
    assert found is None  # lines without a maker have a part all the same


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

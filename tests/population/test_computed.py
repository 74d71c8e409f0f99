"""Rows of relations whose attributes are computed, numbered and of domains, and that differ by expressions."""

import pytest

from dbworkbench.data.obey import check
from dbworkbench.errors import Unsupported
from dbworkbench.population.populate import populate
from dbworkbench.schema.notation import relation, schema

SHOP = schema("""
    domain money: decimal(9, 2) check (value >= 0)
    shop(*id: integer identity, name: text(30), price: money, tax: decimal(9, 2) as (price * 0.2) stored,
        low: text as (lower(shop.name)), boss: integer?)
        check (tax < 500)
        unique index ((lower(name)))
        exclude using btree (price with =)
        boss -> shop(id)
""")


def test_what_is_computed_is_so_in_every_row() -> None:
    with populate(SHOP, rows=300, seed=3) as tables:
        found = tables.connection.execute(
            "SELECT count(*), count(DISTINCT lower(name)), count(DISTINCT price), min(price) >= 0, max(tax) < 500, "
            "bool_and(tax = CAST(price * 0.2 AS DECIMAL(9, 2))), bool_and(low = lower(name)) FROM shop"
        ).fetchall()
    assert found == [(300, 300, 300, True, True, True, True)]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("r(*a: integer, b: text)\n exclude using gist (b with &&)", "excludes rows by"),
        ("r(*a: integer as (b + 1), b: integer)", "is computed, and stands in a rule"),
        ("r(*a: integer, b: integer as (a + 1), c: integer as (b + 1))", "is computed from 'b'"),
        ("r(*a: integer, b: integer as (c + 1), c: integer)\n b -> c", "is computed, and stands in a rule"),
    ],
)
def test_rules_that_are_not_kept_are_refused(text: str, says: str) -> None:
    with pytest.raises(Unsupported, match=says):
        populate(schema(text), rows=5)


@pytest.mark.parametrize(
    "text",
    [
        "lines(*id: integer, price: decimal(8,2), qty: integer, total: decimal(12,2))\n check (total = price * qty)",
        "r(*id: integer, a: decimal(8,2), b: decimal(8,2), c: decimal(8,2))\n check (a + b = c)\n check (c > 100)",
        "r(*id: integer, a: date, b: date, days: integer)\n check (days = b - a)\n check (b > a)",
        "r(*id: integer, a: integer?, b: integer)\n check (b = a + 1)",
        "r(*id: integer, a: integer, b: integer)\n a -> b\n check (b = a * 2)",
    ],
)
def test_what_a_check_says_to_be_equal_is_computed(text: str) -> None:
    design = relation(text)
    with populate(design, rows=500) as tables:
        assert check(tables, design)
        for rule in design.checks:
            broken = tables.sql(f'SELECT count(*) AS n FROM "{design.name}" WHERE ({rule.expression}) IS NOT TRUE')
            assert broken["n"][0] == 0


def test_what_is_computed_tells_no_rows_apart() -> None:
    """Without a key, rows differ in what the computed attributes are computed from."""
    design = relation("r(a: decimal(20, 0), b: decimal(30, 0) as (a + 1))\n a -> a")
    with populate(design, rows=50) as tables:
        assert tables.sql("SELECT count(DISTINCT a) AS n FROM r")["n"][0] == 50

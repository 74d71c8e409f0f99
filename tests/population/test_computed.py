"""Rows of relations whose attributes are computed, numbered and of domains, and that differ by expressions."""

import pytest

from dbworkbench.errors import Unsupported
from dbworkbench.population.populate import populate
from dbworkbench.schema.notation import schema

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

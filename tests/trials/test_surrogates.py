"""Keys of another kind: the same facts, with numbers or identifiers in the place of what rows say."""

import pytest

import dbworkbench as wb
from dbworkbench.errors import DesignError
from dbworkbench.trials.surrogates import surrogated

SHOP = wb.schema("""
    people(*land: text, *mail: text, name: text, friend_land: text?, note: text?)
    goods(*code: text, title: text, like: text? -> goods)
    orders(*id: integer, land: text, mail: text, code: text -> goods, gift: text? -> goods, qty: integer check (qty > 0))
      land, mail -> people
      index code
    gifts(*code: text -> goods, *giver: integer -> orders)
""")
WORKLOAD = """
-- name: sold
SELECT title, sum(qty) AS n FROM orders JOIN goods ON goods.code = orders.code GROUP BY title;
-- name: buyers
SELECT name, count(*) AS n FROM orders JOIN people ON people.land = orders.land AND people.mail = orders.mail GROUP BY name;
-- name: rows
SELECT * FROM orders WHERE id < 50;
-- name: all goods
SELECT * FROM goods;
-- name: gifts
SELECT count(*) AS n FROM gifts;
-- name: more
UPDATE orders SET qty = qty + 1 WHERE id = 7;
"""


@pytest.mark.parametrize("kind", ["bigint", "uuid"])
def test_surrogates_hold_the_same_facts_and_answer_alike(kind: str) -> None:
    candidates = {
        "as drawn": SHOP,
        "goods": surrogated(SHOP, "goods", kind=kind),  # type: ignore[arg-type]
        "people": surrogated(SHOP, "people", kind=kind),  # type: ignore[arg-type]
    }
    found = wb.trial(candidates, WORKLOAD, rows=400, reference=SHOP, engines=["duckdb", "sqlite"], repeats=1)
    assert found.failures == ()
    assert found.differences == ()
    assert len(found.measurements) == 3 * 2 * 6


def test_identifiers_say_their_version() -> None:
    made = surrogated(SHOP, "people", kind="uuid")
    with wb.populate(SHOP, rows=50) as tables:
        found = tables.sql(f"SELECT people_no::VARCHAR AS u FROM ({dict(made.load)['people']})")["u"]
    assert len(set(found)) == len(found) > 1
    assert {(one[14], one[19]) for one in found} == {("8", "a")}  # RFC 9562; MariaDB takes no identifier without


def test_a_relation_that_refers_to_itself_is_joined_with_itself() -> None:
    people = wb.schema("people(*id: integer, name: text, boss: integer? -> people, mentor: integer? -> people)")
    designs = {"as drawn": people, "uuid": surrogated(people, "people", kind="uuid")}
    query = "SELECT p.name, b.name AS boss FROM people p LEFT JOIN people b ON b.id = p.boss"
    with wb.populate(people, rows=60, seed=3) as tables:
        found = wb.trial(designs, {"bosses": query}, data=tables, reference=people, engines=["duckdb"], repeats=1)
    assert found.differences == ()  # DuckDB 2.0.1 answers wrongly where its common_subplan is on


def test_what_referred_to_the_key_refers_to_the_surrogate() -> None:
    made = surrogated(SHOP, "goods", kind="uuid").schema
    assert made["goods"].names == ("goods_no", "code", "title", "goods_no_")
    assert [key.attributes for key in made["goods"].keys] == [("goods_no",), ("code",)]
    orders = made["orders"]
    assert orders.names == ("id", "land", "mail", "goods_no", "goods_no_", "qty")
    assert [(key.attributes, key.relation, key.referenced) for key in orders.foreign_keys] == [
        (("land", "mail"), "people", ("land", "mail")),
        (("goods_no",), "goods", ("goods_no",)),
        (("goods_no_",), "goods", ("goods_no",)),
    ]
    assert orders["goods_no_"].nullable
    assert orders.indexes[0].attributes == ("goods_no",)
    assert made["gifts"].primary_key == ("goods_no", "giver")


@pytest.mark.parametrize(
    ("design", "relation", "said"),
    [
        ("a(*id: bigint)", "a", "is a bigint already"),
        ("a(*id: text)\nb(*id: text -> a check (id <> 'x'))", "a", "a check of 'b' names"),
        ("a(*id: text)\nb(*id: text -> a, n: integer)\nc(*id: text -> b)", "a", "which would hold a surrogate instead"),
        ("a(*x: text, *y: text)\nb(*id: integer, x: text?, y: text?)\n  x, y -> a", "a", "may be unknown in part"),
    ],
)
def test_where_no_surrogate_fits_is_told(design: str, relation: str, said: str) -> None:
    with pytest.raises(DesignError, match=said):
        surrogated(wb.schema(design), relation)
    with pytest.raises(DesignError, match="known: 'bigint', 'uuid'"):
        surrogated(wb.schema(design), relation, kind="serial")  # type: ignore[arg-type]

"""Wide designs made from a schema, and what a trial finds of them."""

from collections.abc import Iterator

import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.population.populate import populate
from dbworkbench.schema.analysis import analyze
from dbworkbench.schema.notation import schema
from dbworkbench.trials.denormalize import denormalize, star
from dbworkbench.trials.snowflake import snowflake
from dbworkbench.trials.trial import trial

SHOP = schema(
    """
    regions(region: integer, title: text)
      key region
    shops(shop: integer, region: integer, title: text?)
      key shop
      region references regions(region)
    customers(id: integer, name: text, region: integer?)
      key id
      region references regions(region)
    orders(id: integer, customer: integer, shop: integer?, total: integer)
      key id
      customer references customers(id)
      shop references shops(shop)
    notes(id: integer, customer: integer, said: text)
      key id
      customer references customers(id)
    """
)
WORKLOAD = """
-- name: by customer
SELECT name, sum(total) AS s FROM orders JOIN customers ON customer = customers.id GROUP BY name;
-- name: by region
SELECT r.title, count(*) AS n FROM orders o JOIN customers c ON o.customer = c.id JOIN regions r ON r.region = c.region GROUP BY ALL;
-- name: shops
SELECT o.id, s.title FROM orders o LEFT JOIN shops s ON s.shop = o.shop;
-- name: notes
SELECT c.name, n.said FROM notes n JOIN customers c ON c.id = n.customer;
-- name: regions
SELECT * FROM regions;
"""


@pytest.fixture(scope="module")
def rows() -> Iterator[Tables]:
    with populate(SHOP, rows={"regions": 5, "shops": 9, "customers": 40, "orders": 300, "notes": 30}, seed=4) as tables:
        yield tables


def test_a_relation_takes_in_what_it_refers_to() -> None:
    wide = denormalize(SHOP, into="orders")
    assert wide.schema.names == ("orders", "notes")
    names = wide.schema["orders"].names
    assert names[:4] == ("id", "customer", "shop", "total")
    assert len(set(names)) == len(names)
    assert {"name", "title"} <= set(names)
    assert wide.schema["orders"]["shop"].nullable
    assert not wide.schema["orders"]["name"].nullable
    assert wide.schema["notes"].foreign_keys == ()  # customers are no table any more
    assert wide.cannot_hold == (
        "regions that no orders refer to",
        "shops that no orders refer to",
        "customers that no orders refer to",
    )
    assert wide.schema["orders"].primary_key == ("id",)


def test_only_what_is_named_is_taken_in() -> None:
    wide = denormalize(SHOP, into="orders", absorb=["customers"])
    assert wide.schema.names == ("regions", "shops", "orders", "notes")
    assert wide.schema["orders"].names == ("id", "customer", "shop", "total", "name", "region")
    assert [key.relation for key in wide.schema["orders"].foreign_keys] == ["shops"]


def test_a_star_has_flat_dimensions() -> None:
    found = star(SHOP, fact="orders")
    assert found.schema.names == ("shops", "customers", "orders", "notes")
    assert found.schema["customers"].names == ("id", "name", "region", "title")
    assert [key.relation for key in found.schema["orders"].foreign_keys] == ["customers", "shops"]


def test_relations_that_refer_to_themselves_or_twice_are_told_apart() -> None:
    flights = schema(
        """
        airports(code: text, city: text)
          key code
        people(id: integer, boss: integer?, home: text)
          key id
          boss references people(id)
          home references airports(code)
        flights(id: integer, origin: text, goal: text, pilot: integer)
          key id
          origin references airports(code)
          goal references airports(code)
          pilot references people(id)
        """
    )
    wide = denormalize(flights, into="flights").schema["flights"].names
    assert len(wide) == len(set(wide))
    assert {"origin_city", "goal_city", "home_city"} <= set(wide)
    assert {"boss", "home"} <= set(wide)  # people come in once
    with populate(flights, rows=200, seed=1) as tables:
        found = trial(
            {"3NF": flights, "wide": denormalize(flights, into="flights")},
            "SELECT city, count(*) AS n FROM flights JOIN airports ON goal = code GROUP BY city",
            data=tables,
            repeats=1,
        )
    assert found.failures == ()
    assert [d for d in found.differences if d.query] == []


def test_a_relation_that_comes_in_more_than_once_is_named_by_its_role() -> None:
    library = schema(
        """
        branches(*branch_id: integer, name: text, city: text)
        staff(*staff_id: integer, name: text, branch_id: integer -> branches)
        copies(*isbn: text, *copy_no: integer, branch_id: integer? -> branches)
        loans(*loan_id: integer, isbn: text, copy_no: integer, staff_id: integer -> staff, branch_id: integer -> branches)
          isbn, copy_no -> copies(isbn, copy_no)
        """
    )
    names = denormalize(library, into="loans").schema["loans"].names
    assert set(names) == {
        *library["loans"].names,
        *("name", "staff_branch_id", "staff_branch_name", "staff_branch_city"),
        *("copies_branch_id", "copies_branch_name", "copies_branch_city"),
        *("branch_name", "branch_city"),
    }
    assert denormalize(library, into="staff").schema["staff"].names == (
        *library["staff"].names,
        *("branches_name", "city"),
    )
    with populate(library, rows=60, seed=2) as rows:
        found = trial(
            {"3NF": library, "wide": denormalize(library, into="loans")},
            {"b": "SELECT * FROM branches"},
            data=rows,
            repeats=1,
            engines=["duckdb"],
        )
    assert found.failures == ()


def test_wide_designs_answer_as_the_schema_does(rows: Tables) -> None:
    designs = {"3NF": SHOP, "wide": denormalize(SHOP, into="orders"), "star": star(SHOP, fact="orders")}
    found = trial(designs, WORKLOAD, data=rows, repeats=1)
    assert found.failures == ()
    lost = {(d.candidate, d.subject) for d in found.differences if not d.query}
    assert lost <= {("wide", "customers"), ("wide", "shops"), ("wide", "regions"), ("star", "regions")}
    assert {d.query for d in found.differences if d.query} <= {"notes", "regions"}  # of those that no order refers to
    rewritten = {(m.candidate, m.query) for m in found.measurements if m.rewritten}
    assert {("wide", "by customer"), ("wide", "by region"), ("wide", "shops"), ("star", "by region")} <= rewritten
    assert ("3NF", "by region") not in rewritten


def test_what_cannot_be_made_is_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        denormalize(SHOP, into="ordrs")
    with pytest.raises(UnknownName):
        denormalize(SHOP, into="orders", absorb=["nothing"])
    with pytest.raises(DesignError, match="refers to no relation"):
        denormalize(SHOP, into="regions")
    with pytest.raises(DesignError, match="refers to nothing"):
        star(SHOP, fact="regions")


FLAT = schema(
    """
    "the products"("product no": integer, title: text, brand: text?, country: text?, kind: text, group: text)
      key "product no"
      brand -> country
      kind -> group
    shops(*shop: integer, city: text, region: text, boss: integer? -> shops)
      city -> region
    brands(*id: integer, note: text)
    sales(*id: integer, "product no": integer -> "the products", shop: integer? -> shops, amount: integer)
    """
)
OF_FLAT = {
    "by country": 'SELECT country, sum(amount) AS n FROM sales JOIN "the products" USING ("product no") GROUP BY country',
    "by region": "SELECT region, count(*) AS n FROM sales JOIN shops USING (shop) GROUP BY region",
    "bosses": "SELECT a.shop, b.city FROM shops a JOIN shops b ON a.boss = b.shop",
    "groups": 'SELECT DISTINCT kind, "group" FROM "the products"',
}


def test_a_snowflake_has_dimensions_in_third_normal_form_and_answers_alike() -> None:
    made = snowflake(FLAT, fact="sales")
    for relation in made.schema:
        assert str(analyze(relation).form) in {"3NF", "BCNF"}, relation.name
    refers = {(one.name, key.relation) for one in made.schema for key in one.foreign_keys}
    assert refers == {
        ("sales", "the products"),
        ("sales", "shops"),
        ("the products", "the products_brands"),  # there are other brands already
        ("the products", "kinds"),
        ("shops", "cities"),
        ("shops", "shops"),
    }
    assert made.schema["brands"] == FLAT["brands"]
    assert made.schema["sales"] == FLAT["sales"]
    with populate(FLAT, rows=300, seed=3) as tables:
        found = trial({"flat": FLAT, "snowflake": made}, OF_FLAT, data=tables, reference=FLAT, repeats=1)
    assert bool(found), (found.failures, found.differences)
    assert all(one.total_rows for one in found.loads)


@pytest.mark.parametrize(
    ("fact", "message"),
    [("regions", "refers to nothing"), ("orders", "the schema itself is the snowflake")],
)
def test_what_has_no_snowflake_says_so(fact: str, message: str) -> None:
    with pytest.raises(DesignError, match=message):
        snowflake(SHOP, fact=fact)

"""Profiles: real rows measured, and rows made like them that say nothing of anyone."""

import pandas as pd
import pytest

import dbworkbench as wb
from dbworkbench.page.plain import plain
from dbworkbench.population.profile import profile
from dbworkbench.population.shapes import Unknowns, Weighted, Zipf
from dbworkbench.views.describe import describe

CUSTOMERS = pd.DataFrame(
    {
        "id": range(1, 201),
        "name": [f"Real Person {at}" for at in range(200)],
        "reached": [f"{at}@firm.org" for at in range(200)],
        "plan": ["gold" if at % 5 == 0 else "basic" for at in range(200)],
    }
)
ORDERS = pd.DataFrame(
    {
        "order_no": range(4000),
        "customer_id": [1 + at % 200 if at % 2 else 1 for at in range(4000)],
        "total": [(at * 37 % 1000) / 4 for at in range(4000)],
        "rebate": [None if at % 4 else at % 7 for at in range(4000)],
    }
)


def test_types_keys_and_references_are_found() -> None:
    found = profile({"customers": CUSTOMERS, "orders": ORDERS})
    assert found.schema["orders"].primary_key == ("order_no",)
    assert [(key.attributes, key.relation, key.referenced) for key in found.schema["orders"].foreign_keys] == [
        (("customer_id",), "customers", ("id",))
    ]
    assert found.rows == (("customers", 200), ("orders", 4000))
    assert found.replaced == ("customers.name", "customers.reached")
    shapes = dict(found.shapes)
    assert shapes["customers.plan"] == (Weighted((("basic", 160.0), ("gold", 40.0))),)
    assert shapes["orders.rebate"][0] == Unknowns(0.75)
    assert isinstance(shapes["orders.customer_id"][0], Zipf)


def test_rows_are_like_the_real_ones_and_tell_of_nobody() -> None:
    found = profile({"customers": CUSTOMERS, "orders": ORDERS})
    with wb.populate(found, scale=5, seed=2) as rows:
        assert [rows.rows(name) for name in ("customers", "orders")] == [1000, 20_000]
        assert wb.check(rows, found.schema)
        gold, leaked = rows.connection.execute(
            "SELECT avg((plan = 'gold')::INTEGER), count(*) FILTER (name LIKE 'Real%' OR reached LIKE '%firm%') FROM customers"
        ).fetchall()[0]
        unknown, middle = rows.connection.execute(
            "SELECT avg((rebate IS NULL)::INTEGER), median(total) FROM orders"
        ).fetchall()[0]
    assert gold == pytest.approx(0.2, abs=0.05)
    assert leaked == 0
    assert unknown == pytest.approx(0.75, abs=0.02)
    assert float(middle) == pytest.approx(125, rel=0.05)


def test_a_design_gives_keys_and_dependencies() -> None:
    design = wb.relation("orders(*order_no: bigint, customer_id: bigint, total: decimal(8, 2)) \n customer_id -> total")
    found = profile({"orders": ORDERS}, design)
    with wb.populate(found, rows=500) as rows:
        assert wb.check(rows, design)
        assert rows.rows("orders") == 500


def test_a_design_that_the_rows_lack_an_attribute_of_is_refused() -> None:
    with pytest.raises(wb.WorkbenchError, match="'orders' lacks 'colour'"):
        profile({"orders": ORDERS}, wb.relation("orders(*order_no: bigint, colour: text)"))


def test_a_profile_shows_what_is_copied_and_what_is_made_up() -> None:
    told = plain(describe(profile({"customers": CUSTOMERS, "orders": ORDERS})))
    assert "tells of persons: made-up values stand in" in told
    assert "basic 80%, gold 20%" in told
    assert "refers to customers: Zipf" in told
    assert "Real Person" not in told

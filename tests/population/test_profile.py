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


TELLING = {
    "reached": "maria.gonzalez@firm.example",
    "called": "+49 731 5551234",
    "paid_from": "DE89 3704 0044 0532 0130 00",
    "seen_at": "192.168.17.4",
    "seen_at_6": "2001:db8:0:1:1:1:1:1",
    "lives": "12 Acacia Avenue",
    "wohnt": "Hauptstraße 12",
    "assigned": "Sarah O'Connor",
    "short": "Ravi",
    "remark": "ask Dr. Weber first",
    "memo": "call Elena again",
}


def test_what_tells_of_persons_is_never_copied_whatever_its_column_is_called() -> None:
    """In each column one telling value in every row, and in `mixed_` ones the same value in a tenth of the rows."""
    columns: dict[str, list[object]] = {"row": list(range(400))}
    for name, value in TELLING.items():
        columns[name] = [value if at % 2 else f"{value}" for at in range(400)]
        columns[f"mixed_{name}"] = [value if at % 10 == 0 else "green" if at % 3 else "red" for at in range(400)]
    columns["phone_number"] = [49_731_000_000 + at * 17 for at in range(400)]
    frame = pd.DataFrame(columns)
    found = profile({"seen": frame})
    told = repr(found.shapes)
    for value in TELLING.values():
        assert value not in told
    assert "49731" not in told
    assert {f"seen.{name}" for name in TELLING} <= set(found.replaced)
    with wb.populate(found, rows=300) as rows:
        text = rows.frame("seen").to_csv()
    for name, value in TELLING.items():
        assert value not in text or name == "short", "a first name is among those that made-up texts are of"
    shapes = dict(found.shapes)
    assert shapes["seen.mixed_memo"][0].pairs.keys() == {"green", "red"}  # type: ignore[union-attr]


def test_places_kinds_and_states_are_copied() -> None:
    columns = {
        "id": list(range(100)),
        "city": ["New York" if at % 3 else "Milan" for at in range(100)],
        "phase": ["In Progress" if at % 3 else "Not Started" for at in range(100)],
        "country": ["United States" if at % 4 else "Italy" for at in range(100)],
    }
    found = profile({"t": pd.DataFrame(columns)})
    assert found.replaced == ()
    assert {name for name, _ in found.shapes} == {"t.city", "t.phase", "t.country"}


def test_a_design_may_be_a_text() -> None:
    text = "orders(*order_no: bigint, customer_id: bigint, total: decimal(8, 2))"
    assert profile({"orders": ORDERS}, text).schema["orders"] == wb.relation(text)
    with pytest.raises(wb.WorkbenchError, match="no design"):
        profile({"orders": ORDERS}, 5)

"""Edits as values: carried through, refused with the reason, undone exactly."""

from collections import Counter

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema import changes as c
from dbworkbench.schema.applying import apply, inverse
from dbworkbench.schema.notation import relation, schema, to_text
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Index, Key
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.telling import told
from dbworkbench.schema.types import Integer, Text
from dbworkbench.theory.dependencies import FD
from tests.schema.edits import edits, schemas

SHOP = schema("""
    customers(*customer_id: integer, name: text, city: text?)
        name -> city
    orders(*order_id: integer, customer_id: integer -> customers, total: decimal(10, 2) check (total >= 0 and orders.Total < 1e6))
        index customer_id
""")


def edited(*changes: c.Change) -> str:
    return to_text(SHOP.apply(*changes))


@settings(max_examples=150)
@given(st.data())
def test_the_inverse_undoes_exactly(data: st.DataObject) -> None:
    before = data.draw(schemas())
    change = data.draw(edits(before))
    try:
        after = before.apply(change)
    except (DesignError, UnknownName):
        event(f"{type(change).__name__} refused")
        return
    event(f"{type(change).__name__} done")
    back = inverse(before, change)
    assert after.apply(back) == before
    assert told(change)
    again = inverse(after, back)
    assert after.apply(back).apply(again) == after


@settings(max_examples=30)
@given(st.data())
def test_a_long_way_there_and_back(data: st.DataObject) -> None:
    schema_now = data.draw(schemas())
    trail: list[tuple[Schema, c.Change]] = []
    for _ in range(8):
        change = data.draw(edits(schema_now))
        try:
            after = schema_now.apply(change)
        except (DesignError, UnknownName):
            continue
        trail.append((schema_now, inverse(schema_now, change)))
        schema_now = after
    for before, back in reversed(trail):
        schema_now = schema_now.apply(back)
        assert schema_now == before


def test_renaming_an_attribute_carries_through() -> None:
    text = edited(c.RenameAttribute("customers", "customer_id", "id"), c.RenameAttribute("orders", "total", "the sum"))
    assert text == to_text(
        schema("""
    customers(*id: integer, name: text, city: text?)
        name -> city
    orders(*order_id: integer, customer_id: integer -> customers, "the sum": decimal(10, 2) check ("the sum" >= 0 and orders."the sum" < 1e6))
        index customer_id
    """)
    )


def test_renaming_a_relation_carries_through() -> None:
    text = edited(c.RenameRelation("orders", "purchases"), c.RenameRelation("customers", "clients"))
    assert "customer_id -> clients(customer_id)" in text
    assert "check (total >= 0 and purchases.Total < 1e6)" in text


def test_undoing_a_rename_restores_the_spelling() -> None:
    change = c.RenameAttribute("orders", "total", "amount")
    back = inverse(SHOP, change)
    assert isinstance(back, c.RenameAttribute)
    assert back.spellings == (("check", 0, "total >= 0 and orders.Total < 1e6"),)
    assert SHOP.apply(change, back) == SHOP


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (c.AddRelation(relation("orders(a)")), "cannot add the relation orders: there is a relation called 'orders'"),
        (c.DropRelation("customers"), "orders refers to it — drop the foreign key first"),
        (c.RenameRelation("orders", "customers"), "there is a relation called 'customers' already"),
        (c.AddAttribute("orders", Attribute("total")), "has an attribute called 'total' already"),
        (c.AddAttribute("orders", Attribute("Total")), "speaks of 'Total', which would then mean something else"),
        (
            c.DropAttribute("customers", "customer_id"),
            r"the key \(customer_id\), the foreign key orders\(customer_id\)",
        ),
        (c.DropAttribute("customers", "name"), "the dependency name → city uses it"),
        (c.DropAttribute("orders", "total"), r"the condition \(total >= 0"),
        (c.RenameAttribute("orders", "total", "order_id"), "has an attribute called 'order_id' already"),
        (c.DropKey("customers", Key(("customer_id",))), "which is no key there"),
        (c.DropKey("customers", Key(("name",))), "there is none such"),
        (c.AddKey("customers", Key(("customer_id",))), "it is there already"),
        (c.AddForeignKey("orders", ForeignKey(("order_id",), "customers", ("name",))), "which is no key there"),
        (c.AddCheck("orders", Check("total >= 0 and orders.Total < 1e6")), "it is there already"),
        (c.AddIndex("orders", Index(("customer_id",))), "it is there already"),
        (c.AddDependency("customers", FD.parse("name -> city")), "declared already"),
        (c.DropDependency("customers", FD.parse("city -> name")), "not declared"),
        (c.SplitRelation("customers", (relation("a(customer_id, name)"),)), "no part holds the attribute 'city'"),
        (c.SplitRelation("customers", (relation("orders(*customer_id, name, city)"),)), "would be called 'orders'"),
        (c.SplitRelation("customers", (relation("a(customer_id, name, city)"),)), "would refer to nothing"),
        (c.MergeRelations(("customers", "orders"), relation("one(order_id)")), "would lose the attribute 'city'"),
    ],
)
def test_what_would_break_is_refused_with_the_reason(change: c.Change, reason: str) -> None:
    with pytest.raises(DesignError, match=reason):
        SHOP.apply(change)


@pytest.mark.parametrize(
    "change",
    [c.DropRelation("order"), c.DropAttribute("orders", "totl"), c.Retype("orders", "totl", Text()),
     c.AddDependency("orders", FD.parse("totl -> order_id")), c.SetNote("", "order", "x")],
)  # fmt: skip
def test_a_misspelled_name_is_answered_with_the_nearest(change: c.Change) -> None:
    with pytest.raises(UnknownName, match="did you mean"):
        SHOP.apply(change)


def test_a_relation_split_and_merged_again() -> None:
    parts = (
        relation("customers(*customer_id: integer, name: text)"),
        relation("names(*name: text, city: text?)"),
    )
    change = c.SplitRelation("customers", parts)
    after = SHOP.apply(change)
    assert after.names == ("customers", "names", "orders")
    assert after["orders"].foreign_keys[0].relation == "customers"
    back = inverse(SHOP, change)
    assert back == c.MergeRelations(("customers", "names"), SHOP["customers"], 0)
    assert after.apply(back) == SHOP
    assert SHOP.apply(change, back, inverse(after, back)) == after


def test_references_follow_a_merge_and_come_back() -> None:
    both = schema("""
        a(*x: integer)
        b(*x: integer)
        c(*y: integer, u: integer -> a, v: integer -> b)
    """)
    change = c.MergeRelations(("a", "b"), relation("ab(*x: integer)"))
    after = both.apply(change)
    assert {key.relation for key in after["c"].foreign_keys} == {"ab"}
    assert after.apply(inverse(both, change)) == both


def test_places_are_kept() -> None:
    change = c.DropAttribute("customers", "city")
    without = c.DropDependency("customers", FD.parse("name -> city"))
    before = SHOP.apply(without, c.MoveAttribute("customers", "city", 0))
    assert before["customers"].names == ("city", "customer_id", "name")
    assert before.apply(change, inverse(before, change)) == before


def test_pipe_and_values() -> None:
    assert SHOP.pipe(apply, c.Retype("orders", "order_id", Integer(64)))["orders"]["order_id"].type == Integer(64)
    assert Counter([c.DropRelation("a"), c.DropRelation("a")])[c.DropRelation("a")] == 2

"""Edits where attributes are computed, numbered and of domains, and where views speak of relations."""

from dataclasses import replace

import pytest

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema import changes as c
from dbworkbench.schema.applying import inverse
from dbworkbench.schema.definition import Definition
from dbworkbench.schema.notation import relation, schema, to_text
from dbworkbench.schema.relation import Attribute, Domain, Generated, Identity, Index, Part
from dbworkbench.schema.telling import told
from dbworkbench.schema.types import Integer, Text

STOCK = schema("""
    domain money: decimal(9, 2) check (value >= 0)
    stock(*id: integer identity, sku: text, price: money, tax: money as (Price * 0.2), room: text)
        index (room desc, (lower(sku))) include (price) where (price > 1)
        exclude using gist (room with =, (price + 1) with &&) where (price > 2)
        partition by list (id, (price + 3))
    shelves(*no: integer)
""")
VIEW = Definition("view", "dear", "CREATE VIEW dear AS SELECT sku, Price FROM stock", "postgresql", ("stock",))
TRIGGER = Definition("trigger", "t", "CREATE TRIGGER t BEFORE UPDATE ON dear …", "postgresql", ("dear",))


def test_renaming_an_attribute_carries_through_what_is_computed() -> None:
    now = STOCK.apply(c.RenameAttribute("stock", "price", "the price"), c.RenameAttribute("stock", "room", "hall"))
    assert to_text(now) == to_text(
        schema("""
    domain money: decimal(9, 2) check (value >= 0)
    stock(*id: integer identity, sku: text, "the price": money, tax: money as ("the price" * 0.2), hall: text)
        index (hall desc, (lower(sku))) include ("the price") where ("the price" > 1)
        exclude using gist (hall with =, ("the price" + 1) with &&) where ("the price" > 2)
        partition by list (id, ("the price" + 3))
    shelves(*no: integer)
    """)
    )
    change = c.RenameAttribute("stock", "price", "cost")
    assert STOCK.apply(change, inverse(STOCK, change)) == STOCK  # `Price` is spelled with its capital again


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            c.DropAttribute("stock", "price"),
            r"the index on \(room desc, \(lower\(sku\)\)\), the condition \(price > 1\)",
        ),
        (c.DropAttribute("stock", "sku"), r"the condition \(lower\(sku\)\) uses it"),
        (c.DropAttribute("stock", "room"), "the index on .* the exclusion of room with ="),
        (c.DropAttribute("stock", "id"), "the key .* the partitioning use it"),
        (c.AddAttribute("stock", Attribute("Price")), "speaks of 'Price', which would then mean something else"),
        (c.SetIdentity("stock", "tax", Identity()), "filled in two ways"),
        (c.SetNullable("stock", "id", nullable=True), "has a running number, so it cannot be unknown"),
        (c.Retype("stock", "price", Integer()), "its type is that of its domain 'money'"),
        (c.DropDomain("money"), "stock.price, stock.tax has it"),
        (c.AddDomain(Domain("money", Text())), "a domain called 'money' already"),
        (c.AddAttribute("shelves", Attribute("x", domain=Domain("new", Text()))), "add the domain first"),
        (c.AddRelation(relation("domain money: text\nr(a: money)")), "add the domain first"),
        (c.AddIndex("stock", replace(STOCK["stock"].indexes[0], name="other")), "it is there already"),
    ],
)
def test_what_would_break_is_refused_with_the_reason(change: c.Change, reason: str) -> None:
    with pytest.raises(DesignError, match=reason):
        STOCK.apply(change)


def test_a_generated_attribute_can_go() -> None:
    assert "tax" not in STOCK.apply(c.DropAttribute("stock", "tax"))["stock"].names


def test_a_domain_changes_with_all_that_have_it() -> None:
    wide = Domain("cents", Integer(64))
    now = STOCK.apply(c.ChangeDomain("money", wide))
    assert [now["stock"][name].type for name in ("price", "tax")] == [Integer(64)] * 2
    assert now.domains == (wide,)
    assert (
        now.apply(c.SetDomain("stock", "price", ""), c.SetDomain("stock", "tax", ""), c.DropDomain("cents")).domains
        == ()
    )
    with pytest.raises(UnknownName, match="did you mean 'money'"):
        STOCK.apply(c.SetDomain("stock", "price", "mony"))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (c.DropRelation("stock"), "the view dear speaks of 'stock'"),
        (c.RenameRelation("stock", "goods"), "the view dear speaks of 'stock'"),
        (c.RenameAttribute("stock", "price", "cost"), "the view dear speaks of 'price'"),
        (c.RenameAttribute("stock", "room", "sku"), "already"),
        (c.DropDefinition(VIEW), "the trigger t speaks of 'dear'"),
        (c.AddDefinition(replace(VIEW, text="SELECT 2")), "it is there already"),
    ],
)
def test_views_are_not_rewritten(change: c.Change, reason: str) -> None:
    whole = STOCK.apply(c.AddDefinition(VIEW), c.AddDefinition(TRIGGER))
    with pytest.raises(DesignError, match=reason):
        whole.apply(change)
    assert whole.apply(c.RenameAttribute("stock", "room", "hall")).definitions == (VIEW, TRIGGER)


def test_an_expression_can_be_put_in_and_taken_out() -> None:
    total = c.SetGenerated("stock", "room", Generated("sku || '!'", stored=True))
    now = STOCK.apply(total)
    assert now["stock"]["room"].generated == Generated("sku || '!'", stored=True)
    assert now.apply(inverse(STOCK, total)) == STOCK
    index = Index((Part(expression="upper(room)"),), unique=True)
    assert not index.is_key
    assert told(c.AddIndex("stock", index)) == "add an index on stock((upper(room)))"

"""Designs to draw: a shop with every kind of reference, and random schemas."""

from hypothesis import strategies as st

from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Integer, Text, parse_type


def relation(
    name: str, attributes: str, key: str, references: tuple[str, ...] = (), unique: tuple[str, ...] = ()
) -> Relation:
    """`relation("a", "id:integer, b_id:integer?", "id", ("b_id -> b(id)",))`; `?` may be null, `;` is a comma."""
    made = []
    for said in attributes.split(","):
        attribute, _, kind = said.strip().partition(":")
        made.append(Attribute(attribute, parse_type(kind.rstrip("?").replace(";", ",")), nullable=kind.endswith("?")))
    keys = [Key(tuple(key.split()))] if key else []
    keys += [Key(tuple(other.split())) for other in unique]
    foreign = []
    for said in references:
        here, there = said.split("->")
        target, names = there.strip().rstrip(")").split("(")
        foreign.append(
            ForeignKey(tuple(n.strip() for n in here.split(",")), target, tuple(n.strip() for n in names.split(",")))
        )
    return Relation(name, tuple(made), tuple(keys), tuple(foreign))


SHOP = Schema(
    (
        relation(
            "customers",
            "id:integer, email:text, name:text, city:text?, referred_by:integer?",
            "id",
            ("referred_by -> customers(id)",),
            ("email",),
        ),
        relation(
            "addresses",
            "id:integer, customer_id:integer, street:text, city:text",
            "id",
            ("customer_id -> customers(id)",),
        ),
        relation(
            "orders",
            "id:integer, customer_id:integer, billing_id:integer, shipping_id:integer?, placed:timestamptz,"
            " status:enum('new'; 'paid'; 'sent')",
            "id",
            ("customer_id -> customers(id)", "billing_id -> addresses(id)", "shipping_id -> addresses(id)"),
        ),
        relation(
            "order_lines",
            "order_id:integer, line_no:integer, product_id:integer, quantity:integer, price:decimal(10;2)",
            "order_id line_no",
            ("order_id -> orders(id)", "product_id -> products(id)"),
        ),
        relation(
            "products",
            "id:integer, sku:text, name:text, price:decimal(10;2), supplier_id:integer?",
            "id",
            ("supplier_id -> suppliers(id)",),
            ("sku",),
        ),
        relation("suppliers", "id:integer, name:text, country:text", "id"),
        relation(
            "shipments",
            "id:integer, order_id:integer, line_no:integer, sent:date, carrier:text?",
            "id",
            ("order_id, line_no -> order_lines(order_id, line_no)",),
        ),
        relation(
            "product_details",
            "product_id:integer, weight:real?, description:text?",
            "product_id",
            ("product_id -> products(id)",),
        ),
        relation("settings", "key:text, value:json?", "key"),
    ),
    name="Shop",
)


@st.composite
def schemas(draw: st.DrawFn, most: int = 14) -> Schema:
    """Schemas with self-references, parallel references, cycles, composite keys and tables that stand alone."""
    count = draw(st.integers(1, most))
    wide = [draw(st.booleans()) for _ in range(count)]
    made = []
    for at in range(count):
        attributes = [Attribute("id", Integer()), *([Attribute("no", Integer())] if wide[at] else [])]
        attributes += [Attribute(f"c{n}", Text()) for n in range(draw(st.integers(0, 6)))]
        foreign: list[ForeignKey] = []
        for n in range(draw(st.integers(0, 4))):
            target = draw(st.integers(0, count - 1))
            names = tuple(f"r{n}_{part}" for part in (("id", "no") if wide[target] else ("id",)))
            nullable = draw(st.booleans())
            attributes += [Attribute(name, Integer(), nullable=nullable) for name in names]
            foreign.append(ForeignKey(names, f"t{target}", ("id", "no") if wide[target] else ("id",)))
        order = draw(st.permutations(attributes))
        keys = [Key(("id", "no") if wide[at] else ("id",))]
        if draw(st.booleans()) and foreign:
            keys.append(Key(foreign[0].attributes))
        made.append(Relation(f"t{at}", tuple(order), tuple(keys), tuple(foreign)))
    return Schema(tuple(made))


WIDE = Relation(
    "wide",
    tuple(
        Attribute(f"column_{at:03}", Enumeration(("a", "b")) if at % 7 == 0 else Text(), nullable=at % 3 == 0)
        for at in range(300)
    ),
    (Key(("column_000",)),),
)

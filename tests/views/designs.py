"""The designs that tests of views and documents show."""

from functools import cache
from itertools import pairwise

from dbworkbench.schema.normalization import Normalization, normalize
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.dependencies import FD

SALES = relation("""
    sales(order_id, line_no, customer_id, customer_name, city?, product_id, title, price: decimal(10, 2), qty: integer)
    order_id          -> customer_id
    customer_id       -> customer_name, city
    product_id        -> title, price
    order_id, line_no -> product_id, qty
""")
SHOP = schema("""
    customers(*customer_id: integer, name: text, city: text?)
    orders(
        *order_id: integer,
        customer_id: integer -> customers,
        placed: date = current_date,
        total: decimal(10, 2) check (total >= 0)
    )
    order_lines(*order_id: integer -> orders, *line_no: integer, product: text, price: decimal(10, 2))
        product -> price
        unique order_id, product
""")
ADDRESSES = relation("addresses(street, city, zip) \n street, city -> zip \n zip -> city")
HOSTILE = Relation(
    '<script>alert("x")</script>',
    (Attribute("a|b"), Attribute("`c`"), Attribute("数据\x1b[31m"), Attribute("\u202eevil"), Attribute("x" * 3000, note="n" * 9000)),
    dependencies=frozenset({FD(frozenset({"a|b"}), frozenset({"`c`", "x" * 3000}))}),
    note="</p><img src=x onerror=alert(1)>",
)  # fmt: skip


def wide(attributes: int = 300) -> Relation:
    """A relation of many attributes, each depending on the one before it."""
    names = [f"attribute_{n:03}" for n in range(attributes)]
    chain = (FD(frozenset({one}), frozenset({other})) for one, other in pairwise(names))
    return Relation("wide", tuple(map(Attribute, names)), dependencies=frozenset(chain))


def many_keys(pairs: int = 12) -> Relation:
    """A relation with 2**pairs candidate keys: aₙ and bₙ determine one another."""
    names = [f"{letter}{n}" for n in range(pairs) for letter in "ab"]
    both = [FD(frozenset({f"{x}{n}"}), frozenset({f"{y}{n}"})) for n in range(pairs) for x, y in ("ab", "ba")]
    return Relation("many", tuple(map(Attribute, names)), dependencies=frozenset(both))


def large_schema(relations: int = 400) -> Schema:
    """A schema of many relations, each referring to the one before it."""
    lines = ["t0(*k0: integer)"]
    lines += [f"t{n}(*k{n}: integer, k{n - 1}: integer -> t{n - 1})" for n in range(1, relations)]
    return schema("\n".join(lines))


@cache
def normalized() -> Normalization:
    """The sales relation in 3NF."""
    return normalize(SALES, to="3NF")

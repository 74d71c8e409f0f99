"""Normalization of real relations: names, keys, references, what is proved and what is lost."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.errors import DesignError, UnknownName, Unsupported
from dbworkbench.schema.normalization import Normalization, mentioned, normalize
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.relation import Attribute, ForeignKey, Relation
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD

SALES = relation((Path(__file__).parents[2] / "sample_data" / "sales.txt").read_text(encoding="utf-8"))


def test_sales_in_third_normal_form() -> None:
    found = normalize(SALES)
    assert found.schema == schema(
        """
        cities(*city: text, country: text)
        customers(*customer_id: integer, customer_name: text, city: text -> cities)
        orders(*order_id: integer, ordered: date, customer_id: integer -> customers)
        products(*product_id: integer, title: text, price: decimal(10, 2) check (price >= 0))
        sales(*order_id: integer -> orders, *line_no: smallint, product_id: integer -> products,
              qty: integer check (qty between 1 and 20))
        """,
        name="sales",
    )
    assert found.lossless
    assert found.preserving
    assert found.losses == ()
    assert [step.relation for step in found.rebuild] == ["sales", "orders", "customers", "cities", "products"]


def test_boyce_codd_loses_a_dependency_and_says_which() -> None:
    found = normalize("r(street, city, zip)\n street, city -> zip\n zip -> city", to="BCNF")
    assert found.lossless
    assert not found.preserving
    assert "street" in str(found.preserving.witness)
    assert {frozenset(part.names) for part in found.schema} == {
        frozenset({"zip", "city"}),
        frozenset({"street", "zip"}),
    }


def test_the_parts_can_be_named() -> None:
    found = normalize(
        "r(id, customer_id, name)\n id -> customer_id\n customer_id -> name", names={"customer_id": "clients"}
    )
    assert found.schema.names == ("clients", "r")
    with pytest.raises(UnknownName, match="custmer_id"):
        normalize(SALES, names={"custmer_id": "clients"})
    with pytest.raises(DesignError, match="two parts would be called 'x'"):
        normalize(SALES, names={"city": "x", "customer_id": "x"})


def test_a_part_that_is_what_the_name_says_gets_the_name() -> None:
    found = normalize("customers(customer_id, name, order_id)\n order_id -> customer_id\n customer_id -> name")
    assert {part.name: part.primary_key for part in found.schema} == {
        "customers": ("customer_id",),
        "orders": ("order_id",),
    }
    assert [step.relation for step in found.rebuild] == ["orders", "customers"]


def test_what_is_the_same_in_all_rows_stays_declared() -> None:
    found = normalize("r(a, b, c)\n {} -> a\n b -> c")
    assert found.schema["r_constants"].dependencies == {FD(frozenset(), frozenset({"a"}))}


def test_equal_keys_refer_one_way_only() -> None:
    found = normalize("r(a, b, c, d)\n a -> b\n b -> a\n a -> c\n b -> d")
    for part in found.schema:
        assert all(key.relation != part.name for key in part.foreign_keys)
    assert all(len(group) == 1 for group in found.schema.in_reference_order())


def test_a_nullable_determinant_is_required_in_its_own_relation_only() -> None:
    found = normalize("flights(no, tail?, maker?)\n no -> tail\n tail -> maker\n key no")
    assert not found.schema["tails"]["tail"].nullable
    assert found.schema["flights"]["tail"].nullable


def test_a_check_over_two_parts_is_a_loss() -> None:
    found = normalize("r(a, b: integer, c: integer)\n a -> b\n b -> c\n check (c > a)\n check (c > 0)")
    assert [loss.feature for loss in found.losses] == ["check (c > a)"]
    assert [check.expression for check in found.schema["r_b"].checks] == ["c > 0"]


@pytest.mark.parametrize(
    ("to", "error"), [("2NF", Unsupported), ("1nf", Unsupported), ("6NF", Unsupported), ("4NF", Unsupported)]
)
def test_forms_not_offered(to: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        normalize(SALES, to=to)


def test_one_relation_at_a_time() -> None:
    with pytest.raises(DesignError, match="one relation is needed, but a Schema holds r"):
        normalize(schema("r(*a: integer)"))  # type: ignore[arg-type]


def test_what_a_condition_mentions() -> None:
    attributes = [Attribute("price"), Attribute("unit qty"), Attribute("note")]
    assert mentioned("PRICE > 0 and \"unit qty\" < 5 and x <> 'note'", attributes) == ("price", "unit qty")


@st.composite
def relations(draw: st.DrawFn) -> Relation:
    names = ["a", "b_id", "city", "d", "e", "größe", "g"][: draw(st.integers(1, 7))]
    some = st.frozensets(st.sampled_from(names), min_size=1, max_size=3)
    fds = draw(st.lists(st.builds(FD, st.frozensets(st.sampled_from(names), max_size=3), some), max_size=6))
    return Relation("r", tuple(Attribute(name) for name in names), dependencies=frozenset(fds))


def _rebuilds(found: Normalization) -> bool:
    """Each part is joined on its whole key, which is there already, and all attributes come back."""
    held: frozenset[str] = frozenset()
    for at, step in enumerate(found.rebuild):
        part = found.schema[step.relation]
        if at:
            assert set(step.on) <= held
            assert set(part.names) <= closure(step.on, found.before.fds)
        held |= frozenset(part.names)
    return held == frozenset(found.before.names)


@given(relations(), st.sampled_from(["3NF", "BCNF"]))
def test_laws(whole: Relation, to: str) -> None:
    found = normalize(whole, to=to)
    assert found.lossless
    assert found.preserving or to == "BCNF"
    assert _rebuilds(found)
    names = found.schema.names
    assert len({name.casefold() for name in names}) == len(names)
    assert all(len(group) == 1 for group in found.schema.in_reference_order())
    parts = [frozenset(part.names) for part in found.schema]
    assert not any(a < b or (a == b and i != j) for i, a in enumerate(parts) for j, b in enumerate(parts))
    for part in found.schema:
        for key in part.keys:
            assert closure(key.attributes, whole.fds) >= frozenset(part.names)
        for reference in part.foreign_keys:
            assert isinstance(reference, ForeignKey)
            assert set(reference.referenced) <= set(found.schema[reference.relation].names)

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from dbworkbench.diagram.difference import difference
from dbworkbench.diagram.erd import erd
from dbworkbench.diagram.picture import Tone
from dbworkbench.errors import UnknownName
from dbworkbench.schema.schema import Schema
from tests.diagram.designs import SHOP, relation, schemas
from tests.diagram.measuring import inside, measured


def without(schema: Schema, name: str, attribute: str) -> Schema:
    """The schema without an attribute and the references it takes part in."""
    return Schema(
        tuple(
            replace(
                r,
                attributes=tuple(a for a in r.attributes if a.name != attribute),
                foreign_keys=tuple(fk for fk in r.foreign_keys if attribute not in fk.attributes),
            )
            if r.name == name
            else r
            for r in schema
        ),
        name=schema.name,
    )


LATER = Schema(
    (
        *(
            r
            for r in without(without(SHOP, "orders", "shipping_id"), "customers", "city")
            if r.name not in {"settings", "addresses"}
        ),
        relation(
            "addresses",
            "id:integer, customer_id:integer, street:text(80)?, city:text, zip:text",
            "id",
            ("customer_id -> customers(id)",),
        ),
        relation("coupons", "code:text, order_id:integer, percent:decimal(5;2)", "code", ("order_id -> orders(id)",)),
    ),
    name="Shop",
)


def test_what_changed_is_told() -> None:
    found = difference(SHOP, LATER)
    assert found.tones["coupons", ""] is Tone.ADDED
    assert found.tones["settings", "key"] is Tone.REMOVED
    assert found.tones["customers", "city"] is Tone.REMOVED
    assert found.tones["addresses", "zip"] is Tone.ADDED
    assert found.tones["addresses", "street"] is Tone.CHANGED
    assert found.notes["addresses", "street"] == "was text"
    assert found.references["orders(shipping_id) → addresses(id)"] is Tone.REMOVED
    assert "products" not in found.changed


def test_an_attribute_that_went_elsewhere_was_moved() -> None:
    old = Schema((relation("a", "id:integer, phone:text", "id"), relation("b", "id:integer", "id")))
    new = Schema((relation("a", "id:integer", "id"), relation("b", "id:integer, phone:text", "id")))
    found = difference(old, new)
    assert found.tones["b", "phone"] is Tone.MOVED
    assert found.notes == {("b", "phone"): "from a", ("a", "phone"): "to b"}


def test_the_picture_of_a_difference(golden: Callable[[str, str], None]) -> None:
    diagram = erd(LATER, since=SHOP)
    golden("difference.svg", diagram.svg)
    sheet = measured(diagram.svg)
    assert set(sheet.tables) == set(SHOP.names) | set(LATER.names)
    assert not any(inside(sheet, edge) for edge in sheet.edges)
    for word in ("added", "removed", "changed"):
        assert f">{word}</text>" in diagram.svg


@given(schemas(most=8), schemas(most=8))
@settings(max_examples=30)
def test_any_two_schemas_can_be_compared(old: Schema, new: Schema) -> None:
    sheet = measured(erd(new, since=old, detail="all").svg)
    assert set(sheet.tables) == set(old.names) | set(new.names)
    assert not any(inside(sheet, edge) for edge in sheet.edges)


@given(schemas(most=8))
@settings(max_examples=20)
def test_a_schema_does_not_differ_from_itself(schema: Schema) -> None:
    found = difference(schema, schema)
    assert (found.tones, found.references, found.relations) == ({}, {}, schema.relations)


def test_a_focus_shows_what_is_near() -> None:
    near = measured(erd(SHOP, focus="suppliers").svg)
    assert set(near.tables) == {"suppliers", "products"}
    assert set(measured(erd(SHOP, focus="suppliers", hops=2).svg).tables) == {
        "suppliers", "products", "order_lines", "product_details",
    }  # fmt: skip
    assert set(measured(erd(SHOP, focus="settings", hops=5).svg).tables) == {"settings"}
    with pytest.raises(UnknownName, match="did you mean 'suppliers'"):
        erd(SHOP, focus="supplier")


def test_highlights_stand_out() -> None:
    plain = erd(SHOP).svg
    marked = erd(SHOP, highlight=["products", "orders.customer_id"]).svg
    assert "#fff3cf" in marked
    assert "#fff3cf" not in plain
    assert marked.count('stroke-width="2.2"') == 1
    with pytest.raises(UnknownName):
        erd(SHOP, highlight=["orders.custmer"])
    with pytest.raises(UnknownName):
        erd(SHOP, highlight=["order"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_theme_has_an_opaque_ground_and_legible_colours(theme: str) -> None:
    svg = erd(SHOP, theme=theme).svg
    assert 'fill="#ffffff"/>' in svg if theme == "light" else 'fill="#12171f"/>' in svg


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as the Web Content Accessibility Guidelines define it (2.1, 1.4.3)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_stand_out_against_their_grounds(theme: str) -> None:
    from dbworkbench.diagram.theme import THEMES  # noqa: PLC0415  only here

    look = THEMES[theme]
    for ground in (look.paper, look.card):
        for colour in (
            look.text,
            look.quiet,
            look.primary,
            look.foreign,
            look.unique,
            look.line,
            look.added,
            look.removed,
            look.changed,
            look.moved,
        ):
            assert contrast(colour, ground) >= 4.5, (colour, ground)
    for header in look.headers:
        assert contrast(look.header_text, header) >= 4.5, header
    assert contrast(look.text, look.highlight) >= 4.5

from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.diagram.dependencies import dependency_picture
from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.theory.dependencies import FD

SALES = [
    FD.parse(said)
    for said in (
        "order_id, line_no -> product_id, quantity",
        "order_id -> customer_id",
        "customer_id -> customer_name, city",
        "city -> country",
        "product_id -> product_name",
    )
]
NAMES = sorted({name for fd in SALES for name in fd.attributes})


def test_sales_as_they_were_looked_at(golden: Callable[[str, str], None]) -> None:
    picture = dependency_picture(NAMES, SALES, title="sales")
    golden("dependencies.svg", picture.svg)
    golden("dependencies.txt", picture.outline + "\n")


def test_kinds_of_arrows_and_keys_are_told() -> None:
    picture = dependency_picture(NAMES, SALES)
    assert "from part of a key (partial)" in picture.svg
    assert "from what is no key (transitive)" in picture.svg
    assert "Candidate key: {line_no, order_id}" in picture.outline


def test_given_dependencies_are_shown_as_they_are() -> None:
    fds = [FD.parse("a -> b"), FD.parse("b -> c"), FD.parse("a -> c")]
    assert "a → c" not in dependency_picture("abc", fds).outline
    assert "a → c" in dependency_picture("abc", fds, show="given").outline


def test_keys_may_be_given() -> None:
    assert "{b}" in dependency_picture("ab", [FD.parse("a -> b")], keys=[["b"]]).outline


def test_a_constant_and_an_attribute_alone() -> None:
    picture = dependency_picture(["x", "y"], [FD(frozenset(), frozenset({"y"}))])
    assert "∅ → y" in picture.outline


@pytest.mark.parametrize(
    ("attributes", "fds", "error"),
    [([], [], DesignError), (["a"], [FD.parse("a -> b")], UnknownName)],
)
def test_what_cannot_be_drawn_is_refused(attributes: list[str], fds: list[FD], error: type[Exception]) -> None:
    with pytest.raises(error):
        dependency_picture(attributes, fds)


names = st.frozensets(st.sampled_from("abcdefgh"), max_size=3)


@given(st.lists(st.builds(FD, names, names.filter(bool)), max_size=8))
@settings(max_examples=60)
def test_every_set_of_dependencies_is_drawn_alike_twice(fds: list[FD]) -> None:
    picture = dependency_picture("abcdefgh", fds)
    assert picture == dependency_picture("abcdefgh", list(reversed(fds)))
    root = ET.fromstring(picture.svg)  # noqa: S314  our own output
    drawn = {text.text for text in root.iter("{http://www.w3.org/2000/svg}text")}
    assert set("abcdefgh") <= drawn


def test_300_attributes_are_drawn() -> None:
    many = [f"a{n}" for n in range(300)]
    fds = [FD(frozenset({many[n]}), frozenset(many[n + 1 : n + 3])) for n in range(0, 290, 3)]
    assert dependency_picture(many, fds).svg.count(' id="attribute-') > 280

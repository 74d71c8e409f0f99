"""Relations, schemas, names and analysis as values."""

import pytest

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.analysis import analyze
from dbworkbench.schema.naming import noun, plural, relation_name
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.normal_forms import NormalForm


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Relation("", (Attribute("a"),)), "needs a name"),
        (lambda: Relation("r", ()), "no attributes"),
        (lambda: Relation("r", (Attribute("a"), Attribute("a"))), "two attributes called 'a'"),
        (lambda: Relation("r", (Attribute(""),)), "has no name"),
        (lambda: Relation("r", (Attribute("a"),), keys=(Key(("a", "a")),)), "names an attribute twice"),
        (lambda: Relation("r", (Attribute("a"),), foreign_keys=(ForeignKey(("a",), "s", ("b", "c")),)), "1 attributes"),
        (lambda: Schema((Relation("r", (Attribute("a"),)), Relation("r", (Attribute("a"),)))), "two relations"),
    ],
)
def test_contradictions_are_refused(make: object, says: str) -> None:
    assert callable(make)
    with pytest.raises(DesignError, match=says):
        make()


def test_unknown_names_suggest_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'city'"):
        Relation("r", (Attribute("city"),), dependencies=frozenset({FD.parse("cty -> city")}))
    with pytest.raises(UnknownName, match="did you mean 'orders'"):
        schema("orders(*a: integer)")["order"]
    with pytest.raises(UnknownName, match="did you mean 'city'"):
        relation("r(city, b)").closure(["citi"])


def test_references_before_those_that_make_them() -> None:
    whole = schema("""
        lines(*no: integer, item: integer -> orders)
        orders(*id: integer, customer: integer -> customers)
        customers(*id: integer, friend: integer? -> customers, favourite: integer? -> lines)
        loose(*x: integer)
    """)
    groups = [[relation.name for relation in group] for group in whole.in_reference_order()]
    assert groups == [["lines", "orders", "customers"], ["loose"]]
    chain = schema("a(*x: integer -> b)\nb(*x: integer -> c)\nc(*x: integer)")
    assert [group[0].name for group in chain.in_reference_order()] == ["c", "b", "a"]


def test_a_long_chain_of_references() -> None:
    first = relation("r0(*x: integer)")
    rest = tuple(
        Relation(f"r{at}", (Attribute("x"),), (Key(("x",)),), (ForeignKey(("x",), f"r{at - 1}", ("x",)),))
        for at in range(1, 1500)
    )
    groups = Schema((*rest[::-1], first)).in_reference_order()
    assert [group[0].name for group in groups] == [f"r{at}" for at in range(1500)]


@pytest.mark.parametrize(
    ("attribute", "name"),
    [("customer_id", "customers"), ("CITY", "CITIES"), ("box", "boxes"), ("day", "days"), ("straße", "straße")],
)
def test_names(attribute: str, name: str) -> None:
    assert relation_name([attribute], "r", []) == name
    assert plural(noun(attribute)) == name


def test_names_never_collide() -> None:
    assert relation_name(["city"], "r", ["Cities"]) == "cities_2"
    assert relation_name([], "r", []) == "r_constants"
    assert relation_name(["a_id", "b_id", "c_id", "d_id"], "r", []) == "r_by_a"


def test_analysis_of_sales() -> None:
    found = analyze("sales(o, l, c, n)\n o -> c\n c -> n\n o, l -> c")
    assert found.keys == (frozenset({"o", "l"}),)
    assert found.complete
    assert found.prime == {"o", "l"}
    assert found.form is NormalForm.FIRST
    assert set(found.cover) == {FD.parse("o -> c"), FD.parse("c -> n")}
    assert (frozenset({"o"}), frozenset({"o", "c", "n"})) in found.closures
    assert {violation.kind for violation in found.violations} == {"partial", "transitive"}


def test_an_exponential_question_is_left_open_and_said_to_be() -> None:
    pairs = [(f"a{at}", f"b{at}") for at in range(20)]
    names = ", ".join(name for pair in pairs for name in pair)
    found = analyze(f"r({names})\n" + "\n".join(f"{a} -> {b}\n{b} -> {a}" for a, b in pairs))
    assert not found.complete
    assert found.form is not None or found.open_question


def test_verbs_say_what_is_no_design() -> None:
    with pytest.raises(DesignError, match="nothing \\(None\\) is no design"):
        analyze(None)  # type: ignore[arg-type]
    with pytest.raises(DesignError, match="one relation is needed"):
        analyze(schema("r(*a: integer)"))  # type: ignore[arg-type]
    with pytest.raises(DesignError, match="read from text"):
        relation(3)  # type: ignore[arg-type]

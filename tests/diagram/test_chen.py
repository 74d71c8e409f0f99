from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree as ET

import pygraphviz
import pytest
from hypothesis import given, settings

from dbworkbench.diagram.chen import chen, sketch_of
from dbworkbench.diagram.erd import erd
from dbworkbench.diagram.kept import design_in_svg
from dbworkbench.errors import DesignError
from dbworkbench.schema.mapping import mapped
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.sketch import Cardinality, Entity, Generalization, Participant, Relationship, Sketch, Trait
from tests.bench.diagram_bench import synthetic
from tests.diagram.designs import SHOP, relation, schemas
from tests.diagram.measuring import measured

SVG = "{http://www.w3.org/2000/svg}"
COMPANY = Sketch(
    (
        Entity(
            "Employee",
            (
                Trait("ssn", key=True),
                Trait("name", parts=(Trait("first"), Trait("initial"), Trait("last"))),
                Trait("salary"),
                Trait("age", derived=True),
            ),
        ),
        Entity("Department", (Trait("number", key=True), Trait("locations", multivalued=True))),
        Entity("Project", (Trait("name", key=True),)),
        Entity("Dependent", (Trait("name", key=True), Trait("sex")), weak=True),
        Entity("Engineer", (Trait("discipline"),)),
        Entity("Secretary"),
    ),
    (
        Relationship(
            "works for", (Participant("Employee", Cardinality(1, 1)), Participant("Department", Cardinality(1)))
        ),
        Relationship(
            "manages",
            (Participant("Employee", Cardinality(0, 1)), Participant("Department", Cardinality(1, 1))),
            (Trait("start date"),),
        ),
        Relationship(
            "works on",
            (Participant("Employee", Cardinality(1)), Participant("Project", Cardinality(1))),
            (Trait("hours"),),
        ),
        Relationship(
            "supervises",
            (
                Participant("Employee", Cardinality(), "supervisor"),
                Participant("Employee", Cardinality(0, 1), "supervisee"),
            ),
        ),
        Relationship("has", (Participant("Employee"), Participant("Dependent", Cardinality(1, 1))), identifying=True),
    ),
    (Generalization("Employee", ("Engineer", "Secretary")),),
    name="Company",
)


def test_a_company_as_it_was_looked_at(golden: Callable[[str, str], None]) -> None:
    diagram = erd(COMPANY)
    golden("chen.svg", diagram.svg)
    golden("chen.txt", diagram.outline + "\n")


def test_every_sign_of_the_notation_is_there() -> None:
    root = ET.fromstring(erd(COMPANY).svg)  # noqa: S314  our own output
    words = [text.text for text in root.iter(f"{SVG}text")]
    for word in ("Employee", "works for", "first", "start date", "ISA", "d", "1", "N", "1 supervisor", "N supervisee"):
        assert word in words
    ovals = list(root.iter(f"{SVG}ellipse"))
    assert sum("stroke-dasharray" in oval.attrib for oval in ovals) == 1
    assert len(ovals) == 16  # fifteen attributes and parts, one with a second ring
    underlined = [text.text for text in root.iter(f"{SVG}text") if text.get("text-decoration") == "underline"]
    assert sorted(filter(None, underlined)) == ["name", "number", "ssn"]
    double = [line for line in root.iter(f"{SVG}path") if line.get("stroke-width") == "4.2"]
    assert len(double) == 6


def test_shapes_do_not_overlap() -> None:
    root = ET.fromstring(erd(COMPANY).svg)  # noqa: S314  our own output
    ovals = {
        (float(o.attrib["cx"]), float(o.attrib["cy"])): (float(o.attrib["rx"]), float(o.attrib["ry"]))
        for o in reversed(list(root.iter(f"{SVG}ellipse")))
    }
    places = list(ovals.items())
    for at, ((x, y), (a, b)) in enumerate(places):
        for (other_x, other_y), (c, d) in places[at + 1 :]:
            assert abs(x - other_x) >= a + c - 0.2 or abs(y - other_y) >= b + d - 0.2


def test_a_schema_is_seen_as_a_sketch() -> None:
    tags = Schema((*SHOP.relations, relation("tags", "name:text", "name"), relation(
        "product_tags", "product_id:integer, tag:text, since:date", "product_id tag",
        ("product_id -> products(id)", "tag -> tags(name)"),
    )))  # fmt: skip
    sketch = sketch_of(tags.relations, "Shop")
    assert "product_tags" not in sketch.names
    joined = next(r for r in sketch.relationships if r.name == "product_tags")
    assert [side.cardinality.most for side in joined.participants] == [None, None]
    assert [trait.name for trait in joined.attributes] == ["since"]
    assert sketch["order_lines"].weak
    assert {r.name for r in sketch.relationships if r.identifying} == {"order", "product"}
    assert erd(tags, notation="Chen").svg.count('id="entity-') == 10


def test_names_only() -> None:
    assert "<ellipse" not in erd(COMPANY, detail="names").svg


def test_a_large_sketch_is_drawn_in_portions_that_are_readable() -> None:
    diagram = erd(synthetic(40), notation="Chen")
    assert len(diagram.pages) > 3
    drawn = "".join(page.svg for page in diagram.pages)
    for relation_drawn in synthetic(40):
        assert f">{relation_drawn.name}<" in drawn
    for page in diagram.pages:
        sheet = measured(page.svg)
        assert sheet.label >= 9, page.title
        assert 0.6 <= sheet.aspect <= 2.2, page.title
    assert design_in_svg(diagram.svg) == synthetic(40)
    assert len(erd(synthetic(40), notation="Chen", detail="all").pages) == 1


@given(schemas(most=7))
@settings(max_examples=20)
def test_every_schema_can_be_drawn_as_chen_did(schema: Schema) -> None:
    diagram = erd(schema, notation="Chen")
    assert diagram == erd(schema, notation="Chen")
    measured(diagram.svg)
    pygraphviz.AGraph(string=diagram.dot)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(DesignError, match="no entities"):
        chen(Sketch(()))


@pytest.mark.parametrize("notation", ["IDEF1X", "UML", "min-max"])
def test_a_sketch_is_drawn_in_other_notations_as_the_schema_it_maps_to(notation: str) -> None:
    schema = replace(mapped(COMPANY).schema, name="Company")
    diagram = erd(COMPANY, notation=notation)
    assert diagram == erd(schema, notation=notation)
    assert set(measured(diagram.svg).tables) == set(schema.names)


def test_a_sketch_is_saved_as_pdf() -> None:
    assert erd(COMPANY).pdf.startswith(b"%PDF")

import re
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET
from zlib import decompress

import pygraphviz
import pytest
from hypothesis import given, settings

from dbworkbench.diagram.dependencies import dependency_picture
from dbworkbench.diagram.diagram import Diagram
from dbworkbench.diagram.erd import erd
from dbworkbench.diagram.kept import design_in_svg
from dbworkbench.diagram.mermaid import mermaid
from dbworkbench.errors import DataError, MissingPackage, Unsupported
from dbworkbench.schema.relation import Attribute, Check, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Decimal, Integer, Text
from tests.diagram.designs import SHOP, WIDE, schemas
from tests.diagram.test_chen import COMPANY
from tests.diagram.test_erd import HOSTILE

STRANGE = Schema(
    (
        Relation(
            'order "lines"',
            (
                Attribute("unit price", Decimal(10, 2), default="0"),
                Attribute("unit-price", Integer()),
                Attribute("größe", Text()),
            ),
            (Key(("unit price",)), Key(("unit-price", "größe"))),
            checks=(Check("1 = 1"),),
            indexes=(Index(("größe",)),),
        ),
        Relation("title", (Attribute("100%", Text()),)),
    )
)


@pytest.fixture(scope="module")
def shop() -> Diagram:
    return erd(SHOP)


def test_texts_for_other_tools(shop: Diagram, golden: Callable[[str, str], None]) -> None:
    golden("shop.mmd", shop.mermaid.text + "\n")
    golden("shop.puml", shop.plantuml.text + "\n")
    golden("shop.drawio", shop.drawio)


def test_mermaid_reports_what_it_cannot_say() -> None:
    written = mermaid(STRANGE.relations)
    said = [str(loss) for loss in written.losses]
    assert "\"order 'lines'\"" not in written.text
    assert '"order _lines_"' in written.text
    assert any("the check 1 = 1" in loss for loss in said)
    assert any("the index on größe" in loss for loss in said)
    assert any("the key (unit-price, größe)" in loss for loss in said)
    assert any("the default 0" in loss for loss in said)
    names = re.findall(r"^ {8}\S+ (\S+)", written.text, re.MULTILINE)
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z_][\w-]*", name, re.ASCII) for name in names)


def test_mermaid_warns_of_its_limits() -> None:
    many = tuple(Relation(f"t{n}", tuple(Attribute(f"column_{m}", Text()) for m in range(40))) for n in range(60))
    assert any("50,000" in str(loss) for loss in mermaid(many).losses)


@given(schemas(most=8))
@settings(max_examples=25)
def test_every_schema_is_a_drawio_file_whose_lines_touch_rows(schema: Schema) -> None:
    root = ET.fromstring(erd(schema).drawio)  # noqa: S314  our own output
    cells = {cell.attrib["id"]: cell for cell in root.iter("mxCell")}
    assert len(cells) == len(list(root.iter("mxCell")))
    edges = [cell for cell in cells.values() if cell.get("edge")]
    assert len(edges) == sum(len(relation.foreign_keys) for relation in schema)
    for edge in edges:
        for end in ("source", "target"):
            assert "shape=tableRow" in cells[edge.attrib[end]].attrib["style"]


@given(schemas(most=8))
@settings(max_examples=25)
def test_every_dot_text_is_read_by_graphviz(schema: Schema) -> None:
    graph = pygraphviz.AGraph(string=erd(schema).dot)
    assert len(graph.nodes()) == len(schema)
    assert len(graph.edges()) == sum(len(relation.foreign_keys) for relation in schema)


@given(schemas(most=8))
@settings(max_examples=25)
def test_the_design_is_read_back_from_the_picture(schema: Schema) -> None:
    assert design_in_svg(erd(schema).svg) == schema


@pytest.mark.parametrize("notation", ["crow's foot", "Chen"])
@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_designs_are_read_back_from_the_picture(hostile: str, notation: str) -> None:
    name = hostile + "\ufffe"
    attributes = (Attribute("id", Integer()), Attribute(name, Text(), default=f"'{name}'", note=name))
    keys, indexes = (Key(("id",), f"pk {name}"),), (Index((name,), unique=True, where=f"'{name}' > ''"),)
    schema = Schema((Relation(name, attributes, keys, checks=(Check(f"'{name}' <> ''"),), indexes=indexes),), name=name)
    svg = erd(schema, notation=notation).svg
    ET.fromstring(svg)  # noqa: S314  our own output
    assert design_in_svg(svg) == schema


def test_a_sketch_is_read_back_from_its_picture() -> None:
    assert design_in_svg(erd(COMPANY).svg) == COMPANY
    with pytest.raises(DataError, match="keeps no design"):
        design_in_svg("<svg></svg>")


def objects(data: bytes) -> dict[int, bytes]:
    """The objects of a PDF, each found where the cross-reference table says."""
    start = int(re.findall(rb"startxref\n(\d+)", data)[-1])
    entries = re.findall(rb"(\d{10}) 00000 n ", data[start:])
    found = {}
    for number, offset in enumerate(map(int, entries), 1):
        assert data[offset:].startswith(b"%d 0 obj\n" % number)
        found[number] = data[offset : data.index(b"endobj", offset)]
    return found


def test_a_pdf_has_a_page_for_each_sheet() -> None:
    diagram = erd(SHOP, areas={"People": ["customers", "addresses"]})
    data = diagram.pdf
    found = objects(data)
    pages = [body for body in found.values() if b"/Type/Page/" in body]
    assert len(pages) == len(diagram.pages)
    streams = [
        decompress(body.split(b"stream\n")[1].rsplit(b"\nendstream")[0]) for body in found.values() if b"stream" in body
    ]
    assert any(b"(customers) Tj" in stream for stream in streams)
    assert data == diagram.pdf


def test_letters_that_no_built_in_font_holds_are_refused_in_pdf() -> None:
    with pytest.raises(Unsupported, match="built-in PDF font"):
        _ = erd(Relation("表", (Attribute("id", Integer()),))).pdf


def test_every_format_is_saved(tmp_path: Path, shop: Diagram) -> None:
    for ending in ("svg", "dot", "gv", "mmd", "puml", "drawio", "txt", "pdf", "html"):
        assert shop.save(tmp_path / f"shop.{ending}").stat().st_size > 500


def test_pages_are_files_of_their_own(tmp_path: Path) -> None:
    diagram = erd(WIDE)
    assert len(diagram.pages) > 1
    diagram.save(tmp_path / "wide.svg")
    assert len(list(tmp_path.iterdir())) == len(diagram.pages)


def test_png_needs_its_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shop: Diagram) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(MissingPackage, match=r"dbworkbench\[png\]"):
        shop.save(tmp_path / "shop.png")
    assert list(tmp_path.iterdir()) == []


def test_pictures_without_relations_have_no_other_words() -> None:
    with pytest.raises(Unsupported, match="no relations"):
        _ = dependency_picture("ab", ()).mermaid

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings

from dbworkbench.diagram.compose import card, reference
from dbworkbench.diagram.erd import erd
from dbworkbench.errors import DesignError, OutputExists, UnknownName, Unsupported
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.relation import Attribute, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer, Text
from tests.diagram.designs import SHOP, WIDE, relation, schemas
from tests.diagram.measuring import Sheet, inside, measured, off_row


def check(design: Schema, sheet: Sheet) -> None:
    """The laws of every sheet: nothing overlaps, no edge runs through a table, every end lies on its row."""
    assert set(sheet.tables) == set(design.names)
    tables = list(sheet.tables.values())
    for at, table in enumerate(tables):
        assert table.x >= 0
        assert table.y >= 0
        assert table.right <= sheet.width
        assert table.bottom <= sheet.height
        assert not any(table.overlaps(other) for other in tables[at + 1 :])
    wanted = [(r.name, fk) for r in design for fk in r.foreign_keys]
    assert len(sheet.edges) == len(wanted)
    open_edges = list(sheet.edges)
    for name, foreign_key in wanted:
        here, there = foreign_key.attributes, foreign_key.referenced
        fits = [
            edge
            for edge in open_edges
            if (edge.child, edge.parent) == (name, foreign_key.relation)
            and off_row(sheet, edge, child_rows=here, parent_rows=there) < 2
        ]
        assert fits, f"{name}{foreign_key.attributes} ends nowhere"
        open_edges.remove(fits[0])
    for edge in sheet.edges:
        assert not inside(sheet, edge)
        assert all(0 <= x <= sheet.width and 0 <= y <= sheet.height for x, y in edge.points)


def test_a_shop_as_it_was_looked_at(golden: Callable[[str, str], None]) -> None:
    diagram = erd(SHOP)
    golden("shop.svg", diagram.svg)
    golden("shop.dot", diagram.dot)
    golden("shop.txt", diagram.outline + "\n")


def test_a_shop_obeys_the_laws() -> None:
    sheet = measured(erd(SHOP).svg)
    check(SHOP, sheet)
    assert 0.6 <= sheet.aspect <= 2.2
    assert sheet.label >= 9


@given(schemas())
@settings(max_examples=80)
def test_every_schema_obeys_the_laws(schema: Schema) -> None:
    check(schema, measured(erd(schema, detail="all").svg))


@given(schemas())
@settings(max_examples=10)
def test_the_same_design_gives_the_same_bytes(schema: Schema) -> None:
    assert erd(schema) == erd(schema)


@pytest.mark.parametrize("notation", ["crow's foot", "IDEF1X", "UML", "min-max"])
@pytest.mark.parametrize("detail", ["all", "some", "keys", "names"])
def test_every_notation_and_detail_obeys_the_laws(notation: str, detail: str) -> None:
    check(SHOP, measured(erd(SHOP, notation=notation, detail=detail).svg))


def test_identifying_references_are_solid_and_others_dashed() -> None:
    sheet = measured(erd(SHOP).svg)
    solid = {(edge.child, edge.parent) for edge in sheet.edges if not edge.dashed}
    assert solid == {("order_lines", "orders"), ("product_details", "products")}


def test_a_relation_names_what_it_refers_to_in_its_rows() -> None:
    assert "→ customers" in erd(SHOP["orders"]).svg


def test_a_schema_without_relations_is_refused() -> None:
    with pytest.raises(DesignError, match="no relations"):
        erd(Schema(()))


def test_unknown_words_are_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean"):
        erd(SHOP, notation="IDEF1")
    with pytest.raises(UnknownName, match="detail"):
        erd(SHOP, detail="alll")
    for theme in ("pink", None):
        with pytest.raises(UnknownName, match="theme"):
            erd(SHOP, theme=theme)  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="Chen"):
        erd(SHOP, notation="martin")
    with pytest.raises(UnknownName, match="way to find areas"):
        erd(SHOP, areas=["orders"])  # type: ignore[arg-type]
    with pytest.raises(DesignError, match="hops=-1"):
        erd(SHOP, focus="orders", hops=-1)


def test_one_table_of_300_columns_is_drawn() -> None:
    pages = [measured(page.svg) for page in erd(WIDE).pages]
    drawn = [name for page in pages for columns in page.columns.values() for name in columns]
    assert sorted(drawn) == sorted(WIDE.names)
    assert all(page.label >= 9 and 0.6 <= page.aspect <= 2.2 for page in pages)


def test_a_table_of_300_columns_among_others_is_shown_whole_on_pages_of_its_own() -> None:
    other = relation("other", "id:integer, wide_id:text", "id", ("wide_id -> wide(column_000)",))
    diagram = erd(Schema((WIDE, other)), detail="all")
    pages = [measured(page.svg) for page in diagram.pages]
    assert erd(Schema((WIDE, other)), detail="all", like=diagram) == diagram
    assert set(pages[0].tables) == {"wide", "other"}
    assert len(pages[0].edges) == 1
    drawn = [name for page in pages[1:] for columns in page.columns.values() for name in columns]
    assert sorted(drawn) == sorted(WIDE.names)
    assert all(page.label >= 9 and 0.6 <= page.aspect <= 2.2 for page in pages)


HOSTILE = [
    "<&>\"'",
    "select",
    "</text><script>alert(1)</script>",
    "عربي مع مسافة",
    "שלום",
    "x" * 200,
    "naïve\u0301 größe",
    "\u202eevil\u202c",
    "a\x00b\x1fc\ud800",
    "\\N {a|b} %s",
    " lead  and trail ",
    "表の名前",
    "🦆 duck",
    "]]>",
]


def test_hostile_names_are_drawn_as_text() -> None:
    made = [
        Relation(
            name,
            (Attribute("id", Integer()), Attribute(name, Text()), Attribute(name + "2", Integer())),
            (Key(("id",)),),
        )
        for name in HOSTILE
    ]
    diagram = erd(Schema(tuple(made)))
    sheet = measured(diagram.svg)
    assert len(sheet.tables) == len(HOSTILE)
    assert "<script" not in diagram.svg
    diagram.svg.encode("utf-8")
    diagram.dot.encode("utf-8")
    diagram.outline.encode("utf-8")


def test_names_keep_within_their_tables_by_the_widest_usual_font() -> None:
    long = relation("t" * 120, f"id:integer, {'w' * 200}:text, parent_id:integer", "id", ())
    sheet = measured(erd(long).svg)
    table = next(iter(sheet.tables.values()))
    assert table.width < 500


def test_saving_writes_and_refuses_to_overwrite(tmp_path: Path) -> None:
    diagram = erd(SHOP)
    for name, text in (("a.svg", diagram.svg), ("a.dot", diagram.dot), ("a.txt", diagram.outline + "\n")):
        assert diagram.save(tmp_path / name) == tmp_path / name
        assert (tmp_path / name).read_bytes().decode() == text
    (tmp_path / "a.svg").write_text("mine")
    with pytest.raises(OutputExists):
        diagram.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text() == "mine"
    diagram.save(tmp_path / "a.svg", overwrite=True)
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == diagram.svg
    with pytest.raises(Unsupported, match=r"\.docx"):
        diagram.save(tmp_path / "a.docx")


def test_marks_tell_keys_uniqueness_and_indexes() -> None:
    marked = Relation(
        "t",
        tuple(Attribute(name, Integer()) for name in ("id", "a", "b", "c", "d", "e")),
        (Key(("id",)), Key(("a",)), Key(("b", "c"))),
        indexes=(Index(("d", "e")), Index(("c", "d"), unique=True), Index(("e",), unique=True, where="e > 0")),
    )
    marks = {row.attribute: row.marks for row in card(marked).rows}
    assert marks == {"id": ("PK",), "a": ("U",), "b": ("U1",), "c": ("U1",), "d": ("U2",), "e": ("IX",)}
    assert "unique together" in erd(marked).svg


def test_a_partial_unique_index_does_not_make_one_row_at_most() -> None:
    child = Relation(
        "child",
        (Attribute("id", Integer()), Attribute("parent", Integer())),
        (Key(("id",)),),
        (ForeignKey(("parent",), "parent", ("id",)),),
        indexes=(Index(("parent",), unique=True, where="id > 0"),),
    )
    assert reference(child, child.foreign_keys[0]).child_mark.many


def test_min_max_tells_how_often_each_row_takes_part() -> None:
    schema = Schema(
        (relation("a", "id:integer", "id"), relation("b", "id:integer, a_id:integer?", "id", ("a_id -> a(id)",)))
    )
    svg = erd(schema, notation="min-max").svg
    said = re.findall(r'<text x="([\d.]+)"[^>]*>(\(\d,\w\))</text>', svg)
    assert [words for _, words in sorted(said, key=lambda found: float(found[0]))] == ["(0,N)", "(0,1)"]


def test_a_normalization_is_drawn_as_its_schema() -> None:
    normalization = normalize("sales(order_id, line_no, placed); key order_id, line_no; order_id -> placed")
    assert set(measured(erd(normalization).svg).tables) == set(normalization.schema.names)
    assert "entity-" in erd(normalization, notation="Chen").svg

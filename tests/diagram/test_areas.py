import random
from collections import Counter

import pytest

from dbworkbench.diagram.areas import areas_found, areas_given, words
from dbworkbench.diagram.erd import erd
from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer, Text
from tests.diagram.designs import SHOP
from tests.diagram.measuring import inside, measured

TOPICS = ("order", "product", "person", "store", "invoice", "event", "ticket", "asset", "lesson", "meter")


def business(topics: int, each: int = 9, seed: int = 1) -> Schema:
    """A schema of known areas: references mostly within an area, to its hub, some across, and one hub of all."""
    draw = random.Random(seed)  # noqa: S311  not for secrets
    made: list[Relation] = [Relation("users", (Attribute("id", Integer()), Attribute("name", Text())), (Key(("id",)),))]
    for topic in range(topics):
        word = TOPICS[topic % len(TOPICS)] + (str(topic // len(TOPICS)) if topic >= len(TOPICS) else "")
        hub = f"{word}s"
        for at in range(each):
            name = hub if not at else draw.choice((f"{word}_{'abcdefghijkl'[at]}", f"z{topic}x{at}"))
            names = ["id", *(f"text_{n}" for n in range(draw.randint(1, 6)))]
            targets = [] if not at else [hub]
            targets += ["users"] if draw.random() < 0.5 else []
            targets += [draw.choice(made).name] if draw.random() < 0.15 else []
            foreign = tuple(ForeignKey((f"{t}_{n}_id",), t, ("id",)) for n, t in enumerate(targets))
            attributes = [Attribute(n, Integer()) for n in [*names, *(fk.attributes[0] for fk in foreign)]]
            made.append(Relation(name, tuple(attributes), (Key(("id",)),), foreign))
    return Schema(tuple(made), name="Business")


def changed(one: dict[str, str], other: dict[str, str]) -> float:
    """The share of relations that went to another area, when areas are matched by what they have in common."""
    common = [name for name in one if name in other]
    pairs = Counter((one[name], other[name]) for name in common)
    match: dict[str, str] = {}
    for here, there in sorted(pairs, key=lambda pair: (-pairs[pair], pair)):
        if here not in match and there not in match.values():
            match[here] = there
    return sum(match.get(one[name]) != other[name] for name in common) / len(common)


def grouped(schema: Schema) -> dict[str, str]:
    return {name: area.name for area in areas_found(schema.relations) for name in area.relations}


def test_words_of_names() -> None:
    assert words("SalesOrder_line.ID") == ["sales", "order", "line", "id"]


def test_known_areas_are_found_and_called_after_their_hubs() -> None:
    schema = business(8)
    found = areas_found(schema.relations)
    assert sorted(name for area in found for name in area.relations) == sorted(schema.names)
    assert len({area.name for area in found}) == len(found)
    home = grouped(schema)
    for topic in TOPICS[:8]:
        members = [r.name for r in schema if any(fk.relation == f"{topic}s" for fk in r.foreign_keys)]
        same = sum(home[name] == home[f"{topic}s"] for name in members)
        assert same / len(members) > 0.7
    assert all(len(area.relations) <= 24 for area in found)


def without(schema: Schema, gone: str) -> Schema:
    """The schema without one relation, and without what refers to it."""
    rest = [r for r in schema if r.name != gone]
    kept = [
        Relation(r.name, r.attributes, r.keys, tuple(f for f in r.foreign_keys if f.relation != gone)) for r in rest
    ]
    return Schema(tuple(kept))


@pytest.mark.parametrize("seed", range(8))
def test_areas_stay_when_the_schema_changes_a_little(seed: int) -> None:
    schema = business(8, seed=seed)
    before = grouped(schema)
    moved = [changed(before, grouped(without(schema, gone))) for gone in schema.names[::6]]
    assert sum(moved) / len(moved) < 0.07
    assert max(moved) < 0.25
    extra = Relation(
        "order_extra", (Attribute("id", Integer()), Attribute("o", Integer())), (Key(("id",)),),
        (ForeignKey(("o",), "orders", ("id",)),),
    )  # fmt: skip
    assert changed(before, grouped(Schema((*schema.relations, extra)))) < 0.15


def test_an_atlas_has_a_map_a_page_for_each_area_and_an_index() -> None:
    schema = business(9)
    diagram = erd(schema)
    titles = [page.title for page in diagram.pages]
    assert titles[0] == "Overview"
    assert titles[-1].startswith("Index")
    drawn: list[str] = []
    for page in diagram.pages:
        sheet = measured(page.svg)
        assert 0.6 <= sheet.aspect <= 2.2, page.title
        assert sheet.label >= 9, page.title
        assert not any(inside(sheet, edge) for edge in sheet.edges)
        tables = list(sheet.tables.values())
        assert not any(a.overlaps(b) for at, a in enumerate(tables) for b in tables[at + 1 :])
        drawn += sheet.tables if page.title in titles[1:-1] else []
    assert sorted(drawn) == sorted(schema.names)
    assert "→ users" in "".join(page.svg for page in diagram.pages)
    assert diagram == erd(schema)


def test_unchanged_areas_keep_their_pages() -> None:
    schema = business(9)
    *rest, last = schema.relations
    changed = Schema(
        (*rest, Relation(last.name, (*last.attributes, Attribute("new", Text())), last.keys, last.foreign_keys)),
        name="Business",
    )
    before = {page.title: page.svg for page in erd(schema).pages[1:]}
    after = {page.title: page.svg for page in erd(changed).pages[1:]}
    assert sum(before[title] == after.get(title) for title in before) >= len(before) - 1


def test_areas_may_be_given() -> None:
    diagram = erd(SHOP, areas={"People": ["customers", "addresses"], "Goods": ["products", "suppliers"]})
    assert [page.title for page in diagram.pages] == ["Overview", "People", "Goods", "Other", "Index"]


def test_areas_that_cannot_be_are_refused() -> None:
    with pytest.raises(UnknownName, match="did you mean"):
        areas_given(SHOP.relations, {"a": ["custmers"]})
    with pytest.raises(DesignError, match="stands in the areas"):
        areas_given(SHOP.relations, {"a": ["orders"], "b": ["orders"]})
    with pytest.raises(UnknownName):
        erd(SHOP, areas="automatic")


def test_one_sheet_can_be_asked_for() -> None:
    diagram = erd(business(7), areas=None)
    assert len(diagram.pages) == 1
    assert len(measured(diagram.svg).tables) == 64


def test_many_relations_with_no_references_are_still_pages() -> None:
    schema = Schema(tuple(Relation(f"t{n}", (Attribute("id", Integer()),), (Key(("id",)),)) for n in range(130)))
    for page in erd(schema).pages:
        sheet = measured(page.svg)
        assert sheet.label >= 9
        assert 0.5 <= sheet.aspect <= 2.2


def test_a_ring_through_everything_is_drawn() -> None:
    made = tuple(
        Relation(
            f"t{n}", (Attribute("id", Integer()), Attribute("next", Integer())), (Key(("id",)),),
            (ForeignKey(("next",), f"t{(n + 1) % 200}", ("id",)),),
        )
        for n in range(200)
    )  # fmt: skip
    pages = [measured(page.svg) for page in erd(Schema(made)).pages]
    assert all(page.label >= 9 and not any(inside(page, edge) for edge in page.edges) for page in pages)


def test_schemas_told_by_names_are_areas() -> None:
    names = [f"{space}.{topic}" for space in ("sales", "people", "stock") for topic in TOPICS[:7]]
    schema = Schema(tuple(Relation(name, (Attribute("id", Integer()),), (Key(("id",)),)) for name in names))
    found = areas_found(schema.relations)
    assert [area.name for area in found] == ["sales", "people", "stock"]


def with_more(schema: Schema) -> Schema:
    """The schema with another relation, and another attribute in one."""
    first, *rest = schema.relations
    extra = Relation(
        "order_extra", (Attribute("id", Integer()), Attribute("order_id", Integer())), (Key(("id",)),),
        (ForeignKey(("order_id",), "orders", ("id",)),),
    )  # fmt: skip
    wider = Relation(first.name, (*first.attributes, Attribute("added", Text())), first.keys, first.foreign_keys)
    return Schema((wider, *rest, extra), name=schema.name)


def columns(svg: str) -> list[list[str]]:
    """The relations as they stand: by columns, from top to bottom."""
    tables = measured(svg).tables
    found: dict[float, list[tuple[float, str]]] = {}
    for name, table in tables.items():
        found.setdefault(round(table.x), []).append((table.y, name))
    return [[name for _, name in sorted(found[x])] for x in sorted(found)]


def test_a_picture_like_an_earlier_one_keeps_every_place() -> None:
    before = erd(SHOP)
    after = erd(with_more(SHOP), like=before)
    kept = [[name for name in column if name != "order_extra"] for column in columns(after.svg)]
    main = [[name for name in column if name != "settings"] for column in columns(before.svg)]
    assert [[n for n in c if n != "settings"] for c in kept if set(c) - {"settings"}] == [c for c in main if c]
    assert erd(SHOP, like=before) == before


def test_an_atlas_like_an_earlier_one_keeps_every_area() -> None:
    schema = business(9)
    before = erd(schema)
    after = erd(with_more(schema), like=before)
    assert [page.title for page in after.pages] == [page.title for page in before.pages]
    for old, new in zip(before.pages[1:-1], after.pages[1:-1], strict=True):
        assert set(measured(old.svg).tables) <= set(measured(new.svg).tables)
        if set(measured(old.svg).tables) == set(measured(new.svg).tables):
            assert columns(old.svg) == columns(new.svg)
    page = next(page for page in after.pages if 'data-table="order_extra"' in page.svg)
    assert 'data-table="orders"' in page.svg

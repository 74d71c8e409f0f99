"""What must be true of every page of every diagram, measured from its SVG."""

from collections import Counter

from dbworkbench.diagram.diagram import Diagram
from dbworkbench.schema.schema import Schema
from tests.diagram.measuring import inside, measured, off_row


def obeys(design: Schema, diagram: Diagram) -> None:
    """Every relation stands on one page; pages have a good shape and readable letters; nothing overlaps, no line runs
    through a table, and every reference within a page ends on its rows.
    """
    by_name = {relation.name: relation for relation in design}
    drawn = Counter[str]()
    for page in diagram.pages:
        sheet = measured(page.svg)
        assert 0.6 <= sheet.aspect <= 2.2, (page.title, sheet.aspect)
        assert sheet.label >= 9, (page.title, sheet.label)
        tables = list(sheet.tables.values())
        assert not any(a.overlaps(b) for at, a in enumerate(tables) for b in tables[at + 1 :]), page.title
        assert all(t.x >= 0 and t.right <= sheet.width and t.y >= 0 and t.bottom <= sheet.height for t in tables)
        assert not [edge for edge in sheet.edges if inside(sheet, edge)], page.title
        if page.title.startswith(("Overview", "Index")) and len(diagram.pages) > 1:
            continue
        left = list(sheet.edges)
        for name in sheet.tables:
            drawn[name] += 1
            for foreign_key in by_name[name].foreign_keys:
                if foreign_key.relation not in sheet.tables:
                    continue
                here, there = foreign_key.attributes, foreign_key.referenced
                fits = [
                    edge
                    for edge in left
                    if (edge.child, edge.parent) == (name, foreign_key.relation)
                    and off_row(sheet, edge, child_rows=here, parent_rows=there) < 2
                ]
                assert fits, f"{name}{here} ends nowhere on {page.title}"
                left.remove(fits[0])
        assert not left
    assert drawn == Counter(design.names)

"""The design that a picture keeps for machines: lossless JSON in the `<metadata>` of its first page."""

import re
from html import unescape

from dbworkbench.errors import DataError
from dbworkbench.schema.json import from_json, to_json
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.sketch import Sketch

_METADATA = re.compile(r"<metadata>(.*?)</metadata>", re.DOTALL)


def model(design: Schema | Relation | Sketch) -> str:
    """The design as text that XML may hold."""
    return to_json(design).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def design_in_svg(svg: str) -> Schema | Relation | Sketch:
    """The design from which a picture was drawn, exactly: what `erd(design).svg` keeps, whatever it shows of it.

    Raises DataError where the text is no picture of ours (of several pages, the first keeps the design), and what
    `schema.json.from_json` does.

    >>> from dbworkbench.diagram.erd import erd
    >>> from dbworkbench.schema.notation import schema
    >>> design_in_svg(erd(schema("a(*id)", "b(*id, a_id -> a)")).svg).names
    ('a', 'b')
    """
    found = _METADATA.search(svg)
    if not found:
        raise DataError("this SVG keeps no design — save the first page of a diagram, as wb.erd(…) draws it")
    read = from_json(unescape(found[1]))
    if not isinstance(read, (Schema, Relation, Sketch)):
        raise DataError(f"this picture keeps a {type(read).__name__} — a schema, a relation or a sketch is needed")
    return read

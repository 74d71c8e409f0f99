"""The design that a picture keeps for machines: lossless JSON in the `<metadata>` of its first page.

A board keeps more than its schema: `{"is": "Board", "value": {"schema": …, "layout": …}}` in the same place. Notebooks
keep pictures as outputs, so a saved notebook gives its designs back without a kernel.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator, Mapping
from html import unescape

from dbworkbench.errors import DataError, WorkbenchError
from dbworkbench.schema.json import decode_schema, from_json, parsed, to_json
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.sketch import Sketch

_METADATA = re.compile(r"<metadata>(.*?)</metadata>", re.DOTALL)
_INLINE = re.compile(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)")


def model(design: Schema | Relation | Sketch) -> str:
    """The design as text that XML may hold."""
    return for_xml(to_json(design))


def for_xml(text: str) -> str:
    """JSON text without the two characters that XML has no word for."""
    return text.replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def kept_in(svg: str) -> str:
    """The text that a picture keeps; empty where it keeps none."""
    found = _METADATA.search(svg)
    return unescape(found[1]) if found else ""


def design_in_svg(svg: str) -> Schema | Relation | Sketch:
    """The design from which a picture was drawn, exactly: what `erd(design).svg` keeps, whatever it shows of it.

    Raises DataError where the text is no picture of ours (of several pages, the first keeps the design), and what
    `schema.json.from_json` does.

    >>> from dbworkbench.diagram.erd import erd
    >>> from dbworkbench.schema.notation import schema
    >>> design_in_svg(erd(schema("a(*id)", "b(*id, a_id -> a)")).svg).names
    ('a', 'b')
    """
    kept = kept_in(svg)
    if not kept:
        raise DataError("this SVG keeps no design — save the first page of a diagram, as wb.erd(…) draws it")
    whole = parsed(kept)
    value = whole.get("value")
    if whole.get("is") == "Board" and isinstance(value, dict):
        return decode_schema(value.get("schema"), "schema")
    read = from_json(kept)
    if not isinstance(read, (Schema, Relation, Sketch)):
        raise DataError(f"this picture keeps a {type(read).__name__} — a schema, a relation or a sketch is needed")
    return read


def pictures_in_notebook(text: str) -> tuple[str, ...]:
    """The pictures that keep something, in the outputs of a notebook given as its text, in order; each once.

    Raises DataError where the text is no notebook.
    """
    try:
        cells = json.loads(text)["cells"]
        bundles = [output.get("data") or {} for cell in cells for output in cell.get("outputs") or ()]
        drawn = [svg for data in bundles for svg in drawn_in(data) if "<metadata>" in svg]
    except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise DataError("this is no notebook — give the text of an .ipynb file") from error
    return tuple(dict.fromkeys(drawn))


def drawn_in(data: Mapping[str, object]) -> Iterator[str]:
    """The SVG that an output's data hold: as such, or inside its HTML."""
    plain = _joined(data.get("image/svg+xml"))
    if plain:
        yield plain
        return
    for found in _INLINE.finditer(_joined(data.get("text/html"))):
        try:
            yield base64.b64decode(found[1], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue  # a picture of somebody else's


def _joined(lines: object) -> str:
    return lines if isinstance(lines, str) else "".join(map(str, lines)) if isinstance(lines, list) else ""


def designs_in_notebook(text: str) -> tuple[Schema | Relation | Sketch, ...]:
    """The designs that a saved notebook's pictures keep: of diagrams and of boards, in order, each once; no kernel is needed.

    `text` is the notebook file's own. Raises DataError where it is no notebook.
    """
    found: list[Schema | Relation | Sketch] = []
    for svg in pictures_in_notebook(text):
        try:
            design = design_in_svg(svg)
        except WorkbenchError:
            continue  # what else keeps metadata in a picture is no design
        if design not in found:
            found.append(design)
    return tuple(found)

"""Designs kept in saved pictures (`<metadata>` of an SVG) and in the pictures of saved notebooks."""

import html
import json
import re
from collections.abc import Iterator

from dbworkbench.diagram.kept import drawn_in
from dbworkbench.errors import DataError, NotationError
from dbworkbench.formats.format import Format
from dbworkbench.formats.json import kept
from dbworkbench.formats.source import Source
from dbworkbench.schema.loss import Loss, Read
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema

__all__ = ["NOTEBOOK", "SVG"]

_METADATA = re.compile(r"<metadata\b[^>]*>(.*?)</metadata>", re.DOTALL)


def _held(picture: str) -> Iterator[Read]:
    for found in _METADATA.finditer(picture):
        yield kept(html.unescape(found[1]).strip())


def read_picture(source: Source) -> Read:
    """The design that a picture of ours keeps. Raises DataError where it keeps none."""
    found = next(_held(source.text), None)
    if found is None:
        raise DataError(f"{source.name or 'this picture'} keeps no design — only pictures drawn by dbworkbench do")
    return found


def read_notebook(source: Source) -> Read:
    """The designs in the pictures of a saved notebook, as one schema: the same relation drawn again is the last one's.

    Raises NotationError where the file is no JSON, DataError where it is no notebook or no picture keeps a design.
    """
    name = source.name or "this notebook"
    try:
        cells = json.loads(source.text)["cells"]
        outputs = [output for cell in cells for output in cell.get("outputs", ())]
        pictures = [svg for output in outputs for svg in drawn_in(output.get("data") or {})]
    except json.JSONDecodeError as error:
        raise NotationError(f"{name} is no JSON: {error.msg}", line=error.lineno, column=error.colno) from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DataError(f"{name} is no notebook") from error
    relations: dict[str, Relation] = {}
    losses: list[Loss] = []
    for picture in pictures:
        for found in _held(picture):
            losses += found.losses
            for relation in found.schema:
                if relation.name in relations and relations[relation.name] != relation:
                    losses.append(Loss(relation.name, "it is drawn in several forms", "the last one is read"))
                relations[relation.name] = relation
    if not relations:
        raise DataError(
            f"{name} has no picture that keeps a design — save it after drawing one with wb.erd or wb.board"
        )
    return Read(Schema(tuple(relations.values())), tuple(dict.fromkeys(losses)))


SVG = Format(
    "svg", "a picture of ours", endings=(".svg",), marks=r"\A\s*(?:<\?xml[^>]*>\s*)?<svg\b", reader=read_picture
)
NOTEBOOK = Format(
    "notebook",
    "a notebook with pictures of ours",
    endings=(".ipynb",),
    marks=r'\A\s*\{\s*"(?:cells|nbformat|metadata)"\s*:',
    reader=read_notebook,
)

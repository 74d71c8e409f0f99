"""Our own JSON: a schema, a relation, or a board."""

import json

from dbworkbench.errors import DataError
from dbworkbench.formats.fidelity import EVERYTHING, Fidelity
from dbworkbench.formats.format import Format
from dbworkbench.formats.source import Source
from dbworkbench.schema.json import decode_schema, from_json, parsed, to_json
from dbworkbench.schema.loss import Loss, Read, Written
from dbworkbench.schema.notation import schema as notation
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema

__all__ = ["JSON", "design_in"]


def design_in(text: str) -> Read:
    """The schema in a JSON document of ours: a schema, a relation, a board, or what a picture keeps.

    Raises what `schema.json.from_json` does.
    """
    whole = parsed(text)
    if whole.get("is") == "Board":
        value = whole.get("value")
        found = decode_schema(value.get("schema") if isinstance(value, dict) else None)
        return Read(found, (Loss("the board", "places and views", "not part of a schema"),))
    read = from_json(text)
    if isinstance(read, Relation):
        return Read(Schema((read,)))
    if not isinstance(read, Schema):
        raise DataError(f"this JSON holds {whole.get('is')!r} — a schema or a relation is needed")
    return Read(read)


def _read(source: Source) -> Read:
    return design_in(source.text)


def _write(schema: Schema, dialect: str) -> Written:
    del dialect
    return Written(to_json(schema, indent=1) + "\n", (), "json")


def kept(text: str) -> Read:
    """The schema in what a picture keeps for machines: a document of ours, or the notation in one field."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError("what the picture keeps is no JSON") from error
    if isinstance(whole, dict) and isinstance(whole.get("notation"), str):
        return Read(
            notation(whole["notation"]), (Loss("the picture", "names of rules and unique indexes", "not kept"),)
        )
    return design_in(text)


JSON = Format(
    "json",
    "JSON of a design",
    endings=(".json", ".dbw"),
    marks=r'\A\s*\{\s*"dbworkbench"\s*:\s*\d',
    reader=_read,
    writer=_write,
    fidelity=lambda _: Fidelity(EVERYTHING),
)

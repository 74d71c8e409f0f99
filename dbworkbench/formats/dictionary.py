"""A data dictionary: every attribute with its type, keys, references and note, as Markdown or CSV."""

import csv
import io
from collections.abc import Iterator

from dbworkbench.formats.fidelity import Fidelity, Part, carried
from dbworkbench.formats.format import Format
from dbworkbench.page.blocks import Block, Heading, Prose, Table
from dbworkbench.page.markdown import markdown
from dbworkbench.schema.loss import Written
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import type_text

__all__ = ["CSV", "MARKDOWN"]

_HEAD = ("relation", "attribute", "type", "null", "default", "key", "refers to", "note")


def write_markdown(schema: Schema, dialect: str) -> Written:
    """A heading and a table for each relation, its rules below."""
    del dialect
    kept = carried(schema, _MARKDOWN)
    schema = kept.schema
    blocks: list[Block] = [Heading(schema.name, 1)] if schema.name else []
    blocks += [Prose(schema.note)] if schema.note else []
    for relation in schema:
        blocks.append(Heading(relation.name, 2))
        blocks += [Prose(relation.note)] if relation.note else []
        blocks.append(Table(_HEAD[1:], tuple(_row(relation, attribute) for attribute in relation.attributes)))
        blocks += [Prose(rule) for rule in _rules(relation)]
    return Written(markdown(tuple(blocks)), kept.losses, "markdown")


def write_csv(schema: Schema, dialect: str) -> Written:
    """A row for each attribute; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    del dialect
    kept = carried(schema, _CSV)
    schema = kept.schema
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_HEAD)
    for relation in schema:
        for attribute in relation.attributes:
            cells = (relation.name, *_row(relation, attribute))
            rows.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in cells])
    return Written(out.getvalue(), kept.losses, "csv")


def _row(relation: Relation, attribute: Attribute) -> tuple[str, ...]:
    name = attribute.name
    keys = ["PK"] if relation.keys and name in relation.keys[0].attributes else []
    keys += [f"U{at}" for at, key in enumerate(relation.keys[1:], 1) if name in key.attributes]
    there = [
        f"{key.relation}.{key.referenced[key.attributes.index(name)]}"
        for key in relation.foreign_keys
        if name in key.attributes
    ]
    return (
        name,
        type_text(attribute.type),
        "yes" if attribute.nullable else "no",
        attribute.default or "",
        ", ".join(keys),
        ", ".join(there),
        attribute.note,
    )


def _rules(relation: Relation) -> Iterator[str]:
    yield from (f"Check {check.name}: {check.expression}".replace(" :", ":") for check in relation.checks)
    for index in relation.indexes:
        said = f"{'Unique index' if index.unique else 'Index'} {index.name} on {', '.join(index.attributes)}"
        yield " ".join(said.split()) + (f" where {index.where}" if index.where else "")
    yield from (f"Dependency: {dependency}" for dependency in sorted(map(str, relation.dependencies)))


_CSV = Fidelity(
    frozenset(
        {
            *(Part.ATTRIBUTE_NOTE, Part.NULLABILITY, Part.DEFAULT, Part.COMPUTED_DEFAULT, Part.KEYLESS, Part.KEY),
            *(
                Part.KEYLESS_UNIQUE,
                Part.REFERENCE,
                Part.COMPOSITE_REFERENCE,
                Part.SHARED_REFERENCE,
                Part.REQUIRED_SET_NULL,
            ),
            *(Part.CYCLIC_REFERENCE, Part.OWN_REFERENCE, Part.DOUBLE_REFERENCE),
        }
    ),
    actions=frozenset(),
)
_MARKDOWN = Fidelity(
    _CSV.parts
    | {Part.TITLE, Part.NOTE, Part.CHECK, Part.CHECK_NAME, Part.INDEX, Part.UNIQUE_INDEX, Part.PARTIAL_INDEX}
    | {Part.INDEX_NAME, Part.DEPENDENCY},
    actions=frozenset(),
)

MARKDOWN = Format(
    "markdown", "a data dictionary in Markdown", endings=(".md",), writer=write_markdown, fidelity=lambda _: _MARKDOWN
)
CSV = Format("csv", "a data dictionary in CSV", endings=(".csv",), writer=write_csv, fidelity=lambda _: _CSV)

"""A data dictionary: every attribute with its type, keys, references and note, as Markdown or CSV."""

import csv
import io
from collections.abc import Iterator

from dbworkbench.formats.carrying import carried
from dbworkbench.formats.fidelity import EVERYTHING, Fidelity, Part
from dbworkbench.formats.format import Format
from dbworkbench.page.blocks import Block, Code, Heading, Prose, Table
from dbworkbench.page.characters import visible
from dbworkbench.page.markdown import markdown
from dbworkbench.schema.loss import Loss, Written
from dbworkbench.schema.native import shown
from dbworkbench.schema.relation import Attribute, Domain, ForeignKey, Relation
from dbworkbench.schema.rules import Enforced
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import type_text

__all__ = ["CSV", "MARKDOWN"]

_HEAD = ("relation", "attribute", "type", "null", "default", "key", "refers to", "note")


def write_markdown(schema: Schema, dialect: str) -> Written:
    """A heading and a table for each relation, its rules below; then domains, and what is kept as text. Nothing is left out."""
    del dialect
    blocks: list[Block] = [Heading(schema.name, 1)] if schema.name else []
    blocks += [Prose(schema.note)] if schema.note else []
    for relation in schema:
        blocks.append(Heading(relation.name, 2))
        blocks += [Prose(relation.note)] if relation.note else []
        blocks.append(Table(_HEAD[1:], tuple(_row(relation, attribute) for attribute in relation.attributes)))
        blocks += [Prose(rule) for rule in _rules(relation)]
    if schema.domains:
        rows = tuple(_domain(domain) for domain in schema.domains)
        blocks += [Heading("Domains", 2), Table(("domain", "type", "null", "default", "checks", "note"), rows)]
    for one in schema.definitions:
        uses = f", on {', '.join(one.uses)}" if one.uses else ""
        blocks += [Heading(f"{one.kind} {one.name}".strip(), 2), Prose(f"In the words of {one.dialect}{uses}.")]
        blocks.append(Code(one.text, "sql"))
    return Written(markdown(tuple(blocks)), (), "markdown")


def write_csv(schema: Schema, dialect: str) -> Written:
    """A row for each attribute; a cell that a spreadsheet would take for a formula begins with an apostrophe.

    Signs without a shape (controls, halves of characters, what turns the direction of writing) are shown by others, which is told.
    """
    del dialect
    kept = carried(schema, _CSV)
    schema, losses = kept.schema, list(kept.losses)
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(_HEAD)
    for relation in schema:
        for attribute in relation.attributes:
            cells = (relation.name, *_row(relation, attribute))
            seen = [visible(cell) for cell in cells]
            losses += [
                Loss(f"{relation.name}.{attribute.name}", f"signs in the cell of {head!r}", "shown by others")
                for head, cell, said in zip(_HEAD, cells, seen, strict=True)
                if said != cell.replace("\r\n", "\n")
            ]
            rows.writerow([f"'{cell}" if cell[:1] in "=+-@\t" and cell else cell for cell in seen])
    return Written(out.getvalue(), tuple(losses), "csv")


def _row(relation: Relation, attribute: Attribute) -> tuple[str, ...]:
    name = attribute.name
    keys = ["PK"] if relation.keys and name in relation.keys[0].attributes else []
    keys += [f"U{at}" for at, key in enumerate(relation.keys[1:], 1) if name in key.attributes]
    there = [
        " ".join((f"{key.relation}.{key.referenced[key.attributes.index(name)]}", *_actions(key)))
        for key in relation.foreign_keys
        if name in key.attributes
    ]
    kind = type_text(attribute.type)
    kind = f"{attribute.domain.name}: {kind}" if attribute.domain else kind
    kind += f" ({attribute.declared.text} in {attribute.declared.dialect})" if attribute.declared else ""
    return (
        name,
        f"{kind} collate {attribute.collation}" if attribute.collation else kind,
        "yes" if attribute.nullable else "no",
        _filled(attribute),
        ", ".join(keys),
        ", ".join(there),
        attribute.note,
    )


def _filled(attribute: Attribute) -> str:
    """Where the values come from that no row gives."""
    if attribute.generated:
        return f"computed as {shown(attribute.generated.expression)}{', stored' if attribute.generated.stored else ''}"
    if attribute.identity:
        numbers = attribute.identity
        usual = "" if (numbers.start, numbers.increment) == (1, 1) else f" from {numbers.start} by {numbers.increment}"
        return f"{'always ' if numbers.always else ''}numbered{usual}"
    return attribute.default or ""


def _actions(key: ForeignKey) -> Iterator[str]:
    yield from (f"on {when} {what}" for when, what in (("delete", key.on_delete), ("update", key.on_update)) if what)


def _rules(relation: Relation) -> Iterator[str]:
    for key in relation.keys:
        manner = [*_waiting(key.deferrable), *([] if key.nulls_distinct else ["unknown values are equal"])]
        if manner or key.name or len(key.attributes) > 1:
            yield _said("Key", key.name, f"({', '.join(key.attributes)})", manner)
    for foreign in relation.foreign_keys:
        manner = [*_waiting(foreign.deferrable), *(["all unknown or none"] if foreign.match_full else [])]
        manner += _asked(foreign.enforced)
        if manner or foreign.name or len(foreign.attributes) > 1:
            pairs = f"({', '.join(foreign.attributes)}) to {foreign.relation} ({', '.join(foreign.referenced)})"
            yield _said("Foreign key", foreign.name, pairs, manner)
    for check in relation.checks:
        asked = "".join(f" ({one})" for one in _asked(check.enforced))
        yield f"Check {check.name}: {shown(check.expression)}{asked}".replace(" :", ":")
    for one in relation.exclusions:
        parts = ", ".join(f"{part} with {sign}" for part, sign in zip(one.parts, one.operators, strict=True))
        parts += (f" using {one.method}" if one.method else "") + (f" where {shown(one.where)}" if one.where else "")
        yield _said("Exclusion", one.name, parts, list(_waiting(one.deferrable)))
    for index in relation.indexes:
        said = str(index)
        yield f"{said[0].upper()}{said[1:]}{f', called {index.name}' if index.name else ''}"
    if relation.partitioning:
        laid = relation.partitioning
        parts = ", ".join(f"{part.name} {part.bounds}".strip() for part in laid.partitions)
        count = f"{laid.count} parts" if laid.count else parts
        by = (
            f"Partitioned by {laid.method} of {', '.join(map(str, laid.parts))}" if laid.parts else "Partitioned by key"
        )
        yield f"{by}{': ' if count else ''}{count}".replace("by  of", "by")
    yield from (f"Dependency: {dependency}" for dependency in sorted(map(str, relation.dependencies)))


def _said(what: str, name: str, on: str, manner: list[str]) -> str:
    return " ".join(filter(None, (what, name, "on", on))) + (f": {', '.join(manner)}" if manner else "")


def _asked(enforced: Enforced) -> list[str]:
    """Of which rows a rule is asked, where that is not each."""
    return {"always": [], "new": ["asked of new rows alone"], "never": ["switched off"]}[enforced]


def _waiting(deferrable: str) -> Iterator[str]:
    if deferrable:
        yield f"it can be put off, and is {deferrable} to begin with"


def _domain(domain: Domain) -> tuple[str, ...]:
    checks = ", ".join(
        f"{check.name}: {shown(check.expression)}" if check.name else shown(check.expression) for check in domain.checks
    )
    null = "yes" if domain.nullable else "no"
    return domain.name, type_text(domain.type), null, domain.default or "", checks, domain.note


_CSV = Fidelity(
    frozenset(
        {
            *(Part.ATTRIBUTE_NOTE, Part.NULLABILITY, Part.DEFAULT, Part.COMPUTED_DEFAULT, Part.KEYLESS, Part.KEY),
            *(Part.KEYLESS_UNIQUE, Part.REFERENCE, Part.COMPOSITE_REFERENCE, Part.SHARED_REFERENCE),
            *(Part.REQUIRED_SET_NULL, Part.CYCLIC_REFERENCE, Part.OWN_REFERENCE, Part.DOUBLE_REFERENCE),
            *(Part.GENERATED, Part.REQUIRED_GENERATED, Part.IDENTITY, Part.COLLATION, Part.DECLARED),
        }
    )
)
_MARKDOWN = Fidelity(EVERYTHING)

MARKDOWN = Format(
    "markdown", "a data dictionary in Markdown", endings=(".md",), writer=write_markdown, fidelity=lambda _: _MARKDOWN
)
CSV = Format("csv", "a data dictionary in CSV", endings=(".csv",), writer=write_csv, fidelity=lambda _: _CSV)

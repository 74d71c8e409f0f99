"""The outline of a design: what tools agree to tell of one, whatever their words; and what two outlines disagree about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema

__all__ = ["Outline", "Table", "outline_of", "outline_told", "unlike"]

Reference: TypeAlias = tuple[tuple[str, ...], str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a tool sees it. None is what the tool does not tell: a name, whether it may be null, a key, references
    or their ends, other keys.
    """

    name: str | None
    columns: tuple[tuple[str | None, bool | None], ...]
    key: tuple[str, ...] | None
    references: tuple[Reference | None, ...] | None
    others: frozenset[frozenset[str]] | None = None
    """The keys beside the first one: their order says nothing, and a tool may have more of its own."""


Outline: TypeAlias = tuple[Table, ...]


def outline_of(schema: Schema, *, wanted: bool = False) -> Outline:
    """The outline of a schema, which tells all of it. Where it is `wanted`, unique indexes are no keys: tools tell theirs otherwise."""
    return tuple(_table(relation, wanted=wanted) for relation in schema)


def _table(relation: Relation, *, wanted: bool) -> Table:
    key = relation.keys[0].attributes if relation.keys else ()
    columns = tuple((one.name, one.nullable and one.name not in key) for one in relation.attributes)
    references = tuple((one.attributes, one.relation, one.referenced) for one in relation.foreign_keys)
    others = frozenset(frozenset(one.attributes) for one in relation.keys[1:])
    others |= {frozenset(index.attributes) for index in relation.indexes if index.is_key and not wanted}
    return Table(relation.name, columns, key, references, others)


def outline_told(tables: Sequence[Mapping[str, Any]]) -> Outline:
    """The outline that a judge printed as JSON."""
    return tuple(
        Table(
            table["name"],
            tuple((name, nullable) for name, nullable in table["columns"]),
            None if table["key"] is None else tuple(table["key"]),
            tuple(one and (tuple(one[0]), one[1], tuple(one[2])) for one in table["references"]),
            frozenset(map(frozenset, table["others"])) if table["others"] is not None else None,
        )
        for table in tables
    )


def unlike(wanted: Outline, found: Outline) -> tuple[str, ...]:
    """What a tool sees otherwise than it was meant; nothing about what it does not tell.

    >>> one = Table("r", (("a", False), ("b", True)), ("a",), ())
    >>> unlike((one,), (Table("r", (("a", False), ("b", False)), ("a",), ()),))
    ('r.b: may be null, and is found never null',)
    >>> unlike((one,), (Table(None, ((None, None),), None, ()),))
    ('r: 2 attributes, and 1 is found',)
    """
    if any(table.name is None for table in found):  # told by their places only
        if len(found) != len(wanted):
            return (f"{len(wanted)} relations, and {len(found)} are found",)
        pairs: list[tuple[Table, Table | None]] = list(zip(wanted, found, strict=True))
        strange: list[str] = []
    else:
        named = {table.name: table for table in found}
        pairs = [(table, named.pop(table.name, None)) for table in wanted]
        strange = [f"{name}: it is there, and was not wanted" for name in named]
    said = [one for table, other in pairs for one in _between(table, other)]
    return (*said, *strange)


def _between(wanted: Table, found: Table | None) -> Iterator[str]:
    if found is None:
        yield f"{wanted.name}: it is not there"
        return
    if len(found.columns) != len(wanted.columns):
        are = "is" if len(found.columns) == 1 else "are"
        yield f"{wanted.name}: {len(wanted.columns)} attributes, and {len(found.columns)} {are} found"
        return
    told = {name: nullable for name, nullable in found.columns if name is not None}
    for name, nullable in wanted.columns if told else ():
        if name not in told:
            yield f"{wanted.name}.{name}: it is not there"
        elif told[str(name)] is not None and told[str(name)] != nullable:
            wording = {True: "may be null", False: "never null"}
            yield f"{wanted.name}.{name}: {wording[bool(nullable)]}, and is found {wording[not nullable]}"
    if found.key is not None and found.key != wanted.key:
        yield f"{wanted.name}: the key ({', '.join(wanted.key or ())}) is found as ({', '.join(found.key)})"
    if found.others is not None:
        missing = (wanted.others or frozenset()) - found.others - {frozenset(found.key or ())}
        for names in sorted(", ".join(sorted(one)) for one in missing):
            yield f"{wanted.name}: the key ({names}) is not found"
    if found.references is None or wanted.references is None:
        return
    if len(found.references) != len(wanted.references):
        are = "is" if len(found.references) == 1 else "are"
        yield f"{wanted.name}: {len(wanted.references)} foreign keys, and {len(found.references)} {are} found"
    elif None not in found.references:
        ours, theirs = ({_said(one) for one in side.references or () if one} for side in (wanted, found))
        for said in sorted(ours - theirs):
            yield f"{wanted.name}: the foreign key {said} is not found"


def _said(reference: Reference) -> str:
    """A reference with its pairs in order, since tools order them in their own way."""
    here, table, there = reference
    pairs = sorted(zip(here, there, strict=True))
    return f"({', '.join(one for one, _ in pairs)}) to {table} ({', '.join(one for _, one in pairs)})"

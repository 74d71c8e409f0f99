"""The law of formats: what is written is read back, up to the losses that were reported."""

import dataclasses
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings

from dbworkbench.formats.expressions import LITERAL, NUMBER
from dbworkbench.formats.fidelity import Part, follows
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Check, ForeignKey, Index, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Unknown, type_text
from tests.sql.designs import SHOP, TYPES, schemas

BOTH = [name for name in FORMATS if FORMATS[name].reader and FORMATS[name].writer and name not in {"sql", "mermaid"}]


def unsaid(before: Schema, after: Schema, losses: tuple[Loss, ...]) -> list[str]:
    """The differences that no loss speaks of: each has to be named by its relation, or by its relation and attribute."""
    subjects = [loss.subject for loss in losses]

    def told(name: str) -> bool:
        return any(subject == name or subject.startswith((f"{name}:", f"{name}.")) for subject in subjects)

    found = []
    for old, new in zip(before, after, strict=True):
        if _plain(old) != _plain(new) and not told(old.name):
            found.append(f"{old!r}\n{new!r}")
    return found


def _plain(relation: Relation) -> Relation:
    """A relation without what is only spelled otherwise: actions, the order of pairs, rules said twice."""

    def action(said: str) -> str:
        return " ".join(said.casefold().split()).replace("no action", "")

    keys = []
    for key in relation.foreign_keys:
        pairs = sorted(zip(key.referenced, key.attributes, strict=True))
        here, there = tuple(one for _, one in pairs), tuple(one for one, _ in pairs)
        actions = action(key.on_delete), action(key.on_update)
        keys.append(
            ForeignKey(here, key.relation, there, *actions, key.name, key.deferrable, match_full=key.match_full)
        )
    return dataclasses.replace(
        relation,
        attributes=tuple(
            dataclasses.replace(
                attribute,
                default=_masked(attribute.default),
                generated=attribute.generated and dataclasses.replace(attribute.generated, expression="computed"),
            )
            for attribute in relation.attributes
        ),
        dependencies=frozenset(one for one in relation.dependencies if not follows(one, relation)),
        keys=tuple(dict.fromkeys(relation.keys)),
        foreign_keys=tuple(dict.fromkeys(keys)),
        checks=tuple(dict.fromkeys(Check("", check.name) for check in relation.checks)),
        indexes=tuple(sorted(dict.fromkeys(map(_unworded, relation.indexes)), key=lambda index: not index.unique)),
    )


def _masked(default: str | None) -> str | None:
    """A default without the words of a computed one, which every database says in its own."""
    default = default and re.sub(r"(?i)\A(?:date|time|timestamp)\s+(?=')", "", default)
    if default is None or NUMBER.fullmatch(default) or LITERAL.fullmatch(default):
        return default
    return None if default.casefold() == "null" else "computed"


def _unworded(index: Index) -> Index:
    on = tuple(
        dataclasses.replace(
            one,
            expression=one.expression and "computed",
            nulls="" if one.nulls == ("first" if one.descending else "last") else one.nulls,
        )
        for one in index.parts
    )
    distinct = index.nulls_distinct or not index.unique
    return dataclasses.replace(index, on=on, where="computed" if index.where else "", nulls_distinct=distinct)


@pytest.mark.parametrize("name", BOTH)
@given(schema=schemas())
@settings(max_examples=40, deadline=None)
def test_what_is_written_is_read_back(name: str, schema: Schema) -> None:
    written = write(schema, name)
    found = read(written.text, name)
    assert found.losses == ()
    assert unsaid(schema, found.schema, written.losses) == []
    again = write(found.schema, name)
    assert again.losses == ()
    assert read(again.text, name).schema == found.schema


@pytest.mark.parametrize("name", BOTH)
def test_the_shop_is_recognized_and_read_back(name: str) -> None:
    written = write(SHOP, name)
    assert read(written.text).schema.names == SHOP.names
    assert unsaid(SHOP, read(written.text).schema, written.losses) == []


def _table() -> str:
    """What each format can carry for its first dialect: parts, then types that come back as they were."""
    names = [name for name in FORMATS if FORMATS[name].writer and FORMATS[name].fidelity]
    told = {name: FORMATS[name].fidelity for name in names}
    kinds = (*TYPES, Unknown())
    lines = ["| | " + " | ".join(names) + " |", "| :--- | " + " | ".join(":---:" for _ in names) + " |"]
    for part in Part:
        cells = ["✓" if (of := told[name]) and part in of("").parts else "" for name in names]
        lines.append(f"| {part.value} | {' | '.join(cells)} |")
    for kind in dict.fromkeys(kinds):
        cells = []
        for name in names:
            of = told[name]
            back = of("").kind(kind) if of else kind
            cells.append("✓" if back == kind else type_text(back).replace("|", "\\|") or "?")
        lines.append(f"| `{type_text(kind) or 'not said'}` | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def test_the_table_of_what_formats_carry_is_as_it_was(golden: Callable[[str, str], None]) -> None:
    golden("formats.md", "# What each format can carry\n\n" + _table())

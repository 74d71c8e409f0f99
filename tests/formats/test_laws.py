"""The law of formats: what is written is read back, each property as it was, or with a loss that names this very property.

It has two halves. What is read back is exactly what `carried` left of a design; and what `carried` took away or changed is told,
each property by a loss of its own: a loss of one attribute's note excuses neither its type nor its neighbour.
"""

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from sqlglot import parse_one
from sqlglot.errors import ParseError, TokenError
from sqlglot.expressions import Cast, Div, Identifier, Literal

from dbworkbench.formats.carrying import carried, follows
from dbworkbench.formats.fidelity import Part
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.expressions import with_names
from dbworkbench.schema.index import Index
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer, Unknown, type_text
from tests.formats.samples import RICH, SAMPLES
from tests.sql.designs import SHOP, TYPES, schemas

BOTH = [name for name in FORMATS if FORMATS[name].reader and FORMATS[name].writer and name not in {"sql", "mermaid"}]
"""SQL has a law of its own; a diagram of Mermaid lists keys first, and says less than a relation in every line."""
REDUCED = [name for name in FORMATS if FORMATS[name].fidelity and name not in {"sql", "markdown"}]


def _unordered(relation: Relation) -> tuple[object, ...]:
    """A relation without the order of its rules, and of the pairs of a reference."""
    keys = []
    for key in relation.foreign_keys:
        pairs = sorted(zip(key.referenced, key.attributes, strict=True))
        here, there = tuple(one for _, one in pairs), tuple(one for one, _ in pairs)
        keys.append(dataclasses.replace(key, attributes=here, referenced=there))
    plain = dataclasses.replace(relation, foreign_keys=(), indexes=(), keys=relation.keys[:1])
    return plain, set(relation.keys), set(keys), set(relation.indexes)


@pytest.mark.parametrize("name", BOTH)
@given(schema=schemas())
@settings(max_examples=30, deadline=None)
def test_what_is_written_is_read_back_or_told(name: str, schema: Schema) -> None:
    holds(schema, name)


@pytest.mark.parametrize("design", [*SAMPLES, RICH], ids=lambda design: design.name)
@pytest.mark.parametrize("name", BOTH)
def test_every_sample_is_recognized_and_read_back(name: str, design: Schema) -> None:
    holds(design, name)
    written = write(design, name)
    assert read(written.text).schema == read(written.text, name).schema


def holds(schema: Schema, name: str) -> None:
    """The law, of one design and format."""
    fidelity = FORMATS[name].fidelity
    assert fidelity is not None
    written = write(schema, name)
    found = read(written.text, name)
    assert found.losses == ()
    assert untold(schema, found.schema, written.losses) == []
    kept = schema if name == "json" else carried(schema, fidelity("")).schema
    assert list(map(_unordered, found.schema)) == list(map(_unordered, kept))
    assert set(found.schema.domains) == set(kept.domains)
    assert (found.schema.name, found.schema.note) == (kept.name, kept.note)
    again = write(found.schema, name)
    assert again.losses == ()
    assert read(again.text, name).schema == found.schema


def untold(before: Schema, after: Schema, losses: tuple[Loss, ...]) -> list[str]:
    """The properties that differ and that no loss speaks of."""
    told: dict[str, list[str]] = {}
    for loss in (one for alike in losses for one in alike.each):
        told.setdefault(loss.subject, []).append(loss.feature)
    found: list[str] = []
    for old, new in zip(before, after, strict=True):
        columns = dict(zip(old.names, new.names, strict=True))
        found += [f"{old.name}: {what}" for what in _relation(old, new, told.get(old.name, []))]
        for one, other in zip(old.attributes, new.attributes, strict=True):
            what = f"{old.name}.{one.name}"
            found += [f"{what}: {said}" for said in _attribute(one, other, told.get(what, []), columns)]
        found += _rules(old, new, columns, told)
    return found


def _relation(old: Relation, new: Relation, said: list[str]) -> Iterator[str]:
    if old.name != new.name and not {"its name", "signs in its name"} & set(said):
        yield "name"
    if old.note != new.note and not {"its note", "signs in its note"} & set(said):
        yield "note"
    if old.partitioning != new.partitioning and not any(one.startswith("partitioning") for one in said):
        yield "partitioning"
    back = dict(zip(new.names, old.names, strict=True))
    keyed = tuple(Key(tuple(back[name] for name in key.attributes)) for key in new.keys)
    bare = Relation(new.name, tuple(map(Attribute, new.names)), dependencies=new.dependencies)
    for one in old.dependencies - with_names(bare, back.__getitem__).dependencies:
        if f"the dependency {one}" not in said and not follows(one, dataclasses.replace(old, keys=(*old.keys, *keyed))):
            yield f"the dependency {one}"
    lost = sum(one.startswith("the exclusion") for one in said)
    if len(old.exclusions) - len(new.exclusions) > lost:
        yield "exclusions"


_SPOKEN: dict[str, tuple[str, ...]] = {
    "name": ("its name", "signs in its name"),
    "type": ("the type", "a whole number of"),
    "nullable": ("never null", "may be null", "the domain"),
    "default": ("the default", "the domain"),
    "note": ("its note", "signs in its note"),
    "generated": ("computed as",),
    "identity": ("a running number", "how its running number"),
    "collation": ("the collation",),
    "domain": ("the domain", "values without a name"),
}
"""How a loss of each property begins."""


def _meaning(text: str, columns: dict[str, str] | None = None) -> str:
    """An expression as sqlglot spells what it parsed, without comments and outer parentheses, attributes by their new names.

    What says the same in two ways is spelled in one: the time now, a constant with the type that its attribute has, and a
    quotient whose dividend is first made the DOUBLE that it becomes anyway. What is no SQL is as it is.
    """
    with suppress(ParseError, TokenError):
        found = parse_one(text, dialect="duckdb").unnest()
        if isinstance(found, Cast) and isinstance(found.this, Literal):
            found = found.this
        for part in list(found.walk()):
            part.comments = None
            if isinstance(part, Identifier):
                own = part.name if part.args.get("quoted") else part.name.casefold()
                part.set("this", (columns or {}).get(own, own))
                part.set("quoted", value=True)
            if isinstance(part, Cast) and isinstance(part.parent, Div) and part.to.sql("duckdb") == "DOUBLE":
                part.replace(part.this)
        said = found.sql("duckdb")
        return "now()" if said.casefold() in {"now()", "current_timestamp"} else said
    return text


def _attribute(old: Attribute, new: Attribute, said: list[str], columns: dict[str, str]) -> Iterator[str]:
    for part, words in _SPOKEN.items():
        one, other = getattr(old, part), getattr(new, part)
        if part == "generated" and one and other:
            one = dataclasses.replace(one, expression=_meaning(one.expression, columns))
            other = dataclasses.replace(other, expression=_meaning(other.expression))
        if part == "default" and one is not None and other is not None:
            one, other = _meaning(one), _meaning(other)
        if part == "domain" and one and other and one.type == other.type:
            continue  # what it is called is told of the domain
        if one != other and not any(feature.startswith(words) for feature in said):
            yield part


def _rules(old: Relation, new: Relation, columns: dict[str, str], told: dict[str, list[str]]) -> Iterator[str]:
    """Keys, references, checks and indexes that are there no longer, or otherwise, without a word of them."""
    for key in old.keys:
        what = f"{old.name}: the key ({', '.join(key.attributes)})"
        here = tuple(columns[name] for name in key.attributes)
        same = any((one.attributes, one.name, one.deferrable) == (here, key.name, key.deferrable) for one in new.keys)
        if not same and what not in told:
            yield what
    if len(new.keys) > len(old.keys) and not any("no key is declared" in one for one in told.get(old.name, [])):
        made = [what for what, said in told.items() if what.startswith(f"{old.name}: the unique index") and said]
        if not made:
            yield f"{old.name}: a key that was not there"
    for one in old.foreign_keys:
        what = f"{old.name}: the foreign key ({', '.join(one.attributes)}) to {one.relation}"
        pairs = {columns[name] for name in one.attributes}  # the pairs may come in another order
        if what not in told and not any(
            set(other.attributes) == pairs and _same(other, one) for other in new.foreign_keys
        ):
            yield what
    for index in old.indexes:
        what = f"{old.name}: the {dataclasses.replace(index, where='')}"
        same = any(_alike(index, other, columns) for other in new.indexes) or any(
            index.is_key and other.attributes == tuple(columns[name] for name in index.attributes) for other in new.keys
        )
        if not same and what not in told:
            yield what
    there = {(_meaning(check.expression), check.name) for check in new.checks}
    for check in old.checks:
        what = f"{old.name}: the check {check.expression}"
        if (_meaning(check.expression, columns), check.name) not in there and what not in told:
            yield what


def _same(new: ForeignKey, old: ForeignKey) -> bool:
    def action(said: str) -> str:
        return " ".join(said.casefold().split()).replace("no action", "")

    pairs = [(action(getattr(new, when)), action(getattr(old, when))) for when in ("on_delete", "on_update")]
    rest = (new.name, new.deferrable, new.match_full) == (old.name, old.deferrable, old.match_full)
    return rest and all(one == other for one, other in pairs)


def _alike(old: Index, new: Index, columns: dict[str, str]) -> bool:
    before = old.renamed(lambda name: columns[name])

    def bare(index: Index) -> Index:
        on = tuple(
            dataclasses.replace(
                part,
                expression=part.expression and _meaning(part.expression),
                nulls="" if part.nulls == ("first" if part.descending else "last") else part.nulls,
            )
            for part in index.parts
        )
        distinct = index.nulls_distinct or not index.unique
        return dataclasses.replace(index, on=on, where=_meaning(index.where), nulls_distinct=distinct)

    return bare(before) == bare(new)


@pytest.mark.parametrize("name", REDUCED)
@given(schema=schemas())
@settings(max_examples=25, deadline=None)
def test_what_is_not_carried_is_told(name: str, schema: Schema) -> None:
    one = FORMATS[name]
    assert one.fidelity is not None
    for dialect in one.dialects or ("",):
        kept = carried(schema, one.fidelity(dialect))
        assert untold(schema, kept.schema, kept.losses) == []


@pytest.mark.parametrize("name", REDUCED)
def test_conditions_keep_the_widths_of_casts_and_what_quotients_mean_under_new_names(name: str) -> None:
    """SQLite and Oracle have one width of whole numbers; and a quotient goes by the types of columns, whatever they are called."""
    checks = tuple(map(Check, ('"a;b"::bigint IN (1, 2)', '"a;b" % 2 = 0 AND "a;b" / 2 < 9')))
    design = Schema((Relation("of: x", (Attribute("a;b", Integer(64)),), checks=checks),))
    fidelity = FORMATS[name].fidelity
    assert fidelity is not None
    for dialect in FORMATS[name].dialects or ("",):
        kept = carried(design, fidelity(dialect))
        assert untold(design, kept.schema, kept.losses) == []
    if name in BOTH:
        holds(design, name)


@pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name].writer and name != "sql"])
def test_alike_losses_are_one_that_knows_all_places(name: str) -> None:
    """A large design has as many losses as a small one has kinds of them, and none of the places is forgotten."""
    few = tuple(dataclasses.replace(one, name=f"{one.name} {at}", foreign_keys=()) for at in range(40) for one in RICH)
    single, writer = Schema((*RICH, *few)), FORMATS[name].writer
    assert writer is not None
    written = write(single, name)
    assert [one for loss in written.losses for one in loss.each] == sorted(
        dict.fromkeys(writer(single, "").losses),
        key=lambda one: [one in loss.each for loss in written.losses].index(True),
    )
    assert len(written.losses) <= 20
    assert all(len(str(loss)) < 600 for loss in written.losses)


def _drop_note(schema: Schema) -> Schema:
    first = schema.relations[0]
    attributes = (dataclasses.replace(first.attributes[0], note="another"), *first.attributes[1:])
    return dataclasses.replace(
        schema, relations=(dataclasses.replace(first, attributes=attributes), *schema.relations[1:])
    )


def _drop_key(schema: Schema) -> Schema:
    last = schema.relations[-1]
    return dataclasses.replace(
        schema, relations=(*schema.relations[:-1], dataclasses.replace(last, keys=(*last.keys, Key(last.names))))
    )


@pytest.mark.parametrize("change", [_drop_note, _drop_key])
def test_a_change_that_no_loss_speaks_of_is_found(change: Callable[[Schema], Schema]) -> None:
    first = SHOP.relations[0]
    beside = Loss(f"{first.name}.{first.names[0]}", "the default 1", ""), Loss(first.name, "its note", "")
    assert untold(SHOP, SHOP, beside) == []
    assert untold(SHOP, change(SHOP), beside)


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

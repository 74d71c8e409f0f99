"""How designs look: relations, schemas, and what readers and writers could not carry."""

from dbworkbench.errors import Undecided, listed
from dbworkbench.page.blocks import Block, Code, Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import cut
from dbworkbench.schema.loss import Loss, Read, Written, together
from dbworkbench.schema.native import shown
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import type_text
from dbworkbench.theory.dependencies import written
from dbworkbench.theory.normal_forms import NormalForm, normal_form, violations
from dbworkbench.views.describe import describe
from dbworkbench.views.words import Order, counted, sentence

_MOST_ATTRIBUTES = 60
_MOST_RULES = 40
_GONE = ("not written", "not read", "left out")
_MOST_RELATIONS = 100
_MOST_KEYS = 12
_MOST_PLACES = 20
_FORM_BUDGET = 2_000


@describe.register
def _(relation: Relation) -> Page:
    return (Heading(relation.name), *declared(relation), *_keys(relation), *_normal_form(relation))


@describe.register
def _(schema: Schema) -> Page:
    first_ones = schema.relations[:_MOST_RELATIONS]
    folds = tuple(Fold(relation.name, _section(relation)) for relation in first_ones)
    left = len(schema) - len(first_ones)
    more = (Prose(f"… and {left:,} more; schema[name] shows one of them."),) if left else ()
    return (Heading(_title(schema)), *_note(schema.note), overview(schema), *folds, *more)


def declared(relation: Relation) -> Page:
    """What a relation says of itself, without what follows from it."""
    return (*_note(relation.note), *attributes(relation), *_items(_rules(relation), "rule"), *_dependencies(relation))


def dictionary(schema: Schema) -> Page:
    """A schema at full length, a section for each relation: what a document holds of it."""
    blocks: list[Block] = [Heading(_title(schema)), *_note(schema.note)]
    for relation in schema:
        blocks += [Heading(relation.name, 3), *_section(relation)]
    return tuple(blocks)


def _section(relation: Relation) -> Page:
    """All of a relation but its name and its keys' theory."""
    said = _items(_written(relation) + _rules(relation), "rule")
    return (*_note(relation.note), *attributes(relation), *said)


def _title(schema: Schema) -> str:
    count = counted(len(schema), "relation")
    return f"The {count} of {schema.name}" if schema.name else f"A schema of {count}"


def overview(schema: Schema) -> Table:
    """A schema's relations, a row each: key, other attributes, references."""
    rows = []
    for relation in schema.relations[:_MOST_RELATIONS]:
        key = _key_of(relation)
        others = [written(name) for name in relation.names if name not in key]
        rows.append(
            (relation.name, _said(key), cut(", ".join(others), 160) or "—", "\n".join(_targets(relation)) or "—")
        )
    more = f"The first {len(rows)} of {len(schema):,} relations" if len(schema) > len(rows) else ""
    return Table(("relation", "key", "other attributes", "refers to"), tuple(rows), more)


def _targets(relation: Relation) -> list[str]:
    return list(dict.fromkeys(reference.relation for reference in relation.foreign_keys))


def _key_of(relation: Relation) -> tuple[str, ...]:
    """The key to show: declared, or computed where dependencies give one."""
    return relation.primary_key if relation.keys or relation.fds else ()


def _said(names: tuple[str, ...]) -> str:
    return cut(", ".join(map(written, names)), 160) or "—"


def _note(note: str) -> Page:
    return (Prose(note),) if note.strip() else ()


def attributes(relation: Relation) -> Page:
    """A relation's attributes in a table with only the columns that say something; long lists are folded."""
    key = frozenset(_key_of(relation))
    targets: dict[str, list[str]] = {}
    for reference in relation.foreign_keys:
        for name, there in zip(reference.attributes, reference.referenced, strict=True):
            targets.setdefault(name, []).append(f"{written(reference.relation)}.{written(there)}")
    columns = {
        "attribute": [cut(attribute.name, 120) for attribute in relation.attributes],
        "type": [cut(type_text(attribute.type), 80) for attribute in relation.attributes],
        "key": ["key" if attribute.name in key else "" for attribute in relation.attributes],
        "may be unknown": ["yes" if attribute.nullable else "" for attribute in relation.attributes],
        "refers to": [", ".join(targets.get(attribute.name, ())) for attribute in relation.attributes],
        "default": [cut(attribute.default or "", 80) for attribute in relation.attributes],
        "note": [cut(attribute.note, 300) for attribute in relation.attributes],
    }
    said = {name: cells for name, cells in columns.items() if name == "attribute" or any(cells)}
    rows = tuple(zip(*said.values(), strict=True))
    first = Table(tuple(said), rows[:_MOST_ATTRIBUTES])
    if len(rows) <= _MOST_ATTRIBUTES:
        return (first,)
    return first, Fold(
        f"{counted(len(rows) - _MOST_ATTRIBUTES, 'more attribute')}", (Table(tuple(said), rows[_MOST_ATTRIBUTES:]),)
    )


def _rules(relation: Relation) -> list[str]:
    """What else a relation promises: further keys, references of several attributes, checks, indexes."""
    said = [f"also unique: {_said(key.attributes)}" for key in relation.keys[1:]]
    said += [
        _reference(reference)
        for reference in relation.foreign_keys
        if len(reference.attributes) > 1 or _acts(reference)
    ]
    said += [f"check {shown(check.expression)}" for check in relation.checks]
    said += [_index(index) for index in relation.indexes]
    return said


def _acts(reference: ForeignKey) -> bool:
    return bool(reference.on_delete or reference.on_update)


def _normal_form(relation: Relation) -> Page:
    """The normal form, and the first thing that keeps it from the next; nothing where that takes long to decide."""
    if not relation.dependencies or len(relation.names) > _MOST_ATTRIBUTES:
        return ()
    dependencies = relation.dependencies | frozenset(relation.fds)
    try:
        form = normal_form(relation.names, dependencies, budget=_FORM_BUDGET)
        broken = violations(relation.names, dependencies, NormalForm("BCNF"), budget=_FORM_BUDGET)
    except Undecided:
        return ()
    if not broken:
        return (Notice(f"In {form}.", "good"),)
    first = min(broken, key=lambda violation: violation.form.rank)
    more = f" And {counted(len(broken) - 1, 'more violation')}." if len(broken) > 1 else ""
    return (Notice(f"Only in {form}, not in {first.form}: {cut(first.because, 600)}{more}", "warning"),)


def _reference(reference: ForeignKey) -> str:
    actions = [
        f"on {what} {action}"
        for what, action in (("delete", reference.on_delete), ("update", reference.on_update))
        if action
    ]
    there = f"{written(reference.relation)}({_said(reference.referenced)})"
    return f"({_said(reference.attributes)}) refers to {there}{': ' if actions else ''}{', '.join(actions)}"


def _index(index: Index) -> str:
    where = f" where {shown(index.where)}" if index.where else ""
    return f"{'unique index' if index.unique else 'index'} on {_said(index.attributes)}{where}"


def _items(said: list[str], thing: str, things: str = "") -> Page:
    """A list of at most so many sentences, the rest behind a fold."""
    if not said:
        return ()
    first_ones = [cut(line, 400) for line in said]
    first = Items(tuple(first_ones[:_MOST_RULES]))
    if len(first_ones) <= _MOST_RULES:
        return (first,)
    return first, Fold(
        counted(len(first_ones) - _MOST_RULES, f"more {thing}", things and f"more {things}"),
        (Items(tuple(first_ones[_MOST_RULES:])),),
    )


def _written(relation: Relation) -> list[str]:
    order = Order(relation.names)
    return [order.dependency(dependency) for dependency in order.in_order(relation.dependencies)]


def _dependencies(relation: Relation) -> Page:
    said = _written(relation)
    return (Heading("Dependencies", 3), *_items(said, "dependency", "dependencies")) if said else ()


def _keys(relation: Relation) -> Page:
    if not relation.fds:
        return (Prose("No key or dependency is declared: only whole rows tell rows apart."),)
    order = Order(relation.names)
    found = relation.candidate_keys(most=_MOST_KEYS + 1)
    count = f"More than {_MOST_KEYS}" if len(found) > _MOST_KEYS else "One" if len(found) == 1 else str(len(found))
    name = "candidate key" if len(found) == 1 else "candidate keys"
    return (Prose(f"{count} {name}: {order.sets(found, _MOST_KEYS)}"),)


@describe.register
def _(attribute: Attribute) -> Page:
    return (
        Prose(
            f"{attribute.name}: {type_text(attribute.type) or 'no type yet'}{', may be unknown' if attribute.nullable else ''}"
        ),
    )


@describe.register
def _(key: Key) -> Page:
    return (Prose(f"key ({_said(key.attributes)})"),)


@describe.register
def _(reference: ForeignKey) -> Page:
    return (Prose(_reference(reference)),)


@describe.register
def _(check: Check) -> Page:
    return (Prose(f"check {check.expression}"),)


@describe.register
def _(index: Index) -> Page:
    return (Prose(_index(index)),)


@describe.register
def _(loss: Loss) -> Page:
    return (Notice(str(loss), "warning"),)


@describe.register
def _(text: Written) -> Page:
    language = "sql" if text.language in {"duckdb", "sqlite", "postgresql"} else text.language
    return (Code(text.text, language), *losses(text.losses))


@describe.register
def _(found: Read) -> Page:
    return (*describe(found.schema), *losses(found.losses))


def losses(lost: tuple[Loss, ...]) -> Page:
    """What was not carried over: one notice, and a row for each kind of loss with all the places it is met.

    What is gone stands before what is there in another form.
    """
    if not lost:
        return ()
    kinds = sorted(together(lost), key=lambda one: not one.instead.startswith(_GONE))
    rows = tuple((one.feature, listed(one.places, most=_MOST_PLACES), one.instead) for one in kinds)
    table = Table(("what", "where", "instead"), rows[:_MOST_RULES])
    more = (Fold(f"{len(rows) - _MOST_RULES:,} more kinds", (Table(table.header, rows[_MOST_RULES:]),)),)
    count = sum(len(one.places) for one in kinds)
    verb = "thing is" if count == 1 else "things are"
    notice = Notice(sentence(f"{count:,} {verb} not carried over"), "warning")
    return (notice, table, *(more if len(rows) > _MOST_RULES else ()))

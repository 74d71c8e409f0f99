"""What hands do on a board, as changes of the design: a card drawn, a line pulled, a row retyped, a text pasted."""

import csv
import re
from collections.abc import Sequence
from dataclasses import replace

from dbworkbench.errors import DesignError, NotationError, WorkbenchError
from dbworkbench.formats.read import read as read_format
from dbworkbench.schema import changes as c
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.naming import noun, relation_name
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation as read_relation
from dbworkbench.schema.notation import schema as read_schema
from dbworkbench.schema.notation import to_text, type_word
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer
from dbworkbench.sql.read import read as read_sql
from dbworkbench.theory.dependencies import parse_dependency, written

Changes = tuple[c.Change, ...]


def new_entity(schema: Schema, name: str = "") -> tuple[c.AddRelation]:
    """A relation with a key of its own, under a free name."""
    called = name.strip() or _free("entity", schema.names)
    own = f"{noun(called).rstrip('s')}_id" if re.fullmatch(r"\w+", called) else "id"
    return (c.AddRelation(Relation(called, (Attribute(own, Integer()),), (Key((own,)),))),)


def row_text(relation: Relation, name: str) -> str:
    """An attribute as one line of notation: what `edited_row` reads.

    >>> row_text(read_relation("r(*a: integer, b: text? = 'x')"), "b")
    "b: text? = 'x'"
    """
    attribute = relation[name]
    said = ("*" if relation.keys and name in relation.keys[0].attributes else "") + written(name)
    kind = type_word(attribute.type)
    said += f": {kind}" if kind else ""
    said += "?" if attribute.nullable else ""
    return said + (f" = {attribute.default}" if attribute.default is not None else "")


def edited_row(schema: Schema, relation_name_: str, name: str, text: str) -> Changes:
    """An attribute retyped as `*name: type? = default`; an empty `name` adds one, an empty text drops it.

    Raises NotationError where the text cannot be read.
    """
    relation = schema[relation_name_]
    if not text.strip():
        return dropped_row(schema, relation_name_, name) if name else ()
    try:
        read = read_relation(f"r({text})")
    except NotationError as error:
        raise NotationError(
            f"{error.message} — write name: type, with ? if it may be unknown, * if it is in the key, = and a default"
        ) from error
    if len(read.attributes) != 1:
        raise NotationError('one attribute at a time — a name with blanks is quoted: "unit price"')
    new = read.attributes[0]
    marked = bool(read.keys)
    checks = tuple(c.AddCheck(relation.name, check) for check in read.checks)
    if not name:
        changes: list[c.Change] = [c.AddAttribute(relation.name, new)]
        if marked:
            changes += _rekeyed(relation, (*_primary(relation), new.name))
        return (*changes, *checks)
    old = relation[name]
    changes = []
    if new.name != old.name:
        changes.append(c.RenameAttribute(relation.name, old.name, new.name))
    if new.type != old.type or new.declared not in {None, old.declared}:
        changes.append(c.Retype(relation.name, new.name, new.type, new.declared))
    if new.nullable != old.nullable:
        changes.append(c.SetNullable(relation.name, new.name, new.nullable))
    if new.default != old.default:
        changes.append(c.SetDefault(relation.name, new.name, new.default))
    was = name in _primary(relation)
    if marked != was:
        now = schema.apply(*changes)[relation.name]
        wanted = tuple(n for n in _primary(now) if n != new.name) + ((new.name,) if marked else ())
        changes += _rekeyed(now, wanted)
    return (*changes, *checks)


def _primary(relation: Relation) -> tuple[str, ...]:
    return relation.keys[0].attributes if relation.keys else ()


def _rekeyed(relation: Relation, wanted: Sequence[str]) -> list[c.Change]:
    """The primary key made of other attributes."""
    changes: list[c.Change] = [c.DropKey(relation.name, relation.keys[0], 0)] if relation.keys else []
    return [*changes, c.AddKey(relation.name, Key(tuple(wanted)), 0)] if wanted else changes


def dropped_row(schema: Schema, relation: str, name: str) -> Changes:
    """An attribute dropped, with the keys, references, indexes and dependencies of its own relation that use it."""
    return _dropped_with_rules(schema[relation], name)


def _dropped_with_rules(relation: Relation, name: str) -> Changes:
    changes: list[c.Change] = []
    own = relation.name
    changes += [c.DropForeignKey(own, key) for key in relation.foreign_keys if name in key.attributes]
    changes += [c.DropIndex(own, index) for index in relation.indexes if name in index.attributes]
    changes += [c.DropDependency(own, one) for one in sorted(relation.dependencies, key=str) if name in one.attributes]
    changes += [c.DropKey(own, key) for key in relation.keys if name in key.attributes]
    return (*changes, c.DropAttribute(own, name))


def dropped(schema: Schema, names: Sequence[str]) -> Changes:
    """Relations dropped, with the references to them from those that stay."""
    gone = set(names)
    changes: list[c.Change] = [
        c.DropForeignKey(relation.name, key)
        for relation in schema
        for key in relation.foreign_keys
        if key.relation in gone and (relation.name not in gone or key.relation != relation.name)
    ]
    return (*changes, *(c.DropRelation(name) for name in names))


def connected(schema: Schema, child: str, parent: str, *, attribute: str = "", referenced: str = "") -> Changes:
    """A reference from `child` to `parent`.

    From row to row it uses the attributes pulled between; else the child gets attributes like the parent's key.
    """
    here, there = schema[child], schema[parent]
    if attribute and referenced:
        return (c.AddForeignKey(child, ForeignKey((attribute,), parent, (referenced,))),)
    key = there.primary_key
    if not there.keys:
        raise DesignError(f"{parent!r} has no key to refer to — mark one with *, then draw the line again")
    if attribute and len(key) == 1:
        return (c.AddForeignKey(child, ForeignKey((attribute,), parent, key)),)
    changes: list[c.Change] = []
    made: list[str] = []
    for name in key:
        plain = name if name not in here.names and name != "id" else f"{noun(parent).removesuffix('s')}_{name}"
        called = _free(plain, (*here.names, *made))
        changes.append(c.AddAttribute(child, Attribute(called, there[name].type)))
        made.append(called)
    return (*changes, c.AddForeignKey(child, ForeignKey(tuple(made), parent, key)))


def many_to_many(schema: Schema, one: str, other: str) -> tuple[c.AddRelation]:
    """A relation between two, keyed by both their keys."""
    attributes: list[Attribute] = []
    references: list[ForeignKey] = []
    for name in (one, other):
        target = schema[name]
        if not target.keys:
            raise DesignError(f"{name!r} has no key to refer to — mark one with *")
        made = []
        for key in target.keys[0].attributes:
            taken = [attribute.name for attribute in attributes]
            plain = key if key not in taken and key != "id" else f"{noun(name).removesuffix('s')}_{key}"
            called = _free(plain, taken)
            attributes.append(Attribute(called, target[key].type))
            made.append(called)
        references.append(ForeignKey(tuple(made), name, target.keys[0].attributes, on_delete="cascade"))
    called = _free(f"{noun(one).removesuffix('s')}_{other}", schema.names)
    whole = Key(tuple(attribute.name for attribute in attributes))
    return (c.AddRelation(Relation(called, tuple(attributes), (whole,), tuple(references))),)


def reference_set(
    schema: Schema, child: str, at: int, *, optional: bool, single: bool, identifying: bool, on_delete: str
) -> Changes:
    """A reference made as its ends ask for.

    `optional`: a row may refer to nothing; `single`: at most one row refers to each; `identifying`: it is part of
    the child's key; `on_delete` is one of the actions.
    """
    relation = schema[child]
    key = relation.foreign_keys[at]
    changes: list[c.Change] = [
        c.SetNullable(child, name, optional) for name in key.attributes if relation[name].nullable != optional
    ]
    primary = _primary(relation)
    inside = bool(primary) and set(key.attributes) <= set(primary)
    if identifying and optional:
        raise DesignError("what identifies a row cannot be unknown — choose one of the two")
    if identifying and not inside:
        changes += _rekeyed(relation, (*primary, *(name for name in key.attributes if name not in primary)))
    if inside and not identifying:
        changes += _rekeyed(relation, [name for name in primary if name not in key.attributes])
    unique = [one for one in relation.keys if set(one.attributes) == set(key.attributes)]
    if single and not unique:
        changes.append(c.AddKey(child, Key(key.attributes), 1 if relation.keys else 0))
    if not single:
        changes += [c.DropKey(child, one) for one in unique]
    if on_delete != key.on_delete:
        changes += [c.DropForeignKey(child, key, at), c.AddForeignKey(child, replace(key, on_delete=on_delete), at)]
    return tuple(changes)


def ruled(schema: Schema, relation: str, text: str) -> Changes:
    """A rule typed for a relation: `a, b -> c`, `key a`, `check (a > 0)`, or a condition alone."""
    said = text.strip()
    own = schema[relation]
    word = said.split(maxsplit=1)[0].casefold() if said else ""
    if word in {"key", "unique"}:
        names = read_relation(f"{_quoted_list(own)}\n unique {said.split(maxsplit=1)[1]}").keys[0].attributes
        return (c.AddKey(relation, Key(names)),)
    if word.startswith("check"):
        return (c.AddCheck(relation, Check(said[5:].strip().removeprefix("(").removesuffix(")"))),)
    return (c.AddDependency(relation, parse_dependency(said)),)


def _quoted_list(relation: Relation) -> str:
    return f"r({', '.join(_quote(name) for name in relation.names)})"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def split_up(schema: Schema, relation: str) -> Changes:
    """A relation taken apart until its parts are in 3NF, or in BCNF where it is in 3NF already.

    References of the whole go to the part that holds their attributes.
    """
    whole = schema[relation]
    found = normalize(whole, to="3NF")
    if len(found.schema) == 1:
        found = normalize(whole, to="BCNF")
    if len(found.schema) == 1:
        raise DesignError(f"{relation!r} needs no split: its one part is the whole")
    taken = [name for name in schema.names if name != relation]
    names: dict[str, str] = {}
    for part in found.schema:
        if part.name in taken:
            key = part.keys[0].attributes
            names[", ".join(map(_quote, key))] = relation_name(key, relation, [*taken, *found.schema.names])
    if names:
        found = normalize(whole, to=found.form, names=names)
    parts = list(found.schema.relations)
    for reference in whole.foreign_keys:
        home = next((at for at, part in enumerate(parts) if set(reference.attributes) <= set(part.names)), None)
        if home is not None:
            parts[home] = replace(parts[home], foreign_keys=(*parts[home].foreign_keys, reference))
    return (c.SplitRelation(relation, tuple(parts)),)


def pasted(schema: Schema, text: str) -> tuple[Changes, tuple[Loss, ...]]:
    """A text as relations, and what could not be taken over: the notation, DDL, other tools' formats, a CSV file's header.

    Names taken already get a number. References may go to relations that are there. Raises NotationError for other texts.
    """
    if not text.strip():
        raise NotationError("nothing to paste")
    new, losses = _read(text, schema)
    changes: list[c.Change] = []
    taken = [*schema.names]
    called: dict[str, str] = {}
    for relation in new:
        called[relation.name] = _free(relation.name, taken)
        taken.append(called[relation.name])
    for relation in new:
        references = tuple(
            replace(key, relation=called.get(key.relation, key.relation)) for key in relation.foreign_keys
        )
        changes.append(c.AddRelation(replace(relation, name=called[relation.name], foreign_keys=())))
        changes += [c.AddForeignKey(called[relation.name], key) for key in references]
    first = [change for change in changes if isinstance(change, c.AddRelation)]
    return (*first, *(change for change in changes if not isinstance(change, c.AddRelation))), losses


_CREATE = re.compile(
    r"\bcreate\s+(?:or\s+replace\s+)?(?:\w+\s+){0,3}?table\s+(?:if\s+not\s+exists\s+)?[\w\"`\[.]", re.IGNORECASE
)


def _read(text: str, schema: Schema) -> tuple[tuple[Relation, ...], tuple[Loss, ...]]:
    if _CREATE.search(text):
        return _from_sql(text, schema)
    first = text.strip().splitlines()[0]
    if not set("({[") & set(first):
        header = next(csv.reader([first], delimiter=_delimiter(first)))
        names = [name.strip() for name in header]
        if len(names) > 1 and all(names) and len(set(names)) == len(names):
            return (Relation("pasted", tuple(Attribute(name) for name in names)),), ()
    try:
        return read_schema(text).relations, ()
    except WorkbenchError as error:
        try:
            whole = read_schema(schema, text) if len(schema) else read_schema(text)
        except WorkbenchError:
            return _from_others(text, error)
        return whole.relations[len(schema) :], ()


def _from_others(text: str, why: WorkbenchError) -> tuple[tuple[Relation, ...], tuple[Loss, ...]]:
    """What another tool's format says; the complaint about the notation stands where it is none."""
    try:
        found = read_format(text.encode())  # as bytes: the text itself, never a file that it names
    except WorkbenchError:
        if "(" in text:
            raise why from None
        raise NotationError(
            "this is no design — paste name(attribute, …), CREATE TABLE, or the header of a CSV file"
        ) from None
    return found.schema.relations, found.losses


def _from_sql(text: str, schema: Schema) -> tuple[tuple[Relation, ...], tuple[Loss, ...]]:
    """DDL, read after that of the relations on the board which it mentions: references may go to them."""
    alone = read_sql(text)
    words = {word.casefold() for word in re.findall(r"\w+", text)}
    made = {name.casefold() for name in alone.schema.names}
    known = [
        one
        for one in schema
        if one.name.casefold() in words - made
        and all(re.fullmatch(r"[A-Za-z_]\w*", name) for name in (one.name, *one.names))
    ]
    found = read_sql("".join(map(_stub, known)) + text, alone.dialect) if known else alone
    stubs = {one.name for one in known}
    new = tuple(relation for relation in found.schema if relation.name not in stubs)
    if not new:
        reasons = [str(entry) for entry in alone.ledger if entry.fate != "understood"]
        raise NotationError(f"no table was found in this SQL — {'; '.join(reasons[:3]) or 'is it complete?'}")
    return new, tuple(loss for loss in found.losses if loss.subject not in stubs)


def _stub(relation: Relation) -> str:
    keys = "".join(f", UNIQUE ({', '.join(key.attributes)})" for key in relation.keys)
    columns = ", ".join(f"{one.name} {_plain_type(one)}" for one in relation.attributes)
    return f"CREATE TABLE {relation.name} ({columns}{keys});\n"


def _plain_type(attribute: Attribute) -> str:
    return "INTEGER" if isinstance(attribute.type, Integer) else "VARCHAR(255)"


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count)


def copied(schema: Schema, names: Sequence[str]) -> str:
    """Relations as text in the notation."""
    return "\n".join(to_text(schema[name]) for name in names)


def _free(name: str, taken: Sequence[str]) -> str:
    folded = {one.casefold() for one in taken}
    candidate, count = name, 2
    while candidate.casefold() in folded:
        candidate, count = f"{name}_{count}", count + 1
    return candidate

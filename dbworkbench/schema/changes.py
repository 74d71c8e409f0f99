"""Edits of a design as values: applied, inverted, told in words.

A drag on the board, a step of normalization, the fix of a finding, the difference of two schemas and an undo are all
made of these. `apply` is the only way to edit; what would break the design is refused with the reason. `inverse`, given
the schema before, undoes exactly: places in lists and the spelling of conditions are kept.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, TypeVar

from dbworkbench.errors import DesignError
from dbworkbench.schema.condition import renamed, same_meaning
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Type, type_text
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, written

T = TypeVar("T")
Spelling: TypeAlias = tuple[Literal["check", "index"], int, str]
"""A condition put back as it was spelled: that of a check or of an index, its place, its text."""


@dataclass(frozen=True, slots=True)
class AddRelation:
    """A new relation, at the place `at` or at the end."""

    relation: Relation
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropRelation:
    """A relation taken away; refused while others refer to it."""

    name: str


@dataclass(frozen=True, slots=True)
class RenameRelation:
    """A relation called otherwise; references and conditions follow."""

    name: str
    to: str
    spellings: tuple[Spelling, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveRelation:
    """A relation put at another place in the schema's order, counted from 0."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class SplitRelation:
    """A relation taken apart into relations that hold its attributes between them.

    The parts stand where the whole stood, or at the places `at`. What referred to the whole refers to the part that
    has the same attributes as a key; `references` says otherwise: (relation, place of the foreign key, part).
    """

    name: str
    into: tuple[Relation, ...]
    at: tuple[int, ...] = ()
    references: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MergeRelations:
    """Relations put together into one with all their attributes; what referred to one of them refers to the whole."""

    names: tuple[str, ...]
    into: Relation
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddAttribute:
    """A new attribute, at the place `at` or at the end."""

    relation: str
    attribute: Attribute
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropAttribute:
    """An attribute taken away; refused while a rule uses it."""

    relation: str
    name: str


@dataclass(frozen=True, slots=True)
class RenameAttribute:
    """An attribute called otherwise; keys, references, dependencies, indexes and conditions follow."""

    relation: str
    name: str
    to: str
    spellings: tuple[Spelling, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveAttribute:
    """An attribute put at another place in its relation's order, counted from 0."""

    relation: str
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Retype:
    """Another type for an attribute."""

    relation: str
    attribute: str
    type: Type


@dataclass(frozen=True, slots=True)
class SetNullable:
    """Whether an attribute may be unknown."""

    relation: str
    attribute: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class SetDefault:
    """The SQL expression that fills an attribute left out, or none."""

    relation: str
    attribute: str
    default: str | None


@dataclass(frozen=True, slots=True)
class AddKey:
    """A new key; at the place 0 it is the primary one."""

    relation: str
    key: Key
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropKey:
    """A key taken away; refused while a foreign key needs it. `at` tells equal ones apart."""

    relation: str
    key: Key
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddForeignKey:
    """A new reference to a key."""

    relation: str
    foreign_key: ForeignKey
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropForeignKey:
    """A reference taken away."""

    relation: str
    foreign_key: ForeignKey
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddCheck:
    """A new condition on each row."""

    relation: str
    check: Check
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropCheck:
    """A condition taken away."""

    relation: str
    check: Check
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddIndex:
    """A new access path."""

    relation: str
    index: Index
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropIndex:
    """An access path taken away."""

    relation: str
    index: Index
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddDependency:
    """A dependency declared."""

    relation: str
    dependency: Dependency


@dataclass(frozen=True, slots=True)
class DropDependency:
    """A dependency no longer declared."""

    relation: str
    dependency: Dependency


@dataclass(frozen=True, slots=True)
class SetNote:
    """The note on an attribute; on the relation where `attribute` is empty; on the schema where both are."""

    note: str
    relation: str = ""
    attribute: str = ""


Change: TypeAlias = (
    AddRelation
    | DropRelation
    | RenameRelation
    | MoveRelation
    | SplitRelation
    | MergeRelations
    | AddAttribute
    | DropAttribute
    | RenameAttribute
    | MoveAttribute
    | Retype
    | SetNullable
    | SetDefault
    | AddKey
    | DropKey
    | AddForeignKey
    | DropForeignKey
    | AddCheck
    | DropCheck
    | AddIndex
    | DropIndex
    | AddDependency
    | DropDependency
    | SetNote
)


def apply(schema: Schema, *changes: Change) -> Schema:
    """The schema after the changes, in order. Raises DesignError or UnknownName where one of them would break it.

    >>> from dbworkbench.schema.notation import schema, to_text
    >>> shop = schema("orders(*id: integer, total: decimal(9, 2) check (total >= 0))")
    >>> print(to_text(apply(shop, RenameAttribute("orders", "total", "amount"))), end="")
    orders(*id: integer, amount: decimal(9, 2))
        check (amount >= 0)
    """
    for change in changes:
        try:
            schema = _applied(schema, change)
        except DesignError as error:
            raise DesignError(f"cannot {told(change)}: {error}") from error
    return schema


def inverse(schema: Schema, change: Change) -> Change:
    """The change that takes `apply(schema, change)` back to `schema`, exactly. Raises what `apply` does.

    >>> from dbworkbench.schema.notation import schema
    >>> inverse(schema("r(*a, b)"), DropAttribute("r", "b"))
    AddAttribute(relation='r', attribute=Attribute(name='b', type=Unknown(), nullable=False, default=None, note=''), at=1)
    """
    after = apply(schema, change)
    match change:
        case AddRelation(relation):
            return DropRelation(relation.name)
        case DropRelation(name):
            return AddRelation(schema[name], schema.names.index(name))
        case RenameRelation(name, to):
            back = RenameRelation(to, name)
            exact = apply(after, back) == schema
            return back if exact else replace(back, spellings=_spellings(schema[name]))
        case MoveRelation(name):
            return MoveRelation(name, schema.names.index(name))
        case SplitRelation(name, into):
            return MergeRelations(tuple(part.name for part in into), schema[name], schema.names.index(name))
        case MergeRelations(names, into):
            return _taken_apart_again(schema, names, into)
        case AddAttribute(relation_name, attribute):
            return DropAttribute(relation_name, attribute.name)
        case DropAttribute(relation_name, name):
            relation = schema[relation_name]
            return AddAttribute(relation_name, relation[name], relation.names.index(name))
        case RenameAttribute(relation_name, name, to):
            renaming = RenameAttribute(relation_name, to, name)
            exact = apply(after, renaming) == schema
            return renaming if exact else replace(renaming, spellings=_spellings(schema[relation_name]))
        case MoveAttribute(relation_name, name):
            return MoveAttribute(relation_name, name, schema[relation_name].names.index(name))
        case Retype(relation_name, name):
            return Retype(relation_name, name, schema[relation_name][name].type)
        case SetNullable(relation_name, name):
            return SetNullable(relation_name, name, schema[relation_name][name].nullable)
        case SetDefault(relation_name, name):
            return SetDefault(relation_name, name, schema[relation_name][name].default)
        case AddKey(relation_name, key, at):
            return DropKey(relation_name, key, _place(after[relation_name].keys, at))
        case DropKey(relation_name, key, at):
            return AddKey(relation_name, key, _where(schema[relation_name].keys, key, at))
        case AddForeignKey(relation_name, foreign_key, at):
            return DropForeignKey(relation_name, foreign_key, _place(after[relation_name].foreign_keys, at))
        case DropForeignKey(relation_name, foreign_key, at):
            return AddForeignKey(
                relation_name, foreign_key, _where(schema[relation_name].foreign_keys, foreign_key, at)
            )
        case AddCheck(relation_name, check, at):
            return DropCheck(relation_name, check, _place(after[relation_name].checks, at))
        case DropCheck(relation_name, check, at):
            return AddCheck(relation_name, check, _where(schema[relation_name].checks, check, at))
        case AddIndex(relation_name, index, at):
            return DropIndex(relation_name, index, _place(after[relation_name].indexes, at))
        case DropIndex(relation_name, index, at):
            return AddIndex(relation_name, index, _where(schema[relation_name].indexes, index, at))
        case AddDependency(relation_name, dependency):
            return DropDependency(relation_name, dependency)
        case DropDependency(relation_name, dependency):
            return AddDependency(relation_name, dependency)
        case SetNote(_, "", _):
            return SetNote(schema.note)
        case SetNote(_, relation_name, ""):
            return SetNote(schema[relation_name].note, relation_name)
        case SetNote(_, relation_name, name):
            return SetNote(schema[relation_name][name].note, relation_name, name)


def told(change: Change) -> str:
    """What a change does, as words that follow "to".

    >>> told(RenameAttribute("orders", "total", "amount"))
    'rename orders.total to amount'
    """
    match change:
        case AddRelation(relation):
            return f"add the relation {written(relation.name)}"
        case DropRelation(name):
            return f"drop the relation {written(name)}"
        case RenameRelation(name, to):
            return f"rename {written(name)} to {written(to)}"
        case MoveRelation(name, at):
            return f"move {written(name)} to place {at + 1}"
        case SplitRelation(name, into):
            return f"split {written(name)} into {_listed(part.name for part in into)}"
        case MergeRelations(names, into):
            return f"merge {_listed(names)} into {written(into.name)}"
        case AddAttribute(relation_name, attribute):
            return f"add the attribute {written(attribute.name)} to {written(relation_name)}"
        case DropAttribute(relation_name, name):
            return f"drop the attribute {written(name)} of {written(relation_name)}"
        case RenameAttribute(relation_name, name, to):
            return f"rename {written(relation_name)}.{written(name)} to {written(to)}"
        case MoveAttribute(relation_name, name, at):
            return f"move {written(relation_name)}.{written(name)} to place {at + 1}"
        case Retype(relation_name, name, new_type):
            return f"make {written(relation_name)}.{written(name)} {type_text(new_type) or 'of unknown type'}"
        case SetNullable(relation_name, name, nullable):
            return f"let {written(relation_name)}.{written(name)} {'be' if nullable else 'never be'} unknown"
        case SetDefault(relation_name, name, default):
            place = f"{written(relation_name)}.{written(name)}"
            return f"take the default of {place} away" if default is None else f"make {default} the default of {place}"
        case AddKey(relation_name, key, at):
            kind = "primary key" if at == 0 else "key"
            return f"add the {kind} {_tupled(key.attributes)} to {written(relation_name)}"
        case DropKey(relation_name, key):
            return f"drop the key {_tupled(key.attributes)} of {written(relation_name)}"
        case AddForeignKey(relation_name, foreign_key):
            return f"add the foreign key {_reference(relation_name, foreign_key)}"
        case DropForeignKey(relation_name, foreign_key):
            return f"drop the foreign key {_reference(relation_name, foreign_key)}"
        case AddCheck(relation_name, check):
            return f"add the check ({check.expression}) to {written(relation_name)}"
        case DropCheck(relation_name, check):
            return f"drop the check ({check.expression}) of {written(relation_name)}"
        case AddIndex(relation_name, index):
            return f"add an index on {written(relation_name)}{_tupled(index.attributes)}"
        case DropIndex(relation_name, index):
            return f"drop the index on {written(relation_name)}{_tupled(index.attributes)}"
        case AddDependency(relation_name, dependency):
            return f"declare {dependency} in {written(relation_name)}"
        case DropDependency(relation_name, dependency):
            return f"no longer declare {dependency} in {written(relation_name)}"
        case SetNote(_, relation_name, name):
            place = ".".join(written(part) for part in (relation_name, name) if part) or "the schema"
            return f"set the note on {place}"


def _listed(names: Iterable[str]) -> str:
    said = [written(name) for name in names]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)


def _tupled(names: Iterable[str]) -> str:
    return f"({', '.join(map(written, names))})"


def _reference(relation: str, foreign_key: ForeignKey) -> str:
    here, there = _tupled(foreign_key.attributes), _tupled(foreign_key.referenced)
    return f"{written(relation)}{here} → {written(foreign_key.relation)}{there}"


# -- carried out -------------------------------------------------------------------------------------------------------


def _applied(schema: Schema, change: Change) -> Schema:
    match change:
        case AddRelation(relation, at):
            if relation.name in schema:
                raise DesignError(f"there is a relation called {relation.name!r} already — choose another name")
            return replace(schema, relations=_placed(schema.relations, relation, at))
        case DropRelation(name):
            return _dropped_relation(schema, name)
        case RenameRelation(name, to, spellings):
            return _renamed_relation(schema, name, to, spellings)
        case MoveRelation(name, at):
            others = tuple(relation for relation in schema if relation != schema[name])
            return replace(schema, relations=_placed(others, schema[name], at))
        case SplitRelation():
            return _split(schema, change)
        case MergeRelations():
            return _merged(schema, change)
        case AddAttribute(name, attribute, at):
            return _edited(schema, name, lambda relation: _with_attribute(relation, attribute, at))
        case DropAttribute(name, attribute_name):
            return _without_attribute(schema, schema[name], attribute_name)
        case RenameAttribute(name, attribute_name, to, spellings):
            return _renamed_attribute(schema, schema[name], attribute_name, to, spellings)
        case MoveAttribute(name, attribute_name, place):
            return _edited(schema, name, lambda relation: _moved(relation, attribute_name, place))
        case Retype(name, attribute_name, kind):
            return _set(schema, name, attribute_name, lambda attribute: replace(attribute, type=kind))
        case SetNullable(name, attribute_name, nullable):
            return _set(schema, name, attribute_name, lambda attribute: replace(attribute, nullable=nullable))
        case SetDefault(name, attribute_name, default):
            return _set(schema, name, attribute_name, lambda attribute: replace(attribute, default=default))
        case AddKey(name, key, at):
            _refuse_again(schema[name].keys, key, at, lambda one: frozenset(one.attributes))
            return _edited(schema, name, lambda r: replace(r, keys=_placed(r.keys, key, at)))
        case DropKey(name, key, at):
            return _edited(schema, name, lambda r: replace(r, keys=_without(r.keys, key, at)))
        case AddForeignKey(name, foreign_key, at):
            _refuse_again(
                schema[name].foreign_keys, foreign_key, at, lambda one: (one.attributes, one.relation, one.referenced)
            )
            return _edited(schema, name, lambda r: replace(r, foreign_keys=_placed(r.foreign_keys, foreign_key, at)))
        case DropForeignKey(name, foreign_key, at):
            return _edited(schema, name, lambda r: replace(r, foreign_keys=_without(r.foreign_keys, foreign_key, at)))
        case AddCheck(name, check, at):
            _refuse_again(schema[name].checks, check, at, lambda one: one.expression)
            return _edited(schema, name, lambda r: replace(r, checks=_placed(r.checks, check, at)))
        case DropCheck(name, check, at):
            return _edited(schema, name, lambda r: replace(r, checks=_without(r.checks, check, at)))
        case AddIndex(name, index, at):
            _refuse_again(schema[name].indexes, index, at, lambda one: (one.attributes, one.unique, one.where))
            return _edited(schema, name, lambda r: replace(r, indexes=_placed(r.indexes, index, at)))
        case DropIndex(name, index, at):
            return _edited(schema, name, lambda r: replace(r, indexes=_without(r.indexes, index, at)))
        case AddDependency(name, dependency):
            if dependency in schema[name].dependencies:
                raise DesignError("it is declared already")
            return _edited(schema, name, lambda r: replace(r, dependencies=r.dependencies | {dependency}))
        case DropDependency(name, dependency):
            if dependency not in schema[name].dependencies:
                raise DesignError("it is not declared there")
            return _edited(schema, name, lambda r: replace(r, dependencies=r.dependencies - {dependency}))
        case SetNote(note, "", _):
            return replace(schema, note=note)
        case SetNote(note, name, ""):
            return _edited(schema, name, lambda r: replace(r, note=note))
        case SetNote(note, name, attribute_name):
            return _set(schema, name, attribute_name, lambda attribute: replace(attribute, note=note))


def _placed(items: tuple[T, ...], item: T, at: int | None) -> tuple[T, ...]:
    place = len(items) if at is None else max(0, min(at, len(items)))
    return (*items[:place], item, *items[place:])


def _place(items: Sequence[object], at: int | None) -> int:
    """Where in `items` the one lies that was put in at `at`."""
    return len(items) - 1 if at is None else max(0, min(at, len(items) - 1))


def _where(items: Sequence[T], item: T, at: int | None) -> int:
    """The place of an item: `at` where it lies there, else the first like it."""
    if at is not None and 0 <= at < len(items) and items[at] == item:
        return at
    if item not in items:
        raise DesignError("there is none such")
    return items.index(item)


def _without(items: tuple[T, ...], item: T, at: int | None) -> tuple[T, ...]:
    place = _where(items, item, at)
    return (*items[:place], *items[place + 1 :])


def _refuse_again(items: Iterable[T], item: T, at: int | None, meaning: Callable[[T], object]) -> None:
    """A rule said twice is refused, unless it is put back to its place."""
    if at is None and any(meaning(item) == meaning(known) for known in items):
        raise DesignError("it is there already")


def _edited(schema: Schema, name: str, edit: Callable[[Relation], Relation]) -> Schema:
    now = edit(schema[name])
    return replace(schema, relations=tuple(now if relation.name == name else relation for relation in schema))


def _set(schema: Schema, name: str, attribute_name: str, edit: Callable[[Attribute], Attribute]) -> Schema:
    now = edit(schema[name][attribute_name])
    return _edited(
        schema,
        name,
        lambda r: replace(r, attributes=tuple(now if a.name == attribute_name else a for a in r.attributes)),
    )


def _dropped_relation(schema: Schema, name: str) -> Schema:
    gone = schema[name]
    referring = [relation.name for relation in schema if relation != gone and _refers(relation, name)]
    if referring:
        raise DesignError(f"{_listed(referring)} refer{'s' * (len(referring) == 1)} to it — drop the foreign key first")
    return replace(schema, relations=tuple(relation for relation in schema if relation != gone))


def _refers(relation: Relation, name: str) -> bool:
    return any(foreign_key.relation == name for foreign_key in relation.foreign_keys)


def _conditions(relation: Relation) -> tuple[str, ...]:
    return (*(check.expression for check in relation.checks), *(i.where for i in relation.indexes if i.where))


def _refuse_new_meanings(relation: Relation, after: Sequence[str]) -> None:
    for condition in _conditions(relation):
        word = same_meaning(condition, relation.names, after, relation.name)
        if word is not None:
            raise DesignError(f"the condition ({condition}) speaks of {word!r}, which would then mean something else")


def _with_attribute(relation: Relation, attribute: Attribute, at: int | None) -> Relation:
    if attribute.name in relation.names:
        raise DesignError(f"{relation.name!r} has an attribute called {attribute.name!r} already — choose another name")
    _refuse_new_meanings(relation, (*relation.names, attribute.name))
    return replace(relation, attributes=_placed(relation.attributes, attribute, at))


def _moved(relation: Relation, name: str, at: int) -> Relation:
    others = tuple(attribute for attribute in relation.attributes if attribute != relation[name])
    return replace(relation, attributes=_placed(others, relation[name], at))


def _without_attribute(schema: Schema, relation: Relation, name: str) -> Schema:
    gone = relation[name]
    users = [f"the key {_tupled(key.attributes)}" for key in relation.keys if name in key.attributes]
    users += [
        f"the foreign key {_reference(other.name, foreign_key)}"
        for other in schema
        for foreign_key in other.foreign_keys
        if (other.name == relation.name and name in foreign_key.attributes)
        or (foreign_key.relation == relation.name and name in foreign_key.referenced)
    ]
    users += [f"the index on {_tupled(index.attributes)}" for index in relation.indexes if name in index.attributes]
    users += [f"the dependency {one}" for one in sorted(relation.dependencies, key=str) if name in one.attributes]
    users += [
        f"the condition ({condition})"
        for condition in _conditions(relation)
        if same_meaning(condition, relation.names, [n for n in relation.names if n != name], relation.name) is not None
    ]
    if users:
        more = f" and {len(users) - 3} more" if len(users) > 3 else ""
        raise DesignError(f"{', '.join(users[:3])}{more} use{'s' * (len(users) == 1)} it — drop that first")
    return _edited(
        schema, relation.name, lambda r: replace(r, attributes=tuple(a for a in r.attributes if a is not gone))
    )


def _spellings(relation: Relation) -> tuple[Spelling, ...]:
    checks: list[Spelling] = [("check", at, check.expression) for at, check in enumerate(relation.checks)]
    indexes: list[Spelling] = [("index", at, index.where) for at, index in enumerate(relation.indexes) if index.where]
    return (*checks, *indexes)


def _spelled(relation: Relation, spellings: Iterable[Spelling], rewrite: Callable[[str], str]) -> Relation:
    """The relation's conditions rewritten, those of `spellings` put as they say."""
    given = {(kind, at): text for kind, at, text in spellings}
    checks = tuple(
        replace(check, expression=given.get(("check", at)) or rewrite(check.expression))
        for at, check in enumerate(relation.checks)
    )
    indexes = tuple(
        replace(index, where=(given.get(("index", at)) or rewrite(index.where)) if index.where else "")
        for at, index in enumerate(relation.indexes)
    )
    return replace(relation, checks=checks, indexes=indexes)


def _renamed_relation(schema: Schema, name: str, to: str, spellings: Iterable[Spelling]) -> Schema:
    whole = schema[name]
    if to in schema and to != name:
        raise DesignError(f"there is a relation called {to!r} already — choose another name")

    def follow(relation: Relation) -> Relation:
        if relation.name == name:
            relation = replace(
                _spelled(whole, spellings, lambda text: renamed(text, whole.names, {}, name, to)), name=to
            )
        if not _refers(relation, name):
            return relation
        return replace(
            relation,
            foreign_keys=tuple(
                replace(foreign_key, relation=to) if foreign_key.relation == name else foreign_key
                for foreign_key in relation.foreign_keys
            ),
        )

    return replace(schema, relations=tuple(map(follow, schema)))


def _renamed_attribute(schema: Schema, relation: Relation, name: str, to: str, spellings: Iterable[Spelling]) -> Schema:
    relation[name]
    if to in relation.names and to != name:
        raise DesignError(f"{relation.name!r} has an attribute called {to!r} already — choose another name")

    def other(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(to if one == name else one for one in names)

    def follow(one: Relation) -> Relation:
        references = tuple(
            replace(
                foreign_key,
                attributes=other(foreign_key.attributes) if one.name == relation.name else foreign_key.attributes,
                referenced=other(foreign_key.referenced)
                if foreign_key.relation == relation.name
                else foreign_key.referenced,
            )
            for foreign_key in one.foreign_keys
        )
        if one.name != relation.name:
            return replace(one, foreign_keys=references) if references != one.foreign_keys else one
        spelled = _spelled(one, spellings, lambda text: renamed(text, one.names, {name: to}, one.name))
        return replace(
            spelled,
            attributes=tuple(replace(a, name=to) if a.name == name else a for a in one.attributes),
            keys=tuple(replace(key, attributes=other(key.attributes)) for key in one.keys),
            foreign_keys=references,
            indexes=tuple(replace(index, attributes=other(index.attributes)) for index in spelled.indexes),
            dependencies=frozenset(_renamed_in(dependency, other) for dependency in one.dependencies),
        )

    return replace(schema, relations=tuple(map(follow, schema)))


def _renamed_in(dependency: Dependency, other: Callable[[Iterable[str]], tuple[str, ...]]) -> Dependency:
    match dependency:
        case FD(determinant, dependent):
            return FD(frozenset(other(determinant)), frozenset(other(dependent)))
        case MVD(determinant, dependent):
            return MVD(frozenset(other(determinant)), frozenset(other(dependent)))
        case JD(components):
            return JD(frozenset(frozenset(other(component)) for component in components))


def _split(schema: Schema, change: SplitRelation) -> Schema:
    whole = schema[change.name]
    if not change.into:
        raise DesignError("no part is given")
    _refuse_taken(change.into, [relation.name for relation in schema if relation != whole])
    held = {name for part in change.into for name in part.names}
    for name in whole.names:
        if name not in held:
            raise DesignError(f"no part holds the attribute {name!r} — add it to one")
    for part in change.into:
        for name in part.names:
            whole[name]
    if change.at and len(change.at) != len(change.into):
        raise DesignError(f"{len(change.into)} parts have {len(change.at)} places")
    given = {(relation, at): part for relation, at, part in change.references}

    def redirected(relation: Relation) -> Relation:
        if not _refers(relation, whole.name):
            return relation
        return replace(
            relation,
            foreign_keys=tuple(
                replace(key, relation=given.get((relation.name, at)) or _part_for(relation, key, change.into))
                if key.relation == whole.name
                else key
                for at, key in enumerate(relation.foreign_keys)
            ),
        )

    first = schema.names.index(whole.name)
    result = tuple(redirected(relation) for relation in schema if relation != whole)
    places = change.at or tuple(range(first, first + len(change.into)))
    for place, part in sorted(zip(places, change.into, strict=True), key=lambda pair: pair[0]):
        result = _placed(result, part, place)
    return replace(schema, relations=result)


def _refuse_taken(parts: Sequence[Relation], others: Sequence[str]) -> None:
    names = [part.name for part in parts]
    for name in names:
        if name in others or names.count(name) > 1:
            raise DesignError(f"two relations would be called {name!r} — choose another name")


def _part_for(relation: Relation, foreign_key: ForeignKey, parts: Sequence[Relation]) -> str:
    """The part that a reference to the whole means now: one with those attributes as key, best of the whole's name."""
    wanted = set(foreign_key.referenced)
    fitting = [part for part in parts if any(set(key.attributes) == wanted for key in part.keys)]
    fitting.sort(key=lambda part: part.name != foreign_key.relation)
    if not fitting:
        raise DesignError(
            f"{_reference(relation.name, foreign_key)} would refer to nothing: no part has {_tupled(sorted(wanted))} as key"
        )
    return fitting[0].name


def _merged(schema: Schema, change: MergeRelations) -> Schema:
    parts = [schema[name] for name in change.names]
    if not parts or len(set(change.names)) < len(change.names):
        raise DesignError("name each relation to merge once")
    others = tuple(relation for relation in schema if relation.name not in change.names)
    _refuse_taken([change.into], [relation.name for relation in others])
    held = {name for part in parts for name in part.names}
    for name in sorted(held - set(change.into.names)):
        raise DesignError(f"{change.into.name!r} would lose the attribute {name!r} — add it")
    for name in change.into.names:
        if name not in held:
            raise DesignError(f"none of {_listed(change.names)} has the attribute {name!r} — add it afterwards")

    def redirected(relation: Relation) -> Relation:
        if not any(key.relation in change.names for key in relation.foreign_keys):
            return relation
        return replace(
            relation,
            foreign_keys=tuple(
                replace(key, relation=change.into.name) if key.relation in change.names else key
                for key in relation.foreign_keys
            ),
        )

    first = min(schema.names.index(name) for name in change.names) if change.at is None else change.at
    return replace(schema, relations=_placed(tuple(map(redirected, others)), change.into, first))


def _taken_apart_again(schema: Schema, names: Sequence[str], into: Relation) -> SplitRelation:
    parts = [relation for relation in schema if relation.name in names]
    references = tuple(
        (relation.name, at, key.relation)
        for relation in schema
        if relation.name not in names
        for at, key in enumerate(relation.foreign_keys)
        if key.relation in names
    )
    places = tuple(schema.names.index(part.name) for part in parts)
    return SplitRelation(into.name, tuple(parts), places, references)

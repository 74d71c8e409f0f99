"""What a format can carry, as data; and a design reduced to that, with every reduction reported.

A writer of a format writes what `carried` leaves, and its reader gives just that back: this is the law of all formats.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from dbworkbench.schema.loss import Loss, Read
from dbworkbench.schema.plain import plain
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema, reaches_a_key
from dbworkbench.schema.types import Type, type_text
from dbworkbench.theory.dependencies import FD, Dependency, in_order

__all__ = ["EVERYTHING", "NAMES", "Fidelity", "Part", "carried", "follows"]


class Part(Enum):
    """What a format may be able to say; the text is how it is called in losses and tables."""

    TITLE = "the schema's name"
    NOTE = "notes of relations"
    ATTRIBUTE_NOTE = "notes of attributes"
    NULLABILITY = "what may be null"
    DEFAULT = "constant defaults"
    COMPUTED_DEFAULT = "computed defaults"
    KEYLESS = "relations without a key"
    KEY = "further keys"
    KEY_NAME = "names of keys"
    PRIMARY_NAME = "names of primary keys"
    REFERENCE = "foreign keys"
    COMPOSITE_REFERENCE = "foreign keys of several attributes"
    SHARED_REFERENCE = "foreign keys that share an attribute"
    OWN_REFERENCE = "references of an attribute to itself"
    DOUBLE_REFERENCE = "several foreign keys between the same attributes"
    CYCLIC_REFERENCE = "references that lead an attribute back to itself"
    REFERENCE_NAME = "names of foreign keys"
    REQUIRED_SET_NULL = "set null over what is never null"
    CHECK = "checks"
    CHECK_NAME = "names of checks"
    INDEX = "indexes"
    UNIQUE_INDEX = "unique indexes beside keys"
    KEYLESS_UNIQUE = "unique indexes without a primary key"
    PARTIAL_INDEX = "partial indexes"
    INDEX_NAME = "names of indexes"
    DEPENDENCY = "dependencies"


EVERYTHING = frozenset(Part)
NAMES = frozenset({Part.KEY_NAME, Part.PRIMARY_NAME, Part.REFERENCE_NAME, Part.CHECK_NAME, Part.INDEX_NAME})
ACTIONS = frozenset({"cascade", "restrict", "no action", "set null", "set default"})


def _same_type(kind: Type) -> Type:
    return kind


def _same_text(text: str) -> str:
    return text


def _same_expression(text: str, relation: Relation) -> str | None:
    del relation
    return text


def _same_default(text: str, attribute: Attribute) -> str | None:
    del attribute
    return text


def _any_name(name: str) -> bool:
    del name
    return True


def _any_rule(part: Part, name: str) -> bool:
    del part, name
    return True


def _no_spaces(part: Part, relation: str) -> tuple[str, ...]:
    del part, relation
    return ()


def _any_types(here: Type, there: Type) -> bool:
    del here, there
    return True


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What a format says of a design.

    `parts` are the things it has words for and `actions` those of foreign keys; `kind` gives the type that comes back
    for a type, `name` and `note` the text for a text, `default` and `condition` the SQL for an attribute's default and
    for a check or the condition of an index (None where it has no words for it). `spaces` are those in which the name of a
    relation's rule may stand but once.
    """

    parts: frozenset[Part]
    actions: frozenset[str] = ACTIONS
    kind: Callable[[Type], Type] = _same_type
    name: Callable[[str], str] = _same_text
    note: Callable[[str], str] = _same_text
    default: Callable[[str, Attribute], str | None] = _same_default
    condition: Callable[[str, Relation], str | None] = _same_expression
    refers: Callable[[Type, Type], bool] = _any_types
    referable: Callable[[str], bool] = _any_name
    named: Callable[[Part, str], bool] = _any_rule
    spaces: Callable[[Part, str], tuple[str, ...]] = _no_spaces
    updates: frozenset[str] | None = None


def carried(schema: Schema, fidelity: Fidelity) -> Read:
    """The part of a schema that a format can say, and all that it cannot."""
    simple = plain(schema)
    found = _Reduction(simple.schema, fidelity).done()
    return Read(found.schema, tuple(dict.fromkeys((*simple.losses, *found.losses))))


@dataclass(slots=True)
class _Reduction:
    schema: Schema
    fidelity: Fidelity
    losses: list[Loss] = field(default_factory=list)
    leads: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    rules: set[tuple[str, str]] = field(default_factory=set)
    ends: set[frozenset[tuple[str, frozenset[str]]]] = field(default_factory=set)

    def done(self) -> Read:
        parts = self.fidelity.parts
        names = self._renamed("", self.schema.names)
        referenced = {key.relation for relation in self.schema for key in relation.foreign_keys}
        keyed = {r.name: self._keyed(r, needed=r.name in referenced) for r in self.schema}
        columns = {name: self._renamed(name, relation.names) for name, relation in keyed.items()}
        made = {name: self._relation(relation, names[name], columns[name]) for name, relation in keyed.items()}
        for name, relation in keyed.items():
            kept = tuple(self._references(relation, made, names, columns))
            made[name] = replace(made[name], foreign_keys=tuple(dict.fromkeys(kept)))
        title, note = self.schema.name, self.schema.note
        if title and Part.TITLE not in parts:
            self.lose("the schema", f"its name {title}", "left out")
            title = ""
        if note and Part.TITLE not in parts:
            self.lose("the schema", "its note", "left out")
            note = ""
        return Read(Schema(tuple(made.values()), title, note), tuple(dict.fromkeys(self.losses)))

    def lose(self, subject: str, feature: str, instead: str = "left out") -> None:
        self.losses.append(Loss(subject, feature, instead))

    def can(self, part: Part) -> bool:
        return part in self.fidelity.parts

    def _renamed(self, owner: str, names: Iterable[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        taken: set[str] = set()
        for name in names:
            said = self.fidelity.name(name) or "_"
            while said in taken:
                said += "_"
            taken.add(said)
            found[name] = said
            if said != name:
                self.lose(f"{owner}.{name}" if owner else name, "signs in its name", f"written as {said}")
        return found

    def _keyed(self, relation: Relation, *, needed: bool) -> Relation:
        """The relation with a declared key where the format or a reference needs one and none is declared."""
        if any(key.attributes for key in relation.keys):
            return relation
        unique = next((one.attributes for one in relation.indexes if one.is_key), ())
        key = relation.primary_key
        if self.can(Part.KEYLESS):
            implied = bool(relation.dependencies) and not self.can(Part.DEPENDENCY)
            if unique or not key or not (needed or (implied and len(key) < len(relation.names))):
                return relation
        key = unique or key or relation.names
        self.lose(relation.name, "no key is declared", f"written with the key ({', '.join(key)})")
        return replace(relation, keys=(Key(key),))

    def _relation(self, relation: Relation, name: str, columns: dict[str, str]) -> Relation:
        keys = tuple(dict.fromkeys(self._keys(relation, columns)))
        primary = set(keys[0].attributes) if keys else set()
        attributes = tuple(
            self._attribute(relation, attribute, columns, required=columns[attribute.name] in primary)
            for attribute in relation.attributes
        )
        indexes, more = self._indexes(relation, columns, keyed=bool(keys))
        keys = tuple(dict.fromkeys((*keys, *more)))
        for dependency in in_order(relation.dependencies):
            if not self.can(Part.DEPENDENCY) and not follows(dependency, relation):
                self.lose(relation.name, f"the dependency {dependency}")
        note = self._note(relation.name, relation.note, Part.NOTE)
        return Relation(
            name,
            attributes,
            keys,
            (),
            tuple(dict.fromkeys(self._checks(relation, columns))),
            tuple(sorted(dict.fromkeys(indexes), key=lambda index: not index.unique)),
            relation.dependencies if self.can(Part.DEPENDENCY) else frozenset(),
            note,
        )

    def _note(self, subject: str, note: str, part: Part) -> str:
        if note and not self.can(part):
            self.lose(subject, "its note")
            return ""
        said = self.fidelity.note(note)
        if said != note:
            self.lose(subject, "signs in its note", "written without")
        return said

    def _attribute(
        self, relation: Relation, attribute: Attribute, columns: dict[str, str], *, required: bool
    ) -> Attribute:
        what = f"{relation.name}.{attribute.name}"
        kind = self.fidelity.kind(attribute.type)
        if kind != attribute.type:
            self.lose(what, f"the type {type_text(attribute.type) or 'not said'}", f"reads as {type_text(kind)}")
        nullable = attribute.nullable
        if nullable and required:
            self.lose(what, "may be null within the primary key", "written as never null")
            nullable = False
        elif not nullable and not self.can(Part.NULLABILITY) and not required:
            self.lose(what, "never null")
            nullable = True
        default = attribute.default
        if default is not None:
            default = self.fidelity.default(default, replace(attribute, type=kind))
            if default is None:
                self.lose(what, f"the default {attribute.default}")
        note = self._note(what, attribute.note, Part.ATTRIBUTE_NOTE)
        return Attribute(columns[attribute.name], kind, nullable, default, note)

    def _named(self, relation: Relation, subject: str, name: str, part: Part) -> str:
        if name and not self.can(part):
            self.lose(subject, f"its name {name}")
            return ""
        if name and not self.fidelity.named(part, name):
            self.lose(subject, f"its name {name}, which no rule can have there")
            return ""
        said = self.fidelity.name(name)
        taken = {(space, said) for space in self.fidelity.spaces(part, relation.name)} if said else set()
        if taken & self.rules:
            self.lose(subject, f"its name {name}, which another rule has")
            return ""
        self.rules |= taken
        if said != name:
            self.lose(subject, "signs in its name", f"written as {said}")
        return said

    def _keys(self, relation: Relation, columns: dict[str, str]) -> Iterator[Key]:
        primary = True
        for key in relation.keys:
            what = f"{relation.name}: the key ({', '.join(key.attributes)})"
            if not key.attributes:
                self.lose(what, "at most one row")
            elif not primary and not self.can(Part.KEY):
                self.lose(what, Part.KEY.value)
            else:
                part = Part.PRIMARY_NAME if primary else Part.KEY_NAME
                yield Key(tuple(columns[a] for a in key.attributes), self._named(relation, what, key.name, part))
                primary = False

    def _condition(self, text: str, relation: Relation, columns: dict[str, str]) -> str | None:
        """What comes back of a condition; None where there are no words for it, or it speaks of a renamed attribute."""
        renamed = (f'"{name.replace(chr(34), chr(34) * 2)}"' for name, said in columns.items() if name != said)
        return None if any(name in text for name in renamed) else self.fidelity.condition(text, relation)

    def _checks(self, relation: Relation, columns: dict[str, str]) -> Iterator[Check]:
        for check in relation.checks:
            what = f"{relation.name}: the check {check.expression}"
            if not self.can(Part.CHECK):
                self.lose(what, Part.CHECK.value)
                continue
            told = self._condition(check.expression, relation, columns)
            if told is None:
                self.lose(what, "no words for it")
            else:
                yield Check(told, self._named(relation, what, check.name, Part.CHECK_NAME))

    def _indexes(self, relation: Relation, columns: dict[str, str], *, keyed: bool) -> tuple[list[Index], list[Key]]:
        indexes: list[Index] = []
        keys: list[Key] = []
        for index in relation.indexes:
            what = f"{relation.name}: the index on ({', '.join(index.attributes)})"
            where: str | None = index.where
            if index.where:
                where = self._condition(index.where, relation, columns) if self.can(Part.PARTIAL_INDEX) else None
            if where is None:
                fate = "not written: it would refuse more rows" if index.unique else "written for all rows"
                self.lose(what, Part.PARTIAL_INDEX.value, fate)
                if index.unique:
                    continue
            attributes = tuple(columns[name] for name in index.attributes)
            if index.unique and not keyed and not self.can(Part.KEYLESS_UNIQUE):
                self.lose(what, Part.KEYLESS_UNIQUE.value)
            elif index.unique and not where and keyed and not self.can(Part.UNIQUE_INDEX):
                if not self.can(Part.KEY):
                    self.lose(what, Part.UNIQUE_INDEX.value)
                    continue
                self.lose(what, "a unique index", "written as a key")
                keys.append(Key(attributes, self._named(relation, what, index.name, Part.KEY_NAME)))
            elif not self.can(Part.INDEX) and not (index.unique and self.can(Part.KEY)):
                self.lose(what, Part.INDEX.value)
            else:
                part = Part.KEY_NAME if index.unique and not self.can(Part.UNIQUE_INDEX) else Part.INDEX_NAME
                indexes.append(
                    Index(attributes, index.unique, where or "", self._named(relation, what, index.name, part))
                )
        return indexes, keys

    def _references(
        self, relation: Relation, made: dict[str, Relation], names: dict[str, str], columns: dict[str, dict[str, str]]
    ) -> Iterator[ForeignKey]:
        used: set[str] = set()
        for key in relation.foreign_keys:
            what = f"{relation.name}: the foreign key ({', '.join(key.attributes)}) to {key.relation}"
            there = tuple(columns[key.relation][name] for name in key.referenced)
            here = tuple(columns[relation.name][name] for name in key.attributes)
            if not self.can(Part.REFERENCE):
                self.lose(what, Part.REFERENCE.value)
            elif len(here) > 1 and not self.can(Part.COMPOSITE_REFERENCE):
                self.lose(what, Part.COMPOSITE_REFERENCE.value)
            elif used & set(here) and not self.can(Part.SHARED_REFERENCE):
                self.lose(what, Part.SHARED_REFERENCE.value)
            elif not self.can(Part.OWN_REFERENCE) and len(_ends(relation, key)) == 1:
                self.lose(what, Part.OWN_REFERENCE.value)
            elif not self.can(Part.DOUBLE_REFERENCE) and _ends(relation, key) in self.ends:
                self.lose(what, Part.DOUBLE_REFERENCE.value)
            elif not self.can(Part.CYCLIC_REFERENCE) and self._leads_back(relation.name, here, key.relation, there):
                self.lose(what, Part.CYCLIC_REFERENCE.value)
            elif not all(self.fidelity.referable(name) for name in (names[key.relation], *there)):
                self.lose(what, "signs in the name of what it refers to")
            elif not all(
                self.fidelity.refers(made[relation.name][ours].type, made[key.relation][theirs].type)
                for ours, theirs in zip(here, there, strict=True)
            ):
                self.lose(what, "the types differ")
            elif not reaches_a_key(made[key.relation], there):
                self.lose(what, "the key that it refers to is not written")
            else:
                used |= set(here)
                self.ends.add(_ends(relation, key))
                for ours, theirs in zip(here, there, strict=True):
                    self.leads.setdefault((relation.name, ours), []).append((key.relation, theirs))
                required = [name for name in here if not made[relation.name][name].nullable]
                yield ForeignKey(
                    here,
                    names[key.relation],
                    there,
                    self._action(what, "delete", key.on_delete, required),
                    self._action(what, "update", key.on_update, required),
                    self._named(relation, what, key.name, Part.REFERENCE_NAME),
                )

    def _leads_back(self, name: str, here: tuple[str, ...], target: str, there: tuple[str, ...]) -> bool:
        """Whether a reference would lead one of its attributes back to itself, through those that are kept."""
        for ours, theirs in zip(here, there, strict=True):
            ahead, seen = [(target, theirs)], set[tuple[str, str]]()
            while ahead:
                place = ahead.pop()
                if place == (name, ours):
                    return True
                if place not in seen:
                    seen.add(place)
                    ahead += self.leads.get(place, ())
        return False

    def _action(self, what: str, when: str, said: str, required: list[str]) -> str:
        action = " ".join(said.casefold().split())
        if action == "set null" and required and not self.can(Part.REQUIRED_SET_NULL):
            self.lose(what, f"on {when} set null over {', '.join(required)}, never null")
            return ""
        known = self.fidelity.actions
        if when == "update" and self.fidelity.updates is not None:
            known = self.fidelity.updates
        if action == "no action" and action not in known:
            return ""  # what is meant where nothing is said
        if action and action not in known:
            self.lose(what, f"on {when} {action}")
            return ""
        return action


def _ends(relation: Relation, key: ForeignKey) -> frozenset[tuple[str, frozenset[str]]]:
    """What a foreign key lies between, in neither direction: one end where it refers to what it is made of."""
    return frozenset({(relation.name, frozenset(key.attributes)), (key.relation, frozenset(key.referenced))})


def follows(dependency: Dependency, relation: Relation) -> bool:
    """Whether a functional dependency says no more than the declared keys do."""
    return isinstance(dependency, FD) and (
        dependency.dependent <= dependency.determinant
        or any(key.attributes and set(key.attributes) <= dependency.determinant for key in relation.keys)
    )

"""What a format can carry, as data; and a design reduced to that, with every reduction reported.

A writer of a format writes what `carried` leaves, and its reader gives just that back: this is the law of all formats.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum

from dbworkbench.errors import DesignError
from dbworkbench.formats.types import enumeration_names
from dbworkbench.schema.condition import renamed
from dbworkbench.schema.counters import COUNTER, counters
from dbworkbench.schema.index import Part as IndexPart
from dbworkbench.schema.loss import Loss, Read
from dbworkbench.schema.plain import without_domains
from dbworkbench.schema.relation import (
    Attribute,
    Check,
    Domain,
    Exclusion,
    ForeignKey,
    Generated,
    Identity,
    Index,
    Key,
    Relation,
)
from dbworkbench.schema.rules import Deferrable
from dbworkbench.schema.schema import Schema, reaches_a_key
from dbworkbench.schema.types import Bytes, Enumeration, Native, Text, Type, Unknown, type_text
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.names import Names
from dbworkbench.theory.dependencies import FD, Dependency, in_order

__all__ = ["EVERYTHING", "NAMED_ENUMERATIONS", "NAMES", "RARE", "Fidelity", "Part", "carried", "follows", "keyed_in"]


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
    GENERATED = "computed attributes"
    REQUIRED_GENERATED = "computed attributes that are never null"
    IDENTITY = "running numbers"
    COLLATION = "collations"
    DECLARED = "types in the words of an engine"
    DOMAIN = "domains"
    ENUMERATION = "names of enumerations"
    LONE_ENUMERATION = "enumerations that no attribute has"
    PARTITIONING = "partitioning"
    DEFERRABLE_KEY = "keys that can be put off"
    DEFERRABLE_PRIMARY = "primary keys that can be put off"
    DEFERRABLE_REFERENCE = "foreign keys that can be put off"
    NULLS_EQUAL = "keys in which unknown values are equal"
    MATCH_FULL = "foreign keys of which all attributes are unknown or none"
    EXCLUSION = "exclusions"
    INDEX_EXPRESSION = "expressions in indexes"
    INDEX_ORDER = "the order of indexes"
    INDEX_NULLS = "where unknown values stand in indexes"
    INDEX_LENGTH = "lengths in indexes"
    INDEX_OPERATORS = "operators and collations of indexes"
    INDEX_METHOD = "methods of indexes"
    INDEX_INCLUDE = "what indexes include"
    INDEX_NULLS_EQUAL = "unique indexes in which unknown values are equal"


EVERYTHING = frozenset(Part)
RARE = frozenset(one for one in Part if list(Part).index(one) >= list(Part).index(Part.GENERATED))
"""What real databases have beside plain attributes, keys, references, checks and indexes."""
NAMES = frozenset({Part.KEY_NAME, Part.PRIMARY_NAME, Part.REFERENCE_NAME, Part.CHECK_NAME, Part.INDEX_NAME})
NAMED_ENUMERATIONS = frozenset({Part.ENUMERATION, Part.LONE_ENUMERATION})
_KINDS = {
    Part.PRIMARY_NAME: "key",
    Part.KEY_NAME: "key",
    Part.REFERENCE_NAME: "foreign key",
    Part.CHECK_NAME: "check",
    Part.INDEX_NAME: "index",
}
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


def _same_index(index: Index, relation: Relation) -> Index | None:
    del relation
    return index


def _same_generated(generated: Generated, attribute: Attribute, relation: Relation) -> Generated | None:
    del attribute, relation
    return generated


def _any_collation(collation: str, kind: Type) -> bool:
    del collation, kind
    return True


def _same_identity(identity: Identity, attribute: Attribute, relation: Relation) -> Identity | None:
    del attribute, relation
    return identity


def _any_exclusion(exclusion: Exclusion, relation: Relation) -> bool:
    del exclusion, relation
    return True


def _any_types(here: Type, there: Type) -> bool:
    del here, there
    return True


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What a format says of a design.

    `parts` are the things it has words for and `actions` those of foreign keys; `kind` gives the type that comes back
    for a type, `keyed` what becomes of that in a key, a reference or an index, `name` and `note` the text for a text, `default` and `condition` the SQL for an attribute's default and
    for a check or the condition of an index (None where it has no words for it). `spaces` are those in which the name of a
    relation's rule may stand but once. `dialect` is the database whose engine the names are for, where it has its own mind
    on them. `index`, `generated` and `identity` give what comes back of each (None for nothing), `collates` and
    `excludes` tell whether a collation and an exclusion do, once what `parts` lacks is gone.
    """

    parts: frozenset[Part]
    actions: frozenset[str] = ACTIONS
    kind: Callable[[Type], Type] = _same_type
    keyed: Callable[[Type], Type] = _same_type
    name: Callable[[str], str] = _same_text
    note: Callable[[str], str] = _same_text
    default: Callable[[str, Attribute], str | None] = _same_default
    condition: Callable[[str, Relation], str | None] = _same_expression
    refers: Callable[[Type, Type], bool] = _any_types
    referable: Callable[[str], bool] = _any_name
    named: Callable[[Part, str], bool] = _any_rule
    spaces: Callable[[Part, str], tuple[str, ...]] = _no_spaces
    updates: frozenset[str] | None = None
    dialect: str = ""
    index: Callable[[Index, Relation], Index | None] = _same_index
    generated: Callable[[Generated, Attribute, Relation], Generated | None] = _same_generated
    identity: Callable[[Identity, Attribute, Relation], Identity | None] = _same_identity
    collates: Callable[[str, Type], bool] = _any_collation
    excludes: Callable[[Exclusion, Relation], bool] = _any_exclusion


_BESIDE_RELATIONS = frozenset({"index", ""})
"""The spaces of a whole schema, in which relations have their names, too."""
_PATHS = frozenset({Part.PRIMARY_NAME, Part.KEY_NAME, Part.INDEX_NAME})


def carried(schema: Schema, fidelity: Fidelity) -> Read:
    """The part of a schema that a format can say, and all that it cannot."""
    return _Reduction(schema, fidelity).done()


def keyed_in(dialect: str, kind: Type) -> Type:
    """The type of what stands in a key or an index of a database: MySQL sorts by no text or octets without a length."""
    if dialect not in {"mysql", "mariadb"}:
        return kind
    return Text(255) if kind == Text() else Native("varbinary(767)") if kind == Bytes() else kind


def _looked_up(relation: Relation) -> frozenset[str]:
    """The attributes whose whole values a key, a reference or an index sorts by."""
    rules = [key.attributes for key in relation.keys] + [key.attributes for key in relation.foreign_keys]
    parts = [part for index in relation.indexes for part in index.parts if part.attribute and not part.length]
    return frozenset(name for names in rules for name in names) | {part.attribute for part in parts}


@dataclass(slots=True)
class _Reduction:
    schema: Schema
    fidelity: Fidelity
    losses: list[Loss] = field(default_factory=list)
    leads: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    rules: set[tuple[str, str]] = field(default_factory=set)
    ends: set[frozenset[tuple[str, frozenset[str]]]] = field(default_factory=set)
    taken: Names | None = None
    local: dict[str, set[str]] = field(default_factory=dict)

    def done(self) -> Read:
        parts = self.fidelity.parts
        domains = self._said_by_relations()
        self._narrow_counters()
        names = self._renamed("", self.schema.names)
        if self.can(Part.ENUMERATION):
            domains = self._named_enumerations()
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
        return Read(Schema(tuple(made.values()), title, note, domains), tuple(dict.fromkeys(self.losses)))

    def _said_by_relations(self) -> tuple[Domain, ...]:
        """Leave out what is kept as text, and let relations say what their domains ask, unless those can be said."""
        for one in self.schema.definitions:
            self.lose(one.name or "the schema", f"the {one.kind}, kept as text")
        if self.can(Part.DOMAIN):
            self.schema = replace(self.schema, definitions=())
            return self.schema.domains
        used = self._used()
        for relation in self.schema:
            for attribute in relation.attributes:
                if attribute.domain and not self._says(attribute.domain):
                    what = f"{relation.name}.{attribute.name}"
                    self.lose(what, f"the domain {attribute.domain.name}", "what it asks is said by the relation")
        for domain in self.schema.domains:
            if domain not in used and not self._says(domain):
                self.lose(domain.name, "a domain that no attribute has")
        relations = tuple(without_domains(one, self._says) for one in self.schema)
        kept = tuple(filter(self._says, self.schema.domains))
        self.schema = replace(self.schema, relations=relations, domains=kept, definitions=())
        return ()

    def _narrow_counters(self) -> None:
        """Let what is numbered keep its numbers, with all that refers to it, where no decimals can be numbered."""
        if not self.can(Part.IDENTITY):
            return
        numbered = self.fidelity.identity

        def counts(relation: Relation, attribute: Attribute) -> bool:
            one, identity = relation[attribute.name], attribute.identity
            return (
                identity is not None
                and numbered(identity, one, relation) is None
                and numbered(identity, attribute, relation) is not None
            )

        found = counters(self.schema, counts)
        if not found:
            return
        for relation, name in sorted(found):
            digits = getattr(self.schema[relation][name].type, "precision", None)
            self.lose(f"{relation}.{name}", f"a whole number of {digits} digits", "a bigint, which is numbered")
        self.schema = replace(
            self.schema,
            relations=tuple(
                replace(
                    relation,
                    attributes=tuple(
                        replace(one, type=COUNTER, declared=None) if (relation.name, one.name) in found else one
                        for one in relation.attributes
                    ),
                )
                for relation in self.schema
            ),
        )

    def _says(self, domain: Domain) -> bool:
        """Whether a format without domains has words for this one: an enumeration of which nothing else is asked."""
        kind = domain.type
        plain = Domain(domain.name, kind, note=domain.note) == domain and isinstance(kind, Enumeration)
        known = self.can(Part.ENUMERATION) and plain and self.fidelity.kind(kind) == kind
        return known and (self.can(Part.LONE_ENUMERATION) or domain in self._used())

    def _used(self) -> set[Domain]:
        return {one.domain for relation in self.schema for one in relation.attributes if one.domain}

    def _named_enumerations(self) -> tuple[Domain, ...]:
        """Let all enumerations have a name that the format and the database take."""
        named = enumeration_names(self.schema, {domain.name for domain in self.schema.domains})
        names = {of: name for of, name in named.items() if self.fidelity.kind(Enumeration(of)) == Enumeration(of)}
        made: dict[Domain | tuple[str, ...], Domain] = {}
        taken: set[str] = set()
        keys: list[Domain | tuple[str, ...]] = [*self.schema.domains, *names]
        for key in keys:
            wanted = names[key] if isinstance(key, tuple) else key.name
            said = self.fidelity.name(wanted) or "_"
            while said in taken:
                said += "_"
            taken.add(said)
            if self.fidelity.dialect:
                said = self.names().take("relation", said)
            if isinstance(key, Domain):
                if said != key.name:
                    self.lose(key.name, "its name", f"written as {said}")
                if key.note:
                    self.lose(key.name, "its note")
            made[key] = Domain(said, key.type if isinstance(key, Domain) else Enumeration(key))
        relations: list[Relation] = []
        for relation in self.schema:
            attributes: list[Attribute] = []
            for one in relation.attributes:
                kind = one.type
                listed = isinstance(kind, Enumeration) and kind.values and self.fidelity.kind(kind) == kind
                own = one.domain or (kind.values if listed and isinstance(kind, Enumeration) else None)
                if own is not None and one.domain is None:
                    self.lose(f"{relation.name}.{one.name}", "values without a name", f"named {made[own].name}")
                attributes.append(replace(one, domain=made[own] if own is not None else None))
            relations.append(replace(relation, attributes=tuple(attributes)))
        self.schema = replace(self.schema, relations=tuple(relations), domains=tuple(made.values()))
        return self.schema.domains

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
        if self.fidelity.dialect:
            space = Names(DIALECTS[self.fidelity.dialect]) if owner else self.names()
            fitting = space.given("attribute" if owner else "relation", found.values())
            found = {name: fitting[said] for name, said in found.items()}
        for name, said in found.items():
            if said != name:
                self.lose(f"{owner}.{name}" if owner else name, "its name", f"written as {said}")
        return found

    def names(self) -> Names:
        """The names that are taken in the database."""
        if self.taken is None:
            self.taken = Names(DIALECTS[self.fidelity.dialect])
        return self.taken

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
        made = Relation(name, attributes)
        indexes, more = self._indexes(relation, made, columns, keyed=bool(keys))
        keys = tuple(dict.fromkeys((*keys, *more)))
        for dependency in in_order(relation.dependencies):
            if not self.can(Part.DEPENDENCY) and not follows(dependency, relation):
                self.lose(relation.name, f"the dependency {dependency}")
        note = self._note(relation.name, relation.note, Part.NOTE)
        if relation.partitioning and not self.can(Part.PARTITIONING):
            self.lose(relation.name, f"partitioning by {', '.join(map(str, relation.partitioning.parts))}")
        return Relation(
            name,
            attributes,
            keys,
            (),
            tuple(dict.fromkeys(self._checks(relation, columns))),
            tuple(sorted(dict.fromkeys(indexes), key=lambda index: not index.unique)),
            relation.dependencies if self.can(Part.DEPENDENCY) else frozenset(),
            note,
            tuple(dict.fromkeys(self._exclusions(relation, columns))),
            relation.partitioning if self.can(Part.PARTITIONING) else None,
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
        if attribute.name in _looked_up(relation):
            kind = self.fidelity.keyed(kind)
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
        collation = attribute.collation
        if collation and not (self.can(Part.COLLATION) and self.fidelity.collates(collation, kind)):
            self.lose(what, f"the collation {collation}", "the engine's own")
            collation = ""
        declared = attribute.declared
        if declared and not self.can(Part.DECLARED):
            self.lose(what, f"declared {declared.text} in {declared.dialect}", f"written as {type_text(kind)}")
            declared = None
        generated = self._generated(relation, attribute, columns, kind)
        if generated and not nullable and not self.can(Part.REQUIRED_GENERATED):
            self.lose(what, "never null")
            nullable = True
        return Attribute(
            columns[attribute.name],
            kind if attribute.domain is None else Unknown(),
            nullable,
            default,
            note,
            generated,
            self._identity(relation, attribute, nullable=nullable),
            collation,
            attribute.domain,
            declared,
        )

    def _generated(
        self, relation: Relation, attribute: Attribute, columns: dict[str, str], kind: Type
    ) -> Generated | None:
        if attribute.generated is None:
            return None
        expression = attribute.generated.expression
        told = self._condition(expression, relation, columns) if self.can(Part.GENERATED) else None
        found = None
        if told is not None:
            computed = replace(attribute.generated, expression=told)
            found = self.fidelity.generated(computed, replace(attribute, type=kind, domain=None), relation)
        what = f"{relation.name}.{attribute.name}"
        if not found:
            self.lose(what, f"computed as {expression}", "an attribute like any other")
            return None
        if found.stored != attribute.generated.stored:
            kept = "kept in the row" if found.stored else "computed when it is read"
            self.lose(what, f"computed as {expression}", kept)
        return found

    def _identity(self, relation: Relation, attribute: Attribute, *, nullable: bool) -> Identity | None:
        if attribute.identity is None:
            return None
        found = None
        if self.can(Part.IDENTITY) and not nullable:
            found = self.fidelity.identity(attribute.identity, attribute, relation)
        if found is None:
            self.lose(f"{relation.name}.{attribute.name}", "a running number", "an attribute like any other")
        elif found != attribute.identity:
            self.lose(f"{relation.name}.{attribute.name}", "how its running number begins and goes on", "as is usual")
        return found

    def _exclusions(self, relation: Relation, columns: dict[str, str]) -> Iterator[Exclusion]:
        for exclusion in relation.exclusions:
            what = f"the exclusion of {', '.join(map(str, exclusion.parts))}"
            found = self._excluded(exclusion, relation, columns) if self.can(Part.EXCLUSION) else None
            if found is None or not self.fidelity.excludes(found, relation):
                self.lose(relation.name, what)
            else:
                yield replace(found, name=self._named(relation, f"{relation.name}: {what}", found.name, Part.KEY_NAME))

    def _excluded(self, one: Exclusion, relation: Relation, columns: dict[str, str]) -> Exclusion | None:
        where = self._condition(one.where, relation, columns) if one.where else ""
        parts = [self._part(part, relation, columns) for part in one.parts]
        if where is None or any(part is None for part in parts):
            return None
        return replace(one, on=tuple(part for part in parts if part), where=where)

    def _part(self, part: IndexPart, relation: Relation, columns: dict[str, str]) -> IndexPart | None:
        """A part of a path with the names and words that come back; None where there are none."""
        if part.attribute:
            return replace(part, attribute=columns[part.attribute])
        told = self._condition(part.expression, relation, columns)
        return None if told is None else replace(part, expression=told)

    def _named(self, relation: Relation, subject: str, name: str, part: Part) -> str:
        if name and not self.can(part):
            self.lose(subject, f"its name {name}")
            return ""
        if name and not self.fidelity.named(part, name):
            self.lose(subject, f"its name {name}, which no rule can have there")
            return ""
        said = self.fidelity.name(name)
        if said and self.fidelity.dialect:
            spoken = DIALECTS[self.fidelity.dialect]
            kind = _KINDS[part]
            shared = kind == "index" and any("index" in kinds for kinds in spoken.namespaces)
            local = None if shared else self.local.setdefault(relation.name, set())
            said = self.names().take(kind, said, local)
        if said and not self.fidelity.named(part, said):
            self.lose(subject, f"its name {name}, which no rule can have there")
            return ""
        taken = {(space, said) for space in self.fidelity.spaces(part, relation.name)} if said else set()
        if taken & self.rules:
            self.lose(subject, f"its name {name}, which another rule has")
            return ""
        if _BESIDE_RELATIONS & {space for space, _ in taken} and part in _PATHS and said in self.schema:
            self.lose(subject, f"its name {name}, which a relation has")
            return ""
        self.rules |= taken
        if said != name:
            self.lose(subject, "its name", f"written as {said}")
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
                waits = Part.DEFERRABLE_PRIMARY if primary else Part.DEFERRABLE_KEY
                deferrable: Deferrable = key.deferrable if self.can(waits) else ""
                distinct = key.nulls_distinct or primary or not self.can(Part.NULLS_EQUAL)
                if deferrable != key.deferrable:
                    self.lose(what, "it can be put off", "looked at once")
                if distinct != key.nulls_distinct:
                    self.lose(what, "unknown values are equal", "unknown values differ")
                name = self._named(relation, what, key.name, part)
                yield Key(tuple(columns[a] for a in key.attributes), name, distinct, deferrable)
                primary = False

    def _condition(self, text: str, relation: Relation, columns: dict[str, str]) -> str | None:
        """What comes back of a condition, which speaks of attributes by their names there; None where there are no words."""
        renames = {name: said for name, said in columns.items() if name != said}
        if renames:
            try:
                text = renamed(text, relation.names, renames, relation.name)
            except DesignError:
                return None
            relation = Relation(
                relation.name, tuple(Attribute(columns[one.name], one.type) for one in relation.attributes)
            )
        return self.fidelity.condition(text, relation)

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

    def _indexes(
        self, relation: Relation, made: Relation, columns: dict[str, str], *, keyed: bool
    ) -> tuple[list[Index], list[Key]]:
        indexes: list[Index] = []
        keys: list[Key] = []
        for index in relation.indexes:
            what = f"{relation.name}: the {replace(index, where='')}"
            where: str | None = index.where
            if index.where:
                where = self._condition(index.where, relation, columns) if self.can(Part.PARTIAL_INDEX) else None
            if where is None:
                fate = "not written: it would refuse more rows" if index.unique else "written for all rows"
                self.lose(what, Part.PARTIAL_INDEX.value, fate)
                if index.unique:
                    continue
            found = self._path(replace(index, where=where or ""), relation, columns)
            found = found and self.fidelity.index(found, made)
            if found is None:
                self.lose(what, "no words for it")
                continue
            lost = _without(index, found)
            if found.unique and any("length" in one for one in lost):
                self.lose(what, Part.INDEX_LENGTH.value, "not written: it would refuse fewer rows")
                continue
            attributes = found.attributes
            if found.unique and not keyed and not self.can(Part.KEYLESS_UNIQUE):
                self.lose(what, Part.KEYLESS_UNIQUE.value)
                continue
            if found.is_key and keyed and not self.can(Part.UNIQUE_INDEX):
                if not self.can(Part.KEY):
                    self.lose(what, Part.UNIQUE_INDEX.value)
                    continue
                self.lose(what, "a unique index", "written as a key")
                distinct = found.nulls_distinct or not self.can(Part.NULLS_EQUAL)
                name = self._named(relation, what, found.name, Part.KEY_NAME)
                keys.append(Key(attributes, name, distinct))
            elif not self.can(Part.INDEX) and not (found.is_key and self.can(Part.KEY)):
                self.lose(what, Part.INDEX.value)
            else:
                if lost:
                    self.lose(what, ", ".join(lost), "written without")
                part = Part.KEY_NAME if found.is_key and not self.can(Part.UNIQUE_INDEX) else Part.INDEX_NAME
                indexes.append(replace(found, name=self._named(relation, what, found.name, part)))
        return indexes, keys

    def _path(self, index: Index, relation: Relation, columns: dict[str, str]) -> Index | None:
        """The index without what the format has no words for; None where nothing is left that means the same."""
        parts: list[IndexPart] = []
        for one in index.parts:
            part = self._part(one, relation, columns) if one.attribute or self.can(Part.INDEX_EXPRESSION) else None
            if part is None:
                return None
            parts.append(
                replace(
                    part,
                    descending=part.descending and self.can(Part.INDEX_ORDER),
                    nulls=part.nulls if self.can(Part.INDEX_NULLS) else "",
                    length=part.length if self.can(Part.INDEX_LENGTH) else None,
                    operators=part.operators if self.can(Part.INDEX_OPERATORS) else "",
                    collation=part.collation if self.can(Part.INDEX_OPERATORS) else "",
                )
            )
        return replace(
            index,
            on=tuple(parts),
            method=index.method if self.can(Part.INDEX_METHOD) else "",
            include=tuple(columns[name] for name in index.include) if self.can(Part.INDEX_INCLUDE) else (),
            nulls_distinct=index.nulls_distinct or not (index.unique and self.can(Part.INDEX_NULLS_EQUAL)),
        )

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
                if key.deferrable and not self.can(Part.DEFERRABLE_REFERENCE):
                    self.lose(what, "it can be put off", "looked at once")
                if key.match_full and not self.can(Part.MATCH_FULL):
                    self.lose(what, "all attributes are unknown or none", "one unknown refers to nothing")
                yield ForeignKey(
                    here,
                    names[key.relation],
                    there,
                    self._action(what, "delete", key.on_delete, required),
                    self._action(what, "update", key.on_update, required),
                    self._named(relation, what, key.name, Part.REFERENCE_NAME),
                    key.deferrable if self.can(Part.DEFERRABLE_REFERENCE) else "",
                    key.match_full and self.can(Part.MATCH_FULL),
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


def _without(before: Index, after: Index) -> list[str]:
    """What of an index is gone, but for its name and condition."""
    pairs = list(zip(before.parts, after.parts, strict=True))
    gone = {
        "the order": any(one.descending and not other.descending for one, other in pairs),
        "where unknown values stand": any(
            (one.nulls or _usual(one)) != (other.nulls or _usual(other)) for one, other in pairs if one.nulls
        ),
        "the lengths": any(one.length != other.length for one, other in pairs),
        "the operators": any(
            (one.operators, one.collation) != (other.operators, other.collation) for one, other in pairs
        ),
        f"the method {before.method}": before.method != after.method,
        "what it includes": before.include != () and after.include == (),
        "unknown values being equal": before.unique and before.nulls_distinct != after.nulls_distinct,
    }
    return [what for what, is_gone in gone.items() if is_gone]


def _usual(part: IndexPart) -> str:
    """Where unknown values stand unless it is said otherwise: as if they were the greatest (PostgreSQL, Oracle)."""
    return "first" if part.descending else "last"


def _ends(relation: Relation, key: ForeignKey) -> frozenset[tuple[str, frozenset[str]]]:
    """What a foreign key lies between, in neither direction: one end where it refers to what it is made of."""
    return frozenset({(relation.name, frozenset(key.attributes)), (key.relation, frozenset(key.referenced))})


def follows(dependency: Dependency, relation: Relation) -> bool:
    """Whether a functional dependency says no more than the declared keys do."""
    return isinstance(dependency, FD) and (
        dependency.dependent <= dependency.determinant
        or any(key.attributes and set(key.attributes) <= dependency.determinant for key in relation.keys)
    )

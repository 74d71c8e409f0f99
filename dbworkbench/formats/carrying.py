"""A design reduced to what a format can carry, with every reduction reported.

A writer of a format writes what `carried` leaves, and its reader gives just that back: this is the law of all formats.
"""

from collections.abc import Iterator
from dataclasses import replace

from dbworkbench.formats.fidelity import Fidelity, Part
from dbworkbench.formats.reduced import Reduced
from dbworkbench.formats.reduced_paths import Paths
from dbworkbench.formats.reduced_references import References
from dbworkbench.formats.types import enumeration_names
from dbworkbench.schema.counters import COUNTER, counters
from dbworkbench.schema.expressions import with_names
from dbworkbench.schema.loss import Read
from dbworkbench.schema.plain import without_domains
from dbworkbench.schema.relation import Attribute, Check, Domain, Generated, Identity, Key, Relation
from dbworkbench.schema.rules import Deferrable
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Type, Unknown, type_text
from dbworkbench.sql.declarations import beyond
from dbworkbench.theory.dependencies import FD, Dependency, in_order

__all__ = ["carried", "follows"]


def carried(schema: Schema, fidelity: Fidelity) -> Read:
    """The part of a schema that a format can say, and all that it cannot."""
    return _Reduction(schema, fidelity).done()


def _looked_up(relation: Relation) -> frozenset[str]:
    """The attributes whose whole values a key, a reference or an index sorts by."""
    rules = [key.attributes for key in relation.keys] + [key.attributes for key in relation.foreign_keys]
    parts = [part for index in relation.indexes for part in index.parts if part.attribute and not part.length]
    return frozenset(name for names in rules for name in names) | {part.attribute for part in parts}


class _Reduction:
    def __init__(self, schema: Schema, fidelity: Fidelity) -> None:
        self.reduced = Reduced(schema, fidelity)
        self.paths, self.references = Paths(self.reduced), References(self.reduced)

    def done(self) -> Read:
        parts = self.reduced.fidelity.parts
        domains = self._said_by_relations()
        self._narrow_counters()
        names = self.reduced.renamed("", self.reduced.schema.names)
        if self.reduced.can(Part.ENUMERATION):
            domains = self._named_enumerations()
        referenced = {key.relation for relation in self.reduced.schema for key in relation.foreign_keys}
        keyed = {r.name: self._keyed(r, needed=r.name in referenced) for r in self.reduced.schema}
        columns = {name: self.reduced.renamed(name, relation.names) for name, relation in keyed.items()}
        made = {name: self._relation(relation, names[name], columns[name]) for name, relation in keyed.items()}
        for name, relation in keyed.items():
            kept = tuple(self.references.kept(relation, made, names, columns))
            made[name] = replace(made[name], foreign_keys=tuple(dict.fromkeys(kept)))
        title, note = self.reduced.schema.name, self.reduced.schema.note
        if title and Part.TITLE not in parts:
            self.reduced.lose("the schema", f"its name {title}", "left out")
            title = ""
        if note and Part.TITLE not in parts:
            self.reduced.lose("the schema", "its note", "left out")
            note = ""
        return Read(Schema(tuple(made.values()), title, note, domains), tuple(dict.fromkeys(self.reduced.losses)))

    def _said_by_relations(self) -> tuple[Domain, ...]:
        """Leave out what is kept as text, and let relations say what their domains ask, unless those can be said."""
        for one in self.reduced.schema.definitions:
            self.reduced.lose(one.name or "the schema", f"the {one.kind}, kept as text")
        if self.reduced.can(Part.DOMAIN):
            self.reduced.schema = replace(self.reduced.schema, definitions=())
            return self.reduced.schema.domains
        used = self._used()
        for relation in self.reduced.schema:
            for attribute in relation.attributes:
                if attribute.domain and not self._says(attribute.domain):
                    what = f"{relation.name}.{attribute.name}"
                    self.reduced.lose(
                        what, f"the domain {attribute.domain.name}", "what it asks is said by the relation"
                    )
        for domain in self.reduced.schema.domains:
            if domain not in used and not self._says(domain):
                self.reduced.lose(domain.name, "a domain that no attribute has")
        relations = tuple(without_domains(one, self._says) for one in self.reduced.schema)
        kept = tuple(filter(self._says, self.reduced.schema.domains))
        self.reduced.schema = replace(self.reduced.schema, relations=relations, domains=kept, definitions=())
        return ()

    def _narrow_counters(self) -> None:
        """Let what is numbered keep its numbers, with all that refers to it, where no decimals can be numbered."""
        if not self.reduced.can(Part.IDENTITY):
            return
        numbered = self.reduced.fidelity.identity

        def counts(relation: Relation, attribute: Attribute) -> bool:
            one, identity = relation[attribute.name], attribute.identity
            return (
                identity is not None
                and numbered(identity, one, relation) is None
                and numbered(identity, attribute, relation) is not None
            )

        found = counters(self.reduced.schema, counts)
        if not found:
            return
        for relation, name in sorted(found):
            digits = getattr(self.reduced.schema[relation][name].type, "precision", None)
            self.reduced.lose(f"{relation}.{name}", f"a whole number of {digits} digits", "a bigint, which is numbered")
        self.reduced.schema = replace(
            self.reduced.schema,
            relations=tuple(
                replace(
                    relation,
                    attributes=tuple(
                        replace(one, type=COUNTER, declared=None) if (relation.name, one.name) in found else one
                        for one in relation.attributes
                    ),
                )
                for relation in self.reduced.schema
            ),
        )

    def _says(self, domain: Domain) -> bool:
        """Whether a format without domains has words for this one: an enumeration of which nothing else is asked."""
        kind = domain.type
        plain = Domain(domain.name, kind, note=domain.note) == domain and isinstance(kind, Enumeration)
        known = self.reduced.can(Part.ENUMERATION) and plain and self.reduced.fidelity.kind(kind) == kind
        return known and (self.reduced.can(Part.LONE_ENUMERATION) or domain in self._used())

    def _used(self) -> set[Domain]:
        return {one.domain for relation in self.reduced.schema for one in relation.attributes if one.domain}

    def _named_enumerations(self) -> tuple[Domain, ...]:
        """Let all enumerations have a name that the format and the database take."""
        named = enumeration_names(self.reduced.schema, {domain.name for domain in self.reduced.schema.domains})
        names = {
            of: name for of, name in named.items() if self.reduced.fidelity.kind(Enumeration(of)) == Enumeration(of)
        }
        made: dict[Domain | tuple[str, ...], Domain] = {}
        taken: set[str] = set()
        keys: list[Domain | tuple[str, ...]] = [*self.reduced.schema.domains, *names]
        for key in keys:
            wanted = names[key] if isinstance(key, tuple) else key.name
            said = self.reduced.fidelity.name(wanted) or "_"
            while said in taken:
                said += "_"
            taken.add(said)
            if self.reduced.fidelity.dialect:
                said = self.reduced.names().take("relation", said)
            if isinstance(key, Domain):
                if said != key.name:
                    self.reduced.lose(key.name, "its name", f"written as {said}")
                if key.note:
                    self.reduced.lose(key.name, "its note")
            made[key] = Domain(said, key.type if isinstance(key, Domain) else Enumeration(key))
        relations: list[Relation] = []
        for relation in self.reduced.schema:
            attributes: list[Attribute] = []
            for one in relation.attributes:
                kind = one.type
                listed = isinstance(kind, Enumeration) and kind.values and self.reduced.fidelity.kind(kind) == kind
                own = one.domain or (kind.values if listed and isinstance(kind, Enumeration) else None)
                if own is not None and one.domain is None:
                    self.reduced.lose(f"{relation.name}.{one.name}", "values without a name", f"named {made[own].name}")
                attributes.append(replace(one, domain=made[own] if own is not None else None))
            relations.append(replace(relation, attributes=tuple(attributes)))
        self.reduced.schema = replace(self.reduced.schema, relations=tuple(relations), domains=tuple(made.values()))
        return self.reduced.schema.domains

    def _keyed(self, relation: Relation, *, needed: bool) -> Relation:
        """The relation with a declared key where the format or a reference needs one and none is declared."""
        if any(key.attributes for key in relation.keys):
            return relation
        unique = next((one.attributes for one in relation.indexes if one.is_key), ())
        key = relation.primary_key
        if self.reduced.can(Part.KEYLESS):
            implied = bool(relation.dependencies) and not self.reduced.can(Part.DEPENDENCY)
            if unique or not key or not (needed or (implied and len(key) < len(relation.names))):
                return relation
        key = unique or key or relation.names
        self.reduced.lose(relation.name, "no key is declared", f"written with the key ({', '.join(key)})")
        return replace(relation, keys=(Key(key),))

    def _relation(self, relation: Relation, name: str, columns: dict[str, str]) -> Relation:
        keys = tuple(dict.fromkeys(self._keys(relation, columns)))
        primary = set(keys[0].attributes) if keys else set()
        attributes = tuple(
            self._attribute(relation, attribute, columns, required=columns[attribute.name] in primary)
            for attribute in relation.attributes
        )
        made = Relation(name, attributes)
        dependencies: frozenset[Dependency] = frozenset()
        if self.reduced.can(Part.DEPENDENCY):
            bare = Relation(name, tuple(map(Attribute, relation.names)), dependencies=relation.dependencies)
            dependencies = with_names(bare, columns.__getitem__).dependencies
        indexes, more = self.paths.indexes(relation, made, columns, keyed=bool(keys))
        keys = tuple(dict.fromkeys((*keys, *more)))
        for dependency in in_order(relation.dependencies):
            if not self.reduced.can(Part.DEPENDENCY) and not follows(dependency, relation):
                self.reduced.lose(relation.name, f"the dependency {dependency}")
        note = self.reduced.note(relation.name, relation.note, Part.NOTE)
        if relation.partitioning and not self.reduced.can(Part.PARTITIONING):
            self.reduced.lose(relation.name, f"partitioning by {', '.join(map(str, relation.partitioning.parts))}")
        return Relation(
            name,
            attributes,
            keys,
            (),
            tuple(dict.fromkeys(self._checks(relation, columns))),
            tuple(sorted(dict.fromkeys(indexes), key=lambda index: not index.unique)),
            dependencies,
            note,
            tuple(dict.fromkeys(self.paths.exclusions(relation, columns))),
            relation.partitioning if self.reduced.can(Part.PARTITIONING) else None,
        )

    def _attribute(
        self, relation: Relation, attribute: Attribute, columns: dict[str, str], *, required: bool
    ) -> Attribute:
        what = f"{relation.name}.{attribute.name}"
        declared = attribute.declared
        spoken = self.reduced.fidelity.declares(attribute, relation) if self.reduced.can(Part.DECLARED) else None
        kind = attribute.type if spoken else self.reduced.fidelity.kind(attribute.type)
        measured = spoken and spoken.text.endswith(")")  # binary(16) has room in a key
        if attribute.name in _looked_up(relation) and not measured:
            kind = self.reduced.fidelity.keyed(kind)
        if kind != attribute.type:
            self.reduced.lose(
                what, f"the type {type_text(attribute.type) or 'not said'}", f"reads as {type_text(kind)}"
            )
        nullable = attribute.nullable
        if nullable and required:
            self.reduced.lose(what, "may be null within the primary key", "written as never null")
            nullable = False
        elif not nullable and not self.reduced.can(Part.NULLABILITY) and not required:
            self.reduced.lose(what, "never null")
            nullable = True
        default = attribute.default
        if default is not None:
            default = self.reduced.fidelity.default(default, replace(attribute, type=kind))
            if default is None:
                self.reduced.lose(what, f"the default {attribute.default}")
        note = self.reduced.note(what, attribute.note, Part.ATTRIBUTE_NOTE)
        collation = attribute.collation
        if collation and not (self.reduced.can(Part.COLLATION) and self.reduced.fidelity.collates(collation, kind)):
            self.reduced.lose(what, f"the collation {collation}", "the engine's own")
            collation = ""
        if spoken and kind == attribute.type:
            declared = spoken
        elif declared:
            said = beyond(declared, attribute.type).said(attribute.type)
            if said:
                self.reduced.lose(what, said, f"written as {type_text(kind)}")
            declared = None
        generated = self._generated(relation, attribute, columns, kind)
        if generated and not nullable and not self.reduced.can(Part.REQUIRED_GENERATED):
            self.reduced.lose(what, "never null")
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
        told = self.reduced.condition(expression, relation, columns) if self.reduced.can(Part.GENERATED) else None
        found = None
        if told is not None:
            computed = replace(attribute.generated, expression=told)
            found = self.reduced.fidelity.generated(computed, replace(attribute, type=kind, domain=None), relation)
        what = f"{relation.name}.{attribute.name}"
        if not found:
            self.reduced.lose(what, f"computed as {expression}", "an attribute like any other")
            return None
        if found.stored != attribute.generated.stored:
            kept = "kept in the row" if found.stored else "computed when it is read"
            self.reduced.lose(what, f"computed as {expression}", kept)
        return found

    def _identity(self, relation: Relation, attribute: Attribute, *, nullable: bool) -> Identity | None:
        if attribute.identity is None:
            return None
        found = None
        if self.reduced.can(Part.IDENTITY) and not nullable:
            found = self.reduced.fidelity.identity(attribute.identity, attribute, relation)
        if found is None:
            self.reduced.lose(f"{relation.name}.{attribute.name}", "a running number", "an attribute like any other")
        elif found != attribute.identity:
            self.reduced.lose(
                f"{relation.name}.{attribute.name}", "how its running number begins and goes on", "as is usual"
            )
        return found

    def _keys(self, relation: Relation, columns: dict[str, str]) -> Iterator[Key]:
        primary = True
        for key in relation.keys:
            what = f"{relation.name}: the key ({', '.join(key.attributes)})"
            if not key.attributes:
                self.reduced.lose(what, "at most one row")
            elif not primary and not self.reduced.can(Part.KEY):
                self.reduced.lose(what, Part.KEY.value)
            else:
                part = Part.PRIMARY_NAME if primary else Part.KEY_NAME
                waits = Part.DEFERRABLE_PRIMARY if primary else Part.DEFERRABLE_KEY
                deferrable: Deferrable = key.deferrable if self.reduced.can(waits) else ""
                distinct = key.nulls_distinct or primary or not self.reduced.can(Part.NULLS_EQUAL)
                if deferrable != key.deferrable:
                    self.reduced.lose(what, "it can be put off", "looked at once")
                if distinct != key.nulls_distinct:
                    self.reduced.lose(what, "unknown values are equal", "unknown values differ")
                name = self.reduced.named(relation, what, key.name, part)
                yield Key(tuple(columns[a] for a in key.attributes), name, distinct, deferrable)
                primary = False

    def _checks(self, relation: Relation, columns: dict[str, str]) -> Iterator[Check]:
        for check in relation.checks:
            what = f"{relation.name}: the check {check.expression}"
            if not self.reduced.can(Part.CHECK):
                self.reduced.lose(what, Part.CHECK.value)
                continue
            told = self.reduced.condition(check.expression, relation, columns)
            if told is None:
                self.reduced.lose(what, "no words for it")
            else:
                name = self.reduced.named(relation, what, check.name, Part.CHECK_NAME)
                yield Check(told, name, self.reduced.enforced(what, check.enforced))


def follows(dependency: Dependency, relation: Relation) -> bool:
    """Whether a functional dependency says no more than the declared keys do."""
    return isinstance(dependency, FD) and (
        dependency.dependent <= dependency.determinant
        or any(key.attributes and set(key.attributes) <= dependency.determinant for key in relation.keys)
    )

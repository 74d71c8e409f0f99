"""Edits of a design carried out and undone.

`apply` is the only way to edit; what would break the design is refused with the reason. `inverse`, given the schema
before, undoes exactly: places in lists and the spelling of conditions are kept.
"""

from collections.abc import Sequence
from dataclasses import replace

from dbworkbench.errors import DesignError
from dbworkbench.schema import editing as steps
from dbworkbench.schema.changes import (
    AddAttribute,
    AddCheck,
    AddDefinition,
    AddDependency,
    AddDomain,
    AddExclusion,
    AddForeignKey,
    AddIndex,
    AddKey,
    AddRelation,
    Change,
    ChangeDomain,
    DropAttribute,
    DropCheck,
    DropDefinition,
    DropDependency,
    DropDomain,
    DropExclusion,
    DropForeignKey,
    DropIndex,
    DropKey,
    DropRelation,
    MergeRelations,
    MoveAttribute,
    MoveRelation,
    RenameAttribute,
    RenameRelation,
    Retype,
    SetCollation,
    SetDefault,
    SetDomain,
    SetGenerated,
    SetIdentity,
    SetNote,
    SetNullable,
    SetPartitioning,
    SplitRelation,
)
from dbworkbench.schema.editing import edited
from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.telling import told


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
    >>> inverse(schema("r(*a, b)"), RenameAttribute("r", "b", "c"))
    RenameAttribute(relation='r', name='c', to='b', spellings=())
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
            return back if exact else replace(back, spellings=steps.spellings_of(schema[name]))
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
            return renaming if exact else replace(renaming, spellings=steps.spellings_of(schema[relation_name]))
        case MoveAttribute(relation_name, name):
            return MoveAttribute(relation_name, name, schema[relation_name].names.index(name))
        case Retype(relation_name, name):
            held = schema[relation_name][name]
            return Retype(relation_name, name, held.type, held.declared)
        case SetNullable(relation_name, name):
            return SetNullable(relation_name, name, schema[relation_name][name].nullable)
        case SetDefault(relation_name, name):
            return SetDefault(relation_name, name, schema[relation_name][name].default)
        case SetGenerated(relation_name, name):
            return SetGenerated(relation_name, name, schema[relation_name][name].generated)
        case SetIdentity(relation_name, name):
            return SetIdentity(relation_name, name, schema[relation_name][name].identity)
        case SetCollation(relation_name, name):
            return SetCollation(relation_name, name, schema[relation_name][name].collation)
        case SetDomain(relation_name, name):
            before = schema[relation_name][name]
            return SetDomain(
                relation_name,
                name,
                before.domain.name if before.domain else "",
                None if before.domain else before.type,
            )
        case SetPartitioning(relation_name):
            return SetPartitioning(relation_name, schema[relation_name].partitioning)
        case AddDomain(domain):
            return DropDomain(domain.name)
        case DropDomain(name):
            place = steps.domain_place(schema, name)
            return AddDomain(schema.domains[place], place)
        case ChangeDomain(name, domain):
            return ChangeDomain(domain.name, schema.domains[steps.domain_place(schema, name)])
        case AddDefinition(definition, at):
            return DropDefinition(definition, steps.place_of(after.definitions, at))
        case DropDefinition(definition, at):
            return AddDefinition(definition, steps.place_in(schema.definitions, definition, at))
        case AddKey(relation_name, key, at):
            return DropKey(relation_name, key, steps.place_of(after[relation_name].keys, at))
        case DropKey(relation_name, key, at):
            return AddKey(relation_name, key, steps.place_in(schema[relation_name].keys, key, at))
        case AddForeignKey(relation_name, foreign_key, at):
            return DropForeignKey(relation_name, foreign_key, steps.place_of(after[relation_name].foreign_keys, at))
        case DropForeignKey(relation_name, foreign_key, at):
            return AddForeignKey(
                relation_name, foreign_key, steps.place_in(schema[relation_name].foreign_keys, foreign_key, at)
            )
        case AddCheck(relation_name, check, at):
            return DropCheck(relation_name, check, steps.place_of(after[relation_name].checks, at))
        case DropCheck(relation_name, check, at):
            return AddCheck(relation_name, check, steps.place_in(schema[relation_name].checks, check, at))
        case AddIndex(relation_name, index, at):
            return DropIndex(relation_name, index, steps.place_of(after[relation_name].indexes, at))
        case DropIndex(relation_name, index, at):
            return AddIndex(relation_name, index, steps.place_in(schema[relation_name].indexes, index, at))
        case AddExclusion(relation_name, exclusion, at):
            return DropExclusion(relation_name, exclusion, steps.place_of(after[relation_name].exclusions, at))
        case DropExclusion(relation_name, exclusion, at):
            return AddExclusion(
                relation_name, exclusion, steps.place_in(schema[relation_name].exclusions, exclusion, at)
            )
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


def _applied(schema: Schema, change: Change) -> Schema:
    match change:
        case AddRelation(relation, at):
            if relation.name in schema:
                raise DesignError(f"there is a relation called {relation.name!r} already — choose another name")
            steps.refuse_new_domains(schema, relation.attributes)
            steps.refuse_while_used(schema.definitions, relation.name)
            return replace(schema, relations=steps.placed(schema.relations, relation, at))
        case DropRelation(name):
            return steps.dropped_relation(schema, name)
        case RenameRelation(name, to, spellings):
            return steps.renamed_relation(schema, name, to, spellings)
        case MoveRelation(name, at):
            others = tuple(relation for relation in schema if relation != schema[name])
            return replace(schema, relations=steps.placed(others, schema[name], at))
        case SplitRelation():
            return steps.split_into(schema, change.name, change.into, change.at, change.references)
        case MergeRelations():
            return steps.merged_into(schema, change.names, change.into, change.at)
        case AddAttribute(name, attribute, at):
            steps.refuse_new_domains(schema, (attribute,))
            steps.refuse_while_used(schema.definitions, name, attribute.name)
            return edited(schema, name, lambda relation: steps.with_attribute(relation, attribute, at))
        case DropAttribute(name, attribute_name):
            return steps.without_attribute(schema, schema[name], attribute_name)
        case RenameAttribute(name, attribute_name, to, spellings):
            return steps.renamed_attribute(schema, schema[name], attribute_name, to, spellings)
        case MoveAttribute(name, attribute_name, place):
            return edited(schema, name, lambda relation: steps.attribute_moved(relation, attribute_name, place))
        case Retype() | SetNullable() | SetDefault() | SetGenerated() | SetIdentity() | SetCollation() | SetDomain():
            return _applied_to_attribute(schema, change)
        case SetPartitioning(name, partitioning):
            return edited(schema, name, lambda r: replace(r, partitioning=partitioning))
        case AddDomain() | DropDomain() | ChangeDomain() | AddDefinition() | DropDefinition():
            return _applied_beside(schema, change)
        case AddKey(name, key, at):
            steps.refuse_again(schema[name].keys, key, at, lambda one: frozenset(one.attributes))
            return edited(schema, name, lambda r: replace(r, keys=steps.placed(r.keys, key, at)))
        case DropKey(name, key, at):
            return edited(schema, name, lambda r: replace(r, keys=steps.without(r.keys, key, at)))
        case AddForeignKey(name, foreign_key, at):
            steps.refuse_again(
                schema[name].foreign_keys, foreign_key, at, lambda one: (one.attributes, one.relation, one.referenced)
            )
            return edited(
                schema, name, lambda r: replace(r, foreign_keys=steps.placed(r.foreign_keys, foreign_key, at))
            )
        case DropForeignKey(name, foreign_key, at):
            return edited(
                schema, name, lambda r: replace(r, foreign_keys=steps.without(r.foreign_keys, foreign_key, at))
            )
        case AddCheck(name, check, at):
            steps.refuse_again(schema[name].checks, check, at, lambda one: one.expression)
            return edited(schema, name, lambda r: replace(r, checks=steps.placed(r.checks, check, at)))
        case DropCheck(name, check, at):
            return edited(schema, name, lambda r: replace(r, checks=steps.without(r.checks, check, at)))
        case AddIndex(name, index, at):
            steps.refuse_again(schema[name].indexes, index, at, lambda one: replace(one, name=""))
            return edited(schema, name, lambda r: replace(r, indexes=steps.placed(r.indexes, index, at)))
        case DropIndex(name, index, at):
            return edited(schema, name, lambda r: replace(r, indexes=steps.without(r.indexes, index, at)))
        case AddExclusion(name, exclusion, at):
            steps.refuse_again(schema[name].exclusions, exclusion, at, lambda one: replace(one, name=""))
            return edited(schema, name, lambda r: replace(r, exclusions=steps.placed(r.exclusions, exclusion, at)))
        case DropExclusion(name, exclusion, at):
            return edited(schema, name, lambda r: replace(r, exclusions=steps.without(r.exclusions, exclusion, at)))
        case AddDependency(name, dependency):
            if dependency in schema[name].dependencies:
                raise DesignError("it is declared already")
            return edited(schema, name, lambda r: replace(r, dependencies=r.dependencies | {dependency}))
        case DropDependency(name, dependency):
            if dependency not in schema[name].dependencies:
                raise DesignError("it is not declared there")
            return edited(schema, name, lambda r: replace(r, dependencies=r.dependencies - {dependency}))
        case SetNote(note, "", _):
            return replace(schema, note=note)
        case SetNote(note, name, ""):
            return edited(schema, name, lambda r: replace(r, note=note))
        case SetNote(note, name, attribute_name):
            return steps.attribute_set(schema, name, attribute_name, lambda attribute: replace(attribute, note=note))


def _applied_to_attribute(
    schema: Schema, change: Retype | SetNullable | SetDefault | SetGenerated | SetIdentity | SetCollation | SetDomain
) -> Schema:
    match change:
        case Retype(name, attribute_name, kind, declared):
            held = schema[name][attribute_name].domain
            if held is not None and held.type != kind:
                raise DesignError(f"its type is that of its domain {held.name!r} — take the domain away first")
            return steps.attribute_set(
                schema, name, attribute_name, lambda attribute: replace(attribute, type=kind, declared=declared)
            )
        case SetNullable(name, attribute_name, nullable):
            return steps.attribute_set(
                schema, name, attribute_name, lambda attribute: replace(attribute, nullable=nullable)
            )
        case SetDefault(name, attribute_name, default):
            return steps.attribute_set(
                schema, name, attribute_name, lambda attribute: replace(attribute, default=default)
            )
        case SetGenerated(name, attribute_name, generated):
            return steps.attribute_set(
                schema, name, attribute_name, lambda attribute: replace(attribute, generated=generated)
            )
        case SetIdentity(name, attribute_name, identity):
            return steps.attribute_set(
                schema, name, attribute_name, lambda attribute: replace(attribute, identity=identity)
            )
        case SetCollation(name, attribute_name, collation):
            return steps.attribute_set(
                schema, name, attribute_name, lambda attribute: replace(attribute, collation=collation)
            )
        case SetDomain(name, attribute_name, domain_name, plain):
            domain = schema.domains[steps.domain_place(schema, domain_name)] if domain_name else None

            def into(attribute: Attribute) -> Attribute:
                return replace(attribute, type=domain.type if domain else plain or attribute.type, domain=domain)

            return steps.attribute_set(schema, name, attribute_name, into)


def _applied_beside(
    schema: Schema, change: AddDomain | DropDomain | ChangeDomain | AddDefinition | DropDefinition
) -> Schema:
    """What changes beside the relations: domains and definitions."""
    match change:
        case AddDomain(domain, at):
            if any(known.name == domain.name for known in schema.domains):
                raise DesignError(f"there is a domain called {domain.name!r} already — choose another name")
            return replace(schema, domains=steps.placed(schema.domains, domain, at))
        case DropDomain(name):
            return steps.dropped_domain(schema, name)
        case ChangeDomain(name, domain):
            return steps.changed_domain(schema, name, domain)
        case AddDefinition(definition, at):
            steps.refuse_again(
                schema.definitions, definition, at, lambda one: (one.kind, one.name) if one.name else one.text
            )
            if definition.name:
                steps.refuse_while_used(schema.definitions, definition.name)
            return replace(schema, definitions=steps.placed(schema.definitions, definition, at))
        case DropDefinition(definition, at):
            rest = steps.without(schema.definitions, definition, at)
            if definition.name:
                steps.refuse_while_used(rest, definition.name)
            return replace(schema, definitions=rest)


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

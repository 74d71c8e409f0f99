"""The steps that edits of a design are made of: each refuses what would break the design."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import count
from typing import Literal, TypeAlias, TypeVar

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.condition import renamed, same_meaning
from dbworkbench.schema.definition import Definition
from dbworkbench.schema.expressions import computed, expressions, recomputed, with_names
from dbworkbench.schema.relation import Attribute, Domain, Exclusion, ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.dependencies import written

T = TypeVar("T")
Spelling: TypeAlias = tuple[Literal["check", "index", "exclusion", "computed"], int, str]
"""SQL put back as it was spelled: the condition of a check, an index or an exclusion, or what else is computed (see
expressions.computed); its place, its text."""


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them."""
    said = [written(name) for name in names]
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else "".join(said)


def tupled(names: Iterable[str]) -> str:
    """Names in parentheses."""
    return f"({', '.join(map(written, names))})"


def compared(exclusion: Exclusion) -> str:
    """What an exclusion compares, and how."""
    pairs = zip(exclusion.parts, exclusion.operators, strict=True)
    return ", ".join(f"{part} with {operator}" for part, operator in pairs)


def reference_said(relation: str, foreign_key: ForeignKey) -> str:
    """A foreign key as it is told."""
    here, there = tupled(foreign_key.attributes), tupled(foreign_key.referenced)
    return f"{written(relation)}{here} → {written(foreign_key.relation)}{there}"


def placed(items: tuple[T, ...], item: T, at: int | None) -> tuple[T, ...]:
    """The items with one put at a place, or at the end."""
    place = len(items) if at is None else max(0, min(at, len(items)))
    return (*items[:place], item, *items[place:])


def place_of(items: Sequence[object], at: int | None) -> int:
    """Where in `items` the one lies that was put in at `at`."""
    return len(items) - 1 if at is None else max(0, min(at, len(items) - 1))


def place_in(items: Sequence[T], item: T, at: int | None) -> int:
    """The place of an item: `at` where it lies there, else the first like it."""
    if at is not None and 0 <= at < len(items) and items[at] == item:
        return at
    if item not in items:
        raise DesignError("there is none such")
    return items.index(item)


def without(items: tuple[T, ...], item: T, at: int | None) -> tuple[T, ...]:
    """The items without one."""
    place = place_in(items, item, at)
    return (*items[:place], *items[place + 1 :])


def refuse_again(items: Iterable[T], item: T, at: int | None, meaning: Callable[[T], object]) -> None:
    """A rule said twice is refused, unless it is put back to its place."""
    if at is None and any(meaning(item) == meaning(known) for known in items):
        raise DesignError("it is there already")


def edited(schema: Schema, name: str, edit: Callable[[Relation], Relation]) -> Schema:
    """The schema with one relation edited."""
    now = edit(schema[name])
    return replace(schema, relations=tuple(now if relation.name == name else relation for relation in schema))


def attribute_set(schema: Schema, name: str, attribute_name: str, edit: Callable[[Attribute], Attribute]) -> Schema:
    """The schema with one attribute edited."""
    now = edit(schema[name][attribute_name])
    return edited(
        schema,
        name,
        lambda r: replace(r, attributes=tuple(now if a.name == attribute_name else a for a in r.attributes)),
    )


def domain_place(schema: Schema, name: str) -> int:
    """The place of a domain among those of the schema; raises UnknownName."""
    names = [domain.name for domain in schema.domains]
    if name not in names:
        raise UnknownName("domain", name, names)
    return names.index(name)


def refuse_new_domains(schema: Schema, attributes: Iterable[Attribute]) -> None:
    """What is added has domains of the schema: else taking it away again would leave them behind."""
    for attribute in attributes:
        if attribute.domain is not None and attribute.domain not in schema.domains:
            raise DesignError(f"the schema has no such domain as {attribute.domain.name!r} — add the domain first")


def dropped_domain(schema: Schema, name: str) -> Schema:
    """The schema without a domain that no attribute has."""
    place = domain_place(schema, name)
    users = [
        f"{written(relation.name)}.{written(attribute.name)}"
        for relation in schema
        for attribute in relation.attributes
        if attribute.domain is not None and attribute.domain.name == name
    ]
    if users:
        raise DesignError(f"{', '.join(users[:3])}{' …' if len(users) > 3 else ''} has it — take it away there first")
    return replace(schema, domains=(*schema.domains[:place], *schema.domains[place + 1 :]))


def changed_domain(schema: Schema, name: str, domain: Domain) -> Schema:
    """The schema with another domain in the place of one; attributes of it follow."""
    place = domain_place(schema, name)
    if domain.name != name and any(known.name == domain.name for known in schema.domains):
        raise DesignError(f"there is a domain called {domain.name!r} already — choose another name")

    def follow(attribute: Attribute) -> Attribute:
        mine = attribute.domain is not None and attribute.domain.name == name
        return replace(attribute, type=domain.type, domain=domain) if mine else attribute

    relations = tuple(replace(one, attributes=tuple(map(follow, one.attributes))) for one in schema)
    return replace(schema, relations=relations, domains=(*schema.domains[:place], domain, *schema.domains[place + 1 :]))


def refuse_while_used(definitions: Iterable[Definition], name: str, attribute: str = "") -> None:
    """What stands, or would stand, in the text of a view or trigger is not rewritten: that has to go first."""
    word = re.compile(rf"(?<!\w){re.escape(attribute)}(?!\w)", re.IGNORECASE)
    users = [one for one in definitions if name in one.uses and (not attribute or word.search(one.text))]
    if users:
        said = ", ".join(f"the {one.kind} {written(one.name)}".rstrip() for one in users[:3])
        more = f" and {len(users) - 3} more" if len(users) > 3 else ""
        raise DesignError(f"{said}{more} speak{'s' * (len(users) == 1)} of {attribute or name!r} — drop that first")


def dropped_relation(schema: Schema, name: str) -> Schema:
    """The schema without a relation that nothing uses."""
    gone = schema[name]
    referring = [relation.name for relation in schema if relation != gone and refers(relation, name)]
    if referring:
        raise DesignError(f"{listed(referring)} refer{'s' * (len(referring) == 1)} to it — drop the foreign key first")
    refuse_while_used(schema.definitions, name)
    return replace(schema, relations=tuple(relation for relation in schema if relation != gone))


def refers(relation: Relation, name: str) -> bool:
    """Whether a relation refers to the one of this name."""
    return any(foreign_key.relation == name for foreign_key in relation.foreign_keys)


def refuse_new_meanings(relation: Relation, after: Sequence[str]) -> None:
    """Refuse attributes under which SQL of the relation would mean something else."""
    for condition in expressions(relation):
        word = same_meaning(condition, relation.names, after, relation.name)
        if word is not None:
            raise DesignError(f"the condition ({condition}) speaks of {word!r}, which would then mean something else")


def with_attribute(relation: Relation, attribute: Attribute, at: int | None) -> Relation:
    """The relation with a further attribute."""
    if attribute.name in relation.names:
        raise DesignError(f"{relation.name!r} has an attribute called {attribute.name!r} already — choose another name")
    refuse_new_meanings(relation, (*relation.names, attribute.name))
    return replace(relation, attributes=placed(relation.attributes, attribute, at))


def attribute_moved(relation: Relation, name: str, at: int) -> Relation:
    """The relation with an attribute at another place."""
    others = tuple(attribute for attribute in relation.attributes if attribute != relation[name])
    return replace(relation, attributes=placed(others, relation[name], at))


def without_attribute(schema: Schema, relation: Relation, name: str) -> Schema:
    """The schema without an attribute that nothing uses."""
    gone = relation[name]
    users = [f"the key {tupled(key.attributes)}" for key in relation.keys if name in key.attributes]
    users += [
        f"the foreign key {reference_said(other.name, foreign_key)}"
        for other in schema
        for foreign_key in other.foreign_keys
        if (other.name == relation.name and name in foreign_key.attributes)
        or (foreign_key.relation == relation.name and name in foreign_key.referenced)
    ]
    users += [
        f"the index on ({', '.join(map(str, index.parts))})"
        for index in relation.indexes
        if name in (*index.attributes, *index.include)
    ]
    users += [f"the exclusion of {compared(one)}" for one in relation.exclusions if name in one.attributes]
    if relation.partitioning is not None and name in relation.partitioning.attributes:
        users.append("the partitioning")
    users += [f"the dependency {one}" for one in sorted(relation.dependencies, key=str) if name in one.attributes]
    users += [
        f"the condition ({condition})"
        for condition in expressions(replace(relation, attributes=ungenerated(relation, name)))
        if same_meaning(condition, relation.names, [n for n in relation.names if n != name], relation.name) is not None
    ]
    if users:
        more = f" and {len(users) - 3} more" if len(users) > 3 else ""
        raise DesignError(f"{', '.join(users[:3])}{more} use{'s' * (len(users) == 1)} it — drop that first")
    refuse_while_used(schema.definitions, relation.name, name)
    return edited(
        schema, relation.name, lambda r: replace(r, attributes=tuple(a for a in r.attributes if a is not gone))
    )


def ungenerated(relation: Relation, name: str) -> tuple[Attribute, ...]:
    """The attributes, the one called `name` without its expression: that goes with it."""
    return tuple(replace(one, generated=None) if one.name == name else one for one in relation.attributes)


def spellings_of(relation: Relation) -> tuple[Spelling, ...]:
    """The relation's SQL, each text with its place."""
    checks: list[Spelling] = [("check", at, check.expression) for at, check in enumerate(relation.checks)]
    indexes: list[Spelling] = [("index", at, index.where) for at, index in enumerate(relation.indexes) if index.where]
    excluded: list[Spelling] = [("exclusion", at, one.where) for at, one in enumerate(relation.exclusions) if one.where]
    return (*checks, *indexes, *excluded, *(("computed", at, text) for at, text in enumerate(computed(relation))))


def spelled(relation: Relation, spellings: Iterable[Spelling], rewrite: Callable[[str], str]) -> Relation:
    """The relation's SQL rewritten, that of `spellings` put as they say."""
    given = {(kind, at): text for kind, at, text in spellings}
    place = count()
    relation = recomputed(relation, lambda text: given.get(("computed", next(place))) or rewrite(text))
    checks = tuple(
        replace(check, expression=given.get(("check", at)) or rewrite(check.expression))
        for at, check in enumerate(relation.checks)
    )
    indexes = tuple(
        replace(index, where=(given.get(("index", at)) or rewrite(index.where)) if index.where else "")
        for at, index in enumerate(relation.indexes)
    )
    exclusions = tuple(
        replace(one, where=(given.get(("exclusion", at)) or rewrite(one.where)) if one.where else "")
        for at, one in enumerate(relation.exclusions)
    )
    return replace(relation, checks=checks, indexes=indexes, exclusions=exclusions)


def renamed_relation(schema: Schema, name: str, to: str, spellings: Iterable[Spelling]) -> Schema:
    """The schema with a relation called otherwise."""
    whole = schema[name]
    if to in schema and to != name:
        raise DesignError(f"there is a relation called {to!r} already — choose another name")
    for one in (name, to):
        refuse_while_used(schema.definitions, one)

    def follow(relation: Relation) -> Relation:
        if relation.name == name:
            relation = replace(
                spelled(whole, spellings, lambda text: renamed(text, whole.names, {}, name, to)), name=to
            )
        if not refers(relation, name):
            return relation
        return replace(
            relation,
            foreign_keys=tuple(
                replace(foreign_key, relation=to) if foreign_key.relation == name else foreign_key
                for foreign_key in relation.foreign_keys
            ),
        )

    return replace(schema, relations=tuple(map(follow, schema)))


def renamed_attribute(schema: Schema, relation: Relation, name: str, to: str, spellings: Iterable[Spelling]) -> Schema:
    """The schema with an attribute called otherwise."""
    relation[name]
    if to in relation.names and to != name:
        raise DesignError(f"{relation.name!r} has an attribute called {to!r} already — choose another name")
    for one in (name, to):
        refuse_while_used(schema.definitions, relation.name, one)

    def other(one: str) -> str:
        return to if one == name else one

    def follow(one: Relation) -> Relation:
        if one.name == relation.name:
            now = spelled(one, spellings, lambda text: renamed(text, one.names, {name: to}, one.name))
            one = with_names(now, other)
        if not refers(one, relation.name):
            return one
        return replace(
            one,
            foreign_keys=tuple(
                replace(key, referenced=tuple(map(other, key.referenced))) if key.relation == relation.name else key
                for key in one.foreign_keys
            ),
        )

    return replace(schema, relations=tuple(map(follow, schema)))


def split_into(
    schema: Schema,
    name: str,
    into: tuple[Relation, ...],
    at: tuple[int, ...],
    references: Iterable[tuple[str, int, str]],
) -> Schema:
    """The schema with a relation taken apart."""
    whole = schema[name]
    refuse_while_used(schema.definitions, name)
    for part in into:
        refuse_new_domains(schema, part.attributes)
    if not into:
        raise DesignError("no part is given")
    refuse_taken(into, [relation.name for relation in schema if relation != whole])
    held = {name for part in into for name in part.names}
    for missing in [one for one in whole.names if one not in held]:
        raise DesignError(f"no part holds the attribute {missing!r} — add it to one")
    for part in into:
        for held_name in part.names:
            whole[held_name]
    if at and len(at) != len(into):
        raise DesignError(f"{len(into)} parts have {len(at)} places")
    given = {(relation, place): part for relation, place, part in references}

    def redirected(relation: Relation) -> Relation:
        if not refers(relation, whole.name):
            return relation
        return replace(
            relation,
            foreign_keys=tuple(
                replace(key, relation=given.get((relation.name, at)) or part_for(relation, key, into))
                if key.relation == whole.name
                else key
                for at, key in enumerate(relation.foreign_keys)
            ),
        )

    first = schema.names.index(whole.name)
    result = tuple(redirected(relation) for relation in schema if relation != whole)
    places = at or tuple(range(first, first + len(into)))
    for place, part in sorted(zip(places, into, strict=True), key=lambda pair: pair[0]):
        result = placed(result, part, place)
    return replace(schema, relations=result)


def refuse_taken(parts: Sequence[Relation], others: Sequence[str]) -> None:
    """Refuse names that two relations would have."""
    names = [part.name for part in parts]
    for name in names:
        if name in others or names.count(name) > 1:
            raise DesignError(f"two relations would be called {name!r} — choose another name")


def part_for(relation: Relation, foreign_key: ForeignKey, parts: Sequence[Relation]) -> str:
    """The part that a reference to the whole means now: one with those attributes as key, best of the whole's name."""
    wanted = set(foreign_key.referenced)
    fitting = [part for part in parts if any(set(key.attributes) == wanted for key in part.keys)]
    fitting.sort(key=lambda part: part.name != foreign_key.relation)
    if not fitting:
        raise DesignError(
            f"{reference_said(relation.name, foreign_key)} would refer to nothing: no part has {tupled(sorted(wanted))} as key"
        )
    return fitting[0].name


def merged_into(schema: Schema, names: tuple[str, ...], into: Relation, at: int | None) -> Schema:
    """The schema with relations put together."""
    parts = [schema[name] for name in names]
    if not parts or len(set(names)) < len(names):
        raise DesignError("name each relation to merge once")
    for name in names:
        refuse_while_used(schema.definitions, name)
    refuse_new_domains(schema, into.attributes)
    others = tuple(relation for relation in schema if relation.name not in names)
    refuse_taken([into], [relation.name for relation in others])
    held = {name for part in parts for name in part.names}
    for name in sorted(held - set(into.names)):
        raise DesignError(f"{into.name!r} would lose the attribute {name!r} — add it")
    for name in into.names:
        if name not in held:
            raise DesignError(f"none of {listed(names)} has the attribute {name!r} — add it afterwards")

    def redirected(relation: Relation) -> Relation:
        if not any(key.relation in names for key in relation.foreign_keys):
            return relation
        return replace(
            relation,
            foreign_keys=tuple(
                replace(key, relation=into.name) if key.relation in names else key for key in relation.foreign_keys
            ),
        )

    first = min(schema.names.index(name) for name in names) if at is None else at
    return replace(schema, relations=placed(tuple(map(redirected, others)), into, first))

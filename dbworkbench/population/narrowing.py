"""Designs as they are populated where rows for the whole of what they allow were not found: narrower, and no less right."""

from collections.abc import Iterator
from dataclasses import replace

from dbworkbench.data.tables import quoted
from dbworkbench.errors import DesignError
from dbworkbench.schema.attribute import Generated
from dbworkbench.schema.condition import renamed, spoken_of
from dbworkbench.schema.relation import Check, ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.dependencies import FD

__all__ = ["narrowings"]


def narrowings(schema: Schema) -> Iterator[Schema]:
    """Schemas whose rows are rows of this one, in which rows may be found although none were found for the whole."""
    upward = _handed_up(schema)
    own = _to_themselves(schema)
    if upward != schema:
        yield upward
    if own != schema:
        yield own
    if schema not in (upward, own):
        yield _to_themselves(upward)


def _handed_up(schema: Schema) -> Schema:
    r"""What checks ask of a referring attribute alone is asked of the one that it refers to, and so on upwards.

    >>> from dbworkbench.schema.notation import schema
    >>> found = _handed_up(schema("a(*day: date)\nb(*day: date -> a check (day >= '2024-01-01'))"))
    >>> [check.expression for check in found["a"].checks]
    ["day >= '2024-01-01'"]
    """
    found = {relation.name: relation for relation in schema}
    for _ in schema:
        before = dict(found)
        for relation in before.values():
            for check in relation.checks:
                spoken = spoken_of(check.expression, relation.names, relation.name)
                for key in relation.foreign_keys if len(spoken) == 1 and not relation[spoken[0]].generated else ():
                    if spoken[0] in key.attributes:
                        target = found[key.relation]
                        found[key.relation] = _asked(target, relation, check, (spoken[0], key))
        if found == before:
            break
    return replace(schema, relations=tuple(found[relation.name] for relation in schema))


def _asked(target: Relation, relation: Relation, check: Check, by: tuple[str, ForeignKey]) -> Relation:
    """The relation referred to with a check of the referring one, about the attribute that it refers to."""
    name, key = by
    there = key.referenced[key.attributes.index(name)]
    if target[there].generated:
        return target
    try:
        said = renamed(check.expression, relation.names, {name: there}, relation.name, target.name)
    except DesignError:
        return target
    known = {one.expression for one in target.checks}
    return target if said in known else replace(target, checks=(*target.checks, Check(said)))


def _to_themselves(schema: Schema) -> Schema:
    """Rows that refer to a row of their own relation refer to themselves, where nothing but dependencies hangs on that."""
    return replace(schema, relations=tuple(map(_itself, schema)))


def _itself(relation: Relation) -> Relation:
    for key in relation.foreign_keys:
        if key.relation != relation.name or key.attributes == key.referenced or not _alone(relation, key):
            continue
        same = dict(zip(key.attributes, key.referenced, strict=True))
        attributes = tuple(
            replace(one, generated=Generated(quoted(same[one.name])), default=None, identity=None)
            if one.name in same
            else one
            for one in relation.attributes
        )
        told = []
        for one in relation.dependencies:
            if not isinstance(one, FD):
                return relation
            determinant, dependent = (
                frozenset(same.get(name, name) for name in side) for side in (one.determinant, one.dependent)
            )
            if dependent - determinant:
                told.append(FD(determinant, dependent - determinant))
        rest = tuple(other for other in relation.foreign_keys if other != key)
        relation = replace(relation, attributes=attributes, foreign_keys=rest, dependencies=frozenset(told))
    return relation


def _alone(relation: Relation, key: ForeignKey) -> bool:
    """Whether the attributes of a reference are in no other rule than dependencies, and those that it goes to are plain."""
    taken = {name for one in relation.keys for name in one.attributes}
    taken |= {name for one in relation.foreign_keys if one != key for name in one.attributes}
    taken |= {name for index in relation.indexes if index.unique for part in index.parts for name in (part.attribute,)}
    plain = not any(relation[name].generated for name in (*key.attributes, *key.referenced))
    same = all(
        relation[here].type == relation[there].type for here, there in zip(key.attributes, key.referenced, strict=True)
    )
    return plain and same and taken.isdisjoint(key.attributes) and set(key.attributes).isdisjoint(key.referenced)

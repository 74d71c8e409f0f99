"""Designs as they are populated where rows for the whole of what they allow were not found: narrower, and no less right."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from dbworkbench.data.tables import quoted
from dbworkbench.errors import DesignError
from dbworkbench.population.computing import sides_of
from dbworkbench.schema.attribute import Generated
from dbworkbench.schema.condition import renamed, spoken_of
from dbworkbench.schema.relation import Check, ForeignKey, Index, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.dependencies import FD, Dependency

__all__ = ["narrowings"]


def narrowings(schema: Schema) -> Iterator[Schema]:
    """Schemas whose rows are rows of this one, in which rows may be found although none were found for the whole."""
    seen = [schema]
    for narrower in (_handed_up, _to_themselves, _equal):
        for other in [narrower(one) for one in seen]:
            if other not in seen:
                seen.append(other)
                yield other


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
        if key.relation == relation.name and key.attributes != key.referenced and _alone(relation, key):
            rest = tuple(other for other in relation.foreign_keys if other != key)
            same = dict(zip(key.attributes, key.referenced, strict=True))
            relation = _copying(replace(relation, foreign_keys=rest), same) or relation
    return relation


def _equal(schema: Schema) -> Schema:
    """Where a check says that two attributes are equal, one is a copy of the other, and stands for it in the rules.

    >>> from dbworkbench.schema.notation import schema
    >>> found = _equal(schema("r(*a: integer, *b: integer, check (a = b))"))
    >>> [key.attributes for key in found["r"].keys], found["r"]["b"].generated.expression
    ([('a',)], '"a"')
    """
    referred = {(key.relation, name) for relation in schema for key in relation.foreign_keys for name in key.referenced}
    found: list[Relation] = []
    for relation in schema:
        changed = relation
        for check in relation.checks:
            pair = spoken_of(check.expression, relation.names, relation.name)
            sides = sides_of(check.expression)
            if sides is None or len(pair) != 2 or {side.strip(' "') for side in sides} != set(pair):
                continue
            kept, copy = pair if (relation.name, pair[1]) not in referred else pair[::-1]
            one, other = changed[kept], changed[copy]
            within = any({kept, copy} <= set(key.attributes) for key in relation.foreign_keys)
            taken = one.generated or other.generated or within or (relation.name, copy) in referred
            if not taken and one.type == other.type and one.nullable == other.nullable:
                rest = tuple(each for each in changed.checks if each != check)
                changed = _copying(replace(changed, checks=rest), {copy: kept}) or changed
        found.append(changed)
    return replace(schema, relations=tuple(found))


def _copying(relation: Relation, same: dict[str, str]) -> Relation | None:
    """The relation with attributes that are copies of others, which stand for them in keys, references and dependencies.

    None where there are dependencies of other kinds than functional ones.
    """

    def said(names: Collection[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(same.get(name, name) for name in names))

    attributes = tuple(
        replace(one, generated=Generated(quoted(same[one.name])), default=None, identity=None)
        if one.name in same
        else one
        for one in relation.attributes
    )
    told: set[Dependency] = set()
    for one in relation.dependencies:
        if not isinstance(one, FD):
            return None
        determinant, dependent = frozenset(said(one.determinant)), frozenset(said(one.dependent))
        if dependent - determinant:
            told.add(FD(determinant, dependent - determinant))
    return replace(
        relation,
        attributes=attributes,
        keys=tuple(dict.fromkeys(replace(key, attributes=said(key.attributes)) for key in relation.keys)),
        foreign_keys=tuple(replace(key, attributes=said(key.attributes)) for key in relation.foreign_keys),
        indexes=tuple(
            Index(said(index.attributes), unique=True) if index.is_key else index for index in relation.indexes
        ),
        dependencies=frozenset(told),
    )


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

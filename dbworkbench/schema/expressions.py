"""Where the names of attributes stand in a relation: in its rules and paths by name, and within SQL."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from dbworkbench.schema.index import Index, Part
from dbworkbench.schema.partitioning import Partitioning
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.rules import Exclusion
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency

__all__ = ["computed", "conditions", "expressions", "recomputed", "with_names", "with_parts"]

On = TypeVar("On", Index, Exclusion, Partitioning)


def conditions(relation: Relation) -> tuple[str, ...]:
    """Those that rows meet: of the checks, and of the indexes and exclusions that are partial."""
    partial = [*(one.where for one in relation.indexes), *(one.where for one in relation.exclusions)]
    return (*(check.expression for check in relation.checks), *filter(None, partial))


def expressions(relation: Relation) -> tuple[str, ...]:
    """Every SQL text over the relation's attributes: its conditions, and what is computed."""
    return (*conditions(relation), *computed(relation))


def computed(relation: Relation) -> tuple[str, ...]:
    """The SQL of generated attributes and of the parts of indexes, exclusions and the partitioning, in this order."""
    laid = (relation.partitioning,) if relation.partitioning else ()
    filled = (one.generated.expression for one in relation.attributes if one.generated)
    parts = (part for one in (*relation.indexes, *relation.exclusions, *laid) for part in one.parts)
    return (*filled, *(part.expression for part in parts if part.expression))


def recomputed(relation: Relation, rewrite: Callable[[str], str]) -> Relation:
    """The relation with each text of `computed` rewritten, in the same order."""

    def part(one: Part) -> Part:
        return replace(one, expression=rewrite(one.expression)) if one.expression else one

    attributes = tuple(
        replace(one, generated=replace(one.generated, expression=rewrite(one.generated.expression)))
        if one.generated
        else one
        for one in relation.attributes
    )
    return replace(with_parts(relation, part), attributes=attributes)


def with_parts(relation: Relation, edit: Callable[[Part], Part]) -> Relation:
    """The relation with each part of its indexes, exclusions and partitioning edited."""
    return replace(
        relation,
        indexes=tuple(_edited(index, edit) for index in relation.indexes),
        exclusions=tuple(_edited(exclusion, edit) for exclusion in relation.exclusions),
        partitioning=_edited(relation.partitioning, edit) if relation.partitioning else None,
    )


def _edited(one: On, edit: Callable[[Part], Part]) -> On:
    return replace(one, on=tuple(edit(part) for part in one.parts))


def with_names(relation: Relation, other: Callable[[str], str]) -> Relation:
    """The relation with its attributes called otherwise, wherever it names them but in SQL.

    What its own foreign keys refer to is left as it is.
    """

    def many(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(map(other, names))

    def part(one: Part) -> Part:
        return replace(one, attribute=other(one.attribute)) if one.attribute else one

    return replace(
        relation,
        attributes=tuple(replace(one, name=other(one.name)) for one in relation.attributes),
        keys=tuple(replace(key, attributes=many(key.attributes)) for key in relation.keys),
        foreign_keys=tuple(replace(one, attributes=many(one.attributes)) for one in relation.foreign_keys),
        indexes=tuple(one.renamed(other) for one in relation.indexes),
        exclusions=tuple(_edited(one, part) for one in relation.exclusions),
        partitioning=_edited(relation.partitioning, part) if relation.partitioning else None,
        dependencies=frozenset(_renamed(one, many) for one in relation.dependencies),
    )


def _renamed(dependency: Dependency, many: Callable[[Iterable[str]], tuple[str, ...]]) -> Dependency:
    match dependency:
        case FD(determinant, dependent):
            return FD(frozenset(many(determinant)), frozenset(many(dependent)))
        case MVD(determinant, dependent):
            return MVD(frozenset(many(determinant)), frozenset(many(dependent)))
        case JD(components):
            return JD(frozenset(frozenset(many(component)) for component in components))

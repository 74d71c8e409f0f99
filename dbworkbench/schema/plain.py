"""The plain part of a design: what attributes, keys, references, checks and indexes on attributes say, and what more there was.

For tools and notations that know no more than that: what is left out is told as losses.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from dbworkbench.schema.condition import about
from dbworkbench.schema.index import Index
from dbworkbench.schema.loss import Loss, Read
from dbworkbench.schema.relation import Attribute, Check, Domain, ForeignKey, Key, Relation
from dbworkbench.schema.rules import UNENFORCED
from dbworkbench.schema.schema import Schema

__all__ = ["given", "plain", "without_domains"]


def _no_domain(domain: Domain) -> bool:
    del domain
    return False


def without_domains(relation: Relation, but: Callable[[Domain], bool] = _no_domain) -> Relation:
    r"""The relation with what its domains ask said by itself: defaults, conditions, and what is never unknown; `but` stay.

    >>> from dbworkbench.schema.notation import relation, to_text
    >>> print(to_text(without_domains(relation("domain d: integer = 1 check (value > 0)\nr(a: d)"))), end="")
    r(a: integer = 1)
        check (a > 0)
    """
    if all(attribute.domain is None or but(attribute.domain) for attribute in relation.attributes):
        return relation
    attributes: list[Attribute] = []
    checks = list(relation.checks)
    for attribute in relation.attributes:
        domain = attribute.domain
        if domain is None or but(domain):
            attributes.append(attribute)
            continue
        filled = attribute.default is not None or attribute.generated or attribute.identity
        attributes.append(
            replace(
                attribute,
                nullable=attribute.nullable and domain.nullable,
                default=attribute.default if filled else domain.default,
                domain=None,
            )
        )
        checks += [
            replace(check, expression=about(check.expression, attribute.name), name="") for check in domain.checks
        ]
    return replace(relation, attributes=tuple(attributes), checks=tuple(dict.fromkeys(checks)))


def plain(schema: Schema) -> Read:
    r"""The plain part of a schema. What can be said plainly is: a domain's conditions are those of its attributes then.

    >>> from dbworkbench.schema.notation import schema
    >>> print(*plain(schema("r(*a: integer, b: text as (a || '!'))\n index (b desc)")).losses, sep="\n")
    r.b: computed as a || '!' — an attribute like any other
    r: index on b desc — written without the order
    """
    losses = [
        Loss(f"{relation.name}.{one.name}", f"the domain {one.domain.name}", "what it asks is said by the relation")
        for relation in schema
        for one in relation.attributes
        if one.domain
    ]
    used = {one.domain for relation in schema for one in relation.attributes}
    losses += [
        Loss(one.name, "a domain that no attribute has", "left out") for one in schema.domains if one not in used
    ]
    losses += [
        Loss(one.name or "the schema", f"the {one.kind}, kept as text", "left out") for one in schema.definitions
    ]
    relations = []
    for relation in schema:
        found, lost = _plain(without_domains(relation))
        relations.append(found)
        losses += lost
    return Read(replace(schema, relations=tuple(relations), domains=(), definitions=()), tuple(losses))


def given(schema: Schema) -> Read:
    """The schema for rows of which every value is given: nothing is computed or numbered, and all lie in one table."""
    losses: list[Loss] = []
    relations = []
    for relation in schema:
        losses += [
            Loss(f"{relation.name}.{one.name}", "a value that is computed", "stored as it is given")
            for one in relation.attributes
            if one.generated
        ]
        if relation.partitioning:
            losses.append(Loss(relation.name, "partitioning", "measured as one table"))
        relations.append(
            replace(
                without_domains(relation),
                attributes=tuple(
                    replace(one, generated=None, identity=None) for one in without_domains(relation).attributes
                ),
                partitioning=None,
            )
        )
    return Read(replace(schema, relations=tuple(relations), domains=(), definitions=()), tuple(losses))


def _plain(relation: Relation) -> tuple[Relation, list[Loss]]:
    name = relation.name
    losses = list(_filled(relation))
    indexes: list[Index] = []
    for index in relation.indexes:
        found, lost = _plain_index(index)
        losses += [Loss(name, str(index), lost)] if lost else []
        indexes += [found] if found else []
    for exclusion in relation.exclusions:
        losses.append(Loss(name, f"the exclusion of {', '.join(map(str, exclusion.parts))}", "left out"))
    if relation.partitioning:
        losses.append(Loss(name, f"partitioning by {', '.join(map(str, relation.partitioning.parts))}", "left out"))
    rules: list[Key | ForeignKey] = [*relation.keys, *relation.foreign_keys]
    for rule in rules:
        what = f"the {'key' if isinstance(rule, Key) else 'foreign key'} ({', '.join(rule.attributes)})"
        if rule.deferrable:
            losses.append(Loss(f"{name}: {what}", "it can be put off", "looked at once"))
        if isinstance(rule, Key) and not rule.nulls_distinct:
            losses.append(Loss(f"{name}: {what}", "unknown values are equal", "unknown values differ"))
        if isinstance(rule, ForeignKey) and rule.match_full:
            losses.append(
                Loss(f"{name}: {what}", "all attributes are unknown or none", "one unknown refers to nothing")
            )
    switched: list[ForeignKey | Check] = [*relation.foreign_keys, *relation.checks]
    for one in switched:
        if one.enforced != "always":
            what = (
                f"the check {one.expression}"
                if isinstance(one, Check)
                else f"the foreign key ({', '.join(one.attributes)})"
            )
            losses.append(Loss(f"{name}: {what}", UNENFORCED[one.enforced], "asked of every row"))
    bare = replace(
        relation,
        attributes=tuple(
            replace(one, generated=None, identity=None, collation="", declared=None) for one in relation.attributes
        ),
        keys=tuple(Key(key.attributes, key.name) for key in relation.keys),
        foreign_keys=tuple(
            replace(one, deferrable="", match_full=False, enforced="always") for one in relation.foreign_keys
        ),
        checks=tuple(replace(one, enforced="always") for one in relation.checks),
        indexes=tuple(dict.fromkeys(indexes)),
        exclusions=(),
        partitioning=None,
    )
    return bare, losses


def _filled(relation: Relation) -> Iterator[Loss]:
    for one in relation.attributes:
        what = f"{relation.name}.{one.name}"
        if one.generated:
            yield Loss(what, f"computed as {one.generated.expression}", "an attribute like any other")
        if one.identity:
            yield Loss(what, "a running number", "an attribute like any other")
        if one.collation:
            yield Loss(what, f"the collation {one.collation}", "the engine's own")
        if one.declared:
            yield Loss(what, f"declared {one.declared.text} in {one.declared.dialect}", "its type alone")


def _plain_index(index: Index) -> tuple[Index | None, str]:
    """The index by attributes alone, and what of it that leaves out."""
    whole = all(part.is_whole for part in index.parts)
    if not whole and (index.unique or not index.attributes):
        return None, "left out"
    if any(part.expression for part in index.parts):
        return None, "left out"
    found = Index(index.attributes, index.unique, index.where, index.name)
    lost = [
        *(["the lengths"] if not whole else []),
        *(["the order"] if any(part.descending or part.nulls for part in index.parts) else []),
        *(["the operators"] if any(part.operators or part.collation for part in index.parts) else []),
        *([f"the method {index.method}"] if index.method else []),
        *(["what it includes"] if index.include else []),
        *([] if index.nulls_distinct else ["unknown values being equal"]),
    ]
    return found, f"written without {', '.join(lost)}" if lost else ""

"""Attributes that are computed from others, and rules that are first said in simpler ones before rows are made."""

import re
from dataclasses import replace

from dbworkbench.data.tables import quoted
from dbworkbench.errors import Unsupported, listed
from dbworkbench.population.conditions import Limits, conditions
from dbworkbench.schema.attribute import Generated
from dbworkbench.schema.condition import spoken_of
from dbworkbench.schema.plain import without_domains
from dbworkbench.schema.relation import Check, Index, Part, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.dependencies import FD

_SIGN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|<=|>=|<>|!=|==|[=<>()]|--|\w+""")
_JOINING = {"and", "or", "not", "is", "in", "like", "between", "case", "<", ">", "<=", ">=", "<>", "!=", "==", "--"}

__all__ = ["computed", "fillable", "looked_at", "refuse_where_it_decides", "sides_of", "sorted_by"]


def fillable(schema: Schema) -> Schema:
    """The schema whose rows are made: domains' rules are said by their attributes, exclusions by equality as unique indexes.

    Raises Unsupported for exclusions by other operators, and for computed attributes that tell rows apart or refer.
    """
    return replace(schema, relations=tuple(map(_fillable, schema)), domains=())


def _fillable(relation: Relation) -> Relation:
    found = without_domains(relation)
    excluded = []
    for exclusion in found.exclusions:
        if set(exclusion.operators) != {"="}:
            raise Unsupported(
                f"{found.name!r} excludes rows by {listed(list(exclusion.operators))}: rows are only made that differ — "
                "drop the exclusion first"
            )
        excluded.append(Index(exclusion.on, unique=True, where=exclusion.where))
    indexes = tuple(_of_known(found, index) for index in (*found.indexes, *excluded))
    implied = [_implied(found, index) for index in indexes if index.unique and not index.is_key and not index.where]
    found = replace(found, indexes=tuple(dict.fromkeys((*indexes, *filter(None, implied)))), exclusions=())
    for name in computed(found):
        refuse_where_it_decides(found, name)
    for check in found.checks:
        found = _equated(found, check)
    return _told_apart(found)


def _told_apart(relation: Relation) -> Relation:
    """The relation with what computes an attribute as a dependency, where no key says which of them tell rows apart."""
    if relation.keys or not relation.dependencies:
        return relation
    used = {name: spoken_of(text, relation.names, relation.name) for name, text in computed(relation).items()}
    found = {FD(frozenset(names), frozenset({name})) for name, names in used.items() if names}
    return replace(relation, dependencies=relation.dependencies | found)


def _equated(relation: Relation, check: Check) -> Relation:
    """The relation with an attribute computed that a check says to be equal to what others make, as total = price * qty.

    Unchanged where the check says more than that, and where the attribute stands in a rule.
    """
    sides = sides_of(check.expression)
    for side, other in (sides, sides[::-1]) if sides else ():
        name = next((one for one in relation.names if side.strip() in {one, quoted(one)}), None)
        used = spoken_of(other, relation.names, relation.name)
        if name is None or not used or name in used or relation[name].generated:
            continue
        made = tuple(
            replace(one, generated=Generated(other), default=None, identity=None) if one.name == name else one
            for one in relation.attributes
        )
        found = replace(relation, attributes=made)
        try:
            for one in computed(found):
                refuse_where_it_decides(found, one)
        except Unsupported:
            continue
        return found
    return relation


def sides_of(expression: str) -> tuple[str, str] | None:
    """The two sides of a condition that is one equation.

    >>> sides_of("total = price * qty"), sides_of("a = b or c = d"), sides_of("f(a = b)")
    (('total ', ' price * qty'), None, None)
    """
    depth, at = 0, []
    for met in _SIGN.finditer(expression):
        said = met[0].lower()
        depth += (said == "(") - (said == ")")
        if said == "=" and not depth:
            at.append(met.start())
        elif said in _JOINING and not depth:
            return None
    return (expression[: at[0]], expression[at[0] + 1 :]) if len(at) == 1 else None


def _of_known(relation: Relation, index: Index) -> Index:
    """A unique index without its condition where that only says that what it sorts is known: other rows do not meet anyway."""
    if not (index.unique and index.where):
        return index
    found = conditions(replace(relation, checks=(Check(index.where),)))
    said = {name for name, limits in found.limits.items() if replace(limits, because=()) == Limits(known=True)}
    whole = not found.others and not found.orders and said == found.limits.keys()
    return replace(index, where="") if whole and said <= set(index.attributes) else index


def _implied(relation: Relation, index: Index) -> Index | None:
    """The key that unique values of expressions imply: what they are computed from differs, too."""
    names: dict[str, None] = {}
    for part in index.parts:
        names |= dict.fromkeys(
            (part.attribute,) if part.attribute else spoken_of(part.expression, relation.names, relation.name)
        )
    return Index(tuple(names), unique=True) if names and not any(relation[name].generated for name in names) else None


def refuse_where_it_decides(relation: Relation, name: str) -> None:
    """Raise Unsupported where a computed attribute stands in a rule that its rows could not be made for."""
    generated = relation[name].generated
    used = spoken_of(generated.expression, relation.names, relation.name) if generated else ()
    others = [other for other in used if relation[other].generated]
    rules = [*(key.attributes for key in relation.keys), *(key.attributes for key in relation.foreign_keys)]
    rules += [index.attributes for index in relation.indexes if index.unique]
    for dependency in relation.dependencies:
        follows = isinstance(dependency, FD) and set(used) <= relation.closure(dependency.determinant)
        if not (follows and isinstance(dependency, FD) and name not in dependency.determinant):
            rules.append(tuple(dependency.attributes))
    if others or any(name in rule for rule in rules):
        what = (
            f"is computed from {others[0]!r}, which is computed itself"
            if others
            else "is computed, and stands in a rule"
        )
        raise Unsupported(f"{relation.name}.{name} {what}: no rows are made for that — make it a plain attribute first")


def computed(relation: Relation) -> dict[str, str]:
    """The expressions of the computed attributes, by name."""
    return {one.name: one.generated.expression for one in relation.attributes if one.generated}


def looked_at(relation: Relation) -> tuple[Check, ...]:
    """The checks that rows are looked at for, since they speak of what is computed; it may have to be known, too."""
    made = computed(relation)
    if not made:
        return ()
    spoken = [
        check
        for check in relation.checks
        if not made.keys().isdisjoint(spoken_of(check.expression, relation.names, relation.name))
    ]
    certain = [Check(f"{quoted(name)} IS NOT NULL") for name in made if not relation[name].nullable]
    return (*spoken, *certain)


def sorted_by(part: Part) -> str:
    """What an index sorts by, as SQL over the relation's attributes."""
    if part.expression:
        return f"({part.expression})"
    return f"{quoted(part.attribute)}[1:{part.length}]" if part.length else quoted(part.attribute)  # of bytes, too

"""The foreign keys of a schema, as far as one database has them, and the order of tables that they ask for."""

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from dbworkbench.errors import DesignError, listed
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.types import Enumeration, Native, Text, Type, Unknown
from dbworkbench.sql.dialect import ACTIONS, Feature, Rare
from dbworkbench.sql.planned import Planned, Planning, TablePlan, refers

__all__ = ["references"]


def references(planning: Planning) -> Iterator[tuple[TablePlan, ...]]:
    """The tables in the order in which they can be created, cycles together, with the references they can have."""
    lacks = planning.dialect.lacks
    for group in planning.schema.in_reference_order():
        names = {relation.name for relation in group}
        created: set[str] = set()
        order = tuple(planning.tables[name] for name in _fewest_forward(group))
        for table in order:
            relation = table.relation
            created.add(relation.name)
            table.cycle = frozenset(names - {relation.name})
            for wanted in relation.foreign_keys:
                reference = _fitted(planning, relation, wanted)
                if reference is None:
                    continue
                ahead = wanted.relation in names - created
                if not ahead or Feature.FORWARD_REFERENCE not in lacks:
                    table.inside.append(Planned(reference, what=refers(relation, wanted)))
                elif Feature.ADDED_REFERENCE not in lacks:
                    table.after.append(Planned(reference, what=refers(relation, wanted)))
                else:
                    planning.lose(
                        refers(relation, wanted), f"{planning.dialect.title} cannot create a cycle of references"
                    )
        yield order


def _fitted(planning: Planning, relation: Relation, wanted: ForeignKey) -> ForeignKey | None:
    """The foreign key in the order of the key that it refers to, with the actions that can be had."""
    target, what = planning.tables[wanted.relation], refers(relation, wanted)
    if Feature.REFERENCE in planning.dialect.lacks:
        planning.lose(what, Feature.REFERENCE.value)
        return None
    if planning.dialect.unreferable and re.fullmatch(planning.dialect.unreferable, planning.names[(wanted.relation,)]):
        planning.lose(what, f"{planning.dialect.title} refers to no relation called so")
        return None
    kept = planning.enforced("foreign key", what, wanted)
    if kept is None:
        return None
    key = next((k.rule for k in target.keys if set(k.rule.attributes) == set(wanted.referenced)), None)
    if key is None:
        planning.lose(what, "the key that it refers to is not written")
        return None
    if key.deferrable:
        planning.lose(what, "the key that it refers to is looked at when the transaction ends")
        return None
    ours = dict(zip(wanted.referenced, wanted.attributes, strict=True))
    for there, here in ours.items():
        texts = planning.tables[relation.name].types[here].text, target.types[there].text
        named = {one.domain for one in (relation[here], target.relation[there]) if one.domain}
        listed_apart = texts[0] != texts[1] and any(isinstance(one.type, Enumeration) for one in named)
        if listed_apart or not _comparable(planning, *texts, relation[here].type, target.relation[there].type):
            planning.lose(what, f"the types differ: {texts[0]} and {texts[1]}")
            return None
    if Feature.REFERENCES_ENFORCED in planning.dialect.lacks:
        planning.lose(what, Feature.REFERENCES_ENFORCED.value, "written as a hint")
    deferrable, full = wanted.deferrable, wanted.match_full
    if deferrable and Rare.DEFERRABLE_REFERENCE not in planning.dialect.has:
        planning.lose(what, Rare.DEFERRABLE_REFERENCE.value, "looked at once")
        deferrable = ""
    if full and Rare.MATCH_FULL not in planning.dialect.has:
        if len(ours) > 1:
            planning.lose(what, Rare.MATCH_FULL.value, "one that is unknown refers to nothing")
        full = False
    on_delete, on_update = (_action(planning, relation, wanted, when) for when in ("delete", "update"))
    if Feature.CASCADING_PATHS in planning.dialect.lacks and {on_delete, on_update} - {"", "no action"}:
        paths = _second_path(planning.cascades, wanted.relation, relation.name)
        if paths:
            for when, action in (("delete", on_delete), ("update", on_update)):
                if action not in {"", "no action"}:
                    said = f"on {when} {action}, {Feature.CASCADING_PATHS.value}: {paths}"
                    planning.lose(what, said, "such a change is refused")
            on_delete = on_update = ""
        else:
            planning.cascades.setdefault(wanted.relation, []).append(relation.name)
    return ForeignKey(
        tuple(ours[name] for name in key.attributes),
        wanted.relation,
        key.attributes,
        on_delete,
        on_update,
        wanted.name,
        deferrable,
        full,
        kept.enforced,
    )


def _second_path(cascades: Mapping[str, list[str]], parent: str, child: str) -> str:
    """The two paths between some two relations that an action from `parent` to `child` would make; "" where it makes none.

    `cascades` has one path at most between any two. Linear in it for each relation above `parent`.
    """
    below = _paths(cascades, child)
    for above in [one for one in cascades if one != parent and parent in _paths(cascades, one)] + [parent]:
        known = _paths(cascades, above)
        if again := next((one for one in below if one in known), None):
            made = (*known.get(parent, (parent,)), *below[again])
            return f"{' → '.join(known[again])} and {' → '.join(made)}"
    return ""


def _paths(cascades: Mapping[str, list[str]], first: str) -> dict[str, tuple[str, ...]]:
    """The path from one relation to each that is changed with it, itself among them."""
    found: dict[str, tuple[str, ...]] = {first: (first,)}
    waiting = [first]
    while waiting:
        here = waiting.pop()
        for there in cascades.get(here, ()):
            if there not in found:
                found[there] = (*found[here], there)
                waiting.append(there)
    return found


_TEXT = re.compile(r"(?:VAR)?CHAR2?\(\d+(?: CHAR)?\)")


def _comparable(planning: Planning, here: str, there: str, ours: Type, theirs: Type) -> bool:
    if here == there or Feature.ANY_REFERENCE not in planning.dialect.lacks:
        return True
    if planning.dialect.max_key_bytes and _TEXT.fullmatch(here) and _TEXT.fullmatch(there):
        return True  # each was narrowed for the room of its own keys, which is no other type
    return Feature.KIN_REFERENCE not in planning.dialect.lacks and _kin(ours) is _kin(theirs) is not None


def _action(planning: Planning, relation: Relation, key: ForeignKey, when: Literal["delete", "update"]) -> str:
    """What the engine is told to do with the rows that refer to one that is deleted or updated; "" for its usual."""
    dialect = planning.dialect
    said, can = (key.on_delete, dialect.on_delete) if when == "delete" else (key.on_update, dialect.on_update)
    action, what = " ".join(said.casefold().split()), refers(relation, key)
    if action and action not in ACTIONS:
        raise DesignError(f"{what} says {said!r} on {when} — say one of {listed(sorted(ACTIONS))}")
    back = key.relation == relation.name or key.relation in planning.tables[relation.name].cycle
    changes = action in {"set null", "set default"} or (action == "cascade" and when == "update")
    if action in can and changes and Feature.CHECKED_CASCADE in dialect.lacks:
        names = [dialect.quoted(planning.names[relation.name, name]) for name in key.attributes]
        checks = planning.tables[relation.name].checks
        if any(name in check.rule.expression for name in names for check in checks):
            planning.lose(what, f"on {when} {action}, {Feature.CHECKED_CASCADE.value}", "such a change is refused")
            return ""
    if action == "cascade" and when == "update" and Feature.CASCADED_NULL in dialect.lacks:
        target = planning.tables[key.relation].relation
        pairs = zip(key.attributes, key.referenced, strict=True)
        if any(target[there].nullable and not relation[here].nullable for here, there in pairs):
            planning.lose(what, f"on {when} {action}, {Feature.CASCADED_NULL.value}", "such a change is refused")
            return ""
    if action in can and back and Feature.CASCADING_CYCLE in dialect.lacks and action != "no action":
        planning.lose(what, f"on {when} {action}, {Feature.CASCADING_CYCLE.value}", "such a change is refused")
    elif action in can:
        certain = [name for name in key.attributes if not relation[name].nullable]
        if action != "set null" or not certain:
            return action
        planning.lose(what, f"on {when} set null over {listed(certain)}, never NULL", "such a change is refused")
    elif action not in {"", "restrict", "no action"}:
        planning.lose(what, f"on {when} {action}", "written without: such a change is refused")
    return ""


def _fewest_forward(group: tuple[Relation, ...]) -> Iterator[str]:
    """The relations of a cycle, next always the one with the fewest references to those still to come."""
    waiting = {relation.name: relation for relation in group}
    while waiting:
        ahead = {
            name: sum(key.relation in waiting and key.relation != name for key in relation.foreign_keys)
            for name, relation in waiting.items()
        }
        first = min(ahead, key=ahead.__getitem__)
        del waiting[first]
        yield first


def _kin(kind: Type) -> type | None:
    match kind:
        case Native():
            return None
        case Enumeration() | Unknown():
            return Text
        case _:
            return type(kind)

"""The snowflake of a fact: what it refers to, directly or through others, in third normal form."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from dbworkbench.errors import DesignError
from dbworkbench.schema.normalization import Normalization, normalize
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.dependencies import written
from dbworkbench.trials.candidate import Candidate, all_of, alone, of_normalization


def snowflake(schema: Schema, *, fact: str) -> Candidate:
    """The snowflake around a fact: every relation that it refers to, directly or through others, taken apart to 3NF by the
    dependencies that it declares; the fact and all else stay as they are. `star` is the other way about. A reference to what is
    no key of a part is not enforced.

    Raises UnknownName for a fact that is not there, and DesignError where it refers to nothing or its dimensions are in 3NF already:
    then the schema itself is the snowflake.
    """
    reached = _reached(schema, fact)
    if not reached:
        raise DesignError(f"{fact!r} refers to nothing, so it has no dimensions — take another fact")
    taken = {name.casefold() for name in schema.names}
    apart: dict[str, Normalization] = {}
    for relation in schema:
        if relation.name in reached:
            found = _named_apart(relation, taken)
            if len(found.schema) > 1:
                apart[relation.name] = found
                taken |= {name.casefold() for name in found.schema.names}
    if not apart:
        raise DesignError(
            f"the dimensions of {fact!r} are in 3NF by the dependencies that they declare, so the schema itself is the snowflake — "
            "declare what depends on what, or give the schema as it is"
        )
    made = {name: of_normalization(found) for name, found in apart.items()}
    relations: list[Relation] = []
    load: list[tuple[str, str]] = []
    for relation in schema:
        parts = _with_references(relation, apart[relation.name]) if relation.name in apart else (relation,)
        relations += [_repointed(part, apart) for part in parts]
        load += made[relation.name].load if relation.name in apart else [(relation.name, all_of(relation))]
    views = tuple(view for one in made.values() for view in one.views)
    return Candidate(f"snowflake of {fact}", Schema(tuple(relations), name=schema.name), tuple(load), views)


def _reached(schema: Schema, fact: str) -> set[str]:
    """The relations that a fact refers to, directly or through others."""
    found: set[str] = set()
    coming = [schema[fact]]
    while coming:
        for key in coming.pop().foreign_keys:
            if key.relation not in found and key.relation != fact:
                found.add(key.relation)
                coming.append(schema[key.relation])
    return found


def _named_apart(relation: Relation, taken: set[str]) -> Normalization:
    """The relation in 3NF, its parts under names that no other relation of the schema has."""
    found = normalize(alone(relation))
    names: dict[str, str] = {}
    for part in found.schema:
        if part.name != relation.name and part.name.casefold() in taken and part.keys:
            name, number = f"{relation.name}_{part.name}", 2
            while name.casefold() in taken:
                name, number = f"{relation.name}_{part.name}_{number}", number + 1
            names[", ".join(map(written, part.primary_key))] = name
    return normalize(alone(relation), names=names) if names else found


def _with_references(relation: Relation, found: Normalization) -> Iterator[Relation]:
    """The parts, each reference of the whole at one that holds its attributes: at the one they are the key of, if there is."""
    homes: dict[str, list[ForeignKey]] = {part.name: [] for part in found.schema}
    for key in relation.foreign_keys:
        holding = [part for part in found.schema if set(key.attributes) <= set(part.names)]
        keyed = [part for part in holding if part.keys and set(part.primary_key) == set(key.attributes)]
        for part in (keyed or holding)[:1]:
            homes[part.name].append(key)
    for part in found.schema:
        yield replace(part, foreign_keys=(*part.foreign_keys, *homes[part.name]))


def _repointed(relation: Relation, apart: Mapping[str, Normalization]) -> Relation:
    """The relation with its references to what was taken apart at the part that has what is referred to as a key."""
    keys: list[ForeignKey] = []
    for key in relation.foreign_keys:
        parts = apart[key.relation].schema if key.relation in apart else ()
        within = any(part.name == relation.name for part in parts)
        if not parts or (within and key in apart[key.relation].schema[relation.name].foreign_keys):
            keys.append(key)
            continue
        keyed = [part for part in parts if any(set(one.attributes) == set(key.referenced) for one in part.keys)]
        keys += [replace(key, relation=part.name) for part in keyed[:1]]
    return replace(relation, foreign_keys=tuple(keys))

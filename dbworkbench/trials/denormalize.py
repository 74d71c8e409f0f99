"""Wide designs from a schema: what a relation refers to joined into it, and the star of a fact with flat dimensions."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, count

from dbworkbench.errors import DesignError
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.theory.dependencies import FD
from dbworkbench.trials.candidate import Candidate

_quoted = DIALECTS["duckdb"].quoted


def denormalize(schema: Schema, *, into: str, absorb: Collection[str] | None = None) -> Candidate:
    """The schema with everything that the relation `into` refers to joined into its rows, directly or through others.

    `absorb` names the relations to take in, all that can be unless given. The rest of the schema stays; its references
    to what was taken in are no longer enforced. What is referred to by no row has no place: `cannot_hold` says so.

    An attribute keeps its name, or has its relation's before it where that is taken already. Of a relation that comes in more than
    once, every attribute has its role before it: the name of the reference without `_id` (`origin_city` by `origin_id`), or that of the relation
    referred to, and those of the references on the way where they tell roles apart (`copies_branch_city`, `staff_branch_city`).

    Raises UnknownName for a relation that is not there and DesignError where `into` refers to nothing to take in.
    """
    for name in absorb or ():
        schema[name]
    flat = _flattened(schema, schema[into], None if absorb is None else frozenset(absorb))
    if not flat.roles:
        raise DesignError(f"{into!r} refers to no relation that could be joined into it")
    gone = {role.relation.name for role in flat.roles}
    kept = [relation for relation in schema if relation.name not in gone and relation.name != into]
    return _candidate(f"{into} denormalized", schema, [flat], kept, gone)


def star(schema: Schema, *, fact: str) -> Candidate:
    """The star around a fact: each relation that `fact` refers to is a flat dimension, with all that it refers to itself.

    Relations that no dimension takes in stay as they are. Raises UnknownName for a fact that is not there and
    DesignError where it refers to nothing.
    """
    centre = schema[fact]
    dimensions = list(dict.fromkeys(key.relation for key in centre.foreign_keys if key.relation != fact))
    if not dimensions:
        raise DesignError(f"{fact!r} refers to nothing, so it has no dimensions — take denormalize() or another fact")
    others = None if len(dimensions) == len(schema) - 1 else frozenset(schema.names) - {fact, *dimensions}
    flats = [_flattened(schema, schema[name], others if others is not None else frozenset()) for name in dimensions]
    gone = {role.relation.name for flat in flats for role in flat.roles}
    kept = [relation for relation in schema if relation.name not in gone and relation.name not in dimensions]
    return _candidate(f"star of {fact}", schema, flats, kept, gone)


@dataclass(frozen=True, slots=True)
class _Role:
    """A relation taken in through one foreign key: its alias there, what it was reached from, and its columns."""

    relation: Relation
    alias: str
    parent: str
    key: ForeignKey
    optional: bool
    columns: Mapping[str, str]  # its attributes, by the names they have in the wide relation


@dataclass(slots=True)
class _Flat:
    """A relation with others taken in, in the order in which they are joined."""

    root: Relation
    attributes: list[Attribute]
    roles: list[_Role] = field(default_factory=list)
    dependencies: set[FD] = field(default_factory=set)


def _flattened(schema: Schema, root: Relation, allowed: frozenset[str] | None) -> _Flat:
    flat = _Flat(root, list(root.attributes))
    taken = {name.casefold() for name in root.names}
    aliases = {root.name.casefold()}
    own = {name: name for name in root.names}
    ways = list(_ways(schema, root, allowed))

    def take(
        parent: Relation, alias: str, names: Mapping[str, str], way: tuple[ForeignKey, ...], *, optional: bool
    ) -> None:
        for key in parent.foreign_keys:
            if (*way, key) not in ways:
                continue
            there = schema[key.relation]
            unknown = optional or any(parent[name].nullable for name in key.attributes)
            columns = {theirs: names[ours] for ours, theirs in zip(key.attributes, key.referenced, strict=True)}
            behind = tuple(columns.values())
            role = _role((*way, key), ways)
            for attribute in there.attributes:
                if attribute.name not in columns:
                    name = _free(_names(attribute.name, there.name, key, role), taken)
                    columns[attribute.name] = name
                    flat.attributes.append(replace(attribute, name=name, nullable=attribute.nullable or unknown))
            known = _free(_names(there.name, alias, key, ""), aliases)
            flat.roles.append(_Role(there, known, alias, key, unknown, columns))
            dependent = frozenset(columns.values()) - frozenset(behind)
            if dependent:
                flat.dependencies.add(FD(frozenset(behind), dependent))
            take(there, known, columns, (*way, key), optional=unknown)

    take(root, root.name, own, (), optional=False)
    return flat


def _ways(schema: Schema, root: Relation, allowed: frozenset[str] | None) -> Iterator[tuple[ForeignKey, ...]]:
    """The references, one after another, by which relations are taken in; none leads to where it has been."""

    def after(way: tuple[ForeignKey, ...], passed: frozenset[str]) -> Iterator[tuple[ForeignKey, ...]]:
        for key in schema[way[-1].relation if way else root.name].foreign_keys:
            there = schema[key.relation].name
            if there not in passed and (allowed is None or there in allowed):
                yield (*way, key)
                yield from after((*way, key), passed | {there})

    return after((), frozenset({root.name}))


def _role(way: tuple[ForeignKey, ...], ways: list[tuple[ForeignKey, ...]]) -> str:
    """What tells a relation from itself where it comes in more than once: the last references on its way, as many as it takes."""
    others = [list(map(_said, other)) for other in ways if other != way and other[-1].relation == way[-1].relation]
    words = list(map(_said, way))
    if not others:
        return ""
    least = next(
        (last for last in range(1, len(words)) if all(other[-last:] != words[-last:] for other in others)), len(words)
    )
    return "_".join(words[-least:])


def _said(key: ForeignKey) -> str:
    """A reference by its name: the attribute's without `_id`, or the relation's where it has several or the name that it has there."""
    (first, *more), there = key.attributes, key.referenced[0]
    short = re.sub(r"(?<=.)_[iI][dD]$|(?<=[a-z])I[dD]$", "", first)
    return key.relation if more or (short == first == there) else short


def _names(name: str, owner: str, key: ForeignKey, role: str) -> tuple[str, ...]:
    """What an attribute may be called, the best first."""
    return (f"{role}_{name}",) if role else (name, f"{owner}_{name}", f"{'_'.join(key.attributes)}_{name}")


def _free(names: tuple[str, ...], taken: set[str]) -> str:
    """The first of these names that is not taken yet, or one with a number."""
    numbered = (f"{names[0]}_{number}" for number in count(2))
    found = next(name for name in chain(names, numbered) if name.casefold() not in taken)
    taken.add(found.casefold())
    return found


def _candidate(name: str, schema: Schema, flats: list[_Flat], kept: list[Relation], gone: set[str]) -> Candidate:
    relations = [_wide(flat, gone) for flat in flats] + [_without(relation, gone) for relation in kept]
    load = [(flat.root.name, _joined(flat)) for flat in flats]
    load += [(relation.name, _columns(relation)) for relation in kept]
    views = [(flat.root.name, _columns(flat.root)) for flat in flats if flat.roles]
    views += [
        (gone_name, " UNION ".join(_found_again(flats, gone_name))) for gone_name in schema.names if gone_name in gone
    ]
    referred = {
        gone_name: sorted({flat.root.name for flat in flats for role in flat.roles if role.relation.name == gone_name})
        for gone_name in schema.names
        if gone_name in gone
    }
    cannot = tuple(f"{one} that no {' or '.join(roots)} refer to" for one, roots in referred.items())
    order = {relation_name: at for at, relation_name in enumerate(schema.names)}
    relations.sort(key=lambda relation: order[relation.name])
    return Candidate(name, Schema(tuple(relations), name=name), tuple(load), tuple(views), (), cannot)


def _wide(flat: _Flat, gone: set[str]) -> Relation:
    keys = flat.root.keys or (Key(flat.root.primary_key),)
    bare = _without(flat.root, gone)
    return replace(
        bare,
        attributes=tuple(flat.attributes),
        keys=keys,
        dependencies=bare.dependencies | frozenset(flat.dependencies),
    )


def _without(relation: Relation, gone: set[str]) -> Relation:
    return replace(relation, foreign_keys=tuple(key for key in relation.foreign_keys if key.relation not in gone))


def _columns(relation: Relation) -> str:
    return f"SELECT {', '.join(map(_quoted, relation.names))} FROM {_quoted(relation.name)}"


def _joined(flat: _Flat) -> str:
    """The wide rows, from the reference."""
    root = _quoted(flat.root.name)
    selected = [f"{root}.{_quoted(name)} AS {_quoted(name)}" for name in flat.root.names]
    joins: list[str] = []
    for role in flat.roles:
        referenced = dict(zip(role.key.attributes, role.key.referenced, strict=True))
        alias = _quoted(role.alias)
        same = " AND ".join(
            f"{_quoted(role.parent)}.{_quoted(ours)} = {alias}.{_quoted(theirs)}" for ours, theirs in referenced.items()
        )
        joins.append(f"{'LEFT ' if role.optional else ''}JOIN {_quoted(role.relation.name)} AS {alias} ON {same}")
        new = [(theirs, ours) for theirs, ours in role.columns.items() if theirs not in role.key.referenced]
        selected += [f"{alias}.{_quoted(theirs)} AS {_quoted(ours)}" for theirs, ours in new]
    return f"SELECT {', '.join(selected)} FROM {root} {' '.join(joins)}".rstrip()


def _found_again(flats: list[_Flat], name: str) -> Iterator[str]:
    """The queries that find the rows of a relation taken in among the wide ones."""
    for flat in flats:
        for role in flat.roles:
            if role.relation.name == name:
                told = ", ".join(f"{_quoted(role.columns[one])} AS {_quoted(one)}" for one in role.relation.names)
                known = " AND ".join(f"{_quoted(role.columns[one])} IS NOT NULL" for one in role.key.referenced)
                where = f" WHERE {known}" if role.optional else ""
                yield f"SELECT DISTINCT {told} FROM {_quoted(flat.root.name)}{where}"

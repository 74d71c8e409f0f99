"""Keys of another kind: rows told apart, and referred to, by a number or an identifier in place of what they say."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from dbworkbench.errors import DesignError
from dbworkbench.schema.attribute import Attribute
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.rules import ForeignKey, Key
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer, Type, Uuid
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.theory.dependencies import FD
from dbworkbench.trials.candidate import Candidate

__all__ = ["surrogated"]

_quoted = DIALECTS["duckdb"].quoted
_TYPES: dict[str, Type] = {"bigint": Integer(64), "uuid": Uuid()}


def surrogated(schema: Schema, relation: str, *, kind: Literal["bigint", "uuid"] = "bigint") -> Candidate:
    r"""The schema in which a relation has a surrogate for its primary key, and all references to that key hold the surrogate.

    A "bigint" is the row's place in the order of the key; a "uuid" is derived from the key, and lies in no order. The key
    itself stays, as a further key; what refers to it no longer holds it and finds it by a join. So one design with numbers
    and one with identifiers tell what either costs. New rows of the relation need SQL of the candidate's own where the
    surrogate is a number. Raises UnknownName for a relation that is not there, and DesignError where the key is
    the surrogate's kind already or where referring attributes are part of another rule that cannot hold the surrogate.

    >>> from dbworkbench.schema.notation import schema
    >>> shop = schema("people(*mail: text)\norders(*id: integer, buyer: text -> people)")
    >>> surrogated(shop, "people").schema["orders"].names
    ('id', 'people_no')
    """
    if kind not in _TYPES:
        raise DesignError(f"no surrogate is called {kind!r} — known: {', '.join(map(repr, _TYPES))}")
    target = schema[relation]
    key = target.primary_key
    if not key:
        raise DesignError(f"{relation!r} has no key to put a surrogate in the place of")
    if len(key) == 1 and target[key[0]].type == _TYPES[kind]:
        raise DesignError(f"the key of {relation!r} is a {kind} already")
    surrogate = _free(f"{relation}_no", target.names)
    made = {one.name: _Changed.of(one, relation, key, Attribute(surrogate, _TYPES[kind])) for one in schema}
    _check_references(schema, made)
    numbered = f"SELECT {_number(kind, key)} AS {_quoted(surrogate)}, {_listed(key)} FROM {_quoted(relation)}"
    attribute = Attribute(surrogate, _TYPES[kind])
    relations, load, views = [], [], []
    for one in schema:
        changed = made[one.name]
        relations.append(_with_surrogate(changed.relation, attribute, key) if one is target else changed.relation)
        select, view = changed.queries(one, relation, surrogate, _number(kind, key, "here"), numbered)
        load.append((one.name, select))
        if one is target or changed.by:
            views.append((one.name, view))
    kept = f"SELECT {_quoted(surrogate)}, {_listed(key)} FROM {_quoted(relation)}"
    name, whole = f"{relation} by {kind}", replace(schema, relations=tuple(relations))
    return Candidate(name, whole, tuple(load), tuple(views), lookups=((numbered, kept),))


def _number(kind: str, key: Sequence[str], alias: str = "") -> str:
    """What tells rows apart by their key, as an expression."""
    names = [f"{alias}.{_quoted(name)}" if alias else _quoted(name) for name in key]
    if kind == "bigint":
        return f"row_number() OVER (ORDER BY {', '.join(names)})"
    texts = [f"CAST({name} AS VARCHAR)" for name in names]
    told = " || ',' || ".join(f"length({one}) || ':' || {one}" for one in texts)
    # version 8, a hash of one's own (RFC 9562, §5.8): an identifier without a version is not taken everywhere
    parts = [f"substr(md5({told}), {at})" for at in ("1, 8", "9, 4", "14, 3", "18, 3", "21")]
    return f"CAST({parts[0]} || '-' || {parts[1]} || '-8' || {parts[2]} || '-a' || {parts[3]} || '-' || {parts[4]} AS UUID)"


@dataclass(frozen=True, slots=True)
class _Changed:
    """A relation whose references hold surrogates; `by` pairs each reference as it was with its new attribute."""

    relation: Relation
    by: tuple[tuple[ForeignKey, str], ...]

    @classmethod
    def of(cls, one: Relation, target: str, key: Sequence[str], surrogate: Attribute) -> "_Changed":
        """The relation with the references to a key replaced."""
        by: list[tuple[ForeignKey, str]] = []
        own = (surrogate.name,) if one.name == target else ()
        for reference in one.foreign_keys:
            if reference.relation == target and set(reference.referenced) == set(key):
                new = _free(f"{target}_no", (*own, *one.names))
                one = _replaced(one, reference, new, surrogate)
                by.append((reference, new))
        return cls(one, tuple(by))

    def queries(self, before: Relation, target: str, surrogate: str, number: str, numbered: str) -> tuple[str, str]:
        """The query that fills it from the reference, and the one that gives the reference back."""
        alias, own = "here", (surrogate,) if before.name == target else ()
        load_from, view_from = f"{_quoted(before.name)} AS {alias}", f"{_quoted(before.name)} AS {alias}"
        fills = {name: f"{alias}.{_quoted(name)}" for name in before.names}
        gives = dict(fills)
        if own:
            fills[surrogate] = number
        for at, (reference, new) in enumerate(self.by, 1):
            there = f"there_{at}"
            pairs = list(zip(reference.attributes, reference.referenced, strict=True))
            same = " AND ".join(f"{there}.{_quoted(b)} = {alias}.{_quoted(a)}" for a, b in pairs)
            side = "LEFT JOIN" if self.relation[new].nullable else "JOIN"
            load_from += f" {side} ({numbered}) AS {there} ON {same}"
            view_from += (
                f" {side} {_quoted(target)} AS {there} ON {there}.{_quoted(surrogate)} = {alias}.{_quoted(new)}"
            )
            fills[new] = f"{there}.{_quoted(surrogate)}"
            gives |= {a: f"{there}.{_quoted(b)}" for a, b in pairs}
        filled = ", ".join(f"{fills[name]} AS {_quoted(name)}" for name in (*own, *self.relation.names))
        given = ", ".join(f"{gives[name]} AS {_quoted(name)}" for name in before.names)
        return f"SELECT {filled} FROM {load_from}", f"SELECT {given} FROM {view_from}"


def _check_references(schema: Schema, made: dict[str, _Changed]) -> None:
    """Raise DesignError where a relation refers to attributes that another one no longer has."""
    for one in schema:
        for reference in one.foreign_keys:
            gone = {name for given, _ in made[reference.relation].by for name in given.attributes}
            if gone & set(reference.referenced):
                raise DesignError(
                    f"{one.name!r} refers to {', '.join(sorted(gone & set(reference.referenced)))} of {reference.relation!r}, "
                    "which would hold a surrogate instead"
                )


def _replaced(one: Relation, reference: ForeignKey, new: str, surrogate: Attribute) -> Relation:
    """A relation whose attributes behind a reference are one surrogate; raises DesignError where another rule needs them."""
    gone, target = set(reference.attributes), reference.relation

    def others(what: str, names: Sequence[str]) -> tuple[str, ...]:
        if not gone & set(names):
            return tuple(names)
        if not gone <= set(names):
            raise DesignError(
                f"{what} of {one.name!r} holds {', '.join(sorted(gone & set(names)))} without the rest of what refers to {target!r}"
            )
        first = next(at for at, name in enumerate(names) if name in gone)
        return (*names[:first], new, *(name for name in names[first:] if name not in gone))

    for check in one.checks:
        if any(re.search(rf"\b{re.escape(name)}\b", check.expression, re.IGNORECASE) for name in gone):
            raise DesignError(f"a check of {one.name!r} names what refers to {target!r}: {check.expression}")
    rest = tuple(key for key in one.foreign_keys if key is not reference)
    if any(gone & set(key.attributes) for key in rest) or one.exclusions or one.partitioning is not None:
        raise DesignError(
            f"what refers to {target!r} in {one.name!r} is part of another reference, exclusion or partition"
        )
    unknown = any(one[name].nullable for name in gone)
    if unknown and len(gone) > 1:
        raise DesignError(
            f"what refers to {target!r} in {one.name!r} may be unknown in part, which one surrogate cannot say"
        )
    fds = frozenset(
        FD(
            frozenset(others("a dependency", sorted(fd.determinant))),
            frozenset(others("a dependency", sorted(fd.dependent))),
        )
        for fd in one.fds
    )
    joined = one.dependencies - frozenset(one.fds)
    if any(gone & dependency.attributes for dependency in joined):
        raise DesignError(f"a dependency of {one.name!r} names what refers to {target!r}")
    attribute = Attribute(new, surrogate.type, nullable=unknown)
    first = reference.attributes[0]
    return replace(
        one,
        attributes=tuple(
            attribute if part.name == first else part
            for part in one.attributes
            if part.name == first or part.name not in gone
        ),
        keys=tuple(replace(key, attributes=others("a key", key.attributes)) for key in one.keys),
        foreign_keys=(*rest, replace(reference, attributes=(new,), referenced=(surrogate.name,))),
        indexes=tuple(
            replace(index, on=others("an index", index.attributes)) if gone & set(index.attributes) else index
            for index in one.indexes
        ),
        dependencies=fds | joined,
    )


def _with_surrogate(one: Relation, surrogate: Attribute, key: Sequence[str]) -> Relation:
    """The relation with the surrogate as its primary key and the old ones as further keys."""
    keys = (Key((surrogate.name,)), *(one.keys or (Key(tuple(key)),)))
    return replace(one, attributes=(surrogate, *one.attributes), keys=keys)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(_quoted, names))


def _free(name: str, taken: Sequence[str]) -> str:
    said = {one.casefold() for one in taken}
    while name.casefold() in said:
        name += "_"
    return name

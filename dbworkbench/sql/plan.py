"""What of a schema one database can carry: decided before a word of DDL is written, each loss told."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from dbworkbench.errors import DesignError, Unsupported, listed
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Check, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Native, Text, Type, Unknown
from dbworkbench.sql.dialect import Dialect, Feature
from dbworkbench.sql.expression import Untold, translated
from dbworkbench.sql.names import Names, names_in
from dbworkbench.theory.dependencies import FD, JD, MVD, in_order

__all__ = ["Plan", "Planned", "TablePlan", "plan"]

_ACTIONS = ("cascade", "no action", "restrict", "set default", "set null")

R = TypeVar("R", Key, ForeignKey, Check, Index)


@dataclass(slots=True, eq=False)
class Planned(Generic[R]):
    """A rule to be written, and the name it gets; "" where the engine may choose."""

    rule: R
    name: str = ""


@dataclass(slots=True, eq=False)
class TablePlan:
    """One relation as the engine will have it.

    The first key is the primary key if `primary` says so. References `inside` stand in CREATE TABLE, those `after` are
    added when the whole cycle is there; `cycle` names the other relations of the relation's cycle of references. The
    expressions of checks, defaults and partial indexes are in the dialect's words.
    """

    relation: Relation
    cycle: frozenset[str] = frozenset()
    primary: bool = False
    keys: list[Planned[Key]] = field(default_factory=list)
    inside: list[Planned[ForeignKey]] = field(default_factory=list)
    after: list[Planned[ForeignKey]] = field(default_factory=list)
    checks: list[Planned[Check]] = field(default_factory=list)
    indexes: list[Planned[Index]] = field(default_factory=list)
    defaults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables in the order in which they can be created, cycles of references together, and what is lost."""

    cycles: tuple[tuple[TablePlan, ...], ...]
    names: Mapping[tuple[str, ...], str]
    losses: tuple[Loss, ...]


def plan(schema: Schema, dialect: Dialect) -> Plan:
    """Decide what of a schema is written for an engine, in which order, and under which names.

    Raises Unsupported for a relation that the engine has no room for, and DesignError for a referential action that
    is none.
    """
    planner = _Planner(schema, dialect)
    cycles = planner.cycles()
    return Plan(cycles, planner.names, tuple(dict.fromkeys(planner.losses)))


class _Planner:
    def __init__(self, schema: Schema, dialect: Dialect) -> None:
        self.schema, self.dialect = schema, dialect
        self.names = names_in(schema, dialect)
        self.tables = {relation.name: TablePlan(relation) for relation in schema}
        self.losses: list[Loss] = []

    def cycles(self) -> tuple[tuple[TablePlan, ...], ...]:
        tables = tuple(self.tables.values())
        for table in tables:
            self._size_and_names(table.relation)
            self._types(table)
            self._keys(table)
        for table in tables:
            self._indexes(table)
            self._conditions(table)
        found = tuple(self._references())
        self._name_rules()
        for table in tables:
            self._dependencies(table)
        return found

    def lose(self, subject: str, feature: str, instead: str = "not written") -> None:
        self.losses.append(Loss(subject, feature, instead))

    def _size_and_names(self, relation: Relation) -> None:
        most = self.dialect.max_attributes
        if most is not None and len(relation.attributes) > most:
            raise Unsupported(
                f"{relation.name!r} has {len(relation.attributes):,} attributes, and {self.dialect.title} holds "
                f"{most:,} at most — split the relation"
            )
        for path in ((relation.name,), *((relation.name, name) for name in relation.names)):
            if self.names[path] != path[-1]:
                kind = "relation" if len(path) == 1 else "attribute"
                self.lose(".".join(path), f"the {kind}'s name", f"written as {self.dialect.quoted(self.names[path])}")

    def _types(self, table: TablePlan) -> None:
        relation = table.relation
        for attribute in relation.attributes:
            column = self.dialect.quoted(self.names[relation.name, attribute.name])
            spelling = self.dialect.spelling(attribute.type, column)
            subject = f"{relation.name}.{attribute.name}"
            if spelling.loss:
                self.lose(subject, spelling.loss, spelling.instead)
            if "\0" in spelling.check:
                self.lose(subject, "a value with a NUL character", "its values are not checked")
            elif spelling.check:
                table.checks.append(Planned(Check(spelling.check)))

    # Keys and indexes -----------------------------------------------------------------------------------------------

    def _keys(self, table: TablePlan) -> None:
        relation = table.relation
        wanted = list(relation.keys)
        if not wanted and relation.dependencies:
            wanted = [Key(relation.primary_key)]
        elif not wanted:
            self.lose(relation.name, "no key and no dependency is declared", "equal rows are not refused")
        for at, key in enumerate(wanted):
            repeated = any(set(key.attributes) == set(known.rule.attributes) for known in table.keys)
            if repeated or not self._fits(relation, "key", key.attributes):
                continue
            unknown = [name for name in key.attributes if relation[name].nullable]
            table.primary = table.primary or (at == 0 and not unknown)
            if at == 0 and unknown:
                what = f"a primary key over {listed(unknown)}, which may be NULL"
                self.lose(_said(relation, "key", key.attributes), what, "written as UNIQUE: rows with a NULL pass")
            table.keys.append(Planned(key))
        self._referenced_keys(table)

    def _referenced_keys(self, table: TablePlan) -> None:
        """Superkeys and unique indexes that foreign keys refer to: engines want a constraint on just these columns."""
        relation = table.relation
        for names in dict.fromkeys(
            key.referenced for other in self.schema for key in other.foreign_keys if key.relation == relation.name
        ):
            declared = (*relation.keys, *(known.rule for known in table.keys))
            if any(set(names) == set(key.attributes) for key in declared):
                continue
            if self._fits(relation, "key", names):
                index = next((i for i in relation.indexes if _is_key(i) and set(i.attributes) == set(names)), None)
                table.keys.append(Planned(Key(names, index.name if index else "")))

    def _indexes(self, table: TablePlan) -> None:
        relation = table.relation
        for index in relation.indexes:
            what = _said(relation, "index", index.attributes)
            same_key = any(set(index.attributes) == set(key.rule.attributes) for key in table.keys)
            if (_is_key(index) and same_key) or not self._fits(relation, "index", index.attributes):
                continue
            where = ""
            if index.where and Feature.PARTIAL_INDEX in self.dialect.lacks:
                fate = "not written: it would refuse more rows" if index.unique else "written for all rows"
                self.lose(what, Feature.PARTIAL_INDEX.value, fate)
                if index.unique:
                    continue
            elif index.where:
                told = self._told(f"{what} where {index.where}", index.where, relation, relation.names)
                if told is None:
                    continue
                where = told
            table.indexes.append(Planned(replace(index, where=where)))

    def _fits(self, relation: Relation, kind: str, names: tuple[str, ...]) -> bool:
        most = self.dialect.max_key_attributes
        what = _said(relation, kind, names)
        unfit = next((name for name in names if not self.dialect.keyable(relation[name].type)), None)
        if not names:
            self.lose(what, "at most one row")
        elif most is not None and len(names) > most:
            self.lose(what, f"{len(names)} attributes, where {self.dialect.title} takes {most}")
        elif unfit is not None:
            self.lose(what, f"{unfit} is {self.dialect.spelling(relation[unfit].type).text}, which no {kind} can hold")
        else:
            return True
        return False

    # Expressions ----------------------------------------------------------------------------------------------------

    def _conditions(self, table: TablePlan) -> None:
        relation = table.relation
        for attribute in relation.attributes:
            if attribute.default is not None:
                what = f"{relation.name}.{attribute.name}: the default {attribute.default}"
                told = self._told(what, attribute.default, relation, ())
                if told is not None:
                    table.defaults[attribute.name] = told
        declared: list[Planned[Check]] = []
        for check in relation.checks:
            told = self._told(
                f"{relation.name}: the check {check.expression}", check.expression, relation, relation.names
            )
            if told is not None:
                declared.append(Planned(replace(check, expression=told)))
        table.checks[:0] = declared

    def _told(self, what: str, text: str, relation: Relation, names: Iterable[str]) -> str | None:
        columns = {name: self.names[relation.name, name] for name in names}
        try:
            return translated(text, self.dialect, columns, relation.name)
        except Untold as reason:
            self.lose(what, str(reason))
            return None

    # References -----------------------------------------------------------------------------------------------------

    def _references(self) -> Iterator[tuple[TablePlan, ...]]:
        lacks = self.dialect.lacks
        for group in self.schema.in_reference_order():
            names = {relation.name for relation in group}
            created: set[str] = set()
            order = tuple(self.tables[name] for name in _fewest_forward(group))
            for table in order:
                relation = table.relation
                created.add(relation.name)
                table.cycle = frozenset(names - {relation.name})
                for wanted in relation.foreign_keys:
                    fitted = self._fitted(relation, wanted)
                    if fitted is None:
                        continue
                    ahead = wanted.relation in names - created
                    if not ahead or Feature.FORWARD_REFERENCE not in lacks:
                        table.inside.append(Planned(fitted))
                    elif Feature.ADDED_REFERENCE not in lacks:
                        table.after.append(Planned(fitted))
                    else:
                        self.lose(
                            _refers(relation, wanted), f"{self.dialect.title} cannot create a cycle of references"
                        )
            yield order

    def _fitted(self, relation: Relation, wanted: ForeignKey) -> ForeignKey | None:
        """The foreign key in the order of the key that it refers to, with the actions that can be had."""
        target, what = self.tables[wanted.relation], _refers(relation, wanted)
        key = next((k.rule for k in target.keys if set(k.rule.attributes) == set(wanted.referenced)), None)
        if key is None:
            self.lose(what, "the key that it refers to is not written")
            return None
        ours = dict(zip(wanted.referenced, wanted.attributes, strict=True))
        for there, here in ours.items():
            kinds = relation[here].type, target.relation[there].type
            if not self._comparable(*kinds):
                self.lose(what, "the types differ: " + " and ".join(self.dialect.spelling(kind).text for kind in kinds))
                return None
        return ForeignKey(
            tuple(ours[name] for name in key.attributes),
            wanted.relation,
            key.attributes,
            self._action(what, "delete", wanted.on_delete),
            self._action(what, "update", wanted.on_update),
            wanted.name,
        )

    def _comparable(self, ours: Type, theirs: Type) -> bool:
        if Feature.ANY_REFERENCE not in self.dialect.lacks:
            return True
        if self.dialect.spelling(ours).text == self.dialect.spelling(theirs).text:
            return True
        return Feature.KIN_REFERENCE not in self.dialect.lacks and _kin(ours) is _kin(theirs) is not None

    def _action(self, what: str, when: str, said: str) -> str:
        action = " ".join(said.casefold().split())
        if action and action not in _ACTIONS:
            raise DesignError(f"{what} says {said!r} on {when} — say one of {listed(_ACTIONS)}")
        if Feature.REFERENTIAL_ACTION in self.dialect.lacks and action not in {"", "restrict", "no action"}:
            self.lose(what, f"on {when} {action}", "written without: such a change is refused")
            return ""
        return action

    # Names ----------------------------------------------------------------------------------------------------------

    def _name_rules(self) -> None:
        """Name the rules: the given names first, then those that have to be made.

        Where a name in the schema looks like one that the engine makes up for a nameless constraint, every
        constraint gets a name, lest the two meet.
        """
        relations = [self.names[(name,)] for name in self.schema.names]
        names = Names(self.dialect)
        names.given("relation", relations)
        rules = [(table, *found) for table in self.tables.values() for found in _rules(table)]
        local: dict[str, set[str]] = {name: set() for name in self.schema.names}

        def take(
            table: TablePlan,
            kind: str,
            rule: Planned[Key] | Planned[ForeignKey] | Planned[Check] | Planned[Index],
            wanted: str,
        ) -> None:
            rule.name = names.take(kind, wanted, None if kind == "index" else local[table.relation.name])

        for table, kind, planned, _ in rules:
            if planned.rule.name:
                take(table, kind, planned, planned.rule.name)
                if planned.name != planned.rule.name:
                    subject = f"{table.relation.name}: the {kind} {planned.rule.name}"
                    self.lose(subject, "its name", f"written as {self.dialect.quoted(planned.name)}")
        for table, kind, planned, made in rules:
            if kind == "index" and not planned.name:
                take(table, kind, planned, made)
        pattern = self.dialect.implicit_names
        given = (*relations, *(planned.name for _, _, planned, _ in rules))
        if pattern and any(re.fullmatch(pattern, name) for name in given):
            for table, kind, planned, made in rules:
                if not planned.name:
                    take(table, kind, planned, made)

    # Dependencies ---------------------------------------------------------------------------------------------------

    def _dependencies(self, table: TablePlan) -> None:
        keys = [frozenset(planned.rule.attributes) for planned in table.keys]
        keys += [frozenset(planned.rule.attributes) for planned in table.indexes if _is_key(planned.rule)]
        for dependency in in_order(table.relation.dependencies):
            if not _enforced(dependency, keys, frozenset(table.relation.names)):
                self.lose(table.relation.name, str(dependency), "not enforced by any key")


def _rules(
    table: TablePlan,
) -> Iterator[tuple[str, Planned[Key] | Planned[ForeignKey] | Planned[Check] | Planned[Index], str]]:
    """Each rule of a table that can have a name, with its kind and the name to make for it."""
    name = table.relation.name
    for at, key in enumerate(table.keys):
        yield "key", key, f"{name}_pkey" if at == 0 and table.primary else f"{name}_{'_'.join(key.rule.attributes)}_key"
    for foreign_key in (*table.inside, *table.after):
        yield "foreign key", foreign_key, f"{name}_{'_'.join(foreign_key.rule.attributes)}_fkey"
    for check in table.checks:
        yield "check", check, f"{name}_check"
    for index in table.indexes:
        yield "index", index, f"{name}_{'_'.join(index.rule.attributes)}_idx"


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


def _is_key(index: Index) -> bool:
    return index.unique and not index.where


def _kin(kind: Type) -> type | None:
    match kind:
        case Native():
            return None
        case Enumeration() | Unknown():
            return Text
        case _:
            return type(kind)


def _said(relation: Relation, kind: str, names: tuple[str, ...]) -> str:
    return f"{relation.name}: the {kind} ({listed(names)})"


def _refers(relation: Relation, key: ForeignKey) -> str:
    return f"{relation.name}: the foreign key ({listed(key.attributes)}) to {key.relation}"


def _enforced(dependency: FD | MVD | JD, keys: list[frozenset[str]], whole: frozenset[str]) -> bool:
    """Whether the keys alone imply a dependency; for join dependencies as Fagin 1979 decides it for PJ/NF (§4)."""
    match dependency:
        case FD(determinant, dependent):
            return dependent <= determinant or any(key <= determinant for key in keys)
        case MVD(determinant, dependent):
            trivial = dependent <= determinant or determinant | dependent == whole
            return trivial or any(key <= determinant for key in keys)
        case JD(components):
            joined = set(components)
            while True:
                pair = next(
                    ((x, y) for x in joined for y in joined if x != y and any(key <= x & y for key in keys)), None
                )
                if pair is None:
                    return whole in joined
                joined = joined - set(pair) | {pair[0] | pair[1]}

"""What of a schema one database can carry: decided before a word of DDL is written, each loss told."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Generic, TypeAlias, TypeVar

from dbworkbench.errors import DesignError, Unsupported, listed
from dbworkbench.schema.counters import COUNTER
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import (
    Check,
    Exclusion,
    ForeignKey,
    Generated,
    Index,
    Key,
    Partition,
    Partitioning,
    Relation,
)
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Native, Text, Type, Unknown
from dbworkbench.sql.clustering import CLUSTER, clustered
from dbworkbench.sql.dialect import ACTIONS, Dialect, Feature, Rare, Spelling
from dbworkbench.sql.domains import domained
from dbworkbench.sql.expression import Untold, translated
from dbworkbench.sql.filling import Cannot, computed, keyed, numbered, running
from dbworkbench.sql.fitting import Unfit, fitted
from dbworkbench.sql.indexing import indexed, is_bound, is_operator
from dbworkbench.sql.kinds import Kind, kind_of
from dbworkbench.sql.laying import as_ranges, laid
from dbworkbench.sql.names import Names, names_in
from dbworkbench.theory.dependencies import FD, JD, MVD, in_order

__all__ = ["Plan", "Planned", "TablePlan", "is_constant", "is_simple", "plan"]

R = TypeVar("R", Key, ForeignKey, Check, Index, Exclusion)
AnyRule: TypeAlias = "Planned[Key] | Planned[ForeignKey] | Planned[Check] | Planned[Index] | Planned[Exclusion]"


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
    expressions of checks, defaults and indexes are in the dialect's words, as are the attributes' types. `computed` and
    `numbered` are the clauses that fill attributes, `partitioned` the one that lays rows into `partitions`.
    """

    relation: Relation
    types: Mapping[str, Spelling]
    cycle: frozenset[str] = frozenset()
    primary: bool = False
    keys: list[Planned[Key]] = field(default_factory=list)
    inside: list[Planned[ForeignKey]] = field(default_factory=list)
    after: list[Planned[ForeignKey]] = field(default_factory=list)
    checks: list[Planned[Check]] = field(default_factory=list)
    indexes: list[Planned[Index]] = field(default_factory=list)
    exclusions: list[Planned[Exclusion]] = field(default_factory=list)
    computed: dict[str, str] = field(default_factory=dict)
    numbered: dict[str, str] = field(default_factory=dict)
    collations: dict[str, str] = field(default_factory=dict)
    bare: set[str] = field(default_factory=set)
    """Computed attributes of which the engine cannot promise that they are never NULL."""
    partitioned: str = ""
    clustered: str = ""
    """The clause that keeps rows in an order, or what ClickHouse sorts by."""
    partitions: tuple[Partition, ...] = ()
    defaults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables in the order in which they can be created, cycles of references together, and what is lost."""

    cycles: tuple[tuple[TablePlan, ...], ...]
    names: Mapping[tuple[str, ...], str]
    losses: tuple[Loss, ...]
    schema: Schema
    """The schema that is written: its relations say themselves what domains ask that the engine has no word for."""
    domains: tuple[str, ...] = ()
    """The statements that make the domains which attributes are written with."""


def plan(schema: Schema, dialect: Dialect) -> Plan:
    """Decide what of a schema is written for an engine, in which order, and under which names.

    Raises Unsupported for a relation that the engine has no room for, and DesignError for a referential action that
    is none.
    """
    planner = _Planner(schema, dialect)
    cycles = planner.cycles()
    return Plan(cycles, planner.names, tuple(dict.fromkeys(planner.losses)), planner.schema, planner.domains)


class _Planner:
    def __init__(self, schema: Schema, dialect: Dialect) -> None:
        self.dialect = dialect
        self.losses: list[Loss] = []
        self.schema, self.domains, named = domained(schema, dialect, self.losses)
        self.names = names_in(schema, dialect)
        self.referenced = _referenced(schema)
        self.running = running(self.schema, dialect)
        self.tables = {
            relation.name: TablePlan(relation, self._spelled(relation, self.referenced.get(relation.name, ()), named))
            for relation in self.schema
        }

    def cycles(self) -> tuple[tuple[TablePlan, ...], ...]:
        tables = tuple(self.tables.values())
        for table in tables:
            self._size_and_names(table.relation)
            self._filled(table)
            self._types(table)
            self._keys(table)
        for table in tables:
            self._indexes(table)
            self._exclusions(table)
            self._conditions(table)
        found = tuple(self._references())
        for table in tables:
            self._partitioning(table)
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

    def _spelled(
        self, relation: Relation, referenced: Iterable[tuple[str, ...]], named: Mapping[str, str]
    ) -> dict[str, Spelling]:
        rules: list[Key | ForeignKey] = [*relation.keys, *relation.foreign_keys]
        lists = (*(rule.attributes for rule in rules), *referenced, *map(self._sorted_by, relation.indexes))
        keyed = {name for names in lists for name in names}
        if not relation.keys and relation.dependencies:
            keyed.update(relation.primary_key)
        return {
            attribute.name: Spelling(named[attribute.domain.name])
            if attribute.domain
            else self.running.get((relation.name, attribute.name))
            or self.dialect.spelling(
                attribute.type,
                self.dialect.quoted(self.names[relation.name, attribute.name]),
                keyed=attribute.name in keyed or (bool(attribute.generated) and self.dialect.computes_as_keyed),
            )
            for attribute in relation.attributes
        }

    def _filled(self, table: TablePlan) -> None:
        """How attributes fill themselves, and in which order their texts are."""
        relation, lacks = table.relation, self.dialect.lacks
        among = keyed(relation, self.referenced.get(relation.name, ()))
        columns = {name: self.names[relation.name, name] for name in relation.names}
        for attribute in relation.attributes:
            what = f"{relation.name}.{attribute.name}"
            try:
                if attribute.generated:
                    clause, kept = computed(
                        relation,
                        attribute,
                        attribute.generated,
                        self.dialect,
                        translate=lambda text: translated(text, self.dialect, columns, relation.name),
                        among=among,
                        kind="" if self.dialect.generated_typed else table.types[attribute.name].text,
                    )
                    if (kept == "stored") != attribute.generated.stored:
                        self.lose(what, f"its computed value is {_kept(attribute.generated)}", f"written as {kept}")
                    table.computed[attribute.name] = clause
                    if not attribute.nullable and Feature.COMPUTED_NOT_NULL in lacks:
                        table.bare.add(attribute.name)
                        self.lose(what, Feature.COMPUTED_NOT_NULL.value, "NULL is not refused")
                elif attribute.identity:
                    counts = (relation.name, attribute.name) in self.running
                    table.numbered[attribute.name], lost = numbered(
                        relation,
                        replace(attribute, type=COUNTER) if counts else attribute,
                        attribute.identity,
                        self.dialect,
                    )
                    for one in lost:
                        self.lose(what, one, f"written as {table.numbered[attribute.name]}")
            except (Cannot, Untold) as reason:
                said = f"computed as {attribute.generated.expression}" if attribute.generated else "a running number"
                self.lose(what, f"{said}: {reason}", "written as an attribute like any other")
            if attribute.collation:
                if re.fullmatch(self.dialect.collations, attribute.collation):
                    quoted = self.dialect.quoted if self.dialect.collation_quoted else str
                    table.collations[attribute.name] = f"COLLATE {quoted(attribute.collation)}"
                else:
                    self.lose(what, f"the collation {attribute.collation}", "the engine's own")

    def _types(self, table: TablePlan) -> None:
        relation = table.relation
        self._note(relation.name, relation.note)
        for name, spelling in table.types.items():
            subject = f"{relation.name}.{name}"
            self._note(subject, relation[name].note)
            if spelling.loss:
                self.lose(subject, spelling.loss, spelling.instead)
            if "\0" in spelling.check:
                self.lose(subject, "a value with a NUL character", "its values are not checked")
            elif spelling.check and name in table.computed and Feature.COMPUTED_CHECK in self.dialect.lacks:
                self.lose(subject, Feature.COMPUTED_CHECK.value, "its values are not checked")
            elif spelling.check and Feature.CHECK in self.dialect.lacks:
                self.lose(subject, f"the check {spelling.check}")
            elif spelling.check:
                table.checks.append(Planned(Check(spelling.check)))

    def _note(self, subject: str, note: str) -> None:
        if note and Feature.COMMENT in self.dialect.lacks:
            self.lose(subject, Feature.COMMENT.value, "written as a remark")
        elif "\0" in note:
            self.lose(subject, "a NUL character in its note", "written as \N{SYMBOL FOR NULL}")

    # Keys and indexes -----------------------------------------------------------------------------------------------

    def _keys(self, table: TablePlan) -> None:
        relation = table.relation
        wanted = list(relation.keys)
        if not wanted and relation.dependencies:
            wanted = [Key(relation.primary_key)]
        elif not wanted and not any(index.is_key for index in relation.indexes):
            self.lose(relation.name, "no key and no dependency is declared", "equal rows are not refused")
        for at, key in enumerate(wanted):
            first = next((one.rule for one in table.keys if set(one.rule.attributes) == set(key.attributes)), None)
            if first is not None:
                if key != first:
                    self.lose(_said(relation, "key", key.attributes), _AGAIN, f"said once, {_key_said(first)}")
                continue
            if not self._fits(relation, "key", key.attributes):
                continue
            unknown = [name for name in key.attributes if relation[name].nullable]
            if at == 0 and unknown:
                what = f"a primary key over {listed(unknown)}, which may be NULL"
                pass_too = "" if Feature.MANY_NULLS in self.dialect.lacks else ": rows with a NULL pass"
                self.lose(_said(relation, "key", key.attributes), what, f"written as UNIQUE{pass_too}")
            self._take_key(table, key, primary=at == 0 and not unknown)
        self._referenced_keys(table)

    def _take_key(self, table: TablePlan, key: Key, *, primary: bool = False) -> None:
        relation, lacks = table.relation, self.dialect.lacks
        what = _said(relation, "key", key.attributes)
        if not primary and Feature.UNIQUE in lacks:
            self.lose(what, Feature.UNIQUE.value)
            return
        if Feature.KEYS_ENFORCED in lacks:
            self.lose(what, Feature.KEYS_ENFORCED.value, "written as a hint")
        elif Feature.MANY_NULLS in lacks and any(relation[name].nullable for name in key.attributes):
            self.lose(what, Feature.MANY_NULLS.value, "a second such row is refused")
        if (
            not key.nulls_distinct
            and Feature.MANY_NULLS not in lacks
            and any(relation[n].nullable for n in key.attributes)
        ):
            key = self._distinct(what, key)
        if key.deferrable and Rare.DEFERRABLE_KEY not in self.dialect.has:
            self.lose(what, Rare.DEFERRABLE_KEY.value, "looked at once")
            key = replace(key, deferrable="")
        table.primary = table.primary or primary
        table.keys.append(Planned(key))

    def _distinct(self, what: str, key: Key) -> Key:
        """The key with its unknown values told apart, where they have to be."""
        if Rare.NULLS_NOT_DISTINCT in self.dialect.has:
            return key
        self.lose(what, Rare.NULLS_NOT_DISTINCT.value, "rows with a NULL pass")
        return replace(key, nulls_distinct=True)

    def _referenced_keys(self, table: TablePlan) -> None:
        """Superkeys and unique indexes that foreign keys refer to: engines want a constraint on just these columns."""
        relation = table.relation
        for names in _referenced(self.schema).get(relation.name, ()):
            declared = (*relation.keys, *(known.rule for known in table.keys))
            if any(set(names) == set(key.attributes) for key in declared):
                continue
            if self._fits(relation, "key", names):
                index = next((i for i in relation.indexes if i.is_key and set(i.attributes) == set(names)), None)
                self._take_key(table, Key(names, index.name if index else ""))

    def _indexes(self, table: TablePlan) -> None:
        relation = table.relation
        for index in relation.indexes:
            what = _said(relation, "index", tuple(map(str, index.parts)))
            if index.method == CLUSTER and self._clustered(table, index, what):
                continue
            same_key = any(set(index.attributes) == set(key.rule.attributes) for key in table.keys)
            if index.is_key and same_key:
                self._beside_key(table, index, what)
                continue
            sorted_by = self._sorted_by(index)
            if sorted_by and not self._fits(relation, "index", sorted_by, what):
                continue
            if Feature.INDEX in self.dialect.lacks:
                if index.is_key:
                    if replace(index, name="", nulls_distinct=True) != Index(index.attributes, unique=True):
                        self.lose(what, "its method, its order and what it takes along", "written as a key")
                    self._take_key(table, Key(index.attributes, index.name, index.nulls_distinct))
                else:
                    self.lose(what, Feature.INDEX.value)
                continue
            same_columns = any(index.on == key.rule.attributes for key in table.keys)
            if same_columns and Feature.REPEATED_INDEX in self.dialect.lacks:
                self.lose(what, Feature.REPEATED_INDEX.value, "the key has one")
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
            found = indexed(
                replace(index, where=where), relation, self.dialect, partial(self._part_told, what, relation)
            )
            for lost, instead in found.losses:
                self.lose(what, lost, instead)
            unknown = index.unique and index.nulls_distinct and any(relation[one].nullable for one in index.attributes)
            if found.index is not None and unknown and Feature.MANY_NULLS in self.dialect.lacks:
                self.lose(what, Feature.MANY_NULLS.value, "a second such row is refused")
            if found.index is not None:
                table.indexes.append(Planned(found.index))

    def _clustered(self, table: TablePlan, index: Index, what: str) -> bool:
        """Write an index as the order of the rows; whether the engine keeps them so."""
        relation, key = table.relation, table.keys[0].rule.attributes if table.primary else ()
        columns = {name: self.names[relation.name, name] for name in relation.names}
        try:
            if self.dialect.key_outside and index.on == key:
                self.lose(what, Feature.REPEATED_INDEX.value, "the key has one")
                return True
            table.clustered, lost = clustered(
                index,
                relation,
                self.dialect,
                column=lambda name: self.dialect.quoted(columns[name]),
                told=partial(self._part_told, what, relation),
                key=key,
                another=bool(table.clustered),
            )
        except Cannot as reason:
            if self.dialect.clustering:
                self.lose(what, f"the method {CLUSTER}: {reason}", "written without")
            return False
        for one in lost:
            self.lose(what, one, "written without")
        if index.name:
            self.lose(f"{relation.name}: the index {index.name}", "its name", "not written: an order has none")
        return True

    def _beside_key(self, table: TablePlan, index: Index, what: str) -> None:
        """A unique index on the attributes of a key is not written: what it says beyond the key is lost."""
        key = next(one.rule for one in table.keys if set(one.rule.attributes) == set(index.attributes))
        if not (index.is_plain and index.attributes == key.attributes) or index.name not in {"", key.name}:
            self.lose(what, "a unique index on the attributes of a key", "the key says that they are unique")

    def _sorted_by(self, index: Index) -> tuple[str, ...]:
        """The attributes whose whole values an index sorts by: none where its method looks into them."""
        inner = index.method in {"gin", "gist", "spgist", "brin", "fulltext", "spatial"} and not index.unique
        if inner and index.method in self.dialect.methods:
            return ()
        cut = Rare.LENGTH in self.dialect.has
        return tuple(part.attribute for part in index.parts if part.attribute and not (part.length and cut))

    def _part_told(self, what: str, relation: Relation, text: str) -> str | None:
        return self._told(f"{what}, by {text}", text, relation, relation.names)

    def _exclusions(self, table: TablePlan) -> None:
        relation = table.relation
        for exclusion in relation.exclusions:
            what = _said(relation, "exclusion", tuple(map(str, exclusion.parts)))
            known = exclusion.method in {"", "gist", "spgist", "btree", "hash"} and all(
                map(is_operator, exclusion.operators)
            )
            if Rare.EXCLUSION not in self.dialect.has or not known:
                self.lose(what, Rare.EXCLUSION.value)
                continue
            told = [self._part_told(what, relation, part.expression) for part in exclusion.parts if part.expression]
            where = self._told(what, exclusion.where, relation, relation.names) if exclusion.where else ""
            if where is None or None in told:
                continue
            texts = iter(told)
            on = tuple(
                replace(part, expression=str(next(texts))) if part.expression else part for part in exclusion.parts
            )
            table.exclusions.append(Planned(replace(exclusion, on=on, where=where)))

    def _partitioning(self, table: TablePlan) -> None:
        """How rows are laid into parts, as far as the engine does."""
        relation, laid_by = table.relation, table.relation.partitioning
        if laid_by is None:
            return
        what = f"{relation.name}: partitioning by {', '.join(map(str, laid_by.parts))}"
        keys = [key.rule.attributes for key in table.keys]
        keys += [planned.rule.attributes for planned in table.indexes if planned.rule.unique]
        if Rare.PARTITIONING in self.dialect.has:
            self._partition_tables(table, laid_by, what, keys)
            return
        if not self.dialect.partitioning:
            self.lose(what, f"{Rare.PARTITIONING.value} {laid_by.method}".rstrip(), "written as one table")
            return
        rules = [key.rule.relation for one in self.tables.values() for key in (*one.inside, *one.after)]
        columns = {name: self.names[relation.name, name] for name in relation.names}
        try:
            table.partitioned = "\n" + laid(
                relation,
                self.dialect,
                column=lambda name: self.dialect.quoted(columns[name]),
                keys=keys,
                referring=bool(table.inside or table.after or relation.name in rules),
            )
        except Cannot as reason:
            self.lose(what, str(reason), "written as one table")

    def _partition_tables(
        self, table: TablePlan, laid_by: Partitioning, what: str, keys: list[tuple[str, ...]]
    ) -> None:
        """Parts that are tables of their own, as PostgreSQL has them."""
        relation, by = table.relation, set(laid_by.attributes)
        whole = all(part.attribute for part in laid_by.parts)
        partitions = as_ranges(relation, laid_by.partitions)
        bounded = all(is_bound(one.bounds) for one in partitions)
        names = {one.name for one in partitions}
        others = {one.name for other in self.tables.values() for one in other.partitions}
        told = [self._part_told(what, relation, part.expression) for part in laid_by.parts if part.expression]
        if laid_by.method not in {"range", "list", "hash"} or laid_by.count:
            self.lose(what, f"{Rare.PARTITIONING.value} {laid_by.method}".rstrip(), "written as one table")
        elif not bounded or not names.isdisjoint({*self.schema.names, *others}):
            self.lose(
                what,
                "parts in the words of another engine, or called like a relation or a part",
                "written as one table",
            )
        elif keys and (not whole or not all(by <= set(key) for key in keys)):
            self.lose(what, "a key does not say in which part a row lies", "written as one table")
        elif table.exclusions or any(relation[name].generated for name in by) or None in told:
            self.lose(what, "what the engine does not lay into parts", "written as one table")
        else:
            texts = iter(told)
            parts = [
                f"({next(texts)})"
                if part.expression
                else self.dialect.quoted(self.names[relation.name, part.attribute])
                for part in laid_by.parts
            ]
            table.partitioned = f"\nPARTITION BY {laid_by.method.upper()} ({', '.join(parts)})"
            table.partitions = partitions

    def _fits(self, relation: Relation, kind: str, names: tuple[str, ...], what: str = "") -> bool:
        most = self.dialect.max_key_attributes
        what = what or _said(relation, kind, names)
        unfit = next((name for name in names if not self.dialect.keyable(relation[name].type)), None)
        if not names:
            self.lose(what, "at most one row")
        elif most is not None and len(names) > most:
            self.lose(what, f"{len(names)} attributes, where {self.dialect.title} takes {most}")
        elif unfit is not None:
            self.lose(what, f"{unfit} is {self.tables[relation.name].types[unfit].text}, which no {kind} can hold")
        else:
            return True
        return False

    # Expressions ----------------------------------------------------------------------------------------------------

    def _conditions(self, table: TablePlan) -> None:
        relation = table.relation
        for attribute in relation.attributes:
            if attribute.default is not None:
                what = f"{relation.name}.{attribute.name}: the default {attribute.default}"
                try:
                    default = fitted(attribute.default, attribute.type)
                except Unfit as reason:
                    self.lose(what, str(reason))
                    continue
                told = self._told(what, default, relation, ())
                if told is not None and Feature.DEFAULT_EXPRESSION in self.dialect.lacks and not is_simple(told):
                    self.lose(what, Feature.DEFAULT_EXPRESSION.value)
                elif told not in {None, "NULL"}:
                    table.defaults[attribute.name] = self.dialect.words.get(told, told)
        declared: list[Planned[Check]] = []
        for check in relation.checks:
            what = f"{relation.name}: the check {check.expression}"
            if Feature.CHECK in self.dialect.lacks:
                self.lose(what, Feature.CHECK.value)
                continue
            kinds = {
                self.names[relation.name, one.name]: "" if one.domain else kind_of(one.type)
                for one in relation.attributes
            }
            told = self._told(what, check.expression, relation, relation.names, kinds)
            if told is not None:
                declared.append(Planned(replace(check, expression=told)))
        table.checks[:0] = declared

    def _told(
        self,
        what: str,
        text: str,
        relation: Relation,
        names: Iterable[str],
        kinds: Mapping[str, Kind] | None = None,
    ) -> str | None:
        columns = {name: self.names[relation.name, name] for name in names}
        try:
            return translated(text, self.dialect, columns, relation.name, kinds)
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
                    reference = self._fitted(relation, wanted)
                    if reference is None:
                        continue
                    ahead = wanted.relation in names - created
                    if not ahead or Feature.FORWARD_REFERENCE not in lacks:
                        table.inside.append(Planned(reference))
                    elif Feature.ADDED_REFERENCE not in lacks:
                        table.after.append(Planned(reference))
                    else:
                        self.lose(
                            _refers(relation, wanted), f"{self.dialect.title} cannot create a cycle of references"
                        )
            yield order

    def _fitted(self, relation: Relation, wanted: ForeignKey) -> ForeignKey | None:
        """The foreign key in the order of the key that it refers to, with the actions that can be had."""
        target, what = self.tables[wanted.relation], _refers(relation, wanted)
        if Feature.REFERENCE in self.dialect.lacks:
            self.lose(what, Feature.REFERENCE.value)
            return None
        key = next((k.rule for k in target.keys if set(k.rule.attributes) == set(wanted.referenced)), None)
        if key is None:
            self.lose(what, "the key that it refers to is not written")
            return None
        if key.deferrable:
            self.lose(what, "the key that it refers to is looked at when the transaction ends")
            return None
        ours = dict(zip(wanted.referenced, wanted.attributes, strict=True))
        for there, here in ours.items():
            texts = self.tables[relation.name].types[here].text, target.types[there].text
            named = {one.domain for one in (relation[here], target.relation[there]) if one.domain}
            listed_apart = texts[0] != texts[1] and any(isinstance(one.type, Enumeration) for one in named)
            if listed_apart or not self._comparable(*texts, relation[here].type, target.relation[there].type):
                self.lose(what, f"the types differ: {texts[0]} and {texts[1]}")
                return None
        if Feature.REFERENCES_ENFORCED in self.dialect.lacks:
            self.lose(what, Feature.REFERENCES_ENFORCED.value, "written as a hint")
        deferrable, full = wanted.deferrable, wanted.match_full
        if deferrable and Rare.DEFERRABLE_REFERENCE not in self.dialect.has:
            self.lose(what, Rare.DEFERRABLE_REFERENCE.value, "looked at once")
            deferrable = ""
        if full and Rare.MATCH_FULL not in self.dialect.has:
            if len(ours) > 1:
                self.lose(what, Rare.MATCH_FULL.value, "one that is unknown refers to nothing")
            full = False
        return ForeignKey(
            tuple(ours[name] for name in key.attributes),
            wanted.relation,
            key.attributes,
            self._action(relation, wanted, "delete", wanted.on_delete, self.dialect.on_delete),
            self._action(relation, wanted, "update", wanted.on_update, self.dialect.on_update),
            wanted.name,
            deferrable,
            full,
        )

    def _comparable(self, here: str, there: str, ours: Type, theirs: Type) -> bool:
        if here == there or Feature.ANY_REFERENCE not in self.dialect.lacks:
            return True
        return Feature.KIN_REFERENCE not in self.dialect.lacks and _kin(ours) is _kin(theirs) is not None

    def _action(self, relation: Relation, key: ForeignKey, when: str, said: str, can: frozenset[str]) -> str:
        action, what = " ".join(said.casefold().split()), _refers(relation, key)
        if action and action not in ACTIONS:
            raise DesignError(f"{what} says {said!r} on {when} — say one of {listed(sorted(ACTIONS))}")
        back = key.relation == relation.name or key.relation in self.tables[relation.name].cycle
        changes = action in {"set null", "set default"} or (action == "cascade" and when == "update")
        if action in can and changes and Feature.CHECKED_CASCADE in self.dialect.lacks:
            names = [self.dialect.quoted(self.names[relation.name, name]) for name in key.attributes]
            checks = self.tables[relation.name].checks
            if any(name in check.rule.expression for name in names for check in checks):
                self.lose(what, f"on {when} {action}, {Feature.CHECKED_CASCADE.value}", "such a change is refused")
                return ""
        if action in can and back and Feature.CASCADING_CYCLE in self.dialect.lacks and action != "no action":
            self.lose(what, f"on {when} {action}, {Feature.CASCADING_CYCLE.value}", "such a change is refused")
        elif action in can:
            certain = [name for name in key.attributes if not relation[name].nullable]
            if action != "set null" or not certain:
                return action
            self.lose(what, f"on {when} set null over {listed(certain)}, never NULL", "such a change is refused")
        elif action not in {"", "restrict", "no action"}:
            self.lose(what, f"on {when} {action}", "written without: such a change is refused")
        return ""

    # Names ----------------------------------------------------------------------------------------------------------

    def _name_rules(self) -> None:
        """Name the rules: the given names first, then those that have to be made.

        Where a name in the schema looks like one that the engine makes up for a nameless constraint, every
        constraint gets a name, lest the two meet.
        """
        relations = [self.names[(name,)] for name in self.schema.names]
        names = Names(self.dialect)
        names.given("relation", relations)
        rules = [
            (table, *found)
            for table in self.tables.values()
            for found in _rules(table, self.names[(table.relation.name,)])
        ]
        local: dict[str, set[str]] = {name: set() for name in self.schema.names}

        def take(
            table: TablePlan,
            kind: str,
            rule: AnyRule,
            wanted: str,
        ) -> None:
            shared = kind == "index" and any("index" in kinds for kinds in self.dialect.namespaces)
            rule.name = names.take(kind, wanted, None if shared else local[table.relation.name])

        unnamed_keys = Feature.KEY_NAME in self.dialect.lacks
        for table, kind, planned, _ in rules:
            if planned.rule.name:
                take(table, kind, planned, planned.rule.name)
                if kind == "key" and table.primary and planned is table.keys[0] and unnamed_keys:
                    planned.name = ""
                    self.lose(f"{table.relation.name}: the key {planned.rule.name}", Feature.KEY_NAME.value)
                elif planned.name != planned.rule.name:
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
        if Feature.KEYS_ENFORCED in self.dialect.lacks:
            keys = []
        keys += [frozenset(planned.rule.attributes) for planned in table.indexes if planned.rule.is_key]
        for dependency in in_order(table.relation.dependencies):
            if not _enforced(dependency, keys, frozenset(table.relation.names)):
                self.lose(table.relation.name, str(dependency), "not enforced by any key")


_AGAIN = "the same attributes again"


def _key_said(key: Key) -> str:
    """What a key says beside its attributes."""
    said = f"called {key.name}" if key.name else "without a name"
    said += "" if key.nulls_distinct else ", where rows with a NULL are alike"
    return said + (f", {key.deferrable}" if key.deferrable else "")


def _kept(generated: Generated) -> str:
    return "stored" if generated.stored else "made when it is read"


def _rules(table: TablePlan, name: str) -> Iterator[tuple[str, AnyRule, str]]:
    """Each rule of a table that can have a name, with its kind and the name to make for it; `name` is the table's."""
    for at, key in enumerate(table.keys):
        yield "key", key, f"{name}_pkey" if at == 0 and table.primary else f"{name}_{'_'.join(key.rule.attributes)}_key"
    for foreign_key in (*table.inside, *table.after):
        yield "foreign key", foreign_key, f"{name}_{'_'.join(foreign_key.rule.attributes)}_fkey"
    for check in table.checks:
        yield "check", check, f"{name}_check"
    for exclusion in table.exclusions:
        yield "key", exclusion, f"{name}_{'_'.join(exclusion.rule.attributes)}_excl"
    for index in table.indexes:
        parts = (part.attribute or "expr" for part in index.rule.parts)
        yield "index", index, f"{name}_{'_'.join(parts)}_idx"


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


def is_constant(told: str) -> bool:
    r"""Whether an expression, as it is told in a dialect, is a number, a text or a word.

    >>> is_constant("-1.5"), is_constant("'it''s'"), is_constant(r"'it\'s'"), is_constant("1 + 1")
    (True, True, True, False)
    """
    return bool(re.fullmatch(r"-?[\w.]+|'(?:[^'\\]|''|\\.?)*'", told, re.DOTALL))


def is_simple(told: str) -> bool:
    """Whether it is that, or a call without arguments."""
    return is_constant(told) or bool(re.fullmatch(r"\w+\(\)", told))


def _referenced(schema: Schema) -> dict[str, tuple[tuple[str, ...], ...]]:
    """For each relation, the lists of its attributes that foreign keys refer to."""
    found: dict[str, dict[tuple[str, ...], None]] = {}
    for relation in schema:
        for key in relation.foreign_keys:
            found.setdefault(key.relation, {})[key.referenced] = None
    return {name: tuple(lists) for name, lists in found.items()}


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

"""What the statements of a file have made so far, and the schema that it is in the end."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from dbworkbench.errors import WorkbenchError, listed
from dbworkbench.schema.condition import spoken_of
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import (
    Attribute,
    Check,
    Domain,
    Exclusion,
    ForeignKey,
    Identity,
    Index,
    Key,
    Part,
    Partitioning,
    Relation,
)
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Boolean, Decimal, Enumeration, Integer, Text, Type
from dbworkbench.sql.casing import EQUAL_IN_COMPARISONS, EQUAL_IN_KEYS, SIGHTED, compares, folds
from dbworkbench.sql.expression import truths
from dbworkbench.sql.meaning import meant
from dbworkbench.sql.quotients import settled_rules
from dbworkbench.sql.tables import Aside, Name, Reference, Table
from dbworkbench.sql.type_names import TypeNames

__all__ = ["Catalogue"]


class Catalogue:
    """Tables and types by name, and what of them a schema cannot hold."""

    def __init__(self, *, one_null: bool = False, folds: bool = False, listed: int = 0) -> None:
        self.folds = folds
        """Whether case tells no texts apart where nothing says how they are compared."""
        self.listed = listed
        """The length of texts that stand for an enumeration, 0 where that is none."""
        self.one_null = one_null
        """Whether a unique key lets one row with NULL pass, as if unknown values were equal."""
        self.tables: dict[Name, Table] = {}
        self._ending: dict[str, list[Table]] = {}  # by the last part of their names, but for case
        self.type_names = TypeNames()
        self.types: dict[str, Type] = {}
        """By their keys among `type_names`."""
        self.domains: dict[str, Domain] = {}
        """Domains and enumerations with a name, by their keys; their types are among `types`."""
        self.spelled: dict[Name, str] = {}
        """The whole names of types and domains, and what they are called."""
        self.certain: set[str] = set()
        """Keys of names for types whose columns are never NULL unless they say that they may be."""
        self.sequences: dict[str, Identity] = {}
        """Where sequences begin and how they go on, by name in small letters."""
        self.counted_otherwise: dict[str, tuple[str, ...]] = {}
        """What else is said of sequences: bounds, a cache, that they begin again."""
        self.counted: dict[str, tuple[Table, str]] = {}
        """The columns that sequences number, with their tables, by the sequences' names in small letters."""
        self.counting: set[str] = set()
        """The sequences that number a column."""
        self.others: dict[str, tuple[Name, str]] = {}
        """What else has a name, by its last part but for case: views, sequences, partitions …, and what each is."""
        self.partition_keys: list[tuple[Name, str]] = []
        """Primary keys that a file gives to partitions, each with the words: the whole table's, where that has one."""
        self.path: tuple[str, ...] = ()
        """The schemas that a name without one is looked up in, but for those that every session has."""
        self.losses: list[Loss] = []
        self.called: dict[Name, str] = {}
        """What the tables are called as relations, once there is a schema."""

    def type_key(self, name: Name) -> str:
        """By what the type that a name means is known here."""
        return self.type_names.key(name, self.path)

    def define(self, name: Name, kind: Type, domain: Domain | None = None) -> None:
        """Make a type, with a domain or an enumeration of its name."""
        key = self.type_names.made(name, self.path)
        self.types[key] = kind
        if domain is not None:
            called = self.type_names.called(key)
            self.domains[key] = replace(domain, name=called)
            self.spelled[name] = called

    def lose(self, subject: str, feature: str, instead: str) -> None:
        """Report what is not carried over."""
        self.losses.append(Loss(subject, feature, instead))

    def in_path(self, name: Name) -> Table | None:
        """The table that a name without a schema means by the session's path; None where that says nothing of it."""
        bare = self.tables.get(name)
        for home in self.path if len(name) == 1 else ():
            if found := self.tables.get((home, *name)):
                return found
            if bare is not None and bare.home == home:
                return bare
        return None

    def placed(self, name: Name) -> Name:
        """What a new table is called: with its schema before it where one of another schema has that name already."""
        here, there = self.path[0] if self.path else "", self.tables.get(name)
        if len(name) != 1 or there is None or there.home == here:
            return name
        if there.home:
            self.rename(name, (there.home, *name), within=frozenset({there.home, ""}))
        return (here, *name) if here else name

    def meant_by(self, table: Table, name: Name) -> Table | None:
        """The table that a reference of another one means: where both say no schema, one of the same home first."""
        bare = self.tables.get(name)
        if len(name) == 1 and table.home and (bare is None or bare.home != table.home):
            bare = self.tables.get((table.home, *name))
        return bare or self.find(name)

    def find(self, name: Name) -> Table | None:
        """The table a name means: the one it equals, else the only one whose last parts it equals, but for case."""
        if found := self.in_path(name):
            return found
        if name in self.tables:
            return self.tables[name]
        ending = self._ending.get(name[-1].casefold(), ()) if name else ()
        for same in (tuple, _folded):
            wanted = same(name)
            near = [
                table
                for table in ending
                if (short := min(len(table.name), len(name))) and same(table.name)[-short:] == wanted[-short:]
            ]
            if len(near) == 1:
                return near[0]
        return None

    def note(self, name: Name, what: str) -> None:
        """Remember what a name means that is no table's."""
        self.others[name[-1].casefold()] = (name, what)

    def other(self, name: Name) -> str:
        """What a name that is no table's means: "a view", say; "" where it means nothing."""
        known, what = self.others.get(name[-1].casefold(), ((), ""))
        short = min(len(known), len(name))
        return what if short and _folded(known)[-short:] == _folded(name)[-short:] else ""

    def known(self, names: tuple[Name, ...], own: str) -> tuple[str, ...]:
        """Those of some names that are tables or other things here, each once, as they were created; not `own`."""
        found: list[str] = []
        for name in names:
            table = self.find(name)
            said = ".".join(table.name if table else self.others[name[-1].casefold()][0] if self.other(name) else ())
            if said and said != own:
                found.append(said)
        return tuple(dict.fromkeys(found))

    def has(self, name: Name) -> bool:
        """Whether there is a table of just this name."""
        return name in self.tables

    def put(self, table: Table) -> None:
        """Add a table, or put it in the place of the one of its name."""
        before = self.tables.get(table.name)
        if before is not None:
            self._ending[table.name[-1].casefold()].remove(before)
        self.tables[table.name] = table
        self._ending.setdefault(table.name[-1].casefold(), []).append(table)

    def drop(self, name: Name, *, cascade: bool = False) -> bool:
        """Take a table away, with `cascade` the references to it too; whether there was one.

        References that stay wait for a table of that name, which a migration makes next. A name without a schema is not
        that of a table which another database of the file has.
        """
        table = self.find(name)
        if table is None or (len(name) == 1 and self.path and table.home and table.home not in self.path):
            return False
        for other in self.tables.values() if cascade else ():
            other.references = [r for r in other.references if self.find(r.table) is not table or other is table]
        del self.tables[table.name]
        self._ending[table.name[-1].casefold()].remove(table)
        return True

    def exchange(self, one: Name, other: Name) -> bool:
        """Call each of two tables by the other's name; whether both are there."""
        first, second = self.find(one), self.find(other)
        if first is None or second is None:
            return False
        names = first.name, second.name
        aside = (*names[0][:-1], f"{names[0][-1]}\0")
        return self.rename(names[0], aside) and self.rename(names[1], names[0]) and self.rename(aside, names[1])

    def rename(self, old: Name, new: Name, *, within: frozenset[str] | None = None) -> bool:
        """Call a table otherwise; references follow, those of the tables of some homes only where these are given.

        Whether it is done: it is not where no table is called so, or another one is already called as it would be.
        """
        table = self.find(old)
        if table is None:
            return False
        target = (*table.name[:-1], new[-1]) if len(new) == 1 else new
        if self.tables.get(target, table) is not table:
            return False
        for other in self.tables.values():
            for reference in other.references if within is None or other.home in within else ():
                if self.meant_by(other, reference.table) is table:
                    reference.table = target
        before, table.name = table.name, target
        self._ending[before[-1].casefold()].remove(table)
        self._ending.setdefault(target[-1].casefold(), []).append(table)
        self.tables = {(target if known == before else known): kept for known, kept in self.tables.items()}
        return True

    def rename_column(self, table: Table, old: str, new: str) -> None:
        """Call a column otherwise; rules, references and conditions follow. Raises DesignError where it is not clear how."""
        column = table.columns[old]
        for other in self.tables.values():
            for reference in other.references:
                if self.find(reference.table) is table:
                    there = reference.referenced
                    reference.referenced = tuple(new if name.casefold() == old.casefold() else name for name in there)
        table.respell(old, new)
        table.put(replace(table.columns[old], name=new), column.name)

    def _tell_asides(self, names: list[tuple[Table, str]]) -> None:
        """One loss for each clause that no schema holds, whatever says it, a table or three hundred."""
        found: dict[str, tuple[Aside, list[str]]] = {}
        for table, name in names:
            ordered = any(index.method == "cluster" for index in table.indexes)
            filled = [table.column(column) for column in table.defaults.values()]
            named = (Aside("the name of a default", one.name) for one in filled if one and one.default is not None)
            for one in (*table.asides, *named):
                if one.text == "NONCLUSTERED" and ordered:
                    continue  # which goes without saying where the rows are in another order
                place = f"{name}.{one.column}" if one.column else f"{name}: {one.rule}" if one.rule else name
                found.setdefault(one.text.casefold(), (one, []))[1].append(place)
        for one, places in found.values():
            self.lose(listed(tuple(dict.fromkeys(places)), most=3), one.text, one.instead)

    def _tell_folded(self, names: list[tuple[Table, str]], relations: Mapping[int, Relation]) -> None:
        """One loss for all texts of keys that case does not tell apart, by an order that goes without saying, and one for all
        that are compared so.
        """
        keyed: list[str] = []
        compared: list[str] = []
        for table, name in names:
            if not self.folds or SIGHTED.fullmatch(table.collation):
                continue
            relation = relations[id(table)]
            rules = [key.attributes for key in relation.keys]
            rules += [index.attributes for index in relation.indexes if index.unique]
            within = {one for names in rules for one in names}
            blind = [one for one in relation.attributes if folds(one.type) and not one.collation]
            keyed += [f"{name}.{one.name}" for one in blind if one.name in within and isinstance(one.type, Text)]
            listed_ones = {one.name for one in blind if one.declared is None}
            compared += compares(relation, {one.name for one in blind}, listed=listed_ones)
        for found, said in ((keyed, EQUAL_IN_KEYS), (compared, EQUAL_IN_COMPARISONS)):
            if found:
                self.lose(listed(found, most=3), said, "read as texts that any difference tells apart")

    def schema(self) -> Schema:
        """The relations; what the values of a schema refuse is reported and left out."""
        self._count_with_truths()
        names = self._relation_names()
        relations = {id(table): self._relation(table, name) for table, name in names}
        found = {id(table): name for table, name in names}
        for table, name in names:
            kept: list[ForeignKey] = []
            for reference in table.references:
                foreign_key = self._foreign_key(table, name, reference, relations, found)
                if foreign_key is not None:
                    kept.append(foreign_key)
            relations[id(table)] = replace(relations[id(table)], foreign_keys=tuple(kept))
        self.called = {table.name: name for table, name in names}
        self._tell_asides(names)
        self._tell_folded(names, relations)
        keyed = {
            one.name.casefold()
            for table, _ in names
            if table.primary and table.partitioning
            for one in table.partitioning.partitions
        }
        for path, said in self.partition_keys:
            if path[-1].casefold() not in keyed:
                self.lose(".".join(path), f"what a partition has of its own: {said}", "not read")
        return Schema(tuple(relations.values()), domains=tuple(dict.fromkeys(self.domains.values())))

    def _count_with_truths(self) -> None:
        """Truth values that are numbers after all become numbers: what MySQL calls TINYINT(1) is both.

        So it is where the engine counts it up, where its default is neither 0 nor 1, and where a reference ties it to a
        number.
        """
        ties: list[tuple[tuple[Table, str], tuple[Table, str]]] = []
        for table in self.tables.values():
            for column in tuple(table.columns.values()):
                if column.name in table.numbers or _counts(column.default):
                    _as_number(table, column.name)
            for reference in table.references:
                target = self.find(reference.table)
                wanted = reference.referenced or (target.primary.attributes if target and target.primary else ())
                here, there = table.spelled(reference.columns) or (), target and target.spelled(wanted)
                if target and there and len(here) == len(there):
                    ties += [((table, one), (target, other)) for one, other in zip(here, there, strict=True)]
        changed = True
        while changed:
            changed = False
            for tie in ties:
                for (table, name), (other, tied) in (tie, tie[::-1]):
                    if isinstance(other.columns[tied].type, Integer | Decimal):
                        changed = _as_number(table, name) or changed

    def _relation_names(self) -> list[tuple[Table, str]]:
        tables = [table for table in self.tables.values() if table.columns]
        for table in self.tables.values():
            if not table.columns:
                self.lose(".".join(table.name), "a table without columns", "not read")
        plain = Counter(table.name[-1] for table in tables)

        def whole(table: Table) -> str:
            return ".".join((table.home, *table.name) if len(table.name) == 1 and table.home else table.name)

        return [(table, table.name[-1] if plain[table.name[-1]] == 1 else whole(table)) for table in tables]

    def _relation(self, table: Table, name: str) -> Relation:
        keys: list[Key] = []
        indexes: list[Index] = []
        if table.primary and (spelled := table.spelled(table.primary.attributes)):
            keys.append(replace(table.primary, attributes=tuple(dict.fromkeys(spelled))))
            for part in spelled:
                table.put(replace(table.columns[part], nullable=False))
        for rule in table.uniques:
            unique = replace(rule, nulls_distinct=rule.nulls_distinct and not self._one_null(table, rule.attributes))
            spelled = table.spelled(unique.attributes)
            if spelled is None:
                self.lose(f"{name}: the key ({', '.join(unique.attributes)})", "a column that is not there", "not read")
            elif keys:
                keys.append(replace(unique, attributes=tuple(dict.fromkeys(spelled))))
            else:
                if unique.deferrable:
                    self.lose(f"{name}: the key ({', '.join(spelled)})", "it can be put off", "read as a unique index")
                indexes.append(
                    Index(
                        tuple(dict.fromkeys(spelled)),
                        unique=True,
                        name=unique.name,
                        nulls_distinct=unique.nulls_distinct,
                    )
                )
        for index in table.indexes:
            if table.spelled((*index.attributes, *index.include)) is None:
                self.lose(f"{name}: the index {index.name}", "a column that is not there", "not read")
            else:
                found = index.renamed(lambda name: (table.spelled((name,)) or (name,))[0])
                if index.unique and self._one_null(table, index.attributes):
                    found = replace(found, nulls_distinct=False)
                indexes.append(replace(found, on=tuple(dict.fromkeys(_whole(table, part) for part in found.on))))
        filled = tuple(self._filled(table, name))
        attributes, checks = meant(table.name[-1], filled, tuple(_asked(table, name)))
        for before, after in zip(filled, attributes, strict=True):
            length = before.type.length if isinstance(before.type, Text) else None
            if length and isinstance(after.type, Enumeration) and length != self.listed:
                self.lose(
                    f"{name}.{after.name}",
                    f"the type text({length})",
                    "read as an enumeration: its check lists the values",
                )
        booleans = {one.name.casefold() for one in attributes if isinstance(one.type, Boolean)}
        if booleans:
            checks = tuple(replace(check, expression=truths(check.expression, booleans)) for check in checks)
            indexes = [
                replace(index, where=truths(index.where, booleans)) if index.where else index for index in indexes
            ]
        relation = Relation(
            name,
            attributes,
            tuple(dict.fromkeys(keys)),
            checks=checks,
            indexes=tuple(dict.fromkeys(indexes)),
            note=table.note,
            exclusions=tuple(self._exclusions(table, name)),
            partitioning=self._partitioning(table, name),
        )
        return settled_rules(relation, self.lose)

    def _one_null(self, table: Table, names: tuple[str, ...]) -> bool:
        return self.one_null and any(column.nullable for column in map(table.column, names) if column)

    def _filled(self, table: Table, name: str) -> Iterator[Attribute]:
        """The columns with the numbers and the domains that they have."""
        for column in table.columns.values():
            found, subject = column, f"{name}.{column.name}"
            domain = self.domains.get(table.domains.get(column.name, ""))
            if domain is not None and domain.type == column.type:
                found = replace(found, domain=domain)
            if column.name in table.declared and found.domain is None:
                found = replace(found, declared=table.declared[column.name])
            identity = table.numbers.get(column.name)
            if identity is None:
                yield found
            elif found.nullable or found.generated or found.default is not None:
                self.lose(subject, "a number that the engine counts up", "read without: it may be NULL, or is filled")
                yield found
            else:
                begins = table.begins.get(column.name, table.begins.get("", 0))
                yield replace(found, identity=replace(identity, start=begins) if begins else identity)

    def _spelled_part(self, table: Table, part: Part) -> Part:
        found = table.spelled((part.attribute,)) if part.attribute else None
        return replace(part, attribute=found[0]) if found else part

    def _exclusions(self, table: Table, name: str) -> Iterator[Exclusion]:
        for exclusion in table.exclusions:
            if table.spelled(exclusion.attributes) is None:
                self.lose(f"{name}: the exclusion {exclusion.name}", "a column that is not there", "not read")
            else:
                yield replace(exclusion, on=tuple(self._spelled_part(table, part) for part in exclusion.parts))

    def _partitioning(self, table: Table, name: str) -> Partitioning | None:
        laid = table.partitioning
        if laid is None:
            return None
        if table.spelled(laid.attributes) is None:
            self.lose(name, "partitioning by a column that is not there", "not read")
            return None
        return replace(laid, on=tuple(self._spelled_part(table, part) for part in laid.parts))

    def _foreign_key(
        self, table: Table, name: str, reference: Reference, relations: dict[int, Relation], found: dict[int, str]
    ) -> ForeignKey | None:
        what = _said(name, reference)
        target = self.meant_by(table, reference.table)
        if target is None or id(target) not in relations:
            self.lose(what, "a table that is not here", "not read")
            return None
        here = table.spelled(reference.columns)
        wanted = reference.referenced or (target.primary.attributes if target.primary else ())
        there = target.spelled(wanted)
        if not here or not there or len(here) != len(there):
            self.lose(what, "columns that do not fit", "not read")
            return None
        foreign_key = ForeignKey(
            here,
            found[id(target)],
            there,
            reference.on_delete,
            reference.on_update,
            reference.name,
            reference.deferrable,
            reference.match_full,
            reference.enforced,
        )
        mine = replace(relations[id(table)], foreign_keys=())
        other = relations[id(target)]
        try:
            tried = replace(mine, foreign_keys=(foreign_key,))
            Schema((tried,) if target is table else (tried, replace(other, foreign_keys=())))
        except WorkbenchError:
            if len(set(there)) != len(there) or len(set(here)) != len(here):
                self.lose(what, "a column named twice", "not read")
                return None
            self.lose(what, "what it refers to is not declared a key", "read with a key added")
            relations[id(target)] = replace(other, indexes=(*other.indexes, Index(there, unique=True)))
        return foreign_key


def _whole(table: Table, on: str | Part) -> str | Part:
    """What an index is on, without the length of a beginning that is all there can be: engines forget it."""
    column = table.columns.get(on.attribute) if isinstance(on, Part) and on.length else None
    if isinstance(on, str) or column is None or not isinstance(column.type, Text) or column.type.length is None:
        return on
    return replace(on, length=None) if (on.length or 0) >= column.type.length else on


def _asked(table: Table, name: str) -> Iterator[Check]:
    """The checks; where the engine refuses what may be unknown, which a check of a design lets pass, they say so."""
    nullable = {column.name for column in table.columns.values() if column.nullable}
    for check in table.checks:
        unknown = check.expression in table.certain and not nullable.isdisjoint(
            spoken_of(check.expression, tuple(table.columns), name)
        )
        yield replace(check, expression=f"COALESCE({check.expression}, FALSE)") if unknown else check


def _counts(default: str | None) -> bool:
    """Whether a default is a whole number that stands for no truth value."""
    found = re.fullmatch(r"'?\s*(-?\d+)\s*'?", default or "")
    return found is not None and found[1].lstrip("0") not in {"", "1"}


def _as_number(table: Table, name: str) -> bool:
    """Make a column of truth values one of small numbers; whether it was one of truth values."""
    column = table.columns[name]
    if not isinstance(column.type, Boolean):
        return False
    table.put(replace(column, type=Integer(16)))
    return True


def _said(name: str, reference: Reference) -> str:
    return f"{name}: the foreign key ({', '.join(reference.columns)}) to {'.'.join(reference.table)}"


def _folded(name: Name) -> Name:
    return tuple(part.casefold() for part in name)

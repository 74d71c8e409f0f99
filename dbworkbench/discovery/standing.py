"""What a database declares beside what its rows keep: keys and references, each promised, kept, both, or neither."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dbworkbench.discovery.columns import Columns, groups
from dbworkbench.discovery.findings import TableFindings
from dbworkbench.discovery.inclusion import ForeignKeyCandidate, missing_values
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.dependencies import IND

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Declared:
    """The keys, primary one first, and the references that a database declares for a table, whether they hold or not.

    `attributes` are the columns whose type it declares.
    """

    keys: tuple[Key, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Promise:
    """A key or a reference of a table: whether it is declared, and whether the rows keep it.

    `against` shows a few values that break it: repeated or null keys, references that lead nowhere.
    """

    table: str
    what: Key | ForeignKey
    declared: bool
    kept: bool
    against: tuple[tuple[object, ...], ...] = ()

    def __str__(self) -> str:
        match self.what:
            case Key(attributes):
                return f"{self.table}({', '.join(attributes)}) is a key"
            case ForeignKey(attributes, relation, referenced):
                return f"{self.table}({', '.join(attributes)}) refers to {relation}({', '.join(referenced)})"


def promises(
    tables: Sequence[TableFindings], declared: Mapping[str, Declared], found: Sequence[ForeignKeyCandidate]
) -> tuple[Promise, ...]:
    """Everything declared, kept or broken, and what the rows keep though nobody declared it: likely keys and references.

    Unlike SQL, a declared unique set with a null in it counts as kept as long as the rows without nulls differ.
    """
    by_name = {table.name: table.columns for table in tables}
    made: list[Promise] = []
    for table in tables:
        said = declared.get(table.name, Declared())
        for place, key in enumerate(said.keys):
            against = _repeated(table.columns, key.attributes, nulls_too=place == 0)
            made.append(Promise(table.name, key, declared=True, kept=not against, against=against))
        sound = [one for one in made if one.table == table.name and one.kept]
        own = next((one for one in table.ranked_keys if not one.nullable), None)
        if not sound and own is not None:
            made.append(Promise(table.name, Key(own.attributes), declared=False, kept=True))
        for reference in said.foreign_keys:
            lost = missing_values(by_name, _ind(table.name, reference), most=_SHOWN)
            made.append(Promise(table.name, reference, declared=True, kept=not lost, against=lost))
    known = {_ind(one.table, one.what) for one in made if isinstance(one.what, ForeignKey)}
    taken = {(ind.relation, frozenset(ind.attributes)) for ind in known}
    for candidate in found:
        ind = candidate.ind
        if ind not in known and (ind.relation, frozenset(ind.attributes)) not in taken:
            what = ForeignKey(ind.attributes, ind.referenced, ind.referenced_attributes)
            made.append(Promise(ind.relation, what, declared=False, kept=True))
    return tuple(made)


def kept_keys(columns: Columns, said: Declared) -> tuple[Key, ...]:
    """The declared keys that the rows keep."""
    kept = (not _repeated(columns, key.attributes, nulls_too=place == 0) for place, key in enumerate(said.keys))
    return tuple(key for key, keeps in zip(said.keys, kept, strict=True) if keeps)


def kept_references(tables: Sequence[TableFindings], declared: Mapping[str, Declared]) -> tuple[IND, ...]:
    """The declared references that the rows keep, as inclusions."""
    columns = {table.name: table.columns for table in tables}
    every = (_ind(table, one) for table, said in declared.items() for one in said.foreign_keys)
    return tuple(ind for ind in every if ind.referenced in columns and not missing_values(columns, ind, most=1))


def as_declared(tables: Sequence[TableFindings], declared: Mapping[str, Declared]) -> Schema:
    """The tables with the keys and references that are declared, kept or not."""
    every: list[Promise] = []
    for table in tables:
        said = declared.get(table.name, Declared())
        every += [Promise(table.name, key, declared=True, kept=True) for key in said.keys]
        every += [Promise(table.name, one, declared=True, kept=True) for one in said.foreign_keys]
    return _built(tables, every)


def as_kept(tables: Sequence[TableFindings], promised: Sequence[Promise]) -> Schema:
    """The tables with the keys and references that the rows keep, declared or not."""
    return _built(tables, [one for one in promised if one.kept])


def _built(tables: Sequence[TableFindings], promised: Sequence[Promise]) -> Schema:
    keys: dict[str, list[Key]] = {table.name: [] for table in tables}
    for one in promised:
        if isinstance(one.what, Key) and one.what not in keys[one.table]:
            keys[one.table].append(one.what)
    references: dict[str, list[ForeignKey]] = {table.name: [] for table in tables}
    for one in promised:
        if isinstance(one.what, ForeignKey) and one.what.relation in keys:
            there = keys[one.what.relation]
            if not any(set(key.attributes) == set(one.what.referenced) for key in there):
                there.append(Key(one.what.referenced))  # what is referred to is unique
            references[one.table].append(one.what)
    return Schema(
        tuple(
            Relation(
                table.name,
                tuple(column.attribute for column in table.profile.columns),
                keys=tuple(keys[table.name]),
                foreign_keys=tuple(references[table.name]),
            )
            for table in tables
        )
    )


def _ind(table: str, reference: ForeignKey) -> IND:
    return IND(table, reference.attributes, reference.relation, reference.referenced)


def _repeated(columns: Columns, key: Sequence[str], *, nulls_too: bool) -> tuple[tuple[object, ...], ...]:
    """A few values of a key that several rows have, or that are null where they must not be."""
    places = [columns.place(name) for name in key]
    null = np.zeros(columns.rows, bool)
    for place in places:
        null |= columns.null(place)
    ids, count = groups([columns.codes[place] for place in places], columns.rows)
    seen = np.bincount(ids[~null], minlength=count)
    wrong = ~null & (seen[ids] > 1) if count else np.zeros(columns.rows, bool)
    rows = [*np.flatnonzero(wrong).tolist(), *(np.flatnonzero(null).tolist() if nulls_too else [])]
    return tuple(dict.fromkeys(_values(columns, key, rows)))[:_SHOWN]


def _values(columns: Columns, key: Sequence[str], rows: Sequence[int]) -> Iterator[tuple[object, ...]]:
    for row in rows[:1_000]:
        found = columns.row(row)
        yield tuple(found[name] for name in key)

"""From data to a design: what holds in the rows, what of it looks like a rule, and the schema that follows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dbworkbench.discovery.approximate import Measures, Violations, measure, violations
from dbworkbench.discovery.columns import Columns, groups
from dbworkbench.discovery.evidence import Part
from dbworkbench.discovery.findings import TableFindings, at_home, housed
from dbworkbench.discovery.functional import FunctionalDependencies
from dbworkbench.discovery.inclusion import ForeignKeyCandidate, Inclusions, likely_foreign_keys
from dbworkbench.discovery.profile import ColumnProfile, Profile
from dbworkbench.discovery.ranking import RankedRule, rank_rules, supported
from dbworkbench.discovery.standing import (
    Declared,
    Promise,
    as_declared,
    as_kept,
    kept_keys,
    kept_references,
    promises,
)
from dbworkbench.discovery.uniques import ColumnSets
from dbworkbench.errors import DataError, DesignError, UnknownName, listed
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.normalization import Normalization, normalize
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Boolean, Date, Decimal, Float, Integer, Text, Time, Timestamp
from dbworkbench.shown import Shown
from dbworkbench.theory.dependencies import FD, IND, MVD

if TYPE_CHECKING:  # loaded only where rows are shown
    import pandas as pd


_NO_TEXTS = (Boolean, Date, Decimal, Float, Integer, Time, Timestamp)


@dataclass(frozen=True, slots=True, eq=False)
class Explanation(Shown):
    """Why a dependency is believed or not: its measures, the parts of its score, and rows.

    `frame` holds the rows that break it and what to mend, or, where it holds, the largest groups of rows that
    agree on the determinant: the chances that the rows had to break it.
    """

    fd: FD
    measures: Measures
    score: float
    parts: tuple[Part, ...]
    verdict: str
    frame: "pd.DataFrame"

    def __repr__(self) -> str:
        return f"Explanation({self.verdict})"


@dataclass(frozen=True, slots=True, eq=False)
class Discovery(Shown):
    """What holds in tables of data, what of it is proposed as a design, and what a person decided.

    A value: `accept` and `refuse` give another one. `fds`, `keys`, `mvds` and `profile` are those of the one table;
    of several take `found["orders"].fds`. `inclusions` and `foreign_keys` are across all. Of a database `declarations`
    are the keys and references it declares; `promises` holds them against the rows. `losses` are the files of a folder
    that could not be read.
    """

    tables: tuple[TableFindings, ...]
    inclusion_search: Inclusions
    foreign_keys: tuple[ForeignKeyCandidate, ...] = ()
    accepted: Mapping[str, tuple[FD, ...]] | None = None
    refused_references: frozenset[IND] = frozenset()
    declarations: Mapping[str, Declared] | None = None
    losses: tuple[Loss, ...] = ()

    # -- what was found ------------------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> TableFindings:
        for table in self.tables:
            if table.name == name:
                return table
        raise UnknownName("table", name, self.names)

    @property
    def names(self) -> tuple[str, ...]:
        """The tables' names, in order."""
        return tuple(table.name for table in self.tables)

    @property
    def complete(self) -> bool:
        """Whether everything asked for was found; `notes` say what was not."""
        return all(table.complete for table in self.tables) and self.inclusion_search.complete and not self.losses

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not read, not searched, and what looks odd, table by table."""
        return (
            *map(str, self.losses),
            *(f"{table.name}: {note}" for table in self.tables for note in table.notes),
        )

    @property
    def inclusions(self) -> tuple[IND, ...]:
        """The inclusion dependencies that hold in every row."""
        return tuple(one.ind for one in self.inclusion_search.found if one.coverage == 1)

    @property
    def fds(self) -> FunctionalDependencies:
        """The minimal functional dependencies of the only table."""
        return self._only().fds

    @property
    def keys(self) -> ColumnSets:
        """The minimal unique column sets of the only table."""
        return self._only().keys.sets

    @property
    def mvds(self) -> tuple[MVD, ...]:
        """The multivalued dependencies of the only table."""
        return self._only().mvds

    @property
    def rules(self) -> tuple[RankedRule, ...]:
        """The ranked dependencies of the only table."""
        return self._only().rules

    @property
    def profile(self) -> Profile:
        """The column profiles of the only table."""
        return self._only().profile

    def _only(self, name: str | None = None) -> TableFindings:
        if name is not None:
            return self[name]
        if len(self.tables) != 1:
            raise DesignError(
                f"there are {len(self.tables)} tables ({listed(self.names)}) — say which, "
                f"for instance found[{next(iter(self.names), 'name')!r}]"
            )
        return self.tables[0]

    # -- what is decided -----------------------------------------------------------------------------------------

    def believed(self, table: str | None = None) -> tuple[FD, ...]:
        """The dependencies that the design is made from: those proposed, until a person accepts or refuses."""
        found = self._only(table)
        return (self.accepted or {}).get(found.name, found.proposed)

    def accept(self, *fds: FD | str, table: str | None = None, broken: bool = False) -> "Discovery":
        """Believe further dependencies. Those that some rows break are only taken with `broken`.

        Raises UnknownName for a column that is not there, DataError, with rows, for a dependency that does not hold.
        """
        found = self._only(table)
        kept = list(self.believed(found.name))
        for said in fds:
            fd = _read(said, found)
            against = violations(found.columns, fd)
            if len(against) and not broken:
                rows = tuple(found.columns.row(row) for row in against.rows[:4])
                raise DataError(
                    f"{fd} does not hold in {found.name!r}: {len(against.repair):,} of {found.columns.rows:,} rows break "
                    "it — see explain(…), mend the rows, or say accept(…, broken=True)",
                    rows=rows,
                )
            kept += [fd] if fd not in kept else []
        return self._decided(found.name, kept)

    def refuse(self, *fds: FD | str, table: str | None = None) -> "Discovery":
        """Do not believe dependencies: those named, with all or some of their dependents, are left out."""
        found = self._only(table)
        kept = list(self.believed(found.name))
        for said in fds:
            no = _read(said, found)
            kept = [
                FD(fd.determinant, left) if fd.determinant == no.determinant else fd
                for fd in kept
                if (left := fd.dependent - no.dependent) or fd.determinant != no.determinant
            ]
        return self._decided(found.name, kept)

    def accept_only(self, *fds: FD | str, table: str | None = None) -> "Discovery":
        """Believe these and nothing else of a table."""
        found = self._only(table)
        return self._decided(found.name, []).accept(*fds, table=found.name)

    def refuse_reference(self, *inds: IND | str) -> "Discovery":
        """Do not take an inclusion for a foreign key; raises UnknownName for one that was not found."""
        known = {str(one.ind): one.ind for one in self.foreign_keys}
        refused = set(self.refused_references)
        for said in inds:
            text = str(IND.parse(said) if isinstance(said, str) else said)
            if text not in known:
                raise UnknownName("foreign key candidate", text, tuple(known))
            refused.add(known[text])
        return replace(self, refused_references=frozenset(refused)).housed()

    def housed(self) -> "Discovery":
        """The same, with the rules of each table ranked by what its references say: what has a table already needs none.

        References declared and kept count as well as those found; `discover` and `refuse_reference` have done this.
        """
        homes = self._homes()
        return replace(self, tables=tuple(housed(table, homes.get(table.name, {})) for table in self.tables))

    def _homes(self) -> dict[str, dict[frozenset[str], str]]:
        """For each table the columns that refer to another one, and which."""
        homes: dict[str, dict[frozenset[str], str]] = {}
        for ind in self._inclusions_to_keep():
            if ind.relation != ind.referenced:
                homes.setdefault(ind.relation, {})[frozenset(ind.attributes)] = ind.referenced
        return homes

    def _decided(self, table: str, fds: Sequence[FD]) -> "Discovery":
        return replace(self, accepted={**(self.accepted or {}), table: tuple(fds)})

    def explain(self, fd: FD | str, table: str | None = None, *, most: int = 20) -> Explanation:
        """A dependency's measures, the parts of its score, and the rows that break it or had the chance to.

        Any dependency over the table's columns, found or not; raises UnknownName for a column that is not there.
        """
        found = self._only(table)
        asked = _read(fd, found)
        measures = measure(found.columns, asked)
        score, parts = self._scored(asked, found)
        against = violations(found.columns, asked)
        if len(against):
            verdict = (
                f"{asked} does not hold: {measures.broken:,} of {measures.groups:,} groups break it; mending "
                f"{measures.removed:,} of {measures.rows:,} rows ({measures.g3:.2%}) would make it hold"
            )
            return Explanation(asked, measures, score, parts, verdict, against.frame(most))
        verdict = (
            f"{asked} holds in all {measures.rows:,} rows; {measures.repeated:,} of them had the chance to break it"
            if measures.repeated
            else f"{asked} holds because its determinant never repeats: the rows say nothing about it"
        )
        return Explanation(asked, measures, score, parts, verdict, _largest_groups(found.columns, asked, most))

    def _scored(self, asked: FD, found: TableFindings) -> tuple[float, tuple[Part, ...]]:
        """The score of a dependency and its parts: those it was ranked by, or what they would have been."""
        for rule in (*found.rules, *found.near):
            if rule.fd == asked:
                return rule.score, rule.parts
        homes = self._homes().get(found.name, {})
        for rule in rank_rules(found.columns, found.profile, [asked], exact=False):
            better = [one for one in found.rules if one.score > rule.score]
            asked_for = at_home(supported(found.columns, rule, better), homes)
            return asked_for.score, asked_for.parts
        return 0.0, ()

    def violations(self, fd: FD | str, table: str | None = None) -> Violations:
        """The rows that break a dependency, and the fewest to mend."""
        found = self._only(table)
        return violations(found.columns, _read(fd, found))

    def repairs(self, *fds: FD | str, table: str | None = None) -> "pd.DataFrame":
        """The cells to mend so that rules hold that some rows break: one line for each, with what it should say.

        Without `fds`, the likely rules in `near`, of every table, and each cell once. Each rule is mended with the fewest rows for it alone;
        for several at once the fewest are not known to be found in reasonable time.
        """
        import pandas as pd  # noqa: PLC0415  see above

        chosen = self.tables if table is None and not fds else (self._only(table),)
        parts = []
        for found in chosen:
            rules = [_read(fd, found) for fd in fds] or [rule.fd for rule in found.near if rule.likely]
            for fd in rules:
                part = violations(found.columns, fd).repairs()
                part.insert(0, "table", found.name)
                parts.append(part)
            if not fds and parts:  # rules that say the same of a cell are told once, by the likeliest of them
                parts = [pd.concat(parts).drop_duplicates(["table", "row", "column"])]
        none = pd.DataFrame(columns=["table", "rule", "row", "column", "says", "should_say"])
        return pd.concat([part for part in parts if len(part)] or [none], ignore_index=True)

    # -- the design ----------------------------------------------------------------------------------------------

    def relation(self, table: str | None = None, *, checks: bool = False) -> Relation:
        """A table as a relation: types, the likeliest key, and the dependencies believed; with `checks` those too.

        Types and keys that a database declares are taken as they are, as far as the rows keep them. Else the key
        is the first of `ranked_keys` that is never null. Where rows repeat there is none.
        """
        found = self._only(table)
        said = (self.declarations or {}).get(found.name, Declared())
        typed = {attribute.name: attribute for attribute in said.attributes}
        keys = kept_keys(found.columns, said)
        if not keys:
            keys = tuple(Key(one.attributes) for one in found.ranked_keys if not one.nullable)[:1]
        conditions: Iterable[Check] = (check for column in found.profile.columns for check in column.checks)
        return Relation(
            found.name,
            tuple(_as_declared(column, typed.get(column.name)) for column in found.profile.columns),
            keys=keys,
            checks=tuple(conditions) if checks else (),
            dependencies=frozenset(self.believed(found.name)),
        )

    def normalization(self, table: str | None = None, *, to: str = "3NF") -> Normalization:
        """The relation of a table taken apart by the dependencies believed, with every reason and proof."""
        return normalize(self.relation(table), to=to)

    @property
    def references(self) -> tuple[ForeignKeyCandidate, ...]:
        """The foreign keys believed: the likeliest candidates that no person refused."""
        left = [one for one in self.foreign_keys if one.ind not in self.refused_references]
        return likely_foreign_keys([one for one in left if one.inclusion.coverage == 1])

    def schema(self, *, to: str = "3NF", name: str = "") -> Schema:
        """The design proposed: every table taken apart, and references wherever an inclusion holds in the rows.

        Within a table each reference joins two projections of it; across tables it is one that a database declares and
        the rows keep, or one of `references`, placed where its columns went, and left out where its target is not a
        key of any part.
        """
        relations: dict[str, Relation] = {}
        homes: dict[str, list[str]] = {}
        for table in self.tables:
            taken = {**relations, **dict.fromkeys(self.names)}
            for relation in _apart(self.normalization(table.name, to=to).schema, table.name, taken):
                relations[relation.name] = relation
                homes.setdefault(table.name, []).append(relation.name)
        for ind in self._inclusions_to_keep():
            target = next((one for one in homes[ind.referenced] if _has_key(relations[one], ind)), None)
            holding = [one for one in homes[ind.relation] if set(ind.attributes) <= set(relations[one].names)]
            # where the columns are a key of a part, the other parts reach it through that one
            source = next((one for one in holding if relations[one].primary_key == ind.attributes), None)
            source = source or next(iter(holding), None)
            if target is None or source is None or (source == target and ind.relation != ind.referenced):
                continue
            made = ForeignKey(ind.attributes, target, ind.referenced_attributes)
            if not any(
                one.attributes == made.attributes and one.relation == target for one in relations[source].foreign_keys
            ):
                relations[source] = replace(relations[source], foreign_keys=(*relations[source].foreign_keys, made))
        unordered = Schema(tuple(relations.values()))
        in_order = tuple(relation for group in unordered.in_reference_order() for relation in group)
        return Schema(in_order, name=name or (self.tables[0].name if len(self.tables) == 1 else ""))

    # -- what is declared beside what is there ----------------------------------------------------------------------

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Every key and reference declared, kept or broken, and those that the rows keep though nobody declared them."""
        return promises(self.tables, self.declarations or {}, self.references)

    @property
    def declared(self) -> Schema:
        """The tables as the database declares them: of files and frames, no keys and no references."""
        return as_declared(self.tables, self.declarations or {})

    @property
    def standing(self) -> Schema:
        """The tables as they are, none taken apart, with the keys and references that their rows keep.

        `erd(found.standing, since=found.declared)` draws both in one picture.
        """
        return as_kept(self.tables, self.promises)

    def _inclusions_to_keep(self) -> tuple[IND, ...]:
        """Declared references that the rows keep, then the likeliest found for what they say nothing of; none refused."""
        sound = kept_references(self.tables, self.declarations or {})
        said = [ind for ind in sound if ind not in self.refused_references]
        taken = {(ind.relation, frozenset(ind.attributes)) for ind in said}
        found = (one.ind for one in self.references)
        return (*said, *(ind for ind in found if (ind.relation, frozenset(ind.attributes)) not in taken))

    def __repr__(self) -> str:
        return f"Discovery({', '.join(map(repr, self.tables))})"


def _read(said: FD | str, found: TableFindings) -> FD:
    fd = FD.parse(said) if isinstance(said, str) else said
    for name in sorted(fd.attributes):
        found.columns.place(name)
    return fd


def _as_declared(column: ColumnProfile, said: Attribute | None) -> Attribute:
    """A column as it is declared; as its rows are where they hold texts under a type that has none, as SQLite lets them."""
    if said is None or (column.nulls and not said.nullable):
        return column.attribute
    strays = isinstance(column.type, Text) and column.distinct and isinstance(said.type, _NO_TEXTS)
    return column.attribute if strays else said


def _has_key(relation: Relation, ind: IND) -> bool:
    return any(set(key.attributes) == set(ind.referenced_attributes) for key in relation.keys)


def _apart(schema: Schema, table: str, taken: Mapping[str, object]) -> tuple[Relation, ...]:
    """The relations of one table's design, none called as a table or another table's part is."""
    renamed: dict[str, str] = {}
    for relation in schema:
        name = relation.name
        while name != table and (name in taken or name in renamed.values()):
            name = f"{table}_{name}" if not name.startswith(f"{table}_") else f"{name}_"
        renamed[relation.name] = name
    return tuple(
        replace(
            relation,
            name=renamed[relation.name],
            foreign_keys=tuple(replace(one, relation=renamed[one.relation]) for one in relation.foreign_keys),
        )
        for relation in schema
    )


def _largest_groups(columns: Columns, fd: FD, most: int) -> "pd.DataFrame":
    """The determinant's values that most rows share, with the dependents and how many rows."""
    here = [columns.place(name) for name in columns.names if name in fd.determinant]
    there = [columns.place(name) for name in columns.names if name in fd.dependent]
    ids, count = groups([columns.codes[c] for c in here], columns.rows)
    sizes = np.bincount(ids, minlength=count)
    first = np.zeros(count, np.int64)
    first[ids[::-1]] = np.arange(columns.rows)[::-1]
    chosen = np.lexsort((first, -sizes))[:most]
    frame = columns.select([columns.names[c] for c in (*here, *there)]).frame(first[chosen])
    label = "rows"
    while label in frame.columns:
        label += "_"
    frame[label] = sizes[chosen]
    return frame

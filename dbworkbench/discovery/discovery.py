"""From data to a design: what holds in the rows, what of it looks like a rule, and the schema that follows."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from dbworkbench.discovery.approximate import (
    ApproximateDependencies,
    Measures,
    Violations,
    approximate_dependencies,
    measure,
    violations,
)
from dbworkbench.discovery.columns import Columns, Nulls, groups
from dbworkbench.discovery.evidence import Part
from dbworkbench.discovery.functional import FunctionalDependencies, listed_fds
from dbworkbench.discovery.inclusion import (
    ForeignKeyCandidate,
    Inclusions,
    foreign_key_candidates,
    inclusion_dependencies,
    likely_foreign_keys,
)
from dbworkbench.discovery.multivalued import IndependentParts, multivalued_dependencies, mvds_of
from dbworkbench.discovery.profile import Profile, profile
from dbworkbench.discovery.ranking import RankedKey, RankedRule, nulls_agree, rank_keys, rank_rules
from dbworkbench.discovery.reading import looks_like_data, read_columns
from dbworkbench.discovery.search import ROW, Budget, Determinants, Progress, Report, search
from dbworkbench.discovery.uniques import UniqueSets, listed_keys
from dbworkbench.errors import DataError, DesignError, UnknownName, listed
from dbworkbench.schema.normalization import Normalization, normalize
from dbworkbench.schema.relation import Check, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.shown import Shown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, IND, MVD

MOST_SPLITS = 4
"""How many rules of one table are proposed without being asked for: the first proposal stays readable."""

_SECONDS = 60.0
_RESULTS = 5_000_000
_MVD_COLUMNS = 30
_NEAR_SIZE = 2
_SHORT_SIZES = (1, 2, 3)
_FEWER = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class TableFindings(Shown):
    """What was found in one table; `notes` say what was not searched, and what looks odd.

    `fds` and `keys` are the minimal ones; `complete` says whether they are all. `rules` are the dependencies whose
    determinant is no key, gathered by determinant, those most like rules first; `near` those that some rows
    break. `ranked_keys` are the keys in the order in which a person would choose, `proposed` the rules
    believed without being asked.
    """

    columns: Columns
    profile: Profile
    fds: FunctionalDependencies
    keys: UniqueSets
    rules: tuple[RankedRule, ...]
    ranked_keys: tuple[RankedKey, ...]
    proposed: tuple[FD, ...] = ()
    parts: tuple[IndependentParts, ...] = ()
    approximate: ApproximateDependencies | None = None
    near: tuple[RankedRule, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The table's name."""
        return self.columns.name

    @property
    def complete(self) -> bool:
        """Whether all minimal dependencies and keys were found."""
        return self.fds.complete and self.keys.complete

    @property
    def mvds(self) -> tuple[MVD, ...]:
        """The multivalued dependencies found."""
        return tuple(mvds_of(self.parts))

    def __repr__(self) -> str:
        return (
            f"TableFindings({self.name!r}: {self.columns.rows:,} rows, {len(self.columns.names)} columns, "
            f"{len(self.fds):,} dependencies, {len(self.keys.sets):,} keys{'' if self.complete else ', incomplete'})"
        )


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
    frame: pd.DataFrame

    def __repr__(self) -> str:
        return f"Explanation({self.verdict})"


@dataclass(frozen=True, slots=True, eq=False)
class Discovery(Shown):
    """What holds in tables of data, what of it is proposed as a design, and what a person decided.

    A value: `accept` and `refuse` give another one. `fds`, `keys`, `mvds` and `profile` are those of the one table;
    of several take `found["orders"].fds`. `inclusions` and `foreign_keys` are across all.
    """

    tables: tuple[TableFindings, ...]
    inclusion_search: Inclusions
    foreign_keys: tuple[ForeignKeyCandidate, ...] = ()
    accepted: Mapping[str, tuple[FD, ...]] | None = None
    refused_references: frozenset[IND] = frozenset()

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
        return all(table.complete for table in self.tables) and self.inclusion_search.complete

    @property
    def notes(self) -> tuple[str, ...]:
        """What was not searched and what looks odd, table by table."""
        return tuple(f"{table.name}: {note}" for table in self.tables for note in table.notes)

    @property
    def inclusions(self) -> tuple[IND, ...]:
        """The inclusion dependencies that hold in every row."""
        return tuple(one.ind for one in self.inclusion_search.found if one.coverage == 1)

    @property
    def fds(self) -> FunctionalDependencies:
        """The minimal functional dependencies of the only table."""
        return self._only().fds

    @property
    def keys(self) -> tuple[tuple[str, ...], ...]:
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
        return replace(self, refused_references=frozenset(refused))

    def _decided(self, table: str, fds: Sequence[FD]) -> "Discovery":
        return replace(self, accepted={**(self.accepted or {}), table: tuple(fds)})

    def explain(self, fd: FD | str, table: str | None = None, *, most: int = 20) -> Explanation:
        """A dependency's measures, the parts of its score, and the rows that break it or had the chance to.

        Any dependency over the table's columns, found or not; raises UnknownName for a column that is not there.
        """
        found = self._only(table)
        asked = _read(fd, found)
        measures = measure(found.columns, asked)
        ranked = rank_rules(found.columns, found.profile, [asked], exact=False)
        score, parts = (ranked[0].score, ranked[0].parts) if ranked else (0.0, ())
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

    def violations(self, fd: FD | str, table: str | None = None) -> Violations:
        """The rows that break a dependency, and the fewest to mend."""
        found = self._only(table)
        return violations(found.columns, _read(fd, found))

    # -- the design ----------------------------------------------------------------------------------------------

    def relation(self, table: str | None = None, *, checks: bool = False) -> Relation:
        """A table as a relation: types, the likeliest key, and the dependencies believed; with `checks` those too.

        The key is the first of `ranked_keys` that is never null. Where rows repeat there is none.
        """
        found = self._only(table)
        key = next((one for one in found.ranked_keys if not one.nullable), None)
        conditions: Iterable[Check] = (check for column in found.profile.columns for check in column.checks)
        return Relation(
            found.name,
            tuple(column.attribute for column in found.profile.columns),
            keys=(Key(key.attributes),) if key else (),
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

        Within a table each reference joins two projections of it; across tables it is one of `references`, placed
        where its columns went, and left out where its target is not a key of any part.
        """
        relations: dict[str, Relation] = {}
        homes: dict[str, list[str]] = {}
        for table in self.tables:
            taken = {**relations, **dict.fromkeys(self.names)}
            for relation in _apart(self.normalization(table.name, to=to).schema, table.name, taken):
                relations[relation.name] = relation
                homes.setdefault(table.name, []).append(relation.name)
        for reference in self.references:
            ind = reference.ind
            target = next((one for one in homes[ind.referenced] if _has_key(relations[one], ind)), None)
            holding = [one for one in homes[ind.relation] if set(ind.attributes) <= set(relations[one].names)]
            # where the columns are a key of a part, the other parts reach it through that one
            source = next((one for one in holding if relations[one].primary_key == ind.attributes), None)
            source = source or next(iter(holding), None)
            if target is None or source is None or source == target:
                continue
            made = ForeignKey(ind.attributes, target, ind.referenced_attributes)
            if not any(
                one.attributes == made.attributes and one.relation == target for one in relations[source].foreign_keys
            ):
                relations[source] = replace(relations[source], foreign_keys=(*relations[source].foreign_keys, made))
        unordered = Schema(tuple(relations.values()))
        in_order = tuple(relation for group in unordered.in_reference_order() for relation in group)
        return Schema(in_order, name=name or (self.tables[0].name if len(self.tables) == 1 else ""))

    def __repr__(self) -> str:
        return f"Discovery({', '.join(map(repr, self.tables))})"


def _read(said: FD | str, found: TableFindings) -> FD:
    fd = FD.parse(said) if isinstance(said, str) else said
    for name in sorted(fd.attributes):
        found.columns.place(name)
    return fd


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


def _largest_groups(columns: Columns, fd: FD, most: int) -> pd.DataFrame:
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


# -- finding -------------------------------------------------------------------------------------------------------


def discover(
    source: object,
    *,
    name: str | None = None,
    header: bool = True,
    separator: str | None = None,
    max_error: float = 0.0,
    max_determinant: int | None = None,
    nulls: Nulls = "equal",
    tables: Sequence[str] | None = None,
    budget: float | Budget | None = Budget(_SECONDS, _RESULTS),  # noqa: B008  a frozen value
    threads: int | None = None,
    progress: Callable[[Progress], None] | bool = False,
) -> Discovery:
    """Find what holds in data: dependencies, keys, references, multivalued dependencies, types and ranges.

    `source` is a CSV or Parquet file, a folder of them, a frame (pandas, Polars, Arrow), a mapping of names to
    those, Tables, or a database URL; `tables` chooses among several. Functional dependencies and keys are all the
    minimal ones, exactly. Cells of CSV files are compared as written; `nulls` says whether nulls are "equal" to one
    another or "distinct". With `max_error` dependencies are listed too that at most that share of the rows
    break, with determinants of up to two columns where `max_determinant` does not say otherwise.

    `budget` bounds the search of each table, in seconds, or as a Budget; where it ends one, the result names what is
    open, and what is listed is true. `progress` is True to be told on standard error, or a function that is given
    a Progress about ten times a second. An interrupt ends the search at once.

    >>> rows = pd.DataFrame({"order_no": range(8), "customer": [1, 2, 3, 1, 1, 2, 3, 1],
    ...                      "city": ["Rome", "Oslo", "Rome", "Rome", "Rome", "Oslo", "Rome", "Rome"]})
    >>> found = discover(rows, name="orders")
    >>> found.keys
    (('order_no',),)
    >>> [str(fd) for fd in found.fds]
    ['order_no → customer', 'order_no → city', 'customer → city']
    >>> found.accept_only("customer -> city").schema().names
    ('customers', 'orders')

    Raises DataError with the place and the fix for data that cannot be read, UnknownName for a table not there.
    """
    if not 0 <= max_error < 1:
        raise DataError(f"max_error is a share of rows, from 0 to below 1, not {max_error}")
    allowed = budget if isinstance(budget, Budget) else Budget(budget, _RESULTS if budget is not None else None)
    report: Report | None = _told if progress is True else progress or None
    read = read_columns(source, name=name, header=header, separator=separator, nulls=nulls, tables=tables)
    if not read:
        raise DataError("there is no table in the source")
    findings = tuple(
        _table(columns, max_error, max_determinant, allowed, threads, report, headed=header and _is_file(source))
        for columns in read.values()
    )
    if progress is True:
        sys.stderr.write("\n")
    keys = {table.name: [key for key in table.keys.sets[:200] if len(key) <= 3] for table in findings}
    return Discovery(
        findings,
        inclusion_dependencies(read, max_error=max_error),
        foreign_key_candidates(read, keys, max_error=max_error) if len(read) > 1 else (),
    )


def _is_file(source: object) -> bool:
    return not isinstance(source, pd.DataFrame | Columns | Mapping) and not hasattr(source, "__arrow_c_stream__")


def _told(progress: Progress) -> None:
    if progress.seconds > 1:
        sys.stderr.write(
            f"\r{progress.seconds:.0f} s: {progress.found:,} found, "
            f"{progress.complete} of {progress.targets} columns complete "
        )


def _table(  # noqa: PLR0917  one table, all options
    columns: Columns,
    max_error: float,
    max_determinant: int | None,
    budget: Budget,
    threads: int | None,
    report: Report | None,
    *,
    headed: bool,
) -> TableFindings:
    notes: list[str] = []
    targets = [*range(len(columns.names)), ROW]
    found = search(columns, targets, max_determinant=max_determinant, budget=budget, threads=threads, report=report)
    left = [target for target in targets if target not in found.complete]
    if left:
        found, note = _short_ones_too(columns, found, left, budget, threads, report)
        notes.append(note)
    fds, keys = listed_fds(columns, found), listed_keys(columns, found)
    facts = profile(columns)
    names = columns.names
    if headed and looks_like_data(columns):
        notes.append(f"the first line was taken for names ({listed(names, most=4)}) — if it is data, say header=False")
    if not keys.sets and columns.rows > 1 and keys.complete and max_determinant is None:
        whole = groups(list(columns.codes), columns.rows)[1]
        notes.append(f"{columns.rows - whole:,} rows repeat others, so there is no key")
    if max_determinant is not None:
        notes.append(f"determinants and keys of more than {max_determinant} columns were not looked for")
    parts: tuple[IndependentParts, ...] = ()
    if len(names) <= _MVD_COLUMNS:
        known = fds.small(1) if fds.complete or max_determinant is None else None
        parts = multivalued_dependencies(columns, fds=known, no_twins=bool(keys.sets))
    else:
        notes.append(f"multivalued dependencies were not looked for: more than {_MVD_COLUMNS} columns")
    approximate: ApproximateDependencies | None = None
    near: tuple[RankedRule, ...] = ()
    if max_error > 0:
        size = max_determinant if max_determinant is not None else _NEAR_SIZE
        approximate = approximate_dependencies(
            columns, max_error=max_error, max_determinant=size, keys=True, budget=budget, threads=threads, report=report
        )
        near = _near_rules(columns, facts, approximate, keys)
        if max_determinant is None:
            notes.append(f"dependencies that some rows break were looked for up to {size} columns")
    rules = rank_rules(columns, facts, fds, keys.sets)
    return TableFindings(
        columns,
        facts,
        fds,
        keys,
        rules,
        rank_keys(columns, facts, keys.sets),
        _proposed(columns, rules),
        parts,
        approximate,
        near,
        tuple(notes),
    )


def _proposed(columns: Columns, rules: Sequence[RankedRule]) -> tuple[FD, ...]:
    """The rules to believe without being asked: likely ones, few, and safe to take apart where there are nulls.

    Of determinants that fix one another, such as a number and a name, only the likeliest is taken. What one rule
    explains is not explained again by another, unless the one determines the other; and then only where that
    has clearly fewer values: a name for each number is no relation of its own.
    """
    known = tuple(rule.fd for rule in rules if rule.likely)
    taken: list[FD] = []
    for rule in rules:
        here = rule.fd.determinant
        if not rule.likely or len(taken) == MOST_SPLITS:
            break
        reach = closure(here, known)
        outer = [one for one in taken if here <= closure(one.determinant, known)]
        rivals = [one for one in taken if one not in outer and not one.determinant <= reach]
        left = rule.fd.dependent - {name for one in rivals for name in one.dependent}
        turned = any(one.determinant <= reach for one in outer)
        own = _different(columns, here)
        slim = any(own > _FEWER * _different(columns, one.determinant) for one in outer)
        if left and not turned and not slim and nulls_agree(columns, here, left):
            taken.append(FD(here, left))
    return tuple(taken)


def _different(columns: Columns, names: Iterable[str]) -> int:
    return groups([columns.codes[columns.place(name)] for name in sorted(names)], columns.rows)[1]


def _short_ones_too(  # noqa: PLR0917  the same options
    columns: Columns,
    found: Determinants,
    left: list[int],
    budget: Budget,
    threads: int | None,
    report: Report | None,
) -> tuple[Determinants, str]:
    """Where the search was ended, short determinants are still found, size by size: rules are short."""
    seconds = None if budget.seconds is None else max(1.0, budget.seconds / 4)
    merged, up_to = dict(found.found), 0
    for size in _SHORT_SIZES:
        short = search(
            columns, left, max_determinant=size, budget=Budget(seconds, _RESULTS), threads=threads, report=report
        )
        for target in left:
            both = np.concatenate([merged[target], short.found[target]])
            merged[target] = np.unique(both, axis=0) if len(both) else both
        if not short.complete >= set(left):
            break
        up_to = size
    names = [columns.names[target] if target != ROW else "the keys" for target in left]
    listed_to = f"all of up to {up_to} columns are listed" if up_to else "not even those of one column are all listed"
    said = f"the budget ended the search: open for {listed(names, most=6)}; {listed_to} — give more budget"
    return Determinants(found.width, merged, found.complete), said


def _near_rules(
    columns: Columns, facts: Profile, found: ApproximateDependencies, keys: UniqueSets
) -> tuple[RankedRule, ...]:
    """Dependencies that some rows break, one for each determinant and dependent, those most like rules first."""
    ranked: list[RankedRule] = []
    for one in found.found:
        if one.removed and one.dependent and one.determinant:
            ranked += rank_rules(columns, facts, [one.fd], keys.sets, exact=False)
    return tuple(sorted(ranked, key=lambda rule: (-rule.score, rule.removed, str(rule.fd))))

"""What was found in one table: everything that holds, ranked, and what of it is believed without being asked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from dbworkbench.discovery.approximate import ApproximateDependencies, approximate_dependencies, violations
from dbworkbench.discovery.columns import Columns, groups, let_go_after
from dbworkbench.discovery.evidence import Part, score
from dbworkbench.discovery.functional import FunctionalDependencies, listed_fds
from dbworkbench.discovery.kernels import compiled
from dbworkbench.discovery.multivalued import IndependentParts, multivalued_dependencies, mvds_of
from dbworkbench.discovery.profile import Profile, profile
from dbworkbench.discovery.ranking import RankedKey, RankedRule, nulls_agree, rank_keys, rank_rules
from dbworkbench.discovery.reading import looks_like_data
from dbworkbench.discovery.sampling import Sample, sample_of
from dbworkbench.discovery.search import ROW, Budget, Determinants, Report, search
from dbworkbench.discovery.uniques import UniqueSets, listed_keys
from dbworkbench.errors import listed
from dbworkbench.shown import Shown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, MVD

_FEWEST_SPLITS, _COLUMNS_FOR_ONE = 4, 4

MOST_RESULTS = 5_000_000
"""How many dependencies of one table are found without being asked for more."""

_MVD_COLUMNS = 30
_LARGE = 10_000
_NEAR_SIZE = 2
_MOST_NEAR = 200
_SHORT_SIZES, _AFTER_INTERRUPT = (1, 2, 3), 1.0
_FEWER = 0.8
_SAMPLED_SIZE, _CHECKED_RULES = 3, 40


@dataclass(frozen=True, slots=True, eq=False)
class TableFindings(Shown):
    """What was found in one table; `notes` say what was not searched, and what looks odd.

    `fds` and `keys` are the minimal ones; `complete` says whether they are all. `rules` are the dependencies whose
    determinant is no key, gathered by determinant, those most like rules first; `near` those that some rows
    break. `ranked_keys` are the keys in the order in which a person would choose, `proposed` the rules
    believed without being asked. Where only a `sample` was searched, `fds` and `keys` are those of the sample, and what
    is ranked and proposed was checked on all rows. `largest` is the longest determinant and key looked for.
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
    sample: Sample | None = None
    largest: int | None = None

    @property
    def name(self) -> str:
        """The table's name."""
        return self.columns.name

    @property
    def complete(self) -> bool:
        """Whether all minimal dependencies and keys were found."""
        return self.fds.complete and self.keys.complete and self.sample is None

    @property
    def mvds(self) -> tuple[MVD, ...]:
        """The multivalued dependencies found."""
        return tuple(mvds_of(self.parts))

    def __repr__(self) -> str:
        return (
            f"TableFindings({self.name!r}: rows {self.columns.rows:,}, columns {len(self.columns.names)}, "
            f"dependencies {len(self.fds):,}, keys {len(self.keys.sets):,}{'' if self.complete else ', incomplete'})"
        )


def find(  # noqa: PLR0917  one table, all options
    columns: Columns,
    max_error: float,
    max_determinant: int | None,
    budget: Budget,
    threads: int | None,
    report: Report | None,
    *,
    headed: bool,
    sample: int | None = None,
) -> TableFindings:
    """Everything that is asked for, found in one table; `headed` says that its names stood in the first line."""
    if sample is not None and sample < columns.rows:
        some, drawn = sample_of(columns, sample, size=max_determinant or _SAMPLED_SIZE)
        found_there = find(some, max_error, max_determinant, budget, threads, report, headed=headed)
        return _of_all_rows(columns, found_there, drawn)
    notes: list[str] = []
    late = budget.interrupted
    targets = [*range(len(columns.names)), ROW]
    found = search(columns, targets, max_determinant=max_determinant, budget=budget, threads=threads, report=report)
    left = [target for target in targets if target not in found.complete]
    if left and late:
        notes.append("not searched: it was interrupted before")
    elif left:
        found, note = _short_ones_too(columns, found, left, budget, threads, report)
        notes.append(note)
    let_go_after(columns.rows)
    fds, keys = listed_fds(columns, found), listed_keys(columns, found)
    facts = profile(columns)
    let_go_after(columns.rows)
    names = columns.names
    if headed and looks_like_data(columns):
        notes.append(f"the first line was taken for names ({listed(names, most=4)}) — if it is data, say header=False")
    if not keys.sets and columns.rows > 1 and keys.complete and max_determinant is None:
        twins = columns.rows - groups(list(columns.codes), columns.rows)[1]
        notes.append(f"{twins:,} {'row repeats another' if twins == 1 else 'rows repeat others'}, so there is no key")
    if not compiled() and columns.rows * len(names) > _LARGE:
        notes.append("searched without compiled loops, slowly: install again with a C compiler in reach")
    if max_determinant is not None:
        notes.append(f"determinants and keys of more than {max_determinant} columns were not looked for")
    parts: tuple[IndependentParts, ...] = ()
    if len(names) <= _MVD_COLUMNS:
        known = fds.small(1) if fds.complete or max_determinant is None else None
        parts = multivalued_dependencies(columns, fds=known, no_twins=bool(keys.sets))
        let_go_after(columns.rows)
    else:
        notes.append(f"multivalued dependencies were not looked for: more than {_MVD_COLUMNS} columns")
    approximate: ApproximateDependencies | None = None
    near: tuple[RankedRule, ...] = ()
    if max_error > 0:
        size = max_determinant if max_determinant is not None else _NEAR_SIZE
        approximate = approximate_dependencies(
            columns, max_error=max_error, max_determinant=size, keys=True, budget=budget, threads=threads, report=report
        )
        near = _near_rules(columns, facts, approximate)
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
        largest=max_determinant,
    )


def _of_all_rows(columns: Columns, found: TableFindings, drawn: Sample) -> TableFindings:
    """What a sample suggests, held against all rows: rules and keys that fail are dropped, those that hold stay."""
    rules = []
    for rule in found.rules[:_CHECKED_RULES]:
        true = {
            name
            for name in rule.fd.dependent
            if not len(violations(columns, FD(rule.fd.determinant, frozenset({name}))))
        }
        if true:
            rules.append(replace(rule, fd=FD(rule.fd.determinant, frozenset(true))))
    keys = tuple(
        key
        for key in found.ranked_keys[:_CHECKED_RULES]
        if groups([columns.codes[columns.place(name)] for name in key.attributes], columns.rows)[1] == columns.rows
    )
    return replace(
        found,
        columns=columns,
        profile=profile(columns),
        rules=tuple(rules),
        ranked_keys=keys,
        proposed=_proposed(columns, rules),
        parts=(),
        notes=(*found.notes, str(drawn)),
        sample=drawn,
    )


def most_splits(width: int) -> int:
    """How many rules of a table of so many columns are proposed without being asked for.

    The first proposal stays readable: no more than four of a narrow table, one for four columns of a wide one.

    >>> most_splits(13), most_splits(40)
    (4, 10)
    """
    return max(_FEWEST_SPLITS, width // _COLUMNS_FOR_ONE)


_HOME = "home"


def at_home(rule: RankedRule, homes: Mapping[frozenset[str], str]) -> RankedRule:
    """The rule, with less belief where its determinant refers to a table that has a row for each of its values already.

    `homes` names that table. What such a determinant fixes is a copy of what stands there, or belongs there: the price of a
    track on each line that sells it, the address of a customer on each invoice. A relation of its own would be a second one
    of the same things.
    """
    bare = tuple(part for part in rule.parts if part.name != _HOME)
    home = homes.get(rule.fd.determinant)
    if home is not None:
        said = f"{', '.join(sorted(rule.fd.determinant))} refers to {home}, which has a row for each"
        bare = (*bare, Part(_HOME, 0.0, 0, said, times=0.5))
    return rule if bare == rule.parts else replace(rule, parts=bare, score=score(bare))


def housed(table: TableFindings, homes: Mapping[frozenset[str], str]) -> TableFindings:
    """The findings with the tables known that its columns refer to: what those have a row for is not proposed again."""
    rules = sorted((at_home(rule, homes) for rule in table.rules), key=lambda rule: -rule.score)
    near = sorted((at_home(rule, homes) for rule in table.near), key=lambda rule: -rule.score)
    if tuple(rules) == table.rules and tuple(near) == table.near:
        return table
    proposed = _proposed(table.columns, rules, homes)
    return replace(table, rules=tuple(rules), near=tuple(near), proposed=proposed)


def _proposed(columns: Columns, rules: Sequence[RankedRule], homes: Collection[frozenset[str]] = ()) -> tuple[FD, ...]:
    """The rules to believe without being asked: likely ones, few, and safe to take apart where there are nulls.

    Of determinants that fix one another, such as a number and a name, only the likeliest is taken. What one rule
    explains is not explained again by another, unless the one determines the other; and then only where that
    has clearly fewer values: a name for each number is no relation of its own. What a determinant of the `homes` fixes
    is explained by the table it refers to.
    """
    known = tuple(rule.fd for rule in rules if rule.likely)
    elsewhere = {name for rule in rules if rule.fd.determinant in homes for name in rule.fd.dependent}
    taken: list[FD] = []
    for rule in rules:
        here = rule.fd.determinant
        if not rule.likely or len(taken) == most_splits(len(columns.names)):
            break
        reach = closure(here, known)
        outer = [one for one in taken if here <= closure(one.determinant, known)]
        rivals = [one for one in taken if one not in outer and not one.determinant <= reach]
        left = rule.fd.dependent - {name for one in rivals for name in one.dependent}
        if here <= elsewhere:
            left = frozenset()
        elif here <= elsewhere | {name for home in homes for name in home}:
            left -= elsewhere
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
    if interrupted := budget.interrupted:
        seconds = _AFTER_INTERRUPT
    merged, up_to = dict(found.found), 0
    for size in _SHORT_SIZES:
        short = search(
            columns, left, max_determinant=size, budget=Budget(seconds, MOST_RESULTS), threads=threads, report=report
        )
        for target in left:
            sizes = np.bitwise_count(merged[target]).sum(axis=1)
            few = short.found[target]
            if target not in short.complete:
                few = np.unique(np.concatenate([merged[target][sizes <= size], few]), axis=0)
            merged[target] = np.concatenate([few, merged[target][sizes > size]])
        if not short.complete >= set(left):
            break
        up_to = size
    names = [columns.names[target] if target != ROW else "the keys" for target in left]
    listed_to = f"all of up to {up_to} columns are listed" if up_to else "not even those of one column are all listed"
    ended = "the search was interrupted" if interrupted else "the budget ended the search"
    more = "" if interrupted else " — give more budget"
    said = f"{ended}: open for {listed(names, most=6)}; {listed_to}{more}"
    return Determinants(found.width, merged, found.complete), said


def _near_rules(columns: Columns, facts: Profile, found: ApproximateDependencies) -> tuple[RankedRule, ...]:
    """Dependencies that some rows break, one for each determinant and dependent, those most like rules first."""
    broken = sorted(
        (one for one in found.found if one.removed and one.dependent and one.determinant),
        key=lambda one: (len(one.determinant), one.removed, str(one.fd)),
    )
    return rank_rules(columns, facts, [one.fd for one in broken[:_MOST_NEAR]], exact=False, most=_MOST_NEAR)

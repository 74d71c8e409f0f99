"""Decompositions judged: what they lose is shown on rows."""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass

from dbworkbench.errors import Undecided
from dbworkbench.exercises.exercise import Scheme
from dbworkbench.exercises.grounds import kept
from dbworkbench.shown import Shown
from dbworkbench.theory.armstrong import armstrong_relation
from dbworkbench.theory.basis import Mixed
from dbworkbench.theory.chase import Chase, Symbol, lossless_join
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, prose
from dbworkbench.theory.instance import Instance, agreeing, plain_value
from dbworkbench.theory.normal_forms import NormalForm, violations
from dbworkbench.theory.projection import dependency_preserving, project
from dbworkbench.theory.verdict import Verdict

_ROWS = 64
_JOINED = 5_000
_SHOWN = 6
_TRIED = 200


@dataclass(frozen=True, slots=True)
class Spurious(Shown):
    """Rows that satisfy the dependencies, their projections, and the rows that joining these invents."""

    rows: Instance
    parts: tuple[Instance, ...]
    spurious: Instance


@dataclass(frozen=True, slots=True)
class Lost(Shown):
    """A lost dependency: rows that break it, though each part's rows satisfy everything that can be checked there."""

    dependency: FD
    rows: Instance
    parts: tuple[Instance, ...]


def violated(scheme: Scheme, part: frozenset[str], wanted: NormalForm) -> tuple[str, Instance] | None:
    """What keeps a part out of a form up to BCNF, and two of its rows that say the same thing twice."""
    inside = project(scheme.fds, part)
    for violation in violations(part, inside, wanted):
        if isinstance(violation.dependency, FD):
            reach = closure(violation.dependency.determinant, inside)
            return violation.because, agreeing(sorted(part), reach)
    return None


def split_by(scheme: Scheme, part: frozenset[str]) -> tuple[str, Instance] | None:
    """What keeps a part in BCNF out of 4NF: a smallest set that is no key and splits the rest, and rows that show how."""
    mixed = Mixed(scheme.dependencies, scheme.attributes)
    inside = mixed.mask(part)
    subsets = [0]
    while subsets[-1] != inside:
        subsets.append((subsets[-1] - inside) & inside)  # the next larger number whose bits are all inside
    for subset in sorted(subsets, key=int.bit_count):
        if inside & ~mixed.closure(subset):
            pieces = sorted({block & inside for block in mixed.blocks(subset)} - {0})
            if len(pieces) > 1:
                first, second = (mixed.set(piece) for piece in pieces[:2])
                chosen = mixed.set(subset)
                told = f"for each {prose(chosen)}" if chosen else "throughout"
                because = f"{told}, {prose(first)} and {prose(second)} are independent of each other."
                return because, every_pair(sorted(part), first, second)
    return None


def every_pair(columns: Iterable[str], first: frozenset[str], second: frozenset[str]) -> Instance:
    """Four rows: both values of the first attributes with both values of the second, the same elsewhere."""
    columns = tuple(columns)
    rows = [
        tuple(plain_value(name, 1 + (name in first and one) + (name in second and other)) for name in columns)
        for one in (False, True)
        for other in (False, True)
    ]
    return Instance(columns, tuple(rows))


def is_lossless(scheme: Scheme, parts: Collection[frozenset[str]]) -> Verdict:
    """Whether parts join back; where not, the witness shows the rows that the join invents."""
    verdict = lossless_join(parts, scheme.dependencies, attributes=scheme.attributes)
    if verdict:
        return verdict
    shown = _spurious_on_an_example(scheme, parts)
    if isinstance(verdict.witness, Chase):
        chased = _spurious_in_a_tableau(verdict.witness, parts)
        if shown is None or len(chased.rows.rows) < len(shown.rows.rows):
            shown = chased
    return Verdict(False, "it is lossy: joining the parts gives rows that were not there", shown)


def _spurious_on_an_example(scheme: Scheme, parts: Collection[frozenset[str]]) -> Spurious | None:
    """The rows that joining the parts of a small Armstrong relation invents, if there are some."""
    try:
        rows = armstrong_relation(scheme.attributes, scheme.dependencies, budget=_ROWS)
        joined = rows.rejoined(parts, budget=_JOINED)
    except Undecided:
        return None
    here = set(rows.rows)
    invented = tuple(row for row in joined.rows if row not in here)
    if not invented:
        return None
    if all(isinstance(dependency, FD) for dependency in scheme.dependencies):  # some of the rows obey them as all do
        rows = min((_behind(row, rows, parts) for row in invented[:_TRIED]), key=lambda few: len(few.rows))
        here = set(rows.rows)
        invented = tuple(row for row in rows.rejoined(parts).rows if row not in here)
    return Spurious(rows, tuple(rows.projected(part) for part in parts), Instance(rows.columns, invented[:_SHOWN]))


def _spurious_in_a_tableau(chased: Chase, parts: Collection[frozenset[str]]) -> Spurious:
    """A chased tableau without a row of distinguished symbols, read as rows: their projections join to that row."""
    columns = chased.final.columns
    places: list[dict[Symbol, int]] = [{} for _ in columns]
    for name, place in zip(columns, places, strict=True):
        place[Symbol(name, 0)] = 1
    for row in chased.final.rows:
        for symbol, place in zip(row, places, strict=True):
            place.setdefault(symbol, len(place) + 1)
    rows = Instance(
        columns,
        tuple(
            tuple(plain_value(name, place[symbol]) for name, symbol, place in zip(columns, row, places, strict=True))
            for row in chased.final.rows
        ),
    )
    invented = Instance(columns, (tuple(plain_value(name, 1) for name in columns),))
    return Spurious(rows, tuple(rows.projected(part) for part in parts), invented)


def _behind(invented: tuple[Hashable, ...], rows: Instance, parts: Collection[frozenset[str]]) -> Instance:
    """The few rows that make the join of the parts invent one: a row for each part, and it agrees there."""
    found = dict.fromkeys(
        next(
            row
            for row in rows.rows
            if all(row[at] == invented[at] for at, column in enumerate(rows.columns) if column in part)
        )
        for part in parts
    )
    kept = [row for row in rows.rows if row in found]
    numbers = [dict.fromkeys(column) for column in zip(*kept, strict=True)]
    for name, column in zip(rows.columns, numbers, strict=True):  # counted again from 1, since other rows are gone
        column.update({value: plain_value(name, at) for at, value in enumerate(column, start=1)})
    return Instance(rows.columns, tuple(tuple(map(dict.__getitem__, numbers, row)) for row in kept))


def is_preserving(scheme: Scheme, parts: Collection[frozenset[str]]) -> Verdict:
    """Whether the functional dependencies can be checked in the parts; where not, the witness shows rows."""
    fds = tuple(fd for fd in scheme.dependencies if isinstance(fd, FD))
    verdict = dependency_preserving(parts, fds)
    if verdict or not isinstance(verdict.witness, tuple):
        return Verdict(verdict.holds, verdict.claim, kept(scheme, tuple(parts)))
    lost = verdict.witness[0]
    checked = [fd for part in parts for fd in project(fds, part)]
    rows = agreeing(scheme.attributes, closure(lost.determinant, checked))
    shown = Lost(lost, rows, tuple(rows.projected(part) for part in parts))
    return Verdict(False, f"it loses {lost}: each part accepts these rows, and together they break it", shown)

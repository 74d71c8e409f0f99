"""Multivalued dependencies that rows satisfy, for small determinants, and the join dependencies they add up to."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from dbworkbench.discovery.columns import Columns, groups
from dbworkbench.discovery.kernels import Codes
from dbworkbench.theory.dependencies import FD, JD, MVD

Ids = NDArray[np.int64]
_SAMPLE = 2_000
_FEW, _SMALL_GROUP, _FEW_COMBINATIONS = 1_500, 12, 50_000


@dataclass(frozen=True, slots=True)
class IndependentParts:
    """Columns that vary independently of each other once the determinant is fixed: X ↠ each of the parts.

    `parts` holds two or more sets; columns that the determinant fixes alone are in none. `groups` counts the
    determinant's values for which two parts or more really vary: how much the rows say about it. `rows_saved` is
    how many rows fewer the parts have, stored apart, than the table.
    """

    determinant: frozenset[str]
    parts: tuple[frozenset[str], ...]
    determined: frozenset[str]
    groups: int
    rows_saved: int

    @property
    def mvds(self) -> tuple[MVD, ...]:
        """One multivalued dependency for each part."""
        return tuple(MVD(self.determinant, part) for part in self.parts)

    @property
    def jd(self) -> JD:
        """The join dependency of the parts; columns that the determinant fixes are a part of their own."""
        apart = (*self.parts, *((self.determined,) if self.determined else ()))
        return JD(frozenset(self.determinant | part for part in apart))


def multivalued_dependencies(
    columns: Columns,
    *,
    max_determinant: int = 1,
    most_parts: int = 10,
    fds: Iterable[FD] | None = None,
    no_twins: bool = False,
) -> tuple[IndependentParts, ...]:
    """For each determinant of at most `max_determinant` columns, the finest parts that are independent given it.

    Determinants that make rows unique are left out, and those that only repeat what a smaller one says. Exact:
    X ↠ Y holds where every group of rows that agree on X has as many different rows as Y-values times
    Z-values, Z being the rest. Pairs of columns that fail this are in one part; what is left is tried, with up to
    `most_parts` parts. Duplicate rows count once. What is known already saves looking: `fds`, all minimal ones with
    determinants of up to that size, and `no_twins`, that no two rows are equal.

    >>> import pandas as pd
    >>> from dbworkbench.discovery.columns import from_frame
    >>> taught = {"x": ("Ann Bob", "red green"), "y": ("Bob Cy", "green blue")}
    >>> rows = [(c, t, b) for c, (ts, bs) in taught.items() for t in ts.split() for b in bs.split()]
    >>> found = multivalued_dependencies(from_frame(pd.DataFrame(rows, columns=["course", "teacher", "book"])))
    >>> [str(mvd) for one in found for mvd in one.mvds if one.determinant == {"course"}]
    ['course ↠ book', 'course ↠ teacher']

    Fagin 1977 (the definition); the dependency basis is Beeri's 1980.
    """
    rows = columns.rows
    if len(columns.names) < 3 or rows < 4:
        return ()
    codes = columns.codes
    if not no_twins:
        whole, count = groups(list(codes), rows)
        firsts = np.zeros(count, np.int64)
        firsts[whole[::-1]] = np.arange(rows)[::-1]
        kept = np.sort(firsts)
        codes = tuple(column[kept] for column in codes) if count < rows else codes
    known: dict[frozenset[int], set[int]] | None = None
    if fds is not None:
        place = {name: at for at, name in enumerate(columns.names)}
        known = {}
        for fd in fds:
            here = frozenset(place[name] for name in fd.determinant)
            known.setdefault(here, set()).update(place[name] for name in fd.dependent)
    found: list[IndependentParts] = []
    for size in range(max_determinant + 1):
        for chosen in combinations(range(len(columns.names)), size):
            one = _parts_given(columns, codes, chosen, most_parts, known)
            if one is not None and not any(_said_before(one, other) for other in found):
                found.append(one)
    return tuple(found)


def _said_before(one: IndependentParts, other: IndependentParts) -> bool:
    """Whether a smaller determinant has the same parts, up to the columns added to it."""
    if not other.determinant < one.determinant:
        return False
    parts = {part - one.determinant for part in other.parts} - {frozenset()}
    return {part - other.determined for part in one.parts} <= parts


def _parts_given(
    columns: Columns,
    codes: Sequence[Codes],
    chosen: tuple[int, ...],
    most_parts: int,
    known: dict[frozenset[int], set[int]] | None,
) -> IndependentParts | None:
    rows = len(codes[0])
    ids, count = groups([codes[c] for c in chosen], rows)
    if count == rows:
        return None
    sizes = np.bincount(ids, minlength=count)
    alone = int((sizes == 1).sum())
    if 4 * alone > rows:  # a row alone in its group says nothing
        kept = sizes[ids] > 1
        codes = [column[kept] for column in codes]
        ids, count = groups([ids[kept]], rows - alone)
    else:
        alone = 0
    del sizes
    others = [c for c in range(len(codes)) if c not in chosen]
    if known is None:
        varying = [c for c in others if _distinct_per_group(ids, count, [codes[c]]).max() > 1]
    else:
        fixed = {c for here, there in known.items() if here <= frozenset(chosen) for c in there}
        varying = [c for c in others if c not in fixed]
    if len(varying) < 2:
        return None
    parts = _unlinked(codes, ids, count, varying)
    if len(parts) < 2 or len(parts) > most_parts:
        return None
    parts = _independent(codes, ids, count, parts)
    if len(parts) < 2:
        return None
    counts = [_distinct_per_group(ids, count, [codes[c] for c in part]) for part in parts]
    several = np.sum([one > 1 for one in counts], axis=0) > 1
    if not several.any():
        return None
    names = columns.names
    return IndependentParts(
        frozenset(names[c] for c in chosen),
        tuple(sorted((frozenset(names[c] for c in part) for part in parts), key=sorted)),
        frozenset(names[c] for c in others if c not in varying),
        int(several.sum()),
        rows - sum(int(one.sum()) + alone for one in counts),
    )


def _distinct_per_group(ids: Ids, count: int, columns: Collection[Codes]) -> Ids:
    """How many different values the columns have together in each group."""
    spans = [int(column.max()) + 1 for column in columns]
    if (room := count * prod(spans)) <= 4 * len(ids) + _FEW_COMBINATIONS:  # so few are ticked off faster than hashed
        combined = ids
        for column, span in zip(columns, spans, strict=True):
            combined = combined * span + column
        ticked = np.zeros(room, bool)
        ticked[combined] = True
        seen: Ids = ticked.reshape(count, -1).sum(axis=1)
        return seen
    inner, found = groups([ids, *columns], len(ids))
    owner = np.zeros(found, np.int64)
    owner[inner] = ids
    return np.bincount(owner, minlength=count)


def _independent_columns(ids: Ids, count: int, left: Collection[Codes], right: Collection[Codes]) -> bool:
    here, there = (_distinct_per_group(ids, count, side) for side in (left, right))
    both = _distinct_per_group(ids, count, [*left, *right])
    return bool((both == here * there).all())


def _unlinked(codes: Sequence[Codes], ids: Ids, count: int, varying: list[int]) -> list[list[int]]:
    """Columns joined where two of them are not independent in every group: few groups are tried before all."""
    sizes = np.bincount(ids, minlength=count)
    small = np.argsort(np.abs(sizes - _SMALL_GROUP), kind="stable")  # cheap to look at
    large = np.argsort(-sizes, kind="stable")  # the likeliest to show a link
    parts = [[c] for c in varying]
    for order, room in ((small, _FEW), (large, max(_SAMPLE, int(sizes[large[0]])))):
        chosen = np.zeros(count, bool)
        chosen[order[np.cumsum(sizes[order]) <= room]] = True
        rows = chosen[ids]
        if len(parts) > 1 and rows.any():
            inner, found = groups([ids[rows]], int(rows.sum()))
            parts = _joined_where_linked([column[rows] for column in codes], inner, found, parts)
    return _joined_where_linked(codes, ids, count, parts) if len(parts) > 1 else parts


def _joined_where_linked(codes: Sequence[Codes], ids: Ids, count: int, parts: list[list[int]]) -> list[list[int]]:
    """Parts joined where a column of one and a column of another are not independent in each of these groups."""
    room = np.bincount(ids, minlength=count)
    own = {c: _distinct_per_group(ids, count, [codes[c]]) for part in parts for c in part}
    joined: list[list[int]] = []
    for part in parts:
        mine = [*part]
        for other in [*joined]:
            if any(_linked(codes, ids, own, room, a, b) for a in part for b in other):
                mine += other
                joined.remove(other)
        joined.append(mine)
    return joined


def _linked(codes: Sequence[Codes], ids: Ids, own: Mapping[int, Ids], room: Ids, a: int, b: int) -> bool:  # noqa: PLR0917
    """Whether two columns are not independent in some group: where it has fewer rows than combinations, at once."""
    wanted = own[a] * own[b]
    return bool((wanted > room).any()) or bool(
        (_distinct_per_group(ids, len(room), [codes[a], codes[b]]) != wanted).any()
    )


def _independent(codes: Sequence[Codes], ids: Ids, count: int, parts: list[list[int]]) -> list[list[int]]:
    """The finest grouping of the parts in which each group is independent of all the rest."""
    for size in range(1, len(parts) // 2 + 1):
        for chosen in combinations(range(len(parts)), size):
            here = [c for at in chosen for c in parts[at]]
            rest = [parts[at] for at in range(len(parts)) if at not in chosen]
            there = [c for part in rest for c in part]
            if _independent_columns(ids, count, [codes[c] for c in here], [codes[c] for c in there]):
                return [here, *_independent(codes, ids, count, rest)]
    return [[c for part in parts for c in part]]


def mvds_of(found: Collection[IndependentParts]) -> Iterator[MVD]:
    """The multivalued dependencies of all, one after another."""
    for one in found:
        yield from one.mvds

"""Multivalued dependencies that rows satisfy, for small determinants, and the join dependencies they add up to."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from dbworkbench.discovery.columns import Columns, groups
from dbworkbench.discovery.kernels import Codes, Rows, kernels
from dbworkbench.theory.dependencies import FD, JD, MVD


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

    Fagin 1977 (TODS 2: the definition). The parts are the dependency basis of the determinant.
    """
    rows = columns.rows
    if len(columns.names) < 3 or rows < 4:
        return ()
    codes = columns.codes
    if not no_twins:
        whole, count = groups(list(codes), rows)
        if count < rows:
            firsts = np.full(count, rows, np.int32)
            np.minimum.at(firsts, whole, np.arange(rows, dtype=np.int32))
            codes = tuple(column[firsts] for column in codes)
        del whole
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


@dataclass(frozen=True, slots=True)
class _Groups:
    """The rows that agree with others on a determinant, group by group; a row alone in its group says nothing."""

    order: Rows
    bounds: Rows

    def sizes(self) -> Rows:
        return np.diff(self.bounds)

    def different(self, column: Codes) -> Rows:
        """How many different codes each group has."""
        return kernels().different_in_groups(self.order, self.bounds, column, _span(column))

    def linked(self, left: Codes, right: Codes) -> bool:
        """Whether two columns are not independent in some group."""
        return kernels().linked_in_groups(self.order, self.bounds, left, right, (_span(left), _span(right)))


def _span(column: Codes) -> int:
    return int(column.max()) + 1


def _grouped(codes: Sequence[Codes], chosen: tuple[int, ...]) -> _Groups:
    rows = len(codes[0])
    by = codes[chosen[0]] if len(chosen) == 1 else groups([codes[c] for c in chosen], rows)[0]
    return _Groups(*kernels().grouped_rows(by, _span(by)))


def _together(codes: Sequence[Codes], part: Sequence[int]) -> Codes:
    """Columns as one."""
    return codes[part[0]] if len(part) == 1 else groups([codes[c] for c in part], len(codes[0]))[0]


def _parts_given(
    columns: Columns,
    codes: Sequence[Codes],
    chosen: tuple[int, ...],
    most_parts: int,
    known: dict[frozenset[int], set[int]] | None,
) -> IndependentParts | None:
    among = _grouped(codes, chosen)
    if len(among.bounds) == 1:  # the determinant makes rows unique
        return None
    others = [c for c in range(len(codes)) if c not in chosen]
    if known is None:
        varying = [c for c in others if among.different(codes[c]).max() > 1]
    else:
        fixed = {c for here, there in known.items() if here <= frozenset(chosen) for c in there}
        varying = [c for c in others if c not in fixed]
    parts = _unlinked(codes, among, varying) if len(varying) > 1 else []
    if len(parts) < 2 or len(parts) > most_parts:
        return None
    parts = _independent(codes, among, parts)
    if len(parts) < 2:
        return None
    counts = [among.different(_together(codes, part)) for part in parts]
    several = np.sum([one > 1 for one in counts], axis=0) > 1
    if not several.any():
        return None
    names = columns.names
    alone = len(codes[0]) - len(among.order)
    return IndependentParts(
        frozenset(names[c] for c in chosen),
        tuple(sorted((frozenset(names[c] for c in part) for part in parts), key=sorted)),
        frozenset(names[c] for c in others if c not in varying),
        int(several.sum()),
        len(codes[0]) - sum(int(one.sum()) + alone for one in counts),
    )


def _unlinked(codes: Sequence[Codes], among: _Groups, varying: list[int]) -> list[list[int]]:
    """Columns joined where two of them are not independent in every group: the largest is the likeliest to show it."""
    sizes = among.sizes()
    largest = int(sizes.argmax())
    parts = [[c] for c in varying]
    if len(sizes) > 1:
        rows = among.order[among.bounds[largest] : among.bounds[largest + 1]]
        parts = _joined_where_linked(codes, _Groups(rows, np.array([0, len(rows)], np.int32)), parts)
    return _joined_where_linked(codes, among, parts) if len(parts) > 1 else parts


def _joined_where_linked(codes: Sequence[Codes], among: _Groups, parts: list[list[int]]) -> list[list[int]]:
    """Parts joined where a column of one and a column of another are not independent in each of these groups."""
    joined: list[list[int]] = []
    for part in parts:
        mine = [*part]
        for other in [*joined]:
            if any(among.linked(codes[a], codes[b]) for a in part for b in other):
                mine += other
                joined.remove(other)
        joined.append(mine)
    return joined


def _independent(codes: Sequence[Codes], among: _Groups, parts: list[list[int]]) -> list[list[int]]:
    """The finest grouping of the parts in which each group is independent of all the rest."""
    for size in range(1, len(parts) // 2 + 1):
        for chosen in combinations(range(len(parts)), size):
            here = [c for at in chosen for c in parts[at]]
            rest = [parts[at] for at in range(len(parts)) if at not in chosen]
            there = [c for part in rest for c in part]
            if not among.linked(_together(codes, here), _together(codes, there)):
                return [here, *_independent(codes, among, rest)]
    return [[c for part in parts for c in part]]


def mvds_of(found: Collection[IndependentParts]) -> Iterator[MVD]:
    """The multivalued dependencies of all, one after another."""
    for one in found:
        yield from one.mvds

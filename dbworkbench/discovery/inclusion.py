"""Inclusion dependencies within and across tables, and which of them look like foreign keys."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, permutations
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dbworkbench.discovery import arrays
from dbworkbench.discovery.columns import Columns, groups, let_go_after
from dbworkbench.discovery.dictionary import PIECE, DictionaryEncoding
from dbworkbench.discovery.evidence import Part, likeness, names_a_key, score, words
from dbworkbench.schema.naming import noun
from dbworkbench.theory.dependencies import IND

Ids = NDArray[np.int32]

_LARGE = 200_000
_SAME_NAME = 0.9
_SOME, _LETTERS, _MOST_SURPRISE = 500, 24, 6.0

_ROLES = frozenset(
    [
        "parent",
        "manager",
        "boss",
        "supervisor",
        "reports",
        "mentor",
        "leader",
        "predecessor",
        "successor",
        "previous",
        "next",
        "root",
        "original",
        "replaces",
        "superseded",
        "reply",
        "referrer",
        "mother",
        "father",
        "spouse",
        "ancestor",
    ]
)
"""Words by which a row refers to another of its own table."""


@dataclass(frozen=True, slots=True)
class Inclusion:
    """An inclusion dependency that rows satisfy; nulls on its left side are left out, as SQL does.

    `coverage` is the share of the different values on the left that the right side has: 1.0 where it holds exactly.
    `missing` shows a few that it has not.
    """

    ind: IND
    coverage: float = 1.0
    missing: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignKeyCandidate:
    """An inclusion that reaches a unique column set, with a score from 0 to 1 and the parts it is made of.

    `primary` says whether that set is the likeliest key of its table.
    """

    inclusion: Inclusion
    score: float
    parts: tuple[Part, ...]
    primary: bool = True

    @property
    def ind(self) -> IND:
        """The inclusion dependency itself."""
        return self.inclusion.ind


@dataclass(frozen=True, slots=True, eq=False)
class Inclusions:
    """The inclusion dependencies found; `complete` is false where those of several columns were too many to try."""

    found: tuple[Inclusion, ...]
    complete: bool = True


class Values:
    """The different values of all columns of all tables, numbered together, so that equal values are equal numbers.

    The column with the most values can be included in no other. Where it is large, its values are only looked up among
    the others' (-1: nowhere else), since a common dictionary of all would take more memory than the table.
    """

    def __init__(self, tables: Mapping[str, Columns]) -> None:
        self.tables = tables
        self.places = [(name, column) for name, table in tables.items() for column in range(len(table.names))]
        self.alone = self._largest()
        every = DictionaryEncoding("values", pa.string())
        self._numbers: dict[Place, Ids] = {}
        for place in self.places:
            if place != self.alone:
                parts = [every.numbers(text).astype(np.int32) for text in _texts(self._values(place))]
                self._numbers[place] = np.concatenate([np.zeros(0, np.int32), *parts])
        self.total = every.different
        if self.alone is not None:
            every.close()
            self._elsewhere = self._found(every, self.alone)
        del every
        self.used: dict[Place, Ids] = {place: self._used(place) for place in self.places}
        let_go_after(max((table.rows for table in tables.values()), default=0))

    def ids(self, place: "Place") -> Ids:
        """The number of each of a column's values; -1 for one that no other column has, where they are too many."""
        if place != self.alone:
            return self._numbers[place]
        every: Ids = np.full(len(self._values(place)), -1, np.int32)
        here, numbers = self._elsewhere
        every[here] = numbers
        return every

    def _found(self, every: DictionaryEncoding, place: "Place") -> tuple[Ids, Ids]:
        """Where those of a column's values stand that are known, and their numbers."""
        here, numbers, at = [np.zeros(0, np.int32)], [np.zeros(0, np.int32)], 0
        for text in _texts(self._values(place)):
            found = every.numbers(text)
            some = np.flatnonzero(found >= 0)
            here.append((some + at).astype(np.int32))
            numbers.append(found[some].astype(np.int32))
            at += len(text)
        return np.concatenate(here), np.concatenate(numbers)

    def _values(self, place: "Place") -> Any:  # noqa: ANN401  a pyarrow array
        return self.tables[place[0]].values[place[1]]

    def _largest(self) -> "Place | None":
        """The column with by far the most values, if it is a large one."""
        order = sorted(self.places, key=lambda place: -len(self._values(place)))
        if not order or len(self._values(order[0])) <= _LARGE:
            return None
        next_one = len(self._values(order[1])) if len(order) > 1 else 0
        return order[0] if int(self._seen(order[0]).sum()) > 2 * next_one else None

    def _seen(self, place: "Place") -> NDArray[np.bool_]:
        """Which values some row has."""
        seen: NDArray[np.bool_] = self.tables[place[0]].counts(place[1]) > 0
        return seen

    def _used(self, place: "Place") -> Ids:
        """The numbers of the values that rows really have."""
        seen = self._seen(place)
        if place == self.alone:
            here, numbers = self._elsewhere
            return numbers[seen[here]]
        return self._numbers[place] if seen.all() else self._numbers[place][seen]

    def count(self, place: "Place") -> int:
        """How many different values a column has."""
        return int(self._seen(place).sum()) if place == self.alone else len(self.used[place])

    def rows(self, place: "Place") -> Ids:
        """The number of each row's value; -1 for a null."""
        table = self.tables[place[0]]
        ids: Ids = np.append(self.ids(place), np.int32(-1))
        found: Ids = ids[np.minimum(table.codes[place[1]], len(table.values[place[1]]))]
        return found


def _texts(values: Any) -> Iterator[Any]:  # noqa: ANN401  pyarrow arrays
    """Values as text, piece by piece."""
    return (_text(values.slice(start, PIECE)) for start in range(0, len(values), PIECE))


def _text(values: Any) -> Any:  # noqa: ANN401  pyarrow arrays
    """Values as text that is equal where they are: whole numbers alike whatever their type."""
    kind = values.type
    if pa.types.is_string(kind):
        return values
    if pa.types.is_large_string(kind):
        return values.cast(pa.string())
    if pa.types.is_floating(kind):
        whole = pc.and_(
            pc.is_finite(values),
            pc.and_(pc.equal(values, pc.round(values)), pc.less(pc.abs(values), arrays.number(2.0**53))),
        )
        shown = [
            str(int(value)) if is_whole else repr(value)
            for value, is_whole in zip(values.to_pylist(), whole.to_pylist(), strict=True)
        ]
        return arrays.texts(shown)
    if pa.types.is_decimal(kind):
        return arrays.texts([format(value.normalize(), "f") for value in values.to_pylist()])
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return values.cast(pa.string())
    return arrays.texts([str(arrays.python_of(value)) for value in values])


def inclusion_dependencies(
    tables: Mapping[str, Columns] | Values, *, max_arity: int = 1, max_error: float = 0.0, most: int = 10_000
) -> Inclusions:
    """All inclusion dependencies of one column in another, and with `max_arity` those of several columns.

    Values are compared as text, whole numbers alike whatever their type. Columns that hold only nulls are left
    out: they are included in everything. Of several columns, rows with a null in one of them count for nothing, and
    every part of what is listed is listed too. With `max_error` those are listed too that miss at most that share of
    the left side's values. Beyond one column the candidates are tried level by level, as long as no more than
    `most` hold on a level; `complete` says whether that was so.

    >>> import pandas as pd
    >>> from dbworkbench.discovery.columns import from_frame
    >>> orders = from_frame(pd.DataFrame({"customer": [1, 2, 2]}), name="orders")
    >>> customers = from_frame(pd.DataFrame({"id": [1, 2, 3]}), name="customers")
    >>> [str(one.ind) for one in inclusion_dependencies({"orders": orders, "customers": customers}).found]
    ['orders[customer] ⊆ customers[id]']

    Unary: Bauckmann, Leser, Naumann & Tietz 2007 (SPIDER's question), by bit sets instead of a merge. Several columns:
    De Marchi, Lopes & Petit 2002 (MIND).
    """
    values = tables if isinstance(tables, Values) else Values(tables)
    tables = values.tables
    unary = _unary(values, max_error)
    found = [
        Inclusion(
            IND(left[0], (tables[left[0]].names[left[1]],), right[0], (tables[right[0]].names[right[1]],)),
            coverage,
            _missing(values, left, right) if coverage < 1 else (),
        )
        for left, right, coverage in unary
    ]
    level: list[tuple[Side, Side]] = [((left,), (right,)) for left, right, coverage in unary if coverage == 1]
    complete = True
    arity = 1
    while level and arity < max_arity:
        arity += 1
        if len(level) > most:
            complete = False
            break
        level = [pair for pair in _wider(level) if holds_together(values, *pair)]
        found += [Inclusion(_ind(tables, *pair)) for pair in level]
    return Inclusions(tuple(found), complete)


Place = tuple[str, int]
Side = tuple[Place, ...]


def _unary(values: Values, max_error: float) -> list[tuple[Place, Place, float]]:
    """Pairs of columns, and the share of the left one's values that the right one has."""
    places = [place for place in values.places if len(values.used[place])]
    words_each = (len(places) + 63) // 64
    holders = np.zeros((values.total, max(1, words_each)), np.uint64)
    for at, place in enumerate(places):
        holders[values.used[place], at // 64] |= np.uint64(1) << np.uint64(at % 64)
    found = []
    for at, place in enumerate(places):
        used = values.used[place]
        if max_error <= 0 and place == values.alone:
            continue
        if max_error <= 0:
            common = np.bitwise_and.reduce(holders[used], axis=0)
            bits = np.unpackbits(common.astype("<u8").view(np.uint8), bitorder="little")[: len(places)]
            shares = bits.astype(float)
        else:
            counts = np.zeros(64 * words_each, np.int64)
            for start in range(0, len(used), 1 << 16):
                part = np.ascontiguousarray(holders[used[start : start + (1 << 16)]].astype("<u8")).view(np.uint8)
                counts += np.unpackbits(part, axis=1, bitorder="little").sum(axis=0, dtype=np.int64)
            shares = counts[: len(places)] / values.count(place)
        found += [
            (place, places[other], float(shares[other]))
            for other in np.flatnonzero(shares >= 1 - max_error).tolist()
            if other != at
        ]
    return found


def _missing(values: Values, left: Place, right: Place, most: int = 5) -> tuple[object, ...]:
    there = np.zeros(values.total, bool)
    there[values.used[right]] = True
    table, column = values.tables[left[0]], left[1]
    ids = values.ids(left)
    used = np.isin(ids, values.used[left])
    absent = np.flatnonzero(used & ~there[ids])[:most]
    return tuple(table.values[column][int(at)].as_py() for at in absent)


def _ind(tables: Mapping[str, Columns], left: Side, right: Side) -> IND:
    return IND(
        left[0][0],
        tuple(tables[name].names[column] for name, column in left),
        right[0][0],
        tuple(tables[name].names[column] for name, column in right),
    )


def _wider(level: list[tuple[Side, Side]]) -> list[tuple[Side, Side]]:
    """Pairs of sides with one column more, all of whose narrower pairs hold."""
    holds = set(level)
    by_start: dict[object, list[tuple[Side, Side]]] = defaultdict(list)
    for left, right in level:
        by_start[left[:-1], right[:-1], left[0][0], right[0][0]].append((left, right))
    wider = []
    for members in by_start.values():
        for (left, right), (other, another) in permutations(members, 2):
            if left[-1] >= other[-1] or right[-1] == another[-1]:
                continue
            here, there = (*left, other[-1]), (*right, another[-1])
            if here == there or len(set(there)) < len(there):
                continue
            narrower = (((*here[:k], *here[k + 1 :]), (*there[:k], *there[k + 1 :])) for k in range(len(here)))
            if all(pair in holds or pair[0] == pair[1] for pair in narrower):
                wider.append((here, there))
    return sorted(set(wider))


def holds_together(values: Values, left: Side, right: Side) -> bool:
    """Whether each combination of non-null values on the left occurs on the right."""
    here, there = (np.stack([values.rows(place) for place in side]) for side in (left, right))
    here, there = (side[:, (side >= 0).all(axis=0)] for side in (here, there))
    ids, _ = groups(list(np.concatenate([there, here], axis=1)), there.shape[1] + here.shape[1])
    known = np.zeros(len(ids) + 1, bool)
    known[ids[: there.shape[1]]] = True
    return bool(known[ids[there.shape[1] :]].all())


def missing_values(tables: Mapping[str, Columns], ind: IND, *, most: int = 5) -> tuple[tuple[object, ...], ...]:
    """A few different combinations of values on the left of an inclusion that the right has not; none where it holds.

    Rows with a null on the left count for nothing, as in SQL. Raises UnknownName for a column that is not there.
    """
    source, target = tables[ind.relation], tables[ind.referenced]
    values = Values({"source": source.select(ind.attributes), "target": target.select(ind.referenced_attributes)})
    here, there = (
        np.stack([values.rows((side, at)) for at in range(len(ind.attributes))]) for side in ("source", "target")
    )
    filled = np.flatnonzero((here >= 0).all(axis=0))
    there = there[:, (there >= 0).all(axis=0)]
    ids, count = groups(list(np.concatenate([there, here[:, filled]], axis=1)), there.shape[1] + len(filled))
    known = np.zeros(count + 1, bool)
    known[ids[: there.shape[1]]] = True
    absent = filled[~known[ids[there.shape[1] :]]]
    lost = (source.row(int(row)) for row in absent[:10_000])
    return tuple(islice(dict.fromkeys(tuple(row[name] for name in ind.attributes) for row in lost), most))


def foreign_key_candidates(
    tables: Mapping[str, Columns] | Values,
    keys: Mapping[str, Sequence[tuple[str, ...]]],
    *,
    max_error: float = 0.0,
    max_arity: int = 3,
) -> tuple[ForeignKeyCandidate, ...]:
    """Inclusions that reach one of the unique sets in `keys`, the likeliest first, each with the parts of its score.

    The first set of each table is taken for its primary key: what reaches another one weighs less (Jiang & Naumann 2020, HoPF), and
    a primary key does not refer to its own table. Two things can tell a reference, and the stronger one counts: its name,
    or values that would hardly all be there by chance (in the sense of Zhang et al. 2010, PVLDB 3: codes of three letters
    say much, small running numbers nothing). The other parts follow Rostin, Albrecht, Bauckmann, Naumann & Leser 2009:
    a typical ending of the name, how much of the referenced column is used, how many of its values lie outside the range
    used, and how alike the values' lengths are. Whether the referring column is itself a key weighs against it. A column of one
    value is looked at only where its name is that of the key referred to.
    """
    values = tables if isinstance(tables, Values) else Values(tables)
    tables = values.tables
    unary = _unary(values, max_error)
    candidates = []
    targets = {(name, key) for name, sets in keys.items() for key in sets}
    primary = {name: sets[0] for name, sets in keys.items() if sets}
    tried = len(values.places) * max(1, sum(len(key) == 1 for _, key in targets))
    domains: dict[Place, float] = {}
    for left, right, coverage in unary:
        names = (tables[left[0]].names[left[1]],), (tables[right[0]].names[right[1]],)
        if (right[0], names[1]) not in targets or (left[0] == right[0] and primary.get(left[0]) == names[0]):
            continue
        if values.count(left) < 2 and likeness(*names[0], *names[1]) < _SAME_NAME:
            continue
        chance = 0.0  # values tell nothing within one table, of a table's own key, or of copies of what is no key
        if left[0] != right[0] and primary.get(left[0]) != names[0] and primary[right[0]] == names[1]:
            if right not in domains:
                domains[right] = _spread(values, right)
            chance = _not_by_chance(values, left, right, domains[right], tried)
        parts = _parts(tables, values, left, right, keys, coverage, chance)
        inclusion = Inclusion(
            IND(left[0], names[0], right[0], names[1]),
            coverage,
            _missing(values, left, right) if coverage < 1 else (),
        )
        candidates.append(ForeignKeyCandidate(inclusion, score(parts), parts, primary[right[0]] == names[1]))
    if max_arity > 1:
        candidates += _composite(tables, values, keys, unary, max_arity)
    return tuple(sorted(candidates, key=lambda one: (-one.score, str(one.ind))))


def _parts(  # noqa: PLR0917  all that is known of a pair of columns
    tables: Mapping[str, Columns],
    values: Values,
    left: Place,
    right: Place,
    keys: Mapping[str, Sequence[tuple[str, ...]]],
    coverage: float,
    chance: float,
) -> tuple[Part, ...]:
    column, target = tables[left[0]].names[left[1]], tables[right[0]].names[right[1]]
    alike = max(
        likeness(column, target) * (0.6 if words(target) in {("id",), ("key",), ("code",)} else 1.0),
        likeness(column, right[0]),
        likeness(column, f"{right[0]} {target}"),
    )
    if left[0] == right[0] and column != target and _ROLES & set(words(column)):
        alike = max(alike, 0.9)
    used, there = values.count(left), values.count(right)
    share = used / there
    low, high = _range(values, left)
    outside = _outside(values, right, low, high)
    own = (column,) in keys.get(left[0], ())
    first = next(iter(keys.get(right[0], ())), ()) == (target,)
    home = 1.0 if words(target)[-1:] == words(target) and names_a_key(target) else likeness(noun(target), right[0])
    by_name, stronger = alike >= chance, max(alike, chance)
    lengths = [_mean_length(values, place) for place in (left, right)]
    length = min(lengths) / max(lengths) if max(lengths) else 1.0
    return (
        Part("name", alike, 5 if by_name else 1, f"{column} and {right[0]}.{target} are {alike:.0%} alike"),
        Part("values", chance, 1 if by_name else 5, _unlikely(used, chance) if chance else "they say nothing here"),
        Part("told", stronger, 0, f"told by {'name' if by_name else 'values'} before all", times=0.5 + 0.5 * stronger),
        Part("target", 0.6 * first + 0.4 * home, 3, _reached(right[0], target, home, first=first)),
        Part("ending", float(names_a_key(column)), 1, "a name that says it identifies, or not"),
        Part("use", min(1.0, share), 1, f"{used:,} of {there:,} values are referred to"),
        Part("range", 1 - outside, 1, f"{outside:.0%} of the values lie outside those used"),
        Part("length", length, 1, f"{lengths[0]:.1f} and {lengths[1]:.1f} characters on average"),
        Part("not a key itself", 0.0 if own else 1.0, 2, "the column is unique itself" if own else "its values repeat"),
        Part("coverage", max(0.0, 1 - 10 * (1 - coverage)), 2, f"{coverage:.1%} of its values are there"),
    )


def _unlikely(used: int, chance: float) -> str:
    """In words, how surely the values tell a reference."""
    if used < 2:
        return "a single value says nothing"
    if chance >= 0.5:
        return f"{used:,} different values would hardly all be there by chance"
    return f"{used:,} different values could well be there by chance"


def _reached(table: str, target: str, home: float, *, first: bool) -> str:
    what = "the likeliest key" if first else "unique, but not the likeliest key"
    return f"{target} is {what} of {table}{', and named after it' if home > 0.75 else ''}"


def _spread(values: Values, place: Place) -> float:
    """The logarithm of how many texts there are like those of a column: as long, of the letters seen at each place."""
    texts = _text(values.tables[place[0]].values[place[1]])
    step = max(1, len(texts) // _SOME)
    letters: dict[int, set[str]] = defaultdict(set)
    for text in texts.take(arrays.numbers(np.arange(0, len(texts), step))).to_pylist():
        for at, letter in enumerate(text[:_LETTERS].ljust(_LETTERS)):
            letters[at].add(letter)
    return float(sum(np.log(len(seen)) for seen in letters.values()))


def _not_by_chance(values: Values, left: Place, right: Place, spread: float, tried: int) -> float:
    """How surely a column's values are no chance finds among another's, from 0 to 1, as many pairs as were tried."""
    used, there = values.count(left), values.count(right)
    here, target = _numbers(values, left), _numbers(values, right)
    if here is not None and target is not None and len(here):
        low, high = float(here.min()), float(here.max())
        within = int(((target >= low) & (target <= high)).sum())
        density = np.log(max(1, within) / max(1.0, high - low + 1))
    else:
        density = np.log(max(1, there)) - spread
    odds = -used * max(-_MOST_SURPRISE, min(0.0, float(density))) - np.log(tried)
    return float(1 / (1 + np.exp(-max(-30.0, min(30.0, odds / 2)))))


def _numbers(values: Values, place: Place) -> NDArray[np.float64] | None:
    """The values of a column as numbers, if all are."""
    table = values.tables[place[0]]
    found = table.values[place[1]]
    try:
        return arrays.floats(found.cast(pa.float64()))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def _range(values: Values, place: Place) -> tuple[object, object]:
    numbers = _numbers(values, place)
    if numbers is not None and len(numbers):
        return float(numbers.min()), float(numbers.max())
    ends = [pc.min_max(text) for text in _texts(values.tables[place[0]].values[place[1]])]
    return (
        min((one["min"].as_py() for one in ends), default=None),
        max((one["max"].as_py() for one in ends), default=None),
    )


def _outside(values: Values, place: Place, low: object, high: object) -> float:
    """The share of a column's values that lie outside a range."""
    if isinstance(low, float) and isinstance(high, float):
        numbers = _numbers(values, place)
        return 0.0 if numbers is None or not len(numbers) else float(((numbers < low) | (numbers > high)).mean())
    held = values.tables[place[0]].values[place[1]]
    first, last = arrays.text(str(low)), arrays.text(str(high))
    outside = (pc.sum(pc.or_(pc.less(text, first), pc.greater(text, last))).as_py() for text in _texts(held))
    return sum(outside) / len(held) if len(held) else 0.0


def _mean_length(values: Values, place: Place) -> float:
    held = values.tables[place[0]].values[place[1]]
    return sum(pc.sum(pc.utf8_length(text)).as_py() for text in _texts(held)) / len(held) if len(held) else 0.0


def _composite(
    tables: Mapping[str, Columns],
    values: Values,
    keys: Mapping[str, Sequence[tuple[str, ...]]],
    unary: Sequence[tuple[Place, Place, float]],
    max_arity: int,
) -> list[ForeignKeyCandidate]:
    """Foreign keys of several columns, only between columns that are alike by name: others are too many to try."""
    reach: dict[tuple[str, Place], list[Place]] = defaultdict(list)
    for left, right, coverage in unary:
        alike = likeness(tables[left[0]].names[left[1]], tables[right[0]].names[right[1]])
        if coverage == 1 and left[0] != right[0] and alike >= 0.5:
            reach[left[0], right].append(left)
    found = []
    for name, sets in keys.items():
        for key in sets:
            if not 2 <= len(key) <= max_arity:
                continue
            there: Side = tuple((name, tables[name].place(column)) for column in key)
            for other in tables:
                sides = [reach.get((other, place), []) for place in there]
                for here in _choices(sides):
                    if holds_together(values, here, there):
                        ind = _ind(tables, here, there)
                        alike = min(
                            likeness(a, b) for a, b in zip(ind.attributes, ind.referenced_attributes, strict=True)
                        )
                        own = any(set(ind.attributes) == set(one) for one in keys.get(other, ()))
                        first = sets[0] == key
                        parts = (
                            Part("name", alike, 5, f"the least alike pair of names is {alike:.0%} alike"),
                            Part("target", float(first), 4, f"{'the likeliest' if first else 'another'} key of {name}"),
                            Part(
                                "not a key itself",
                                1 / (1 + tables[other].rows / 10) if own else 1.0,  # of few rows it says little
                                6,
                                f"unique itself in {tables[other].rows:,} rows" if own else "its values repeat",
                            ),
                            Part("columns", 1.0, 1, f"all {len(key)} columns agree together"),
                        )
                        found.append(ForeignKeyCandidate(Inclusion(ind), score(parts), parts, first))
    return found


def _choices(sides: Sequence[Sequence[Place]], most: int = 64) -> list[Side]:
    """One place from each, none twice."""
    chosen: list[Side] = [()]
    for side in sides:
        chosen = [(*before, place) for before in chosen for place in side if place not in before][:most]
    return chosen


def likely_foreign_keys(
    candidates: Sequence[ForeignKeyCandidate], *, least: float = 0.65
) -> tuple[ForeignKeyCandidate, ...]:
    """The candidates to believe first: a score of at least `least`, one target for each referring column set.

    Of two tables that refer to each other by the same columns only the likelier direction is kept, and a column
    does not refer to itself through a copy. Where a table refers to the likeliest key of another, what is found in its other
    unique columns is copied from there.
    """
    kept: list[ForeignKeyCandidate] = []
    taken: set[tuple[str, frozenset[str]]] = set()
    for one in candidates:
        here = (one.ind.relation, frozenset(one.ind.attributes))
        back = (one.ind.referenced, frozenset(one.ind.referenced_attributes))
        turned = any(
            (kept_one.ind.relation, frozenset(kept_one.ind.attributes)) == back
            and (kept_one.ind.referenced, frozenset(kept_one.ind.referenced_attributes)) == here
            for kept_one in kept
        )
        copied = not one.primary and any(
            other.primary and (other.ind.relation, other.ind.referenced) == (one.ind.relation, one.ind.referenced)
            for other in kept
        )
        if one.score >= least and here not in taken and not turned and not copied:
            taken.add(here)
            kept.append(one)
    return tuple(kept)

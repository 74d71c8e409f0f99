"""Which discovered dependencies look like rules rather than coincidences, with every reason visible.

A table of a dozen columns obeys hundreds of dependencies by accident. A rule is told from an accident by what a
person would look at: a short determinant, near its dependents and before them, with short values and a name that
identifies; values that repeat, so that the rows had many chances to break it and did not; cells that would be
saved by taking it apart, and dependents that say something. What is computed from its determinant is no fact of its own.

Papenbrock & Naumann 2017 (Normalize, EDBT, §7: length, values, position and duplication of keys and of violating
dependencies); Wei & Link's count of redundant values removed, as the tool BCNFStar has it; Arenas & Libkin 2005 (JACM 52: how
much information a position holds); Mandros, Boley & Vreeken 2017 (KDD: shares of information, against chance); Kivinen &
Mannila 1995 (g3). What each part says, with an example: docs/discovery.md.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dbworkbench.discovery.approximate import measure
from dbworkbench.discovery.columns import Columns, groups
from dbworkbench.discovery.computed import computed_from
from dbworkbench.discovery.evidence import Part, likeness, names_a_key, score, words
from dbworkbench.discovery.functional import FunctionalDependencies
from dbworkbench.discovery.profile import Profile
from dbworkbench.errors import listed
from dbworkbench.schema.types import Boolean, Date, Decimal, Float, Text, Time, Timestamp
from dbworkbench.theory.dependencies import FD

LIKELY = 0.68
_SAMPLE = 50_000
_MOST = 150


@dataclass(frozen=True, slots=True)
class RankedRule:
    """A determinant with all it determines, and how much it looks like a rule, from 0 to 1.

    `removed` counts the rows that break it: 0 for one that holds.
    """

    fd: FD
    score: float
    parts: tuple[Part, ...]
    removed: int = 0

    @property
    def likely(self) -> bool:
        """Whether it is proposed without being asked for."""
        return self.score >= LIKELY


@dataclass(frozen=True, slots=True)
class RankedKey:
    """A unique column set and how much it looks like a key, from 0 to 1."""

    attributes: tuple[str, ...]
    score: float
    parts: tuple[Part, ...]
    nullable: bool = False


def _sampled(columns: Columns) -> Columns:
    """At most `_SAMPLE` rows, spread evenly: ranking looks at shares, not at single rows."""
    if columns.rows <= _SAMPLE:
        return columns
    rows = np.linspace(0, columns.rows - 1, _SAMPLE).astype(np.int64)
    return columns.taken(rows)


def rank_rules(
    columns: Columns,
    profile: Profile,
    fds: FunctionalDependencies | Sequence[FD],
    keys: Iterable[tuple[str, ...]] = (),
    *,
    most: int = _MOST,
    exact: bool = True,
) -> tuple[RankedRule, ...]:
    """The dependencies whose determinant is none of the `keys` (smallest first), gathered by determinant, those most like rules first.

    Only determinants of one, two or three attributes are looked at, shortest first, and no more than `most`: what
    is longer is no rule that anybody would state. Constant columns determine nothing and are left out. Unless they are
    `exact`, each is measured on all rows first, and those that rows break count the less the more rows do.
    """
    place = {name: at for at, name in enumerate(columns.names)}
    constant = {column.name for column in profile.columns if column.constant}
    gathered: dict[tuple[frozenset[str], frozenset[str]], set[str]] = {}
    superkeys = {frozenset(key) for key in takewhile(lambda key: len(key) <= 3, keys)}
    for fd in _shortest_first(fds):
        # a minimal determinant that holds a key is that key
        if not fd.determinant or fd.dependent <= constant or fd.determinant in superkeys:
            continue
        group = (fd.determinant, frozenset[str]() if exact else fd.dependent)
        if group in gathered or len(gathered) < most:
            gathered.setdefault(group, set()).update(fd.dependent - constant)
    sample = _sampled(columns)
    chances = _Chances(sample)
    ranked = []
    for (determinant, _), dependents in gathered.items():
        # what a part of the determinant fixes already is that part's affair
        own = dependents - {name for (smaller, _), more in gathered.items() if smaller < determinant for name in more}
        if own:
            fd, removed = FD(determinant, frozenset(own)), 0
            parts = _rule_parts(sample, profile, chances, determinant, own, place)
            if not exact:
                found = measure(columns, fd)
                removed = found.removed
                against = f"{removed:,} of {found.rows:,} rows break it"
                holds = max(0.0, 1 - 10 * found.g3)
                parts = (*parts, Part("holds", holds, 0, against, times=holds))
            ranked.append(RankedRule(fd, score(parts), parts, removed))

    def order(rule: RankedRule) -> tuple[object, ...]:
        return -rule.score, len(rule.fd.determinant), sorted(place[n] for n in rule.fd.determinant)

    ranked.sort(key=order)
    return tuple(sorted((supported(sample, rule, ranked[:at]) for at, rule in enumerate(ranked)), key=order))


def supported(columns: Columns, rule: RankedRule, better: Sequence[RankedRule]) -> RankedRule:
    """The rule, with its chances to fail counted among the things that it is a fact of, not among the rows.

    Where a likelier rule determines all of it, as an employee's number does a city and its country, each employee is
    one chance, however many rows there are of each: of nine employees it says little that their cities lie in one country.
    """
    if not rule.likely:
        return rule
    reach = rule.fd.determinant | rule.fd.dependent
    above = [
        one.fd.determinant
        for one in better
        if one.likely and reach <= one.fd.determinant | one.fd.dependent and not one.fd.determinant <= reach
    ]
    if not above:
        return rule
    counted = {one: groups([columns.codes[columns.place(name)] for name in sorted(one)], columns.rows) for one in above}
    closest = min(above, key=lambda one: (counted[one][1], sorted(one)))
    ids, count = counted[closest]
    first = np.zeros(count, np.int64)
    first[ids[::-1]] = np.arange(columns.rows)[::-1]
    things = columns.taken(first)
    here, there = (sorted(map(columns.place, side)) for side in (rule.fd.determinant, rule.fd.dependent))
    luck = _agreeing(groups([things.codes[c] for c in there], things.rows)[0])
    chance = _not_by_chance(things, here, luck, margin=1)
    of = f"{chance.because}, counting each {', '.join(sorted(closest))} once"
    chance = replace(chance, because=of, times=0.85 + 0.15 * chance.value)  # little is known for it, nothing against it
    parts = tuple(chance if part.name == chance.name else part for part in rule.parts)
    return replace(rule, score=score(parts), parts=parts)


def _not_by_chance(columns: Columns, here: list[int], luck: float, *, margin: float) -> Part:
    """How unlikely it is that the rows beyond the first of each group said the same by luck, whatever else was tried.

    `luck` is the chance of one such match. The odds are those against a match in each row, less those of finding one
    among all dependencies of that size (Bonferroni), as often as `margin` says; the larger it is, the smoother the
    step from luck to rule. A determinant that is null is none: nothing is said there that could be broken.
    """
    known = np.ones(columns.rows, bool)
    for c in here:
        known &= ~columns.null(c)
    count = groups([columns.codes[c][known] for c in here], int(known.sum()))[1]
    repeated, width = int(known.sum()) - count, len(columns.names)
    tried = math.log(math.comb(width, len(here)) * max(1, width - len(here)))
    odds = -repeated * math.log(max(luck, 1e-12)) - margin * tried
    unlucky = 1 / (1 + math.exp(-max(-30.0, min(30.0, odds / margin))))
    return Part(
        "not by chance",
        unlucky,
        3,
        f"{repeated:,} {'row' if repeated == 1 else 'rows'} could have broken it",
        times=0.3 + 0.7 * unlucky,
    )


def _agreeing(codes: NDArray[Any]) -> float:
    """How likely two rows are to have the same code."""
    shares = np.unique(codes, return_counts=True)[1] / max(1, len(codes))
    return float((shares**2).sum()) if len(codes) else 1.0


def _shortest_first(fds: FunctionalDependencies | Sequence[FD]) -> Iterable[FD]:
    if not isinstance(fds, FunctionalDependencies):
        yield from sorted(fds, key=lambda fd: (len(fd.determinant), str(fd)))
        return
    for size in range(4):
        yield from islice(fds.small(size, smallest=size), 200_000)


class _Chances:
    """How likely two rows are to agree on a column, whatever else they say, and how much its values tell."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.agree = [_agreeing(codes) for codes in columns.codes]
        self.bits = [_bits(codes) for codes in columns.codes]


def _bits(codes: NDArray[Any]) -> float:
    """What one value of a column tells, in bits: its entropy."""
    shares = np.unique(codes, return_counts=True)[1] / max(1, len(codes))
    return float(-(shares * np.log2(shares)).sum())


def _rule_parts(  # noqa: PLR0917  all that is known of a rule
    columns: Columns,
    profile: Profile,
    chances: _Chances,
    determinant: frozenset[str],
    dependents: set[str],
    place: dict[str, int],
) -> tuple[Part, ...]:
    rows, width = columns.rows, len(columns.names)
    here = sorted(place[name] for name in determinant)
    every = sorted(place[name] for name in dependents)
    reckoned = _computed(columns, profile, here, every)
    there = [
        c for c in every if columns.names[c] not in reckoned
    ] or every  # what is computed speaks neither for nor against
    count = groups([columns.codes[c] for c in here], rows)[1]
    repeated = rows - count
    longest = sum(min(profile.columns[c].longest, 64) for c in here)
    apart = _between(here), _between(there), max(0, there[0] - here[-1] - 1) if there[0] > here[-1] else 0
    saved = repeated * len(there) / max(1, rows * width)
    told = max(chances.bits[c] for c in there)
    truths = all(isinstance(profile.columns[c].type, Boolean) for c in there)
    own_bits = _bits(groups([columns.codes[c] for c in here], rows)[0])
    enough = (
        min(1.0, own_bits) if len(here) == 1 else own_bits / 2
    )  # bits: one of one column, half of what several tell
    information = min(1.0, told / enough) if own_bits else 0.0
    information *= 0.5 if truths else 1.0
    facts = len(every) - len(reckoned)
    luck = math.exp(sum(math.log(max(chances.agree[c], 1e-12)) for c in there) / len(there))
    needed, least = _needed(columns, here, there)
    named = _naming(sorted(determinant), sorted(dependents))
    kinds = [profile.columns[c].type for c in here]
    continuous = any(isinstance(kind, Float | Decimal | Timestamp | Time | Boolean) for kind in kinds)
    text = any(profile.columns[c].domain in {"free text", "URL", "JSON"} for c in here)
    nulls = sum(profile.columns[c].nulls for c in here)
    apart_safely = nulls_agree(columns, sorted(determinant), sorted(dependents))
    return (
        Part("length", (1, 0.45, 0.15)[min(len(here), 3) - 1], 3, _said(here, every)),
        Part("dependents", min(1.0, len(there) / max(1, min(4, width - 2))), 1, f"{len(there)} of {width} columns"),
        Part("values", 1 / max(1, longest - 7) ** 0.5, 1, f"determinant values of up to {longest} characters"),
        Part(
            "position",
            (1 / (apart[0] + 1) + 1 / (apart[1] + 1) + 1 / (apart[2] + 1) + (here[0] < there[0])) / 4,
            1.5,
            f"{sum(apart)} {'column lies' if sum(apart) == 1 else 'columns lie'} between; the determinant comes {'first' if here[0] < there[0] else 'later'}",
        ),
        Part("repetition", repeated / max(1, rows), 2, f"{count:,} different determinants in {rows:,} rows"),
        Part("cells saved", min(1.0, 4 * saved), 2, f"{saved:.0%} of all cells are redundant"),
        Part(
            "needed",
            min(1.0, 4 * needed),
            1.5,
            f"without {least}, {'less than 1%' if 0 < needed < 0.01 else f'{needed:.0%}'} of the rows break it",
            times=1.0 if len(here) == 1 else 0.75 + 0.25 * min(1.0, 4 * needed),
        ),
        Part(
            "names",
            named,
            2,
            f"{', '.join(sorted(determinant))}: {_hint(determinant, named)}",
        ),
        Part(
            "kind",
            0.0 if continuous else 0.3 if text else 1.0,
            2,
            "measured quantities, moments or truths"
            if continuous
            else "free text"
            if text
            else "values that can identify",
            times=0.85 if continuous else 1.0,
        ),
        Part(
            "no nulls",
            1.0 if apart_safely else 0.0,
            1,
            f"{nulls:,} nulls in the determinant{', where nothing is known of the rest' if nulls and apart_safely else ''}",
        ),
        Part(
            "information",
            information,
            0,
            f"a dependent tells up to {told:.1f} bits, the determinant {own_bits:.1f}{'; yes or no' if truths else ''}",
            times=0.5 + 0.5 * information,
        ),
        Part(
            "not computed",
            facts / len(every),
            0,
            "; ".join(f"{name} is {how}" for name, how in reckoned.items())
            or "no dependent follows from the determinant by a formula that is looked for",
            times=1.0 if facts else 0.5,
        ),
        _not_by_chance(columns, here, luck, margin=4),  # rows are seldom independent of one another
    )


def _computed(columns: Columns, profile: Profile, here: list[int], there: list[int]) -> dict[str, str]:
    """The dependents that follow from the determinant by a formula, and how.

    From several columns, those whose parts all follow from the dependent: a date is put together of year, month, and day.
    """
    if len(here) == 1:
        kind = profile.columns[here[0]].type
        found = {columns.names[c]: computed_from(columns, here[0], c, kind) for c in there}
        return {name: f"{how} of {columns.names[here[0]]}" for name, how in found.items() if how}
    together = (c for c in there if all(computed_from(columns, c, one, profile.columns[c].type) for one in here))
    return {columns.names[c]: f"put together of {listed([columns.names[one] for one in here])}" for c in together}


def nulls_agree(columns: Columns, determinant: Collection[str], dependents: Collection[str]) -> bool:
    """Whether all dependents are null wherever one of the determinant is: then taking them apart loses no row's facts."""
    unknown = np.zeros(columns.rows, bool)
    for name in determinant:
        unknown |= columns.null(columns.place(name))
    return not unknown.any() or all(bool(columns.null(columns.place(name))[unknown].all()) for name in dependents)


def _said(here: list[int], there: list[int]) -> str:
    one = len(here) == 1
    return f"{len(here)} attribute{'' if one else 's'} determine{'s' if one else ''} {len(there)}"


def _between(places: list[int]) -> int:
    """How many columns lie between the first and the last, and are not of them."""
    return places[-1] - places[0] + 1 - len(places)


def _needed(columns: Columns, here: list[int], there: list[int]) -> tuple[float, str]:
    """The least share of rows that break the dependency when an attribute is left out, and that attribute."""
    worst = (1.0, columns.names[here[0]])
    target, _ = groups([columns.codes[c] for c in there], columns.rows)
    for left_out in here:
        ids, count = groups([columns.codes[c] for c in here if c != left_out], columns.rows)
        pairs, found = groups([ids, target], columns.rows)
        owner = np.zeros(found, np.int64)
        owner[pairs] = ids
        best: NDArray[np.int64] = np.zeros(count, np.int64)
        np.maximum.at(best, owner, np.bincount(pairs, minlength=found))
        share = 1 - float(best.sum()) / max(1, columns.rows)
        if share < worst[0]:
            worst = (share, columns.names[left_out])
    return worst


def _hint(determinant: Collection[str], named: float) -> str:
    if all(names_a_key(name) for name in determinant):
        return "a name that identifies"
    return "its dependents are named after it" if named > 0.5 else "no hint"


def _naming(determinant: list[str], dependents: list[str]) -> float:
    """How much the names say that this is a rule: the determinant identifies, or dependents are named after it."""
    identifies = all(names_a_key(name) for name in determinant)
    stems = {word for name in determinant for word in words(name) if len(word) > 2 and not word.isdigit()} - {"column"}
    related = [
        bool(stems & set(words(name))) or max(likeness(d, name) for d in determinant) > 0.75 for name in dependents
    ]
    if all(word.isdigit() or word in {"column", "c", "col", "f", "x"} for name in determinant for word in words(name)):
        return 0.5  # names that say nothing
    share = sum(related) / len(related)
    if len(determinant) == 1 and share == 1:  # depot, depot_name, depot_city: written to belong together
        own = words(determinant[0])
        identifies |= all(len(words(d)) > len(own) and words(d)[: len(own)] == own for d in dependents)
    return min(1.0, 0.7 * identifies + 0.6 * share)


def rank_keys(
    columns: Columns, profile: Profile, keys: Sequence[tuple[str, ...]], *, most: int = _MOST
) -> tuple[RankedKey, ...]:
    """Unique column sets, those most like a key first: short, on the left, short values, never null, named like one."""
    place = {name: at for at, name in enumerate(columns.names)}
    chances = _Chances(_sampled(columns))
    ranked = []
    for key in keys[:most]:
        here = [place[name] for name in key]
        if not here:
            continue
        facts = [profile.columns[c] for c in here]
        longest = sum(min(fact.longest, 64) for fact in facts)
        pairs = columns.rows * (columns.rows - 1) / 2
        collisions = pairs * math.prod(chances.agree[c] - 1 / max(1, columns.rows) * (len(here) == 1) for c in here)
        nullable = any(fact.nulls for fact in facts)
        measured = any(isinstance(fact.type, Float | Decimal | Time) for fact in facts)
        moments = any(isinstance(fact.type, Timestamp | Date) for fact in facts)
        texts = any(isinstance(fact.type, Text) and fact.domain in {"free text", "text"} for fact in facts)
        named = sum(names_a_key(name) or bool(set(words(name)) & set(words(columns.name))) for name in key) / len(key)
        parts = (
            Part("length", 1 / len(key), 4, f"{len(key)} attribute{'s' if len(key) > 1 else ''}"),
            Part("values", 1 / max(1, longest - 7) ** 0.5, 1, f"values of up to {longest} characters"),
            Part("position", 1 / (1 + here[0] + _between(sorted(here))), 2, f"from column {here[0] + 1} on"),
            Part("names", named, 3, "names that identify" if named else "names that say nothing of it"),
            Part("no nulls", 0.0 if nullable else 1.0, 3, "some are null" if nullable else "never null"),
            Part(
                "kind",
                0.0 if measured else 0.4 if moments or texts else 1.0,
                3,
                "measured quantities" if measured else "texts or moments" if moments or texts else "can identify",
            ),
            Part(
                "not by chance",
                min(1.0, math.log1p(max(0.0, collisions)) / 5) if len(here) > 1 else 1.0,
                2,
                f"about {max(0.0, collisions):,.1f} pairs of rows would agree by chance",
            ),
        )
        ranked.append(RankedKey(key, score(parts), parts, nullable))
    return tuple(sorted(ranked, key=lambda key: (-key.score, len(key.attributes), [place[n] for n in key.attributes])))

"""Covers: the same dependencies said with less."""

from collections.abc import Callable, Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from dbworkbench.errors import UnknownName
from dbworkbench.shown import Shown
from dbworkbench.theory import kernels
from dbworkbench.theory.dependencies import FD, in_order, prose
from dbworkbench.theory.given import liberal
from dbworkbench.theory.index import rules
from dbworkbench.theory.numbering import Rules, bits, closed, indexed

_WIDE = 3
Pair = tuple[int, int]
Note = Callable[[Pair, Pair | None], None]


@dataclass(frozen=True, slots=True)
class Removal:
    """One step to a minimal cover: a dependency made smaller (`after`) or left out (`after` is None), and why.

    `kind` is "trivial", "extraneous" or "redundant".
    """

    kind: str
    before: FD
    after: FD | None
    because: str


@dataclass(frozen=True, slots=True)
class Reduction(Shown):
    """A canonical cover and every step that leads to it from the dependencies given."""

    given: tuple[FD, ...]
    steps: tuple[Removal, ...]
    cover: tuple[FD, ...]


@liberal
def minimal_cover(fds: Collection[FD]) -> tuple[FD, ...]:
    """An equivalent set with single dependents, no extraneous attribute in a determinant and no redundant dependency.

    There may be several; the same set of dependencies always gives the same one, whatever their order.

    >>> minimal_cover([FD.parse("a -> b, c"), FD.parse("b -> c"), FD.parse("a, c -> b")])
    (FD('a → b'), FD('b → c'))

    Reference: Maier, Minimum covers in the relational database model, JACM 27(4), 1980.
    """
    found = kernels.cover_of(fds, single=True)
    if found is not None:
        return found
    under = rules(fds)
    return under.fds(singles(reduced_pairs(under)))


@liberal
def canonical_cover(fds: Collection[FD]) -> tuple[FD, ...]:
    """The minimal cover with the dependencies of one determinant merged.

    >>> canonical_cover([FD.parse("a -> b"), FD.parse("a -> c"), FD.parse("c -> d")])
    (FD('a → b, c'), FD('c → d'))
    """
    found = kernels.cover_of(fds, single=False)
    if found is not None:
        return found
    under = rules(fds)
    return under.fds(reduced_pairs(under))


@liberal
def reduction(fds: Collection[FD]) -> Reduction:
    """The canonical cover with each removal as a step.

    >>> for step in reduction([FD.parse("a -> b"), FD.parse("a, c -> b"), FD.parse("b -> b")]).steps:
    ...     print(step.because)
    b → b holds in every relation, because b is on its left already.
    c can be left out of a, c → b: a alone determines b.

    Reference: Maier, The Theory of Relational Databases, 1983, §5.
    """
    under = rules(fds)
    steps: list[Removal] = []
    for fd in in_order(frozenset(fds)):
        if isinstance(fd, FD) and fd.dependent & fd.determinant:
            both = fd.dependent & fd.determinant
            rest = FD(fd.determinant, fd.dependent - fd.determinant) if not fd.trivial else None
            verb = "is" if len(both) == 1 else "are"
            what = f"{fd} holds" if fd.trivial else f"{fd} says nothing of {prose(both)} that does not hold"
            steps.append(
                Removal(
                    "trivial", fd, rest, f"{what} in every relation, because {prose(both)} {verb} on its left already."
                )
            )

    def note(before: Pair, after: Pair | None) -> None:
        old = under.fd(before)
        name = prose(old.dependent)
        if after is None:
            if before[0]:
                because = (
                    f"{old} follows from the other dependencies: without it, {prose(old.determinant)} still determine"
                )
                because += f"{'s' * (len(old.determinant) == 1)} {name}."
            else:
                because = f"{old} follows from the other dependencies."
            steps.append(Removal("redundant", old, None, because))
            return
        new = under.fd(after)
        gone = prose(old.determinant - new.determinant)
        alone = prose(new.determinant)
        if new.determinant:
            verb = "alone determines" if len(new.determinant) == 1 else "determine"
            because = f"{gone} can be left out of {old}: {alone} {verb} {name}."
        else:
            because = f"{gone} can be left out of {old}: {name} is the same in every row."
        steps.append(Removal("extraneous", old, new, because))

    pairs = reduced_pairs(under, note)
    given = tuple(fd for fd in in_order(frozenset(fds)) if isinstance(fd, FD))
    return Reduction(given, tuple(steps), under.fds(pairs))


@liberal
def left_reduced_cover(fds: Collection[FD]) -> tuple[FD, ...]:
    """The dependencies, merged by determinant, without extraneous attributes on their left; redundant ones stay.

    >>> left_reduced_cover([FD.parse("a -> b"), FD.parse("a, d -> c"), FD.parse("b -> c")])
    (FD('a → b, c'), FD('b → c'))
    """
    under = rules(fds)
    kept = left_reduced(under, merged_pairs(under))
    return under.fds(under.in_order(kept))


@liberal
def right_reduced_cover(fds: Collection[FD]) -> tuple[FD, ...]:
    """The dependencies, merged by determinant, without dependents that follow otherwise; determinants stay as they are.

    >>> right_reduced_cover([FD.parse("a -> b, c"), FD.parse("b -> c")])
    (FD('a → b'), FD('b → c'))
    """
    under = rules(fds)
    kept = irredundant(merged_pairs(under))
    return under.fds(under.in_order(kept))


@liberal
def reduced(fds: Collection[FD], *, side: str = "both") -> tuple[FD, ...]:
    """The dependencies reduced on the `left`, on the `right`, or on `both` sides, which makes a canonical cover.

    >>> reduced([FD.parse("a -> b"), FD.parse("a, d -> b")], side="left")
    (FD('a → b'),)
    """
    ways = {"left": left_reduced_cover, "right": right_reduced_cover, "both": canonical_cover}
    if side not in ways:
        raise UnknownName("side", side, list(ways))
    return ways[side](fds)


@liberal
def minimum_cover(fds: Collection[FD]) -> tuple[FD, ...]:
    """A cover with as few dependencies as any: determinants that lead to an equivalent one directly are joined to it.

    >>> minimum_cover([FD.parse("a, b -> c"), FD.parse("a -> d"), FD.parse("c -> a, b")])
    (FD('a → d'), FD('a, b → c'), FD('c → a, b'))

    Reference: Maier 1980, §4: a nonredundant cover without direct determination within a class is minimum.
    """
    under = rules(fds)
    entries = dict(reduced_pairs(under))
    merging = True
    while merging:
        merging = False
        reach = {determinant: under.closure(determinant) for determinant in entries}
        for determinant in sorted(entries, key=under.order):
            peers = [other for other in entries if reach[other] == reach[determinant]]
            free, waiting = indexed((x, y) for x, y in entries.items() if x not in peers)
            direct = closed(determinant, free, waiting)
            near = next((o for o in sorted(peers, key=under.order) if o != determinant and not o & ~direct), None)
            if near is not None:
                entries[near] |= entries.pop(determinant) & ~near
                merging = True
                break
    return under.fds(under.in_order(entries))


@liberal
def short_cover(fds: Collection[FD], *, tries: int = 16, seed: int = 0) -> tuple[FD, ...]:
    """A cover with few attribute names in all: the shortest of a minimum one and of canonical ones in several orders.

    The shortest of all is NP-complete to find (Maier 1980, §5); this one is never longer than the canonical cover.
    """
    best = min((canonical_cover(fds), minimum_cover(fds)), key=_length)
    names = sorted({name for fd in fds for name in fd.attributes})
    random = Random(seed)  # noqa: S311  an order to try, no secret
    for _ in range(tries):
        shuffled = random.sample(names, len(names))
        alias = {name: f"{at:06d}" for at, name in enumerate(shuffled)}
        back = {code: name for name, code in alias.items()}
        found = canonical_cover(tuple(_renamed(fd, alias) for fd in fds))
        best = min(best, tuple(_renamed(fd, back) for fd in found), key=_length)
    return tuple(sorted(best, key=lambda fd: sorted(fd.determinant)))


def _renamed(fd: FD, names: dict[str, str]) -> FD:
    return FD(frozenset(map(names.__getitem__, fd.determinant)), frozenset(map(names.__getitem__, fd.dependent)))


def _length(fds: Collection[FD]) -> tuple[int, int]:
    return sum(len(fd.determinant) + len(fd.dependent) for fd in fds), len(fds)


def singles(pairs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Each dependency once per attribute of its dependent."""
    for pair in pairs:
        determinant, dependent = pair
        if dependent & (dependent - 1):
            for bit in bits(dependent):
                yield determinant, bit
        else:
            yield pair


def reduced_pairs(under: Rules, note: Note | None = None) -> tuple[tuple[int, int], ...]:
    """The canonical cover as integers, in the order in which it is printed."""
    found = None if note else kernels.reduced(len(under.names), under.pairs)
    if found is not None:
        return found
    return under.in_order(irredundant(left_reduced(under, merged_pairs(under), note), note))


def merged_pairs(under: Rules) -> dict[int, int]:
    """The dependencies by determinant, without what is in it."""
    merged: dict[int, int] = {}
    for determinant, dependent in under.pairs:
        merged[determinant] = merged.get(determinant, 0) | (dependent & ~determinant)
    return merged


def left_reduced(under: Rules, merged: dict[int, int], note: Note | None = None) -> dict[int, int]:
    """The dependencies with every extraneous attribute of a determinant dropped, the first by name first."""
    reduced: dict[int, int] = {}
    always = under.closure(0)
    once = twice = 0
    for dependent in merged.values():
        twice |= once & dependent
        once |= dependent
    for determinant in sorted(merged, key=by_size):
        left = merged[determinant]
        if not left:
            continue
        shared = left & twice  # what other dependencies give as well
        if (not determinant & once and not shared) or (  # nothing else determines either side, or applies at all
            determinant.bit_count() > _WIDE
            and not any(y for x, y in merged.items() if not x & ~determinant and x != determinant)
        ):
            reduced[determinant] = reduced.get(determinant, 0) | left
            continue
        without: list[tuple[int, int]] = []
        gained = 0
        for bit in bits(determinant):
            rest = determinant ^ bit
            if not rest:
                reach = always
            elif not always and (not (shared or bit & once) or stays(rest, merged)):
                continue
            else:
                reach = under.closure(rest)
            gained |= reach
            without.append((bit, reach))
        kept = left & ~gained
        if kept:
            reduced[determinant] = reduced.get(determinant, 0) | kept
            if kept == left:
                continue
        for bit in bits(left & gained):
            smaller = next(determinant ^ dropped for dropped, reach in without if reach & bit)
            drops = [determinant, smaller]
            for other in bits(smaller):
                if under.closure(smaller ^ other, bit) & bit:
                    smaller ^= other
                    drops.append(smaller)
            if note:
                for larger, after in pairwise(drops):
                    note((larger, bit), (after, bit))
            if not smaller & bit:
                reduced[smaller] = reduced.get(smaller, 0) | bit
    return reduced


def by_size(mask: int) -> tuple[int, int]:
    """A key that sorts smaller sets first."""
    return mask.bit_count(), mask


def stays(start: int, determinants: Container[int]) -> bool:
    """Whether a set is its own closure for the plain reason that no determinant is in it; False where it is not small."""
    return start not in determinants and applies_alone(start, determinants)


def irredundant(merged: dict[int, int], note: Note | None = None) -> dict[int, int]:
    """The dependencies without those that follow from the others; the longest determinants are tried first."""
    free = merged.get(0, 0)
    once = twice = free
    for determinant, dependent in merged.items():
        if determinant:
            twice |= once & dependent
            once |= dependent
    if not twice:  # what only one dependency gives is not redundant
        return {determinant: dependent for determinant, dependent in merged.items() if dependent}
    entries = {determinant: [determinant, dependent] for determinant, dependent in merged.items() if determinant}
    waiting: dict[int, list[list[int]]] = {}
    for determinant, entry in entries.items():
        low = determinant & -determinant
        if low in waiting:
            waiting[low].append(entry)
        else:
            waiting[low] = [entry]
    for determinant in sorted((x for x, entry in entries.items() if entry[1] & twice), key=by_size, reverse=True):
        entry = entries[determinant]
        alone = not free and applies_alone(determinant, entries)
        for bit in bits(entry[1] & twice):
            entry[1] ^= bit
            if (alone and not entry[1]) or not closed(determinant, free, waiting, bit) & bit:
                entry[1] |= bit
            elif note:
                note((determinant, bit), None)
    for bit in bits(free):
        if closed(0, free ^ bit, waiting, bit) & bit:
            free ^= bit
            if note:
                note((0, bit), None)
    kept = {determinant: entry[1] for determinant, entry in entries.items() if entry[1]}
    return {0: free, **kept} if free else kept


def applies_alone(determinant: int, determinants: Container[int]) -> bool:
    """Whether no other determinant is in this one; False where that does not show at once."""
    first = determinant & -determinant
    rest = determinant ^ first
    if not rest:
        return True
    second = rest & -rest
    third = rest ^ second
    if third & (third - 1) or first in determinants or second in determinants:
        return False
    return not third or not (
        third in determinants
        or first | second in determinants
        or first | third in determinants
        or second | third in determinants
    )

"""A scheme being decomposed: its cover as integers, and how parts are put in the order in which they join back."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property, partial
from heapq import heappop, heappush
from itertools import islice

from dbworkbench.theory.basis import functional_part
from dbworkbench.theory.covers import reduced_pairs
from dbworkbench.theory.dependencies import FD, Dependency, in_order
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.forms import NormalForm
from dbworkbench.theory.numbering import Rules, bits, closed, indexed
from dbworkbench.theory.parts import Decomposition, Part, Step
from dbworkbench.theory.transversals import minimal_sets

MOST_KEYS = 16
_SEARCHED = 8
_EFFORT = 10_000_000  # never needed for so few attributes
_ROOTS = 8
_FEW = 24


class Workpiece:
    """A scheme being decomposed: the canonical cover of what its dependencies imply, over numbered attributes."""

    def __init__(self, attributes: Collection[str], dependencies: Collection[Dependency]) -> None:
        self.attributes = frozenset(attributes)
        self.declared = frozenset(dependencies)
        numbered = Rules(functional_part(self.attributes, self.declared), self.attributes)
        self.full = numbered.full
        self.set = numbered.set
        self.listed = numbered.listed
        self.cover = reduced_pairs(numbered)
        self.rules = numbered.over(self.cover)
        self._reaches: dict[int, int] = {}
        self._by_first: dict[int, list[tuple[int, int]]] = {}

    def fd(self, determinant: int, dependent: int) -> FD:
        """A pair of integers as a dependency."""
        return FD(self.set(determinant), self.set(dependent))

    def reaches(self) -> Mapping[int, int]:
        """The determinants of the cover with their closures, worked out once."""
        if not self._reaches:
            self._reaches |= {determinant: self.rules.closure(determinant) for determinant, _ in self.cover}
        return self._reaches

    @cached_property
    def given(self) -> tuple[Dependency, ...]:
        """The dependencies given, in the order in which they are printed."""
        return tuple(in_order(self.declared))

    @staticmethod
    def alone(members: Mapping[int, list[int]]) -> dict[int, list[int]]:
        """The parts that are in no other, with the keys known of them."""
        spare = contained(members)
        return {mask: known for mask, known in members.items() if mask not in spare}

    def assembled(self, members: Mapping[int, list[int]]) -> tuple[Part, ...]:
        """The parts in the order in which they join back, given some keys of each; none is part of another."""
        assembled: list[Part] = []
        have, by_keys = 0, True
        for mask, key in self.joined(members):
            by_keys = (by_keys and not key & ~have) or not assembled
            on = key if by_keys else mask & have
            assembled.append(self._part(mask, key, members[mask], on if assembled else 0))
            have |= mask
        return tuple(assembled)

    def joined(self, members: Mapping[int, list[int]]) -> list[tuple[int, int]]:
        """The parts, each with the key that it is joined on, in the order of the join."""

        @cache
        def by_name(mask: int) -> tuple[int, str]:
            return mask.bit_count(), self.rules.order(mask)

        roots = [mask for mask, known in members.items() if self.determined(mask, known) == self.full]
        orders = (self._from_root(root, members, by_name) for root in sorted(roots or members, key=by_name)[:_ROOTS])
        first = next(orders)
        return first if keyed(first) else next(filter(keyed, orders), first)

    def _from_root(
        self, root: int, members: Mapping[int, list[int]], by_name: Callable[[int], tuple[int, str]]
    ) -> list[tuple[int, int]]:
        left = dict(members)
        known = [key for key in left.pop(root) if not root & ~self.rules.closure(key)]
        order = [(root, min(known, key=by_name) if known else self._key_in(root, root))]
        have = fresh = root
        ready: list[tuple[tuple[int, str], str, int, int]] = []
        waiting: dict[int, list[tuple[int, int]]] = {0: [(key, mask) for mask, keys in left.items() for key in keys]}
        while left:
            for bit in (0, *bits(fresh)):  # what waits for an attribute that is there now
                for key, mask in waiting.pop(bit, ()):
                    if missing := key & ~have:
                        waiting.setdefault(missing & -missing, []).append((key, mask))
                    else:
                        heappush(ready, (by_name(key), by_name(mask)[1], key, mask))
            while ready and ready[0][3] not in left:
                heappop(ready)
            if ready:
                *_, key, mask = heappop(ready)
            else:
                key, mask = self._unkeyed(left, have, by_name)
            order.append((mask, key))
            fresh = mask & ~have
            have |= mask
            del left[mask]
        return order

    def _unkeyed(self, left: Collection[int], have: int, by_name: Callable[[int], tuple[int, str]]) -> tuple[int, int]:
        """A part to join of which no known key is there, with a key."""
        determined = [mask for mask in left if not mask & ~self.rules.closure(mask & have)]
        if determined:
            keys = [(self._key_in(mask & have, mask), mask) for mask in determined]
            return min(keys, key=lambda pair: (by_name(pair[0]), by_name(pair[1])[1]))
        mask = min(left, key=lambda mask: (not mask & have, by_name(mask)))
        return self._key_in(mask, mask), mask  # joined all the same, on what it shares with those before

    def _key_in(self, superkey: int, part: int) -> int:
        return reduced_key_of(self.rules, superkey, part)

    def _part(self, mask: int, key: int, known: list[int], on: int) -> Part:
        keys = dict.fromkeys([key, *sorted(known, key=self.rules.order)][:MOST_KEYS])
        few = len(keys) < MOST_KEYS and mask.bit_count() <= _SEARCHED
        # where the rest determines nothing of this key, every key holds it, and it is the only one
        if few and any(self.rules.closure(mask ^ bit, bit) & bit for bit in bits(key)):
            for found in islice(self._keys(mask), 4 * MOST_KEYS):
                keys.setdefault(found)
                if len(keys) >= MOST_KEYS:
                    break
        inside = [(x, kept) for x, y in self._within(mask) if not x & ~mask and (kept := y & mask)]
        own = next((y for x, y in inside if x == key), 0)
        if mask & ~(key | own) and mask & ~closed(key, *indexed(inside)):
            inside.append((key, mask & ~key))
        fds = tuple(self.fd(x, y) for x, y in sorted(inside, key=lambda pair: self.rules.order(pair[0])))
        return Part(self.set(mask), self.set(key), tuple(map(self.set, keys)), fds, self.set(on))

    def _within(self, mask: int) -> Iterator[tuple[int, int]]:
        """The dependencies of the cover that may lie within a part."""
        if not self._by_first:
            for pair in self.cover:
                self._by_first.setdefault(pair[0] & -pair[0], []).append(pair)
        for bit in (0, *bits(mask)):
            yield from self._by_first.get(bit, ())

    def determined(self, part: int, keys: Iterable[int]) -> int:
        """The closure of a part of which some keys may be known."""
        known = self.reaches()
        return next((known[key] for key in keys if key in known), None) or self.rules.closure(part)

    def _keys(self, part: int) -> Iterator[int]:
        """The candidate keys of a part under all that follows."""
        effort = Effort(_EFFORT, "which candidate keys a part has", "give fewer attributes")
        return minimal_sets(part, lambda candidate: not part & ~self.rules.closure(candidate, part), effort)

    def decomposition(
        self,
        members: Mapping[int, list[int]],
        proven: NormalForm,
        steps: tuple[Step, ...] | None = None,
        narrated: Callable[[Decomposition], tuple[Step, ...]] | None = None,
    ) -> Decomposition:
        """The result: parts with keys known of them, none inside another, in the form that the method guarantees."""
        schemes = frozenset(map(self.set, members))
        arranged = partial(self.assembled, members)
        return Decomposition(self.attributes, self.declared, schemes, proven, steps, arranged, narrated)


def reduced_key_of(under: Rules, superkey: int, part: int) -> int:
    """A minimal subset of `superkey` that determines `part`."""
    key = superkey
    for bit in reversed(list(bits(superkey))):
        if not part & ~under.closure(key ^ bit, part):
            key ^= bit
    return key


def contained(parts: Iterable[int]) -> dict[int, int]:
    """The parts that others hold, each with one that does (and that no other holds in turn)."""
    listed = sorted(set(parts), key=lambda mask: -mask.bit_count())
    holders: dict[int, list[int]] = {}
    kept: list[int] = []
    found: dict[int, int] = {}
    for mask in listed:
        if len(kept) <= _FEW:
            near = kept
        else:
            if not holders:
                for other in kept:
                    _held(holders, other)
            near = min((holders.get(bit, []) for bit in bits(mask)), key=len, default=kept)
        for other in near:
            if not mask & ~other:
                found[mask] = other
                break
        else:
            kept.append(mask)
            if holders:
                _held(holders, mask)
    return found


def _held(holders: dict[int, list[int]], mask: int) -> None:
    for bit in bits(mask):
        holders.setdefault(bit, []).append(mask)


def sum_of(masks: Iterable[int]) -> int:
    """The union of sets."""
    union = 0
    for mask in masks:
        union |= mask
    return union


def keyed(order: list[tuple[int, int]]) -> bool:
    """Whether each part but the first is joined on a key that the parts before it hold."""
    have = order[0][0]
    for mask, key in order[1:]:
        if key & ~have:
            return False
        have |= mask
    return True


def cover_step(work: Workpiece) -> tuple[Step, ...]:
    """The step to the canonical cover; none where the dependencies given are one."""
    whole = (work.attributes,)
    cover = tuple(work.fd(x, y) for x, y in work.cover)
    given = [dependency for dependency in work.given if isinstance(dependency, FD)]
    if set(cover) == set(given):
        return ()
    told = "; ".join(map(str, cover[:12])) + (f"; and {len(cover) - 12} more" if len(cover) > 12 else "")
    reason = (
        f"These say the same as the {len(given)} given: no attribute of a determinant can be left out, and none of "
        f"them follows from the others: {told}."
        if cover
        else "Every given dependency holds in any relation at all, so there is nothing to split by."
    )
    return (Step("Reduce the dependencies to a canonical cover", reason, whole, whole),)

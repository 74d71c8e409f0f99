"""A scheme being decomposed: its cover as integers, and how parts are put in the order in which they join back."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from heapq import heappop, heappush
from itertools import islice

from dbworkbench.theory import kernels
from dbworkbench.theory.basis import functional_part
from dbworkbench.theory.covers import by_size, reduced_pairs
from dbworkbench.theory.dependencies import FD, Dependency, in_order
from dbworkbench.theory.forms import NormalForm
from dbworkbench.theory.key_search import searched_keys
from dbworkbench.theory.numbering import Rules, bits, closed, indexed
from dbworkbench.theory.parts import Decomposition, Part, Step

MOST_KEYS = 16
_SEARCHED = 8
_PATIENCE = 10_000_000  # never needed for so few attributes
_ROOTS = 8
Pair = tuple[int, int]
Steps = tuple[int, Mapping[int, Iterable[Sequence[int]]]]


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
        self._by_first: dict[int, list[Pair]] = {}

    def fd(self, determinant: int, dependent: int) -> FD:
        """A pair of integers as a dependency."""
        return FD(self.set(determinant), self.set(dependent))

    def reaches(self) -> Mapping[int, int]:
        """The determinants of the cover with their closures, worked out once."""
        if not self._reaches:
            determinants = [determinant for determinant, _ in self.cover]
            found = kernels.closures(len(self.rules.names), self.cover, determinants)
            self._reaches |= zip(determinants, found or map(self.rules.closure, determinants), strict=True)
        return self._reaches

    @cached_property
    def given(self) -> tuple[Dependency, ...]:
        """The dependencies given, in the order in which they are printed."""
        return tuple(in_order(self.declared))

    def alone(self, members: Mapping[int, list[int]]) -> dict[int, list[int]]:
        """The parts that are in no other, with the keys known of them."""
        spare = contained(len(self.rules.names), members)
        return {mask: known for mask, known in members.items() if mask not in spare}

    def assembled(self, members: Mapping[int, list[int]]) -> tuple[Part, ...]:
        """The parts in the order in which they join back, given some keys of each; none is part of another."""
        order = self.joined(members)
        few = [(mask, key) for mask, key in order if mask.bit_count() <= _SEARCHED and len(members[mask]) < MOST_KEYS]
        others = dict(zip([mask for mask, _ in few], self._keys(few), strict=True))
        assembled: list[Part] = []
        have, by_keys = 0, True
        for mask, key in order:
            by_keys = (by_keys and not key & ~have) or not assembled
            on = key if by_keys else mask & have
            known = members[mask]
            keys = [key, *sorted(known, key=self.rules.order)] if len(known) > 1 or known != [key] else known
            if more := others.get(mask):
                keys = [*keys, *sorted(more, key=self.rules.order)]
            assembled.append(self._part(mask, keys, on if assembled else 0))
            have |= mask
        return tuple(assembled)

    def joined(self, members: Mapping[int, list[int]]) -> list[tuple[int, int]]:
        """The parts, each with the key that it is joined on, in the order of the join."""

        @cache
        def by_name(mask: int) -> tuple[int, str]:
            return mask.bit_count(), self.rules.order(mask)

        roots = sorted(self.roots(members) or members, key=by_name)[:_ROOTS]
        root = roots[0]
        if len(roots) > 1:
            steps = self.steps(members)
            root = next((one for one in roots if self.keyed(one, members, steps)), root)
        return self._from_root(root, members, by_name)

    def roots(self, members: Mapping[int, list[int]]) -> list[int]:
        """The parts that hold a key of the whole."""
        full, reaches = self.full, self.reaches()
        found = []
        for mask, known in members.items():
            reach = reaches.get(known[0]) if known else None
            if (self.determined(mask, known) if reach is None else reach) == full:
                found.append(mask)
        return found

    @staticmethod
    def steps(members: Mapping[int, list[int]]) -> Steps:
        """What each part adds where a key of it is there, indexed for closures."""
        return indexed((key, mask) for mask, keys in members.items() for key in keys)

    def keyed(self, root: int, members: Iterable[int], steps: Steps) -> bool:
        """Whether every other part can be joined to this one on a key that is there by then."""
        have, left = closed(root, *steps), list(members)
        while left := [mask for mask in left if mask & ~have]:
            shared = [mask & have for mask in left]
            found = kernels.closures(len(self.rules.names), self.cover, shared) or map(self.rules.closure, shared)
            more = sum_of(mask for mask, reach in zip(left, found, strict=True) if not mask & ~reach)
            if not more & ~have:
                return False
            have = closed(have | more, *steps)
        return True

    def _from_root(
        self, root: int, members: Mapping[int, list[int]], by_name: Callable[[int], tuple[int, str]]
    ) -> list[tuple[int, int]]:
        left = dict(members)
        known = [key for key in left.pop(root) if not root & ~self.determined(key, (key,))]
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

    def _part(self, mask: int, keys: Sequence[int], on: int) -> Part:
        """A part, told by the first of some keys; one of them can be there twice."""
        inside = self._inside(mask)
        if len(keys) > 1:
            keys = [*dict.fromkeys(keys)][:MOST_KEYS]
        key = keys[0]
        if inside != [(key, mask ^ key)]:
            own = next((y for x, y in inside if x == key), 0)
            if mask & ~(key | own) and mask & ~closed(key, *indexed(inside)):
                inside.append((key, mask & ~key))
            inside.sort(key=lambda pair: self.rules.order(pair[0]))
        names = self.rules.set
        return Part(names(mask), names(key), tuple(map(names, keys)), self.rules.fds(inside), names(on))

    def _inside(self, mask: int) -> list[Pair]:
        """The dependencies of the cover that lie within a part, as far as they do."""
        if not self._by_first:
            for pair in self.cover:
                self._by_first.setdefault(pair[0] & -pair[0], []).append(pair)
        first, inside = self._by_first, []
        for bit in (0, *bits(mask)):
            if bit in first:
                inside += [(x, kept) for x, y in first[bit] if not x & ~mask and (kept := y & mask)]
        return inside

    def determined(self, part: int, keys: Iterable[int]) -> int:
        """The closure of a part of which some keys may be known."""
        known = self.reaches()
        return next((known[key] for key in keys if key in known), None) or self.rules.closure(part)

    def _keys(self, parts: Sequence[tuple[int, int]]) -> list[list[int]]:
        """The candidate keys of parts under all that follows, or enough of them; none where the one known is the only one."""
        rules = self.rules
        masks, keys = [mask for mask, _ in parts], [key for _, key in parts]
        found = kernels.part_keys(len(rules.names), self.cover, masks, keys, most=MOST_KEYS)
        if found is not None:
            return found
        return [list(islice(self._other_keys(*part), MOST_KEYS)) for part in parts]

    def _other_keys(self, part: int, key: int) -> Iterator[int]:
        # where the rest determines nothing of this key, every key holds it, and it is the only one
        if any(self.rules.closure(part ^ bit, bit) & bit for bit in bits(key)):
            yield from filter(None, searched_keys(self.rules.closure, part, patience=_PATIENCE))

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


def contained(names: int, parts: Iterable[int]) -> dict[int, int]:
    """The parts that others hold, each with the first, of the largest, that does (and that no other holds in turn)."""
    listed = sorted(set(parts), key=by_size, reverse=True)
    homes = kernels.contained(names, listed)
    if homes is not None:
        return {listed[at]: listed[home] for at, home in enumerate(homes) if at != home}
    holders: dict[int, list[int]] = {}
    found: dict[int, int] = {}
    for mask in listed:
        near = min((holders.get(bit, []) for bit in bits(mask)), key=len, default=listed[:1])
        home = next((other for other in near if not mask & ~other), mask)
        if home != mask:
            found[mask] = home
        else:
            for bit in bits(mask):
                holders.setdefault(bit, []).append(mask)
    return found


def sum_of(masks: Iterable[int]) -> int:
    """The union of sets."""
    union = 0
    for mask in masks:
        union |= mask
    return union


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

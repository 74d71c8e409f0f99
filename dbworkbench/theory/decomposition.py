"""Decompositions: a relation scheme in parts that join back to it, with every step and its reason."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from heapq import heappop, heappush
from itertools import accumulate, chain, islice

from dbworkbench.errors import Undecided
from dbworkbench.shown import Shown
from dbworkbench.theory.basis import functional_part
from dbworkbench.theory.bcnf import bcnf_violation, shrunk
from dbworkbench.theory.chase import lossless_join
from dbworkbench.theory.covers import by_size, reduced_pairs
from dbworkbench.theory.dependencies import FD, Dependency, in_order, prose
from dbworkbench.theory.given import liberal
from dbworkbench.theory.keys import key_masks, short_key
from dbworkbench.theory.normal_forms import NormalForm
from dbworkbench.theory.numbering import Rules, bits, closed, indexed
from dbworkbench.theory.projection import dependency_preserving
from dbworkbench.theory.transversals import minimal_sets
from dbworkbench.theory.verdict import Verdict

MOST_KEYS = 16
_LARGE = 600
_RANKED = 12
_WIDE = 24
_SEARCHED = 8
_ROOTS = 8
_FEW = 24


@dataclass(frozen=True, slots=True)
class Part:
    """A relation scheme of a decomposition.

    `key` is a candidate key, the one it is joined on; `keys` are its candidate keys as far as they were looked for (at
    most 16), `fds` the dependencies of the cover that live in it. `on` holds the attributes it is joined on: none for
    the first part, `key` as long as that is possible, and all that it shares with the parts before it from the first
    part on for which it is not.
    """

    attributes: frozenset[str]
    key: frozenset[str]
    keys: tuple[frozenset[str], ...]
    fds: tuple[FD, ...]
    on: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a decomposition: the schemes it changes, those it leaves in their place, and why."""

    title: str
    reason: str
    before: tuple[frozenset[str], ...]
    after: tuple[frozenset[str], ...]
    dependency: Dependency | None = None


@dataclass(frozen=True, slots=True)
class Joins:
    """Why parts join back without a chase: each is joined on its own key, which the parts before it hold."""

    order: tuple[tuple[frozenset[str], frozenset[str]], ...]


@dataclass(frozen=True)
class Decomposition(Shown):
    """A relation scheme in parts.

    `schemes` are the attributes of the parts, of which none holds another; what else is told of them is worked out
    when it is first asked for. `proven` is the form that the method guarantees; `told` holds the steps where they
    cannot be told from the parts alone.
    """

    attributes: frozenset[str]
    declared: frozenset[Dependency]
    schemes: frozenset[frozenset[str]]
    proven: NormalForm
    told: tuple[Step, ...] | None = None
    arranged: Callable[[], tuple[Part, ...]] = field(default=tuple, compare=False, repr=False)

    @cached_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """The dependencies given, in the order in which they are printed."""
        return tuple(in_order(self.declared))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The parts, in an order in which they join back.

        The first holds a candidate key of the whole, each later one is joined on `on`: its `key`, whose attributes all
        occur before it, wherever there is such an order.
        """
        return self.arranged()

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step with its reason."""
        return _synthesis(self) if self.told is None else self.told

    @cached_property
    def form(self) -> NormalForm:
        """The form that every part is in: at least the proven one, and BCNF where all parts are shown to be in it."""
        return _form(self)

    @cached_property
    def lossless(self) -> Verdict:
        """Whether the parts join back to the whole; the witness is a Chase, or Joins where that would be huge."""
        return _lossless(self)

    @cached_property
    def preserving(self) -> Verdict:
        """Whether every functional dependency can be checked within the parts; the witness holds the lost ones."""
        return _preserving(self)


@liberal
def synthesize_3nf(attributes: Collection[str], fds: Collection[FD]) -> Decomposition:
    """Relations in third normal form that lose neither rows nor dependencies, and of which none is part of another.

    One relation for each class of equivalent determinants of a canonical cover, and one for a key where none holds one.

    >>> [sorted(part.attributes) for part in synthesize_3nf("abc", [FD.parse("a -> b"), FD.parse("b -> c")]).parts]
    [['a', 'b'], ['b', 'c']]

    Reference: Bernstein, Synthesizing third normal form relations from functional dependencies, ACM TODS 1(4), 1976;
    Biskup, Dayal & Bernstein, Synthesizing independent database schemas, SIGMOD 1979 (the key relation).
    """
    work = Workpiece(attributes, fds)
    groups = _groups(work)
    members: dict[int, list[int]] = {}
    for determinants, dependent in groups:
        mask = dependent
        for determinant in determinants:
            mask |= determinant
        members.setdefault(mask, []).extend(determinants)
    apart = True
    for mask, home in contained(members).items():
        keys = [one for one in members.pop(mask) if not home & ~work.rules.closure(one)]
        members[home] += keys
        apart = apart and bool(keys)
    if any(work.determined(mask, known) == work.full for mask, known in members.items()):
        return work.decomposition(members, NormalForm.THIRD)
    key = short_key(work.rules, work.full)
    chosen = members | {key: [key]}
    if not apart:  # else each part is joined on a key that the closure of the chosen key reaches before
        steps = indexed((one, mask) for mask, known in members.items() for one in known)
        if closed(key, *steps) != work.full:
            tried = (members | {one: [one]} for one in chain([key], _other_keys(work)))
            chosen = next((one for one in tried if keyed(work.joined(one))), chosen)
    return work.decomposition(chosen, NormalForm.THIRD)


@liberal
def decompose_bcnf(
    attributes: Collection[str], fds: Collection[FD], *, order: Sequence[FD] | None = None
) -> Decomposition:
    """Relations in Boyce–Codd normal form that join back to the whole.

    With an `order`, the textbook's tree, split by these dependencies first: see `bcnf_tree`.

    Takes the synthesis where its relations are in BCNF already, so that nothing is lost; else splits off, one after
    another, dependencies whose determinant is no key, those first that cost the fewest dependencies. Where it cannot be
    decided in time whether a relation is in BCNF, it is split by the polynomial method, perhaps more than needed.

    >>> split = decompose_bcnf("abc", [FD.parse("a, b -> c"), FD.parse("c -> b")])
    >>> [sorted(part.attributes) for part in split.parts], bool(split.preserving)
    ([['a', 'c'], ['b', 'c']], False)

    Reference: Tsou & Fischer, Decomposition of a relation scheme into Boyce–Codd normal form, SIGACT News 14(3), 1982.
    """
    if order is not None:
        from dbworkbench.theory.splitting import bcnf_tree  # noqa: PLC0415  the tree is built of these pieces

        return bcnf_tree(attributes, fds, order)
    synthesized = synthesize_3nf(attributes, fds)
    if synthesized.form >= NormalForm.BOYCE_CODD:
        return synthesized
    work = Workpiece(attributes, fds)
    return split_off(work, _best_cut)


@liberal
def synthesize_bcnf_where_free(attributes: Collection[str], fds: Collection[FD]) -> Decomposition:
    """BCNF where it costs no dependency, third normal form where it would.

    >>> str(synthesize_bcnf_where_free("abc", [FD.parse("a -> b"), FD.parse("b -> c")]).form)
    'BCNF'
    >>> str(synthesize_bcnf_where_free("abc", [FD.parse("a, b -> c"), FD.parse("c -> b")]).form)
    '3NF'
    """
    split = decompose_bcnf(attributes, fds)
    return split if split.preserving else synthesize_3nf(attributes, fds)


def split_off(work: "Workpiece", choose: Callable[["Workpiece", int], "Cut | None"]) -> Decomposition:
    """The decomposition that splits off one leaf after another, as long as `choose` finds one."""
    steps = list(cover_step(work))
    members: dict[int, list[int]] = {}
    rest = work.full
    while (cut := choose(work, rest)) is not None:
        members.setdefault(cut.leaf, []).append(reduced_key_of(work.rules, cut.determinant, cut.leaf))
        steps.append(split_step(work, rest, cut))
        rest = cut.remains
    members.setdefault(rest, [])
    return work.decomposition(work.alone(members), NormalForm.BOYCE_CODD, tuple(steps))


@dataclass(frozen=True, slots=True)
class Cut:
    """A split of a scheme: `determinant` is in both halves and is a key of the `leaf`."""

    determinant: int
    leaf: int
    remains: int


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
        if mask & ~key and mask & ~closed(key, *indexed(inside)):
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
        return minimal_sets(part, lambda candidate: not part & ~self.rules.closure(candidate, part))

    def decomposition(
        self, members: Mapping[int, list[int]], proven: NormalForm, steps: tuple[Step, ...] | None = None
    ) -> Decomposition:
        """The result: parts with keys known of them, none inside another, in the form that the method guarantees."""
        schemes = frozenset(map(self.set, members))
        arranged = partial(self.assembled, members)
        return Decomposition(self.attributes, self.declared, schemes, proven, steps, arranged)


def reduced_key_of(under: Rules, superkey: int, part: int) -> int:
    """A minimal subset of `superkey` that determines `part`."""
    key = superkey
    for bit in reversed(list(bits(superkey))):
        if not part & ~under.closure(key ^ bit, part):
            key ^= bit
    return key


def _groups(work: Workpiece) -> list[tuple[list[int], int]]:
    """Equivalent determinants of the cover, and what else they determine, without what follows from the rest."""
    classes: dict[int, list[int]] = {}
    for determinant, reach in work.reaches().items():
        classes.setdefault(reach, []).append(determinant)
    dependents = dict(work.cover)
    if len(classes) < len(work.cover):
        links: list[list[int]] = []
        for group in classes.values():
            inside = 0
            for determinant in group:
                inside |= determinant
            for determinant, following in zip(group, [*group[1:], group[0]], strict=True):
                if len(group) > 1:
                    dependents[determinant] &= ~inside
                    links.append([determinant, following & ~determinant])
        dependents = _without_detours(dependents, links, work.reaches())
    return [(group, sum_of(dependents[determinant] for determinant in group)) for group in classes.values()]


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


def _without_detours(dependents: dict[int, int], links: list[list[int]], reaches: Mapping[int, int]) -> dict[int, int]:
    """The dependents that do not follow from the others and the equivalences (Bernstein's step 5).

    None did before there were equivalences, and what reaches none of them is as it was; nor does what is given once.
    """
    entries = {determinant: [determinant, dependent] for determinant, dependent in dependents.items()}
    _, waiting = indexed([])
    for entry in (*entries.values(), *links):
        if entry[0]:
            waiting.setdefault(entry[0] & -entry[0], []).append(entry)
    always = entries.get(0, [0, 0])
    once = twice = 0
    for _, dependent in (*entries.values(), *links):
        twice |= once & dependent
        once |= dependent
    for determinant in sorted(entries, key=by_size, reverse=True):
        entry = entries[determinant]
        if not entry[1] & twice or not any(not linked & ~reaches[determinant] for linked, _ in links):
            continue
        for bit in bits(entry[1] & twice):
            entry[1] ^= bit
            if not closed(determinant, always[1], waiting, bit) & bit:
                entry[1] |= bit
    return {determinant: entry[1] for determinant, entry in entries.items()}


def keyed(order: list[tuple[int, int]]) -> bool:
    """Whether each part but the first is joined on a key that the parts before it hold."""
    have = order[0][0]
    for mask, key in order[1:]:
        if key & ~have:
            return False
        have |= mask
    return True


def _other_keys(work: Workpiece) -> Iterator[int]:
    """The first candidate keys found, the shortest first: fewer of them in a large scheme."""
    size = len(work.attributes) + len(work.cover)
    found = islice(key_masks(work.rules, work.full), max(1, min(64, 400 // (size + 1))))
    yield from sorted(found, key=lambda mask: (mask.bit_count(), work.rules.order(mask)))


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


def _synthesis_steps(work: Workpiece, parts: tuple[Part, ...]) -> tuple[Step, ...]:
    steps = []
    root = parts[0]
    held = list(accumulate((part.attributes for part in parts), frozenset[str].union))
    for at in range(len(parts) - 1, 0, -1):
        part, before, rest = parts[at], held[at], held[at - 1]
        fd = FD(part.key, part.attributes - part.key)
        steps.append(
            Step(f"A relation for {fd}", _because(fd, part, root.keys), (before,), (rest, part.attributes), fd)
        )
    if root.attributes == root.key and len(parts) > 1:
        reason = (
            f"No other relation holds a key of the whole. {prose(root.key)} {'is' if len(root.key) == 1 else 'are'} such a key, "
            f"and without this relation it would be lost which of their values belong together."
        )
        steps.append(Step(f"A relation for the key {prose(root.key)}", reason, (root.attributes,), (root.attributes,)))
    elif len(parts) > 1:
        reason = f"It holds the key {prose(root.key)} of the whole, and everything that depends on that key directly."
        steps.append(
            Step(f"What remains is the relation of {prose(root.key)}", reason, (root.attributes,), (root.attributes,))
        )
    else:
        reason = (
            "Every dependency has a key on its left or an attribute of a key on its right."
            if work.cover
            else "No dependency tells one attribute from others, so all attributes together are the key."
        )
        steps.append(Step("The relation stays whole", reason, (root.attributes,), (root.attributes,)))
    return tuple(steps)


def _because(fd: FD, part: Part, keys: tuple[frozenset[str], ...]) -> str:
    left, right = fd.determinant, fd.dependent
    verb = "is" if len(left) == 1 else "are"
    if not left:
        return f"{fd} becomes a relation of its own, because its one row says what would be repeated in every row."
    key = next((one for one in keys if left < one), None)
    if key is not None:
        why = f"{prose(left)} {verb} only a part of the key {prose(key)}"
    else:
        why = f"{prose(left)} {verb} not a key of the whole"
    others = [other for other in part.keys if other != left]
    told = f" {prose(others[0])} would identify its rows as well." if others else ""
    if not right:
        return f"{prose(left)} become a relation of their own: their values have to be kept together."
    return (
        f"{fd} becomes a relation of its own, because {why}: kept together, {prose(right)} would be repeated in every "
        f"row with the same {prose(left)}.{told}"
    )


def split_step(work: Workpiece, whole: int, cut: Cut) -> Step:
    """The step that splits a scheme, with its reason."""
    determinant, leaf = work.set(cut.determinant), work.set(cut.leaf)
    fd = FD(determinant, leaf - determinant)
    left = work.set(cut.remains & ~cut.determinant)
    if not determinant:
        reason = f"{fd} says that {prose(leaf)} never change: one row of their own is enough to hold them."
    elif whole & ~work.rules.closure(cut.determinant):
        verb = "is" if len(determinant) == 1 else "are"
        reason = (
            f"{fd} holds, but {prose(determinant)} {verb} no key of the relation with {prose(work.set(whole))}. "
            f"{prose(leaf)} become a relation of their own, and only {prose(determinant)} stay{'s' * (verb == 'is')} "
            f"with {prose(left)}."
        )
    else:
        reason = (
            f"{fd} holds. Whether the relation with {prose(work.set(whole))} is in BCNF could not be decided in time; "
            f"{prose(leaf)} surely are, and become a relation of their own."
        )
    return Step(f"Split off {fd}", reason, (work.set(whole),), (work.set(cut.remains), leaf), fd)


def _best_cut(work: Workpiece, rest: int) -> Cut | None:
    """A cut whose leaf is in BCNF, at the least cost in dependencies; None where `rest` is in BCNF."""
    reached: dict[int, int] = {}
    for determinant, whole in work.reaches().items():
        reach = whole & rest
        if not determinant & ~rest and reach != determinant and rest & ~reach:
            reached.setdefault(reach, determinant)
    if not reached:
        try:
            found = bcnf_violation(work.rules, rest)
        except Undecided:
            return _certain_cut(work, rest, rest)
        if found is None:
            return None
        reached[work.rules.closure(found) & rest] = found
    smallest = sorted(reached, key=lambda mask: (mask.bit_count(), work.rules.order(mask)))[
        : _RANKED if rest.bit_count() <= _WIDE else 2
    ]
    cuts = [_deepest(work, rest, reached[reach]) for reach in smallest]
    return min(cuts, key=lambda cut: (_lost(work, rest, cut), cut.leaf.bit_count(), work.rules.order(cut.determinant)))


def _lost(work: Workpiece, rest: int, cut: Cut) -> int:
    """How many dependencies of the cover have a side in each half."""
    inside = (x | y for x, y in work.cover if not (x | y) & ~rest)
    return sum(bool(mask & ~cut.leaf) and bool(mask & ~cut.remains) for mask in inside)


def _deepest(work: Workpiece, rest: int, determinant: int) -> Cut:
    """The cut by a determinant, or by one inside its closure, such that the leaf is in BCNF."""
    leaf = work.rules.closure(determinant) & rest
    try:
        while (deeper := bcnf_violation(work.rules, leaf)) is not None:
            determinant, leaf = deeper, work.rules.closure(deeper) & leaf
    except Undecided:
        return _certain_cut(work, rest, leaf)
    determinant = reduced_key_of(work.rules, determinant, leaf)
    return Cut(determinant, leaf, determinant | (rest & ~leaf))


def _certain_cut(work: Workpiece, rest: int, within: int) -> Cut:
    """The cut of Tsou & Fischer: polynomial, and perhaps not needed."""
    leaf, determinant = shrunk(work.rules, within)
    return Cut(determinant, leaf, rest & ~(leaf & ~determinant))


def _synthesis(decomposition: Decomposition) -> tuple[Step, ...]:
    work = Workpiece(decomposition.attributes, decomposition.dependencies)
    return (*cover_step(work), *_synthesis_steps(work, decomposition.parts))


def _form(decomposition: Decomposition) -> NormalForm:
    if decomposition.proven >= NormalForm.BOYCE_CODD:
        return decomposition.proven
    under = Rules(functional_part(decomposition.attributes, decomposition.dependencies), decomposition.attributes)
    try:
        bcnf = all(bcnf_violation(under, under.mask(part.attributes)) is None for part in decomposition.parts)
    except Undecided:
        bcnf = False
    return NormalForm.BOYCE_CODD if bcnf else decomposition.proven


def _lossless(decomposition: Decomposition) -> Verdict:
    parts = decomposition.parts
    if len(parts) * len(decomposition.attributes) <= _LARGE:
        return lossless_join(
            [part.attributes for part in parts], decomposition.dependencies, attributes=decomposition.attributes
        )
    order = Joins(tuple((part.attributes, part.key) for part in parts))
    have = set(parts[0].attributes)
    for part in parts[1:]:
        if not part.key <= have:
            break
        have |= part.attributes
    else:
        return Verdict(True, "joining the parts gives back exactly the rows of the relation", order)
    return lossless_join(
        [part.attributes for part in parts], decomposition.dependencies, attributes=decomposition.attributes
    )


def _preserving(decomposition: Decomposition) -> Verdict:
    fds = tuple(fd for fd in decomposition.dependencies if isinstance(fd, FD))
    return dependency_preserving([part.attributes for part in decomposition.parts], fds)

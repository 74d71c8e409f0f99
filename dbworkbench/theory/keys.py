"""Superkeys, candidate keys and prime attributes."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from random import Random
from typing import Literal, cast

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.theory import kernels
from dbworkbench.theory.basis import Mixed, functional_part
from dbworkbench.theory.dependencies import FD, Dependency
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.given import liberal
from dbworkbench.theory.key_search import searched_keys
from dbworkbench.theory.numbering import Rules, bits

BUDGET = 50_000
_EFFORT = 300_000
_PER_KEY = 8  # closures in the search for a key with one attribute, for each key of a budget
_FEW = 64
_PATIENCE = 4_000
_SHUFFLES = 100
_EACH = 250  # steps of work for each key of a budget
_LEAST = 2_000_000
_SHORT = 4  # dependencies whose keys are found before a call of the library is prepared


@liberal
def is_superkey(candidate: Iterable[str], attributes: Collection[str], fds: Collection[Dependency]) -> bool:
    """Whether `candidate` determines every attribute; here and below, dependencies of all kinds count together.

    >>> from dbworkbench.theory.dependencies import FD
    >>> is_superkey({"a", "c"}, "abc", [FD.parse("a -> b")])
    True
    """
    under = _closing(attributes, fds)
    for name in candidate:
        if name not in under.bit:
            raise UnknownName("attribute", name, sorted(attributes))
    whole = under.mask(attributes)
    return whole & ~under.closure(under.mask(candidate)) == 0


def _closing(attributes: Collection[str], dependencies: Collection[Dependency]) -> Rules | Mixed:
    """What gives closures under dependencies: of all kinds, where not all are functional, each in polynomial time."""
    if all(isinstance(dependency, FD) for dependency in dependencies):
        return Rules(functional_part(attributes, dependencies), attributes)
    return Mixed(dependencies, attributes)


@liberal
def one_key(attributes: Collection[str], fds: Collection[Dependency]) -> frozenset[str]:
    """One candidate key: the whole, with each attribute dropped (the last by name first) that the rest determines.

    >>> from dbworkbench.theory.dependencies import FD
    >>> sorted(one_key("abc", [FD.parse("a -> b")]))
    ['a', 'c']
    """
    under = _closing(attributes, fds)
    if isinstance(under, Mixed):
        key = whole = under.full
        for bit in reversed(list(bits(whole & under.determined))):
            if under.closure(key ^ bit) == whole:
                key ^= bit
        return under.set(key)
    whole = under.mask(attributes)
    found = kernels.key_of(len(under.names), under.pairs, whole, short=False)
    if found is not None:
        return under.set(found)
    core, groups = _groups(under, whole)
    for group, members in groups:
        core |= minimal_key(members, 0, group.closure_once)
    return under.set(core)


@liberal
def candidate_keys(attributes: Collection[str], fds: Collection[Dependency]) -> Iterator[frozenset[str]]:
    """The candidate keys, one after another, always in the same order; there can be exponentially many.

    Between two keys lies a time polynomial in the input and in the keys of one independent group of dependencies
    (Lucchesi & Osborn, Candidate keys for relations, JCSS 17(2), 1978). Groups that share no attribute which could be
    in or out of a key are independent, and their keys combine freely.

    >>> from dbworkbench.theory.dependencies import FD
    >>> [sorted(key) for key in candidate_keys("abc", [FD.parse("a -> b"), FD.parse("b -> a")])]
    [['a', 'c'], ['b', 'c']]
    """
    under = Rules(functional_part(attributes, fds), attributes)
    for mask in key_masks(under, under.mask(attributes)):
        yield under.set(mask)


@dataclass(frozen=True, slots=True)
class Keys:
    """Candidate keys as far as they were looked for; `complete` says whether these are all."""

    found: tuple[frozenset[str], ...]
    complete: bool


@liberal
def keys_within(attributes: Collection[str], fds: Collection[Dependency], *, most: int, budget: int = BUDGET) -> Keys:
    """At most `most` candidate keys, and whether there are no others: fewer where they take the work of `budget` keys.

    >>> from dbworkbench.theory.dependencies import FD
    >>> keys_within("ab", [FD.parse("a -> b"), FD.parse("b -> a")], most=1)
    Keys(found=(frozenset({'a'}),), complete=False)
    """
    under = Rules(functional_part(attributes, fds), attributes)
    found: list[frozenset[str]] = []
    try:
        for mask in key_masks(under, under.mask(attributes), key_effort(budget)):
            if len(found) == most:
                return Keys(tuple(found), complete=False)
            found.append(under.set(mask))
    except Undecided:
        return Keys(tuple(found), complete=False)
    return Keys(tuple(found), complete=True)


@liberal
def prime_attributes(
    attributes: Collection[str], fds: Collection[Dependency], *, budget: int = BUDGET
) -> frozenset[str]:
    """The attributes that are part of some candidate key.

    To decide that is NP-complete (Lucchesi & Osborn 1978); raises Undecided when eight closures for each
    unit of the budget leave an attribute open (with the default budget, fewer in a large scheme: what takes seconds).

    >>> from dbworkbench.theory.dependencies import FD
    >>> sorted(prime_attributes("abc", [FD.parse("a -> b"), FD.parse("b -> a"), FD.parse("a -> c")]))
    ['a', 'b']
    """
    under = Rules(functional_part(attributes, fds), attributes)
    return under.set(prime_mask(under, under.mask(attributes), budget=affordable(under, budget)))


def affordable(under: Rules, budget: int) -> int:
    """How many keys may be looked at: the budget, or where none was chosen, as many as take a few seconds."""
    return budget if budget != BUDGET else min(budget, _EFFORT // (len(under.names) + len(under.pairs) + 1))


def key_masks(under: Rules, whole: int, effort: Effort | None = None) -> Iterator[int]:
    """Candidate keys of `whole`, which holds every attribute of the dependencies, as integers.

    With an effort, closures are counted, and Undecided is raised where none is left.
    """
    core, groups = _groups(under, whole)
    yield from _combined(core, [Streamed(_group_keys(group, keyless, effort)) for group, keyless in groups])


def key_effort(budget: int) -> Effort:
    """The work for as many keys as a budget has, though there may be fewer that take longer."""
    return Effort(max(_LEAST, _EACH * budget), "which candidate keys there are")


def prime_mask(under: Rules, whole: int, *, budget: int = BUDGET) -> int:
    """The prime attributes as an integer; raises Undecided past `budget`."""
    prime, undecided = prime_masks(under, whole, budget=budget)
    if undecided:
        raise Undecided(primes_open(under, undecided, budget))
    return prime


def primes_open(under: Rules, undecided: int, budget: int) -> str:
    """What is said of attributes of which it is not known whether they are prime."""
    return (
        f"no candidate key that holds {', '.join(under.listed(undecided))} was found within {_PER_KEY * budget} closures: "
        f"whether that is prime is left open — give a larger budget"
    )


def prime_masks(under: Rules, whole: int, *, budget: int = BUDGET) -> tuple[int, int]:
    """The prime attributes, and those of which that is left open."""
    core, groups = _groups(under, whole)
    prime, undecided = core, 0
    for group, members in groups:
        open_ = members
        for bit in bits(members):
            if open_ & bit and (key := minimal_key(members, bit, group.closure)) & bit:
                prime |= key
                open_ &= ~key
        for bit in bits(open_):
            if bit & prime:
                continue
            around = _key_with(group, members, bit, limit=_PER_KEY * budget)
            if around is None:
                undecided |= bit
            prime |= around or 0
    return prime, undecided & ~prime


def _key_with(under: Rules, members: int, wanted: int, *, limit: int) -> int | None:
    """A key that holds one attribute; 0 where there is none, and None past a limit of closures.

    There is one exactly if some closed set without the attribute becomes a superkey with it. Such sets are searched
    by chance first (nearly always enough), then between those attributes that are in and those that may still be:
    while what may be in determines the attribute, one of a minimal determinant has to stay out.
    """
    closure = under.closure
    if key := _key_by_chance(under, members, wanted):
        return key
    spent = 0
    open_ = [(closure(0), members & ~wanted)]
    while open_:
        inside, allowed = open_.pop()
        if members & ~closure(allowed | wanted):
            continue
        if not closure(allowed, wanted) & wanted:
            return minimal_key(allowed | wanted, wanted, closure)
        spent += allowed.bit_count()
        if spent > limit:
            return None
        determinant = _dropped(allowed, (*bits(allowed & ~inside), *bits(allowed & inside)), closure, wanted)
        for bit in bits(determinant & ~inside):
            open_.append((inside, allowed & ~bit))
            inside = closure(inside | bit)
            if inside & (wanted | members & ~allowed):
                break
    return 0


def _key_by_chance(under: Rules, members: int, wanted: int) -> int:
    """A key that holds one attribute, from closed sets without it that grow in shuffled orders; 0 if none was met."""
    closure = under.closure
    shuffled = list(bits(members & ~wanted))
    chance = Random(0)  # noqa: S311  the same orders every time
    for _ in range(_SHUFFLES):
        chance.shuffle(shuffled)
        inside = closure(0)
        for bit in shuffled:
            if not bit & inside:
                wider = closure(inside | bit)
                if not wider & wanted:
                    inside = wider
        if not members & ~closure(inside | wanted):
            return minimal_key((inside & members) | wanted, wanted, closure)
    return 0


def nonprime_mask(under: Rules, whole: int) -> int:
    """Attributes that are in no key for a plain reason: some dependency gives them, and none that matters needs them."""
    core, groups = _groups(under, whole)
    for _, members in groups:
        core |= members
    return whole & ~core


def reduced_key(superkey: int, under: Rules) -> int:
    """A minimal subset of `superkey` that still determines the rest of it; the last names are dropped first."""
    return minimal_key(superkey, 0, under.closure)


def short_key(under: Rules, whole: int) -> int:
    """A candidate key that is short as a rule: what determines most is taken first, and dropped last."""
    found = kernels.key_of(len(under.names), under.pairs, whole, short=True)
    if found is not None:
        return found
    core, groups = _groups(under, whole)
    for group, members in groups:
        reach = {bit: group.closure(bit) for bit in bits(members)}
        taken, known = [], group.closure(0)
        for bit in sorted(reach, key=lambda bit: (-reach[bit].bit_count(), bit)):
            if not bit & known:
                taken.append(bit)
                known = group.closure(known | reach[bit])
        core |= _dropped(sum(taken), reversed(taken), group.closure)
    return core


def _groups(under: Rules, whole: int) -> tuple[int, list[tuple[Rules, int]]]:
    """What is in every key, and the independent groups of dependencies with the attributes they choose among."""
    determined = determining = 0
    for determinant, dependent in under.pairs:
        determined |= dependent & ~determinant
        if dependent & ~determinant:
            determining |= determinant
    core = whole & ~determined
    given = under.closure(core)
    middle = determining & ~given
    # what determines nothing is in no key, and a key that determines the middle determines it too
    pairs = [(x & ~given, y & middle & ~x) for x, y in under.pairs if y & middle & ~x]
    groups: list[tuple[int, list[tuple[int, int]]]] = []
    for pair in pairs:
        mask, members = pair[0] | pair[1], [pair]
        apart = []
        for other, theirs in groups:
            if other & mask:
                mask |= other
                members = theirs + members
            else:
                apart.append((other, theirs))
        groups = [*apart, (mask, members)]
    groups.sort(key=lambda group: group[0] & -group[0])
    return core, [(under.over(sorted(set(members))), mask) for mask, members in groups]


def minimal_key(superkey: int, wanted: int, closure: Callable[[int, int], int]) -> int:
    """A candidate key inside a superkey; `wanted` attributes are dropped last, of the others the last name first."""
    return _dropped(superkey, reversed([*bits(wanted), *bits(superkey & ~wanted)]), closure)


def _dropped(superkey: int, order: Iterable[int], closure: Callable[[int, int], int], goal: int = 0) -> int:
    """What is left of a superkey when each attribute that the others determine is dropped, in an order.

    With a goal, an attribute is dropped where the others determine the goal.
    """
    key = superkey
    for bit in order:
        wanted = goal or bit
        if closure(key ^ bit, wanted) & wanted:
            key ^= bit
    return key


def _cost(under: Rules) -> int:
    """What a closure costs, as `Effort` counts."""
    return 40 + len(under.names) // 2 + len(under.pairs) // 4


def _counted(under: Rules, effort: Effort) -> Callable[[int, int], int]:
    """Closures that are taken off an effort, each by about what it costs."""
    cost = _cost(under)

    def closure(start: int, goal: int = -1) -> int:
        effort.spend(cost)
        return under.closure(start, goal)

    return closure


def _group_keys(under: Rules, members: int, effort: Effort | None) -> Iterator[int]:
    """The keys of one group: by exchanges, and where there are many, by a search tree as long as that is faster."""
    exchanged, search = _ways(under, members, effort)
    met = set()
    for key in islice(exchanged, _FEW):
        met.add(key)
        yield key
    if len(met) < _FEW:
        return
    for found in search():
        if found is None:
            break
        if found not in met:
            met.add(found)
            yield found
    else:
        return
    yield from (key for key in exchanged if key not in met)


def _ways(
    under: Rules, members: int, effort: Effort | None
) -> tuple[Iterator[int], Callable[[], Iterator[int | None]]]:
    """The exchanges and the search tree: compiled, where there is a library and enough to do."""
    loaded = kernels.library()
    if loaded is not None and len(under.pairs) > _SHORT:

        def by(way: Literal["exchanges", "search"]) -> Iterator[int | None]:
            names, cost = len(under.names), _cost(under)
            return kernels.keys_by(
                loaded, way, names, under.pairs, members=members, effort=effort, cost=cost, patience=_PATIENCE
            )

        return cast("Iterator[int]", by("exchanges")), partial(by, "search")
    closure = under.closure if effort is None else _counted(under, effort)
    return _exchanged(under, members, closure), partial(searched_keys, closure, members, patience=_PATIENCE)


def _exchanged(under: Rules, members: int, closure: Callable[[int, int], int]) -> Iterator[int]:
    """Lucchesi & Osborn: from each key and each dependency another one; a superkey seen before is not looked at again."""
    first = minimal_key(members, 0, closure)
    found, seen = [first], {first}
    for key in found:
        yield key
        for determinant, dependent in under.pairs:
            if key & dependent:
                superkey = determinant | (key & ~dependent)
                if superkey not in seen:
                    seen.add(superkey)
                    fresh = minimal_key(superkey, 0, closure)
                    if fresh == superkey or fresh not in seen:
                        seen.add(fresh)
                        found.append(fresh)


class Streamed:
    """A lazy sequence that can be gone through again; where it was left open once, it stays so."""

    def __init__(self, source: Iterator[int]) -> None:
        self._source, self._met = source, list[int]()
        self._open: Undecided | None = None

    def __iter__(self) -> Iterator[int]:
        at = 0
        while True:
            if at == len(self._met):
                if self._open is not None:
                    raise self._open
                try:
                    fresh = next(self._source, None)
                except Undecided as error:
                    self._open = error
                    raise
                if fresh is None:
                    return
                self._met.append(fresh)
            yield self._met[at]
            at += 1


def _combined(core: int, streams: list[Streamed]) -> Iterator[int]:
    """Every choice of one key per group, the first group changing fastest."""
    turning = [iter(stream) for stream in streams]
    chosen = [next(keys) for keys in turning]
    unions = [core] * (len(streams) + 1)  # of what is chosen from each place on
    for at in range(len(streams) - 1, -1, -1):
        unions[at] = unions[at + 1] | chosen[at]
    while True:
        yield unions[0]
        for at in range(len(streams)):
            following = next(turning[at], None)
            if following is not None:
                chosen[at] = following
                break
            turning[at] = iter(streams[at])
            chosen[at] = next(turning[at])
        else:
            return
        for place in range(at, -1, -1):
            unions[place] = unions[place + 1] | chosen[place]

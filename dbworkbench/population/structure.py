"""How the rows of a relation hang together: which attributes are free, which follow, and from what.

Every attribute gets a code, and the codes obey the functional dependencies by construction:

- Attributes that determine one another are one class; its members share a code.
- A class with one determinant, not part of a cycle, is *derived*: its code is a hash of its determinants' codes.
- Where determinants overlap (X → A and Y → A), where composite determinants form a cycle (street, city → zip and
  zip → city), and for all classes that these depend on, hashing would break a dependency or force A to be constant.
  These classes, the *core*, are built of hidden *sources*. A source belongs to a closed set M of attributes: it is part
  of the code of every class outside M. Two rows that differ in some sources agree on exactly the intersection of
  those sources' closed sets, which is closed; so each dependency holds, and with sources for all maximal closed sets
  nothing else does (agree sets and closed sets: Beeri, Dowd, Fagin & Statman, JACM 31(1), 1984).
- A free class is a source of its own.

Rows are different as long as their sources are, because the sources can be read off any key.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import minimal_cover
from dbworkbench.theory.dependencies import FD

_TRIES = 8  # orders in which maximal closed sets are looked for, per class
_LOOKS = 40_000  # fewer orders where that would look at more than about so many pairs of classes


@dataclass(frozen=True)
class Structure:
    """What the dependencies ask of the rows; all names but those in `classes`' values are representatives.

    `constant` attributes have one value. `sources` are the sets of classes that see each source; `built` gives for
    each class that is not derived the sources in its code. `derived` classes follow in this order. `whole` classes
    are keys on their own; `determining` classes stand in some determinant.
    """

    classes: Mapping[str, tuple[str, ...]]
    constant: tuple[str, ...]
    sources: tuple[frozenset[str], ...]
    built: Mapping[str, tuple[int, ...]]
    derived: Mapping[str, tuple[str, ...]]
    whole: frozenset[str]
    determining: frozenset[str]

    @cached_property
    def representative(self) -> dict[str, str]:
        """The class of each attribute that is not constant."""
        return {member: name for name, members in self.classes.items() for member in members}

    @cached_property
    def numbered(self) -> int | None:
        """The source that only keys see: the number of the row can stand for it."""
        return next((at for at, seen in enumerate(self.sources) if seen <= self.whole), None)


def structure(names: Sequence[str], fds: Collection[FD], first: Collection[str] = ()) -> Structure:
    """Read the dependencies `fds` among `names`; a class is represented by a member in `first` where it has one."""
    given = frozenset(fds)
    constant = closure((), given)
    open_names = [name for name in names if name not in constant]
    classes = _classes(open_names, given, frozenset(first))
    of = {member: name for name, members in classes.items() for member in members}
    cover = _cover(of, given)
    everything = frozenset(classes)
    whole = frozenset(name for name in classes if closure((name,), cover) >= everything)
    core = _core(list(classes), cover)
    built: dict[str, list[int]] = {name: [] for name in classes if name in core}
    sources: list[frozenset[str]] = []
    within = tuple(fd for fd in cover if fd.dependent <= core)
    for closed in _maximal_closed([name for name in classes if name in core], within):
        seen = core - closed
        for name in sorted(seen):
            built[name].append(len(sources))
        sources.append(seen)
    determinants = {next(iter(fd.dependent)): fd.determinant for fd in cover if not fd.dependent <= core}
    for name in classes:
        if name not in core and name not in determinants:
            built[name] = [len(sources)]
            sources.append(frozenset({name}))
    place = {name: at for at, name in enumerate(classes)}
    derived: dict[str, tuple[str, ...]] = {}
    left = [name for name in classes if name in determinants]
    while left:
        ready = [name for name in left if all(d in derived or d in built for d in determinants[name])]
        for name in ready:
            derived[name] = tuple(sorted(determinants[name], key=place.__getitem__))
        left = [name for name in left if name not in derived]
    determining = frozenset(name for fd in cover for name in fd.determinant)
    return Structure(
        classes,
        tuple(name for name in names if name in constant),
        tuple(sources),
        {name: tuple(held) for name, held in built.items()},
        derived,
        whole,
        determining,
    )


def _classes(names: Sequence[str], fds: frozenset[FD], first: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """Attributes grouped by equal closure, each group under its representative, in order."""
    groups: dict[frozenset[str], list[str]] = {}
    for name in names:
        groups.setdefault(closure((name,), fds), []).append(name)
    found: dict[str, tuple[str, ...]] = {}
    for members in groups.values():
        found[next((name for name in members if name in first), members[0])] = tuple(members)
    return found


def _cover(of: Mapping[str, str], fds: frozenset[FD]) -> tuple[FD, ...]:
    """A minimal cover of the dependencies among the classes; single dependents."""
    among: set[FD] = set()
    for fd in fds:
        determinant = frozenset(of[name] for name in fd.determinant if name in of)
        dependent = frozenset(of[name] for name in fd.dependent if name in of) - determinant
        if dependent:
            among.add(FD(determinant, dependent))
    return minimal_cover(frozenset(among))


def _core(names: Sequence[str], cover: Collection[FD]) -> frozenset[str]:
    """The classes with several determinants or in a cycle, and all that these depend on."""
    into: dict[str, set[str]] = {name: set() for name in names}
    count: dict[str, int] = dict.fromkeys(names, 0)
    for fd in cover:
        for name in fd.dependent:
            into[name] |= fd.determinant
            count[name] += 1
    settled: set[str] = set()
    waiting = [name for name in names if count[name] <= 1]
    growing = True
    while growing:
        ready = [name for name in waiting if name not in settled and into[name] <= settled]
        settled.update(ready)
        growing = bool(ready)
    # what is settled hangs on nothing hard; what is not may still be a mere consequence of something hard
    hard = _hard(names, into, count, settled)
    core: set[str] = set(hard)
    stack = list(hard)
    while stack:
        for name in into[stack.pop()] - core:
            core.add(name)
            stack.append(name)
    return frozenset(core)


def _hard(
    names: Sequence[str], into: Mapping[str, set[str]], count: Mapping[str, int], settled: Collection[str]
) -> list[str]:
    """The classes with several determinants, and those that reach themselves."""
    hard: list[str] = []
    for name in names:
        if name in settled:
            continue
        reach: set[str] = set()
        stack = [name]
        while stack:
            for before in into[stack.pop()] - reach:
                reach.add(before)
                stack.append(before)
        if count[name] > 1 or name in reach:
            hard.append(name)
    return hard


def _maximal_closed(names: Sequence[str], fds: Collection[FD]) -> list[frozenset[str]]:
    """Maximal closed sets that lack some class: all in small cases, some for each class in any.

    Classes that no dependency ties together cannot force each other, so each such part is looked at alone.
    """
    everyone = frozenset(names)
    found: dict[frozenset[str], None] = {}
    for part in _parts(names, fds):
        inside = frozenset(part)
        bit = {name: 1 << at for at, name in enumerate(part)}
        rules = [
            (sum(bit[n] for n in fd.determinant), sum(bit[n] for n in fd.dependent))
            for fd in fds
            if fd.determinant <= inside
        ]
        tries = max(1, min(_TRIES, len(part) - 1, _LOOKS // len(part) ** 2))
        for name in part:
            others = [other for other in part if other != name]
            for turn in range(tries):
                at = turn * len(others) // tries
                closed = 0
                for other in (*others[at:], *others[:at]):
                    if not closed & bit[other]:
                        larger = _closed(closed | bit[other], rules)
                        if not larger & bit[name]:
                            closed = larger
                found[(everyone - inside) | {other for other in others if closed & bit[other]}] = None
    return list(found)


def _closed(bits: int, rules: list[tuple[int, int]]) -> int:
    """The closure of a set, as bits."""
    growing = True
    while growing:
        before = bits
        for determinant, dependent in rules:
            if determinant & ~bits == 0:
                bits |= dependent
        growing = bits != before
    return bits


def _parts(names: Sequence[str], fds: Collection[FD]) -> list[list[str]]:
    """The classes, parted where no dependency ties them together."""
    near: dict[str, set[str]] = {name: set() for name in names}
    for fd in fds:
        for name in fd.attributes:
            near[name] |= fd.attributes
    parts: list[list[str]] = []
    seen: set[str] = set()
    for name in names:
        if name in seen:
            continue
        reach, stack = {name}, [name]
        while stack:
            for other in near[stack.pop()] - reach:
                reach.add(other)
                stack.append(other)
        seen |= reach
        parts.append([other for other in names if other in reach])
    return parts

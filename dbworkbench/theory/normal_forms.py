"""Normal forms, and the dependencies that keep a relation out of them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from dbworkbench.errors import Undecided
from dbworkbench.theory.covers import reduced_pairs
from dbworkbench.theory.dependencies import FD, Dependency, prose
from dbworkbench.theory.keys import BUDGET, key_masks, prime_mask
from dbworkbench.theory.numbering import Rules, bits


class NormalForm(Enum):
    """The normal forms, from the weakest to the strongest; each includes those before it."""

    FIRST = "1NF"
    SECOND = "2NF"
    THIRD = "3NF"
    ELEMENTARY_KEY = "EKNF"
    BOYCE_CODD = "BCNF"
    FOURTH = "4NF"
    ESSENTIAL_TUPLE = "ETNF"
    FIFTH = "5NF"

    @property
    def rank(self) -> int:
        """The place in the order, from 0."""
        return list(NormalForm).index(self)

    def __lt__(self, other: "NormalForm") -> bool:
        return self.rank < other.rank

    def __le__(self, other: "NormalForm") -> bool:
        return self.rank <= other.rank

    def __gt__(self, other: "NormalForm") -> bool:
        return self.rank > other.rank

    def __ge__(self, other: "NormalForm") -> bool:
        return self.rank >= other.rank

    def __str__(self) -> str:
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Violation:
    """A dependency that keeps a relation out of a form.

    `form` is the lowest form it breaks; `key` is the candidate key it is told by; `kind` is "partial", "transitive",
    "overlapping keys", "multivalued" or "join"; `because` is a sentence for a reader.
    """

    dependency: Dependency
    form: NormalForm
    kind: str
    key: frozenset[str]
    because: str


def normal_form(
    attributes: Collection[str], dependencies: Collection[Dependency], *, budget: int = BUDGET
) -> NormalForm:
    """The highest normal form that the declared dependencies prove.

    >>> str(normal_form("abc", [FD.parse("a -> b"), FD.parse("b -> c")]))
    '2NF'
    """
    found = violations(attributes, dependencies, NormalForm.BOYCE_CODD, budget=budget)
    if not found:
        return NormalForm.BOYCE_CODD
    broken = min(violation.form for violation in found)
    return list(NormalForm)[broken.rank - 1]


def violations(
    attributes: Collection[str],
    dependencies: Collection[Dependency],
    form: NormalForm,
    *,
    budget: int = BUDGET,
) -> tuple[Violation, ...]:
    """Every dependency of the canonical cover, and every partial one, that keeps the relation out of `form`.

    A relation whose dependencies all are those of a canonical cover is in 3NF, EKNF or BCNF exactly if none of these
    dependencies breaks it. Raises Undecided where the keys are too many for the budget.

    >>> [violation.kind for violation in violations("abc", [FD.parse("a -> b"), FD.parse("b -> c")], NormalForm.THIRD)]
    ['transitive']
    """
    if form is NormalForm.FIRST:
        return ()
    scheme = _Scheme(attributes, [d for d in dependencies if isinstance(d, FD)], budget)
    found = {violation.dependency: violation for violation in scheme.partial()} if scheme.splits else {}
    if form is not NormalForm.SECOND:
        for violation in scheme.others(form):
            found.setdefault(violation.dependency, violation)
    return tuple(sorted(found.values(), key=lambda violation: (violation.form.rank, str(violation.dependency))))


class _Scheme:
    """A relation scheme with its canonical cover, its prime attributes and as many keys as the budget allows."""

    def __init__(self, attributes: Collection[str], fds: Collection[FD], budget: int) -> None:
        self.given = Rules(fds, attributes)
        self.whole = self.given.full
        self.rules = self.given.over(reduced_pairs(self.given))
        self.budget = budget
        self.bad = [
            (x, y) for x, y in self.rules.pairs if self.whole & ~self.rules.closure(x) and y & ~x
        ]  # no violation of any form is without one of these
        self.splits = bool(self.bad)
        self.prime = prime_mask(self.rules, self.whole, budget=budget) if self.bad else 0
        self.first_key = next(key_masks(self.rules, self.whole))

    def keys(self) -> Iterator[int]:
        for met, key in enumerate(islice(key_masks(self.rules, self.whole), self.budget + 1)):
            if met == self.budget:
                raise Undecided(
                    f"{met} candidate keys were looked at without a dependency on part of one: whether there is one "
                    f"on a key not seen is left open — give a larger budget"
                )
            yield key

    def key_around(self, mask: int) -> int:
        """A candidate key that holds `mask` properly, if one is found; else the first one."""
        return next((key for key in islice(self.keys(), 64) if key & mask == mask and key != mask), 0)

    def partial(self) -> Iterator[Violation]:
        """Dependencies of attributes in no key on a part of a key."""
        if not self.whole & ~self.prime:
            return
        told: set[int] = set()
        for key in self.keys():
            for bit in bits(key):
                rest = key ^ bit
                gained = self.rules.closure(rest) & ~self.prime
                while gained:
                    wanted = gained & -gained
                    part = rest
                    for other in bits(rest):
                        if self.rules.closure(part ^ other, wanted) & wanted:
                            part ^= other
                    reach = self.rules.closure(part) & ~self.prime
                    gained &= ~reach
                    if part not in told:
                        told.add(part)
                        yield self._partial(part, self._direct(part, reach), key)

    def _direct(self, part: int, reach: int) -> int:
        """What of `reach` the cover says of this very determinant; all of it, where it says nothing."""
        said = 0
        for x, y in self.rules.pairs:
            if x == part:
                said |= y & reach
        return said or reach

    def _partial(self, part: int, gained: int, key: int) -> Violation:
        n = self.given
        names, left, whole_key = n.set(gained), n.set(part), n.set(key)
        verb = "depends" if len(names) == 1 else "depend"
        if left:
            because = (
                f"{prose(names)} {verb} on {prose(left)}, which is only a part of the key {prose(whole_key)}, "
                f"so the same fact is repeated for every value of {prose(whole_key - left)}."
            )
        else:
            because = f"{prose(names)} {'is' if len(names) == 1 else 'are'} the same in every row, so the one value is repeated in all of them."
        return Violation(FD(left, names), NormalForm.SECOND, "partial", whole_key, because)

    def others(self, form: NormalForm) -> Iterator[Violation]:
        """Dependencies of the canonical cover whose determinant is no superkey."""
        n = self.given
        for determinant, dependent in self.bad:
            nonprime = dependent & ~self.prime
            if nonprime:
                key = self.key_around(determinant)
                if key:
                    yield self._partial(determinant, nonprime, key)
                else:
                    yield self._transitive(determinant, nonprime)
            prime = dependent & self.prime
            if not prime or form <= NormalForm.THIRD:
                continue
            plain = prime & ~self._elementary(prime)
            if plain:
                yield self._overlapping(determinant, plain, NormalForm.ELEMENTARY_KEY)
            if form >= NormalForm.BOYCE_CODD and prime & ~plain:
                yield self._overlapping(determinant, prime & ~plain, NormalForm.BOYCE_CODD)
        del n

    def _transitive(self, determinant: int, dependent: int) -> Violation:
        n = self.given
        left, names, key = n.set(determinant), n.set(dependent), n.set(self.first_key)
        verb = "depends" if len(names) == 1 else "depend"
        because = (
            f"{prose(names)} {verb} on {prose(left)}, which is neither a key nor part of one: the key "
            f"{prose(key)} determines {prose(names)} only by way of {prose(left)}."
        )
        return Violation(FD(left, names), NormalForm.THIRD, "transitive", key, because)

    def _overlapping(self, determinant: int, dependent: int, form: NormalForm) -> Violation:
        n = self.given
        left, names = n.set(determinant), n.set(dependent)
        key = n.set(next((key for key in islice(self.keys(), 1024) if key & dependent), self.first_key))
        which = "is part of a key" if len(names) == 1 else "are parts of keys"
        because = (
            f"{prose(left)} determines {prose(names)} but is no key; {prose(names)} {which}, such as {prose(key)}, "
            f"which 3NF allows and {form.value} does not."
        )
        return Violation(FD(left, names), form, "overlapping keys", key, because)

    def _elementary(self, wanted: int) -> int:
        """Which of some prime attributes are in an elementary key: one that alone determines something as a whole."""
        found = 0
        for key in self.keys():
            if key & wanted & ~found:
                reach = key
                for bit in bits(key):
                    reach |= self.rules.closure(key ^ bit)
                if self.whole & ~reach:
                    found |= key
                    if not wanted & ~found:
                        break
        return found & wanted

"""A relation scheme and the functional dependencies that keep it out of the forms up to Boyce–Codd."""

from collections.abc import Collection, Iterator
from functools import cached_property
from itertools import islice

from dbworkbench.errors import Undecided
from dbworkbench.theory.basis import union
from dbworkbench.theory.covers import reduced_pairs
from dbworkbench.theory.dependencies import FD, prose
from dbworkbench.theory.forms import NormalForm, Violation
from dbworkbench.theory.keys import (
    Streamed,
    affordable,
    key_effort,
    key_masks,
    minimal_key,
    nonprime_mask,
    prime_masks,
    primes_open,
)
from dbworkbench.theory.numbering import Rules, bits

_FEW = 64  # keys among which one around a determinant is looked for
_TOLD = 256  # keys whose parts are told of where a dependency on part of one was found already


class Scheme:
    """A relation scheme with its canonical cover, its prime attributes and as many keys as the budget allows."""

    def __init__(self, attributes: Collection[str], fds: Collection[FD], budget: int) -> None:
        self.given = Rules(fds, attributes)
        self.whole = self.given.full
        self.rules = self.given.over(reduced_pairs(self.given))
        self.budget = budget
        self.most = affordable(self.rules, budget)
        self.bad = [
            (x, y) for x, y in self.rules.pairs if self.whole & ~self.rules.closure(x) and y & ~x
        ]  # no violation of any form is without one of these
        self._keys = Streamed(key_masks(self.rules, self.whole, key_effort(budget)))
        self.first_key = next(iter(self._keys))

    @cached_property
    def _primes(self) -> tuple[int, int]:
        return prime_masks(self.rules, self.whole, budget=self.most) if self.bad else (0, 0)

    @property
    def prime(self) -> int:
        """The attributes that are known to be in some candidate key."""
        return self._primes[0]

    @property
    def open_primes(self) -> int:
        """The attributes of which it is left open whether they are prime."""
        return self._primes[1]

    @property
    def nonprime(self) -> int:
        """The attributes that are known to be in none."""
        return self.whole & ~self.prime & ~self.open_primes

    def between(self) -> tuple[NormalForm, NormalForm]:
        """The lowest and the highest form that a scheme with bad dependencies can be in, by what was decided."""
        if any(dependent & self.nonprime for _, dependent in self.bad):
            return NormalForm.FIRST, NormalForm.SECOND
        return NormalForm.FIRST if self.open_primes else NormalForm.THIRD, NormalForm.ELEMENTARY_KEY

    def form(self) -> NormalForm:
        """The highest form of a scheme with bad dependencies: the lowest form that one of them breaks is looked for first."""
        outside = nonprime_mask(self.rules, self.whole)
        if any(dependent & outside and self.key_around(determinant) for determinant, dependent in self.bad):
            return NormalForm.FIRST
        if any(dependent & self.nonprime and self.key_around(determinant) for determinant, dependent in self.bad):
            return NormalForm.FIRST
        if self.open_primes:
            raise Undecided(primes_open(self.rules, self.open_primes, self.most))
        nonprime = [determinant for determinant, dependent in self.bad if dependent & ~self.prime]
        if nonprime:
            partial = any(self.key_around(determinant) for determinant in nonprime) or any(self.partial())
            return NormalForm.FIRST if partial else NormalForm.SECOND
        plain = any(dependent & ~self.elementary for _, dependent in self.bad)
        return NormalForm.THIRD if plain else NormalForm.ELEMENTARY_KEY

    def keys(self, left_open: str) -> Iterator[int]:
        """The candidate keys, as many as the budget allows; `left_open` says of what none was one."""
        met = 0
        try:
            for key in self._keys:
                if met == self.most:
                    break
                met += 1
                yield key
            else:
                return
        except Undecided:  # each took so long that there is no time for more
            pass
        raise Undecided(f"{met} candidate keys were looked at {left_open} is left open — give a larger budget")

    def known(self, most: int) -> Iterator[int]:
        """The first candidate keys, as far as they are found in time."""
        try:
            yield from islice(self._keys, most)
        except Undecided:
            return

    def key_around(self, mask: int) -> int:
        """A candidate key that holds `mask` properly, if one is found; else 0."""
        for key in self.known(_FEW):
            if key & mask == mask and key != mask:
                return key
        key = minimal_key(self.whole, mask, self.rules.closure)
        return key if key & mask == mask and key != mask else 0

    def partial(self) -> Iterator[Violation]:
        """Dependencies of attributes in no key on a part of a key; once one is found, of the first keys only."""
        if not self.nonprime:
            return
        told: set[int] = set()
        left_open = "without a dependency on part of one: whether there is one on a key not seen"
        for met, key in enumerate(self.keys(left_open)):
            if told and met >= _TOLD:
                return
            for bit in bits(key):
                rest = key ^ bit
                gained = self.rules.closure(rest) & self.nonprime
                while gained:
                    wanted = gained & -gained
                    part = rest
                    for other in bits(rest):
                        if self.rules.closure(part ^ other, wanted) & wanted:
                            part ^= other
                    reach = self.rules.closure(part) & self.nonprime
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
                f"{prose(names)} {verb} on {prose(left)}, which {'is' if len(left) == 1 else 'are'} only a part of the key "
                f"{prose(whole_key)}, "
                f"so the same fact is repeated for every value of {prose(whole_key - left)}."
            )
        else:
            because = f"{prose(names)} {'is' if len(names) == 1 else 'are'} the same in every row, so the one value is repeated in all of them."
        return Violation(FD(left, names), NormalForm.SECOND, "partial", whole_key, because)

    def others(self, form: NormalForm) -> Iterator[Violation]:
        """Dependencies of the canonical cover whose determinant is no superkey."""
        doubtful: list[tuple[int, int]] = []
        for determinant, dependent in self.bad:
            nonprime = dependent & self.nonprime
            if nonprime:
                key = self.key_around(determinant)
                if key:
                    yield self._partial(determinant, nonprime, key)
                else:
                    yield self._transitive(determinant, nonprime)
            prime = dependent & self.prime
            if form >= NormalForm.BOYCE_CODD and dependent & self.open_primes:
                yield self._undecided(determinant, dependent & (self.open_primes | prime))
            elif prime and form > NormalForm.THIRD:
                doubtful.append((determinant, prime))
        if not doubtful:
            return
        try:
            elementary = self.elementary
        except Undecided:
            if form >= NormalForm.BOYCE_CODD:
                yield from (self._undecided(*each) for each in doubtful)
            raise
        for determinant, prime in doubtful:
            yield from self._of_primes(determinant, prime, prime & ~elementary, form)

    def _of_primes(self, determinant: int, prime: int, plain: int, form: NormalForm) -> Iterator[Violation]:
        if plain:
            yield self._overlapping(determinant, plain, NormalForm.ELEMENTARY_KEY)
        if form >= NormalForm.BOYCE_CODD and prime & ~plain:
            yield self._overlapping(determinant, prime & ~plain, NormalForm.BOYCE_CODD)

    def _undecided(self, determinant: int, dependent: int) -> Violation:
        """A dependency that surely breaks BCNF, of which it is left open whether it breaks a lower form."""
        n = self.given
        left, names, key = n.set(determinant), n.set(dependent), n.set(self.first_key)
        verb, is_ = ("determines", "is") if len(left) == 1 else ("determine", "are")
        because = (
            f"{prose(left)} {verb} {prose(names)} but {is_} no key (one is {prose(key)}). Whether a lower form is broken "
            f"as well is left open: too many candidate keys would have to be looked at."
        )
        return Violation(FD(left, names), NormalForm.BOYCE_CODD, "no key", key, because)

    def _transitive(self, determinant: int, dependent: int) -> Violation:
        n = self.given
        left, names, key = n.set(determinant), n.set(dependent), n.set(self.first_key)
        verb = "depends" if len(names) == 1 else "depend"
        because = (
            f"{prose(names)} {verb} on {prose(left)}, which {'is' if len(left) == 1 else 'are'} neither a key nor part of one: the key "
            f"{prose(key)} determines {prose(names)} only by way of {prose(left)}."
        )
        return Violation(FD(left, names), NormalForm.THIRD, "transitive", key, because)

    def _overlapping(self, determinant: int, dependent: int, form: NormalForm) -> Violation:
        n = self.given
        left, names = n.set(determinant), n.set(dependent)
        key = n.set(next((key for key in self.known(_TOLD) if key & dependent), self.first_key))
        which = "is part of a key" if len(names) == 1 else "are parts of keys"
        because = (
            f"{prose(left)} {'determines' if len(left) == 1 else 'determine'} {prose(names)} but {'is' if len(left) == 1 else 'are'} no key; {prose(names)} {which}, such as {prose(key)}, "
            f"which 3NF allows and {form.value} does not."
        )
        return Violation(FD(left, names), form, "overlapping keys", key, because)

    @cached_property
    def elementary(self) -> int:
        """Which prime attributes that some bad dependency gives are in an elementary key: one that alone determines
        something as a whole.
        """
        wanted = self.prime & union(dependent for _, dependent in self.bad)
        found = 0
        names = prose(self.given.set(wanted))
        for key in self.keys(f"and not every one of {names} was in one that alone determines something: EKNF"):
            if not wanted & ~found:
                break
            if key & wanted & ~found:
                reach = key
                for bit in bits(key):
                    reach |= self.rules.closure(key ^ bit)
                if self.whole & ~reach:
                    found |= key
        return found & wanted

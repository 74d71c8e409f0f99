"""Normal forms, and the dependencies that keep a relation out of them."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from itertools import combinations, islice

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.theory.basis import Mixed, functional_part, union
from dbworkbench.theory.covers import reduced_pairs
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order, prose
from dbworkbench.theory.given import liberal
from dbworkbench.theory.keys import (
    BUDGET,
    Streamed,
    affordable,
    key_masks,
    minimal_key,
    nonprime_mask,
    prime_masks,
    primes_open,
)
from dbworkbench.theory.numbering import Rules, bits

_FEW = 64  # keys among which one around a determinant is looked for
_TOLD = 256  # keys whose parts are told of where a dependency on part of one was found already


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

    @classmethod
    def _missing_(cls, value: object) -> "NormalForm | None":
        """The form meant by `"3nf"`, `"PJ/NF"` or `3`."""
        text = "".join(letter for letter in str(value).upper() if letter.isalnum())
        text = {"PJNF": "5NF"}.get(text, f"{text}NF" if text.isdigit() else text)
        return next((form for form in cls if form.value == text), None)

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


EXPLANATIONS: dict[str, str] = {
    "1NF": "Every attribute holds one value of its type, not a list or a table (Codd 1970).",
    "2NF": "1NF, and no attribute outside the keys depends on only a part of a key (Codd 1971).",
    "3NF": "For each dependency X → a that says something, X is a superkey or a is part of a key (Codd 1971; in this "
    "wording Zaniolo 1982).",
    "EKNF": "For each dependency X → a of which no part of X would do, X is a key, or a is part of a key that alone "
    "determines something (Zaniolo, A new normal form for the design of relational database schemata, ACM TODS 7(3), "
    "1982).",
    "BCNF": "For each dependency X → a that says something, X is a superkey (Codd 1974).",
    "4NF": "For each multivalued dependency X ↠ Y that says something, X is a superkey (Fagin 1977).",
    "ETNF": "BCNF, and each join dependency that is declared has a superkey among its components (Darwen, Date & Fagin "
    "2012): then no row follows from others.",
    "5NF": "The keys imply every join dependency; also called projection-join normal form (Fagin 1979).",
    "DKNF": "Every rule of the relation follows from its attributes' types and its keys (Fagin, A normal form for "
    "relational databases that is based on domains and keys, ACM TODS 6(3), 1981). Rules can be anything, so that this "
    "form is a goal to think of and not one to be computed.",
}


@dataclass(frozen=True, slots=True)
class Violation:
    """A dependency that keeps a relation out of a form.

    `form` is the lowest form it breaks; `key` is the candidate key it is told by; `kind` is "partial", "transitive",
    "overlapping keys", "multivalued" or "join", and "no key" where it is left open which of the first three;
    `because` is a sentence for a reader.
    """

    dependency: Dependency
    form: NormalForm
    kind: str
    key: frozenset[str]
    because: str


class Violations(tuple[Violation, ...]):  # noqa: SLOT001  a tuple of any length has no slots
    """What keeps a relation out of a form; `left_open` tells what could not be decided of it, nothing as a rule."""

    left_open: str

    def __new__(cls, found: Iterable[Violation] = (), left_open: str = "") -> "Violations":
        """The violations in their order, and what else is open."""
        made = super().__new__(cls, found)
        made.left_open = left_open
        return made


@liberal
def normal_form(
    attributes: Collection[str], dependencies: Collection[Dependency], *, budget: int = BUDGET
) -> NormalForm:
    """The highest normal form that the declared dependencies prove.

    At most BCNF where only functional dependencies are declared, 4NF with multivalued ones, 5NF with join dependencies;
    keys and forms follow from all of them together. Raises Undecided where that takes more than the budget, and tells
    between which forms.

    >>> str(normal_form("abc", [FD.parse("a -> b"), FD.parse("b -> c")]))
    '2NF'
    >>> str(normal_form("abc", [MVD.parse("a ->> b")]))
    'BCNF'
    """
    dependencies = frozenset(dependencies)
    highest = NormalForm.BOYCE_CODD
    if any(isinstance(d, JD) for d in dependencies):
        highest = NormalForm.FIFTH
    elif any(isinstance(d, MVD) for d in dependencies):
        highest = NormalForm.FOURTH
    fds = functional_part(attributes, dependencies, budget=budget)
    scheme = _Scheme(attributes, fds, budget)
    if scheme.bad:
        try:
            return scheme.form()
        except Undecided as error:
            raise Undecided(f"undecided between {' and '.join(map(str, scheme.between()))}: {error}") from None
    for form in (NormalForm.FOURTH, NormalForm.ESSENTIAL_TUPLE, NormalForm.FIFTH):
        if form <= highest and (found := _violations(attributes, dependencies, fds, form, budget)):
            broken = min(violation.form for violation in found)
            return list(NormalForm)[broken.rank - 1]
    return highest


@liberal
def violations(
    attributes: Collection[str],
    dependencies: Collection[Dependency],
    form: NormalForm | str,
    *,
    budget: int = BUDGET,
) -> Violations:
    """What keeps the relation out of `form`: nothing exactly if it is in that form.

    Told of the dependencies of the canonical cover, of dependencies on parts of keys that follow from it (once one is
    found, of the first 256 keys), and of the multivalued and join dependencies given (or following from a join
    dependency). What is left open past the budget is told in `left_open` of the result; raises Undecided where nothing
    else can be told.

    >>> [violation.kind for violation in violations("abc", [FD.parse("a -> b"), FD.parse("b -> c")], NormalForm.THIRD)]
    ['transitive']
    """
    dependencies = frozenset(dependencies)
    try:
        wanted = NormalForm(form)
    except ValueError:
        raise UnknownName("normal form", str(form), [str(one) for one in NormalForm]) from None
    fds = functional_part(attributes, dependencies, budget=budget)
    return _violations(attributes, dependencies, fds, wanted, budget)


def _violations(
    attributes: Collection[str],
    dependencies: frozenset[Dependency],
    fds: tuple[FD, ...],
    form: NormalForm,
    budget: int,
) -> Violations:
    if form is NormalForm.FIRST:
        return Violations()
    scheme = _Scheme(attributes, fds, budget)
    found: dict[Dependency, Violation] = {}
    left_open: dict[str, None] = {}

    def collect(violations: Iterator[Violation]) -> None:
        try:
            for violation in violations:
                found.setdefault(violation.dependency, violation)
        except Undecided as error:
            left_open[str(error)] = None

    if scheme.bad:
        collect(scheme.partial())
        if form is not NormalForm.SECOND:
            collect(scheme.others(form))
        if scheme.open_primes:
            left_open[primes_open(scheme.rules, scheme.open_primes, scheme.most)] = None
    if form >= NormalForm.FOURTH:
        collect(_higher(attributes, dependencies, scheme, form))
    if left_open and not found:
        raise Undecided("; ".join(left_open))
    ordered = sorted(found.values(), key=lambda violation: (violation.form.rank, str(violation.dependency)))
    return Violations(ordered, "; ".join(left_open))


def _higher(
    attributes: Collection[str], dependencies: frozenset[Dependency], scheme: "_Scheme", form: NormalForm
) -> Iterator[Violation]:
    """Multivalued and join dependencies that break 4NF, ETNF or 5NF.

    4NF: a multivalued dependency is trivial or has a superkey on its left (Fagin 1977). ETNF: BCNF, and each join
    dependency has a superkey among its components (Darwen, Date & Fagin, A normal form for preventing redundant tuples
    in relational databases, ICDT 2012, Theorem 5.1). 5NF: the keys imply each (Fagin, Normal forms and relational
    database operators, SIGMOD 1979).
    """
    key = scheme.given.set(scheme.first_key)
    under = scheme.rules
    for dependency in in_order(dependencies):
        match dependency:
            case MVD(determinant, dependent):
                left, right = under.mask(determinant), under.mask(dependent)
                trivial = not right & ~left or left | right == under.full
                if not trivial and under.full & ~under.closure(left):
                    yield _multivalued(dependency, key, scheme)
            case JD(components):
                masks = [under.mask(component) for component in components]
                if under.full in masks or keys_imply(under, masks):
                    continue
                no_superkey = all(under.full & ~under.closure(mask) for mask in masks)
                if no_superkey and form >= NormalForm.ESSENTIAL_TUPLE:
                    yield _join(dependency, key, NormalForm.ESSENTIAL_TUPLE)
                elif form >= NormalForm.FIFTH:
                    yield _join(dependency, key, NormalForm.FIFTH)
    if any(isinstance(d, JD) for d in dependencies):
        told = implied_multivalued(attributes, dependencies, scheme)
        if told is not None:
            yield _multivalued(told, key, scheme)


def keys_imply(under: Rules, components: Collection[int]) -> bool:
    """Whether the keys alone imply a join dependency: components that share a superkey merge until one holds all.

    Reference: Fagin 1979, the membership algorithm of §4.
    """
    left = list(components)
    merged = True
    while merged and under.full not in left:
        merged = False
        for at, one in enumerate(left):
            near = next((o for o in left[at + 1 :] if not under.full & ~under.closure(one & o)), None)
            if near is not None:
                left.remove(one)
                left.remove(near)
                left.append(one | near)
                merged = True
                break
    return under.full in left


def implied_multivalued(
    attributes: Collection[str], dependencies: frozenset[Dependency], scheme: "_Scheme"
) -> MVD | None:
    """A multivalued dependency that follows from all together and whose determinant is no superkey, if there is one.

    Looks at the subsets of the attributes that some determinant or two components hold; raises Undecided past the
    budget.
    """
    mixed = Mixed(dependencies, attributes)
    if all(
        keys_imply(scheme.rules, [scheme.rules.mask(component) for component in dependency.components])
        for dependency in dependencies
        if isinstance(dependency, JD)
    ) and not any(isinstance(d, MVD) for d in dependencies):
        return None
    names = list(bits(mixed.relevant))
    looked = 0
    for size in range(len(names) + 1):
        for chosen in combinations(names, size):
            looked += 1
            if looked > scheme.budget:
                raise Undecided(
                    f"whether the relation is in 4NF is left open after {looked - 1} sets of attributes — give a larger "
                    f"budget, or fewer join dependencies"
                )
            start = sum(chosen)
            blocks = mixed.blocks(start)
            known = scheme.rules.closure(start)
            open_ = [block for block in blocks if block & ~known]
            if scheme.whole & ~known and len(open_) > 1:
                return MVD(mixed.set(start), mixed.set(open_[0]))
    return None


def _multivalued(mvd: MVD, key: frozenset[str], scheme: "_Scheme") -> Violation:
    rest = scheme.given.set(scheme.whole) - mvd.determinant - mvd.dependent
    left = prose(mvd.determinant) if mvd.determinant else "every row"
    because = (
        f"For each value of {left}, every {prose(mvd.dependent - mvd.determinant)} is combined with every {prose(rest)}, "
        f"though {prose(mvd.determinant)} {'is' if len(mvd.determinant) == 1 else 'are'} no key (one is {prose(key)}): two "
        f"independent facts share one relation."
    )
    return Violation(mvd, NormalForm.FOURTH, "multivalued", key, because)


def _join(jd: JD, key: frozenset[str], form: NormalForm) -> Violation:
    parts = "; ".join(sorted(prose(component) for component in jd.components))
    if form is NormalForm.ESSENTIAL_TUPLE:
        why = "none of the parts holds a key, so a row can follow from other rows without saying anything new"
    else:
        why = "the keys do not imply that, so parts of rows are repeated that the join would give back"
    because = f"The relation is the join of {parts}; the key is {prose(key)}, and {why}."
    return Violation(jd, form, "join", key, because)


class _Scheme:
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
        self._keys = Streamed(key_masks(self.rules, self.whole))
        self.first_key = next(iter(self._keys))

    @cached_property
    def _primes(self) -> tuple[int, int]:
        return prime_masks(self.rules, self.whole, budget=self.most) if self.bad else (0, 0)

    @property
    def prime(self) -> int:
        return self._primes[0]

    @property
    def open_primes(self) -> int:
        """The attributes of which it is left open whether they are prime."""
        return self._primes[1]

    @property
    def nonprime(self) -> int:
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
        for met, key in enumerate(self._keys):
            if met == self.most:
                raise Undecided(f"{met} candidate keys were looked at {left_open} is left open — give a larger budget")
            yield key

    def key_around(self, mask: int) -> int:
        """A candidate key that holds `mask` properly, if one is found; else 0."""
        for key in islice(self._keys, _FEW):
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
        key = n.set(next((key for key in islice(self._keys, _TOLD) if key & dependent), self.first_key))
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

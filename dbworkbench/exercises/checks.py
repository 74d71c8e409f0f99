"""Checking answers: what is wrong is shown on rows, by a proof, or by a chase."""

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass

from dbworkbench.errors import Undecided, UnknownName, Unsupported
from dbworkbench.exercises.answers import read_fds, read_form, read_names, read_sets, read_truth
from dbworkbench.exercises.exercise import Question, Scheme
from dbworkbench.exercises.grounds import allowed, kept, kinds
from dbworkbench.shown import Shown
from dbworkbench.theory.armstrong import armstrong_relation
from dbworkbench.theory.basis import Mixed
from dbworkbench.theory.chase import Chase, Symbol, lossless_join
from dbworkbench.theory.closure import closure
from dbworkbench.theory.counterexample import counterexample
from dbworkbench.theory.dependencies import FD, prose
from dbworkbench.theory.derivation import Derivation, derive
from dbworkbench.theory.instance import Instance, agreeing, plain_value
from dbworkbench.theory.keys import candidate_keys
from dbworkbench.theory.normal_forms import NormalForm, normal_form, violations
from dbworkbench.theory.projection import dependency_preserving, project
from dbworkbench.theory.verdict import Verdict

# A form that is often left out, and the one before it that is then the right answer.
_CLOSE = frozenset(
    {
        (NormalForm.THIRD, NormalForm.ELEMENTARY_KEY),
        (NormalForm.FOURTH, NormalForm.ESSENTIAL_TUPLE),
    }
)
_ROWS = 64
_JOINED = 5_000
_SHOWN = 6
_TRIED = 200


@dataclass(frozen=True, slots=True)
class Spurious(Shown):
    """Rows that satisfy the dependencies, their projections, and the rows that joining these invents."""

    rows: Instance
    parts: tuple[Instance, ...]
    spurious: Instance


@dataclass(frozen=True, slots=True)
class Lost(Shown):
    """A lost dependency: rows that break it, though each part's rows satisfy everything that can be checked there."""

    dependency: FD
    rows: Instance
    parts: tuple[Instance, ...]


def check(question: Question, answer: object) -> Verdict:
    """Whether an answer is right; see Question.check."""
    return _CHECKS[question.kind](question, answer)


def _known(names: Iterable[str], scheme: Scheme) -> None:
    for name in names:
        if name not in scheme.attributes:
            raise UnknownName("attribute", name, scheme.attributes)


def _closure(question: Question, answer: object) -> Verdict:
    scheme, start = question.scheme, question.subject
    named = read_names(answer, scheme.attributes)
    _known(sorted(named), scheme)
    right = closure(start, scheme.fds)
    for name in sorted(named - right):
        rows = agreeing(scheme.attributes, right)
        return Verdict(False, f"it does not hold {name}: these rows agree on {prose(start)} and differ on {name}", rows)
    for name in sorted(right - named):
        said = "it belongs to what you begin with" if name in start else f"it follows from {prose(start)}"
        return Verdict(False, f"missing is {name}: {said}", proven(scheme, start, {name}))
    return Verdict(True, f"the closure of {prose(start)} is {prose(right)}", right)


def _keys(question: Question, answer: object) -> Verdict:
    scheme = question.scheme
    given = read_sets(answer, scheme.attributes)
    for key in given:
        _known(sorted(key), scheme)
    right = set(candidate_keys(scheme.attributes, scheme.fds))
    whole = frozenset(scheme.attributes)
    for key in given:
        reach = closure(key, scheme.fds)
        if not reach >= whole:
            rows = agreeing(scheme.attributes, reach)
            claim = f"not a key: {prose(key)}; two rows can agree on it and differ on {prose(whole - reach)}"
            return Verdict(False, claim, rows)
    for key in given:
        if key not in right:
            extra = next(name for name in sorted(key) if closure(key - {name}, scheme.fds) >= whole)
            claim = f"not minimal: {prose(key)} is a superkey, but {extra} can be dropped, as it follows from the rest"
            return Verdict(False, claim, proven(scheme, key - {extra}, {extra}))
    if missing := right.difference(given):
        return _missing_keys(scheme, given, missing)
    return Verdict(True, f"these are all candidate keys: {'; '.join(prose(key) for key in sorted(right, key=sorted))}")


def _missing_keys(scheme: Scheme, given: Collection[frozenset[str]], missing: Collection[frozenset[str]]) -> Verdict:
    """That keys are missing, shown by a set that determines everything and holds none of those given."""
    wide = min(missing, key=sorted)
    for name in scheme.attributes:
        if not any(key <= wide | {name} for key in given):
            wide |= {name}
    rest = frozenset(scheme.attributes) - wide
    if not given:
        return Verdict(
            False, f"every relation has a key, and here there {_are(len(missing))}: look within all attributes", wide
        )
    said = f"{prose(wide)} determine{'s' if len(wide) < 2 else ''} the rest and hold{'s' if len(wide) < 2 else ''} no key of yours"
    claim = f"{prose_count(len(given))} right so far; there {_are(len(missing))} more: {said}"
    return Verdict(False, claim, proven(scheme, wide, rest))


def _are(number: int) -> str:
    return f"{'is' if number == 1 else 'are'} {prose_count(number)}"


def proven(scheme: Scheme, determinant: frozenset[str], dependent: Collection[str]) -> Derivation | Instance:
    """A proof of a functional dependency from those of the scheme, through its multivalued ones where there are some.

    Where only a join dependency gives it, from the functional dependencies that follow.
    """
    goal = FD(determinant, dependent)
    try:
        return derive(goal, scheme.dependencies, whole=scheme.attributes)
    except (Undecided, Unsupported):
        return derive(goal, scheme.fds)


def prose_count(number: int) -> str:
    """A small number as a word.

    >>> prose_count(2)
    'two'
    """
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[number] if number < len(words) else str(number)


def _cover(question: Question, answer: object) -> Verdict:
    scheme = question.scheme
    fds = tuple(fd for fd in scheme.dependencies if isinstance(fd, FD))
    given = read_fds(answer, scheme.attributes)
    _known(sorted({name for fd in given for name in fd.attributes}), scheme)
    for fd in given:
        if (rows := counterexample(fd, fds, whole=scheme.attributes)) is not None:
            return Verdict(
                False,
                f"it says too much: {fd} does not follow from the dependencies, as these rows satisfy them and break it",
                rows,
            )
    for fd in fds:
        if (rows := counterexample(fd, given, whole=scheme.attributes)) is not None:
            return Verdict(False, f"it loses {fd}: these rows satisfy your dependencies and break it", rows)
    for fd in given:
        if fd.dependent & fd.determinant:
            return Verdict(False, f"on both sides of {fd} stands {prose(fd.dependent & fd.determinant)}", fd)
        for name in sorted(fd.determinant):
            for one in sorted(fd.dependent):
                smaller = FD(fd.determinant - {name}, frozenset({one}))
                if isinstance(proof := derive(smaller, given), Derivation):
                    return Verdict(
                        False, f"in {fd}, the attribute {name} can be left out, as far as {one} is concerned", proof
                    )
    single = [FD(fd.determinant, frozenset({one})) for fd in given for one in sorted(fd.dependent)]
    for fd in single:
        if isinstance(proof := derive(fd, [other for other in single if other != fd]), Derivation):
            return Verdict(False, f"redundant is {fd}: it follows from the others", proof)
    return Verdict(True, "it is a minimal cover: equivalent, and nothing can be left out")


def _form(question: Question, answer: object) -> Verdict:
    scheme = question.scheme
    given = read_form(answer)
    right = normal_form(scheme.attributes, scheme.dependencies)
    if given is right:
        return Verdict(True, f"the highest form that the dependencies prove is {right}")
    if (given, right) in _CLOSE:
        return Verdict(True, f"{given} is right; more exactly, it is in {right}, a form that few courses teach")
    if given > right:
        found = violations(scheme.attributes, scheme.dependencies, given)
        if found:
            return Verdict(False, f"it is not in {given}: {found[0].because}", found[0])
        about = "multivalued" if given is NormalForm.FOURTH else "join"
        claim = f"{given} is about {about} dependencies, and none is given; what those given prove ends at {right}"
        return Verdict(False, claim, kinds(scheme))
    following = list(NormalForm)[given.rank + 1]
    if (following, right) in _CLOSE:
        following = right
    claim = f"it is in {given}, but in a higher form too: nothing keeps it out of {following}"
    return Verdict(False, claim, allowed(scheme, following))


def _decomposition(question: Question, answer: object) -> Verdict:
    scheme = question.scheme
    parts = read_sets(answer, scheme.attributes)
    for part in parts:
        _known(sorted(part), scheme)
    if missing := frozenset(scheme.attributes).difference(*parts):
        return Verdict(False, f"none of the parts holds {prose(missing)}", missing)
    for part in parts:
        for other in parts:
            if part < other:
                return Verdict(False, f"the part of {prose(part)} is not needed: another one holds all of it", part)
    lossless = is_lossless(scheme, parts)
    if not lossless:
        return lossless
    wanted = {"3nf": NormalForm.THIRD, "bcnf": NormalForm.BOYCE_CODD, "4nf": NormalForm.FOURTH}[question.kind]
    for part in parts:
        found = _violated(scheme, part, min(wanted, NormalForm.BOYCE_CODD))
        if not found and wanted is NormalForm.FOURTH:
            found = _split_by(scheme, part)
        if found:
            because, rows = found
            return Verdict(False, f"the part of {prose(part)} is not in {wanted}: {because}", rows)
    if question.kind == "3nf":
        preserving = is_preserving(scheme, parts)
        if not preserving:
            return preserving
    return Verdict(True, f"every part is in {wanted}, and joining them gives back the whole")


def _violated(scheme: Scheme, part: frozenset[str], wanted: NormalForm) -> tuple[str, Instance] | None:
    """What keeps a part out of a form up to BCNF, and two of its rows that say the same thing twice."""
    inside = project(scheme.fds, part)
    for violation in violations(part, inside, wanted):
        if isinstance(violation.dependency, FD):
            reach = closure(violation.dependency.determinant, inside)
            return violation.because, agreeing(sorted(part), reach)
    return None


def _split_by(scheme: Scheme, part: frozenset[str]) -> tuple[str, Instance] | None:
    """What keeps a part in BCNF out of 4NF: a smallest set that is no key and splits the rest, and rows that show how."""
    mixed = Mixed(scheme.dependencies, scheme.attributes)
    inside = mixed.mask(part)
    subsets = [0]
    while subsets[-1] != inside:
        subsets.append((subsets[-1] - inside) & inside)  # the next larger number whose bits are all inside
    for subset in sorted(subsets, key=int.bit_count):
        if inside & ~mixed.closure(subset):
            pieces = sorted({block & inside for block in mixed.blocks(subset)} - {0})
            if len(pieces) > 1:
                first, second = (mixed.set(piece) for piece in pieces[:2])
                chosen = mixed.set(subset)
                told = f"for each {prose(chosen)}" if chosen else "throughout"
                because = f"{told}, {prose(first)} and {prose(second)} are independent of each other."
                return because, _every_pair(part, first, second)
    return None


def _every_pair(part: frozenset[str], first: frozenset[str], second: frozenset[str]) -> Instance:
    """Four rows: both values of the first attributes with both values of the second, the same elsewhere."""
    columns = tuple(sorted(part))
    rows = [
        tuple(plain_value(name, 1 + (name in first and one) + (name in second and other)) for name in columns)
        for one in (False, True)
        for other in (False, True)
    ]
    return Instance(columns, tuple(rows))


def is_lossless(scheme: Scheme, parts: Collection[frozenset[str]]) -> Verdict:
    """Whether parts join back; where not, the witness shows the rows that the join invents."""
    verdict = lossless_join(parts, scheme.dependencies, attributes=scheme.attributes)
    if verdict:
        return verdict
    shown = _spurious_on_an_example(scheme, parts)
    if isinstance(verdict.witness, Chase):
        chased = _spurious_in_a_tableau(verdict.witness, parts)
        if shown is None or len(chased.rows.rows) < len(shown.rows.rows):
            shown = chased
    return Verdict(False, "it is lossy: joining the parts gives rows that were not there", shown)


def _spurious_on_an_example(scheme: Scheme, parts: Collection[frozenset[str]]) -> Spurious | None:
    """The rows that joining the parts of a small Armstrong relation invents, if there are some."""
    try:
        rows = armstrong_relation(scheme.attributes, scheme.dependencies, budget=_ROWS)
        joined = rows.rejoined(parts, budget=_JOINED)
    except Undecided:
        return None
    here = set(rows.rows)
    invented = tuple(row for row in joined.rows if row not in here)
    if not invented:
        return None
    if all(isinstance(dependency, FD) for dependency in scheme.dependencies):  # some of the rows obey them as all do
        rows = min((_behind(row, rows, parts) for row in invented[:_TRIED]), key=lambda few: len(few.rows))
        here = set(rows.rows)
        invented = tuple(row for row in rows.rejoined(parts).rows if row not in here)
    return Spurious(rows, tuple(rows.projected(part) for part in parts), Instance(rows.columns, invented[:_SHOWN]))


def _spurious_in_a_tableau(chased: Chase, parts: Collection[frozenset[str]]) -> Spurious:
    """A chased tableau without a row of distinguished symbols, read as rows: their projections join to that row."""
    columns = chased.final.columns
    places: list[dict[Symbol, int]] = [{} for _ in columns]
    for name, place in zip(columns, places, strict=True):
        place[Symbol(name, 0)] = 1
    for row in chased.final.rows:
        for symbol, place in zip(row, places, strict=True):
            place.setdefault(symbol, len(place) + 1)
    rows = Instance(
        columns,
        tuple(
            tuple(plain_value(name, place[symbol]) for name, symbol, place in zip(columns, row, places, strict=True))
            for row in chased.final.rows
        ),
    )
    invented = Instance(columns, (tuple(plain_value(name, 1) for name in columns),))
    return Spurious(rows, tuple(rows.projected(part) for part in parts), invented)


def _behind(invented: tuple[Hashable, ...], rows: Instance, parts: Collection[frozenset[str]]) -> Instance:
    """The few rows that make the join of the parts invent one: a row for each part, and it agrees there."""
    found = dict.fromkeys(
        next(
            row
            for row in rows.rows
            if all(row[at] == invented[at] for at, column in enumerate(rows.columns) if column in part)
        )
        for part in parts
    )
    return Instance(rows.columns, tuple(row for row in rows.rows if row in found))


def is_preserving(scheme: Scheme, parts: Collection[frozenset[str]]) -> Verdict:
    """Whether the functional dependencies can be checked in the parts; where not, the witness shows rows."""
    fds = tuple(fd for fd in scheme.dependencies if isinstance(fd, FD))
    verdict = dependency_preserving(parts, fds)
    if verdict or not isinstance(verdict.witness, tuple):
        return Verdict(verdict.holds, verdict.claim, kept(scheme, tuple(parts)))
    lost = verdict.witness[0]
    checked = [fd for part in parts for fd in project(fds, part)]
    rows = agreeing(scheme.attributes, closure(lost.determinant, checked))
    shown = Lost(lost, rows, tuple(rows.projected(part) for part in parts))
    return Verdict(False, f"it loses {lost}: each part accepts these rows, and together they break it", shown)


def _lossless(question: Question, answer: object) -> Verdict:
    return _truth(read_truth(answer), is_lossless(question.scheme, question.parts))


def _preserving(question: Question, answer: object) -> Verdict:
    return _truth(read_truth(answer), is_preserving(question.scheme, question.parts))


def _truth(given: bool, right: Verdict) -> Verdict:  # noqa: FBT001  the answer is a truth value
    return Verdict(given == right.holds, right.claim, right.witness)


_CHECKS: dict[str, Callable[[Question, object], Verdict]] = {
    "closure": _closure,
    "keys": _keys,
    "cover": _cover,
    "form": _form,
    "3nf": _decomposition,
    "bcnf": _decomposition,
    "4nf": _decomposition,
    "lossless": _lossless,
    "preserving": _preserving,
}

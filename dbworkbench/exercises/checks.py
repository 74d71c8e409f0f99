"""Checking answers: what is wrong is shown on rows, by a proof, or by a chase."""

from collections.abc import Callable, Collection, Iterable

from dbworkbench.errors import Undecided, UnknownName, Unsupported
from dbworkbench.exercises.answers import read_fds, read_form, read_names, read_sets, read_truth
from dbworkbench.exercises.decompositions import every_pair, is_lossless, is_preserving, split_by, violated
from dbworkbench.exercises.exercise import Question, Scheme
from dbworkbench.exercises.grounds import allowed, kinds
from dbworkbench.theory.closure import closure
from dbworkbench.theory.counterexample import counterexample
from dbworkbench.theory.dependencies import FD, MVD, prose
from dbworkbench.theory.derivation import Derivation, derive
from dbworkbench.theory.instance import Instance, agreeing
from dbworkbench.theory.keys import candidate_keys
from dbworkbench.theory.normal_forms import NormalForm, Violation, normal_form, violations
from dbworkbench.theory.verdict import Verdict

# A form that is often left out, and the one before it that is then the right answer.
_CLOSE = frozenset(
    {
        (NormalForm.THIRD, NormalForm.ELEMENTARY_KEY),
        (NormalForm.FOURTH, NormalForm.ESSENTIAL_TUPLE),
    }
)


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
            return Verdict(False, f"it is not in {given}: {found[0].because}", _repeating(scheme, found[0]))
        about = "multivalued" if given is NormalForm.FOURTH else "join"
        claim = f"{given} is about {about} dependencies, and none is given; what those given prove ends at {right}"
        return Verdict(False, claim, kinds(scheme))
    following = list(NormalForm)[given.rank + 1]
    if (following, right) in _CLOSE:
        following = right
    claim = f"it is in {given}, but in a higher form too: nothing keeps it out of {following}"
    return Verdict(False, claim, allowed(scheme, following))


def _repeating(scheme: Scheme, violation: Violation) -> Instance | Violation:
    """Rows that obey the dependencies and say the same thing twice; the violation itself where few rows cannot show it."""
    match violation.dependency:
        case FD(determinant, _):
            return agreeing(scheme.attributes, closure(determinant, scheme.fds))
        case MVD(determinant, dependent):
            rest = frozenset(scheme.attributes) - determinant - dependent
            rows = every_pair(scheme.attributes, dependent - determinant, rest)
            return rows if all(map(rows.satisfies, scheme.dependencies)) else violation
        case _:
            return violation


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
        found = violated(scheme, part, min(wanted, NormalForm.BOYCE_CODD))
        if not found and wanted is NormalForm.FOURTH:
            found = split_by(scheme, part)
        if found:
            because, rows = found
            return Verdict(False, f"the part of {prose(part)} is not in {wanted}: {because}", rows)
    if question.kind == "3nf":
        preserving = is_preserving(scheme, parts)
        if not preserving:
            return preserving
    return Verdict(True, f"every part is in {wanted}, and joining them gives back the whole")


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

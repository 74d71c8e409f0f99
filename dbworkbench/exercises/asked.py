"""The questions of a scheme: from the closure to the decomposition, in the order in which they are learned."""

from collections.abc import Collection, Iterator
from random import Random

from dbworkbench.exercises.exercise import Question, Scheme
from dbworkbench.theory.closure import closure
from dbworkbench.theory.decomposition import decompose_bcnf
from dbworkbench.theory.dependencies import FD, MVD, prose
from dbworkbench.theory.keys import keys_within
from dbworkbench.theory.normal_forms import NormalForm, normal_form


def questions_about(
    name: str,
    scheme: Scheme,
    *,
    subject: Collection[str] = (),
    parts: Collection[Collection[str]] = (),
) -> tuple[Question, ...]:
    """Every kind of question that makes sense for a scheme.

    `subject` is the set whose closure is asked for and `parts` the decomposition asked about; where they are not given,
    they are chosen, always the same for the same name.
    """
    return tuple(_questions(name, scheme, frozenset(subject), tuple(map(frozenset, parts))))


def _questions(
    name: str, scheme: Scheme, subject: frozenset[str], parts: tuple[frozenset[str], ...]
) -> Iterator[Question]:
    fds = tuple(fd for fd in scheme.dependencies if isinstance(fd, FD))
    form = normal_form(scheme.attributes, scheme.dependencies)
    if fds:
        start = subject or _subject(name, scheme)
        yield Question(name, "closure", f"What is the closure of {prose(start)}?", scheme, subject=start)
    yield Question(name, "keys", "What are all candidate keys?", scheme)
    if len(fds) > 1:
        text = "Give a minimal cover: nothing on a left side, and no dependency, can be left out."
        yield Question(name, "cover", text, scheme)
    yield Question(name, "form", "What is the highest normal form that the dependencies prove?", scheme)
    functional = len(fds) == len(scheme.dependencies)
    if functional and form < NormalForm.THIRD:
        text = "Decompose into third normal form, without losing rows or dependencies."
        yield Question(name, "3nf", text, scheme)
    if functional and form < NormalForm.BOYCE_CODD:
        text = "Decompose into Boyce–Codd normal form without losing rows."
        yield Question(name, "bcnf", text, scheme)
    if any(isinstance(d, MVD) for d in scheme.dependencies) and form < NormalForm.FOURTH:
        yield Question(name, "4nf", "Decompose into fourth normal form without losing rows.", scheme)
    if len(scheme.attributes) > 2 and scheme.dependencies:
        split = parts or _split(name, scheme)
        told = " and ".join(f"({', '.join(sorted(part))})" for part in split).replace(" and ", ", ", len(split) - 2)
        yield Question(
            name, "lossless", f"Does the decomposition into {told} lose nothing when joined?", scheme, parts=split
        )
        if fds:
            text = f"Can all dependencies be checked within the parts {told}?"
            yield Question(name, "preserving", text, scheme, parts=split)


def _subject(name: str, scheme: Scheme) -> frozenset[str]:
    """A small set whose closure is neither itself nor everything, if there is one."""
    random = Random(name)  # noqa: S311  a choice to repeat, no secret
    names = sorted(scheme.attributes)
    candidates = [frozenset({one}) for one in names]
    candidates += [frozenset(random.sample(names, 2)) for _ in range(8) if len(names) > 1]
    candidates += [fd.determinant for fd in scheme.fds if fd.determinant]
    whole = frozenset(names)

    def worth(start: frozenset[str]) -> tuple[bool, int, list[str]]:
        reach = closure(start, scheme.fds)
        return (reach in {start, whole}, -len(reach - start), sorted(start))

    return min(candidates, key=worth)


def _split(name: str, scheme: Scheme) -> tuple[frozenset[str], ...]:
    """A decomposition to judge: that into BCNF, or one that moves an attribute where it does not belong."""
    random = Random(name)  # noqa: S311  the same
    names = sorted(scheme.attributes)
    parts = [part.attributes for part in decompose_bcnf(names, scheme.fds).parts]
    if len(parts) > 1 and random.random() < 0.6:
        return tuple(sorted(parts, key=sorted))
    key = next(iter(keys_within(names, scheme.fds, most=1).found))
    kept = sorted(key) or names[:1]
    rest = [one for one in names if one not in kept]
    random.shuffle(rest)
    middle = max(1, len(rest) // 2)
    shared = kept[: max(1, len(kept) - (random.random() < 0.5))]
    first, second = frozenset([*kept, *rest[:middle]]), frozenset([*shared, *rest[middle:]])
    if first <= second or second <= first:
        first, second = frozenset(names[: len(names) // 2 + 1]), frozenset(names[len(names) // 2 :])
    return first, second

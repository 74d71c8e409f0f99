"""Reading what a learner answers: plain values or the notation, in whichever shape is easiest to type."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from dbworkbench.errors import NotationError
from dbworkbench.theory.dependencies import FD, names_in
from dbworkbench.theory.normal_forms import NormalForm

_YES = {"yes": True, "true": True, "y": True, "no": False, "false": False, "n": False}


def read_names(answer: object, known: Iterable[str] = ()) -> frozenset[str]:
    """A set of names: `"a, b"`, `["a", "b"]` or `{"a", "b"}`; `"ab"` where every known name is one letter.

    >>> sorted(read_names("a, b")), sorted(read_names("ab", known="abc"))
    (['a', 'b'], ['a', 'b'])
    """
    if isinstance(answer, str):
        found = names_in(answer.strip().strip("{}"))
        letters = frozenset(known)
        if letters and all(len(name) == 1 for name in letters):
            return frozenset(letter for name in found for letter in name)
        return frozenset(found)
    if isinstance(answer, Iterable):
        names = list(answer)
        for name in names:
            if not isinstance(name, str):
                raise NotationError(f"{name!r} is no attribute name — answer like 'a, b' or ['a', 'b']")
        return frozenset(names)
    raise NotationError(f"{answer!r} is no set of attributes — answer like 'a, b' or ['a', 'b']")


def read_sets(answer: object, known: Iterable[str] = ()) -> tuple[frozenset[str], ...]:
    """Several sets of names: `"a b; c"`, one a line, or a list of sets.

    >>> [sorted(one) for one in read_sets("a, b; c")]
    [['a', 'b'], ['c']]
    """
    letters = frozenset(known)
    if isinstance(answer, str):
        pieces = [piece for line in answer.splitlines() for piece in line.split(";") if piece.strip()]
        return tuple(dict.fromkeys(read_names(piece, letters) for piece in pieces))
    if isinstance(answer, Mapping) or not isinstance(answer, Iterable):
        raise NotationError(f"{answer!r} is no list of attribute sets — answer like ['a, b', 'c'] or 'a, b; c'")
    return tuple(dict.fromkeys(read_names(one, letters) for one in answer))


def read_fds(answer: object, known: Iterable[str] = ()) -> tuple[FD, ...]:
    """Functional dependencies: a list of them or of lines, or a text with one a line (or between semicolons).

    >>> read_fds("a -> b; b -> c")
    (FD('a → b'), FD('b → c'))
    """
    if isinstance(answer, str):
        answer = [piece for line in answer.splitlines() for piece in line.split(";") if piece.strip()]
    if isinstance(answer, FD):
        answer = [answer]
    if isinstance(answer, Mapping) or not isinstance(answer, Iterable):
        raise NotationError(f"{answer!r} is no list of dependencies — answer like ['a -> b', 'b -> c']")
    letters = frozenset(known)
    found = []
    for one in answer:
        if not isinstance(one, FD | str):
            raise NotationError(f"{one!r} is no dependency — write it as 'a, b -> c'")
        fd = one if isinstance(one, FD) else FD.parse(one)
        if letters and all(len(name) == 1 for name in letters):
            fd = FD(read_names(" ".join(fd.determinant), letters), read_names(" ".join(fd.dependent), letters))
        found.append(fd)
    return tuple(dict.fromkeys(found))


def read_form(answer: object) -> NormalForm:
    """A normal form, as `"3NF"`, `"bcnf"`, `3` or a NormalForm.

    >>> read_form("bcnf"), read_form(3)
    (<NormalForm.BOYCE_CODD: 'BCNF'>, <NormalForm.THIRD: '3NF'>)
    """
    with suppress(ValueError):
        return NormalForm(answer)
    raise NotationError(f"{answer!r} is no normal form — answer one of {', '.join(form.value for form in NormalForm)}")


def read_truth(answer: object) -> bool:
    """Yes or no, as `True`, `"yes"` or `"no"`.

    >>> read_truth("No")
    False
    """
    if isinstance(answer, bool):
        return answer
    found = _YES.get(str(answer).strip().casefold())
    if found is None:
        raise NotationError(f"{answer!r} is neither yes nor no — answer True or False")
    return found

"""Reading what a learner answers: plain values or the notation, in whichever shape is easiest to type.

Sets are read from `"a, b"`, `"{a, b}"`, `["a", "b"]` or a set; where every attribute is one letter, `"ab"` is the set of both.
Several sets are separated by semicolons or lines, or stand in braces: `"a, b; c"`, `"{a, b}, {c}"`; of letters, `"ab, c"` too.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress

from dbworkbench.errors import NotationError
from dbworkbench.theory.dependencies import FD, names_in
from dbworkbench.theory.normal_forms import NormalForm

_TRUE, _FALSE = frozenset({"yes", "true", "y"}), frozenset({"no", "false", "n"})
_NESTED = re.compile(r"""[({\[]([^(){}\[\]]*)[)}\]]""")
_BRACES = re.compile(r"[(){}\[\]]")
_ARROW = re.compile(r"->|→")
_FORMS = {
    "first": "1NF",
    "second": "2NF",
    "third": "3NF",
    "elementary key": "EKNF",
    "boyce codd": "BCNF",
    "fourth": "4NF",
    "essential tuple": "ETNF",
    "fifth": "5NF",
}


def read_names(answer: object, known: Iterable[str] = ()) -> frozenset[str]:
    """A set of names: `"a, b"`, `["a", "b"]` or `{"a", "b"}`; `"ab"` where every known name is one letter.

    >>> sorted(read_names("a, b")), sorted(read_names("ab", known="abc")), sorted(read_names(["ab"], known="abc"))
    (['a', 'b'], ['a', 'b'], ['a', 'b'])
    """
    if isinstance(answer, str):
        return _spelled(names_in(_bare(answer)), frozenset(known))
    if isinstance(answer, Mapping | bytes) or not isinstance(answer, Iterable):
        raise NotationError(f"{answer!r} is no set of attributes — answer like 'a, b' or ['a', 'b']")
    names = list(answer)
    for name in names:
        if not isinstance(name, str):
            raise NotationError(f"{name!r} is no attribute name — answer like 'a, b' or ['a', 'b']")
    return _spelled(names, frozenset(known))


def _bare(text: str) -> str:
    """A text without braces around it."""
    text = text.strip()
    return text[1:-1].strip() if (text[:1], text[-1:]) in {("{", "}"), ("(", ")"), ("[", "]")} else text


def _letters(known: Collection[str]) -> bool:
    return bool(known) and all(len(name) == 1 for name in known)


def _spelled(names: Iterable[str], known: frozenset[str]) -> frozenset[str]:
    """The names; where every known one is a letter, words stand for their letters."""
    return frozenset(letter for name in names for letter in name) if _letters(known) else frozenset(names)


def read_sets(answer: object, known: Iterable[str] = ()) -> tuple[frozenset[str], ...]:
    """Several sets of names: `"a b; c"`, `"{a, b}, {c}"`, one a line, a list of sets, or a decomposition.

    >>> [sorted(one) for one in read_sets("a, b; c")], [sorted(one) for one in read_sets("AB, C", known="ABC")]
    ([['a', 'b'], ['c']], [['A', 'B'], ['C']])
    """
    letters = frozenset(known)
    if isinstance(answer, str):
        return tuple(dict.fromkeys(read_names(piece, letters) for piece in _pieces(answer, letters)))
    answer = getattr(answer, "parts", answer)
    if isinstance(answer, Mapping | bytes) or not isinstance(answer, Iterable):
        raise NotationError(f"{answer!r} is no list of attribute sets — answer like ['a, b', 'c'] or 'a, b; c'")
    return tuple(dict.fromkeys(read_names(getattr(one, "attributes", one), letters) for one in answer))


def _pieces(text: str, known: frozenset[str]) -> list[str]:
    """The texts of the single sets: between semicolons and lines, in braces, or words of letters between commas."""
    for inner in (text, _bare(text)) if '"' not in text else ():
        if _NESTED.search(inner) and not _NESTED.sub("", inner).strip(" \t\n,;"):
            return _NESTED.findall(inner)
    pieces = [piece for line in text.splitlines() for piece in line.split(";") if piece.strip()]
    if len(pieces) == 1 and _letters(known) and '"' not in text:
        words = _bare(text).split(",")
        if len(words) > 1 and any(len(word.split()) > 1 or len(word.strip()) > 1 for word in words):
            return words
    return pieces


def read_fds(answer: object, known: Iterable[str] = ()) -> tuple[FD, ...]:
    """Functional dependencies: a list of them or of lines, or a text with one a line (or between semicolons).

    >>> read_fds("a -> b; b -> c"), read_fds("A -> BC, {B} -> {C}", known="ABC")
    ((FD('a → b'), FD('b → c')), (FD('A → B, C'), FD('B → C')))
    """
    if isinstance(answer, str):
        answer = [one for line in answer.splitlines() for piece in line.split(";") for one in _apart(piece)]
    if isinstance(answer, FD):
        answer = [answer]
    if isinstance(answer, Mapping | bytes) or not isinstance(answer, Iterable):
        raise NotationError(f"{answer!r} is no list of dependencies — answer like ['a -> b', 'b -> c']")
    letters = frozenset(known)
    found = []
    for one in answer:
        if not isinstance(one, FD | str):
            raise NotationError(f"{one!r} is no dependency — write it as 'a, b -> c'")
        fd = one if isinstance(one, FD) else FD.parse(one if '"' in one else _BRACES.sub(" ", one))
        found.append(FD(_spelled(fd.determinant, letters), _spelled(fd.dependent, letters)))
    return tuple(dict.fromkeys(found))


def _apart(text: str) -> list[str]:
    """The dependencies of a text; between commas, where each piece has an arrow of its own."""
    if not text.strip():
        return []
    pieces = text.split(",")
    alone = len(pieces) > 1 and '"' not in text and all(len(_ARROW.findall(piece)) == 1 for piece in pieces)
    return pieces if alone else [text]


def read_form(answer: object) -> NormalForm:
    """A normal form, as `"3NF"`, `"bcnf"`, `3`, `"third normal form"` or a NormalForm.

    >>> read_form("bcnf"), read_form(3), read_form("Boyce-Codd normal form")
    (<NormalForm.BOYCE_CODD: 'BCNF'>, <NormalForm.THIRD: '3NF'>, <NormalForm.BOYCE_CODD: 'BCNF'>)
    """
    if isinstance(answer, str):
        words = " ".join(re.findall(r"\w+", answer.casefold())).removesuffix("normal form").strip()
        answer = _FORMS.get(words, answer)
    with suppress(ValueError):
        return NormalForm(answer)
    raise NotationError(f"{answer!r} is no normal form — answer one of {', '.join(form.value for form in NormalForm)}")


def read_truth(answer: object) -> bool:
    """Yes or no, as `True`, `"yes"` or `"no"`.

    >>> read_truth("No.")
    False
    """
    if isinstance(answer, bool):
        return answer
    said = answer.strip().rstrip(".!").casefold() if isinstance(answer, str) else ""
    if said in _TRUE | _FALSE:
        return said in _TRUE
    raise NotationError(f"{answer!r} is neither yes nor no — answer True or False")

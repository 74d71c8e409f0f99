"""What a person gives: attributes and dependencies in whichever shape is natural, read into values.

Attributes: `"a, b"`, `["a", "b"]`, `{"a", "b"}`, `"R(a, b)"`, or `"abc"` where names are single letters. Dependencies:
values, texts, pairs of sides, a text with one a line (or between semicolons, or commas), or a relation, whose own are taken. Letters that
are written together, `AB -> C`, are told by the attributes; where none are given, by how the texts look (`written_together`).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache, wraps
from inspect import signature
from typing import Any, Literal, ParamSpec, TypeVar

from dbworkbench.errors import DesignError, NotationError
from dbworkbench.theory.dependencies import ARROW, FD, IND, JD, MVD, Dependency, names_in, parse_dependency

_KINDS = frozenset({FD, MVD, JD})
_TEXT = frozenset({str})
_SCHEME = re.compile(r"\s*\w*\s*\(([^()]*)\)\s*\Z")
_BETWEEN = re.compile(r"[;\n](?=(?:[^\"]*\"[^\"]*\")*[^\"]*\Z)")
_BRACED = re.compile(r"\s*\{([^{}]*)\}\s*\Z")
_SAYING = frozenset({"dependencies", "goal"})
_Role = Literal["names", "dependencies", "goal", "parts"]
_LETTERS_APART = 3  # letters of a word that shares none with another one and is still read as letters
_ROLES: dict[str, _Role] = {
    "attributes": "names",
    "candidate": "names",
    "whole": "names",
    "fds": "dependencies",
    "dependencies": "dependencies",
    "first": "dependencies",
    "second": "dependencies",
    "order": "dependencies",
    "add": "dependencies",
    "drop": "dependencies",
    "goal": "goal",
    "parts": "parts",
}


def attributes_in(given: object, known: Collection[str] = ()) -> tuple[str, ...]:
    """The names given, in order (of a set, sorted); a text without separators is one name if that is known, else letters.

    >>> attributes_in("a, b"), attributes_in("ab"), attributes_in("city", known={"city"}), attributes_in("R(A, B)")
    (('a', 'b'), ('a', 'b'), ('city',), ('A', 'B'))
    """
    if isinstance(given, str):
        return _names_of_text(given, known)
    for holder in ("names", "columns"):  # a relation, rows, a data frame
        if not isinstance(given, Mapping) and hasattr(given, holder):
            given = getattr(given, holder)
    listed = tuple(given) if isinstance(given, Iterable) else None
    if listed is None or not all(isinstance(name, str) for name in listed):
        raise NotationError(f"{given!r} names no attributes — give 'a, b' or ['a', 'b']")
    return tuple(sorted(listed)) if isinstance(given, AbstractSet) else listed


def _names_of_text(text: str, known: Collection[str]) -> tuple[str, ...]:
    if text in known:
        return (text,)
    scheme = _SCHEME.match(text)
    named = names_in(scheme[1] if scheme else text)
    if len(named) == 1 and named[0] not in known and '"' not in text and _spelled(named[0], known):
        return tuple(named[0])
    return named


def _spelled(text: str, known: Collection[str]) -> bool:
    """Whether a word stands for its letters: every known name is a letter, or written of these letters."""
    return text.isalnum() and (_letters(known) or all(set(text).issuperset(name) for name in known))


def _letters(names: Collection[str]) -> bool:
    return all(len(name) == 1 for name in names)


def dependencies_in(given: object) -> Collection[Dependency]:
    """The dependencies given; a collection of values is returned as it is.

    >>> dependencies_in("a -> b; b ->> c"), dependencies_in([("a", "b, c")])
    ((FD('a → b'), MVD('b ↠ c')), (FD('a → b, c'),))

    Raises NotationError for what is no dependency, and DesignError for an inclusion dependency, which is between
    relations.
    """
    if isinstance(given, tuple | list | frozenset | set) and _KINDS.issuperset(map(type, given)):
        return given
    if isinstance(given, FD | MVD | JD):
        return (given,)
    if isinstance(given, str):
        return _read_text(given)
    if isinstance(given, tuple | list) and _TEXT.issuperset(map(type, given)):
        return _read_texts(tuple(given))
    if hasattr(given, "fds") and hasattr(given, "dependencies"):  # a relation: what its keys say counts too
        return tuple(dict.fromkeys((*given.fds, *given.dependencies)))
    if isinstance(given, Mapping):
        given = given.items()
    if not isinstance(given, Iterable):
        raise NotationError(f"{given!r} is no list of dependencies — write them like ['a -> b', 'b -> c']")
    return tuple(map(dependency_in, given))


@lru_cache(maxsize=64)
def _read_text(text: str) -> tuple[Dependency, ...]:
    return tuple(parse_dependency(piece) for piece in _pieces(text))


def _pieces(text: str) -> Iterator[str]:
    """The texts of the dependencies of a text: one a line or between semicolons; or between commas, where each piece is one."""
    braced = _BRACED.match(text)
    for piece in _BETWEEN.split(braced[1] if braced else text):
        left, arrow, right = piece.partition("->>")
        if arrow and "|" in right:  # both sides of what each value of the left goes with
            yield from (f"{left}->>{side}" for side in right.split("|"))
        elif len(ARROW.findall(piece)) > 1 and all(len(ARROW.findall(one)) == 1 for one in piece.split(",")):
            yield from piece.split(",")
        elif piece.strip():
            yield piece


@lru_cache(maxsize=64)
def _read_texts(texts: tuple[str, ...]) -> tuple[Dependency, ...]:
    """Dependencies from a text each: the same texts give the same collection, so that what is known of it is found."""
    return tuple(parse_dependency(piece) for text in texts for piece in _pieces(text))


def written_together(given: object) -> bool:
    """Whether texts of dependencies are of single letters that are written together, as textbooks do: `AB -> C`.

    They are where nothing separates names in any of them, some name is one letter, and the others are capitals, each once,
    that do not look like words; or, in small letters, made of those that stand alone elsewhere.

    >>> written_together(["AB->C", "C->D"]), written_together(["ID->NAME"]), written_together("a -> b; ab -> c")
    (True, False, True)
    """
    return _together(_texts_of(given))


@lru_cache(maxsize=64)
def _together(texts: tuple[str, ...]) -> bool:
    sides = [side.strip().removeprefix("{").removesuffix("}") for text in texts for side in ARROW.split(text)]
    if not all(side.isascii() and (side.isalpha() or side in {"", "∅"}) for side in sides):
        return False
    words = {side for side in sides if len(side) > 1}
    alone = {side for side in sides if len(side) == 1}
    if not words or not alone:
        return False
    if all(set(word) <= alone for word in words):
        return True
    return (
        all(
            word.isupper()
            and len(set(word)) == len(word)
            and (len(word) <= _LETTERS_APART or any(set(word) & set(other) for other in {*words, *alone} - {word}))
            for word in words
        )
        and "".join(alone).isupper()
    )


def _texts_of(given: object) -> tuple[str, ...]:
    """What is given in texts alone, or in pairs of them; nothing where some of it is a value or a set."""
    if isinstance(given, str):
        return tuple(_pieces(given))
    if isinstance(given, Mapping):
        given = tuple(given.items())
    if not isinstance(given, tuple | list | set | frozenset):
        return ()
    found: list[str] = []
    for one in given:
        match one:
            case str():
                found += _pieces(one)
            case (str() as left, str() as right):
                found += [left, right]
            case _:
                return ()
    return tuple(found)


def letters_apart(dependencies: Collection[Dependency]) -> tuple[Dependency, ...]:
    """The dependencies with every name taken apart into its letters."""
    return _apart(tuple(dependencies))


@lru_cache(maxsize=64)
def _apart(dependencies: tuple[Dependency, ...]) -> tuple[Dependency, ...]:
    letters = frozenset(letter for name in _names_of(dependencies) for letter in name)
    return tuple(_lettered(dependency, letters) for dependency in dependencies)


def dependency_in(given: object) -> Dependency:
    """One dependency: a value, its text, or a pair of sides."""
    match given:
        case FD() | MVD() | JD():
            return given
        case str():
            return parse_dependency(given)
        case IND():
            raise DesignError(f"{given} is between relations — keys, covers and forms follow from those within one")
        case (determinant, dependent) if not isinstance(given, Mapping):
            return FD(frozenset(_side(determinant)), frozenset(_side(dependent)))
    raise NotationError(f"{given!r} is no dependency — write it like 'a, b -> c'")


def _side(given: object) -> tuple[str, ...]:
    return names_in(given) if isinstance(given, str) else attributes_in(given)


def parts_in(given: object, known: Collection[str] = ()) -> tuple[frozenset[str], ...]:
    """Sets of attributes: a list of them, a text `"a b; b c"`, parts of a decomposition, or relations.

    >>> [sorted(part) for part in parts_in("a, b; b, c")], [sorted(part) for part in parts_in(["ab", "bc"])]
    ([['a', 'b'], ['b', 'c']], [['a', 'b'], ['b', 'c']])
    """
    if isinstance(given, str):
        given = [piece for piece in _BETWEEN.split(given) if piece.strip()]
    if isinstance(given, Mapping):
        given = given.values()
    if not isinstance(given, Iterable):
        raise NotationError(f"{given!r} is no list of parts — write them like ['a, b', 'b, c']")
    return tuple(
        frozenset(attributes_in(one if isinstance(one, str) else getattr(one, "attributes", one), known))
        if not hasattr(one, "names")
        else frozenset(one.names)
        for one in given
    )


def _names_of(dependencies: Iterable[Dependency]) -> frozenset[str]:
    return frozenset[str]().union(*(dependency.attributes for dependency in dependencies))


def _lettered(dependency: Dependency, known: frozenset[str]) -> Dependency:
    """A dependency over single letters, where its names are such letters written together: `AB -> C`."""
    if dependency.attributes <= known:
        return dependency

    def apart(names: frozenset[str]) -> frozenset[str]:
        return frozenset(n for name in names for n in ([name] if name in known or not known.issuperset(name) else name))

    match dependency:
        case FD(determinant, dependent):
            return FD(apart(determinant), apart(dependent))
        case MVD(determinant, dependent):
            return MVD(apart(determinant), apart(dependent))
        case JD(components):
            return JD(frozenset(map(apart, components)))


P = ParamSpec("P")
R = TypeVar("R")


def liberal(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, for whom it is natural to write `normal_form("a, b, c", ["a -> b"])`.

    Arguments are read by their names: `attributes`, `dependencies`, `goal`, `parts` and the like. A relation in the
    place of the attributes brings its own dependencies, where none are given.
    """
    parameters = list(signature(function).parameters)
    given_by = next((name for name in ("fds", "dependencies") if name in parameters), "")

    read: Callable[..., R] = function
    alone = _ROLES.get(parameters[0]) == "dependencies"

    @wraps(function)
    def reading(*args: Any, **kwargs: Any) -> R:  # noqa: ANN401  whatever the function takes
        args = tuple(tuple(one) if isinstance(one, Iterator) else one for one in args)
        if alone and len(args) == 1 and not kwargs:
            found = dependencies_in(args[0])
            return read(letters_apart(found) if found is not args[0] and written_together(args[0]) else found)
        said = dict(zip(parameters, args, strict=False)) | kwargs
        first = said.get("attributes")
        if given_by and given_by not in said and hasattr(first, "fds") and hasattr(first, "dependencies"):
            said[given_by] = first
        return read(**_read(said))

    return reading


def _all_letters_of(text: str, known: frozenset[str]) -> bool:
    """Whether a text that is the name of an attribute has to be all of them, written together."""
    return text.isalnum() and not known <= {text} and set(text).issuperset(letter for name in known for letter in name)


def _read(said: dict[str, Any]) -> dict[str, Any]:
    texts = [
        _texts_of([value] if _ROLES.get(name) == "goal" else value)
        for name, value in said.items()
        if _ROLES.get(name) in _SAYING
    ]
    together = bool(texts) and all(texts) and written_together([text for some in texts for text in some])
    for name, value in said.items():
        match _ROLES.get(name):
            case "dependencies":
                said[name] = dependencies_in(value)
            case "goal":
                said[name] = dependency_in(value)
    known = frozenset[str]()
    for name in ("attributes", "whole"):
        if said.get(name) is not None:
            value = said[name]
            said[name] = attributes_in(value, known or _named(said) if isinstance(value, str) else ())
            if said[name] == (value,) and isinstance(value, str) and _all_letters_of(value, _named(said)):
                said[name] = tuple(value)
            known |= frozenset(said[name])
    if not known and together:
        for name, value in said.items():
            match _ROLES.get(name):
                case "dependencies":
                    said[name] = letters_apart(value)
                case "goal":
                    (said[name],) = letters_apart((value,))
    if known and _letters(known):
        for name, value in said.items():
            match _ROLES.get(name):
                case "dependencies" if not _names_of(value) <= known:
                    said[name] = tuple(_lettered(dependency, known) for dependency in value)
                case "goal":
                    said[name] = _lettered(value, known)
    for name, value in said.items():
        if name == "candidate":
            said[name] = attributes_in(value, known)
        elif name == "parts":
            said[name] = parts_in(value, known or _named(said))
    return said


def _named(said: Mapping[str, Any]) -> frozenset[str]:
    """Every name that the dependencies among the arguments hold."""
    return frozenset[str]().union(
        *(_names_of(value) for name, value in said.items() if _ROLES.get(name) == "dependencies"),
        *(value.attributes for name, value in said.items() if _ROLES.get(name) == "goal"),
    )

"""Texts that meet a pattern: the simple part of regular expressions, SIMILAR TO and LIKE, counted and numbered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal, TypeAlias

import duckdb

from dbworkbench.population.coding import MOST, texts
from dbworkbench.population.numbers import scattered

__all__ = ["Kind", "Pattern", "Slots", "met", "patterned"]

Kind: TypeAlias = Literal["regex", "similar", "like"]

_DIGITS = "0123456789"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_LETTERS = _LOWER + _LOWER.upper()
_PRINTED = "".join(map(chr, range(32, 127)))
_CLASSES = {"d": _DIGITS, "w": _LETTERS + _DIGITS + "_", "s": " "}
_NAMED = {
    "alpha": _LETTERS,
    "digit": _DIGITS,
    "alnum": _LETTERS + _DIGITS,
    "upper": _LOWER.upper(),
    "lower": _LOWER,
    "space": " ",
    "xdigit": _DIGITS + "abcdefABCDEF",
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r"}
_ANY = _LOWER + _DIGITS  # what stands for any character: read easily, and no pattern of its own
_WORDS = 256  # words that a choice is written out into
_LONGEST = 256  # repetitions that are made
_ROOM = 1000  # texts wanted at least, where the pattern allows


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of a check, and the language that it is written in."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Slots:
    """Texts put together from one word of each list; no word of a list begins another, so that all texts differ."""

    lists: tuple[tuple[str, ...], ...]

    @property
    def count(self) -> int:
        """How many texts there are, as far as codes are counted."""
        return min(MOST, prod(map(len, self.lists)))

    @property
    def shortest(self) -> int:
        """The characters of the shortest text."""
        return sum(min(map(len, words)) for words in self.lists)

    @property
    def longest(self) -> int:
        """The characters of the longest text."""
        return sum(max(map(len, words)) for words in self.lists)

    def sql(self, code: str, *salt: object) -> str:
        """The text of a code below `count`, as DuckDB's SQL; neighbours are strewn."""
        at, below, pieces = scattered(code, self.count, *salt), 1, list[str]()
        for words in reversed(self.lists):
            place = f"1 + (({at}) // {below}) % {len(words)}" if len(words) > 1 else "1"
            pieces.append(f"{texts(words)}[{place}]")
            below = min(below * len(words), MOST)
        return f"concat({', '.join(reversed(pieces))})"


def patterned(pattern: Pattern, *, shortest: int = 0, longest: int | None = None, rows: int = 1) -> Slots | None:
    """Texts that meet a pattern, enough for `rows` where it has so many; None where it is not simple, or none is fit.

    Literals, classes, quantifiers, alternatives and anchors around the whole are simple; what looks ahead or back is not.
    The cost grows with the pattern's length times the repetitions tried, at most 32.

    >>> patterned(Pattern("regex", "^(DE|AT)-[0-9]$")).lists
    (('DE', 'AT'), ('-',), ('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'))
    >>> patterned(Pattern("regex", "^(?=a)"))
    """
    try:
        tree = _Parser(pattern).whole()
    except _NotSimple:
        return None
    best: Slots | None = None
    for usual in range(33):
        try:
            found = Slots(tuple(_joined(_slots(tree, usual))))
        except _NotSimple:
            break
        if longest is not None and found.longest > longest:
            break
        if found.shortest >= shortest and (best is None or found.count > best.count):
            best = found
        if best is not None and usual and best.count >= max(_ROOM, 4 * rows):
            break
    return best


def met(pattern: Pattern, some: Iterable[str]) -> bool:
    """Whether DuckDB, whose time is linear in the text, takes each of the texts for meeting the pattern.

    >>> met(Pattern("like", "a%"), ["ab"]), met(Pattern("regex", "^[0-9]$"), ["ab"])
    (True, False)
    """
    test = {"regex": "regexp_matches(t, $1)", "similar": "t SIMILAR TO $1", "like": "t LIKE $1"}[pattern.kind]
    with duckdb.connect() as connection:
        try:
            asked = f"SELECT bool_and({test}) FROM unnest($2::VARCHAR[]) u(t)"
            return connection.execute(asked, [pattern.text, list(some)]).fetchall()[0][0] is True
        except duckdb.Error:
            return False


class _NotSimple(Exception):
    """What is read of a pattern ends here."""


@dataclass(frozen=True, slots=True)
class _Characters:
    some: str


@dataclass(frozen=True, slots=True)
class _Sequence:
    parts: "tuple[_Node, ...]"


@dataclass(frozen=True, slots=True)
class _Choice:
    branches: "tuple[_Node, ...]"


@dataclass(frozen=True, slots=True)
class _Repeated:
    part: "_Node"
    low: int
    high: int | None


_Node: TypeAlias = _Characters | _Sequence | _Choice | _Repeated


def _slots(node: _Node, usual: int) -> Iterator[tuple[str, ...]]:
    """The lists of words of a pattern, where what may be repeated is so `usual` times if it can."""
    match node:
        case _Characters(some):
            yield tuple(some)
        case _Sequence(parts):
            for part in parts:
                yield from _slots(part, usual)
        case _Repeated(part, low, high):
            times = max(low, usual) if high is None else min(high, max(low, usual))
            if times > _LONGEST:
                raise _NotSimple
            inner = list(_slots(part, usual)) if times else []
            if len(inner) * times > 4 * _LONGEST:
                raise _NotSimple
            yield from inner * times
        case _Choice(branches):
            lists = [list(_slots(branch, usual)) for branch in branches]
            if sum(prod(map(len, one)) for one in lists) <= _WORDS:
                yield _beginning_none(word for one in lists for word in _words(one))
            else:
                yield from max(lists, key=lambda one: prod(map(len, one)))


def _words(lists: list[tuple[str, ...]]) -> list[str]:
    found = [""]
    for words in lists:
        found = [before + word for before in found for word in words]
    return found


def _beginning_none(words: Iterable[str]) -> tuple[str, ...]:
    """Those of the words that begin no other one: put one after another they can be told apart."""
    some = list(dict.fromkeys(words))
    return tuple(word for word in some if not any(other != word and other.startswith(word) for other in some))


def _joined(lists: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The lists with neighbours that leave no choice made one."""
    fixed = ""
    for words in lists:
        if len(words) == 1:
            fixed += words[0]
            continue
        if fixed:
            yield (fixed,)
        fixed = ""
        yield words
    if fixed:
        yield (fixed,)


class _Parser:
    """A pattern's characters, read from the left."""

    def __init__(self, pattern: Pattern) -> None:
        self.kind, self.text, self.at = pattern.kind, pattern.text, 0
        for flag in ("(?i)", "(?s)", "***:") if self.kind == "regex" else ():
            self.text = self.text.removeprefix(flag)
        self.depth = 0

    def whole(self) -> _Node:
        found = self._choice()
        if self.at < len(self.text):
            raise _NotSimple
        return found

    def _next(self) -> str:
        return self.text[self.at : self.at + 1]

    def _taken(self, sign: str) -> bool:
        there = self.text.startswith(sign, self.at)
        self.at += len(sign) * there
        return there

    def _choice(self) -> _Node:
        branches = [self._sequence()]
        while self.kind != "like" and self._taken("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else _Choice(tuple(branches))

    def _sequence(self) -> _Node:
        outermost = self.kind == "regex" and (not self.depth or self._around())
        if self.kind == "regex" and self._next() == "^":
            if not outermost:
                raise _NotSimple
            self.at += 1
        parts: list[_Node] = []
        while (sign := self._next()) and (self.kind == "like" or sign not in "|)"):
            if self.kind == "regex" and self._taken("$"):
                if not outermost or self._next() not in {"", "|", ")"}:
                    raise _NotSimple
                continue
            parts.append(self._part())
        return _Sequence(tuple(parts))

    def _around(self) -> bool:
        """Whether the parentheses that are open stand around the whole pattern."""
        return self.text.startswith("(" * self.depth) and self.text.endswith(")" * self.depth) and self.depth == 1

    def _part(self) -> _Node:
        found = self._one()
        while self.kind != "like" and (times := self._times()) is not None:
            if isinstance(found, _Repeated):
                raise _NotSimple
            found = _Repeated(found, *times)
            if self.kind == "regex":
                if self._next() == "+":
                    raise _NotSimple
                self._taken("?")  # as few as can be: it is met by the same texts
        return found

    def _times(self) -> tuple[int, int | None] | None:
        for sign, low, high in (("*", 0, None), ("+", 1, None), ("?", 0, 1)):
            if self._taken(sign):
                return low, high
        if not self._taken("{"):
            return None
        said, closed, _ = self.text[self.at :].partition("}")
        self.at += len(said) + 1
        low_said, comma, high_said = said.partition(",")
        digits = low_said.isdecimal() and (high_said.isdecimal() or not high_said)
        if not closed or not digits or len(said) > 9:
            raise _NotSimple
        low = int(low_said)
        high = (int(high_said) if high_said else None) if comma else low
        if high is not None and high < low:
            raise _NotSimple
        return low, high

    def _one(self) -> _Node:
        sign = self._next()
        self.at += 1
        if sign == "\\":
            return _Characters(self._escaped())
        if self.kind == "similar" and sign in "%_":
            return _Characters(
                sign
            )  # it stands for itself in DuckDB, and for any character in the standard: for itself, too
        if self.kind == "like" and sign == "%":
            return _Repeated(_Characters(_ANY), 0, None)
        if sign == ("." if self.kind == "regex" else "_"):
            return _Characters(_ANY)
        if self.kind == "like":
            return _Characters(sign)
        if sign == "[":
            return _Characters(self._class())
        if sign == "(":
            return self._group()
        if sign in "*+?{^":
            raise _NotSimple
        return _Characters(sign)

    def _group(self) -> _Node:
        if self._taken("?") and not self._taken(":"):
            raise _NotSimple
        self.depth += 1
        if self.depth > 20:
            raise _NotSimple
        found = self._choice()
        self.depth -= 1
        if not self._taken(")"):
            raise _NotSimple
        return found

    def _escaped(self) -> str:
        sign = self._next()
        self.at += 1
        if self.kind == "regex":
            if sign in _CLASSES:
                return _CLASSES[sign]
            if sign in _CONTROLS:
                return _CONTROLS[sign]
        if not sign or (self.kind == "regex" and sign.isalnum()):
            raise _NotSimple
        return sign

    def _class(self) -> str:
        but = self._taken("^")
        some: list[str] = []
        while self._next() != "]" or not some:
            sign = self._next()
            if not sign:
                raise _NotSimple
            self.at += 1
            if sign == "[" and self._taken(":"):
                said, closed, _ = self.text[self.at :].partition(":]")
                if not closed or said not in _NAMED:
                    raise _NotSimple
                self.at += len(said) + 2
                some.append(_NAMED[said])
                continue
            one = self._escaped() if sign == "\\" else sign
            if self._next() == "-" and self.text[self.at + 1 : self.at + 2] not in {"]", ""} and len(one) == 1:
                self.at += 1
                last = self._next()
                self.at += 1
                last = self._escaped() if last == "\\" else last
                if len(last) != 1 or not 0 <= ord(last) - ord(one) <= _WORDS:
                    raise _NotSimple
                one = "".join(map(chr, range(ord(one), ord(last) + 1)))
            some.append(one)
        self.at += 1
        found = "".join(dict.fromkeys("".join(some)))
        if but:
            found = "".join(sign for sign in _ANY if sign not in found) or "".join(
                sign for sign in _PRINTED if sign not in found
            )
        if not found:
            raise _NotSimple
        return found

"""Patterns that are looked for only where their words stand: what a text has none of costs no search.

The words are those of SQL, in letters of ASCII, whatever their case.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import islice, pairwise
from typing import Generic, TypeVar

__all__ = ["Index", "Sample", "Sign", "signs"]

_WORD = re.compile(r"\w+")
_BLANK = re.compile(r"\n\s+")
_ONE_WORD = re.compile(r"(?:\(\?[a-z]+\))?\\b(?:\\b|\\w\+?|\(\?(?:-?[a-z])*[:!]|\[\w+\]|[\w|)?])*\\b\)*")
"""Patterns that find whole words, and look at nothing that stands between two."""
_FLAGS = re.compile(r"\(\?[aimsx]+\)")
_HEAD = re.compile(r"(?:\(\?<[!=][^()]*\))*(?:\\b)?(?:(\w+)(?![?*{])|\(\?:([\w|]+)\)(?![?*{]))")
"""The letters that a pattern begins with, or the words of which it begins with one."""
_LINE_HEAD = re.compile(r"\^((?:[\w -]|\\[./\\])+)(?![?*{])")
"""What stands at the beginning of a line where a pattern looks for it there."""

_Needs = tuple[frozenset[str], ...]
Meant = TypeVar("Meant")


class Sample:
    """A text whose lines begin with no blanks, with its words counted: costs one pass over it."""

    def __init__(self, text: str) -> None:
        self.text = "\n" + _BLANK.sub("\n", text).lstrip()
        """The text: a line ends before each of its lines, and no line is empty."""
        self.count = Counter(_WORD.findall(text))
        """How often each word stands in it."""
        self.words = " ".join(self.count)
        self.lowered = _small(self.text)
        """The text in small letters, each in its place."""
        self.known = frozenset(_small(self.words).split(" "))


def _small(text: str) -> str:
    """A text with small letters for the capital ones of ASCII, as long as it was."""
    return (
        text.lower()
        if text.isascii()
        else text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    )


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern, and what is quicker to look for: it is found nowhere without."""

    pattern: re.Pattern[str]
    words: _Needs
    """Of each, one is a word of whatever it finds, in small letters."""
    parts: _Needs
    """Of each, one stands in whatever it finds."""
    head: re.Pattern[str] | None = field(compare=False)
    """What stands, in small letters, where whatever it finds begins."""
    alone: bool
    """Whether it finds whole words, and looks at nothing that stands between them."""

    @classmethod
    def of(cls, pattern: str) -> "Sign":
        """The sign that a pattern is, which has no alternatives but in parentheses."""
        flags = _FLAGS.match(pattern)
        one = pattern[flags.end() if flags else 0 :]
        words, parts = _needed(one)
        head = None
        if flags and "m" in flags[0] and (at_line := _LINE_HEAD.match(one)):
            head = re.compile(rf"\n{_small(at_line[1])}")
        elif begun := _HEAD.match(one):
            head = re.compile(_small(begun[1] or begun[2]))
        return cls(re.compile(pattern), words, parts, head, _ONE_WORD.fullmatch(pattern) is not None)

    def may_be_in(self, sample: Sample) -> bool:
        """Whether the words that it cannot be without are there."""
        return not any(map(sample.known.isdisjoint, self.words)) and all(
            any(part in sample.lowered for part in each) for each in self.parts
        )

    def times_in(self, sample: Sample, most: int) -> int:
        """How often it is found, counted up to `most`."""
        if not self.may_be_in(sample):
            return 0
        if self.alone:
            return min(most, sum(sample.count[found[0]] for found in self.pattern.finditer(sample.words)))
        return sum(1 for _ in islice(self._found_in(sample), most))

    def _found_in(self, sample: Sample) -> Iterator[re.Match[str]]:
        if self.head is None:
            yield from self.pattern.finditer(sample.text)
            return
        end = 0
        for begun in self.head.finditer(sample.lowered):
            at = begun.start() + begun[0].startswith("\n")
            if at >= end and (found := self.pattern.match(sample.text, at)):
                end = found.end()
                yield found


@cache
def signs(said: str) -> tuple[Sign, ...]:
    """A pattern's alternatives, each with what stands in whatever it finds."""
    flags = _FLAGS.match(said)
    begin, depth, inside, at = flags.end() if flags else 0, 0, False, flags.end() if flags else 0
    starts = [begin]
    while at < len(said):
        sign = said[at]
        inside = (inside or sign == "[") and sign != "]"
        depth += 0 if inside else (sign == "(") - (sign == ")")
        if sign == "|" and not depth and not inside:
            starts.append(at + 1)
        at += 2 if sign == "\\" else 1
    return tuple(
        Sign.of((flags[0] if flags else "") + said[here : there - 1])
        for here, there in pairwise([*starts, len(said) + 1])
    )


class Index(Generic[Meant]):
    """Signs by their words, each with what it means: a text's own words lead to those that it may have."""

    def __init__(self, meant: Iterable[tuple[Meant, str]]) -> None:
        self.of_words: dict[str, list[tuple[Meant, Sign]]] = {}
        self.others: list[tuple[Meant, Sign]] = []
        for what, pattern in meant:
            for one in ((what, sign) for sign in signs(pattern)):
                words = max(one[1].words, key=lambda words: min(map(len, words)), default=())
                for word in words:
                    self.of_words.setdefault(word, []).append(one)
                if not words:
                    self.others.append(one)

    def times_in(self, sample: Sample, most: int) -> Iterator[tuple[Meant, int]]:
        """What each sign means that may be there, and how often it is found, counted up to `most`."""
        led_to = {id(one): one for word in self.of_words.keys() & sample.known for one in self.of_words[word]}
        for what, sign in (*led_to.values(), *self.others):
            if times := sign.times_in(sample, most):
                yield what, times


def _needed(one: str) -> tuple[_Needs, _Needs]:
    """What whatever a pattern finds is never without: words, and what may be parts of words."""
    words: list[frozenset[str]] = []
    parts: list[frozenset[str]] = []
    bare = re.sub(r"\{[\d,]*\}", " ", _without_looking(re.sub(r"\\.|\[(?:\\.|[^\]])*\]", " ", one)))
    while group := re.search(r"\((\?(?:-?[a-z]*:|<?[!=]))?([^()]*)\)([?*]?)", bare):
        listed, within = group[2].split("|"), " "
        if not group[3] and not (group[1] or "").endswith(("!", "=")):
            if len(listed) == 1:
                within = group[2]
            elif all(longest := [_longest(each) for each in listed]):
                whole = _stands_alone("|".join(listed), one) and longest == [each.lower() for each in listed]
                (words if whole else parts).append(frozenset(longest))
        bare = bare[: group.start()] + within + bare[group.end() :]
    for word in _letters(bare):
        (words if _stands_alone(word, one) else parts).append(frozenset({word.lower()}))
    return tuple(words), tuple(parts) if words or parts else tuple(map(frozenset, [[_sign_in(one)]]))


def _without_looking(bare: str) -> str:
    """A pattern without what it looks for before and behind."""
    while (looks := re.search(r"\(\?<?[!=]", bare)) is not None:
        depth, at = 1, looks.end()
        while depth:
            depth += (bare[at] == "(") - (bare[at] == ")")
            at += 1
        bare = bare[: looks.start()] + " " + bare[at:]
    return bare


def _stands_alone(words: str, one: str) -> bool:
    """Whether what a piece of a pattern finds is a word, not a part of one."""
    said = re.escape(words)
    said = rf"\(\?:{said}\)" if "|" in words else said
    before, behind = r"\\b|\\s[+*]| |\^|\\s\+\)\?", r"\\b|\\s\+|(?:\\s\*)?(?:\\[(.]|[$<=])| "
    return bool(re.search(f"(?:{before}){said}(?:{behind})", one, re.IGNORECASE))


def _longest(bare: str) -> str:
    """The longest word that a piece of a pattern finds, in small letters."""
    return max(_letters(bare), key=len, default="").lower()


def _letters(bare: str) -> list[str]:
    return re.findall(r"[A-Za-z_0-9]{2,}", re.sub(r".[?*]", " ", bare))


def _sign_in(one: str) -> str:
    """The punctuation that stands in whatever a pattern without words finds."""
    return next((sign for sign in ("`", "::", "$$", "[", "/*!", "\\", "/") if re.escape(sign) in one), "")

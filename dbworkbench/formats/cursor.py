"""Tokens of a text and a place among them: what the readers of DBML, Prisma, TypeScript and Mermaid stand on.

A language is one regular expression with a named group for each kind of token. Tokens are made as they are asked for, so
a text that is wrong is refused where it goes wrong, however long it is.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dbworkbench.errors import NotationError
from dbworkbench.schema.tokens import place

__all__ = ["Cursor", "Token", "escapes"]

_MOST_TEXT = 64_000_000
_MOST_TOKENS = 1_500_000
_MOST_DEPTH = 100
_END = "end"


class Token(NamedTuple):
    """One token: its kind, its text, where it begins, and whether it is the first on its line."""

    kind: str
    text: str
    at: int
    fresh: bool


class Cursor:
    """A place among the tokens of a text; what is not as expected raises NotationError with line and column.

    `closing` is where angles close that were looked for, by where they open, until tokens are let go.

    The groups of `language`: "skip" is passed over, "bad" is a mistake whose message is in `mistakes` by its first
    character; all others are kinds of tokens.
    """

    def __init__(self, text: str, language: re.Pattern[str], mistakes: dict[str, str]) -> None:
        self.source, self.at, self.depth = text, 0, 0
        self.closing: dict[int, int] = {}
        self._mistakes = mistakes
        self._made: list[Token] = []
        self._broken: NotationError | None = None
        self._more = self._tokens(language)
        if len(text) > _MOST_TEXT:
            raise self.wrong_at(f"this text has {len(text) // 1_000_000:,} million characters, which is no design", 0)

    def _tokens(self, language: re.Pattern[str]) -> Iterator[Token]:
        text, at, fresh = self.source, 0, True
        match = language.match
        end = len(text)
        while at < end:
            found = match(text, at)
            if found is None:
                raise self.wrong_at(f"{text[at]!r} has no meaning here", at)
            kind, began, at = found.lastgroup or "", at, found.end()
            if kind == "skip":
                fresh = fresh or "\n" in found[0] or "\r" in found[0]
            elif kind == "bad":
                raise self.wrong_at(self._mistakes.get(text[began], "this is never closed"), began)
            else:
                yield Token(kind, found[0], began, fresh)
                fresh = False
        yield Token(_END, "", end, fresh=True)

    def peek(self, ahead: int = 0) -> Token:
        """The token here, or one some tokens on."""
        wanted = self.at + ahead
        try:
            return self._made[wanted]
        except IndexError:
            return self._fetched(wanted)

    def _fetched(self, wanted: int) -> Token:
        """A token that was not asked for before, or the last one there is."""
        while len(self._made) <= wanted:
            if self._broken is not None:
                raise self._broken
            try:
                token = next(self._more, None)
            except NotationError as error:
                self._broken = error  # what follows has no tokens: whoever asks again is told again
                raise
            if token is None:
                return self._made[-1]
            self._made.append(token)
            if len(self._made) > _MOST_TOKENS:
                raise self.wrong_at(f"more than {_MOST_TOKENS:,} words that belong together are no design", token.at)
        return self._made[wanted]

    def next(self) -> Token:
        """The token here; the place moves on."""
        token = self.peek()
        self.at += token.kind != _END
        return token

    @property
    def done(self) -> bool:
        """Whether nothing follows."""
        return self.peek().kind == _END

    def sees(self, *texts: str) -> bool:
        """Whether the tokens here have these texts."""
        if len(texts) == 1:
            try:
                return self._made[self.at].text == texts[0]
            except IndexError:
                return self._fetched(self.at).text == texts[0]
        return all(self.peek(ahead).text == text for ahead, text in enumerate(texts))

    def take(self, *texts: str) -> bool:
        """Pass over the tokens of these texts, if they are here."""
        if self.sees(*texts):
            self.at += len(texts)
            return True
        return False

    def expect(self, text: str, where: str) -> Token:
        """Pass over a token of this text, which has to be here."""
        token = self.peek()
        if token.text != text:
            raise self.wrong(f"{text!r} was expected {where}, not {_told(token)}")
        self.at += 1
        return token

    def unexpected(self, wanted: str) -> NotationError:
        """A mistake at the token here: something else was wanted."""
        return self.wrong(f"{wanted} was expected, not {_told(self.peek())}")

    def wrong(self, message: str, token: Token | None = None) -> NotationError:
        """A mistake at a token."""
        return self.wrong_at(message, (token or self.peek()).at)

    def wrong_at(self, message: str, at: int) -> NotationError:
        """A mistake at a place in the text."""
        line, column, text = place(self.source, at)
        return NotationError(message, line=line, column=column, text=text if len(text) < 400 else "")

    def forget(self) -> None:
        """Let the tokens before this place go: nothing will go back to them, so a long text needs no more memory."""
        del self._made[: self.at]
        self.at = 0
        self.closing.clear()

    def enter(self) -> None:
        """Go one level deeper; refuses what is nested beyond reason."""
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            raise self.wrong(f"this is nested more than {_MOST_DEPTH} levels deep")

    def leave(self) -> None:
        """Come back from a level."""
        self.depth -= 1

    def skip_group(self) -> None:
        """Pass over a group in brackets, braces or parentheses, with all that is inside."""
        opened: list[Token] = []
        closes = {"(": ")", "[": "]", "{": "}"}
        while True:
            token = self.next()
            if token.kind == _END:
                raise self.wrong(f"the {opened[-1].text!r} here is never closed", opened[-1])
            if token.kind == "sign" and token.text in closes:
                opened.append(token)
            elif token.kind == "sign" and token.text in closes.values():
                if closes[opened[-1].text] != token.text:
                    raise self.wrong(f"{token.text!r} does not close {opened[-1].text!r}", token)
                opened.pop()
            if not opened:
                return


def _told(token: Token) -> str:
    if token.kind == _END:
        return "the end"
    return repr(token.text if len(token.text) < 60 else f"{token.text[:57]}…")


_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|(\r?\n|.))", re.DOTALL)
_SIGNS = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b", "v": "\v", "f": "\f"}


def escapes(text: str) -> str:
    r"""A text with its backslash escapes replaced by what they mean.

    >>> escapes(r"it\'s \u0041\n")
    "it's A\n"
    """

    def meant(found: re.Match[str]) -> str:
        code = found[1] or found[2] or found[3]
        if code:
            number = int(code, 16)
            return chr(number) if number < 0x110000 else "\ufffd"
        return "" if found[4] in {"\n", "\r\n"} else _SIGNS.get(found[4], found[4])

    if "\\" not in text:
        return text
    said = _ESCAPE.sub(meant, text)
    return said.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass") if "\\u" in text else said

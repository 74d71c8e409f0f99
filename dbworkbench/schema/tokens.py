"""The text notation as tokens, and a place among them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dbworkbench.errors import NotationError

__all__ = ["ENDS_TYPE", "Steps", "Token", "place", "quoted"]

_TOKEN = re.compile(
    r"""(?P<space>[ \t\f\v\u00a0]+|\r(?=\n)|\#[^\r\n]*|--(?!>)[^\r\n]*)
      | (?P<newline>[\r\n])
      | (?P<arrow>->>|→→|↠|->|→)
      | (?P<quoted>"(?:[^"]|"")*"|`[^`\n]*`)
      | (?P<string>'(?:[^']|'')*')
      | (?P<word>\w[\w$]*)
      | (?P<sign>.)""",
    re.VERBOSE,
)
ENDS_TYPE = frozenset(
    [
        "key",
        "pk",
        "primary",
        "unique",
        "null",
        "nullable",
        "optional",
        "not",
        "default",
        "references",
        "fk",
        "check",
        "on",
        "note",
        "index",
        "as",
        "generated",
        "identity",
        "auto_increment",
        "autoincrement",
        "collate",
        "declared",
        "domain",
    ]
)


def quoted(name: str) -> str:
    """A name in quotation marks, as the notation reads it."""
    return '"' + name.replace('"', '""') + '"'


@dataclass(frozen=True, slots=True)
class Token:
    """A word, quoted name, text, arrow, sign, line end or the end, and where it begins."""

    kind: str
    text: str
    at: int

    @property
    def name(self) -> str:
        """What a word or quoted name names."""
        if self.kind != "quoted":
            return self.text
        return self.text[1:-1].replace('""', '"') if self.text[0] == '"' else self.text[1:-1]

    def says(self, *words: str) -> bool:
        """Whether it is one of these words, in any case."""
        return self.kind == "word" and self.text.casefold() in words


class Steps:
    """A place in a text, and the steps that can be taken from it; every complaint knows its place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(_tokens(text))
        self.at = 0

    # -- moving ----------------------------------------------------------------------------------------------------

    @property
    def here(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.at]

    def step(self) -> Token:
        """Take the next token."""
        token = self.here
        self.at += 1
        return token

    def sign(self, *signs: str) -> bool:
        """Take the next token if it is one of these signs."""
        if self.here.kind in {"sign", "arrow"} and self.here.text in signs:
            self.at += 1
            return True
        return False

    def word(self, *words: str) -> bool:
        """Take the next token if it is one of these words."""
        if self.here.says(*words):
            self.at += 1
            return True
        return False

    def skip_newlines(self) -> None:
        """Go to the next token that is no line end."""
        while self.here.kind == "newline":
            self.at += 1

    def wrong(self, message: str, token: Token | None = None) -> NotationError:
        """The error to raise, with the place of a token (the next one)."""
        line, column, source = place(self.text, (token or self.here).at)
        return NotationError(message, line=line, column=column, text=source)

    def met(self) -> str:
        """What stands next, for a message."""
        match self.here.kind:
            case "end":
                return "the end of the text"
            case "newline":
                return "the end of the line"
            case _:
                return repr(self.here.text)

    def a_name(self, what: str) -> Token:
        """Take a name; `what` says of what, for the complaint."""
        if self.here.kind == "quoted" and not self.here.name:
            raise self.wrong(f"{what} needs a name, but the quotes are empty")
        if self.here.kind in {"word", "quoted"}:
            return self.step()
        if self.here.kind == "sign" and self.here.text in {'"', "`"}:
            raise self.wrong("the quote is never closed — end the name with the same quote")
        raise self.wrong(f'{what} was expected, but {self.met()} was met — quote unusual names: "unit price"')

    def names(self, what: str) -> tuple[Token, ...]:
        """`a, b` or `a b` or `(a, b)`."""
        inside = self.sign("(")
        found = [self.a_name(what)]
        while self.sign(",") or self.here.kind in {"word", "quoted"}:
            if not inside and (self.here.says("references", "on", "where", "deferrable") or self.nulls_not_distinct()):
                break
            found.append(self.a_name(what))
        if inside and not self.sign(")"):
            raise self.wrong(f"')' was expected, but {self.met()} was met")
        return tuple(found)

    def nulls_not_distinct(self) -> bool:
        """Whether `nulls not distinct` stands next."""
        return self.here.says("nulls") and self.tokens[self.at + 1].says("not")

    def balanced(self) -> str:
        """The text of a parenthesis that begins here, without its ends."""
        opened, depth = self.step(), 1
        start = opened.at + 1
        while depth:
            token = self.step() if self.here.kind != "end" else None
            if token is None:
                raise self.wrong("the parenthesis is never closed", opened)
            if token.kind == "sign":
                depth += (token.text == "(") - (token.text == ")")
        return _one_line(self.text[start : self.tokens[self.at - 1].at])

    def to_end_of_line(self) -> str:
        """Take the rest of the line as text."""
        start = end = self.here.at
        while self.here.kind not in {"newline", "end"}:
            token = self.step()
            end = token.at + len(token.text)
        return _one_line(self.text[start:end])

    def expect(self, *words: str) -> None:
        """Take these words, one after the other."""
        for word in words:
            if not self.word(word):
                raise self.wrong(f"'{word}' was expected, but {self.met()} was met")

    def quoted_text(self) -> str:
        """Take a text in quotes."""
        token = self.step()
        if token.kind not in {"string", "quoted"}:
            raise self.wrong("a text in quotes was expected: note 'in euros'", token)
        return token.text[1:-1].replace(token.text[0] * 2, token.text[0])

    def a_condition(self) -> str:
        """A condition: in parentheses, or to the end of the line."""
        if self.here.kind == "sign" and self.here.text == "(":
            return self.balanced()
        said = self.to_end_of_line()
        if not said:
            raise self.wrong("a condition was expected: check (price >= 0)")
        return said


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in {None, "space"}:
            yield Token(str(match.lastgroup), match.group(), match.start())
    yield Token("end", "", len(text))
    yield Token("end", "", len(text))


_BLANKS = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|\s+""")


def _one_line(text: str) -> str:
    """Text with its blanks and line ends made single blanks, but for those within quotes."""
    return _BLANKS.sub(lambda match: match[1] or " ", text).strip()


def place(text: str, at: int) -> tuple[int, int, str]:
    """Line and column, counted from 1, and the line itself."""
    line = text.count("\n", 0, at) + 1
    begin = text.rfind("\n", 0, at) + 1
    if text.find("\r", 0, at) >= 0:  # lines that end as an old Mac ended them
        line += text.count("\r", 0, at) - text.count("\r\n", 0, at)
        begin = max(begin, text.rfind("\r", 0, at) + 1)
    ends = [end for end in (text.find("\n", at), text.find("\r", at)) if end >= 0]
    return line, at - begin + 1, text[begin : min(ends, default=len(text))]

"""A place among the tokens of a statement, and the steps that can be taken from it."""

import re
from collections.abc import Iterator

from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.statement import Statement
from dbworkbench.sql.tables import Name
from dbworkbench.sql.tokens import Token

__all__ = ["Cursor", "Puzzled", "unquoted"]


class Puzzled(Exception):
    """A statement that is not as expected; the text says where."""


class Cursor:
    """A place among tokens."""

    def __init__(self, statement: Statement, tokens: tuple[Token, ...] | None = None) -> None:
        self.statement = statement
        self.tokens = statement.tokens if tokens is None else tokens
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether no token is left."""
        return self.at >= len(self.tokens)

    def token(self, ahead: int = 0) -> Token | None:
        """The token here, or some places ahead."""
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else None

    def upper(self, ahead: int = 0) -> str:
        """Its bare word in capitals, or its sign; "" for what is quoted, and at the end."""
        place = self.at + ahead
        return self.tokens[place].upper if place < len(self.tokens) else ""

    def take(self, *words: str) -> bool:
        """Step over these words where they stand here."""
        end = self.at + len(words)
        if end > len(self.tokens):
            return False
        for place, word in enumerate(words, self.at):  # nearly always another word stands here
            if self.tokens[place].upper != word:
                return False
        self.at = end
        return True

    def any(self, *words: str) -> str:
        """Step over whichever of these words stands here."""
        word = self.upper()
        if word and word in words:
            self.at += 1
            return word
        return ""

    def table_function(self, ahead: int = 0) -> bool:
        """Whether BigQuery's TABLE FUNCTION with its name stands here, or some places ahead; not a table of that name."""
        found = self.upper(ahead) == "TABLE" and self.upper(ahead + 1) == "FUNCTION"
        return found and self.token(ahead + 2) is not None and self.upper(ahead + 2) not in {"(", "."}

    def skip(self) -> None:
        """Step over one token."""
        self.at += 1

    def step(self) -> None:
        """Step over one token, or over all that stands in parentheses or brackets that open here."""
        depth = 0
        while not self.done:
            sign = self.upper()
            depth += (sign in {"(", "["}) - (sign in {")", "]"})
            self.skip()
            if depth <= 0:
                return

    def identifier(self) -> str:
        """Step over a name, quoted or not; raises Puzzled."""
        token = self.token()
        if token is None or token.kind not in {"word", "name", "text", "number"}:
            raise Puzzled(f"a name was expected at {self.rest()!r}")
        self.at += 1
        name = token.value if token.kind != "text" else token.value.strip("'\"")
        if not name:
            raise Puzzled("a name is empty")
        return name

    def name(self) -> Name:
        """Step over a name with its qualifiers; raises Puzzled."""
        said = self.token(2)
        if (
            self.upper() == "IDENTIFIER"
            and self.upper(1) == "("
            and said
            and (said.kind == "text" or said.value[0] in "$:")
        ):
            self.skip()
            return self._given(self.group())
        parts = [self.identifier() + self._hyphenated()]
        while self.upper() == "." and self.token(1) is not None:
            self.at += 1
            if self.upper() == ".":  # T-SQL leaves the schema out: db..table
                continue
            parts.append(self.identifier())
        if self.statement.paths:
            parts = [step for part in parts for step in part.split(".") if step] or parts
        if self.take("ON", "CLUSTER"):  # ClickHouse says there where
            self.skip()
        return tuple(parts)

    def _given(self, group: tuple[Token, ...]) -> Name:
        """The name that Snowflake and Databricks give as a text: `IDENTIFIER('sales.orders')`."""
        if len(group) > 1 or group[0].kind != "text":
            raise Puzzled(f"a name that is computed: {self.said(group)!r}")
        steps = re.findall(r'"((?:[^"]|"")+)"|`([^`]+)`|([^."`]+)', group[0].value[1:-1])
        if not steps:
            raise Puzzled("a name is empty")
        return tuple((quoted or ticked or bare).replace('""', '"') for quoted, ticked, bare in steps)

    def _hyphenated(self) -> str:
        """The rest of a bare name with hyphens, as BigQuery's projects have: `my-project.sales.orders`."""
        rest = ""
        while self.upper() == "-" and (before := self.tokens[self.at - 1]).kind == "word":
            sign, after = self.tokens[self.at], self.token(1)
            if (
                after is None
                or after.kind not in {"word", "number"}
                or before.end < sign.start
                or sign.end < after.start
            ):
                break
            rest += f"-{after.value}"
            self.at += 2
        return rest

    def group(self) -> tuple[Token, ...]:
        """The tokens within the parentheses that open here, and a step past them."""
        if self.upper() != "(":
            raise Puzzled(f"a parenthesis was expected at {self.rest()!r}")
        depth, begin = 0, self.at + 1
        while self.at < len(self.tokens):
            sign = self.upper()
            depth += (sign == "(") - (sign == ")")
            self.at += 1
            if depth == 0:
                return self.tokens[begin : self.at - 1]
        raise Puzzled("a parenthesis is not closed")

    def rest(self) -> str:
        """The beginning of what is left, for a message."""
        token = self.token()
        return self.statement.source[token.start : self.tokens[-1].end][:60] if token else "the end"

    def said(self, tokens: tuple[Token, ...]) -> str:
        """What stands in the file for these tokens."""
        return self.statement.source[tokens[0].start : tokens[-1].end] if tokens else ""

    def parts(self, tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
        """Tokens between the commas that stand outside parentheses."""
        depth, angles, begin = 0, 0, 0
        for place, token in enumerate(tokens):
            if token.kind == "sign":
                depth += (token.value in "([") - (token.value in ")]")
                if token.value == "<" and place and tokens[place - 1].upper in {"STRUCT", "ARRAY", "MAP", "RANGE"}:
                    angles += 1
                elif token.value == ">" and angles:
                    angles -= 1
                if angles:
                    continue
                if token.value == "," and depth == 0:
                    if place > begin:
                        yield tokens[begin:place]
                    begin = place + 1
        if len(tokens) > begin:
            yield tokens[begin:]

    def inside(self, tokens: tuple[Token, ...]) -> "Cursor":
        """A cursor over some of the tokens."""
        return Cursor(self.statement, tokens)


def unquoted(literal: str, dialect: str) -> str:
    """What a text literal says."""
    dollar = re.fullmatch(r"(\$\w*\$)(.*)\1", literal, re.DOTALL)
    if dollar:
        return dollar[2]
    oracle = re.fullmatch(r"[Nn]?[Qq]'[^\s'](.*)[^\s']'", literal, re.DOTALL)
    if oracle:
        return oracle[1]
    text = re.sub(r"^(?:[NnEeBbXxUu]&?)(?=['\"])", "", literal)
    mark = text[:1]
    if dialect == "bigquery" and len(text) > 5 and text[:3] == mark * 3 == text[-3:]:
        text = mark + text[3:-3].replace(mark, mark * 2) + mark
    text = text[1:-1].replace(mark * 2, mark) if mark in {"'", '"'} else text
    if literal[:1] in "Ee" or DIALECTS[dialect].escapes:
        plain = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}
        text = re.sub(r"\\(.)", lambda found: plain.get(found[1], found[1]), text, flags=re.DOTALL)
    return text

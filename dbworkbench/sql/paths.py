"""Parts of indexes, exclusions and partitioning, and how rules are put off, as they stand among tokens."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from dbworkbench.schema.index import Part
from dbworkbench.schema.partitioning import Partition, Partitioning
from dbworkbench.schema.rules import Deferrable, Enforced
from dbworkbench.sql.cursor import Cursor, Puzzled
from dbworkbench.sql.expression import carried
from dbworkbench.sql.storage import clause, starts
from dbworkbench.sql.tokens import Token

__all__ = ["Manner", "Untold", "enforced_in", "manner", "partitioning_in", "partitions_in", "parts_in", "ticked"]

_JOINED = frozenset({".", "::", "||", "->", "->>", "+", "-", "*", "/", "%", "#>", "#>>"})


class Untold(Exception):
    """An expression that the home dialect has no words for; the text is the expression."""


def parts_in(cursor: Cursor, group: tuple[Token, ...], dialect: str, *, ansi_quotes: bool = False) -> Iterator[Part]:
    """The parts between the commas of an index; `ansi_quotes` says that MySQL takes double quotes for those of names.

    Raises Untold.
    """
    for tokens in cursor.parts(group):
        yield _part(cursor, tokens, dialect, ansi_quotes=ansi_quotes)


def ticked(text: str) -> str:
    """An expression whose names stand between double quotes, with MySQL's own for them."""
    parts = re.split(r"('(?:[^'\\]|''|\\.)*'|\"(?:[^\"]|\"\")*\")", text)
    return "".join(f"`{one[1:-1].replace('`', '``')}`" if one[:1] == '"' else one for one in parts)


def _part(cursor: Cursor, tokens: tuple[Token, ...], dialect: str, *, ansi_quotes: bool) -> Part:
    rest = list(tokens)
    nulls: Literal["", "first", "last"] = ""
    if len(rest) > 2 and rest[-2].upper == "NULLS":
        nulls = "first" if rest[-1].upper == "FIRST" else "last"
        rest = rest[:-2]
    descending = len(rest) > 1 and rest[-1].upper == "DESC"
    if len(rest) > 1 and rest[-1].upper in {"ASC", "DESC"}:
        rest = rest[:-1]
    collation = ""
    at = _outside(rest, "COLLATE")
    if at and at + 1 < len(rest):
        end = at + 2
        while end + 1 < len(rest) and rest[end].upper == ".":
            end += 2
        collation = rest[end - 1].value.strip("'\"")
        rest = [*rest[:at], *rest[end:]]
    first = rest[0]
    length = None
    if dialect in {"mysql", "mariadb"} and _is_length(rest[1:4]):
        length = int(rest[2].value)
        rest = [first, *rest[4:]]
    operators = ""
    head = _head(rest)
    if len(rest) > head and rest[head].kind in {"word", "name"}:
        last = [token.value for token in rest[head:]]
        operators, rest = "".join(last), rest[:head]
    if len(rest) == 1 and first.kind in {"word", "name"}:
        return Part(first.value, "", descending, nulls, length, operators, collation)
    text = cursor.said(tuple(rest))
    told = carried(ticked(text) if ansi_quotes else text, dialect)
    if told is None:
        raise Untold(text)
    return Part("", told, descending, nulls, None, operators, collation)


def _is_length(tokens: list[Token]) -> bool:
    return len(tokens) == 3 and tokens[0].value == "(" and tokens[1].kind == "number" and tokens[2].value == ")"


def _outside(tokens: list[Token], word: str) -> int:
    """The place of a word outside of parentheses; 0 where there is none."""
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token.value == "(") - (token.value == ")") if token.kind == "sign" else 0
        if depth == 0 and token.upper == word:
            return at
    return 0


def _head(tokens: list[Token]) -> int:
    """How many tokens the column or the expression has, before the operators' name."""
    at = 1
    if tokens[0].value == "(" or (len(tokens) > 1 and tokens[1].value == "("):
        depth = 0
        for at, token in enumerate(tokens, 1):  # noqa: B007  the place is wanted afterwards
            depth += (token.value == "(") - (token.value == ")") if token.kind == "sign" else 0
            if depth == 0 and token.value == ")":
                break
    if at < len(tokens) and tokens[at].kind == "sign":
        return len(tokens)  # it goes on: a::text, a || b
    return at


@dataclass(slots=True)
class Manner:
    """How a rule is kept: what follows its parenthesis."""

    deferrable: Deferrable = ""
    include: tuple[str, ...] = ()
    where: str = ""
    nulls_distinct: bool = True
    others: tuple[str, ...] = ()


def manner(cursor: Cursor, dialect: str) -> Manner:
    """Step over what follows the parenthesis of a key, an index or an exclusion."""
    found = Manner()
    others: list[str] = []
    while not cursor.done:
        if cursor.take("NOT", "DEFERRABLE"):
            continue
        if cursor.take("NULLS", "NOT", "DISTINCT"):
            found.nulls_distinct = False
        elif cursor.any("DEFERRABLE"):
            found.deferrable = found.deferrable or "immediate"
        elif cursor.take("INITIALLY", "DEFERRED"):
            found.deferrable = "deferred"
        elif cursor.take("INITIALLY", "IMMEDIATE"):
            continue
        elif cursor.any("INCLUDE", "STORING") and cursor.upper() == "(":
            found.include = tuple(part[0].value for part in cursor.parts(cursor.group()))
        elif cursor.take("WHERE"):
            at = _end_of_condition(cursor.tokens, cursor.at)
            found.where = cursor.said(cursor.tokens[cursor.at : at])
            cursor.at = at
        else:
            others.append(clause(cursor, dialect, _MANNERS | starts(dialect)))
    found.others = tuple(filter(None, others))
    return found


def _end_of_condition(tokens: Sequence[Token], begin: int) -> int:
    """The place behind a condition: of a clause's word outside of parentheses, which is no part of `timestamp with time zone`."""
    depth = 0
    for at in range(begin, len(tokens)):
        token = tokens[at]
        depth += (token.value == "(") - (token.value == ")") if token.kind == "sign" else 0
        zone = token.upper == "WITH" and at + 1 < len(tokens) and tokens[at + 1].upper == "TIME"
        if depth == 0 and token.kind == "word" and token.upper in _AFTER_WHERE and not zone:
            return at
    return len(tokens)


_ENFORCED: dict[str, Enforced] = {"NOT VALID": "new", "NOVALIDATE": "new", "NOT ENFORCED": "never", "DISABLE": "never"}


def enforced_in(texts: Iterable[str]) -> tuple[Enforced, tuple[str, ...]]:
    """Of which rows a rule is asked, by the clauses beside it; and those that say something else.

    >>> enforced_in(("RELY", "DISABLE", "NOVALIDATE"))
    ('never', ('RELY',))
    """
    said = tuple(texts)
    ways = {_ENFORCED.get(text.upper(), "always") for text in said}
    found: Enforced = "never" if "never" in ways else "new" if "new" in ways else "always"
    return found, tuple(text for text in said if text.upper() not in _ENFORCED)


_MANNERS = frozenset({"DEFERRABLE", "INITIALLY", "INCLUDE", "STORING", "WHERE", "NULLS"})
_AFTER_WHERE = frozenset({"DEFERRABLE", "INITIALLY", "WITH", "TABLESPACE", "ON"})


def partitioning_in(
    cursor: Cursor, dialect: str, others: list[tuple[str, str]], *, ansi_quotes: bool = False
) -> Partitioning:
    """What follows PARTITION BY. Raises Untold, and Puzzled for what a design has no words for.

    What else is said of a part joins `others`, with the part's name.
    """
    cursor.any("LINEAR")
    word = cursor.any("RANGE", "LIST", "HASH", "KEY")
    if word and cursor.take("ALGORITHM"):
        cursor.at += 2
    cursor.any("COLUMNS")
    if cursor.upper() == "(":
        group = cursor.group()
        on = tuple(parts_in(cursor, group, dialect, ansi_quotes=ansi_quotes))
    else:
        begin, depth = cursor.at, 0
        while not cursor.done and not (depth == 0 and cursor.upper() in _AFTER_PARTITIONING):
            depth += (cursor.upper() == "(") - (cursor.upper() == ")")
            cursor.skip()
        on = tuple(parts_in(cursor, cursor.tokens[begin : cursor.at], dialect))
    count = None
    partitions: list[Partition] = []
    while not cursor.done:
        if cursor.take("PARTITIONS"):
            token = cursor.token()
            count = int(token.value) if token is not None and token.kind == "number" else None
        elif cursor.upper() in {"SUBPARTITION", "INTERVAL", "AUTOMATIC"}:
            raise Puzzled(f"parts within parts: {cursor.rest()}")
        elif cursor.upper() == "(" and word:
            partitions += partitions_in(cursor, cursor.group(), dialect, others)
            return Partitioning(word.lower(), on, tuple(partitions))
        elif word:
            cursor.skip()
        else:
            break
        if word and not cursor.done and cursor.upper() != "(":
            cursor.skip()
    return Partitioning(word.lower(), on, (), count)


_AFTER_PARTITIONING = frozenset(
    {"ORDER", "PRIMARY", "SETTINGS", "TTL", "SAMPLE", "CLUSTER", "OPTIONS", "COMMENT", "AS", "ENGINE", "TBLPROPERTIES"}
)


def partitions_in(
    cursor: Cursor, group: tuple[Token, ...], dialect: str, others: list[tuple[str, str]]
) -> Iterator[Partition]:
    """The parts that a group declares; what else is said of each joins `others`. Raises Puzzled."""
    for tokens in cursor.parts(group):
        inner = cursor.inside(tokens)
        if not inner.take("PARTITION"):
            raise Puzzled(f"a partition was expected at {inner.rest()!r}")
        name = inner.identifier()
        if "SUBPARTITION" in {token.upper for token in tokens}:
            raise Puzzled("parts within parts")
        bounds = ""
        if inner.take("VALUES"):
            begin = inner.at
            while not inner.done and inner.upper() not in {"(", "MAXVALUE", "DEFAULT"}:
                inner.skip()
            if inner.upper() == "(":
                inner.group()
            else:
                inner.skip()
            bounds = " ".join(re.sub(r"\s+", " ", inner.said(inner.tokens[begin : inner.at])).split())
            bounds = f"IN {bounds}" if bounds.startswith("(") else bounds  # Oracle's
        while not inner.done:
            if said := clause(inner, dialect):
                others.append((name, said))
        yield Partition(name, bounds)

"""T-SQL's batches taken apart: its statements need nothing between them, so each is known by how the next one begins."""

from collections.abc import Iterator

from dbworkbench.sql.tokens import STARTS, Token

__all__ = ["parted"]

_THINGS_WORDS = (
    "TABLE VIEW PROC PROCEDURE FUNCTION TRIGGER INDEX TYPE SCHEMA SEQUENCE SYNONYM DATABASE USER LOGIN ROLE UNIQUE "
    "CLUSTERED NONCLUSTERED RULE DEFAULT STATISTICS FULLTEXT EXTERNAL PARTITION XML ASSEMBLY COLUMN CONSTRAINT"
)
_THINGS = frozenset(_THINGS_WORDS.split())
_MODULES = frozenset({"PROC", "PROCEDURE", "FUNCTION", "TRIGGER", "VIEW"})
_BRACKETS = frozenset({"IF", "WHILE", "BEGIN", "END", "ELSE"})
_RIGHTS = frozenset({"GRANT", "DENY", "REVOKE"})
_JOINS = frozenset(
    [
        "FOR",
        "AS",
        "AFTER",
        "OF",
        "THEN",
        "WITH",
        "NOT",
        "UNION",
        "ALL",
        "EXCEPT",
        "INTERSECT",
        "ADD",
        ",",
        "=",
        "(",
    ]
)
"""What stands before a word that goes on with a statement."""
_SETTINGS_WORDS = (
    "NOCOUNT XACT_ABORT QUOTED_IDENTIFIER IDENTITY_INSERT ARITHABORT CONCAT_NULL_YIELDS_NULL NUMERIC_ROUNDABORT NOEXEC "
    "DATEFORMAT DATEFIRST LANGUAGE TRANSACTION LOCK_TIMEOUT ROWCOUNT STATISTICS IMPLICIT_TRANSACTIONS CURSOR_CLOSE_ON_COMMIT"
)
_SETTINGS = frozenset(_SETTINGS_WORDS.split())


def parted(tokens: tuple[Token, ...], source: str) -> Iterator[tuple[Token, ...]]:
    """The statements of a batch, or of what stands between two semicolons; a module (a procedure, say) is one.

    >>> from dbworkbench.sql.statement import split
    >>> [part.text for part in split("IF OBJECT_ID('t') IS NOT NULL DROP TABLE t CREATE TABLE t (a int)", "sqlserver")]
    ["IF OBJECT_ID('t') IS NOT NULL", 'DROP TABLE t', 'CREATE TABLE t (a int)']
    """
    begin = depth = cases = 0
    for place, token in enumerate(tokens):
        if token.kind == "sign":
            depth += (token.value == "(") - (token.value == ")")
        if depth or token.kind != "word":
            continue
        word = token.upper
        if word == "CASE":
            cases += 1
        elif word == "END" and cases:
            cases -= 1
        elif place > begin and word in STARTS and not cases and _begins(tokens, begin, place, source):
            yield tokens[begin:place]
            begin = place
        if place == begin and word in {"CREATE", "ALTER"} and _is_module(tokens, place):
            break
    yield tokens[begin:]


def _is_module(tokens: tuple[Token, ...], place: int) -> bool:
    words = [token.upper for token in tokens[place + 1 : place + 4]]
    kind = words[2] if words[:2] == ["OR", "ALTER"] and len(words) > 2 else words[0] if words else ""
    return kind in _MODULES


def _begins(tokens: tuple[Token, ...], begin: int, place: int, source: str) -> bool:
    """Whether a word that begins statements begins one here, the current one having begun at `begin`."""
    first, second = tokens[begin].upper, tokens[begin + 1].upper
    word, before = tokens[place].upper, tokens[place - 1].upper
    after = tokens[place + 1].upper if place + 1 < len(tokens) else ""
    if first in _BRACKETS:
        return not (word == "IF" and before in _THINGS)
    acts = (before in {"DELETE", "UPDATE"} and word == "SET") or (before == "ON" and word in {"DELETE", "UPDATE"})
    every = before == "ALL" and tokens[place - 2].upper == "CONSTRAINT"  # NOCHECK CONSTRAINT ALL, which ends there
    if (before in _JOINS and not every) or acts:
        return False
    if word in {"END", "ELSE"}:
        return True
    fresh = "\n" in source[tokens[place - 1].end : tokens[place].start]
    said = {token.upper for token in tokens[begin:place]}
    if first in _RIGHTS:
        return fresh and bool(said & {"TO", "FROM"})
    if first == "ALTER" and second == "TABLE" and word in {"ALTER", "DROP"}:
        if after == "INDEX":
            return place + 3 < len(tokens) and tokens[place + 3].upper in {"ON", "EXISTS", "."}
        return after in _THINGS - {"COLUMN", "CONSTRAINT", "DEFAULT"}
    if word == "SET" and first in {"UPDATE", "ALTER", "MERGE"}:
        is_setting = after.startswith(("ANSI_", "@")) or after in _SETTINGS
        return fresh and is_setting and (first != "UPDATE" or "SET" in said)
    if first in {"INSERT", "WITH"} and word in {"SELECT", "EXEC", "EXECUTE", "INSERT", "UPDATE", "DELETE", "MERGE"}:
        return fresh and first == "INSERT" and bool(said & {"VALUES", "SELECT", "EXEC", "EXECUTE"})
    if word == "IF" and before in _THINGS:
        return False
    if word in {"ENABLE", "DISABLE"}:
        return fresh and after == "TRIGGER" and first != "ALTER"
    return fresh or (word in {"CREATE", "ALTER", "DROP"} and after in _THINGS)

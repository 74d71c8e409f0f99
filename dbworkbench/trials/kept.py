"""What a schema keeps as text, as far as it is run when a design is verified: what somebody else wrote must do no harm.

It is run in the scratch database only, and only where it is one statement of a kind that defines something there, calls
nothing but functions that are known to compute from their arguments, and writes to nothing but the design's own relations.
All else is not run, and said so.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dbworkbench.errors import NotationError
from dbworkbench.schema.definition import Definition
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.cursor import unquoted
from dbworkbench.sql.dialect import Dialect
from dbworkbench.sql.statement import split, tokens_in
from dbworkbench.sql.tokens import Token

__all__ = ["Runnable", "runnable"]

_KINDS = frozenset({"view", "materialized view", "sequence", "type", "trigger", "function", "policy", "row security"})
_REFUSED_WORDS = """ALTER ATTACH AUTHORIZATION CALL COPY CREATE DATABASE DETACH DO DROP DUMPFILE EXECUTE EXPORT FLUSH FOREIGN GLOBAL GRANT
    HANDLER IMPORT INSTALL KILL LISTEN LOAD LOCAL LOCK NOTIFY OUTFILE PERSIST PERSIST_ONLY PRAGMA PREPARE PROGRAM RESET REVOKE ROLE SCHEMA
    SEARCH_PATH SERVER SESSION SHUTDOWN SYSTEM TABLESPACE TRUNCATE VACUUM INFORMATION_SCHEMA PERFORMANCE_SCHEMA"""
_REFUSED = frozenset(_REFUSED_WORDS.split())
"""Words of what reaches beyond a database, changes a session, or is a program within a program."""
_CALLED_WORDS = """ABS AGE AVG BOOL_AND BOOL_OR BTRIM CEIL CEILING CHAR_LENGTH CLOCK_TIMESTAMP COALESCE CONCAT CONCAT_WS COUNT CURRENT_DATE
    CURRENT_TIMESTAMP DATE DATE_ADD DATE_FORMAT DATE_PART DATE_SUB DATE_TRUNC DATEDIFF DAY DAYOFWEEK DENSE_RANK EXP EXTRACT FIRST_VALUE
    FLOOR GREATEST GROUP_CONCAT HOUR IF IFNULL INITCAP ISNULL JSON_EXTRACT JSON_UNQUOTE JSONB_AGG JSONB_BUILD_OBJECT JSON_AGG
    JSON_BUILD_OBJECT LAG LAST_VALUE LCASE LEAD LEAST LEFT LENGTH LN LOCALTIMESTAMP LOG LOWER LPAD LTRIM MAX MD5 MIN MINUTE MOD MONTH NOW
    NTILE NULLIF NVL OCTET_LENGTH PERCENT_RANK POSITION POWER QUARTER RAISE RANK REPLACE RIGHT ROUND ROW_NUMBER ROW_TO_JSON ROWNUM RPAD
    RTRIM SECOND SIGN SPLIT_PART SQRT STRFTIME STRING_AGG STRPOS SUBSTR SUBSTRING SUM TIMESTAMPDIFF TO_CHAR TO_DATE TO_JSON TO_JSONB
    TO_NUMBER TO_TIMESTAMP TO_TSVECTOR TO_TSQUERY PLAINTO_TSQUERY SETWEIGHT TRIM TRUNC UCASE UNNEST UPPER UUID WEEK YEAR ARRAY_AGG
    ARRAY_LENGTH CARDINALITY GEN_RANDOM_UUID NEXTVAL CURRVAL"""
_BEFORE_WORDS = """ALL AND ANY ARRAY AS BETWEEN BY CASE CAST CHECK CONVERT ELSE ELSEIF END EXCEPT EXISTS FILTER FROM IN INTERSECT IS JOIN KEY
    LATERAL LIKE NOT ON OR OVER PARTITION RETURN ROW SELECT SET SOME THEN UNION USING VALUES WHEN WHERE WITH WITHIN GROUP HAVING LIMIT ON
    BIT CHAR CHARACTER DATETIME DECIMAL FLOAT INTERVAL NUMERIC SIGNED TIME TIMESTAMP TIMESTAMPTZ UNSIGNED VARBIT VARCHAR VARYING"""
_CALLED = frozenset((_CALLED_WORDS + _BEFORE_WORDS).split())
"""What may stand before a parenthesis: functions that compute from their arguments, words of queries, types with a length."""
_ROWS = frozenset({"NEW", "OLD", "EXCLUDED"})
_AFTER_TARGETS = _ROWS | {"OF", "ON", "OR", "SET", "STRICT", "NOTHING", "FOR"}
_HEADS_END = frozenset({"AS", "USING", "WITH", "OWNED", "("})
_OPENED = frozenset({"INTO", "ON", "REFERENCES", "OF"})


@dataclass(frozen=True, slots=True)
class Runnable:
    """Statements to be run before and after the tables, each with what it makes; and what is not run and why."""

    extensions: tuple[str, ...]
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]
    left: tuple[str, ...]


class _Harm(Exception):
    """Why a text is not run."""


def runnable(schema: Schema, dialect: Dialect) -> Runnable:
    """What of a schema's kept texts is run for one dialect. Nothing is executed here; linear in the texts."""
    own = [one for one in schema.definitions if one.dialect == dialect.name]
    known = {name.casefold() for name in schema.names} | {one.name.casefold() for one in own}
    safe: set[str] = set()
    found: dict[bool, list[tuple[str, str]]] = {True: [], False: []}
    left: list[str] = []
    for one in own:
        if one.kind == "extension":
            continue
        try:
            text = _looked_through(one, dialect.name, known, safe)
        except (_Harm, NotationError) as why:
            left.append(f"the {one.kind} {one.name}: {why}")
            continue
        if one.kind == "function":
            safe.add(one.name.casefold())
        found[one.kind in {"sequence", "type"}].append((f"the {one.kind} {one.name}", text))
    extensions = tuple(one.name for one in own if one.kind == "extension")
    return Runnable(extensions, tuple(found[True]), tuple(found[False]), tuple(left))


def _looked_through(one: Definition, dialect: str, known: set[str], safe: set[str]) -> str:
    """A text without its comments, so that an engine sees no other words than are seen here; raises _Harm where it is not run."""
    if one.kind not in _KINDS:
        raise _Harm("of a kind that is not run")
    if "/*!" in one.text or "/*M!" in one.text or "\0" in one.text:
        raise _Harm("only some versions read all of it")
    statements = list(split(one.text, dialect))
    if len(statements) != 1 or not statements[0].tokens:
        raise _Harm("more than one statement")
    tokens = statements[0].tokens
    if one.kind == "row security":
        words = [token.upper for token in tokens]
        if words[:2] != ["ALTER", "TABLE"] or words[-4:] != ["ENABLE", "ROW", "LEVEL", "SECURITY"]:
            raise _Harm("it does more than to enable row security")
        if any(token.value == "." for token in tokens):
            raise _Harm("it reaches beyond the design")
        return _bare(one.text, tokens)
    if tokens[0].upper != "CREATE":
        raise _Harm("it does not create")
    words = [token.upper for token in tokens]
    end = next((at for at, word in enumerate(words) if word in _HEADS_END), len(words))
    if one.kind not in {"trigger", "function"} and "." in words[:end]:
        raise _Harm("it would lie elsewhere")
    if one.kind == "type" and "AS" not in words[:4]:
        raise _Harm("a type of functions of its own")
    bodies: list[str] = []
    if one.kind == "function":
        bodies = list(_bodies(tokens, dialect))
    writes = one.kind in {"trigger", "function"}
    programs = {
        at for at in range(len(tokens) - 1) if words[at] == "EXECUTE" and words[at + 1] in {"FUNCTION", "PROCEDURE"}
    }
    for at in programs:
        called = tokens[at + 2] if at + 2 < len(tokens) else None
        if called is None or called.value.casefold() not in safe or words[at + 3 : at + 4] != ["("]:
            raise _Harm(f"it executes {called.value if called else 'nothing'}, which is not run")
    header = {at + 2 for at in programs}
    if one.kind == "function":
        header.add(words.index("FUNCTION") + 1)
    _harmless(tokens[1:], known, writes=writes, passed={tokens[at].start for at in header | programs})
    for body in bodies:
        _harmless(tokens_in(body, dialect), known, writes=True, passed=set())
    if one.kind == "materialized view" and dialect == "postgresql":
        return _unfilled(one.text, tokens)
    return _bare(one.text, tokens)


def _unfilled(source: str, tokens: Sequence[Token]) -> str:
    """A materialized view that is made without its rows: a query of somebody else's may never end."""
    words = [token.upper for token in tokens]
    ends = next((len(end) for end in (["WITH", "NO", "DATA"], ["WITH", "DATA"]) if words[-len(end) :] == end), 0)
    return f"{_bare(source, tokens[: len(tokens) - ends])} WITH NO DATA"


def _bare(source: str, tokens: Sequence[Token]) -> str:
    said: list[str] = []
    for at, token in enumerate(tokens):
        said += (" " if at and token.start > tokens[at - 1].end else "", source[token.start : token.end])
    return "".join(said)


def _bodies(tokens: Sequence[Token], dialect: str) -> Iterator[str]:
    """What a function carries out; raises _Harm where it is in a language that reaches everything."""
    words = [token.upper or token.value.strip("'\"").upper() for token in tokens]
    languages = {words[at + 1] for at in range(len(words) - 1) if words[at] == "LANGUAGE"}
    if dialect != "postgresql" or not languages or not languages <= {"SQL", "PLPGSQL"}:
        raise _Harm(f"a function in {', '.join(sorted(languages)).lower() or 'a language that is not said'}")
    found = [
        unquoted(token.value, dialect)
        for at, token in enumerate(tokens)
        if token.kind == "text" and words[at - 1] == "AS"
    ]
    if len(found) != 1:
        raise _Harm("its body is not one text")
    yield from found


def _harmless(tokens: Sequence[Token], known: set[str], *, writes: bool, passed: set[int]) -> None:
    """Raise _Harm at the first word that may do something elsewhere; `writes` says that rows may be written."""
    for at, token in enumerate(tokens):
        said = token.value.upper()
        before = tokens[at - 1].upper if at else ""
        after = tokens[at + 1].value if at + 1 < len(tokens) else ""
        if token.start in passed or token.kind == "number":
            continue
        if token.kind == "text":
            if before in {"FROM", "JOIN", "INTO"} or token.value[:2].upper() == "U&":
                raise _Harm(f"it reads {token.value}")
            continue
        if token.kind == "sign":
            if token.value in {"\\", "$", "#"}:
                raise _Harm(f"it says {token.value}")
            continue
        if said[:1] == "$" and not re.fullmatch(r"\$\d+", said):  # a quote, to an engine
            raise _Harm(f"it says {token.value}")
        if said == "PG_CATALOG" and after == "." and _is_called(tokens, at):
            continue
        own_words = said in _REFUSED or said.startswith(("@@", "PG_", "LO_", "DBLINK")) or "&" in said[:2]
        if own_words or (said == "DEFINER" and before != "SECURITY"):
            raise _Harm(f"it says {token.value}")
        if token.kind == "name" and {"/", ":", "\\", "."} & set(token.value) and token.value.casefold() not in known:
            raise _Harm(f"it reads {token.value}")
        if said in {"NEXTVAL", "CURRVAL"} and after == "(" and not _is_own(tokens, at):
            raise _Harm("it counts up what may not be its own")
        if after == "(" and said not in _CALLED and not (before in _OPENED and token.value.casefold() in known):
            raise _Harm(f"it calls {token.value}")
        if writes and after == "." and said not in _ROWS and before != ".":
            raise _Harm(f"it speaks of something in {token.value}")
        target = before in {"INTO", "UPDATE", "ONLY"} or (
            before == "FROM" and at > 1 and tokens[at - 2].upper == "DELETE"
        )
        outside = token.value.casefold() not in known and (after == "." or said.startswith(("PG", "SQL", "MYSQL")))
        if target and outside and said not in _AFTER_TARGETS:
            raise _Harm(f"it writes to {token.value}")


def _is_called(tokens: Sequence[Token], at: int) -> bool:
    """Whether what is said after a point is a function that is known."""
    return at + 3 < len(tokens) and tokens[at + 2].value.upper() in _CALLED and tokens[at + 3].value == "("


def _is_own(tokens: Sequence[Token], at: int) -> bool:
    """Whether the sequence that is counted up is said in one plain word."""
    said = tokens[at + 2 : at + 4]
    return len(said) == 2 and re.fullmatch(r"'\w+'", said[0].value) is not None and said[1].value in {")", "::"}

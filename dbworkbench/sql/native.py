"""Expressions that only one engine has words for: kept in these words, with the attributes that they speak of between them.

In a design such an expression is a call, `native('postgresql', j, ' ? ''x''')`: whose words they are, then pieces of its text
as they stand there and, between them, attributes. So it is renamed, looked through and carried like any other expression.
What stands there is one expression at most: no statement, no comment, no query, nothing that closes what it did not open.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dbworkbench.errors import NotationError
from dbworkbench.schema.condition import RESERVED
from dbworkbench.schema.native import NATIVE
from dbworkbench.sql.dialect import DIALECTS, unkept
from dbworkbench.sql.statement import tokens_in
from dbworkbench.sql.tokens import Token
from dbworkbench.theory.dependencies import written

__all__ = ["NotOne", "is_native", "kin", "meaning", "native", "refusal", "words_of"]

_MOST = 20_000
"""Characters of an expression that is kept; a rule of more is none."""
_CLOSES = {")": "(", "]": "[", "}": "{"}
_STRAY = frozenset({";", "\\", "'", '"', "`", "\0"})
_GLUED = re.compile(r"""[\w'"`$@#]\Z|\b[Uu]&\Z""")
_GLUES = re.compile(r"""[\w'"`$(]""")
_STATEMENT_WORDS = """ALTER ATTACH BEGIN CALL COMMIT COPY CREATE DECLARE DELETE DO DROP EXEC EXECUTE FROM GRANT INSERT INTO MERGE REVOKE
    ROLLBACK SELECT SET TABLE TRUNCATE UNION UPDATE VALUES WHERE"""
_STATEMENTS = frozenset(_STATEMENT_WORDS.split())
"""Words that are of statements and queries, where they call no function."""
_FROM = frozenset({"EXTRACT", "SUBSTRING", "TRIM", "OVERLAY", "BOTH", "LEADING", "TRAILING", "DISTINCT"})
_PLAIN_WORDS = "AND OR NOT IS NULL IN LIKE ILIKE BETWEEN TRUE FALSE ANY ALL DISTINCT FROM"
_PLAIN = frozenset(_PLAIN_WORDS.split())


class NotOne(Exception):
    """A text that is no single expression; says why. It becomes a loss and is never seen outside."""


def native(text: str, dialect: str) -> str | None:
    """An expression of a dialect as a design keeps it in the dialect's own words; None where it is not one expression.

    >>> native("lower(email) ~ '^a'", "postgresql")
    "native('postgresql', 'lower(', email, ') ~ ''^a''')"
    >>> native("1); DROP TABLE t; --", "postgresql") is None
    True
    """
    try:
        bare = _bare(text, dialect)
    except NotOne:
        return None
    said, last = [_text(dialect)], 0
    for start, end, path in _names(bare, dialect):
        said += [_text(bare[last:start])] if start > last else []
        said.append(".".join(map(_spelled, path)))
        last = end
    said += [_text(bare[last:])] if last < len(bare) else []
    return f"{NATIVE}({', '.join(said)})"


def is_native(node: object) -> bool:
    """Whether a part of an expression is in an engine's own words."""
    return isinstance(node, exp.Anonymous) and node.name.casefold() == NATIVE and bool(node.expressions)


def words_of(call: exp.Expr, column: Callable[[exp.Column], str]) -> tuple[str, str]:
    """Whose words a call of `native` has, and these, with each attribute as `column` says it. Raises NotOne."""
    first, *others = call.expressions
    if not first.is_string or first.name not in DIALECTS:
        raise NotOne("it does not say in whose words it is")
    said: list[str] = []
    for at, piece in enumerate(others):
        if isinstance(piece, exp.Column):
            beside = (one.name if one.is_string else "x" for one in (*others[at - 1 : at], *others[at + 1 : at + 2]))
            before, after = (*([""] if not at else []), *beside, "")[:2]
            if _GLUED.search(before) or _GLUES.match(after):
                raise NotOne(f"nothing stands between {piece.name} and the words beside it")
            said.append(column(piece))
        elif piece.is_string:
            said.append(piece.name)
        else:
            raise NotOne("it has more than texts and attributes")
    whole = _bare("".join(said), first.name)
    return first.name, f"({whole})" if _is_loose(whole, first.name) else whole


def refusal(text: str, dialect: str) -> str:
    """Why a text is not kept as one expression in a dialect's own words; "" where it is.

    >>> refusal("a ~ 'x' -- and so on", "postgresql"), refusal("f(a, ']')", "postgresql"), refusal("a, b", "postgresql")
    ('', '', 'it is more than one expression')
    """
    try:
        _bare(text, dialect)
    except NotOne as reason:
        return str(reason)
    return ""


_SHARED_WORDS = {
    "mysql": """ABS ASCII BIT_COUNT CEIL CEILING CHAR_LENGTH COALESCE CONCAT CONCAT_WS CRC32 DATE DATEDIFF DATE_ADD DATE_FORMAT DATE_SUB DAY
        DAYNAME DAYOFWEEK DAYOFYEAR EXTRACT FIELD FIND_IN_SET FLOOR FORMAT GREATEST HEX HOUR IF IFNULL INSTR JSON_ARRAY JSON_CONTAINS
        JSON_CONTAINS_PATH JSON_DEPTH JSON_EXTRACT JSON_KEYS JSON_LENGTH JSON_OBJECT JSON_QUOTE JSON_SEARCH JSON_TYPE JSON_UNQUOTE
        JSON_VALID JSON_VALUE LAST_DAY LEAST LEFT LENGTH LOCATE LOWER LPAD LTRIM MD5 MINUTE MOD MONTH MONTHNAME NULLIF OCTET_LENGTH
        POSITION POW POWER QUARTER REGEXP_REPLACE REPLACE REVERSE RIGHT ROUND RPAD RTRIM SECOND SHA1 SHA2 SIGN SOUNDEX SQRT STRCMP
        STR_TO_DATE SUBSTR SUBSTRING SUBSTRING_INDEX TIME TIMESTAMPDIFF TO_DAYS TRIM TRUNCATE UNHEX UPPER WEEK WEEKDAY YEAR""",
    "postgresql": """ABS ARRAY_LENGTH ARRAY_POSITION ARRAY_TO_STRING ASCII BTRIM CEIL CHAR_LENGTH COALESCE CONCAT CONCAT_WS DATE_PART DATE_TRUNC
        EXTRACT FLOOR GREATEST INITCAP JSONB_ARRAY_LENGTH JSONB_TYPEOF LEAST LEFT LENGTH LOWER LPAD LTRIM MD5 MOD NULLIF OCTET_LENGTH
        POSITION POWER REGEXP_REPLACE REPLACE REVERSE RIGHT ROUND RPAD RTRIM SIGN SPLIT_PART SQRT STRPOS SUBSTR SUBSTRING
        TRANSLATE TRIM TRUNC UPPER""",
}
_SHARED = {family: frozenset(words.split()) for family, words in _SHARED_WORDS.items()}
"""Functions that a dialect and its kin have with one meaning (MySQL 8.4 ch. 14, MariaDB's and CockroachDB's lists of functions)."""
_KIN = {("mysql", "mariadb"): "mysql", ("mariadb", "mysql"): "mysql", ("postgresql", "cockroachdb"): "postgresql"}
_SIGNS_SAID = {
    "mysql": "+ - * / % = < > <= >= <> != ( ) , . || & | ^ ~",
    "postgresql": "+ - * / % = < > <= >= <> != ( ) [ ] , . || -> ->> ~ ? :: @ &",
}
_SIGNS = {family: frozenset(signs.split()) for family, signs in _SIGNS_SAID.items()}
_OTHER_WORDS = """AND AS ASYMMETRIC BETWEEN BOTH CASE CAST CHAR COLLATE DATE DAY DECIMAL DIV ELSE END ESCAPE FALSE FROM HOUR IN INT INTEGER INTERVAL
    IS JSON LEADING LIKE MINUTE MONTH NOT NULL OR QUARTER REGEXP RLIKE SECOND SIGNED THEN TRAILING TRUE UNSIGNED WEEK WHEN XOR YEAR ANY
    ARRAY ALL JSONB TEXT BIGINT NUMERIC BOOLEAN VARCHAR EPOCH ILIKE DISTINCT"""
_WORDS = frozenset(_OTHER_WORDS.split())


def meaning(call: exp.Expr) -> str:
    """What is in an engine's own words with nothing left of how it was phrased: of what types its constants are, what is in parentheses.

    >>> one, other = (sqlglot.parse_one(native(text, "postgresql"), read="duckdb") for text in ("(a ? 'x'::text)", "a ? 'x'"))
    >>> meaning(one) == meaning(other)
    True
    """
    try:
        spoken, said = words_of(
            call, lambda found: DIALECTS[str(call.expressions[0].name)].quoted(found.name.casefold())
        )
    except (NotOne, KeyError):
        return call.sql("duckdb")
    try:
        holder = exp.Paren(this=sqlglot.parse_one(said, read=DIALECTS[spoken].sqlglot))
        for node in list(holder.walk(bfs=False)):
            bare = node
            while isinstance(bare, exp.Paren | exp.Introducer) or (
                isinstance(bare, exp.Cast) and _is_constant(bare.this)
            ):
                bare = bare.expression if isinstance(bare, exp.Introducer) else bare.this
            if bare is not node and node is not holder:
                node.replace(bare)
        for test in list(holder.find_all(exp.RegexpLike)):
            made = test.expression
            if (
                isinstance(made, exp.Anonymous) and made.name.casefold() == "similar_to_escape"
            ):  # as PostgreSQL keeps it
                test.replace(exp.SimilarTo(this=test.this, expression=made.expressions[0]))
        for text in list(holder.find_all(exp.Literal)):
            if text.is_string and text.name[:1] in {"{", "["}:
                with suppress(ValueError):
                    text.set("this", json.dumps(json.loads(text.name), sort_keys=True))
        for inner in reversed(list(holder.find_all(exp.Binary, exp.Unary))):
            within = isinstance(inner.parent, exp.Binary | exp.Unary) and not isinstance(inner.parent, exp.Paren)
            if within and not isinstance(inner, exp.Paren):
                inner.replace(exp.Paren(this=inner.copy()))
        told = holder.this.sql(DIALECTS[spoken].sqlglot, comments=False, normalize_functions="lower")
    except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError):
        told = "".join(token.value.casefold() for token in tokens_in(said, spoken) if token.value not in {"(", ")"})
    return f"{spoken}: {told}"


def _is_constant(node: exp.Expr) -> bool:
    """Whether it is a text or NULL, or a list of them."""
    return (
        isinstance(node, exp.Null)
        or (isinstance(node, exp.Literal) and node.is_string)
        or (isinstance(node, exp.Array) and all(_is_constant(one.unnest()) for one in node.expressions))
    )


def kin(text: str, written_in: str, dialect: str, names: Iterable[str]) -> bool:
    """Whether another dialect of the family has every word of an expression, with the same meaning; `names` are those of columns.

    >>> kin("JSON_VALID(`doc`)", "mysql", "mariadb", ["doc"]), kin("REGEXP_LIKE(`a`, 'x')", "mysql", "mariadb", ["a"])
    (True, False)
    """
    family = _KIN.get((written_in, dialect))
    if family is None:
        return False
    columns = set(names)
    tokens = tokens_in(text, written_in)
    for at, token in enumerate(tokens):
        called = at + 1 < len(tokens) and tokens[at + 1].value == "("
        word = token.value.upper()
        if token.kind == "name" and token.value in columns and not called:
            continue
        if token.kind == "sign" and token.value not in _SIGNS[family]:
            return False
        if token.kind == "name" or (token.kind == "word" and called and word not in _SHARED[family] | _WORDS):
            return False
        if token.kind == "word" and not called and word not in _WORDS:
            return False
    return True


def _bare(text: str, dialect: str) -> str:
    """An expression without its comments and what encloses the whole of it. Raises NotOne."""
    if len(text) > _MOST:
        raise NotOne(f"it has more than {_MOST:,} characters")
    if why := unkept(text):
        raise NotOne(f"it has {why}")
    try:
        tokens = tokens_in(text, dialect)
    except (NotationError, RecursionError) as error:
        raise NotOne("its quotes or comments are not closed") from error
    _balanced(tokens)
    _no_statement(tokens, dialect)
    while _is_enclosed(tokens):
        tokens = tokens[1:-1]
    said: list[str] = []
    for at, token in enumerate(tokens):
        said += (" " if at and token.start > tokens[at - 1].end else "", text[token.start : token.end])
    return "".join(said)


def _balanced(tokens: Sequence[Token]) -> None:
    if not tokens:
        raise NotOne("it is empty")
    opened: list[str] = []
    for token in tokens:
        if token.kind != "sign":
            continue
        if token.value in _STRAY:
            raise NotOne("it is more than one expression, or its quotes are not closed")
        if token.value in _CLOSES.values():
            opened.append(token.value)
        elif token.value in _CLOSES and (not opened or opened.pop() != _CLOSES[token.value]):
            raise NotOne("it closes what it did not open")
        elif token.value == "," and not opened:
            raise NotOne("it is more than one expression")
    if opened:
        raise NotOne("it does not close what it opens")


def _is_enclosed(tokens: Sequence[Token]) -> bool:
    """Whether one pair of parentheses stands about the whole, with one expression in it: each writing would add another."""
    depth = 0
    for at, token in enumerate(tokens):
        if token.kind == "sign":
            depth += (token.value in _CLOSES.values()) - (token.value in _CLOSES)
            if (depth == 1 and token.value == ",") or (depth == 0 and at < len(tokens) - 1):
                return False
        elif depth == 0:
            return False
    return len(tokens) > 2 and tokens[0].value == "("


def _no_statement(tokens: Sequence[Token], dialect: str) -> None:
    """Raise NotOne for what is of queries and statements, or is filled in by a client."""
    for at, token in enumerate(tokens):
        if token.kind != "word":
            continue
        before = tokens[at - 1].upper if at else ""
        after = tokens[at + 1].value if at + 1 < len(tokens) else ""
        filled = re.match(r"[@#$:]\D*[^\W\d]", token.value) and not (
            token.value[0] == ":" and dialect in {"snowflake", "databricks"}
        )
        if filled or "{" in token.value:
            raise NotOne(f"it has {token.value}, which is filled in elsewhere")
        calls = after == "(" and token.upper not in {"SELECT", "VALUES", "FROM", "UNION", "TABLE", "WHERE"}
        if token.upper not in _STATEMENTS or calls or before == ".":
            continue
        if token.upper == "FROM" and (before in _FROM or any(one.upper in _FROM for one in tokens[:at])):
            continue
        if token.upper in {"SET", "TABLE", "UNION"} and token.upper not in RESERVED and before != "":
            continue
        raise NotOne(f"it has {token.value}, which no rule about one row has")


def _is_loose(text: str, dialect: str) -> bool:
    """Whether words stand in it that might say something else outside of parentheses."""
    depth = 0
    tokens = tokens_in(text, dialect)
    for at, token in enumerate(tokens):
        depth += (token.value in _CLOSES.values()) - (token.value in _CLOSES) if token.kind == "sign" else 0
        called = at + 1 < len(tokens) and tokens[at + 1].value == "("
        if depth == 0 and token.kind == "word" and not called and token.upper not in _PLAIN:
            return True
    return False


def _names(text: str, dialect: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Where an expression speaks of columns, and their paths."""
    try:
        found = sqlglot.parse(text, read=DIALECTS[dialect].sqlglot)
        known = len(found) == 1 and found[0] is not None and not isinstance(found[0], exp.Command)
        places = sorted(set(_columns(found[0]) if known and found[0] is not None else _likely(text, dialect)))
    except (SqlglotError, RecursionError, ValueError, AttributeError, TypeError, KeyError):
        places = sorted(_likely(text, dialect))
    last = 0
    for start, end, path in places:
        if start >= last:
            yield start, end, path
            last = end


def _columns(tree: exp.Expr) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    bound = {one.name.casefold() for made in tree.find_all(exp.Lambda) for one in made.expressions}
    for column in tree.find_all(exp.Column):
        parts = [part for part in column.parts if isinstance(part, exp.Identifier)]
        if not parts or any("start" not in part.meta for part in parts) or column.name.casefold() in bound:
            continue
        called = isinstance(column.parent, exp.Dot) and column.parent.expression is not column
        if not called:
            yield parts[0].meta["start"], parts[-1].meta["end"] + 1, tuple(part.name for part in parts)


def _likely(text: str, dialect: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """What looks like a column where no grammar knows the whole: names that nothing else makes of something else."""
    tokens = tokens_in(text, dialect)
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        if token.kind not in {"word", "name"} or (token.kind == "word" and token.value.casefold() in RESERVED):
            continue
        if after is not None and (after.value in {"(", "."} or (after.kind == "text" and token.kind == "word")):
            continue
        if before is not None and (before.value in {"::", "."} or before.upper == "AS"):
            continue
        yield token.start, token.end, (token.value,)


def _text(said: str) -> str:
    return "'" + said.replace("'", "''") + "'"


def _spelled(name: str) -> str:
    return f'"{name}"' if name.casefold() in RESERVED else written(name)

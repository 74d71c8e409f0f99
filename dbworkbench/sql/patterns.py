r"""Patterns of LIKE: in some dialects a backslash takes the next sign's meaning, in others it stands for itself.

At home (as in SQLite, SQL Server, Oracle and Snowflake) there is no such sign but where ESCAPE names one. SQL Server has sets of
characters in brackets, too.
"""

import re

from sqlglot import exp

from dbworkbench.sql.dialect import Dialect
from dbworkbench.sql.terms import call, literal

__all__ = ["Unmatched", "patterns_at_home", "patterns_in"]

_LIKE = (exp.Like, exp.ILike)


class Unmatched(Exception):
    """A pattern that cannot be said; the text is the reason."""


def patterns_at_home(tree: exp.Expr, dialect: Dialect) -> exp.Expr:
    r"""An expression of a dialect with its patterns as they are meant at home. Raises Unmatched.

    >>> import sqlglot
    >>> from dbworkbench.sql.dialect import DIALECTS
    >>> patterns_at_home(sqlglot.parse_one(r"n LIKE 'a\_%'", read="postgres"), DIALECTS["postgresql"]).sql("duckdb")
    "n LIKE 'a\\_%' ESCAPE '\\'"
    """
    holder = exp.Paren(this=tree)
    for like in list(holder.find_all(*_LIKE)):
        pattern = _bare(like)
        clause = like.parent if isinstance(like.parent, exp.Escape) else None
        sign = clause.expression.name if clause is not None else "\\" if dialect.like_escapes else ""
        if dialect.like_brackets and pattern.is_string and "[" in pattern.name:
            if clause is not None:
                raise Unmatched("a pattern with a set of characters and an escape")
            _write(like, like, _unbracketed(pattern.name))
        elif clause is not None and not sign:  # PostgreSQL's ESCAPE ''
            clause.replace(like)
        elif sign == "\\" and pattern.is_string:
            _write(like, clause or like, _tidy(pattern.name))
        elif sign and clause is None:
            like.replace(exp.Escape(this=like.copy(), expression=literal(sign)))
    return holder.this  # type: ignore[no-any-return]


def patterns_in(tree: exp.Expr, dialect: Dialect) -> exp.Expr:
    """A condition of the home dialect with its patterns as another one takes them. Raises Unmatched."""
    holder = exp.Paren(this=tree)
    for like in list(holder.find_all(*_LIKE)):
        pattern, clause = _bare(like), like.parent if isinstance(like.parent, exp.Escape) else None
        constant = pattern.name if pattern.is_string else None
        sign = clause.expression.name if clause is not None else ""
        if dialect.like_brackets and constant is not None:
            pattern.replace(literal(constant.replace("[", f"{sign}[" if sign else "[[]")))
        if not dialect.like_escapes:
            continue
        if clause is None and constant is None:
            pattern.replace(call("REPLACE", pattern.copy(), "\\", "\\\\"))
        elif clause is None and constant is not None:
            pattern.replace(literal(constant.replace("\\", "\\\\")))
        elif clause is not None and sign == "\\":
            clause.replace(like)
        elif clause is not None and not dialect.like_clause:
            if constant is None or len(sign) != 1:
                raise Unmatched(f"{dialect.title} has no ESCAPE")
            pattern.replace(literal(_with_backslash(constant, sign)))
            clause.replace(like)
    return holder.this  # type: ignore[no-any-return]


def _bare(like: exp.Expr) -> exp.Expr:
    """The pattern, and a constant one without the type that PostgreSQL's catalogue says of it."""
    pattern = like.expression.unnest()
    if isinstance(pattern, exp.Cast) and pattern.this.is_string and pattern.to.this in exp.DataType.TEXT_TYPES:
        like.set("expression", pattern.this)
    return like.expression  # type: ignore[no-any-return]


def _write(like: exp.Expr, place: exp.Expr, pattern: str) -> None:
    r"""Put a pattern in which a backslash escapes in the place of another, with ESCAPE where it is needed: `\_` but not `\\`."""
    needed = re.search(r"(?s)\\[%_]", re.sub(r"\\\\", "", pattern))
    new = like.copy()
    new.set("expression", literal(pattern if needed else pattern.replace("\\\\", "\\")))
    place.replace(exp.Escape(this=new, expression=literal("\\")) if needed else new)


def _tidy(pattern: str) -> str:
    r"""A pattern without backslashes before what means nothing else: `a\b` is `ab`."""
    return re.sub(
        r"(?s)\\(.?)", lambda found: found[0] if found[1] in {"%", "_", "\\"} else found[1] or "\\\\", pattern
    )


def _with_backslash(pattern: str, sign: str) -> str:
    steps, found = iter(pattern), ""
    for one in steps:
        found += f"\\{next(steps, '')}" if one == sign else "\\\\" if one == "\\" else one
    return found


def _unbracketed(pattern: str) -> str:
    """SQL Server's pattern with each set of one character as that character; others raise Unmatched."""
    found = re.sub(r"\\", r"\\\\", pattern)
    found = re.sub(r"\[([^\]^])\]", lambda one: f"\\{one[1]}" if one[1] in {"%", "_"} else f"\0{one[1]}", found)
    if "[" in re.sub(r"(?s)\0.", "", found):
        raise Unmatched("a pattern with a set of characters")
    return found.replace("\0", "")

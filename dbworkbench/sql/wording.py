"""What sqlglot spells so that SQL Server, Oracle or another database takes it for something else, or refuses it."""

import re

from sqlglot import exp

from dbworkbench.sql.dialect import Dialect, Feature
from dbworkbench.sql.terms import kind_of

__all__ = ["Unworded", "worded"]

_EXTRACTED = {"YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "WEEK"}
_SPANS = {"DAY", "HOUR", "MINUTE", "SECOND"}
_WITHIN: dict[type[exp.Expr], str] = {exp.JSONExtract: "json_extract", exp.JSONExtractScalar: "json_extract_string"}
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)


class Unworded(Exception):
    """What a dialect has no words for; the text is the reason."""


def worded(tree: exp.Expr, dialect: Dialect, *, condition: bool) -> exp.Expr:
    """An expression of the home dialect in words that the dialect takes for the same. Raises Unworded."""
    holder = exp.Paren(this=tree)
    if condition and Feature.COMPARISON_VALUE in dialect.lacks:
        _as_truth(holder.this)
    if dialect.name in {"mysql", "mariadb", "oracle"}:
        for part in holder.find_all(exp.Extract):
            if part.name.upper() not in _EXTRACTED - ({"QUARTER", "WEEK"} if dialect.name == "oracle" else set()):
                raise Unworded(f"{dialect.title} extracts no {part.name.casefold()}")
        for span in holder.find_all(exp.Interval) if dialect.name != "oracle" else ():
            added = isinstance(span.parent, exp.Add | exp.Sub) and span.parent.expression is span
            whole = isinstance(span.this, exp.Literal) and re.fullmatch(r"-?\d{1,9}", span.this.name)
            unit = span.text("unit").upper().removesuffix("S")
            if not (added and whole and unit in _EXTRACTED):
                raise Unworded(f"{dialect.title} has no words for the span {span.sql('duckdb')}")
            span.set("unit", exp.Var(this=unit))
        for test in holder.find_all(exp.RegexpLike):
            if not test.args.get("flag"):
                test.set("flag", exp.Literal.string("c"))  # letters are told apart, whatever the collation
    if dialect.name == "duckdb":
        for inside in list(holder.find_all(*_WITHIN)):  # its arrows begin a lambda where something is computed
            inside.replace(exp.Anonymous(this=_WITHIN[type(inside)], expressions=[inside.this, inside.expression]))
    if dialect.name == "oracle":
        for span in holder.find_all(exp.Interval):
            if span.text("unit").upper() not in _SPANS or not re.fullmatch(r"-?\d\d?", span.this.name):
                raise Unworded(f"{dialect.title} has no words for the span {span.sql('duckdb')}")
        for compared in holder.find_all(*_COMPARED):
            if any(side.is_string and not side.name for side in (compared.this, compared.expression)):
                raise Unworded(f"{dialect.title} takes the empty text for NULL")
    if dialect.name == "postgresql":
        for rounded in list(holder.find_all(exp.Round)):
            if rounded.args.get("decimals") is not None and kind_of(rounded.this, {}) == "float":
                rounded.set("this", exp.cast(rounded.this, "decimal"))  # which alone is rounded to digits
                rounded.replace(exp.cast(rounded.copy(), "double"))
    if dialect.name in {"sqlserver", "oracle"}:
        for cast in list(holder.find_all(exp.Cast)):
            if cast.to.is_type(*exp.DataType.TEXT_TYPES):
                _as_text(cast, dialect)
    if dialect.name == "sqlserver":
        for joined in list(holder.find_all(exp.DPipe)):
            for side in (joined.this, joined.expression):
                if kind_of(side, {}) and not isinstance(side, exp.DPipe):
                    side.replace(exp.Cast(this=side.copy(), to=exp.DataType.build("NVARCHAR(60)", dialect="tsql")))
        for text in list(holder.find_all(exp.Literal)):
            if text.is_string and not text.name.isascii():
                text.replace(exp.National(this=text.name))
    return holder.this  # type: ignore[no-any-return]


def _as_truth(node: exp.Expr) -> None:
    """A bare truth value, or what is not one, as the comparison that a condition has to be."""
    bare = node.this.unnest() if isinstance(node, exp.Not) else node.unnest()
    if isinstance(bare, exp.Column):
        node.replace(exp.EQ(this=bare.copy(), expression=exp.Boolean(this=not isinstance(node, exp.Not))))


def _as_text(cast: exp.Cast, dialect: Dialect) -> None:
    """A conversion to a text: none of what is one, and one of which no character is lost."""
    if cast.this.unnest().meta.get("text") and not cast.to.expressions:
        cast.replace(cast.this.unnest())
    elif dialect.name == "sqlserver":
        length = cast.to.expressions[0].name if cast.to.expressions else "MAX"
        cast.set("to", exp.DataType.build(f"NVARCHAR({length})", dialect="tsql"))
    elif not cast.to.expressions:
        cast.set("to", exp.DataType.build("VARCHAR2(4000)", dialect="oracle"))

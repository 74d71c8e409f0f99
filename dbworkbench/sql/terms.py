"""What parts of a query are: days, moments, numbers; and what the dialects' terms are built with."""

from collections.abc import Callable, Iterable, Mapping

from sqlglot import exp

from dbworkbench.errors import Unsupported
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import Date, Decimal, Float, Integer, Timestamp

__all__ = [
    "Lowered",
    "call",
    "compared_moments",
    "integer",
    "is_moment",
    "kind_of",
    "kinds_of",
    "literal",
    "lowered",
    "number",
]

Lowered = Callable[[exp.Expr, Mapping[str, str]], exp.Expr | None]
"""What stands in place of a part of a query, given the kinds of attributes; None where it stays."""

_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul)
_COMPARED: tuple[type[exp.Expr], ...] = (exp.GT, exp.GTE, exp.LT, exp.LTE, exp.EQ, exp.NEQ)
_OF_ITS_INSIDE = (
    *(exp.Paren, exp.Min, exp.Max, exp.Sum, exp.Coalesce, exp.Nullif, exp.Window, exp.Filter, exp.Neg, exp.Abs),
    *(exp.Lag, exp.Lead, exp.FirstValue, exp.LastValue, exp.AnyValue),
)
_FIXED = {"WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "MICROSECOND"}  # a month has no length


def kinds_of(relations: Iterable[Relation]) -> Mapping[str, str]:
    """The kind of each attribute's values, by its name in small letters: "date", "timestamp", "integer", "decimal", "float" or
    "", where it is another or relations differ.
    """
    found: dict[str, set[str]] = {}
    for relation in relations:
        for attribute in relation.attributes:
            match attribute.type:
                case Date():
                    kind = "date"
                case Timestamp():
                    kind = "timestamp"
                case Integer():
                    kind = "integer"
                case Decimal():
                    kind = "decimal"
                case Float():
                    kind = "float"
                case _:
                    kind = ""
            found.setdefault(attribute.name.casefold(), set()).add(kind)
    return {name: kinds.pop() for name, kinds in found.items() if len(kinds) == 1}


def kind_of(node: exp.Expr, kinds: Mapping[str, str]) -> str:
    """The kind of a value, as far as it can be told; see `kinds_of`."""
    if "kind" in node.meta:
        return str(node.meta["kind"])
    match node:
        case exp.Column():
            return kinds.get(node.name.casefold(), "")
        case exp.Literal() if not node.is_string:
            return "integer" if node.name.isdigit() else "decimal"
        case exp.Cast():
            return _cast_to(node)
        case exp.Anonymous() if node.name in {"DATE", "DATETIME"}:
            return "date" if node.name == "DATE" else "timestamp"
        case exp.CurrentDate():
            return "date"
        case exp.CurrentTimestamp():
            return "timestamp"
        case exp.Div() | exp.Avg() | exp.Stddev() | exp.Variance() | exp.Sqrt() | exp.Pow() | exp.Ln() | exp.Exp():
            return "float"
        case exp.Count() | exp.RowNumber() | exp.Length() | exp.Extract() | exp.Year() | exp.Month() | exp.Day():
            return "integer"
        case exp.IntDiv() | exp.Mod():
            both = {kind_of(node.this, kinds), kind_of(node.expression, kinds)}
            return "integer" if both == {"integer"} else "" if "" in both else "float"
        case exp.Case():
            given = [*(branch.args["true"] for branch in node.args["ifs"]), *filter(None, [node.args.get("default")])]
            found = {kind_of(one, kinds) for one in given if not isinstance(one, exp.Null)}
            return found.pop() if len(found) == 1 else ""
        case exp.Add() | exp.Sub() | exp.Mul():
            both = {kind_of(node.this, kinds), kind_of(node.expression, kinds)}
            return (
                next((kind for kind in ("float", "decimal", "integer") if kind in both), "") if "" not in both else ""
            )
    return kind_of(node.this, kinds) if isinstance(node, _OF_ITS_INSIDE) and isinstance(node.this, exp.Expr) else ""


def _cast_to(node: exp.Cast) -> str:
    if node.to.is_type(*exp.DataType.TEMPORAL_TYPES):
        return "date" if node.to.is_type("date") else "timestamp"
    if node.to.is_type(*exp.DataType.INTEGER_TYPES):
        return "integer"
    if node.to.is_type("decimal"):
        return "decimal"
    return "float" if node.to.is_type(*exp.DataType.FLOAT_TYPES) else ""


def lowered(tree: exp.Expr, terms: Mapping[type, Lowered], kinds: Mapping[str, str]) -> None:
    """Replace parts of a query, from the leaves up, by what `terms` have for them."""
    for node in reversed(list(tree.dfs())):
        term = terms.get(type(node))
        new = term(node, kinds) if term is not None else None
        if new is not None and new is not node:
            node.replace(new)


def compared_moments(tree: exp.Expr, kinds: Mapping[str, str], dialect: str) -> None:
    """The span between two moments, held against another, as a moment held against one: `a - b > s` as `a > b + s`.

    Raises Unsupported for spans that are more than compared, which the dialect would take for numbers.
    """
    for node in list(tree.find_all(*_COMPARED)):
        sides = (node.this.unnest(), node.expression.unnest())
        for span, limit in (sides, sides[::-1]):
            if _is_span(span, kinds) and isinstance(limit, exp.Interval) and _is_fixed(limit):
                first, second = (span.this, exp.Add(this=span.expression, expression=limit))
                pair = (first, second) if span is sides[0] else (second, first)
                node.set("this", pair[0])
                node.set("expression", pair[1])
                break
    for node in tree.find_all(exp.Sub):
        if _is_span(node, kinds):
            raise Unsupported(
                f"{dialect} has no spans of time such as {node.sql(dialect='duckdb')} — compare moments (a > b + INTERVAL 5 HOUR), "
                "or count units between them: date_diff('minute', b, a)"
            )


def _is_span(node: exp.Expr, kinds: Mapping[str, str]) -> bool:
    if not isinstance(node, exp.Sub):
        return False
    both = {kind_of(node.this, kinds), kind_of(node.expression, kinds)}
    return "timestamp" in both and both <= {"timestamp", "date"}


def _is_fixed(span: exp.Interval) -> bool:
    return str(span.args["unit"].name if span.args.get("unit") else "").upper().removesuffix("S") in _FIXED


def named_columns(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """`(…) AS q(x, y)` for dialects that name columns in WITH only."""
    alias = node.args.get("alias")
    if alias is None or not alias.args.get("columns"):
        return None
    columns, name = alias.args["columns"], alias.this
    inside = exp.Values(expressions=node.expressions) if isinstance(node, exp.Values) else node.this
    part = exp.CTE(this=inside, alias=exp.TableAlias(this=name.copy(), columns=[c.copy() for c in columns]))
    inner = exp.select("*").from_(exp.Table(this=name.copy()))
    inner.set("with_", exp.With(expressions=[part]))
    return exp.Subquery(this=inner, alias=exp.TableAlias(this=name.copy()))


def call(name: str, *arguments: exp.Expr | str) -> exp.Expr:
    """A function that the dialects know by its name only; texts are literals."""
    return exp.Anonymous(this=name, expressions=[literal(a) if isinstance(a, str) else a for a in arguments])


def literal(value: str) -> exp.Expr:
    """A literal text."""
    return exp.Literal.string(value)


def number(value: int | str) -> exp.Expr:
    """A literal number."""
    return exp.Literal.number(value)


def is_moment(kind: exp.DataType) -> bool:
    """Whether a type is that of a day and time without a zone."""
    return bool(kind.is_type("timestamp", "datetime", exp.DType.TIMESTAMPNTZ))


def integer(node: exp.Expr) -> exp.Expr:
    """A value as a whole number."""
    return exp.Cast(this=node, to=exp.DataType.build("INT"))

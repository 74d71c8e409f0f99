"""Divisions: `/` of whole numbers is a whole number in PostgreSQL, SQLite, SQL Server and Redshift, and a fraction elsewhere.

The home dialect (DuckDB's) writes `a // b` for the whole quotient of whole numbers, `a / b` for the fraction. Which of the two a
dialect means by `/` is known when the types of the columns are; until then a quotient is kept as a call that no engine has. So is
what SQL Server writes as `a + b`, which is a sum of numbers or two texts put together.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dbworkbench.schema.expressions import expressions
from dbworkbench.schema.index import Part
from dbworkbench.schema.relation import Exclusion, Index, Relation
from dbworkbench.schema.types import Date, Decimal, Enumeration, Float, Integer, Text, Timestamp, Type
from dbworkbench.sql.dialect import Dialect
from dbworkbench.sql.terms import call, kind_of

__all__ = ["deferred", "divided", "is_open", "numeric_kind", "settled", "settled_rules", "types_of"]

_OPEN = "quotient_of_either"
"""What PostgreSQL's `a / b` is called until the types of `a` and `b` are known."""
_WHOLE = "quotient_of_whole"
"""What MySQL's `a DIV b` is called, which is the home dialect's `//` of whole numbers only."""
_SUM = "sum_of_either"
"""What SQL Server's `a + b` is called until the types of `a` and `b` are known."""
_MARK = re.compile(r"(?i)quotient_of_|sum_of_either")
Rule = TypeVar("Rule", Index, Exclusion)
_OF_TEXTS = (exp.DPipe, exp.Concat, exp.Lower, exp.Upper, exp.Substring, exp.Trim, exp.Left, exp.Right, exp.Replace)
_FACTORS = (exp.Mul, exp.Div, exp.IntDiv, exp.Mod)


def types_of(relation: Relation) -> Mapping[str, Type]:
    """The types of a relation's attributes, by their names."""
    return {attribute.name: attribute.type for attribute in relation.attributes}


def numeric_kind(declared: Type, dialect: Dialect | None = None) -> str:
    """The kind of a type's values as `sql.terms.kind_of` tells it; in a dialect, that of the type that it is written as."""
    match declared:
        case Decimal(scale=0) if dialect and dialect.spelling(declared).text == "INTEGER":
            return "integer"
        case Integer():
            return "integer"
        case Decimal():
            return "decimal"
        case Float():
            return "float"
        case Date():
            return "date"
        case Timestamp():
            return "timestamp"
    return ""


def deferred(tree: exp.Expr, dialect: Dialect) -> exp.Expr:
    """An expression that was read in a dialect, with its quotients in the home dialect's words, or left open."""
    holder = exp.Paren(this=tree)
    for node in reversed(list(holder.dfs())):
        match node:
            case exp.Add() if dialect.name == "sqlserver":
                _put_together(node)
            case exp.IntDiv():
                node.replace(call(_WHOLE, node.this, node.expression))
            case exp.Cast() if dialect.quotient == "div" and is_open(node.this):
                node.replace(node.this)  # sqlglot's way to say that PostgreSQL's is no whole number
            case exp.Anonymous() if node.name.casefold() == "intdiv" and len(node.expressions) == len("ab"):
                node.replace(call(_WHOLE, *node.expressions))
            case exp.Div() if dialect.quotient == "/":
                node.replace(call(_OPEN, node.this, node.expression))
            case exp.Trunc() | exp.Anonymous() if dialect.quotient == "TRUNC" and (inner := _cut(node)) is not None:
                node.replace(call(_WHOLE, inner.this, inner.expression))
    return holder.this  # type: ignore[no-any-return]


def _put_together(node: exp.Add) -> None:
    """Make `||` of the `+` of texts, and leave it open where it may be that of numbers."""
    sides = (node.this, node.expression)
    if any(isinstance(side, exp.Literal) and side.is_string and not _is_number(side.name) for side in sides) or all(
        _is_text(side, frozenset()) for side in sides
    ):
        node.replace(exp.DPipe(this=sides[0], expression=sides[1], safe=True))
    elif not any(kind_of(side, {}) for side in sides):
        node.replace(call(_SUM, *sides))


def _is_number(text: str) -> bool:
    return not text or re.fullmatch(r"\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*", text) is not None


def _is_text(node: exp.Expr, texts: Collection[str]) -> bool:
    """Whether a value is a text, where `texts` are the columns that are."""
    match node:
        case exp.Column():
            return node.name.casefold() in texts
        case exp.Literal():
            return bool(node.is_string)
        case exp.Cast():
            return bool(node.to.is_type(*exp.DataType.TEXT_TYPES))
        case exp.Paren() | exp.Coalesce():
            return _is_text(node.this, texts)
        case exp.Anonymous() if node.name.casefold() == _SUM:
            return all(_is_text(side, texts) for side in node.expressions)
    return isinstance(node, _OF_TEXTS)


def _cut(node: exp.Expr) -> exp.Expr | None:
    """The quotient of which the fraction is cut off."""
    given = node.expressions if isinstance(node, exp.Anonymous) else [node.this]
    plain = (isinstance(node, exp.Anonymous) and node.name.upper() == "TRUNC") or isinstance(node, exp.Trunc)
    alone = len(given) == 1 and not node.args.get("decimals")
    inner = given[0].unnest() if plain and alone else None
    return inner if isinstance(inner, exp.Div) else None


def settled(text: str, types: Mapping[str, Type]) -> str | None:
    """An expression of the home dialect whose open quotients are those of columns of these types; None where none can tell.

    >>> settled("QUOTIENT_OF_EITHER(id, 2) * 2 = id", {"id": Integer()})
    'id // 2 * 2 = id'
    """
    if not _MARK.search(text):
        return text
    kinds = {name.casefold(): numeric_kind(kind) for name, kind in types.items()}
    texts = {name.casefold() for name, kind in types.items() if isinstance(kind, Text | Enumeration)}
    with suppress(SqlglotError, RecursionError):
        holder = _summed(exp.Paren(this=sqlglot.parse_one(text, read="duckdb")), texts)
        tree = _resolved(holder, kinds).this
        return None if any(map(is_open, tree.walk())) else str(tree.sql("duckdb", comments=False))
    return None


def _summed(holder: exp.Expr, texts: Collection[str]) -> exp.Expr:
    """The same with what was left open of `+` as the sum or the text that it is."""
    for node in reversed(list(holder.find_all(exp.Anonymous))):
        if node.name.casefold() == _SUM:
            one, other = node.expressions
            both = _is_text(one, texts) and _is_text(other, texts)
            made = exp.DPipe(this=one, expression=other, safe=True) if both else exp.Add(this=one, expression=other)
            node.replace(made)
    return holder


def has_open(text: str) -> bool:
    """Whether an expression has such quotients."""
    return _MARK.search(text) is not None


def is_open(node: object) -> bool:
    """Whether it is a quotient of which it is not told whether it is a whole number."""
    return isinstance(node, exp.Anonymous) and node.name.casefold() in {_OPEN, _WHOLE, _SUM}


def _resolved(holder: exp.Expr, kinds: Mapping[str, str]) -> exp.Expr:
    """The same with the quotients told that can be."""
    for node in [node for node in reversed(list(holder.dfs())) if is_open(node) and node.name.casefold() != _SUM]:
        one, other = (kind_of(side, kinds) for side in node.expressions)
        if one == other == "integer":
            _replace(node, exp.IntDiv(this=node.expressions[0], expression=node.expressions[1]))
        elif node.name.casefold() == _OPEN and {one, other} & {"decimal", "float"}:
            first = _unturned(node.expressions[0], other, kinds)
            _replace(node, exp.Div(this=first, expression=node.expressions[1], typed=False, safe=False))
    return holder


def _unturned(node: exp.Expr, other: str, kinds: Mapping[str, str]) -> exp.Expr:
    """A whole number that was made a fraction in order to divide it by another one: the home dialect needs not."""
    cast = isinstance(node, exp.Cast) and node.to.is_type(exp.DType.DOUBLE, exp.DType.FLOAT)
    return node.this if cast and other == "integer" and kind_of(node.this, kinds) == "integer" else node


def _replace(node: exp.Expr, quotient: exp.Binary) -> None:
    """Put a quotient in the place of a call, in parentheses where those of the call are missed."""
    above = node.parent
    for side, loose in (("this", not isinstance(quotient.this, _FACTORS)), ("expression", True)):
        inner = quotient.args[side]
        if isinstance(inner, exp.Binary | exp.Not | exp.Between | exp.In) and loose:
            quotient.set(side, exp.paren(inner, copy=False))
    right = isinstance(above, _FACTORS) and above.expression is node
    node.replace(exp.paren(quotient, copy=False) if right else quotient)


def settled_rules(relation: Relation, lose: Callable[[str, str, str], None]) -> Relation:
    """A relation whose open quotients are told by its attributes; the rules of which they cannot be are told as lost."""
    defaults = (one.default for one in relation.attributes if one.default is not None)
    if not any(_MARK.search(text) for text in (*expressions(relation), *defaults)):
        return relation
    types = types_of(relation)
    name = relation.name

    def told(text: str) -> str | None:
        return settled(text, types)

    attributes = []
    for one in relation.attributes:
        found = one
        if one.generated and told(one.generated.expression) is None:
            lose(
                f"{name}.{one.name}",
                f"computed as {_said(one.generated.expression)}: {_UNKNOWN}",
                "read as a plain attribute",
            )
            found = replace(one, generated=None)
        elif one.generated:
            found = replace(one, generated=replace(one.generated, expression=told(one.generated.expression) or ""))
        if one.default is not None and told(one.default) is None:
            lose(f"{name}.{one.name}", f"the default {_said(one.default)}: {_UNKNOWN}", "not read")
            found = replace(found, default=None)
        elif one.default is not None:
            found = replace(found, default=told(one.default))
        attributes.append(found)
    checks = []
    for check in relation.checks:
        expression = told(check.expression)
        if expression is None:
            lose(name, f"the check {_said(check.expression)}: {_UNKNOWN}", "not read")
        else:
            checks.append(replace(check, expression=expression))

    def parts(on: tuple[str | Part, ...]) -> tuple[str | Part, ...] | None:
        found = [
            replace(part, expression=told(part.expression) or "?")
            if isinstance(part, Part) and part.expression
            else part
            for part in on
        ]
        return None if any(isinstance(part, Part) and part.expression == "?" for part in found) else tuple(found)

    def rules(given: tuple[Rule, ...], kind: str) -> Iterator[Rule]:
        for rule in given:
            on, where = parts(rule.on), told(rule.where)
            if on is None or where is None:
                lose(f"{name}: the {kind} {rule.name}".rstrip(), _UNKNOWN, "not read")
            else:
                yield replace(rule, on=on, where=where)

    indexes = tuple(rules(relation.indexes, "index"))
    exclusions = tuple(rules(relation.exclusions, "exclusion"))
    laid = relation.partitioning
    if laid is not None:
        on = parts(laid.on)
        if on is None:
            lose(name, f"partitioning: {_UNKNOWN}", "not read")
        laid = replace(laid, on=on) if on is not None else None
    return replace(
        relation,
        attributes=tuple(attributes),
        checks=tuple(checks),
        indexes=indexes,
        exclusions=exclusions,
        partitioning=laid,
    )


_UNKNOWN = "whether it divides whole numbers"


def _said(text: str) -> str:
    """An expression with its open quotients as they were written, near enough for a loss."""
    holder = _summed(exp.Paren(this=sqlglot.parse_one(text, read="duckdb")), ())
    for node in [node for node in reversed(list(holder.dfs())) if is_open(node)]:
        _replace(node, exp.Div(this=node.expressions[0], expression=node.expressions[1], typed=False, safe=False))
    return str(holder.this.sql("duckdb", comments=False))


def divided(tree: exp.Expr, dialect: Dialect) -> exp.Expr:
    """A condition of the home dialect with its quotients as another one writes them; the kinds of columns are in their `meta`."""
    typed = bool(sqlglot.Dialect.get_or_raise(dialect.sqlglot).TYPED_DIVISION)
    holder = exp.Paren(this=tree)
    for quotient in reversed(list(holder.find_all(exp.Div, exp.IntDiv))):
        node = quotient
        kinds = {kind_of(node.this, {}), kind_of(node.expression, {})}
        if isinstance(node, exp.IntDiv) and not kinds & {"decimal", "float"}:
            _write_whole(node, dialect)
            continue
        if isinstance(node, exp.IntDiv):
            node = exp.Div(this=quotient.this, expression=quotient.expression, typed=False, safe=True)
            quotient.replace(node)
        if typed and (dialect.quotient != "/" or kinds & {"decimal", "float"}):
            node.set("typed", True)  # there is no need to make a fraction of what is one
    return holder.this  # type: ignore[no-any-return]


def _write_whole(node: exp.Expr, dialect: Dialect) -> None:
    form = dialect.quotient
    if form == "DIV":
        node.meta["kind"] = "integer"
        return
    plain = exp.Div(this=node.this, expression=node.expression, typed=True, safe=False)
    made = plain if form == "/" else call(form, plain) if form == "TRUNC" else call(form, node.this, node.expression)
    made.meta["kind"] = "integer"
    node.replace(made)

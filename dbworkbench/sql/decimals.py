"""Conversions to decimals: `x::numeric` keeps every digit in PostgreSQL, and other dialects have digits of their own for it."""

from sqlglot import exp

from dbworkbench.sql.columntypes import BARE_EXACT
from dbworkbench.sql.dialect import Dialect
from dbworkbench.sql.terms import kind_of

__all__ = ["decimals_at_home", "decimals_in"]

_UNBOUNDED = (38, 17)
"""What stands at home for a number of any length: as many digits behind the point as a floating-point number tells apart."""
_MOST_ROUNDED = 15


def decimals_at_home(tree: exp.Expr, dialect: Dialect) -> exp.Expr:
    """An expression of a dialect with the digits of its decimals: those that it has where it says none.

    >>> import sqlglot
    >>> from dbworkbench.sql.dialect import DIALECTS
    >>> decimals_at_home(sqlglot.parse_one("x::numeric > 0.0004::numeric", read="postgres"), DIALECTS["postgresql"]).sql("duckdb")
    'CAST(x AS DECIMAL(38, 17)) > 0.0004'
    """
    holder = exp.Paren(this=tree)
    for cast in list(holder.find_all(exp.Cast)):
        if not cast.to.is_type(exp.DType.DECIMAL) or cast.to.expressions:
            continue
        inner = cast.this.unnest()
        number = inner.this if isinstance(inner, exp.Neg) else inner
        if isinstance(number, exp.Literal) and not number.is_string and dialect.unbounded:
            whole = number.name.isdigit() and _above(cast, exp.Div)
            number.set(
                "this", f"{number.name}.0" if whole else number.name
            )  # it is no whole number that divides, or is divided
            cast.replace(inner)
        elif dialect.name == "sqlite":
            cast.set("to", exp.DataType.build("double"))
        else:
            digits = _UNBOUNDED if dialect.unbounded else BARE_EXACT[dialect.name]
            cast.set("to", _decimal(*digits))
    return holder.this  # type: ignore[no-any-return]


def decimals_in(tree: exp.Expr, dialect: Dialect) -> exp.Expr:
    """A condition of the home dialect with its conversions to decimals as another one says them."""
    holder = exp.Paren(this=tree)
    for cast in list(holder.find_all(exp.Cast)) if dialect.name != "duckdb" else ():
        if not cast.to.is_type(exp.DType.DECIMAL):
            continue
        digits = tuple(int(one.name) for one in cast.to.expressions)
        if digits == _UNBOUNDED and dialect.unbounded:
            cast.set("to", exp.DataType(this=exp.DType.DECIMAL, nested=False))
        elif digits == _UNBOUNDED and _is_exact(cast):
            cast.replace(cast.this)
        elif dialect.name == "sqlite":
            cast.set("to", exp.DataType.build("double"))
            if len(digits) == len("ps") and digits[1] <= _MOST_ROUNDED:
                rounded = exp.Round(this=cast.copy(), decimals=exp.Literal.number(digits[1]))
                rounded.meta["kind"] = "float"
                cast.replace(rounded)
    return holder.this  # type: ignore[no-any-return]


def _above(node: exp.Expr, kind: type[exp.Expr]) -> bool:
    """Whether a node is a part of one of a kind, parentheses and signs aside."""
    above = node.parent
    while isinstance(above, exp.Paren | exp.Neg):
        above = above.parent
    return isinstance(above, kind)


def _is_exact(cast: exp.Cast) -> bool:
    """Whether what is converted has all its digits already, and is not divided as a whole number."""
    kind = kind_of(cast.this, {})
    return kind == "decimal" or (kind == "integer" and not _above(cast, exp.Div) and not _above(cast, exp.IntDiv))


def _decimal(precision: int, scale: int) -> exp.DataType:
    return exp.DataType.build(f"DECIMAL({precision}, {scale})")

"""DuckDB's terms as PostgreSQL says them: what sqlglot passes on as it is, or as what means something else there."""

from collections.abc import Mapping

from sqlglot import exp

from dbworkbench.sql.terms import Lowered, call, kind_of, lowered, number

__all__ = ["in_postgresql"]


def in_postgresql(tree: exp.Expr, kinds: Mapping[str, str]) -> None:
    """Put a query's terms into PostgreSQL's; `kinds` as in `sql.terms.kinds_of`."""
    lowered(tree, _LOWERED, kinds)


def _rounded(node: exp.Expr, kinds: Mapping[str, str]) -> exp.Expr | None:
    """Halves away from zero, also of floating-point numbers, of which PostgreSQL rounds halves to the even and no places."""
    places = node.args.get("decimals")
    if kind_of(node.this, kinds) != "float" or not (places is None or (places.is_int and int(places.name) <= 15)):
        return None
    double = exp.DataType.build("DOUBLE")
    scale = exp.Cast(this=number(f"1e{places.name if places is not None else 0}"), to=double)
    value = exp.Cast(this=node.this, to=double)
    half = exp.Add(this=exp.Mul(this=call("ABS", value), expression=scale), expression=number("0.5"))
    whole = exp.Mul(this=call("SIGN", value.copy()), expression=call("FLOOR", half))
    return exp.Paren(this=exp.Div(this=whole, expression=scale.copy(), typed=True))


def _field(unit: str) -> Lowered:
    """A field of a moment as a whole number."""

    def found(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
        taken = exp.Extract(this=exp.Var(this=unit), expression=node.this)
        return exp.Cast(this=call("FLOOR", taken), to=exp.DataType.build("BIGINT"))

    return found


def _extract(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """Seconds without their fraction."""
    if node.name.upper() != "SECOND" or isinstance(node.parent, exp.Anonymous):
        return None
    return call("FLOOR", node.copy())


def _distance(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """Whole weeks between two moments, as DuckDB counts them."""
    if str(node.args["unit"].name if node.args.get("unit") else "DAY").upper() != "WEEK":
        return None
    ends = [exp.Cast(this=moment, to=exp.DataType.build("TIMESTAMP")) for moment in (node.this, node.expression)]
    span = exp.Paren(this=exp.Sub(this=ends[0], expression=ends[1]))
    days = exp.Extract(this=exp.Var(this="DAYS"), expression=span)
    weeks = call("TRUNC", exp.Div(this=days, expression=number(7), typed=True))
    return exp.Cast(this=weeks, to=exp.DataType.build("BIGINT"))


def _span(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """So many units, where the number is no literal."""
    if node.this is None or isinstance(node.this, exp.Literal) or node.args.get("unit") is None:
        return None
    one = exp.Interval(this=exp.Literal.string("1"), unit=node.args["unit"])
    return exp.Paren(this=exp.Mul(this=exp.Paren(this=node.this), expression=one))


def _contains(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return exp.Paren(this=exp.GT(this=call("STRPOS", node.this, node.expression), expression=number(0)))


def _ends(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    end = call("RIGHT", node.this, call("LENGTH", node.expression))
    return exp.Paren(this=exp.EQ(this=end, expression=node.expression.copy()))


def _named(form: str) -> Lowered:
    return lambda node, _: call("TO_CHAR", node.this, form)


_LOWERED: Mapping[type, Lowered] = {
    exp.Contains: _contains,
    exp.DateDiff: _distance,
    exp.DayOfWeek: _field("DOW"),
    exp.DayOfWeekIso: _field("ISODOW"),
    exp.DayOfYear: _field("DOY"),
    exp.Dayname: _named("FMDay"),
    exp.EndsWith: _ends,
    exp.Extract: _extract,
    exp.Hour: _field("HOUR"),
    exp.Interval: _span,
    exp.Minute: _field("MINUTE"),
    exp.Monthname: _named("FMMonth"),
    exp.Quarter: _field("QUARTER"),
    exp.Round: _rounded,
    exp.Second: _field("SECOND"),
    exp.Week: _field("WEEK"),
    exp.WeekOfYear: _field("WEEK"),
}

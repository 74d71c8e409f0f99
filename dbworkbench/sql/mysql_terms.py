"""DuckDB's terms as MariaDB and MySQL say them: what sqlglot passes on as it is, or as what means something else there."""

from collections.abc import Mapping

from sqlglot import exp

from dbworkbench.sql.terms import Lowered, call, compared_moments, is_moment, kind_of, lowered, named_columns, number

__all__ = ["in_mysql"]

_MOST_NESTED = 4
_START = "1970-01-01 00:00:00"


def in_mysql(tree: exp.Expr, kinds: Mapping[str, str], *, duckdb: bool = True) -> None:
    """Put a query's terms into MySQL's; those that DuckDB alone means otherwise where it is `duckdb` that was written.

    Aggregates with a FILTER become ones of CASE.
    """
    compared_moments(tree, kinds, "MariaDB")
    for node in list(tree.find_all(exp.Filter)):
        aggregate, condition = node.this, node.expression.this
        if isinstance(aggregate, exp.Count | exp.Sum | exp.Min | exp.Max | exp.Avg) and aggregate.this is not None:
            given = aggregate.this
            inner = given.expressions[0] if isinstance(given, exp.Distinct) and len(given.expressions) == 1 else given
            if not isinstance(inner, exp.Distinct):
                kept = number(1) if isinstance(inner, exp.Star) else inner.copy()
                inner.replace(exp.Case(ifs=[exp.If(this=condition.copy(), true=kept)]))
                node.replace(aggregate)
    lowered(tree, _LOWERED if duckdb else _ALWAYS, kinds)


def _double(node: exp.Expr) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build("DOUBLE"))


def _minus(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    return exp.Paren(this=exp.Sub(this=one, expression=other))


def _mean(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """Of floating-point numbers: of exact ones, digits are lost."""
    inner = node.this.expressions[0] if isinstance(node.this, exp.Distinct) else node.this
    if not isinstance(inner, exp.Cast):
        inner.replace(_double(inner.copy()))
    return None


def _divided(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    if not node.args.get("typed"):
        node.set("this", _double(node.this))
    return None


def _rounded(node: exp.Expr, kinds: Mapping[str, str]) -> exp.Expr | None:
    """Halves away from zero, also of floating-point numbers, which are rounded to the even one here."""
    places = node.args.get("decimals")
    if kind_of(node.this, kinds) != "float" or not (places is None or (places.is_int and int(places.name) <= 15)):
        return None
    scale, value = number(f"1e{places.name if places is not None else 0}"), exp.Paren(this=node.this)
    half = exp.Add(this=exp.Mul(this=call("ABS", value), expression=scale), expression=number("0.5"))
    whole = exp.Mul(this=call("SIGN", value.copy()), expression=call("FLOOR", half))
    return exp.Paren(this=exp.Div(this=whole, expression=scale.copy(), typed=True))


def _any_value(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return exp.Min(this=node.this)


def _all(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return (exp.Min if isinstance(node, exp.LogicalAnd) else exp.Max)(this=node.this)


def _count_if(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return exp.Count(this=exp.Case(ifs=[exp.If(this=node.this, true=number(1))]))


def _most(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """GREATEST and LEAST of what is known."""
    first: exp.Expr = node.this
    others = node.expressions
    if not 1 <= len(others) < _MOST_NESTED:
        return None
    name = "GREATEST" if isinstance(node, exp.Greatest) else "LEAST"
    for other in others:
        known = (first.copy(), other.copy())
        first = call("COALESCE", call(name, first, other), *known)
    return first


def _shifted(node: exp.Expr, kinds: Mapping[str, str]) -> exp.Expr | None:
    """The days between two dates, and a date some days later or earlier: they would be added as numbers."""
    one, other = node.this, node.expression
    if kind_of(one, kinds) != "date" or isinstance(other, exp.Interval):
        return None
    kind = kind_of(other, kinds)
    if kind == "date":
        found = call("DATEDIFF", one, other) if isinstance(node, exp.Sub) else None
    elif kind == "integer":
        span = exp.Interval(this=exp.Paren(this=other), unit=exp.Var(this="DAY"))
        found = call("DATE_ADD" if isinstance(node, exp.Add) else "DATE_SUB", one, span)
        found.meta["kind"] = "date"
    else:
        found = None
    return found


def _seconds(moment: exp.Expr) -> exp.Expr:
    return call("TIMESTAMPDIFF", exp.Var(this="SECOND"), _START, moment)


def _epoch(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    spent = call("TIMESTAMPDIFF", exp.Var(this="MICROSECOND"), _START, node.this)
    return exp.Paren(this=exp.Div(this=spent, expression=number("1e6"), typed=True))


def _place(moment: exp.Expr, unit: str) -> exp.Expr | None:
    """The number of a moment's unit, counted from the beginning of time."""
    year, month = call("YEAR", moment), call("MONTH", moment.copy())
    match unit:
        case "YEAR":
            return year
        case "QUARTER":
            year_quarters = exp.Mul(this=year, expression=number(4))
            return exp.Paren(this=exp.Add(this=year_quarters, expression=call("QUARTER", moment.copy())))
        case "MONTH":
            return exp.Paren(this=exp.Add(this=exp.Mul(this=year, expression=number(12)), expression=month))
        case "HOUR" | "MINUTE" | "SECOND":
            length = {"HOUR": 3600, "MINUTE": 60, "SECOND": 1}[unit]
            return exp.Paren(this=exp.IntDiv(this=_seconds(moment), expression=number(length)))
    return None


def _distance(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """Boundaries crossed between two moments, as DuckDB counts them; of weeks, the whole ones."""
    unit = str(node.args["unit"].name if node.args.get("unit") else "DAY").upper()
    if unit == "WEEK":
        return call("TIMESTAMPDIFF", exp.Var(this="WEEK"), node.expression, node.this)
    later, earlier = _place(node.this, unit), _place(node.expression, unit)
    return _minus(later, earlier) if later is not None and earlier is not None else None


def _week_start(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    if str(node.args["unit"].name).upper() != "WEEK":
        return None
    back = exp.Interval(this=call("WEEKDAY", node.this), unit=exp.Var(this="DAY"))
    return call("DATE_SUB", call("DATE", node.this.copy()), back)


def _field(unit: str, moment: exp.Expr) -> exp.Expr | None:
    match unit.upper():
        case "WEEK" | "WEEKOFYEAR":
            return call("WEEK", moment, number(3))
        case "DOW" | "DAYOFWEEK" | "WEEKDAY":
            return _minus(call("DAYOFWEEK", moment), number(1))
        case "ISODOW":
            return exp.Paren(this=exp.Add(this=call("WEEKDAY", moment), expression=number(1)))
        case "DOY" | "DAYOFYEAR":
            return call("DAYOFYEAR", moment)
        case "EPOCH":
            return _epoch(exp.TimeToUnix(this=moment), {})
        case "YEAR" | "QUARTER" | "MONTH" | "DAY" | "HOUR" | "MINUTE" | "SECOND" as name:
            return call(name, moment)
    return None


def _named_field(unit: str) -> Lowered:
    return lambda node, _: _field(unit, node.this)


def _extract(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return _field(node.name, node.expression)


def _anonymous(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    given = node.expressions
    if node.name.upper() in {"DATE_PART", "DATEPART"} and len(given) == 2 and isinstance(given[0], exp.Literal):
        return _field(given[0].name, given[1])
    return None


def _contains(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return exp.Paren(this=exp.GT(this=call("LOCATE", node.expression, node.this), expression=number(0)))


def _ends(side: str) -> Lowered:
    def found(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
        part = call(side, node.this, call("CHAR_LENGTH", node.expression))
        return exp.Paren(this=exp.EQ(this=part, expression=node.expression.copy()))

    return found


def _cast(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """A moment keeps its fraction of a second."""
    to = node.args["to"]
    if is_moment(to) and not to.expressions:
        node.set("to", exp.DataType.build("DATETIME(6)", dialect="mysql"))
    return None


_ALWAYS: Mapping[type, Lowered] = {
    exp.Add: _shifted,
    exp.Sub: _shifted,
}
_LOWERED: Mapping[type, Lowered] = {
    **_ALWAYS,
    exp.Anonymous: _anonymous,
    exp.AnyValue: _any_value,
    exp.Avg: _mean,
    exp.Cast: _cast,
    exp.Contains: _contains,
    exp.CountIf: _count_if,
    exp.DateDiff: _distance,
    exp.DateTrunc: _week_start,
    exp.DayOfWeek: _named_field("DOW"),
    exp.DayOfWeekIso: _named_field("ISODOW"),
    exp.Div: _divided,
    exp.EndsWith: _ends("RIGHT"),
    exp.Extract: _extract,
    exp.Greatest: _most,
    exp.Least: _most,
    exp.LogicalAnd: _all,
    exp.LogicalOr: _all,
    exp.Round: _rounded,
    exp.StartsWith: _ends("LEFT"),
    exp.Stddev: _mean,
    exp.StddevPop: _mean,
    exp.StddevSamp: _mean,
    exp.Subquery: named_columns,
    exp.TimeToUnix: _epoch,
    exp.TimestampTrunc: _week_start,
    exp.Values: named_columns,
    exp.Variance: _mean,
    exp.VariancePop: _mean,
    exp.Week: _named_field("WEEK"),
    exp.WeekOfYear: _named_field("WEEK"),
}

"""DuckDB's terms as SQLite says them: what sqlglot passes on to SQLite as it is."""

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

from dbworkbench.sql.terms import (
    Lowered,
    call,
    compared_moments,
    integer,
    is_moment,
    kind_of,
    literal,
    lowered,
    named_columns,
    number,
)

__all__ = ["in_sqlite"]


def in_sqlite(tree: exp.Expr, kinds: Mapping[str, str]) -> None:
    """Put a query's terms into SQLite's; `kinds` as in `sql.terms.kinds_of`."""
    compared_moments(tree, kinds, "SQLite")
    lowered(tree, _LOWERED, kinds)


def _any(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """`= ANY (…)` and `<> ALL (…)` as IN and NOT IN."""
    wanted = exp.Any if isinstance(node, exp.EQ) else exp.All
    if not isinstance(node.expression, wanted) or not isinstance(node.expression.this, exp.Query):
        return None
    found = node.expression.this.unnest()
    inside: exp.Expr = exp.In(this=node.this, query=exp.Subquery(this=found))
    return inside if isinstance(node, exp.EQ) else exp.Not(this=exp.Paren(this=inside))


def _deleted(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """DELETE … USING as one of rows for which there are others."""
    others, where = node.args.get("using"), node.args.get("where")
    if not others or where is None:
        return None
    first, *more = others
    found = exp.select("1").from_(first.copy()).where(where.this.copy())
    for other in more:
        found = found.join(other.copy(), join_type="CROSS")
    node.set("using", None)
    node.set("where", exp.Where(this=exp.Exists(this=found)))
    return None  # it has no place that another could be put in


def _field(unit: str, moment: exp.Expr) -> exp.Expr | None:
    """A field of a moment as an integer."""
    formats = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "HOUR": "%H", "MINUTE": "%M", "SECOND": "%S"}
    formats |= {"DOW": "%w", "DAYOFWEEK": "%w", "WEEKDAY": "%w", "DOY": "%j", "DAYOFYEAR": "%j", "EPOCH": "%s"}
    unit = unit.upper().removesuffix("S")
    if unit in formats:
        return integer(call("STRFTIME", formats[unit], moment))
    month, day = (integer(call("STRFTIME", form, moment.copy())) for form in ("%m", "%w"))
    match unit:
        case "QUARTER":
            return exp.IntDiv(this=exp.Paren(this=exp.Add(this=month, expression=number(2))), expression=number(3))
        case "WEEK" | "WEEKOFYEAR":  # ISO 8601: that of its Thursday
            thursday = call("DATE", moment, "-3 days", "weekday 4")
            days = exp.Paren(this=exp.Sub(this=integer(call("STRFTIME", "%j", thursday)), expression=number(1)))
            weeks = exp.Paren(this=exp.IntDiv(this=days, expression=number(7)))
            return exp.Paren(this=exp.Add(this=weeks, expression=number(1)))
        case "ISODOW":
            shifted = exp.Paren(this=exp.Add(this=day, expression=number(6)))
            return exp.Paren(this=exp.Add(this=exp.Mod(this=shifted, expression=number(7)), expression=number(1)))
    return None


def _extract(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return _field(node.name, node.expression)


def _named_field(unit: str) -> Lowered:
    return lambda node, _: _field(unit, node.this)


def _anonymous(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    given = node.expressions
    match node.name.upper(), len(given):
        case "DATE_PART" | "DATEPART", 2 if isinstance(given[0], exp.Literal):
            return _field(given[0].name, given[1])
        case "WEEKDAY", 1:
            return _field("DOW", given[0])
    return None


def _truncated(node: exp.Expr, kinds: Mapping[str, str]) -> exp.Expr | None:
    moment, unit = node.this, str(node.args["unit"].name).upper()
    days = {"YEAR": "%Y-01-01", "MONTH": "%Y-%m-01", "DAY": "%Y-%m-%d"}
    times = {"HOUR": "%Y-%m-%d %H:00:00", "MINUTE": "%Y-%m-%d %H:%M:00", "SECOND": "%Y-%m-%d %H:%M:%S"}
    if unit in times:
        return call("STRFTIME", times[unit], moment)
    timed = kind_of(moment, kinds) == "timestamp"
    if unit in days:
        return call("STRFTIME", days[unit] + (" 00:00:00" if timed else ""), moment)
    if unit == "QUARTER":
        month = integer(call("STRFTIME", "%m", moment.copy()))
        over = exp.Mod(this=exp.Paren(this=exp.Sub(this=month, expression=number(1))), expression=number(3))
        back = exp.DPipe(
            this=exp.DPipe(this=literal("-"), expression=exp.Paren(this=over)), expression=literal(" months")
        )
        return call("DATETIME" if timed else "DATE", moment, "start of month", back)
    if unit == "WEEK":
        return call("DATETIME" if timed else "DATE", moment, "start of day", "-6 days", "weekday 1")
    return None


def _shifted(node: exp.Expr, kinds: Mapping[str, str]) -> exp.Expr | None:
    """A moment and a span added, or two days subtracted."""
    sign = "-" if isinstance(node, exp.Sub) else "+"
    moment, span = node.this, node.expression
    if isinstance(moment, exp.Interval) and sign == "+":
        moment, span = span, moment
    if isinstance(span, exp.Interval):
        return _moved(moment, span, sign, kinds)
    if kind_of(moment, kinds) != "date":
        return None
    if sign == "-" and kind_of(span, kinds) == "date":
        return integer(exp.Sub(this=call("JULIANDAY", moment), expression=call("JULIANDAY", span)))
    if isinstance(span, exp.Literal) and not span.is_string:
        return call("DATE", moment, f"{sign}{span.name} days")
    if kind_of(span, kinds) == "integer":
        amount: exp.Expr = exp.Paren(this=span)
        amount = exp.Paren(this=exp.Neg(this=amount)) if sign == "-" else amount
        return call("DATE", moment, exp.DPipe(this=amount, expression=literal(" days")))
    return None


def _moved(moment: exp.Expr, span: exp.Interval, sign: str, kinds: Mapping[str, str]) -> exp.Expr | None:
    """A moment some units earlier or later, with its fraction of a second, which SQLite's own functions drop."""
    moved = _moved_whole(moment, span, sign, kinds)
    if moved is None or kind_of(moment, kinds) != "timestamp" or isinstance(moment, exp.Literal):
        return moved
    fraction = call("SUBSTR", moment.copy(), number(20))
    whole = exp.Paren(this=exp.DPipe(this=moved, expression=fraction))
    whole.meta["kind"] = "timestamp"
    return whole


def _moved_whole(moment: exp.Expr, span: exp.Interval, sign: str, kinds: Mapping[str, str]) -> exp.Expr | None:
    unit = str(span.args["unit"].name if span.args.get("unit") else "").upper().removesuffix("S")
    factor, word = {"WEEK": (7, "days"), "QUARTER": (3, "months")}.get(unit, (1, f"{unit.casefold()}s"))
    if word not in {"years", "months", "days", "hours", "minutes", "seconds"}:
        return None
    timed = kind_of(moment, kinds) == "timestamp" or word in {"hours", "minutes", "seconds"}
    amount, function = span.this, "DATETIME" if timed else "DATE"
    if not isinstance(amount, exp.Literal):
        scaled = exp.Mul(this=exp.Paren(this=amount), expression=number(factor if sign == "+" else f"-{factor}"))
        return call(function, moment, exp.DPipe(this=exp.Paren(this=scaled), expression=literal(f" {word}")))
    try:
        modifier = f"{int(amount.name) * factor * (-1 if sign == '-' else 1):+d} {word}"
    except ValueError:
        return None
    moved = call(function, moment, modifier)
    if word not in {"years", "months"} or (isinstance(moment, exp.Literal) and moment.name[8:10] <= "28"):
        return moved
    # SQLite lets 31 January and a month be 3 March: the earlier of that and the last of the month is meant
    last = call("DATE", moment.copy(), "start of month", modifier, "+1 months", "-1 days")
    if timed:
        last = exp.DPipe(this=last, expression=call("STRFTIME", " %H:%M:%S", moment.copy()))
    return call(function, call("MIN", moved, last))


def _cast(node: exp.Expr, kinds: Mapping[str, str]) -> exp.Expr | None:
    to = node.args["to"]
    if is_moment(to) and kind_of(node.this, kinds) == "timestamp":
        same: exp.Expr = node.this
        return same
    if isinstance(node.this, exp.Literal) and node.this.is_string and (is_moment(to) or to.is_type("date")):
        said = node.this.name.strip().replace("T", " ")
        constant = literal(said if to.is_type("date") or " " in said else f"{said} 00:00:00")
        constant.meta["kind"] = "date" if to.is_type("date") else "timestamp"
        return constant
    if to.is_type(*exp.DataType.INTEGER_TYPES) and kind_of(node.this, kinds) in {"decimal", "float"}:
        return integer(call("ROUND", node.this))
    if to.is_type("uuid"):
        return exp.Cast(this=node.this, to=exp.DataType.build("TEXT"))
    if to.is_type("decimal") and len(to.expressions) == 2:
        real = exp.Cast(this=node.this, to=exp.DataType.build("DOUBLE"))
        return exp.Round(this=real, decimals=number(to.expressions[1].name))
    return None


def _concat(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    known = [exp.Coalesce(this=part, expressions=[literal("")]) for part in node.expressions]
    joined: exp.Expr = known[0]
    for part in known[1:]:
        joined = exp.DPipe(this=joined, expression=part)
    return exp.Paren(this=joined)


def _variance(*, population: bool, root: bool) -> Lowered:
    """Variance from the mean of squares; NULL where there are too few values."""

    def lowered(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
        if isinstance(node.parent, exp.Window | exp.Filter) or isinstance(node.this, exp.Distinct):
            return None
        x = node.this.sql(dialect="sqlite")
        less = "" if population else " - 1"
        said = f"(SUM(({x}) * 1.0 * ({x})) - SUM({x}) * 1.0 * SUM({x}) / COUNT({x})) / NULLIF(COUNT({x}){less}, 0)"
        return sqlglot.parse_one(f"SQRT(MAX(0.0, {said}))" if root else said, read="sqlite")

    return lowered


def _slice(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    if isinstance(node, exp.Left):
        return call("SUBSTR", node.this, number(1), node.expression)
    return call("SUBSTR", node.this, exp.Neg(this=node.expression))


def _contains(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    found = call("INSTR", node.this, node.expression)
    return exp.Paren(this=exp.GT(this=found, expression=number(0)))


def _starts(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    head = call("SUBSTR", node.this, number(1), call("LENGTH", node.expression))
    return exp.Paren(this=exp.EQ(this=head, expression=node.expression.copy()))


def _ends(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    tail = call("SUBSTR", node.this, exp.Add(this=call("LENGTH", node.this.copy()), expression=number(1)))
    length = call("LENGTH", node.expression)
    tail.expressions[1].replace(exp.Sub(this=tail.expressions[1].copy(), expression=length))
    return exp.Paren(this=exp.EQ(this=tail, expression=node.expression.copy()))


def _last_day(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return call("DATE", node.this, "start of month", "+1 months", "-1 days")


def _epoch(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return _field("EPOCH", node.this)


def _distance(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """Boundaries crossed between two moments, as DuckDB counts them."""
    later, earlier = node.this, node.expression
    unit = str(node.args["unit"].name if node.args.get("unit") else "DAY").upper()
    if unit == "DAY":
        ends = [call("JULIANDAY", call("DATE", moment)) for moment in (later, earlier)]
        return integer(exp.Sub(this=ends[0], expression=ends[1]))
    if unit == "WEEK":  # whole ones
        seconds = exp.Paren(this=exp.Sub(this=_field("EPOCH", later), expression=_field("EPOCH", earlier)))
        return exp.Paren(this=exp.IntDiv(this=seconds, expression=number(7 * 86_400)))
    if unit in {"HOUR", "MINUTE", "SECOND"}:
        length = number({"HOUR": 3600, "MINUTE": 60, "SECOND": 1}[unit])
        spent = [_field("EPOCH", moment) for moment in (later, earlier)]
        whole = [exp.Paren(this=exp.IntDiv(this=one, expression=length.copy())) for one in spent]
        return exp.Paren(this=exp.Sub(this=whole[0], expression=whole[1]))
    if unit == "QUARTER":
        fields = [(_field("YEAR", moment), _field("QUARTER", moment.copy())) for moment in (later, earlier)]
        quarters = [
            exp.Paren(this=exp.Add(this=exp.Mul(this=year, expression=number(4)), expression=quarter))
            for year, quarter in fields
        ]
        return exp.Paren(this=exp.Sub(this=quarters[0], expression=quarters[1]))
    if unit not in {"MONTH", "YEAR"}:
        return None
    years = [_field("YEAR", moment.copy()) for moment in (later, earlier)]
    between: exp.Expr = exp.Paren(this=exp.Sub(this=years[0], expression=years[1]))
    if unit == "MONTH":
        months = [_field("MONTH", moment.copy()) for moment in (later, earlier)]
        beyond = exp.Paren(this=exp.Sub(this=months[0], expression=months[1]))
        between = exp.Add(this=exp.Mul(this=between, expression=number(12)), expression=beyond)
    return exp.Paren(this=between)


_LOWERED: Mapping[type, Lowered] = {
    exp.Add: _shifted,
    exp.Anonymous: _anonymous,
    exp.Cast: _cast,
    exp.Concat: _concat,
    exp.Contains: _contains,
    exp.DateDiff: _distance,
    exp.DateTrunc: _truncated,
    exp.Day: _named_field("DAY"),
    exp.DayOfWeek: _named_field("DOW"),
    exp.DayOfWeekIso: _named_field("ISODOW"),
    exp.DayOfYear: _named_field("DOY"),
    exp.Delete: _deleted,
    exp.EQ: _any,
    exp.EndsWith: _ends,
    exp.Extract: _extract,
    exp.Hour: _named_field("HOUR"),
    exp.LastDay: _last_day,
    exp.Left: _slice,
    exp.Minute: _named_field("MINUTE"),
    exp.Month: _named_field("MONTH"),
    exp.NEQ: _any,
    exp.Quarter: _named_field("QUARTER"),
    exp.Right: _slice,
    exp.Second: _named_field("SECOND"),
    exp.StartsWith: _starts,
    exp.Stddev: _variance(population=False, root=True),
    exp.StddevPop: _variance(population=True, root=True),
    exp.StddevSamp: _variance(population=False, root=True),
    exp.Sub: _shifted,
    exp.Subquery: named_columns,
    exp.TimeToUnix: _epoch,
    exp.TimestampTrunc: _truncated,
    exp.Variance: _variance(population=False, root=False),
    exp.Values: named_columns,
    exp.VariancePop: _variance(population=True, root=False),
    exp.Week: _named_field("WEEK"),
    exp.WeekOfYear: _named_field("WEEK"),
    exp.Year: _named_field("YEAR"),
}

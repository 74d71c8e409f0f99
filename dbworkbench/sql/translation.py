"""A query carried from one SQL to another: sqlglot's translation, and what it leaves undone for SQLite.

A translation is a proposal. Where it counts, answers are compared (see `trials`).
"""

from collections.abc import Callable, Collection, Iterable, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError

from dbworkbench.errors import WorkloadError
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import Date, Timestamp
from dbworkbench.sql.workload import grammar, tables_in


def translated(text: str, written: str, wanted: str, relations: Iterable[Relation] = ()) -> str:
    """A query in another dialect, as near as it can be said; what has no equal there is left for the engine to refuse.

    `relations` tell which attributes hold dates and timestamps.

    >>> translated("SELECT year(placed) FROM orders", "duckdb", "sqlite")
    "SELECT CAST(STRFTIME('%Y', placed) AS INTEGER) FROM orders"
    """
    if type(grammar(written)) is type(grammar(wanted)):
        return text
    tree = _parsed(text, written)
    known = tuple(relations)
    write_out(tree, {relation.name.casefold(): relation for relation in known})
    for conflict in tree.find_all(exp.OnConflict):  # a key is read as what may be ordered, with NULLs last
        for key in conflict.args.get("conflict_keys") or ():
            if isinstance(key, exp.Ordered):
                key.replace(key.this)
    if wanted == "sqlite":
        _for_sqlite(tree, _kinds(known))
    if wanted in {"mariadb", "mysql"}:
        _for_mysql(tree, _kinds(known))
    _escape(tree, written, wanted)
    _spell(tree, known)
    return _said(tree, wanted)


def held_in(text: str, names: Collection[str], namespace: str, dialect: str = "duckdb") -> str:
    """The same query with the tables called `names` looked up in one namespace of the engine.

    >>> held_in("SELECT a FROM t JOIN u USING (a)", ["t"], "main")
    'SELECT a FROM main.t JOIN u USING (a)'
    """
    known = {name.casefold() for name in names}
    tree = _parsed(text, dialect)
    for table in tables_in(tree):
        if not table.db and table.name.casefold() in known:
            table.set("db", exp.to_identifier(namespace))
    return _said(tree, dialect)


def _parsed(text: str, dialect: str) -> exp.Expr:
    try:
        found = grammar(dialect).parse(text)[0]
    except (ParseError, TokenError) as error:
        raise WorkloadError(f"this SQL cannot be read as {dialect}: {error} — in: {text[:200]}") from error
    if found is None:
        raise WorkloadError("there is no statement in it")
    return found


def _said(tree: exp.Expr, dialect: str) -> str:
    return grammar(dialect).generate(tree, comments=False, unsupported_level=ErrorLevel.IGNORE)


def _escape(tree: exp.Expr, written: str, wanted: str) -> None:
    """A backslash in a pattern of LIKE stands for itself in one SQL, and takes the next sign's meaning in another."""
    plainly = [name in {"duckdb", "sqlite"} for name in (written, wanted)]
    if plainly[0] == plainly[1]:
        return
    for like in list(tree.find_all(exp.Like, exp.ILike)):
        pattern, literal = like.expression, isinstance(like.expression, exp.Literal)
        if isinstance(like.parent, exp.Escape) or (literal and "\\" not in pattern.name):
            continue
        if not plainly[0]:
            like.replace(exp.Escape(this=like.copy(), expression=_text("\\")))
        elif literal:
            pattern.replace(_text(pattern.name.replace("\\", "\\\\")))
        else:
            pattern.replace(_call("REPLACE", pattern.copy(), "\\", "\\\\"))


def _kinds(relations: Iterable[Relation]) -> Mapping[str, str]:
    found: dict[str, set[str]] = {}
    for relation in relations:
        for attribute in relation.attributes:
            match attribute.type:
                case Date():
                    kind = "date"
                case Timestamp():
                    kind = "timestamp"
                case _:
                    kind = ""
            found.setdefault(attribute.name.casefold(), set()).add(kind)
    return {name: kinds.pop() for name, kinds in found.items() if len(kinds) == 1}


def _spell(tree: exp.Expr, relations: Iterable[Relation]) -> None:
    """Names of relations and attributes exactly as they are: other engines mind capitals, or reserve other words."""
    exact = {name.casefold(): name for relation in relations for name in (*relation.names, relation.name)}
    for identifier in tree.find_all(exp.Identifier):
        name = exact.get(identifier.name.casefold())
        if name is not None:
            identifier.set("this", name)
            identifier.set("quoted", True)


def write_out(tree: exp.Expr, relations: Mapping[str, Relation]) -> None:
    """DuckDB's GROUP BY ALL, ORDER BY ALL and `* EXCLUDE (…)`, written out."""
    for select in list(tree.find_all(exp.Select)):
        _write_out_star(select, relations)
        group, order = select.args.get("group"), select.args.get("order")
        shown = [part.unalias() for part in select.expressions]
        if group is not None and group.args.get("all"):
            plain = [part.copy() for part in shown if not part.find(exp.AggFunc) or part.find(exp.Window)]
            select.set("group", exp.Group(expressions=plain) if plain else None)
        if order is not None and [part.name.upper() for part in order.expressions] == ["ALL"]:
            places = [exp.Ordered(this=exp.Literal.number(at + 1), nulls_first=False) for at in range(len(shown))]
            select.set("order", exp.Order(expressions=places))


def _write_out_star(select: exp.Select, relations: Mapping[str, Relation]) -> None:
    """A star without some columns, where one table that is known is all it stands for."""
    source = select.args.get("from_")
    table = source.this if source is not None and not select.args.get("joins") else None
    relation = relations.get(table.name.casefold()) if isinstance(table, exp.Table) else None
    for star in [part for part in select.expressions if isinstance(part, exp.Star) and part.args.get("except_")]:
        if relation is not None:
            without = {name.name.casefold() for name in star.args["except_"]}
            kept = [exp.column(name, quoted=True) for name in relation.names if name.casefold() not in without]
            at = select.expressions.index(star)
            select.set("expressions", [*select.expressions[:at], *kept, *select.expressions[at + 1 :]])


def _for_sqlite(tree: exp.Expr, kinds: Mapping[str, str]) -> None:
    """Replace, from the leaves up, what sqlglot passes on to SQLite as it is."""
    for node in reversed(list(tree.dfs())):
        lowered = _LOWERED.get(type(node))
        if lowered is None:
            continue
        new = lowered(node, kinds)
        if new is not None:
            node.replace(new)


def _for_mysql(tree: exp.Expr, kinds: Mapping[str, str]) -> None:
    """Aggregates with a FILTER by CASE, means over windows as floating-point numbers (exact ones lose their digits), and
    the days between two dates, which would be subtracted as numbers.
    """
    for node in reversed(list(tree.dfs())):
        if isinstance(node, exp.Sub) and _kind(node.this, kinds) == _kind(node.expression, kinds) == "date":
            node.replace(_call("DATEDIFF", node.this, node.expression))
    for node in list(tree.find_all(exp.Filter)):
        aggregate, condition = node.this, node.expression.this
        if isinstance(aggregate, exp.Count | exp.Sum | exp.Min | exp.Max | exp.Avg) and aggregate.this is not None:
            given = aggregate.this
            inner = given.expressions[0] if isinstance(given, exp.Distinct) and len(given.expressions) == 1 else given
            if not isinstance(inner, exp.Distinct):
                kept = _number(1) if isinstance(inner, exp.Star) else inner.copy()
                inner.replace(exp.Case(ifs=[exp.If(this=condition.copy(), true=kept)]))
                node.replace(aggregate)
    for window in tree.find_all(exp.Window):
        if isinstance(window.this, exp.Avg):
            window.this.set("this", exp.Cast(this=window.this.this, to=exp.DataType.build("DOUBLE")))


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


def _call(name: str, *arguments: exp.Expr | str) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=[_text(a) if isinstance(a, str) else a for a in arguments])


def _text(value: str) -> exp.Expr:
    return exp.Literal.string(value)


def _number(value: int | str) -> exp.Expr:
    return exp.Literal.number(value)


def _integer(node: exp.Expr) -> exp.Expr:
    return exp.Cast(this=node, to=exp.DataType.build("INT"))


def _field(unit: str, moment: exp.Expr) -> exp.Expr | None:
    """A field of a moment as an integer."""
    formats = {"YEAR": "%Y", "MONTH": "%m", "DAY": "%d", "HOUR": "%H", "MINUTE": "%M", "SECOND": "%S"}
    formats |= {"DOW": "%w", "DAYOFWEEK": "%w", "WEEKDAY": "%w", "DOY": "%j", "DAYOFYEAR": "%j", "EPOCH": "%s"}
    unit = unit.upper().removesuffix("S")
    if unit in formats:
        return _integer(_call("STRFTIME", formats[unit], moment))
    month, day = (_integer(_call("STRFTIME", form, moment.copy())) for form in ("%m", "%w"))
    match unit:
        case "QUARTER":
            return exp.IntDiv(this=exp.Paren(this=exp.Add(this=month, expression=_number(2))), expression=_number(3))
        case "ISODOW":
            shifted = exp.Paren(this=exp.Add(this=day, expression=_number(6)))
            return exp.Paren(this=exp.Add(this=exp.Mod(this=shifted, expression=_number(7)), expression=_number(1)))
    return None


def _extract(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return _field(node.name, node.expression)


def _named_field(unit: str) -> Callable[[exp.Expr, Mapping[str, str]], exp.Expr | None]:
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
        return _call("STRFTIME", times[unit], moment)
    timed = _kind(moment, kinds) == "timestamp"
    if unit in days:
        return _call("STRFTIME", days[unit] + (" 00:00:00" if timed else ""), moment)
    if unit == "WEEK":
        return _call("DATETIME" if timed else "DATE", moment, "start of day", "-6 days", "weekday 1")
    return None


def _kind(node: exp.Expr, kinds: Mapping[str, str]) -> str:
    if "kind" in node.meta:
        return str(node.meta["kind"])
    match node:
        case exp.Column():
            return kinds.get(node.name.casefold(), "")
        case exp.Paren():
            return _kind(node.this, kinds)
        case exp.Cast():
            if node.to.is_type(*exp.DataType.TEMPORAL_TYPES):
                return "date" if node.to.is_type("date") else "timestamp"
        case exp.Anonymous() if node.name in {"DATE", "DATETIME"}:
            return "date" if node.name == "DATE" else "timestamp"
        case exp.CurrentDate():
            return "date"
        case exp.CurrentTimestamp():
            return "timestamp"
        case exp.Min() | exp.Max() | exp.Coalesce():
            return _kind(node.this, kinds)
    return ""


def _shifted(node: exp.Expr, kinds: Mapping[str, str]) -> exp.Expr | None:
    """A moment and a span added, or two days subtracted."""
    sign = "-" if isinstance(node, exp.Sub) else "+"
    moment, span = node.this, node.expression
    if isinstance(moment, exp.Interval) and sign == "+":
        moment, span = span, moment
    if isinstance(span, exp.Interval):
        return _moved(moment, span, sign, kinds)
    if _kind(moment, kinds) != "date":
        return None
    if sign == "-" and _kind(span, kinds) == "date":
        return _integer(exp.Sub(this=_call("JULIANDAY", moment), expression=_call("JULIANDAY", span)))
    if isinstance(span, exp.Literal) and not span.is_string:
        return _call("DATE", moment, f"{sign}{span.name} days")
    return None


def _moved(moment: exp.Expr, span: exp.Interval, sign: str, kinds: Mapping[str, str]) -> exp.Expr | None:
    unit = str(span.args["unit"].name if span.args.get("unit") else "").upper().removesuffix("S")
    factor, word = {"WEEK": (7, "days"), "QUARTER": (3, "months")}.get(unit, (1, f"{unit.casefold()}s"))
    if word not in {"years", "months", "days", "hours", "minutes", "seconds"}:
        return None
    timed = _kind(moment, kinds) == "timestamp" or word in {"hours", "minutes", "seconds"}
    amount, call = span.this, "DATETIME" if timed else "DATE"
    if not isinstance(amount, exp.Literal):
        scaled = exp.Mul(this=exp.Paren(this=amount), expression=_number(factor if sign == "+" else f"-{factor}"))
        return _call(call, moment, exp.DPipe(this=exp.Paren(this=scaled), expression=_text(f" {word}")))
    try:
        modifier = f"{int(amount.name) * factor * (-1 if sign == '-' else 1):+d} {word}"
    except ValueError:
        return None
    moved = _call(call, moment, modifier)
    if word not in {"years", "months"} or (isinstance(moment, exp.Literal) and moment.name[8:10] <= "28"):
        return moved
    # SQLite lets 31 January and a month be 3 March: the earlier of that and the last of the month is meant
    last = _call("DATE", moment.copy(), "start of month", modifier, "+1 months", "-1 days")
    if timed:
        last = exp.DPipe(this=last, expression=_call("STRFTIME", " %H:%M:%S", moment.copy()))
    return _call(call, _call("MIN", moved, last))


def _cast(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    to = node.args["to"]
    if isinstance(node.this, exp.Literal) and node.this.is_string and to.is_type("date", "timestamp", "datetime"):
        said = node.this.name.strip().replace("T", " ")
        literal = _text(said if to.is_type("date") or " " in said else f"{said} 00:00:00")
        literal.meta["kind"] = "date" if to.is_type("date") else "timestamp"
        return literal
    if to.is_type("decimal") and len(to.expressions) == 2:
        real = exp.Cast(this=node.this, to=exp.DataType.build("DOUBLE"))
        return exp.Round(this=real, decimals=_number(to.expressions[1].name))
    return None


def _named_columns(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """`(…) AS q(x, y)`: SQLite names columns in WITH only."""
    alias = node.args.get("alias")
    if alias is None or not alias.args.get("columns"):
        return None
    columns, name = alias.args["columns"], alias.this
    inside = exp.Values(expressions=node.expressions) if isinstance(node, exp.Values) else node.this
    part = exp.CTE(this=inside, alias=exp.TableAlias(this=name.copy(), columns=[c.copy() for c in columns]))
    inner = exp.select("*").from_(exp.Table(this=name.copy()))
    inner.set("with_", exp.With(expressions=[part]))
    return exp.Subquery(this=inner, alias=exp.TableAlias(this=name.copy()))


def _concat(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    known = [exp.Coalesce(this=part, expressions=[_text("")]) for part in node.expressions]
    joined: exp.Expr = known[0]
    for part in known[1:]:
        joined = exp.DPipe(this=joined, expression=part)
    return exp.Paren(this=joined)


def _variance(*, population: bool, root: bool) -> Callable[[exp.Expr, Mapping[str, str]], exp.Expr | None]:
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
        return _call("SUBSTR", node.this, _number(1), node.expression)
    return _call("SUBSTR", node.this, exp.Neg(this=node.expression))


def _contains(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    found = _call("INSTR", node.this, node.expression)
    return exp.Paren(this=exp.GT(this=found, expression=_number(0)))


def _starts(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    head = _call("SUBSTR", node.this, _number(1), _call("LENGTH", node.expression))
    return exp.Paren(this=exp.EQ(this=head, expression=node.expression.copy()))


def _epoch(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    return _field("EPOCH", node.this)


def _distance(node: exp.Expr, _: Mapping[str, str]) -> exp.Expr | None:
    """Boundaries crossed between two moments, as DuckDB counts them."""
    later, earlier = node.this, node.expression
    unit = str(node.args["unit"].name if node.args.get("unit") else "DAY").upper()
    if unit == "DAY":
        ends = [_call("JULIANDAY", _call("DATE", moment)) for moment in (later, earlier)]
        return _integer(exp.Sub(this=ends[0], expression=ends[1]))
    if unit not in {"MONTH", "YEAR"}:
        return None
    years = [_field("YEAR", moment.copy()) for moment in (later, earlier)]
    between: exp.Expr = exp.Paren(this=exp.Sub(this=years[0], expression=years[1]))
    if unit == "MONTH":
        months = [_field("MONTH", moment.copy()) for moment in (later, earlier)]
        beyond = exp.Paren(this=exp.Sub(this=months[0], expression=months[1]))
        between = exp.Add(this=exp.Mul(this=between, expression=_number(12)), expression=beyond)
    return exp.Paren(this=between)


_LOWERED: Mapping[type, Callable[[exp.Expr, Mapping[str, str]], exp.Expr | None]] = {
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
    exp.Extract: _extract,
    exp.Hour: _named_field("HOUR"),
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
    exp.Subquery: _named_columns,
    exp.TimeToUnix: _epoch,
    exp.TimestampTrunc: _truncated,
    exp.Variance: _variance(population=False, root=False),
    exp.Values: _named_columns,
    exp.VariancePop: _variance(population=True, root=False),
    exp.Year: _named_field("YEAR"),
}

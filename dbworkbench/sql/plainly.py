"""Expressions as engines give them back, in the words a person would have used.

PostgreSQL stores `kind IN ('a', 'b')` as `(kind)::text = ANY ((ARRAY['a'::character varying, …])::text[])`, and
`name LIKE 'x'` as `name ~~ 'x'::text`; ClickHouse is told `ifNull(check, true)`, and Databricks `coalesce(check, true)`.
"""

from sqlglot import exp

__all__ = ["as_regular", "as_written", "plainly"]

_TEXTS = {exp.DType.TEXT, exp.DType.VARCHAR, exp.DType.CHAR, exp.DType.BPCHAR, exp.DType.NVARCHAR, exp.DType.NCHAR}
_DAYS = {"todate32": "date", "todatetime64": "timestamp"}


def plainly(tree: exp.Expr, dialect: str) -> exp.Expr:
    """The same condition in plain words; what is none is returned as it is.

    >>> import sqlglot
    >>> said = "(kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[])"
    >>> plainly(sqlglot.parse_one(said, read="postgres"), "postgresql").sql("duckdb")
    "kind IN ('a', 'b')"
    """
    if dialect in {"clickhouse", "databricks"} and isinstance(tree, exp.Coalesce) and _is_true(tree.expressions):
        tree = tree.this.unnest()
    if dialect == "clickhouse":
        holder = exp.Paren(this=tree)
        for call in list(holder.find_all(exp.Anonymous)):
            kind = _DAYS.get(call.name.casefold())
            if kind and call.expressions and call.expressions[0].is_string:
                call.replace(exp.Cast(this=call.expressions[0], to=exp.DataType.build(kind)))
        tree = holder.this
    if dialect in {"postgresql", "cockroachdb", "redshift"}:
        holder = exp.Paren(this=tree)
        for node in list(holder.find_all(exp.EQ, exp.NEQ)):
            found = one_of(node)
            if found is not None:
                node.replace(found)
        for cast in list(holder.find_all(exp.Cast)):
            if cast.this.is_string and cast.to.this in _TEXTS:
                cast.replace(cast.this)
        tree = holder.this
    return tree


def as_written(tree: exp.Expr, grammar: str, **options: object) -> str:
    """An expression in a grammar of sqlglot's, with NOT where people put it; `options` are those of its generator.

    >>> import sqlglot
    >>> as_written(sqlglot.parse_one("NOT a IS NULL AND NOT b IN (1, 2) AND NOT c"), "duckdb")
    'a IS NOT NULL AND b NOT IN (1, 2) AND NOT c'
    """
    holder = exp.Paren(this=tree)
    for node in reversed(list(holder.find_all(exp.Not))):
        inner = node.this
        match inner:
            case exp.Is(expression=exp.Null() as nothing) if not inner.args.get("negate"):  # as PostgreSQL's is read
                inner.set("expression", exp.Not(this=nothing))
                node.replace(inner)
            case exp.In() | exp.Between():
                inner.set("this", exp.Var(this=f"{inner.this.sql(grammar, **options)} NOT"))
                node.replace(inner)
    return str(holder.this.sql(grammar, **options))


def _is_true(values: list[exp.Expr]) -> bool:
    return len(values) == 1 and isinstance(values[0], exp.Boolean) and bool(values[0].this)


def one_of(node: exp.Expr) -> exp.Expr | None:
    """`x = ANY (ARRAY[…])` and `x <> ALL (ARRAY[…])` as IN and NOT IN."""
    wanted = exp.Any if isinstance(node, exp.EQ) else exp.All
    side = node.expression
    if isinstance(side, exp.Anonymous) and side.name.upper() == wanted.__name__.upper() and len(side.expressions) == 1:
        side = wanted(this=side.expressions[0])  # what stands in parentheses, or not, as sqlglot takes it for a call
    if not isinstance(side, wanted):
        return None
    values = _bare(side.this)
    if not isinstance(values, exp.Array) or not values.expressions:
        return None
    inside = exp.In(this=_bare(node.this), expressions=[_bare(value) for value in values.expressions])
    return inside if isinstance(node, exp.EQ) else exp.Not(this=inside)


def _bare(node: exp.Expr) -> exp.Expr:
    """What stands in parentheses and conversions to text."""
    while isinstance(node, exp.Paren) or (
        isinstance(node, exp.Cast) and (_is_text(node.to) or _is_constant(node.this))
    ):
        node = node.this
    return node


def _is_text(kind: exp.DataType) -> bool:
    inner = kind.expressions[0] if kind.this is exp.DType.ARRAY and kind.expressions else kind
    return isinstance(inner, exp.DataType) and inner.this in _TEXTS


def _is_constant(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal) or (isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal))


def as_regular(pattern: str) -> str:
    r"""A pattern of the standard's SIMILAR TO, whose % and _ stand for any characters, as the regular expression that it means.

    DuckDB's SIMILAR TO takes regular expressions, in which those two stand for themselves.

    >>> as_regular("(a|b)%_.x"), as_regular("a|b"), as_regular("[%_]+")
    ('^(a|b).*.\\.x$', '^(a|b)$', '^[%_]+$')
    """
    found, depth, inside, wide = "", 0, False, False
    steps = iter(pattern)
    for sign in steps:
        if sign == "\\":
            found += sign + next(steps, "")
            continue
        inside = (inside or sign == "[") and sign != "]"
        depth += (sign == "(") - (sign == ")")
        wide = wide or (sign == "|" and depth == 0)
        found += sign if inside else {"%": ".*", "_": ".", ".": "\\.", "^": "\\^", "$": "\\$"}.get(sign, sign)
    return f"^({found})$" if wide else f"^{found}$"

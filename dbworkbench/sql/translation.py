"""A query carried from one SQL to another: sqlglot's translation, and what it leaves undone.

A translation is a proposal. Where it counts, answers are compared (see `trials`).
"""

from collections.abc import Collection, Iterable, Mapping

from sqlglot import exp
from sqlglot.errors import ErrorLevel, ParseError, TokenError

from dbworkbench.errors import WorkloadError
from dbworkbench.schema.relation import Relation
from dbworkbench.sql.mysql_terms import in_mysql
from dbworkbench.sql.postgresql_terms import in_postgresql
from dbworkbench.sql.sqlite_terms import in_sqlite
from dbworkbench.sql.terms import call, kinds_of, literal
from dbworkbench.sql.workload import grammar, tables_in


def translated(text: str, written: str, wanted: str, relations: Iterable[Relation] = ()) -> str:
    """A query in another dialect, as near as it can be said; what has no equal there is left for the engine to refuse.

    `relations` tell which attributes hold dates and timestamps.

    Raises Unsupported for what the other dialect would take for something else.

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
    kinds = kinds_of(known)
    if wanted == "sqlite":
        in_sqlite(tree, kinds)
    elif wanted in {"mariadb", "mysql"}:
        in_mysql(tree, kinds, duckdb=written == "duckdb")
    elif wanted == "postgresql" and written == "duckdb":
        in_postgresql(tree, kinds)
    _escape(tree, written, wanted)
    if wanted in {"mariadb", "mysql", "postgresql"}:
        _name_derived(tree)
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


def _name_derived(tree: exp.Expr) -> None:
    """A name for each derived table that has none, which some do not take."""
    unnamed = (
        one for one in tree.find_all(exp.Subquery) if isinstance(one.parent, exp.From | exp.Join) and not one.alias
    )
    for number, derived in enumerate(unnamed, 1):
        derived.set("alias", exp.TableAlias(this=exp.to_identifier(f"derived_{number}")))


def _escape(tree: exp.Expr, written: str, wanted: str) -> None:
    """A backslash in a pattern of LIKE stands for itself in one SQL, and takes the next sign's meaning in another."""
    plainly = [name in {"duckdb", "sqlite"} for name in (written, wanted)]
    if plainly[0] == plainly[1]:
        return
    for like in list(tree.find_all(exp.Like, exp.ILike)):
        pattern, constant = like.expression, isinstance(like.expression, exp.Literal)
        if isinstance(like.parent, exp.Escape) or (constant and "\\" not in pattern.name):
            continue
        if not plainly[0]:
            like.replace(exp.Escape(this=like.copy(), expression=literal("\\")))
        elif constant:
            pattern.replace(literal(pattern.name.replace("\\", "\\\\")))
        else:
            pattern.replace(call("REPLACE", pattern.copy(), "\\", "\\\\"))


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

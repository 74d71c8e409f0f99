"""Joins that a candidate's table holds already: a query on references made one on the wide rows themselves.

A wide candidate gives `customers` back as the distinct customers among its order rows. A query that joins orders to their
customers would so join the wide table with itself; here it reads the customer from the row that it has in hand.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify

from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.translation import write_out
from dbworkbench.sql.workload import Query, grammar, parsed, tables_in


@dataclass(frozen=True, slots=True)
class _Source:
    """What a reference relation is among a candidate's tables: the columns of `table` behind its attributes.

    Each row of `table` is one of it, unless it is `distinct`: then each row holds one, found again by `key`. `others`
    are further tables, or further columns, that hold some of its rows too.
    """

    table: str
    columns: Mapping[str, str]
    distinct: bool = False
    key: frozenset[str] = frozenset()
    others: tuple["_Source", ...] = ()


def merged(query: Query, dialect: str, views: Mapping[str, str], schema: Schema, reference: Schema) -> str | None:
    """The query without the joins whose both sides are in each row of one table; None where there are none such.

    A join of `c` to `t` is one where `t` is given back row by row from a table, `c` as the distinct rows of some columns
    of the same table, and the join equates a key of `c` with those columns of `t` that stand behind it.
    """
    sources = {name.casefold(): source for name, source in _sources(views, schema, reference)}
    tree = _qualified(query, dialect, reference)
    if tree is None:
        return None
    named = {part.alias.casefold() for part in tree.find_all(exp.CTE)}
    if named & {name.casefold() for name in schema.names}:
        return None
    places = {table.alias_or_name.casefold(): table for table in tables_in(tree)}
    if len(places) != len(tables_in(tree)) or set(places) & named:
        return None  # an alias that means two things
    known = {
        alias: sources[table.name.casefold()] for alias, table in places.items() if table.name.casefold() in sources
    }
    if len(known) < len(places):
        return None
    into: dict[str, str] = {}
    for select in tree.find_all(exp.Select):
        _merge(select, known, into, schema)
    if not into:
        return None
    _say_columns(tree, known, into)
    given = {name.casefold(): text for name, text in views.items()}
    for alias, table in places.items():
        if alias not in into:
            _replace(table, alias, known[alias], given)
    return grammar(dialect).generate(tree, comments=False)


def _sources(views: Mapping[str, str], schema: Schema, reference: Schema) -> Iterator[tuple[str, _Source]]:
    for relation in reference:
        if relation.name in views:
            found = _source(views[relation.name], relation)
            if found is not None:
                yield relation.name, found
        elif relation.name in schema:
            yield relation.name, _Source(relation.name, {name.casefold(): name for name in relation.names})


def _source(view: str, relation: Relation) -> _Source | None:
    tree = grammar("duckdb").parse(view)[0]
    branches = list(_branches(tree)) if tree is not None else []
    found = [_of_select(branch, relation) for branch in branches]
    held = [one for one in found if one is not None]
    if not held or len(held) < len(found) or (len(held) > 1 and not all(one.distinct for one in held)):
        return None
    return replace(held[0], others=tuple(held[1:]))


def _branches(tree: exp.Expr) -> Iterator[exp.Expr]:
    if isinstance(tree, exp.Union) and tree.args.get("distinct"):
        yield from _branches(tree.this)
        yield from _branches(tree.expression)
    else:
        yield tree


def _of_select(tree: exp.Expr, relation: Relation) -> _Source | None:
    if not isinstance(tree, exp.Select):
        return None
    allowed = {"expressions", "from_", "where", "distinct", "kind"}
    if any(value for name, value in tree.args.items() if name not in allowed) or tree.args.get("from_") is None:
        return None
    table = tree.args["from_"].this
    if not isinstance(table, exp.Table) or not all(isinstance(part.unalias(), exp.Column) for part in tree.expressions):
        return None
    columns = {part.alias_or_name.casefold(): part.unalias().name for part in tree.expressions}
    distinct, where = bool(tree.args.get("distinct")), tree.args.get("where")
    key = frozenset(name.casefold() for name in relation.primary_key)
    behind = {columns.get(name, "").casefold() for name in key}
    if where is not None and not (distinct and all(_says_known(part, behind) for part in _conjuncts(where.this))):
        return None
    return _Source(table.name, columns, distinct, key)


def _says_known(condition: exp.Expr, columns: set[str]) -> bool:
    """Whether a condition is `column IS NOT NULL`, of one of the columns."""
    bare = condition.unnest()
    inner = bare.this.unnest() if isinstance(bare, exp.Not) else None
    return (
        isinstance(inner, exp.Is)
        and isinstance(inner.expression, exp.Null)
        and isinstance(inner.this, exp.Column)
        and inner.this.name.casefold() in columns
    )


def _conjuncts(condition: exp.Expr | None) -> list[exp.Expr]:
    if condition is None:
        return []
    bare = condition.unnest()
    return [part for side in bare.flatten() for part in _conjuncts(side)] if isinstance(bare, exp.And) else [bare]


def _qualified(query: Query, dialect: str, reference: Schema) -> exp.Expr | None:
    """The query with every column under its table's alias and every star written out."""
    if any(not isinstance(star.parent, exp.Count | exp.Select) for star in parsed(query, dialect).find_all(exp.Star)):
        return None
    tree = parsed(query, dialect)
    write_out(tree, {relation.name.casefold(): relation for relation in reference})
    known: dict[str, object] = {relation.name: dict.fromkeys(relation.names, "UNKNOWN") for relation in reference}
    try:
        return qualify(
            tree,
            dialect=grammar(dialect),
            schema=known,
            quote_identifiers=False,
            validate_qualify_columns=True,
        )
    except SqlglotError:
        return None


def _merge(select: exp.Select, known: dict[str, _Source], into: dict[str, str], schema: Schema) -> None:
    """Merge what can be merged in one SELECT, until nothing more can."""
    while True:
        joins = select.args.get("joins") or []
        source = select.args.get("from_")
        if source is None or not isinstance(source.this, exp.Table):
            return
        step = _next(select, source.this, joins, known, into)
        if step is None:
            return
        alias, target, join, held = step
        into[alias], known[alias] = target, held
        if join is None:  # it stands after FROM: the first joined table takes its place
            first = next(other for other in joins if other.this.alias_or_name.casefold() == target)
            _keep_condition(select, first)
            source.set("this", first.this)
            select.set("joins", [other for other in joins if other is not first])
        else:
            if not join.args.get("side"):
                _keep_condition(select, join)
            select.set("joins", [other for other in joins if other is not join])
        _drop_trivial(select, known, into, schema)


def _next(
    select: exp.Select, first: exp.Table, joins: list[exp.Join], known: Mapping[str, _Source], into: Mapping[str, str]
) -> tuple[str, str, exp.Join | None, _Source] | None:
    """A table to merge, the one to merge it into, the join that goes (None: it stands after FROM), and its columns."""
    inner = all(not join.args.get("side") and join.args.get("kind") in {None, "", "INNER", "CROSS"} for join in joins)
    plain = inner and not any(join.args.get("using") or join.args.get("method") for join in joins)
    where = select.args.get("where")
    conditions = _conjuncts(where.this if where is not None else None)
    if plain:
        conditions += [part for join in joins for part in _conjuncts(join.args.get("on"))]
    here: list[tuple[exp.Expr, exp.Join | None]] = [(first, None), *((join.this, join) for join in joins)]
    names = [table.alias_or_name.casefold() for table, _ in here if isinstance(table, exp.Table)]
    for table, join in here:
        alias = table.alias_or_name.casefold()
        if not isinstance(table, exp.Table) or alias not in known or not known[alias].distinct:
            continue
        if plain:
            asked, exact = conditions, False
        elif join is not None and join.args.get("side") == "LEFT" and not join.args.get("using"):
            asked, exact = _conjuncts(join.args.get("on")), True
        else:
            continue
        for target in names:
            for held in (known[alias], *known[alias].others) if target != alias else ():
                if _is_same_row(alias, target, asked, {**known, alias: held}, into, exact=exact):
                    return alias, target, join, held
    return None


def _is_same_row(
    alias: str,
    target: str,
    conditions: list[exp.Expr],
    known: Mapping[str, _Source],
    into: Mapping[str, str],
    *,
    exact: bool,
) -> bool:
    """Whether the conditions find, for a row of the target, just what the row itself holds."""
    one, other = known[alias], known.get(target)
    if other is None or other.distinct or other.table.casefold() != one.table.casefold():
        return False
    matched: set[str] = set()
    for condition in conditions:
        found = _key_match(condition, alias, target, known, into)
        if found is not None:
            matched.add(found)
        elif exact:
            return False
    return bool(one.key) and one.key <= matched


def _key_match(
    condition: exp.Expr, alias: str, target: str, known: Mapping[str, _Source], into: Mapping[str, str]
) -> str | None:
    """The attribute of `alias` that a condition equates with the same column of the target's table."""
    if not isinstance(condition, exp.EQ):
        return None
    sides = (condition.this, condition.expression)
    if not all(isinstance(side, exp.Column) for side in sides):
        return None
    for mine, theirs in (sides, sides[::-1]):
        holder = theirs.table.casefold()
        if mine.table.casefold() != alias or holder not in known or _end(holder, into) != target:
            continue
        behind = known[alias].columns.get(mine.name.casefold())
        if behind is not None and behind == known[holder].columns.get(theirs.name.casefold()):
            return str(mine.name).casefold()
    return None


def _end(alias: str, into: Mapping[str, str]) -> str:
    while alias in into:
        alias = into[alias]
    return alias


def _keep_condition(select: exp.Select, join: exp.Join) -> None:
    if join.args.get("on") is not None:
        select.where(join.args["on"], copy=False)
        join.set("on", None)


def _drop_trivial(select: exp.Select, known: Mapping[str, _Source], into: Mapping[str, str], schema: Schema) -> None:
    """Drop conditions that equate a column with itself; where it can be unknown they stay, and drop those rows."""
    where = select.args.get("where")
    if where is None:
        return
    kept = [part for part in _conjuncts(where.this) if not _is_trivial(part, known, into, schema)]
    select.set("where", exp.Where(this=exp.and_(*kept, copy=False)) if kept else None)


def _is_trivial(condition: exp.Expr, known: Mapping[str, _Source], into: Mapping[str, str], schema: Schema) -> bool:
    if not isinstance(condition, exp.EQ):
        return False
    found = []
    for side in (condition.this, condition.expression):
        if not isinstance(side, exp.Column) or side.table.casefold() not in known:
            return False
        alias = side.table.casefold()
        found.append((_end(alias, into), known[alias].columns.get(side.name.casefold()), known[alias].table))
    (_, column, table), other = found[0], found[1]
    return found[0] == other and column is not None and table in schema and not schema[table][column].nullable


def _say_columns(tree: exp.Expr, known: Mapping[str, _Source], into: Mapping[str, str]) -> None:
    """Every column under the alias of the table that now holds it, by the table's own name for it."""
    for column in tree.find_all(exp.Column):
        alias = column.table.casefold()
        if alias not in known or (known[alias].distinct and alias not in into):
            continue
        behind = known[alias].columns.get(column.name.casefold(), column.name)
        column.set("this", exp.to_identifier(behind, quoted=True))
        column.set("table", exp.to_identifier(_end(alias, into)))


def _replace(table: exp.Table, alias: str, source: _Source, views: Mapping[str, str]) -> None:
    """The table that holds a relation in its place, or the query that gives it back."""
    named = exp.TableAlias(this=exp.to_identifier(alias))
    if not source.distinct:
        table.replace(exp.Table(this=exp.to_identifier(source.table, quoted=True), alias=named))
        return
    view = grammar("duckdb").parse(views[table.name.casefold()])[0]
    table.replace(exp.Subquery(this=view, alias=named))

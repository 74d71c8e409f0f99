"""A query on a reference schema carried to the tables of a candidate: as somebody would write it who knows them.

Views that rebuild the reference join everything, whatever a query needs of it. Here each reference relation is replaced
by its view's query without the joins that the query does not need, and without self-joins of a table that holds both
sides of a reference in each row already.
"""

from collections.abc import Iterable, Iterator, Mapping

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.merging import merged
from dbworkbench.sql.workload import Query, grammar, parsed, tables_in


def rewritten(query: Query, dialect: str, views: Mapping[str, str], schema: Schema, reference: Schema) -> str | None:
    """The query over the tables of `schema`, in the same dialect; None where its views serve as well.

    Joins that a table holds already are merged (`sql.merging`); else views lose the joins that the query does not need.
    """
    return merged(query, dialect, views, schema, reference) or pruned(query, dialect, views, schema)


def pruned(query: Query, dialect: str, views: Mapping[str, str], schema: Schema) -> str | None:
    """The query with the views' own queries in their places, without the joins that it does not need; else None.

    `views` give each reference relation as a query over `schema`, in DuckDB's SQL. A join is left out of a view where
    the query names none of its columns and it can neither drop nor repeat a row: it is along a key of the joined
    table, and either an outer one or along a foreign key whose attributes are always known.
    """
    tree = parsed(query, dialect)
    given = {name.casefold(): text for name, text in views.items()}
    named = {part.alias.casefold() for part in tree.find_all(exp.CTE)}
    if named & {name.casefold() for name in schema.names}:
        return None  # a WITH name would hide a table
    needed = _needed(tree)
    places = [table for table in tables_in(tree) if table.name.casefold() in given and not table.db]
    gained = False
    for table in places:
        view = _parsed(given[table.name.casefold()])
        if view is None or not _is_plain_join(view):
            return None
        gained = _prune(view, needed, schema) or gained
        alias = table.args.get("alias") or exp.TableAlias(this=table.this.copy())
        subquery = exp.Subquery(this=view, alias=alias)
        subquery.set("joins", table.args.get("joins"))
        table.replace(subquery)
    if not gained or len(places) < len([t for t in tables_in(tree) if t.name.casefold() in given]):
        return None
    return grammar(dialect).generate(tree, comments=False)


def _needed(tree: exp.Expr) -> frozenset[str] | None:
    """The names that a query uses, of columns or anything else; None where it asks for all columns there are."""
    for star in tree.find_all(exp.Star):
        if not isinstance(star.parent, exp.Count):
            return None
    if any(join.args.get("method") == "NATURAL" for join in tree.find_all(exp.Join)):
        return None
    return frozenset(identifier.name.casefold() for identifier in tree.find_all(exp.Identifier))


def _parsed(text: str) -> exp.Select | None:
    try:
        found = grammar("duckdb").parse(text)[0]
    except (ParseError, TokenError):
        return None
    return found if isinstance(found, exp.Select) else None


def _is_plain_join(view: exp.Select) -> bool:
    """Whether a view is projections of joined tables, and nothing that counts or drops rows."""
    allowed = {"expressions", "from_", "joins", "where", "kind"}
    if any(value for name, value in view.args.items() if name not in allowed):
        return False
    source = view.args.get("from_")
    if source is None or not isinstance(source.this, exp.Table) or source.this.args.get("joins"):
        return False
    if any(
        not isinstance(join.this, exp.Table) or join.this.args.get("joins") for join in view.args.get("joins") or ()
    ):
        return False
    return not view.find(exp.AggFunc, exp.Window, exp.Star, exp.Subquery, exp.Explode)


def _prune(view: exp.Select, needed: frozenset[str] | None, schema: Schema) -> bool:
    """Drop the projections and joins that are not needed; whether a join was dropped."""
    if needed is not None:
        kept = [part for part in view.expressions if part.alias_or_name.casefold() in needed]
        view.set("expressions", kept or [exp.alias_(exp.Literal.number(1), "one")])
    tables = {table.alias_or_name.casefold(): table.name for table in _tables(view)}
    dropped = False
    for join in reversed(view.args.get("joins") or []):
        if _is_unused(join, view) and _keeps_rows(join, tables, schema):
            view.set("joins", [other for other in view.args["joins"] if other is not join])
            dropped = True
    return dropped


def _tables(view: exp.Select) -> Iterator[exp.Table]:
    yield view.args["from_"].this
    for join in view.args.get("joins") or ():
        yield join.this


def _is_unused(join: exp.Join, view: exp.Select) -> bool:
    alias = join.this.alias_or_name.casefold()
    for column in view.find_all(exp.Column):
        inside = column.find_ancestor(exp.Join)
        if (not column.table or column.table.casefold() == alias) and inside is not join:
            return False
    return True


def _keeps_rows(join: exp.Join, tables: Mapping[str, str], schema: Schema) -> bool:
    """Whether each row meets at most one row of the joined table, and, unless the join is an outer one, at least one."""
    alias, side, kind = join.this.alias_or_name.casefold(), join.args.get("side") or "", join.args.get("kind") or ""
    if side not in {"", "LEFT"} or kind not in {"", "INNER", "OUTER"} or join.args.get("method"):
        return False
    condition = join.args.get("on")
    pairs = list(_equalities(condition, alias)) if condition is not None else []
    if not pairs or any(pair is None for pair in pairs) or join.this.name not in schema:
        return False
    here = [pair for pair in pairs if pair is not None]
    target = schema[join.this.name]
    if not _has_key(target, {theirs for theirs, _ in here}):
        return False
    if side == "LEFT":
        return True
    others = {ours.table.casefold() for _, ours in here}
    if len(others) != 1:
        return False
    home = tables.get(others.pop())
    if home is None or home not in schema:
        return False
    return _refers(schema[home], target, {(ours.name, theirs) for theirs, ours in here})


def _equalities(condition: exp.Expr, alias: str) -> Iterator[tuple[str, exp.Column] | None]:
    """The pairs (column of the joined table, column of another) that a condition equates; None for anything else."""
    for part in condition.flatten() if isinstance(condition, exp.And) else (condition,):
        bare = part.unnest()
        if not isinstance(bare, exp.EQ):
            yield None
            continue
        left, right = bare.this, bare.expression
        if not isinstance(left, exp.Column) or not isinstance(right, exp.Column):
            yield None
        elif left.table.casefold() == alias and right.table.casefold() != alias:
            yield left.name, right
        elif right.table.casefold() == alias and left.table.casefold() != alias:
            yield right.name, left
        else:
            yield None


def _has_key(relation: Relation, names: Iterable[str]) -> bool:
    said = {name.casefold() for name in names}
    keys = [key.attributes for key in relation.keys] or [relation.primary_key]
    return any({name.casefold() for name in key} <= said for key in keys)


def _refers(home: Relation, target: Relation, pairs: set[tuple[str, str]]) -> bool:
    said = {(ours.casefold(), theirs.casefold()) for ours, theirs in pairs}
    for foreign_key in home.foreign_keys:
        meant = {
            (a.casefold(), b.casefold()) for a, b in zip(foreign_key.attributes, foreign_key.referenced, strict=True)
        }
        if foreign_key.relation == target.name and meant == said:
            return not any(home[name].nullable for name in foreign_key.attributes)
    return False

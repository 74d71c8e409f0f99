"""Joins that a candidate's table holds already: a query on references made one on the wide rows themselves.

A wide candidate gives `customers` back as the distinct customers among its order rows. A query that joins orders to their
customers would so join the wide table with itself; here it reads the customer from the row that it has in hand.
"""

from collections.abc import Mapping, Sequence

from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import traverse_scope

from dbworkbench.schema.relation import ForeignKey
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dimensions import SAID, Equated, by_reference, whole_reference
from dbworkbench.sql.sources import Held, conjuncts, holders
from dbworkbench.sql.translation import write_out
from dbworkbench.sql.workload import Query, grammar, parsed, tables_in


def merged(query: Query, dialect: str, views: Mapping[str, str], schema: Schema, reference: Schema) -> str | None:
    """The query without the joins whose both sides are in each row of one table; None where its views serve as well.

    A join of `c` to `t` is one where both are given back from the same table, `c` as the distinct rows of some columns,
    and the join equates a key of `c` with those columns of `t` that stand behind it. Where `t` refers to the table of
    `c` instead, the join goes by that reference (`sql.dimensions`). Distinct rows are asked only for the columns that
    the query needs, with their key.
    """
    sources = {name.casefold(): source for name, source in holders(views, schema, reference)}
    tree = _qualified(query, dialect, reference)
    if tree is None:
        return None
    _tell_apart(tree)
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
    gained = [_merge(select, known, into, schema) for select in tree.find_all(exp.Select)]
    _say_columns(tree, known, into)
    given = {name.casefold(): text for name, text in views.items()}
    for alias, table in places.items():
        if alias not in into:
            gained.append(_replace(table, alias, known[alias], given, tree))
    return grammar(dialect).generate(tree, comments=False) if any(gained) else None


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


def _tell_apart(tree: exp.Expr) -> None:
    """One alias for each table that is read: where two selects say the same one, the later is numbered."""
    said: list[tuple[str, exp.Table, list[exp.Column]]] = []
    for scope in traverse_scope(tree):
        for alias, source in scope.sources.items():
            if isinstance(source, exp.Table):
                said.append((alias, source, [column for column in scope.columns if column.table == alias]))
    taken: set[str] = {one.alias.casefold() for one in tree.find_all(exp.CTE, exp.Subquery)}
    for alias, table, columns in said:
        name, number = alias, 1
        while name.casefold() in taken:
            number += 1
            name = f"{alias}_{number}"
        taken.add(name.casefold())
        if name != alias:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
            for column in columns:
                column.set("table", exp.to_identifier(name))


def _merge(select: exp.Select, known: dict[str, Held], into: dict[str, str], schema: Schema) -> bool:
    """Merge what can be merged in one SELECT, until nothing more can; whether anything was."""
    gained = False
    followed: dict[tuple[str, tuple[str, ...]], str] = {}
    while True:
        joins = select.args.get("joins") or []
        source = select.args.get("from_")
        if source is None or not isinstance(source.this, exp.Table):
            return gained
        step = _next(select, known, into) or _by_reference(select, known, into, schema, followed)
        if step is None:
            return gained
        gained = True
        alias, target, join, held = step
        known[alias] = held
        if alias == target:  # it stays, as the table that it is read from
            continue
        into[alias] = target
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


def _by_reference(
    select: exp.Select,
    known: Mapping[str, Held],
    into: Mapping[str, str],
    schema: Schema,
    followed: dict[tuple[str, tuple[str, ...]], str],
) -> tuple[str, str, exp.Join | None, Held] | None:
    """A table to read through a reference: merged into what was found through the same one, else (alias and target are
    the same then) found by all of it; as in `_next`.
    """
    here, conditions, plain = _joined(select)
    if not plain or any(not isinstance(table, exp.Table) for table, _ in here):
        return None
    names = [table.alias_or_name.casefold() for table, _ in here]

    def found(alias: str, target: str) -> list[tuple[str, str]]:
        pairs = (_equated(condition, alias, target, known, into) for condition in conditions)
        return [pair for pair in pairs if pair is not None]

    for alias, target, held, reference in by_reference(names, known, schema, found):
        table, join = next(one for one in here if one[0].alias_or_name.casefold() == alias)
        there = followed.get((target, reference.attributes)) or _joined_by(reference, target, names, known, found)
        if there is not None:
            return alias, there, join, held
        followed[target, reference.attributes] = alias
        select.where(whole_reference(reference, target, table.alias_or_name), copy=False)
        return alias, alias, join, held
    return None


def _joined_by(
    reference: ForeignKey, target: str, names: Sequence[str], known: Mapping[str, Held], found: Equated
) -> str | None:
    """The alias that the query itself joins along a whole reference, row by row."""
    whole = set(zip(reference.referenced, reference.attributes, strict=True))
    for alias in names:
        held = known.get(alias)
        if held is None or held.distinct or held.table != reference.relation or alias == target:
            continue
        if whole <= {(held.columns.get(attribute), column) for attribute, column in found(alias, target)}:
            return alias
    return None


def _joined(select: exp.Select) -> tuple[list[tuple[exp.Expr, exp.Join | None]], list[exp.Expr], bool]:
    """What a SELECT reads with the joins that bring it, its conditions, and whether all of them hold for every row."""
    joins = select.args.get("joins") or []
    inner = all(not join.args.get("side") and join.args.get("kind") in {None, "", "INNER", "CROSS"} for join in joins)
    plain = inner and not any(join.args.get("using") or join.args.get("method") for join in joins)
    where = select.args.get("where")
    conditions = conjuncts(where.this if where is not None else None)
    if plain:
        conditions += [part for join in joins for part in conjuncts(join.args.get("on"))]
    return [(select.args["from_"].this, None), *((join.this, join) for join in joins)], conditions, plain


def _next(
    select: exp.Select, known: Mapping[str, Held], into: Mapping[str, str]
) -> tuple[str, str, exp.Join | None, Held] | None:
    """A table to merge, the one to merge it into, the join that goes (None: it stands after FROM), and its columns."""
    here, conditions, plain = _joined(select)
    names = [table.alias_or_name.casefold() for table, _ in here if isinstance(table, exp.Table)]
    for table, join in here:
        alias = table.alias_or_name.casefold()
        if not isinstance(table, exp.Table) or alias not in known or not known[alias].distinct:
            continue
        if plain:
            asked, exact = conditions, False
        elif join is not None and join.args.get("side") == "LEFT" and not join.args.get("using"):
            asked, exact = conjuncts(join.args.get("on")), True
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
    known: Mapping[str, Held],
    into: Mapping[str, str],
    *,
    exact: bool,
) -> bool:
    """Whether the conditions find, for a row of the target, just what the row itself holds."""
    one, other = known[alias], known.get(target)
    if other is None or other.table.casefold() != one.table.casefold():
        return False
    if other.distinct and (other.others or not other.key):
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
    condition: exp.Expr, alias: str, target: str, known: Mapping[str, Held], into: Mapping[str, str]
) -> str | None:
    """The attribute of `alias` that a condition equates with the same column of the target's table."""
    found = _equated(condition, alias, target, known, into)
    return found[0] if found is not None and known[alias].behind(found[0]) == found[1] else None


def _equated(
    condition: exp.Expr, alias: str, target: str, known: Mapping[str, Held], into: Mapping[str, str]
) -> tuple[str, str] | None:
    """The attribute of `alias` and the column of the target's table that a condition equates."""
    if not isinstance(condition, exp.EQ):
        return None
    sides = (condition.this, condition.expression)
    if not all(isinstance(side, exp.Column) and SAID not in side.meta for side in sides):
        return None
    for mine, theirs in (sides, sides[::-1]):
        holder = theirs.table.casefold()
        if mine.table.casefold() != alias or holder not in known or _end(holder, into) != target:
            continue
        column = known[holder].behind(theirs.name)
        if column is not None and known[alias].behind(mine.name) is not None:
            return str(mine.name).casefold(), column
    return None


def _end(alias: str, into: Mapping[str, str]) -> str:
    while alias in into:
        alias = into[alias]
    return alias


def _keep_condition(select: exp.Select, join: exp.Join) -> None:
    if join.args.get("on") is not None:
        select.where(join.args["on"], copy=False)
        join.set("on", None)


def _drop_trivial(select: exp.Select, known: Mapping[str, Held], into: Mapping[str, str], schema: Schema) -> None:
    """Drop conditions that equate a column with itself; where it can be unknown they stay, and drop those rows."""
    where = select.args.get("where")
    if where is None:
        return
    kept = [part for part in conjuncts(where.this) if not _is_trivial(part, known, into, schema)]
    select.set("where", exp.Where(this=exp.and_(*kept, copy=False)) if kept else None)


def _is_trivial(condition: exp.Expr, known: Mapping[str, Held], into: Mapping[str, str], schema: Schema) -> bool:
    if not isinstance(condition, exp.EQ):
        return False
    found = []
    for side in (condition.this, condition.expression):
        if not isinstance(side, exp.Column) or side.table.casefold() not in known or SAID in side.meta:
            return False
        alias = side.table.casefold()
        found.append((_end(alias, into), known[alias].columns.get(side.name.casefold()), known[alias].table))
    (_, column, table), other = found[0], found[1]
    return found[0] == other and column is not None and table in schema and not schema[table][column].nullable


def _say_columns(tree: exp.Expr, known: Mapping[str, Held], into: Mapping[str, str]) -> None:
    """Every column under the alias of the table that now holds it, by the table's own name for it."""
    for column in tree.find_all(exp.Column):
        alias = column.table.casefold()
        if alias not in known or SAID in column.meta or (known[alias].others and alias not in into):
            continue
        behind = known[alias].behind(column.name) or column.name
        column.set("this", exp.to_identifier(behind, quoted=True))
        column.set("table", exp.to_identifier(_end(alias, into)))


def _replace(table: exp.Table, alias: str, held: Held, views: Mapping[str, str], tree: exp.Expr) -> bool:
    """The table that holds a relation in its place, or the query that gives it back; whether that asks for less."""
    named = exp.TableAlias(this=exp.to_identifier(alias))
    here = exp.Table(this=exp.to_identifier(held.table, quoted=True))
    if not held.distinct:
        here.set("alias", named)
        table.replace(here)
        return False
    if held.others:
        table.replace(exp.Subquery(this=grammar("duckdb").parse(views[table.name.casefold()])[0], alias=named))
        return False
    used = [column.name for column in tree.find_all(exp.Column) if column.table.casefold() == alias]
    whole = list(held.columns.values())
    wanted = list(dict.fromkeys([*(held.columns[name] for name in sorted(held.key)), *used] if held.key else whole))
    rows = exp.select(*(exp.column(name, quoted=True) for name in wanted)).from_(here).distinct()
    for name in sorted(held.known):
        rows = rows.where(exp.column(name, quoted=True).is_(exp.null()).not_())
    table.replace(exp.Subquery(this=rows, alias=named))
    return len(wanted) < len(set(whole))

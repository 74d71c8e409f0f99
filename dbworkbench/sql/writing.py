"""A change of the reference as changes of a candidate's tables: what INSERT, UPDATE and DELETE come to there.

Each is derived from how the candidate's rows follow from the reference and from the views that give it back. Whether the
reference has afterwards changed as was meant is for those to check who run it (see `trials`): a fact that a design has no
place for cannot be inserted, and one said in many rows must be changed in all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.workload import Query, grammar, parsed, tables_in

_NEW = "dbworkbench_new"
_MOST_ROWS = 400


@dataclass(frozen=True, slots=True)
class Held:
    """How a candidate holds the reference: its schema, the queries that fill it, and those that give the reference back."""

    schema: Schema
    load: Mapping[str, str]
    views: Mapping[str, str]
    reference: Schema


def changes(query: Query, dialect: str, held: Held, namespace: str) -> tuple[str, ...] | None:
    """The statements that carry out a change on a candidate's tables, which lie in `namespace`; None where none is known.

    A reference relation that is read in a condition is read through its view.
    """
    tree = parsed(query, dialect)
    target = tree.this.this if isinstance(tree, exp.Insert) and isinstance(tree.this, exp.Schema) else tree.this
    if not isinstance(target, exp.Table):
        return None
    name = next((one for one in held.reference.names if one.casefold() == target.name.casefold()), None)
    if name is None:
        return None
    if is_upsert(tree) and not _is_own(name, held):
        return None  # which rows there are already is for a key to tell, and the candidate has another
    if name not in held.views and name in held.schema and (not isinstance(tree, exp.Insert) or is_upsert(tree)):
        target.set("db", exp.to_identifier(namespace))
        return (_said(tree, dialect),)
    match tree:
        case exp.Insert():
            return _inserted(tree, name, dialect, held, namespace)
        case exp.Update() | exp.Delete() if not tree.args.get("from_") and not tree.args.get("using"):
            return _changed(tree, name, dialect, held, namespace)
    return None


def is_upsert(tree: exp.Expr) -> bool:
    """Whether an INSERT says what to do with rows that are there already."""
    return isinstance(tree, exp.Insert) and any(tree.args.get(one) for one in ("conflict", "alternative", "ignore"))


def _is_own(name: str, held: Held) -> bool:
    """Whether a relation of the reference is a table of the candidate, with its keys, and nothing else follows from it."""
    if name in held.views or name not in held.schema:
        return False
    if {key.attributes for key in held.schema[name].keys} != {key.attributes for key in held.reference[name].keys}:
        return False
    others = (grammar("duckdb").parse(text)[0] for table, text in held.load.items() if table != name)
    return not any(
        place.name.casefold() == name.casefold() for tree in others if tree is not None for place in tables_in(tree)
    )


def _said(tree: exp.Expr, dialect: str) -> str:
    return grammar(dialect).generate(tree, comments=False)


def _quoted(name: str) -> exp.Identifier:
    return exp.to_identifier(name, quoted=True)


def _inserted(tree: exp.Insert, name: str, dialect: str, held: Held, namespace: str) -> tuple[str, ...] | None:
    """For each table whose rows follow from the relation: what the new rows add to it, parents first."""
    relation = held.reference[name]
    given = [part.name for part in tree.this.expressions] if isinstance(tree.this, exp.Schema) else list(relation.names)
    spelled = {attribute.name.casefold(): attribute for attribute in relation.attributes}
    if tree.expression is None or any(one.casefold() not in spelled for one in given):
        return None
    typed = ", ".join(
        f"CAST({_sql(one)} AS {DIALECTS['duckdb'].type_text(spelled[one.casefold()].type)[0]}) AS {_sql(spelled[one.casefold()].name)}"
        for one in given
    )
    missing = "".join(
        f", NULL AS {_sql(a.name)}"
        for a in relation.attributes
        if a.name.casefold() not in {g.casefold() for g in given}
    )
    columns = ", ".join(map(_sql, given))
    raw = _rows(tree.expression, given, dialect)
    new = f"WITH raw({columns}) AS ({raw}), {_NEW} AS (SELECT {typed}{missing} FROM raw)"
    statements: list[str] = []
    for group in held.schema.in_reference_order():
        for table in group:
            load = grammar("duckdb").parse(held.load[table.name])[0]
            if load is None:
                return None
            places = [place for place in tables_in(load) if place.name.casefold() == name.casefold()]
            if not places:
                continue
            for place in places:
                alias = place.alias_or_name
                place.replace(exp.Table(this=exp.to_identifier(_NEW), alias=exp.TableAlias(this=_quoted(alias))))
            own = ", ".join(_sql(one) for one in table.names)
            already = ""
            if load.args.get("distinct"):
                same = " AND ".join(f"old.{_sql(key)} = added.{_sql(key)}" for key in table.primary_key)
                already = (
                    f" WHERE NOT EXISTS (SELECT 1 FROM {namespace}.{_sql(table.name)} AS old WHERE {same or 'TRUE'})"
                )
            statements.append(
                f"INSERT INTO {namespace}.{_sql(table.name)} ({own}) {new} "
                f"SELECT {own} FROM ({_said(load, 'duckdb')}) AS added{already}"
            )
    return tuple(statements) or None


def _rows(given: exp.Expr, names: list[str], dialect: str) -> str:
    """The rows of an INSERT as a query that every engine knows; very long lists stay lists, as engines limit unions."""
    rows = given.expressions if isinstance(given, exp.Values) else []
    if not 0 < len(rows) <= _MOST_ROWS or any(len(row.expressions) != len(names) for row in rows):
        return _said(given, dialect)
    selects = [
        exp.select(
            *(exp.alias_(one.copy(), name, quoted=True) for one, name in zip(row.expressions, names, strict=True))
        )
        for row in rows
    ]
    return " UNION ALL ".join(_said(select, dialect) for select in selects)


def _sql(name: str) -> str:
    return DIALECTS["duckdb"].quoted(name)


def _changed(
    tree: exp.Update | exp.Delete, name: str, dialect: str, held: Held, namespace: str
) -> tuple[str, ...] | None:
    """An UPDATE or DELETE on the one table that holds what it changes, found through the view."""
    view = grammar("duckdb").parse(held.views[name])[0] if name in held.views else None
    if not isinstance(view, exp.Select) or view.args.get("from_") is None:
        return None
    tables = {
        t.alias_or_name.casefold(): t.name
        for t in (view.args["from_"].this, *(j.this for j in view.args.get("joins") or ()))
        if isinstance(t, exp.Table)
    }
    only = next(iter(tables)) if len(tables) == 1 else ""
    columns: dict[str, tuple[str, str]] = {}
    for part in view.expressions:
        column = part.unalias()
        if not isinstance(column, exp.Column):
            return None
        columns[part.alias_or_name.casefold()] = ((column.table or only).casefold(), column.name)
    home = _home(tree, columns, view)
    if home is None or tables.get(home) not in held.schema:
        return None
    table = held.schema[tables[home]]
    here = {named: column for named, (alias, column) in columns.items() if alias == home}
    here |= _equated(view, columns, home)
    where = tree.args.get("where")
    direct = where is None or (
        not where.find(exp.Query) and all(column.name.casefold() in here for column in where.find_all(exp.Column))
    )
    if not direct and where is not None:
        key = list(table.primary_key)
        behind = {column.casefold(): named for named, column in here.items()}
        if not key or any(one.casefold() not in behind for one in key):
            return None
        found = (
            exp.select(*(exp.column(behind[one.casefold()], quoted=True) for one in key))
            .from_(_sql(name))
            .where(where.this.copy())
        )
        left: exp.Expr = (
            exp.column(key[0], quoted=True)
            if len(key) == 1
            else exp.Tuple(expressions=[exp.column(one, quoted=True) for one in key])
        )
        tree.set("where", exp.Where(this=exp.In(this=left, query=exp.Subquery(this=found))))
    for column in (
        [*tree.find_all(exp.Column)] if direct else [c for part in tree.expressions for c in part.find_all(exp.Column)]
    ):
        if column.name.casefold() not in here:
            return None
        column.set("this", _quoted(here[column.name.casefold()]))
        column.set("table", None)
    tree.this.replace(exp.Table(this=_quoted(table.name), db=exp.to_identifier(namespace)))
    return (_said(tree, dialect),)


def _home(tree: exp.Update | exp.Delete, columns: Mapping[str, tuple[str, str]], view: exp.Select) -> str | None:
    """The table of the view that a change writes to: that of the columns set, or the first for rows to be deleted."""
    if isinstance(tree, exp.Delete):
        return None if view.args.get("distinct") else str(view.args["from_"].this.alias_or_name).casefold()
    targets = {columns.get(part.this.name.casefold(), ("", ""))[0] for part in tree.expressions}
    return targets.pop() if len(targets) == 1 and "" not in targets else None


def _equated(view: exp.Select, columns: Mapping[str, tuple[str, str]], home: str) -> dict[str, str]:
    """Attributes held elsewhere whose value is in the home table too, as joins equate them."""
    found: dict[str, str] = {}
    behind = {(alias, column.casefold()): named for named, (alias, column) in columns.items()}
    for join in view.args.get("joins") or ():
        condition = join.args.get("on")
        for equal in condition.find_all(exp.EQ) if condition is not None else ():
            sides = (equal.this, equal.expression)
            if all(isinstance(side, exp.Column) for side in sides):
                for mine, other in (sides, sides[::-1]):
                    named = behind.get((other.table.casefold(), other.name.casefold()))
                    if mine.table.casefold() == home and named is not None:
                        found[named] = mine.name
    return found


def affected(statement: str, dialect: str) -> str | None:
    """The query that counts the rows an UPDATE or DELETE is about to write; None for what is neither.

    >>> affected("DELETE FROM s.t WHERE a > 1", "duckdb")
    'SELECT COUNT(*) FROM s.t WHERE a > 1'
    """
    tree = grammar(dialect).parse(statement)[0]
    if not isinstance(tree, exp.Update | exp.Delete):
        return None
    counted = exp.select(exp.Count(this=exp.Star())).from_(tree.this.copy())
    where = tree.args.get("where")
    return _said(counted.where(where.this.copy()) if where is not None else counted, dialect)

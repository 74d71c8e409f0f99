"""A change of the reference as changes of a candidate's tables: what INSERT, UPDATE and DELETE come to there.

Each is derived from how the candidate's rows follow from the reference and from the views that give it back. Whether the
reference has afterwards changed as was meant is for those to check who run it (see `trials`): a fact that a design has no
place for cannot be inserted, and one said in many rows must be changed in all.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlglot import exp

from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.workload import Query, grammar, parsed, tables_in

_NEW = "dbworkbench_new"
_MOST_ROWS = 400


@dataclass(frozen=True, slots=True)
class Held:
    """How a candidate holds the reference: its schema, the queries that fill it, and those that give the reference back.

    `lookups` pair queries that stand in `load`, in parentheses, with queries over the schema that give the same rows.
    """

    schema: Schema
    load: Mapping[str, str]
    views: Mapping[str, str]
    reference: Schema
    lookups: tuple[tuple[str, str], ...] = ()


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
    kinds = {
        attribute.name.casefold(): DIALECTS["duckdb"].type_text(attribute.type)[0] for attribute in relation.attributes
    }
    typed = ", ".join(
        f"CAST({_sql(one)} AS {kinds[one.casefold()]}) AS {_sql(spelled[one.casefold()].name)}" for one in given
    )
    missing = "".join(
        f", CAST(NULL AS {kinds[a.name.casefold()]}) AS {_sql(a.name)}"
        for a in relation.attributes
        if a.name.casefold() not in {g.casefold() for g in given}
    )
    columns = ", ".join(map(_sql, given))
    raw = _rows(tree.expression, given, dialect, [kinds[one.casefold()] for one in given])
    new = f"WITH raw({columns}) AS ({raw}), {_NEW} AS (SELECT {typed}{missing} FROM raw)"
    statements: list[str] = []
    for group in held.schema.in_reference_order():
        for table in group:
            load = grammar("duckdb").parse(_found_there(held, table.name, name, namespace))[0]
            if load is None:
                return None
            added = _with_new(load, relation)
            if added is None:
                return None
            if not added:
                continue
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


def _found_there(held: Held, table: str, name: str, namespace: str) -> str:
    """The query that fills a table, in which what new rows refer to is found in the candidate's own tables, or among the
    new rows themselves where they are of a relation that refers to itself.
    """
    load = held.load[table]
    known = {one.casefold() for one in held.schema.names}
    for query, own in held.lookups:
        tree, kept = grammar("duckdb").parse(query)[0], grammar("duckdb").parse(own)[0]
        if tree is None or kept is None or any(place.name.casefold() not in known for place in tables_in(kept)):
            continue
        for place in tables_in(kept):
            place.set("db", exp.to_identifier(namespace))
        found, rest = _said(kept, "duckdb"), grammar("duckdb").parse(load.replace(query, own))[0]
        new = [place for place in tables_in(tree) if place.name.casefold() == name.casefold()]
        own_rows = rest is not None and load.count(query) < sum(
            place.name.casefold() == name.casefold() for place in tables_in(rest)
        )
        if new and own_rows:
            if tree.find(exp.Window):
                continue  # numbers depend on all rows
            for place in new:
                place.replace(exp.Table(this=exp.to_identifier(_NEW)))
            found += f" UNION ALL {_said(tree, 'duckdb')}"
        load = load.replace(f"({query})", f"({found})")
    return load


def _with_new(load: exp.Expr, relation: Relation) -> bool | None:
    """Turn the query that fills a table into that of the rows which new rows of a relation add to it.

    False where it does not read the relation. None where it cannot be told what they add: where a number depends on all rows.
    Where the relation stands more than once, its new rows meet the old ones in the other places.
    """
    there = [place for place in tables_in(load) if not place.db]
    places = [place for place in there if place.name.casefold() == relation.name.casefold()]
    if not places:
        return False
    sides = [_side(place, load) for place in places]
    if None in sides or load.find(exp.Window):
        return None
    first = sides.index(min(sides, key=("root", "joined", "optional").index))
    if sides[first] == "optional":  # to what is joined where there is any, only rows that refer to it add something
        join = places[first].find_ancestor(exp.Join)
        while join is not None:
            join.set("side", None)
            join = join.find_ancestor(exp.Join)
    columns = ", ".join(map(_sql, relation.names))
    for at, place in enumerate(places):
        alias = exp.TableAlias(this=_quoted(place.alias_or_name))
        new: exp.Expr = exp.Table(this=exp.to_identifier(_NEW), alias=alias)
        if at != first:
            both = f"SELECT {columns} FROM {_sql(relation.name)} UNION ALL SELECT {columns} FROM {_NEW}"
            new = exp.Subquery(this=grammar("duckdb").parse(both)[0], alias=alias)
        place.replace(new)
    return True


def _side(place: exp.Expr, load: exp.Expr) -> str | None:
    """Where a table stands in a query: each of its rows makes one ("root"), makes one where others match it ("joined"), or
    is added to others' ("optional"); None for other places.
    """
    side, node = "root", place
    while node is not load:
        parent = node.parent
        match parent:
            case exp.Join():
                side = "optional" if parent.side == "LEFT" else "joined" if side == "root" else side
                if parent.side not in {"", "LEFT"}:
                    return None
            case exp.From() | exp.Select() | exp.Subquery():
                pass
            case _:
                return None
        node = parent
    return side


def _rows(given: exp.Expr, names: list[str], dialect: str, kinds: list[str]) -> str:
    """The rows of an INSERT as a query that every engine knows; very long lists stay lists, as engines limit unions.

    What is unknown has a type: else the first rows of a union decide it.
    """
    rows = given.expressions if isinstance(given, exp.Values) else []
    if not 0 < len(rows) <= _MOST_ROWS or any(len(row.expressions) != len(names) for row in rows):
        return _said(given, dialect)
    selects = [
        exp.select(
            *(
                exp.alias_(
                    exp.cast(one.copy(), kind, dialect="duckdb") if isinstance(one, exp.Null) else one.copy(),
                    name,
                    quoted=True,
                )
                for one, name, kind in zip(row.expressions, names, kinds, strict=True)
            )
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
    if isinstance(view, exp.Union):
        if all(one.args.get("distinct") for one in view.find_all(exp.Select)):
            return _changed_in_copies(tree, name, dialect, held, namespace)
        return _changed_in_parts(tree, name, dialect, held, namespace)
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
    if isinstance(tree, exp.Update) and home != next(iter(tables)):
        keys = {column.casefold() for key in table.keys for column in key.attributes}
        if any(columns[part.this.name.casefold()][1].casefold() in keys for part in tree.expressions):
            return None  # it is another row that is to be referred to, not this one that is to be called otherwise
    here = {named: column for named, (alias, column) in columns.items() if alias == home}
    here |= _equated(view, columns, home)
    where = tree.args.get("where")
    apart = where is None or all(_is_apart(query, name, held.reference) for query in where.find_all(exp.Select))
    outside = (
        [] if where is None else [one for one in where.find_all(exp.Column) if one.find_ancestor(exp.Query) is None]
    )
    direct = apart and all(column.name.casefold() in here for column in outside)
    if not direct and where is not None:
        behind = {column.casefold(): named for named, column in here.items()}
        known = (table.primary_key, *(one.attributes for one in table.keys))
        key = next((list(one) for one in known if one and all(part.casefold() in behind for part in one)), [])
        if not key:
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
    for column in (*(outside if direct else ()), *(c for part in tree.expressions for c in part.find_all(exp.Column))):
        if column.name.casefold() not in here:
            return None
        column.set("this", _quoted(here[column.name.casefold()]))
        column.set("table", None)
    tree.this.replace(exp.Table(this=_quoted(table.name), db=exp.to_identifier(namespace)))
    return (_said(tree, dialect),)


def _changed_in_parts(
    tree: exp.Update | exp.Delete, name: str, dialect: str, held: Held, namespace: str
) -> tuple[str, ...] | None:
    """An UPDATE or DELETE on each of the tables that a relation lies in by ranges; a row that would have to move to
    another is refused by the check of its range.
    """
    view = grammar("duckdb").parse(held.views[name])[0]
    selects = list(view.find_all(exp.Select)) if view is not None else []
    parts = [one.args["from_"].this for one in selects if one.args.get("from_") is not None]
    plain = all(isinstance(part, exp.Table) and part.name in held.schema for part in parts)
    if len(parts) < len(selects) or not plain or any(one.args.get("where") or one.args.get("joins") for one in selects):
        return None
    if sum(place.name.casefold() == name.casefold() for place in tables_in(tree)) > 1:
        return None  # what is asked of the whole would be asked between the changes of its parts
    statements = []
    for part in sorted(parts, key=lambda part: str(part.name)):
        here = tree.copy()
        for column in here.find_all(exp.Column):
            if column.table.casefold() == name.casefold():
                column.set("table", _quoted(part.name))
        here.this.replace(exp.Table(this=_quoted(part.name), db=exp.to_identifier(namespace)))
        statements.append(_said(here, dialect))
    return tuple(statements)


def _changed_in_copies(
    tree: exp.Update | exp.Delete, name: str, dialect: str, held: Held, namespace: str
) -> tuple[str, ...] | None:
    """An UPDATE of every place that repeats the rows of a relation: each table, and each of its columns, that they were joined into."""
    view = grammar("duckdb").parse(held.views[name])[0]
    keys = {column.casefold() for key in held.reference[name].keys for column in key.attributes}
    where = tree.args.get("where")
    if (
        isinstance(tree, exp.Delete)
        or any(part.this.name.casefold() in keys or part.find(exp.Select) for part in tree.expressions)
        or (where is not None and not all(_is_apart(one, name, held.reference) for one in where.find_all(exp.Select)))
    ):
        return None
    statements = []
    for copy in view.find_all(exp.Select) if view is not None else ():
        table, columns = (
            copy.args["from_"].this,
            {part.alias_or_name.casefold(): part.unalias() for part in copy.expressions},
        )
        plain = all(isinstance(column, exp.Column) for column in columns.values()) and not copy.args.get("joins")
        if not plain or not isinstance(table, exp.Table) or table.name not in held.schema:
            return None
        here = tree.copy()
        for column in list(here.find_all(exp.Column)):
            if column.find_ancestor(exp.Query) is not None:
                continue
            if column.name.casefold() not in columns:
                return None
            column.replace(exp.column(columns[column.name.casefold()].name, quoted=True))
        conditions = [one.this.copy() for one in (here.args.get("where"), copy.args.get("where")) if one is not None]
        if conditions:
            here.set("where", exp.Where(this=exp.and_(*conditions)))
        here.this.replace(exp.Table(this=_quoted(table.name), db=exp.to_identifier(namespace)))
        statements.append(_said(here, dialect))
    return tuple(statements)


def _is_apart(query: exp.Select, name: str, reference: Schema) -> bool:
    """Whether a query within a condition asks other relations only, and nothing of the row that is changed."""
    known = {relation.name.casefold(): relation for relation in reference}
    asked = [place.name.casefold() for place in query.find_all(exp.Table)]
    if name.casefold() in asked or any(one not in known for one in asked):
        return False
    own = {attribute.casefold() for one in asked for attribute in known[one].names}
    aliases = {place.alias_or_name.casefold() for place in query.find_all(exp.Table)}
    columns = query.find_all(exp.Column)
    return all(one.table.casefold() in aliases if one.table else one.name.casefold() in own for one in columns)


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

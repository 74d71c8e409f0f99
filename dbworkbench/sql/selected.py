"""The columns of a table that is made from a query, as far as the query and the tables it reads say them."""

from collections.abc import Callable, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dbworkbench.schema.relation import Attribute
from dbworkbench.schema.types import Boolean, Integer, Text, Type, Unknown

__all__ = ["selected"]

Columns = tuple[Attribute, ...]
Find = Callable[[tuple[str, ...]], Columns | None]
"""The columns of a table by its name, None where there is no such table."""


def selected(query: str, grammar: str, find: Find, spelled: Callable[[str], Type]) -> Columns | None:
    """The columns that a query gives, None where they cannot be told: `*` of what is not known, say.

    `spelled` reads the type that a cast names. Columns and casts have their types, the rest is Unknown.

    >>> found = selected("SELECT a AS x, count(*) AS n FROM t", "duckdb", lambda name: (Attribute("a", Text()),), lambda text: Unknown())
    >>> [(column.name, column.type) for column in found]
    [('x', Text(length=None)), ('n', Integer(bits=64))]
    """
    try:
        tree = sqlglot.parse_one(query, read=grammar)
    except (SqlglotError, RecursionError, ValueError, TypeError, AttributeError):
        return None
    return _columns(tree, {}, find, spelled) if isinstance(tree, exp.Query) else None


def _columns(
    tree: exp.Expr, named: Mapping[str, Columns | None], find: Find, spelled: Callable[[str], Type]
) -> Columns | None:
    known, ahead = dict(named), tree.args.get("with_")
    for part in ahead.expressions if ahead else ():
        known[part.alias.casefold()] = _columns(part.this, known, find, spelled)
    if isinstance(tree, exp.Subquery):
        return _columns(tree.this, known, find, spelled)
    if isinstance(tree, exp.SetOperation):
        return _columns(tree.this, known, find, spelled)
    if not isinstance(tree, exp.Select):
        return None
    sources: dict[str, Columns | None] = {}
    joins = [join.this for join in tree.args.get("joins") or ()]
    for source in (*([tree.args["from_"].this] if tree.args.get("from_") else []), *joins):
        sources[source.alias_or_name.casefold()] = _source(source, known, find, spelled)
    return _projected(tree, sources, spelled)


def _source(
    source: exp.Expr, known: Mapping[str, Columns | None], find: Find, spelled: Callable[[str], Type]
) -> Columns | None:
    if isinstance(source, exp.Subquery):
        return _columns(source.this, known, find, spelled)
    if not isinstance(source, exp.Table) or not source.name:
        return None
    if not source.db and source.name.casefold() in known:
        return known[source.name.casefold()]
    return find(tuple(part.name for part in source.parts))


def _projected(
    tree: exp.Select, sources: Mapping[str, Columns | None], spelled: Callable[[str], Type]
) -> Columns | None:
    found: dict[str, Attribute] = {}
    for place, part in enumerate(tree.expressions, start=1):
        bare = part.unalias()
        if isinstance(bare, exp.Star) or (isinstance(bare, exp.Column) and isinstance(bare.this, exp.Star)):
            wanted = [bare.table.casefold()] if isinstance(bare, exp.Column) else list(sources)
            for name in wanted:
                columns = sources.get(name)
                if columns is None or bare.args.get("except_") or bare.args.get("replace"):
                    return None
                for column in columns:
                    found.setdefault(column.name, _plain(column.name, column.type))
            continue
        name = part.alias or (bare.name if isinstance(bare, exp.Column) else "")
        name = name or (bare.sql_name().lower() if isinstance(bare, exp.Func) else f"column{place}")
        found[name] = _plain(name, _type(bare, sources, spelled))
    return tuple(found.values()) or None


def _plain(name: str, kind: Type) -> Attribute:
    return Attribute(name, kind, nullable=True)


def _type(bare: exp.Expr, sources: Mapping[str, Columns | None], spelled: Callable[[str], Type]) -> Type:
    match bare:
        case exp.Column():
            tables = [sources.get(bare.table.casefold())] if bare.table else list(sources.values())
            near = [one for columns in tables for one in columns or () if one.name.casefold() == bare.name.casefold()]
            return near[0].type if len(near) == 1 else Unknown()
        case exp.Cast():
            return spelled(bare.to.sql())
        case exp.Count():
            return Integer(64)
        case exp.Boolean() | exp.Predicate() | exp.Connector() | exp.Not():
            return Boolean()
        case exp.Literal():
            return Text() if bare.is_string else Unknown()
        case exp.Paren() | exp.Max() | exp.Min():
            return _type(bare.this, sources, spelled)
        case _:
            return Unknown()

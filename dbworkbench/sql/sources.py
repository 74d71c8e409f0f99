"""Where a candidate's tables hold the relations of the reference: read from the views that give these back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.workload import grammar


@dataclass(frozen=True, slots=True)
class Held:
    """What a reference relation is among a candidate's tables: the columns of `table` behind its attributes.

    Each row of `table` is one of it, unless it is `distinct`: then each row holds one, found again by `key`, if the
    columns in `known` are not NULL. `others` are further tables, or further columns, that hold some of its rows too.
    """

    table: str
    columns: Mapping[str, str]
    distinct: bool = False
    key: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    others: tuple["Held", ...] = ()

    def behind(self, attribute: str) -> str | None:
        """The column that holds an attribute."""
        return self.columns.get(attribute.casefold())


def holders(views: Mapping[str, str], schema: Schema, reference: Schema) -> Iterator[tuple[str, Held]]:
    """The reference relations whose place among the tables of `schema` their views tell."""
    for relation in reference:
        if relation.name in views:
            found = _of_view(views[relation.name], relation)
            if found is not None:
                yield relation.name, found
        elif relation.name in schema:
            yield relation.name, Held(relation.name, {name.casefold(): name for name in relation.names})


def conjuncts(condition: exp.Expr | None) -> list[exp.Expr]:
    """The conditions that all have to hold."""
    if condition is None:
        return []
    bare = condition.unnest()
    return [part for side in bare.flatten() for part in conjuncts(side)] if isinstance(bare, exp.And) else [bare]


def _of_view(view: str, relation: Relation) -> Held | None:
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


def _of_select(tree: exp.Expr, relation: Relation) -> Held | None:
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
    behind = {columns.get(name, "").casefold(): columns.get(name, "") for name in key}
    known = [_known(part, behind) for part in conjuncts(where.this if where is not None else None)]
    if not all(known) or (known and not distinct):
        return None
    return Held(table.name, columns, distinct, key, frozenset(name for name in known if name))


def _known(condition: exp.Expr, columns: Mapping[str, str]) -> str | None:
    """The column of which a condition says `column IS NOT NULL`, if it is one of these and says no more."""
    bare = condition.unnest()
    inner = bare.this.unnest() if isinstance(bare, exp.Not) else None
    if not isinstance(inner, exp.Is) or not isinstance(inner.expression, exp.Null):
        return None
    return columns.get(inner.this.name.casefold()) if isinstance(inner.this, exp.Column) else None

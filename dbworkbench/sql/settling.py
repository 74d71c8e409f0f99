"""Whether an expression has one value, today and tomorrow, whatever a session has set: engines index nothing else."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import Date, Text, Time, Timestamp, Type

__all__ = ["is_zoned", "settled", "settles"]

_CHANGING = re.compile(
    r"(?i)\b(?:current_\w+|localtime\w*|now|today|random|rand|uuid\w*|gen_random_uuid|newid|sys_guid|session_user)\b"
)
_COMPARED = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ, exp.Between, exp.In)
_TOGETHER = (*_COMPARED, exp.Coalesce, exp.Nullif)
"""What brings values to one type."""


def settles(expression: str) -> bool:
    """Whether an expression has the same value tomorrow: no clock, no chance."""
    return not _CHANGING.search(re.sub(r"'[^']*'|\"[^\"]*\"", "", expression))


def settled(expression: str, relation: Relation) -> bool:
    """Whether an expression has one value whatever a session has set: its time zone, how it writes a date.

    An instant is compared with instants alone: a moment without a zone is one in the zone of the session.

    >>> from dbworkbench.schema.relation import Attribute
    >>> there = Relation("r", (Attribute("at", Timestamp(zone=True)),))
    >>> settled("at IS NULL", there), settled("CAST(at AS DATE)", there)
    (True, False)
    >>> settled("at > TIMESTAMPTZ '2020-01-31 10:00:00+00'", there), settled("at > TIMESTAMP '2020-01-31'", there)
    (True, False)
    """
    try:
        tree = sqlglot.parse_one(expression, read="duckdb")
    except (SqlglotError, RecursionError):
        return True  # what is no expression is refused elsewhere
    kinds = {attribute.name.casefold(): attribute.type for attribute in relation.attributes}
    computes = {one.name.casefold(): one.generated.expression for one in relation.attributes if one.generated}
    for term in tree.find_all(*_TOGETHER):
        instants = {_is_instant(part, kinds) for part in _parts(term) if not isinstance(part.unnest(), exp.Null)}
        if len(instants) > 1:
            return False
    for column in tree.find_all(exp.Column):
        inner = computes.get(column.name.casefold())
        if inner is not None and not settled(inner, _uncomputed(relation)):
            return False
        kind = kinds.get(column.name.casefold())
        node: exp.Expr | None = column.parent
        while isinstance(node, exp.Paren | exp.Coalesce | exp.Nullif):
            node = node.parent
        compared = isinstance(node, _COMPARED)
        to = node.to if isinstance(node, exp.Cast) else None
        said = to is not None and to.is_type(*exp.DataType.TEXT_TYPES)
        moment = to is not None and to.is_type(*exp.DataType.TEMPORAL_TYPES)
        if kind == Timestamp(zone=True) and not (node is None or compared or isinstance(node, exp.Is)):
            return False
        if (said and isinstance(kind, Date | Time | Timestamp)) or (moment and isinstance(kind, Text)):
            return False
    return True


def is_zoned(cast: exp.Cast) -> bool:
    """Whether it is a constant instant that says how far from UTC it is.

    >>> is_zoned(sqlglot.parse_one("TIMESTAMPTZ '2020-01-31 10:00:00+05'", read="duckdb"))
    True
    """
    said = cast.this.name if cast.this.is_string and cast.to.is_type(exp.DType.TIMESTAMPTZ) else ""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d.*[+-]\d\d(?::?\d\d)?", said))


def _uncomputed(relation: Relation) -> Relation:
    return replace(relation, attributes=tuple(replace(one, generated=None) for one in relation.attributes))


def _parts(node: exp.Expr) -> Iterator[exp.Expr]:
    """What stands directly in a term."""
    return (part for part in node.iter_expressions() if isinstance(part, exp.Condition))


def _is_instant(node: exp.Expr, kinds: Mapping[str, Type]) -> bool:
    """Whether it is an instant: one of a column, or a constant that says its zone."""
    match node:
        case exp.Paren():
            return _is_instant(node.this, kinds)
        case exp.Column():
            return kinds.get(node.name.casefold()) == Timestamp(zone=True)
        case exp.Coalesce() | exp.Nullif():
            return any(_is_instant(part, kinds) for part in _parts(node))
        case exp.Cast():
            return is_zoned(node)
    return False

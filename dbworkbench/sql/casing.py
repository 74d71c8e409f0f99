"""Comparisons whose outcome hangs on whether texts that differ in case alone are equal.

They are in MySQL, MariaDB and SQL Server unless a collation says otherwise, and are not in the other databases: a key there
refuses 'Ann' beside 'ann', and `name = lower(name)` refuses nothing.
"""

import re
from collections.abc import Collection, Iterator

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import Enumeration, Text, Type

__all__ = [
    "EQUAL_IN_COMPARISONS",
    "EQUAL_IN_KEYS",
    "SIGHTED",
    "compared",
    "compares",
    "folds",
    "hangs_on_case",
    "is_cased",
]

EQUAL_IN_KEYS = "texts that differ in case alone are equal in keys"
EQUAL_IN_COMPARISONS = "texts that differ in case alone are equal in comparisons"

SIGHTED = re.compile(r"(?i)(?:.*_)?(?:bin2?|cs|as_cs|cs_a[is]\w*)|binary")
"""Collations of MySQL, MariaDB and SQL Server that tell letters apart by case."""

_COMPARED = (
    *(exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ),
    *(exp.In, exp.Between, exp.Like),
)
_OF_ITS_INSIDE = (
    *(exp.Paren, exp.Coalesce, exp.Nullif, exp.Trim, exp.Substring, exp.Left, exp.Right, exp.DPipe, exp.Concat),
    *(exp.Lower, exp.Upper, exp.Replace, exp.Pad, exp.Case, exp.If),
)


def is_cased(text: str) -> bool:
    """Whether another text differs from it in case alone.

    >>> is_cased("ß-12"), is_cased("%@_"), is_cased("ab")
    (True, False, True)
    """
    return text.lower() != text.upper()


def hangs_on_case(expression: str, blind: Collection[str]) -> bool:
    """Whether an expression of the home dialect compares texts so that case decides; `blind` are the attributes whose case does
    not count. Linear in its length.

    >>> [hangs_on_case(one, {"name"}) for one in ("name = lower(name)", "name <> ''", "lower(name) = 'ann'", "length(name) < 9")]
    [True, False, False, False]
    """
    folded, said = {name.casefold() for name in blind}, expression.casefold()
    if not any(name in said for name in folded):
        return False
    try:
        tree = sqlglot.parse_one(expression, read="duckdb")
    except (SqlglotError, RecursionError):
        return False
    if any(_decides(compared, folded) for compared in tree.find_all(*_COMPARED)):
        return True
    choices = (case for case in tree.find_all(exp.Case) if case.this is not None and _is_blind(case.this, folded))
    return any(_differs([branch.this for branch in case.args["ifs"]]) for case in choices)


def compared(expression: str, names: Collection[str]) -> bool:
    """Whether an expression of the home dialect compares texts of these attributes, but for patterns; linear in its length.

    >>> [compared(one, {"name"}) for one in ("name = 'x'", "name LIKE 'x%'", "length(name) < 9", "lower(name) IN ('a')")]
    [True, False, False, True]
    """
    folded, said = {name.casefold() for name in names}, expression.casefold()
    if not any(name in said for name in folded):
        return False
    try:
        tree = sqlglot.parse_one(expression, read="duckdb")
    except (SqlglotError, RecursionError):
        return False
    found = (
        one for one in tree.find_all(*_COMPARED, exp.Case) if not isinstance(one, exp.Like) and one.this is not None
    )
    return any(_is_blind(side, folded) for one in found for side in (one.this, one.args.get("expression")) if side)


def compares(relation: Relation, blind: Collection[str], *, listed: Collection[str] = ()) -> Iterator[str]:
    """The places where a relation compares texts so that case decides, as losses name them.

    `listed` are the attributes of which a few values are asked, by a check.
    """
    name = relation.name
    for attribute in relation.attributes:
        values = attribute.type.values if isinstance(attribute.type, Enumeration) and attribute.name in listed else ()
        computed = attribute.generated.expression if attribute.generated else ""
        if any(map(is_cased, values)) or (computed and hangs_on_case(computed, blind)):
            yield f"{name}.{attribute.name}"
    yield from (
        f"{name}: the check {check.expression}"
        for check in relation.checks
        if check.enforced != "never" and hangs_on_case(check.expression, blind)
    )
    for index in relation.indexes:
        texts = [index.where, *(part.expression for part in index.parts)]
        if any(text and hangs_on_case(text, blind) for text in texts):
            yield f"{name}: the {index}"


def folds(kind: Type) -> bool:
    """Whether values of a type are texts."""
    return isinstance(kind, Text | Enumeration)


def _decides(compared: exp.Expr, blind: Collection[str]) -> bool:
    match compared:
        case exp.In():
            sides = [compared.this, *compared.expressions]
        case exp.Between():
            sides = [compared.this, compared.args["low"], compared.args["high"]]
        case _:
            sides = [compared.this, compared.expression]
    texts = [side for side in sides if _is_blind(side, blind)]
    rest = [side for side in sides if side not in texts]
    if not texts:
        return False
    if all(isinstance(side.unnest(), exp.Lower | exp.Upper) for side in texts):
        small = {type(side.unnest()) for side in texts}
        return len(small) > 1 or any(_is_other(side, small) for side in rest)
    return len(texts) > 1 or _differs(rest)


def _is_other(side: exp.Expr, small: set[type[exp.Expr]]) -> bool:
    """Whether what is compared with small or capital letters has others."""
    if not isinstance(side, exp.Literal):
        return False
    return bool(side.name != (side.name.lower() if exp.Lower in small else side.name.upper()))


def _differs(sides: list[exp.Expr]) -> bool:
    """Whether one of the constants that texts are compared with has letters, or is none."""
    return any(not isinstance(side, exp.Literal) or (side.is_string and is_cased(side.name)) for side in sides)


def _is_blind(node: exp.Expr, blind: Collection[str]) -> bool:
    """Whether a value is a text made of attributes whose case does not count."""
    if isinstance(node, exp.Column):
        return node.name.casefold() in blind
    if isinstance(node, exp.Cast):
        return bool(node.to.is_type(*exp.DataType.TEXT_TYPES)) and _is_blind(node.this, blind)
    if not isinstance(node, _OF_ITS_INSIDE):
        return False
    inside = [one for one in node.iter_expressions() if isinstance(one, exp.Condition)]
    if isinstance(node, exp.Case | exp.If):
        inside = [*(branch.args["true"] for branch in node.find_all(exp.If)), *filter(None, [node.args.get("default")])]
    return any(_is_blind(one, blind) for one in inside)

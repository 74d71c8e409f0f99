"""What constant terms come to, where every engine reckons them alike."""

import re
from decimal import Decimal as Number
from decimal import InvalidOperation, localcontext

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

__all__ = ["full_year", "reckoned"]

_SIGNS = re.compile(r"[\d\s.()+*eE-]{1,200}")


def reckoned(text: str) -> Number | None:
    """The number that a term of numbers comes to; None for any other, and for quotients, which engines reckon apart.

    >>> [str(reckoned(one)) for one in ("-(-1)", "1 + 2 * 3", "7 / 2", "abs(-1)", "'1'")]
    ['1', '7', 'None', 'None', 'None']
    """
    if not _SIGNS.fullmatch(text):
        return None
    try:
        with localcontext(prec=100):
            return _value(sqlglot.parse_one(text, read="duckdb"))
    except (SqlglotError, RecursionError, InvalidOperation):
        return None


def _value(node: exp.Expr) -> Number | None:
    match node:
        case exp.Paren():
            return _value(node.this)
        case exp.Literal() if not node.is_string:
            return Number(node.name)
        case exp.Neg():
            found = _value(node.this)
            return None if found is None else -found
        case exp.Add() | exp.Sub() | exp.Mul():
            one, other = _value(node.this), _value(node.expression)
            if one is None or other is None:
                return None
            if isinstance(node, exp.Mul):
                return one * other
            return one + other if isinstance(node, exp.Add) else one - other
    return None


def full_year(told: str) -> str:
    """A default of MySQL's YEAR as the year that it stands for, where it is a constant of one or two digits; 0 is none.

    >>> [full_year(one) for one in ("1", "-(-70)", "0", "'0'", "1999", "year(now())")]
    ['2001', '1970', '0', '2000', '1999', 'year(now())']
    """
    text = told.startswith("'")
    found = reckoned(told.strip("'"))
    if found is None or not 0 <= found < _CENTURY or (found == 0 and (not text or len(told) == len("'0000'"))):
        return told
    return str(int(found) + (2000 if found < _LAST_CENTURY else 1900))


_CENTURY = 100
_LAST_CENTURY = 70
"""From here on, two digits are a year of the century before this one."""

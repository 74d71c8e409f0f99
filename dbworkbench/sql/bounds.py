"""Whether the bounds of the parts of a table go together, as PostgreSQL says them: each of its method, none over another."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, localcontext
from decimal import Decimal as Number
from functools import cmp_to_key
from itertools import combinations, pairwise
from math import gcd, inf, isinf
from struct import pack, unpack
from typing import Any, TypeAlias
from uuid import UUID

from dbworkbench.schema.partitioning import Partition, Partitioning
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Float,
    Integer,
    Interval,
    Json,
    Native,
    Text,
    Time,
    Timestamp,
    Type,
    Unknown,
    Uuid,
)
from dbworkbench.sql.fitting import Unfit, fitted, roomy

__all__ = ["apart"]

_Place: TypeAlias = tuple[float, Any]
"""Where a bound lies: below all values, among them, or above them."""
_Span: TypeAlias = tuple[list[_Place], list[_Place]]
_Kind: TypeAlias = tuple[Type, str]
"""The type of what rows are laid by, and how its column spells it; "" for an expression."""

_CONSTANT = (
    r"(?:(?:DATE|TIMESTAMP)\s*)?'(?:[^']|'')*'|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|MINVALUE|MAXVALUE|NULL|TRUE|FALSE"
)
_LIST = rf"\(\s*((?:{_CONSTANT})(?:\s*,\s*(?:{_CONSTANT}))*)\s*\)"
_RANGE = re.compile(rf"FROM\s*{_LIST}\s*TO\s*{_LIST}", re.IGNORECASE)
_IN = re.compile(rf"IN\s*{_LIST}", re.IGNORECASE)
_HASH = re.compile(r"WITH\s*\(\s*MODULUS\s+(\d{1,9})\s*,\s*REMAINDER\s+(\d{1,9})\s*\)", re.IGNORECASE)
_ENDS = {"MINVALUE": -inf, "MAXVALUE": inf}


def apart(
    relation: Relation, laid_by: Partitioning, partitions: Sequence[Partition], spelled: Mapping[str, str]
) -> str:
    """Why PostgreSQL would refuse the bounds of some parts; "" where they go together.

    `spelled` says the type of each attribute's column: a bound is the value that the column would store of it. Values of
    expressions, and texts whose order is that of a collation, are taken as they come; moments that say no zone are of UTC.

    >>> from dbworkbench.schema.relation import Attribute
    >>> r = Relation("r", (Attribute("n", Integer()),), partitioning=Partitioning("range", ("n",)))
    >>> apart(r, r.partitioning, [Partition("a", "FROM (1) TO (5)"), Partition("b", "FROM (4) TO (9)")], {"n": "integer"})
    'the parts a and b share values'
    """
    others = [one for one in partitions if one.bounds.strip().upper() == "DEFAULT"]
    if len(others) > 1 or (others and laid_by.method == "hash"):
        return "more than one part for what lies in no other" if len(others) > 1 else "a part for what lies in no other"
    bounded = [one for one in partitions if one not in others]
    kinds: list[_Kind] = [
        (relation[part.attribute].type, spelled[part.attribute]) if part.attribute else (Unknown(), "")
        for part in laid_by.parts
    ]
    pairs = list(combinations(bounded, 2))
    try:
        match laid_by.method:
            case "range":
                spans = {one.name: _span(one, kinds) for one in bounded}
                shared = [pair for pair in pairs if _meet(*(spans[one.name] for one in pair))]
            case "list":
                values = {one.name: _values(one, kinds) for one in bounded}
                shared = [(a, b) for a, b in pairs if values[a.name] & values[b.name]]
            case _:
                rests = {one.name: _rest(one) for one in bounded}
                if any(more % less for less, more in pairwise(sorted({modulus for modulus, _ in rests.values()}))):
                    return "a modulus that divides no greater one"
                shared = [pair for pair in pairs if _same_rest(*(rests[one.name] for one in pair))]
    except Unfit as reason:
        return str(reason)
    return f"the parts {shared[0][0].name} and {shared[0][1].name} share values" if shared else ""


def _span(part: Partition, kinds: Sequence[_Kind]) -> _Span:
    found = _RANGE.fullmatch(part.bounds.strip())
    if found is None:
        raise Unfit(f"the bounds of the part {part.name}, which are no range")
    first, last = (_places(side, kinds, part) for side in found.groups())
    if not _before(first, last):
        raise Unfit(f"the part {part.name}, which ends before it begins")
    return first, last


def _places(said: str, kinds: Sequence[_Kind], part: Partition) -> list[_Place]:
    constants = re.findall(_CONSTANT, said, re.IGNORECASE)
    if len(constants) != len(kinds):
        raise Unfit(f"the bounds of the part {part.name}, which are of other attributes")
    found: list[_Place] = []
    for constant, kind in zip(constants, kinds, strict=True):
        if constant.upper() == "NULL" or (found and abs(found[-1][0]) == inf and constant.upper() not in _ENDS):
            raise Unfit(f"the bounds of the part {part.name}, which are no range")
        end = _ENDS.get(constant.upper())
        found.append((0, _value(constant, *kind)) if end is None else (end, ""))
    return found


def _values(part: Partition, kinds: Sequence[_Kind]) -> set[object]:
    found = _IN.fullmatch(part.bounds.strip())
    if found is None or len(kinds) != 1 or re.search(r"(?i)\b(?:MIN|MAX)VALUE\b", re.sub("'[^']*'", "", found[1])):
        raise Unfit(f"the bounds of the part {part.name}, which are no list of values")
    constants = re.findall(_CONSTANT, found[1], re.IGNORECASE)
    return {None if one.upper() == "NULL" else _value(one, *kinds[0]) for one in constants}


def _rest(part: Partition) -> tuple[int, int]:
    found = _HASH.fullmatch(part.bounds.strip())
    if found is None or int(found[2]) >= int(found[1]):
        raise Unfit(f"the bounds of the part {part.name}, which are no modulus with a remainder")
    return int(found[1]), int(found[2])


def _same_rest(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return (one[1] - other[1]) % gcd(one[0], other[0]) == 0


def _value(constant: str, kind: Type, spelled: str) -> object:
    """What a column stores of a constant, to compare. Raises Unfit for one of another type, or that it has no room for."""
    if isinstance(kind, Unknown):
        return constant
    if isinstance(kind, Bytes | Interval | Json | Native):
        raise Unfit(f"the bound {constant}, of a type whose constants are said in many ways")
    text = constant[constant.index("'") :] if "'" in constant else constant
    said = fitted(text, kind)
    bare = "'" not in text and isinstance(kind, Boolean | Integer | Decimal | Float)
    if any(isinstance(kind, Boolean) != (one.upper() in {"TRUE", "FALSE"}) for one in (said, text if bare else said)):
        raise Unfit(f"{constant} is no value of its type")
    if why := roomy(said, spelled):
        raise Unfit(f"the bound {constant}: {why}")
    try:
        return _stored(said[1:-1].replace("''", "'") if said.startswith("'") else said, kind, spelled)
    except (ValueError, ArithmeticError) as error:
        raise Unfit(f"{constant} is no value of its type") from error


def _stored(said: str, kind: Type, spelled: str) -> object:
    """The value that is kept: rounded, cut and in one zone. Raises ValueError or ArithmeticError for none."""
    match kind:
        case Boolean():
            return said.upper()
        case Integer() | Decimal():
            scale = re.search(r"\(\d+(?:,\s*(\d+))?\)", spelled)
            with localcontext(prec=2_000):
                kept = Number(1).scaleb(-int(scale[1] or 0)) if scale else None
                return Number(said).quantize(kept, ROUND_HALF_UP) if kept else Number(said)
        case Float(bits):
            found = unpack("f", pack("f", float(said)))[0] if bits == 32 else float(said)
            if isinf(found) or (not found and Number(said)):
                raise ArithmeticError(said)
            return found
        case Date():
            return datetime.fromisoformat(said).date()
        case Timestamp(zone=zone):
            moment = datetime.fromisoformat(said)
            moment = moment.astimezone(UTC) if zone and moment.tzinfo else moment
            return _rounded(moment.replace(tzinfo=None), spelled)
        case Time():
            return _rounded(datetime.combine(date.min, time.fromisoformat(said).replace(tzinfo=None)), spelled)
        case Uuid():
            return UUID(said).int
        case Text() if re.match(r"(?i)char\b", spelled):
            return said.rstrip(" ")
    return said


def _rounded(moment: datetime, spelled: str) -> datetime:
    """A moment to as many digits of its second as the column keeps."""
    digits = re.search(r"\(([0-5])\)", spelled)
    step = 10 ** (6 - int(digits[1])) if digits else 1
    rest = moment.microsecond % step
    return moment + timedelta(microseconds=step - rest if 2 * rest >= step else -rest)


def _before(one: Sequence[_Place], other: Sequence[_Place]) -> bool:
    return _compared(one, other) < 0


def _compared(one: Sequence[_Place], other: Sequence[_Place]) -> int:
    for here, there in zip(one, other, strict=True):
        if here != there:
            return -1 if here < there else 1
    return 0


def _first(one: _Span, other: _Span) -> int:
    return _compared(one[0], other[0])


def _meet(one: _Span, other: _Span) -> bool:
    first, second = sorted((one, other), key=cmp_to_key(_first))
    return _before(second[0], first[1])

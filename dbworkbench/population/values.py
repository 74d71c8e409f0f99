"""Values by type and by attribute name: realistic where the name says what is meant, readable otherwise."""

import re
from collections.abc import Callable, Collection
from dataclasses import replace
from decimal import Decimal as Number

from dbworkbench.errors import Unsatisfiable
from dbworkbench.population.coding import MOST, Values, literal, sql_type
from dbworkbench.population.conditions import Limits, Literal
from dbworkbench.population.natives import array, element, spelled
from dbworkbench.population.numbers import hashed
from dbworkbench.population.phrases import things, tokens
from dbworkbench.population.quantities import ALL, SMALL, numeric, temporal
from dbworkbench.population.texts import text
from dbworkbench.schema.relation import Attribute
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
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
    parse_type,
    set_members,
)
from dbworkbench.sql.declarations import holds

_BARE = frozenset({"amount", "sum", "total", "value"})  # what an amount is of, its relation says


def values(
    relation: str,
    attribute: Attribute,
    limits: Limits,
    *,
    rows: int,
    key: int,
    about: str = "",
    beside: Collection[str] = (),
) -> Values:
    """The values of one attribute; `rows` is how many rows there will be and `key` a constant of the attribute's own.

    `about` is the thing that a bare "name" or "title" is the name of, where it is not what `relation` is called, and
    `beside` has the words of the other attributes' names.

    Raises Unsatisfiable where the limits leave no value.
    """
    kind = attribute.type
    if isinstance(kind, Native) and limits.allowed is None:
        own = _own(relation, attribute, kind, limits, rows=rows, key=key)
        if own is not None:
            return own
    if isinstance(kind, Native):
        kind = native(kind)
    where = f"{relation}.{attribute.name}"
    if limits.allowed is not None or isinstance(kind, Enumeration):
        return _listed(where, kind, limits)
    name = tokens(attribute.name)
    held = holds(attribute.declared, kind) if attribute.declared else ALL
    if kind == Text() and held.size:
        kind = Text(max(1, held.size // 4))  # as many characters as there is room for, whatever they are
    match kind:
        case Boolean():
            return Values(
                type="BOOLEAN",
                capacity=2,
                usual=10,
                coded=lambda code, _: f"(({code}) = 0)",
                shown=lambda place: f"(({place}) < 7)",
                high=9,
                kept=not limits.because,
            )
        case Integer() | Decimal() | Float():
            of = tuple(SMALL & set(things(relation))) if set(name) <= _BARE else ()
            years = ("year",) if attribute.declared and attribute.declared.text.casefold() == "year" else ()
            return numeric(where, (*name, *years, *sorted(of)), kind, limits, rows, held=held)
        case Date() | Timestamp() | Time() | Interval():
            return temporal(where, name, kind, limits, rows, held=held)
        case Uuid():
            return _made("UUID", MOST >> 14, rows, lambda c, _: _uuid(c, key), limits)
        case Bytes() if size := held.size:
            return _made(
                "BLOB",
                min(MOST, 256**size),
                rows,
                lambda c, _: f"unhex(lpad(hex(({c})::BIGINT), {2 * size}, '0'))",
                limits,
            )
        case Bytes():
            return _made(
                "BLOB",
                MOST,
                rows,
                lambda c, _: f"encode('{attribute.name[:1].encode().hex()}' || ({c})::VARCHAR)",
                limits,
            )
        case Json():
            return _made("JSON", MOST, rows, lambda c, _: f"""('{{"n": ' || ({c})::VARCHAR || '}}')::JSON""", limits)
        case _ if limits.letters and limits.pattern is None:
            made = text(relation, attribute, kind, replace(limits, letters=""), rows=rows, about=about, beside=beside)
            return _lettered(made, limits.letters)
        case _:
            return text(relation, attribute, kind, limits, rows=rows, about=about, beside=beside)


def _lettered(made: Values, letters: str) -> Values:
    """Texts in small letters ("lower") or in capitals ("upper"): no two of those that are made differ in these alone."""
    return replace(
        made,
        coded=lambda code, size: f"{letters}({made.coded(code, size)})",
        shown=lambda place: f"{letters}({made.shown(place)})",
        topic="",
        spot=None,
        seen=None,
        code_of=None,
    )


def made_of(kind: Native) -> bool:
    """Whether values are made that an engine reads as those of its own type.

    >>> made_of(Native("inet")), made_of(Native("uuid[]")), made_of(Native("no such type"))
    (True, True, False)
    """
    held = element(kind)
    inner = held[0] if held else kind
    if isinstance(inner, Native):
        return spelled(inner) is not None or bool(set_members(inner)) or not isinstance(native(inner), Text)
    return not isinstance(inner, Bytes | Json | Unknown)


def _own(relation: str, attribute: Attribute, kind: Native, limits: Limits, *, rows: int, key: int) -> Values | None:
    """Values of an engine's own type, as texts that it reads; None where none are known to be such."""
    if own := spelled(kind):
        return _made("VARCHAR", own.capacity, rows, lambda code, _: own.of(code), limits)
    held = element(kind)
    if held is None or not made_of(kind):
        return None
    inner, sizes = held
    of = values(relation, replace(attribute, type=inner), Limits(), rows=rows, key=key)
    return _made("VARCHAR", of.capacity, rows, lambda code, n: array(sizes, lambda c: of.coded(c, n), code), limits)


def _made(kind: str, capacity: int, rows: int, coded: Callable[[str, int], str], limits: Limits) -> Values:
    usual = min(capacity, max(2, rows // 4))
    return Values(
        type=kind,
        capacity=capacity,
        usual=usual,
        coded=coded,
        shown=lambda code: coded(code, usual),
        high=usual - 1,
        kept=not limits.because,
    )


def native(kind: Native) -> Type:
    """The nearest type of ours to an engine's own: by the word before its parentheses."""
    if members := set_members(kind):
        return Enumeration(tuple(dict.fromkeys(members)))
    if found := re.fullmatch(r"(?i)(?:character(?: varying)?|bpchar)\s*\(\s*(\d+)\s*\)", kind.text.strip()):
        return Text(max(1, int(found[1])))
    word = re.split(r"[\s(]", kind.text.casefold(), maxsplit=1)[0]
    known: dict[str, Type] = {
        "tinyint": Integer(16),
        "mediumint": Integer(),
        "int1": Integer(16),
        "serial": Integer(),
        "bigserial": Integer(64),
        "hugeint": Integer(64),
        "ubigint": Integer(64),
        "uinteger": Integer(64),
        "usmallint": Integer(),
        "utinyint": Integer(16),
        "money": Decimal(12, 2),
        "oid": Integer(),
        "datetime2": Timestamp(),
        "varbinary": Bytes(),
    }
    return known.get(word) or (parse_type(word) if not isinstance(parse_type(word), Native) else Text())


def _uuid(code: str, key: int) -> str:
    """A UUID of version 4's shape; its last 48 bits hold the code, so different codes differ."""
    bits = hashed(code, key)
    high = f"(({bits} & {(1 << 64) - 1 - (15 << 12)}::UBIGINT) | {4 << 12})"
    low = f"({1 << 63}::UBIGINT | (({bits} & 16383) << 48) | xor({code}, {key & (1 << 47) - 1})::UBIGINT)"
    return f"(({high}::UHUGEINT << 64) | {low}::UHUGEINT)::UUID"


def _inside(value: Literal, limits: Limits) -> bool | None:
    """Whether a listed number lies in the range that checks leave; None where one of them is no number."""
    for limit, upper in ((limits.above, False), (limits.below, True)):
        if limit is None:
            continue
        if not isinstance(value, Number) or not isinstance(limit[0], Number):
            return None
        low, high = (value, limit[0]) if upper else (limit[0], value)
        if low > high or (low == high and limit[1]):
            return False
    return True


def _listed(where: str, kind: Type, limits: Limits) -> Values:
    """Values from a list: an enumeration's, a check's, or those in both."""
    found: list[Literal] = (
        list(kind.values) if isinstance(kind, Enumeration) else list(dict.fromkeys(limits.allowed or ()))
    )
    if isinstance(kind, Enumeration) and limits.allowed is not None:
        found = [value for value in found if value in limits.allowed]
    if isinstance(kind, Text | Unknown | Enumeration):
        texts = list(dict.fromkeys(str(value) for value in found))
        found = [
            t for t in texts if limits.shortest <= len(t) <= (limits.longest if limits.longest is not None else len(t))
        ]
        if isinstance(kind, Text) and kind.length is not None:
            found = [t for t in found if len(str(t)) <= kind.length]
    ranged = limits.above is not None or limits.below is not None
    inside = [_inside(value, limits) for value in found] if ranged else []
    known = None not in inside
    if known and ranged:
        found = [value for value, within in zip(found, inside, strict=True) if within]
    if not found:
        why = f"its check ({' and '.join(limits.because)})" if limits.because else "its type"
        raise Unsatisfiable(f"no value is left for {where} by {why} — widen the check or the list of values")
    to, count = sql_type(kind), len(found)
    array = "[" + ", ".join(literal(str(value)) for value in found) + "]"

    def coded(code: str, _: int) -> str:
        said = f"{array}[1 + ({code})]" if count > 1 else array[1:-1]
        return said if to == "VARCHAR" else f"CAST({said} AS {to})"

    return Values(
        type=to,
        capacity=count,
        usual=count,
        coded=coded,
        shown=lambda code: coded(code, count),
        steep=2,
        high=count - 1,
        listed=tuple(str(value) for value in found),
        kept=(not ranged or known) and limits.pattern is None,
    )

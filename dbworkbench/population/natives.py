"""Values of types that single engines have, as texts that those engines read: addresses, bits, ranges, shapes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from math import prod

import duckdb

from dbworkbench.population.coding import MOST
from dbworkbench.schema.types import Native, Type, parse_type

__all__ = ["Spelled", "array", "element", "farthest", "spelled"]

_ARRAY = re.compile(r"(?P<base>[^\[\]]+?)\s*(?P<sizes>(?:\[\s*\d*\s*\])+)")


@dataclass(frozen=True, slots=True)
class Spelled:
    """Values as texts: `capacity` of them, and DuckDB's expression that gives that of a code; different codes differ."""

    capacity: int
    of: Callable[[str], str]


def spelled(kind: Native) -> Spelled | None:
    """How values of an engine's own type are written; None where that is not known, and for arrays (see `element`).

    >>> spelled(Native("bit(3)")).capacity, spelled(Native("no such type"))
    (8, None)
    """
    found = re.fullmatch(r"\s*([a-z][a-z0-9_ ]*?)\s*(?:\(\s*(\d+)[^()]*\))?\s*", kind.text, re.IGNORECASE)
    if found is None:
        return None
    word, size = " ".join(found[1].casefold().split()), int(found[2]) if found[2] else None
    if word in _BITS:
        return _bits(size or (1 if word == "bit" else 64))
    return _WORDS.get(word)


@cache
def farthest(kind: Native) -> tuple[str, ...]:
    """The last two values of a type, which rows that are made seldom have; none where `spelled` knows none.

    >>> farthest(Native("bit(3)"))
    ('110', '101')
    """
    own = spelled(kind)
    if own is None:
        return ()
    with duckdb.connect() as connection:
        return connection.execute(
            f"SELECT {own.of(str(own.capacity - 2))}, {own.of(str(own.capacity - 3))}"
        ).fetchall()[0]


def element(kind: Native) -> tuple[Type, tuple[int, ...]] | None:
    """What an array holds, and how many of it in each dimension (0 where that is not said); None for other types.

    >>> element(Native("integer[][3]")), element(Native("inet"))
    ((Integer(bits=32), (0, 3)), None)
    """
    found = _ARRAY.fullmatch(kind.text.strip())
    if found is None:
        return None
    sizes = tuple(int(said.strip() or 0) for said in re.findall(r"\[([^\]]*)\]", found["sizes"]))
    return (parse_type(found["base"]), sizes) if prod(map(max, sizes, repeat(1))) <= _LONGEST else None


def array(sizes: tuple[int, ...], of: Callable[[str], str], code: str) -> str:
    """The array of a code, as DuckDB reads it from a text; of its elements, which are those of codes, the first tells it apart.

    >>> print(array((2,), str, "7"))
    CAST(to_json([7, (7) // 2]) AS VARCHAR)
    """
    said = ", ".join((of(code), *[of(f"({code}) // 2")] * ((sizes[-1] or 2) - 1)))
    for size in (1, *reversed(sizes[:-1])):
        said = ", ".join([f"[{said}]"] * max(1, size))
    return f"CAST(to_json({said}) AS VARCHAR)"


_LONGEST = 16
_BITS = frozenset({"bit", "bit varying", "varbit"})


def _bits(size: int) -> Spelled:
    def of(code: str) -> str:
        said = f"lpad(bin(({code})::BIGINT), 64, '0')"
        return f"right({said}, {size})" if size <= 64 else f"lpad({said}, {size}, '0')"

    return Spelled(min(MOST, 1 << min(size, 62)), of)


def _hexadecimal(code: str, octets: int, first: str) -> str:
    pairs = (f"substr(h, {2 * at + 1}, 2)" for at in range(octets))
    digits = f"lpad(lower(hex(({code})::BIGINT)), {2 * octets}, '0')"
    listed = ", ':', ".join(pairs)
    return f"list_transform([{digits}], lambda h: concat('{first}:', {listed}))[1]"


def _address(code: str) -> str:
    return f"concat('10.', ({code}) // 65536 % 256, '.', ({code}) // 256 % 256, '.', ({code}) % 256)"


def _range(low: Callable[[str], str]) -> Callable[[str], str]:
    return lambda code: f"concat('[', {low(code)}, ',', {low(f'({code}) + 1')}, ')')"


def _number(code: str) -> str:
    return f"({code})::BIGINT"


def _day(code: str) -> str:
    return f"DATE '2001-01-01' + ({code})::INTEGER"


def _hour(code: str) -> str:
    return f"TIMESTAMP '2001-01-01' + to_hours(({code})::BIGINT)"


def _zoned(code: str) -> str:
    return f"concat({_hour(code)}, '+00')"


def _within(before: str, after: str) -> Callable[[str], str]:
    return lambda code: f"concat('{before}', ({code})::BIGINT, '{after}')"


def _many(inner: Spelled) -> Spelled:
    return Spelled(inner.capacity, lambda code: f"concat('{{', {inner.of(code)}, '}}')")


_RANGES = {
    "int4range": Spelled((1 << 31) - 2, _range(_number)),
    "int8range": Spelled(MOST, _range(_number)),
    "numrange": Spelled(MOST, _range(_number)),
    "daterange": Spelled(1_000_000, _range(_day)),
    "tsrange": Spelled(10_000_000, _range(_hour)),
    "tstzrange": Spelled(10_000_000, _range(_zoned)),
}
_WORDS: dict[str, Spelled] = {
    **_RANGES,
    **{word.replace("range", "multirange"): _many(of) for word, of in _RANGES.items()},
    **dict.fromkeys(("inet", "inet4", "ipv4"), Spelled(1 << 24, _address)),
    "cidr": Spelled(1 << 24, lambda code: f"concat({_address(code)}, '/32')"),
    **dict.fromkeys(
        ("inet6", "ipv6"),
        Spelled(1 << 32, lambda c: f"concat('2001:db8::', hex(({c}) >> 16), ':', hex(({c}) & 65535))"),
    ),
    "macaddr": Spelled(1 << 40, lambda code: _hexadecimal(code, 5, "02")),
    "macaddr8": Spelled(1 << 56, lambda code: _hexadecimal(code, 7, "02")),
    "xml": Spelled(MOST, _within("<item>", "</item>")),
    "tsvector": Spelled(MOST, _within("word", "")),
    "tsquery": Spelled(MOST, _within("word", "")),
    "hstore": Spelled(MOST, _within('"n"=>"', '"')),
    "ltree": Spelled(MOST, _within("top.n", "")),
    "point": Spelled(MOST, _within("(", ",1)")),
    "line": Spelled(MOST, _within("{1,-1,", "}")),
    "lseg": Spelled(MOST, _within("[(0,0),(", ",1)]")),
    "box": Spelled(MOST, lambda code: f"concat('(', {_number(code)} + 1, ',1),(', {_number(code)}, ',0)')"),
    "path": Spelled(MOST, _within("((0,0),(", ",1))")),
    "polygon": Spelled(MOST, lambda code: f"concat('((0,0),(', {_number(code)} + 1, ',0),(0,1))')"),
    "circle": Spelled(MOST, _within("<(", ",0),1>")),
    "geometry": Spelled(MOST, _within("POINT(", " 1)")),
    "linestring": Spelled(MOST, _within("LINESTRING(-1 0, ", " 1)")),
    "multipoint": Spelled(MOST, _within("MULTIPOINT(", " 1)")),
    "multilinestring": Spelled(MOST, _within("MULTILINESTRING((-1 0, ", " 1))")),
    "multipolygon": Spelled(
        MOST, lambda code: f"concat('MULTIPOLYGON(((0 0, ', {_number(code)} + 1, ' 0, 0 1, 0 0)))')"
    ),
    "geometrycollection": Spelled(MOST, _within("GEOMETRYCOLLECTION(POINT(", " 1))")),
}

"""How the values of an attribute are numbered, and which DuckDB type they have."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from dbworkbench.population.numbers import skewed
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Float,
    Integer,
    Interval,
    Json,
    Time,
    Timestamp,
    Type,
    Uuid,
)

MOST = 1 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """What an attribute's values are, as DuckDB expressions of numbers.

    `coded` makes a value of a code from 0 and the number of codes in use; the values of different codes below
    `capacity` differ. `shown` makes a value of any place from `low` to `high`; drawn values usually have a place from
    `start` on, `usual` of them, low ones more often where `steep` is above 1. `place` says which place a given value
    has, `per_day` how many places a day of a date or timestamp has. `listed` are the values where they are a list.
    `kept` says whether the limits given are kept by construction. For texts, `topic` is what they are of, and `spot`
    and `seen` are the place of their words among `spots` combinations, of a code in use, where there are not more than
    `worded`, and of a drawn place; `code_of` gives the code of each word of texts of one word.
    """

    type: str
    capacity: int
    usual: int
    coded: Callable[[str, int], str]
    shown: Callable[[str], str]
    start: int = 0
    steep: int = 1
    low: int = 0
    high: int = MOST
    place: Callable[[object], Fraction] | None = None
    per_day: int = 0
    listed: tuple[str, ...] = ()
    kept: bool = True
    topic: str = ""
    spot: Callable[[str, int], str] | None = None
    seen: Callable[[str], str] | None = None
    spots: int = 0
    worded: int = MOST
    code_of: Callable[[], Mapping[str, int]] | None = None

    def place_of(self, bits: str) -> str:
        """The place of a value that 64 random bits draw."""
        at = skewed(bits, self.usual, self.steep)
        return f"{self.start} + {at}" if self.start else at

    def drawn(self, bits: str) -> str:
        """A value made of 64 random bits; it may repeat."""
        return self.shown(self.place_of(bits))


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


def whole_numbers(values: Iterable[int]) -> str:
    """A list of whole numbers as SQL: one text that is cast, since an engine reads a thousand literals a hundred times slower.

    >>> whole_numbers([1, 2])
    "('[1, 2]'::BIGINT[])"
    """
    return f"('[{', '.join(map(str, values))}]'::BIGINT[])"


def texts(values: Iterable[str]) -> str:
    """A list of texts as SQL, written as `whole_numbers` writes one.

    >>> print(texts(["Ada ", "& Sons"]))
    ('["Ada ", "& Sons"]'::VARCHAR[])
    """
    said = ", ".join('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return f"({literal(f'[{said}]')}::VARCHAR[])"


def sql_type(kind: Type) -> str:
    """The DuckDB type in which a type's values are made."""
    match kind:
        case Boolean():
            return "BOOLEAN"
        case Integer(bits):
            return {16: "SMALLINT", 32: "INTEGER", 64: "BIGINT"}[bits]
        case Decimal(precision, scale):
            whole = min(precision - scale, 38)
            return f"DECIMAL({min(precision, 38)}, {min(scale, 38 - whole)})"
        case Float(bits):
            return "REAL" if bits == 32 else "DOUBLE"
        case Bytes():
            return "BLOB"
        case Uuid():
            return "UUID"
        case Date():
            return "DATE"
        case Time():
            return "TIME"
        case Timestamp(zone):
            return "TIMESTAMPTZ" if zone else "TIMESTAMP"
        case Interval():
            return "INTERVAL"
        case Json():
            return "JSON"
        case _:
            return "VARCHAR"

"""Types of attributes: a small closed union that every dialect spells in its own way."""

import re
from dataclasses import dataclass
from typing import TypeAlias

from dbworkbench.errors import NotationError


@dataclass(frozen=True, slots=True)
class Unknown:
    """Not said yet."""


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number of 16, 32 or 64 bits, signed."""

    bits: int = 32


@dataclass(frozen=True, slots=True)
class Decimal:
    """An exact number of `precision` digits, `scale` of them behind the point."""

    precision: int = 18
    scale: int = 3


@dataclass(frozen=True, slots=True)
class Float:
    """A binary floating-point number of 32 or 64 bits."""

    bits: int = 64


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, at most `length` of them where that is said."""

    length: int | None = None


@dataclass(frozen=True, slots=True)
class Bytes:
    """Octets."""


@dataclass(frozen=True, slots=True)
class Uuid:
    """A universally unique identifier, 128 bits."""


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar day."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day, to the microsecond."""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A day and time, to the microsecond; with `zone`, an instant."""

    zone: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """A span of time."""


@dataclass(frozen=True, slots=True)
class Json:
    """A JSON document."""


@dataclass(frozen=True, slots=True)
class Enumeration:
    """One of a few given texts."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Native:
    """A type of one engine, kept as it was written."""

    text: str


Type: TypeAlias = (
    Unknown
    | Boolean
    | Integer
    | Decimal
    | Float
    | Text
    | Bytes
    | Uuid
    | Date
    | Time
    | Timestamp
    | Interval
    | Json
    | Enumeration
    | Native
)

_WORDS: dict[str, Type] = {
    "boolean": Boolean(),
    "bool": Boolean(),
    "smallint": Integer(16),
    "int16": Integer(16),
    "int2": Integer(16),
    "integer": Integer(32),
    "int": Integer(32),
    "int4": Integer(32),
    "int32": Integer(32),
    "bigint": Integer(64),
    "int8": Integer(64),
    "int64": Integer(64),
    "long": Integer(64),
    "decimal": Decimal(),
    "numeric": Decimal(),
    "real": Float(32),
    "float4": Float(32),
    "float": Float(64),
    "float8": Float(64),
    "double": Float(64),
    "double precision": Float(64),
    "text": Text(),
    "string": Text(),
    "str": Text(),
    "varchar": Text(),
    "char": Text(),
    "bytes": Bytes(),
    "blob": Bytes(),
    "bytea": Bytes(),
    "uuid": Uuid(),
    "date": Date(),
    "time": Time(),
    "timestamp": Timestamp(),
    "datetime": Timestamp(),
    "timestamptz": Timestamp(zone=True),
    "timestamp with time zone": Timestamp(zone=True),
    "instant": Timestamp(zone=True),
    "interval": Interval(),
    "json": Json(),
    "jsonb": Json(),
}
TYPE_WORDS = tuple(_WORDS)


def parse_type(text: str) -> Type:
    """Read a type as the notation spells it; what is no word of ours is kept as `Native`. Raises NotationError.

    >>> parse_type("decimal(10, 2)"), parse_type("enum('a', 'b')")
    (Decimal(precision=10, scale=2), Enumeration(values=('a', 'b')))
    """
    said = text.strip() if "'" in text else " ".join(text.split())
    word, _, rest = said.partition("(")
    word = word.strip().casefold()
    if not rest:
        return _WORDS.get(word, Native(said) if said else Unknown())
    if re.search(r"\)\s*(?:\[\s*\d*\s*\]\s*)+$", said):
        return Native(said)  # an array
    if not rest.endswith(")"):
        raise NotationError(f"the type {said!r} has no closing parenthesis")
    inner = rest[:-1]
    if word in {"enum", "enumeration"}:
        values = tuple(value.replace("''", "'") for value in re.findall(r"'((?:[^']|'')*)'", inner)) or tuple(
            value.strip() for value in inner.split(",") if value.strip()
        )
        if not values or len(set(values)) != len(values):
            raise NotationError(f"the enumeration {said!r} needs one or more different values")
        return Enumeration(values)
    numbers = [number.strip() for number in inner.split(",")]
    if not all(number.isdecimal() and len(number) < 19 for number in numbers):
        return Native(said)
    match word, [int(number) for number in numbers]:
        case (("decimal" | "numeric"), [precision]):
            return _decimal(precision, 0, said)
        case (("decimal" | "numeric"), [precision, scale]):
            return _decimal(precision, scale, said)
        case (("text" | "varchar" | "string" | "char"), [length]) if length > 0:
            return Text(length)
        case _:
            return Native(said)


def set_members(kind: Native) -> tuple[str, ...]:
    """The values of MySQL's SET, any of which can be in one of its values; none for any other type.

    >>> set_members(Native("set('a', 'b')")), set_members(Native("inet"))
    (('a', 'b'), ())
    """
    found = re.fullmatch(r"(?is)set\s*\(\s*('(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*)\s*\)", kind.text.strip())
    return tuple(one.replace("''", "'") for one in re.findall(r"'((?:[^']|'')*)'", found[1])) if found else ()


def _decimal(precision: int, scale: int, said: str) -> Decimal:
    if not precision >= 1 or scale > precision:
        raise NotationError(f"the type {said!r} needs at least one digit and a scale within the precision")
    return Decimal(precision, scale)


def type_text(kind: Type) -> str:
    """A type as the notation spells it: `parse_type` reads it back.

    >>> type_text(Timestamp(zone=True))
    'timestamptz'
    """
    match kind:
        case Unknown():
            return ""
        case Integer(bits):
            return {16: "smallint", 32: "integer", 64: "bigint"}[bits]
        case Decimal(precision, scale):
            return f"decimal({precision}, {scale})"
        case Float(bits):
            return {32: "real", 64: "double"}[bits]
        case Text(length):
            return "text" if length is None else f"text({length})"
        case Timestamp(zone):
            return "timestamptz" if zone else "timestamp"
        case Enumeration(values):
            inner = ", ".join("'" + value.replace("'", "''") + "'" for value in values)
            return f"enum({inner})"
        case Native(text):
            return text
        case _:
            return type(kind).__name__.lower()

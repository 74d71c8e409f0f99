"""Constant defaults in the words of their attribute's type: what one database takes for another's TRUE is not so elsewhere."""

import json
import re
from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, localcontext
from decimal import Decimal as Number
from uuid import UUID

from dbworkbench.schema.types import (
    Boolean,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Json,
    Native,
    Text,
    Time,
    Timestamp,
    Type,
    Uuid,
    set_members,
)
from dbworkbench.sql.dialect import Dialect
from dbworkbench.sql.expression import is_constant, is_simple
from dbworkbench.sql.reckoning import reckoned

__all__ = ["Unfit", "fitted", "instant", "is_bare", "roomy", "timely"]

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_DAY = len("'2020-01-31'")
_LARGEST = 3.4028234663852886e38
"""The largest number of single precision (IEEE 754)."""
_TRUE = {"1": "TRUE", "t": "TRUE", "true": "TRUE", "y": "TRUE", "yes": "TRUE", "on": "TRUE"}
_FALSE = {"0": "FALSE", "f": "FALSE", "false": "FALSE", "n": "FALSE", "no": "FALSE", "off": "FALSE"}


class Unfit(Exception):
    """A constant that is no value of its attribute's type; the text says so."""


def fitted(default: str, kind: Type) -> str:
    """A default as the type wants it, where it is a constant; any other as it is. Raises Unfit.

    >>> fitted("'1'", Boolean()), fitted("'7'", Integer()), fitted("now()", Timestamp())
    ('TRUE', '7', 'now()')
    """
    said = default.strip()
    typed = re.fullmatch(r"(?i)(?:DATE|TIMESTAMP)\s*('[^']*')", said)
    if typed and not _valid(typed[1][1:-1], Timestamp() if len(typed[1]) > _DAY else Date()):
        raise Unfit(f"{said} is no value of its type")
    text = _text(said)
    number = said if _NUMBER.fullmatch(said) else None
    if said.casefold() in {"true", "false"} and isinstance(kind, Integer | Decimal | Float):
        number = said = "1" if said.casefold() == "true" else "0"
    elif said.casefold() in {"true", "false"} and isinstance(kind, Text):
        text = said.casefold()
        said = f"'{text}'"
    if text is None and number is None:
        come_to = reckoned(said) if isinstance(kind, Integer) else None
        if come_to is not None and isinstance(kind, Integer):
            _whole(str(come_to), said, kind.bits)
        return default
    value = text if text is not None else said
    match kind:
        case Integer(bits):
            return _whole(value.strip(), said, bits)
        case Boolean():
            found = {**_TRUE, **_FALSE}.get(value.strip().casefold())
            if found is None:
                raise Unfit(f"{said} is neither true nor false")
            return found
        case Decimal() | Float():
            if not _NUMBER.fullmatch(value.strip()):
                raise Unfit(f"{said} is no number")
            if kind == Float(32) and abs(float(value)) > _LARGEST:
                raise Unfit(f"{said} is more than a number of 32 bits holds")
            return value.strip()
        case Text(length):
            if length is not None and len(value) > length:
                raise Unfit(f"it has more than {length} characters")
            return said if text is not None else f"'{value}'"
        case Enumeration(values):
            if value not in values:
                raise Unfit(f"{said} is none of its values")
            return said if text is not None else f"'{value}'"
        case Date() | Time() | Timestamp() | Uuid() | Json():
            if not _valid(value, kind):
                raise Unfit(f"{said} is no value of its type")
            return said if text is not None else f"'{value}'"
        case Native(name) if number is not None and name.casefold().startswith("bit"):
            size = re.search(r"\d+", name)
            return f"'{int(value):0{size[0] if size else 1}b}'" if value.isdigit() else default
        case Native(name) if text is not None and not _is_own(text, name):
            raise Unfit(f"{said} is no value of its type")
        case _:
            return default


def _is_own(text: str, name: str) -> bool:
    """Whether a text may be a value of an engine's own type, as far as its form tells."""
    if members := set_members(Native(name)):
        return not text or {*text.split(",")} <= {*members}
    if re.search(r"\[\d*\]\s*\Z", name):
        return bool(re.fullmatch(r"\s*(?:\[[\d:]+\]=)?\{.*\}\s*", text, re.DOTALL))
    word = re.split(r"[\s(]", name.strip().casefold(), maxsplit=1)[0]
    form = _FORMS.get(word)
    if word == "bit" and re.fullmatch("[01]*", text):  # of just so many
        size = re.search(r"\d+", name)
        return "varying" in name.casefold() or len(text) == (int(size[0]) if size else 1)
    return form is None or bool(re.fullmatch(form, text.strip(), re.IGNORECASE))


_V4, _HEX = r"\d{1,3}(?:\.\d{1,3}){3}", r"[0-9a-f]"
_PAIR = r"\(?\s*-?[\d.]+(?:e-?\d+)?\s*,\s*-?[\d.]+(?:e-?\d+)?\s*\)?"
_FORMS: dict[str, str] = {
    "inet": rf"(?:{_V4}|{_HEX}*:[0-9a-f:.]*)(?:/\d{{1,3}})?",
    "cidr": rf"(?:{_V4}|{_HEX}*:[0-9a-f:.]*)(?:/\d{{1,3}})?",
    "inet4": _V4,
    "inet6": rf"(?:{_V4}|{_HEX}*:[0-9a-f:.]*)",
    "macaddr": rf"{_HEX}{{2}}(?:[:-]?{_HEX}{{2}}){{5}}|{_HEX}{{6}}[:-]{_HEX}{{6}}|{_HEX}{{4}}(?:[.-]{_HEX}{{4}}){{2}}",
    "macaddr8": rf"{_HEX}{{2}}(?:[:-]?{_HEX}{{2}}){{5}}(?:(?:[:-]?{_HEX}{{2}}){{2}})?",
    "bit": r"b?[01]+|x[0-9a-f]+",
    "varbit": r"b?[01]*|x[0-9a-f]+",
    "oid": r"\d{1,10}",
    "hugeint": r"[+-]?\d{1,39}",
    "pg_lsn": rf"{_HEX}{{1,8}}/{_HEX}{{1,8}}",
    **dict.fromkeys(
        ("int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"), r"empty|[\[(][^,]*,[^,]*[\])]"
    ),
    **dict.fromkeys(
        ("int4multirange", "int8multirange", "nummultirange", "tsmultirange", "tstzmultirange", "datemultirange"),
        r"\{.*\}",
    ),
    "point": _PAIR,
    "circle": rf"<\s*{_PAIR}\s*,\s*[\d.]+\s*>",
    **dict.fromkeys(("lseg", "box"), rf"[\[(]?\s*{_PAIR}\s*,\s*{_PAIR}\s*[\])]?"),
    **dict.fromkeys(("path", "polygon"), rf"[\[(]?\s*{_PAIR}(?:\s*,\s*{_PAIR})*\s*[\])]?"),
    "line": r"\{[^,]*[\d.][^,]*,[^,]*[\d.][^,]*,[^,]*[\d.][^,]*\}",
    "hstore": r"|.*=>.*",
    "jsonpath": r".+",
    "xml": r"<.*>",
    "money": r"-?\$?-?[\d,]+(?:\.\d+)?",
    **dict.fromkeys(("time", "timetz"), r"\d\d?:\d\d.*"),
    **dict.fromkeys(("timestamp", "timestamptz", "date"), r"\d{4,}-\d\d?-\d\d?.*|-?infinity|now|epoch|today"),
    "uuid": rf"\{{?{_HEX}{{4}}.*",
}
"""How texts begin to be values of engines' own types, where another would be refused with the table."""


def instant(default: str, dialect: Dialect) -> str:
    """A constant instant as a dialect writes it: in UTC where its columns hold no zone, and the zone in hours and minutes.

    >>> from dbworkbench.sql.dialect import DIALECTS
    >>> instant("'2020-01-01 05:00:00+05'", DIALECTS["mariadb"]), instant("now()", DIALECTS["mariadb"])
    ("'2020-01-01 00:00:00'", 'now()')
    """
    try:
        found = datetime.fromisoformat(_text(default) or "")
    except ValueError:
        return default
    if found.tzinfo is None:
        return default
    match dialect.name:
        case "mysql" | "mariadb":
            found = found.astimezone(UTC).replace(tzinfo=None)
        case "sqlite":
            found = found.astimezone(UTC)
        case "sqlserver":  # whose constants say minutes
            pass
        case _:
            return default
    return f"'{found.isoformat(' ')}'"


def is_bare(told: str, kind: Type, spelled: str, dialect: Dialect) -> bool:
    """Whether a default, as it is told in a dialect for a column of the type `spelled`, stands without parentheses.

    A constant does, and now, where the type has it; not where the engine would refuse the table for it, which only fails
    later in parentheses.

    >>> from dbworkbench.sql.dialect import DIALECTS
    >>> [is_bare(one, Integer(16), "SMALLINT", DIALECTS["mysql"]) for one in ("0", "40000", "1 + 1")]
    [True, False, False]
    """
    if dialect.tries_defaults and _NOW.fullmatch(told):
        return isinstance(kind, Timestamp)
    if re.fullmatch(r"b'[01]+'", told):
        return True
    if not (is_simple(told) if dialect.bare_calls else is_constant(told)):
        return False
    word, *sizes = _SIZED.match(spelled).groups()  # type: ignore[union-attr]
    if word.casefold() in dialect.bracketed:
        return False
    if word == "BIGINT" and kind == Decimal(20, 0):  # without a sign
        return told.isascii() and told.isdigit() and int(told) < 2**64
    return not dialect.tries_defaults or _is_held(told, kind, [int(one) for one in sizes if one])


_SIZED = re.compile(r"(\w*)\s*(?:\((\d+)(?:,\s*(\d+))?\))?")
_NOW = re.compile(r"CURRENT_TIMESTAMP(?:\(\d\))?")


def _is_held(told: str, kind: Type, sizes: list[int]) -> bool:
    """Whether a constant is a value of a column of the type, whose spelling has `sizes` in it."""
    text = told[1:-1] if told.endswith("'") else None
    match kind:
        case Boolean():
            return told.upper() in {"TRUE", "FALSE", "1", "0"}
        case Integer(bits):
            return bool(re.fullmatch(r"-?\d{1,19}", told)) and -(2 ** (bits - 1)) <= int(told) < 2 ** (bits - 1)
        case Decimal():
            digits = re.fullmatch(r"-?0*(\d*)(?:\.(\d+))?", told)
            precision, scale = sizes if len(sizes) == 2 else (0, 0)
            return bool(digits and len(digits[1]) <= precision - scale and len((digits[2] or "").rstrip("0")) <= scale)
        case Float():
            return bool(re.fullmatch(r"-?\d{1,9}(?:\.\d{1,9})?", told))
        case Text() | Enumeration() | Uuid() | Json():
            return text is not None and all(len(text) <= size for size in sizes)
        case Date():
            return bool(re.fullmatch(rf"'{_A_DAY}'", told))
        case Time():
            return bool(re.fullmatch(rf"'{_A_TIME}'", told))
        case Timestamp():
            return bool(re.fullmatch(rf"'{_A_DAY}(?: {_A_TIME})?'", told))
        case Native():
            return text is not None and {*text.split(",")} <= {*(set_members(kind) or ())}
    return False


_A_DAY = r"[1-9]\d{3}-\d\d-\d\d"
_A_TIME = r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?"


def roomy(told: str, spelled: str) -> str:
    """Why a column of a type, as a dialect spells it, has no room for a constant default that it is told; "" where it has.

    >>> roomy("1e3", "DECIMAL(5,2)"), roomy("'abc'", "VARCHAR(2)"), roomy("7", "DECIMAL(5,2)")
    ('1e3 is no number of 3 digits before the point', 'it has more than 2 characters', '')
    """
    found = re.match(r"(?i)(n?(?:var)?char2?|decimal|numeric|number)\s*\((\d+)(?:,\s*(\d+))?", spelled)
    if found is None:
        return ""
    word, most, scale = found[1].casefold(), int(found[2]), int(found[3] or 0)
    text = _text(told.removeprefix("N"))
    if "char" in word:
        return f"it has more than {most} characters" if text is not None and len(text) > most else ""
    return _too_long(told if text is None else text, most, scale)


def timely(told: str, spelled: str, dialect: Dialect) -> str:
    """Why a constant moment, as a dialect is told it, is none of a column of a type as it is spelled; "" where it is.

    >>> from dbworkbench.sql.dialect import DIALECTS
    >>> timely("'0001-01-01 00:00:00'", "DateTime64(9)", DIALECTS["clickhouse"])
    'DateTime64(9) has no moment before 1677-09-21 00:12:44'
    >>> timely("'0001-01-01 00:00:00'", "DateTime64(6)", DIALECTS["clickhouse"])
    ''
    """
    within = next((ends for pattern, ends in dialect.moments.items() if re.fullmatch(pattern, spelled)), None)
    said = _ONE_MOMENT.fullmatch(told)
    if within is None or said is None:
        return ""
    first, last = within
    with suppress(ValueError):
        found = datetime.fromisoformat(said[1])
        found = found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo else found
        if found < datetime.fromisoformat(first):
            return f"{spelled} has no moment before {first}"
        if found > datetime.fromisoformat(last):
            return f"{spelled} has no moment after {last}"
    return ""


_ONE_MOMENT = re.compile(r"(?:\w+\s*\(?\s*)?'(\d{4}-\d\d-\d\d[^']*)'[^'+*/-]*")
"""A text by itself or in one call: what is reckoned from a moment may lie elsewhere."""


def _too_long(value: str, precision: int, scale: int) -> str:
    """Why a number is none of so many digits; "" where it is, or is no constant."""
    if not _NUMBER.fullmatch(value.strip()):
        return ""
    with localcontext(prec=2_000):
        found = Number(value.strip())
        kept = found.quantize(Number(1).scaleb(-scale), ROUND_HALF_UP) if found.adjusted() < precision + 1 else found
    over = kept and kept.adjusted() >= precision - scale
    return f"{value.strip()} is no number of {precision - scale} digits before the point" if over else ""


def _whole(value: str, said: str, bits: int) -> str:
    """A number as the whole number that engines store of it. Raises Unfit."""
    if not _NUMBER.fullmatch(value):
        raise Unfit(f"{said} is no number")
    found = Number(value)
    if found.adjusted() > bits or not -(1 << bits - 1) <= found.to_integral_value(ROUND_HALF_UP) < 1 << bits - 1:
        raise Unfit(f"{said} is more than a number of {bits} bits holds")
    return value if value.lstrip("+-").isdigit() else str(int(found.to_integral_value(ROUND_HALF_UP)))


def _text(said: str) -> str | None:
    found = re.fullmatch(r"'((?:[^']|'')*)'", said)
    return found[1].replace("''", "'") if found else None


def _valid(value: str, kind: Type) -> bool:
    with suppress(ValueError, RecursionError):
        match kind:
            case Date():
                date.fromisoformat(value[:10])
            case Time():
                time.fromisoformat(value)
            case Timestamp():
                datetime.fromisoformat(value)
            case Uuid():
                UUID(value)
            case _:
                json.loads(value)
        return True
    return value.casefold() in {"now", "infinity", "-infinity", "today"} and isinstance(kind, Date | Timestamp)

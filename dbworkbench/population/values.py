"""Values by type and by attribute name: realistic where the name says what is meant, readable otherwise.

An attribute's values are numbered. `Values.coded` is the SQL that turns a code, a whole number from 0, into a value,
a different one for each code below `capacity`; `Values.drawn` turns 64 random bits into a value that may repeat.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal as Number
from decimal import DecimalException
from fractions import Fraction
from math import ceil, floor, prod

from dbworkbench.errors import Unsatisfiable
from dbworkbench.population import words
from dbworkbench.population.conditions import Limits, Literal
from dbworkbench.population.numbers import below, hashed, scattered, skewed
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
)

MOST = 1 << 62


@dataclass(frozen=True, slots=True)
class Values:
    """What an attribute's values are.

    `capacity` is how many different ones there can be, `usual` how many a reader would expect. `coded` takes the SQL
    of a code and the number of codes in use; `drawn` takes the SQL of 64 random bits. `kept` says whether the limits
    given are kept by construction. `minus` is for orders between attributes: SQL that moves a value down or up by
    some units.
    """

    type: str
    capacity: int
    usual: int
    coded: Callable[[str, int], str]
    drawn: Callable[[str], str]
    kept: bool = True
    moved: Callable[[str, str], str] | None = None


def literal(text: str) -> str:
    """A text as SQL."""
    return "'" + text.replace("'", "''") + "'"


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


def values(relation: str, attribute: Attribute, limits: Limits, *, rows: int, key: int, about: str = "") -> Values:
    """The values of one attribute; `rows` is how many rows there will be and `key` a constant of the attribute's own.

    `about` is the thing that a bare "name" or "title" is the name of, where it is not what `relation` is called.

    Raises Unsatisfiable where the limits leave no value.
    """
    kind = attribute.type
    if isinstance(kind, Native):
        kind = _native(kind)
    where = f"{relation}.{attribute.name}"
    if limits.allowed is not None or isinstance(kind, Enumeration):
        return _listed(where, kind, limits)
    name = _tokens(attribute.name)
    match kind:
        case Boolean():
            return Values(
                "BOOLEAN", 2, 2, lambda c, _: f"(({c}) = 0)", lambda h: f"(({h}) % 10 < 7)", not limits.because
            )
        case Integer() | Decimal() | Float():
            return _numeric(where, name, kind, limits, rows)
        case Date() | Timestamp() | Time() | Interval():
            return _temporal(where, name, kind, limits, rows)
        case Uuid():
            return _made("UUID", MOST >> 14, rows, lambda c, _: _uuid(c, key), limits)
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
        case _:
            return _text(relation, attribute, kind, limits, rows=rows, about=about)


def _made(kind: str, capacity: int, rows: int, coded: Callable[[str, int], str], limits: Limits) -> Values:
    usual = max(2, rows // 4)
    return Values(kind, capacity, usual, coded, lambda h: coded(below(h, usual), usual), not limits.because)


def _native(kind: Native) -> Type:
    """The nearest type of ours to an engine's own: by the word before its parentheses."""
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
        "datetime2": Timestamp(),
        "varbinary": Bytes(),
    }
    return known.get(word) or (parse_type(word) if not isinstance(parse_type(word), Native) else Text())


def _uuid(code: str, key: int) -> str:
    """Text of a UUID of version 4's shape; its last 12 digits hold the code, so different codes differ."""
    head = f"lpad(lower(to_hex({hashed(code, key)})), 16, '0')"
    tail = f"lpad(lower(to_hex(xor({code}, {key & (1 << 47) - 1}))), 12, '0')"
    return (
        f"(substr({head}, 1, 8) || '-' || substr({head}, 9, 4) || '-4' || substr({head}, 13, 3) || '-a' || "
        f"substr({head}, 5, 3) || '-' || {tail})::UUID"
    )


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
    if not found:
        why = f"its check ({limits.because[-1]})" if limits.because else "its type"
        raise Unsatisfiable(f"no value is left for {where} by {why} — widen the check or the list of values")
    to, count = sql_type(kind), len(found)
    array = "[" + ", ".join(literal(str(value)) for value in found) + "]"

    def coded(code: str, _: int) -> str:
        said = f"{array}[1 + ({code})]" if count > 1 else array[1:-1]
        return said if to == "VARCHAR" else f"CAST({said} AS {to})"

    ranged = limits.above is not None or limits.below is not None
    return Values(to, count, count, coded, lambda h: coded(skewed(h, count, 2), count), kept=not ranged)


@dataclass(frozen=True, slots=True)
class _Span:
    """Whole units from `low` to `high`; values usually start at `start`, `usual` of them, small ones more often if steep."""

    low: int
    high: int
    start: int
    usual: int
    steep: int = 1

    @property
    def capacity(self) -> int:
        return max(0, self.high - self.low + 1)

    def within(self, where: str, limits: Limits, edges: tuple[int | None, int | None]) -> "_Span":
        """The part that the checks leave; `edges` are the lowest and highest allowed, None where open."""
        low, high, start, usual, steep = self.low, self.high, self.start, self.usual, self.steep
        low = low if edges[0] is None else max(low, edges[0])
        high = high if edges[1] is None else min(high, edges[1])
        if low > high:
            why = f" by its check ({' and '.join(limits.because)})" if limits.because else ""
            raise Unsatisfiable(f"no value is left for {where}{why} — widen the check or the type")
        if edges[0] is not None and edges[1] is not None and high - low < 1_000_000:
            start, usual, steep = low, high - low + 1, 1
        elif not low <= start <= high:
            start = low if edges[0] is not None or edges[1] is None else max(low, high - usual + 1)
        return _Span(low, high, start, max(1, min(usual, high - start + 1)), steep)

    def base(self, size: int) -> int:
        """Where codes begin so that `size` of them fit."""
        return self.start if self.start + size - 1 <= self.high else max(self.low, self.high - size + 1)


def _edges(limits: Limits, unit: Callable[[Literal], Fraction]) -> tuple[int | None, int | None]:
    """The checks' range in whole units; raises ValueError where a limit is of another kind."""
    low = high = None
    if limits.above is not None:
        exact = unit(limits.above[0])
        low = floor(exact) + 1 if limits.above[1] else ceil(exact)
    if limits.below is not None:
        exact = unit(limits.below[0])
        high = ceil(exact) - 1 if limits.below[1] else floor(exact)
    return low, high


def _counted(
    to: str, span: _Span, shown: Callable[[str], str], *, kept: bool, step: Callable[[int], int] = lambda _: 1
) -> Values:
    """Values that are a number of units, shown."""

    def coded(code: str, size: int) -> str:
        gap = step(size)
        base = span.base((size - 1) * gap + 1)
        return shown(f"{base} + ({code})" + (f" * {gap}" if gap > 1 else ""))

    def drawn(bits: str) -> str:
        return shown(f"{span.start} + {skewed(bits, span.usual, span.steep)}")

    return Values(to, span.capacity, span.usual, coded, drawn, kept)


# words in a name → (lowest usual value, how many usual ones, how strongly small ones prevail); None: a quarter of the rows
_WHOLE: tuple[tuple[frozenset[str], int, int | None, int], ...] = (
    (frozenset({"year"}), 1990, 36, 1),
    (frozenset({"month"}), 1, 12, 1),
    (frozenset({"day"}), 1, 28, 1),
    (frozenset({"hour"}), 0, 24, 1),
    (frozenset({"minute", "second"}), 0, 60, 1),
    (frozenset({"age"}), 18, 70, 1),
    (frozenset({"rating", "stars", "score", "grade", "level", "priority", "rank"}), 1, 5, 1),
    (frozenset({"percent", "percentage", "pct"}), 0, 101, 1),
    (frozenset({"quantity", "qty", "units", "pieces", "seats", "items"}), 1, 20, 2),
    (frozenset({"stock", "count", "total"}), 0, 500, 2),
    (frozenset({"semester", "floor", "size"}), 1, 10, 1),
    (frozenset({"line", "seq", "sequence", "position", "pos", "ordinal"}), 1, 10, 2),
    (frozenset({"credits", "ects"}), 1, 12, 1),
    (frozenset({"capacity"}), 10, 300, 2),
    (frozenset({"salary", "income", "population", "budget"}), 20_000, 60_000, 2),
    (frozenset({"price", "amount", "cost", "fee"}), 1, 500, 2),
    (frozenset({"distance", "miles", "km"}), 1, 5_000, 2),
    (frozenset({"zip", "postcode", "postal", "plz"}), 10_000, 5_000, 1),
    (frozenset({"weight", "height", "width", "length", "duration", "delay"}), 1, 200, 1),
    (frozenset({"id", "no", "nr", "number", "num", "code", "key"}), 1, None, 1),
)
_AMOUNTS: tuple[tuple[frozenset[str], int, int, int], ...] = (
    (frozenset({"lat", "latitude"}), -55, 125, 1),
    (frozenset({"lon", "lng", "long", "longitude"}), -180, 360, 1),
    (frozenset({"percent", "percentage", "pct"}), 0, 100, 1),
    (frozenset({"discount", "rate", "ratio", "share", "tax", "vat", "probability"}), 0, 1, 1),
    (frozenset({"salary", "income", "budget", "revenue"}), 20_000, 60_000, 2),
    (frozenset({"total", "amount", "sum", "subtotal", "balance"}), 5, 1_500, 3),
    (frozenset({"price", "cost", "fee", "msrp"}), 1, 500, 3),
    (frozenset({"weight", "height", "width", "length", "depth", "distance"}), 1, 200, 2),
    (frozenset({"temperature", "temp"}), -10, 45, 1),
)


def _numeric(where: str, name: tuple[str, ...], kind: Integer | Decimal | Float, limits: Limits, rows: int) -> Values:
    unit = Fraction(1)
    match kind:
        case Integer(bits):
            start, usual, steep = next(
                ((low, count or max(4, rows // 4), steep) for said, low, count, steep in _WHOLE if said & set(name)),
                (1, 100, 1),
            )
            high = (1 << bits - 1) - 1
            low = -high
        case Decimal() | Float():
            begin, width, steep = next(
                ((low, wide, s) for said, low, wide, s in _AMOUNTS if said & set(name)), (0, 1_000, 1)
            )
            if isinstance(kind, Decimal):
                digits = min(kind.precision, 18)
                unit = Fraction(1, 10**kind.scale) if kind.scale >= 0 else Fraction(10**-kind.scale)
                high = 10**digits - 1
            else:
                unit = Fraction(1, 10_000 if _narrow(limits) or width == 1 else 100)
                high = (1 << 22 if kind.bits == 32 else 1 << 50) - 1
            low, start, usual = -high, ceil(begin / unit), max(1, floor(width / unit))
    try:
        edges, kept = _edges(limits, lambda value: Fraction(Number(value)) / unit), True
    except (DecimalException, ValueError):
        edges, kept = (None, None), False
    kept = kept and not (limits.shortest or limits.longest is not None)
    span = _Span(low, high, start, usual, steep).within(where, limits, edges)
    to = sql_type(kind)
    if isinstance(kind, Integer):
        return _counted(to, span, lambda units: f"CAST({units} AS {to})", kept=kept)
    if isinstance(kind, Float):
        return _counted(to, span, lambda units: f"CAST(({units}) / {unit.denominator}.0::DOUBLE AS {to})", kept=kept)
    return _counted(to, span, _exact(kind, to), kept=kept)


def _narrow(limits: Limits) -> bool:
    """Whether a check leaves a range so small that hundredths would be coarse."""
    try:
        return (
            limits.above is not None
            and limits.below is not None
            and Fraction(Number(limits.below[0])) - Fraction(Number(limits.above[0])) <= 10
        )
    except (DecimalException, ValueError):
        return False


def _exact(kind: Decimal, to: str) -> Callable[[str], str]:
    scale = kind.scale
    if 0 < scale <= 18 and kind.precision <= 18:
        cent = f"CAST('{Number(1).scaleb(-scale):f}' AS DECIMAL({scale}, {scale}))"
        return lambda units: (
            f"CAST(CAST({units} AS DECIMAL({18 - scale if scale < 18 else 1}, 0)) * {cent} AS {to})"
            if 18 - scale >= kind.precision
            else f"CAST(CAST({units} AS DECIMAL(18, 0)) * {cent} AS {to})"
        )
    if scale <= 0:
        return lambda units: f"CAST({units} AS {to})"
    cent = f"CAST('{Number(1).scaleb(-scale):f}' AS DECIMAL(38, {scale}))"
    return lambda units: f"CAST(CAST({units} AS DECIMAL(18, 0)) * {cent} AS {to})"


_EPOCH = date(1970, 1, 1)
_FIRST_DAY, _LAST_DAY = date(2020, 1, 1), date(2025, 1, 1)
_BIRTH = frozenset({"birth", "born", "birthday", "dob", "birthdate"})


def _temporal(
    where: str, name: tuple[str, ...], kind: Date | Timestamp | Time | Interval, limits: Limits, rows: int
) -> Values:
    first, last = (date(1950, 1, 1), date(2005, 1, 1)) if _BIRTH & set(name) else (_FIRST_DAY, _LAST_DAY)
    to = sql_type(kind)
    kept = limits.shortest == 0 and limits.longest is None
    match kind:
        case Date():
            edges, known = _moments(limits, lambda value: Fraction((date.fromisoformat(value) - _EPOCH).days))
            span = _Span(-100_000, 2_900_000, (first - _EPOCH).days, (last - first).days, 1).within(
                where, limits, edges
            )
            return _counted(to, span, lambda units: f"DATE '1970-01-01' + ({units})::INTEGER", kept=kept and known)
        case Timestamp():
            edges, known = _moments(limits, _seconds)
            begin, wide = (first - _EPOCH).days * 86_400, (last - first).days * 86_400
            span = _Span(-8_000_000_000, 200_000_000_000, begin, wide, 1).within(where, limits, edges)
            make = "make_timestamptz" if kind.zone else "make_timestamp"
            free = edges == (None, None)
            return _counted(
                to,
                span,
                lambda units: f"{make}(({units}) * 1000000)",
                kept=kept and known,
                step=lambda size: max(1, wide // size) if free else 1,
            )
        case Time():
            edges, known = _moments(limits, _of_day)
            span = _Span(0, 86_399_999_999, 0, 86_400_000_000, 1).within(where, limits, edges)
            if edges != (None, None):
                return _counted(to, span, _clock, kept=kept and known)
            made = _counted(to, span, _clock, kept=kept and known, step=lambda size: 60_000_000 if size <= 1_440 else 1)
            return replace(made, usual=1_440, drawn=lambda h: _clock(f"{below(h, 1_440)} * 60000000"))
        case Interval():
            usual = min(600, max(2, rows // 4))
            return Values(to, 1 << 40, usual, _minutes, lambda h: _minutes(below(h, usual), usual), not limits.because)


def _clock(units: str) -> str:
    return f"TIME '00:00:00' + to_microseconds(({units})::BIGINT)"


def _minutes(code: str, _: int) -> str:
    return f"to_minutes(({code})::BIGINT + 1)"


def _moments(limits: Limits, unit: Callable[[str], Fraction]) -> tuple[tuple[int | None, int | None], bool]:
    try:
        return _edges(limits, lambda value: unit(value if isinstance(value, str) else "")), True
    except ValueError:
        return (None, None), False


def _seconds(text: str) -> Fraction:
    moment = datetime.fromisoformat(text)
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return Fraction(int((zoned - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1_000_000), 1_000_000)


def _of_day(text: str) -> Fraction:
    at = time.fromisoformat(text)
    return Fraction(((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words put together; where more are wanted than the lists give, a number is added at `{n}`."""

    template: str
    lists: tuple[tuple[str, ...], ...]
    steep: int = 1
    lower: bool = False
    close: bool = False

    @property
    def count(self) -> int:
        return prod(len(options) for options in self.lists)

    def longest(self, size: int) -> int:
        number = 0 if size <= self.count else 1 + len(str(size // self.count + 1))
        fixed = len(re.sub(r"\{.*?\}", "", self.template))
        return fixed + number + sum(max(map(len, options)) for options in self.lists)

    def sql(self, code: str, size: int, *salt: object) -> str:
        """The phrase of a code; up to `count` codes without a number."""
        count = self.count
        rest = code if size <= count else f"({code}) % {count}"
        at = scattered(rest, count, *salt) if self.lists else rest
        pieces: list[str] = []
        for piece in re.split(r"(\{.*?\})", self.template):
            if not piece:
                continue
            if piece == "{n}":
                if size > count:
                    gap = "" if self.close else "' ' || "
                    pieces.append(
                        f"CASE WHEN ({code}) >= {count} THEN {gap}(({code}) // {count} + 1)::VARCHAR ELSE '' END"
                    )
            elif piece.startswith("{"):
                which = int(piece[1:-1])
                options = [option.lower() if self.lower else option for option in self.lists[which]]
                below_it = prod(len(other) for other in self.lists[:which])
                place = f"(({at}) // {below_it}) % {len(options)}" if len(self.lists) > 1 else f"({at})"
                pieces.append("[" + ", ".join(map(literal, options)) + f"][1 + {place}]")
            else:
                pieces.append(literal(piece))
        return "(" + " || ".join(pieces) + ")"


_NUMBERS = tuple(str(number) for number in range(1, 100))
_DIGITS3 = tuple(f"{number:03d}" for number in range(1000))
_DIGITS4 = tuple(f"{number:04d}" for number in range(0, 10_000, 37))
_NAMED: dict[str, _Phrase] = {
    "person": _Phrase("{0} {1}{n}", (words.FIRST, words.LAST)),
    "first": _Phrase("{0}{n}", (words.FIRST,)),
    "last": _Phrase("{0}{n}", (words.LAST,)),
    "email": _Phrase("{0}.{1}{n}@{2}", (words.FIRST, words.LAST, words.MAIL_HOSTS), lower=True, close=True),
    "user": _Phrase("{0}{1}{n}", (words.FIRST, words.LAST), lower=True, close=True),
    "city": _Phrase("{0}{n}", (words.CITIES,), steep=2),
    "country": _Phrase("{0}{n}", (words.COUNTRIES,), steep=2),
    "country code": _Phrase("{0}{n}", (words.COUNTRY_CODES,), steep=2),
    "street": _Phrase("{0} {1}{n}", (words.STREETS, words.STREET_KINDS)),
    "address": _Phrase("{2} {0} {1}{n}", (words.STREETS, words.STREET_KINDS, _NUMBERS)),
    "phone": _Phrase("+1 555 {0} {1}{n}", (_DIGITS3, _DIGITS4)),
    "product": _Phrase("{0} {1}{n}", (words.ADJECTIVES, words.PRODUCTS)),
    "company": _Phrase("{0} {1}{n}", (words.LAST, words.COMPANY_FORMS)),
    "airline": _Phrase("{0} Air{n}", (words.AIRLINES,)),
    "colour": _Phrase("{0}{n}", (words.COLOURS,)),
    "category": _Phrase("{0}{n}", (words.CATEGORIES,), steep=2),
    "department": _Phrase("{0}{n}", (words.DEPARTMENTS,)),
    "course": _Phrase("{0} {1}{n}", (words.COURSES, words.SUBJECTS)),
    "subject": _Phrase("{0}{n}", (words.SUBJECTS,)),
    "job": _Phrase("{0}{n}", (words.JOBS,)),
    "language": _Phrase("{0}{n}", (words.LANGUAGES,), steep=2),
    "region": _Phrase("{0}{n}", (words.REGIONS,)),
    "status": _Phrase("{0}{n}", (words.STATUSES,), steep=2),
    "payment": _Phrase("{0}{n}", (words.PAYMENTS,), steep=2),
    "currency": _Phrase("{0}{n}", (words.CURRENCIES,), steep=2),
    "level": _Phrase("{0}{n}", (words.LEVELS,), steep=2),
    "size": _Phrase("{0}{n}", (words.SIZES,)),
    "gender": _Phrase("{0}{n}", (words.GENDERS,)),
    "unit": _Phrase("{0}{n}", (words.UNITS,), steep=2),
    "weekday": _Phrase("{0}{n}", (words.WEEKDAYS,)),
    "title": _Phrase("The {0} {1}{n}", (words.TOPICS, words.PRODUCTS)),
    "url": _Phrase("https://{1}/{0}{n}", (words.PRODUCTS, words.MAIL_HOSTS), lower=True, close=True),
    "note": _Phrase(
        "{0} {1} a {2} {3}{n}",
        (
            words.FIRST,
            words.VERBS,
            tuple(a.lower() for a in words.ADJECTIVES),
            tuple(p.lower() for p in words.PRODUCTS),
        ),
    ),
}
# a word in the attribute's name → a phrase; the first row that fits counts
_BY_WORD: tuple[tuple[str, str], ...] = (
    ("email mail e-mail", "email"),
    ("phone tel telephone mobile fax", "phone"),
    ("firstname forename", "first"),
    ("lastname surname", "last"),
    ("username login nickname handle", "user"),
    ("street", "street"),
    ("address addr", "address"),
    ("colour color", "colour"),
    ("currency", "currency"),
    ("status state", "status"),
    ("payment", "payment"),
    ("gender sex", "gender"),
    ("weekday dow", "weekday"),
    ("language lang locale", "language"),
    ("priority severity", "level"),
    ("unit uom", "unit"),
    ("url website link homepage", "url"),
    ("note notes comment comments description remark remarks text body message", "note"),
)
# what a thing is called: customers.name, customer_name, customer
_BY_THING: tuple[tuple[str, str], ...] = (
    ("city town airport capital", "city"),
    ("country nation", "country"),
    ("region area zone district", "region"),
    ("product item part article", "product"),
    ("company supplier vendor manufacturer brand shipper carrier firm organisation organization publisher", "company"),
    ("airline", "airline"),
    ("category kind genre", "category"),
    ("department dept faculty division", "department"),
    ("course class lecture module", "course"),
    ("subject topic field skill", "subject"),
    ("job position role profession occupation", "job"),
    (
        (
            "customer client person people employee student teacher tutor instructor professor lecturer advisor author "
            "user member patient doctor nurse contact staff guest owner actor director player passenger pilot manager "
            "boss seller buyer agent driver artist recipient sender sale name fullname"
        ),
        "person",
    ),
    ("title book film movie song album track project", "title"),
    ("size", "size"),
)
_WORD_TABLE = {word: phrase for said, phrase in _BY_WORD for word in said.split()}
_THING_TABLE = {word: phrase for said, phrase in _BY_THING for word in said.split()}
_IDENTIFIERS = frozenset({"id", "no", "nr", "number", "num", "code", "key", "sku", "isbn", "iban", "ref", "uid"})


def _tokens(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: `customerName` and `customer_name` have the same two."""
    return tuple(word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\W\dA-Za-z_]+|\d+", name))


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _phrase(relation: str, name: tuple[str, ...]) -> _Phrase | None:
    said = " ".join(name)
    if "first name" in said or "given name" in said:
        return _NAMED["first"]
    if "last name" in said or "family name" in said:
        return _NAMED["last"]
    if "country code" in said or said in {"country id", "iso"}:
        return _NAMED["country code"]
    if set(name) & _IDENTIFIERS:
        return None
    for word in reversed(name):
        if word in _WORD_TABLE:
            return _NAMED[_WORD_TABLE[word]]
    things = [_singular(word) for word in name if word not in {"name", "title", "label"}]
    if len(things) < len(name) and not things:
        things = [_singular(word) for word in _tokens(relation)] or ["name"]
        found = next((_THING_TABLE[word] for word in reversed(things) if word in _THING_TABLE), None)
        return _NAMED[found or ("title" if name[-1] == "title" else "person" if name[-1] == "name" else "note")]
    for word in reversed(things):
        if word in _THING_TABLE:
            return _NAMED[_THING_TABLE[word]]
    return None


_DAY_WORDS = frozenset({"date", "day", "birthday", "born"})
_AMOUNT_WORDS = frozenset().union(*(said for said, *_ in _AMOUNTS))
_COUNT_WORDS = frozenset(
    {"quantity", "qty", "year", "age", "rating", "score", "count", "stock", "credits", "capacity", "line"}
)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def _text(relation: str, attribute: Attribute, kind: Type, limits: Limits, *, rows: int, about: str) -> Values:
    where = f"{relation}.{attribute.name}"
    name = _tokens(attribute.name)
    bounds = [size for size in (kind.length if isinstance(kind, Text) else None, limits.longest) if size is not None]
    longest = min(bounds, default=None)
    if longest is not None and longest < max(1, limits.shortest):
        raise Unsatisfiable(f"no text is left for {where} between {limits.shortest} and {longest} characters")
    kept = limits.shortest == 0
    ranged = [limit[0] for limit in (limits.above, limits.below) if limit is not None]
    numeric = bool(ranged) and all(isinstance(limit, Number) for limit in ranged)
    if longest is None or longest >= 20 or numeric:
        other: Values | None = None
        if numeric or set(name) & _COUNT_WORDS:
            other = _numeric(where, name, Integer(64), limits if numeric else Limits(), rows)
        elif set(name) & _DAY_WORDS or (len(name) > 1 and name[-1] in {"at", "on"}):
            other = _temporal(where, name, Date(), Limits(), rows)
        elif set(name) & _AMOUNT_WORDS:
            other = _numeric(where, name, Decimal(10, 2), Limits(), rows)
        if other is not None:
            made, fits = other, not ranged or numeric
            return Values(
                "VARCHAR",
                made.capacity,
                made.usual,
                lambda c, size: f"CAST({made.coded(c, size)} AS VARCHAR)",
                lambda h: f"CAST({made.drawn(h)} AS VARCHAR)",
                kept and made.kept and fits,
            )
    kept = kept and not ranged
    phrase = _phrase(about or relation, name)
    if phrase is None:
        stem = attribute.name.strip() or "text"
        gap = "" if len(stem) <= 2 else " "
        phrase = _Phrase(f"{_brace(stem)}{gap}{{code}}", ())
    capacity = MOST if longest is None else len(_LETTERS) ** min(longest, 11)

    def coded(code: str, size: int) -> str:
        usable = phrase
        if longest is not None and len(usable.lists) == 1:
            fitting = tuple(
                word for word in usable.lists[0] if len(word) <= longest - (0 if size <= 4 else len(str(size)))
            )
            if len(fitting) >= 4:
                usable = _Phrase(usable.template, (fitting,), usable.steep)
        if not usable.lists:
            plain = usable.template.replace("{code}", "")
            if longest is None or len(plain) + len(str(size)) <= longest:
                return f"({literal(plain)} || (({code}) + 1)::VARCHAR)"
        elif longest is None or usable.longest(size) <= longest:
            return usable.sql(code, size, relation, attribute.name)
        return _letters(code, size, longest)

    usual = phrase.count if phrase.lists else max(4, rows // 4)
    usual = min(usual, capacity, max(4, rows // 2))
    return Values("VARCHAR", capacity, usual, coded, lambda h: coded(skewed(h, usual, phrase.steep), usual), kept)


def _brace(text: str) -> str:
    return text.replace("{", "(").replace("}", ")")


def _letters(code: str, size: int, longest: int) -> str:
    """A code in capitals and digits, always of one width: as narrow as `size` allows, but three where that fits."""
    width = 1
    while len(_LETTERS) ** width < size:
        width += 1
    width = max(width, min(3, longest))
    digit = "substr('" + _LETTERS + "', 1 + (({code}) // {power}) % 36, 1)"
    return "(" + " || ".join(digit.format(code=code, power=36**at) for at in reversed(range(width))) + ")"

"""Values that are counted: whole and broken numbers, dates, times and spans of time, in whole units of their kind."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal as Number
from decimal import DecimalException
from fractions import Fraction
from math import ceil, floor

from dbworkbench.errors import Unsatisfiable
from dbworkbench.population.coding import Values, sql_type
from dbworkbench.population.conditions import Limits
from dbworkbench.schema.types import Date, Decimal, Float, Integer, Interval, Time, Timestamp
from dbworkbench.sql.declarations import Holds

ALL = Holds()
"""Of a type that holds all of its values."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole units from `low` to `high`; values usually start at `start`, `usual` of them, small ones more often if steep."""

    low: int
    high: int
    start: int
    usual: int
    steep: int = 1

    @property
    def capacity(self) -> int:
        """How many units there are."""
        return max(0, self.high - self.low + 1)

    def within(self, where: str, limits: Limits, edges: tuple[int | None, int | None]) -> "Span":
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
            begin = low if edges[0] is not None else max(low, high - usual + 1)
            start = 0 if low <= 0 <= high else begin
        return Span(low, high, start, max(1, min(usual, high - start + 1)), steep)

    def held(self, by: Holds, place: Callable[[object], Fraction]) -> "Span":
        """The part that a declared type holds, which says nothing of which values are usual."""
        low = max(self.low, ceil(place(by.least))) if by.least else self.low
        high = min(self.high, floor(place(by.most))) if by.most else self.high
        start = max(low, self.start)
        if start > high:
            start = max(low, high - self.usual + 1, 0 if high >= 0 else low)
        return replace(self, low=low, high=high, start=start, usual=max(1, min(self.usual, high - start + 1)))

    def base(self, size: int) -> int:
        """Where codes begin so that `size` of them fit."""
        return self.start if self.start + size - 1 <= self.high else max(self.low, self.high - size + 1)


def _counted(
    to: str,
    span: Span,
    shown: Callable[[str], str],
    place: Callable[[object], Fraction],
    *,
    kept: bool,
    step: Callable[[int], int] = lambda _: 1,
    per_day: int = 0,
) -> Values:
    """Values that are a number of units, shown; codes lie `step` units apart."""

    def coded(code: str, size: int) -> str:
        gap = step(size)
        base = span.base((size - 1) * gap + 1)
        return shown(f"{base} + ({code})" + (f" * {gap}" if gap > 1 else ""))

    return Values(
        type=to,
        capacity=span.capacity,
        usual=span.usual,
        coded=coded,
        shown=shown,
        start=span.start,
        steep=span.steep,
        low=span.low,
        high=span.high,
        place=place,
        per_day=per_day,
        kept=kept,
    )


def _edges(limits: Limits, unit: Callable[[object], Fraction]) -> tuple[int | None, int | None]:
    """The checks' range in whole units; raises ValueError where a limit is of another kind."""
    low = high = None
    if limits.above is not None:
        exact = unit(limits.above[0])
        low = floor(exact) + 1 if limits.above[1] else ceil(exact)
    if limits.below is not None:
        exact = unit(limits.below[0])
        high = ceil(exact) - 1 if limits.below[1] else floor(exact)
    return low, high


SMALL = frozenset({"fee", "fine", "gratuity", "penalty", "surcharge", "tip", "toll"})  # amounts of a few coins or notes

# words in a name → (lowest usual value, how many usual ones, how strongly small ones prevail); None: a quarter of the rows
_WHOLE: tuple[tuple[frozenset[str], int, int | None, int], ...] = (
    (frozenset({"birth", "born"}), 1950, 50, 1),
    (frozenset({"year"}), 1990, 36, 1),
    (frozenset({"credit"}), 300, 550, 1),
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
    (frozenset({"salary", "income", "budget"}), 20_000, 60_000, 2),
    (frozenset({"population", "inhabitants"}), 50_000, 3_000_000, 3),
    (frozenset({"milliseconds", "millis", "ms"}), 120_000, 300_000, 1),
    (frozenset({"bytes", "filesize"}), 1_000, 9_000_000, 3),
    (frozenset({"views", "likes", "clicks", "followers", "visits", "downloads", "hits"}), 0, 5_000, 4),
    (frozenset({"pages"}), 80, 500, 1),
    (SMALL | {"deposit"}, 1, 50, 2),
    (frozenset({"price", "amount", "cost"}), 1, 500, 2),
    (frozenset({"distance", "miles", "km"}), 1, 5_000, 2),
    (frozenset({"zip", "postcode", "postal", "plz"}), 10_000, 5_000, 1),
    (frozenset({"weight", "height", "width", "length", "duration", "delay"}), 1, 200, 1),
    (frozenset({"id", "no", "nr", "number", "num", "code", "key"}), 1, None, 1),
)
_SWITCHES = frozenset(
    {"active", "enabled", "disabled", "discontinued", "deleted", "verified", "archived", "visible", "hidden", "flag"}
    | {"locked", "approved", "public", "private"}
)
AMOUNTS: tuple[tuple[frozenset[str], int, int | Fraction, int], ...] = (
    (frozenset({"lat", "latitude"}), -55, 125, 1),
    (frozenset({"lon", "lng", "long", "longitude"}), -180, 360, 1),
    (frozenset({"percent", "percentage", "pct"}), 0, 100, 1),
    (frozenset({"discount", "interest", "commission"}), 0, Fraction(3, 10), 3),
    (frozenset({"rate", "ratio", "share", "tax", "vat", "probability"}), 0, 1, 1),
    (frozenset({"rating", "stars", "grade", "gpa"}), 1, 4, 1),
    (frozenset({"salary", "income", "budget", "revenue"}), 20_000, 60_000, 2),
    (frozenset({"assets", "principal", "loan", "mortgage"}), 1_000, 200_000, 3),
    (SMALL, 1, 50, 3),
    (frozenset({"deposit"}), 5, 200, 2),
    (frozenset({"total", "amount", "sum", "subtotal", "balance"}), 5, 1_500, 3),
    (frozenset({"price", "cost", "msrp"}), 1, 500, 3),
    (frozenset({"weight", "height", "width", "length", "depth", "distance"}), 1, 200, 2),
    (frozenset({"temperature", "temp"}), -10, 45, 1),
)


_CARRIAGE = (frozenset({"shipping", "freight", "postage", "delivery"}), 0, 40, 2)


def numeric(
    where: str,
    name: tuple[str, ...],
    kind: Integer | Decimal | Float,
    limits: Limits,
    rows: int,
    *,
    held: Holds = ALL,
) -> Values:
    """Numbers: whole ones, cents of exact ones, hundredths or ten-thousandths of binary ones, of those that are `held`."""
    unit = Fraction(1)
    match kind:
        case Integer(bits):
            switch = name[:1] in {("is",), ("has",)} or (len(name) == 1 and name[0] in _SWITCHES)
            start, usual, steep = (
                (0, 2, 1)
                if switch
                else next(
                    (
                        (low, count or max(4, rows // 4), steep)
                        for said, low, count, steep in _WHOLE
                        if said & set(name)
                    ),
                    (1, 100, 1),
                )
            )
            high = (1 << bits - 1) - 1
            low = -high
        case Decimal() | Float():
            begin, width, steep = next(
                ((low, wide, s) for said, low, wide, s in (*AMOUNTS, _CARRIAGE) if said & set(name)), (0, 1_000, 1)
            )
            if isinstance(kind, Decimal):
                digits = min(kind.precision, 18)
                unit = Fraction(1, 10**kind.scale) if kind.scale >= 0 else Fraction(10**-kind.scale)
                high = 10**digits - 1
            else:
                unit = Fraction(1, 10_000 if _narrow(limits) or width <= 1 else 100)
                high = (1 << 22 if kind.bits == 32 else 1 << 50) - 1
            low, start, usual = -high, ceil(begin / unit), max(1, floor(width / unit))

    def place(value: object) -> Fraction:
        return Fraction(Number(str(value))) / unit

    try:
        edges, kept = _edges(limits, place), True
    except (DecimalException, ValueError):
        edges, kept = (None, None), False
    kept = kept and not (limits.shortest or limits.longest is not None)
    span = Span(low, high, start, usual, steep).held(held, place).within(where, limits, edges)
    to = sql_type(kind)
    if isinstance(kind, Integer):
        return _counted(to, span, lambda units: f"CAST({units} AS {to})", place, kept=kept)
    shown = _exact(kind, to) if isinstance(kind, Decimal) else _binary(unit.denominator, to)
    # codes spread over the usual range, as drawn values do
    return _counted(to, span, shown, place, kept=kept, step=lambda size: max(1, span.usual // size))


def _binary(parts: int, to: str) -> Callable[[str], str]:
    return lambda units: f"CAST(({units}) / {parts}.0::DOUBLE AS {to})"


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


def temporal(
    where: str,
    name: tuple[str, ...],
    kind: Date | Timestamp | Time | Interval,
    limits: Limits,
    rows: int,
    *,
    held: Holds = ALL,
) -> Values:
    """Days, seconds of a moment or of a day, minutes of an interval; in five years of our own, never by the clock; of those
    that are `held`.
    """
    first, last = (date(1950, 1, 1), date(2005, 1, 1)) if _BIRTH & set(name) else (_FIRST_DAY, _LAST_DAY)
    to = sql_type(kind)
    kept = limits.shortest == 0 and limits.longest is None
    match kind:
        case Date():
            edges, known = _moments(limits, _days)
            span = Span(-100_000, 2_900_000, (first - _EPOCH).days, (last - first).days).held(held, _days)
            span = span.within(where, limits, edges)
            shown = "DATE '1970-01-01' + ({units})::INTEGER"
            return _counted(to, span, _format(shown), _days, kept=kept and known, per_day=1)
        case Timestamp(zone):
            edges, known = _moments(limits, _seconds)
            begin, wide = (first - _EPOCH).days * 86_400, (last - first).days * 86_400
            span = Span(-8_000_000_000, 200_000_000_000, begin, wide).held(held, _seconds).within(where, limits, edges)
            shown = "make_timestamptz(({units}) * 1000000)" if zone else "make_timestamp(({units}) * 1000000)"
            step = wide if edges == (None, None) else 1
            return _counted(
                to,
                span,
                _format(shown),
                _seconds,
                kept=kept and known,
                step=lambda size: max(1, step // size),
                per_day=86_400,
            )
        case Time():
            edges, known = _moments(limits, _of_day)
            shown = "TIME '00:00:00' + to_seconds(({units})::BIGINT)"
            coarse = [None if edge is None else Fraction(edge, 1_000_000) for edge in edges]
            low, high = (None if edge is None else (ceil, floor)[at](edge) for at, edge in enumerate(coarse))
            span = Span(0, 86_399, 0, 86_400).within(where, limits, (low, high))
            made = _counted(to, span, _format(shown), lambda value: _of_day(value) / 1_000_000, kept=kept and known)
            if edges != (None, None) or held.fraction is not None:
                return made
            fine = _format("TIME '00:00:00' + to_microseconds(({units})::BIGINT)")
            parts = 86_400 * 1_000_000
            return replace(
                made, capacity=parts, coded=lambda code, size: fine(f"({code}) * {_gap(size, parts, 1_000_000)}")
            )
        case Interval():
            span = Span(1, 1 << 40, 1, min(600, max(2, rows // 4)))
            shown = f"to_{held.finest or 'minute'}s(({{units}})::{_PARTS.get(held.finest, 'BIGINT')})"
            return _counted(to, span, _format(shown), lambda value: Fraction(str(value)), kept=not limits.because)


_PARTS = {"year": "INTEGER", "month": "INTEGER", "day": "INTEGER"}
"""What DuckDB counts the parts of a span in, where that is no BIGINT."""


def _gap(size: int, parts: int, usual: int) -> int:
    """How far apart codes lie: `usual` units where all of them fit so."""
    return usual if size * usual <= parts else max(1, parts // size)


def _format(template: str) -> Callable[[str], str]:
    return lambda units: template.format(units=units)


def _days(value: object) -> Fraction:
    day = value.date() if isinstance(value, datetime) else value
    return Fraction(((day if isinstance(day, date) else date.fromisoformat(str(day))) - _EPOCH).days)


def _moments(limits: Limits, place: Callable[[object], Fraction]) -> tuple[tuple[int | None, int | None], bool]:
    try:
        return _edges(limits, place), True
    except ValueError:
        return (None, None), False


def _seconds(value: object) -> Fraction:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    since = zoned - datetime(1970, 1, 1, tzinfo=UTC)
    return Fraction((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds, 1_000_000)


def _of_day(value: object) -> Fraction:
    at = value if isinstance(value, time) else time.fromisoformat(str(value))
    return Fraction(((at.hour * 60 + at.minute) * 60 + at.second) * 1_000_000 + at.microsecond)

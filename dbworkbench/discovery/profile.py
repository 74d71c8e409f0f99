"""What each column holds: type and domain, nulls, range, patterns, and the checks its values would pass."""

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal as Number
from json import loads
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dbworkbench.discovery import arrays
from dbworkbench.discovery.columns import Columns
from dbworkbench.schema.relation import Attribute, Check
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Float,
    Integer,
    Interval,
    Json,
    Text,
    Time,
    Timestamp,
    Type,
    Uuid,
)
from dbworkbench.shown import Shown

_WHOLE = r"^-?(0|[1-9]\d{0,17})$"
_POINT = r"^-?(0|[1-9]\d*)(\.\d+)?$"
_REAL = r"^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d{1,3})?$"
_COMMA = r"^-?(0|[1-9]\d*|[1-9]\d{0,2}(\.\d{3})+)(,\d+)?$"
_GROUPED = r"^-?[1-9]\d{0,2}(,\d{3})+$"  # a comma that may part thousands as well
_WITH_COMMA = "decimal, written with a comma"
_DAY = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$"
_INSTANT = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[ T]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
_FORMS: tuple[tuple[str, str, Type], ...] = (
    ("date", _DAY, Date()),
    ("time", _CLOCK, Time()),
    ("timestamp", _INSTANT + "$", Timestamp()),
    ("instant", _INSTANT + r"(Z|[-+]\d{2}(:?\d{2})?)$", Timestamp(zone=True)),
    ("uuid", r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$", Uuid()),
    ("e-mail", r"^[^@\s]+@[^@\s]+\.[^@\s]+$", Text()),
    ("URL", r"^[a-z][a-z0-9+.-]*://\S+$", Text()),
)
_TRUTHS = ({"true", "false"}, {"yes", "no"}, {"t", "f"}, {"y", "n"})
_MARKS = frozenset({"?", "-", "--", "na", "n/a", "nan", "null", "none", "nil", "unknown", "missing", "#n/a", "."})
_FEW = 12


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """A column as its rows show it.

    `type` is the narrowest that holds every value; `domain` says it in words (integer, decimal, date, enumeration,
    e-mail, JSON, code, free text …). `low` and `high` are the least and greatest value, in the order of the type;
    `longest` counts characters. `frequent` holds the most frequent values with their rows, `patterns` the forms
    of texts with theirs (A and a for letters, 9 for digits, + for more of the same). `marks` are values that seem to
    stand for unknown, such as `?`; `checks` are conditions that all rows meet.
    """

    name: str
    type: Type
    domain: str
    rows: int
    nulls: int
    distinct: int
    low: object = None
    high: object = None
    longest: int = 0
    frequent: tuple[tuple[object, int], ...] = ()
    patterns: tuple[tuple[str, int], ...] = ()
    marks: tuple[tuple[str, int], ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def unique(self) -> bool:
        """Whether no two rows have the same value, nulls aside."""
        return self.distinct == self.rows - self.nulls

    @property
    def constant(self) -> bool:
        """Whether all rows have the same value, or none."""
        return self.distinct + (self.nulls > 0) <= 1

    @property
    def attribute(self) -> Attribute:
        """The column as an attribute of a design."""
        return Attribute(self.name, self.type, nullable=self.nulls > 0)


@dataclass(frozen=True, slots=True)
class Profile(Shown):
    """All columns of a table, in order."""

    name: str
    rows: int
    columns: tuple[ColumnProfile, ...]

    def __getitem__(self, name: str) -> ColumnProfile:
        from dbworkbench.errors import UnknownName  # noqa: PLC0415  only when a name is wrong

        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownName("column", name, tuple(column.name for column in self.columns))


def profile(columns: Columns) -> Profile:
    """A profile of each column, from its different values and how many rows have each.

    >>> import pandas as pd
    >>> from dbworkbench.discovery.columns import from_frame
    >>> found = profile(from_frame(pd.DataFrame({"paid": ["1.50", "20.00", None]})))
    >>> found["paid"].type, found["paid"].nulls, found["paid"].low
    (Decimal(precision=4, scale=2), 1, Decimal('1.50'))
    """
    return Profile(columns.name, columns.rows, tuple(_column(columns, place) for place in range(len(columns.names))))


def _column(columns: Columns, place: int) -> ColumnProfile:
    name, values = columns.names[place], columns.values[place]
    counts = columns.counts(place)
    nulls = columns.rows - int(counts.sum())
    if not counts.all():  # values of a shared dictionary that no row has
        values, counts = values.filter(arrays.numbers(counts > 0)), counts[counts > 0]
    base = ColumnProfile(name, Text(), "no values", columns.rows, nulls, len(values))
    if not len(values):
        return base
    frequent = tuple((arrays.python_of(values[at]), int(counts[at])) for at in _largest(counts, 5))
    textual = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    found = _texts(name, values.cast(pa.string()), counts) if textual else _typed(name, values)
    kind, domain, low, high, longest, patterns, marks, checks = found
    return ColumnProfile(
        name, kind, domain, columns.rows, nulls, len(values), low, high, longest, frequent, patterns, marks, checks
    )


def _largest(counts: NDArray[np.int32], most: int) -> list[int]:
    """Where the largest counts stand, the first of equal ones first; without sorting them all."""
    found: list[tuple[int, np.int32]] = []
    for _ in range(min(most, len(counts))):
        at = int(counts.argmax())
        found.append((at, counts[at]))
        counts[at] = -1
    for at, count in found:
        counts[at] = count
    return [at for at, _ in found]


Facts = tuple[
    Type,
    str,
    object,
    object,
    int,
    tuple[tuple[str, int], ...],
    tuple[tuple[str, int], ...],
    tuple[Check, ...],
]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _typed(name: str, values: Any) -> Facts:  # noqa: ANN401  a pyarrow array
    """Facts of values that have a type already."""
    kind = values.type
    low = high = None
    if pa.types.is_duration(kind):
        ends = pc.min_max(values.cast(pa.int64()))
        low, high = (arrays.python_of(ends[one].cast(kind)) for one in ("min", "max"))
    elif not (pa.types.is_boolean(kind) or pa.types.is_binary(kind) or pa.types.is_interval(kind)):
        ends = pc.min_max(values)
        low, high = arrays.python_of(ends["min"]), arrays.python_of(ends["max"])
    found: Type = Text()
    domain = str(kind)
    match kind:
        case _ if pa.types.is_boolean(kind):
            found, domain = Boolean(), "boolean"
        case _ if pa.types.is_integer(kind) and isinstance(low, int) and isinstance(high, int):
            found, domain = _whole(low, high), "integer"
        case _ if pa.types.is_decimal(kind):
            found, domain = Decimal(kind.precision, kind.scale), "decimal"
        case _ if pa.types.is_floating(kind):
            ends = [float(one) if isinstance(one, float) else 0.0 for one in (low, high)]
            if bool(pc.all(pc.equal(values, pc.round(values))).as_py()) and abs(ends[1]) < 2**53:
                found, domain = _whole(int(ends[0]), int(ends[1])), "whole numbers in floating point"
            else:
                found, domain = Float(), "floating point, compared exactly"
        case _ if pa.types.is_date(kind):
            found, domain = Date(), "date"
        case _ if pa.types.is_timestamp(kind):
            found, domain = Timestamp(zone=kind.tz is not None), "timestamp"
        case _ if pa.types.is_time(kind):
            found, domain = Time(), "time"
        case _ if pa.types.is_duration(kind) or pa.types.is_interval(kind):
            found, domain = Interval(), "interval"
        case _ if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
            found, domain = Bytes(), "bytes"
        case _:
            pass
    longest = 0 if low is None else max(len(str(low)), len(str(high)))
    return found, domain, low, high, longest, (), (), _range_checks(name, found, low, high)


def _whole(low: int, high: int) -> Integer | Decimal:
    if low < -(2**63) or high >= 2**63:
        return Decimal(max(len(str(abs(low))), len(str(abs(high)))), 0)
    return Integer(32 if low >= -(2**31) and high < 2**31 else 64)


def _texts(name: str, values: Any, counts: NDArray[np.int32]) -> Facts:  # noqa: ANN401  a pyarrow array
    """Facts of texts: of a narrower type where every one has its form."""
    lengths = pc.utf8_length(values)
    longest = int(pc.max(lengths).as_py())
    marks = _unknown_marks(values, counts)
    bare = values
    if marks:
        bare = values.filter(pc.invert(pc.is_in(values, arrays.texts([mark for mark, _ in marks]))))
    kind, domain = _form(bare)
    if marks and domain in {"code", "free text", "enumeration", "text"}:
        marks, bare = (), values
        kind, domain = _form(bare)
    low, high = _ends(_with_point(bare) if domain == _WITH_COMMA else bare, kind)
    if marks:
        said = ", ".join(repr(mark) for mark, _ in marks)
        domain = f"{domain}, with {said} for unknown"
    checks = _range_checks(name, kind, low, high) if not marks else ()
    if isinstance(kind, Text):
        few = len(values) <= _FEW and counts.sum() >= 10 * len(values) and longest <= 40
        if domain in {"code", "free text", "text"} and few:
            domain = "enumeration"
            listed = ", ".join("'" + text.replace("'", "''") + "'" for text in sorted(values.to_pylist()))
            checks = (Check(f"{_quoted(name)} IN ({listed})"),)
        kind = Text(longest) if longest <= 255 else Text()
    patterns = _patterns(values, counts) if isinstance(kind, Text) or marks else ()
    return (kind if not marks else Text(longest)), domain, low, high, longest, patterns, marks, checks


def _every(values: Any, pattern: str) -> bool:  # noqa: ANN401  a pyarrow array
    head = values.slice(0, 64)
    return all(
        bool(pc.all(pc.match_substring_regex(part, pattern)).as_py())
        for part in ((head, values) if len(values) > 64 else (values,))
    )


def _ends(values: Any, kind: Type) -> tuple[object, object]:  # noqa: ANN401  a pyarrow array
    """The least and the greatest of texts, as numbers where they are numbers."""
    numbers: Any = None
    match kind:
        case Integer():
            numbers = values.cast(pa.int64())
        case Decimal():
            numbers = values.cast(pa.decimal128(38, kind.scale))
        case Float():
            numbers = values.cast(pa.float64())
        case _:
            pass
    ends = pc.min_max(values if numbers is None else numbers)
    return ends["min"].as_py(), ends["max"].as_py()


def _form(values: Any) -> tuple[Type, str]:  # noqa: ANN401  a pyarrow array
    """The type of texts, and what its values are called."""
    folded = {text.casefold() for text in values.slice(0, 3).to_pylist()}
    if len(values) <= 2 and any(folded <= truths for truths in _TRUTHS):
        return Boolean(), "boolean"
    if _every(values, _WHOLE):
        low, high = _ends(values, Integer(64))
        return _whole(int(str(low)), int(str(high))), "integer"
    if _every(values, _POINT):
        return _decimal(values, "decimal")
    if _every(values, _REAL):
        return Float(), "floating point, compared as written"
    if _every(values, _COMMA) and _some_comma(values):
        return _decimal(_with_point(values), _WITH_COMMA)
    for domain, pattern, kind in _FORMS:
        if _every(values, pattern) and (not isinstance(kind, Date) or _are_days(values)):
            return kind, domain
    first = values[0].as_py().strip()
    if first[:1] in {"{", "["} and _all_json(values):
        return Json(), "JSON"
    if _every(values, r"^\S{1,32}$") and bool(pc.any(pc.match_substring_regex(values, r"\d")).as_py()):
        return Text(), "code"
    mean = float(pc.mean(pc.utf8_length(values)).as_py())
    return Text(), "free text" if mean > 40 else "text"


def _decimal(values: Any, domain: str) -> tuple[Type, str]:  # noqa: ANN401  a pyarrow array
    before = int(pc.max(pc.utf8_length(pc.replace_substring_regex(values, r"^-|\..*", ""))).as_py())
    scale = int(pc.max(pc.utf8_length(pc.replace_substring_regex(values, r"^[^.]*\.?", ""))).as_py())
    if (before + scale <= 18 and scale <= 9) or (before <= 38 and not scale):
        return Decimal(before + scale, scale), domain
    return Float(), "floating point, compared as written" if domain == "decimal" else _WITH_COMMA


def _some_comma(values: Any) -> bool:  # noqa: ANN401  a pyarrow array
    """Whether a comma that stands before decimals alone is among the numbers, so that the others do too."""
    grouped = pc.match_substring_regex(values, _GROUPED)
    return bool(pc.any(pc.and_(pc.match_substring(values, ","), pc.invert(grouped))).as_py())


def _with_point(values: Any) -> Any:  # noqa: ANN401  pyarrow arrays
    return pc.replace_substring(pc.replace_substring(values, ".", ""), ",", ".")


def _are_days(values: Any) -> bool:  # noqa: ANN401  a pyarrow array
    """Whether all are days of the calendar: 2023-02-30 is none."""
    try:
        values.cast(pa.date32())
    except pa.ArrowInvalid:
        return False
    return True


def _all_json(values: Any) -> bool:  # noqa: ANN401  a pyarrow array
    try:
        for text in values.to_pylist():
            loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _unknown_marks(values: Any, counts: NDArray[np.int32]) -> tuple[tuple[str, int], ...]:  # noqa: ANN401  a pyarrow array
    if len(values) < 2:
        return ()
    folded = pc.utf8_lower(pc.utf8_trim_whitespace(values))
    at_marks = np.flatnonzero(arrays.truths(pc.is_in(folded, arrays.texts(sorted(_MARKS)))))
    found = tuple((values[int(at)].as_py(), int(counts[at])) for at in at_marks)
    return found if len(found) < len(values) else ()


def _patterns(values: Any, counts: NDArray[np.int32]) -> tuple[tuple[str, int], ...]:  # noqa: ANN401  a pyarrow array
    """The three most frequent forms of texts, among the first thousand different ones."""
    rows: Counter[str] = Counter()
    for text, count in zip(values.slice(0, 1_000).to_pylist(), counts[:1_000].tolist(), strict=True):
        rows[form_of(text)] += count
    return tuple(sorted(rows.items(), key=lambda item: (-item[1], item[0]))[:3])


def form_of(text: str) -> str:
    """The form of a text: letters as A or a, digits as 9, a + where more of the same follow.

    >>> form_of("AB-2024/x"), form_of("Zürich 8001")
    ('A+-9+/a', 'Aa+ 9+')
    """
    masked = "".join(
        "9" if letter.isdigit() else ("A" if letter.isupper() else "a") if letter.isalpha() else letter
        for letter in text[:80]
    )
    return re.sub(r"([Aa9])\1+", r"\1+", masked)


def _range_checks(name: str, kind: Type, low: object, high: object) -> tuple[Check, ...]:
    """Not negative, or positive: the checks on numbers that a person might mean."""
    del high
    if not isinstance(kind, Integer | Decimal | Float) or not isinstance(low, int | float | Number):
        return ()
    if low > 0:
        return (Check(f"{_quoted(name)} > 0"),)
    return (Check(f"{_quoted(name)} >= 0"),) if low >= 0 else ()

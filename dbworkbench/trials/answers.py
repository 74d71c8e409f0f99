"""Answers compared as multisets: order does not count, and floating-point numbers may differ by a tolerance."""

import datetime as dt
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from dbworkbench.engines.engine import Answer

TOLERANCE = 1e-9
EXAMPLES = 5
_MATCHED_BY_SEARCH = 400

_MOMENT = re.compile(r"\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?:\+00:00)?")
_SPAN = re.compile(
    r"(?=.)(?:(-?\d+) years? ?)?(?:(-?\d+) months? ?)?(?:(-?\d+) days? ?)?(?:(-)?(\d+):(\d\d):(\d\d)(?:\.(\d+))?)?"
)

Row: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Unlike:
    """How an answer differs from the one expected: how many rows are missing or too many, and the first of them.

    Where none is, `misplaced` rows stand at another place than expected: the first wanted there, and found there.
    """

    missing: int
    extra: int
    missing_rows: tuple[Row, ...] = ()
    extra_rows: tuple[Row, ...] = ()
    misplaced: int = 0


def unlike(found: Answer, expected: Answer, tolerance: float = TOLERANCE) -> Unlike | None:
    """What tells two answers apart, or None where they are the same multiset of rows.

    A floating-point number equals another number within `tolerance`, relative to the larger; exact ones are equal or
    not. A day at midnight is that day, a truth value is 0 or 1, and an identifier is its text: so answers of engines
    with fewer types compare too. Names do not count.
    """
    if found.rows == expected.rows:
        return None
    if len(found.columns) != len(expected.columns):
        return _told(list(expected.rows), list(found.rows))
    if len(found.rows) == len(expected.rows) and all(
        _alike_rows(one, other, tolerance) or _alike_rows(_plain_row(one), _plain_row(other), tolerance)
        for one, other in zip(found.rows, expected.rows, strict=True)
    ):
        return None  # row by row in the same places, as is mostly so: sooner seen
    have, want = (Counter(map(_plain_row, answer.rows)) for answer in (found, expected))
    extra, missing = list((have - want).elements()), list((want - have).elements())
    if extra and missing:
        missing, extra = _without_near(missing, extra, tolerance)
    return _told(missing, extra) if missing or extra else None


def _alike_rows(one: Row, other: Row, tolerance: float) -> bool:
    return one == other or all(_alike(a, b, tolerance) for a, b in zip(one, other, strict=True))


def misordered(
    found: Answer, expected: Answer, keys: Iterable[int], tolerance: float = TOLERANCE, *, texts: bool = True
) -> Unlike | None:
    """Where the same rows stand in another order than expected, told by the columns `keys` that they are ordered by.

    However ties fall, the sequence of the keys' values is one only. After a key of floating-point numbers none is
    compared: noise in their last digits decides what follows. Nor from a key of `texts` on, where engines may order those each
    in their own way.
    """
    ordered = tuple(keys)
    if not ordered or found.rows == expected.rows:
        return None
    have, want = list(map(_plain_row, found.rows)), list(map(_plain_row, expected.rows))
    compared: list[int] = []
    for key in ordered:
        if not texts and any(isinstance(row[key], str) for row in (*have, *want)):
            break
        compared.append(key)
        if any(isinstance(row[key], float) for row in (*have, *want)):
            break
    wrong = [
        at
        for at, (one, other) in enumerate(zip(have, want, strict=False))
        if any(not _alike(one[key], other[key], tolerance) for key in compared)
    ]
    if not wrong:
        return None
    first = wrong[:EXAMPLES]
    return Unlike(0, 0, tuple(want[at] for at in first), tuple(have[at] for at in first), len(wrong))


def _alike(one: object, other: object, tolerance: float) -> bool:
    return one == other or (_is_number(one) and _is_number(other) and _near((one,), (other,), tolerance))


def _told(missing: list[Row], extra: list[Row]) -> Unlike:
    return Unlike(len(missing), len(extra), _first(missing), _first(extra))


def _first(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows[:1000], key=_order)[:EXAMPLES])


def _plain_row(row: Row) -> Row:
    return tuple(map(_plain, row))


def _plain(value: object) -> object:
    """A value as the poorest engine would say it; numbers stay numbers."""
    match value:
        case None | int() if not isinstance(value, bool):
            return value
        case bool():
            return int(value)
        case float():
            return "NaN" if math.isnan(value) else value
        case str():
            return _said(value)
        case Decimal():
            if not value.is_finite():
                return _plain(float(value))
            return int(value) if value == value.to_integral_value() else value
        case dt.datetime():
            return _moment((value.astimezone(dt.UTC) if value.tzinfo is not None else value).isoformat(" "))
        case dt.date():
            return value.isoformat()
        case dt.time():
            return _said(value.isoformat())
        case dt.timedelta():
            return _span(value.days * 86_400 + value.seconds, value.microseconds)
        case (int(months), int(days), int(nanoseconds)):  # a span of time as Arrow gives it
            seconds, rest = divmod(nanoseconds, 10**9)
            return _span((months * 30 + days) * 86_400 + seconds, rest // 1000)
        case UUID():
            return str(value)
        case bytes() | bytearray() | memoryview():
            return bytes(value)
        case _:
            return json.dumps(value, default=str, sort_keys=True)


def _said(text: str) -> str:
    """A text; one that says a moment or a span of time, in the words that all moments and spans are told in."""
    if _MOMENT.fullmatch(text):
        return _moment(text)
    found = _SPAN.fullmatch(text) if text else None
    if found is None:
        return text
    years, months, days, sign, hours, minutes, seconds, fraction = found.groups(default="0")
    clock = (int(hours) * 3600 + int(minutes) * 60 + int(seconds)) * 10**6 + int(fraction.ljust(6, "0")[:6])
    whole = (int(years) * 360 + int(months) * 30 + int(days)) * 86_400 * 10**6 + (-clock if sign == "-" else clock)
    return _span(*divmod(whole, 10**6))


def _span(seconds: int, microseconds: int) -> str:
    """A span of time, months as thirty days."""
    return f"{seconds}.{microseconds:06} s"


def _moment(text: str) -> str:
    """A time, or a day and time, without zeros that say nothing and without the mark of universal time."""
    bare = text.removesuffix("+00:00")
    return (bare.rstrip("0").rstrip(".") if "." in bare else bare).removesuffix(" 00:00:00")


def _without_near(missing: list[Row], extra: list[Row], tolerance: float) -> tuple[list[Row], list[Row]]:
    """Both lists without the rows that have a partner in the other within the tolerance.

    Rows that agree on all but numbers meet in one group; there they are paired in the numbers' order, and the few
    that this leaves by search.
    """
    wanted, given = _grouped(missing), _grouped(extra)
    left_missing: list[Row] = []
    left_extra: list[Row] = []
    for key in {**wanted, **given}:
        here, there = sorted(wanted.get(key, []), key=_rounded), sorted(given.get(key, []), key=_rounded)
        if len(here) == len(there):
            pairs = list(zip(here, there, strict=True))
            here = [one for one, other in pairs if not _near(one, other, tolerance)]
            there = [other for one, other in pairs if not _near(one, other, tolerance)]
        if max(len(here), len(there)) <= _MATCHED_BY_SEARCH:
            for one in tuple(here):
                partner = next((other for other in there if _near(one, other, tolerance)), None)
                if partner is not None:
                    here.remove(one)
                    there.remove(partner)
        left_missing += here
        left_extra += there
    return left_missing, left_extra


def _grouped(rows: Iterable[Row]) -> dict[Row, list[Row]]:
    groups: dict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple("#" if _is_number(value) else (value,) for value in row)].append(row)
    return groups


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal)


def _numbers(row: Row) -> list[float]:
    return [float(value) for value in _only_numbers(row)]


def _rounded(row: Row) -> tuple[list[float], list[float]]:
    numbers = _numbers(row)
    return [float(f"{number:.6g}") for number in numbers], numbers


def _near(one: Row, other: Row, tolerance: float) -> bool:
    return all(
        a == b
        if isinstance(a, int | Decimal) and isinstance(b, int | Decimal)
        else math.isclose(a, b, rel_tol=tolerance, abs_tol=tolerance)
        for a, b in zip(_only_numbers(one), _only_numbers(other), strict=True)
    )


def _only_numbers(row: Row) -> list[int | float | Decimal]:
    return [value for value in row if isinstance(value, int | float | Decimal)]


def _order(row: Row) -> tuple[tuple[str, str], ...]:
    return tuple((type(value).__name__, f"{value:>30}" if isinstance(value, int) else str(value)) for value in row)

"""A plot of how times grow: a panel for each query, rows across and seconds up, both in powers of ten."""

import math
from collections.abc import Sequence

from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.theme import LIGHT
from dbworkbench.trials.growth import Crossing, Fit, Growth
from dbworkbench.views.plot import INKS, SIZE, SMALL, element, legend, mark, number, sheet, stroke, text
from dbworkbench.views.words import duration

_WIDE, _HIGH, _ACROSS = 218.0, 138.0, 3
_LEFT, _TOP, _FOOT, _GAP, _MARGIN = 52.0, 30.0, 34.0, 22.0, 16.0
MOST_QUERIES = 24


def growth_plot(growth: Growth, engine: str, title: str) -> str:
    """One engine's panels, the queries in the workload's order: measured medians with their intervals, the fitted line
    of each candidate, and an upright line at the size from which another candidate is the faster.
    """
    first = growth.trials[0]
    names = [candidate.name for candidate in first.candidates]
    queries = [
        query for query in first.queries if any((fit.engine, fit.query) == (engine, query) for fit in growth.fits)
    ][:MOST_QUERIES]
    across = min(_ACROSS, max(1, len(queries)))
    down = -(-len(queries) // across)
    wide = _MARGIN * 2 + across * (_LEFT + _WIDE) + (across - 1) * _GAP
    bottom = _MARGIN + down * (_TOP + _HIGH + _FOOT)
    crosses = any(one.engine == engine and one.measured for one in growth.crossings)
    upright = ("upright: where the faster changes",) if crosses else ()
    said = ("line: the fitted power of the rows", "bar: the 95 % interval", *upright)
    keys, high = legend(names, said, _MARGIN + _LEFT, bottom + 4, wide - _LEFT - 2 * _MARGIN)
    parts: list[str] = []
    for at, query in enumerate(queries):
        x = _MARGIN + _LEFT + (at % across) * (_LEFT + _WIDE + _GAP)
        y = _MARGIN + _TOP + (at // across) * (_TOP + _HIGH + _FOOT)
        parts += _Panel(growth, engine, query, x, y).drawn(names)
    return sheet([*parts, *keys], wide, bottom + high + _MARGIN / 2, title)


class _Panel:
    """One query's times, with its own seconds and the sizes that all panels share."""

    def __init__(self, growth: Growth, engine: str, query: str, x: float, y: float) -> None:
        self._growth, self._engine, self._query, self._x, self._y = growth, engine, query, x, y
        self._sizes = (min(growth.sizes), max(growth.sizes))
        ends = [
            end
            for candidate in growth.trials[0].candidates
            for one in growth.trials
            for end in one.seconds(candidate.name, engine, query) or ()
            if end > 0
        ]
        low, high = math.log10(min(ends)), math.log10(max(ends))
        spare = max(0.15, (1 - (high - low)) / 2)
        self._low, self._high = low - spare, high + spare

    def drawn(self, names: Sequence[str]) -> list[str]:
        parts = [
            element("rect", x=self._x, y=self._y, width=_WIDE, height=_HIGH, fill="#f4f6f9"),
            text(clipped(printable(self._query), SIZE, _WIDE, bold=True), self._x, self._y - 14, weight="bold"),
            *self._axes(),
        ]
        for crossing in self._growth.crossings:
            if (crossing.engine, crossing.query) == (self._engine, self._query):
                parts += self._crossing(crossing)
        for at, name in enumerate(names):
            parts += self._line(at, name)
        return parts

    def _across(self, rows: float) -> float:
        low, high = (math.log10(size) for size in self._sizes)
        return self._x + 12 + (_WIDE - 24) * (math.log10(rows) - low) / max(high - low, 1e-9)

    def _up(self, seconds: float) -> float:
        """Where seconds lie, held within the panel."""
        share = (math.log10(seconds) - self._low) / (self._high - self._low)
        return self._y + _HIGH * (1 - min(max(share, 0.0), 1.0))

    def _axes(self) -> list[str]:
        parts: list[str] = []
        ticks = [10.0**power for power in range(math.ceil(self._low), math.floor(self._high) + 1)]
        if len(ticks) < 2:
            fine = [step * 10.0**power for power in range(-10, 6) for step in (1, 2, 5)]
            ticks = [tick for tick in fine if self._low <= math.log10(tick) <= self._high]
        for tick in ticks:
            y = self._up(tick)
            parts.append(stroke((self._x, y), (self._x + _WIDE, y), LIGHT.rule, 1))
            parts.append(text(_round(tick), self._x - 7, y, size=SMALL, ink=LIGHT.quiet, anchor="end"))
        last = -math.inf
        for size in self._growth.sizes:
            x, words = self._across(size), _short(size)
            parts.append(stroke((x, self._y + _HIGH), (x, self._y + _HIGH + 4), LIGHT.line, 1))
            if x - width(words, SMALL) / 2 > last + 6:
                parts.append(text(words, x, self._y + _HIGH + 13, size=SMALL, ink=LIGHT.quiet, anchor="middle"))
                last = x + width(words, SMALL) / 2
        return parts

    def _crossing(self, one: Crossing) -> list[str]:
        if not one.measured:
            return []
        x = self._across(one.rows)
        return [stroke((x, self._y), (x, self._y + _HIGH), LIGHT.line, 1.2)]

    def _line(self, at: int, name: str) -> list[str]:
        parts: list[str] = []
        ink = INKS[at % len(INKS)]
        fit = next((fit for fit in self._growth.fits if _place(fit) == (self._engine, self._query, name)), None)
        if fit is not None:
            ends = [(self._across(size), self._up(fit.seconds(size))) for size in self._sizes]
            parts.append(stroke(ends[0], ends[1], ink, 1.4))
        for size, one in zip(self._growth.sizes, self._growth.trials, strict=True):
            found = one.seconds(name, self._engine, self._query)
            if found is not None and found[0] > 0:
                x = self._across(size)
                low, high = (self._up(max(end, 1e-9)) for end in found[1:])
                parts += [stroke((x, low), (x, high), ink, 1.4), mark(x, self._up(found[0]), at, filled=True)]
        return parts


def _place(fit: Fit) -> tuple[str, str, str]:
    return fit.engine, fit.query, fit.candidate


def _round(seconds: float) -> str:
    """A round number of seconds without the digits that say nothing.

    >>> _round(0.01), _round(0.5)
    ('10 ms', '500 ms')
    """
    amount, unit = duration(seconds).split(" ")
    return f"{amount.rstrip('0').rstrip('.') if '.' in amount else amount} {unit}"


def _short(size: int) -> str:
    """A number of rows in few characters.

    >>> _short(1000), _short(2_500_000), _short(70)
    ('1k', '2.5M', '70')
    """
    for unit, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if size >= unit:
            return number(size / unit) + letter
    return str(size)

"""A plot of ratios with their intervals, as SVG of attributes only on an opaque ground: it survives every sanitizer."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.theme import LIGHT
from dbworkbench.views.plot import INKS, SIZE, SMALL, element, legend, mark, number, sheet, stroke, text

_LINE, _HEAD, _FOOT, _MARGIN = 15.0, 34.0, 54.0, 16.0
_LABEL_ROOM, _PANEL, _GAP = 230.0, 250.0, 44.0
_FARTHEST = 1024.0


@dataclass(frozen=True, slots=True)
class Span:
    """A ratio and its interval in a row of a panel; `certain` where it counts as a difference from 1."""

    panel: str
    row: str
    series: str
    middle: float
    low: float
    high: float
    certain: bool


def interval_plot(spans: Sequence[Span], *, baseline: str, title: str) -> str:
    """Spans by panel (side by side) and row on a logarithmic scale around 1, where the baseline stands.

    Series are told apart by shape and colour; a shape is filled where the span is certain. Text that is too long for
    its room is cut. The same spans give the same bytes.
    """
    panels, rows, series = (
        list(dict.fromkeys(getattr(span, part) for span in spans)) for part in ("panel", "row", "series")
    )
    scale = _Scale.of(spans)
    labels = [clipped(printable(row), SIZE, _LABEL_ROOM) for row in rows]
    left = _MARGIN + max((width(label, SIZE) for label in labels), default=0.0) + 14
    height_of_row = max(24.0, _LINE * len(series) + 8)
    bottom = _HEAD + height_of_row * len(rows)
    said = [f"1× is {baseline}", "filled: a difference that counts", "hollow: none that is certain"]
    gap = max(_GAP, scale.overhang() + 10)
    room = (_PANEL + gap) * max(1, len(panels)) - gap
    keys, legend_height = legend(series, said, left, bottom + _FOOT, room)
    whole = (left + room + _MARGIN + 14, bottom + _FOOT + legend_height)
    parts: list[str] = []
    for at, label in enumerate(labels):
        middle = _HEAD + height_of_row * (at + 0.5)
        if at % 2 == 0:
            band = {
                "x": _MARGIN / 2,
                "y": middle - height_of_row / 2,
                "width": whole[0] - _MARGIN,
                "height": height_of_row,
            }
            parts.append(element("rect", **band, fill="#f4f6f9"))
        parts.append(text(label, left - 14, middle, anchor="end"))
    for at, panel in enumerate(panels):
        x = left + at * (_PANEL + gap)
        parts += _axis(panel, x, bottom, scale)
        for span in (span for span in spans if span.panel == panel):
            middle = _HEAD + height_of_row * (rows.index(span.row) + 0.5)
            offset = (series.index(span.series) - (len(series) - 1) / 2) * _LINE
            parts += _span(span, x, middle + offset, scale, series.index(span.series))
    return sheet([*parts, *keys], whole[0], whole[1], title)


@dataclass(frozen=True, slots=True)
class _Scale:
    """Powers of two, or of ten where they reach far: from `low` to `high`, both exponents of `base`."""

    base: int
    low: int
    high: int

    @classmethod
    def of(cls, spans: Iterable[Span]) -> "_Scale":
        ends = [end for span in spans for end in (span.middle, span.low, span.high) if 0 < end < math.inf]
        least, most = (
            min(max(each, 1 / _FARTHEST), _FARTHEST) for each in (min(ends, default=1), max(ends, default=1))
        )
        base = 2 if most / least <= 300 and most <= 40 and least >= 1 / 40 else 10
        low, high = math.floor(math.log(least, base) + 1e-9), math.ceil(math.log(most, base) - 1e-9)
        return cls(base, min(low, -1), max(high, 1))

    def at(self, ratio: float) -> float:
        """Where on the panel a ratio lies, held within it."""
        exponent = math.log(ratio, self.base) if 0 < ratio < math.inf else (self.low if ratio <= 0 else self.high)
        return _PANEL * (min(max(exponent, self.low), self.high) - self.low) / (self.high - self.low)

    def holds(self, ratio: float) -> bool:
        return 0 < ratio < math.inf and self.low <= math.log(ratio, self.base) <= self.high

    def ticks(self) -> list[tuple[float, str]]:
        """At most seven ratios, 1 among them, and how they are written: 1/4×, 1×, 4×."""
        step = next(step for step in (1, 2, 3, 4, 6, 12) if (self.high - self.low) // step <= 6 or step == 12)
        exponents = [each for each in range(self.low, self.high + 1) if each % step == 0]
        return [
            (float(self.base) ** each, f"1/{self.base**-each}×" if each < 0 else f"{self.base**each}×")
            for each in exponents
        ]

    def overhang(self) -> float:
        """How far the labels at both ends of a panel reach beyond it, together."""
        ticks = self.ticks()
        ends = [max(0.0, width(ticks[0][1], SMALL) / 2 - self.at(ticks[0][0]))]
        ends.append(max(0.0, width(ticks[-1][1], SMALL) / 2 - _PANEL + self.at(ticks[-1][0])))
        return sum(ends)


def _axis(panel: str, x: float, bottom: float, scale: _Scale) -> list[str]:
    parts = [text(clipped(printable(panel), SIZE, _PANEL, bold=True), x, _HEAD / 2, weight="bold")]
    ticks = scale.ticks()
    labelled = _apart([(scale.at(each), said) for each, said in ticks], [each for each, _ in ticks].index(1))
    for nth, (tick, words) in enumerate(ticks):
        at = x + scale.at(tick)
        strong = tick == 1
        ink, wide = (LIGHT.line, 1.4) if strong else (LIGHT.rule, 1)
        parts.append(stroke((at, _HEAD - 3), (at, bottom + 4), ink, wide))
        if nth in labelled:
            parts.append(text(words, at, bottom + 13, size=SMALL, ink=LIGHT.quiet, anchor="middle"))
    middle = x + scale.at(1)
    for words, place, anchor in (("← faster", middle - 8, "end"), ("slower →", middle + 8, "start")):
        parts.append(text(words, place, bottom + 29, size=SMALL, ink=LIGHT.quiet, anchor=anchor))
    return parts


def _apart(labels: Sequence[tuple[float, str]], first: int) -> set[int]:
    """Which of some centred labels can be written without touching, `first` among them, and then from it outwards."""
    chosen = {first}
    for side in (range(first - 1, -1, -1), range(first + 1, len(labels))):
        last = first
        for each in side:
            half = (width(labels[each][1], SMALL) + width(labels[last][1], SMALL)) / 2
            if abs(labels[each][0] - labels[last][0]) >= half + 8:
                chosen.add(each)
                last = each
    return chosen


def _span(span: Span, x: float, y: float, scale: _Scale, series: int) -> list[str]:
    ink = INKS[series % len(INKS)]
    ends = x + scale.at(span.low), x + scale.at(span.high)
    parts = [stroke((ends[0], y), (ends[1], y), ink, 1.6)]
    for ratio, at, way in ((span.low, ends[0], -1), (span.high, ends[1], 1)):
        if scale.holds(ratio):
            parts.append(stroke((at, y - 3.5), (at, y + 3.5), ink, 1.6))
        else:
            arrow = f"{number(at)},{number(y)} {number(at - 6 * way)},{number(y - 4)} {number(at - 6 * way)},{number(y + 4)}"
            parts.append(element("polygon", points=arrow, fill=ink))
    return [*parts, mark(x + scale.at(span.middle), y, series, filled=span.certain)]

"""Rectangles laid side by side on a sheet of a wanted shape (skyline, bottom-left; Burke, Kendall & Whitwell 2004)."""

import math
from collections.abc import Callable, Sequence

Size = tuple[float, float]


def packed(
    sizes: Sequence[Size], *, aspect: float = 1.4, gap: float = 40, excess: Callable[[Size], float] = lambda _: 0.0
) -> tuple[list[tuple[float, float]], Size]:
    """Places for rectangles, in order, without overlap, on a sheet about `aspect` times as wide as high.

    Several widths of the sheet are tried; the one of the least `excess`, then of the best shape, is kept. The size of the
    sheet comes last.

    >>> packed([(10, 10), (10, 10)], gap=0)[0]
    [(0.0, 0.0), (10.0, 0.0)]
    """
    if not sizes:
        return [], (0.0, 0.0)
    area = sum((wide + gap) * (high + gap) for wide, high in sizes)
    least = max(wide for wide, _ in sizes) + gap
    rooms = [
        max(least, math.sqrt(area * aspect) * stretch) for stretch in (0.75, 0.85, 0.95, 1.05, 1.15, 1.3, 1.5, 1.8)
    ]

    def misfit(tried: tuple[list[tuple[float, float]], Size]) -> tuple[float, float]:
        wide, high = tried[1]
        return round(excess(tried[1]), 6), round(
            abs(math.log(wide / high / aspect)) + 0.6 * math.log(wide * high / area), 9
        )

    return min((_skyline(sizes, room, gap) for room in rooms), key=misfit)


def _skyline(sizes: Sequence[Size], room: float, gap: float) -> tuple[list[tuple[float, float]], Size]:
    order = sorted(range(len(sizes)), key=lambda at: (-sizes[at][1], -sizes[at][0], at))
    line: list[tuple[float, float, float]] = [(0.0, room, 0.0)]  # from x, width, height so far
    places: list[tuple[float, float]] = [(0.0, 0.0)] * len(sizes)
    for at in order:
        wide, high = sizes[at][0] + gap, sizes[at][1] + gap
        x, y = _lowest(line, wide, room)
        places[at] = (x, y)
        line = _raised(line, x, wide, y + high)
    width = max(x + sizes[at][0] for at, (x, _) in enumerate(places))
    height = max(y + sizes[at][1] for at, (_, y) in enumerate(places))
    return places, (width, height)


def _lowest(line: list[tuple[float, float, float]], wide: float, room: float) -> tuple[float, float]:
    best = (math.inf, 0.0)
    for at, (x, _, _) in enumerate(line):
        if x + wide > room + 0.01 and x > 0:
            break
        end, y = x + wide, 0.0
        for start, _, height in line[at:]:
            if start >= end - 0.01:
                break
            y = max(y, height)
        best = min(best, (y, x))
    return best[1], best[0]


def _raised(
    line: list[tuple[float, float, float]], x: float, wide: float, height: float
) -> list[tuple[float, float, float]]:
    result: list[tuple[float, float, float]] = []
    for start, span, level in line:
        end = start + span
        if end <= x + 0.01 or start >= x + wide - 0.01:
            result.append((start, span, level))
            continue
        if start < x - 0.01:
            result.append((start, x - start, level))
        if end > x + wide + 0.01:
            result.append((x + wide, end - x - wide, level))
    result.append((x, wide, height))
    return sorted(result)

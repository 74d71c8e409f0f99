"""Plans drawn as trees, side by side: what takes its rows from what, and which operators another plan does without."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dbworkbench.diagram.metrics import clipped, printable, width
from dbworkbench.diagram.theme import LIGHT
from dbworkbench.engines.engine import Plan, Step
from dbworkbench.views.plot import SIZE, SMALL, element, sheet, stroke, text

_ROW, _INDENT, _HEAD, _MARGIN, _GAP, _MOST_WIDE, _LEAST_WIDE, _MOST_STEPS = (
    40.0,
    18.0,
    44.0,
    16.0,
    28.0,
    330.0,
    190.0,
    60,
)
_OWN = "#fbe9d7"  # an operator that the first plan does without


@dataclass(frozen=True, slots=True)
class _Placed:
    """A step in its line: how deep it stands, the line of what takes its rows, and whether it is the only one there."""

    step: Step
    depth: int
    taker: int | None
    straight: bool = False


def plan_trees(plans: Sequence[tuple[str, Plan]], title: str) -> str:
    """Plans by name, the first being what the others are compared with: operators that it has not (or has fewer of)
    are tinted. Rows flow upwards; a step's inputs stand below it, further in, and to the right of it how
    many rows the engine expects of it.
    """
    columns = [list(_placed(plan)) for _, plan in plans]
    first = Counter(_kind(placed.step) for placed in columns[0]) if columns else Counter()
    parts: list[str] = []
    x, tinted = _MARGIN, False
    for (name, _), placed in zip(plans, columns, strict=True):
        shown = placed[:_MOST_STEPS]
        deepest = max((one.depth for one in shown), default=0) * _INDENT
        wide = max(*(_reach(one, deepest) for one in shown), min(_LEAST_WIDE, width(name, SIZE, bold=True)), 0.0)
        parts.append(text(clipped(printable(name), SIZE, wide, bold=True), x, _HEAD / 2, weight="bold"))
        left = first.copy()
        for at, one in enumerate(shown):
            kind = _kind(one.step)
            tinted = tinted or left[kind] <= 0
            parts += _drawn(one, at, (x, wide), own=left[kind] <= 0)
            left[kind] -= 1
        if len(placed) > _MOST_STEPS:
            words = f"… and {len(placed) - _MOST_STEPS} more"
            parts.append(text(words, x, _HEAD + _ROW * (_MOST_STEPS + 0.4), size=SMALL, ink=LIGHT.quiet))
        x += wide + _GAP
    most = max((min(len(placed), _MOST_STEPS + 1) for placed in columns), default=0)
    bottom = _HEAD + _ROW * most
    if tinted:
        words = f"tinted: not in the plan of {plans[0][0]}, or oftener"
        parts.append(element("rect", x=_MARGIN, y=bottom + 4, width=12, height=12, fill=_OWN, stroke=LIGHT.line))
        parts.append(text(printable(words), _MARGIN + 20, bottom + 10, size=SMALL, ink=LIGHT.quiet))
        x = max(x, _MARGIN + 20 + width(words, SMALL) + _GAP)
    return sheet(parts, x - _GAP + _MARGIN, bottom + (26 if tinted else 8), title)


def _placed(plan: Plan) -> Iterator[_Placed]:
    count = 0

    def walk(step: Step, depth: int, taker: int | None, *, straight: bool = False) -> Iterator[_Placed]:
        nonlocal count
        mine = count
        count += 1
        yield _Placed(step, depth, taker, straight)
        for taken in step.inputs:  # a chain goes straight down; only where paths meet, one goes in
            alone = len(step.inputs) == 1
            yield from walk(taken, depth + (not alone), mine, straight=alone)

    for root in plan.roots:
        yield from walk(root, 0, None)


def _kind(step: Step) -> str:
    return step.operator.casefold()


def _said(step: Step) -> str:
    return re.sub(r'Table: "\d+"\.main\.', "", " ".join(step.detail.split()))


def _reach(one: _Placed, deepest: float) -> float:
    """How wide the column is to be for a step: what it says, but no wider than the column of the deepest one needs."""
    words = max(width(one.step.operator, SIZE) + 90, width(_said(one.step), SMALL)) + 20
    most = max(deepest + _LEAST_WIDE, _MOST_WIDE)
    return min(one.depth * _INDENT + max(words, _LEAST_WIDE), most)


def _drawn(one: _Placed, at: int, column: tuple[float, float], *, own: bool) -> list[str]:
    start, wide = column
    x, y = start + one.depth * _INDENT, _HEAD + at * _ROW
    room = max(40.0, start + wide - x)
    fill = _OWN if own else "#f4f6f9"
    parts = [element("rect", x=x, y=y, width=room, height=_ROW - 6, rx=3, fill=fill, stroke=LIGHT.rule)]
    expected = f"{one.step.expected:,}" if one.step.expected is not None else ""
    taken = width(expected, SMALL) + 10 if expected else 0
    if expected:
        parts.append(text(expected, x + room - 8, y + 11, size=SMALL, ink=LIGHT.quiet, anchor="end"))
    parts.append(text(clipped(printable(one.step.operator), SIZE, room - 16 - taken), x + 8, y + 11))
    said = _said(one.step)
    if said:
        parts.append(text(clipped(printable(said), SMALL, room - 16), x + 8, y + 25, size=SMALL, ink=LIGHT.quiet))
    if one.taker is not None:
        above, middle = _HEAD + one.taker * _ROW + _ROW - 6, y + (_ROW - 6) / 2
        down = x + _INDENT / 2 if one.straight else x - _INDENT / 2
        parts.append(stroke((down, above), (down, y if one.straight else middle), LIGHT.line, 1))
        if not one.straight:
            parts.append(stroke((down, middle), (x, middle), LIGHT.line, 1))
    return parts

"""How plans look: a tree of operators, what they take standing under them."""

from collections.abc import Iterator

from dbworkbench.engines.engine import Answer, Plan, Step
from dbworkbench.page.blocks import Code, Page, Table
from dbworkbench.page.characters import cut
from dbworkbench.views.describe import describe
from dbworkbench.views.frames import value

_MOST_LINES = 200
_MOST_ROWS = 20


@describe.register
def _(plan: Plan) -> Page:
    lines = [line for root in plan.roots for line in _lines(root, 0)]
    more = [f"… {len(lines) - _MOST_LINES:,} more"] if len(lines) > _MOST_LINES else []
    return (Code("\n".join(lines[:_MOST_LINES] + more)),)


def _lines(step: Step, depth: int) -> Iterator[str]:
    detail = f" {cut(step.detail, 120)}" if step.detail else ""
    expected = f" (about {step.expected:,} rows)" if step.expected is not None else ""
    yield f"{'  ' * depth}{step.operator}{detail}{expected}"
    for taken in step.inputs:
        yield from _lines(taken, depth + 1)


@describe.register
def _(answer: Answer) -> Page:
    left = len(answer.rows) - _MOST_ROWS
    caption = f"the first {_MOST_ROWS} of {len(answer.rows):,} rows" if left > 0 else ""
    return (Table(answer.columns, tuple(tuple(map(value, row)) for row in answer.rows[:_MOST_ROWS]), caption),)

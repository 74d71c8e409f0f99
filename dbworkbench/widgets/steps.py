"""A normalization walked through by hand: the picture, the rows and the reason of each step."""

import base64
from dataclasses import asdict
from typing import Any

from dbworkbench.errors import DataError, kind_of
from dbworkbench.page.blocks import Block, Figure, Heading, Notice, Page, Prose, Table
from dbworkbench.page.html import fragment
from dbworkbench.schema.normalization import Normalization, normalize
from dbworkbench.schema.relation import Relation
from dbworkbench.views.schema import overview
from dbworkbench.views.theory import notice
from dbworkbench.widgets.live import Live
from dbworkbench.widgets.walk import Sheet, Station, walk

_MOST = 60


class Steps(Live):
    """A normalization, step by step. Made by `steps(…)`; the static picture holds every step below one another."""

    ENTRY = "steps"
    ALONE = True

    def __init__(self, normalization: Normalization, data: object = None) -> None:
        self.normalization = normalization
        self.stations: tuple[Station, ...] = walk(normalization, data)
        super().__init__()
        self._state = self._seen()

    def __repr__(self) -> str:
        done = self.normalization
        return f"Steps({done.before.name} to {done.form}: {len(self.stations)} steps, {len(done.schema)} relations)"

    def page(self) -> Page:
        """Every step with its reason, picture and rows; then the relations made, and the two verdicts."""
        done = self.normalization
        blocks: list[Block] = [Heading(f"{done.before.name} to {done.form}, step by step")]
        if not self.stations:
            blocks.append(Prose(f"{done.before.name} is in {done.form} already: there is nothing to split."))
        for at, one in enumerate(self.stations[:_MOST], 1):
            blocks += [Heading(f"{at}. {one.title}", 3), Prose(one.reason)]
            if one.light:
                blocks.append(Figure(one.light, f"{one.title}: the relation before and after this step."))
            blocks += [_rows(sheet) for sheet in one.after if sheet.rows]
            if one.saved:
                blocks.append(Notice(one.saved, "note"))
        left = len(self.stations) - _MOST
        if left > 0:
            blocks.append(Prose(f"… and {left} more steps."))
        return (*blocks, Heading("The relations", 3), *self._end())

    def _end(self) -> Page:
        done = self.normalization
        return (overview(done.schema), notice(done.lossless), notice(done.preserving))

    def _seen(self) -> dict[str, Any]:
        done = self.normalization
        return {
            "name": done.before.name,
            "form": done.form,
            "stations": [
                {**asdict(one), "light": _address(one.light), "dark": _address(one.dark)}
                for one in self.stations[:_MOST]
            ],
            "left": max(0, len(self.stations) - _MOST),
            "end": fragment(self._end()),
        }


def _address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode() if svg else ""


def _rows(sheet: Sheet) -> Table:
    names = ", ".join(sheet.attributes[:6]) + (", …" if len(sheet.attributes) > 6 else "")
    return Table(sheet.attributes, sheet.rows, f"{sheet.name}({names})")


def steps(design: Normalization | Relation | str, *, to: str = "3NF", data: object = None) -> Steps:
    r"""Walk through a normalization: each step with its reason, its picture, and sample rows before and after it.

    `design` is what `normalize` gave, or a relation, which is then normalized `to` 3NF or BCNF. `data` holds rows to take
    apart (Tables, a data frame or a path); without it, rows are made that obey the dependencies.

    >>> steps("r(a, b, c)\n a -> b\n b -> c").stations[0].title
    'A relation for b → c'
    """
    match design:
        case Normalization():
            return Steps(design, data)
        case Relation() | str():
            return Steps(normalize(design, to=to), data)
        case other:
            raise DataError(f"{kind_of(other)} is no normalization — give what normalize(…) returns, or a relation")

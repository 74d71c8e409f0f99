"""How rules checked on rows look: what is broken first, with the rows; what holds behind a fold."""

from collections.abc import Sequence

from dbworkbench.data.obey import Obedience, Rows
from dbworkbench.page.blocks import Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.schema.relation import Relation
from dbworkbench.theory.verdict import Verdict
from dbworkbench.views.describe import cell, describe
from dbworkbench.views.theory import notice
from dbworkbench.views.words import counted, sentence

_MOST_BROKEN = 25
_MOST_HOLDING = 200


@describe.register
def _(obeyed: Obedience) -> Page:
    name = obeyed.design.name or "the schema"
    holding = [verdict for verdict in obeyed.verdicts if verdict]
    broken = obeyed.broken
    if broken:
        summary = Notice(
            f"{counted(len(broken), 'rule')} of {len(obeyed.verdicts):,} {_does(len(broken))} hold.", "bad"
        )
    else:
        summary = Notice(sentence(f"all {counted(len(obeyed.verdicts), 'rule')} hold"), "good")
    shown: list[Page] = [(notice(verdict), *describe(verdict.witness)) for verdict in broken[:_MOST_BROKEN]]
    more = (
        (Prose(f"… and {counted(len(broken) - _MOST_BROKEN, 'broken rule')} more."),)
        if len(broken) > _MOST_BROKEN
        else ()
    )
    folds = (Fold(f"What holds: {counted(len(holding), 'rule')}", _holding(holding)),) if holding else ()
    kept = _kept(obeyed) if broken else ()
    return (
        Heading(f"Rules of {name}, checked on its rows"),
        summary,
        *(b for page in shown for b in page),
        *more,
        *kept,
        *folds,
    )


def _does(number: int) -> str:
    return "does not" if number == 1 else "do not"


def _holding(verdicts: Sequence[Verdict]) -> Page:
    claims = tuple(verdict.claim for verdict in verdicts[:_MOST_HOLDING])
    left = len(verdicts) - len(claims)
    return (Items((*claims, *((f"… and {left:,} more",) if left else ()))),)


def _kept(obeyed: Obedience) -> Page:
    if not isinstance(obeyed.kept, Relation):
        return ()
    kept = counted(len(obeyed.kept.dependencies), "dependency", "dependencies")
    return (
        Prose(
            f"Without what is broken, {kept} and {counted(len(obeyed.kept.keys), 'key')} are left: .kept holds them."
        ),
    )


@describe.register
def _(rows: Rows) -> Page:
    align = "".join(
        "r" if all(isinstance(row[at], int) for row in rows.rows) else "l" for at in range(len(rows.columns))
    )
    cells = tuple(tuple(map(cell, row)) for row in rows.rows)
    caption = f"the first of {rows.total:,} {rows.what}" if rows.total > len(rows.rows) else ""
    return (Table(rows.columns, cells, caption, align),)

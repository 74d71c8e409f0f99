"""How the theory's answers look: verdicts with their witness, chased tableaux, dependencies, violations."""

from collections.abc import Sequence

from dbworkbench.page.blocks import Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import cut
from dbworkbench.theory.chase import Chase, ChaseStep, Symbol, Tableau
from dbworkbench.theory.decomposition import Decomposition, Joins, Part, Splits, Step
from dbworkbench.theory.dependencies import FD, IND, JD, MVD
from dbworkbench.theory.normal_forms import NormalForm, Violation
from dbworkbench.theory.verdict import Verdict
from dbworkbench.views.describe import describe
from dbworkbench.views.words import Order, counted, sentence

_MOST_ROWS = 24
_MOST_COLUMNS = 16
_MOST_STEPS = 60
_MOST_VIOLATIONS = 40


@describe.register
def _(verdict: Verdict) -> Page:
    return (notice(verdict), *describe(verdict.witness))


def notice(verdict: Verdict) -> Notice:
    """A verdict's claim alone."""
    return Notice(sentence(verdict.claim), "good" if verdict else "bad")


def folded(verdict: Verdict, title: str) -> Page:
    """A verdict whose witness is behind a fold."""
    witness = describe(verdict.witness)
    return (notice(verdict), *((Fold(title, witness),) if witness else ()))


@describe.register(FD)
@describe.register(MVD)
@describe.register(JD)
@describe.register(IND)
def _(dependency: FD | MVD | JD | IND) -> Page:
    return (Prose(str(dependency)),)


@describe.register
def _(form: NormalForm) -> Page:
    return (Prose(str(form)),)


@describe.register
def _(violation: Violation) -> Page:
    return (
        Notice(f"{violation.dependency} breaks {violation.form} ({violation.kind}): {violation.because}", "warning"),
    )


@describe.register
def _(tableau: Tableau) -> Page:
    return _tableau(tableau, [[str(symbol) for symbol in row] for row in tableau.rows], (), "")


@describe.register
def _(step: ChaseStep) -> Page:
    return (Prose(step.because),)


@describe.register
def _(chased: Chase) -> Page:
    return chase_page(chased)


def chase_page(chased: Chase, parts: Sequence[str] = (), order: Sequence[str] = ()) -> Page:
    """A chase: its steps, and the tableau they end in with the symbols that were equated beside those they became.

    `parts` names the rows in order, `order` gives the columns' order.
    """
    columns = tuple(name for name in order if name in chased.start.columns) or chased.start.columns
    place = [chased.start.columns.index(name) for name in columns]
    became = _became(chased)
    started = [*chased.start.rows, *(step.added for step in chased.steps if step.added)]
    cells = [[_symbol(row[at], became) for at in place] for row in started]
    whole = [at for at, row in enumerate(started) if all(_last(symbol, became).distinguished for symbol in row)]
    steps = tuple(
        (str(at), _by(step), _rows_of(step, parts), _told(step)) for at, step in enumerate(chased.steps, start=1)
    )
    left = len(steps) - _MOST_STEPS
    shown = Table(("step", "by", "rows", "so"), steps[:_MOST_STEPS], "The steps of the chase", "rlll")
    told: Page = (shown,) if steps else (Prose("No dependency applies: the tableau stays as it began."),)
    more = (Prose(f"… and {counted(left, 'more step')}."),) if left > 0 else ()
    if whole:
        said = f"{_the_row(whole[0], parts)} came to hold only distinguished symbols, those without a number."
    else:
        said = "No row came to hold only distinguished symbols, those without a number: read as a relation, these rows obey every dependency, and the join of their projections has a row that they have not."
    final = _tableau(
        Tableau(columns, ()),
        cells,
        tuple(whole[:1]),
        "The tableau at the end: what each symbol became ← what it was",
        parts,
    )
    return (*told, *more, *final, Prose(said))


def _became(chased: Chase) -> dict[Symbol, Symbol]:
    return {old: new for step in chased.steps for old, new in step.replaced}


def _last(symbol: Symbol, became: dict[Symbol, Symbol]) -> Symbol:
    while symbol in became:
        symbol = became[symbol]
    return symbol


def _symbol(symbol: Symbol, became: dict[Symbol, Symbol]) -> str:
    last = _last(symbol, became)
    return str(symbol) if last == symbol else f"{last}\n← {symbol}"


def _named(row: int, parts: Sequence[str]) -> str:
    return parts[row] if row < len(parts) else str(row + 1)


def _the_row(row: int, parts: Sequence[str]) -> str:
    return f"The row of {parts[row]}" if row < len(parts) else f"Row {row + 1}"


def _rows_of(step: ChaseStep, parts: Sequence[str]) -> str:
    return cut(", ".join(_named(row, parts) for row in step.rows), 120)


def _by(step: ChaseStep) -> str:
    return cut(str(step.dependency), 120)


def _told(step: ChaseStep) -> str:
    if step.replaced:
        return cut(", ".join(f"{old} becomes {new}" for old, new in step.replaced), 200)
    return cut(f"a new row: {', '.join(map(str, step.added))}", 200)


def _tableau(
    tableau: Tableau, cells: list[list[str]], strong: tuple[int, ...], caption: str, parts: Sequence[str] = ()
) -> Page:
    rows = [(_named(at, parts), *row[:_MOST_COLUMNS]) for at, row in enumerate(cells)]
    header = ("row", *tableau.columns[:_MOST_COLUMNS])
    left = [
        counted(len(cells) - _MOST_ROWS, "more row") if len(cells) > _MOST_ROWS else "",
        counted(len(tableau.columns) - _MOST_COLUMNS, "more column") if len(tableau.columns) > _MOST_COLUMNS else "",
    ]
    kept = [*rows[:_MOST_ROWS], *(rows[at] for at in strong if at >= _MOST_ROWS)]
    marked = frozenset(kept.index(rows[at]) for at in strong)
    more = (Prose(f"… and {' and '.join(filter(None, left))}, not shown."),) if any(left) else ()
    return (Table(header, tuple(kept), caption, strong=marked), *more)


def violations_page(violations: Sequence[Violation], order: Order) -> Page:
    """Violations in a table, a reason each."""
    if not violations:
        return ()
    rows = tuple(
        (order.dependency(each.dependency), str(each.form), each.kind, cut(each.because, 600))
        for each in violations[:_MOST_VIOLATIONS]
    )
    left = len(violations) - len(rows)
    more = (Prose(f"… and {counted(left, 'more violation')}."),) if left else ()
    return (Table(("dependency", "breaks", "kind", "why"), rows), *more)


@describe.register
def _(part: Part) -> Page:
    return (Prose(f"{{{', '.join(sorted(part.attributes))}}}, key {{{', '.join(sorted(part.key))}}}"),)


@describe.register
def _(step: Step) -> Page:
    return (Prose(f"{step.title}: {step.reason}"),)


@describe.register
def _(joins: Joins) -> Page:
    first, *later = joins.order[:_MOST_STEPS]
    said = [f"the part {cut(', '.join(sorted(first[0])), 200)}"]
    said += [f"joined with {cut(', '.join(sorted(part)), 200)} on {', '.join(sorted(key))}" for part, key in later]
    left = len(joins.order) - len(said)
    more = (f"… and {counted(left, 'more part')}",) if left else ()
    return (
        Prose("Each part is joined on its own key, which the parts before it hold:"),
        Items((*said, *more), ordered=True),
    )


@describe.register
def _(splits: Splits) -> Page:
    said = [
        f"{cut(', '.join(sorted(step.before[0])), 200)} by {step.dependency}: "
        f"{' and '.join(cut(', '.join(sorted(piece)), 200) for piece in step.after)}"
        for step in splits.steps[:_MOST_STEPS]
    ]
    left = len(splits.steps) - len(said)
    more = (f"… and {counted(left, 'more split')}",) if left else ()
    return (
        Prose("Each split is in two parts that join back, by the dependency it was made by:"),
        Items((*said, *more), ordered=True),
    )


@describe.register
def _(made: Decomposition) -> Page:
    rows = tuple((", ".join(sorted(part.attributes)), ", ".join(sorted(part.key))) for part in made.parts[:_MOST_STEPS])
    left = len(made.parts) - len(rows)
    more = (Prose(f"… and {counted(left, 'more part')}."),) if left else ()
    steps = tuple(f"{step.title}: {step.reason}" for step in made.steps[:_MOST_STEPS])
    return (
        Heading(f"{counted(len(made.parts), 'part')} in {made.form}"),
        Table(("attributes", "key"), rows),
        *more,
        *folded(made.lossless, "The proof"),
        notice(made.preserving),
        Heading("Step by step", 3),
        Items(steps, ordered=True),
    )

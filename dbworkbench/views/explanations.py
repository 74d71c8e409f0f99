"""How the theory's explanations look: proofs, reductions, anomalies on rows, alternatives, and what would change."""

from collections.abc import Collection

from dbworkbench.page.blocks import Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import cut
from dbworkbench.theory.alternatives import Alternative, Alternatives
from dbworkbench.theory.anomalies import Anomaly
from dbworkbench.theory.covers import Reduction, Removal
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.derivation import RULES, Derivation
from dbworkbench.theory.instance import Instance
from dbworkbench.theory.what_if import Situation, WhatIf
from dbworkbench.views.describe import cell, describe
from dbworkbench.views.words import Order, counted

_MOST_LINES = 60
_MOST_ROWS = 48
_MOST_COLUMNS = 16
_ORDER = Order()


@describe.register
def _(proof: Derivation) -> Page:
    rows = tuple(
        (str(at), str(line.dependency), line.rule, ", ".join(str(premise + 1) for premise in line.premises))
        for at, line in enumerate(proof.lines[:_MOST_LINES], start=1)
    )
    used = tuple(f"{rule}: {RULES[rule]}" for rule in dict.fromkeys(line.rule for line in proof.lines) if rule in RULES)
    last = frozenset({len(rows) - 1})
    table = Table(("line", "dependency", "by", "from"), rows, f"A proof of {proof.goal}", "rlll", last)
    folds = (Fold("The rules that it uses", (Items(used),)),) if used else ()
    return (table, *_left(len(proof.lines) - len(rows), "more line"), *folds)


@describe.register
def _(reduction: Reduction) -> Page:
    """The cover, and each removal on the way to it."""
    cover = _dependencies(reduction.cover)
    rows = tuple(
        (str(at), str(step.before), str(step.after) if step.after else "left out", step.because)
        for at, step in enumerate(reduction.steps[:_MOST_LINES], start=1)
    )
    steps = Table(("", "instead of", "now", "why"), rows, align="rlll") if rows else Prose("Nothing can be left out.")
    size = f"{counted(len(reduction.given), 'dependency', 'dependencies')} said with {len(reduction.cover)}"
    return (
        Heading(size),
        cover,
        Heading("Step by step", 3),
        steps,
        *_left(len(reduction.steps) - len(rows), "more step"),
    )


@describe.register
def _(step: Removal) -> Page:
    return (Prose(step.because),)


def _dependencies(fds: Collection[FD]) -> Items:
    said = tuple(_ORDER.dependency(fd) for fd in list(fds)[:_MOST_LINES])
    left = len(fds) - len(said)
    return Items((*said, *((f"… and {left:,} more",) if left else ())))


@describe.register
def _(instance: Instance) -> Page:
    return _rows(instance)


def _rows(instance: Instance, caption: str = "", marked: Collection[tuple[int, str]] = ()) -> Page:
    """Rows as a table, the cells to look at marked with ▸, whole rows by their weight."""
    names = instance.columns[:_MOST_COLUMNS]
    whole = frozenset(
        at for at in range(len(instance.rows)) if names and all((at, name) in marked for name in instance.columns)
    )
    cells = tuple(
        tuple(
            f"▸\u00a0{cell(one)}" if (at, name) in marked and at not in whole else cell(one)
            for name, one in zip(names, row, strict=False)
        )
        for at, row in enumerate(instance.rows[:_MOST_ROWS])
    )
    rest = len(instance.columns) - len(names)
    columns = (Prose(f"… and {counted(rest, 'more column')}, not shown."),) if rest else ()
    return (Table(names, cells, caption, strong=whole), *_left(len(instance.rows) - len(cells), "more row"), *columns)


def _left(number: int, thing: str) -> Page:
    return (Prose(f"… and {counted(number, thing)}."),) if number > 0 else ()


@describe.register
def _(anomaly: Anomaly) -> Page:
    """The sentence, and the rows before and after with the cells to look at marked."""
    before = anomaly.cells if anomaly.kind == "deletion" else ()
    after = () if anomaly.kind == "deletion" else anomaly.cells
    return (
        Heading(f"{anomaly.kind.capitalize()} anomaly by {anomaly.dependency}", 3),
        Notice(anomaly.because, "warning"),
        *_rows(anomaly.before, "Before", before),
        *_rows(anomaly.after, "After", after),
    )


@describe.register
def _(found: Alternatives) -> Page:
    """The decompositions side by side, the parts of each behind a fold."""
    rows = tuple(
        (
            str(at),
            one.method,
            one.form,
            f"{len(one.decomposition.parts):,}",
            f"{one.joins:,}",
            _few(one.lost),
            _few(one.redundant),
        )
        for at, one in enumerate(found.ranked, start=1)
    )
    header = ("", "way", "form", "relations", "joins", "dependencies lost", "values still repeated by")
    folds = (Fold(f"{at}. {one.method}", _parts(one)) for at, one in enumerate(found.ranked, start=1))
    title = f"{counted(len(found.ranked), 'way', 'ways')} to hold the same facts"
    open_ = (Fold("Left open", (Items(found.left_open[:_MOST_LINES]),)),) if found.left_open else ()
    return (Heading(title), Table(header, rows, align="rllrrll"), *folds, *open_)


def _few(fds: Collection[FD]) -> str:
    shown = [cut(str(fd), 80) for fd in list(fds)[:3]]
    return "\n".join([*shown, *([f"… {len(fds) - 3:,} more"] if len(fds) > 3 else [])]) or "none"


def _parts(one: Alternative) -> Page:
    parts = one.decomposition.parts[:_MOST_LINES]
    rows = tuple((_ORDER.names(part.attributes), _ORDER.names(part.key)) for part in parts)
    return (Table(("attributes", "key"), rows), *_left(len(one.decomposition.parts) - len(rows), "more part"))


@describe.register
def _(one: Alternative) -> Page:
    return (Prose(f"{one.method}: {one.form}, {counted(one.joins, 'join')}."), *_parts(one))


@describe.register
def _(change: WhatIf) -> Page:
    nothing = "Nothing is seen to change." if change.left_open else "Nothing changes."
    said: Page = (Items(change.differences[:_MOST_LINES]),) if change.differences else (Prose(nothing),)
    if change.left_open:
        said = (*said, Prose(f"Left open: {cut(change.left_open, 400)}."))
    folds = (Fold(title, describe(each)) for title, each in (("Before", change.before), ("After", change.after)))
    left = len(change.differences) - _MOST_LINES
    return (Heading("What changes"), *said, *_left(left, "more difference"), *folds)


@describe.register
def _(situation: Situation) -> Page:
    keys = situation.keys
    more = "" if keys.complete else ", and there may be more"
    said = tuple(_ORDER.dependency(each) for each in situation.dependencies[:_MOST_LINES])
    parts = tuple(f"{{{_ORDER.names(part.attributes)}}}" for part in situation.decomposition.parts[:_MOST_LINES])
    return (
        Items(said),
        *_left(len(situation.dependencies) - len(said), "more dependency"),
        Prose(f"Normal form: {situation.form or 'left open'}. Candidate keys: {_ORDER.sets(keys.found)}{more}."),
        Prose(f"In 3NF: {' · '.join(parts)}"),
    )

"""How discoveries look: what is believed and why first; the rest is counted, and behind folds, never dumped."""

from collections.abc import Sequence
from itertools import islice

from dbworkbench.discovery.approximate import Violations
from dbworkbench.discovery.discovery import Discovery, Explanation
from dbworkbench.discovery.evidence import Part
from dbworkbench.discovery.findings import TableFindings
from dbworkbench.discovery.functional import FunctionalDependencies
from dbworkbench.discovery.inclusion import ForeignKeyCandidate
from dbworkbench.discovery.profile import ColumnProfile, Profile
from dbworkbench.discovery.ranking import LIKELY, RankedRule
from dbworkbench.page.blocks import Block, Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import cut
from dbworkbench.schema.types import type_text
from dbworkbench.views.describe import cell, describe
from dbworkbench.views.frames import rows
from dbworkbench.views.schema import losses
from dbworkbench.views.words import Order, counted, sentence

_MOST_RULES = 12
_AGAINST = 0.8
_MOST_TABLES = 20
_MOST_PROMISES = 60
_MOST_COLUMNS = 60


@describe.register
def _(found: Discovery) -> Page:
    if len(found.tables) == 1:
        return (*describe(found.tables[0]), *losses(found.losses), *_promises(found))
    total = sum(table.columns.rows for table in found.tables)
    folds = tuple(Fold(_title(table), describe(table)[1:]) for table in found.tables[:_MOST_TABLES])
    left = len(found.tables) - len(folds)
    return (
        Heading(f"Found in {counted(len(found.tables), 'table')} of {counted(total, 'row')}"),
        *_completeness(all(table.complete or table.sample for table in found.tables)),
        *losses(found.losses),
        *_references(found.references, any(said.foreign_keys for said in (found.declarations or {}).values())),
        *_promises(found),
        *folds,
        *((Prose(f"… and {left:,} more tables."),) if left else ()),
    )


def _promises(found: Discovery) -> Page:
    """What a database declares, held against its rows."""
    if found.declarations is None:
        return ()
    broken = [one for one in found.promises if not one.kept]
    said = "Everything declared is kept by the rows." if not broken else f"{counted(len(broken), 'promise')} broken."
    rows_of = {True: "kept", False: "broken"}
    made = tuple(
        (
            cut(str(one), 120),
            "yes" if one.declared else "no",
            rows_of[one.kept],
            cut(" · ".join(", ".join(map(cell, values)) for values in one.against), 80),
        )
        for one in found.promises[:_MOST_PROMISES]
    )
    left = len(found.promises) - len(made)
    caption = f"the first {len(made)} of {len(found.promises):,}" if left > 0 else ""
    strong = frozenset(at for at, one in enumerate(found.promises[:_MOST_PROMISES]) if one.declared != one.kept)
    return (
        Notice(said, "bad" if broken else "good"),
        Table(("key or reference", "declared", "in the rows", "values against it"), made, caption, "llll", strong),
    )


def _title(table: TableFindings) -> str:
    return f"{table.name}: {counted(table.columns.rows, 'row')}, {counted(len(table.proposed), 'rule')} proposed"


def _completeness(complete: bool) -> Page:  # noqa: FBT001  a fact of the value
    if complete:
        return ()
    return (Notice("The search was ended before everything was found: what is listed is true, not all.", "warning"),)


def _references(references: Sequence[ForeignKeyCandidate], declared: bool) -> Page:  # noqa: FBT001  a fact of the value
    if not references:
        beside = " beside those declared" if declared else ""
        return (Prose(f"No reference between the tables looks like a foreign key{beside}."),)
    made = tuple((cut(str(one.ind), 120), f"{one.score:.2f}", _reason(one.parts)) for one in references)
    return (Table(("foreign key", "score", "because"), made, align="lrl"),)


def _reason(parts: Sequence[Part]) -> str:
    """What multiplies the score by little, if anything does; else the two parts that speak most for it."""
    against = sorted((part for part in parts if part.times < _AGAINST), key=lambda part: part.times)[:2]
    told = [part for part in parts if part.name != "length"]  # the rule itself shows how long it is
    strong = sorted(told, key=lambda part: -part.value * part.weight)[:2]
    return cut("; ".join(part.because for part in against or strong), 120)


@describe.register
def _(table: TableFindings) -> Page:
    order = Order(table.columns.names)
    keys = [key.attributes for key in table.ranked_keys[:4]]
    none = "No set of columns" if table.largest is None else f"No set of up to {counted(table.largest, 'column')}"
    said = f"Keys, likeliest first: {order.sets(keys)}" if keys else f"{none} tells all rows apart"
    if not keys and not table.keys.complete:
        said = "No key was found so far"
    if not keys and table.columns.rows < 2:
        said = "Every rule holds in fewer than two rows, so none is proposed"
    more = len(table.keys.sets) - len(keys)
    near = tuple(rule for rule in table.near if rule.score > 0.3)[:_MOST_RULES]
    blocks: list[Block] = [
        Heading(
            f"Found in {table.name}: {counted(table.columns.rows, 'row')} of {counted(len(table.columns.names), 'column')}"
        ),
        *_completeness(table.complete or table.sample is not None),
        Prose(
            f"{'In the sample: ' if table.sample else ''}{sentence(_holding(len(table.fds)))} "
            f"{said}{f' · … ({more:,} more)' if keys and more else ''}."
        ),
    ]
    if table.rules:
        blocks.append(_rules(table.rules[:_MOST_RULES], table, order))
    if near:
        blocks += (Heading(f"{counted(len(near), 'rule')} that some rows break", 3), _rules(near, table, order))
    if table.mvds:
        blocks.append(Fold("Independent of one another", (Items(tuple(str(mvd) for mvd in table.mvds[:_MOST_RULES])),)))
    if table.notes:
        blocks.append(Items(tuple(sentence(note) for note in table.notes)))
    blocks.append(Fold("Columns", describe(table.profile)[1:]))
    return tuple(blocks)


def _holding(many: int) -> str:
    return f"{counted(many, 'minimal dependency', 'minimal dependencies')} {'holds' if many == 1 else 'hold'}"


def _rules(rules: Sequence[RankedRule], table: TableFindings, order: Order) -> Table:
    proposed = {fd.determinant for fd in table.proposed}
    made = tuple(
        (
            cut(order.dependency(rule.fd), 120),
            f"{rule.score:.2f}",
            f"{rule.removed:,}" if rule.removed else "none",
            _reason(rule.parts),
        )
        for rule in rules
    )
    broken = bool(rules[0].removed)  # all of them, or none
    strong = frozenset(
        at for at, rule in enumerate(rules) if (rule.likely if broken else rule.fd.determinant in proposed)
    )
    every = len(rules) == len(table.rules) or broken
    shown = "likeliest first" if every else f"the likeliest {len(rules)} of {len(table.rules):,}"
    if broken:
        caption = "likely ones in bold: repairs() lists the cells to mend" if strong else "none of them is likely"
    else:
        caption = f"{shown}; " + (
            "those proposed in bold" if table.proposed else "none is likely enough to be proposed"
        )
    return Table(("rule", "score", "rows against it", "because"), made, caption, "lrrl", strong)


@describe.register
def _(found: Profile) -> Page:
    shown = found.columns[:_MOST_COLUMNS]
    left = len(found.columns) - len(shown)
    return (
        Heading(f"Columns of {found.name}: {counted(found.rows, 'row')}"),
        Table(
            ("column", "type", "holds", "nulls", "distinct", "least", "greatest", "most frequent"),
            tuple(_column(column) for column in shown),
            f"the first {len(shown)} of {len(found.columns):,} columns" if left else "",
            "lllrrlll",
        ),
    )


def _column(column: ColumnProfile) -> tuple[str, ...]:
    frequent = f"{cell(column.frequent[0][0])} ({column.frequent[0][1]:,})" if column.frequent else ""
    ends = ("" if end is None else cut(cell(end), 24) for end in (column.low, column.high))
    return (
        cut(column.name, 80) if column.name.strip() else repr(column.name),
        cut(type_text(column.type), 40),
        column.domain,
        f"{column.nulls:,}",
        f"{column.distinct:,}",
        *ends,
        cut(frequent, 40),
    )


@describe.register
def _(explained: Explanation) -> Page:
    parts = tuple(
        (
            part.name,
            f"{part.value:.2f}",
            f"{part.weight:g}" if part.weight else "",
            f"×\N{NO-BREAK SPACE}{part.times:.2f}" if part.times < 0.995 else "",
            part.because,
        )
        for part in explained.parts
    )
    measures = explained.measures
    table = (
        (Table(("part", "value", "weight", "then", "because"), parts, _told(explained.score), "lrrrl"),)
        if parts
        else ()
    )
    said = f"g3 {measures.g3:.4f} · g1 {measures.g1:.6f} · pdep {measures.pdep:.4f} · μ⁺ {measures.mu:.4f}"
    return (
        Notice(f"{explained.verdict}.", "good" if measures.holds else "bad"),
        rows(explained.frame),
        Prose(said),
        *table,
    )


def _told(score: float) -> str:
    return f"score {score:.2f}: the mean of the values by weight, then what multiplies it; likely from {LIKELY:.2f} on"


@describe.register
def _(against: Violations) -> Page:
    if not len(against):
        return (Notice(f"No row breaks {against.fd}.", "good"),)
    said = f"{counted(len(against.rows), 'row')} disagree on {against.fd}; mending {len(against.repair):,} is enough."
    return (Notice(said, "bad"), rows(against.frame(most=50)))


@describe.register
def _(fds: FunctionalDependencies) -> Page:
    order = Order(fds.names)
    shown = list(islice((fd for size in range(4) for fd in islice(fds.small(size, smallest=size), 20)), 20))
    left = len(fds) - len(shown)
    more = (f"… and {left:,} more: those of one dependent are in .of(name)",) if left else ()
    return (
        Heading(counted(len(fds), "minimal dependency", "minimal dependencies").capitalize()),
        *_completeness(fds.complete),
        Items((*(order.dependency(fd) for fd in shown), *more)),
    )

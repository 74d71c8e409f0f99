"""How a trial looks: what is wrong first, then who wins where, the times, what storing costs, and how it was measured."""

import math
from collections.abc import Sequence
from statistics import median
from typing import TypeAlias

from dbworkbench.engines.engine import Step
from dbworkbench.page.blocks import Block, Code, Figure, Fold, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import cut
from dbworkbench.sql.laid_out import laid_out
from dbworkbench.trials.candidate import Candidate
from dbworkbench.trials.comparison import SHORT, THRESHOLD, Comparison
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.record import Difference, Failure, LoadResult, Trial
from dbworkbench.views.describe import describe
from dbworkbench.views.frames import value
from dbworkbench.views.intervals import Span, interval_plot
from dbworkbench.views.plans import plan_trees
from dbworkbench.views.rulings import unenforced
from dbworkbench.views.words import counted, duration, prose_of, sentence, size, three

_MOST_ROWS = 10
_MOST_COLUMNS = 12
_MOST_WRONG = 20
_MOST_HELD = 6
_MOST_QUERIES = 60
_MOST_PLANS = 4
_BESIDE = 3  # engines in one picture
_CLOCKS = (
    "A ratio “by CPU” compares CPU time, which leaves out what else the machine did meanwhile, and its medians are those after “CPU”; "
    "all other times and ratios are by the wall clock."
)

Compared: TypeAlias = dict[tuple[str, str, str], Comparison]


@describe.register
def _(trial: Trial) -> Page:
    found = trial.comparisons()
    compared = {(one.engine, one.query, one.candidate): one for one in found}
    names = [candidate.name for candidate in trial.candidates]
    blocks: list[Block] = [Heading(f"Trial: {' against '.join(names[:4])}{' …' if len(names) > 4 else ''}")]
    blocks += wrong(trial)
    blocks.append(_facts(trial))
    if found:
        blocks += [Heading("Who wins where", 3), Items(_winners(trial, found)), *_pictures(trial, found)]
    if trial.measurements:
        blocks += [Heading("Times", 3), *(_times(trial, engine, compared) for engine in trial.engines)]
        blocks.append(Prose("The median of the rounds, and in brackets its 95 % interval."))
        if any(one.clock == "cpu" for one in found):
            blocks.append(Prose(_CLOCKS))
    if trial.loads:
        blocks += [Heading("What storing costs", 3), _loads(trial)]
    if trial.anomalies:
        blocks += [Heading("What is not enforced", 3), unenforced(trial.anomalies)]
    blocks += [*_plans(trial, found), _conduct(trial), _questions(trial)]
    return tuple(blocks)


def wrong(trial: Trial) -> Page:
    """What a reader must see before any time: interruptions, wrong answers with their rows, failures."""
    blocks: list[Block] = [Notice(sentence(trial.interrupted), "bad")] if trial.interrupted else []
    for difference in trial.differences[:_MOST_WRONG]:
        blocks += describe(difference)
    blocks += [block for failure in trial.failures[:_MOST_WRONG] for block in describe(failure)]
    left = max(0, len(trial.differences) - _MOST_WRONG) + max(0, len(trial.failures) - _MOST_WRONG)
    return (*blocks, *((Notice(f"{counted(left, 'more problem')}, not shown.", "bad"),) if left else ()))


@describe.register
def _(difference: Difference) -> Page:
    one, against = difference.candidate, difference.against
    numbers = f"{counted(difference.missing, 'row')} missing, {counted(difference.extra, 'row')} too many"
    if difference.tied:
        said = (
            f"{one} and {against} choose other rows for “{difference.query}” on {difference.engine} ({numbers}): "
            "its LIMIT cuts among rows that its ORDER BY leaves equal, or it gives another answer each time. "
            "Order by more to make the answer one."
        )
    elif difference.query and difference.subject:
        said = (
            f"After “{difference.query}” on {difference.engine}, {one} does not hold the same {difference.subject} as "
            f"{against}: {numbers}."
        )
    elif difference.misplaced:
        said = (
            f"{one} answers “{difference.query}” on {difference.engine} in another order than {against}: "
            f"{counted(difference.misplaced, 'row')} out of place."
        )
    elif difference.query:
        said = f"{one} answers “{difference.query}” on {difference.engine} differently from {against}: {numbers}."
    else:
        said = f"{one} does not hold the same facts as {against}: of {difference.subject}, {numbers}."
    columns = difference.columns[:_MOST_COLUMNS]
    words = ("wanted", "found") if difference.misplaced else ("missing", "too many")
    rows = [
        (kind, *map(value, row[:_MOST_COLUMNS]))
        for kind, found in ((words[0], difference.missing_rows), (words[1], difference.extra_rows))
        for row in found[:_MOST_ROWS]
    ]
    shown = (Table(("", *columns), tuple(rows)),) if rows else ()
    return (Notice(said, "warning" if difference.tied else "bad"), *shown)


@describe.register
def _(failure: Failure) -> Page:
    on = f" on {failure.engine}" if failure.engine else ""
    of = f" of “{failure.query}”" if failure.query else ""
    stage = {
        "start": "could not be started",
        "load": "could not be loaded",
        "answer": "gave no answer",
        "measure": "could not be measured",
        "cold": "could not be run cold",
    }
    said = f"{failure.candidate or failure.engine} {stage.get(failure.stage, failure.stage)}{of}{on if failure.candidate else ''}"
    said = said.replace("gave no answer of", "gave no answer to").replace("measured of", "measured for")
    return (Notice(f"{said}: {cut(failure.message.removeprefix(f'{failure.engine}: '), 600)}", "bad"),)


def _facts(trial: Trial) -> Notice:
    """What was compared, and whether it could be."""
    told = [f"{number:,} rows of {name}" for name, number in trial.rows]
    left = trial.rows[_MOST_HELD:]
    if len(left) > 1:
        rest = sum(number for _, number in left)
        told[_MOST_HELD:] = [f"{counted(rest, 'row')} of {len(left)} more relations"]
    held = prose_of(told) or "no rows"
    asked = counted(len(trial.queries), "query", "queries")
    engines = prose_of(list(trial.engines))
    left_open = {difference.query for difference in trial.differences if difference.tied}
    if trial and left_open:
        alike = counted(len(trial.queries) - len(left_open), "query", "queries")
        return Notice(
            f"All candidates held the same facts ({held}) and answered {alike} alike on {engines}, "
            f"{len(left_open)} left open by {'its' if len(left_open) == 1 else 'their'} LIMIT or by the query itself.",
            "warning",
        )
    if trial:
        return Notice(f"All candidates held the same facts ({held}) and answered {asked} alike on {engines}.", "good")
    if any(not difference.tied for difference in trial.differences):
        return Notice("A time is compared only where the answers are alike.", "warning")
    return Notice(f"{asked} on {engines} over {held}, as far as it went.", "warning")


def _winners(trial: Trial, found: Sequence[Comparison]) -> tuple[str, ...]:
    """A sentence for each candidate on each engine."""
    said = []
    for engine in trial.engines:
        for candidate in trial.candidates[1:]:
            mine = [one for one in found if (one.engine, one.candidate) == (engine, candidate.name)]
            if not mine:
                continue
            faster, slower = [one for one in mine if one.faster], [one for one in mine if one.slower]
            parts = [
                f"{word} for {_queries(ones, len(mine))}{_range(ones)}"
                for word, ones in (("faster", faster), ("slower", slower))
                if ones
            ]
            open_yet = [one for one in mine if one.open]
            even = [one for one in mine if not one.different and not one.open]
            between = "" if parts else f"between {candidate.name} and {mine[0].baseline} "
            tail = f"no difference that counts was found {between}for {_queries(even, len(mine))}" if even else ""
            head = f"{candidate.name} is {' and '.join(parts)} than {mine[0].baseline}" if parts else ""
            unsure = (
                f"{_queries(open_yet, len(mine))} took too few rounds to be sure{_looks(open_yet)}" if open_yet else ""
            )
            said.append(sentence(f"On {engine}, {'; '.join(filter(None, (head, tail, unsure)))}"))
    counts = (
        f"A difference counts when its whole interval, corrected for the number of comparisons, is beyond {100 * THRESHOLD:g} %; "
        f"for runs of less than {1000 * SHORT:g} ms it must be more than {200 * THRESHOLD:g} %."
    )
    return (*said, counts)


def _queries(ones: Sequence[Comparison], whole: int) -> str:
    """The queries meant: one or two by name, more by their number."""
    if len(ones) == whole:
        return "the query" if whole == 1 else f"all {whole} queries"
    return prose_of([f"“{one.query}”" for one in ones]) if len(ones) <= 2 else f"{len(ones)} of {whole} queries"


def _range(ones: Sequence[Comparison]) -> str:
    """How many times faster or slower, from the least to the most."""
    times = sorted(one.ratio if one.ratio > 1 else 1 / one.ratio for one in ones if one.ratio > 0)
    if not times:
        return ""
    low, high = three(times[0]), three(times[-1])
    return f" ({low} times)" if low == high else f" ({low} to {high} times)"


def _looks(ones: Sequence[Comparison]) -> str:
    """What those comparisons that are open look like."""
    sides = {"faster": [one for one in ones if one.ratio < 1], "slower": [one for one in ones if one.ratio > 1]}
    told = [f"{_range(some).strip(' ()')} {side}" for side, some in sides.items() if some]
    return f" ({'it looks' if len(ones) == 1 else 'they look'} {' or '.join(told)})"


def _pictures(trial: Trial, found: Sequence[Comparison]) -> Page:
    base = trial.candidates[0].name
    figures = []
    for at in range(0, len(trial.engines), _BESIDE):
        engines = trial.engines[at : at + _BESIDE]
        queries = {query: at for at, query in enumerate(trial.queries[:_MOST_QUERIES])}
        mine = sorted(
            (one for one in found if one.engine in engines and one.query in queries),
            key=lambda one: (queries[one.query], engines.index(one.engine)),
        )
        if mine:
            spans = [
                Span(one.engine, one.query, one.candidate, one.ratio, one.low, one.high, one.different)
                for one in sorted(mine, key=lambda one: engines.index(one.engine))
            ]
            spans.sort(key=lambda span: queries[span.row])
            title = f"Time relative to {base}, by query, on {prose_of(list(engines))}"
            alt = f"{title}: {'; '.join(_said(one) for one in mine[:40])}"
            figures.append(
                Figure(interval_plot(spans, baseline=base, title=title), alt, f"{title}, with 95 % intervals.")
            )
    return tuple(figures)


def _said(one: Comparison) -> str:
    return f"{one.candidate} {three(one.ratio)} times for {one.query} on {one.engine}"


def _times(trial: Trial, engine: str, compared: Compared) -> Table:
    """A row per query: each candidate's seconds, then how the others relate to the first."""
    base, *others = [candidate.name for candidate in trial.candidates]
    weighted = len({query.weight for query in trial.workload}) > 1
    shown = trial.workload.queries[:_MOST_QUERIES]
    rows = [
        (
            query.name,
            *((f"{query.weight:g}",) if weighted else ()),
            *(_seconds(trial, name, engine, query.name, compared) for name in (base, *others)),
            *(_ratio(compared.get((engine, query.name, name))) for name in others),
        )
        for query in shown
    ]
    total = _totals(trial, engine)
    if total:
        rows.append(
            ("all, by weight" if weighted else "all", *(("",) if weighted else ()), *total, *("" for _ in others))
        )
    header = ("query", *(("weight",) if weighted else ()), base, *others, *(f"{name} ÷ {base}" for name in others))
    left = len(trial.queries) - len(shown)
    caption = f"On {engine}" + (f", the first {len(shown)} of {len(trial.queries)} queries" if left else "")
    return Table(
        header, tuple(rows), caption, "l" + "r" * (len(header) - 1), frozenset({len(rows) - 1} if total else ())
    )


def _seconds(trial: Trial, candidate: str, engine: str, query: str, compared: Compared) -> str:
    found = trial.measurement(candidate, engine, query)
    times = trial.seconds(candidate, engine, query)
    if found is None or times is None:
        return (
            "failed"
            if any(
                (one.candidate, one.engine) == (candidate, engine) and one.query in {query, ""}
                for one in trial.failures
            )
            else "—"
        )
    if not found.agrees:
        return "another answer"
    mine = compared.values() if candidate == trial.candidates[0].name else [compared.get((engine, query, candidate))]
    by_cpu = any(one is not None and (one.engine, one.query, one.clock) == (engine, query, "cpu") for one in mine)
    return f"{_interval(*times)}, CPU {duration(median(found.cpu))}" if by_cpu else _interval(*times)


def _interval(middle: float, low: float, high: float) -> str:
    unit, factor = next(
        ((unit, factor) for unit, factor in (("s", 1.0), ("ms", 1e3)) if middle * factor >= 0.9995), ("µs", 1e6)
    )
    return f"{three(middle * factor)} {unit} ({three(low * factor)}–{three(high * factor)})"


def _ratio(one: Comparison | None) -> str:
    if one is None:
        return "—"
    high = "∞" if one.high == float("inf") else three(one.high)
    word = " faster" if one.faster else " slower" if one.slower else ""
    word = word or ((" faster?" if one.ratio < 1 else " slower?") if one.open else "")
    clock = (", by CPU" if word else " by CPU") if one.clock == "cpu" else ""
    return f"{three(one.ratio)} ({three(one.low)}–{high}){word}{clock}"


def _totals(trial: Trial, engine: str) -> tuple[str, ...]:
    """The medians summed by weight, where every candidate answered every query alike; else nothing."""
    sums = []
    for candidate in trial.candidates:
        total = 0.0
        for query in trial.workload:
            found = trial.measurement(candidate.name, engine, query.name)
            times = trial.seconds(candidate.name, engine, query.name)
            if found is None or times is None or not found.agrees:
                return ()
            total += times[0] * query.weight
        sums.append(duration(total))
    return tuple(sums) if len(trial.queries) > 1 else ()


def _loads(trial: Trial) -> Table:
    rows = []
    told = any(one.indexes for one in trial.loads)
    for engine in trial.engines:
        first = trial.load(trial.candidates[0].name, engine)
        for candidate in trial.candidates:
            found = trial.load(candidate.name, engine)
            if found is None:
                rows.append((engine, candidate.name, "—", "—", "not loaded", *(("—",) if told else ()), "—"))
                continue
            share = f" ({three(found.total_bytes / first.total_bytes)}×)" if _other(found, first) and first else ""
            tables = f"{len(found.rows):,}"
            rows.append(
                (
                    engine,
                    candidate.name,
                    tables,
                    f"{found.total_rows:,}",
                    f"{size(found.total_bytes)}{share}",
                    *((size(sum(each for _, each in found.indexes)) if found.indexes else "—",) if told else ()),
                    duration(found.seconds),
                )
            )
    header = ("engine", "candidate", "tables", "rows", "on disk", *(("in indexes",) if told else ()), "time to load")
    return Table(header, tuple(rows), "", "ll" + "r" * (len(header) - 2))


def _other(found: LoadResult, first: LoadResult | None) -> bool:
    return first is not None and found != first and first.total_bytes > 0


def _plans(trial: Trial, found: Sequence[Comparison]) -> Page:
    """The plans of the queries in which candidates differ most, side by side."""
    far = sorted((one for one in found if one.different), key=lambda one: -abs(math.log(max(one.ratio, 1e-9))))
    figures: list[Block] = []
    for engine, query in list(dict.fromkeys((one.engine, one.query) for one in far))[:_MOST_PLANS]:
        runs = [(one.name, trial.measurement(one.name, engine, query)) for one in trial.candidates[:_BESIDE]]
        plans = [(name, run.plan) for name, run in runs if run is not None and run.plan is not None]
        if len(plans) > 1:
            title = f"Plans for {query} on {engine}"
            told = "; ".join(f"{name}: {counted(_operators(plan.roots), 'operator')}" for name, plan in plans)
            figures.append(Figure(plan_trees(plans, title), f"{title}: {told}", f"{title}; {told}."))
    return (Fold("How the engines answer where candidates differ most", tuple(figures)),) if figures else ()


def _operators(steps: Sequence[Step]) -> int:
    return sum(1 + _operators(step.inputs) for step in steps)


def _conduct(trial: Trial) -> Fold:
    """How it was measured: settings, and each measurement's rounds."""
    settings = (("seed", str(trial.seed)), *trial.settings)
    table = Table(("setting", "value"), tuple((name, cut(said, 160)) for name, said in settings))
    shown = trial.measurements[: 4 * _MOST_QUERIES]
    extra = {"cold": any(one.cold for one in shown), "read": any(one.read is not None for one in shown)}
    rows = tuple(_measured(one, *extra.values()) for one in shown)
    more = tuple(name for name, there in extra.items() if there)
    header = ("engine", "query", "candidate", "rounds", "CPU", *more, "rows", "SQL")
    caption = f"Measurements: CPU{' and cold' if extra['cold'] else ''} times are medians, rows those of the answer"
    measured = (Table(header, rows, caption, f"lllrr{'r' * len(more)}rl"),) if rows else ()
    remarks = tuple(
        f"{one.name} has no place for: {prose_of(one.cannot_hold)}" for one in trial.candidates if one.cannot_hold
    )
    return Fold("How it was measured", (table, *measured, *((Items(remarks),) if remarks else ())))


def _measured(one: Measurement, cold: bool, read: bool) -> tuple[str, ...]:  # noqa: FBT001  which columns there are
    cpu = duration(sorted(one.cpu)[len(one.cpu) // 2]) if one.cpu else "—"
    how = "its own" if one.own else "on its tables" if one.rewritten else "through views"
    rounds = f"{len(one.seconds)}, then stopped" if one.stopped else str(len(one.seconds))
    more = (
        *((duration(median(one.cold)) if one.cold else "—",) if cold else ()),
        *((f"{one.read:,}" if one.read is not None else "—",) if read else ()),
    )
    return one.engine, one.query, one.candidate, rounds, cpu, *more, f"{one.rows:,}", how


def _questions(trial: Trial) -> Fold:
    texts = (
        block
        for query in trial.workload.queries[:_MOST_QUERIES]
        for block in (Prose(f"{query.name}:"), Code(query.text, "sql"))
    )
    return Fold("The queries", (*texts, *_asked(trial)))


def _asked(trial: Trial) -> Page:
    """What was run in the place of the queries, where it is something else: those that are asked the same as one."""
    told: dict[tuple[str, str], dict[str, list[str]]] = {}
    for one in trial.measurements:
        if one.own or one.rewritten:
            told.setdefault((one.query, one.sql), {}).setdefault(one.engine, []).append(one.candidate)
    return tuple(
        block
        for (query, sql), asked in list(told.items())[:_MOST_QUERIES]
        for block in (
            Prose(f"{query} ({'; '.join(f'{engine}: {prose_of(names)}' for engine, names in asked.items())}):"),
            Code(laid_out(sql, next(iter(asked))), "sql"),
        )
    )


@describe.register
def _(found: Measurement) -> Page:
    times = sorted(found.seconds)
    said = (
        f"{found.candidate} answers “{found.query}” on {found.engine} in {duration(times[len(times) // 2])}"
        if times
        else f"“{found.query}” was not timed"
    )
    return (Prose(f"{said} ({counted(len(times), 'round')}, {counted(found.rows, 'row')})."), *describe(found.plan))


@describe.register
def _(one: Comparison) -> Page:
    return (Prose(f"On {one.engine}, {one.candidate} ÷ {one.baseline} for “{one.query}”: {_ratio(one)}"),)


@describe.register
def _(found: LoadResult) -> Page:
    rows = tuple(
        (name, f"{number:,}", size(dict(found.bytes).get(name, 0))) for name, number in found.rows[:_MOST_QUERIES]
    )
    said = f"{found.candidate} on {found.engine}: {size(found.total_bytes)}, loaded in {duration(found.seconds)}"
    indexes = tuple((name, size(number)) for name, number in found.indexes[:_MOST_QUERIES])
    more = (Table(("index", "on disk"), indexes, "", "lr"),) if indexes else ()
    return (Table(("relation", "rows", "on disk"), rows, said, "lrr"), *more)


@describe.register
def _(one: Candidate) -> Page:
    """The tables, the queries that fill them, and the views that give the reference back."""
    loads = tuple(
        block for name, text in one.load for block in (Prose(f"The rows of {name}:"), Code(laid_out(text), "sql"))
    )
    views = tuple(block for name, text in one.views for block in (Prose(f"{name} again:"), Code(laid_out(text), "sql")))
    own = tuple(block for name, text in one.sql for block in (Prose(f"{name}:"), Code(laid_out(text), "sql")))
    tables = describe(one.schema)[1:]
    folds = (("How it is filled", loads), ("How it gives the reference back", views), ("Its own queries", own))
    said = (Notice(f"It has no place for: {prose_of(one.cannot_hold)}.", "warning"),) if one.cannot_hold else ()
    return (Heading(one.name), *said, *tables, *(Fold(title, page) for title, page in folds if page))

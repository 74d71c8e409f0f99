"""How the outcome of trials looks: who is best where and at what price, and how times grow."""

import math

from dbworkbench.page.blocks import Figure, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.trials.anomalies import Anomaly
from dbworkbench.trials.comparison import THRESHOLD
from dbworkbench.trials.growth import Crossing, Growth
from dbworkbench.trials.pressure import Flow, Pressure
from dbworkbench.trials.ruling import Ruling, Standing
from dbworkbench.views.describe import describe
from dbworkbench.views.growing import growth_plot
from dbworkbench.views.words import counted, duration, prose_of, sentence, three

_MOST = 200
_TOLD = 40


@describe.register
def _(ruling: Ruling) -> Page:
    writes = any(math.isfinite(one.writes) for one in ruling.standings)
    header = (
        "engine",
        "candidate",
        "time",
        *(("writing",) if writes else ()),
        "faster in",
        "slower in",
        "on disk",
        "loading",
    )
    rows = tuple(_standing(one, ruling.baseline, writes=writes) for one in ruling.standings[:_MOST])
    caption = f"Against {ruling.baseline}: times as the weighted geometric mean over the queries"
    blocks: Page = (
        Heading("What the trial comes to"),
        Items(tuple(_best(engine, names, ruling) for engine, names in ruling.best)),
        Table(header, rows, caption, f"llr{'r' if writes else ''}llrr"),
    )
    if ruling.anomalies:
        blocks = (*blocks, unenforced(ruling.anomalies))
    if ruling.cannot_hold:
        blocks = (
            *blocks,
            Items(tuple(f"{name} has no place for {prose_of(facts)}" for name, facts in ruling.cannot_hold)),
        )
    return (*blocks, Prose(sentence(f"not measured: {prose_of(ruling.unmeasured)}")))


def unenforced(anomalies: tuple[Anomaly, ...]) -> Table:
    """What candidates hold without enforcing it, and how many rows a change of one fact touches."""
    header = ("candidate", "relation", "dependency", "rows per fact", "at worst")
    rows = tuple(
        (one.candidate, one.relation, one.dependency, three(one.touched), f"{one.most:,}")
        if one.relation
        else (one.candidate, "—", one.dependency, "no relation holds it", "—")
        for one in anomalies[:_MOST]
    )
    return Table(
        header, rows, "Dependencies that are not enforced, and the rows that a change of one fact touches", "lllrr"
    )


def _best(engine: str, names: tuple[str, ...], ruling: Ruling) -> str:
    """Who is best, of those who answer all; and who is faster on what it answers, but does not answer all."""
    if not names:
        return f"{engine}: no candidate answers every query rightly."
    here = [one for one in ruling.standings if one.engine == engine]
    partly = [one for one in here if one.unmeasured and one.high < 1 / (1 + THRESHOLD)]
    if len(names) > 1:
        said = f"{engine}: no practical difference between {prose_of(names)}"
    elif partly and all(one.unmeasured for one in here if one.candidate not in names):
        said = f"{engine}: {names[0]} alone answers every query rightly"
    else:
        said = f"{engine}: {names[0]} does the workload fastest"
    if not partly:
        return f"{said}."
    partly.sort(key=lambda one: one.ratio)
    told = prose_of([f"{one.candidate} takes {three(one.ratio)}× the time" for one in partly])
    return f"{said}; of what each answers, {told} of {ruling.baseline}."


def _standing(one: Standing, baseline: str, *, writes: bool) -> tuple[str, ...]:
    time = "1" if one.candidate == baseline else f"{three(one.ratio)}× ({three(one.low)}–{_finite(one.high)})"
    if one.unmeasured:
        time += f", without {counted(len(one.unmeasured), 'query', 'queries')}"
    written, *ratios = (
        _times(ratio) for ratio in (1.0 if one.candidate == baseline else one.writes, one.space, one.load)
    )
    wins, losses = ", ".join(one.wins) or "—", ", ".join(one.losses) or "—"
    return (one.engine, one.candidate, time, *((written,) if writes else ()), wins, losses, *ratios)


def _times(ratio: float) -> str:
    return f"{three(ratio)}×" if math.isfinite(ratio) else "—"


def _finite(number: float) -> str:
    return three(number) if math.isfinite(number) else "∞"


@describe.register
def _(growth: Growth) -> Page:
    header = ("engine", "query", "candidate", "grows as", "error", *(f"{size:,} rows" for size in growth.sizes))
    rows = tuple(
        (
            fit.engine,
            fit.query,
            fit.candidate,
            f"rows^{round(fit.exponent, 2) + 0.0:.2f}",
            f"×{fit.spread:.2f}",
            *(_seconds(growth, at, (fit.candidate, fit.engine, fit.query)) for at in range(len(growth.sizes))),
        )
        for fit in growth.fits[:_MOST]
    )
    stopped = (Notice(sentence(growth.interrupted), "bad"),) if growth.interrupted else ()
    told = tuple(map(_crossing, growth.crossings)) or (
        "No candidate overtakes another within the sizes tried and ten times beyond.",
    )
    table = Table(header, rows, "", "lllrr" + "r" * len(growth.sizes))
    return (Heading("How times grow"), *stopped, Items(told), *_growing(growth), table)


def _growing(growth: Growth) -> Page:
    """A picture for each engine."""
    figures = []
    for engine in dict.fromkeys(fit.engine for fit in growth.fits):
        title = f"Seconds by rows on {engine}"
        mine = [fit for fit in growth.fits if fit.engine == engine][:_TOLD]
        alt = "; ".join(f"{fit.query} in {fit.candidate} grows as rows to the {fit.exponent:.2f}" for fit in mine)
        figures.append(Figure(growth_plot(growth, engine, title), f"{title}: {alt}", f"{title}, medians."))
    return tuple(figures)


def _seconds(growth: Growth, at: int, place: tuple[str, str, str]) -> str:
    found = growth.trials[at].seconds(*place)
    return duration(found[0]) if found is not None else "—"


@describe.register
def _(found: Pressure) -> Page:
    header = (
        "engine",
        "candidate",
        "requests",
        "done per second",
        "half within",
        "95 % within",
        "99 % within",
        "refused",
    )
    rows = tuple(
        (
            flow.engine,
            flow.candidate,
            f"{flow.asked:,}",
            three(flow.throughput),
            *(_within(flow, share) for share in (0.5, 0.95, 0.99)),
            f"{flow.refused:,}" if flow.refused else "—",
        )
        for flow in found.flows
    )
    came = (
        f"{three(found.rate)} requests a second for {duration(found.seconds)}, {counted(found.clients, 'connection')}"
    )
    failed = tuple(block for failure in found.failures for block in describe(failure))
    return (
        Heading("Under pressure"),
        *failed,
        Table(header, rows, f"{came}: waiting counts from when a request was due", "llrrrrrr"),
    )


def _within(flow: Flow, share: float) -> str:
    latency = flow.percentile(share)
    return duration(latency) if math.isfinite(latency) else "—"


def _crossing(one: Crossing) -> str:
    how = "" if one.measured else ", beyond what was measured"
    return f"{one.query} on {one.engine}: from about {one.rows:,} rows, {one.after} is faster than {one.before}{how}."

"""How two trials at different times look beside each other: what turned, what takes longer, and what was changed."""

import math

from dbworkbench.page.blocks import Block, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.characters import cut
from dbworkbench.trials.comparison import THRESHOLD, Comparison
from dbworkbench.trials.history import Shift, Since
from dbworkbench.views.describe import describe
from dbworkbench.views.words import counted, duration, prose_of, size, three

_MOST = 200


@describe.register
def _(found: Since) -> Page:
    moved = [one for one in found.shifts if one.different]
    said = f"{counted(len(found.shifts), 'time')} compared: {len(moved)} moved by a difference that counts."
    if abs(math.log(found.machine)) > math.log(1 + THRESHOLD):
        said += (
            f" All together took {three(found.machine)} times as long, which is the machine's doing or that of what they share: only "
            "what moved otherwise counts."
        )
    blocks: list[Block] = [Heading("Since the earlier trial"), Notice(said, "warning" if moved else "good")]
    if any(found.load):
        then, now = (load or "not noted" for load in found.load)
        blocks.append(Prose(f"Load average of the machine: {then} then; {now} now."))
    if found.turned:
        blocks.append(Items(tuple(_turn(*pair) for pair in found.turned[:_MOST])))
    if moved:
        header = ("engine", "query", "candidate", "then", "now", "now ÷ then", "plan")
        blocks.append(Table(header, tuple(map(_moved, moved[:_MOST])), "Times that moved", "lllrrrl"))
    if found.sizes:
        rows = tuple(
            (engine, name, size(then), size(now), f"{three(now / then) if then else '—'}×")
            for name, engine, then, now in found.sizes[:_MOST]
        )
        blocks.append(Table(("engine", "candidate", "then", "now", "now ÷ then"), rows, "Bytes on disk", "llrrr"))
    if found.settings:
        rows_of = tuple(tuple(cut(word, 120) for word in one) for one in found.settings[:_MOST])
        blocks.append(Table(("setting", "then", "now"), rows_of, "What was changed between"))
    for places, when in ((found.only_before, "then"), (found.only_now, "now")):
        if places:
            blocks.append(Prose(f"Measured {when} only: {prose_of(list(places[:20]))}."))
    return tuple(blocks)


def _turn(then: Comparison, now: Comparison) -> str:
    return (
        f"“{now.query}” on {now.engine}: {now.candidate} was {_outcome(then)} and is {_outcome(now)} now, "
        f"against {now.baseline} ({three(then.ratio)}× then, {three(now.ratio)}× now)."
    )


def _outcome(one: Comparison) -> str:
    return "faster" if one.faster else "slower" if one.slower else "not told apart"


def _moved(one: Shift) -> tuple[str, ...]:
    place = (one.engine, one.query, one.candidate)
    ratio = f"{three(one.ratio)} ({three(one.low)}–{three(one.high)})"  # a time that moved has an interval
    by = " by CPU" if one.clock == "cpu" else ""
    return (*place, duration(one.before), duration(one.after), ratio + by, "another" if one.replanned else "the same")

"""How verifications and reflections look: by what it was checked, which rules held, and what came out otherwise."""

from collections import Counter

from dbworkbench.engines.reflect import Reflection
from dbworkbench.page.blocks import Fold, Heading, Notice, Page, Prose, Table
from dbworkbench.page.characters import cut
from dbworkbench.trials.verification import Probe, Verification
from dbworkbench.views.describe import describe
from dbworkbench.views.schema import losses
from dbworkbench.views.words import counted, sentence

_MOST = 400
_CATALOGUE, _SEEN = "what the engine's catalogue says otherwise", "what the tool sees otherwise"
_KINDS = {"holds": "good", "broken": "bad", "not shown": "warning"}
_OTHERWISE = {"engine": _CATALOGUE, "emulator": _CATALOGUE}


@describe.register
def _(found: Verification) -> Page:
    page: list[object] = [
        Heading(f"Verified for {found.dialect}"),
        Notice(_verdict(found), _KINDS[found.outcome]),
    ]
    page += [Notice(f"Not shown: {cut(reason, _MOST)}", "warning") for reason in found.unshown]
    if found.complaint:
        page.append(Notice(f"Refused: {cut(found.complaint, _MOST)}", "warning"))
    if found.beyond:
        page.append(Notice(f"No more was checked: {cut(found.beyond, _MOST)}", "note"))
    odd = tuple(
        probe
        for probe in found.probes
        if not probe.holds or (probe.refused is None and probe.expected) or (probe.refused is False and probe.said)
    )
    if odd:
        page.append(_table(odd))
    if found.differences:
        rows = tuple((one,) for one in found.differences)
        page.append(Table((_OTHERWISE.get(found.stamp.tier, _SEEN),), rows))
    if found.probes:
        page.append(Fold("every rule that was broken, and what was said", (_table(found.probes),)))
    return (*page, *losses(found.losses))  # type: ignore[arg-type]


def _verdict(found: Verification) -> str:
    said = [str(found.stamp) if found else f"{found.outcome}, by {found.stamp.by}"]
    if found.rows:
        said.append(f"{sum(found.rows.values()):,} rows were taken by {counted(len(found.rows), 'table')}")
    if found.probes:
        fates = Counter(probe.refused for probe in found.probes)
        said.append(f"{fates[True]:,} of {len(found.probes):,} rows that break a rule were refused")
        if fates[False]:
            as_meant = ", as the dialect has it" if all(probe.holds for probe in found.probes) else ""
            said.append(f"{fates[False]:,} {'was' if fates[False] == 1 else 'were'} taken{as_meant}")
        if fates[None]:
            said.append(f"{counted(fates[None], 'rule')} {'was' if fates[None] == 1 else 'were'} not tried")
    if found.complaint:
        return sentence("; ".join(said))
    if found.differences:
        said.append(f"{counted(len(found.differences), 'thing')} differ")
    elif found.stamp.tier in {"engine", "emulator"}:
        said.append("what was written is found again")
    elif found.stamp.tier == "validator":
        said.append("it sees what was written")
    elif found:
        said.append("it reads what was written")
    else:
        said.append("nothing is wrong as far as it was looked at, and no more is known")
    return sentence("; ".join(said))


def _table(probes: tuple[Probe, ...]) -> Table:
    rows = tuple((probe.relation, probe.rule, _fate(probe), cut(probe.said, 90)) for probe in probes)
    return Table(("relation", "rule", "a row that breaks it", "in the engine's words"), rows)


def _fate(probe: Probe) -> str:
    if probe.refused is None:
        return "was not tried"
    fate = "is refused" if probe.refused else "is taken"
    return fate if probe.holds else f"{fate}, and should not be"


@describe.register
def _(found: Reflection) -> Page:
    page = [*describe(found.schema), *losses(found.losses)]
    if found.statistics:
        rows = tuple(
            (name, column, f"{counted.rows:,}", f"{one.nulls:,}", _number(one.distinct), _number(one.width))
            for name, counted in found.statistics.items()
            for column, one in counted.columns.items()
        )
        header = ("relation", "attribute", "rows", "unknown", "distinct", "mean bytes")
        page.append(Fold("statistics", (Table(header, rows),)))
    if found.ledger:
        kept = sum(entry.fate == "kept as text" for entry in found.ledger)
        page.append(Prose(f"{len(found.ledger):,} definitions were read, {kept:,} of them kept as text."))
    return tuple(page)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}".removesuffix(".0")

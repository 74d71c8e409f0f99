"""What a verification found: by what a design was checked, how far, and what came out otherwise than it should."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from dbworkbench.schema.loss import Loss
from dbworkbench.shown import Shown

__all__ = ["Outcome", "Probe", "Stamp", "Verification"]

Outcome: TypeAlias = Literal["holds", "broken", "not shown"]
"""What a verification comes to: all came out as it should; something did not; or nothing did not, and not all was tried."""

_NAMED = 3
"""Rules that are named where more were not tried."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """How far an artifact was checked, and by what: "engine", "emulator" (another engine that takes the same), "validator"
    (the vendor's own parser), "grammar" (parsed only) or "shape" (our own reader only); and what came of it.

    >>> print(Stamp("grammar", "sqlfluff's oracle grammar", "4.1", "not shown"))
    grammar: sqlfluff's oracle grammar 4.1 (not shown)
    """

    tier: str
    tool: str
    version: str
    outcome: Outcome = "holds"

    @property
    def by(self) -> str:
        """By what it was checked, without what came of it."""
        return f"{self.tier}: {self.tool} {self.version}".strip()

    def __str__(self) -> str:
        return self.by if self.outcome == "holds" else f"{self.by} ({self.outcome})"


@dataclass(frozen=True, slots=True)
class Probe:
    """One rule, and what came of breaking it: whether the row was refused (None: no row that breaks it was found), and
    the engine's words. `expected` says whether the dialect means the rule to be enforced.
    """

    relation: str
    kind: str
    rule: str
    refused: bool | None
    said: str = ""
    expected: bool = True

    @property
    def holds(self) -> bool:
        """Whether it came out as the dialect has it."""
        return self.refused is None or self.refused == self.expected


@dataclass(frozen=True, slots=True)
class Verification(Shown):
    """What became of a design in a dialect or a format: see `verify`. It is true only where all of it was shown to hold.

    `complaint` is what refused the DDL, the artifact or the rows; `rows` were loaded, by relation; `differences` lie between
    what was written and what was found in the engine's catalogue, or seen by the vendor's tool. `unasked` says why no engine
    and no tool of the vendor's was asked, where none was. The stamp is given the outcome.
    """

    dialect: str
    stamp: Stamp
    complaint: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    probes: tuple[Probe, ...] = ()
    differences: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    unfilled: str = ""
    """Why no rows were made, where none were."""
    beyond: str = ""
    """Why no more was checked, and what to install for that, where more can be."""
    unasked: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stamp", replace(self.stamp, outcome=self.outcome))

    @property
    def outcome(self) -> Outcome:
        """Whether it holds, is broken, or is not shown: nothing came out otherwise than it should, but not all was tried."""
        if self.complaint or self.differences or not all(probe.holds for probe in self.probes):
            return "broken"
        return "not shown" if self.unshown else "holds"

    @property
    def holds(self) -> bool | None:
        """Whether all came out as it should; None where nothing did not and not all was tried, as `unshown` says."""
        return {"holds": True, "broken": False, "not shown": None}[self.outcome]

    @property
    def unshown(self) -> tuple[str, ...]:
        """What was not shown, and why: a table without rows shows nothing of its rules, and a parser nothing of any."""
        return tuple(self._unshown())

    def _unshown(self) -> Iterator[str]:
        if self.unasked:
            yield self.unasked
        if self.unfilled:
            yield f"no rows were made, and no rule was tried: {self.unfilled}"
        untried = [probe for probe in self.probes if probe.refused is None and probe.expected]
        yield from (f"no rule of {probe.relation} was tried: {probe.said}" for probe in untried if probe.kind == "rows")
        rules = [f"{probe.relation}: {probe.rule}" for probe in untried if probe.kind != "rows"]
        if rules:
            named = ", ".join(rules[:_NAMED]) + (f" and {len(rules) - _NAMED:,} more" if len(rules) > _NAMED else "")
            yield f"{len(rules):,} {'rule was' if len(rules) == 1 else 'rules were'} not tried: {named}"

    def __bool__(self) -> bool:
        return self.outcome == "holds"

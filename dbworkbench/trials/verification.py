"""What a verification found: by what a design was checked, how far, and what came out otherwise than it should."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dbworkbench.schema.loss import Loss
from dbworkbench.shown import Shown

__all__ = ["Probe", "Stamp", "Verification"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """How far an artifact was checked, and by what: "engine", "emulator" (another engine that takes the same), "validator"
    (the vendor's own parser), "grammar" (parsed only) or "shape" (our own reader only).
    """

    tier: str
    tool: str
    version: str

    def __str__(self) -> str:
        return f"{self.tier}: {self.tool} {self.version}".strip()


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
    """What became of a design in a dialect or a format: see `verify`.

    `complaint` is what refused the DDL, the artifact or the rows; `rows` were loaded, by relation; `differences` lie between
    what was written and what was found in the engine's catalogue, or seen by the vendor's tool.
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

    @property
    def holds(self) -> bool:
        """Whether all that was tried came out as it should."""
        return not self.complaint and not self.differences and all(probe.holds for probe in self.probes)

    def __bool__(self) -> bool:
        return self.holds

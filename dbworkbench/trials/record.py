"""What a trial found, as plain values: loads, differences, failures, and the trial that holds them."""

import json
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

from dbworkbench.errors import UnknownName
from dbworkbench.output import write_file
from dbworkbench.schema.notation import to_text
from dbworkbench.schema.schema import Schema
from dbworkbench.shown import Shown
from dbworkbench.sql.workload import Workload
from dbworkbench.trials.anomalies import Anomaly
from dbworkbench.trials.answers import Row
from dbworkbench.trials.candidate import Candidate
from dbworkbench.trials.comparison import Clocked, Comparison, compared, summary
from dbworkbench.trials.history import Since, since
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.ruling import Ruling, ruling


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a candidate's rows cost on one engine.

    `rows` and `bytes` are pairs by relation (bytes on disk with indexes, after a checkpoint; what serves all of them
    stands under ""), `indexes` are bytes by index where the engine tells them, `seconds` and `cpu` are of creating,
    filling and indexing together.
    """

    candidate: str
    engine: str
    rows: tuple[tuple[str, int], ...]
    bytes: tuple[tuple[str, int], ...]
    seconds: float
    cpu: float
    indexes: tuple[tuple[str, int], ...] = ()

    @property
    def total_rows(self) -> int:
        """The rows of all relations."""
        return sum(number for _, number in self.rows)

    @property
    def total_bytes(self) -> int:
        """The bytes of the whole database on disk."""
        return sum(number for _, number in self.bytes)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a candidate does not say what the reference says.

    Without `query` it is the facts themselves: `subject` is the relation of the reference that the candidate gives
    back differently. With it, it is an answer, and `engine` says where; where the query writes, `subject` is the
    relation that holds something else afterwards. `missing` rows are those that `against` has
    and the candidate lacks, `extra` the other way about; the first of them are kept. `tied` means that the
    query leaves its answer open: its LIMIT cuts among rows that its ORDER BY leaves equal, or it gives another answer
    each time. Nothing is wrong but the query. `misplaced` rows are the right ones in another order than the query asks
    for; then `missing_rows` are the first that were wanted at their places, and `extra_rows` those found there.
    """

    candidate: str
    engine: str
    query: str
    subject: str
    against: str
    missing: int
    extra: int
    columns: tuple[str, ...]
    missing_rows: tuple[Row, ...]
    extra_rows: tuple[Row, ...]
    tied: bool = False
    misplaced: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """What an engine refused, or did not finish: at which `stage` ("start", "load", "answer", "measure", "cold") and its words.

    Where the reference itself gave no answer before the deadline, `candidate` is "the reference", and `engine` the DuckDB that holds it.
    """

    candidate: str
    engine: str
    query: str
    stage: str
    message: str


@dataclass(frozen=True, slots=True)
class Trial(Shown):
    """What measuring candidates gave; a plain value, with no engine left open behind it.

    The first candidate is the baseline of `comparisons()`. `anomalies` are what the candidates hold without enforcing
    it. `interrupted` says why it is incomplete, where it is.
    """

    candidates: tuple[Candidate, ...]
    engines: tuple[str, ...]
    workload: Workload
    reference: Schema
    rows: tuple[tuple[str, int], ...]
    seed: int
    measurements: tuple[Measurement, ...] = ()
    loads: tuple[LoadResult, ...] = ()
    differences: tuple[Difference, ...] = ()
    failures: tuple[Failure, ...] = ()
    settings: tuple[tuple[str, str], ...] = ()
    interrupted: str = ""
    anomalies: tuple[Anomaly, ...] = ()

    @property
    def queries(self) -> tuple[str, ...]:
        """The names of the workload's queries, in order."""
        return self.workload.names

    def __bool__(self) -> bool:
        """Whether all candidates held the facts, answered alike, and nothing failed or was interrupted."""
        return not (self.failures or self.interrupted or any(not difference.tied for difference in self.differences))

    def measurement(self, candidate: str, engine: str, query: str) -> Measurement | None:
        """A candidate's runs of a query on an engine; None where it was not measured. Raises UnknownName."""
        _known("candidate", candidate, tuple(one.name for one in self.candidates))
        _known("engine", engine, self.engines)
        self.workload[query]
        wanted = (candidate, engine, query)
        return next((one for one in self.measurements if (one.candidate, one.engine, one.query) == wanted), None)

    def seconds(self, candidate: str, engine: str, query: str) -> tuple[float, float, float] | None:
        """The median of a candidate's seconds for a query with its 95 % interval; None where it was not measured."""
        found = self.measurement(candidate, engine, query)
        return summary(found.seconds, seed=self.seed) if found is not None else None

    def load(self, candidate: str, engine: str) -> LoadResult | None:
        """What a candidate's rows cost on an engine; None where they could not be loaded."""
        return next((one for one in self.loads if (one.candidate, one.engine) == (candidate, engine)), None)

    def verdict(self, baseline: str | None = None) -> Ruling:
        """Who does the workload fastest on which engine, by how much and at what price."""
        return ruling(self, baseline)

    def since(self, earlier: "Trial") -> Since:
        """What this trial says differently from an earlier one, such as `read_trial` reads from a file."""
        return since(earlier, self)

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write all of it as a JSON file, the same bytes for the same trial; raises OutputExists unless `overwrite`."""
        text = json.dumps(_plain(self), ensure_ascii=False, indent=1) + "\n"
        return write_file(path, text, overwrite=overwrite)

    def comparisons(self, baseline: str | None = None) -> tuple[Comparison, ...]:
        """Every candidate against the baseline (the first, unless given), by engine and query.

        Only pairs that answer alike are compared: the time of a wrong answer is no time of the query.
        """
        base = self.candidates[0].name if baseline is None else baseline
        _known("candidate", base, tuple(one.name for one in self.candidates))
        pairs = [
            (found, against)
            for engine in self.engines
            for query in self.queries
            if (against := self.measurement(base, engine, query)) is not None and against.agrees
            for one in self.candidates
            if one.name != base
            and (found := self.measurement(one.name, engine, query)) is not None
            and found.agrees
            and len(found.seconds) == len(against.seconds)
        ]
        return tuple(
            compared(
                found.engine,
                found.query,
                Clocked(found.candidate, found.seconds, found.cpu),
                Clocked(base, against.seconds, against.cpu),
                seed=self.seed,
                comparisons=len(pairs),
            )
            for found, against in pairs
        )


class Stopped(KeyboardInterrupt):
    """Ctrl-C during a trial: everything is cleaned up, and `trial` holds what was measured until then.

    Of the query that was being timed, the rounds that were complete are kept; its measurements are `stopped`.
    """

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        super().__init__("the trial was stopped; what it measured until then is in this error's .trial")


def _plain(value: object) -> Any:  # noqa: ANN401  what JSON holds
    """A value as JSON holds it: records by field, schemas in the text notation."""
    match value:
        case Schema():
            return to_text(value)
        case None | bool() | int() | float() | str():
            return value
        case tuple() | list():
            return [_plain(part) for part in value]
        case _ if is_dataclass(value):
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        case _:
            return str(value)


def _known(kind: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise UnknownName(kind, name, known)

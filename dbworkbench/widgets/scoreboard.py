"""A trial explored by hand: filtered, sorted, absolute or as ratios, with the rounds, plans and SQL of each query."""

import math
from collections.abc import Mapping
from typing import Any

from dbworkbench.errors import DataError, kind_of
from dbworkbench.page.blocks import Page
from dbworkbench.page.html import fragment
from dbworkbench.page.plain import plain
from dbworkbench.trials.comparison import Comparison
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.record import Trial
from dbworkbench.views.describe import describe
from dbworkbench.widgets.live import Live

_DIGITS = 4
_AT_ONCE = 400  # comparisons that are made before anybody asks: about a second's work


class Scoreboard(Live):
    """A trial's results in a table to explore. Made by `scoreboard(…)`; the static picture is the trial's own view."""

    ENTRY = "scoreboard"
    ALONE = True

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        pairs = len(trial.engines) * len(trial.queries) * max(0, len(trial.candidates) - 1)
        names = [one.name for one in trial.candidates]
        first = names[: max(1, min(len(names), _AT_ONCE // max(1, pairs)))]
        self._ratios = {name: _ratios(trial, name) for name in first}
        super().__init__()
        self._state = self._seen()

    def __repr__(self) -> str:
        one = self.trial
        return f"Scoreboard({len(one.candidates)} candidates, {len(one.queries)} queries, {', '.join(one.engines)})"

    def page(self) -> Page:
        """The trial as it shows itself."""
        return describe(self.trial)

    def _seen(self) -> dict[str, Any]:
        trial = self.trial
        return {
            "candidates": [one.name for one in trial.candidates],
            "engines": list(trial.engines),
            "queries": [{"name": one.name, "weight": one.weight, "text": one.text} for one in trial.workload],
            "cells": [_cell(trial, one) for one in trial.measurements],
            "failed": [
                {"engine": one.engine, "query": one.query, "candidate": one.candidate, "why": one.message}
                for one in trial.failures
            ],
            "ratios": self._ratios,
            "loads": [
                {"engine": one.engine, "candidate": one.candidate, "rows": one.total_rows, "tables": len(one.rows),
                 "bytes": one.total_bytes, "seconds": _short(one.seconds)}
                for one in trial.loads
            ],
            "ruling": fragment(describe(trial.verdict())) if trial.measurements else "",
        }  # fmt: skip

    def _done(self, message: Mapping[str, Any]) -> str:
        if message.get("kind") != "baseline":
            return super()._done(message)
        name = str(message["name"])
        if name not in [one.name for one in self.trial.candidates]:
            raise DataError(f"the trial has no candidate {name!r}")
        self._ratios.setdefault(name, _ratios(self.trial, name))
        return f"compared with {name}"


def _ratios(trial: Trial, baseline: str) -> list[dict[str, Any]]:
    return [_ratio(one) for one in trial.comparisons(baseline)]


def _ratio(one: Comparison) -> dict[str, Any]:
    return {
        "engine": one.engine,
        "query": one.query,
        "candidate": one.candidate,
        "ratio": _short(one.ratio),
        "low": _short(one.low),
        "high": _short(one.high) if math.isfinite(one.high) else None,
        "different": one.different,
    }


def _cell(trial: Trial, one: Measurement) -> dict[str, Any]:
    times = trial.seconds(one.candidate, one.engine, one.query) if one.seconds else None
    return {
        "engine": one.engine,
        "query": one.query,
        "candidate": one.candidate,
        "times": [_short(each) for each in times] if times else None,
        "seconds": [_short(each) for each in one.seconds],
        "rows": one.rows,
        "agrees": one.agrees,
        "sql": one.sql,
        "plan": plain(describe(one.plan)) if one.plan is not None else "",
    }


def _short(number: float) -> float:
    """A number with the few digits that measurements have."""
    return float(f"{number:.{_DIGITS}g}")


def scoreboard(trial: Trial) -> Scoreboard:
    """A trial's results to explore: filter, sort, absolute times or ratios to any candidate, and each query's rounds.

    Raises DataError for anything but a trial.
    """
    if not isinstance(trial, Trial):
        raise DataError(f"{kind_of(trial)} is no trial — give what trial(…) or read_trial(…) returns")
    return Scoreboard(trial)

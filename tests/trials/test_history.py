"""Trials of the same questions at different times, made by hand: what moved, what turned, what was changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from dbworkbench.engines.engine import Plan, Step
from dbworkbench.trials.files import read_trial
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.record import Trial
from tests.views.trials import good


def slower(one: Measurement, factor: float) -> Measurement:
    return replace(
        one, seconds=tuple(factor * each for each in one.seconds), cpu=tuple(factor * each for each in one.cpu)
    )


def changed(place: tuple[str, str, str], factor: float) -> Trial:
    trial = good()
    return replace(
        trial,
        measurements=tuple(
            slower(one, factor) if (one.candidate, one.engine, one.query) == place else one
            for one in trial.measurements
        ),
    )


def test_the_same_trial_again_moves_nothing() -> None:
    found = good().since(good())
    assert len(found.shifts) == len(good().measurements)
    assert not any(one.different or one.replanned for one in found.shifts)
    assert (found.turned, found.sizes, found.settings, found.only_before, found.only_now) == ((), (), (), (), ())


def test_what_got_slower_is_told_and_what_turned_with_it(tmp_path: Path) -> None:
    earlier = read_trial(good().save(tmp_path / "then.json"))
    found = changed(("3NF", "sqlite", "one order"), 3.0).since(earlier)
    (moved,) = [one for one in found.shifts if one.different]
    assert (moved.candidate, moved.engine, moved.query) == ("3NF", "sqlite", "one order")
    assert moved.ratio == pytest.approx(3.0)
    assert moved.low < 3.0 < moved.high
    ((then, now),) = found.turned
    assert (then.query, then.faster, now.slower) == ("one order", True, True)


def test_a_whole_machine_that_is_slower_turns_nothing() -> None:
    trial = good()
    found = replace(trial, measurements=tuple(slower(one, 2.0) for one in trial.measurements)).since(trial)
    assert all(one.different for one in found.shifts)
    assert found.turned == ()


def test_plans_sizes_and_settings_that_changed_are_told() -> None:
    trial = good()
    first, *others = trial.measurements
    load, *loads = trial.loads
    after = replace(
        trial,
        seed=8,
        measurements=(replace(first, plan=Plan("duckdb", (Step("SCAN"),))), *others[:-1]),
        loads=(replace(load, bytes=(("sales", 2_800_000),)), *loads),
        settings=(("machine", "another"),),
    )
    found = after.since(trial)
    assert [one.query for one in found.shifts if one.replanned] == [first.query]
    assert found.sizes == (("one table", "duckdb", 1_400_000, 2_800_000),)
    assert [name for name, *_ in found.settings] == ["seed", "machine", "duckdb version"]
    assert found.only_before == (f"{others[-1].engine} / {others[-1].query} / {others[-1].candidate}",)


def test_few_rounds_know_nothing() -> None:
    trial = good()
    few = replace(
        trial, measurements=tuple(replace(one, seconds=one.seconds[:2], cpu=()) for one in trial.measurements)
    )
    assert not any(one.different for one in few.since(trial).shifts)

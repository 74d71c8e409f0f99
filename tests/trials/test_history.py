"""Trials of the same questions at different times, made by hand: what moved, what turned, what was changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from dbworkbench.engines.engine import Plan, Step
from dbworkbench.trials.files import read_trial
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.record import Trial
from dbworkbench.views.bundle import text
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


def test_a_whole_machine_that_is_slower_moves_and_turns_nothing() -> None:
    trial = good()
    found = replace(trial, measurements=tuple(slower(one, 2.0) for one in trial.measurements)).since(trial)
    assert not any(one.different for one in found.shifts)
    assert found.machine == pytest.approx(2.0)
    assert "All together took 2.00 times as long" in text(found)
    assert found.turned == ()


def test_what_moved_otherwise_than_the_machine_counts() -> None:
    place = ("3NF", "sqlite", "one order")
    for factor in (1.0, 6.0):
        now = changed(place, factor)
        others = tuple(
            one if (one.candidate, one.engine, one.query) == place else slower(one, 2.0) for one in now.measurements
        )
        (moved,) = [one for one in replace(now, measurements=others).since(good()).shifts if one.different]
        assert (moved.candidate, moved.engine, moved.query) == place
        assert moved.ratio == pytest.approx(factor)


def test_a_time_that_waited_for_a_busy_processor_did_not_move() -> None:
    trial = good()
    first, *others = trial.measurements
    waited = replace(first, seconds=tuple(5 * each for each in first.seconds))
    now = replace(trial, measurements=(waited, *others), settings=(("load average", "4.10 at the start"),))
    found = now.since(trial)
    assert found.shifts[0].clock == "cpu"
    assert not any(one.different for one in found.shifts)
    assert "not noted then; 4.10 at the start now" in text(found)
    assert "load average" not in [name for name, *_ in found.settings]
    unknown = replace(now, measurements=(replace(waited, cpu=()), *others)).since(trial)
    assert [one.ratio for one in unknown.shifts if one.different] == [
        pytest.approx(5.0)
    ]  # nothing tells that it waited


def test_times_that_are_apart_anyway_have_to_move_further() -> None:
    trial = good()
    factors = (1.0, 1.4, 0.7, 1.2, 0.8, 1.0, 1.5, 0.9, 1.1, 0.75, 1.3, 6.0)
    assert len(factors) == len(trial.measurements)
    now = replace(trial, measurements=tuple(map(slower, trial.measurements, factors)))
    assert [one.ratio for one in now.since(trial).shifts if one.different] == [pytest.approx(6.0)]


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

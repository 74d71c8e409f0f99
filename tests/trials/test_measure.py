import math
from dataclasses import replace
from random import Random

import pytest

from dbworkbench.engines.engine import Timing
from dbworkbench.errors import EngineError
from dbworkbench.trials.comparison import Clocked, compared, interval, summary
from dbworkbench.trials.measure import Taking, paired_rounds


def drawn(seed: int) -> Random:
    return Random(seed)  # noqa: S311  an order of runs, no secret


def test_every_candidate_runs_once_per_round_in_changing_order() -> None:
    ran: list[str] = []

    def run(name: str) -> Timing:
        ran.append(name)
        return Timing(0.5, 0.25)

    rounds = paired_rounds({name: lambda n=name: run(n) for name in "abc"}, drawn(1), warm="abc", repeats=8)  # type: ignore[misc]
    assert all(timings == [Timing(0.5, 0.25)] * 8 for timings in rounds.timings.values())
    orders = [tuple(ran[at : at + 3]) for at in range(0, 24, 3)]
    assert all(sorted(order) == ["a", "b", "c"] for order in orders)
    assert len(set(orders)) > 2


def test_the_cold_are_warmed_first_and_short_runs_are_batched() -> None:
    calls = 0

    def run() -> Timing:
        nonlocal calls
        calls += 1
        return Timing(0.0005, None)

    rounds = paired_rounds({"a": run}, drawn(1), repeats=5)
    assert rounds.timings == {"a": [Timing(0.0005, None)] * 5}
    assert calls == 2 + 5 * 10


def test_a_round_that_was_taken_already_is_counted() -> None:
    runs = {name: lambda: Timing(0.5, 0.25) for name in "ab"}
    taking = Taking(runs, drawn(1), warm="ab", repeats=3, first={"a": Timing(0.4, 0.2), "b": Timing(0.6, 0.3)})
    taking.warm_up()
    while taking.goes_on():
        taking.take()
    assert taking.counted == 3
    assert taking.whole().timings["a"] == [Timing(0.4, 0.2), Timing(0.5, 0.25), Timing(0.5, 0.25)]
    assert taking.whole().timings["b"][0] == Timing(0.6, 0.3)


def test_short_runs_take_turns_within_a_round() -> None:
    ran: list[str] = []

    def run(name: str) -> Timing:
        ran.append(name)
        return Timing(0.003, 0.003)

    taking = Taking({name: lambda n=name: run(n) for name in "abc"}, drawn(1), repeats=4)  # type: ignore[misc]
    taking.warm_up()
    ran.clear()
    taking.take()
    assert len(ran) == 3 * 3
    assert all(sorted(ran[at : at + 3]) == ["a", "b", "c"] for at in (0, 3, 6))


def test_those_that_take_alike_are_run_equally_often_in_a_round() -> None:
    ran: list[str] = []
    took = {"a": iter([0.004, 0.004, *[0.0005] * 999]), "b": iter([0.0009] * 999)}
    took |= {"c": iter([0.0011] * 999), "far": iter([0.02] * 999)}

    def run(name: str) -> Timing:
        ran.append(name)
        return Timing(next(took[name]), None)

    taking = Taking({name: lambda n=name: run(n) for name in took}, drawn(1), repeats=4)  # type: ignore[misc]
    taking.warm_up()
    for wanted in ([3, 5, 5, 1], [5, 5, 5, 1]):  # what was disturbed while it warmed up is soon known better
        ran.clear()
        taking.take()
        assert [ran.count(name) for name in took] == wanted


@pytest.mark.parametrize(("cpu", "rounds"), [(1.0, 6), (0.5, 12), (0.01, 18), (None, 6)])
def test_waiting_for_a_processor_is_not_of_the_budget(
    cpu: float | None, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 0.0

    def run() -> Timing:
        nonlocal clock
        clock += 1.0
        return Timing(1.0, cpu)

    monkeypatch.setattr("dbworkbench.trials.measure.perf_counter", lambda: clock)
    noise = iter([0.946, 0.973, 1.0, 1.027, 1.054] * 80)
    runs = {"a": run, "b": lambda: replace(run(), seconds=next(noise))}
    taken = paired_rounds(runs, drawn(1), warm="ab", budget=11.5)
    assert len(taken.timings["a"]) == pytest.approx(rounds, abs=1)


@pytest.mark.parametrize(
    ("noise", "budget", "rounds"), [(0.2, 11.5, 12), (0.2, 15.5, 15), (0.2, 33.5, 18), (0.02, 11.5, 6), (0.2, 0.1, 3)]
)
def test_what_is_not_even_roughly_known_may_take_twice_the_budget_for_some_rounds(
    noise: float, budget: float, rounds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = 0.0

    def run() -> Timing:
        nonlocal clock
        clock += 1.0
        return Timing(1.0, None)

    monkeypatch.setattr("dbworkbench.trials.measure.perf_counter", lambda: clock)
    told = iter([1 - noise, 1 - noise / 2, 1.0, 1 + noise / 2, 1 + noise] * 80)
    runs = {"a": run, "b": lambda: replace(run(), seconds=next(told))}
    assert len(paired_rounds(runs, drawn(1), warm="ab", budget=budget).timings["a"]) == rounds


def test_one_that_fails_drops_out_and_the_others_go_on() -> None:
    calls = 0

    def fails() -> Timing:
        nonlocal calls
        calls += 1
        if calls > 2:
            raise EngineError("no more")
        return Timing(0.5, 0.5)

    rounds = paired_rounds({"a": fails, "b": lambda: Timing(0.5, 0.5)}, drawn(1), warm="ab", repeats=6)
    assert list(rounds.timings) == ["b"]
    assert len(rounds.timings["b"]) == 6
    assert str(rounds.failed["a"]) == "no more"


def test_without_repeats_a_budget_decides_within_limits() -> None:
    assert len(paired_rounds({"a": lambda: Timing(9, 9)}, drawn(1), warm="a", budget=0).timings["a"]) == 6
    assert len(paired_rounds({"a": lambda: Timing(9, 9)}, drawn(1), warm="a", budget=9).timings["a"]) == 10  # settled


def test_the_interval_is_of_ratios_within_rounds() -> None:
    noise = [1.0, 5.0, 2.0, 9.0, 3.0, 1.5, 7.0, 4.0, 1.1, 2.2]
    ratio, low, high = interval([1.2 * x for x in noise], noise)
    assert ratio == pytest.approx(1.2)
    assert low == pytest.approx(1.2)
    assert high == pytest.approx(1.2)


def test_few_rounds_have_wide_intervals_and_fewer_than_three_none() -> None:
    assert interval([2.0, 2.0], [1.0, 1.0]) == (2.0, 0.0, math.inf)
    three = interval([1.0, 1.1, 1.2], [1.0, 1.0, 1.0])
    ten = interval([1.0, 1.1, 1.2] * 4, [1.0] * 12)
    assert three[1] < ten[1] < ten[0] < ten[2] < three[2]


def test_more_comparisons_make_intervals_wider() -> None:
    times = [1.0, 1.3, 0.9, 1.1, 1.2, 1.05, 0.95, 1.15, 1.0, 1.25]
    one, many = interval(times, [1.0] * 10), interval(times, [1.0] * 10, comparisons=50)
    assert many[1] <= one[1]
    assert many[2] >= one[2]


def test_what_too_few_rounds_cannot_tell_is_open() -> None:
    few, base = [0.28, 0.30, 0.32], [0.20, 0.20, 0.20]
    found = compared("sqlite", "sum", Clocked("b", few), Clocked("a", base), comparisons=40)
    assert not found.different
    assert found.open
    sure = compared("sqlite", "sum", Clocked("b", few * 4), Clocked("a", base * 4), comparisons=40)
    assert sure.different
    assert not sure.open
    assert not compared("sqlite", "sum", Clocked("b", base), Clocked("a", base), comparisons=40).open


@pytest.mark.parametrize(
    ("factor", "different"), [(1.0, False), (1.04, False), (0.97, False), (1.2, True), (0.8, True)]
)
def test_a_difference_must_be_sure_and_large_enough(factor: float, different: bool) -> None:  # noqa: FBT001  a table
    random = drawn(5)
    base = [random.lognormvariate(0, 0.5) for _ in range(25)]
    other = [factor * x * random.lognormvariate(0, 0.02) for x in base]
    found = compared("e", "q", Clocked("b", other), Clocked("a", base))
    assert found.different == different
    assert (found.slower, found.faster) == (different and factor > 1, different and factor < 1)


@pytest.mark.parametrize(("wall", "different"), [(0.97, True), (0.5, False)])
def test_processor_time_decides_unless_the_wall_clock_surely_says_otherwise(wall: float, different: bool) -> None:  # noqa: FBT001  a table
    cpu, noise = [0.05, 0.051, 0.049, 0.05] * 5, [1.4, 1 / 1.4, 1.1, 1 / 1.1] * 5
    base = Clocked("a", [4 * one for one in cpu], cpu)
    told = [wall * one * other for one, other in zip(base.seconds, noise, strict=True)]
    slower = Clocked("b", told, [1.2 * one for one in cpu])
    found = compared("e", "q", slower, base)
    assert (found.clock, found.different) == ("cpu", different)
    assert found.ratio == pytest.approx(1.2, abs=0.001)
    by_wall = compared("e", "q", Clocked("b", slower.seconds), Clocked("a", base.seconds))
    assert (by_wall.ratio < 1, by_wall.faster) == (True, not different)


def test_a_fifth_of_the_rounds_may_be_disturbed_at_either_end() -> None:
    even = [1.19, 1.2, 1.2, 1.21]
    assert interval([9.0] * 4 + even * 3 + [0.01] * 4, [1.0] * 20)[0] == pytest.approx(1.2, abs=0.001)
    ratio, low, high = interval([9.0] + even * 10 + [0.01], [1.0] * 42)
    assert ratio == pytest.approx(1.2, abs=0.001)
    assert 1.19 < low < 1.2 < high < 1.21
    assert interval([9.0] * 10 + [0.01] * 10, [1.0] * 20)[1] < 1


def test_identical_candidates_are_called_different_at_most_once_in_twenty() -> None:
    random = drawn(11)
    called = 0
    for seed in range(200):
        shared = [random.lognormvariate(0, 0.4) for _ in range(12)]
        one, other = ([x * random.lognormvariate(0, 0.15) for x in shared] for _ in range(2))
        called += compared("e", "q", Clocked("b", one), Clocked("a", other), seed=seed).different
    assert called <= 10


def test_a_summary_is_a_median_with_an_interval() -> None:
    middle, low, high = summary([1.0, 2.0, 3.0, 4.0, 100.0])
    assert (middle, low >= 1.0, high <= 100.0) == (3.0, True, True)


def test_ctrl_c_keeps_the_rounds_that_were_complete() -> None:
    asked = 0

    def run() -> Timing:
        nonlocal asked
        asked += 1
        if asked == 8:
            raise KeyboardInterrupt
        return Timing(0.5, 0.5)

    rounds = paired_rounds({"a": run, "b": run}, drawn(1), warm="ab", repeats=50)
    assert rounds.stopped is not None
    assert {name: len(timings) for name, timings in rounds.timings.items()} == {"a": 3, "b": 3}

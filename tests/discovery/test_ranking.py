"""What speaks for a rule, and what speaks against it: each reason alone, on rows made for it."""

import pandas as pd
import pytest

from dbworkbench.discovery.columns import from_frame
from dbworkbench.discovery.computed import computed_from
from dbworkbench.discovery.discover import discover
from dbworkbench.discovery.evidence import score
from dbworkbench.discovery.findings import most_splits
from dbworkbench.discovery.profile import profile
from dbworkbench.theory.dependencies import FD


@pytest.mark.parametrize(
    ("here", "there", "how"),
    [
        (
            ["2024-01-31", "2023-07-09", "2024-02-01", "2022-01-01"],
            ["2024", "2023", "2024", "2022"],
            "characters 1 to 4",
        ),
        (["2024-01-31", "2023-07-09", "2024-02-01", "2022-11-01"], ["1", "7", "2", "11"], "characters 6 to 7"),
        ([515, 529, 1040, 2359], [15, 29, 40, 59], "characters 3 to 4"),
        ([0, 10, 20, 35], [32.0, 50.0, 68.0, 95.0], "a linear function"),
        (["A", "B", "C", "D"], ["a", "b", "c", "e"], "mostly the same value"),
        ([0.1, 0.2, 0.3, 0.7, 0.8, 0.9], ["low", "low", "low", "high", "high", "high"], "steps"),
        (["Rome", "Oslo", "Bern", "Kyiv", "Riga"], ["IT", "NO", "CH", "UA", "LV"], ""),
        ([1, 2, 3, 4, 5], ["Ann", "Bob", "Cid", "Dee", "Eve"], ""),
        ([1, 2, 3, 4, 5, 6], ["low", "low", "low", "high", "high", "high"], ""),  # numbers of things have no range
        ([1, 2, 3], [2, 4, 6], ""),  # too few to tell
        (["x1", "x2", "x3", "x4"], [None, None, None, None], ""),
    ],
)
def test_what_is_computed_is_told_from_what_is_known(here: list[object], there: list[object], how: str) -> None:
    columns = from_frame(pd.DataFrame({"here": here, "there": there}))
    found = computed_from(columns, 0, 1, profile(columns).columns[0].type)
    assert how in found
    assert bool(found) == bool(how)


def test_a_time_does_not_make_a_table_of_its_hours_and_minutes() -> None:
    times = [100 * (n * 7 % 24) + n * 11 % 60 for n in range(600)]
    frame = pd.DataFrame(
        {
            "trip_id": range(600),
            "sched_time": times,
            "line": [f"L{n * n % 7}" for n in range(600)],
            "hour": [time // 100 for time in times],
            "minute": [time % 100 for time in times],
        }
    )
    found = discover(frame, name="trips")
    assert FD.parse("sched_time -> hour") in found.fds
    assert found.believed() == ()
    because = {part.name: part for part in found.explain("sched_time -> hour, minute").parts}
    assert because["not computed"].times == 0.5
    assert "hour is its characters 1 to 2 of sched_time" in because["not computed"].because
    put_together = {part.name: part for part in found.explain("hour, minute -> sched_time").parts}
    assert "sched_time is put together of hour, minute" in put_together["not computed"].because


def test_few_employees_say_little_however_many_orders_they_took() -> None:
    def orders(employees: int) -> pd.DataFrame:
        taken = [n * 7 % employees for n in range(1200)]
        return pd.DataFrame(
            {
                "order_id": range(1200),
                "amount": [n * n % 97 for n in range(1200)],
                "employee_id": taken,
                "employee_name": [f"Name {e}" for e in taken],
                "city": [f"City {e % (employees * 3 // 4)}" for e in taken],
                "country": [f"Country {e % (employees * 3 // 4) % (employees // 4)}" for e in taken],
            }
        )

    few, many = (discover(orders(count), name="orders") for count in (8, 120))
    assert {fd.determinant for fd in few.believed()} == {frozenset({"employee_id"})}
    assert FD.parse("city -> country") in many.believed()
    told, sure = (
        {part.name: part for part in found.explain("city -> country").parts}["not by chance"] for found in (few, many)
    )
    assert told.because == "2 rows could have broken it, counting each employee_id once"
    assert told.value < 0.2
    assert sure.value > 0.99


def test_nulls_give_no_chance_to_break_a_rule() -> None:
    frame = pd.DataFrame(
        {
            "id": range(300),
            "fax": [f"555-{n}" if n < 9 else None for n in range(300)],
            "company": [f"Company {n // 2}" if n < 9 else None for n in range(300)],
        }
    )
    found = discover(frame, name="people")
    assert found.believed() == ()
    assert {part.because for part in found.explain("fax -> company").parts if part.name == "not by chance"} == {
        "0 rows could have broken it"
    }


def test_a_flag_is_no_reason_for_a_table() -> None:
    frame = pd.DataFrame(
        {
            "id": range(900),
            "kind": [f"K{n % 30}" for n in range(900)],
            "cheap": [n % 30 != 7 for n in range(900)],
            "weight": [n * n % 101 for n in range(900)],
        }
    )
    found = discover(frame, name="tracks")
    assert FD.parse("kind -> cheap") in found.fds
    assert found.believed() == ()
    parts = {part.name: part for part in found.explain("kind -> cheap").parts}
    assert parts["information"].because == "a dependent tells up to 0.2 bits, the determinant 4.9; yes or no"


def test_many_zones_in_few_boroughs_are_a_rule() -> None:
    zones = [n * n % 61 for n in range(2_000)]
    frame = pd.DataFrame(
        {
            "pickup": [f"2024-03-{n % 28 + 1:02} {n % 24:02}:{n * 7 % 60:02}:{n % 59:02}" for n in range(2_000)],
            "fare": [n * 31 % 83 / 2 for n in range(2_000)],
            "zone": [f"Zone {zone}" for zone in zones],
            "borough": [["Manhattan", "Queens", "Bronx"][zone % 3] for zone in zones],
        }
    )
    assert FD.parse("zone -> borough") in discover(frame, name="trips", max_determinant=1).believed()


def test_the_score_is_made_of_the_parts_that_are_shown() -> None:
    frame = pd.DataFrame({"a_id": [n % 9 for n in range(90)], "b": [f"b{n % 9}" for n in range(90)], "c": range(90)})
    found = discover(frame, name="t")
    for rule in found.rules:
        assert rule.score == score(rule.parts)
        assert found.explain(rule.fd).score == pytest.approx(rule.score)
    shown = str(found.explain("a_id -> b"))
    assert "the mean of the values by weight" in shown


def test_a_wide_table_may_come_apart_into_more_parts() -> None:
    assert [most_splits(width) for width in (1, 13, 19, 20, 40, 100)] == [4, 4, 4, 5, 10, 25]

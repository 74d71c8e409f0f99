import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.page.plain import plain
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.workload import Query, Workload
from dbworkbench.theory.dependencies import FD
from dbworkbench.trials.anomalies import anomalies, unenforced
from dbworkbench.trials.candidate import candidate, own_name
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.proof import parts
from dbworkbench.trials.record import Failure, LoadResult, Trial
from dbworkbench.views.describe import describe

PEOPLE = relation("people(id: integer, team: integer?, lead: text?, room: text)\n id -> team, room\n team -> lead")


@pytest.fixture
def people() -> Iterator[Tables]:
    with Tables() as tables:
        tables.connection.execute(
            "CREATE TABLE people AS SELECT i AS id, nullif(i % 4, 3) AS team, 'lead ' || nullif(i % 4, 3) AS lead, 'r' AS room "
            "FROM range(20) AS t(i)"
        )
        yield tables


def test_what_no_key_implies_is_not_enforced() -> None:
    assert unenforced(PEOPLE) == (FD.parse("team -> lead"),)
    assert all(unenforced(part) == () for part in normalize(PEOPLE).schema)


def test_a_fact_said_in_many_rows_is_counted(people: Tables) -> None:
    wide, split = own_name(candidate(PEOPLE), "wide"), candidate(normalize(PEOPLE))
    with parts(wide, people) as made:
        (found,) = anomalies(wide, Schema((PEOPLE,)), made)
    assert (found.candidate, found.relation, found.facts, found.rows, found.most) == ("wide", "people", 3, 15, 5)
    assert found.touched == 5.0
    with parts(split, people) as made:
        assert list(anomalies(split, Schema((PEOPLE,)), made)) == []


def test_a_dependency_that_no_part_holds_is_named() -> None:
    design = relation(
        "lessons(student: text, subject: text, teacher: text)\n student, subject -> teacher\n teacher -> subject"
    )
    split = candidate(normalize(design, to="BCNF"))
    with Tables() as tables:
        tables.connection.execute("CREATE TABLE lessons AS SELECT 'a' AS student, 'b' AS subject, 'c' AS teacher")
        with parts(split, tables) as made:
            (found,) = anomalies(split, Schema((design,)), made)
    assert (found.relation, found.facts) == ("", 0)
    assert "teacher" in found.dependency


def made_trial(times: dict[str, tuple[float, float]], failures: tuple[Failure, ...] = ()) -> Trial:
    names = tuple(times)
    queries = Workload((Query("often", "SELECT 1", 9.0), Query("seldom", "SELECT 2")))
    noise = [1.0, 1.01, 0.99, 1.005, 0.995, 1.02, 0.98, 1.0, 1.01, 0.99]
    measured = tuple(
        Measurement(name, "duckdb", query, tuple(t * n for n in noise), (), 1, "")
        for name in names
        for query, t in zip(queries.names, times[name], strict=True)
        if t
    )
    loads = tuple(
        LoadResult(name, "duckdb", (("t", 1),), (("t", 100 * (at + 1)),), 1.0 + at, 1.0)
        for at, name in enumerate(names)
    )
    design = schema("t(a)")
    ones = tuple(own_name(candidate(design), name) for name in names)
    return Trial(ones, ("duckdb",), queries, design, (("t", 1),), 0, measured, loads, (), failures)


def test_weights_decide_who_is_best() -> None:
    found = made_trial({"a": (1.0, 1.0), "b": (0.5, 8.0)}).verdict()
    base, other = found.standings
    assert (base.ratio, base.space, base.load) == (1.0, 1.0, 1.0)
    assert other.ratio == pytest.approx(math.exp((9 * math.log(0.5) + math.log(8)) / 10))
    assert other.low <= other.ratio <= other.high
    assert (other.wins, other.losses, other.space, other.load) == (("often",), ("seldom",), 2.0, 2.0)
    assert found.best == (("duckdb", ("b",)),)


def test_a_difference_below_the_threshold_leaves_both_best() -> None:
    assert made_trial({"a": (1.0, 1.0), "b": (1.03, 1.0)}).verdict().best == (("duckdb", ("a", "b")),)


def test_what_noise_cannot_tell_apart_is_best_together() -> None:
    quiet = made_trial({"a": (1.0, 1.0), "b": (1.2, 1.2)})
    assert quiet.verdict().best == (("duckdb", ("a",)),)
    loud = tuple(
        replace(one, seconds=tuple(t * n for t, n in zip(one.seconds, [0.5, 1, 2, 1.5, 0.7] * 2, strict=True)))
        if one.candidate == "b"
        else one
        for one in quiet.measurements
    )
    base, other = replace(quiet, measurements=loud).verdict().standings
    assert other.ratio > 1.15
    assert other.low < base.ratio * 1.05
    assert replace(quiet, measurements=loud).verdict().best == (("duckdb", ("a", "b")),)


def test_who_does_not_answer_everything_is_not_best() -> None:
    gone = Failure("b", "duckdb", "seldom", "answer", "cancelled")
    found = made_trial({"a": (1.0, 1.0), "b": (0.1, 0.0)}, (gone,)).verdict()
    assert found.best == (("duckdb", ("a",)),)
    assert found.standings[1].unmeasured == ("seldom",)
    assert "seldom on duckdb for b" in found.unmeasured
    assert "writing" in found.unmeasured
    said = " ".join(plain(describe(found)).split())
    assert "a alone answers every query rightly; of what each answers, b takes 0.10× the time of a." in said

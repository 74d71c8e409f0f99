import pytest

from dbworkbench.engines.engine import ENGINES
from dbworkbench.errors import DesignError, Unsupported
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation
from dbworkbench.trials.pressure import Flow, pressure

DESIGN = relation("t(id: integer, team: integer, lead: text)\n id -> team\n team -> lead")
WORKLOAD = """
-- name: by lead  weight: 3
SELECT lead, count(*) AS n FROM t GROUP BY lead;
-- name: one
SELECT * FROM t WHERE id = 3;
"""


def test_all_requests_are_answered_where_there_is_time() -> None:
    found = pressure({"one": DESIGN, "3NF": normalize(DESIGN)}, WORKLOAD, rate=60, seconds=0.7, clients=3, rows=200)
    assert found.failures == ()
    assert [(flow.engine, flow.candidate) for flow in found.flows] == [
        ("duckdb", "one"),
        ("duckdb", "3NF"),
        ("sqlite", "one"),
        ("sqlite", "3NF"),
    ]
    for flow in found.flows:
        assert flow.asked == len(flow.latencies) > 10
        assert 0 < flow.percentile(0.5) <= flow.percentile(0.95) <= flow.percentile(0.99) <= flow.percentile(1)
        assert flow.refused == 0
    assert found.flows[0].asked == found.flows[1].asked  # both meet the same requests


def test_those_who_wait_behind_a_slow_request_are_counted_as_waiting() -> None:
    slow = {"slow": "SELECT count(*) AS n FROM t a, t b WHERE a.id + b.id > a.team"}
    found = pressure({"one": DESIGN}, slow, rate=400, seconds=0.3, clients=1, rows=1000, engines=["sqlite"])
    (flow,) = found.flows
    assert flow.throughput < 200  # fewer than come
    assert flow.percentile(0.99) > 0.5  # the last ones wait for all before them
    alone = 1 / flow.throughput  # one request after another: what each of them takes
    assert flow.percentile(0.5) > 10 * alone
    assert (
        flow.percentile(1) > flow.asked * alone - 0.5
    )  # it came within the 0.3 s and waited for nearly all of the run


def test_requests_beyond_their_deadline_are_counted() -> None:
    endless = {
        "q": "SELECT count(*) AS n FROM t a, t b, t c WHERE a.id + b.id + c.id = -1",
        "one": "SELECT count(*) AS n FROM t",
    }
    found = pressure({"one": DESIGN}, endless, rate=10, seconds=0.3, rows=800, engines=["sqlite"], deadline=0.1)
    assert [(f.query, f.stage) for f in found.failures] == [("q", "answer")]
    assert all(flow.refused == 0 for flow in found.flows)


def test_a_client_of_every_engine_sees_tables_and_views(tmp_path: object) -> None:
    del tmp_path
    assert {"duckdb", "sqlite"} <= set(ENGINES)
    found = pressure(
        {"3NF": normalize(DESIGN)},
        "SELECT lead, id, team FROM t",
        rate=20,
        seconds=0.3,
        rows=50,
        engines=["duckdb", "sqlite"],
    )
    assert [flow.refused for flow in found.flows] == [0, 0]


def test_what_pressure_needs_is_said() -> None:
    with pytest.raises(DesignError, match="a rate, seconds above zero"):
        pressure({"one": DESIGN}, WORKLOAD, rate=0)
    with pytest.raises(Unsupported, match="reads only"):
        pressure({"one": DESIGN}, "DELETE FROM t", rate=5)


def test_a_flow_without_answers_has_no_percentiles() -> None:
    assert Flow("a", "duckdb", 3, (), 0.0, 3).percentile(0.5) == float("inf")

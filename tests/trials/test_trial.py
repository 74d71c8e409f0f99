"""Trials end to end on both embedded engines, on rows made here, so that every expected value is in sight."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dbworkbench.data.scratch import PREFIX
from dbworkbench.data.tables import Tables
from dbworkbench.engines.duckdb import DUCKDB
from dbworkbench.engines.engine import DeadlineExceeded, EngineDied
from dbworkbench.engines.sqlite import SQLiteSession
from dbworkbench.errors import (
    DataError,
    DesignError,
    EngineError,
    OutputExists,
    UnknownName,
    Unsupported,
    WorkloadError,
)
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation, schema
from dbworkbench.sql.workload import read_workload
from dbworkbench.trials.candidate import candidate
from dbworkbench.trials.files import read_trial
from dbworkbench.trials.physical import indexed
from dbworkbench.trials.trial import Stopped, Trial, trial
from tests.servers import postgresql

SALES = relation(
    """sales(order_id: integer, line_no: integer, customer_id: integer, customer_name: text, city: text?,
             product_id: integer, title: text, price: decimal(10,2), qty: integer, placed: date)
       order_id -> customer_id, placed
       customer_id -> customer_name, city
       product_id -> title, price
       order_id, line_no -> product_id, qty"""
)
SHOP = normalize(SALES)
ROWS = """CREATE TABLE sales AS SELECT i // 3 AS order_id, i % 3 AS line_no, i // 3 % 40 AS customer_id,
  'O''Hara "' || i // 3 % 40 AS customer_name, CASE WHEN i // 3 % 4 > 0 THEN 'city ' || i // 3 % 4 END AS city,
  i * 7 % 25 AS product_id, 'product ' || i * 7 % 25 AS title, (i * 7 % 25 * 1.25)::DECIMAL(10,2) AS price, i % 5 AS qty,
  DATE '2024-01-01' + (i // 3 % 300)::INTEGER AS placed FROM range(600) AS t(i)"""
WORKLOAD = """
-- name: revenue by city  weight: 3
SELECT city, sum(price * qty) AS revenue FROM sales GROUP BY city ORDER BY revenue DESC;
-- name: one order
SELECT * FROM sales WHERE order_id = 77;
-- name: by month
SELECT year(placed) AS y, date_trunc('month', placed) AS m, count(*) AS n, avg(price) AS p FROM sales GROUP BY ALL;
-- name: recent buyers
WITH sold AS (SELECT * FROM sales WHERE placed >= DATE '2024-02-01' + INTERVAL 1 MONTH)
SELECT customer_name, count(DISTINCT product_id) FROM sold GROUP BY customer_name HAVING count(*) > 2;
"""
BOTH = {"one table": SALES, "3NF": SHOP}


@pytest.fixture(scope="module")
def sales() -> Iterator[Tables]:
    with Tables() as tables:
        tables.connection.execute(ROWS)
        yield tables


@pytest.fixture(scope="module")
def shop_trial(sales: Tables) -> Trial:
    return trial(BOTH, WORKLOAD, data=sales, repeats=3, seed=7)


def test_all_candidates_answer_all_queries_alike_on_both_engines(shop_trial: Trial) -> None:
    assert shop_trial.failures == ()
    assert shop_trial.differences == ()
    assert bool(shop_trial)
    assert len(shop_trial.measurements) == 2 * 2 * 4
    for engine in ("duckdb", "sqlite"):
        for query in shop_trial.queries:
            pair = [shop_trial.measurement(name, engine, query) for name in BOTH]
            assert all(one is not None and one.agrees and len(one.seconds) == len(one.cpu) == 3 for one in pair)
            assert len({one.rows for one in pair if one is not None}) == 1
            assert all(one is not None and one.plan is not None and one.plan.roots for one in pair)


def test_queries_run_on_the_parts_that_they_need(shop_trial: Trial) -> None:
    found = {q: shop_trial.measurement("3NF", "sqlite", q) for q in shop_trial.queries}
    assert {q: one.rewritten for q, one in found.items() if one is not None} == {
        "revenue by city": False,  # it needs all four
        "one order": False,
        "by month": True,
        "recent buyers": False,
    }
    rewritten = found["by month"]
    assert rewritten is not None
    assert "customers" not in rewritten.sql
    assert "sales" in rewritten.sql


def test_loads_tell_rows_bytes_and_seconds(shop_trial: Trial) -> None:
    wide, shop = shop_trial.load("one table", "sqlite"), shop_trial.load("3NF", "sqlite")
    assert wide is not None
    assert shop is not None
    assert dict(wide.rows) == {"sales": 600}
    assert wide.total_rows == 600
    assert dict(shop.rows) == {"customers": 40, "products": 25, "orders": 200, "sales": 600}
    assert wide.total_bytes > 0
    assert wide.seconds > 0
    assert shop_trial.rows == (("sales", 600),)


def test_comparisons_are_ratios_to_the_first_candidate(shop_trial: Trial) -> None:
    found = shop_trial.comparisons()
    assert [(c.engine, c.query) for c in found] == [(e, q) for e in ("duckdb", "sqlite") for q in shop_trial.queries]
    assert all((c.candidate, c.baseline, c.counted) == ("3NF", "one table", 3) for c in found)
    assert all(c.low <= c.ratio <= c.high for c in found)
    back = shop_trial.comparisons("3NF")
    assert all(one.ratio == pytest.approx(1 / other.ratio) for one, other in zip(found, back, strict=True))
    with pytest.raises(UnknownName):
        shop_trial.comparisons("4NF")


def test_settings_and_versions_are_kept(shop_trial: Trial) -> None:
    told = dict(shop_trial.settings)
    assert {"machine", "python", "duckdb version", "sqlite version", "sqlite cache_size", "duckdb threads"} <= set(told)


def test_a_trial_is_saved_as_json_and_not_over_another(shop_trial: Trial, tmp_path: Path) -> None:
    path = shop_trial.save(tmp_path / "trial.json")
    told = json.loads(path.read_text("utf-8"))
    assert [one["name"] for one in told["candidates"]] == ["one table", "3NF"]
    assert len(told["measurements"]) == 16
    before = path.read_bytes()
    with pytest.raises(OutputExists):
        shop_trial.save(path)
    shop_trial.save(path, overwrite=True)
    assert path.read_bytes() == before


def test_populated_rows_serve_where_none_are_given() -> None:
    found = trial(BOTH, "SELECT city, count(*) FROM sales GROUP BY city", rows=500, repeats=1, seed=3)
    assert bool(found)
    assert found.rows == (("sales", 500),)


def test_no_scratch_files_are_left(shop_trial: Trial) -> None:
    del shop_trial
    assert not list(Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{os.getpid()}*"))


def test_own_sql_is_run_on_the_tables_and_compared(sales: Tables) -> None:
    own = {
        "revenue by city": "SELECT city, sum(price * qty) AS revenue FROM sales JOIN products USING (product_id) "
        "JOIN orders USING (order_id) JOIN customers USING (customer_id) GROUP BY city",
        "one order": "SELECT 1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    }
    found = trial({"one table": SALES, "own": candidate(SHOP, sql=own)}, WORKLOAD, data=sales, repeats=1)
    assert {(d.candidate, d.query, d.missing, d.extra) for d in found.differences} == {("own", "one order", 3, 1)}
    wrong = found.measurement("own", "duckdb", "one order")
    assert wrong is not None
    assert wrong.own
    assert not wrong.agrees
    assert not bool(found)
    assert ("sqlite", "one order") not in {(c.engine, c.query) for c in found.comparisons()}
    right = found.measurement("own", "sqlite", "revenue by city")
    assert right is not None
    assert right.own
    assert right.agrees


def test_a_view_that_loses_rows_is_caught_before_anything_is_timed(sales: Tables) -> None:
    lossy = candidate(SHOP, views={"sales": dict(candidate(SHOP).views)["sales"] + " WHERE qty > 0"})
    found = trial({"one table": SALES, "lossy": lossy}, {"n": "SELECT count(*) FROM sales"}, data=sales, repeats=1)
    facts, *answers = found.differences
    assert (facts.candidate, facts.subject, facts.engine, facts.query) == ("lossy", "sales", "", "")
    assert (facts.missing, facts.extra, len(facts.missing_rows)) == (120, 0, 5)
    assert facts.columns == SALES.names
    assert {(d.engine, d.missing_rows, d.extra_rows) for d in answers} == {
        (engine, ((600,),), ((480,),)) for engine in ("duckdb", "sqlite")
    }


def test_rows_with_unknown_determinants_are_kept() -> None:
    design = relation("people(id: integer, team: integer?, lead: text?)\n id -> team\n team -> lead")
    with Tables() as tables:
        tables.connection.execute(
            "CREATE TABLE people AS SELECT * FROM (VALUES (1, 1, 'Ann'), (2, NULL, NULL), (3, 1, 'Ann'), (4, 2, NULL)) "
            "AS v(id, team, lead)"
        )
        found = trial({"wide": design, "3NF": normalize(design)}, "SELECT * FROM people", data=tables, repeats=1)
        assert bool(found)
        tables.connection.execute("INSERT INTO people VALUES (5, NULL, 'Zoe')")  # a fact that the parts cannot hold
        with pytest.raises(DataError, match="team → lead does not hold in people"):
            trial({"wide": design, "3NF": normalize(design)}, "SELECT * FROM people", data=tables, repeats=1)


def test_rows_that_occur_twice_are_refused() -> None:
    design = relation("log(who: text, what: text)\n who -> what\n key who")
    frame = pd.DataFrame({"who": ["a", "a", "b"], "what": ["x", "x", "y"]})
    with pytest.raises(DataError, match="The key who does not hold in log"):
        trial({"3NF": normalize(design)}, {"n": "SELECT count(*) FROM log"}, data=frame, engines=["duckdb"])


def test_a_tie_at_the_limit_is_no_difference(sales: Tables) -> None:
    tied = "SELECT product_id, count(*) AS n FROM sales GROUP BY product_id ORDER BY n DESC LIMIT 7"
    found = trial(BOTH, {"top": tied}, data=sales, repeats=1)
    assert bool(found)
    assert all(difference.tied for difference in found.differences)
    assert all(measured.agrees for measured in found.measurements)


def test_a_query_without_a_single_answer_is_told_from_a_wrong_one(sales: Tables) -> None:
    found = trial(BOTH, {"q": "SELECT random() AS r, qty FROM sales"}, data=sales, repeats=1, engines=["duckdb"])
    assert bool(found)
    assert [difference.tied for difference in found.differences] == [True, True]


def test_a_large_answer_is_compared_by_its_digest(monkeypatch: pytest.MonkeyPatch, sales: Tables) -> None:
    monkeypatch.setattr("dbworkbench.trials.asked.LARGE", 100)
    workload = {"all": "SELECT * FROM sales", "few": "SELECT city, placed FROM sales ORDER BY order_id LIMIT 50"}
    found = trial(BOTH, workload, data=sales, repeats=1)
    assert bool(found)
    assert {m.rows for m in found.measurements if m.query == "all"} == {600}
    lossy = candidate(
        SHOP, views={"sales": dict(candidate(SHOP).views)["sales"].replace('"sales"."qty"', '"sales"."qty" + 1')}
    )
    found = trial({"one table": SALES, "lossy": lossy}, {"all": workload["all"]}, data=sales, repeats=1)
    assert {(d.candidate, d.engine) for d in found.differences if d.query} == {("lossy", "duckdb"), ("lossy", "sqlite")}


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("\n-- name: q\n  SELECT cty FROM sales", 3, 10, '"cty" not found in FROM clause — did you mean "city".*\\?'),
        ("SELECT sales.cty FROM sales", 1, 8, 'not have a column named "cty" — did you mean "city", .* or ".*"\\?$'),
        ("SELECT x.city FROM sales AS s", 1, 8, '"x" not found — did you mean "s"\\?$'),
        ("SELECT city,\n  sum(prce)\nFROM sales", 2, 7, '"prce" not found'),
        ("SELECT * FROM sale", 1, 15, "did you mean 'sales'"),
        ("-- name: q\n  SELECT 'ä'\n FROM sales, \"no such\" AS s", 3, 14, "no relation called 'no such'"),
        ("-- name: q\n  UPDATE sales SET cty = 'x'", 2, 20, "column cty not found"),
        ("SELECT city, count(*) FROM sales", 1, 8, "must appear in the GROUP BY"),
        ("SELECT foo(city) FROM sales", 1, 8, "Function with name foo does not exist"),
        (
            "SELECT * FROM sales WHERE " + " AND ".join(f"qty <> {n}" for n in range(90)) + " AND zz = 3",
            1,
            1277,
            '"zz"',
        ),
    ],
)
def test_a_query_that_the_reference_cannot_answer_is_refused_first(
    sales: Tables, text: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(WorkloadError, match=message) as caught:
        trial(BOTH, text, data=sales)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_a_query_beyond_its_deadline_is_kept_as_a_failure_and_the_rest_goes_on(sales: Tables) -> None:
    workload = {
        "endless": "SELECT count(*) FROM sales a, sales b, sales c WHERE a.qty + b.qty * c.qty = -1",
        "quick": "SELECT count(*) FROM sales",
    }
    found = trial({"one table": SALES}, {"quick": workload["quick"]}, data=sales, repeats=1, engines=["sqlite"])
    assert bool(found)
    found = trial({"one table": SALES}, workload, data=sales, repeats=1, engines=["sqlite"], deadline=0.3)
    assert [(f.engine, f.query, f.stage) for f in found.failures] == [("sqlite", "endless", "answer")]
    assert "cancelled after its 0.3 s" in found.failures[0].message
    assert found.measurement("one table", "sqlite", "quick") is not None


def test_the_reference_too_answers_before_the_deadline_or_is_told_to_have_not() -> None:
    product = "SELECT count(*) AS n FROM numbers a, numbers b, numbers c WHERE a.n + b.n < c.n"
    workload = read_workload(
        f"-- name: endless\n{product};\n-- name: endless write  kind: write\nUPDATE numbers SET n = 1 WHERE n > ({product});\n"
        "-- name: quick\nSELECT count(*) AS n FROM numbers;"
    )
    numbers = relation("numbers(n: integer key)")
    given = pd.DataFrame({"n": range(4000)})
    started = time.monotonic()
    found = trial({"one": numbers}, workload, data=given, repeats=1, engines=["sqlite"], deadline=0.2)
    assert time.monotonic() - started < 15  # of a minute and more that the product takes
    late = [(one.query, one.candidate, one.engine) for one in found.failures]
    assert late == [
        (query, *place)
        for query in ("endless", "endless write")
        for place in (("the reference", "duckdb"), ("one", "sqlite"))
    ]
    assert all("cancelled after its 0.2 s" in one.message for one in found.failures)
    assert "whether endless is answered rightly" in found.verdict().unmeasured
    assert found.measurement("one", "sqlite", "quick") is not None


def test_a_trial_says_where_its_time_went_and_how_busy_the_machine_was(sales: Tables) -> None:
    started = time.monotonic()
    found = trial(BOTH, {"all": "SELECT count(*) AS n FROM sales"}, data=sales, repeats=2, engines=["sqlite"])
    settings = dict(found.settings)
    told = re.fullmatch(
        r"([\d.]+) s: ([\d.]+) s rows and loading, ([\d.]+) s answers and checks, ([\d.]+) s rounds", settings["took"]
    )
    assert told is not None
    whole, *parts = map(float, told.groups())
    assert abs(whole - sum(parts)) < 0.25  # each is rounded
    assert 0 < whole < time.monotonic() - started + 0.1
    if hasattr(os, "getloadavg"):
        assert re.fullmatch(r"[\d.]+ at the start, [\d.]+ at the end", settings["load average"])


def test_answers_that_took_long_are_a_round_of_their_queries(sales: Tables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dbworkbench.trials.conduct.SLOW", 0.0)
    monkeypatch.setattr("dbworkbench.trials.conduct.WARM", 0.0)
    monkeypatch.setattr("dbworkbench.trials.measure._BATCHES", ())
    clocked: list[str] = []
    clock = SQLiteSession.clock

    def counting(session: SQLiteSession, sql: str, **options: Any) -> Any:
        clocked.append(sql)
        return clock(session, sql, **options)

    monkeypatch.setattr(SQLiteSession, "clock", counting)
    workload = {name: f"SELECT count(*) AS {name} FROM sales" for name in ("first", "second")}
    found = trial(BOTH, workload, data=sales, engines=["sqlite"], repeats=3)
    assert {len(one.seconds) for one in found.measurements} == {3}
    assert {len(one.cpu) for one in found.measurements} == {3}
    rounds = {name: len([sql for sql in clocked if name in sql]) for name in workload}
    assert rounds == {"first": 2 * 3, "second": 2 * 2}  # of the first, the answers read the tables for the first time


@pytest.mark.parametrize("engine", ["duckdb", "sqlite"])
def test_cold_runs_are_taken_apart_from_the_others(engine: str, sales: Tables) -> None:
    workload = {
        "read": "SELECT city, count(*) FROM sales GROUP BY city",
        "write": "DELETE FROM sales WHERE order_id = 5",
    }
    found = trial(BOTH, workload, data=sales, engines=[engine], repeats=2, cold=3)
    told = {(one.candidate, one.query): (len(one.seconds), len(one.cold)) for one in found.measurements}
    assert told == {(name, query): (2, 3 if query == "read" else 0) for name in BOTH for query in workload}
    assert all(seconds > 0 for one in found.measurements for seconds in one.cold)
    assert "a cold cache" not in found.verdict().unmeasured
    assert not found.failures
    warm = trial(BOTH, workload, data=sales, engines=[engine], repeats=1)
    assert "a cold cache" in warm.verdict().unmeasured
    with pytest.raises(DesignError, match="-1 cold runs"):
        trial(BOTH, workload, data=sales, cold=-1)


def test_the_bytes_of_each_index_and_the_price_of_writing_are_told(sales: Tables) -> None:
    workload = {"read": "SELECT count(*) FROM sales", "write": "UPDATE sales SET qty = qty + 1 WHERE order_id = 5"}
    designs = {"plain": SALES, "indexed": indexed(SALES, {"sales": ["city", "qty"]})}
    found = trial(designs, workload, data=sales, engines=["sqlite"], repeats=3)
    plain, more = (dict(load.indexes) for load in found.loads)
    assert set(more) - set(plain) == {"sales_city_idx", "sales_qty_idx"}
    assert all(number >= 4096 for number in more.values())
    grown = found.loads[1].bytes[0][1] - found.loads[0].bytes[0][1]
    assert grown == more["sales_city_idx"] + more["sales_qty_idx"]
    standing = found.verdict().standings[1]
    comparison = next(one for one in found.comparisons() if one.query == "write")
    assert standing.writes == pytest.approx(comparison.ratio)


def test_rows_that_are_read_are_told_and_compared(sales: Tables) -> None:
    workload = {
        "one": "SELECT * FROM sales WHERE qty = 3",
        "title": "SELECT title FROM sales WHERE product_id = 7 LIMIT 1",
    }
    found = trial(BOTH, workload, data=sales, engines=["duckdb", "sqlite"], repeats=1)
    read = {(one.candidate, one.engine, one.query): one.read for one in found.measurements}
    assert read["one table", "duckdb", "one"] == 600
    assert read["3NF", "duckdb", "one"] == 600 + 200 + 40 + 25
    assert read["one table", "sqlite", "one"] is None  # it has no words for it


def test_what_is_kept_is_not_written_over(sales: Tables, tmp_path: Path) -> None:
    path = tmp_path / "trial.json"
    found = trial(BOTH, WORKLOAD, data=sales, engines=["sqlite"], repeats=1, keep=path)
    assert read_trial(path).measurements == found.measurements
    assert not read_trial(path).interrupted
    with pytest.raises(OutputExists):
        trial(BOTH, WORKLOAD, data=sales, engines=["sqlite"], repeats=1, keep=path)


@dataclass
class Mortal:
    """DuckDB, but it dies at the third answer of the candidate that has four tables."""

    name: str = "mortal"
    dialect: str = "duckdb"
    error: type[Exception] = EngineDied
    asked: int = 0

    @contextmanager
    def session(self, folder: Path) -> Iterator[Any]:
        with DUCKDB.session(folder) as session:
            run = session.run

            def dying(sql: str, **options: Any) -> Any:
                if len(session.statistics()) > 1:
                    self.asked += 1
                    if self.asked >= 3:
                        raise self.error("the server closed the connection")
                return run(sql, **options)

            session.run = dying  # type: ignore[method-assign]
            yield session


@pytest.mark.parametrize("error", [EngineDied, RuntimeError])
def test_an_engine_that_dies_midway_leaves_what_was_measured(sales: Tables, error: type[Exception]) -> None:
    mortal = Mortal(error=error)
    found = trial(BOTH, WORKLOAD, data=sales, repeats=1, engines=["sqlite", mortal])
    failed = [(f.candidate, f.engine, f.query, f.stage) for f in found.failures]
    assert failed[0] == ("3NF", "mortal", "by month", "answer")
    assert len(failed) == (1 if error is EngineDied else 2)  # the dead are not asked again
    assert len([m for m in found.measurements if m.engine == "sqlite"]) == 8
    assert len([m for m in found.measurements if m.engine == "mortal"]) == 4 + 2
    assert not bool(found)


def test_an_engine_that_cannot_start_or_load_is_kept_as_a_failure(
    sales: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Absent:
        name, dialect = "absent", "duckdb"

        def session(self, folder: Path) -> Any:
            raise EngineError(f"no server answers at {folder.name[:0]}localhost", engine="absent")

    found = trial({"one table": SALES}, WORKLOAD, data=sales, repeats=1, engines=[Absent(), "duckdb"])
    assert [(f.engine, f.stage) for f in found.failures] == [("absent", "start")]
    assert len(found.measurements) == 4
    keyed = replace(SALES, keys=relation("k(city)\n key city").keys)
    found = trial({"wrong key": keyed}, WORKLOAD, data=sales, repeats=1, reference=SALES)
    assert [(f.engine, f.stage) for f in found.failures] == [("duckdb", "load"), ("sqlite", "load")]
    assert not any("free some" in failure.message for failure in found.failures)
    monkeypatch.setattr("dbworkbench.data.scratch._LITTLE", 1 << 62)
    found = trial({"wrong key": keyed}, WORKLOAD, data=sales, repeats=1, reference=SALES)
    assert all(f"MB are free in {tempfile.gettempdir()}" in failure.message for failure in found.failures)


def test_ctrl_c_raises_with_the_partial_trial_and_leaves_nothing(sales: Tables) -> None:
    def stop(what: str, share: float) -> None:
        del share
        if what.startswith("by month"):
            raise KeyboardInterrupt

    with pytest.raises(Stopped) as caught:
        trial(BOTH, WORKLOAD, data=sales, repeats=1, progress=stop)
    partial = caught.value.trial
    assert partial.interrupted
    assert not bool(partial)
    assert {m.query for m in partial.measurements} == {"revenue by city", "one order"}


ENDLESS = """
import sys
from dbworkbench.schema.notation import relation
from dbworkbench.trials.trial import Stopped, trial
from dbworkbench.data.tables import Tables
tables = Tables()
tables.connection.execute("CREATE TABLE t AS SELECT i::INTEGER AS i FROM range(3000) AS r(i)")
try:
    trial({"t": relation("t(i: integer)")},
          {"quick": "SELECT count(*) FROM t",
           "endless": "SELECT count(*) FROM t a, t b, t c WHERE a.i + b.i * c.i = -1"},
          data=tables, engines=[sys.argv[1]], repeats=1, deadline=60, keep=sys.argv[2],
          progress=lambda what, share: print(what, flush=True))
except Stopped as stopped:
    print("stopped with", len(stopped.trial.measurements), flush=True)
"""


@pytest.mark.parametrize(
    ("engine", "kill"),
    [
        *[(engine, kill) for engine in ("sqlite", "duckdb") for kill in (signal.SIGINT, signal.SIGKILL)],
        pytest.param("postgresql", signal.SIGKILL, marks=pytest.mark.postgresql),
        pytest.param("mariadb", signal.SIGKILL, marks=pytest.mark.mariadb),
    ],
)
def test_a_trial_stopped_from_outside_leaves_no_scratch_data(
    tmp_path_factory: pytest.TempPathFactory, engine: str, kill: signal.Signals
) -> None:
    with tempfile.TemporaryDirectory(prefix="dbw-") as short:  # the path of a server's socket is to be a short one
        stopped(Path(short), tmp_path_factory.mktemp("kept") / "kept.json", engine, kill)


def stopped(tmp_path: Path, kept: Path, engine: str, kill: signal.Signals) -> None:
    tmp_path.chmod(0o755)  # a server may run as a user of its own
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", ENDLESS, engine, str(kept)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("endless"):
                break
        process.send_signal(kill)
        said = process.stdout.read()
        process.wait(timeout=30)
    partial = read_trial(kept)
    assert [(one.query, len(one.seconds)) for one in partial.measurements] == [("quick", 1)]
    assert [one.engine for one in partial.loads] == [engine]
    assert not partial
    if kill is signal.SIGINT:
        assert "stopped before it was complete" in partial.interrupted
        assert "stopped with" in said
        assert not list(tmp_path.glob(PREFIX + "*"))
        return
    assert "ended from outside" in partial.interrupted
    assert list(tmp_path.glob(PREFIX + "*"))
    sweep = "from dbworkbench.data.scratch import sweep; print(len(sweep()))"
    subprocess.run([sys.executable, "-c", sweep], env=environment, check=True, timeout=30)
    assert not list(tmp_path.glob("dbworkbench-*"))


def test_a_reference_of_several_relations(sales: Tables) -> None:
    del sales
    design = schema(
        """
        customers(id: integer, name: text)
          key id
        orders(id: integer, customer: integer, total: decimal(8,2))
          key id
          customer references customers(id)
        """
    )
    wide = candidate(
        schema("orders(id: integer, customer: integer, name: text, total: decimal(8,2))\n key id"),
        load={"orders": "SELECT o.id, customer, name, total FROM orders o JOIN customers c ON c.id = customer"},
        views={
            "customers": "SELECT DISTINCT customer AS id, name FROM orders",
            "orders": "SELECT id, customer, total FROM orders",
        },
    )
    with Tables() as tables:
        tables.connection.execute(
            "CREATE TABLE customers AS SELECT * FROM (VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Zoe')) v(id, name)"
        )
        tables.connection.execute(
            "CREATE TABLE orders AS SELECT * FROM (VALUES (1, 1, 2.50), (2, 1, 3.25), (3, 2, 1)) v(id, customer, total)"
        )
        workload = {
            "spent": "SELECT name, sum(total) FROM customers c JOIN orders o ON c.id = o.customer GROUP BY name",
            "all": "SELECT name FROM customers",
        }
        found = trial({"3NF": design, "wide": wide}, workload, data=tables, repeats=1)
    assert [(d.candidate, d.subject, d.engine, d.query, d.missing_rows) for d in found.differences] == [
        ("wide", "customers", "", "", ((3, "Zoe"),)),  # customers without orders: the deletion anomaly
        ("wide", "", "duckdb", "all", (("Zoe",),)),
        ("wide", "", "sqlite", "all", (("Zoe",),)),
    ]
    assert found.failures == ()


@pytest.mark.parametrize(
    ("candidates", "options", "error", "message"),
    [
        ({}, {}, DesignError, "needs a candidate"),
        ({"a": SALES, "b": relation("other(x)")}, {}, DesignError, "say which is meant with reference="),
        ({"a": "sales(a)"}, {}, Unsupported, "which is no design"),
        ({"a": SALES, "b": "sales(a)"}, {}, Unsupported, "which is no design"),
        ({"a": SALES}, {"engines": []}, DesignError, "needs an engine"),
        ({"a": SALES}, {"engines": ["duckdb", "duckdb"]}, DesignError, "named twice"),
        ({"a": SALES}, {"engines": ["duckbd"]}, UnknownName, "did you mean 'duckdb'"),
        ({"a": SALES}, {"rows": 0}, DesignError, "at least one row"),
        ({"a": SALES}, {"repeats": 0}, DesignError, "at least one round"),
        ({"a": SALES}, {"deadline": 0}, DesignError, "leaves no time"),
        (
            {"a": candidate(SALES, sql={"revnue by city": "SELECT 1"})},
            {"reference": SALES},
            UnknownName,
            "did you mean 'revenue by city'",
        ),
        ({"a": candidate(SHOP, views={"sles": "SELECT 1"})}, {"reference": SALES}, UnknownName, "did you mean 'sales'"),
        (
            {"a": candidate(SHOP.schema, load={n: f"SELECT * FROM {n}" for n in SHOP.schema.names})},
            {"reference": SALES},
            Unsupported,
            "add views=",
        ),
        ({"a": SALES}, {"data": pd.DataFrame({"city": ["x"]})}, DataError, "lacks 'order_id'"),
        (
            {"a": candidate(SALES, load={"sales": "SELECT nothing FROM sales"})},
            {"reference": SALES},
            DesignError,
            "cannot be made",
        ),
        (
            {"a": candidate(SALES, views={"sales": "SELECT nothing FROM sales"})},
            {"reference": SALES},
            DesignError,
            "cannot be asked",
        ),
    ],
)
def test_what_does_not_fit_is_refused(
    sales: Tables, candidates: Any, options: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        trial(candidates, WORKLOAD, **{"data": sales, **options})


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["x", "y'", 'é"', ""]), st.integers(-5, 5)),
        min_size=1,
        max_size=25,
    )
)
def test_whatever_the_rows_parts_and_whole_answer_alike(rows: list[tuple[int, str, int]]) -> None:
    design = relation("facts(id: integer, team: integer?, label: text?, n: integer)\n id -> team, n\n team -> label")
    labels = {team: label for team, label, _ in rows}
    frame = pd.DataFrame(
        {
            "id": range(len(rows)),
            "team": pd.array([team or None for team, _, _ in rows], dtype="Int64"),
            "label": [labels[team] if team else None for team, _, _ in rows],
            "n": [n for _, _, n in rows],
        }
    )
    workload = "SELECT * FROM facts; SELECT label, sum(n), count(*) FROM facts GROUP BY label"
    assert trial({"wide": design, "3NF": normalize(design)}, workload, data=frame, repeats=1)


def test_data_without_the_relation_are_refused() -> None:
    with Tables() as empty, pytest.raises(DataError, match="no table 'sales'"):
        trial({"a": SALES}, WORKLOAD, data=empty)


def test_deadlines_are_timeouts() -> None:
    assert issubclass(DeadlineExceeded, TimeoutError)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql() as running:
        yield f"postgresql://{running.user}@/postgres?unix_sock={quote(running.socket, safe='')}"


@pytest.mark.postgresql
def test_postgresql_answers_as_the_others_do(sales: Tables, server: str) -> None:
    found = trial(BOTH, WORKLOAD, data=sales, repeats=2, engines=["duckdb", server])
    assert bool(found)
    assert found.engines == ("duckdb", "postgresql")
    assert dict(found.settings)["postgresql version"].startswith("18")
    assert all(m.plan is not None and m.plan.roots for m in found.measurements)
    load = found.load("3NF", "postgresql")
    assert load is not None
    assert dict(load.rows)["customers"] == 40
    assert load.total_bytes > 0


@pytest.mark.postgresql
def test_a_server_is_started_and_ended_where_none_is_given(
    sales: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    found = trial(BOTH, WORKLOAD, data=sales, repeats=1, engines=["postgresql"])
    assert bool(found)
    assert not list(tmp_path.glob(PREFIX + "*"))


@pytest.mark.postgresql
def test_a_server_killed_midway_leaves_what_was_measured(
    sales: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def kill(what: str, share: float) -> None:
        del share
        if what == "by month on postgresql":
            (noted,) = tmp_path.glob("*/postgresql/postmaster.pid")
            os.kill(int(noted.read_text("utf-8").split()[0]), signal.SIGQUIT)
            time.sleep(0.5)

    found = trial(BOTH, WORKLOAD, data=sales, repeats=1, engines=["postgresql", "sqlite"], progress=kill)
    assert [(f.candidate, f.engine, f.query) for f in found.failures] == [
        ("one table", "postgresql", "by month"),
        ("3NF", "postgresql", "by month"),
    ]
    assert len([m for m in found.measurements if m.engine == "postgresql"]) == 4
    assert len([m for m in found.measurements if m.engine == "sqlite"]) == 8
    assert not list(tmp_path.glob(PREFIX + "*"))


@pytest.mark.postgresql
def test_names_of_any_spelling_are_asked_for_on_every_engine(server: str) -> None:
    design = relation(
        """
        "Order Lines"("Order": integer, "user": text, "Größe; \'x\'": integer, UPPER: text, "select": date, index: integer)
          "Order" -> "user"
          "user" -> UPPER
          "Order" -> "Größe; \'x\'", "select", index
        """
    )
    workload = """
    -- name: some
    SELECT "user", upper AS "Up", "select" + INTERVAL 1 DAY AS later FROM "order lines" WHERE "GRÖSSE; 'x'" > 0 OR "order" > 0;
    -- name: star
    SELECT * FROM "Order Lines" AS "user";
    -- name: counted
    SELECT upper, sum(index) AS "group" FROM "Order Lines" GROUP BY ALL;
    """.replace("GRÖSSE", "Größe")
    found = trial(
        {"wide": design, "3NF": normalize(design)}, workload, rows=60, repeats=1, engines=["duckdb", "sqlite", server]
    )
    assert found.failures == ()
    assert found.differences == ()


@pytest.mark.postgresql
def test_references_in_a_cycle_are_loaded_where_an_engine_can(server: str) -> None:
    design = schema(
        """
        a(id: integer, b: integer?)
          key id
          b references b(id)
        b(id: integer, a: integer?)
          key id
          a references a(id)
        """
    )
    query = "SELECT count(*) AS n FROM a JOIN b ON a.b = b.id"
    assert trial({"cycle": design}, query, rows=40, repeats=1, engines=["duckdb", "sqlite", server])


@pytest.mark.postgresql
def test_values_of_every_type_are_told_alike(server: str) -> None:
    design = relation(
        """t(id: integer, a: text?, b: decimal(10,2)?, ts: timestamp?, tz: timestamptz?, f: double?, ok: boolean?, u: uuid?,
             j: json?, tm: time?, iv: interval?)
           key id"""
    )
    workload = """
    SELECT * FROM t; SELECT ok, count(*) AS n FROM t GROUP BY ok; SELECT max(tz), min(ts), max(tm) FROM t;
    SELECT b * 2 AS b, f / 3 AS f FROM t; SELECT date_trunc('month', ts) AS m, count(*) AS n FROM t GROUP BY 1;
    SELECT iv, tm, ts, a FROM t
    """
    assert trial({"t": design}, workload, rows=300, repeats=1, engines=["duckdb", "sqlite", server])

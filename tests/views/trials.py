"""Trials made by hand, so that what they show is the same on every machine."""

from dataclasses import replace

from dbworkbench.schema.schema import Schema
from dbworkbench.sql.workload import read_workload
from dbworkbench.trials.anomalies import Anomaly
from dbworkbench.trials.candidate import candidate
from dbworkbench.trials.growth import Growth, grown
from dbworkbench.trials.history import Since
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.pressure import Flow, Pressure
from dbworkbench.trials.record import Difference, Failure, LoadResult, Trial
from tests.views.designs import SALES, normalized

WORKLOAD = read_workload("""
-- name: revenue by city  weight: 5
SELECT city, sum(price * qty) FROM sales GROUP BY city;
-- name: one order
SELECT * FROM sales WHERE order_id = '17';
-- name: how many lines
SELECT count(*) FROM sales;
""")
_FACTORS = {"revenue by city": 2.4, "one order": 0.55, "how many lines": 1.01}
_SHAKE = (1.0, 1.03, 0.98, 1.01, 0.99, 1.02, 0.97, 1.0, 1.04, 0.99)


def _measured(name: str, engine: str, query: str, factor: float, own: int) -> Measurement:
    base = {"revenue by city": 0.0123, "one order": 0.00042, "how many lines": 0.0011}[query] * (
        3 if engine == "sqlite" else 1
    )
    turned = _SHAKE[own:] + _SHAKE[:own]
    seconds = tuple(base * factor * shake for shake in turned)
    said = f"SELECT '{query}'"
    rewritten, read = name == "3NF" and query == "revenue by city", 20_000 + 900 * own if engine == "duckdb" else None
    cold = tuple(20 * each for each in seconds[:3]) if engine == "sqlite" else ()
    cpu = tuple(2 * each for each in seconds)
    return Measurement(name, engine, query, seconds, cpu, 12, said, rewritten=rewritten, read=read, cold=cold)


def good() -> Trial:
    """Two candidates that answer alike: one is faster here, the other there."""
    candidates = (candidate(SALES, name="one table"), candidate(normalized(), name="3NF"))
    engines = ("duckdb", "sqlite")
    measurements = tuple(
        _measured(name, engine, query, factor, own)
        for query, ratio in _FACTORS.items()
        for engine in engines
        for own, (name, factor) in enumerate((("one table", 1.0), ("3NF", ratio)))
    )
    loads = tuple(
        load
        for engine, share in (("duckdb", 1.0), ("sqlite", 1.4))
        for load in (
            LoadResult("one table", engine, (("sales", 20_000),), (("sales", int(1_400_000 * share)),), 0.21 * share, 0.4),
            LoadResult(
                "3NF",
                engine,
                (("customers", 900), ("orders", 7_000), ("products", 300), ("sales", 20_000)),
                (("", 4096), ("customers", 30_000), ("orders", 200_000), ("products", 12_000), ("sales", int(600_000 * share))),
                0.17 * share,
                0.3,
                (("sqlite_autoindex_sales_1", 180_000),) if engine == "sqlite" else (),
            ),
        )
    )  # fmt: skip
    return Trial(
        candidates,
        engines,
        WORKLOAD,
        Schema((SALES,)),
        (("sales", 20_000),),
        7,
        measurements,
        loads,
        settings=(("machine", "Linux x86_64, 2 cores"), ("duckdb version", "2.0.0")),
    )


def later() -> Since:
    """The same on another day: one query takes three times as long in 3NF, its plan is another, and the disk is fuller."""
    trial = good()
    place = ("3NF", "sqlite", "one order")
    measurements = tuple(
        replace(
            one,
            seconds=tuple(3 * each for each in one.seconds),
            cpu=tuple(3 * each for each in one.cpu),
            sql="SELECT 1",
        )
        if (one.candidate, one.engine, one.query) == place
        else one
        for one in trial.measurements[:-1]
    )
    load, *loads = trial.loads
    heavier = replace(load, bytes=(("sales", 2_800_000),))
    settings = (("machine", "Linux x86_64, 8 cores"), ("duckdb version", "2.0.0"))
    return replace(trial, measurements=measurements, loads=(heavier, *loads), settings=settings).since(trial)


def bad() -> Trial:
    """A candidate with a wrong answer, a tie, lost facts, a failure, and a trial that was stopped."""
    whole = good()
    wrong = ("3NF", "duckdb", "revenue by city")
    kept = [
        replace(one, agrees=False) if (one.candidate, one.engine, one.query) == wrong else one
        for one in whole.measurements
        if (one.engine, one.query) != ("sqlite", "one order")
    ]
    rows = (("Oslo", None), ("<script>", 3.5))
    return replace(
        whole,
        measurements=tuple(kept),
        loads=whole.loads[:3],
        differences=(
            Difference("3NF", "duckdb", "revenue by city", "", "the reference", 2, 1, ("city", "sum"), rows, (("Rome", 1),)),
            Difference("3NF", "sqlite", "how many lines", "", "the reference", 1, 1, ("n",), ((1,),), ((2,),), tied=True),
            Difference("3NF", "", "", "sales", "the reference", 1, 0, ("order_id", "line_no"), ((1, 2),), ()),
        ),
        failures=(
            Failure("3NF", "sqlite", "one order", "measure", "sqlite: took longer than 30 s — in: SELECT 1"),
            Failure("", "postgresql", "", "start", "postgresql: no server"),
        ),
        interrupted="stopped before it was complete",
    )  # fmt: skip


ANOMALIES = (Anomaly("one table", "sales", "customer_id → city", 900, 20_000, 61), Anomaly("3NF", "", "zip → city"))

PRESSURE = Pressure(
    200.0,
    5.0,
    4,
    (
        Flow(
            "one table", "duckdb", 1_000, tuple(sorted(0.001 * (1 + at % 97) for at in range(970))) + (0.2,) * 30, 199.2
        ),
        Flow("3NF", "duckdb", 1_000, (0.4, 0.5, 3.25), 0.61, 997),
        Flow("3NF", "sqlite", 1_000, (), 0.0, 1_000),
    ),
)


def growing() -> Growth:
    """The same at three sizes: one candidate grows with the rows, the other does not."""

    def sized(rows: int) -> Trial:
        made = good()
        scaled = tuple(
            replace(
                one, seconds=tuple(second * (rows / 20_000 if one.candidate == "3NF" else 1) for second in one.seconds)
            )
            for one in made.measurements
        )
        return replace(made, measurements=scaled, rows=(("sales", rows),))

    return grown([sized(rows) for rows in (2_000, 20_000, 200_000)])

import pytest

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.notation import relation, schema
from dbworkbench.sql.workload import Query, Workload
from dbworkbench.trials.candidate import candidate, own_name
from dbworkbench.trials.growth import grown, growth
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.record import Trial


def sized(rows: int, times: dict[str, float]) -> Trial:
    measured = tuple(Measurement(name, "duckdb", "q", (t, t, t), (), 1, "") for name, t in times.items())
    design = schema("t(a)")
    ones = tuple(own_name(candidate(design), name) for name in times)
    return Trial(ones, ("duckdb",), Workload((Query("q", "SELECT 1"),)), design, (("t", rows),), 0, measured)


def test_growth_is_fitted_and_the_crossing_found() -> None:
    found = grown([sized(n, {"scan": 1e-6 * n, "seek": 0.01, "worse": 2e-6 * n}) for n in (1_000, 10_000, 100_000)])
    fits = {fit.candidate: fit for fit in found.fits}
    assert fits["scan"].exponent == pytest.approx(1)
    assert fits["seek"].exponent == pytest.approx(0, abs=1e-9)
    assert fits["scan"].seconds(50_000) == pytest.approx(0.05)
    assert fits["scan"].spread == pytest.approx(1)
    assert [(c.before, c.after, c.rows, c.measured) for c in found.crossings] == [
        ("scan", "seek", 10_000, True),
        ("worse", "seek", 5_000, True),
    ]


def test_a_crossing_beyond_the_sizes_is_marked_and_one_far_beyond_is_not_told() -> None:
    near = grown([sized(n, {"scan": 1e-6 * n, "seek": 0.5}) for n in (1_000, 100_000)])
    assert [(c.rows, c.measured) for c in near.crossings] == [(500_000, False)]
    far = grown([sized(n, {"scan": 1e-6 * n, "seek": 5.0}) for n in (1_000, 100_000)])
    assert far.crossings == ()


def test_growths_that_are_hardly_known_do_not_cross() -> None:
    times = {1_000: (1.0, 1.02), 10_000: (3.0, 2.6), 100_000: (5.0, 5.1)}
    assert grown([sized(n, {"a": a, "b": b}) for n, (a, b) in times.items()]).crossings == ()


def test_a_design_is_measured_at_every_size() -> None:
    design = relation("t(id: integer, team: integer, lead: text)\n id -> team\n team -> lead")
    found = growth(
        {"one": design, "3NF": normalize(design)},
        "SELECT lead, count(*) FROM t GROUP BY lead",
        rows=(300, 50),
        repeats=1,
    )
    assert found.sizes == (50, 300)
    assert len(found.fits) == 4
    assert all(found.trials)


def test_what_growth_needs_is_said() -> None:
    design = relation("t(id: integer)")
    with pytest.raises(DesignError, match="at least two sizes"):
        growth({"t": design}, "SELECT 1 FROM t", rows=[5, 5])
    with pytest.raises(DesignError, match="leave data out"):
        growth({"t": design}, "SELECT 1 FROM t", data=None)


def test_a_size_may_say_how_many_rows_each_relation_has() -> None:
    design = schema(
        """
        teams(*team: integer)
        people(*id: integer, team: integer -> teams)
        """
    )
    query = {"all": "SELECT count(*) AS n FROM people"}
    sizes = [{"people": 90, "teams": 2}, {"people": 30}]
    found = growth({"one": design}, query, rows=sizes, reference=design, engines=["duckdb"], repeats=1)
    assert [dict(one.rows) for one in found.trials] == [{"people": 30, "teams": 3}, {"people": 90, "teams": 2}]
    assert found.sizes == (30, 90)
    with pytest.raises(DesignError, match="at least two sizes"):
        growth({"one": design}, query, rows=[{"people": 30}, {"people": 30, "teams": 2}])
    with pytest.raises(DesignError, match=r"at least one row, not \{'people': 0\}"):
        growth({"one": design}, query, rows=[{"people": 0}, 5])
    with pytest.raises(UnknownName, match="no relation called 'peple' — did you mean 'people'"):
        growth({"one": design}, query, rows=[{"peple": 3}, 5], reference=design)

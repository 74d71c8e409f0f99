"""Growth plots and plan trees: what they say and that they hold together, whatever they are given."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from dbworkbench.engines.engine import Plan, Step
from dbworkbench.page.plain import plain
from dbworkbench.schema.notation import relation
from dbworkbench.trials.growth import Growth, grown
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.record import Trial
from dbworkbench.trials.trial import conducted
from dbworkbench.views.describe import describe
from dbworkbench.views.growing import growth_plot
from dbworkbench.views.plans import plan_trees

SALES = relation("sales(*id: integer, city: text)")
WORKLOAD = {"flat <1>": "SELECT 1 AS one FROM sales", "steep": "SELECT count(*) AS n FROM sales"}
SCAN = Step("SEQ_SCAN", 'Table: "0".main.sales; Type: <Sequential>', 1_000)
FLAT = Plan("duckdb", (Step("HASH_GROUP_BY", "Groups: #0", 10, (SCAN,)),))
JOINED = Plan("duckdb", (Step("HASH_GROUP_BY", "", 10, (Step("HASH_JOIN", "", 990, (SCAN, SCAN)),)),))


def measured(rows: int, steep: float) -> Trial:
    blank = conducted({"a": SALES, "b": SALES}, WORKLOAD, rows=rows, engines=["duckdb"]).result()
    seconds = {("a", "flat <1>"): 0.01, ("b", "flat <1>"): 0.01, ("a", "steep"): rows * 1e-6, ("b", "steep"): steep}
    runs = tuple(
        Measurement(candidate, "duckdb", query, (time,) * 5, (), 1, "SELECT 1")
        for (candidate, query), time in seconds.items()
    )
    return Trial(
        blank.candidates, ("duckdb",), blank.workload, blank.reference, (("sales", rows),), 0, measurements=runs
    )


@pytest.fixture(scope="module")
def growth() -> Growth:
    return grown([measured(size, 0.003) for size in (1_000, 10_000, 100_000)])


def texts(svg: str) -> list[str]:
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314  our own


def test_a_growth_plot_has_a_panel_for_each_query_and_a_mark_for_each_time(growth: Growth) -> None:
    svg = growth_plot(growth, "duckdb", "Seconds by rows")
    assert {"flat <1>", "steep", "1k", "10k", "100k", "10 ms", "a", "b"} <= set(texts(svg))
    assert svg.count("<circle") == 2 * 3 + 1  # a circle for each size and query, and one in the legend
    assert "nan" not in svg.casefold()
    assert svg == growth_plot(growth, "duckdb", "Seconds by rows")


def test_the_size_at_which_the_faster_changes_is_told_and_drawn(growth: Growth) -> None:
    (crossing,) = growth.crossings
    assert crossing.query == "steep"
    assert crossing.rows == pytest.approx(3_000, rel=0.02)
    assert "from about 3,0" in plain(describe(growth))


def test_plans_stand_side_by_side_with_what_one_has_more_tinted() -> None:
    svg = plan_trees([("one table", FLAT), ("parts", JOINED)], "Plans")
    said = texts(svg)
    assert said.count("HASH_GROUP_BY") == 2
    assert said.count("SEQ_SCAN") == 3
    assert "sales; Type: <Sequential>" in said
    assert len(re.findall(r'<rect[^>]*rx="3"[^>]*#fbe9d7', svg)) == 2  # the join, and the second scan


def test_a_plan_of_many_operators_is_cut_and_says_so() -> None:
    deep = Step("LEAF")
    for _ in range(80):
        deep = Step("FILTER", "x" * 500, 3, (deep,))
    svg = plan_trees([("deep", Plan("duckdb", (deep,)))], "Plans")
    assert "… and 21 more" in texts(svg)
    ET.fromstring(svg)  # noqa: S314  our own


def test_what_is_not_sure_yet_is_told_apart_from_what_is_even() -> None:
    found = measured(10_000, 0.003)
    times = {"a": (0.20, 0.20, 0.20), "b": (0.266, 0.30, 0.338)}
    runs = tuple(
        replace(one, seconds=times[one.candidate] if one.query == "steep" else (0.1, 0.1, 0.1))
        for one in found.measurements
    )
    said = " ".join(str(replace(found, measurements=runs)).split())
    assert "“steep” took too few rounds to be sure (it looks 1.50 times slower)" in said
    assert "slower?" in said
    assert "no difference that counts was found between b and a for “flat <1>”" in said

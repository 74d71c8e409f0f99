"""How values look: golden text, bounds on what is shown, hostile names, and what showing imports."""

import importlib
import pkgutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd
import pytest

import dbworkbench
from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import Plan, Step
from dbworkbench.page.blocks import Code, Figure, Heading, Items, Notice, Page, Prose, Table
from dbworkbench.page.html import fragment
from dbworkbench.page.plain import plain
from dbworkbench.schema.analysis import analyze
from dbworkbench.schema.loss import Loss, Read, Written
from dbworkbench.schema.normalization import normalize
from dbworkbench.schema.relation import Relation
from dbworkbench.shown import Shown
from dbworkbench.sql.workload import read_workload
from dbworkbench.theory.alternatives import alternatives
from dbworkbench.theory.anomalies import anomalies
from dbworkbench.theory.chase import lossless_join
from dbworkbench.theory.covers import reduction
from dbworkbench.theory.decomposition import decompose_bcnf
from dbworkbench.theory.dependencies import FD, JD, MVD
from dbworkbench.theory.derivation import derive
from dbworkbench.theory.instance import Instance
from dbworkbench.theory.verdict import Verdict
from dbworkbench.theory.what_if import what_if
from dbworkbench.trials.measure import Measurement
from dbworkbench.views.bundle import bundle, text
from dbworkbench.views.describe import describe, view_of
from tests.views import trials
from tests.views.designs import ADDRESSES, HOSTILE, SALES, SHOP, large_schema, many_keys, normalized, wide


def _tables() -> Tables:
    tables = Tables()
    tables.connection.execute(
        "CREATE TABLE lines AS SELECT range AS n, DATE '2024-02-29' AS day, NULL AS nothing, 'a|b' AS \"unit price\" "
        "FROM range(1000)"
    )
    tables.connection.execute("CREATE TABLE empty (a INTEGER)")
    return tables


ADDING = [FD.parse("a -> b"), FD.parse("b -> c")]
ZIPS = [FD.parse("id -> zip"), FD.parse("zip -> city")]
PLAN = Plan("duckdb", (Step("JOIN", "a = b", 12_000, (Step("SCAN", "orders", 10), Step("SCAN", "customers"))),))
WORKLOAD = """
-- name: revenue by city  weight: 5
SELECT city, sum(price * qty) FROM sales GROUP BY city;
SELECT count(*) FROM sales;
-- engine: sqlite
SELECT count(1) FROM sales;
"""


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("relation", lambda: SALES),
        ("schema", lambda: SHOP),
        ("analysis", lambda: analyze(SALES)),
        ("analysis_of_overlapping_keys", lambda: analyze(ADDRESSES)),
        ("normalization", normalized),
        ("normalization_that_loses_a_dependency", lambda: normalize(ADDRESSES, to="BCNF")),
        ("decomposition", lambda: decompose_bcnf(ADDRESSES.names, ADDRESSES.fds)),
        ("lossy_join", lambda: lossless_join(["ab", "ac"], [FD.parse("b -> c")])),
        ("join_by_a_join_dependency", lambda: lossless_join(["ab", "bc"], [MVD.parse("b ->> a"), JD.parse("join[ab, bc]")])),
        ("proof", lambda: derive(FD.parse("a -> c"), [FD.parse("a -> b"), FD.parse("b -> c")])),
        ("instance", lambda: Instance(("a", "b"), ((1, None), ("x", 2.5)))),
        ("reduction", lambda: reduction([FD.parse("a -> b"), FD.parse("a, c -> b"), FD.parse("b -> b")])),
        ("alternatives", lambda: alternatives(ADDRESSES.names, ADDRESSES.fds)),
        ("what_if", lambda: what_if("abc", ADDING, drop=ADDING[1:])),
        ("anomalies", lambda: [block for one in anomalies(["id", "city", "zip"], ZIPS) for block in describe(one)]),
        ("tables", _tables),
        ("trial", trials.good),
        ("trial_with_everything_wrong", trials.bad),
        ("candidate", lambda: trials.good().candidates[1]),
        ("measurement", lambda: trials.good().measurements[0]),
        ("load", lambda: trials.good().loads[1]),
        ("since", trials.later),
        ("ruling", lambda: replace(trials.good(), anomalies=trials.ANOMALIES).verdict()),
        ("growth", trials.growing),
        ("pressure", lambda: trials.PRESSURE),
        ("plan", lambda: PLAN),
        ("workload", lambda: read_workload(WORKLOAD)),
        ("written", lambda: Written("SELECT 1;\n", (Loss("orders.placed", "time zone", "written as TEXT"),), "sqlite")),
        ("read", lambda: Read(SHOP, (Loss("orders", "trigger", "left out"),))),
    ],
)  # fmt: skip
def test_values_look_as_they_did(name: str, make: Callable[[], object], golden: Callable[[str, str], None]) -> None:
    golden(f"{name}.txt", plain(describe(make())) + "\n")


def test_every_value_that_is_shown_has_a_view() -> None:
    modules = (found.name for found in pkgutil.walk_packages(dbworkbench.__path__, "dbworkbench."))
    values = [
        value
        for module in modules
        if not module.endswith("__main__")
        for value in vars(importlib.import_module(module)).values()
        if isinstance(value, type) and issubclass(value, Shown) and value is not Shown
    ]
    assert len(values) > 20
    assert [f"{value.__module__}.{value.__qualname__}" for value in values if not _described(value)] == []


def _described(kind: type) -> bool:
    view = view_of(kind.__module__)
    if view:
        importlib.import_module(view)
    return describe.dispatch(kind) is not describe.dispatch(object)


def test_a_bundle_has_every_form() -> None:
    forms = bundle(SALES)
    assert set(forms) == {"text/html", "text/markdown", "text/plain"}
    assert forms["text/plain"] == str(SALES) == text(SALES)
    assert SALES._repr_mimebundle_() == forms


def test_one_picture_is_also_its_svg() -> None:
    picture = Figure("<svg/>", "words", text="outline")
    assert bundle((picture,))["image/svg+xml"] == "<svg/>"
    assert "image/svg+xml" not in bundle((picture, picture))
    assert "base64" not in bundle((picture,))["text/markdown"]


def test_a_diagram_is_one_picture_with_words() -> None:
    from dbworkbench.diagram.erd import erd  # noqa: PLC0415  the layout engine is heavy

    page = describe(erd(SHOP))
    [figure] = page
    assert isinstance(figure, Figure)
    assert figure.svg.startswith("<svg")
    assert figure.alt
    assert "customers" in figure.text
    assert "image/svg+xml" in bundle(erd(SHOP))


@pytest.mark.parametrize(
    ("value", "page"),
    [
        (None, ()),
        ("a sentence", (Prose("a sentence"),)),
        ((Heading("x"), Prose("y")), (Heading("x"), Prose("y"))),
        (frozenset({"b", "a"}), (Prose("{a, b}"),)),
        (frozenset(), ()),
        ((FD.parse("a -> b"), FD.parse("b -> c")), (Items(("a → b", "b → c")),)),
        ([{"a": 1}, {"a": None, "b": "x"}], (Table(("a", "b"), (("1", ""), ("NULL", "x"))),)),
        ({"a": 1}, (Table(("name", "value"), (("a", "1"),)),)),
        (FD.parse("b, a -> c"), (Prose("a, b → c"),)),
        (Verdict(True, "it holds", "because"), (Notice("It holds.", "good"), Prose("because"))),
        (12, (Code("12"),)),
    ],
    ids=repr,
)
def test_small_values(value: object, page: Page) -> None:
    assert describe(value) == page


def test_what_nobody_described_shows_its_repr() -> None:
    @dataclass(frozen=True)
    class Stranger(Shown):
        name: str = "x"

    assert "Stranger(name='x')" in text(Stranger())
    assert len(text(["x" * 100_000])) < 1000
    assert len(text(dict.fromkeys(range(10_000), "y" * 1000))) < 50_000


def test_frames_show_their_first_rows_and_columns() -> None:
    frame = pd.DataFrame({f"c{n}": range(500) for n in range(50)})
    shown = text(frame)
    assert "500 rows × 50 columns" in shown
    assert isinstance(first := describe(frame)[0], Table)
    assert first.header[-1] == "… 20 more"
    assert shown.count("\n") < 50  # twenty rows twice: the columns that do not stand beside one another go on below
    assert max(map(len, shown.split("\n"))) <= 100
    mixed = pd.DataFrame(
        {"a": [1.5, None], "b": ["x", None], "c": [pd.Timestamp("2024-01-01"), pd.NaT], "d": [True, False]}
    )
    [table] = describe(mixed)
    assert isinstance(table, Table)
    assert table.rows == (("1.5", "x", "2024-01-01", "True"), ("NULL", "NULL", "NULL", "False"))
    assert table.align == "rlll"
    assert describe(pd.DataFrame()) == (Table((), ()),)
    fragment(describe(pd.DataFrame()))
    plain(describe(pd.DataFrame()))


@pytest.mark.parametrize(
    "make",
    [lambda: wide(300), lambda: many_keys(12), lambda: large_schema(400), lambda: analyze(wide(300)), lambda: analyze(many_keys(8))],
    ids=["300 attributes", "4096 keys", "400 relations", "analysis of 300", "analysis of 256 keys"],
)  # fmt: skip
def test_large_designs_show_at_once_and_in_bounds(make: Callable[[], object]) -> None:
    value = make()
    start = time.perf_counter()
    forms = bundle(value)
    assert time.perf_counter() - start < 2
    assert len(forms["text/html"]) < 600_000
    assert len(forms["text/plain"]) < 60_000


@pytest.mark.parametrize("make", [lambda: HOSTILE, lambda: analyze(HOSTILE), lambda: normalize(HOSTILE)])
def test_hostile_names_are_only_text(make: Callable[[], object]) -> None:
    forms = bundle(make())
    assert "<script" not in forms["text/html"]
    assert "<img" not in forms["text/html"]
    assert "\x1b" not in forms["text/plain"]
    assert "\u202e" not in "".join(forms.values())


def test_showing_a_relation_loads_no_third_party_package() -> None:
    code = (
        "import sys, dbworkbench as wb\n"
        "str(wb.relation('r(a, b) \\n a -> b')); wb.relation('r(a)')._repr_mimebundle_()\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'duckdb', 'pandas', 'networkx', 'sqlglot', 'pygraphviz'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_relation_with_nothing_declared_says_so() -> None:
    assert "No key or dependency is declared" in text(Relation("r", SALES.attributes))


def test_a_ratio_of_cpu_times_says_so_and_stands_beside_its_own_medians() -> None:
    disturbed = {"one table": (1, 3, 1, 2, 1, 4, 1, 2, 1, 5), "3NF": (3, 1, 4, 1, 1, 2, 1, 1, 5, 1)}
    worked = {"one table": 9e-3, "3NF": 12e-3}

    def busy(one: Measurement) -> Measurement:
        if (one.query, one.engine) != ("revenue by city", "duckdb"):
            return one
        wall = tuple(12.3e-3 * times for times in disturbed[one.candidate])
        return replace(one, seconds=wall, cpu=tuple(worked[one.candidate] * (1 + 1e-3 * at) for at in range(10)))

    quiet = trials.good()
    assert "CPU time" not in text(quiet)
    shown = plain(describe(replace(quiet, measurements=tuple(map(busy, quiet.measurements)))), width=160)
    (row,) = (line for line in shown.split("\n") if "by CPU" in line and "revenue" in line)
    assert "CPU 9.04 ms" in row
    assert "CPU 12.1 ms" in row
    assert "1.33 (1.33–1.33) slower, by CPU" in row
    assert shown.count("slower, by CPU") == 1
    assert "A ratio “by CPU” compares CPU time" in shown


def test_relations_that_a_trial_does_not_name_are_counted() -> None:
    rows = tuple((f"r{number}", 1000 * number) for number in range(1, 10))
    shown = text(replace(trials.good(), rows=rows))
    assert "6,000 rows of r6 and 24,000 rows of 3 more relations)" in " ".join(shown.split())
    assert "6,000 rows of r6 and 7,000 rows of r7)" in " ".join(text(replace(trials.good(), rows=rows[:7])).split())

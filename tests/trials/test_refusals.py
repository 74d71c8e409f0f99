"""What a trial refuses before anything runs: SQL that does more than it may, and arguments of the wrong kind."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.engines.duckdb import DuckDBSession
from dbworkbench.engines.engine import Timing
from dbworkbench.errors import DataError, DesignError, Unsupported, WorkloadError
from dbworkbench.population.populate import populate
from dbworkbench.schema.notation import relation
from dbworkbench.sql.workload import Query, Workload
from dbworkbench.trials.candidate import candidate
from dbworkbench.trials.record import Difference
from dbworkbench.trials.trial import Stopped, trial
from dbworkbench.views.bundle import text as shown

R = relation("r(a: integer, b: integer)\n a -> b")
QUERY = {"x": "SELECT a FROM r"}


def rows() -> Tables:
    tables = Tables()
    tables.connection.execute("CREATE TABLE r AS SELECT i::INTEGER AS a, (i * 7 % 5)::INTEGER AS b FROM range(20) t(i)")
    return tables


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"sql": {"x": "DELETE FROM r"}}, "query 'x': its own SQL in 'c': .*it writes"),
        ({"sql": {"x": "SELECT 1; DELETE FROM r"}}, "'x'.*own SQL in 'c'.*one statement is wanted here, not 2"),
        ({"sql": {"x": "COPY (SELECT 1) TO '{path}'"}}, "query 'x', line 1, column 1: .*'c': 'COPY' starts no query"),
        ({"sql": {"x": "SELECT * FROM read_text('{path}')"}}, r"'x'.*'c': read_text\(\) reaches beyond"),
        ({"sql": {"x": "SELECT * FROM '{path}'"}}, "'x'.*'c'.*files are not read"),
        ({"sql": {"x": "SELECT * FROM other"}}, "'x'.*'c': no relation called 'other'"),
        ({"load": {"r": "COPY (SELECT 1) TO '{path}'"}}, "the rows of 'r' in 'c': 'COPY' starts no query"),
        ({"load": {"r": "SELECT * FROM read_csv('{path}')"}}, r"the rows of 'r' in 'c': read_csv\(\) reaches"),
        ({"load": {"r": "SELECT * FROM nowhere"}}, "the rows of 'r' in 'c': no relation called 'nowhere'"),
        ({"views": {"r": "SELECT 1) AS x; COPY (SELECT 1) TO '{path}'; --"}}, "the view of 'r' in 'c'"),
        ({"views": {"r": "DELETE FROM r"}}, "the view of 'r' in 'c': .*it writes"),
    ],
)
def test_a_candidates_sql_is_read_before_anything_runs(tmp_path: Path, given: Any, message: str) -> None:
    path = tmp_path / "made.csv"
    texts: dict[str, Any] = {
        kind: {name: text.format(path=path) for name, text in found.items()} for kind, found in given.items()
    }
    with rows() as tables:
        with pytest.raises(WorkloadError, match=message):
            trial({"c": candidate(R, **texts)}, QUERY, data=tables, reference=R, repeats=1, engines=["duckdb"])
        assert tables.rows("r") == 20
    assert not path.exists()


def test_own_sql_of_a_change_writes_in_as_many_statements_as_it_needs() -> None:
    change = {"x": "UPDATE r SET b = 9 WHERE a = 3"}
    own = candidate(R, sql={"x": "DELETE FROM r WHERE a = 3; INSERT INTO r VALUES (3, 9)"})
    with rows() as tables:
        found = trial({"one": R, "own": own}, change, data=tables, repeats=1, engines=["duckdb"])
        assert not found.differences
        assert not found.failures
        with pytest.raises(WorkloadError, match=r"query 'x'.*'c'.*it reads"):
            trial({"c": candidate(R, sql={"x": "SELECT 1"})}, change, data=tables, reference=R)


@pytest.mark.parametrize(
    "query",
    [
        Query("x", "DELETE FROM r"),
        Query("x", "SELECT 1; DELETE FROM r"),
        Query("x", "SELECT a FROM r", own=(("duckdb", "DELETE FROM r"),)),
        Query("x", "SELECT a FROM r", own=(("duckdb", "SELECT * FROM 'x.csv'"),)),
    ],
)
def test_a_workload_made_by_hand_is_held_to_its_kind(query: Query) -> None:
    with rows() as tables, pytest.raises(WorkloadError, match="query 'x'"):
        trial({"r": R}, Workload((query,)), data=tables, repeats=1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": 2.5}, r"rows=2\.5 is no whole number"),
        ({"rows": "50"}, "rows='50' is no whole number"),
        ({"rows": True}, "rows=True is no whole number"),
        ({"seed": "x"}, "seed='x' is no whole number"),
        ({"repeats": 1.5}, r"repeats=1\.5 is no whole number"),
        ({"deadline": "3"}, "deadline='3' is no number"),
        ({"budget": None}, "budget=None is no number"),
        ({"tolerance": "x"}, "tolerance='x' is no number"),
        ({"deadline": float("nan")}, "leaves no time"),
    ],
)
def test_numbers_of_the_wrong_kind_are_named(options: Any, message: str) -> None:
    with pytest.raises(DesignError, match=message):
        trial({"r": R}, QUERY, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rows": 2.5}, r"rows=2\.5 is no whole number"),
        ({"rows": "50"}, "rows='50' is no whole number"),
        ({"rows": {"r": "x"}}, "rows of 'r'='x' is no whole number"),
        ({"seed": "x"}, "seed='x' is no whole number"),
        ({"seed": 1.0}, r"seed=1\.0 is no whole number"),
    ],
)
def test_populating_names_them_too(options: Any, message: str) -> None:
    with pytest.raises(DesignError, match=message):
        populate(R, **options)


def test_a_number_is_no_design() -> None:
    with pytest.raises(Unsupported, match="the candidate 'a' is 5, which is no design"):
        trial({"a": 5}, QUERY)  # type: ignore[dict-item]
    with pytest.raises(DesignError, match="a mapping of names to designs"):
        trial([R], QUERY)  # type: ignore[arg-type]


def test_one_engine_may_be_named_alone() -> None:
    with rows() as tables:
        assert trial({"r": R}, QUERY, data=tables, engines="duckdb", repeats=1).engines == ("duckdb",)


def test_exact_numbers_are_compared_exactly() -> None:
    design = relation("r(a: integer, p: decimal(18,2))\n a -> p")
    wrong = candidate(design, views={"r": "SELECT a, (p + 0.01)::DECIMAL(18,2) AS p FROM r"})
    with Tables() as tables:
        tables.connection.execute("CREATE TABLE r AS SELECT 1::INTEGER AS a, 12345678901234.56::DECIMAL(18,2) AS p")
        found = trial({"r": design, "wrong": wrong}, {"x": "SELECT * FROM r"}, data=tables, engines="duckdb", repeats=1)
    assert [(one.candidate, one.query) for one in found.differences] == [("wrong", ""), ("wrong", "x")]


def test_ctrl_c_amid_the_rounds_of_a_query_keeps_and_marks_them(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, asked = DuckDBSession.clock, 0

    def stopping(self: DuckDBSession, sql: str, **options: Any) -> Timing:
        nonlocal asked
        asked += 1
        if asked == 150:
            raise KeyboardInterrupt
        return Timing(1.0, clock(self, sql, **options).cpu)

    monkeypatch.setattr(DuckDBSession, "clock", stopping)
    with rows() as tables, pytest.raises(Stopped) as caught:
        trial({"r": R, "s": candidate(R)}, QUERY, data=tables, engines="duckdb", repeats=10_000)
    partial = caught.value.trial
    assert partial.interrupted
    assert [(one.candidate, one.stopped) for one in partial.measurements] == [("r", True), ("s", True)]
    assert len({len(one.seconds) for one in partial.measurements}) == 1
    assert len(partial.measurements[0].seconds) > 50
    assert len(partial.comparisons()) == 1


PRICED = relation("r(a: integer, p: decimal(6,2), t: text?, d: date?)\n a -> p, t, d")


@pytest.mark.parametrize(
    ("values", "message", "broken"),
    [
        ("(1, 1.5, 'x', NULL), (1, 2.5, 'x', NULL)", "a.* does not hold in r: ", None),
        ("(1, NULL, 'x', NULL), (2, 2.5, 'x', NULL)", "The attribute p is unknown in 1 row of r", 1),
        ("(1, '1.5', 'x', NULL)", r"column 'p'.*holds text \(varchar\), but decimal\(6, 2\) is declared", 1),
        ("(1, 1.5, 7, NULL)", r"column 't'.*holds numbers \(integer\), but text is declared", 1),
        ("(1, 1.5, 'x', '2024-01-01')", r"column 'd'.*holds text \(varchar\), but date is declared", 1),
        ("(1, 1, 'x', NULL), (2, 123456.5, 'x', NULL)", r"that decimal\(6, 2\) has no room for, such as 123456\.5", 1),
        ("(3000000000, 1, 'x', NULL)", "that integer has no room for, such as 3000000000", 1),
    ],
)
def test_data_that_break_the_reference_are_refused_with_their_rows(
    values: str, message: str, broken: int | None
) -> None:
    with Tables() as tables:
        tables.connection.execute(f"CREATE TABLE r AS SELECT * FROM (VALUES {values}) v(a, p, t, d)")
        with pytest.raises(DataError, match=message) as caught:
            trial({"r": PRICED}, QUERY, data=tables)
    assert len(caught.value.rows) == broken if broken else caught.value.rows


@pytest.mark.parametrize(
    ("query", "own", "misplaced"),
    [
        ("SELECT a, b FROM r ORDER BY b DESC, a", "SELECT a, b FROM r ORDER BY b, a", 16),
        ("SELECT a, b FROM r ORDER BY b DESC, a", "SELECT a, b FROM r ORDER BY b DESC, a DESC", 20),
        ("SELECT a, b FROM r ORDER BY b DESC", "SELECT a, b FROM r ORDER BY b DESC, a DESC", 0),
        ("SELECT a, b FROM r", "SELECT a, b FROM r ORDER BY a DESC", 0),
        (
            "SELECT b AS c, count(*) FROM r GROUP BY b ORDER BY 1",
            "SELECT b, count(*) FROM r GROUP BY b ORDER BY 1 DESC",
            4,
        ),
        ("SELECT a FROM r ORDER BY b, a", "SELECT a FROM r ORDER BY a", 18),
        (
            "SELECT a, b FROM r ORDER BY a LIMIT 5",
            "SELECT * FROM (SELECT a, b FROM r ORDER BY a LIMIT 5) ORDER BY a DESC",
            4,
        ),
        ("SELECT r.a + 1, b FROM r ORDER BY r.a + 1", "SELECT a + 1, b FROM r ORDER BY a DESC", 20),
        ("SELECT * FROM r ORDER BY ALL", "SELECT * FROM r ORDER BY a DESC", 20),
    ],
)
def test_a_wrong_order_is_a_difference_up_to_ties(query: str, own: str, misplaced: int) -> None:
    with rows() as tables:
        found = trial({"r": R, "own": candidate(R, sql={"x": own})}, {"x": query}, data=tables, repeats=1)
    told = [(one.candidate, one.engine, one.misplaced, one.missing, one.tied) for one in found.differences]
    wrong = [("own", engine, misplaced, 0, False) for engine in ("duckdb", "sqlite")] if misplaced else []
    assert told == wrong
    assert bool(found) is not bool(misplaced)
    assert ("out of place" in shown(found)) is bool(misplaced)


def test_what_a_limit_leaves_open_is_not_said_to_be_alike() -> None:
    tied = Difference("s", "duckdb", "x", "", "the reference", 1, 1, ("a",), ((1,),), ((2,),), tied=True)
    with rows() as tables:
        found = trial({"r": R}, {**QUERY, "y": "SELECT b FROM r"}, data=tables, engines="duckdb", repeats=1)
    said = " ".join(shown(replace(found, differences=(tied,))).split())
    assert "answered 1 query alike on duckdb, 1 left open by its LIMIT" in said
    assert "answered 2 queries alike on duckdb." in " ".join(shown(found).split())

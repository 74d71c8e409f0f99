"""The 22 questions of TPC-H on the relations as they are, as a star and as one wide table, in two engines."""

from pathlib import Path

import pytest

import dbworkbench as wb
from dbworkbench.data.tables import Tables

SAMPLES = Path(__file__).parents[2] / "sample_data"
SCHEMA = wb.schema((SAMPLES / "tpch.txt").read_text(encoding="utf-8"))
LOST = {"q13 orders per customer", "q22 global sales opportunity"}  # they ask for customers without orders


@pytest.fixture(scope="module")
def tables() -> Tables:
    return wb.tpch(0.001)


def asked(tables: Tables, query: str) -> list[tuple[object, ...]]:
    return tables.connection.execute(query).fetchall()


def test_rows_obey_the_keys_and_references(tables: Tables) -> None:
    assert wb.check(tables, SCHEMA)
    assert {name: tables.rows(name) for name in ("region", "nation", "part", "partsupp", "customer", "orders")} == {
        "region": 5,
        "nation": 25,
        "part": 200,
        "partsupp": 800,
        "customer": 1500,
        "orders": 1500,
    }


@pytest.mark.parametrize(
    "rule",
    [
        "SELECT count(*) FROM lineitem WHERE l_receiptdate <= l_shipdate OR l_discount NOT BETWEEN 0 AND 0.1",
        "SELECT count(*) FROM lineitem WHERE (l_returnflag = 'N') <> (l_receiptdate > DATE '1995-06-17')",
        "SELECT count(*) FROM lineitem JOIN part ON p_partkey = l_partkey WHERE l_extendedprice <> l_quantity * p_retailprice",
        "SELECT count(*) FROM orders WHERE o_custkey % 3 = 0 OR o_orderkey % 32 NOT BETWEEN 1 AND 8",
        "SELECT count(*) FROM orders WHERE o_orderdate NOT BETWEEN DATE '1992-01-01' AND DATE '1998-08-02'",
        "SELECT count(*) FROM lineitem JOIN orders ON o_orderkey = l_orderkey WHERE l_shipdate - o_orderdate NOT BETWEEN 1 AND 121",
        "SELECT count(*) FROM customer WHERE c_phone[:2]::INTEGER <> c_nationkey + 10",
        "SELECT count(*) FROM part WHERE len(list_distinct(string_split(p_name, ' '))) <> 5",
        "SELECT count(*) FROM partsupp WHERE length(ps_comment) NOT BETWEEN 49 AND 198",
        """SELECT count(*) FROM (SELECT o_totalprice, sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS price
           FROM orders JOIN lineitem ON l_orderkey = o_orderkey GROUP BY o_orderkey, o_totalprice)
           WHERE abs(o_totalprice - price) > 0.01""",
    ],
)
def test_no_row_breaks_what_the_benchmark_defines(tables: Tables, rule: str) -> None:
    assert asked(tables, rule) == [(0,)]


def test_the_same_scale_and_seed_give_the_same_rows(tables: Tables) -> None:
    told = "SELECT bit_xor(hash(COLUMNS(*)::VARCHAR)) FROM lineitem"
    with wb.tpch(0.001) as again, wb.tpch(0.001, seed=1) as other:
        again.connection.execute("SET threads = 1")
        assert asked(again, told) == asked(tables, told) != asked(other, told)


def test_no_rows_are_refused() -> None:
    with pytest.raises(wb.WorkbenchError, match="a scale of 0 makes no rows"):
        wb.tpch(0)


@pytest.mark.parametrize("engines", [["duckdb"], ["postgresql"]])
def test_every_candidate_answers_all_that_it_can_hold(tables: Tables, engines: list[str]) -> None:
    star, wide = wb.star(SCHEMA, fact="lineitem"), wb.denormalize(SCHEMA, into="lineitem")
    assert "customer that no orders refer to" in star.cannot_hold
    candidates = {"as defined": SCHEMA, "star": star, "wide": wide}
    found = wb.trial(candidates, SAMPLES / "tpch.sql", data=tables, reference=SCHEMA, engines=engines, repeats=1)
    assert not found.failures
    assert {(one.candidate, one.query) for one in found.measurements} == {
        (candidate, query) for candidate in candidates for query in found.queries
    }
    wrong = {(one.candidate, one.query) for one in found.measurements if not one.agrees}
    assert wrong == {(candidate, query) for candidate in ("star", "wide") for query in LOST}
    assert {(one.candidate, one.subject) for one in found.differences if not one.query} == {
        ("star", "customer"),
        ("wide", "customer"),
    }
    assert sum(one.rewritten for one in found.measurements if one.candidate == "wide") >= 18
    assert sum(one.rewritten for one in found.measurements if one.candidate == "star") >= 16

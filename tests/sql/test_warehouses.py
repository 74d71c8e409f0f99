"""What warehouses have of their own: types within types, keys that refuse nothing, checks that refuse what is unknown."""

import pytest

from dbworkbench.schema.relation import Attribute, Relation
from dbworkbench.schema.types import Native
from dbworkbench.sql.alike import differences
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.nested import is_nested
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from tests.sql.conftest import Scratch, loaded

NESTED = {
    "bigquery": [
        "ARRAY<INT64>", "ARRAY<STRUCT<sku STRING, qty INT64>>", "STRUCT<street STRING, zip STRING(5)>", "RANGE<DATE>",
        "STRUCT<`a b` ARRAY<NUMERIC>, c STRUCT<d BOOL>>",
    ],
    "databricks": ["ARRAY<INT>", "MAP<STRING, INT>", "STRUCT<a: INT, b: ARRAY<STRING>>", "ARRAY<DECIMAL(9,2)>"],
    "clickhouse": [
        "Array(Int32)", "Array(Array(Nullable(String)))", "Map(String, UInt8)", "Tuple(a Int32, b String)", "Tuple(UInt8, String)",
        "Nested(k String, v Int32)", "AggregateFunction(sum, UInt64)", "SimpleAggregateFunction(max, UInt64)", "Int256", "IPv4",
        "Array(LowCardinality(String))", "Map(String, Array(Decimal(9, 2)))", "Array(Enum8('a' = 1, 'b' = 2))",
    ],
    "duckdb": [
        "STRUCT(a INTEGER, b VARCHAR)", "MAP(VARCHAR, INTEGER)", "UNION(n INTEGER, s VARCHAR)", "STRUCT(a INTEGER, b VARCHAR)[]",
        'STRUCT("a b" DECIMAL(9,2), c STRUCT(d DATE))', "MAP(VARCHAR, INTEGER[])",
    ],
    "snowflake": ["ARRAY(INT)", "MAP(VARCHAR, INT)", "VECTOR(FLOAT, 3)", "ARRAY(NUMBER(9,2))"],
}  # fmt: skip
CASES = [(dialect, text) for dialect, texts in NESTED.items() for text in texts]


def of(dialect: str, text: str) -> str:
    options = " ENGINE = MergeTree ORDER BY id" if dialect == "clickhouse" else ""
    whole = {"bigquery": "INT64", "clickhouse": "Int32"}.get(dialect, "INTEGER")
    return f"CREATE TABLE t (id {whole} NOT NULL, a {text}){options};"


@pytest.mark.parametrize(("dialect", "text"), CASES)
def test_types_within_types_are_written_again_for_their_engine(dialect: str, text: str, scratch: Scratch) -> None:
    design = read(of(dialect, text), dialect).schema
    written = write(design, dialect)
    assert "".join(text.split()).casefold() in "".join(written.text.split()).casefold()
    assert not [loss for loss in written.losses if loss.subject == "t.a"]
    assert differences(design, read(written.text, dialect).schema) == ()
    for other in set(DIALECTS) - {dialect}:
        there = write(design, other)
        assert [loss for loss in there.losses if loss.subject == "t.a"] or is_nested(text, other) or "[]" in text
    if dialect in {"clickhouse", "duckdb"}:
        with scratch(dialect) as run:
            loaded(run, statements(design, dialect))


@pytest.mark.parametrize(
    "text",
    ["ARRAY<INT64>); DROP TABLE t; --", "STRUCT<a INT64", "ARRAY<INT64>>", "ARRAY<>", "ARRAY<'x'; y>", "STRUCT<a -- >", "ARRAY<INT64> x",
     "ARRAY(INT64)x(", "SELECT<INT64>", "ARRAY<nosuch>", "", "<INT64>", "STRUCT(a INTEGER), b INTEGER", "STRUCT(a \\)", "Array(Int32) y ()"],
)  # fmt: skip
def test_what_is_no_type_is_not_written_as_one(text: str) -> None:
    for dialect in DIALECTS:
        assert not is_nested(text, dialect) or text.count("(") + text.count("<") == 1
        if text:
            written = write(Relation("t", (Attribute("a", Native(text), nullable=True),)), dialect)
            assert "DROP" not in written.text
            assert len(read(written.text, dialect).schema["t"].attributes) == 1


def test_nothing_of_clickhouse_that_cannot_be_unknown_is_made_so(scratch: Scratch) -> None:
    design = Relation(
        "t", (Attribute("a", Native("Array(Int32)"), nullable=True), Attribute("b", Native("Int256"), nullable=True))
    )
    written = write(design, "clickhouse")
    assert [str(loss) for loss in written.losses if loss.subject == "t.a"] == [
        "t.a: the type Array(Int32), of which no value is unknown — written as String"
    ]
    with scratch("clickhouse") as run:
        loaded(run, [one for one in written.text.split(";\n") if one.strip()])


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        (
            "clickhouse",
            "CREATE TABLE t (a Int32, b Nullable(String), CONSTRAINT c CHECK b != 'x', CONSTRAINT d CHECK a > 0) ENGINE = MergeTree ORDER BY a",
        ),
        (
            "databricks",
            "CREATE TABLE t (a INT NOT NULL, b STRING, CONSTRAINT c CHECK (b <> 'x'), CONSTRAINT d CHECK (a > 0))",
        ),
    ],
)
def test_a_check_that_refuses_what_is_unknown_says_so(dialect: str, text: str, scratch: Scratch) -> None:
    design = read(text, dialect).schema
    assert [check.expression for check in design["t"].checks] == ["COALESCE(b <> 'x', FALSE)", "a > 0"]
    assert differences(design, read(write(design, dialect).text, dialect).schema) == ()
    with scratch("sqlite") as run:
        loaded(run, statements(design, "sqlite"))
        run("INSERT INTO t VALUES (1, 'y')")
        with pytest.raises(Exception, match="CHECK"):
            run("INSERT INTO t VALUES (2, NULL)")
    if dialect == "clickhouse":
        with scratch(dialect) as run:
            loaded(run, statements(design, dialect))
            run("INSERT INTO t VALUES (1, 'y')")
            with pytest.raises(RuntimeError, match="onstraint"):
                run("INSERT INTO t VALUES (2, NULL)")


def test_a_check_that_lets_the_unknown_pass_stays_one() -> None:
    text = "CREATE TABLE t (b Nullable(String), CONSTRAINT c CHECK ifNull(b != 'x', true)) ENGINE = MergeTree ORDER BY tuple()"
    (check,) = read(text, "clickhouse").schema["t"].checks
    assert check.expression == "b <> 'x'"


def test_what_clickhouse_sorts_by_is_told_to_refuse_nothing() -> None:
    found = read("CREATE TABLE t (a Int32, b Int32) ENGINE = ReplacingMergeTree ORDER BY (a, b)", "clickhouse")
    assert [str(loss) for loss in found.losses] == [
        "t: the sorting key (a, b), of which equal rows are not refused — read as a key",
        "t: ENGINE = ReplacingMergeTree — not read",
    ]


def test_parts_by_what_clickhouse_computes_are_kept(scratch: Scratch) -> None:
    text = "CREATE TABLE t (a Int32, d Date) ENGINE = MergeTree PARTITION BY (toYYYYMM(d), a % 8) ORDER BY a"
    for clause, said in (
        ("(toYYYYMM(d), cityHash64(a) % 8)", '(toYYYYMM("d"), cityHash64("a") % 8)'),
        ("toYYYYMM(d)", 'toYYYYMM("d")'),
    ):
        design = read(text.replace("(toYYYYMM(d), a % 8)", clause), "clickhouse").schema
        written = write(design, "clickhouse")
        assert said in written.text
        assert differences(design, read(written.text, "clickhouse").schema) == ()
        assert [loss for loss in write(design, "postgresql").losses if "partitioning" in loss.subject]
        with scratch("clickhouse") as run:
            loaded(run, statements(design, "clickhouse"))

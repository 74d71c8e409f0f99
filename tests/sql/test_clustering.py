"""The order that rows are kept in: read and written in each engine's words, an index or a loss elsewhere."""

from dataclasses import replace

import pytest

from dbworkbench.engines.reflect import reflected
from dbworkbench.schema.relation import Attribute, Index, Key, Part, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Date, Integer, Json, Text
from dbworkbench.sql.alike import differences
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from tests.scratch import SCHEMA_OF, Scratch
from tests.sql.laws import unsaid


def ordered(*on: str | Part, keys: tuple[Key, ...] = (), name: str = "", **more: object) -> Schema:
    attributes = (
        Attribute("a", Integer()),
        Attribute("b", Date()),
        Attribute("said", Text(20), nullable=True),
        Attribute("kind", Text(9)),
        Attribute("j", Json(), nullable=True),
        *(Attribute(letter, Integer()) for letter in "cdef"),
    )
    index = Index(on, method="cluster", name=name, **more)  # type: ignore[arg-type]
    return Schema((Relation("t", attributes, keys, indexes=(index,)),))


@pytest.mark.parametrize(
    ("dialect", "text", "on"),
    [
        ("snowflake", "CREATE TABLE t (a INT, b DATE) CLUSTER BY (b, a) COMMENT = 'x'", ("b", "a")),
        ("snowflake", "CREATE TABLE t (a INT, b VARCHAR) CLUSTER BY LINEAR(lower(b))", (Part(expression="LOWER(b)"),)),
        ("snowflake", "CREATE TABLE t (a INT, b DATE); ALTER TABLE t CLUSTER BY (b)", ("b",)),
        ("snowflake", "CREATE TABLE t (a INT) CLUSTER BY (a); ALTER TABLE t DROP CLUSTERING KEY", None),
        (
            "bigquery",
            "CREATE TABLE t (a INT64, b DATE) PARTITION BY b CLUSTER BY a, b OPTIONS(description='x')",
            ("a", "b"),
        ),
        ("databricks", "CREATE TABLE t (a INT, b DATE) USING DELTA CLUSTER BY (a) COMMENT 'x'", ("a",)),
        ("databricks", "CREATE TABLE t (a INT) CLUSTER BY NONE", None),
        ("databricks", "CREATE TABLE t (a INT) CLUSTER BY (a); ALTER TABLE t CLUSTER BY NONE", None),
        ("redshift", "CREATE TABLE t (a int sortkey, b date) DISTSTYLE AUTO", ("a",)),
        ("redshift", "CREATE TABLE t (a int, b date) COMPOUND SORTKEY (b, a)", ("b", "a")),
        ("redshift", "CREATE TABLE t (a int, b date); ALTER TABLE t ALTER COMPOUND SORTKEY (b)", ("b",)),
        ("sqlserver", "CREATE TABLE t (a int); CREATE CLUSTERED INDEX i ON t (a DESC)", (Part("a", descending=True),)),
        ("sqlserver", "CREATE TABLE t (a int PRIMARY KEY NONCLUSTERED, b int, INDEX i CLUSTERED (b))", ("b",)),
        ("sqlserver", "CREATE TABLE t (a int PRIMARY KEY NONCLUSTERED, b int UNIQUE CLUSTERED)", ("b",)),
        ("sqlserver", "CREATE TABLE t (a int, b int, PRIMARY KEY NONCLUSTERED (a), UNIQUE CLUSTERED (b))", ("b",)),
        ("sqlserver", "CREATE TABLE t (a int, b int, CONSTRAINT p PRIMARY KEY CLUSTERED (a ASC))", None),
        (
            "sqlserver",
            "CREATE TABLE t (a int PRIMARY KEY CLUSTERED, b int); CREATE NONCLUSTERED INDEX i ON t (b)",
            None,
        ),
        (
            "clickhouse",
            "CREATE TABLE t (a Int8, b Int8) ENGINE = MergeTree PRIMARY KEY (a) ORDER BY (a, b)",
            ("a", "b"),
        ),
        ("clickhouse", "CREATE TABLE t (a Int8, b Int8) ENGINE = MergeTree ORDER BY (a, b) PRIMARY KEY a", ("a", "b")),
        ("clickhouse", "CREATE TABLE t (a Int8, b Int8, PRIMARY KEY a) ENGINE = MergeTree ORDER BY (a, b)", ("a", "b")),
        ("clickhouse", "CREATE TABLE t (a Int8, b Int8) ENGINE = MergeTree ORDER BY (a, b)", None),  # which is its key
        ("clickhouse", "CREATE TABLE t (a Int8) ENGINE = MergeTree PRIMARY KEY a ORDER BY a", None),
        ("clickhouse", "CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY tuple()", None),
    ],
)
def test_the_order_of_rows_is_read(dialect: str, text: str, on: tuple[str | Part, ...] | None) -> None:
    found = read(text, dialect)
    assert [loss for loss in found.losses if "the sorting key" not in loss.feature] == []
    ordering = [index for index in found.schema["t"].indexes if index.method == "cluster"]
    assert [index.on for index in ordering] == ([on] if on else [])


def test_clickhouse_has_a_key_that_is_the_beginning_of_its_order() -> None:
    both = read("CREATE TABLE t (a Int8, b Int8) ENGINE = MergeTree PRIMARY KEY a ORDER BY (a, b)", "clickhouse").schema
    only = read("CREATE TABLE t (a Int8, b Int8) ENGINE = MergeTree ORDER BY (a, b)", "clickhouse").schema
    assert [key.attributes for key in both["t"].keys] == [("a",)]
    assert [key.attributes for key in only["t"].keys] == [("a", "b")]


@pytest.mark.parametrize(
    ("dialect", "text", "told"),
    [
        (
            "clickhouse",
            "CREATE TABLE t (a Int8) ENGINE = MergeTree ORDER BY (a, nosuch(a, {x:Int8}))",
            "order of its rows",
        ),
        (
            "clickhouse",
            "CREATE TABLE t (a Int8) ENGINE = MergeTree PRIMARY KEY lower(a) ORDER BY lower(a)",
            "a primary key by",
        ),
        ("redshift", "CREATE TABLE t (a int, b int) INTERLEAVED SORTKEY (a, b)", "sorted by turns"),
        ("sqlserver", "CREATE TABLE t (a int, PRIMARY KEY NONCLUSTERED (a))", "t: the key (a): NONCLUSTERED"),
    ],
)
def test_an_order_that_is_not_read_is_told(dialect: str, text: str, told: str) -> None:
    assert told in "\n".join(map(str, read(text, dialect).losses))


@pytest.mark.parametrize(
    ("dialect", "clause"),
    [
        ("snowflake", 'CLUSTER BY ("b", "a")'),
        ("bigquery", "CLUSTER BY `b`, `a`"),
        ("databricks", "CLUSTER BY (`b`, `a`)"),
        ("redshift", 'SORTKEY ("b", "a")'),
        ("clickhouse", 'PRIMARY KEY tuple()\nORDER BY ("b", "a")'),
    ],
)
def test_the_order_of_rows_is_written_and_comes_back(dialect: str, clause: str) -> None:
    design = ordered("b", "a")
    written = write(design, dialect)
    assert clause in written.text
    assert not [loss for loss in written.losses if "cluster" in str(loss)]
    assert read(written.text, dialect).schema["t"].indexes == design["t"].indexes


@pytest.mark.parametrize("dialect", ["postgresql", "duckdb", "sqlite", "mysql", "mariadb", "oracle", "cockroachdb"])
def test_elsewhere_it_is_an_index(dialect: str) -> None:
    written = write(ordered("b", "a"), dialect)
    assert "t: the index (b, a): the method cluster — written without" in map(str, written.losses)
    assert [index.attributes for index in read(written.text, dialect).schema["t"].indexes] == [("b", "a")]


@pytest.mark.parametrize(
    ("dialect", "design", "told"),
    [
        ("bigquery", ordered(*"acdef"), "BigQuery takes 4 attributes"),
        ("bigquery", ordered("j"), "j is json"),
        ("databricks", ordered(Part(expression="lower(said)")), "it is by lower(said)"),
        ("clickhouse", ordered("said"), "said may be NULL"),
        ("clickhouse", ordered(Part(expression="lower(said)")), "said may be NULL"),
        ("clickhouse", ordered("b", keys=(Key(("a",)),)), "the primary key is no beginning of it"),
        ("snowflake", ordered("a", where="a > 1"), "it is of some rows only"),
        ("snowflake", ordered(Part("a", descending=True)), "the order of an index"),
        ("snowflake", ordered("a", name="mine"), "an order has none"),
    ],
)
def test_what_an_engine_does_not_keep_in_order_is_told(dialect: str, design: Schema, told: str) -> None:
    assert told in "\n".join(map(str, write(design, dialect).losses))


@pytest.mark.parametrize(
    ("design", "clauses"),
    [
        (
            ordered("b", "a", keys=(Key(("a",)),)),
            ("PRIMARY KEY NONCLUSTERED ([a])", "CREATE CLUSTERED INDEX [t_b_a_idx] ON [t] ([b], [a])"),
        ),
        (
            ordered("b", keys=(Key(("a",)), Key(("b",)))),
            ("PRIMARY KEY NONCLUSTERED ([a])", "UNIQUE CLUSTERED ([b])"),
        ),
        (
            ordered(Part("b", descending=True), keys=(Key(("a",)),), unique=True, name="mine"),
            ("PRIMARY KEY NONCLUSTERED ([a])", "CREATE UNIQUE CLUSTERED INDEX [mine] ON [t] ([b] DESC)"),
        ),
    ],
)
def test_sql_server_keeps_rows_in_the_order_of_an_index(design: Schema, clauses: tuple[str, ...]) -> None:
    written = write(design, "sqlserver")
    assert all(clause in written.text for clause in clauses), written.text
    assert written.losses == ()
    found = read(written.text, "sqlserver")
    assert found.losses == ()
    assert [replace(index, name="") for index in found.schema["t"].indexes] == [
        replace(index, name="") for index in design["t"].indexes
    ]
    assert found.schema["t"].keys == design["t"].keys


def test_sql_server_keeps_rows_in_one_order() -> None:
    design = ordered("b", keys=(Key(("a",)),))
    relation = design["t"]
    twice = Schema((replace(relation, indexes=(*relation.indexes, Index(("c",), method="cluster"))),))
    assert "t: the index (c): the method cluster: the rows are in the order of another one — written without" in map(
        str, write(twice, "sqlserver").losses
    )
    same = write(ordered("a", keys=(Key(("a",)),)), "sqlserver")
    assert "CLUSTERED" not in same.text  # a primary key is clustered without a word
    assert [loss.instead for loss in same.losses] == ["the key has one"]


@pytest.mark.parametrize("on", ["a", Part("a", descending=True), Part("a", nulls="first")])
def test_the_order_of_a_key_is_said_by_the_key(on: str | Part) -> None:
    design = ordered(on, keys=(Key(("a",)),), name="mine")
    written = write(design, "clickhouse")
    assert 'ORDER BY ("a")' in written.text
    assert f"t: the index ({on}): an index on the columns of a key — the key has one" in map(str, written.losses)
    assert unsaid(design, "clickhouse") == []


def test_clickhouse_keeps_rows_as_it_is_told(scratch: Scratch) -> None:
    lowered = Part(expression='lower("kind")')
    for design in (
        ordered("b", "a"),
        ordered("a", "b", keys=(Key(("a",)),)),
        ordered("a", lowered, keys=(Key(("a",)),)),
    ):
        carried = read(write(design, "clickhouse").text, "clickhouse").schema
        with scratch("clickhouse") as run:
            for statement in statements(design, "clickhouse"):
                run(statement)
            assert differences(carried, reflected(run, "clickhouse", (SCHEMA_OF["clickhouse"],)).schema) == ()

"""Designs that nobody means well with: rows that obey them, or one of our own errors with the reason; never DuckDB's words alone."""

from dataclasses import replace

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

import dbworkbench as wb
from dbworkbench.data.obey import check
from dbworkbench.engines.engine import ENGINES
from dbworkbench.errors import DesignError, Unsatisfiable, Unsupported, WorkbenchError
from dbworkbench.population.populate import populate
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, parse_type
from dbworkbench.theory.dependencies import FD, MVD

KINDS = (
    "", "boolean", "smallint", "integer", "bigint", "decimal(10,2)", "decimal(38,12)", "decimal(2,2)", "decimal(60,5)",
    "decimal(5,-2)", "real", "double", "text", "text(1)", "text(3)", "bytes", "uuid", "date", "time", "timestamp",
    "timestamptz", "interval", "json", "enum('a','b')", "geometry(point)", "money", "inet", "integer[]", "tinyint",
)  # fmt: skip
NAMES = (
    "a", "b", "c", "d", "A", "id", "select", "rowid", "i", "q", "c0", "j", "größe", "\ud800", "x\x00y", 'q"{n}', "{0}",
    "'", "  ", "a.b", "名前", "🙂", "email", "city", "country", "zip", "name", "created_at", "price", "k" * 300, "\n",
)  # fmt: skip
CHECKS = (
    "a > 0", "a > b", "b in (1,2)", "a in ('x','y')", "length(a) > 3", "a is null", "a is not null", "a <> b", "1=0",
    "1/0 > 1", "a like 'x%'", "a = a", "a between 5 and 3", "nothing > 1", "(select 1) = 1", "count(*) > 1",
    "a > '2020-01-01'", "a > 'x'", "b < 99999999999999999999999999", "a;b", "not a", "a and b", "random() > 2", "a -- c",
    "/* x", "'",
)  # fmt: skip


@st.composite
def schemas(draw: st.DrawFn) -> Schema | None:
    """A schema of one to three relations, or None where the design itself is refused."""
    called = draw(
        st.lists(st.sampled_from(["r", "s", "R", "\udfff", '"', "x y", "i"]), min_size=1, max_size=3, unique=True)
    )
    made: list[Relation] = []
    for name in called:
        names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True))
        attributes = tuple(
            Attribute(each, parse_type(draw(st.sampled_from(KINDS))), nullable=draw(st.integers(0, 2)) == 0)
            for each in names
        )
        some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
        keys = tuple(Key(tuple(each)) for each in draw(st.lists(some, max_size=2)))
        foreign_keys: list[ForeignKey] = []
        for _ in range(draw(st.integers(0, 2))):
            here = tuple(draw(some))
            goals = [(r, key) for r in made for key in r.keys if len(key.attributes) == len(here)]
            if goals:
                other, key = draw(st.sampled_from(goals))
                foreign_keys.append(ForeignKey(here, other.name, key.attributes))
        checks = tuple(Check(each) for each in draw(st.lists(st.sampled_from(CHECKS), max_size=1)))
        where = draw(st.sampled_from(["", "a > 0", "nonsense("]))
        indexes = tuple(Index(tuple(each), unique=True, where=where) for each in draw(st.lists(some, max_size=1)))
        sets = st.frozensets(st.sampled_from(names), min_size=1, max_size=2)
        rules = draw(st.lists(st.one_of(st.builds(FD, sets, sets), st.builds(MVD, sets, sets)), max_size=2))
        made.append(Relation(name, attributes, keys, tuple(foreign_keys), checks, indexes, frozenset(rules)))
    try:
        return Schema(tuple(made))
    except WorkbenchError:
        return None


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(schemas(), st.sampled_from([0, 1, 2, 9]))
def test_every_design_is_populated_or_refused_in_our_words(design: Schema | None, rows: int) -> None:
    if design is None:
        return
    try:
        tables = populate(design, rows=rows)
    except WorkbenchError as met:
        said = str(met)
    else:
        with tables:
            for each in design:
                assert tuple(name for name, _ in tables.columns(each.name)) == each.names
        return
    assert "DuckDB, in which rows are made, refuses" not in said, "no reason of ours was given"


@pytest.mark.parametrize(
    "design",
    [
        Relation("\udfff", (Attribute("a"),)),
        Relation("r", (Attribute("a\ud800"),)),
        Relation("r", (Attribute("a", Enumeration(("x", "\udc00"))),)),
        Relation("r", (Attribute("a"),), checks=(Check("a <> '\udc00'"),)),
    ],
)
def test_half_a_character_is_named(design: Relation) -> None:
    with pytest.raises(DesignError, match="half a character"):
        populate(design, rows=3)


def test_a_reference_between_kinds_is_named_and_one_without_a_type_takes_the_other_sides() -> None:
    with pytest.raises(DesignError, match=r"b\.a \(bigint\) refers to a\.id \(text\)"):
        populate(schema("a(*id: text)\nb(*id: integer, a: bigint -> a)"))
    for text in ("a(*id)\nb(*no: integer, a: bigint -> a)", "a(*id: date)\nb(*no: integer, a -> a)"):
        whole = schema(text)
        with populate(whole, rows=50) as rows:
            assert check(rows, whole)
            assert dict(rows.columns("a"))["id"] == dict(rows.columns("b"))["a"] != "VARCHAR"


def test_no_rows_of_a_relation_whose_check_is_tried() -> None:
    with populate(relation("r(*id: integer, a: integer)\n check (a % 7 = 3)"), rows=0) as rows:
        assert rows.rows("r") == 0


def test_the_condition_of_an_index_that_cannot_be_evaluated_is_named() -> None:
    design = Relation("r", (Attribute("a"),), indexes=(Index(("a",), unique=True, where="nonsense("),))
    with pytest.raises(DesignError, match=r"condition \(nonsense\(\) of a unique index of 'r'"):
        populate(design, rows=5)


@pytest.mark.parametrize(
    ("design", "rows", "says"),
    [
        (
            "r(*id: integer, a: integer check (a in (1, 2)) check (a > 5))",
            5,
            r"r\.a by its check \(a in .* and a > 5\)",
        ),
        ("r(*id: integer, a: integer, b: integer)\n check (a < b)\n check (b < a)", 5, "the first above the last"),
        ("r(*id: integer, a: integer)\n check (a > 5)\n check (a < 3)", 5, r"r\.a by its check \(a > 5 and a < 3\)"),
        ("r(*id: integer, a: text check (length(a) > 5) check (length(a) < 3))", 5, "between 6 and 2 characters"),
        ("r(*a: boolean, *b: enum('x', 'y'), c: integer)", 5, r"r\(a, b\) has at most 4 different combinations"),
        ("r(*id: integer, a: integer unique)\n check (a between 1 and 5)", 10, "at most 5 different values"),
        ("a(*id: boolean)\nb(*a: boolean -> a, x: integer)", {"a": 2, "b": 3}, "at most 2 different values"),
        ("a(*id: integer)\nb(*id: integer, a: integer -> a)", {"a": 0, "b": 5}, "must refer to a row of a"),
        (
            "a(*id: integer, b: integer -> b)\nb(*id: integer, a: integer -> a)",
            {"a": 0, "b": 5},
            "must refer to a row of a",
        ),
        (
            "a(*id: integer, b: integer unique -> b)\nb(*id: integer, a: integer unique -> a)",
            {"a": 3, "b": 5},
            "at most 3 different values",
        ),
    ],
)
def test_what_cannot_be_satisfied_is_named_with_the_reason(design: str, rows: int | dict[str, int], says: str) -> None:
    made: object = schema(design) if design.startswith("a(") else relation(design)
    with pytest.raises(Unsatisfiable, match=says):
        populate(made, rows=rows)


def test_a_listed_value_outside_a_range_is_left_out() -> None:
    with populate(relation("r(*id: integer, a: integer check (a in (1, 2, 7)) check (a > 5))"), rows=9) as rows:
        assert set(rows.frame("r")["a"]) == {7}


@pytest.mark.parametrize("name", ["duckdb", "sqlite"])
def test_a_circle_of_mandatory_references_is_populated_and_loaded(name: str, tmp_path: object) -> None:
    """Rows that satisfy it exist, so they are made; embedded engines check references once all rows are there."""
    whole = schema("a(*id: integer, b: integer -> b)\nb(*id: integer, a: integer -> a)")
    with populate(whole, rows=40) as rows, ENGINES[name].session(tmp_path) as session:  # type: ignore[arg-type]
        assert check(rows, whole)
        session.create(whole)
        for each in whole:
            session.load(each, rows, f"SELECT * FROM {each.name}")


def test_a_mandatory_reference_to_the_same_relation_starts_with_a_row_that_refers_to_itself() -> None:
    whole = schema("staff(*id: integer, boss: integer -> staff)")
    with populate(whole, rows=100) as rows:
        assert check(rows, whole)
        found = rows.sql("SELECT count(*) FILTER (boss = id), count(*) FILTER (boss > id) FROM staff").to_numpy()[0]
    assert tuple(found) == (1, 0)


def test_a_circle_through_keys_alone_is_refused_by_name() -> None:
    text = "a(*x: integer, *y: integer)\n x, y -> b(x, y)\nb(*x: integer, *y: integer)\n x, y -> a(x, y)"
    with pytest.raises(Unsupported, match="drop one reference of the circle"):
        populate(wb.schema(text), rows=5)


@pytest.mark.parametrize(
    ("design", "index", "rows"),
    [
        ("r(*id: integer, n: integer?)", Index(("n",), unique=True, where="n IS NOT NULL"), 500),
        ("r(*id: integer, n: text?, gone: date?)", Index(("n",), unique=True, where="gone IS NULL"), 300),
        ("r(*id: integer, n: integer, live: boolean)", Index(("n",), unique=True, where="live"), 300),
    ],
)
def test_what_is_unique_for_some_rows_has_as_many_as_its_type(design: str, index: Index, rows: int) -> None:
    whole = replace(relation(design), indexes=(index,))
    with populate(whole, rows=rows) as made:
        many, different = made.sql(f"SELECT count(n), count(DISTINCT n) FROM r WHERE {index.where}").iloc[0]
        assert made.rows("r") == rows
    assert many == different > 0


@pytest.mark.parametrize(
    ("check_", "never"), [("ok", False), ("not ok", True), ("ok = true and id > 0", False), ("(ok = false)", True)]
)
def test_a_truth_value_that_is_checked_is_made_so_at_once(check_: str, never: bool) -> None:  # noqa: FBT001
    whole = relation(f"r(*id: integer, ok: boolean?) check ({check_})")
    with populate(whole, rows=400) as made:
        told = made.sql("SELECT ok, count(*) AS n FROM r GROUP BY ok ORDER BY ok")
    assert never not in set(told["ok"].dropna())
    assert told["n"].sum() == 400


def test_rows_of_few_keys_are_tried_until_they_pass() -> None:
    whole = relation(
        "r(*a: boolean, *b: enum('x', 'y', 'z'), n: integer?, m: text) check (n % 3 = 0 and length(m) % 2 = 0)"
    )
    for seed in range(5):
        with populate(whole, rows=6, seed=seed) as made:
            assert made.rows("r") == 6
            assert check(made, whole)

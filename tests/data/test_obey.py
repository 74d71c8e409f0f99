"""Rules checked on rows: what holds, what does not, and the rows that say so."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.data.obey import Rows, check
from dbworkbench.data.read import read_data
from dbworkbench.errors import DesignError
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.relation import Attribute, Key, Relation
from dbworkbench.theory.dependencies import FD, MVD


def test_each_rule_and_its_evidence() -> None:
    frame = pd.DataFrame({"a": [1, 1, 2, None], "b": ["x", "y", "x", "z"], "c": [1, 1, 1, 1]}).convert_dtypes()
    design = relation(
        "r(a: integer?, b, c: integer)\n key b\n a -> b, c\n {} -> c\n b -> c\n check (c > 0)\n check (a > 1)"
    )
    with read_data({"r": frame}) as data:
        found = check(data, design)
    assert not found
    assert [verdict.claim for verdict in found.broken] == [
        "The key b does not hold in r: 1 of its values stand in more than one row",
        "The check (a > 1) is broken in 2 rows of r",
        "The dependency a → b, c does not hold in r: 2 values of a come with different b, c",
    ]
    key, condition, dependency = (verdict.witness for verdict in found.broken)
    assert key == Rows(("b", "rows"), (("x", 2),), 1, "values")
    assert isinstance(condition, Rows)
    assert condition.total == 2
    assert isinstance(dependency, Rows)
    assert dependency.rows == ((1, "x", 1, 1), (1, "y", 1, 1), (None, "z", 1, 1))
    assert isinstance(found.kept, Relation)
    assert found.kept.dependencies == {FD.parse("b -> c"), FD(frozenset(), frozenset("c"))}
    assert found.kept.keys == ()


def test_what_still_holds_of_a_refuted_dependency_is_kept() -> None:
    with read_data({"r": pd.DataFrame({"a": [1, 1], "b": [1, 2], "c": [1, 1]})}) as data:
        found = check(data, relation("r(a, b, c)\n a -> b, c"))
    assert isinstance(found.kept, Relation)
    assert found.kept.dependencies == {FD.parse("a -> c")}


def test_an_unknown_determinant_determines_nothing() -> None:
    frame = pd.DataFrame({"tail": ["n1", None, None], "maker": ["X", None, None], "day": ["a", "b", "b"]})
    with read_data({"r": frame}) as data:
        assert check(data, relation("r(tail?, maker?, day)\n tail -> maker"))
        assert not check(data, relation("r(tail?, maker?, day)\n tail -> day"))


def test_required_values_and_keys_with_unknown_ones() -> None:
    with read_data({"r": pd.DataFrame({"a": [1, None], "b": [1, 2]})}) as data:
        found = check(data, Relation("r", (Attribute("a"), Attribute("b")), keys=(Key(("a",)),)))
    assert [verdict.claim for verdict in found.broken] == [
        "The attribute a is unknown in 1 row of r",
        "The key a does not hold in r: it is unknown in 1 row",
    ]


def test_references() -> None:
    design = schema("c(*id: integer)\no(*no: integer, c: integer? -> c)")
    frames = {"c": pd.DataFrame({"id": [1]}), "o": pd.DataFrame({"no": [1, 2, 3], "c": [1, None, 7]})}
    with read_data(frames) as data:
        found = check(data, design)
    assert [verdict.claim for verdict in found.broken] == ["The reference o(c) → c(id): 1 row refers to nothing"]


def test_multivalued_dependencies() -> None:
    rows = [("db", "Ann", "A"), ("db", "Ann", "B"), ("db", "Bob", "A")]
    design = relation("r(course, teacher, book)\n course ->> teacher")
    with read_data({"r": pd.DataFrame(rows, columns=["course", "teacher", "book"])}) as data:
        (verdict,) = check(data, design).broken
        assert isinstance(verdict.witness, Rows)
        assert verdict.witness.rows == (("db", "Bob", "B"),)
        data.connection.execute("INSERT INTO r VALUES ('db', 'Bob', 'B')")
        assert check(data, design)


def test_a_missing_column_is_named() -> None:
    with read_data({"r": pd.DataFrame({"a": [1]})}) as data, pytest.raises(DesignError, match="no column 'b'"):
        check(data, relation("r(a, b)"))


CELLS = st.sampled_from([None, 1, 2])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=6), st.data())
def test_as_the_definitions_say(rows: list[tuple[int | None, ...]], draw: st.DataObject) -> None:
    names = "abc"
    some = st.frozensets(st.sampled_from(names), max_size=2)
    fd = FD(draw.draw(some), frozenset(draw.draw(st.sampled_from(names))))
    mvd = MVD(draw.draw(some), frozenset(draw.draw(st.sampled_from(names))))
    attributes = tuple(Attribute(name, nullable=True) for name in names)
    design = Relation("r", attributes, dependencies=frozenset({fd, mvd}))
    frame = pd.DataFrame(rows, columns=list(names)).astype("Int64")
    with read_data({"r": frame}) as data:
        holds = {
            verdict.claim.split(" holds")[0].removeprefix("The dependency "): bool(verdict)
            for verdict in check(data, design).verdicts
            if verdict
        }
    found = [dict(zip(names, row, strict=True)) for row in rows]
    functional = all(
        all(r[x] == s[x] for x in fd.dependent)
        for r in found
        for s in found
        if all(r[x] == s[x] for x in fd.determinant)
    )
    lost = any(
        any(r[x] is None for x in fd.determinant) and any(r[x] is not None for x in fd.dependent - fd.determinant)
        for r in found
    )
    assert (str(fd) in holds) == (functional and not lost)
    left = mvd.determinant | mvd.dependent
    swapped = all(
        {x: (r if x in left else s)[x] for x in names} in found
        for r in found
        for s in found
        if all(r[x] == s[x] for x in mvd.determinant)
    )
    assert (str(mvd) in holds) == swapped

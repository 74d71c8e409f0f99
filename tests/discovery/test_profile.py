"""What a column holds, told from its values."""

import datetime as dt
import decimal

import pandas as pd
import pytest

from dbworkbench.discovery.columns import from_frame
from dbworkbench.discovery.profile import profile
from dbworkbench.errors import UnknownName
from dbworkbench.schema.types import (
    Boolean,
    Date,
    Decimal,
    Float,
    Integer,
    Json,
    Text,
    Time,
    Timestamp,
    Type,
    Uuid,
)

UUIDS = ["123e4567-e89b-12d3-a456-426614174000", "123E4567-e89b-12d3-a456-426614174001"]


@pytest.mark.parametrize(
    ("values", "kind", "domain", "low", "high"),
    [
        (["1", "20", "-3"], Integer(), "integer", -3, 20),
        (["1", "3000000000"], Integer(64), "integer", 1, 3_000_000_000),
        (["007", "12"], Text(3), "code", "007", "12"),
        (["1.50", "20.25", "3"], Decimal(4, 2), "decimal", decimal.Decimal("1.50"), decimal.Decimal("20.25")),
        (["1e5", "2.5"], Float(), "floating point, compared as written", 2.5, 1e5),
        (["yes", "no", "no"], Boolean(), "boolean", "no", "yes"),
        (["2024-01-31", "2023-12-01"], Date(), "date", "2023-12-01", "2024-01-31"),
        (["2024-13-31", "2023-12-01"], Text(10), "code", "2023-12-01", "2024-13-31"),
        (
            ["2024-01-31 10:00", "2024-01-31T11:00:05"],
            Timestamp(),
            "timestamp",
            "2024-01-31 10:00",
            "2024-01-31T11:00:05",
        ),
        (["2024-01-31T10:00Z"], Timestamp(zone=True), "instant", "2024-01-31T10:00Z", "2024-01-31T10:00Z"),
        (["09:30", "23:59:59"], Time(), "time", "09:30", "23:59:59"),
        (UUIDS, Uuid(), "uuid", UUIDS[1], UUIDS[0]),
        (["a@b.org", "c.d@e.net"], Text(9), "e-mail", "a@b.org", "c.d@e.net"),
        (['{"a": 1}', "[1, 2]"], Json(), "JSON", "[1, 2]", '{"a": 1}'),
        (["[1,", "[2"], Text(3), "code", "[1,", "[2"),
        ([1, 2, 3], Integer(), "integer", 1, 3),
        ([1.0, 2.0, None], Integer(), "whole numbers in floating point", 1.0, 2.0),
        ([1.5, 2.0], Float(), "floating point, compared exactly", 1.5, 2.0),
        ([True, False], Boolean(), "boolean", None, None),
        ([dt.date(2024, 1, 1)], Date(), "date", dt.date(2024, 1, 1), dt.date(2024, 1, 1)),
        ([None, None], Text(), "no values", None, None),
    ],
)
def test_types_and_ranges(values: list[object], kind: Type, domain: str, low: object, high: object) -> None:
    (column,) = profile(from_frame(pd.DataFrame({"x": values}))).columns
    assert (column.type, column.domain, column.low, column.high) == (kind, domain, low, high)


def test_few_texts_that_repeat_are_an_enumeration_with_its_check() -> None:
    frame = pd.DataFrame({"state": ["new", "paid", "it's odd"] * 10, "n": range(30)})
    found = profile(from_frame(frame, name="orders"))
    assert found["state"].domain == "enumeration"
    assert [check.expression for check in found["state"].checks] == ["\"state\" IN ('it''s odd', 'new', 'paid')"]
    assert [check.expression for check in found["n"].checks] == ['"n" >= 0']
    assert found["n"].unique
    assert not found["state"].unique
    assert found["state"].frequent == (("new", 10), ("paid", 10), ("it's odd", 10))
    with pytest.raises(UnknownName, match="did you mean 'state'"):
        found["sate"]


def test_a_mark_for_unknown_is_told_from_the_numbers_around_it() -> None:
    (column,) = profile(from_frame(pd.DataFrame({"x": ["1", "?", "22", "?", None]}))).columns
    assert column.domain == "integer, with '?' for unknown"
    assert column.marks == (("?", 2),)
    assert (column.low, column.high, column.nulls, column.distinct) == (1, 22, 1, 3)
    assert column.attribute.nullable


def test_a_mark_among_words_is_a_word() -> None:
    (column,) = profile(from_frame(pd.DataFrame({"x": ["none", "some", "many"]}))).columns
    assert column.marks == ()


def test_patterns_say_the_form() -> None:
    (column,) = profile(from_frame(pd.DataFrame({"x": ["AB-12", "CD-345", "x", "EF-1"]}))).columns
    assert column.patterns == (("A+-9+", 2), ("A+-9", 1), ("a", 1))


def test_a_table_without_rows() -> None:
    (column,) = profile(from_frame(pd.DataFrame({"x": []}))).columns
    assert (column.rows, column.nulls, column.distinct, column.constant) == (0, 0, 0, True)

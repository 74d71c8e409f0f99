"""Inclusion dependencies against their definition, and foreign keys that a person would name."""

from itertools import combinations, permutations, product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.discovery import inclusion
from dbworkbench.discovery.columns import Columns, from_frame
from dbworkbench.discovery.inclusion import (
    foreign_key_candidates,
    inclusion_dependencies,
    likely_foreign_keys,
)
from dbworkbench.discovery.uniques import unique_sets
from dbworkbench.theory.dependencies import IND

Row = tuple[int | None, ...]


def table(name: str, rows: list[Row], width: int) -> Columns:
    frame = pd.DataFrame({f"{name}{c}": pd.array([row[c] for row in rows], dtype="Int64") for c in range(width)})
    return from_frame(frame, name=name)


def values(columns: Columns, names: tuple[str, ...]) -> set[tuple[object, ...]]:
    rows = (columns.row(row) for row in range(columns.rows))
    return {tuple(row[name] for name in names) for row in rows if None not in {row[name] for name in names}}


rows = st.lists(st.tuples(*[st.one_of(st.none(), st.integers(0, 3))] * 3), max_size=6)


@settings(max_examples=300, deadline=None)
@given(rows, rows)
def test_inclusions_are_those_of_the_definition(left: list[Row], right: list[Row]) -> None:
    tables = {"r": table("r", left, 3), "s": table("s", right, 3)}
    filled = {(name, column) for name, one in tables.items() for column in one.names if values(one, (column,))}
    expected: set[IND] = set()
    for size in (1, 2, 3):
        for here, there in product(tables, tables):
            for a, b in product(combinations(tables[here].names, size), permutations(tables[there].names, size)):
                pairs = list(zip(a, b, strict=True))
                if any(
                    (here, x) not in filled or (there, y) not in filled or (here, x) == (there, y) for x, y in pairs
                ):
                    continue
                narrower = [IND(here, a[:k] + a[k + 1 :], there, b[:k] + b[k + 1 :]) for k in range(size) if size > 1]
                if set(narrower) <= expected and values(tables[here], a) <= values(tables[there], b):
                    expected.add(IND(here, a, there, b))
    found = inclusion_dependencies(tables, max_arity=3)
    assert found.complete
    assert {one.ind for one in found.found} == expected
    assert len(found.found) == len({one.ind for one in found.found})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inclusion, "_LARGE", 0)  # as if the largest column were too large for a common dictionary
        assert inclusion_dependencies(tables, max_arity=3).found == found.found
        near = inclusion_dependencies(tables, max_error=0.4).found
    assert near == inclusion_dependencies(tables, max_error=0.4).found


def test_a_near_inclusion_shows_what_is_missing() -> None:
    tables = {"a": from_frame(pd.DataFrame({"x": [1, 2, 3, 4]})), "b": from_frame(pd.DataFrame({"y": [1, 2, 3, 9]}))}
    assert inclusion_dependencies(tables).found == ()
    (one, back) = inclusion_dependencies(tables, max_error=0.3).found
    assert str(one.ind) == "a[x] ⊆ b[y]"
    assert (one.coverage, one.missing) == (0.75, (4,))
    assert back.missing == (9,)


def test_numbers_of_different_types_are_compared_by_value() -> None:
    tables = {
        "a": from_frame(pd.DataFrame({"x": [1.0, 2.0, None]})),
        "b": from_frame(pd.DataFrame({"y": [1, 2, 3]})),
        "c": from_frame(pd.DataFrame({"z": ["1", "2", "zwei"]})),
    }
    found = {str(one.ind) for one in inclusion_dependencies(tables).found}
    assert found == {"a[x] ⊆ b[y]", "a[x] ⊆ c[z]"}


@pytest.mark.parametrize("width", [63, 64, 65, 130])
def test_more_columns_than_a_word_has_bits(width: int) -> None:
    frame = pd.DataFrame({f"c{c}": range(c + 1) for c in range(1)} | {f"c{c}": [c % 5] for c in range(width)})
    found = inclusion_dependencies({"t": from_frame(frame, name="t")}).found
    assert len(found) == sum(1 for a in range(width) for b in range(width) if a != b and a % 5 == b % 5)


SHOP = {
    "customers": pd.DataFrame(
        {"id": range(1, 41), "name": [f"Customer {n}" for n in range(40)], "city_id": [n % 7 + 1 for n in range(40)]}
    ),
    "cities": pd.DataFrame({"id": range(1, 8), "name": ["Rome", "Oslo", "Bern", "Kyiv", "Riga", "Lima", "Baku"]}),
    "orders": pd.DataFrame(
        {
            "id": range(1, 201),
            "customer_id": [n * 7 % 40 + 1 for n in range(200)],
            "placed": [f"2024-01-{n % 28 + 1:02}" for n in range(200)],
        }
    ),
    "order_lines": pd.DataFrame(
        {
            "order_id": [n // 3 + 1 for n in range(600)],
            "line_no": [n % 3 + 1 for n in range(600)],
            "product_sku": [f"P{n % 25:03}" for n in range(600)],
            "qty": [n % 5 + 1 for n in range(600)],
        }
    ),
    "products": pd.DataFrame({"sku": [f"P{n:03}" for n in range(30)], "title": [f"Thing {n}" for n in range(30)]}),
    "returns": pd.DataFrame({"order_id": [1, 1, 5, 6], "line_no": [1, 2, 3, 1], "reason": ["a", "b", "a", "c"]}),
}


def test_the_foreign_keys_of_a_shop_come_out() -> None:
    tables = {name: from_frame(frame, name=name) for name, frame in SHOP.items()}
    keys = {name: unique_sets(one, max_size=2).sets for name, one in tables.items()}
    candidates = foreign_key_candidates(tables, keys)
    likely = {str(one.ind) for one in likely_foreign_keys(candidates)}
    assert likely == {
        "customers[city_id] ⊆ cities[id]",
        "orders[customer_id] ⊆ customers[id]",
        "order_lines[order_id] ⊆ orders[id]",
        "order_lines[product_sku] ⊆ products[sku]",
        "returns[order_id, line_no] ⊆ order_lines[order_id, line_no]",
        "returns[order_id] ⊆ orders[id]",
    }
    best = candidates[0]
    assert 0.8 < best.score <= 1
    assert {part.name for part in best.parts} >= {"name", "use"}


def test_a_null_refers_to_nothing_and_an_empty_text_is_a_value() -> None:
    """Spider takes an empty cell for a value, so it misses every inclusion whose left side alone has nulls."""
    left = from_frame(pd.DataFrame({"a": ["x", None]}), name="left")
    right = from_frame(pd.DataFrame({"b": ["x", "y"]}), name="right")
    assert [str(one.ind) for one in inclusion_dependencies({"left": left, "right": right}).found] == [
        "left[a] ⊆ right[b]"
    ]
    filled = from_frame(pd.DataFrame({"a": ["x", ""]}), name="left")
    assert inclusion_dependencies({"left": filled, "right": right}).found == ()


def likely(frames: dict[str, pd.DataFrame], keys: dict[str, list[tuple[str, ...]]]) -> dict[str, dict[str, float]]:
    """The references believed, with the parts of their scores."""
    tables = {name: from_frame(frame, name=name) for name, frame in frames.items()}
    found = likely_foreign_keys(foreign_key_candidates(tables, keys))
    return {str(one.ind): {part.name: part.value for part in one.parts} for one in found}


def test_codes_tell_a_reference_by_their_values_and_small_numbers_do_not() -> None:
    airports = pd.DataFrame({"faa": [chr(65 + n % 26) + chr(65 + n // 26) + chr(65 + n * 7 % 26) for n in range(400)]})
    flights = pd.DataFrame({"no": range(90), "origin": [airports["faa"][n * 37 % 8] for n in range(90)]})
    found = likely({"airports": airports, "flights": flights}, {"airports": [("faa",)], "flights": [("no",)]})
    assert found["flights[origin] ⊆ airports[faa]"]["values"] > 0.9
    counted = {
        "airports": pd.DataFrame({"nr": range(400)}),
        "flights": pd.DataFrame({"no": range(90), "origin": [n % 8 for n in range(90)]}),
    }
    assert likely(counted, {"airports": [("nr",)], "flights": [("no",)]}) == {}


def test_a_reference_reaches_the_likeliest_key_of_the_table_it_is_named_after() -> None:
    numbers = range(1, 61)
    frames = {
        "film": pd.DataFrame(
            {"film_id": numbers, "title": [f"T{n}" for n in numbers], "url": [f"u{n}" for n in numbers]}
        ),
        "film_text": pd.DataFrame({"film_id": numbers, "description": [f"D{n}" for n in numbers]}),
        "link": pd.DataFrame(
            {"n": numbers, "film_id": [n % 60 + 1 for n in numbers], "url": [f"u{n}" for n in numbers]}
        ),
    }
    keys: dict[str, list[tuple[str, ...]]] = {
        "film": [("film_id",), ("title",), ("url",)],
        "film_text": [("film_id",)],
        "link": [("n",), ("film_id",), ("url",)],
    }
    assert set(likely(frames, keys)) == {"film_text[film_id] ⊆ film[film_id]", "link[film_id] ⊆ film[film_id]"}


def test_a_column_of_one_value_refers_by_its_name_alone() -> None:
    frames = {
        "language": pd.DataFrame({"language_id": range(1, 7), "name": list("abcdef")}),
        "film": pd.DataFrame({"film_id": range(1, 40), "language_id": 1, "active": 1}),
    }
    found = likely(frames, {"language": [("language_id",)], "film": [("film_id",)]})
    assert set(found) == {"film[language_id] ⊆ language[language_id]"}

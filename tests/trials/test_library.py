"""Ten relations, and questions and changes with every construct there is: answered alike by all designs, or refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.schema.notation import schema
from dbworkbench.trials.denormalize import denormalize, star
from dbworkbench.trials.physical import partitioned
from dbworkbench.trials.record import Trial
from dbworkbench.trials.surrogates import surrogated
from dbworkbench.trials.trial import trial

CASES = Path(__file__).parent / "cases"
LIBRARY = schema(
    """
    countries(*country_id: integer, name: text)
    authors(*author_id: integer, name: text, country_id: integer -> countries)
    publishers(*publisher_id: integer, name: text, country_id: integer -> countries)
    books(*book_id: integer, title: text, author_id: integer -> authors, publisher_id: integer -> publishers, price: decimal(8,2))
    branches(*branch_id: integer, city: text)
    staff(*staff_id: integer, name: text, branch_id: integer -> branches, boss_id: integer? -> staff)
    copies(*copy_id: integer, book_id: integer -> books, branch_id: integer -> branches, state: text)
    members(*member_id: integer, name: text, branch_id: integer -> branches)
    loans(*loan_id: integer, copy_id: integer -> copies, member_id: integer -> members, taken: date, returned: date?, fee: decimal(6,2)?)
    marks(*member_id: integer -> members, *book_id: integer -> books, stars: integer)
    """
)
ROWS = """
CREATE TABLE countries AS SELECT i AS country_id, 'country ' || i AS name FROM range(1, 6) t(i);
CREATE TABLE authors AS SELECT i AS author_id, 'name ' || i AS name, 1 + i * 3 % 5 AS country_id FROM range(1, 21)
  t(i);
CREATE TABLE publishers AS SELECT i AS publisher_id, 'house ' || i AS name, 1 + i % 5 AS country_id FROM range(1, 9)
  t(i);
CREATE TABLE books AS SELECT i AS book_id, 'book ' || i AS title, CASE WHEN i <= 20 THEN i ELSE 1 + i * 7 % 17 END AS
  author_id, 1 + i % 8 AS publisher_id, (5 + i * 13 % 25)::DECIMAL(8,2) AS price FROM range(1, 81) t(i);
CREATE TABLE branches AS SELECT i AS branch_id, 'city ' || i % 3 AS city FROM range(1, 6) t(i);
CREATE TABLE staff AS SELECT i AS staff_id, 'person ' || i AS name, 1 + i % 5 AS branch_id, CASE WHEN i > 2 THEN i //
  2 END AS boss_id FROM range(1, 16) t(i);
CREATE TABLE copies AS SELECT i AS copy_id, 1 + (i - 1) % 80 AS book_id, 1 + i * 3 % 5 AS branch_id, CASE i % 4 WHEN 0
  THEN 'worn' WHEN 1 THEN 'lost' ELSE 'good' END AS state FROM range(1, 121) t(i);
CREATE TABLE members AS SELECT i AS member_id, 'name ' || (i + 15) AS name, 1 + i % 5 AS branch_id FROM range(1, 41)
  t(i);
CREATE TABLE loans AS SELECT i AS loan_id, 1 + (i - 1) % 120 AS copy_id, CASE WHEN i <= 40 THEN i ELSE 1 + i * 11 % 37
  END AS member_id, DATE '2024-01-01' + (i * 5 % 200)::INTEGER AS taken, CASE WHEN i % 3 > 0 THEN DATE '2024-01-10' +
  (i * 5 % 200 + i % 20)::INTEGER END AS returned, CASE WHEN i % 4 > 0 THEN (i % 7 / 2)::DECIMAL(6,2) END AS fee FROM
  range(1, 201) t(i);
CREATE TABLE marks AS SELECT 1 + i % 40 AS member_id, 1 + i * 3 % 80 AS book_id, 1 + i % 5 AS stars FROM range(40)
  t(i);
"""
DESIGNS = {
    "as drawn": LIBRARY,
    "wide": denormalize(LIBRARY, into="loans"),
    "books wide": denormalize(LIBRARY, into="books"),
    "star": star(LIBRARY, fact="copies"),
    "parts": partitioned(LIBRARY, "books", by="price", bounds=[12, 20]),
    "uuids": surrogated(LIBRARY, "authors", kind="uuid"),
    "staff wide": denormalize(LIBRARY, into="staff"),
}
SQLITE_LACKS = {
    "all",
    "cte that hides a relation",
    "cube",
    "except all",
    "grouping sets",
    "lateral",
    "lateral outer",
    "rollup",
}
MARIADB_LACKS = {"cube", "grouping sets", "lateral", "lateral outer", "rollup"}


@pytest.fixture(scope="module")
def library() -> Iterator[Tables]:
    with Tables() as tables:
        tables.connection.execute(ROWS)
        yield tables


def tried(library: Tables, file: str, engine: str, designs: tuple[str, ...] = tuple(DESIGNS)) -> Trial:
    candidates = {name: DESIGNS[name] for name in designs}
    workload = CASES / file
    return trial(candidates, workload, data=library, reference=LIBRARY, engines=[engine], repeats=1)


def test_every_design_answers_every_question_as_drawn(library: Tables) -> None:
    designs = ("wide", "star", "parts", "uuids")
    found = tried(library, "library.sql", "duckdb", designs)
    assert (len(found.queries), found.differences, found.failures) == (68, (), ())
    assert all(one.agrees for one in found.measurements)
    assert len(found.measurements) == len(designs) * len(found.queries)
    assert len([one for one in found.measurements if one.candidate == "wide" and one.rewritten]) == 44


def refused(found: Trial) -> set[tuple[str, str]]:
    assert {one.stage for one in found.failures} <= {"answer"}
    assert not found.differences
    assert all(one.agrees for one in found.measurements)
    return {(one.candidate, one.query) for one in found.failures}


def test_sqlite_answers_alike_or_refuses_what_it_lacks(library: Tables) -> None:
    designs = ("as drawn", "wide", "star")
    found = tried(library, "library.sql", "sqlite", designs)
    assert refused(found) == {(one, query) for one in designs for query in SQLITE_LACKS}
    assert all("sqlite: " in one.message for one in found.failures)


@pytest.mark.mariadb
def test_mariadb_answers_alike_or_refuses_what_it_lacks(library: Tables, mariadb_url: str) -> None:
    found = tried(library, "library.sql", mariadb_url, ("as drawn", "wide"))
    assert refused(found) == {(one, query) for one in ("as drawn", "wide") for query in MARIADB_LACKS}


def test_changes_are_carried_out_refused_or_told_apart(library: Tables) -> None:
    found = tried(library, "library_changes.sql", "duckdb")
    unknown = {(one.candidate, one.query) for one in found.failures if "no way is known to carry out" in one.message}
    refused = {(one.candidate, one.query) for one in found.failures} - unknown
    assert {query for _, query in refused} == {"update many", "move a reference"}  # DuckDB's own limits of references
    assert all(
        "foreign key limitations" in one.message for one in found.failures if (one.candidate, one.query) in refused
    )
    assert ("as drawn", "upsert") not in unknown
    assert ("star", "upsert") in unknown  # it has no key of countries
    told = {(one.candidate, one.query) for one in found.differences}
    assert ("wide", "insert values") in told  # a book that nobody borrowed has no place
    assert ("wide", "delete") in told  # the last loan of a book takes the book with it
    assert ("books wide", "move a reference") in told  # the last book of an author takes its author with it
    assert not {candidate for candidate, _ in told} & {"as drawn", "parts", "uuids", "staff wide"}
    right = {(one.candidate, one.query) for one in found.measurements if one.agrees}
    everything = {(one, query) for one in DESIGNS for query in found.queries}
    assert right == everything - told - unknown - refused


def test_upserts_and_changes_by_others_are_translated(library: Tables) -> None:
    found = tried(library, "library_changes.sql", "sqlite", ("as drawn",))
    assert (found.failures, found.differences) == ((), ())
    rows = {one.query: one.rows for one in found.measurements}
    assert rows["upsert"] == 2
    assert rows["upsert nothing"] == 1
    assert rows["delete using"] == len(
        library.sql("SELECT 1 FROM loans JOIN members USING (member_id) WHERE members.branch_id = 3")
    )

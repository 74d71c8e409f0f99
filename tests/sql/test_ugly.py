"""Three dumps as ugly as real ones: what becomes of each statement, and what is lost, is a page of the documentation."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import dbworkbench as wb
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import Reading
from dbworkbench.sql.statement import split

FOLDER = Path(__file__).parent / "cases" / "ugly"
DUMPS = {"postgresql": "mariadb", "sqlserver": "postgresql", "oracle": "duckdb"}
"""The dialect of each, and another that its design is written for."""
_HEAD = """# Three ugly dumps

What `wb.read` makes of three files written to be hard (`tests/sql/cases/ugly/`): traps in comments, texts and rows, commands of
clients, rules that are switched off, types of the file's own, partitions, what only one engine has. Every statement is in the
ledger; nothing that a design does not hold goes without a loss. A test writes this page.
"""


def read(dialect: str) -> tuple[Reading, str]:
    path = FOLDER / f"{dialect}.sql"
    found = wb.read(path)
    assert isinstance(found, Reading)
    return found, path.read_text("utf-8")


@pytest.mark.parametrize(
    ("dialect", "tables"),
    [
        ("postgresql", {"ships": 10, "berths": 3, "covered_berths": 4, "calls": 6, "radar": 3}),
        ("sqlserver", {"Truck": 13, "Driver": 5, "Trip": 7}),
        ("oracle", {"BOOK": 12, "LOAN": 5, "BASKET": 1}),
    ],
)
def test_tables_are_read_and_traps_are_not(dialect: str, tables: dict[str, int]) -> None:
    found, text = read(dialect)
    assert found.dialect == dialect
    assert {relation.name: len(relation.attributes) for relation in found.schema} == tables
    assert sum(entry.statements for entry in found.ledger) == sum(one.many for one in split(text, dialect))
    again = wb.read(wb.ddl(found.schema, dialect).text, dialect=dialect)
    assert again.schema.names == found.schema.names


@pytest.mark.parametrize(
    ("dialect", "place", "says"),
    [
        ("postgresql", "radar", "UNLOGGED"),
        ("oracle", "SUBTITLE", "NOT NULL, which is switched off"),
        ("oracle", "BASKET", "GLOBAL TEMPORARY"),
    ],
)
def test_what_does_not_hold_as_it_stands_is_told(dialect: str, place: str, says: str) -> None:
    found, _ = read(dialect)
    assert any(place in str(loss) and says in str(loss) for loss in found.losses), found.losses


def test_rules_that_are_not_asked_of_every_row_stay_so() -> None:
    ports, _ = read("postgresql")
    assert {key.name: key.enforced for key in ports.schema["calls"].foreign_keys}["calls_ship"] == "new"
    trucks, _ = read("sqlserver")
    assert {key.name: key.enforced for key in trucks.schema["Trip"].foreign_keys}["FK_Trip_Driver"] == "never"
    books, _ = read("oracle")
    assert {one.name: one.enforced for one in books.schema["LOAN"].checks} == {"LOAN_TIMES": "never"}
    assert {key.name: key.enforced for key in books.schema["LOAN"].foreign_keys}["LOAN_BOOK"] == "new"


def test_a_scale_below_nothing_stays_in_oracle_and_is_told_elsewhere() -> None:
    found, _ = read("oracle")
    assert "NUMBER(10,-2)" in wb.ddl(found.schema, "oracle").text
    assert any(str(loss).startswith("BOOK.PRICE: a scale of -2 ") for loss in wb.ddl(found.schema, "duckdb").losses)


def test_oracle_s_whole_numbers_of_any_length_keep_their_digits() -> None:
    """NUMBER(*,0) had become a number of 16 bits."""
    found, _ = read("oracle")
    assert str(found.schema["BOOK"]["BOOK_ID"].type) == str(wb.relation("r(a: decimal(38, 0))")["a"].type)


def test_row_security_goes_with_its_policies() -> None:
    found, _ = read("postgresql")
    assert [one.kind for one in found.schema.definitions if one.name == "calls"] == ["row security"]
    assert "ENABLE ROW LEVEL SECURITY" in wb.ddl(found.schema, "postgresql").text
    assert any("row security" in str(loss) for loss in wb.ddl(found.schema, "mysql").losses)


def test_the_page_says_all_of_it(golden: Callable[[str, str], None]) -> None:
    golden("../../../docs/ugly_dumps.md", _HEAD + "".join(page(dialect, other) for dialect, other in DUMPS.items()))


def page(dialect: str, other: str) -> str:
    found, text = read(dialect)
    written = wb.ddl(found.schema, other)
    fates = Counter[tuple[str, str]]()
    for entry in found.ledger:
        fates[entry.fate, entry.reason] += entry.statements
    lines = [
        f"\n## {DIALECTS[dialect].title}\n",
        f"{text.count(chr(10))} lines, {len(found.schema)} relations, {len(found.losses)} losses.\n",
        "| relation | attributes | keys | references | indexes | checks and exclusions |",
        "| :-- | --: | --: | --: | --: | --: |",
        *(
            f"| {one.name} | {len(one.attributes)} | {len(one.keys)} | {len(one.foreign_keys)} | {len(one.indexes)} "
            f"| {len(one.checks) + len(one.exclusions)} |"
            for one in found.schema
        ),
        "\n| statements | what became of them |",
        "| --: | :-- |",
        *(f"| {many} | {fate}{f': {reason}' if reason else ''} |" for (fate, reason), many in sorted(fates.items())),
        "\nNot carried over by reading:\n",
        *(f"- {_one_line(loss)}" for loss in found.losses),
        f"\nWritten for {DIALECTS[other].title}, {len(written.losses)} losses:\n",
        *(f"- {_one_line(loss)}" for loss in written.losses),
    ]
    return "\n".join(lines) + "\n"


def _one_line(loss: object) -> str:
    return " ".join(str(loss).split()).replace("<", "&lt;").replace("*", r"\*")

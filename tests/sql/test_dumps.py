"""What dumps in the wild look like: short texts of our own, each for one thing that was read wrongly once."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dbworkbench.errors import NotationError
from dbworkbench.schema.notation import to_text
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from tests.sql.conftest import Scratch, loaded
from tests.sql.designs import schemas

CASES = tomllib.loads((Path(__file__).parent / "cases" / "dumps.toml").read_text("utf-8"))["case"]
each = pytest.mark.parametrize("case", CASES, ids=[f"{case['dialect']}: {case['name']}" for case in CASES])


@each
def test_a_dump_is_read(case: dict[str, Any]) -> None:
    found = read(case["text"], case["dialect"])
    assert {relation.name: " ".join(relation.names) for relation in found.schema} == case["relations"]
    assert sum(len(relation.foreign_keys) for relation in found.schema) == case.get("references", 0)
    if "fates" in case:
        assert [entry.fate for entry in found.ledger] == case["fates"]
    if "losses" in case:
        assert [str(loss) for loss in found.losses] == case["losses"]
    for name, checks in case.get("checks", {}).items():
        assert [check.expression for check in found.schema[name].checks] == checks
    for place, default in case.get("defaults", {}).items():
        relation, _, attribute = place.partition(".")
        assert (found.schema[relation][attribute].default or "") == default
    for place, note in case.get("notes", {}).items():
        relation, _, attribute = place.partition(".")
        assert (found.schema[relation][attribute] if attribute else found.schema[relation]).note == note


@pytest.mark.parametrize("dialect", ["duckdb", "sqlite", "postgresql"])
@each
def test_what_was_read_loads_in_every_engine(case: dict[str, Any], dialect: str, scratch: Scratch) -> None:
    with scratch(dialect) as run:
        loaded(run, statements(read(case["text"], case["dialect"]).schema, dialect))


ALTERED = tomllib.loads((Path(__file__).parent / "cases" / "altered.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", ALTERED, ids=[f"{case['dialect']}: {case['name']}" for case in ALTERED])
def test_what_statements_leave_is_read(case: dict[str, Any]) -> None:
    found = read(case["text"], case["dialect"])
    assert to_text(found.schema).strip() == case["design"].strip()
    assert [str(loss) for loss in found.losses] == case.get("losses", [])


def unaccounted(text: str, dialect: str) -> str:
    """What of a file stands in no entry of its ledger and is neither blank nor a comment nor a delimiter."""
    at, left = 0, []
    for entry in read(text, dialect).ledger:
        assert at <= entry.start <= entry.end
        left.append(text[at : entry.start])
        at = entry.end
    left.append(text[at:])
    hashes = r"|\#[^\n]*" if dialect in {"mysql", "mariadb", "bigquery", "clickhouse", "sqlite", "duckdb"} else ""
    hashes += r"|//[^\n]*" if dialect == "snowflake" else ""
    delimiters = set(re.findall(r"(?im)^DELIMITER[ \t]+(\S+)", text)) if dialect in {"mysql", "mariadb"} else set()
    for place, part in enumerate(left):
        bare = re.sub(rf"/\*(?!!|M!).*?\*/|--[^\n]*|/\*M?!\d*|\*/|[\s;\ufeff]+{hashes}", "", part, flags=re.DOTALL)
        left[place] = "" if bare in delimiters else bare
    return "".join(left)


@each
def test_every_character_is_accounted_for(case: dict[str, Any]) -> None:
    assert not unaccounted(case["text"], case["dialect"])


PIECES = (
    *(
        "CREATE TABLE t (a int)",
        "INSERT INTO t VALUES (1, 'x;y')",
        "-- a; b\n",
        "/* c; */",
        "SELECT 1",
        "\nGO\n",
        ";",
        "\n",
    ),
    *(
        "\\connect x\n",
        "COPY t (a) FROM stdin;\n1\n\\.\n",
        "DELIMITER $$\n",
        "END$$\n",
        "DELIMITER ;\n",
        "FROBNICATE",
        "\n/\n",
    ),
    *(
        "REM constraints\n",
        "SET x = 1",
        "CREATE PROCEDURE p AS BEGIN x; END",
        "IF a BEGIN",
        "END",
        "\u00e9\u00df",
        "DROP TABLE t",
    ),
    *(
        "CREATE VIEW v AS SELECT * FROM t",
        ".mode box\n",
        "/*!40101 SET a = 1 */",
        "\ufeff",
        "DO $$ BEGIN x; END $$",
        "  ",
    ),
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(tuple(DIALECTS)))
def test_nothing_is_dropped_in_silence(pieces: list[str], dialect: str) -> None:
    try:
        left = unaccounted(" ".join(pieces), dialect)
    except NotationError as refused:
        assert refused.line  # noqa: PT017  an unclosed quote is refused with its place
    else:
        assert not left


@pytest.mark.parametrize("dialect", tuple(DIALECTS))
@settings(max_examples=10)
@given(schema=schemas())
def test_what_is_written_is_accounted_for(dialect: str, schema: Any) -> None:
    assert not unaccounted(str(write(schema, dialect)), dialect)


VIEWS = (
    (
        "postgresql",
        "CREATE VIEW s.v AS SELECT * FROM a x, b JOIN s.c ON true WHERE EXISTS (SELECT 1 FROM d)",
        "v",
        "a b c",
    ),
    ("postgresql", "CREATE OR REPLACE VIEW w AS WITH a AS (SELECT 1) SELECT * FROM c", "w", "c"),
    ("postgresql", "CREATE TRIGGER tr BEFORE INSERT ON b EXECUTE FUNCTION f()", "tr", "b"),
    ("postgresql", "CREATE POLICY only_mine ON c USING (true)", "only_mine", "c"),
    ("mysql", "CREATE ALGORITHM=UNDEFINED VIEW `w` AS select `a`.`x` from (`a` join `b`)", "w", "a b"),
    ("sqlserver", "CREATE VIEW [dbo].[w] AS SELECT * FROM [dbo].[a]", "dbo.w", "a"),
)


@pytest.mark.parametrize(("dialect", "text", "name", "needs"), VIEWS, ids=[case[2] for case in VIEWS])
def test_what_is_kept_says_what_it_needs(dialect: str, text: str, name: str, needs: str) -> None:
    tables = "CREATE TABLE a (x int); CREATE TABLE b (x int);\nCREATE TABLE c (x int);\n"
    (entry,) = read(f"{tables}\n{'GO' if dialect == 'sqlserver' else ''}\n{text}", dialect).kept()
    assert (entry.name.removeprefix("s."), entry.needs) == (name, tuple(needs.split()))
    assert entry.text == text

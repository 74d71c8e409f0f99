"""Schemas that were written by others for production: what is read is what real engines make of them."""

import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.engines.reflect import reflected
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Json,
    Text,
    Timestamp,
    Type,
    Uuid,
)
from dbworkbench.sql.alike import differences
from dbworkbench.sql.read import Reading, read
from dbworkbench.sql.spoken import spoken_in
from dbworkbench.sql.statement import split
from dbworkbench.sql.write import statements, write
from tests.packages import text_of
from tests.scratch import SCHEMA_OF
from tests.servers import PostgreSQL
from tests.sql.conftest import REFUSED, Scratch, loaded

CASES = tomllib.loads((Path(__file__).parent / "cases" / "debian.toml").read_text("utf-8"))["case"]
each = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


def reading(case: dict[str, Any]) -> tuple[Reading, str]:
    text, version = text_of(case["package"], case["files"])
    return read(text, case["dialect"]), version


@each
def test_tables_columns_and_keys_are_those_an_engine_counted(case: dict[str, Any]) -> None:
    found, version = reading(case)
    counted = {
        "tables": len(found.schema),
        "columns": sum(len(relation.attributes) for relation in found.schema),
        "foreign_keys": sum(len(relation.foreign_keys) for relation in found.schema),
        "primary_keys": sum(1 for relation in found.schema if relation.keys),
    }
    if version == case["version"]:
        assert counted == {name: case[name] for name in counted}
    else:  # another release of the package: about as much
        assert all(counted[name] >= 0.8 * case[name] for name in counted)


@each
def test_every_statement_is_accounted_for(case: dict[str, Any]) -> None:
    text, _ = text_of(case["package"], case["files"])
    found = read(text, case["dialect"])
    assert len(found.ledger) == sum(1 for _ in split(text, case["dialect"]))
    for entry in found.ledger:
        assert entry.fate in {"understood", "kept as text", "ignored"}
        assert entry.fate == "understood" or entry.reason
        assert entry.kind not in {"CREATE TABLE", "ALTER TABLE"} or entry.fate != "kept as text", entry


@each
def test_the_dialect_is_told_by_the_text(case: dict[str, Any]) -> None:
    text, _ = text_of(case["package"], case["files"])
    expected = {"duckdb"} if case["dialect"] == "sqlite" else set()  # these files have nothing of SQLite's own
    assert spoken_in(text) in {case["dialect"], *expected}


@each
@pytest.mark.parametrize("dialect", ["duckdb", "sqlite", "postgresql"])
def test_each_loads_in_every_engine(case: dict[str, Any], dialect: str, scratch: Scratch) -> None:
    found, _ = reading(case)
    with scratch(dialect) as run:
        loaded(run, statements(found.schema, dialect))


TYPES: dict[str, Type] = {
    "integer": Integer(32),
    "bigint": Integer(64),
    "smallint": Integer(16),
    "text": Text(),
    "boolean": Boolean(),
    "bytea": Bytes(),
    "uuid": Uuid(),
    "date": Date(),
    "json": Json(),
    "jsonb": Json(),
    "real": Float(32),
    "double precision": Float(64),
    "timestamp without time zone": Timestamp(),
    "timestamp with time zone": Timestamp(zone=True),
}


@pytest.mark.parametrize("name", [case["name"] for case in CASES if case["dialect"] == "postgresql"])
def test_postgresql_has_the_same_in_its_catalogue(name: str, postgresql_server: PostgreSQL) -> None:
    case = next(case for case in CASES if case["name"] == name)
    text, _ = text_of(case["package"], case["files"])
    found = read(text, "postgresql")
    database = name.replace(".", "_").replace("-", "_")
    owner = postgresql_server.connect()
    owner.autocommit = True
    owner.cursor().execute(f"CREATE DATABASE {database}")
    connection = postgresql_server.connect(database)
    connection.autocommit = True
    try:
        cursor = connection.cursor()
        for statement in split(text, "postgresql"):
            cursor.execute(statement.text)
        cursor.execute(COLUMNS)
        columns: dict[str, dict[str, tuple[Any, ...]]] = {}
        for table, column, *rest in cursor.fetchall():
            columns.setdefault(table, {})[column] = tuple(rest)
        cursor.execute(RULES)
        rules = {(table.strip('"'), kind): count for table, kind, count in cursor.fetchall()}
    except REFUSED as error:
        pytest.fail(f"{error} — in {statement.text[:300]}")
    finally:
        connection.close()
        owner.cursor().execute(f"DROP DATABASE {database}")
        owner.close()
    assert {relation.name.lower() for relation in found.schema} == set(columns)
    for relation in found.schema:
        table = relation.name.lower()
        assert [name.lower() for name in relation.names] == list(columns[table])
        enumerated = 0
        for attribute in relation.attributes:
            kind, length, precision, scale, nullable = columns[table][attribute.name.lower()]
            expected = TYPES.get(kind) or (
                Text(length) if "char" in kind else Decimal(precision, scale) if precision else None
            )
            if isinstance(attribute.type, Enumeration):
                enumerated += kind == "text"  # a check that says so, in the text
            elif expected is not None:
                assert attribute.type == expected
            assert attribute.nullable == (nullable == "YES")
        counted = Counter(
            {"f": len(relation.foreign_keys), "c": len(relation.checks) + enumerated, "p": bool(relation.keys)}
        )
        assert all(rules.get((table, kind), 0) == counted[kind] for kind in "fcp"), (table, rules, counted)


COLUMNS = """
SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision, numeric_scale, is_nullable
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY table_name, ordinal_position
"""
RULES = """
SELECT conrelid::regclass::text, contype::text, count(*) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid <> 0 GROUP BY 1, 2
"""


ASIDE = {
    "phpmyadmin.mysql",
    "kea.mysql",
    "kamailio.mysql",
    "zabbix.mysql",
    "cacti.mysql",
    "ejabberd.new.mysql",
    "ejabberd.new.postgresql",
}
"""Scripts that choose a database, make tables twice or change tables in procedures, very long ones, and what differs little from another."""
NATIVE = {"postgresql": "postgresql", "mysql": "mariadb", "sqlite": "sqlite"}


def _in_small_letters(schema: Schema) -> Schema:
    """The same in small letters, for a database that folds the names which stand without quotes."""
    return read(write(schema, "postgresql").text.lower(), "postgresql").schema


def _is_told(said: str, found: Reading) -> bool:
    """Whether a difference is that of a text's collation, of which the reader tells that it was not read, or an index on what
    refers elsewhere, which MariaDB makes by itself; it gives the index the name of the reference, so one declared by that
    name is not told from its own.
    """
    if about := re.fullmatch(r"(.+): wanted the collation '', found '(\w+)'", said):
        lost = [
            loss for loss in found.losses if about[1] in loss.subject.split(", ") or loss.subject.endswith(" more)")
        ]
        sets = [re.fullmatch(r"(?i)(?:charset|character set) (\w+)|binary", loss.feature) for loss in lost]
        return any(about[2].startswith(f"{one[1]}_") if one[1] else about[2].endswith("_bin") for one in sets if one)
    about = re.fullmatch(r"(.+): the index \((.+)\) (?:was not wanted|is not there)", said)
    keys = found.schema[about[1]].foreign_keys if about else ()
    return any(about is not None and ", ".join(key.attributes) == about[2] for key in keys)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case["dialect"] in NATIVE and case["name"] not in ASIDE],
    ids=lambda case: str(case["name"]),
)
def test_what_its_own_engine_makes_of_it_is_what_is_read(case: dict[str, Any], scratch: Scratch) -> None:
    text, _ = text_of(case["package"], case["files"])
    mine, engine = read(text, case["dialect"]), NATIVE[case["dialect"]]
    with scratch(engine) as run:
        if engine == "mariadb":
            run("SET sql_mode = '', foreign_key_checks = 0")
        refused = []
        for statement in split(text, case["dialect"]):
            if re.match(r"(?i)\s*(?:create|alter|drop|comment)\b", statement.text):
                try:
                    run(statement.text)
                except REFUSED as error:
                    if "already exists" not in str(error):
                        refused.append((statement.text[:99], str(error)))
        there = reflected(run, engine, (SCHEMA_OF[engine],))
    assert refused == []
    apart = [said for said in differences(mine.schema, there.schema) if not _is_told(said, mine)]
    if apart and engine == "postgresql":
        apart = [*differences(_in_small_letters(mine.schema), _in_small_letters(there.schema))]
    assert apart == []

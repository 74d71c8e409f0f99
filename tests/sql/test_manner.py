"""DDL in the manner of those who write it by hand: no parentheses, capitals or remarks that nobody asked for."""

import pytest

from dbworkbench.schema.types import Timestamp
from dbworkbench.sql.alike import differences
from dbworkbench.sql.dialect import DIALECTS, Feature
from dbworkbench.sql.read import read
from dbworkbench.sql.write import write

_FILLED = """CREATE TABLE t (
  a varchar(3) NOT NULL DEFAULT '', b int DEFAULT 0, c smallint DEFAULT -7, d numeric(4,2) DEFAULT 9.5, e double precision DEFAULT 1e3,
  f boolean DEFAULT true, g text DEFAULT 'x', h jsonb DEFAULT '{}', i date DEFAULT '2020-02-03', j timestamp DEFAULT now(),
  k timestamptz DEFAULT now(), l date DEFAULT current_date
);"""


@pytest.mark.parametrize(("dialect", "long"), [("mysql", "({text})"), ("mariadb", "{text}")])
def test_constants_and_now_need_no_parentheses_where_the_type_has_them(dialect: str, long: str) -> None:
    lines = write(read(_FILLED, "postgresql").schema, dialect).text.splitlines()
    said = {line.split("`")[1]: line.partition(" DEFAULT ")[2].rstrip(",") for line in lines if " DEFAULT " in line}
    assert said == {
        "a": "''",
        "b": "0",
        "c": "-7",
        "d": "9.5",
        "e": "(1e3)",
        "f": "TRUE",
        "g": long.format(text="'x'"),
        "h": long.format(text="'{}'"),
        "i": "'2020-02-03'",
        "j": "CURRENT_TIMESTAMP(6)",
        "k": "(UTC_TIMESTAMP(6))",  # its column is in UTC
        "l": "(CURRENT_DATE)",
    }


def test_what_was_declared_for_mysql_has_its_defaults_without_parentheses() -> None:
    text = """CREATE TABLE t (a enum('x1','y22') NOT NULL DEFAULT 'x1', b bigint unsigned DEFAULT '18446744073709551615',
      c tinyint unsigned DEFAULT '255', d timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP, e datetime(3) DEFAULT CURRENT_TIMESTAMP(3),
      f char(2) DEFAULT 'de', g year DEFAULT '1999', h set('1','2') DEFAULT '1');"""
    lines = write(read(text, "mysql").schema, "mysql").text.splitlines()
    said = [line.partition(" DEFAULT ")[2].rstrip(",") for line in lines if " DEFAULT " in line]
    assert said[:7] == [
        "'x1'",
        "18446744073709551615",
        "255",
        "CURRENT_TIMESTAMP",
        "CURRENT_TIMESTAMP(3)",
        "'de'",
        "1999",
    ]


def test_notes_for_sql_server_are_properties_that_read_back() -> None:
    design = read(
        """CREATE TABLE "it's" ("it's {note}" int PRIMARY KEY);
        COMMENT ON TABLE "it's" IS 'what''s it?
        two lines'; COMMENT ON COLUMN "it's"."it's {note}" IS '{relation}';""",
        "postgresql",
    ).schema
    written = write(design, "sqlserver")
    assert not written.losses
    assert "--" not in written.text
    assert read(written.text, "sqlserver").schema == design


def test_a_note_for_sql_server_has_room_for_so_many_bytes() -> None:
    long = "\N{BEETLE}" * 3749
    text = f"CREATE TABLE t (a int PRIMARY KEY); COMMENT ON COLUMN t.a IS '{long}'"
    written = write(read(text, "postgresql").schema, "sqlserver")
    assert [loss.feature for loss in written.losses] == ["the end of its note, which has 3,749 characters"]
    assert read(written.text, "sqlserver").schema["t"]["a"].note == long[:1875]


def test_properties_that_are_no_notes_are_told_and_of_the_table_in_their_schema() -> None:
    said = "EXEC sp_addextendedproperty N'{0}', N'one', N'SCHEMA', N'{1}', N'TABLE', N't', {2}"
    properties = (
        said.format("MS_Description", "a", "NULL, NULL"),
        said.format("Caption", "b", "N'COLUMN', N'x'"),
        said.format("MS_Description", "b", "N'INDEX', N'i'"),
    )
    found = read(
        "CREATE TABLE a.t (x int); CREATE TABLE b.t (x int);\nGO\n" + "\nGO\n".join(properties), dialect="sqlserver"
    )
    assert [relation.note for relation in found.schema] == ["one", ""]
    assert [str(loss) for loss in found.losses] == [
        "b.t.x: its property Caption — not read",
        "b.t: the index i: its property MS_Description — not read",
    ]


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_what_is_now_in_utc_is_an_instant(dialect: str) -> None:
    written = write(
        read("CREATE TABLE t (a timestamptz DEFAULT now(), b timestamp DEFAULT now())", "postgresql").schema, dialect
    )
    back = read(written.text, dialect).schema["t"]
    assert [(one.type, one.default) for one in back.attributes] == [
        (Timestamp(zone=True), "CURRENT_TIMESTAMP"),
        (Timestamp(), "CURRENT_TIMESTAMP"),
    ]


_NEGATED = """CREATE TABLE t (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), a int, b varchar(9), c int CHECK (c NOT BETWEEN 1 AND 9),
  CHECK (a IS NOT NULL AND NOT (b IS NULL OR b NOT IN ('x', 'y'))), CHECK (length(lower(b)) > 1 OR NOT b IS NOT NULL));"""


def test_not_stands_where_people_put_it_and_postgresqls_functions_have_small_letters() -> None:
    found = read(_NEGATED, "postgresql").schema
    assert [check.expression for check in found["t"].checks] == [
        "c NOT BETWEEN 1 AND 9",
        "a IS NOT NULL AND NOT (b IS NULL OR b NOT IN ('x', 'y'))",
        "LENGTH(LOWER(b)) > 1 OR NOT b IS NOT NULL",
    ]
    text = write(found, "postgresql").text
    assert "DEFAULT gen_random_uuid(),\n" in text
    assert """CHECK ("a" IS NOT NULL AND NOT ("b" IS NULL OR "b" NOT IN ('x', 'y')))""" in text
    assert 'CHECK (length(lower("b")) > 1 OR NOT "b" IS NOT NULL)' in text
    assert differences(found, read(text, "postgresql").schema) == ()


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_negations_mean_the_same_in_every_dialect(dialect: str) -> None:
    bounded = _NEGATED.replace("uuid PRIMARY KEY DEFAULT gen_random_uuid()", "int PRIMARY KEY").replace(
        "b text", "b varchar(9)"
    )
    found = read(bounded, "postgresql").schema  # no CLOB of Oracle is compared
    written = write(found, dialect)
    told = [one for one in differences(found, read(written.text, dialect).schema) if "the check" in str(one)]
    assert told == [] or Feature.CHECK in DIALECTS[dialect].lacks


@pytest.mark.parametrize("dialect", ["mysql", "mariadb"])
def test_spans_that_are_added_are_said_and_others_told(dialect: str) -> None:
    text = """CREATE TABLE t (id int PRIMARY KEY, a date DEFAULT current_date + interval '1 year', b timestamp NOT NULL,
      c timestamptz DEFAULT now() - interval '3 weeks', d text DEFAULT interval '2 days', CHECK (b < b + interval '10' day),
      e timestamp DEFAULT now() + interval '1 year 2 months');"""
    found = read(text, "postgresql").schema
    written = write(found, dialect)
    for said in (
        "DEFAULT (CURRENT_DATE + INTERVAL '1' YEAR)",
        "DEFAULT (UTC_TIMESTAMP(6) - INTERVAL '3' WEEK)",
        "CHECK (`b` < `b` + INTERVAL '10' DAY)",
    ):
        assert said in written.text
    told = [loss for loss in written.losses if "no words for" in loss.feature]
    assert [loss.subject.partition(":")[0] for loss in told] == ["t.d", "t.e"]
    back = read(written.text, dialect).schema
    assert differences(found, back) == tuple(
        one for one in differences(found, back) if str(one).startswith(("t.d", "t.e"))
    )

"""What a grammar does not know is parsed in other words only as long as it does not know it."""

import pytest

from dbworkbench.trials.grammars import parsed_by

sqlfluff_core = pytest.importorskip("sqlfluff.core")

GAPS = [
    ("bigquery", "bigquery", "CREATE TABLE `t` (`a` INT64, CONSTRAINT `c` FOREIGN KEY (`a`) REFERENCES `u` (`a`) NOT ENFORCED);"),
    ("databricks", "databricks", "CREATE TABLE `t` (`a` TIMESTAMP_NTZ DEFAULT (CAST('2020-01-31' AS TIMESTAMP_NTZ)), `b` INT DEFAULT (1 + 1));"),
    ("redshift", "redshift", "CREATE TABLE \"t\" (\"a\" varchar(20) DEFAULT 'it\\'s');"),
    ("oracle", "oracle", 'CREATE TABLE "t" ("a" NUMBER(10), "b" NUMBER(10) GENERATED ALWAYS AS ("a" + 1) VIRTUAL);'),
    ("oracle", "oracle", 'CREATE TABLE "t" ("a" NUMBER(10) GENERATED ALWAYS AS IDENTITY NOT NULL);'),
    ("mysql", "mysql", "CREATE TABLE `t` (```` INT COMMENT 'it\\'s `a');"),
    ("snowflake", "snowflake", 'CREATE TABLE "t" ("a" NUMBER(10,0) NOT NULL AUTOINCREMENT START -9 INCREMENT -3);'),
    ("mysql", "mysql", "CREATE TABLE `t` (`a` INT NOT NULL DEFAULT (-(-1)), `b` TINYINT UNSIGNED DEFAULT (1 + 1));"),
    ("sqlserver", "tsql", "CREATE TABLE [a]]] ([b] NVARCHAR(9) DEFAULT N'[');"),
    ("sqlserver", "tsql", "CREATE TABLE [t] ([a] INT DEFAULT (-(-1)), [b] TINYINT NOT NULL DEFAULT (1 + 1));"),
    ("snowflake", "snowflake", 'CREATE TABLE "t" ("\\" FLOAT, "b" TIMESTAMP_TZ(6) DEFAULT (CAST(\'2020-01-31\' AS TIMESTAMPNTZ)));'),
    ("oracle", "oracle", 'CREATE TABLE "t" ("a" TIMESTAMP(3) DEFAULT (TIMESTAMP \'2020-01-31 10:00:00\') NOT NULL);'),
    ("oracle", "oracle", 'CREATE TABLE "t" ("a" NUMBER(10) DEFAULT (-(-1)), "b" NUMBER(5) DEFAULT (1 + 1));'),
    ("oracle", "oracle", 'CREATE TABLE "t" ("a" NUMBER(10) GENERATED ALWAYS AS IDENTITY (START WITH -9 INCREMENT BY -3 MAXVALUE -9) NOT NULL);'),
    ("oracle", "oracle", 'CREATE TABLE "t" (\n    "a" NUMBER(10)\n)\nPARTITION BY HASH ("a") PARTITIONS 4;'),
    ("oracle", "oracle", 'CREATE INDEX "i" ON "t" (LOWER("a"));'),
]  # fmt: skip


@pytest.mark.parametrize(("dialect", "grammar", "statement"), GAPS)
def test_a_gap_is_one_that_the_grammar_has(dialect: str, grammar: str, statement: str) -> None:
    assert sqlfluff_core.Linter(dialect=grammar).parse_string(f"{statement}\n").violations
    found = parsed_by(dialect, f"{statement}\n")
    assert found is not None
    assert found[2] == ""

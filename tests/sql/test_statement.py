import re
import time
from contextlib import suppress

import pytest

from dbworkbench.errors import NotationError
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.possessive import atomic
from dbworkbench.sql.read import read
from dbworkbench.sql.spoken import spoken_in
from dbworkbench.sql.statement import Statement, split
from dbworkbench.sql.tokens import patterns
from dbworkbench.sql.write import write
from tests.sql.designs import SHOP

CASES = (
    ("blanks and semicolons", "duckdb", " ;; \n ; ", ()),
    ("quotes", "duckdb", "SELECT 'a;''b', \"c;d\"; SELECT 2", ("SELECT 'a;''b', \"c;d\"", "SELECT 2")),
    ("comments", "duckdb", "-- a; b\nSELECT 1 /* ; */; /* c; */", ("SELECT 1",)),
    ("nested comments", "postgresql", "/* a /* ; */ b; */ SELECT 1; SELECT /* /* */ */ 2", ("SELECT 1", "SELECT /* /* */ */ 2")),
    ("dollar quotes", "postgresql", "DO $$ a; b $$; SELECT $x$ $$;$$ $x$", ("DO $$ a; b $$", "SELECT $x$ $$;$$ $x$")),
    ("escapes", "mysql", r"SELECT 'a\';b'; SELECT 2", (r"SELECT 'a\';b'", "SELECT 2")),
    ("no escapes", "duckdb", r"SELECT 'a\'; SELECT 2", (r"SELECT 'a\'", "SELECT 2")),
    ("E-strings", "postgresql", r"SELECT E'a\';b'; SELECT 2", (r"SELECT E'a\';b'", "SELECT 2")),
    ("Oracle's quotes", "oracle", "SELECT q'[it's; so]' FROM dual; SELECT 2 FROM dual", ("SELECT q'[it's; so]' FROM dual", "SELECT 2 FROM dual")),
    ("brackets", "sqlserver", "SELECT [a;b];\nSELECT [c]]d]", ("SELECT [a;b]", "SELECT [c]]d]")),
    ("brackets that index", "postgresql", "SELECT a[1]; SELECT 2", ("SELECT a[1]", "SELECT 2")),
    ("backticks", "mysql", "SELECT `a;``b`; SELECT 2", ("SELECT `a;``b`", "SELECT 2")),
    ("hash comments", "mysql", "# a; b\nSELECT 1; -- c; d\nSELECT 2", ("SELECT 1", "SELECT 2")),
    ("minus minus", "mysql", "SELECT 1--1; SELECT 2", ("SELECT 1--1", "SELECT 2")),
    ("executable comments", "mysql", "/*!40101 SET NAMES utf8 */; CREATE TABLE t (a int /*!80023 INVISIBLE */);", ("SET NAMES utf8", "CREATE TABLE t (a int /*!80023 INVISIBLE */)")),
    ("delimiters", "mysql", "DELIMITER $$\nCREATE TRIGGER t BEGIN a; b; END$$\nDELIMITER ;\nSELECT 1;", ("DELIMITER $$", "CREATE TRIGGER t BEGIN a; b; END", "DELIMITER ;", "SELECT 1")),
    ("bodies", "sqlite", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END; SELECT 1", ("CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN 2 END; DELETE FROM b; END", "SELECT 1")),
    ("bodies with IF", "mysql", "CREATE PROCEDURE p() BEGIN IF a THEN b; END IF; WHILE c DO d; END WHILE; END; SELECT 1", ("CREATE PROCEDURE p() BEGIN IF a THEN b; END IF; WHILE c DO d; END WHILE; END", "SELECT 1")),
    ("a trigger without a body", "postgresql", "CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f(); SELECT 1", ("CREATE TRIGGER t AFTER INSERT ON a EXECUTE FUNCTION f()", "SELECT 1")),
    ("SQL bodies", "postgresql", "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END; SELECT 3", ("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END", "SELECT 3")),
    ("a forgotten semicolon", "mysql", "CREATE TABLE a (b int) CREATE TABLE c (d int) ENGINE = InnoDB", ("CREATE TABLE a (b int)", "CREATE TABLE c (d int) ENGINE = InnoDB")),
    ("lines with a point", "duckdb", ".timer on\nSELECT .5;\n.tables\nSELECT 2", (".timer on", "SELECT .5", ".tables", "SELECT 2")),
    ("tags of a template", "snowflake", "{# it's; one #}\n{{ config(a='x;', b={'c': 1}) }}\n{% if a %}\nCREATE TABLE {{ s }}.t (a int);\n{%- endif -%}\nSELECT 1", ("{# it's; one #}", "{{ config(a='x;', b={'c': 1}) }}", "{% if a %}", "CREATE TABLE {{ s }}.t (a int)", "{%- endif -%}", "SELECT 1")),
    ("lines of a number sign", "oracle", "CREATE TABLE t (a int);\n#\n# it's t\n#\nCREATE TABLE u (a# int);", ("CREATE TABLE t (a int)", "#", "# it's t", "#", "CREATE TABLE u (a# int)")),
    ("slashes", "oracle", "CREATE TRIGGER t BEGIN a; END;\n/\nSELECT 4/2 FROM dual;\nPROMPT done; or not\nSELECT 1 FROM dual;", ("CREATE TRIGGER t BEGIN a; END;", "SELECT 4/2 FROM dual", "PROMPT done; or not", "SELECT 1 FROM dual")),
    ("GO", "sqlserver", "CREATE TABLE a (b int)\nGO\nCREATE PROC p AS SELECT 1; SELECT 2\nGO 5\n", ("CREATE TABLE a (b int)", "CREATE PROC p AS SELECT 1; SELECT 2")),
    ("rows without semicolons", "sqlserver", "INSERT INTO a\nVALUES ('GO\nGO')\nINSERT INTO a VALUES (2)\nGO", ("INSERT INTO a\nVALUES ('GO\nGO')\nINSERT INTO a VALUES (2)",)),
    ("rows with quotes of other kinds", "postgresql", r"INSERT INTO t VALUES (E'it\'s;', $$a;b$$); SELECT 2", (r"INSERT INTO t VALUES (E'it\'s;', $$a;b$$)", "SELECT 2")),
    ("rows with Oracle's quotes", "oracle", "INSERT INTO t VALUES (q'[it's; x]'); SELECT 2 FROM dual", ("INSERT INTO t VALUES (q'[it's; x]')", "SELECT 2 FROM dual")),
    ("a run of rows", "mysql", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES ('a;');\nSELECT 2", ("INSERT INTO t VALUES (1);\nINSERT INTO t VALUES ('a;')", "SELECT 2")),
    ("a batch without semicolons", "sqlserver", "CREATE TABLE a (b int\n, DROP_me int)\nALTER TABLE a ADD c int\nCREATE INDEX i\nON a (b)", ("CREATE TABLE a (b int\n, DROP_me int)", "ALTER TABLE a ADD c int", "CREATE INDEX i\nON a (b)")),
    ("psql's commands", "postgresql", "\\connect x\nSELECT 1;\n\\restrict abc;def\nSELECT 2;", ("\\connect x", "SELECT 1", "\\restrict abc;def", "SELECT 2")),
    ("COPY", "postgresql", "COPY t (a) FROM stdin;\n1;'\n2\\t$$\n\\.\nSELECT 1;", ("COPY t (a) FROM stdin", "SELECT 1")),
    ("rows", "mysql", r"INSERT INTO t VALUES ('a;\'', `b`, -- ;" + "\n 1); SELECT 2", (r"INSERT INTO t VALUES ('a;\'', `b`, -- ;" + "\n 1)", "SELECT 2")),
    ("dot commands", "sqlite", ".mode box\nSELECT 1;", (".mode box", "SELECT 1")),
    ("a byte order mark", "duckdb", "\ufeffSELECT 1", ("SELECT 1",)),
)  # fmt: skip


@pytest.mark.parametrize(("what", "dialect", "text", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_file_falls_into_statements(what: str, dialect: str, text: str, expected: tuple[str, ...]) -> None:
    assert what
    found = [
        statement.text
        for statement in split(text, dialect)
        if statement.aside not in {"a command of the client's", "rows (COPY)"} or statement.text in expected
    ]
    assert found == list(expected)


UNCLOSED = (
    ("SELECT 1;\n SELECT 'a", "duckdb", 2, 9, "quote"),
    ('SELECT "a', "duckdb", 1, 8, "quote"),
    ("SELECT `a", "mysql", 1, 8, "quote"),
    ("SELECT 1 /* a", "postgresql", 1, 10, "comment"),
    ("\n\nINSERT INTO t VALUES ('a", "duckdb", 3, 23, "quote"),
)


@pytest.mark.parametrize(("text", "dialect", "line", "column", "what"), UNCLOSED)
def test_an_unclosed_quote_is_shown(text: str, dialect: str, line: int, column: int, what: str) -> None:
    with pytest.raises(NotationError, match=f"an unclosed {what} — close it, or say which dialect") as refused:
        list(split(text, dialect))
    assert (refused.value.line, refused.value.column) == (line, column)


HOSTILE = (
    ("one long line of rows", "INSERT INTO t VALUES " + ",".join(["(1,'x;y','it''s')"] * 300_000)),
    ("one long text", "SELECT '" + "x" * 30_000_000 + "'"),
    ("a deep nesting", "SELECT " + "(" * 50_000 + "1" + ")" * 50_000),
    ("many quotes", "SELECT " + "''" * 2_000_000),
    ("many comments", "/* x */ -- y\n" * 100_000),
    ("many statements", "SELECT 1;" * 20_000),
    ("an unclosed quote far back", "SELECT '" + "a;" * 10_000_000),
    ("stars and slashes", "SELECT 1 /" + "*/" * 1_000_000),
)


@pytest.mark.parametrize(("what", "text"), HOSTILE, ids=[case[0] for case in HOSTILE])
@pytest.mark.parametrize("dialect", ["duckdb", "postgresql", "mysql", "sqlserver"])
def test_a_hostile_file_is_read_or_refused_quickly(what: str, dialect: str, text: str) -> None:
    begin = time.process_time()
    with suppress(NotationError):
        assert sum(1 for _ in split(text, dialect)) <= 20_000, what
    assert time.process_time() - begin < 10


def test_lines_are_counted() -> None:
    text = "-- a\n\nSELECT 1;\n\nSELECT\n2"
    assert [statement.line for statement in split(text, "duckdb")] == [3, 5]


def test_tokens_are_words_names_texts_numbers_and_signs() -> None:
    statement = next(split("CREATE TABLE \"a\"\"b\" (x int DEFAULT 1.5, y = 'it''s', z::text)", "postgresql"))
    assert isinstance(statement, Statement)
    assert [(token.kind, token.value) for token in statement.tokens] == [
        *(("word", "CREATE"), ("word", "TABLE"), ("name", 'a"b'), ("sign", "("), ("word", "x"), ("word", "int")),
        *(("word", "DEFAULT"), ("number", "1.5"), ("sign", ","), ("word", "y"), ("sign", "="), ("text", "'it''s'")),
        *(("sign", ","), ("word", "z"), ("sign", "::"), ("word", "text"), ("sign", ")")),
    ]


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name not in {"mariadb", "cockroachdb"}])
def test_a_dialect_is_known_by_what_it_writes(dialect: str) -> None:
    assert spoken_in(write(SHOP, dialect).text) == dialect


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ('CREATE TABLE "Album" ("AlbumId" INT NOT NULL, "Title" VARCHAR(160))', "postgresql"),
        ("CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (a)", "postgresql"),
        ("CREATE TABLE t (a VARCHAR(20), b DATETIME)", "duckdb"),
        ("CREATE TABLE t (a VARCHAR(MAX), b TIMESTAMP)", "redshift"),
        ("CREATE TABLE t (a VARCHAR(MAX))", "sqlserver"),
        ("CREATE TABLE t (a NVARCHAR(MAX), b TIMESTAMP)", "sqlserver"),
        ("SELECT '\\'' FROM svv_external_tables", "redshift"),
        ("CREATE TABLE t (a NVARCHAR2(20))", "oracle"),
        ("IF OBJECT_ID('[t]', 'U') IS NOT NULL DROP TABLE [t]; CREATE TABLE [t] ([a] INTEGER, [b] BLOB)", "sqlserver"),
        ("CREATE TABLE t (a bigint IDENTITY PRIMARY KEY)", "sqlserver"),
        ("CREATE TABLE t (a bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b varchar(2))", "postgresql"),
        (
            "USE ROLE r; CREATE TABLE t (a VARCHAR(20)); CREATE OR REPLACE STREAM s ON TABLE t; SELECT $$ a $$",
            "snowflake",
        ),
        ("CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT) -- it's stored as JSON", "sqlite"),
        ("CREATE TABLE t (a NUMERIC) /* stored as JSON", "postgresql"),
        ("-- MySQL dump 10.13\nCREATE TABLE t (a NUMERIC)", "mysql"),
        ("CREATE TABLE t (a DOUBLE, b VARCHAR(9), UNIQUE KEY ab (a, b))", "mysql"),
        ("CREATE TABLE t (a VARCHAR(9), b ENUM('x', 'y'))", "mysql"),
        ("CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t (a e, b serial)", "postgresql"),
        ("/*!40101 SET NAMES utf8 */; CREATE TABLE t (a NUMERIC)", "mysql"),
        ("CREATE TABLE t (a UInt32, b VARCHAR(20))", "clickhouse"),
        ("CREATE TABLE t (a VARCHAR(20)) PARTITIONED BY (b DATE) STORED AS ${FILE}", "databricks"),
        ("CREATE TABLE IF NOT EXISTS t (a NUMBER, b STRING)\nCLUSTER BY (a)", "snowflake"),
        ("CREATE TABLE IF NOT EXISTS t (a NUMBER(10, 0), b DATETIME, c VARCHAR(3))", "snowflake"),
        ("CREATE TABLE t (a NUMBER(10,0), b VARCHAR2(3))", "oracle"),
        (f"CREATE TABLE t (a VARCHAR2(3), {', '.join(f'a{i} NUMBER(38, 0)' for i in range(9))})", "oracle"),
        ("CREATE TABLE t (a NUMBER(38,0), b VARCHAR(16777216))", "snowflake"),
        ("create procedure p() returns varchar language javascript as $$ return 1 $$", "snowflake"),
        (f"CREATE TABLE public.t (a int) DISTKEY (a); {'SELECT a FROM public.t; ' * 30}", "redshift"),
        ("-- Databricks notebook source\nCREATE TABLE t (a STRING)\n-- COMMAND ----------\nSELECT 1", "databricks"),
        ("CREATE TABLE t (a VARCHAR(20)); CREATE TRIGGER g AFTER UPDATE ON t BEGIN UPDATE t SET a = ''; END", "sqlite"),
        ("CREATE TABLE t (a INTEGER UNSIGNED, b INTEGER UNSIGNED); PRAGMA user_version = 1;", "sqlite"),
        ("CREATE TRIGGER g BEFORE INSERT ON t DECLARE PRAGMA AUTONOMOUS_TRANSACTION; x VARCHAR2(3);", "oracle"),
        ("CREATE TABLE t (a VARCHAR(255) COLLATE NOCASE)", "sqlite"),
        ("CREATE COLLATION nocase (provider = icu); CREATE TABLE t (a TEXT COLLATE NOCASE)", "postgresql"),
        ("CREATE TABLE t (a integer NOT NULL PRIMARY KEY, b varchar(9), c datetime)", "sqlite"),
        ("CREATE TABLE t (serial INT, b VARCHAR(9)); CREATE VIEW v AS SELECT serial FROM t", "postgresql"),
        ("CREATE TABLE t (id bigserial PRIMARY KEY, b real)", "postgresql"),
        ("CREATE TABLE t (a String, b Float64) ENGINE = Kafka", "clickhouse"),
        ("CREATE TABLE t (a float64)", "bigquery"),
        ("USE CATALOG main; CREATE TABLE t (a VARCHAR(20))", "databricks"),
        (
            "GRANT USAGE ON WAREHOUSE w TO ROLE r; CREATE TABLE public.t (a VARCHAR(20), b int DEFAULT 1::int)",
            "snowflake",
        ),
        ("CREATE TABLE flights (year NUMBER, airline VARCHAR(30))", "snowflake"),
        ("CREATE TABLE t (a VARCHAR(65535))", "redshift"),
        ("CREATE TABLE IF NOT EXISTS t (id INT IDENTITY(1,1) PRIMARY KEY)", "redshift"),
        ("CREATE TABLE main.t (a VARCHAR, b TIMESTAMP WITH TIME ZONE)", "duckdb"),
        ("CREATE TABLE t (a VARCHAR, b SMALLINT)", "duckdb"),
        ("CREATE TABLE t (id int); CREATE TRIGGER g BEFORE INSERT ON t BEGIN SELECT RAISE(ABORT, 'no'); END", "sqlite"),
        ("CREATE TABLE `t` (`id` integer PRIMARY KEY AUTOINCREMENT, `a` text, `b` text, `c` text, `d` text)", "sqlite"),
        ("CREATE TABLE t (id INT AUTOINCREMENT PRIMARY KEY, a VARCHAR(9))", "snowflake"),
        ("CREATE TABLE t (a STRUCT<x: BIGINT, y: ARRAY<STRING>>)", "databricks"),
        ("CREATE TABLE t (a STRUCT<x STRING, y ARRAY<STRING>>)", "bigquery"),
        ("CREATE TABLE `t` (`a` int, KEY `i` (`a`) USING BTREE, KEY `j` USING BTREE (`a`)) ENGINE = InnoDB", "mysql"),
        ("CREATE EXTERNAL SCHEMA s FROM DATA CATALOG DATABASE 'd' IAM_ROLE 'r'", "redshift"),
        ("INSERT INTO t VALUES\n(1, 'it\\'s `a` b'),\n(2, 'NVARCHAR(MAX)');\nCREATE TABLE t (a serial)", "postgresql"),
    ],
)
def test_a_dialect_is_known_by_what_it_uses(text: str, dialect: str) -> None:
    assert spoken_in(text) == dialect


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL)", "sqlite"),
        ("CREATE TABLE t (id TEXT NOT NULL PRIMARY KEY, a BLOB, b DATETIME)", "sqlite"),
        ("CREATE OR REPLACE TABLE s.t (id INTEGER, a FLOAT)", "snowflake"),
        ("CREATE TABLE t (id BIGINT COMMENT 'a', b STRING COMMENT 'b') COMMENT 'c'", "databricks"),
        ("CREATE TABLE t (a VARCHAR, b TEXT, c BLOB)", "duckdb"),
        (f"CREATE TABLE t ({', '.join(f'a{i} TIMESTAMP WITHOUT TIME ZONE' for i in range(9))})", "postgresql"),
        (f"CREATE TABLE t ({', '.join(f'`a{i}` int' for i in range(9))})", "mysql"),
    ],
)
def test_what_is_of_many_databases_is_read_as_one_and_said(text: str, dialect: str) -> None:
    found = read(text)
    assert (found.dialect, found.dialect_told) == (dialect, False)
    assert read(text, dialect).dialect_told


def test_nothing_tells_the_home_dialect() -> None:
    assert spoken_in("CREATE TABLE t (a int)") == "duckdb"
    assert spoken_in("") == "duckdb"


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "oracle", "sqlserver", "snowflake", "bigquery"])
def test_atomic_groups_find_what_possessive_ones_do(dialect: str) -> None:
    """Before 3.11.5, Python is wrong about possessive groups, and atomic ones are put in their place."""
    for pattern in patterns(dialect)[:2]:
        other = re.compile(atomic(pattern.pattern), pattern.flags)
        for _, _, text, _ in CASES:
            for at in range(len(text)):
                mine, theirs = (one.match(text, at) for one in (pattern, other))
                assert (mine and mine.span(), mine and mine.groups()) == (
                    theirs and theirs.span(),
                    theirs and theirs.groups(),
                )

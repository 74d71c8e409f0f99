"""What a design keeps as text is created where it is verified, and what could do harm is not."""

from urllib.parse import quote

import pytest

from dbworkbench.schema.definition import Definition
from dbworkbench.schema.notation import schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import read
from dbworkbench.trials.kept import runnable
from dbworkbench.trials.verify import verify
from tests.servers import PostgreSQL
from tests.sql.test_back_again import MYSQLDUMP, POSTGRESQL

TABLE = "CREATE TABLE t (id integer PRIMARY KEY, n integer);\n"
COUNTED = "CREATE VIEW v AS SELECT count(*) AS m FROM t;"


def at(server: PostgreSQL) -> str:
    return f"postgresql://{server.user}@/postgres?unix_sock={quote(server.socket, safe='')}"


def test_what_is_kept_is_created_by_postgresql_and_gone_afterwards(postgresql_server: PostgreSQL) -> None:
    found = verify(read(POSTGRESQL, "postgresql").schema, at(postgresql_server), rows=4)
    assert found.holds, found
    assert found.beyond == ""
    with postgresql_server.connect() as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'dbworkbench%' OR nspname = 'audit'")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname IN ('events', 'v', 'w', 'numbers')")
        assert cursor.fetchone()[0] == 0


def test_what_is_kept_is_created_by_mariadb(mariadb_url: str) -> None:
    design = read(MYSQLDUMP, "mariadb").schema
    found = verify(design, mariadb_url, rows=4)
    assert found.holds, found
    assert found.beyond == ""
    broken = read(MYSQLDUMP.replace("SET NEW.tiny", "SET NEW.nope"), "mariadb").schema
    found = verify(broken, mariadb_url, rows=4)
    assert [one.partition(":")[0] for one in found.differences] == ["the trigger tr"]


@pytest.mark.parametrize("dialect", ["sqlite", "duckdb", "postgresql"])
def test_a_view_that_the_engine_refuses_is_a_difference(dialect: str, postgresql_server: PostgreSQL) -> None:
    target = at(postgresql_server) if dialect == "postgresql" else dialect
    assert verify(read(TABLE + COUNTED, dialect).schema, target, rows=4).holds
    found = verify(read(f"{TABLE}CREATE VIEW v AS SELECT nope FROM t;", dialect).schema, target, rows=4)
    assert not found.holds
    (difference,) = found.differences
    assert difference.startswith("the view v: ")
    assert "nope" in difference


def test_an_extension_that_is_not_there_is_said(postgresql_server: PostgreSQL) -> None:
    text = f'CREATE EXTENSION "no such";{TABLE}{COUNTED}'
    found = verify(read(text, "postgresql").schema, at(postgresql_server), rows=4)
    assert found.holds
    assert "the extension no such" in found.beyond


HARMFUL = (
    "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpython3u AS $$ import os $$",
    "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'libc.so', 'system'",
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ begin execute 'DROP TABLE x'; end $$",
    "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'COPY t TO PROGRAM ''id'''",
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ begin update prod.users set a = 1; end $$",
    "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ begin update pg_authid set rolsuper = true; end $$",
    "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ CREATE ROLE x SUPERUSER $$",
    "CREATE VIEW v AS SELECT * FROM dblink('host=elsewhere', 'select 1') AS d(a int)",
    "CREATE VIEW v AS SELECT pg_catalog.pg_read_file('/etc/passwd')",
    "CREATE MATERIALIZED VIEW v AS SELECT lo_import('/etc/passwd')",
    "CREATE MATERIALIZED VIEW v AS SELECT nextval('public.orders')",
    "CREATE MATERIALIZED VIEW v AS SELECT query_to_xml('delete from x', true, true, '')",
    "CREATE VIEW public.v AS SELECT 1 AS a",
    "CREATE VIEW v AS SELECT 1 AS a; DROP TABLE x",
    "CREATE VIEW v AS SELECT $é$ ' $é$; DROP TABLE x; --'",
    "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION elsewhere()",
    "CREATE TYPE x (INPUT = f, OUTPUT = g)",
    "ALTER TABLE t OWNER TO postgres",
)


@pytest.mark.parametrize("text", HARMFUL)
def test_what_could_do_harm_is_not_run(text: str) -> None:
    word = next(
        one
        for one in ("function", "materialized view", "view", "trigger", "type", "row security")
        if one.upper() in f"{text} ROW SECURITY"
    )
    design = schema("t(*id: integer, n: integer)")
    kept = design.__class__(design.relations, definitions=(Definition(word, "f", text, "postgresql"),))
    found = runnable(kept, DIALECTS["postgresql"])
    assert (found.before, found.after) == ((), ())
    assert found.left[0].startswith(f"the {word} f: ")


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ("mariadb", "CREATE VIEW v AS SELECT load_file('/etc/passwd') AS a"),
        ("mariadb", "CREATE TRIGGER v BEFORE INSERT ON t FOR EACH ROW SET GLOBAL general_log = 1"),
        ("mariadb", "CREATE TRIGGER v BEFORE INSERT ON t FOR EACH ROW UPDATE t, mysql.user SET a = 1"),
        ("mariadb", "CREATE DEFINER=`root`@`localhost` TRIGGER v BEFORE INSERT ON t FOR EACH ROW SET NEW.n = 1"),
        ("mariadb", "CREATE VIEW v AS SELECT 1 /*!99999 ' */ INTO OUTFILE 'x' /* ' */"),
        ("duckdb", "CREATE VIEW v AS SELECT * FROM read_text('/etc/passwd')"),
        ("duckdb", "CREATE VIEW v AS FROM 'https://elsewhere/x.csv'"),
        ("duckdb", 'CREATE VIEW v AS FROM "x.csv"'),
        ("duckdb", "CREATE VIEW v AS SELECT 1 # ; COPY t TO 'x'"),
        ("sqlite", "CREATE VIEW v AS SELECT load_extension('x')"),
    ],
)  # fmt: skip
def test_what_could_do_harm_is_not_run_by_other_engines_either(dialect: str, text: str) -> None:
    design = schema("t(*id: integer, n: integer)")
    kind = "trigger" if "TRIGGER" in text else "view"
    kept = design.__class__(design.relations, definitions=(Definition(kind, "v", text, dialect),))
    found = runnable(kept, DIALECTS[dialect])
    assert not any("#" not in text or "COPY" in statement for _, statement in (*found.before, *found.after))


def test_a_materialized_view_whose_query_never_ends_does_not_hold_it_up(postgresql_server: PostgreSQL) -> None:
    endless = "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n FROM r) SELECT count(*) AS m FROM r"
    text = f"{TABLE}CREATE MATERIALIZED VIEW one AS {endless};\nCREATE MATERIALIZED VIEW two AS {endless} WITH DATA;"
    design = read(text, "postgresql").schema
    made = [statement for _, statement in runnable(design, DIALECTS["postgresql"]).after]
    assert [statement.count(" WITH NO DATA") for statement in made] == [1, 1]
    assert not any("WITH DATA" in statement for statement in made)
    assert verify(design, at(postgresql_server), rows=4).holds

"""What is read from a dump and written for the same database again is run there, by the rules of its own client."""

import re
from collections.abc import Iterator

import pytest

from dbworkbench.sql.read import read
from dbworkbench.sql.write import write
from tests.sql.conftest import Scratch, loaded

MYSQLDUMP = """
CREATE TABLE `users` (`id` int NOT NULL, `tz` varchar(64) NOT NULL DEFAULT 'UTC', `tiny` int NOT NULL, PRIMARY KEY (`id`));
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=`nobody`@`%` SQL SECURITY DEFINER */
/*!50001 VIEW `small` AS select `users`.`id` AS `id` from `users` where (`users`.`tiny` = 1) */;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`nobody`@`%`*/ /*!50003 TRIGGER `tr` BEFORE INSERT ON `users` FOR EACH ROW BEGIN
  SET NEW.tz = ';'; SET NEW.tiny = 1;
END */;;
DELIMITER ;
"""
POSTGRESQL = """
CREATE SCHEMA audit;
CREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;
CREATE TABLE audit.events (id integer PRIMARY KEY, kind text);
CREATE TABLE hr.staff (id integer PRIMARY KEY);
CREATE TABLE old.staff (id integer PRIMARY KEY);
CREATE SEQUENCE audit.numbers;
CREATE VIEW audit.v AS SELECT audit.events.id, nextval('audit.numbers'::regclass) AS n, 'audit.events' AS said FROM audit.events;
CREATE VIEW audit.w AS SELECT v.id FROM audit.v JOIN hr.staff USING (id) JOIN old.staff AS audit USING (id) WHERE audit.id > 0;
CREATE FUNCTION audit.f() RETURNS trigger LANGUAGE plpgsql SET search_path TO audit, pg_catalog
    AS $$ begin new.kind := pg_catalog.upper(new.kind); insert into hr.staff values (new.id); return new; end $$;
CREATE TRIGGER tr BEFORE INSERT ON audit.events FOR EACH ROW EXECUTE FUNCTION audit.f();
ALTER TABLE audit.events ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON audit.events USING ((id > 0));
"""


def sent(script: str) -> Iterator[str]:
    """The statements that MySQL's client sends: what stands before the delimiter, which a line of its own may change."""
    delimiter, rest = ";", script
    while rest.strip():
        if found := re.match(r"\s*DELIMITER[ \t]+(\S+)[ \t]*(?:\n|\Z)", rest):
            delimiter, rest = found[1], rest[found.end() :]
            continue
        quoted = r"'(?:[^'\\]|\\.|'')*'|`[^`]*`|\"(?:[^\"\\]|\\.)*\""
        found = re.match(rf"((?:{quoted}|(?!{re.escape(delimiter)})[^'`\"])*){re.escape(delimiter)}", rest, re.DOTALL)
        assert found, rest
        yield found[1].strip()
        rest = rest[found.end() :]


def test_views_and_triggers_of_mysqldump_are_plain_statements_that_its_client_runs(scratch: Scratch) -> None:
    found = read(MYSQLDUMP, "mysql")
    view, trigger = found.schema.definitions
    assert view.text == (
        "CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `small` AS select `users`.`id` AS `id` from `users` "
        "where (`users`.`tiny` = 1)"
    )
    assert trigger.text.startswith("CREATE TRIGGER `tr` BEFORE INSERT ON `users` FOR EACH ROW BEGIN\n")
    assert trigger.text.endswith("SET NEW.tiny = 1;\nEND")
    assert [str(loss) for loss in found.losses] == [
        "small: DEFINER=`nobody`@`%` — read without: it is of whoever creates it",
        "tr: DEFINER=`nobody`@`%` — read without: it is of whoever creates it",
    ]
    written = write(found.schema, "mysql").text
    assert read(written, "mysql").schema.definitions == found.schema.definitions
    with scratch("mariadb") as run:
        loaded(run, sent(written))
        run("INSERT INTO users (id, tiny) VALUES (7, 0)")
        assert run("SELECT tz, tiny FROM users") == [(";", 1)]
        assert run("SELECT id FROM small") == [(7,)]


def test_what_lies_in_schemas_is_called_as_it_is_written(scratch: Scratch) -> None:
    found = read(POSTGRESQL, "postgresql")
    assert [str(loss) for loss in found.losses] == [
        "f: SET search_path TO audit, pg_catalog — read without: all lies in one schema"
    ]
    written = write(found.schema, "postgresql").text
    again = read(written, "postgresql").schema
    assert [one.text for one in again.definitions] == [one.text for one in found.schema.definitions]
    assert "'audit.events' AS said" in written
    with scratch("postgresql") as run:
        loaded(run, [written])
        run("INSERT INTO events VALUES (7, 'x')")
        run('INSERT INTO "old.staff" VALUES (7)')
        assert [tuple(row) for row in run("SELECT id, n FROM v")] == [(7, 1)]
        assert [tuple(row) for row in run("SELECT id FROM w")] == [(7,)]
        assert run("SELECT kind FROM events")[0][0] == "X"


def test_two_views_of_one_name_are_told_apart_by_their_schemas(scratch: Scratch) -> None:
    text = """CREATE TABLE a.t (id integer PRIMARY KEY); CREATE VIEW a.v AS SELECT id FROM a.t;
        CREATE VIEW b.v AS SELECT id + 1 AS id FROM a.v; CREATE VIEW b.t AS SELECT id FROM b.v;"""
    found = read(text, "postgresql").schema
    assert [one.name for one in found.definitions] == ["a.v", "b.v", "b.t"]
    with scratch("postgresql") as run:
        loaded(run, [write(found, "postgresql").text])
        run("INSERT INTO t VALUES (1)")
        assert [tuple(row) for row in run('SELECT id FROM "b.t"')] == [(2,)]


@pytest.mark.parametrize(
    ("dialect", "text", "says"),
    [
        ("sqlserver", "CREATE TABLE t (a int); GO\nCREATE VIEW v AS SELECT a FROM t;", "GO\nCREATE VIEW v AS SELECT a FROM t;\nGO"),
        (
            "oracle",
            "CREATE TABLE t (a NUMBER(9));\nCREATE TRIGGER r BEFORE INSERT ON t FOR EACH ROW\nBEGIN\n  :NEW.a := 1;\nEND;\n/",
            "  :NEW.a := 1;\nEND;\n/",
        ),
    ],
)  # fmt: skip
def test_what_is_kept_stands_in_a_script_as_its_client_wants_it(dialect: str, text: str, says: str) -> None:
    found = read(text, dialect).schema
    written = write(found, dialect).text
    assert says in written
    assert read(written, dialect).schema == found


BEGINNINGS = """CREATE TABLE `posts` (`id` int NOT NULL PRIMARY KEY, `body` longtext, `prefs` json, `at` datetime,
    KEY `ix_body` (`body`(50), `at` DESC), FULLTEXT KEY `ft` (`body`), UNIQUE KEY `uq` (`body`(20)));"""


@pytest.mark.parametrize(
    ("dialect", "kind"), [("sqlserver", "NVARCHAR(MAX)"), ("oracle", "CLOB"), ("postgresql", "text"), ("snowflake", "VARCHAR")]
)  # fmt: skip
def test_no_attribute_is_narrowed_for_an_index_that_is_not_written(dialect: str, kind: str) -> None:
    written = write(read(BEGINNINGS, "mysql").schema, dialect)
    (line,) = (one for one in written.text.splitlines() if one.lstrip(' ["').startswith("body"))
    assert line.split()[1].rstrip(",") == kind
    assert not any(loss.subject == "posts.body" and "key" in loss.feature for loss in written.losses)
    gin = read(
        "CREATE TABLE t (id integer PRIMARY KEY, p jsonb); CREATE INDEX g ON t USING gin (p);", "postgresql"
    ).schema
    for other, wide in (("sqlserver", "NVARCHAR(MAX)"), ("mysql", "JSON")):
        assert wide in write(gin, other).text


def test_postgresql_has_room_for_the_beginnings_of_long_texts(scratch: Scratch) -> None:
    written = write(read(BEGINNINGS, "mysql").schema, "postgresql")
    told = [str(loss) for loss in written.losses]
    assert (
        "posts: the index (body(50), at desc): the length of what an index takes — written on the first 50 characters"
        in told
    )
    with scratch("postgresql") as run:
        loaded(run, [written.text])
        run("INSERT INTO posts (id, body) SELECT 1, string_agg(md5(n::text), '') FROM generate_series(1, 400) AS n")
        assert run("SELECT count(*) FROM posts")[0][0] == 1


def test_composite_types_keep_their_names(scratch: Scratch) -> None:
    text = 'CREATE TYPE a.address AS (street text); CREATE TYPE "Two" AS (b text);CREATE TABLE t (id integer PRIMARY KEY, home a.address, b "Two");'
    found = read(text, "postgresql")
    written = write(found.schema, "postgresql")
    assert written.losses == ()
    assert read(written.text, "postgresql").schema == found.schema
    with scratch("postgresql") as run:
        loaded(run, [written.text])
        run("INSERT INTO t VALUES (1, ROW('x'), ROW('y'))")
        assert run("SELECT (home).street FROM t")[0][0] == "x"
    assert any(loss.subject == "t.home" for loss in write(found.schema, "mysql").losses)


def test_points_of_mysql_stay_points(scratch: Scratch) -> None:
    text = "CREATE TABLE `p` (`id` int NOT NULL PRIMARY KEY, `loc` point NOT NULL, `area` polygon DEFAULT NULL, SPATIAL KEY `sp` (`loc`));"
    found = read(text, "mariadb")
    written = write(found.schema, "mariadb")
    assert written.losses == ()
    again, mine = read(written.text, "mariadb").schema["p"], found.schema["p"]
    assert (again.attributes, again.indexes) == (mine.attributes, mine.indexes)
    with scratch("mariadb") as run:
        loaded(run, sent(written.text))
        run("INSERT INTO p (id, loc) VALUES (1, ST_GeomFromText('POINT(1 2)'))")


def test_the_key_of_a_partition_is_that_of_the_whole() -> None:
    text = """CREATE TABLE o (id integer NOT NULL) PARTITION BY RANGE (id); CREATE TABLE o1 (id integer NOT NULL);
        ALTER TABLE ONLY o ATTACH PARTITION o1 FOR VALUES FROM (1) TO (9);
        ALTER TABLE ONLY o1 ADD CONSTRAINT o1_pkey PRIMARY KEY (id);"""
    assert [loss.subject for loss in read(text, "postgresql").losses] == ["o1"]
    whole = "ALTER TABLE ONLY o ADD CONSTRAINT o_pkey PRIMARY KEY (id);"
    assert read(text + whole, "postgresql").losses == ()

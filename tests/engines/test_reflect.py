"""A live database read as a design: what was created is what is found, on every engine that runs here."""

import hashlib
import re
import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlalchemy
from hypothesis import given, settings

import dbworkbench as wb
from dbworkbench.engines.reached import reached
from dbworkbench.engines.reflect import Reflection, reflect, reflected
from dbworkbench.errors import EngineError, Unsupported
from dbworkbench.schema.relation import Attribute, Check, Declared, Domain, ForeignKey, Identity, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Integer, Native, Text
from dbworkbench.sql.alike import differences, meaning_of
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import read
from dbworkbench.sql.statement import split
from dbworkbench.sql.write import statements, write
from tests.scratch import SCHEMA_OF, Run, Scratch
from tests.servers import PostgreSQL
from tests.sql.conftest import loaded
from tests.sql.designs import CYCLE, SHOP, schemas
from tests.sql.laws import misnamed

ENGINES = ("duckdb", "sqlite", "postgresql", "mariadb", "clickhouse")


def found_in(run: Run, dialect: str) -> Reflection:
    return reflected(run, dialect, (SCHEMA_OF[dialect],))


def wanted(schema: Schema, dialect: str) -> Schema:
    """What a dialect carries of a schema, as its own DDL says it."""
    return read(write(schema, dialect).text, dialect).schema


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize("schema", [SHOP, CYCLE], ids=["shop", "cycle"])
def test_what_was_created_is_found(dialect: str, schema: Schema, scratch: Scratch) -> None:
    with scratch(dialect) as run:
        loaded(run, statements(schema, dialect))
        found = found_in(run, dialect)
    assert differences(wanted(schema, dialect), found.schema) == ()
    assert [entry for entry in found.ledger if entry.fate == "kept as text"] == []


@pytest.mark.parametrize("dialect", ENGINES)
@settings(max_examples=30)
@given(schema=schemas())
def test_whatever_was_created_is_found(dialect: str, scratch: Scratch, schema: Schema) -> None:
    with scratch(dialect) as run:
        loaded(run, statements(schema, dialect))
        found = found_in(run, dialect)
    assert differences(wanted(schema, dialect), found.schema) == ()
    assert misnamed(schema, found.schema, dialect) == []


def _of(text: str, name: str = "t") -> Schema:
    return read(f'CREATE TABLE "{name}" ({text});', "postgresql").schema


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    "schema",
    [
        _of(
            '"current_user" varchar(9) CHECK ("current_user" > \'a\'), "current_date" integer CHECK ("current_date" <> 7)'
        ),
        _of(
            '"CURRENT_DATE" date DEFAULT current_date CHECK ("CURRENT_DATE" > DATE \'2020-01-01\'), "localtimestamp" timestamp '
            'DEFAULT localtimestamp, "current_timestamp" timestamptz DEFAULT now(), "session_user" text DEFAULT \')\''
        ),
        _of('"not" integer CHECK ("not" <> 7), "on" integer CHECK ("on" IS NOT NULL), x integer CHECK (NOT (x < 0))'),
        _of("a bigint CHECK (a NOT IN (1, 2, 3)), b text CHECK (b NOT IN ('x', 'y') OR b NOT LIKE 'z%')"),
        _of("a double precision CHECK (round(a::numeric, 2) < 1 AND a > 1e-5), b bigint CHECK (b <= 2147483648)"),
        _of(
            "a numeric(40, 1) DEFAULT 123456789012345678901234567890.5, b boolean CHECK (NOT b), c integer DEFAULT 1.5"
        ),
        _of(
            "a timestamptz DEFAULT '2020-01-31', b timestamp DEFAULT 'infinity', c numeric(1, 1) DEFAULT 100, d text DEFAULT true"
        ),
        _of(", ".join(f"v{at} varchar(9000)" for at in range(5)), "wide"),
        _of('CONSTRAINT "a key" PRIMARY KEY (a, b), a integer, b integer, CONSTRAINT "a check" CHECK (a < b)'),
        read(
            'CREATE DOMAIN "integer" AS smallint; CREATE DOMAIN public."text" AS varchar(9);'
            'CREATE TABLE t (a integer, b "integer", c text, d public."text");',
            "postgresql",
        ).schema,
        read(
            "CREATE TABLE p (a varchar(9) PRIMARY KEY); CREATE TABLE c (b varchar(9) COLLATE latin1_swedish_ci REFERENCES p (a));",
            "postgresql",
        ).schema,
        read("CREATE TABLE t (a numeric(65, 1), b text, c text); CREATE INDEX i ON t (b, a, c);", "postgresql").schema,
    ],
    ids=lambda one: repr(one[one.names[0]].names)[:30],
)
def test_what_engines_put_otherwise_is_found(dialect: str, scratch: Scratch, schema: Schema) -> None:
    with scratch(dialect) as run:
        loaded(run, statements(schema, dialect))
        found = found_in(run, dialect)
    assert differences(wanted(schema, dialect), found.schema) == ()
    assert misnamed(schema, found.schema, dialect) == []


_LONG = [
    "x" * 63,
    "x" * 64,
    "x" * 65,
    "x" * 128,
    "x" * 129,
    "x" * 128 + "y",
    "x" * 128 + "z",
    "é" * 31 + "a",
    "é" * 32,
    "😀" * 16,
]
_QUOTES = [
    '"',
    '""',
    "'",
    "`",
    "[",
    "]",
    "]]",
    "\\",
    '\\"',
    "\\'",
    "$$",
    "%",
    "%s",
    ":",
    ":x",
    "?",
    "{",
    "{x}",
    "{{x}}",
    "$1",
    "--",
    "/*",
    ";",
]
_SPACES = [" ", " a", "a ", "\t", "a\nb", "\r\n", "\xa0", "\u200b", "\u2028", "\x01", "a\0b"]
_LETTERS = ["😀", "e\u0301", "é", "É", "e", "E", "ש", "\u202eabc", "ı", "İ", "ß", "SS", "\ud800", "a.b", "1", "-"]
_WORDS = [
    "select",
    "SELECT",
    "table",
    "user",
    "order",
    "not",
    "on",
    "is",
    "null",
    "current_user",
    "current_date",
    "primary",
    "rowid",
]
NAMES = [
    *_LONG,
    *_QUOTES,
    *_SPACES,
    *_LETTERS,
    *_WORDS,
    "public",
    "main",
    "pg_class",
    "sqlite_master",
    "text",
    "integer",
]


@pytest.mark.parametrize("dialect", ENGINES)
def test_names_of_every_kind_are_taken_and_found(dialect: str, scratch: Scratch) -> None:
    sad = [
        Domain(name, Enumeration((f"v{at}", "it's")))
        for at, name in enumerate({name.lower(): name for name in NAMES}.values())
        if len(name.encode("utf-8", "replace")) < 60
    ]
    relations = [
        Relation(
            name,
            (
                Attribute(name, Integer()),
                Attribute("other one", Text(9), nullable=True),
                Attribute("mood", domain=sad[at % len(sad)]),
            ),
            keys=(Key((name,), name), Key(("other one",), f"{name}!")),
            foreign_keys=(ForeignKey((name,), name, (name,), name=f"{name}?"),),
            checks=(Check(f"{DIALECTS['duckdb'].quoted(name)} > 0", f"{name}&"),)
            if "\0" not in name and name != "\ud800"
            else (),
            indexes=(Index((name, "other one"), name=f"{name}#"),),
            note=name.replace("\ud800", ""),
        )
        for at, name in enumerate(NAMES)
    ]
    schema = Schema(tuple(relations))
    with scratch(dialect) as run:
        loaded(run, statements(schema, dialect))
        found = found_in(run, dialect)
    assert len(found.schema) == len(NAMES)
    assert differences(wanted(schema, dialect), found.schema) == ()
    assert misnamed(schema, found.schema, dialect) == []


BESIDE = {  # what engines hold beside tables, and rules of every kind: each called by a name and what it is
    "postgresql": """
        CREATE TYPE {enum} AS ENUM ('a', {value});
        CREATE DOMAIN {domain} AS integer CONSTRAINT {checked} CHECK (VALUE > 0);
        CREATE SEQUENCE {sequence} START 5;
        CREATE TABLE {table} ({own} integer CONSTRAINT {primary} PRIMARY KEY, m {enum} DEFAULT 'a', n {domain}, x text,
            o integer DEFAULT nextval({the sequence}), CONSTRAINT {key} UNIQUE (x), CONSTRAINT {check} CHECK ({own} > 0),
            CONSTRAINT {foreign key} FOREIGN KEY (o) REFERENCES {table} ({own}), CONSTRAINT {exclusion} EXCLUDE USING btree (x WITH =));
        CREATE INDEX {index} ON {table} ({own}, lower(x)) WHERE {own} > 1;
        CREATE VIEW {view} AS SELECT {own}, x AS {alias} FROM {table};
        CREATE MATERIALIZED VIEW {materialized view} AS SELECT {own} FROM {table};
        CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $x$ BEGIN RETURN NEW; END $x$;
        CREATE TRIGGER {trigger} BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {function}();
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        CREATE POLICY {policy} ON {table} USING ({own} > 0)
    """,
    "sqlite": """
        CREATE TABLE {table} ({own} INTEGER CONSTRAINT {primary} PRIMARY KEY, x TEXT, o INTEGER, CONSTRAINT {key} UNIQUE (x),
            CONSTRAINT {check} CHECK ({own} > 0), CONSTRAINT {foreign key} FOREIGN KEY (o) REFERENCES {table} ({own}));
        CREATE INDEX {index} ON {table} ({own}, lower(x)) WHERE {own} > 1;
        CREATE VIEW {view} AS SELECT {own}, x AS {alias} FROM {table};
        CREATE TRIGGER {trigger} AFTER INSERT ON {table} BEGIN UPDATE {table} SET x = 'y' WHERE {own} = NEW.{own}; END
    """,
    "duckdb": """
        CREATE TYPE {enum} AS ENUM ('a', {value});
        CREATE SEQUENCE {sequence} START 5;
        CREATE SEQUENCE {other sequence} INCREMENT 3;
        CREATE TABLE {table} ({own} INTEGER, m {enum} DEFAULT 'a', x VARCHAR, o INTEGER DEFAULT nextval({the sequence}),
            PRIMARY KEY ({own}), CHECK ({own} > 0), FOREIGN KEY (o) REFERENCES {table} ({own}));
        CREATE INDEX {index} ON {table} ({own}, x);
        CREATE VIEW {view} AS SELECT {own}, x AS {alias} FROM {table}
    """,
    "mariadb": """
        CREATE SEQUENCE {other sequence} START 5;
        CREATE TABLE {table} ({own} INTEGER PRIMARY KEY, x VARCHAR(20), o INTEGER, CONSTRAINT {key} UNIQUE (x), KEY {index} ({own}, x),
            CONSTRAINT {check} CHECK ({own} > 0), CONSTRAINT {foreign key} FOREIGN KEY (o) REFERENCES {table} ({own}));
        CREATE VIEW {view} AS SELECT {own}, x AS {alias} FROM {table}
    """,
    "clickhouse": """
        CREATE TABLE {table} ({own} Int32, x String, CONSTRAINT {check} CHECK {own} > 0) ENGINE = MergeTree ORDER BY ({own});
        CREATE VIEW {view} AS SELECT {own}, x AS {alias} FROM {table};
        CREATE MATERIALIZED VIEW {materialized view} ENGINE = MergeTree ORDER BY {own} AS SELECT {own} FROM {table}
    """,
}
_ROOM = {"postgresql": 40, "mariadb": 40, "clickhouse": 40}
_UNFIT = {
    "mariadb": "[^\x20-\uffff]|\xa0|\u2028",
    "clickhouse": r"\\",
    "sqlite": "^sqlite_",
    "postgresql": "^pg_",
}  # what gets another name, and MariaDB's views lose some signs at a name's beginning


@pytest.mark.parametrize("dialect", ENGINES)
def test_names_of_every_kind_are_those_of_what_stands_beside_tables(dialect: str, scratch: Scratch) -> None:
    spoken = DIALECTS[dialect]
    fit = [
        name
        for name in NAMES
        if len(name.encode("utf-8", "replace")) < _ROOM.get(dialect, 999)
        and not re.search(_UNFIT.get(dialect, "^$") + "|[\0\ud800]", name)
    ]
    made = [
        {role: f"{name} {role} {at}" for role in re.findall(r"\{([a-z ]+)\}", BESIDE[dialect])}
        for at, name in enumerate(fit)
    ]
    kept = {
        "other sequence",
        "view",
        "materialized view",
        "function",
        "trigger",
        "policy",
    }  # a sequence numbers a column
    rules = ("primary", "key", "foreign key", "check", "exclusion", "index")
    with scratch(dialect) as run:
        for at, names in enumerate(made):
            said = {role: spoken.quoted(name) for role, name in names.items()}
            said["the sequence"] = spoken.literal(said.get("sequence", ""))
            said["value"] = spoken.literal(str(at))  # types of the same values are one in DuckDB
            for statement in BESIDE[dialect].split(";\n"):
                run(statement.format_map(said))
        found = found_in(run, dialect)
    assert {one.name for one in found.schema.definitions if one.kind != "row security"} == {
        name for names in made for role, name in names.items() if role in kept
    }
    for names in made:
        relation = found.schema[names["table"]]
        assert names["own"] in relation.names
        rest: list[Any] = [*relation.keys, *relation.foreign_keys, *relation.checks, *relation.exclusions]
        called = {one.name for one in (*rest, *relation.indexes)}
        assert called - {""} == {names[role] for role in rules if role in names}
        domains = {one.domain.name for one in relation.attributes if one.domain}
        assert domains == {names[role] for role in ("enum", "domain") if role in names}
        views = [one for one in found.schema.definitions if one.name == names["view"]]
        assert [one.uses for one in views] == [(names["table"],)]
    with scratch(dialect) as run:
        for one in split(write(found.schema, dialect).text, dialect):
            if not one.aside:
                run(one.text)
        again = found_in(run, dialect)
    assert differences(found.schema, again.schema) == ()
    assert {(one.kind, one.name) for one in again.schema.definitions} == {
        (one.kind, one.name) for one in found.schema.definitions
    }


POSTGRESQL = """
    CREATE TYPE mood AS ENUM ('sad', 'it''s ok');
    CREATE DOMAIN positive AS integer CONSTRAINT more CHECK (VALUE > 0);
    CREATE TABLE people (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name varchar(20) NOT NULL CHECK (name IN ('Ann', 'Bob') OR name LIKE 'C%'),
        boss integer REFERENCES people ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
        how mood DEFAULT 'sad', much positive, twice integer GENERATED ALWAYS AS (id * 2) STORED,
        UNIQUE (name, much)
    );
    COMMENT ON TABLE people IS 'who works ''here''';
    COMMENT ON COLUMN people.boss IS 'whom to ask';
    CREATE INDEX lowered ON people (lower(name));
    CREATE INDEX few ON people (boss) INCLUDE (name) WHERE boss IS NOT NULL;
    CREATE VIEW bosses AS SELECT DISTINCT boss FROM people;
    ALTER TABLE people ENABLE ROW LEVEL SECURITY;
    CREATE POLICY mine ON people USING (name = current_user);
    CREATE TABLE log (at date NOT NULL, what text) PARTITION BY RANGE (at);
    CREATE TABLE log_2024 PARTITION OF log FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
    CREATE SCHEMA other;
    CREATE TABLE other.people (id integer PRIMARY KEY);
    CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.much := 1; RETURN NEW; END $$;
    CREATE TRIGGER stamped BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION stamp();
"""


@pytest.mark.postgresql
def test_what_postgresql_holds_is_read_or_told(scratch: Scratch) -> None:
    with scratch("postgresql") as run:
        for statement in POSTGRESQL.split(";\n"):
            if statement.strip():
                run(statement)
        found = reflected(run, "postgresql", ("public", "other"))
        one = reflected(run, "postgresql", ("other",))
    assert set(found.schema.names) == {"public.people", "log", "other.people"}
    assert one.schema.names == ("people",)
    people = found.schema["public.people"]
    assert people.names == ("id", "name", "boss", "how", "much", "twice")
    assert people.keys[0].attributes == ("id",)
    assert people.keys[1].attributes == ("name", "much")
    assert [(key.relation, key.on_delete) for key in people.foreign_keys] == [("public.people", "set null")]
    assert people["how"].type == Enumeration(("sad", "it's ok"))
    assert (people.note, people["boss"].note) == ("who works 'here'", "whom to ask")
    assert meaning_of("name IN ('Ann', 'Bob') OR name LIKE 'C%'") in {
        meaning_of(one.expression) for one in people.checks
    }
    assert [index.where for index in people.indexes if index.name == "few"] != [""]
    told = "\n".join(map(str, found.losses))
    assert "counts up" not in told
    assert {one.kind for one in found.schema.definitions} >= {"view", "policy", "trigger", "function"}
    assert "id * 2" in str(people["twice"].generated)
    assert people["id"].identity is not None
    assert any("lower" in part.expression.lower() for index in people.indexes for part in index.parts)
    assert found.schema["log"].partitioning is not None


@pytest.mark.postgresql
def test_rules_that_rows_from_before_need_not_keep_are_made_and_found(scratch: Scratch) -> None:
    design = wb.schema("p(*id: integer)\na(x: integer?)\n x -> p(id) not valid\n check (x > 0) not valid")
    with scratch("postgresql") as run:
        loaded(run, statements(design, "postgresql"))
        asked = run("SELECT contype, convalidated FROM pg_constraint WHERE conrelid = 'a'::regclass ORDER BY 1")
        found = found_in(run, "postgresql").schema["a"]
    assert [list(map(str, one)) for one in asked] == [["c", "False"], ["f", "False"]]
    assert [found.checks[0].enforced, found.foreign_keys[0].enforced] == ["new", "new"]


@pytest.mark.mariadb
def test_a_mariadb_is_read_by_its_url(mariadb_url: str, scratch: Scratch) -> None:
    with scratch("mariadb") as run:
        run(
            "CREATE TABLE parent (id INT PRIMARY KEY AUTO_INCREMENT, t VARCHAR(9) NOT NULL COMMENT 'a ''note''', UNIQUE (t))"
        )
        run(
            "CREATE TABLE child (p INT, kind ENUM('a','b') DEFAULT 'a', FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE)"
        )
        run("INSERT INTO parent (t) VALUES ('x'), ('yy')")
        run("CREATE VIEW v AS SELECT count(*) AS n FROM child")
        run("CREATE TRIGGER g BEFORE INSERT ON child FOR EACH ROW SET NEW.p = 1")
        url = mariadb_url.replace("@/", "@/scratch")
        found = wb.reflect(url, statistics=True)
        assert found.schema.names == ("child", "parent")
        assert found.schema["parent"]["t"].note == "a 'note'"
        assert found.schema["child"].foreign_keys[0].on_delete == "cascade"
        assert (found.statistics["parent"].rows, found.statistics["parent"].columns["t"].width) == (2, 1.5)
        assert "the trigger g" in "\n".join(map(str, found.losses))
        with pytest.raises(EngineError, match="there is no schema 'nowhere'"):
            reflect(mariadb_url, schemas=["nowhere"])


@pytest.mark.postgresql
def test_a_postgresql_is_counted_as_far_as_it_may_be_read(postgresql_server: PostgreSQL) -> None:
    owner = postgresql_server.connect()
    owner.autocommit = True
    ask = owner.cursor().execute
    ask("CREATE DATABASE counted")
    there = postgresql_server.connect("counted")
    there.autocommit = True
    try:
        for statement in (
            "CREATE TABLE t (id integer PRIMARY KEY, j json, p point, n numeric(9, 1), w text)",
            "INSERT INTO t VALUES (1, '{}', '(1,2)', 1.5, 'é'), (2, NULL, NULL, 'NaN', NULL), (3, '[]', NULL, 1.5, 'é')",
            'CREATE SCHEMA other CREATE TABLE t (a integer) CREATE TABLE "a.b" (x integer)',
            "INSERT INTO other.t VALUES (7)",
            "CREATE TABLE secret (a integer)",
            "CREATE TABLE parts (d date) PARTITION BY RANGE (d)",
            "CREATE TABLE part PARTITION OF parts DEFAULT",
            "INSERT INTO parts VALUES ('2025-01-01')",
            "CREATE ROLE reader LOGIN",
            'GRANT USAGE ON SCHEMA other TO reader; GRANT SELECT ON t, parts, other.t, other."a.b" TO reader',
        ):
            there.cursor().execute(statement)
        found = reflect(
            postgresql_server.url("counted").replace(f"{postgresql_server.user}@", "reader@"), statistics=True
        )
        rows = {name: one.rows for name, one in found.statistics.items()}
        assert rows == {"public.t": 3, "other.t": 1, "a.b": 0, "parts": 1}
        counts = {name: (one.nulls, one.distinct) for name, one in found.statistics["public.t"].columns.items()}
        assert counts == {"id": (0, 3), "j": (1, None), "p": (2, None), "n": (0, 2), "w": (1, 1)}
        assert found.statistics["public.t"].columns["id"].width == 4.0
        assert "secret" in found.schema
        told = "\n".join(map(str, found.losses))
        assert "secret: its rows and values — not counted: permission denied for table secret" in told
    finally:
        there.close()
        ask("DROP DATABASE counted WITH (FORCE)")
        ask("DROP ROLE reader")
        owner.close()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("kind", ["sqlite", "duckdb"])
def test_a_file_is_read_and_left_as_it_is(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"the shop.{kind}"
    opened: Any = sqlite3.connect(path) if kind == "sqlite" else duckdb.connect(str(path))
    for statement in (
        "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT NOT NULL, twice INTEGER GENERATED ALWAYS AS (id * 2))",
        "CREATE TABLE b (a INTEGER REFERENCES a (id), CHECK (a > 0))",
        "CREATE INDEX b_a ON b (a)",
        "CREATE VIEW v AS SELECT * FROM a",
        "INSERT INTO a (id, t) VALUES (1, 'x'), (2, 'yyy')",
        "INSERT INTO b VALUES (1), (NULL)",
    ):
        opened.execute(statement)
    if kind == "sqlite":
        opened.commit()
    opened.close()
    before = digest(path)
    for source in (path, f"{kind}:///{path}"):
        found = wb.reflect(source, statistics=True)
        assert found.schema.names == ("a", "b")
        assert found.schema["b"].foreign_keys[0].relation == "a"
        assert [meaning_of(check.expression) for check in found.schema["b"].checks] == [meaning_of("a > 0")]
        assert found.schema["b"].indexes == (Index(("a",), name="b_a"),)
        assert (found.statistics["b"].rows, found.statistics["b"].columns["a"].nulls) == (2, 1)
        assert found.statistics["a"].columns["t"].distinct == 2
        assert [(one.kind, one.name, one.uses) for one in found.schema.definitions] == [("view", "v", ("a",))]
        twice = found.schema["a"]["twice"].generated
        assert twice is not None
        assert meaning_of(twice.expression) == meaning_of("id * 2")
        assert not found.losses
    assert digest(path) == before
    assert sorted(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("source", ["sqlite:///{}/no.db", "duckdb:///{}/no.duckdb", "{}/no.db", "sqlite://"])
def test_a_file_that_is_not_there_is_not_made(source: str, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"no database file|nothing in it"):
        reflect(source.format(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_reached_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(EngineError, match="neither an SQLite nor a DuckDB file"):
        reflect(tmp_path / "notes.txt")
    with pytest.raises(Unsupported, match="no way to reach a database by carrier-pigeon"):
        reflect("carrier-pigeon://loft/shop")
    with pytest.raises(EngineError) as caught:
        reflect("postgresql://ann:s3cret@127.0.0.1:1/shop")
    assert "s3cret" not in str(caught.value)


def test_an_open_connection_is_read() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute('CREATE TABLE "we""ird; --" (id INTEGER PRIMARY KEY, "select" TEXT)')
    assert reflect(connection).schema.names == ('we"ird; --',)
    connection.close()
    with duckdb.connect() as here:
        here.execute("CREATE TABLE t (a INTEGER, PRIMARY KEY (a)); CREATE SCHEMA s; CREATE TABLE s.u (b DATE)")
        assert set(reflect(here).schema.names) == {"t", "u"}
        assert reflect(here, schemas=["s"]).schema.names == ("u",)
    engine = sqlalchemy.create_engine("sqlite://")
    with engine.begin() as opened:
        opened.exec_driver_sql("CREATE TABLE t (a INTEGER PRIMARY KEY)")
        assert reflect(opened).schema.names == ("t",)
    engine.dispose()


@pytest.mark.postgresql
def test_reading_cannot_write(postgresql_server: PostgreSQL) -> None:
    with reached(postgresql_server.url()) as found, pytest.raises(EngineError, match="read-only"):
        found.ask("CREATE TABLE t (a integer)")


SAID = re.compile(
    r"\s*(?:SELECT|SHOW|PRAGMA|SET (?:NAMES|AUTOCOMMIT|SESSION|TRANSACTION)|START TRANSACTION READ ONLY|BEGIN|ROLLBACK)\b",
    re.IGNORECASE,
)


@pytest.mark.mariadb
def test_a_mariadb_is_asked_and_told_nothing(mariadb_url: str, scratch: Scratch) -> None:
    with scratch("mariadb") as run:
        loaded(run, statements(SHOP, "mariadb"))
        run("CREATE VIEW v AS SELECT id FROM orders")
        run("SET GLOBAL log_output = 'TABLE'")
        run("TRUNCATE TABLE mysql.general_log")
        run("SET GLOBAL general_log = ON")
        wb.reflect(mariadb_url.replace("@/", "@/scratch"), statistics=True)
        run("SET GLOBAL general_log = OFF")
        said = [
            str(text)
            for (text,) in run(
                "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log "
                "WHERE command_type = 'Query' AND thread_id <> connection_id()"
            )
        ]
    assert len(said) > len(SHOP)
    assert [text for text in said if not SAID.match(text)] == []


@pytest.mark.postgresql
def test_a_postgresql_is_asked_and_told_nothing(postgresql_server: PostgreSQL) -> None:
    engine = sqlalchemy.create_engine(postgresql_server.url())
    said: list[str] = []
    sqlalchemy.event.listen(engine, "before_cursor_execute", lambda *given: said.append(given[2]))
    wb.reflect(engine, statistics=True)
    engine.dispose()
    assert said
    assert [text for text in said if not SAID.match(text)] == []


RARE = """
CREATE TABLE t (
    `a?` VARCHAR(20) DEFAULT '\N{BEETLE}?' COMMENT '? DEFAULT ''?''', b VARCHAR(20) NOT NULL DEFAULT '\N{BEETLE}',
    e ENUM('?', '\N{BEETLE}', 'it''s') NOT NULL DEFAULT '\N{BEETLE}', f ENUM('\N{BEETLE}', 'x') NOT NULL DEFAULT '\N{BEETLE}',
    s SET('\N{BEETLE}', 'b', '?') DEFAULT 'b,?', g VARBINARY(9) DEFAULT '?', h LONGTEXT DEFAULT '?\N{BEETLE}'
)
"""


@pytest.mark.mariadb
def test_characters_that_the_catalogue_of_mariadb_does_not_show_are_asked_for(scratch: Scratch) -> None:
    """A default that is never NULL is there in a row alone; without one, it is told, unless only one value of a list looks so."""
    with scratch("mariadb") as run:
        run(RARE)
        shown = str(run("SHOW CREATE TABLE t")[0][1])
        assert shown.count("\N{BEETLE}") == 1  # of what has no length: another server may show all
        found = reflected(run, "mariadb", ("scratch",))
        relation = found.schema["t"]
        assert relation["e"].type == Enumeration(("?", "\N{BEETLE}", "it's"))
        assert relation["f"].type == Enumeration(("\N{BEETLE}", "x"))
        assert relation["s"].type == Native("set('\N{BEETLE}', 'b', '?')")
        assert relation["a?"].note == "? DEFAULT '?'"
        defaults = {one.name: one.default for one in relation.attributes}
        assert defaults == {
            "a?": "'\N{BEETLE}?'",
            "b": "'?'",
            "e": "'?'",
            "f": "'\N{BEETLE}'",
            "s": "'b,?'",
            "g": "'?'",
            "h": "'?\N{BEETLE}'",
        }
        told = [str(loss) for loss in found.losses if "?" in loss.feature]
        said = "what the catalogue shows as ?: its table has no row to be asked — read as ?"
        assert told == [f"t.b: {said}", f"t.e: {said}"]
        run("INSERT INTO t VALUES ()")
        found = reflected(run, "mariadb", ("scratch",))
        assert {one.default for one in map(found.schema["t"].__getitem__, "bef")} == {"'\N{BEETLE}'"}
        assert not [loss for loss in found.losses if "?" in loss.feature]


NARROW = f"""
CREATE TABLE t (
    id INT(5) UNSIGNED ZEROFILL NOT NULL DEFAULT -5, tiny TINYINT DEFAULT 300, little TINYINT UNSIGNED DEFAULT 255, era YEAR DEFAULT 0,
    code CHAR(3) DEFAULT ' ', big BIGINT UNSIGNED DEFAULT -0.005, low VARCHAR(3) AS (lower(code)) STORED, same CHAR(3) AS (code) STORED, indexed INT AS (length(code)) VIRTUAL,
    one LONGTEXT DEFAULT '{"y" * 40_000}', two LONGTEXT DEFAULT '{"z" * 40_000}', three TEXT DEFAULT '{"w" * 10_000}', KEY (indexed)
)
"""


@pytest.mark.mariadb
def test_what_mariadb_has_no_room_for_is_told_and_the_rest_loads(scratch: Scratch) -> None:
    design = read(NARROW, "mysql").schema
    written = write(design, "mariadb")
    told = "\n".join(str(loss).replace("y" * 40_000, "y…").replace("z" * 40_000, "z…") for loss in written.losses)
    for one in (
        "t.id: the default -5: -5 is no whole number from 0 to 4,294,967,295",
        "t.big: the default -0.005: -0.005 is no whole number from 0 to 18,446,744,073,709,551,615",
        "t.tiny: the default 300: 300 is no whole number from -128 to 127",
        "t.low: its computed value is stored — written as virtual",
        "t.two: the default 'z…': more than 65,535 bytes in the definition of its table",
        "it stands in an index, and is computed from a text that is filled up with blanks",
    ):
        assert one in told
    assert told.count(": the default ") == 4
    with scratch("mariadb") as run:
        for statement in statements(design, "mariadb"):
            run(statement)
        back = reflected(run, "mariadb", ("scratch",)).schema
        assert differences(read(written.text, "mariadb").schema, back) == ()
        run("INSERT INTO t (id, code) VALUES (1, 'X')")
        found = run("SELECT low, same, little, era, length(one), two, length(three) FROM t")
        assert [tuple(row) for row in found] == [("x", "X", 255, 0, 40_000, None, 10_000)]


SPANS = """
CREATE TABLE t (
    a interval year to month DEFAULT '1 day', b interval year to month DEFAULT '1 year 14 months 3 days',
    c interval day to hour DEFAULT '3 days 01:30:20', d interval minute DEFAULT '-00:01:50', e interval DEFAULT '90 minutes',
    f timetz DEFAULT '10:00', g timetz DEFAULT '10:00:00+02', CHECK (f BETWEEN '08:00' AND '18:00:01'), CHECK (e > interval '1 hour')
)
"""


@pytest.mark.postgresql
def test_what_postgresql_keeps_of_a_span_and_of_a_time_with_its_zone_is_no_difference(scratch: Scratch) -> None:
    with scratch("postgresql") as run:
        run(SPANS)
        found = reflected(run, "postgresql", ("public",)).schema
    assert differences(read(SPANS, "postgresql").schema, found) == ()
    for one, other in (
        ("a interval year to month DEFAULT '1 day'", "a interval year to month DEFAULT '1 month'"),
        ("'-00:01:50'", "'00:01:50'"),
        ("'90 minutes'", "'91 minutes'"),
        ("'10:00:00+02'", "'10:00:00+03'"),
        ("'08:00'", "'08:01'"),
        ("interval '1 hour'", "interval '2 hours'"),
    ):
        assert differences(read(SPANS.replace(one, other), "postgresql").schema, found) != ()


def test_mariadb_counts_no_years() -> None:
    counted = Attribute("y", Integer(16), declared=Declared("mysql", "year"), identity=Identity())
    written = write(Relation("t", (counted,), keys=(Key(("y",)),)), "mariadb")
    assert "SMALLINT" in written.text
    assert any("whole numbers from 1,901 to 2,155 alone" in str(loss) for loss in written.losses)

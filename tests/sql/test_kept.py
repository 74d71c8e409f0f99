"""What dumps have beside plain tables: read into the design, written again, and kept as text where it is a program."""

import pytest

from dbworkbench.engines.reflect import reflected
from dbworkbench.schema.relation import (
    Attribute,
    Declared,
    Exclusion,
    Identity,
    Index,
    Key,
    Part,
    Partition,
    Partitioning,
    Relation,
)
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer, Native
from dbworkbench.sql.alike import differences
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from tests.scratch import REFUSED, SCHEMA_OF, Scratch
from tests.sql.conftest import loaded

POSTGRESQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE SEQUENCE public.t_id_seq START WITH 5 INCREMENT BY 2 NO MINVALUE CACHE 1;
CREATE SEQUENCE public.loose;
CREATE TABLE public.t (id integer NOT NULL, name text COLLATE "C", doc jsonb, p numeric(9,2), r int4range,
    k bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 5),
    EXCLUDE USING gist (p WITH =, r WITH &&) WHERE (p > 1) DEFERRABLE INITIALLY DEFERRED);
ALTER SEQUENCE public.t_id_seq OWNED BY public.t.id;
ALTER TABLE ONLY public.t ALTER COLUMN id SET DEFAULT nextval('public.t_id_seq'::regclass);
ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (id);
CREATE INDEX i1 ON public.t USING gin (doc jsonb_path_ops);
CREATE UNIQUE INDEX i2 ON public.t USING btree (lower(name) DESC NULLS LAST, p) INCLUDE (doc) WHERE (p > 3);
CREATE TABLE public.log (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE public.log1 PARTITION OF public.log FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE public.log2 (at date NOT NULL);
ALTER TABLE ONLY public.log ATTACH PARTITION public.log2 DEFAULT;
CREATE VIEW public.gone AS SELECT 1;
CREATE VIEW public.v AS SELECT id FROM public.t;
CREATE VIEW public.w AS SELECT * FROM public.v;
DROP VIEW public.gone;
CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS $$ begin return new; end $$;
CREATE TRIGGER tr BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.f();
"""
MYSQL = """
CREATE TABLE `a` (`id` int unsigned NOT NULL AUTO_INCREMENT, `t` longtext COLLATE utf8mb4_bin,
  `g` varchar(20) GENERATED ALWAYS AS (upper(`t`)) VIRTUAL, `h` int AS (1 + 1) STORED,
  PRIMARY KEY (`id`), KEY `k` (`t`(20) DESC, `h`), FULLTEXT KEY `ft` (`t`), UNIQUE KEY `u` (`t`(10)), KEY `e` ((lower(`t`)))
) ENGINE=InnoDB AUTO_INCREMENT=7
/*!50100 PARTITION BY RANGE (`id`)
(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB, PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */;
"""


def test_a_dump_of_postgresql_is_read_whole() -> None:
    found = read(POSTGRESQL, "postgresql")
    assert found.losses == ()
    t, log = found.schema
    assert t["id"].identity == Identity(start=5, increment=2)
    assert t["k"].identity == Identity(always=True, start=10, increment=5)
    assert t["name"].collation == "C"
    assert t.exclusions == (Exclusion(("p", "r"), ("=", "&&"), "gist", "p > 1", "", "deferred"),)
    lowered = Part(expression="LOWER(name)", descending=True, nulls="last")
    assert t.indexes == (
        Index((Part("doc", operators="jsonb_path_ops"),), name="i1", method="gin"),
        Index((lowered, "p"), unique=True, where="p > 3", name="i2", include=("doc",)),
    )
    bounds = (Partition("log1", "FROM ('2025-01-01') TO ('2026-01-01')"), Partition("log2", "DEFAULT"))
    assert log.partitioning == Partitioning("range", ("at",), bounds)
    assert [(one.kind, one.name, one.uses) for one in found.schema.definitions] == [
        ("extension", "btree_gist", ()),
        ("sequence", "loose", ()),
        ("view", "v", ("t",)),
        ("view", "w", ("v",)),
        ("function", "f", ()),
        ("trigger", "tr", ("t",)),
    ]


def test_what_is_kept_is_written_for_its_own_dialect_and_never_executed() -> None:
    schema = read(POSTGRESQL, "postgresql").schema
    written = write(schema, "postgresql")
    assert read(written.text, "postgresql").schema.definitions == schema.definitions
    assert (
        written.text.index("CREATE EXTENSION") < written.text.index("CREATE TABLE") < written.text.index("CREATE VIEW")
    )
    assert not [
        one for one in statements(schema, "postgresql") if "TRIGGER" in one or "VIEW" in one or "EXTENSION" in one
    ]
    told = [str(loss) for loss in write(schema, "sqlite").losses]
    assert "v: the view, in the words of PostgreSQL — not written" in told
    assert "CREATE VIEW" not in write(schema, "sqlite").text


def test_a_dump_of_mysql_is_read_whole() -> None:
    found = read(MYSQL, "mysql")
    assert found.losses == ()
    assert found.schema["a"]["id"].declared == Declared("mysql", "int unsigned")
    (a,) = found.schema
    assert a["id"].identity == Identity(start=7)
    assert a["g"].generated is not None
    assert [str(index) for index in a.indexes] == [
        "index on t(20) desc, h",
        "index on t using fulltext",
        "unique index on t(10)",
        'index on (LOWER("t"))',
    ]
    assert not any(index.is_key for index in a.indexes)
    assert a.partitioning == Partitioning(
        "range", ("id",), (Partition("p0", "LESS THAN (10)"), Partition("p1", "LESS THAN MAXVALUE"))
    )


@pytest.mark.parametrize(
    ("dialect", "text", "start", "always"),
    [
        ("sqlserver", "CREATE TABLE t (id int IDENTITY(5,2) NOT NULL)", (5, 2), True),
        (
            "oracle",
            "CREATE TABLE t (id NUMBER(9) GENERATED BY DEFAULT ON NULL AS IDENTITY (START WITH 3))",
            (3, 1),
            False,
        ),
        ("snowflake", "CREATE TABLE t (id int AUTOINCREMENT START 7 INCREMENT 3)", (7, 3), False),
        ("redshift", "CREATE TABLE t (id bigint IDENTITY(0, 1))", (0, 1), True),
        ("postgresql", "CREATE TABLE t (id bigserial)", (1, 1), False),
        ("sqlite", "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", (1, 1), False),
    ],
)
def test_each_way_to_number_rows_is_read(dialect: str, text: str, start: tuple[int, int], always: bool) -> None:  # noqa: FBT001  a case of the table
    found = read(text, dialect)
    assert found.schema["t"]["id"].identity == Identity(always, *start)
    assert found.losses == ()


SETS = "CREATE TABLE `t` (`id` int NOT NULL PRIMARY KEY, `o` set('parking','it''s','lab') DEFAULT NULL, `p` set('a') DEFAULT 'a');"


def test_a_set_of_mysql_is_carried() -> None:
    found = read(SETS, dialect="mysql")
    assert not found.losses
    assert found.schema["t"]["o"].type == Native("set('parking', 'it''s', 'lab')")
    for dialect in ("mysql", "mariadb"):
        written = write(found.schema, dialect)
        assert not written.losses
        assert read(written.text, dialect=dialect).schema["t"].attributes == found.schema["t"].attributes


@pytest.mark.parametrize("dialect", ["mariadb", "duckdb", "postgresql", "sqlite"])
def test_a_set_of_mysql_refuses_what_is_no_member(dialect: str, scratch: Scratch) -> None:
    with scratch(dialect) as run:
        for statement in statements(read(SETS, dialect="mysql").schema, dialect):
            run(statement)
        run("INSERT INTO t VALUES (1, 'parking,lab', '')")
        with pytest.raises(REFUSED):
            run("INSERT INTO t VALUES (2, 'garage', '')")


def test_a_set_of_too_many_is_a_loss() -> None:
    many = ", ".join(f"'{letter}'" for letter in "abcdefgh")
    written = write(read(f"CREATE TABLE t (id int PRIMARY KEY, o set({many}))", dialect="mysql").schema, "duckdb")
    assert "CHECK" not in written.text
    assert any("t.o: a set of 'a', 'b'" in str(loss) for loss in written.losses)


MOODS = "CREATE TYPE mood AS ENUM ('sad', 'it''s ok'); CREATE TABLE t (id int PRIMARY KEY, m mood DEFAULT 'sad', n mood NOT NULL);"


@pytest.mark.parametrize("dialect", ["duckdb", "postgresql"])
def test_enumerations_keep_their_names(dialect: str, scratch: Scratch) -> None:
    design = read(MOODS, dialect=dialect).schema
    written = write(design, dialect)
    assert not written.losses
    assert read(written.text, dialect=dialect).schema == design
    with scratch(dialect) as run:
        for statement in statements(design, dialect):
            run(statement)
        found = reflected(run, dialect, (SCHEMA_OF[dialect],)).schema
        assert [one.domain for one in found["t"].attributes] == [one.domain for one in design["t"].attributes]
        assert differences(design, found) == ()
        with pytest.raises(REFUSED):
            run("INSERT INTO t VALUES (1, 'glad', 'sad')")


def test_duckdb_takes_two_names_for_one_enumeration() -> None:
    twice = read(
        MOODS + "CREATE TYPE too AS ENUM ('sad', 'it''s ok'); CREATE TABLE s (id int PRIMARY KEY, m too);",
        dialect="duckdb",
    )
    written = write(twice.schema, "duckdb")
    assert written.text.count("CREATE TYPE") == 1
    assert any(loss.subject == "too" for loss in written.losses)


@pytest.mark.parametrize("dialect", ["mariadb", "sqlite", "duckdb", "postgresql"])
def test_letters_that_an_engine_takes_for_one_are_told_apart(dialect: str, scratch: Scratch) -> None:
    names = ("i", "\u0130", "\u00fc", "\u00dc", "u", "\u00df", "SS")
    design = Schema((Relation("r", tuple(Attribute(name, Integer()) for name in names), (Key(("i",)),)),))
    with scratch(dialect) as run:
        for statement in statements(design, dialect):
            run(statement)
    renamed = [loss.subject for loss in write(design, dialect).losses if "name" in loss.feature]
    assert renamed == (["r.\u0130", "r.\u00dc"] if dialect == "mariadb" else [])


def test_comments_on_what_is_kept_are_kept_and_those_on_domains_are_notes() -> None:
    found = read(
        """
        CREATE TYPE b.state AS ENUM ('new');
        COMMENT ON TYPE b.state IS 'it''s a state';
        CREATE DOMAIN b.share AS numeric(5,2) CHECK (VALUE >= 0);
        COMMENT ON DOMAIN b.share IS 'percent';
        CREATE TABLE b.t (id integer PRIMARY KEY, s b.state, p b.share, CONSTRAINT c CHECK (id > 0));
        COMMENT ON CONSTRAINT c ON b.t IS 'why';
        CREATE VIEW b.v AS SELECT id FROM b.t;
        COMMENT ON VIEW b.v IS 'seen';
        COMMENT ON COLUMN b.v.id IS 'its number';
        """,
        "postgresql",
    )
    assert [domain.note for domain in found.schema.domains] == ["it's a state", "percent"]
    assert [(one.kind, one.name, one.text) for one in found.schema.definitions[1:]] == [
        ("comment", "v", "COMMENT ON VIEW v IS 'seen'"),
        ("comment", "v", "COMMENT ON COLUMN v.id IS 'its number'"),
    ]
    assert [str(loss) for loss in found.losses] == ["the constraint c: a comment — not read"]
    written = write(found.schema, "postgresql")
    assert "COMMENT ON TYPE \"state\" IS 'it''s a state';" in written.text
    assert "COMMENT ON DOMAIN \"share\" IS 'percent';" in written.text
    again = read(written.text, "postgresql").schema
    assert (again.domains, again.definitions) == (found.schema.domains, found.schema.definitions)


@pytest.mark.parametrize(
    ("dialect", "text", "kind", "name"),
    [
        ("postgresql", "CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()", "event trigger", "e"),
        ("postgresql", "CREATE TEXT SEARCH CONFIGURATION s.de (COPY = german)", "text search", "de"),
        ("sqlserver", "CREATE PARTITION SCHEME ps AS PARTITION pf ALL TO ([PRIMARY])", "partition scheme", "ps"),
        ("sqlserver", "CREATE SECURITY POLICY dbo.p ADD FILTER PREDICATE dbo.f(id) ON dbo.t", "security policy", "p"),
        ("sqlserver", "CREATE NONCLUSTERED COLUMNSTORE INDEX c ON t (id)", "index", "c"),
        ("snowflake", "CREATE FILE FORMAT ff TYPE = CSV", "file format", "ff"),
        ("snowflake", "CREATE TAG cost_center", "tag", "cost_center"),
        ("bigquery", "CREATE ROW ACCESS POLICY r ON t GRANT TO ('user:a') FILTER USING (id = 1)", "access policy", "r"),
    ],
)
def test_what_is_kept_has_the_name_that_it_is_given(dialect: str, text: str, kind: str, name: str) -> None:
    found = read(f"CREATE TABLE t (id int);\n{text};", dialect)
    assert [(one.kind, one.name) for one in found.schema.definitions] == [(kind, name)]
    assert not found.losses


def test_a_trigger_that_is_switched_off_is_told() -> None:
    dump = "CREATE TABLE t (id int);\nALTER TABLE t DISABLE TRIGGER r;\n"
    told = ["t: DISABLE TRIGGER r — the trigger is kept as if it ran"]
    assert [str(loss) for loss in read(dump, "postgresql").losses] == told
    assert not read(dump + "ALTER TABLE t ENABLE TRIGGER r;", "postgresql").losses
    assert not read("CREATE TABLE t (id int);\nALTER TABLE t DISABLE TRIGGER ALL;", "postgresql").losses


def test_a_type_of_oracle_ends_with_a_slash() -> None:
    found = read("CREATE TABLE t (id NUMBER);\nCREATE TYPE a AS OBJECT (b NUMBER);\n/\n", "oracle").schema
    assert "CREATE TYPE a AS OBJECT (b NUMBER);\n/\n" in write(found, "oracle").text


@pytest.mark.parametrize(
    ("dialect", "text", "kept"),
    [
        (
            "postgresql",
            """
            CREATE FUNCTION s.next(p text) RETURNS text LANGUAGE sql AS 'select p';
            CREATE TABLE s.t (id int PRIMARY KEY, a text DEFAULT s.next('x'::text), b timestamp DEFAULT clock_timestamp());
            ALTER TABLE s.t RENAME COLUMN a TO z;
            """,
            [
                """ALTER TABLE "t" ALTER COLUMN "z" SET DEFAULT next('x'::text)""",
                'ALTER TABLE "t" ALTER COLUMN "b" SET DEFAULT clock_timestamp()',
            ],
        ),
        (
            "mysql",
            "CREATE TABLE t (id int PRIMARY KEY, h binary(16) DEFAULT (uuid_to_bin(uuid(),1)));",
            ["ALTER TABLE `t` ALTER COLUMN `h` SET DEFAULT (uuid_to_bin(uuid(),1))"],
        ),
        (
            "sqlserver",
            "CREATE TABLE t (id int NOT NULL PRIMARY KEY, b varchar(9) DEFAULT (dbo.fn()));",
            ["ALTER TABLE [t] ADD DEFAULT (dbo.fn()) FOR [b]"],
        ),
        (
            "oracle",
            "CREATE TABLE t (id NUMBER(9) PRIMARY KEY, c CLOB DEFAULT EMPTY_CLOB());",
            ['ALTER TABLE "t" MODIFY ("c" DEFAULT EMPTY_CLOB())'],
        ),
        ("postgresql", "CREATE TABLE t (a int DEFAULT f());\nALTER TABLE t ALTER a DROP DEFAULT;", []),
        ("postgresql", "CREATE TABLE t (a int DEFAULT f(), b int);\nALTER TABLE t DROP COLUMN a;", []),
        ("postgresql", "CREATE TABLE t (a int DEFAULT f());\nALTER TABLE t ALTER a SET DEFAULT 1;", []),
    ],
)
def test_a_default_in_words_of_the_engine_is_kept_as_what_gives_it(dialect: str, text: str, kept: list[str]) -> None:
    found = read(text, dialect)
    assert [one.text for one in found.schema.definitions if one.kind == "default"] == kept
    assert not [loss for loss in found.losses if "default" in loss.feature]
    again = read(write(found.schema, dialect).text, dialect).schema
    assert again.definitions == found.schema.definitions


def test_a_default_in_words_of_the_engine_is_told_where_it_cannot_be_given() -> None:
    found = read("CREATE TABLE t (a INT DEFAULT foo())", "snowflake")
    assert not found.losses
    assert "DEFAULT foo()" in write(found.schema, "snowflake").text
    told = "t.a: the default foo(): only Snowflake has words for it — not written"
    assert told in [str(loss) for loss in write(found.schema, "bigquery").losses]
    kept = read("CREATE TABLE t (a int PRIMARY KEY, b int DEFAULT f());", "postgresql").schema
    assert [str(loss) for loss in write(kept, "sqlite").losses] == [
        "t.b: the default, in the words of PostgreSQL — not written"
    ]


def test_a_default_in_words_of_postgresql_fills_there(scratch: Scratch) -> None:
    found = read("CREATE TABLE t (id int PRIMARY KEY, b text DEFAULT quote_ident('a b'));", "postgresql").schema
    assert [one.kind for one in found.definitions] == ["default"]
    with scratch("postgresql") as run:
        loaded(run, [*statements(found, "postgresql"), *(one.text for one in found.definitions)])
        run("INSERT INTO t (id) VALUES (1)")
        assert run("SELECT b FROM t") == [('"a b"',)]


PATHS = """SET search_path = audit, public;
CREATE TABLE t (id int PRIMARY KEY);
CREATE VIEW v AS SELECT id FROM t;
SET search_path TO hr;
CREATE TABLE t (id int PRIMARY KEY, x int REFERENCES t, y int REFERENCES audit.t);
CREATE INDEX i ON t (x);
SELECT pg_catalog.set_config('search_path', '', false);
ALTER TABLE hr.t ADD COLUMN z int;
CREATE TABLE u (x int REFERENCES audit.t);
"""


def test_a_name_without_a_schema_is_of_those_that_the_session_has_set() -> None:
    found = read(PATHS, "postgresql")
    assert found.schema.names == ("audit.t", "hr.t", "u")
    there = found.schema["hr.t"]
    assert there.names == ("id", "x", "y", "z")
    assert [key.relation for key in there.foreign_keys] == ["hr.t", "audit.t"]
    assert [key.relation for key in found.schema["u"].foreign_keys] == ["audit.t"]
    assert [index.name for index in there.indexes] == ["i"]
    assert [entry.reason for entry in found.ledger if entry.kind.startswith("SET")] == [
        "names without a schema are of audit, public",
        "names without a schema are of hr",
    ]
    assert [str(loss) for loss in found.losses] == [
        "v: names in it without a schema, which are of audit — kept as it stands"
    ]


@pytest.mark.parametrize("dialect", ["mysql", "sqlserver", "snowflake"])
def test_two_databases_may_have_a_table_of_one_name(dialect: str) -> None:
    text = "USE shop;\nGO\nCREATE TABLE t (a int);\nGO\nUSE other;\nGO\nCREATE TABLE t (b int);\nGO\n"
    found = read(text if dialect == "sqlserver" else text.replace("GO\n", ""), dialect)
    assert {relation.name: relation.names for relation in found.schema} == {"shop.t": ("a",), "other.t": ("b",)}
    one = read("USE shop;\nCREATE TABLE t (a int);", dialect)
    assert (one.schema.names, one.losses) == (("t",), ())


@pytest.mark.parametrize("dialect", ["mysql", "sqlserver", "clickhouse"])
def test_a_database_s_tables_are_not_dropped_in_another(dialect: str) -> None:
    made = """DROP TABLE IF EXISTS line; CREATE TABLE line (cart int, {0} int, FOREIGN KEY (cart) REFERENCES cart (id));
        DROP TABLE IF EXISTS cart; CREATE TABLE cart (id int PRIMARY KEY, {0}_at int);"""
    found = read("\n".join(f"USE {name};\n{made.format(name)}" for name in ("shop", "old", "test")), dialect)
    assert {relation.name: relation.names for relation in found.schema} == {
        f"{home}.{name}": names
        for home in ("shop", "old", "test")
        for name, names in {"line": ("cart", home), "cart": ("id", f"{home}_at")}.items()
    }
    assert [(r.name, key.relation) for r in found.schema for key in r.foreign_keys] == [
        (f"{home}.line", f"{home}.cart") for home in ("shop", "old", "test")
    ]
    again = read(
        "USE shop; CREATE TABLE t (a int); USE other; CREATE TABLE u (a int); USE shop; DROP TABLE t;", dialect
    )
    assert again.schema.names == ("u",)


@pytest.mark.parametrize("dialect", ["mysql", "postgresql", "oracle", "sqlite", "snowflake", "sqlserver"])
@pytest.mark.parametrize(
    "before",
    [
        "INSERT INTO a VALUES (1)",
        "INSERT INTO a VALUES (1);\nINSERT INTO a SELECT b FROM a",
        "UPDATE a SET b = 1 WHERE b IN (2, 3)",
        "SELECT * FROM a",
        "SET x = 1",
        "USE shop",
        "COMMIT",
        "GRANT SELECT ON a TO b",
        "DROP TABLE IF EXISTS c",
        "- - - - -",
    ],
)
def test_a_table_behind_a_forgotten_semicolon_is_read(before: str, dialect: str) -> None:
    found = read(f"CREATE TABLE a (b int);\n{before}\n\n  create table c (d int, e int);\nSELECT 1;", dialect)
    assert [(relation.name, relation.names) for relation in found.schema] == [("a", ("b",)), ("c", ("d", "e"))]
    rows = [entry for entry in found.ledger if entry.reason.startswith("rows")]
    assert sum(entry.statements for entry in rows) == before.count("INSERT") + before.count("UPDATE")


@pytest.mark.parametrize(
    ("renames", "dialect"),
    [
        ("ALTER TABLE a RENAME TO b", "postgresql"),
        ("ALTER TABLE a RENAME b", "mysql"),
        ("RENAME TABLE a TO b", "clickhouse"),
        ("RENAME a TO b", "oracle"),
        ("EXEC sp_rename 'a', 'b'", "sqlserver"),
    ],
)
def test_no_table_is_lost_to_one_that_is_called_as_it(renames: str, dialect: str) -> None:
    made = "CREATE TABLE a (x int);\nCREATE TABLE b (y int, z int);\n"
    found = read(f"{made}{renames};", dialect)
    assert [(relation.name, relation.names) for relation in found.schema] == [("a", ("x",)), ("b", ("y", "z"))]
    assert [loss.feature.partition(": ")[2] for loss in found.losses] == ["there is a table b already"]
    one = read(f"{made}DROP TABLE b;\n{renames};", dialect)
    assert [(relation.name, relation.names) for relation in one.schema] == [("b", ("x",))]


def test_what_only_looks_like_a_table_within_rows_is_none() -> None:
    text = "INSERT INTO a VALUES ('\nCREATE TABLE x (a int)', (\nSELECT 1), '\nDROP TABLE a');\nCREATE TABLE c (d int);"
    assert read(text, "mysql").schema.names == ("c",)
    assert read(
        "GRANT CREATE SESSION,\nCREATE TABLE, CREATE VIEW TO u;\nCREATE TABLE c (d int);", "oracle"
    ).schema.names == ("c",)
    assert [entry.kind for entry in read("GRANT\nCREATE TABLE TO u;", "oracle").ledger] == ["GRANT CREATE"]


def test_what_clickhouse_adds_beside_columns_is_none() -> None:
    added = (
        "PROJECTION p (SELECT * ORDER BY b)",
        "INDEX i b TYPE set(9)",
        "CONSTRAINT c CHECK a > 0",
        "STATISTICS a TYPE tdigest",
    )
    made = "CREATE TABLE t (a Int32, b String) ENGINE = MergeTree ORDER BY a;"
    for one in added:
        word, rest = one.split(" ", 1)
        found = read(f"{made} ALTER TABLE t ADD {word} IF NOT EXISTS {rest};", "clickhouse")
        assert found.schema["t"].names == ("a", "b")
        assert [check.name for check in found.schema["t"].checks] == (["c"] if word == "CONSTRAINT" else [])
        lost = [loss for loss in found.losses if "the sorting key" not in loss.feature]
        assert len(lost) == (word != "CONSTRAINT")


def test_what_double_quotes_mean_is_a_setting_of_mysql_s_session() -> None:
    text = """SET sql_mode='ANSI_QUOTES'; CREATE TABLE "order" ("id" int, "b" varchar(9) DEFAULT 'x', CHECK ("id" > 0));
        SET sql_mode=''; CREATE TABLE b (c varchar(9) DEFAULT "q", CHECK (c <> "zz"));"""
    found = read(text, "mysql").schema
    assert [check.expression for relation in found for check in relation.checks] == ['"id" > 0', "c <> 'zz'"]
    assert found["order"]["b"].default == "'x'"
    assert found["b"]["c"].default == "'q'"


def test_names_with_a_dot_are_one_name() -> None:
    found = read(
        'CREATE TABLE "t.x" (a int); CREATE VIEW "a.b" AS SELECT 1 AS x; CREATE VIEW s."c.d" AS SELECT * FROM "a.b"; '
        'CREATE SEQUENCE "p.q" START 5; CREATE VIEW e AS SELECT a FROM "t.x", s."c.d"; DROP VIEW "y.e"',
        "postgresql",
    ).schema
    assert [(one.name, one.uses) for one in found.definitions] == [
        ("a.b", ()),
        ("c.d", ("a.b",)),
        ("p.q", ()),
        ("e", ("t.x", "c.d")),
    ]


@pytest.mark.parametrize("name", ["s", "a b", "it's", "a.b", "Ü", '"', "[x]"])
def test_a_sequence_of_any_name_numbers_its_column(name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    text = f"CREATE SEQUENCE {quoted} START 5 INCREMENT 3; CREATE TABLE t (o integer NOT NULL DEFAULT nextval('{{}}'));"
    found = read(text.replace("{}", quoted.replace("'", "''")), "postgresql")
    assert (found.schema["t"]["o"].identity, found.schema.definitions, found.losses) == (
        Identity(start=5, increment=3),
        (),
        (),
    )

import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from dbworkbench.errors import NotationError, UnknownName
from dbworkbench.schema.native import shown
from dbworkbench.schema.relation import (
    Attribute,
    Check,
    Declared,
    Domain,
    ForeignKey,
    Generated,
    Identity,
    Index,
    Key,
    Part,
    Partition,
    Partitioning,
    Relation,
)
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
    Native,
    Text,
    Time,
    Timestamp,
    Type,
    Unknown,
    Uuid,
)
from dbworkbench.sql.alike import differences, meaning_of
from dbworkbench.sql.casing import EQUAL_IN_COMPARISONS
from dbworkbench.sql.dialect import DIALECTS, Feature
from dbworkbench.sql.names import names_in
from dbworkbench.sql.read import read
from dbworkbench.sql.write import write
from tests.scratch import Scratch
from tests.sql.designs import CYCLE, SHOP, schemas
from tests.sql.laws import unsaid

TYPES: tuple[tuple[str, str, Type], ...] = (
    ("postgresql", "integer", Integer(32)),
    ("postgresql", "bigserial", Integer(64)),
    ("postgresql", "numeric(10,2)", Decimal(10, 2)),
    ("postgresql", "character varying(20)", Text(20)),
    ("postgresql", "char", Text(1)),
    ("postgresql", "timestamp(3) with time zone", Timestamp(zone=True)),
    ("postgresql", "timestamp without time zone", Timestamp()),
    ("postgresql", "time with time zone", Time()),
    ("postgresql", "double precision", Float(64)),
    ("postgresql", "integer[]", Native("integer[]")),
    ("postgresql", "pg_catalog.int4", Integer(32)),
    ("postgresql", "jsonb", Json()),
    ("postgresql", "bit varying(5)", Native("bit varying(5)")),
    ("mysql", "int(11) unsigned", Integer(64)),
    ("mysql", "bigint unsigned", Decimal(20, 0)),
    ("mysql", "tinyint(1)", Boolean()),
    ("mysql", "tinyint unsigned", Integer(16)),
    ("mysql", "enum('a','it''s')", Enumeration(("a", "it's"))),
    ("mysql", "varchar(20) character set utf8mb4 collate utf8mb4_bin", Text(20)),
    ("mysql", "timestamp", Timestamp(zone=True)),
    ("mysql", "datetime(6)", Timestamp()),
    ("mysql", "double(10,2)", Float(64)),
    ("mysql", "decimal", Decimal(10, 0)),
    ("mysql", "longtext", Text()),
    ("mysql", "varbinary(16)", Bytes()),
    ("sqlserver", "[nvarchar](max)", Text()),
    ("sqlserver", "[varchar] (128) COLLATE Latin1_General_CS_AS", Text(128)),
    ("sqlserver", "bit", Boolean()),
    ("sqlserver", "datetimeoffset(7)", Timestamp(zone=True)),
    ("sqlserver", "uniqueidentifier", Uuid()),
    ("sqlserver", "money", Decimal(19, 4)),
    ("oracle", "NUMBER(10)", Integer(32)),
    ("oracle", "NUMBER(10,2)", Decimal(10, 2)),
    ("oracle", "VARCHAR2(30 CHAR)", Text(30)),
    ("oracle", "TIMESTAMP(6) WITH LOCAL TIME ZONE", Timestamp(zone=True)),
    ("oracle", "LONG RAW", Bytes()),
    ("sqlite", "", Unknown()),
    ("sqlite", "INTEGER", Integer(64)),
    ("sqlite", "UNSIGNED BIG INT", Integer(64)),
    ("sqlite", "VARYING CHARACTER(255)", Text(255)),
    ("bigquery", "TIMESTAMP", Timestamp(zone=True)),
    ("bigquery", "STRUCT<a INT64, b ARRAY<STRING>>", Native("STRUCT<a INT64, b ARRAY<STRING>>")),
    ("clickhouse", "Nullable(DateTime64(6))", Timestamp()),
    ("clickhouse", "LowCardinality(String)", Text()),
    ("snowflake", "NUMBER(38,0)", Decimal(38, 0)),
    ("duckdb", "DATE", Date()),
)


@pytest.mark.parametrize(("dialect", "text", "kind"), TYPES, ids=[f"{dialect} {text}" for dialect, text, _ in TYPES])
def test_a_type_is_read(dialect: str, text: str, kind: Type) -> None:
    relation = read(f"CREATE TABLE t (a {text}, b int NOT NULL)", dialect).schema["t"]
    assert relation["a"].type == kind
    assert relation["a"].nullable == ("serial" not in text and (dialect != "clickhouse" or "Nullable" in text))
    assert not relation["b"].nullable


ALTERED: tuple[tuple[str, str, str, str], ...] = (
    ("add", "postgresql", "ALTER TABLE t ADD COLUMN c text NOT NULL DEFAULT 'x', ADD d int", "a b c d"),
    ("add again", "postgresql", "ALTER TABLE t ADD COLUMN IF NOT EXISTS b text", "a b"),
    ("add several", "oracle", "ALTER TABLE t ADD (c VARCHAR2(5), d NUMBER(5))", "a b c d"),
    ("add without the word", "sqlserver", "ALTER TABLE t ADD c int NULL, d int", "a b c d"),
    ("drop", "postgresql", "ALTER TABLE t DROP COLUMN IF EXISTS b CASCADE", "a"),
    ("drop without the word", "mysql", "ALTER TABLE t DROP b, ADD c int AFTER a", "a c"),
    ("rename a column", "postgresql", "ALTER TABLE t RENAME COLUMN b TO c", "a c"),
    ("rename without the word", "postgresql", "ALTER TABLE t RENAME b TO c", "a c"),
    ("change", "mysql", "ALTER TABLE t CHANGE COLUMN b c bigint NOT NULL", "a c"),
    ("sp_rename", "sqlserver", "EXEC sp_rename 'dbo.t.b', 'c', 'COLUMN'", "a c"),
    ("drop and create", "mysql", "DROP TABLE IF EXISTS `t`; CREATE TABLE `t` (`z` int)", "z"),
    ("rename the table twice", "mysql", "RENAME TABLE t TO u, u TO t", "a b"),
    (
        "rename by alter",
        "postgresql",
        "ALTER TABLE t RENAME TO u; ALTER TABLE u RENAME TO t; ALTER TABLE t DROP b",
        "a",
    ),
    ("nothing to do with it", "postgresql", "ALTER TABLE t OWNER TO me, ENABLE ROW LEVEL SECURITY", "a b"),
)


@pytest.mark.parametrize(("what", "dialect", "text", "names"), ALTERED, ids=[case[0] for case in ALTERED])
def test_what_alters_is_carried_out(what: str, dialect: str, text: str, names: str) -> None:
    found = read(f"CREATE TABLE t (a int PRIMARY KEY, b int);\n{text};", dialect)
    assert found.schema["t"].names == tuple(names.split()), what
    assert not [entry for entry in found.ledger if entry.fate == "kept as text"]


def one(text: str, dialect: str = "postgresql") -> Relation:
    found = read(text, dialect)
    assert not found.losses
    return next(iter(found.schema))


def test_rules_are_read() -> None:
    found = read(
        """
        CREATE TABLE "Parent" (id int CONSTRAINT pk PRIMARY KEY, code text UNIQUE, CHECK (id > 0));
        CREATE TABLE child (
            a int NOT NULL CHECK (a <> 3), b int, c text DEFAULT 'x',
            CONSTRAINT uq UNIQUE (a, b),
            FOREIGN KEY (b) REFERENCES "Parent" ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE
        );
        ALTER TABLE ONLY child ADD CONSTRAINT child_pkey PRIMARY KEY (a), ADD CONSTRAINT code FOREIGN KEY (c)
            REFERENCES "Parent"(code) NOT VALID;
        CREATE UNIQUE INDEX some ON child USING btree (b DESC NULLS LAST) WHERE c IS NOT NULL;
        CREATE INDEX ON child (c text_pattern_ops);
        COMMENT ON TABLE child IS 'it''s';
        COMMENT ON COLUMN public.child.a IS E'two\\nlines';
        """,
        "postgresql",
    )
    assert not found.losses
    parent, child = found.schema
    assert parent == Relation(
        "Parent",
        (Attribute("id", Integer()), Attribute("code", Text(), nullable=True)),
        keys=(Key(("id",), "pk"), Key(("code",))),
        checks=(Check("id > 0"),),
    )
    assert child == Relation(
        "child",
        (
            Attribute("a", Integer(), note="two\nlines"),
            Attribute("b", Integer(), nullable=True),
            Attribute("c", Text(), nullable=True, default="'x'"),
        ),
        keys=(Key(("a",), "child_pkey"), Key(("a", "b"), "uq")),
        foreign_keys=(
            ForeignKey(("b",), "Parent", ("id",), "set null", "cascade", deferrable="immediate"),
            ForeignKey(("c",), "Parent", ("code",), name="code", enforced="new"),
        ),
        checks=(Check("a <> 3"),),
        indexes=(
            Index((Part("b", descending=True, nulls="last"),), unique=True, where="c IS NOT NULL", name="some"),
            Index((Part("c", operators="text_pattern_ops"),)),
        ),
        note="it's",
    )


def test_a_number_that_counts_up_is_never_null() -> None:
    found = read(
        "CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b bigserial, ADD c int GENERATED BY DEFAULT AS IDENTITY"
    )
    assert found.schema["t"].attributes[1:] == (
        Attribute("b", Integer(64), identity=Identity()),
        Attribute("c", Integer(), identity=Identity()),
    )
    assert not found.losses


def test_rules_are_dropped() -> None:
    begin = "CREATE TABLE p (a int PRIMARY KEY); CREATE TABLE t (a int PRIMARY KEY, b int UNIQUE REFERENCES p, CHECK (b > 1));"
    relation = read(
        begin + "ALTER TABLE t DROP CONSTRAINT t_b_key, DROP CONSTRAINT t_b_fkey, DROP CONSTRAINT t_check", "postgresql"
    ).schema["t"]
    assert (relation.keys, relation.foreign_keys, relation.checks) == ((Key(("a",)),), (), ())
    relation = read(
        begin + "DROP TABLE p CASCADE; ALTER TABLE t DROP CONSTRAINT t_pkey, DROP COLUMN b", "postgresql"
    ).schema["t"]
    assert relation == Relation("t", (Attribute("a", Integer()),))
    mysql = "CREATE TABLE t (a int, b int, PRIMARY KEY (a), UNIQUE KEY u (b), KEY k (b(5)), KEY (a)) ENGINE=InnoDB COMMENT='x';"
    found = read(
        mysql
        + "ALTER TABLE t DROP PRIMARY KEY, DROP INDEX u, MODIFY b varchar(9) NOT NULL COMMENT 'y'; DROP INDEX k ON t;",
        "mysql",
    )
    assert found.schema["t"] == Relation(
        "t", (Attribute("a", Integer()), Attribute("b", Text(9), note="y")), indexes=(Index(("a",)),), note="x"
    )


def test_a_dump_of_postgresql() -> None:
    found = read(
        """
--
-- PostgreSQL database dump
--
\\restrict x
SET statement_timeout = 0;
CREATE TYPE public.mood AS ENUM ('sad', 'ok');
ALTER TYPE public.mood ADD VALUE 'happy';
CREATE DOMAIN public.percent AS numeric(5,2);
CREATE TABLE public.person (
    id integer NOT NULL,
    mood public.mood DEFAULT 'ok'::public.mood,
    share public.percent,
    born date DEFAULT CURRENT_DATE NOT NULL,
    tags text[] DEFAULT '{}'::text[],
    twice integer GENERATED ALWAYS AS ((id * 2)) STORED
);
ALTER TABLE public.person OWNER TO me;
CREATE SEQUENCE public.person_id_seq START WITH 1;
ALTER TABLE ONLY public.person ALTER COLUMN id SET DEFAULT nextval('public.person_id_seq'::regclass);
COPY public.person (id, mood) FROM stdin;
1\tsad'
\\.
SELECT pg_catalog.setval('public.person_id_seq', 1, true);
ALTER TABLE ONLY public.person ADD CONSTRAINT person_pkey PRIMARY KEY (id);
CREATE VIEW public.sad AS SELECT 1;
CREATE TABLE public.measure (at date, v int) PARTITION BY RANGE (at);
CREATE TABLE public.measure_2020 PARTITION OF public.measure FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE public.child (extra int) INHERITS (public.person);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE no (a int); END $$;
GRANT ALL ON TABLE public.person TO you;
\\unrestrict x
        """
    )
    assert found.dialect == "postgresql"
    person, measure, child = found.schema
    mood = Domain("mood", Enumeration(("sad", "ok", "happy")))
    assert person.attributes == (
        Attribute("id", Integer(), identity=Identity(start=2)),
        Attribute("mood", nullable=True, default="'ok'", domain=mood),
        Attribute("share", nullable=True, domain=Domain("percent", Decimal(5, 2))),
        Attribute("born", Date(), default="CURRENT_DATE"),
        Attribute("tags", Native("text[]"), nullable=True, default="'{}'"),
        Attribute("twice", Integer(), nullable=True, generated=Generated("id * 2", stored=True)),
    )
    assert measure.names == ("at", "v")
    bounds = Partition("measure_2020", "FROM ('2020-01-01') TO ('2021-01-01')")
    assert measure.partitioning == Partitioning("range", ("at",), (bounds,))
    assert child.names == (*person.names, "extra")
    assert child["id"].identity == Identity()
    assert Counter(entry.fate for entry in found.ledger) == {"understood": 10, "ignored": 7, "kept as text": 3}
    assert [str(loss) for loss in found.losses] == ["child: INHERITS (public.person) — its columns and checks are read"]
    assert [str(entry) for entry in found.ledger if entry.fate == "kept as text"] == [
        "line 19: CREATE SEQUENCE: kept as text — a sequence",
        "line 26: CREATE VIEW: kept as text — a view",
        "line 30: CREATE FUNCTION: kept as text — a function",
    ]
    assert [(one.kind, one.name) for one in found.schema.definitions] == [("view", "sad"), ("function", "f")]


def test_a_script_of_sql_server() -> None:
    found = read(
        """
        USE [shop]
        GO
        CREATE TABLE [dbo].[item](
            [id] [int] IDENTITY(1,1) NOT NULL,
            [name] [nvarchar](50) NULL,
            [price] [money] NOT NULL CONSTRAINT [df] DEFAULT ((0)),
         CONSTRAINT [PK_item] PRIMARY KEY CLUSTERED ([id] ASC) WITH (PAD_INDEX = OFF) ON [PRIMARY]
        ) ON [PRIMARY] TEXTIMAGE_ON [PRIMARY]
        GO
        CREATE TABLE dbo.line (item int NOT NULL INDEX ix NONCLUSTERED, n int)
        ALTER TABLE dbo.line WITH CHECK ADD CONSTRAINT fk FOREIGN KEY([item]) REFERENCES [dbo].[item] ([id]) ON DELETE CASCADE
        ALTER TABLE dbo.line CHECK CONSTRAINT fk
        ALTER TABLE dbo.line ADD CONSTRAINT d DEFAULT (getdate()) FOR n
        GO
        CREATE NONCLUSTERED INDEX [by name] ON [dbo].[item] ([name] ASC) INCLUDE ([price])
        GO
        """
    )
    assert found.dialect == "sqlserver"
    item, line = found.schema
    assert item.name == "item"
    assert item.keys == (Key(("id",), "PK_item"),)
    assert item["price"] == Attribute("price", Decimal(19, 4), default="0", declared=Declared("sqlserver", "money"))
    assert item["id"].identity == Identity(always=True)
    assert item.indexes == (Index(("name",), name="by name", include=("price",)),)
    assert line.foreign_keys == (ForeignKey(("item",), "item", ("id",), on_delete="cascade", name="fk"),)
    assert line["n"].default == "CURRENT_TIMESTAMP"


def test_what_refers_to_no_key_gets_one_and_says_so() -> None:
    found = read(
        "CREATE TABLE p (a int, b int, KEY (a)); CREATE TABLE c (a int, FOREIGN KEY (a) REFERENCES p (a))", "mysql"
    )
    assert found.schema["c"].foreign_keys == (ForeignKey(("a",), "p", ("a",)),)
    assert [str(loss) for loss in found.losses] == [
        "c: the foreign key (a) to p: what it refers to is not declared a key — read with a key added"
    ]
    found = read("CREATE TABLE c (a int REFERENCES nowhere (a))", "postgresql")
    assert [str(loss) for loss in found.losses] == [
        "c: the foreign key (a) to nowhere: a table that is not here — not read"
    ]


def test_two_tables_of_one_name_in_two_schemas() -> None:
    found = read(
        "CREATE TABLE a.t (x int PRIMARY KEY); CREATE TABLE b.t (y int REFERENCES a.t); CREATE TABLE u (z int)",
        "postgresql",
    )
    assert found.schema.names == ("a.t", "b.t", "u")
    assert found.schema["b.t"].foreign_keys == (ForeignKey(("y",), "a.t", ("x",)),)


def test_a_schema_with_its_tables() -> None:
    found = read(
        "CREATE SCHEMA shop CREATE TABLE a (x int PRIMARY KEY) CREATE TABLE b (y int REFERENCES shop.a) CREATE VIEW v AS SELECT 1",
        "postgresql",
    )
    assert found.schema.names == ("a", "b")
    assert found.schema["b"].foreign_keys[0].relation == "a"


COLUMNS_CALLED = [
    "key",
    "index",
    "check",
    "period",
    "unique_id",
    "primary_email",
    "comment",
    "data",
    "date",
    "type",
    "text",
    "like",
    "partition",
    "exclude",
    "value",
]


@pytest.mark.parametrize("dialect", ["sqlite", "mysql", "postgresql"])
@pytest.mark.parametrize("name", COLUMNS_CALLED)
def test_columns_called_like_words(dialect: str, name: str) -> None:
    written = (
        f"`{name}`" if dialect == "mysql" and name in {"key", "index", "check", "like", "partition", "unique"} else name
    )
    relation = one(f"CREATE TABLE t ({written} varchar(20), other int)", dialect)
    assert relation.names == (name, "other")
    assert relation[name].type == Text(20)


def test_every_statement_is_accounted_for() -> None:
    text = "CREATE TABLE t (a int); FROBNICATE t; ALTER TABLE nowhere ADD b int; CREATE TABLE (; DROP TABLE x; VACUUM;;"
    found = read(text, "postgresql")
    assert [(entry.kind, entry.fate) for entry in found.ledger] == [
        ("CREATE TABLE", "understood"),
        ("FROBNICATE T", "kept as text"),
        ("ALTER TABLE", "kept as text"),
        ("CREATE TABLE", "kept as text"),
        ("DROP TABLE", "ignored"),
        ("VACUUM", "ignored"),
    ]
    assert len(found.losses) == 3


@pytest.mark.parametrize(
    "text",
    [
        "ALTER TABLE t",
        "ALTER TABLE t ADD CONSTRAINT",
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN",
        "ALTER TABLE t ADD c varchar(20) NOT",
        "ALTER TABLE t ADD c int DEFAULT",
        "ALTER TABLE t ALTER COLUMN a",
        "ALTER TABLE t ALTER COLUMN a SET",
        "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t (a) ON",
        "CREATE UNIQUE INDEX i ON t (a) WHERE",
        "CREATE TABLE u (a int) WITH (fillfactor = ",
        "CREATE TABLE u (a int,",
        "COMMENT ON TABLE t IS",
    ],
)
def test_what_was_cut_off_is_told(text: str) -> None:
    found = read(f"CREATE TABLE t (a int PRIMARY KEY, b varchar(10));\n{text}", "postgresql")
    assert "line 2" in [loss.subject for loss in found.losses], found.ledger[-1]
    whole = "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t (a) ON DELETE SET DEFAULT"
    assert read(f"CREATE TABLE t (a int PRIMARY KEY, b varchar(10));\n{whole}", "postgresql").losses == ()


@settings(max_examples=120)
@given(
    st.text(st.sampled_from("abct(),;'\"`[]$-/*\\ \n.1:=<>#@") | st.sampled_from(["x"]), max_size=60),
    st.sampled_from(tuple(DIALECTS)),
)
def test_any_text_is_read_or_refused_with_its_place(tail: str, dialect: str) -> None:
    words = ("CREATE TABLE t (a int ", "ALTER TABLE t ADD ", "CREATE INDEX i ON ", "COMMENT ON ", "DROP ", "")
    for word in words:
        try:
            found = read(f"CREATE TABLE t (a int);\n{word}{tail}", dialect)
        except NotationError as error:
            assert error.line is not None  # noqa: PT017  either outcome is fine, and this is what one of them must be
        else:
            assert found.schema.names[0] == "t"


@settings(max_examples=120)
@given(st.lists(st.sampled_from(["CREATE", "ALTER", "TABLE", "t", "u", "(", ")", ",", "a", "b", "int", "PRIMARY", "KEY", "UNIQUE", "FOREIGN", "REFERENCES", "CHECK", "DEFAULT", "NOT", "NULL", "ON", "DELETE", "SET", "CASCADE", "INDEX", "ADD", "DROP", "COLUMN", "CONSTRAINT", "RENAME", "TO", "MODIFY", "CHANGE", "TYPE", "AS", "ENUM", "'x'", "1", ";", "LIKE", "INHERITS", "USING", "WHERE", "=", ".", "IF", "EXISTS", "GENERATED", "ALWAYS", "IDENTITY", "COMMENT", "[", "]", "<", ">", "::", "SCHEMA", "DOMAIN", "VIEW"]), max_size=40), st.sampled_from(tuple(DIALECTS)))  # fmt: skip
def test_any_words_are_read(words: list[str], dialect: str) -> None:
    found = read("CREATE TABLE t (a int, b int);\nCREATE TABLE u (a int);\n" + " ".join(words), dialect)
    assert found.ledger[0].fate == "understood"


DEEP = (
    "CREATE TABLE t (a int CHECK (" + "(" * 50_000 + "a" + ")" * 50_000 + " > 1))",
    "CREATE TABLE t (a int DEFAULT " + "(" * 50_000 + "1" + ")" * 50_000 + ")",
    "CREATE TABLE t (a int); CREATE SCHEMA s " + "CREATE TABLE a (b int) " * 2_000,
    "CREATE TABLE t (" + ", ".join(f"c{n} int" for n in range(10_000)) + ")",
    "CREATE TABLE t (a int);" + "ALTER TABLE t ADD COLUMN IF NOT EXISTS a int;" * 8_000,
)


@pytest.mark.parametrize("text", DEEP, ids=["check", "default", "schema", "columns", "alterations"])
def test_deep_and_long_definitions_are_read_quickly(text: str) -> None:
    begin = time.process_time()
    assert "t" in read(text, "postgresql").schema
    assert time.process_time() - begin < 20


def test_an_unknown_dialect() -> None:
    with pytest.raises(UnknownName, match="did you mean 'postgresql'"):
        read("SELECT 1", "postgrsql")


FAITHFUL = ("duckdb", "postgresql", "cockroachdb", "snowflake", "bigquery", "databricks", "mariadb")


@pytest.mark.parametrize("dialect", FAITHFUL)
@pytest.mark.parametrize("schema", [SHOP, CYCLE], ids=["shop", "cycle"])
def test_what_is_written_reads_back(dialect: str, schema: Schema) -> None:
    written = write(schema, dialect)
    assert write(read(written.text, dialect).schema, dialect).text == written.text


@pytest.mark.parametrize("dialect", tuple(DIALECTS))
@settings(max_examples=30)
@given(schema=schemas())
def test_names_keys_and_references_read_back(dialect: str, schema: Schema) -> None:
    spoken = DIALECTS[dialect]
    written = write(schema, dialect)
    found = read(written.text, dialect)
    assert not [entry for entry in found.ledger if entry.fate == "kept as text"], found.ledger
    names = names_in(schema, spoken)
    again = {relation.name: relation for relation in found.schema}
    assert set(again) == {names[(relation.name,)] for relation in schema}
    for relation in schema:
        back = again[names[(relation.name,)]]
        assert back.names == tuple(names[relation.name, name] for name in relation.names)
        loose = Feature.COMPUTED_NOT_NULL in spoken.lacks
        for one, mine in zip(back.attributes, relation.attributes, strict=True):
            certain = mine.domain is not None and not mine.domain.nullable and one.domain is None
            assert one.nullable == ((mine.nullable and not certain) or (loose and one.generated is not None))
    rewritten = write(found.schema, dialect)
    assert rewritten.text.count("PRIMARY KEY") == written.text.count("PRIMARY KEY")
    assert rewritten.text.count("FOREIGN KEY") == written.text.count("FOREIGN KEY")


@pytest.mark.parametrize("dialect", [name for name in DIALECTS if name != "redshift"])  # there lengths count bytes
@settings(max_examples=20)
@given(schema=schemas())
def test_reading_and_writing_again_changes_nothing(dialect: str, schema: Schema) -> None:
    first = read(write(schema, dialect).text, dialect).schema
    second = read(write(first, dialect).text, dialect).schema  # by now every index has its name
    assert read(write(second, dialect).text, dialect).schema == second


@pytest.mark.parametrize("dialect", tuple(DIALECTS))
@settings(max_examples=12, derandomize=True, phases=[Phase.generate])
@given(schema=schemas())
def test_what_is_written_reads_back_or_is_told(dialect: str, schema: Schema) -> None:
    assert unsaid(schema, dialect) == []


def test_a_day_of_oracle_stays_a_day() -> None:
    design = Schema((Relation("r", (Attribute("d", Date()), Attribute("t", Timestamp()))),))
    text = write(design, "oracle").text
    assert 'CHECK ("d" = TRUNC("d"))' in text
    assert read(text, "oracle").schema == design


def test_what_sql_server_computes_keeps_its_type() -> None:
    total = Attribute("c", Integer(64), nullable=True, generated=Generated("a + 1"))
    design = Schema((Relation("r", (Attribute("a", Integer()), total)),))
    written = write(design, "sqlserver").text
    assert "AS (CAST([a] + 1 AS BIGINT))" in written
    assert read(written, "sqlserver").schema["r"]["c"] == replace(total, generated=Generated('"a" + 1'))
    untyped = read("CREATE TABLE r (a money, c AS ([a] * 2))", "sqlserver").schema
    assert "AS ([a] * 2)" in write(untyped, "sqlserver").text  # its type is money, not that of a text
    assert not any(loss.subject == "r.c" for loss in write(untyped, "sqlserver").losses)


def test_today_in_sql_server_has_no_time() -> None:
    today = Schema(
        (Relation("r", (Attribute("d", Date(), default="CURRENT_DATE"),), checks=(Check("d < CURRENT_DATE"),)),)
    )
    written = write(today, "sqlserver").text
    assert "CHECK ([d] < CAST(GETDATE() AS DATE))" in written
    assert read(written, "sqlserver").schema["r"].checks[0].expression == '"d" < CURRENT_DATE'


def test_a_unique_key_of_sql_server_takes_unknown_values_for_equal() -> None:
    found = one("CREATE TABLE r (a int NOT NULL PRIMARY KEY, b int UNIQUE, c int NOT NULL UNIQUE)", "sqlserver")
    assert [key.nulls_distinct for key in found.keys] == [True, False, True]


def test_columns_called_like_the_first_word_of_a_statement() -> None:
    found = one("CREATE TABLE r (comment text CHECK (comment <> ''), set int, CHECK (set IN (1, 2)))", "postgresql")
    assert [check.expression for check in found.checks] == ["\"comment\" <> ''", '"set" IN (1, 2)']


def test_similar_texts_mean_the_same_in_duckdb(scratch: Scratch) -> None:
    text = "CREATE TABLE r (a text CHECK (a SIMILAR TO '(x|yz)%_[%.]' AND a NOT SIMILAR TO 'x.|w'))"
    (check,) = one(text, "postgresql").checks
    assert "SIMILAR" not in check.expression
    some = ("xa%", "xab.", "x.", "x%", "yz..", "yz.%a", "w%", "ax%", "x\\%")
    listed = ", ".join(f"('{value}')" for value in some)
    with scratch("postgresql") as run:
        wanted = run(
            f"SELECT v, v SIMILAR TO '(x|yz)%_[%.]' AND v NOT SIMILAR TO 'x.|w' FROM (VALUES {listed}) AS t (v)"
        )
    with scratch("duckdb") as run:
        assert run(f"SELECT a, {check.expression} FROM (VALUES {listed}) AS t (a)") == wanted


@pytest.mark.parametrize("pattern", ["b", "'x#%' ESCAPE '#'"])
def test_a_pattern_that_is_not_told_is_kept_in_its_own_words(pattern: str) -> None:
    found = read(f"CREATE TABLE r (a text, b text, CHECK (a SIMILAR TO {pattern}))", "postgresql")
    (check,) = found.schema["r"].checks
    assert shown(check.expression) == f"a SIMILAR TO {pattern}"
    assert found.losses == ()


def test_a_truth_value_of_mysql_that_is_a_number_is_one() -> None:
    """TINYINT(1) is both: what refers to a number, is counted up, or stands for 2 where nothing is said, is no truth value."""
    found = read(
        """
        CREATE TABLE kinds (id SMALLINT NOT NULL PRIMARY KEY) ENGINE=InnoDB;
        CREATE TABLE a (id TINYINT(1) NOT NULL AUTO_INCREMENT PRIMARY KEY, kind TINYINT(1), b TINYINT(1) DEFAULT 1, c TINYINT(1) DEFAULT '2',
          FOREIGN KEY (kind) REFERENCES kinds (id));
        CREATE TABLE b (a TINYINT(1), truth TINYINT(1), FOREIGN KEY (a) REFERENCES a (id));
        """,
        "mysql",
    ).schema
    truths = {f"{one.name}.{each.name}" for one in found for each in one.attributes if each.type == Boolean()}
    assert truths == {"a.b", "b.truth"}


def test_a_beginning_that_is_all_of_a_text_is_the_whole_of_it() -> None:
    found = read(
        "CREATE TABLE t (a VARCHAR(191), b VARCHAR(300), c TEXT, KEY k (a(191), b(191), c(9)))", "mysql"
    ).schema
    assert found["t"].indexes[0].on == ("a", Part("b", length=191), Part("c", length=9))


def test_a_sum_of_texts_of_sql_server_puts_them_together() -> None:
    """Whether `+` does is known where the types of the columns are."""
    text = """CREATE TABLE t (a nvarchar(9), b nvarchar(9), n int, c AS (a + b), d AS (n + n), e AS (b + ', ' + a), f AS ('1' + n),
        g AS (UPPER(a) + CAST(n AS varchar(9))), h AS ((n + n) * 2), CHECK (ISNULL(a, '') + b <> '-'))"""
    found = read(text, "sqlserver")
    computed = [one.generated.expression for one in found.schema["t"].attributes if one.generated]
    assert computed == ["a || b", "n + n", "b || ', ' || a", "'1' + n", "UPPER(a) || CAST(n AS TEXT(9))", "(n + n) * 2"]
    assert found.schema["t"].checks[0].expression == "COALESCE(a, '') || b <> '-'"
    assert found.losses == ()
    assert "[a] + [b]" in write(found.schema, "sqlserver").text


def test_types_of_one_name_are_told_apart_by_their_schemas_and_by_case() -> None:
    found = read(
        """
        CREATE TYPE a.st AS ENUM ('x', 'y'); CREATE TYPE b.st AS ENUM ('x', 'y'); ALTER TYPE b.st ADD VALUE 'z';
        CREATE TYPE "E" AS ENUM ('1'); CREATE TYPE e AS ENUM ('2');
        CREATE TABLE a.t (p a.st, q b.st, r "E", s E, u "char");
        COMMENT ON TYPE b.st IS 'the second'; ALTER TYPE a.st RENAME TO first;
        SET search_path = b; CREATE TABLE w (q st DEFAULT 'z'::b.st);
        """,
        "postgresql",
    )
    domains = {
        one.name: (one.type.values, one.note) for one in found.schema.domains if isinstance(one.type, Enumeration)
    }
    assert domains == {
        "first": (("x", "y"), ""), "b.st": (("x", "y", "z"), "the second"), "E": (("1",), ""), "e": (("2",), ""),
    }  # fmt: skip
    of = {a.name: a.domain.name if a.domain else "" for relation in found.schema for a in relation.attributes}
    assert of == {"p": "first", "q": "b.st", "r": "E", "s": "e", "u": ""}
    assert found.losses == ()
    assert '"u" "char"' in write(found.schema, "postgresql").text


def test_a_condition_of_an_index_ends_where_another_clause_begins() -> None:
    text = """CREATE TABLE t (at timestamptz, "with" int);
        CREATE INDEX i ON t (at) WHERE ((at >= '2020-01-01 00:00:00+00'::timestamp with time zone) AND ("with" > 1));
        CREATE INDEX j ON t (at) WITH (fillfactor='70') WHERE at > '2020-01-01 00:00:00+00'::timestamp with time zone;"""
    found = read(text, "postgresql")
    assert [meaning_of(index.where) for index in found.schema["t"].indexes] == [
        meaning_of("at >= TIMESTAMPTZ '2020-01-01 05:00:00+05' AND \"with\" > 1"),
        meaning_of("at > TIMESTAMPTZ '2019-12-31 19:00:00-05'"),
    ]
    assert [str(loss) for loss in found.losses] == ["t: the index j: WITH (fillfactor = '70') — not read"]
    written = write(found.schema, "postgresql")
    assert differences(read(written.text, "postgresql").schema, found.schema) == ()


def test_values_of_enumerations_are_read_with_their_escapes() -> None:
    found = read(r"CREATE TABLE t (e enum('it\'s', 'a\\b', 'c''d', 'a=1', '%'))", "mysql").schema
    assert found["t"]["e"].type == Enumeration(("it's", r"a\b", "c'd", "a=1", "%"))
    numbered = read("CREATE TABLE t (e Enum8('a=1' = 1, 'b' = -2)) ENGINE = Memory", "clickhouse").schema
    assert numbered["t"]["e"].type == Enumeration(("a=1", "b"))


def test_years_of_two_digits_are_read_as_the_years_they_stand_for() -> None:
    text = (
        "CREATE TABLE t (a year DEFAULT 1, b year DEFAULT '0', c year DEFAULT 0, d year DEFAULT (70 - 1), "
        "e year DEFAULT '99', f year DEFAULT 1987)"
    )
    found = read(text, "mysql").schema
    assert [one.default for one in found["t"].attributes] == ["2001", "2000", "0", "2069", "1999", "1987"]


def test_a_length_that_an_enumeration_does_not_have_is_told() -> None:
    """PostgreSQL calls such a check by itself `orders_state_check`; MySQL's VARCHAR(255) is what is written for an enumeration."""
    table = "CREATE TABLE orders (id int PRIMARY KEY, state varchar(%d), CONSTRAINT orders_state_check CHECK (state IN ('new', 'paid')));"
    found = read(table % 10, "postgresql")
    assert found.schema["orders"]["state"].type == Enumeration(("new", "paid"))
    assert [str(loss) for loss in found.losses] == [
        "orders.state: the type text(10) — read as an enumeration: its check lists the values"
    ]
    assert [loss.feature for loss in read(table % 255, "mysql").losses] == [EQUAL_IN_COMPARISONS]

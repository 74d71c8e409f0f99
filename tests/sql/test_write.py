import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings

from dbworkbench.errors import DesignError, UnknownName, Unsupported
from dbworkbench.schema.notation import schema
from dbworkbench.schema.relation import (
    Attribute,
    Check,
    Declared,
    Domain,
    ForeignKey,
    Generated,
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
    Decimal,
    Enumeration,
    Float,
    Integer,
    Interval,
    Json,
    Native,
    Text,
    Timestamp,
)
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.names import names_in
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from dbworkbench.theory.dependencies import parse_dependency
from tests.sql.conftest import REFUSED, Run, Scratch, loaded
from tests.sql.designs import CYCLE, SHOP, schemas
from tests.sql.laws import unsaid

ENGINES = ("duckdb", "sqlite", "postgresql")


def losses(design: Schema | Relation, dialect: str) -> list[str]:
    return [str(loss) for loss in write(design, dialect).losses]


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_shop_reads_well(dialect: str, golden: Callable[[str, str], None]) -> None:
    written = write(SHOP, dialect)
    golden(f"shop.{dialect}.sql", written.text + "\n")
    golden(f"shop.{dialect}.losses.txt", "".join(f"{loss}\n" for loss in written.losses))
    assert written == write(SHOP, dialect)
    assert written.language == dialect


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_cycle_of_references(dialect: str, golden: Callable[[str, str], None], scratch: Scratch) -> None:
    written = write(CYCLE, dialect)
    golden(f"cycle.{dialect}.sql", written.text + "\n")
    lost = [str(loss) for loss in written.losses]
    with scratch(dialect) as run:
        loaded(run, statements(CYCLE, dialect))
        if dialect == "duckdb":
            assert lost == [
                "teams: the foreign key (captain) to players: DuckDB cannot create a cycle of references — not written"
            ]
            return
        assert lost == []
        run("BEGIN" if dialect == "sqlite" else "SET CONSTRAINTS ALL DEFERRED")
        run("INSERT INTO teams VALUES ('red', 7)")
        run("INSERT INTO players VALUES (7, 'red')")
        run("COMMIT" if dialect == "sqlite" else "SET CONSTRAINTS ALL IMMEDIATE")
        run("BEGIN" if dialect == "sqlite" else "SET CONSTRAINTS ALL DEFERRED")
        run("INSERT INTO players VALUES (8, 'blue')")
        with pytest.raises(REFUSED, match=r"(?i)foreign"):
            run("COMMIT" if dialect == "sqlite" else "SET CONSTRAINTS ALL IMMEDIATE")


GOOD = (
    "INSERT INTO customers VALUES (1, 'a@b', 'Ann', 'Graz', 'AT', '1980-05-17', 'May')",
    "INSERT INTO orders (id, customer_id) VALUES (10, 1)",
    "INSERT INTO orders VALUES (11, 1, '2020-01-31 10:00:00+00', 10, 'it''s gone', 'true', '{}')",
    "INSERT INTO lines (order_id, line_no, sku, price) VALUES (10, 1, '3f2504e0-4f89-11d3-9a0c-0305e82c3301', 9.99)",
)
SKU = "'3f2504e0-4f89-11d3-9a0c-0305e82c3302'"
BAD = (
    ("a repeated key", "INSERT INTO customers VALUES (1, 'c@d', 'Bob', NULL, 'AT', NULL, '')"),
    ("a repeated second key", "INSERT INTO customers VALUES (2, 'a@b', 'Bob', NULL, 'AT', NULL, '')"),
    ("an unknown name", "INSERT INTO customers VALUES (2, 'c@d', NULL, NULL, 'AT', NULL, '')"),
    ("a text too long", "INSERT INTO customers VALUES (2, 'c@d', 'Bob', NULL, 'AUT', NULL, '')"),
    ("a check", "INSERT INTO customers VALUES (0, 'c@d', 'Bob', NULL, 'AT', NULL, '')"),
    ("a check about a day", "INSERT INTO customers VALUES (2, 'c@d', 'Bob', NULL, 'AT', '1899-12-31', '')"),
    ("no such customer", "INSERT INTO orders (id, customer_id) VALUES (12, 9)"),
    ("no such order to replace", "INSERT INTO orders (id, customer_id, replaces) VALUES (12, 1, 99)"),
    ("no such status", "INSERT INTO orders (id, customer_id, status) VALUES (12, 1, 'lost')"),
    ("neither true nor false", "INSERT INTO orders (id, customer_id, paid) VALUES (12, 1, 'perhaps')"),
    ("no JSON", "INSERT INTO orders (id, customer_id, remarks) VALUES (12, 1, '{')"),
    ("a number that is none", "INSERT INTO orders (id, customer_id) VALUES (12, 'one')"),
    ("a repeated implied key", f"INSERT INTO lines (order_id, line_no, sku, price) VALUES (10, 1, {SKU}, 1)"),
    ("no such order", f"INSERT INTO lines (order_id, line_no, sku, price) VALUES (12, 1, {SKU}, 1)"),
    ("a check over two", f"INSERT INTO lines (order_id, line_no, sku, price, qty) VALUES (10, 2, {SKU}, 1, -1)"),
    ("a deletion that is referred to", "DELETE FROM orders WHERE id = 10"),
)


@pytest.mark.parametrize("dialect", ENGINES)
def test_rows_that_break_a_rule_are_refused(dialect: str, scratch: Scratch) -> None:
    restricting = tuple(
        replace(relation, foreign_keys=tuple(replace(key, on_delete="restrict") for key in relation.foreign_keys))
        for relation in SHOP
    )
    with scratch(dialect) as run:
        loaded(run, statements(Schema(restricting), dialect))
        for row in GOOD:
            say = row.replace("'true'", "1") if dialect == "sqlite" else row
            run(say)
        for why, row in BAD:
            with pytest.raises(REFUSED) as refused:
                run(row)
            assert any(word in str(refused.value).lower() for word in REASONS), (why, refused.value)


REASONS = (
    "constraint",
    "violates",
    "cannot store",
    "could not convert",
    "invalid input",
    "too long",
    "malformed",
    "failed",
)


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_referential_actions_act(dialect: str, scratch: Scratch) -> None:
    with scratch(dialect) as run:
        loaded(run, statements(SHOP, dialect))
        for row in GOOD:
            run(row.replace("'true'", "1") if dialect == "sqlite" else row)
        run("DELETE FROM orders WHERE id = 10")
        assert run("SELECT id, replaces FROM orders") == [(11, None)]
        run("DELETE FROM customers")
        assert run("SELECT count(*) FROM orders") == [(0,)]


@pytest.mark.parametrize("dialect", ENGINES)
@settings(max_examples=150)
@given(schema=schemas())
def test_whatever_is_written_loads(dialect: str, scratch: Scratch, schema: Schema) -> None:
    with scratch(dialect) as run:
        loaded(run, statements(schema, dialect))
        names = names_in(schema, DIALECTS[dialect])
        for relation in schema:
            columns = [names[relation.name, name] for name in relation.names]
            assert columns_of(run, dialect, names[(relation.name,)]) == columns
    assert write(schema, dialect) == write(schema, dialect)


COLUMNS = {
    "sqlite": "SELECT name FROM pragma_table_xinfo({})",
    "duckdb": "SELECT column_name FROM duckdb_columns() WHERE NOT internal AND table_name = {} ORDER BY column_index",
    "postgresql": "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = {}"
    " ORDER BY ordinal_position",
}


def columns_of(run: Run, dialect: str, table: str) -> list[str]:
    return [name for (name,) in run(COLUMNS[dialect].format(DIALECTS[dialect].literal(table)))]


@pytest.mark.parametrize("dialect", ENGINES)
def test_three_hundred_attributes(dialect: str, scratch: Scratch) -> None:
    many = tuple(Attribute(f"a{n}", Integer()) for n in range(300))
    whole = Relation("wide", many, dependencies=frozenset({parse_dependency("a0 ->> a1")}))
    with scratch(dialect) as run:
        loaded(run, statements(Schema((whole,)), dialect))
        assert len(columns_of(run, dialect, "wide")) == 300
    too_wide = [loss for loss in losses(whole, dialect) if "300 attributes, where" in loss]
    assert len(too_wide) == (dialect == "postgresql")


def test_more_attributes_than_a_table_holds() -> None:
    wide = Relation("wide", tuple(Attribute(f"a{n}", Integer()) for n in range(1601)))
    with pytest.raises(Unsupported, match=r"'wide' has 1,601 attributes, and PostgreSQL holds 1,600 at most — split"):
        write(wide, "postgresql")
    assert write(wide, "sqlite").text.count("\n") == 1602


def test_names_are_shortened_alike_and_apart() -> None:
    one, two = "long_" * 20 + "one", "long_" * 20 + "two"
    relation = Relation(one, (Attribute(one, Integer()), Attribute(two, Integer())))
    names = names_in(Schema((relation,)), DIALECTS["postgresql"])
    assert len({*names.values()}) == 2
    assert names[(one,)] == names[one, one]
    assert all(len(name.encode()) <= 63 for name in names.values())
    assert [loss for loss in losses(relation, "postgresql") if "name" in loss] == [
        f'{one}: the relation\'s name — written as "{names[one, one]}"',
        f'{one}.{one}: the attribute\'s name — written as "{names[one, one]}"',
        f'{one}.{two}: the attribute\'s name — written as "{names[one, two]}"',
    ]
    assert losses(relation, "duckdb") == [f"{one}: no key and no dependency is declared — equal rows are not refused"]


@pytest.mark.parametrize("dialect", ["sqlserver", "redshift"])
def test_no_table_is_a_temporary_one_by_its_name(dialect: str) -> None:
    design = Schema(
        (Relation("#t", (Attribute("#a", Integer()),), (Key(("#a",), "#k"),)), Relation("##\n", (Attribute("x"),)))
    )
    written = write(design, dialect)
    assert read(written.text, dialect).schema.names == ("_#t", "_##\n")
    assert [loss.subject for loss in written.losses if "the relation's name" in loss.feature] == ["#t", "##\n"]
    assert read(written.text, dialect).schema["_#t"].names == ("#a",)
    named = {"sqlserver": "_#k", "redshift": "#k"}  # SQL Server takes no constraint called so
    assert [key.name for key in read(written.text, dialect).schema["_#t"].keys] == [named[dialect]]


def test_names_that_an_engine_folds_together_move_apart() -> None:
    relation = Relation("R", (Attribute("ID_2"), Attribute("id"), Attribute("ID")), keys=(Key(("ID",)),))
    names = names_in(Schema((relation, replace(relation, name="r"))), DIALECTS["sqlite"])
    assert [*names.values()] == ["R", "ID_2", "id", "ID_3", "r_2", "ID_2", "id", "ID_3"]
    unfolded = names_in(Schema((relation, replace(relation, name="r"))), DIALECTS["postgresql"])
    assert [*unfolded.values()] == ["R", "ID_2", "id", "ID", "r", "ID_2", "id", "ID"]


@pytest.mark.parametrize("dialect", ENGINES)
def test_a_check_finds_its_attributes_whatever_their_case(dialect: str, scratch: Scratch) -> None:
    relation = Relation(
        "Prices", (Attribute("Net", Integer()), Attribute("unit price", Integer())), keys=(Key(("Net",)),),
        checks=(Check('net > 0 AND prices.net < 9 AND "Unit Price" > 0'),),
    )  # fmt: skip
    assert 'CHECK ("Net" > 0 AND "Net" < 9 AND "unit price" > 0)' in write(relation, dialect).text
    with scratch(dialect) as run:
        loaded(run, statements(Schema((relation,)), dialect))


NOT_WRITTEN = (
    ("qty > (SELECT 1)", "it has Subquery, which a rule about one row cannot have"),
    ("count(*) > 1", "it has Count, which a rule about one row cannot have"),
    ("qty > 0; DROP TABLE r", "it is not one SQL expression"),
    ("DROP TABLE r", "it is not one SQL expression"),
    ("qty >", "it cannot be read as an SQL expression"),
    ("qty > 'a", "it cannot be read as an SQL expression"),
    ("(" * 5000 + "qty" + ")" * 5000 + " > 0", "it cannot be read as an SQL expression"),
    ("", "it is not one SQL expression"),
    ("qyt > 0", "it speaks of 'qyt', which is no attribute here"),
    ("other.qty > 0", "it speaks of other.qty, outside its relation"),
    ("qty > ?", "it has Placeholder, which a rule about one row cannot have"),
)


@pytest.mark.parametrize(("text", "reason"), NOT_WRITTEN)
@pytest.mark.parametrize("dialect", ENGINES)
def test_what_is_no_condition_is_a_loss(dialect: str, text: str, reason: str) -> None:
    relation = Relation("r", (Attribute("qty", Integer()),), keys=(Key(("qty",)),), checks=(Check(text),))
    assert losses(relation, dialect) == [f"r: the check {text}: {reason} — not written"]
    assert "CHECK" not in write(relation, dialect).text


def test_words_that_one_dialect_lacks() -> None:
    relation = Relation(
        "r",
        (Attribute("code", Text(), default="uuid()"),),
        keys=(Key(("code",)),),
        checks=(Check("code ~ '^A'"), Check("odd(code)")),
    )
    assert losses(relation, "duckdb") == []
    assert losses(relation, "postgresql") == [
        "r: the check odd(code): PostgreSQL has no words for odd(…) — not written"
    ]
    assert losses(relation, "sqlite") == [
        "r.code: the default uuid(): SQLite has no words for Uuid — not written",
        "r: the check code ~ '^A': SQLite has no words for RegexpLike — not written",
        "r: the check odd(code): SQLite has no words for odd(…) — not written",
    ]


@pytest.mark.parametrize("dialect", ENGINES)
@pytest.mark.parametrize(
    "text", ["born < now()", "born < current_timestamp AND born > TIMESTAMP '1900-01-01 00:00:00'"]
)
def test_a_check_may_look_at_the_clock(dialect: str, text: str, scratch: Scratch) -> None:
    relation = Relation(
        "r", (Attribute("born", Timestamp(), default="now()"),), keys=(Key(("born",)),), checks=(Check(text),)
    )
    with scratch(dialect) as run:
        loaded(run, statements(Schema((relation,)), dialect))
        run("INSERT INTO r VALUES ('2001-02-03 04:05:06')")
        with pytest.raises(REFUSED):
            run("INSERT INTO r VALUES ('9999-01-01 00:00:00')")


DEPENDENCIES = (
    ("city -> zip", ("r: city → zip — not enforced by any key",)),
    ("id -> city", ()),
    ("id, city -> zip", ()),
    ("city, zip -> zip", ()),
    ("id ->> city", ()),
    ("city ->> zip", ("r: city ↠ zip — not enforced by any key",)),
    ("city ->> id, zip", ()),
    ("join[id city, id zip]", ()),
    ("join[id city, city zip]", ("r: join[city id, city zip] — not enforced by any key",)),
)


@pytest.mark.parametrize(("text", "expected"), DEPENDENCIES)
def test_a_dependency_that_no_key_enforces_is_a_loss(text: str, expected: tuple[str, ...]) -> None:
    attributes = tuple(Attribute(name, Integer()) for name in ("id", "city", "zip"))
    relation = Relation("r", attributes, keys=(Key(("id",)),), dependencies=frozenset({parse_dependency(text)}))
    assert losses(relation, "postgresql") == list(expected)


def test_keys_that_cannot_be_primary() -> None:
    relation = Relation(
        "r", (Attribute("a", Integer(), nullable=True), Attribute("b", Integer())), keys=(Key(("a", "b")), Key(("b",)))
    )
    assert 'UNIQUE ("a", "b")' in write(relation, "sqlite").text
    assert losses(relation, "sqlite") == [
        "r: the key (a, b): a primary key over a, which may be NULL — written as UNIQUE: rows with a NULL pass"
    ]
    assert losses(Relation("r", (Attribute("a", Integer()),), keys=(Key(()),)), "sqlite") == [
        "r: the key (): at most one row — not written"
    ]
    spans = Relation("r", (Attribute("a", Interval()),), keys=(Key(("a",)),), indexes=(Index(("a",)),))
    assert losses(spans, "duckdb") == [
        "r: the key (a): a is INTERVAL, which no key can hold — not written",
        "r: the index (a): a is INTERVAL, which no index can hold — not written",
    ]


@pytest.mark.parametrize("dialect", ENGINES)
def test_what_a_reference_needs_is_made(dialect: str, scratch: Scratch) -> None:
    attributes = (Attribute("a", Integer()), Attribute("b", Integer()), Attribute("c", Text(5)))
    parent = Relation("parent", attributes, keys=(Key(("a", "b")),), indexes=(Index(("c",), unique=True, name="cs"),))
    child = Relation(
        "child",
        (Attribute("x", Integer()), Attribute("y", Integer()), Attribute("z", Text(9))),
        keys=(Key(("x",)),),
        foreign_keys=(ForeignKey(("x", "y"), "parent", ("b", "a")), ForeignKey(("z",), "parent", ("c",))),
    )
    schema = Schema((child, parent))
    forgotten = ["parent: the names of keys, checks and foreign keys — written, and not kept by DuckDB"]
    assert losses(schema, dialect) == (forgotten if dialect == "duckdb" else [])
    text = write(schema, dialect).text
    assert 'FOREIGN KEY ("y", "x") REFERENCES "parent" ("a", "b")' in text
    assert 'CONSTRAINT "cs" UNIQUE ("c")' in text
    with scratch(dialect) as run:
        loaded(run, statements(schema, dialect))


def test_a_reference_between_types_that_do_not_compare() -> None:
    parent = Relation("p", (Attribute("id", Integer()),), keys=(Key(("id",)),))
    child = Relation(
        "c", (Attribute("p", Text()),), keys=(Key(("p",)),), foreign_keys=(ForeignKey(("p",), "p", ("id",)),)
    )
    lost = "c: the foreign key (p) to p: the types differ: {} — not written"
    assert losses(Schema((parent, child)), "postgresql") == [lost.format("text and integer")]
    assert losses(Schema((parent, child)), "duckdb") == [lost.format("VARCHAR and INTEGER")]
    assert losses(Schema((parent, child)), "sqlite") == []


def test_types_that_an_engine_lacks() -> None:
    relation = Relation(
        "r",
        (
            Attribute("at", Timestamp(zone=True)),
            Attribute("ok", Boolean()),
            Attribute("few", Decimal(10, 2)),
            Attribute("many", Decimal(30, 2)),
            Attribute("more", Decimal(60, 20)),
            Attribute("kind", Enumeration(("a", "\0"))),
            Attribute("doc", Json()),
            Attribute("what"),
        ),
        keys=(Key(("at",)),),
    )
    assert losses(relation, "sqlite") == [
        "r.at: a time zone — written as TEXT, an ISO time in UTC",
        "r.few: an exact decimal — written as REAL: computed in binary",
        "r.many: an exact decimal — written as REAL: computed in binary, rounded to 15 digits",
        "r.more: an exact decimal — written as REAL: computed in binary, rounded to 15 digits",
        "r.kind: a value with a NUL character — its values are not checked",
        "r.what: no type declared — written as TEXT",
    ]
    assert losses(relation, "duckdb") == [
        "r.more: 60 digits, 20 behind the point — written as DECIMAL(38,0)",
        "r.kind: a value with a NUL character — its values are not checked",
        "r.what: no type declared — written as VARCHAR",
    ]


@pytest.mark.parametrize("dialect", sorted(DIALECTS))
def test_half_a_character_is_told_and_not_written(dialect: str) -> None:
    half = "a\ud800b"
    mood = Domain("mood", Enumeration((half, "y")), note=half)
    declared = Declared("mysql", f"enum('{half}','y')")
    design = Schema(
        (
            Relation(
                half,
                (
                    Attribute("n", Integer()),
                    Attribute("kind", Enumeration((half, "y")), note=half),
                    Attribute("said", Text(20), default=f"'{half}'"),
                    Attribute("some", Native(f"set('{half}','y')")),
                    Attribute("mood", mood.type, domain=mood),
                    Attribute("declared", mood.type, declared=declared),
                    Attribute("more", Text(20), nullable=True, generated=Generated(f"said || '{half}'")),
                ),
                keys=(Key(("n",), half),),
                checks=(Check(f"said <> '{half}'", half),),
                indexes=(Index(("said",), name=half, where=f"said <> '{half}'"),),
                note=half,
            ),
            Relation(
                "parts",
                (Attribute("a", Integer()),),
                keys=(Key(("a",)),),
                partitioning=Partitioning("range", ("a",), (Partition(half, "LESS THAN (7)"),)),
            ),
        )
    )
    written = write(design, dialect)
    assert written.text.encode()
    assert unsaid(design, dialect) == []
    told = {loss.subject: loss.feature for loss in written.losses if "lone surrogate" in loss.feature}
    assert {f"{half}.{name}" for name in ("kind", "some", "mood", "declared")} <= {*told}
    assert f"{half}.said: the default '{half}'" in told


def test_a_moment_that_sixty_four_bits_do_not_count_to_is_no_default(scratch: Scratch) -> None:
    def one(name: str, digits: int, default: str) -> Attribute:
        declared = Declared("clickhouse", f"DateTime64({digits})")
        return Attribute(name, Timestamp(), default=default, declared=declared)

    design = Relation(
        "r",
        (
            Attribute("n", Integer()),
            one("early", 9, "TIMESTAMP '0001-01-01 00:00:00'"),
            one("late", 9, "'2262-04-11 23:47:17'"),
            one("last", 9, "'2262-04-11 23:47:16'"),
            one("wide", 8, "'0001-01-01 00:00:00'"),
            one("far", 8, "DATE '9999-12-31'"),
            one("usual", 7, "'9999-12-31 00:00:00'"),
        ),
        keys=(Key(("n",)),),
    )
    assert losses(design, "clickhouse")[1:] == [
        "r.early: the default TIMESTAMP '0001-01-01 00:00:00': DateTime64(9) has no moment before 1677-09-21 00:12:44 — not written",
        "r.late: the default '2262-04-11 23:47:17': DateTime64(9) has no moment after 2262-04-11 23:47:16.854775 — not written",
        "r.far: the default DATE '9999-12-31': DateTime64(8) has no moment after 4892-10-07 21:52:48.547757 — not written",
    ]
    with scratch("clickhouse") as run:
        loaded(run, statements(Schema((design,)), "clickhouse"))
        run("INSERT INTO r (n) VALUES (1)")
        assert run("SELECT toYear(last), toYear(wide), toYear(usual) FROM r") == [("2262", "1", "9999")]


def test_a_name_like_one_the_engine_makes_up(scratch: Scratch) -> None:
    schema = Schema(
        (
            Relation("a", (Attribute("x", Integer()),), keys=(Key(("x",)),)),
            Relation("a_pkey", (Attribute("x", Integer()),), keys=(Key(("x",)),)),
        )
    )
    assert 'CONSTRAINT "a_pkey_2" PRIMARY KEY' in write(schema, "postgresql").text
    assert "CONSTRAINT" not in write(schema, "duckdb").text
    with scratch("postgresql") as run:
        loaded(run, statements(schema, "postgresql"))


def test_whoever_holds_a_schema_can_be_written() -> None:
    class Holder:
        schema = CYCLE

    assert write(Holder()).text == write(CYCLE).text
    assert write(Schema(())).text == ""


def test_arguments_that_are_wrong() -> None:
    with pytest.raises(UnknownName, match="did you mean 'postgresql'"):
        write(SHOP, "postgrsql")
    relation = Relation(
        "r",
        (Attribute("a"),),
        keys=(Key(("a",)),),
        foreign_keys=(ForeignKey(("a",), "r", ("a",), on_delete="explode"),),
    )
    with pytest.raises(DesignError, match=r"the foreign key \(a\) to r says 'explode' on delete — say one of cascade"):
        write(relation)


_UNSIGNED = """
CREATE TABLE people (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, wide BIGINT UNSIGNED, PRIMARY KEY (id));
CREATE TABLE notes (
    person_id BIGINT UNSIGNED NOT NULL, line INT NOT NULL, PRIMARY KEY (person_id, line),
    FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE TABLE marks (
    person_id BIGINT UNSIGNED NOT NULL, line INT NOT NULL, PRIMARY KEY (person_id, line),
    FOREIGN KEY (person_id, line) REFERENCES notes (person_id, line)
);
"""


@pytest.mark.parametrize(
    ("dialect", "numbered", "referring", "lost"),
    [
        ("mysql", "`id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT", "`person_id` BIGINT UNSIGNED NOT NULL", 0),
        ("mariadb", "`id` BIGINT UNSIGNED NOT NULL AUTO_INCREMENT", "`person_id` BIGINT UNSIGNED NOT NULL", 0),
        ("postgresql", '"id" bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY', '"person_id" bigint NOT NULL', 3),
        ("sqlite", '"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT', '"person_id" INTEGER NOT NULL', 3),
        ("oracle", '"id" NUMBER(20,0) GENERATED BY DEFAULT AS IDENTITY', '"person_id" NUMBER(20,0) NOT NULL', 0),
    ],
)
def test_a_counter_without_a_sign_goes_on_counting(dialect: str, numbered: str, referring: str, lost: int) -> None:
    """MySQL's most common key keeps its numbers everywhere, and what refers to it, however far, has its type."""
    schema = read(_UNSIGNED, "mysql").schema
    written = write(schema, dialect)
    said = re.sub(r" +", " ", written.text)
    assert numbered in said
    assert said.count(referring) == 2
    assert (
        sum(loss.feature == "a whole number of 20 digits" and "numbered" in loss.instead for loss in written.losses)
        == lost
    )
    assert not any("a running number" in loss.feature for loss in written.losses)
    if dialect in {"mysql", "mariadb"}:
        again = read(written.text, dialect).schema
        assert [one.type for one in again["people"].attributes] == [one.type for one in schema["people"].attributes]
        assert again["people"]["id"].identity


def test_a_collation_that_every_text_of_the_table_has_is_none_of_a_column() -> None:
    told = read(
        "CREATE TABLE t (a varchar(9) COLLATE utf8mb4_unicode_ci, b varchar(9) COLLATE utf8mb4_bin) COLLATE=utf8mb4_unicode_ci;"
        "CREATE TABLE u (a varchar(9) COLLATE utf8mb4_bin) DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_bin;",
        "mysql",
    )
    assert [(one.name, one.collation) for relation in told.schema for one in relation.attributes] == [
        *(("a", ""), ("b", "utf8mb4_bin"), ("a", "")),
    ]
    assert [str(loss) for loss in told.losses] == [
        "t: the collation utf8mb4_unicode_ci of its texts — read without",
        "u: the collation utf8mb4_bin of its texts — read without",
    ]


def test_a_collation_of_many_tables_is_told_once() -> None:
    ci = "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"
    told = read("".join(f"CREATE TABLE t{at} (a varchar(9)) ENGINE=InnoDB {ci};" for at in range(300)), "mysql")
    assert [str(loss) for loss in told.losses] == [
        "t0, t1, t2, … (297 more): the collation utf8mb4_unicode_ci of its texts — read without"
    ]
    usual = "CREATE TABLE t (a varchar(9)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci"
    assert read(usual, "mysql").losses == ()


def test_a_shape_of_postgis_is_the_kind_that_it_names() -> None:
    shapes = Relation("r", tuple(Attribute(f"a{at}", Native(text), nullable=True) for at, text in enumerate(_SHAPES)))
    written = write(shapes, "mariadb")
    said = [line.split()[1].strip(",") for line in written.text.splitlines() if line.startswith("    `a")]
    assert said == ["point", "point", "geometry", "polygon"]
    assert [loss.subject for loss in written.losses if loss.subject.startswith("r.")] == ["r.a0", "r.a2"]


_SHAPES = ("geometry(Point, 4326)", "geometry(POINT)", "geometry(PointZ, 4326)", "polygon")


@pytest.mark.parametrize("expression", ["j ->> '$.a'", "json_extract(j, '$.a')", "CAST(s AS INTEGER[])", "lower(s)"])
def test_duckdb_indexes_no_part_of_json_and_no_list(expression: str, scratch: Scratch) -> None:
    index = Index((Part(expression=expression),))
    design = Relation("r", (Attribute("j", Json()), Attribute("s", Text())), indexes=(index,))
    written = write(design, "duckdb")
    assert ("CREATE INDEX" in written.text) == (expression == "lower(s)")
    with scratch("duckdb") as run:
        loaded(run, statements(Schema((design,)), "duckdb"))


def test_clickhouse_holds_no_fraction_of_a_check_against_the_texts_of_others(scratch: Scratch) -> None:
    design = schema(
        "t(*id: integer, d: double, x: text)\n    check (d > 0.5)\n    check (x >= 'a')\n    check (id > 1)"
    )
    with scratch("clickhouse") as run:
        for statement in statements(design, "clickhouse"):
            run(statement)
    assert unsaid(design, "clickhouse") == []


@pytest.mark.mariadb
def test_mariadb_cascades_nothing_that_might_be_null_and_has_no_default_of_more_digits(scratch: Scratch) -> None:
    wide = Attribute("d", Float(), default="1e308", declared=Declared("mysql", "double(9,3)"))
    design = Schema(
        (
            Relation(
                "t",
                (
                    Attribute("id", Integer(), nullable=False),
                    Attribute("u", Integer(), nullable=True),
                    Attribute("v", Integer(), nullable=False),
                    wide,
                ),
                keys=(Key(("id",)), Key(("u",))),
                foreign_keys=(ForeignKey(("v",), "t", ("u",), on_update="cascade"),),
            ),
        )
    )
    with scratch("mariadb") as run:
        for statement in statements(design, "mariadb"):
            run(statement)
    told = [str(loss) for loss in write(design, "mariadb").losses]
    assert "t.d: the default 1e308: 1e308 has more than 6 digits before the point — not written" in told
    assert any("on update cascade, a change that might become NULL where that is refused" in one for one in told)


def test_what_is_computed_from_json_loads_in_duckdb(scratch: Scratch) -> None:
    """DuckDB takes `->` for the arrow of a lambda there."""
    design = read(
        "CREATE TABLE t (id int PRIMARY KEY, j json, g int AS (json_extract(j, '$.a.b')), k varchar(20) AS (j->>'$.c'),"
        " CHECK (json_extract(j, '$.a') > 0)) ENGINE=InnoDB;"
    ).schema
    with scratch("duckdb") as run:
        for statement in statements(design, "duckdb"):
            run(statement)
        run("""INSERT INTO t (id, j) VALUES (1, '{"a": 1, "c": "x"}'), (2, '{"a": 2}')""")
        assert run("SELECT id, k FROM t ORDER BY id") == [(1, "x"), (2, None)]
        with pytest.raises(REFUSED):
            run("""INSERT INTO t (id, j) VALUES (3, '{"a": 0}')""")


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb", "sqlite", "duckdb"])
def test_a_truth_that_is_a_number_is_computed_so_everywhere(dialect: str, scratch: Scratch) -> None:
    design = read(
        "CREATE TABLE t (id int PRIMARY KEY, n int, v int AS (n > 3), w tinyint(1) AS (n = 7 OR n < 2));", "mysql"
    ).schema
    with scratch(dialect) as run:
        for statement in statements(design, dialect):
            run(statement)
        run("INSERT INTO t (id, n) VALUES (1, 1), (2, 7), (3, NULL)")
        assert [tuple(row) for row in run("SELECT v, w FROM t ORDER BY id")] == [(0, 1), (1, 1), (None, None)]
    assert "CAST(CASE WHEN [n] > 3 THEN 1 WHEN NOT ([n] > 3) THEN 0 END AS INT)" in write(design, "sqlserver").text


ASKED = """
p(*id: integer)

a(x: integer?, y: integer?)
    x -> p(id) not valid
    y -> p(id) not enforced
    check (x > 0) not valid
    check (y > 0) not enforced
"""
OFF, NEW = "a rule that is switched off", "a rule that rows from before need not keep"


@pytest.mark.parametrize(
    ("dialect", "says", "lost"),
    [
        ("postgresql", ('ADD CHECK ("x" > 0) NOT VALID', 'REFERENCES "p" ("id") NOT VALID'), (OFF, OFF)),
        ("mysql", ("CHECK (`y` > 0) NOT ENFORCED",), (NEW, NEW, OFF)),
        ("mariadb", (), (NEW, NEW, OFF, OFF)),
        ("sqlite", (), (NEW, NEW, OFF, OFF)),
        ("duckdb", (), (NEW, NEW, OFF, OFF)),
        (
            "oracle",
            ('("id") ENABLE NOVALIDATE', '("id") DISABLE', '("x" > 0) ENABLE NOVALIDATE', '("y" > 0) DISABLE'),
            (),
        ),
        (
            "sqlserver",
            (
                "ALTER TABLE [a] WITH NOCHECK ADD CHECK ([x] > 0);",
                "ALTER TABLE [a] WITH NOCHECK ADD CONSTRAINT [a_check] CHECK ([y] > 0);",
                "ALTER TABLE [a] NOCHECK CONSTRAINT [a_check];",
                "ALTER TABLE [a] NOCHECK CONSTRAINT [a_y_fkey];",
            ),
            (),
        ),
    ],
)
def test_rules_that_are_not_asked_of_every_row_are_written_so_or_told(
    dialect: str, says: tuple[str, ...], lost: tuple[str, ...]
) -> None:
    design = schema(ASKED)
    written = write(design, dialect)
    assert [one for one in says if one not in written.text] == []
    assert sorted(loss.feature for loss in written.losses if loss.feature in {OFF, NEW}) == sorted(lost)
    kept = {OFF: "never", NEW: "new"}
    gone = {kept[one] for one in lost}
    back = read(written.text, dialect).schema["a"]
    assert {*(one.enforced for one in back.checks), *(one.enforced for one in back.foreign_keys)} >= {
        "new",
        "never",
    } - gone
    assert len(back.checks) + len(back.foreign_keys) == 4 - lost.count(OFF)


CASED = """
t(*code: text(9), name: text, kind: text as (case when name = 'Ann' then 'a' else 'b' end) stored, mail: text(50), digits: text(9), n: integer?)
    check (name = lower(name))
    check (mail like '%@%')
    check (digits >= '0' and lower(mail) <> 'nobody')
    check (n = 3)
"""
_IN_KEYS, _COMPARED = (
    "texts that differ in case alone are equal in keys",
    "texts that differ in case alone are equal in comparisons",
)


@pytest.mark.parametrize("dialect", ["mysql", "mariadb", "sqlserver"])
def test_texts_that_an_engine_takes_for_equal_are_told_both_ways(dialect: str) -> None:
    written = write(schema(CASED), dialect)
    told = {loss.feature: loss.subject for loss in written.losses}
    assert told[_IN_KEYS] == "t.code"
    assert told[_COMPARED] == "t.kind, t: the check name = lower(name)"
    back = {loss.feature: loss.subject for loss in read(written.text, dialect).losses}
    assert back[_IN_KEYS] == "t.code"
    assert back[_COMPARED].startswith("t.kind, t: the check ")
    exact = "utf8mb4_bin" if dialect != "sqlserver" else "Latin1_General_CS_AS"
    sighted = CASED.replace("text(9),", f"text(9) collate {exact},").replace(
        "name: text", f"name: text collate {exact}"
    )
    assert not {_IN_KEYS, _COMPARED} & {loss.feature for loss in write(schema(sighted), dialect).losses}


@pytest.mark.parametrize("dialect", ["postgresql", "oracle", "sqlite", "duckdb", "snowflake"])
def test_texts_that_are_told_apart_tell_nothing(dialect: str) -> None:
    assert not {_IN_KEYS, _COMPARED} & {loss.feature for loss in write(schema(CASED), dialect).losses}


@pytest.mark.mariadb
def test_mariadb_takes_what_the_loss_says(scratch: Scratch) -> None:
    design = schema("t(*id: integer, name: text(9))\n check (name = lower(name))")
    with scratch("mariadb") as run:
        loaded(run, statements(design, "mariadb"))
        run("ALTER TABLE t MODIFY name varchar(9) COLLATE utf8mb4_general_ci NOT NULL")
        run("INSERT INTO t VALUES (1, 'ANN')")
        assert [tuple(row) for row in run("SELECT name FROM t")] == [("ANN",)]


@pytest.mark.parametrize(
    ("dialect", "says", "told"),
    [
        ("mysql", "BIT(8) DEFAULT b'00000101'", ""),
        ("mariadb", "BIT(8) DEFAULT b'00000101'", ""),
        ("postgresql", "bit(8) DEFAULT '00000101'", ""),
        ("sqlserver", "NVARCHAR(8) DEFAULT '00000101'", "written as NVARCHAR(8), a sign for each bit"),
        ("oracle", "VARCHAR2(8 CHAR) DEFAULT '00000101'", "written as VARCHAR2(8 CHAR), a sign for each bit"),
    ],
)
def test_bits_stay_bits_or_are_as_many_signs(dialect: str, says: str, told: str) -> None:
    design = read("CREATE TABLE t (b bit(8) DEFAULT b'101', id int PRIMARY KEY)", "mysql").schema
    written = write(design, dialect)
    assert says in " ".join(written.text.split())
    assert "".join(loss.instead for loss in written.losses) == told


@pytest.mark.mariadb
def test_mariadb_takes_bits(scratch: Scratch) -> None:
    design = read("CREATE TABLE t (b bit(8) DEFAULT b'101', id int PRIMARY KEY)", "mysql").schema
    with scratch("mariadb") as run:
        loaded(run, statements(design, "mariadb"))
        run("INSERT INTO t (id) VALUES (1)")
        assert [tuple(row) for row in run("SELECT b + 0, b & 4 FROM t")] == [(5, 4)]


@pytest.mark.parametrize(
    ("dialect", "says"),
    [
        ("mysql", ") AUTO_INCREMENT=500"),
        ("mariadb", ") AUTO_INCREMENT=500"),
        ("sqlite", "INSERT INTO sqlite_sequence (name, seq) VALUES ('t', 499);"),
        ("postgresql", "(START WITH 500 INCREMENT BY 1)"),
        ("sqlserver", "IDENTITY(500,1)"),
        ("oracle", "(START WITH 500 INCREMENT BY 1)"),
    ],
)
def test_numbers_begin_where_they_should(dialect: str, says: str) -> None:
    written = write(schema("t(*id: bigint identity(500, 1), a: integer)"), dialect)
    assert says in written.text
    assert [loss.feature for loss in written.losses if "from 500" in loss.feature] == []
    identity = read(written.text, dialect).schema["t"]["id"].identity
    assert identity is not None
    assert identity.start == 500


@pytest.mark.parametrize("dialect", ["sqlite", "mariadb", "postgresql"])
def test_engines_count_from_there(dialect: str, scratch: Scratch) -> None:
    with scratch(dialect) as run:
        loaded(run, statements(schema("t(*id: bigint identity(500, 1), a: integer)"), dialect))
        run("INSERT INTO t (a) VALUES (1)")
        assert [tuple(row) for row in run("SELECT id FROM t")] == [(500,)]


def test_oracle_compares_no_clob() -> None:
    """ORA-00932."""
    design = schema(
        "t(*id: integer, a: text, b: text(9), c: text)\n check (a = lower(a))\n check (c like 'x%')\n check (b <> 'q')"
    )
    written = write(design, "oracle")
    assert 'LOWER("a")' not in written.text
    assert "t: the check a = lower(a): a comparison of a, which is CLOB — not written" in map(str, written.losses)
    assert written.text.count("CHECK (") == 2


@pytest.mark.mariadb
def test_mariadb_gives_a_row_the_time_that_says_null_and_the_loss_says_so(scratch: Scratch) -> None:
    design = read("CREATE TABLE t (id int PRIMARY KEY, a timestamp NOT NULL, b timestamp NULL)", "mariadb").schema
    assert "t.a: refusing NULL — a row that says NULL gets the time" in map(str, write(design, "mariadb").losses)
    with scratch("mariadb") as run:
        loaded(run, statements(design, "mariadb"))
        run("INSERT INTO t VALUES (1, NULL, NULL)")
        assert [tuple(row) for row in run("SELECT a IS NULL, b IS NULL FROM t")] == [(0, 1)]

"""Dialects that no engine here executes: what they write reads well, and is grammar as sqlglot knows it."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlglot
from hypothesis import given, settings

from dbworkbench.schema.notation import schema
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Decimal, Enumeration, Integer, Json, Native, Text, Time, Type, Uuid
from dbworkbench.sql.alike import differences
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.names import names_in
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from tests.sql.designs import NAMES, SHOP, TYPES, schemas

EVERY = tuple(DIALECTS)
OTHERS = tuple(name for name in EVERY if name not in {"duckdb", "sqlite", "postgresql"})


def test_the_dialects_there_are() -> None:
    assert set(OTHERS) == {
        *("mysql", "mariadb", "sqlserver", "oracle", "clickhouse", "snowflake", "bigquery"),
        *("databricks", "cockroachdb", "redshift"),
    }


@pytest.mark.parametrize("name", EVERY)
def test_a_dialect_is_called_what_it_is_registered_as(name: str) -> None:
    assert DIALECTS[name].name == name


@pytest.mark.parametrize("dialect", OTHERS)
def test_a_shop_reads_well(dialect: str, golden: Callable[[str, str], None]) -> None:
    written = write(SHOP, dialect)
    golden(f"shop.{dialect}.sql", written.text + "\n")
    golden(f"shop.{dialect}.losses.txt", "".join(f"{loss}\n" for loss in written.losses))


@pytest.mark.parametrize(
    ("dialect", "passes"), [("databricks", "coalesce({}, true)"), ("clickhouse", "ifNull({}, true)")]
)
def test_a_check_that_is_unknown_passes(dialect: str, passes: str) -> None:
    """Both refuse what is not true; only what may be unknown is told to pass."""
    design = schema(
        """
        parts(*id: integer, size: integer?, code: text(9)?, grade: enum('a', 'b')?, price: integer)
          check price > 0
          check size > 0
          check nullif(price, 1) > 0
        """
    )
    written = write(design, dialect)
    quoted = DIALECTS[dialect].quoted
    assert f"CHECK ({quoted('price')} > 0)" in written.text
    count = {"databricks": "length", "clickhouse": "lengthUTF8"}[dialect]
    for check in (f"{quoted('size')} > 0", f"{count}({quoted('code')}) <= 9", f"{quoted('grade')} IN ('a', 'b')"):
        assert f"CHECK ({passes.format(check)})" in written.text
    assert re.search(rf"CHECK \({passes[:6]}.*nullif", written.text, re.IGNORECASE)
    assert differences(design, read(written.text, dialect).schema) == ()


@pytest.mark.parametrize("dialect", OTHERS)
@settings(max_examples=40)
@given(schema=schemas())
def test_whatever_is_written_is_one_statement_each(dialect: str, schema: Schema) -> None:
    spoken = DIALECTS[dialect]
    for statement in statements(schema, dialect):
        tokens = sqlglot.tokenize(statement, read=spoken.sqlglot)
        assert not [token for token in tokens if token.token_type == sqlglot.TokenType.SEMICOLON]
        depth = 0
        for token in tokens:
            depth += (token.token_type == sqlglot.TokenType.L_PAREN) - (token.token_type == sqlglot.TokenType.R_PAREN)
            assert depth >= 0, statement
        assert depth == 0, statement
        assert tokens[0].text.upper() in {"CREATE", "ALTER", "EXEC" if dialect == "sqlserver" else "COMMENT"}


@pytest.mark.parametrize("dialect", EVERY)
@settings(max_examples=60)
@given(schema=schemas())
def test_names_are_told_apart_and_fit(dialect: str, schema: Schema) -> None:
    spoken = DIALECTS[dialect]

    def folded(name: str) -> str:
        return re.sub("[A-Z]", lambda letter: letter[0].lower(), name) if spoken.folds else name

    names = names_in(schema, spoken)
    assert len({folded(names[(relation.name,)]) for relation in schema}) == len(schema)
    for relation in schema:
        assert len({folded(names[relation.name, name]) for name in relation.names}) == len(relation.names)
    for name in names.values():
        size = len(name) if spoken.counts_characters else len(name.encode())
        assert spoken.max_identifier is None or size <= spoken.max_identifier
        assert not (spoken.forbidden and re.search(spoken.forbidden, name))
        assert "\0" not in name


@pytest.mark.parametrize("dialect", EVERY)
@pytest.mark.parametrize("kind", TYPES, ids=str)
@pytest.mark.parametrize("keyed", [False, True])
def test_every_type_has_a_spelling(dialect: str, kind: Type, keyed: bool) -> None:  # noqa: FBT001  a parameter of the test
    spelling = DIALECTS[dialect].spelling(kind, "c", keyed=keyed)
    assert re.fullmatch(r"[A-Za-z][\w ]*(?:\([\w, ']*\)[A-Za-z ]*)*(?:\[\d*\])*", spelling.text), spelling
    assert bool(spelling.loss) == bool(spelling.instead)
    assert ("c" in spelling.check) == bool(spelling.check)


@pytest.mark.parametrize("dialect", EVERY)
def test_an_identifier_ends_where_it_should(dialect: str) -> None:
    spoken = DIALECTS[dialect]
    first, last = spoken.quote
    for name in NAMES:
        text = spoken.quoted(name)
        assert text[0] == first
        assert text[-1] == last
        assert text[1:-1].replace(last + last, "").count(last) == 0


def losses(schema: Schema, dialect: str) -> list[str]:
    return [str(loss) for loss in write(schema, dialect).losses]


PARENT = Relation(
    "p", (Attribute("id", Integer()), Attribute("name", Text(), nullable=True)), keys=(Key(("id",)), Key(("name",)))
)
CHILD = Relation(
    "c",
    (Attribute("id", Integer()), Attribute("p", Integer()), Attribute("kind", Enumeration(("a", "b")))),
    keys=(Key(("id",)),),
    foreign_keys=(ForeignKey(("p",), "p", ("id",), on_delete="cascade"),),
    indexes=(Index(("kind",)),),
)
EXPECTED = {
    "snowflake": [
        "p: the key (id): refusing equal keys — written as a hint",
        "p: the key (name): refusing equal keys — written as a hint",
        "c.kind: the check \"kind\" IN ('a', 'b') — not written",
        "c: the key (id): refusing equal keys — written as a hint",
        "c: the index (kind): an index — not written",
        "c: the foreign key (p) to p: refusing a value that refers to nothing — written as a hint",
    ],
    "clickhouse": [
        "p: the key (id): refusing equal keys — written as a hint",
        "p: the key (name): a key beside the primary key — not written",
        "c: the key (id): refusing equal keys — written as a hint",
        "c: the index (kind): an index — not written",
        "c: the foreign key (p) to p: a foreign key — not written",
    ],
    "sqlserver": [
        "p.name: more than 450 characters in a key — written as NVARCHAR(450)",
        "p: the key (name): several rows with NULL in a unique key — a second such row is refused",
    ],
    "mysql": ["p.name: more than 255 characters in a key — written as VARCHAR(255)"],
    "cockroachdb": [],
}


@pytest.mark.parametrize(("dialect", "expected"), tuple(EXPECTED.items()))
def test_what_a_dialect_cannot_promise_is_a_loss(dialect: str, expected: list[str]) -> None:
    assert losses(Schema((PARENT, CHILD)), dialect) == expected


LONG = schema("""
    pages(*id: integer, url: text(2048), body: text, seen: text(700), place: text(200))
      index url
      index body, url
      index seen
      unique seen, place
""")


@pytest.mark.parametrize(
    ("dialect", "columns", "indexes", "told"),
    [
        ("postgresql", ("varchar(2048)", "text", "varchar(700)"), ('("url")', '("body", "url")', '("seen")'), []),
        (
            "mysql",
            ("VARCHAR(2048)", "LONGTEXT", "VARCHAR(568)"),
            ("(`url`(768))", "(`body`(384), `url`(384))", "(`seen`)"),
            [
                "pages.seen: more than 568 characters in a key — written as VARCHAR(568)",
                "pages: the index (url): more than 3,072 bytes in an index — sorted by url(768)",
                "pages: the index (body, url): more than 3,072 bytes in an index — sorted by body(384), url(384)",
            ],
        ),
        (
            "sqlserver",
            ("NVARCHAR(2048)", "NVARCHAR(MAX)", "NVARCHAR(450)"),
            ("([seen])",),
            [
                "pages.seen: more than 450 characters in a key — written as NVARCHAR(450)",
                "pages: the index (url): more than 1,700 bytes in an index — not written",
                "pages: the index (body, url): more than 1,700 bytes in an index — not written",
            ],
        ),
    ],
)
def test_no_text_is_cut_short_for_an_index(
    dialect: str, columns: tuple[str, ...], indexes: tuple[str, ...], told: list[str]
) -> None:
    """Only what a key holds is narrowed, and the attributes of one together fit into it."""
    written = write(LONG, dialect)
    kinds = {each.split()[0].strip('`[]"'): each.split()[1].rstrip(",") for each in written.text.splitlines()[1:6]}
    assert tuple(kinds[name] for name in ("url", "body", "seen")) == columns
    made = [line for line in written.text.splitlines() if line.startswith("CREATE INDEX")]
    assert tuple(line[line.rindex(" ON ") + 4 :].partition(" ")[2].rstrip(";") for line in made) == indexes
    assert [loss for loss in map(str, written.losses) if "more than" in loss] == told


def test_a_check_that_looks_at_the_clock() -> None:
    relation = replace(PARENT, checks=(Check("name < now()"),))
    lost = "p: the check name < now(): {} has no words for a rule that looks at the clock — not written"
    for dialect in ("mysql", "mariadb"):
        assert lost.format(DIALECTS[dialect].title) in losses(Schema((relation,)), dialect)
    assert "CHECK ([name] < GETDATE())" in write(relation, "sqlserver").text


def test_limits_of_decimals() -> None:
    cases = {
        ("bigquery", Decimal(20, 4)): "NUMERIC(20, 4)",
        ("bigquery", Decimal(40, 12)): "BIGNUMERIC(40, 12)",
        ("mysql", Decimal(40, 35)): "DECIMAL(35,30)",
        ("oracle", Decimal(50, 10)): "NUMBER(38,0)",
        ("clickhouse", Decimal(76, 10)): "Decimal(76, 10)",
    }
    assert {case: DIALECTS[case[0]].spelling(case[1]).text for case in cases} == cases


def test_types_by_another_name() -> None:
    assert DIALECTS["mariadb"].type_text(Uuid())[0] == "UUID"
    assert DIALECTS["oracle"].type_text(Time())[0] == "INTERVAL DAY(0) TO SECOND(6)"
    assert DIALECTS["redshift"].type_text(Json()) == ("super", None)
    text, loss = DIALECTS["mysql"].type_text(Native("inet"))
    assert (text, str(loss)) == ("LONGTEXT", "inet: the type inet — written as LONGTEXT")


def test_text_literals_escape_what_the_dialect_escapes() -> None:
    hostile = "it's\\ two\nlines"
    assert DIALECTS["postgresql"].literal(hostile) == "'it''s\\ two\nlines'"
    assert DIALECTS["bigquery"].literal(hostile) == "'it\\'s\\\\ two\\nlines'"
    assert DIALECTS["sqlserver"].literal(hostile) == "N'it''s\\ two\nlines'"

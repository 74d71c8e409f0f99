"""What only one engine has words for: kept in these, written again for that engine, told for all others, and never a way to more."""

import pytest

from dbworkbench.schema.changes import RenameAttribute, RenameRelation
from dbworkbench.schema.json import from_json, to_json
from dbworkbench.schema.native import own_words, shown, speaker
from dbworkbench.schema.notation import schema as noted
from dbworkbench.schema.notation import to_text
from dbworkbench.schema.relation import Attribute, Check, Generated, Index, Part, Relation
from dbworkbench.schema.types import Integer, Json, Text
from dbworkbench.sql.alike import differences
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.harmless import common, executable
from dbworkbench.sql.native import native, refusal
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from tests.sql.conftest import Scratch, loaded

OWN = {
    "postgresql": (
        "a text, b text, j jsonb, tags text[], during tstzrange",
        [
            "j ? 'x'", "j ?| ARRAY['x','y']", "j @> '{\"a\": [1]}'", "jsonb_typeof(j) = 'object'", "cardinality(tags) < 5",
            "'a' = ANY (tags)", "tags <@ ARRAY['a','b']", "tags && ARRAY['a']", "NOT isempty(during)",
            "num_nonnulls(a, b) = 1", "to_tsvector('english', a) @@ to_tsquery('x')", "a SIMILAR TO b", "(j->>'n')::int > 0",
            "regexp_replace(a, 'x', '') <> ''", 'a ~ b COLLATE "C"', "upper_inf(during)",
            "jsonb_path_exists(j, '$.\"a\"')", "array_position(tags, NULL) IS NULL",
        ],
    ),
    "mariadb": (
        "a varchar(50), b varchar(50), j longtext",
        ["JSON_LENGTH(j) < 5", "JSON_CONTAINS(j, '1', '$.a')", "a REGEXP '^[a-z]+$'", "FIND_IN_SET(a, 'x,y') > 0", "CRC32(a) > 5",
         "a RLIKE b", "INET_ATON(a) IS NOT NULL", "STRCMP(a, b) = 0", "JSON_EXISTS(j, '$.a')"],
    ),
    "clickhouse": (
        "a String, b String, d Date",
        ["match(a, '^x')", "arrayAll(x -> x != '', splitByChar(',', a))", "toYYYYMM(d) > 202001",
         "cityHash64(a) % 2 = 0", "notEmpty(a)", "startsWith(a, b)", "length(splitByChar(',', a)) = 2"],
    ),
    "sqlserver": ("a varchar(50), b varchar(50)", ["PATINDEX('%[^a-z]%', a) = 0", "ISNUMERIC(a) = 1", "DIFFERENCE(a, b) > 2",
                                                   "TRY_CONVERT(int, a) IS NOT NULL"]),
    "oracle": ("a VARCHAR2(50), b VARCHAR2(50)", ["REGEXP_COUNT(a, 'x') > 1", "INSTR(a, 'x', 1, 2) = 0", "SOUNDEX(a) = SOUNDEX(b)"]),
    "mysql": ("a varchar(50), b varchar(50), j json", ["JSON_SCHEMA_VALID('{\"type\": \"object\"}', j)", "IS_UUID(a)", "j->>'$.a' = 'x'",
                                                       "'a' MEMBER OF (j)", "a REGEXP 'x;y'"]),
    "sqlite": ("a TEXT, b TEXT", ["a GLOB '[a-z]*'", "json_type(a, '$.x') = 'integer'", "unixepoch(a) > 0"]),
    "databricks": ("a STRING", ["a RLIKE 'x'", "exists(split(a, ','), x -> x <> '')"]),
}  # fmt: skip
"""For each dialect, columns and conditions about them in words that it alone has."""
CASES = [(dialect, columns, text) for dialect, (columns, texts) in OWN.items() for text in texts]


def ended(columns: str, text: str, dialect: str) -> str:
    options = " ENGINE = MergeTree ORDER BY tuple()" if dialect == "clickhouse" else ""
    check = f"CONSTRAINT c CHECK {text}" if dialect == "clickhouse" else f"CONSTRAINT c CHECK ({text})"
    return f"CREATE TABLE t ({columns}, {check}){options};"


@pytest.mark.parametrize(("dialect", "columns", "text"), CASES)
def test_a_condition_in_words_of_one_engine_comes_back(dialect: str, columns: str, text: str) -> None:
    found = read(ended(columns, text, dialect), dialect)
    (check,) = found.schema["t"].checks
    assert found.losses == ()
    written = write(found.schema, dialect)
    assert not [loss for loss in written.losses if "check" in loss.subject]
    again = read(written.text, dialect).schema
    assert differences(found.schema, again) == ()
    if speaker(check.expression):
        said = shown(check.expression).replace('"', "")
        assert said.replace(" ", "").strip("()") == text.replace('"', "").replace(" ", "").strip("()")
        for other in set(DIALECTS) - {dialect, "duckdb", "mysql", "mariadb", "cockroachdb"}:
            told = write(found.schema, other)
            if not read(told.text, other).schema["t"].checks:
                assert [loss for loss in told.losses if said.strip("()") in loss.subject.replace('"', "")]


@pytest.mark.parametrize("dialect", ["postgresql", "mariadb", "clickhouse"])
def test_engines_take_their_own_words_and_say_them_again(dialect: str, scratch: Scratch) -> None:
    columns, texts = OWN[dialect]
    for text in texts:
        design = read(ended(columns, text, dialect), dialect).schema
        with scratch(dialect) as run:
            loaded(run, statements(design, dialect))
            if dialect == "postgresql":
                said = run("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'c'")[0][0]
                there = read(f"CREATE TABLE t ({columns}, CONSTRAINT c {said})", dialect).schema
                assert differences(design, there) == ()


def test_what_is_computed_and_sorted_by_is_kept_too() -> None:
    text = """CREATE TABLE t (a text, j jsonb, v tsvector GENERATED ALWAYS AS (to_tsvector('english', a)) STORED);
        CREATE INDEX i ON t USING gin (to_tsvector('english', a)); CREATE INDEX p ON t ((j->'x'->>'y'));
        CREATE UNIQUE INDEX u ON t (a) WHERE j @> '{"a":1}';"""
    found = read(text, "postgresql")
    assert found.losses == ()
    written = write(found.schema, "postgresql")
    assert [loss.feature for loss in written.losses] == ["no key and no dependency is declared"]
    assert """GENERATED ALWAYS AS (to_tsvector('english', "a")) STORED""" in written.text
    assert """USING gin ((to_tsvector('english', "a")))""" in written.text
    assert """WHERE "j" @> '{"a":1}'""" in written.text
    assert differences(found.schema, read(written.text, "postgresql").schema) == ()


def test_names_follow_wherever_they_are_changed() -> None:
    found = read(
        "CREATE TABLE t (Doc jsonb, CHECK (t.DOC ? 'doc')); ALTER TABLE t RENAME doc TO \"the doc\";", "postgresql"
    )
    (check,) = found.schema["t"].checks
    assert check.expression == """native('postgresql', t."the doc", ' ? ''doc''')"""
    renamed = found.schema.apply(RenameAttribute("t", "the doc", "other"), RenameRelation("t", "u"))
    assert """CHECK ("other" ? 'doc')""" in write(renamed, "postgresql").text
    assert [str(loss) for loss in write(renamed, "sqlite").losses if "check" in loss.subject] == [
        "u: the check u.other ? 'doc': only PostgreSQL has words for it — not written"
    ]


def test_our_own_formats_carry_it() -> None:
    found = read(
        'CREATE TABLE t (id int PRIMARY KEY, "a b" jsonb, CHECK ("a b" ? \'x\')); CREATE INDEX ON t (("a b"->>\'y\'));',
        "postgresql",
    )
    assert from_json(to_json(found.schema)) == found.schema
    assert noted(to_text(found.schema)).relations[0].checks == found.schema["t"].checks
    assert write(noted(to_text(found.schema)), "postgresql").text.count(""""a b" ? 'x'""") == 1


def test_a_family_takes_what_it_has() -> None:
    mysql = "CREATE TABLE t (j longtext, a varchar(9), CHECK (JSON_LENGTH(j) < 9), CHECK (IS_UUID(a)));"
    there = write(read(mysql, "mysql").schema, "mariadb")
    assert "JSON_LENGTH(`j`) < 9" in there.text
    assert [str(loss) for loss in there.losses if "check" in loss.subject] == [
        "t: the check IS_UUID(a): only MySQL has words for it — not written"
    ]
    postgres = "CREATE TABLE t (j jsonb, r int4range, CHECK (j ? 'x'), CHECK (NOT isempty(r)));"
    cockroach = write(read(postgres, "postgresql").schema, "cockroachdb")
    assert """CHECK ("j" ? 'x')""" in cockroach.text
    assert "isempty" not in cockroach.text


HOSTILE = {
    "another statement": "1); DROP TABLE t; --",
    "a semicolon": "a ~ 'x'; SELECT 1",
    "a comment that eats the rest": "a ~ 'x' --",
    "an open comment": "a ~ 'x' /* ",
    "an open quote": "a ~ 'x",
    "an open name": 'a ~ "x',
    "an open dollar": "a ~ $x$ y",
    "a parenthesis too many": "a ~ 'x')",
    "a parenthesis too few": "lower((a)",
    "brackets that cross": "a[(1])",
    "a second column": "1, b int",
    "a query": "a ~ (SELECT secret FROM passwords)",
    "a client's command": "a ~ 'x' \\! rm",
    "a client's variable": "a ~ :secret",
    "a template": "a ~ {{ secret }}",
    "a variable": "a = @@hostname",
    "nothing": " ",
    "a NUL": "a ~ 'x\0y'",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "clickhouse", "sqlserver"])
def test_what_is_no_single_expression_is_neither_kept_nor_written(dialect: str, text: str) -> None:
    kept = native(text, dialect)
    if kept is not None:  # what is a comment to one is none to another
        assert ";" not in shown(kept)
        assert "--" not in shown(kept)
        assert dialect != "postgresql" or "comment" in next(name for name, one in HOSTILE.items() if one == text)
        return
    assert refusal(text, dialect)
    smuggled = "native('{}', '{}')".format(dialect, text.replace("'", "''"))
    design = Relation(
        "t",
        (Attribute("a", Text(), default=smuggled), Attribute("g", Text(), generated=Generated(smuggled, stored=True))),
        checks=(Check(smuggled),),
        indexes=(Index((Part(expression=smuggled),)), Index(("a",), where=smuggled)),
    )
    written = write(design, dialect)
    for part in ("DROP", "secret", "rm", "SELECT", "hostname", "lower((", "a ~", "CHECK"):
        assert part not in written.text
    assert len(read(written.text, dialect).schema) == 1


@pytest.mark.parametrize(
    "smuggled",
    [
        "native('postgresql', \"pg_sleep\", '(9) IS NULL')",
        "native('postgresql', 'U&', \"a\", ' > 1')",
        "native('postgresql', 'pg_', \"a\")",
        "native('postgresql', 'a', native('postgresql', 'b'))",
        "native('nosuch', 'a > 1')",
        "native('postgresql', 1)",
        "native(a, 'b')",
    ],
)
def test_names_are_names_and_pieces_are_pieces(smuggled: str) -> None:
    design = Relation("t", (Attribute("a", Integer()), Attribute("pg_sleep", Integer())), checks=(Check(smuggled),))
    written = write(design, "postgresql")
    assert "CHECK" not in written.text
    assert [loss for loss in written.losses if "check" in loss.subject]


def test_only_what_computes_is_executed_by_the_workbench() -> None:
    text = """CREATE TABLE t (id int PRIMARY KEY, a text CHECK (pg_read_file(a) <> ''), b jsonb CHECK (b ? 'x'),
        c text GENERATED ALWAYS AS (query_to_xml(a, true, true, '')::text) STORED, CHECK (dblink(a) IS NULL), CHECK (mine(a) > 1));
        CREATE INDEX i ON t (lo_export(id, a));"""
    schema = read(text, "postgresql").schema
    run = "\n".join(statements(schema, "postgresql"))
    assert """"b" ? 'x'""" in run
    for harm in ("pg_read_file", "query_to_xml", "dblink", "mine", "lo_export"):
        assert harm in write(schema, "postgresql").text
        assert harm not in run
    assert [one.rpartition(": ")[2] for one in executable(schema)[1]] == [
        "it calls query_to_xml", "it calls pg_read_file", "it calls dblink", "it calls mine", "it calls lo_export"
    ]  # fmt: skip
    assert "native" not in repr(common(schema)[0])


def test_functions_that_rules_call_stand_before_them() -> None:
    text = """CREATE FUNCTION fits(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 <> ''''';
        CREATE FUNCTION other() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE TABLE t (a text, CHECK (fits(a)));"""
    written = write(read(text, "postgresql").schema, "postgresql").text
    assert written.index("FUNCTION fits") < written.index("CREATE TABLE") < written.index("FUNCTION other")


def test_a_domain_keeps_its_condition() -> None:
    found = read(
        "CREATE DOMAIN d AS text CHECK (VALUE ~ '^\\d+$' AND length(VALUE) <> ascii(VALUE)); CREATE TABLE t (a d);",
        "postgresql",
    )
    written = write(found.schema, "postgresql")
    assert "CHECK (VALUE ~ '^\\d+$' AND length(VALUE) <> ascii(VALUE))" in written.text
    assert differences(found.schema, read(written.text, "postgresql").schema) == ()


def test_its_words_are_told_and_found() -> None:
    text = native("j ? 'it''s' AND lower(\"a b\") ~ 'x'", "postgresql")
    assert text == """native('postgresql', j, ' ? ''it''''s'' AND lower(', "a b", ') ~ ''x''')"""
    assert shown(f"{text} or b > 0") == "j ? 'it''s' AND lower(\"a b\") ~ 'x' or b > 0"
    assert own_words(text) == (("postgresql", "x ? 'it''s' AND lower(x) ~ 'x'"),)
    assert speaker(text) == "postgresql"
    assert speaker(f"{text} or b > 0") == ""


def test_it_goes_together_with_what_all_have() -> None:
    design = Relation(
        "t",
        (Attribute("j", Json()), Attribute("n", Integer())),
        checks=(Check("n > 0 or native('postgresql', j, ' ? ''x''')"),),
    )
    assert """CHECK ("n" > 0 OR ("j" ? 'x'))""" in write(design, "postgresql").text
    told = [str(loss) for loss in write(design, "sqlserver").losses if "check" in loss.subject]
    assert told == ["t: the check n > 0 or j ? 'x': only PostgreSQL has words for it — not written"]

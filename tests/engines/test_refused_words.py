"""Designs that one engine or another would refuse as they stand: what is written of them loads, and the rest is told as lost."""

import pytest

from dbworkbench.schema.relation import (
    Attribute,
    Check,
    Declared,
    Exclusion,
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
    Interval,
    Json,
    Native,
    Text,
    Time,
    Timestamp,
    Uuid,
)
from dbworkbench.sql.alike import differences
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements, write
from dbworkbench.theory.dependencies import FD
from tests.engines.test_reflect import ENGINES, found_in
from tests.scratch import Scratch
from tests.sql.conftest import loaded

AT = Attribute("at", Timestamp(zone=True))
WORDS = tuple(Attribute(f"w{at}", Text(100)) for at in range(9))

CASES: dict[str, tuple[Relation, dict[str, str]]] = {
    "names of InnoDB's own": (
        Relation("r", (Attribute("DB_ROW_ID", Integer()), Attribute("fts_doc_id", Text()))),
        {"mariadb": "r.DB_ROW_ID: the attribute's name"},
    ),
    "long notes": (
        Relation("r", (Attribute("a", Integer(), note="n" * 1025),), note="ü" * 2049),
        {"mariadb": "r.a: the end of its note, which has 1,025 characters"},
    ),
    "notes with rare characters": (
        Relation("r", (Attribute("a", Integer(), note="a \N{BEETLE}"),), note="\N{BEETLE}\0"),
        {"mariadb": "r: characters beyond the Basic Multilingual Plane in its note"},
    ),
    "an index over much": (
        Relation("r", WORDS, indexes=(Index(tuple(one.name for one in WORDS)),)),
        {"mariadb": "more than 3,072 bytes in an index — sorted by "},
    ),
    "a key over much": (
        Relation("r", WORDS, keys=(Key(tuple(one.name for one in WORDS)),)),
        {"mariadb": "characters in a key — written as VARCHAR("},
    ),
    "an index over the beginnings of much": (
        Relation("r", WORDS, indexes=(Index(tuple(Part(one.name, length=20) for one in WORDS)),)),
        {"postgresql": "the length of what an index takes"},
    ),
    "an index over the beginnings of long texts": (
        Relation(
            "r",
            (Attribute("n", Integer(64)), Attribute("t", Text(2048)), Attribute("u", Text()), Attribute("b", Bytes())),
            indexes=(
                *(
                    Index(("n", Part("t", length=764))),
                    Index((Part("t", length=768),)),
                    Index((Part("u", length=769),)),
                ),
                *(Index((Part("u", length=500), Part("t", length=500))), Index(("n", Part("b", length=3000)))),
            ),
        ),
        {"mariadb": "more than 3,072 bytes in an index"},
    ),
    "collations of what has none": (
        Relation(
            "r",
            (
                *(Attribute("n", Decimal(9, 2), collation="C"), Attribute("u", Uuid(), collation="utf8mb4_bin")),
                *(Attribute("i", Native("cidr"), collation="C"), Attribute("t", Text(), collation="C")),
            ),
        ),
        {"postgresql": "r.n: the collation C", "mariadb": "r.u: the collation utf8mb4_bin"},
    ),
    "a collation of MySQL alone": (
        Relation("r", (Attribute("t", Text(9), collation="utf8mb4_0900_ai_ci"),)),
        {"mariadb": "r.t: the collation utf8mb4_0900_ai_ci"},
    ),
    "a set with a comma": (
        Relation("r", (Attribute("s", Native("set('a', 'b,')")),)),
        {"mariadb": "r.s: a set of 'a', 'b,'"},
    ),
    "days and numbers that are none": (
        Relation(
            "r",
            (
                *(Attribute("d", Date(), default="DATE '2020-02-30'"), Attribute("f", Float(32), default="1e308")),
                Attribute("m", Timestamp(), default="TIMESTAMP '2020-02-30 00:00:00'"),
            ),
        ),
        dict.fromkeys(ENGINES, "r.m: the default TIMESTAMP '2020-02-30 00:00:00'"),
    ),
    "an index that the clock or the time zone moves": (
        Relation(
            "r",
            (AT, Attribute("a", Integer())),
            indexes=(Index((Part(expression="CAST(at AS DATE)"),)), Index((Part(expression="current_timestamp"),))),
        ),
        dict.fromkeys(("duckdb", "postgresql", "sqlite"), "whose value would change by itself"),
    ),
    "a value that the time zone moves": (
        Relation("r", (AT, Attribute("day", Date(), True, generated=Generated("CAST(at AS DATE)", stored=True)))),
        {"postgresql": "its value would change with the settings of a session"},
    ),
    "a condition about any of a list": (
        Relation("r", (Attribute("a", Integer()),), checks=(Check("a = ANY (ARRAY[1, 2])"),)),
        {},
    ),
    "an index of rows that the clock or the time zone moves": (
        Relation(
            "r",
            (AT, Attribute("day", Date()), Attribute("t", Text())),
            indexes=tuple(
                Index((at,), unique=at == "t", where=where, name=name)
                for at, where, name in (
                    ("t", "at > TIMESTAMP '2020-01-01 00:00:00'", "zone"),
                    ("at", "day > TIMESTAMPTZ '2020-01-01 00:00:00+00'", "day"),
                    ("t", "at <= CURRENT_TIMESTAMP", "now"),
                    (
                        "at",
                        "coalesce(at, TIMESTAMPTZ '2020-01-01 00:00:00+00') > TIMESTAMPTZ '2020-01-01 00:00:00-05'",
                        "kept",
                    ),
                    (
                        "day",
                        "at BETWEEN TIMESTAMPTZ '2020-01-01 02:30:00+02:30' AND TIMESTAMPTZ '2021-01-01 00:00:00+00'",
                        "too",
                    ),
                )
            ),
            exclusions=(Exclusion(("day",), ("=",), "btree", where="at > DATE '2020-01-01'"),),
        ),
        {"postgresql": "a condition that would change by itself, or with the settings of a session"},
    ),
    "numbers that are reckoned and years of two digits": (
        Relation(
            "r",
            (
                Attribute("little", Integer(16), default="32767 + 1"),
                Attribute("era", Integer(16), default="-(-1)", declared=Declared("mysql", "year")),
                Attribute("none", Integer(16), default="0", declared=Declared("mysql", "year")),
                Attribute("this", Integer(16), default="1990 + 9", declared=Declared("mysql", "year")),
                Attribute("some", Integer(64), default="2 - 3", declared=Declared("mysql", "int unsigned")),
            ),
        ),
        {
            "postgresql": "r.little: the default 32767 + 1: 32767 + 1 is more than a number of 16 bits holds",
            "mariadb": "r.era: the default -(-1): -(-1) is no whole number from 1,901 to 2,155",
        },
    ),
    "texts with rare characters": (
        Relation(
            "r",
            (
                Attribute("a", Text(9), default="'\N{BEETLE}?'"),
                Attribute("b", Text(), True, default="'\N{BEETLE}'"),
                Attribute("c", Enumeration(("?", "\N{BEETLE}")), default="'\N{BEETLE}'"),
                Attribute("d", Enumeration(("?", "\N{BEETLE}")), declared=Declared("mysql", "enum('?', '\N{BEETLE}')")),
                Attribute("e", Native("set('it''s', '\N{BEETLE}?')"), default="'\N{BEETLE}?'"),
            ),
            checks=(Check("a <> '\N{BEETLE}'"),),
        ),
        {},
    ),
    "a long definition": (
        Relation(
            "r",
            (
                *(Attribute(f"a{at}", Text(300), default=f"'{'x' * 250}'", note="ü" * 1_000) for at in range(20)),
                *(Attribute(f"b{at}", Text(), note="n" * 900) for at in range(20)),
                Attribute("c", Text(), default=f"'{'z' * 9_000}'"),
                Attribute("d", Enumeration(tuple(f"{at}{'é' * 200}" for at in range(25)))),
                Attribute("e", Json()),
            ),
            checks=tuple(Check(f"b{at} NOT IN ('{'y' * 1_000}', '{at}')", f"c{at}" * at) for at in range(20)),
        ),
        {"mariadb": "r.d: more than 65,535 bytes in the definition of its table — its values are not checked"},
    ),
    "a wide row": (
        Relation("r", tuple(Attribute(f"a{at}", Text(9 + at), at % 2 == 0) for at in range(80)), keys=(Key(("a50",)),)),
        {},
    ),
    "a row of many numbers": (
        Relation(
            "r",
            (
                *(Attribute(f"a{at}", Integer(64), True) for at in range(200)),
                *(Attribute(f"b{at}", Decimal(30, 10), True) for at in range(200)),
                *(Attribute(f"c{at}", Timestamp(), True) for at in range(200)),
                *(Attribute(f"d{at}", Boolean()) for at in range(200)),
            ),
        ),
        {},
    ),
    "many indexes": (
        Relation(
            "r",
            (Attribute("id", Integer()), *(Attribute(f"a{at}", Integer()) for at in range(70))),
            (Key(("id",)), Key(("a0",))),
            (ForeignKey(("a1",), "r", ("id",)), ForeignKey(("a0",), "r", ("id",))),
            indexes=tuple(Index((f"a{at}",), unique=at == 69) for at in range(2, 70)),
        ),
        {"mariadb": "r: the index (a68): more than 64 indexes of a table"},
    ),
    "many lists of values": (
        Relation(
            "r",
            (
                *(Attribute(f"e{at}", Enumeration(("a", "bc")), at % 2 == 0) for at in range(70)),
                *(Attribute(f"t{at}", Text(63)) for at in range(40)),
            ),
            dependencies=frozenset({FD(frozenset({"e0"}), frozenset({"e1"}))}),
            indexes=(Index((*(f"t{at}" for at in range(9)), "e0")),),
        ),
        {"mariadb": "more than 3,072 bytes in an index"},
    ),
    "operators and collations of other types": (
        Relation(
            "r",
            (
                *(
                    Attribute("t", Text(9)),
                    Attribute("n", Integer()),
                    Attribute("j", Json()),
                    Attribute("i", Native("inet")),
                ),
                *(
                    Attribute("s", Native("tsrange")),
                    Attribute("c", Text(3), declared=Declared("postgresql", "char(3)")),
                ),
            ),
            indexes=(
                *(
                    Index((Part("t", operators=name, descending=True),))
                    for name in ("text_pattern_ops", "pg_catalog.text_ops", "int4_ops")
                ),
                *(Index((Part(one, collation="C"),), unique=one == "t") for one in ("t", "n")),
                *(Index((Part("j", operators=name),), method="gin") for name in ("jsonb_path_ops", "gin_trgm_ops")),
                *(Index((Part("i", operators="inet_ops"),), method=method) for method in ("gist", "spgist", "gin")),
                *(
                    Index((Part("c", operators="bpchar_pattern_ops"),)),
                    Index((Part("t", operators="nosuch_ops"),), method="gin"),
                ),
                Index((Part("n", operators="int4_minmax_multi_ops"),), method="brin"),
            ),
            exclusions=tuple(
                Exclusion((at,), (operator,), method)
                for at, operator, method in (
                    *(
                        ("s", "&&", ""),
                        ("s", "OPERATOR(pg_catalog.=)", "gist"),
                        ("n", "=", "gist"),
                        ("n", "=", "btree"),
                    ),
                    *(("t", "<>", "btree"), ("i", "&&", "spgist"), ("s", "~=", "gist")),
                )
            ),
        ),
        {"postgresql": "r: the exclusion (n): the operator = of int4 by gist"},
    ),
    "parts whose bounds do not go together": (
        Relation(
            "r",
            (Attribute("n", Integer()),),
            partitioning=Partitioning(
                "range", ("n",), (Partition("a", "FROM (1) TO (5)"), Partition("b", "FROM (4) TO (MAXVALUE)"))
            ),
        ),
        {"postgresql": "the parts a and b share values"},
    ),
    "values of engines' own types": (
        Relation(
            "r",
            tuple(
                Attribute(f"a{at}", Native(kind), at % 2 == 0, default=f"'{default}'")
                for at, (kind, default) in enumerate(
                    (
                        *(
                            ("inet", "127.0.0.1"),
                            ("inet", "x"),
                            ("macaddr8", "1"),
                            ("bit(3)", "101"),
                            ("bit(3)", "1"),
                            ("tsquery", "a"),
                        ),
                        *(
                            ("integer[]", "{1}"),
                            ("integer[]", "1"),
                            ("int4range", "[1,3)"),
                            ("point", "(1, 2)"),
                            ("polygon", "x"),
                        ),
                    )
                )
            ),
        ),
        {"postgresql": "'1' is no value of its type", "mariadb": "point takes no constant"},
    ),
    "words of types that stand for others": (
        Relation(
            "r",
            (
                Attribute("a", Integer(), default="5", declared=Declared("postgresql", "serial")),
                Attribute("b", Text(4), declared=Declared("mysql", "nchar(4)")),
                Attribute(
                    "c", Timestamp(), default="'2020-01-31 23:59:59.999999'", declared=Declared("mysql", "datetime")
                ),
                Attribute(
                    "d",
                    Timestamp(),
                    default="'2020-01-31 23:59:59.999999'",
                    declared=Declared("postgresql", "timestamp(2)"),
                ),
                Attribute("e", Time(), default="'23:59:58.7'", declared=Declared("mysql", "time")),
            ),
        ),
        {},
    ),
    "parts by spans": (
        Relation(
            "r",
            (Attribute("i", Interval()),),
            partitioning=Partitioning("list", ("i",), (Partition("p", "IN ('2025-01-01')"),)),
        ),
        {"postgresql": "the bound '2025-01-01', of a type whose constants are said in many ways"},
    ),
    "parts whose bounds have no room": (
        Relation(
            "r",
            (Attribute("n", Decimal(1, 1)),),
            partitioning=Partitioning("range", ("n",), (Partition("p", "FROM (MINVALUE) TO (10)"),)),
        ),
        {"postgresql": "the bound 10: 10 is no number of 0 digits before the point"},
    ),
    "parts by long texts": (
        Relation(
            "r",
            (Attribute("t", Text()), Attribute("n", Text(9))),
            partitioning=Partitioning("key", ("t", "n"), count=4),
        ),
        {"mariadb": "it does not lay rows by long texts"},
    ),
    "a number whose key is not written": (
        Relation(
            "r",
            (
                *(
                    Attribute("n", Integer(), identity=Identity()),
                    Attribute("p", Native("point")),
                    Attribute("f", Float(32), default="1.23456789"),
                    Attribute("g", Float(32), default="-1e-300"),
                ),
                *(
                    Attribute("s", Native("set('a', 'b')"), default="'x'"),
                    Attribute("at", Timestamp(zone=True)),
                    Attribute("x", Native("xml"), default="'1'"),
                ),
                Attribute("c", Text(), declared=Declared("postgresql", "citext")),
            ),
            keys=(Key(("n", "p")),),
            exclusions=(Exclusion(("n", "f"), ("=", "="), "hash"),),
            partitioning=Partitioning("range", (Part(expression="year(at)"),)),
        ),
        {
            "mariadb": "r.n: a running number: its key is not written",
            "postgresql": "r: partitioning by (year(at)): what would change by itself",
        },
    ),
    "tables called like devices": (
        Relation(
            "CON",
            (Attribute("a", Integer()), Attribute("b", Integer(), True)),
            (Key(("a",)),),
            (ForeignKey(("b",), "CON", ("a",)),),
        ),
        {"mariadb": "CON: the foreign key (b) to CON: MariaDB refers to no relation called so"},
    ),
    "spans of fewer digits": (
        Relation(
            "r",
            (
                Attribute(
                    "i", Interval(), default="INTERVAL '1.005' SECOND", declared=Declared("postgresql", "interval(2)")
                ),
            ),
        ),
        {},
    ),
    "a list of one value": (Relation("r", (Attribute("kind", Enumeration(("only",))),)), {}),
    "defaults that are kept in other words": (
        Relation(
            "r",
            (
                *(Attribute("b", Bytes(), default="'it''s'"), Attribute("e", Bytes(), default="''")),
                *(Attribute("f", Float(), default="1e30"), Attribute("t", Time(), default="'10:00'")),
                Attribute("n", Integer(), default="-(-1)"),
            ),
        ),
        {},
    ),
    "a check called like what MariaDB asks of JSON": (
        Relation(
            "r",
            (Attribute("j", Json()), Attribute("É", Json()), Attribute("n", Integer())),
            checks=(Check("n > 1", "j"), Check("n > 2", "é"), Check("n > 3", "n")),
            indexes=(Index(("n",), name="j"),),
        ),
        {"mariadb": "r: the check j: its name — written as `j_2`"},
    ),
    "an index on no shape": (
        Relation(
            "r",
            (Attribute("n", Integer()), Attribute("p", Native("point")), Attribute("q", Native("point"))),
            indexes=(
                *(Index((Part("n", operators="text_pattern_ops"),), method="spatial", name="a"),),
                *(Index(("p", "q"), method="spatial", name="b"), Index(("p",), method="spatial", name="c")),
            ),
        ),
        {"mariadb": "r: the index (n text_pattern_ops): the method spatial — not written"},
    ),
    "an index on a computed shape": (
        Relation(
            "r",
            (Attribute("p", Native("point")), Attribute("q", Native("point"), generated=Generated("p", stored=True))),
            indexes=(Index(("q",), method="spatial", name="b"),),
        ),
        {"mariadb": "r: the index (q): the method spatial — not written"},
    ),
    "truths that are numbers": (
        Relation(
            "r",
            (Attribute("b", Boolean()), Attribute("c", Boolean())),
            checks=(Check("b AND 1 = 1"), Check("c OR b"), Check("b = c OR (c AND b)")),
        ),
        {},
    ),
    "an index on all rows": (
        Relation("r", (Attribute("a", Integer()),), indexes=(Index(("a",), where="true"),)),
        {},
    ),
}


@pytest.mark.parametrize("dialect", ENGINES)
def test_what_an_engine_would_refuse_is_written_otherwise_or_told(dialect: str, scratch: Scratch) -> None:
    for case, (relation, told) in CASES.items():
        schema = Schema((relation,))
        written = write(schema, dialect)
        with scratch(dialect) as run:
            loaded(run, statements(schema, dialect))
            found = found_in(run, dialect)
        assert differences(read(written.text, dialect).schema, found.schema) == (), case
        if dialect in told:
            assert told[dialect] in "\n".join(map(str, written.losses)), (case, written.losses)

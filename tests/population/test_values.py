"""Codes shown as values: one-to-one, of the right type, within the limits, and readable."""

from collections.abc import Iterator, Sequence
from decimal import Decimal as Number

import duckdb
import pytest

from dbworkbench.errors import DesignError, Unsatisfiable
from dbworkbench.population import phrases, words
from dbworkbench.population.conditions import Limits, Order, conditions
from dbworkbench.population.order import row_counts
from dbworkbench.population.patterns import Pattern, met, patterned
from dbworkbench.population.populate import populate
from dbworkbench.population.values import values
from dbworkbench.schema.notation import relation, schema
from dbworkbench.schema.relation import Attribute, Declared
from dbworkbench.schema.types import Bytes, parse_type

TYPES = [
    "", "boolean", "smallint", "integer", "bigint", "decimal(10,2)", "decimal(38,12)", "decimal(5,0)", "decimal(2,2)",
    "real", "double", "text", "text(3)", "text(12)", "bytes", "uuid", "date", "time", "timestamp", "timestamptz",
    "interval", "json", "enum('a','b''c','')", "tinyint", "money", "geometry(point)", "no such type",
    "inet", "cidr", "macaddr", "bit(12)", "bit varying(70)", "xml", "tsvector", "point", "box", "int4range", "tstzrange", "set('a', 'b')",
    "integer[]", "text(9)[]", "uuid[3]", "numeric(5, 2)[][2]", "character varying(7)",
]  # fmt: skip
NAMES = ["id", "name", "email", "order_date", "price", "lat", "quantity", "x", 'q"{n}', "größe", "shipped_at"]


@pytest.fixture(scope="module")
def run() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", TYPES)
def test_different_codes_are_different_values(kind: str, name: str, run: duckdb.DuckDBPyConnection) -> None:
    made = values("orders", Attribute(name, parse_type(kind)), Limits(), rows=1000, key=1 << 61)
    for size in {min(made.capacity, 7), min(made.capacity, 3_000), min(made.capacity, 70_000)}:
        (different, known, typed) = run.execute(
            f"SELECT count(DISTINCT v), count(v), any_value(typeof(v)) FROM "
            f"(SELECT {made.coded('i', size)} AS v FROM (SELECT range::BIGINT AS i FROM range({size})))"
        ).fetchall()[0]
        assert different == known == size
        assert typed.replace(" WITH TIME ZONE", "TZ").replace("FLOAT", "REAL").replace(", ", ",") == made.type.replace(
            ", ", ","
        )
    (drawn,) = run.execute(
        f"SELECT count(DISTINCT v) FROM (SELECT {made.drawn('h')} AS v FROM (SELECT hash(range) AS h FROM range(5000)))"
    ).fetchall()[0]
    assert 1 <= drawn <= max(made.usual, 2)


@pytest.mark.parametrize("kind", sorted(phrases.NAMED))
def test_phrases_are_one_to_one(kind: str, run: duckdb.DuckDBPyConnection) -> None:
    phrase = phrases.NAMED[kind]
    for size in (phrase.count, min(phrase.count * 3, 200_000)):
        checked = min(size, 200_000)
        (different, longest) = run.execute(
            f"SELECT count(DISTINCT v), max(length(v)) FROM (SELECT {phrase.sql('i', size, 'salt')} AS v FROM "
            f"(SELECT range::BIGINT AS i FROM range({size - checked}, {size})))"
        ).fetchall()[0]
        assert different == checked
        assert longest <= phrase.longest(size)


def test_words_are_plain_and_none_is_there_twice() -> None:
    for name in words.__all__:
        found = getattr(words, name)
        assert len({word.casefold() for word in found}) == len(found), name
        assert all(word.isascii() and word == word.strip() and word for word in found), name
    assert len(words.COUNTRIES) == len(words.COUNTRY_CODES)
    assert words.STATED.keys() | {"usual"} == words.STATES.keys()
    said = [word for things in words.STATED.values() for word in things.split()]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize(
    ("relation_name", "attribute", "beside", "kind"),
    [
        ("tickets", "state", (), "ticket state"),
        ("orders", "status", (), "order state"),
        ("orders", "payment_status", (), "payment state"),
        ("users", "state", (), "usual state"),
        ("customers", "state", ("city",), "region of a city"),
        ("us_states", "state_name", (), "region"),
        ("languages", "name", (), "language"),
        ("employees", "title", (), "job"),
        ("contacts", "contact_title", (), "job"),
        ("issues", "title", (), "headline"),
        ("tickets", "subject", (), "headline"),
        ("books", "title", (), "title"),
        ("persons", "name", (), "person"),
        ("heads_of", "name", ("birthday",), "person"),
        ("logs", "ip_address", (), "address of a machine"),
        ("users", "email_address", (), "email"),
        ("employees", "phone_number", (), "phone"),
        ("wp_comments", "comment_author", (), "person"),
        ("orders", "customer_segment", (), None),
        ("playlists", "name", (), None),
        ("orders", "customer_id", (), None),
    ],
)
def test_a_name_means_what_it_says(
    relation_name: str, attribute: str, beside: tuple[str, ...], kind: str | None
) -> None:
    found = phrases.meant(relation_name, phrases.tokens(attribute), beside)
    assert found is (None if kind is None else phrases.NAMED[kind])


@pytest.mark.parametrize(
    ("check", "name", "limits"),
    [
        ("a >= 1", "a", Limits(above=(Number(1), False))),
        ("-5 < a", "a", Limits(above=(Number(-5), True))),
        ("a BETWEEN 1 AND 2.5", "a", Limits(above=(Number(1), False), below=(Number("2.5"), False))),
        ("(a > 0) and ((a < 9))", "a", Limits(above=(Number(0), True), below=(Number(9), True))),
        ("b in ('x', 'it''s')", "b", Limits(allowed=("x", "it's"))),
        ("B = 'x'", "b", Limits(allowed=("x",))),
        ("\"b\" in ('x','y') and b in ('y','z')", "b", Limits(allowed=("y",))),
        ("length(b) <= 5", "b", Limits(longest=5)),
        ("char_length(b) between 2 and 5", "b", Limits(shortest=2, longest=5)),
        ("b is not null", "b", Limits(known=True)),
        ("d >= date '2020-02-03'", "d", Limits(above=("2020-02-03", False))),
    ],
)
def test_checks_that_are_limits(check: str, name: str, limits: Limits) -> None:
    design = relation(f"r(a: integer, b: text, d: date)\n check ({check})")
    found = conditions(design)
    assert found.others == ()
    made = found.limits[name]
    assert Limits(made.above, made.below, made.allowed, made.shortest, made.longest, made.known) == limits


@pytest.mark.parametrize(
    "check", ["a % 2 = 0", "a = 1 or b = 'x'", "a + 1 > 0", "lower(b) = b", "not a > 1", "a <> 3", "a > 1 -- x"]
)
def test_checks_that_are_none_are_kept_for_sql(check: str) -> None:
    design = relation("r(a: integer, b: text)").__class__
    from dbworkbench.schema.relation import Check  # noqa: PLC0415

    made = design("r", (Attribute("a"), Attribute("b")), checks=(Check(check),))
    assert conditions(made).others == made.checks


def test_an_order_between_attributes() -> None:
    found = conditions(relation("r(a: date, b: date)\n check (a < b)"))
    assert found.orders == (Order("b", "a", strict=True),)


@pytest.mark.parametrize(
    ("kind", "limits"),
    [
        ("integer", Limits(above=(Number(5), True), below=(Number(6), True))),
        ("smallint", Limits(above=(Number(40_000), False))),
        ("enum('a','b')", Limits(allowed=("c",))),
        ("text(2)", Limits(allowed=("abc",))),
        ("text(2)", Limits(shortest=3)),
        ("date", Limits(above=("2021-01-02", False), below=("2021-01-01", False))),
    ],
)
def test_limits_that_leave_nothing(kind: str, limits: Limits) -> None:
    with pytest.raises(Unsatisfiable, match=r"r\.a"):
        values("r", Attribute("a", parse_type(kind)), limits, rows=10, key=1)


SHOP = schema("""
    regions(*id: integer)
    customers(*id: integer, region: integer -> regions)
    orders(*id: integer, customer: integer -> customers)
    lines(*order_id: integer -> orders, *no: integer)
    passports(*customer: integer -> customers)
    likes(*a: integer -> customers, *b: integer -> regions)
""")


def test_how_many_rows_each_relation_gets() -> None:
    most = dict.fromkeys(SHOP.names, 1 << 62)
    counts = row_counts(SHOP, 900, most)
    assert counts == {"lines": 900, "passports": 900, "likes": 900, "orders": 300, "customers": 900, "regions": 90}
    assert row_counts(SHOP, {"lines": 90}, most)["orders"] == 30
    assert row_counts(SHOP, 0, most)["lines"] == 0
    with pytest.raises(DesignError, match="-1"):
        row_counts(SHOP, -1, most)


SIMPLE = [
    Pattern("regex", "^10[0-9]{7}$"),
    Pattern("regex", r"^[^@]+@[^@]+\.[a-z]{2,}$"),
    Pattern("regex", r"^(DE|AT|D)\d{2,4}$"),
    Pattern("regex", "^[[:alpha:]_][[:alnum:]_]*$"),
    Pattern("regex", r"(?:[a-z]+\.)+[a-z]+"),
    Pattern("regex", r"^[\w.-]{3}[^\]\d]x?$"),
    Pattern("regex", "(^a+$|^b$)"),
    Pattern("regex", "^(x[0-9]|xy|x){2}'\"{3}$"),
    Pattern("similar", "[A-Z]{3}(%x)?|[a-z]+"),
    Pattern("like", "A.(_%"),
]


@pytest.mark.parametrize("pattern", SIMPLE, ids=str)
def test_texts_that_meet_a_pattern(pattern: Pattern, run: duckdb.DuckDBPyConnection) -> None:
    made = patterned(pattern, rows=500)
    assert made is not None
    size = min(made.count, 500)
    found = [text for (text,) in run.execute(f"SELECT {made.sql('range', 1)} FROM range({size})").fetchall()]
    assert len(set(found)) == size
    assert met(pattern, found)


@pytest.mark.parametrize(
    "text",
    [r"\bx", "(?=x)", "(?!x)y", r"(a)\1", "a^b", "a$b", "(a", "[a", "a{2,1}", "a{9999}", "*a", "a{", "[z-a]", ")"],
)
def test_patterns_that_are_not_simple(text: str) -> None:
    assert patterned(Pattern("regex", text)) is None


def test_patterns_leave_room_for_lengths() -> None:
    pattern = Pattern("regex", "^[0-9]{2,}$")
    made = patterned(pattern, shortest=4, longest=5)
    assert made is not None
    assert (made.shortest, made.longest) in {(4, 4), (5, 5)}
    assert patterned(pattern, longest=1) is None


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("a ~ '^[0-9]{9}$'", Pattern("regex", "^[0-9]{9}$")),
        ("REGEXP_MATCHES(CAST((a) AS TEXT), '^x{3}$')", Pattern("regex", "^x{3}$")),
        ("(a SIMILAR TO '[A-Z]{3}')", Pattern("similar", "[A-Z]{3}")),
        ("a LIKE 'A-%' OR a IS NULL", Pattern("like", "A-%")),
        ("NOT a LIKE 'A-%'", None),
        ("a LIKE 'A-%' OR a LIKE 'B-%'", None),
        ("REGEXP_MATCHES(a, '^x$', 'i')", None),
    ],
)
def test_patterns_of_checks(check: str, expected: Pattern | None) -> None:
    found = conditions(relation(f"r(*id: integer, a: text?)\n  check {check}"))
    assert found.limits.get("a", Limits()).pattern == expected


def test_rows_meet_the_patterns_of_checks() -> None:
    found = populate(
        schema(
            "r(*ik: text(9), mail: text, odd: text)\n  check regexp_matches(ik, '^10[0-9]{7}$')\n"
            "  check mail LIKE '%@%'\n  check odd SIMILAR TO '[A-C]{2}-%'"
        ),
        rows=300,
    )
    with found:
        mails = found.connection.execute("SELECT mail FROM r").fetchall()
    assert all("." in mail and mail.count("@") == 1 for (mail,) in mails), "an address, since that is met anyway"


@pytest.mark.parametrize(
    ("attribute", "weights", "modulus", "length"),
    [
        ("isbn: text(13)", (1, 3) * 6, 10, 13),
        ("isbn: text", (1, 3) * 6, 10, 13),
        ("isbn_10: text(10)", range(10, 1, -1), 11, 10),
        ("ean: text(20)", (1, 3) * 6, 10, 13),
        ("issn: text(9)", range(8, 1, -1), 11, 8),
    ],
)
@pytest.mark.parametrize("key", ["*", ""])
def test_numbers_of_books_and_goods_have_right_check_digits(
    attribute: str, weights: Sequence[int], modulus: int, length: int, key: str
) -> None:
    name = attribute.partition(":")[0]
    with populate(
        relation(f"stock(*id: integer, {attribute})" if not key else f"stock(*{attribute})"), rows=300
    ) as rows:
        found = [str(value) for value in rows.frame("stock")[name].dropna()]
    for value in found:
        digits = [10 if sign == "X" else int(sign) for sign in value.replace("-", "")]
        assert len(digits) == length, value
        assert (sum(d * w for d, w in zip(digits, (*weights, 1), strict=True))) % modulus == 0, value
    assert len(set(found)) == 300 if key else len(set(found)) > 100


def test_checks_of_letters_and_of_lists_with_or_are_kept_by_construction() -> None:
    design = relation(
        "r(*id: integer, name: text(6), del: text(1))\n key name\n check name = lower(name)\n check del = '1' or del = '0'"
    )
    assert conditions(design).limits["del"].allowed == ("1", "0")
    with populate(design, rows=5_000) as tables:
        counted = "SELECT count(*) FILTER (name = lower(name)), count(DISTINCT name), count(DISTINCT del) FROM r"
        assert tables.connection.execute(counted).fetchall() == [(5_000, 5_000, 2)]
    either = relation("r(*id: integer, a: integer, b: integer) check (a = 1 and b = 3 or a = 2)")
    assert conditions(either).limits == {}


def test_octets_are_as_many_as_the_declared_type_holds(run: duckdb.DuckDBPyConnection) -> None:
    for text, size in (("binary(1)", 1), ("varbinary(16)", 16)):
        held = Attribute("type", Bytes(), declared=Declared("mysql", text))
        made = values("jobs", held, Limits(), rows=1000, key=1 << 61)
        count = min(made.capacity, 1000)
        said = f"SELECT count(DISTINCT v), max(octet_length(v)) FROM (SELECT {made.coded('range', count)} AS v FROM range({count}))"
        assert run.execute(said).fetchall() == [(count, size)]

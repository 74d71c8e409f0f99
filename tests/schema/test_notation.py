"""The text form of designs: what is read, what is refused and where, and that writing reads back."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dbworkbench.errors import DesignError, MisspelledName, NotationError, UnknownName
from dbworkbench.schema.notation import relation, rules, schema, to_text
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.spelling import misspelled
from dbworkbench.schema.tokens import quoted
from dbworkbench.schema.types import (
    Boolean,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Native,
    Text,
    Timestamp,
    Type,
    Unknown,
)
from dbworkbench.sql.columntypes import _PLAIN, _SPOKEN
from dbworkbench.theory.dependencies import FD, JD, MVD

# SELECT typname FROM pg_type WHERE typtype IN ('b', 'r', 'm') AND typname !~ '^_', PostgreSQL 18, without catalogues of its own
TYPES_OF_POSTGRESQL = """
    aclitem bit bool box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 gtsvector inet int2
    int2vector int4 int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr
    macaddr8 money name numeric nummultirange numrange oid oidvector path pg_lsn pg_snapshot point polygon refcursor regclass
    regcollation regconfig regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype text tid
    time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange tstzrange tsvector txid_snapshot uuid
    varbit varchar xid xid8 xml
"""
SALES = """
    sales(order_id, line_no, customer_id, customer_name, city, product_id, title, price: decimal(10,2), qty: integer)
    order_id          -> customer_id
    customer_id       -> customer_name, city
    product_id        -> title, price
    order_id, line_no -> product_id, qty
"""


def test_a_relation_with_its_dependencies() -> None:
    sales = relation(SALES)
    assert sales.names[:3] == ("order_id", "line_no", "customer_id")
    assert sales["price"].type == Decimal(10, 2)
    assert sales["order_id"].type == Unknown()
    assert FD.parse("customer_id -> customer_name, city") in sales.dependencies
    assert sales.candidate_keys() == (frozenset({"order_id", "line_no"}),)
    assert sales.primary_key == ("order_id", "line_no")


def test_a_schema_with_keys_and_references() -> None:
    shop = schema("""
        customers(*customer_id: integer, name: text, city: text?)      # a comment
        orders(                                                        -- another
            *order_id: integer,
            customer_id: integer -> customers on delete cascade,
            placed: date = current_date,
            state: enum('open', 'it''s sent') = 'open',
            total: decimal(10, 2) check (total >= 0)
        )
        lines(order_id -> orders, line_no: integer, product: text)
            key order_id, line_no; unique order_id, product
    """)
    assert shop.names == ("customers", "orders", "lines")
    orders = shop["orders"]
    assert orders.keys == (Key(("order_id",)),)
    assert orders.foreign_keys == (ForeignKey(("customer_id",), "customers", ("customer_id",), on_delete="cascade"),)
    assert orders.checks == (Check("total >= 0"),)
    assert orders["state"].type == Enumeration(("open", "it's sent"))
    assert orders["placed"].default == "current_date"
    assert shop["customers"]["city"].nullable
    assert shop["lines"].keys == (Key(("order_id", "line_no")), Key(("order_id", "product")))


@pytest.mark.parametrize(
    "text",
    [
        "r(a: integer key, b: text unique, c: integer? -> s)\ns(x: integer primary key)",
        "r(a integer primary key, b text not null unique, c integer null references s(x))\ns(x integer, primary key (x))",
        "table r(*a: int, b: string, c: int?)\n  unique b\n  foreign key (c) references s (x)\ntable s(*x: int)",
        "r(*a: integer, b: text, c: integer?)\n key b; c -> s.x\ns(*x: integer)",
        "relation r(*a: integer, b: text unique, c: integer nullable)\n c -> s\nrelation s(*x: integer)",
        "r(a: integer pk, b: text, c: integer optional fk s(x), unique (b))\ns(x: integer pk)",
    ],
)
def test_what_people_write_means_the_same(text: str) -> None:
    found = schema(text)
    assert found["r"].keys == (Key(("a",)), Key(("b",)))
    assert found["r"].foreign_keys == (ForeignKey(("c",), "s", ("x",)),)
    assert found["r"].attributes == (
        Attribute("a", Integer()),
        Attribute("b", Text()),
        Attribute("c", Integer(), nullable=True),
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("integer", Integer(32)),
        ("bigint", Integer(64)),
        ("decimal(10, 2)", Decimal(10, 2)),
        ("numeric(5)", Decimal(5, 0)),
        ("double precision", Float(64)),
        ("varchar(20)", Text(20)),
        ("TIMESTAMP WITH TIME ZONE", Timestamp(zone=True)),
        ("bool", Boolean()),
        ("enum('a', 'b, c')", Enumeration(("a", "b, c"))),
        ("enum(red, green)", Enumeration(("red", "green"))),
        ("tsvector", Native("tsvector")),
        ("integer[]", Native("integer[]")),
    ],
)
def test_types(text: str, kind: Type) -> None:
    assert relation(f"r(a: {text}, b)")["a"].type == kind


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("integr", "integer"),
        ("Strng", "string"),
        ("varchr(20)", "varchar"),
        ("decmal(10, 2)", "decimal"),
        ("timstamp", "timestamp"),
        ("boolen", "boolean"),
        ("txt", "text"),
        ("dat", "date"),
        ("tsvectr", "tsvector"),
        ("integr[]", "integer"),
        ("timestamp with tme zone", "time"),
    ],
)
def test_a_misspelled_type_is_told_the_nearest(said: str, meant: str) -> None:
    with pytest.raises(NotationError, match=rf"line 2, column 6: no type called .* — did you mean '{meant}'\?"):
        schema(f"r(a,\n  b: {said})")


def test_types_of_engines_and_of_ones_own_pass() -> None:
    import duckdb  # noqa: PLC0415  an engine's own list of its types

    spelled = {
        name for (name,) in duckdb.connect().execute("SELECT DISTINCT type_name FROM duckdb_types()").fetchall() if name
    }
    spelled |= set(TYPES_OF_POSTGRESQL.split())
    spelled |= {name.replace("_", " ") for name in [*_PLAIN, *(name for own in _SPOKEN.values() for name in own)]}
    spelled |= {
        "bit varying(5)",
        "geometry(Point, 4326)",
        "interval day to second",
        "int unsigned",
        "mood",
        "Currency[]",
    }
    assert len(spelled) > 200
    assert [name for name in sorted(spelled) if misspelled(name)] == []


@pytest.mark.parametrize(
    "kind", ["integr", "integer", "datum", 'say "x"', "public.mood", "a\nb", "note", "bit(3)", "text[]"]
)
def test_a_type_of_ones_own_is_read_back(kind: str) -> None:
    whole = Schema((Relation("r", (Attribute("a", Native(kind), nullable=True),), note="n"),))
    assert schema(to_text(whole)) == whole
    assert schema(f"r(a: {quoted(kind)}? , b)")["r"]["a"] == Attribute("a", Native(kind), nullable=True)


def test_other_dependencies() -> None:
    found = relation(
        "r(course, teacher, book)\n course ->> teacher | book\n join[course teacher, course book]\n {} -> book"
    )
    assert found.dependencies == {
        MVD.parse("course ->> teacher"),
        MVD.parse("course ->> book"),
        JD.parse("join[course teacher, course book]"),
        FD(frozenset(), frozenset({"book"})),
    }
    assert relation("r(a, b, c)\n join[ab, bc]").dependencies == {JD.parse("join[a b, b c]")}


def test_names_that_look_like_rules() -> None:
    found = relation(
        'r("key": integer, "unit price", "select", note, "a ""b""")\n "key" -> note\n note -> "unit price"'
    )
    assert found.names == ("key", "unit price", "select", "note", 'a "b"')
    assert FD.parse('note -> "unit price"') in found.dependencies
    assert schema("key(*a: integer)").names == ("key",)
    assert relation("größe(länge: integer, 名前: text)\n länge -> 名前").names == ("länge", "名前")


@pytest.mark.parametrize(
    ("text", "line", "column", "says"),
    [
        ("", 1, 1, "nothing to read"),
        ("r()", 1, 3, "no attributes"),
        ("r(a, a)", 1, 6, "two attributes called 'a'"),
        ("r(a, b", 1, 7, "',' or ')' was expected"),
        ("r(a)\n a b", 2, 5, "an arrow was expected"),
        ("r(a, b)\n a ->", 2, 6, "the attribute determined was expected"),
        ("r(unit-price)", 1, 7, "quoted"),
        ('r("a)', 1, 3, "never closed"),
        ("r(a: decimal(2, 5))", 1, 6, "scale"),
        ("r(a: enum())", 1, 6, "enumeration"),
        ("x -> y", 1, 1, "a relation was expected"),
        ("r(a)\nr(b)", 2, 1, "two relations are called 'r'"),
        ("r(a?)\n key a", 1, 3, "cannot be unknown"),
        ("r(a = )", 1, 7, "a default value was expected"),
        ("r(a: integer -> s on delete explode)\ns(*x)", 1, 29, "no action"),
        ("r(a, b -> s)\ns(*x, *y)", 1, 11, "has 1 attributes, but s(x, y) needs 2"),
        ("r(a) key b c d,", 1, 16, "an attribute of the key was expected"),
        ("r(a check (a > (1)", 1, 11, "never closed"),
        ("r(a check a > 0, b)", 1, 11, "in parentheses"),
    ],
)
def test_mistakes_are_named_with_their_place(text: str, line: int, column: int, says: str) -> None:
    with pytest.raises(NotationError) as met:
        schema(text)
    assert (met.value.line, met.value.column) == (line, column)
    assert says in str(met.value)


def test_a_misspelled_attribute_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="did you mean 'customer_id'") as met:
        relation("sales(order_id, customer_id)\n order_id -> custmer_id")
    assert isinstance(met.value, MisspelledName)
    assert isinstance(met.value, NotationError)
    assert (met.value.line, met.value.column) == (2, 14)
    with pytest.raises(MisspelledName, match="no relation called 'customer' — did you mean 'customers'"):
        schema("customers(*id: integer)\norders(*id: integer, c: integer -> customer)")


def test_one_relation_is_one_relation() -> None:
    with pytest.raises(DesignError, match="one relation was expected"):
        relation("r(a)\ns(b)")


def test_a_reference_must_reach_a_key() -> None:
    with pytest.raises(DesignError, match="no key there — refer to"):
        schema("r(*a: integer, b: integer)\ns(*c: integer, b: integer -> r(b))")


def test_schemas_are_put_together() -> None:
    customers = relation("customers(*id: integer)")
    whole = schema(customers, "orders(*no: integer, customer: integer -> customers)")
    assert whole["orders"].foreign_keys[0].relation == "customers"


def test_rules_for_rows_that_have_a_header() -> None:
    rows = Relation("flights", (Attribute("tail"), Attribute("maker")))
    assert rules(rows, "# the planes\n tail -> maker\n").dependencies == {FD.parse("tail -> maker")}
    assert rules(rows, "flights(tail, maker)\n tail -> maker").dependencies == {FD.parse("tail -> maker")}
    with pytest.raises(MisspelledName, match="did you mean 'maker'"):
        rules(rows, "tail -> makr")


def test_three_hundred_attributes() -> None:
    names = [f"a{at}" for at in range(300)]
    wide = relation(f"wide({', '.join(names)})\n a0 -> {', '.join(names[1:])}")
    assert wide.primary_key == ("a0",)
    assert relation(to_text(wide)) == wide


NAMES = st.one_of(
    st.text(string.ascii_lowercase + "_", min_size=1, max_size=8),
    st.sampled_from(
        ["key", "unique", "select", "unit price", 'a "q"', "名前", "références", "note", "a-b", "1st", "on", "join"]
    ),
    st.text(min_size=1, max_size=5).filter(
        lambda text: text.strip() == text and "\n" not in text and text.isprintable()
    ),
)
TYPES: st.SearchStrategy[Type] = st.one_of(
    st.sampled_from([Unknown(), Boolean(), Integer(16), Integer(64), Text(), Text(9), Date(), Timestamp(zone=True)]),
    st.builds(Decimal, st.integers(5, 30), st.integers(0, 5)),
    st.builds(Enumeration, st.lists(st.text("ab',( ", min_size=1, max_size=4), min_size=1, unique=True).map(tuple)),
)


@st.composite
def relations(draw: st.DrawFn) -> Relation:
    names = draw(st.lists(NAMES, min_size=1, max_size=6, unique=True))
    some = st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)
    keys = draw(st.lists(some, max_size=2, unique_by=tuple))
    prime = set(keys[0]) if keys else set()
    attributes = tuple(
        Attribute(name, draw(TYPES), nullable=name not in prime and draw(st.booleans())) for name in names
    )
    fds = draw(st.lists(st.builds(FD, some.map(frozenset), some.map(frozenset)), max_size=3))
    return Relation(
        draw(NAMES),
        attributes,
        keys=tuple(Key(tuple(key)) for key in keys),
        dependencies=frozenset(fds),
        note=draw(st.text("ab'\" ", max_size=4).map(str.strip)),
    )


@given(relations())
def test_what_is_written_reads_back(made: Relation) -> None:
    assert relation(to_text(made)) == made
    assert schema(to_text(Schema((made,)))) == Schema((made,))


def test_a_domain_may_be_called_like_a_misspelled_type() -> None:
    text = "domain decimel: decimal(9, 2)\nr(*a: integer, b: decimel, c: integer)"
    found = schema(text)
    assert found["r"]["b"].domain == found.domains[0]
    assert schema(to_text(found)) == found
    with pytest.raises(MisspelledName, match="no domain called 'decimell' — did you mean 'decimel'"):
        schema(text.replace("c: integer", 'c: "decimell"'))
    with pytest.raises(NotationError, match="line 1, column 17: no type called 'decimall"):
        schema(text.replace("decimal(", "decimall("))


@pytest.mark.parametrize("rule", ["total = price * qty", "price * qty < 9", "note::integer > 0", "(price) * 2 = qty"])
def test_a_check_may_multiply_and_cast(rule: str) -> None:
    found = relation(f"lines(*id: integer, price: integer, qty: integer, total: integer, note: text)\n check ({rule})")
    assert [check.expression for check in found.checks] == [rule]


def test_a_relation_may_be_called_as_a_rule_is() -> None:
    assert schema("key(*id: integer)\ncheck(*a, b)\nunique(a, b?)").names == ("key", "check", "unique")

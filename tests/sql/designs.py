"""Designs for the tests of DDL: one that reads well, and random ones with names nobody should choose."""

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st

from dbworkbench.schema.relation import (
    Attribute,
    Check,
    Declared,
    Domain,
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
from dbworkbench.schema.rules import Deferrable, Enforced
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
    Type,
    Unknown,
    Uuid,
)
from dbworkbench.sql.declarations import meaning
from dbworkbench.theory.dependencies import FD, parse_dependency

SHOP = Schema(
    (
        Relation(
            "orders",
            (
                Attribute("id", Integer(64)),
                Attribute("customer_id", Integer()),
                Attribute("placed", Timestamp(zone=True), default="now()", note="when the customer pressed the button"),
                Attribute("replaces", Integer(64), nullable=True),
                Attribute("status", Enumeration(("new", "paid", "it's gone")), default="'new'"),
                Attribute("paid", Boolean(), default="false"),
                Attribute("remarks", Json(), nullable=True),
            ),
            keys=(Key(("id",)),),
            foreign_keys=(
                ForeignKey(("customer_id",), "customers", ("id",), on_delete="cascade", name="orders_belong"),
                ForeignKey(("replaces",), "orders", ("id",), on_delete="set null", on_update="no action"),
            ),
            indexes=(
                Index(("customer_id", "placed")),
                Index(("placed",), where="status = 'new'", name="orders_open"),
            ),
            note="What was bought;\nand by whom",
        ),
        Relation(
            "customers",
            (
                Attribute("id", Integer()),
                Attribute("e-mail", Text(120)),
                Attribute("name", Text()),
                Attribute("city", Text(), nullable=True),
                Attribute("country", Text(2)),
                Attribute("born", Date(), nullable=True),
                Attribute("since"),
            ),
            keys=(Key(("id",)), Key(("e-mail",), name="one_account_each")),
            checks=(
                Check("id > 0"),
                Check("born IS NULL OR Born > DATE '1900-01-01'", name="born_lately"),
                Check("exists (SELECT 1 FROM orders)", name="has_orders"),
            ),
            dependencies=frozenset({FD.parse("city -> country")}),
        ),
        Relation(
            "lines",
            (
                Attribute("order_id", Integer(64)),
                Attribute("line_no", Integer(16)),
                Attribute("sku", Uuid()),
                Attribute("price", Decimal(10, 2)),
                Attribute("qty", Integer(), default="1"),
                Attribute("weight", Float(), nullable=True),
                Attribute("photo", Bytes(), nullable=True),
                Attribute("picked", Time(), nullable=True),
                Attribute("took", Interval(), nullable=True),
            ),
            foreign_keys=(ForeignKey(("order_id",), "orders", ("id",), on_delete="cascade"),),
            checks=(Check("price * qty >= 0"),),
            dependencies=frozenset(
                {
                    parse_dependency("order_id, line_no -> sku, qty, picked, took, weight, photo"),
                    parse_dependency("sku -> price"),
                }
            ),
        ),
    )
)

CYCLE = Schema(
    (
        Relation(
            "teams",
            (Attribute("name", Text()), Attribute("captain", Integer())),
            keys=(Key(("name",)),),
            foreign_keys=(ForeignKey(("captain",), "players", ("no",)),),
        ),
        Relation(
            "players",
            (Attribute("no", Integer()), Attribute("team", Text())),
            keys=(Key(("no",)),),
            foreign_keys=(ForeignKey(("team",), "teams", ("name",)),),
        ),
    )
)

TYPES: tuple[Type, ...] = (
    *(Boolean(), Integer(16), Integer(32), Integer(64), Decimal(), Decimal(10, 2), Decimal(40, 0), Decimal(60, 50)),
    *(Decimal(1, 1), Float(32), Float(64), Text(), Text(3), Text(20_000_000), Bytes(), Uuid(), Date(), Time()),
    *(Timestamp(), Timestamp(zone=True), Interval(), Json(), Enumeration(("a", "it's {column}", "%s", "😀"))),
    *(Unknown(), Native("inet"), Native("hugeint"), Native("integer[]"), Native("varchar(3) [2] []")),
    *(Native("x); DROP TABLE t; --"), Native("numeric(7"), Native("[]"), Native("box"), Native("bit(3)")),
)

DECLARED = tuple(
    Declared(dialect, text)
    for dialect, texts in {
        "mysql": "tinyint unsigned|mediumint|int(5) unsigned zerofill|bigint unsigned|datetime|time(2)|timestamp|char(3)"
        "|binary(16)|text|mediumblob|enum('a', 'b, c')|double(9,3)|year|bit(1)|decimal(10,2) unsigned|nchar(4)|set('a','b')",
        "postgresql": "timestamp(3)|timestamptz(0)|timetz|time(0)|char(5)|bpchar|interval year to month|decimal|money|json|serial"
        "|interval(2)|int4range|tsvector",
        "sqlserver": "tinyint|datetime|smalldatetime|datetime2|smallmoney|varchar(20)|nchar(4)|varbinary(20)|text",
        "oracle": "date|number(3)|number(10)|integer|timestamp(9)|raw(20)|varchar2(20)|char(3)|float(63)",
        "snowflake": "timestamp_ntz|integer|binary(8)|time(3)",
        "clickhouse": "UInt8|UInt64|FixedString(8)|DateTime|DateTime64(3, 'UTC')|Date",
        "duckdb": "timestamp_s|utinyint|ubigint",
        "databricks": "tinyint|char(3)",
    }.items()
    for text in texts.split("|")
)
"""Types in the words of engines that say more than the types that they are read as."""

NAMES = (
    *("a", "A", "b", "t", "T", "id", "ID", "order", "SELECT", "table", "user", "null", "default", "primary", "rowid"),
    *(
        '"',
        '""',
        "'",
        "`",
        "]",
        "[x]",
        "it's",
        "two words",
        " ",
        "  ",
        "a\nb",
        "\t",
        "%s",
        "%",
        "{x}",
        "{column}",
        "\\",
    ),
    *("--", "/*", "; DROP TABLE t", "$1", "?", ":x", "a.b", "1", "€", "é", "É", "e\u0301", "ß", "SS", "😀", "İ", "\0"),
    *("x" * 63, "x" * 64, "X" * 64, "x" * 65, "x" * 128, "y" * 63 + "é", "é" * 40, "😀" * 20, "x" * 55 + "_pkey"),
    *(
        "xmin",
        "ctid",
        "oid",
        "tableoid",
        "pg_class",
        "pg_x",
        "sqlite_master",
        "sqlite_x",
        "main",
        "temp",
        "duckdb_tables",
    ),
    *(
        "t_pkey",
        "t_a_key",
        "t_a_idx",
        "t_a_fkey",
        "t_check",
        "t_a_not_null",
        "a_pkey",
        "a_a_key",
        "t_2",
        "a_2",
        "\ud800",
    ),
)
names = st.sampled_from(NAMES) | st.text(st.characters(codec="utf-8"), min_size=1, max_size=70)
rule_names = st.just("") | names
enforced: st.SearchStrategy[Enforced] = st.sampled_from(("always", "always", "always", *get_args(Enforced)))

COLLATIONS = (
    "",
    "",
    "",
    "",
    "C",
    "NOCASE",
    "utf8mb4_bin",
    "utf8mb4_0900_ai_ci",
    "Latin1_General_CI_AS",
    "x; DROP",
    "default",
)
"""Collations of one engine or another, and of none."""
OPERATORS = ("", "", "text_pattern_ops", "int4_ops", "pg_catalog.text_ops", "jsonb_path_ops", "gin_trgm_ops", "a b")

_DEFAULTS: dict[type, tuple[str, ...]] = {
    Integer: ("0", "-5", "1 + 1", "-(-1)", "32767 + 1", "99"),
    Text: ("'x'", "''", "'it''s'", "lower('A')", "x", "'unclosed", "'a'); DROP TABLE t; --"),
    Boolean: ("true", "NOT true"),
    Timestamp: (
        "now()",
        "current_timestamp",
        "TIMESTAMP '2020-01-31 10:00:00'",
        "TIMESTAMP '2020-01-31 10:00:00.987654'",
    ),
    Time: ("TIME '23:59:58.7'",),
    Interval: ("INTERVAL '1.005' SECOND", "INTERVAL '3' MONTH"),
    Enumeration: ("'a'", "'😀'"),
    Native: ("'x'", "NULL", "'127.0.0.1'"),
    Date: ("current_date", "DATE '2020-01-31'"),
    Uuid: ("gen_random_uuid()",),
    Decimal: ("0", "0.5"),
}


@st.composite
def _attributes(draw: st.DrawFn) -> tuple[Attribute, ...]:
    found = []
    for name in draw(st.lists(names, min_size=1, max_size=5, unique=True)):
        declared = draw(st.sampled_from(DECLARED)) if draw(st.integers(0, 3)) == 0 else None
        kind = meaning(declared.text, declared.dialect) if declared else draw(st.sampled_from(TYPES))
        default = draw(st.none() | st.sampled_from((*_DEFAULTS.get(type(kind), ("NULL",)), "nextval('s')", "NULL")))
        note = draw(st.sampled_from(("", "", "no\nte 'x' --", "\0", "\\ 😀", "n" * 1_100)))
        collation = draw(st.sampled_from(COLLATIONS)) if isinstance(kind, Text) else ""
        found.append(Attribute(name, kind, draw(st.booleans()), default, note, collation=collation, declared=declared))
    return tuple(found)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


DOMAINS = (
    Domain("amount", Decimal(10, 2), default="0", checks=(Check("value >= 0", "positive"), Check("VALUE < 1000000"))),
    Domain("a mood", Enumeration(("sad", "it's ok"))),
    Domain("T", Text(5), nullable=False, note="it's\n--"),
    Domain("order", Date()),
)


@st.composite
def filled(draw: st.DrawFn, attributes: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    """Some of the attributes numbered, some of domains, and one more that is computed from another."""
    found = list(attributes)
    for at, one in enumerate(attributes):
        if one.type == Integer(32) and draw(st.integers(0, 2)) == 0:
            numbers = st.builds(Identity, st.booleans(), st.sampled_from((1, 0, -9, 100)), st.sampled_from((1, 5, -3)))
            found[at] = replace(one, nullable=False, default=None, identity=draw(numbers))
        elif draw(st.integers(0, 7)) == 0:
            found[at] = Attribute(one.name, nullable=one.nullable, domain=draw(st.sampled_from(DOMAINS)))
    base = next((one for one in found if isinstance(one.type, Integer | Text | Decimal)), None)
    if base is not None and draw(st.booleans()) and "computed" not in {one.name for one in found}:
        name = _quoted(base.name)
        text = f"lower({name})" if isinstance(base.type, Text) else f"{name} + 1"
        kind: Type = (
            Text() if isinstance(base.type, Text) else Decimal(40, 2) if isinstance(base.type, Decimal) else Integer(64)
        )
        found.append(
            Attribute(
                "computed", kind, draw(st.booleans()) or base.nullable, generated=Generated(text, draw(st.booleans()))
            )
        )
    return tuple(found)


@st.composite
def paths(draw: st.DrawFn, attributes: tuple[Attribute, ...]) -> Index:
    """An index with whatever an index may have."""
    chosen = draw(st.lists(st.sampled_from(attributes), min_size=1, max_size=3, unique_by=lambda one: one.name))
    order = {
        "descending": st.booleans(),
        "nulls": st.sampled_from(("", "first", "last")),
        "operators": st.sampled_from(OPERATORS),
        "collation": st.sampled_from(COLLATIONS),
    }
    on: list[str | Part] = [draw(st.just(one.name) | st.builds(Part, st.just(one.name), **order)) for one in chosen]
    texts = [one for one in attributes if isinstance(one.type, Text)]
    lowered = draw(st.booleans())
    if texts and lowered:
        one = draw(st.sampled_from(texts))
        on.append(Part(expression=f"lower({_quoted(one.name)})", descending=draw(st.booleans())))
        if one not in chosen and draw(st.booleans()):
            on.append(Part(one.name, length=draw(st.integers(1, 300))))
    include = [one.name for one in attributes if one not in chosen and isinstance(one.type, Integer | Date)][:2]
    return Index(
        tuple(on),
        draw(st.booleans()),
        draw(st.sampled_from(("", "1 = 1"))),
        draw(rule_names),
        draw(st.sampled_from(("", "", "hash", "gin", "gist", "brin", "fulltext", "spatial", "cluster", "nosuch"))),
        tuple(include) if draw(st.booleans()) else (),
        draw(st.booleans()),
    )


@st.composite
def _checks(draw: st.DrawFn, attributes: tuple[Attribute, ...]) -> tuple[Check, ...]:
    one = draw(st.sampled_from(attributes))
    name = _quoted(one.name)
    texts = [
        f"{name} IS NOT NULL",
        "1 = 1 -- so",
        f"coalesce({name} IS NULL, true) OR (2 > 1)",
        "(((",
        "1; 2",
        "count(*) > 1",
    ]
    texts += ["$1 > 0", "nosuch > 1", "(1 < 2) = (3 < 4)"]
    if isinstance(one.type, Integer):
        texts += [f"{name} % 2 = 0 AND {name} / 2 < 9", f"{name} BETWEEN 1 AND 9", f"{name}::bigint IN (1, 2)"]
    if isinstance(one.type, Text):
        texts += [f"length({name}) > 0 AND {name} LIKE '%x%'", f"{name} ~ 'a+'", f"trim({name}) <> '😀 '' --'"]
    chosen = draw(st.lists(st.sampled_from(texts), max_size=2))
    return tuple(Check(text, draw(rule_names), draw(enforced)) for text in chosen)


@st.composite
def _exclusions(draw: st.DrawFn, attributes: tuple[Attribute, ...]) -> tuple[Exclusion, ...]:
    plain = [
        one.name for one in attributes if isinstance(one.type, Integer | Date | Text | Native) and one.domain is None
    ]
    if not plain or draw(st.integers(0, 5)):
        return ()
    on = tuple(plain[:2])
    operator = draw(st.sampled_from(("=", "=", "&&", "~=", "no")))
    method = draw(st.sampled_from(("btree", "btree", "", "gist", "hash")))
    return (Exclusion(on, (operator,) * len(on), method, draw(st.sampled_from(("", "1 = 1"))), draw(rule_names)),)


BOUNDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "range": (
        *(
            ("FROM ('2025-01-01') TO ('2026-01-01')", "DEFAULT"),
            ("FROM ('2025-01-01') TO ('2026-01-01')", "LESS THAN (7)"),
        ),
        *(("FROM (MINVALUE) TO (10)", "FROM (10) TO (MAXVALUE)"), ("FROM (1) TO (5)", "FROM (4) TO (9)")),
        *(("LESS THAN (7)", "LESS THAN MAXVALUE"), ("LESS THAN ('2025-01-01')", "LESS THAN ('2026-01-01')")),
        *(("FROM (1) TO (2); DROP TABLE t", "DEFAULT"), ("FROM ('a') TO ('m')", "FROM ('m') TO (MAXVALUE)"), ()),
    ),
    "list": (
        ("IN (1, 2)", "IN (3)"),
        ("IN ('a')", "IN ('it''s', NULL)"),
        ("IN (1)", "IN (1, 2)"),
        ("IN ('2025-01-01')", "DEFAULT"),
    ),
    "hash": (
        ("WITH (MODULUS 2, REMAINDER 0)", "WITH (MODULUS 4, REMAINDER 1)"),
        ("WITH (MODULUS 2, REMAINDER 2)", "DEFAULT"),
        (),
    ),
    "key": ((),),
    "": ((),),
}
"""Bounds of parts by method, some of which go together for some types."""


@st.composite
def _partitionings(draw: st.DrawFn, attributes: tuple[Attribute, ...]) -> Partitioning | None:
    if draw(st.integers(0, 3)) > 0:
        return None
    dated = [one.name for one in attributes if isinstance(one.type, Date | Integer | Text) and one.domain is None]
    usual = draw(st.booleans())
    on = draw(st.sampled_from(dated if dated and usual else [one.name for one in attributes]))
    method = draw(st.sampled_from((*BOUNDS, "range")))
    bounds = draw(st.sampled_from(BOUNDS[method]))
    names: tuple[str, ...] = draw(st.sampled_from((("part of it", "the rest"), ("p0", "pg_x"), ("a", "x" * 64))))
    count: int | None = draw(st.sampled_from((None, 1, 4, 2_000)))
    parts = tuple(Partition(name, bound) for name, bound in zip(names, bounds, strict=False))
    return Partitioning(method, (on,), parts, None if bounds else count)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """Up to four relations with hostile names, keys and references of every shape, and cycles among them."""
    relations: list[Relation] = []
    for name in draw(st.lists(names, min_size=1, max_size=4, unique=True)):
        attributes = draw(filled(draw(_attributes())))
        own = st.lists(st.sampled_from([a.name for a in attributes]), min_size=1, max_size=3, unique=True).map(tuple)
        wait: st.SearchStrategy[Deferrable] = st.sampled_from(("", "", "", "immediate", "deferred"))
        keys = tuple(
            Key(found, draw(rule_names), draw(st.booleans()), draw(wait)) for found in draw(st.lists(own, max_size=2))
        )
        indexes = tuple(draw(st.lists(paths(attributes), max_size=2)))
        dependencies = frozenset(
            FD(frozenset(left), frozenset(right)) for left, right in draw(st.lists(st.tuples(own, own), max_size=2))
        )
        relations.append(
            Relation(
                name,
                attributes,
                keys,
                checks=draw(_checks(attributes)),
                indexes=indexes,
                dependencies=dependencies,
                note=draw(st.sampled_from(("", "a 'note'\n--"))),
                exclusions=draw(_exclusions(attributes)),
                partitioning=draw(_partitionings(attributes)),
            )
        )
    keyed = [(relation.name, key) for relation in relations for key in relation.keys]
    by_name = {relation.name: relation for relation in relations}
    actions = st.sampled_from(("", "cascade", "SET NULL", "restrict", "no action", "set default"))
    references = st.lists(st.sampled_from(keyed), max_size=4) if keyed else st.just([])
    for target, key in draw(references):
        source = by_name[draw(st.sampled_from(sorted(by_name)))]
        added: list[Attribute] = []
        used: list[str] = []
        for name in key.attributes:
            kind = by_name[target][name].type
            like = [a.name for a in source.attributes if a.type == kind and a.name not in used]
            if like and draw(st.sampled_from((True, False))):
                used.append(draw(st.sampled_from(like)))
            else:
                fresh = f"{name} of {target} {len(source.attributes) + len(added)}"
                added.append(Attribute(fresh, draw(st.sampled_from((kind, kind, Integer(64)))), nullable=True))
                used.append(fresh)
        pairs = draw(st.permutations(list(zip(used, key.attributes, strict=True))))
        reference = ForeignKey(
            tuple(here for here, _ in pairs),
            target,
            tuple(there for _, there in pairs),
            draw(actions),
            draw(actions),
            draw(rule_names),
            draw(st.sampled_from(get_args(Deferrable))),
            draw(st.booleans()),
            draw(enforced),
        )
        by_name[source.name] = replace(
            source, attributes=(*source.attributes, *added), foreign_keys=(*source.foreign_keys, reference)
        )
    return Schema(tuple(by_name.values()))

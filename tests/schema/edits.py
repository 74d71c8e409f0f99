"""Hypothesis strategies: designs with awkward names and rules, and edits of them, sensible or not."""

from dataclasses import replace
from typing import get_args

from hypothesis import strategies as st

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema import changes as c
from dbworkbench.schema.definition import Definition
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
from dbworkbench.schema.types import Decimal, Enumeration, Float, Integer, Json, Native, Text, Timestamp, Type, Unknown
from dbworkbench.theory.dependencies import FD, JD, MVD

NAMES = [
    "a",
    "A",
    "b",
    "and",
    "unit price",
    'q"t',
    "date",
    "lower",
    "größe",
    "it's",
    "→",
    "_x",
    "current_date",
    "s",
    "S",
]
CONDITIONS = [
    "{0} > 0", '"{0}" > 0', "lower({0}) = 'a' and {1} is not null", "{2}.{0} < {1}", '"{2}".{1} = A', "Date < date '2020-01-01'",
    "cast({0} as date) = current_date", "{0}::date > b", "A = a", "coalesce({0}, 'b') <> \"A\" -- a", "s.a = S.b", "",
]  # fmt: skip
names = st.sampled_from(NAMES)
texts = st.sampled_from(["", "'", "a", "note → ü", "\ud800", "0", "now()"])
types: st.SearchStrategy[Type] = st.sampled_from(
    [Unknown(), Integer(16), Integer(7), Decimal(10, 2), Decimal(0, 9), Float(32), Float(16), Text(), Text(5), Text(0),
     Timestamp(zone=True), Json(), Enumeration(("a", "it's")), Enumeration(()), Enumeration(("a", "a")), Native("integer"),
     Native("geometry(point, 4326)"), Native(" x"), Native("")]
)  # fmt: skip
DOMAINS = (
    Domain("money", Decimal(10, 2), default="0", checks=(Check("value >= 0", "positive"),)),
    Domain("mood", Enumeration(("sad", "it's"))),
    Domain("a b", Text(5), nullable=False, note="ü"),
)
domains = st.sampled_from(DOMAINS)
identities = st.builds(Identity, st.booleans(), st.integers(-1, 9), st.sampled_from([1, -5]))
generated = st.builds(
    Generated, st.builds("{} + {}".format, names.map(lambda name: f'"{name}"'), st.just("A")), st.booleans()
)
engines_words = st.none() | st.builds(
    Declared, st.just("mysql"), st.sampled_from(["tinyint unsigned", "enum('a', 'b''c')"])
)
partial = st.sampled_from(["", "A > 0", "s.a = 1"])
deferrable: st.SearchStrategy[Deferrable] = st.sampled_from(get_args(Deferrable))
enforced: st.SearchStrategy[Enforced] = st.sampled_from(get_args(Enforced))


@st.composite
def attributes_(draw: st.DrawFn) -> Attribute:
    filled = draw(st.sampled_from(["", "", "default", "generated", "identity"]))
    domain = draw(st.none() | st.none() | domains)
    return Attribute(
        draw(names),
        Unknown() if domain else draw(types),
        filled != "identity" and draw(st.booleans()),
        draw(texts) if filled == "default" else None,
        draw(texts),
        draw(generated) if filled == "generated" else None,
        draw(identities) if filled == "identity" else None,
        draw(st.sampled_from(["", "", "de-x-icu"])),
        domain,
        draw(engines_words),
    )


attributes = attributes_()


def parts(known: list[str]) -> st.SearchStrategy[str | Part]:
    order = {"descending": st.booleans(), "nulls": st.sampled_from(["", "first", "last"])}
    named = st.builds(
        Part, st.sampled_from(known), length=st.none() | st.just(3), operators=st.sampled_from(["", "x"]), **order
    )
    computed = st.builds(Part, expression=st.sampled_from(["lower(a)", '"unit price" + A', "s.A"]), **order)
    return st.one_of(st.sampled_from(known), named, computed)


def on(known: list[str], least: int = 1) -> st.SearchStrategy[tuple[str | Part, ...]]:
    def named(one: str | Part) -> str | int:
        return one if isinstance(one, str) else one.attribute or id(one)

    return st.lists(parts(known), min_size=least, max_size=3, unique_by=named).map(tuple)


def indexes(known: list[str], condition: st.SearchStrategy[str]) -> st.SearchStrategy[Index]:
    methods = st.sampled_from(["", "", "gin"])
    return st.builds(
        Index, on(known), st.booleans(), condition, texts, methods, some(known, 0), nulls_distinct=st.booleans()
    )


@st.composite
def exclusions(draw: st.DrawFn, known: list[str]) -> Exclusion:
    compared = draw(on(known))
    operators = tuple(draw(st.sampled_from(["=", "&&", "-|-", "OPERATOR(x.=)", "--"])) for _ in compared)
    return Exclusion(compared, operators, draw(st.sampled_from(["", "gist"])), draw(partial), "", draw(deferrable))


def partitionings(known: list[str]) -> st.SearchStrategy[Partitioning]:
    bounded = st.sampled_from([(), (Partition("p1", "IN ('a, b')"), Partition("p 2"))])
    named = st.builds(Partitioning, st.sampled_from(["range", "list", ""]), on(known), bounded)
    return named | st.builds(Partitioning, st.sampled_from(["hash", "key"]), on(known), count=st.just(4))


@st.composite
def conditions(draw: st.DrawFn, known: list[str], relation: str) -> str:
    shape = draw(st.sampled_from(CONDITIONS))
    one, other = draw(st.sampled_from(known)), draw(st.sampled_from(known))
    return shape.format(one.replace('"', '""'), other, relation)


def some(known: list[str], least: int = 1) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(known), min_size=least, max_size=3, unique=True).map(tuple)


def dependencies(known: list[str]) -> st.SearchStrategy[FD | MVD | JD]:
    side = some(known, 0).map(frozenset)
    full = some(known).map(frozenset)
    return st.one_of(
        st.builds(FD, side, full),
        st.builds(MVD, side, full),
        st.builds(JD, st.frozensets(full, min_size=1, max_size=3)),
    )


@st.composite
def relations(draw: st.DrawFn, name: str | None = None) -> Relation:
    found = tuple(draw(st.lists(attributes, min_size=1, max_size=5, unique_by=lambda attribute: attribute.name)))
    known = [attribute.name for attribute in found]
    called = draw(names) if name is None else name
    keys = draw(st.lists(st.builds(Key, some(known), texts, st.booleans(), deferrable), max_size=3))
    checks = draw(st.lists(st.builds(Check, conditions(known, called), texts, enforced), max_size=3))
    paths = draw(st.lists(indexes(known, conditions(known, called)), max_size=2))
    declared = draw(st.frozensets(dependencies(known), max_size=3))
    excluded = draw(st.lists(exclusions(known), max_size=1))
    laid = draw(st.none() | st.none() | partitionings(known))
    return Relation(
        called, found, tuple(keys), (), tuple(checks), tuple(paths), declared, draw(texts), tuple(excluded), laid
    )


@st.composite
def foreign_keys(draw: st.DrawFn, here: Relation, schema: Schema) -> ForeignKey:
    there = draw(st.sampled_from(schema.relations))
    wanted = draw(st.sampled_from(there.keys)).attributes if there.keys else there.names[:1]
    mine = draw(st.permutations(here.names))[: len(wanted)]
    action = st.sampled_from(["", "cascade", "set null"])
    return ForeignKey(
        tuple(mine),
        there.name,
        tuple(wanted[: len(mine)]),
        draw(action),
        draw(action),
        draw(texts),
        draw(deferrable),
        draw(st.booleans()),
        draw(enforced),
    )


@st.composite
def definitions(draw: st.DrawFn, known: list[str]) -> Definition:
    used = draw(some(known, 0)) if known else ()
    text = f"CREATE VIEW v AS SELECT a FROM {', '.join(used) or 'x'}"
    return Definition("view", draw(st.sampled_from(["v", "w", ""])), text, "postgresql", used)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    called = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    schema = Schema(
        tuple(draw(relations(name)) for name in called),
        draw(texts),
        draw(texts),
        draw(st.lists(domains, max_size=2, unique=True).map(tuple)),
    )
    schema = replace(schema, definitions=tuple(draw(st.lists(definitions([*schema.names, "v"]), max_size=1))))
    for _ in range(draw(st.integers(0, 5))):
        here = draw(st.sampled_from(schema.relations))
        try:
            schema = schema.apply(c.AddForeignKey(here.name, draw(foreign_keys(here, schema)), 0))
        except (DesignError, UnknownName):
            continue
    return schema


@st.composite
def edits(draw: st.DrawFn, schema: Schema) -> c.Change:  # noqa: PLR0915  one case per kind of change
    """An edit that looks at the design, so that most are accepted."""
    if not schema.relations:
        return c.AddRelation(draw(relations()))
    here = draw(st.sampled_from(schema.relations))
    known = [*here.names]
    mine = draw(st.sampled_from(known))
    at = draw(st.none() | st.integers(-1, 5))
    kind = draw(st.sampled_from(get_args(c.Change)))
    match kind.__name__:
        case "AddRelation":
            return c.AddRelation(draw(relations()), at)
        case "DropRelation":
            return c.DropRelation(here.name)
        case "RenameRelation":
            return c.RenameRelation(here.name, draw(names))
        case "MoveRelation":
            return c.MoveRelation(here.name, at or 0)
        case "SplitRelation":
            cut = draw(st.integers(1, len(known)))
            parts = [here.attributes[:cut], here.attributes[cut - 1 :]]
            keys = [key for key in here.keys if set(key.attributes) <= set(known[:cut])]
            other = Relation(draw(names), parts[1])
            return c.SplitRelation(here.name, (Relation(here.name, parts[0], tuple(keys)), other))
        case "MergeRelations":
            others = draw(st.lists(st.sampled_from(schema.relations), min_size=1, max_size=3, unique=True))
            held = {attribute.name: attribute for other in others for attribute in other.attributes}
            all_keys = tuple(key for other in others for key in other.keys)
            name = draw(st.sampled_from([others[0].name, *NAMES]))
            return c.MergeRelations(tuple(o.name for o in others), Relation(name, tuple(held.values()), all_keys), at)
        case "AddAttribute":
            return c.AddAttribute(here.name, draw(attributes), at)
        case "DropAttribute":
            return c.DropAttribute(here.name, mine)
        case "RenameAttribute":
            return c.RenameAttribute(here.name, mine, draw(names))
        case "MoveAttribute":
            return c.MoveAttribute(here.name, mine, at or 0)
        case "Retype":
            return c.Retype(here.name, mine, draw(types), draw(engines_words))
        case "SetNullable":
            return c.SetNullable(here.name, mine, draw(st.booleans()))
        case "SetDefault":
            return c.SetDefault(here.name, mine, draw(st.none() | texts))
        case "SetGenerated":
            return c.SetGenerated(here.name, mine, draw(st.none() | generated))
        case "SetIdentity":
            return c.SetIdentity(here.name, mine, draw(st.none() | identities))
        case "SetCollation":
            return c.SetCollation(here.name, mine, draw(st.sampled_from(["", "C"])))
        case "SetDomain":
            return c.SetDomain(
                here.name, mine, draw(st.sampled_from(["", "money", "a b", "x"])), draw(st.none() | types)
            )
        case "SetPartitioning":
            return c.SetPartitioning(here.name, draw(st.none() | partitionings(known)))
        case "AddDomain":
            return c.AddDomain(draw(domains), at)
        case "DropDomain":
            return c.DropDomain(draw(st.sampled_from(["money", "mood", "x"])))
        case "ChangeDomain":
            return c.ChangeDomain(
                draw(domains).name, replace(draw(domains), name=draw(st.sampled_from(["money", "new"])))
            )
        case "AddDefinition":
            return c.AddDefinition(draw(definitions([*schema.names])), at)
        case "DropDefinition":
            none_such = Definition("view", "v", "x", "sqlite")
            return c.DropDefinition(draw(st.sampled_from(schema.definitions or (none_such,))), at)
        case "AddExclusion":
            return c.AddExclusion(here.name, draw(exclusions(known)), at)
        case "DropExclusion":
            return c.DropExclusion(
                here.name, draw(st.sampled_from(here.exclusions or (Exclusion(("a",), ("=",)),))), at
            )
        case "AddKey":
            return c.AddKey(here.name, draw(st.builds(Key, some(known), texts)), at)
        case "DropKey":
            return c.DropKey(here.name, draw(st.sampled_from(here.keys or (Key(("a",)),))), at)
        case "AddForeignKey":
            return c.AddForeignKey(here.name, draw(foreign_keys(here, schema)), at)
        case "DropForeignKey":
            none = ForeignKey(("a",), "b", ("c",))
            return c.DropForeignKey(here.name, draw(st.sampled_from(here.foreign_keys or (none,))), at)
        case "AddCheck":
            return c.AddCheck(here.name, draw(st.builds(Check, conditions(known, here.name), texts)), at)
        case "DropCheck":
            return c.DropCheck(here.name, draw(st.sampled_from(here.checks or (Check("no"),))), at)
        case "AddIndex":
            return c.AddIndex(here.name, draw(indexes(known, texts)), at)
        case "DropIndex":
            return c.DropIndex(here.name, draw(st.sampled_from(here.indexes or (Index(("a",)),))), at)
        case "AddDependency":
            return c.AddDependency(here.name, draw(dependencies(known)))
        case "DropDependency":
            declared = sorted(here.dependencies, key=str) or [FD.parse("a -> b")]
            return c.DropDependency(here.name, draw(st.sampled_from(declared)))
        case _:
            place = draw(st.sampled_from([("", ""), (here.name, ""), (here.name, mine)]))
            return c.SetNote(draw(texts), *place)

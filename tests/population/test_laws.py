"""What must be true of any design: every rule holds exactly in its rows, or there are none and the reason is named."""

from collections.abc import Iterable
from itertools import combinations

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from dbworkbench.data.tables import Tables, quoted
from dbworkbench.errors import Unsatisfiable, Unsupported
from dbworkbench.population.populate import populate
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Boolean, Date, Decimal, Enumeration, Float, Integer, Text, Type, Unknown
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
TYPES: tuple[Type, ...] = (
    Unknown(),
    Integer(),
    Integer(16),
    Text(),
    Text(2),
    Date(),
    Decimal(6, 2),
    Float(),
    Boolean(),
    Enumeration(("x", "y", "z")),
)


def names(attributes: Iterable[str]) -> str:
    return ", ".join(quoted(name) for name in sorted(attributes)) or "1"


def one(tables: Tables, query: str) -> int:
    return int(tables.connection.execute(query).fetchall()[0][0])


def broken(tables: Tables, relation: Relation, dependency: Dependency) -> int:
    """How many groups or rows break a dependency; unknown values count as equal to each other."""
    table = quoted(relation.name)
    everything = frozenset(relation.names)
    match dependency:
        case FD(determinant, dependent):
            by = f"GROUP BY {names(determinant)}" if determinant else ""
            row = f"row({names(dependent)})"
            return one(tables, f"SELECT count(*) FROM (SELECT 1 FROM {table} {by} HAVING count(DISTINCT {row}) > 1)")
        case MVD(determinant, dependent):
            parts = frozenset({determinant | dependent, everything - (dependent - determinant)})
            return broken(tables, relation, JD(parts))
        case JD(components):
            joined, first = "", True
            seen: frozenset[str] = frozenset()
            for at, component in enumerate(sorted(components, key=sorted)):
                part = f"(SELECT DISTINCT {names(component)} FROM {table})"
                if first:
                    joined, first = f"SELECT * FROM {part}", False
                else:
                    same = " AND ".join(
                        f"l{at}.{quoted(n)} IS NOT DISTINCT FROM r{at}.{quoted(n)}" for n in sorted(seen & component)
                    )
                    more = "".join(f", r{at}.{quoted(n)}" for n in sorted(component - seen))
                    joined = f"SELECT l{at}.*{more} FROM ({joined}) l{at} JOIN {part} r{at} ON {same or 'true'}"
                seen |= component
            rows = one(tables, f"SELECT count(*) FROM ({joined})")
            return rows - one(tables, f"SELECT count(*) FROM (SELECT DISTINCT {names(seen)} FROM {table})")


def assert_obeys(tables: Tables, relation: Relation, references: bool = True) -> None:  # noqa: FBT001, FBT002
    table = quoted(relation.name)
    rows = tables.rows(relation.name)
    assert one(tables, f"SELECT count(*) FROM (SELECT DISTINCT * FROM {table})") == rows, "rows are different"
    assert [column for column, _ in tables.columns(relation.name)] == list(relation.names)
    for attribute in relation.attributes:
        if not attribute.nullable:
            assert not one(tables, f"SELECT count(*) FROM {table} WHERE {quoted(attribute.name)} IS NULL"), attribute
    for key in relation.keys:
        same = one(tables, f"SELECT count(*) FROM (SELECT DISTINCT {names(key.attributes)} FROM {table})")
        assert same == rows or not key.attributes, key
        for name in key.attributes:
            assert not one(tables, f"SELECT count(*) FROM {table} WHERE {quoted(name)} IS NULL"), key
    for index in relation.indexes:
        if index.unique:
            where = f"WHERE {index.where}" if index.where else ""
            by = names(index.attributes)
            assert not one(
                tables, f"SELECT count(*) FROM (SELECT 1 FROM {table} {where} GROUP BY {by} HAVING count(*) > 1)"
            )
    for check in relation.checks:
        assert not one(tables, f"SELECT count(*) FROM {table} WHERE NOT ({check.expression})"), check
    for dependency in relation.dependencies:
        assert not broken(tables, relation, dependency), dependency
    for fk in relation.foreign_keys if references else ():
        here = " AND ".join(f"r.{quoted(b)} = t.{quoted(a)}" for a, b in zip(fk.attributes, fk.referenced, strict=True))
        known = " AND ".join(f"t.{quoted(name)} IS NOT NULL" for name in fk.attributes)
        lost = f"FROM {table} t WHERE {known} AND NOT EXISTS (SELECT 1 FROM {quoted(fk.relation)} r WHERE {here})"
        assert not one(tables, f"SELECT count(*) {lost}"), fk


@st.composite
def relations(draw: st.DrawFn) -> Relation:
    count = draw(st.integers(1, 6))
    letters = list("abcdef"[:count])
    attributes = tuple(
        Attribute(letter, draw(st.sampled_from(TYPES)), nullable=draw(st.integers(0, 3)) == 0) for letter in letters
    )
    some = st.frozensets(st.sampled_from(letters), max_size=3)
    least_one = st.frozensets(st.sampled_from(letters), min_size=1, max_size=3)
    fds = draw(st.lists(st.builds(FD, some, least_one), max_size=4))
    mvds = draw(st.lists(st.builds(MVD, some, least_one), max_size=2)) if draw(st.booleans()) else []
    parts = draw(st.lists(least_one, min_size=1, max_size=3)) if draw(st.integers(0, 4)) == 0 else []
    jds = [JD(frozenset([*parts, frozenset(letters) - frozenset().union(*parts) | parts[0]]))] if parts else []
    keys = draw(st.lists(st.lists(st.sampled_from(letters), min_size=1, max_size=3, unique=True), max_size=2))
    return Relation(
        "r", attributes, tuple(Key(tuple(key)) for key in keys), dependencies=frozenset([*fds, *mvds, *jds])
    )


@QUICK
@given(relations(), st.sampled_from([0, 1, 2, 3, 7, 50, 200]))
def test_every_rule_of_a_relation_holds(relation: Relation, rows: int) -> None:
    try:
        tables = populate(relation, rows=rows)
    except Unsatisfiable:
        return
    with tables:
        assert tables.rows("r") == rows
        assert_obeys(tables, relation)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    count = draw(st.integers(1, 4))
    keys = [["a"] if draw(st.integers(0, 2)) else draw(st.permutations(["a", "b"])) for _ in range(count)]
    made: list[Relation] = []
    for at in range(count):
        letters = ["a", "b", "c", "d", "e"]
        foreign_keys: list[ForeignKey] = []
        for _ in range(draw(st.integers(0, 2))):
            target = draw(st.integers(0, count - 1))
            size = len(keys[target])
            here = draw(st.permutations(letters))[:size]
            foreign_keys.append(ForeignKey(tuple(here), f"r{target}", tuple(keys[target])))
        some = st.frozensets(st.sampled_from(letters), min_size=1, max_size=2)
        fds = draw(st.lists(st.builds(FD, some, some), max_size=2)) if draw(st.booleans()) else []
        nullable = draw(st.frozensets(st.sampled_from(letters), max_size=3)) - set(keys[at])
        attributes = tuple(Attribute(letter, Integer(64), nullable=letter in nullable) for letter in letters)
        made.append(
            Relation(f"r{at}", attributes, (Key(tuple(keys[at])),), tuple(foreign_keys), dependencies=frozenset(fds))
        )
    return Schema(tuple(made))


@QUICK
@given(schemas(), st.sampled_from([1, 5, 60]))
def test_every_rule_of_a_schema_holds(schema: Schema, rows: int) -> None:
    try:
        tables = populate(schema, rows=rows)
    except (Unsatisfiable, Unsupported):
        return
    with tables:
        for relation in schema:
            assert_obeys(tables, relation)


@st.composite
def wide_types(draw: st.DrawFn) -> Relation:
    letters = list("abcde"[: draw(st.integers(2, 5))])
    some = st.frozensets(st.sampled_from(letters), min_size=1, max_size=2)
    types: tuple[Type, ...] = (Unknown(), Integer(), Text(), Date(), Decimal(9, 2))
    kinds = st.sampled_from(types)
    attributes = tuple(Attribute(letter, draw(kinds)) for letter in letters)
    fds = frozenset(draw(st.lists(st.builds(FD, some, some), max_size=4)))
    return Relation("r", attributes, dependencies=fds)


@settings(QUICK, max_examples=25)
@given(wide_types())
def test_no_key_holds_by_accident(relation: Relation) -> None:
    declared = set(relation.candidate_keys())
    with populate(relation, rows=300) as tables:
        found: set[frozenset[str]] = set()
        for size in range(len(relation.names) + 1):
            for names_ in combinations(relation.names, size):
                if not any(key <= frozenset(names_) for key in found):
                    columns = names(names_)
                    if one(tables, f"SELECT count(*) FROM (SELECT DISTINCT {columns} FROM r)") == 300:
                        found.add(frozenset(names_))
    assert found == declared


@settings(QUICK, max_examples=25)
@given(wide_types())
def test_no_dependency_holds_by_accident(relation: Relation) -> None:
    """Every functional dependency with a determinant of one attribute that 2,000 rows satisfy was declared."""
    with populate(relation, rows=2_000) as tables:
        for determinant in relation.names:
            implied = relation.closure((determinant,))
            for dependent in relation.names:
                if dependent not in implied:
                    assert broken(tables, relation, FD(frozenset({determinant}), frozenset({dependent})))

"""Types in an engine's own words: what is made for them is what they hold, whatever an attribute is called."""

import pytest

from dbworkbench.population.populate import populate
from dbworkbench.schema.relation import Attribute, Declared, Key, Relation
from dbworkbench.schema.types import Date, Decimal, Float, Integer, Text, Timestamp
from dbworkbench.sql.declarations import Holds, holds
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.read import read
from tests.sql.test_declarations import TYPES

NAMES = ("born", "amount", "population", "description", "temperature", "a")
"""What attributes are called of which values are made that narrow types do not hold."""
QUOTED = DIALECTS["duckdb"].quoted


def held_by(attribute: Attribute) -> Holds:
    return holds(attribute.declared, attribute.type) if attribute.declared else Holds()


@pytest.mark.parametrize("dialect", TYPES)
def test_what_is_made_is_what_a_declared_type_holds(dialect: str) -> None:
    texts = [text for text in TYPES[dialect].split("|") if text not in {"serial", "bigserial", "smallserial"}]
    columns = ", ".join(f"{name}_{at} {text}" for at, text in enumerate(texts) for name in NAMES)
    tail = " ENGINE = MergeTree ORDER BY born_0" if dialect == "clickhouse" else ""
    found = read(f"CREATE TABLE t ({columns}){tail}", dialect).schema["t"].attributes
    narrow = tuple(one for one in found if held_by(one) != Holds())
    if not narrow:
        assert dialect in {"sqlite", "bigquery"}
        return
    with populate(Relation("t", (Attribute("id", Integer()), *narrow), keys=(Key(("id",)),)), rows=200) as tables:
        for one in narrow:
            column, held = QUOTED(one.name), held_by(one)
            wrong = [f"{column} < '{held.least}'"] * bool(held.least) + [f"{column} > '{held.most}'"] * bool(held.most)
            wrong += [f"extract(microseconds FROM {column}) % 1000000 <> 0"] * (held.fraction is not None)
            wrong += [f"octet_length(CAST({column} AS BLOB)) > {held.size}"] * (held.size is not None)
            wrong += [f"date_trunc('{held.finest}', {column}) <> {column}"] * bool(held.finest)
            asked = (
                f"SELECT count(*), count(*) FILTER ({' OR '.join(wrong) or 'false'}) FROM t WHERE {column} IS NOT NULL"
            )
            assert [(made > 0, broken) for made, broken in tables.connection.execute(asked).fetchall()] == [
                (True, 0)
            ], one


def test_values_stay_usual_where_a_type_has_room_for_them() -> None:
    """A type's bounds are no wish: an INT UNSIGNED has no numbers of four thousand millions."""
    for kind, said in (
        (Integer(64), "int unsigned"),
        (Decimal(20, 0), "bigint unsigned"),
        (Float(), "double unsigned"),
    ):
        plain = Relation("t", (Attribute("id", Integer()), Attribute("amount", kind)), keys=(Key(("id",)),))
        words = Attribute("amount", kind, declared=Declared("mysql", said))
        with (
            populate(plain, rows=50) as ours,
            populate(Relation("t", (plain["id"], words), plain.keys), rows=50) as theirs,
        ):
            asked = "SELECT * FROM t ORDER BY ALL"
            assert ours.connection.execute(asked).fetchall() == theirs.connection.execute(asked).fetchall()


@pytest.mark.parametrize(
    ("kind", "dialect", "said", "most"),
    [(Integer(16), "mysql", "year", 255), (Integer(16), "mysql", "tinyint unsigned", 256), (Date(), "clickhouse", "Date", 65_380), (Text(), "mysql", "tinytext", None), (Timestamp(), "clickhouse", "DateTime", None)],
)  # fmt: skip
def test_a_key_has_as_many_values_as_its_declared_type(kind: object, dialect: str, said: str, most: int | None) -> None:
    key = Attribute("k", kind, declared=Declared(dialect, said))  # type: ignore[arg-type]
    with populate(Relation("t", (key,), keys=(Key(("k",)),)), rows=min(most or 2_000, 2_000)) as tables:
        ((least, most_made, number),) = tables.connection.execute(
            "SELECT min(k)::VARCHAR, max(k)::VARCHAR, count(DISTINCT k) FROM t"
        ).fetchall()
    assert number == min(most or 2_000, 2_000)
    held = held_by(key)
    if isinstance(kind, Integer):
        assert int(held.least) <= int(least) <= int(most_made) <= int(held.most)
    elif held.least:
        assert held.least <= least <= most_made <= f"{held.most}~"

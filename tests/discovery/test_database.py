"""Databases: read, asked in place, and what they declare held against their rows."""

import sqlite3
from pathlib import Path

import duckdb
import pytest
import sqlalchemy as sa

from dbworkbench.diagram.erd import erd
from dbworkbench.discovery.database import without_password
from dbworkbench.discovery.discover import discover
from dbworkbench.discovery.pushdown import check_in_place
from dbworkbench.errors import DataError, EngineError, MissingPackage
from dbworkbench.page.plain import plain
from dbworkbench.schema.relation import ForeignKey, Key
from dbworkbench.schema.types import Date, Text
from dbworkbench.theory.dependencies import FD, IND
from dbworkbench.views.describe import describe

SHOP = """
    CREATE TABLE customers (id integer PRIMARY KEY, email text UNIQUE, city text);
    CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer REFERENCES customers (id), placed text);
    CREATE TABLE lines (order_id integer, line_no integer, qty integer, PRIMARY KEY (order_id, line_no));
    CREATE TABLE staff (id integer PRIMARY KEY, name text, manager_id integer);
    CREATE TABLE "odd ""name" (x integer, "a b" datetime);
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A SQLite file, which keeps no reference unless asked: one order is of a customer who is not there."""
    path = tmp_path / "shop.db"
    connection = sqlite3.connect(path)
    connection.executescript(SHOP)
    rows = connection.executemany
    rows("INSERT INTO customers VALUES (?, ?, ?)", [(n, f"c{n}@x.org", "ABC"[n % 3]) for n in range(1, 31)])
    rows(
        "INSERT INTO orders VALUES (?, ?, ?)",
        [(n, 99 if n == 7 else n % 30 + 1, f"day {n % 11}") for n in range(1, 91)],
    )
    rows("INSERT INTO lines VALUES (?, ?, ?)", [(o, n, (o * n) % 5) for o in range(1, 91) for n in range(1, 3)])
    rows("INSERT INTO staff VALUES (?, ?, ?)", [(n, f"S{n}", None if n == 1 else n // 2) for n in range(1, 21)])
    rows('INSERT INTO "odd ""name" VALUES (?, ?)', [(1, "no date at all"), (1, None), (2, 7)])
    connection.commit()
    connection.close()
    return path


def test_what_is_declared_stands_beside_what_the_rows_keep(shop: Path) -> None:
    found = discover(f"sqlite:///{shop}")
    said = {str(one): (one.declared, one.kept) for one in found.promises}
    assert (
        said
        == {
            "customers(id) is a key": (True, True),
            "customers(email) is a key": (True, True),
            "orders(id) is a key": (True, True),
            "orders(customer_id) refers to customers(id)": (True, False),
            "lines(order_id, line_no) is a key": (True, True),
            "lines(order_id) refers to orders(id)": (False, True),
            "staff(id) is a key": (True, True),
            "staff(manager_id) refers to staff(id)": (False, True),
        }
        or 'odd "name(a b) is a key' not in said
    )
    (broken,) = (one for one in found.promises if not one.kept)
    assert broken.against == ((99,),)
    assert found.declared["orders"].foreign_keys == (ForeignKey(("customer_id",), "customers", ("id",)),)
    assert found.standing["orders"].foreign_keys == ()
    assert found.standing["lines"].foreign_keys == (ForeignKey(("order_id",), "orders", ("id",)),)
    assert found.standing["lines"].keys == (Key(("order_id", "line_no")),)
    assert found.standing["staff"].foreign_keys == (ForeignKey(("manager_id",), "staff", ("id",)),)
    assert found.schema()["staff"].foreign_keys == found.standing["staff"].foreign_keys
    text = plain(describe(found))
    assert "1 promise broken" in text
    drawn = erd(found.standing, since=found.declared).pages[0]
    assert "customer_id" in drawn.svg


def test_values_come_as_they_are_whatever_the_column_declares(shop: Path) -> None:
    found = discover(f"sqlite:///{shop}", tables=['odd "name'])
    assert found.names == ('odd "name',)
    assert found.tables[0].columns.frame()["a b"].fillna("-").tolist() == ["no date at all", "-", "7"]


@pytest.mark.parametrize("way", ["url", "path", "engine", "duckdb url", "duckdb path", "connection"])
def test_every_way_to_name_a_database(shop: Path, tmp_path: Path, way: str) -> None:
    source: object
    if way in {"url", "path", "engine"}:
        url = f"sqlite:///{shop}"
        source = {"url": url, "path": shop, "engine": sa.create_engine(url)}[way]
    else:
        path = tmp_path / "shop.duckdb"
        connection = duckdb.connect(str(path))
        connection.execute(SHOP.replace("UNIQUE", "").replace("REFERENCES customers (id)", ""))
        connection.execute("INSERT INTO orders SELECT n, n % 30 + 1, n % 11 FROM range(1, 91) r(n)")
        connection.execute("INSERT INTO customers SELECT n, 'c' || n, n % 3 FROM range(1, 31) r(n)")
        if way != "connection":
            connection.close()
        source = {"duckdb url": f"duckdb:///{path}", "duckdb path": str(path), "connection": connection}[way]
    found = discover(source, tables=["orders", "customers"])
    assert found.names == ("orders", "customers")
    assert found["orders"].keys.sets[0] == ("id",)
    assert found.declared["orders"].keys == (Key(("id",)),)
    assert check_in_place(source, FD.parse("id -> placed"), table="orders")
    assert not check_in_place(source, FD.parse("placed -> customer_id"), table="orders")
    assert bool(check_in_place(source, IND.parse("orders[customer_id] <= customers[id]"))) is (
        way not in {"url", "path", "engine"}
    )
    if isinstance(source, sa.Engine):
        source.dispose()
    elif isinstance(source, duckdb.DuckDBPyConnection):
        source.close()


def test_what_is_no_database_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is no database"):
        check_in_place(7, FD.parse("a -> b"))
    with pytest.raises(DataError, match="no such file"):
        discover(f"duckdb:///{tmp_path}/none.duckdb")
    junk = tmp_path / "junk.db"
    junk.write_bytes(b"this is no database" * 99)
    with pytest.raises(EngineError, match="not a database"):
        discover(junk)
    with pytest.raises(DataError, match="no driver for 'nosuch' is installed"):
        discover("nosuch://ann:s3cret@host/db")
    with pytest.raises(MissingPackage, match="pip install psycopg2"):
        discover("postgresql+psycopg2://ann:s3cret@host/db")


def test_secrets_in_a_url_are_never_shown() -> None:
    url = sa.make_url("postgresql+pg8000://ann:s3cret@127.0.0.1:1/db?password=s3cret&sslmode=x&auth_token=s3cret")
    assert "s3cret" not in without_password(url)
    for ask in (discover, lambda source: check_in_place(source, ("a",))):
        with pytest.raises(EngineError) as raised:
            ask("postgresql+pg8000://ann:s3cret@127.0.0.1:1/db")
        assert "s3cret" not in str(raised.value)


@pytest.mark.parametrize("engine", ["sqlite", "duckdb"])
def test_the_proposal_of_a_small_database_uses_what_it_declares(engine: str, tmp_path: Path) -> None:
    """In three rows everything looks like a key and nothing like a reference: the declarations know better."""
    design = (
        "CREATE TABLE lands (code varchar(2) PRIMARY KEY, name varchar(40) NOT NULL)",
        "CREATE TABLE towns (zip integer, c varchar(2) NOT NULL REFERENCES lands (code), mayor varchar(80), founded date, PRIMARY KEY (c, zip))",
    )
    rows = (
        "INSERT INTO lands VALUES ('IT', 'Italy'), ('NO', 'Norway'), ('SE', 'Sweden')",
        "INSERT INTO towns VALUES (1, 'IT', 'Ann', '1871-02-03'), (2, 'IT', 'Bob', '1900-01-01'), (3, 'NO', 'Cy', NULL)",
    )
    path = tmp_path / f"small.{engine}"
    connection = sqlite3.connect(path) if engine == "sqlite" else duckdb.connect(str(path))
    for statement in (*design, *rows):
        connection.execute(statement)
    if isinstance(connection, sqlite3.Connection):
        connection.commit()
    connection.close()
    found = discover(path)
    towns = found.relation("towns")
    assert towns.primary_key == ("c", "zip")
    length = {"sqlite": 80, "duckdb": None}[engine]
    assert [towns["founded"].type, towns["mayor"].type] == [Date(), Text(length)]
    assert [attribute.nullable for attribute in towns.attributes] == [False, False, True, True]
    schema = found.schema()
    assert ForeignKey(("c",), "lands", ("code",)) in schema["towns"].foreign_keys
    assert schema["lands"].keys == (Key(("code",)),)
    assert "beside those declared" in plain(describe(found))


def test_a_declared_reference_that_rows_break_is_not_proposed(shop: Path) -> None:
    found = discover(shop)
    assert found.schema()["orders"].foreign_keys == ()
    assert found.relation('odd "name')["a b"].type == Text(14)  # a datetime, it says

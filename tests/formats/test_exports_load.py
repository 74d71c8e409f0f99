"""Every export of every sample loads: DDL, that of what is read back from each other format, and what libraries make."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pymysql
import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, create_engine, inspect

from dbworkbench.engines.mariadb_client import connecting
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.write import statements
from tests.formats.samples import EVERY
from tests.formats.vendors import drizzle_sql
from tests.scratch import Scratch
from tests.servers import PostgreSQL

DATA = Path(__file__).parents[2] / "sample_data"
TAKEN = {
    "postgresql": ("postgresql", "cockroachdb"),  # which speaks PostgreSQL's SQL
    "mariadb": ("mariadb", "mysql"),
    "sqlite": ("sqlite",),
    "duckdb": (),
    "clickhouse": (),
}
"""The dialects of formats that speak to several, by the engine that is to take what is read back from them."""
NO_TEXT = frozenset({"frames", "svg", "notebook", "sql"})
"""Formats that are no text of a design, or DDL itself."""


@pytest.fixture(scope="module")
def designs() -> dict[str, Schema]:
    return {name: make() for name, make in EVERY.items()}


class Exported(NamedTuple):
    """A design as it is read back, and the dialect that it was written for."""

    schema: Schema
    dialect: str


@pytest.fixture(scope="module")
def exported(designs: Mapping[str, Schema]) -> dict[str, dict[str, Exported]]:
    """By sample, the design itself and what is read back from each format that is written for each database."""
    found: dict[str, dict[str, Exported]] = {}
    for sample, design in designs.items():
        found[sample] = {"itself": Exported(design, "")}
        for name in sorted(set(FORMATS) - NO_TEXT):
            one = FORMATS[name]
            for dialect in one.dialects or ("",) if one.writer and one.reader else ():
                text = write(design, name, dialect=dialect or None).text
                back = read(text, name, dialect or None).schema
                found[sample][f"{name} {dialect}".strip()] = Exported(back, dialect)
    return found


def test_no_sample_is_left_out() -> None:
    covered = {name.split(" in ")[0] for name in EVERY} | {"deliveries.csv"}
    queries = {"sales.sql", "lines.sql", "tpch.sql"}
    assert {path.name for path in DATA.iterdir()} == covered | queries | {"README.md"}


@pytest.mark.parametrize("engine", [*TAKEN])
def test_ddl_of_every_sample_and_of_every_format_of_it_loads(
    engine: str, exported: Mapping[str, Mapping[str, Exported]], scratch: Scratch
) -> None:
    loaded: set[tuple[str, ...]] = set()
    for sample, formats in exported.items():
        wanted = {name: one for name, one in formats.items() if not one.dialect or one.dialect in TAKEN[engine]}
        assert len(wanted) > 4
        for name, (design, _) in wanted.items():
            ddl = statements(design, engine)
            made = sum(re.search(r"^CREATE TABLE", one, re.MULTILINE) is not None for one in ddl)
            assert made == len(design) == len(formats["itself"].schema), (sample, name)
            if ddl not in loaded:  # several formats carry all of it
                with scratch(engine) as run:
                    for statement in ddl:
                        run(statement)
            loaded.add(ddl)
    assert len(loaded) >= len(exported)


@pytest.fixture(scope="module", params=["postgresql", "mariadb", "sqlite"])
def database(
    request: pytest.FixtureRequest, postgresql_server: PostgreSQL, mariadb_url: str
) -> Iterator[tuple[str, Engine]]:
    """An empty database of each kind that libraries reach, with its dialect."""
    match request.param:
        case "postgresql":
            server = postgresql_server.connect()
            server.autocommit = True
            server.cursor().execute("CREATE DATABASE exported")
            engine = create_engine(postgresql_server.url("exported"))
        case "mariadb":
            server = pymysql.connect(**connecting(mariadb_url), autocommit=True)
            server.cursor().execute("CREATE DATABASE exported CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin")
            engine = create_engine(urlsplit(mariadb_url)._replace(scheme="mysql+pymysql", path="/exported").geturl())
        case _:
            server, engine = None, create_engine("sqlite://")
    yield request.param, engine
    engine.dispose()
    if server is not None:
        server.cursor().execute("DROP DATABASE exported")
        server.close()


@contextmanager
def emptied(engine: Engine) -> Iterator[Engine]:
    """The database, and nothing left in it."""
    try:
        yield engine
    finally:
        _empty(engine)


def _empty(engine: Engine) -> None:
    with engine.begin() as connection:
        match engine.dialect.name:
            case "postgresql":
                connection.exec_driver_sql("DROP SCHEMA public CASCADE")
                connection.exec_driver_sql("CREATE SCHEMA public")
            case "sqlite":
                for name in inspect(connection).get_table_names():
                    connection.exec_driver_sql(f'DROP TABLE "{name}"')
            case _:
                connection.exec_driver_sql("DROP DATABASE exported")
                connection.exec_driver_sql("CREATE DATABASE exported CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin")
                connection.exec_driver_sql("USE exported")


def executed(name: str, design: Schema, dialect: str) -> dict[str, Any]:
    space: dict[str, Any] = {}
    exec(compile(write(design, name, dialect=dialect).text, "written.py", "exec"), space)  # noqa: S102  ours
    return space


def test_models_and_revisions_of_every_sample_make_their_tables(
    database: tuple[str, Engine], designs: Mapping[str, Schema]
) -> None:
    dialect, engine = database
    for design in designs.values():
        with emptied(engine):
            executed("sqlalchemy", design, dialect)["Base"].metadata.create_all(engine)
            assert set(inspect(engine).get_table_names()) == set(design.names)
        with emptied(engine):
            upgrade = executed("alembic", design, dialect)["upgrade"]
            with engine.begin() as connection, Operations.context(MigrationContext.configure(connection)):
                upgrade()
            assert set(inspect(engine).get_table_names()) == set(design.names)


def test_what_drizzle_generates_of_every_sample_is_taken(
    database: tuple[str, Engine], designs: Mapping[str, Schema], tmp_path: Path
) -> None:
    dialect, engine = database
    spoken = "mysql" if dialect == "mariadb" else dialect
    taken = {
        name for name in designs if dialect != "mariadb" or name != "clinic_dump.sql"
    }  # its patterns are in MySQL's words
    modules = {name: (write(designs[name], "drizzle", dialect=spoken).text, spoken) for name in taken}
    generated = drizzle_sql(modules, tmp_path)
    for name in taken:
        design = designs[name]
        with emptied(engine):
            with engine.begin() as connection:
                for statement in generated[name]:
                    connection.exec_driver_sql(statement.replace("%", "%%") if dialect != "sqlite" else statement)
            assert set(inspect(engine).get_table_names()) == set(design.names)

"""Models and migrations that were written for PostgreSQL, run there by their own libraries: what is found is what was meant."""

import re
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, create_engine, text

from dbworkbench.engines.reflect import reflect
from dbworkbench.formats.carrying import carried
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.write import write
from dbworkbench.schema.notation import schema
from dbworkbench.schema.schema import Schema
from dbworkbench.trials.outline import outline_of, unlike
from tests.formats.samples import RICH, SAMPLES
from tests.formats.vendors import drizzle_sql, migrated
from tests.servers import PostgreSQL

pytestmark = pytest.mark.postgresql
DESIGNS = (*SAMPLES, RICH)


@pytest.fixture
def database(postgresql_server: PostgreSQL) -> Iterator[Engine]:
    """An empty database's engine, which tells what it was asked."""
    connection = postgresql_server.connect()
    connection.autocommit = True
    connection.cursor().execute("DROP DATABASE IF EXISTS written WITH (FORCE)")
    connection.cursor().execute("CREATE DATABASE written")
    engine = create_engine(postgresql_server.url("written"))
    yield engine
    engine.dispose()
    connection.cursor().execute("DROP DATABASE written WITH (FORCE)")
    connection.close()


def _executed(name: str, design: Schema, folder: Path) -> ModuleType:
    file = folder / "written.py"
    file.write_text(write(design, name).text, encoding="utf-8")
    spec = spec_from_file_location("written", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _is_there(name: str, design: Schema, engine: Engine) -> None:
    """Whether the database has what the format carried of the design: relations, keys, references, enumerations, indexes."""
    one = FORMATS[name].fidelity
    assert one is not None
    kept = carried(design, one("postgresql")).schema
    with engine.connect() as connection:
        found = reflect(connection, schemas=("public",)).schema
    assert unlike(outline_of(kept), outline_of(found)) == ()
    assert {(one.name, one.type) for one in found.domains} == {(one.name, one.type) for one in kept.domains}
    for meant, there in ((relation, found[relation.name]) for relation in kept):
        assert {a.name: a.identity is not None for a in there.attributes} == {
            a.name: a.identity is not None for a in meant.attributes
        }
        assert {a.name: bool(a.generated) for a in there.attributes} == {
            a.name: bool(a.generated) for a in meant.attributes
        }
        assert {a.name: a.default is None for a in there.attributes} == {
            a.name: a.default is None for a in meant.attributes
        }
        assert len(there.checks) == len(meant.checks)
        assert len(there.indexes) == len(meant.indexes)
        assert len(there.keys) == len(meant.keys)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_models_make_their_tables(design: Schema, database: Engine, tmp_path: Path) -> None:
    models = _executed("sqlalchemy", design, tmp_path)
    models.Base.metadata.create_all(database)
    _is_there("sqlalchemy", design, database)


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.name)
def test_a_revision_goes_up_and_down_and_up(design: Schema, database: Engine, tmp_path: Path) -> None:
    revision = _executed("alembic", design, tmp_path)
    for step in (revision.upgrade, revision.downgrade, revision.upgrade):
        with database.begin() as connection, Operations.context(MigrationContext.configure(connection)):
            step()
            if step is revision.downgrade:
                left = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                types = "SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace"
                assert [*connection.execute(text(left)), *connection.execute(text(types))] == []
    _is_there("alembic", design, database)


def test_what_drizzle_generates_is_taken(database: Engine, tmp_path: Path) -> None:
    generated = drizzle_sql(
        {design.name: (write(design, "drizzle").text, "postgresql") for design in DESIGNS}, tmp_path
    )
    for design in DESIGNS:
        with database.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
            for statement in generated[design.name]:
                connection.exec_driver_sql(statement)
        _is_there("drizzle", design, database)


def test_what_prisma_migrates_is_taken(database: Engine, tmp_path: Path) -> None:
    designs = (*DESIGNS, schema('t(*id: integer, names: "text[]"?, counts: "integer[]"?)', name="lists"))
    made = migrated(tmp_path, {design.name: write(design, "prisma").text for design in designs})
    assert '"names" TEXT[],' in made["lists"]
    for design in designs:
        with database.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            for statement in filter(None, re.split(r"(?m)^-- \w+$", made[design.name])):  # pg8000 takes one at a time
                connection.exec_driver_sql(statement.replace("%", "%%"))
        _is_there("prisma", design, database)

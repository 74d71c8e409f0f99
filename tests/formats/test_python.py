"""Models in Python, executed as their users would: SQLAlchemy creates and reflects, Alembic goes up and down."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

from dbworkbench.errors import DataError, NotationError
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.schema import Schema
from tests.formats.samples import SAMPLES
from tests.sql.designs import SHOP


def _executed(text: str, path: Path) -> ModuleType:
    path.write_text(text, encoding="utf-8")
    spec = spec_from_file_location(path.stem, path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@contextmanager
def _database() -> Iterator[sa.Connection]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("schema", SAMPLES, ids=lambda schema: schema.name)
def test_sqlalchemy_takes_the_models_and_sqlite_the_tables(schema: Schema, tmp_path: Path) -> None:
    written = write(schema, "sqlalchemy", dialect="sqlite")
    module = _executed(written.text, tmp_path / "models.py")
    statically = read(written.text, "sqlalchemy", dialect="sqlite")
    assert read(module.Base, dialect="sqlite").schema.names == statically.schema.names
    for one, other in zip(read(module.Base, dialect="sqlite").schema, statically.schema, strict=True):
        assert one.attributes == other.attributes
        assert one.keys[:1] == other.keys[:1]
        assert {(key.attributes, key.relation, key.on_delete) for key in one.foreign_keys} == {
            (key.attributes, key.relation, key.on_delete) for key in other.foreign_keys
        }
    with _database() as connection:
        module.Base.metadata.create_all(connection)
        found = sa.inspect(connection)
        assert set(found.get_table_names()) == set(schema.names)
        for relation in schema:
            assert [column["name"] for column in found.get_columns(relation.name)] == list(relation.names)
            quoted = relation.name.replace('"', '""')
            keys = connection.exec_driver_sql(f'PRAGMA foreign_key_list("{quoted}")').fetchall()
            assert len({key[0] for key in keys}) == len(relation.foreign_keys)
            nullable = {column["name"]: column["nullable"] for column in found.get_columns(relation.name)}
            assert nullable == {a.name: a.nullable for a in statically.schema[relation.name].attributes}


@pytest.mark.parametrize("schema", SAMPLES, ids=lambda schema: schema.name)
def test_alembic_creates_and_drops_the_tables(schema: Schema, tmp_path: Path) -> None:
    module = _executed(write(schema, "alembic", dialect="sqlite").text, tmp_path / "revision.py")
    with _database() as connection:
        with Operations.context(MigrationContext.configure(connection)):
            module.upgrade()
            assert set(sa.inspect(connection).get_table_names()) == set(schema.names)
            module.downgrade()
        assert sa.inspect(connection).get_table_names() == []


MODELS = """
import enum
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship, declared_attr
from typing import Annotated, Optional
import sqlalchemy as sa
raise SystemExit("this file must never run")
PREFIX = "app_"
key = Annotated[int, mapped_column(primary_key=True)]
class Base(DeclarativeBase): ...
class Stamped:
    created: Mapped[datetime.datetime] = mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())
class Kind(enum.Enum):
    SMALL = "small"
    LARGE = "large"
class User(Stamped, Base):
    __tablename__ = PREFIX + "users"
    __table_args__ = (sa.UniqueConstraint("email", "name"), sa.Index("by_name", "name", postgresql_where=sa.text("name <> ''")), {"comment": "who"})
    id: Mapped[key]
    email: Mapped[str] = mapped_column("e_mail", sa.String(80), unique=True)
    name: Mapped[Optional[str]]
    kind: Mapped[Kind] = mapped_column(sa.Enum(Kind, values_callable=lambda k: [m.value for m in k]))
    posts: Mapped[list["Post"]] = relationship(back_populates="author")
class Post(Base):
    __tablename__ = "posts"
    id = sa.Column(sa.BigInteger, primary_key=True)
    author_id = sa.Column(sa.ForeignKey(User.id, ondelete="CASCADE"), index=True)
    author = relationship("User")
    score = sa.Column(sa.Numeric(5, 2), sa.CheckConstraint("score >= 0"), nullable=False)
tags = sa.Table("tags", Base.metadata, sa.Column("post_id", sa.ForeignKey("posts.id"), primary_key=True), sa.Column("tag", sa.Text, primary_key=True))
"""


def test_models_are_read_and_never_run() -> None:
    found = read(MODELS)
    assert found.losses == ()
    assert wb_text(found.schema) == (
        "app_users(*id: integer, e_mail: text(80), name: text?, kind: enum('small', 'large'), created: timestamptz = now())\n"
        "    unique e_mail\n    unique e_mail, name\n    index name\n    note 'who'\n\n"
        "posts(*id: bigint, author_id: integer?, score: decimal(5, 2))\n    author_id -> app_users(id) on delete cascade\n"
        "    check (score >= 0)\n    index author_id\n\n"
        "tags(*post_id: bigint, *tag: text)\n    post_id -> posts(id)\n"
    )


def wb_text(schema: Schema) -> str:
    return write(schema, "notation").text


@pytest.mark.parametrize(
    ("text", "error", "says"),
    [
        ("from sqlalchemy import Column\nclass A(Base:\n  pass", NotationError, "line 2"),
        ("import sqlalchemy\nx = " + "(" * 5000, NotationError, "line 2"),
        ("import sqlalchemy\nx = " + "-" * 200_000 + "1", DataError, "deeply|recursion|memory"),
        ("import sqlalchemy\n" + "x" * 5_000_000, DataError, "no file of models"),
        ("import sqlalchemy\n\0", (DataError, NotationError), "null"),
        ("import sqlalchemy", DataError, "no table"),
    ],
)
def test_what_is_no_file_of_models_is_refused(
    text: str, error: type[Exception] | tuple[type[Exception], ...], says: str
) -> None:
    with pytest.raises(error, match=says):
        read(text, "sqlalchemy")


def test_what_sqlite_refuses_of_the_shop_is_refused_by_the_models_too(tmp_path: Path) -> None:
    module = _executed(write(SHOP, "sqlalchemy", dialect="sqlite").text, tmp_path / "models.py")
    with _database() as connection:
        module.Base.metadata.create_all(connection)
        connection.execute(sa.text("INSERT INTO customers VALUES (1, 'a@b', 'A', NULL, 'NL', NULL, 'x')"))
        for wrong in ("(0, 'c@d', 'A', NULL, 'NL', NULL, 'x')", "(2, 'a@b', 'A', NULL, 'NL', NULL, 'x')"):
            with pytest.raises(sa.exc.IntegrityError) as met:
                connection.execute(sa.text(f"INSERT INTO customers VALUES {wrong}"))
            assert isinstance(met.value.orig, sqlite3.IntegrityError)


_DJANGO = """
import json, sys
import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

settings.configure(
    INSTALLED_APPS=["shop"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    SILENCED_SYSTEM_CHECKS=["models.W045"],
)
django.setup()
call_command("check", fail_level="WARNING", verbosity=0)
call_command("makemigrations", "shop", verbosity=0)
call_command("makemigrations", "shop", check=True, dry_run=True, verbosity=0)
call_command("migrate", verbosity=0)
found = {}
with connection.cursor() as cursor:
    for table in connection.introspection.table_names(cursor):
        columns = connection.introspection.get_table_description(cursor, table)
        found[table] = {column.name: bool(column.null_ok) for column in columns}
print(json.dumps(found))
"""


@pytest.mark.parametrize("schema", SAMPLES, ids=lambda schema: schema.name)
def test_django_checks_migrates_and_makes_the_tables(schema: Schema, tmp_path: Path) -> None:
    app = tmp_path / "shop"
    (app / "migrations").mkdir(parents=True)
    (app / "__init__.py").touch()
    (app / "migrations" / "__init__.py").touch()
    (app / "models.py").write_text(write(schema, "django", dialect="sqlite").text, encoding="utf-8")
    said = subprocess.run([sys.executable, "-c", _DJANGO], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr[-3000:]
    made = json.loads(said.stdout.splitlines()[-1])
    expected = read(app / "models.py", dialect="sqlite").schema
    assert {name: columns for name, columns in made.items() if name != "django_migrations"} == {
        relation.name: {attribute.name: attribute.nullable for attribute in relation.attributes}
        for relation in expected
    }
    assert len(expected) == len(schema)

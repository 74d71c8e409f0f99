"""Models in Python: read without being run, and SQLAlchemy creates from what is written what was meant."""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa

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
        "app_users(*id: integer identity, e_mail: text(80), name: text?, kind: enum('small', 'large'), created: timestamptz = now())\n"
        "    unique e_mail\n    unique e_mail, name\n    index name\n    note 'who'\n\n"
        "posts(*id: bigint identity, author_id: integer?, score: decimal(5, 2))\n    author_id -> app_users(id) on delete cascade\n"
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


@pytest.mark.parametrize("collected", [True, False])
@pytest.mark.parametrize("name", ["sqlalchemy", "django"])
def test_garbage_is_collected_after_reading_where_it_was_before(name: str, *, collected: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collected else gc.disable)()
        read(write(SHOP, name).text, name)
        assert gc.isenabled() is collected
        with pytest.raises(NotationError):
            read("class (", name)
        assert gc.isenabled() is collected
    finally:
        (gc.enable if before else gc.disable)()

"""Forms met in whole projects of models, each in the least text that shows it: what was read wrongly, or lost without a word."""

import runpy
from pathlib import Path

import pytest

from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.relation import Identity
from tests.formats.samples import told


def _laid(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def _notation(text: str | Path, form: str) -> str:
    return write(read(text, form).schema, "notation").text


def test_files_that_name_no_library_are_read_for_the_classes_that_they_share(tmp_path: Path) -> None:
    folder = _laid(
        tmp_path,
        {
            "order/abstract_models.py": "from django.db import models\nclass AbstractOrder(models.Model):\n"
            "    number = models.CharField(max_length=9)\n    class Meta:\n        abstract = True\n",
            "order/models.py": "from .abstract_models import *\nif not registered('Order'):\n"
            "    class Order(AbstractOrder):\n        pass\n",
            "kinds/models.py": "from elsewhere import ColorField\nclass BaseKind(Named):\n    color = ColorField()\n"
            "    class Meta:\n        abstract = True\n",
            "kinds/named.py": "from django.db import models\nclass Named(models.Model):\n    name = models.TextField()\n"
            "    class Meta:\n        abstract = True\nclass Kind(BaseKind):\n    pass\n",
            "kinds/forms.py": "class KindForm(Form):\n    pass\n",
        },
    )
    found = read(folder)
    assert {one.name: one.names for one in found.schema} == {
        "kind": ("id", "name", "color"),
        "order_order": ("id", "number"),
    }


def test_a_file_that_is_no_python_here_does_not_take_the_others_along(tmp_path: Path) -> None:
    folder = _laid(
        tmp_path,
        {
            "a/models.py": "from django.db import models\n\nclass A(models.Model):\n    x = models.TextField()\n",
            "b/models.py": "from django.db import models\ntry: x\nexcept E, e: pass\n",
            "c/models.py": "from django.db import models\nclass C(models.Model):\n    a = models.ForeignKey('a.A', models.CASCADE)\n",
        },
    )
    found = read(folder)
    assert found.schema.names == ("a_a", "c_c")
    (said,) = told(found)
    assert f"{folder.name}/b/models.py, line 3: no Python 3." in said
    assert said.endswith("— the file is not read")


def test_users_of_django_have_its_columns() -> None:
    text = (
        "from django.conf import settings\nfrom django.contrib.auth.models import AbstractUser\nfrom django.db import models\n"
        "class Member(AbstractUser):\n    nick = models.CharField(max_length=9)\n"
        "class Note(models.Model):\n    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)\n"
    )
    found = read(text, "django")
    assert set(found.schema["member"].names) == {
        *("id", "password", "last_login", "is_superuser", "username", "first_name", "last_name"),
        *("email", "is_staff", "is_active", "date_joined", "nick"),
    }
    assert {key.relation for key in found.schema["note"].foreign_keys} == {"member"}
    assert found.schema["member_groups"].names == ("id", "member_id", "group_id")


def test_what_a_model_has_from_elsewhere_is_told() -> None:
    text = (
        "from django.db import models\nfrom x import Timed, MovedManyToManyField\n"
        "class A(Timed, models.Model):\n    to = MovedManyToManyField('A')\n"
    )
    found = read(text, "django")
    assert {one.name: one.names for one in found.schema} == {"a": ("id",), "a_to": ("id", "from_a_id", "to_a_id")}
    assert told(found) == ["a: what it has from Timed, which is not here — read without"]


def test_the_model_that_is_managed_has_the_table() -> None:
    text = (
        "from django.db import models\nclass Old(models.Model):\n    log = models.TextField()\n    class Meta:\n"
        "        managed = False\n        db_table = 'job'\n"
        "class Job(models.Model):\n    at = models.DateField()\n"
    )
    found = read(text, "django")
    assert found.schema["job"].names == ("id", "at")
    assert "Old: another model of a table that has one — the one that Django manages is read" in told(found)


def test_names_of_rules_have_the_class_put_in() -> None:
    text = (
        "from django.db import models\nclass Base(models.Model):\n    a = models.IntegerField()\n    class Meta:\n"
        "        abstract = True\n        constraints = [models.UniqueConstraint(fields=['a'], name='%(app_label)s_%(class)s_a')]\n"
        "class One(Base):\n    class Meta(Base.Meta):\n        app_label = 'shop'\n"
    )
    assert [key.name for key in read(text, "django").schema["shop_one"].keys] == ["", "shop_one_a"]


PREAMBLE = "from sqlalchemy import *\nfrom sqlalchemy.orm import *\n"


def test_the_base_of_all_tables_is_none_of_them() -> None:
    text = PREAMBLE + (
        "class Base(DeclarativeBase):\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    @declared_attr.directive\n    def __tablename__(cls):\n        return 't_' + cls.__name__.lower()\n"
        "class FlowRun(Base):\n    a: Mapped[int]\n"
        "class Log(Base):\n    b: Mapped[int]\n"
    )
    assert _notation(text, "sqlalchemy") == (
        "t_flowrun(a: integer, *id: integer identity)\n\nt_log(b: integer, *id: integer identity)\n"
    )
    assert read(text, "sqlalchemy").losses == ()


def test_a_table_name_that_is_beyond_reading_is_told() -> None:
    text = PREAMBLE + (
        "class Base(DeclarativeBase):\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
        "    @declared_attr\n    def __tablename__(cls):\n        return plural(cls.__name__)\nclass FlowRun(Base):\n    a: Mapped[int]\n"
    )
    found = read(text, "sqlalchemy")
    assert found.schema.names == ("flow_run",)
    assert told(found) == ["flow_run: a table whose name is made when it runs — named after its class"]


def test_columns_by_other_names_and_by_functions_are_read() -> None:
    text = (
        "from sqlalchemy import Integer, String as Text_, Column as C, ForeignKey as Ref\n"
        "try:\n    from sqlalchemy.orm import mapped_column\n    _Column = mapped_column\n"
        "except ImportError:\n    from sqlalchemy import Column as _Column\n"
        "def key(name):\n    kind, options = KINDS[name]\n    return C(kind, primary_key=True, **options)\n"
        "def short(length):\n    kind = Text_(length)\n    return _Column(kind, nullable=False)\n"
        "class A(Base):\n    __tablename__ = 'a'\n    id = key('a')\n    name = short(9)\n"
        "class B(Base):\n    __tablename__ = 'b'\n    id = _Column(Integer, Ref('a.id'), primary_key=True)\n"
    )
    found = read(text, "sqlalchemy")
    assert write(found.schema, "notation").text == "a(*id, name: text(9))\n\nb(*id: integer)\n    id -> a(id)\n"
    assert told(found) == [
        "a.id: a type that is made when it runs — read without",
        "a.id: settings that are made when it runs — read without",
    ]


def test_a_column_that_a_class_has_or_not_is_told() -> None:
    text = PREAMBLE + (
        "class Guarded:\n    @declared_attr\n    def code(cls):\n        if cls.guarded:\n            return Column(String)\n"
        "class A(Guarded, Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
    )
    assert told(read(text, "sqlalchemy")) == ["a.code: a column that is made when it runs — not read"]


@pytest.mark.parametrize(("dialect", "indexes"), [("postgresql", 1), ("sqlite", 0)])
def test_rules_for_one_database_are_read_for_it(dialect: str, indexes: int) -> None:
    text = PREAMBLE + (
        "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True)\n"
        "    __table_args__ = (Index('by_id', 'id').ddl_if(dialect='postgresql'),)\n"
    )
    found = read(text, "sqlalchemy", dialect)
    assert len(found.schema["a"].indexes) == indexes
    assert bool(indexes) != ("a: Index by_id: a rule for postgresql alone — not read" in told(found))


def test_drizzle_columns_have_the_usual_arguments_of_functions_and_what_was_begun_before() -> None:
    text = (
        'import { integer, mysqlEnum, mysqlTable } from "drizzle-orm/mysql-core";\n'
        'function at(name = "createdAt") {\n  return integer(name).notNull();\n}\n'
        'const by = (name: string = "made_by", { more = 1 } = {}) => integer(name);\n'
        'const status = mysqlEnum("status", ["new", "done"]);\n'
        'export const t = mysqlTable("t", { first: at(), last: at("savedAt"), by: by(), state: status.notNull().default("new") });\n'
    )
    found = read(text, "drizzle")
    assert write(found.schema, "notation").text == (
        "t(createdAt: integer, savedAt: integer, made_by: integer?, status: enum('new', 'done') = 'new')\n"
    )
    assert found.losses == ()


def test_drizzle_references_that_are_said_twice_are_one() -> None:
    text = (
        'import { foreignKey, integer, pgTable } from "drizzle-orm/pg-core";\n'
        'export const a = pgTable("a", { id: integer("id").primaryKey() });\n'
        'export const b = pgTable("b", { a: integer("a_id").references(() => a.id) }, (t) => [\n'
        '  foreignKey({ columns: [t.a], foreignColumns: [a.id], name: "b_a_id_a_id_fk" })]);\n'
    )
    assert [key.name for key in read(text, "drizzle").schema["b"].foreign_keys] == ["b_a_id_a_id_fk"]


_NAMED_BY_A_MIXIN = """
import datetime
from typing import Annotated
from sqlalchemy import BigInteger, DateTime, ForeignKey, String, func
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

number = Annotated[int, mapped_column(primary_key=True, autoincrement=False)]
short = Annotated[str, 50]

class Base(DeclarativeBase):
    type_annotation_map = {short: String(50), datetime.datetime: DateTime(timezone=True), int: BigInteger}

class Named:
    @declared_attr.directive
    def __tablename__(cls) -> str:
        return cls.__name__.lower()

class Item(Named, Base):
    id: Mapped[number]
    name: Mapped[short]
    parts: Mapped[int | None]
    at: Mapped[datetime.datetime] = mapped_column(onupdate=func.now())

class Special(Item):
    id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True, autoincrement=False)
    extra: Mapped[str | None]
"""


def test_what_annotations_mean_and_tables_that_a_mixin_names_are_as_sqlalchemy_has_them(tmp_path: Path) -> None:
    made = tmp_path / "made.py"
    made.write_text(_NAMED_BY_A_MIXIN, encoding="utf-8")
    found = read(_NAMED_BY_A_MIXIN, "sqlalchemy")
    assert (
        _notation(_NAMED_BY_A_MIXIN, "sqlalchemy")
        == write(read(runpy.run_path(str(made))["Base"].metadata).schema, "notation").text
    )
    assert found.schema.names == ("item", "special")
    assert told(found) == ["item.at: a value that each change gives it — read without"]


def test_numbers_that_django_takes_from_zero_on_have_a_check() -> None:
    text = (
        "from django.db import models\n"
        "class Review(models.Model):\n"
        "    stars = models.PositiveSmallIntegerField(null=True)\n"
        '    seen = models.PositiveBigIntegerField(db_column="seen by")\n'
    )
    found = read(text, "django").schema
    assert [check.expression for check in found["review"].checks] == ['"stars" >= 0', '"seen by" >= 0']
    written = write(found, "django").text
    assert "CheckConstraint" not in written
    assert read(written, "django").schema == found
    assert "models.SmallIntegerField(null=True)" in write(found, "django", dialect="mysql").text


def test_prisma_and_drizzle_speak_to_the_database_that_a_design_is_from() -> None:
    found = read("CREATE TABLE a (id int AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;")
    assert 'provider = "mysql"' in write(found, "prisma").text
    assert "mysqlTable" in write(found, "drizzle").text
    assert 'provider = "sqlite"' in write(found, "prisma", dialect="sqlite").text
    assert 'provider = "postgresql"' in write(found.schema, "prisma").text
    kept = read("CREATE TABLE a (id int PRIMARY KEY); CREATE VIEW v AS SELECT id FROM a;", "mysql").schema
    assert 'provider = "mysql"' in write(kept, "prisma").text


@pytest.mark.parametrize("name", ["sqlalchemy", "alembic", "django"])
def test_texts_of_sql_in_models_are_in_the_words_of_the_database_that_a_design_is_from(name: str) -> None:
    """MySQL takes what stands in double quotes for a text, so that a check in PostgreSQL's words would compare two texts."""
    found = read("CREATE TABLE a (id int PRIMARY KEY, b int, c int, CHECK (b < c)) ENGINE=InnoDB;")
    assert "`b` < `c`" in write(found, name).text
    assert '"b" < "c"' in write(found.schema, name).text
    assert '"b" < "c"' in write(found, name, dialect="postgresql").text
    if name != "alembic":
        again = read(write(found, name).text, name).schema
        assert [check.expression for check in again["a"].checks] == ['"b" < "c"']


def test_lists_of_prisma_are_arrays_that_take_null() -> None:
    text = (
        'datasource db {\n  provider = "postgresql"\n}\n\nenum Role {\n  a\n}\n\n'
        "model T {\n  id Int @id\n  names String[]\n  at DateTime[]\n  roles Role[]\n}\n"
    )
    found = read(text, "prisma")
    said = write(found.schema, "notation").text
    assert said == "T(*id: integer, names: text[]?, at: timestamp[]?, roles: Role[]?)\n"
    written = write(found.schema, "prisma").text
    assert "names String[]" in written
    assert read(written, "prisma").schema["T"] == found.schema["T"]


def test_a_check_of_sqlalchemy_has_its_name_by_its_place_and_the_name_of_a_sequence_is_told() -> None:
    text = (
        "from sqlalchemy import CheckConstraint, Column, Integer, MetaData, Sequence, Table\n"
        'Table("t", MetaData(), Column("id", Integer, Sequence("ids", start=5), primary_key=True),\n'
        '    Column("n", Integer, CheckConstraint("n < 9", "few")), CheckConstraint("n > 0", "some"))\n'
    )
    found = read(text, "sqlalchemy")
    assert sorted(check.name for check in found.schema["t"].checks) == ["few", "some"]
    assert found.schema["t"]["id"].identity == Identity(start=5)
    assert told(found) == ["t.id: the name of its sequence, ids — numbered without"]

"""Forms met in public files, in the least text that shows each: what a reader made of them before it knew them was wrong."""

from pathlib import Path

import pytest

import dbworkbench as wb
from dbworkbench.errors import DataError, NotationError
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.relation import Attribute, Generated, Identity, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Integer, Text
from tests.formats.samples import RICH, told


def _notation(text: str, form: str) -> str:
    return write(read(text, form).schema, "notation").text


def _referring(text: str) -> dict[str, list[tuple[str, str]]]:
    found = read(text, "mermaid").schema
    return {one.name: [(key.attributes[0], key.relation) for key in one.foreign_keys] for one in found}


def test_mermaid_takes_every_sign_on_either_side() -> None:
    found = _referring(
        "erDiagram\n a { int id PK }\n b { int id PK\n int aId FK }\n c { int id PK\n int aId FK }\n d { int id PK\n int a_id FK}\n"
        ' a o|--o{ b : ""\n a ||--}o c : ""\n a:::big one to zero or more d:::small : ""\n'
    )
    assert found == {"a": [], "b": [("aId", "a")], "c": [("aId", "a")], "d": [("a_id", "a")]}


def test_mermaid_reads_every_diagram_of_a_page() -> None:
    page = (
        "# One\n```mermaid\nerDiagram\n a { int id PK }\n a ||--o{ b : has\n```\n"
        "# Two\n```mermaid\nerDiagram\n accDescr {\n who has what\n }\n b { int id PK\n int a_id FK\n }\n b { text kind }\n a { text memo }\n```\n"
    )
    assert _notation(page, "mermaid") == (
        "a(*id: integer, memo: text)\n\nb(*id: integer, a_id: integer, kind: text)\n    a_id -> a(id)\n"
    )


def test_mermaid_refers_by_the_label_and_by_the_only_mark_left() -> None:
    text = """erDiagram
        USERS { int id PK }
        CATEGORIES { int id PK }
        post { int id PK
            int userId FK
            int lastEditorId FK
            int category_id FK }
        vote { int id PK
            int who FK }
        USERS ||--o{ post : "lastEditor"
        USERS ||--o{ post : "user"
        USERS ||--o{ post : "wrote"
        CATEGORIES ||--o{ post : ""
        USERS ||--o{ vote : "casts"
    """
    assert _referring(text) == {
        "USERS": [],
        "CATEGORIES": [],
        "post": [("lastEditorId", "USERS"), ("userId", "USERS"), ("category_id", "CATEGORIES")],
        "vote": [("who", "USERS")],
    }
    assert [str(loss) for loss in read(text, "mermaid").losses] == [
        "post: the reference to USERS, line 12: a second reference of userId — the first is read",
        "vote: the reference to USERS, line 14: its attribute is not said — read as who, the only one left that is marked FK",
    ]


def test_mermaid_is_read_where_names_come_before_types() -> None:
    found = read("erDiagram\n a {\n person_id integer\n born date\n }", "mermaid")
    assert found.schema["a"].names == ("person_id", "born")
    assert [loss.feature for loss in found.losses] == ["types after names"]
    named = read("erDiagram\n a {\n a_id integer\n name varchar\n }\n b {\n int id\n date date\n }", "mermaid")
    assert [one.names for one in named.schema] == [("a_id", "name"), ("id", "date")]
    assert [str(loss) for loss in named.losses] == ["a: types after names — read the other way round"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ('"title": "Shop"', "Shop"),
        ('"$id": "https://example.org/shop.schema.json"', "shop"),
        ('"$id": "https://example.org/shop/"', "shop"),
        ('"title": " ", "id": "a/#"', "a"),
        ('"title": "/", "$id": "/"', "data"),
        ('"title": "Item", "definitions": {"Item": {"properties": {"b": {}}}}', "Item_"),
    ],
)
def test_a_json_schema_has_a_name_whatever_it_is_called(said: str, name: str) -> None:
    found = read(f'{{"properties": {{"a": {{}}}}, {said}}}', "json_schema")
    assert found.schema.names[-1] == name
    assert found.schema[name].names == ("a",)


def test_prose_without_a_diagram_is_no_design(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text("Use an `erDiagram`, and don't forget:\n\nselect(a, b)\n", encoding="utf-8")
    with pytest.raises(DataError, match="no erDiagram in it"):
        wb.read(page)


def test_drizzle_goes_by_what_was_imported() -> None:
    text = (
        'import { pgTable as table, integer as int, pgEnum as oneOf } from "drizzle-orm/pg-core";\n'
        "const make = table;\n"
        'const kind = oneOf("kind", ["a", "b"]);\n'
        "const log = (it) => `export ${it.map((one) => `${one}`).join()}`;\n"
        'export const a = table("a", { id: int("id").primaryKey() });\n'
        'export const b = make("b", { id: int("id").primaryKey(), kind: kind("kind").notNull() });\n'
    )
    assert read(text).schema.names == ("a", "b")
    assert read(text).schema["b"]["kind"].nullable is False


def test_models_in_blocks_and_functions_are_read() -> None:
    django = (
        "import warnings\nfrom django.db import models\n"
        "with warnings.catch_warnings():\n    class Question(models.Model):\n        text = models.TextField()\n"
        "class Choice(models.Model):\n    question = models.ForeignKey(Question, models.CASCADE)\n"
    )
    assert read(django, "django").losses == ()
    tables = "from sqlalchemy import *\ndef setup(metadata):\n    t = Table('t', metadata, Column('id', Integer, primary_key=True))\n"
    assert read(tables, "sqlalchemy").schema.names == ("t",)


def test_a_model_whose_name_or_types_are_made_elsewhere_is_read_and_said() -> None:
    text = (
        "from sqlalchemy.orm import *\nfrom elsewhere import config, bool_false\n"
        "class UserLogin(Base):\n    __tablename__ = config('TABLE')\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n    active: Mapped[bool_false]\n"
        "    owner: Mapped['Owner | None'] = relationship()\n"
    )
    found = read(text, "sqlalchemy")
    assert found.schema["user_login"].names == ("id", "active")
    assert told(found) == [
        "user_login: a table whose name is made when it runs — named after its class",
        "user_login.active: the type bool_false — read without",
    ]


def test_what_was_met_is_told_where_no_table_is_left() -> None:
    with pytest.raises(DataError, match="there is no table in it — o: a group of tables"):
        read("TableGroup o {\n a\n}", "dbml")
    with pytest.raises(NotationError, match=r"line 3, column 8: no Python 3\.\d+"):
        read("from django.db import models\ntry: x\nexcept E, e: pass", "django")


def test_a_reference_named_by_a_word_of_python_is_written() -> None:
    design = wb.schema("room(*id: integer)", "pupil(*id: integer, class_id: integer -> room)")
    assert read(write(design, "django").text, "django").schema["pupil"].names == ("id", "class_id")


ENUMERATED = {
    "prisma": 'model T {\n  id Int @id\n  role UserRole\n}\n\nenum UserRole {\n  a\n  b\n  @@map("user_role")\n}\n\nenum lone {\n  x\n}',
    "dbml": "Enum user_role {\n a\n b\n}\nEnum lone {\n x\n}\nTable T {\n id int [pk]\n role user_role [not null]\n}",
    "drizzle": (
        'import { pgEnum, pgTable, integer } from "drizzle-orm/pg-core";\n'
        'const role = pgEnum("user_role", ["a", "b"]);\nconst lone = pgEnum("lone", ["x"]);\n'
        'export const T = pgTable("T", { id: integer().primaryKey(), role: role().notNull() });'
    ),
    "sqlalchemy": (
        "import enum\nfrom sqlalchemy import *\nclass User_Role(enum.Enum):\n    a = 1\n    b = 2\n"
        "class T(Base):\n    __tablename__ = 'T'\n    id = Column(Integer, primary_key=True)\n"
        "    role = Column(Enum(User_Role), nullable=False)\n    other: Mapped['User_Role | None']\n    said = Column(Enum('x', name='lone'))\n"
    ),
}


@pytest.mark.parametrize("name", ENUMERATED)
def test_enumerations_keep_their_names(name: str) -> None:
    found = read(ENUMERATED[name], name)
    assert found.losses == ()
    assert {one.name: one.type for one in found.schema.domains} == {
        "user_role": Enumeration(("a", "b")),
        "lone": Enumeration(("x",)),
    }
    role = found.schema["T"]["role"]
    assert role.domain is not None
    assert (role.domain.name, role.nullable) == ("user_role", False)
    written = write(found.schema, name)
    assert written.losses == ()
    assert read(written.text, name).schema == found.schema


@pytest.mark.parametrize("name", ENUMERATED)
def test_values_without_a_name_are_given_one_and_said(name: str) -> None:
    design = wb.schema("T(*id: integer, role: enum('a', 'b'), as_well: enum('a', 'b'))")
    written = write(design, name)
    assert told(written) == [
        "T.role: values without a name — named T_role",
        "T.as_well: values without a name — named T_role",
    ]
    assert [one.name for one in read(written.text, name).schema.domains] == ["T_role"]


def test_two_enumerations_of_one_name_are_told() -> None:
    text = ENUMERATED["dbml"].replace("Enum lone", "Enum user_role")
    assert "user_role: a second enumeration of this name, x — read without its name" in map(
        str, read(text, "dbml").losses
    )


def test_a_key_that_has_a_name_is_not_numbered_by_the_way() -> None:
    design = Schema((Relation("t", (Attribute("id", Integer(32)),), (Key(("id",), "t_key"),)),))
    text = write(design, "sqlalchemy").text
    assert "id: Mapped[int] = mapped_column(Integer(), autoincrement=False)" in text
    assert read(text, "sqlalchemy").schema == design


def test_what_is_computed_is_in_the_quotes_of_its_database() -> None:
    computed = Attribute("shout", Text(), nullable=True, generated=Generated('upper("a b")', stored=True))
    design = Schema(
        (Relation("t", (Attribute("id", Integer(32)), Attribute("a b", Text()), computed), (Key(("id",)),)),)
    )
    for name in ("drizzle", "sqlalchemy", "alembic", "django"):
        assert "`a b`" in write(design, name, dialect="mysql").text.replace("\\`", "`"), name


def test_drizzle_means_the_columns_of_the_table_that_the_words_stand_in() -> None:
    text = """import { sql } from "drizzle-orm"; import { check, integer, pgTable } from "drizzle-orm/pg-core";
        const one = pgTable("one", { amount: integer("one_amount") });
        const two = pgTable("two", { amount: integer("two_amount") }, (t) => [check("more", sql`${t.amount} > 0`)]);"""
    assert [check.expression for check in read(text, "drizzle").schema["two"].checks] == ['"two_amount" > 0']


def test_a_primary_key_that_can_be_put_off_is_told_by_django() -> None:
    key = Key(("id",), deferrable="deferred")
    design = Schema((Relation("t", (Attribute("id", Integer(32)),), (key,)),))
    assert "t: the key (id): it can be put off — looked at once" in map(str, write(design, "django").losses)


def test_a_dictionary_tells_everything() -> None:
    said = write(RICH, "markdown")
    assert said.losses == ()
    for words in (
        *(
            "computed as lower(name), stored",
            "always numbered",
            "can be put off, and is deferred",
            "Index on name using hash",
        ),
        *("Index on day desc, room", "Index on (lower(guest))", "Check: hours > 0"),
    ):
        assert words in said.text
    laid = read(
        "create domain pos as int check (value > 0); create view v as select 1;"
        "create table t (id int, p pos, d date not null) partition by range (d);"
        "create table t1 partition of t for values from ('2020-01-01') to ('2021-01-01');"
        "alter table t add exclude using gist (p with =)",
        "postgresql",
    ).schema
    text = write(laid, "markdown").text
    for words in ("| pos: integer |", "value > 0", "## view v", "Partitioned by range of d", "Exclusion on p with ="):
        assert words in text


def test_what_prisma_has_beside_tables_and_numbers_is_told() -> None:
    text = (
        'datasource db {\n  provider = "cockroachdb"\n  extensions = [citext, postgis(version: "3")]\n}\n'
        "type Address {\n  street String\n}\n"
        "model Shop {\n  id Int @id @default(sequence(start: 10, increment: -2, cache: 5))\n  mail String @db.Citext\n}\n"
    )
    found = read(text, "prisma")
    assert found.schema["Shop"]["id"].identity == Identity(start=10, increment=-2)
    assert [str(loss) for loss in found.losses] == [
        "the database: its extensions citext, postgis — not read",
        "Address: a composite type — not read",
        "Shop.id: cache of its numbers — read without",
        "Shop.mail: case tells none of its texts apart — not read",
    ]


def test_what_drizzle_has_beside_tables_is_told() -> None:
    text = (
        'import { customType, integer, pgMaterializedView, pgRole, pgSequence, pgTable } from "drizzle-orm/pg-core";\n'
        'const ci = customType<{ data: string }>({ dataType() { return "citext"; } });\n'
        'export const numbers = pgSequence("numbers", { startWith: 100 });\n'
        'export const role = pgRole("reader").existing();\n'
        'export const shops = pgTable("shops", { id: integer("id").primaryKey(), mail: ci("mail") }).enableRLS();\n'
        'export const seen = pgMaterializedView("seen").as((qb) => qb.select().from(shops));\n'
    )
    found = read(text, "drizzle")
    assert found.schema.names == ("shops",)
    assert [str(loss) for loss in found.losses] == [
        "numbers: a sequence — not read",
        "reader: a role — not read",
        "seen: a materialized view — not read",
        "shops: row-level security — not read",
        "shops.mail: case tells none of its texts apart — not read",
    ]

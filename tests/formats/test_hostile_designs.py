"""Designs that are meant to break a writer: whatever words stand in them, what is written is a text, and nothing of it is run."""

import ast
from collections.abc import Iterable

import pytest

import dbworkbench as wb
from dbworkbench.formats.carrying import carried
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.definition import Definition
from dbworkbench.schema.relation import Attribute, Check, Domain, ForeignKey, Generated, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Integer, Text
from tests.formats.test_laws import untold

SIGNS = (
    *(
        "a\ud800b",
        "\udc00",
        "a\0b",
        "\0",
        "\x01",
        "\x1b[31m",
        "\x7f\x85",
        "\u202egpj\u202c",
        "\u2028",
        "\u2029",
        "\ufeff",
    ),
    *(
        "\uffff",
        "\U0001ffff",
        "\r",
        "a\r\nb",
        "\t",
        " ",
        " a ",
        "'",
        '"',
        "`",
        "\\",
        "\\'",
        "]]",
        "e\u0301",
        "😀",
        "x" * 300,
    ),
)
CODE = (
    *(
        "'''\n__import__('os').evil()\n'''",
        '"""\nimport evil\n"""',
        "'); evil(); ('",
        '"); evil(); ("',
        "`); evil(); sql(`",
    ),
    *(
        "${evil()}",
        "`${evil()}`",
        "{evil()}",
        "# evil",
        "// evil",
        "*/ evil()",
        "];evil();[",
        "\\N{BULLET}",
        "\\u0041",
        "%s",
    ),
    *(
        "}\nmodel Evil {\n  id Int @id\n}\n",
        "}\nTable evil {\n  id int\n}\n",
        "\n@enduml\n!include evil",
        "<script>evil()</script>",
    ),
    *(
        "%%{init: {}}%%",
        "a %% b",
        "; DROP TABLE t; --",
        "x; may be null",
        "may be null",
        "=evil()",
        "|a|",
        "$$",
        ":x",
        "?",
    ),
)
NAMES = (
    *(
        "__proto__",
        "constructor",
        "toString",
        "then",
        "class",
        "None",
        "match",
        "type",
        "_",
        "__",
        "__init__",
        "__table__",
    ),
    *(
        "__tablename__",
        "metadata",
        "registry",
        "objects",
        "pk",
        "Meta",
        "check",
        "save",
        "Model",
        "model",
        "models",
        "enum",
    ),
    *(
        "datasource",
        "generator",
        "String",
        "Json",
        "Unsupported",
        "this",
        "null",
        "await",
        "static",
        "eval",
        "arguments",
        "self",
    ),
    *(
        "print",
        "sa",
        "op",
        "Base",
        "mapped_column",
        "text",
        "func",
        "datetime",
        "uuid",
        "Now",
        "RawSQL",
        "NativeField",
        "sql",
    ),
    *(
        "Table",
        "Ref",
        "Note",
        "Project",
        "indexes",
        "erDiagram",
        "PK",
        "fk",
        "classDef",
        "title",
        "ﬁ",
        "K",
        "Ⅳ",
        "1a",
        "$ref",
    ),
)
WRITTEN = [name for name in FORMATS if FORMATS[name].writer and name != "sql"]
PYTHON = ("alembic", "django", "sqlalchemy")


def said_by(word: str) -> Relation:
    """A relation in which a word stands wherever one can."""
    quoted, literal = '"' + word.replace('"', '""') + '"', "'" + word.replace("'", "''") + "'"
    return Relation(
        word,
        (
            Attribute(word, Integer(), note=word),
            Attribute("b2", Text(20), nullable=True, default=literal, note=f"b2; {word}", collation=word),
            Attribute("c3", Enumeration((word, "other one")), nullable=True, default=literal),
            Attribute("d4", nullable=True, domain=Domain(f"{word}.", Enumeration((f"{word}.", "x")), note=word)),
            Attribute("e5", Text(), nullable=True, generated=Generated(f"b2 || {literal}", stored=True)),
        ),
        keys=(Key((word,)), Key(("b2",), f"{word}!")),
        foreign_keys=(ForeignKey((word,), word, (word,), name=f"{word}?"),),
        checks=(Check(f"{quoted} > 0", f"{word}&"), Check(f"b2 <> {literal}")),
        indexes=(Index((word, "b2"), name=word, where=f"b2 <> {literal}"),),
        note=word,
    )


def design(words: Iterable[str]) -> Schema:
    relations = tuple(map(said_by, words))
    views = tuple(
        Definition("view", f"{one.name}v", f"CREATE VIEW v AS SELECT '{one.name}'", "mysql") for one in relations
    )
    return Schema(relations, relations[0].name, relations[-1].name, definitions=views)


CALLED = {
    "alembic": {
        "create_table",
        "create_index",
        "create_foreign_key",
        "drop_table",
        "drop_index",
        "execute",
        "create",
        "drop",
        "get_bind",
        "text",
    },
    "django": {"NativeField", "Q", "F", "Now", "RawSQL", "super", "deconstruct", "__init__"},
    "sqlalchemy": {"mapped_column", "super", "text", "now"},
}
"""The functions and methods that a file calls beside those whose names begin with a capital."""


@pytest.mark.parametrize("words", [SIGNS, CODE, NAMES], ids=["signs", "code", "names"])
@pytest.mark.parametrize("name", WRITTEN)
def test_whatever_words_stand_in_a_design_a_text_is_written(name: str, words: tuple[str, ...]) -> None:
    given = design(words)
    one = FORMATS[name]
    dialect = one.dialects[0] if one.dialects else ""
    written = write(given, name, dialect=dialect or None)
    assert written.text.encode("utf-8")  # no half of a character
    assert "\0" not in written.text
    if one.reader and one.fidelity:
        found = read(written.text, name)
        assert found.losses == ()
        assert len(found.schema) == len(given)
        if name != "mermaid":  # which lists keys first, and has other names for what has odd ones
            assert untold(given, found.schema, written.losses) == []
        if name not in {"json", "mermaid"}:
            kept = carried(given, one.fidelity(dialect)).schema
            assert [found.schema[relation.name].names for relation in kept] == [relation.names for relation in kept]
    if name in PYTHON:
        tree = ast.parse(written.text)
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        called = {ast.unparse(node).rpartition(".")[2] for node in calls}
        capital = {word for word in called if word[:1].isupper()}
        assert called - capital <= CALLED[name] | {"ARRAY"}
        modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert {str(module).partition(".")[0] for module in modules} <= {"alembic", "django", "sqlalchemy", "typing"}
        loose = [node for node in ast.walk(tree) if isinstance(node, ast.Expr)]
        assert all(isinstance(node.value, ast.Constant | ast.Call) for node in loose)


def test_a_name_of_a_megabyte_is_written_or_refused_at_once() -> None:
    given = Schema((Relation("x" * 1_000_000, (Attribute("y" * 1_000_000, Integer()),)),))
    for name in WRITTEN:
        assert len(write(given, name).text) < 20_000_000


@pytest.mark.parametrize(
    ("name", "note", "null"),
    [
        *(
            ("order_id", note, null)
            for note in ("order id", "order_id", "order_id; x", "order-id; x")
            for null in (True, False)
        ),
        *(("x_", note, False) for note in ("x", "x; y", "x; may be null", "; y", "50 %% of it", "a; b")),
        *(("_", note, True) for note in ("%", "may be null", "may be null; y")),
    ],
)
def test_mermaid_takes_no_note_for_a_name(name: str, note: str, null: bool) -> None:  # noqa: FBT001  a case
    given = Relation(
        "t", (Attribute("id", Integer()), Attribute(name, Integer(), null, note=note)), keys=(Key(("id",)),)
    )
    written = write(given, "mermaid")
    assert written.losses == ()
    assert read(written.text, "mermaid").schema["t"][name] == given[name]


def test_mermaid_obeys_nothing_in_a_note() -> None:
    """A directive is obeyed wherever it stands, within quotes, too."""
    given = Relation("t", (Attribute("a", Integer(), note="%%{init: {'theme': 'forest'}}%%"),), keys=(Key(("a",)),))
    written = write(given, "mermaid")
    assert "%%{" not in written.text
    assert [loss.feature for loss in written.losses] == ["signs in its note"]


def test_a_dictionary_in_csv_shows_signs_without_a_shape_and_says_so() -> None:
    given = Relation("t", (Attribute("a\ud800", Integer(), note="\x1b[31m red\0"),), keys=(Key(("a\ud800",)),))
    written = write(given, "csv")
    assert written.text.splitlines()[1] == "t,a\ufffd,integer,no,,PK,,␛[31m red␀"
    told = [loss.feature for loss in written.losses]
    assert told == ["signs in the cell of 'attribute'", "signs in the cell of 'note'"]


def test_what_is_escaped_in_a_template_is_no_part_of_a_program() -> None:
    said = "import { sqliteTable, text, check } from 'drizzle-orm/sqlite-core';\nconst t = sqliteTable('t', { a: text() }, "
    found = read(said + "(t) => [check('c', sql`${t.a} <> '\\${x}'`), check('d', sql`${t.a} <> '${x}'`)]);", "drizzle")
    assert [(check.name, check.expression) for check in found.schema["t"].checks] == [("c", "\"a\" <> '${x}'")]
    assert [loss.feature for loss in found.losses if "not read" in loss.instead] != []


def test_a_model_of_django_may_be_called_model() -> None:
    models = """from django.db import models
class Model(models.Model):
    name = models.TextField()
class Car(models.Model):
    of = models.ForeignKey(Model, models.CASCADE)
class Special(Model):
    why = models.TextField()
"""
    found = read(models, "django").schema
    assert [(one.name, one.names) for one in found] == [
        ("model", ("id", "name")),
        ("car", ("id", "of_id")),
        ("special", ("model_ptr_id", "why")),
    ]
    assert found["car"].foreign_keys[0].relation == "model"


def test_a_column_called_as_what_columns_are_made_with_stands_in_nothings_place() -> None:
    given = wb.schema(
        "t(*id: integer, text: text = 'a', func: timestamp = now(), mapped_column: text, uuid: uuid, other: uuid, "
        "decimal: decimal(5, 2), amount: decimal(5, 2), datetime: timestamp, at: timestamp = now(), Text: text, more: text, "
        "Now: timestamp = now(), last: timestamp = now())"
    )
    for name in ("sqlalchemy", "django"):
        for verified in wb.verify(given, name, dialect="sqlite"), wb.verify(given, "alembic", dialect="sqlite"):
            assert verified, str(verified)
        assert read(write(given, name).text, name).schema["t"].names == given["t"].names

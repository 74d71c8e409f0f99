"""Texts that are meant to break a reader: each is refused with its place, at once; nothing of them is run."""

import codecs
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from unicodedata import normalize

import pytest

import dbworkbench as wb
from dbworkbench.errors import DataError, DesignError, NotationError, WorkbenchError
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from dbworkbench.schema.types import Boolean, Json, Text, Type, Unknown
from tests.formats.samples import RICH, told

READ = [name for name in FORMATS if FORMATS[name].reader and FORMATS[name].marks and name not in {"sql", "notation"}]

HEADS = {
    "svg": "<svg><metadata>",
    "notebook": '{"cells": [',
    "json": '{"dbworkbench": 1, "is": "Schema", "value": ',
    "json_schema": '{"$defs": ',
    "mermaid": "erDiagram\n a {\n",
    "prisma": "model a {\n id Int @id @default(",
    "drizzle": 'import "drizzle-orm";\nexport const a = pgTable("a", {',
    "dbml": "Table a {\n id int [note: ",
    "django": "from django.db import models\nx = ",
    "sqlalchemy": "import sqlalchemy\nx = ",
}


@pytest.mark.parametrize("name", READ)
@pytest.mark.parametrize(
    "tail",
    [
        "",
        "(" * 100_000,
        "[" * 100_000,
        "{" * 100_000,
        "'" + "x" * 1_000_000,
        '"' + "\\" * 999_999,
        "`" + "${" * 50_000,
        "a.b," * 200_000,
        "/*" * 50_000,
        "\0\ud800" * 1000,
        "((((a" * 20_000 + ")]}" * 20_000,
        "<" * 50_000,
        "-" * 50_000,
    ],
    ids=lambda tail: f"{tail[:3]!r} {len(tail)}",
)
def test_hostile_texts_are_refused_at_once(name: str, tail: str) -> None:
    began = time.process_time()
    with pytest.raises(WorkbenchError) as met:
        read(HEADS[name] + tail, name)
    assert len(str(met.value)) < 2000
    assert time.process_time() - began < 10  # a guard against what never ends, not a measure of speed


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("dbml", "Table a {\n  id int\n  b\n}", "line 4, column 1: the type of 'b' was expected"),
        ("dbml", "Table a {\n  id int [pk\n}", "line 3, column 1: ',' or ']' was expected"),
        ("dbml", "Table a {\n id int\n}\nTabel b {", "line 4, column 1: 'Tabel' begins no element of DBML"),
        ("dbml", "Table a {\n id int [note: 'x]\n}", "line 2, column 16: this text is never closed"),
        ("dbml", "Ref: a.b ! c.d", "line 1, column 10: one of > < - <> was expected"),
        ("prisma", "model A {\n id Int @id\n b Nope\n}", "line 3, column 2: there is no type or model called 'Nope'"),
        ("prisma", "model A {\n id Int @id\n @@index([x])\n}", "line 3, column 11: 'A' has no field 'x'"),
        ("prisma", "model A {\n id Int @id", "line 2, column 12"),
        ("drizzle", 'const a = pgTable("a", { id: integer( })', "line 1, column 39: a value was expected"),
        ("mermaid", "erDiagram\n  a ||--o{ ", "line 2, column 1: a relationship such as"),
        ("mermaid", "erDiagram\n a {\n  int\n }", "line 3, column 1: an attribute of 'a' was expected"),
        ("mermaid", "erDiagram\n a {\n  int id", "the attributes of 'a' are never closed"),
        ("json_schema", '{"$defs": {\n "a": }}', "line 2, column 7: no JSON"),
    ],
)
def test_mistakes_are_told_with_their_place(name: str, text: str, says: str) -> None:
    with pytest.raises(NotationError) as met:
        read(text, name)
    assert says in str(met.value)


PLAIN = {
    "json_schema": '{\n "$schema": "https://json-schema.org/draft/2020-12/schema",\n "$defs": {"a": {"properties": {"id": {"type": "integer"}, "b": {"type": "string"}}, "required": ["id"]}}\n}\n',
    "mermaid": "erDiagram\n %% who\n a {\n  int id PK\n  text b\n }\n",
    "prisma": "// who\nmodel a {\n  id Int @id\n  b String\n}\n",
    "drizzle": 'import { pgTable, integer, text } from "drizzle-orm/pg-core";\n// who\nexport const a = pgTable("a", {\n  id: integer().primaryKey(),\n  b: text(),\n});\n',
    "dbml": "// who\nTable a {\n  id int [pk]\n  b text\n}\n",
    "django": 'from django.db import models\n# who\nclass A(models.Model):\n    id = models.IntegerField(primary_key=True)\n    b = models.TextField()\n    class Meta:\n        db_table = "a"\n',
    "sqlalchemy": 'from sqlalchemy import *\n# who\nclass A(Base):\n    __tablename__ = "a"\n    id = Column(Integer, primary_key=True)\n    b = Column(Text)\n',
    "notation": "# who\na(*id: integer, b: text)\n",
    "json": write(wb.schema("a(*id: integer, b: text)"), "json").text,
}


def _names(name: str, given: object) -> dict[str, tuple[str, ...]]:
    return {relation.name: relation.names for relation in read(given, name).schema}


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize(
    "given",
    [
        lambda text: text,
        lambda text: "\ufeff" + text,
        lambda text: codecs.BOM_UTF8 + text.encode(),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", "\r", 1).replace("\n", "\r\n", 1),
        lambda text: text + "\n" * 1000,
    ],
    ids=[
        "plain",
        "mark",
        "mark in bytes",
        "UTF-16",
        "UTF-16 without a mark",
        "CRLF",
        "lone CR",
        "mixed",
        "empty lines",
    ],
)
def test_the_same_is_read_however_lines_end_and_signs_are_kept(name: str, given: Callable[[str], object]) -> None:
    assert _names(name, given(PLAIN[name])) == {"a": ("id", "b")}


@pytest.mark.parametrize("name", PLAIN)
def test_letters_of_windows_are_read_and_said(name: str) -> None:
    """No UTF-8: a name in Windows' Latin letters is read, and the place is told."""
    text = re.sub(r"(?<![\w#])b(?=\b)", "größe", PLAIN[name])
    found = read(text.encode("latin-1"), name)
    assert found.schema["a"].names == ("id", "größe")
    assert "no UTF-8" in found.losses[0].feature


@pytest.mark.parametrize(
    ("name", "own"),
    [
        *((name, own) for name in PLAIN for own in ("größe", "名前", "שלום", "\U0001d4b3")),
        *(("json_schema", own) for own in ("\U0001f600", "a\u202eb\u202c", "e\u0301", "a\u200db", "")),
        *(("mermaid", own) for own in ("\U0001f600", "a\u202eb\u202c", "e\u0301", "a\u200db")),
    ],
)
def test_names_in_any_letters_are_read_as_they_are_or_refused(name: str, own: str) -> None:
    text = re.sub(r"(?<![\w#])b(?=\b)", own, PLAIN[name])
    try:
        assert _names(name, text)["a"] == ("id", normalize("NFKC", own) if name in {"django", "sqlalchemy"} else own)
    except DesignError as met:
        assert not own, met  # noqa: PT017  only the name without signs is refused


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("text", ["", " \n\t \r\n ", "\ufeff", b"", b"\xef\xbb\xbf"], ids=repr)
def test_nothing_is_no_design(name: str, text: str) -> None:
    with pytest.raises(DataError, match="is empty"):
        read(text, name)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("other", PLAIN)
def test_a_text_of_another_format_is_refused_and_the_right_one_said(name: str, other: str) -> None:
    if name == other:
        return
    with pytest.raises((NotationError, DataError)) as met:
        read(PLAIN[other], name)
    if FORMATS[name].marks and other not in {"notation", "json"}:
        assert f"format={other!r}" in str(met.value)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("mermaid", "erDiagram\n a {\n int i\0d\n}", "line 3, column 7: a null byte"),
        ("django", "from django.db import models\nx = '\0'", "line 2, column 6: a null byte"),
        ("sqlalchemy", "import sqlalchemy\nx = '\ud800'", "line 2, column 6: half a character"),
        ("prisma", "model a {\r id Int @id\r b\0 String\r}", "line 3, column 3"),
        ("dbml", "Table a {\r id int\r}\r/* never", "line 4, column 1: this comment is never closed"),
        (
            "drizzle",
            "import 'drizzle-orm';\n/* never\nconst a = pgTable('a', {});",
            "line 2, column 1: this comment is never",
        ),
        (
            "drizzle",
            "import 'drizzle-orm';\nconst a = pgTable('a', { id: `x${y });",
            "line 2, column 30: this template is never",
        ),
        (
            "drizzle",
            "import 'drizzle-orm';\nconst a = pgTable('a', { id: f(" + "- " * 9999 + "1) });",
            "nested more than 100",
        ),
        (
            "drizzle",
            "import 'drizzle-orm';\nconst a = pgTable('a', { id: " + "new " * 9999 + "A });",
            "nested more than 100",
        ),
        (
            "drizzle",
            "import 'drizzle-orm';\nconst a = pgTable('a', { id: a" + ".b()" * 9999 + " });",
            "more than 200 calls",
        ),
        ("dbml", 'Table "" {\n id int\n}', "line 1, column 7: the name of a table has no signs"),
        ("dbml", 'Table a {\n "" int\n}', "line 2, column 2: a column of 'a' has a name without signs"),
        ("dbml", "Enum e {\n x\n", "a value of the enumeration or '}' was expected, not the end"),
        (
            "dbml",
            "TablePartial p {\n ~p\n}\nTable a {\n ~p\n}",
            "line 2, column 3: the TablePartial 'p' stands within itself",
        ),
        (
            "dbml",
            "TablePartial p0 {\n x int\n}\n"
            + "".join(f"TablePartial p{n} {{\n ~p{n - 1}\n}}\n" for n in range(1, 999))
            + "Table a {\n ~p998\n}",
            "more than 50 TablePartials",
        ),
        ("prisma", "model a {\n id Int @id", "a field of 'a' or '}' was expected, not the end"),
        ("prisma", "enum e {\n x", "a value of 'e' or '}' was expected, not the end"),
        ("prisma", 'model a {\n id Int @id @map("")\n}', "line 2, column 13: a name was expected in @map"),
        ("sqlalchemy", "import sqlalchemy\nprint 'x'", "line 2, column 1: no Python"),
        ("sqlalchemy", "import sqlalchemy\nclass A(Base:\n pass", "line 2, column"),
        (
            "sqlalchemy",
            "import sqlalchemy\nx = a" + ".b" * 900,
            "line 2, column 5: this is nested more than 400 levels deep",
        ),
    ],
)
def test_what_is_broken_is_told_with_its_place(name: str, text: str, says: str) -> None:
    with pytest.raises(NotationError) as met:
        read(text, name)
    assert says in str(met.value)
    assert met.value.line is not None


_SPREADS = "".join(f"const s{n} = {{ ...s{n - 1}, ...s{n - 1}, ...s{n - 1} }};\n" for n in range(1, 30))
_FUNCTIONS = "".join(f"const f{n} = (x) => ({{ ...f{n - 1}(x), ...f{n - 1}(x) }});\n" for n in range(1, 40))
_PARTIALS = "".join(f"TablePartial p{n} {{\n" + f" ~p{n - 1}\n" * 3 + f" c{n} int [unique]\n}}\n" for n in range(1, 30))
_LISTS = "".join(f"b{n} = [{f'b{n - 1}, ' * 60}]\n" for n in range(1, 9))
_TEXTS = "".join(f"b{n} = f'{f'{{b{n - 1}}}' * 60}'\n" for n in range(1, 9))
_NUMBERS = "".join(f"b{n} = (b{n - 1} * b{n - 1}) * (b{n - 1} * b{n - 1})\n" for n in range(1, 9))
_DIAMONDS = "".join(
    "".join(f"class {one}{n}({', '.join(f'{other}{n - 1}' for other in 'XYZ')}): pass\n" for one in "XYZ")
    for n in range(1, 25)
)
_MODEL = "class A({}Base):\n __tablename__ = {}\n id = Column(Integer, primary_key=True)\n"
BOMBS = {
    "spreads": (
        "drizzle",
        "import 'drizzle-orm';\nconst s0 = { x: text() };\n" + _SPREADS + 'const a = pgTable("a", { ...s29 });',
    ),
    "functions": (
        "drizzle",
        "import 'drizzle-orm';\nconst f0 = (x) => ({ x: text() });\n"
        + _FUNCTIONS
        + 'const a = pgTable("a", { ...f39("q") });',
    ),
    "angles": (
        "drizzle",
        "import 'drizzle-orm';\nconst x = " + "a < " * 50_000 + 'b;\nconst a = pgTable("a", { id: text() });',
    ),
    "partials": ("dbml", "TablePartial p0 {\n x int\n}\n" + _PARTIALS + "Table a {\n ~p29\n}"),
    "references": (
        "dbml",
        "".join(f"Table {one} {{\n" + "".join(f" c{n} int\n" for n in range(1500)) + "}\n" for one in "ab")
        + "".join(f"Ref: a.c{n} > b.c{n}\n" for n in range(1500)),
    ),
    "columns": ("mermaid", "erDiagram\na {\n" + "".join(f" int c{n} FK\n" for n in range(20_000)) + "}\n"),
    "relations": (
        "mermaid",
        "erDiagram\np {\n int id PK\n}\na {\n int x FK\n}\n" + "".join(f"p ||--o{{ a : r{n}\n" for n in range(5000)),
    ),
    "lists": ("sqlalchemy", "from sqlalchemy import *\nb0 = ['x']\n" + _LISTS + _MODEL.format("", "b8")),
    "texts": ("sqlalchemy", "from sqlalchemy import *\nb0 = 'x'\n" + _TEXTS + _MODEL.format("", "b8")),
    "numbers": (
        "sqlalchemy",
        "from sqlalchemy import *\nb0 = "
        + "9" * 4000
        + "\n"
        + _NUMBERS
        + _MODEL.format("", "'a'")
        + " z = Column(String(b8))\n",
    ),
    "classes": (
        "sqlalchemy",
        "from sqlalchemy import *\nclass X0: pass\nclass Y0: pass\nclass Z0: pass\n"
        + _DIAMONDS
        + _MODEL.format("X24, ", "'a'"),
    ),
    "models": (
        "django",
        "from django.db import models\nclass X0: pass\nclass Y0: pass\nclass Z0: pass\n"
        + _DIAMONDS
        + "class A(X24, models.Model):\n x = models.TextField()\n",
    ),
    "allOf": (
        "json_schema",
        json.dumps(
            {
                "$defs": {
                    **{f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 4} for n in range(30)},
                    "d30": {"properties": {"id": {}}},
                }
            }
        ),
    ),
    "a long line": (
        "drizzle",
        "import 'drizzle-orm'; const x = '" + "y" * 10_000_000 + "'; const a = pgTable('a', { id: text() });",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_grow_without_end_is_read_or_refused_soon(name: str) -> None:
    form, text = BOMBS[name]
    began = time.process_time()
    try:
        assert read(text, form).schema.relations
    except WorkbenchError as met:
        assert len(str(met)) < 2000  # noqa: PT017  either way
    assert time.process_time() - began < 10  # a guard against what never ends, not a measure of speed


def _told(name: str, text: str) -> tuple[dict[str, tuple[str, ...]], list[str]]:
    found = read(text, name)
    return {one.name: one.names for one in found.schema}, told(found)


_TWICE = {
    "prisma": ("model a {\n id Int @id\n b Int\n b String\n}\nmodel a {\n x Int @id\n}", "a.b: a second field of this name, String — the first is read", "a: a second model of this name — not read"),
    "dbml": ("Table a {\n id int\n b int\n b text\n}\nTable a {\n x int\n}", "a: a second table of this name — not read", "a.b: a second column of this name — not read"),
    "django": ("from django.db import models\nclass A(models.Model):\n x = models.TextField()\nclass A(models.Model):\n id = models.IntegerField(primary_key=True)\n b = models.TextField()\n b = models.IntegerField()\n class Meta:\n  db_table = 'a'", "a.b: a second field of this name — the last one is read", "A: a model that another of its name replaces, line 2 — not read"),
    "sqlalchemy": ("from sqlalchemy import *\nclass A(Base):\n __tablename__ = 'a'\n x = Column(Text, primary_key=True)\nclass A(Base):\n __tablename__ = 'a'\n id = Column(Integer, primary_key=True)\n b = Column(Text)\n b = Column(Integer)\n", "a.b: a second column of this name — the last one is read", "A: a class that another of its name replaces, line 2 — not read"),
    "json_schema": ('{"$defs": {"a": {"properties": {"x": {}}}, "a": {"properties": {"id": {}, "b": {"type": "integer"}, "b": {"type": "string"}}}}}', "b: a second member of this name — the last one is read", "a: a second member of this name — the last one is read"),
    "drizzle": ("import 'drizzle-orm';\nconst a = pgTable('a', { id: text(), b: text(), c: integer('b') });\nconst b = pgTable('a', { x: text() });", "a: a second table of this name — not read", "a.b: a second column of this name — not read"),
}  # fmt: skip


@pytest.mark.parametrize("name", _TWICE)
def test_what_is_there_twice_is_told(name: str) -> None:
    text, *expected = _TWICE[name]
    tables, losses = _told(name, text)
    assert tables == {"a": ("id", "b")}
    assert set(expected) <= set(losses)


def test_comments_may_stand_anywhere() -> None:
    drizzle = 'export /*a*/ const /*b*/ a /*c*/ = /*d*/ pgTable /*e*/ ( /*f*/ "a" /*g*/, // h\n { id /*:*/ : integer ( ) /*x*/ . /*y*/ primaryKey ( ) // }\n } /**/ ) /***/ ;'
    dbml = "/*a*/Table/*b*/a/*c*/as/*d*/A/*e*/{/*f*/\nid/*g*/int/*h*/[/*i*/pk/*j*/,/*k*/note:/*l*/'x'/*m*/]/*n*/\n// }\n}\nRef/*a*/:/*b*/A.id/*c*/>/*d*/a.id\n"
    prisma = (
        "model /*a*/ a /*b*/ {\n id /*c*/ Int /*d*/ @id /*e*/ @default(/*f*/ autoincrement /*g*/ (/*h*/))\n // }\n}"
    )
    mermaid = "erDiagram %% a\n %% a {\n a { %% x\n int id PK %% }\n %% z }\n }\n"
    for name, text in {"drizzle": drizzle, "dbml": dbml, "prisma": prisma, "mermaid": mermaid}.items():
        found = read(text, name)
        assert [(one.name, one.names, one.primary_key) for one in found.schema] == [("a", ("id",), ("id",))], name
        assert found.losses == (), name


def _definitions(**given: object) -> str:
    return json.dumps({"$defs": given})


_ID = {"id": {"type": "integer"}}


@pytest.mark.parametrize(
    ("definitions", "types", "losses"),
    [
        (
            {"t~1/x": {"type": "string", "maxLength": 3}, "a": {"properties": {"id": {"$ref": "#/$defs/t~01~1x"}}}},
            {"a.id": Text(3)},
            [],
        ),
        ({"e%f": {"type": "boolean"}, "a": {"properties": {"id": {"$ref": "#/$defs/e%25f"}}}}, {"a.id": Boolean()}, []),
        (
            {
                "b": {"properties": {"id": {"type": "boolean"}}},
                "a": {"properties": {"id": {"$ref": "#/$defs/b/properties/id"}}},
            },
            {"a.id": Boolean()},
            [],
        ),
        (
            {"n": {"$anchor": "here", "type": "boolean"}, "a": {"properties": {"id": {"$ref": "#here"}}}},
            {"a.id": Boolean()},
            [],
        ),
        (
            {
                "b": {"$ref": "#/$defs/c"},
                "c": {"$ref": "#/$defs/b"},
                "a": {"properties": {"id": {"$ref": "#/$defs/b"}}},
            },
            {"a.id": Unknown()},
            ["a.id: the reference #/$defs/b, which leads to nothing in this document — read without a type"],
        ),
        (
            {"a": {"properties": {"id": {"$ref": "https://example.org/s.json#/$defs/id"}}}, "id": {"type": "boolean"}},
            {"a.id": Unknown()},
            [
                "a.id: the reference https://example.org/s.json#/$defs/id, which leads to nothing in this document — read without a type"
            ],
        ),
        (
            {
                "v": {"anyOf": [{"$ref": "#/$defs/v"}, {"type": "null"}]},
                "a": {"properties": {"id": {"$ref": "#/$defs/v"}}},
            },
            {"a.id": Json()},
            ["a.id: kinds of values that never end — read as JSON"],
        ),
        (
            {
                "t": {"type": "string", "maxLength": 7},
                "a": {"properties": {"id": {"allOf": [{"$ref": "#/$defs/t"}], "description": "x"}}},
            },
            {"a.id": Text(7)},
            [],
        ),
        (
            {"a": {"properties": {"id": {"oneOf": [{"type": "integer"}, {"type": "string"}]}}}},
            {"a.id": Json()},
            ["a.id: one of 2 kinds of values — read as JSON"],
        ),
        (
            {"a": {"properties": {"id": {"type": ["integer", "string"]}}}},
            {"a.id": Json()},
            ["a.id: one of integer, string — read as JSON"],
        ),
        (
            {"a": {"properties": {"id": {"type": "string", "pattern": "x+", "minLength": 2}}}},
            {"a.id": Text()},
            ["a.id: minLength 2 — read without", 'a.id: pattern "x+" — read without'],
        ),
        (
            {
                "a": {"properties": {"id": {"type": "boolean"}}},
                "b": {"oneOf": [{"properties": _ID}, {"properties": {"z": {}}}]},
                "c": {"type": "object"},
            },
            {"a.id": Boolean()},
            ["b: one of several objects — not read", "c: an object without properties — not read"],
        ),
        (
            {
                "base": {"properties": {"n": {"type": "boolean"}}, "required": ["n"]},
                "a": {"allOf": [{"$ref": "#/$defs/base"}, {"properties": {"m": {"type": "boolean"}}}]},
            },
            {"base.n": Boolean(), "a.n": Boolean(), "a.m": Boolean()},
            [],
        ),
    ],
    ids=[
        "pointer",
        "percent",
        "into properties",
        "anchor",
        "circle",
        "remote",
        "itself",
        "allOf",
        "oneOf",
        "types",
        "rules",
        "objects",
        "base",
    ],
)
def test_references_of_json_schema_are_followed_or_told(
    definitions: dict[str, object], types: dict[str, Type], losses: list[str]
) -> None:
    found = read(_definitions(**definitions), "json_schema")
    assert {
        f"{r.name}.{a.name}": a.type for r in found.schema for a in r.attributes if f"{r.name}.{a.name}" in types
    } == types
    assert [str(loss) for loss in found.losses if "which property is the key" not in loss.feature] == losses


def test_an_object_that_may_be_nothing_is_referred_to() -> None:
    maybe = {"anyOf": [{"$ref": "#/$defs/b"}, {"type": "null"}]}
    found = read(
        _definitions(a={"properties": {**_ID, "b": maybe}, "required": ["b"]}, b={"properties": _ID}), "json_schema"
    )
    assert [(key.attributes, key.relation) for key in found.schema["a"].foreign_keys] == [(("b",), "b")]
    assert found.schema["a"]["b"].nullable


def _changed(node: object, at: tuple[object, ...], value: object) -> object:
    """A copy of nested objects and lists with another value at one place."""
    if not at:
        return value
    if isinstance(node, dict):
        return {key: _changed(inner, at[1:], value) if key == at[0] else inner for key, inner in node.items()}
    assert isinstance(node, list)
    return [_changed(inner, at[1:], value) if place == at[0] else inner for place, inner in enumerate(node)]


def _places(node: object, at: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    yield at
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, inner in inside:
        yield from _places(inner, (*at, key))


@pytest.mark.parametrize("name", ["json", "json_schema"])
def test_json_with_anything_anywhere_is_read_or_refused(name: str) -> None:
    whole = json.loads(write(RICH, name).text)
    for at in _places(whole):
        values: tuple[object, ...] = (None, -1, "x", "", [], {}, [[7]], True, 1e300)
        for value in values:
            with suppress(WorkbenchError):
                read(json.dumps(_changed(whole, at, value)), name)
    with pytest.raises(DataError, match="thousands of digits"):
        read(json.dumps(whole)[:-1] + ', "x": ' + "9" * 9999 + "}", name)


def test_what_only_a_program_makes_is_read_where_the_file_says_it() -> None:
    drizzle = """import { integer, pgEnum, pgTable, text } from "drizzle-orm/pg-core";
        const id = () => integer("id").primaryKey();
        function stamps() { return { at: text("at") }; }
        enum Kind { A = "a", B = "b" }
        const kind = pgEnum("kind", Kind);
        const make = <T extends string>(name: T, more) => pgTable(name, { id: id(), ...more });
        function named(short: string) { const full = `app_${short}`; return pgTable(full, { id: id(), ...stamps() }); }
        export const a = make("a", { k: kind() });
        export const b = named("b");
        export const all = { c: pgTable("c", { id: id() }) };
        export default pgTable("d", { id: id(), c: integer().references(() => all.c.id) });
        function inside() { const e = pgTable("e", { id: id() }); }
        const many = names.map((name) => pgTable(name, { id: id() }));
        const f = otherTable("f", { id: integer() });
    """
    tables, losses = _told("drizzle", drizzle)
    assert tables == {
        "a": ("id", "k"),
        "app_b": ("id", "at"),
        "c": ("id",),
        "d": ("id", "c"),
        "e": ("id",),
        "f": ("id",),
    }
    assert losses == [
        "f: otherTable(…), which this file does not have — read as a table",
        "line 13: pgTable(…), a table that is made when it runs — not read",
    ]
    assert read(drizzle, "drizzle").schema["d"].foreign_keys[0].relation == "c"
    models = """from sqlalchemy import *
from functools import partial
def key(name="id", **words): return Column(name, Integer, primary_key=True, **words)
def made(name): return Table(name, MetaData(), key(), *shared)
Needed = partial(Column, nullable=False)
shared = [Column("s", Text)]
a = made("a")
tables = {"b": Table("b", MetaData(), key(comment="x"))}
class C(Base):
    __tablename__ = "c"
    id = key()
    x, y = Needed(Text), Column(Text)
    if POSTGRES:
        z = Column(Text)
C.w = Column(Text)
class D(Unknown):
    id = Column(Integer, primary_key=True)
E = type("E", (Base,), {"e": Column(Text)})
for name in ("f", "g"):
    Table(name, MetaData(), Column("id", Integer))
"""
    tables, losses = _told("sqlalchemy", models)
    assert tables == {"a": ("id", "s"), "b": ("id",), "c": ("id", "x", "y", "z", "w")}
    assert [one.nullable for one in read(models, "sqlalchemy").schema["c"].attributes] == [
        False,
        False,
        True,
        True,
        True,
    ]
    assert losses == [
        "line 20: a table whose name is made when it runs — not read",
        "D: a class with a key that is not known to be a table — not read",
        "line 18: Column(Text), a column that is made when it runs — not read",
    ]
    django = """from django.db import models
def link(to, **words): return models.ForeignKey(to, models.CASCADE, **words)
def make():
    class A(models.Model):
        x, y = models.TextField(), models.TextField()
        try:
            z = models.JSONField()
        except AttributeError:
            pass
        for name in NAMES:
            locals()[name] = models.TextField()
class B(models.Model):
    a = link("A", null=True)
B.add_to_class("q", models.TextField())
"""
    tables, losses = _told("django", django)
    assert tables == {"a": ("id", "x", "y", "z"), "b": ("id", "a_id")}
    assert losses == [
        "line 14: add_to_class(…), fields that are made when it runs — not read",
        "a: fields that are made when it runs, line 10 — not read",
    ]


def test_nothing_of_a_file_is_run(tmp_path: Path) -> None:
    owned = tmp_path / "owned"
    bomb = f"__import__('os').system('touch {owned}')\nexec(\"open('{owned}', 'w')\")\n"
    for name in ("django", "sqlalchemy"):
        assert _names(name, PLAIN[name].replace("# who\n", bomb)) == {"a": ("id", "b")}
    spells = f"b = Column(Text, default=exec(open({str(owned)!r}, 'w')), server_default=text(eval('1')))"
    assert _names("sqlalchemy", PLAIN["sqlalchemy"].replace("b = Column(Text)", spells)) == {"a": ("id", "b")}
    assert not owned.exists()


def test_a_python_file_in_its_own_encoding_is_read() -> None:
    said = PLAIN["sqlalchemy"].replace('"a"', '"имя"')
    assert set(_names("sqlalchemy", b"# -*- coding: cp1251 -*-\n" + said.encode("cp1251"))) == {"имя"}
    assert set(_names("sqlalchemy", b"# coding: rot13\n" + said.encode())) == {"имя"}


def test_a_line_of_a_hundred_megabytes_is_refused() -> None:
    for name in ("dbml", "prisma", "drizzle", "mermaid", "sqlalchemy", "json_schema"):
        with pytest.raises((NotationError, DataError)):
            read(HEADS[name] + "é " * 25_000_000 if name == "dbml" else HEADS[name] + "x" * 20_000_000, name)

"""Texts that are meant to break a reader: each is refused with its place, at once; nothing of them is run."""

import time

import pytest

from dbworkbench.errors import DataError, NotationError, WorkbenchError
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.read import read

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


def test_a_line_of_a_hundred_megabytes_is_refused() -> None:
    for name in ("dbml", "prisma", "drizzle", "mermaid", "sqlalchemy", "json_schema"):
        with pytest.raises((NotationError, DataError)):
            read(HEADS[name] + "é " * 25_000_000 if name == "dbml" else HEADS[name] + "x" * 20_000_000, name)

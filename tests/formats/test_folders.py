"""Folders of files: a schema that is spread over them is read as one, and an error names the file."""

from pathlib import Path

import pytest

from dbworkbench.errors import DataError, NotationError
from dbworkbench.formats.read import read
from dbworkbench.formats.write import write

FOLDERS = {
    "prisma": (
        {
            "schema.prisma": 'datasource db {\n  provider = "mysql"\n}\nmodel A {\n  id Int @id @default(autoincrement())\n  bs B[]\n}',
            "models/b.prisma": "model B {\n  id Int @id\n  a_id Int\n  a A @relation(fields: [a_id], references: [id])\n}\n",
        },
        "B(*id: integer, a_id: integer)\n    a_id -> A(id) on delete restrict on update cascade\n\nA(*id: integer identity)\n",
    ),
    "django": (
        {
            "shop/models.py": 'from django.db import models\nKIND = [("a", "A")]\nclass Item(models.Model):\n'
            "    kind = models.CharField(max_length=5, choices=KIND)\n"
            '    owner = models.ForeignKey("crm.Item", on_delete=models.CASCADE, db_index=False)\n',
            "crm/models.py": "from django.db import models\nclass Made(models.Model):\n    made = models.DateField()\n"
            '    class Meta:\n        abstract = True\nKIND = [("x", "X"), ("y", "Y")]\nclass Item(Made):\n'
            "    kind = models.CharField(max_length=5, choices=KIND)\n",
            "crm/migrations/0001.py": "from django.db import models\nthis is no Python",
            "crm/tests/models.py": "from django.db import models\nnor is this",
        },
        (
            "crm_item(*id: bigint identity, made: date, kind: enum('x', 'y'))\n\n"
            "shop_item(*id: bigint identity, kind: enum('a'), owner_id: bigint)\n    owner_id -> crm_item(id) on delete cascade\n"
        ),
    ),
    "sqlalchemy": (
        {
            "base.py": 'from sqlalchemy.orm import DeclarativeBase\nraise SystemExit("never run")\nclass Base(DeclarativeBase): ...\n',
            "u.py": "from sqlalchemy import ForeignKey\nfrom sqlalchemy.orm import Mapped, mapped_column\nclass U(Base):\n"
            '    __tablename__ = "u"\n    id: Mapped[int] = mapped_column(ForeignKey("v.id"), primary_key=True)\n',
            "v.py": "from sqlalchemy.orm import Mapped, mapped_column\nclass V(Base):\n"
            '    __tablename__ = "v"\n    id: Mapped[int] = mapped_column(primary_key=True)\n',
        },
        "u(*id: integer)\n    id -> v(id)\n\nv(*id: integer identity)\n",
    ),
    "drizzle": (
        {
            "a.ts": 'import { pgTable, serial } from "drizzle-orm/pg-core";\n'
            'export const a = pgTable("a", { id: serial("id").primaryKey() });\n',
            "b.ts": 'import { pgTable, integer } from "drizzle-orm/pg-core";\nimport { a } from "./a";\n'
            'export const b = pgTable("b", { a: integer("a").references(() => a.id) });\n',
            "drizzle.config.ts": "import 'drizzle-orm'; this is no schema (",
        },
        "a(*id: integer identity)\n\nb(a: integer?)\n    a -> a(id)\n",
    ),
}


def laid(files: dict[str, str], folder: Path) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", [*FOLDERS])
def test_a_folder_is_read_as_one_schema(name: str, tmp_path: Path) -> None:
    files, says = FOLDERS[name]
    found = read(laid(files, tmp_path))
    assert write(found.schema, "notation").text == says
    assert read(str(tmp_path), name).schema == found.schema


def test_an_error_names_the_file_and_the_line(tmp_path: Path) -> None:
    files = {**FOLDERS["prisma"][0], "models/c.prisma": "model C {\n  id Int @id\n  x Nope\n}\n"}
    with pytest.raises(NotationError, match=r"models/c\.prisma: there is no type or model called 'Nope'") as met:
        read(laid(files, tmp_path))
    assert met.value.line == 3
    broken = {
        "crm/models.py": "from django.db import models\n",
        "shop/models.py": "from django.db import models\nclass (:\n",
    }
    with pytest.raises(NotationError, match=r"shop/models\.py: no Python") as met:
        read(laid(broken, tmp_path / "django"))
    assert met.value.line == 2


def test_a_folder_without_a_schema_is_refused(tmp_path: Path) -> None:
    laid({"a.txt": "t(a)", "node_modules/x/schema.prisma": "model A {\n  id Int @id\n}\n"}, tmp_path)
    with pytest.raises(DataError, match="a folder without a file of models"):
        read(tmp_path)

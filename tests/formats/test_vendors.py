"""What we write is taken by the tools it is written for: @dbml/core, Mermaid, Prisma's engine, TypeScript with Drizzle."""

from pathlib import Path

import pytest

from dbworkbench.formats.write import write
from tests.formats.samples import SAMPLES
from tests.formats.vendors import compiled, judged
from tests.sql.designs import SHOP


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vendors")


def test_dbml_mermaid_and_prisma_are_taken(home: Path) -> None:
    texts = {f"{schema.name}.dbml": write(schema, "dbml").text for schema in SAMPLES}
    texts |= {f"{schema.name}.mmd": write(schema, "mermaid").text for schema in SAMPLES}
    for dialect in ("postgresql", "mysql", "sqlite"):
        texts |= {f"{s.name}_{dialect}.prisma": write(s, "prisma", dialect=dialect).text for s in SAMPLES}
    said = judged(home, texts)
    assert {name: told for name, told in said.items() if isinstance(told, str)} == {}
    for schema in SAMPLES:
        references = sum(len(relation.foreign_keys) for relation in schema)
        assert said[f"{schema.name}.dbml"] == [len(schema), references]


def test_drizzle_is_typed(home: Path) -> None:
    texts = {
        f"{schema.name}_{dialect}.ts": write(schema, "drizzle", dialect=dialect).text
        for schema in SAMPLES
        for dialect in ("postgresql", "mysql", "sqlite")
    }
    assert compiled(home, texts) == ""


def test_the_judges_refuse_what_is_wrong(home: Path) -> None:
    wrong = {
        "wrong.dbml": "Table a {",
        "wrong.mmd": "erDiagram\n  a ||--o{ : b",
        "wrong.prisma": write(SHOP, "prisma").text.replace("@@id", "@@ids"),
    }
    assert all(isinstance(told, str) for told in judged(home, wrong).values())
    assert "error" in compiled(home, {"wrong.ts": write(SHOP, "drizzle").text.replace("notNull()", "notNil()")})

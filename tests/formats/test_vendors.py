"""What we write for Drizzle is taken by the TypeScript compiler, with its strictest rules."""

from pathlib import Path

import pytest

from dbworkbench.formats.write import write
from tests.formats.samples import RICH, SAMPLES
from tests.formats.vendors import compiled
from tests.sql.designs import SHOP


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "sqlite"])
def test_drizzle_is_typed(dialect: str, tmp_path: Path) -> None:
    texts = {f"{schema.name}.ts": write(schema, "drizzle", dialect=dialect).text for schema in (*SAMPLES, RICH)}
    assert compiled(tmp_path, texts) == ""


def test_the_compiler_refuses_what_is_wrong(tmp_path: Path) -> None:
    assert "error" in compiled(tmp_path, {"wrong.ts": write(SHOP, "drizzle").text.replace("notNull()", "notNil()")})

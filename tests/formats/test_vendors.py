"""What we write for Drizzle is taken by the TypeScript compiler, with its strictest rules; what Prisma makes of ours, by SQLite."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from dbworkbench.engines.reflect import reflect
from dbworkbench.formats.carrying import carried
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.write import write
from dbworkbench.trials.outline import outline_of, unlike
from tests.formats.samples import RICH, SAMPLES
from tests.formats.vendors import compiled, migrated
from tests.sql.designs import SHOP


@pytest.mark.parametrize("dialect", ["postgresql", "mysql", "sqlite"])
def test_drizzle_is_typed(dialect: str, tmp_path: Path) -> None:
    texts = {f"{schema.name}.ts": write(schema, "drizzle", dialect=dialect).text for schema in (*SAMPLES, RICH)}
    assert compiled(tmp_path, texts) == ""


def test_the_compiler_refuses_what_is_wrong(tmp_path: Path) -> None:
    assert "error" in compiled(tmp_path, {"wrong.ts": write(SHOP, "drizzle").text.replace("notNull()", "notNil()")})


def test_what_prisma_migrates_is_taken_by_sqlite(tmp_path: Path) -> None:
    fidelity = FORMATS["prisma"].fidelity
    assert fidelity is not None
    designs = (*SAMPLES, RICH)
    made = migrated(tmp_path, {one.name: write(one, "prisma", dialect="sqlite").text for one in designs})
    for design in designs:
        kept = carried(design, fidelity("sqlite")).schema
        with closing(sqlite3.connect(tmp_path / f"{design.name}.db")) as connection:
            connection.executescript(made[design.name])
        found = reflect(f"sqlite:///{tmp_path / design.name}.db").schema
        assert unlike(outline_of(kept), outline_of(found)) == ()
        for relation in kept:
            assert len(found[relation.name].indexes) + len(found[relation.name].keys) == len(relation.indexes) + len(
                relation.keys
            )

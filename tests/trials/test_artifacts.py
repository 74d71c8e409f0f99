"""Artifacts put to the tools they are written for: what those see is what was meant, and what is wrong is noticed."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings

import dbworkbench as wb
from dbworkbench.errors import Unsupported
from dbworkbench.formats.format import FORMATS
from dbworkbench.formats.write import write
from dbworkbench.schema.loss import Written
from dbworkbench.schema.relation import Attribute, Declared, Identity, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer
from dbworkbench.trials import artifacts
from dbworkbench.trials.artifacts import judged_all
from dbworkbench.trials.outline import outline_of, unlike
from dbworkbench.trials.verification import Verification
from dbworkbench.trials.verify import verify
from tests.formats.samples import RICH, SAMPLES
from tests.formats.vendors import installed
from tests.sql.designs import SHOP, schemas

TARGETS = {
    "dbml": "validator",
    "mermaid": "validator",
    "prisma (postgresql)": "validator",
    "prisma (mysql)": "validator",
    "prisma (sqlite)": "validator",
    "drizzle (postgresql)": "validator",
    "drizzle (mysql)": "validator",
    "drizzle (sqlite)": "validator",
    "json_schema": "validator",
    "sqlalchemy (sqlite)": "engine",
    "alembic (sqlite)": "engine",
    "django (sqlite)": "engine",
    "plantuml": "shape",
    "markdown": "shape",
    "csv": "shape",
    "json": "shape",
    "notation": "shape",
    "snowflake": "grammar",
    "bigquery": "grammar",
    "redshift": "grammar",
    "sqlserver": "grammar",
    "oracle": "grammar",
    "cockroachdb": "grammar",
}
UNSEEN = {"plantuml", "markdown", "csv", *(target for target, tier in TARGETS.items() if tier == "grammar")}
"""What no engine and no tool that it is written for has seen."""


@pytest.fixture(autouse=True)
def _tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_PATH", str(installed() / "node_modules"))


def job(design: Schema, target: str) -> tuple[Schema, str, str]:
    name, _, dialect = target.rstrip(")").partition(" (")
    return design, name, dialect


def test_every_sample_is_taken_by_every_tool(golden: Callable[[str, str], None]) -> None:
    lines = ["| written as | checked by | " + " | ".join(schema.name for schema in SAMPLES) + " |"]
    lines.append("| :--- | :--- | " + " | ".join(":---" for _ in SAMPLES) + " |")
    parsed = {target for target, tier in TARGETS.items() if tier == "grammar"}
    told = iter(judged_all(job(schema, target) for target in TARGETS if target not in parsed for schema in SAMPLES))
    for target, tier in TARGETS.items():
        cells, tools = [], set()
        for schema in SAMPLES:
            found = verify(schema, target) if target in parsed else next(told)
            assert found.outcome == ("not shown" if target in UNSEEN else "holds"), (schema.name, target, str(found))
            assert (found.stamp.tier, found.dialect) == (tier, target)
            assert bool(found.beyond) == (tier in {"shape", "grammar"})
            tools.add(found.stamp.tool.split(" on ")[0].rstrip(" .0123456789"))
            places = sum(len(loss.places) for loss in found.losses)
            said = f"{places} losses" if places != 1 else "1 loss"
            mark = "✓" if found else found.outcome
            cells.append(f"{mark}, {said}" if found.losses else mark)
        lines.append(f"| {target} | {tier}: {', '.join(sorted(tools))} | {' | '.join(cells)} |")
    golden("../../../docs/verified_artifacts.md", _HEAD + "\n".join(lines) + "\n")


_HEAD = """# What is written, and what took it

Sample designs written in every format and for every dialect that no engine here executes, each checked by `wb.verify`:
*engine*: a library ran it against SQLite and made what was meant; *validator*: the vendor's own tool sees in it the relations,
attributes, keys and references that were meant; *grammar*: it is well-formed; *shape*: our own reader sees what was meant, or
nothing reads it. *Not shown*: nothing is wrong as far as it was looked at, but no engine and no tool that it is written for has
seen it. Losses are what the notation has no words for.

Beside this, what the tools make of it is run, and what stands in the database is what was meant: models of SQLAlchemy, revisions of
Alembic, the SQL of drizzle-kit and that of Prisma (`prisma migrate diff`, by its schema engine as WebAssembly) on PostgreSQL, Django's and
SQLAlchemy's models on MariaDB, Prisma's SQL on SQLite. Prisma's SQL for MySQL is not run: the engine that needs no download of a
binary speaks to no MySQL. Django's is not run on PostgreSQL, whose drivers for Django are under the LGPL.

"""


def test_what_databases_have_beside_plain_attributes_is_taken() -> None:
    targets = [target for target, tier in TARGETS.items() if tier in {"validator", "engine"}]
    found = dict(zip(targets, judged_all(job(RICH, target) for target in targets), strict=True))
    assert [str(one) for one in found.values() if not one] == []
    unsaid = {
        target: [loss for loss in one.losses if "its name rich" not in str(loss)] for target, one in found.items()
    }
    assert len(unsaid["sqlalchemy (sqlite)"]) == 2  # it hashes nothing, and numbers no BIGINT
    assert len(unsaid["drizzle (postgresql)"]) == 1  # nothing is put off


HOSTILE_TARGETS = (
    *("mermaid", "drizzle (postgresql)", "drizzle (mysql)", "drizzle (sqlite)"),
    *("prisma (postgresql)", "prisma (mysql)", "prisma (sqlite)", "dbml", "json_schema"),
    *("sqlalchemy", "alembic", "django"),
)


def random_designs(most: int) -> list[Schema]:
    found: list[Schema] = []

    @settings(max_examples=most, phases=[Phase.generate])  # a smaller example would start every tool once more
    @given(schemas())
    def gather(design: Schema) -> None:
        found.append(design)

    gather()
    return found


def test_whatever_is_written_is_taken() -> None:
    designs = random_designs(12)
    assert len(designs) == 12
    jobs = [(target, design) for target in HOSTILE_TARGETS for design in designs]
    told = judged_all(job(design, target) for target, design in jobs)
    refused = [(target, str(found), design) for (target, design), found in zip(jobs, told, strict=True) if not found]
    assert refused == []


WRONG = {
    "dbml": ("Table customers {", "Table customers"),
    "mermaid": ("erDiagram", "erDiagram\n  a ||--o{ : b"),
    "prisma": ("@@id", "@@ids"),
    "drizzle": ("pgTable(", "pgTables("),
    "sqlalchemy": ("mapped_column(", "mapped_columns("),
    "alembic": ("op.create_table(", "op.create_tables("),
    "django": ("models.CharField(", "models.CharField(wrong=1, "),
    "json_schema": ('"type": "object"', '"type": "objet"'),
}
OTHERWISE = {
    "dbml": (" [not null]", "", "customers.name: never null, and is found may be null"),
    "mermaid": ('customers ||..o{ orders : "customer_id"', "", "orders: 2 foreign keys, and 1 is found"),
    "prisma": (
        "born DateTime?",
        "born DateTime",
        "customers.born: may be null, and is found never null",
    ),
    "drizzle": ('.notNull().default("new")', '.default("new")', "orders.status: never null, and is found may be null"),
    "sqlalchemy": ("Mapped[str | None]", "Mapped[str]", "customers.city: may be null, and is found never null"),
    "alembic": (
        'sa.PrimaryKeyConstraint("order_id", "line_no")',
        'sa.PrimaryKeyConstraint("line_no", "order_id")',
        "lines: the key",
    ),
    "django": ("born = models.DateField(null=True)", "born = models.DateField()", "customers.born: may be null"),
    "json_schema": (
        '"city": {\n          "type": [\n            "string",\n            "null"\n          ]',
        '"city": {\n          "type": "string"',
        "customers.city: may be null",
    ),
}


@pytest.fixture(scope="module")
def mistaken() -> dict[tuple[str, str], Verification]:
    """What the tools say of each artifact with one mistake, by format and what stands there in place of what."""
    mistakes = [(name, what, instead) for name, (what, instead) in WRONG.items()]
    mistakes += [(name, what, instead) for name, (what, instead, _) in OTHERWISE.items()]
    ahead = iter(mistakes)

    def careless(*given: Any, **named: Any) -> Written:
        _, what, instead = next(ahead)
        written = write(*given, **named)
        assert what in written.text
        return replace(written, text=written.text.replace(what, instead))

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NODE_PATH", str(installed() / "node_modules"))
        patch.setattr(artifacts, "write", careless)
        told = judged_all((SHOP, name, "") for name, _, _ in mistakes)
    return {(name, what): found for (name, what, _), found in zip(mistakes, told, strict=True)}


@pytest.mark.parametrize("name", [*WRONG])
def test_what_is_wrong_is_refused_by_the_tool(name: str, mistaken: dict[tuple[str, str], Verification]) -> None:
    found = mistaken[name, WRONG[name][0]]
    assert not found.holds
    assert found.complaint
    assert found.stamp.tier in {"validator", "engine"}
    assert "Refused:" in str(found)


@pytest.mark.parametrize("name", [*OTHERWISE])
def test_what_means_something_else_is_noticed(name: str, mistaken: dict[tuple[str, str], Verification]) -> None:
    what, _, says = OTHERWISE[name]
    found = mistaken[name, what]
    assert found.complaint == ""
    assert [one for one in found.differences if one.startswith(says)], found.differences
    assert not found


def test_a_name_that_drizzle_kit_loses_is_another_and_told() -> None:
    """It keeps what it is told in objects by name, of which none can have an entry __proto__: it had refused the file."""
    design = wb.schema("t(*id: integer, __proto__: integer)\n__proto__(*id: integer)")
    for found in judged_all((design, "drizzle", dialect) for dialect in ("postgresql", "mysql", "sqlite")):
        assert found.complaint == ""
        assert "__proto__" in " ".join(map(str, found.losses))
        assert found.differences == ()


def test_a_running_number_of_drizzle_is_of_a_function_that_has_one() -> None:
    """A type of PostgreSQL's that no function stands for has no generatedByDefaultAsIdentity: the file ended in an error."""
    numbered = Attribute("id", Integer(), identity=Identity(), declared=Declared("postgresql", "oid"))
    (found,) = judged_all([(Schema((Relation("t", (numbered,), keys=(Key(("id",)),)),)), "drizzle", "postgresql")])
    assert (found.complaint, found.differences) == ("", ())


def test_one_that_ends_the_tool_takes_none_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = iter(('import { pgTable } from "drizzle-orm/pg-core";\nprocess.abort();\n', write(SHOP, "drizzle").text))
    monkeypatch.setattr(artifacts, "write", lambda *_, **__: Written(next(texts)))
    ended, taken = judged_all([(SHOP, "drizzle", ""), (SHOP, "drizzle", "")])
    assert ended.complaint.startswith("it ended without an answer")
    assert taken
    texts = iter(("import os\nos._exit(3)\n", write(SHOP, "sqlalchemy", dialect="sqlite").text))
    ended, taken = judged_all([(SHOP, "sqlalchemy", ""), (SHOP, "sqlalchemy", "")])
    assert ended.complaint == "it ended without a word"
    assert taken


def test_where_a_tool_is_missing_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = shutil.which("node")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NODE_PATH")
    monkeypatch.setenv("PATH", str(tmp_path))
    if node:
        (tmp_path / "node").symlink_to(node)
    found = verify(SHOP, "mermaid")
    assert (found.outcome, found.stamp.tier, found.stamp.tool) == ("not shown", "shape", "dbworkbench's own reader")
    assert str(found.stamp) == "shape: dbworkbench's own reader (not shown)"
    assert found.beyond == "npm install mermaid jsdom — here, or where NODE_PATH points to"
    assert "npm install mermaid jsdom" in str(found)
    (tmp_path / "node_modules").symlink_to(installed() / "node_modules")  # as npm would, here
    assert verify(SHOP, "mermaid").stamp.tier == "validator"


def test_a_package_of_python_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from dbworkbench.trials import interpreted  # noqa: PLC0415  only here

    monkeypatch.setitem(interpreted.LIBRARIES, "django", "Django-that-is-not-there")
    found = verify(SHOP, "django")
    assert (found.stamp.tier, found.beyond) == ("shape", "pip install django-that-is-not-there")
    assert verify(SHOP, "sqlalchemy", dialect="postgresql").beyond.endswith("verify with dialect='sqlite'")


def test_what_is_not_written_cannot_be_verified() -> None:
    with pytest.raises(Unsupported, match="does not speak to oracle"):
        verify(SHOP, "prisma", dialect="oracle")
    readers = [name for name in FORMATS if FORMATS[name].writer is None]
    for name in readers:
        with pytest.raises(Unsupported, match="is read, not written"):
            verify(SHOP, name)


def test_outlines_differ_where_designs_do() -> None:
    ours = outline_of(SHOP)
    assert unlike(ours, ours) == ()
    assert unlike(ours, ours[1:]) == ("orders: it is not there",)
    assert unlike(ours[1:], ours) == ("orders: it is there, and was not wanted",)
    keyed = replace(ours[0], others=frozenset({frozenset({"id", "status"})}))
    assert unlike((keyed,), (replace(ours[0], others=frozenset()),)) == ("orders: the key (id, status) is not found",)
    assert unlike((keyed,), (replace(ours[0], others=None),)) == ()
    fewer = replace(ours[0], references=(ours[0].references or ())[1:])
    assert unlike(ours, (fewer, *ours[1:])) == ("orders: 2 foreign keys, and 1 is found",)


def test_nothing_of_the_judges_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert verify(SHOP, "drizzle")
    assert verify(SHOP, "django")
    assert [*tmp_path.iterdir()] == []
    assert json.loads((installed() / "package.json").read_text("utf-8"))["private"] is True
    assert os.environ["NODE_PATH"]

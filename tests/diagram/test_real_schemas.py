"""The laws of diagrams on schemas that were written by others for production, and on large random ones."""

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.diagram.areas import areas_found
from dbworkbench.diagram.erd import erd
from dbworkbench.diagram.kept import design_in_svg
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer
from dbworkbench.sql.read import read
from tests.bench.diagram_bench import agreement, synthetic
from tests.diagram.laws import obeys
from tests.packages import text_of

HERE = Path(__file__).parent
CASES = tomllib.loads((HERE.parent / "sql" / "cases" / "debian.toml").read_text("utf-8"))["case"]
AREAS = tomllib.loads((HERE / "cases" / "areas.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_real_schema_obeys_the_laws(case: dict[str, Any]) -> None:
    text, _ = text_of(case["package"], case["files"])
    schema = replace(read(text, case["dialect"]).schema, name=case["name"])
    diagram = erd(schema)
    obeys(schema, diagram)
    assert design_in_svg(diagram.svg) == schema


@pytest.mark.parametrize("count", [4, 16, 31, 47, 61, 110, 240])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_random_schema_obeys_the_laws(count: int, seed: int) -> None:
    schema = synthetic(count, seed)
    obeys(schema, erd(schema))


@pytest.mark.parametrize("case", AREAS, ids=[case["name"] for case in AREAS])
def test_areas_are_those_that_people_made(case: dict[str, Any]) -> None:
    schema, homes = numbered(case)
    purity, shared = agreement(areas_found(schema.relations), homes)
    assert purity >= case["purity"]
    assert shared >= case["nmi"]


def numbered(case: dict[str, Any]) -> tuple[Schema, dict[str, str]]:
    """A schema of which only the references and the homes of its relations are known: every name is a number."""
    links: dict[str, list[str]] = {}
    for said in case["references"]:
        child, _, parents = said.partition(" -> ")
        links[child] = parents.split()
    homes = {str(at): home for home, members in case["homes"].items() for at in members}
    made = [
        Relation(
            f"t{one}",
            (Attribute("id", Integer()), *(Attribute(f"r{n}", Integer()) for n in range(len(links.get(one, ()))))),
            (Key(("id",)),),
            tuple(ForeignKey((f"r{n}",), f"t{other}", ("id",)) for n, other in enumerate(links.get(one, ()))),
        )
        for one in sorted(homes, key=int)
    ]
    return Schema(tuple(made)), {f"t{one}": home for one, home in homes.items()}

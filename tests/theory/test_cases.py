"""Schemes from textbooks and papers, with the answers given there; a case is a few lines of data."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.theory.basis import dependency_basis, functional_part
from dbworkbench.theory.chase import lossless_join
from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import minimal_cover
from dbworkbench.theory.decomposition import decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD, Dependency, names_in, parse_dependency
from dbworkbench.theory.implication import equivalent, implies
from dbworkbench.theory.independence import decompose_4nf
from dbworkbench.theory.keys import candidate_keys
from dbworkbench.theory.normal_forms import NormalForm, normal_form
from dbworkbench.theory.projection import dependency_preserving

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


KINDS = {"implied", "not_implied", "equivalent_to", "bases", "fourth"}


def names(text: str) -> frozenset[str]:
    return frozenset(names_in(text))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["source"])
def test_the_published_answers(case: dict[str, Any]) -> None:
    attributes = names_in(case["attributes"])
    rules: tuple[Dependency, ...] = tuple(parse_dependency(line) for line in case["fds"])
    fds = functional_part(attributes, rules)
    if "keys" in case:
        assert set(candidate_keys(attributes, rules)) == set(map(names, case["keys"]))
    reached = normal_form(attributes, rules)
    if "form" in case:
        assert str(reached) == case["form"]
    if "form_below" in case:
        assert NormalForm(case["form_at_least"]) <= reached < NormalForm(case["form_below"])
    for start, reach in case.get("closures", {}).items():
        assert closure(names(start), fds) == names(reach)
    if "cover" in case:
        cover = [FD.parse(line) for line in case["cover"]]
        assert equivalent(minimal_cover(fds), cover)
        assert set(minimal_cover(fds)) == set(cover)
    for parts in case.get("lossless", ()):
        assert lossless_join(map(names, parts), rules)
    for parts in case.get("lossy", ()):
        assert not lossless_join(map(names, parts), rules)
    for parts in case.get("preserving", ()):
        assert dependency_preserving(map(names, parts), fds)
    for parts in case.get("not_preserving", ()):
        assert not dependency_preserving(map(names, parts), fds)
    if "bcnf_loses" in case:
        assert decompose_bcnf(attributes, fds).preserving.witness == tuple(map(FD.parse, case["bcnf_loses"]))
    if "synthesis" in case:
        found = {part.attributes for part in synthesize_3nf(attributes, fds).parts}
        assert found == set(map(names, case["synthesis"]))


@pytest.mark.parametrize("case", [case for case in CASES if KINDS & case.keys()], ids=lambda case: case["source"])
def test_what_follows_from_all_kinds_together(case: dict[str, Any]) -> None:
    attributes = names_in(case["attributes"])
    rules: tuple[Dependency, ...] = tuple(parse_dependency(line) for line in case["fds"])
    for line in case.get("implied", ()):
        assert implies(rules, parse_dependency(line), whole=attributes), line
    for line in case.get("not_implied", ()):
        assert not implies(rules, parse_dependency(line), whole=attributes), line
    for lines in case.get("equivalent_to", ()):
        assert equivalent(rules, tuple(map(parse_dependency, lines)), whole=attributes)
    for start, blocks in case.get("bases", {}).items():
        assert set(dependency_basis(names(start), rules, whole=attributes)) == set(map(names, blocks))
    if "fourth" in case:
        assert decompose_4nf(attributes, rules).schemes == set(map(names, case["fourth"]))


def test_every_case_says_something() -> None:
    assert len(CASES) >= 65
    assert all(len(case) > 3 for case in CASES)

"""The grid of dependencies: ticked, typed, accepted, asked about; what follows is there at once."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.schema.notation import relation
from dbworkbench.theory.dependencies import FD
from dbworkbench.widgets.dependencies import dependencies
from tests.widgets.stage import Stage, staged

pytestmark = pytest.mark.browser
SALES = "sales(order_no, customer, city, qty)\n order_no -> customer\n customer -> city"
AXE = Path(__file__).parents[2] / "dbworkbench/widgets/web/node_modules/axe-core/axe.min.js"


@pytest.fixture
def grid(browser: Any, tmp_path: Path) -> Iterator[Stage]:
    with staged(browser, tmp_path, dependencies(SALES, found=[FD.parse("city -> qty")])) as stage:
        yield stage


def follows(stage: Stage, words: str) -> None:
    stage.page.locator(".dbw-follows", has_text=words).wait_for()


def test_what_follows_changes_as_dependencies_are_ticked_and_typed(grid: Stage) -> None:
    follows(grid, "{order_no, qty}")
    grid.page.get_by_role("button", name="qty: outside in order_no → customer").click()
    grid.page.get_by_role("button", name="qty: determines in order_no, qty → customer").click()
    follows(grid, "{order_no}")
    assert FD.parse("order_no -> customer, qty") in grid.board.relation.dependencies
    grid.page.get_by_label("New dependency").fill("city ->> qty")
    grid.press("Enter")
    grid.said("declared: city ↠ qty")
    grid.page.get_by_role("button", name="Undo").click()
    grid.said("undone")
    assert len(grid.board.relation.dependencies) == 2


def test_found_dependencies_are_accepted_or_refused(grid: Stage) -> None:
    grid.page.get_by_role("button", name="accept city → qty").click()
    grid.said("declared: city → qty")
    follows(grid, "{order_no}")
    assert grid.board.offered == ()


def test_closure_and_what_if(grid: Stage) -> None:
    grid.page.get_by_role("checkbox", name="order_no").check()
    grid.page.get_by_text("{order_no}⁺ = {order_no, customer, city}").wait_for()
    grid.page.get_by_role("button", name="what if not? customer → city").click()
    grid.page.get_by_text("Without customer → city: 1NF").wait_for()
    assert grid.board.relation == relation(SALES)


def test_what_cannot_be_read_is_said_at_the_field(grid: Stage) -> None:
    grid.page.get_by_label("New dependency").fill("order_no -> cty")
    grid.press("Enter")
    alert = grid.page.locator(".dbw-wrong")
    alert.wait_for()
    assert "did you mean 'city'" in alert.inner_text()


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
def test_axe_finds_nothing(browser: Any, tmp_path: Path, light: bool) -> None:  # noqa: FBT001  a case of the table
    with staged(browser, tmp_path, dependencies(SALES, found=[FD.parse("city -> qty")]), light=light) as stage:
        stage.page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
        found = stage.page.evaluate("axe.run(document.querySelector('#out'))")
        assert [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found["violations"]] == []


def test_the_picture_is_the_relation_as_it_stands() -> None:
    shown = dependencies(SALES).picture()
    assert "customer" in shown["text/html"]
    assert "dbw-picture" in shown["text/html"]

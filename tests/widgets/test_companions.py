"""The board's companions as a person uses them: a walk, a lesson, a scoreboard; each with a picture that says the same."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from dbworkbench.errors import DataError
from dbworkbench.exercises.bank import exercise
from dbworkbench.schema.normalization import normalize
from dbworkbench.theory.closure import closure
from dbworkbench.widgets.lesson import lesson
from dbworkbench.widgets.live import Live
from dbworkbench.widgets.progress import progress
from dbworkbench.widgets.scoreboard import scoreboard
from dbworkbench.widgets.steps import steps
from tests.views import trials
from tests.widgets.stage import staged

AXE = Path(__file__).parents[2] / "dbworkbench/widgets/web/node_modules/axe-core/axe.min.js"
LINES = """
    lines(order_no: integer, line: integer, customer: text, city: text, qty: integer)
        order_no, line -> qty
        order_no -> customer
        customer -> city
"""
ROWS = pd.DataFrame({
    "order_no": [1, 1, 2, 3], "line": [1, 2, 1, 1], "customer": ["Ann", "Ann", "Bo", "Ann"],
    "city": ["Oslo", "Oslo", "Rome", "Oslo"], "qty": [4, 2, 9, 1],
})  # fmt: skip


# -- a walk --------------------------------------------------------------------------------------------------------


def test_a_walk_takes_the_given_rows_apart() -> None:
    walked = steps(LINES, data=ROWS)
    first = walked.stations[0]
    assert first.title == "A relation for customer → city"
    assert first.before[0].again == (1, 2)
    assert [sheet.rows for sheet in first.after][1] == (("Ann", "Oslo"), ("Bo", "Rome"))
    assert first.saved == "In these rows city was written 4 times, and now 2."
    whole = {tuple(map(str, row)) for row in ROWS.itertuples(index=False)}
    last = {sheet.attributes: sheet.rows for station in walked.stations for sheet in station.after}
    orders = {row[0]: row[1] for row in last["order_no", "customer"]}
    customers = {row[0]: row[1] for row in last["customer", "city"]}
    joined = {
        (order, line, orders[order], customers[orders[order]], qty)
        for order, line, qty in last["order_no", "line", "qty"]
    }
    assert joined == whole


def test_a_walk_without_rows_makes_some_that_obey() -> None:
    rows = steps(LINES).stations[0].before[0].rows
    assert len({row[2]: row[3] for row in rows}) == len({(row[2], row[3]) for row in rows}) > 1


def test_a_walk_of_what_needs_none_and_of_nonsense() -> None:
    done = steps("r(*a, b)")
    assert "BCNF" in done.picture()["text/plain"] or "3NF" in done.picture()["text/plain"]
    with pytest.raises(DataError, match="no normalization"):
        steps(3)  # type: ignore[arg-type]  # what a person may try


def test_the_picture_of_a_walk_holds_every_step_and_its_rows() -> None:
    walked = steps(normalize(LINES), data=ROWS)
    told = walked.picture()
    for station in walked.stations:
        assert station.title in told["text/plain"]
    assert "Rome" in told["text/html"]
    assert told["text/html"].count("<img") == sum(bool(station.light) for station in walked.stations)


@pytest.mark.browser
def test_walking_by_mouse_and_by_keyboard(browser: Any, tmp_path: Path) -> None:
    with staged(browser, tmp_path, steps(LINES, data=ROWS)) as stage:
        page = stage.page
        assert page.locator("td[data-again=true]").all_inner_texts() == ["Oslo", "Oslo"]
        page.get_by_role("button", name="Next").click()
        page.locator(".dbw-headline", has_text="A relation for order_no → customer").wait_for()
        stage.press("End")
        page.locator(".dbw-headline", has_text="The result").wait_for()
        assert page.get_by_text("gives back exactly the rows").is_visible()
        stage.press("ArrowLeft", "Home")
        page.locator(".dbw-headline", has_text="A relation for customer → city").wait_for()
        assert page.locator(".dbw-for-light").evaluate("one => one.naturalWidth") > 100


# -- a lesson ------------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_a_lesson_is_answered_hinted_and_solved(browser: Any, tmp_path: Path) -> None:
    task = exercise("supplier-parts")
    made = lesson(task)
    heard: list[int] = []
    made.on_change(lambda one: heard.append(len(one.answers)))
    with staged(browser, tmp_path, made) as stage:
        page = stage.page
        keys = page.locator("form", has_text="all candidate keys")
        keys.locator("input").fill("nonsense")
        stage.press("Enter")
        assert "no attribute called" in keys.locator(".dbw-wrong").inner_text()
        keys.locator("input").fill("supplier")
        stage.press("Enter")
        keys.locator(".dbw-told p").first.wait_for()
        assert keys.get_attribute("data-right") == "false"
        for _ in range(3):
            keys.get_by_role("button", name="Hint").click()
        keys.locator("li").nth(2).wait_for()
        assert keys.get_by_role("button", name="Hint").is_disabled()
        keys.locator("input").fill("supplier, part")
        stage.press("Enter")
        page.get_by_text("1 of").wait_for()
        assert keys.get_attribute("data-right") == "true"
        page.locator("form", has_text="highest normal form").locator("select").select_option("1NF")
        page.locator("form", has_text="highest normal form").get_by_role("button", name="Check").click()
        page.get_by_text("2 answered").wait_for()
        keys.get_by_role("button", name="Worked answer").click()
        keys.locator("summary", has_text="The worked answer").wait_for()
    assert made.answers["keys"] == "supplier, part"
    assert "keys" in made.right
    assert heard[-1] == 2
    told = made.picture()["text/plain"]
    assert "Answer: supplier, part" in told
    assert "Hints given: 3" in told


def test_a_right_answer_to_every_kind_of_question() -> None:
    from dbworkbench.exercises.solutions import right_answer  # noqa: PLC0415  only here

    made = lesson(seed=3)
    made.send = lambda _: None
    for at, question in enumerate(made.exercise.questions):
        right = right_answer(question)
        said = "; ".join(map(str, right)) if isinstance(right, list) else {True: "yes", False: "no"}.get(right, right)  # type: ignore[call-overload]  # any of them
        made._received(None, {"kind": "answer", "at": at, "text": said, "id": str(at)}, None)
    assert len(made.right) == len(made.exercise.questions)
    reach = closure(made.exercise["closure"].subject, made.exercise.scheme.fds)
    assert set(made.answers["closure"].replace(",", " ").split()) == reach


@pytest.mark.parametrize("message", [{"kind": "answer", "at": 99, "text": "a"}, {"kind": "answer", "at": 0, "text": " "}, {"kind": "hint"}, {"kind": "x"}])  # fmt: skip
def test_a_lesson_refuses_with_a_reason(message: dict[str, Any]) -> None:
    made, sent = lesson("supplier-parts"), list[Any]()
    made.send = sent.append
    made._received(None, message, None)
    assert sent[0]["kind"] == "refused"
    assert sent[0]["reason"]
    assert made.answers == {}


# -- a scoreboard --------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_results_are_filtered_sorted_and_compared(browser: Any, tmp_path: Path) -> None:
    with staged(browser, tmp_path, scoreboard(trials.good())) as stage:
        page = stage.page
        rows = page.locator(".dbw-scores > .dbw-wide tbody tr")
        assert rows.count() == 6
        page.get_by_label("Filter queries").fill("order")
        page.wait_for_function("document.querySelectorAll('.dbw-scores > .dbw-wide tbody tr').length === 2")
        page.get_by_label("Filter queries").fill("")
        page.get_by_label("Engine").select_option("sqlite")
        page.wait_for_function("document.querySelectorAll('.dbw-scores > .dbw-wide tbody tr').length === 3")
        page.get_by_role("button", name="one table").first.click()
        assert rows.first.locator("th").inner_text() == "one order"
        page.get_by_role("button", name="one table").first.click()
        assert rows.first.locator("th").inner_text() == "revenue by city"
        page.get_by_role("button", name="Ratios").click()
        assert "2.41 slower" in rows.first.inner_text()
        page.get_by_label("Compared with").select_option("3NF")
        page.get_by_role("button", name="one table ÷ 3NF").wait_for()
        assert "1.81 slower" in rows.first.inner_text()
        page.get_by_role("button", name="revenue by city").click()
        assert page.locator(".dbw-dot").count() == 20
        assert "median 88.6 ms" in (page.locator(".dbw-rounds").get_attribute("aria-label") or "")


@pytest.mark.browser
def test_what_failed_or_differs_is_no_time(browser: Any, tmp_path: Path) -> None:
    with staged(browser, tmp_path, scoreboard(trials.bad())) as stage:
        said = stage.page.locator(".dbw-scores > .dbw-wide").inner_text()
        assert "another answer" in said
        assert "failed" in said


def test_a_scoreboard_shows_the_trial_where_no_kernel_is() -> None:
    made = scoreboard(trials.good())
    assert "revenue by city" in made.picture()["text/plain"]
    with pytest.raises(DataError, match="is no trial"):
        scoreboard("x")  # type: ignore[arg-type]  # what a person may try


# -- all of them ---------------------------------------------------------------------------------------------------


def _hinted() -> Live:
    made = lesson("supplier-parts")
    made.send = lambda _: None
    for at, message in enumerate(({"kind": "answer", "text": "supplier"}, {"kind": "hint"}, {"kind": "solve"})):
        made._received(None, {**message, "at": 1, "id": str(at)}, None)
    return made


@pytest.mark.browser
@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
@pytest.mark.parametrize("make", [lambda: steps(LINES, data=ROWS), _hinted, lambda: scoreboard(trials.bad())], ids=["steps", "lesson", "scoreboard"])  # fmt: skip
def test_axe_finds_nothing(browser: Any, tmp_path: Path, make: Callable[[], Live], light: bool) -> None:  # noqa: FBT001  a case of the table
    with staged(browser, tmp_path, make(), light=light) as stage:
        stage.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        stage.page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
        found = stage.page.evaluate("axe.run(document.querySelector('#out'))")
        assert [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in found["violations"]] == []


@pytest.mark.browser
def test_hostile_names_are_text_in_all_of_them(browser: Any, tmp_path: Path) -> None:
    bad = '"<img src=x onerror=alert(1)>"'
    text = f'"</script><b>"(a, {bad}, c)\n a -> {bad}\n {bad} -> c'
    with staged(browser, tmp_path, steps(text)) as stage:
        assert "<img src=x" in stage.page.locator(".dbw-steps").inner_text()
        assert stage.page.locator(".dbw-steps img").count() == 2


# -- progress ------------------------------------------------------------------------------------------------------


def test_progress_leaves_its_last_state() -> None:
    told = progress("<b>the trial")
    told("loading <3NF>", 0.25)
    assert "25%" in repr(told)
    with pytest.raises(KeyboardInterrupt), told:
        raise KeyboardInterrupt
    assert repr(told).startswith("<b>the trial: interrupted (25%")
    with progress("the trial") as done:
        done("measuring", 0.5)
    assert repr(done).startswith("the trial: done in")

"""The board as a person uses it: by mouse, by keyboard, live and refused, undone and done again, light and dark."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from dbworkbench.errors import DataError, NotationError, Unsupported
from dbworkbench.schema.changes import AddAttribute, RenameRelation
from dbworkbench.schema.notation import schema
from dbworkbench.schema.relation import Attribute
from dbworkbench.schema.types import Date, Integer, Text
from dbworkbench.widgets.board import Board, board
from dbworkbench.widgets.desk import Desk
from dbworkbench.widgets.keeping import board_text, read_board
from dbworkbench.widgets.layout import Jotting, Layout
from tests.widgets.drawing import DRAWN, GESTURES, Person
from tests.widgets.stage import Stage, staged

pytestmark = pytest.mark.browser
SHOP = """
    customers(*customer_id: integer, name: text, city: text?)
    orders(*order_id: integer, customer_id: integer -> customers, total: decimal(10, 2))
    products(*product: text, price: decimal(10, 2), maker: text, maker_city: text)
        maker -> maker_city
"""
Show = Callable[..., AbstractContextManager[Stage]]


@pytest.fixture
def show(browser: Any, tmp_path: Path) -> Show:
    def showing(design: str | Board | None = SHOP, **options: Any) -> AbstractContextManager[Stage]:
        made = design if isinstance(design, Board) else board(design)
        return staged(browser, tmp_path, made, **options)

    return showing


@pytest.fixture
def shop(show: Show) -> Iterator[Stage]:
    with show() as stage:
        yield stage


def head(name: str) -> str:
    return f'.react-flow__node[data-id="{name}"] .dbw-head'


def row(name: str, attribute: str) -> str:
    return f'.react-flow__node[data-id="{name}"] [data-attribute="{attribute}"]'


def test_a_schema_drawn_by_keyboard_alone(show: Show) -> None:
    with show(None) as stage:
        person = Person(stage.page, stage.page.locator(".dbw-board"))
        stage.page.locator(".dbw-canvas").focus()
        person.draws_by_keyboard()
        assert stage.board.schema == DRAWN
        for _ in range(GESTURES):
            stage.press("Control+z")
        stage.said("undone: add the relation customers")
        assert stage.board.schema.names == ()
        for _ in range(GESTURES):
            stage.press("Control+y")
        stage.said("done again: add the foreign key")
        assert stage.board.schema == DRAWN


def test_a_schema_drawn_by_mouse(show: Show) -> None:
    with show(None) as stage:
        Person(stage.page, stage.page.locator(".dbw-board")).draws_by_mouse()
        assert stage.board.schema == DRAWN


def test_a_line_pulled_from_row_to_row(show: Show) -> None:
    with show("a(*x: integer)\n b(*y: integer, x: integer)") as stage:
        stage.drag(stage.middle(row("b", "x") + " .dbw-name"), stage.middle(row("a", "x") + " .dbw-name"))
        stage.said("done: add the foreign key b(x) → a(x)")
        assert stage.board.schema == schema("a(*x: integer)\n b(*y: integer, x: integer -> a)")
        assert stage.page.locator(".dbw-line").count() == 1


def test_what_is_refused_is_said_at_the_spot(shop: Stage) -> None:
    shop.page.locator(head("orders") + " .dbw-title").dblclick()
    shop.page.keyboard.press("Control+a")
    shop.type("customers")
    shop.press("Enter")
    alert = shop.page.locator(".dbw-card .dbw-wrong")
    alert.wait_for()
    assert "there is a relation called 'customers' already" in alert.inner_text()
    shop.press("Escape")
    assert shop.board.schema == schema(SHOP)
    assert shop.board.changes == ()


def test_a_row_retyped(shop: Stage) -> None:
    shop.page.mouse.dblclick(*shop.middle(row("customers", "name")))
    shop.page.keyboard.press("Control+a")
    shop.type("full_name: text(80)? = 'none'")
    shop.press("Enter")
    shop.said("rename customers.name to full_name and 3 more")
    shop.page.locator(".dbw-typed").wait_for(state="detached")
    assert shop.board.schema["customers"]["full_name"] == Attribute(
        "full_name", Text(80), nullable=True, default="'none'"
    )
    shop.press("Control+z")
    shop.said("undone")
    assert shop.board.schema == schema(SHOP)


def test_types_are_completed_as_they_are_typed(shop: Stage) -> None:
    shop.page.locator(head("customers") + " .dbw-title").click()
    shop.press("a")
    shop.type("born: dat")
    options = shop.page.locator(".dbw-card .dbw-words li")
    options.first.wait_for()
    assert options.all_inner_texts() == ["date", "datetime"]
    shop.press("Tab", "Enter")
    shop.said("add the attribute born")
    shop.type("size: ")
    shop.press("ArrowDown", "ArrowDown", "Enter", "Enter")
    shop.said("add the attribute size")
    shop.press("Escape")
    assert shop.board.schema["customers"]["born"].type == Date()
    field = shop.page.get_by_label("New dependency")
    field.fill("")
    field.press_sequentially("name -> bo")
    shop.press("Tab", "Enter")
    shop.said("declare name → born")


def test_rows_are_edited_and_dropped_by_keyboard_alone(shop: Stage) -> None:
    shop.page.locator('.react-flow__node[data-id="customers"]').focus()
    shop.press("Enter", "e", "ArrowDown")
    shop.page.wait_for_function("document.activeElement.value === 'name: text'")
    shop.type("title: text(40)")
    shop.press("ArrowDown")
    shop.said("rename customers.name to title")
    shop.page.wait_for_function("document.activeElement.value === 'city: text?'")
    shop.press("Control+a", "Delete", "Enter")
    shop.said("drop the attribute city")
    assert shop.board.schema["customers"].names == ("customer_id", "title")


def test_attributes_typed_faster_than_python_answers(shop: Stage) -> None:
    shop.page.locator(head("customers") + " .dbw-title").click()
    shop.press("a")
    for line in ("born: date", "size: integer", "shade: text?"):
        shop.type(line)
        shop.press("Enter")
    shop.page.locator(row("customers", "shade")).wait_for()
    assert shop.board.schema["customers"].names == ("customer_id", "name", "city", "born", "size", "shade")
    shop.type("city: text")
    shop.press("Enter")
    shop.page.locator(".dbw-card .dbw-wrong").wait_for()
    assert shop.page.get_by_label("New attribute of customers").input_value() == "city: text", "what is refused stays"
    shop.press("Escape", "n")
    shop.page.get_by_role("combobox", name="Name of the new entity").wait_for()


def test_a_note_on_an_attribute(shop: Stage) -> None:
    shop.page.locator(head("customers") + " .dbw-title").click()
    shop.page.get_by_role("button", name="note on city").click()
    shop.page.get_by_label("Note on city").fill("where they live")
    shop.press("Enter")
    shop.said("note")
    assert shop.board.schema["customers"]["city"].note == "where they live"


def test_a_pull_that_is_refused_says_why_where_it_ended(show: Show) -> None:
    with show("a(x: integer)\n b(*y: integer)") as stage:
        box = stage.page.locator('.react-flow__node[data-id="b"] .dbw-pull').bounding_box()
        end = stage.middle(head("a") + " .dbw-title")
        stage.drag((box["x"] + 5, box["y"] + 5), end)
        bubble = stage.page.locator(".dbw-bubble")
        bubble.wait_for()
        assert "'a' has no key to refer to" in bubble.inner_text()
        spot = bubble.bounding_box()
        assert abs(spot["x"] - end[0]) < 300
        assert abs(spot["y"] - end[1]) < 60
        assert stage.board.changes == ()


def test_a_card_moved_keeps_its_place_and_its_design(shop: Stage) -> None:
    before = shop.board.layout_of_cards.places["orders"]
    x, y = shop.middle(head("orders"))
    shop.drag((x, y), (x + 60, y + 90))
    shop.said("done: move orders")
    after = shop.board.layout_of_cards.places["orders"]
    assert (after[0] > before[0], after[1] > before[1]) == (True, True)
    assert shop.board.schema == schema(SHOP)
    shop.page.locator(".dbw-canvas").focus()
    shop.press("Control+z")
    shop.said("undone: move orders")
    assert shop.board.layout_of_cards.places["orders"] == before


def test_arrows_move_the_selected_card(shop: Stage) -> None:
    before = shop.board.layout_of_cards.places["orders"]
    shop.page.locator('.react-flow__node[data-id="orders"]').focus()
    shop.press("Enter", "ArrowRight", "ArrowRight", "ArrowDown")
    shop.said("done: move orders")
    after = shop.board.layout_of_cards.places["orders"]
    assert after[0] > before[0]
    assert after[1] > before[1]


def test_the_normal_form_is_live_and_a_split_is_one_click(shop: Stage) -> None:
    badge = shop.page.locator(head("products") + " .dbw-form")
    assert badge.inner_text() == "2NF"
    assert "maker_city" in (badge.get_attribute("title") or "")
    badge.click()
    shop.said("done: split products into")
    assert shop.board.schema.names == ("customers", "orders", "makers", "products")
    assert shop.board.schema["products"].foreign_keys[0].relation == "makers"
    assert shop.page.locator(head("products") + " .dbw-form").inner_text() == "BCNF"
    shop.page.locator(".dbw-canvas").focus()
    shop.press("Control+z")
    shop.said("undone: split")
    assert shop.board.schema == schema(SHOP)


def test_a_dependency_typed_lowers_the_form(shop: Stage) -> None:
    shop.page.locator(head("customers") + " .dbw-title").click()
    shop.page.get_by_label("New dependency").fill("name -> city")
    shop.press("Enter")
    shop.said("declare name → city")
    shop.page.locator(head("customers") + " .dbw-form").get_by_text("2NF", exact=True).wait_for(timeout=5000)


def test_the_ends_of_a_reference_are_set_in_the_form(shop: Stage) -> None:
    shop.page.locator(".dbw-near").first.dispatch_event("click")
    shop.page.get_by_label("a row of orders may refer to none").check()
    shop.said("let orders.customer_id be unknown")
    shop.page.get_by_label("On delete").select_option("set null")
    shop.page.wait_for_function("document.querySelector('.dbw-panel select').value === 'set null'")
    shop.page.get_by_label("at most one row of orders for each").check()
    shop.said("add the key (customer_id) to orders")
    orders = shop.board.schema["orders"]
    assert orders["customer_id"].nullable
    assert orders.foreign_keys[0].on_delete == "set null"
    assert orders.keys[1].attributes == ("customer_id",)


def test_a_selected_line_is_dropped_by_its_key(shop: Stage) -> None:
    shop.page.locator(".dbw-near").first.dispatch_event("click")
    shop.page.get_by_text("Drop this reference").wait_for()
    shop.page.locator(".dbw-canvas").focus()
    shop.press("Delete")
    shop.said("drop the foreign key orders(customer_id)")
    assert shop.board.schema["orders"].foreign_keys == ()


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("CREATE TABLE IF NOT EXISTS stock (sku varchar(9) PRIMARY KEY, qty int NOT NULL, note text);", "stock(*sku: text(9), qty: integer, note: text?)"),
        ("sku;qty;unit price", 'pasted(sku, qty, "unit price")'),
        ("stock(*sku: text)", "stock(*sku: text)"),
        ("Table stock {\n sku varchar [pk]\n qty int [not null]\n}", "stock(*sku: text, qty: integer)"),
        ("CREATE TABLE `stock` (`sku` int NOT NULL, c int NOT NULL REFERENCES customers(customer_id), PRIMARY KEY (`sku`)) ENGINE=InnoDB;", "customers(*customer_id: integer)\nstock(*sku: integer, c: integer -> customers)"),
    ],
    ids=["sql", "csv", "notation", "dbml", "sql that refers"],
)  # fmt: skip
def test_pasted_text_becomes_entities(shop: Stage, text: str, made: str) -> None:
    shop.page.get_by_role("button", name="Paste").click()
    shop.page.get_by_label("Text", exact=True).fill(text)
    shop.page.get_by_role("button", name="Add", exact=True).click()
    shop.said("done: paste")
    assert shop.board.schema.relations[-1] == schema(made).relations[-1]


def test_search_jumps_to_a_card(shop: Stage) -> None:
    shop.page.locator(".dbw-canvas").focus()
    shop.press("Control+k")
    shop.type("prod")
    shop.press("Enter")
    shop.settle()
    assert shop.page.locator('.dbw-card[data-selected="true"]').get_attribute("data-relation") == "products"


def test_areas_align_and_many_to_many_for_two_selected(shop: Stage) -> None:
    shop.page.locator(head("customers") + " .dbw-title").click()
    shop.page.locator(head("products") + " .dbw-title").click(modifiers=["Control"])
    shop.page.get_by_role("button", name="Align right edges").click()
    shop.said("align 2 cards")
    shop.settle()
    cards = [shop.page.locator(head(name)).bounding_box() for name in ("customers", "products")]
    assert cards[0]["x"] != cards[1]["x"]
    assert cards[0]["x"] + cards[0]["width"] == pytest.approx(cards[1]["x"] + cards[1]["width"], abs=1)
    shop.page.get_by_label("Subject area").fill("Catalogue")
    shop.press("Enter")
    shop.said("done: area Catalogue")
    assert shop.page.locator(".dbw-area").inner_text() == "Catalogue"
    shop.page.get_by_role("button", name="Many to many, by a relation").click()
    shop.said("add the relation customer_products")
    made = shop.board.schema["customer_products"]
    assert made.keys[0].attributes == ("customer_id", "product")
    assert "Catalogue" in shop.board.svg


def test_many_to_many_is_kept_as_a_line_or_made_a_relation(show: Show) -> None:
    with show("a(*x: integer)\n b(*y: integer)") as stage:
        stage.page.locator(head("a") + " .dbw-title").click()
        stage.page.locator(head("b") + " .dbw-title").click(modifiers=["Control"])
        stage.page.get_by_role("button", name="Many to many, as a line").click()
        stage.said("add the relation a_b")
        stage.page.locator(".dbw-line-name", has_text="a_b").wait_for()
        assert stage.board.schema["a_b"].keys[0].attributes == ("x", "y")
        assert stage.page.locator(".dbw-card").count() == 2
        stage.page.locator(".dbw-line").focus()
        stage.press("Enter")
        stage.page.get_by_role("button", name="Show as a relation").click()
        stage.page.locator(head("a_b")).wait_for()
        stage.page.locator(".dbw-canvas").focus()
        stage.press("Control+z", "Control+z")
        stage.said("undone: add the relation")
        assert stage.board.schema.names == ("a", "b")


def test_notes_lie_on_the_board(shop: Stage) -> None:
    shop.page.locator(".dbw-canvas").focus()
    shop.press("m")
    shop.type("ask about <b>refunds</b>")
    shop.press("Enter")
    shop.said("done: write a note")
    note = shop.page.locator(".dbw-note")
    assert note.inner_text() == "ask about <b>refunds</b>"
    x, y = shop.middle(".dbw-note")
    shop.drag((x, y), (x + 30, y + 80))
    shop.said("done: move a note")
    note.dblclick()
    shop.page.get_by_label("Note", exact=True).fill("settled")
    shop.press("Control+Enter")
    shop.said("done: write a note")
    assert [one.text for one in shop.board.layout_of_cards.notes] == ["settled"]
    assert "settled" in shop.board.svg
    assert read_board(board_text(shop.board.schema, shop.board.layout_of_cards))[1] == shop.board.layout_of_cards
    shop.page.wait_for_function("document.querySelector('.dbw-note').textContent === 'settled'")
    note.click()
    shop.page.locator(".dbw-canvas").focus()
    shop.press("Delete")
    shop.said("done: drop a note")
    assert shop.board.layout_of_cards.notes == ()


def test_edits_from_python_appear(shop: Stage) -> None:
    told: list[Board] = []
    shop.board.on_change(told.append)
    sent: list[Any] = []
    shop.board.send = sent.append
    shop.board.apply(RenameRelation("orders", "purchases"), AddAttribute("customers", Attribute("email", Text())))
    for one in sent:
        shop.page.evaluate("told => window.hear('msg:custom', told)", one)
    shop.page.locator(row("customers", "email")).wait_for()
    shop.page.locator(head("purchases")).wait_for()
    assert told == [shop.board]


def test_a_lost_kernel_keeps_the_edits_until_it_is_back(shop: Stage) -> None:
    shop.deaf = True
    shop.page.locator(head("orders") + " .dbw-title").click()
    shop.page.get_by_label("Note", exact=True).fill("kept")
    shop.press("Enter")
    shop.page.get_by_text("The kernel does not answer").wait_for(timeout=8000)
    shop.deaf = False
    shop.page.get_by_text("The kernel does not answer").wait_for(state="detached", timeout=12000)
    assert shop.board.schema["orders"].note == "kept"
    assert len(shop.board.changes) == 1


@pytest.mark.parametrize("light", [True, False], ids=["light", "dark"])
def test_axe_finds_nothing(show: Show, light: bool) -> None:  # noqa: FBT001  a case of the table
    axe = Path(__file__).parents[2] / "dbworkbench/widgets/web/node_modules/axe-core/axe.min.js"

    def found(stage: Stage) -> list[Any]:
        said = stage.page.evaluate("axe.run(document.querySelector('#out'))")
        return [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in said["violations"]]

    joined = f"{SHOP}\n bought(*customer_id -> customers, *product -> products)"
    made = Board(Desk(schema(joined), Layout(notes=(Jotting("ask", 0, -160),), links=frozenset({"bought"}))))
    made.send = lambda _: None
    made._received(None, {"kind": "area", "names": ["orders"], "title": "Sales", "hue": 2, "id": "a"}, None)
    with show(made, light=light) as stage:
        stage.page.add_script_tag(content=axe.read_text(encoding="utf-8"))
        stage.page.locator(head("products") + " .dbw-title").click()
        stage.press("a")
        stage.type("new: t")
        stage.page.locator(".dbw-words").wait_for()
        assert found(stage) == []
        stage.press("Escape", "Escape")
        stage.page.locator(".dbw-line").first.focus()
        stage.press("Enter")
        stage.settle()
        assert found(stage) == []
        stage.page.locator(".dbw-canvas").focus()
        stage.press("Control+k")
        assert found(stage) == []
        stage.press("Escape")
        stage.page.locator(".dbw-canvas").focus()
        stage.press("?")
        assert found(stage) == []


def test_hostile_names_are_text(show: Show) -> None:
    with show('"<img src=x onerror=alert(1)>"(*"</script><b>": integer)') as stage:
        assert stage.page.locator(".dbw-title").inner_text() == "<img src=x onerror=alert(1)>"
        assert stage.page.locator(".dbw-card img").count() == 0


def test_a_board_of_many_cards(show: Show) -> None:
    text = "\n".join(f"t{at}(*id: integer, a: text, b: text, up: integer -> t{max(at - 1, 0)})" for at in range(100))
    with show(text) as stage:
        assert stage.page.locator(".dbw-card").count() == 100
        assert stage.page.locator(".dbw-line").count() == 100


def test_very_many_cards_start_folded_and_one_edit_is_a_small_message() -> None:
    made = board("\n".join(f"t{at}(*id: integer, a: text, up: integer -> t{max(at - 1, 0)})" for at in range(200)))
    assert made.layout_of_cards.folded == frozenset(made.schema.names)
    sent: list[Any] = []
    made.send = sent.append
    made._received(None, {"kind": "row", "relation": "t7", "attribute": "a", "text": "a: integer", "id": "1"}, None)
    assert made.schema["t7"]["a"].type == Integer()
    assert len(json.dumps(sent[0])) < 2000
    made._received(None, {"kind": "row", "relation": "t7", "attribute": "a", "text": "a: integer", "id": "1"}, None)
    assert len(made.changes) == 1, "a message sent twice is carried out once"


def test_a_file_keeps_the_board_and_a_change_by_others_is_met(tmp_path: Path) -> None:
    file = tmp_path / "shop.dbw.json"
    first = board(SHOP, file=file)
    first.send = print
    first.apply(RenameRelation("orders", "purchases"))
    again = board(SHOP, file=file)
    again.send = print
    assert again.schema == first.schema
    assert again.layout_of_cards == first.layout_of_cards
    again.apply(RenameRelation("purchases", "sales"))
    first.apply(RenameRelation("purchases", "orders"))
    assert "changed by somebody else" in first._whole()["conflict"]
    assert "sales" in board(file=file).schema
    first._received(None, {"kind": "mine", "id": "x"}, None)
    assert "orders" in board(file=file).schema
    assert first._whole()["conflict"] == ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [('{"dbworkbench": 9, "is": "Board", "value": {}}', Unsupported), ("{", NotationError), ('{"dbworkbench": 1, "is": "FD"}', DataError),
     ('{"dbworkbench": 1, "is": "Board", "value": {"schema": {"relations": []}, "layout": {"places": {"a": [1]}}}}', DataError)],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_and_kept(tmp_path: Path, text: str, kind: type[Exception]) -> None:
    file = tmp_path / "broken.json"
    file.write_text(text)
    with pytest.raises(kind):
        board(file=file)
    assert file.read_text() == text


@pytest.mark.parametrize(
    "message",
    [{}, {"kind": "explode"}, {"kind": "edit", "changes": [{"is": "DropEverything"}]}, {"kind": "move", "places": 3},
     {"kind": "row", "relation": "nobody", "attribute": "", "text": "x"}, {"kind": "split", "relation": "orders"},
     {"kind": "row", "relation": "orders", "attribute": "", "text": "a, b"}, {"kind": "paste", "text": "hello"},
     {"kind": "align", "names": ["orders", "customers"], "edge": "sideways"}, {"kind": "reference", "relation": "orders", "at": 7, "optional": 1, "single": 1, "identifying": 0, "onDelete": ""}],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_with_a_reason(message: dict[str, Any]) -> None:
    made = board(SHOP)
    sent: list[Any] = []
    made.send = sent.append
    made._received(None, message, None)
    assert sent[0]["kind"] == "refused"
    assert sent[0]["reason"]
    assert made.schema == schema(SHOP)

"""One schema drawn by a person: by mouse (only names are typed) and by keyboard alone, wherever a board is shown."""

from dataclasses import dataclass
from typing import Any

from dbworkbench.schema.notation import schema

DRAWN_TEXT = """
    customers(*customer_id: integer, name: text)
    orders(*order_id: integer, total: decimal(10, 2)?, customer_id: integer -> customers)
"""
DRAWN = schema(DRAWN_TEXT)
GESTURES = 5  # edits of the design it takes: two relations, two attributes, a reference
_STANDS = """async (board) => {
    const seen = () => [...board.querySelectorAll('.dbw-card')].map(one => Object.values(one.getBoundingClientRect().toJSON())).join();
    for (let still = 0, before = ''; still < 6;) {
        await new Promise(requestAnimationFrame);
        const now = seen();
        still = now === before ? still + 1 : 0;
        before = now;
    }
}"""


@dataclass(frozen=True)
class Person:
    """Who looks at one board of a page."""

    page: Any
    board: Any

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def said(self, words: str) -> None:
        """Wait until the board announces these words, and its cards stand still."""
        self.board.locator(".dbw-said", has_text=words).wait_for()
        self.board.evaluate(_STANDS)

    def card(self, name: str) -> Any:
        return self.board.locator(f'.react-flow__node[data-id="{name}"]')

    def drag(self, start: Any, end: Any, *, by: tuple[float, float] = (0, 0)) -> None:
        """Press in the middle of one thing and let go in the middle of another, or so far beside it."""
        (x, y), (to_x, to_y) = _middle(start), _middle(end)
        mouse = self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move((x + to_x + by[0]) / 2, (y + to_y + by[1]) / 2, steps=4)
        mouse.move(to_x + by[0], to_y + by[1], steps=4)
        mouse.up()

    def draws_by_mouse(self) -> None:
        """Every command by a button or a drag."""
        for name, attribute, aside in (("customers", "name: text", -220), ("orders", "total: decimal(10, 2)?", 220)):
            self.board.get_by_role("button", name="+ Entity").click()
            self.board.get_by_role("combobox", name="Name of the new entity").fill(name)
            self.press("Enter")
            self.said(f"done: add the relation {name}")
            title = self.card(name).locator(".dbw-title")
            self.drag(title, title, by=(aside, -60))
            self.said("done: move")
            self.board.get_by_role("button", name="+ attribute").click()
            self.board.get_by_label(f"New attribute of {name}").fill(attribute)
            self.press("Enter")
            self.said("done: add the attribute")
            self.press("Escape")
        self.board.evaluate(_STANDS)
        self.drag(self.card("orders").locator(".dbw-pull"), self.card("customers").locator('[data-attribute="name"]'))
        self.said("done: add the foreign key")

    def draws_by_keyboard(self) -> None:
        """Every command by its key; the keys go where the focus is, which is on the board."""
        for name, attribute in (("customers", "name: text"), ("orders", "total: decimal(10, 2)?")):
            self.press("n")
            self.type(name)
            self.press("Enter")
            self.said(f"done: add the relation {name}")
            self.press("a")
            self.type(attribute)
            self.press("Enter")
            self.said("done: add the attribute")
            self.press("Escape")
        self.press("r")
        self.type("cust")
        self.press("Enter")
        self.said("done: add the foreign key")


def _middle(thing: Any) -> tuple[float, float]:
    box = thing.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

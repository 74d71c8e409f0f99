"""A page on which the shipped bundle meets a real board in Python, with no notebook between them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dbworkbench.widgets.board import Board
from dbworkbench.widgets.bundle import loader, texts
from dbworkbench.widgets.live import Live

_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>board</title></head>
<body data-jp-theme-light="%(light)s" style="margin:0;background:%(ground)s"><main><h1 style="font:14px sans-serif;position:absolute;left:-999px">A board</h1><div id="out"></div></main><script type="module">
const listeners = new Map();
const traits = %(traits)s;
const bundle = new Map(Object.entries(%(bundle)s));
window.hear = (name, told) => { for (const one of listeners.get(name) ?? []) one(told); };
window.set = (name, value) => { traits[name] = value; hear("change:" + name); };
const model = {
  get: (name) => traits[name],
  on: (name, one) => { listeners.set(name, [...(listeners.get(name) ?? []), one]); },
  off: () => undefined,
  send: (message) => window.toPython(JSON.stringify(message)),
  widget_manager: { get_model: async () => bundle },
};
const text = %(loader)s;
const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
const widget = (await import(url)).default;
widget.initialize({ model });
await widget.render({ model, el: document.querySelector("#out") });
window.ready = true;
</script></body></html>"""


class Stage:
    """The page, the board behind it, and what a person would do there."""

    def __init__(self, page: Any, board: Any) -> None:
        self.page, self.board = page, board
        self.deaf = False

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def said(self, words: str) -> None:
        """Wait until the board announces these words."""
        self.page.locator(".dbw-said", has_text=words).first.wait_for(timeout=5000)

    def middle(self, selector: str) -> tuple[float, float]:
        box = self.page.locator(selector).first.bounding_box()
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
        mouse.move(*end, steps=4)
        mouse.up()

    def settle(self) -> None:
        """Let the page move its cards and lines to where they belong."""
        self.page.wait_for_timeout(450)


@contextmanager
def staged(browser: Any, folder: Path, board: Live, *, light: bool = True, width: int = 1100) -> Iterator[Stage]:
    """The board on a page, live."""
    code, css, fingerprint = texts()
    traits = {
        "_mid": board._mid,
        "_bundle": "IPY_MODEL_b",
        "_bundle_hash": fingerprint,
        "_entry": board.ENTRY,
        "_state": board._state,
    }
    words = {
        "light": str(light).lower(),
        "ground": "#fff" if light else "#111",
        "traits": _script(traits),
        "bundle": _script({"code": code, "css": css}),
        "loader": _script(loader()),
    }
    file = folder / "board.html"
    file.write_text(_PAGE % words, encoding="utf-8")
    with browser.open("data:text/html,", width=width, height=700, scheme="light" if light else "dark") as tab:
        page = tab.page
        page.set_default_timeout(8000)
        stage = Stage(page, board)
        replies: list[Any] = []
        board.send = replies.append

        def hear(text: str) -> None:
            if stage.deaf:
                return
            board._received(None, json.loads(text), None)
            if not isinstance(board, Board):
                page.evaluate("state => window.set('_state', state)", board._state)
            while replies:
                page.evaluate("told => window.hear('msg:custom', told)", replies.pop(0))

        page.expose_function("toPython", hear)
        page.context.unroute("**/*")
        page.goto(file.as_uri())
        page.wait_for_function("window.ready")
        if not isinstance(board, Board):
            page.wait_for_selector(".dbw-view")
        else:
            page.wait_for_selector(".react-flow__node" if len(board.schema) else ".dbw-empty")
        stage.settle()
        yield stage
        assert tab.complaints == []


def _script(value: object) -> str:
    return json.dumps(value).replace("</", "<\\/")

"""The board: a design drawn and edited by hand in a notebook; Python owns the truth."""

import base64
import html
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from dbworkbench.diagram.kept import for_xml
from dbworkbench.diagram.outline import outline
from dbworkbench.errors import DesignError, Unsupported
from dbworkbench.output import write_file
from dbworkbench.schema.changes import Change
from dbworkbench.schema.mapping import mapped
from dbworkbench.schema.notation import schema as read_schema
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.sketch import Sketch
from dbworkbench.schema.types import TYPE_WORDS
from dbworkbench.widgets.canvas import board_svg, told_picture
from dbworkbench.widgets.desk import Desk
from dbworkbench.widgets.gestures import copied
from dbworkbench.widgets.keeping import Kept, board_text
from dbworkbench.widgets.layout import Layout
from dbworkbench.widgets.live import Live

_FOLDED_ABOVE = 150  # relations beyond which cards start folded to their keys
_TWICE = 150  # relations up to which the picture is saved as SVG beside the HTML that holds it
_NAMED_ABOVE = 800  # relations beyond which the saved picture shows names only (it keeps the whole design all the same)


class Designed(Protocol):
    """Any value that holds a schema, such as a normalization."""

    @property
    def schema(self) -> Schema:
        """The design to edit."""


class Board(Live):
    """A design on a board. Made by `board(…)`; shown by standing last in a cell."""

    ENTRY = "board"

    def __init__(self, desk: Desk, kept: Kept | None = None) -> None:
        self._desk, self._kept = desk, kept
        self._edited, self._quiet = False, False
        self._conflict = ""
        super().__init__()
        self._sent = self._whole()
        self._state = self._sent

    # -- for people ------------------------------------------------------------------------------------------------

    @property
    def schema(self) -> Schema:
        """The design as it is on the board now."""
        return self._desk.schema

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change since the board was made, those undone left out."""
        return self._desk.changes

    @property
    def layout_of_cards(self) -> Layout:
        """Where the cards stand, areas and folded cards."""
        return self._desk.layout

    @property
    def svg(self) -> str:
        """The board as SVG that holds the design and its layout."""
        return self._drawn(view=self._desk.layout.view)

    def _drawn(self, view: str) -> str:
        return board_svg(
            self.schema,
            replace(self._desk.layout, view=view),
            title=self.schema.name,
            metadata=for_xml(board_text(self.schema, self._desk.layout, indent=None).strip()),
        )

    def apply(self, *changes: Change) -> "Board":
        """Edit from Python, as one gesture; views follow. Raises what Schema.apply does."""
        self._desk.perform(changes)
        self._publish("edited in Python")
        return self

    def undo(self) -> "Board":
        """Take the last gesture back."""
        self._desk.undo()
        self._publish("undone in Python")
        return self

    def redo(self) -> "Board":
        """Do again what was undone last."""
        self._desk.redo()
        self._publish("done again in Python")
        return self

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the board to a file: .svg a picture, .json what `board(file=…)` loads. Raises OutputExists."""
        where = Path(path)
        match where.suffix.casefold():
            case ".svg":
                text = self.svg
            case ".json":
                text = board_text(self.schema, self._desk.layout)
            case ending:
                raise Unsupported(f"a board cannot be saved as {ending!r} — use .svg or .json")
        return write_file(where, text, overwrite=overwrite)

    def __repr__(self) -> str:
        return f"Board({told_picture(self.schema)})"

    # -- shown -----------------------------------------------------------------------------------------------------

    def picture(self) -> dict[str, str]:
        """The board as it is now, in the forms that need no kernel: HTML, SVG and plain text."""
        if not len(self.schema):
            words = "An empty board."
            return {"text/html": self._framed(f"<p>{words}</p>"), "text/plain": words}
        drawn = self._drawn(view="conceptual" if len(self.schema) > _NAMED_ABOVE else self._desk.layout.view)
        address = "data:image/svg+xml;base64," + base64.b64encode(drawn.encode()).decode()
        alt = html.escape(told_picture(self.schema), quote=True)
        plain = {"image/svg+xml": drawn} if len(self.schema) <= _TWICE else {}
        return {
            "text/html": self._framed(f'<img alt="{alt}" src="{address}" style="max-width:100%;height:auto">'),
            **plain,
            "text/plain": outline(self.schema.relations, self.schema.name or "Board"),
        }

    # -- the wire --------------------------------------------------------------------------------------------------

    def _whole(self) -> dict[str, Any]:
        return {
            **self._desk.seen(),
            "types": list(TYPE_WORDS),
            "file": str(self._kept.path) if self._kept else "",
            "conflict": self._conflict,
            "edited": self._edited,
        }

    def _should_send_property(self, key: str, value: object) -> bool:
        """The whole state goes to new views only; views that are there get what changed."""
        return False if key == "_state" and self._quiet else bool(super()._should_send_property(key, value))

    def _publish(self, said: str, ack: str = "") -> None:
        self._edited = True
        self._keep()
        now, before = self._whole(), self._sent
        patch: dict[str, Any] = {"kind": "patch", "said": said, "ack": ack}
        for name, value in now.items():
            if name in {"relations", "places"}:
                changed = {key: one for key, one in value.items() if before[name].get(key) != one}
                gone = [key for key in before[name] if key not in value]
                if changed or gone:
                    patch[name] = {"set": changed, "gone": gone}
            elif value != before[name]:
                patch[name] = value
        self._sent = now
        self._quiet = True
        try:
            self._state = now
        finally:
            self._quiet = False
        self.send(patch)
        self._tell()

    def _keep(self) -> None:
        if self._kept is None:
            return
        try:
            kept = self._kept.save(self.schema, self._desk.layout)
            self._conflict = "" if kept else f"{self._kept.path} was changed by somebody else; nothing is saved to it"
        except OSError as error:
            self._conflict = f"{self._kept.path} cannot be written: {error.strerror}"

    def _asked_for(self, message: Mapping[str, Any]) -> dict[str, Any] | None:
        if message.get("kind") == "copy":
            return {"kind": "copied", "text": copied(self.schema, list(message.get("names", ())))}
        return super()._asked_for(message)

    def _done(self, message: Mapping[str, Any]) -> str:
        match message.get("kind"):
            case "mine" if self._kept is not None:
                self._kept.overwrite()
                return "saved over the other change"
            case "theirs" if self._kept is not None:
                return self._taken()
            case _:
                return self._desk.answer(message)

    def _taken(self) -> str:
        found = self._kept.load() if self._kept else None
        if found is None:
            raise DesignError("the file is gone")
        self._desk = Desk(*found)
        return "loaded what the file holds"


def board(
    design: Schema | Sketch | Relation | Designed | str | None = None, *, file: str | Path | None = None
) -> Board:
    """A design on a board, to be edited by mouse or keyboard; `.schema` is the design, `.changes` what was done.

    `design` is a schema, a sketch (mapped to a schema), a relation, a text in the notation, or anything with a schema;
    none starts empty. With
    `file` the board lives in that file, beside the notebook: it is loaded where it exists (`design` only starts it), and
    saved after every edit; a change that somebody else made to it is reported, never overwritten.

    >>> board("customers(*id: integer, name: text)").schema.names
    ('customers',)
    """
    kept = Kept(file) if file is not None else None
    found = kept.load() if kept else None
    if found is not None:
        return Board(Desk(*found), kept)
    match design:
        case None:
            schema = Schema(())
        case str():
            schema = read_schema(design)
        case Relation():
            schema = Schema((design,))
        case Schema():
            schema = design
        case Sketch():
            schema = mapped(design).schema
        case _:
            schema = design.schema
    many = frozenset(schema.names) if len(schema) > _FOLDED_ABOVE else frozenset[str]()
    desk = Desk(schema, Layout(folded=many))
    if kept is not None:
        kept.save(desk.schema, desk.layout)
    return Board(desk, kept)

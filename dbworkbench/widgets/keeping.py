"""A board's file: the design and its layout as JSON, one thing to a line, so that changes read well in git."""

import json
from pathlib import Path

from dbworkbench.diagram.kept import kept_in, pictures_in_notebook
from dbworkbench.errors import DataError
from dbworkbench.output import write_file
from dbworkbench.schema.json import decode_schema, encode, parsed, version_of
from dbworkbench.schema.schema import Schema
from dbworkbench.widgets.layout import Layout, decode_layout, encode_layout


def board_text(schema: Schema, layout: Layout, *, indent: int | None = 1) -> str:
    """The text of a board's file; the same board gives the same text."""
    said = encode(schema)
    whole = {
        "dbworkbench": version_of(said),
        "is": "Board",
        "value": {"schema": said, "layout": encode_layout(layout)},
    }
    return json.dumps(whole, ensure_ascii=False, indent=indent) + "\n"


def read_board(text: str) -> tuple[Schema, Layout]:
    """What `board_text` wrote. Raises what `schema.json.from_json` does."""
    whole = parsed(text)
    value = whole.get("value")
    if whole.get("is") != "Board" or not isinstance(value, dict):
        raise DataError(f"this file holds {whole.get('is')!r}, not a board")
    return decode_schema(value.get("schema"), "schema"), decode_layout(value.get("layout", {}))


def saved_boards(notebook: str | Path) -> tuple[tuple[Schema, Layout], ...]:
    """The boards in a saved notebook, from its pictures alone: as they were when it was saved, without any kernel.

    Raises DataError where the file is no notebook.
    """
    held = map(kept_in, pictures_in_notebook(Path(notebook).read_text(encoding="utf-8")))
    return tuple(read_board(text) for text in held if parsed(text).get("is") == "Board")


class Kept:
    """A file that a board is loaded from and saved to; a change by somebody else is met, never overwritten."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._known: str | None = None

    def load(self) -> tuple[Schema, Layout] | None:
        """The board in the file, or none where there is no file yet."""
        if not self.path.exists():
            return None
        text = self.path.read_text(encoding="utf-8")
        found = read_board(text)
        self._known = text
        return found

    def save(self, schema: Schema, layout: Layout) -> bool:
        """Write the board; false, and nothing written, where the file is not as it was last read or written."""
        there = self.path.read_text(encoding="utf-8") if self.path.exists() else None
        if there != self._known:
            return False
        text = board_text(schema, layout)
        if text != there:
            write_file(self.path, text, overwrite=True)
            self._known = text
        return True

    def overwrite(self) -> None:
        """Take what is in the file now as known, so that the next save replaces it."""
        self._known = self.path.read_text(encoding="utf-8") if self.path.exists() else None

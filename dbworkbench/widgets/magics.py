"""Cell magics: `%load_ext dbworkbench`, then `%%schema shop`, `%%relation sales`, `%erd`, `%ddl`, `%normalize`.

A cell under `%%schema name` is a design in the notation; the name holds it afterwards. What cannot be read is shown
with its line and a mark under the place, without a traceback. Completion knows types, relations and attributes.
"""

import html
import re
from collections.abc import Callable
from typing import Any

from IPython.core.completer import SimpleCompletion, context_matcher

from dbworkbench.diagram.erd import erd
from dbworkbench.errors import NotationError, UnknownName, WorkbenchError
from dbworkbench.schema.normalization import Normalization, normalize
from dbworkbench.schema.notation import relation as read_relation
from dbworkbench.schema.notation import schema as read_schema
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import TYPE_WORDS
from dbworkbench.sql.write import write

_WORDS = ("key", "unique", "index", "check", "note", "null", "on delete cascade", "on delete set null", "join")


def load(shell: Any) -> None:  # noqa: ANN401  IPython's shell is untyped
    """Add the magics and their completion to a shell."""
    for name, read in (("schema", read_schema), ("relation", read_relation)):
        shell.register_magic_function(_cell(shell, name, read), magic_kind="cell", magic_name=name)
    shell.register_magic_function(_line(shell, "erd", _erd), magic_kind="line", magic_name="erd")
    shell.register_magic_function(_line(shell, "ddl", _ddl), magic_kind="line", magic_name="ddl")
    shell.register_magic_function(_line(shell, "normalize", _normalized), magic_kind="line", magic_name="normalize")
    unload(shell)
    shell.Completer.custom_matchers.append(_matcher)


def unload(shell: Any) -> None:  # noqa: ANN401  the same
    """Take the completion away."""
    matchers = shell.Completer.custom_matchers
    matchers[:] = [one for one in matchers if one is not _matcher]


def _cell(shell: Any, magic: str, read: Callable[[str], object]) -> Callable[[str, str], object]:  # noqa: ANN401  the same
    def run(line: str, cell: str) -> object:
        name = line.strip()
        if name and not name.isidentifier():
            return _wrong(f"%%{magic} {name}: {name!r} is no Python name — write %%{magic} shop")
        try:
            made = read(cell)
        except NotationError as error:
            at = None if error.line is None else error.line + 1  # the cell's first line is the magic's own
            return _wrong(str(NotationError(error.message, line=at, column=error.column, text=error.text)))
        except WorkbenchError as error:
            return _wrong(f"%%{magic}: {error}")
        if name:
            shell.user_ns[name] = made
        return made

    run.__doc__ = f"Read the cell as a {magic} in the notation; `%%{magic} name` keeps it under that name."
    return run


def _line(shell: Any, magic: str, run: Callable[[Any, list[str]], object]) -> Callable[[str], object]:  # noqa: ANN401  the same
    def called(line: str) -> object:
        words = line.split()
        try:
            if not words:
                return _wrong(f"%{magic} needs the name of a design — %{magic} shop")
            if words[0] not in shell.user_ns:
                raise UnknownName("design", words[0], _designs(shell))
            return run(shell.user_ns[words[0]], words[1:])
        except WorkbenchError as error:
            return _wrong(f"%{magic}: {error}")

    called.__doc__ = run.__doc__
    return called


def _designs(shell: Any) -> list[str]:  # noqa: ANN401  the same
    kinds = (Schema, Relation, Normalization)
    return sorted(
        name for name, value in shell.user_ns.items() if isinstance(value, kinds) and not name.startswith("_")
    )


def _wrong(message: str) -> "_Told":
    return _Told(message)


class _Told:
    """A refusal as a cell shows it: its words, the place marked, no traceback."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __repr__(self) -> str:
        return self.message

    def _repr_html_(self) -> str:
        bar = "border-left:4px solid #d32f2f;padding:.2em 0 .2em .8em;margin:.2em 0;overflow-x:auto;white-space:pre"
        return f'<pre style="{bar}">{html.escape(self.message)}</pre>'


def _erd(design: Any, words: list[str]) -> object:  # noqa: ANN401  whatever the notebook holds under that name
    """Draw a design: `%erd shop`, `%erd shop IDEF1X`."""
    return erd(design, notation=" ".join(words) or "crow's foot")


def _ddl(design: Any, words: list[str]) -> object:  # noqa: ANN401  the same
    """Write a design as SQL: `%ddl shop`, `%ddl shop postgresql`."""
    return write(getattr(design, "schema", design), dialect=words[0] if words else "duckdb")


def _normalized(design: Any, words: list[str]) -> object:  # noqa: ANN401  the same
    """Take a relation apart: `%normalize sales`, `%normalize sales BCNF`."""
    return normalize(design, to=words[0] if words else "3NF")


def completions(cell: str, cursor: int) -> tuple[str, list[str]]:
    r"""The word before the cursor in a cell of ours, and what it may become.

    >>> completions("%%schema s\na(x: dec", 20)
    ('dec', ['decimal'])
    """
    before = cell[:cursor]
    said = re.search(r"\w*\Z", before)
    fragment = said.group() if said else ""
    head = before[: len(before) - len(fragment)].rstrip()
    relations = dict(re.findall(r"^\s*(\w+)\s*\(([^\n]*)", cell.partition("\n")[2], re.MULTILINE))
    attributes = sorted(
        {name for inner in relations.values() for name in re.findall(r"[*(,]?\s*\*?(\w+)\s*[:?,)]", inner)}
    )
    if head.endswith(":"):
        known = sorted(TYPE_WORDS)
    elif head.endswith(("->", "→")):
        known = [*relations, *attributes]
    else:
        known = [*attributes, *relations, *_WORDS]
    return fragment, [name for name in dict.fromkeys(known) if name.startswith(fragment) and name != fragment]


@context_matcher()  # type: ignore[untyped-decorator]  # IPython gives no types
def _matcher(context: Any) -> Any:  # noqa: ANN401  IPython's own types
    text = context.full_text
    if not re.match(r"\s*%%(schema|relation)\b", text) or "\n" not in text:
        return {"completions": [], "suppress": False}
    lines = text.split("\n")
    line = getattr(context, "cursor_line", 0)
    at = sum(len(one) + 1 for one in lines[:line]) + context.cursor_position
    fragment, found = completions(text, at)
    return {
        "completions": [SimpleCompletion(text=one, type="design") for one in found],
        "matched_fragment": fragment,
        "suppress": True,
    }

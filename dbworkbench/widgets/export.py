"""A notebook as one page that needs no kernel and no network: pictures inside, boards still to be moved."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from dbworkbench.diagram.kept import drawn_in, kept_in
from dbworkbench.errors import DataError, MissingPackage, OutputExists, WorkbenchError
from dbworkbench.output import write_file
from dbworkbench.widgets.bundle import texts
from dbworkbench.widgets.desk import Desk
from dbworkbench.widgets.keeping import read_board

_VIEW = "application/vnd.jupyter.widget-view+json"
_FACED = 80  # relations up to which all views of a board are put on the page
_POLICY = (
    "default-src 'none'; img-src data:; font-src data:; media-src data:; style-src 'unsafe-inline'; "
    "script-src 'unsafe-inline' blob:"
)
_OUTSIDE = re.compile(
    r"""<(?:img|script|iframe|link|video|audio)\b[^>]*?(?:src|href)\s*=\s*["']?(https?:[^"'\s>]+)""", re.IGNORECASE
)
_MATH = re.compile(r"\$\$.+?\$\$|(?<![\\$\w])\$[^\s$][^$\n]*?(?<!\s)\$(?!\w)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Exported:
    """The page that was written, how many views on it are live, and what it could not take over from the notebook."""

    path: Path
    live: int
    remarks: tuple[str, ...]


def export_html(notebook: str | Path, out: str | Path | None = None, *, overwrite: bool = False) -> Exported:
    """Write a saved notebook as one HTML page, beside it unless `out` says where.

    Boards can be moved, searched and seen in every view; walks and scoreboards are explored; all else stands as it was
    saved. Nothing is run, and the page asks no network for anything: what would is remarked on.

    Raises DataError where there is no notebook, OutputExists where the page is there already, MissingPackage without
    nbconvert, Unsupported where the live views were not built.
    """
    source = Path(notebook)
    target = Path(out) if out is not None else source.with_suffix(".html")
    if target.exists() and not overwrite:
        raise OutputExists(target, "choose another name, or write over it")
    book, exporter = _read(source), _exporter()
    remarks = list(_remarks(book))
    states: list[dict[str, Any]] = []
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.outputs = list(_outputs(cell.outputs, states, remarks))
    book.metadata.pop("widgets", None)
    page, _ = exporter.from_notebook_node(
        book, resources={"metadata": {"name": source.stem, "path": str(source.parent)}}
    )
    write_file(target, _finished(page, states), overwrite=overwrite)
    return Exported(target, len(states), tuple(dict.fromkeys(remarks)))


def _read(source: Path) -> Any:  # noqa: ANN401  nbformat's node
    try:
        nbformat: Any = import_module("nbformat")
    except ImportError:
        raise MissingPackage("exporting a notebook", "nbconvert", "lab") from None
    if not source.exists():
        raise DataError(f"{source}: there is no such file")
    try:
        book = nbformat.reads(source.read_text(encoding="utf-8"), as_version=4)
    except (ValueError, KeyError, AttributeError, TypeError, nbformat.ValidationError) as error:
        raise DataError(f"{source}: this is no notebook") from error
    if not hasattr(book, "cells"):
        raise DataError(f"{source}: this is no notebook")
    return book


def _exporter() -> Any:  # noqa: ANN401  nbconvert's exporter
    try:
        nbconvert: Any = import_module("nbconvert")
    except ImportError:
        raise MissingPackage("exporting a notebook", "nbconvert", "lab") from None
    away = {name: "" for name in nbconvert.HTMLExporter.class_trait_names() if name.endswith("_url")}
    return nbconvert.HTMLExporter(embed_images=True, **away)


def _remarks(book: Any) -> Iterator[str]:  # noqa: ANN401  nbformat's node
    """What a page without network cannot show."""
    for at, cell in enumerate(book.cells, 1):
        if cell.cell_type == "markdown" and _MATH.search(cell.source):
            yield f"cell {at}: formulas stand as they are written, since typesetting them needs a script from the network"
        written = [cell.source] if cell.cell_type == "markdown" else []
        if cell.cell_type == "code":
            written = ["".join(output.get("data", {}).get("text/html", "")) for output in cell.outputs]
        for text in written:
            for address in _OUTSIDE.findall(text) + re.findall(r"!\[[^\]]*\]\((https?:[^)\s]+)", text):
                yield f"cell {at}: {address} is not fetched: the page asks no network"


def _outputs(outputs: list[Any], states: list[dict[str, Any]], remarks: list[str]) -> Iterator[Any]:
    for at, output in enumerate(outputs):
        data = output.get("data") or {}
        after = outputs[at + 1] if at + 1 < len(outputs) else {}
        if _VIEW in data:
            if "dbworkbench" in (after.get("metadata") or {}):
                continue  # our live view: the picture in the next output takes its place
            remarks.append("a widget of another package shows as text: its code is not in the notebook")
            data.pop(_VIEW)
        about = (output.get("metadata") or {}).get("dbworkbench")
        state = _state(about, next(drawn_in(data), ""), remarks) if isinstance(about, Mapping) else None
        if state is not None:
            states.append(state)
            inner = "".join(data.get("text/html", ""))
            data["text/html"] = f'<div data-dbworkbench="{len(states) - 1}"></div>{inner}'
            data.pop("image/svg+xml", None)
        yield output


def _state(about: Mapping[str, Any], svg: str, remarks: list[str]) -> dict[str, Any] | None:
    """What a view on the page starts from; none where its picture has to do."""
    mid = html.escape(str(about.get("for", "")))
    kept = kept_in(svg)
    if kept and about.get("entry", "board") == "board":
        try:
            schema, layout = read_board(kept)
        except WorkbenchError as error:
            remarks.append(f"a board stays a picture: {error}")
            return None
        desk = Desk(schema, layout)
        faces = desk.faces() if len(schema) <= _FACED else {}
        seen = {**desk.seen(), "types": [], "file": "", "conflict": "", "edited": False, "alone": True}
        return {"mid": mid, "entry": "board", "state": {**seen, "faces": faces, "tidied": desk.tidied()}}
    if isinstance(about.get("state"), Mapping) and isinstance(about.get("entry"), str):
        return {"mid": mid, "entry": about["entry"], "state": about["state"]}
    return None


_START = """
const given = (id) => JSON.parse(document.getElementById(id).textContent);
const { code, css } = given("dbworkbench-code");
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
document.adoptedStyleSheets.push(sheet);
const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
const { default: views } = await import(url);
given("dbworkbench-states").forEach((one, at) => views.alone(document.querySelector(`[data-dbworkbench="${at}"]`), one));
"""


def _finished(page: str, states: list[dict[str, Any]]) -> str:
    """The page with the rule that it asks no network for anything, and with the code of the views where there are any."""
    page = re.sub(r"<script[^>]*\bsrc\s*=\s*[\"'][^\"']*[\"'][^>]*>\s*</script>", "", page)
    rule = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    page = re.sub(r"(<meta charset=[^>]*>)", lambda met: f"{met[1]}\n{rule}", page, count=1)
    if not states:
        return page
    code, css, _ = texts()
    parts = (
        f'<script type="application/json" id="dbworkbench-code">{_embedded({"code": code, "css": css})}</script>\n'
        f'<script type="application/json" id="dbworkbench-states">{_embedded(states)}</script>\n'
        f'<script type="module">{_START}</script>\n'
    )
    head, end, tail = page.rpartition("</body>")
    return f"{head}{parts}{end}{tail}"


def _embedded(value: object) -> str:
    """JSON that no HTML parser takes for the end of its element."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c")

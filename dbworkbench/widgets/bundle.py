"""The code of the live views: sent to the browser once per kernel, however many views there are."""

import hashlib
from functools import cache
from pathlib import Path

import ipywidgets
import traitlets

from dbworkbench.errors import Unsupported

STATIC = Path(__file__).parent / "static"


class Bundle(ipywidgets.Widget):  # type: ignore[misc]  # ipywidgets is untyped
    """The one model that holds the code and the style sheet of all views."""

    _model_name = traitlets.Unicode("WidgetModel").tag(sync=True)
    code = traitlets.Unicode().tag(sync=True)
    css = traitlets.Unicode().tag(sync=True)


def loader() -> str:
    """The few lines that every view starts from: they fetch the bundle and hand over to it."""
    return (Path(__file__).parent / "loader.js").read_text(encoding="utf-8")


@cache
def texts() -> tuple[str, str, str]:
    """The code, the style sheet and their fingerprint. Raises Unsupported where this install has not built them."""
    code, css = STATIC / "widgets.js", STATIC / "widgets.css"
    if not (code.exists() and css.exists()):
        raise Unsupported(
            "the live views were not built in this install (npm was out of reach) — run "
            "python hatch_build.py in the source folder, or install a wheel; erd(…) draws without them"
        )
    said = code.read_text(encoding="utf-8"), css.read_text(encoding="utf-8")
    return (*said, hashlib.sha256("\0".join(said).encode()).hexdigest()[:16])


_bundles: list[Bundle] = []


def bundle() -> tuple[Bundle, str]:
    """The kernel's bundle, made when the first view is, and its fingerprint."""
    code, css, fingerprint = texts()
    if not _bundles or _bundles[0].comm is None:
        _bundles[:] = [Bundle(code=code, css=css)]
    return _bundles[0], fingerprint

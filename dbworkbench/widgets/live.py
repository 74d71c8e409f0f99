"""What every live view has in common: the shared code, two outputs, and a picture that stays."""

from typing import Any, ClassVar

import anywidget
import traitlets
from IPython import display

from dbworkbench.errors import Unsupported
from dbworkbench.widgets.bundle import bundle, loader

_VIEW = "application/vnd.jupyter.widget-view+json"
_show: Any = display.publish_display_data  # IPython gives no types


class Live(anywidget.AnyWidget):
    """A view in the browser and, beside it in the notebook, a picture of the same; `ENTRY` names its code."""

    ENTRY: ClassVar[str] = ""
    _esm = loader()
    _mid = traitlets.Unicode().tag(sync=True)
    _bundle = traitlets.Unicode().tag(sync=True)
    _bundle_hash = traitlets.Unicode().tag(sync=True)
    _entry = traitlets.Unicode().tag(sync=True)
    _state = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self._entry, self._live = self.ENTRY, True
        try:
            model, fingerprint = bundle()
            self._bundle, self._bundle_hash = f"IPY_MODEL_{model.model_id}", fingerprint
        except Unsupported:
            self._live = False
        self._mid = self.model_id or ""

    def picture(self) -> dict[str, str]:
        """The view as it is now, in the forms that need no kernel."""
        raise NotImplementedError

    def _ipython_display_(self, **options: object) -> None:
        del options
        if self._live:
            version = {"version_major": 2, "version_minor": 1, "model_id": self.model_id}
            _show({_VIEW: version, "text/plain": repr(self)})
        _show(self.picture(), {"dbworkbench": {"for": self._mid}})

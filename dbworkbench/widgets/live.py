"""What every live view has in common: the shared code, two outputs, a picture that stays, and how messages are answered."""

import html
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import anywidget
import traitlets
from IPython import display

from dbworkbench.errors import DataError, Unsupported, WorkbenchError
from dbworkbench.page.blocks import Page, Prose
from dbworkbench.page.html import fragment
from dbworkbench.page.plain import plain
from dbworkbench.widgets.bundle import bundle, loader

_VIEW = "application/vnd.jupyter.widget-view+json"
_show: Any = display.publish_display_data  # IPython gives no types


class Live(anywidget.AnyWidget):
    """A view in the browser and, beside it in the notebook, a picture of the same; `ENTRY` names its code.

    Where `ALONE` holds, the view needs no Python behind it: its state is kept with the picture, so that an exported
    page is explored as the notebook is.
    """

    ENTRY: ClassVar[str] = ""
    ALONE: ClassVar[bool] = False
    _esm = loader()
    _mid = traitlets.Unicode().tag(sync=True)
    _bundle = traitlets.Unicode().tag(sync=True)
    _bundle_hash = traitlets.Unicode().tag(sync=True)
    _entry = traitlets.Unicode().tag(sync=True)
    _state = traitlets.Dict().tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self._answered: dict[str, None] = {}
        self._listeners: list[Callable[[Any], object]] = []
        self._entry, self._live = self.ENTRY, True
        try:
            model, fingerprint = bundle()
            self._bundle, self._bundle_hash = f"IPY_MODEL_{model.model_id}", fingerprint
        except Unsupported:
            self._live = False
        self._mid = self.model_id or ""
        self.on_msg(self._received)

    def on_change(self, listener: Callable[[Self], object]) -> Callable[[Self], object]:
        """Call `listener(view)` after every edit; works as a decorator too."""
        self._listeners.append(listener)
        return listener

    # -- shown -----------------------------------------------------------------------------------------------------

    def page(self) -> Page:
        """The view as it is now, in blocks."""
        return (Prose(repr(self)),)

    def picture(self) -> dict[str, str]:
        """The view as it is now, in the forms that need no kernel."""
        page = self.page()
        return {"text/html": self._framed(fragment(page)), "text/plain": plain(page, folds=False)}

    def _framed(self, inner: str) -> str:
        return f'<div class="dbw-picture" data-for="{html.escape(self._mid)}">{inner}</div>'

    def _ipython_display_(self, **options: object) -> None:
        del options
        if self._live:
            version = {"version_major": 2, "version_minor": 1, "model_id": self.model_id}
            _show({_VIEW: version, "text/plain": repr(self)})
        alone = {"state": self._state} if self.ALONE else {}
        _show(self.picture(), {"dbworkbench": {"for": self._mid, "entry": self.ENTRY, **alone}})

    # -- the wire --------------------------------------------------------------------------------------------------

    def _received(self, _: object, message: Mapping[str, Any], __: object) -> None:
        """Answer a message: what is asked is told, what is to be done is done once, and what cannot be is refused."""
        ack = str(message.get("id", ""))
        told = self._asked_for(message)
        if told is not None:
            self.send(told)
            return
        if ack and ack in self._answered:
            self.send({"kind": "patch", "said": "", "ack": ack})
            return
        try:
            said = self._done(message)
        except (AttributeError, KeyError, TypeError, ValueError, LookupError, WorkbenchError) as error:
            reason = str(error) if isinstance(error, WorkbenchError) else f"the message cannot be read: {error}"
            self.send({"kind": "refused", "reason": reason, "ack": ack, "where": message.get("where", "")})
            return
        if ack:
            self._answered[ack] = None
        self._publish(said, ack)

    def _asked_for(self, message: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer to a message that only asks; none where something is to be done."""
        return {"kind": "picture", "data": self.picture()} if message.get("kind") == "picture" else None

    def _done(self, message: Mapping[str, Any]) -> str:
        """Do what a message says; what to announce. Raises WorkbenchError with the reason of a refusal."""
        raise DataError(f"this view cannot do {message.get('kind')!r}")

    def _seen(self) -> dict[str, Any]:
        """Everything the view shows."""
        return dict(self._state)

    def _publish(self, said: str, ack: str = "") -> None:
        """Tell the views what is so now, and listeners that it changed."""
        self._state = self._seen()
        self.send({"kind": "patch", "said": said, "ack": ack})
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener(self)

"""How far a long verb has come, as an HTML display that leaves its last state in the saved notebook."""

import time
from types import TracebackType
from typing import Any

from IPython import display

from dbworkbench.discovery.search import Progress as Searched
from dbworkbench.page.html import escaped

_BEAT = 0.2  # seconds between two drawings: more often than a person sees, and cheap
_show: Any = display.display  # IPython gives no types


class Progress:
    """A bar in the notebook, to be called with what is being done and the share done so far, from 0 to 1.

    Within `with`, it says at the end how it ended; without, a share of 1 ends it.
    """

    def __init__(self, title: str) -> None:
        self.title, self.what, self.share = title, "", 0.0
        self._since = time.monotonic()
        self._drawn = self._since - _BEAT
        self._ended = ""
        self._handle: Any = _show(_Told(self), display_id=True)

    def __call__(self, what: str | Searched, share: float = 0.0) -> None:
        """Say what is being done, and the share that is done; or hand on how far a search has come."""
        if isinstance(what, Searched):
            share = what.complete / max(1, what.targets)
            what = f"{what.found:,} found, {what.complete} of {what.targets} columns complete"
        elif share >= 1:
            self._ended = "done"
        self.what, self.share = what, min(1.0, max(0.0, share))
        now = time.monotonic()
        if self._ended or now - self._drawn >= _BEAT:
            self._drawn = now
            self._draw()

    def _draw(self) -> None:
        if self._handle is not None:
            self._handle.update(_Told(self))

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        del error, trace
        self._ended = "done" if kind is None else "interrupted" if issubclass(kind, KeyboardInterrupt) else "failed"
        self.share = 1.0 if kind is None else self.share
        self._draw()

    def __repr__(self) -> str:
        seconds = time.monotonic() - self._since
        if self._ended == "done":
            return f"{self.title}: done in {seconds:.1f} s"
        said = f"{self.title}: {self._ended or self.what or 'begins'} ({self.share:.0%}, {seconds:.1f} s)"
        return f"{said} at {self.what}" if self._ended and self.what else said


class _Told:
    """What the bar says at one moment."""

    def __init__(self, progress: Progress) -> None:
        self._text = repr(progress)
        self._share = progress.share

    def __repr__(self) -> str:
        return self._text

    def _repr_html_(self) -> str:
        label = escaped(self._text)
        return (
            f'<div><progress value="{self._share:.3f}" max="1" aria-label="{label}" style="width:12em"></progress> '
            f"<span>{label}</span></div>"
        )


def progress(title: str = "working") -> Progress:
    """A bar for a long verb: `with wb.progress("the trial") as told: wb.trial(…, progress=told)`; discover takes it too."""
    return Progress(title)

"""A watch that calls out when time is up: one thread for all statements, armed and disarmed in microseconds."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic


class Watch:
    """Calls `alarm` in its own thread if the block under `within` runs longer than it may; one block at a time."""

    def __init__(self, alarm: Callable[[], None]) -> None:
        self._alarm = alarm
        self._changed = threading.Condition()
        self._until: float | None = None
        self._wakes = float("inf")
        self._thread: threading.Thread | None = None
        self._closed = False
        self.rang = False

    def begin(self, seconds: float) -> None:
        """Watch from now on; `rang` tells after `end` whether the alarm was raised."""
        with self._changed:
            self.rang = False
            self._until = monotonic() + seconds
            if self._thread is None:
                self._thread = threading.Thread(target=self._sleep, name="dbworkbench-watch", daemon=True)
                self._thread.start()
            elif self._until < self._wakes:
                self._changed.notify()

    def end(self) -> None:
        """Watch no more."""
        with self._changed:
            self._until = None

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Watch over a block."""
        self.begin(seconds)
        try:
            yield
        finally:
            self.end()

    def close(self) -> None:
        """End the thread; closing twice is fine."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _sleep(self) -> None:
        with self._changed:
            while not self._closed:
                now = monotonic()
                if self._until is not None and self._until <= now:
                    self.rang, self._until = True, now + 0.05  # called again until the block ends
                    self._alarm()
                self._wakes = self._until if self._until is not None else float("inf")
                self._changed.wait(None if self._until is None else max(0.0, self._wakes - now))

"""Ctrl-C ends a search and keeps what it has found; a second one gives up."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread


@contextmanager
def kept_at_interrupt() -> Iterator[Event]:
    """Within it the first Ctrl-C sets the event, and says so on standard error; the second one is as any other.

    Signals reach the main thread alone: in another one nothing is changed.
    """
    ended = Event()
    if current_thread() is not main_thread():
        yield ended
        return
    before = signal.getsignal(signal.SIGINT) or signal.default_int_handler

    def end(number: int, frame: object) -> None:
        del number, frame
        ended.set()
        signal.signal(signal.SIGINT, before)
        sys.stderr.write("\nstopping: what is found so far is kept — once more to give up\n")

    signal.signal(signal.SIGINT, end)
    try:
        yield ended
    finally:
        signal.signal(signal.SIGINT, before)

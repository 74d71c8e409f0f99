"""Ctrl-C ends a search and keeps what it has found; a second one gives up."""

import _thread
import signal
import sys
import time
from pathlib import Path
from threading import Event, Thread, Timer

import numpy as np
import pandas as pd
import pytest

from dbworkbench.__main__ import main
from dbworkbench.discovery.discover import discover
from dbworkbench.discovery.interruption import kept_at_interrupt
from dbworkbench.discovery.search import Budget


def endless() -> pd.DataFrame:
    """A table whose dependencies nobody would wait for, one of them a rule."""
    frame = pd.DataFrame(np.random.default_rng(1).integers(0, 8, (700, 40))).add_prefix("c")
    return frame.assign(zone_of_c0=frame["c0"].map(dict(enumerate([5, 2, 5, 9, 2, 9, 5, 2]))))


def test_what_is_found_so_far_is_the_result() -> None:
    ended = Event()
    Timer(0.5, ended.set).start()
    found = discover({"one": endless(), "two": endless()}, budget=Budget(ended=ended))
    assert not found.complete
    assert "c0 → zone_of_c0" in map(str, found["one"].fds)
    assert "one: the search was interrupted: open for c0, " in found.notes[0]
    assert "two: not searched: it was interrupted before" in found.notes
    assert not len(found["two"].fds)
    assert "No key was found so far" in str(found["two"])


def test_at_a_prompt_the_first_interrupt_ends_the_search_and_the_second_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    Timer(0.5, _thread.interrupt_main).start()
    found = discover(endless(), budget=None)
    assert "interrupted" in found.notes[0]
    assert "once more to give up" in capsys.readouterr().err
    with kept_at_interrupt() as ended:
        signal.raise_signal(signal.SIGINT)
        assert ended.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_other_threads_are_left_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with kept_at_interrupt() as ended:
            seen.append((signal.getsignal(signal.SIGINT), ended.is_set()))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [(signal.getsignal(signal.SIGINT), False)]


def test_the_command_prints_what_is_found_so_far(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    endless().to_csv(tmp_path / "endless.csv", index=False)
    before = signal.getsignal(signal.SIGINT)

    def interrupt() -> None:
        while signal.getsignal(signal.SIGINT) is before:
            time.sleep(0.01)
        time.sleep(0.3)
        _thread.interrupt_main()

    Thread(target=interrupt, daemon=True).start()
    assert main(["discover", str(tmp_path / "endless.csv")]) == 130
    said, told = capsys.readouterr()
    assert "once more to give up" in told
    assert "c0 → zone_of_c0" in said
    assert "The design proposed" in said

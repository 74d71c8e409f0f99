"""Scratch folders for database files: removed when done with, and after a crash by the next one that is made."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed: that tells the living from the dead
    fcntl = None  # type: ignore[assignment]

PREFIX = "dbworkbench-scratch-"
_LOCK = "in-use"


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder for scratch files, gone at the end; folders that dead processes left are removed first."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with (folder / _LOCK).open("w") as lock:
            _hold(lock)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> tuple[Path, ...]:
    """Remove the scratch folders whose processes are dead; returns them. Those in use are left alone."""
    removed: list[Path] = []
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        if folder.is_dir() and not folder.is_symlink() and _is_left(folder):
            _end_servers(folder)
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return tuple(removed)


def _hold(lock: IO[str]) -> None:
    if fcntl is not None:
        fcntl.flock(lock, fcntl.LOCK_EX)


def _end_servers(folder: Path) -> None:
    """Ask the servers to end whose data lie in a folder that is left: they outlive the process that started them."""
    for name, ends in (("postmaster.pid", signal.SIGINT), ("mariadbd.pid", signal.SIGKILL)):
        for noted in folder.glob(f"*/{name}"):
            with suppress(OSError, ValueError, IndexError):
                process = int(noted.read_text("utf-8").split()[0])
                if str(noted.parent) in Path(f"/proc/{process}/cmdline").read_text("utf-8"):  # and not another by now
                    os.kill(process, ends)


def _is_left(folder: Path) -> bool:
    """Whether no living process holds the folder; one without a lock yet is being made and is not judged."""
    lock = folder / _LOCK
    with suppress(OSError):
        if hasattr(os, "getuid") and folder.stat().st_uid != os.getuid():
            return False
        if fcntl is None:
            lock.unlink()
            return True
        with lock.open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    return False

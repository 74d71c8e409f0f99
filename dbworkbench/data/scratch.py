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
OF_ROWS = "dbworkbench-rows-"
"""What folders are called that `data.tables.Tables` spill to, and others that are made here."""
_LOCK = "in-use"
_LITTLE = 300_000_000  # bytes: a server of one's own begins with 40 to 270 million


@contextmanager
def scratch() -> Iterator[Path]:
    """A new folder for scratch files, gone at the end; folders that dead processes left are removed first."""
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        with held(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def held(folder: Path) -> IO[str]:
    """A lock that says that a scratch folder is in use, until it is closed or its process ends."""
    lock = (folder / _LOCK).open("w")
    if fcntl is not None:
        fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def room(folder: Path) -> str:
    """A hint where little room is left on the disk of a folder; else nothing."""
    with suppress(OSError):
        free = shutil.disk_usage(folder).free
        if free < _LITTLE:
            return (
                f" — {free // 1_000_000} MB are free in {folder.parent}, which TMPDIR names: free some, or name another"
            )
    return ""


def sweep() -> tuple[Path, ...]:
    """Remove the scratch folders whose processes are dead; returns them. Those in use are left alone."""
    removed: list[Path] = []
    for folder in (one for prefix in (PREFIX, OF_ROWS) for one in Path(tempfile.gettempdir()).glob(prefix + "*")):
        if folder.is_dir() and not folder.is_symlink() and _is_left(folder):
            _end_servers(folder)
            shutil.rmtree(folder, ignore_errors=True)
            removed.append(folder)
    return tuple(removed)


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

"""Artifacts in Python, run in a process of their own against a scratch SQLite file, and what stands in it afterwards."""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from dbworkbench.engines.reflect import reflected
from dbworkbench.trials.outline import outline_of
from dbworkbench.trials.vendors import File, Missing, Sight

__all__ = ["LIBRARIES", "seen_by_python"]

_PROGRAM = Path(__file__).with_name("judges") / "models.py"
_SECONDS = 300

LIBRARIES = {"sqlalchemy": "SQLAlchemy", "alembic": "alembic", "django": "Django"}
"""The packages that artifacts in Python are written for, by format."""

_BOOKKEEPING = frozenset({"django_migrations", "alembic_version", "sqlite_sequence"})


def seen_by_python(format_name: str, files: Sequence[File], folder: Path) -> list[Sight | Missing]:
    """What the library for a format makes of files in SQLite; `folder` is a scratch folder of the caller's.

    Python is started once for all of them, where processes can be forked.
    """
    library = LIBRARIES[format_name]
    try:
        there = version(library)
    except PackageNotFoundError:
        return [Missing(f"pip install {library.casefold()}") for _ in files]
    places = []
    for at, one in enumerate(files):
        place = folder / str(at)
        place.mkdir()
        (place / "written.py").write_text(one.text, encoding="utf-8")
        places.append(place)
    batches = [places] if hasattr(os, "fork") else [[place] for place in places]
    said = "".join(_run(format_name, batch) for batch in batches)
    return [_sight(f"{library} {there} on SQLite", place, said) for place in places]


def _run(format_name: str, places: Sequence[Path]) -> str:
    """Have the library make tables of the models in folders; returns the end of what is complained of."""
    done = subprocess.run(  # noqa: S603  our own program, on files of our own
        [sys.executable, "-I", str(_PROGRAM), format_name, *map(str, places)],
        cwd=places[0],
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    return done.stderr


def _sight(tool: str, place: Path, said: str) -> Sight:
    complaint = place / "complaint"
    if not complaint.exists():
        return Sight(tool, sqlite3.sqlite_version, _complaint(said))
    trace = complaint.read_text("utf-8", "replace")
    if trace:
        return Sight(tool, sqlite3.sqlite_version, _complaint(trace))
    with closing(sqlite3.connect(f"file:{place / 'scratch.db'}?mode=ro", uri=True)) as connection:

        def ask(sql: str) -> Sequence[tuple[Any, ...]]:
            return connection.execute(sql).fetchall()

        found = reflected(ask, "sqlite", ("main",)).schema
    kept = tuple(table for table in outline_of(found) if table.name not in _BOOKKEEPING)
    return Sight(tool, sqlite3.sqlite_version, outline=kept)


def _complaint(trace: str) -> str:
    """The last exception of a traceback, with what it says."""
    lines = [line for line in trace.splitlines() if line.strip()] or ["it ended without a word"]
    first = next((at for at in reversed(range(len(lines))) if re.match(r"[A-Za-z_][\w.]*: ", lines[at])), -1)
    return " ".join(" ".join(lines[first:]).split())[:400]

"""Artifacts in Python, run in a process of their own against a scratch SQLite file, and what stands in it afterwards."""

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
from dbworkbench.trials.vendors import Missing, Sight

__all__ = ["LIBRARIES", "seen_by_python"]

_PROGRAM = Path(__file__).with_name("judges") / "models.py"
_SECONDS = 300

LIBRARIES = {"sqlalchemy": "SQLAlchemy", "alembic": "alembic", "django": "Django"}
"""The packages that artifacts in Python are written for, by format."""

_BOOKKEEPING = frozenset({"django_migrations", "alembic_version", "sqlite_sequence"})


def seen_by_python(format_name: str, text: str, folder: Path) -> Sight | Missing:
    """What the library for a format makes of a text in SQLite; `folder` is a scratch folder of the caller's."""
    library = LIBRARIES[format_name]
    try:
        there = version(library)
    except PackageNotFoundError:
        return Missing(f"pip install {library.casefold()}")
    tool = f"{library} {there} on SQLite"
    file, database = folder / "written.py", folder / "scratch.db"
    file.write_text(text, encoding="utf-8")
    done = subprocess.run(  # noqa: S603  our own program, on a file of our own
        [sys.executable, "-I", str(_PROGRAM), format_name, str(file), str(database)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    if done.returncode:
        return Sight(tool, sqlite3.sqlite_version, _complaint(done.stderr))
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:

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

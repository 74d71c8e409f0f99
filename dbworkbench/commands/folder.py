"""The folder that a command fills: whole at the end, or as it was."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dbworkbench.errors import OutputExists
from dbworkbench.output import make_folder


def free(out: Path, *, force: bool) -> None:
    """Raise OutputExists where the folder holds something that must not be written over."""
    if out.exists() and not out.is_dir():
        raise OutputExists(out, "it is a file: name a folder")
    if out.is_dir() and any(out.iterdir()) and not force:
        raise OutputExists(out, "name another folder, or write over it with --force")


@contextmanager
def filled(out: Path) -> Iterator[Path]:
    """An empty folder to write to; what is in it at the end goes to `out`, and nothing does after an error."""
    make_folder(out.parent)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        yield made
        _move(made, out)


def _move(made: Path, out: Path) -> None:
    """Put finished files in place, each at once, and take away those that an earlier design left there."""
    if (out / "design.html").exists():
        for old in (*out.glob("rows/*.parquet"), out / "erd.svg", out / "dependencies.svg", out / "trial.json"):
            old.unlink(missing_ok=True)
    for path in sorted(made.rglob("*")):
        target = out / path.relative_to(made)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)

"""`dbworkbench lab`: JupyterLab on the tour."""

import argparse
import os
import shutil
from pathlib import Path

from dbworkbench.errors import DataError, MissingPackage

_TOUR = {".ipynb", ".svg", ".txt", ".sql", ".csv", ".md"}
_PACKAGE = Path(__file__).resolve().parent.parent


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.description = (
        "Open JupyterLab on the tour. Without a folder, the notebooks and the sample data that come with "
        "dbworkbench are copied to ./dbworkbench-tour (files that are there already are kept)."
    )
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of notebooks to open instead")
    parser.add_argument("--no-browser", action="store_true", help="print the address and open no browser")
    parser.add_argument("--port", type=int, default=8888, help="the port to listen on, on this machine only")


def run(given: argparse.Namespace) -> int:
    """Start JupyterLab."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError:
        raise MissingPackage("dbworkbench lab", "jupyterlab", "lab") from None
    folder = given.folder or _tour(Path.cwd() / "dbworkbench-tour")
    if not folder.is_dir():
        raise DataError(f"{folder}: there is no such folder")
    first = next(iter(sorted(folder.glob("**/00_*.ipynb"))), None)
    page = f"/lab/tree/{first.relative_to(folder).as_posix()}" if first else "/lab"
    LabApp.launch_instance(
        argv=[
            f"--ServerApp.root_dir={folder.resolve()}",
            f"--LabApp.default_url={page}",
            "--ServerApp.ip=127.0.0.1",
            f"--ServerApp.port={given.port}",
            f"--LabApp.app_settings_dir={_PACKAGE / 'lab_settings'}",  # asks nobody for news
            *(["--no-browser"] if given.no_browser else []),
            *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        ]
    )
    return 0


def _tour(into: Path) -> Path:
    """A copy of the notebooks and sample data that come with the package; files already there are kept."""
    source = _PACKAGE / "tour" if (_PACKAGE / "tour").is_dir() else _PACKAGE.parent
    for part in ("notebooks", "sample_data"):
        for path in sorted((source / part).glob("*")):
            target = into / part / path.name
            if path.suffix in _TOUR and not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    return into

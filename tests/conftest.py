"""Golden files, a real browser with no network, and deterministic property tests, for every test."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import unified_diff
from os.path import normpath
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.scratch import mariadb_url, postgresql_server, sail, scratch

__all__ = ["mariadb_url", "postgresql_server", "sail", "scratch"]  # fixtures, for every test

settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_configure() -> None:
    """Let the programs that tests start and interrupt hear Ctrl-C, also where this run was started not to."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files from what is produced now")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """`golden("shop.md", text)`: the text must be what `golden/shop.md` beside the test file holds."""
    folder = Path(request.path).parent / "golden"
    update = bool(request.config.getoption("--update-golden"))

    def check(relative_name: str, text: str) -> None:
        path = Path(normpath(folder / relative_name))  # a name may lead out of a folder that is not there
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            return
        if not path.exists():
            pytest.fail(f"there is no golden file {relative_name} — look at the output, then run with --update-golden")
        expected = path.read_bytes().decode("utf-8")
        if text != expected:
            lines = unified_diff(
                expected.splitlines(), text.splitlines(), f"golden/{relative_name}", "produced", lineterm=""
            )
            shown = "\n".join(line[:400] for line in list(lines)[:80])
            pytest.fail(
                f"{relative_name} differs from its golden file (--update-golden rewrites it)\n{shown}", pytrace=False
            )

    return check


@dataclass
class Tab:
    """A page opened offline: what it asked the network for and what it complained of are kept."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


class Browser:
    """One headless Chromium for the session; every tab is offline and of its own."""

    def __init__(self, chromium: Any) -> None:
        self._chromium = chromium

    @contextmanager
    def open(self, url: str | Path, *, width: int = 1100, height: int = 800, scheme: str = "light") -> Iterator[Tab]:
        """A tab showing a file or a `data:` address; any other request is refused and recorded."""
        context = self._chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            offline=True,
            locale="en-GB",
            timezone_id="UTC",
        )
        tab = Tab(context.new_page())

        def decide(route: Any) -> None:
            if route.request.url.startswith(("file:", "data:")):
                route.continue_()
            else:
                tab.requests.append(route.request.url)
                route.abort()

        context.route("**/*", decide)
        tab.page.on(
            "console", lambda said: tab.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        tab.page.on("pageerror", lambda error: tab.complaints.append(str(error)))
        try:
            tab.page.goto(url.resolve().as_uri() if isinstance(url, Path) else url, wait_until="load")
            yield tab
        finally:
            context.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium: the one CHROMIUM names, else the system's, else the one Playwright installed."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only tests that open a page need it

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run", "--disable-default-apps", "--font-render-hinting=none"]  # fmt: skip
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=quiet)
        try:
            yield Browser(chromium)
        finally:
            chromium.close()

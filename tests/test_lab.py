"""`dbworkbench lab` opens a real JupyterLab on the tour, whose saved outputs are seen before anything is run."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[str]:
    """The address of a JupyterLab started by the command in an empty folder."""
    port = free_port()
    private = {name: str(tmp_path / "jupyter") for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    private |= {
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(tmp_path / "work"),
    }
    log = (tmp_path / "log.txt").open("w")
    (tmp_path / "here").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "dbworkbench", "lab", "--no-browser", "--port", str(port)],
        cwd=tmp_path / "here",
        env={**os.environ, **private, "JUPYTER_TOKEN": "let-me-in"},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api/status?token=let-me-in", timeout=2).close()  # noqa: S310  loopback
                break
            except OSError:
                assert process.poll() is None, (tmp_path / "log.txt").read_text()
                time.sleep(0.5)
        else:
            pytest.fail((tmp_path / "log.txt").read_text()[-3000:])
        yield address
    finally:
        log.close()
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.mark.browser
def test_the_tour_opens_in_jupyterlab(lab: str, browser: Any, tmp_path: Path) -> None:
    context = browser._chromium.new_context(viewport={"width": 1300, "height": 1000})
    context.route(
        "**/*",
        lambda route: route.continue_() if route.request.url.startswith((lab, "data:", "blob:")) else route.abort(),
    )
    page = context.new_page()
    try:
        page.goto(f"{lab}/?token=let-me-in", timeout=60_000)
        page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        assert page.locator(".lm-TabBar-tab.lm-mod-current", has_text="00_how_it_works").count() >= 1
        page.wait_for_selector(".jp-OutputArea img", state="attached", timeout=60_000)
        assert page.get_by_text("Jupyter news").count() == 0, "nobody is asked about news from the network"
    finally:
        context.close()
    assert (tmp_path / "here" / "dbworkbench-tour" / "sample_data" / "sales.sql").is_file()

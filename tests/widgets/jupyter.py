"""A real JupyterLab on the loopback address, with folders and settings of its own, and a tab that looks at it."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

nbformat: Any = import_module("nbformat")  # untyped
ROOT = Path(__file__).parents[2]
PATIENCE = 60_000


@contextmanager
def running_lab(home: Path) -> Iterator[tuple[str, Path]]:
    """A server in a folder; its address, and where its notebooks lie."""
    work = home / "work"
    work.mkdir()
    extension = home / "data" / "labextensions" / "dbworkbench"
    shutil.copytree(ROOT / "dbworkbench" / "widgets" / "labextension", extension)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folders = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    settings = home / "app" / "overrides.d"
    settings.mkdir(parents=True)
    quiet = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}
    (settings / "quiet.json").write_text(json.dumps(quiet))
    environment = {
        **os.environ,
        **{name: str(home / folder) for name, folder in folders.items()},
        "PYTHONPATH": str(ROOT),
    }
    words = ["--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
             "--IdentityProvider.token=t", f"--ServerApp.root_dir={work}", "--LabApp.expose_app_in_browser=True",
             f"--LabApp.app_settings_dir={home / 'app'}",
             f"--LabApp.extra_labextensions_path={extension.parent}"]  # fmt: skip
    with (home / "log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "jupyterlab", *words], env=environment, stdout=log, stderr=log)
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(f"{address}/api?token=t", home / "log")
            yield address, work
        finally:
            server.terminate()
            server.wait(20)


def _wait(url: str, log: Path) -> None:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310  the loopback address
                return
        except OSError:
            time.sleep(0.3)
    raise AssertionError(log.read_text()[-2000:])


def notebook(path: Path, *cells: str) -> None:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(made, path)


@contextmanager
def lab_tab(browser: Any) -> Iterator[Any]:
    """A tab that may speak with the loopback address."""
    with browser.open("data:text/html,", width=1300, height=900) as opened:
        opened.page.context.unroute("**/*")
        opened.page.context.set_offline(False)
        opened.page.set_default_timeout(PATIENCE)
        yield opened.page


def opened(page: Any, address: str, name: str) -> None:
    page.goto(f"{address}/lab/tree/{name}?token=t&reset")
    page.wait_for_function(
        "() => window.jupyterapp?.shell?.currentWidget?.sessionContext && window.jupyterapp.shell.currentWidget.context?.isReady"
    )


def run_all(page: Any) -> None:
    page.evaluate(
        "async () => { const p = jupyterapp.shell.currentWidget; await p.sessionContext.ready; await jupyterapp.commands.execute('notebook:run-all-cells'); }"
    )


def save(page: Any) -> None:
    page.evaluate("async () => { await jupyterapp.shell.currentWidget.context.save(); }")


def asked(page: Any, expression: str) -> str:
    """What Python in the notebook's kernel says of an expression."""
    said = page.evaluate(
        """async (expression) => {
            const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const reply = await kernel.requestExecute({ code: "", user_expressions: { x: expression } }).done;
            return reply.content.user_expressions.x;
        }""",
        expression,
    )
    assert said["status"] == "ok", said
    return str(said["data"]["text/plain"])

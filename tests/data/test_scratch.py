import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from dbworkbench.data.scratch import PREFIX, scratch, sweep
from dbworkbench.engines.watch import Watch


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_a_scratch_folder_is_gone_afterwards(tmp_path: Path) -> None:
    with scratch() as folder:
        (folder / "x").write_text("x")
        assert folder.parent == tmp_path
        assert sweep() == ()  # it is in use
    assert list(tmp_path.iterdir()) == []


def test_a_scratch_folder_is_gone_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="boom"), scratch():
        raise ValueError("boom")
    assert list(tmp_path.iterdir()) == []


_SCRATCH = """
import time
from dbworkbench.data.scratch import scratch
with scratch() as folder:
    (folder / "data").write_text("x")
    print(folder, flush=True)
    time.sleep(60)
"""
_ROWS = """
import time
from dbworkbench.data.tables import Tables
rows = Tables(on_disk=True)
print(rows.scratch, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize(("code", "file"), [(_SCRATCH, "data"), (_ROWS, "rows.duckdb")], ids=["scratch", "rows"])
def test_what_a_killed_process_left_is_removed_by_the_next(code: str, file: str, tmp_path: Path) -> None:
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        assert sweep() == ()
        assert (left / file).exists()
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert left.exists()
    assert sweep() == (left,)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.mariadb
def test_a_server_that_a_killed_process_left_is_ended_by_the_next(tmp_path: Path) -> None:
    code = (
        "import time\nfrom dbworkbench.engines.engine import engine\nfrom dbworkbench.data.scratch import scratch\n"
        "with scratch() as folder, engine('mariadb').session(folder) as session:\n"
        " print((folder / 'mariadb' / 'mariadbd.pid').read_text().strip(), flush=True)\n time.sleep(60)\n"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        server = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
        process.wait()
    os.kill(server, 0)  # it outlives the process that started it
    assert len(sweep()) == 2  # its data, and its socket
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            os.kill(server, 0)
        except ProcessLookupError:
            break
        time.sleep(0.05)
    else:
        pytest.fail(f"the server {server} still runs")
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / (PREFIX + "no-lock")).mkdir()
    (tmp_path / "other").mkdir()
    assert sweep() == ()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_watch_rings_once_time_is_up_and_not_before() -> None:
    rung: list[float] = []
    watch = Watch(lambda: rung.append(time.monotonic()))
    with watch.within(5):
        pass
    assert not watch.rang
    started = time.monotonic()
    with watch.within(0.05):
        time.sleep(0.3)
    assert watch.rang
    assert 0.04 < rung[0] - started < 0.25
    count = len(rung)
    with watch.within(5):
        time.sleep(0.1)
    assert not watch.rang
    assert len(rung) == count
    watch.close()


def test_watching_costs_microseconds() -> None:
    watch = Watch(lambda: None)
    best = float("inf")
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(1000):
            with watch.within(30):
                pass
        best = min(best, (time.perf_counter() - started) / 1000)
    watch.close()
    assert best < 30e-6

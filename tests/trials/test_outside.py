"""What comes from outside a trial: an engine of another package, one that dies, a disk that is full."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dbworkbench.data.scratch import PREFIX

RIVAL = '''
from contextlib import contextmanager

from dbworkbench.engines.duckdb import DUCKDB
from dbworkbench.engines.engine import EngineDied


class Session:
    """Another package's session: here DuckDB's, which dies at a query that says so."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def clock(self, sql, **options):
        if "'die'" in sql:
            raise EngineDied("it is gone", engine="rival")
        return self._inner.clock(sql, **options)


class Rival:
    name, dialect = "rival", "duckdb"

    @contextmanager
    def session(self, folder):
        with DUCKDB.session(folder) as inner:
            yield Session(inner)


RIVAL = Rival()
'''
TRIAL = """
import resource, sys
import dbworkbench as wb

engines, rows, limit = sys.argv[1].split(","), int(sys.argv[2]), int(sys.argv[3])
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
numbers = wb.relation("numbers(*i: integer, t: text, n: integer)")
workload = '''
-- name: first
SELECT count(*) AS c FROM numbers;
-- name: second
SELECT count(*) AS c FROM numbers WHERE t <> 'die';
-- name: third
SELECT max(n) AS m FROM numbers;
'''
found = wb.trial({"a": numbers, "b": wb.indexed(numbers, {"numbers": ["n"]})}, workload, rows=rows, engines=engines, repeats=1)
print(sorted({(one.engine, one.stage, one.query) for one in found.failures}))
print(sorted({(one.engine, one.query) for one in found.measurements}))
print("said:", *(one.message for one in found.failures))
print("complete" if found else "partial", found.verdict().baseline)
"""


def run(tmp_path: Path, engines: str, rows: int, limit: int = 0) -> list[str]:
    """The trial in a process of its own, whose temporary files lie in a folder of its own; nothing of them is left."""
    scratch = tmp_path / "scratch"
    scratch.mkdir(exist_ok=True)
    found = subprocess.run(
        [sys.executable, "-c", TRIAL, engines, str(rows), str(limit)],
        env={**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    assert not list(scratch.glob(PREFIX + "*"))
    return found.stdout.splitlines()


@pytest.fixture
def rival(tmp_path: Path) -> None:
    """Another package, as an installer leaves it: a module and the folder that names its entry point."""
    (tmp_path / "rival.py").write_text(RIVAL, encoding="utf-8")
    told = tmp_path / "rival-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: rival\nVersion: 1.0\n", encoding="utf-8")
    (told / "entry_points.txt").write_text("[dbworkbench.engines]\nrival = rival:RIVAL\n", encoding="utf-8")


@pytest.mark.usefixtures("rival")
def test_an_engine_of_another_package_is_measured_and_one_that_dies_leaves_what_was_known(tmp_path: Path) -> None:
    failed, measured, _, verdict = run(tmp_path, "rival,sqlite", 500)
    assert failed == "[('rival', 'measure', 'second')]"
    assert "('rival', 'first')" in measured
    assert "('sqlite', 'third')" in measured
    assert verdict == "partial a"


@pytest.mark.skipif(sys.platform == "win32", reason="a limit for files is Unix's")
@pytest.mark.parametrize("engine", ["duckdb", "sqlite"])
def test_a_disk_that_is_full_is_a_failure_and_nothing_is_left(engine: str, tmp_path: Path) -> None:
    failed, measured, said, verdict = run(tmp_path, engine, 400_000, limit=1_500_000)
    assert failed == f"[('{engine}', 'load', '')]"
    assert measured == "[]"
    assert "said: " in said
    assert verdict == "partial a"

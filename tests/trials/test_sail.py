"""Designs for Databricks put to Sail, which stands in for it: what is left out, what is refused, and that it ends."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import dbworkbench as wb
from dbworkbench.data.scratch import PREFIX, scratch
from dbworkbench.engines.engine import DeadlineExceeded, EngineDied
from dbworkbench.engines.sail import SAIL, Sail, SailSession, Unread
from dbworkbench.errors import EngineError, MissingPackage
from dbworkbench.schema.notation import schema
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.read import read
from dbworkbench.sql.write import statements
from dbworkbench.trials import verify as module
from dbworkbench.trials.emulated import Emulated
from dbworkbench.trials.verify import verify
from tests.formats.samples import RICH
from tests.sql.designs import CYCLE, SHOP, schemas
from tests.trials.test_verify import DESIGNS, said

PARTS = """
    parts(*id: integer, size: integer?, code: text(9)?, grade: enum('a', 'b')?, born: date?, price: decimal(6,2) = 1)
      check size > 0
"""


@pytest.fixture
def session() -> Iterator[SailSession]:
    with scratch() as folder, SAIL.session(folder) as opened:
        yield opened


def test_every_sample_holds(golden: Callable[[str, str], None]) -> None:
    lines = ["| design | databricks, by Sail | |", "| :--- | :--- | :--- |"]
    designs = {**{name: make() for name, make in DESIGNS.items()}, "rooms and bookings": RICH}
    for name, design in designs.items():
        found = verify(design, "databricks", rows=4)
        assert found.outcome == ("not shown" if "need quotes" in found.beyond else "holds"), (name, found)
        assert (found.stamp.tier, found.stamp.tool, found.unfilled) == ("emulator", "Sail", "")
        assert set(found.rows) == set(design.names)
        lines.append(f"| {name} | {said(found)} | {found.beyond} |")
    golden("../../../docs/verified_emulators.md", _HEAD + "\n".join(lines) + "\n")


_HEAD = """# What an emulator makes of the sample designs

No engine of Databricks can be started from a package. Sail (`pip install 'dbworkbench[spark]'`) executes Spark's SQL over Delta tables
without Java, and `wb.verify(design, "databricks")` runs the script there, less what Databricks itself keeps as hints and Sail does not
know: keys and references. NOT NULL, checks, types, defaults, computed values, notes and views are as written. Rows that break a rule
are offered one by one, and the tables are read back from their Delta logs. *Not tried* are the rules that were left out. Of a design that
is *not shown*, nothing came out wrong, but rules that Databricks does enforce were among them.

"""


@pytest.mark.parametrize(
    ("cut", "instead", "kind"),
    [(" NOT NULL", "", "not null"), ("`size` > 0", "`size` > -9", "check"), ("<= 9", "<= 99", "type"), ("'b')", "'b', 'no such value')", "type")],
)  # fmt: skip
def test_a_rule_that_is_not_there_is_noticed(
    cut: str, instead: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Emulated.take

    def careless(self: Emulated, statement: str) -> str:
        """What is run is not what is said to be."""
        return real(self, statement).replace(cut, instead)

    assert verify(PARTS, "databricks")
    monkeypatch.setattr(Emulated, "take", careless)
    found = verify(PARTS, "databricks")
    assert not found
    assert kind in {probe.kind for probe in found.probes if not probe.holds}
    assert found.differences


@pytest.mark.parametrize(
    ("cut", "instead", "said"),
    [("` INT", "` BIGINT", "parts.id: wanted integer, found bigint"), ("`size`", "`bulk`", "wanted the attributes"), ("DEFAULT 1", "DEFAULT 2", "default")],
)  # fmt: skip
def test_another_table_is_noticed(cut: str, instead: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = SailSession.definitions
    monkeypatch.setattr(SailSession, "definitions", lambda self: [one.replace(cut, instead, 1) for one in real(self)])
    found = verify(PARTS, "databricks")
    assert not found
    assert any(said in difference for difference in found.differences), found.differences


@settings(max_examples=60)
@given(design=schemas())
def test_what_is_left_out_is_a_hint_or_told(design: Schema) -> None:
    written, script = statements(design, "databricks"), Emulated()
    for statement in written:
        taken, at = script.take(statement), 0
        for character in taken:  # nothing is put in or moved
            at = statement.index(character, at) + 1
    whole = read("".join(f"{one};\n" for one in written), "databricks").schema
    kept = read(script.script, "databricks").schema
    assert [relation.names for relation in kept] == [relation.names for relation in whole]
    for relation, full in zip(kept, whole, strict=True):
        assert (relation.keys, relation.foreign_keys) == ((), ())
        if not any(word in script.left for word in ("quotes", "checks beyond", "VARCHAR")):
            assert replace(full, keys=(), foreign_keys=(), indexes=()) == replace(relation, indexes=())
    hints = sum(len(one.keys) + len(one.foreign_keys) for one in whole)
    assert bool(hints) == ("mere hints" in script.left)


@settings(max_examples=10)
@given(design=schemas())
def test_whatever_sail_takes_holds(design: Schema) -> None:
    found = verify(design, "databricks", rows=2)
    assert found.outcome != "broken", found
    assert found.stamp.tier == "emulator" or "Sail" in found.beyond


def test_what_is_kept_as_text_is_run_as_far_as_it_can_be() -> None:
    text = """
        CREATE TABLE `t` (`a` INT NOT NULL, `b` STRING) USING DELTA COMMENT 'it\\'s';
        CREATE VIEW `v` AS SELECT `a`, upper(`b`) AS `u` FROM `t`;
        CREATE VIEW `w` AS SELECT `nothing` FROM `t`;
        CREATE MATERIALIZED VIEW `m` AS SELECT `a` FROM `t`;
    """
    found = verify(read(text, "databricks").schema, "databricks")
    assert (found.stamp.tier, found.complaint) == ("emulator", "")
    (difference,) = found.differences
    assert difference.startswith("the view w: ")
    assert "the materialized view m: " in found.beyond


def test_what_sail_has_no_words_for_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "statements", lambda *_: ("CREATE TABLE `t` (`a` INT COLLATE x) USING DELTA",))
    found = verify(CYCLE, "databricks")
    assert (found.stamp.tier, found.outcome) == ("grammar", "not shown")
    assert "Sail, which stands in for it, does not take it (error in SQL parser: found COLLATE" in found.beyond


def test_without_sail_it_is_parsed_and_said_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Sail, "is_here", False)
    for design in (SHOP, RICH):
        found = verify(design, "databricks")
        assert (found.stamp.tier, found.outcome) == ("grammar", "not shown")
        assert "pip install 'dbworkbench[spark]'" in found.beyond

    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("dbworkbench.engines.sail.version", absent)
    with (
        pytest.raises(MissingPackage, match=r"needs pysail — pip install 'dbworkbench\[spark\]'"),
        SAIL.session(tmp_path),
    ):
        pass


def test_a_statement_ends_at_its_deadline_and_the_session_goes_on(session: SailSession) -> None:
    with pytest.raises(DeadlineExceeded, match=r"no answer within 0\.3 s"):
        session.run(_ENDLESS, deadline=0.3)
    assert session.run("SELECT 'x' AS a, 1 AS b").rows == (("x", 1),)
    with pytest.raises(Unread, match="error in SQL parser"):
        session.run("CREATE TABLE t (a INT PRIMARY KEY)")
    with pytest.raises(EngineError, match="TABLE_OR_VIEW_NOT_FOUND"):
        session.run("SELECT * FROM nowhere")


_ENDLESS = "SELECT count(*) FROM range(1000000) a CROSS JOIN range(1000000) b WHERE a.id * b.id % 7 = 3"


def test_an_interrupt_ends_the_statement_and_the_server(session: SailSession) -> None:
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        session.run(_ENDLESS)
    assert time.monotonic() - began < 20
    with pytest.raises(EngineDied):
        session.run("SELECT 1")


def test_only_this_machine_is_served_and_settings_of_elsewhere_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAIL_CATALOG__NO_SUCH_SETTING", "1")  # with which it would not start
    with scratch() as folder, SAIL.session(folder) as session:
        process: Any = session._process
        served = {str(one.readlink()) for one in Path(f"/proc/{process.pid}/fd").iterdir()}
        sockets = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
        listening = {line[1].split(":")[0] for line in sockets if line[3] == "0A" and f"socket:[{line[9]}]" in served}
        assert listening == {"0100007F"}
    assert process.returncode is not None


def test_the_server_is_gone_with_whoever_started_it(tmp_path: Path) -> None:
    text = (
        "from pathlib import Path; from dbworkbench.engines.sail import SailSession; import sys, time\n"
        f"session = SailSession(Path({str(tmp_path)!r}))\n"
        "print(session._process.pid, flush=True)\ntime.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE) as started:
        assert started.stdout is not None
        server = Path(f"/proc/{int(started.stdout.readline())}")
        assert server.exists()
        started.kill()
    until = time.monotonic() + 20
    while server.exists() and time.monotonic() < until and "Z" not in (server / "stat").read_text("ascii").split()[2]:
        time.sleep(0.05)
    assert time.monotonic() < until


def test_no_more_checks_are_made_than_sail_has_time_for() -> None:
    design = schema(f"wide(*id: integer, {', '.join(f'c{at}: text(9)' for at in range(20))})")
    found = verify(design, "databricks", rows=2)
    assert (found.stamp.tier, found.outcome) == ("emulator", "not shown"), found
    assert "4 checks beyond 16 of a table" in found.beyond
    assert found.unshown[0].startswith("4 rules were not tried: wide: c16: text(9), ")
    types = [probe for probe in found.probes if probe.kind == "type"]
    assert [sum(probe.refused is what for probe in types) for what in (True, None)] == [16, 4]


def test_lengths_that_sail_does_not_keep_are_said() -> None:
    text = "CREATE TABLE t (a INT NOT NULL, b CHAR(2) NOT NULL, c VARCHAR(3)) USING DELTA"
    found = verify(read(text, "databricks").schema, "databricks", rows=2)
    assert (found.stamp.tier, found.outcome) == ("emulator", "not shown"), found
    wide = f"CREATE TABLE t ({', '.join(f'c{at} CHAR(2) NOT NULL' for at in range(20))})"
    found = verify(read(wide, "sqlserver").schema, "databricks", rows=2)
    assert (found.stamp.tier, found.outcome) == ("emulator", "not shown"), found
    assert "20 lengths of CHAR and VARCHAR" in found.beyond
    types = [probe.refused for probe in found.probes if probe.kind == "type"]
    assert (types.count(True), types.count(None)) == (16, 4)


def test_nothing_is_left_in_the_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert verify(CYCLE, "databricks").stamp.tier == "emulator"
    assert list(tmp_path.glob(PREFIX + "*")) == []


def test_names_in_capitals_and_of_another_alphabet_are_taken() -> None:
    design = schema('"Größen"(*"Nr": integer, "ÉTAT": text(3)?, "Select": integer?)\n  check "Select" > 0')
    found = verify(design, "databricks")
    assert (found.stamp.tier, found.outcome) == ("emulator", "not shown"), found
    assert wb.write(design, "sql", dialect="databricks").text.count("`Nr`") == 2

"""The command line as people use it: in a process of its own, on files, with mistakes."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

SAMPLES = Path(__file__).parent.parent / "sample_data"


def run(*words: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dbworkbench", *map(str, words)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=120,
        check=False,
    )


def test_the_main_job_on_a_text_design(tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("design", SAMPLES / "sales.txt", "--workload", SAMPLES / "sales.sql", "--rows", "2000", "--out", out)
    assert said.returncode == 0, said.stderr
    assert str(out / "design.html") in said.stdout
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    assert names == {
        "design.html",
        "design.ipynb",
        "dependencies.svg",
        "erd.svg",
        "schema.duckdb.sql",
        "schema.sqlite.sql",
        "schema.postgresql.sql",
        "rows/sales.parquet",
        "trial.json",
    }
    html = (out / "design.html").read_text(encoding="utf-8")
    assert "customers" in html
    assert not re.search(r"""(?:src|href)=["']https?:""", html)
    assert json.loads((out / "trial.json").read_text(encoding="utf-8"))
    again = run("design", SAMPLES / "sales.txt", "--out", out)
    assert again.returncode == 1
    assert "exists already" in again.stderr
    assert "--force" in again.stderr
    forced = run("design", SAMPLES / "sales.txt", "--rows", "100", "--out", out, "--force", "--quiet")
    assert (forced.returncode, forced.stdout, forced.stderr) == (0, "", "")


def test_the_main_job_on_rows_with_declared_dependencies(tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run(
        "design", SAMPLES / "deliveries.csv", "--dependencies", SAMPLES / "deliveries.txt", "--to", "BCNF", "--out", out
    )
    assert said.returncode == 0, said.stderr
    ddl = (out / "schema.sqlite.sql").read_text(encoding="utf-8")
    assert '"depot_city"' in ddl
    assert not (out / "rows").exists()


def test_rows_without_declared_dependencies_have_them_found(tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = run("design", SAMPLES / "deliveries.csv", "--out", out)
    assert said.returncode == 0, said.stderr
    assert "find dependencies" in said.stderr
    ddl = (out / "schema.sqlite.sql").read_text(encoding="utf-8")
    assert 'CREATE TABLE "depots"' in ddl
    assert ddl.count("CREATE TABLE") == 4


def test_discover_prints_and_keeps_what_holds(tmp_path: Path) -> None:
    frame = pd.read_csv(SAMPLES / "deliveries.csv")
    frame.loc[[3, 50], "depot_city"] = "Rom"
    rows, out = tmp_path / "deliveries.csv", tmp_path / "out"
    frame.to_csv(rows, index=False)
    said = run("discover", rows, "--max-error", "0.02", "--out", out)
    assert said.returncode == 0, said.stderr
    assert "driver_id → driver" in said.stdout
    assert "The design proposed, in 3NF" in said.stdout
    repairs = pd.read_csv(out / "repairs.csv")
    assert list(zip(repairs["row"], repairs["column"], repairs["should_say"], strict=True)) == [
        (3, "depot_city", "Hamburg"),
        (50, "depot_city", "Hamburg"),
    ]
    fds = (out / "dependencies.txt").read_text(encoding="utf-8").splitlines()
    assert "depot → depot_name" in fds
    assert "delivery_id" in (out / "keys.txt").read_text(encoding="utf-8").splitlines()
    again = run("design", out / "design.txt", "--rows", "200", "--out", tmp_path / "made", "--quiet")
    assert (again.returncode, again.stderr) == (0, ""), "the proposal is a design"
    refused = run("discover", rows, "--out", out)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "--force" in refused.stderr


def test_discover_reads_several_files_together(tmp_path: Path) -> None:
    pd.DataFrame({"id": range(1, 31), "name": [f"C{n}" for n in range(30)]}).to_csv(
        tmp_path / "customers.csv", index=False
    )
    orders = {
        "order_no": range(1, 91),
        "customer_id": [n % 30 + 1 for n in range(90)],
        "qty": [n % 7 for n in range(90)],
    }
    pd.DataFrame(orders).to_csv(tmp_path / "orders.csv", index=False)
    for words in ((tmp_path / "customers.csv", tmp_path / "orders.csv"), (tmp_path,)):
        said = run("discover", *words)
        assert said.returncode == 0, said.stderr
        assert "customer_id -> customers(id)" in said.stdout


def test_a_schema_of_several_relations(tmp_path: Path) -> None:
    said = run("design", SAMPLES / "shop.txt", "--rows", "500", "--out", tmp_path / "out")
    assert said.returncode == 0, said.stderr
    assert (tmp_path / "out" / "rows" / "order_lines.parquet").exists()


def test_a_dependency_that_the_rows_break_is_refused_with_the_rows(tmp_path: Path) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_text("driver_id -> driver, depot_city\nvan -> driver_id\n", encoding="utf-8")
    said = run("design", SAMPLES / "deliveries.csv", "--dependencies", rules, "--out", tmp_path / "out")
    assert said.returncode == 1
    assert "van → driver_id does not hold" in said.stderr
    assert "V0" in said.stderr, "the offending rows are shown"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ((), 2, "design"),
        (("design",), 2, "INPUT"),
        (("design", "nowhere.txt", "--out", "out"), 1, "no such file"),
        (("discover", "nowhere.csv"), 1, "no such file"),
        (("discover", "sqlite:///nowhere.db"), 1, "no such file"),
        (("discover", SAMPLES / "deliveries.csv", "--to", "4NF"), 1, "4NF"),
        (("discover", SAMPLES / "deliveries.csv", "--tables", "orders"), 1, "no table called 'orders'"),
        (("discover", SAMPLES / "deliveries.csv", "--max-error", "2"), 1, "share of rows"),
        (("design", SAMPLES / "sales.txt", "--out", "out", "--to", "7NF"), 1, "7NF"),
        (("design", SAMPLES / "sales.txt", "--out", "out", "--rows", "none"), 2, "no whole number"),
        (("design", SAMPLES / "sales.txt", "--out", "out", "--rows", "0"), 2, "at least 1 row"),
        (
            (
                "design",
                SAMPLES / "sales.txt",
                "--workload",
                SAMPLES / "sales.sql",
                "--engines",
                "duckdv",
                "--out",
                "out",
            ),
            1,
            "did you mean 'duckdb'",
        ),
        (("desing",), 2, "did you mean 'design'"),
        (("lab", "nowhere"), 1, "no such folder"),
    ],
)
def test_bad_words_get_one_clear_message(words: tuple[str | Path, ...], status: int, says: str, tmp_path: Path) -> None:
    said = run(*words, cwd=tmp_path)
    assert said.returncode == status
    assert says in said.stderr + said.stdout
    assert "Traceback" not in said.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("d.txt", "sales(order_id, qty)\n order_id -> qyt\n", "line 2, column 14: no attribute called 'qyt'"),
        ("d.txt", "sales()\n", "no attributes"),
        ("d.txt", b"sales(\xff)", "line 1: not UTF-8"),
        ("d.csv", "a,b\n1,2\n3\n", "line 3: 1 cell where the first line has 2"),
        ("d.csv", "a,a\n1,2\n", "two columns are called 'a'"),
        ("d.csv", "1,2\n3,4\n", "looks like a value"),
        ("d.csv", "a,b\n", "a header but no rows"),
        ("d.csv", "", "the file is empty"),
        ("d.csv", b"a,b\n1,\xff\n", "line 2: the byte 0xff"),
    ],
)
def test_bad_files_get_one_clear_message(name: str, content: str | bytes, says: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rules = tmp_path / "rules.txt"
    rules.write_text("a -> b", encoding="utf-8")
    more = ("--dependencies", rules) if name.endswith(".csv") else ()
    said = run("design", path, *more, "--out", tmp_path / "out")
    assert said.returncode == 1
    assert says in said.stderr
    assert "Traceback" not in said.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "rules.txt"])


def test_a_workload_with_a_mistake_names_its_place(tmp_path: Path) -> None:
    workload = tmp_path / "w.sql"
    workload.write_text("-- name: fine\nSELECT 1;\n-- name: broken\nSELECT qty FRM sales\nWHERE (;\n", encoding="utf-8")
    said = run("design", SAMPLES / "sales.txt", "--workload", workload, "--out", tmp_path / "out")
    assert said.returncode == 1
    assert "broken" in said.stderr
    assert re.search(r"line [45]", said.stderr)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("stage", "wait"), [("draw and write", 0.3), ("populate", 1.5)])
def test_interrupted_work_leaves_nothing_half_written(stage: str, wait: float, tmp_path: Path) -> None:
    words = ["design", str(SAMPLES / "sales.txt"), "--workload", str(SAMPLES / "sales.sql"), "--rows", "3000000"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    child = subprocess.Popen(
        [sys.executable, "-m", "dbworkbench", *words, "--out", str(tmp_path / "out")],
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert child.stderr is not None
    for line in child.stderr:
        if stage in line:
            break
    time.sleep(wait)
    child.send_signal(signal.SIGINT)
    try:
        _, errors = child.communicate(timeout=60)
    finally:
        child.kill()
    assert child.returncode == 130
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert list(tmp_path.iterdir()) == []


def test_help_and_version() -> None:
    said = run("design", "--help")
    assert said.returncode == 0
    for word in ("--dependencies", "--workload", "--engines", "--force", "design.html"):
        assert word in said.stdout
    assert run("--version").stdout.startswith("dbworkbench ")


def test_verify_says_what_an_engine_refuses(tmp_path: Path) -> None:
    design = tmp_path / "shop.sql"
    design.write_text("CREATE TABLE shop (id INTEGER NOT NULL PRIMARY KEY, name TEXT CHECK (name <> ''))", "utf-8")
    said = run("verify", design, "--from", "sqlite", "--dialect", "duckdb", "--rows", "5")
    assert said.returncode == 0, said.stderr
    assert "rows that break a rule were" in said.stdout
    assert "what was written is found again" in " ".join(said.stdout.split())
    parsed = run("verify", design, "--from", "sqlite", "--dialect", "sqlite,snowflake", "--rows", "5")
    assert parsed.returncode == 3, parsed.stderr
    assert "Not shown, by " in parsed.stdout
    wrong = run("verify", design, "--dialect", "duckbd")
    assert wrong.returncode != 0
    assert "did you mean 'duckdb'" in wrong.stderr


def test_a_design_in_another_notation_is_taken_with_what_was_not_read(tmp_path: Path) -> None:
    (tmp_path / "dump.sql").write_text(
        "CREATE TABLE `team` (`id` int NOT NULL AUTO_INCREMENT, `name` varchar(80) NOT NULL,\n"
        "  `changed` timestamp NULL ON UPDATE CURRENT_TIMESTAMP, PRIMARY KEY (`id`)) ENGINE=InnoDB;\n"
        "CREATE TABLE `player` (`no` int NOT NULL, `team` int NOT NULL, PRIMARY KEY (`no`),\n"
        "  CONSTRAINT `plays` FOREIGN KEY (`team`) REFERENCES `team` (`id`));\n"
        "CREATE VIEW `v` AS SELECT `name` FROM `team`;\n",
        encoding="utf-8",
    )
    said = run("design", "dump.sql", "--rows", "20", "--out", "out", cwd=tmp_path)
    assert said.returncode == 0, said.stderr
    assert "lost in reading: team.changed: ON UPDATE CURRENT_TIMESTAMP" in said.stdout
    written = (tmp_path / "out" / "schema.postgresql.sql").read_text(encoding="utf-8")
    assert 'REFERENCES "team"' in written
    assert "v: the view, in the words of MySQL — not written" in written
    assert {path.name for path in (tmp_path / "out" / "rows").iterdir()} == {"team.parquet", "player.parquet"}


def test_a_folder_is_sent_to_where_folders_are_read(tmp_path: Path) -> None:
    said = run("design", tmp_path, "--out", tmp_path / "out")
    assert said.returncode == 1
    assert f"dbworkbench discover {tmp_path} finds the design" in said.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_converted_goes_into_folders_that_are_made(tmp_path: Path) -> None:
    (tmp_path / "design.txt").write_text("team(*id: integer)", encoding="utf-8")
    said = run("convert", "design.txt", "--out", "new/deep/team.sql", cwd=tmp_path)
    assert (said.returncode, said.stdout) == (0, "")
    assert said.stderr.startswith("new/deep/team.sql is in the SQL of DuckDB — --for names another")
    assert "CREATE TABLE" in (tmp_path / "new" / "deep" / "team.sql").read_text(encoding="utf-8")
    refused = run("convert", "design.txt", "--out", "design.txt/team.sql", cwd=tmp_path)
    assert refused.returncode == 1
    assert "it is a file, not a folder — choose another place" in refused.stderr


def test_a_sheet_is_made_answered_and_graded(tmp_path: Path) -> None:
    made = run("sheet", "supplier-parts", "3", "--out", "bare.ipynb", "--solutions", "handed/ada.ipynb", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    assert made.stdout == "the sheet is bare.ipynb\nthe solutions are handed/ada.ipynb\n"
    (tmp_path / "handed" / "=cmd.ipynb").write_bytes((tmp_path / "bare.ipynb").read_bytes())
    graded = run("grade", "handed", "--out", "grades.csv", cwd=tmp_path)
    assert graded.returncode == 0, graded.stderr
    assert re.search(r"ada\.ipynb +16 +16 +16 +100 %", graded.stdout)
    assert re.search(r"=cmd\.ipynb +0 +0 +16 +0 %", graded.stdout)
    kept = pd.read_csv(tmp_path / "grades.csv")
    assert kept.groupby("notebook")["right"].sum().to_dict() == {"ada.ipynb": 16, "'=cmd.ipynb": 0}  # never a formula
    again = run("sheet", "3", "--out", "bare.ipynb", cwd=tmp_path)
    assert again.returncode == 1
    assert "--force" in again.stderr
    none = run("sheet", "--out", "none.ipynb", cwd=tmp_path)
    assert (none.returncode, "which exercises?" in none.stderr) == (1, True)
    assert "supplier-parts" in run("sheet", "--list").stdout

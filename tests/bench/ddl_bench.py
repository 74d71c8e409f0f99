"""What the reader of DDL makes of real files, file by file, and how long it takes beside others.

    python tests/bench/ddl_bench.py                     the schemas that Debian packages carry, with their true counts
    python tests/bench/ddl_bench.py FILE_OR_FOLDER …    files of yours, the dialect of each told by its text
    python tests/bench/ddl_bench.py --peers             beside simple-ddl-parser and @dbml/core, where they are installed
    python tests/bench/ddl_bench.py --peers --save      and kept as a table beside this file, ddl.md

For each file: relations, attributes and foreign keys (where the true counts are known and differ, they follow in brackets),
the statements by what became of them, the CPU seconds that reading took, and the ratio to what sqlglot takes to tokenize
and parse the same statements one by one; rows of data are left out of sqlglot's time, not of ours. For peers, the tables they
find and the ratio of our time to theirs, each in CPU seconds within its own process. The best of three runs each.
"""

import argparse
import json
import logging
import os
import sys
import time
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import sqlglot
from sqlglot.errors import ErrorLevel, SqlglotError

from dbworkbench.errors import WorkbenchError
from dbworkbench.formats.source import decoded_file
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.expression import at_home
from dbworkbench.sql.read import Reading, read
from dbworkbench.sql.statement import split

CASES = Path(__file__).parent.parent / "sql" / "cases" / "debian.toml"
PEER_MODES = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "sqlserver": "mssql",
    "oracle": "oracle",
    "snowflake": "snowflake",
}
PEER_MODES |= {"bigquery": "bigquery", "redshift": "redshift", "databricks": "databricks"}
Counts = tuple[int, int, int]


def files(given: list[Path]) -> Iterator[tuple[str, str, str, Counts | None]]:
    """Each file's name, dialect ("" to be told), text and true counts, where they are known."""
    if given:
        for path in given:
            for one in sorted(path.rglob("*.sql")) if path.is_dir() else [path]:
                yield one.name, "", decoded_file(one)[0], None
        return
    sys.path.insert(0, str(CASES.parent.parent.parent.parent))
    from tests.packages import text_of  # noqa: PLC0415  only where packages can be fetched

    for case in tomllib.loads(CASES.read_text("utf-8"))["case"]:
        text, version = text_of(case["package"], case["files"])
        known = (case["tables"], case["columns"], case["foreign_keys"]) if version == case["version"] else None
        yield case["name"], case["dialect"], text, known


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """The CPU seconds of the fastest of three runs, and the result of the last."""
    times, result = [], None
    for _ in range(3):
        begin = time.process_time()
        result = work()
        times.append(time.process_time() - begin)
    return min(times), result


def by_us(text: str, dialect: str) -> Callable[[], Reading]:
    def work() -> Reading:
        at_home.cache_clear()  # nothing is known from the run before
        return read(text, dialect)

    return work


def by_sqlglot(text: str, dialect: str) -> Callable[[], None]:
    statements = [statement.text for statement in split(text, dialect) if not statement.aside]

    def work() -> None:
        for statement in statements:
            with suppress(SqlglotError, RecursionError):
                sqlglot.parse(statement, read=DIALECTS[dialect].sqlglot, error_level=ErrorLevel.IGNORE)

    return work


def by_peer(text: str, dialect: str) -> Callable[[], str]:
    parser = import_module("simple_ddl_parser").DDLParser

    def work() -> str:
        try:
            found = parser(text, silent=True).run(output_mode=PEER_MODES.get(dialect, "sql"))
        except Exception as error:  # noqa: BLE001  whatever it raises is its answer
            return type(error).__name__
        return str(sum(1 for one in found if "table_name" in one))

    return work


_DBML_MODES = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "sqlserver": "mssql",
    "oracle": "oracle",
    "snowflake": "snowflake",
}
_DBML_BENCH = """
import fs from 'fs';
import core from '@dbml/core';
const [mode, file] = process.argv.slice(2);
const text = fs.readFileSync(file, 'utf8');
const said = { seconds: [], tables: 'refused' };
for (let round = 0; round < 3; round++) {
  const began = process.cpuUsage();
  try { said.tables = new core.Parser().parse(text, mode).schemas.flatMap((schema) => schema.tables).length; } catch { }
  const took = process.cpuUsage(began);
  said.seconds.push((took.user + took.system) / 1e6);
}
console.log(JSON.stringify(said));
"""


def by_dbml(text: str, dialect: str) -> tuple[float, str] | None:
    """The CPU seconds of @dbml/core and how many tables it finds; None for a dialect that it does not read."""
    if dialect not in _DBML_MODES:
        return None
    from tests.formats.vendors import beside_tools, run  # noqa: PLC0415  only beside peers

    with TemporaryDirectory() as scratch:
        home = beside_tools(Path(scratch))
        (home / "bench.mjs").write_text(_DBML_BENCH, encoding="utf-8")
        (home / "given.sql").write_text(text, encoding="utf-8")
        done = run(["bench.mjs", _DBML_MODES[dialect], "given.sql"], home)
    if done.returncode:
        return None
    said = json.loads(done.stdout)
    return min(said["seconds"]), str(said["tables"])


def kept(lines: list[list[str]], *, peers: bool, load: tuple[float, float], worst: float, whole: float) -> str:
    """The table that `--save` writes."""
    heads = ["file", "dialect", "KB", "relations", "attributes", "references", "understood", "kept", "ignored"]
    heads += [
        "CPU s",
        "÷ sqlglot",
        *(["÷ simple-ddl-parser", "its tables", "÷ @dbml/core", "its tables"] if peers else []),
    ]
    if peers and not any(line[-1] for line in lines):  # @dbml/core is not installed
        heads, lines = heads[:-2], [line[:-2] for line in lines]
    rule = ["---", "---", *["--:"] * (len(heads) - 2)]
    rows = "\n".join(f"| {' | '.join(line)} |" for line in (heads, rule, *lines)).replace("| --- ", "|---", 1)
    return f"""# How DDL is read, and how fast

`python tests/bench/ddl_bench.py{" --peers" if peers else ""} --save`: the schemas that Debian packages carry; where a count differs from what real engines
hold, that follows in brackets. Times are of one processor, the least of three, the guess of the dialect included; sqlglot tokenizes and
parses the same statements without the rows, each peer reads the whole file. The load average was {load[0]:.1f} before and {load[1]:.1f} after.

{rows}

Against sqlglot {whole:.2f} in all and {worst:.2f} for the slowest file of 10 KB or more.
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Read files of DDL and say what of them was read, and how fast.")
    parser.add_argument("paths", nargs="*", type=Path, help="files, or folders of .sql files")
    parser.add_argument("--peers", action="store_true", help="beside simple-ddl-parser and @dbml/core")
    parser.add_argument("--save", action="store_true", help="keep the table beside this file")
    asked = parser.parse_args()
    before, lines, worst = os.getloadavg()[0], list[list[str]](), 0.0
    logging.disable(logging.CRITICAL)
    total: Counter[str] = Counter()
    seconds: defaultdict[str, float] = defaultdict(float)
    print(
        f"{'file':40} {'dialect':11} {'KB':>6} {'relations':>12} {'attributes':>14} {'references':>12}  understood/kept/ignored  seconds  ÷sqlglot"
    )
    for name, given_dialect, text, known in files(asked.paths):
        try:
            ours, found = best(by_us(text, given_dialect))
        except WorkbenchError as error:
            print(f"{name[:40]:40} refused: {error}")
            total["refused"] += 1
            continue
        counts = (
            len(found.schema),
            sum(len(one.attributes) for one in found.schema),
            sum(len(one.foreign_keys) for one in found.schema),
        )
        theirs, _ = best(by_sqlglot(text, found.dialect))
        fates = Counter(entry.fate for entry in found.ledger)
        told = [
            f"{count}{f' [{true}]' if known and count != true else ''}"
            for count, true in zip(counts, known or counts, strict=True)
        ]
        line = f"{name[:40]:40} {found.dialect:11} {len(text) // 1024:6} {told[0]:>12} {told[1]:>14} {told[2]:>12}"
        line += f"  {fates['understood']:>10}/{fates['kept as text']:>4}/{fates['ignored']:>7}  {ours:7.3f}  {ours / max(theirs, 1e-9):7.2f}"
        cells = [name, found.dialect, str(len(text) // 1024), *told]
        cells += [str(fates[fate]) for fate in ("understood", "kept as text", "ignored")]
        cells += [f"{ours:.3f}", f"{ours / max(theirs, 1e-9):.2f}"]
        worst = max(worst, ours / max(theirs, 1e-9)) if len(text) >= 10_000 else worst
        if asked.peers:
            peer, answer = best(by_peer(text, found.dialect))
            line += f"   simple-ddl-parser: {answer} tables, ours ÷ it {ours / peer:.3f}"
            seconds["simple-ddl-parser"] += peer
            cells += [f"{ours / peer:.3f}", answer]
            dbml = by_dbml(text, found.dialect)
            if dbml is not None:
                cells += [f"{ours / dbml[0]:.3f}", dbml[1]]
                line += f"   @dbml/core: {dbml[1]} tables, ours ÷ it {ours / dbml[0]:.3f}"
                seconds["@dbml/core"] += dbml[0]
                seconds["ours, where @dbml/core reads the dialect"] += ours
            else:
                cells += ["", ""]
        lines.append(cells)
        print(line, flush=True)
        total.update(files=1, relations=counts[0], attributes=counts[1], references=counts[2])
        seconds["ours"] += ours
        seconds["sqlglot"] += theirs
    print(dict(total))
    print(
        {who: round(value, 3) for who, value in seconds.items()},
        f"ours ÷ sqlglot: {seconds['ours'] / max(seconds['sqlglot'], 1e-9):.2f}",
    )
    if asked.save:
        whole = seconds["ours"] / max(seconds["sqlglot"], 1e-9)
        said = kept(lines, peers=asked.peers, load=(before, os.getloadavg()[0]), worst=worst, whole=whole)
        Path(__file__).with_name("ddl.md").write_text(said, encoding="utf-8")

"""What each engine makes of the schemas that Debian's packages carry and of the dump among the samples: the table of
`verified.md`, from `verified.json`.

    python -m tests.bench.verify_bench duckdb sqlite --designs mediawiki,zabbix

verifies those whose names begin so on those engines, keeps what was found of all others, and writes both files. With
`--missing` only what is not in the table is run.
"""

import argparse
import json
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dbworkbench.schema.schema import Schema
from dbworkbench.sql.read import read
from dbworkbench.trials.verification import Verification
from dbworkbench.trials.verify import verify
from tests.packages import text_of
from tests.servers import mariadb, postgresql

HERE = Path(__file__).parent
CASES = HERE.parent / "sql" / "cases" / "debian.toml"
DUMP = HERE.parents[1] / "sample_data" / "clinic_dump.sql"
ENGINES = ("duckdb", "sqlite", "postgresql", "mariadb", "clickhouse", "databricks")
MARKS = {"holds": "✓", "broken": "✗", "not shown": "–"}
_SLOW = "Sail checks each row against all conditions of its table, in 8 ms where there are none and 180 where there are sixteen"
NOT_RUN = {
    "cacti.mysql": f"not done in the four minutes that a part of this run has: {_SLOW}",
    "zabbix.mysql": f"too slow: {_SLOW}; sixteen of the tables took more than a minute",
    "zabbix.postgresql": f"too slow: {_SLOW}; sixteen of the tables took more than a minute",
}
"""Why cells of Databricks are empty, where it is not that nobody has run them yet."""
Cell = dict[str, Any]

HEAD = """# What engines make of schemas in use

Each schema is read from its file, created in a scratch database by `wb.verify`, filled with eight rows a table that obey it,
attacked with rows that break one rule each, and read back from the engine's catalogue. Made by `tests/bench/verify_bench.py`.

A cell says whether all came out as it should (**✓**), something did not (**✗**), or nothing did not but not all was tried (**–**: it
is not shown); then how many of the breaking rows were *refused*; how many were *taken*, which the dialect declares not to enforce
(a loss); how many rules were *not tried*, because no row that breaks them exists or was found; the *losses* that the dialect's
writer tells; and the *seconds* that it took on a machine that others used (processor seconds of the process that asks, without
those of a server). Notes below the table say what did not come out, and what was not tried. For Databricks, Sail stands in, which
knows neither keys nor references: Databricks itself keeps these as hints, so they are not counted.

| schema | tables | {engines} |
| :--- | ---: | {lines} |
"""


def designs(names: tuple[str, ...]) -> Iterator[tuple[str, Schema]]:
    """Every schema whose name begins with one of these, with its name."""
    if DUMP.name.startswith(names):
        yield DUMP.name, read(DUMP.read_text("utf-8")).schema
    for case in tomllib.loads(CASES.read_text("utf-8"))["case"]:
        if case["name"].startswith(names):
            text, _ = text_of(case["package"], case["files"])
            yield case["name"], read(text, case["dialect"]).schema


def cell(found: Verification, seconds: float, processor: float) -> Cell:
    """What became of one schema on one engine."""
    refused, taken = (sum(probe.refused is what for probe in found.probes) for what in (True, False))
    untried = sum(probe.refused is None and probe.expected for probe in found.probes)
    notes: list[str] = []
    if found.complaint:
        notes.append(f"refused: {_short(found.complaint)}")
    if found.unfilled:
        notes.append(f"not filled: {_short(found.unfilled)}")
    if found.unasked:
        notes.append(f"{found.unasked}: {_short(found.beyond)}")
    notes += [
        f"{_short(f'{p.relation}: {p.rule}')} was {'refused' if p.refused else 'taken'}"
        for p in found.probes
        if not p.holds
    ]
    notes += [f"otherwise in the catalogue: {_short(difference)}" for difference in found.differences]
    notes += [
        f"{number} × {kind} not tried"
        for kind, number in Counter(p.kind for p in found.probes if p.refused is None and p.expected).items()
    ]
    return {
        "outcome": found.outcome,
        "filled": len(found.rows),
        "refused": refused,
        "taken": taken,
        "untried": untried,
        "losses": len(found.losses),
        "seconds": round(seconds, 1),
        "processor": round(processor, 1),
        "tool": found.stamp.by,
        "notes": notes,
    }


def _short(said: str) -> str:
    one = " ".join(said.split())
    return one if len(one) <= 200 else f"{one[:199]}…"


def table(results: dict[str, dict[str, Any]]) -> str:
    """All that was found, as the page."""
    lines: list[str] = []
    notes: dict[str, int] = {}
    tools: dict[str, None] = {}
    for name, found in results.items():
        cells = []
        for engine in ENGINES:
            one: Cell | None = found["engines"].get(engine)
            if one is None:
                why = NOT_RUN.get(name, "") if engine == "databricks" else ""
                cells.append(f"not run[^{notes.setdefault(why, len(notes) + 1)}]" if why else "not run")
                continue
            tools[one["tool"]] = None
            marks = [f"[^{notes.setdefault(said, len(notes) + 1)}]" for said in one["notes"]]
            told = [f"{one['refused']} refused"] + [
                f"{one[key]} {word}" for key, word in (("taken", "taken"), ("untried", "not tried")) if one[key]
            ]
            told += [f"{one['losses']} loss{'es' * (one['losses'] != 1)}"] * bool(one["losses"])
            took = f"{one['seconds']} s ({one['processor']})"
            cells.append(f"{MARKS[one['outcome']]} {', '.join(told)}{''.join(marks)}; {took}")
        lines.append(f"| {name} | {found['tables']} | {' | '.join(cells)} |")
    head = HEAD.format(engines=" | ".join(ENGINES), lines=" | ".join(":---" for _ in ENGINES))
    below = [f"[^{number}]: {said.replace('|', chr(92) + '|')}" for said, number in notes.items()]
    return head + "\n".join((*lines, "", f"Run on: {'; '.join(tools)}.", "", *below)).rstrip() + "\n"


def main() -> None:
    """Verify what is asked for, and write what is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="*", help=f"of {', '.join(ENGINES)}; all where none is said")
    parser.add_argument("--designs", default="", help="beginnings of names, with commas between")
    parser.add_argument("--missing", action="store_true", help="only what is not in the table yet")
    asked = parser.parse_args()
    kept = HERE / "verified.json"
    results: dict[str, dict[str, Any]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    order = (DUMP.name, *(case["name"] for case in tomllib.loads(CASES.read_text("utf-8"))["case"]))
    with ExitStack() as stack:
        on = {engine: engine for engine in asked.engines or ENGINES}
        if "postgresql" in on:
            server = stack.enter_context(postgresql())
            on["postgresql"] = f"postgresql://{server.user}@/postgres?unix_sock={quote(server.socket, safe='')}"
        if "mariadb" in on:
            on["mariadb"] = stack.enter_context(mariadb())
        for name, schema in designs(tuple(asked.designs.split(","))):
            found = results.setdefault(name, {"tables": len(schema), "engines": {}})
            found["tables"] = len(schema)
            for engine, target in on.items():
                if asked.missing and engine in found["engines"]:
                    continue
                began, spent = time.perf_counter(), time.process_time()
                verified = verify(schema, target, rows=8)
                one = cell(verified, time.perf_counter() - began, time.process_time() - spent)
                found["engines"][engine] = one
                print(name, engine, json.dumps(one, ensure_ascii=False), flush=True)
                results = {key: results[key] for key in order if key in results}
                kept.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
                (HERE / "verified.md").write_text(table(results), "utf-8")


if __name__ == "__main__":
    main()

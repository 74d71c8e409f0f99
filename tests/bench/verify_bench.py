"""What each engine makes of the schemas that Debian's packages carry and of the dump among the samples: the table of
`verified.md`, from `verified.json`.

    python -m tests.bench.verify_bench duckdb sqlite --designs mediawiki,zabbix

verifies those whose names begin so on those engines, keeps what was found of all others, and writes both files.
"""

import argparse
import json
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
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
ENGINES = ("duckdb", "sqlite", "postgresql", "mariadb", "clickhouse")

HEAD = """# What engines make of schemas in use

Each schema is read from its file, created in a scratch database by `wb.verify`, filled with eight rows a table that obey it,
attacked with rows that break one rule each, and read back from the engine's catalogue. *Refused* and *taken* count those rows;
what is taken, the dialect declares not to enforce (a loss). *Not tried* are rules for which no breaking row exists or was found;
*unlike* counts what the catalogue says otherwise. Made by `tests/bench/verify_bench.py`.

"""


def designs() -> Iterator[tuple[str, Schema]]:
    """Every schema with its name."""
    yield "clinic_dump.sql", read(DUMP.read_text("utf-8")).schema
    for case in tomllib.loads(CASES.read_text("utf-8"))["case"]:
        text, _ = text_of(case["package"], case["files"])
        yield case["name"], read(text, case["dialect"]).schema


def cell(found: Verification) -> str:
    """What became of one schema on one engine, in a few words."""
    refused, taken, untried = (sum(probe.refused is what for probe in found.probes) for what in (True, False, None))
    if found.complaint:
        return f"**refused**: {' '.join(found.complaint.split())[:120]}".replace("|", "\\|")
    said = "holds" if found.holds else "**does not hold**"
    wrong = sum(not probe.holds for probe in found.probes)
    parts = [f"{len(found.rows)} filled", f"{refused} refused", f"{taken} taken", f"{untried} not tried"]
    parts += [f"{wrong} otherwise than declared"] * bool(wrong) + [f"{len(found.differences)} unlike"] * bool(
        found.differences
    )
    return f"{said}: {', '.join(parts)}, losses: {len(found.losses)}" + (
        f"; not filled: {' '.join(found.unfilled.split())[:120]}".replace("|", "\\|") if found.unfilled else ""
    )


def table(results: dict[str, dict[str, str]]) -> str:
    """All that was found, as the page."""
    lines = [f"| schema | tables | {' | '.join(ENGINES)} |", f"| :--- | ---: | {' | '.join(':---' for _ in ENGINES)} |"]
    for name, cells in results.items():
        lines.append(
            f"| {name} | {cells['tables']} | {' | '.join(cells.get(engine, 'not run') for engine in ENGINES)} |"
        )
    return HEAD + "\n".join(lines) + "\n"


def main() -> None:
    """Verify what is asked for, and write what is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="*", choices=ENGINES, default=ENGINES)
    parser.add_argument("--designs", default="", help="beginnings of names, with commas between")
    asked = parser.parse_args()
    kept = HERE / "verified.json"
    results: dict[str, dict[str, str]] = json.loads(kept.read_text("utf-8")) if kept.exists() else {}
    with ExitStack() as stack:
        on = {engine: engine for engine in asked.engines}
        if "postgresql" in on:
            server = stack.enter_context(postgresql())
            on["postgresql"] = f"postgresql://{server.user}@/postgres?unix_sock={quote(server.socket, safe='')}"
        if "mariadb" in on:
            on["mariadb"] = stack.enter_context(mariadb())
        for name, schema in designs():
            cells = results.setdefault(name, {})
            cells["tables"] = str(len(schema))
            if not name.startswith(tuple(asked.designs.split(","))):
                continue
            for engine, target in on.items():
                cells[engine] = cell(verify(schema, target, rows=8))
                print(name, engine, cells[engine], flush=True)
                kept.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")
                (HERE / "verified.md").write_text(table(results), "utf-8")


if __name__ == "__main__":
    main()

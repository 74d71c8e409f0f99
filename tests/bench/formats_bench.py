"""How long reading takes beside @dbml/core on the same DBML files, and how it grows with size in every format, in one run.

    python tests/bench/formats_bench.py [--save] [--large] [file.dbml …]

Without files, the schemas of the tests and made ones, of 5 MB too, with `--large` also of 50 MB. Times are of the processor
within a process of its own for each, without its start: the least of five for files under 1 MB, of one for others. @dbml/core
comes from npm by name; it is given a quarter of an hour and 8 GB of heap. `--save` writes the figures to `formats.md`, before
those of public files, which stay as they are.
"""

import argparse
import json
import os
import subprocess
import sys
from math import exp, log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from dbworkbench.formats.write import write
from tests.bench.diagram_bench import synthetic
from tests.formats.samples import SAMPLES
from tests.formats.vendors import beside_tools, run

_SECONDS = 900
_PUBLIC = "## Public files\n"
_THEIRS = """
import fs from 'fs';
import { Parser } from '@dbml/core';
const said = {};
for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, 'utf8');
  said[file] = [];
  for (let round = 0; round < (text.length < 1e6 ? 5 : 1); round++) {
    const began = process.cpuUsage();
    try { new Parser().parse(text, 'dbmlv2'); } catch { said[file] = null; break; }
    const took = process.cpuUsage(began);
    said[file].push((took.user + took.system) / 1e6);
  }
}
console.log(JSON.stringify([said, process.memoryUsage().rss / 1e6]));
"""
_OURS = """
import json, re, sys, time
from dbworkbench.formats.read import read
found = {}
for place, form in json.loads(sys.argv[1]):
    text = open(place, encoding="utf-8").read()
    times = []
    for _ in range(5 if len(text) < 1e6 else 1):
        began = time.process_time()
        read(text, form)
        times.append(time.process_time() - began)
    found[place] = min(times)
peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())
print(json.dumps([found, int(peak[1]) / 1000]))
"""
_GROWTH = {"dbml": 5000, "prisma": 5000, "mermaid": 5000, "drizzle": 5000, "sqlalchemy": 1500, "django": 1500}
"""Tables of the larger made file of each format: Python is read up to four million characters, for the memory its trees take."""


def _ours(files: list[tuple[Path, str]]) -> tuple[dict[str, float], float]:
    """Seconds by file, and the most memory in MB."""
    given = json.dumps([(str(place), form) for place, form in files])
    done = subprocess.run([sys.executable, "-c", _OURS, given], capture_output=True, text=True, check=True)
    found, memory = json.loads(done.stdout)
    return found, memory


def _theirs(files: list[Path], home: Path) -> tuple[dict[str, Any], float | None]:
    """Seconds by file (None where it is refused, nothing where it did not end), and memory in MB."""
    try:
        done = run(["--max-old-space-size=8192", "bench.mjs", *map(str, files)], home, seconds=_SECONDS)
    except subprocess.TimeoutExpired:
        return {}, None
    if done.returncode:
        return {}, None
    found, memory = json.loads(done.stdout)
    return found, memory


def _beside(home: Path, files: list[Path], *, large: bool) -> list[str]:
    lines = [
        "| file | MB | ours, s | @dbml/core, s | ratio | MB of memory, ours | theirs |",
        "| :-- | --: | --: | --: | --: | --: | --: |",
    ]
    logs = []
    paths = list(files)
    for schema in () if files else (*SAMPLES, synthetic(300)):
        paths.append(home / f"{schema.name or 'made'}.dbml")
        paths[-1].write_text(write(schema, "dbml").text, encoding="utf-8")
    groups = [[path] for path in paths] if len(paths) < 12 else [paths]
    for tables in () if files else (11_800, 118_000) if large else (11_800,):
        groups.append([home / f"made of {tables:,} tables.dbml"])
        groups[-1][0].write_text(write(synthetic(tables), "dbml").text, encoding="utf-8")
    for group in groups:
        theirs, memory = _theirs(group, home)
        ours, own = _ours([(path, "dbml") for path in group if theirs.get(str(path), [0]) is not None])
        for path in group:
            size = path.stat().st_size / 1e6
            other, mine = theirs.get(str(path), [0]), ours.get(str(path))
            if other is None:
                lines.append(f"| {path.name} | {size:.3f} | | refused | | | |")
                continue
            said = f"{min(other):.4f}" if theirs else f"more than {_SECONDS}, or out of memory"
            ratio = f"{mine / min(other):.2f}" if theirs and mine else ""
            logs += [log(mine / min(other))] if theirs and mine else []
            there = f"{memory:.0f}" if memory else ""
            lines.append(f"| {path.name} | {size:.3f} | {mine:.4f} | {said} | {ratio} | {own:.0f} | {there} |")
            print(lines[-1], flush=True)
    lines += [
        "",
        f"Geometric mean of the ratios: {exp(sum(logs) / len(logs)):.2f} ({len(logs)} files); under 1, ours is faster.",
    ]
    return lines


def _growing(home: Path) -> list[str]:
    lines = [
        "| format | MB | s | MB of memory | MB | s | MB of memory | s per MB, larger to smaller |",
        "| :-- | --: | --: | --: | --: | --: | --: | --: |",
    ]
    for form, tables in _GROWTH.items():
        cells, rates = [], []
        for count in (tables // 10, tables):
            place = home / f"{form}_{count}"
            place.write_text(write(synthetic(count), form).text, encoding="utf-8")
            found, memory = _ours([(place, form)])
            size = place.stat().st_size / 1e6
            rates.append(found[str(place)] / size)
            cells += [f"{size:.2f}", f"{found[str(place)]:.2f}", f"{memory:.0f}"]
        lines.append(f"| {form} | {' | '.join(cells)} | {rates[1] / rates[0]:.2f} |")
        print(lines[-1], flush=True)
    return lines


def main(arguments: list[str]) -> None:
    """Print the tables, and keep them where that is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("files", nargs="*", type=Path)
    asked = parser.parse_args(arguments)
    before = os.getloadavg()[0]
    with TemporaryDirectory() as scratch:
        home = beside_tools(Path(scratch))
        (home / "bench.mjs").write_text(_THEIRS, encoding="utf-8")
        beside = _beside(home, [path.resolve() for path in asked.files], large=asked.large)
        growing = [] if asked.files else _growing(home)
    load = f"{before:.1f} before and {os.getloadavg()[0]:.1f} after"
    text = "\n".join(
        [
            "# How fast designs are read",
            "",
            f"Seconds of the processor, in one run on {os.cpu_count()} cores; load average {load}.",
            "",
            "## DBML beside @dbml/core",
            "",
            *beside,
            *(["", "## Growth: ten times the tables", "", *growing] if growing else []),
        ]
    )
    if asked.save:
        place = Path(__file__).with_name("formats.md")
        _, mark, public = place.read_text(encoding="utf-8").partition(_PUBLIC)
        place.write_text(f"{text}\n\n{mark}{public}" if mark else f"{text}\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])

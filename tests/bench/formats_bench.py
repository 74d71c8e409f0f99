"""How long reading takes beside @dbml/core, on the same DBML files, in one run.

    python tests/bench/formats_bench.py [file.dbml …]

Without files, the schemas of the tests and a made one of 300 tables. Times are of the processor within each process,
without its start: the best of five for a file. @dbml/core comes from npm by name.
"""

import json
import sys
import time
from math import exp, log
from pathlib import Path
from tempfile import TemporaryDirectory

from dbworkbench.formats.read import read
from dbworkbench.formats.write import write
from tests.bench.diagram_bench import synthetic
from tests.formats.samples import SAMPLES
from tests.formats.vendors import beside_tools, run

_ROUNDS = 5
_SCRIPT = """
import fs from 'fs';
import { Parser } from '@dbml/core';
const said = {};
for (const file of process.argv.slice(2)) {
  const text = fs.readFileSync(file, 'utf8');
  said[file] = [];
  for (let round = 0; round < 5; round++) {
    const began = process.cpuUsage();
    try { new Parser().parse(text, 'dbmlv2'); } catch { said[file] = null; break; }
    const took = process.cpuUsage(began);
    said[file].push((took.user + took.system) / 1e6);
  }
}
console.log(JSON.stringify(said));
"""


def _ours(path: Path) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        read(path)
        times.append(time.process_time() - began)
    return min(times)


def main(files: list[str]) -> None:
    """Print a line for each file and the geometric mean of the ratios."""
    with TemporaryDirectory() as scratch:
        home = beside_tools(Path(scratch))
        paths = [Path(file).resolve() for file in files]
        for schema in () if files else (*SAMPLES, synthetic(300)):
            paths.append(home / f"{schema.name or 'made'}.dbml")
            paths[-1].write_text(write(schema, "dbml").text, encoding="utf-8")
        (home / "bench.mjs").write_text(_SCRIPT, encoding="utf-8")
        theirs = json.loads(run(["bench.mjs", *map(str, paths)], home).stdout)
        logs = []
        print(f"{'file':30} {'KiB':>7} {'ours s':>9} {'@dbml/core s':>13} {'ratio':>7}")
        for path in paths:
            ours, other = _ours(path), theirs[str(path)]
            size = path.stat().st_size / 1024
            if not other:
                print(f"{path.name[:30]:30} {size:7.1f} {ours:9.4f} {'refused':>13}")
                continue
            logs.append(log(ours / min(other)))
            print(f"{path.name[:30]:30} {size:7.1f} {ours:9.4f} {min(other):13.4f} {ours / min(other):7.2f}")
        print(f"geometric mean of the ratios: {exp(sum(logs) / len(logs)):.2f} ({len(logs)} files)")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Discovery against Desbordante, end to end from the file, each in a process of its own; and growth curves.

    python tests/bench/discovery_bench.py pairs FOLDER --peer /path/to/venv/bin/python
    python tests/bench/discovery_bench.py growth --out growth.svg
    python tests/bench/discovery_bench.py made m1.csv --rows 1_000_000
    python tests/bench/discovery_bench.py memory m10.parquet

`pairs` runs both tools on every CSV file of a folder (with an `expected.json` that says header and separator where there
is one, else both are found from the file) and prints a table of ratios: CPU seconds of parse, encode and search, the best
of a few runs, and peak memory of the process. Of the peer's algorithms the fastest is taken that finds as many as we do. Desbordante is licensed AGPL: it lives in a virtual environment of
its own, and neither the product nor its tests import it. Runs are cut off after --limit seconds of processor.
"""

import argparse
import csv
import json
import math
import signal
import subprocess
import sys
from operator import itemgetter
from pathlib import Path
from typing import Any

OURS = """
import json, resource, sys, time
file, header, separator, what, threads = json.loads(sys.argv[1])
from dbworkbench.discovery.reading import read_columns
from dbworkbench.discovery.search import ROW, search
from dbworkbench.discovery.inclusion import inclusion_dependencies
from dbworkbench.discovery.kernels import compiled
assert compiled()
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
cpu, wall = time.process_time(), time.perf_counter()
(columns,) = read_columns(file, header=header, separator=separator).values()
if what == "ind":
    count = len(inclusion_dependencies({"t": columns}).found)
else:
    targets = [ROW] if what == "ucc" else range(len(columns.names))
    count = search(columns, targets, threads=threads).count()
print(json.dumps({"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall, "count": count,
                  "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "idle": idle / 1024}))
"""

PEER = """
import json, os, resource, sys, time
file, header, separator, what, name = json.loads(sys.argv[1])
import desbordante as d
kind = {"fd": d.fd, "ucc": d.ucc, "ind": d.ind}[what].algorithms
algorithm = getattr(kind, name)()
out = os.dup(1); os.dup2(2, 1)  # it prints notes of its own
cpu, wall = time.process_time(), time.perf_counter()
table = (file, separator, header)
algorithm.load_data(**({"tables": [table]} if what == "ind" else {"table": table}))
algorithm.execute(**({"threads": 1} if name in {"HyFD", "Pyro"} else {}), **({"error": 0.0} if name == "Pyro" else {}))
seconds = time.process_time() - cpu, time.perf_counter() - wall
count = len(getattr(algorithm, {"fd": "get_fds", "ucc": "get_uccs", "ind": "get_inds"}[what])())
os.dup2(out, 1)
print(json.dumps({"cpu": seconds[0], "wall": seconds[1], "count": count,
                  "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "idle": 0}))
"""


def run(python: str, program: str, arguments: list[Any], limit: float) -> dict[str, float] | None:
    """One measurement in a fresh process, or None where it took more seconds of processor; ends the run where it fails."""
    command = [
        python,
        "-c",
        f"import resource\nresource.setrlimit(resource.RLIMIT_CPU, ({math.ceil(limit)}, {math.ceil(limit) + 9}))\n{program}",
    ]
    try:
        done = subprocess.run([*command, json.dumps(arguments)], capture_output=True, text=True, check=True)
    except subprocess.CalledProcessError as problem:
        if problem.returncode == -signal.SIGXCPU:
            return None
        raise SystemExit(f"{arguments[0]}: {problem.stderr[-2000:]}") from None
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def settings(folder: Path) -> dict[Path, tuple[bool, str]]:
    """For each file whether it has a header, and its separator."""
    known = folder / "expected.json"
    facts = json.loads(known.read_text()) if known.exists() else {}
    found = {}
    for path in sorted(folder.glob("*.csv")):
        fact = facts.get(path.name)
        if fact:
            found[path] = bool(fact["header"]), str(fact["separator"])
            continue
        with path.open(newline="") as file:
            head = [file.readline() for _ in range(5)]
        mark = max(",;\t|", key=head[0].count)
        first = next(csv.reader(head, delimiter=mark))
        named = all(not cell.strip()[:1].isdigit() and cell for cell in first) and len(set(first)) == len(first)
        found[path] = named, mark
    return found


EXACT = ("HyFD", "Pyro", "FDep", "DFD", "FUN", "FastFDs")
"""The peer's algorithms for dependencies; the fastest is not right on every file."""


def fastest(options: argparse.Namespace, arguments: list[Any], count: float) -> tuple[str, dict[str, float] | None]:
    """The peer's algorithm that finds as many in the least time, and its better run; no run where none does in time.

    Beside its name stand those that find another number.
    """
    chosen, best, wrong = "", None, ""
    for name in options.algorithms or {"fd": EXACT, "ucc": ("HPIValid",), "ind": ("Spider",)}[options.what]:
        limit = min(options.limit, 1 + 2 * best["cpu"]) if best else options.limit
        found = run(options.peer, PEER, [*arguments, options.what, name], limit)
        right = found is not None and (found["count"] == count or options.what == "ind")
        wrong += f", {name} finds {found['count']:,.0f}" if found and not right else ""
        if found and right and (best is None or found["cpu"] < best["cpu"]):
            chosen, best = name, found
    for _ in range(options.repeats - 1 if best and best["cpu"] < options.limit / 4 else 0):
        again = run(options.peer, PEER, [*arguments, options.what, chosen], options.limit)
        best = again if again and best and again["cpu"] < best["cpu"] else best
    return chosen + wrong, best


def pairs(options: argparse.Namespace) -> None:
    print(f"{'file':32} {'ours':>9} {'MB':>6} {'count':>9}   {'peer':>9} {'MB':>6} {'count':>9}   {'times':>7}")
    ratios = []
    for folder in options.folder:
        for path, (header, mark) in settings(folder).items():
            arguments = [str(path), header, mark]
            ours = [
                run(sys.executable, OURS, [*arguments, options.what, options.threads], options.limit)
                for _ in range(options.repeats)
            ]
            mine = min((one for one in ours if one), key=itemgetter("cpu"), default=None)
            name, peer = fastest(options, arguments, mine["count"] if mine else math.nan)
            ratio = (peer["cpu"] if peer else options.limit) / mine["cpu"] if mine else math.nan
            if mine and (peer is None or peer["cpu"] > 0.1):
                ratios.append(ratio)
            cells = [
                f"{one['cpu']:9.3f} {one['memory']:6.0f} {one['count']:9.0f}"
                if one
                else f"{'> ' + str(options.limit):>9} {'':6} {'':9}"
                for one in (mine, peer)
            ]
            print(
                f"{path.name:32} {cells[0]}   {cells[1]}   {'≥' if peer is None else ''}{ratio:6.1f}×  {name}",
                flush=True,
            )
    if ratios:
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"geometric mean over {len(ratios)} files that take the peer over 0.1 s: {mean:.1f}×")


def made(options: argparse.Namespace) -> None:
    """Orders with what follows from their customers, products and days, as CSV or Parquet by the file's ending; always the same."""
    import numpy as np  # noqa: PLC0415
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import csv as arrow_csv  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    rows, random = options.rows, np.random.default_rng(1)
    customer, product = random.integers(0, rows // 10, rows), random.integers(0, 20_000, rows)
    day = random.integers(0, 3_650, rows)
    columns = {
        "order_no": np.arange(rows) + 10**9,
        "customer": customer,
        "product": product,
        "category": product % 50,
        "price": product * 7_919 % 10_007 / 100,
        "quantity": random.integers(1, 12, rows),
        "day": day,
        "month": day // 30,
        "country": customer % 97,
        "store": random.integers(0, 1_000, rows),
    }
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    (arrow_csv.write_csv if options.file.suffix == ".csv" else parquet.write_table)(table, options.file)


MEMORY = """
import json, re, sys
from pathlib import Path
import dbworkbench.discovery.discover as discovering
from dbworkbench.discovery.reading import read_columns

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

idle = peak()
found = discovering.discover(sys.argv[1]) if sys.argv[2] == "all" else None
(columns,) = [found.tables[0].columns] if found else read_columns(sys.argv[1]).values()
print(f"{sys.argv[2]}: {idle:.0f} MB before, {peak():.0f} at most, {columns.bytes / 1e6:.0f} MB of codes and values")
"""


def memory(options: argparse.Namespace) -> None:
    """The peak of reading a file alone and of all of discovery, in fresh processes, where Linux tells it."""
    for what in ("reading", "all"):
        subprocess.run([sys.executable, "-c", MEMORY, str(options.file), what], check=True)


def growth(options: argparse.Namespace) -> None:
    """Seconds of processor as rows and columns grow, on made-up rows with a fixed seed, the best of three, as an SVG of two curves."""
    import time  # noqa: PLC0415

    import numpy as np  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    from dbworkbench.discovery.columns import from_frame  # noqa: PLC0415
    from dbworkbench.discovery.functional import functional_dependencies  # noqa: PLC0415

    def seconds(rows: int, width: int) -> float:
        random = np.random.default_rng(7)
        frame = {f"c{c}": random.integers(0, (2, 5, 20, 100, 1000)[c % 5], rows) for c in range(width)}
        frame["c0"] = frame["c3"] // 7
        columns = from_frame(pd.DataFrame(frame))
        functional_dependencies(columns, max_determinant=1)
        spent = []
        for _ in range(3):
            started = time.process_time()
            functional_dependencies(columns)
            spent.append(time.process_time() - started)
        return min(spent)

    by_rows = [(rows, seconds(rows, 12)) for rows in (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)]
    by_columns = [(width, seconds(2_000, width)) for width in (5, 10, 15, 20, 25, 30)]
    for title, points in (("rows, 12 columns", by_rows), ("columns, 2,000 rows", by_columns)):
        print(title, *(f"{x:,}: {y:.3f} s" for x, y in points), sep="\n  ")
    options.out.write_text(_curves([("rows (12 columns)", by_rows), ("columns (2,000 rows)", by_columns)]))


def _curves(charts: list[tuple[str, list[tuple[int, float]]]]) -> str:
    """Log-log curves beside one another."""
    made = ['<svg xmlns="http://www.w3.org/2000/svg" width="760" height="300" font-family="sans-serif" font-size="11">']
    made.append('<rect width="760" height="300" fill="#ffffff"/>')
    for at, (title, points) in enumerate(charts):
        xs, ys = zip(*((math.log10(x), math.log10(max(y, 1e-4))) for x, y in points), strict=True)
        left, width = 50 + 370 * at, 290

        spots = [
            (left + width * (x - xs[0]) / (xs[-1] - xs[0]), 250 - 200 * (y - min(ys)) / ((max(ys) - min(ys)) or 1))
            for x, y in zip(xs, ys, strict=True)
        ]
        line = " ".join(f"{a:.1f},{b:.1f}" for a, b in spots)
        made.append(f'<text x="{left}" y="24" font-weight="bold">CPU seconds by {title}</text>')
        made.append(f'<polyline points="{line}" fill="none" stroke="#1f6feb" stroke-width="2"/>')
        for (x, y), (a, b) in zip(points, spots, strict=True):
            made.append(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3" fill="#1f6feb"/>')
            short = f"{x // 1_000_000}M" if x >= 1_000_000 else f"{x // 1_000}k" if x >= 1_000 else str(x)
            made.append(f'<text x="{a - 6:.1f}" y="{b - 8:.1f}" text-anchor="end">{y:.2g}</text>')
            made.append(f'<text x="{a:.1f}" y="272" text-anchor="middle">{short}</text>')
    return "\n".join([*made, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(required=True)
    one = verbs.add_parser("pairs")
    one.add_argument("folder", type=Path, nargs="+")
    one.add_argument("--peer", default=sys.executable, help="a Python that has desbordante")
    one.add_argument("--what", choices=("fd", "ucc", "ind"), default="fd")
    one.add_argument("--algorithms", nargs="+", help="the peer's; else the fastest right one of all that are exact")
    one.add_argument("--threads", type=int, default=1)
    one.add_argument("--repeats", type=int, default=3)
    one.add_argument("--limit", type=float, default=60)
    one.set_defaults(run=pairs)
    maker = verbs.add_parser("made")
    maker.add_argument("file", type=Path)
    maker.add_argument("--rows", type=int, default=1_000_000)
    maker.set_defaults(run=made)
    weigher = verbs.add_parser("memory")
    weigher.add_argument("file", type=Path)
    weigher.set_defaults(run=memory)
    other = verbs.add_parser("growth")
    other.add_argument("--out", type=Path, default=Path("growth.svg"))
    other.set_defaults(run=growth)
    options = parser.parse_args()
    options.run(options)


if __name__ == "__main__":
    main()

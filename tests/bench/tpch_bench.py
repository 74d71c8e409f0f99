"""TPC-H: how fast its rows are made, and its 22 questions on three designs.

    python tests/bench/tpch_bench.py [SCALE] [ENGINE …]

The star and the wide table cannot hold customers without orders: questions 13 and 22 differ there, and are named.
"""

import resource
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import dbworkbench as wb

SAMPLES = Path(__file__).parents[2] / "sample_data"


def main(scale: float, engines: list[str]) -> None:
    schema = wb.schema((SAMPLES / "tpch.txt").read_text(encoding="utf-8"))
    began, worked = perf_counter(), process_time()
    tables = wb.tpch(scale)
    took, work = perf_counter() - began, process_time() - worked
    rows = sum(tables.rows(name) for name in tables.names)
    print(
        f"scale {scale:g}: {rows:,} rows in {took:.1f} s ({work:.1f} CPU s), {rows / work / 1e6:.2f} M rows a CPU second"
    )
    candidates = {
        "as defined": schema,
        "star": wb.star(schema, fact="lineitem"),
        "wide": wb.denormalize(schema, into="lineitem"),
    }
    began = perf_counter()
    found = wb.trial(
        candidates,
        SAMPLES / "tpch.sql",
        data=tables,
        reference=schema,
        engines=engines,
        deadline=60,
        progress=lambda what, share: print(f"  {perf_counter() - began:7.1f} s {share:4.0%} {what}", file=sys.stderr),
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"the trial: {perf_counter() - began:.1f} s, peak memory {memory:.2f} GB")
    for one in found.loads:
        print(f"  {one.candidate:10} {one.engine:10} {one.total_bytes / 1e6:9.1f} MB, loaded in {one.seconds:.1f} s")
    for failure in found.failures:
        print(f"  {failure}")
    for engine in engines:
        for query in found.queries:
            told = [f"  {engine:10} {query:36}"]
            for name in candidates:
                run = found.measurement(name, engine, query)
                time = "-" if run is None else f"{median(run.seconds) * 1e3:.1f} ms{'' if run.agrees else ' (differs)'}"
                told.append(f"{name} {time:20}")
            print(" ".join(told))
    print(found.verdict())


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.1, sys.argv[2:] or ["duckdb"])

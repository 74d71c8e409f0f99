"""TPC-H: its 22 questions on three designs, in parts that can be run at different times, and the table of all parts.

    python tests/bench/tpch_bench.py FOLDER SCALE ENGINE [CANDIDATE …]
    python tests/bench/tpch_bench.py FOLDER > tests/bench/tpch.md

A part measures `star`, `wide` or both against the relations as defined (`alone`: these only, once, for their answers), and
leaves its trial in FOLDER, also when it is interrupted. The star and the wide table cannot hold customers without orders,
nor the wide one offers that nobody ordered: questions 11, 13, 16 and 22 may differ there, and are named.
"""

import resource
import sys
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

import dbworkbench as wb
from dbworkbench.trials.files import read_trial
from dbworkbench.trials.measure import Measurement
from dbworkbench.trials.record import Stopped

SAMPLES = Path(__file__).parents[2] / "sample_data"
BASE = "as defined"
ROUNDS = 3


def measure(folder: Path, scale: float, engine: str, wanted: list[str]) -> None:
    """One part, saved."""
    schema = wb.schema((SAMPLES / "tpch.txt").read_text(encoding="utf-8"))
    began, worked = perf_counter(), process_time()
    tables = wb.tpch(scale)
    took, work = perf_counter() - began, process_time() - worked
    rows = sum(tables.rows(name) for name in tables.names)
    print(f"scale {scale:g}: {rows:,} rows in {took:.1f} s ({work:.1f} CPU s)")
    others = {"star": wb.star(schema, fact="lineitem"), "wide": wb.denormalize(schema, into="lineitem")}
    began = perf_counter()

    def progress(what: str, share: float) -> None:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{perf_counter() - began:7.1f} s {share:4.0%} {memory:.1f} GB {what}", file=sys.stderr, flush=True)

    try:
        found = wb.trial(
            {BASE: schema, **{name: others[name] for name in wanted if name in others}},
            SAMPLES / "tpch.sql",
            data=tables,
            reference=schema,
            engines=[engine],
            deadline=60,
            repeats=1 if wanted == ["alone"] else ROUNDS,
            progress=progress,
        )
    except Stopped as stopped:
        found = stopped.trial
    folder.mkdir(parents=True, exist_ok=True)
    found.save(folder / f"{scale:g} {engine} {' '.join(wanted)}.json", overwrite=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"the trial: {perf_counter() - began:.1f} s, peak memory of this process {memory:.2f} GB")
    for failure in found.failures:
        print(f"  {failure}")


def tabled(folder: Path) -> None:
    """All parts of a folder as one page."""
    parts = [(path.stem.split(), read_trial(path)) for path in sorted(folder.glob("*.json"))]
    print("# TPC-H on three designs\n")
    print(
        f"Medians of {ROUNDS} interleaved rounds, in milliseconds; `×` is the time to that of the relations as defined in the"
    )
    print(
        "same rounds. *r*: rewritten to the design's own tables, with joins left out that they hold already; *v*: asked through"
    )
    print(
        "views that rebuild the relations; ≠: another answer, since the design cannot hold customers without orders or, as"
    )
    print("a wide table, offers that nobody ordered.")
    for scale, engine in sorted({(float(stem[0]), stem[1]) for stem, _ in parts}):
        here = [trial for stem, trial in parts if (float(stem[0]), stem[1]) == (scale, engine)]
        here.sort(key=lambda trial: -len(trial.candidates))
        columns = [(trial, one.name) for trial in here for one in trial.candidates[1:]]
        settings = dict(here[0].settings)
        print(f"\n## Scale {scale:g} on {engine} {settings[f'{engine} version']}\n")
        answered = len([one for one in here[0].measurements if one.candidate == BASE and one.agrees])
        print(
            f"{sum(number for _, number in here[0].rows):,} rows; {settings['machine']}. The relations as defined gave"
        )
        print(f"the answers of the generator's own database to {answered} of {len(here[0].queries)} questions.\n")
        parts_said = [[BASE, *(part for one in trial.candidates[1:] for part in (one.name, "×"))] for trial in here]
        header = ["question", *(cell for part in parts_said for cell in part)]
        print(f"| {' | '.join(header)} |")
        print(f"|---{'|---:' * (len(header) - 1)}|")
        for query in here[0].queries:
            cells = [query]
            for trial in here:
                base = trial.measurement(BASE, engine, query)
                cells.append(said(base))
                for one in trial.candidates[1:]:
                    found = trial.measurement(one.name, engine, query)
                    cells += [said(found), against(found, base)]
            print(f"| {' | '.join(cells)} |")
        for trial, name in [(here[0], BASE), *columns]:
            load = trial.load(name, engine)
            if load is not None:
                print(f"\n{name}: {load.total_bytes / 1e6:,.0f} MB, loaded and indexed in {load.seconds:.0f} s")
        for trial in here:
            for failure in trial.failures:
                print(f"\n{failure.candidate}, {failure.query or failure.stage}: {failure.message}")


def said(one: Measurement | None) -> str:
    """A median, and how the answer was got."""
    if one is None:
        return "–"
    way = "" if one.candidate == BASE else " r" if one.rewritten else " v"
    return f"{median(one.seconds) * 1e3:,.1f}{way}{'' if one.agrees else ' ≠'}"


def against(one: Measurement | None, base: Measurement | None) -> str:
    """The median of the paired ratios."""
    if one is None or base is None or not one.agrees:
        return "–"
    return f"{median(a / b for a, b in zip(one.seconds, base.seconds, strict=True)):.2f}"


if __name__ == "__main__":
    if len(sys.argv) > 2:
        measure(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4:] or ["star", "wide"])
    else:
        tabled(Path(sys.argv[1]))

"""How often identical candidates are called different, and how surely a slowdown of a fifth is found.

python tests/bench/trial_aa.py [repetitions] [notes.jsonl]

Each repetition is noted when it is done, so a run that was stopped goes on where it was. The machine need not be quiet:
that is what is tried.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from time import perf_counter, thread_time
from typing import Any

from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import ENGINES, Session, Timing
from dbworkbench.schema.notation import relation
from dbworkbench.schema.schema import Schema
from dbworkbench.trials.comparison import Clocked, compared
from dbworkbench.trials.measure import FEWEST, Taking, quiet

SALES = relation("sales(id: integer, city: integer, qty: integer, price: decimal(8,2))\n key id")
QUERIES = {
    "aggregate": "SELECT city, sum(qty * price) FROM sales GROUP BY city",
    "filter": "SELECT count(*) FROM sales WHERE qty = 3 AND price > 10",
    "point": "SELECT * FROM sales WHERE id = 4711",
}
BUDGET = 1.5  # seconds for three runs of one query, as a default trial of ten queries has them
SLOWER = 1.2
AS_LOADED = 5  # repetitions of one pair of copies, which have their own difference as long as they live


def loaded(stack: ExitStack, engine: str, folder: str, tables: Tables) -> Session:
    session = stack.enter_context(ENGINES[engine].session(Path(folder)))
    session.create(Schema((SALES,)))
    session.load(
        SALES, tables, "SELECT i AS id, i % 100 AS city, i % 7 AS qty, (i % 1000) / 10 AS price FROM range(20000) t(i)"
    )
    session.finish()
    return session


def timed(session: Session, sql: str, factor: float = 1.0) -> Callable[[], Timing]:
    def run() -> Timing:
        timing = session.clock(sql)
        if factor == 1.0:
            return timing
        spent, started = thread_time(), perf_counter()
        while perf_counter() - started < timing.seconds * (factor - 1):
            pass
        return Timing(timing.seconds + perf_counter() - started, (timing.cpu or 0.0) + thread_time() - spent)

    return run


def rounds(one: Session, other: Session, random: Random) -> dict[str, dict[str, list[Timing]]]:
    """The rounds of all queries, taken as a trial takes them: the first of each, then one query after another and again."""
    taking = {
        query: Taking(
            {"a": timed(one, sql), "b": timed(other, sql), "slow": timed(other, sql, SLOWER)}, random, budget=BUDGET
        )
        for query, sql in QUERIES.items()
    }
    with quiet():
        for each in taking.values():
            each.warm_up()
            while each.counted < FEWEST and each.goes_on():
                each.take()
        going = list(taking.values())
        while going := [each for each in going if each.goes_on()]:
            for each in going:
                each.take()
    return {query: each.whole().timings for query, each in taking.items()}


def judged(told: dict[str, list[Timing]], engine: str, query: str, seed: int) -> dict[str, bool]:
    """What is called different: the identical one and the slower one, by wall time alone and as a trial judges."""
    clocked = {
        name: Clocked(name, [t.seconds for t in timings], [t.cpu or 0.0 for t in timings])
        for name, timings in told.items()
    }
    found: dict[str, bool] = {}
    for name in ("b", "slow"):
        wall = Clocked(name, clocked[name].seconds), Clocked("a", clocked["a"].seconds)
        found[f"{name} wall"] = compared(engine, query, *wall, seed=seed).different
        by_both = compared(engine, query, clocked[name], clocked["a"], seed=seed)
        found[f"{name} judged"], found[f"{name} by cpu"] = by_both.different, by_both.clock == "cpu"
    return found


def counted(told: list[dict[str, Any]]) -> None:
    """The figures of all repetitions there are."""
    print(f"{len(told)} repetitions, load of the machine {min(map(_load, told)):.1f} to {max(map(_load, told)):.1f}")
    for label in ("wall", "judged"):
        shares = []
        for name in ("b", "slow"):
            calls = [one["found"][where][f"{name} {label}"] for one in told for where in one["found"]]
            shares.append(f"{sum(calls) / len(calls):6.1%} of {len(calls)}")
        print(f"{label:7} identical called different: {shares[0]}   a fifth slower found: {shares[1]}")
    for where in told[0]["found"]:
        sums = {key: sum(one["found"][where][key] for one in told) for key in told[0]["found"][where]}
        print(f"  {where:20} {', '.join(f'{key} {number}' for key, number in sums.items())}")


def by_load(told: list[dict[str, Any]]) -> None:
    """The same apart for how busy the machine was (its load average, on so many processors as it has)."""
    cores = os.cpu_count() or 1
    for low, high in ((0.0, 2.5), (2.5, 3.5), (3.5, 100.0)):
        here = [one for one in told if low * cores <= _load(one) < high * cores]
        if here:
            print(f"\nload of {low:g} to {high:g} for each processor:")
            counted(here)


def _load(told: dict[str, Any]) -> float:
    return float(told["load"])


def main(repetitions: int, notes: Path) -> None:
    """The repetitions that `notes` lack, each noted when it is done, then the figures of all."""
    told = [json.loads(line) for line in notes.read_text("utf-8").splitlines()] if notes.exists() else []
    done = {one["seed"] for one in told}
    left = [seed for seed in range(repetitions) if seed not in done]
    for seeds in (left[at : at + AS_LOADED] for at in range(0, len(left), AS_LOADED)):
        with ExitStack() as stack:
            tables = stack.enter_context(Tables())
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            sessions = {
                engine: [loaded(stack, engine, folder, tables) for _ in "ab"] for engine in ("duckdb", "sqlite")
            }
            for seed in seeds:
                found: dict[str, dict[str, bool]] = {}
                for engine, (one, other) in sessions.items():
                    random = Random(f"{seed} {engine}")  # noqa: S311  an order of runs, no secret
                    for query, timings in rounds(one, other, random).items():
                        found[f"{engine} {query}"] = judged(timings, engine, query, seed)
                told.append({"seed": seed, "load": round(os.getloadavg()[0], 2), "found": found})
                with notes.open("a", encoding="utf-8") as stream:
                    stream.write(json.dumps(told[-1]) + "\n")
    counted(told)
    by_load(told)


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 200,
        Path(sys.argv[2] if len(sys.argv) > 2 else Path(tempfile.gettempdir()) / "trial_aa.jsonl"),
    )

"""How often identical candidates are called different, and how surely a slowdown of a fifth is found.

python tests/bench/trial_aa.py [repetitions] [notes.jsonl]

In each repetition one query of few rows is tried and one of many, in turns: of up to a few milliseconds, and of 2 to 50. Each repetition
is noted when it is done, so a run that was stopped goes on where it was; 200 take about a quarter of an hour. The machine
need not be quiet: that is what is tried.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from math import log
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, thread_time
from typing import Any

from dbworkbench.data.tables import Tables
from dbworkbench.engines.engine import ENGINES, Session, Timing
from dbworkbench.schema.notation import relation
from dbworkbench.schema.schema import Schema
from dbworkbench.trials.comparison import Clocked, compared
from dbworkbench.trials.measure import FEWEST, Taking, quiet

SALES = relation("sales(id: integer, city: integer, qty: integer, price: decimal(8,2))\n key id")
LINES = relation(
    "lines(id: integer, product: integer, city: integer, qty: integer, price: decimal(8,2), note: text)\n key id"
)
PRODUCTS = relation("products(product: integer, title: text, kind: text)\n key product")
DESIGN = Schema((SALES, LINES, PRODUCTS))
ROWS = {
    "sales": "SELECT i AS id, i % 100 AS city, i % 7 AS qty, (i % 1000) / 10 AS price FROM range(20000) t(i)",
    "lines": "SELECT i AS id, i * 7919 % 2000 AS product, i % 100 AS city, i % 7 AS qty, (i % 1000) / 10 AS price, 'note ' || i * 31 % 977 AS note FROM range({}) t(i)",
    "products": "SELECT i AS product, 'product ' || i AS title, 'kind ' || i % 40 AS kind FROM range(2000) t(i)",
}
MANY = {"duckdb": 400_000, "sqlite": 20_000}  # rows of `lines`, so that a query takes 2 to 50 milliseconds
OF_FEW = {
    "aggregate": "SELECT city, sum(qty * price) FROM sales GROUP BY city",
    "filter": "SELECT count(*) FROM sales WHERE qty = 3 AND price > 10",
    "point": "SELECT * FROM sales WHERE id = 4711",
}
OF_MANY = {
    "join": "SELECT kind, sum(qty * price) FROM lines JOIN products ON products.product = lines.product GROUP BY kind",
    "distinct": "SELECT city, count(DISTINCT product), max(price) FROM lines GROUP BY city",
    "scan": "SELECT count(*), max(length(note)) FROM lines WHERE note LIKE '%9%'",
}
BUDGET = 1.0  # seconds for three runs of one query: a default trial of ten queries on two engines has 0.75, and what others leave
SLOWER = 1.2
NAMES = ("a", "b", "slow")  # a copy of the rows for each: one that is asked twice in a round is the warmer
MANY_COMPARED = (
    20  # comparisons that a level is corrected for, as in a trial of two candidates, two engines and ten queries
)
AS_LOADED = 5  # repetitions of the same copies, which have their own difference as long as they live


def loaded(stack: ExitStack, engine: str, folder: str, tables: Tables) -> Session:
    session = stack.enter_context(ENGINES[engine].session(Path(folder)))
    session.create(DESIGN)
    for each in DESIGN:
        session.load(each, tables, ROWS[each.name].format(MANY[engine]))
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


def asked(seed: int) -> dict[str, str]:
    """The queries of a repetition: one of few rows and one of many."""
    few, many = (list(queries)[seed % len(queries)] for queries in (OF_FEW, OF_MANY))
    return {few: OF_FEW[few], many: OF_MANY[many]}


def rounds(copies: Mapping[str, Session], random: Random, seed: int) -> dict[str, dict[str, list[Timing]]]:
    """The rounds of all queries, taken as a trial takes them: the first of each, then one query after another and again."""
    taking = {
        query: Taking(
            {name: timed(copy, sql, SLOWER if name == "slow" else 1.0) for name, copy in copies.items()},
            random,
            budget=BUDGET,
        )
        for query, sql in asked(seed).items()
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


def judged(told: dict[str, list[Timing]], engine: str, query: str, seed: int) -> dict[str, float]:
    """What is called different: the identical one and the slower one, by wall time alone, as a trial judges a single comparison, and
    as it judges one of many; and the seconds that the query takes, the ratio of the identical one, and the rounds there were.
    """
    clocked = {
        name: Clocked(name, [t.seconds for t in timings], [t.cpu or 0.0 for t in timings])
        for name, timings in told.items()
    }
    found: dict[str, float] = {"seconds": median(clocked["a"].seconds), "rounds": len(clocked["a"].seconds)}
    for name in ("b", "slow"):
        wall = Clocked(name, clocked[name].seconds), Clocked("a", clocked["a"].seconds)
        found[f"{name} wall"] = compared(engine, query, *wall, seed=seed).different
        by_both = compared(engine, query, clocked[name], clocked["a"], seed=seed)
        found[f"{name} judged"], found[f"{name} by cpu"] = by_both.different, by_both.clock == "cpu"
        many = compared(engine, query, clocked[name], clocked["a"], seed=seed, comparisons=MANY_COMPARED)
        found[f"{name} of {MANY_COMPARED}"] = many.different
        if name == "b":
            found["ratio"] = by_both.ratio
    return found


def counted(told: list[dict[str, Any]]) -> None:
    """The figures of all repetitions there are."""
    print(f"{len(told)} repetitions, load of the machine {min(map(_load, told)):.1f} to {max(map(_load, told)):.1f}")
    for queries in (OF_FEW, OF_MANY):
        found = [case for one in told for where, case in one["found"].items() if where.partition(" ")[2] in queries]
        taken = sorted(case["seconds"] for case in found)
        print(f"queries of {taken[0] * 1e3:.2f} to {taken[-1] * 1e3:.1f} ms:")
        for label in ("wall", "judged", f"of {MANY_COMPARED}"):
            shares = [
                f"{sum(calls) / len(calls):6.1%} of {len(calls)}"
                for calls in ([case[f"{name} {label}"] for case in found] for name in ("b", "slow"))
            ]
            print(f"{label:7} identical called different: {shares[0]}   a fifth slower found: {shares[1]}")
    for where in sorted({where for one in told for where in one["found"]}):
        here = [one for one in told if where in one["found"]]
        cases = [one["found"][where] for one in here]
        sums = {key: sum(case[key] for case in cases) for key in cases[0] if key.startswith(("b ", "slow "))}
        loads = {one["seed"] // AS_LOADED for one in here if one["found"][where]["b judged"]}
        off = sorted(abs(log(case["ratio"])) for case in cases)
        print(
            f"  {where:18} {len(cases):3} × {median(case['seconds'] for case in cases) * 1e3:5.2f} ms, "
            f"{', '.join(f'{key} {number}' for key, number in sums.items())}; "
            f"falsely called in {len(loads)} pairs of copies, which are apart by {median(off):.1%}, at most {off[-1]:.1%}"
        )


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
                engine: {name: loaded(stack, engine, folder, tables) for name in NAMES}
                for engine in ("duckdb", "sqlite")
            }
            for seed in seeds:
                found: dict[str, dict[str, float]] = {}
                for engine, copies in sessions.items():
                    random = Random(f"{seed} {engine}")  # noqa: S311  an order of runs, no secret
                    for query, timings in rounds(copies, random, seed).items():
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

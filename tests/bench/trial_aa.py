"""How often identical candidates are called different, and how surely a slowdown of a fifth is found.

python tests/bench/trial_aa.py [repetitions]
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random
from time import perf_counter, thread_time

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


def main(repetitions: int) -> None:
    random = Random(1)  # noqa: S311  an order of runs, no secret
    wrong: Counter[str] = Counter()
    found: Counter[str] = Counter()
    with ExitStack() as stack:
        tables = stack.enter_context(Tables())
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        sessions = {engine: [loaded(stack, engine, folder, tables) for _ in "ab"] for engine in ("duckdb", "sqlite")}
        for seed in range(repetitions):
            for engine, (one, other) in sessions.items():
                for query, timings in rounds(one, other, random).items():
                    told = {
                        name: Clocked(name, [t.seconds for t in timing], [t.cpu or 0.0 for t in timing])
                        for name, timing in timings.items()
                    }
                    for name, counter in (("b", wrong), ("slow", found)):
                        wall = compared(
                            engine, query, Clocked(name, told[name].seconds), Clocked("a", told["a"].seconds), seed=seed
                        )
                        both = compared(engine, query, told[name], told["a"], seed=seed)
                        for label, comparison in (("wall", wall), ("judged", both)):
                            counter[f"{engine} {query} {label}"] += comparison.different
                            counter[label] += comparison.different
    count = repetitions * sum(len(QUERIES) for _ in sessions)
    for label in ("wall", "judged"):
        print(
            f"{label:7} identical called different: {wrong[label] / count:6.1%}   a fifth slower found: {found[label] / count:6.1%}"
        )
    for engine in sessions:
        for query in QUERIES:
            counts = [
                f"{label} {wrong[f'{engine} {query} {label}']}/{found[f'{engine} {query} {label}']}"
                for label in ("wall", "judged")
            ]
            print(f"  {engine:7} {query:10} wrong/found of {repetitions}: {', '.join(counts)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)

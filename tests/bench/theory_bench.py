"""How fast dependencies are decided: growth, adversarial families, and ratios to another package.

    python tests/bench/theory_bench.py
    python tests/bench/theory_bench.py --peer PYTHON

`PYTHON` is an interpreter of another environment in which the package `functional-dependencies` is installed. (It is
under the GPL: measured from outside, never imported here.) Both get the same inputs from the same seeds; times are CPU
seconds, the best of several runs.
"""

import argparse
import json
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import islice

from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import minimal_cover
from dbworkbench.theory.decomposition import decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.keys import candidate_keys, one_key
from dbworkbench.theory.splitting import tsou_fischer

Pairs = list[tuple[list[str], list[str]]]
Scheme = tuple[list[str], Pairs]

SIZES = [
    (10, 10),
    (10, 20),
    (10, 40),
    (20, 40),
    (50, 50),
    (50, 100),
    (50, 200),
    (100, 100),
    (100, 200),
    (200, 400),
    (200, 800),
]

PEER = """
import json, time, sys
import functional_dependencies as peer
for line in sys.stdin:
    name, attributes, fds, starts = json.loads(line)
    rules = peer.FDSet([peer.FD(set(x), set(y)) for x, y in fds])
    scheme = peer.RelSchema(set(attributes), rules)
    starts = [set(start) for start in starts]
    def best(work, runs):
        times = []
        for _ in range(runs):
            begun = time.process_time()
            work()
            times.append(time.process_time() - begun)
            if sum(times) > 1.5:
                break
        return min(times)
    print(json.dumps({
        "first": (closures := best(lambda: [rules.closure(start) for start in starts], 5)),
        "more": closures,
        "cover": best(rules.basis, 3),
        "synthesis": best(scheme.synthesize, 3),
        "key": best(scheme.key, 3),
    }), flush=True)
"""


def random_scheme(n: int, m: int, seed: int) -> Scheme:
    """Determinants of 1 to 3 attributes, dependents of 1 or 2."""
    source = random.Random(seed)  # noqa: S311  a fixed input, no secret
    names = [f"a{at:03d}" for at in range(n)]
    pairs: Pairs = []
    while len(pairs) < m:
        x = source.sample(names, source.randint(1, 3))
        y = [name for name in source.sample(names, source.randint(1, 2)) if name not in x]
        if y:
            pairs.append((x, y))
    return names, pairs


def sparse_scheme(n: int, m: int, seed: int) -> Scheme:
    """Determinants of 2 or 3 attributes, so that closures stay small."""
    source = random.Random(seed)  # noqa: S311  a fixed input, no secret
    names = [f"a{at:03d}" for at in range(n)]
    pairs: Pairs = []
    for _ in range(m):
        x = source.sample(names, source.randint(2, 3))
        pairs.append((x, [source.choice([name for name in names if name not in x])]))
    return names, pairs


def chain(n: int, _m: int, _seed: int) -> Scheme:
    """a0 → a1 → …, listed backwards: the worst order for an algorithm that goes over the list again and again."""
    names = [f"a{at:03d}" for at in range(n)]
    return names, [([names[at]], [names[at + 1]]) for at in range(n - 2, -1, -1)]


def cycle(n: int, m: int, seed: int) -> Scheme:
    """A chain that closes: every attribute is a key."""
    names, pairs = chain(n, m, seed)
    return names, [*pairs, ([names[-1]], [names[0]])]


def twins(n: int, _m: int, _seed: int) -> Scheme:
    """a_i ↔ b_i: 2^(n/2) keys."""
    half = n // 2
    names = [f"{letter}{at:03d}" for letter in "ab" for at in range(half)]
    pairs = [([f"a{at:03d}"], [f"b{at:03d}"]) for at in range(half)]
    return names, pairs + [(y, x) for x, y in pairs]


def choices(n: int, _m: int, _seed: int) -> Scheme:
    """x_i → z_i and y_i → z_i, all z → a: many determinants of a, the family where projections and BCNF are hard."""
    third = n // 3
    names = ["a"] + [f"{letter}{at:03d}" for letter in "xyz" for at in range(third)]
    pairs = [([f"{letter}{at:03d}"], [f"z{at:03d}"]) for letter in "xy" for at in range(third)]
    return names, [*pairs, ([f"z{at:03d}" for at in range(third)], ["a"])]


FAMILIES = {"random": random_scheme, "sparse": sparse_scheme, "chain": chain, "cycle": cycle, "choices": choices}


def best(work: Callable[[], object], runs: int = 5) -> float:
    times: list[float] = []
    for _ in range(runs):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
        if sum(times) > 1.5:
            break
    return min(times)


def starts_of(names: list[str], seed: int) -> list[list[str]]:
    source = random.Random(seed)  # noqa: S311  a fixed input, no secret
    return [source.sample(names, source.randint(1, min(4, len(names)))) for _ in range(100)]


def ours(names: list[str], pairs: Pairs, starts: list[list[str]]) -> dict[str, float]:
    """CPU seconds; the first hundred closures include making the index, "more" are a hundred others after them."""
    fds = tuple(FD(frozenset(x), frozenset(y)) for x, y in pairs)
    sets = [frozenset(start) for start in starts]
    rounds = iter(range(10))

    def first() -> None:
        fresh = (*fds, fds[0])
        for start in sets:
            closure(start, fresh)

    others = [[frozenset(start) for start in starts_of(names, 100 + at)] for at in range(10)]
    for start in [frozenset(start) for seed in range(10, 20) for start in starts_of(names, seed)]:
        closure(start, fds)

    def more() -> None:
        for start in others[next(rounds)]:
            closure(start, fds)

    return {
        "first": best(first),
        "more": best(more),
        "cover": best(lambda: minimal_cover(list(fds))),
        "synthesis": best(lambda: synthesize_3nf(names, list(fds))),
        "key": best(lambda: one_key(names, list(fds))),
    }


def cases() -> Iterator[tuple[str, int, int, Scheme]]:
    for family, make in FAMILIES.items():
        for n, m in SIZES if family in {"random", "sparse"} else [(10, 10), (50, 50), (100, 100), (200, 200)]:
            yield family, n, m, make(n, m, 7)


def compare(peer: str) -> None:
    process = subprocess.Popen([peer, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    print(
        f"{'family':9} {'n':>4} {'m':>4}   "
        + "   ".join(f"{task:>9} ms  ratio" for task in ("100 clos.", "100 more", "cover", "synthesis", "key"))
    )
    for family, n, m, (names, pairs) in cases():
        starts = starts_of(names, 3)
        process.stdin.write(json.dumps([family, names, pairs, starts]) + "\n")
        process.stdin.flush()
        theirs = json.loads(process.stdout.readline())
        mine = ours(names, pairs, starts)
        told = "   ".join(f"{1000 * mine[task]:12.3f} {theirs[task] / mine[task]:6.1f}" for task in mine)
        print(f"{family:9} {n:4} {m:4}   {told}")
    process.stdin.close()
    process.wait()


def growth() -> None:
    print("\nalone, CPU seconds")
    for family in ("random", "sparse"):
        for n, m in ((50, 100), (100, 200), (200, 400), (200, 800)):
            names, pairs = FAMILIES[family](n, m, 7)
            fds = tuple(FD(frozenset(x), frozenset(y)) for x, y in pairs)
            told = []
            for work in (synthesize_3nf, decompose_bcnf, tsou_fischer):
                begun = time.process_time()
                work(names, fds)
                told.append(f"{work.__name__} {time.process_time() - begun:.3f}")
            print(f"{family:9} {n:4} {m:4}  {'  '.join(told)}")
    for name, (names, pairs) in {
        "twins": twins(40, 0, 0),
        "cycle": cycle(200, 0, 0),
        "random": random_scheme(40, 60, 3),
    }.items():
        fds = tuple(FD(frozenset(x), frozenset(y)) for x, y in pairs)
        begun = time.process_time()
        met = sum(1 for _ in islice(candidate_keys(names, fds), 20_000))
        spent = time.process_time() - begun
        print(f"{name:9} {met} keys in {spent:.3f} s: {met / spent:,.0f} a second")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peer", default="", help="a Python in which functional-dependencies is installed")
    chosen = options.parse_args()
    if chosen.peer:
        compare(chosen.peer)
    growth()


if __name__ == "__main__":
    main()

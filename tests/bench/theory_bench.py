"""How fast dependencies are decided: ratios to another package, growth, families made to be hard, keys by the second.

    python tests/bench/theory_bench.py
    python tests/bench/theory_bench.py --peer PYTHON --save FOLDER
    python tests/bench/theory_bench.py --only ratios:sparse --peer PYTHON --save FOLDER

`PYTHON` is an interpreter of another environment in which the package `functional-dependencies` is installed. (It is
under the GPL: measured from outside, never imported here.) Both get the same inputs from the same seeds, as values of
their own types; times are CPU seconds, the best of several runs.

The sections are the ratios of each family, the growth of each, the hard families, and keys; `--only` measures some of them (several,
between commas), each within a few minutes. `--save` keeps the rows that were measured in `theory.json`, beside those of
other runs, and writes of all that are there the tables and the plot of growth.
"""

import argparse
import json
import math
import random
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from dbworkbench.errors import Undecided
from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import minimal_cover
from dbworkbench.theory.decomposition import decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.keys import candidate_keys, one_key
from dbworkbench.theory.splitting import tsou_fischer

Pairs = list[tuple[list[str], list[str]]]
Scheme = tuple[list[str], Pairs]
Rows = list[list[str]]

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

TASKS = {
    "one": "a closure, new set",
    "hundred": "100 closures, new set",
    "fresh": "100 closures, known set",
    "again": "the same 100 again",
    "lists": "the same, of lists",
    "cover": "minimal cover",
    "synthesis": "3NF synthesis",
    "parts": "with keys and joins",
    "key": "one key",
}

PEER = """
import json, time, sys
import functional_dependencies as peer
for line in sys.stdin:
    name, attributes, fds, starts = json.loads(line)
    values = [peer.FD(set(x), set(y)) for x, y in fds]
    known = peer.FDSet(values)
    scheme = set(attributes)
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
    def hundred():
        rules = peer.FDSet(values)
        for start in starts:
            rules.closure(start)
    fresh = best(lambda: [known.closure(start) for start in starts], 9)
    synthesis = best(lambda: peer.RelSchema(scheme, peer.FDSet(values)).synthesize(), 5)
    print(json.dumps({
        "one": best(lambda: peer.FDSet(values).closure(starts[0]), 30),
        "hundred": best(hundred, 9),
        "fresh": fresh,
        "again": fresh,
        "lists": fresh,
        "cover": best(lambda: peer.FDSet(values).basis(), 5),
        "synthesis": synthesis,
        "parts": synthesis,
        "key": best(lambda: peer.RelSchema(scheme, peer.FDSet(values)).key(), 5),
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


def coupled(n: int, _m: int, _seed: int) -> Scheme:
    """Twins in a ring with a third each, so that no group of them stands alone: very many keys, and not as a product."""
    third = n // 3
    a, b, c = ([f"{letter}{at:03d}" for at in range(third)] for letter in "abc")
    pairs = [([a[at]], [b[at]]) for at in range(third)] + [([b[at]], [a[at]]) for at in range(third)]
    pairs += [([a[at], b[(at + 1) % third]], [c[at]]) for at in range(third)]
    return a + b + c, pairs + [([c[at]], [a[at]]) for at in range(third)]


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


def values(pairs: Pairs) -> list[FD]:
    return [FD(frozenset(x), frozenset(y)) for x, y in pairs]


def ours(names: list[str], pairs: Pairs, starts: list[list[str]]) -> dict[str, float]:
    """CPU seconds for each task."""
    fds = values(pairs)
    known = tuple(fds)
    sets = [frozenset(start) for start in starts]

    def hundred() -> None:
        fresh = (*fds,)
        for start in sets:
            closure(start, fresh)

    def all_of(chosen: list[frozenset[str]]) -> None:
        for start in chosen:
            closure(start, known)

    def by_lists() -> None:
        for start in starts:
            closure(start, fds)

    result = {
        "one": best(lambda: closure(sets[0], (*fds,)), 60),
        "hundred": best(hundred, 40),
        "cover": best(lambda: minimal_cover([*fds]), 9),
        "synthesis": best(lambda: synthesize_3nf(names, [*fds]), 9),
        "parts": best(lambda: synthesize_3nf(names, [*fds]).parts, 9),
        "key": best(lambda: one_key(names, [*fds]), 9),
    }
    others = [[frozenset(start) for start in starts_of(names, 100 + at)] for at in range(9)]
    for start in [frozenset(start) for seed in range(10, 20) for start in starts_of(names, seed)]:
        closure(start, known)
    rounds = iter(others)
    result["fresh"] = best(lambda: all_of(next(rounds)), 9)
    result["again"] = best(lambda: all_of(sets), 9)
    result["lists"] = best(by_lists, 9)
    return result


def cases(family: str) -> Iterator[tuple[int, Scheme]]:
    for n, m in SIZES if family in {"random", "sparse"} else [(10, 10), (50, 50), (100, 100), (200, 200)]:
        yield n, FAMILIES[family](n, m, 7)


def table(header: list[str], rows: list[list[str]]) -> str:
    """A table in Markdown; all but the first column stand on the right."""
    rule = ["---"] + ["--:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(row) + " |" for row in (header, rule, *rows))


def compare(family: str, peer: str) -> Rows:
    """The ratios to the other package: its seconds by ours."""
    process = subprocess.Popen([peer, "-c", PEER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    assert process.stdout is not None
    rows: Rows = []
    for n, (names, pairs) in cases(family):
        starts = starts_of(names, 3)
        process.stdin.write(json.dumps([family, names, pairs, starts]) + "\n")
        process.stdin.flush()
        theirs = json.loads(process.stdout.readline())
        mine = ours(names, pairs, starts)
        ratios = [theirs[task] / mine[task] for task in TASKS]
        rows.append([family, str(n), str(len(pairs)), *(f"{ratio:.3g}" for ratio in ratios)])
    process.stdin.close()
    process.wait()
    return rows


GROWING: dict[str, Callable[[list[str], list[FD]], object]] = {
    "closure": lambda names, fds: closure(frozenset(names[:2]), (*fds,)),
    "minimal cover": lambda _, fds: minimal_cover([*fds]),
    "3NF synthesis": lambda names, fds: synthesize_3nf(names, [*fds]),
    "Tsou & Fischer": lambda names, fds: tsou_fischer(names, [*fds]),
}


GROWN = ["random", "sparse", "chain", "cycle"]


def growth(family: str) -> Rows:
    """By task: its name, and after it size of the input (names written in the dependencies) and seconds in turn."""
    rows: Rows = []
    for task, work in GROWING.items():
        row = [f"{family}, {task}"]
        for n in (25, 50, 100, 200, 400, 800):
            names, pairs = FAMILIES[family](n, 2 * n, 7)
            fds = values(pairs)
            seconds = best(lambda work=work, names=names, fds=fds: work(names, fds), 60)  # type: ignore[misc]
            row += [str(sum(len(x) + len(y) for x, y in pairs)), f"{seconds:.3g}"]
            if seconds > 1:
                break
        rows.append(row)
    return rows


def points_of(row: list[str]) -> list[tuple[int, float]]:
    return [(int(size), float(seconds)) for size, seconds in zip(row[1::2], row[2::2], strict=True)]


def grown(rows: Rows) -> tuple[str, str]:
    """The table of growth with its exponents, and the plot."""
    told, lines = [], {}
    for row in rows:
        points = points_of(row)
        exponent = math.log(points[-1][1] / points[1][1]) / math.log(points[-1][0] / points[1][0])
        told.append([row[0], *(f"{1000 * seconds:.3g}" for _, seconds in points)])
        told[-1] += ["over 1 s before"] * (6 - len(points)) + [f"{exponent:.2f}"]
        family, _, task = row[0].partition(", ")
        if family in {"random", "chain"}:
            lines[f"{task}, {family}"] = points
    header = ["milliseconds at n =", "25", "50", "100", "200", "400", "800", "exponent"]
    return table(header, told), plot(lines) if lines else ""


def hard() -> Rows:
    """Families that are made to be hard, and what becomes of them."""
    rows: Rows = []
    for family, n, m in (
        ("random", 200, 800),
        ("sparse", 200, 800),
        ("choices", 30, 30),
        ("choices", 60, 60),
        ("choices", 200, 200),
    ):
        names, pairs = FAMILIES[family](n, m, 7)
        fds = values(pairs)
        for work in (synthesize_3nf, decompose_bcnf, tsou_fischer):
            begun = time.process_time()
            try:
                made = work(names, fds)
                said = f"{len(made.schemes)} relations in {made.form}"
            except Undecided as error:
                said = f"left open: {error}"
            rows.append([f"{family} {n} × {len(pairs)}, {work.__name__}", f"{time.process_time() - begun:.3f}", said])
    return rows


def keys() -> Rows:
    """Keys by the second, of at most 20,000."""
    rows: Rows = []
    for name, (names, pairs) in {
        "twins (2²⁰ keys)": twins(40, 0, 0),
        "twins in a ring": coupled(36, 0, 0),
        "twins in a longer ring": coupled(90, 0, 0),
        "a cycle of 200": cycle(200, 0, 0),
        "random, 25 × 60": random_scheme(25, 60, 11),
        "sparse, 30 × 90": sparse_scheme(30, 90, 5),
    }.items():
        fds = values(pairs)
        begun = time.process_time()
        met = sum(1 for _ in islice(candidate_keys(names, fds), 20_000))
        spent = time.process_time() - begun
        rows.append([name, f"{met:,}", f"{spent:.3f}", f"{met / spent:,.0f}"])
    return rows


_COLOURS = ["#1b6ca8", "#c0562b", "#3c8047", "#7a4fa3"]


def plot(lines: dict[str, list[tuple[int, float]]]) -> str:
    """Lines on logarithmic axes, as SVG."""
    width, height, left, bottom = 760, 460, 70, 400
    top = 24
    every = [point for points in lines.values() for point in points]
    lowest, highest = math.log10(min(x for x, _ in every)), math.log10(max(x for x, _ in every))
    least, most = math.floor(math.log10(min(y for _, y in every))), math.ceil(math.log10(max(y for _, y in every)))

    def at(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - lowest) / (highest - lowest)
        return left + across * 480, bottom - (math.log10(y) - least) / (most - least) * (bottom - top)

    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
        "<title>CPU seconds by size of the input</title>",
        f'<rect width="{width}" height="{height}" fill="white"/>',
    ]
    for power in range(least, most + 1):
        _, y = at(10**lowest, 10**power)
        told = {-6: "1 µs", -5: "10 µs", -4: "0.1 ms", -3: "1 ms", -2: "10 ms", -1: "0.1 s", 0: "1 s", 1: "10 s"}[power]
        drawn.append(f'<line x1="{left}" x2="{left + 480}" y1="{y:.1f}" y2="{y:.1f}" stroke="#e2e2e2"/>')
        drawn.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end" fill="#555">{told}</text>')
    for size in (100, 200, 500, 1000, 2000, 5000):
        if lowest <= math.log10(size) <= highest:
            x, _ = at(size, 10**least)
            drawn.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="#f0f0f0"/>')
            drawn.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle" fill="#555">{size:,}</text>')
    middle = left + 240
    drawn.append(f'<text x="{middle}" y="{bottom + 42}" text-anchor="middle">names written in the dependencies</text>')
    tasks = list(GROWING)
    ends = sorted((at(*points[-1])[1], name) for name, points in lines.items())
    places: dict[str, float] = {}
    for y, name in ends:
        places[name] = max([y, *(place + 17 for place in places.values())])
    for name, points in lines.items():
        task, _, family = name.partition(", ")
        colour = _COLOURS[tasks.index(task)]
        dashed = ' stroke-dasharray="5 4"' if family == "chain" else ""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(*point) for point in points))
        drawn.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>')
        x, y = at(*points[-1])
        label, place = left + 500, places[name]
        drawn.append(
            f'<line x1="{x + 3:.1f}" y1="{y:.1f}" x2="{label - 4}" y2="{place:.1f}" stroke="{colour}" opacity="0.35"/>'
        )
        drawn.append(f'<text x="{label}" y="{place + 4:.1f}" fill="{colour}">{name.replace("&", "&amp;")}</text>')
    return "\n".join([*drawn, "</svg>", ""])


TEXT = """# How fast dependencies are decided

Written by `python tests/bench/theory_bench.py --peer PYTHON --save tests/bench`, in one run or section by section; CPU seconds,
the best of several runs, one thread.

## Ratios to functional-dependencies 1.3

Its seconds by ours, in one run, from the dependencies as values of each package: above 1 this package is faster. A new set has
not been met before, so whatever is prepared counts; a known set has been, and 100 other closures are asked for. Both results
of the synthesis are schemes; "with keys and joins" adds what only this package tells. n attributes, m dependencies.

Compared are `FDSet(values)` with `.closure`, `.basis`, `RelSchema(names, FDSet(values))` with `.synthesize`, `.key`, and
`closure`, `minimal_cover`, `synthesize_3nf`, `one_key` of lists of values. A set is known as one `FDSet` there and as one
tuple here, to which sets of names are given; "of lists" gives both as lists, as they are typed, which are compared with what
they held before. The other package keeps no answer, so that its time for the same closures again is that of the others.

Where closures add little (*sparse*, and n = 10), the other package goes over its list once or twice and is done, so that what a
single call costs here is most of the time: there is no prepared answer to a set that was not asked for before. Of these cases
the same closures again show the least that a call takes.

{ratios}

Families: *random* has determinants of 1 to 3 attributes; *sparse* of 2 or 3, so that closures stay small; *chain* is listed
backwards; in a *cycle* every attribute is a key; *choices* has two ways to each attribute that one dependency needs.

## Growth

{growth}

![CPU seconds by size of the input, on logarithmic axes](theory_growth.svg)

The exponent is that of the size of the input from n = 50 on: 1 is linear, 2 quadratic.

## Families made to be hard

{hard}

## Keys

{keys}
"""


SECTIONS: dict[str, Callable[[str], Rows]] = {
    **{f"ratios:{family}": (lambda peer, family=family: compare(family, peer)) for family in FAMILIES},  # type: ignore[misc]
    **{f"growth:{family}": (lambda _, family=family: growth(family)) for family in GROWN},  # type: ignore[misc]
    "hard": lambda _: hard(),
    "keys": lambda _: keys(),
}


def text_of(measured: dict[str, Rows]) -> tuple[str, str]:
    """The page of what was measured, and the plot of growth; a section that was not measured says so."""

    def rows(kind: str) -> Rows:
        return [row for name in SECTIONS if name.partition(":")[0] == kind for row in measured.get(name, [])]

    def told(header: list[str], kind: str) -> str:
        return table(header, rows(kind)) if rows(kind) else "(not measured)"

    growing, picture = grown(rows("growth")) if rows("growth") else ("(not measured)", "")
    text = TEXT.format(
        ratios=told(["family", "n", "m", *TASKS.values()], "ratios"),
        growth=growing,
        hard=told(["question", "seconds", "answer"], "hard"),
        keys=told(["family", "keys", "seconds", "keys a second"], "keys"),
    )
    return text, picture


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--peer", default="", help="a Python in which functional-dependencies is installed")
    options.add_argument("--only", default="", help=f"sections between commas: {', '.join(SECTIONS)}")
    options.add_argument("--save", default="", help="a folder for the rows, the tables and the plot")
    chosen = options.parse_args()
    wanted = chosen.only.split(",") if chosen.only else [*SECTIONS]
    if unknown := [name for name in wanted if name not in SECTIONS]:
        options.error(f"no section called {unknown[0]!r} — known: {', '.join(SECTIONS)}")
    kept = Path(chosen.save) / "theory.json"
    measured: dict[str, Rows] = json.loads(kept.read_text(encoding="utf-8")) if chosen.save and kept.exists() else {}
    for name in wanted:
        if name.startswith("ratios") and not chosen.peer:
            continue
        begun = time.perf_counter()
        measured[name] = SECTIONS[name](chosen.peer)
        print(f"{name}: {time.perf_counter() - begun:.0f} s", flush=True)
        text, picture = text_of(measured)
        if chosen.save:  # after each section, so that none is lost
            ordered = {each: measured[each] for each in SECTIONS if each in measured}
            kept.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")
            kept.with_name("theory.md").write_text(text, encoding="utf-8")
            if picture:
                kept.with_name("theory_growth.svg").write_text(picture, encoding="utf-8")
    print(text_of(measured)[0])


if __name__ == "__main__":
    main()

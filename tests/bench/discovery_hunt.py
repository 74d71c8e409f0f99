"""A long hunt for a wrong answer: what discovery finds in random small tables, against trying everything.

    python tests/bench/discovery_hunt.py --tables 20000 --seed 1

All dependencies, keys and inclusions of each table, and what is listed as multivalued; both meanings of null; constants, columns of
nulls alone, repeated rows, one row and none, and from one column to eight. The search goes all its ways: every pair of rows,
samples of them, few difference sets at a time, one thread and two. The tests do the same on fewer tables; the definitions are
theirs. Ends at the first table with a wrong answer and prints it.
"""

import argparse
import importlib
import random
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path
from unittest.mock import patch

import pandas as pd

from dbworkbench.discovery import search as searching
from dbworkbench.discovery.columns import from_frame
from dbworkbench.discovery.inclusion import inclusion_dependencies
from dbworkbench.discovery.kernels import kernels
from dbworkbench.discovery.multivalued import multivalued_dependencies

sys.path.insert(0, str(Path(__file__).parents[1] / "discovery"))
definitions = importlib.import_module("test_functional")

Cell = int | None
WAYS: tuple[dict[str, int], ...] = (
    {},
    {"MOST_EDGES": 1},
    {"ALL_PAIRS": -1},
    {"ALL_PAIRS": -1, "MOST_EDGES": 2, "BLOCK": 3},
)


def made(luck: random.Random) -> tuple[list[tuple[Cell, ...]], int]:
    """A table of up to 16 rows."""
    width = luck.choice((1, 2, 3, 3, 4, 4, 5, 5, 6, 7, 8))
    kinds: Sequence[Sequence[Cell]] = (
        (0,),
        (None,),
        (0, 1),
        (0, 1, 2, 3),
        (0, 1, None),
        tuple(range(9)),
        tuple(range(40)),
    )
    domains = [luck.choice(kinds) for _ in range(width)]
    rows = [tuple(luck.choice(domain) for domain in domains) for _ in range(luck.choice((0, 1, 2, 4, 8, 12, 16)))]
    if rows and luck.random() < 0.3:
        rows.append(luck.choice(rows))
    if width > 2 and luck.random() < 0.3:  # one column follows from another
        rows = [(*row[:-1], None if row[0] is None else row[0] // 2) for row in rows]
    return rows, width


def included(rows: list[tuple[Cell, ...]], width: int) -> set[tuple[str, str]]:
    """Pairs of columns of which the one's values, nulls aside, are the other's."""
    values = [{row[c] for row in rows} - {None} for c in range(width)]
    return {
        (f"c{a}", f"c{b}")
        for a in range(width)
        for b in range(width)
        if a != b and values[a] and values[b] and values[a] <= values[b]
    }


def independent(rows: list[tuple[Cell, ...]], width: int, given: frozenset[int]) -> set[frozenset[int]]:
    """The dependency basis of some columns: the finest parts of the rest that every group of rows combines freely."""
    rest = [c for c in range(width) if c not in given]
    groups: dict[tuple[Cell, ...], set[tuple[Cell, ...]]] = {}
    for row in rows:
        groups.setdefault(tuple(row[c] for c in sorted(given)), set()).add(row)

    def free(part: frozenset[int]) -> bool:
        other = [c for c in rest if c not in part]
        return all(
            len({tuple(row[c] for c in sorted(part)) for row in group})
            * len({tuple(row[c] for c in other) for row in group})
            == len(group)
            for group in groups.values()
        )

    valid = [
        part for size in range(1, len(rest) + 1) for part in map(frozenset, combinations(rest, size)) if free(part)
    ]
    return {part for part in valid if not any(smaller < part for smaller in valid)}


def wrong(rows: list[tuple[Cell, ...]], width: int, luck: random.Random) -> str:
    """What is wrong with the answer for a table; nothing where it is right."""
    for nulls in ("equal", "distinct"):
        columns = definitions.coded(rows, width, nulls)
        expected = definitions.tries_every_set(rows, width, nulls)
        way = luck.choice(WAYS)
        with ExitStack() as stack:
            for name, value in way.items():
                stack.enter_context(patch.object(searching, name, value))
            if definitions.found_by(columns, by=kernels(), threads=luck.choice((1, 2))) != expected:
                return f"dependencies or keys, nulls {nulls}, by {way}"
    columns = definitions.coded(rows, width)
    found = {
        (one.ind.attributes[0], one.ind.referenced_attributes[0])
        for one in inclusion_dependencies({"t": columns}).found
    }
    if found != included(rows, width):
        return "inclusions"
    if 3 <= width <= 5:
        frame = pd.DataFrame([[-1 if cell is None else cell for cell in row] for row in rows], columns=columns.names)
        for one in multivalued_dependencies(from_frame(frame), max_determinant=2):
            given = frozenset(int(name[1:]) for name in one.determinant)
            parts = {frozenset(int(name[1:]) for name in part) for part in one.parts}
            fixed = {frozenset({int(name[1:])}) for name in one.determined}
            if independent(rows, width, given) != parts | fixed:
                return f"multivalued dependencies of {sorted(one.determinant)}"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=float("inf"), help="of processor, after which it ends")
    options = parser.parse_args()
    luck = random.Random(options.seed)  # noqa: S311  no secret
    done = 0
    while done < options.tables and time.process_time() < options.seconds:
        rows, width = made(luck)
        if problem := wrong(rows, width, luck):
            sys.exit(f"table {done} of seed {options.seed}: {problem}\n{rows}")
        done += 1
    print(f"{done:,} tables of seed {options.seed}, every answer right, in {time.process_time():.0f} s of processor")


if __name__ == "__main__":
    main()

"""How often lines cross and how long they are, beside plain Graphviz on the same tables, each on one sheet.

    python tests/bench/crossings.py

Ours are read back from the SVG, Graphviz's from its splines. Both draw all attributes, with ends at rows.
"""

import tomllib
from itertools import pairwise
from math import hypot
from pathlib import Path

import pygraphviz

from dbworkbench.diagram.erd import erd
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.read import read
from tests.bench.diagram_bench import synthetic
from tests.diagram.designs import SHOP
from tests.diagram.measuring import measured
from tests.packages import text_of

CASES = Path(__file__).parent.parent / "sql" / "cases" / "debian.toml"
CHOSEN = ("roundcube.mysql", "ttrss.postgresql", "kea.mysql")
Line = list[tuple[float, float]]


def curved(points: Line, steps: int = 12) -> Line:
    """A spline of cubic pieces as short straight ones."""
    found = [points[0]]
    for at in range(0, len(points) - 3, 3):
        a, b, c, d = points[at : at + 4]
        for step in range(1, steps + 1):
            t = step / steps
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
            x, y = (sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1))
            found.append((x, y))
    return found


def by_dot(text: str) -> tuple[float, float, list[Line]]:
    plain = bytes(pygraphviz.AGraph(string=text).draw(prog="dot", format="plain")).decode().replace("\\\n", "")
    wide, high, lines = 0.0, 0.0, []
    for said in plain.splitlines():
        words = said.split()
        if words[0] == "graph":
            wide, high = float(words[2]) * 72, float(words[3]) * 72
        elif words[0] == "edge":
            numbers = [float(word) * 72 for word in words[4 : 4 + 2 * int(words[3])]]
            lines.append(curved(list(zip(numbers[::2], numbers[1::2], strict=True))))
    return wide, high, lines


def crossings(lines: list[Line]) -> int:
    """How many pairs of pieces of different lines cross within both."""
    pieces = [[(min(a, b), max(a, b)) for a, b in pairwise(line)] for line in lines]
    return sum(
        _cross(one, other)
        for at, line in enumerate(pieces)
        for before in pieces[:at]
        for one in line
        for other in before
    )


def _cross(one: tuple[tuple[float, float], ...], other: tuple[tuple[float, float], ...]) -> bool:
    (a, b), (c, d) = one, other
    if b[0] < c[0] or d[0] < a[0] or max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False

    def side(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float]) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    return side(a, b, c) * side(a, b, d) < -1e-6 and side(c, d, a) * side(c, d, b) < -1e-6


def length(lines: list[Line]) -> float:
    return sum(hypot(a[0] - b[0], a[1] - b[1]) for line in lines for a, b in pairwise(line))


def main() -> None:
    cases = {case["name"]: case for case in tomllib.loads(CASES.read_text("utf-8"))["case"]}
    schemas: list[tuple[str, Schema]] = [("Shop", SHOP)]
    for name in CHOSEN:
        text, _ = text_of(cases[name]["package"], cases[name]["files"])
        schemas.append((name, read(text, cases[name]["dialect"]).schema))
    schemas += [
        (f"random {count}, seed {seed}", synthetic(count, seed)) for count in (10, 20, 30) for seed in (1, 2, 3)
    ]
    print(f"{'':18} {'lines':>6} {'crossings':>10} {'dot':>6} {'length':>9} {'dot':>9} {'× page':>7} {'dot':>6}")
    for name, schema in schemas:
        diagram = erd(schema, areas=None, detail="all")
        sheet = measured(diagram.svg)
        ours = [list(edge.points) for edge in sheet.edges]
        wide, high, theirs = by_dot(diagram.dot)
        scales = [max(w / 1100, h / 900) for w, h in ((sheet.width, sheet.height), (wide, high))]
        print(
            f"{name:18} {len(ours):6} {crossings(ours):10} {crossings(theirs):6} {length(ours):9,.0f} {length(theirs):9,.0f} "
            f"{scales[0]:7.2f} {scales[1]:6.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""How long diagrams take and how readable they are, beside plain Graphviz on one sheet of the same tables.

    python tests/bench/diagram_bench.py [sizes …]

Times are medians of three runs in one process, so ratios are of the same machine and moment; shape and letters are
measured from the SVG, fitted to 1100 × 900 pixels, as in the tests.
"""

import random
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pygraphviz

from dbworkbench.diagram.erd import erd
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer, Text
from tests.diagram.measuring import measured

SIZES = (10, 50, 100, 300, 500, 1000)


def synthetic(count: int, seed: int = 3) -> Schema:
    """Tables with about 1.7 references each, mostly to near ones and to a few hubs, and eleven attributes."""
    draw = random.Random(seed)  # noqa: S311  not for secrets
    words = ("order", "item", "user", "event", "account", "ledger", "route", "asset", "ticket", "batch", "quote", "site")
    names: list[str] = []
    for at in range(count):
        names.append(f"{words[at * len(words) // count]}_{words[draw.randrange(len(words))]}_{at}")
    made = []
    for at, name in enumerate(names):
        targets: list[str] = []
        for _ in range(draw.choice((0, 1, 1, 2, 2, 2, 3))):
            kind = draw.random()
            if kind < 0.2:
                targets.append(names[draw.randrange(max(1, count // 25)) * 25 % count])
            elif at:
                targets.append(names[max(0, at - 1 - int(draw.expovariate(1 / 8)))])
        foreign = [ForeignKey((f"ref_{n}_id",), target, ("id",)) for n, target in enumerate(targets)]
        if draw.random() < 0.03:
            foreign.append(ForeignKey(("parent_id",), name, ("id",)))
        attributes = [Attribute("id", Integer())]
        attributes += [Attribute(fk.attributes[0], Integer(), nullable=draw.random() < 0.4) for fk in foreign]
        attributes += [Attribute(f"attribute_{n}", Text()) for n in range(draw.randint(3, 14))]
        made.append(Relation(name, tuple(attributes), (Key(("id",)),), tuple(foreign)))
    return Schema(tuple(made), name=f"synthetic {count}")


def timed(work: Callable[[], Any], runs: int = 3) -> tuple[float, Any]:
    seconds, result = [], None
    for _ in range(runs):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return median(seconds), result


def plain_dot(text: str) -> bytes:
    """The same tables by Graphviz alone: one sheet of HTML-like tables with curved lines."""
    return bytes(pygraphviz.AGraph(string=text).draw(prog="dot", format="svg"))


def one_sheet(schema: Schema) -> str:
    """DOT of all tables with all attributes, as usual tools write it."""
    lines = ["digraph {rankdir=LR node [shape=plain]"]
    number = {name: at for at, name in enumerate(schema.names)}
    for relation in schema:
        rows = "".join(f'<TR><TD PORT="{n}">{a.name}</TD></TR>' for n, a in enumerate(relation.attributes))
        lines.append(f'n{number[relation.name]} [label=<<TABLE><TR><TD><B>{relation.name}</B></TD></TR>{rows}</TABLE>>]')
    lines += [
        f"n{number[fk.relation]}:0 -> n{number[relation.name]}:{relation.names.index(fk.attributes[0])}"
        for relation in schema
        for fk in relation.foreign_keys
    ]
    return "\n".join([*lines, "}"])


def main(sizes: tuple[int, ...]) -> None:
    erd(synthetic(3))
    print("tables  ours s  dot s  ours/dot  pages  aspect worst  label px median  worst  dot aspect  dot label px")
    for size in sizes:
        schema = synthetic(size)
        ours, diagram = timed(lambda schema=schema: erd(schema))
        theirs, svg = timed(lambda schema=schema: plain_dot(one_sheet(schema)), 1 if size > 300 else 3)
        sheets = [measured(page.svg) for page in diagram.pages]
        head = svg.decode()[:2000]
        box = head[head.index("viewBox=") + 9 :].split('"')[0].split()
        wide, high = float(box[2]), float(box[3])
        aspect = min((sheet.aspect for sheet in sheets), key=lambda a: min(a / 0.6, 2.2 / a))
        labels = sorted(sheet.label for sheet in sheets)
        print(
            f"{size:6} {ours:7.2f} {theirs:6.2f} {ours / theirs:9.2f} {len(sheets):6} {aspect:13.2f}"
            f" {median(labels):16.1f} {labels[0]:6.1f} {wide / high:11.2f} {14 * min(1.0, 1100 / wide, 900 / high):13.1f}"
        )


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)

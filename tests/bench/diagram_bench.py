"""How long diagrams take and how readable they are, beside plain Graphviz and other tools on the same tables.

    python tests/bench/diagram_bench.py [number of tables | file of DDL] …

Times are of the processor, medians of three runs in one process, so ratios are of the same machine and moment. Shape (width by height,
the worst page) and letters (pixels) are measured from the SVG, fitted to 1100 × 900 pixels, as in the tests. ERAlchemy
and sqlalchemy_schemadisplay join where they are installed; they draw one sheet, all attributes on it. Graphviz is asked
within the process, without the start that its program takes, for bare names and for the labels that ours have; and as
users run it, the program `dot` by the package graphviz, where the program is on the PATH (Debian's package graphviz).
"""

import math
import random
import re
import resource
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import graphviz
import pygraphviz

from dbworkbench.diagram.areas import Area, areas_found
from dbworkbench.diagram.dot import dot
from dbworkbench.diagram.erd import erd
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Integer, Text
from dbworkbench.sql.read import read
from tests.diagram.measuring import inside, measured

SIZES = (10, 50, 100, 300, 500, 1000)


def synthetic(count: int, seed: int = 3) -> Schema:
    """Tables with about 1.7 references each, mostly to near ones and to a few hubs, and eleven attributes."""
    draw = random.Random(seed)  # noqa: S311  not for secrets
    words = (
        "order",
        "item",
        "user",
        "event",
        "account",
        "ledger",
        "route",
        "asset",
        "ticket",
        "batch",
        "quote",
        "site",
    )
    names = [f"{words[at * len(words) // count]}_{words[draw.randrange(len(words))]}_{at}" for at in range(count)]
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
    """Seconds of processor time, its own and its programs', the median of the runs: so others on the machine matter less."""
    seconds, result = [], None
    for _ in range(runs):
        start = spent()
        result = work()
        seconds.append(spent() - start)
    return median(seconds), result


def spent() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def plain_dot(text: str) -> bytes:
    """The same tables by Graphviz alone: one sheet of HTML-like tables with curved lines."""
    return bytes(pygraphviz.AGraph(string=text).draw(prog="dot", format="svg"))


def dot_program(text: str) -> bytes:
    """The same by the program `dot`, as the package graphviz runs it: its start is counted."""
    return bytes(graphviz.Source(text).pipe(format="svg"))


def one_sheet(schema: Schema) -> str:
    """DOT of all tables with all attributes, as usual tools write it."""
    lines = ["digraph {rankdir=LR node [shape=plain]"]
    number = {name: at for at, name in enumerate(schema.names)}
    for relation in schema:
        rows = "".join(f'<TR><TD PORT="{n}">{a.name}</TD></TR>' for n, a in enumerate(relation.attributes))
        lines.append(
            f"n{number[relation.name]} [label=<<TABLE><TR><TD><B>{relation.name}</B></TD></TR>{rows}</TABLE>>]"
        )
    lines += [
        f"n{number[fk.relation]}:0 -> n{number[relation.name]}:{relation.names.index(fk.attributes[0])}"
        for relation in schema
        for fk in relation.foreign_keys
    ]
    return "\n".join([*lines, "}"])


def eralchemy(schema: Schema) -> bytes:
    """The same tables by ERAlchemy, from SQLAlchemy's metadata."""
    main = import_module("eralchemy.main")
    with TemporaryDirectory() as folder:
        main.render_er(metadata(schema), f"{folder}/er.svg")
        return Path(folder, "er.svg").read_bytes()


def schemadisplay(schema: Schema) -> bytes:
    """The same tables by sqlalchemy_schemadisplay; its DOT is drawn by the same Graphviz as ours."""
    found = metadata(schema)
    engine = import_module("sqlalchemy").create_engine("sqlite://")
    display = import_module("sqlalchemy_schemadisplay")
    graph = display.create_schema_graph(engine=engine, metadata=found, rankdir="LR")
    return plain_dot(graph.to_string())


def metadata(schema: Schema) -> Any:
    """The schema as SQLAlchemy holds it, all attributes of one type."""
    sqlalchemy = import_module("sqlalchemy")
    found = sqlalchemy.MetaData()
    for relation in schema:
        key = relation.keys[0].attributes if relation.keys else ()
        columns = [
            sqlalchemy.Column(a.name, sqlalchemy.String(), primary_key=a.name in key, nullable=a.nullable)
            for a in relation.attributes
        ]
        rules = [
            sqlalchemy.ForeignKeyConstraint(fk.attributes, [f"{fk.relation}.{name}" for name in fk.referenced])
            for fk in relation.foreign_keys
        ]
        sqlalchemy.Table(relation.name, found, *columns, *rules)
    return found


TOOLS: dict[str, Callable[[Schema], bytes]] = {
    "dot, names only": lambda schema: plain_dot(one_sheet(schema)),
    "dot, our labels": lambda schema: plain_dot(dot(schema.relations)),
    "dot, program": lambda schema: dot_program(dot(schema.relations)),
    "eralchemy": eralchemy,
    "schemadisplay": schemadisplay,
}


def fitted(svg: bytes) -> tuple[float, float]:
    """Shape, and the median size of letters when the sheet is fitted to 1100 × 900 pixels, of any SVG of Graphviz."""
    text = svg.decode("utf-8", "replace")
    box = re.search(r'viewBox="([^"]*)"', text)
    wide, high = (float(number) for number in (box[1].split()[2:] if box else ("1", "1")))
    letters = [float(size) for size in re.findall(r'font-size="([\d.]+)"', text)] or [0.0]
    return wide / high, median(letters) * min(1.0, 1100 / wide, 900 / high)


def purity(schema: Schema, text: str) -> tuple[float, float] | None:
    """How well the areas found match the schemas of a DDL text (which the areas never see): purity and NMI."""
    space, homes = "", {}
    for made in re.finditer(r"CREATE\s+SCHEMA\s+(\w+)|CREATE\s+TABLE\s+(\w+)\s*\(", text, re.IGNORECASE):
        space = made[1] or space
        if made[2]:
            homes[made[2]] = space
    return agreement(areas_found(schema.relations), homes) if len(set(homes.values())) > 1 else None


def agreement(found: Sequence[Area], homes: Mapping[str, str]) -> tuple[float, float]:
    """Purity (the share of relations at home in what most of their area is) and normalized mutual information."""
    pairs = [(area.name, homes[name]) for area in found for name in area.relations if homes.get(name)]

    def entropy(values: Iterable[object]) -> float:
        counts = Counter(values)
        return -sum(n / len(pairs) * math.log(n / len(pairs)) for n in counts.values())

    areas, spaces = entropy(area for area, _ in pairs), entropy(place for _, place in pairs)
    best = sum(max(Counter(p for a, p in pairs if a == area).values()) for area in {area for area, _ in pairs})
    return best / len(pairs), 2 * (areas + spaces - entropy(pairs)) / (areas + spaces)


def row(name: str, seconds: float, ratio: float, aspect: float, labels: list[float]) -> str:
    return f"  {name:16} {seconds:8.3f} {ratio:8.2f} {len(labels):6} {aspect:7.2f} {median(labels):9.1f} {min(labels):7.1f}"


def compare(schema: Schema) -> None:
    """One schema by every tool that is installed."""
    seconds, diagram = timed(lambda: erd(schema))
    sheets = [measured(page.svg) for page in diagram.pages]
    through = sum(bool(inside(sheet, edge)) for sheet in sheets for edge in sheet.edges)
    print(f"{schema.name}: {len(schema)} tables, {through} lines through a table")
    worst = min((sheet.aspect for sheet in sheets), key=lambda shape: min(shape / 0.6, 2.2 / shape))
    print(row("dbworkbench", seconds, 1.0, worst, [sheet.label for sheet in sheets]))
    for name, tool in TOOLS.items():
        try:
            taken, svg = timed(partial(tool, schema), 3 if len(schema) < 200 else 1)
        except (ImportError, graphviz.ExecutableNotFound):
            print(f"  {name:16} is not installed")
            continue
        aspect, label = fitted(svg)
        print(row(name, taken, taken / seconds, aspect, [label]))


def main(arguments: list[str]) -> None:
    erd(synthetic(3))
    print(f"  {'':16} {'seconds':>8} {'× ours':>8} {'pages':>6} {'aspect':>7} {'px median':>9} {'worst':>7}")
    for said in arguments or list(map(str, SIZES)):
        if said.isdigit():
            compare(synthetic(int(said)))
            continue
        text = Path(said).read_text(encoding="utf-8", errors="replace")
        schema = replace(read(text).schema, name=Path(said).stem)
        compare(schema)
        if found := purity(schema, text):
            print(f"  areas against the schemas of the file: purity {found[0]:.2f}, NMI {found[1]:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Which column a card stands in, and in which order: proposed by Graphviz, folded to the shape of a page.

The engine `dot` comes with the wheel of pygraphviz. It holds Python's lock and cannot be interrupted, so a graph of
more than `LARGE` cards is laid out in a process of its own with a limit of time; if that is met, the cards stand in
a plain grid.
"""

import math
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterable, Mapping, Sequence

import graphviz

from dbworkbench.diagram.fitting import CHANNEL, STACKING, Columns, Link, Node, fitted
from dbworkbench.diagram.ranks import SMALL, ranked
from dbworkbench.diagram.theme import MEASURES as M

LARGE = 100
SECONDS = 4.0
_POINTS = 72
_lock = threading.Lock()
_WORKER = (
    "import sys, warnings; warnings.simplefilter('ignore'); import pygraphviz; "
    "sys.stdout.buffer.write(pygraphviz.AGraph(string=sys.stdin.buffer.read().decode()).draw(prog='dot', format='plain'))"
)


def columns(
    nodes: Sequence[Node],
    links: Sequence[Link],
    *,
    aspect: float = 1.4,
    tries: int = 0,
    stacking: float = STACKING,
    aside: float = 0.0,
    seconds: float = SECONDS,
) -> Columns:
    """The cards of one connected drawing in columns from left to right, each with the height wished for its middle.

    With `tries`, cards may leave their ranks where that makes the drawing fit a page better (see `fitting.py`); at
    most so many moves are tried, and `aside` is the height of the page that is left to other drawings.
    """
    sizes = {node.name: node for node in nodes}
    if len(nodes) == 1:
        return [[(nodes[0].name, 0.0)]]
    placed = ranked(nodes, links) if len(nodes) <= SMALL else _ranked(nodes, links, seconds)
    if not placed:
        return grid(nodes, aspect)
    shaped = _shaped(placed, sizes, aspect)
    return fitted(placed, shaped, nodes, links, tries, stacking, aside) if tries else shaped


def grid(nodes: Sequence[Node], aspect: float = 1.4) -> Columns:
    """The cards in reading order in columns of about the same height: what stands when no layout was found."""
    area = sum((node.width + CHANNEL) * (node.height + M.between) for node in nodes)
    tall = max(math.sqrt(area / aspect), *(node.height for node in nodes))
    result: Columns = [[]]
    y = 0.0
    for node in nodes:
        if y and y + node.height > tall:
            result.append([])
            y = 0.0
        result[-1].append((node.name, y + node.height / 2))
        y += node.height + M.between
    return result


def _ranked(nodes: Sequence[Node], links: Sequence[Link], seconds: float) -> Columns | None:
    ids = {node.name: f"n{at}" for at, node in enumerate(nodes)}
    names = {identity: name for name, identity in ids.items()}
    plain = _dot(_source(nodes, links, ids), large=len(nodes) > LARGE, seconds=seconds)
    if plain is None:
        return None
    ranks: dict[int, list[tuple[str, float]]] = {}
    for line in plain.splitlines():
        words = line.split()
        if words and words[0] == "node":
            x, y = float(words[2]) * _POINTS, float(words[3]) * _POINTS
            ranks.setdefault(round(x), []).append((names[words[1]], -y))
    return _merged_ranks(ranks)


def _merged_ranks(ranks: Mapping[int, list[tuple[str, float]]]) -> Columns:
    """Ranks whose middles differ by a rounding only are one."""
    result: Columns = []
    before: int | None = None
    for x in sorted(ranks):
        if before is not None and x - before <= 2:
            result[-1] += ranks[x]
        else:
            result.append(list(ranks[x]))
        before = x
    for rank in result:
        rank.sort(key=lambda item: item[1])
    return result


def _source(nodes: Sequence[Node], links: Sequence[Link], ids: Mapping[str, str]) -> str:
    """DOT for positions only: boxes of fixed size with ports at the heights that lines touch; no text, so no fonts."""
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "splines": "false", "nodesep": f"{M.between / _POINTS:.3f}",
                    "ranksep": f"{CHANNEL / _POINTS:.3f}", "nslimit": "2", "nslimit1": "2", "mclimit": "1"},
        node_attr={"shape": "plain"},
    )  # fmt: skip
    ports: dict[str, set[int]] = {node.name: set() for node in nodes}
    for link in links:
        ports[link.parent].add(round(link.parent_y))
        ports[link.child].add(round(link.child_y))
    for node in nodes:
        graph.node(ids[node.name], label=_ported(node, sorted(ports[node.name])))
    for link in links:
        if link.parent != link.child:
            graph.edge(f"{ids[link.parent]}:p{round(link.parent_y)}:e", f"{ids[link.child]}:p{round(link.child_y)}:w")
    return str(graph.source)


def _ported(node: Node, ports: Iterable[int]) -> str:
    """An HTML-like label of rows whose middles are the ports."""
    cells: list[tuple[int, str]] = []
    top = 0
    for port in ports:
        height = max(2, 2 * (port - top)) if port - top < 8 else 16
        if port - height // 2 > top:
            cells.append((port - height // 2 - top, ""))
            top = port - height // 2
        cells.append((height, f' PORT="p{port}"'))
        top += height
    if round(node.height) > top:
        cells.append((round(node.height) - top, ""))
    wide = round(node.width)
    rows = "".join(
        f'<TR><TD FIXEDSIZE="TRUE" WIDTH="{wide}" HEIGHT="{height}"{port}></TD></TR>' for height, port in cells
    )
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{rows}</TABLE>>'


def _dot(source: str, *, large: bool, seconds: float) -> str | None:
    """The engine's answer in its `plain` format; none if it took too long or failed."""
    if large:
        try:
            done = subprocess.run(  # noqa: S603  our own interpreter and a constant program
                [sys.executable, "-c", _WORKER],
                input=source.encode(),
                capture_output=True,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return None
        return done.stdout.decode() if done.returncode == 0 else None
    import pygraphviz  # noqa: PLC0415  the engine is loaded when the first picture is drawn

    with _lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph = pygraphviz.AGraph(string=source)
        try:
            answer = graph.draw(prog="dot", format="plain")
        finally:
            graph.close()
    return bytes(answer).decode()


def _shaped(placed: Columns, sizes: Mapping[str, Node], aspect: float) -> Columns:
    """Ranks folded into more columns where the drawing is too tall, and joined where it is too wide."""
    wide, tall = _extent(placed, sizes)
    if wide / tall < aspect * 0.75:
        best = min(
            _fold_heights(placed, sizes), key=lambda height: _misfit(_folds(placed, sizes, height), sizes, aspect)
        )
        return _folded(placed, sizes, best)
    if wide / tall > aspect * 1.5:
        steps = range(1, len(placed) + 1)
        best_step = min(steps, key=lambda step: _misfit(_joined(placed, sizes, step), sizes, aspect))
        return _joined(placed, sizes, best_step)
    return placed


def _extent(placed: Columns, sizes: Mapping[str, Node]) -> tuple[float, float]:
    wide = sum(max(sizes[name].width for name, _ in column) + CHANNEL for column in placed)
    tall = max(_height(column, sizes) for column in placed)
    return wide, tall


def _height(column: Sequence[tuple[str, float]], sizes: Mapping[str, Node]) -> float:
    return sum(sizes[name].height + M.between for name, _ in column)


def _misfit(placed: Columns, sizes: Mapping[str, Node], aspect: float) -> float:
    wide, tall = _extent(placed, sizes)
    return abs(math.log(wide / tall / aspect)) + math.log(wide * tall) * 0.25


def _fold_heights(placed: Columns, sizes: Mapping[str, Node]) -> list[float]:
    tallest = max(_height(column, sizes) for column in placed)
    least = max(node.height for node in sizes.values()) + M.between
    return [max(least, tallest * share) for share in (1, 0.85, 0.7, 0.6, 0.5, 0.4, 0.34, 0.28, 0.22, 0.17, 0.13, 0.1)]


def _folds(placed: Columns, sizes: Mapping[str, Node], height: float) -> Columns:
    result: Columns = []
    for column in placed:
        parts = max(1, math.ceil(_height(column, sizes) / height - 0.15))
        result += [column[at::parts] for at in range(min(parts, len(column)))]
    return result


def _folded(placed: Columns, sizes: Mapping[str, Node], height: float) -> Columns:
    """Each rank dealt out over as many columns as its height asks for; its cards draw near to each other."""
    folded = _folds(placed, sizes, height)
    tallest = max(_height(column, sizes) for column in folded)
    squeeze = tallest / max(_extent(placed, sizes)[1], 1)
    return [[(name, y * squeeze) for name, y in column] for column in folded]


def _joined(placed: Columns, sizes: Mapping[str, Node], step: int) -> Columns:
    """Every `step` ranks under each other in one column, every second column turned round, like a snake."""
    result: Columns = []
    for at in range(0, len(placed), step):
        column = [item for rank in placed[at : at + step] for item in rank]
        if step > 1:
            if (at // step) % 2:
                column.reverse()
            y, stacked = 0.0, []
            for name, _ in column:
                stacked.append((name, y + sizes[name].height / 2))
                y += sizes[name].height + M.between
            column = [(name, middle - y / 2) for name, middle in stacked]
        result.append(column)
    return result

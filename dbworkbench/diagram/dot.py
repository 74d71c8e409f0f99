"""A diagram as DOT text that any Graphviz draws alike: HTML-like tables with a port on every row."""

from collections.abc import Sequence
from html import escape

import graphviz

from dbworkbench.diagram.metrics import printable
from dbworkbench.diagram.picture import Card, Mark
from dbworkbench.diagram.sheet import parts
from dbworkbench.diagram.theme import LIGHT
from dbworkbench.schema.relation import Relation


def dot(relations: Sequence[Relation], *, title: str = "") -> str:
    """The relations as DOT with crow's feet; every reference ends at its attributes' rows."""
    cards, wanted = parts(relations, "all")
    graph = graphviz.Digraph(
        graph_attr={"rankdir": "LR", "bgcolor": "white", "fontname": "Helvetica", "label": graphviz.escape(printable(title)),
                    "labelloc": "t", "nodesep": "0.35", "ranksep": "0.9"},
        node_attr={"shape": "plain", "fontname": "Helvetica", "fontsize": "11"},
        edge_attr={"dir": "both", "color": LIGHT.line, "arrowsize": "0.8"},
    )  # fmt: skip
    names = {card.relation: f"t{at}" for at, card in enumerate(cards)}
    ports = {card.relation: {row.attribute: f"r{at}" for at, row in enumerate(card.rows)} for card in cards}
    for card in cards:
        graph.node(names[card.relation], label=_table(card), tooltip=graphviz.escape(printable(card.relation)))
    for one in wanted:
        tail = ports[one.parent].get(one.referenced[0], "head")
        head = ports[one.child].get(one.attributes[0], "head")
        graph.edge(
            f"{names[one.parent]}:{tail}e:e" if tail != "head" else f"{names[one.parent]}:head:e",
            f"{names[one.child]}:{head}w:w" if head != "head" else f"{names[one.child]}:head:w",
            arrowtail=_arrow(one.parent_mark),
            arrowhead=_arrow(one.child_mark),
            style="solid" if one.identifying else "dashed",
        )
    return str(graph.source)


def _arrow(mark: Mark) -> str:
    if mark.many:
        return "crowtee" if mark.least else "crowodot"
    return "teetee" if mark.least else "teeodot"


def _table(card: Card) -> str:
    hue = LIGHT.headers[card.hue % len(LIGHT.headers)]
    rows = [
        f'<TR><TD PORT="head" COLSPAN="3" BGCOLOR="{hue}"><FONT COLOR="white"><B>{_words(card.title)}</B></FONT></TD></TR>'
    ]
    for at, row in enumerate(card.rows):
        name = f"<B>{_words(row.name)}</B>" if "PK" in row.marks else _words(row.name)
        note = f" {_words(row.note)}" if row.note else ""
        kind = _words(row.type + (" ?" if row.nullable else ""))
        rows.append(
            f'<TR><TD PORT="r{at}w" ALIGN="LEFT">{_words(" ".join(row.marks))}</TD><TD ALIGN="LEFT">{name}{note}</TD>'
            f'<TD PORT="r{at}e" ALIGN="RIGHT"><FONT COLOR="{LIGHT.quiet}">{kind}</FONT></TD></TR>'
        )
    return f'<<TABLE BORDER="1" CELLBORDER="0" CELLSPACING="0" CELLPADDING="4" COLOR="{LIGHT.border}">{"".join(rows)}</TABLE>>'


def _words(text: str) -> str:
    return escape(text) or "&#160;"

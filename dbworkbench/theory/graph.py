"""Dependencies as a graph: which determinants are equivalent, and which attributes depend by way of others."""

from collections.abc import Collection
from itertools import pairwise
from typing import TYPE_CHECKING

from dbworkbench.theory.covers import canonical_cover
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.given import liberal
from dbworkbench.theory.index import rules

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[frozenset[str]]


@liberal
def dependency_graph(fds: Collection[FD]) -> "Graph":
    """The graph of a set of dependencies: its nodes are sets of attributes.

    A determinant points to each of its dependents (`kind="determines"`), and to each determinant and attribute that it
    holds (`kind="contains"`); so what a node reaches follows from it. A node knows whether it is a `determinant`.
    """
    import networkx as nx  # noqa: PLC0415  only who asks for a graph pays for it

    rules(fds)  # refuses what is no functional dependency
    graph: Graph = nx.DiGraph()
    determinants = sorted({fd.determinant for fd in fds}, key=sorted)
    names = sorted({name for fd in fds for name in fd.attributes})
    graph.add_nodes_from((determinant, {"determinant": True}) for determinant in determinants)
    graph.add_nodes_from((frozenset({n}), {"determinant": False}) for n in names if frozenset({n}) not in graph)
    for determinant in determinants:
        graph.add_edges_from(
            ((determinant, frozenset({n})) for n in sorted(determinant) if len(determinant) > 1), kind="contains"
        )
        graph.add_edges_from(((determinant, o) for o in determinants if o < determinant), kind="contains")
    for fd in sorted(fds, key=str):
        graph.add_edges_from(
            ((fd.determinant, frozenset({n})) for n in sorted(fd.dependent - fd.determinant)), kind="determines"
        )
    return graph


@liberal
def equivalent_determinants(fds: Collection[FD]) -> tuple[tuple[frozenset[str], ...], ...]:
    """The classes of determinants that determine one another: strong components of the graph of determinants.

    >>> [[sorted(x) for x in group] for group in equivalent_determinants([FD.parse("a -> b"), FD.parse("b -> a")])]
    [[['a'], ['b']]]
    """
    import networkx as nx  # noqa: PLC0415  the same

    under = rules(fds)
    graph: Graph = nx.DiGraph()
    determinants = sorted({fd.determinant for fd in fds}, key=sorted)
    graph.add_nodes_from(determinants)
    masks = {determinant: under.mask(determinant) for determinant in determinants}
    for determinant in determinants:
        reach = under.closure(masks[determinant])
        graph.add_edges_from(
            (determinant, other) for other in determinants if other != determinant and masks[other] & ~reach == 0
        )
    groups = (sorted(group, key=sorted) for group in nx.strongly_connected_components(graph))
    return tuple(tuple(group) for group in sorted(groups, key=lambda group: sorted(group[0])))


@liberal
def transitive_chains(fds: Collection[FD], *, most: int = 1000) -> tuple[tuple[frozenset[str], ...], ...]:
    """Chains X → Y → a of two or more steps between determinants of the canonical cover, the last one an attribute.

    No link leads back: what comes later does not determine what came before. At most `most` chains.

    >>> [[sorted(node) for node in chain] for chain in transitive_chains([FD.parse("a -> b"), FD.parse("b -> c")])]
    [[['a'], ['b'], ['c']]]
    """
    cover = canonical_cover(fds)
    under = rules(cover)
    reach = {fd.determinant: under.set(under.closure(under.mask(fd.determinant))) for fd in cover}
    direct = {fd.determinant: fd.dependent | fd.determinant for fd in cover}
    found: list[tuple[frozenset[str], ...]] = []
    open_: list[tuple[frozenset[str], ...]] = [
        (determinant,) for determinant in sorted(reach, key=sorted, reverse=True)
    ]
    while open_ and len(found) < most:
        chain = open_.pop()
        last = chain[-1]
        open_ += [
            (*chain, following)
            for following in sorted(reach, key=sorted, reverse=True)
            if following <= direct[last] and not last <= reach[following]
        ]
        if len(chain) > 1 and not any(low <= reach[high] for low, high in pairwise(chain)):
            fresh = direct[last] - last - frozenset().union(*chain[:-1])
            found.extend((*chain, frozenset({name})) for name in sorted(fresh))
    return tuple(found[:most])

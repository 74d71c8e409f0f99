"""Dependencies as a graph."""

import networkx as nx
from hypothesis import given

from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.graph import dependency_graph, equivalent_determinants, transitive_chains
from tests.theory.oracle import schemes


def fds(*lines: str) -> tuple[FD, ...]:
    return tuple(map(FD.parse, lines))


def test_a_composite_determinant_contains_its_attributes() -> None:
    graph = dependency_graph(fds("a, b -> c", "b -> d"))
    edges = {(" ".join(sorted(x)), " ".join(sorted(y)), told["kind"]) for x, y, told in graph.edges(data=True)}
    assert edges == {
        ("a b", "a", "contains"),
        ("a b", "b", "contains"),
        ("a b", "c", "determines"),
        ("b", "d", "determines"),
    }
    assert [" ".join(sorted(x)) for x, told in graph.nodes(data=True) if told["determinant"]] == ["a b", "b"]


def test_equivalent_determinants_are_strong_components() -> None:
    groups = equivalent_determinants(fds("id -> email", "email -> id, name", "name -> city"))
    assert [[sorted(x) for x in group] for group in groups] == [[["email"], ["id"]], [["name"]]]


def test_a_chain_goes_one_way_only() -> None:
    chains = transitive_chains(fds("order -> customer", "customer -> city", "city -> country"))
    told = [" ".join(*map(sorted, [node])) for chain in chains for node in [frozenset(n for x in chain for n in x)]]
    assert "city country customer order" in told
    assert transitive_chains(fds("a -> b", "b -> a")) == ()


@given(schemes())
def test_what_a_node_reaches_follows_from_it(scheme: tuple[str, tuple[FD, ...]]) -> None:
    _, rules = scheme
    graph = dependency_graph(rules)
    for node in graph:
        assert frozenset().union(*nx.descendants(graph, node)) <= closure(node, rules)
    for group in equivalent_determinants(rules):
        assert len({closure(determinant, rules) for determinant in group}) == 1
    for chain in transitive_chains(rules):
        assert len(chain) >= 3
        assert chain[-1] <= closure(chain[0], rules)

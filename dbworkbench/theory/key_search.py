"""A search tree for very many candidate keys: each is told in about the time of a few closures."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dbworkbench.theory.numbering import bits

_LOOKED_AT = 6


@dataclass(slots=True)
class _Node:
    """A set of attributes on the way to keys that hold it."""

    taken: int
    allowed: int  # what may still be added
    unmet: int  # the edges that it does not meet, as bits
    once: int  # the edges that it meets in one attribute
    choices: Iterator[int]


def searched_keys(closure: Callable[[int, int], int], members: int, *, patience: int) -> Iterator[int | None]:
    """The candidate keys of `members`, each once; None whenever `patience` sets were looked at without another one.

    A key meets the complement of every set that is no superkey. Such complements are the edges of a hypergraph whose
    minimal transversals are looked for depth first; where one is no superkey, or only seems not to be minimal, that
    gives another edge. The number of edges, and so the time between two keys, can be exponential.

    Reference: Murakami & Uno, Efficient algorithms for dualizing large-scale hypergraphs, Discrete Applied Mathematics
    170, 2014 (the search); Birnick et al., Hitting set enumeration with partial information for unique column
    combination discovery, PVLDB 13(11), 2020 (edges added on the way).
    """
    return _Search(closure, members, patience).keys()


class _Search:
    def __init__(self, closure: Callable[[int, int], int], members: int, patience: int) -> None:
        self.closure = closure
        self.members, self.patience = members, patience
        self.edges: list[int] = []
        self.holding = dict.fromkeys(bits(members), 0)  # by attribute: the edges that hold it
        self.path: list[_Node] = []

    def keys(self) -> Iterator[int | None]:
        node = _Node(0, self.members, 0, 0, iter(()))
        self.path.append(node)
        looked = 0
        if self._opened(node):
            yield 0
            return
        while self.path:
            node = self.path[-1]
            bit = next(node.choices, 0)
            if not bit:
                self.path.pop()
                continue
            looked += 1
            if looked % self.patience == 0:
                yield None
            child = self._with(node, bit)
            if child is None:
                continue
            node.allowed |= bit
            self.path.append(child)
            if self._opened(child):
                self.path.pop()
                looked = 0
                yield child.taken

    def _opened(self, node: _Node) -> bool:
        """Whether a node on the path is a key; else it has its choices afterwards."""
        if not node.unmet:
            reach = self.closure(node.taken, self.members) & self.members
            if reach == self.members:
                return True
            for bit in bits(self.members & ~reach):
                wider = self.closure(reach | bit, self.members) & self.members
                if wider != self.members:
                    reach = wider
            self._add_edge(reach)
        open_, edge, fewest = node.unmet, 0, 0
        for _ in range(_LOOKED_AT):
            first = open_ & -open_
            open_ ^= first
            among = self.edges[first.bit_length() - 1] & node.allowed
            if not edge or among.bit_count() < fewest:
                edge, fewest = among, among.bit_count()
            if not open_ or not among:
                break
        node.choices = bits(edge)
        node.allowed &= ~edge
        return False

    def _with(self, node: _Node, bit: int) -> _Node | None:
        """The node with one attribute more; None where another one is then not needed in any key."""
        taken = node.taken | bit
        holding = self.holding[bit]
        once = (node.once & ~holding) | (node.unmet & holding)
        for other in bits(node.taken):
            if not self.holding[other] & once:
                rest = taken ^ other
                reach = self.closure(rest, other) & self.members
                if reach & other:
                    return None
                for more in bits(self.members & ~reach & ~other):
                    wider = self.closure(reach | more, other) & self.members
                    if not wider & other:
                        reach = wider
                self._add_edge(reach)
                once |= 1 << len(self.edges) - 1
        return _Node(taken, node.allowed, node.unmet & ~holding, once, iter(()))

    def _add_edge(self, no_superkey: int) -> None:
        """The complement of a set that is no superkey, known to every node on the path."""
        edge = self.members & ~no_superkey
        number = 1 << len(self.edges)
        self.edges.append(edge)
        for bit in bits(edge):
            self.holding[bit] |= number
        for node in self.path:
            common = node.taken & edge
            if not common:
                node.unmet |= number
            elif not common & (common - 1):
                node.once |= number

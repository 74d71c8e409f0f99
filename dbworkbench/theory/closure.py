"""Attribute closure, and what it decides: implication and equivalence of dependencies."""

from collections.abc import Collection, Iterable

from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.index import index, recent


def closure(attributes: Iterable[str], fds: Collection[FD]) -> frozenset[str]:
    """The closure X⁺: every attribute that `attributes` determine under `fds`.

    Linear in the size of the dependencies. Their index is kept for the collections of them met last, so that many
    closures under the same one cost little more than what each gains.

    >>> sorted(closure({"a"}, [FD.parse("a -> b"), FD.parse("b -> c")]))
    ['a', 'b', 'c']

    Reference: Beeri & Bernstein, Computational problems related to the design of normal form relational schemas,
    ACM TODS 4(1), 1979, §3.
    """
    known = recent.get(id(fds))
    if known is None or known.given is not fds:
        known = index(fds)
    start = attributes if isinstance(attributes, frozenset) else frozenset(attributes)
    answer = known.known.get(start)
    return known.closure(start) if answer is None else answer


def follows(goal: FD, fds: Collection[FD]) -> bool:
    """Whether a functional dependency follows from others; the bare truth value that algorithms ask for.

    >>> follows(FD.parse("a -> c"), [FD.parse("a -> b"), FD.parse("b -> c")])
    True
    """
    return goal.dependent <= closure(goal.determinant, fds)

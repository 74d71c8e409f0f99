"""Attribute closure, and what it decides: implication and equivalence of dependencies."""

from collections.abc import Collection, Iterable

from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.numbering import rules


def closure(attributes: Iterable[str], fds: Collection[FD]) -> frozenset[str]:
    """The closure X⁺: every attribute that `attributes` determine under `fds`.

    Linear in the size of the dependencies. Their index is kept for a tuple or frozenset of them, so that many closures
    under the same one cost little more than what each gains.

    >>> sorted(closure({"a"}, [FD.parse("a -> b"), FD.parse("b -> c")]))
    ['a', 'b', 'c']

    Reference: Beeri & Bernstein, Computational problems related to the design of normal form relational schemas,
    ACM TODS 4(1), 1979, §3.
    """
    return rules(fds).named_closure(attributes)


def follows(goal: FD, fds: Collection[FD]) -> bool:
    """Whether a functional dependency follows from others; the bare truth value that algorithms ask for.

    >>> follows(FD.parse("a -> c"), [FD.parse("a -> b"), FD.parse("b -> c")])
    True
    """
    return goal.dependent <= closure(goal.determinant, fds)

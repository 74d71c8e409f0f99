"""Attribute closure, and what it decides: implication and equivalence of functional dependencies."""

from collections.abc import Collection, Iterable

from dbworkbench.theory.dependencies import FD


def closure(attributes: Iterable[str], fds: Collection[FD]) -> frozenset[str]:
    """The closure X⁺: every attribute that `attributes` determine under `fds`.

    >>> sorted(closure({"a"}, [FD.parse("a -> b"), FD.parse("b -> c")]))
    ['a', 'b', 'c']
    """
    closed, growing = set(attributes), True
    while growing:
        gained = {a for fd in fds if fd.determinant <= closed for a in fd.dependent} - closed
        closed |= gained
        growing = bool(gained)
    return frozenset(closed)

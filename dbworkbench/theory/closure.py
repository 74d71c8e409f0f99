"""Attribute closure, and what it decides: implication and equivalence of dependencies."""

from collections.abc import Callable, Collection, Iterable
from typing import cast

from dbworkbench.theory.basis import full_closure
from dbworkbench.theory.dependencies import FD, Dependency
from dbworkbench.theory.given import attributes_in, dependencies_in, letters_apart, liberal, written_together
from dbworkbench.theory.index import index, met, recent


def closure(
    attributes: Iterable[str], fds: Collection[Dependency], *, whole: Collection[str] | None = None
) -> frozenset[str]:
    """The closure X⁺: every attribute that `attributes` determine under `fds`.

    Linear in the size of the dependencies. What was worked out of the collections of them met last is kept, so that
    many closures under the same one cost little more than what each gains; under a tuple it is found at once, a list is
    compared first with what it held. With multivalued and join dependencies, what follows from all of them together
    counts; `whole` holds the attributes of the relation then (default: those that are named).

    >>> sorted(closure({"a"}, [FD.parse("a -> b"), FD.parse("b -> c")]))
    ['a', 'b', 'c']

    Reference: Beeri & Bernstein, Computational problems related to the design of normal form relational schemas,
    ACM TODS 4(1), 1979, §3.
    """
    known = recent.get(id(fds))
    if known is None or (known.fixed is not fds and (known.changing is not fds or known.copied != fds)):
        known = met(fds)
        if known is None:
            read = dependencies_in(fds)
            if read is not fds and whole is None and written_together(fds):
                read = letters_apart(read)
            known = met(read)
            if known is None:
                if not all(isinstance(dependency, FD) for dependency in read):
                    return _of_all_kinds(attributes, read, whole)
                known = index(cast("Collection[FD]", read))
    known.used = True
    return known.closed(attributes)


@liberal
def closure_operator(fds: Collection[FD]) -> Callable[[Iterable[str]], frozenset[str]]:
    """The function X ↦ X⁺ of functional dependencies: for many closures under the same ones, in about half the time of `closure`.

    >>> closed = closure_operator([FD.parse("a -> b"), FD.parse("b -> c")])
    >>> sorted(closed({"a"})), sorted(closed("b, d"))
    (['a', 'b', 'c'], ['b', 'c', 'd'])

    Raises DesignError for dependencies of other kinds, which need the attributes of the relation: see `closure`.
    """
    return index(fds).closed


def _of_all_kinds(
    attributes: Iterable[str], dependencies: Collection[Dependency], whole: Collection[str] | None
) -> frozenset[str]:
    named = frozenset[str]().union(*(dependency.attributes for dependency in dependencies))
    start = frozenset(attributes_in(attributes, named))
    return full_closure(start, dependencies, whole=named | start if whole is None else whole)


def follows(goal: FD, fds: Collection[FD]) -> bool:
    """Whether a functional dependency follows from others; the bare truth value that algorithms ask for.

    >>> follows(FD.parse("a -> c"), [FD.parse("a -> b"), FD.parse("b -> c")])
    True
    """
    return goal.dependent <= closure(goal.determinant, fds)

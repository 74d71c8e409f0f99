"""What follows from dependencies: implication and equivalence."""

from collections.abc import Collection

from dbworkbench.theory.closure import closure, follows
from dbworkbench.theory.dependencies import FD, in_order
from dbworkbench.theory.verdict import Verdict


def implies(dependencies: Collection[FD], goal: FD) -> Verdict:
    """Whether every relation that satisfies `dependencies` satisfies `goal`; the witness is the closure.

    >>> bool(implies([FD.parse("a -> b"), FD.parse("b -> c")], FD.parse("a -> c")))
    True
    """
    reach = closure(goal.determinant, dependencies)
    holds = goal.dependent <= reach
    said = "follows from the dependencies" if holds else "does not follow from the dependencies"
    return Verdict(holds, f"{goal} {said}", reach)


def equivalent(first: Collection[FD], second: Collection[FD]) -> Verdict:
    """Whether two sets of dependencies say the same; the witness holds those that follow from one of them only."""
    only_first = tuple(fd for fd in in_order(first) if isinstance(fd, FD) and not follows(fd, second))
    only_second = tuple(fd for fd in in_order(second) if isinstance(fd, FD) and not follows(fd, first))
    lost = (*only_first, *only_second)
    if not lost:
        return Verdict(True, "the two sets of dependencies are equivalent")
    where = "second" if only_first else "first"
    return Verdict(False, f"{lost[0]} does not follow from the {where} set", lost)

"""What follows from dependencies of all kinds, with a proof or a counterexample."""

from collections.abc import Collection

from dbworkbench.errors import UnknownName, Unsupported
from dbworkbench.theory.basis import Mixed
from dbworkbench.theory.chase import BUDGET, lossless_join
from dbworkbench.theory.closure import follows
from dbworkbench.theory.counterexample import counterexample
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order
from dbworkbench.theory.derivation import derive
from dbworkbench.theory.given import liberal
from dbworkbench.theory.verdict import Verdict


@liberal
def implies(
    dependencies: Collection[Dependency],
    goal: Dependency,
    *,
    whole: Collection[str] | None = None,
    budget: int = BUDGET,
) -> Verdict:
    """Whether every relation that satisfies `dependencies` satisfies `goal`.

    The witness of a yes is a Derivation (for a join dependency, a Chase); that of a no is an Instance that satisfies the
    dependencies and breaks the goal (for a join dependency, a Chase whose last tableau does). `whole` holds all
    attributes of the relation (default: those that are named). A join dependency can take exponentially many rows:
    raises Undecided past `budget`.

    >>> verdict = implies([FD.parse("a -> b"), FD.parse("b -> c")], FD.parse("c -> a"))
    >>> verdict.claim, verdict.witness.rows
    ('the dependencies do not imply c → a', (('a 1', 'b 1', 'c 1'), ('a 2', 'b 2', 'c 1')))
    """
    named = goal.attributes.union(*(dependency.attributes for dependency in dependencies))
    everything = named if whole is None else frozenset(whole)
    for name in sorted(named - everything):
        raise UnknownName("attribute", name, sorted(everything))
    if isinstance(goal, JD):
        verdict = lossless_join(goal.components, dependencies, attributes=everything, budget=budget)
        return Verdict(verdict.holds, _said(goal, holds=verdict.holds), verdict.witness)
    against = counterexample(goal, dependencies, whole=everything if whole is None else whole)
    if against is not None:
        return Verdict(False, _said(goal, holds=False), against)
    try:
        proof: object = derive(goal, dependencies, whole=everything)
    except Unsupported:
        components = frozenset({goal.determinant | goal.dependent, everything - (goal.dependent - goal.determinant)})
        proof = lossless_join(components, dependencies, attributes=everything, budget=budget).witness
    return Verdict(True, _said(goal, holds=True), proof)


def _said(goal: Dependency, *, holds: bool) -> str:
    return f"the dependencies {'imply' if holds else 'do not imply'} {goal}"


@liberal
def equivalent(
    first: Collection[Dependency], second: Collection[Dependency], *, whole: Collection[str] | None = None
) -> Verdict:
    """Whether two sets of dependencies say the same; the witness holds those that follow from one of them only.

    >>> equivalent([FD.parse("a -> b, c")], [FD.parse("a -> b")]).witness
    (FD('a → b, c'),)
    """
    everything = frozenset[str]().union(*(d.attributes for d in (*first, *second))) if whole is None else whole
    not_in_second = _missing(first, second, everything)
    not_in_first = _missing(second, first, everything)
    if not not_in_second and not not_in_first:
        return Verdict(True, "the two sets of dependencies say the same", ())
    where = "second" if not_in_second else "first"
    lost = (*not_in_second, *not_in_first)
    return Verdict(False, f"the {where} set does not imply {lost[0]}", lost)


def _missing(
    goals: Collection[Dependency], dependencies: Collection[Dependency], whole: Collection[str]
) -> tuple[Dependency, ...]:
    found = []
    mixed = Mixed(dependencies, whole)
    fds = tuple(dependency for dependency in dependencies if isinstance(dependency, FD))
    for goal in in_order(frozenset(goals)):
        match goal:
            case FD() if len(fds) == len(dependencies):
                holds = follows(goal, fds)
            case FD() | MVD():
                holds = mixed.implies(goal)
            case JD(components):
                holds = lossless_join(components, dependencies, attributes=whole).holds
        if not holds:
            found.append(goal)
    return tuple(found)

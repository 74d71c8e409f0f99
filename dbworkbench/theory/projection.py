"""Dependencies seen through a part of the attributes."""

from collections.abc import Collection, Iterable

from dbworkbench.errors import Undecided
from dbworkbench.theory.covers import reduced_pairs
from dbworkbench.theory.dependencies import FD, in_order
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.given import liberal
from dbworkbench.theory.index import rules
from dbworkbench.theory.numbering import Rules, bits
from dbworkbench.theory.verdict import Verdict

BUDGET = 20_000
_EACH = 1_500  # steps of work for each dependency of a budget


@liberal
def project(fds: Collection[FD], attributes: Collection[str], *, budget: int = BUDGET) -> tuple[FD, ...]:
    """A canonical cover of the dependencies that hold within `attributes`.

    Removes the other attributes one after another, cheapest first, resolving the dependencies that go through each; the
    result can be exponentially large. Raises Undecided when more than `budget` dependencies are between, or when these
    take more work than so many should.

    >>> project([FD.parse("a -> b"), FD.parse("b -> c")], "ac")
    (FD('a → c'),)

    Reference: Gottlob, Computing covers for embedded functional dependencies, PODS 1987 (reduction by resolution).
    """
    under = rules(fds)
    inside = under.mask(name for name in attributes if name in under.bit)
    return tuple(under.fd(pair) for pair in projected_pairs(under, inside, budget=budget))


def projected_pairs(under: Rules, inside: int, *, budget: int = BUDGET) -> tuple[tuple[int, int], ...]:
    """The projection as integers."""
    held = {(x, bit) for x, y in under.pairs for bit in bits(y & ~x)}
    effort = Effort(_EACH * budget, "the projection")
    outside = [bit for bit in bits(under.full & ~inside) if any((x | y) & bit for x, y in held)]
    while outside:
        used = {bit: [0, 0] for bit in outside}
        for x, y in held:
            if y in used:
                used[y][0] += 1
            for bit in bits(x & ~inside):
                if bit in used:
                    used[bit][1] += 1
        gone = min(outside, key=lambda bit: (used[bit][0] * used[bit][1], bit))
        outside.remove(gone)
        into = [x for x, y in held if y == gone]
        out_of = [(x ^ gone, y) for x, y in held if x & gone]
        effort.spend(10 * len(held) + 4 * len(into) * len(out_of))
        held = {(x, y) for x, y in held if not (x | y) & gone}
        held |= {(x | rest, y) for x in into for rest, y in out_of if not (x | rest) & y}
        held = _shortest(held, effort)
        if len(held) > budget:
            raise Undecided(
                f"the projection passed {budget} dependencies with {len(outside)} attributes still to remove: it is left "
                f"open — give a larger budget"
            )
    return reduced_pairs(under.over(sorted(held)))


def _shortest(held: set[tuple[int, int]], effort: Effort) -> set[tuple[int, int]]:
    """Without the dependencies whose determinant holds another's for the same attribute."""
    by_dependent: dict[int, dict[int, list[int]]] = {}
    for x, y in held:
        by_dependent.setdefault(y, {}).setdefault(x.bit_count(), []).append(x)
    found = set()
    for y, by_size in by_dependent.items():
        smaller: list[int] = []
        for size in sorted(by_size):  # sets of one size do not hold one another
            effort.spend(len(by_size[size]) * len(smaller) // 2)
            kept = [x for x in by_size[size] if not any(other & x == other for other in smaller)]
            found |= {(x, y) for x in kept}
            smaller += kept
    return found


@liberal
def dependency_preserving(parts: Iterable[Collection[str]], fds: Collection[FD]) -> Verdict:
    """Whether the dependencies that hold within the parts imply all; the witness is a tuple of the lost ones.

    Polynomial: closures within the parts, never the projections themselves.

    >>> dependency_preserving(["ab", "ac"], [FD.parse("a -> b"), FD.parse("b -> c")]).witness
    (FD('b → c'),)

    Reference: Beeri & Honeyman, Preserving functional dependencies, SIAM J. Computing 10(3), 1981; Ullman, Principles
    of Database and Knowledge-Base Systems I, 1988, §7.6.
    """
    under = rules(fds)
    masks = tuple({under.mask(name for name in part if name in under.bit): None for part in parts})
    within = under.over((x, y) for x, y in under.pairs if any((x | y) & ~part == 0 for part in masks))
    lost = tuple(
        fd
        for fd in in_order(frozenset(fds))
        if isinstance(fd, FD) and not _kept(under.mask(fd.determinant), under.mask(fd.dependent), masks, under, within)
    )
    if not lost:
        return Verdict(True, "every dependency can be checked within the parts", lost)
    told = "; ".join(map(str, lost[:3])) + (f"; and {len(lost) - 3} more" if len(lost) > 3 else "")
    return Verdict(False, f"not all dependencies can be checked within the parts: {told}", lost)


def _kept(start: int, goal: int, parts: tuple[int, ...], under: Rules, within: Rules) -> bool:
    known, before = within.closure(start, goal), -1
    while goal & ~known and known != before:
        before = known
        for part in parts:
            known |= under.closure(known & part) & part
        known = within.closure(known, goal)
    return goal & ~known == 0

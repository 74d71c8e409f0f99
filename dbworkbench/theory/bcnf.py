"""Boyce–Codd normal form of a part of a scheme: finding a violation, and splitting without one."""

from collections.abc import Iterator
from itertools import islice

from dbworkbench.errors import Undecided
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.numbering import Rules, bits
from dbworkbench.theory.transversals import minimal_sets

BUDGET = 2_000
_TRIED = 3
_WIDEST = 40
_MOST_AT_ONCE = 400
_PER_CLOSURE = 5_000  # steps of work between two closures of a budget


def bcnf_violation(under: Rules, part: int, *, budget: int = BUDGET) -> int | None:
    """A determinant that determines some but not all of the rest of `part`, or None where there is none.

    Whether a part is in BCNF is coNP-complete (Beeri & Bernstein 1979, §6): raises Undecided past `budget` closures.
    """
    for determinant, _ in under.pairs:
        if not determinant & ~part:
            reach = under.closure(determinant) & part
            if reach != determinant and part & ~reach:
                return determinant
    if part == under.full:
        return None
    if part.bit_count() > _WIDEST:
        if pair_free(under, part):
            return None
        raise Undecided(f"whether a part of {part.bit_count()} attributes is in BCNF is left open: too many subsets")
    open_: list[int] = []
    for one in bits(part):
        pairs = _pairs_of(under, part, one)
        for other in islice(pairs, _TRIED):
            found = _shrunk_to(under, part & ~one & ~other, one)
            if part & ~under.closure(found):
                return found
            if one not in open_:
                open_.append(one)
    looked = 0
    effort = Effort(_PER_CLOSURE * budget, f"whether {', '.join(under.listed(part))} is in BCNF")

    for one in open_:

        def enough(candidate: int, one: int = one) -> bool:
            nonlocal looked
            looked += 1
            if looked > budget:
                names = ", ".join(under.listed(part))
                raise Undecided(f"whether {names} is in BCNF is left open after {budget} closures")
            return bool(under.closure(candidate, one) & one)

        for found in minimal_sets(part & ~one, enough, effort, most=_MOST_AT_ONCE):
            if part & ~under.closure(found):
                return found
    return None


def pair_free(under: Rules, part: int) -> bool:
    """Whether no attribute of `part` is determined by what is left without it and one other; then it is in BCNF."""
    return all(next(_pairs_of(under, part, one), None) is None for one in bits(part))


def shrunk(under: Rules, part: int) -> tuple[int, int]:
    """A leaf of `part` in BCNF and the determinant within it of the one attribute that can leave the rest.

    Reference: Tsou & Fischer 1982: attributes are taken away while another is determined by those that stay.
    """
    leaf, gone = part, 0
    for one in bits(part):
        if leaf & one:
            for other in _pairs_of(under, leaf, one):
                if under.closure(leaf & ~one & ~other, one) & one:
                    leaf &= ~other
                    gone = one
    return leaf, leaf & ~gone


def _pairs_of(under: Rules, part: int, one: int) -> Iterator[int]:
    """The attributes without which, too, the rest of `part` determines `one`."""
    rest = part & ~one
    if under.closure(rest, one) & one:
        for other in bits(rest):
            if under.closure(rest ^ other, one) & one:
                yield other


def _shrunk_to(under: Rules, start: int, goal: int) -> int:
    kept = start
    for bit in reversed(list(bits(start))):
        if under.closure(kept ^ bit, goal) & goal:
            kept ^= bit
    return kept

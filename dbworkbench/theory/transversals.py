"""Minimal sets with a property that larger sets keep, and the maximal sets without it."""

from collections.abc import Callable, Iterator
from itertools import combinations

from dbworkbench.errors import Undecided
from dbworkbench.theory.effort import Effort
from dbworkbench.theory.numbering import bits

MOST = 4_000


def subsets(mask: int, most: int, left_open: str) -> Iterator[int]:
    """The subsets of a set, the smallest first; raises Undecided past `most`, and says what is left open."""
    names = list(bits(mask))
    sets = (sum(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size))
    for met, one in enumerate(sets):
        if met == most:
            raise Undecided(f"{left_open} is left open after {most} sets of attributes — give a larger budget")
        yield one


def minimal_sets(within: int, enough: Callable[[int], bool], effort: Effort, *, most: int = MOST) -> Iterator[int]:
    """Every minimal subset of `within` that is `enough`; raises Undecided where `most` sets are candidates at once."""
    for mask, reached in borders(within, enough, effort, most=most):
        if reached:
            yield mask


def maximal_sets(within: int, enough: Callable[[int], bool], effort: Effort, *, most: int = MOST) -> Iterator[int]:
    """Every maximal subset of `within` that is not `enough`; raises Undecided likewise."""
    for mask, reached in borders(within, enough, effort, most=most):
        if not reached:
            yield mask


def borders(
    within: int, enough: Callable[[int], bool], effort: Effort, *, most: int = MOST
) -> Iterator[tuple[int, bool]]:
    """The minimal sets that are enough (True) and the maximal ones that are not (False), as they are found.

    Dualize and advance (Gunopulos et al., Discovering all most specific sentences, ACM TODS 28(2), 2003): a minimal
    transversal of the complements of the maximal sets found so far is either minimal itself or leads to another one.
    The work with transversals is taken off `effort`; what `enough` costs is the caller's to count.
    """
    if not enough(within):
        yield within, False
        return
    transversals = [0]
    done: set[int] = set()
    while True:
        effort.spend(len(transversals))
        fresh = next((one for one in transversals if one not in done), None)
        if fresh is None:
            return
        if enough(fresh):
            done.add(fresh)
            yield fresh, True
            continue
        short = fresh
        for bit in bits(within & ~fresh):
            if not enough(short | bit):
                short |= bit
        yield short, False
        transversals = _met(transversals, within & ~short, effort)
        if len(transversals) > most:
            raise Undecided(
                f"{effort.question} is left open: more than {most} sets of attributes are candidates at once — give fewer "
                f"attributes or dependencies"
            )


def _met(transversals: list[int], edge: int, effort: Effort) -> list[int]:
    """Minimal transversals after one more edge (Berge's step)."""
    hit = [one for one in transversals if one & edge]
    missed = [one for one in transversals if not one & edge]
    effort.spend(len(missed) * edge.bit_count() * (1 + len(hit) // 2))
    fresh = {one | bit for one in missed for bit in bits(edge)}
    fresh = {one for one in fresh if not any(other & one == other for other in hit)}
    return sorted([*hit, *fresh], key=lambda mask: (mask.bit_count(), mask))

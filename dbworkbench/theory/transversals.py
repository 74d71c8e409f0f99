"""Minimal sets with a property that larger sets keep, and the maximal sets without it."""

from collections.abc import Callable, Iterator

from dbworkbench.theory.numbering import bits


def minimal_sets(within: int, enough: Callable[[int], bool]) -> Iterator[int]:
    """Every minimal subset of `within` that is `enough`."""
    for mask, reached in borders(within, enough):
        if reached:
            yield mask


def maximal_sets(within: int, enough: Callable[[int], bool]) -> Iterator[int]:
    """Every maximal subset of `within` that is not `enough`."""
    for mask, reached in borders(within, enough):
        if not reached:
            yield mask


def borders(within: int, enough: Callable[[int], bool]) -> Iterator[tuple[int, bool]]:
    """The minimal sets that are enough (True) and the maximal ones that are not (False), as they are found.

    Dualize and advance (Gunopulos et al., Discovering all most specific sentences, ACM TODS 28(2), 2003): a minimal
    transversal of the complements of the maximal sets found so far is either minimal itself or leads to another one.
    """
    if not enough(within):
        yield within, False
        return
    transversals = [0]
    done: set[int] = set()
    while True:
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
        transversals = _met(transversals, within & ~short)


def _met(transversals: list[int], edge: int) -> list[int]:
    """Minimal transversals after one more edge (Berge's step)."""
    hit = [one for one in transversals if one & edge]
    missed = [one for one in transversals if not one & edge]
    fresh = {one | bit for one in missed for bit in bits(edge)}
    fresh = {one for one in fresh if not any(other & one == other for other in hit)}
    return sorted([*hit, *fresh], key=lambda mask: (mask.bit_count(), mask))

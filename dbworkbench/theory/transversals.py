"""Minimal sets with a property that larger sets keep, found by what they must meet."""

from collections.abc import Callable, Iterator

from dbworkbench.theory.numbering import bits


def minimal_sets(within: int, enough: Callable[[int], bool]) -> Iterator[int]:
    """Every minimal subset of `within` that is `enough`, for a property that larger sets keep.

    Dualize and advance (Gunopulos et al., Discovering all most specific sentences, ACM TODS 28(2), 2003): the minimal
    sets found so far are completed by the minimal transversals of the complements of maximal insufficient ones.
    """
    if not enough(within):
        return
    transversals = [0]
    done: set[int] = set()
    while True:
        fresh = next((one for one in transversals if one not in done), None)
        if fresh is None:
            return
        if enough(fresh):
            done.add(fresh)
            yield fresh
            continue
        short = fresh
        for bit in bits(within & ~fresh):
            if not enough(short | bit):
                short |= bit
        transversals = _met(transversals, within & ~short)


def _met(transversals: list[int], edge: int) -> list[int]:
    """Minimal transversals after one more edge (Berge's step)."""
    hit = [one for one in transversals if one & edge]
    missed = [one for one in transversals if not one & edge]
    fresh = {one | bit for one in missed for bit in bits(edge)}
    fresh = {one for one in fresh if not any(other & one == other for other in hit)}
    return sorted([*hit, *fresh], key=lambda mask: (mask.bit_count(), mask))

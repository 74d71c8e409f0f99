"""Covers: the same dependencies said with less."""

from collections.abc import Collection

from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.numbering import Rules, bits, closed, rules


def minimal_cover(fds: Collection[FD]) -> tuple[FD, ...]:
    """An equivalent set with single dependents, no extraneous attribute in a determinant and no redundant dependency.

    There may be several; the same set of dependencies always gives the same one, whatever their order.

    >>> minimal_cover([FD.parse("a -> b, c"), FD.parse("b -> c"), FD.parse("a, c -> b")])
    (FD('a → b'), FD('b → c'))

    Reference: Maier, Minimum covers in the relational database model, JACM 27(4), 1980.
    """
    under = rules(fds)
    return tuple(under.fd((determinant, bit)) for determinant, bit in singles(reduced_pairs(under)))


def canonical_cover(fds: Collection[FD]) -> tuple[FD, ...]:
    """The minimal cover with the dependencies of one determinant merged.

    >>> canonical_cover([FD.parse("a -> b"), FD.parse("a -> c"), FD.parse("c -> d")])
    (FD('a → b, c'), FD('c → d'))
    """
    under = rules(fds)
    return tuple(under.fd(pair) for pair in reduced_pairs(under))


def singles(pairs: Collection[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Each dependency once per attribute of its dependent."""
    return tuple((determinant, bit) for determinant, dependent in pairs for bit in bits(dependent))


def reduced_pairs(under: Rules) -> tuple[tuple[int, int], ...]:
    """The canonical cover as integers, in the order in which it is printed."""
    merged: dict[int, int] = {}
    for determinant, dependent in under.pairs:
        merged[determinant] = merged.get(determinant, 0) | (dependent & ~determinant)
    kept = irredundant(left_reduced(under, merged))
    return tuple(sorted(kept.items(), key=lambda pair: under.listed(pair[0])))


def left_reduced(under: Rules, merged: dict[int, int]) -> dict[int, int]:
    """The dependencies with every extraneous attribute of a determinant dropped, the first by name first."""
    reduced: dict[int, int] = {}
    for determinant in sorted(merged, key=lambda mask: (mask.bit_count(), mask)):
        left = merged[determinant]
        if not left:
            continue
        without = [(bit, under.closure(determinant ^ bit)) for bit in bits(determinant)]
        gained = 0
        for _, reach in without:
            gained |= reach
        kept = left & ~gained
        if kept:
            reduced[determinant] = reduced.get(determinant, 0) | kept
        for bit in bits(left & gained):
            smaller = next(determinant ^ dropped for dropped, reach in without if reach & bit)
            for other in bits(smaller):
                if under.closure(smaller ^ other, bit) & bit:
                    smaller ^= other
            if not smaller & bit:
                reduced[smaller] = reduced.get(smaller, 0) | bit
    return reduced


def irredundant(merged: dict[int, int]) -> dict[int, int]:
    """The dependencies without those that follow from the others; the longest determinants are tried first."""
    free = merged.get(0, 0)
    entries = {determinant: [determinant, dependent] for determinant, dependent in merged.items() if determinant}
    waiting: dict[int, list[list[int]]] = {}
    for determinant, entry in entries.items():
        waiting.setdefault(determinant & -determinant, []).append(entry)
    for determinant in sorted(entries, key=lambda mask: (-mask.bit_count(), -mask)):
        entry = entries[determinant]
        for bit in bits(entry[1]):
            entry[1] ^= bit
            if not closed(determinant, free, waiting, bit) & bit:
                entry[1] |= bit
    for bit in bits(free):
        if closed(0, free ^ bit, waiting, bit) & bit:
            free ^= bit
    kept = {determinant: entry[1] for determinant, entry in entries.items() if entry[1]}
    return {0: free, **kept} if free else kept

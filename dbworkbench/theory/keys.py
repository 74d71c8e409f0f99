"""Superkeys, candidate keys and prime attributes."""

from collections.abc import Collection, Iterator

from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD


def candidate_keys(attributes: Collection[str], fds: Collection[FD]) -> Iterator[frozenset[str]]:
    """The candidate keys, one after another; there can be exponentially many (Lucchesi & Osborn 1978)."""
    whole = frozenset(attributes)

    def reduced(superkey: frozenset[str]) -> frozenset[str]:
        key = superkey
        for name in sorted(superkey):
            if closure(key - {name}, fds) >= whole:
                key -= {name}
        return key

    found = [reduced(whole)]
    for key in found:
        yield key
        for fd in fds:
            superkey = fd.determinant | (key - fd.dependent)
            if not any(known <= superkey for known in found):
                found.append(reduced(superkey))

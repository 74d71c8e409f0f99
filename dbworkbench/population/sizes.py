"""How many different codes each source of a relation gets, so that there are enough rows and values repeat."""

from collections.abc import Mapping, Sequence
from math import prod


def grown(
    sources: Sequence[int],
    held: Mapping[str, Sequence[int]],
    usual: Mapping[str, int],
    most: Mapping[str, int],
    *,
    target: int,
    least: int,
) -> dict[int, int]:
    """A size for each of `sources`: two or more where there is room, and a product of `target` where it can be had.

    `held` says which sources make up each class's code. The product of their sizes stays within `usual` of the class;
    where the product of all is then below `least`, within `most`.
    """
    size = dict.fromkeys(sources, 1)
    seen = {at: [name for name, parts in held.items() if at in parts] for at in sources}

    def bigger(at: int, limits: Mapping[str, int]) -> bool:
        """Double one source's size, or grow it as far as all classes that see it can bear."""
        room = min(
            (limits[name] // prod(size[x] for x in held[name] if x in size and x != at) for name in seen[at]),
            default=max(target, least),
        )
        new = min(size[at] * 2, room)
        grows = new > size[at]
        size[at] = max(new, size[at])
        return grows

    for at in sources:
        bigger(at, usual)
    for limits, wanted in ((usual, target), (most, least)):
        growing = list(sources)
        while growing and prod(size.values()) < wanted:
            at = min(growing, key=lambda source: (size[source], source))
            if not bigger(at, limits):
                growing.remove(at)
    return size

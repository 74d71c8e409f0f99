"""Synthesis: relations in third normal form, of the dependencies themselves."""

from collections.abc import Collection, Iterator, Mapping
from itertools import accumulate, chain, islice

from dbworkbench.theory.covers import by_size
from dbworkbench.theory.dependencies import FD, prose
from dbworkbench.theory.forms import NormalForm
from dbworkbench.theory.given import liberal
from dbworkbench.theory.keys import key_masks, short_key
from dbworkbench.theory.numbering import bits, closed, indexed
from dbworkbench.theory.parts import Decomposition, Part, Step
from dbworkbench.theory.workpiece import Workpiece, contained, cover_step, sum_of


@liberal
def synthesize_3nf(attributes: Collection[str], fds: Collection[FD]) -> Decomposition:
    """Relations in third normal form that lose neither rows nor dependencies, and of which none is part of another.

    One relation for each class of equivalent determinants of a canonical cover, and one for a key where none holds one.

    >>> [sorted(part.attributes) for part in synthesize_3nf("abc", [FD.parse("a -> b"), FD.parse("b -> c")]).parts]
    [['a', 'b'], ['b', 'c']]

    Reference: Bernstein, Synthesizing third normal form relations from functional dependencies, ACM TODS 1(4), 1976;
    Biskup, Dayal & Bernstein, Synthesizing independent database schemas, SIGMOD 1979 (the key relation).
    """
    work = Workpiece(attributes, fds)
    groups = _groups(work)
    members: dict[int, list[int]] = {}
    for determinants, dependent in groups:
        mask = dependent
        for determinant in determinants:
            mask |= determinant
        members.setdefault(mask, []).extend(determinants)
    apart = True
    for mask, home in contained(len(work.rules.names), members).items():
        keys = [one for one in members.pop(mask) if not home & ~work.rules.closure(one)]
        members[home] += keys
        apart = apart and bool(keys)
    if work.roots(members):
        return work.decomposition(members, NormalForm.THIRD, narrated=_synthesis)
    key = short_key(work.rules, work.full)
    if not apart:  # else each part is joined on a key that the closure of the chosen key reaches before
        steps = work.steps(members)
        if closed(key, *steps) != work.full:
            key = next((one for one in chain([key], _other_keys(work)) if work.keyed(one, members, steps)), key)
    chosen = members | {key: [key]}
    return work.decomposition(chosen, NormalForm.THIRD, narrated=_synthesis)


def _groups(work: Workpiece) -> list[tuple[list[int], int]]:
    """Equivalent determinants of the cover, and what else they determine, without what follows from the rest."""
    classes: dict[int, list[int]] = {}
    for determinant, reach in work.reaches().items():
        classes.setdefault(reach, []).append(determinant)
    dependents = dict(work.cover)
    if len(classes) < len(work.cover):
        links: list[list[int]] = []
        for group in classes.values():
            inside = 0
            for determinant in group:
                inside |= determinant
            for determinant, following in zip(group, [*group[1:], group[0]], strict=True):
                if len(group) > 1:
                    dependents[determinant] &= ~inside
                    links.append([determinant, following & ~determinant])
        dependents = _without_detours(dependents, links, work.reaches())
    return [(group, sum_of(dependents[determinant] for determinant in group)) for group in classes.values()]


def _without_detours(dependents: dict[int, int], links: list[list[int]], reaches: Mapping[int, int]) -> dict[int, int]:
    """The dependents that do not follow from the others and the equivalences (Bernstein's step 5).

    None did before there were equivalences, and what reaches none of them is as it was; nor does what is given once.
    """
    entries = {determinant: [determinant, dependent] for determinant, dependent in dependents.items()}
    _, waiting = indexed([])
    for entry in (*entries.values(), *links):
        if entry[0]:
            waiting.setdefault(entry[0] & -entry[0], []).append(entry)
    always = entries.get(0, [0, 0])
    once = twice = 0
    for _, dependent in (*entries.values(), *links):
        twice |= once & dependent
        once |= dependent
    for determinant in sorted(entries, key=by_size, reverse=True):
        entry = entries[determinant]
        if not entry[1] & twice or not any(not linked & ~reaches[determinant] for linked, _ in links):
            continue
        for bit in bits(entry[1] & twice):
            entry[1] ^= bit
            if not closed(determinant, always[1], waiting, bit) & bit:
                entry[1] |= bit
    return {determinant: entry[1] for determinant, entry in entries.items()}


def _other_keys(work: Workpiece) -> Iterator[int]:
    """The first candidate keys found, the shortest first: fewer of them in a large scheme."""
    size = len(work.attributes) + len(work.cover)
    found = islice(key_masks(work.rules, work.full), max(1, min(64, 400 // (size + 1))))
    yield from sorted(found, key=lambda mask: (mask.bit_count(), work.rules.order(mask)))


def _synthesis(decomposition: Decomposition) -> tuple[Step, ...]:
    work = Workpiece(decomposition.attributes, decomposition.dependencies)
    return (*cover_step(work), *_synthesis_steps(work, decomposition.parts))


def _synthesis_steps(work: Workpiece, parts: tuple[Part, ...]) -> tuple[Step, ...]:
    steps = []
    root = parts[0]
    held = list(accumulate((part.attributes for part in parts), frozenset[str].union))
    for at in range(len(parts) - 1, 0, -1):
        part, before, rest = parts[at], held[at], held[at - 1]
        fd = FD(part.key, part.attributes - part.key)
        steps.append(
            Step(f"A relation for {fd}", _because(fd, part, root.keys), (before,), (rest, part.attributes), fd)
        )
    if root.attributes == root.key and len(parts) > 1:
        reason = (
            f"No other relation holds a key of the whole. {prose(root.key)} {'is' if len(root.key) == 1 else 'are'} such a key, "
            f"and without this relation it would be lost which of their values belong together."
        )
        steps.append(Step(f"A relation for the key {prose(root.key)}", reason, (root.attributes,), (root.attributes,)))
    elif len(parts) > 1:
        reason = f"It holds the key {prose(root.key)} of the whole, and everything that depends on that key directly."
        steps.append(
            Step(f"What remains is the relation of {prose(root.key)}", reason, (root.attributes,), (root.attributes,))
        )
    else:
        reason = (
            "Every dependency has a key on its left or an attribute of a key on its right."
            if work.cover
            else "No dependency tells one attribute from others, so all attributes together are the key."
        )
        steps.append(Step("The relation stays whole", reason, (root.attributes,), (root.attributes,)))
    return tuple(steps)


def _because(fd: FD, part: Part, keys: tuple[frozenset[str], ...]) -> str:
    left, right = fd.determinant, fd.dependent
    verb = "is" if len(left) == 1 else "are"
    if not left:
        return f"{fd} becomes a relation of its own, because its one row says what would be repeated in every row."
    key = next((one for one in keys if left < one), None)
    if key is not None:
        why = f"{prose(left)} {verb} only a part of the key {prose(key)}"
    else:
        why = f"{prose(left)} {verb} not a key of the whole"
    others = [other for other in part.keys if other != left]
    told = f" {prose(others[0])} would identify its rows as well." if others else ""
    if not right:
        return f"{prose(left)} become a relation of their own: their values have to be kept together."
    return (
        f"{fd} becomes a relation of its own, because {why}: kept together, {prose(right)} would be repeated in every "
        f"row with the same {prose(left)}.{told}"
    )

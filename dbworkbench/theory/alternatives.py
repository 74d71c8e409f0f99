"""Several decompositions of the same scheme side by side."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from dbworkbench.errors import Undecided
from dbworkbench.shown import Shown
from dbworkbench.theory.decomposition import Decomposition, Part, decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.given import liberal
from dbworkbench.theory.normal_forms import NormalForm, normal_form, violations
from dbworkbench.theory.splitting import bcnf_tree, tsou_fischer

_ORDERS = 12


@dataclass(frozen=True, slots=True)
class Alternative:
    """A decomposition and what speaks for and against it.

    `lost` are the dependencies that its parts cannot check, `joins` how many it takes to get the whole back, `redundant`
    the dependencies by which values may still be repeated within a part.
    """

    method: str
    decomposition: Decomposition
    lost: tuple[FD, ...]
    joins: int
    redundant: tuple[FD, ...]


@dataclass(frozen=True, slots=True)
class Alternatives(Shown):
    """Decompositions in the order of: dependencies lost, redundancy left, joins needed."""

    ranked: tuple[Alternative, ...]


@liberal
def alternatives(attributes: Collection[str], fds: Collection[FD], *, most: int = 8) -> Alternatives:
    """The scheme as it is, in third normal form, and in BCNF by several ways; each result once, at most `most`.

    >>> for one in alternatives("abc", [FD.parse("a, b -> c"), FD.parse("c -> b")]).ranked:
    ...     print(one.method, len(one.lost), one.joins, *one.redundant, sep="; ")
    no decomposition; 0; 0; c → b
    BCNF, preferring what loses least; 1; 1
    """
    rules = tuple(dict.fromkeys(fds))
    ways: list[tuple[str, Callable[[], Decomposition]]] = [
        ("no decomposition", lambda: _whole(attributes, rules)),
        ("3NF synthesis", lambda: synthesize_3nf(attributes, rules)),
        ("BCNF, preferring what loses least", lambda: decompose_bcnf(attributes, rules)),
    ]
    broken = [v.dependency for v in violations(attributes, rules, NormalForm.BOYCE_CODD)]
    starts = [dependency for dependency in broken if isinstance(dependency, FD)][:_ORDERS]
    ways += [(f"BCNF, splitting first by {fd}", lambda fd=fd: bcnf_tree(attributes, rules, [fd])) for fd in starts]  # type: ignore[misc]
    ways.append(("BCNF by pairs of attributes", lambda: tsou_fischer(attributes, rules)))
    found: dict[frozenset[frozenset[str]], Alternative] = {}
    for method, make in ways:
        try:
            decomposition = make()
        except Undecided:
            continue  # one way that takes too long leaves the others
        parts = frozenset(part.attributes for part in decomposition.parts)
        if parts not in found:
            found[parts] = _judged(method, decomposition)
    ranked = sorted(found.values(), key=lambda one: (len(one.lost), len(one.redundant), one.joins, one.method))
    return Alternatives(tuple(ranked[:most]))


def _whole(attributes: Collection[str], fds: tuple[FD, ...]) -> Decomposition:
    synthesized = synthesize_3nf(attributes, fds)
    key = synthesized.parts[0].key
    part = Part(frozenset(attributes), key, (key,), fds)
    whole = frozenset({part.attributes})
    return Decomposition(
        synthesized.attributes, synthesized.declared, whole, normal_form(attributes, fds), (), lambda: (part,)
    )


def _judged(method: str, decomposition: Decomposition) -> Alternative:
    witness = decomposition.preserving.witness
    lost = tuple(fd for fd in witness if isinstance(fd, FD)) if isinstance(witness, tuple) else ()
    redundant = tuple(
        violation.dependency
        for part in decomposition.parts
        for violation in violations(part.attributes, part.fds, NormalForm.BOYCE_CODD)
        if isinstance(violation.dependency, FD)
    )
    return Alternative(method, decomposition, lost, len(decomposition.parts) - 1, redundant)

"""Several decompositions of the same scheme side by side."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from dbworkbench.errors import Undecided
from dbworkbench.shown import Shown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.covers import canonical_cover
from dbworkbench.theory.decomposition import Decomposition, Part, decompose_bcnf, synthesize_3nf
from dbworkbench.theory.dependencies import FD
from dbworkbench.theory.given import liberal
from dbworkbench.theory.keys import BUDGET
from dbworkbench.theory.normal_forms import NormalForm, normal_form, violations
from dbworkbench.theory.splitting import bcnf_tree, tsou_fischer

_ORDERS = 12
_WORK = 600  # names and dependencies, times ways to begin
_EFFORT = 60_000
_LEAST = 200


@dataclass(frozen=True, slots=True)
class Alternative:
    """A decomposition and what speaks for and against it.

    `form` is the form that all parts are in, or what is left open of it; `lost` are the dependencies that its parts cannot check, `joins` how many it takes to get the whole back, `redundant`
    the dependencies by which values may still be repeated within a part.
    """

    method: str
    decomposition: Decomposition
    lost: tuple[FD, ...]
    joins: int
    redundant: tuple[FD, ...]
    form: str


@dataclass(frozen=True, slots=True)
class Alternatives(Shown):
    """Decompositions in the order of: dependencies lost, redundancy left, joins needed.

    `left_open` names each way that was not gone to its end, and why.
    """

    ranked: tuple[Alternative, ...]
    left_open: tuple[str, ...] = ()


@liberal
def alternatives(attributes: Collection[str], fds: Collection[FD], *, most: int = 8) -> Alternatives:
    """The scheme as it is, in third normal form, and in BCNF by several ways; each result once, at most `most`.

    What cannot be decided of a large scheme in a few seconds is told as left open; of that, fewer ways are tried.

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
    size = len(frozenset(attributes)) + len(rules) + 1
    budget = _budget(size)
    broken = [v.dependency for v in violations(attributes, rules, NormalForm.BOYCE_CODD, budget=budget)]
    every = [fd for fd in broken if isinstance(fd, FD)]
    starts = every[: max(2, min(_ORDERS, _WORK // size))]
    left_open = []
    if len(starts) < len(every):
        left_open.append(f"BCNF, splitting first by one of {len(every) - len(starts)} more dependencies")
    ways += [(f"BCNF, splitting first by {fd}", lambda fd=fd: bcnf_tree(attributes, rules, [fd])) for fd in starts]  # type: ignore[misc]
    ways.append(("BCNF by pairs of attributes", lambda: tsou_fischer(attributes, rules)))
    found: dict[frozenset[frozenset[str]], Alternative] = {}
    for method, make in ways:
        try:
            decomposition = make()
        except Undecided as error:  # one way that takes too long leaves the others
            left_open.append(f"{method}: {error}")
            continue
        parts = frozenset(part.attributes for part in decomposition.parts)
        if parts not in found:
            found[parts] = _judged(method, decomposition, rules)
    ranked = sorted(found.values(), key=lambda one: (len(one.lost), len(one.redundant), one.joins, one.method))
    if len(ranked) > most:
        left_open.append(f"{len(ranked) - most} more ways that lose more or join more: asked were at most {most}")
    return Alternatives(tuple(ranked[:most]), tuple(left_open))


def _budget(size: int) -> int:
    """Less than a form alone is given: it is asked of several decompositions."""
    return max(_LEAST, min(BUDGET - 1, _EFFORT // (size + 1)))


def _whole(attributes: Collection[str], fds: tuple[FD, ...]) -> Decomposition:
    synthesized = synthesize_3nf(attributes, fds)
    key = synthesized.parts[0].key
    part = Part(frozenset(attributes), key, (key,), fds)
    whole = frozenset({part.attributes})
    try:
        form = normal_form(attributes, fds, budget=_budget(len(frozenset(attributes)) + len(fds)))
    except Undecided:
        form = NormalForm.FIRST  # at least
    return Decomposition(synthesized.attributes, synthesized.declared, whole, form, (), lambda: (part,))


def _form(decomposition: Decomposition) -> str:
    """The form of a decomposition, or of a relation left whole, as far as it can be told."""
    if len(decomposition.schemes) > 1 or decomposition.proven > NormalForm.FIRST:
        return str(decomposition.form)
    try:
        size = len(decomposition.attributes) + len(decomposition.declared)
        return str(normal_form(decomposition.attributes, decomposition.dependencies, budget=_budget(size)))
    except Undecided as error:
        return str(error).partition(":")[0]


def _judged(method: str, decomposition: Decomposition, rules: tuple[FD, ...]) -> Alternative:
    witness = decomposition.preserving.witness
    lost = tuple(fd for fd in witness if isinstance(fd, FD)) if isinstance(witness, tuple) else ()
    redundant: tuple[FD, ...] = ()
    if decomposition.form < NormalForm.BOYCE_CODD:
        redundant = tuple(fd for part in decomposition.parts for fd in _repeating(part, rules))
    return Alternative(method, decomposition, lost, len(decomposition.parts) - 1, redundant, _form(decomposition))


def _repeating(part: Part, rules: tuple[FD, ...]) -> Iterator[FD]:
    """The dependencies within a part whose determinant is no key of it, as far as its own list shows them."""
    for fd in canonical_cover(part.fds):
        if not part.attributes <= closure(fd.determinant, rules):
            yield fd

"""Proofs from the axioms of functional and multivalued dependencies, line by line."""

from collections.abc import Collection
from dataclasses import dataclass

from dbworkbench.errors import UnknownName, Unsupported
from dbworkbench.shown import Shown
from dbworkbench.theory.counterexample import counterexample
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order
from dbworkbench.theory.given import liberal
from dbworkbench.theory.instance import Instance

RULES = {
    "given": "one of the dependencies",
    "reflexivity": "Y ⊆ X gives X → Y",
    "augmentation": "X → Y gives XW → YV for V ⊆ W",
    "transitivity": "X → Y and Y → Z give X → Z",
    "complementation": "X ↠ Y gives X ↠ (the rest outside X and Y)",
    "multivalued augmentation": "X ↠ Y gives XW ↠ YV for V ⊆ W",
    "multivalued transitivity": "X ↠ Y and Y ↠ Z give X ↠ Z − Y",
    "difference": "X ↠ Y and X ↠ Z give X ↠ Y − Z",
    "union": "X ↠ Y and X ↠ Z give X ↠ YZ",
    "replication": "X → Y gives X ↠ Y",
    "coalescence": "X ↠ Y and W → Z, with Z ⊆ Y and W outside Y, give X → Z",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a proof: a dependency, the rule that gives it (a name in RULES), and the lines it comes from."""

    dependency: FD | MVD
    rule: str
    premises: tuple[int, ...] = ()

    def __str__(self) -> str:
        source = f" of {' and '.join(str(premise + 1) for premise in self.premises)}" if self.premises else ""
        return f"{self.dependency}  ({self.rule}{source})"


@dataclass(frozen=True, slots=True)
class Derivation(Shown):
    """A proof: each line is given, or follows by a rule from lines before it (numbered from 0); the last is the goal."""

    goal: FD | MVD
    whole: frozenset[str]
    lines: tuple[Line, ...]


@liberal
def derive(
    goal: FD | MVD, dependencies: Collection[Dependency], *, whole: Collection[str] | None = None
) -> Derivation | Instance:
    """A proof of `goal` from Armstrong's axioms, and the multivalued ones where needed.

    Where it does not follow, two rows instead that satisfy the dependencies and break the goal.

    Functional goals are proven from functional dependencies alone where these are enough. `whole` holds all attributes
    of the relation, which matter to multivalued dependencies (default: those that are named). No line is unused. A
    proof through join dependencies does not exist in axioms: raises Unsupported where only those would give the goal.

    >>> proof = derive(FD.parse("a -> c"), [FD.parse("a -> b"), FD.parse("b -> c")])
    >>> [str(line) for line in proof.lines]
    ['a → b  (given)', 'b → c  (given)', 'a → c  (transitivity of 1 and 2)']
    >>> derive(FD.parse("c -> a"), [FD.parse("a -> c")]).rows
    (('a 1', 'c 1'), ('a 2', 'c 1'))

    Reference: Armstrong, Dependency structures of data base relationships, IFIP 1974; Beeri, Fagin & Howard, A complete
    axiomatization for functional and multivalued dependencies in database relations, SIGMOD 1977.
    """
    named = goal.attributes.union(*(dependency.attributes for dependency in dependencies))
    everything = named if whole is None else frozenset(whole)
    for name in sorted(named - everything):
        raise UnknownName("attribute", name, sorted(everything))
    fds = [dependency for dependency in in_order(frozenset(dependencies)) if isinstance(dependency, FD)]
    if isinstance(goal, FD):
        lines = _functional(goal, fds)
        if lines is not None:
            return _proof(goal, everything, lines)
    axiomatic = [d for d in in_order(frozenset(dependencies)) if not isinstance(d, JD)]
    if isinstance(goal, MVD) or len(axiomatic) > len(fds):
        mixed = _Multivalued(goal.determinant, axiomatic, everything).lines_for(goal)
        if mixed is not None:
            return _proof(goal, everything, mixed)
    against = counterexample(goal, dependencies, whole=everything if whole is None else whole)
    if against is None:
        raise Unsupported(
            f"{goal} follows only by way of a join dependency, for which there are no axioms — "
            f"ask `implies`, whose witness is a chase"
        )
    return against


class _Lines:
    """Lines of a proof under way; the same dependency is written once."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._at: dict[FD | MVD, int] = {}

    def add(self, dependency: FD | MVD, rule: str, *premises: int) -> int:
        if dependency not in self._at:
            self._at[dependency] = len(self.lines)
            self.lines.append(Line(dependency, rule, premises))
        return self._at[dependency]


def _proof(goal: FD | MVD, whole: frozenset[str], lines: list[Line]) -> Derivation:
    """Only the lines that the last one needs, the given ones just before their first use."""
    needed: set[int] = set()
    open_ = [len(lines) - 1]
    while open_:
        at = open_.pop()
        if at not in needed:
            needed.add(at)
            open_ += lines[at].premises
    place: dict[int, int] = {}
    kept: list[Line] = []
    for at in sorted(needed):
        place[at] = len(kept)
        kept.append(Line(lines[at].dependency, lines[at].rule, tuple(place[one] for one in lines[at].premises)))
    return Derivation(goal, whole, tuple(kept))


def _used(goal: FD, fds: list[FD]) -> list[FD] | None:
    """The dependencies, in an order in which they apply, that lead from the goal's determinant to its dependent."""
    known, fired = set(goal.determinant), list[FD]()
    left = list(fds)
    while not goal.dependent <= known:
        ready = [fd for fd in left if fd.determinant <= known and not fd.dependent <= known]
        if not ready:
            return None
        fired += ready
        known.update(*(fd.dependent for fd in ready))
        left = [fd for fd in left if fd not in ready]
    wanted, used = set(goal.dependent - goal.determinant), list[FD]()
    for at in range(len(fired) - 1, -1, -1):
        before = goal.determinant.union(*(fd.dependent for fd in fired[:at]))
        if wanted & (fired[at].dependent - before):
            used.append(fired[at])
            wanted = (wanted - fired[at].dependent) | (fired[at].determinant - goal.determinant)
    return used[::-1]


def _functional(goal: FD, fds: list[FD]) -> list[Line] | None:
    if goal.trivial:
        return [Line(goal, "reflexivity")]
    used = _used(goal, fds)
    if used is None:
        return None
    proof, start = _Lines(), goal.determinant
    needed = [goal.dependent]
    for fd in reversed(used):
        needed.append((needed[-1] - fd.dependent) | fd.determinant)
    known, at = start, -1  # at: the line start → known; none yet while known is start itself
    for fd, later in zip(used, needed[-2::-1], strict=True):
        given = proof.add(fd, "given")
        enough = later <= fd.dependent
        if at < 0 and fd.determinant == start and (enough or start <= fd.dependent):
            known, at = fd.dependent, given
        elif at < 0:
            known = fd.dependent | (later & start)
            at = proof.add(FD(start, known), "augmentation", given)
        elif fd.determinant == known and enough:
            known = fd.dependent
            at = proof.add(FD(start, known), "transitivity", at, given)
        elif fd.determinant <= known and enough:
            part = proof.add(FD(known, fd.determinant), "reflexivity")
            reached = proof.add(FD(start, fd.determinant), "transitivity", at, part)
            known = fd.dependent
            at = proof.add(FD(start, known), "transitivity", reached, given)
        else:
            more = fd.dependent | (later & known)
            wider = proof.add(FD(known, more), "augmentation", given)
            at = proof.add(FD(start, more), "transitivity", at, wider)
            known = more
    if known != goal.dependent:
        part = proof.add(FD(known, goal.dependent), "reflexivity")
        proof.add(goal, "transitivity", at, part)
    return proof.lines


class _Multivalued:
    """The refinement of a dependency basis, written down as a proof: for each block B a line X ↠ B."""

    def __init__(self, start: frozenset[str], dependencies: Collection[Dependency], whole: frozenset[str]) -> None:
        self.start, self.whole = start, whole
        self.given = [d for d in dependencies if isinstance(d, FD | MVD)]
        self.proof = _Lines()
        self.functional: dict[frozenset[str], int] = {}
        self.blocks: dict[frozenset[str], int] = {}
        if whole - start:
            self_fd = self.proof.add(FD(start, start), "reflexivity")
            trivial = self.proof.add(MVD(start, start), "replication", self_fd)
            self.blocks[whole - start] = self.proof.add(MVD(start, whole - start), "complementation", trivial)
        while self._refined():
            pass

    def _refined(self) -> bool:
        for block, at in list(self.blocks.items()):
            for dependency in self.given:
                inside = dependency.dependent & block
                if dependency.determinant & block or not inside:
                    continue
                if isinstance(dependency, FD):
                    if block not in self.functional:
                        self._coalesce(block, at, dependency, inside)
                        return True
                elif inside != block:
                    self._split(block, at, dependency, inside)
                    return True
        return False

    def _coalesce(self, block: frozenset[str], at: int, fd: FD, inside: frozenset[str]) -> None:
        """X ↠ B and W → Z, W outside B: X → Z ∩ B."""
        add = self.proof.add
        part = add(fd, "given")
        if inside != fd.dependent:
            smaller = add(FD(fd.dependent, inside), "reflexivity")
            part = add(FD(fd.determinant, inside), "transitivity", part, smaller)
        line = add(FD(self.start, inside), "coalescence", at, part)
        del self.blocks[block]
        for name in inside:
            one = frozenset({name})
            single = line
            if inside != one:
                single = add(FD(self.start, one), "transitivity", line, add(FD(inside, one), "reflexivity"))
            self.functional[one] = single
            self.blocks[one] = add(MVD(self.start, one), "replication", single)
        if rest := block - inside:
            both = add(MVD(self.start, inside), "replication", line)
            self.blocks[rest] = add(MVD(self.start, rest), "difference", at, both)

    def _split(self, block: frozenset[str], at: int, mvd: MVD, inside: frozenset[str]) -> None:
        """X ↠ B and W ↠ Z, W outside B: X ↠ B ∩ Z, and X ↠ B − Z."""
        add, start = self.proof.add, self.start
        outside = self.whole - block  # holds X and W
        rest = add(MVD(start, self.whole - block - start), "complementation", at)
        reached = add(MVD(start, outside), "multivalued augmentation", rest)
        given = add(mvd, "given")
        wider = add(MVD(outside, mvd.dependent), "multivalued augmentation", given)
        line = add(MVD(start, inside), "multivalued transitivity", reached, wider)
        del self.blocks[block]
        self.blocks[inside] = line
        self.blocks[block - inside] = add(MVD(start, block - inside), "difference", at, line)

    def lines_for(self, goal: FD | MVD) -> list[Line] | None:
        """The lines with the goal as the last one; None where it does not follow."""
        add = self.proof.add
        if isinstance(goal, FD):
            known, at = goal.determinant, -1
            for name in sorted(goal.dependent - goal.determinant):
                single = self.functional.get(frozenset({name}))
                if single is None:
                    return None
                more = known | {name}
                if at < 0:
                    at = add(FD(goal.determinant, more), "augmentation", single)
                else:
                    wider = add(FD(known, more), "augmentation", single)
                    at = add(FD(goal.determinant, more), "transitivity", at, wider)
                known = more
            if known != goal.dependent:
                self._last(goal, "transitivity", at, add(FD(known, goal.dependent), "reflexivity"))
            return self._ending(goal)
        wanted = goal.dependent - goal.determinant
        inside = [block for block in self.blocks if block & wanted]
        if any(not block <= wanted for block in inside):
            return None
        if goal.dependent <= goal.determinant:
            self._last(goal, "replication", add(FD(goal.determinant, goal.dependent), "reflexivity"))
            return self._ending(goal)
        joined, at = inside[0], self.blocks[inside[0]]
        for block in inside[1:]:
            joined |= block
            at = add(MVD(goal.determinant, joined), "union", at, self.blocks[block])
        if joined != goal.dependent:
            self._last(goal, "multivalued augmentation", at)
        return self._ending(goal)

    def _last(self, goal: FD | MVD, rule: str, *premises: int) -> None:
        self.proof.add(goal, rule, *premises)

    def _ending(self, goal: FD | MVD) -> list[Line]:
        """The lines up to the goal."""
        lines = self.proof.lines
        at = next(at for at, line in enumerate(lines) if line.dependency == goal)
        return lines[: at + 1]

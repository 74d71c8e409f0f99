"""An independent checker of proofs: it knows the axioms as conditions on sets, and nothing of how proofs are found."""

from collections.abc import Collection

from dbworkbench.theory.dependencies import FD, MVD, Dependency
from dbworkbench.theory.derivation import Derivation, Line


def accepted(proof: Derivation, dependencies: Collection[Dependency]) -> bool:
    lines = proof.lines
    used = {premise for line in lines for premise in line.premises} | {len(lines) - 1}
    return (
        lines[-1].dependency == proof.goal
        and used == set(range(len(lines)))
        and all(
            all(0 <= premise < at for premise in line.premises) and follows(line, lines, dependencies, proof.whole)
            for at, line in enumerate(lines)
        )
    )


def follows(line: Line, lines: tuple[Line, ...], dependencies: Collection[Dependency], whole: frozenset[str]) -> bool:
    here = line.dependency
    from_ = [lines[premise].dependency for premise in line.premises]
    x, y = here.determinant, here.dependent
    match line.rule, here, from_:
        case "given", _, []:
            return here in dependencies
        case "reflexivity", FD(), []:
            return y <= x
        case "augmentation", FD(), [FD(v, w)]:
            return v <= x and w <= y and y - w <= x
        case "transitivity", FD(), [FD(v, w), FD(w2, z)]:
            return x == v and w == w2 and y == z
        case "complementation", MVD(), [MVD(v, w)]:
            return x == v and y == whole - v - w
        case "multivalued augmentation", MVD(), [MVD(v, w)]:
            return v <= x and y >= w and y - w <= x
        case "multivalued transitivity", MVD(), [MVD(v, w), MVD(w2, z)]:
            return x == v and w == w2 and y == z - w
        case "difference", MVD(), [MVD(v, w), MVD(v2, z)]:
            return x == v == v2 and y == w - z
        case "union", MVD(), [MVD(v, w), MVD(v2, z)]:
            return x == v == v2 and y == w | z
        case "replication", MVD(), [FD(v, w)]:
            return (x, y) == (v, w)
        case "coalescence", FD(), [MVD(v, w), FD(u, z)]:
            return x == v and y == z and z <= w and not u & w
    return False

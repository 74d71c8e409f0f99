"""What changes when a dependency is dropped or added."""

from collections.abc import Collection
from dataclasses import dataclass

from dbworkbench.errors import UnknownName
from dbworkbench.shown import Shown
from dbworkbench.theory.decomposition import Decomposition, synthesize_3nf
from dbworkbench.theory.dependencies import FD, Dependency, in_order, prose
from dbworkbench.theory.given import liberal
from dbworkbench.theory.implication import equivalent
from dbworkbench.theory.keys import Keys, keys_within
from dbworkbench.theory.normal_forms import NormalForm, normal_form

MOST_KEYS = 64


@dataclass(frozen=True, slots=True)
class Situation:
    """What follows from a set of dependencies."""

    dependencies: tuple[Dependency, ...]
    keys: Keys
    form: NormalForm
    decomposition: Decomposition


@dataclass(frozen=True, slots=True)
class WhatIf(Shown):
    """Two situations, and the differences as sentences; no sentence where nothing changes."""

    before: Situation
    after: Situation
    differences: tuple[str, ...]


@liberal
def what_if(
    attributes: Collection[str],
    dependencies: Collection[Dependency],
    *,
    add: Collection[Dependency] = (),
    drop: Collection[Dependency] = (),
) -> WhatIf:
    """What adding and dropping dependencies changes in keys, normal form and the relations in third normal form.

    >>> change = what_if("abc", [FD.parse("a -> b"), FD.parse("b -> c")], drop=[FD.parse("b -> c")])
    >>> for line in change.differences:
    ...     print(line)
    a, c is a candidate key now.
    a is no candidate key any more.
    The normal form is 1NF, and was 2NF.
    There is a relation of a and c now.
    There is no relation of b and c any more.
    """
    present = frozenset(dependencies)
    for dependency in drop:
        if dependency not in present:
            raise UnknownName("dependency", str(dependency), [str(d) for d in in_order(present)])
    before = _situation(attributes, present)
    after = _situation(attributes, (present - frozenset(drop)) | frozenset(add))
    return WhatIf(before, after, tuple(_differences(attributes, before, after)))


def _situation(attributes: Collection[str], dependencies: frozenset[Dependency]) -> Situation:
    fds = [dependency for dependency in dependencies if isinstance(dependency, FD)]
    return Situation(
        tuple(in_order(dependencies)),
        keys_within(attributes, dependencies, most=MOST_KEYS),
        normal_form(attributes, dependencies),
        synthesize_3nf(attributes, fds),
    )


def _differences(attributes: Collection[str], before: Situation, after: Situation) -> list[str]:
    if equivalent(before.dependencies, after.dependencies, whole=attributes):
        return []
    found = []
    if before.keys.complete and after.keys.complete:
        old, new = set(before.keys.found), set(after.keys.found)
        found += [f"{_key(key)} is a candidate key now." for key in sorted(new - old, key=sorted)]
        found += [f"{_key(key)} is no candidate key any more." for key in sorted(old - new, key=sorted)]
    if before.form is not after.form:
        found.append(f"The normal form is {after.form}, and was {before.form}.")
    parts_before = {part.attributes for part in before.decomposition.parts}
    parts_after = {part.attributes for part in after.decomposition.parts}
    found += [f"There is a relation of {prose(p)} now." for p in sorted(parts_after - parts_before, key=sorted)]
    found += [f"There is no relation of {prose(p)} any more." for p in sorted(parts_before - parts_after, key=sorted)]
    return found


def _key(key: frozenset[str]) -> str:
    return ", ".join(sorted(key)) or "the empty set"

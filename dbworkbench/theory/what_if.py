"""What changes when a dependency is dropped or added."""

from collections.abc import Collection
from dataclasses import dataclass

from dbworkbench.errors import Undecided, UnknownName
from dbworkbench.shown import Shown
from dbworkbench.theory.decomposition import Decomposition, synthesize_3nf
from dbworkbench.theory.dependencies import FD, Dependency, in_order, prose
from dbworkbench.theory.given import liberal
from dbworkbench.theory.implication import equivalent
from dbworkbench.theory.keys import BUDGET, Keys, keys_within
from dbworkbench.theory.normal_forms import NormalForm, normal_form

MOST_KEYS = 64


@dataclass(frozen=True, slots=True)
class Situation:
    """What follows from a set of dependencies; `form` is None, and `left_open` says why, where it cannot be decided."""

    dependencies: tuple[Dependency, ...]
    keys: Keys
    form: NormalForm | None
    decomposition: Decomposition
    left_open: str = ""


@dataclass(frozen=True, slots=True)
class WhatIf(Shown):
    """Two situations, and the differences as sentences; no sentence where nothing changes.

    `left_open` says what could not be compared, nothing as a rule.
    """

    before: Situation
    after: Situation
    differences: tuple[str, ...]
    left_open: str = ""


@liberal
def what_if(
    attributes: Collection[str],
    dependencies: Collection[Dependency],
    *,
    add: Collection[Dependency] = (),
    drop: Collection[Dependency] = (),
    budget: int = BUDGET,
) -> WhatIf:
    """What adding and dropping dependencies changes in keys, normal form and the relations in third normal form.

    What cannot be decided within the budget, as in `normal_form`, is told in `left_open` of the result.

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
    before = _situation(attributes, present, budget)
    after = _situation(attributes, (present - frozenset(drop)) | frozenset(add), budget)
    if _same(before, after, attributes):
        return WhatIf(before, after, ())
    return WhatIf(before, after, tuple(_differences(before, after)), _left_open(before, after))


def _situation(attributes: Collection[str], dependencies: frozenset[Dependency], budget: int) -> Situation:
    fds = [dependency for dependency in dependencies if isinstance(dependency, FD)]
    keys, form, left_open = Keys((), complete=False), None, ""
    try:
        keys = keys_within(attributes, dependencies, most=MOST_KEYS, budget=budget // 4)
        form = normal_form(attributes, dependencies, budget=budget)
    except Undecided as error:
        left_open = str(error)
    return Situation(tuple(in_order(dependencies)), keys, form, synthesize_3nf(attributes, fds), left_open)


def _same(before: Situation, after: Situation, attributes: Collection[str]) -> bool:
    """Whether both say the same; where that takes too much work, they are compared in what is known of them."""
    try:
        return bool(equivalent(before.dependencies, after.dependencies, whole=attributes))
    except Undecided:
        return False


def _left_open(before: Situation, after: Situation) -> str:
    open_ = [
        f"the normal form {when}: {one.left_open}"
        for when, one in (("before", before), ("after", after))
        if not one.form
    ]
    if not (before.keys.complete and after.keys.complete):
        open_.insert(0, f"which candidate keys change: there are more than {MOST_KEYS}, or none could be found")
    return "; ".join(open_)


def _differences(before: Situation, after: Situation) -> list[str]:
    found = []
    if before.keys.complete and after.keys.complete:
        old, new = set(before.keys.found), set(after.keys.found)
        found += [f"{_key(key)} is a candidate key now." for key in sorted(new - old, key=sorted)]
        found += [f"{_key(key)} is no candidate key any more." for key in sorted(old - new, key=sorted)]
    if before.form and after.form and before.form is not after.form:
        found.append(f"The normal form is {after.form}, and was {before.form}.")
    parts_before = {part.attributes for part in before.decomposition.parts}
    parts_after = {part.attributes for part in after.decomposition.parts}
    found += [f"There is a relation of {prose(p)} now." for p in sorted(parts_after - parts_before, key=sorted)]
    found += [f"There is no relation of {prose(p)} any more." for p in sorted(parts_before - parts_after, key=sorted)]
    return found


def _key(key: frozenset[str]) -> str:
    return ", ".join(sorted(key)) or "the empty set"

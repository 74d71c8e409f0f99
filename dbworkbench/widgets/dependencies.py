"""A grid of dependencies to tick and type: closure, keys, cover and normal form follow at once."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from dbworkbench.errors import DataError, Undecided
from dbworkbench.page.blocks import Page
from dbworkbench.schema.analysis import analyze
from dbworkbench.schema.changes import AddDependency, Change, DropDependency
from dbworkbench.schema.notation import relation_in
from dbworkbench.schema.relation import Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, Dependency, in_order, parse_dependency
from dbworkbench.views.describe import describe
from dbworkbench.widgets.desk import Desk, judged
from dbworkbench.widgets.layout import Layout
from dbworkbench.widgets.live import Live


class DependencyGrid(Live):
    """The dependencies of a relation, edited by hand. Made by `dependencies(…)`; `.relation` is what stands now."""

    ENTRY = "dependencies"

    def __init__(self, relation: Relation, found: Collection[Dependency] = ()) -> None:
        self._whole = relation
        self._desk = Desk(Schema((replace(relation, foreign_keys=()),)), Layout())
        self._offered = tuple(in_order(set(found) - relation.dependencies))
        self._of: tuple[str, ...] = ()
        self._asked: dict[str, Any] = {}
        self._edited = False
        super().__init__()
        self._state = self._seen()

    @property
    def relation(self) -> Relation:
        """The relation with the dependencies that stand now."""
        now = self._desk.schema[self._whole.name]
        return replace(self._whole, dependencies=now.dependencies)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change since the grid was made, those undone left out."""
        return self._desk.changes

    @property
    def offered(self) -> tuple[Dependency, ...]:
        """The dependencies that were found and are neither accepted nor refused yet."""
        return self._offered

    def __repr__(self) -> str:
        return f"DependencyGrid({self._whole.name}: {'; '.join(map(str, in_order(self.relation.dependencies)))})"

    def page(self) -> Page:
        """The relation with its dependencies, keys and normal form, as a value shows it."""
        return describe(self.relation)

    # -- the wire --------------------------------------------------------------------------------------------------

    def _seen(self) -> dict[str, Any]:
        now = self.relation
        keys: list[list[str]] = []
        cover: list[str] = []
        try:
            found = analyze(now)
            keys = [_ordered(now, key) for key in found.keys]
            cover = [str(fd) for fd in found.cover]
        except Undecided:
            pass  # the form says so
        form, why, _ = judged(now) if now.dependencies or now.keys else ("", "no dependency is declared", False)
        return {
            "name": now.name,
            "attributes": list(now.names),
            "dependencies": [_side(one) for one in in_order(now.dependencies)],
            "offered": [str(one) for one in self._offered],
            "keys": keys,
            "cover": cover,
            "form": form,
            "why": why,
            "of": list(self._of),
            "closure": _ordered(now, closure(self._of, now.fds)) if self._of else [],
            "asked": self._asked,
            "undo": self._desk.done[-1].told if self._desk.done else "",
            "redo": self._desk.undone[-1].told if self._desk.undone else "",
            "edited": self._edited,
        }

    def _done(self, message: Mapping[str, Any]) -> str:
        name = self._whole.name
        match message.get("kind"):
            case "closure":
                self._of = tuple(n for n in self._whole.names if n in message["attributes"])
                return ""
            case "whatif":
                self._asked = _without(self.relation, parse_dependency(str(message["dependency"])))
                return ""
            case "undo":
                gesture = self._desk.undo()
                return self._after(f"undone: {gesture.told}" if gesture else "nothing to undo")
            case "redo":
                gesture = self._desk.redo()
                return self._after(f"done again: {gesture.told}" if gesture else "nothing to do again")
            case "refuse":
                said = str(message["dependency"])
                self._offered = tuple(one for one in self._offered if str(one) != said)
                return f"refused: {said}"
            case "add":
                new = parse_dependency(str(message["dependency"]))
                self._desk.perform([AddDependency(name, new)])
                self._offered = tuple(one for one in self._offered if one != new)
                return self._after(f"declared: {new}")
            case "drop":
                old = parse_dependency(str(message["dependency"]))
                self._desk.perform([DropDependency(name, old)])
                return self._after(f"dropped: {old}")
            case "cell":
                old = parse_dependency(str(message["dependency"]))
                turned = _turned(old, str(message["attribute"]))
                self._desk.perform([DropDependency(name, old), *([AddDependency(name, turned)] if turned else [])])
                return self._after(f"now: {turned}" if turned else f"dropped: {old}")
            case kind:
                raise DataError(f"a grid cannot do {kind!r}")

    def _after(self, said: str) -> str:
        self._edited, self._asked = True, {}
        return said


def _ordered(relation: Relation, names: Collection[str]) -> list[str]:
    return [name for name in relation.names if name in names]


def _side(one: Dependency) -> dict[str, Any]:
    plain = isinstance(one, FD)
    return {
        "text": str(one),
        "determinant": sorted(one.determinant) if isinstance(one, FD) else [],
        "dependent": sorted(one.dependent) if isinstance(one, FD) else [],
        "plain": plain,
    }


def _turned(one: Dependency, attribute: str) -> FD | None:
    """The dependency with an attribute moved on: outside, to the determinant, to the dependent, outside again."""
    if not isinstance(one, FD):
        raise DataError("only functional dependencies are ticked; type the others")
    if attribute in one.determinant:
        return FD(one.determinant - {attribute}, one.dependent | {attribute})
    if attribute in one.dependent:
        rest = one.dependent - {attribute}
        return FD(one.determinant, rest) if rest else None
    return FD(one.determinant | {attribute}, one.dependent)


def _without(relation: Relation, one: Dependency) -> dict[str, Any]:
    """What the relation would be without one of its dependencies."""
    left = replace(relation, dependencies=relation.dependencies - {one})
    implied = isinstance(one, FD) and one.dependent <= closure(one.determinant, left.fds)
    form, why, _ = judged(left) if left.dependencies or left.keys else ("BCNF", "nothing is declared then", False)
    return {
        "dependency": str(one),
        "implied": implied,
        "form": form,
        "why": why,
        "keys": [_ordered(left, key) for key in left.candidate_keys(most=20)],
    }


def dependencies(design: Relation | str, *, found: Collection[Dependency] = ()) -> DependencyGrid:
    r"""A grid to tick and type the dependencies of a relation; `.relation` is the relation as it stands.

    `found` are dependencies to accept or refuse, such as those discovered in data.

    >>> dependencies("r(a, b)\n a -> b").relation.candidate_keys()
    (frozenset({'a'}),)
    """
    return DependencyGrid(relation_in(design), found)

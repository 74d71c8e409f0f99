"""Foreign keys as far as a format has words for them."""

from collections.abc import Iterator

from dbworkbench.formats.fidelity import Part
from dbworkbench.formats.reduced import Reduced
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.schema import reaches_a_key

__all__ = ["References"]


class References:
    """What is left of the foreign keys of relations, which may depend on those kept before."""

    def __init__(self, reduced: Reduced) -> None:
        self.reduced = reduced
        self.leads: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.ends: set[frozenset[tuple[str, frozenset[str]]]] = set()

    def kept(
        self, relation: Relation, made: dict[str, Relation], names: dict[str, str], columns: dict[str, dict[str, str]]
    ) -> Iterator[ForeignKey]:
        """The foreign keys that are left of a relation, once all relations are made."""
        used: set[str] = set()
        for key in relation.foreign_keys:
            what = f"{relation.name}: the foreign key ({', '.join(key.attributes)}) to {key.relation}"
            there = tuple(columns[key.relation][name] for name in key.referenced)
            here = tuple(columns[relation.name][name] for name in key.attributes)
            if not self.reduced.can(Part.REFERENCE):
                self.reduced.lose(what, Part.REFERENCE.value)
            elif len(here) > 1 and not self.reduced.can(Part.COMPOSITE_REFERENCE):
                self.reduced.lose(what, Part.COMPOSITE_REFERENCE.value)
            elif used & set(here) and not self.reduced.can(Part.SHARED_REFERENCE):
                self.reduced.lose(what, Part.SHARED_REFERENCE.value)
            elif not self.reduced.can(Part.OWN_REFERENCE) and len(_ends(relation, key)) == 1:
                self.reduced.lose(what, Part.OWN_REFERENCE.value)
            elif not self.reduced.can(Part.DOUBLE_REFERENCE) and _ends(relation, key) in self.ends:
                self.reduced.lose(what, Part.DOUBLE_REFERENCE.value)
            elif not self.reduced.can(Part.CYCLIC_REFERENCE) and self._leads_back(
                relation.name, here, key.relation, there
            ):
                self.reduced.lose(what, Part.CYCLIC_REFERENCE.value)
            elif not all(self.reduced.fidelity.referable(name) for name in (names[key.relation], *there)):
                self.reduced.lose(what, "signs in the name of what it refers to")
            elif not all(
                self.reduced.fidelity.refers(made[relation.name][ours], made[key.relation][theirs])
                for ours, theirs in zip(here, there, strict=True)
            ):
                self.reduced.lose(what, "the types differ")
            elif not reaches_a_key(made[key.relation], there):
                self.reduced.lose(what, "the key that it refers to is not written")
            else:
                used |= set(here)
                self.ends.add(_ends(relation, key))
                for ours, theirs in zip(here, there, strict=True):
                    self.leads.setdefault((relation.name, ours), []).append((key.relation, theirs))
                required = [name for name in here if not made[relation.name][name].nullable]
                if key.deferrable and not self.reduced.can(Part.DEFERRABLE_REFERENCE):
                    self.reduced.lose(what, "it can be put off", "looked at once")
                if key.match_full and not self.reduced.can(Part.MATCH_FULL):
                    self.reduced.lose(what, "all attributes are unknown or none", "one unknown refers to nothing")
                yield ForeignKey(
                    here,
                    names[key.relation],
                    there,
                    self._action(what, "delete", key.on_delete, required),
                    self._action(what, "update", key.on_update, required),
                    self.reduced.named(relation, what, key.name, Part.REFERENCE_NAME),
                    key.deferrable if self.reduced.can(Part.DEFERRABLE_REFERENCE) else "",
                    key.match_full and self.reduced.can(Part.MATCH_FULL),
                    self.reduced.enforced(what, key.enforced),
                )

    def _leads_back(self, name: str, here: tuple[str, ...], target: str, there: tuple[str, ...]) -> bool:
        """Whether a reference would lead one of its attributes back to itself, through those that are kept."""
        for ours, theirs in zip(here, there, strict=True):
            ahead, seen = [(target, theirs)], set[tuple[str, str]]()
            while ahead:
                place = ahead.pop()
                if place == (name, ours):
                    return True
                if place not in seen:
                    seen.add(place)
                    ahead += self.leads.get(place, ())
        return False

    def _action(self, what: str, when: str, said: str, required: list[str]) -> str:
        action = " ".join(said.casefold().split())
        if action == "set null" and required and not self.reduced.can(Part.REQUIRED_SET_NULL):
            self.reduced.lose(what, f"on {when} set null over {', '.join(required)}, never null")
            return ""
        known = self.reduced.fidelity.actions
        if when == "update" and self.reduced.fidelity.updates is not None:
            known = self.reduced.fidelity.updates
        if action == "no action" and action not in known:
            return ""  # what is meant where nothing is said
        if action and action not in known:
            self.reduced.lose(what, f"on {when} {action}")
            return ""
        return action


def _ends(relation: Relation, key: ForeignKey) -> frozenset[tuple[str, frozenset[str]]]:
    """What a foreign key lies between, in neither direction: one end where it refers to what it is made of."""
    return frozenset({(relation.name, frozenset(key.attributes)), (key.relation, frozenset(key.referenced))})

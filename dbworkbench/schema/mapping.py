"""A sketch as a schema: entities and relationships become relations, keys and references.

The steps of Elmasri & Navathe's mapping algorithm (Fundamentals of Database Systems, the chapter on relational design by ER-
and EER-to-relational mapping): strong entities, weak ones, one-to-one, one-to-many, many-to-many, multivalued
attributes, relationships of more than two, and generalizations (a relation for each kind, keyed alike).
"""

import re
from dataclasses import dataclass, field

from dbworkbench.schema.loss import Loss, Read
from dbworkbench.schema.relation import Attribute, ForeignKey, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.sketch import Entity, Participant, Relationship, Sketch, Trait


def mapped(sketch: Sketch) -> Read:
    """The schema of a sketch, and what a schema cannot say of it. Types are left open.

    >>> from dbworkbench.schema.sketch import Cardinality
    >>> lives = Relationship("lives in", (Participant("person", Cardinality(1, 1)), Participant("city")))
    >>> whole = Sketch((Entity("person", (Trait("name", key=True),)), Entity("city", (Trait("zip", key=True),))), (lives,))
    >>> mapped(whole).schema["person"].foreign_keys[0].relation
    'city'
    """
    return _Mapping(sketch).read()


@dataclass(slots=True)
class _Made:
    """A relation in the making."""

    name: str
    attributes: list[Attribute] = field(default_factory=list)
    key: list[str] = field(default_factory=list)
    others: list[Key] = field(default_factory=list)
    references: list[ForeignKey] = field(default_factory=list)
    note: str = ""

    def add(self, name: str, *, nullable: bool = False) -> str:
        """An attribute under a free name."""
        taken = {one.name.casefold() for one in self.attributes}
        called, count = name, 2
        while called.casefold() in taken:
            called, count = f"{name}_{count}", count + 1
        self.attributes.append(Attribute(called, nullable=nullable))
        return called

    def refer(self, to: "_Made", prefix: str = "", *, nullable: bool = False) -> tuple[str, ...]:
        """Attributes like the other's key, and a reference by them."""
        names = [self.add(f"{prefix}{name}", nullable=nullable) for name in to.key]
        self.references.append(ForeignKey(tuple(names), to.name, tuple(to.key)))
        return tuple(names)

    def relation(self) -> Relation:
        keys = (Key(tuple(self.key)), *self.others) if self.key else tuple(self.others)
        return Relation(self.name, tuple(self.attributes), keys, tuple(self.references), note=self.note)


class _Mapping:
    def __init__(self, sketch: Sketch) -> None:
        self.sketch = sketch
        self.made: dict[str, _Made] = {}
        self.losses: list[Loss] = []
        self.owned: set[str] = set()

    def read(self) -> Read:
        special = {name: one.general for one in self.sketch.generalizations for name in one.special}
        waiting = list(self.sketch.entities)
        while waiting:  # owners before what they own, kinds after what they are kinds of
            ready = [
                one for one in waiting if all(other in self.made for other in self._needs(one, special))
            ] or waiting[:1]
            for one in ready:
                self._entity(one, special.get(one.name, ""))
            waiting = [one for one in waiting if one not in ready]
        for relationship in self.sketch.relationships:
            if relationship.name not in self.owned:
                self._relationship(relationship)
        for general in self.sketch.generalizations:
            if general.disjoint or general.total:
                said = " and ".join(w for w, so in (("disjoint", general.disjoint), ("total", general.total)) if so)
                self.losses.append(
                    Loss(general.general, f"a {said} generalization", "not enforced by keys and references")
                )
        schema = Schema(tuple(one.relation() for one in self.made.values()), name=self.sketch.name)
        return Read(schema, tuple(self.losses))

    def _needs(self, entity: Entity, special: dict[str, str]) -> list[str]:
        owner = self._owner(entity)
        found = [special.get(entity.name, ""), owner[1].entity if owner else ""]
        return [name for name in found if name and name != entity.name]

    def _owner(self, entity: Entity) -> tuple[Relationship, Participant] | None:
        if not entity.weak:
            return None
        for relationship in self.sketch.relationships:
            names = [side.entity for side in relationship.participants]
            if relationship.identifying and entity.name in names:
                for side in relationship.participants:
                    if side.entity != entity.name:
                        return relationship, side
        return None

    def _entity(self, entity: Entity, general: str) -> None:
        made = _Made(entity.name, note=entity.note)
        self.made[entity.name] = made
        owner = self._owner(entity)
        if general and general in self.made:
            made.key = [*made.refer(self.made[general])]
        elif owner and owner[1].entity in self.made:
            made.key = [*made.refer(self.made[owner[1].entity])]
            self.owned.add(owner[0].name)
            self._traits(made, owner[0].attributes, keyed=False)
        self._traits(made, entity.attributes, keyed=not general)
        if not made.key:
            made.attributes.insert(0, Attribute(f"{_plain(entity.name)}_id"))
            made.key = [made.attributes[0].name]

    def _traits(self, made: _Made, traits: tuple[Trait, ...], *, keyed: bool) -> None:
        """Plain attributes; the parts of a composite one; a relation of its own for a multivalued one."""
        for trait in sorted(traits, key=lambda one: one.multivalued):
            if trait.derived:
                self.losses.append(Loss(f"{made.name}.{trait.name}", "a derived attribute", "left to a query"))
            elif trait.multivalued:
                self._many(made, trait)
            elif trait.parts:
                self._traits(made, tuple(_keyed(part, trait.key) for part in trait.parts), keyed=keyed)
            else:
                name = made.add(trait.name, nullable=not trait.key)
                if trait.key and keyed:
                    made.key.append(name)

    def _many(self, made: _Made, trait: Trait) -> None:
        if not made.key:
            made.key = [made.add(f"{_plain(made.name)}_id")]
        own = _Made(self._free(f"{made.name}_{trait.name}"))
        own.refer(made)
        for part in trait.parts or (trait,):
            own.add(part.name)
        own.key = [one.name for one in own.attributes]
        self.made[own.name] = own

    def _relationship(self, one: Relationship) -> None:
        sides = one.participants
        single = [at for at, side in enumerate(sides) if side.cardinality.most == 1]
        if len(sides) == 2 and single:
            at = max(single, key=lambda place: (sides[place].cardinality.total, -place))
            self._to_one(one, sides[at], sides[1 - at], both=len(single) == 2)
            return
        made = _Made(self._free(_plain(one.name)))
        for side in sides:
            twice = sum(other.entity == side.entity for other in sides) > 1
            names = made.refer(self.made[side.entity], f"{_plain(side.role)}_" if side.role else "")
            if side.cardinality.most != 1 or len(sides) == len(single) or twice:
                made.key += names
        self.made[made.name] = made
        self._traits(made, one.attributes, keyed=True)
        self._unenforced(one)

    def _to_one(self, one: Relationship, child: Participant, parent: Participant, *, both: bool) -> None:
        """The side that takes part once at most refers to the other."""
        made = self.made[child.entity]
        other = self.made[parent.entity]
        again = parent.entity == child.entity or any(key.relation == parent.entity for key in made.references)
        prefix = f"{_plain(parent.role)}_" if parent.role else f"{_plain(one.name)}_" if again else ""
        names = made.refer(other, prefix, nullable=not child.cardinality.total)
        if both:
            made.others.append(Key(names))
        self._traits(made, one.attributes, keyed=False)
        if parent.cardinality.least:
            self.losses.append(
                Loss(one.name, f"every {parent.entity} takes part", "not enforced by keys and references")
            )

    def _unenforced(self, one: Relationship) -> None:
        for side in one.participants:
            exact = side.cardinality.most not in {None, 1} or side.cardinality.least > 0
            if exact:
                self.losses.append(
                    Loss(
                        one.name, f"{side.entity} takes part {side.cardinality}", "not enforced by keys and references"
                    )
                )

    def _free(self, name: str) -> str:
        taken = {*(one.casefold() for one in self.made), *(one.casefold() for one in self.sketch.names)}
        called, count = name, 2
        while called.casefold() in taken:
            called, count = f"{name}_{count}", count + 1
        return called


def _keyed(trait: Trait, key: bool) -> Trait:  # noqa: FBT001  the part of a key is one
    return Trait(trait.name, trait.key or key, trait.multivalued, trait.derived, trait.parts)


def _plain(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_") or "relation"

"""A conceptual sketch as a value: entities, relationships and what takes part how often (Chen 1976).

Chen, The entity-relationship model: toward a unified view of data, ACM TODS 1(1), 1976; generalization and
participation as in Elmasri & Navathe's extended model.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from dbworkbench.errors import DesignError, UnknownName


@dataclass(frozen=True, slots=True)
class Trait:
    """An attribute of an entity or a relationship; `parts` make it composite.

    A `key` trait tells entities apart; of a weak entity it does so only together with its owner.
    """

    name: str
    key: bool = False
    multivalued: bool = False
    derived: bool = False
    parts: tuple["Trait", ...] = ()

    def __post_init__(self) -> None:
        if not self.name:
            raise DesignError("an attribute of a sketch needs a name")


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of thing; a `weak` one cannot be told apart without the owner it depends on."""

    name: str
    attributes: tuple[Trait, ...] = ()
    weak: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            raise DesignError("an entity needs a name")
        _no_twice([trait.name for trait in self.attributes], f"attributes of {self.name!r}")


@dataclass(frozen=True, slots=True)
class Cardinality:
    """How often one thing takes part in a relationship: at least `least`, at most `most` times (None: any number).

    >>> str(Cardinality(1, None))
    '(1,N)'
    """

    least: int = 0
    most: int | None = None

    def __post_init__(self) -> None:
        if self.least < 0 or (self.most is not None and (self.most < 1 or self.most < self.least)):
            raise DesignError(f"no thing can take part {self.least} to {self.most} times")

    @property
    def total(self) -> bool:
        """Whether every one takes part."""
        return self.least > 0

    def __str__(self) -> str:
        return f"({self.least},{'N' if self.most is None else self.most})"


@dataclass(frozen=True, slots=True)
class Participant:
    """An entity that takes part in a relationship, how often, and as what."""

    entity: str
    cardinality: Cardinality = Cardinality()
    role: str = ""


@dataclass(frozen=True, slots=True)
class Relationship:
    """What relates entities; an `identifying` one leads a weak entity to its owner."""

    name: str
    participants: tuple[Participant, ...]
    attributes: tuple[Trait, ...] = ()
    identifying: bool = False

    def __post_init__(self) -> None:
        if len(self.participants) < 2:
            raise DesignError(f"the relationship {self.name!r} relates fewer than two — name its participants")
        _no_twice([trait.name for trait in self.attributes], f"attributes of {self.name!r}")


@dataclass(frozen=True, slots=True)
class Generalization:
    """Special kinds of a general entity; `disjoint`: none is two of them, `total`: each is one of them."""

    general: str
    special: tuple[str, ...]
    disjoint: bool = True
    total: bool = False

    def __post_init__(self) -> None:
        if not self.special:
            raise DesignError(f"a generalization of {self.general!r} names no special entity")


@dataclass(frozen=True, slots=True)
class Sketch:
    """Entities and how they relate.

    Raises DesignError where two share a name and UnknownName where a relationship names no entity.
    """

    entities: tuple[Entity, ...]
    relationships: tuple[Relationship, ...] = ()
    generalizations: tuple[Generalization, ...] = ()
    name: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        _no_twice([entity.name for entity in self.entities], "entities")
        for named in self._named():
            if named not in self.names:
                raise UnknownName("entity", named, self.names)

    def _named(self) -> Iterator[str]:
        for relationship in self.relationships:
            yield from (participant.entity for participant in relationship.participants)
        for generalization in self.generalizations:
            yield from (generalization.general, *generalization.special)

    @property
    def names(self) -> tuple[str, ...]:
        """The entities' names, in order."""
        return tuple(entity.name for entity in self.entities)

    def __getitem__(self, name: str) -> Entity:
        for entity in self.entities:
            if entity.name == name:
                return entity
        raise UnknownName("entity", name, self.names)


def _no_twice(names: list[str], what: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise DesignError(f"two {what} are called {name!r} — rename one")

"""A relation as a value: its attributes, its rules, its access paths and the dependencies declared for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.attribute import Attribute, Declared, Domain, Generated, Identity
from dbworkbench.schema.index import Index, Part
from dbworkbench.schema.partitioning import Partition, Partitioning
from dbworkbench.schema.rules import Check, Exclusion, ForeignKey, Key
from dbworkbench.shown import Shown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, Dependency, in_order
from dbworkbench.theory.keys import candidate_keys

__all__ = [
    "Attribute",
    "Check",
    "Declared",
    "Domain",
    "Exclusion",
    "ForeignKey",
    "Generated",
    "Identity",
    "Index",
    "Key",
    "Part",
    "Partition",
    "Partitioning",
    "Relation",
]


@dataclass(frozen=True, slots=True)
class Relation(Shown):
    """A relation scheme: what its rows hold and which rules they obey. The first key is the primary key.

    Raises DesignError where it contradicts itself and UnknownName where a rule names no attribute.
    """

    name: str
    attributes: tuple[Attribute, ...]
    keys: tuple[Key, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    checks: tuple[Check, ...] = ()
    indexes: tuple[Index, ...] = ()
    dependencies: frozenset[Dependency] = frozenset()
    note: str = ""
    exclusions: tuple[Exclusion, ...] = ()
    partitioning: Partitioning | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise DesignError("a relation needs a name")
        if not self.attributes:
            raise DesignError(f"the relation {self.name!r} has no attributes — give it at least one")
        seen: set[str] = set()
        for name in self.names:
            if not name:
                raise DesignError(f"an attribute of {self.name!r} has no name")
            if name in seen:
                raise DesignError(f"{self.name!r} has two attributes called {name!r} — rename one")
            seen.add(name)
        rules: list[Key | ForeignKey | Index | Exclusion] = [*self.keys, *self.foreign_keys]
        rules += [*self.indexes, *self.exclusions]
        used: list[Iterable[str]] = [sorted(dependency.attributes) for dependency in in_order(self.dependencies)]
        used += [rule.attributes for rule in rules]
        used += [index.include for index in self.indexes]
        used += [self.partitioning.attributes] if self.partitioning else []
        for names in used:
            for name in names:
                if name not in seen:
                    raise UnknownName("attribute", name, self.names)
        for rule in rules:
            what = type(rule).__name__.lower().replace("foreignkey", "foreign key")
            parts = rule.on if isinstance(rule, Index | Exclusion) else rule.attributes
            if not parts and not isinstance(rule, Key):
                raise DesignError(f"a {what} of {self.name!r} names no attribute")
            twice = rule.attributes if isinstance(rule, Key | ForeignKey | Index) else ()
            if len(set(twice)) != len(twice):
                raise DesignError(f"a {what} of {self.name!r} names an attribute twice: {', '.join(rule.attributes)}")
        for foreign_key in self.foreign_keys:
            if len(foreign_key.attributes) != len(foreign_key.referenced):
                raise DesignError(
                    f"a foreign key of {self.name!r} to {foreign_key.relation!r} has {len(foreign_key.attributes)} "
                    f"attributes but names {len(foreign_key.referenced)} there"
                )

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes' names, in order."""
        return tuple(attribute.name for attribute in self.attributes)

    def __getitem__(self, name: str) -> Attribute:
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise UnknownName("attribute", name, self.names)

    @property
    def fds(self) -> tuple[FD, ...]:
        """The functional dependencies: those declared, and those that the declared keys imply."""
        declared = [dependency for dependency in in_order(self.dependencies) if isinstance(dependency, FD)]
        whole = frozenset(self.names)
        implied = [FD(frozenset(key.attributes), whole - frozenset(key.attributes)) for key in self.keys]
        return (*declared, *(fd for fd in implied if fd.dependent))

    def closure(self, attributes: Iterable[str]) -> frozenset[str]:
        """Every attribute that `attributes` determine under `fds`; raises UnknownName."""
        given = tuple(attributes)
        for name in given:
            self[name]
        return closure(given, self.fds)

    def candidate_keys(self, most: int | None = None) -> tuple[frozenset[str], ...]:
        """The minimal sets of attributes that determine all others under `fds`; at most `most` of them.

        There can be exponentially many: give `most` for a design you did not write.
        """
        return _candidate_keys(self.names, self.fds, most)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The first declared key, else one candidate key: as few attributes as the first ones found have, in order."""
        if self.keys:
            return self.keys[0].attributes
        found = self.candidate_keys(most=64)
        place = {name: at for at, name in enumerate(self.names)}
        best = min(found, key=lambda key: (len(key), sorted(place[name] for name in key)))
        return tuple(sorted(best, key=place.__getitem__))

    def with_dependencies(self, dependencies: Iterable[Dependency]) -> "Relation":
        """The same relation with further dependencies declared."""
        return replace(self, dependencies=self.dependencies | frozenset(dependencies))


@cache
def _candidate_keys(names: tuple[str, ...], fds: tuple[FD, ...], most: int | None) -> tuple[frozenset[str], ...]:
    return tuple(islice(candidate_keys(names, fds), most))

"""A relation as a value: attributes, keys, references, checks and the dependencies declared for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.types import Type, Unknown
from dbworkbench.shown import Shown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD, Dependency, in_order
from dbworkbench.theory.keys import candidate_keys


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named property of a relation; `default` is an SQL expression."""

    name: str
    type: Type = Unknown()
    nullable: bool = False
    default: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """Attributes whose values tell rows apart, in the order a person chose."""

    attributes: tuple[str, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A promise that each value of `attributes` is a key value of another relation; the sides correspond in order.

    `on_delete` and `on_update` are "", "cascade", "set null", "set default", "restrict" or "no action".
    """

    attributes: tuple[str, ...]
    relation: str
    referenced: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """A condition, in SQL, that each row meets or leaves unknown."""

    expression: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """An access path wished for; `where` makes it partial."""

    attributes: tuple[str, ...]
    unique: bool = False
    where: str = ""
    name: str = ""


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
        rules: tuple[Key | ForeignKey | Index, ...] = (*self.keys, *self.foreign_keys, *self.indexes)
        used: list[Iterable[str]] = [sorted(dependency.attributes) for dependency in in_order(self.dependencies)]
        used += [rule.attributes for rule in rules]
        for names in used:
            for name in names:
                if name not in seen:
                    raise UnknownName("attribute", name, self.names)
        for rule in rules:
            what = type(rule).__name__.lower().replace("foreignkey", "foreign key")
            if not rule.attributes and not isinstance(rule, Key):
                raise DesignError(f"a {what} of {self.name!r} names no attribute")
            if len(set(rule.attributes)) != len(rule.attributes):
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

"""A schema as a value: an ordered family of relations whose references fit."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.attribute import Domain
from dbworkbench.schema.definition import Definition
from dbworkbench.schema.relation import Relation
from dbworkbench.shown import Shown

if TYPE_CHECKING:
    from dbworkbench.schema.changes import Change

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Schema(Shown):
    """An ordered family of relations, the domains of their attributes, and what else belongs to them as text.

    `domains` holds those that attributes have, whether they were given here or not. Raises DesignError where two
    relations or two domains share a name or a foreign key does not reach a key, and UnknownName where it names a
    relation or an attribute that is not there.
    """

    relations: tuple[Relation, ...]
    name: str = ""
    note: str = ""
    domains: tuple[Domain, ...] = ()
    definitions: tuple[Definition, ...] = ()
    _by_name: dict[str, Relation] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name: dict[str, Relation] = {}
        for relation in self.relations:
            if relation.name in by_name:
                raise DesignError(f"two relations are called {relation.name!r} — rename one")
            by_name[relation.name] = relation
        object.__setattr__(self, "_by_name", by_name)
        object.__setattr__(self, "domains", self._all_domains())
        declared: dict[str, frozenset[frozenset[str]]] = {}
        for relation in self.relations:
            for foreign_key in relation.foreign_keys:
                target = self[foreign_key.relation]
                for name in foreign_key.referenced:
                    target[name]
                if target.name not in declared:
                    declared[target.name] = frozenset(_declared(target))
                wanted_key = frozenset(foreign_key.referenced)
                if wanted_key not in declared[target.name] and not reaches_a_key(target, foreign_key.referenced):
                    wanted = " or ".join("(" + ", ".join(key.attributes) + ")" for key in target.keys)
                    raise DesignError(
                        f"the foreign key {relation.name}({', '.join(foreign_key.attributes)}) refers to "
                        f"{target.name}({', '.join(foreign_key.referenced)}), which is no key there — "
                        + (f"refer to {wanted}" if wanted else f"declare a key of {target.name}")
                    )

    def _all_domains(self) -> tuple[Domain, ...]:
        """The domains given, and then those that attributes have; raises DesignError where two have one name."""
        used = (one.domain for relation in self.relations for one in relation.attributes if one.domain is not None)
        found: dict[str, Domain] = {}
        for domain in (*self.domains, *used):
            if found.setdefault(domain.name, domain) != domain:
                raise DesignError(f"two domains are called {domain.name!r} — rename one, or make them the same")
        return tuple(found.values())

    @property
    def names(self) -> tuple[str, ...]:
        """The relations' names, in order."""
        return tuple(relation.name for relation in self.relations)

    def __getitem__(self, name: str) -> Relation:
        if name not in self._by_name:
            raise UnknownName("relation", name, self.names)
        return self._by_name[name]

    def __iter__(self) -> Iterator[Relation]:
        return iter(self.relations)

    def __len__(self) -> int:
        return len(self.relations)

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def apply(self, *changes: "Change") -> "Schema":
        """The schema after the changes, in order: see applying.apply. Raises DesignError and UnknownName."""
        from dbworkbench.schema.applying import apply  # noqa: PLC0415  changes are made of schemas

        return apply(self, *changes)

    def pipe(self, verb: "Callable[Concatenate[Schema, P], T]", *args: P.args, **options: P.kwargs) -> T:
        """`verb(self, …)`, for those who like chains."""
        return verb(self, *args, **options)

    def nearest(self, name: str) -> str | None:
        """The relation whose name is most like `name`, if any is."""
        return next(iter(get_close_matches(name, self.names, n=1)), None)

    def in_reference_order(self) -> tuple[tuple[Relation, ...], ...]:
        """The relations grouped so that each group refers only to itself and to groups before it.

        A group of more than one relation is a cycle of references. Within the groups, and among groups that
        could stand either way, the schema's own order is kept. Linear in relations and references.
        """
        place = {name: at for at, name in enumerate(self.names)}
        targets = {
            relation.name: sorted({fk.relation for fk in relation.foreign_keys}, key=place.__getitem__)
            for relation in self.relations
        }
        return tuple(
            tuple(self[name] for name in sorted(group, key=place.__getitem__))
            for group in _strong_components(self.names, targets)
        )


def reaches_a_key(target: Relation, referenced: tuple[str, ...]) -> bool:
    """Whether attributes are a key of a relation, or a unique index, or determine all of one without keys."""
    wanted = frozenset(referenced)
    if any(wanted == key for key in _declared(target)):
        return True
    return not target.keys and target.closure(referenced) == frozenset(target.names)


def _declared(target: Relation) -> Iterator[frozenset[str]]:
    """The sets of attributes that are declared a key of a relation, or a unique index."""
    yield from (frozenset(key.attributes) for key in target.keys)
    yield from (frozenset(index.attributes) for index in target.indexes if index.is_key)


def _strong_components(names: tuple[str, ...], targets: dict[str, list[str]]) -> Iterator[list[str]]:
    """Tarjan's strong components without recursion: each comes after those it refers to (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    for root in names:
        if root in index:
            continue
        walk = [(root, iter(targets[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        waiting.add(root)
        while walk:
            here, ahead = walk[-1]
            for there in ahead:
                if there not in index:
                    index[there] = low[there] = len(index)
                    stack.append(there)
                    waiting.add(there)
                    walk.append((there, iter(targets[there])))
                    break
                if there in waiting:
                    low[here] = min(low[here], index[there])
            else:
                walk.pop()
                if walk:
                    low[walk[-1][0]] = min(low[walk[-1][0]], low[here])
                if low[here] == index[here]:
                    group: list[str] = []
                    while not group or group[-1] != here:
                        group.append(stack.pop())
                        waiting.discard(group[-1])
                    yield group

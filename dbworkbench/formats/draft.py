"""Tables as a file of another tool states them, on the way to a schema: names are looked up when all are known."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dbworkbench.errors import DataError
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Loss, Read
from dbworkbench.schema.relation import Attribute, Check, Domain, Exclusion, ForeignKey, Index, Key, Relation
from dbworkbench.schema.rules import Deferrable, Enforced
from dbworkbench.schema.schema import Schema, reaches_a_key
from dbworkbench.schema.types import Enumeration, Unknown
from dbworkbench.sql.quotients import settled_rules
from dbworkbench.theory.dependencies import Dependency

__all__ = ["Draft", "Reference", "Table"]

_MOST_MET = 3


@dataclass(slots=True)
class Reference:
    """A foreign key as it stands there; without `referenced` it means the primary key."""

    attributes: tuple[str, ...]
    table: tuple[str, ...]
    referenced: tuple[str, ...] = ()
    on_delete: str = ""
    on_update: str = ""
    name: str = ""
    deferrable: Deferrable = ""
    match_full: bool = False
    enforced: Enforced = "always"


@dataclass(slots=True)
class Table:
    """A table as it stands there; `name` has its qualifiers, outermost first."""

    name: tuple[str, ...]
    attributes: list[Attribute] = field(default_factory=list)
    primary: Key | None = None
    uniques: list[Key] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    indexes: list[Index] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)
    dependencies: frozenset[Dependency] = frozenset()
    note: str = ""

    def has(self, name: str) -> bool:
        """Whether it has an attribute of this name."""
        return any(attribute.name == name for attribute in self.attributes)

    def retype(self, attribute: Attribute) -> None:
        """Put an attribute in the place of the one of its name."""
        self.attributes = [attribute if one.name == attribute.name else one for one in self.attributes]


@dataclass(slots=True)
class Draft:
    """All tables of a file, and what of it a schema does not hold."""

    tables: list[Table] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)
    title: str = ""
    note: str = ""
    domains: dict[str, Domain] = field(default_factory=dict)
    added: dict[tuple[str, ...], dict[frozenset[str], Index]] = field(default_factory=dict)
    """Unique indexes that references need, by table."""
    infers: bool = False  # whether a column without a type has that of the column it refers to

    def lose(self, subject: str, feature: str, instead: str = "not read") -> None:
        """Report what is not carried over."""
        self.losses.append(Loss(subject, feature, instead))

    def read(self) -> Read:
        """The schema; rules that name what is not there are reported and left out. Raises DataError for no table."""
        tables = self._distinct()
        if not tables:
            met = "; ".join(f"{loss.subject}: {loss.feature}" for loss in dict.fromkeys(self.losses[:_MOST_MET]))
            raise DataError(f"there is no table in it{' — ' if met else ''}{met}")
        plain: dict[str, int] = {}
        for table in tables:
            plain[table.name[-1]] = plain.get(table.name[-1], 0) + 1
        names = {table.name: table.name[-1] if plain[table.name[-1]] == 1 else ".".join(table.name) for table in tables}
        made = {table.name: self._relation(table, names[table.name]) for table in tables}
        by_end: dict[str, list[tuple[str, ...]]] = {}
        for name in made:
            by_end.setdefault(name[-1].casefold(), []).append(name)
        kept: dict[tuple[str, ...], list[ForeignKey]] = {name: [] for name in made}
        known = {name: frozenset(relation.names) for name, relation in made.items()}
        self.added = {}
        for table in tables:
            for reference in table.references:
                target = _target(reference.table, made, by_end)
                if target is None:
                    self.lose(_told(names[table.name], reference), "a table that is not here")
                elif not _fits(reference, made[target], known[table.name], known[target]):
                    self.lose(_told(names[table.name], reference), "columns that do not fit")
                else:
                    found = self._foreign_key(made[target], names[table.name], reference, target)
                    kept[table.name].append(replace(found, relation=names[target]))
        for name, indexes in self.added.items():
            made[name] = replace(made[name], indexes=(*made[name].indexes, *indexes.values()))
        if self.infers:
            _infer(made, kept)
        whole = tuple(replace(made[name], foreign_keys=tuple(dict.fromkeys(keys))) for name, keys in kept.items())
        domains = tuple(self.domains.values())
        return Read(Schema(whole, self.title, self.note, domains), tuple(dict.fromkeys(self.losses)))

    def enumeration(self, name: str, values: Iterable[str]) -> Domain | None:
        """The enumeration of a name: None where it has no values, or others were said of this name before."""
        given = tuple(values)
        listed = tuple(dict.fromkeys(given))
        if len(listed) < len(given):
            twice = next(one for one in listed if given.count(one) > 1)
            self.lose(name, f"the value {twice!r}, said twice", "read once")
        if not listed:
            self.lose(name, "an enumeration without values")
            return None
        made = Domain(name, Enumeration(listed))
        if self.domains.setdefault(name, made) != made:
            self.lose(name, f"a second enumeration of this name, {', '.join(listed)}", "read without its name")
            return None
        return made

    def _distinct(self) -> list[Table]:
        found: dict[tuple[str, ...], Table] = {}
        for table in self.tables:
            if not table.attributes:
                self.lose(".".join(table.name), "a table without columns")
            elif table.name in found:
                self.lose(".".join(table.name), "a second table of this name")
            else:
                found[table.name] = table
        return list(found.values())

    def _relation(self, table: Table, name: str) -> Relation:
        attributes: dict[str, Attribute] = {}
        for attribute in table.attributes:
            if attribute.name in attributes:
                self.lose(f"{name}.{attribute.name}", "a second column of this name")
            else:
                attributes[attribute.name] = attribute
        keys: list[Key] = []
        indexes: list[Index] = []
        if table.primary and self._known(table.primary.attributes, attributes, f"{name}: the primary key"):
            keys.append(_once(table.primary))
            for part in table.primary.attributes:
                attributes[part] = replace(attributes[part], nullable=False)
        for unique in table.uniques:
            if not self._known(unique.attributes, attributes, f"{name}: a key"):
                continue
            if keys:
                keys.append(_once(unique))
            else:
                own = _once(unique)
                indexes.append(Index(own.attributes, True, name=own.name, nulls_distinct=own.nulls_distinct))
        for index in table.indexes:
            named = (*index.attributes, *index.include)
            if any(part.expression for part in index.parts) and not named:
                indexes.append(index)
            elif self._known(named, attributes, f"{name}: the index {index.name}".rstrip()):
                indexes.append(replace(index, on=_each_once(index)))
        exclusions = [
            one
            for one in table.exclusions
            if not one.attributes
            or self._known(one.attributes, attributes, f"{name}: the exclusion {one.name}".rstrip())
        ]
        relation = Relation(
            name,
            tuple(attributes.values()),
            tuple(dict.fromkeys(keys)),
            (),
            tuple(dict.fromkeys(table.checks)),
            tuple(dict.fromkeys(indexes)),
            table.dependencies,
            table.note,
            tuple(dict.fromkeys(exclusions)),
        )
        return settled_rules(relation, self.lose)

    def _known(self, names: Iterable[str], attributes: dict[str, Attribute], what: str) -> bool:
        given = tuple(names)
        missing = [name for name in given if name not in attributes]
        if missing or not given:
            self.lose(what, f"a column that is not there: {', '.join(missing)}" if missing else "no column in it")
        return bool(given) and not missing

    def _foreign_key(self, other: Relation, source: str, reference: Reference, target: tuple[str, ...]) -> ForeignKey:
        there = reference.referenced or other.primary_key
        if frozenset(there) not in self.added.get(target, ()) and not reaches_a_key(other, there):
            said = _told(source, reference)
            self.lose(said, "what it refers to is not declared a key", "read with a key added")
            self.added.setdefault(target, {})[frozenset(there)] = Index(there, unique=True)
        return ForeignKey(
            reference.attributes,
            other.name,
            there,
            reference.on_delete,
            reference.on_update,
            reference.name,
            reference.deferrable,
            reference.match_full,
            reference.enforced,
        )


def _told(source: str, reference: Reference) -> str:
    """A reference's name in losses."""
    return f"{source}: the foreign key ({', '.join(reference.attributes)}) to {'.'.join(reference.table)}"


def _fits(reference: Reference, other: Relation, own: frozenset[str], others: frozenset[str]) -> bool:
    """Whether there are as many columns on either side, each once, and all of them there."""
    here, there = reference.attributes, reference.referenced or other.primary_key
    fits = len(here) == len(there) == len(set(here)) == len(set(there)) and bool(here)
    return fits and own.issuperset(here) and others.issuperset(there)


def _target(
    name: tuple[str, ...], made: dict[tuple[str, ...], Relation], by_end: dict[str, list[tuple[str, ...]]]
) -> tuple[str, ...] | None:
    """The table that a name means: the one it equals, else the only one that ends alike, but for case."""
    if name in made:
        return name
    near = [known for known in by_end.get(name[-1].casefold(), []) if _ends_alike(known, name, exact=True)]
    if len(near) != 1:
        near = [known for known in by_end.get(name[-1].casefold(), []) if _ends_alike(known, name, exact=False)]
    return near[0] if len(near) == 1 else None


def _ends_alike(known: tuple[str, ...], name: tuple[str, ...], *, exact: bool) -> bool:
    short = min(len(known), len(name))
    if exact:
        return known[-short:] == name[-short:]
    return [part.casefold() for part in known[-short:]] == [part.casefold() for part in name[-short:]]


def _once(key: Key) -> Key:
    return replace(key, attributes=tuple(dict.fromkeys(key.attributes)))


def _each_once(index: Index) -> tuple[str | Part, ...]:
    """What an index is on, each attribute the first time."""
    seen: set[str] = set()
    found: list[Part] = []
    for part in index.parts:
        if part.expression or part.attribute not in seen:
            seen.add(part.attribute)
            found.append(part)
    return tuple(found)


def _infer(made: dict[tuple[str, ...], Relation], kept: dict[tuple[str, ...], list[ForeignKey]]) -> None:
    """Give columns without a type that of what they refer to, along chains of references."""
    by_name = {relation.name: known for known, relation in made.items()}
    for _ in range(4):
        for known, keys in kept.items():
            types = {
                here: made[by_name[key.relation]][there].type
                for key in keys
                for here, there in zip(key.attributes, key.referenced, strict=True)
            }
            made[known] = replace(
                made[known],
                attributes=tuple(
                    replace(one, type=types[one.name]) if one.type == Unknown() and one.name in types else one
                    for one in made[known].attributes
                ),
            )

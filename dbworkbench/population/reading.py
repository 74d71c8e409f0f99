"""What a relation asks of its rows, read once: dependencies, references, conditions, and their structure."""

from collections.abc import Mapping
from dataclasses import dataclass

from dbworkbench.population.conditions import Conditions, conditions
from dbworkbench.population.multivalued import Star, star, strengthened
from dbworkbench.population.structure import Structure, structure
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Index, Relation
from dbworkbench.schema.types import Integer, Unknown
from dbworkbench.theory.closure import closure
from dbworkbench.theory.dependencies import FD

_LINE_WORDS = frozenset(
    {"line", "seq", "sequence", "pos", "position", "no", "nr", "number", "num", "item", "ordinal", "step", "index"}
    | {"version", "rank", "order"}
)


@dataclass(frozen=True)
class Group:
    """References that share attributes: together they say which combinations of values may stand there.

    `within` are the dependencies among the attributes that the chosen combinations must obey.
    """

    name: str
    attributes: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]
    within: tuple[FD, ...] = ()

    @property
    def single(self) -> bool:
        """Whether the group is one attribute, which then stands for itself."""
        return len(self.attributes) == 1


@dataclass(frozen=True)
class Numbered:
    """Two keys that differ in one attribute: `line` counts within the rest, and `other` is a different one each time."""

    line: str
    other: str


@dataclass(frozen=True)
class Reading:
    """A relation with all that its rows must obey.

    `groups` are the references kept while rows are made, `later` those filled in once all rows exist. `unique` are
    the attributes of keys and unique indexes, where no value is unknown. `partial` are unique indexes on some rows.
    `numbered` says that the structure leaves it to the codes that `other` and the rest of its key tell which line it is.
    """

    relation: Relation
    conditions: Conditions
    groups: tuple[Group, ...]
    later: tuple[ForeignKey, ...]
    structure: Structure
    star: Star | None
    fds: frozenset[FD]
    unique: frozenset[str]
    partial: tuple[Index, ...]
    numbered: Numbered | None = None

    @property
    def group_of(self) -> Mapping[str, Group]:
        """The group of each attribute that is part of a reference."""
        return {name: group for group in self.groups for name in group.attributes}


def read(relation: Relation, ready: frozenset[str], *, stars: bool = True) -> Reading:
    """Read a relation whose references to the relations `ready` can be looked up while its rows are made.

    Without `stars`, multivalued dependencies are kept by functional ones, and no attribute is `numbered`.
    """
    full = [index for index in relation.indexes if index.is_key]
    partial = tuple(index for index in relation.indexes if index.unique and not index.is_key)
    whole = frozenset(relation.names)
    fds = frozenset(relation.fds) | {FD(frozenset(i.attributes), whole - frozenset(i.attributes)) for i in full}
    fds = frozenset(fd for fd in fds if fd.dependent)
    referring = [
        fk
        for fk in dict.fromkeys(relation.foreign_keys)
        if (fk.relation, fk.referenced) != (relation.name, fk.attributes)
    ]
    later = tuple(fk for fk in referring if len(fk.attributes) > 1 and fk.relation not in ready)
    groups = _groups(relation, [fk for fk in referring if fk not in later])
    found = None
    if stars and all(group.single for group in groups):
        found = star(relation.names, relation.dependencies, fds)
    if found is None:
        fds = strengthened(relation.names, relation.dependencies, fds)
        lined = _numbered(relation, groups, fds) if stars else None
        rest = fds if lined is None else frozenset(fd for fd in fds if lined.line not in fd.dependent)
        groups, shape = _structured(relation, groups, rest)
    else:
        shape, fds, lined = found.among, found.fds, None
    known = [*(key.attributes for key in relation.keys), *(index.attributes for index in (*full, *partial))]
    unique = frozenset(name for attributes in known for name in attributes)
    return Reading(relation, conditions(relation), groups, later, shape, found, fds, unique, partial, lined)


def counts(attribute: Attribute) -> bool:
    """Whether a name says that whole numbers from 1 on tell apart what is of one thing, as `line_no` and `position` do."""
    words = attribute.name.casefold().replace("_", " ").split()
    return isinstance(attribute.type, Integer | Unknown) and words[-1:] != [] and words[-1] in _LINE_WORDS


def _numbered(relation: Relation, groups: tuple[Group, ...], fds: frozenset[FD]) -> Numbered | None:
    """Which attribute counts where a relation has just two keys, alike but for that one, and nothing else decides."""
    keys = {fd.determinant for fd in fds}
    if len(keys) != 2 or any(closure(key, fds) < set(relation.names) for key in keys):
        return None
    one, two = keys
    referring = {name for group in groups for name in group.attributes}
    composite = {name for group in groups if not group.single for name in group.attributes}
    for first, second in ((one, two), (two, one)):
        line, other = first - second, second - first
        if len(line) == len(other) == 1 and first & second and not composite & second:
            (at,), (by,) = line, other
            if at not in referring and counts(relation[at]):
                return Numbered(at, by)
    return None


def _groups(relation: Relation, foreign_keys: list[ForeignKey]) -> tuple[Group, ...]:
    """References joined where they share attributes, unless both are of one attribute each side."""
    parts: list[tuple[set[str], list[ForeignKey]]] = []
    for foreign_key in foreign_keys:
        joined: tuple[set[str], list[ForeignKey]] = (set(foreign_key.attributes), [foreign_key])
        rest: list[tuple[set[str], list[ForeignKey]]] = []
        for part in parts:
            if part[0] & joined[0]:
                joined = (part[0] | joined[0], [*part[1], *joined[1]])
            else:
                rest.append(part)
        parts = [*rest, joined]
    found: list[Group] = []
    for names, keys in parts:
        attributes = tuple(name for name in relation.names if name in names)
        name = attributes[0] if len(attributes) == 1 else _unused("+".join(attributes), relation)
        found.append(Group(name, attributes, tuple(keys)))
    return tuple(found)


def _unused(name: str, relation: Relation) -> str:
    while name in relation.names:
        name += "+"
    return name


def _structured(
    relation: Relation, groups: tuple[Group, ...], fds: frozenset[FD]
) -> tuple[tuple[Group, ...], Structure]:
    """The structure with a name for each composite reference; what would tear one apart makes it one-to-one."""
    one_to_one: set[str] = set()
    while True:
        among: list[Group] = []
        given = fds
        for group in groups:
            if group.single:
                among.append(group)
                continue
            inside = frozenset(group.attributes)
            extra = {FD(frozenset({name}), inside) for name in inside} if group.name in one_to_one else set()
            within, given = _referring(group, given | extra)
            among.append(Group(group.name, group.attributes, group.foreign_keys, within))
        names = (*relation.names, *(group.name for group in groups if not group.single))
        first = frozenset(group.name for group in groups)
        shape = structure(names, given, first)
        torn = {
            group.name
            for group in among
            if not group.single and group.name not in one_to_one and not _looked_up(group, shape)
        }
        if not torn:
            return tuple(among), shape
        one_to_one |= torn


def _looked_up(group: Group, shape: Structure) -> bool:
    """Whether each attribute of a composite reference follows from the reference and from nothing else.

    One that tells which reference it is may only do so where no two of the references that are chosen from share it.
    """
    own = shape.representative.get(group.name)
    for name in group.attributes:
        found = shape.representative.get(name)
        if found is None:
            continue
        if found == own and not closure((name,), frozenset(group.within)) >= set(group.attributes):
            return False
        if found != own and shape.derived.get(found) != (own,):
            return False
    return True


def _referring(group: Group, fds: frozenset[FD]) -> tuple[tuple[FD, ...], frozenset[FD]]:
    """The dependencies inside a reference's attributes, and all others said by the reference's own name."""
    inside = frozenset(group.attributes)
    within: set[FD] = set()
    for fd in fds:
        kept = (closure(fd.determinant, fds) & inside) - fd.determinant
        if fd.determinant <= inside and kept:
            within.add(FD(fd.determinant, kept))
    constant = closure((), fds) & inside
    found: set[FD] = {FD(frozenset({group.name}), inside)}
    if constant:
        found.add(FD(frozenset(), constant))
        within.add(FD(frozenset(), constant))
    internal = frozenset(within)
    for name in inside:
        if closure((name,), internal) >= inside:
            found.add(FD(frozenset({name}), frozenset({group.name})))
    for fd in fds:
        determinant, dependent = fd.determinant, fd.dependent - constant
        if closure(determinant & inside, internal) >= inside and determinant & inside:
            determinant = (determinant - inside) | {group.name}
        if dependent & inside:
            if not (fd.determinant <= inside or group.name in determinant):
                dependent = (dependent - inside) | {group.name}
            else:
                dependent -= inside
        if dependent - determinant:
            found.add(FD(determinant, dependent - determinant))
    ordered = sorted(internal, key=lambda fd: (len(fd.determinant), str(fd)))
    return tuple(ordered), frozenset(found)


def rejecting(reading: Reading, kept: Mapping[str, bool]) -> tuple[Check, ...]:
    """The checks that have to be looked at row by row: those not compiled, or on attributes that do not keep limits."""
    others = list(reading.conditions.others)
    for name, limits in reading.conditions.limits.items():
        if not kept[name]:
            others += [check for check in reading.relation.checks if check.expression in limits.because]
    return tuple(dict.fromkeys(others))

"""What is planned of a schema for one database, and the plan in the making."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, TypeAlias, TypeVar

from dbworkbench.errors import listed
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Check, Exclusion, ForeignKey, Index, Key, Part, Partition, Relation
from dbworkbench.schema.rules import UNENFORCED
from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import Dialect, Feature, Spelling
from dbworkbench.sql.expression import Untold, translated
from dbworkbench.sql.kinds import Kind, kind_of
from dbworkbench.sql.quotients import types_of
from dbworkbench.sql.room import width_of

__all__ = ["AnyRule", "Plan", "Planned", "Planning", "TablePlan", "refers", "said"]

Enforceable = TypeVar("Enforceable", Check, ForeignKey)
R = TypeVar("R", Key, ForeignKey, Check, Index, Exclusion)
AnyRule: TypeAlias = "Planned[Key] | Planned[ForeignKey] | Planned[Check] | Planned[Index] | Planned[Exclusion]"


@dataclass(slots=True, eq=False)
class Planned(Generic[R]):
    """A rule to be written, and the name it gets; "" where the engine may choose."""

    rule: R
    name: str = ""
    what: str = ""
    """The subject of the loss, where a check, an index or a reference has to go."""


@dataclass(slots=True, eq=False)
class TablePlan:
    """One relation as the engine will have it.

    The first key is the primary key if `primary` says so. References `inside` stand in CREATE TABLE, those `after` are
    added when the whole cycle is there; `cycle` names the other relations of the relation's cycle of references. The
    expressions of checks, defaults and indexes are in the dialect's words, as are the attributes' types. `computed` and
    `numbered` are the clauses that fill attributes, `partitioned` the one that lays rows into `partitions`.
    """

    relation: Relation
    types: dict[str, Spelling]
    cycle: frozenset[str] = frozenset()
    primary: bool = False
    keys: list[Planned[Key]] = field(default_factory=list)
    inside: list[Planned[ForeignKey]] = field(default_factory=list)
    after: list[Planned[ForeignKey]] = field(default_factory=list)
    checks: list[Planned[Check]] = field(default_factory=list)
    indexes: list[Planned[Index]] = field(default_factory=list)
    exclusions: list[Planned[Exclusion]] = field(default_factory=list)
    computed: dict[str, str] = field(default_factory=dict)
    numbered: dict[str, str] = field(default_factory=dict)
    collations: dict[str, str] = field(default_factory=dict)
    unnoted: set[str] = field(default_factory=set)
    """Attributes whose notes have no room."""
    bare: set[str] = field(default_factory=set)
    """Computed attributes of which the engine cannot promise that they are never NULL."""
    partitioned: str = ""
    clustered: str = ""
    """The clause that keeps rows in an order, or what ClickHouse sorts by."""
    sorted_by: Planned[Key] | Planned[Index] | None = None
    """The key or the index in whose order the rows are, where it is not the primary key though one is written."""
    partitions: tuple[Partition, ...] = ()
    defaults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The tables in the order in which they can be created, cycles of references together, and what is lost."""

    cycles: tuple[tuple[TablePlan, ...], ...]
    names: Mapping[tuple[str, ...], str]
    losses: tuple[Loss, ...]
    schema: Schema
    """The schema that is written: its relations say themselves what domains ask that the engine has no word for."""
    domains: tuple[str, ...] = ()
    """The statements that make the domains which attributes are written with."""


@dataclass(slots=True, eq=False)
class Planning:
    """A plan in the making: what is known of the whole schema, the tables so far, and what is lost."""

    dialect: Dialect
    schema: Schema
    domains: tuple[str, ...]
    names: Mapping[tuple[str, ...], str]
    referenced: Mapping[str, tuple[tuple[str, ...], ...]]
    """For each relation, the lists of its attributes that foreign keys refer to."""
    running: Mapping[tuple[str, str], Spelling]
    """The types of the attributes that count by themselves, where that is their type."""
    losses: list[Loss]
    tables: dict[str, TablePlan] = field(default_factory=dict)
    alike: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """What is lost of many attributes alike, with what is done instead, and the attributes."""

    cascades: dict[str, list[str]] = field(default_factory=dict)
    """For each relation, those that are changed with it by the actions that are written."""

    def lose_alike(self, subject: str, feature: str, instead: str) -> None:
        """Tell of what is lost, in one loss for all that lose the same."""
        self.alike.setdefault((feature, instead), []).append(subject)

    def lose(self, subject: str, feature: str, instead: str = "not written") -> None:
        """Tell of what is lost."""
        self.losses.append(Loss(subject, feature, instead))

    def enforced(self, kind: str, what: str, rule: Enforceable) -> Enforceable | None:
        """A check or a foreign key as it can be kept; None where it is switched off and would be asked all the same."""
        if rule.enforced == "always" or (kind, rule.enforced) in self.dialect.unenforced:
            return rule
        if isinstance(rule, ForeignKey) and Feature.REFERENCES_ENFORCED in self.dialect.lacks:
            return replace(rule, enforced="always")
        off = rule.enforced == "never"
        self.lose(what, UNENFORCED[rule.enforced], "not written" if off else "asked of every row")
        return None if off else replace(rule, enforced="always")

    def told(
        self,
        what: str,
        text: str,
        relation: Relation,
        names: Iterable[str],
        kinds: Mapping[str, Kind] | None = None,
    ) -> str | None:
        """An expression over these names in the words of the dialect; None, and told as lost, where it has none."""
        columns = {name: self.names[relation.name, name] for name in names}
        try:
            return translated(text, self.dialect, columns, relation.name, kinds, types=types_of(relation))
        except Untold as reason:
            self.lose(what, str(reason))
            return None

    def condition_told(self, what: str, text: str, relation: Relation) -> str | None:
        """The same of a condition about a row, whose parts have to go together."""
        kinds: dict[str, Kind] = {
            self.names[relation.name, one.name]: "" if one.domain else kind_of(one.type) for one in relation.attributes
        }
        return self.told(what, text, relation, relation.names, kinds)

    def passing(self, told: str) -> str:
        """A check as the dialect is told that it passes where it is unknown."""
        return self.dialect.check_form.replace("{check}", told)

    def part_told(self, what: str, relation: Relation, text: str) -> str | None:
        """The same of what an index, an exclusion or a partitioning computes."""
        return self.told(f"{what}, by {text}", text, relation, relation.names)

    def fits(
        self, relation: Relation, kind: str, names: tuple[str, ...], what: str = "", parts: Iterable[Part] | None = ()
    ) -> bool:
        """Whether the engine can have a key or an index over these attributes; told as lost where it cannot.

        `parts` are those of an index, which may take the beginning of an attribute only; None where it gives way to what is too
        long.
        """
        most = self.dialect.max_key_attributes
        what = what or said(relation, kind, names)
        unfit = next((name for name in names if not self.dialect.keyable(relation[name].type)), None)
        if not names:
            self.lose(what, "at most one row")
        elif most is not None and len(names) > most:
            self.lose(what, f"{len(names)} attributes, where {self.dialect.title} takes {most}")
        elif unfit is not None:
            self.lose(what, f"{unfit} is {self.tables[relation.name].types[unfit].text}, which no {kind} can hold")
        elif self.dialect.max_key_bytes is not None and parts is not None:
            cut = {part.attribute: part.length for part in parts if part.attribute}
            types = self.tables[relation.name].types
            size = sum(width_of(types[name].text, cut.get(name), self.dialect) or 0 for name in {*names, *cut})
            if size <= self.dialect.max_key_bytes:
                return True
            self.lose(what, f"{size:,} bytes, where {self.dialect.title} takes {self.dialect.max_key_bytes:,}")
        else:
            return True
        return False


def said(relation: Relation, kind: str, names: tuple[str, ...]) -> str:
    """A rule over attributes, as losses name it."""
    return f"{relation.name}: the {kind} ({listed(names)})"


def refers(relation: Relation, key: ForeignKey) -> str:
    """A foreign key, as losses name it."""
    return f"{relation.name}: the foreign key ({listed(key.attributes)}) to {key.relation}"

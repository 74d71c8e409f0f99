"""Edits of a design as values: what each asks for.

A drag on the board, a step of normalization, the fix of a finding, the difference of two schemas and an undo are all
made of these. `applying` carries them out and undoes them, `telling` says them in words.
"""

from dataclasses import dataclass
from typing import TypeAlias

from dbworkbench.schema.definition import Definition
from dbworkbench.schema.editing import Spelling
from dbworkbench.schema.relation import (
    Attribute,
    Check,
    Declared,
    Domain,
    Exclusion,
    ForeignKey,
    Generated,
    Identity,
    Index,
    Key,
    Partitioning,
    Relation,
)
from dbworkbench.schema.types import Type
from dbworkbench.theory.dependencies import Dependency


@dataclass(frozen=True, slots=True)
class AddRelation:
    """A new relation, at the place `at` or at the end."""

    relation: Relation
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropRelation:
    """A relation taken away; refused while others refer to it."""

    name: str


@dataclass(frozen=True, slots=True)
class RenameRelation:
    """A relation called otherwise; references and conditions follow."""

    name: str
    to: str
    spellings: tuple[Spelling, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveRelation:
    """A relation put at another place in the schema's order, counted from 0."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class SplitRelation:
    """A relation taken apart into relations that hold its attributes between them.

    The parts stand where the whole stood, or at the places `at`. What referred to the whole refers to the part that
    has the same attributes as a key; `references` says otherwise: (relation, place of the foreign key, part).
    """

    name: str
    into: tuple[Relation, ...]
    at: tuple[int, ...] = ()
    references: tuple[tuple[str, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MergeRelations:
    """Relations put together into one with all their attributes; what referred to one of them refers to the whole."""

    names: tuple[str, ...]
    into: Relation
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddAttribute:
    """A new attribute, at the place `at` or at the end."""

    relation: str
    attribute: Attribute
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropAttribute:
    """An attribute taken away; refused while a rule uses it."""

    relation: str
    name: str


@dataclass(frozen=True, slots=True)
class RenameAttribute:
    """An attribute called otherwise; keys, references, dependencies, indexes and conditions follow."""

    relation: str
    name: str
    to: str
    spellings: tuple[Spelling, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveAttribute:
    """An attribute put at another place in its relation's order, counted from 0."""

    relation: str
    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Retype:
    """Another type for an attribute, or the same `declared` otherwise in an engine's words; what was declared before is gone."""

    relation: str
    attribute: str
    type: Type
    declared: Declared | None = None


@dataclass(frozen=True, slots=True)
class SetNullable:
    """Whether an attribute may be unknown."""

    relation: str
    attribute: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class SetDefault:
    """The SQL expression that fills an attribute left out, or none."""

    relation: str
    attribute: str
    default: str | None


@dataclass(frozen=True, slots=True)
class SetGenerated:
    """The expression that computes an attribute from others, or none."""

    relation: str
    attribute: str
    generated: Generated | None


@dataclass(frozen=True, slots=True)
class SetIdentity:
    """The running number that fills an attribute, or none."""

    relation: str
    attribute: str
    identity: Identity | None


@dataclass(frozen=True, slots=True)
class SetCollation:
    """The order of an attribute's texts, or "" for the engine's own."""

    relation: str
    attribute: str
    collation: str


@dataclass(frozen=True, slots=True)
class SetDomain:
    """The domain of an attribute, with its type; or none (""), and then the `type` that it has without."""

    relation: str
    attribute: str
    domain: str
    type: Type | None = None


@dataclass(frozen=True, slots=True)
class SetPartitioning:
    """How the rows of a relation are laid into parts, or not."""

    relation: str
    partitioning: Partitioning | None


@dataclass(frozen=True, slots=True)
class AddDomain:
    """A new domain, at the place `at` or at the end."""

    domain: Domain
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropDomain:
    """A domain taken away; refused while attributes have it."""

    name: str


@dataclass(frozen=True, slots=True)
class ChangeDomain:
    """Another domain in the place of the one called `name`; its attributes follow."""

    name: str
    domain: Domain


@dataclass(frozen=True, slots=True)
class AddDefinition:
    """A new view, trigger or the like, kept as text, at the place `at` or at the end."""

    definition: Definition
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropDefinition:
    """A definition taken away; refused while another one uses it."""

    definition: Definition
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddKey:
    """A new key; at the place 0 it is the primary one."""

    relation: str
    key: Key
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropKey:
    """A key taken away; refused while a foreign key needs it. `at` tells equal ones apart."""

    relation: str
    key: Key
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddForeignKey:
    """A new reference to a key."""

    relation: str
    foreign_key: ForeignKey
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropForeignKey:
    """A reference taken away."""

    relation: str
    foreign_key: ForeignKey
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddCheck:
    """A new condition on each row."""

    relation: str
    check: Check
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropCheck:
    """A condition taken away."""

    relation: str
    check: Check
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddIndex:
    """A new access path."""

    relation: str
    index: Index
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropIndex:
    """An access path taken away."""

    relation: str
    index: Index
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddExclusion:
    """A new rule that no two rows may share what it compares."""

    relation: str
    exclusion: Exclusion
    at: int | None = None


@dataclass(frozen=True, slots=True)
class DropExclusion:
    """An exclusion taken away."""

    relation: str
    exclusion: Exclusion
    at: int | None = None


@dataclass(frozen=True, slots=True)
class AddDependency:
    """A dependency declared."""

    relation: str
    dependency: Dependency


@dataclass(frozen=True, slots=True)
class DropDependency:
    """A dependency no longer declared."""

    relation: str
    dependency: Dependency


@dataclass(frozen=True, slots=True)
class SetNote:
    """The note on an attribute; on the relation where `attribute` is empty; on the schema where both are."""

    note: str
    relation: str = ""
    attribute: str = ""


Change: TypeAlias = (
    AddRelation
    | DropRelation
    | RenameRelation
    | MoveRelation
    | SplitRelation
    | MergeRelations
    | AddAttribute
    | DropAttribute
    | RenameAttribute
    | MoveAttribute
    | Retype
    | SetNullable
    | SetDefault
    | SetGenerated
    | SetIdentity
    | SetCollation
    | SetDomain
    | SetPartitioning
    | AddDomain
    | DropDomain
    | ChangeDomain
    | AddDefinition
    | DropDefinition
    | AddKey
    | DropKey
    | AddForeignKey
    | DropForeignKey
    | AddCheck
    | DropCheck
    | AddIndex
    | DropIndex
    | AddExclusion
    | DropExclusion
    | AddDependency
    | DropDependency
    | SetNote
)

"""What a format can carry, as data: parts, types, names and the words that come back."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from dbworkbench.schema.relation import Attribute, Declared, Exclusion, Generated, Identity, Index, Relation
from dbworkbench.schema.types import Bytes, Native, Text, Type

__all__ = ["ACTIONS", "EVERYTHING", "NAMED_ENUMERATIONS", "NAMES", "RARE", "Fidelity", "Part", "keyed_in"]


class Part(Enum):
    """What a format may be able to say; the text is how it is called in losses and tables."""

    TITLE = "the schema's name"
    NOTE = "notes of relations"
    ATTRIBUTE_NOTE = "notes of attributes"
    NULLABILITY = "what may be null"
    DEFAULT = "constant defaults"
    COMPUTED_DEFAULT = "computed defaults"
    KEYLESS = "relations without a key"
    KEY = "further keys"
    KEY_NAME = "names of keys"
    PRIMARY_NAME = "names of primary keys"
    REFERENCE = "foreign keys"
    COMPOSITE_REFERENCE = "foreign keys of several attributes"
    SHARED_REFERENCE = "foreign keys that share an attribute"
    OWN_REFERENCE = "references of an attribute to itself"
    DOUBLE_REFERENCE = "several foreign keys between the same attributes"
    CYCLIC_REFERENCE = "references that lead an attribute back to itself"
    REFERENCE_NAME = "names of foreign keys"
    REQUIRED_SET_NULL = "set null over what is never null"
    CHECK = "checks"
    CHECK_NAME = "names of checks"
    INDEX = "indexes"
    UNIQUE_INDEX = "unique indexes beside keys"
    KEYLESS_UNIQUE = "unique indexes without a primary key"
    PARTIAL_INDEX = "partial indexes"
    INDEX_NAME = "names of indexes"
    DEPENDENCY = "dependencies"
    GENERATED = "computed attributes"
    REQUIRED_GENERATED = "computed attributes that are never null"
    IDENTITY = "running numbers"
    COLLATION = "collations"
    DECLARED = "types in the words of an engine"
    DOMAIN = "domains"
    ENUMERATION = "names of enumerations"
    LONE_ENUMERATION = "enumerations that no attribute has"
    PARTITIONING = "partitioning"
    DEFERRABLE_KEY = "keys that can be put off"
    DEFERRABLE_PRIMARY = "primary keys that can be put off"
    DEFERRABLE_REFERENCE = "foreign keys that can be put off"
    NULLS_EQUAL = "keys in which unknown values are equal"
    MATCH_FULL = "foreign keys of which all attributes are unknown or none"
    UNENFORCED = "rules that are not asked of every row"
    EXCLUSION = "exclusions"
    INDEX_EXPRESSION = "expressions in indexes"
    INDEX_ORDER = "the order of indexes"
    INDEX_NULLS = "where unknown values stand in indexes"
    INDEX_LENGTH = "lengths in indexes"
    INDEX_OPERATORS = "operators and collations of indexes"
    INDEX_METHOD = "methods of indexes"
    INDEX_INCLUDE = "what indexes include"
    INDEX_NULLS_EQUAL = "unique indexes in which unknown values are equal"


EVERYTHING = frozenset(Part)


RARE = frozenset(one for one in Part if list(Part).index(one) >= list(Part).index(Part.GENERATED))
"""What real databases have beside plain attributes, keys, references, checks and indexes."""


NAMES = frozenset({Part.KEY_NAME, Part.PRIMARY_NAME, Part.REFERENCE_NAME, Part.CHECK_NAME, Part.INDEX_NAME})


NAMED_ENUMERATIONS = frozenset({Part.ENUMERATION, Part.LONE_ENUMERATION})


ACTIONS = frozenset({"cascade", "restrict", "no action", "set null", "set default"})


def _same_type(kind: Type) -> Type:
    return kind


def _same_text(text: str) -> str:
    return text


def _same_expression(text: str, relation: Relation) -> str | None:
    del relation
    return text


def _same_default(text: str, attribute: Attribute) -> str | None:
    del attribute
    return text


def _any_name(name: str) -> bool:
    del name
    return True


def _any_rule(part: Part, name: str) -> bool:
    del part, name
    return True


def _no_spaces(part: Part, relation: str) -> tuple[str, ...]:
    del part, relation
    return ()


def _same_index(index: Index, relation: Relation) -> Index | None:
    del relation
    return index


def _same_generated(generated: Generated, attribute: Attribute, relation: Relation) -> Generated | None:
    del attribute, relation
    return generated


def _any_collation(collation: str, kind: Type) -> bool:
    del collation, kind
    return True


def _same_identity(identity: Identity, attribute: Attribute, relation: Relation) -> Identity | None:
    del attribute, relation
    return identity


def _any_exclusion(exclusion: Exclusion, relation: Relation) -> bool:
    del exclusion, relation
    return True


def _any_types(here: Attribute, there: Attribute) -> bool:
    del here, there
    return True


def _same_words(attribute: Attribute, relation: Relation) -> Declared | None:
    del relation
    return attribute.declared


@dataclass(frozen=True, slots=True)
class Fidelity:
    """What a format says of a design.

    `parts` are the things it has words for and `actions` those of foreign keys; `kind` gives the type that comes back
    for a type, `keyed` what becomes of that in a key, a reference or an index, `name` and `note` the text for a text, `default` and `condition` the SQL for an attribute's default and
    for a check or the condition of an index (None where it has no words for it). `spaces` are those in which the name of a
    relation's rule may stand but once. `dialect` is the database whose engine the names are for, where it has its own mind
    on them. `index`, `generated` and `identity` give what comes back of each (None for nothing), `collates` and
    `excludes` tell whether a collation and an exclusion do, once what `parts` lacks is gone. `declares` gives what comes back of the
    words of an engine that an attribute's type is declared in; `refers` tells whether one attribute can refer to another.
    """

    parts: frozenset[Part]
    actions: frozenset[str] = ACTIONS
    kind: Callable[[Type], Type] = _same_type
    keyed: Callable[[Type], Type] = _same_type
    name: Callable[[str], str] = _same_text
    note: Callable[[str], str] = _same_text
    default: Callable[[str, Attribute], str | None] = _same_default
    condition: Callable[[str, Relation], str | None] = _same_expression
    refers: Callable[[Attribute, Attribute], bool] = _any_types
    referable: Callable[[str], bool] = _any_name
    named: Callable[[Part, str], bool] = _any_rule
    spaces: Callable[[Part, str], tuple[str, ...]] = _no_spaces
    updates: frozenset[str] | None = None
    dialect: str = ""
    index: Callable[[Index, Relation], Index | None] = _same_index
    generated: Callable[[Generated, Attribute, Relation], Generated | None] = _same_generated
    identity: Callable[[Identity, Attribute, Relation], Identity | None] = _same_identity
    collates: Callable[[str, Type], bool] = _any_collation
    excludes: Callable[[Exclusion, Relation], bool] = _any_exclusion
    declares: Callable[[Attribute, Relation], Declared | None] = _same_words


def keyed_in(dialect: str, kind: Type) -> Type:
    """The type of what stands in a key or an index of a database: MySQL sorts by no text or octets without a length."""
    if dialect not in {"mysql", "mariadb"}:
        return kind
    return Text(255) if kind == Text() else Native("varbinary(767)") if kind == Bytes() else kind

"""Attributes: what they hold, how they are filled, and the domains they share."""

from dataclasses import dataclass

from dbworkbench.errors import DesignError
from dbworkbench.schema.rules import Check
from dbworkbench.schema.types import Type, Unknown, type_text

__all__ = ["Attribute", "Declared", "Domain", "Generated", "Identity"]


@dataclass(frozen=True, slots=True)
class Generated:
    """A value computed from the row's other values by an SQL expression: kept where `stored`, else made when it is read."""

    expression: str
    stored: bool = False

    def __post_init__(self) -> None:
        if not self.expression.strip():
            raise DesignError("a generated attribute needs the expression that computes it")


@dataclass(frozen=True, slots=True)
class Identity:
    """Values from a running number: `always`, or only where a row gives none (auto-increment)."""

    always: bool = False
    start: int = 1
    increment: int = 1

    def __post_init__(self) -> None:
        if not self.increment:
            raise DesignError("a running number that is incremented by 0 does not run — give an increment")


@dataclass(frozen=True, slots=True)
class Declared:
    """A type in the words of one engine, which say more than the type that is read from them: MySQL's `tinyint unsigned`.

    `dialect` names the engine's SQL. Whoever writes for that engine writes these words, as long as they still mean the
    attribute's type; whoever writes anything else tells what they say beyond it.
    """

    dialect: str
    text: str

    def __post_init__(self) -> None:
        if not self.dialect or not self.text.strip():
            raise DesignError("a declared type needs its words and the dialect that they are of")


@dataclass(frozen=True, slots=True)
class Domain:
    """A named set of values that attributes share: those of a type, of which `checks` hold; in them it is called VALUE.

    A domain over an Enumeration with nothing else said is what SQL calls an enumerated type. `default` fills attributes
    that have no default of their own.
    """

    name: str
    type: Type
    nullable: bool = True
    default: str | None = None
    checks: tuple[Check, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            raise DesignError("a domain needs a name")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A named property of a relation; `default` is an SQL expression.

    It is filled in one way at most: by a `default`, `generated` from others, or by a running number (`identity`).
    `collation` is the order of its texts, by the name that one engine has for it. An attribute of a `domain` has the
    domain's type. `declared` is its type as one engine's DDL declared it, where that says more. Raises DesignError where
    these contradict each other.

    >>> from dbworkbench.schema.types import Decimal
    >>> Attribute("price", domain=Domain("money", Decimal(9, 2))).type
    Decimal(precision=9, scale=2)
    """

    name: str
    type: Type = Unknown()
    nullable: bool = False
    default: str | None = None
    note: str = ""
    generated: Generated | None = None
    identity: Identity | None = None
    collation: str = ""
    domain: Domain | None = None
    declared: Declared | None = None

    def __post_init__(self) -> None:
        if self.domain is not None and self.type != self.domain.type:
            if self.type != Unknown():
                raise DesignError(
                    f"the attribute {self.name!r} is {type_text(self.type)}, but its domain {self.domain.name!r} is "
                    f"{type_text(self.domain.type) or 'of unknown type'} — leave its type out, or its domain"
                )
            object.__setattr__(self, "type", self.domain.type)
        if (self.default is not None) + (self.generated is not None) + (self.identity is not None) > 1:
            raise DesignError(
                f"the attribute {self.name!r} is filled in two ways — keep one of its default, its expression and its "
                "running number"
            )
        if self.identity is not None and self.nullable:
            raise DesignError(f"the attribute {self.name!r} has a running number, so it cannot be unknown")

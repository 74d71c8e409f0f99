"""The rules of a relation: keys, references, conditions and exclusions."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from dbworkbench.errors import DesignError
from dbworkbench.schema.index import Part, parts_of

__all__ = ["UNENFORCED", "Check", "Deferrable", "Enforced", "Exclusion", "ForeignKey", "Key"]

Deferrable: TypeAlias = Literal["", "immediate", "deferred"]
"""When a rule that can be put off to the end of the transaction is looked at to begin with; "" if it cannot be."""

Enforced: TypeAlias = Literal["always", "new", "never"]
"""Which rows a rule is asked of: all, those that come or change from then on (NOT VALID), or none (NOT ENFORCED)."""

UNENFORCED: dict[Enforced, str] = {
    "new": "a rule that rows from before need not keep",
    "never": "a rule that is switched off",
}
"""What is lost, as losses tell it, of a rule that is not asked of every row."""


@dataclass(frozen=True, slots=True)
class Key:
    """Attributes whose values tell rows apart, in the order a person chose.

    Where some of them are unknown, rows are told apart as if all unknown values differed, unless `nulls_distinct` is
    False (SQL's NULLS NOT DISTINCT).
    """

    attributes: tuple[str, ...]
    name: str = ""
    nulls_distinct: bool = True
    deferrable: Deferrable = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A promise that each value of `attributes` is a key value of another relation; the sides correspond in order.

    `on_delete` and `on_update` are "", "cascade", "set null", "set default", "restrict" or "no action". With
    `match_full` either all attributes are unknown or none is (SQL's MATCH FULL); else one that is unknown refers to nothing.
    `enforced` is "new" where rows from before need not keep the promise, and "never" where none need to.
    """

    attributes: tuple[str, ...]
    relation: str
    referenced: tuple[str, ...]
    on_delete: str = ""
    on_update: str = ""
    name: str = ""
    deferrable: Deferrable = ""
    match_full: bool = False
    enforced: Enforced = "always"


@dataclass(frozen=True, slots=True)
class Check:
    """A condition, in SQL, that each row meets or leaves unknown; `enforced` says of which rows it is asked."""

    expression: str
    name: str = ""
    enforced: Enforced = "always"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """No two rows for which every operator says yes about its part: of equal rooms, no overlapping times.

    `on` are attributes or Parts, `operators` as many. `method` is that of the index which finds such rows, "" for the
    engine's own; `where` names the rows that are meant.

    >>> Exclusion(("room", "during"), ("=", "&&"), method="gist").parts[1]
    Part(attribute='during', expression='', descending=False, nulls='', length=None, operators='', collation='')
    """

    on: tuple[str | Part, ...]
    operators: tuple[str, ...]
    method: str = ""
    where: str = ""
    name: str = ""
    deferrable: Deferrable = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "on", tuple(Part.plain(one) for one in self.on))
        if not self.on or len(self.on) != len(self.operators) or not all(self.operators):
            raise DesignError(
                f"an exclusion has {len(self.on)} parts and {len(self.operators)} operators — give each part one"
            )

    @property
    def parts(self) -> tuple[Part, ...]:
        """What is compared, in order."""
        return parts_of(self.on)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that are parts of it; those within expressions are not."""
        return tuple(part.attribute for part in self.parts if part.attribute)

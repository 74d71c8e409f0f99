"""Access paths wished for, and what they are on: attributes and expressions, each with its order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from dbworkbench.errors import DesignError
from dbworkbench.schema.native import shown

__all__ = ["Index", "Part", "parts_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """What an index sorts by: an attribute or an SQL expression, and how.

    `length` is how many characters (octets, of bytes) of each value are taken. `operators` and `collation` are names of
    one engine, kept as they were written: PostgreSQL's operator class `gin_trgm_ops`, say.
    """

    attribute: str = ""
    expression: str = ""
    descending: bool = False
    nulls: Literal["", "first", "last"] = ""
    length: int | None = None
    operators: str = ""
    collation: str = ""

    def __post_init__(self) -> None:
        if bool(self.attribute) == bool(self.expression):
            raise DesignError("a part of an index is either an attribute or an expression — give one of the two")
        if self.length is not None and (self.length < 1 or self.expression):
            raise DesignError(f"{self} cannot be cut to {self.length} — a length is at least 1, and an attribute's")

    @property
    def is_whole(self) -> bool:
        """Whether it is an attribute, all of its value."""
        return bool(self.attribute) and self.length is None

    @staticmethod
    def plain(one: "str | Part") -> "str | Part":
        """The same part, as a mere name where that says it all."""
        return one.attribute if isinstance(one, Part) and one == Part(one.attribute or "?") else one

    def __str__(self) -> str:
        said = self.attribute or f"({shown(self.expression)})"
        said += f"({self.length})" if self.length else ""
        said += f" collate {self.collation}" if self.collation else ""
        said += f" {self.operators}" if self.operators else ""
        return said + (" desc" if self.descending else "") + (f" nulls {self.nulls}" if self.nulls else "")


def parts_of(on: Iterable[str | Part]) -> tuple[Part, ...]:
    """Names and parts as parts."""
    return tuple(Part(one) if isinstance(one, str) else one for one in on)


@dataclass(frozen=True, slots=True)
class Index:
    """An access path wished for, on attributes (their names) and Parts; `where` makes it partial.

    `method` is how an engine keeps it, in lower case ("hash", "gin", "fulltext", "spatial" …), "" for the engine's own
    (a B-tree); `include` are attributes that it carries along without sorting by them. A unique one tells unknown values
    apart unless `nulls_distinct` is False.

    >>> Index(("a", Part(expression="lower(b)"))).attributes
    ('a',)
    """

    on: tuple[str | Part, ...]
    unique: bool = False
    where: str = ""
    name: str = ""
    method: str = ""
    include: tuple[str, ...] = ()
    nulls_distinct: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "on", tuple(Part.plain(one) for one in self.on))

    @property
    def parts(self) -> tuple[Part, ...]:
        """What it sorts by, in order."""
        return parts_of(self.on)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes that are parts of it, in order; those within expressions are not."""
        return tuple(part.attribute for part in self.parts if part.attribute)

    def renamed(self, other: Callable[[str], str]) -> "Index":
        """The same index where attributes are called otherwise; SQL is left as it is."""
        on = tuple(replace(part, attribute=other(part.attribute)) if part.attribute else part for part in self.parts)
        return replace(self, on=on, include=tuple(map(other, self.include)))

    @property
    def is_key(self) -> bool:
        """Whether its attributes are a key: unique, of all rows, by whole attributes."""
        return self.unique and not self.where and all(part.is_whole for part in self.parts)

    @property
    def is_plain(self) -> bool:
        """Whether attributes, uniqueness and a condition say all of it, but for its name."""
        return (
            not (self.method or self.include) and self.nulls_distinct and all(isinstance(one, str) for one in self.on)
        )

    def __str__(self) -> str:
        said = f"{'unique ' if self.unique else ''}index on {', '.join(map(str, self.parts))}"
        said += f" using {self.method}" if self.method else ""
        said += f" including {', '.join(self.include)}" if self.include else ""
        said += "" if self.nulls_distinct else " nulls not distinct"
        return said + (f" where {shown(self.where)}" if self.where else "")

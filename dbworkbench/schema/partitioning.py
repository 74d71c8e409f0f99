"""How the rows of a relation are laid into parts."""

from dataclasses import dataclass

from dbworkbench.errors import DesignError
from dbworkbench.schema.index import Part, parts_of

__all__ = ["Partition", "Partitioning"]


@dataclass(frozen=True, slots=True)
class Partition:
    """One part: `bounds` says which rows lie in it, in the words of the engine that it was written for.

    PostgreSQL's are `FROM ('2025-01-01') TO ('2026-01-01')`, `IN ('a')`, `WITH (MODULUS 4, REMAINDER 0)` and `DEFAULT`;
    MySQL's and Oracle's `LESS THAN (2026)` and `IN (1, 2)`.
    """

    name: str
    bounds: str = ""


@dataclass(frozen=True, slots=True)
class Partitioning:
    """Rows laid into parts by the values of attributes or expressions.

    `method` is "range", "list", "hash", "key" (MySQL's hash of its own) or "" (a part for each value); `count` is the number
    of parts where they have no names.
    """

    method: str
    on: tuple[str | Part, ...]
    partitions: tuple[Partition, ...] = ()
    count: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "on", tuple(Part.plain(one) for one in self.on))
        if self.method not in {"range", "list", "hash", "key", ""}:
            raise DesignError(f"{self.method!r} is no way to lay rows into parts — range, list, hash, key or none")
        if not self.on and self.method != "key":
            raise DesignError("name what the rows are laid into parts by")
        if self.count is not None and (self.count < 1 or self.partitions):
            raise DesignError("a number of parts is at least 1, and not said beside their names")
        names = [partition.name for partition in self.partitions]
        for name in names:
            if not name or names.count(name) > 1:
                raise DesignError(f"two partitions are called {name!r}" if name else "a partition needs a name")

    @property
    def parts(self) -> tuple[Part, ...]:
        """What the rows are laid into parts by, in order."""
        return parts_of(self.on)

    @property
    def attributes(self) -> tuple[str, ...]:
        """The attributes among it; those within expressions are not."""
        return tuple(part.attribute for part in self.parts if part.attribute)

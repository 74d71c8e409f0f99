"""What the sessions share that hold two connections: one sees the tables, the other the views in their place."""

from typing import Generic, Protocol, TypeVar

from dbworkbench.engines.engine import DEADLINE, Answer, Timing


class Connection(Protocol):
    """A connection that is asked."""

    def run(self, sql: str, deadline: float) -> Answer:
        """The whole answer."""

    def clock(self, sql: str, deadline: float) -> Timing:
        """The time until the answer is complete."""


C = TypeVar("C", bound=Connection)


class Twofold(Generic[C]):
    """A session that asks its tables in one namespace plainly, and through views in another."""

    _plain: C
    _viewing: C
    _tables: str

    @property
    def namespace(self) -> str:
        """Where the tables lie."""
        return self._tables

    def run(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> Answer:
        """The whole answer."""
        return self._asked(plain=plain).run(sql, deadline)

    def clock(self, sql: str, *, deadline: float = DEADLINE, plain: bool = False) -> Timing:
        """The time until the last byte of the answer is here; it is not turned into Python's values."""
        return self._asked(plain=plain).clock(sql, deadline)

    def _asked(self, *, plain: bool) -> C:
        return self._plain if plain else self._viewing

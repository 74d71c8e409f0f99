"""Names and the things they stand for, imported when first asked for; other packages add theirs by entry point."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from dbworkbench.errors import UnknownName

T = TypeVar("T")


class Registry(Generic[T]):
    """An open set of named things: `{"duckdb": "dbworkbench.engines.duckdb:DUCKDB"}`.

    A name is imported on its first look-up and not before. Names in the entry-point group (say
    `dbworkbench.engines`) join those given here; a name given here wins over an outsider's. A name is found however its
    letters, blanks and hyphens are written ("SQLite", "json schema"), and by what else people call it (`also`).
    """

    def __init__(
        self, kind: str, known: Mapping[str, str], *, group: str = "", also: Mapping[str, str] | None = None
    ) -> None:
        self._kind, self._known, self._group = kind, dict(known), group
        self._also = {_bare(said): name for said, name in (also or {}).items()}
        self._loaded: dict[str, T] = {}
        self._points: dict[str, str] | None = None if group else {}

    def _others(self) -> dict[str, str]:
        """The names of other packages, looked up once: that takes some milliseconds."""
        if self._points is None:
            self._points = {point.name: point.value for point in entry_points(group=self._group)}
        return self._points

    def named(self, said: object) -> str | None:
        """The name that was meant, as the registry writes it; None where nothing is called so.

        >>> Registry("dialect", {"postgresql": "…"}, also={"postgres": "postgresql"}).named("Postgres")
        'postgresql'
        """
        if not isinstance(said, str):
            return None
        if said in self._known or said in self._others():
            return said
        bare = _bare(said)
        also = self._also.get(bare)
        known = also if also in self._known or also in self._others() else None
        return next((name for name in self if _bare(name) == bare), known) if bare else None

    def __getitem__(self, said: str) -> T:
        name = self.named(said)
        if name is None:
            raise UnknownName(self._kind, said, sorted(self))
        if name not in self._loaded:
            module, _, attribute = (self._known.get(name) or self._others()[name]).partition(":")
            self._loaded[name] = getattr(import_module(module), attribute)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        yield from {**self._others(), **self._known}

    def __contains__(self, said: object) -> bool:
        return self.named(said) is not None


def _bare(said: str) -> str:
    """A name without what people write differently."""
    return re.sub(r"[\s_'’-]+", "", said).casefold()

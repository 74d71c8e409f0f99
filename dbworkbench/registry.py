"""Names and the things they stand for, imported when first asked for; other packages add theirs by entry point."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from dbworkbench.errors import UnknownName

T = TypeVar("T")


class Registry(Generic[T]):
    """An open set of named things: `{"duckdb": "dbworkbench.engines.duckdb:DUCKDB"}`.

    A name is imported on its first look-up and not before. Names in the entry-point group (say
    `dbworkbench.engines`) join those given here; a name given here wins over an outsider's.
    """

    def __init__(self, kind: str, known: Mapping[str, str], *, group: str = "") -> None:
        self._kind, self._known, self._group = kind, dict(known), group
        self._loaded: dict[str, T] = {}
        self._points: dict[str, str] | None = None if group else {}

    def _others(self) -> dict[str, str]:
        """The names of other packages, looked up once: that takes some milliseconds."""
        if self._points is None:
            self._points = {point.name: point.value for point in entry_points(group=self._group)}
        return self._points

    def __getitem__(self, name: str) -> T:
        if name not in self._loaded:
            target = self._known.get(name) or self._others().get(name)
            if target is None:
                raise UnknownName(self._kind, name, sorted(self))
            module, _, attribute = target.partition(":")
            self._loaded[name] = getattr(import_module(module), attribute)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        yield from {**self._others(), **self._known}

    def __contains__(self, name: object) -> bool:
        return name in self._known or name in self._others()

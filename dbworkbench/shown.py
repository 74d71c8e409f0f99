"""A mixin by which a value asks `views` how it looks, at the moment it is shown."""

from typing import Any


class Shown:
    """A value that notebooks display as blocks and that prints as the same blocks in plain text."""

    __slots__ = ()

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        del include, exclude  # IPython picks from the bundle itself
        from dbworkbench.views.bundle import bundle  # noqa: PLC0415  the one import that points up: only when shown

        return bundle(self)

    def __str__(self) -> str:
        from dbworkbench.views.bundle import text  # noqa: PLC0415  the same

        return text(self)

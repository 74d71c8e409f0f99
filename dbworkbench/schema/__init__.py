"""The design as a value: relations, schemas, their notation, analysis and normalization.

The package shares its name with the verb `wb.schema(…)`, so it can be called: it does what `notation.schema` does.
"""

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbworkbench.schema.relation import Relation
    from dbworkbench.schema.schema import Schema


class _Callable(ModuleType):
    def __call__(self, *parts: "str | Relation | Schema", name: str = "") -> "Schema":
        """A schema read from text, or put together from relations and schemas: see notation.schema."""
        from dbworkbench.schema.notation import schema  # noqa: PLC0415  this package loads nothing by itself

        return schema(*parts, name=name)


sys.modules[__name__].__class__ = _Callable

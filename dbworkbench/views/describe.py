"""How values look: `describe(value)` gives blocks; each package's values have their view in a module of its name."""

import sys
from collections.abc import Iterable, Mapping
from functools import singledispatch
from importlib import import_module
from itertools import islice
from typing import get_args

from dbworkbench.errors import listed
from dbworkbench.page.blocks import Block, Code, Items, Page, Prose, Table
from dbworkbench.page.characters import cut

# Imported when a value of that package, or of that module, is first shown, and not before.
_VIEWS = {
    "dbworkbench.data": "dbworkbench.views.data",
    "dbworkbench.population": "dbworkbench.views.population",
    "dbworkbench.data.obey": "dbworkbench.views.obey",
    "dbworkbench.diagram": "dbworkbench.views.diagram",
    "dbworkbench.discovery": "dbworkbench.views.discovery",
    "dbworkbench.engines": "dbworkbench.views.engines",
    "dbworkbench.engines.reflect": "dbworkbench.views.verification",
    "dbworkbench.exercises": "dbworkbench.views.exercises",
    "dbworkbench.schema": "dbworkbench.views.schema",
    "dbworkbench.schema.analysis": "dbworkbench.views.analysis",
    "dbworkbench.schema.normalization": "dbworkbench.views.normalization",
    "dbworkbench.sql": "dbworkbench.views.sql",
    "dbworkbench.theory": "dbworkbench.views.theory",
    "dbworkbench.theory.alternatives": "dbworkbench.views.explanations",
    "dbworkbench.theory.anomalies": "dbworkbench.views.explanations",
    "dbworkbench.theory.covers": "dbworkbench.views.explanations",
    "dbworkbench.theory.derivation": "dbworkbench.views.explanations",
    "dbworkbench.theory.instance": "dbworkbench.views.explanations",
    "dbworkbench.theory.what_if": "dbworkbench.views.explanations",
    "dbworkbench.trials": "dbworkbench.views.trials",
    "dbworkbench.trials.growth": "dbworkbench.views.rulings",
    "dbworkbench.trials.history": "dbworkbench.views.history",
    "dbworkbench.trials.pressure": "dbworkbench.views.rulings",
    "dbworkbench.trials.ruling": "dbworkbench.views.rulings",
    "dbworkbench.trials.verification": "dbworkbench.views.verification",
    "pandas": "dbworkbench.views.frames",
}
_MOST_ITEMS = 50
_MOST_CHARACTERS = 20_000
_BLOCKS = get_args(Block)


@singledispatch
def describe(value: object) -> Page:
    """A value as blocks; what nobody has described gives its `repr`.

    A higher layer teaches it a type by `@describe.register`, in the view module of the type's package.

    >>> describe("A shop.")
    (Prose(text='A shop.'),)
    """
    for kind in type(value).__mro__:
        view = view_of(kind.__module__)
        if view and view not in sys.modules:
            import_module(view)
    known = describe.dispatch(type(value))
    if known is not describe.dispatch(object):
        return known(value)
    said = repr(value)
    return (Code(said if len(said) <= _MOST_CHARACTERS else said[:_MOST_CHARACTERS] + " …"),)


def view_of(module: str) -> str | None:
    """The module that describes the values of a module, by its own name or a package's it is in."""
    parts = module.split(".")
    names = (".".join(parts[:most]) for most in range(len(parts), 0, -1))
    return next((_VIEWS[name] for name in names if name in _VIEWS), None)


@describe.register
def _(value: None) -> Page:
    del value
    return ()


@describe.register
def _(value: str) -> Page:
    return (Prose(value),)


@describe.register(tuple)
@describe.register(list)
@describe.register(set)
@describe.register(frozenset)
def _(values: Iterable[object]) -> Page:
    """Blocks as they are, mappings as the rows of one table, a set of names in braces, other things as a list."""
    items = sorted(values, key=str) if isinstance(values, (set, frozenset)) else list(values)
    if items and isinstance(values, (set, frozenset)) and all(isinstance(item, str) for item in items):
        return (Prose(f"{{{listed([str(item) for item in items], most=_MOST_ITEMS)}}}"),)
    if all(isinstance(item, _BLOCKS) for item in items):
        return tuple(item for item in items if isinstance(item, _BLOCKS))
    if all(isinstance(item, Mapping) for item in items):
        return (_rows([item for item in items if isinstance(item, Mapping)]),)
    shown = [cut(str(item), 300) for item in items[:_MOST_ITEMS]]
    more = [f"… and {len(items) - len(shown):,} more"] if len(items) > len(shown) else []
    return (Items((*shown, *more)),)


@describe.register(Mapping)
def _(mapping: Mapping[object, object]) -> Page:
    rows = tuple((cut(str(key), 80), cut(str(value), 300)) for key, value in islice(mapping.items(), _MOST_ITEMS))
    more = (("…", f"{len(mapping) - len(rows):,} more"),) if len(mapping) > len(rows) else ()
    return (Table(("name", "value"), rows + more),) if rows else ()


def _rows(rows: list[Mapping[str, object]]) -> Table:
    header = tuple(dict.fromkeys(name for row in rows for name in row))
    shown = tuple(tuple(cell(row[name]) if name in row else "" for name in header) for row in rows[:_MOST_ITEMS])
    more = f"the first {len(shown)} of {len(rows):,} rows" if len(rows) > len(shown) else ""
    return Table(tuple(map(str, header)), shown, more)


def cell(value: object) -> str:
    """A value of a row as a table shows it: NULL for what is unknown, long text cut.

    >>> cell(None), cell(1200)
    ('NULL', '1200')
    """
    return "NULL" if value is None else cut(str(value), 120)

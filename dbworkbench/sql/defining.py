"""What the definition of a table has room for: MariaDB keeps it in one file, and has so many indexes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from dbworkbench.errors import Unsupported
from dbworkbench.sql.declarations import words_in
from dbworkbench.sql.planned import Planning, TablePlan
from dbworkbench.sql.room import is_unbound

__all__ = ["define", "few_indexes"]

_HEAD = 290  # bytes of a definition without columns
_COLUMN = 18  # bytes of a column beside its name and its note
_EXPRESSION = 6  # bytes of an expression beside its text and its name
_EXPRESSIONS = 16  # bytes of all expressions together
_REPHRASED = 16  # bytes by which a call, a conversion or a term in parentheses may be longer in the server's words


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a definition that can go: its size in bytes, what losses call it and what becomes of it, and how it goes."""

    size: int
    what: str
    instead: str
    go: Callable[[], object]


def define(planning: Planning, table: TablePlan) -> None:
    """Leave out of a table what its definition has no room for, the longest first, each told as lost.

    Raises Unsupported where names and types alone are too long. The sizes are those of MariaDB's `pack_header` (sql/unireg.cc),
    with expressions as long as the server may rephrase them.
    """
    most = planning.dialect.definition_bytes
    if most is None:
        return
    parts = sorted(_parts(planning, table), key=lambda part: part.size)
    left = most - _named(planning, table) - sum(part.size for part in parts)
    while left < 0:
        if not parts:
            raise Unsupported(
                f"the names and the types of {table.relation.name!r} have more than the {most:,} bytes that "
                f"{planning.dialect.title} has for the definition of a table — shorten them, or split the relation"
            )
        part = parts.pop()
        part.go()
        planning.lose(part.what, f"more than {most:,} bytes in the definition of its table", part.instead)
        left += part.size


def _named(planning: Planning, table: TablePlan) -> int:
    """The bytes of what cannot go: names, lists of values, what is computed."""
    relation = table.relation
    size = _HEAD + _EXPRESSIONS
    lists: set[tuple[str, ...]] = set()
    for name in relation.names:
        column = len(planning.names[relation.name, name].encode())
        size += column + _COLUMN
        words, values = words_in(table.types[name].text)
        if words[0] in {"enum", "set"}:
            lists.add(values)
        elif words[0] == "json":  # which is a check
            size += _EXPRESSION + column + _REPHRASED
        if name in table.computed:
            size += _printed(table.computed[name])
    return size + sum(2 + sum(len(value.encode()) for value in values) for values in lists)


def _parts(planning: Planning, table: TablePlan) -> Iterator[_Part]:
    relation = table.relation
    for attribute in relation.attributes:
        name, what = attribute.name, f"{relation.name}.{attribute.name}"
        default = table.defaults.get(name, "")
        if default and (not default.startswith("'") or is_unbound(table.types[name].text)):
            subject = f"{what}: the default {attribute.default}"
            yield _Part(_printed(default), subject, "not written", partial(table.defaults.pop, name))
        if attribute.note:
            size = len(planning.dialect.noted(attribute.note, "attribute")[0].encode())
            yield _Part(size, what, "its note is not written", partial(table.unnoted.add, name))
    for check in table.checks:
        size = _printed(check.rule.expression) + len(check.name.encode())
        declared = check.what.startswith(f"{relation.name}: the check ")
        instead = "not written" if declared else "its values are not checked"
        yield _Part(size, check.what, instead, partial(table.checks.remove, check))


def _printed(text: str) -> int:
    """As many bytes as an expression may have in the server's words."""
    outside = re.sub(r"'(?:[^'\\]|\\.|'')*'|`[^`]*`", "", text)
    return _EXPRESSION + len(text.encode()) + _REPHRASED * (2 + outside.count("("))


def few_indexes(planning: Planning) -> None:
    """Leave out the last indexes of a table that has more than there can be, and then its last foreign keys, each told as lost."""
    most = planning.dialect.max_indexes
    if most is None:
        return
    for table in planning.tables.values():
        keys = [key.rule.attributes for key in table.keys]
        references = [*table.inside, *table.after]
        made = [one for one in references if not any(_begins(key, one.rule.attributes) for key in keys)]
        order = sorted(table.indexes, key=lambda one: not one.rule.unique)
        room = max(0, most - len(keys) - len(made))
        gone, lost = order[room:], made[max(0, most - len(keys)) :]
        table.indexes = [one for one in table.indexes if one not in gone]
        table.inside = [one for one in table.inside if one not in lost]
        table.after = [one for one in table.after if one not in lost]
        for what in (*(one.what for one in gone), *(one.what for one in lost)):
            planning.lose(what, f"more than {most} indexes of a table")


def _begins(key: tuple[str, ...], names: tuple[str, ...]) -> bool:
    return key[: len(names)] == names

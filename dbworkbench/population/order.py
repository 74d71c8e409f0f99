"""How many rows each relation of a schema gets, where only one number is given."""

from collections.abc import Mapping
from math import ceil, isqrt

from dbworkbench.errors import DesignError, UnknownName
from dbworkbench.schema.relation import ForeignKey, Relation
from dbworkbench.schema.schema import Schema

FEWER = 10  # rows of a referencing relation for each row of the referenced one


def row_counts(schema: Schema, rows: int | Mapping[str, int], most: Mapping[str, int]) -> dict[str, int]:
    """Rows per relation; `most` is how many each can have at all.

    A number goes to every relation that no other refers to. A relation that is referred to gets a tenth of the most
    numerous one that refers to it, but a third where the reference is part of the other's key, as many where it is a
    key on its own, and enough for the other's key where that is made of references alone; at least 1. Relations that
    refer to each other in a circle count as one. A mapping may leave relations out: the same rule fills them in from
    those that it names.

    Raises UnknownName for a relation that is not there and DesignError for a negative number.
    """
    given = dict(rows) if isinstance(rows, Mapping) else {}
    for name, count in given.items():
        if name not in schema:
            raise UnknownName("relation", name, schema.names)
        _counted(count)
    base = _counted(rows) if isinstance(rows, int) else max(given.values(), default=1000)
    counts: dict[str, int] = {}
    for group in reversed(schema.in_reference_order()):
        names = {relation.name for relation in group}
        wishes = [
            _wish(counts[other.name], other, foreign_key)
            for other in schema
            if other.name in counts
            for foreign_key in other.foreign_keys
            if foreign_key.relation in names
        ]
        wish = max(1, *wishes) if wishes else base
        for relation in group:
            least = 0 if relation.name in given or not wishes else 1
            usual = wish if not wishes else min(wish, max(1, most[relation.name]))
            counts[relation.name] = max(least, given.get(relation.name, usual))
    return counts


def _counted(count: int) -> int:
    if isinstance(count, bool) or count < 0:
        raise DesignError(f"{count!r} is no number of rows — give 0 or more")
    return count


def _wish(count: int, other: Relation, foreign_key: ForeignKey) -> int:
    """How many rows a relation needs for `count` rows of `other`, which refers to it."""
    uses = frozenset(foreign_key.attributes)
    keys = [frozenset(key.attributes) for key in other.keys] or [frozenset(other.primary_key)]
    keys += [frozenset(index.attributes) for index in other.indexes if index.is_key]
    if any(key <= uses for key in keys):
        return count
    referring = [frozenset(fk.attributes) for fk in other.foreign_keys]
    wish = ceil(count / FEWER)
    for key in keys:
        if uses & key:
            wish = max(wish, ceil(count / 3))
            parts = sum(1 for attributes in set(referring) if attributes & key)
            if key <= frozenset().union(*referring):
                root = isqrt(4 * count) + 1 if parts == 2 else ceil((4 * count) ** (1 / parts))
                wish = min(count, max(root, ceil(count / FEWER)))
    return wish

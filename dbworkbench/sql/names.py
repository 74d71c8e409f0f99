"""Names that an engine takes: not too long, not reserved, told apart by the engine as the design tells them apart."""

import re
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256

from dbworkbench.schema.schema import Schema
from dbworkbench.sql.dialect import Dialect

__all__ = ["Names", "names_in"]


def names_in(schema: Schema, dialect: Dialect) -> Mapping[tuple[str, ...], str]:
    """What a schema's relations and attributes are called in an engine: `(relation,)` and `(relation, attribute)`.

    Almost always their own names. A name that is too long, reserved, or the same as an earlier one but for case
    gets another, the same each time.

    >>> from dbworkbench.schema.relation import Attribute, Relation
    >>> from dbworkbench.sql.dialect import DIALECTS
    >>> upper = Relation("Orders", (Attribute("id"), Attribute("ID")))
    >>> names_in(Schema((upper, Relation("orders", (Attribute("id"),)))), DIALECTS["sqlite"])[("orders",)]
    'orders_2'
    """
    found: dict[tuple[str, ...], str] = {}
    relations = Names(dialect).given("relation", schema.names)
    for relation in schema:
        found[(relation.name,)] = relations[relation.name]
        for name, spelled in Names(dialect).given("attribute", relation.names).items():
            found[(relation.name, name)] = spelled
    return found


class Names:
    """The names taken so far in one schema of an engine; kinds that share a space there share it here."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._taken: dict[str, set[str]] = {}
        for kinds in dialect.namespaces:
            shared: set[str] = set()
            for kind in kinds:
                self._taken[kind] = shared

    def given(self, kind: str, wanted: Iterable[str], local: set[str] | None = None) -> dict[str, str]:
        """Take a name for each one wanted; those that can stay as they are stay, and the others move aside."""
        names = tuple(dict.fromkeys(wanted))
        taken = self._space(kind, local)
        kept: dict[str, str] = {}
        for name in names:
            if self.fitting(kind, name) == name and all(self.folded(name) not in space for space in taken):
                kept[name] = self._take(name, taken)
        return {name: kept.get(name) or self.take(kind, name, local) for name in names}

    def take(
        self, kind: str, wanted: str, local: set[str] | None = None, avoided: Collection[str] = frozenset()
    ) -> str:
        """Take the wanted name, or the nearest one that is free in the kind's space and in `local` and is none of those `avoided`."""
        taken = self._space(kind, local)
        others = {self.folded(name) for name in avoided}
        name, number = self.fitting(kind, wanted), 1
        while any(self.folded(name) in space for space in (*taken, others)):
            number += 1
            name = self.fitting(kind, f"{wanted}_{number}")
        return self._take(name, taken)

    def fitting(self, kind: str, name: str) -> str:
        """A name that the engine takes for this kind of thing: of bytes it can store, not reserved, not too long."""
        name = name.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()
        if self._dialect.forbidden:
            name = re.sub(self._dialect.forbidden, "_", name)
        pattern = self._dialect.reserved.get(kind)
        if pattern and re.fullmatch(pattern, name, re.DOTALL | (re.IGNORECASE if self._dialect.folds else 0)):
            name = f"_{name}" if not re.fullmatch(pattern, f"_{name}", re.DOTALL) else f"{name}_"
        limit = self._dialect.max_identifier
        if limit is not None and self._size(name) > limit:
            digest = sha256(name.encode()).hexdigest()[:8]
            whole = name if self._dialect.counts_characters else name.encode()
            cut = whole[: limit - 9]
            name = f"{cut if isinstance(cut, str) else cut.decode(errors='ignore')}_{digest}"
        return name

    def _size(self, name: str) -> int:
        return len(name) if self._dialect.counts_characters else len(name.encode())

    def folded(self, name: str) -> str:
        """What two names have in common when the engine takes them for one."""
        if not self._dialect.folds:
            return name
        lower = ((c, c.lower()[:1]) for c in name)  # İ in two characters begins with i
        return "".join(small if c.isascii() or self._dialect.folds_letters else c for c, small in lower)

    def _space(self, kind: str, local: set[str] | None) -> list[set[str]]:
        shared = self._taken.get(kind)
        if shared is None and local is None:
            shared = self._taken[kind] = set()
        return [space for space in (shared, local) if space is not None]

    def _take(self, name: str, spaces: list[set[str]]) -> str:
        for space in spaces:
            space.add(self.folded(name))
        return name

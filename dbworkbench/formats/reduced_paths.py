"""Indexes and exclusions as far as a format has words for them."""

from collections.abc import Iterator
from dataclasses import replace

from dbworkbench.formats.fidelity import Part
from dbworkbench.formats.reduced import Reduced
from dbworkbench.schema.index import Part as IndexPart
from dbworkbench.schema.relation import Exclusion, Index, Key, Relation

__all__ = ["Paths"]


class Paths:
    """What is left of the indexes and exclusions of relations."""

    def __init__(self, reduced: Reduced) -> None:
        self.reduced = reduced

    def exclusions(self, relation: Relation, columns: dict[str, str]) -> Iterator[Exclusion]:
        """The exclusions that are left of a relation."""
        for exclusion in relation.exclusions:
            what = f"the exclusion of {', '.join(map(str, exclusion.parts))}"
            found = self._excluded(exclusion, relation, columns) if self.reduced.can(Part.EXCLUSION) else None
            if found is None or not self.reduced.fidelity.excludes(found, relation):
                self.reduced.lose(relation.name, what)
            else:
                yield replace(
                    found, name=self.reduced.named(relation, f"{relation.name}: {what}", found.name, Part.KEY_NAME)
                )

    def _excluded(self, one: Exclusion, relation: Relation, columns: dict[str, str]) -> Exclusion | None:
        where = self.reduced.condition(one.where, relation, columns) if one.where else ""
        parts = [self.reduced.part(part, relation, columns) for part in one.parts]
        if where is None or any(part is None for part in parts):
            return None
        return replace(one, on=tuple(part for part in parts if part), where=where)

    def indexes(
        self, relation: Relation, made: Relation, columns: dict[str, str], *, keyed: bool
    ) -> tuple[list[Index], list[Key]]:
        """The indexes that are left of a relation, and the keys that unique ones become."""
        indexes: list[Index] = []
        keys: list[Key] = []
        for index in relation.indexes:
            what = f"{relation.name}: the {replace(index, where='')}"
            where: str | None = index.where
            if index.where:
                where = (
                    self.reduced.condition(index.where, relation, columns)
                    if self.reduced.can(Part.PARTIAL_INDEX)
                    else None
                )
            if where is None:
                fate = "not written: it would refuse more rows" if index.unique else "written for all rows"
                self.reduced.lose(what, Part.PARTIAL_INDEX.value, fate)
                if index.unique:
                    continue
            found = self._path(replace(index, where=where or ""), relation, columns)
            found = found and self.reduced.fidelity.index(found, made)
            if found is None:
                self.reduced.lose(what, "no words for it")
                continue
            lost = _without(index, found)
            if found.unique and any("length" in one for one in lost):
                self.reduced.lose(what, Part.INDEX_LENGTH.value, "not written: it would refuse fewer rows")
                continue
            attributes = found.attributes
            if found.unique and not keyed and not self.reduced.can(Part.KEYLESS_UNIQUE):
                self.reduced.lose(what, Part.KEYLESS_UNIQUE.value)
                continue
            if found.is_key and keyed and not self.reduced.can(Part.UNIQUE_INDEX):
                if not self.reduced.can(Part.KEY):
                    self.reduced.lose(what, Part.UNIQUE_INDEX.value)
                    continue
                self.reduced.lose(what, "a unique index", "written as a key")
                distinct = found.nulls_distinct or not self.reduced.can(Part.NULLS_EQUAL)
                name = self.reduced.named(relation, what, found.name, Part.KEY_NAME)
                keys.append(Key(attributes, name, distinct))
            elif not self.reduced.can(Part.INDEX) and not (found.is_key and self.reduced.can(Part.KEY)):
                self.reduced.lose(what, Part.INDEX.value)
            else:
                if lost:
                    self.reduced.lose(what, ", ".join(lost), "written without")
                part = Part.KEY_NAME if found.is_key and not self.reduced.can(Part.UNIQUE_INDEX) else Part.INDEX_NAME
                indexes.append(replace(found, name=self.reduced.named(relation, what, found.name, part)))
        return indexes, keys

    def _path(self, index: Index, relation: Relation, columns: dict[str, str]) -> Index | None:
        """The index without what the format has no words for; None where nothing is left that means the same."""
        parts: list[IndexPart] = []
        for one in index.parts:
            part = (
                self.reduced.part(one, relation, columns)
                if one.attribute or self.reduced.can(Part.INDEX_EXPRESSION)
                else None
            )
            if part is None:
                return None
            parts.append(
                replace(
                    part,
                    descending=part.descending and self.reduced.can(Part.INDEX_ORDER),
                    nulls=part.nulls if self.reduced.can(Part.INDEX_NULLS) else "",
                    length=part.length if self.reduced.can(Part.INDEX_LENGTH) else None,
                    operators=part.operators if self.reduced.can(Part.INDEX_OPERATORS) else "",
                    collation=part.collation if self.reduced.can(Part.INDEX_OPERATORS) else "",
                )
            )
        return replace(
            index,
            on=tuple(parts),
            method=index.method if self.reduced.can(Part.INDEX_METHOD) else "",
            include=tuple(columns[name] for name in index.include) if self.reduced.can(Part.INDEX_INCLUDE) else (),
            nulls_distinct=index.nulls_distinct or not (index.unique and self.reduced.can(Part.INDEX_NULLS_EQUAL)),
        )


def _without(before: Index, after: Index) -> list[str]:
    """What of an index is gone, but for its name and condition."""
    pairs = list(zip(before.parts, after.parts, strict=True))
    gone = {
        "the order": any(one.descending and not other.descending for one, other in pairs),
        "where unknown values stand": any(
            (one.nulls or _usual(one)) != (other.nulls or _usual(other)) for one, other in pairs if one.nulls
        ),
        "the lengths": any(one.length != other.length for one, other in pairs),
        "the operators": any(
            (one.operators, one.collation) != (other.operators, other.collation) for one, other in pairs
        ),
        f"the method {before.method}": before.method != after.method,
        "what it includes": before.include != () and after.include == (),
        "unknown values being equal": before.unique and before.nulls_distinct != after.nulls_distinct,
    }
    return [what for what, is_gone in gone.items() if is_gone]


def _usual(part: IndexPart) -> str:
    """Where unknown values stand unless it is said otherwise: as if they were the greatest (PostgreSQL, Oracle)."""
    return "first" if part.descending else "last"

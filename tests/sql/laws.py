"""The law of DDL: what is written reads back as it was, but for what is told as lost."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from dbworkbench.schema.relation import Attribute, Domain, ForeignKey, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Float, Integer, Native, Type
from dbworkbench.sql.alike import meaning_of
from dbworkbench.sql.dialect import DIALECTS, Dialect
from dbworkbench.sql.expression import Untold, translated
from dbworkbench.sql.names import names_in
from dbworkbench.sql.read import read
from dbworkbench.sql.write import write

__all__ = ["unsaid"]


def unsaid(schema: Schema, dialect: str) -> list[str]:
    """What of a schema neither comes back from its DDL nor is told as lost, by the writer or by the reader."""
    written = write(schema, dialect)
    found = read(written.text, dialect)
    subjects = {loss.subject for loss in (*written.losses, *found.losses)}
    comparison = _Comparison(schema, found.schema, DIALECTS[dialect], subjects)
    kept = [f"kept as text: {entry}" for entry in found.ledger if entry.fate == "kept as text"]
    return [*kept, *comparison.differences()]


@dataclass(frozen=True)
class _Comparison:
    wanted: Schema
    found: Schema
    dialect: Dialect
    subjects: Collection[str]

    def differences(self) -> Iterator[str]:
        names = names_in(self.wanted, self.dialect)
        back = {relation.name: relation for relation in self.found}
        for relation in self.wanted:
            called = names[(relation.name,)]
            if called not in back:
                yield f"{relation.name!r}: it is not there"
                continue
            other = back.pop(called)
            columns = {name: names[relation.name, name] for name in relation.names}
            if other.names != tuple(columns.values()):
                yield f"{relation.name!r}: attributes {other.names}"
                continue
            yield from self.relation(relation, other, columns)
        yield from (f"{name!r}: was not written" for name in back)

    def told(self, *starts: str) -> bool:
        """Whether a loss is about one of these."""
        return any(
            one == start or one.startswith((f"{start}:", f"{start},", f"{start} "))
            for start in starts
            for one in self.subjects
        )

    def said(self, text: str, columns: dict[str, str], relation: str) -> str:
        try:
            return meaning_of(translated(text, DIALECTS["duckdb"], columns, relation))
        except Untold as reason:
            return f"untold {reason}"

    def relation(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        name = ours.name
        for one, other in zip(ours.attributes, theirs.attributes, strict=True):
            for what, mine, got in self.attribute(ours, one, other, columns):
                domain = (one.domain.name,) if one.domain else ()
                if mine != got and not self.told(f"{name}.{one.name}", f"{theirs.name}.{other.name}", *domain):
                    yield f"attribute {what}: {mine!r} became {got!r} [{one.type}]"
        if ours.note != theirs.note and not self.told(name):
            yield f"note of relation: {ours.note!r} became {theirs.note!r}"
        yield from self.rules(ours, theirs, columns)

    def attribute(
        self, ours: Relation, one: Attribute, other: Attribute, columns: dict[str, str]
    ) -> Iterator[tuple[str, object, object]]:
        domain = one.domain if other.domain is None else None
        if not self.alike(one.type, other.type):
            yield "type", one.type, other.type
        yield "domain", one.domain and _domain(one.domain), other.domain and _domain(other.domain)
        yield "nullable", one.nullable and not (domain and not domain.nullable), other.nullable
        default = one.default
        if domain and default is None and not (one.generated or one.identity):
            default = domain.default
        yield (
            "default",
            default and _nothing(self.said(default, {}, "")),
            other.default and _nothing(meaning_of(other.default)),
        )
        yield "note", one.note, other.note
        yield "identity", one.identity, other.identity
        yield "collation", one.collation, other.collation
        mine = one.generated and (self.said(one.generated.expression, columns, ours.name), one.generated.stored)
        got = other.generated and (meaning_of(other.generated.expression), other.generated.stored)
        yield "generated", mine, got

    def alike(self, one: Type, other: Type) -> bool:
        """Whether two types are the same there: an engine's own but for case and blanks, numbers in a wider type."""
        if isinstance(one, Native) and isinstance(other, Native):
            return "".join(one.text.casefold().split()) == "".join(other.text.casefold().split())
        wider = isinstance(one, Integer | Float) and type(one) is type(other) and other.bits > one.bits
        return one == other or (wider and self.dialect.spelling(one) == self.dialect.spelling(other))

    def rules(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        yield from self.keys(ours, theirs, columns)
        yield from self.references(ours, theirs, columns)
        yield from self.checks(ours, theirs, columns)
        yield from self.indexes(ours, theirs, columns)
        for exclusion in ours.exclusions:
            excuses = (f"{ours.name}: the exclusion", ours.name, f"{ours.name}: the key {exclusion.name}")
            if not theirs.exclusions and not self.told(*excuses):
                yield f"exclusion missing: {exclusion}"
        laid = f"{ours.name}: partitioning"
        if ours.partitioning and not theirs.partitioning and not any(one.startswith(laid) for one in self.subjects):
            yield f"partitioning missing: {ours.partitioning}"

    def keys(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        unique = [Key(one.attributes, one.name, one.nulls_distinct) for one in theirs.indexes if one.is_key]
        for at, key in enumerate(ours.keys):
            called = tuple(columns[one] for one in key.attributes)
            found = next((one for one in (*theirs.keys, *unique) if set(one.attributes) == set(called)), None)
            subjects = (
                _rule(ours, "key", key.attributes),
                _rule(theirs, "key", called),
                f"{ours.name}: the key {key.name}",
            )
            twice = any(set(one.attributes) == set(key.attributes) for one in ours.keys[:at])
            if twice or self.told(*subjects):
                continue
            if found is None:
                yield f"key missing: {key} at {at}"
                continue
            if at == 0 and found is not theirs.keys[0]:
                yield f"primary key became another: {key}"
            certain = not any(theirs[one].nullable for one in called)
            wanted = replace(key, attributes=called, nulls_distinct=key.nulls_distinct or certain)
            got = replace(found, name=found.name if key.name else "", nulls_distinct=found.nulls_distinct or certain)
            if wanted != got:
                yield f"key changed: {wanted} became {got}"

    def references(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        names = names_in(self.wanted, self.dialect)
        left = list(theirs.foreign_keys)
        for key in ours.foreign_keys:
            target = names[(key.relation,)]
            called = tuple(columns[one] for one in key.attributes)
            pairs = {*zip(called, (names[key.relation, one] for one in key.referenced), strict=True)}
            same = [
                one
                for one in left
                if one.relation == target and {*zip(one.attributes, one.referenced, strict=True)} == pairs
            ]
            same.sort(key=lambda one: one.name != key.name)
            subjects = (_rule(ours, "foreign key", key.attributes), _rule(theirs, "foreign key", called))
            excuse = self.told(*(f"{one} to {to}" for one, to in zip(subjects, (key.relation, target), strict=True)))
            if same:
                left.remove(same[0])
            if excuse or self.told(f"{ours.name}: the foreign key {key.name}"):
                continue
            if not same:
                yield f"foreign key missing: {key}"
            elif _acts(key, cyclic=key.relation != ours.name) != _acts(
                replace(
                    same[0],
                    name=same[0].name if key.name else "",
                    deferrable=same[0].deferrable if key.deferrable else "",
                ),
                cyclic=key.relation != ours.name,
            ):
                yield f"foreign key changed: {key} became {same[0]}"
        if left:
            yield f"foreign keys not written: {left}"

    def checks(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        left = [(meaning_of(one.expression), one.name) for one in theirs.checks]
        for meant, check in {
            (self.said(one.expression, columns, ours.name), one.name): one for one in ours.checks
        }.items():
            excuse = self.told(f"{ours.name}: the check {check.expression}", f"{ours.name}: the check {check.name}")
            same = sorted((one for one in left if one[0] == meant[0]), key=lambda one: one[1] != check.name)
            if same:
                left.remove(same[0])
            if not excuse and not same:
                yield f"check missing: {check} among {left}"
            elif not excuse and check.name and same[0][1] != check.name:
                yield f"check name: {check.name!r} became {same[0][1]!r}"

    def indexes(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        unique = [Index(one.attributes, True, "", one.name, nulls_distinct=one.nulls_distinct) for one in theirs.keys]
        found = [(_plain(one, theirs), one) for one in (*theirs.indexes, *unique)]
        for index in ours.indexes:
            subjects = (
                _rule(ours, "index", map(str, index.parts)),
                _rule(ours, "key", index.attributes),
                f"{ours.name}: the index {index.name}",
            )
            beside = any(set(one.attributes) == {columns[name] for name in index.attributes} for one in theirs.keys)
            if self.told(*subjects) or (index.is_key and beside):
                continue
            wanted = index.renamed(columns.__getitem__)
            told = tuple(
                replace(part, expression=self.said(part.expression, columns, ours.name)) if part.expression else part
                for part in wanted.parts
            )
            where = self.said(index.where, columns, ours.name) if index.where else ""
            plain = _plain(replace(wanted, on=told, where=where), theirs)
            same = sorted((one for is_like, one in found if is_like == plain), key=lambda one: one.name != index.name)
            if not same:
                yield f"index missing: {index} among {[one for _, one in found]}"
            elif index.name and same[0].name != index.name:
                yield f"index name: {index.name!r} became {same[0].name!r}"


def _rule(relation: Relation, kind: str, names: Iterable[str]) -> str:
    """How losses speak of a rule."""
    return f"{relation.name}: the {kind} ({', '.join(names)})"


def _acts(key: ForeignKey, *, cyclic: bool) -> tuple[object, ...]:
    """What a reference does; one of a cycle may be looked at later than was said."""
    idle = {"restrict": "", "no action": ""}
    actions = (" ".join(one.casefold().split()) for one in (key.on_delete, key.on_update))
    full = key.match_full and len(key.attributes) > 1
    return (
        *(idle.get(one, one) for one in actions),
        full,
        key.name,
        "" if cyclic and not key.deferrable else key.deferrable,
    )


def _plain(index: Index, relation: Relation) -> tuple[object, ...]:
    """An index but for its name, with nothing said that goes without saying."""
    parts = [replace(one, expression=meaning_of(one.expression)) if one.expression else one for one in index.parts]
    parts = [replace(one, nulls="") if one.nulls == ("first" if one.descending else "last") else one for one in parts]
    method, include = index.method.replace("btree", ""), {*index.include} - {*index.attributes}
    where = meaning_of(index.where) if index.where else ""
    certain = not any(relation[one].nullable for one in index.attributes)
    distinct = index.nulls_distinct or not index.unique or certain
    return tuple(parts), index.unique, where, method, include, distinct


def _domain(domain: Domain) -> Domain:
    checks = (replace(check, expression=meaning_of(check.expression)) for check in domain.checks)
    return replace(domain, checks=tuple(checks))


def _nothing(text: str) -> str | None:
    return None if text == "NULL" else text

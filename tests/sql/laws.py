"""The law of DDL: what is written reads back as it was, but for what is told as lost."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dbworkbench.errors import listed
from dbworkbench.schema.loss import Loss
from dbworkbench.schema.relation import Attribute, Declared, Domain, Exclusion, ForeignKey, Index, Key, Part, Relation
from dbworkbench.schema.rules import UNENFORCED
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Decimal, Enumeration, Float, Integer, Native, Type
from dbworkbench.sql.alike import meaning_of
from dbworkbench.sql.declarations import Beyond, beyond, canonical, meaning, words_in
from dbworkbench.sql.dialect import DIALECTS, Dialect, Feature, Rare
from dbworkbench.sql.expression import Untold, translated
from dbworkbench.sql.laying import as_ranges
from dbworkbench.sql.names import names_in
from dbworkbench.sql.read import read
from dbworkbench.sql.write import write

__all__ = ["misnamed", "unsaid"]


def unsaid(schema: Schema, dialect: str) -> list[str]:
    """What of a schema neither comes back from its DDL nor is told as lost by the writer.

    A loss excuses the one property that it tells of, a type or a default, an action or an order, and nothing beside it.
    The reader's own losses excuse nothing, but that a key without a primary one before it is a unique index, which cannot be
    put off.
    """
    written = write(schema, dialect)
    found = read(written.text, dialect)
    told: dict[str, list[Loss]] = {}
    for loss in written.losses:
        told.setdefault(loss.subject, []).append(loss)
    put_off = {loss.subject for loss in found.losses if loss.feature == "it can be put off"}
    comparison = _Comparison(schema, found.schema, DIALECTS[dialect], told, put_off)
    kept = [f"kept as text: {entry}" for entry in found.ledger if entry.fate == "kept as text"]
    return [*kept, *comparison.differences()]


@dataclass(frozen=True)
class _Comparison:
    wanted: Schema
    found: Schema
    dialect: Dialect
    told: Mapping[str, Sequence[Loss]]
    put_off: Collection[str]

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
            if called != relation.name and not self.says(relation.name, "the relation's name"):
                yield f"relation's name: {relation.name!r} became {called!r}"
            yield from self.relation(relation, other, columns)
        yield from (f"{name!r}: was not written" for name in back)

    def says(self, subject: str, *features: str) -> bool:
        """Whether a loss of just this subject begins with one of these features."""
        return any(loss.feature.startswith(features) for loss in self.told.get(subject, ()))

    def leaves_out(self, subject: str) -> bool:
        """Whether a loss says that this subject is not written at all."""
        return any(loss.instead.startswith("not written") for loss in self.told.get(subject, ()))

    def said(self, text: str, columns: dict[str, str], relation: str) -> str:
        try:
            return meaning_of(translated(text, DIALECTS["duckdb"], columns, relation))
        except Untold as reason:
            return f"untold {reason}"

    def relation(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        name = ours.name
        for one, other in zip(ours.attributes, theirs.attributes, strict=True):
            if other.name != one.name and not self.says(f"{name}.{one.name}", "the attribute's name"):
                yield f"attribute's name: {one.name!r} became {other.name!r}"
            for what, mine, got in self.attribute(ours, one, other, columns):
                if mine != got and not self.excused(what, name, one):
                    yield f"attribute {what}: {mine!r} became {got!r} [{one.type}]"
        if ours.note != theirs.note and not self.says(name, *_PROPERTIES["note"]):
            yield f"note of relation: {ours.note!r} became {theirs.note!r}"
        yield from self.rules(ours, theirs, columns)

    def excused(self, what: str, relation: str, one: Attribute) -> bool:
        """Whether a loss tells of one property of an attribute."""
        subject = f"{relation}.{one.name}"
        match what:
            case "type":
                spelled = {self.dialect.spelling(one.type, keyed=keyed).loss for keyed in (False, True)} - {""}
                unchecked = isinstance(one.type, Enumeration) and self.says(subject, *_UNCHECKED)
                counted = one.identity is not None and self.says(subject, "a whole number of ")
                return unchecked or counted or (bool(spelled) and self.says(subject, *spelled))
            case "domain":
                return one.domain is not None and self.says(one.domain.name, "the domain")
            case "default":
                domain = one.domain is not None and self.says(one.domain.name, "the domain")
                default = one.domain.default if one.domain and one.default is None and domain else one.default
                return f"{subject}: the default {default}" in self.told
            case "declared":  # what is numbered says how many digits it had, and with them its bounds
                return one.identity is not None and self.says(subject, "a whole number of ")
            case _:
                return self.says(subject, *_PROPERTIES[what])

    def attribute(
        self, ours: Relation, one: Attribute, other: Attribute, columns: dict[str, str]
    ) -> Iterator[tuple[str, object, object]]:
        domain = one.domain if other.domain is None else None
        if not self.alike(one.type, other.type) and not _is_of_digits(one.type, other):
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
        yield "declared", *self.beyond(f"{ours.name}.{one.name}", one, other)
        mine = one.generated and (self.said(one.generated.expression, columns, ours.name), one.generated.stored)
        got = other.generated and (meaning_of(other.generated.expression), other.generated.stored)
        yield "generated", mine, got

    def beyond(self, subject: str, one: Attribute, other: Attribute) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What the words of a type say beyond the type, here and there, but for what is told or is how the dialect says the type."""
        same = one.declared and meaning(one.declared.text, one.declared.dialect) == one.type
        wanted = {*_aspects(one.declared, one.type)} if one.declared and same and one.domain is None else set()
        got = {*_aspects(other.declared, other.type)} if other.declared else set()
        usual = {
            said
            for keyed in (False, True)
            for text in (self.dialect.spelling(one.type, keyed=keyed).text,)
            for said in _aspects(
                Declared(self.dialect.name, canonical(*words_in(text), self.dialect.name, text)), other.type
            )
        }
        told = ", ".join(
            loss.feature
            for losses in self.told.values()
            for loss in losses
            if subject in loss.subject or loss.subject.endswith(" more)")
        )
        return (
            tuple(sorted(said for said in wanted - got if said not in told)),
            tuple(sorted(got - wanted - usual)),
        )

    def alike(self, one: Type, other: Type) -> bool:
        """Whether two types are the same there: an engine's own but for case and blanks, numbers in a wider type."""
        if isinstance(one, Native) and isinstance(other, Native):
            return _plainly(one) == _plainly(other)
        wider = isinstance(one, Integer | Float) and type(one) is type(other) and other.bits > one.bits
        return one == other or (wider and self.dialect.spelling(one) == self.dialect.spelling(other))

    def rules(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        yield from self.keys(ours, theirs, columns)
        yield from self.references(ours, theirs, columns)
        yield from self.checks(ours, theirs, columns)
        yield from self.indexes(ours, theirs, columns)
        yield from self.exclusions(ours, theirs, columns)
        laid = ours.partitioning
        if laid is None and theirs.partitioning is not None:
            yield f"partitioning that was not asked for: {theirs.partitioning}"
        elif laid is not None and laid != theirs.partitioning:
            subject = f"{ours.name}: partitioning by {', '.join(map(str, laid.parts))}"
            called = replace(
                laid,
                on=_parts(laid.parts, columns, lambda text: self.said(text, columns, ours.name)),
                partitions=as_ranges(ours, laid.partitions),
            )
            untouched = theirs.partitioning is not None and called == replace(
                theirs.partitioning,
                on=_parts(theirs.partitioning.parts, {}, meaning_of),
                partitions=as_ranges(theirs, theirs.partitioning.partitions),
            )
            if not untouched and not (theirs.partitioning is None and subject in self.told):
                yield f"partitioning changed: {laid} became {theirs.partitioning}"

    def exclusions(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        left = list(theirs.exclusions)
        for exclusion in ours.exclusions:
            if f"{ours.name}: the exclusion ({listed(tuple(map(str, exclusion.parts)))})" in self.told:
                continue
            on = _parts(exclusion.parts, columns, lambda text: self.said(text, columns, ours.name))
            where = self.said(exclusion.where, columns, ours.name) if exclusion.where else ""
            wanted = (on, exclusion.operators, exclusion.method or "gist", where, exclusion.deferrable)
            same = next((one for one in left if _excludes(one) == wanted), None)
            if same is None:
                yield f"exclusion missing: {exclusion}"
                continue
            left.remove(same)
            given = exclusion.name and not self.says(f"{ours.name}: the key {exclusion.name}", "its name")
            if given and same.name != exclusion.name:
                yield f"exclusion name: {exclusion.name!r} became {same.name!r}"
        if left:
            yield f"exclusions not asked for: {left}"

    def keys(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        unique = [Key(one.attributes, one.name, one.nulls_distinct) for one in theirs.indexes if one.is_key]
        for at, key in enumerate(ours.keys):
            called = tuple(columns[one] for one in key.attributes)
            found = next((one for one in (*theirs.keys, *unique) if set(one.attributes) == set(called)), None)
            subject = _rule(ours, "key", key.attributes)
            twice = any(set(one.attributes) == set(key.attributes) for one in ours.keys[:at])
            if self.leaves_out(subject):
                continue
            if found is None:
                yield f"key missing: {key} at {at}"
                continue
            if at == 0 and found not in theirs.keys[:1] and not self.says(subject, "a primary key over"):
                yield f"primary key became another: {key}"
            certain = not any(theirs[one].nullable for one in called)
            distinct = key.nulls_distinct or certain or self.says(subject, Rare.NULLS_NOT_DISTINCT.value)
            distinct = distinct and (certain or not self.says(subject, Feature.MANY_NULLS.value))
            same_name = not key.name or self.says(f"{ours.name}: the key {key.name}", "its name")
            same_name = same_name or (found in theirs.keys[:1] and self.forgets_key_names())
            at_once = self.says(subject, Rare.DEFERRABLE_KEY.value) or _rule(theirs, "key", called) in self.put_off
            put_off = "" if at_once else key.deferrable
            wanted = replace(
                key,
                attributes=called,
                nulls_distinct=distinct,
                name="" if same_name else key.name,
                deferrable=put_off,
            )
            got = replace(
                found,
                name="" if same_name else found.name,
                nulls_distinct=found.nulls_distinct or certain,
            )
            if wanted != got and not (twice and self.says(subject, "the same attributes again")):
                yield f"key changed: {wanted} became {got}"

    def forgets_key_names(self) -> bool:
        """Whether a loss tells, of all tables together, that primary keys have no names."""
        return forgets((one for losses in self.told.values() for one in losses), Feature.KEY_NAME)

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
            subject = f"{_rule(ours, 'foreign key', key.attributes)} to {key.relation}"
            if key.enforced == "never" and self.says(subject, UNENFORCED["never"]):
                continue
            if same:
                left.remove(same[0])
            elif self.leaves_out(subject):
                continue
            else:
                yield f"foreign key missing: {key}"
                continue
            named = key.name and not self.says(f"{ours.name}: the foreign key {key.name}", "its name")
            gone: dict[str, Any] = {  # what a loss says is left out, where it is
                what: ""
                for what, lost in (
                    ("on_delete", "on delete "),
                    ("on_update", "on update "),
                    ("deferrable", Rare.DEFERRABLE_REFERENCE.value),
                )
                if not getattr(same[0], what) and self.says(subject, lost)
            }
            full = key.match_full and (same[0].match_full or not self.says(subject, Rare.MATCH_FULL.value))
            told = (*UNENFORCED.values(), Feature.REFERENCES_ENFORCED.value)
            asked = "always" if same[0].enforced == "always" and self.says(subject, *told) else key.enforced
            mine = replace(key, name=key.name if named else "", match_full=full, enforced=asked, **gone)
            got = replace(
                same[0],
                name=same[0].name if named else "",
                deferrable=same[0].deferrable if key.deferrable else "",
            )
            cyclic = key.relation != ours.name
            if _acts(mine, cyclic=cyclic) != _acts(got, cyclic=cyclic):
                yield f"foreign key changed: {key} became {same[0]}"
        if left:
            yield f"foreign keys not written: {left}"

    def checks(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        left = [(meaning_of(one.expression), one.name, one.enforced) for one in theirs.checks]
        for check in dict.fromkeys(ours.checks):
            meant = self.said(check.expression, columns, ours.name)
            subject = f"{ours.name}: the check {check.expression}"
            if check.enforced == "never" and self.says(subject, UNENFORCED["never"]):
                continue
            same = sorted(
                (one for one in left if one[0] == meant),
                key=lambda one: (one[2:] != (check.enforced,), one[1] != check.name),
            )
            if same:
                left.remove(same[0])
            if same and same[0][2] != check.enforced and not self.says(subject, *UNENFORCED.values()):
                yield f"check asked of other rows: {check} became {same[0]}"
            if not same and not self.leaves_out(subject):
                yield f"check missing: {check} among {left}"
            named = check.name and not self.says(f"{ours.name}: the check {check.name}", "its name")
            if same and named and same[0][1] != check.name:
                yield f"check name: {check.name!r} became {same[0][1]!r}"

    def indexes(self, ours: Relation, theirs: Relation, columns: dict[str, str]) -> Iterator[str]:
        unique = [Index(one.attributes, True, "", one.name, nulls_distinct=one.nulls_distinct) for one in theirs.keys]
        found = [(_plain(one, theirs), one) for one in (*theirs.indexes, *unique)]
        for index in ours.indexes:
            subject = _rule(ours, "index", map(str, index.parts))
            if self.leaves_out(subject) or self.says(
                subject, Feature.REPEATED_INDEX.value, "a unique index on the attributes of a key"
            ):
                continue
            if any(one.startswith((f"{subject} where {index.where}", f"{subject}, by ")) for one in self.told):
                continue
            if index.is_key and self.leaves_out(_rule(ours, "key", index.attributes)):
                continue
            wanted = self.kept_of(self.in_room(index, subject).renamed(columns.__getitem__), subject)
            if self.says(subject, "its method, its order"):
                wanted = Index(wanted.attributes, unique=True, name=index.name, nulls_distinct=index.nulls_distinct)
            if self.says(_rule(ours, "key", index.attributes), Rare.NULLS_NOT_DISTINCT.value):
                wanted = replace(wanted, nulls_distinct=True)
            told = tuple(
                replace(part, expression=self.said(part.expression, columns, ours.name)) if part.expression else part
                for part in wanted.parts
            )
            where = self.said(wanted.where, columns, ours.name) if wanted.where else ""
            plain = _plain(replace(wanted, on=told, where=where), theirs)
            same = sorted((one for is_like, one in found if is_like == plain), key=lambda one: one.name != index.name)
            if not same:
                yield f"index missing: {index} among {[one for _, one in found]}"
            elif index.name and same[0].name != index.name:
                kinds = ("index", "key") if index.is_key else ("index",)
                if not any(self.says(f"{ours.name}: the {kind} {index.name}", "its name") for kind in kinds):
                    yield f"index name: {index.name!r} became {same[0].name!r}"

    def in_room(self, index: Index, subject: str) -> Index:
        """An index whose attributes begin as long as a loss says that it sorts by them."""
        for loss in self.told.get(subject, ()):
            if loss.feature.endswith("bytes in an index") and loss.instead.startswith("sorted by "):
                said = loss.instead.removeprefix("sorted by ")
                index = replace(index, on=tuple(_begun(part, said) for part in index.parts))
        return index

    def kept_of(self, index: Index, subject: str) -> Index:
        """An index without what a loss says it is written without."""
        bare = {
            "length": (None, Rare.LENGTH.value),
            "descending": (False, Rare.ORDER.value),
            "nulls": ("", Rare.NULL_ORDER.value),
            "operators": ("", Rare.OPERATORS.value),
        }
        gone: dict[str, Any] = {name: nothing for name, (nothing, lost) in bare.items() if self.says(subject, lost)}
        mild = dict(gone)  # what becomes of a part that does not descend
        if "descending" in gone:  # where there is no order, NULLs have no place in it
            gone["nulls"] = ""
        begun = [one.instead for one in self.told.get(subject, ()) if one.feature == Rare.LENGTH.value]
        parts = tuple(
            replace(
                _beginning(part, begun),
                **(gone if part.descending else mild),
                collation="" if self.says(subject, f"the collation {part.collation}") else part.collation,
            )
            for part in index.parts
        )
        return replace(
            index,
            on=parts,
            where="" if self.says(subject, Feature.PARTIAL_INDEX.value) else index.where,
            method="" if self.says(subject, f"the method {index.method}") else index.method,
            include=() if self.says(subject, Rare.INCLUDE.value) else index.include,
            nulls_distinct=(index.nulls_distinct or self.says(subject, Rare.NULLS_NOT_DISTINCT.value))
            and not self.says(subject, Feature.MANY_NULLS.value),
        )


def forgets(told: Iterable[Loss], what: Feature) -> bool:
    """Whether a loss tells, of all tables together, that names are lost."""
    return any(loss.feature == what.value for loss in told)


def misnamed(schema: Schema, found: Schema, dialect: str) -> list[str]:
    """Which rules of a schema's DDL were given a name and have another where they were created, but for names that the
    writer tells as lost.
    """
    written = write(schema, dialect)
    kept = [kind for kind in _NAMED if kind == "index" or not forgets(written.losses, Feature.RULE_NAME)]
    said: list[str] = []
    for relation in read(written.text, dialect).schema:
        there = _names(found[relation.name])
        for at, (kind, rule, name) in enumerate(_names(relation)):
            if kind in kept and name and (kind, rule, name) not in there:
                called = [other for other_kind, other_rule, other in there if (other_kind, other_rule) == (kind, rule)]
                said.append(f"{relation.name}: the {kind} {rule} was called {name!r}, found {called} [{at}]")
    return said


_NAMED = ("key", "foreign key", "check", "index", "exclusion")


def _names(relation: Relation) -> list[tuple[str, object, str]]:
    """Each rule with its kind, what it is about, and its name; a unique index that is as good as a key is one."""
    keys = [("key", frozenset(one.attributes), one.name) for one in relation.keys]
    keys += [("key", frozenset(one.attributes), one.name) for one in relation.indexes if one.is_key]
    references = [
        ("foreign key", (frozenset(zip(one.attributes, one.referenced, strict=True)), one.relation), one.name)
        for one in relation.foreign_keys
    ]
    checks = [("check", meaning_of(one.expression), one.name) for one in relation.checks]
    indexes = [("index", one.attributes, one.name) for one in relation.indexes if not one.is_key]
    exclusions = [("exclusion", one.attributes, one.name) for one in relation.exclusions]
    return [*keys, *references, *checks, *indexes, *exclusions]


def _begun(part: Part, said: str) -> Part:
    found = re.search(rf"(?:^|, ){re.escape(part.attribute)}\((\d+)\)(?:, |$)", said) if part.attribute else None
    return replace(part, length=int(found[1])) if found else part


def _beginning(part: Part, begun: list[str]) -> Part:
    """A part of a text that a loss says to be written as an expression."""
    said = part.length is not None and f"written on the first {part.length} characters" in begun
    expression = f"LEFT({DIALECTS['duckdb'].quoted(part.attribute)}, {part.length})"
    return replace(part, attribute="", expression=expression, length=None) if said else part


def _is_of_digits(wanted: Type, found: Attribute) -> bool:
    """Whether whole numbers of so many digits are read as such of so many bits, and are declared to have these digits."""
    digits = words_in(found.declared.text)[1] if found.declared and isinstance(found.type, Integer) else ()
    return isinstance(wanted, Decimal) and not wanted.scale and digits == (str(wanted.precision),)


def _plainly(kind: Native) -> str:
    """An engine's own type but for case, blanks, and which of two words stands for decimals."""
    return "".join(kind.text.casefold().split()).replace("numeric", "decimal")


def _aspects(declared: Declared, kind: Type) -> tuple[str, ...]:
    """Each thing that a declared type says beyond a type."""
    found = beyond(declared, kind)
    parts = (
        Beyond(fraction=found.fraction),
        Beyond(padded=found.padded),
        Beyond(bounds=found.bounds),
        *(Beyond(more=(said,)) for said in found.more),
    )
    return tuple(part.said(kind) for part in parts if part)


_ROOM = "more than 65,535 bytes in the definition of its table"
_UNCHECKED = (
    _ROOM,
    "the check ",
    "a value with a NUL character",
    "a value with a lone surrogate",
    Feature.COMPUTED_CHECK.value,
)
"""How a loss begins that tells that any value will do."""
_PROPERTIES: dict[str, tuple[str, ...]] = {
    "nullable": (Feature.COMPUTED_NOT_NULL.value,),
    "note": (
        Feature.COMMENT.value,
        "a NUL character in its note",
        "a lone surrogate in its note",
        "characters beyond",
        "the end of its note",
        _ROOM,
    ),
    "identity": ("a running number", "numbers "),
    "collation": ("the collation ",),
    "generated": ("computed as ", "its computed value is "),
}
"""How a loss begins that tells of a property of an attribute."""


def _rule(relation: Relation, kind: str, names: Iterable[str]) -> str:
    """How losses speak of a rule."""
    return f"{relation.name}: the {kind} ({listed(tuple(names))})"


def _parts(parts: Iterable[Part], columns: Mapping[str, str], meant: Callable[[str], str]) -> tuple[str | Part, ...]:
    """Parts with their attributes called otherwise, and expressions as what they mean."""
    return tuple(
        Part.plain(
            replace(one, expression=meant(one.expression))
            if one.expression
            else replace(one, attribute=columns.get(one.attribute, one.attribute))
        )
        for one in parts
    )


def _excludes(rule: Exclusion) -> tuple[object, ...]:
    where = meaning_of(rule.where) if rule.where else ""
    return _parts(rule.parts, {}, meaning_of), rule.operators, rule.method or "gist", where, rule.deferrable


def _acts(key: ForeignKey, *, cyclic: bool) -> tuple[object, ...]:
    """What a reference does; one of a cycle may be looked at later than was said."""
    idle = {"restrict": "", "no action": ""}
    actions = (" ".join(one.casefold().split()) for one in (key.on_delete, key.on_update))
    full = key.match_full and len(key.attributes) > 1
    return (
        *(idle.get(one, one) for one in actions),
        full,
        key.name,
        key.enforced,
        "" if cyclic and not key.deferrable else key.deferrable,
    )


def _plain(index: Index, relation: Relation) -> tuple[object, ...]:
    """An index but for its name, with nothing said that goes without saying."""
    parts = [replace(one, expression=meaning_of(one.expression)) if one.expression else one for one in index.parts]
    parts = [replace(one, length=None) if _is_whole(one, relation) else one for one in parts]
    parts = [replace(one, nulls="") if one.nulls == ("first" if one.descending else "last") else one for one in parts]
    method, include = index.method.replace("btree", ""), {*index.include} - {*index.attributes}
    where = meaning_of(index.where) if index.where else ""
    certain = not any(relation[one].nullable for one in index.attributes)
    distinct = index.nulls_distinct or not index.unique or certain
    return tuple(parts), index.unique, where, method, include, distinct


def _is_whole(part: Part, relation: Relation) -> bool:
    """Whether the length of a part is all there can be of its attribute."""
    kind = relation[part.attribute].type if part.attribute and part.length else None
    most = max(map(len, kind.values)) if isinstance(kind, Enumeration) else getattr(kind, "length", None)
    return most is not None and (part.length or 0) >= most


def _domain(domain: Domain) -> Domain:
    checks = (replace(check, expression=meaning_of(check.expression)) for check in domain.checks)
    return replace(domain, checks=tuple(checks))


def _nothing(text: str) -> str | None:
    return None if text == "NULL" else text

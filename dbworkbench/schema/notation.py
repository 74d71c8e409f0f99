"""The text form of relations and schemas: what people type, and what they get back.

    customers(*customer_id: integer, name: text, city: text?)
    orders(
        *order_id: integer,
        customer_id: integer -> customers,       # a foreign key to the primary key of customers
        placed: date = current_date,
        total: decimal(10, 2) check (total >= 0)
    )
    order_lines(order_id -> orders, line_no: integer, product: text, price: decimal(10,2))
        key order_id, line_no
        product -> price                         # a functional dependency
        unique order_id, product

    domain money: decimal(9, 2) check (value >= 0)     # a set of values with a name
    bookings(
        *id: integer identity,                   # a running number; identity(100, 10) always
        room: text collate "de-x-icu",
        price: money,
        fee: money as (price * 0.1) stored,      # computed from others; virtual where `stored` is left out
        during: tstzrange,
        floor: smallint declared mysql 'tinyint unsigned'      # as the DDL of an engine has it
    )
        index (room desc nulls last, (lower(room))) using btree include (price) where (price > 0)
        unique index (id)
        exclude using gist (room with =, during with &&)
        partition by range (id): low 'FROM (1) TO (100)', high 'FROM (100) TO (200)'

A relation is `name(attributes)`; rules follow, one to a line or parted by `;`. `*` (or `key`) marks the attributes of
the primary key, `?` (or `null`) those that may be unknown, `: type` the type, `= value` the default. Names with blanks
or other signs are quoted, `"unit price"`; a quote in one is doubled. So is the name of a type of one's own that looks
like a misspelled known one. `#` and `--` begin a comment. Keys and references can
be `deferrable`, or `deferrable initially deferred`; keys be `nulls not distinct`, references `match full`. A reference or
a check that is `not valid` is asked of new rows alone, one that is `not enforced` of none.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches

from dbworkbench.errors import DesignError, MisspelledName, NotationError, kind_of
from dbworkbench.schema.definition import Definition
from dbworkbench.schema.drafts import Draft, KeyDraft, Reader
from dbworkbench.schema.index import Index, Part
from dbworkbench.schema.paths import PartDraft
from dbworkbench.schema.relation import Attribute, Domain, Exclusion, ForeignKey, Key, Partitioning, Relation
from dbworkbench.schema.rules import Deferrable, Enforced
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.spelling import misspelled
from dbworkbench.schema.tokens import ENDS_TYPE, Token, place, quoted
from dbworkbench.schema.types import Native, Type, Unknown, parse_type, type_text
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, in_order, written


def relation(text: str) -> Relation:
    r"""Read one relation with its rules.

    Raises NotationError (line, column, the fix) where the text cannot be read, MisspelledName where a rule names no
    attribute, and DesignError where there is not exactly one relation.

    >>> relation("r(a: integer, b?) \n a -> b").candidate_keys()
    (frozenset({'a'}),)
    """
    if not isinstance(text, str):
        raise DesignError(f"a relation is read from text, not from {kind_of(text)}")
    reader = Reader(text)
    found = reader.drafts()
    if len(found) != 1:
        met = ", ".join(draft.name.name for draft in found) or "none"
        raise DesignError(f"one relation was expected, but the text has {met} — read several with schema(…)")
    return _Builder(reader, found).relations()[0]


def schema(*parts: str | Relation | Schema, name: str = "") -> Schema:
    r"""A schema read from text, or put together from relations and schemas, or both, in the order given.

    Raises what `relation` does, and DesignError where references do not fit.

    >>> schema("a(*x: integer) \n b(*y: integer, x: integer -> a)").names
    ('a', 'b')
    """
    given: list[Relation] = []
    domains: list[Domain] = []
    definitions: list[Definition] = []
    for part in parts:
        match part:
            case str():
                reader = Reader(part)
                drafts = reader.drafts()
                known = Schema(tuple(given), domains=tuple(domains)).domains
                builder = _Builder(reader, drafts, tuple(given), known)
                given.extend(builder.relations())
                domains.extend(domain for _, domain in reader.domains)
            case Relation():
                given.append(part)
            case Schema():
                given.extend(part.relations)
                domains.extend(part.domains)
                definitions.extend(part.definitions)
            case _:
                raise DesignError(f"{kind_of(part)} is no design — give relations, schemas, or the text of them")
    if not given and not domains:
        raise DesignError("a schema needs at least one relation — write name(attribute, attribute: type, …)")
    return Schema(tuple(given), name=name, domains=tuple(dict.fromkeys(domains)), definitions=tuple(definitions))


def design_of(value: object) -> Relation | Schema:
    """The design that a verb was given: a relation, a schema, the text of either, or what holds a schema.

    Raises DesignError for anything else, and what `schema` raises for a text.

    >>> design_of("r(a, b)").name
    'r'
    """
    found = schema(value) if isinstance(value, str) else value
    if isinstance(found, Relation):
        return found
    found = found if isinstance(found, Schema) else getattr(found, "schema", None)
    if not isinstance(found, Schema):
        raise DesignError(f"{kind_of(value)} is no design — give a relation, a schema, or the text of one")
    return found.relations[0] if isinstance(value, str) and len(found) == 1 else found


def relation_in(value: object) -> Relation:
    """The one relation that a verb was given, as a value or as text; raises DesignError for anything else."""
    found = design_of(value)
    if isinstance(found, Schema):
        raise DesignError(
            f"one relation is needed, but {kind_of(value)} holds {', '.join(found.names[:6])}"
            f"{' …' if len(found) > 6 else ''} — take one: schema[name]"
        )
    return found


def rules(design: Relation, text: str) -> Relation:
    r"""The same relation with the rules of a text added: dependencies, keys, checks, one to a line.

    The text may begin with the relation itself; its attributes must then be among those of `design`.
    Raises NotationError and MisspelledName, as `relation` does.

    >>> rules(relation("r(a, b)"), "a -> b\n key a").keys[0].attributes
    ('a',)
    """
    reader = Reader(text)
    draft = Draft(Token("word", design.name, 0))
    reader.skip_newlines()
    if reader.begins_relation():
        draft = reader.a_relation()
    builder = _Builder(reader, [draft])
    for token, _ in draft.attributes:
        builder.looked_up("attribute", token, design.names)
    draft.attributes = [(Token("word", attribute.name, 0), attribute) for attribute in design.attributes]
    while reader.more():
        reader.a_rule(draft)
    found = builder.relations()[0]
    return replace(
        design,
        attributes=found.attributes,
        keys=tuple(dict.fromkeys((*found.keys, *design.keys))),
        checks=tuple(dict.fromkeys((*design.checks, *found.checks))),
        indexes=tuple(dict.fromkeys((*design.indexes, *found.indexes))),
        dependencies=design.dependencies | found.dependencies,
        note=found.note or design.note,
        exclusions=tuple(dict.fromkeys((*design.exclusions, *found.exclusions))),
        partitioning=found.partitioning or design.partitioning,
    )


class _Builder:
    """Drafts to relations: names are looked up, and a wrong one is pointed at."""

    def __init__(
        self, reader: Reader, drafts: Sequence[Draft], known: Sequence[Relation] = (), domains: Sequence[Domain] = ()
    ) -> None:
        self.text, self.drafts = reader.text, drafts
        self.reader = reader
        self.domains = {domain.name: domain for domain in (*domains, *(domain for _, domain in reader.domains))}
        self.others = {other.name: other for other in known}
        self.known = [*self.others, *(draft.name.name for draft in drafts)]

    def relations(self) -> list[Relation]:
        bare = {draft.name.name: self._bare(draft) for draft in self.drafts}
        if len(bare) != len(self.drafts):
            seen: set[str] = set()
            for draft in self.drafts:
                if draft.name.name in seen:
                    raise self._wrong(f"two relations are called {draft.name.name!r} — rename one", draft.name)
                seen.add(draft.name.name)
        every = {**self.others, **bare}
        return [replace(bare[d.name.name], foreign_keys=self._references(d, every)) for d in self.drafts]

    def _wrong(self, message: str, token: Token) -> NotationError:
        line, column, source = place(self.text, token.at)
        return NotationError(message, line=line, column=column, text=source)

    def looked_up(self, kind: str, token: Token, known: Sequence[str]) -> str:
        if token.name in known:
            return token.name
        line, column, source = place(self.text, token.at)
        raise MisspelledName(kind, token.name, known, line=line, column=column, text=source)

    def _bare(self, draft: Draft) -> Relation:
        def names(tokens: Sequence[Token], *, once: bool = True) -> tuple[str, ...]:
            found = tuple(self.looked_up("attribute", token, draft.names) for token in tokens)
            for at, name in enumerate(found):
                if once and name in found[:at]:
                    raise self._wrong(f"{name!r} stands here twice", tokens[at])
            return found

        def on(parts: Sequence[PartDraft]) -> tuple[Part, ...]:
            for token, part in parts:
                if part.attribute:
                    self.looked_up("attribute", token, draft.names)
            found = [part for _, part in parts if part.attribute]
            for at, part in enumerate(found):
                if part.attribute in [one.attribute for one in found[:at]]:
                    token = next(token for token, one in parts if one is part)
                    raise self._wrong(f"{part.attribute!r} stands here twice", token)
            return tuple(part for _, part in parts)

        def key(one: KeyDraft) -> Key:
            return Key(names(one.attributes), nulls_distinct=one.nulls_distinct, deferrable=one.deferrable)

        marked = KeyDraft(tuple(draft.marked)) if draft.marked else None
        primary = draft.primary or marked
        keys = [key(one) for one in (primary, *draft.keys) if one is not None]
        prime = set(keys[0].attributes) if primary else set()
        attributes = []
        for token, attribute in draft.attributes:
            if attribute.nullable and attribute.name in prime:
                raise self._wrong(f"{attribute.name!r} is in the primary key, so it cannot be unknown", token)
            attributes.append(self._of_domain(draft, attribute))
        laid = draft.partitioning
        return Relation(
            draft.name.name,
            tuple(attributes),
            keys=tuple(dict.fromkeys(keys)),
            checks=tuple(draft.checks),
            indexes=tuple(
                Index(
                    on(one.on),
                    one.unique,
                    one.where,
                    "",
                    one.method,
                    names(one.include),
                    nulls_distinct=one.nulls_distinct,
                )
                for one in draft.indexes
            ),
            dependencies=frozenset(self._dependencies(draft, names)),
            note=draft.note,
            exclusions=tuple(
                Exclusion(on(one.on), tuple(one.operators), one.method, one.where, "", one.deferrable)
                for one in draft.exclusions
            ),
            partitioning=Partitioning(laid.method, on(laid.on), laid.partitions, laid.count) if laid else None,
        )

    def _of_domain(self, draft: Draft, attribute: Attribute) -> Attribute:
        """The attribute with its domain, where its type names one."""
        token = draft.domains.get(attribute.name)
        if token is not None:
            domain = self.domains[self.looked_up("domain", token, tuple(self.domains))]
        else:
            word = attribute.type.text if isinstance(attribute.type, Native) else ""
            if word not in self.domains:
                return self._of_own_type(draft, attribute)
            domain = self.domains[word]
        try:
            return replace(attribute, type=Unknown() if token is None else attribute.type, domain=domain)
        except DesignError as error:
            raise self._wrong(error.args[0], token or draft.name) from None

    def _of_own_type(self, draft: Draft, attribute: Attribute) -> Attribute:
        """The attribute, whose type is no domain, unless a domain or a known type was meant."""
        token = draft.typed.get(attribute.name)
        if token is not None and token.kind == "quoted" and get_close_matches(token.name, self.domains, n=1):
            self.looked_up("domain", token, tuple(self.domains))
        return attribute if token is None else replace(attribute, type=self.reader.meant(attribute.type, token))

    @staticmethod
    def _dependencies(draft: Draft, names: Callable[..., tuple[str, ...]]) -> Iterator[Dependency]:
        for left, kind, sides in draft.dependencies:
            determinant = frozenset(names(left, once=False))
            match kind:
                case "fd":
                    yield FD(determinant, frozenset(names(sides[0], once=False)))
                case "mvd":
                    yield from (MVD(determinant, frozenset(names(side, once=False))) for side in sides)
                case _:
                    yield _join(draft, sides, names)

    def _references(self, draft: Draft, every: dict[str, Relation]) -> tuple[ForeignKey, ...]:
        made: list[ForeignKey] = []
        for reference in draft.references:
            target = every[self.looked_up("relation", reference.relation, self.known)]
            attributes = tuple(self.looked_up("attribute", token, draft.names) for token in reference.attributes)
            referenced = (
                tuple(self.looked_up("attribute", token, target.names) for token in reference.referenced)
                or target.primary_key
            )
            if len(attributes) != len(referenced):
                raise self._wrong(
                    f"the foreign key of {draft.name.name!r} has {len(attributes)} attributes, but "
                    f"{target.name}({', '.join(referenced)}) needs {len(referenced)} — name them: "
                    f"a, b -> {target.name}(x, y)",
                    reference.relation,
                )
            made.append(
                ForeignKey(
                    attributes,
                    target.name,
                    referenced,
                    reference.on_delete,
                    reference.on_update,
                    deferrable=reference.deferrable,
                    match_full=reference.match_full,
                    enforced=reference.enforced,
                )
            )
        return tuple(made)


def _join(draft: Draft, sides: tuple[tuple[Token, ...], ...], names: Callable[..., tuple[str, ...]]) -> Dependency:
    """A join dependency; where single words name no attribute but their letters do, the letters are meant."""
    letters = all(len(side) == 1 and side[0].kind == "word" and side[0].name not in draft.names for side in sides)
    if letters and all(set(side[0].name) <= set(draft.names) for side in sides):
        return JD(frozenset(frozenset(side[0].name) for side in sides))
    return JD(frozenset(frozenset(names(side, once=False)) for side in sides))


def to_text(design: object) -> str:
    """A relation or schema in the notation: `relation` and `schema` read it back as the same value.

    Names of rules and of indexes, notes on a schema, and what is kept as text (views, triggers) have no place in the
    notation and are left out.
    """
    given = design_of(design)
    domains = given.domains if isinstance(given, Schema) else Schema((replace(given, foreign_keys=()),)).domains
    said = [_domain_text(domain) for domain in domains]
    if isinstance(given, Schema):
        return "\n".join((*said, *(_relation_text(relation) for relation in given.relations)))
    return "\n".join((*said, _relation_text(given)))


def _domain_text(domain: Domain) -> str:
    said = f"domain {_word(domain.name)}: {type_word(domain.type)}"
    said += "" if domain.nullable else " not null"
    said += f" = {domain.default}" if domain.default is not None else ""
    said += "".join(f" check ({check.expression}){_enforced_text(check.enforced)}" for check in domain.checks)
    return said + (f" note {_text_quoted(domain.note)}" if domain.note else "") + "\n"


def _relation_text(design: Relation) -> str:
    primary = design.keys[0] if design.keys else Key(())
    marked = primary.attributes
    in_place = primary == Key(marked, primary.name) and tuple(name for name in design.names if name in marked) == marked
    inner = ", ".join(_attribute_text(a, key=in_place and a.name in marked) for a in design.attributes)
    lines = [f"{_word(design.name)}({inner})"]
    if marked and not in_place:
        lines.append(f"key {_key_text(primary)}")
    lines += [f"unique {_key_text(key)}" for key in design.keys[1:]]
    for foreign_key in design.foreign_keys:
        actions = "".join(
            f" on {event} {action}"
            for event, action in (("delete", foreign_key.on_delete), ("update", foreign_key.on_update))
            if action
        )
        actions += (" match full" if foreign_key.match_full else "") + _deferrable_text(foreign_key.deferrable)
        actions += _enforced_text(foreign_key.enforced)
        target = f"{_word(foreign_key.relation)}({_names_text(foreign_key.referenced)})"
        lines.append(f"{_names_text(foreign_key.attributes)} -> {target}{actions}")
    lines += [f"check ({check.expression}){_enforced_text(check.enforced)}" for check in design.checks]
    lines += [_exclusion_text(exclusion) for exclusion in design.exclusions]
    lines += [_index_text(index) for index in design.indexes]
    lines += [_partitioning_text(design.partitioning)] if design.partitioning else []
    lines += [_dependency_text(dependency) for dependency in in_order(design.dependencies)]
    if design.note:
        lines.append("note " + _text_quoted(design.note))
    return "\n    ".join(lines) + "\n"


def _key_text(key: Key) -> str:
    nulls = "" if key.nulls_distinct else " nulls not distinct"
    return _names_text(key.attributes) + nulls + _deferrable_text(key.deferrable)


def _deferrable_text(deferrable: Deferrable) -> str:
    return {"": "", "immediate": " deferrable", "deferred": " deferrable initially deferred"}[deferrable]


def _enforced_text(enforced: Enforced) -> str:
    return {"always": "", "new": " not valid", "never": " not enforced"}[enforced]


def _index_text(index: Index) -> str:
    said = "unique index " if index.unique else "index "
    plain = all(isinstance(one, str) for one in index.on)
    said += _names_text(index.attributes) if plain else f"({', '.join(map(_part_text, index.parts))})"
    said += f" using {written(index.method)}" if index.method else ""
    said += f" include ({_names_text(index.include)})" if index.include else ""
    said += "" if index.nulls_distinct else " nulls not distinct"
    return said + (f" where ({index.where})" if index.where else "")


def _part_text(part: Part) -> str:
    said = f"({part.expression})" if part.expression else _word(part.attribute)
    said += f"({part.length})" if part.length else ""
    said += f" collate {written(part.collation)}" if part.collation else ""
    said += f" class {written(part.operators)}" if part.operators else ""
    return said + (" desc" if part.descending else "") + (f" nulls {part.nulls}" if part.nulls else "")


def _exclusion_text(exclusion: Exclusion) -> str:
    pairs = zip(exclusion.parts, exclusion.operators, strict=True)
    inner = ", ".join(f"{_part_text(part)} with {_operator_text(operator)}" for part, operator in pairs)
    said = f"exclude{f' using {written(exclusion.method)}' if exclusion.method else ''} ({inner})"
    return said + (f" where ({exclusion.where})" if exclusion.where else "") + _deferrable_text(exclusion.deferrable)


def _operator_text(operator: str) -> str:
    bare = re.fullmatch(r"[+*/<>=~!@%^&|?-]+", operator) and "--" not in operator
    return operator if bare else _text_quoted(operator)


def _partitioning_text(laid: Partitioning) -> str:
    said = f"partition by {laid.method} ({', '.join(map(_part_text, laid.parts))})".replace("by  ", "by ")
    if laid.count:
        return f"{said} into {laid.count}"
    named = [_word(one.name) + (f" {_text_quoted(one.bounds)}" if one.bounds else "") for one in laid.partitions]
    return said + (f": {', '.join(named)}" if named else "")


def _dependency_text(dependency: Dependency) -> str:
    match dependency:
        case FD(determinant, dependent):
            return f"{_names_text(sorted(determinant)) or '∅'} -> {_names_text(sorted(dependent))}"
        case MVD(determinant, dependent):
            return f"{_names_text(sorted(determinant)) or '∅'} ->> {_names_text(sorted(dependent))}"
        case JD(components):
            return f"join[{', '.join(' '.join(map(_word, sorted(part))) for part in sorted(components, key=sorted))}]"


def _names_text(names: Sequence[str]) -> str:
    return ", ".join(_word(name) for name in names)


def _word(name: str) -> str:
    """A name as a rule spells it: quoted also where it would begin a rule of another kind."""
    return f'"{name}"' if name.casefold() in _SPOKEN else written(name)


_RULE_WORDS = """foreign join where relation table entity deferrable nulls asc desc class using include with exclude
    partition"""
_SPOKEN = ENDS_TYPE | frozenset(_RULE_WORDS.split())
"""Words that mean something of their own in rules."""


def type_word(kind: Type) -> str:
    """A type as the notation reads it back; what would be read as something else is quoted.

    >>> type_word(Native("inet")), type_word(Native("integr")), type_word(Native("integer"))
    ('inet', '"integr"', '"integer"')
    """
    said = type_text(kind)
    if not isinstance(kind, Native):
        return said
    plain = re.fullmatch(r"[^\W\d]\w*(?: \w+)*(?:\(\w+(?:, ?\w+)*\))?(?:\[\])*", said)
    known = plain and parse_type(said) == kind and not ENDS_TYPE & set(said.casefold().split())
    return said if known and not misspelled(said) else quoted(said)


def _text_quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _attribute_text(attribute: Attribute, *, key: bool) -> str:
    said = ("*" if key else "") + _word(attribute.name)
    kind = _domain_word(attribute.domain.name) if attribute.domain else type_word(attribute.type)
    said += f": {kind}" if kind else ""
    said += "?" if attribute.nullable else ""
    said += f" = {attribute.default}" if attribute.default is not None else ""
    if attribute.generated:
        said += f" as ({attribute.generated.expression}){' stored' if attribute.generated.stored else ''}"
    if attribute.identity:
        numbers = (attribute.identity.start, attribute.identity.increment)
        said += f" identity{numbers if numbers != (1, 1) else ''}{' always' if attribute.identity.always else ''}"
    said += f" collate {written(attribute.collation)}" if attribute.collation else ""
    if attribute.declared:
        said += f" declared {written(attribute.declared.dialect)} {_text_quoted(attribute.declared.text)}"
    said += f" note {_text_quoted(attribute.note)}" if attribute.note else ""
    return said


def _domain_word(name: str) -> str:
    """A domain's name in the place of a type: quoted where it would be read as another."""
    bare = written(name) == name and parse_type(name) == Native(name) and name.casefold() not in ENDS_TYPE
    return name if bare else quoted(name)

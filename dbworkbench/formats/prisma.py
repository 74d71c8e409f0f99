"""Prisma schemas, written: models with their relations on both sides, every name of the database kept by @map."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial
from typing import TypeAlias

from dbworkbench.formats.carrying import carried
from dbworkbench.formats.expressions import LITERAL, NUMBER, default_in, said_in, unquoted
from dbworkbench.formats.fidelity import EVERYTHING, NAMED_ENUMERATIONS, RARE, Fidelity, Part
from dbworkbench.formats.format import Format
from dbworkbench.formats.names import UNNAMED, identifiers, made_up, pascal, snake
from dbworkbench.formats.prisma_reader import LISTED, SCALARS, native_type, noted, read_prisma
from dbworkbench.formats.prisma_types import scalar_of
from dbworkbench.formats.types import enumerations, is_type, sql_type, storable
from dbworkbench.schema.index import Part as IndexPart
from dbworkbench.schema.index import parts_of
from dbworkbench.schema.loss import Loss, Written
from dbworkbench.schema.relation import Attribute, Declared, ForeignKey, Identity, Index, Key, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import (
    Boolean,
    Bytes,
    Date,
    Decimal,
    Enumeration,
    Float,
    Integer,
    Interval,
    Json,
    Native,
    Text,
    Time,
    Timestamp,
    Type,
    Unknown,
    Uuid,
)
from dbworkbench.sql.declarations import declared_as, words_in
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.indexing import indexed

__all__ = ["PRISMA", "fidelity"]

_RESERVED = ("String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes", "Unsupported")
_CLIENT = (
    "async",
    "await",
    "break",
    "case",
    "catch",
    "class",
    "const",
    "Prisma",
    "PrismaClient",
    "model",
    "enum",
    "type",
)
_ACTIONS = {"cascade": "Cascade", "restrict": "Restrict", "set null": "SetNull", "set default": "SetDefault"}
_LONGEST = {"postgresql": 63, "mysql": 64, "sqlite": 10_000}  # bytes of a name
_MOST_CHARACTERS = 16_383  # that MySQL keeps in a VARCHAR, at four bytes each
_SURROGATE = re.compile("[\ud800-\udfff]")  # half of a character, which no file can hold
_UNSAID = re.compile("['\ud800-\udfff]")  # in a value: Prisma's migrations do not double a quote within one
_DIALECTS = tuple(_LONGEST)

Rule: TypeAlias = Key | Index | ForeignKey


def write_prisma(schema: Schema, dialect: str) -> Written:
    """The schema as a Prisma schema, for PostgreSQL where nothing else is asked for."""
    spoken = dialect or "postgresql"
    kept = carried(schema, fidelity(spoken))
    short = [
        Loss(f"{relation.name}.{name}", "text of any length within a rule", "at most 191 characters")
        for relation in kept.schema
        for name in _short(relation, spoken)
    ]
    return Written(_Text(kept.schema, spoken).whole(), (*kept.losses, *short), "prisma")


class _Text:
    def __init__(self, schema: Schema, dialect: str) -> None:
        self.schema, self.dialect = schema, dialect
        self.models = identifiers(schema.names, pascal, (*_RESERVED, *_CLIENT))
        taken = (*_RESERVED, *_CLIENT, *self.models.values())
        self.enumerations = identifiers((one.name for one in enumerations(schema)), pascal, taken)
        self.fields: dict[str, dict[str, str]] = {r.name: identifiers(r.names, _field) for r in schema}
        self.sides: dict[str, list[str]] = {name: [] for name in schema.names}
        self.taken = {name: {one.casefold() for one in fields.values()} for name, fields in self.fields.items()}
        self.maps = _maps(schema, dialect)
        self._relations()

    def whole(self) -> str:
        parts = [f'datasource db {{\n  provider = "{self.dialect}"\n}}']
        parts += [self.model(relation) for relation in self.schema]
        parts += [self.enumeration(one.name, one.type.values) for one in enumerations(self.schema)]
        return "\n\n".join(parts) + "\n"

    def model(self, relation: Relation) -> str:
        fields = self.fields[relation.name]
        inside = relation.keys[0] if relation.keys and len(relation.keys[0].attributes) == 1 else None
        rows = []
        for attribute in relation.attributes:
            marks = list(self.marks(relation, attribute))
            if inside and inside.attributes == (attribute.name,):
                name = self.maps[relation.name, inside]
                marks.insert(0, "@id" + (f"(map: {_string(name)})" if name else ""))
            rows += [f"/// {line}".rstrip() for line in attribute.note.split("\n")] if attribute.note else []
            optional = "?" if attribute.nullable else ""
            kind = self.listed(relation, attribute) or self.kind(attribute)[0] + optional
            rows.append(" ".join((fields[attribute.name], kind, *marks)))
        sides = self.sides[relation.name]
        blocks = list(self.blocks(relation, keyed=inside is not None))
        body = [*rows, *([""] if sides else []), *sides, *([""] if blocks else []), *blocks]
        notes = [f"/// {line}".rstrip() for line in relation.note.split("\n")] if relation.note else []
        lines = [*notes, f"model {self.models[relation.name]} {{", *(f"  {line}".rstrip() for line in body), "}"]
        return "\n".join(lines)

    def marks(self, relation: Relation, attribute: Attribute) -> Iterator[str]:
        field = self.fields[relation.name][attribute.name]
        if attribute.default is not None:
            yield f"@default({self.default(attribute)})"
        if attribute.identity:
            yield "@default(autoincrement())"
        if field != attribute.name:
            yield f"@map({_string(attribute.name)})"
        native = self.kind(attribute)[1]
        if native:
            yield native
        elif self.dialect == "mysql" and attribute.type == Text() and attribute.name not in _short(relation, "mysql"):
            yield "@db.LongText"

    def blocks(self, relation: Relation, *, keyed: bool) -> Iterator[str]:
        fields = self.fields[relation.name]

        def block(word: str, rule: Key | Index) -> str:
            name = self.maps[relation.name, rule]
            said = f", map: {_string(name)}" if name else ""
            said += f", type: {_METHODS[rule.method]}" if isinstance(rule, Index) and rule.method in _METHODS else ""
            parts = rule.parts if isinstance(rule, Index) else parts_of(rule.attributes)
            return f"@@{word}([{', '.join(_part(fields[one.attribute], one) for one in parts)}]{said})"

        for at, key in enumerate(relation.keys):
            if at or not keyed:
                yield block("unique" if at else "id", key)
        for index in relation.indexes:
            yield block("unique" if index.unique else "index", index)
        if self.models[relation.name] != relation.name:
            yield f"@@map({_string(relation.name)})"
        if not _told_apart(relation, self.dialect):
            yield "@@ignore"

    def listed(self, relation: Relation, attribute: Attribute) -> str:
        """An array of PostgreSQL as a list of Prisma's, whose column takes NULL and is in no rule; "" for what is none."""
        kind = attribute.type
        rules: list[Rule] = [*relation.keys, *relation.indexes, *relation.foreign_keys]
        if self.dialect != "postgresql" or not isinstance(kind, Native) or not attribute.nullable or attribute.default:
            return ""
        if any(attribute.name in rule.attributes for rule in rules):
            return ""
        return next((f"{scalar}[]" for scalar, word in LISTED.items() if kind.text == f"{word}[]"), "")

    def kind(self, attribute: Attribute) -> tuple[str, str]:
        if attribute.domain:
            return self.enumerations[attribute.domain.name], ""
        return _said(attribute, self.dialect)

    def default(self, attribute: Attribute) -> str:
        text = attribute.default or ""
        if text == "now()" and self.kind(attribute)[0] == "DateTime":
            return "now()"
        match attribute.type:
            case Enumeration(values) if LITERAL.fullmatch(text) and unquoted(text) in values:
                return _values(values)[unquoted(text)]
            case Text() if LITERAL.fullmatch(text):
                return _string(unquoted(text))
            case Boolean() if text in {"true", "false"}:
                return text
            case Integer(64) | Decimal() if self.kind(attribute)[0] in {"Int", "BigInt"} and not _PLAIN.fullmatch(text):
                return f"dbgenerated({_string(text)})"
            case Integer(bits) if re.fullmatch(r"-?\d+", text) and abs(int(text)) < 1 << (bits - 1):
                return text
            case Decimal() | Float() if NUMBER.fullmatch(text):
                return text
            case _:
                said = text if NUMBER.fullmatch(text) or LITERAL.fullmatch(text) else said_in(text, self.dialect)
                return f"dbgenerated({_string(said or text)})"

    def enumeration(self, name: str, values: tuple[str, ...]) -> str:
        lines = [
            f"  {said}{'' if said == value else f' @map({_string(value)})'}" for value, said in _values(values).items()
        ]
        own = self.enumerations[name]
        lines += ["", f"  @@map({_string(name)})"] if own != name else []
        return "\n".join([f"enum {own} {{", *lines, "}"])

    # Relations ------------------------------------------------------------------------------------------------------

    def _relations(self) -> None:
        pairs: dict[frozenset[str], int] = {}
        for relation in self.schema:
            for key in relation.foreign_keys:
                pair = frozenset({relation.name, key.relation})
                pairs[pair] = pairs.get(pair, 0) + 1
        for relation in self.schema:
            for key in relation.foreign_keys:
                alone = pairs[frozenset({relation.name, key.relation})] == 1 and key.relation != relation.name
                self._sides(relation, key, named=not alone)

    def _sides(self, relation: Relation, key: ForeignKey, *, named: bool) -> None:
        target = self.schema[key.relation]
        name = self.maps[relation.name, key]
        key = _in_key_order(key, target)
        fields, others = self.fields[relation.name], self.fields[key.relation]
        here = self._free(relation.name, _role(key, target))
        back = self._free(key.relation, snake(relation.name))
        called = f"{_string(f'{relation.name}_{here}')}, " if named else ""
        said = [
            f"fields: [{', '.join(fields[name] for name in key.attributes)}]",
            f"references: [{', '.join(others[name] for name in key.referenced)}]",
            f"onDelete: {_ACTIONS.get(key.on_delete, 'NoAction')}",
            f"onUpdate: {_ACTIONS.get(key.on_update, 'NoAction')}",
            *([f"map: {_string(name)}"] if name else []),
        ]
        optional = "?" if any(relation[name].nullable for name in key.attributes) else ""
        ignored = "" if _told_apart(target, self.dialect) or not _told_apart(relation, self.dialect) else " @ignore"
        model, other = self.models[relation.name], self.models[key.relation]
        self.sides[relation.name].append(f"{here} {other}{optional} @relation({called}{', '.join(said)}){ignored}")
        single = any(rule.attributes == key.attributes for rule in relation.keys) or any(
            index.unique and index.attributes == key.attributes for index in relation.indexes
        )
        mark = f" @relation({called[:-2]})" if named else ""
        ignored = "" if _told_apart(relation, self.dialect) or not _told_apart(target, self.dialect) else " @ignore"
        self.sides[key.relation].append(f"{back} {model}{'?' if single else '[]'}{mark}{ignored}")

    def _free(self, model: str, wanted: str) -> str:
        said, number = wanted, 1
        while said.casefold() in self.taken[model]:
            number += 1
            said = f"{wanted}_{number}"
        self.taken[model].add(said.casefold())
        return said


def _part(field: str, part: IndexPart) -> str:
    """A field of an index with how it is sorted and cut."""
    said = [
        *([f"ops: raw({_string(part.operators)})"] if part.operators else []),
        *(["sort: Desc"] if part.descending else []),
        *([f"length: {part.length}"] if part.length else []),
    ]
    return f"{field}({', '.join(said)})" if said else field


def _field(name: str) -> str:
    return snake(name).rstrip("_") or "n" if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII) else name


def _role(key: ForeignKey, target: Relation) -> str:
    """What a reference is called on its own side: `customer_id` refers to a customer."""
    if len(key.attributes) == 1:
        found = re.fullmatch(r"(.+?)_?(?:id|ID|Id|fk|key|code|no)", key.attributes[0])
        if found:
            return _field(found[1])
    return _field(target.name)


def _in_key_order(key: ForeignKey, target: Relation) -> ForeignKey:
    """A foreign key in the order of the key that it refers to."""
    ours = dict(zip(key.referenced, key.attributes, strict=True))
    rules = [*(one.attributes for one in target.keys), *(one.attributes for one in target.indexes if one.unique)]
    order = next((names for names in rules if set(names) == set(key.referenced)), key.referenced)
    return ForeignKey(tuple(ours[name] for name in order), key.relation, order, key.on_delete, key.on_update, key.name)


def _short(relation: Relation, dialect: str) -> tuple[str, ...]:
    """Attributes of text without a length that MySQL could not keep in the rules they belong to, if it had none."""
    if dialect != "mysql":
        return ()
    rules: list[Rule] = [*relation.keys, *relation.foreign_keys, *relation.indexes]
    ruled = {name for rule in rules for name in rule.attributes}
    return tuple(one.name for one in relation.attributes if one.type == Text() and one.name in ruled)


def _told_apart(relation: Relation, dialect: str) -> bool:
    """Whether a rule tells every row from every other, by types that Prisma knows: its client needs one."""

    def useful(name: str) -> bool:
        unknown = _spelled(relation[name].type, dialect)[0].startswith("Unsupported(")
        return not relation[name].nullable and not unknown

    rules = [*(one.attributes for one in relation.keys), *(one.attributes for one in relation.indexes if one.unique)]
    return any(all(map(useful, names)) for names in rules)


def _values(values: tuple[str, ...]) -> dict[str, str]:
    return identifiers(values, _field)


def _string(text: str) -> str:
    said = json.dumps(text, ensure_ascii=False)
    return said if said.isprintable() else json.dumps(text)


_LIKE = {"mariadb": "mysql"}
_PLAIN = re.compile(r"0|[1-9][0-9]{0,8}")
"""Whole numbers that fit each of Prisma's scalars."""
_POSTGRESQL: dict[Type, tuple[str, str]] = {
    Integer(16): ("Int", "@db.SmallInt"),
    Float(32): ("Float", "@db.Real"),
    Uuid(): ("String", "@db.Uuid"),
    Date(): ("DateTime", "@db.Date"),
    Time(): ("DateTime", "@db.Time(6)"),
    Timestamp(): ("DateTime", "@db.Timestamp(6)"),
    Timestamp(zone=True): ("DateTime", "@db.Timestamptz(6)"),
    Interval(): ("Unsupported", '("interval")'),
}
_MYSQL: dict[Type, tuple[str, str]] = {
    Integer(16): ("Int", "@db.SmallInt"),
    Float(32): ("Float", "@db.Float"),
    Uuid(): ("String", "@db.Char(36)"),
    Date(): ("DateTime", "@db.Date"),
    Time(): ("DateTime", "@db.Time(6)"),
    Timestamp(): ("DateTime", "@db.DateTime(6)"),
    Timestamp(zone=True): ("DateTime", "@db.DateTime(6)"),
}
_NATIVE: dict[str, dict[Type, tuple[str, str]]] = {"postgresql": _POSTGRESQL, "mysql": _MYSQL, "sqlite": {}}


def _spelled(kind: Type, dialect: str) -> tuple[str, str]:
    """A type as Prisma spells it: a scalar, and the database's own type where that says more."""
    native = _NATIVE[dialect].get(kind)
    if native:
        return (native[0] + native[1], "") if native[0] == "Unsupported" else native
    exact = dialect != "sqlite"
    match kind:
        case Boolean():
            return "Boolean", ""
        case Integer(bits):
            return "BigInt" if bits > 32 else "Int", ""
        case Decimal(precision, scale):
            return "Decimal", f"@db.Decimal({precision}, {scale})" if exact else ""
        case Float():
            return "Float", ""
        case Text(length):
            return "String", f"@db.VarChar({length})" if length and exact else ""
        case Bytes():
            return "Bytes", ""
        case Date() | Time() | Timestamp():
            return "DateTime", ""
        case Json():
            return "Json", ""
        case Native(text) if dialect != "sqlite" and is_type(text, dialect):
            return f"Unsupported({_string(text)})", ""
        case Enumeration():
            return "enum", ""
        case Unknown() | Uuid() | Interval() | Native():
            return "String", ""


def _said(attribute: Attribute, dialect: str) -> tuple[str, str]:
    """The type of an attribute as Prisma spells it, in the words that it is declared in where it has any."""
    declared = attribute.declared
    return scalar_of(declared, dialect) if declared else _spelled(attribute.type, dialect)


def _declares(dialect: str, attribute: Attribute, relation: Relation) -> Declared | None:
    """The words of an engine for a type that come back; a text or octets in a rule need a length in MySQL."""
    declared = attribute.declared
    if declared is None or _LIKE.get(declared.dialect, declared.dialect) != dialect:
        return None
    rules: list[Rule] = [*relation.keys, *relation.foreign_keys, *relation.indexes]
    ruled = any(attribute.name in rule.attributes for rule in rules)
    found = declared_as(*words_in(declared.text), dialect, attribute.type, declared.text)
    said = found is not None and scalar_of(found, dialect)[0]
    return found if said and not (ruled and declared.text.endswith(("text", "blob"))) else None


def _kind(dialect: str, kind: Type) -> Type:
    """The type that comes back."""
    match kind:
        case Enumeration(values):
            odd = _SURROGATE if dialect == "sqlite" else _UNSAID
            return kind if values and all(value and not odd.search(value) for value in values) else Text()
        case Native(text) if _SURROGATE.search(text):
            return Text()
        case Text(length) if dialect == "mysql" and length and length > _MOST_CHARACTERS:
            return Text()
        case Decimal(precision, scale) if dialect == "mysql" and (precision > 65 or scale > 30):
            return Decimal(min(65, precision - max(0, scale - 30)), min(scale, 30))
        case _:
            pass
    scalar, native = _spelled(kind, dialect)
    if scalar.startswith("Unsupported"):
        text = json.loads(scalar[12:-1])
        found = sql_type(text, dialect)[0]
        return Native(text) if isinstance(found, Unknown) else found
    match = re.fullmatch(r"@db\.(\w+)(?:\((.*)\))?", native)
    arguments = tuple(part.strip() for part in (match[2] or "").split(",")) if match else ()
    return (native_type(scalar, match[1], arguments) if match else None) or SCALARS[scalar]


def _name(dialect: str, name: str) -> str:
    """A name without the sign that quotes names in the database: Prisma's migrations do not double it."""
    return storable(name).replace("`" if dialect == "mysql" else '"', "_")


def _default(dialect: str, text: str, attribute: Attribute) -> str | None:
    return None if _SURROGATE.search(text) else default_in(dialect)(text, attribute)


def _refers(dialect: str, here: Attribute, there: Attribute) -> bool:
    """Prisma relates fields of the same scalar or enumeration only."""
    if isinstance(here.type, Enumeration) or isinstance(there.type, Enumeration):
        return here.type == there.type
    scalar = _said(here, dialect)[0]
    return scalar == _said(there, dialect)[0] and not scalar.startswith("Unsupported")


def _named(most: int, part: Part, name: str) -> bool:
    del part
    return len(name.encode("utf-8", "surrogatepass")) <= most and not made_up(name)


def _maps(schema: Schema, dialect: str) -> dict[tuple[str, Rule], str]:
    """The name of each rule, by relation; "" where Prisma's own is free, and one that is made up where it is not.

    Prisma calls a rule by its table and columns, cut to what the database takes (constraint_names.rs of prisma-engines).
    """
    parts = fidelity(dialect).parts
    rules: list[tuple[Relation, Rule, Part, str]] = []
    for relation in schema:
        for at, key in enumerate(relation.keys):
            own = _own_name(relation, key.attributes if at else (), "key" if at else "pkey", dialect)
            rules.append((relation, key, Part.KEY_NAME if at else Part.PRIMARY_NAME, own))
        for index in relation.indexes:
            suffix = "key" if index.unique else "idx"
            rules.append((relation, index, Part.INDEX_NAME, _own_name(relation, index.attributes, suffix, dialect)))
        for one in relation.foreign_keys:
            ordered = _in_key_order(one, schema[one.relation]).attributes
            rules.append((relation, one, Part.REFERENCE_NAME, _own_name(relation, ordered, "fkey", dialect)))
    rules = [(relation, rule, part, own if part in parts else "") for relation, rule, part, own in rules]
    taken = {
        (space, rule.name)
        for relation, rule, part, _ in rules
        for space in _spaces(dialect, part, relation.name)
        if rule.name
    }
    found: dict[tuple[str, Rule], str] = {}
    made = 0
    for relation, rule, part, own in rules:
        said = {(space, own) for space in _spaces(dialect, part, relation.name)}
        found[relation.name, rule] = rule.name
        if rule.name or not own:
            continue
        if said & taken:
            made += 1
            found[relation.name, rule] = f"{UNNAMED}_{made}"
        taken |= said
    return found


def _own_name(relation: Relation, attributes: tuple[str, ...], suffix: str, dialect: str) -> str:
    """What Prisma calls a rule."""
    said = "_".join((relation.name, *attributes)).encode("utf-8")
    return said[: _LONGEST[dialect] - len(suffix) - 1].decode("utf-8", "ignore") + f"_{suffix}"


def _note(text: str) -> str:
    said = ""
    for line in _SURROGATE.sub(
        "\N{REPLACEMENT CHARACTER}", text.replace("\r", "\n").replace("\0", "\N{SYMBOL FOR NULL}")
    ).split("\n"):
        said = noted(said, f"/// {line}")
    return said


def _spaces(dialect: str, part: Part, relation: str) -> tuple[str, ...]:
    """Where Prisma lets a rule's name stand once: the whole database ("") and the relation, as each engine has it."""
    reference = part is Part.REFERENCE_NAME
    if dialect == "mysql":
        return ("",) if reference else (f"in {relation}",)
    if dialect == "sqlite":
        return () if reference else ("",)
    return (f"in {relation}",) if reference else ("", f"in {relation}")


_METHODS = {"hash": "Hash", "gin": "Gin", "gist": "Gist", "spgist": "SpGist", "brin": "Brin"}
_EVERYWHERE = frozenset({Part.IDENTITY, Part.INDEX_ORDER, Part.DECLARED})
_RARE: dict[str, frozenset[Part]] = {
    "postgresql": _EVERYWHERE | {Part.INDEX_METHOD, Part.INDEX_OPERATORS},
    "mysql": _EVERYWHERE | {Part.INDEX_METHOD, Part.INDEX_LENGTH},
    "sqlite": _EVERYWHERE,
}


def _path(dialect: str, index: Index, relation: Relation) -> Index | None:
    """What the engine has words for of an index, and Prisma too: it has its own mind on which types a method is for."""
    found = indexed(index, relation, DIALECTS[dialect], str).index
    if found is None or found.method in {"spatial", "fulltext"}:  # full text is of a preview of its own
        return None
    known = all(not _spelled(relation[name].type, dialect)[0].startswith("Unsupported(") for name in found.attributes)
    told = known and all(part.operators for part in found.parts)
    if found.method in {"gin", "gist", "spgist"} and not told:
        return None
    method = found.method if found.method in _METHODS and not found.unique and (told or found.method == "hash") else ""
    on = [
        replace(
            part,
            nulls="",
            collation="",
            operators=part.operators if method and told else "",
            descending=part.descending and not method,
        )
        for part in found.parts
    ]
    return replace(found, on=tuple(on), method=method)


def _numbered(dialect: str, identity: Identity, attribute: Attribute, relation: Relation) -> Identity | None:
    """A running number, which begins at one: that of a key alone, but in PostgreSQL."""
    del identity
    alone = bool(relation.keys) and relation.keys[0].attributes == (attribute.name,)
    wide = dialect == "mysql" and attribute.declared is not None and attribute.declared.text == "bigint unsigned"
    fits = (isinstance(attribute.type, Integer) or wide) and (dialect == "postgresql" or alone)
    return Identity() if fits and (dialect != "sqlite" or attribute.type != Integer(64)) else None


@cache
def fidelity(dialect: str) -> Fidelity:
    """What a Prisma schema for a database can say."""
    return Fidelity(
        ((EVERYTHING - RARE) | NAMED_ENUMERATIONS | _RARE[dialect])
        - {
            Part.TITLE,
            Part.CHECK,
            Part.UNIQUE_INDEX,
            Part.PARTIAL_INDEX,
            Part.DEPENDENCY,
            Part.REQUIRED_SET_NULL,
        }
        - ({Part.PRIMARY_NAME} if dialect in {"mysql", "sqlite"} else set())
        - ({Part.REFERENCE_NAME} if dialect == "sqlite" else set()),
        actions=frozenset(_ACTIONS) - ({"set default"} if dialect == "mysql" else set()),
        kind=partial(_kind, dialect),
        name=partial(_name, dialect),
        note=_note,
        default=partial(_default, dialect),
        refers=partial(_refers, dialect),
        named=partial(_named, _LONGEST[dialect]),
        spaces=partial(_spaces, dialect),
        index=partial(_path, dialect),
        identity=partial(_numbered, dialect),
        declares=partial(_declares, dialect),
    )


PRISMA = Format(
    "prisma",
    "a Prisma schema",
    endings=(".prisma",),
    marks=r"(?m)^\s*(?:model\s+\w+\s*\{\s*$|datasource\s+\w+\s*\{)",
    reader=read_prisma,
    writer=write_prisma,
    dialects=_DIALECTS,
    fidelity=lambda dialect: fidelity(dialect or "postgresql"),
    says_dialect=True,
)

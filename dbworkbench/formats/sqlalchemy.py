"""SQLAlchemy 2 models: typed declarative classes, written; models and their objects, read."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

from dbworkbench.formats.carrying import carried
from dbworkbench.formats.expressions import condition_in, default_in
from dbworkbench.formats.fidelity import EVERYTHING, RARE, Fidelity, Part, keyed_in
from dbworkbench.formats.format import Format
from dbworkbench.formats.names import UNNAMED, identifiers, made_up, pascal, snake
from dbworkbench.formats.python import headed
from dbworkbench.formats.source import Source
from dbworkbench.formats.sqlalchemy_objects import holds_tables, read_objects
from dbworkbench.formats.sqlalchemy_reader import read_models
from dbworkbench.formats.sqlalchemy_text import NATIVE, NUMBERED, SPOKEN, Words, arguments, quoted
from dbworkbench.formats.types import is_type, rule_names, storable
from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.relation import Attribute, Exclusion, Generated, Identity, Index, Relation
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
from dbworkbench.sql.dialect import DIALECTS
from dbworkbench.sql.indexing import indexed
from dbworkbench.sql.operators import is_operator

__all__ = ["SQLALCHEMY", "fidelity"]

_TAKEN = ("metadata", "registry", "Base", "Any", "Mapped", "Native")
_CALLED = frozenset({"Computed", "Identity", "datetime", "decimal", "func", "mapped_column", "text", "uuid"})
"""What columns are made with, beside types: an attribute called so would stand in its place from there on."""


def write_sqlalchemy(schema: Schema, dialect: str) -> Written:
    """The schema as typed declarative models; expressions are in the words of a dialect, PostgreSQL's by default."""
    spoken = dialect or "postgresql"
    kept = carried(schema, fidelity(spoken))
    return Written(_Text(kept.schema, spoken).whole(), kept.losses, "python")


class _Text:
    def __init__(self, schema: Schema, dialect: str) -> None:
        self.schema = schema
        self.words = Words(dialect, "")
        self.classes = identifiers(schema.names, pascal, _RESERVED)
        self.tables = identifiers((r.name for r in schema if not r.keys), lambda name: f"{snake(name)}_table")
        self.imports: set[str] = set()
        self.indexes = {name.casefold() for name in (*schema.names, *rule_names(schema))}
        self.unnamed = 0

    def whole(self) -> str:
        bodies = [self.model(relation) for relation in self.schema]
        head = [headed(self.words.dialect), ""]
        plain = {"datetime": "import datetime", "decimal": "import decimal", "uuid": "import uuid"}
        head += [line for name, line in plain.items() if name in self.imports]
        head += ["from typing import Any"] if "Any" in self.imports else []
        head += [""] if head[-1] else []
        used = sorted(self.words.used - {"UserDefinedType"}, key=str.casefold)
        head += [_imported("sqlalchemy", used)] if used else []
        orm = ["DeclarativeBase", *(["Mapped", "mapped_column"] if "Mapped" in self.imports else [])]
        head += [f"from sqlalchemy.orm import {', '.join(orm)}"]
        head += ["from sqlalchemy.types import UserDefinedType"] if self.words.native else []
        if self.words.excludes:
            head.insert(-1, "from sqlalchemy.dialects.postgresql import ExcludeConstraint")
        base = 'class Base(DeclarativeBase):\n    """What all models stand on."""\n'
        parts = ["\n".join(head) + "\n", *([NATIVE.format(prefix="")] if self.words.native else []), base, *bodies]
        return "\n\n".join(parts)

    def model(self, relation: Relation) -> str:
        return self.klass(relation) if relation.keys else self.table(relation)

    def klass(self, relation: Relation) -> str:
        self.imports.add("Mapped")
        names = identifiers(relation.names, _attribute, _TAKEN)
        inside = _marked(relation)
        lines = [f"class {self.classes[relation.name]}(Base):", f"    __tablename__ = {quoted(relation.name)}"]
        rules = [*self.rules(relation, inside=inside)]
        options = f'{{"comment": {quoted(relation.note)}}}' if relation.note else ""
        rules += [options] if options else []
        if rules:
            lines += ["    __table_args__ = (", *(f"        {rule}," for rule in rules), "    )"]
        lines += [""]
        for attribute in relation.attributes:
            column = self.column(relation, attribute, names[attribute.name], inside=inside)
            lines.append(f"    {names[attribute.name]}: Mapped[{self.hint(attribute)}] = mapped_column({column})")
        return "\n".join(lines) + "\n"

    def table(self, relation: Relation) -> str:
        """A relation without a key, which SQLAlchemy maps no class to."""
        lines = [
            f"{self.tables[relation.name]} = {self.words.name('Table')}(",
            f"    {quoted(relation.name)},",
            "    Base.metadata,",
        ]
        for attribute in relation.attributes:
            column = self.column(relation, attribute, "", inside=())
            lines.append(f"    {self.words.name('Column')}({column}),")
        lines += [f"    {rule}," for rule in self.rules(relation, inside=())]
        lines += [f"    comment={quoted(relation.note)},"] if relation.note else []
        return "\n".join([*lines, ")"]) + "\n"

    def column(self, relation: Relation, attribute: Attribute, own: str, *, inside: tuple[str, ...]) -> str:
        key = attribute.name in inside
        alone = bool(relation.keys) and relation.keys[0].attributes == (attribute.name,)
        counted = alone and isinstance(attribute.type, Integer)  # SQLAlchemy would number it unless it is told not to
        by_word = attribute.identity is not None and self.words.dialect not in NUMBERED
        bare = not own
        null = "nullable=False" if bare and not attribute.nullable else ""
        if isinstance(attribute.type, Native | Unknown | Json) and not bare and not key:
            null = f"nullable={attribute.nullable}"
        return arguments(
            quoted(attribute.name) if own != attribute.name else "",
            self.words.kind(attribute),
            self.words.filled(relation, attribute),
            "primary_key=True" if key else "",
            f"autoincrement={by_word}" if by_word or (counted and not attribute.identity) else "",
            null,
            self.words.default(attribute),
            f"comment={quoted(attribute.note)}" if attribute.note else "",
        )

    def index_name(self, relation: str, index: Index) -> str:
        """The name of an index as an argument; SQLAlchemy makes one of the table and the first column, if that is free."""
        if index.name:
            return quoted(index.name)
        own = f"ix_{relation}_{index.attributes[0]}".casefold() if index.attributes else ""
        if own and isinstance(index.on[0], str) and own not in self.indexes:
            self.indexes.add(own)
            return "None"
        self.unnamed += 1
        return quoted(f"{UNNAMED}_{self.unnamed}")

    def rules(self, relation: Relation, *, inside: tuple[str, ...]) -> Iterator[str]:
        words = self.words
        for at, key in enumerate(relation.keys):
            if at or not inside:
                yield words.key("UniqueConstraint" if at else "PrimaryKeyConstraint", key)
        yield from (words.reference(key) for key in relation.foreign_keys)
        yield from (words.check(check.expression, check.name, relation) for check in relation.checks)
        for index in relation.indexes:
            name = self.index_name(relation.name, index)
            rest = words.index_rest(index, relation)
            yield f"{words.name('Index')}({arguments(name, *words.parts(index, relation), rest)})"
        yield from (words.exclusion(one, relation) for one in relation.exclusions)

    def hint(self, attribute: Attribute) -> str:
        said = _HINTS.get(type(attribute.type), "Any")
        self.imports.add(said.partition(".")[0] if "." in said else said)
        return f"{said} | None" if attribute.nullable and said != "Any" else said


_HINTS: dict[type, str] = {
    Boolean: "bool",
    Integer: "int",
    Decimal: "decimal.Decimal",
    Float: "float",
    Text: "str",
    Bytes: "bytes",
    Uuid: "uuid.UUID",
    Date: "datetime.date",
    Time: "datetime.time",
    Timestamp: "datetime.datetime",
    Interval: "datetime.timedelta",
    Enumeration: "str",
}
_RESERVED = (
    *("Any", "Base", "Boolean", "CheckConstraint", "Column", "Date", "DateTime", "DeclarativeBase", "Double", "Enum"),
    *("ForeignKeyConstraint", "Index", "Integer", "Interval", "JSON", "LargeBinary", "Mapped", "Native", "Numeric"),
    *("BigInteger", "SmallInteger", "PrimaryKeyConstraint", "REAL", "String", "Table", "Text", "Time"),
    *("UniqueConstraint", "UserDefinedType", "Uuid", "None", "True", "False"),
)


def _imported(package: str, names: list[str]) -> str:
    said = f"from {package} import {', '.join(names)}"
    return said if len(said) <= 100 else "\n".join([f"from {package} import (", *(f"    {one}," for one in names), ")"])


def _attribute(name: str) -> str:
    said = snake(name) if not re.match(r"_", name) else f"n{snake(name)}"
    return f"{said}_" if said in _CALLED or said in _RESERVED else said


def _marked(relation: Relation) -> tuple[str, ...]:
    """The primary key where columns can say it by themselves: nameless, in the columns' order."""
    key = relation.keys[0]
    in_order = tuple(name for name in relation.names if name in key.attributes) == key.attributes
    return key.attributes if in_order and not key.name and not key.deferrable else ()


def _kind(dialect: str, kind: Type) -> Type:
    match kind:
        case Unknown():
            return Text()
        case Integer(bits):
            return Integer(bits if bits in {16, 32, 64} else 64)
        case Native(text) if not is_type(text, dialect):
            return Text()
        case Enumeration(values) if not values or any(storable(value) != value for value in values):
            return Text()
        case _:
            return kind


def undotted(name: str) -> bool:
    """Whether a name can stand in "table.column", which SQLAlchemy parts at its dots."""
    return "." not in name


def _named(part: Part, name: str) -> bool:
    del part
    return not made_up(name)


def _note(text: str) -> str:
    """A note without what no engine takes in one."""
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()


def _path(dialect: str, index: Index, relation: Relation) -> Index | None:
    """What the engine has words for of an index, and SQLAlchemy too."""
    found = indexed(index, relation, DIALECTS[dialect], str).index
    if found is None or any(part.collation for part in found.parts if dialect not in {"postgresql", "sqlite"}):
        return None
    if dialect not in {"postgresql", "mysql", "mariadb"} and found.method:
        return replace(found, method="") if found.method == "hash" else None
    return replace(found, method="" if found.method == "btree" else found.method)


def _computed(dialect: str, generated: Generated, attribute: Attribute, relation: Relation) -> Generated | None:
    """A computed value as the engine keeps it; none in a key, where most engines refuse it."""
    if any(attribute.name in key.attributes for key in relation.keys[:1]) or attribute.identity:
        return None
    return replace(generated, stored={"postgresql": True, "oracle": False}.get(dialect, generated.stored))


def _numbered(dialect: str, identity: Identity, attribute: Attribute, relation: Relation) -> Identity | None:
    """A running number: by IDENTITY, else by the words of the engine for a primary key of one attribute."""
    if not isinstance(attribute.type, Integer):
        return None
    if dialect in NUMBERED:
        return replace(identity, always=False) if dialect == "sqlserver" else identity
    alone = bool(relation.keys) and relation.keys[0].attributes == (attribute.name,)
    referring = any(attribute.name in key.attributes for key in relation.foreign_keys)
    return Identity() if alone and not referring and (dialect != "sqlite" or attribute.type == Integer(32)) else None


def _collates(dialect: str, collation: str, kind: Type) -> bool:
    return isinstance(kind, Text) and bool(re.fullmatch(DIALECTS[dialect].collations or "(?!)", collation))


def _excludes(exclusion: Exclusion, relation: Relation) -> bool:
    del relation
    return all(is_operator(operator) for operator in exclusion.operators)


_EVERYWHERE = frozenset(
    {Part.GENERATED, Part.REQUIRED_GENERATED, Part.IDENTITY, Part.INDEX_EXPRESSION, Part.INDEX_ORDER, Part.COLLATION}
)
_PATHS = frozenset(
    {Part.INDEX_NULLS, Part.INDEX_OPERATORS, Part.INDEX_INCLUDE, Part.INDEX_METHOD, Part.INDEX_NULLS_EQUAL}
)
_RARE: dict[str, frozenset[Part]] = {
    "postgresql": _EVERYWHERE
    | _PATHS
    | {
        Part.DEFERRABLE_KEY,
        Part.DEFERRABLE_PRIMARY,
        Part.DEFERRABLE_REFERENCE,
        Part.NULLS_EQUAL,
        Part.MATCH_FULL,
        Part.EXCLUSION,
    },
    "mysql": _EVERYWHERE | {Part.INDEX_LENGTH, Part.INDEX_METHOD},
    "mariadb": _EVERYWHERE | {Part.INDEX_LENGTH, Part.INDEX_METHOD},
    "sqlite": _EVERYWHERE | {Part.DEFERRABLE_REFERENCE, Part.INDEX_OPERATORS},
    "sqlserver": (_EVERYWHERE - {Part.INDEX_EXPRESSION}) | {Part.INDEX_INCLUDE},
    "oracle": _EVERYWHERE | {Part.DEFERRABLE_KEY, Part.DEFERRABLE_PRIMARY, Part.DEFERRABLE_REFERENCE},
}


@cache
def fidelity(dialect: str) -> Fidelity:
    """What models for a database can say."""
    unsaid = {Part.PARTIAL_INDEX} if dialect not in {"postgresql", "sqlite", "sqlserver"} else set()
    return Fidelity(
        (EVERYTHING - RARE - {Part.TITLE, Part.DEPENDENCY} - unsaid) | {Part.ENUMERATION} | _RARE[dialect],
        kind=partial(_kind, dialect),
        keyed=partial(keyed_in, dialect),
        name=storable,
        note=_note,
        dialect=dialect,
        index=partial(_path, dialect),
        generated=partial(_computed, dialect),
        identity=partial(_numbered, dialect),
        collates=partial(_collates, dialect),
        excludes=_excludes,
        default=default_in(dialect),
        condition=condition_in(dialect),
        referable=undotted,
        named=_named,
    )


def read_sqlalchemy(source: Source) -> Read:
    """The schema of models in a file, or of SQLAlchemy's objects."""
    return read_objects(source) if source.thing is not None else read_models(source)


SQLALCHEMY = Format(
    "sqlalchemy",
    "SQLAlchemy models",
    endings=(".py",),
    marks=r"(?m)\b(?:sqlalchemy|sqlmodel|mapped_column|__tablename__|declarative_base|DeclarativeBase)\b|\bdb\.Column\(",
    reader=read_sqlalchemy,
    writer=write_sqlalchemy,
    takes=holds_tables,
    dialects=tuple(SPOKEN),
    fidelity=lambda dialect: fidelity(dialect or "postgresql"),
    says_dialect=True,
)

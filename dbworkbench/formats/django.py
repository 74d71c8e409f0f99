"""Django models: written, and read by `django_reader`."""

import keyword
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache, partial

from dbworkbench.formats.carrying import carried
from dbworkbench.formats.django_reader import read_django
from dbworkbench.formats.expressions import LITERAL, condition_in, default_in, said_in, unquoted
from dbworkbench.formats.fidelity import EVERYTHING, RARE, Fidelity, Part, keyed_in
from dbworkbench.formats.format import Format
from dbworkbench.formats.names import UNNAMED, identifiers, made_up, pascal, snake
from dbworkbench.formats.python import headed
from dbworkbench.formats.sqlalchemy_text import arguments, quoted
from dbworkbench.formats.types import is_type, storable
from dbworkbench.schema.loss import Written
from dbworkbench.schema.relation import Attribute, Check, ForeignKey, Generated, Identity, Index, Key, Relation
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

__all__ = ["DJANGO", "fidelity"]

_NATIVE = '''\
class NativeField(models.Field):
    """A field of one database's own type, as that spells it."""

    def __init__(self, *args, spelled="", **kwargs):
        self.spelled = spelled
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "spelled": self.spelled}

    def db_type(self, connection):
        return self.spelled
'''
_TAKEN = (
    *("check", "clean", "clean_fields", "delete", "full_clean", "id", "pk", "objects", "save", "save_base", "Meta"),
    *("refresh_from_db", "serializable_value", "unique_error_message", "validate_unique", "date_error_message"),
    *("get_deferred_fields", "prepare_database_save", "validate_constraints", "from_db", "arefresh_from_db", "asave"),
    *("adelete", "MultipleObjectsReturned", "DoesNotExist", "NotUpdated", "models"),
)
_CALLED = frozenset({"NativeField", "Now", "RawSQL"})
"""What fields are made with beside `models`: one called so would stand in its place from there on."""
_ACTIONS = {"cascade": "CASCADE", "restrict": "RESTRICT", "set null": "SET_NULL"}
_DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite", "oracle")


def write_django(schema: Schema, dialect: str) -> Written:
    """The schema as Django models; expressions are in the words of a dialect, PostgreSQL's by default."""
    spoken = dialect or "postgresql"
    kept = carried(schema, fidelity(spoken))
    return Written(_Text(kept.schema, spoken).whole(), kept.losses, "python")


class _Text:
    def __init__(self, schema: Schema, dialect: str) -> None:
        self.schema, self.dialect = schema, dialect
        self.classes = identifiers(
            schema.names, pascal, ("NativeField", "RawSQL", "Now", "Meta", "models", *keyword.kwlist)
        )
        self.imports: set[str] = set()
        self.unnamed = 0
        self.fields = {relation.name: self._fields(relation) for relation in schema}

    def _fields(self, relation: Relation) -> dict[str, str]:
        """The name of each attribute's field: a reference goes by what it refers to, `customer_id` by `customer`."""
        references = {key.attributes[0] for key in relation.foreign_keys}
        single = relation.keys[0].attributes if len(relation.keys[0].attributes) == 1 else ()
        taken = {name.casefold() for name in _TAKEN}
        found: dict[str, str] = {}
        for name in relation.names:
            said = base = "id" if name == "id" and single == ("id",) and name not in references else _field(name)
            if name in references:
                said = base = _field(base.removesuffix("_id"))
            number = 1
            while {said.casefold(), f"{said}_id".casefold()} & taken and said != "id":
                number += 1
                said = f"{base}_{number}"
            taken |= {said.casefold(), f"{said}_id".casefold()} if name in references else {said.casefold()}
            found[name] = said
        return found

    def whole(self) -> str:
        bodies = [self.model(relation) for relation in self.schema]
        head = [
            headed(self.dialect),
            "",
            "from django.db import models",
        ]
        head += ["from django.db.models.expressions import RawSQL"] if "RawSQL" in self.imports else []
        methods = sorted(self.imports & set(_METHODS.values()))
        head += [f"from django.contrib.postgres.indexes import {', '.join(methods)}"] if methods else []
        head += ["from django.db.models.functions import Now"] if "Now" in self.imports else []
        native = [_NATIVE] if "NativeField" in self.imports else []
        return "\n\n".join(["\n".join(head) + "\n", *native, *bodies])

    def model(self, relation: Relation) -> str:
        fields = self.fields[relation.name]
        by_column = {key.attributes[0]: key for key in relation.foreign_keys}
        primary = relation.keys[0].attributes
        lines = [f"class {self.classes[relation.name]}(models.Model):"]
        if len(primary) > 1:
            said = (f"{fields[name]}_id" if name in by_column else fields[name] for name in primary)
            lines.append(f"    pk = models.CompositePrimaryKey({', '.join(map(quoted, said))})")
        for attribute in relation.attributes:
            key = by_column.get(attribute.name)
            lines.append(f"    {fields[attribute.name]} = {self.field(relation, attribute, key)}")
        lines += ["", "    class Meta:", f"        db_table = {quoted(relation.name)}"]
        lines += [f"        db_table_comment = {quoted(relation.note)}"] if relation.note else []
        constraints = list(self.constraints(relation))
        if constraints:
            lines += ["        constraints = [", *(f"            {one}," for one in constraints), "        ]"]
        indexes = [self.index(relation, one) for one in relation.indexes if not one.unique]
        if indexes:
            lines += ["        indexes = [", *(f"            {one}," for one in indexes), "        ]"]
        return "\n".join(lines) + "\n"

    def index(self, relation: Relation, index: Index) -> str:
        """An index, which needs a name where it is of some rows or has operators."""
        fields = self.fields[relation.name]
        on = ", ".join(quoted(f"{'-' if part.descending else ''}{fields[part.attribute]}") for part in index.parts)
        classes = [part.operators for part in index.parts]
        needed = bool(index.where or index.include or any(classes))
        name = index.name or (self.rule("") if needed else "")
        word = _METHODS.get(index.method, "Index")
        if word != "Index":
            self.imports.add(word)
        return (
            f"{'models.' if word == 'Index' else ''}{word}("
            + arguments(
                f"fields=[{on}]",
                f"name={quoted(name)}" if name else "",
                f"condition={self.condition(relation, index.where)}" if index.where else "",
                f"include=[{', '.join(quoted(fields[one]) for one in index.include)}]" if index.include else "",
                f"opclasses=[{', '.join(map(quoted, classes))}]" if any(classes) else "",
            )
            + ")"
        )

    def condition(self, relation: Relation, condition: str) -> str:
        """The rows that are meant."""
        self.imports.add("RawSQL")
        told = (said_in(condition, self.dialect, relation) or condition).replace("%", "%%")
        return f"models.Q(RawSQL({quoted(told)}, [], models.BooleanField()))"

    def named(self, relation: Relation, names: tuple[str, ...]) -> str:
        return f"fields=[{', '.join(quoted(self.fields[relation.name][name]) for name in names)}]"

    def constraints(self, relation: Relation) -> Iterator[str]:
        for key in relation.keys[1:]:
            if not _is_bare(key):
                waits = {"": "", "immediate": "IMMEDIATE", "deferred": "DEFERRED"}[key.deferrable]
                said = arguments(
                    self.named(relation, key.attributes),
                    f"name={quoted(self.rule(key.name))}",
                    f"deferrable=models.Deferrable.{waits}" if waits else "",
                    "" if key.nulls_distinct else "nulls_distinct=False",
                )
                yield f"models.UniqueConstraint({said})"
        for index in relation.indexes:
            if index.unique:
                said = arguments(
                    self.named(relation, index.attributes),
                    f"name={quoted(self.rule(index.name))}",
                    f"condition={self.condition(relation, index.where)}" if index.where else "",
                    f"include={[self.fields[relation.name][one] for one in index.include]}" if index.include else "",
                    "" if index.nulls_distinct else "nulls_distinct=False",
                )
                yield f"models.UniqueConstraint({said})"
        positive = {check for name in relation.names if (check := self.positive(relation, name))}
        for check in relation.checks:
            if check in positive:
                continue
            self.imports.add("RawSQL")
            told = (said_in(check.expression, self.dialect, relation) or check.expression).replace("%", "%%")
            condition = f"RawSQL({quoted(told)}, [], models.BooleanField())"
            yield f"models.CheckConstraint(condition={condition}, name={quoted(self.rule(check.name))})"

    def positive(self, relation: Relation, name: str) -> Check | None:
        """The check that a field of numbers from 0 on stands for; MySQL would give its column another type, too."""
        plain = isinstance(relation[name].type, Integer) and not (relation[name].identity or relation[name].generated)
        if (
            not plain
            or self.dialect in {"mysql", "mariadb"}
            or any(name in key.attributes for key in relation.foreign_keys)
        ):
            return None
        said = {Check(f"{one} >= 0") for one in (name, DIALECTS["duckdb"].quoted(name))}
        return next((check for check in relation.checks if check in said), None)

    def rule(self, name: str) -> str:
        if not name:
            self.unnamed += 1
        return name or f"{UNNAMED}_{self.unnamed}"

    def field(self, relation: Relation, attribute: Attribute, key: ForeignKey | None) -> str:
        own = self.fields[relation.name][attribute.name]
        usual = f"{own}_id" if key else own
        primary = relation.keys[0].attributes == (attribute.name,)
        unique = any(rule.attributes == (attribute.name,) and _is_bare(rule) for rule in relation.keys[1:])
        kind, details = (
            ("OneToOneField" if primary or unique else "ForeignKey", "") if key else self.kind(attribute.type)
        )
        if attribute.collation:
            details = arguments(details, f"db_collation={quoted(attribute.collation)}")
        if self.positive(relation, attribute.name):
            kind = f"Positive{kind}"
        if attribute.identity and isinstance(attribute.type, Integer):
            kind = {16: "SmallAutoField", 32: "AutoField"}.get(attribute.type.bits, "BigAutoField")
        if attribute.generated:
            self.imports.add("RawSQL")
            told = said_in(attribute.generated.expression, self.dialect, relation) or attribute.generated.expression
            inner = f"{'' if kind == 'NativeField' else 'models.'}{kind}({details})"
            kind, details = (
                "GeneratedField",
                arguments(
                    f"expression=RawSQL({quoted(told.replace('%', '%%'))}, [])",
                    f"output_field={inner}",
                    f"db_persist={attribute.generated.stored}",
                ),
            )
        said = arguments(
            self.reference(key) if key else "",
            details,
            "primary_key=True" if primary else "",
            "unique=True" if unique and not primary and not key else "",
            "null=True" if attribute.nullable and not attribute.generated else "",
            f"db_column={quoted(attribute.name)}" if usual != attribute.name else "",
            self.default(attribute),
            f"db_comment={quoted(attribute.note)}" if attribute.note else "",
            "db_index=False" if key and not (primary or unique) else "",
        )
        return f"{'' if kind == 'NativeField' else 'models.'}{kind}({said})"

    def reference(self, key: ForeignKey) -> str:
        target = self.schema[key.relation]
        there = key.referenced[0]
        to_field = (
            "" if target.keys[0].attributes == (there,) else f"to_field={quoted(self.fields[target.name][there])}"
        )
        action = f"on_delete=models.{_ACTIONS.get(key.on_delete, 'DO_NOTHING')}"
        return arguments(quoted(self.classes[key.relation]), action, to_field, 'related_name="+"')

    def kind(self, kind: Type) -> tuple[str, str]:
        match kind:
            case Decimal(precision, scale):
                return "DecimalField", f"max_digits={precision}, decimal_places={scale}"
            case Text(length) if length:
                return "CharField", f"max_length={length}"
            case Enumeration(values):
                pairs = ", ".join(f"({quoted(value)}, {quoted(value)})" for value in values)
                return "CharField", f"max_length={max(1, *map(len, values))}, choices=[{pairs}]"
            case Native(text):
                self.imports.add("NativeField")
                return "NativeField", f"spelled={quoted(text)}"
            case _:
                return _plain_field(kind), ""

    def default(self, attribute: Attribute) -> str:
        text = attribute.default
        if text is None:
            return ""
        if text == "now()":
            self.imports.add("Now")
            return "db_default=Now()"
        match attribute.type:
            case Text() | Enumeration() if LITERAL.fullmatch(text):
                return f"db_default={quoted(unquoted(text))}"
            case Integer() if re.fullmatch(r"-?(?:0|[1-9]\d*)", text):
                return f"db_default={text}"
            case Boolean() if text in {"true", "false"}:
                return f"db_default={text.capitalize()}"
            case _:
                self.imports.add("RawSQL")
                return f"db_default=RawSQL({quoted(said_in(text, self.dialect) or text)}, [])"


def _plain_field(kind: Type) -> str:
    match kind:
        case Integer(bits):
            return {16: "SmallIntegerField", 32: "IntegerField"}.get(bits, "BigIntegerField")
        case Boolean():
            return "BooleanField"
        case Float():
            return "FloatField"
        case Bytes():
            return "BinaryField"
        case Uuid():
            return "UUIDField"
        case Date():
            return "DateField"
        case Time():
            return "TimeField"
        case Timestamp():
            return "DateTimeField"
        case Interval():
            return "DurationField"
        case Json():
            return "JSONField"
        case _:
            return "TextField"


def _field(name: str) -> str:
    said = re.sub(r"_+", "_", snake(name)).strip("_") or "n"
    reserved = said.casefold() in {taken.casefold() for taken in _TAKEN} or said != snake(said) or said in _CALLED
    return f"{said}_field" if reserved else said


def _kind(dialect: str, kind: Type) -> Type:
    match kind:
        case Unknown():
            return Text()
        case Integer(bits):
            return Integer(bits if bits in {16, 32, 64} else 64)
        case Float():
            return Float(64)
        case Timestamp():
            return Timestamp(zone=True)
        case Native(text):
            return kind if is_type(text, dialect) else Text()
        case Enumeration(values):
            return kind if values and all(storable(value) == value for value in values) else Text()
        case _:
            return kind


def _name(text: str) -> str:
    """A name without the quotes that Django does not double, nor the sign that it takes for a place of a value."""
    return re.sub(r'["`%\0\ud800-\udfff]', "_", text)


def _is_bare(key: Key) -> bool:
    """Whether a field can say a key by itself."""
    return len(key.attributes) == 1 and not key.name and not key.deferrable and key.nulls_distinct


def _refers(here: Attribute, there: Attribute) -> bool:
    return here.type == there.type and not isinstance(here.type, Enumeration)


def _named(part: Part, name: str) -> bool:
    """Whether a rule can have a name: that of an index has at most 30 characters and begins with a letter."""
    if made_up(name):
        return False
    return part is not Part.INDEX_NAME or bool(re.fullmatch(r"[A-Za-z].{0,29}", name, re.DOTALL))


def _spaces(part: Part, relation: str) -> tuple[str, ...]:
    """Where a name may stand once: constraints and indexes share the whole application, foreign keys have no names."""
    del relation
    return () if part is Part.REFERENCE_NAME else ("rules",)


def _note(text: str) -> str:
    return text.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()


_METHODS = {
    "hash": "HashIndex",
    "gin": "GinIndex",
    "gist": "GistIndex",
    "spgist": "SpGistIndex",
    "brin": "BrinIndex",
}


def _path(dialect: str, index: Index, relation: Relation) -> Index | None:
    """What the engine has words for of an index, and Django too: operators of all parts or of none."""
    found = indexed(index, relation, DIALECTS[dialect], str).index
    if found is None or (found.method and (dialect != "postgresql" or found.method not in _METHODS)):
        return None
    told = dialect == "postgresql" and all(part.operators for part in found.parts) and not found.unique
    method = "" if found.method == "btree" else found.method
    on = [
        replace(
            part,
            nulls="",
            collation="",
            operators=part.operators if told else "",
            descending=part.descending and not method and not found.unique,
        )
        for part in found.parts
    ]
    if found.method and any(part.operators for part in found.parts) and not told:
        return None
    return replace(found, on=tuple(on), method=method)


def _computed(dialect: str, generated: Generated, attribute: Attribute, relation: Relation) -> Generated | None:
    """A computed value as the engine keeps it; none in a key or a reference."""
    rules: list[Key | ForeignKey] = [*relation.keys[:1], *relation.foreign_keys]
    if any(attribute.name in rule.attributes for rule in rules) or isinstance(attribute.type, Native):
        return None
    return replace(generated, stored=True) if dialect == "postgresql" else generated


def _numbered(identity: Identity, attribute: Attribute, relation: Relation) -> Identity | None:
    """A running number, which only the field of a primary key has."""
    del identity
    alone = bool(relation.keys) and relation.keys[0].attributes == (attribute.name,)
    referring = any(attribute.name in key.attributes for key in relation.foreign_keys)
    return Identity() if alone and not referring and isinstance(attribute.type, Integer) else None


def _collates(dialect: str, collation: str, kind: Type) -> bool:
    return isinstance(kind, Text) and bool(re.fullmatch(DIALECTS[dialect].collations or "(?!)", collation))


_EVERYWHERE = frozenset({Part.GENERATED, Part.IDENTITY, Part.INDEX_ORDER, Part.COLLATION})
_RARE: dict[str, frozenset[Part]] = {
    **dict.fromkeys(_DIALECTS, _EVERYWHERE),
    "postgresql": _EVERYWHERE
    | {Part.DEFERRABLE_KEY, Part.NULLS_EQUAL, Part.INDEX_METHOD, Part.INDEX_INCLUDE, Part.INDEX_OPERATORS}
    | {Part.INDEX_NULLS_EQUAL},
}


@cache
def fidelity(dialect: str) -> Fidelity:
    """What Django models for a database can say."""
    return Fidelity(
        ((EVERYTHING - RARE) | _RARE[dialect])
        - {
            Part.TITLE,
            Part.KEYLESS,
            Part.PRIMARY_NAME,
            Part.COMPOSITE_REFERENCE,
            Part.SHARED_REFERENCE,
            Part.CYCLIC_REFERENCE,
            Part.REFERENCE_NAME,
            Part.REQUIRED_SET_NULL,
            Part.UNIQUE_INDEX,
            Part.DEPENDENCY,
        }
        - ({Part.PARTIAL_INDEX} if dialect not in {"postgresql", "sqlite"} else set()),
        actions=frozenset(_ACTIONS),
        updates=frozenset(),
        kind=partial(_kind, dialect),
        keyed=partial(keyed_in, dialect),
        name=_name,
        default=default_in(dialect),
        condition=condition_in(dialect),
        refers=_refers,
        named=_named,
        note=_note,
        dialect=dialect,
        spaces=_spaces,
        index=partial(_path, dialect),
        generated=partial(_computed, dialect),
        identity=_numbered,
        collates=partial(_collates, dialect),
    )


DJANGO = Format(
    "django",
    "Django models",
    endings=(".py",),
    marks=r"(?m)^\s*from django\.db|\bmodels\.(?:Model|CharField|ForeignKey|TextField|IntegerField)\b",
    reader=read_django,
    writer=write_django,
    dialects=_DIALECTS,
    fidelity=lambda dialect: fidelity(dialect or "postgresql"),
    says_dialect=True,
)

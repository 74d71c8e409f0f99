"""Django models: written, and read by `django_reader`."""

import re
from collections.abc import Iterator
from functools import cache, partial

from dbworkbench.formats.django_reader import read_django
from dbworkbench.formats.expressions import LITERAL, condition_in, default_in, said_in, unquoted
from dbworkbench.formats.fidelity import EVERYTHING, Fidelity, Part, carried
from dbworkbench.formats.format import Format
from dbworkbench.formats.names import UNNAMED, identifiers, made_up, pascal, snake
from dbworkbench.formats.sqlalchemy_text import arguments, quoted
from dbworkbench.formats.types import is_type
from dbworkbench.schema.loss import Written
from dbworkbench.schema.relation import Attribute, ForeignKey, Relation
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
        self.classes = identifiers(schema.names, pascal, ("NativeField", "RawSQL", "Now", "models"))
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
                said = base = base.removesuffix("_id") or base
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
            f'"""Models of {(self.schema.name or "the design")}."""'.replace("\\", "/"),
            "",
            "from django.db import models",
        ]
        head += ["from django.db.models.expressions import RawSQL"] if "RawSQL" in self.imports else []
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
        indexes = [
            f"models.Index({arguments(self.named(relation, one.attributes), f'name={quoted(one.name)}' if one.name else '')})"
            for one in relation.indexes
        ]
        if indexes:
            lines += ["        indexes = [", *(f"            {one}," for one in indexes), "        ]"]
        return "\n".join(lines) + "\n"

    def named(self, relation: Relation, names: tuple[str, ...]) -> str:
        return f"fields=[{', '.join(quoted(self.fields[relation.name][name]) for name in names)}]"

    def constraints(self, relation: Relation) -> Iterator[str]:
        for key in relation.keys[1:]:
            if len(key.attributes) > 1 or key.name:
                said = arguments(self.named(relation, key.attributes), f"name={quoted(self.rule(key.name))}")
                yield f"models.UniqueConstraint({said})"
        for check in relation.checks:
            self.imports.add("RawSQL")
            told = (said_in(check.expression, self.dialect, relation) or check.expression).replace("%", "%%")
            condition = f"RawSQL({quoted(told)}, [], models.BooleanField())"
            yield f"models.CheckConstraint(condition={condition}, name={quoted(self.rule(check.name))})"

    def rule(self, name: str) -> str:
        if not name:
            self.unnamed += 1
        return name or f"{UNNAMED}_{self.unnamed}"

    def field(self, relation: Relation, attribute: Attribute, key: ForeignKey | None) -> str:
        own = self.fields[relation.name][attribute.name]
        usual = f"{own}_id" if key else own
        primary = relation.keys[0].attributes == (attribute.name,)
        unique = any(rule.attributes == (attribute.name,) and not rule.name for rule in relation.keys[1:])
        kind, details = (
            ("OneToOneField" if primary or unique else "ForeignKey", "") if key else self.kind(attribute.type)
        )
        said = arguments(
            self.reference(key) if key else "",
            details,
            "primary_key=True" if primary else "",
            "unique=True" if unique and not primary and not key else "",
            "null=True" if attribute.nullable else "",
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
    reserved = said.casefold() in {taken.casefold() for taken in _TAKEN} or said != snake(said)
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
            return kind if values else Text()
        case _:
            return kind


def _name(text: str) -> str:
    """A name without the quotes that Django does not double."""
    return re.sub(r'["`\0]', "_", text)


def _refers(here: Type, there: Type) -> bool:
    return here == there and not isinstance(here, Enumeration)


def _named(part: Part, name: str) -> bool:
    """Whether a rule can have a name: that of an index has at most 30 characters and begins with a letter."""
    if made_up(name):
        return False
    return part is not Part.INDEX_NAME or bool(re.fullmatch(r"[A-Za-z].{0,29}", name, re.DOTALL))


@cache
def fidelity(dialect: str) -> Fidelity:
    """What Django models for a database can say."""
    return Fidelity(
        EVERYTHING
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
            Part.PARTIAL_INDEX,
            Part.DEPENDENCY,
        },
        actions=frozenset(_ACTIONS),
        updates=frozenset(),
        kind=partial(_kind, dialect),
        name=_name,
        default=default_in(dialect),
        condition=condition_in(dialect),
        refers=_refers,
        named=_named,
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
)

"""Fields of Django's models: their types, defaults, and what the database computes or asks in SQL."""

import ast

from dbworkbench.formats.draft import Draft
from dbworkbench.formats.expressions import literal
from dbworkbench.formats.python import Call, Module, call_of, name_of, spelled
from dbworkbench.schema.relation import Generated
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
    Uuid,
)
from dbworkbench.sql.expression import at_home

__all__ = ["Fields"]

_FIELDS: dict[str, Type] = {
    "AutoField": Integer(32),
    "BigAutoField": Integer(64),
    "SmallAutoField": Integer(16),
    "BigIntegerField": Integer(64),
    "IntegerField": Integer(32),
    "PositiveBigIntegerField": Integer(64),
    "PositiveIntegerField": Integer(32),
    "PositiveSmallIntegerField": Integer(16),
    "SmallIntegerField": Integer(16),
    "BooleanField": Boolean(),
    "NullBooleanField": Boolean(),
    "BinaryField": Bytes(),
    "DateField": Date(),
    "DateTimeField": Timestamp(zone=True),
    "DurationField": Interval(),
    "FloatField": Float(64),
    "JSONField": Json(),
    "TextField": Text(),
    "CITextField": Text(),
    "TimeField": Time(),
    "UUIDField": Uuid(),
    "HStoreField": Native("hstore"),
    "SearchVectorField": Native("tsvector"),
    "IntegerRangeField": Native("int4range"),
    "BigIntegerRangeField": Native("int8range"),
    "DateTimeRangeField": Native("tstzrange"),
    "DateRangeField": Native("daterange"),
    "DecimalRangeField": Native("numrange"),
    "PointField": Native("geometry"),
    "PolygonField": Native("geometry"),
    "MultiPolygonField": Native("geometry"),
    "GeometryField": Native("geometry"),
    "MoneyField": Decimal(14, 2),
}


_TEXTS = {
    "CharField": None,
    "EmailField": 254,
    "SlugField": 50,
    "URLField": 200,
    "FileField": 100,
    "ImageField": 100,
    "FilePathField": 100,
    "CICharField": None,
    "CIEmailField": 254,
    "CommaSeparatedIntegerField": None,
}


class Fields:
    """What the calls of fields in a file mean; what of them a schema does not hold goes to the draft."""

    def __init__(self, module: Module, draft: Draft, dialect: str) -> None:
        self.module, self.draft, self.dialect = module, draft, dialect

    def kind(self, what: str, call: Call) -> Type:
        """The type of the column that a field is."""
        given = {key: self.module.value(value) for key, value in call.keywords.items()}
        spelled = given.get("spelled")
        if call.name == "NativeField" and isinstance(spelled, str):
            return Native(spelled)
        if call.name in _TEXTS:
            length = given.get("max_length", _TEXTS[call.name])
            choices = self._choices(call.keywords.get("choices"))
            if choices and call.name == "CharField":
                return Enumeration(choices)
            return Text(length) if isinstance(length, int) and length > 0 else Text()
        if call.name == "DecimalField":
            digits, places = given.get("max_digits"), given.get("decimal_places")
            if isinstance(digits, int) and isinstance(places, int) and digits >= 1 and 0 <= places <= digits:
                return Decimal(digits, places)
            return Decimal()
        if call.name == "FloatField" and given.get("bits") == 32:
            return Float(32)
        if call.name == "GenericIPAddressField":
            return Native("inet")
        if call.name == "ArrayField":
            inner = call_of(call.args[0] if call.args else call.keywords.get("base_field"))
            words = {Text: "text", Integer: "integer", Float: "double precision", Uuid: "uuid", Boolean: "boolean"}
            return Native(f"{words.get(type(self.kind(what, inner)) if inner else Text, 'text')}[]")
        found = _FIELDS.get(call.name)
        if found is not None:
            return found
        base = self._own_field(call.name)
        if base:
            return self.kind(what, Call(base, "", call.args, call.keywords, call.node))
        self.draft.lose(what, f"the type {call.name}", "read as its name")
        return Native(call.name.removesuffix("Field").lower() or "unknown")

    def _own_field(self, name: str) -> str:
        """The field of Django's that a field made in this file stands on."""
        for one in self.module.line(name):
            for base in self.module.bases(self.module.classes[one]):
                if base in _FIELDS or base in _TEXTS or base == "DecimalField":
                    return base
        return ""

    def _choices(self, node: ast.expr | None) -> tuple[str, ...]:
        """The values that `choices` allows, where all are texts."""
        if node is None:
            return ()
        name = name_of(node.value) if isinstance(node, ast.Attribute) and node.attr == "choices" else name_of(node)
        members = [value for _, value in self.module.members(name)]
        found = members or self.module.value(node)
        if not isinstance(found, list):
            return ()
        values: list[object] = []
        for item in found:
            inner = item[1] if isinstance(item, list) and len(item) == 2 and isinstance(item[1], list) else None
            if inner and all(isinstance(one, list) for one in inner):
                values += [one[0] for one in inner if isinstance(one, list)]
            else:
                values.append(item[0] if isinstance(item, list) and item else item)
        texts = [value for value in values if isinstance(value, str)]
        return tuple(dict.fromkeys(texts)) if texts and len(texts) == len(values) else ()

    def default(self, what: str, call: Call) -> str | None:
        """The default that the database has; None where Python makes it or there is none."""
        node = call.keywords.get("db_default")
        if node is None:
            if "default" in call.keywords or self.is_true(call, "auto_now") or self.is_true(call, "auto_now_add"):
                self.draft.lose(what, "a default that Python makes", "read without")
            return None
        inner = call_of(node)
        if inner and inner.name == "Now":
            return "now()"
        if inner and inner.name == "RawSQL" and inner.args:
            said = self.module.text(inner.args[0])
            told = at_home(said, self.dialect) if said else None
            if told is not None:
                return told
        found = self.module.value(node)
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, str):
            return literal(found)
        if isinstance(found, int | float):
            return str(found)
        if inner and inner.name == "Decimal" and inner.args:
            return str(self.module.value(inner.args[0]))
        self.draft.lose(what, f"the default {spelled(node)}", "read without")
        return None

    def generated(self, what: str, call: Call) -> Generated | None:
        """What a field is computed as, where it is SQL."""
        node = call.keywords.get("expression")
        inner = call_of(node)
        said = self.module.text(inner.args[0]) if inner and inner.name == "RawSQL" and inner.args else ""
        told = at_home(said.replace("%%", "%"), self.dialect) if said else None
        if told is None:
            self.draft.lose(what, f"computed as {spelled(node) or '?'}", "read as a plain attribute")
            return None
        return Generated(told, self.is_true(call, "db_persist"))

    def condition(self, node: ast.expr | None) -> str | None:
        """SQL in RawSQL(…); "" for none, None for Django's own conditions."""
        if node is None:
            return ""
        call = call_of(node)
        if call and call.name == "Q" and len(call.args) == 1 and not call.keywords:
            return self.condition(call.args[0])
        if call and call.name == "RawSQL" and call.args:
            said = self.module.text(call.args[0]).replace("%%", "%")
            return at_home(said, self.dialect) if said else None
        return None

    def is_true(self, call: Call, name: str) -> bool:
        """Whether an argument of a call is the constant True."""
        return self.module.value(call.keywords.get(name)) is True

"""JSON Schema (2020-12), one definition for each entity: what JSON Schema has no word for stands in `x-` keywords."""

import json
from dataclasses import asdict
from typing import Any

from dbworkbench.errors import NotationError
from dbworkbench.formats.carrying import carried
from dbworkbench.formats.fidelity import EVERYTHING, Fidelity
from dbworkbench.formats.fidelity import Part as Carry
from dbworkbench.formats.format import Format
from dbworkbench.formats.json_schema_reader import ANYTHING, read_json_schema
from dbworkbench.schema.loss import Written
from dbworkbench.schema.relation import Attribute, Check, Index, Key, Relation
from dbworkbench.schema.rules import Enforced
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
    parse_type,
    type_text,
)

__all__ = ["JSON_SCHEMA", "fidelity"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def write_json_schema(schema: Schema, dialect: str) -> Written:
    """The schema as one JSON Schema document with a definition for each relation."""
    del dialect
    kept = carried(schema, fidelity)
    whole: dict[str, Any] = {"$schema": _DIALECT}
    if kept.schema.name:
        whole["title"] = kept.schema.name
    if kept.schema.note:
        whole["description"] = kept.schema.note
    whole["$defs"] = {relation.name: _entity(relation) for relation in kept.schema}
    return Written(json.dumps(whole, indent=2) + "\n", kept.losses, "json")


def _entity(relation: Relation) -> dict[str, Any]:
    entity: dict[str, Any] = {"type": "object"}
    if relation.note:
        entity["description"] = relation.note
    entity["properties"] = {attribute.name: _property(attribute) for attribute in relation.attributes}
    required = [a.name for a in relation.attributes if not a.nullable and a.default is None and not a.identity]
    if required:
        entity["required"] = required
    entity["additionalProperties"] = False
    if relation.keys:
        entity["x-primaryKey"] = _key(relation.keys[0])
    elif "id" in relation.names:
        entity["x-primaryKey"] = None
    rules = (
        ("x-uniqueKeys", [_key(key) for key in relation.keys[1:]]),
        ("x-foreignKeys", [_reference(key) for key in relation.foreign_keys]),
        ("x-checks", [_check(check) for check in relation.checks]),
        ("x-indexes", [_index(index) for index in relation.indexes]),
    )
    return entity | {word: items for word, items in rules if items}


def _some(**given: object) -> dict[str, object]:
    return {name: value for name, value in given.items() if value is not None and value is not False and value != ""}


def _key(key: Key) -> dict[str, Any]:
    rest = _some(name=key.name, nullsEqual=not key.nulls_distinct, deferrable=key.deferrable)
    return {"fields": list(key.attributes), **rest}


def _reference(key: Any) -> dict[str, Any]:  # noqa: ANN401  a ForeignKey
    there = {"resource": key.relation, "fields": list(key.referenced)}
    rest = _some(onDelete=key.on_delete, onUpdate=key.on_update, name=key.name)
    rest |= _some(deferrable=key.deferrable, matchFull=key.match_full, enforced=_enforced(key.enforced))
    return {"fields": list(key.attributes), "reference": there, **rest}


def _check(check: Check) -> dict[str, Any]:
    return _some(expression=check.expression, name=check.name, enforced=_enforced(check.enforced))


def _enforced(enforced: Enforced) -> str:
    """Of which rows a rule is asked, "" for all."""
    return "" if enforced == "always" else enforced


def _index(index: Index) -> dict[str, Any]:
    fields = [one if isinstance(one, str) else _some(**asdict(one)) for one in index.on]
    rest = _some(unique=index.unique, where=index.where, name=index.name, method=index.method)
    rest |= _some(include=list(index.include) or "", nullsEqual=index.unique and not index.nulls_distinct)
    return {"fields": fields, **rest}


def _property(attribute: Attribute) -> dict[str, Any]:
    said = _typed(attribute.type)
    if not said and not attribute.nullable:
        said["type"] = list(ANYTHING)  # all but null
    if attribute.nullable:
        if "enum" in said:
            said["enum"] = [*said["enum"], None]
        if "type" in said:
            said["type"] = [said["type"], "null"]
    if attribute.note:
        said["description"] = attribute.note
    if attribute.default is not None:
        said["x-default"] = attribute.default
    if type_text(attribute.type):
        said["x-type"] = type_text(attribute.type)
    if attribute.generated:
        said["readOnly"] = True
        said["x-generated"] = asdict(attribute.generated)
    if attribute.identity:
        said |= {"readOnly": True} if attribute.identity.always else {}
        said["x-identity"] = asdict(attribute.identity)
    if attribute.collation:
        said["x-collation"] = attribute.collation
    if attribute.declared:
        said["x-declared"] = asdict(attribute.declared)
    if isinstance(attribute.type, Unknown | Json) and attribute.nullable:
        said["x-nullable"] = True
    return said


def _typed(kind: Type) -> dict[str, Any]:
    match kind:
        case Boolean():
            return {"type": "boolean"}
        case Integer(bits):
            return {"type": "integer", "minimum": -(1 << (bits - 1)), "maximum": (1 << (bits - 1)) - 1}
        case Decimal() | Float():
            return {"type": "number"}
        case Text(length):
            return {"type": "string", **({"maxLength": length} if length else {})}
        case Enumeration(values):
            return {"type": "string", "enum": list(values)}
        case Bytes():
            return {"type": "string", "contentEncoding": "base64"}
        case Uuid():
            return {"type": "string", "format": "uuid"}
        case Date():
            return {"type": "string", "format": "date"}
        case Time():
            return {"type": "string", "format": "time"}
        case Timestamp():
            return {"type": "string", "format": "date-time"}
        case Interval():
            return {"type": "string", "format": "duration"}
        case Json() | Unknown():
            return {}
        case Native():
            return {"type": "string"}


def _kind(kind: Type) -> Type:
    said = type_text(kind)
    try:
        return parse_type(said) if said else Unknown()
    except NotationError:
        return Text()


fidelity = Fidelity(
    EVERYTHING
    - {Carry.DOMAIN, Carry.ENUMERATION, Carry.LONE_ENUMERATION, Carry.PARTITIONING, Carry.EXCLUSION}
    - {Carry.DEPENDENCY, Carry.UNIQUE_INDEX},
    kind=_kind,
)

JSON_SCHEMA = Format(
    "json_schema",
    "JSON Schema",
    endings=(".json",),
    marks=r'"\$schema"\s*:\s*"[^"]*json-schema|"(?:\$defs|definitions|properties|openapi)"\s*:',
    reader=read_json_schema,
    writer=write_json_schema,
    fidelity=lambda _: fidelity,
)

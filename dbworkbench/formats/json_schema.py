"""JSON Schema (2020-12), one definition for each entity: what JSON Schema has no word for stands in `x-` keywords."""

import json
import re
from dataclasses import asdict, replace
from typing import Any

from dbworkbench.errors import DataError, NotationError
from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.fidelity import EVERYTHING, Fidelity, carried
from dbworkbench.formats.fidelity import Part as Carry
from dbworkbench.formats.format import Format
from dbworkbench.formats.source import Source
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Read, Written
from dbworkbench.schema.relation import Attribute, Check, Generated, Identity, Index, Key, Relation
from dbworkbench.schema.rules import Deferrable
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
_ANYTHING = ("string", "number", "boolean", "object", "array")
_FORMATS: dict[str, Type] = {
    "date": Date(),
    "time": Time(),
    "date-time": Timestamp(zone=True),
    "duration": Interval(),
    "uuid": Uuid(),
    "int32": Integer(32),
    "int64": Integer(64),
    "float": Float(32),
    "double": Float(64),
    "byte": Bytes(),
    "binary": Bytes(),
}


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
        ("x-checks", [_some(expression=check.expression, name=check.name) for check in relation.checks]),
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
    rest |= _some(deferrable=key.deferrable, matchFull=key.match_full)
    return {"fields": list(key.attributes), "reference": there, **rest}


def _index(index: Index) -> dict[str, Any]:
    fields = [one if isinstance(one, str) else _some(**asdict(one)) for one in index.on]
    rest = _some(unique=index.unique, where=index.where, name=index.name, method=index.method)
    rest |= _some(include=list(index.include) or "", nullsEqual=index.unique and not index.nulls_distinct)
    return {"fields": fields, **rest}


def _property(attribute: Attribute) -> dict[str, Any]:
    said = _typed(attribute.type)
    if not said and not attribute.nullable:
        said["type"] = list(_ANYTHING)  # all but null
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


# -- read --------------------------------------------------------------------------------------------------------------


def read_json_schema(source: Source) -> Read:
    """The schema of a JSON Schema document: every definition of an object, and the document itself if it is one.

    Raises NotationError (line, column) where the text is no JSON, and DataError where it describes no object.
    """
    try:
        whole = json.loads(source.text)
    except json.JSONDecodeError as error:
        lines = source.text.splitlines() or [""]
        text = lines[min(error.lineno, len(lines)) - 1]
        raise NotationError(
            f"no JSON: {error.msg}", line=error.lineno, column=error.colno, text=text if len(text) < 400 else ""
        ) from None
    except RecursionError:
        raise DataError("this JSON is nested too deeply to be a schema") from None
    if not isinstance(whole, dict):
        raise DataError(f"a JSON Schema is an object, not {json.dumps(whole)[:60]}")
    return _Reader(whole).read()


class _Reader:
    def __init__(self, whole: dict[str, Any]) -> None:
        self.draft = Draft()
        self.definitions: dict[str, Any] = {}
        for word in ("definitions", "$defs"):
            found = whole.get(word)
            if isinstance(found, dict):
                self.definitions |= found
        components = whole.get("components")
        if isinstance(components, dict) and isinstance(components.get("schemas"), dict):  # OpenAPI
            self.definitions |= components["schemas"]
        if isinstance(whole.get("properties"), dict):
            name = str(whole.get("title") or whole.get("$id") or "data").rpartition("/")[2]
            self.definitions[name.removesuffix(".json").removesuffix(".schema")] = whole
        else:
            self.draft.title = whole["title"] if isinstance(whole.get("title"), str) else ""
            self.draft.note = whole["description"] if isinstance(whole.get("description"), str) else ""
        self.refers: list[tuple[Table, str, str]] = []

    def read(self) -> Read:
        for name, entity in self.definitions.items():
            if isinstance(entity, dict) and self._properties(entity, 0):
                self._table(name, entity)
        if not self.draft.tables:
            raise DataError("this JSON Schema describes no object with properties, so there is no relation in it")
        by_name = {table.name[0]: table for table in self.draft.tables}
        for table, column, target in self.refers:
            there = by_name.get(target)
            key = there.primary.attributes if there and there.primary else ()
            if there and len(key) == 1:
                kind = next(one.type for one in there.attributes if one.name == key[0])
                old = next(one for one in table.attributes if one.name == column)
                table.retype(Attribute(column, kind, old.nullable, old.default, old.note))
                table.references.append(Reference((column,), there.name, key))
            else:
                self.draft.lose(f"{table.name[0]}.{column}", f"an object {target} inside", "read as JSON")
        return self.draft.read()

    def _properties(self, entity: dict[str, Any], steps: int) -> tuple[dict[str, Any], set[str]] | None:
        """The properties of an object and those required, with what `allOf` adds."""
        found: dict[str, Any] = {}
        required: set[str] = set()
        for part in [entity, *(entity.get("allOf") or [])]:
            inner = self._resolved(part)
            if inner is not entity and isinstance(inner, dict) and steps < 20:
                more = self._properties(inner, steps + 1)
                if more:
                    found |= more[0]
                    required |= more[1]
        if isinstance(entity.get("properties"), dict):
            found |= entity["properties"]
            given = entity.get("required")
            required |= {one for one in given if isinstance(one, str)} if isinstance(given, list) else set()
        return (found, required) if found else None

    def _resolved(self, node: object) -> object:
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            return self.definitions.get(node["$ref"].rpartition("/")[2], node)
        return node

    def _table(self, name: str, entity: dict[str, Any]) -> None:
        table = Table((name,), note=str(entity.get("description") or ""))
        properties, required = self._properties(entity, 0) or ({}, set())
        keyed = entity.get("x-primaryKey") is not None
        for column, node in properties.items():
            self._column(table, column, node, required=column in required)
        if keyed:
            table.primary = self._key(entity["x-primaryKey"])
        elif not any(word.startswith("x-") for word in entity) and "id" in properties:
            table.primary = Key(("id",))
            self.draft.lose(name, "which property is the key", "id is taken for it")
        table.uniques = [self._key(one) for one in self._list(entity, "x-uniqueKeys")]
        for one in self._list(entity, "x-foreignKeys"):
            given = one.get("reference")
            there: dict[str, Any] = given if isinstance(given, dict) else {}
            actions = str(one.get("onDelete") or ""), str(one.get("onUpdate") or "")
            fields, others = self._names(one), self._names(there)
            target = (str(there.get("resource", "")),)
            reference = Reference(fields, target, others, *actions, str(one.get("name") or ""))
            reference.deferrable, reference.match_full = _waits(one), one.get("matchFull") is True
            table.references.append(reference)
        for one in self._list(entity, "x-checks"):
            table.checks.append(Check(str(one.get("expression", "")), str(one.get("name") or "")))
        for one in self._list(entity, "x-indexes"):
            unique, where = one.get("unique") is True, str(one.get("where") or "")
            on = [_part(part) for part in one.get("fields") or []]
            included = tuple(map(str, one.get("include") or ()))
            name, method = str(one.get("name") or ""), str(one.get("method") or "")
            distinct = one.get("nullsEqual") is not True
            table.indexes.append(Index(tuple(on), unique, where, name, method, included, distinct))
        self.draft.tables.append(table)

    @staticmethod
    def _list(entity: dict[str, Any], word: str) -> list[dict[str, Any]]:
        found = entity.get(word)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []

    @staticmethod
    def _names(node: object) -> tuple[str, ...]:
        found = node.get("fields") if isinstance(node, dict) else node
        return tuple(str(one) for one in found) if isinstance(found, list) else (str(found),)

    def _key(self, node: object) -> Key:
        given = node if isinstance(node, dict) else {}
        distinct = given.get("nullsEqual") is not True
        return Key(self._names(node), str(given.get("name") or ""), distinct, _waits(given))

    def _column(self, table: Table, column: str, node: object, *, required: bool) -> None:
        what = f"{table.name[0]}.{column}"
        said = node if isinstance(node, dict) else {}
        target = said.get("$ref")
        inner = self._resolved(said)
        described = said.get("description") or (inner.get("description") if isinstance(inner, dict) else "") or ""
        if isinstance(target, str) and isinstance(inner, dict) and self._properties(inner, 0):
            table.attributes.append(Attribute(column, Json(), not required, note=str(described)))
            self.refers.append((table, column, target.rpartition("/")[2]))
            return
        kind, nullable = self._type(what, inner if isinstance(inner, dict) else {})
        default = said.get("x-default")
        if default is None and "default" in said:
            default = self._literal(said["default"])
        told = "x-default" in said or "x-type" in said
        computed, numbers = said.get("x-generated"), said.get("x-identity")
        may_be_null = nullable or (not required and not told) or said.get("x-nullable") is True
        note = "" if not isinstance(described, str) else described
        found = Attribute(column, kind, may_be_null, default, note, collation=str(said.get("x-collation") or ""))
        if isinstance(computed, dict) and computed.get("expression"):
            filled = Generated(str(computed["expression"]), computed.get("stored") is True)
            found = replace(found, default=None, generated=filled)
        elif isinstance(numbers, dict):
            start, step = numbers.get("start"), numbers.get("increment")
            counted = Identity(
                numbers.get("always") is True,
                start if isinstance(start, int) else 1,
                step if isinstance(step, int) and step else 1,
            )
            found = replace(found, default=None, nullable=False, identity=counted)
        elif said.get("readOnly") is True:
            self.draft.lose(what, "read only", "an attribute like any other")
        table.attributes.append(found)

    @staticmethod
    def _literal(value: object) -> str | None:
        match value:
            case None:
                return None
            case bool():
                return "true" if value else "false"
            case int() | float():
                return str(value)
            case str():
                return "'" + value.replace("'", "''") + "'"
            case _:
                return "'" + json.dumps(value).replace("'", "''") + "'"

    def _type(self, what: str, node: dict[str, Any]) -> tuple[Type, bool]:
        """The type of a property, and whether it may be null."""
        variants = node.get("anyOf") or node.get("oneOf")
        if isinstance(variants, list) and "type" not in node:
            others = [one for one in variants if isinstance(one, dict) and one.get("type") != "null"]
            inner = self._resolved(others[0]) if len(others) == 1 else {}
            kind, nullable = self._type(what, inner if isinstance(inner, dict) else {})
            return (kind if len(others) == 1 else Json()), nullable or len(others) < len(variants)
        given = node.get("type")
        kinds = given if isinstance(given, list) else [given]
        nullable = "null" in kinds or node.get("nullable") is True
        values = node.get("enum")
        if isinstance(values, list):
            nullable = nullable or None in values
        return self._one_type(what, node, [one for one in kinds if one != "null"]), nullable

    def _one_type(self, what: str, node: dict[str, Any], kinds: list[Any]) -> Type:
        exact = node.get("x-type")
        if isinstance(exact, str):
            return parse_type(exact)
        values = node.get("enum")
        if isinstance(values, list) and (texts := [one for one in values if isinstance(one, str)]):
            return Enumeration(tuple(dict.fromkeys(texts)))
        if isinstance(node.get("format"), str) and node["format"] in _FORMATS:
            return _FORMATS[node["format"]]
        match kinds:
            case ["boolean"]:
                return Boolean()
            case ["integer"]:
                most = node.get("maximum")
                return Integer(32) if isinstance(most, int) and most < 1 << 31 else Integer(64)
            case ["number"]:
                step = node.get("multipleOf")
                places = re.fullmatch(r"0?\.(0*)1|1e-0?(\d+)", str(step)) if isinstance(step, float) else None
                if places:
                    return Decimal(18, int(places[2]) if places[2] else len(places[1]) + 1)
                return Float(64)
            case ["string"]:
                most = node.get("maxLength")
                base64 = node.get("contentEncoding") == "base64"
                return Bytes() if base64 else Text(most) if isinstance(most, int) and most > 0 else Text()
            case ["object"] | ["array"]:
                self.draft.lose(what, f"the inside of an {kinds[0]}", "read as JSON")
                return Json()
            case []:
                return Json() if "properties" in node or "items" in node else Unknown()
            case _:
                return Json() if len(kinds) > 1 and set(kinds) != set(_ANYTHING) else Unknown()


def _kind(kind: Type) -> Type:
    said = type_text(kind)
    try:
        return parse_type(said) if said else Unknown()
    except NotationError:
        return Text()


def _waits(node: dict[str, Any]) -> Deferrable:
    said = node.get("deferrable")
    return "deferred" if said == "deferred" else "immediate" if said == "immediate" else ""


def _part(node: object) -> str | Part:
    """What an index is on, as it was written: a name, or the parts of a Part."""
    if not isinstance(node, dict):
        return str(node)
    length = node.get("length")
    nulls = node.get("nulls")
    words = {name: str(node.get(name) or "") for name in ("attribute", "expression", "operators", "collation")}
    if bool(words["attribute"]) == bool(words["expression"]):
        raise DataError(f"a part of an index is an attribute or an expression, not {node!r}")
    return Part(
        words["attribute"],
        words["expression"],
        node.get("descending") is True,
        "first" if nulls == "first" else "last" if nulls == "last" else "",
        length if isinstance(length, int) and length > 0 and words["attribute"] else None,
        words["operators"],
        words["collation"],
    )


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

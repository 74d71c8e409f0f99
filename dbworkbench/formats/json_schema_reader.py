"""The reader of JSON Schema and OpenAPI: each definition of an object is a relation; what says more than a type is reported."""

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from dbworkbench.errors import DataError, NotationError
from dbworkbench.formats.draft import Draft, Reference, Table
from dbworkbench.formats.source import Source
from dbworkbench.schema.index import Part
from dbworkbench.schema.loss import Read
from dbworkbench.schema.relation import Attribute, Check, Declared, Generated, Identity, Index, Key
from dbworkbench.schema.rules import Deferrable, Enforced
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
    Text,
    Time,
    Timestamp,
    Type,
    Unknown,
    Uuid,
    parse_type,
)

__all__ = ["ANYTHING", "read_json_schema"]

ANYTHING = ("string", "number", "boolean", "object", "array")
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
_DEEPEST = 60
_RULES = (
    *("minLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("const", "not", "if", "minItems", "maxItems", "uniqueItems"),
)
"""What a property may have to be beyond its type."""
_OF_OBJECTS = (
    "patternProperties",
    "if",
    "not",
    "dependentRequired",
    "dependentSchemas",
    "minProperties",
    "maxProperties",
)


def read_json_schema(source: Source) -> Read:
    """The schema of a JSON Schema document: every definition of an object, and the document itself if it is one.

    Raises NotationError (line, column) where the text is no JSON, and DataError where it describes no object.
    """
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            twice.extend(name for name in made if names.count(name) > 1)
        return made

    try:
        whole = json.loads(source.text, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        lines = source.text.splitlines() or [""]
        text = lines[min(error.lineno, len(lines)) - 1]
        raise NotationError(
            f"no JSON: {error.msg}", line=error.lineno, column=error.colno, text=text if len(text) < 400 else ""
        ) from None
    except RecursionError:
        raise DataError("this JSON is nested too deeply to be a schema") from None
    except ValueError:  # Python's own limit
        raise DataError("this JSON has a number of thousands of digits, which no schema needs") from None
    if not isinstance(whole, dict):
        raise DataError(f"a JSON Schema is an object, not {json.dumps(whole)[:60]}")
    reader = _Reader(whole)
    for name in dict.fromkeys(twice):
        reader.draft.lose(name, "a second member of this name", "the last one is read")
    return reader.read()


class _Reader:
    def __init__(self, whole: dict[str, Any]) -> None:
        self.whole = whole
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
            said = str(whole.get("$id") or whole.get("id") or "").rstrip("/#").rpartition("/")[2]
            title = whole["title"].strip() if isinstance(whole.get("title"), str) else ""
            name = title.rpartition("/")[2] or said.removesuffix(".json").removesuffix(".schema") or "data"
            while name in self.definitions:
                name = f"{name}_"
            self.definitions[name] = whole
        else:
            self.draft.title = whole["title"] if isinstance(whole.get("title"), str) else ""
            self.draft.note = whole["description"] if isinstance(whole.get("description"), str) else ""
        self.refers: list[tuple[Table, str, str]] = []
        defined = [(name, node) for name, node in self.definitions.items() if isinstance(node, dict)]
        self.names = {id(node): name for name, node in reversed(defined)}
        self.anchors: dict[str, object] = {
            f"{sign}{node[word]}": node
            for _, node in defined
            for word, sign in (("$anchor", "#"), ("$id", ""), ("id", ""))
            if isinstance(node.get(word), str)
        }
        self.known: dict[int, tuple[dict[str, Any], set[str]] | None] = {}

    def read(self) -> Read:
        for name, entity in self.definitions.items():
            if not isinstance(entity, dict):
                continue
            if self._properties(entity):
                self._table(name, entity)
            elif any(self._is_object(one) for word in ("oneOf", "anyOf") for one in _listed(entity.get(word))):
                self.draft.lose(name, "one of several objects")
            elif entity.get("type") == "object":
                self.draft.lose(name, "an object without properties")
        if not self.draft.tables:
            met = "; ".join(f"{loss.subject}: {loss.feature}" for loss in self.draft.losses[:3])
            raise DataError(
                "this JSON Schema describes no object with properties, so there is no relation in it"
                + (f" — {met}" if met else "")
            )
        by_name = {table.name[0]: table for table in self.draft.tables}
        for table, column, target in self.refers:
            there = by_name.get(target)
            key = there.primary.attributes if there and there.primary else ()
            if there and len(key) == 1 and there.has(key[0]):
                kind = next(one.type for one in there.attributes if one.name == key[0])
                old = next(one for one in table.attributes if one.name == column)
                table.retype(Attribute(column, kind, old.nullable, old.default, old.note))
                table.references.append(Reference((column,), there.name, key))
            else:
                self.draft.lose(f"{table.name[0]}.{column}", f"an object {target} inside", "read as JSON")
        return self.draft.read()

    # References -----------------------------------------------------------------------------------------------------

    def _pointed(self, said: str) -> object:
        """What a reference means: a JSON Pointer into this document (RFC 6901), an anchor or an id; None for nothing here."""
        if said in self.anchors:
            return self.anchors[said]
        base, _, fragment = unquote(said).partition("#")
        if base and base != self.whole.get("$id"):
            return None
        node: object = self.whole
        if fragment and not fragment.startswith("/"):
            return None
        for step in fragment.split("/")[1:]:
            own = step.replace("~1", "/").replace("~0", "~")
            if isinstance(node, list) and own.isdecimal() and len(own) < 9 and int(own) < len(node):
                node = node[int(own)]
            elif isinstance(node, dict):
                node = node.get(own)
            else:
                return None
        return node

    def _resolved(self, node: object) -> object:
        """What a node is, or what it refers to; a reference that ends nowhere here stays as it is."""
        seen: set[str] = set()
        here = node
        while isinstance(here, dict) and isinstance(here.get("$ref"), str):
            said = here["$ref"]
            found = self._pointed(said)
            if said in seen or found is None:
                return node
            seen.add(said)
            here = found
        return here

    def _object_meant(self, node: dict[str, Any]) -> tuple[str, bool]:
        """The definition of an object that a property is, alone or else nothing, and whether it may be nothing; "" for none."""
        for word in ("allOf", "anyOf", "oneOf"):
            parts = [one for one in _listed(node.get(word)) if isinstance(one, dict)]
            rest = [one for one in parts if one.get("type") != "null"]
            if len(rest) == 1 and "properties" not in node:
                return self._object_meant(rest[0])[0], len(rest) < len(parts)
        inner = self._resolved(node)
        own = self.names.get(id(inner), "")
        return (own if inner is not node and isinstance(inner, dict) and self._properties(inner) else ""), False

    def _is_object(self, node: object) -> bool:
        inner = self._resolved(node)
        return isinstance(inner, dict) and self._properties(inner) is not None

    def _properties(self, entity: dict[str, Any], depth: int = 0) -> tuple[dict[str, Any], set[str]] | None:
        """The properties of an object and those required, with what `allOf` adds; a circle adds nothing."""
        if id(entity) in self.known:
            return self.known[id(entity)]
        self.known[id(entity)] = None
        found: dict[str, Any] = {}
        required: set[str] = set()
        for part in [entity, *_listed(entity.get("allOf"))]:
            inner = self._resolved(part)
            if inner is entity or not isinstance(inner, dict):
                continue
            if depth > _DEEPEST:
                self.draft.lose(self.names.get(id(entity), "allOf"), f"allOf within allOf, {_DEEPEST} levels deep")
                break
            if isinstance(inner.get("$ref"), str):
                self.draft.lose(self.names.get(id(entity), "allOf"), _nowhere(inner["$ref"]))
                continue
            more = self._properties(inner, depth + 1)
            if more:
                found |= more[0]
                required |= more[1]
        if isinstance(entity.get("properties"), dict):
            found |= entity["properties"]
            required |= {one for one in _listed(entity.get("required")) if isinstance(one, str)}
        self.known[id(entity)] = (found, required) if found else None
        return self.known[id(entity)]

    # Tables ---------------------------------------------------------------------------------------------------------

    def _table(self, name: str, entity: dict[str, Any]) -> None:
        table = Table((name,), note=str(entity.get("description") or ""))
        properties, required = self._properties(entity) or ({}, set())
        for word in _OF_OBJECTS:
            if word in entity:
                self.draft.lose(name, word, "read without")
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
            reference.enforced = _enforced(one)
            table.references.append(reference)
        for one in self._list(entity, "x-checks"):
            table.checks.append(Check(str(one.get("expression", "")), str(one.get("name") or ""), _enforced(one)))
        for one in self._list(entity, "x-indexes"):
            unique, where = one.get("unique") is True, str(one.get("where") or "")
            on = [_part(part) for part in _listed(one.get("fields"))]
            included = tuple(map(str, _listed(one.get("include"))))
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
        if not isinstance(node, dict | bool):
            self.draft.lose(what, f"{json.dumps(node)[:40]}, which describes no property", "read without a type")
        inner = self._whole(said)
        described = said.get("description") or inner.get("description") or ""
        target, may_be_nothing = self._object_meant(said)
        if target:
            table.attributes.append(Attribute(column, Json(), may_be_nothing or not required, note=str(described)))
            self.refers.append((table, column, target))
            return
        kind, nullable = self._type(what, inner)
        default = said.get("x-default")
        if not isinstance(default, str | None):
            raise DataError(f"{what}: x-default is an expression, written as a text, not {default!r}")
        if default is None and "default" in said:
            default = self._literal(said["default"])
        told = "x-default" in said or "x-type" in said
        computed, numbers = said.get("x-generated"), said.get("x-identity")
        may_be_null = nullable or (not required and not told) or said.get("x-nullable") is True
        note = "" if not isinstance(described, str) else described
        found = Attribute(column, kind, may_be_null, default, note, collation=str(said.get("x-collation") or ""))
        words = said.get("x-declared")
        if isinstance(words, dict) and str(words.get("text") or "").strip() and words.get("dialect"):
            found = replace(found, declared=Declared(str(words["dialect"]), str(words["text"])))
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

    def _whole(self, node: object, depth: int = 0) -> dict[str, Any]:
        """What a node says, with what it refers to and what stands in `allOf`; what it says itself wins."""
        inner = self._resolved(node)
        found: dict[str, Any] = {}
        if not isinstance(inner, dict) or depth > _DEEPEST:
            return found
        for part in _listed(inner.get("allOf")) if "x-type" not in inner else ():
            found |= self._whole(part, depth + 1)
        own = node if isinstance(node, dict) else {}
        return found | {word: value for word, value in (*inner.items(), *own.items()) if word != "allOf"}

    def _type(self, what: str, node: dict[str, Any], depth: int = 0) -> tuple[Type, bool]:
        """The type of a property, and whether it may be null."""
        if isinstance(node.get("$ref"), str) and self._resolved({"$ref": node["$ref"]}) == {"$ref": node["$ref"]}:
            self.draft.lose(what, _nowhere(node["$ref"]), "read without a type")
        variants = node.get("anyOf") or node.get("oneOf")
        if isinstance(variants, list) and "type" not in node:
            others = [one for one in variants if isinstance(one, dict) and one.get("type") != "null"]
            if len(others) != 1 or depth > _DEEPEST:
                self.draft.lose(
                    what,
                    f"one of {len(others)} kinds of values" if depth <= _DEEPEST else "kinds of values that never end",
                    "read as JSON",
                )
                return Json(), len(others) < len(variants)
            kind, nullable = self._type(what, self._whole(others[0]), depth + 1)
            return kind, nullable or len(others) < len(variants)
        given = node.get("type")
        kinds = given if isinstance(given, list) else [given]
        nullable = "null" in kinds or node.get("nullable") is True
        values = node.get("enum")
        if isinstance(values, list):
            nullable = nullable or None in values
        for word in _RULES if "x-type" not in node else ():
            if word in node and not _is_in_the_type(word, node[word], node):
                self.draft.lose(what, f"{word} {json.dumps(node[word])[:40]}", "read without")
        return self._one_type(what, node, [one for one in kinds if isinstance(one, str) and one != "null"]), nullable

    def _one_type(self, what: str, node: dict[str, Any], kinds: list[Any]) -> Type:
        exact = node.get("x-type")
        if isinstance(exact, str):
            try:
                return parse_type(exact)
            except NotationError as error:
                self.draft.lose(what, f"the type {exact}: {error.message}", "read by its other words")
        values = node.get("enum")
        if isinstance(values, list) and any(not isinstance(one, str | None) for one in values):
            self.draft.lose(what, f"the values {json.dumps(values)[:60]}", "read without those that are no texts")
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
                if len(kinds) > 1 and set(kinds) != set(ANYTHING):
                    self.draft.lose(what, f"one of {', '.join(kinds)}", "read as JSON")
                    return Json()
                if kinds and len(kinds) == 1:
                    self.draft.lose(what, f"the type {kinds[0]}", "read without")
                return Unknown()


def _waits(node: dict[str, Any]) -> Deferrable:
    said = node.get("deferrable")
    return "deferred" if said == "deferred" else "immediate" if said == "immediate" else ""


def _enforced(node: dict[str, Any]) -> Enforced:
    said = node.get("enforced")
    return "never" if said == "never" else "new" if said == "new" else "always"


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


def _listed(node: object) -> list[Any]:
    """The items of a list; none for anything else."""
    return node if isinstance(node, list) else []


def _nowhere(said: str) -> str:
    return f"the reference {said}, which leads to nothing in this document"


def _is_in_the_type(word: str, value: object, node: dict[str, Any]) -> bool:
    """Whether a rule says no more than the type that is read."""
    if word == "multipleOf":
        return value == 1 or (node.get("type") == "number" and isinstance(value, float))
    return word in {"minimum", "maximum"} and isinstance(value, int | float) and value in _BOUNDS


_BOUNDS = frozenset(bound for bits in (16, 32, 64) for bound in (-(1 << (bits - 1)), (1 << (bits - 1)) - 1))

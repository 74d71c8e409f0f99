"""Designs and edits as JSON, without loss: what files keep and what widgets are sent.

Every value is an object of its fields; a field at its default is left out, and where several kinds could stand, `is`
names the kind. Types and dependencies are texts in the notation wherever that says them exactly. A document states the
oldest version of this format that has all it says in `dbworkbench`; one from a newer version than ours is refused:

1. relations with keys, references, checks, dependencies and indexes on attributes; sketches; edits of these.
2. generated and numbered attributes, collations, domains; indexes on expressions, with order, method and included
   attributes; exclusions, partitioning, rules that can be put off; views and the like as text; edits of these.
3. types as an engine declared them.
4. rules that are asked of new rows alone, or of none.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeAlias, Union, get_args, get_origin, get_type_hints

from dbworkbench.errors import DataError, NotationError, Unsupported
from dbworkbench.schema import changes as c
from dbworkbench.schema import types
from dbworkbench.schema.relation import Index, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.sketch import Sketch
from dbworkbench.schema.types import Type, parse_type, type_text
from dbworkbench.theory.dependencies import FD, JD, MVD, Dependency, parse_dependency

VERSION = 4
Value: TypeAlias = Schema | Relation | Sketch | Dependency | c.Change | tuple[c.Change, ...]
_TOP: dict[str, type] = {
    kind.__name__: kind for kind in (Schema, Relation, Sketch, *get_args(Dependency), *get_args(c.Change))
}
_TAGGED = frozenset((*get_args(Dependency), *get_args(c.Change)))
_TYPES: dict[str, type] = {kind.__name__: kind for kind in get_args(Type)}
_KINDS = frozenset(_TYPES.values())
_SECOND_FIELDS = """generated identity collation domain on method include nulls_distinct deferrable match_full exclusions
    partitioning domains definitions"""
_SECOND = frozenset(_SECOND_FIELDS.split())
"""The fields that version 2 brought."""
_THIRD = frozenset({"declared"})
"""The field that version 3 brought."""
_FOURTH = frozenset({"enforced"})
"""The field that version 4 brought."""
_SECOND_KINDS = frozenset(
    kind.__name__
    for kind in (
        *(c.SetGenerated, c.SetIdentity, c.SetCollation, c.SetDomain, c.SetPartitioning, c.AddDomain, c.DropDomain),
        *(c.ChangeDomain, c.AddDefinition, c.DropDefinition, c.AddExclusion, c.DropExclusion),
    )
)
_read = lru_cache(maxsize=1024)(parse_type)


def to_json(value: Value, *, indent: int | None = None) -> str:
    """A schema, relation, sketch, dependency, change or tuple of changes as JSON text; the same value gives the same text.

    >>> to_json(FD.parse("a -> b"))
    '{"dbworkbench": 1, "is": "FD", "value": {"determinant": ["a"], "dependent": ["b"]}}'
    """
    many = isinstance(value, tuple)
    kind = "changes" if many else type(value).__name__
    said = encode(value)
    whole = {"dbworkbench": version_of(said, kind), "is": kind, "value": said}
    text = json.dumps(whole, ensure_ascii=False, indent=indent)
    return text if _writable(text) else json.dumps(whole, ensure_ascii=True, indent=indent)


def version_of(encoded: object, kind: str = "") -> int:
    """The oldest version of the format that has all that `encode` gave: of a value of this kind, where it has a tag."""
    if isinstance(encoded, list):
        return max(map(version_of, encoded), default=1)
    if not isinstance(encoded, dict):
        return 1
    if not _FOURTH.isdisjoint(encoded):
        return VERSION
    own = 2 if encoded.get("is", kind) in _SECOND_KINDS or not _SECOND.isdisjoint(encoded) else 1
    own = own if _THIRD.isdisjoint(encoded) else 3
    return max(own, *map(version_of, encoded.values()), 1)


def from_json(text: str) -> Value:
    """What `to_json` wrote.

    Raises NotationError (line, column) where the text is no JSON, DataError where it is no design of ours, Unsupported
    where a newer dbworkbench wrote it, and DesignError where the design contradicts itself.

    >>> from_json('{"dbworkbench": 1, "is": "FD", "value": {"determinant": ["a"], "dependent": ["b"]}}')
    FD('a → b')
    """
    whole = parsed(text)
    kind = whole.get("is")
    if kind == "changes":
        return tuple(decode_change(one, f"value[{at}]") for at, one in enumerate(_list(whole.get("value"), "value")))
    if not isinstance(kind, str) or kind not in _TOP:
        raise DataError(f"this JSON holds {kind!r}, which is no kind of design — known: {', '.join(sorted(_TOP))}")
    found: Value = _decoded(_TOP[kind], {"is": kind, **_object(whole.get("value"), "value")}, "value")
    return found


def parsed(text: str) -> dict[str, Any]:
    """The JSON object of a document of ours, its version checked. Raises what `from_json` does."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        line = (text.splitlines() or [""])[error.lineno - 1 : error.lineno]
        raise NotationError(
            f"no JSON: {error.msg}", line=error.lineno, column=error.colno, text="".join(line)
        ) from error
    except RecursionError as error:
        raise DataError("this JSON is nested too deeply to be a design") from error
    except ValueError as error:  # Python's own limit
        raise DataError("this JSON has a number of thousands of digits, which no design needs") from error
    if not isinstance(whole, dict) or "dbworkbench" not in whole:
        raise DataError('this JSON is no design of ours: it does not begin with a version, "dbworkbench": 1')
    version = whole["dbworkbench"]
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise DataError(f"{version!r} is no version of this format — it should be a whole number from 1")
    if version > VERSION:
        raise Unsupported(
            f"a newer dbworkbench wrote this (format {version}; this one reads up to {VERSION}) — "
            "upgrade it: pip install --upgrade dbworkbench"
        )
    return whole


def encode(value: Any) -> Any:  # noqa: ANN401  JSON has no closer type
    """A value of a design as what `json.dumps` takes; `is` stands first where the kind is not known from the place."""
    if type(value) in _KINDS:
        return _type(value)
    match value:
        case None | bool() | int() | str():
            return value
        case frozenset():
            return sorted((encode(item) for item in value), key=json.dumps)
        case tuple():
            return [_tagged(item) for item in value]
        case _:
            said: dict[str, Any] = {}
            for name, default in _own(value.__class__):
                if name == "on" and type(value) is Index and value.on == value.attributes:
                    said["attributes"] = [*value.attributes]  # as version 1 has it
                    continue
                item = getattr(value, name)
                if item is not default and item != default:
                    said[name] = item if type(item) is str or type(item) is bool else _tagged_field(item)
            return said


def encode_change(change: c.Change) -> dict[str, Any]:
    """One change, with its kind."""
    return {"is": type(change).__name__, **encode(change)}


def decode_change(data: object, where: str = "change") -> c.Change:
    """What `encode_change` gave; raises DataError, which names the place."""
    change: c.Change = _decoded(c.Change, data, where)
    return change


def decode_schema(data: object, where: str = "schema") -> Schema:
    """What `encode` gave of a schema; raises DataError, which names the place."""
    schema: Schema = _decoded(Schema, data, where)
    return schema


def decode_relation(data: object, where: str = "relation") -> Relation:
    """What `encode` gave of a relation; raises DataError, which names the place."""
    relation: Relation = _decoded(Relation, data, where)
    return relation


@cache
def _own(kind: type) -> tuple[tuple[str, object], ...]:
    """The fields that a value is made of, each with its default."""
    return tuple((field.name, _default(field)) for field in fields(kind) if field.init)


def _tagged(item: object) -> Any:  # noqa: ANN401  the same
    return {"is": type(item).__name__, **encode(item)} if type(item) in _TAGGED else encode(item)


def _tagged_field(item: object) -> Any:  # noqa: ANN401  the same
    if isinstance(item, frozenset) and any(isinstance(one, (FD, MVD, JD)) for one in item):
        return [_dependency(one) for one in sorted(item, key=lambda one: (type(one).__name__, str(one)))]
    return _dependency(item) if isinstance(item, (FD, MVD, JD)) else encode(item)


def _dependency(item: Dependency) -> str | dict[str, Any]:
    """A dependency in the notation, or as an object where the notation would read it otherwise."""
    said = str(item)
    try:
        if parse_dependency(said) == item:
            return said
    except NotationError:
        pass
    return {"is": type(item).__name__, **encode(item)}


def _type(kind: Any) -> str | dict[str, Any]:  # noqa: ANN401  one of the types, checked by the caller
    said = type_text(kind) if not _odd(kind) else None
    if said is not None:
        try:
            if _read(said) == kind:
                return said
        except NotationError:
            pass
    own = {field.name: encode(getattr(kind, field.name)) for field in fields(kind)}
    return {"is": type(kind).__name__, **own}


def _odd(kind: Type) -> bool:
    """Whether a number has a width that the notation has no word for."""
    match kind:
        case types.Integer(bits):
            return bits not in {16, 32, 64}
        case types.Float(bits):
            return bits not in {32, 64}
        case _:
            return False


def _default(field: Any) -> object:  # noqa: ANN401  dataclasses.Field is generic in what we do not know
    return field.default if field.default_factory is MISSING else field.default_factory()


def _writable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


# -- read again --------------------------------------------------------------------------------------------------------


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def _decoded(hint: Any, data: object, where: str) -> Any:  # noqa: ANN401  as many types as hints
    if hint in {str, int, bool}:
        if type(data) is not hint:
            raise DataError(f"{where} should be {hint.__name__}, not {json.dumps(data)[:60]}")
        return data
    if hint is NoneType:
        if data is not None:
            raise DataError(f"{where} should be null, not {json.dumps(data)[:60]}")
        return None
    origin = get_origin(hint)
    if origin in {Union, UnionType}:
        return _one_of(get_args(hint), data, where)
    if origin is Literal:
        if data not in get_args(hint):
            raise DataError(f"{where} should be one of {', '.join(map(repr, get_args(hint)))}")
        return data
    if origin is frozenset:
        items = [_decoded(get_args(hint)[0], item, f"{where}[{at}]") for at, item in enumerate(_list(data, where))]
        return frozenset(items)
    if origin is tuple:
        return _tuple(get_args(hint), _list(data, where), where)
    return _built(hint, _object(data, where), where)


def _tuple(inner: tuple[Any, ...], items: list[object], where: str) -> tuple[Any, ...]:
    if inner[-1] is Ellipsis:
        return tuple(_decoded(inner[0], item, f"{where}[{at}]") for at, item in enumerate(items))
    if len(items) != len(inner):
        raise DataError(f"{where} should have {len(inner)} items, not {len(items)}")
    pairs = enumerate(zip(inner, items, strict=True))
    return tuple(_decoded(kind, item, f"{where}[{at}]") for at, (kind, item) in pairs)


def _one_of(kinds: tuple[Any, ...], data: object, where: str) -> Any:  # noqa: ANN401  the same
    known: dict[str, type] = {kind.__name__: kind for kind in kinds if hasattr(kind, "__dataclass_fields__")}
    if data is None and NoneType in kinds:
        return None
    if isinstance(data, str) and known.keys() == _TYPES.keys():
        return parse_type(data)
    if isinstance(data, str) and "FD" in known:
        return parse_dependency(data)
    if isinstance(data, dict):
        kind = data.get("is") if len(known) != 1 else next(iter(known))
        if kind not in known:
            raise DataError(f"{where}: {kind!r} is none of {', '.join(sorted(known))}")
        return _built(known[kind], data, where)
    for kind in kinds:
        if kind in {str, int, bool} and type(data) is kind:
            return data
    raise DataError(f"{where} should not be {json.dumps(data)[:60]}")


def _built(kind: type, data: dict[str, Any], where: str) -> Any:  # noqa: ANN401  the same
    hints = _hints(kind)
    given = {}
    wanted = {field.name: field for field in fields(kind) if field.init}
    for said, item in data.items():
        name = "on" if said == "attributes" and kind is Index else said
        if name == "is":
            if item != kind.__name__:
                raise DataError(f"{where} should be a {kind.__name__}, not a {item}")
        elif name not in wanted:
            raise DataError(f"{where} has {name!r}, which a {kind.__name__} has not")
        else:
            given[name] = _decoded(hints[name], item, f"{where}.{name}")
    for name, field in wanted.items():
        if name not in given and _default(field) is MISSING:
            raise DataError(f"{where} lacks {name!r}")
    return kind(**given)


def _object(data: object, where: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise DataError(f"{where} should be an object, not {json.dumps(data)[:60]}")
    return data


def _list(data: object, where: str) -> list[object]:
    if not isinstance(data, list):
        raise DataError(f"{where} should be a list, not {json.dumps(data)[:60]}")
    return data

"""DBML (dbml.dbdiagram.io/docs): read and written by our own grammar of it."""

import re
from dataclasses import replace

from dbworkbench.formats.carrying import carried
from dbworkbench.formats.dbml_reader import read_dbml
from dbworkbench.formats.fidelity import EVERYTHING, NAMED_ENUMERATIONS, RARE, Fidelity, Part
from dbworkbench.formats.format import Format
from dbworkbench.formats.types import enumerations, sql_type, sql_words
from dbworkbench.schema.index import Part as IndexPart
from dbworkbench.schema.loss import Written
from dbworkbench.schema.relation import Attribute, ForeignKey, Identity, Index, Relation
from dbworkbench.schema.schema import Schema
from dbworkbench.schema.types import Enumeration, Type

__all__ = ["DBML", "fidelity"]

_PLAIN = re.compile(r"(?!(?:note|indexes|checks|records|table|enum|ref)\Z)[A-Za-z_]\w*", re.ASCII | re.IGNORECASE)
_PLAIN_TYPE = re.compile(r"[A-Za-z_]\w*(?:\(\d+(?:, ?\d+)*\))?", re.ASCII)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_TEXT = re.compile(r"'(?:[^']|'')*'")
_ESCAPED = {"\\": "\\\\", "'": "\\'", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\u0000"}
_SPECIAL = {quote: re.compile(f"[\\\\{quote}\n\r\t\0\ud800-\udfff]") for quote in "'\""}


def write_dbml(schema: Schema, dialect: str) -> Written:
    """The schema in DBML."""
    del dialect
    kept = carried(schema, fidelity)
    return Written(_Text(kept.schema).whole(), kept.losses, "dbml")


class _Text:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    def whole(self) -> str:
        parts = [self.project()] if self.schema.name or self.schema.note else []
        parts += [self.enumeration(one.name, one.type.values) for one in enumerations(self.schema)]
        parts += [self.table(relation) for relation in self.schema]
        references = [self.reference(relation, key) for relation in self.schema for key in relation.foreign_keys]
        parts += ["\n".join(references)] if references else []
        return "\n\n".join(parts) + "\n"

    def project(self) -> str:
        note = [f"  Note: {_string(self.schema.note)}"] if self.schema.note else []
        return "\n".join([f"Project {_name(self.schema.name or 'design')} {{", *note, "}"])

    @staticmethod
    def enumeration(name: str, values: tuple[str, ...]) -> str:
        return "\n".join([f"Enum {_name(name)} {{", *(f"  {_name(value)}" for value in values), "}"])

    def table(self, relation: Relation) -> str:
        alone = relation.keys[0] if relation.keys else None
        inside = alone.attributes[0] if alone and len(alone.attributes) == 1 and not alone.name else ""
        lines = [f"Table {_name(relation.name)} {{"]
        lines += [f"  {self.column(one, key=one.name == inside)}" for one in relation.attributes]
        rules = [] if inside or not alone else [_index(alone.attributes, ["pk", *_named(alone.name)])]
        rules += [_index(key.attributes, ["unique", *_named(key.name)]) for key in relation.keys[1:]]
        rules += [
            _index(index.on, [*(["unique"] if index.unique else []), *_method(index.method), *_named(index.name)])
            for index in relation.indexes
        ]
        if rules:
            lines += ["", "  indexes {", *(f"    {rule}" for rule in rules), "  }"]
        if relation.checks:
            checks = (f"    `{check.expression}`{_settings(_named(check.name))}" for check in relation.checks)
            lines += ["", "  checks {", *checks, "  }"]
        if relation.note:
            lines += ["", f"  Note: {_string(relation.note)}"]
        return "\n".join([*lines, "}"])

    def column(self, attribute: Attribute, *, key: bool) -> str:
        said = ["pk"] if key else [] if attribute.nullable else ["not null"]
        said += ["increment"] if attribute.identity else []
        said += [f"default: {_default(attribute.default)}"] if attribute.default is not None else []
        said += [f"note: {_string(attribute.note)}"] if attribute.note else []
        return f"{_name(attribute.name)} {self.kind(attribute)}{_settings(said)}"

    @staticmethod
    def kind(attribute: Attribute) -> str:
        if attribute.domain:
            return _name(attribute.domain.name)
        said = sql_words(attribute.type)
        return said.replace(", ", ",") if _PLAIN_TYPE.fullmatch(said) else _quoted(said)

    @staticmethod
    def reference(relation: Relation, key: ForeignKey) -> str:
        here, there = (
            f"{_name(name)}.{_name(columns[0]) if len(columns) == 1 else '(' + ', '.join(map(_name, columns)) + ')'}"
            for name, columns in ((relation.name, key.attributes), (key.relation, key.referenced))
        )
        settings = [f"delete: {key.on_delete}"] if key.on_delete else []
        settings += [f"update: {key.on_update}"] if key.on_update else []
        return f"Ref{f' {_name(key.name)}' if key.name else ''}: {here} > {there}{_settings(settings)}"


def _index(on: tuple[str | IndexPart, ...], settings: list[str]) -> str:
    parts = [_name(one) if isinstance(one, str) else f"`{one.expression}`" for one in on]
    return (parts[0] if len(parts) == 1 else f"({', '.join(parts)})") + _settings(settings)


def _method(method: str) -> list[str]:
    return [f"type: {_name(method)}"] if method else []


def _named(name: str) -> list[str]:
    return [f"name: {_string(name)}"] if name else []


def _settings(said: list[str]) -> str:
    return f" [{', '.join(said)}]" if said else ""


def _escaped(text: str, quote: str) -> str:
    return _SPECIAL[quote].sub(lambda found: _ESCAPED.get(found[0]) or f"\\u{ord(found[0]):04x}", text)


def _string(text: str) -> str:
    return "'" + _escaped(text, "'") + "'"


def _quoted(text: str) -> str:
    return '"' + _escaped(text, '"') + '"'


def _name(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _default(text: str) -> str:
    if _NUMBER.fullmatch(text) or text in {"true", "false"}:
        return text
    return _string(text[1:-1].replace("''", "'")) if _TEXT.fullmatch(text) else f"`{text}`"


def _kind(kind: Type) -> Type:
    return kind if isinstance(kind, Enumeration) and kind.values else sql_type(sql_words(kind))[0]


def _told(text: str) -> str | None:
    """SQL between backticks, where nothing is escaped."""
    return None if not text.strip() or _UNSAID.search(text) else text


def _default_told(text: str, attribute: Attribute) -> str | None:
    del attribute
    return text if _TEXT.fullmatch(text) else _told(text)


def _condition(text: str, relation: Relation) -> str | None:
    del relation
    return _told(text)


_UNSAID = re.compile("[`\0\ud800-\udfff]")


def _path(index: Index, relation: Relation) -> Index | None:
    """An index whose method is a word: unique ones are told as keys, so theirs is not said."""
    del relation
    known = _PLAIN.fullmatch(index.method or "a") and index.method != "btree" and not index.unique
    return replace(index, method=index.method if known else "")


def _numbered(identity: Identity, attribute: Attribute, relation: Relation) -> Identity | None:
    del identity, attribute, relation
    return Identity()


fidelity = Fidelity(
    ((EVERYTHING - RARE) | {Part.IDENTITY, Part.INDEX_EXPRESSION, Part.INDEX_METHOD, *NAMED_ENUMERATIONS})
    - {Part.OWN_REFERENCE, Part.DOUBLE_REFERENCE, Part.DEPENDENCY, Part.UNIQUE_INDEX, Part.PARTIAL_INDEX},
    kind=_kind,
    default=_default_told,
    condition=_condition,
    index=_path,
    identity=_numbered,
)

DBML = Format(
    "dbml",
    "DBML",
    endings=(".dbml",),
    marks=r"(?mi)^\s*(?:table\s+(?:[\w.]+|\"[^\"\n]*\")(?:\s+as\s+\w+)?\s*(?:\[[^\]]*\])?\s*\{|project\s+\S+\s*\{)",
    reader=read_dbml,
    writer=write_dbml,
    fidelity=lambda _: fidelity,
)

"""Columns of Drizzle's tables: a function for the type, and calls chained to it."""

import json
import re
from dataclasses import replace

from dbworkbench.formats.cursor import escapes
from dbworkbench.formats.drizzle_file import Begun, File, name_of, spelled
from dbworkbench.formats.drizzle_types import kind_of, words_of
from dbworkbench.formats.expressions import NOW, literal
from dbworkbench.formats.types import sql_type
from dbworkbench.formats.typescript_values import Array, Arrow, Call, Constant, Member, Node, Object, Template
from dbworkbench.schema.relation import Attribute, Declared, Generated, Identity, Key
from dbworkbench.schema.types import Enumeration, Native, Text, Type, Unknown, type_text
from dbworkbench.sql.declarations import declared_as, words_in
from dbworkbench.sql.expression import at_home

__all__ = ["Columns"]

_SERIAL = frozenset({"serial", "bigserial", "smallserial"})


class Columns:
    """The columns that the fields of a table's object are."""

    def __init__(self, file: File) -> None:
        self.file, self.draft = file, file.draft

    def column(self, one: Begun, key: str, node: Node) -> None:
        """A column: a call of its type's function, with further calls chained to it."""
        chain: list[Call] = []
        base = self.file.expanded(node)
        while isinstance(base, Call) and isinstance(base.function, Member):
            inner = self.file.resolved(base.function.of)
            if not isinstance(inner, Call) or self.file.is_schema(inner):
                break
            chain.insert(0, base)
            base = self.file.expanded(inner)
        if not isinstance(base, Call):
            self.draft.lose(f"{one.table.name[-1]}.{key}", "a column that is made when it runs")
            return
        args = list(base.args)
        name = self.file.string(args[0]) if args and not isinstance(args[0], Object | Array) else None
        args = args[1:] if name is not None else args
        column = name or key
        what = f"{one.table.name[-1]}.{column}"
        kind = self._kind(what, base, args)
        one.columns[key] = column
        named = self.file.named.get(name_of(base.function))
        attribute = Attribute(column, kind, nullable=True, domain=named, declared=self._declared(base, args, kind))
        if self.file.function(base) in _SERIAL:
            attribute = replace(attribute, nullable=False, identity=Identity())
        for call in chain:
            attribute = self._chained(one, what, attribute, call)
        one.table.attributes.append(attribute)

    def _kind(self, what: str, base: Call, args: list[Node]) -> Type:
        function = base.function
        if (own := name_of(function)) in self.file.enumerations:
            return self.file.enumerations[own]
        name = self.file.function(base)
        if name in {"mysqlEnum", "singlestoreEnum"}:
            texts = self.file.texts(args[0]) if args else []
            return Enumeration(tuple(dict.fromkeys(texts))) if texts else Text()
        options = next((found for arg in args if isinstance(found := self.file.resolved(arg), Object)), None)
        if options:
            fields = tuple((key, self._values(value) if key == "enum" else value) for key, value in options.fields)
            options = Object(fields)
        kind = kind_of(name, options, self.file.dialect)
        if kind is not None:
            if name == "citext":
                self.draft.lose(what, "case tells none of its texts apart")
            return kind
        if isinstance(function, Call) and name_of(function.function) == "native" and function.args:
            return self._native(what, self.file.string(function.args[0]) or "")
        made = self.file.values.get(name)
        if isinstance(made, Call) and name_of(made.function) == "customType":
            return self._custom(what, name, made)
        self.draft.lose(what, f"the type {name}(…)", "read as its name")
        return Native(name or "unknown")

    def _declared(self, base: Call, args: list[Node], kind: Type) -> Declared | None:
        """The type in the words of the database, where they say more than the type that is read."""
        function, text = base.function, ""
        if isinstance(function, Call) and name_of(function.function) == "native" and function.args:
            text = self.file.string(function.args[0]) or ""
        elif name_of(function) not in self.file.enumerations and not isinstance(kind, Enumeration):
            options = next((found for arg in args if isinstance(found := self.file.resolved(arg), Object)), None)
            text = words_of(self.file.function(base), options, self.file.dialect)
        return declared_as(*words_in(text), self.file.dialect, kind, text) if text else None

    def _native(self, what: str, text: str) -> Type:
        found, lost = sql_type(text, self.file.dialect)
        if lost:
            self.draft.lose(what, lost)
        return Native(text) if isinstance(found, Unknown) and text != "unknown" else found

    def _custom(self, what: str, name: str, made: Call) -> Type:
        """A type of the file's own: what its `dataType` gives, where that is a text."""
        options = made.args[0] if made.args else None
        told = options.get("dataType") if isinstance(options, Object) else None
        said = self.file.string(told.body) if isinstance(told, Arrow) else None
        return self._native(what, said) if said else Native(name.lower())

    def _values(self, node: Node) -> Node:
        return Array(tuple(Constant(text) for text in self.file.texts(node)))

    def _chained(self, one: Begun, what: str, attribute: Attribute, call: Call) -> Attribute:
        table, name = one.table, attribute.name
        assert isinstance(call.function, Member)  # noqa: S101  so the chain was made
        match call.function.name:
            case "notNull":
                return replace(attribute, nullable=False)
            case "primaryKey":
                before = table.primary.attributes if table.primary else ()
                table.primary = Key((*before, name))
                counted = call.args and isinstance(call.args[0], Object) and call.args[0].get("autoIncrement")
                return replace(attribute, nullable=False, identity=Identity() if counted else attribute.identity)
            case "unique":
                own = (self.file.string(call.args[0]) or "") if call.args else ""
                options = next((arg for arg in call.args if isinstance(arg, Object)), None)
                nulls = self.file.string(options.get("nulls")) if options else ""
                table.uniques.append(Key((name,), own, nulls != "not distinct"))
            case "default" if attribute.identity is None:
                return replace(attribute, default=self._default(what, call.args[0]) if call.args else None)
            case "defaultNow":
                return replace(attribute, default="now()")
            case "defaultRandom":
                return replace(attribute, default="gen_random_uuid()")
            case "references":
                one.pointing.append((name, call))
            case "array":
                of = attribute.domain.name if attribute.domain else type_text(attribute.type)
                return replace(attribute, type=Native(f"{of}[]"), domain=None)
            case "autoincrement" | "generatedAlwaysAsIdentity" | "generatedByDefaultAsIdentity" as word:
                options = call.args[0] if call.args and isinstance(call.args[0], Object) else Object(())
                start, step = (_whole(options.get(name)) for name in ("startWith", "increment"))
                numbers = Identity(word == "generatedAlwaysAsIdentity", 1 if start is None else start, step or 1)
                return replace(attribute, nullable=False, default=None, identity=numbers)
            case "generatedAlwaysAs":
                node = call.args[0] if call.args else None
                node = node.body if isinstance(node, Arrow) else node
                said = self.file.sql(node, one) if node is not None else None
                told = at_home(said, self.file.dialect) if said else None
                if told is None:
                    computed = spelled(node) if node is not None else ""
                    self.draft.lose(what, f"computed as {computed}", "read as a plain attribute")
                    return attribute
                options = call.args[1] if len(call.args) > 1 and isinstance(call.args[1], Object) else Object(())
                mode = self.file.string(options.get("mode")) or (
                    "stored" if self.file.dialect == "postgresql" else "virtual"
                )
                return replace(attribute, default=None, generated=Generated(told, mode == "stored"))
            case "$defaultFn" | "$default" | "$onUpdate" | "$onUpdateFn" | "onUpdateNow":
                self.draft.lose(what, "a value that the program makes", "read without")
            case "$type" | "op" | "existing":
                pass
            case other:
                self.draft.lose(what, f".{other}(…)", "read without")
        return attribute

    def _default(self, what: str, node: Node) -> str | None:
        node = self.file.resolved(node)
        match node:
            case Constant(value=bool() as value):
                return "true" if value else "false"
            case Constant(value=None):
                return None
            case Constant(value=int() | float(), text=text):
                return text
            case Constant(value=str() as text):
                return literal(text)
            case Template(tag="sql", text=text):
                said = escapes(text).strip()
                bare = re.sub(r"\A\((.*)\)\Z", r"\1", said, flags=re.DOTALL)
                if NOW.fullmatch(bare) or NOW.fullmatch(said):
                    return "now()"
                told = None if "${" in text or re.search(r"(?i)\bnextval\b", said) else at_home(said, self.file.dialect)
                if told is not None:
                    return None if told.upper() == "NULL" else told
            case Object() | Array():
                found = _plain(node)
                if found is not _NOT_PLAIN:
                    return literal(json.dumps(found, ensure_ascii=False))
            case _:
                pass
        self.draft.lose(what, f"the default {spelled(node)}", "read without")
        return None


def _whole(node: Node | None) -> int | None:
    """The whole number that a node is, by itself or as a text."""
    value = node.value if isinstance(node, Constant) else None
    if isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_NOT_PLAIN = object()


def _plain(node: Node) -> object:
    """Objects, arrays and constants as JSON has them; `_NOT_PLAIN` for anything else."""
    match node:
        case Constant(value=value):
            return value
        case Array(items):
            listed = [_plain(item) for item in items]
            return _NOT_PLAIN if _NOT_PLAIN in listed else listed
        case Object(fields):
            held = {key: _plain(value) for key, value in fields}
            return _NOT_PLAIN if _NOT_PLAIN in held.values() or "..." in held else held
        case _:
            return _NOT_PLAIN
